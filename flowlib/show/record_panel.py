"""
How does a team write down its tests of change without code: prediction first, result later?

A form for the plan, a form for the result, and all tests so far under them. It keeps
one file that several people can save (`change.pdsa`), and puts a page to print and a
workbook beside it. What may be written, and what comes of it, is decided there.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import ipywidgets

from flowlib.change import kept
from flowlib.change.pdsa import Record, page, save_workbook
from flowlib.change.pdsa.cycle import DECISIONS
from flowlib.core import checks, data
from flowlib.show.controls import Button, Panel, Sentence
from flowlib.show.fields import field
from flowlib.show.table import TableView

__all__ = ["RecordPanel", "record_panel"]

FILE = "our_tests.yaml"
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")  # 1,200; but 12,5 may mean 12.5
NOT_YET = "(choose)"
GOOD = {"less is better": "down", "more is better": "up"}
PLAN = {
    "aim": "What is the aim of your tests?",
    "change": "What will you try?",
    "scale": "With how many people, or where?",
    "measure": "What will you look at, in which unit?",
    "why": "Why do you think so?",
}


class RecordPanel:
    """The team's record of tests: plan one, give its result, see them all."""

    def __init__(self, path: Path) -> None:
        """Go on from what is in the file at *path*, where there is one."""
        self.path = path
        self.record: Record | None = Record.load(path) if path.is_file() else None
        self.plan = {name: field(ipywidgets.Text, asks) for name, asks in PLAN.items()}
        self.prediction = field(ipywidgets.Text, "What number do you predict?")
        self.better = field(ipywidgets.Dropdown, "Which way is good?", options=list(GOOD))
        self.starts = field(ipywidgets.DatePicker, "When do you start?")
        self.write = Button("Write the prediction down")
        self.which = field(ipywidgets.Dropdown, "Which test has its result?", options=[])
        self.result = field(ipywidgets.Text, "What number did you get?")
        self.learned = field(ipywidgets.Text, "What did it teach you?")
        self.decision = field(ipywidgets.Dropdown, "What next?", options=[NOT_YET, *DECISIONS])
        self.study = Button("Put the result beside it")
        self.export = Button("Make a page to print, and a workbook")
        self.said, self.out = Sentence(), ipywidgets.VBox([])
        self.write.on_click(self._plan)
        self.study.on_click(self._study)
        self.export.on_click(self._export)
        self._show()

    def show(self) -> Panel:
        """The panel itself."""
        plan = [*self.plan.values(), self.prediction, self.better, self.starts, self.write]
        parts = [_head("Plan: before the test"), *plan]
        parts += [_head("Study and act: after the test"), self.which, self.result, self.learned, self.decision]
        parts += [self.study, self.said, self.out, self.export]
        return Panel(parts, layout=ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible"))

    def _plan(self) -> None:
        words = {name: box.value.strip() for name, box in self.plan.items()}
        checks.need(self.starts.value is not None, "Choose the day on which the test starts.")
        record = self.record or Record(words["aim"])
        planned = record.plan(
            words["change"],
            measure=words["measure"],
            prediction=_number("prediction", self.prediction.value),
            why=words["why"],
            starts=self.starts.value,
            scale=words["scale"],
            better=GOOD[self.better.value],
        )
        whole = self._keep(planned)
        mine = whole.cycles[whole.number_of(planned.cycles[-1]) - 1]
        for box in (*self.plan.values(), self.prediction):
            box.value = "" if box is not self.plan["aim"] else planned.aim
        self.said.text = f"It is written down. {mine.sentence()}"

    def _study(self) -> None:
        checks.need(self.record is not None and self.which.value is not None, "Plan a test first.")
        checks.need(self.decision.value != NOT_YET, "Choose what next: adopt, adapt or abandon.")
        assert self.record is not None  # noqa: S101 - refused above
        number = int(self.which.value)
        got = _number("result", self.result.value)
        self._keep(self.record.study(number, result=got, learned=self.learned.value, decision=self.decision.value))
        self.result.value, self.learned.value, self.decision.value = "", "", NOT_YET
        self.said.text = self.record.cycles[number - 1].sentence()

    def _keep(self, record: Record) -> Record:
        """Save, and go on from what is in the file then: others may have saved too."""
        self.path.parent.mkdir(exist_ok=True)
        self.record = record.save(self.path)
        self._show()
        return self.record

    def _export(self) -> None:
        checks.need(self.record is not None, "There is no test yet. Plan one first.")
        assert self.record is not None  # noqa: S101 - refused above
        printed, book = self.path.with_suffix(".html"), self.path.with_suffix(".xlsx")
        kept.write(printed, page(self.record))
        save_workbook(self.record, book)
        self.said.text = f"“{printed.name}” and “{book.name}” are in the folder “{self.path.parent.name}”."

    def _show(self) -> None:
        """All tests so far, those without a result to choose from, and what is worth a second look."""
        record = self.record
        if record is None:
            return
        self.plan["aim"].value, self.plan["aim"].disabled = record.aim, True
        waiting = [(f"Test {c.number}: {c.change}", c.number) for c in record.cycles if c.result is None]
        self.which.options, self.which.value = waiting, waiting[0][1] if waiting else None
        table = record.predicted_and_got()[["test", "change", "measure", "predicted", "got", "decision"]]
        advice = [Sentence(told) for told in record.advice()]
        shown = TableView(table.astype(object).where(table.notna(), ""), caption=f"Tests of change: {record.aim}")
        self.out.children = (shown, Sentence(record.predictions().sentence()), *advice)


def record_panel(path: str | Path | None = None) -> Panel:
    """
    The team's record of tests, kept in a file at *path*; by default `own/our_tests.yaml` beside the notebooks.

    Nothing is written before the first prediction is.
    """
    place = data.FOLDER.parent / "own" / FILE if path is None else Path(path)
    return RecordPanel(place).show()


def _head(words: str) -> ipywidgets.HTML:
    return ipywidgets.HTML(f"<h3>{escape(words)}</h3>")


def _number(name: str, text: str) -> float:
    """A number as people write it; with a unit behind it, the unit is asked to go to its own box."""
    plain = text.strip()
    if THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        return checks.finite(name, float(plain))
    except ValueError:
        raise checks.Refusal(f"The {name} must be a number alone, such as 12.5; {checks.brief(text)} came.") from None
