"""Does a map typed in by a team count what it says, and come back from its files as it was?"""

import datetime as dt
import random

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from refusals import said
from test_process_map import five_people

from flowlib import minutes
from flowlib.core.checks import Refusal
from flowlib.core.pathway_sheets import fold
from flowlib.mapping.process_map import process_map
from flowlib.mapping.typed_book import WORDS
from flowlib.mapping.typed_files import NOTE
from flowlib.mapping.typed_map import Agreed, TypedMap, TypedMove, TypedStep
from flowlib.mapping.typed_sheets import SHEETS

USER = Agreed("service user", service_user=True)


def typed(steps, moves=(), **more):
    """A map of steps by name, and of moves (from, to, share)."""
    return TypedMap([TypedStep(step) for step in steps], [TypedMove(*move) for move in moves], **more)


def hip():
    """A map that uses every field."""
    return TypedMap(
        [
            TypedStep("desk", "front", "clerk", minutes(5), 0.0, 0.85, information_to="ward", how="letter"),
            TypedStep("nurse, triage", "front", "nurse", 0.3, 1.5, 0.7, told_again=True),
            TypedStep('"ward"', "ward", wait=30.4, told_again=True, information_to="home care", how="telephone"),
        ],
        [TypedMove("desk", "nurse, triage"), TypedMove("nurse, triage", '"ward"', 1 / 3)],
        [Agreed("ward clerk", date=dt.date(2026, 3, 4)), USER],
        name="=Hip+1",
    )  # fmt: skip


# What it counts.


def test_a_hundred_people_follow_the_shares():
    """By head: of 100, 30 go to the ward; the rest, without a share, to the clinic."""
    made = typed(["triage", "ward", "clinic"], [("triage", "ward", 0.3), ("triage", "clinic")])
    assert made.edges[["from_step", "to_step", "count", "share"]].to_numpy().tolist() == [
        ["triage", "clinic", 70, 0.7], ["triage", "ward", 30, 0.3],
    ]  # fmt: skip
    assert made.steps["visits"].tolist() == made.steps["people"].tolist() == [100, 30, 70]
    assert made.ends.to_numpy().tolist() == [["triage", 100, 0], ["ward", 0, 30], ["clinic", 0, 70]]


def test_people_who_come_back_are_counted_again_as_visits_and_once_as_people():
    """By head: half go on to B and half of those return, so 100 / (1 - 1/4) visits to A by 100 people, 50 see B."""
    made = typed("AB", [("A", "B", 0.5), ("B", "A", 0.5)])
    assert made.steps["visits"].tolist() == pytest.approx([400 / 3, 200 / 3])
    assert made.steps["people"].tolist() == pytest.approx([100, 50])
    assert made.steps["per_person"].tolist() == pytest.approx([4 / 3, 4 / 3])


@pytest.mark.parametrize("seed", range(4))
def test_visits_and_people_are_those_of_a_walk_step_by_step(seed):
    """Oracle: 600 moves of the crowd, one after another; for people, with the step made the end of the walk."""
    draw = np.random.default_rng(seed)
    share = draw.dirichlet(np.ones(6), 5)[:, :5]
    names = "ABCDE"
    made = typed(names, [(a, b, share[i, j]) for i, a in enumerate(names) for j, b in enumerate(names)])
    begin = np.asarray([100.0, 0, 0, 0, 0])
    crowd, visits = begin, begin
    for _ in range(600):
        crowd = crowd @ share
        visits = visits + crowd
    assert made.steps["visits"].tolist() == pytest.approx(visits)
    for place in range(5):
        ends_there = share * (np.arange(5) != place)[:, None]
        crowd, came = begin, begin[place]
        for _ in range(600):
            crowd = crowd @ ends_there
            came += crowd[place]
        assert made.steps["people"][place] == pytest.approx(came)


def test_people_begin_where_no_move_leads():
    """By head: two front doors, half of the people at each."""
    made = typed(["desk", "phone", "nurse"], [("desk", "nurse"), ("phone", "nurse")])
    assert made.ends["first"].tolist() == [50, 50, 0]
    assert made.steps["visits"].tolist() == [50, 50, 100]


