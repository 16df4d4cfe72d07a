"""
Which named distribution makes measured times, some of which have not ended, the most likely?

A time that has ended counts by its density, one that goes on by its chance of lasting so
long (D. Cox and D. Oakes, "Analysis of Survival Data", 1984, chapter 3). Each kind is told
by the logarithms of its mean and its shape, so that the curvature of the likelihood gives
the standard error of the mean's logarithm. What has ended counts by sums alone where the
kind allows it, so that a million times cost no more than ten. Hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from flowlib.core import checks
from flowlib.core.variation import Distribution, Exponential, Gamma, LogNormal, Weibull

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Tried", "tried"]

STEP = 1e-3  # of a logarithm, for slopes and curvature
TINY = 1e-300  # a chance below this has no logarithm
SHAPES = (-5.0, 9.0)  # of a shape's logarithm: cv from about 12 down to 0.01
NO_COST = 1e12  # of what is impossible; the search turns back
MOST_STEPS = 50
CLOSE = 1e-9  # of a log likelihood that is still to be gained
TINY_SHARE = 1e-6  # of a step


class Tried(NamedTuple):
    """The best of one kind."""

    name: str
    distribution: Distribution
    aicc: float
    spread: float  # standard error of the mean's logarithm


class _Kind(NamedTuple):
    """One kind of distribution, by the logarithms of its mean and its shape."""

    name: str
    shapes: int  # 0 or 1
    cost: Callable[[_Times, float, float], float]  # minus the log likelihood
    made: Callable[[float, float], Distribution]


@dataclass(frozen=True)
class _Times:
    """What has ended and what has come so far, in units of a typical time, so that all numbers are near 1."""

    ended: Floats
    so_far: Floats
    unit: float  # hours

    @cached_property
    def sums(self) -> tuple[float, float, float]:
        """Of the ended times, their logarithms, and the squares of those."""
        logs = self.logs
        return float(self.ended.sum()), float(logs.sum()), float((logs * logs).sum())

    @cached_property
    def logs(self) -> Floats:
        """Logarithms of the ended times."""
        return np.asarray(np.log(self.ended))

    @cached_property
    def logs_so_far(self) -> Floats:
        """Logarithms of the times that go on."""
        return np.asarray(np.log(np.maximum(self.so_far, TINY)))


def tried(ended: Floats, so_far: Floats) -> list[Tried]:
    """
    The best exponential, log-normal, gamma and Weibull for times (hours, above 0); the lowest AICc first.

    Kinds that cannot be fitted are left out.

    >>> made = tried(np.array([1.0, 2, 3, 4, 5, 6, 7, 8]), np.array([8.0, 8.0]))
    >>> next(one.distribution.mean for one in made if one.name == "Exponential").__round__(3)  # 52 hours, 8 ends
    6.5
    """
    times = _Times(ended / ended.mean(), so_far / ended.mean(), float(ended.mean()))
    found = [made for kind in KINDS if (made := _best(kind, times)) is not None]
    return sorted(found, key=lambda one: one.aicc)


def _best(kind: _Kind, times: _Times) -> Tried | None:
    varied = float(times.ended.var() / times.ended.mean() ** 2)
    total = times.sums[0] + float(times.so_far.sum())
    begin = [math.log(total / len(times.ended)), -math.log(max(varied, STEP))][: 1 + kind.shapes]

    def cost(place: Floats) -> float:
        shape = float(place[1]) if kind.shapes else 0.0
        if not SHAPES[0] <= shape <= SHAPES[1]:
            return NO_COST
        with np.errstate(over="ignore", invalid="ignore"):
            value = kind.cost(times, float(place[0]), shape)
        return value if math.isfinite(value) else NO_COST

    numbers, many = len(begin), len(times.ended)
    found = _lowest(cost, np.asarray(begin)) if many > numbers + 1 else None
    if found is None:
        return None
    place, lowest, variance = found
    # Back in hours: the density of each ended time has the unit below the line.
    aicc = 2 * (lowest + many * math.log(times.unit)) + 2 * numbers * many / (many - numbers - 1)
    try:
        made = kind.made(times.unit * math.exp(place[0]), float(place[1]) if kind.shapes else 0.0)
    except checks.Refusal:
        return None  # so regular, or so wild, that it is none of this kind
    return Tried(kind.name, made, float(aicc), math.sqrt(variance))


def _lowest(cost: Callable[[Floats], float], begin: Floats) -> tuple[Floats, float, float] | None:
    """Where *cost* is lowest, how low, and the variance of the first number; by Newton's steps, halved where needed."""
    place, here = _nearer(cost, begin)
    for _ in range(MOST_STEPS):
        slope, curve = _slope_and_curve(cost, place, here)
        if not np.isfinite(curve).all() or np.linalg.eigvalsh(curve)[0] <= 0:
            place, here = _nearer(cost, place, sure=True)
            slope, curve = _slope_and_curve(cost, place, here)
            if not np.isfinite(curve).all() or np.linalg.eigvalsh(curve)[0] <= 0:
                return None
        step = np.linalg.solve(curve, slope)
        if float(slope @ step) < CLOSE:
            return place, here, float(np.linalg.inv(curve)[0, 0])
        share = 1.0
        while share > TINY_SHARE and cost(place - share * step) >= here:
            share /= 2
        if share <= TINY_SHARE:
            return None
        place = place - share * step
        here = cost(place)
    return None


