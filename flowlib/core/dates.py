"""
Which moment does a cell mean? Day first, as the NHS writes dates.

A cell is a day, and maybe a clock time after it. Each different day and each different
time is read once, by stated formats; nothing is inferred cell by cell. What no format
fits is read once more by the rules of `date_ways`; else it stays unread, and is reported
by its row. Whether the column could be month first is counted, so that nobody gets a
wrong date in silence.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks, date_ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BLANKS", "LONDON", "Dates", "moment", "read_dates", "to_wall_clock"]

LONDON = "Europe/London"
BLANKS = frozenset({"", "-", "--", "null", "none", "n/a", "na", "#n/a", "nan", "nat", "not recorded", "unknown"})
DAYS = (
    "%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d-%m-%Y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d.%m.%Y", "%d-%m-%y",
    "%d-%b-%y", "%d %b %y", "%Y/%m/%d", "%d%b%Y", "%d.%m.%y", "%Y%m%d",
)  # fmt: skip
# A day, then perhaps a blank, a T, a comma or a colon (as SAS writes) and a clock time.
PARTS = r"^(?P<day>.*?)(?:(?:[ T:]|, )(?P<clock>\d{1,2}:\d\d.*))?$"
CLOCK = (
    r"^(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r" ?(?P<half>[AaPp][Mm])? ?(?P<zone>Z|[+-]\d\d:?\d\d)?$"
)
NUMBERS = r"^(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?:\d{4}|\d\d)$"
SHORT_YEAR = r"\d{1,2}[/. -](?:\d{1,2}|[A-Za-z]{3,9})[/. -]\d\d$"
HALF = r"[AaPp][Mm]"
MOST_TRIED = 5_000  # different days; beyond it, formats are looked for in a sample of so many
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # Excel day numbers from 1954 to 2119
SERIAL_ZERO = np.datetime64("1899-12-30", "us")
MONTHS = 12
NO_TIME = np.timedelta64("NaT", "us")
A_DAY = np.timedelta64(24 * 3600 * 1_000_000, "us")
LAST = pd.Timestamp("9999-12-31 23:59:59")


@dataclass(frozen=True)
class Dates:
    """What a column of dates was read as."""

    times: pd.Series  # wall clock without a zone; missing where blank or unread
    unread: NDArray[np.bool_]  # neither blank nor a date that fits
    serials: NDArray[np.bool_]  # read from an Excel day number
    again: NDArray[np.bool_]  # an offset told that it is the second of two such times, after the clocks went back
    told: NDArray[np.bool_]  # had an offset, so that a change of clocks leaves no doubt
    words: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))  # "NULL", "-" and such, so blank
    short_years: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))  # 03/02/26
    halves: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))  # on a clock of 12 hours
    day_ends: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))  # 24:00, so the next day
    other_ways: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))  # by `date_ways`
    day_first: int = 0  # cells that can only be day first, such as 25/03/2026
    month_first: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))  # and only month first
    either: int = 0  # cells that could be both
    looks_month_first: bool = False  # all could be both, and the first number changes less often than the second


def read_dates(cells: pd.Series, timezone: str = LONDON) -> Dates:
    """
    Moments from text, dates or Excel day numbers; those with an offset are put into *timezone*.

    >>> read_dates(pd.Series(["03/02/2026 23:40", "2026-02-04T00:10", "-"])).times.dt.day.tolist()[:2]
    [3.0, 4.0]
    """
    cells = cells.reset_index(drop=True)
    if pd.api.types.is_datetime64_any_dtype(cells):
        return _from_stamps(cells, timezone)
    is_date = np.zeros(len(cells), dtype=bool)
    if cells.dtype == object:
        is_date = np.fromiter((isinstance(cell, dt.date) for cell in cells), dtype=bool, count=len(cells))
    if not is_date.any():
        return _from_text(cells, timezone)
    stamps = _from_stamps(_as_stamps(cells[is_date], timezone), timezone)
    text = _from_text(cells.mask(is_date, ""), timezone)
    times = text.times.copy()
    times[is_date] = stamps.times.to_numpy()
    for mask, mine in ((text.again, stamps.again), (text.told, stamps.told)):
        mask[is_date] = mine
    return replace(text, times=times, day_first=text.day_first + int(is_date.sum()), looks_month_first=False)


def moment(name: str, value: Any, timezone: str = LONDON) -> pd.Timestamp:  # noqa: ANN401 - whatever a person gives
    """
    One moment from a date, a timestamp or text, day first.

    >>> moment("until", "01/02/2026").month
    2
    """
    try:
        got = read_dates(pd.Series([value]), timezone)
        aware, _ = to_wall_clock(got, timezone)
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, checks.Refusal):
            raise
        aware = pd.Series([pd.NaT])
    stamp = aware.iloc[0]
    checks.need(not pd.isna(stamp), f'{name} must be a date such as "03/02/2026 23:40"; {checks.brief(value)} came.')
    return pd.Timestamp(stamp)


def to_wall_clock(dates: Dates, timezone: str) -> tuple[pd.Series, NDArray[np.bool_]]:
    """
    The times in their zone, and which fell in an hour that the clocks skip or repeat.

    A time in the repeated hour of October is taken as the first of the two, unless an
    offset told otherwise; one in the skipped hour of March as the first moment after it.
    """
    try:
        aware = dates.times.dt.tz_localize(timezone, ambiguous=~dates.again, nonexistent="shift_forward")
        clear = dates.times.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="NaT")
    except (KeyError, ValueError, TypeError):
        raise checks.Refusal(f'There is no time zone called "{timezone}". Use one such as "Europe/London".') from None
    return aware, (clear.isna() & dates.times.notna()).to_numpy() & ~dates.told


def _from_stamps(cells: pd.Series, timezone: str) -> Dates:
    """What is a timestamp already; with a zone, it is put into *timezone*."""
    unread, serials, again, told, words, short, halves, ends, other = np.zeros((9, len(cells)), dtype=bool)
    if cells.dt.tz is not None:
        cells, again = _wall(cells, timezone)
        told = ~told
    times = cells.astype("datetime64[us]")
    return Dates(times, unread, serials, again, told, words, short, halves, ends, other, day_first=len(cells))


def _wall(aware: pd.Series, timezone: str) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Wall clock of exact moments, and which are the second of two such times."""
    try:
        local = aware.dt.tz_convert(timezone)
    except (KeyError, ValueError, TypeError):
        raise checks.Refusal(f'There is no time zone called "{timezone}". Use one such as "Europe/London".') from None
    plain = local.dt.tz_localize(None)
    first = plain.dt.tz_localize(timezone, ambiguous=np.ones(len(plain), dtype=bool), nonexistent="NaT")
    return plain, (first != local).to_numpy() & local.notna().to_numpy()


