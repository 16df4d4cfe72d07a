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
    from scipy import optimize  # noqa: PLC0415 - heavy, so only when used

    total = times.sums[0] + float(times.so_far.sum())
    varied = float(times.ended.var() / times.ended.mean() ** 2)
    begin = [math.log(total / len(times.ended)), -math.log(max(varied, STEP))][: 1 + kind.shapes]

    def cost(place: Floats) -> float:
        shape = float(np.clip(place[1], *SHAPES)) if kind.shapes else 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            value = kind.cost(times, float(place[0]), shape)
        return value if math.isfinite(value) else NO_COST

    found = optimize.minimize(cost, begin, method="BFGS", options={"gtol": 1e-4 * len(times.ended)})
    if not found.success:
        found = optimize.minimize(cost, begin, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8})
    place = np.asarray(found.x, dtype=np.float64)
    spread = _spread_of_first(cost, place)
    numbers, many = len(place), len(times.ended)
    if not found.success or spread is None or many <= numbers + 1:
        return None
    # Back in hours: the density of each ended time has the unit below the line.
    aicc = 2 * (found.fun + many * math.log(times.unit)) + 2 * numbers * many / (many - numbers - 1)
    try:
        made = kind.made(times.unit * math.exp(place[0]), float(place[1]) if kind.shapes else 0.0)
    except checks.Refusal:
        return None  # so regular, or so wild, that it is none of this kind
    return Tried(kind.name, made, float(aicc), spread)


def _spread_of_first(cost: Callable[[Floats], float], place: Floats) -> float | None:
    """Standard error of the first number, from the curvature of the cost at its lowest."""
    size = len(place)
    steps = STEP * np.eye(size)
    curve = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            corners = [cost(place + a * steps[i] + b * steps[j]) * a * b for a in (1, -1) for b in (1, -1)]
            curve[i, j] = sum(corners) / (4 * STEP**2)
    try:
        variance = float(np.linalg.inv(curve)[0, 0])
    except np.linalg.LinAlgError:
        return None
    return math.sqrt(variance) if variance > 0 else None


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
