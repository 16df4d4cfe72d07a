"""
What happens to the whole of Wexmoor when one part of it changes?

Four things can be changed: hospital beds, Home First places, how long Home First
supports people, and home-care starts a week. The place is run for a year again and
again, with the same people in today's place and in the changed one, and the runs are
compared pair by pair. What a coarse grid of settings gives is kept in
`data/wexmoor_grid.csv.gz`; any other setting is run when it is asked for, and what is
known so far is an estimate until all pairs are there.

Intervals are Student's t on the differences of the pairs (A. M. Law, Simulation Modeling
and Analysis, chapter 10.2), wide enough for all measures shown to hold together 95 times
in 100 (C. E. Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from flowlib.core import checks, data
from flowlib.redesign.levers import add_capacity, change_time
from flowlib.redesign.wexmoor import home_care_starts
from flowlib.redesign.wexmoor_measures import measures
from flowlib.redesign.workers import done
from flowlib.simulation.simulate import check

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from flowlib.core.pathway import Pathway
    from flowlib.simulation.simulate import Plan

__all__ = [
    "GRID",
    "GRID_FILE",
    "RUNS",
    "SHOWN",
    "TODAY",
    "Effect",
    "Pairs",
    "Setting",
    "is_kept",
    "kept_pairs",
    "pairs_of",
    "runs_of",
]

WARM_UP_DAYS, DAYS, SEED = 120, 365, 1
RUNS = 60
GRID_FILE = "wexmoor_grid.csv.gz"
AT_A_TIME = 2  # runs between two estimates; the first comes after one
CONFIDENCE = 0.95
FEWEST_PAIRS = 2
FEW = 10  # people; a mean below it is shown with a tenth
HARDLY = 1.0  # people; a change that is surely smaller is hardly any


@dataclass(frozen=True)
class Setting:
    """One way to arrange Wexmoor."""

    beds: int = 430  # hospital beds
    places: int = 170  # Home First places
    stay: float = 25.0  # days that Home First supports a person, mean
    starts: int = 36  # home-care starts a week

    def __str__(self) -> str:
        return (
            f"{self.beds} hospital beds, {self.places} Home First places for {self.stay:g} days "
            f"and {self.starts} home-care starts a week"
        )

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        """
        What differs from today, each in words and in few words.

        >>> Setting(places=178, starts=34).changes
        (('8 more Home First places', '8 more places'), ('34 home-care starts a week', '34 starts a week'))
        """
        beds, places = (_more(now, here) for now, here in ((TODAY.beds, self.beds), (TODAY.places, self.places)))
        named = (
            (self.beds != TODAY.beds, f"{beds} hospital beds", f"{beds} beds"),
            (self.places != TODAY.places, f"{places} Home First places", f"{places} places"),
            (self.stay != TODAY.stay, f"Home First for {self.stay:g} days", f"{self.stay:g} days"),
            (self.starts != TODAY.starts, f"{self.starts} home-care starts a week", f"{self.starts} starts a week"),
        )
        return tuple((words, few) for differs, words, few in named if differs)

    def place(self) -> Pathway:
        """Wexmoor arranged so."""
        now = _wexmoor()
        beds = checks.whole("hospital beds", self.beds, 1) - TODAY.beds
        places = checks.whole("Home First places", self.places, 1) - TODAY.places
        stay = checks.positive("days of Home First", self.stay) / TODAY.stay
        made = add_capacity(now, "Ward bed", beds) if beds else now
        made = add_capacity(made, "Home First", places) if places else made
        made = change_time(made, "Home First", stay) if stay != 1 else made
        starts = checks.whole("home-care starts a week", self.starts, 1)
        return home_care_starts(made, starts) if starts != TODAY.starts else made


def _more(now: int, here: int) -> str:
    return f"{abs(here - now)} {'more' if here > now else 'fewer'}"


TODAY = Setting()
GRID: dict[str, tuple[float, ...]] = {
    "beds": (410, 430, 450), "places": (170, 178), "stay": (23.5, 25.0), "starts": (34, 36, 38, 40),
}  # fmt: skip


MEASURES = measures()
NAMES = tuple(measure.name for measure in MEASURES)
READY, BOARDING = "people ready to leave hospital", "people waiting for a bed"
HOME_FIRST, HOME_CARE = "mean wait for Home First", "mean wait for home care"
SHOWN = (READY, BOARDING, HOME_FIRST, HOME_CARE)


@dataclass(frozen=True)
class Effect:
    """One measure today and with the change."""

    measure: str
    unit: str
    today: float  # mean over the runs
    changed: float  # the same with the change
    lower_95_ci: float  # of the difference, changed less today
    upper_95_ci: float

    @property
    def differs(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return self.lower_95_ci > 0 or self.upper_95_ci < 0

    @property
    def hardly_differs(self) -> bool:
        """Whether the difference is surely too small to matter."""
        return max(abs(self.lower_95_ci), abs(self.upper_95_ci)) < HARDLY


@dataclass(frozen=True)
class Pairs:
    """Runs of one setting beside the same runs of today's place."""

    setting: Setting
    today: pd.DataFrame  # a row a run, a column a measure
    changed: pd.DataFrame  # the same runs with the change

    @property
    def runs(self) -> int:
        """How many pairs there are so far."""
        return len(self.changed)

    @property
    def complete(self) -> bool:
        """Whether all pairs are there, so that a verdict can be given."""
        return self.runs >= RUNS

    @property
    def effects(self) -> dict[str, Effect]:
        """Each measure that is shown, with the interval of its difference."""
        return {name: self._effect(name) for name in SHOWN}

    def sentence(self) -> str:
        """What the change does, and how sure we are."""
        if self.setting == TODAY:
            now = self.effects[READY].today
            return f"This is Wexmoor as it is: {now:.0f} people are ready to leave hospital and still there."
        if not self.complete:
            ready, are = self.effects[READY], "is" if self.runs == 1 else "are"
            return (
                f"{self.runs} of {RUNS} pairs of years {are} done. {ready.changed:.0f} people are ready to leave "
                f"and still there; today it is {ready.today:.0f}. It is too early for a verdict."
            )
        return (
            f"{self._verdict(READY, 'ready to leave and still there')} {self._verdict(BOARDING, 'waiting for a bed')}"
        )

    def waits(self) -> str:
        """The waits for care after hospital, today and with the change."""
        told = []
        for name, words in ((HOME_FIRST, "Home First"), (HOME_CARE, "home care")):
            one = self.effects[name]
            told.append(f"People wait {one.today:.1f} days for {words} today, and {one.changed:.1f} with the change.")
        return " ".join(told)

    def table(self) -> pd.DataFrame:
        """Each measure: today, with the change, the difference and its range."""
        rows = [
            {
                "measure": f"{one.measure}, {one.unit}" if one.unit not in one.measure else one.measure,
                "today": round(one.today, 1),
                "with the change": round(one.changed, 1),
                "difference": round(one.changed - one.today, 1),
                "from": round(one.lower_95_ci, 1),
                "to": round(one.upper_95_ci, 1),
            }
            for one in self.effects.values()
        ]
        return pd.DataFrame(rows)

    def _effect(self, name: str) -> Effect:
        now, then = self.today[name].to_numpy(), self.changed[name].to_numpy()
        unit = next(measure.unit for measure in MEASURES if measure.name == name)
        apart = then - now
        half = 0.0
        if len(apart) >= FEWEST_PAIRS:
            share = 1 - (1 - CONFIDENCE) / (2 * len(SHOWN))
            half = float(stats.t.ppf(share, len(apart) - 1) * apart.std(ddof=1) / np.sqrt(len(apart)))
        middle = float(apart.mean())
        return Effect(name, unit, float(now.mean()), float(then.mean()), middle - half, middle + half)

    def _verdict(self, name: str, words: str) -> str:
        one = self.effects[name]
        shown = "{:.1f}".format if max(one.today, one.changed) < FEW else "{:.0f}".format  # few people: with a tenth
        levels = f"{shown(one.today)} today, {shown(one.changed)} then"
        if not one.differs:
            return f"We cannot tell a difference in people {words}: {levels}."
        if one.hardly_differs:
            return f"There is hardly any change in people {words}: {levels}."
        low, high = sorted(abs(end) for end in (one.lower_95_ci, one.upper_95_ci))
        more = one.changed > one.today
        most = high if more else min(high, one.today)  # nobody is fewer than none
        least = shown(low) if low >= 1 else f"{low:.1f}"
        sure = f"We are sure of {least} to {shown(most)} {'more' if more else 'fewer'}."
        return f"{'More' if more else 'Fewer'} people are {words}: {levels}. {sure}"