def _nearer(cost: Callable[[Floats], float], place: Floats, *, sure: bool = False) -> tuple[Floats, float]:
    """A place from which Newton's steps lead on: this one, or where a slower search has come to."""
    here = cost(place)
    if here < NO_COST and not sure:
        return place, here
    from scipy import optimize  # noqa: PLC0415 - heavy, so only when used

    found = optimize.minimize(cost, place, method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-6})
    return np.asarray(found.x, dtype=np.float64), float(found.fun)


def _slope_and_curve(cost: Callable[[Floats], float], place: Floats, here: float) -> tuple[Floats, Floats]:
    """First and second derivatives, by differences."""
    size = len(place)
    steps = STEP * np.eye(size)
    up, down = (np.asarray([cost(place + sign * step) for step in steps]) for sign in (1, -1))
    curve = np.diag((up + down - 2 * here) / STEP**2)
    if size > 1:
        corners = [a * b * cost(place + a * steps[0] + b * steps[1]) for a in (1, -1) for b in (1, -1)]
        curve[0, 1] = curve[1, 0] = sum(corners) / (4 * STEP**2)
    return (up - down) / (2 * STEP), curve


def _exponential(times: _Times, mean: float, _: float) -> float:
    return len(times.ended) * mean + (times.sums[0] + float(times.so_far.sum())) * math.exp(-mean)


def _lognormal(times: _Times, mean: float, shape: float) -> float:
    from scipy.special import log_ndtr  # noqa: PLC0415

    spread = math.exp(-shape / 2)
    middle = mean - spread**2 / 2
    _, first, second = times.sums
    many = len(times.ended)
    squares = second - 2 * middle * first + many * middle**2
    over = float(log_ndtr((middle - times.logs_so_far) / spread).sum()) if len(times.so_far) else 0.0
    return first + many * math.log(spread * math.sqrt(2 * math.pi)) + squares / (2 * spread**2) - over


def _gamma(times: _Times, mean: float, shape: float) -> float:
    from scipy.special import gammaincc, gammaln  # noqa: PLC0415

    stages = math.exp(shape)
    rate = stages * math.exp(-mean)
    total, first, _ = times.sums
    over = float(np.log(np.maximum(gammaincc(stages, times.so_far * rate), TINY)).sum()) if len(times.so_far) else 0.0
    density = (stages - 1) * first - rate * total + len(times.ended) * (stages * math.log(rate) - gammaln(stages))
    return float(-density - over)


def _weibull(times: _Times, mean: float, shape: float) -> float:
    from scipy.special import gammaln  # noqa: PLC0415

    power = math.exp(shape)
    scale = mean - float(gammaln(1 + 1 / power))
    worn = float(np.exp(power * (times.logs - scale)).sum()) + float(np.exp(power * (times.logs_so_far - scale)).sum())
    many = len(times.ended)
    return -(many * (shape - power * scale) + (power - 1) * times.sums[1]) + worn


def _weibull_cv(shape: float) -> float:
    from scipy.special import gammaln  # noqa: PLC0415

    power = math.exp(shape)
    return math.sqrt(math.expm1(float(gammaln(1 + 2 / power) - 2 * gammaln(1 + 1 / power))))


KINDS = (
    _Kind("Exponential", 0, _exponential, lambda mean, _: Exponential(mean)),
    _Kind("LogNormal", 1, _lognormal, lambda mean, shape: LogNormal(mean, math.sqrt(math.expm1(math.exp(-shape))))),
    _Kind("Gamma", 1, _gamma, lambda mean, shape: Gamma(mean, math.exp(-shape / 2))),
    _Kind("Weibull", 1, _weibull, lambda mean, shape: Weibull(mean, _weibull_cv(shape))),
)
