"""What a pathway cannot be: the same slips through Python, YAML and Excel, and all that a cell can hold."""

import dataclasses
import datetime as dt
import io

import pytest
from openpyxl import load_workbook
from refusals import said
from test_pathway_book import RATES, book, read, step

from flowlib import Arrivals, Exponential, Pathway, Rota, Route, Step, hours
from flowlib.core.pathway_book import from_bytes

# Refusals

HEADS_OF_STEPS = ("name", "capacity", "time", "shape")
PLAIN = ("a", 1, "1 hour", "constant")
ON_ROTA = [HEADS_OF_STEPS, ("a", "rota", "1 hour", "constant")]
IN_SLOTS = [HEADS_OF_STEPS, ("a", "slots", "1 hour", "constant")]
OF_SLOTS = ("step", "days", "time", "starts")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"capacity": "two"},
            'B2: a capacity is a number, or one of "unlimited", "rota", "slots"; "two" came. Correct it.',
        ),
        ({"capacity": -1}, "B2: a capacity must be from 0 to 100,000; -1 came. Correct it."),
        ({"capacity": 1.5}, "B2: a capacity must be a whole number; 1.5 came. Correct it."),
        ({"capacity": True}, "B2: a capacity must be a number; TRUE came. Type a number."),
        (
            {"capacity": dt.date(2026, 3, 4)},
            "B2: a capacity must be a number; the date 4 March 2026 came. Type a number.",
        ),
        ({"capacity": None}, 'B2: this is blank. Type how many can be in the step at once, or "unlimited".'),
        ({"capacity": "rota"}, 'B2: the sheet "rota" has no row for "a". Add one there, or type a number here.'),
        ({"time": None}, 'C2: this is blank. Type a length of time, such as "48 minutes".'),
        ({"time": "soon"}, 'C2: this must be a length of time with its unit, such as "48 minutes"; "soon" came.'),
        (
            {"time": "6,4 days"},
            'C2: this must be a length of time with its unit, such as "48 minutes"; "6,4 days" came.',
        ),
        (
            {"time": "5 6 hours"},
            'C2: this must be a length of time with its unit, such as "48 minutes"; "5 6 hours" came.',
        ),
        ({"time": "-5 minutes"}, 'C2: a length of time must be 0 or more; "-5 minutes" came. Correct it.'),
        ({"time": -5}, "C2: a length of time must be 0 or more; -5 came. Correct it."),
        ({"time": "9999999 hours"}, "C2: this must be 1,000,000 hours or less; 9,999,999 came. Check its unit."),
        (
            {"time": dt.date(2026, 3, 4)},
            (
                'C2: this must be a length of time, such as "48 minutes"; the date 4 March 2026 came. Format the '
                "cell as text."
            ),
        ),
        (
            {"time": 0, "shape": "exponential"},
            "C2: this shape needs a time above 0; 0 came. Type one, or choose constant.",
        ),
        (
            {"shape": None},
            "D2: this is blank. Choose constant if the time never varies, or exponential if it varies much.",
        ),
        (
            {"shape": "lognorml"},
            (
                'D2: this must be one of "log-normal", "exponential", "gamma", "weibull", "constant", "uniform", '
                '"triangular", '
                '"measured"; "lognorml" came. Did you mean "log-normal"?'
            ),
        ),
        (
            {"shape": "gamma", "spread": None},
            "E2: this is blank, and this shape needs a spread. Type one; 0.7 is usual.",
        ),
        ({"shape": "gamma", "spread": 0}, "E2: a spread must be from 0.0001 to 1,000; 0 came. Correct it."),
        (
            {"shape": "exponential", "spread": 0.5},
            "E2: this shape needs no spread; 0.5 came. Clear this cell, or choose log-normal.",
        ),
        ({"shape": "uniform"}, 'C2: this needs two lengths of time, such as "10 to 30 minutes"; "1 hour" came.'),
        (
            {"shape": "uniform", "time": "30 to 10 minutes"},
            'C2: the shortest time must stand first, and the longest last; "30 to 10 minutes" came.',
        ),
        (
            {"shape": "measured", "time": "scans"},
            'C2: no column of the sheet "measured times" is called "scans". There are none.',
        ),
        ({"shape": "gamma"}, 'A2: there is no column "spread", and this shape needs a spread. Type one; 0.7 is usual.'),
        (
            {"patience": "6 hours", "patience_shape": None},
            "F2: this is blank. Choose constant if the time never varies, or exponential if it varies much.",
        ),
        ({"gives_up_to": "aa"}, 'E2: there is no step called "aa". Did you mean "a"?'),
        ({"gives_up_to": "ward"}, 'E2: there is no step called "ward". There is "a".'),
        ({"queue_limit": -1}, "E2: a queue limit must be 0 or more; -1 came. Correct it."),
        (
            {"when_full": "wait upsteam"},
            (
                'E2: this must be one of "wait upstream", "turn away", "divert"; "wait upsteam" came. '
                'Did you mean "wait upstream"?'
            ),
        ),
        ({"when_full": "divert", "divert_to": None}, 'F2: this is blank, and "when full" is divert. Name a step.'),
        ({"divert_to": "a"}, 'E2: this goes with "divert" in "when full". Choose that, or clear this cell.'),
        ({"when_full": "divert", "divert_to": "a"}, 'F2: Diverts go in a circle: "a", "a". Break it.'),
        ({"within": "a"}, 'E2: Steps within steps go in a circle: "a", "a". Break it.'),
        (
            {"leaves_from": "09:00", "leaves_until": None},
            'F2: this is blank, though "leaves from" is filled in. Type a time, such as "09:00".',
        ),
        ({"leaves_from": "25:00", "leaves_until": 9}, 'E2: this must be a time of day, such as "09:00"; "25:00" came.'),
        (
            {"leaves_from": "20:00", "leaves_until": 9},
            "F2: people may leave from 20:00, so this must be later; 09:00 came.",
        ),
        ({"leaves_on": "Blursday"}, 'E2: this must be days, such as "Mon-Fri" or "Mon, Thu"; "Blursday" came.'),
        ({"priority": "major"}, 'E2: no group called "major" arrives. Those that do are "everyone".'),
        ({"name": 1.5}, 'A2: a name must be text, and Excel has made 1.5 of it. Type it between "quotation marks".'),
        ({"name": "a\nb"}, "A2: this needs a name on one line, without control characters; 'a\\nb' came."),
        (
            {"tiem": 1},
            'E1: there is no column called "tiem"; for words of your own, head it "notes". Did you mean "time"?',
        ),
    ],
)
def test_a_step_that_cannot_be_is_refused_by_its_cell(cells, sentence):
    assert said(lambda: step(**cells)) == f'sheet "steps", cell {sentence}'


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ({"steps": [HEADS_OF_STEPS]}, 'sheet "steps", cell A2: there are no steps. Type at least one, a row each.'),
        ({"steps": []}, 'sheet "steps", cell A1: this row of headings has no "name". Add it in a column of its own.'),
        (
            {"steps": [HEADS_OF_STEPS, PLAIN, PLAIN]},
            'sheet "steps", cell A3: there are two steps called "a". Rename one.',
        ),
        (
            {"steps": [HEADS_OF_STEPS, PLAIN, (None, *PLAIN[1:])]},
            (
                'sheet "steps", cell A3: this is blank. Type the name of a step; or name a group, '
                "to add it to the step above."
            ),
        ),
        (
            {"steps": [(*HEADS_OF_STEPS, "group"), PLAIN, (None, None, 1, "constant", "g")]},
            ('sheet "steps", cell E2: this is blank, and the rows below give times by group. Name the group here too.'),
        ),
        (
            {"steps": [(*HEADS_OF_STEPS, "group"), (*PLAIN, "g"), (None, None, 1, "constant", "g")]},
            'sheet "steps", cell E3: there is a time for "g" already. Name each group once.',
        ),
        (
            {"steps": [(*HEADS_OF_STEPS, "group"), (*PLAIN, "g"), (None, 3, 1, "constant", "h")]},
            'sheet "steps", cell B3: "capacity" belongs in the first row of the step. Clear this cell.',
        ),
        (
            {"steps": [(*HEADS_OF_STEPS, "Name"), PLAIN]},
            'sheet "steps", cell E1: there are two columns "name". Delete one.',
        ),
        (
            {"steps": [HEADS_OF_STEPS, (*PLAIN, "x")]},
            'sheet "steps", cell E2: this column has no heading. Give it one; for words of your own, head it "notes".',
        ),
        (
            {"steps": [HEADS_OF_STEPS, ("#REF!", *PLAIN[1:])]},
            'sheet "steps", cell A2: this shows the error #REF!. Correct its formula, or type the value.',
        ),
        (
            {"routes": [("from", "to"), ("a", "b")]},
            'sheet "routes", cell B2: there is no step called "b". There is "a".',
        ),
        ({"routes": [("from", "to"), ("a", None)]}, 'sheet "routes", cell B2: this is blank. Type a name.'),
        (
            {"routes": [("from", "to", "share"), ("a", "a", 1.2)]},
            'sheet "routes", cell C2: a share must be from 0 to 1; 1.2 came. Half is 0.5 or 50%.',
        ),
        (
            {"routes": [("from", "to", "share"), ("a", "a", 0.7), ("a", "a", 0.4)]},
            (
                'sheet "routes", cell C3: shares that leave step "a" add up to 1.1; they may be 1 at most. Lower one '
                "of them."
            ),
        ),
        (
            {"routes": [("from", "to", "group"), ("a", "a", "everyon")]},
            (
                'sheet "routes", cell C2: there is no group among the arrivals called "everyon". '
                'Did you mean "everyone"?'
            ),
        ),
        (
            {"arrivals": [("step", "per hour"), ("a", -1)]},
            'sheet "arrivals", cell B2: a number of people an hour must be 0 or more; -1 came. Correct it.',
        ),
        (
            {"arrivals": [("step", "per hour"), ("a", "nan")]},
            'sheet "arrivals", cell B2: a number of people an hour must be a number; "nan" came. Type a number.',
        ),
        (
            {"arrivals": [("step", "per hour"), ("a", None)]},
            (
                'sheet "arrivals", cell B2: this row says nobody comes. '
                'Type how many people an hour, in "per hour" or in the hours.'
            ),
        ),
        (
            {"arrivals": [("step", "per hour", "days"), ("a", 1, "Mon")]},
            'sheet "arrivals", cell C2: days go with a number in each hour. Clear this cell, or fill in the hours.',
        ),
        (
            {"arrivals": [RATES, ("a", "Mon-Fri", *[1] * 24)]},
            (
                'sheet "arrivals", cell B2: the week has no row for Sat, Sun. '
                "Add one; for the same every day, clear this cell."
            ),
        ),
        (
            {"arrivals": [RATES, ("a", "Mon-Fri", *[1] * 24), ("a", "Fri-Sun", *[1] * 24)]},
            'sheet "arrivals", cell B3: there is a row for Fri already. Name each day in one row only.',
        ),
        (
            {"arrivals": [(*RATES, "per hour"), ("a", None, *[1] * 24, 3)]},
            (
                'sheet "arrivals", cell C2: a row has "per hour", "times from" or the hours, and this row has more '
                "than one. "
                "Clear one."
            ),
        ),
        (
            {"arrivals": [("step", "times from"), ("a", "x")], "measured_times": [("x",), (2,), (1,)]},
            'sheet "measured times", cell A3: this is before the one above it. Sort the column.',
        ),
        (
            {"arrivals": [("step", "times from"), ("a", "x")], "measured_times": [("x",), (dt.date(2020, 1, 1),)]},
            (
                'sheet "measured times", cell A2: this is before the pathway starts, which is 5 January 2026. '
                "Correct the date."
            ),
        ),
        (
            {"measured_times": [("x", "X")]},
            'sheet "measured times", cell B1: there are two columns called "X". Rename one.',
        ),
        (
            {"measured_times": [("x",), (1, 2)]},
            'sheet "measured times", cell B2: this column has no heading. Give it one in the first row.',
        ),
        (
            {"steps": ON_ROTA, "rota": [RATES, ("a", None, *[1] * 23)]},
            'sheet "rota", cell Z2: a row of hours needs 24 numbers, and 23 came. Type 0 where there is nobody.',
        ),
        (
            {"steps": ON_ROTA, "rota": [RATES[:-1], ("a", None, *[1] * 23)]},
            (
                'sheet "rota", cell A2: there is no column "23:00"; a row of hours needs 24 numbers, and 23 came. '
                "Type 0 where there is nobody."
            ),
        ),
        (
            {"steps": ON_ROTA, "rota": [(*RATES, "24:00"), ("a", None, *[1] * 25)]},
            (
                'sheet "rota", cell AA1: there is no column called "24:00"; for words of your own, head it "notes". '
                'Did you mean "23:00"?'
            ),
        ),
        (
            {"steps": ON_ROTA, "rota": [RATES, ("a", None, *[1] * 24), ("a", "Mon", *[1] * 24)]},
            'sheet "rota", cell B2: there are other rows for this step, so each must name its days.',
        ),
        (
            {"rota": [RATES, ("a", None, *[1] * 24)]},
            (
                'sheet "rota", cell A2: "a" has another capacity on the sheet "steps". '
                'Type "rota" there, or clear this row.'
            ),
        ),
        (
            {"rota": [RATES, ("b", None, *[1] * 24)]},
            'sheet "rota", cell A2: there is no step called "b". There is "a".',
        ),
        (
            {"steps": IN_SLOTS, "slots": [OF_SLOTS, ("a", "Mon", "25:00", 1)]},
            'sheet "slots", cell C2: this must be a time of day, such as "09:00"; "25:00" came.',
        ),
        (
            {"steps": IN_SLOTS, "slots": [OF_SLOTS, ("a", "Mon", "10:00", None)]},
            'sheet "slots", cell D2: a number of starts must be a number; nothing came. Type a number.',
        ),
        (
            {"pathway": [("name", "starts"), ("x", "2026-01-06")]},
            'sheet "pathway", cell B2: a pathway starts on a Monday; 6 January 2026 is a Tuesday. Choose the Monday.',
        ),
        (
            {"pathway": [("name", "starts"), ("x", "soon")]},
            'sheet "pathway", cell B2: this must be a date, such as "5 January 2026"; "soon" came.',
        ),
        (
            {"pathway": [("name",), ("x",), ("y",)]},
            'sheet "pathway", cell A3: there is one pathway in a workbook. Clear this row.',
        ),
        (
            {"stps": [HEADS_OF_STEPS]},
            (
                'sheet "stps": a pathway has no such sheet, so start its name with "notes" to keep it. '
                'Did you mean "steps"?'
            ),
        ),
        ({"Rota ": [RATES], "rota": [RATES]}, 'there are two sheets called "rota". Delete or rename one.'),
    ],
)
def test_a_workbook_that_cannot_be_is_refused_by_its_cell(sheets, sentence):
    assert said(lambda: read(**sheets)) == sentence


