"""Does `flowlib.measure.failure` count failure demand openly, and size its samples right?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said
from scipy import optimize, stats

from flowlib.measure.demand import failure_demand
from flowlib.measure.failure import failure_share, sample_needed


def kinds(failure, value, unclear=0):
    return ["failure"] * failure + ["value"] * value + ["unclear"] * unclear


def wilson_half_width(worth, share, confidence):
    """By root finding: the p at which the score test of *share* is just at its limit, above and below."""
    z = stats.norm.isf((1 - confidence) / 2)

    def off(p):
        return (share - p) ** 2 - z * z * p * (1 - p) / worth

    low = optimize.brentq(off, 0, share, xtol=1e-15) if share > 0 else 0.0
    high = optimize.brentq(off, max(share, 1e-9), 1, xtol=1e-15)  # at a share of 0, 0 itself is a root too
    return (high - low) / 2


# A classified sample.


def test_the_bounds_of_the_share_hold_however_the_unclear_fall():
    """Against failure_demand for every way in which 6 unclear contacts can fall."""
    made = failure_share({"kind": kinds(12, 20, 6)})
    every_way = [failure_demand(12 + k, 38) for k in range(7)]
    assert made.at_least.lower_95_ci == min(way.lower_95_ci for way in every_way)
    assert made.at_most.upper_95_ci == max(way.upper_95_ci for way in every_way)
    assert made.of_clear == failure_demand(12, 32)


def test_without_unclear_contacts_the_bounds_meet():
    made = failure_share({"kind": kinds(15, 25)})
    assert made.at_least == made.at_most == made.of_clear == failure_demand(15, 40)


def test_a_sample_of_unclear_contacts_only_has_no_share_and_says_0_to_100():
    """By head: 20 of 20 may be failures, or none."""
    made = failure_share({"kind": kinds(0, 0, 20)})
    assert made.of_clear is None
    assert (made.at_least.share, made.at_most.share) == (0, 1)
    assert "between 0 and 100 in 100" in made.sentence()


def test_the_sentence_gives_the_counts_and_the_bounds():
    """Newcombe's 81 of 263 (Statistics in Medicine 17, 1998): 25.53% to 36.62%, rounded outwards."""
    made = failure_share({"kind": kinds(81, 182)}, synthetic=True)
    assert made.sentence() == (
        "Of 263 contacts looked at, 81 were failure demand and none was unclear. "
        "The share is between 25 and 37 in 100 (95% interval)."
    )


def test_a_sentence_about_few_real_people_hides_the_number_and_its_share():
    told = failure_share({"kind": kinds(3, 40, 2)}).sentence()
    assert told == (
        "Of 45 contacts looked at, fewer than 8 were failure demand and fewer than 8 were unclear. "
        "That is too few to show a share."
    )


def test_capitals_and_blanks_around_the_words_do_not_matter():
    made = failure_share({"kind": [" Failure", "VALUE", "unclear "]})
    assert (made.failures, made.unclear, made.contacts) == (1, 1, 3)


def test_the_table_by_reason_adds_up_to_the_whole_and_starts_with_most_failures():
    table = pd.DataFrame(
        {
            "kind": kinds(10, 5, 1) + kinds(25, 0) + kinds(0, 9),
            "why": ["chasing a letter"] * 16 + ["no call back"] * 25 + [""] * 9,
        }
    )
    made = failure_share(table, reason="why")
    assert made.table["reason"].tolist() == ["no call back", "chasing a letter", "no why given"]
    assert made.table[["contacts", "failure", "unclear"]].sum().tolist() == [50, 35, 1]
    assert made.table["share"].tolist() == [1.0, 10 / 15, 0.0]


def test_a_reason_with_few_contacts_is_hidden_and_cannot_be_found_from_the_total():
    """Reasons with 30, 20 and 3 failures: the 3 are hidden, and the next smallest with them."""
    table = {"kind": kinds(30, 10) + kinds(20, 10) + kinds(3, 0), "why": ["a"] * 40 + ["b"] * 30 + ["c"] * 3}
    shown = failure_share(table, reason="why").shown().set_index("reason")
    assert shown.loc["c", "contacts"] == "*"
    assert shown["failure"].tolist() == ["30", "*", "*"]
    assert shown.loc["a", "share"] == "75%"
    assert shown.loc["c", "share"] == "*"


def test_the_share_of_a_reason_with_few_value_contacts_is_hidden():
    """40 failures and 2 others: the share would tell that there are 2."""
    shown = failure_share({"kind": kinds(40, 2), "why": ["a"] * 42}, reason="why").shown()
    assert shown["share"].tolist() == ["*"]


