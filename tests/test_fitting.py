"""Does `flowlib.mapping.fitting` find the distribution of times of which some have not ended, and how sure it is?"""

import math

import numpy as np
import pytest
from refusals import said
from scipy import stats

from flowlib import Constant, Empirical, Exponential, Gamma, LogNormal, Weibull
from flowlib.mapping.fitting import fit_lengths
from flowlib.mapping.likelihoods import tried

SHAPES = [Exponential(5), LogNormal(5, 0.8), Gamma(5, 0.5), Weibull(5, 0.6)]
SCIPY = {"Exponential": stats.expon, "LogNormal": stats.lognorm, "Gamma": stats.gamma, "Weibull": stats.weibull_min}


def cut_short(law, many, seed, longest=4.0):
    """Times of *law*, and those of which only a beginning was seen (up to *longest* means)."""
    rng = np.random.default_rng(seed)
    times, until = law.draw(rng, many), rng.random(many) * longest * law.mean
    return times[times <= until], until[times > until]


def quantiles(law, many):
    return law.ppf((np.arange(many) + 0.5) / many)


# The likelihoods.


@pytest.mark.parametrize("law", SHAPES)
def test_every_kind_is_fitted_as_scipy_does_it(law):
    """Oracle: scipy's own maximum likelihood for censored data, mean and log likelihood."""
    ended, so_far = cut_short(law, 300, 1)
    for one in tried(ended, so_far):
        oracle = SCIPY[one.name]
        found = oracle(*oracle.fit(stats.CensoredData(uncensored=ended, right=so_far), floc=0))
        likelihood = found.logpdf(ended).sum() + found.logsf(so_far).sum()
        numbers = 1 if one.name == "Exponential" else 2
        aicc = 2 * numbers * len(ended) / (len(ended) - numbers - 1) - 2 * likelihood
        assert one.distribution.mean == pytest.approx(found.mean(), rel=2e-3)
        assert one.distribution.cv == pytest.approx(found.std() / found.mean(), rel=5e-3)
        assert one.aicc == pytest.approx(aicc, abs=2e-3)


def test_an_exponential_mean_is_all_the_hours_over_the_ends():
    """By head: 8 stays of 1 to 8 hours ended (36 hours), 2 have come 8 hours: 52 / 8; its error is 1 / root 8."""
    made = {one.name: one for one in tried(np.arange(1.0, 9), np.array([8.0, 8.0]))}["Exponential"]
    assert made.distribution.mean == pytest.approx(52 / 8, rel=1e-5)
    assert made.spread == pytest.approx(1 / math.sqrt(8), rel=1e-4)


def test_the_error_of_a_log_normal_mean_is_that_of_the_formula():
    """Olsson (2005): variance of the mean's logarithm is s2/n + s2**2/(2n), at the likelihood's own s2."""
    times = quantiles(LogNormal(3, 1.2), 200)
    made = {one.name: one for one in tried(times, np.array([]))}["LogNormal"]
    s2 = np.log(times).var()
    assert made.spread == pytest.approx(math.sqrt(s2 / 200 + s2**2 / 400), rel=1e-3)


@pytest.mark.parametrize("unit", [1 / 60, 1.0, 24.0])
def test_the_unit_of_time_changes_no_choice(unit):
    """Minutes, hours or days: means go with the unit, AICc by a constant for all kinds, distances not at all."""
    times = quantiles(Gamma(7, 0.6), 150)
    one, other = fit_lengths(times).table, fit_lengths(times * unit).table
    assert list(one["distribution"]) == list(other["distribution"])
    assert other["mean_hours"].to_numpy() == pytest.approx(unit * one["mean_hours"].to_numpy(), rel=1e-4)
    assert np.diff(other["aicc"]) == pytest.approx(np.diff(one["aicc"]), abs=1e-3)
    assert other["distance"].to_numpy() == pytest.approx(one["distance"].to_numpy(), abs=1e-4)


# The choice.


@pytest.mark.parametrize("law", SHAPES)
def test_the_shape_that_made_the_times_is_found(law):
    made = fit_lengths(quantiles(law, 2000))
    assert type(made.distribution) is type(law)
    assert made.fit == "close"
    assert made.mean == pytest.approx(5, rel=0.02)  # quantiles stop short of the tail


def test_leaving_out_stays_that_go_on_would_make_them_look_short():
    """Of stays of 5 hours on average watched for up to 6, those that ended are short; the fit knows of the others."""
    ended, so_far = cut_short(Gamma(5, 0.8), 3000, 2, longest=1.2)
    made = fit_lengths(ended, so_far)
    assert ended.mean() < 2.5
    assert made.lower_95_ci < 5 < made.upper_95_ci
    assert made.mean == pytest.approx(5, rel=0.1)


def test_times_of_no_named_shape_stay_as_measured():
    """Half take an hour and half take ten: no smooth curve comes near."""
    times = np.tile([1.0, 10.0], 200) + np.tile(np.linspace(0, 0.1, 20), 20)
    made = fit_lengths(times)
    assert made.distribution == Empirical(times)
    assert made.fit == "as measured"
    assert made.table["fit"].tolist() == ["poor"] * 4
    assert "No named shape is near enough, so the measured times are used." in made.sentence()


def test_times_of_nothing_are_kept():
    """A named shape has no times of 0, so a log with some keeps its measured ones."""
    assert fit_lengths(np.array([0.0] * 4 + [1.0] * 6)).distribution == Empirical([0.0] * 4 + [1.0] * 6)


