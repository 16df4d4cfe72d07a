"""
What would the wait be if we had more places, fewer arrivals or shorter stays?

One step, taken from a log as it is: people come as they came, stay as they stayed,
and wait when every place is taken. The number of places is the one that gives the
waits seen, and no more than were ever in use at once. Where a log records no waits, or
no lack of places explains them, the question is how many people are there at once, on
the whole journey.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.pathway import EVERYONE, Arrivals, Pathway, Step
from flowlib.core.privacy import FEWEST
from flowlib.diagnose.constraint import constraint
from flowlib.mapping.lengths import lasting
from flowlib.mapping.process_map import process_map
from flowlib.measure.demand import WHOLE, rhythm
from flowlib.redesign import cautions, levers
from flowlib.redesign.experiment import Comparison, Measure, Runs, mean_there, mean_wait, run
from flowlib.redesign.measures import HOURS_IN
from flowlib.redesign.what_if_answer import NOW, PEOPLE, THEN, Answer, number
from flowlib.simulation.simulate import check

if TYPE_CHECKING:
    from collections.abc import Generator

    from flowlib.core.eventlog import EventLog
    from flowlib.core.variation import Distribution

__all__ = ["NOW", "THEN", "Answer", "WhatIf", "what_if"]

VISITS = 12_000  # people simulated in all runs of one scenario, for an answer in a second or two
RUNS = 10
LONGEST, SHORTEST = 182.0, 14.0  # days simulated
FITTING_RUNS = 4
FITTED = 3.0  # near full, one half-year's wait is easily twice another's; a model further off is of something else
CLOSE = 0.15  # a model further than this from the wait seen says so
MOST_TRIED = 4  # steps with most waiting
LIGHTEST = 0.6  # of the work that comes: with fewer places, too many people would have to be turned away
DAY = 24.0  # hours
PIECE = 50_000  # visits simulated at a time, in less than a tenth of a second
ROUNDING = 1e-9
POINTS = 400  # of a curve of lengths
HALF, SAME = 0.5, 0.15  # what counts as halved, and as about the same
SETTLING = 3.6  # mean stays, after which an empty step holds 97 in 100 of what it will, with exponential stays
MISSING = 0.02  # of those on a whole journey, by long journeys that began before the model does


@dataclass
class WhatIf:
    """One step as it is, ready to be asked."""

    pathway: Pathway
    step: str
    places: int
    days: float
    warm_up_days: float
    note: str = ""  # what the model takes for granted, in words
    fits: bool = True  # whether the model gives the wait that was seen, at least roughly
    close: bool = True  # whether it gives nearly that wait; if not, the note says which
    waits: bool = True  # False: the question is how many are there at once
    seen_hours: float = math.nan  # mean wait in the log
    runs: int = RUNS
    seed: int = 1
    _now: list[Runs] = field(default_factory=list, repr=False)

    @property
    def stay_days(self) -> float:
        """Mean stay as it is, days."""
        return self.pathway.step(self.step).time_for(EVERYONE).mean / 24

    @property
    def a_day(self) -> float:
        """People who come, a day."""
        return 24 * sum(stream.mean_per_hour for stream in self.pathway.arrivals)

    @property
    def unit(self) -> str:
        """Of the answer: people, or what suits the waits seen: minutes, hours, or days."""
        if not self.waits:
            return PEOPLE
        return "minutes" if self.seen_hours < 1 else "days" if self.seen_hours >= DAY else "hours"

    @property
    def measure(self) -> Measure:
        """What is looked at."""
        return mean_wait(self.step, unit=self.unit) if self.waits else mean_there(self.step)

    @property
    def light(self) -> bool:
        """Whether all runs are made in one piece, which a person hardly notices."""
        return self._at_a_time >= self.runs

    def now_told(self) -> str:
        """How it is in the model, in words; empty where the note says it."""
        if not self.close:
            return ""
        mean = number(float(self._runs_now().by_run[self.measure.name].mean()))
        return (
            f"As it is, people wait {mean} {self.unit} on average."
            if self.waits
            else f"As it is, {mean} people are on the way at once."
        )

    def wait_hours(self) -> float:
        """Mean wait in the model as it is, hours."""
        return HOURS_IN[self.unit] * float(self._runs_now().by_run[self.measure.name].mean())

    def ask(self, *, places: int | None = None, arrivals: float = 1.0, stay: float = 1.0) -> Answer:
        """
        What would be with so many *places*, and with *arrivals* and *stay* times these factors (1 is as it is).

        The same people come in both scenarios, except that more arrivals add people.
        A whole journey has no places to change.
        """
        *_, answer = self.answers(places=places, arrivals=arrivals, stay=stay)
        return answer

    def answers(
        self, *, places: int | None = None, arrivals: float = 1.0, stay: float = 1.0
    ) -> Generator[Answer, None, None]:
        """The answer of `ask` from more and more runs, so that a page can show it as it grows; the last has all."""
        arrivals = checks.positive("arrivals", arrivals)
        changed = levers.change_time(levers.change_arrivals(self.pathway, arrivals), self.step, stay)
        if self.waits and places is not None:
            changed = changed.with_step(self.step, capacity=checks.whole("places", places, 1))
        now = self._runs_now()
        for then in self._more_and_more(changed, THEN):
            share = len(then.by_run) / self.runs
            comparison = Comparison({NOW: now, THEN: then}, NOW)
            if share == 1 or then.by_run[self.measure.name].notna().any():
                yield self._answer(comparison, share, self._growing(changed))

    def guesses(self) -> tuple[str, str, str, str]:
        """What a person can predict."""
        if self.waits:
            return ("Less than half as long", "Shorter, but not by half", "About the same", "Longer")
        return ("Less than half as many", "Fewer, but not by half", "About the same", "More")

    @property
    def _at_a_time(self) -> int:
        """Runs in one piece of work; one alone would have no range."""
        return max(2, int(PIECE / (self.a_day * (self.warm_up_days + self.days))))

    def _runs_now(self) -> Runs:
        if not self._now:
            *_, whole = self._more_and_more(self.pathway, NOW)
            self._now.append(whole)
        return self._now[0]

    def _more_and_more(self, pathway: Pathway, name: str) -> Generator[Runs, None, None]:
        """The runs of one scenario, a piece of work at a time; the last has all."""
        plan = check(pathway, days=self.days, warm_up_days=self.warm_up_days)
        mind = tuple(cautions.model(name, pathway, days=self.days, warm_up_days=self.warm_up_days))
        found: list[float] = []
        while len(found) < self.runs:
            numbers = range(len(found), min(len(found) + self._at_a_time, self.runs))
            found += [self.measure.of(plan.log([plan.one(self.seed, number)])) for number in numbers]
            yield Runs(pd.DataFrame({self.measure.name: found}), (self.measure,), mind)

    def _answer(self, comparison: Comparison, share: float, caution: str) -> Answer:
        told = f"people would wait for {self.step}" if self.waits else f"there would be at once, on {self.step},"
        what = f"mean wait for {self.step}" if self.waits else f"people on {self.step} at once"
        return Answer(comparison, told, what, self.unit, self._outcome(comparison), share, caution)

    def _growing(self, changed: Pathway) -> str:
        """A sentence where a queue that nobody leaves gets more than its places can do."""
        step = changed.step(self.step)
        if not self.waits or step.queue_limit is not None or changed.load_of(self.step) < 1:
            return ""
        return (
            f" More comes than these places can do, so the wait keeps growing. It is the mean of {self.days:.0f} days."
        )

    def _outcome(self, comparison: Comparison) -> str:
        now, then = (float(runs.by_run[self.measure.name].mean()) for runs in comparison.runs.values())
        checks.need(
            math.isfinite(now + then),
            f"In the {self.days:.0f} days simulated, nobody who came to {self.step} was seen. Choose more places.",
        )
        change = then / now - 1 if now > 0 else float(then > 0)
        place = 2 if abs(change) <= SAME + ROUNDING else 3 if change > 0 else 0 if change < -HALF - ROUNDING else 1
        return self.guesses()[place]


def what_if(log: EventLog, step: str | None = None, *, places: int | None = None) -> WhatIf:
    """
    The model of one step of *log*: by default the step that holds the flow back.

    Without *places*, those that give the mean wait seen in the log. Raises a
    `Refusal` where the log has too few complete visits to describe.
    """
    if not log.visits["wait_hours"].notna().any():
        return _whole_journey(log)
    if step is not None:
        return _of_step(log, checks.choice("step", step, log.steps, where="in the log"), places)
    table = constraint(log).table.sort_values("waiting_hours", ascending=False, kind="stable")
    waited = [str(name) for name in table.loc[table["waiting_hours"] > 0, "step"]]
    missed: list[str] = []
    for name in waited[:MOST_TRIED]:
        try:
            model = _of_step(log, name, places)
        except checks.Refusal:
            continue
        if model.fits:
            return replace(model, note=f"{_missed(missed)}{model.note}")
        missed.append(name)
    model = _whole_journey(log, "Here the model")
    return replace(model, note=f"{_missed(missed)}{model.note}")


def _missed(steps: list[str]) -> str:
    """Why the steps where people wait most are not the ones asked about."""
    if not steps:
        return ""
    return f"Places alone do not explain the waits for {' and '.join(steps)}: look there for other causes. "


def _of_step(log: EventLog, step: str, places: int | None) -> WhatIf:
    """The model of one step."""
    seen, seen_hours = log.visits, float(log.waits()["mean_hours"].get(step, math.nan))
    checks.need(math.isfinite(seen_hours), f'No waits are recorded at "{step}", so there is nothing to compare with.')
    census = log.census("1h")
    census = census[census["step"] == step]
    most = max(round((census["there"] - census["waiting"]).max()), 1)
    away = (seen["outcome"] == "turned_away") & (seen["step"] == step)
    limits = {step: max(round(census["waiting"].max()), 1)} if away.any() else {}
    make = functools.partial(process_map(log).to_pathway, queue_limit=limits, only=[step])
    model = _sized(make(capacity={step: most if places is None else checks.whole("places", places, 1)}), step)
    model.seen_hours = seen_hours
    missed = ""
    if places is None:
        model = _fitted(model, most)
        modelled = model.wait_hours()
        model.close = abs(modelled - seen_hours) <= CLOSE * seen_hours
        if not model.close:
            missed = f" It gives a mean wait of {_length(modelled)}, where {_length(seen_hours)} was seen."
    few = "1 person waits" if limits.get(step) == 1 else f"{limits.get(step)} people wait"
    turned = f" When {few}, others are turned away." if limits else ""
    room = "1 place" if model.places == 1 else f"{model.places} places"
    at_most = f"At most {most} {'was' if most == 1 else 'were'} ever in use at once."
    model.note = f"The model has {room} at {step}.{turned}{missed} {at_most}"
    return model


def _fitted(model: WhatIf, most: int) -> WhatIf:
    """The model with the places whose mean wait is nearest to the one seen."""
    measure, seen_hours = mean_wait(model.step), model.seen_hours

    def wait(places: int) -> float:
        pathway = model.pathway.with_step(model.step, capacity=places)
        how = {"days": model.days, "warm_up_days": model.warm_up_days, "runs": FITTING_RUNS, "seed": model.seed}
        return float(run(pathway, [measure], **how).by_run[measure.name].mean())  # type: ignore[arg-type]

    low, high = max(int(model.a_day * model.stay_days * LIGHTEST), 1), most
    known = {high: wait(high)}
    while known[high] < seen_hours and low < high:  # fewer places, longer waits
        middle = (low + high) // 2
        known[middle] = wait(middle)
        low, high = (middle + 1, high) if known[middle] > seen_hours else (low, middle)
    places = min(known, key=lambda n: abs(known[n] - seen_hours))
    fits = seen_hours / FITTED <= known[places] <= seen_hours * FITTED
    pathway = model.pathway.with_step(model.step, capacity=places)
    return replace(model, places=places, fits=fits, pathway=pathway)


def _whole_journey(log: EventLog, begins: str = "No waits are recorded, so the model") -> WhatIf:
    """How many people are there at once, from first to last time?"""
    journeys = log.journeys()
    journeys = journeys[journeys["arrived"] >= log.observed[0]]
    hours, still = journeys["hours"].to_numpy(dtype=float), journeys["still_here"].to_numpy(dtype=bool)
    checks.need(
        (hours[~still] > 0).sum() >= FEWEST,
        f"Fewer than {FEWEST} journeys have a beginning and an end: too few for this.",
    )
    arrivals = Arrivals(WHOLE, EVERYONE, per_hour=tuple(rhythm(log)["arrivals"].fillna(0).tolist()))
    lengths = lasting(hours[~still], hours[still])
    model = _sized(Pathway(log.name or "Your journey", (Step(WHOLE, None, lengths),), (arrivals,)), WHOLE)
    note = f"{begins} counts how many people are on the way at once, from first time to last."
    return replace(model, waits=False, note=note)


def _sized(pathway: Pathway, step: str) -> WhatIf:
    """Long enough to settle, short enough to wait for."""
    places = pathway.step(step).capacity
    made = WhatIf(pathway, step, places if isinstance(places, int) else 0, LONGEST, 0.0)
    checks.need(made.a_day > 0, f'Nobody comes to "{step}" in this log, so there is nothing to ask.')
    if places is None:
        warm_up = min(max(7.0, _settled_after(pathway.step(step).time_for(EVERYONE))), 2 * LONGEST)
    else:
        warm_up = min(max(7.0, SETTLING * made.stay_days), LONGEST)
    days = min(max(VISITS / RUNS / made.a_day - warm_up, SHORTEST), LONGEST)
    return replace(made, days=days, warm_up_days=round(warm_up / 7) * 7.0)


def _settled_after(time: Distribution) -> float:
    """Days after which all but 2 in 100 of those who will be there at once are."""
    lengths = time.ppf((np.arange(POINTS) + 0.5) / POINTS)
    tries = np.linspace(0, lengths[-1], POINTS)
    beyond = np.maximum(lengths[None, :] - tries[:, None], 0).mean(axis=1)
    return float(tries[np.argmax(beyond <= MISSING * lengths.mean())] / DAY)


def _length(hours: float) -> str:
    return f"{number(hours / DAY)} days" if hours >= DAY else f"{number(hours)} hours"
