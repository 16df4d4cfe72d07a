"""Does `flowlib.change.aims` say what an aim, a driver diagram or a set of measures lacks, and keep them whole?"""

import datetime as dt
import os
from dataclasses import FrozenInstanceError, replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.change import aims
from flowlib.change.aims import Aim, DriverDiagram, Idea, Primary, Secondary, read_aim
from flowlib.change.aims.aim import vague_words
from flowlib.change.measures_set import MeasureOfChange, check_set
from flowlib.change.pdsa import Record

TODAY = dt.date(2026, 11, 22)
WHOLE = Aim(
    "shorten the wait for home care", 30, 18, "hours", "30/06/2027", "people aged 65 and over", "Wexmoor General"
)
TREE = DriverDiagram(
    "Home within a day",
    (
        Primary(
            "Early planning",
            (
                Secondary("Plans start on day one", (Idea("Ask who is at home", "share asked"), Idea("Name a lead"))),
                Secondary("Families know the date", (Idea("Write the date at the bed"),), "share who know"),
            ),
            "hours to first plan",
        ),
        Primary("Transport", (Secondary("Booking", (Idea("Book the evening before"),)),)),
    ),
)
ROWS = [
    ("Home within a day", "Early planning", "", "", "hours to first plan"),
    ("Home within a day", "Early planning", "Plans start on day one", "Ask who is at home", "share asked"),
    ("Home within a day", "Early planning", "Plans start on day one", "Name a lead", ""),
    ("Home within a day", "Early planning", "Families know the date", "", "share who know"),
    ("Home within a day", "Early planning", "Families know the date", "Write the date at the bed", ""),
    ("Home within a day", "Transport", "Booking", "Book the evening before", ""),
]
COLUMNS = ["aim", "primary", "secondary", "idea", "measure"]


def table(*rows):
    return pd.DataFrame(list(rows), columns=COLUMNS)


# One aim.


def test_a_whole_aim_reads_as_one_statement_and_lacks_nothing():
    """By hand."""
    assert WHOLE.check(today=TODAY) == ()
    assert WHOLE.direction == "down"
    assert WHOLE.sentence() == (
        "We aim to shorten the wait for home care, from 30 to 18 hours, by 30 June 2027, "
        "for people aged 65 and over, at Wexmoor General."
    )


def test_a_share_is_read_with_its_sign():
    assert "from 60% to 80%, by" in replace(WHOLE, start=60, target=80, unit="%").sentence()


def test_what_is_missing_stands_as_a_question():
    assert Aim().sentence() == (
        "We aim to [do what?], from [how much today?] to [how much?], by [which day?], for [whom?], at [which place?]."
    )


def test_an_empty_aim_lacks_everything():
    assert Aim().check(today=TODAY) == (
        "The aim does not say what will change. Say it in words, such as: shorten the wait for home care.",
        "The aim does not say where you are today. Give today's number.",
        "The aim has no target. Give the number that you want to reach.",
        "It is not clear whether the number should go up or down. Say both today's value and the target.",
        "The aim has no date. Say by which day, such as 30 June 2027.",
        "The aim does not say for whom. Name the people, such as people aged 65 and over.",
        "The aim does not say where. Name the ward, team or place.",
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"what": "improve the wait as soon as possible"},
            (
                '"improve" is vague. Say how much, by which day or for whom instead.',
                '"as soon as possible" is vague. Say how much, by which day or for whom instead.',
            ),
        ),
        (
            {"what": "make home care as good as possible"},
            ('"as good as possible" is vague. Say how much, by which day or for whom instead.',),
        ),
        ({"whom": "some people"}, ('"some" is vague. Say how much, by which day or for whom instead.',)),
        ({"start": None}, ("The aim does not say where you are today. Give today's number.",)),
        ({"target": None}, ("The aim has no target. Give the number that you want to reach.",)),
        ({"unit": ""}, ("The numbers have no unit. Say what they count, such as hours or %.",)),
        ({"target": 30}, ("The target equals today's value, 30 hours. Say what should change.",)),
        (
            {"target": 40},
            ("The words and the numbers disagree: the numbers go up, from 30 to 40. Correct one of them.",),
        ),
        (
            {"what": "change the wait", "start": None},
            (
                "The aim does not say where you are today. Give today's number.",
                "It is not clear whether the number should go up or down. Say both today's value and the target.",
            ),
        ),
        ({"by": None}, ("The aim has no date. Say by which day, such as 30 June 2027.",)),
        ({"by": "21/11/2026"}, ("The date, 21 November 2026, is in the past. Choose a day to come.",)),
        ({"whom": ""}, ("The aim does not say for whom. Name the people, such as people aged 65 and over.",)),
        ({"where": " "}, ("The aim does not say where. Name the ward, team or place.",)),
    ],
)
def test_each_fault_of_an_aim_is_one_sentence(change, told):
    """Each fault alone, by hand: the rest of the aim is whole."""
    assert replace(WHOLE, **change).check(today=TODAY) == told


