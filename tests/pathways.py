"""Random pathways over the whole vocabulary, small enough to be told twice, and what each of them makes happen."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from flowlib import (
    AlreadyHere,
    Arrivals,
    Constant,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Pathway,
    Rota,
    Route,
    Slots,
    Step,
    Uniform,
)
from flowlib.core.capacity import DAYS
from flowlib.simulation.draws import Luck, Phase, arrivals, phases

FOR_CIW = ("for ciw",)  # limits only where ciw keeps them by our rules
CIW_FEATURES = ("priority", "patience", "limits", "loops", "groups", "unlimited", "group times")
FEATURES = (*CIW_FEATURES, "rotas", "slots", "hours", "within", "divert", "replay", "then", "here", "ties")
GROUPS = ("x", "y", "z")


@dataclass(frozen=True)
class Case:
    """One simulation that every engine can be asked for."""

    course: tuple[Phase, ...]
    here: tuple[AlreadyHere, ...]
    until: float
    seed: int

    @property
    def luck(self):
        return Luck(self.seed, 0)

    @property
    def people(self):
        return arrivals(self.course, self.luck, until=self.until, here=self.here)


def cases(features=FEATURES, always=()):
    """Cases that draw on any of these features; hypothesis leaves out what a failure does not need."""
    return st.builds(
        made,
        st.sets(st.sampled_from(features)).map(lambda some: frozenset((*some, *always))),
        st.integers(2, 8),
        st.sampled_from([24.0, 48.0, 100.5, 200.0]),
        st.integers(0, 2**32 - 1),
    )


def made(features, steps, until, seed):
    """The case of these features and this seed."""
    maker = Maker(np.random.default_rng(seed), features, steps, until)
    first = maker.pathway()
    changes = []
    if "then" in features:
        moments = sorted(maker.rng.uniform(0, until, maker.rng.integers(1, 3)).round(maker.rng.integers(0, 3)))
        later = first
        for moment in dict.fromkeys(moments):
            later = maker.changed(later)
            changes += [(float(moment), later)] if moment < until else []
    here = tuple(maker.here(first)) if "here" in features else ()
    return Case(phases(first, changes), here, until, int(seed % 1000))


class Maker:
    """Makes pathways of one number of steps with a generator of its own."""

    def __init__(self, rng, features, steps, until):
        self.rng, self.features, self.until = rng, features, until
        self.names = [f"s{i}" for i in range(steps)]
        self.groups = GROUPS[: rng.integers(2, 4)] if "groups" in features else GROUPS[:1]

    def has(self, feature, chance=0.5):
        return feature in self.features and self.rng.random() < chance

    def one_of(self, *values):
        return values[self.rng.integers(len(values))]

    def pathway(self):
        steps = tuple(self.step(i) for i in range(len(self.names)))
        return Pathway("random", steps, tuple(self.streams()), tuple(self.routes()))

    def changed(self, first):
        """Another pathway with the same steps, or one more; most of it as it was."""
        other = self.pathway()
        pairs = zip(first.steps, (*other.steps, *first.steps[len(other.steps) :]), strict=True)
        steps = tuple(new if self.rng.random() < 0.4 else old for old, new in pairs)
        if len(steps) == len(self.names) and self.has("ties", 0.3):
            steps = (*steps, replace(self.step(0), name="new", within=None, divert_to=None, when_full="turn_away"))
        routes = self.one_of(first.routes, other.routes)
        if len(steps) > len(first.steps):
            routes = (*routes, *(Route(name, "new", 0.05) for name in self.names[:1] if self.left(routes, name) > 0.05))
        streams = self.one_of(first.arrivals, other.arrivals)
        try:
            return Pathway("changed", steps, streams, routes)
        except ValueError:  # groups, diverts or steps within steps that do not go together
            return replace(first, name="changed", arrivals=streams if self.fits(first, streams) else first.arrivals)

    def fits(self, first, streams):
        return {s.group for s in streams} == {s.group for s in first.arrivals}

    def left(self, routes, name):
        return 1 - max(
            sum(r.share for r in routes if r.from_step == name and r.group == group) for group in (None, *GROUPS)
        )

    def step(self, i):
        more = {}
        if self.has("limits", 0.6):
            more["queue_limit"] = int(self.rng.integers(0, 3))
            more["when_full"] = self.one_of("wait_upstream", "wait_upstream", "turn_away")
            if "for ciw" in self.features:
                more = [{**more, "when_full": "turn_away"}, {}, {**more, "when_full": "wait_upstream"}][min(i, 2)]
            if self.has("divert") and i + 1 < len(self.names):
                more |= {"when_full": "divert", "divert_to": self.names[self.rng.integers(i + 1, len(self.names))]}
        if self.has("patience"):
            more["patience"] = self.patience()
            more["gives_up_to"] = self.one_of(None, *(self.names[1:2] if "for ciw" in self.features else self.names))
        if self.has("priority"):
            more["priority"] = tuple(self.rng.permutation(self.groups)[: self.rng.integers(1, len(self.groups) + 1)])
        if self.has("hours"):
            more["leaves_between"] = self.one_of(("08:00", "20:00"), ("09:20", "17:10"), ("00:00", "06:00"))
            more["leaves_on"] = self.one_of("Mon-Sun", "Mon-Sun", "Tue-Thu", "Mon, Wed, Sat-Sun")
        if self.has("within", 0.6) and i:
            more["within"] = self.names[self.rng.integers(0, i)]
        return Step(self.names[i], self.capacity(), self.time(), **more)

    def capacity(self):
        if self.has("rotas"):
            return Rota(self.one_of(*([int(n) for n in self.rng.integers(0, 4, size)] for size in (24, 168))))
        if self.has("slots", 0.35):
            moments = {f"{day} {hour:02d}:{self.one_of('00', '20', '30')}" for day in DAYS for hour in self.hours()}
            return Slots([(moment, int(self.rng.integers(0, 4))) for moment in sorted(moments)])
        return None if self.has("unlimited", 0.3) else int(self.rng.integers(1, 4))

    def hours(self):
        return self.rng.choice(24, self.rng.integers(1, 5), replace=False)

    def time(self):
        if self.has("group times"):
            return {group: self.length() for group in self.groups}
        return self.length()

    def length(self):
        if self.has("ties", 0.8):
            return Constant(float(self.rng.integers(0, 7)) / 2)
        mean = float(self.rng.uniform(0.2, 4))
        return self.one_of(
            Exponential(mean), Gamma(mean, 0.6), LogNormal(mean, 1.2), Uniform(0, 2 * mean), Empirical([0, mean, 2])
        )

    def patience(self):
        if self.has("ties", 0.7):
            return Constant(float(self.rng.integers(0, 5)) / 2)
        return self.one_of(Exponential(float(self.rng.uniform(0.3, 3))), Uniform(0, 4))

    def streams(self):
        for group in self.groups:
            for _ in range(self.rng.integers(1, 3)):
                step = self.one_of(*self.names[:2])
                rate = float(self.rng.uniform(0.2, 1.2)) * min(1.0, 60 / self.until)
                if self.has("replay") or self.has("ties", 0.6):
                    count = int(rate * self.until)
                    times = np.sort(self.rng.integers(0, int(2 * self.until), count) / 2)
                    yield Arrivals(step, group, times=times.tolist())
                elif self.rng.random() < 0.5:
                    yield Arrivals(step, group, per_hour=rate)
                else:
                    yield Arrivals(step, group, per_hour=(rate * self.rng.uniform(0, 2, self.one_of(24, 168))).tolist())

    def routes(self):
        for i, name in enumerate(self.names):
            for group in (None, *self.groups) if "groups" in self.features and self.rng.random() < 0.5 else (None,):
                later = self.names if "loops" in self.features else self.names[i + 1 :]
                if "for ciw" in self.features:
                    later = [other for other in later if other != self.names[0] and (other != name or i == 1)]
                if not later:
                    continue
                targets = self.rng.permutation(later)[: self.rng.integers(1, 4)]
                shares = self.rng.dirichlet(np.ones(len(targets))) * self.one_of(0.6, 0.85, 1.0)
                if "loops" in self.features:
                    shares *= 0.85
                yield from (Route(name, str(t), float(s), group) for t, s in zip(targets, shares, strict=True))

    def here(self, pathway):
        for _ in range(self.rng.integers(1, 8)):
            state, since = self.one_of("waiting", "in_service", "blocked"), float(self.rng.integers(0, 40)) / 4
            name = self.one_of(*pathway.step_names)
            elsewhere = [other for other in pathway.step_names if other not in self.places(pathway, name)]
            if state == "blocked" and not elsewhere:
                continue
            onward = self.one_of(*elsewhere) if state == "blocked" else None
            group = self.one_of(*(stream.group for stream in pathway.arrivals))
            yield AlreadyHere(name, group, since, state, onward)

    def places(self, pathway, name):
        """The steps in which somebody at this one holds a place."""
        while name is not None:
            yield name
            name = pathway.step(name).within
