"""
Do intervals hold the truth as often as they say? Measured on noise whose truth is known.

`python -m benchmarks.coverage` makes series of pure noise, in which no change has any
effect, and counts how often each way of working gives 95% intervals that hold zero. For
interrupted series the points resemble their neighbours by a known correlation, and the
ways are those of `statsmodels` beside ours; for comparisons with other sites, each site
has such a series of its own. An effect of any size would shift each estimate by just
that size, so noise alone is enough. The figures go to `data/coverage.csv`; the seed is
fixed, so they come out again, in some twenty minutes.

The ways: `ols` is ordinary least squares; `newey_west` the same with Newey and West's
errors, their usual number of lags and the correction for small samples; `glsar` is
feasible generalised least squares, its correlation estimated in turns; `arima` is full
maximum likelihood; `restricted` is the one correlation that restricted likelihood likes
best; `flowlib` is `interrupted_series` itself.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special
from statsmodels.regression.linear_model import GLSAR, OLS

from benchmarks.coverage_sites import site_rows
from flowlib.change.effect.serial import serial_fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 2026
TAIL = 0.025  # of a 95% interval, on either side
POINTS = (24, 36, 48, 72, 120)
CORRELATIONS = (0.0, 0.2, 0.4, 0.6, 0.8)
TABLE = Path(__file__).parents[1] / "data" / "coverage.csv"
EFFECTS = ("step", "trend_change", "effect_now")


def model_of(points: int, after: int) -> tuple[Floats, Floats]:
    """The model (n, 4) of a series with so many points after its change, and its three effects (3, 4)."""
    since = np.arange(points) - (points - after)
    changed = (since >= 0).astype(float)
    effects = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, after - 1]], dtype=float)
    return np.column_stack([np.ones(points), since, changed, changed * since]), effects


def noise(rng: np.random.Generator, rows: int, points: int, correlation: float) -> Floats:
    """Rows of normal noise in which neighbours have this correlation, and each point a variance of 1."""
    made = rng.normal(size=(rows, points))
    for at in range(1, points):
        made[:, at] = correlation * made[:, at - 1] + math.sqrt(1 - correlation**2) * made[:, at]
    return made


def by_ols(y: Floats, model: Floats, effects: Floats) -> NDArray[np.bool_]:
    """Ordinary least squares."""
    return _holds(OLS(y, model).fit(), effects)


def by_newey_west(y: Floats, model: Floats, effects: Floats) -> NDArray[np.bool_]:
    """Newey and West's errors, with 0.75 times the cube root of the points as lags (Stock and Watson)."""
    lags = math.ceil(0.75 * y.size ** (1 / 3))
    return _holds(
        OLS(y, model).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True), effects
    )


def by_glsar(y: Floats, model: Floats, effects: Floats) -> NDArray[np.bool_]:
    """Least squares and the correlation of what is left, in turns."""
    return _holds(GLSAR(y, model, rho=1).iterative_fit(maxiter=20), effects)


def by_arima(y: Floats, model: Floats, effects: Floats) -> NDArray[np.bool_]:
    """Maximum likelihood of an AR(1) with regressors."""
    from statsmodels.tsa.arima.model import ARIMA  # noqa: PLC0415 - heavy, and only here

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says when it has not quite converged; its interval counts all the same
        fitted = ARIMA(y, exog=model, order=(1, 0, 0), trend="n").fit()
    terms, spread = fitted.params[:4], np.asarray(fitted.cov_params())[:4, :4]
    errors = np.sqrt(np.einsum("mp,pq,mq->m", effects, spread, effects))
    return np.abs(effects @ terms) <= -special.ndtri(TAIL) * errors


def by_restricted(y: Floats, model: Floats, effects: Floats) -> NDArray[np.bool_]:
    """The best correlation by restricted likelihood, taken as known."""
    fit = serial_fit(y, model, np.ones(y.size - 1))
    best = int(fit.weight.argmax())
    errors = np.sqrt(np.einsum("mp,pq,mq->m", effects, fit.spread[best], effects))
    return np.abs(effects @ fit.terms[best]) <= -special.stdtrit(fit.freedom, TAIL) * errors


def by_flowlib(y: Floats, model: Floats, effects: Floats) -> NDArray[np.bool_]:
    """Every correlation, by how well it explains the data: what `interrupted_series` does."""
    fit = serial_fit(y, model, np.ones(y.size - 1))
    return np.array([TAIL <= fit.below(effect, 0.0) <= 1 - TAIL for effect in effects])


WAYS: dict[str, tuple[Callable[[Floats, Floats, Floats], NDArray[np.bool_]], int]] = {
    "ols": (by_ols, 1000),
    "newey_west": (by_newey_west, 1000),
    "glsar": (by_glsar, 1000),
    "arima": (by_arima, 200),
    "restricted": (by_restricted, 1000),
    "flowlib": (by_flowlib, 2000),
}


def held(way: str, points: int, after: int, correlation: float, *, series: int, seed: int = SEED) -> list[float]:
    """Share of series whose interval holds the truth: of the step, the change of trend, the effect at the end."""
    model, effects = model_of(points, after)
    rng = np.random.default_rng([seed, points, after, round(100 * correlation)])
    rows = [WAYS[way][0](y, model, effects) for y in noise(rng, series, points, correlation)]
    return [float(share) for share in np.mean(rows, axis=0)]


def series_rows() -> list[dict[str, object]]:
    """Coverage of interrupted series: each way with the change half way, and ours with it late too."""
    cases = [(way, points, points // 2, one) for way in WAYS for points in POINTS for one in CORRELATIONS]
    cases += [("flowlib", points, 8, one) for points in (36, 48) for one in CORRELATIONS]
    return [
        {"study": "series", "way": way, "size": points, "changed": after, "correlation": one, "effect": effect,
         "made": WAYS[way][1], "held": share}
        for way, points, after, one in cases
        for effect, share in zip(EFFECTS, held(way, points, after, one, series=WAYS[way][1]), strict=True)
    ]  # fmt: skip


def main() -> None:
    """Write the table."""
    pd.DataFrame([*series_rows(), *site_rows()]).round(4).to_csv(TABLE, index=False, lineterminator="\n")


def _holds(fitted: object, effects: Floats) -> NDArray[np.bool_]:
    """Whether each effect's interval holds zero, by Student's t."""
    tested = fitted.t_test(effects, use_t=True)  # type: ignore[attr-defined]
    freedom = fitted.df_resid  # type: ignore[attr-defined]
    return np.abs(np.ravel(tested.tvalue)) <= -special.stdtrit(freedom, TAIL)


if __name__ == "__main__":
    main()