def test_a_day_that_is_none_is_refused_and_today_may_be_text():
    assert said(lambda: Aim(by=["x"])) == ("by must be a day such as 30/06/2027 or \"30 June 2027\"; ['x'] came.")
    aim = Aim("cut falls", 12, 6, "a month", "1 May 2026", "patients", "Ward 4")
    assert aim.check(today="2026-05-01") == ()
    assert said(lambda: aim.check(today=["x"])) == (
        "today must be a day such as 30/06/2027 or \"30 June 2027\"; ['x'] came."
    )


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (
            lambda: DriverDiagram("x", "abc"),
            "The primary drivers of the aim must each be made as Primary(\"its name\"); 'abc' came.",
        ),
        (
            lambda: DriverDiagram("x", [7]),
            'The primary drivers of the aim must each be made as Primary("its name"); 7 came.',
        ),
        (
            lambda: Primary("Transport", ["Booking"]),
            'The secondary drivers of "Transport" must each be made as Secondary("its name"); \'Booking\' came.',
        ),
        (lambda: Secondary("Booking", 5), 'The ideas of "Booking" must each be made as Idea("its name"); 5 came.'),
        (
            lambda: DriverDiagram("x", (), "Booking"),
            "shared must be several names, such as (\"Transport\",); 'Booking' came.",
        ),
        (
            lambda: check_set(["x"]),
            'Each measure must be made as MeasureOfChange("its name", "outcome"); \'x\' came.',
        ),
        (
            lambda: check_set(None),
            'Each measure must be made as MeasureOfChange("its name", "outcome"); None came.',
        ),
    ],
)
def test_parts_that_are_none_are_refused_in_one_sentence(made, told):
    assert said(made) == told


def test_an_aim_for_today_is_not_in_the_past():
    assert replace(WHOLE, by=TODAY).check(today=TODAY) == ()


def test_a_vague_word_counts_only_as_a_whole_word():
    """By hand: the name Somerset holds "some", and betterment holds "better"."""
    assert vague_words("Somerset betterment") == ()


def test_an_aim_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        WHOLE.target = 20


def test_what_is_no_number_or_day_is_refused():
    assert said(lambda: replace(WHOLE, target="fewer")) == "target must be a number; 'fewer' came."
    for wrong in ("next spring", "31/02/2027", "46000"):
        assert said(lambda wrong=wrong: replace(WHOLE, by=wrong)) == (
            f"by must be a day such as 30/06/2027 or \"30 June 2027\"; '{wrong}' came."
        )
    assert said(lambda: replace(WHOLE, whom=3)) == "whom must be text; 3 came. Put it into quotes or words."


# An aim in one's own words.


def test_an_aim_in_words_is_read_and_each_finding_told():
    got = read_aim(
        "We aim to shorten the wait for home care from 30 to 18 hours by 30 June 2027 "
        "for people aged 65 and over at Wexmoor General.",
        today=TODAY,
    )
    assert got.aim == WHOLE
    assert got.lacks == ()
    assert got.found == (
        'What: "shorten the wait for home care".',
        'How much: "from 30 to 18 hours".',
        'By when: "30 June 2027", read day first as 30 June 2027.',
        'Where: "Wexmoor General".',
        'For whom: "people aged 65 and over". Check that these are people.',
    )


def test_a_wish_is_found_to_lack_nearly_everything():
    got = read_aim("Improve discharge soon", today=TODAY)
    assert got.aim == Aim("Improve discharge soon")
    assert got.found == ('What: "Improve discharge soon".',)
    assert got.lacks == replace(Aim(), what="Improve discharge soon").check(today=TODAY)


