"""
How long do things take, and how much does that vary?

Times are hours inside. `minutes(48)`, `hours(4)`, `days(6.4)` and `weeks(2)` give
a `Duration`, which is a number of hours that remembers it is one. Every
distribution knows its mean and its coefficient of variation (cv: standard
deviation over mean). `fit` finds the one nearest to measured times.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from flowlib.core import checks
from flowlib.core.distributions import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Triangular,
    Uniform,
    Weibull,
)
from flowlib.core.durations import Duration, days, duration, hours, minutes, weeks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

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
SMOOTH: tuple[type[Distribution], ...] = (Exponential, LogNormal, Gamma, Weibull)


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
        f"{name} must be one kind of time, such as Exponential with its mean; {checks.brief(plain)} came.",
    )
    assert isinstance(plain, dict)  # noqa: S101 - refused above
    ((kind, numbers),) = plain.items()
    cls = KINDS[checks.choice("kind of time", kind, KINDS, where=f"for {name}")]
    wanted = [f.name for f in fields(cls)]  # type: ignore[arg-type]
    given: Mapping[str, Any] = numbers if isinstance(numbers, dict) else {wanted[0]: numbers}
    checks.need(
        set(given) == set(wanted),
        f"{name}: {kind} needs {checks.listed(wanted)}; {checks.listed(map(str, given))} came.",
    )
    try:
        return cls(**given)
    except checks.Refusal as refusal:
        raise checks.Refusal(f"{name}: {refusal}") from None


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
    got = np.asarray(Empirical(values).values) if np.size(values) else np.empty(0)
    checks.need(got.size >= FEWEST_TO_FIT, f"A fit needs at least {FEWEST_TO_FIT} times; {got.size} came.")
    checks.need(got[0] > 0, "A fit needs times above 0 hours; some are 0. Use Empirical, which keeps them.")
    checks.need(got[0] < got[-1], "All the times are the same, so there is no variation to fit. Use Constant instead.")
    found = [one for kind in SMOOTH if (one := _fitted(kind, got)) is not None]
    found.sort(key=lambda row: row[0])
    return Fit(found[0][1], tuple((type(kind).__name__, criterion) for criterion, kind in found))


def _fitted(kind: type[Distribution], times: NDArray[np.float64]) -> tuple[float, Distribution] | None:
    """Akaike's criterion and the best of one kind, if it has one."""
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    law = {Exponential: stats.expon, LogNormal: stats.lognorm, Gamma: stats.gamma, Weibull: stats.weibull_min}[kind]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of steps in the search that led nowhere
            numbers = law.fit(times, floc=0)
            frozen = law(*numbers)
            mean, spread = float(frozen.mean()), float(frozen.std())
        made = kind(mean) if kind is Exponential else kind(mean, spread / mean)  # type: ignore[call-arg]
        criterion = 2 * (len(numbers) - 1) - 2 * float(frozen.logpdf(times).sum())
    except (checks.Refusal, stats.FitError, ArithmeticError, ValueError):
        return None  # these times are far from any of this kind
    return (criterion, made) if math.isfinite(criterion) else None
