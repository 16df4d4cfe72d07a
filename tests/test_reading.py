"""Extracts as teams really have them: what is put right, set aside and refused, with the row and the reason."""

import datetime as dt
import hashlib
import random
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from refusals import said

from flowlib import EventLog
from flowlib.core.reading import Proposal

SEPSIS = Path(__file__).parents[2] / "shared" / "data" / "sepsis_event_log.csv.gz"
NAMED = {"person": "patient", "step": "ward", "arrived": "arrived", "left": "left"}


def write(path, rows, header="patient,ward,arrived,left"):
    """A CSV file of these rows."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def day(number):
    """Row *number* of an ordinary extract: an hour on one day of January 2026."""
    return f"P{number},A1,{number:02d}/01/2026 09:00,{number:02d}/01/2026 10:00"


ORDINARY = [day(n) for n in range(2, 32)]  # rows 2 to 31; most days are over 12


def read(tmp_path, rows, **options):
    return EventLog.read(write(tmp_path / "list.csv", rows), **(NAMED | options))


def sentences(log, kind):
    return [note.sentence for note in log.quality.notes if note.kind == kind]


# The ordinary


def test_an_ordinary_extract_is_read_whole(tmp_path):
    path = write(tmp_path / "list.csv", ORDINARY)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    log = EventLog.read(path, **NAMED)
    assert len(log) == 30
    assert log.times_in_step()["mean_hours"]["A1"] == 1
    assert log.quality.sentences() == [
        '30 rows were read from "list.csv"; 30 are used, and none was set aside.',
        'Columns: person from "patient", step from "ward", arrived from "arrived", left from "left".',
    ]
    assert log.name == "list"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_columns_that_are_not_named_are_not_kept(tmp_path):
    rows = [f"{row},secret {i}" for i, row in enumerate(ORDINARY)]
    log = EventLog.read(write(tmp_path / "list.csv", rows, "patient,ward,arrived,left,diagnosis"), **NAMED)
    assert "secret" not in log.frame.to_csv()
    assert list(log.frame) == [
        "person",
        "step",
        "group",
        "arrived",
        "started",
        "finished",
        "left",
        "outcome",
        "next_step",
    ]


def test_a_workbook_with_dates_as_text_as_dates_and_as_numbers(tmp_path):
    """The same moment three ways in one column; rows are numbered as Excel numbers them."""
    book = openpyxl.Workbook()
    book.active.append(["patient", "ward", "arrived", "left"])
    book.active.append(["A", "A1", dt.datetime(2026, 2, 3, 9), "03/02/2026 10:00"])  # noqa: DTZ001
    book.active.append([7.0, "A1", "13/02/2026 09:00", dt.datetime(2026, 2, 13, 10)])  # noqa: DTZ001
    book.active.append(["B", "A1", 46066.375, "14/02/2026 10:00"])
    book.save(tmp_path / "list.xlsx")
    log = EventLog.read(tmp_path / "list.xlsx", **NAMED, synthetic=True)
    assert log.frame["arrived"].dt.strftime("%d %b %H:%M").tolist() == ["03 Feb 09:00", "13 Feb 09:00", "13 Feb 09:00"]
    assert log.frame["person"].tolist() == ["A", "7", "B"]
    assert sentences(log, "put right") == ['Row 4: an Excel day number in "arrived" was read.']


def test_a_frame_with_numbers_for_column_names_is_read():
    rows = pd.DataFrame([["a", "A1", "13/02/2026"], ["b", "A1", "14/02/2026"]])
    assert EventLog.from_frame(rows, person=0, step="1", finished=2).people == 2


# The text "NA", blanks, twins


def test_the_text_na_is_a_person_and_blanks_are_nobody(tmp_path):
    """By hand: NA and NAN are ids; an empty cell, NULL, a dash and pandas' own nan are not."""
    ids = ["NA", "NAN", "A", "", "NULL", "-", "nan", "n/a", "None", " NA "]
    rows = [f"{one},A1,{n + 13}/01/2026 09:00,{n + 13}/01/2026 10:00" for n, one in enumerate(ids)]
    log = read(tmp_path, rows, synthetic=True)
    assert log.frame["person"].tolist() == ["NA", "NAN", "A", "NA"]
    assert sentences(log, "set aside") == ['Rows 5, 6, 7, 8, 9 and 1 more: no person in column "patient".']
    assert log.quality.set_aside["row"].tolist() == [5, 6, 7, 8, 9, 10]


