"""Pathways in Excel: read as a person means them, refused by sheet and cell, and back as they were."""

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook
from refusals import said
from test_pathway import pathways

from flowlib import (
    Arrivals,
    Constant,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Pathway,
    Rota,
    Route,
    Slots,
    Step,
    Triangular,
    Uniform,
    Weibull,
    days,
    minutes,
    simulate,
)
from flowlib.core.pathway_book import from_bytes
from flowlib.core.pathway_files import from_text, to_text
from flowlib.core.pathway_look import HEADS, LISTS, TITLE, WORDS
from flowlib.core.pathway_sheets import HOURS, SHEETS
from flowlib.core.pathway_template import EXAMPLE, NOTE, write_template
from flowlib.core.pathway_write import to_bytes

ONE_STEP = {
    "steps": [("name", "capacity", "time", "shape"), ("a", 1, "1 hour", "constant")],
    "arrivals": [("step", "per hour"), ("a", 1)],
}
RATES = ("step", "days", *HOURS)


def book(sheets):
    """The bytes of a workbook with these sheets: a list of rows each, typed as they stand."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, lines in sheets.items():
        page = made.create_sheet(title)
        for line in lines:
            page.append(line)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def read(**sheets):
    """The pathway of a workbook of one plain step, with these sheets in place of its own."""
    return from_bytes(book(ONE_STEP | {title.replace("_", " "): lines for title, lines in sheets.items()}))


def step(**cells):
    """The one step of a workbook whose row holds these cells."""
    row = {"name": "a", "capacity": 1, "time": "1 hour", "shape": "constant"}
    row |= {heading.replace("_", " "): value for heading, value in cells.items()}
    return read(steps=[tuple(row), tuple(row.values())]).steps[0]


# Round trips


@given(pathways())
@settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_pathway_comes_back_from_a_workbook_as_it_was(pathway):
    assert from_bytes(to_bytes(pathway)) == pathway


@given(pathways())
@settings(derandomize=True, max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_text_to_workbook_and_back_to_text_changes_no_letter(pathway):
    text = to_text(pathway)
    assert to_text(from_bytes(to_bytes(from_text(text)))) == text


ODD_NAMES = [
    "=1+1",
    "#REF!",
    "24",
    " a ",
    'say "a"',
    '"a"',
    "a, b",
    "a;b",
    "TRUE",
    "a (minutes)",
    "-",
    "2026-01-05",
    "notes",
]


def test_names_that_excel_would_take_for_something_else_come_back_as_they_were():
    """A formula, an error, a number, a date, a list: as names of steps, of groups and of lists of times."""
    times = {group: Empirical([i + 0.1 + 0.2]) for i, group in enumerate(ODD_NAMES)}
    steps = [Step(name, 1, times, priority=ODD_NAMES, gives_up_to=ODD_NAMES[0]) for name in ODD_NAMES]
    routes = [Route(name, ODD_NAMES[0], 0.1, group=name) for name in ODD_NAMES]
    pathway = Pathway("=A1", steps, [Arrivals(name, name, 1) for name in ODD_NAMES], routes)
    assert from_bytes(to_bytes(pathway)) == pathway


@pytest.mark.parametrize(
    "starts", [dt.date(1900, 1, 1), dt.date(1900, 2, 26), dt.date(1904, 1, 4), dt.date(2199, 12, 30)]
)
def test_the_first_monday_comes_back_in_every_year_that_a_pathway_may_start_in(starts):
    """Excel takes 1900 for a leap year, so the days before March 1900 are a trap."""
    pathway = Pathway("a", [Step("a", 1, Constant(1))], [], starts=starts)
    assert from_bytes(to_bytes(pathway)) == pathway


def test_every_figure_of_a_number_is_kept():
    """Openpyxl writes 16 figures of a number, and 0.1 + 0.2 has 17."""
    pathway = Pathway(
        "a",
        [Step("a", 1, LogNormal(0.1 + 0.2, 0.1 + 0.7))],
        [
            Arrivals("a", per_hour=0.1 + 0.2),
            Arrivals("a", times=[0.1 + 0.2, 1e6 / 3]),
            Arrivals("a", per_hour=[5e-7] * 24),
        ],
        [Route("a", "a", 0.1 + 0.2)],
    )
    assert from_bytes(to_bytes(pathway)) == pathway


def test_a_week_of_days_that_are_alike_is_still_a_week():
    """168 numbers come back as 168, and 24 as 24."""
    steps = [Step("day", Rota([2] * 24), Constant(1)), Step("week", Rota([2] * 168), Constant(1))]
    come = [
        Arrivals("day", per_hour=[1] * 24),
        Arrivals("day", per_hour=[1] * 168),
        Arrivals("day", per_hour=[1] * 168),
    ]
    pathway = Pathway("a", steps, come)
    assert from_bytes(to_bytes(pathway)) == pathway


@pytest.mark.parametrize(
    ("pathway", "sentence"),
    [
        (
            Pathway("a" * 40_000, [Step("a", 1, Constant(1))], []),
            "Excel cannot keep the name 'aaaaaaaaaaaa...aaaaaaaaaaaaa'. Shorten it, or save the pathway as .yaml.",
        ),
        (
            Pathway("a", [Step("\ufffe", 1, Constant(1))], []),
            "Excel cannot keep the name '\\ufffe'. Shorten it, or save the pathway as .yaml.",
        ),
        (
            Pathway("a", [Step("a", 1, Empirical(range(1_000)))], []),
            'A sheet of Excel is too small for the sheet "measured times" of this pathway. Save it as .yaml.',
        ),
    ],
    ids=["long", "no sign", "many"],
)
def test_what_excel_cannot_hold_is_said(pathway, sentence, monkeypatch):
    """A sheet of 1,000 rows stands in for Excel's of 1,048,576, which would take a minute to fill."""
    monkeypatch.setattr("flowlib.core.pathway_write.MOST_ROWS", 1_000)
    assert said(lambda: to_bytes(pathway)) == sentence


