"""
What does one rule of reading change? The same extract by both, side by side.

A panel for one shared screen: choose the rule, and the extract is read again by it. Rows
that are used, rows set aside and one number stand in a table, a line for each rule that
was tried. `core.reading` reads; the number is a `Measure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, HIDDEN
from flowlib.show.controls import Panel, Prediction, Sentence, panel
from flowlib.show.own_file import BLANK, ENDS, MIDNIGHTS, SLIP
from flowlib.show.part import Part
from flowlib.show.table import TableView

if TYPE_CHECKING:
    from flowlib.core.proposal import Proposal
    from flowlib.redesign.measures import Measure
    from flowlib.show.still import Shown

__all__ = ["RULES", "RulesPanel", "TwoRules"]

RULES = {"midnight": (SLIP, MIDNIGHTS), "blank_end": (BLANK, ENDS)}


@dataclass(frozen=True)
class _Read:
    """What came of one rule."""

    used: int
    aside: int
    told: str  # the measure, with its unit


class RulesPanel:
    """One extract, a rule to choose, and what came of each rule that was tried."""

    def __init__(self, proposal: Proposal, rule: str, measure: Measure, *, synthetic: bool = False) -> None:
        """Read *proposal* by the first way of *rule*: "midnight" or "blank_end"."""
        asks, self.ways = RULES[checks.choice("rule", rule, RULES)]
        self.measure = measure
        self._read = cache(lambda way: self._of(proposal, {rule: way}, synthetic=synthetic))
        self._tried: list[str] = []
        first = next(iter(self.ways.values()))
        self.choice = Prediction(asks, list(self.ways.values()), value=first)
        self.table = TableView(pd.DataFrame(columns=["rule"]), caption="What each rule gives")
        self.said = Sentence()
        self.choice.observe(lambda _: self.draw(), "value")
        self.draw()

    def show(self) -> Panel:
        """The panel itself."""
        return panel([self.choice], [self.table, self.said])

    def draw(self) -> None:
        """Read by the rule chosen, and put it beside those tried before."""
        way = next(way for way, words in self.ways.items() if words == self.choice.value)
        if way not in self._tried:
            self._tried.append(way)
        rows = [(self.ways[one], f"{self._read(one).used:,}", f"{self._read(one).aside:,}") for one in self._tried]
        table = pd.DataFrame(rows, columns=["rule", "rows used", "rows set aside"])
        self.table.update(table.assign(**{self.measure.name: [self._read(one).told for one in self._tried]}))
        made = self._read(way)
        self.said.text = f"{made.used:,} rows are used. {self.measure.name.capitalize()}: {made.told}."

    def _of(self, proposal: Proposal, option: dict[str, str], *, synthetic: bool) -> _Read:
        log = proposal.accept(synthetic=synthetic, **option)
        quality = log.quality
        assert quality is not None  # noqa: S101 - a log that was read has its report
        few = not synthetic and log.people < FEWEST
        told = HIDDEN if few else f"{self.measure.told(self.measure.of(log))}{self.measure.unit_told}"
        return _Read(quality.rows_used, quality.rows_set_aside, told)


@dataclass(frozen=True, kw_only=True)
class TwoRules(Part):
    """The panel as one part of a story."""

    proposal: Proposal
    rule: str
    measure: Measure
    synthetic: bool = False

    def widgets(self) -> list[Shown]:
        """The part's sentence, if it has one, and the panel."""
        made = RulesPanel(self.proposal, self.rule, self.measure, synthetic=self.synthetic)
        return [*super().widgets(), made.show()]
