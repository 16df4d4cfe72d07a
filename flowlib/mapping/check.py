"""
Does the model behave like the log that it was made from?

The model is simulated over the log's own window, from the same hour of the week, several
times. The same measures are taken of the log and of each run, with the same eyes: times
that the log does not have are hidden in the runs, and so are people who came before
the log began, where the log has none. Beside each figure of the log stand the mean of the
runs and the interval in which one more run would lie 95 times in 100 (Student's t: G.
Hahn and W. Meeker, "Statistical Intervals", 1991, section 4.7), by logarithms where it can.

Of many figures a few are outside by chance. So a figure "differs" only where it is
outside the interval that would hold for all of them together (Bonferroni), and is
"near" between the two. A model that fits was made from this log, so it is not yet a proof
that it foretells another one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks
from flowlib.core.pathway import AlreadyHere, Pathway
from flowlib.core.privacy import FEWEST, HIDDEN
from flowlib.mapping.check_figures import FOUR_HOURS, Eyes, figures
from flowlib.mapping.model import FirstModel
from flowlib.mapping.visit_rows import DAY, WEEK, run_rows, visit_rows
from flowlib.simulation.simulate import one_run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.visit_rows import VisitRows

__all__ = ["ModelCheck", "check_model"]

CONFIDENCE = 0.95
FEWEST_RUNS = 10
SLIP = 1e-9  # of a figure, by rounding
LONGEST_WARM_UP = 52  # weeks
MINUTES = 60
SETTLED = 4  # mean journeys of warm-up
LOOK_AT = {
    "mean wait": "Look next at its places, and whether they change by hour or by week.",
    "mean time": "Look next at its times: by weekday, by month, or by kind of person.",
    "people there": "Look next at how many come there, and how long they stay.",
    "people waiting": "Look next at its places, and whether they change by hour or by week.",
    "visits a day": "Look next at who comes there, and from where.",
    "arrivals": "Look next at arrivals week by week: they may have risen or fallen.",
    FOUR_HOURS: "Look next at what makes single journeys long: waits at one step, or one kind of person.",
    "journey": "Look next at waits that follow each other for the same person.",
    "way": "Look next at where people go: it may depend on the steps that they have been to.",
}


@dataclass(frozen=True)
class ModelCheck:
    """A log beside simulations of the model made from it."""

    table: pd.DataFrame  # measure, where, unit, people (whom the log's figure describes), log, model (mean of the
    # runs), lower_95, upper_95 (where one more run would lie), verdict ("fits", "near" or "differs")
    runs: int
    days: float  # that each run covers, as the log does
    start: str  # how the runs began, in plain words
    synthetic: bool

    @property
    def inside(self) -> int:
        """How many figures of the log lie in their 95% interval."""
        return int((self.table["verdict"] == "fits").sum())

    @property
    def fits(self) -> bool:
        """Whether no figure differs, and no more are outside their interval than chance makes (1 time in 100)."""
        from scipy.stats import binom  # noqa: PLC0415 - heavy, so only when used

        many = len(self.table)
        outside = many - self.inside
        allowed = int(binom.isf(0.01, many, 1 - CONFIDENCE))
        return bool((self.table["verdict"] != "differs").all() and outside <= allowed)

    def sentence(self) -> str:
        """What fits, what does not, and what to look at next, in plain words."""
        many = len(self.table)
        by_chance = max(round(many * (1 - CONFIDENCE)), 1)
        head = f"The model ran {self.runs} times over {checks.shown(round(self.days, 1))} days. {self.start} "
        counted = (
            f"{self.inside} of {many} figures of the log lie where the runs do; "
            f"chance alone puts about {by_chance} outside."
        )
        if self.fits:
            return f"{head}{counted} The model behaves like the log. It has not been tried on another one yet."
        worst = self._furthest()
        if worst is None:
            return f"{head}{counted} The figures outside are of too few people to be shown."
        return f"{head}{counted} {_told(worst)} {LOOK_AT[_kind(str(worst['measure']))]}"

    def shown(self) -> pd.DataFrame:
        """The table as it may be shown: figures that describe fewer than 8 people are hidden."""
        few = (self.table["people"] > 0) & (self.table["people"] < FEWEST)
        made = self.table.drop(columns="people").astype(object)
        for column in ("log", "model", "lower_95", "upper_95"):
            made[column] = [
                HIDDEN if hide else _number(float(value)) for value, hide in zip(self.table[column], few, strict=True)
            ]
        made.loc[few, "verdict"] = HIDDEN
        return made

    def _furthest(self) -> pd.Series | None:
        """The figure that is the most half-widths from the mean of the runs: of steps and arrivals before journeys."""
        table = self.table[(self.table["people"] >= FEWEST) & (self.table["verdict"] != "fits")]
        if not len(table):
            return None
        half = (table["upper_95"] - table["lower_95"]).clip(lower=1e-9) / 2
        off = (table["log"] - (table["upper_95"] + table["lower_95"]) / 2).abs() / half
        causes = (table["where"] != "") | table["measure"].str.startswith("arrivals")
        return table.loc[(off[causes] if causes.any() else off).idxmax()]


def check_model(model: FirstModel | Pathway, log: EventLog, *, runs: int = 20, seed: int = 0) -> ModelCheck:
    """
    The *model* laid over *log*: simulated over the log's own window, in so many *runs* (10 or more).

    Where the log says who was there when it began, and it began on a Monday at 00:00,
    the runs begin with those people; otherwise they begin after a warm-up.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, simulate
    >>> clinic = Pathway("Clinic", [Step("nurse", 3, Exponential(1))], [Arrivals("nurse", per_hour=2.5)])
    >>> check_model(clinic, simulate(clinic, days=28, warm_up_days=7, seed=1), runs=10).fits
    True
    """
    pathway = model.pathway if isinstance(model, FirstModel) else model
    checks.need(
        isinstance(pathway, Pathway), f"check_model takes a FirstModel or a Pathway; {type(pathway).__name__} came."
    )
    runs = checks.whole("runs", runs, FEWEST_RUNS)
    checks.need(log.runs == 1, "The log holds several runs of a simulation. Take one with log.only(run=0).")
    for step in pathway.step_names:
        checks.choice("step", step, log.steps, where="in the log")
    rows = visit_rows(log)
    rows = rows.keep(np.isin(rows.step, [rows.names.index(name) for name in pathway.step_names]))
    eyes = Eyes.of(rows, pathway)
    seen = figures(rows, eyes)
    here, warm_up, start = _start(rows, pathway, eyes)
    days = log.hours_observed / DAY
    simulated = []
    for run in range(runs):
        one = one_run(pathway, days=days, warm_up_days=warm_up, seed=seed, run=run, already_here=here)
        simulated.append(figures(run_rows(one, list(pathway.step_names)), eyes)["value"].to_numpy())
    return ModelCheck(_compared(seen, np.asarray(simulated)), runs, days, start, log.synthetic)


def _compared(seen: pd.DataFrame, simulated: NDArray[np.float64]) -> pd.DataFrame:
    """Each figure of the log beside the runs; figures that the log or a run does not have are left out."""
    made = seen.rename(columns={"value": "log"})
    known = made["log"].notna().to_numpy() & ~np.isnan(simulated).any(axis=0)
    made, simulated = made[known].reset_index(drop=True), simulated[:, known]
    made["model"] = simulated.mean(axis=0)
    made["lower_95"], made["upper_95"] = _one_more(simulated, CONFIDENCE)
    outer = _one_more(simulated, 1 - (1 - CONFIDENCE) / max(len(made), 1))
    slip = SLIP * (1 + made["log"].abs())
    inside, together = (
        (made["log"] >= low - slip) & (made["log"] <= high + slip)
        for low, high in ((made["lower_95"], made["upper_95"]), outer)
    )
    made["verdict"] = np.where(inside, "fits", np.where(together, "near", "differs"))
    return made


def _one_more(simulated: NDArray[np.float64], confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where one more run would lie; by logarithms where all runs are above 0, as waits are skewed."""
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    runs = len(simulated)
    above = (simulated > 0).all(axis=0)
    scaled = np.where(above, np.log(np.where(above, simulated, 1.0)), simulated)
    wide = float(stats.t.isf((1 - confidence) / 2, runs - 1)) * math.sqrt(1 + 1 / runs)
    middle, half = scaled.mean(axis=0), wide * scaled.std(axis=0, ddof=1)
    low, high = middle - half, middle + half
    with np.errstate(over="ignore"):
        return np.where(above, np.exp(low), np.maximum(low, 0)), np.where(above, np.exp(high), high)


