"""
Are these dates of birth?

Days without a clock time that lie further back, or further apart, than the events of
any extract: half of them before 1995, or spread over more than 12 years. A header that
says birth is enough. Excel keeps days as numbers from 1 (1 January 1900).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BIRTH_HEADER", "birth_in", "births", "long_ago"]

MOST = 0.5  # share of cells that must look alike
YEARS_OF_EVENTS = 12  # from the first tenth to the last tenth of an extract's dates
BEFORE_EXTRACTS = 1995
YOUNGEST, OLDEST = 16, 1905  # years ago, and year: a lone old day among other words is a birth
FILLERS = re.compile(
    r"\b(?:0?1[/.-]0?1[/.-](?:1900|1901|1970|1990|2000)|(?:1900|1901|1970|1990|2000)-01-01|30/12/1899)\b"
)
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
NUMERIC = r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
NAMED = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?[\s-]*(?:of\s)?(?:{MONTHS})[,.\s-]*(?:\d{{4}}|\d{{2}})"
    rf"|(?:{MONTHS})[.\s-]*\d{{1,2}}(?:st|nd|rd|th)?[,\s-]+\d{{4}}"
)
MIDNIGHT = r"(?:(?:[ T]|, )00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?)?"
DAY_ONLY = re.compile(rf"(?:{NUMERIC}|{NAMED}){MIDNIGHT}", re.IGNORECASE)
IN_TEXT = re.compile(rf"(?<![\d/.-])(?:{NUMERIC}|{NAMED})(?![\d/])", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")  # 19500203
YEAR_LAST = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d")  # 03021950
DIGIT_DAY = re.compile(r"\d{5,8}")  # under a header that says birth: a serial number, or 030250
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\D|$)|^(?:19|20)\d\d")
SHORT_YEAR = re.compile(r"(?<=\D)\d\d(?!\d)")
LABEL = re.compile(r"\b(?:d\.?o\.?b\.?|date of birth|born)\b[^\d\n]{0,12}\d", re.IGNORECASE)
BIRTH_HEADER = re.compile(r"\b(?:dob|birth|born|birthday|birthdate)\b|dateofbirth|d o b\b")
NUMBER_HEADER = re.compile(r"\b(?:id|minutes?|mins?|secs?|seconds?|duration|length|cost|weight|count|bed)\b")
SERIALS = (3_654, 80_000)  # the first Excel day number of 1910, and one far ahead
FEWEST_SERIALS = 3


def births(header: str, texts: Sequence[str]) -> bool:
    """Whether these cells are dates of birth."""
    named = BIRTH_HEADER.search(header) is not None
    days = [text for text in texts if any(form.fullmatch(text) for form in (DAY_ONLY, YEAR_FIRST, YEAR_LAST))]
    if len(days) <= MOST * len(texts) and len(set(days)) <= MOST * len(set(texts)):
        as_numbers = sum(DIGIT_DAY.fullmatch(text) is not None for text in texts)
        return (named and as_numbers > MOST * len(texts)) or _serials(header, texts)
    if named:
        return True
    years = [year for text in days if (year := _year(text))]
    return bool(years) and (_spread(years) > YEARS_OF_EVENTS or float(np.median(years)) < BEFORE_EXTRACTS)


def birth_in(text: str) -> bool:
    """
    Whether a text names a date of birth as such.

    >>> birth_in("Maureen, DOB 03/02/1941"), birth_in("born in theatre")
    (True, False)
    """
    return LABEL.search(text) is not None


def long_ago(text: str) -> bool:
    """
    Whether a day stands in a text that is so long ago that it is no event.

    >>> long_ago("M Hart 03/02/1941"), long_ago("since 03/02/2026"), long_ago("01/01/1900")
    (True, False, False)
    """
    years = [_year(one) for one in IN_TEXT.findall(FILLERS.sub("", text))]
    latest = dt.datetime.now(tz=dt.UTC).year - YOUNGEST
    return any(OLDEST < year < latest for year in years)


def _year(text: str) -> int:
    """The year of a day; 0 where there is none. Two digits up to this year's are of this century."""
    if YEAR_LAST.fullmatch(text) and not YEAR_FIRST.fullmatch(text):
        return int(text[-4:])
    full = YEAR.search(text) or re.search(r"(?:19|20)\d\d$", text)
    if full:
        return int(full[0])
    short = SHORT_YEAR.findall(text)
    if not short:
        return 0
    now = dt.datetime.now(tz=dt.UTC).year
    return int(short[-1]) + (now // 100 * 100 if int(short[-1]) <= now % 100 else now // 100 * 100 - 100)


def _spread(years: Sequence[float]) -> float:
    return float(np.quantile(years, 0.9) - np.quantile(years, 0.1))


def _serials(header: str, texts: Sequence[str]) -> bool:
    """Whether all numbers are Excel day numbers over as long a time as births."""
    numbers = [text for text in texts if re.fullmatch(r"\d{4,5}", text)]
    others = sum(re.fullmatch(r"[\d.,]+", text) is not None for text in texts if text != "0") - len(numbers)
    most = len(numbers) > MOST * len(texts) or len(set(numbers)) > MOST * len(set(texts))
    if NUMBER_HEADER.search(header) or others or not most:
        return False
    days = [float(text) for text in set(numbers)]
    today = dt.datetime.now(tz=dt.UTC).toordinal() - dt.date(1899, 12, 30).toordinal()
    fits = len(days) >= FEWEST_SERIALS and min(days) >= SERIALS[0] and max(days) <= today
    return fits and _spread(days) > YEARS_OF_EVENTS * 365.25 and float(np.median(days)) > SERIALS[0] + 3_653
