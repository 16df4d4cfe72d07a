"""
What does a table of visits say, in few numbers?

Plain sums for `EventLog`: waits with the unfinished counted, people there by the
hour, and one row a journey. Times are pandas timestamps; lengths are hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = [
    "CALENDAR",
    "census",
    "counts",
    "grid",
    "hours_between",
    "journeys",
    "label",
    "order_of_steps",
    "person_codes",
    "same_ways",
    "sorted_places",
    "summary",
    "ways_in_words",
]

CALENDAR = ("month", "week", "weekday", "hour")
ORDER_SAMPLE = 5_000  # people enough to see which step comes first
MOST_MOMENTS = 1_000_000  # of a census
MOST_PAIRS = 20_000_000  # of steps, compared to see which comes first
BITS = 16  # of the numbers that numpy sorts by counting
ROUNDING = 1e-12  # of a share that a sum of chances has reached


def hours_between(earlier: Any, later: Any) -> Any:  # noqa: ANN401 - series or single moments
    """From one time to a later one, in hours; right across a clock change."""
    return (later - earlier) / pd.Timedelta(hours=1)


def label(visits: pd.DataFrame, name: str) -> pd.Series:
    """A column of the visits, or the month, week, weekday or hour of joining."""
    columns = [column for column in visits.columns if column not in CALENDAR]
    checks.choice("column", name, [*columns, *CALENDAR], where="to group by")
    if name not in CALENDAR:
        return visits[name]
    at = visits["at"].dt.tz_localize(None)
    if name in {"weekday", "hour"}:
        found = at.dt.day_of_week if name == "weekday" else at.dt.hour
    else:
        found = at.dt.to_period("M" if name == "month" else "W-SUN").dt.start_time
    return found.rename(name)


def summary(known: pd.Series, so_far: pd.Series, labels: Sequence[pd.Series], done: str, open_: str) -> pd.DataFrame:
    """
    Lengths by *labels*: how many there are, how many are over and still going on, and their size.

    *known* holds lengths that are over; *so_far* those that are cut short, each NaN
    where the other stands. *open_* counts rows in which *so_far* is marked `still`.
    """
    rows: dict[Any, dict[str, float]] = {}
    for key, part in _by_label(labels):
        lengths, lengths_so_far = known.to_numpy(dtype=float)[part], so_far.to_numpy(dtype=float)[part]
        ended, cut = lengths[~np.isnan(lengths)], lengths_so_far[~np.isnan(lengths_so_far)]
        median, p90 = _quantiles(ended, cut, (0.5, 0.9))
        rows[key] = {
            "visits": len(part),
            done: len(ended),
            open_: len(cut),
            "mean_hours": float(ended.mean()) if len(ended) else np.nan,
            "median_hours": median,
            "p90_hours": p90,
            "longest_hours": float(max(ended.max(initial=-np.inf), cut.max(initial=-np.inf))),
        }
    names = [str(one.name) for one in labels]
    columns = ["visits", done, open_, "mean_hours", "median_hours", "p90_hours", "longest_hours"]
    made = pd.DataFrame([rows[key] for key in rows], columns=columns)
    made[columns[:3]] = made[columns[:3]].astype(int)
    made["longest_hours"] = made["longest_hours"].replace(-np.inf, np.nan).astype(float)
    made.index = (
        pd.MultiIndex.from_tuples(rows, names=names) if rows and len(names) > 1 else pd.Index(list(rows), name=names[0])
    )
    return made


def _by_label(labels: Sequence[pd.Series]) -> Iterator[tuple[Any, NDArray[np.int64]]]:
    """Each value of the labels in order, and the places that hold it; rows without a label are left out."""
    if len(labels) > 1:
        grouped = labels[0].groupby(list(labels), sort=True)
        codes, names = grouped.ngroup().to_numpy(), grouped.size().index
    else:
        codes, names = pd.factorize(labels[0], sort=True)
    order = sorted_places(codes + 1)  # rows without a label are -1, and so come first
    ends = np.searchsorted(codes[order], np.arange(len(names) + 1))
    for place, name in enumerate(names):
        yield name, order[ends[place] : ends[place + 1]]


def _quantiles(ended: NDArray[np.float64], cut: NDArray[np.float64], shares: tuple[float, ...]) -> tuple[float, ...]:
    """Quantiles with those cut short counted; NaN where too many are cut short to say."""
    if not len(ended):
        return tuple(np.nan for _ in shares)
    if not len(cut):
        return tuple(float(q) for q in np.quantile(ended, shares))
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    reached = stats.ecdf(stats.CensoredData(uncensored=ended, right=cut)).cdf
    found = []
    for share in shares:
        place = np.flatnonzero(reached.probabilities >= share - ROUNDING)
        found.append(float(reached.quantiles[place[0]]) if len(place) else np.nan)
    return tuple(found)


def grid(first: pd.Timestamp, last: pd.Timestamp, every: str) -> pd.DatetimeIndex:
    """Moments from *first* to *last*, on the hour (or whatever *every* is) by the clock on the wall."""
    try:
        step = pd.tseries.frequencies.to_offset(every)
    except (TypeError, ValueError):
        step = None
    if not isinstance(step, (pd.offsets.Tick, pd.offsets.Day)) or step.n < 1:
        raise checks.Refusal(f'every must be a length such as "1h", "15min" or "1D"; {checks.brief(every)} came.')
    size = pd.Timedelta(days=step.n) if isinstance(step, pd.offsets.Day) else pd.Timedelta(step)
    moments = (last - first) / size
    checks.need(
        moments <= MOST_MOMENTS,
        f"A census every {every} would be {checks.shown(round(moments))} moments long; {MOST_MOMENTS:,} are the most. "
        "Take longer steps.",
    )
    if isinstance(step, pd.offsets.Day):
        start = first.tz_localize(None).ceil(size).tz_localize(first.tz, ambiguous=True, nonexistent="shift_forward")
    else:  # at the offset of the first moment, as the hour after 1:20 may be 1:00 again
        ahead = first.utcoffset() or pd.Timedelta(0)
        start = ((first.tz_convert("UTC") + ahead).ceil(size) - ahead).tz_convert(first.tz)
    return pd.date_range(start, last, freq=step)


def census(
    visits: pd.DataFrame, steps: Sequence[str], moments: pd.DatetimeIndex, *, runs: int, starts_known: bool
) -> pd.DataFrame:
    """How many were at each step at each moment, and how many of them waited."""
    here = visits["outcome"] == "still_here"
    end = visits["left"].where(here, visits["left"].fillna(visits["finished"]).fillna(visits["until"]))
    # Where the start of a visit that is over is not recorded, nobody can say that it was a wait.
    without = visits["at"].where(~visits["outcome"].isin(["gave_up", "turned_away"]), end)
    began = visits["started"].where(here | visits["started"].notna(), without)
    parts = []
    for step in steps:
        rows = visits["step"] == step
        waits = began[rows] if starts_known else None
        parts.append(counts(step, moments, visits["at"][rows], end[rows], waits, runs))
    columns = ["at", "step", "there", "waiting"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def counts(
    step: str, moments: pd.DatetimeIndex, begin: pd.Series, end: pd.Series, began: pd.Series | None, runs: int
) -> pd.DataFrame:
    """How many have begun and not ended at each moment, a run."""

    def so_many(times: pd.Series) -> NDArray[np.int64]:
        """How many of *times* have passed at each moment."""
        stamps = times.dropna().dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[ns]")
        clock = moments.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[ns]")
        return np.asarray(np.searchsorted(np.sort(stamps), clock, side="right"))

    joined = so_many(begin)
    made = pd.DataFrame({"at": moments, "step": step, "there": (joined - so_many(end)) / runs})
    made["waiting"] = (joined - so_many(began)) / runs if began is not None else np.nan
    return made


def journeys(visits: pd.DataFrame, keys: Sequence[str], until: pd.Timestamp) -> pd.DataFrame:
    """One row a person, in order of first coming; *visits* are in order of time."""
    who = person_codes(visits, keys)
    order = sorted_places(who)
    first = np.flatnonzero(np.diff(who[order], prepend=-1))
    size = np.diff(first, append=len(order))
    rows = visits.iloc[order[first]].reset_index(drop=True)
    made = rows[[*keys, "group"]].assign(arrived=rows["at"])
    here = (visits["outcome"] == "still_here").to_numpy()[order]
    last = visits["until"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()[order]
    here = np.logical_or.reduceat(here, first) if len(first) else here
    last = np.maximum.reduceat(last, first) if len(first) else last
    ended = pd.Series(last).dt.tz_localize("UTC").dt.tz_convert(until.tz)
    made["ended"] = ended.mask(here, until)
    made["visits"] = size
    made["variant"] = _variants(visits["step"], order, first, size)
    made["still_here"] = here
    made["hours"] = hours_between(made["arrived"], made["ended"])
    return made


def _variants(
    step: pd.Series, order: NDArray[np.int64], first: NDArray[np.int64], size: NDArray[np.int64]
) -> pd.Series:
    """Each person's steps in order; the same way is the same object."""
    codes, names = pd.factorize(step)
    ordered = codes[order]
    way = same_ways(ordered, first, size)
    _, someone = np.unique(way, return_index=True)
    known = ways_in_words(ordered, first[someone], size[someone], list(names))
    made = np.empty(len(known), dtype=object)
    made[:] = known
    return pd.Series(made[way], dtype=object)