def _start(rows: VisitRows, pathway: Pathway, eyes: Eyes) -> tuple[list[AlreadyHere], float, str]:
    """Who is there when the runs begin, or how many days they warm up; and that in words."""
    zero = _week_hour(rows)
    if eyes.before and zero < 1e-6:  # noqa: PLR2004 - hours: a Monday at 00:00
        here = _already_here(rows, pathway)
        return here, 0.0, "Each run began with the people who were there when the log began."
    weeks = min(max(math.ceil(SETTLED * _mean_journey(rows) / WEEK), 1), LONGEST_WARM_UP)
    told = f"Each run began after {weeks} week{'' if weeks == 1 else 's'} of warming up."
    return [], weeks * 7 + zero / DAY, told if eyes.before else f"{told} People who came before the log are in neither."


def _week_hour(rows: VisitRows) -> float:
    """The hour of the week at which the log begins, to the minute."""
    return float(round(float(rows.week_hour(np.zeros(1))[0]) * MINUTES) % (WEEK * MINUTES) / MINUTES)


def _mean_journey(rows: VisitRows) -> float:
    """Hours that people are on the way, on average, those who still are with what they have so far."""
    end = np.where(rows.here, rows.until, np.fmax(np.fmax(rows.left, rows.finished), rows.at))
    first = np.flatnonzero(np.diff(rows.who, prepend=-1))
    came = rows.at
    return float((np.maximum.reduceat(end, first) - came[first]).mean())