@pytest.mark.parametrize(
    ("text", "field", "value", "told"),
    [
        (
            "Nobody waits more than 4 hours",
            "target",
            None,
            '"4 hours" was not read as a target. Write how much as "from 30 to 18 hours".',
        ),
        ("Cut waits by 20%", "target", None, '"by 20%" is a change, not a level. Say from how much to how much.'),
        (
            "Cut waits to 18 hours by June 2027",
            "by",
            None,
            '"June 2027" is not a day. Say the day and the year, such as 30 June 2027.',
        ),
        (
            "Cut waits from 30 to 18 hours by 01/02/2027 or 01/03/2027",
            "by",
            None,
            'Two dates stand in the aim, "01/02/2027", "01/03/2027". Keep the one to be done by.',
        ),
        ("Cut waits by 31/02/2027", "by", None, '"31/02/2027" is not a day of the calendar. Correct it.'),
        (
            "Cut waits from 3 days to 18 hours",
            "unit",
            "",
            '"from 3 days to 18 hours" has two units. Use one unit for both numbers.',
        ),
        (
            "Cut waits from 3 to 2 days and falls from 9 to 5 a month",
            "target",
            None,
            "Two changes stand in the aim. Keep one in each aim.",
        ),
        (
            "Cut waits at Lark House or at Wexmoor General",
            "where",
            "",
            'Two places could be meant, "Lark House", "Wexmoor General". Keep one, or name both as one.',
        ),
        (
            "Shorter stays for adults, and for children",
            "whom",
            "",
            'It could be for "adults", "children". Say it once.',
        ),
        (
            "Cut the wait from 12,5 to 8,5 hours by 30/06/2027 for people at Wexmoor",
            "start",
            None,
            '"12,5" was not read: write decimals with a point, as 12.5, and thousands as 12,500.',
        ),
        (
            "Cut the wait from 12 to 8,5 hours",
            "target",
            None,
            '"8,5" was not read: write decimals with a point, as 12.5, and thousands as 12,500.',
        ),
        (
            "Cut the wait to 0,125 days",
            "target",
            None,
            '"0,125" was not read: write decimals with a point, as 12.5, and thousands as 12,500.',
        ),
        (
            "Cut calls from 1,2345 to 900",
            "target",
            None,
            '"1,2345" was not read: write decimals with a point, as 12.5, and thousands as 12,500.',
        ),
    ],
)
def test_what_could_be_read_in_two_ways_is_left_out_and_said(text, field, value, told):
    got = read_aim(text, today=TODAY)
    assert getattr(got.aim, field) == value
    assert told in got.lacks


@pytest.mark.parametrize(
    ("text", "start", "target", "unit"),
    [
        ("more home from 60% to 80%", 60, 80, "%"),
        ("more home from 60 to 80 per cent by 1/2/2027", 60, 80, "%"),
        ("more home from 7 to 9 in 10", 7, 9, "in 10"),
        ("calls from 1,200 to 900.5 a week", 1200, 900.5, "a week"),
        ("falls from 12 to 6", 12, 6, ""),
        ("a list cut to 390 people", None, 390, "people"),
    ],
)
def test_numbers_are_read_with_their_units(text, start, target, unit):
    got = read_aim(text, today=TODAY).aim
    assert (got.start, got.target) == (start, target)
    assert got.unit == unit


def test_a_day_and_month_that_could_change_places_is_read_day_first_and_said():
    got = read_aim("Cut waits from 3 to 2 days by 03/04/2027", today=TODAY)
    assert got.aim.by == dt.date(2027, 4, 3)
    assert 'By when: "03/04/2027", read day first as 3 April 2027.' in got.found


@settings(max_examples=60, deadline=None)
@given(
    st.floats(1, 999, allow_nan=False).map(lambda x: round(x, 1)), st.integers(1, 500), st.dates(dt.date(2000, 1, 1))
)
def test_an_aim_read_aloud_is_read_back(start, target, by):
    """A round trip: numbers of up to four figures are shown whole."""
    aim = replace(WHOLE, start=start, target=target, by=by)
    assert read_aim(aim.sentence().replace(",", ""), today=TODAY).aim == aim


def test_numbers_of_days_places_and_people_are_not_taken_for_targets():
    got = read_aim("Fewer falls on Ward 4 by 31st March 2027 for people aged 65 and over", today=TODAY)
    assert got.aim == Aim("Fewer falls", by="31/03/2027", whom="people aged 65 and over", where="Ward 4")
    assert [line for line in got.lacks if "was not read" in line] == []


