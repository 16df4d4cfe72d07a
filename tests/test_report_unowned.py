"""What leaves the screen of the report on a reading: no row number, no clock time, and nothing exact of few rows."""

import json
import re

import pytest

from flowlib.core.eventlog import EventLog
from flowlib.core.quality import Note, Quality
from flowlib.show import own_file, report_words, stories
from flowlib.show.quality_page import quality_page, write_quality_page
from flowlib.show.report_words import on_screen

CODE = re.compile(r"\w=|\w+_\w+|\[|\]")
HEADS = "patient,ward,arrived,left"


def log_of(tmp_path, lines):
    """The log of a list of 43 sound rows and these."""
    sound = [f"P{k},A,{1 + k % 28:02d}/01/2026 09:00,{1 + k % 28:02d}/01/2026 11:0{k % 10}" for k in range(43)]
    place = tmp_path / "list.csv"
    place.write_text("\n".join([HEADS, *sound, *lines]) + "\n", encoding="utf-8")
    return EventLog.read(place, person="patient", step="ward", arrived="arrived", left="left")


@pytest.fixture
def log(tmp_path):
    """Three people have no ward, one left at 02:10 on the wrong date, and 12 have no end."""
    lines = [f"N{k},,03/01/2026 09:00,03/01/2026 10:00" for k in range(3)]
    lines += ["S1,A,04/01/2026 23:40,04/01/2026 02:10"]
    lines += [f"E{k},A,05/01/2026 09:0{k % 10}," for k in range(12)]
    return log_of(tmp_path, lines)


def words_of(parts):
    return [part.sentence for part in parts]


def test_on_paper_few_rows_are_few_people_and_others_to_the_nearest_5(log):
    """By head: 59 rows, 55 used, 4 set aside; 3 without a ward, 1 that runs backwards, 12 without an end."""
    told = words_of(stories.quality_on_paper(log))
    assert told[0] == '60 rows were read from "list.csv"; 55 are used and fewer than 8 set aside.'
    assert 'Fewer than 8 rows: no step in column "ward".' in told
    assert '10 rows: "left" is blank; the end counts as not recorded.' in told
    backwards = "left is before arrived on the same date. If the person left the next day, correct the date."
    assert f"Fewer than 8 rows: {backwards}" in told
    assert not re.search(r"[Rr]ow \d|\brows \d|\d\d:\d\d", " ".join(told))


def test_on_the_screen_of_those_who_own_the_file_rows_can_be_found_again(log):
    """The three rows without a ward are 45 to 47 of the file, and 59 rows were read."""
    told = words_of(stories.quality(log))
    assert told[0] == '59 rows were read from "list.csv"; 55 are used and 4 set aside.'
    assert 'Rows 45, 46, 47: no step in column "ward".' in told
    assert any(one.startswith("Row 48: ") and "02:10" in one for one in told)


def test_the_page_has_row_numbers_for_owners_only(log, tmp_path):
    """Oracle: the text of the cells of both pages."""
    cells = [re.findall(r"<td[^>]*>([^<]*)</td>", quality_page(log.quality, for_owners=who)) for who in (False, True)]
    assert {"45 to 47", "59", "3", "12"} <= set(cells[1])
    assert {"60", "55", "*", "10", "0"} <= set(cells[0])
    assert not {"45 to 47", "48", "59", "12", "1", "3", "4"} & set(cells[0])
    place = write_quality_page(log.quality, tmp_path / "found.html")
    assert place.read_text(encoding="utf-8") == quality_page(log.quality)
    assert "02:10" not in quality_page(log.quality)


def test_a_report_kept_in_a_file_says_the_same_on_paper(log):
    """There and back by plain values; and values kept before this was told apart."""
    plain = json.loads(json.dumps(log.quality.to_plain()))
    assert Quality.from_plain(plain).sentences_on_paper() == log.quality.sentences_on_paper()
    for note in plain["notes"]:
        del note["bare"]
    assert Quality.from_plain(plain).sentences() == log.quality.sentences()


def test_rows_of_made_up_people_are_exact_from_8_on():
    """Nobody is behind them; few stay hidden, as in every table."""
    rows = tuple(range(2, 14))
    found = Quality('"x"', 43, 31, {}, (Note("set aside", "Rows.", rows, "no step."),), visits=3)
    assert found.sentences_on_paper(synthetic=True)[::2] == [
        '43 rows were read from "x"; 31 are used and 12 set aside. They make fewer than 8 visits.', "12 rows: no step."
    ]  # fmt: skip


@pytest.mark.parametrize("rows", range(8))
def test_one_row_and_seven_read_alike(rows):
    """Neither a singular nor a capital tells how few they are; nought is said."""
    told = Quality('"x"', rows, rows).sentences_on_paper()[0]
    few = 'Fewer than 8 rows were read from "x"; fewer than 8 are used, and none was set aside.'
    assert told == (few if rows else '0 rows were read from "x"; 0 are used, and none was set aside.')


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        (
            'Row 4: a date may be of the day before. midnight="next_day" moves such times a day on.',
            "Row 4: a date may be of the day before. To mend it, read the file again with “move it to the next day”.",
        ),
        (
            'Name another column. If it shows nobody, add not_identities=["a]"]. Nothing was read.',
            "Name another column. If it shows nobody, ask an analyst to read the file. Nothing was read.",
        ),
        (
            '"x.xlsx" has 2 sheets with a table: "A", "B". Say which one: sheet=..., or join them: sheet="*".',
            '"x.xlsx" has 2 sheets with a table: "A", "B". Save the sheet that you need as a file of its own.',
        ),
        ("Say which column is the person: person=... names it.", "Say which column is the person."),
        (
            "Say which column holds a time: one of arrived, started, finished or left names it.",
            "Say which column holds a time.",
        ),
        (
            'Columns: person from "id", lifecycle from "transition", next_step from "to".',
            'Columns: person from "id", start or end of a visit from "transition", next step from "to".',
        ),
    ],
)
def test_the_screen_has_no_words_of_python(code, plain):
    """Each sentence of `core.reading` that names an option, as a ward clerk reads it."""
    assert on_screen(code) == plain
    assert on_screen(code) != code
    assert not CODE.search(plain)


def test_the_screen_speaks_of_a_choice_that_stands_there():
    """The words are those of the list below the upload."""
    assert own_file.MIDNIGHTS["next_day"] == report_words.MOVE