def test_trailing_blanks_and_line_breaks_in_a_step_make_no_second_step(tmp_path):
    rows = ['P1,"A1 ",13/01/2026 09:00,', "P2,  A1,14/01/2026 09:00,", 'P3,"A1\n",15/01/2026 09:00,']
    assert read(tmp_path, [*rows, *ORDINARY]).steps == ["A1"]


@pytest.mark.parametrize("blank", ["", "NULL", "-", "n/a", " "])
def test_a_row_without_a_step_or_without_any_time_is_set_aside(tmp_path, blank):
    rows = [f"P1,{blank},13/01/2026 09:00,", f"P2,A1,{blank},{blank}", *ORDINARY]
    log = read(tmp_path, rows)
    assert sentences(log, "set aside") == [
        'Row 2: no step in column "ward".',
        "Row 3: no time in any of the named columns.",
    ]
    assert log.quality.sentences()[0] == '32 rows were read from "list.csv"; 30 are used and 2 set aside.'


def test_blank_rows_are_passed_over_and_the_rows_below_keep_their_numbers(tmp_path):
    log = read(tmp_path, [*ORDINARY[:2], "", ",,,", "P1,,13/01/2026 09:00,"])
    assert sentences(log, "to know")[0] == "Rows 4, 5: blank, so passed over."
    assert sentences(log, "set aside") == ['Row 6: no step in column "ward".']
    assert log.quality.rows_in == 3


def test_rows_below_one_of_the_wrong_length_keep_their_numbers(tmp_path):
    log = read(tmp_path, [*ORDINARY[:2], "P9", "P1,,13/01/2026 09:00,"])
    assert sentences(log, "set aside") == [
        "Row 4: not as many cells as there are column names.",
        'Row 5: no step in column "ward".',
    ]
    assert (log.quality.rows_in, log.quality.rows_used) == (4, 2)


def test_a_row_that_is_there_twice_stays_and_is_told(tmp_path):
    log = read(tmp_path, [*ORDINARY, ORDINARY[3]])
    assert len(log) == 31
    assert sentences(log, "to know") == [
        "Row 32: the same person, step and times as an earlier row. Delete it if it is there twice by mistake."
    ]


# Times that run backwards


def test_a_midnight_slip_is_set_aside_as_the_style_says(tmp_path):
    """The house's own example: row, times, what to do, and how many rows are like it."""
    slip = "P{0},A1,{0:02d}/01/2026 23:40,{0:02d}/01/2026 02:10"
    rows = [day(n % 28 + 1) for n in range(2, 118)] + [slip.format(13), day(14), slip.format(15), slip.format(16)]
    log = read(tmp_path, rows)
    assert sentences(log, "set aside") == [
        (
            "Row 118: left 02:10 is before arrived 23:40 on the same date. "
            "If the person left the next day, correct the date. 3 rows like this."
        )
    ]
    assert log.quality.set_aside["row"].tolist() == [118, 120, 121]


def test_a_midnight_slip_in_a_workbook_has_the_row_number_of_excel(tmp_path):
    book = openpyxl.Workbook()
    for row in [list(NAMED), ["P1", "A1", "13/01/2026 09:00", "13/01/2026 10:00"], [None] * 4,
                ["P2", "A1", "13/01/2026 23:40", "13/01/2026 02:10"]]:  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    log = EventLog.read(tmp_path / "list.xlsx", person="person", step="step", arrived="arrived", left="left")
    assert log.quality.set_aside["row"].tolist() == [4]
    assert sentences(log, "set aside")[0].startswith("Row 4: left 02:10 is before arrived 23:40 on the same date.")