def same_ways(step: NDArray[np.int64], first: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    A number for each person's way, the same for the same steps in the same order; from 0, by who comes first.

    *step* holds each person's steps together, in order: the steps of a person begin at
    *first* and are *size* many. Exact, with no hashing of whole ways: people part, step
    after step, until each is alone or has come to the end.

    >>> same_ways(np.array([0, 1, 0, 0, 1]), np.array([0, 2, 3]), np.array([2, 1, 2])).tolist()
    [0, 1, 0]
    """
    found = np.zeros(len(first), dtype=np.int64)
    on, together = np.arange(len(first)), np.zeros(len(first), dtype=np.int64)
    kinds, done, depth = int(step.max(initial=0)) + 1, 0, 0
    while len(on):
        codes, different = pd.factorize(together * kinds + step[first[on] + depth])
        depth += 1
        ends = (size[on] == depth) | (np.bincount(codes) == 1)[codes]
        found[on[ends]] = done + codes[ends]
        done += len(different)
        on, together = on[~ends], codes[~ends]
    return np.asarray(pd.factorize(found)[0])


def ways_in_words(
    step: NDArray[np.int64], first: NDArray[np.int64], size: NDArray[np.int64], names: Sequence[str]
) -> list[tuple[str, ...]]:
    """The names of the steps of some people, each person's as a tuple; the steps as for `same_ways`."""
    begins = np.cumsum(size) - size
    rows = np.arange(int(size.sum())) + np.repeat(first - begins, size)
    words = np.asarray(names, dtype=object)[step[rows]].tolist()
    return [tuple(words[a:b]) for a, b in zip(begins.tolist(), (begins + size).tolist(), strict=True)]


def sorted_places(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    The places of whole *numbers* from 0, in their order; equal ones stay as they stand.

    As numpy's stable `argsort`, several times as fast: numpy sorts numbers of 16 bits by
    counting, so that few such passes, from the last bits to the first, sort them all.

    >>> sorted_places(np.array([70_000, 1, 70_000, 0])).tolist()
    [3, 1, 0, 2]
    """
    most, shift = int(numbers.max(initial=0)), BITS
    order = np.argsort(numbers.astype(np.uint16), kind="stable")  # by the last 16 bits alone
    while most >> shift:
        order = order[np.argsort((numbers >> shift).astype(np.uint16)[order], kind="stable")]
        shift += BITS
    return order


def person_codes(visits: pd.DataFrame, keys: Sequence[str]) -> NDArray[np.int64]:
    """A number for each person, in order of first row."""
    codes = np.zeros(len(visits), dtype=np.int64)
    for place, key in enumerate(keys):
        one, different = pd.factorize(visits[key])
        codes = pd.factorize(codes * max(len(different), 1) + one)[0] if place else one
    return np.asarray(codes, dtype=np.int64)


def order_of_steps(visits: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """
    The names of the steps, those that come earlier in people's journeys first.

    Of two steps, the earlier is the one that more people reach first; each step
    ranks by how many others it comes before. Where that would be more than 20 million
    comparisons, steps rank by how far along the journeys they are reached, on average.
    """
    codes, names = pd.factorize(visits["step"])
    who = person_codes(visits, keys)
    every = int(who.max(initial=0)) // ORDER_SAMPLE + 1
    seen = np.flatnonzero(who % every == 0) if every > 1 else np.arange(len(who))
    once = np.unique(who[seen] * len(names) + codes[seen], return_index=True)[1]  # each step's first visit by a person
    place = seen[np.sort(once)]
    place = place[np.argsort(who[place], kind="stable")]
    size = np.bincount(who[place] // every)
    step, turn = codes[place], np.arange(len(place)) - np.repeat(np.cumsum(size) - size, size)
    left = np.repeat(size, size) - turn - 1  # steps that the person reaches after this one
    if int(left.sum()) > MOST_PAIRS:
        rank = np.bincount(step, weights=(turn + 0.5) / np.repeat(size, size)) / np.bincount(step)
    else:
        rank = _times_behind(step, left, len(names))
    return [str(names[i]) for i in np.argsort(rank, kind="stable")]


def _times_behind(step: NDArray[np.int64], left: NDArray[np.int64], steps: int) -> NDArray[np.float64]:
    """For each step how many others come before it, less how many come after; *left* follow each in its journey."""
    one = np.repeat(np.arange(len(step)), left)
    other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(left) - left, left)
    first, second = step[one], step[other]
    pairs, which = np.unique(np.minimum(first, second) * steps + np.maximum(first, second), return_inverse=True)
    ahead = np.sign(np.bincount(which, weights=np.where(first < second, 1, -1), minlength=len(pairs)))
    low, high = np.divmod(pairs, steps)
    behind = np.bincount(high, weights=ahead, minlength=steps) - np.bincount(low, weights=ahead, minlength=steps)
    return np.asarray(behind, dtype=np.float64)
