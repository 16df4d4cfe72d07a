"""
How do rows that say "start" and "complete" become one visit?

Process-mining logs (XES, as pm4py and bupaR write them) have a row an event: an activity
is scheduled, starts, and completes. The simulation package vidigi has rows of four kinds:
arrival_departure, queue, resource_use and resource_use_end. Either way the rows of one
visit are put together, and each keeps its number: schedule or queue gives when the person
joined, start or resource_use when service began, complete or resource_use_end its end.

Without a number of its own for each visit, the first start goes with the first
completion after it (first in, first out). A start or a completion left over is a visit
of which the other end is not recorded.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import adt, checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from flowlib.core.quality import Findings

__all__ = ["UNITS", "VIDIGI", "XES", "clock_times", "is_lifecycle", "together"]

# Transitions of the XES standard (IEEE 1849), by the time that they give; the rest gives none.
XES = {
    "schedule": "arrived", "registration": "arrived", "start": "started",
    "complete": "finished", "ate_abort": "finished",
}  # fmt: skip
VIDIGI = ("arrival_departure", "queue", "resource_use", "resource_use_end")
UNITS = ("seconds", "minutes", "hours", "days")
ENDS = re.compile(
    r"[_ ]+(?:(?:wait|queue|waiting)[_ ]+)?(?:begins?|began|starts?|started|completed?|ends?|ended)$", re.IGNORECASE
)
DEPARTS = re.compile(r"depart|exit|leave|left", re.IGNORECASE)
PARTS = ("arrived", "started", "finished")  # the rows of a visit, in order


def is_lifecycle(words: Iterable[str]) -> bool:
    """
    Whether these are transitions, vidigi's kinds of event, or admissions, transfers and discharges.

    >>> is_lifecycle(["start", "COMPLETE"]), is_lifecycle(["queue", "resource_use"]), is_lifecycle(["ward"])
    (True, True, False)
    """
    known = {word.strip().lower() for word in words}
    events = known <= set(VIDIGI) or known <= {*XES, "assign", "suspend", "resume", "withdraw"}
    return bool(known) and (events or adt.is_adt(known))


def clock_times(cells: pd.Series, unit: str, starts: pd.Timestamp) -> pd.Series:
    """Numbers of *unit* after *starts* as clock times; what is no number is missing."""
    checks.choice("time_unit", unit, UNITS)
    numbers = pd.to_numeric(cells, errors="coerce")
    seconds = numbers * {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}[unit]
    known = seconds.abs() < 1e10  # noqa: PLR2004 - 300 years
    return starts.tz_convert("UTC").tz_localize(None) + pd.to_timedelta(seconds.where(known).round(6), unit="s").astype(
        "timedelta64[us]"
    )


def together(
    made: pd.DataFrame, kinds: pd.Series, instance: pd.Series | None, role: str, found: Findings
) -> tuple[pd.DataFrame, pd.Series]:
    """
    A row a visit in place of a row an event, and the outcomes that the events told.

    *made* has person, step and the time of each event under *role*; *kinds* says what
    each event is, *instance* to which visit it belongs.
    """
    word = kinds.fillna("").str.lower().str.strip()
    if set(word[word != ""].unique()) <= set(VIDIGI):
        places, told, step = _vidigi(made, word, instance, role, found)
    else:
        places, told = _paired(made, word, instance, role, found), {}
        step = made["step"]
    checks.need(len(places), "No event of the file starts or completes anything. Name another column for lifecycle.")
    order = np.argsort(_first_row(places), kind="stable")
    rank = np.argsort(order)
    places, told = places[order], {int(rank[visit]): row for visit, row in told.items()}
    main = _first_row(places)
    visits = made.iloc[main].reset_index(drop=True)
    visits["step"] = step.iloc[main].reset_index(drop=True)
    when = made[role].array
    for column, part in enumerate(PARTS):
        visits[part] = pd.Series(when.take(places[:, column], allow_fill=True))
    visits["left"] = pd.Series(pd.NaT, index=visits.index, dtype=visits["arrived"].dtype)
    gone = pd.Series(told, dtype="int64") if told else pd.Series(dtype="int64")
    visits.loc[gone.index, "left"] = when.take(gone.to_numpy())
    outcome = pd.Series(pd.NA, index=visits.index, dtype="str")
    outcome.loc[gone.index] = "gave_up"
    rows = found.rows
    found.take(main)
    found.pair(np.where(places >= 0, rows[np.maximum(places, 0)], 0))
    return visits, outcome


def _first_row(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first row of each visit."""
    return np.asarray(np.where(places >= 0, places, np.iinfo(np.int64).max).min(axis=1))


def _paired(
    made: pd.DataFrame, word: pd.Series, instance: pd.Series | None, role: str, found: Findings
) -> NDArray[np.int64]:
    """For each visit, the places of the rows that scheduled, started and completed it; -1 for none."""
    part = word.map(XES).where(word != "", "finished").map({name: k for k, name in enumerate(PARTS)})
    found.set_aside(part.isna().to_numpy(), "the transition is none of schedule, start and complete.")
    good = np.flatnonzero(~found.aside)
    if not len(good):
        return np.zeros((0, len(PARTS)), dtype=np.int64)
    kind = part.to_numpy(dtype=float)[good].astype(np.int64)
    keys = [made["person"], made["step"] if instance is None else instance.fillna("")]
    if instance is not None:
        keys.append(made["step"])
    key = np.zeros(len(made), dtype=np.int64)
    for one in keys:
        codes, names = pd.factorize(one)
        key = pd.factorize(key * (len(names) + 1) + codes)[0]
    when = made[role].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]").astype(np.int64)
    order = good[np.lexsort((kind, when[good], key[good]))]
    kinds = part.to_numpy(dtype=float)[order].astype(np.int64)
    return _matched(order, key[order], kinds)


