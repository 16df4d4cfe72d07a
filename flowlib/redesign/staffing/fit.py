"""
How many people start on each shift?

The unknowns are the people on each line, in whole numbers. Where a shift that is worked
must have several people, a yes or no for that shift stands beside them; where hours are limited,
the shortfall of each hour does. What the solver answers is added up again here, apart
from it, before anybody sees it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, hstack, identity

from flowlib.core.capacity import DAYS, by_hour
from flowlib.core.checks import Refusal, at_least, need, positive, shown
from flowlib.redesign.staffing.result import FittedRota
from flowlib.redesign.staffing.shifts import DAY, Line, Shift, ShiftRules, hour_name, lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["fit_rota"]

TIME_LIMIT = 8.0  # seconds; a week's rota stays under ten in all
MOST_LINES = 20_000
MOST_SECONDS = 3600
STOPPED = 1  # what the solver says when its time is up
IMPOSSIBLE = 2  # and when the rules cannot all hold
WHOLE = 1e-6  # the solver's own tolerance on whole numbers, and on each sum


@dataclass(frozen=True)
class _Problem:
    """What is asked of the solver."""

    needed: NDArray[np.float64]
    lines: list[Line]
    rules: ShiftRules
    hours_at_most: float | None
    weights: tuple[float, float]  # of an hour short, and of an hour over

    @cached_property
    def cover(self) -> NDArray[np.float64]:
        """People at work in each hour (row), by line (column)."""
        return np.array([line.cover for line in self.lines]).T

    @cached_property
    def paid(self) -> NDArray[np.float64]:
        """Paid hours of each line."""
        return np.array([line.hours for line in self.lines], dtype=float)

    @property
    def most_on_a_line(self) -> float:
        """No best rota puts more on one line than the largest need, or than a shift must have."""
        return float(min(self.rules.most or math.inf, max(math.ceil(self.needed.max()), self.rules.fewest)))

    def cost(self, people: NDArray[np.float64]) -> float:
        """What is made small: paid hours, or weighted hours short and over."""
        if self.hours_at_most is None:
            return float(self.paid @ people)
        over = self.cover @ people - self.needed
        return float(self.weights[0] * np.maximum(-over, 0).sum() + self.weights[1] * np.maximum(over, 0).sum())


def fit_rota(
    needed: Sequence[float],
    rules: ShiftRules,
    *,
    hours_at_most: float | None = None,
    short_weight: float = 10.0,
    over_weight: float = 1.0,
    time_limit: float = TIME_LIMIT,
) -> FittedRota:
    """
    How many people start on each shift, so that the rota fits the need best.

    *needed* is people at work: 24 or 168 numbers of 0 or more, by hour of the day or
    week; half a person is fine. Without *hours_at_most* every hour is covered in the
    fewest paid hours. With it, paid hours in a cycle stay within it, and the hours short
    times *short_weight* plus the hours over times *over_weight* are as few as can be. The
    search stops after *time_limit* seconds; `gap` then says what might be left, and another
    computer may stop at another rota. An hour that no shift can cover is refused by its
    name. Two shifts of 8 hours that overlap:

    >>> fit = fit_rota([0] * 8 + [2] * 4 + [5] * 4 + [3] * 4 + [0] * 4, ShiftRules(starts=[8, 12], lengths=[8]))
    >>> fit.shifts["people"].tolist(), fit.total_hours, fit.surplus_hours, fit.proven
    ([2, 3], 40, 0.0, True)
    """
    wanted = np.array(by_hour("The need by hour", needed, whole=False))
    need(wanted.any(), "Nobody is needed in any hour. Give at least one hour with a need above 0.")
    limit = None if hours_at_most is None else at_least("hours_at_most", hours_at_most, 0, "hours")
    weights = (positive("short_weight", short_weight), at_least("over_weight", over_weight, 0))
    seconds = positive("time_limit", time_limit, "seconds")
    need(seconds <= MOST_SECONDS, f"time_limit is in seconds, {MOST_SECONDS:,} at most; {shown(seconds)} came.")
    allowed = lines(rules, len(wanted))
    need(
        len(allowed) <= MOST_LINES,
        f"These rules allow {len(allowed):,} ways to work; at most {MOST_LINES:,} can be searched."
        " Allow fewer starts, lengths or breaks.",
    )
    problem = _Problem(wanted, allowed, rules, limit, weights)
    _need_a_shift(problem)
    people, bound = _solve(problem, seconds)
    return _result(problem, people, bound)


def _need_a_shift(problem: _Problem) -> None:
    """Refuse a need at an hour in which no shift has anybody at work."""
    hours = len(problem.needed)
    uncovered = np.flatnonzero((problem.needed > 0) & ~problem.cover.any(axis=1))
    for hour in uncovered[:1]:
        others = len(uncovered) - 1
        more = f" {others:,} more {'hour is' if others == 1 else 'hours are'} like this." if others else ""
        raise Refusal(
            f"No shift covers {hour_name(int(hour), hours)}, where {shown(problem.needed[hour])} are needed."
            f" Allow another start, length or break, or set that need to 0.{more}"
        )


def _solve(problem: _Problem, seconds: float) -> tuple[NDArray[np.float64], float]:
    """People on each line, and a bound below which no rota's cost can be."""
    found = _milp(problem, seconds)
    if found.status == IMPOSSIBLE:
        _refuse_impossible(problem, seconds)
    need(
        found.x is not None,
        f"No rota was found in {shown(seconds)} seconds. Give a longer time_limit, or allow fewer starts and lengths.",
    )
    people = np.round(found.x[: len(problem.lines)])
    _check(problem, people)
    constant = 0.0 if problem.hours_at_most is None else -problem.weights[1] * float(problem.needed.sum())
    return people, float(found.mip_dual_bound) + constant


