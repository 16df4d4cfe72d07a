"""
What first model do the data give: a Pathway that behaves like a log, and how sure is each number?

Arrivals, routes, times, places, leaving hours and patience are each counted from the log;
every table has 95% intervals, and the notes say what was inferred and what was left out. A
model is only as good as its check: `flowlib.mapping.check` simulates it and lays the
result over the log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.capacity import Rota, Slots
from flowlib.core.eventlog import EventLog
from flowlib.core.pathway import Pathway, Step
from flowlib.core.privacy import FEWEST, suppress
from flowlib.core.variation import Exponential
from flowlib.mapping import model_notes
from flowlib.mapping.arrivals import arrivals
from flowlib.mapping.durations import lengths_of, step_times
from flowlib.mapping.leaving_seen import leaving_hours
from flowlib.mapping.lengths import stay_lengths
from flowlib.mapping.likelihoods import tried
from flowlib.mapping.model_shown import as_counted
from flowlib.mapping.order_seen import order_seen
from flowlib.mapping.places_seen import Places, done_within, places_seen
from flowlib.mapping.routing import routing
from flowlib.mapping.visit_rows import visit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.core.variation import Distribution
    from flowlib.mapping.durations import StepTimes
    from flowlib.mapping.leaving_seen import Leaving
    from flowlib.mapping.visit_rows import VisitRows

__all__ = ["FirstModel", "first_model"]

LONG_STAYS = 0.95  # share of stays after which a place that began empty looks as full as it is
SOME = 50  # visits: of fewer, the sentence says so
SHORTEST_WAIT = 1e-3  # hours
PLAIN = 2.0  # of AICc: so little does not tell another shape from the exponential
DIVERTED = 0.5  # share of those turned away who go to one other step
TABLES = ("durations", "arrivals", "routing", "capacity")
DESCRIBES = {
    "durations": ("visits", ["distribution", "mean_hours", "lower_95_ci", "upper_95_ci", "cv", "fit", "distance"]),
    "arrivals": ("people", ["per_day", "lower_95_ci", "upper_95_ci"]),
    "routing": ("people", ["share", "lower_95_ci", "upper_95_ci"]),
    "capacity": ("waited", ["full_share"]),
}


@dataclass(frozen=True)
class FirstModel:
    """A Pathway made from a log, with what each of its numbers rests on."""

    pathway: Pathway
    durations: pd.DataFrame  # step, group, visits, still_there, distribution, mean_hours and its interval, cv, fit,
    # distance (of the curves, 0 to 1), aicc
    arrivals: pd.DataFrame  # step, group, people, per_day and its interval, pattern, bursts (of days: variance/mean)
    routing: pd.DataFrame  # from_step, group, to_step, people, of, share and its interval
    capacity: pd.DataFrame  # step, capacity (None: not limited), from ("the log", "you", "not known"), most_in_place,
    # waited (visits), full_share (of the time that they waited), and why, in words
    notes: tuple[str, ...]  # what was inferred, and what was left out
    hourly: pd.DataFrame = field(repr=False)  # arrivals by hour of the week, as seen and as modelled
    synthetic: bool = False  # nobody in the log is a real person

    def shown(self, name: str) -> pd.DataFrame:
        """
        One of the tables as it may be shown: "durations", "arrivals", "routing" or "capacity".

        What describes fewer than 8 people is hidden. Counts of real people are rounded, and
        shares and rates are those of the rounded counts, or they would tell the exact ones.
        """
        table = getattr(self, checks.choice("table", name, TABLES))
        table = table if self.synthetic else as_counted(name, table)
        counted, describes = DESCRIBES[name]
        others = [one for one in ("of", "still_there") if one in table]
        return suppress(
            table.drop(columns=[one for one in ("aicc", "bursts") if one in table]),
            counts=[counted, *others], describes=describes, synthetic=self.synthetic, decimals=2,
        )  # fmt: skip

    def sentence(self) -> str:
        """What the model has, in plain words."""
        steps = len(self.pathway.steps)
        a_day = sum(stream.mean_per_hour for stream in self.pathway.arrivals) * 24
        limited = [step.name for step in self.pathway.steps if step.capacity is not None]
        places = (
            f"Places are known at {checks.listed(limited)}." if limited else "No step has a known number of places."
        )
        measured = self.durations[self.durations["distribution"] == "Empirical"]["step"].unique()
        near = f" No named shape fits the times of {checks.listed(measured)}." if len(measured) else ""
        few = " Some of its numbers rest on fewer than 50 visits." if self.durations["visits"].min() < SOME else ""
        people = f"{checks.shown(float(f'{a_day:.3g}'))} people a day"
        return (
            f"The model has {steps} step{'' if steps == 1 else 's'} and {people}. "
            f"{places}{near}{few} Check it before you ask it anything."
        )


def first_model(
    log: EventLog,
    *,
    capacity: Mapping[str, int | Rota | Slots | None] | None = None,
    queue_limit: Mapping[str, int] | None = None,
    only: Sequence[str] | None = None,
) -> FirstModel:
    """
    A Pathway that behaves like *log*, with intervals for its numbers.

    *capacity* and *queue_limit*, by step, go before what the log shows; a capacity of
    None makes a step a pure delay. Other steps get a capacity only where the log shows
    one plainly (`places_seen`), and are pure delays otherwise, in which a wait is part of the
    time. *only* keeps some steps; people then come to the first of them as they did.
    Left out: rotas that differ by weekday, and time between steps.
    Raises a `Refusal` where a step has no begin and end, or fewer than 8 visits.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, simulate
    >>> clinic = Pathway("Clinic", [Step("nurse", 3, Exponential(1))], [Arrivals("nurse", per_hour=2.5)])
    >>> made = first_model(simulate(clinic, days=60, seed=1))
    >>> made.pathway.step("nurse").capacity, made.durations["distribution"][0]
    (3, 'Exponential')
    """
    if not isinstance(log, EventLog):
        came = type(log).__name__
        raise checks.Refusal(f"first_model takes an EventLog; {came} came. Make one with EventLog.from_frame.")
    checks.need(len(log), "The log has no rows, so there is nothing to make a model from.")
    checks.need(not isinstance(only, str), f'only must be a list of steps, such as ["{only}"]; text came.')
    names = list(only) if only else log.steps
    for name in names:
        checks.choice("step", name, log.steps, where="in the log")
    for name in (*(capacity or {}), *(queue_limit or {})):
        checks.choice("step", name, names, where="among those kept")
    for name, room in (capacity or {}).items():
        good = room is None or isinstance(room, (int, Rota, Slots))
        checks.need(good, f'capacity of "{name}" must be a number, a Rota, Slots or None; {checks.brief(room)} came.')
        Step(name, room, Exponential(1))  # refuses a number below 0
    for name, limit in (queue_limit or {}).items():
        Step(name, 1, Exponential(1), queue_limit=limit)
    stay_lengths(log, names[0]) if _one_time(log) else None
    return _Maker(log, names, dict(capacity or {}), dict(queue_limit or {})).made()


class _Maker:
    """Makes the model step by step; what it learns of one thing decides how the next is counted."""

    def __init__(
        self, log: EventLog, names: list[str], given: dict[str, int | Rota | Slots | None], limits: dict[str, int]
    ) -> None:
        self.log, self.names, self.given, self.limits = log, names, given, limits
        rows = visit_rows(log)
        alone = self.alone = _one_run(log, rows)
        within = {a: b for a, b in done_within(rows).items() if a in names and b in names}
        alike = [name for name in names if name not in within.values()]  # others leave with the step within them
        self.leaving = {name: found for name in alike if (found := leaving_hours(alone, name)) is not None}
        since = {name: _settled(alone, name) for name in names}
        self.places = {name: places_seen(alone, name, since=since[name], leaving=self.leaving) for name in names}
        self.room = {name: given.get(name, self.places[name].capacity) for name in names}
        for name in limits:
            checks.need(
                self.room[name] is not None,
                f'A queue limit at "{name}" needs a number of places, and the log shows none. Give its capacity too.',
            )
        self.delays = [name for name in names if self.room[name] is None]
        code = [rows.names.index(name) for name in self.delays]
        self.rows = rows.keep(~(rows.turned_away & np.isin(rows.step, code)))
        self.within = within
        self.groups: list[str] = []  # kinds of person who come while the log is kept
        self.notes: list[str] = []

    def made(self) -> FirstModel:
        streams = arrivals(self.log, self.rows, self.names)
        checks.need(streams.streams, "Nobody comes to these steps while the log is kept, so there is nothing to model.")
        groups = self.groups = list(dict.fromkeys(stream.group for stream in streams.streams))
        ways = routing(self.rows, self.names, groups, delays=self.delays)
        times = {name: self._times(name, groups) for name in self.names}
        steps = tuple(self._step(name, times[name]) for name in self.names)
        self.notes += model_notes.bursts(streams.table)
        self.notes += model_notes.left_out(self.rows, limited=any(room is not None for room in self.room.values()))
        return FirstModel(
            pathway=Pathway(self.log.name or "From a log", steps, streams.streams, ways.routes),
            durations=pd.concat([times[name].table(name) for name in self.names], ignore_index=True),
            arrivals=streams.table,
            routing=ways.table,
            capacity=self._capacities(),
            notes=tuple(self.notes),
            hourly=streams.hours,
            synthetic=self.log.synthetic,
        )

    def _times(self, name: str, groups: list[str]) -> StepTimes:
        leaving = self.leaving.get(name)
        lengths = lengths_of(
            self.rows, name, with_wait=self.room[name] is None, to_finish=self._kept_on(name),
            hold=leaving.hold if leaving else 0.0,
        )  # fmt: skip
        return step_times(name, lengths, self.rows.groups, groups)

    def _kept_on(self, name: str) -> bool:
        """Whether the model itself keeps people here after the end of care, so that this is no part of the time."""
        told_apart = name in self.leaving and self.leaving[name].hold == 0
        return (
            told_apart
            or name in self.within.values()
            or any(self.places[to].blocked >= FEWEST and self.room[to] is not None for to in self._onward_of(name))
        )

    def _onward_of(self, name: str) -> list[str]:
        """The steps that people go to from this one, or from steps within it."""
        here = [self.rows.names.index(one) for one in self.names if one == name or self.within.get(one) == name]
        onward = self.rows.onward[np.isin(self.rows.step, here)]
        return [self.rows.names[code] for code in np.unique(onward[onward >= 0]) if self.rows.names[code] in self.names]

    def _step(self, name: str, times: StepTimes) -> Step:
        room, seen, leaving = self.room[name], self.places[name], self.leaving.get(name)
        words: dict[str, Any] = {"within": self.within.get(name)}
        if room is not None:
            words |= self._when_full(name, seen)
            words["patience"] = self._patience(name)
            words["priority"] = self._first(name)
        if leaving:
            words["leaves_between"] = leaving.between
        self._tell_of(name, seen, leaving)
        return Step(name, room, times.time, **words)

    def _when_full(self, name: str, seen: Places) -> dict[str, Any]:
        rows = self.rows
        away = rows.turned_away & (rows.step == rows.names.index(name))
        if name in self.limits or away.sum() >= FEWEST:
            limit = self.limits.get(name, seen.queue_limit)
            followed = away[:-1] & (rows.who[1:] == rows.who[:-1])
            to = np.bincount(rows.step[1:][followed[: len(rows) - 1]], minlength=len(rows.names))
            best = rows.names[int(to.argmax())]
            if to.max() > DIVERTED * away.sum() and best in self.names and best != name:
                self.notes.append(f"{name}: when {limit} wait, the others go to {best}.")
                return {"queue_limit": limit, "when_full": "divert", "divert_to": best}
            self.notes.append(f"{name}: when {limit} wait, the others are turned away.")
            return {"queue_limit": limit, "when_full": "turn_away"}
        if seen.blocked >= FEWEST:
            self.notes.append(f"{name}: when it is full, people wait for it in the step before and keep that place.")
            return {"queue_limit": seen.queue_limit}
        return {}

    def _first(self, name: str) -> tuple[str, ...]:
        """The kinds of person who go first."""
        order = order_seen(self.alone, name)
        coming = [group for group in order.first if group in self.groups]
        if coming:
            self.notes.append(f"{name}: {checks.listed(coming)} go first, from the log.")
        elif order.mixed:
            told = f"{100 * order.out_of_turn:.0f} in 100 go before someone who came earlier"
            self.notes.append(f"{name}: {told}. The model takes people in the order in which they come.")
        return tuple(coming)

    def _patience(self, name: str) -> Distribution | None:
        """How long people wait before they give up; whoever was seen, or still waits, would have waited longer."""
        rows = self.rows
        mine = (rows.step == rows.names.index(name)) & ~rows.turned_away & (rows.arrived >= 0)
        gave_up = mine & rows.gave_up
        if gave_up.sum() < FEWEST:
            return None
        end = np.where(gave_up, rows.left, np.where(np.isnan(rows.started), rows.until, rows.started))
        waited = np.maximum(end - rows.arrived, SHORTEST_WAIT)
        found = tried(waited[gave_up & ~np.isnan(end)], waited[mine & ~gave_up & ~np.isnan(end)])
        best = next((one for one in found if one.name == "Exponential" and one.aicc <= found[0].aicc + PLAIN), found[0])
        share = f"{100 * gave_up.sum() / mine.sum():.0f} in 100"
        self.notes.append(f"{name}: {share} give up. How long people are willing to wait is {best.name} in the model.")
        return best.distribution

    def _tell_of(self, name: str, seen: Places, leaving: Leaving | None) -> None:
        room = self.room[name]
        told = model_notes.room_in_words(room)
        if name in self.given:
            self.notes.append(f"{name}: {told}, as you said. At most {seen.most} were ever in place at once.")
        elif room is not None:
            self.notes.append(f"{name}: {told}, from the log. {seen.why}")
        elif seen.waited >= FEWEST:
            self.notes.append(f"{name}: no number of places. {seen.why} Its waits are part of its time.")
        if name in self.within:
            self.notes.append(f"{name}: done while the place at {self.within[name]} is kept.")
        if not self._kept_on(name):
            self.notes += model_notes.kept_after_care(self.rows, name)
        if leaving:
            inside = f"{100 * leaving.share:.0f} in 100 people leave"
            between = f"between {leaving.between[0]} and {leaving.between[1]}"
            self.notes.append(f"{name}: {inside} {between}; at any hour it would be {100 * leaving.by_chance:.0f}.")

    def _capacities(self) -> pd.DataFrame:
        made = []
        for name in self.names:
            seen, room = self.places[name], self.room[name]
            whose = "you" if name in self.given else "not known" if room is None else "the log"
            made.append((name, room, whose, seen.most, seen.waited, seen.sure, seen.why))
        columns = ["step", "capacity", "from", "most_in_place", "waited", "full_share", "why"]
        return pd.DataFrame(made, columns=columns).astype({"capacity": object})


def _one_time(log: EventLog) -> bool:
    """Whether the log has one time a visit, so that nothing can be said of how long a step takes."""
    return int(log.visits[["arrived", "started", "finished", "left"]].notna().any().sum()) == 1


def _one_run(log: EventLog, rows: VisitRows) -> VisitRows:
    """The visits of one run: who is in place at once is a question of one place."""
    if log.runs == 1:
        return rows
    return visit_rows(log.only(run=log.frame["run"].iloc[0]))


def _settled(rows: VisitRows, step: str) -> float:
    """From when a place is seen as full as it is: at once, or where nobody was there at first, after a long stay."""
    if (rows.at < 0).any():
        return 0.0
    mine = (rows.step == rows.names.index(step)) & ~rows.turned_away
    stays = (np.where(np.isnan(rows.left), rows.finished, rows.left) - np.fmin(rows.arrived, rows.started))[mine]
    stays = stays[~np.isnan(stays)]
    return min(float(np.quantile(stays, LONG_STAYS)), rows.until / 2) if len(stays) else 0.0
