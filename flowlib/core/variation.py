"""
How long do things take, and how much does that vary?

Times are hours inside. `minutes(48)`, `hours(4)`, `days(6.4)` and `weeks(2)` give
a `Duration`, which is a number of hours that remembers it is one. Every
distribution knows its mean and its coefficient of variation (cv: standard
deviation over mean), and turns a uniform number into a time with `ppf`, so that one
person's luck is the same number in every scenario.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Constant",
    "Distribution",
    "Duration",
    "Empirical",
    "Exponential",
    "Fit",
    "Gamma",
    "LogNormal",
    "Triangular",
    "Uniform",
    "Weibull",
    "days",
    "duration",
    "fit",
    "from_plain",
    "hours",
    "minutes",
    "weeks",
]

FEWEST_TO_FIT = 8  # fewer times than this say too little about a shape
HOURS_IN = {"minute": 1 / 60, "min": 1 / 60, "hour": 1.0, "hr": 1.0, "h": 1.0, "day": 24.0, "week": 168.0}


class Duration(float):
    """A length of time in hours."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Duration({float(self)!r} hours)"


def minutes(number: float) -> Duration:
    """
    *number* minutes as a duration in hours.

    >>> minutes(48)
    Duration(0.8 hours)
    """
    return Duration(checks.finite("minutes", number) / 60)


def hours(number: float) -> Duration:
    """*number* hours as a duration."""
    return Duration(checks.finite("hours", number))


def days(number: float) -> Duration:
    """*number* days as a duration in hours."""
    return Duration(checks.finite("days", number) * 24)


def weeks(number: float) -> Duration:
    """*number* weeks as a duration in hours."""
    return Duration(checks.finite("weeks", number) * 168)


def duration(name: str, value: object) -> Duration:
    """
    A duration from a number of hours or from text such as "48 minutes" or "6.4 days".

    >>> duration("stay", "2 weeks")
    Duration(336.0 hours)
    """
    if isinstance(value, str):
        found = re.fullmatch(r"\s*([0-9.]+)\s*([a-z]+?)s?\s*", value.lower())
        checks.need(
            found and found[2] in HOURS_IN,
            f'{name} must be a length of time such as "48 minutes", "4 hours" or "6.4 days"; "{value}" came.',
        )
        assert found is not None  # noqa: S101 - the line above refuses it, which the type checker cannot see
        return Duration(checks.at_least(name, found[1], 0, "hours") * HOURS_IN[found[2]])
    return Duration(checks.at_least(name, value, 0, "hours"))


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
        return np.asarray(self._scipy.cdf(x), dtype=np.float64)

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """The time, hours, that a share *u* (0 to 1) of times do not exceed."""
        return np.asarray(self._scipy.ppf(u), dtype=np.float64)

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
        object.__setattr__(self, "cv", checks.positive(f"{type(self).__name__} cv", self.cv))


@dataclass(frozen=True)
class Exponential(Distribution):
    """
    Times with no memory: short ones are common, long ones possible (cv is 1).

    >>> float(Exponential(minutes(15)).cdf(minutes(15)).round(3))
    0.632
    """

    mean: float  # hours

    def __post_init__(self) -> None:
        _set_time(self, "mean")

    @property
    def cv(self) -> float:
        """Always 1."""
        return 1.0

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Inverse in closed form: minus mean times log(1 - u)."""
        return np.asarray(-self.mean * np.log1p(-np.asarray(u, dtype=float)), dtype=np.float64)

    def cdf(self, x: ArrayLike) -> NDArray[np.float64]:
        """Share of times that are *x* hours or less."""
        return np.asarray(-np.expm1(-np.maximum(np.asarray(x, dtype=float), 0) / self.mean), dtype=np.float64)


@dataclass(frozen=True)
class LogNormal(_MeanAndCv):
    """
    Times whose logarithm is normal: the usual shape of care times, with a long tail.

    >>> LogNormal(mean=minutes(48), cv=0.7).mean
    0.8
    """

    @cached_property
    def _scipy(self) -> Any:  # noqa: ANN401
        from scipy import stats  # noqa: PLC0415 - heavy, so only when used

        spread = math.sqrt(math.log1p(self.cv**2))
        return stats.lognorm(spread, scale=self.mean * math.exp(-(spread**2) / 2))

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Inverse by way of the normal quantile, which is much faster than the general routine."""
        from scipy.special import ndtri  # noqa: PLC0415

        spread = math.sqrt(math.log1p(self.cv**2))
        return np.asarray(
            np.exp(math.log(self.mean) - spread**2 / 2 + spread * ndtri(np.asarray(u, dtype=float))), dtype=np.float64
        )


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

        return float(optimize.brentq(excess, 0.05, 1000, xtol=1e-14))


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

    def cdf(self, x: ArrayLike) -> NDArray[np.float64]:
        """0 before the value, 1 from it on."""
        return (np.asarray(x, dtype=float) >= self.value).astype(float)

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """The value, whatever the luck."""
        return np.full_like(np.asarray(u, dtype=float), self.value)