def test_a_sheet_that_must_be_there_is_asked_for():
    assert said(lambda: from_bytes(book({"steps": [HEADS_OF_STEPS, PLAIN]}))) == (
        'there is no sheet "arrivals"; there are "steps". '
        'Add it, or begin from the workbook that "flowlib template" makes.'
    )


# The same slip, three ways in


def in_python(**changes):
    """A small emergency department, made in Python."""
    care = Exponential(hours(1))
    parts = {
        "steps": [Step("triage", 2, care), Step("doctor", 3, care)],
        "arrivals": [Arrivals("triage", per_hour=4)],
        "routes": [Route("triage", "doctor")],
    }
    return Pathway("ED", **(parts | changes))


IN_YAML = """\
name: ED
steps:
  - {name: triage, capacity: 2, time: {Exponential: 1 hour}}
  - {name: doctor, capacity: 3, time: {Exponential: 1 hour}}
arrivals: [{step: triage, per_hour: 4}]
routes: [{from: triage, to: doctor, share: 1}]
"""
IN_EXCEL = {
    "steps": [
        ["name", "capacity", "time", "shape", "when full", "divert to"],
        ["triage", 2, "1 hour", "exponential", None, None],
        ["doctor", 3, "1 hour", "exponential", None, None],
    ],
    "routes": [["from", "to", "share"], ["triage", "doctor", 1]],
    "arrivals": [["step", "per hour"], ["triage", 4]],
    "rota": [["step", *RATES[2:]]],
}


