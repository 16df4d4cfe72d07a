"""
How do a date in one column and a clock time in another become one moment?

`arrived=["arrival date", "arrival time"]` names such a pair; a `Milestone` has `clock=` for it. One
date may serve several clock times. Clock times may be 09:05, 0905, 905, 9.05 pm, a time of Excel or a
share of a day. A date without its clock time, or a clock time without its date, is no moment: it
counts as not recorded, and is told by its row. Midnight is never made up.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks, wide
from flowlib.core.dates import BLANKS
from flowlib.core.eventlog import TIMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.core.quality import Findings
    from flowlib.core.wide import Milestone

__all__ = ["Named", "are_clocks", "clock_text", "named", "put_together"]

CLOCK_OF = "the clock time of "
MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?$")  # that a system adds to every date
NO_DAY = re.compile(r"^(?:1899-12-3[01]|3[01]/12/1899|1900-01-0[01]|0[01]/01/1900)[ T]")  # Excel's day 0
ON_A_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?", re.IGNORECASE)
FIGURES = re.compile(r"[0-2]?\d[0-5]\d")  # 0905, or 905 where a spreadsheet dropped the nought
SHARE = re.compile(r"0?\.\d+|0")
LAST_ZERO_YEAR = 1900  # a moment of this year or before is a clock time on Excel's day 0


@dataclass(frozen=True)
class Named:
    """Which columns were named: for each role its column, and for some a column of clock times."""

    columns: dict[str, str]
    clocks: dict[str, str]  # role -> column of clock times
    milestones: tuple[Milestone, ...] = ()

    @property
    def every(self) -> dict[str, str]:
        """All columns by what they are, to be loaded."""
        clocks = {f"{CLOCK_OF}{role}": column for role, column in self.clocks.items()}
        return {**self.columns, **wide.roles(self.milestones), **clocks}


def named(
    columns: Mapping[str, Any], clocks: Mapping[str, str] | None = None, milestones: Sequence[Milestone] = ()
) -> Named:
    """
    The columns as they were named, of which a time may be a pair: date, clock time.

    >>> named({"arrived": ["day", "hour"], "step": "ward"}).clocks
    {'arrived': 'hour'}
    """
    plain, pairs = {}, dict(clocks or {})
    for role, given in columns.items():
        if isinstance(given, (list, tuple)):
            checks.need(role in TIMES, f"{role} must be one column; {checks.brief(given)} came.")
            two = len(given) == 2  # noqa: PLR2004 - a pair
            checks.need(two, f"{role} must be one column, or a date and a clock time; {checks.brief(given)} came.")
            plain[role], pairs[role] = str(given[0]), str(given[1])
        else:
            plain[role] = str(given)
    for role in (role for role in pairs if not role.startswith(wide.TIME_OF)):
        checks.choice("time", role, [role for role in TIMES if role in plain], where="for clocks")
    pairs |= {f"{wide.TIME_OF}{one.name}": one.clock for one in milestones if one.clock}
    return Named(plain, pairs, tuple(milestones))


def put_together(raw: pd.DataFrame, given: Named, found: Findings) -> tuple[pd.DataFrame, Named]:
    """The cells with each pair as one column of moments, and the names with each pair as one name."""
    if not given.clocks:
        return raw, given
    made, columns, milestones = raw.copy(), dict(given.columns), list(given.milestones)
    for role, clock in given.clocks.items():
        day = given.every[role]
        name = f"{day} + {clock}"
        made[role] = _moments(raw[role], raw[f"{CLOCK_OF}{role}"], name, found)
        if role in columns:
            columns[role] = name
        milestones = [replace(one, column=name) if f"{wide.TIME_OF}{one.name}" == role else one for one in milestones]
    made = made.drop(columns=[f"{CLOCK_OF}{role}" for role in given.clocks])
    return made, Named(columns, {}, tuple(milestones))


def _moments(days: pd.Series, clocks: pd.Series, name: str, found: Findings) -> pd.Series:
    """Dates and clock times as one text each."""
    day, clock = _each(days, day_text), _each(clocks, clock_text)
    no_day, no_clock = (day == "").to_numpy(dtype=bool), (clock == "").to_numpy(dtype=bool)
    told = "so the time counts as not recorded."
    found.note("to know", ~no_day & no_clock, f'a date without a clock time stands in "{name}", {told}')
    found.note("to know", no_day & ~no_clock, f'a clock time without a date stands in "{name}", {told}')
    whole = day.str.cat(clock, sep=" ")
    return whole.mask(no_day | no_clock, "").astype("str")


def _each(cells: pd.Series, made: Any) -> pd.Series:  # noqa: ANN401 - a function of one cell
    """Cells made text, each different one once; blank where they are."""
    codes, different = pd.factorize(cells)
    words = [*(made(cell) for cell in different), ""]
    return pd.Series(np.asarray(words, dtype=object)[codes], index=cells.index, dtype="str")


def day_text(cell: object) -> str:
    """
    A date as text, without the midnight that a system added.

    >>> day_text("05/01/2026 00:00:00"), day_text(dt.datetime(2026, 1, 5)), day_text("NULL")
    ('05/01/2026', '2026-01-05', '')
    """
    if isinstance(cell, (dt.date, np.datetime64)):
        text = pd.Timestamp(cell).isoformat() if not pd.isna(cell) else ""
    else:
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return "" if text.lower() in BLANKS else MIDNIGHT.sub("", text)


def clock_text(cell: object) -> str:
    """
    A clock time as text; a share of a day, or figures without a colon, are put on the clock.

    >>> clock_text("905"), clock_text(0.25), clock_text(dt.time(9, 5)), clock_text("9.05 pm")
    ('09:05', '06:00:00', '09:05:00', '9.05 pm')
    """
    if isinstance(cell, dt.timedelta):
        return _after_midnight(cell.total_seconds())
    if isinstance(cell, dt.time):
        return f"{cell:%H:%M:%S}"
    if isinstance(cell, dt.datetime) and not pd.isna(cell):
        return f"{cell:%H:%M:%S}" if cell.year <= LAST_ZERO_YEAR else cell.isoformat()
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    text = NO_DAY.sub("", text)
    if text.lower() in BLANKS:
        return ""
    if SHARE.fullmatch(text):
        return _after_midnight(float(text) * 86_400)
    return f"{text.zfill(4)[:2]}:{text.zfill(4)[2:]}" if FIGURES.fullmatch(text) else text


def _after_midnight(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


def are_clocks(cells: pd.Series, *, header: str) -> bool:
    """Whether all filled cells are clock times; figures alone only where the column's name speaks of time."""
    filled = [cell for cell in pd.unique(cells) if str(cell).strip().lower() not in BLANKS]
    words = [clock_text(cell) for cell in filled]
    figures = "time" in header or "clock" in header
    whole = all(ON_A_CLOCK.fullmatch(word) for word in words)
    bare = any(isinstance(cell, (int, float)) or str(cell).strip().isdigit() for cell in filled)
    return bool(words) and whole and (figures or not bare)
