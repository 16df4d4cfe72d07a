"""
Does what comes, less what is done, add up to what waits?

Demand is what we are asked to do, capacity what we could do, activity what we did and
backlog what still waits (NHS Modernisation Agency, Improvement Leaders' Guide to
measuring demand and capacity). They can be set side by side only on one basis: the
same period, and the same unit, people or hours of the bottleneck. Hours are people
times the minutes that each takes there, over 60.

    backlog at the end = backlog at the start + demand - activity - removals

Removals are people who left the list without being seen. Where a backlog that is given
does not follow this sum, the result says by how much and where; nothing is corrected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, HIDDEN, known_of, rounded, suppress
from flowlib.measure.counted import UNITS, Counted, read_counts
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.measure.spc_rules import Floats

__all__ = ["WHOLE", "Balance", "CountedBalance", "balance"]

WHOLE = "the whole journey"
ROUND = 6  # decimals of a person that are more than rounding
EXACT = 1e-6  # of the largest number: below it a difference is rounding


@dataclass(frozen=True)
class Balance:
    """
    Demand, capacity, activity and queue at one step, period by period.

    >>> from flowlib.core import data
    >>> from flowlib.measure.demand import dcaq
    >>> dcaq(data.journey(), "Ward").every
    'week'
    """

    step: str
    every: str  # "day", "week" or "month"
    table: pd.DataFrame  # period, demand, capacity, activity, turned_away, queue (at the period's end); people
    capacity_from: str  # where the capacity comes from, in words
    synthetic: bool

    def sentence(self) -> str:
        """What the four numbers say together."""
        mean = self.table[["demand", "activity"]].mean()
        few = [of for of in ("demand", "activity") if 0 < self.table[of].sum() < FEWEST]
        where = "Over" if self.step == WHOLE else "At"
        if few and not self.synthetic:
            return f"{where} {self.step}, fewer than {FEWEST} people came or were seen to, too few to describe."
        came, seen_to = mean["demand"], mean["activity"]
        if not self.synthetic:
            came, seen_to = (known_of(self.table[of].sum()) / max(len(self.table), 1) for of in mean.index)
        first, last = self.table["queue"].iloc[0], self.table["queue"].iloc[-1]
        gap = mean["demand"] - mean["activity"]
        head = f"{where} {self.step}, {came:.0f} people came in an average {self.every} and {seen_to:.0f} were seen to."
        away = self.table["turned_away"].mean()
        if away >= 1 and (self.synthetic or self.table["turned_away"].sum() >= FEWEST):
            return f"{head} About {away:.0f} a {self.every} were turned away."
        if abs(gap) * len(self.table) < max(0.1 * mean["demand"], 1):
            return f"{head} The two are in balance."
        what = "number on the way" if self.step == WHOLE else "queue"
        if max(first, last) < FEWEST:
            return f"{head} The {what} is fewer than {FEWEST} people."
        queue = " to ".join(
            rounded(n, synthetic=self.synthetic).replace(HIDDEN, f"fewer than {FEWEST}") for n in (first, last)
        )
        return f"{head} The {what} went from {queue} people."

    def shown(self) -> pd.DataFrame:
        """The table as it may be shown."""
        made = self.table.assign(period=[day(moment) for moment in self.table["period"]])
        counts = ["demand", "capacity", "activity", "turned_away", "queue"]
        return suppress(made, counts=counts, synthetic=self.synthetic)


@dataclass(frozen=True)
class CountedBalance(Balance):
    """
    A balance from counts, one row a period, with its sum checked.

    The table has four columns more than that of `Balance`: `row` (in a file whose header is
    row 1), `expected` (the backlog by the sum), `gap` (given less expected) and `given`
    (whether a backlog was). Its `queue` is the backlog as given, or else by the sum;
    `turned_away` holds the removals.
    """

    unit: str  # of every number in the table: "people" or "hours" (of the bottleneck)
    minutes_each: float | None  # that one person takes at the bottleneck; None where all is in people
    start: float  # backlog when the first period begins, in *unit*
    start_from: str  # where that comes from, in words

    @property
    def adds_up(self) -> bool:
        """Whether no backlog that is given differs from the sum."""
        return bool(self.gaps.empty)

    @property
    def gaps(self) -> pd.DataFrame:
        """Where the backlog that is given differs from the sum: `row`, `period`, `expected`, `queue`, `gap`."""
        found = self.table["gap"].abs() > EXACT * max(float(self.table["queue"].max()), 1)
        return self.table.loc[found, ["row", "period", "expected", "queue", "gap"]].reset_index(drop=True)

    def sentence(self) -> str:
        """
        What the numbers say together; a second paragraph where they do not add up.

        >>> weeks = ["2025-01-06", "2025-01-13"]
        >>> made = balance({"period": weeks, "demand": [30, 34], "capacity": [30, 30], "activity": [25, 30]})
        >>> print(made.sentence())
        At the bottleneck, 32 people came in an average week, 30 could be seen and 27.5 were. \