def runs_of(setting: Setting, numbers: Sequence[int], *, jobs: int = 1) -> pd.DataFrame:
    """
    A year of *setting* for each of the *numbers* of runs: a row a run, a column a measure.

    Run 7 has the same people in every setting.
    """
    plan = _plan(setting)

    def one(number: int) -> list[float]:
        log = plan.log([plan.one(SEED, number)])
        return [measure.of(log) for measure in MEASURES]

    # On a page a few runs at a time: a progress bar of their own would be one too many.
    rows = [one(number) for number in numbers] if jobs == 1 else done(one, list(numbers), jobs=jobs)
    return pd.DataFrame(rows, columns=list(NAMES))


def pairs_of(setting: Setting) -> Generator[Pairs, None, None]:
    """
    The pairs of *setting*, more and more of them; at once where they are kept.

    The last has all `RUNS` pairs, and only that one gives a verdict.
    """
    now, known = _grid()[TODAY], _grid().get(setting)
    if known is not None:
        yield Pairs(setting, now, known)
        return
    found = _begun(setting)
    if found:
        yield Pairs(setting, now.head(len(found)), pd.DataFrame(found, columns=list(NAMES)))
    while len(found) < RUNS:
        begin = len(found)
        more = runs_of(setting, range(begin, min(begin + AT_A_TIME, RUNS) if begin else 1))
        found.extend(more.to_dict("records"))
        changed = pd.DataFrame(found, columns=list(NAMES))
        yield Pairs(setting, now.head(len(found)), changed)


