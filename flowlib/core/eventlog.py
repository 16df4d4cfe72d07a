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

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks, summaries
from flowlib.core.columns import Coded, Columns
from flowlib.core.dates import LONDON
from flowlib.core.dates import moment as as_moment
from flowlib.core.summaries import hours_between

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from flowlib.core.quality import Quality

__all__ = ["COLUMNS", "LONDON", "OUTCOMES", "TIMES", "EventLog", "first_known", "last_known"]

TIMES = ("arrived", "started", "finished", "left")
COLUMNS = ("person", "step", "group", *TIMES, "outcome", "next_step", "run")
MICROSECONDS = 3.6e9  # in an hour: a frame is as fine as that, `in_hours` and `arrays` are exact
OUTCOMES = ("completed", "still_here", "gave_up", "turned_away", "not_recorded")


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
        hours: Columns | None = None,
        name: str = "",
        synthetic: bool = False,
        quality: Quality | None = None,
        runs: int | None = None,
    ) -> None:
        """
        Take a frame that has the log's own columns already; `from_frame` makes one from other columns.

        A simulated log has *hours* in its place: the columns as arrays.
        `synthetic` says that nobody in it is a real person; *runs* how many runs there
        were, where some may have had nobody in them.
        """
        self._frame = frame
        self._hours = hours
        self.observed = observed  # (from, until): the window that the log covers
        self.name = name
        self.synthetic = synthetic
        self.quality = quality  # what was found, put right and set aside when it was read
        self._runs = runs

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
        not_identities: Sequence[str] = (),
    ) -> EventLog:
        """
        A log from a frame with columns of your own; columns not named are not kept.

        Each argument is the name of a column. One time is enough; text dates are
        read day first. `blank_end="still_here"` says that a blank last time means
        the person is still there; otherwise it is `not_recorded`. `observed` is the
        window that the extract covers; without it, first to last time seen. People
        get random keys in place of their ids, unless the data are synthetic.

        Raises a `Refusal` where a column is missing, no time is named, or a column
        shows who people are; *not_identities* names columns of which you know better.
        """
        from flowlib.core.reading import tidy  # noqa: PLC0415 - reading builds on this module

        named = (person, step, group, arrived, started, finished, left, outcome, next_step, run)
        columns = {role: column for role, column in zip(COLUMNS, named, strict=True) if column is not None}
        about: dict[str, Any] = {"name": name, "synthetic": synthetic, "not_identities": not_identities}
        return tidy(frame, columns, observed=observed, blank_end=blank_end, timezone=timezone, **about)

    @classmethod
    def read(cls, path: str | Path, **columns: Any) -> Any:  # noqa: ANN401 - a log, or a Proposal where no column is named
        """
        A log from a CSV or Excel file: name the columns, as in `from_frame`.

        With no column named, what comes back is a `reading.Proposal`: a guess to be
        looked at, which becomes a log only by its `accept()`.
        """
        from flowlib.core import reading  # noqa: PLC0415

        if any(columns.get(role) is not None for role in COLUMNS):
            return reading.read(path, **columns)
        for word in columns:
            checks.need(
                word in (*COLUMNS, "sheet"),
                f"{word}= goes with named columns. Name person, step and a time, or give it to accept(...).",
            )
        return reading.propose(path, sheet=columns.get("sheet"))

    @classmethod
    def join(cls, logs: Sequence[EventLog]) -> EventLog:
        """One log of several that were read in this session, in which the same person has one key; see `joining`."""
        from flowlib.core.joining import joined  # noqa: PLC0415 - joining builds on this module

        return joined(logs)

    @classmethod
    def from_hours(
        cls,
        columns: Mapping[str, np.ndarray | Coded],
        *,
        starts: dt.datetime,
        until: float,
        since: float = 0.0,
        name: str = "",
        runs: int | None = None,
    ) -> EventLog:
        """
        A simulated log from arrays; times are hours after *starts*, NaN where there is none.

        The log covers *since* to *until* (hours). The arrays are kept as they are,
        so `in_hours` and `arrays` are exact. *runs* is how many runs there were.
        """
        zero = pd.Timestamp(starts).tz_localize("UTC").as_unit("us")
        window = _microseconds(np.asarray([since, until]))
        observed = (zero + pd.Timedelta(window[0]), zero + pd.Timedelta(window[1]))
        hours = {key: values if isinstance(values, Coded) else np.asarray(values) for key, values in columns.items()}
        if since:
            hours |= {time: np.asarray(hours[time]) - since for time in TIMES}
        return cls(None, hours=Columns(hours), observed=observed, name=name, synthetic=True, runs=runs)

    @property
    def frame(self) -> pd.DataFrame:
        """The table itself: `person, step, group, arrived, started, finished, left, outcome, next_step` (and `run`)."""
        if self._frame is None:
            hours = self._hours if self._hours is not None else Columns({})
            made: dict[str, Any] = {}
            for column in COLUMNS:
                if column in TIMES:
                    made[column] = self.observed[0] + pd.Series(_microseconds(hours[column]))
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
            changed[column] = hours_between(self.observed[0], changed[column])
        return changed

    @property
    def arrays(self) -> Columns:
        """The columns of `in_hours` as numpy arrays, by name."""
        if self._hours is None:
            return Columns({str(column): values.to_numpy() for column, values in self.in_hours.items()})
        return self._hours

    @property
    def hours_observed(self) -> float:
        """How long the log covers, hours."""
        return float(hours_between(*self.observed))

    @property
    def runs(self) -> int:
        """How many runs the log holds; a log that was not simulated is one."""
        if self._runs is not None:
            return self._runs
        return max(int(self.frame["run"].nunique()), 1) if "run" in self.frame else 1

    @property
    def starts_known(self) -> bool:
        """Whether the log says when service began; without it nobody can be said to wait."""
        return self.quality is None or "started" in self.quality.columns

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
        return summaries.order_of_steps(self.visits, self.keys)

    @property
    def people(self) -> int:
        """How many people (over all runs) the log holds."""
        return len(self.frame[self.keys].drop_duplicates())

    def __len__(self) -> int:
        return self._hours.rows if self._hours is not None else len(self.frame)

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
        here = made["outcome"] == "still_here"
        made["at"], made["until"] = first_known(made), last_known(made)
        made["wait_hours"] = hours_between(made["arrived"], made["started"])
        made["service_hours"] = hours_between(made["started"], made["finished"])
        end = made["left"].where(here, made["left"].fillna(made["finished"]))  # the blocked have finished, not left
        made["step_hours"] = hours_between(made["arrived"].fillna(made["started"]), end)
        made["waiting"] = here & made["started"].isna() & made["arrived"].notna() & self.starts_known
        if made["at"].is_monotonic_increasing:
            return made.reset_index(drop=True)
        return made.sort_values("at", kind="stable", ignore_index=True)

    def waits(self, by: str | Sequence[str] = "step") -> pd.DataFrame:
        """
        Waits before service began, hours, of those who joined in the observed window: a row for each value of *by*.

        *by* is one or more of the log's columns, or "month", "week", "weekday" or
        "hour" of joining. Columns: `visits`, `waits_known`, `still_waiting`,
        `mean_hours` (of those who began), `median_hours` and `p90_hours` (people
        still waiting counted as waiting at least so long: E. L. Kaplan and P. Meier,
        J. American Statistical Association 53, 1958) and `longest_hours`. People who
        gave up or were turned away did not begin, so they are only in `visits`.
        """
        seen = self.visits
        so_far = hours_between(seen["arrived"], self.observed[1])
        return self._summary(by, seen["wait_hours"], so_far.where(seen["waiting"]), "waits_known", "still_waiting")

    def times_in_step(self, by: str | Sequence[str] = "step") -> pd.DataFrame:
        """
        Time from joining a step to giving up its place, hours; as `waits`, people still there counted.

        Columns: `visits`, `times_known`, `still_there`, `mean_hours`, `median_hours`,
        `p90_hours`, `longest_hours`. People who were turned away had no place, so they
        are only in `visits`.
        """
        seen = self.visits
        here = (seen["outcome"] == "still_here") & seen["step_hours"].isna()
        so_far = hours_between(seen["arrived"].fillna(seen["started"]), self.observed[1])
        known = seen["step_hours"].mask(seen["outcome"] == "turned_away")
        return self._summary(by, known, so_far.where(here), "times_known", "still_there")

    def _summary(
        self, by: str | Sequence[str], known: pd.Series, so_far: pd.Series, done: str, still: str
    ) -> pd.DataFrame:
        joined = self.visits["at"] >= self.observed[0]  # those already there at the beginning fill places, no more
        labels = [summaries.label(self.visits, name)[joined] for name in ([by] if isinstance(by, str) else by)]
        checks.need(labels, "Name at least one column to group by.")
        made = summaries.summary(known[joined], so_far[joined], labels, done, still)
        return made.reindex([step for step in self.steps if step in made.index]) if by == "step" else made

    def census(self, every: str = "1h", *, of: str = "steps") -> pd.DataFrame:
        """
        How many people were there, moment by moment.

        Columns: `at`, `step`, `there` (place taken) and `waiting` (not yet begun;
        missing where the log has no starts). *of* is "steps", or "journeys" for the
        whole way from first to last time. Visits with no end recorded count until the
        last time known for them; people still there count to the end of the log. Runs
        are averaged.
        """
        checks.choice("kind of census", of, ("steps", "journeys"))
        moments = summaries.grid(*self.observed, every)
        if of == "journeys":
            whole = self.journeys()
            ended = whole["ended"].mask(whole["still_here"])
            return summaries.counts("whole journey", moments, whole["arrived"], ended, None, self.runs)
        known = self.starts_known
        return summaries.census(self.visits, self.steps, moments, runs=self.runs, starts_known=known)

    def journeys(self) -> pd.DataFrame:
        """
        One row a person: `arrived`, `ended`, `hours`, `visits`, `variant` (the steps in order), `still_here`.

        For people still there, `ended` is the end of the log and `hours` is so far.
        """
        return summaries.journeys(self.visits, self.keys, self.observed[1])

    def only(self, **where: object) -> EventLog:
        """The rows whose columns hold these values: `log.only(group="major")`."""
        keep = np.ones(len(self.frame), dtype=bool)
        for column, value in where.items():
            checks.choice("column", column, self.frame.columns)
            keep &= (self.frame[column] == value).to_numpy()
        rows = self.frame[keep].reset_index(drop=True)
        return self._with(rows, self.observed, None if "run" in where else self._runs)

    def until(self, moment: object) -> EventLog:
        """The log as it stood just before *moment*: what came then or later is blank, and people are still there."""
        end = as_moment("until", moment, str(self.observed[0].tz))
        checks.need(
            self.observed[0] < end,
            f"The log begins on {self.observed[0]:%d %B %Y}, after {end:%d %B %Y}. Give a later date.",
        )
        if end >= self.observed[1]:
            return self
        rows = self.frame[first_known(self.frame) < end].reset_index(drop=True)
        later = (rows[list(TIMES)] >= end).any(axis=1)
        for time in TIMES:
            rows[time] = rows[time].where(rows[time] < end)
        rows["outcome"] = rows["outcome"].mask(later, "still_here")
        rows["next_step"] = rows["next_step"].mask(later, "")
        return self._with(rows, (self.observed[0], end), self._runs)

    def _with(self, rows: pd.DataFrame, observed: tuple[pd.Timestamp, pd.Timestamp], runs: int | None) -> EventLog:
        """The same log with other rows."""
        about: dict[str, Any] = {"name": self.name, "synthetic": self.synthetic, "quality": self.quality}
        return EventLog(rows, observed=observed, runs=runs, **about)

    def save(self, path: str | Path) -> None:
        """Keep the log as a Parquet file, to be opened with `EventLog.load`."""
        from flowlib.core.log_files import write  # noqa: PLC0415 - files are written on request

        write(self, path)

    @classmethod
    def load(cls, path: str | Path) -> EventLog:
        """A log kept by `save`."""
        from flowlib.core.log_files import read  # noqa: PLC0415

        return read(path)


def _microseconds(hours: np.ndarray) -> np.ndarray:
    """Hours as timedeltas; missing where NaN."""
    known = np.isfinite(hours)
    made = np.full(len(hours), np.timedelta64("NaT"), dtype="timedelta64[us]")
    made[known] = np.round(hours[known] * MICROSECONDS).astype("timedelta64[us]")
    return made


def first_known(rows: pd.DataFrame) -> pd.Series:
    """The first of the four times that each row has."""
    return rows["arrived"].fillna(rows["started"]).fillna(rows["finished"]).fillna(rows["left"])


def last_known(rows: pd.DataFrame) -> pd.Series:
    """The last of the four times that each row has."""
    return rows["left"].fillna(rows["finished"]).fillna(rows["started"]).fillna(rows["arrived"])
