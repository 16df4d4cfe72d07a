"""
What value stream does an event log show?

The steps are those of one way through, the commonest unless you name another. Their
numbers are of all visits to each step that began while the log was kept, whichever way
the person went, so that a wait is the same number as on the map and on the chart.

Times are means by default: means add up to the mean of the whole way, and Little's law
holds for them; medians do neither. People who wait still, or are still in care, count as
taking at least so long (E. L. Kaplan and P. Meier, J. American Statistical Association
53, 1958); the mean is then up to the longest time seen. Who gave up or was turned away
has no wait that ended in care, and is left out. Time between steps, and time in which a
place is kept after care, is in no step.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import brief, choice, need
from flowlib.core.privacy import FEWEST, rounded_share
from flowlib.mapping.lengths import median_length
from flowlib.mapping.opening import Opening, working_hours
from flowlib.mapping.process_map import process_map
from flowlib.mapping.value_stream import ValueStep, ValueStream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog

__all__ = ["commonest_way", "stream_from_log"]

AVERAGES = ("mean", "median")


def stream_from_log(
    log: EventLog,
    *,
    path: Sequence[str] | None = None,
    steps: Sequence[str] | None = None,
    opening: Opening | Mapping[str, Opening] | None = None,
    average: str = "mean",
    first_time_right: bool = False,
) -> ValueStream:
    """
    The value stream of *log* along *path*, the steps of one way in order; without it, the commonest way.

    *steps* keeps only some steps of the way. *opening* counts time in hours open: one
    for all steps, or one for each step that has hours. *average* is "mean" or "median".
    `first_time_right=True` takes the share of people who never come back to a step for
    its complete and accurate: an estimate, because who comes back may be meant to. The
    `notes` say what was done. Raises a `Refusal` where the log does not say when care
    began and ended, or fewer than 8 real people were seen at a step.

    >>> from flowlib.core import data
    >>> made = stream_from_log(data.journey(), steps=["Ambulance", "Handover"])
    >>> [step.name for step in made.steps]
    ['Ambulance', 'Handover']
    """
    choice("average", average, AVERAGES)
    way = _way(log, path, steps)
    need(
        log.visits["wait_hours"].notna().any() and log.visits["service_hours"].notna().any(),
        "This log does not say when people joined a step, and when care began and ended there. "
        "Bring a file with three times a visit, or type the steps in.",
    )
    hours = _Hours(log, opening, average)
    right = _right_first_time(log, way) if first_time_right else {}
    made = [
        ValueStep(
            name,
            hours.of(step, "started", "finished"),
            hours.of(step, "arrived", "started"),
            right.get(step),
        )
        for name, step in zip(_numbered(way), way, strict=True)
    ]
    notes = _notes(way, average, hours, first_time_right=first_time_right)
    if first_time_right and len(right) < len(set(way)):
        notes = (*notes, f"Where 1 to {FEWEST - 1} people came back, the share is left out.")
    return ValueStream(made, notes)


def commonest_way(log: EventLog) -> tuple[str, ...]:
    """
    The steps of the way that most people went to its end; of equals, the way that was seen first.

    Raises a `Refusal` where nobody has come to an end, or fewer than 8 real people.
    """
    whole = log.journeys()
    ended = whole.loc[~whole["still_here"].astype(bool), "variant"]
    need(len(ended), "Nobody in this log has come to the end of a way. Name the steps: path=[...].")
    counts = ended.value_counts(sort=False)
    few = "No way was gone to its end by 8 people or more, so none is shown. Name the steps: path=[...]."
    need(log.synthetic or counts.max() >= FEWEST, few)
    return tuple(str(step) for step in counts.idxmax())


def _right_first_time(log: EventLog, way: Sequence[str]) -> dict[str, float]:
    """The share of people who never came back to each step; without those that would tell of few real people."""
    back = process_map(log).rework.set_index("step")
    told = {}
    for step in dict.fromkeys(way):
        came, people = int(back.loc[step, "people_back"]), int(back.loc[step, "people"])
        share = rounded_share(people - came, people, synthetic=log.synthetic)
        if not math.isnan(share) and (log.synthetic or not 0 < came < FEWEST):
            told[step] = share
    return told


def _way(log: EventLog, path: Sequence[str] | None, steps: Sequence[str] | None) -> tuple[str, ...]:
    """The steps of the stream, in order."""
    for name, told in (("path", path), ("steps", steps)):
        need(not isinstance(told, str), f"{name} must be a list of steps; {brief(told)} came.")
    way = (
        commonest_way(log)
        if path is None
        else tuple(choice("step", one, log.steps, where="in the log") for one in path)
    )
    need(way, "path must name at least 1 step; none came.")
    kept = (
        way if steps is None else tuple(choice("step", one, dict.fromkeys(way), where="on this way") for one in steps)
    )
    need(kept, "steps must name at least 1 step; none came.")
    return tuple(one for one in way if one in kept)


def _numbered(way: Sequence[str]) -> list[str]:
    """Names of their own: a step that comes again has its turn behind its name."""
    turns = [way[: place + 1].count(step) for place, step in enumerate(way)]
    return [step if turn == 1 else f"{step} ({turn})" for step, turn in zip(way, turns, strict=True)]


class _Hours:
    """Average hours between two times of the visits to a step, by the calendar or in hours open."""

    def __init__(self, log: EventLog, opening: Opening | Mapping[str, Opening] | None, average: str) -> None:
        self.log, self.average = log, average
        self.opening = dict.fromkeys(log.steps, opening) if isinstance(opening, Opening) else dict(opening or {})
        for step in self.opening:
            choice("step", step, log.steps, where="in the log")
        seen = log.visits
        self.visits = seen[(seen["at"] >= log.observed[0]) & ~seen["outcome"].isin(["turned_away"])]
        self.unfinished = 0  # visits that are not over, of which so far is counted

    def of(self, step: str, first: str, last: str) -> float:
        """Average hours from the time *first* to the time *last*."""
        rows = self.visits[self.visits["step"] == step]
        begin, end = rows[first], rows[last]
        here = (rows["outcome"] == "still_here") & begin.notna() & end.isna()
        if last == "started":
            here &= rows["waiting"]
        ended = self._between(step, begin, end)[begin.notna() & end.notna()]
        so_far = self._between(step, begin, pd.Series(self.log.observed[1], index=rows.index))[here]
        need(len(ended), f'No visit to "{step}" has both "{first}" and "{last}". Leave the step out: steps=[...].')
        people = rows.loc[ended.index, "person"].nunique()
        few = f'Fewer than {FEWEST} people have both "{first}" and "{last}" at "{step}", too few to describe.'
        need(self.log.synthetic or people >= FEWEST, f"{few} Leave the step out: steps=[...].")
        self.unfinished += len(so_far)
        return self._average(step, ended, so_far)

    def _between(self, step: str, begin: pd.Series, end: pd.Series) -> pd.Series:
        if self.opening.get(step) is None:
            return (end - begin).dt.total_seconds() / 3600
        return pd.Series(working_hours(begin, end, self.opening[step]), index=begin.index)

    def _average(self, step: str, ended: pd.Series, so_far: pd.Series) -> float:
        if self.average == "mean":
            return _mean(ended.to_numpy(dtype=float), so_far.to_numpy(dtype=float))
        here = pd.Series(np.repeat([False, True], [len(ended), len(so_far)]))
        middle = median_length(pd.concat([ended, so_far], ignore_index=True), here)
        need(not math.isnan(middle), f'Too many people are still at "{step}" to give a median. Ask for the mean.')
        return middle


def _notes(way: Sequence[str], average: str, hours: _Hours, *, first_time_right: bool) -> tuple[str, ...]:
    """What to know about the numbers."""
    said = ["Times are means, which add up." if average == "mean" else "Times are medians, which do not add up."]
    if hours.unfinished:
        said.append("People who are still there count as taking at least so long.")
    if any(step in hours.opening for step in way):
        everywhere = all(step in hours.opening for step in way)
        said.append(f"Times are in hours open{'' if everywhere else ' at the steps that have opening hours'}.")
    if first_time_right:
        said.append("First time right is an estimate: the share of people who did not come back to the step.")
    return tuple(said)


def _mean(ended: NDArray[np.float64], so_far: NDArray[np.float64]) -> float:
    """The mean of lengths of which some are not over: the area under the share that lasts so long."""
    if not len(so_far):
        return float(ended.mean())
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    lasts = stats.ecdf(stats.CensoredData(uncensored=ended, right=so_far)).sf
    ends = np.concatenate([[0.0], lasts.quantiles, [max(ended.max(), so_far.max())]])
    return float(np.sum(np.concatenate([[1.0], lasts.probabilities]) * np.diff(ends)))