def care():
    return Exponential(hours(1))


SLIPS = {
    "a share above 1": (
        lambda: in_python(routes=[Route("triage", "doctor", 1.2)]),
        'Route from "triage" to "doctor", share must be from 0 to 1; 1.2 came. Half is 0.5, not 50.',
        [("share: 1", "share: 1.2")],
        'Route from "triage" to "doctor", share must be from 0 to 1; 1.2 came. Half is 0.5, not 50.',
        {("routes", "C2"): 1.2},
        'sheet "routes", cell C2: a share must be from 0 to 1; 1.2 came. Half is 0.5 or 50%.',
    ),
    "shares that add up to more than 1": (
        lambda: in_python(routes=[Route("triage", "doctor", 0.7), Route("triage", "triage", 0.4)]),
        'Shares that leave step "triage" add up to 1.1; they may be 1 at most. Lower one of them.',
        [("share: 1}", "share: 0.7}, {from: triage, to: triage, share: 0.4}")],
        'Shares that leave step "triage" add up to 1.1; they may be 1 at most. Lower one of them.',
        {("routes", "C2"): 0.7, ("routes", "A3"): "triage", ("routes", "B3"): "triage", ("routes", "C3"): 0.4},
        (
            'sheet "routes", cell C3: shares that leave step "triage" add up to 1.1; they may be 1 at most. '
            "Lower one of them."
        ),
    ),
    "an unknown step": (
        lambda: in_python(routes=[Route("traige", "doctor")]),
        'No step in pathway "ED" called "traige"; there are "triage", "doctor". Did you mean "triage"?',
        [("from: triage", "from: traige")],
        'No step in pathway "ED" called "traige"; there are "triage", "doctor". Did you mean "triage"?',
        {("routes", "A2"): "traige"},
        'sheet "routes", cell A2: there is no step called "traige". Did you mean "triage"?',
    ),
    "a negative time": (
        lambda: in_python(steps=[Step("triage", 2, Exponential(hours(-1)))]),
        "Exponential mean must be 0 hours or more; -1 came.",
        [("triage, capacity: 2, time: {Exponential: 1 hour}", "triage, capacity: 2, time: {Exponential: -1}")],
        'step "triage" time: Exponential mean must be 0 hours or more; -1 came.',
        {("steps", "C2"): "-1 hour"},
        'sheet "steps", cell C2: a length of time must be 0 or more; "-1 hour" came. Correct it.',
    ),
    "a rota of the wrong length": (
        lambda: in_python(steps=[Step("triage", Rota([1] * 23), care())]),
        "A rota needs 24 numbers (an hour of the day each) or 168 (an hour of the week each); 23 came.",
        [("capacity: 2", f"capacity: {{rota: {[1] * 23}}}")],
        (
            'step "triage" capacity: A rota needs 24 numbers (an hour of the day each) or 168 (an hour of the '
            "week each); 23 came."
        ),
        {("steps", "B2"): "rota", ("rota", "A2"): "triage"}
        | {("rota", f"{letter}2"): 1 for letter in "BCDEFGHIJKLMNOPQRSTUVWX"},
        'sheet "rota", cell Y2: a row of hours needs 24 numbers, and 23 came. Type 0 where there is nobody.',
    ),
    "diverts in a circle": (
        lambda: in_python(
            steps=[
                Step("triage", 2, care(), when_full="divert", divert_to="doctor"),
                Step("doctor", 3, care(), when_full="divert", divert_to="triage"),
            ]
        ),
        'Diverts go in a circle: "triage", "doctor", "triage". Break it.',
        [
            ("name: triage, capacity", "name: triage, when_full: divert, divert_to: doctor, capacity"),
            ("name: doctor, capacity", "name: doctor, when_full: divert, divert_to: triage, capacity"),
        ],
        'Diverts go in a circle: "triage", "doctor", "triage". Break it.',
        {("steps", "E2"): "divert", ("steps", "F2"): "doctor", ("steps", "E3"): "divert", ("steps", "F3"): "triage"},
        'sheet "steps", cell F3: Diverts go in a circle: "triage", "doctor", "triage". Break it.',
    ),
    "no steps": (
        lambda: in_python(steps=[]),
        'Pathway "ED" has no steps. Give it at least one.',
        [(IN_YAML[IN_YAML.index("steps:") : IN_YAML.index("arrivals:")], "steps: []\n")],
        'Pathway "ED" has no steps. Give it at least one.',
        {("steps", f"{letter}{row}"): None for letter in "ABCD" for row in (2, 3)},
        'sheet "steps", cell A2: there are no steps. Type at least one, a row each.',
    ),
}