Demand is above capacity by 2 people a week. The backlog went from 0 to 10 people, counted from 0.
        """
        mean = self.table[["demand", "capacity", "activity"]].mean()
        number = {name: checks.shown(round(value, 1)) for name, value in mean.items()}
        where = "Over" if self.step == WHOLE else "At"
        what, done = ("people", "seen") if self.unit == "people" else ("hours of work", "done")
        head = (
            f"{where} {self.step}, {number['demand']} {what} came in an average {self.every}, "
            f"{number['capacity']} could be {done} and {number['activity']} were."
        )
        over = mean["demand"] - mean["capacity"]
        load = "Capacity covers demand on average."
        if over > EXACT * mean["demand"]:
            load = f"Demand is above capacity by {checks.shown(round(over, 1))} {self.unit} a {self.every}."
        last = float(self.table["queue"].iloc[-1])
        ends = [self._amount(self.start), self._amount(last)]
        counted = ", counted from 0" if self.start_from == COUNTED_FROM_NOUGHT else ""
        told = f"{head} {load} The backlog went from {ends[0]} to {ends[1]} {self.unit}{counted}."
        return told if self.adds_up else f"{told}\n{self._first_gap()}"

    def shown(self) -> pd.DataFrame:
        """
        The table as it may be shown: nothing about 1 to 7 people.

        >>> table = {"period": ["2025-01-06"], "demand": [41], "capacity": [40], "activity": [38]}
        >>> balance(table).shown()[["period", "demand", "queue"]].iloc[0].tolist()
        ['6 January 2025', '40', '*']
        """
        numbers = ["demand", "capacity", "activity", "turned_away", "queue", "expected"]
        people = self.table.assign(period=[day(moment) for moment in self.table["period"]])
        people[[*numbers, "gap"]] = (people[[*numbers, "gap"]] / self.unit_size).round(ROUND)
        size = people["gap"].abs().fillna(0)
        signs = np.where(people["gap"] < 0, "-", "")
        shown = suppress(people.assign(gap=size), counts=[*numbers, "gap"], synthetic=self.synthetic)
        for name in [*numbers, "gap"]:
            shown[name] = [self._in_unit(text) for text in shown[name]]
        gaps = [
            text if text in {HIDDEN, "0"} else f"{sign}{text}" for sign, text in zip(signs, shown["gap"], strict=True)
        ]
        shown["gap"] = np.where(self.table["given"], gaps, "")
        return shown.drop(columns="given")

    @property
    def unit_size(self) -> float:
        """How much of the unit one person is."""
        return 1.0 if self.unit == "people" or self.minutes_each is None else self.minutes_each / 60

    def _in_unit(self, people: str) -> str:
        if self.unit == "people" or people in {HIDDEN, "", "0"}:
            return people
        return f"{float(people.replace(',', '')) * self.unit_size:,.1f}"

    def _amount(self, number: float) -> str:
        """A number in the unit as it may be said."""
        text = self._in_unit(rounded(round(number / self.unit_size, ROUND), synthetic=self.synthetic))
        if text != HIDDEN:
            return text
        few = FEWEST * self.unit_size
        return f"fewer than {FEWEST}" if self.unit == "people" else f"less than {checks.shown(few)}"

    def _first_gap(self) -> str:
        gaps = self.gaps
        first = gaps.iloc[0]
        way = "above" if first["gap"] > 0 else "below"
        return (
            f"In {len(gaps)} of {int(self.table['given'].sum())} {self.every}s the backlog given does not add up. "
            f"The first is row {first['row']}, {day(first['period'])}: "
            f"{way} the sum by {self._amount(abs(first['gap']))} {self.unit}."
        )


def balance(
    table: pd.DataFrame | Mapping[str, Sequence[object]],
    *,
    every: str = "week",
    step: str = "the bottleneck",
    given_in: str | Mapping[str, str] = "people",
    unit: str | None = None,
    minutes_each: float | None = None,
    backlog_at_start: float | None = None,
    columns: Mapping[str, str] | None = None,
    synthetic: bool = False,
) -> CountedBalance:
    """
    Demand, capacity, activity and backlog from a *table* with one row a period, checked.

    The columns are `period` (dates, year first), `demand`, `capacity`, `activity` and,
    if known, `removals` and `backlog` (at the period's end; blanks are allowed there
    only); *columns* gives your own names for them. *every* is "day", "week" or "month".

    *given_in* is "people" or "hours" for all, or by column; the result is in *unit* (people,
    unless all are in hours). Hours need *minutes_each*, the minutes that one person
    takes at the bottleneck. *backlog_at_start* is in the unit that `backlog` is given in.

    Raises a `Refusal` for units that clash, for periods that are missing, come twice or
    are of another length, for blanks, and for more done than had come. A backlog that does
    not add up is not refused: see `gaps`. Fifteen people at 20 minutes are 5 hours:

    >>> weeks = {"period": ["2025-01-06", "2025-01-13"], "demand": [12, 15], "capacity": [5, 5], "activity": [4, 5]}
    >>> made = balance(weeks, given_in={"capacity": "hours", "activity": "hours"}, minutes_each=20)
    >>> made.table["activity"].tolist(), made.table["queue"].tolist()
    ([12.0, 15.0], [0.0, 0.0])
    """
    counts = read_counts(table, every=every, columns=columns or {})
    units = _units(counts, given_in)
    to, each = _one_unit(units, unit, minutes_each)
    numbers = {name: _converted(counts.numbers[name], units[name], to, each) for name in counts.numbers}
    given = None if backlog_at_start is None else checks.at_least("backlog_at_start", backlog_at_start, 0)
    if given is not None:
        given = float(_converted(np.array([given]), units["backlog"], to, each)[0])
    flow = numbers["demand"] - numbers["activity"] - numbers["removals"]
    start, start_from = _start(flow, numbers["backlog"], given)
    queue, expected = _by_the_sum(start, flow, numbers["backlog"])
    _enough_came(counts, expected, queue, to, every)
    made = pd.DataFrame(
        {
            "period": counts.periods,
            **{name: numbers[name] for name in ("demand", "capacity", "activity")},
            "turned_away": numbers["removals"],
            "queue": queue,
            "row": counts.rows,
            "expected": expected,
            "gap": numbers["backlog"] - expected,
            "given": np.isfinite(numbers["backlog"]),
        }
    )
    return CountedBalance(step, every, made, "as given", synthetic, to, each, start, start_from)


COUNTED_FROM_NOUGHT = "counted from 0, as none was given"


def _units(counts: Counted, given_in: str | Mapping[str, str]) -> dict[str, str]:
    """The unit of each column."""
    if isinstance(given_in, str):
        return dict.fromkeys(counts.numbers, checks.choice("unit", given_in, UNITS))
    for name, unit in given_in.items():
        checks.choice("column", name, counts.numbers, where="to have a unit")
        checks.choice("unit", unit, UNITS)
    return {name: given_in.get(name, "people") for name in counts.numbers}


def _one_unit(units: Mapping[str, str], unit: str | None, minutes_each: float | None) -> tuple[str, float | None]:
    """The unit of the result, and the minutes each person takes, which hours need."""
    to = checks.choice("unit", unit, UNITS) if unit is not None else "people"
    used = set(units.values())
    if unit is None and used == {"hours"}:
        to = "hours"
    if used | {to} == {"people"}:
        return to, None
    if minutes_each is None:
        by_unit = {one: [name for name in ("demand", "capacity", "activity") if units[name] == one] for one in UNITS}
        came = " and ".join(f"{', '.join(names)} in {one}" for one, names in by_unit.items() if names)
        raise checks.Refusal(
            f"The table has {came}. Give minutes_each, the minutes one person takes at the bottleneck."
        )
    return to, checks.positive("minutes_each", minutes_each, "minutes")


def _converted(numbers: Floats, unit: str, to: str, minutes_each: float | None) -> Floats:
    if unit == to or minutes_each is None:
        return numbers
    return numbers * (minutes_each / 60 if to == "hours" else 60 / minutes_each)


def _start(flow: Floats, backlog: Floats, given: float | None) -> tuple[float, str]:
    """The backlog when the first period begins, and where it comes from."""
    if given is not None:
        return given, "as given"
    known = np.flatnonzero(np.isfinite(backlog))
    if not known.size:
        return 0.0, COUNTED_FROM_NOUGHT
    first = int(known[0])
    return max(float(backlog[first] - flow[: first + 1].sum()), 0.0), "counted back from the first backlog given"


def _by_the_sum(start: float, flow: Floats, backlog: Floats) -> tuple[Floats, Floats]:
    """The backlog at each period's end, as given or by the sum; and by the sum from the one before it."""
    queue, expected = np.empty_like(flow), np.empty_like(flow)
    before = start
    for place, change in enumerate(flow):
        expected[place] = before + change
        queue[place] = before = backlog[place] if np.isfinite(backlog[place]) else expected[place]
    return queue, expected


def _enough_came(counts: Counted, expected: Floats, queue: Floats, unit: str, every: str) -> None:
    """Refuse a backlog below nothing."""
    below = np.flatnonzero(queue < -EXACT * max(float(np.abs(expected).max()), 1))
    if below.size:
        place = int(below[0])
        short = checks.shown(float(-queue[place]))
        raise checks.Refusal(
            f"Row {counts.rows[place]} ({day(counts.periods[place])}): {short} {unit} more were done or removed "
            f"than had come. Correct that {every}, or give a backlog_at_start that is larger by {short}."
        )
