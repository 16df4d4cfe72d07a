"""
Which times of an extract can stand, and how did each visit end?

A row whose times run backwards is set aside, unless it is a slip at midnight and somebody
asked for such slips to be put right. What lies after the log's last moment had not happened
yet, so it is blank.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import alarms, checks
from flowlib.core.dates import moment
from flowlib.core.eventlog import OUTCOMES, TIMES, first_known
from flowlib.core.quality import some_rows
from flowlib.core.summaries import person_codes
from flowlib.core.time_columns import TimeColumn, mend, time_column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from flowlib.core.progress import Progress
    from flowlib.core.quality import Findings

__all__ = ["HOW_TO_MOVE", "MIDNIGHTS", "add_ends", "add_times", "mend_all", "set_aside_backwards", "within"]

MIDNIGHTS = ("set_aside", "next_day")  # what is done with times that look like a slip at midnight
HOW_TO_MOVE = 'midnight="next_day" moves such times a day on.'
DID = {"arrived": "arrived", "started": "began", "finished": "finished", "left": "left"}
MIXER = np.uint64(0x9E3779B97F4A7C15)  # an odd number that spreads whatever it multiplies (D. Knuth, TAOCP 3, 6.4)


def add_times(
    made: pd.DataFrame,
    raw: pd.DataFrame,
    columns: Mapping[str, str],
    timezone: str,
    found: Findings,
    progress: Progress | None = None,
    *,
    midnight: str = "set_aside",
) -> None:
    """Add the four times to *made*; rows with none, or with times that run backwards, are set aside."""
    given = [role for role in TIMES if role in raw]
    read: dict[str, TimeColumn] = {}
    for done, role in enumerate(given, start=1):
        read[role] = time_column(raw[role], columns[role], timezone, found)
        if progress is not None:
            progress.making(0.8 * done / len(given))
    checks.need(
        any(column.times.notna().any() for column in read.values()),
        f"No time is filled in: {checks.listed(columns[role] for role in given)} are blank in every row. Name another.",
    )
    blank = np.logical_and.reduce([column.times.isna().to_numpy() for column in read.values()])
    found.set_aside(blank, "no time in any of the named columns.")
    slips = mend_all(list(read.values()), found, midnight)
    for role in TIMES:
        made[role] = read[role].times if role in read else _no_times(raw, timezone)
    for early, late in combinations(given, 2):
        set_aside_backwards(made, early, late, (columns[early], columns[late]), found)
    _tell_of_slips(slips & found.aside, found)
    alarms.of_columns(list(read.values()), made["group"], found)


def mend_all(read: Sequence[TimeColumn], found: Findings, midnight: str) -> NDArray[np.bool_]:
    """Put right what can be in columns that are in order of time; which rows look like a midnight slip."""
    checks.choice("midnight", midnight, MIDNIGHTS)
    slips = np.zeros(len(found.rows), dtype=bool)
    for early, late in combinations(read, 2):
        slips |= mend(early, late, found, next_day=midnight == "next_day")
    return slips if midnight != "next_day" else np.zeros_like(slips)


def _tell_of_slips(slips: NDArray[np.bool_], found: Findings) -> None:
    """Say how rows that were set aside could be put right."""
    if slips.any():
        found.note("to know", slips, f"a date may be of the day before. {HOW_TO_MOVE}")


def _no_times(raw: pd.DataFrame, timezone: str) -> pd.Series:
    return pd.Series(pd.NaT, index=raw.index, dtype=f"datetime64[us, {timezone}]")


def within(
    made: pd.DataFrame,
    observed: object,
    timezone: str,
    found: Findings,
    source: str,
) -> tuple[pd.DataFrame, tuple[pd.Timestamp, pd.Timestamp]]:
    """The rows that can be used, with no time after the log's last moment; and the window that the log covers."""
    good = made[~found.aside]
    why = next((note.sentence for note in reversed(found.notes) if note.kind == "set aside"), "")
    checks.need(len(good), f"No row of {source} could be used. {why}")
    window = _window(good, observed, timezone)
    at = first_known(made)
    found.set_aside((at > window[1]).to_numpy(), "begins after the log's last moment.")
    kept = made[~found.aside].copy()
    checks.need(len(kept), f"Every row of {source} begins after the log's last moment. Correct observed.")
    kept["clipped"] = (kept[list(TIMES)] > window[1]).any(axis=1)
    for role in TIMES:
        kept[role] = kept[role].where(kept[role] <= window[1])
    kept["who"] = person_codes(kept, [key for key in ("run", "person") if key in kept])
    _note_twins(kept, found)
    return kept, window