def test_a_typed_map_has_the_columns_of_a_counted_one():
    """So that one drawing serves both."""
    counted, made = process_map(five_people()), hip()
    for table in ("steps", "edges", "ends"):
        columns = list(getattr(counted, table).columns)
        assert list(getattr(made, table).columns)[: len(columns)] == columns
    steps = made.steps
    assert steps["median_wait_hours"].tolist() == [0, 1.5, 30.4]
    assert steps["median_step_hours"][:2].tolist() == pytest.approx([5 / 60, 1.8])
    assert np.isnan(steps["median_step_hours"][2])


def test_a_typed_map_is_shown_in_the_words_of_its_template():
    """Nobody in it is real, so nothing is hidden: 33 of 100 people go on to the ward."""
    shown = hip().table()
    assert shown["process time"].tolist() == ["5 minutes", "18 minutes", ""]
    assert shown["story told again"].tolist() == ["no", "yes", "yes"]
    assert hip().edge_table()["count"].tolist() == ["100", "33"]
    assert list(hip().edge_table().columns) == list(process_map(five_people()).edge_table().columns)


def test_what_the_service_user_sees_is_counted_on_the_way():
    """By head: all tell it at the nurse and 1 in 3 on the ward; 1 in 3 change teams; all and 1 in 3 are written of."""
    made = hip()
    assert made.told_again == pytest.approx(4 / 3)
    assert made.hand_offs == pytest.approx(1 / 3)
    assert made.information_handed_over == pytest.approx(4 / 3)


def test_a_step_without_a_team_makes_no_hand_off():
    made = TypedMap(
        [TypedStep("a", "x"), TypedStep("b"), TypedStep("c", "y")], [TypedMove("a", "b"), TypedMove("b", "c")]
    )
    assert made.hand_offs == 0


# Who agreed it.


def test_the_sentence_says_what_is_seen_and_who_agreed_it():
    assert hip().sentence() == (
        "On this map a person tells the story again 1.3 times. A person goes from one team to another 0.3 times. "
        "Information is handed over 1.3 times. Those who agreed it by 4 March 2026: ward clerk, service user."
    )


def test_a_map_that_no_service_user_agreed_says_so():
    alone = typed("A", agreed=[Agreed("ward clerk")])
    assert alone.sentence().endswith("No service user has agreed this map. Ask one or more to look at it.")
    assert typed("A").sentence().endswith("Nobody has agreed this map yet. Ask the team, and a service user.")
    assert "No service user" not in typed("A", agreed=[USER]).sentence()


def test_names_of_people_in_the_place_of_roles_are_refused_and_not_repeated():
    people = [Agreed("Maureen Hart"), Agreed("John Lark"), Agreed("Susan Green")]
    assert said(lambda: typed("A", agreed=people)) == (
        'The roles of those who agreed look like a name. Write roles instead, such as "ward clerk".'
    )