def test_counts_of_made_up_people_are_not_rounded_and_those_of_real_people_are():
    table = {"kind": kinds(33, 11), "why": ["a"] * 44}
    assert failure_share(table, reason="why", synthetic=True).shown().iloc[0].tolist() == ["a", "44", "33", "0", "75%"]
    assert failure_share(table, reason="why").shown().iloc[0].tolist() == ["a", "45", "35", "0", "75%"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: failure_share({"kind": ["value", "falure", "falure"]}),
            "Row 3: the column \"kind\" is 'falure'. Write value, failure or unclear. 2 rows like this.",
        ),
        (
            lambda: failure_share({"kind": ["value", None]}),
            'Row 3: the column "kind" is blank. Write value, failure or unclear.',
        ),
        (lambda: failure_share({"kind": []}), "The table holds no contacts. Add one row for each contact."),
        (
            lambda: failure_share({"kinds": ["value"]}),
            'No column in the table called "kind"; there are "kinds". Did you mean "kinds"?',
        ),
    ],
)
def test_a_sample_that_cannot_be_counted_is_refused(make, sentence):
    assert said(make) == sentence


# How many to classify.


@pytest.mark.parametrize("share", [0.0, 0.03, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("half_width", [0.03, 0.05, 0.1])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_sample_is_the_smallest_whose_interval_is_narrow_enough(share, half_width, confidence):
    """Against the interval found by root finding: enough at n, and not at n - 1."""
    n = sample_needed(half_width, share, confidence=confidence)
    assert wilson_half_width(n, share, confidence) <= half_width
    assert n == 1 or wilson_half_width(n - 1, share, confidence) > half_width


@pytest.mark.parametrize("population", [2, 30, 400, 5_000])
@pytest.mark.parametrize("half_width", [0.05, 0.1])
def test_the_sample_of_a_small_population_is_found_by_trying_every_size(population, half_width):
    """A search from 1 up, with each sample worth n (N - 1) / (N - n)."""

    def narrow(n):
        if n == population:
            return True
        return wilson_half_width(n * (population - 1) / (population - n), 0.3, 0.95) <= half_width

    smallest = next(n for n in range(1, population + 1) if narrow(n))
    assert sample_needed(half_width, 0.3, population=population) == smallest


@pytest.mark.parametrize("n", [50, 100, 200, 380])
def test_the_sample_goes_with_the_interval_that_failure_demand_gives(n):
    """Half of n contacts are failures: an interval just as wide asks for just n contacts."""
    made = failure_demand(n // 2, n)
    assert sample_needed((made.upper_95_ci - made.lower_95_ci) / 2) == n


def test_the_normal_interval_of_the_tables_needs_385():
    """By arithmetic: 1.96 squared over 4 x 0.05 squared is 384.1; Wilson's is smaller by 1.96 squared."""
    assert math.ceil(1.959964**2 / (4 * 0.05**2)) == 385
    assert sample_needed(0.05) == math.ceil(1.959964**2 / (4 * 0.05**2) - 1.959964**2)


def test_a_whole_population_is_never_exceeded_and_more_people_need_no_fewer():
    needed = [sample_needed(0.05, population=n) for n in (1, 10, 100, 1_000, 10**6)]
    assert all(n <= limit for n, limit in zip(needed, (1, 10, 100, 1_000, 10**6), strict=True))
    assert needed == sorted(needed)
    assert needed[-1] == sample_needed(0.05)


def test_the_interval_of_such_a_sample_covers_the_share_about_as_often_as_it_says():
    """
    300 of 1,000 contacts are failures; samples without putting back, 4,000 times.

    The interval, with each sample worth n (N - 1) / (N - n), covers 0.3 in 95 of 100; four standard errors are 1.4.
    The count is whole, so the exact coverage is itself up to 1 in 100 off.
    """
    everyone = 1_000
    n = sample_needed(0.05, 0.3, population=everyone)
    found = np.random.default_rng(5).hypergeometric(300, 700, n, 4_000) / n
    worth, z = n * (everyone - 1) / (everyone - n), stats.norm.isf(0.025)
    covered = (found - 0.3) ** 2 <= z * z * 0.3 * 0.7 / worth
    assert covered.mean() == pytest.approx(0.95, abs=0.024)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: sample_needed(5), "half_width must be below 0.5; 5 came. 5 in 100 either way is 0.05."),
        (lambda: sample_needed(0), "half_width must be above 0; 0 came."),
        (
            lambda: sample_needed(0.05, confidence=1),
            "confidence must be above 0 and below 1; 1 came. The usual is 0.95.",
        ),
        (lambda: sample_needed(0.05, 50), "expected_share must be from 0 to 1; 50 came. Half is 0.5, not 50."),
        (
            lambda: sample_needed(0.000001),
            "More than 1,000,000,000 contacts would be needed for 1e-06 either way. Give a wider one.",
        ),
    ],
)
def test_a_sample_that_cannot_be_sized_is_refused(make, sentence):
    assert said(make) == sentence
