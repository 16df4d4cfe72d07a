"""
Which kinds of time are there, and how are they stated?

By a mean in hours and a coefficient of variation (cv: standard deviation over mean),
by limits, or by the times that were measured. Every kind turns a uniform number into
a time with `ppf`, so that one person's luck is the same number in every scenario.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from flowlib.core import checks
from flowlib.core.durations import duration

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Constant",
    "Distribution",
    "Empirical",
    "Exponential",
    "Gamma",
    "LogNormal",
    "Triangular",
    "Uniform",
    "Weibull",
]

SHAPES = (0.05, 1e6)  # of a Weibull: cv from 370,000 down to 0.000001
LEAST_CV, MOST_CV = 0.0001, 1000.0  # less is a constant; more is no time that anybody measured


class Distribution:
    """What every kind of time has: a mean (hours), a cv, a share finished by x, and its inverse."""

    if TYPE_CHECKING:

        @property
        def mean(self) -> float: ...  # noqa: D102 - each kind documents its own
        @property
        def cv(self) -> float: ...  # noqa: D102
        @property
        def _scipy(self) -> Any: ...  # noqa: ANN401 - scipy's frozen distributions have no public type

    def cdf(self, x: ArrayLike) -> NDArray[np.float64]:
        """Share of times that are *x* hours or less, 0 to 1."""
        return np.asarray(self._share(np.asarray(x, dtype=np.float64)), dtype=np.float64)

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """The time, hours, that a share *u* (0 to 1) of times do not exceed; NaN for any other *u*."""
        share = np.asarray(u, dtype=np.float64)
        inside = (share >= 0) & (share <= 1)
        if not inside.all():
            return np.where(inside, self._time(np.where(inside, share, 0)), np.nan)
        return np.asarray(self._time(share), dtype=np.float64)

    def _share(self, x: NDArray[np.float64]) -> Any:  # noqa: ANN401 - an array, or a number for one number
        return self._scipy.cdf(x)

    def _time(self, u: NDArray[np.float64]) -> Any:  # noqa: ANN401
        return self._scipy.ppf(u)

    def draw(self, rng: np.random.Generator, n: int) -> NDArray[np.float64]:
        """
        *n* times in hours, one uniform number each.

        The first k of n draws are the same whatever n is, so a longer run or a
        busier scenario leaves the earlier people's luck alone.
        """
        return self.ppf(rng.random(n))

    def to_plain(self) -> dict[str, Any]:
        """The distribution as names and numbers, for a file."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]
        return {type(self).__name__: {k: list(v) if isinstance(v, tuple) else float(v) for k, v in plain.items()}}


def _set_time(self: Distribution, name: str, *, above_zero: bool = True) -> float:
    value = duration(f"{type(self).__name__} {name}", getattr(self, name))
    if above_zero:
        checks.positive(f"{type(self).__name__} {name}", value, "hours")
    object.__setattr__(self, name, float(value))
    return float(value)


@dataclass(frozen=True)
class _MeanAndCv(Distribution):
    """A distribution stated by its mean (hours, or text with a unit) and its cv (above 0)."""

    mean: float  # hours
    cv: float  # standard deviation over mean

    def __post_init__(self) -> None:
        _set_time(self, "mean")
        kind = type(self).__name__
        cv = checks.positive(f"{kind} cv", self.cv)
        checks.need(
            LEAST_CV <= cv <= MOST_CV,
            f"{kind} cv must be from {LEAST_CV} to {MOST_CV:,.0f}; {checks.shown(cv)} came. "
            "A spread of 70% of the mean is 0.7; for none, use Constant.",
        )
        object.__setattr__(self, "cv", cv)


@dataclass(frozen=True)
class Exponential(Distribution):
    """
    Times with no memory: short ones are common, long ones possible (cv is 1).

    >>> float(Exponential(0.25).cdf(0.25).round(3))
    0.632
    """

    mean: float  # hours

    def __post_init__(self) -> None:
        _set_time(self, "mean")

    @property
    def cv(self) -> float:
        """Always 1."""
        return 1.0

    def _share(self, x: NDArray[np.float64]) -> Any:  # noqa: ANN401
        return -np.expm1(-np.maximum(x, 0) / self.mean)

    def _time(self, u: NDArray[np.float64]) -> Any:  # noqa: ANN401
        with np.errstate(divide="ignore"):  # a share of 1 is no finite time
            return -self.mean * np.log1p(-u)


@dataclass(frozen=True)
class LogNormal(_MeanAndCv):
    """
    Times whose logarithm is normal: the usual shape of care times, with a long tail.

    >>> LogNormal(mean="48 minutes", cv=0.7).mean
    0.8
    """

    @cached_property
    def _scipy(self) -> Any:  # noqa: ANN401
        from scipy import stats  # noqa: PLC0415 - heavy, so only when used

        return stats.lognorm(self._spread, scale=self.mean * math.exp(-(self._spread**2) / 2))

    @property
    def _spread(self) -> float:
        """Standard deviation of the logarithm."""
        return math.sqrt(math.log1p(self.cv**2))

    def _time(self, u: NDArray[np.float64]) -> Any:  # noqa: ANN401
        from scipy.special import ndtri  # noqa: PLC0415 - much faster than the general routine

        return self.mean * np.exp(self._spread * ndtri(u) - self._spread**2 / 2)


@dataclass(frozen=True)
class Gamma(_MeanAndCv):
    """Times that are sums of stages: cv below 1 is more regular than exponential, above 1 less."""

    @cached_property
    def _scipy(self) -> Any:  # noqa: ANN401
        from scipy import stats  # noqa: PLC0415

        return stats.gamma(1 / self.cv**2, scale=self.mean * self.cv**2)