# What a person types


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("48 minutes", minutes(48)),
        ("4 hours", 4),
        ("6.4 days", days(6.4)),
        (8, 8),
        ("8", 8),
        (0.5, 0.5),
        (" 48  Minutes ", minutes(48)),
        ("48\u00a0mins", minutes(48)),
        ("1 hour 30 minutes", 1.5),
        ("1h", 1),
        ("2 days and 4 hours", 52),
        ("1,200 minutes", 20),
        ("0:48", 0.8),
        (dt.time(0, 48), 0.8),
        (dt.timedelta(hours=30), 30),
        ("0 hours", 0),
    ],
)
def test_a_length_of_time_is_taken_as_a_person_types_it(typed, meant):
    assert step(time=typed).time == Constant(meant)


def test_a_heading_can_give_the_unit_of_bare_numbers():
    lines = [("name", "capacity", "Time (minutes)", "shape"), ("a", 1, 48, "constant"), ("b", 1, "2 hours", "constant")]
    assert [one.time.mean for one in read(steps=lines).steps] == pytest.approx([0.8, 2])


@pytest.mark.parametrize(
    ("cells", "time"),
    [
        ({"time": "48 minutes", "shape": "Log-Normal", "spread": "70%"}, LogNormal(minutes(48), 0.7)),
        ({"time": "48 minutes", "shape": None, "spread": 0.7}, LogNormal(minutes(48), 0.7)),
        ({"time": "48 minutes", "shape": "lognormal", "spread": "0.7"}, LogNormal(minutes(48), 0.7)),
        ({"time": "6 hours", "shape": "exponential", "spread": 1}, Exponential(6)),
        ({"time": "6 days", "shape": "gamma", "spread": 1.1}, Gamma(days(6), 1.1)),
        ({"time": "6 days", "shape": "Weibull", "spread": 1.1}, Weibull(days(6), 1.1)),
        ({"time": "10 to 30 minutes", "shape": "uniform"}, Uniform(minutes(10), minutes(30))),
        ({"time": "0.5-2 hours", "shape": "uniform"}, Uniform(0.5, 2)),
        ({"time": "5, 10, 30 minutes", "shape": "triangular"}, Triangular(minutes(5), minutes(10), minutes(30))),
        ({"time": "5 minutes to 1 hour to 1 day", "shape": "triangular"}, Triangular(minutes(5), 1, 24)),
    ],
)
def test_a_shape_is_taken_as_a_person_types_it(cells, time):
    assert step(**cells).time == time