def _milp(problem: _Problem, seconds: float) -> Any:  # noqa: ANN401 - scipy's own result
    """
    The answer of HiGHS.

    Columns are people by line, then a yes or no by shift where a worked shift must have
    several people, then the shortfall by hour where hours are limited. With shortfall s, the
    hours over are cover - need + s, which makes the cost a straight line.
    """
    size, hours = len(problem.lines), len(problem.needed)
    on_shift = _membership(problem.lines)
    count = on_shift.shape[0]
    yes_no = count if problem.rules.fewest > 1 else 0
    short = hours if problem.hours_at_most is not None else 0
    work = csc_array(problem.cover)
    rows = [LinearConstraint(_wide(work, yes_no, identity(hours) if short else None), problem.needed, np.inf)]
    most = problem.rules.most
    if yes_no:
        top = float(most if most is not None else problem.most_on_a_line * on_shift.sum(axis=1).max())
        rows.append(LinearConstraint(_beside(on_shift, -problem.rules.fewest, short), 0, np.inf))
        rows.append(LinearConstraint(_beside(on_shift, -top, short), -np.inf, 0))
    elif most is not None:
        rows.append(LinearConstraint(_wide(on_shift, 0, csc_array((count, short)) if short else None), 0, most))
    if problem.hours_at_most is not None:
        paid = csc_array(problem.paid[None, :])
        rows.append(LinearConstraint(_wide(paid, yes_no, csc_array((1, short))), 0, problem.hours_at_most))
    each = problem.paid if not short else problem.weights[1] * problem.cover.sum(axis=0)
    return milp(
        np.concatenate([each, np.zeros(yes_no), np.full(short, sum(problem.weights))]),
        integrality=np.repeat([1, 1, 0], [size, yes_no, short]),
        bounds=Bounds(0, np.repeat([problem.most_on_a_line, 1, np.inf], [size, yes_no, short])),
        constraints=rows,
        options={"time_limit": seconds, "mip_rel_gap": 0},
    )


def _wide(left: Any, blank: int, right: Any) -> Any:  # noqa: ANN401 - scipy's sparse arrays
    """A block of rows: lines, blank columns for yes or no, and the shortfall's."""
    parts = [left, csc_array((left.shape[0], blank)), right]
    return hstack([part for part in parts if part is not None and part.shape[1]], format="csc")


def _beside(on_shift: Any, number: float, blank: int) -> Any:  # noqa: ANN401 - scipy's sparse arrays
    """People on each shift, plus *number* times its yes or no."""
    count = on_shift.shape[0]
    return hstack([on_shift, number * identity(count), csc_array((count, blank))], format="csc")


def _membership(allowed: list[Line]) -> Any:  # noqa: ANN401 - scipy's sparse arrays
    """Which lines (columns) put people on which shift (row)."""
    places = {shift: row for row, shift in enumerate(_all_shifts(allowed))}
    pairs = [(places[shift], column) for column, line in enumerate(allowed) for shift in line.shifts]
    rows, columns = zip(*pairs, strict=True)
    return csc_array((np.ones(len(pairs)), (rows, columns)), shape=(len(places), len(allowed)))