@dataclass(frozen=True)
class Weibull(_MeanAndCv):
    """Times whose chance of ending rises (cv below 1) or falls (cv above 1) as they go on."""

    @cached_property
    def _scipy(self) -> Any:  # noqa: ANN401
        from scipy import stats  # noqa: PLC0415

        shape = self._shape
        return stats.weibull_min(shape, scale=self.mean / math.gamma(1 + 1 / shape))

    @cached_property
    def _shape(self) -> float:
        from scipy import optimize, special  # noqa: PLC0415

        def excess(shape: float) -> float:
            """Log of the second moment over the squared mean, less what the cv asks for."""
            second = special.gammaln(1 + 2 / shape) - 2 * special.gammaln(1 + 1 / shape)
            return float(second - math.log1p(self.cv**2))

        return float(optimize.brentq(excess, *SHAPES, xtol=1e-14))


@dataclass(frozen=True)
class Constant(Distribution):
    """Always the same time."""

    value: float  # hours

    def __post_init__(self) -> None:
        _set_time(self, "value", above_zero=False)

    @property
    def mean(self) -> float:
        """The value, hours."""
        return self.value

    @property
    def cv(self) -> float:
        """Always 0."""
        return 0.0

    def _share(self, x: NDArray[np.float64]) -> Any:  # noqa: ANN401
        return x >= self.value

    def _time(self, u: NDArray[np.float64]) -> Any:  # noqa: ANN401
        return np.full_like(u, self.value)


@dataclass(frozen=True)
class Uniform(Distribution):
    """Any time from *low* to *high*, all as likely."""

    low: float  # hours
    high: float  # hours

    def __post_init__(self) -> None:
        low, high = (_set_time(self, name, above_zero=False) for name in ("low", "high"))
        checks.need(
            low < high, f"Uniform low must be below high; {checks.shown(low)} and {checks.shown(high)} hours came."
        )

    @property
    def mean(self) -> float:
        """Half way, hours."""
        return (self.low + self.high) / 2

    @property
    def cv(self) -> float:
        """Width over the square root of 12, over the mean."""
        return (self.high - self.low) / math.sqrt(12) / self.mean

    @cached_property
    def _scipy(self) -> Any:  # noqa: ANN401
        from scipy import stats  # noqa: PLC0415

        return stats.uniform(self.low, self.high - self.low)


@dataclass(frozen=True)
class Triangular(Distribution):
    """Times from *low* to *high*, most often near *mode*: what people give when asked for three numbers."""

    low: float  # hours
    mode: float  # hours
    high: float  # hours

    def __post_init__(self) -> None:
        low, mode, high = (_set_time(self, name, above_zero=False) for name in ("low", "mode", "high"))
        checks.need(
            low <= mode <= high and low < high,
            "Triangular needs low, mode and high in rising order; "
            f"{checks.shown(low)}, {checks.shown(mode)} and {checks.shown(high)} hours came.",
        )

    @property
    def mean(self) -> float:
        """A third of the sum, hours."""
        return (self.low + self.mode + self.high) / 3

    @property
    def cv(self) -> float:
        """From the usual variance of a triangle."""
        a, b, c = self.low, self.high, self.mode
        return math.sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18) / self.mean

    @cached_property
    def _scipy(self) -> Any:  # noqa: ANN401
        from scipy import stats  # noqa: PLC0415

        width = self.high - self.low
        return stats.triang((self.mode - self.low) / width, loc=self.low, scale=width)


@dataclass(frozen=True)
class Empirical(Distribution):
    """
    Times as they were measured: a draw is one of them, each as likely.

    >>> Empirical([1, 2, 6]).mean
    3.0
    """

    values: tuple[float, ...]  # hours, sorted

    def __init__(self, values: Iterable[float]) -> None:
        got = _measured(values)
        checks.need(got.size, "Empirical needs at least one measured time; none came.")
        wrong = np.flatnonzero(~(np.isfinite(got) & (got >= 0)))
        checks.need(
            not wrong.size,
            f"Measured times must be 0 hours or more; the one at place {wrong[0] + 1 if wrong.size else 0} is not.",
        )
        object.__setattr__(self, "values", tuple(np.sort(got).tolist()))

    @property
    def mean(self) -> float:
        """Mean of the values, hours."""
        return float(np.mean(self.values))

    @property
    def cv(self) -> float:
        """Standard deviation (of these values as they are, divisor n) over mean; 0 where the mean is 0."""
        return float(np.std(self.values) / self.mean) if self.mean else 0.0

    def _share(self, x: NDArray[np.float64]) -> Any:  # noqa: ANN401
        return np.where(np.isnan(x), np.nan, np.searchsorted(self._sorted, x, side="right") / len(self.values))

    def _time(self, u: NDArray[np.float64]) -> Any:  # noqa: ANN401
        return self._sorted[np.searchsorted(self._shares[:-1], u)]

    @cached_property
    def _sorted(self) -> NDArray[np.float64]:
        return np.asarray(self.values)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """The share of values up to each place."""
        return np.arange(1, len(self.values) + 1) / len(self.values)


def _measured(values: object) -> NDArray[np.float64]:
    """Measured times as one row of numbers; text may have a unit."""
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in "fiu":
        return values.astype(np.float64)
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes, dict)):
        raise checks.Refusal(
            f"Empirical needs a list of measured times, such as [1, 2.5, 4]; {checks.brief(values)} came."
        )
    return np.asarray([duration(f"Measured time {i}", value) for i, value in enumerate(values, start=1)])