def add_ends(
    kept: pd.DataFrame,
    told: pd.DataFrame,
    columns: Mapping[str, str],
    blank_end: str,
    found: Findings,
    *,
    end: str = "",
) -> None:
    """Add how each visit ended and where to: as told by a column, else from the times; *end* is the last one's name."""
    last, onward = _moves(kept)
    outcome = np.full(len(kept), "completed", dtype=object)
    ends = [role for role in ("finished", "left") if role in columns]
    begins = [role for role in ("arrived", "started") if role in columns]
    clipped = kept["clipped"].to_numpy()
    if ends and begins:
        blank = kept[ends[-1]].isna().to_numpy() & ~clipped
        here = blank & last & (blank_end == "still_here")
        outcome[blank], outcome[here] = "not_recorded", "still_here"
        if "outcome" not in told:
            end = end or f'"{columns[ends[-1]]}"'
            _note(kept, here, f"{end} is blank; the person counts as still there.", found)
            _note(kept, blank & ~here, f"{end} is blank; the end counts as not recorded.", found)
    outcome[clipped] = "still_here"
    if "outcome" in told:
        word = told["outcome"].str.lower().str.replace(r"[\s-]+", "_", regex=True)
        known = word.isin(OUTCOMES).to_numpy()
        names = checks.listed(OUTCOMES)
        _note(
            kept,
            told["outcome"].notna().to_numpy() & ~known,
            f"the outcome is not one of {names}; the times decide.",
            found,
        )
        outcome = np.where(known & ~clipped, word.to_numpy(dtype=object), outcome)
    kept["outcome"] = pd.Series(outcome, index=kept.index, dtype="str")
    if "next_step" in told:
        onward = told["next_step"].fillna("").mask(kept["clipped"], "")
    kept["next_step"] = onward


def set_aside_backwards(
    made: pd.DataFrame,
    early: str,
    late: str,
    names: tuple[str, str],
    found: Findings,
) -> None:
    """Set aside rows in which the time *late* comes before *early*; *names* are those of their columns."""
    wrong = (made[late] < made[early]).to_numpy() & ~found.aside
    if not wrong.any():
        return
    same = np.zeros(len(made), dtype=bool)
    same[wrong] = (made[late][wrong].dt.date == made[early][wrong].dt.date).to_numpy()
    if same.any():
        row = int(np.flatnonzero(same)[0])
        first = np.zeros_like(same)
        first[row] = True
        like = f" {same.sum():,} rows like this." if same.sum() > 1 else ""
        mend = f"If the person {DID[late]} the next day, correct the date."
        found.tell_of(
            "set aside",
            same,
            f"R{some_rows(found.numbers(first)[:1])[1:]}: {names[1]} {made[late][row]:%H:%M} is before "
            f"{names[0]} {made[early][row]:%H:%M} on the same date. {mend}{like}",
            bare=f"{names[1]} is before {names[0]} on the same date. {mend}",
        )
    found.set_aside(wrong & ~same, f'"{names[1]}" is before "{names[0]}". Correct the dates.')


def _window(kept: pd.DataFrame, observed: object, timezone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    if observed is None:
        times = kept[list(TIMES)]
        return times.min().min(), times.max().max()
    if not isinstance(observed, (tuple, list)) or len(observed) != 2:  # noqa: PLR2004 - a pair
        raise checks.Refusal(f"observed must be two moments, from and until; {checks.brief(observed)} came.")
    first, last = (
        moment(name, at, timezone) for name, at in zip(("observed from", "observed until"), observed, strict=True)
    )
    checks.need(first < last, f"The log covers from {first:%d %B %Y %H:%M} to an earlier time; swap them.")
    return first, last


def _note_twins(kept: pd.DataFrame, found: Findings) -> None:
    """Say which rows are like an earlier one in all that is kept; they stay, as two tests in one minute may be real."""
    parts = [kept["who"].to_numpy(), *(pd.factorize(kept[c])[0] for c in ("step", "group"))]
    parts += [_plain(kept[role]).astype(np.int64) for role in TIMES]
    mixed = np.zeros(len(kept), dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ part.astype(np.uint64)) * MIXER
    alike = pd.Series(mixed).duplicated(keep=False).to_numpy()  # few; only these are compared in full
    twins = np.zeros(len(kept), dtype=bool)
    twins[alike] = pd.DataFrame([part[alike] for part in parts]).T.duplicated().to_numpy()
    _note(
        kept,
        twins,
        "the same person, step and times as an earlier row. Delete it if it is there twice by mistake.",
        found,
    )


def _plain(times: pd.Series) -> NDArray[np.datetime64]:
    """Times without their zone, which numpy can sort."""
    return np.asarray(times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())


def _moves(kept: pd.DataFrame) -> tuple[NDArray[np.bool_], pd.Series]:
    """Which visit is a person's last, and where each leads, in order of time; file order breaks ties."""
    who = kept["who"].to_numpy()
    order = np.lexsort((_plain(first_known(kept)), who))
    same = who[order[:-1]] == who[order[1:]]
    last = np.ones(len(kept), dtype=bool)
    last[order[:-1][same]] = False
    codes, names = pd.factorize(kept["step"])
    onward = np.full(len(kept), -1)
    onward[order[:-1][same]] = codes[order[1:][same]]
    return last, pd.Series(names.array.take(onward, allow_fill=True, fill_value=""), index=kept.index)


def _note(kept: pd.DataFrame, which: NDArray[np.bool_], sentence: str, found: Findings) -> None:
    """Note something about rows that are kept."""
    every = np.zeros(len(found.rows), dtype=bool)
    every[kept.index.to_numpy()[which]] = True
    found.note("to know", every, sentence)
