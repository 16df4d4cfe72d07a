"""
Does somebody stand in two places at once, or twice in a list?

A person in two wards at one time, where that is rare in the log; somebody removed from a waiting list
and added again within days; one person's wait under two numbers; names of steps, or ids, that differ
only in how they are written; a date years away from all others. Each is told by its rows, and
every row stays.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.eventlog import TIMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from flowlib.core.quality import Findings
    from flowlib.core.time_columns import TimeColumn

__all__ = [
    "added_again",
    "at_once",
    "far_away",
    "ids_alike",
    "note_of",
    "steps_alike",
    "tell_of_list",
    "tell_of_log",
    "two_numbers",
]

RARE = 0.05  # share of visits that overlap the person's visit before; above it, steps run side by side
FEWEST_CLASHES = 2  # so many are told in the smallest log
DAYS_AGAIN = 14  # days after a removal within which an addition is the same wait
FAR = np.timedelta64(365, "D")  # a gap that no extract has
FEW = 0.01  # share of rows on the far side of it
FEWEST_ROWS = 20


def tell_of_log(kept: pd.DataFrame, found: Findings) -> None:
    """Say which visits overlap, and which lie years away, in a log of which *kept* are the visits."""
    both = at_once(kept)
    note_of(kept, both, "please check: the person is in two steps at once; one of the times may be wrong.", found)
    far = far_away(kept)
    note_of(
        kept,
        far,
        "please check: a time is over a year from all others. Correct it, or say what the log covers: observed=.",
        found,
    )


def at_once(kept: pd.DataFrame) -> NDArray[np.bool_]:
    """Which visits overlap another visit of the same person to another step, where few do; both of each pair."""
    begun = kept["started"] if kept["started"].notna().any() else kept["arrived"]  # who waits may still be elsewhere
    begin = _plain(begun)
    end = _plain(kept["left"].fillna(kept["finished"]))
    known = np.flatnonzero(~np.isnat(begin))
    who, step = kept["who"].to_numpy()[known], pd.factorize(kept["step"])[0][known]
    order = np.lexsort((end[known], begin[known], who))
    rows = known[order]
    who, step = who[order], step[order]
    follows = np.flatnonzero(who[1:] == who[:-1]) + 1
    before = end[rows[follows - 1]]
    clash = (begin[rows[follows]] < before) & (step[follows] != step[follows - 1])
    found = np.zeros(len(kept), dtype=bool)
    if 0 < clash.sum() <= max(RARE * len(follows), FEWEST_CLASHES):
        found[rows[follows[clash]]] = found[rows[follows[clash] - 1]] = True
    return found


def far_away(kept: pd.DataFrame) -> NDArray[np.bool_]:
    """Which few visits have a time over a year before, or after, those of all others."""
    found = np.zeros(len(kept), dtype=bool)
    if len(kept) < FEWEST_ROWS:
        return found
    every = [_plain(kept[role]) for role in TIMES]
    firsts, lasts = reduce(np.fmin, every), reduce(np.fmax, every)  # both pass over what is missing
    few = max(int(FEW * len(kept)), 1)
    for times, low in ((firsts, True), (lasts, False)):
        ordered = np.sort(times)
        part = ordered[: few + 1] if low else ordered[-few - 1 :]
        gaps = np.flatnonzero(np.diff(part) > FAR)
        if len(gaps):
            found |= times <= part[gaps[-1]] if low else times >= part[gaps[0] + 1]
    return found


def tell_of_list(read: Sequence[TimeColumn], who: NDArray[np.int64], group: pd.Series, found: Findings) -> None:
    """Say who stands in a list twice: removed and added again, or alike under two ids; *who* is -1 where unknown."""
    again = added_again([column.times for column in read], who, pd.factorize(group)[0])
    found.note(
        "to know", again & ~found.aside,
        f"please check: the person was removed, and is on the list again within {DAYS_AGAIN} days.",
    )  # fmt: skip
    alike = two_numbers([column.times for column in read], who)
    found.note("to know", alike & ~found.aside, "please check: the same person and times stand under two ids.")


def two_numbers(times: Sequence[pd.Series], who: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows have the person (-1 where unknown) and all the times of another row."""
    cells = pd.DataFrame({"who": who} | {str(place): _plain(one) for place, one in enumerate(times)})
    return np.asarray(cells.duplicated(keep=False).to_numpy() & (who >= 0), dtype=np.bool_)


def added_again(times: Sequence[pd.Series], who: NDArray[np.int64], group: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows are a removal and the same person's next wait; *times* are the milestones, the last the removal."""
    begin, end = _plain(times[0]), _plain(times[-1])
    found = np.zeros(len(who), dtype=bool)
    known = np.flatnonzero((who >= 0) & ~np.isnat(begin))
    key = pd.factorize(who[known].astype(np.int64) * (int(group.max(initial=0)) + 2) + group[known])[0]
    alike = pd.Series(key).duplicated(keep=False).to_numpy()
    known, key = known[alike], key[alike]
    order = np.lexsort((end[known], begin[known], key))  # a blank end sorts last
    rows, key = known[order], key[order]
    follows = np.flatnonzero(key[1:] == key[:-1]) + 1
    one, other = rows[follows - 1], rows[follows]
    gone, back = end[one], begin[other]
    open_after = np.isnat(end[other]) | (end[other] > gone)
    soon = (back == begin[one]) | ((back > gone) & (back <= gone + np.timedelta64(DAYS_AGAIN, "D")))
    pair = ~np.isnat(gone) & open_after & soon
    found[one[pair]] = found[other[pair]] = True
    return found


def steps_alike(steps: pd.Series) -> NDArray[np.bool_]:
    """
    Which cells name a step as a commoner name does, but for capitals, blanks and signs.

    >>> steps_alike(pd.Series(["A1", "A1", "a 1", "B2"])).tolist()
    [False, False, True, False]
    """
    counts = steps.value_counts()
    bare = pd.Series(counts.index, index=counts.index, dtype="str").str.casefold()
    bare = bare.str.replace(r"[\s._-]+", " ", regex=True).str.strip()
    bare = bare.str.replace(r"([a-z]) (\d)", r"\1\2", regex=True)
    rarer = bare.duplicated()  # counts come in falling order
    return np.asarray(steps.isin(bare.index[rarer]), dtype=np.bool_)


def ids_alike(codes: NDArray[np.int64], ids: Sequence[str]) -> NDArray[np.bool_]:
    """Which cells hold ids that differ from another only in noughts at the front, as spreadsheets drop them."""
    words = pd.Series(list(ids), dtype="str")
    if not words.str.match(r"0\d").any():
        return np.zeros(len(codes), dtype=bool)
    alike = words.where(words.str.fullmatch(r"\d+"), words + "#").str.lstrip("0").duplicated(keep=False)
    return np.append(alike.to_numpy(dtype=bool), False)[codes]


def note_of(kept: pd.DataFrame, which: NDArray[np.bool_], sentence: str, found: Findings) -> None:
    """Note something about visits that are kept, whose index are the places of their rows."""
    every = np.zeros(len(found.rows), dtype=bool)
    every[kept.index.to_numpy()[which]] = True
    found.note("to know", every, sentence)


def _plain(times: pd.Series) -> NDArray[np.datetime64]:
    """Times without their zone, which numpy can sort."""
    plain = times.dt.tz_convert("UTC").dt.tz_localize(None) if times.dt.tz is not None else times
    return np.asarray(plain.to_numpy(dtype="datetime64[us]"))
