"""
How sure can a line be, when each point resembles the one before it?

A week that follows a bad week tends to be bad too, so 50 weeks tell less than 50
separate facts. Here the noise around a straight-line model is taken to fade by the same
share with each step of time (first-order autocorrelation, written ρ). Nobody knows ρ. To
put in one best guess makes intervals too narrow in short series, so every ρ from -1 to 1
is tried, and each counts by how well it explains the data.

In symbols: y = Xβ + u, and two points that are g steps apart have correlation ρ^g. For a
known ρ, generalised least squares gives each combination of β a t distribution with
n - p degrees of freedom. Its weight is the restricted likelihood of that ρ (Harville
1974, Biometrika 61: 383); the sum of the weighted t distributions is that of Zellner and
Tiao (1964, Journal of the American Statistical Association 59: 763), with all ρ alike
beforehand. Turner and others (2021, BMC Medical Research Methodology 21: 181) found that
usual methods for such series, the one best restricted guess among them, give intervals
that are too narrow; `benchmarks/coverage.py` measures how far this one does. Where noise
remembers further back than one step, intervals are still too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.change.effect.estimate import Estimate

if TYPE_CHECKING:
    from flowlib.measure.spc_rules import Floats

__all__ = ["SerialFit", "serial_fit", "whitened"]

GRID = np.linspace(-0.995, 0.995, 200)  # the correlations that are tried
NEGLIGIBLE = 1e-8  # a correlation with less weight than this is left out
ROUNDS = 60  # at most, to find a quantile; some six are usual
CLOSE = 1e-11  # share of the weight within which a quantile is found


@dataclass(frozen=True, eq=False)
class SerialFit:
    """A straight-line model of points that resemble their neighbours; g correlations, p terms."""

    correlation: Floats  # (g,) each correlation tried
    weight: Floats  # (g,) how much it counts; they sum to 1
    terms: Floats  # (g, p) the model's terms, given that correlation
    spread: Floats  # (g, p, p) their scale matrix
    freedom: int  # points less terms

    def estimates(self, contrasts: Floats, confidence: float) -> tuple[Floats, Floats, Floats]:
        """Value, low and high of each row of *contrasts* (m, p), as three arrays of m."""
        centre, error = self._centre(contrasts)
        tail = (1 - confidence) / 2
        return self.weight @ centre, self._quantile(centre, error, tail), self._quantile(centre, error, 1 - tail)

    def estimate(self, contrast: Floats, confidence: float) -> Estimate:
        """One combination of the terms, with its interval."""
        value, low, high = self.estimates(contrast[np.newaxis], confidence)
        return Estimate(float(value[0]), float(low[0]), float(high[0]))

    def below(self, contrast: Floats, value: float) -> float:
        """How much of the weight puts the combination below *value*, 0 to 1."""
        centre, error = self._centre(contrast[np.newaxis])
        return float(self._share_below(centre, error, np.array([value]))[0])

    def autocorrelation(self, confidence: float) -> Estimate:
        """What the data say of the correlation of neighbours."""
        share = np.cumsum(self.weight) - self.weight / 2
        tail = (1 - confidence) / 2
        low, high = np.interp([tail, 1 - tail], share, self.correlation)
        return Estimate(float(self.weight @ self.correlation), float(low), float(high))

    @property
    def typical(self) -> Floats:
        """The terms (p,), averaged over the correlations."""
        mean: Floats = self.weight @ self.terms
        return mean

    def _centre(self, contrasts: Floats) -> tuple[Floats, Floats]:
        """Centre and standard error (g, m) of each contrast at each correlation."""
        variance = np.einsum("mp,gpq,mq->gm", contrasts, self.spread, contrasts)
        return self.terms @ contrasts.T, np.sqrt(np.maximum(variance, 0.0))

    def _share_below(self, centre: Floats, error: Floats, value: Floats) -> Floats:
        from scipy import special  # noqa: PLC0415 - heavy, so only when used

        shares: Floats = self.weight @ special.stdtr(self.freedom, (value - centre) / error)
        return shares

    def _density(self, centre: Floats, error: Floats, value: Floats) -> Floats:
        half = (self.freedom + 1) / 2
        peak = math.exp(math.lgamma(half) - math.lgamma(half - 0.5)) / math.sqrt(math.pi * self.freedom)
        dense: Floats = self.weight @ (peak / error * (1 + ((value - centre) / error) ** 2 / self.freedom) ** -half)
        return dense

    def _quantile(self, centre: Floats, error: Floats, share: float) -> Floats:
        """Where the weighted distributions reach *share*: it lies between their own such places (Newton, bracketed)."""
        from scipy import special  # noqa: PLC0415 - heavy, so only when used

        each = centre + special.stdtrit(self.freedom, share) * error
        low, high, at = each.min(axis=0), each.max(axis=0), self.weight @ each
        for _ in range(ROUNDS):
            over = self._share_below(centre, error, at) - share
            if np.abs(over).max() < CLOSE:
                break
            low, high = np.where(over < 0, at, low), np.where(over < 0, high, at)
            step = at - over / self._density(centre, error, at)
            at = np.where((low < step) & (step < high), step, (low + high) / 2)
        reached: Floats = at
        return reached


def serial_fit(y: Floats, model: Floats, gaps: Floats, *, whole_steps: bool = True) -> SerialFit:
    """
    The model (n, p) fitted to *y* (n,), with *gaps* (n - 1,) in steps of time between points.

    Gaps that are not whole steps (*whole_steps* false) allow no correlation below zero.

    >>> fit = serial_fit(np.array([1.0, 2.0, 4.0, 3.0]), np.ones((4, 1)), np.ones(3))
    >>> fit.freedom, bool(2 < fit.typical[0] < 3)
    (3, True)
    """
    grid = GRID if whole_steps else GRID[GRID > 0]
    fade = grid[:, np.newaxis] ** gaps
    freedom = y.size - model.shape[1]
    orthogonal, triangle = np.linalg.qr(whitened(model, fade))
    values = whitened(y[:, np.newaxis], fade)[..., 0]
    along = np.einsum("gnp,gn->gp", orthogonal, values)
    left = (values**2).sum(axis=1) - (along**2).sum(axis=1)
    sizes = np.abs(np.diagonal(triangle, axis1=1, axis2=2))
    likely = -0.5 * np.log1p(-(fade**2)).sum(axis=1) - np.log(sizes).sum(axis=1) - 0.5 * freedom * np.log(left)
    weight = np.exp(likely - likely.max())
    kept = weight > NEGLIGIBLE * weight.sum()
    inverse = np.linalg.inv(triangle[kept])
    return SerialFit(
        correlation=grid[kept],
        weight=weight[kept] / weight[kept].sum(),
        terms=np.einsum("gij,gj->gi", inverse, along[kept]),
        spread=inverse @ inverse.transpose(0, 2, 1) * (left[kept] / freedom)[:, np.newaxis, np.newaxis],
        freedom=freedom,
    )


def whitened(columns: Floats, fade: Floats) -> Floats:
    """
    *columns* (n, p) less what the row before foretells of each, as (g, n, p).

    *fade* (g, n - 1) is the correlation of each row with the one before it.
    """
    rows = np.empty((fade.shape[0], *columns.shape))
    rows[:, 0] = columns[0]
    left = np.sqrt(1 - fade**2)[..., np.newaxis]
    rows[:, 1:] = (columns[1:] - fade[..., np.newaxis] * columns[:-1]) / left
    return rows