def is_kept(setting: Setting) -> bool:
    """Whether the runs of *setting* are kept, so that its verdict is there at once."""
    return setting in _grid()


def kept_pairs(setting: Setting) -> Pairs:
    """All pairs of a *setting* of the grid; refused for any other."""
    offered = "; ".join(f"{name} {checks.listed(f'{one:g}' for one in values)}" for name, values in GRID.items())
    checks.need(setting in _grid(), f"The runs of {setting} are not kept. Choose among these: {offered}.")
    return Pairs(setting, _grid()[TODAY], _grid()[setting])


@cache
def _wexmoor() -> Pathway:
    """The place as it is, read once."""
    return data.pathway("wexmoor")


@lru_cache(maxsize=8)
def _plan(setting: Setting) -> Plan:
    """What is the same in all runs of *setting*, made once: a few runs at a time would make it again and again."""
    return check(setting.place(), days=DAYS, warm_up_days=WARM_UP_DAYS, then={})


@lru_cache(maxsize=32)
def _begun(setting: Setting) -> list[dict[str, float]]:  # noqa: ARG001 - it names the list
    """The runs of *setting* so far, so that whoever comes back to it goes on where it was left."""
    return []


@cache
def _grid() -> dict[Setting, pd.DataFrame]:
    """The settings whose runs are kept."""
    place = data.FOLDER / GRID_FILE
    checks.need(place.is_file(), f"{GRID_FILE} is missing. Make it again: python data/wexmoor_grid_build.py")
    table = pd.read_csv(place)
    grouped = table.groupby(list(GRID), sort=False)
    return {
        Setting(int(beds), int(places), float(stay), int(starts)): some.sort_values("run")[list(NAMES)].reset_index(
            drop=True
        )
        for (beds, places, stay, starts), some in grouped
    }
