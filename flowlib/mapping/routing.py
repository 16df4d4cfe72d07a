"""
Where do people go next?

Shares are of visits whose next step is known: those that ended, and those whose care has
ended while the place is kept for a named next step. People still in care are left out;
nothing is known of where they go. So are those whose care ended before the log began:
only those who could not go on are still seen. Each share has Wilson's interval (E. B. Wilson, J.
American Statistical Association 22, 1927). Kinds of person have shares of their own
at a step where they differ by more than chance makes (K. Pearson's chi-squared test).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.pathway import Route
from flowlib.mapping.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from flowlib.mapping.visit_rows import VisitRows

__all__ = ["ALL", "HOME", "Routing", "routing"]

HOME = "(home)"
ALL = "all"  # kinds of person together
CHANCE = 0.01  # kinds of person differ where so few tables of people who do not would look like it


@dataclass(frozen=True)
class Routing:
    """Where people go next, by step and where needed by group."""

    routes: tuple[Route, ...]
    table: pd.DataFrame  # from_step, group ("all" for all kinds together), to_step ("(home)" for none), people,
    # of (people whose next step is known), share (0 to 1), lower_95_ci, upper_95_ci


def routing(rows: VisitRows, names: list[str], groups: list[str], *, delays: Collection[str] = ()) -> Routing:
    """
    The shares onward between the steps in *names*, of people of *groups*; *rows* are the visits of a log.

    Those who gave up at a step of *delays*, where the model has no queue, count as
    having gone through it; elsewhere they are left out.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.visit_rows import visit_rows
    >>> rows = visit_rows(data.journey())
    >>> made = routing(rows, rows.names, rows.groups).table
    >>> made[made["from_step"] == "Ambulance"][["to_step", "share"]].to_numpy().tolist()
    [['Handover', 1.0]]
    """
    onward = rows.onward
    through = np.isin(rows.step, [rows.names.index(name) for name in delays])
    over = ~rows.turned_away & (~rows.gave_up | through)
    over &= ~rows.here | (~np.isnan(rows.finished) & (onward >= 0))
    chosen = np.where(np.isnan(rows.finished), np.where(np.isnan(rows.left), rows.at, rows.left), rows.finished)
    over &= chosen >= 0
    kept = [rows.names.index(name) for name in names]
    place = np.full(len(rows.names) + 1, len(kept))  # the last is home, or a step that is not kept
    place[kept] = np.arange(len(kept))
    to = place[onward]
    known = [rows.groups.index(group) for group in groups]
    routes: list[Route] = []
    table: list[tuple[object, ...]] = []
    for i, name in enumerate(names):
        here = over & (rows.step == kept[i])
        counts = np.asarray([np.bincount(to[here & (rows.group == g)], minlength=len(kept) + 1) for g in known])
        for whose, row in _parted(counts, groups):
            _add(name, whose, row, names, routes, table)
    columns = ["from_step", "group", "to_step", "people", "of", "share", "lower_95_ci", "upper_95_ci"]
    return Routing(tuple(routes), pd.DataFrame(table, columns=columns))


def _parted(counts: NDArray[np.int64], groups: list[str]) -> list[tuple[str, NDArray[np.int64]]]:
    """The people who went to each place: all together, or each kind of person where they differ."""
    some = counts[counts.sum(axis=1) > 0]
    if not len(some):
        return []
    if not _differ(some):
        return [(ALL, some.sum(axis=0))]
    return [(group, row) for group, row in zip(groups, counts, strict=True) if row.sum()]


def _differ(counts: NDArray[np.int64]) -> bool:
    from scipy.stats import chi2_contingency  # noqa: PLC0415 - heavy, so only when used

    used = counts[:, counts.sum(axis=0) > 0]
    return min(used.shape) > 1 and float(chi2_contingency(used, correction=False).pvalue) < CHANCE


def _add(
    name: str,
    whose: str,
    counts: NDArray[np.int64],
    names: list[str],
    routes: list[Route],
    table: list[tuple[object, ...]],
) -> None:
    """Put the shares of one step and kind of person into the list of routes and the table."""
    of = int(counts.sum())
    group = None if whose == ALL else whose
    for to in np.argsort(-counts, kind="stable"):
        people = int(counts[to])
        if not people:
            continue
        home = to == len(names)
        table.append((name, whose, HOME if home else names[to], people, of, people / of, *wilson(people, of)))
        if not home:
            routes.append(Route(name, names[to], people / of, group))
