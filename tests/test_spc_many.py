"""Are many charts at once the same as each on its own, and fast?"""

import time

import numpy as np
import pytest

from flowlib.core.checks import Refusal
from flowlib.measure.spc import xmr
from flowlib.measure.spc_many import SIGNALS, xmr_many


def some_series(points, seed):
    """Noise, whole numbers with ties, slow waves, steps and jumps: 120 series of so many points."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(30, points))
    return np.vstack(
        [
            noise,
            rng.integers(0, 6, size=(30, points)),
            np.cumsum(rng.normal(size=(30, points)), axis=1),
            rng.integers(0, 3, size=(15, points)) * 0.1 + np.linspace(0, 1, points),
            np.where(np.arange(points) == points // 2, 30.0, rng.integers(0, 4, size=(10, points))),
            np.full((5, points), 0.1),
        ]
    )


@pytest.mark.parametrize("preset", ["mdc", "nhsr", "mdc_excel"])
@pytest.mark.parametrize("points", [2, 3, 6, 7, 12, 36, 61])
def test_many_charts_are_those_of_xmr_series_by_series(points, preset):
    """The other engine: `xmr` on each row, its lines, signals and directions."""
    table = some_series(points, points)
    many = xmr_many(table, preset=preset)
    for row, values in enumerate(table):
        one = xmr(values, improvement="up", preset=preset)
        lines = (many.mean[row], many.lpl[row], many.upl[row])
        assert lines == pytest.approx((one.mean, one.lpl, one.upl), rel=1e-12, abs=1e-12)
        assert [SIGNALS[code] for code in many.codes[row]] == one.points["signal"].tolist()
        better = {"common": 0, "improvement": 1, "concern": -1}
        assert many.direction[row].tolist() == [better[verdict] for verdict in one.points["verdict"]]
        assert many.unusual[row] == (one.variation != "common")


def test_every_signal_is_among_the_series_that_were_compared():
    codes = xmr_many(some_series(36, 36)).codes
    assert set(np.unique(codes)) == set(range(len(SIGNALS)))


def test_ten_thousand_series_of_36_points_take_less_than_two_seconds():
    """In processor time, so that a busy machine does not decide it."""
    table = np.random.default_rng(1).normal(size=(10_000, 36))
    xmr_many(table[:10])
    start = time.process_time()
    xmr_many(table, preset="nhsr")
    assert time.process_time() - start < 2


REFUSED = [
    (
        lambda: xmr_many([[1, 2], [3, np.nan]]),
        (
            "The value of series 1 at position 1 (both counting from 0) must be a number; nan came."
            " Find the missing value, or leave that series out."
        ),
    ),
    (lambda: xmr_many([[1], [2]]), "A chart needs at least 2 points; 1 came. Add points."),
    (lambda: xmr_many([1, 2]), "The series must be a table, one row a series; 1 dimensions came."),
    (
        lambda: xmr_many([[1, 2], [3]]),
        "The series must be a table of numbers, all with as many points. Chart others with xmr.",
    ),
    (
        lambda: xmr_many([[1, 2]], preset="qicharts2"),
        'No preset of many charts called "qicharts2"; there are "mdc", "nhsr", "mdc_excel".',
    ),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED)
def test_what_cannot_be_charted_is_refused_in_a_sentence(call, sentence):
    with pytest.raises(Refusal) as refused:
        call()
    assert str(refused.value) == sentence
