"""Distributions and durations, held to their definitions, to integration and to scipy."""

import dataclasses
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said
from scipy import integrate, stats

from flowlib.core.variation import (
    Constant,
    Duration,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    Triangular,
    Uniform,
    Weibull,
    days,
    duration,
    fit,
    from_plain,
    hours,
    minutes,
    weeks,
)

SMOOTH = [
    Exponential(0.25),
    LogNormal(0.8, 0.7),
    LogNormal(150, 2.5),
    Gamma(144, 1.1),
    Gamma(2, 0.3),
    Weibull(3, 0.5),
    Weibull(3, 1.7),
    Uniform(1, 3),
    Uniform(0, 0.5),
    Triangular(1, 2, 6),
    Triangular(0, 0, 4),
    Triangular(1, 5, 5),
]
STEPPED = [Constant(2.0), Constant(0), Empirical([1, 2, 2, 7.5]), Empirical([0, 0, 3])]
names = [repr(kind) for kind in SMOOTH]


@pytest.mark.parametrize("kind", SMOOTH, ids=names)
def test_the_mean_is_the_integral_of_the_share_still_going(kind):
    """Oracle: for times from 0 up, the mean is the area above the cumulative curve."""
    top = float(kind.ppf(1 - 1e-15))
    points = [float(kind.ppf(u)) for u in (0.1, 0.5, 0.9, 0.99, 0.9999)]
    area, _ = integrate.quad(lambda x: 1 - float(kind.cdf(x)), 0, top, points=points, limit=500)
    assert area == pytest.approx(kind.mean, rel=1e-6)


@pytest.mark.parametrize("kind", SMOOTH, ids=names)
def test_the_cv_is_the_spread_over_the_mean(kind):
    """Oracle: the second moment is twice the integral of x times the share still going."""
    top = float(kind.ppf(1 - 1e-15))
    points = [float(kind.ppf(u)) for u in (0.1, 0.5, 0.9, 0.99, 0.9999, 1 - 1e-8)]
    second, _ = integrate.quad(lambda x: 2 * x * (1 - float(kind.cdf(x))), 0, top, points=points, limit=500)
    assert math.sqrt(second - kind.mean**2) / kind.mean == pytest.approx(kind.cv, rel=1e-4)


@pytest.mark.parametrize("kind", SMOOTH, ids=names)
def test_a_time_and_its_share_are_each_others_inverse(kind):
    shares = np.linspace(0.001, 0.999, 400)
    assert kind.cdf(kind.ppf(shares)) == pytest.approx(shares, abs=1e-9)


@pytest.mark.parametrize("kind", SMOOTH + STEPPED, ids=repr)
def test_a_time_is_within_reach_of_a_share_just_when_the_share_is_within_the_time(kind):
    """The defining law of an inverse: ppf(u) is at most x just when u is at most cdf(x); also at every jump."""
    shares = np.concatenate([np.linspace(0.01, 1, 100), [0.25, 1 / 3, 2 / 3, 0.75]])
    times = np.concatenate([kind.ppf(np.linspace(0.01, 0.99, 99)) + shift for shift in (-1e-7, 0, 1e-7)])
    u, x = np.meshgrid(shares, times)
    clear = np.abs(kind.cdf(x) - u) > 1e-9 if kind in SMOOTH else np.full(u.shape, fill_value=True)
    assert ((kind.ppf(u) <= x) == (u <= kind.cdf(x)))[clear].all()


@pytest.mark.parametrize("kind", SMOOTH + STEPPED, ids=repr)
def test_shares_run_from_none_to_all_and_no_time_is_below_zero(kind):
    assert kind.cdf(-1e-9) == 0
    assert kind.cdf(np.inf) == 1
    assert kind.ppf(0) >= 0
    assert kind.cdf(kind.ppf(1)) == 1
    assert np.isnan(kind.ppf([-0.1, 1.1, np.nan])).all()
    assert (np.diff(kind.ppf(np.linspace(0, 0.999, 500))) >= 0).all()