# What is refused.


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: TypedMap([]), "A typed map needs at least 1 step; none came."),
        (lambda: typed(["A", "a"]), 'Each step needs a name of its own; "A", "a" came.'),
        (
            lambda: typed("AB", [("A", "B", 0.7), ("A", "A", 0.4)]),
            'Shares that leave "A" add up to 1.1; they may be 1 at most. Lower one.',
        ),
        (lambda: typed("AB", [("A", "B"), ("A", "B")]), 'The move from "A" to "B" came twice. Leave one out.'),
        (
            lambda: typed(["triage"], [("triage", "traige")]),
            'No step in this map called "traige"; there are "triage". Did you mean "triage"?',
        ),
        (
            lambda: typed("AB", [("A", "B"), ("B", "A")]),
            "People never leave this map: a circle of moves has no way out. Give one of its moves a share below 1.",
        ),
        (
            lambda: TypedStep("A", complete_and_accurate=80),
            'Complete and accurate of "A" must be from 0 to 1; 80 came. Half is 0.5, not 50.',
        ),
        (lambda: TypedStep("A", told_again="yes"), "told_again of \"A\" must be True or False; 'yes' came."),
        (lambda: TypedMap(["A"]), "parts must hold TypedSteps; ['A'] came."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(make, sentence):
    assert said(make) == sentence


# Files.


@pytest.mark.parametrize("ending", ["xlsx", "yaml"])
def test_a_map_comes_back_from_its_file_as_it_was(tmp_path, ending):
    """Names with commas, quotation marks and a sign of equality, and numbers that no decimal can write."""
    place = tmp_path / f"hip.{ending}"
    hip().save(place)
    assert TypedMap.load(place) == hip()
    assert TypedMap.read(place) == hip()


@pytest.mark.parametrize("ending", ["xlsx", "yaml"])
def test_the_template_is_a_map_and_is_not_put_over_a_file(tmp_path, ending):
    place = tmp_path / f"map.{ending}"
    TypedMap.template(place)
    made = TypedMap.read(place)
    assert made.agreed_by_service_user
    assert (len(made.parts), len(made.moves)) == (3, 3)
    assert said(lambda: TypedMap.template(place)) == (
        f'There is a file "map.{ending}" already. Choose another name, or say that it is to be replaced.'
    )
    TypedMap.template(place, replace=True)


def test_the_workbook_has_a_note_on_each_heading_and_lists_to_choose_from(tmp_path):
    TypedMap.template(tmp_path / "map.xlsx")
    book = load_workbook(tmp_path / "map.xlsx")
    assert book.sheetnames == ["Read me", *SHEETS]
    assert [book["Read me"].cell(row, 1).value for row in (1, 2, 3)] == [WORDS[0], NOTE, WORDS[1]]
    for title, sheet in SHEETS.items():
        assert [cell.value for cell in book[title][1]] == [column.heading for column in sheet.columns]
        assert all(cell.comment is not None for cell in book[title][1])
    offers = {str(one.sqref)[0]: one.formula1 for one in book["moves"].data_validations.dataValidation}
    assert offers == {"A": "steps!$A$2:$A$501", "B": "steps!$A$2:$A$501"}
    assert '"yes,no"' in {one.formula1 for one in book["steps"].data_validations.dataValidation}


def test_text_in_a_workbook_is_never_a_formula(tmp_path):
    hip().save(tmp_path / "hip.xlsx")
    book = load_workbook(tmp_path / "hip.xlsx")
    cell = book["map"]["A2"]
    assert (cell.value, cell.data_type) == ("=Hip+1", "s")
    assert not any(cell.data_type == "f" for page in book for line in page.iter_rows() for cell in line)


def workbook(tmp_path, **sheets):
    """A workbook with these sheets, each a list of rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, lines in sheets.items():
        page = book.create_sheet(title)
        for line in lines:
            page.append(line)
    book.save(tmp_path / "map.xlsx")
    return tmp_path / "map.xlsx"


def test_a_workbook_is_read_as_a_person_means_it(tmp_path):
    """Minutes in the heading, per cent, capitals and blanks, a date of Excel's own, blank rows between."""
    place = workbook(
        tmp_path,
        Steps=[
            ["Step", "Wait (minutes)", "Process time", "% Complete and accurate", "Story told again", "notes"],
            ["Desk", 90, "1 hour 30 minutes", "85%", "Yes", "asked on Monday"],
            [],
            ["Nurse  desk", None, None, None, "no"],
        ],
        moves=[["from", "to", "share"], ["desk", "nurse desk", "50%"]],
        agreed=[["role", "service user", "date"], ["carer", "yes", dt.datetime(2026, 3, 4)]],  # noqa: DTZ001 - as Excel keeps it
    )
    assert TypedMap.read(place) == TypedMap(
        [
            TypedStep("Desk", wait=1.5, process_time=1.5, complete_and_accurate=0.85, told_again=True),
            TypedStep("Nurse desk"),
        ],
        [TypedMove("Desk", "Nurse desk", 0.5)],
        [Agreed("carer", service_user=True, date=dt.date(2026, 3, 4))],
    )


STEPS = [["step", "wait", "process time"], ["desk", 1, "5 minutes"], ["nurse", "2 hours", None]]
WRONG = [
    (
        {"steps": [*STEPS, ["ward", "soon", None]]},
        (
            'sheet "steps", row 4, column "wait": this must be a length of time with its unit, '
            'such as "48 minutes"; "soon" came.'
        ),
    ),
    (
        {"steps": [*STEPS, ["ward", None, -3]]},
        'sheet "steps", row 4, column "process time": a length of time must be 0 or more; -3 came. Correct it.',
    ),
    (
        {"steps": [*STEPS, [None, 3, None]]},
        'sheet "steps", row 4, column "step": this is blank. Type a name.',
    ),
    (
        {"steps": [*STEPS, ["Desk", 3, None]]},
        'sheet "steps", row 4, column "step": there is a step called "Desk" already. Give each step a name of its own.',
    ),
    (
        {"steps": [["step", "wiat"], ["a", 1]]},
        (
            'sheet "steps", row 1: there is no column called "wiat"; for words of your own, head it "notes". '
            'Did you mean "wait"?'
        ),
    ),
    (
        {"steps": [["wait"], [1]]},
        'sheet "steps", row 1: there is no column "step" among the headings. Add it.',
    ),
    (
        {"steps": [["step", "wait", "wait (minutes)"], ["a", 1, 2]]},
        'sheet "steps", row 1: there are two columns "wait". Delete one.',
    ),
    (
        {"steps": [["step"], ["a", "b"]]},
        'sheet "steps", row 2: "b" stands under no heading. Give its column one, or clear it.',
    ),
    (
        {"steps": [["step", "story told again"], ["a", "often"]]},
        'sheet "steps", row 2, column "story told again": this must be one of "yes", "no"; "often" came.',
    ),
    (
        {"steps": [["step", "complete and accurate"], ["a", 85]]},
        (
            'sheet "steps", row 2, column "complete and accurate": a share must be from 0 to 1; 85 came. '
            "Half is 0.5 or 50%."
        ),
    ),
    (
        {"steps": STEPS, "moves": [["from", "to"], ["desk", "nurs"]]},
        'sheet "moves", row 2, column "to": there is no step called "nurs". Did you mean "nurse"?',
    ),
    (
        {"steps": STEPS, "moves": [["from", "to"], ["desk", "nurse"], ["Desk", "Nurse"]]},
        'sheet "moves", row 3, column "to": this move from "desk" came before. Clear one of the two rows.',
    ),
    (
        {"steps": STEPS, "moves": [["from", "to", "share"], ["desk", "nurse", 0.8], ["desk", "desk", 0.4]]},
        (
            'sheet "moves", row 3, column "share": shares that leave "desk" add up to 1.2; '
            "they may be 1 at most. Lower one."
        ),
    ),
    (
        {"steps": STEPS, "agreed": [["role", "date"], ["carer", "spring"]]},
        'sheet "agreed", row 2, column "date": this must be a date such as "03/02/2026 23:40"; \'spring\' came.',
    ),
    (
        {"steps": [["step", "wait"], ["a", "=1+1"]]},
        (
            'sheet "steps", row 2, column B: this formula has not been worked out yet. '
            "Open the file in Excel and save it, or type the value."
        ),
    ),
    ({"steps": [["step"]]}, 'there is no step on the sheet "steps". Add at least one.'),
    (
        {"steps": STEPS, "budget": [["pounds"], [5]]},
        (
            'sheet "budget": a typed map has no such sheet; it has "map", "steps", "moves", "agreed". '
            'Start its name with "notes" to keep it.'
        ),
    ),
]


@pytest.mark.parametrize(("sheets", "sentence"), WRONG)
def test_what_is_wrong_in_a_workbook_is_named_by_sheet_row_and_column(tmp_path, sheets, sentence):
    place = workbook(tmp_path, **sheets)
    comma = "," if sentence.startswith("sheet") else ":"
    assert said(lambda: TypedMap.read(place)) == f'In "map.xlsx"{comma} {sentence}'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("steps: [", ": the text is not YAML near line 1. Check indents, colons and quotes there."),
        ("- a", ": the text has no steps. Begin from TypedMap.template."),
        ("name: a", ": the text has no steps. Add at least one."),
        (
            "step: [{step: a}]",
            (
                ': No part of a typed map called "step"; there are "name", "steps", "moves", "agreed". '
                'Did you mean "steps"?'
            ),
        ),
        (
            "steps: [{step: a, step: b}]",
            ": the text is not YAML near line 1. Check indents, colons and quotes there.",
        ),
        (
            "steps: [a]",
            ': the list "steps" must hold one entry a row, each with names and words. Look at the template.',
        ),
        (
            "steps: [{step: a}, {step: b, wait: long}]",
            (
                ', list "steps", row 2, column "wait": this must be a length of time with its unit, '
                'such as "48 minutes"; "long" came.'
            ),
        ),
    ],
)
def test_what_is_wrong_in_a_text_is_named_by_list_row_and_column(tmp_path, text, sentence):
    (tmp_path / "map.yaml").write_text(text)
    assert said(lambda: TypedMap.load(tmp_path / "map.yaml")) == f'In "map.yaml"{sentence}'


