"""
In what unit is that? One rule for every waiting-list sum, and a refusal where units clash.

Rates are people a week. Times are plain numbers of weeks, or lengths of time made with
`days(28)` or `weeks(18)`, which are converted. Within one call all times are of one
kind: a length of time beside a plain number is refused, so that a mean wait in days
cannot stand beside a target in weeks. Every time that comes back is in weeks.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flowlib.core.checks import Refusal, at_least, finite, need, positive, shown, whole
from flowlib.core.durations import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["in_100", "in_weeks", "people", "rate", "times_in_weeks", "weeks_until", "whole_months", "whole_weeks"]

HOURS_A_WEEK = 168
HOURS_A_DAY = 24
DAYS_A_WEEK = 7
ROUNDING = 1e-9  # weeks: a whole number this close is whole


def rate(name: str, value: object, *, above_zero: bool = False) -> float:
    """
    *value* as people a week, 0 or more; a length of time is refused.

    >>> rate("The demand", 30)
    30.0
    """
    _no_length(name, value, "people a week")
    return positive(name, value, "people a week") if above_zero else at_least(name, value, 0, "people a week")


def people(name: str, value: object) -> float:
    """*value* as a number of people, 0 or more; a length of time is refused."""
    _no_length(name, value, "people")
    return at_least(name, value, 0, "people")


def in_weeks(name: str, value: object, *, above_zero: bool = True) -> float:
    """
    One time in weeks, from a plain number of weeks or a length of time.

    >>> from flowlib import days
    >>> in_weeks("The target", days(28)), in_weeks("The target", 52)
    (4.0, 52.0)
    """
    number = float(value) / HOURS_A_WEEK if isinstance(value, Duration) else finite(name, value)
    return positive(name, number, "weeks") if above_zero else at_least(name, number, 0, "weeks")


def times_in_weeks(times: Mapping[str, object]) -> list[float]:
    """
    Several times in weeks, if all are plain numbers of weeks or all are lengths of time.

    >>> from flowlib import days
    >>> times_in_weeks({"The mean wait": days(63), "The target": 52})
    Traceback (most recent call last):
        ...
    flowlib.core.checks.Refusal: The mean wait is a length of time (63 days) but the target is a plain number (52). \
Give both as numbers of weeks, or both as lengths such as weeks(52).
    """
    lengths = [name for name, value in times.items() if isinstance(value, Duration)]
    plain = [name for name in times if name not in lengths]
    if lengths and plain:
        raise Refusal(_clash(times, lengths[0], plain[0]))
    return [in_weeks(name, value, above_zero=False) for name, value in times.items()]


def whole_weeks(name: str, value: object) -> int:
    """
    A whole number of weeks, 1 or more, from a plain number or a length of time.

    >>> from flowlib import days
    >>> whole_weeks("The number of weeks", days(14))
    2
    """
    if not isinstance(value, Duration):
        return whole(name, value, 1)
    number = float(value) / HOURS_A_WEEK
    near = round(number)
    need(
        near >= 1 and abs(number - near) < ROUNDING,
        f"{name} must be whole, 1 or more; {_length(value)} came. Give a number such as 26, or weeks(26).",
    )
    return near


def whole_months(name: str, value: object) -> int:
    """
    A whole number of months, 1 or more; a length of time is refused, since months differ.

    >>> whole_months("The number of months", 3)
    3
    """
    _no_length(name, value, "months")
    return whole(name, value, 1)


def weeks_until(start: str | dt.date, by: str | dt.date) -> int:
    """
    Whole weeks from one date to another, at least 1; what is left of a week does not count.

    >>> weeks_until("2026-04-06", "2026-10-05")
    26
    """
    first, last = _date("The start", start), _date("The date to clear by", by)
    passed = (last - first).days
    need(
        passed >= DAYS_A_WEEK,
        f"From {first.isoformat()} to {last.isoformat()} is less than a week. Choose a later date to clear by.",
    )
    return passed // DAYS_A_WEEK


def in_100(share: float) -> str:
    """
    A share from 0 to 1 as words.

    >>> in_100(0.92)
    '92 in 100'
    """
    return f"{shown(round(100 * share, 2))} in 100"


def _no_length(name: str, value: object, unit: str) -> None:
    if isinstance(value, Duration):
        raise Refusal(f"{name} must be a plain number of {unit}; a length of time came ({_length(value)}).")


def _length(value: Duration) -> str:
    hours = float(value)
    return f"{shown(hours / HOURS_A_DAY)} days" if hours >= HOURS_A_DAY else f"{shown(hours)} hours"


def _clash(times: Mapping[str, object], length: str, plain: str) -> str:
    """The sentence for a length of time beside a plain number, in the order given."""
    value, number = times[length], times[plain]
    said = {
        length: f"a length of time ({_length(Duration(finite(length, value)))})",
        plain: f"a plain number ({shown(finite(plain, number))})",
    }
    first, second = sorted(said, key=list(times).index)
    return (
        f"{first} is {said[first]} but {second[0].lower()}{second[1:]} is {said[second]}."
        f" Give both as numbers of weeks, or both as lengths such as weeks({shown(finite(plain, number))})."
    )


def _date(name: str, value: str | dt.date) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refusal(f'{name} must be a date, year first, such as "2026-10-05"; {value!r} came.') from None