@pytest.mark.parametrize("kind", SMOOTH + STEPPED, ids=repr)
def test_the_first_draws_are_the_same_however_many_are_drawn(kind):
    few, many = kind.draw(np.random.default_rng(7), 10), kind.draw(np.random.default_rng(7), 1000)
    assert few.tolist() == many[:10].tolist()


@pytest.mark.parametrize("kind", SMOOTH + STEPPED, ids=repr)
def test_draws_have_the_stated_mean(kind):
    """Within four standard errors of 40,000 draws; the standard error follows from the stated cv."""
    drawn = kind.draw(np.random.default_rng(11), 40_000)
    assert drawn.mean() == pytest.approx(kind.mean, abs=4 * kind.mean * kind.cv / math.sqrt(40_000) + 1e-12)


@pytest.mark.parametrize("kind", SMOOTH, ids=names)
def test_draws_follow_the_curve(kind):
    """Kolmogorov and Smirnov's distance of 20,000 draws; at a fixed seed, 1 in 1,000 is far enough."""
    assert stats.kstest(kind.draw(np.random.default_rng(5), 20_000), kind.cdf).pvalue > 0.001


@pytest.mark.parametrize(
    ("kind", "oracle"),
    [
        (Exponential(0.25), stats.expon(scale=0.25)),
        (Uniform(1, 3), stats.uniform(1, 2)),
        (Triangular(1, 2, 6), stats.triang(0.2, loc=1, scale=5)),
        (LogNormal(math.exp(0.5), math.sqrt(math.e - 1)), stats.lognorm(1)),
        (Gamma(6, 1 / math.sqrt(3)), stats.gamma(3, scale=2)),
        (Weibull(math.gamma(1.5), math.sqrt(math.gamma(2) / math.gamma(1.5) ** 2 - 1)), stats.weibull_min(2)),
    ],
)
def test_each_kind_is_scipys_of_the_same_mean_and_cv(kind, oracle):
    u = np.linspace(0.001, 0.999, 200)
    assert kind.mean == pytest.approx(oracle.mean())
    assert kind.cv == pytest.approx(oracle.std() / oracle.mean())
    assert kind.ppf(u) == pytest.approx(oracle.ppf(u), rel=1e-9)
    assert kind.cdf(oracle.ppf(u)) == pytest.approx(u, rel=1e-9)


@given(st.floats(0.001, 100))
@settings(derandomize=True)
def test_a_weibull_has_the_cv_that_was_asked_for(cv):
    """Oracle: the second moment of a Weibull by the gamma function, on the shape that was found."""
    kind = Weibull(5, cv)
    shape, _, scale = kind._scipy.args[0], 0, kind._scipy.kwds["scale"]
    assert scale * math.gamma(1 + 1 / shape) == pytest.approx(5)
    ratio = math.lgamma(1 + 2 / shape) - 2 * math.lgamma(1 + 1 / shape)
    assert math.sqrt(math.expm1(ratio)) == pytest.approx(cv, rel=1e-6)


def test_an_exponential_is_the_weibull_and_the_gamma_of_cv_1():
    u = np.linspace(0, 0.999, 100)
    assert Weibull(3, 1).ppf(u) == pytest.approx(Exponential(3).ppf(u))
    assert Gamma(3, 1).ppf(u) == pytest.approx(Exponential(3).ppf(u))


def test_measured_times_are_drawn_each_as_likely():
    """Four values, 40,000 draws: each share within four standard errors of a quarter."""
    drawn = Empirical([4, 1, 3, 2]).draw(np.random.default_rng(3), 40_000)
    found = [(drawn == value).mean() for value in (1, 2, 3, 4)]
    assert found == pytest.approx([0.25] * 4, abs=4 * math.sqrt(0.25 * 0.75 / 40_000))


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=40))
@settings(derandomize=True)
def test_measured_times_have_the_mean_and_cv_of_their_list(values):
    kind = Empirical(values)
    assert kind.mean == pytest.approx(np.mean(values))
    assert kind.cv * kind.mean == pytest.approx(np.std(values), abs=1e-9)
    assert kind.ppf(np.arange(1, len(values) + 1) / len(values)).tolist() == sorted(values)