def test_a_time_days_before_an_earlier_one_is_set_aside_too(tmp_path):
    log = read(tmp_path, [*ORDINARY, "P9,A1,13/01/2026 09:00,11/01/2026 09:00"])
    assert sentences(log, "set aside") == ['Row 32: "left" is before "arrived". Correct the dates.']


def test_a_stay_across_the_change_to_winter_time_is_no_slip(tmp_path):
    """Arrived at 1:50 before the clocks went back, left at 1:10 after: 20 minutes."""
    log = read(tmp_path, [*ORDINARY, "Q1,A1,26/10/2025 01:50,26/10/2025 01:10"], synthetic=True)
    assert not sentences(log, "set aside")
    assert log.visits.loc[log.visits["person"] == "Q1", "step_hours"].item() == pytest.approx(1 / 3)


# Dates


def test_dates_of_every_dress_in_one_column(tmp_path):
    cells = ["13/01/2026 14:05", "13/01/26 14:05", "2026-01-13T14:05:00", "13-Jan-2026 2:05 PM", "46035.586805556",
             "13 January 2026 14:05", "13.01.2026 14:05", "2026-01-13 14:05:00+00:00"]  # fmt: skip
    log = read(tmp_path, [f"P{i},A1,{cell}," for i, cell in enumerate(cells)])
    assert sentences(log, "to know")[0] == 'Column "left" is blank in every row.'
    assert set(log.frame["arrived"].dt.strftime("%d %b %Y %H:%M")) == {"13 Jan 2026 14:05"}


def test_a_time_that_cannot_be_read_is_told_by_its_row_and_not_repeated(tmp_path):
    log = read(tmp_path, [*ORDINARY, "P9,A1,13/01/2026 09:00,Maureen", "P8,A1,31/02/2026 09:00,14/01/2026"])
    assert sentences(log, "to know")[:2] == [
        'Row 33: the time in "arrived" could not be read and counts as not recorded.',
        'Row 32: the time in "left" could not be read and counts as not recorded.',
    ]
    assert len(log) == 32


def test_fillers_such_as_1900_and_9999_count_as_not_recorded(tmp_path):
    rows = [*ORDINARY, "P8,A1,13/01/2026 09:00,31/12/9999 00:00", "P9,A1,01/01/1900 00:00,13/01/2026 09:00"]
    log = read(tmp_path, rows)
    assert log.observed[0].year == 2026
    assert log.observed[1].year == 2026
    assert sentences(log, "to know")[:2] == [
        'Row 33: the year in "arrived" is a filler such as 1900 or 9999 and counts as not recorded.',
        'Row 32: the year in "left" is a filler such as 1900 or 9999 and counts as not recorded.',
    ]


def month_first(days):
    return [f"P{n},A1,03/{n:02d}/2026 09:00,03/{n:02d}/2026 10:00" for n in days]


HOW = "Write them day first, such as 25/03/2026, or year first, such as 2026-03-25."


def test_a_column_with_the_month_first_is_refused(tmp_path):
    assert said(lambda: read(tmp_path, month_first(range(1, 31)))) == (
        f'The dates in column "arrived" have the month first (rows 14, 15, 16, 17, 18 and 13 more). {HOW}'
    )


def test_one_row_that_can_only_be_month_first_gives_the_column_away(tmp_path):
    """Read day first, twelve of the thirteen would be wrong dates in silence."""
    assert said(lambda: read(tmp_path, month_first(range(1, 14)))) == (
        f'The dates in column "arrived" have the month first (row 14). {HOW}'
    )


def test_a_column_that_mixes_both_orders_is_refused(tmp_path):
    assert said(lambda: read(tmp_path, ORDINARY + month_first(range(10, 20)))) == (
        'Column "arrived" mixes dates with the day first and dates with the month first '
        f"(rows 35, 36, 37, 38, 39 and 2 more). {HOW}"
    )