def test_what_is_spoilt_below_is_the_same_good_pathway_three_ways(tmp_path):
    assert load_text(tmp_path, []) == in_python()
    assert dataclasses.replace(load_book(tmp_path, {}), name="ED") == in_python()


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_python_is_refused(slip):
    make, sentence, *_ = SLIPS[slip]
    assert said(make) == sentence


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_yaml_is_refused_by_file(tmp_path, slip):
    changes, sentence = SLIPS[slip][2:4]
    assert said(lambda: load_text(tmp_path, changes)) == f'In "ed.yaml": {sentence}'


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_excel_is_refused_by_file_sheet_and_cell(tmp_path, slip):
    changes, sentence = SLIPS[slip][4:]
    assert said(lambda: load_book(tmp_path, changes)) == f'In "ed.xlsx", {sentence}'


def load_text(folder, changes):
    """The pathway above from a .yaml file with these changes."""
    text = IN_YAML
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "ed.yaml").write_text(text, encoding="utf-8")
    return Pathway.load(folder / "ed.yaml")


def load_book(folder, changes):
    """The pathway above from an .xlsx file with these cells."""
    made = load_workbook(io.BytesIO(book(IN_EXCEL)))
    for (sheet, cell), value in changes.items():
        made[sheet][cell] = value
    made.save(folder / "ed.xlsx")
    return Pathway.load(folder / "ed.xlsx")
