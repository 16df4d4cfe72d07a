"""
How long does each step take, and does it differ between kinds of person?

A step with places is held from the beginning of care; a step without counts from joining,
so that a wait there is part of its time. It ends with the end of care where the model
itself keeps people on afterwards (a full next step, leaving hours, a step done within
it), and else when the place is given up. Lengths are of visits that began while the log
was kept; those that go on count as at least so long. Kinds of person have times of their
own where that describes the lengths plainly better, by AICc, than one curve for all (K.
Burnham and D. Anderson, "Model Selection and Multimodel Inference", 2002, section 2.6): to
part them on less would pick out those that chance made different. Hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST
from flowlib.core.variation import Constant
from flowlib.mapping.fitting import Fitted, fit_lengths
from flowlib.mapping.visit_rows import WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.variation import Distribution
    from flowlib.mapping.visit_rows import VisitRows

    Floats = NDArray[np.float64]

__all__ = ["COLUMNS", "Lengths", "StepTimes", "lengths_of", "step_times"]

PLAIN = 10.0  # a description whose AICc is more than this higher has "essentially no" support (Burnham and Anderson)
OWN = 30  # visits that have ended, from which a kind of person may have times of their own
SHORTEST = 1e-3  # hours: a length less the hold before leaving hours is no shorter
COLUMNS = [
    "step", "group", "visits", "still_there", "distribution", "mean_hours", "lower_95_ci", "upper_95_ci", "cv", "fit",
    "distance", "aicc",
]  # fmt: skip


@dataclass(frozen=True)
class Lengths:
    """The lengths of the visits to one step; arrays have one entry a visit."""

    hours: Floats  # so far, for those that go on
    ended: NDArray[np.bool_]
    group: NDArray[np.int64]
    week: NDArray[np.int64]  # of the log, in which the visit began
    waited: bool  # whether a wait is part of the time


@dataclass(frozen=True)
class StepTimes:
    """The times of one step, for all together or by kind of person."""

    fits: dict[str, Fitted]  # by group, or "all"
    time: Distribution | dict[str, Distribution]

    def table(self, step: str) -> pd.DataFrame:
        """A row a distribution; see `COLUMNS`."""
        rows = []
        for group, one in self.fits.items():
            of, best = one.distribution, one.table.iloc[0] if len(one.table) else None
            near = (np.nan, np.nan) if best is None else (best["distance"], best["aicc"])
            rows.append(
                (step, group, one.ended + one.still, one.still, one.kind, one.mean, one.lower_95_ci, one.upper_95_ci,
                 of.cv, one.fit, *near)
            )  # fmt: skip
        return pd.DataFrame(rows, columns=COLUMNS)


def lengths_of(rows: VisitRows, step: str, *, with_wait: bool, to_finish: bool, hold: float = 0.0) -> Lengths:
    """
    How long the visits to *step* took: *with_wait* from joining, *to_finish* until the end of care.

    *hold* (hours) is taken off each: the mean time that people who are ready wait for
    leaving hours, which the model adds again.
    """
    mine = (rows.step == rows.names.index(step)) & ~rows.turned_away
    if not with_wait:
        mine &= ~rows.gave_up
    first, second = (rows.arrived, rows.started) if with_wait else (rows.started, rows.arrived)
    known = ~np.isnan(first[mine]).all()
    begin = np.where(np.isnan(first) & with_wait, second, first) if known else second
    end = np.where(np.isnan(rows.left) & ~rows.here, rows.finished, rows.left)
    end = np.where(np.isnan(end), rows.finished, end)
    if to_finish:
        end = np.where(np.isnan(rows.finished), rows.left, rows.finished)
    mine &= (begin >= 0) & (~np.isnan(end) | rows.here)
    ended = ~np.isnan(end[mine])
    hours = np.where(ended, end[mine], rows.until) - begin[mine]
    waited = with_wait and bool((rows.started - rows.arrived > 0)[mine].any())
    return Lengths(
        hours=np.maximum(hours - hold, SHORTEST) if hold else np.maximum(hours, 0),
        ended=ended,
        group=rows.group[mine],
        week=(begin[mine] // WEEK).astype(np.int64),
        waited=waited,
    )


def step_times(step: str, lengths: Lengths, groups: list[str], known: list[str]) -> StepTimes:
    """
    The distributions of *lengths*: one, or by kind of person where that describes them better.

    *groups* are the names of the groups in the log, *known* those that the model has.
    Raises a `Refusal` where fewer than 8 visits have a begin and an end.
    """
    checks.need(
        lengths.ended.any(),
        f'No visit to "{step}" has both a begin and an end. Name the columns of both, or leave it out with only=[...].',
    )
    checks.need(
        lengths.ended.sum() >= FEWEST,
        f'Fewer than {FEWEST} visits to "{step}" have both a begin and an end, too few to describe. '
        "Leave the step out with only=[...], or bring a longer extract.",
    )
    together = _fitted(lengths, np.ones(len(lengths.hours), dtype=bool))
    own = _own(lengths, groups)
    if len(own) < 2 or isinstance(together.distribution, Constant):  # noqa: PLR2004 - one kind is all kinds
        return StepTimes({"all": together}, together.distribution)
    fits = {name: _fitted(lengths, which) for name, which in own.items()}
    covered = np.logical_or.reduce(list(own.values()))
    if not _better(fits, together if covered.all() else _fitted(lengths, covered), lengths, own):
        return StepTimes({"all": together}, together.distribution)
    rest = fits.get("others", together)
    return StepTimes(fits, {name: fits.get(name, rest).distribution for name in known})


def _fitted(lengths: Lengths, which: NDArray[np.bool_]) -> Fitted:
    ended = which & lengths.ended
    weeks = lengths.week[ended] if lengths.waited else None
    return fit_lengths(lengths.hours[ended], lengths.hours[which & ~lengths.ended], weeks=weeks)


def _own(lengths: Lengths, groups: list[str]) -> dict[str, NDArray[np.bool_]]:
    """The visits of each kind of person with enough of them; the others together, where they are enough."""
    found, rest = {}, np.zeros(len(lengths.hours), dtype=bool)
    for code, name in enumerate(groups):
        which = lengths.group == code
        if (which & lengths.ended).sum() >= OWN:
            found[name] = which
        else:
            rest |= which
    if (rest & lengths.ended).sum() >= FEWEST:
        found["others"] = rest
    return found


def _better(fits: dict[str, Fitted], together: Fitted, lengths: Lengths, own: dict[str, NDArray[np.bool_]]) -> bool:
    """Whether curves of their own describe the lengths better, for all the numbers that they cost."""
    apart = sum(one.aicc for one in fits.values())
    if np.isfinite(apart) and np.isfinite(together.aicc):
        return bool(apart < together.aicc - PLAIN)
    from scipy.stats import kruskal  # noqa: PLC0415 - heavy, so only when used

    samples = [lengths.hours[which & lengths.ended] for which in own.values()]
    if len({value for sample in samples for value in (sample.min(), sample.max())}) == 1:
        return False
    return bool(kruskal(*samples).pvalue < 0.01)  # noqa: PLR2004 - chance alone seldom makes such a difference
