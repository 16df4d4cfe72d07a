"""
What does an answer mean, as a person writes it or as code gives it?

A number, a fraction, a percentage, a text with a unit, a time, or a table with one number
in it. What cannot be read as one number is none.
"""

from __future__ import annotations

import datetime as dt
import math
import re

import numpy as np
import pandas as pd

__all__ = ["blank", "many", "plain", "readings", "same"]

SHARE = "share"  # the unit of an answer from 0 to 1, in which 25 is read as 25%
BLANK = {"", "...", "…"}
LONGEST = 200  # characters of an answer; nobody's answer is longer

FIGURE = r"(?:(?<!\w)-)?(?:\d+(?:\.\d*)?|\.\d+)"  # the dash of "week-18" is no minus
PERCENT = re.compile(r"\s*(?:%|per\s?cent\b)")
WORD = re.compile(r"\s*[a-z]")
FRACTION = re.compile(rf"(?<![\d/])({FIGURE})\s*/\s*({FIGURE})(?![\d/])")  # 05/05/2025 is none
ONE_IN = re.compile(rf"({FIGURE})\s*(?:[a-z]+\s+)?(?:in|of|out of)\s+(?:(?:all|every|the)\s+)?({FIGURE})")
PART = re.compile(r"(?:(\d+)\s+)?(half|third|quarter|fifth|tenth)s?\b(?:\s+(?:of\s+)?an?\s+(?=[mhdw]))?")
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
UNIT = r"[\s-]*(sec|second|m|min|minute|h|hr|hour|d|day|wk|week)s?"
TIME = re.compile(rf"{UNIT}(?![a-z])")
NEXT = re.compile(rf"[\s,]*(?:and\s+)?(\d+(?:\.\d*)?){UNIT}(?![a-z])")  # "24 minutes", after "1 hour"
CLOCK = re.compile(r"\s*(\d\d)(?![\d.:/a-z])")  # "24", after "1h"
ONE = re.compile(r"^((?:about|nearly|over)\s+)?an?\s+(?=(?:minute|hour|day|week)\b)")  # "an hour and 24 minutes"
AND_PART = re.compile(
    rf"(\d+(?:\.\d*)?)((?:{UNIT})?)\s+and\s+(?:an?\s+)?(?:(\d+)\s+)?(half|third|quarter|fifth|tenth)s?\b"
)
HOURS_IN = {"s": 1 / 3600, "m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}  # by the first letter of the unit
TIME_UNITS = {"minutes", "hours", "days", "weeks"}


def blank(answer: object) -> bool:
    """Whether nothing was put in place of the dots."""
    return answer is ... or answer is None or (isinstance(answer, str) and answer.strip() in BLANK)


def same(answer: object, wanted: float | str, tolerance: float, unit: str) -> bool:
    """Whether *answer* means the *wanted* one: the same words, or a number within *tolerance* of it, in *unit*."""
    if isinstance(wanted, str):
        return isinstance(answer, str) and plain(answer) == plain(wanted)
    return any(abs(number - wanted) <= tolerance + 1e-9 for number in readings(answer, unit))


def plain(text: str) -> str:
    """Letters and figures only, in small letters."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def readings(answer: object, unit: str) -> tuple[float, ...]:
    """
    The numbers that an answer may mean, in *unit*: none, one, or two where it may be a percentage.

    >>> readings("25%", "share"), readings(25, "share"), readings("3 days", "hours"), readings("soon", "hours")
    ((0.25,), (25.0, 0.25), (72.0,), ())
    """
    if isinstance(answer, (str, dt.date)):
        number, bare = _written(str(answer), unit)
    elif isinstance(answer, dt.timedelta):
        number, bare = _in_unit(answer.total_seconds() / 3600, "h", unit), False
    else:
        number, bare = _held(answer), True
    if number is None or not math.isfinite(number):
        return ()
    return (number, number / 100) if bare and unit == SHARE and 1 < number <= 100 else (number,)  # noqa: PLR2004


def _held(answer: object) -> float | None:
    """The number in a Python object, also in an array, column or table that holds one number."""
    numbers = _numbers_in(answer)
    if numbers is not None and len(numbers) == 1:
        answer = numbers[0]
    if isinstance(answer, (bool, np.bool_)) or not hasattr(answer, "__float__"):
        return None
    try:
        return float(answer)
    except (TypeError, ValueError, OverflowError):
        return None


def many(answer: object) -> int:
    """
    How many numbers a table, column or array holds; 0 for anything else.

    >>> many(pd.Series([1, 2, 3])), many(5)
    (3, 0)
    """
    numbers = _numbers_in(answer)
    return 0 if numbers is None else len(numbers)


def _numbers_in(answer: object) -> list[object] | None:
    """The numbers of a table, column or array; None for anything else."""
    if isinstance(answer, pd.DataFrame):
        return list(answer.select_dtypes("number").to_numpy().ravel())
    if isinstance(answer, (pd.Series, pd.Index, np.ndarray)):
        return list(np.asarray(answer).ravel())
    return None


def _written(answer: str, unit: str) -> tuple[float | None, bool]:
    """
    The number in a text, and whether it stands bare: with no percent sign, word or fraction after it.

    >>> _written("1/4", "share"), _written("about three quarters", "share"), _written("1,234.5", "hours")
    ((0.25, False), (0.75, False), (1234.5, True))
    """
    text = AND_PART.sub(_with_part, ONE.sub(r"\g<1>1 ", _figures(answer[:LONGEST])))
    ratio = FRACTION.search(text) or (ONE_IN.search(text) if unit == SHARE else None)
    if ratio:
        return (float(ratio[1]) / float(ratio[2]) if float(ratio[2]) else None), False
    part = PART.search(text)
    if part:
        number, time = float(part[1] or 1) / PARTS[part[2]], TIME.match(text[part.end() :])
        return _in_unit(number, time[1], unit) if time else number, False
    found = re.search(FIGURE, text)
    if not found:
        return None, False
    number, rest = float(found[0]), text[found.end() :]
    if PERCENT.match(rest):
        return number / 100, False
    length = _length(number, rest)
    if length and unit in TIME_UNITS:
        return _in_unit(length, "h", unit), False
    return number, not (length or WORD.match(rest))


def _length(number: float, rest: str) -> float | None:
    """
    The hours of *number* with its unit and what is added to it in smaller ones; none where no unit of time follows.

    What is not less than one of the unit before says the same again: "3 days, 72 hours" are 3 days.

    >>> _length(1, " hour and 24 minutes"), _length(1, "h30"), _length(3, " days, 72 hours"), _length(3, " people")
    (1.4, 1.5, 72.0, None)
    """
    time = TIME.match(rest)
    if not time:
        return None
    one = HOURS_IN[time[1][0]]
    hours, rest = number * one, rest[time.end() :]
    while (more := NEXT.match(rest)) and float(more[1]) * HOURS_IN[more[2][0]] < one:
        one = HOURS_IN[more[2][0]]
        hours, rest = hours + float(more[1]) * one, rest[more.end() :]
    clock = CLOCK.match(rest) if one == 1 else None
    return hours + float(clock[1]) / 60 if clock else hours


def _with_part(found: re.Match[str]) -> str:
    """Write "1 hour and a half" as "1.5 hour"."""
    number, time, _, many_of, part = found.groups()
    return f"{float(number) + float(many_of or 1) / PARTS[part]:g}{time}"


def _figures(answer: str) -> str:
    """The text in small letters, with number words and thousands as plain figures."""
    text = answer.lower().replace("−", "-").replace("–", "-")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    words = {word: str(number) for number, word in enumerate(NUMERALS, start=1)}
    return re.sub(rf"\b({'|'.join(NUMERALS)})\b", lambda word: words[word[0]], text)


def _in_unit(number: float, given: str, unit: str) -> float:
    """*number* in the *given* unit of time as a number in *unit*; unchanged where that is not one."""
    return number * HOURS_IN[given[0]] / HOURS_IN[unit[0]] if unit in TIME_UNITS else number