def test_a_time_that_never_varies_is_constant():
    made = fit_lengths(np.full(9, 2.5), np.array([1.0, 2.0]))
    assert made.distribution == Constant(2.5)
    assert (made.lower_95_ci, made.upper_95_ci) == (2.5, 2.5)
    assert (made.ended, made.still) == (9, 2)


@pytest.mark.parametrize("law", SHAPES)
def test_a_shape_that_is_right_is_seldom_turned_down_however_many_stays_go_on(law):
    """Two in three stays are cut short; of 30 samples of their own shape, 5 in 100 at most are not near: 4 errors."""
    far = 0
    for seed in range(30):
        ended, so_far = cut_short(law, 300, seed, longest=1.2)
        far += fit_lengths(ended, so_far).fit == "as measured"
    assert far <= 30 * 0.05 + 4 * math.sqrt(30 * 0.05 * 0.95)


def test_the_distance_is_that_of_the_two_curves():
    """Oracle: scipy's Kolmogorov-Smirnov distance, where nothing is cut short."""
    times = Weibull(4, 0.7).draw(np.random.default_rng(4), 120)
    made = fit_lengths(times)
    row = made.table[made.table["distribution"] == made.kind].iloc[0]
    assert row["distance"] == pytest.approx(stats.kstest(times, made.distribution.cdf).statistic)


# How sure the mean is.


def test_the_measured_mean_with_open_stays_is_the_area_below_the_curve():
    """By head: 8 of 10 stays ended at hours 1 to 8 while 2 go on at 8; the curve falls by a tenth each hour to 0.2."""
    times = np.concatenate([np.arange(1.0, 9) + 1e-4, np.zeros(1)])  # with a 0, so that no named kind is tried
    made = fit_lengths(times, np.array([8.0, 8.0]))
    at_risk, staying, area, before, pieces = 11, 1.0, 0.0, 0.0, []
    for length in sorted(times):
        area += staying * (length - before)
        staying *= 1 - 1 / at_risk
        pieces.append((length, at_risk))
        at_risk, before = at_risk - 1, length
    assert made.mean == pytest.approx(area)
    beyond = {length: area_after(times, length) for length, _ in pieces}
    error = math.sqrt(sum(beyond[length] ** 2 / (n * (n - 1)) for length, n in pieces))
    wide = stats.t.ppf(0.975, 8) * error / area
    assert made.lower_95_ci == pytest.approx(area * math.exp(-wide))
    assert made.upper_95_ci == pytest.approx(area * math.exp(wide))


def area_after(times, since):
    """Area below the curve of 9 ended stays and 2 open ones, from one length to the last, a strip at a time."""
    staying, area, before, at_risk = 1.0, 0.0, 0.0, 11
    for length in sorted(times):
        area += staying * max(length - max(before, since), 0)
        staying *= 1 - 1 / at_risk
        at_risk, before = at_risk - 1, length
    return area


def test_stays_that_are_alike_within_a_week_widen_the_interval():
    """Ten weeks of 30 stays, all of one week the same length: the error is nearly that of 10 stays, not of 300."""
    lengths = np.repeat(quantiles(Gamma(5, 0.5), 10), 30)
    apart = fit_lengths(lengths)
    made = fit_lengths(lengths, weeks=np.repeat(np.arange(10), 30))
    wider = math.log(made.upper_95_ci / made.lower_95_ci) / math.log(apart.upper_95_ci / apart.lower_95_ci)
    assert wider == pytest.approx(math.sqrt(30 * 10 / 9), rel=1e-6)


@pytest.mark.parametrize("law", SHAPES)
def test_the_interval_covers_the_mean(law):
    """Of 50 samples of 60 stays, 47 or 48 cover it: four standard errors, binomial, so 42 and more."""
    hits = 0
    for seed in range(50):
        made = fit_lengths(*cut_short(law, 60, seed))
        hits += made.lower_95_ci <= law.mean <= made.upper_95_ci
    assert hits >= 50 * 0.95 - 4 * math.sqrt(50 * 0.95 * 0.05)


# What cannot be said.


def test_too_few_stays_are_refused():
    told = "Fewer than 8 visits have both a begin and an end, too few to describe."
    assert said(lambda: fit_lengths(np.arange(1.0, 8), np.ones(100))) == told


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf])
def test_lengths_that_cannot_be_are_refused(wrong):
    told = "Lengths must be 0 hours or more, and known. Correct the times that run backwards."
    assert said(lambda: fit_lengths(np.array([*range(1, 10), wrong]))) == told
    assert said(lambda: fit_lengths(np.arange(1.0, 10), np.array([wrong]))) == told


@pytest.mark.parametrize("rounded", [1 / 60, 24.0], ids=["minutes", "dates"])
def test_times_that_were_rounded_off_are_still_told_by_name(rounded):
    """Two clocks that show whole units: the difference of two floors; many are 0, and no kind has a 0."""
    rng = np.random.default_rng(1)
    begin = rng.uniform(0, 1e4, 3000)
    mean = 6 * rounded
    end = begin + rng.exponential(mean, 3000)
    seen = (np.floor(end / rounded) - np.floor(begin / rounded)) * rounded
    made = fit_lengths(seen)
    assert (seen == 0).sum() > 100
    assert (made.kind, made.fit) == ("Exponential", "close")
    assert made.lower_95_ci < mean < made.upper_95_ci