def _as_stamps(cells: pd.Series, timezone: str) -> pd.Series:
    """Python dates of any kind as one kind of timestamp; a zone stays only where a cell has one."""
    stamps = [pd.Timestamp(cell) for cell in cells]
    if all(stamp.tz is None for stamp in stamps):
        return pd.Series(stamps, index=cells.index, dtype="datetime64[us]")
    aware = [stamp.tz_localize(timezone, ambiguous=True) if stamp.tz is None else stamp for stamp in stamps]
    return pd.Series(pd.to_datetime(aware, utc=True), index=cells.index)


def _from_text(cells: pd.Series, timezone: str) -> Dates:
    """Text by the plain ways; what none of those fits, by the others."""
    text = cells.fillna("").astype("str").str.strip()
    got = _as_written(text, timezone)
    odd = text[got.unread]
    plain = date_ways.plainer(odd) if len(odd) else odd
    if (plain == odd).all():
        return got
    text[got.unread] = plain
    right = _as_written(text, timezone)
    return replace(right, other_ways=got.unread & right.times.notna().to_numpy())


def _as_written(cells: pd.Series, timezone: str) -> Dates:
    days, clocks = (_coded(part) for part in _parts(cells))
    day, is_serial = _days(days[1])
    into, offset = _clocks(clocks[1])
    zone = offset[clocks[0]]
    times = pd.Series(day[days[0]] + into[clocks[0]])
    times = times.mask(times > LAST)  # midnight at the end of 31/12/9999 is no date that Python knows
    told = ~np.isnat(zone) & times.notna().to_numpy()
    again = np.zeros(len(times), dtype=bool)
    if told.any():
        exact = (times[told] - zone[told]).dt.tz_localize("UTC")
        times[told], again[told] = _wall(exact, timezone)
    blank = pd.Series(days[1]).str.lower().isin(BLANKS).to_numpy()[days[0]] & (clocks[1] == "")[clocks[0]]
    unread = times.isna().to_numpy() & ~blank
    words = blank & (days[1] != "")[days[0]]
    short = pd.Series(days[1]).str.match(SHORT_YEAR).to_numpy(dtype=bool)[days[0]] & ~unread
    halves = pd.Series(clocks[1]).str.contains(HALF).to_numpy(dtype=bool)[clocks[0]] & ~unread
    ends = (into == A_DAY)[clocks[0]] & ~unread
    found = {"words": words, "short_years": short, "halves": halves, "day_ends": ends}
    found["other_ways"] = np.zeros(len(times), dtype=bool)
    return Dates(times, unread, is_serial[days[0]], again, told, **found, **_order(*days))