@dataclass(frozen=True)
class Uniform(Distribution):
    """Any time from *low* to *high*, all as likely."""

    low: float  # hours
    high: float  # hours

    def __post_init__(self) -> None:
        low, high = (_set_time(self, name, above_zero=False) for name in ("low", "high"))
        checks.need(low < high, f"Uniform low must be below high; {low:g} and {high:g} hours came.")

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
            f"Triangular needs low, mode, high in rising order; {low:g}, {mode:g}, {high:g} hours came.",
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

    def __init__(self, values: Sequence[float] | NDArray[np.float64]) -> None:
        got = np.asarray(list(values), dtype=float)
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

    def cdf(self, x: ArrayLike) -> NDArray[np.float64]:
        """Share of the values that are *x* or less."""
        return np.asarray(np.searchsorted(self._sorted, x, side="right") / len(self.values), dtype=np.float64)

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """The value at share *u* of the sorted values."""
        place = np.floor(np.asarray(u, dtype=float) * len(self.values)).astype(int)
        return np.asarray(self._sorted[np.minimum(place, len(self.values) - 1)], dtype=np.float64)

    @cached_property
    def _sorted(self) -> NDArray[np.float64]:
        return np.asarray(self.values)


KINDS: dict[str, type[Distribution]] = {
    kind.__name__: kind for kind in (Exponential, LogNormal, Gamma, Weibull, Constant, Uniform, Triangular, Empirical)
}


def from_plain(name: str, plain: object) -> Distribution:
    """
    A distribution from what a file holds: `{"LogNormal": {"mean": "48 minutes", "cv": 0.7}}`.

    A bare number or text is a constant time.
    """
    if isinstance(plain, (int, float, str)):
        return Constant(duration(name, plain))
    checks.need(
        isinstance(plain, dict) and len(plain) == 1,
        f"{name} must be one kind of time, such as Exponential with its mean; {plain!r} came.",
    )
    assert isinstance(plain, dict)  # noqa: S101 - refused above
    ((kind, numbers),) = plain.items()
    cls = KINDS[checks.choice("kind of time", kind, KINDS)]
    wanted = [f.name for f in fields(cls)]  # type: ignore[arg-type]
    given: Mapping[str, Any] = numbers if isinstance(numbers, dict) else {wanted[0]: numbers}
    checks.need(
        set(given) == set(wanted),
        f"{name}: {kind} needs {checks.listed(wanted)}; {checks.listed(map(str, given))} came.",
    )
    return cls(**given)


@dataclass(frozen=True)
class Fit:
    """A distribution fitted to measured times, and how the others did."""

    distribution: Distribution  # the best of those tried
    tried: tuple[tuple[str, float], ...]  # kind and Akaike's information criterion, best (lowest) first


def fit(values: Sequence[float] | NDArray[np.float64]) -> Fit:
    """
    The smooth distribution nearest to measured times, by maximum likelihood.

    Tries exponential, log-normal, gamma and Weibull and keeps the lowest value of
    Akaike's information criterion (H. Akaike, IEEE Trans. Automatic Control 19,
    1974). Times must be above 0 hours and at least 8 are needed; where some are 0,
    use `Empirical`, which keeps them.

    >>> import numpy as np
    >>> type(fit(LogNormal(mean=2, cv=1.5).draw(np.random.default_rng(1), 2000)).distribution).__name__
    'LogNormal'
    """
    from scipy import stats  # noqa: PLC0415

    got = np.asarray(values, dtype=float)
    checks.need(got.size >= FEWEST_TO_FIT, f"A fit needs at least {FEWEST_TO_FIT} times; {got.size} came.")
    checks.need(
        bool(np.all(np.isfinite(got) & (got > 0))),
        "A fit needs times above 0 hours; some are 0, negative or missing. Use Empirical to keep times of 0.",
    )
    checks.need(
        float(np.std(got)) > 0, "All the times are the same, so there is no variation to fit. Use Constant instead."
    )
    tried = []
    for kind, law in (("LogNormal", stats.lognorm), ("Gamma", stats.gamma), ("Weibull", stats.weibull_min)):
        shape, loc, scale = law.fit(got, floc=0)
        frozen = law(shape, loc=loc, scale=scale)
        mean, spread = float(frozen.mean()), float(frozen.std())
        tried.append((4 - 2 * float(frozen.logpdf(got).sum()), kind, KINDS[kind](mean, spread / mean)))  # type: ignore[call-arg]
    single = stats.expon(scale=got.mean())
    tried.append((2 - 2 * float(single.logpdf(got).sum()), "Exponential", Exponential(float(got.mean()))))
    tried.sort(key=lambda row: row[0])
    return Fit(tried[0][2], tuple((kind, criterion) for criterion, kind, _ in tried))