@pytest.mark.parametrize("kind", [Exponential(2.0), LogNormal(4, 0.5), LogNormal(4, 1.8), Gamma(3, 0.4), Weibull(5, 2)])
def test_fit_recovers_what_was_drawn(kind):
    """20,000 draws: the mean within four standard errors, the cv within 1 in 15 (the heaviest tail here needs that)."""
    found = fit(kind.draw(np.random.default_rng(1), 20_000)).distribution
    assert found.mean == pytest.approx(kind.mean, abs=4 * kind.mean * kind.cv / math.sqrt(20_000))
    assert found.cv == pytest.approx(kind.cv, rel=1 / 15)
    u = np.linspace(0.05, 0.95, 50)
    assert found.ppf(u) == pytest.approx(kind.ppf(u), rel=0.05)


def test_fit_names_the_kind_and_how_the_others_did():
    """Akaike's criterion by hand for the exponential: 2 + 2n(1 + log mean)."""
    times = LogNormal(4, 1.5).draw(np.random.default_rng(2), 3000)
    found = fit(times)
    assert isinstance(found.distribution, LogNormal)
    tried = dict(found.tried)
    assert set(tried) == {"Exponential", "LogNormal", "Gamma", "Weibull"}
    assert tried["Exponential"] == pytest.approx(2 + 2 * 3000 * (1 + math.log(times.mean())))
    assert found.tried[0][0] == "LogNormal"
    assert [c for _, c in found.tried] == sorted(tried.values())


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ([1, 2, 3], "A fit needs at least 8 times; 3 came."),
        ([], "A fit needs at least 8 times; 0 came."),
        ([0.1] * 20, "All the times are the same, so there is no variation to fit. Use Constant instead."),
        ([0, 1, 2, 3, 4, 5, 6, 7], "A fit needs times above 0 hours; some are 0. Use Empirical, which keeps them."),
        ([1, 2, 3, -4, 5, 6, 7, 8], "Measured time 4 must be 0 hours or more; -4 came."),
        (
            np.array([1.0, 2, 3, np.nan, 5, 6, 7, 8]),
            "Measured times must be 0 hours or more; the one at place 4 is not.",
        ),
    ],
)
def test_a_fit_that_cannot_be_is_refused(times, sentence):
    assert said(lambda: fit(times)) == sentence


@pytest.mark.parametrize("times", [[1] * 8 + [1.0000001], [1e-9] * 8 + [1e5], [5.0] * 50 + [5.1]])
def test_a_fit_to_times_of_an_odd_shape_still_gives_one(times):
    assert fit(times).distribution.mean > 0


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Exponential(0), "Exponential mean must be above 0 hours; 0 came."),
        (lambda: Exponential(-1), "Exponential mean must be 0 hours or more; -1 came."),
        (lambda: Exponential("soon"), ('Exponential mean must be a length of time such as "48 minutes", "4 hours" or '
         '"6.4 days"; "soon" came.')),
        (lambda: Exponential("1.2.3 hours"), "Exponential mean must be a number; '1.2.3' came."),
        (lambda: Exponential(None), "Exponential mean must be a number; None came."),
        (lambda: Exponential(True), "Exponential mean must be a number; True came."),
        (lambda: Exponential(math.nan), "Exponential mean must be a number; nan came."),
        (lambda: Exponential(10**400), f"Exponential mean must be a number; 1{17 * '0'}...{19 * '0'} came."),
        (lambda: Exponential(2e6), "Exponential mean must be 1,000,000 hours or less; 2,000,000 came. Check its unit."),
        (lambda: LogNormal(1, 0), "LogNormal cv must be above 0; 0 came."),
        (lambda: Gamma(1, -0.5), "Gamma cv must be above 0; -0.5 came."),
        (lambda: Weibull(1, 5000), ("Weibull cv must be from 0.0001 to 1,000; 5,000 came. "
         "A spread of 70% of the mean is 0.7; for none, use Constant.")),
        (lambda: Constant(-2), "Constant value must be 0 hours or more; -2 came."),
        (lambda: Uniform(3, 1), "Uniform low must be below high; 3 and 1 hours came."),
        (lambda: Uniform(12345.6, 1), "Uniform low must be below high; 12,346 and 1 hours came."),
        (lambda: Triangular(1, 7, 6), "Triangular needs low, mode and high in rising order; 1, 7 and 6 hours came."),
        (lambda: Triangular(2, 2, 2), "Triangular needs low, mode and high in rising order; 2, 2 and 2 hours came."),
        (lambda: Empirical([]), "Empirical needs at least one measured time; none came."),
        (lambda: Empirical([1, "x"]), ('Measured time 2 must be a length of time such as "48 minutes", "4 hours" or '
         '"6.4 days"; "x" came.')),
        (lambda: Empirical([[1, 2], [3, 4]]), "Measured time 1 must be a number; [1, 2] came."),
        (lambda: Empirical(5), "Empirical needs a list of measured times, such as [1, 2.5, 4]; 5 came."),
        (lambda: Empirical("12"), "Empirical needs a list of measured times, such as [1, 2.5, 4]; '12' came."),
        (lambda: minutes("ten"), "minutes must be a number; 'ten' came."),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_a_sentence(make, sentence):
    assert said(make) == sentence