def test_one_slip_in_a_long_column_of_days_first_is_told_by_its_row(tmp_path):
    log = read(tmp_path, [*(ORDINARY * 2), "P9,A1,03/25/2026 09:00,25/03/2026 10:00"])
    assert 'Row 62: the time in "arrived" could not be read and counts as not recorded.' in sentences(log, "to know")


def test_a_fortnight_that_seems_to_have_the_month_first_is_refused(tmp_path):
    """1 to 12 March, month first, twice: read day first it would be the 3rd of every month of the year."""
    rows = month_first(range(1, 13)) * 2
    assert said(lambda: read(tmp_path, rows)) == (
        f'The dates in column "arrived" seem to have the month first: the second number changes most. {HOW}'
    )


def test_dates_that_could_be_either_are_read_day_first_and_said_to_be(tmp_path):
    rows = ["P1,A1,03/02/2026 09:00,03/02/2026 10:00", "P2,A1,04/02/2026 09:00,05/02/2026 10:00"]
    log = read(tmp_path, rows)
    assert log.frame["arrived"].dt.month.tolist() == [2, 2]
    assert sentences(log, "to know")[0] == (
        'The dates in "arrived" could be day first or month first. '
        "They were read day first, so they run from 3 February 2026 to 4 February 2026."
    )


# Outcomes and windows


def test_a_blank_end_is_not_recorded_unless_it_is_said_to_mean_still_here(tmp_path):
    """P9 went on to B2, so only the last blank of P9 can mean that P9 is still there."""
    rows = ["P9,A1,13/01/2026 09:00,", "P9,B2,14/01/2026 09:00,", *ORDINARY]
    log = read(tmp_path, rows)
    assert log.frame["outcome"].tolist()[:2] == ["not_recorded", "not_recorded"]
    assert sentences(log, "to know") == ['Rows 2, 3: "left" is blank; the end counts as not recorded.']
    log = read(tmp_path, rows, blank_end="still_here")
    assert log.frame["outcome"].tolist()[:2] == ["not_recorded", "still_here"]
    assert sentences(log, "to know") == [
        'Row 3: "left" is blank; the person counts as still there.',
        'Row 2: "left" is blank; the end counts as not recorded.',
    ]


def test_the_last_visit_is_the_last_in_time_wherever_it_stands_in_the_file(tmp_path):
    rows = ["P9,B2,14/01/2026 09:00,", "P9,A1,13/01/2026 09:00,", *ORDINARY]
    log = read(tmp_path, rows, blank_end="still_here")
    assert log.frame["outcome"].tolist()[:2] == ["still_here", "not_recorded"]
    assert log.frame["next_step"].tolist()[:2] == ["", "B2"]


def test_outcomes_told_by_a_column_are_taken_and_odd_ones_reported(tmp_path):
    header = "patient,ward,arrived,left,how"
    rows = [f"{row},{how}" for row, how in zip(ORDINARY, ["Gave up", "turned-away", "went home", ""] * 8, strict=False)]
    log = EventLog.read(write(tmp_path / "list.csv", rows, header), **NAMED, outcome="how")
    assert log.frame["outcome"].tolist()[:4] == ["gave_up", "turned_away", "completed", "completed"]
    assert sentences(log, "to know")[0].startswith("Rows 4, 8, 12, 16, 20 and 2 more: the outcome is not one of ")