def _parts(text: pd.Series) -> tuple[Any, Any]:
    """The day and the clock time of each cell; where the day is ten signs long, without a search for its end."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, so only when dates are read
    from pyarrow import compute as pc  # noqa: PLC0415

    cells = pa.array(text, type=pa.large_string())
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    after = pc.is_in(pc.utf8_slice_codeunits(cells, 10, 11), pa.array([" ", "T"], type=pa.large_string()))
    plain = pc.and_(after, pc.is_in(pc.find_substring(cells, ":"), pa.array([12, 13], type=pa.int32())))
    day = pc.utf8_rtrim(pc.utf8_slice_codeunits(cells, 0, 10), characters=",")
    clock = pc.utf8_slice_codeunits(cells, 11)
    other = pc.invert(plain)
    if pc.any(other).as_py():
        found = pc.extract_regex(cells.filter(other), PARTS)
        day = pc.replace_with_mask(day, other, pc.struct_field(found, "day"))
        clock = pc.replace_with_mask(clock, other, pc.struct_field(found, "clock"))
    return day, clock


def _coded(texts: Any) -> tuple[NDArray[np.int64], NDArray[np.object_]]:  # noqa: ANN401 - pyarrow has no types
    """Each cell's place among the different texts, and those."""
    coded = texts.fill_null("").dictionary_encode()
    return coded.indices.to_numpy(zero_copy_only=False), coded.dictionary.to_numpy(zero_copy_only=False)


