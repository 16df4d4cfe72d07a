"""
Which moment does a cell mean? Day first, as the NHS writes dates.

pandas does the parsing, one stated format at a time; nothing is inferred cell by
cell. What no format fits stays unread, and is reported by its row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from openpyxl.utils.datetime import from_excel

from flowlib.core import checks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BLANKS", "Dates", "read_dates", "to_wall_clock"]

BLANKS = frozenset({"", "-", "--", "null", "none", "n/a", "na", "#n/a", "nan", "nat", "not recorded", "unknown"})
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d-%b-%y")
FORMATS = tuple(day + clock for day in DAY_FIRST for clock in CLOCKS)
SAMPLE = 300  # cells tried first, to find the formats that occur
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # Excel day numbers from 1954 to 2119


@dataclass(frozen=True)
class Dates:
    """What a column of dates was read as."""

    times: pd.Series  # wall clock without a zone; missing where blank or unread
    unread: NDArray[np.bool_]  # neither blank nor a date that fits
    serials: NDArray[np.bool_]  # read from an Excel day number


def read_dates(cells: pd.Series) -> Dates:
    """
    Moments from text, dates or Excel day numbers.

    >>> read_dates(pd.Series(["03/02/2026 23:40", "2026-02-04T00:10", "-"])).times.dt.day.tolist()[:2]
    [3.0, 4.0]
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        plain = cells.dt.tz_convert("Europe/London").dt.tz_localize(None) if cells.dt.tz is not None else cells
        nothing = pd.Series(data=False, index=cells.index).to_numpy()
        return Dates(plain.astype("datetime64[us]"), nothing, nothing)
    made = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    is_date = (
        cells.map(lambda c: isinstance(c, dt.date))
        if cells.dtype == object
        else pd.Series(data=False, index=cells.index)
    )
    if is_date.any():
        made[is_date] = pd.to_datetime(cells[is_date].map(_naive), errors="coerce").astype("datetime64[us]")
    text = cells.where(~is_date, "").fillna("").astype("str").str.strip()
    left = ~is_date & ~text.str.lower().isin(BLANKS)
    made, left = _iso(text, made, left)
    for form in _likely(text[left]):
        if not left.any():
            break
        found = pd.to_datetime(text[left], format=form, errors="coerce").dropna()
        made[found.index] = found.astype("datetime64[us]")
        left[found.index] = False
    number = pd.to_numeric(text[left], errors="coerce")
    serial = number[(number > FIRST_SERIAL) & (number < LAST_SERIAL)]
    made[serial.index] = [pd.Timestamp(from_excel(n)).round("s") for n in serial]
    left[serial.index] = False
    return Dates(made, left.to_numpy(), cells.index.isin(serial.index))


def _iso(text: pd.Series, made: pd.Series, left: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Year-first dates, with or without a time and an offset."""
    iso = left & text.str.match(r"\d{4}-\d\d-\d\d")
    offset = iso & text.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", regex=True) & text.str.contains(r"\d\d:\d\d", regex=True)
    for part in (iso & ~offset, offset):
        if part.any():
            found = pd.to_datetime(
                text[part], format="ISO8601", errors="coerce", utc=bool((part & offset).any())
            ).dropna()
            if found.dt.tz is not None:
                found = found.dt.tz_convert("Europe/London").dt.tz_localize(None)
            made[found.index] = found.astype("datetime64[us]")
            left[found.index] = False
    return made, left


def _likely(text: pd.Series) -> list[str]:
    """All formats, those that fit most of a sample first."""
    sample = text.iloc[:: len(text) // SAMPLE + 1] if len(text) else text
    hits = {form: int(pd.to_datetime(sample, format=form, errors="coerce").notna().sum()) for form in FORMATS}
    return sorted(FORMATS, key=lambda form: -hits[form])


def _naive(cell: dt.date) -> dt.datetime:
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=None)
    return dt.datetime.combine(cell, dt.time())


def to_wall_clock(times: pd.Series, timezone: str) -> tuple[pd.Series, NDArray[np.bool_]]:
    """
    The times in their zone, and which fell in an hour that the clocks skip or repeat.

    A time in the repeated hour of October is taken as the first of the two; one in
    the skipped hour of March as the first moment after it.
    """
    try:
        plain = times.dt.tz_localize(timezone, ambiguous=True, nonexistent="shift_forward")
    except (KeyError, ValueError):
        raise checks.Refusal(f'There is no time zone called "{timezone}". Use one such as "Europe/London".') from None
    doubtful = times.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="NaT").isna() & times.notna()
    return plain, doubtful.to_numpy()
