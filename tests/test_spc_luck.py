"""Does `flowlib.measure.spc_luck` say what pure chance does, held to counting every order and to `xmr` one by one?"""

from itertools import pairwise, permutations

import numpy as np
import pytest

from flowlib.core.checks import Refusal
from flowlib.measure.spc import xmr
from flowlib.measure.spc_luck import CHARTS, MOST_SEED, _dealt, falls_in_a_row, luck


def has_falls(order, falls):
    row = 0
    for before, after in pairwise(order):
        row = row + 1 if after < before else 0
        if row == falls:
            return True
    return False


@pytest.mark.parametrize("points", [2, 3, 5, 7])
@pytest.mark.parametrize("falls", [1, 2, 3])
def test_falls_in_a_row_come_as_often_as_among_all_orders(points, falls):
    orders = list(permutations(range(points)))
    counted = sum(has_falls(order, falls) for order in orders) / len(orders)
    assert falls_in_a_row(points, falls) == pytest.approx(counted, abs=1e-12)


def test_two_falls_at_the_end_are_1_in_6_and_in_a_year_7_in_8():
    """Of three points, one of six orders falls twice; 13 points by 200,000 random orders."""
    assert falls_in_a_row(3) == pytest.approx(1 / 6)
    draws = np.random.default_rng(3).random((200_000, 13))
    falls = np.diff(draws, axis=1) < 0
    share = (falls[:, 1:] & falls[:, :-1]).any(axis=1).mean()
    assert falls_in_a_row(13) == pytest.approx(share, abs=4 * np.sqrt(0.87 * 0.13 / 200_000))


@pytest.mark.parametrize(("change", "skewed"), [(0.0, False), (0.0, True), (2.0, False)])
def test_the_share_marked_is_that_of_charts_made_one_by_one(change, skewed):
    """The same deals, each through `xmr`; the first 200 of them must agree one by one in their share."""
    dealt = _dealt(CHARTS, 24, change=change, skewed=skewed, seed=MOST_SEED + 1)[:200]
    one_by_one = np.mean([(xmr(row).points["signal"] != "").any() for row in dealt])
    share = luck(24, change=change, skewed=skewed).marked
    assert abs(one_by_one - share) < 4 * np.sqrt(0.25 / 200)


def test_a_larger_change_is_marked_more_often_and_skew_raises_false_alarms():
    shares = [luck(24, change=change).marked for change in (0, 1, 2, 3)]
    assert shares == sorted(shares)
    assert luck(24, skewed=True).marked > 2 * luck(24).marked


def test_what_is_dealt_keeps_its_mean_and_spread_whatever_its_shape():
    """A million points: the mean's standard error is 0.01; that of the skewed ones' spread is larger."""
    for skewed, near in ((False, 0.05), (True, 0.4)):
        dealt = _dealt(10_000, 100, change=0, skewed=skewed, seed=5)
        assert dealt.mean() == pytest.approx(50, abs=0.05)
        assert dealt.std() == pytest.approx(10, abs=near)


def test_the_same_seed_deals_the_same_chart_and_another_deals_another():
    first, again, other = luck(seed=4), luck(seed=4), luck(seed=5)
    assert first.chart.points["y"].tolist() == again.chart.points["y"].tolist()
    assert first.chart.points["y"].tolist() != other.chart.points["y"].tolist()


def test_the_sentence_says_whether_anything_changed_and_how_often_such_charts_are_marked():
    quiet = luck(12, seed=1)
    assert 0.03 < quiet.marked < 0.07
    assert quiet.sentence() == (
        "Nothing changed here: all is chance. On this chart the rules mark no point. "
        "They mark about 5 of 100 charts of pure chance like this one."
    )
    assert luck(24, change=3, seed=1).sentence().startswith("From half way on the level truly changed.")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"points": 11}, "The number of points must be a whole number, 12 or more; 11 came."),
        ({"points": 201}, "A chart of chance has at most 200 points; 201 came. Ask for fewer."),
        ({"change": 11}, "The change must be -10 to 10 standard deviations; 11 came."),
        ({"seed": 2**32}, "The seed must be 0 to 4294967295; 4294967296 came."),
    ],
)
def test_what_cannot_be_dealt_is_refused_in_a_sentence(asked, sentence):
    with pytest.raises(Refusal) as refusal:
        luck(**asked)
    assert str(refusal.value) == sentence


def test_too_many_points_or_falls_are_refused():
    with pytest.raises(Refusal, match=r"^There may be at most 200 points; 201 came\.$"):
        falls_in_a_row(201)
    with pytest.raises(Refusal, match=r"^There may be at most 20 falls; 21 came\.$"):
        falls_in_a_row(50, 21)