def test_no_row_shows_a_time_after_the_last_moment(tmp_path):
    """Whoever left after the log's last moment is still there; whoever came after it is set aside."""
    log = read(tmp_path, ORDINARY, observed=("01/01/2026", "15/01/2026 09:30"))
    times = log.frame[["arrived", "started", "finished", "left"]]
    assert times.max().max() <= log.observed[1]
    assert log.observed[1] == pd.Timestamp("2026-01-15 09:30", tz="Europe/London")
    assert log.frame["outcome"].value_counts().to_dict() == {"completed": 13, "still_here": 1}
    assert sentences(log, "set aside")[0].endswith(": begins after the log's last moment.")
    assert log.quality.rows_in - log.quality.rows_used == 16


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"observed": ("15/01/2026", "01/01/2026")},
         "The log covers from 15 January 2026 00:00 to an earlier time; swap them."),
        ({"observed": "2026"}, "observed must be two moments, from and until; '2026' came."),
        ({"observed": ("soon", "15/01/2026")},
         'observed from must be a date such as "03/02/2026 23:40"; \'soon\' came.'),
        ({"observed": ("01/01/2020", "01/01/2021")},
         'Every row of "list.csv" begins after the log\'s last moment. Correct observed.'),
        ({"blank_end": "gone"}, 'No blank_end called "gone"; there are "not_recorded", "still_here".'),
        ({"timezone": "Europe/Leeds"}, 'There is no time zone called "Europe/Leeds". Use one such as "Europe/London".'),
        ({"arived": "arrived"},
         ('No option called "arived"; there are "person", "step", "group", "arrived", "started", "finished", "left", '
         '"outcome", "next_step", "run", "observed", "blank_end", "timezone", "name", "synthetic", '
         '"not_identities", "midnight", "milestones", '
         '"lifecycle", "instance", "time_unit", "starts", "clocks", "whose", "sheet". '
         'Did you mean "arrived"?')),
        ({"arrived": "arived"},
         ('No column in "list.csv" for arrived called "arived"; there are "patient", "ward", "arrived", "left". '
         'Did you mean "arrived"?')),
        ({"person": None}, "Say which column is the person: person=... names it."),
        ({"step": None}, "Say which column is the step: step=... names it."),
        ({"arrived": None, "left": None},
         "Say which column holds a time: one of arrived, started, finished or left names it."),
        ({"left": "ward"},
         ('Column "ward" does not hold dates that can be read day first, such as 03/02/2026 23:40 '
         "(rows 2, 3, 4, 5, 6 and 25 more). Name another column, or correct the dates.")),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_one_sentence(tmp_path, options, sentence):
    assert said(lambda: read(tmp_path, ORDINARY, **options)) == sentence


def test_files_without_rows_to_use_are_refused(tmp_path):
    assert said(lambda: read(tmp_path, [])) == 'There are no rows in "list.csv". Choose a file that holds some.'
    assert said(lambda: EventLog.read(tmp_path / "list.csv")) == (
        'There are no rows in "list.csv". Choose a file that holds some.'
    )
    assert (
        said(lambda: read(tmp_path, [",,,", ""])) == 'There are no rows in "list.csv". Choose a file that holds some.'
    )
    assert said(lambda: read(tmp_path, [",A1,13/01/2026,14/01/2026"])) == (
        'No row of "list.csv" could be used. Row 2: no person in column "patient".'
    )
    assert said(lambda: read(tmp_path, ["P1,A1,,", "P2,A1,,"])) == (
        'No time is filled in: "arrived", "left" are blank in every row. Name another.'
    )


def test_two_columns_of_one_name_are_refused(tmp_path):
    path = write(tmp_path / "list.csv", ORDINARY, "patient,ward,arrived,arrived")
    assert said(lambda: EventLog.read(path, person="patient", step="ward", arrived="arrived")) == (
        '"list.csv" has 2 columns called "arrived". Rename all but one.'
    )
    frame = pd.DataFrame([["a", "b", "13/01/2026"]], columns=["who", "who", "when"])
    assert said(lambda: EventLog.from_frame(frame, person="who", step="who", finished="when")) == (
        'The table has more than one column called "who". Rename all but one.'
    )


# Identities

IDENTITIES = {
    "name": [f"{given} {family}" for given in ("Maureen", "John", "Aisha") for family in ("Hart", "Lark", "Patel")],
    "postcode": [f"LS{n} {n}AB" for n in range(1, 10)],
    "e-mail address": [f"person{n}@example.org" for n in range(9)],
    "telephone number": [f"07700 90012{n}" for n in range(10)],
    "date of birth": [f"03/02/19{n}" for n in range(20, 99, 7)],
}  # fmt: skip


