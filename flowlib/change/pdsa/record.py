"""
What did we predict, what happened, and what do we do next?

A record of a team's small tests of one aim. The prediction is written down before the
result can be, and cannot be changed after it: that is how a team learns (G. Langley and
others, "The Improvement Guide", 2nd edition, 2009). The record is one readable file
that several people can save: what one adds never takes away what another added.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flowlib.change import kept
from flowlib.change.aims.aim import day
from flowlib.change.pdsa import advice, cycle, file, merging, predictions, ramps
from flowlib.core import checks

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import pandas as pd

    from flowlib.change.pdsa.cycle import Cycle
    from flowlib.change.pdsa.file import Entry
    from flowlib.change.pdsa.predictions import Predictions
    from flowlib.change.pdsa.ramps import Ramp

__all__ = ["Record"]


@dataclass(frozen=True)
class Record:
    """
    A team's tests of one aim.

    >>> record = Record("Home within a day of being ready").plan(
    ...     "15 more places", measure="mean wait, hours", prediction=30, why="Load falls below 1", starts="2025-05-05"
    ... )
    >>> record.study(1, result=18, learned="Waits fell further than we thought", decision="adopt").cycles[0].sentence()
    'Test 1: we predicted 30 for mean wait, hours. It was 18, 12 away from it.'
    """

    aim: str
    cycles: tuple[Cycle, ...] = ()
    log: tuple[Entry, ...] = field(default=(), compare=False)  # what was saved when; `save` writes it

    def __post_init__(self) -> None:
        cycle.tidy("aim", self.aim, "Say the aim of the tests in words.")

    def plan(
        self,
        change: str,
        *,
        measure: str,
        prediction: float,
        why: str,
        starts: str | dt.date,
        scale: str = "",
        ramp: str = "",
        follows: int | None = None,
        better: str = "",
    ) -> Record:
        """
        The record with one more test, and its prediction, dated today.

        *measure* names its unit, and *better* says which way is good: "up" or "down". *scale* is on how many
        people or places, in words. A test that *follows* an earlier one belongs to that one's *ramp*.
        Refused where a text is empty, the prediction no number, or the test that it follows not there.

        >>> first = {"measure": "wait, hours", "prediction": 30, "why": "Fewer calls", "starts": "2025-05-05"}
        >>> record = Record("Home sooner").plan("Ask on arrival", **first, scale="1 patient", ramp="Early plans")
        >>> record.plan("Ask on arrival", **first, scale="5 patients", follows=1).cycles[1].ramp
        'Early plans'
        """
        parts = {"change": change, "measure": measure, "prediction": prediction, "why": why, "starts": starts}
        parts |= {"scale": scale, "ramp": ramp, "follows": follows, "better": better}
        made = cycle.plan(len(self.cycles) + 1, parts | {"planned_on": kept.now().date().isoformat()})
        return replace(self, cycles=(*self.cycles, ramps.joined(made, self.cycles)))

    def study(self, number: int, *, result: float, learned: str, decision: str) -> Record:
        """
        The record with the result of one test, dated today; its prediction stays as it was.

        *decision* is adopt, adapt or abandon. Refused where the test is not there or has its result.
        """
        number = checks.whole("The number of the test", number)
        checks.need(
            1 <= number <= len(self.cycles), f"There is no test {number}; there are {len(self.cycles)}. Plan it first."
        )
        today = kept.now().date().isoformat()
        done = cycle.study(self.cycles[number - 1], result=result, learned=learned, decision=decision, studied_on=today)
        return replace(self, cycles=(*self.cycles[: number - 1], done, *self.cycles[number:]))

    def number_of(self, mine: Cycle) -> int:
        """
        The number under which a test stands here, known by its mark: after `save` it may be another than it was.

        Of two tests with the same plan it is the later. Refused where the test is not here.

        >>> parts = {"measure": "wait, hours", "prediction": 30, "why": "Fewer calls", "starts": "2025-05-05"}
        >>> mine = Record("Home sooner").plan("Ask on arrival", **parts)
        >>> Record("Home sooner").plan("A new rota", **parts).plan("Ask on arrival", **parts).number_of(mine.cycles[0])
        2
        """
        found = [one.number for one in self.cycles if one.mark == mine.mark]
        checks.need(found, f"The test of {checks.brief(mine.change)} is not in this record. Save it first.")
        return found[-1]

    def ramps(self) -> tuple[Ramp, ...]:
        """The ideas that were tested, each with its tests from the first to the last."""
        return ramps.of(self.cycles)

    def advice(self, today: dt.date | None = None) -> tuple[str, ...]:
        """
        What to look at next, a plain sentence each; none where nothing stands out. It never blocks anything.

        >>> Record("Home sooner").advice()
        ('There is no test yet. Plan a small one, and write down what you predict.',)
        """
        return advice.of(self.cycles, self.log, kept.now().date() if today is None else day("today", today))

    def predicted_and_got(self) -> pd.DataFrame:
        """
        One row a test: what was predicted and what came, in the unit of its measure.

        Columns: test, change, measure, predicted, got, gap (got less predicted), gap_share (of the prediction, 0.1
        is a tenth), decision, planned_on, studied_on (dates). What is not there yet, or not known, is missing.
        """
        return predictions.table(self.cycles)

    def predictions(self) -> Predictions:
        """How often the predictions were close, and whether they hope too much."""
        return predictions.summed(self.cycles)

    def save(self, path: str | Path, *, patience: float = kept.PATIENCE) -> Record:
        """
        Add this record to the file, and return all that is in it now: go on from what is returned.

        What others saved since stays: new tests are put behind theirs with the next numbers. Refused,
        with the file as it was, where the same test has two results. A crash half way leaves the old file
        whole. While somebody else saves, this waits for up to *patience* seconds.
        """
        with kept.held(path, patience=patience) as turn:
            there = Record.load(turn.place) if turn.place.exists() else None
            whole, old = self, there.cycles if there else ()
            if there is not None:
                merging.need_one_aim(self.aim, there.aim, turn.place.name)
                cycles, numbers = merging.merged(there.cycles, self.cycles, turn.place.name)
                whole = Record(there.aim, cycles, merging.one_log(there.log, self.log, numbers))
            whole = replace(whole, log=(*whole.log, *file.news(whole.cycles, old, whole.log)))
            if there is None or (whole.cycles, whole.log) != (there.cycles, there.log):
                text = file.to_text(whole.aim, whole.cycles, whole.log)
                file.from_text(turn.place.name, text)  # so that nothing is written that cannot be read
                kept.write(turn.place, text, turn=turn)
        return whole

    @classmethod
    def load(cls, path: str | Path) -> Record:
        """A record kept by `save`; refused, with the place in the file, where it does not hold together."""
        return cls(*file.from_text(*file.read(path)))