def test_measured_times_stand_in_a_column_of_their_own():
    """By its heading, or under the step's own name where the time is blank."""
    steps = [("name", "capacity", "time", "shape"), ("a", 1, "my scans", "measured"), ("b", 1, None, "measured")]
    lists = [("My scans (minutes)", "b"), (30, "1 day"), (90, None), (None, dt.time(2, 0))]
    made = read(steps=steps, measured_times=lists)
    assert [one.time for one in made.steps] == [Empirical([0.5, 1.5]), Empirical([2, 24])]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("09:00", "09:00"),
        ("9:00", "09:00"),
        ("9am", "09:00"),
        ("9.30 am", "09:30"),
        (dt.time(9, 30), "09:30"),
        (0.375, "09:00"),
        (9, "09:00"),
        ("12am", "00:00"),
    ],
)
def test_a_time_of_day_is_taken_as_a_person_types_it(typed, meant):
    assert step(leaves_from=typed, leaves_until="8pm").leaves_between == (meant, "20:00")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Mon-Fri", "Mon-Fri"),
        ("monday to friday", "Mon-Fri"),
        ("MON, Thurs & Saturday", "Mon, Thu, Sat"),
        ("weekdays", "Mon-Fri"),
        ("every day", "Mon-Sun"),
        ("Mon – Wed", "Mon-Wed"),
        (None, "Mon-Sun"),
    ],
)
def test_days_are_taken_as_a_person_types_them(typed, meant):
    assert step(leaves_on=typed).leaves_on == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(4, 4), (4.0, 4), ("4", 4), ("1,000", 1000), ("Unlimited", None), ("unlimited ", None)],
)
def test_a_capacity_is_taken_as_a_person_types_it(typed, meant):
    assert step(capacity=typed).capacity == meant


def test_the_rest_of_a_step_is_taken_as_a_person_types_it():
    made = step(
        priority="everyone", patience="6 hours", patience_shape="exponential", queue_limit="3", when_full="Turn away"
    )
    assert (made.priority, made.patience, made.queue_limit, made.when_full) == (
        ("everyone",),
        Exponential(6),
        3,
        "turn_away",
    )


def test_capitals_blanks_and_order_do_not_matter():
    """Sheets and headings in any order, blank rows above and between, a column and a sheet of one's own."""
    made = from_bytes(
        book(
            {
                "Notes of May": [("anything", "=1/0")],
                "ARRIVALS ": [(), ("Per_Hour", " Step ", "Notes"), (), ("4", " a ", "from the May audit")],
                "Sheet1": [],
                "Steps": [
                    (),
                    ("Shape", "TIME (mean)", "step", "Capacity"),
                    (),
                    ("constant", 1, "a", 1),
                    (),
                    ("constant", 2, "b", 2),
                ],
                "routes": [("to", "from", "share"), ("b", "a", "30%"), (None, None, " ")],
            }
        )
    )
    steps = [Step("a", 1, Constant(1)), Step("b", 2, Constant(2))]
    assert made == Pathway("", steps, [Arrivals("a", per_hour=4)], [Route("a", "b", 0.3)])


def test_a_group_is_a_row_below_its_step():
    """With the step's name blank, or again; a name merged over its rows reads as blank below the first."""
    heads = ("name", "capacity", "group", "time", "shape")
    expected = {"minor": Constant(1), "major": Constant(2)}
    for again in (None, "a"):
        made = read(steps=[heads, ("a", 1, "minor", 1, "constant"), (again, None, "major", 2, "constant")])
        assert made.steps == (Step("a", 1, expected),)


def test_rows_of_days_make_a_week_of_arrivals():
    """By hand: 1 an hour on five days and 3 on two."""
    lines = [RATES, ("a", "Mon-Fri", *[1] * 24), ("a", "weekends", *["3"] * 24), ("a", None, *[2] * 24)]
    week, day = read(arrivals=lines).arrivals
    assert week.per_hour == (1,) * 120 + (3,) * 48
    assert day.per_hour == (2,) * 24


def test_a_rota_and_slots_stand_on_their_own_sheets():
    steps = [("name", "capacity", "time", "shape"), ("a", "rota", 1, "constant"), ("b", "Slots", 0, "constant")]
    heads = ["step", "day", *[dt.time(hour) for hour in range(24)]]
    made = read(
        steps=steps,
        rota=[heads, ("a", "Sun", *[0] * 24), ("a", "Mon-Sat", *[2] * 24)],
        slots=[("step", "days", "time", "starts"), ("b", "Mon, Tue", dt.time(10), 8), (None, "Fri", "14:30", "7")],
    )
    assert made.step("a").capacity == Rota([2] * 144 + [0] * 24)
    assert made.step("b").capacity == Slots([("Mon 10:00", 8), ("Tue 10:00", 8), ("Fri 14:30", 7)])


def test_arrivals_can_be_replayed_from_dates():
    """By hand: half past midnight on Monday, and 9:15 on Tuesday, are 0.5 and 33.25 hours after the start."""
    moments = [("May",), (dt.datetime(2026, 1, 5, 0, 30),), ("2026-01-06 09:15",), (40,)]  # noqa: DTZ001
    made = read(arrivals=[("step", "times from"), ("a", "may")], measured_times=moments)
    assert made.arrivals[0].times == pytest.approx((0.5, 33.25, 40))