@pytest.mark.parametrize("kind", IDENTITIES)
@pytest.mark.parametrize("role", ["person", "step", "group", "arrived", "finished", "outcome", "next_step"])
def test_a_column_that_shows_who_people_are_is_refused_for_any_role(tmp_path, kind, role):
    """One sentence that names the column and no value in it; nothing is read."""
    cells = IDENTITIES[kind]
    rows = [f"{row},{cells[i % len(cells)]}" for i, row in enumerate(ORDINARY)]
    path = write(tmp_path / "list.csv", rows, "patient,ward,arrived,left,x")
    sentence = said(lambda: EventLog.read(path, **(NAMED | {role: "x"})))
    assert sentence.startswith('Column "x" ')
    assert not any(cell in sentence for cell in cells)
    if role not in {"arrived", "finished"} or kind == "date of birth":
        article = "an" if kind == "e-mail address" else "a"
        assert sentence == (
            f'Column "x" looks like {article} {kind}, which could show who people are. '
            f"Leave it out, and name another column for {role}. "
            'If it shows nobody, add not_identities=["x"]. Nothing was read.'
        )


def nhs_numbers(count, seed=1):
    """Different numbers that pass the check, by the definition."""
    luck, made = random.Random(seed), set()  # noqa: S311 - made-up numbers
    while len(made) < count:
        nine = [luck.randrange(10) for _ in range(9)]
        check = 11 - sum(d * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            made.add("".join(map(str, [*nine, check % 11])))
    return sorted(made)


def test_nhs_numbers_get_random_keys_that_stay_with_the_person(tmp_path):
    numbers = nhs_numbers(15)
    spaced = [f"{n[:3]} {n[3:6]} {n[6:]}" for n in numbers]
    rows = [row.replace(row.split(",")[0], one, 1) for row, one in zip(ORDINARY, numbers + spaced, strict=True)]
    log = read(tmp_path, rows)
    keys = log.frame["person"].tolist()
    assert keys[:15] == keys[15:]
    assert len(set(keys)) == 15
    assert not any(number in log.frame.to_csv() for number in numbers)
    assert not any(number in " ".join(log.quality.sentences()) for number in numbers)
    assert sentences(log, "put right") == [
        'Column "patient" held NHS numbers; each person has a new random key instead.'
    ]
    assert read(tmp_path, rows).frame["person"].tolist() != keys


def test_nhs_numbers_anywhere_else_are_refused(tmp_path):
    rows = [f"{row},{number}" for row, number in zip(ORDINARY, nhs_numbers(30), strict=True)]
    path = write(tmp_path / "list.csv", rows, "patient,ward,arrived,left,x")
    assert said(lambda: EventLog.read(path, **NAMED, group="x")).startswith('Column "x" looks like an NHS number,')


def test_random_ids_of_ten_digits_stay_as_they_are_where_nobody_is_real(tmp_path):
    ids = [str(n) for n in np.random.default_rng(3).integers(10**9, 10**10, 30)]
    rows = [row.replace(row.split(",")[0], one, 1) for row, one in zip(ORDINARY, ids, strict=True)]
    assert read(tmp_path, rows, synthetic=True).frame["person"].tolist() == ids
    assert not set(read(tmp_path, rows).frame["person"]) & set(ids)


# Proposals


def test_a_file_read_without_columns_gives_a_guess_and_nothing_else(tmp_path):
    header = "PatientID,Ward,Admit DT,Discharge dt,Name,Notes"
    rows = [f"{row},Maureen Hart,secret" for row in ORDINARY]
    proposal = EventLog.read(write(tmp_path / "list.csv", rows, header))
    assert isinstance(proposal, Proposal)
    assert proposal.columns == {"person": "PatientID", "step": "Ward", "arrived": "Admit DT", "left": "Discharge dt"}
    assert proposal.certain
    assert proposal.sentence() == (
        'The columns look like this: person = "PatientID", step = "Ward", arrived = "Admit DT", left = "Discharge dt".'
    )
    shown = proposal.example.to_csv() + repr(proposal) + proposal.sentence()
    assert "Maureen" not in shown
    assert "secret" not in shown
    assert len(proposal.accept()) == 30
    assert proposal.accept(left=None).frame["left"].isna().all()


def test_a_guess_says_what_else_could_be_meant_and_what_is_missing(tmp_path):
    header = "person id,attendance id,arrived,left"
    proposal = EventLog.read(write(tmp_path / "list.csv", ORDINARY, header))
    assert not proposal.certain
    assert proposal.missing == ["step"]
    assert proposal.sentence() == (
        'The columns look like this: person = "person id", arrived = "arrived", left = "left". '
        "Still to be named: step. "
        'Person could also be "attendance id".'
    )
    assert said(proposal.accept) == "Say which column is the step: step=... names it."
    assert len(proposal.accept(step="attendance id", person="person id")) == 30


def test_ids_of_five_digits_are_ids_and_no_dates(tmp_path):
    """45,001 is a day of 2023 to Excel, and a person to the hospital."""
    rows = [row.replace(row.split(",")[0], str(45_000 + n), 1) for n, row in enumerate(ORDINARY)]
    proposal = EventLog.read(write(tmp_path / "list.csv", rows, "patient,ward,arrived,left"))
    assert proposal.columns["person"] == "patient"


def test_a_column_is_not_guessed_by_its_name_alone(tmp_path):
    """Here "started" holds names, so it is no time; and "event" holds dates, so it is no step."""
    rows = [f"P{n},13/01/2026,Hart,{n % 28 + 1}/01/2026 09:00" for n in range(20)]
    proposal = EventLog.read(write(tmp_path / "list.csv", rows, "id,event,started,when"))
    assert proposal.columns == {"person": "id", "finished": "when"}


def test_a_file_without_any_known_column_gives_an_empty_guess(tmp_path):
    proposal = EventLog.read(write(tmp_path / "list.csv", ["1,2"], "x,y"))
    assert proposal.sentence() == (
        "The columns look like this: nothing was recognised. "
        "Still to be named: person, step, a time (arrived, started, finished or left)."
    )


def test_options_without_columns_are_refused_rather_than_lost(tmp_path):
    path = write(tmp_path / "list.csv", ORDINARY)
    assert said(lambda: EventLog.read(path, blank_end="still_here")) == (
        "blank_end= goes with named columns. Name person, step and a time, or give it to accept(...)."
    )
    assert said(lambda: EventLog.read(path, arrived="arrived")) == (
        "Say which column is the person: person=... names it."
    )
    assert isinstance(EventLog.read(path, person=None), Proposal)


# A real log


@pytest.mark.skipif(not SEPSIS.is_file(), reason="the sepsis log is not beside this folder")
def test_the_published_sepsis_log_is_read_whole():
    """Oracle: what F. Mannhardt (2016) states of it: 1,050 cases, 15,214 events, 16 activities, 846 variants."""
    log = EventLog.read(SEPSIS, person="case_id", step="activity", finished="timestamp", synthetic=True)
    assert (log.people, len(log), len(log.steps)) == (1_050, 15_214, 16)
    assert log.journeys()["variant"].nunique() == 846
    assert "NA" in set(log.frame["person"])
    assert not sentences(log, "set aside")


def test_the_midnight_after_the_last_day_of_all_could_not_be_read(tmp_path):
    """Found by a fuzz of malformed files: the year 10000 is none that Python knows."""
    path = tmp_path / "list.csv"
    rows = "".join(f"P{n},ward,0{n}/02/2026 09:00\n" for n in range(1, 9))
    path.write_text(f"person,step,finished\n{rows}P9,ward,31/12/9999 24:00\n", encoding="utf-8")
    log = EventLog.read(path, person="person", step="step", finished="finished")
    assert any("could not be read and counts as not recorded" in one for one in log.quality.sentences())