def _days(texts: NDArray[np.object_]) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """The day that each text means, and which are Excel's numbers."""
    number = pd.to_numeric(pd.Series(texts), errors="coerce").to_numpy(dtype=float)
    is_serial = (number > FIRST_SERIAL) & (number < LAST_SERIAL)
    made = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    made[is_serial] = SERIAL_ZERO + (np.round(number[is_serial] * 86_400) * 1e6).astype("timedelta64[us]")
    left = np.flatnonzero(~is_serial & (texts != ""))
    sample = left[:: len(left) // MOST_TRIED + 1]
    for form in DAYS:
        if not len(left) or not _fits(texts[sample], form).any():
            continue
        found = pd.to_datetime(pd.Series(texts[left]), format=form, errors="coerce").to_numpy().astype("datetime64[us]")
        if form == "%Y%m%d":
            found[pd.Series(texts[left]).str.len().to_numpy() != len("20260203")] = np.datetime64("NaT")
        made[left] = found
        left = left[np.isnat(found)]
    return made, is_serial


def _fits(texts: NDArray[np.object_], form: str) -> NDArray[np.bool_]:
    return np.asarray(pd.to_datetime(pd.Series(texts), format=form, errors="coerce").notna())


def _clocks(texts: NDArray[np.object_]) -> tuple[NDArray[np.timedelta64], NDArray[np.timedelta64]]:
    """How far into the day each clock time is, and its offset from universal time where it has one."""
    got = _groups(texts, CLOCK)
    hour, minute, second, part = (_whole(got[name]) for name in ("hour", "minute", "second", "part"))
    twelve = got["half"] != ""
    later = np.isin(got["half"], ["pm", "PM", "pM", "Pm"])
    sound = np.where(twelve, np.where(later, (hour > 0) & (hour < 24), hour <= 12), hour < 24)  # noqa: PLR2004 - a clock
    good = (minute < 60) & (second < 60) & sound & (got["hour"] != "")  # noqa: PLR2004 - a clock
    good |= (hour == 24) & (minute + second + part == 0) & ~twelve  # noqa: PLR2004 - the end of a day
    hour = np.where(twelve, hour % 12 + 12 * later, hour)
    digits = np.char.str_len(got["part"].astype(str)) if part.any() else 0
    fraction = np.floor(part * 10.0 ** (6 - digits)).astype(np.int64)
    size = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    into = np.where(good | (texts == ""), np.where(texts == "", 0, size).astype("timedelta64[us]"), NO_TIME)
    place, zones = pd.factorize(got["zone"])
    return into, np.asarray([_ahead(zone) for zone in zones], dtype="timedelta64[us]")[place]


def _ahead(zone: str) -> np.timedelta64:
    """How far a clock with this offset is ahead of universal time."""
    if zone in {"", "Z"}:
        return np.timedelta64(0, "us") if zone else NO_TIME
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return np.timedelta64(minutes if zone[0] == "+" else -minutes, "m")


def _groups(texts: NDArray[np.object_], pattern: str) -> dict[str, NDArray[np.object_]]:
    """What each named group of a pattern holds; empty text where nothing fits."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import compute as pc  # noqa: PLC0415

    found = pc.extract_regex(pa.array(texts, type=pa.large_string()), pattern)
    names = [found.type.field(i).name for i in range(found.type.num_fields)]
    fields = {name: pc.struct_field(found, name).fill_null("") for name in names}
    return {name: field.to_numpy(zero_copy_only=False) for name, field in fields.items()}


def _whole(texts: NDArray[np.object_]) -> NDArray[np.int64]:
    """Digits as whole numbers; 0 for empty text."""
    place, different = pd.factorize(texts)
    numbers: NDArray[np.int64] = np.asarray([int(text or 0) for text in different], dtype=np.int64)
    return np.asarray(numbers[place])


def _order(codes: NDArray[np.int64], texts: NDArray[np.object_]) -> dict[str, Any]:
    """Signs of which number is the day, in days that are written as numbers."""
    got = _groups(texts, NUMBERS)
    first, second = _whole(got["first"]), _whole(got["second"])
    cells = np.bincount(codes, minlength=len(texts))
    day_first = (first > MONTHS) & (second > 0) & (second <= MONTHS)
    month_first = (second > MONTHS) & (first > 0) & (first <= MONTHS)
    either = (first > 0) & (first <= MONTHS) & (second > 0) & (second <= MONTHS) & (first != second)
    changes = len(set(first[either])), len(set(second[either]))
    return {
        "day_first": int(cells[day_first].sum()),
        "month_first": month_first[codes],
        "either": int(cells[either].sum()),
        "looks_month_first": not (day_first | month_first).any() and changes[1] >= 2 * changes[0] + 2,
    }