def _matched(order: NDArray[np.int64], key: NDArray[np.int64], kind: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of one key put together: at once where they alternate, else first in, first out."""
    begins = np.r_[True, key[1:] != key[:-1]]
    follows = ~begins & (kind > np.r_[9, kind[:-1]])  # goes on with the visit of the row before
    visit = np.cumsum(~follows) - 1
    whole = np.full((visit[-1] + 1, len(PARTS)), -1, dtype=np.int64)
    whole[visit, kind] = order
    group = np.cumsum(begins) - 1
    starts, ends = (np.bincount(group, weights=kind == k) for k in (1, 2))
    alone = np.bincount(group[~follows], weights=(whole[:, 2] < 0) | (whole[:, 1] < 0))
    odd = (alone > 0) & (starts > 0) & (ends > 0)  # some visit lacks an end that another row of the key may be
    if not odd.any():
        return whole
    plain = whole[~odd[group[~follows]]]
    scanned: list[list[int]] = []
    places = np.flatnonzero(odd[group])
    for rows in np.split(places, np.flatnonzero(np.diff(group[places])) + 1):
        scanned += _first_in_first_out(order[rows].tolist(), kind[rows].tolist())
    return np.concatenate([plain, np.asarray(scanned, dtype=np.int64).reshape(-1, len(PARTS))])


def _first_in_first_out(rows: Sequence[int], kinds: Sequence[int]) -> list[list[int]]:
    """Visits of one key, whose rows are in order of time."""
    made: list[list[int]] = []
    joined: deque[list[int]] = deque()
    begun: deque[list[int]] = deque()
    for row, kind in zip(rows, kinds, strict=True):
        waiting = (joined, joined, begun)[kind]
        visit = waiting.popleft() if kind and waiting else [-1, -1, -1]
        if visit == [-1, -1, -1]:
            made.append(visit)
        visit[kind] = row
        if kind < 2:  # noqa: PLR2004 - not completed yet
            (joined, begun)[kind].append(visit)
    return made


def _vidigi(
    made: pd.DataFrame, word: pd.Series, instance: pd.Series | None, role: str, found: Findings
) -> tuple[NDArray[np.int64], dict[int, int], pd.Series]:
    """As `_paired`; and the row at which a visit was given up, by visit; and the steps' names."""
    step = made["step"].map(lambda text: ENDS.sub("", text), na_action="ignore")
    good = np.flatnonzero(~found.aside)
    who = pd.factorize(made["person"])[0]
    at = made[role].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]").astype(np.int64)
    order = good[np.lexsort((at[good], who[good]))]
    kinds, events = word.to_numpy(dtype=object), made["step"].to_numpy(dtype=object)
    places_used = (
        np.full(len(made), "", dtype=object) if instance is None else instance.fillna("").to_numpy(dtype=object)
    )
    scan = _Scan()
    for row in order.tolist():
        scan.take(row, who[row], kinds[row], str(events[row]), str(places_used[row]))
    passed = np.zeros(len(made), dtype=bool)
    passed[scan.passed] = True
    found.passed += len(scan.passed)
    found.note("to know", passed, "an arrival or a departure, which is no visit; the times of the visits hold it.")
    places = np.asarray(scan.visits, dtype=np.int64).reshape(-1, len(PARTS))
    began = np.where(places[:, 1] >= 0, places[:, 1], places.max(axis=1, initial=-1))
    named = step.copy()
    named.iloc[_first_row(places)] = step.iloc[began].array
    return places, scan.gone, named


class _Scan:
    """What somebody is doing as vidigi's events go by, in order of person and time."""

    def __init__(self) -> None:
        self.visits: list[list[int]] = []  # the rows of each visit, as PARTS
        self.gone: dict[int, int] = {}  # the row at which a visit was given up
        self.passed: list[int] = []  # rows that say only that somebody came or left
        self._person, self._waiting = -1, -1
        self._begun: dict[str, deque[int]] = {}

    def take(self, row: int, person: int, kind: str, event: str, resource: str) -> None:
        """The next event."""
        if person != self._person:
            self._person, self._waiting, self._begun = person, -1, {}
        if kind == "queue":
            self._waiting = self._new(row, 0)
        elif kind == "resource_use":
            visit = self._waiting if self._waiting >= 0 else self._new(row, 1)
            self.visits[visit][1], self._waiting = row, -1
            self._begun.setdefault(resource, deque()).append(visit)
        elif kind == "resource_use_end":
            line = self._begun.get(resource)
            self.visits[line.popleft() if line else self._new(row, 2)][2] = row
        else:
            self.passed.append(row)
            if DEPARTS.search(event) and self._waiting >= 0:
                self.gone[self._waiting], self._waiting = row, -1

    def _new(self, row: int, part: int) -> int:
        visit = [-1, -1, -1]
        visit[part] = row
        self.visits.append(visit)
        return len(self.visits) - 1
