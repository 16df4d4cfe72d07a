"""
Does the model behave like the log that it was made from?

The model is simulated over the log's own window, from the same hour of the week, several
times. The same measures are taken of the log and of each run, with the same eyes: times
that the log does not have are hidden in the runs, and so are people who came before
the log began, where the log has none. Beside each figure of the log stand the mean of the
runs and the interval in which one more run would lie 95 times in 100 (Student's t: G.
Hahn and W. Meeker, "Statistical Intervals", 1991, section 4.7), by logarithms where it can.
A profile (`check_profiles`) has one figure: the share that lies elsewhere than in the runs.

Of many figures a few are outside by chance. So a figure "differs" only where it is
outside the interval that would hold for all of them together (Bonferroni), and is
"near" between the two. How many may be near is told by the runs: each is held against
the others. A model that fits was made from this log, so it is not yet a proof that it
foretells another one. What the check cannot see, it says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.pathway import AlreadyHere, Pathway
from flowlib.core.privacy import FEWEST, HIDDEN
from flowlib.mapping.check_figures import Eyes, figures
from flowlib.mapping.check_places import TOLERATED
from flowlib.mapping.check_profiles import Profiles, apart, shares_of
from flowlib.mapping.check_words import not_seen, number, what_fits, worst
from flowlib.mapping.model import FirstModel
from flowlib.mapping.visit_rows import DAY, WEEK, run_rows, visit_rows
from flowlib.simulation.simulate import one_run

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.check_profiles import Profile
    from flowlib.mapping.visit_rows import VisitRows

    Floats = NDArray[np.float64]

__all__ = ["ELSEWHERE", "ModelCheck", "check_model"]

CONFIDENCE = 0.95
FEWEST_RUNS = 10
SEEN_IN = 0.5  # of the runs: a figure that fewer of them have is one that the model does not make
POWER = 2 / 3  # of what is elsewhere, that is nearly normal
ALIKE = 0.02  # share: profiles this near are of use, however sure the difference is
SLIP = 1e-9  # of a figure, by rounding
LONGEST_WARM_UP = 52  # weeks
MINUTES = 60
SETTLED = 4  # mean journeys of warm-up
ELSEWHERE = "share that is elsewhere"
LEVELS = ("mean time", "mean wait", "visits a day", "people there")


@dataclass(frozen=True)
class ModelCheck:
    """A log beside simulations of the model made from it."""

    table: pd.DataFrame  # measure, where, unit, people (whom the log's figure describes), log, model (mean of the
    # runs), lower_95, upper_95 (where one more run would lie), verdict ("fits", "near" or "differs"), most (where a
    # profile is furthest off, in words)
    runs: int
    days: float  # that each run covers, as the log does
    start: str  # how the runs began, in plain words
    allowed: int  # figures outside their interval that chance alone may make, as the runs themselves show
    unseen: tuple[str, ...]  # what the check cannot tell, in plain words
    blind: float  # share of a figure by which the middle mean may be off, either way, and not differ
    synthetic: bool

    @property
    def inside(self) -> int:
        """How many figures of the log lie in their 95% interval."""
        return int((self.table["verdict"] == "fits").sum())

    @property
    def fits(self) -> bool:
        """Whether no figure differs, and no more are outside their interval than chance makes."""
        outside = len(self.table) - self.inside
        return bool((self.table["verdict"] != "differs").all() and outside <= self.allowed)

    def sentence(self) -> str:
        """What fits, what does not, what to look at next, and what was not looked at, in plain words."""
        head = f"The model ran {self.runs} times over {checks.shown(round(self.days, 1))} days. {self.start}"
        counted = (
            f"{self.inside} of {len(self.table)} figures of the log lie where the runs do. "
            f"Chance alone puts up to {self.allowed} outside."
        )
        said = [head, counted, *what_fits(self.table)]
        if self.inside < len(self.table):
            said.append(worst(self.table))
        said.append("The model behaves like the log in these." if self.fits else "So the model does not yet fit.")
        if self.fits and math.isfinite(self.blind):
            said.append(f"A model with means {_in_100(self.blind)} off could pass too.")
        said += self.unseen
        if self.fits:
            said.append("It has not been tried on another log yet.")
        return " ".join(said)

    def shown(self) -> pd.DataFrame:
        """The table as it may be shown: figures that describe fewer than 8 people are hidden."""
        few = (self.table["people"] > 0) & (self.table["people"] < FEWEST)
        made = self.table.drop(columns=["people", "most"]).astype(object)
        for column in ("log", "model", "lower_95", "upper_95"):
            made[column] = [
                HIDDEN if hide else number(float(value)) for value, hide in zip(self.table[column], few, strict=True)
            ]
        made.loc[few, "verdict"] = HIDDEN
        return made


def check_model(model: FirstModel | Pathway, log: EventLog, *, runs: int = 30, seed: int = 0) -> ModelCheck:
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
    checks.need(len(rows), "The log has no visits to the steps of this model, so there is nothing to check.")
    eyes = Eyes.of(rows, pathway)
    seen, spread = figures(rows, eyes), Profiles.of(rows, eyes, pathway.groups)
    here, warm_up, start = _start(rows, pathway, eyes)
    days = log.hours_observed / DAY
    simulated, shares = [], []
    for run in range(runs):
        one = one_run(pathway, days=days, warm_up_days=warm_up, seed=seed, run=run, already_here=here)
        made = run_rows(one, list(pathway.step_names))
        simulated.append(figures(made, eyes)["value"].to_numpy())
        shares.append([shares_of(profile.counts) for profile in spread.look(made)])
    table, values = _together(seen, np.asarray(simulated), spread.look(rows), shares)
    table, allowed, blind = _compared(table, values)
    return ModelCheck(table, runs, days, start, allowed, not_seen(log, rows, pathway, eyes), blind, log.synthetic)


def _together(
    seen: pd.DataFrame, simulated: Floats, profiles: list[Profile], shares: list[list[Floats]]
) -> tuple[pd.DataFrame, Floats]:
    """The figures and the profiles of the log in one table, and the values (runs, figures) of the runs beside it."""
    rows, columns = [], []
    for place, profile in enumerate(profiles):
        runs = np.asarray([of[place] for of in shares])
        mine = shares_of(profile.counts)
        others = (runs.sum(axis=0) - runs) / (len(runs) - 1)
        off = mine - runs.mean(axis=0)
        told = (profile.counts == 0) | (profile.counts >= FEWEST)
        cell = int(np.abs(np.where(told, off, 0.0)).argmax())
        most = f"{profile.cells[cell]}: {_in_100(mine[cell])} in the log, {_in_100(runs[:, cell].mean())} in the runs"
        distance = float(apart(mine, runs.mean(axis=0)))
        rows.append((profile.measure, profile.where, ELSEWHERE, profile.people, distance, most))
        columns.append(apart(runs, others))
    table = pd.concat(
        [seen.assign(most=""), pd.DataFrame(rows, columns=[*seen.columns, "most"])] if rows else [seen.assign(most="")],
        ignore_index=True,
    )  # fmt: skip
    return table.rename(columns={"value": "log"}), np.column_stack([simulated, *columns])


def _compared(made: pd.DataFrame, simulated: Floats) -> tuple[pd.DataFrame, int, float]:
    """
    Each figure of the log beside the runs, how many chance may put outside, and how far off a mean may be unseen.

    Figures that the log does not have, or that are 0 in it and in all runs, are left
    out. One that the log has and most runs do not have differs.
    """
    have = ~np.isnan(simulated)
    of_log = made["log"].to_numpy(dtype=np.float64)
    none = (np.nan_to_num(simulated) == 0).all(axis=0) & (of_log == 0)
    known = ~np.isnan(of_log) & ~none
    made, simulated, have = made[known].reset_index(drop=True), simulated[:, known], have[:, known]
    missing = have.mean(axis=0) < SEEN_IN
    values = np.where(have, simulated, np.where(missing, 0.0, _mean_of(simulated, have)))
    profile = (made["unit"] == ELSEWHERE).to_numpy()
    many = max(len(made), 1)
    made["model"] = np.where(missing, np.nan, values.mean(axis=0))
    inner = _one_more(values, CONFIDENCE, profile)
    outer = _one_more(values, 1 - (1 - CONFIDENCE) / many, profile)
    of_log = made["log"].to_numpy(dtype=np.float64)
    slip = made["measure"].map(TOLERATED).fillna(0.0).to_numpy() + np.where(profile, ALIKE, 0.0)
    inner = inner[0], np.maximum(inner[1], slip)
    outer = np.minimum(outer[0], values.min(axis=0)), np.maximum(np.maximum(outer[1], slip), values.max(axis=0))
    made["lower_95"], made["upper_95"] = np.where(missing, np.nan, inner)
    near, together = _within(of_log, inner) & ~missing, _within(of_log, outer) & ~missing
    made["verdict"] = np.where(near, "fits", np.where(together, "near", "differs"))
    levels = made["measure"].isin(LEVELS).to_numpy() & ~missing & (made["model"] > 0).to_numpy()
    wide = (outer[1] - outer[0])[levels] / 2 / made["model"].to_numpy(dtype=np.float64)[levels]
    columns = [name for name in made.columns if name != "most"]
    return made[[*columns, "most"]], _by_chance(values, profile), float(np.median(wide)) if wide.size else math.nan


def _mean_of(values: Floats, have: NDArray[np.bool_]) -> Floats:
    return np.asarray(np.where(have, values, 0.0).sum(axis=0) / np.maximum(have.sum(axis=0), 1))


def _within(values: Floats, ends: tuple[Floats, Floats]) -> NDArray[np.bool_]:
    slip = SLIP * (1 + np.abs(values))
    return np.asarray((values >= ends[0] - slip) & (values <= ends[1] + slip))


def _by_chance(values: Floats, profile: NDArray[np.bool_]) -> int:
    """How many figures of one run lie outside the intervals of the others, at most: figures hang together."""
    outside = [
        int((~_within(values[run], _one_more(np.delete(values, run, axis=0), CONFIDENCE, profile))).sum())
        for run in range(len(values))
    ]
    return max(outside, default=0)


def _one_more(simulated: Floats, confidence: float, profile: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """
    Where one more run would lie; by logarithms where all runs are above 0, as waits are skewed.

    What is elsewhere in a *profile* cannot be too little, so all of the chance is above. Its
    square is much like a chi-squared, the cube root of which is nearly normal (E. Wilson
    and M. Hilferty, Proceedings of the National Academy of Sciences 17, 1931).
    """
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    runs = len(simulated)
    above = (simulated > 0).all(axis=0) & ~profile
    scaled = np.where(above, np.log(np.where(above, simulated, 1.0)), simulated)
    scaled = np.where(profile, np.maximum(simulated, 0) ** POWER, scaled)
    tail = np.where(profile, 1 - confidence, (1 - confidence) / 2)
    wide = stats.t.isf(tail, runs - 1) * math.sqrt(1 + 1 / runs)
    middle, half = scaled.mean(axis=0), wide * scaled.std(axis=0, ddof=1)
    low, high = np.maximum(middle - half, 0), middle + half
    with np.errstate(over="ignore"):
        low, high = np.where(above, np.exp(middle - half), low), np.where(above, np.exp(high), high)
    return np.where(profile, 0.0, low), np.where(profile, np.maximum(high, 0) ** (1 / POWER), high)


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


def _in_100(share: float) -> str:
    return f"{round(100 * share):,} in 100"
