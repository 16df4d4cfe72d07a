"""
What happened to whom, at which step, when?

An `EventLog` is one table: a row a visit to a step. A log from a hospital and a log
from a simulation are the same table, so every tool works on both. Times are wall
clock (Europe/London unless said otherwise); lengths of time are hours, and stay
right across a clock change.

People still there when the log ends stay in it as `still_here`. Leaving them out
would make waits look short exactly when the queue grows.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from flowlib.core.quality import Quality

__all__ = ["COLUMNS", "LONDON", "OUTCOMES", "TIMES", "EventLog", "first_known", "last_known"]

LONDON = "Europe/London"
TIMES = ("arrived", "started", "finished", "left")
COLUMNS = ("person", "step", "group", *TIMES, "outcome", "next_step", "run")
OUTCOMES = ("completed", "still_here", "gave_up", "turned_away", "not_recorded")
ORDER_SAMPLE = 5_000  # people enough to see which step comes first
CALENDAR = ("month", "week", "weekday", "hour")


class EventLog:
    """
    One table of what happened to whom, when.

    >>> import pandas as pd
    >>> when = ["5/1/2026 09:00", "5/1/2026 09:30"]  # day first
    >>> rows = pd.DataFrame({"id": ["a", "a"], "place": ["desk", "nurse"], "when": when})
    >>> log = EventLog.from_frame(rows, person="id", step="place", finished="when")
    >>> log.journeys()["hours"].tolist()
    [0.5]
    """

    def __init__(
        self,
        frame: pd.DataFrame | None,
        *,
        observed: tuple[pd.Timestamp, pd.Timestamp],
        hours: dict[str, np.ndarray] | None = None,
        name: str = "",
        synthetic: bool = False,
        quality: Quality | None = None,
    ) -> None:
        """
        Take a frame that has the log's own columns already; `from_frame` makes one from other columns.

        A simulated log has *hours* in its place: the columns as arrays.
        `synthetic` says that nobody in it is a real person.
        """
        self._frame = frame
        self._hours = hours
        self.observed = observed  # (from, until): the window that the log covers
        self.name = name
        self.synthetic = synthetic
        self.quality = quality  # what was found, put right and set aside when it was read

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        person: str,
        step: str,
        arrived: str | None = None,
        started: str | None = None,
        finished: str | None = None,
        left: str | None = None,
        group: str | None = None,
        outcome: str | None = None,
        next_step: str | None = None,
        run: str | None = None,
        observed: tuple[Any, Any] | None = None,
        blank_end: str = "not_recorded",
        timezone: str = LONDON,
        name: str = "",
        synthetic: bool = False,
    ) -> EventLog:
        """
        A log from a frame with columns of your own; columns not named are not kept.

        Each argument is the name of a column. One time is enough; text dates are
        read day first. `blank_end="still_here"` says that a blank last time means
        the person is still there; otherwise it is `not_recorded`. `observed` is the
        window that the extract covers; without it, first to last time seen.

        Raises a `Refusal` where a column is missing, no time is named, or a column
        looks like a person's identity.
        """
        from flowlib.core.reading import tidy  # noqa: PLC0415 - reading builds on this module

        named = (person, step, group, arrived, started, finished, left, outcome, next_step, run)
        columns = {role: column for role, column in zip(COLUMNS, named, strict=True) if column is not None}
        return tidy(
            frame, columns, observed=observed, blank_end=blank_end, timezone=timezone, name=name, synthetic=synthetic
        )

    @classmethod
    def read(cls, path: str | Path, **columns: Any) -> Any:  # noqa: ANN401 - a log, or a Proposal where no column is named
        """
        A log from a CSV or Excel file: name the columns, as in `from_frame`.

        With no column named, what comes back is a `reading.Proposal`: a guess to be
        looked at, which becomes a log only by its `accept()`.
        """
        from flowlib.core import reading  # noqa: PLC0415

        return reading.read(path, **columns) if set(columns) & {"person", "step"} else reading.propose(path, **columns)

    @classmethod
    def from_hours(
        cls,
        columns: Mapping[str, np.ndarray],
        *,
        starts: dt.datetime,
        until: float,
        since: float = 0.0,
        name: str = "",
    ) -> EventLog:
        """
        A simulated log from arrays; times are hours after *starts*, NaN where there is none.

        The log covers *since* to *until* (hours). The arrays are kept as they are,
        so `in_hours` and `arrays` are exact.
        """
        zero = pd.Timestamp(starts).tz_localize("UTC")
        observed = (zero + pd.Timedelta(hours=since), zero + pd.Timedelta(hours=until))
        hours = {key: np.asarray(values) for key, values in columns.items()}
        hours |= {time: hours[time] - since for time in TIMES}
        return cls(None, hours=hours, observed=observed, name=name, synthetic=True)

    @property
    def frame(self) -> pd.DataFrame:
        """The table itself: `person, step, group, arrived, started, finished, left, outcome, next_step` (and `run`)."""
        if self._frame is None:
            hours = self._hours or {}
            made: dict[str, Any] = {}
            for column in COLUMNS:
                if column in TIMES:
                    made[column] = self.observed[0] + pd.to_timedelta(hours[column], unit="h")
                elif column in hours:
                    made[column] = hours[column]
            self._frame = pd.DataFrame(made)
        return self._frame

    @property
    def in_hours(self) -> pd.DataFrame:
        """The same table, with times as hours since `observed[0]`."""
        if self._hours is not None:
            return pd.DataFrame({c: self._hours[c] for c in COLUMNS if c in self._hours})
        changed = self.frame.copy()
        for column in TIMES:
            changed[column] = _hours(self.observed[0], changed[column])
        return changed

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The columns of `in_hours` as numpy arrays, by name."""
        if self._hours is not None:
            return {c: self._hours[c] for c in COLUMNS if c in self._hours}
        return {str(column): values.to_numpy() for column, values in self.in_hours.items()}

    @property
    def hours_observed(self) -> float:
        """How long the log covers, hours."""
        return float((self.observed[1] - self.observed[0]) / pd.Timedelta(hours=1))

    @property
    def keys(self) -> list[str]:
        """The columns that name one person: `person`, and `run` in a simulated log."""
        return [column for column in ("run", "person") if column in self.frame]

    @cached_property
    def steps(self) -> list[str]:
        """
        The names of the steps, those that come earlier in people's journeys first.

        Of two steps, the earlier is the one that more people reach first; each step
        ranks by how many others it comes before.
        """
        seen = self.visits
        names = [str(name) for name in seen["step"].unique()]
        people = seen.groupby(self.keys, sort=False).ngroup()
        some = seen[people % (people.max() // ORDER_SAMPLE + 1) == 0] if len(seen) else seen
        place = some.assign(who=people, place=np.arange(len(some))).pivot_table("place", "who", "step", aggfunc="min")
        first = place.reindex(columns=names).to_numpy()
        ahead = [sum(_net_before(first[:, a], first[:, b]) > 0 for b in range(len(names))) for a in range(len(names))]
        behind = [sum(_net_before(first[:, a], first[:, b]) < 0 for b in range(len(names))) for a in range(len(names))]
        return [names[i] for i in sorted(range(len(names)), key=lambda i: (behind[i] - ahead[i], i))]

    @property
    def people(self) -> int:
        """How many people (over all runs) the log holds."""
        return len(self.frame[self.keys].drop_duplicates())

    def __len__(self) -> int:
        return len(next(iter(self._hours.values()))) if self._hours is not None else len(self.frame)

    def __repr__(self) -> str:
        first, last = (f"{moment:%d %B %Y}" for moment in self.observed)
        return f"EventLog({self.name or 'unnamed'}: {len(self):,} visits, {first} to {last})"

    @cached_property
    def visits(self) -> pd.DataFrame:
        """
        The table in order of time, with lengths in hours beside it.

        Adds `at` (the first time known), `until` (the last), `wait_hours` (joined to
        began), `service_hours` (began to ended), `step_hours` (joined to place given
        up) and `waiting` (still waiting when the log ends). Equal times keep the
        order of the file.
        """
        made = self.frame.copy()
        made["at"], made["until"] = first_known(made), last_known(made)
        made["wait_hours"] = _hours(made["arrived"], made["started"])
        made["service_hours"] = _hours(made["started"], made["finished"])
        made["step_hours"] = _hours(made["arrived"].fillna(made["started"]), made["left"].fillna(made["finished"]))
        made["waiting"] = (made["outcome"] == "still_here") & made["started"].isna() & made["arrived"].notna()
        return made.sort_values("at", kind="stable", ignore_index=True)

    def waits(self, by: str | Sequence[str] = "step") -> pd.DataFrame:
        """
        Waits before service began, hours, of those who joined in the observed window: a row for each value of *by*.

        *by* is one or more of the log's columns, or "month", "week", "weekday" or
        "hour" of joining. Columns: `visits`, `waits_known`, `still_waiting`,
        `mean_hours` (of those who began), `median_hours` and `p90_hours` (people
        still waiting counted as waiting at least so long: E. L. Kaplan and P. Meier,
        J. American Statistical Association 53, 1958) and `longest_hours`.
        """
        seen = self.visits
        so_far = _hours(seen["arrived"], self.observed[1])
        return self._summary(by, seen["wait_hours"], so_far.where(seen["waiting"]), "waits_known", "still_waiting")

    def times_in_step(self, by: str | Sequence[str] = "step") -> pd.DataFrame:
        """
        Time from joining a step to giving up its place, hours; as `waits`, people still there counted.

        Columns: `visits`, `times_known`, `still_there`, `mean_hours`, `median_hours`,
        `p90_hours`, `longest_hours`.
        """
        seen = self.visits
        here = (seen["outcome"] == "still_here") & seen["step_hours"].isna()
        so_far = _hours(seen["arrived"].fillna(seen["started"]), self.observed[1])
        return self._summary(by, seen["step_hours"], so_far.where(here), "times_known", "still_there")

    def _summary(
        self, by: str | Sequence[str], known: pd.Series, so_far: pd.Series, done: str, open_: str
    ) -> pd.DataFrame:
        labels = [self._label(name) for name in ([by] if isinstance(by, str) else by)]
        joined = self.visits["at"] >= self.observed[0]  # those already there at the beginning fill places, no more
        table = pd.DataFrame({"known": known, "so_far": so_far})[joined]
        rows = {}
        for key, part in table.groupby(labels if len(labels) > 1 else labels[0], sort=True):
            ended, waiting = part["known"].dropna().to_numpy(), part["so_far"].dropna().to_numpy()
            median, p90 = _quantiles(ended, waiting, (0.5, 0.9))
            everyone = np.concatenate([ended, waiting])
            rows[key] = {
                "visits": len(part),
                done: len(ended),
                open_: len(waiting),
                "mean_hours": float(ended.mean()) if len(ended) else np.nan,
                "median_hours": median,
                "p90_hours": p90,
                "longest_hours": float(everyone.max()) if len(everyone) else np.nan,
            }
        made = pd.DataFrame.from_dict(rows, orient="index")
        made.index = (
            pd.MultiIndex.from_tuples(rows, names=[str(label.name) for label in labels])
            if len(labels) > 1
            else pd.Index(rows, name=labels[0].name)
        )
        if by == "step":
            made = made.reindex([s for s in self.steps if s in made.index])
        return made

    def _label(self, name: str) -> pd.Series:
        checks.choice("column", name, [*self.frame.columns, *CALENDAR], where="to group by")
        if name not in CALENDAR:
            return self.visits[name]
        at = self.visits["at"].dt.tz_localize(None)
        label: pd.Series = {
            "month": lambda: at.dt.to_period("M").dt.start_time,
            "week": lambda: at.dt.to_period("W-SUN").dt.start_time,
            "weekday": lambda: at.dt.weekday,
            "hour": lambda: at.dt.hour,
        }[name]()
        return label.rename(name)

    def census(self, every: str = "1h", *, of: str = "steps") -> pd.DataFrame:
        """
        How many people were there, moment by moment.

        Columns: `at`, `step`, `there` (place taken) and `waiting` (not yet begun).
        *of* is "steps", or "journeys" for the whole way from first to last time.
        Visits with no end recorded count until the last time known for them; people
        still there count to the end of the log. Runs are averaged.
        """
        checks.choice("kind of census", of, ("steps", "journeys"))
        grid = pd.date_range(self.observed[0].ceil(every), self.observed[1], freq=every)
        if of == "journeys":
            whole = self.journeys()
            return _counts("whole journey", grid, whole["arrived"], whole["ended"].where(~whole["still_here"]), None)
        seen = self.visits
        runs = seen["run"].nunique() if "run" in seen else 1
        parts = []
        for step in self.steps:
            rows = seen[seen["step"] == step]
            here = rows["outcome"] == "still_here"
            end = rows["left"].fillna(rows["finished"])
            end = end.where(here | end.notna(), rows["until"])
            began = rows["started"].where(rows["started"].notna() | here, end)
            parts.append(_counts(step, grid, rows["at"], end, began, runs))
        return pd.concat(parts, ignore_index=True)

    def journeys(self) -> pd.DataFrame:
        """
        One row a person: `arrived`, `ended`, `hours`, `visits`, `variant` (the steps in order), `still_here`.

        For people still there, `ended` is the end of the log and `hours` is so far.
        """
        seen = self.visits
        grouped = seen.groupby(self.keys, sort=False)
        made = grouped.agg(
            group=("group", "first"), arrived=("at", "min"), ended=("until", "max"), visits=("step", "size"),
            variant=("step", tuple), still_here=("outcome", lambda o: bool((o == "still_here").any())),
        ).reset_index()  # fmt: skip
        made["ended"] = made["ended"].where(~made["still_here"], self.observed[1])
        made["hours"] = _hours(made["arrived"], made["ended"])
        return made

    def only(self, **where: object) -> EventLog:
        """The rows whose columns hold these values: `log.only(group="major")`."""
        keep = np.ones(len(self.frame), dtype=bool)
        for column, value in where.items():
            checks.choice("column", column, self.frame.columns)
            keep &= (self.frame[column] == value).to_numpy()
        rows = self.frame[keep].reset_index(drop=True)
        return EventLog(rows, observed=self.observed, name=self.name, synthetic=self.synthetic, quality=self.quality)

    def until(self, moment: object) -> EventLog:
        """The log as it stood at *moment*: what had not happened by then is blank, and people are still there."""
        end = pd.Timestamp(moment)
        end = end.tz_localize(self.observed[0].tz) if end.tz is None else end
        checks.need(
            self.observed[0] < end,
            f"The log begins on {self.observed[0]:%d %B %Y}, after {end:%d %B %Y}. Give a later date.",
        )
        rows = self.frame[first_known(self.frame) <= end].reset_index(drop=True)
        later = (rows[list(TIMES)] > end).any(axis=1)
        for time in TIMES:
            rows[time] = rows[time].where(rows[time] <= end)
        rows["outcome"] = rows["outcome"].mask(later, "still_here")
        rows["next_step"] = rows["next_step"].mask(later, "")
        window = (self.observed[0], min(end, self.observed[1]))
        return EventLog(rows, observed=window, name=self.name, synthetic=self.synthetic, quality=self.quality)

    def save(self, path: str | Path) -> None:
        """Keep the log as a Parquet file, to be opened with `EventLog.load`."""
        import pyarrow as pa  # noqa: PLC0415 - heavy, so only when used
        from pyarrow import parquet  # noqa: PLC0415

        notes = {"name": self.name, "synthetic": self.synthetic, "observed": [t.isoformat() for t in self.observed]}
        notes["timezone"] = str(self.observed[0].tz)
        notes["quality"] = self.quality.to_plain() if self.quality else None
        table = pa.Table.from_pandas(self.frame, preserve_index=False)
        parquet.write_table(
            table.replace_schema_metadata({**(table.schema.metadata or {}), b"flowlib": json.dumps(notes).encode()}),
            path,
        )

    @classmethod
    def load(cls, path: str | Path) -> EventLog:
        """A log kept by `save`."""
        from pyarrow import parquet  # noqa: PLC0415

        from flowlib.core.quality import Quality  # noqa: PLC0415

        table = parquet.read_table(path)
        notes = json.loads((table.schema.metadata or {})[b"flowlib"])
        first, last = (pd.Timestamp(t).tz_convert(notes["timezone"]) for t in notes["observed"])
        quality = Quality.from_plain(notes["quality"]) if notes["quality"] else None
        return cls(
            table.to_pandas(), observed=(first, last), name=notes["name"], synthetic=notes["synthetic"], quality=quality
        )


def first_known(rows: pd.DataFrame) -> pd.Series:
    """The first of the four times that each row has."""
    return rows["arrived"].fillna(rows["started"]).fillna(rows["finished"]).fillna(rows["left"])


def last_known(rows: pd.DataFrame) -> pd.Series:
    """The last of the four times that each row has."""
    return rows["left"].fillna(rows["finished"]).fillna(rows["started"]).fillna(rows["arrived"])


def _hours(earlier: Any, later: Any) -> Any:  # noqa: ANN401 - series or single moments
    """From one time to a later one, in hours; right across a clock change."""
    return (later - earlier) / pd.Timedelta(hours=1)


def _net_before(one: np.ndarray, other: np.ndarray) -> int:
    """How many more people reach the one step before the other than after."""
    return int(np.nansum(np.sign(other - one)))


def _quantiles(ended: np.ndarray, waiting: np.ndarray, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Quantiles with the unfinished counted; NaN where too many are unfinished to say."""
    if not len(ended):
        return tuple(np.nan for _ in shares)
    if not len(waiting):
        return tuple(float(np.quantile(ended, s)) for s in shares)
    from scipy import stats  # noqa: PLC0415

    data = stats.CensoredData(uncensored=ended, right=waiting)
    reached = stats.ecdf(data).cdf
    found = []
    for s in shares:
        place = np.flatnonzero(reached.probabilities >= s)
        found.append(float(reached.quantiles[place[0]]) if len(place) else np.nan)
    return tuple(found)


def _counts(
    step: str, grid: pd.DatetimeIndex, begin: pd.Series, end: pd.Series, began: pd.Series | None, runs: int = 1
) -> pd.DataFrame:
    def so_many(times: pd.Series) -> np.ndarray:
        """How many of *times* have passed at each moment of the grid."""
        stamps = times.dropna().dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        moments = grid.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
        return np.asarray(np.searchsorted(np.sort(stamps), moments, side="right"))

    joined = so_many(begin)
    made = pd.DataFrame({"at": grid, "step": step, "there": (joined - so_many(end)) / runs})
    made["waiting"] = (joined - so_many(began)) / runs if began is not None else np.nan
    return made