HOSTILE = [
    0, -3, 1e300, True, "=1+1", "#REF!", dt.time(1, 30), dt.timedelta(hours=5), "80%", "5 to 9", "31/02/2026",
    "\u202eabc", "a\nb", "x" * 400, "'", '"', "\u200b", "<script>alert(1)</script>", "triage", "9999999999 weeks",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_whatever_stands_in_a_cell_ends_in_a_map_or_in_a_sentence(tmp_path, seed):
    """Any value in any cell of the template: a map that comes back from its file, or a refusal that names the file."""
    draw = random.Random(seed)  # noqa: S311 - which cell, no secret
    TypedMap.template(tmp_path / "map.xlsx")
    for _ in range(8):
        book = load_workbook(tmp_path / "map.xlsx")
        page = book[draw.choice(list(SHEETS))]
        page.cell(draw.randint(1, 6), draw.randint(1, 11)).value = draw.choice(HOSTILE)
        book.save(tmp_path / "odd.xlsx")
        made, sentence = read_or_refused(tmp_path / "odd.xlsx")
        assert made is not None or sentence.startswith('In "odd.xlsx"')
        if made is not None:
            made.save(tmp_path / "odd.yaml")
            assert TypedMap.load(tmp_path / "odd.yaml") == made


def read_or_refused(place):
    """The map in a file, or the sentence with which it is refused."""
    try:
        return TypedMap.read(place), ""
    except Refusal as refused:
        return None, str(refused)


def test_files_that_hold_no_map_are_refused(tmp_path):
    (tmp_path / "map.xlsx").write_bytes(b"PK, but no workbook")
    assert said(lambda: TypedMap.read(tmp_path / "map.xlsx")) == (
        'In "map.xlsx": this is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx.'
    )
    (tmp_path / "map.yaml").write_bytes(b"\xff\xfe\x00")
    assert said(lambda: TypedMap.read(tmp_path / "map.yaml")) == '"map.yaml" is not a text file, so it holds no map.'
    assert said(lambda: TypedMap.read(tmp_path / "none.yaml")) == (
        'There is no file "none.yaml" in that folder. Check its name and folder.'
    )
    assert said(lambda: hip().save(tmp_path / "map.txt")) == (
        'A typed map is saved as a .xlsx or .yaml file; "map.txt" came. Change its ending.'
    )


def test_tables_are_read_like_sheets():
    steps = pd.DataFrame({"step": ["desk", "nurse"], "wait (minutes)": [np.nan, 30], "story told again": [True, False]})
    made = TypedMap.from_tables(steps, pd.DataFrame({"from": ["desk"], "to": ["nurse"], "share": [0.5]}), name="Clinic")
    assert made == TypedMap(
        [TypedStep("desk", told_again=True), TypedStep("nurse", wait=0.5)],
        [TypedMove("desk", "nurse", 0.5)],
        name="Clinic",
    )
    assert said(lambda: TypedMap.from_tables(["desk"])) == "steps must be a table (a pandas frame); ['desk'] came."
    wrong = pd.DataFrame({"step": ["desk", "nurse"], "wait": [1, "later"]})
    assert said(lambda: TypedMap.from_tables(wrong)) == (
        'table "steps", row 2, column "wait": this must be a length of time with its unit, '
        'such as "48 minutes"; "later" came.'
    )


def test_every_column_of_the_sheets_has_words_of_its_own():
    for sheet in SHEETS.values():
        headings = [fold(word) for column in sheet.columns for word in (column.heading, *column.also)]
        assert len(headings) == len(set(headings))
        assert all(column.words for column in sheet.columns)