@pytest.mark.parametrize("typed", [dt.date(2026, 1, 12), "2026-01-12", "12/01/2026", "12 January 2026", "12 Jan 2026"])
def test_a_date_is_taken_as_a_person_types_it(typed):
    made = read(pathway=[("name", "starts"), ("Clinic", typed)])
    assert (made.name, made.starts) == ("Clinic", dt.datetime(2026, 1, 12))  # noqa: DTZ001


def test_a_formula_counts_as_what_it_last_showed():
    """As Excel leaves it: the formula, and beside it the value, which openpyxl alone cannot write."""
    held = book(ONE_STEP | {"arrivals": [("step", "per hour", "group"), ("a", "=2+2", '=""')]})
    both = {"<f>2+2</f><v />": "<f>2+2</f><v>4</v>", '<c r="C2"><f>""</f><v />': '<c r="C2" t="str"><f>""</f><v></v>'}
    assert from_bytes(with_xml(held, both)).arrivals == (Arrivals("a", per_hour=4),)
    assert said(lambda: from_bytes(held)) == (
        'sheet "arrivals", cell B2: this formula has not been worked out yet. '
        "Open the file in Excel and save it, or type the value."
    )


def with_xml(held, changes):
    """The same workbook with other words in its XML."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(held)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            text = old.read(part).decode()
            for before, after in changes.items():
                text = text.replace(before, after)
            new.writestr(part, text)
    return made.getvalue()


# The template


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """The template, as a file."""
    file = tmp_path_factory.mktemp("template") / "mine.xlsx"
    write_template(file)
    return file


def test_the_template_can_be_simulated_as_it_is(template):
    """By hand: 4 minor and 53.5 / 24 major an hour come to the doctors, within four standard errors of 14 days (9%)."""
    log = simulate(Pathway.load(template), days=14, warm_up_days=7, seed=1)
    waits = log.waits()
    assert set(waits.index) == {"triage", "doctor", "ward"}
    assert waits["visits"]["doctor"] == pytest.approx(14 * 24 * (4 + 53.5 / 24), rel=0.09)


def test_the_template_is_a_table_a_sheet_to_other_programs_too(template):
    """By pandas: it reads every sheet but the first as a table with our headings."""
    tables = pd.read_excel(template, sheet_name=None)
    assert list(tables) == ["Read me", *SHEETS]
    for title, sheet in SHEETS.items():
        assert list(tables[title].columns) == [column.heading for column in sheet.columns]
    assert tables["steps"]["name"].dropna().tolist() == ["triage", "doctor", "ward"]


def test_the_template_helps_to_fill_it_in(template):
    """Headings stay in sight, each with a note; a choice has a list; there is no macro and no formula."""
    made = load_workbook(template)
    for title, sheet in SHEETS.items():
        page = made[title]
        assert page.freeze_panes == "B2"
        assert all(cell.comment.text and cell.font.bold for cell in page[1])
        lists = {str(one.sqref)[0]: one.formula1 for one in page.data_validations.dataValidation}
        for letter, column in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", sheet.columns, strict=False):
            wanted = f'"{",".join(column.choices)}"' if column.choices else "steps!$A$2:$A$501" if column.step else None
            assert lists.get(letter) == wanted
        assert not [cell for line in page.iter_rows() for cell in line if cell.data_type == "f"]
    assert made.vba_archive is None


def test_the_first_sheet_names_every_column(template):
    page = load_workbook(template)["Read me"]
    said_there = {cell.value for line in page.iter_rows() for cell in line}
    named = {column.heading for sheet in SHEETS.values() for column in sheet.columns if column.heading not in HOURS}
    assert named | {"00:00 to 23:00", TITLE, NOTE, *WORDS, *HEADS, *SHEETS} <= said_there


def test_what_the_workbook_says_is_plain():
    """Sentences of at most 20 words, as everywhere on screen."""
    words = [TITLE, NOTE, LISTS, *WORDS, *(sheet.words for sheet in SHEETS.values())]
    words += [column.words for sheet in SHEETS.values() for column in sheet.columns]
    sentences = [one for text in words for one in re.split(r"(?<=[.:;])\s", text)]
    assert [one for one in sentences if len(one.split()) > 20] == []


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_a_workbook_that_libreoffice_saved_again_is_the_same_pathway(template, tmp_path):
    again = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(template)]
    subprocess.run(again, capture_output=True, check=True, timeout=120)
    assert Pathway.load(tmp_path / template.name) == from_text(EXAMPLE)