def _all_shifts(allowed: list[Line]) -> list[Shift]:
    return sorted({shift for line in allowed for shift in line.shifts})


def _refuse_impossible(problem: _Problem, seconds: float) -> None:
    """Name the hour that falls shortest when as much as the rules allow is covered."""
    loose = _Problem(problem.needed, problem.lines, problem.rules, math.inf, (1.0, 0.0))
    found = _milp(loose, seconds)
    hours = len(problem.needed)
    cover = problem.cover @ np.round(found.x[: len(problem.lines)])
    worst = int((problem.needed - cover).argmax())
    raise Refusal(
        f"These rules cannot cover every hour; {hour_name(worst, hours)} needs {shown(problem.needed[worst])}"
        f" and would have {cover[worst]:,.0f}. Raise most, allow other shifts, or give hours_at_most to share it out."
    )


def _check(problem: _Problem, people: NDArray[np.float64]) -> None:
    """Hold the solver's answer to the rules, by sums of our own."""
    on_shift = _membership(problem.lines) @ people
    worked = on_shift[on_shift > 0]
    kept = [
        bool((people >= 0).all()),
        bool((worked >= problem.rules.fewest).all()),
        bool((worked <= (problem.rules.most or math.inf)).all()),
    ]
    if problem.hours_at_most is None:
        kept.append(bool((problem.cover @ people >= problem.needed - WHOLE).all()))
    else:
        kept.append(float(problem.paid @ people) <= problem.hours_at_most + WHOLE)
    need(all(kept), "The solver's answer broke a rule, so it is not shown. Change the rules a little, and try again.")


def _result(problem: _Problem, people: NDArray[np.float64], bound: float) -> FittedRota:
    hours = len(problem.needed)
    cover = np.zeros(hours, dtype=int)
    for line, number in zip(problem.lines, people.astype(int), strict=True):
        cover += number * line.cover.astype(int)
    over = cover - problem.needed
    short, surplus = np.maximum(-over, 0), np.maximum(over, 0)
    cost = problem.cost(people)
    left = _left_over(problem, cost, bound)
    return FittedRota(
        shifts=_shifts_table(problem, people),
        lines=_lines_table(problem, people),
        cover=pd.DataFrame(
            {
                "hour": [hour_name(hour, hours) for hour in range(hours)],
                "need": problem.needed,
                "cover": cover,
                "shortfall": short,
                "surplus": surplus,
            }
        ),
        by_hour=tuple(cover.tolist()),
        total_hours=int(problem.paid @ people),
        shortfall_hours=float(short.sum()),
        surplus_hours=float(surplus.sum()),
        proven=left == 0,
        gap=left,
        hours_at_most=problem.hours_at_most,
    )


def _left_over(problem: _Problem, cost: float, bound: float) -> float:
    """Share of the cost that a better rota could at most save; paid hours come in whole shifts' parts."""
    if problem.hours_at_most is None:
        step = math.gcd(*problem.paid.astype(int).tolist())
        bound = step * math.ceil(bound / step - WHOLE)
    left = max(cost - max(bound, 0.0), 0.0)
    return 0.0 if left <= WHOLE * max(cost, 1.0) else left / cost


def _shifts_table(problem: _Problem, people: NDArray[np.float64]) -> pd.DataFrame:
    """One row for each shift that is worked."""
    weekly = len(problem.needed) > DAY
    numbers = (_membership(problem.lines) @ people).astype(int)
    rows = [
        {"day": DAYS[shift.day], "start": f"{shift.start:02d}:00", "length": shift.length, "people": number}
        for shift, number in zip(_all_shifts(problem.lines), numbers.tolist(), strict=True)
        if number
    ]
    made = pd.DataFrame(rows, columns=["day", "start", "length", "people"])
    return made if weekly else made.drop(columns="day")


def _lines_table(problem: _Problem, people: NDArray[np.float64]) -> pd.DataFrame:
    """One row for each way of working that somebody works."""
    columns = ["first_day", "start", "length", "break_at", "people"]
    rows = []
    for line, number in zip(problem.lines, people.astype(int).tolist(), strict=True):
        if number:
            first = line.shifts[0]
            pause = "" if line.break_after is None else f"{(first.start + line.break_after) % DAY:02d}:00"
            rows.append((DAYS[first.day], f"{first.start:02d}:00", first.length, pause, number))
    made = pd.DataFrame(rows, columns=columns)
    unused = [] if len(problem.needed) > DAY else ["first_day"]
    return made.drop(columns=[*unused, *([] if problem.rules.break_after else ["break_at"])])