def test_durations_are_hours_and_say_so():
    assert [minutes(90), hours(4), days(2), weeks(1)] == [1.5, 4, 48, 168]
    assert repr(days(2)) == "Duration(48.0 hours)"
    assert duration("stay", "6.4 days") == pytest.approx(153.6)
    assert duration("stay", " 2 Hours ") == 2
    assert duration("stay", "15 mins") == 0.25


def test_arithmetic_with_durations_keeps_them_durations():
    """So that a sum of hours is still refused where a number of days is wanted."""
    for made in (2 * hours(3), hours(3) * 2, hours(1) + minutes(30), hours(3) - 1, hours(3) / 2, sum([hours(1)])):
        assert isinstance(made, Duration)
    assert not isinstance(hours(3) / hours(2), Duration)
    assert (hours(2) * np.array([1.0, 2.0])).tolist() == [2, 4]


@pytest.mark.parametrize("kind", SMOOTH + STEPPED, ids=repr)
def test_a_distribution_is_frozen_and_survives_a_file_and_another_process(kind):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(kind, dataclasses.fields(kind)[0].name, 1.0)
    assert from_plain("time", kind.to_plain()) == kind
    kind.cdf(1.0)
    assert pickle.loads(pickle.dumps(kind)) == kind  # noqa: S301 - what this test made itself


@pytest.mark.parametrize(
    ("plain", "sentence"),
    [
        ({"Expnential": 1}, ('No kind of time for stay called "Expnential"; there are "Exponential", "LogNormal", '
         '"Gamma", "Weibull", "Constant", "Uniform", "Triangular", "Empirical". Did you mean "Exponential"?')),
        ({"LogNormal": {"mean": 1}}, 'stay: LogNormal needs "mean", "cv"; "mean" came.'),
        ({"Exponential": {"mean": 0}}, "stay: Exponential mean must be above 0 hours; 0 came."),
        ({}, "stay must be one kind of time, such as Exponential with its mean; {} came."),
        ([1], "stay must be one kind of time, such as Exponential with its mean; [1] came."),
        (None, "stay must be one kind of time, such as Exponential with its mean; None came."),
        ({"Empirical": 5}, "stay: Empirical needs a list of measured times, such as [1, 2.5, 4]; 5 came."),
        ("soon", 'stay must be a length of time such as "48 minutes", "4 hours" or "6.4 days"; "soon" came.'),
        (True, "stay must be a number; True came."),
    ],
)  # fmt: skip
def test_a_time_that_a_file_states_wrongly_is_refused(plain, sentence):
    assert said(lambda: from_plain("stay", plain)) == sentence
