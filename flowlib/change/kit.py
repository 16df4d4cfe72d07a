"""
What does a team's whole test of change look like on paper?

One page to pin up: the aim, what it depends on, the measures and how each is counted,
and the tests with what they taught. What is still missing is said at the end of each
part. Two sides of A4 hold a dozen ideas, 6 measures and 6 tests.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from flowlib.change import kept, paper
from flowlib.change.aims.aim import day, spoken_day
from flowlib.change.aims.drivers import same
from flowlib.change.measures_set import check_set
from flowlib.change.pdsa.page import section

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from flowlib.change.aims import Aim, DriverDiagram, Secondary
    from flowlib.change.measures_set import MeasureOfChange
    from flowlib.change.pdsa import Record

__all__ = ["page"]

HEADS = ("Measure", "What is counted", "Out of how many", "Left out", "Source, and who collects it", "How often")
WIDTHS = (22, 20, 16, 14, 18, 10)  # of 100 parts of the page
GOOD = {"up": "Up is good.", "down": "Down is good.", "steady": "It is to stay as it is.", "": ""}


def page(
    aim: Aim,
    diagram: DriverDiagram | None,
    measures: Iterable[MeasureOfChange],
    record: Record | None,
    *,
    today: dt.date | None = None,
) -> str:
    """
    Aim, drivers, measures and tests as one HTML file to print on A4; *today* decides what is late.

    None, or no measure, stands for what the team does not have yet, and the page says so.

    >>> from flowlib.change.aims import Aim
    >>> "There is no measure yet." in page(Aim("cut falls", 12, 6, "a month"), None, [], None)
    True
    """
    date = kept.now().date() if today is None else day("today", today)
    title = aim.sentence()
    head = [f"<h1>{escape(title)}</h1>", f'<p class="quiet">As it stood on {spoken_day(date)}.</p>']
    return paper.document(
        title,
        [*head, *paper.items(aim.check(today=date))],
        ["<h2>What it depends on</h2>", *_drivers(diagram, record)],
        ["<h2>How we will know</h2>", *_measures(tuple(measures))],
        [
            "<h2>What we tested</h2>",
            *(section(record, today=date, level=3) if record else ["<p>There is no test yet.</p>"]),
        ],
    )


def _drivers(diagram: DriverDiagram | None, record: Record | None) -> list[str]:
    """The diagram as a list in a list, each idea with how often it was tested."""
    if diagram is None:
        return ["<p>There is no driver diagram yet. Say what the aim depends on most.</p>"]
    tested, others = _tests(diagram, record)
    lines = [paper.nested(_named(one), (_second(two, tested) for two in one.secondary)) for one in diagram.primary]
    told = [f'"{change}" was tested and is no idea of this diagram. Add it, or say why it is not.' for change in others]
    return ['<ol class="drivers">', *lines, "</ol>", *paper.items([*diagram.check(), *told])]


def _tests(diagram: DriverDiagram, record: Record | None) -> tuple[Counter[str], list[str]]:
    """
    How many tests each idea had, and the ramps that test no idea.

    A ramp tests the idea that it is named after, or that one of its tests tries.
    """
    tested: Counter[str] = Counter()
    others = []
    for ramp in record.ramps() if record else ():
        names = {same(ramp.name), *(same(one.change) for one in ramp.cycles)}
        met = [idea.name for idea in diagram.ideas() if same(idea.name) in names]
        tested.update(dict.fromkeys(met, len(ramp.cycles)))
        others += [] if met else [ramp.name]
    return tested, others


def _second(driver: Secondary, tested: Counter[str]) -> str:
    ideas = (f"<li>{escape(_named(idea))}{_often(tested[idea.name])}</li>" for idea in driver.ideas)
    return paper.nested(_named(driver), ideas)


def _named(part: object) -> str:
    name, measure = getattr(part, "name", ""), getattr(part, "measure", "")
    return f"{name} (measure: {measure})" if measure else name


def _often(tests: int) -> str:
    return f' <span class="quiet">({tests} {"test" if tests == 1 else "tests"})</span>' if tests else ""


def _measures(measures: tuple[MeasureOfChange, ...]) -> list[str]:
    rows = []
    for one in measures:
        name = paper.paragraphs(one.name, f"{one.kind.capitalize()} measure. {GOOD[one.better]}".strip(), quiet=[1])
        source = paper.paragraphs(one.source, one.collected_by, quiet=[1])
        told = [paper.paragraphs(text) for text in (one.numerator, one.denominator, one.exclusions)]
        rows.append([name, *told, source, paper.paragraphs(f"Each {one.every}" if one.every else "")])
    return [
        *(paper.table("Each measure, and how it is counted", HEADS, rows, widths=WIDTHS) if rows else []),
        *paper.items(check_set(measures)),
    ]