def _already_here(rows: VisitRows, pathway: Pathway) -> list[AlreadyHere]:
    """The people in each step when the log begins: waiting, in care, or kept there because the next is full."""
    left = np.where(np.isnan(rows.left), np.where(rows.here, np.inf, rows.finished), rows.left)
    begun = np.where(np.isnan(rows.started), np.inf, rows.started)
    came = rows.at
    there = (came < 0) & (left > 0) & ~rows.turned_away
    within = {step.name for step in pathway.steps if step.within is not None}
    onward = rows.onward
    inner = np.zeros(len(rows), dtype=bool)  # whose place is kept while they are in a step within this one
    same = np.flatnonzero(rows.who[1:] == rows.who[:-1])
    nested = np.asarray([rows.names[code] in within for code in rows.step[same + 1]], dtype=bool)
    inner[same[nested & there[same] & (came[same + 1] < 0)]] = True
    found = []
    for i in np.flatnonzero(there & ~inner):
        step, to = pathway.step(rows.names[rows.step[i]]), int(onward[i])
        group = rows.groups[rows.group[i]]
        if group not in pathway.groups:
            group = pathway.groups[0]
        limited = (
            to >= 0 and rows.names[to] in pathway.step_names and pathway.step(rows.names[to]).queue_limit is not None
        )
        if begun[i] > 0 and step.capacity is not None:
            found.append(AlreadyHere(step.name, group, max(-came[i], 0), "waiting"))
        elif rows.finished[i] < 0 and limited and rows.names[to] not in (step.name, step.within):
            since = -rows.finished[i]
            found.append(AlreadyHere(step.name, group, since, "blocked", rows.names[to]))
        else:
            since = -came[i] if step.capacity is None else -min(begun[i], 0.0)
            found.append(AlreadyHere(step.name, group, max(since, 0), "in_service"))
    return found


def _kind(measure: str) -> str:
    return next(word for word in LOOK_AT if measure.startswith(word))


def _told(row: pd.Series) -> str:
    """The figure that is furthest off, in words."""
    unit = f" {row['unit']}" if row["unit"] else ""
    where = f" at {row['where']}" if row["where"] else ""
    return (
        f"Furthest off is {row['measure']}{where}: {_number(row['log'])}{unit} in the log, "
        f"{_number(row['lower_95'])} to {_number(row['upper_95'])} in the runs."
    )


def _number(value: float) -> str:
    return checks.shown(float(f"{value:.3g}"))