@pytest.mark.parametrize(("what", "read"), [("Cut waits", "cut waits"), ("IT for all", "IT for all")])
def test_an_aim_that_begins_with_a_capital_still_reads_as_one_sentence(what, read):
    assert Aim(what).sentence().startswith(f"We aim to {read}, ")


# The driver diagram.


def test_the_outline_shows_aim_drivers_and_ideas():
    """By hand."""
    assert TREE.outline() == (
        "Aim: Home within a day\n"
        "  1. Early planning (measure: hours to first plan)\n"
        "     1.1 Plans start on day one\n"
        "         - Ask who is at home (measure: share asked)\n"
        "         - Name a lead\n"
        "     1.2 Families know the date (measure: share who know)\n"
        "         - Write the date at the bed\n"
        "  2. Transport\n"
        "     2.1 Booking\n"
        "         - Book the evening before"
    )


def test_a_diagram_is_its_table_and_the_table_its_diagram():
    assert [tuple(row) for row in TREE.table().itertuples(index=False)] == ROWS
    assert aims.diagram_from_table(table(*ROWS)) == TREE
    assert TREE.check() == ()


def test_blank_cells_take_the_aim_and_primary_driver_from_above():
    rows = [("Home", "Transport", "Booking", "Book early", None), (None, float("nan"), "Crews", "Two crews", pd.NA)]
    made = aims.diagram_from_table(table(*rows))
    assert [second.name for second in made.primary[0].secondary] == ["Booking", "Crews"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [("Home", "Transport", "", "Book early", "")],
            'Row 2: the idea "Book early" has no secondary driver, so it does not reach the aim. Name one.',
        ),
        (
            [("Home", "", "Booking", "", "")],
            'Row 2: the secondary driver "Booking" has no primary one, so it cannot reach the aim. Name it.',
        ),
        (
            [("Home", "A", "B", "C", ""), ("Away", "A", "B", "D", "")],
            'Row 3: the aim is "Away", but above it is "Home". Use one table for each aim.',
        ),
        (
            [("Home", "A", "B", "C", "hours"), ("", "A", "B", "C", "days")],
            'Row 3: the measure of "C" is "days", but above it is "hours". Keep one.',
        ),
        ([("Home", "", "", "", "hours")], 'Row 2: the measure "hours" belongs to no driver or idea. Name one.'),
        ([("", "A", "B", "C", "")], "The table has no aim. Write it into the first row, under aim."),
        ([("Home", 3, "B", "C", "")], "Row 2: primary must be text; 3 came. Put it into quotes or words."),
        (
            [("Home", "A", "B", "C", ""), ("", "B", "A", "D", "")],
            'The diagram goes in a circle: "A" leads to "B" leads to "A". Rename or take out one of them.',
        ),
        (
            [("Home", "A", "B", "home", "")],
            (
                'The diagram goes in a circle: "Home" leads to "A" leads to "B" leads to "Home". '
                "Rename or take out one of them."
            ),
        ),
    ],
)
def test_a_table_that_makes_no_diagram_is_refused_by_its_row(rows, told):
    got = said(lambda: aims.diagram_from_table(table(*rows)))
    if "circle" in told:  # a circle has no first name
        assert set(got.split('"')) >= set(told.split('"')[1::2])
        assert got.startswith("The diagram goes in a circle: ")
        assert got.endswith("Rename or take out one of them.")
    else:
        assert got == told


def test_a_table_without_a_needed_column_is_refused():
    assert said(lambda: aims.diagram_from_table(pd.DataFrame({"aim": ["x"]}))) == (
        'The table has no column "primary"; it needs "aim", "primary", "secondary" and "idea". Add it.'
    )


def secondary(name, *ideas):
    return Secondary(name, tuple(Idea(one) for one in ideas))


@pytest.mark.parametrize(
    ("primary", "shared", "told"),
    [
        ((), (), ("The aim has no primary driver. Say what it depends on most.",)),
        (
            (Primary("A", (secondary("B"),)),),
            (),
            ('The secondary driver "B" has no idea. Say what you could try, or take it out.',),
        ),
        (
            (Primary("A", (secondary("B", "C"),)), Primary("D", (secondary("b ", "E"),))),
            (),
            ('The secondary driver "B" stands 2 times. Rename it, or name it as shared.',),
        ),
        ((Primary("A", (secondary("B", "C"),)), Primary("D", (secondary("b ", "E"),))), ("B",), ()),
        (
            (Primary("A", (secondary("B", "C"),)), Primary("D", (secondary("E", "A idea"), secondary("C", "F")))),
            (),
            ('"C" is both an idea and a secondary driver. Give each its own name.',),
        ),
        (
            (Primary("A", (Secondary("B", (Idea("C", "hours"),)), Secondary("D", (Idea("C", "days"),)))),),
            ("C",),
            ('"C" has 2 measures, "days", "hours". Keep one.',),
        ),
        (
            (Primary("A", (secondary("B", "C"),)),),
            ("C", "Z"),
            (
                '"C" is named as shared but stands once. Check its spelling.',
                '"Z" is named as shared but stands no times. Check its spelling.',
            ),
        ),
    ],
)
def test_each_fault_of_a_diagram_is_one_sentence(primary, shared, told):
    assert DriverDiagram("Aim", primary, shared).check() == told


def test_ideas_with_and_without_a_test_are_told_apart():
    """Two tests of one idea and one of something else, counted by hand."""
    plan = {"measure": "share", "prediction": 1, "why": "why", "starts": "2027-01-01"}
    record = Record("Aim").plan("ask who is  at home", **plan).plan("Ask who is at home", **plan).plan("Other", **plan)
    assert TREE.tested(record) == {
        "Ask who is at home": 2,
        "Name a lead": 0,
        "Write the date at the bed": 0,
        "Book the evening before": 0,
    }
    assert TREE.tests_of_nothing(record) == ("Other",)


def test_an_idea_under_two_drivers_is_listed_once():
    made = DriverDiagram("Aim", (Primary("A", (secondary("B", "C", "X"), secondary("D", "c"))),), ("C",))
    assert [idea.name for idea in made.ideas()] == ["C", "X"]


NAME = (
    st.text(min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.isprintable())
)
MEASURE = st.just("") | NAME


@st.composite
def diagrams(draw):
    names = iter(draw(st.lists(NAME, min_size=40, max_size=40, unique_by=lambda text: text.casefold())))
    number = st.integers(0, 3)

    def ideas():
        return tuple(Idea(next(names), draw(MEASURE)) for _ in range(draw(number) // 2))

    def seconds():
        return tuple(Secondary(next(names), ideas(), draw(MEASURE)) for _ in range(draw(number)))

    aim = next(names)
    return DriverDiagram(aim, tuple(Primary(next(names), seconds(), draw(MEASURE)) for _ in range(draw(number))))


@settings(max_examples=60, deadline=None)
@given(diagrams())
def test_every_diagram_comes_back_the_same_from_yaml_and_from_its_table(diagram):
    assert aims.diagram_from_yaml(aims.diagram_to_yaml(diagram)) == diagram
    assert aims.diagram_from_plain(aims.diagram_to_plain(diagram)) == diagram
    assert aims.diagram_from_table(diagram.table()) == diagram


def test_a_diagram_comes_back_from_its_file_with_what_is_shared(tmp_path):
    shared = DriverDiagram("no", (Primary("A", (secondary("09:00", "null"), secondary("D", "null"))),), ("null",))
    aims.save_diagram(shared, tmp_path / "drivers.yaml")
    assert aims.load_diagram(tmp_path / "drivers.yaml") == shared
    assert [file.name for file in tmp_path.iterdir()] == ["drivers.yaml"]


def test_words_that_yaml_would_take_for_something_else_stay_words():
    """By hand: to YAML itself these are false, a number of minutes, a date and nothing."""
    got = aims.diagram_from_yaml("aim: no\ndrivers: [09:00, 2027-01-05, null]")
    assert (got.aim, *(first.name for first in got.primary)) == ("no", "09:00", "2027-01-05", "null")


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_diagram_whole(tmp_path, monkeypatch, fails):
    place = tmp_path / "drivers.yaml"
    aims.save_diagram(TREE, place)

    def crash(*_):
        raise OSError("The disk is full.")

    monkeypatch.setattr(os, fails, crash)
    with pytest.raises(OSError, match="full"):
        aims.save_diagram(DriverDiagram("Other"), place)
    assert aims.load_diagram(place) == TREE
    assert [file.name for file in tmp_path.iterdir()] == ["drivers.yaml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "aim: x\ndrivers: [unclosed\n",
            "The text is not YAML near line 3. Check indents, colons and quotes there, and that no name stands twice.",
        ),
        (
            "aim: x\naim: y\n",
            "The text is not YAML near line 1. Check indents, colons and quotes there, and that no name stands twice.",
        ),
        ("just words", "The diagram must have named parts, such as name: Transport; 'just words' came."),
        ("drivers: [A]", "The diagram has no aim. Begin it with one, such as aim: Home within a day."),
        (
            "aim: x\ndrivres: [A]",
            (
                'No part of a driver diagram called "drivres"; there are "aim", "drivers", "shared". '
                'Did you mean "drivers"?'
            ),
        ),
        ("aim: x\ndrivers: A", "drivers must be a list; 'A' came. Begin each entry with a dash."),
        (
            "aim: x\ndrivers:\n- A\n- {secondary: [B]}",
            "drivers, 2 has no name. Give it one.",
        ),
        (
            "aim: x\ndrivers:\n- name: A\n  secondary:\n  - name: B\n    ideas: [C, {name: [D]}]",
            (
                'drivers, 1 ("A"), secondary, 1 ("B"), ideas, 2: name must be text; [\'D\'] came. '
                "Put it into quotes or words."
            ),
        ),
        (
            "aim: x\ndrivers:\n- name: A\n  ideas: [B]",
            'No part at drivers, 1 called "ideas"; there are "name", "secondary", "measure".',
        ),
        ("aim: x\ndrivers: ['']", "drivers, 1: name is empty. Say it in words."),
    ],
)
def test_a_text_that_is_no_diagram_is_refused_by_its_line_or_path(text, told):
    assert said(lambda: aims.diagram_from_yaml(text)) == told


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\xff\xfe")
    assert said(lambda: aims.load_diagram(tmp_path / "picture.yaml")) == (
        '"picture.yaml" is not text. Choose a file that flowlib saved.'
    )
    assert said(lambda: aims.load_diagram(tmp_path / "gone.yaml")) == (
        'There is no file "gone.yaml" there. Check its name and folder.'
    )
    assert said(lambda: aims.save_diagram(TREE, tmp_path / "none" / "x.yaml")) == (
        'There is no folder "none". Make it first, or choose another.'
    )


# Measures.


def measure(name, kind, **changes):
    parts = {"numerator": "hours", "denominator": "people", "exclusions": "none", "source": "ward list"}
    return MeasureOfChange(
        name, kind, **{**parts, "every": "week", "collected_by": "clerk", "better": "down", **changes}
    )


SET = [measure("Wait", "outcome"), measure("Plans", "process"), measure("Returns", "balancing")]


def test_a_balanced_and_defined_set_lacks_nothing():
    assert check_set(SET) == ()
    assert check_set(SET + [measure(f"More {i}", "process") for i in range(5)]) == ()


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        (SET[:2], ("There is no balancing measure. Add one that would show harm elsewhere.",)),
        (
            [SET[0], SET[2]],
            ("There is an outcome measure but no process measure. Add one that shows whether the work changed.",),
        ),
        (SET[1:], ("There is no outcome measure. Add one that shows what people get.",)),
        (
            [SET[2]],
            (
                "There is no outcome measure. Add one that shows what people get.",
                "There is no process measure. Add one that shows whether the work changed.",
            ),
        ),
        (
            SET + [measure(f"More {i}", "process") for i in range(6)],
            ("There are 9 measures; keep 8 at most. Drop those that you would not act on.",),
        ),
        (
            [replace(one, every="quarter") for one in SET],
            ("No measure is collected each month or more often. Choose one to collect weekly.",),
        ),
        ([*SET, measure("wait", "process")], ('The measure "Wait" stands 2 times. Keep one, or rename it.',)),
        (
            [*SET[1:], MeasureOfChange("Stay", "outcome", every="day", better="down")],
            ('"Stay" has no operational definition. Say how two people would count the same.',),
        ),
        (
            [*SET[1:], measure("Stay", "outcome", denominator="", source=" ", every="", better="")],
            (
                '"Stay" does not say out of how many and where the numbers come from. Add it.',
                '"Stay" does not say how often it is collected. Choose day, week or month.',
                '"Stay" does not say which way is good. Choose up, down or steady.',
            ),
        ),
    ],
)
def test_each_fault_of_a_set_is_one_sentence(measures, told):
    assert check_set(measures) == told


def test_a_measure_of_no_known_kind_is_refused():
    assert said(lambda: measure("Stay", "outcomes")) == (
        'No kind for "Stay" called "outcomes"; there are "outcome", "process", "balancing". Did you mean "outcome"?'
    )
    assert said(lambda: measure("Stay", "outcome", every="hour")).startswith('No every for "Stay" called "hour"')
