"""Does `flowlib.change.effect.sites` tell what a change did from what happened everywhere?"""

import itertools
import math
import re

import numpy as np
import pandas as pd
import pytest
from refusals import said
from statsmodels.regression.linear_model import OLS

from benchmarks.coverage import TABLE
from benchmarks.coverage_sites import CORRELATIONS, DESIGNS, by_flowlib, held, long_table, made_up
from flowlib.change.effect.shuffles import deals, ways
from flowlib.change.effect.sites import difference_in_differences

COLUMNS = {"site": "site", "date": "date", "value": "y"}
TWELVE = [8] * 3 + [12] * 3 + [16] * 3 + [24] * 3  # when each of 12 sites changes, of 24 dates; 24 is never


def compared(values, first, **more):
    """The comparison of made-up values (N, T), and of sites that change at these positions."""
    table, changed = long_table(np.asarray(values, dtype=float), first)
    return difference_in_differences(table, **COLUMNS, changed=changed, **more)


def tabled(rows):
    """A table of site, date and value."""
    return pd.DataFrame(rows, columns=["site", "date", "y"])


def two_way(values, first):
    """One effect in a regression with a level for each site and each date, by statsmodels."""
    sites, dates = values.shape
    site, date = np.repeat(np.arange(sites), dates), np.tile(np.arange(dates), sites)
    changed = (date >= np.array(first)[site]).astype(float)
    model = np.column_stack([changed, np.equal.outer(site, range(sites)), np.equal.outer(date, range(1, dates))])
    return OLS(values.ravel(), model.astype(float)).fit().params[0]


def by_head(values, first):
    """
    The average effect, written out with loops: each changed site at each date since its change.

    Its value less its own average before; less the same of the sites that had not changed by then.
    """
    effects = []
    for site, start in enumerate(first):
        for at in range(start, values.shape[1]):
            others = [other for other, theirs in enumerate(first) if theirs > at]
            if others:
                own = values[site, at] - values[site, :start].mean()
                effects.append(own - np.mean([values[one, at] - values[one, :start].mean() for one in others]))
    return np.mean(effects)


# The effect, against arithmetic done another way.


def test_the_minimum_wage_of_new_jersey_comes_out_as_printed():
    """
    Card and Krueger (1994), American Economic Review 84: 772, table 3: staff of fast-food restaurants.

    New Jersey went from 20.44 to 21.03 and Pennsylvania from 23.33 to 21.17; printed as 2.76 before rounding.
    """
    table = tabled([("NJ", "1992-02-01", 20.44), ("NJ", "1992-11-01", 21.03),
                    ("PA", "1992-02-01", 23.33), ("PA", "1992-11-01", 21.17)])  # fmt: skip
    found = difference_in_differences(table, **COLUMNS, changed={"NJ": "1992-04-01"})
    assert found.effect.value == pytest.approx(2.76, abs=0.0101)
    assert not found.effect.known


def test_two_groups_and_two_dates_are_worked_by_hand():
    """By hand: changed sites go from 10 and 20 to 7 and 15, a fall of 4; the others rise by 1, 2 and 3: -6."""
    found = compared([[10, 7], [20, 15], [5, 6], [5, 7], [9, 12]], [1, 1, 2, 2, 2])
    assert found.by_date["effect"].tolist() == found.by_period["effect"][1:].tolist() == [-6.0]
    assert found.by_period["effect"][0] == 0.0
    assert (found.effect.value, found.changed, found.others) == (-6.0, 2, 3)


def test_with_one_date_of_change_it_is_the_regression_of_statsmodels():
    values, _ = made_up(np.random.default_rng(3), [12] * 4 + [24] * 6, 0.4, 0.0)
    first = [12] * 4 + [24] * 6
    assert compared(values, first).effect.value == pytest.approx(two_way(values, first), rel=1e-9)


@pytest.mark.parametrize("first", [TWELVE, [4, 9, 15, 20, 24, 24], [6, 8, 10, 12, 14, 16, 18, 20]])
def test_with_several_dates_it_is_the_sum_written_out(first):
    values, _ = made_up(np.random.default_rng(5), first, 0.4, 0.3)
    assert compared(values, first).effect.value == pytest.approx(by_head(values, first), rel=1e-9)


def test_effects_that_grow_are_found_where_one_regression_goes_wrong():
    """
    Without noise, each site gains 1 a month from its change on: the truth is known, and ours is exact.

    All sites change in the end, so the regression sets late changers against early ones that still gain:
    it gives the wrong sign. Goodman-Bacon (2021) tells why.
    """
    first = [2, 2, 2, 12]
    since = np.arange(24) - np.array(first)[:, None]
    gains = np.where(since >= 0, 1.0 + since, 0.0)
    values = gains + np.array([[5.0], [9.0], [2.0], [4.0]]) + np.sin(np.arange(24))
    truth = gains[(since >= 0) & (np.arange(24) < 12)].mean()  # from the 12th date on none is left to compare with
    found = compared(values, first)
    assert truth == 5.5
    assert found.effect.value == pytest.approx(truth)
    assert two_way(values, first) < -3
    later = found.by_period[found.by_period["period"] >= 0]
    assert later["effect"].tolist() == pytest.approx([1.0 + period for period in later["period"]])
    assert found.by_period[found.by_period["period"] < 0]["effect"].abs().max() < 1e-9


def test_what_happens_everywhere_and_what_sites_always_were_make_no_difference():
    """A law: any luck of a date that all share, and any level of a site, leaves every figure as it was."""
    values, _ = made_up(np.random.default_rng(8), TWELVE, 0.4, 0.0)
    rng = np.random.default_rng(9)
    moved = values + 50 * rng.normal(size=(1, 24)) + 50 * rng.normal(size=(12, 1))
    one, other = compared(values, TWELVE), compared(moved, TWELVE)
    for part in ("value", "low", "high"):
        assert getattr(other.effect, part) == pytest.approx(getattr(one.effect, part), abs=1e-9)
    assert other.by_period.to_numpy() == pytest.approx(one.by_period.to_numpy(), abs=1e-8)


def test_an_effect_put_in_comes_out_whole():
    """A law: one effect added to every changed cell moves estimate and interval by just that."""
    values, _ = made_up(np.random.default_rng(8), TWELVE, 0.4, 0.0)
    changed = np.arange(24) >= np.array(TWELVE)[:, None]
    one, other = compared(values, TWELVE), compared(values + 7 * changed, TWELVE)
    for part in ("value", "low", "high"):
        assert getattr(other.effect, part) == pytest.approx(getattr(one.effect, part) + 7, abs=1e-9)
    assert other.placebo.low == pytest.approx(one.placebo.low, abs=1e-9)


# The interval.


def test_every_way_to_deal_the_dates_comes_once():
    """Against the standard library: all different orders of the dates of seven sites."""
    roles = np.array([3, 3, 3, 5, 5, 9, 9])
    dealt = deals(roles)
    assert roles[dealt[0]].tolist() == roles.tolist()
    assert {tuple(row) for row in roles[dealt]} == set(itertools.permutations(roles.tolist()))
    assert len(dealt) == ways(roles) == math.factorial(7) // 24


def test_beyond_5000_ways_so_many_are_drawn_always_alike():
    roles = np.array([1] * 8 + [2] * 8)
    assert ways(roles) == 12_870
    first, again = deals(roles), deals(roles)
    assert len(first) == 5000
    assert (first == again).all()
    assert (np.sort(first, axis=1) == np.arange(16)).all()


def test_the_interval_holds_just_the_effects_that_the_shuffles_leave_open():
    """
    Against the test itself, run on a ladder of effects: take the effect out, try all 70 ways.

    An effect is left open when more than 5 in 100 ways are as extreme as the real one.
    """
    first = [12] * 4 + [24] * 4
    values, _ = made_up(np.random.default_rng(12), first, 0.4, 0.0)
    found = compared(values, first).effect
    gains = values[:, 12:].mean(axis=1) - values[:, :12].mean(axis=1)
    choices = np.array(list(itertools.combinations(range(8), 4)))

    def left_open(effect):
        without = gains - effect * (np.arange(8) < 4)
        inside = without[choices].mean(axis=1)
        away = np.abs(inside - (without.sum() - inside * 4) / 4)
        return (away >= away[0] - 1e-9).mean() > 0.05

    ladder = np.linspace(found.low - 1, found.high + 1, 801)
    inside = (ladder >= found.low) & (ladder <= found.high)
    told = np.array([left_open(effect) for effect in ladder])
    assert (told != inside).sum() <= 2  # the rungs next to the two ends
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("first", "known"),
    [
        ([1, 2, 2, 2, 2], False),  # five sites
        ([1, 1, 1, 2, 2, 2], False),  # six, dealt in 20 ways: the two most extreme are already 1 in 10
        ([1, *[2] * 9], False),  # one site of ten: no way is rarer than 1 in 10
        ([1, 1, 1, 2, 2, 2, 2], True),  # 35 ways
        ([1, 1, *[2] * 8], True),  # 45 ways
    ],
)
def test_with_too_few_sites_there_is_no_interval(first, known):
    """By head: a 95% interval needs the real way to be rarer than 1 in 20."""
    values = np.random.default_rng(2).normal(size=(len(first), 2))
    found = compared(values, first)
    assert found.effect.known is known
    told = f"{len(first)} sites, changed like this, are too few for a range that can be trusted; none is given."
    assert (told in found.cautions) is not known
    assert found.sentence().count("Nobody can say how far chance alone would reach here.") == (not known)


def test_less_confidence_takes_a_narrower_range():
    values, _ = made_up(np.random.default_rng(4), TWELVE, 0.4, 0.0)
    wide, narrow = (compared(values, TWELVE, confidence=level).effect for level in (0.95, 0.8))
    assert wide.low < narrow.low < narrow.high < wide.high


KEPT = pd.read_csv(TABLE)
SITES = KEPT[KEPT["study"] == "sites"]


def test_of_100_intervals_about_95_hold_the_truth():
    """150 fresh tables of 8 sites: at least 95 in 100 by Fisher's argument, less three standard errors."""
    assert held("flowlib", DESIGNS["one date"][0], 0.4, made=150) > 0.95 - 3 * math.sqrt(0.95 * 0.05 / 150)


def test_what_is_measured_is_what_people_get():
    values, _ = made_up(np.random.default_rng(7), TWELVE, 0.4, 0.0)
    found = compared(values, TWELVE).effect
    assert by_flowlib(values, TWELVE) == (found.low, found.high)


def test_the_kept_figures_hold_for_every_design():
    """At least 93 in 100 everywhere, less two standard errors of 300."""
    ours = SITES[SITES["way"] == "flowlib"]
    assert len(ours) == len(CORRELATIONS) * sum(len(cases) for cases in DESIGNS.values())
    assert (ours["held"] >= 0.93 - 2 * math.sqrt(0.93 * 0.07 / 300)).all()


def test_errors_clustered_by_site_hold_the_truth_too_rarely_with_few_changed_sites():
    """Why they were not chosen: with 1 site of 24 hardly ever, with 3 of 12 too rarely."""
    theirs = SITES[(SITES["way"] == "clustered") & (SITES["effect"] == "one date")].groupby(["size", "changed"])["held"]
    assert theirs.max()[24, 1] < 0.6
    assert theirs.mean()[12, 3] < 0.93


# The check before the change.


def apart(by):
    """Twelve sites; the four that change from the 12th of 24 dates on gain *by* a date all along."""
    values, _ = made_up(np.random.default_rng(6), [12] * 4 + [24] * 8, 0.2, 0.0)
    values[:4] += by * np.arange(24)
    return compared(values, [12] * 4 + [24] * 8)


def test_sites_that_moved_apart_before_are_told_apart():
    """By head: a gain of 1 a date is 6 more in the second half of the 12 dates before than in the first."""
    drifting, alike = apart(1.0), apart(0.0)
    assert drifting.placebo.value == pytest.approx(6 + alike.placebo.value)
    assert drifting.before_check.startswith("Before the change the sites already moved apart. A made-up change")
    assert "The sites moved apart before the change, so do not rely on this comparison." in drifting.cautions
    assert alike.before_check.startswith("Before the change no difference in movement shows. A made-up change")
    assert alike.cautions == ()
    before = drifting.by_period[drifting.by_period["period"] < 0]
    assert before["period"].tolist() == list(range(-12, 0))
    assert before["low"].iloc[-1] > 0 > before["high"].iloc[0]


def test_with_few_sites_the_check_gives_a_figure_and_no_verdict():
    found = compared([[1, 1, 3, 3, 9.0], [2, 2, 2, 2, 2.0]], [4, 5])
    assert found.before_check == (
        "A made-up change half way through the dates before gives 2. "
        "With so few sites nobody can say whether that is chance."
    )


def test_with_few_dates_before_there_is_no_check():
    found = compared(np.random.default_rng(1).normal(size=(8, 6)), [3] * 4 + [6] * 4)
    assert found.placebo is None
    assert found.before_check == "There are too few dates before the change to check that the sites moved alike."


# What is told.


def test_what_the_change_did_is_told_with_its_range_and_what_it_rests_on():
    values, _ = made_up(np.random.default_rng(6), [12] * 4 + [24] * 8, 0.2, 0.0)
    values[:4, 12:] -= 5
    found = compared(values, [12] * 4 + [24] * 8)
    assert found.effect.differs
    assert re.fullmatch(
        r"At the 4 sites that changed, it is [\d.]+ hours lower than the other sites lead us to expect\. "
        r"The data leave open anything between -[\d.]+ and -[\d.]+ hours\. "
        r"Ranges made like this hold the truth about 95 times in 100\.\n\n"
        r"Before the change no difference in movement shows\. "
        r"A made-up change half way through the dates before gives [\d.]+ hours \(between -[\d.]+ and [\d.]+\)\.\n\n"
        r"This rests on what nobody can check here\. "
        r"Without the change, all these sites would have moved alike\. "
        r"No site changed anything early because the change was coming\.\n\n"
        r"The change at one site did nothing to the others\. "
        r"Nothing else happened only at the sites that changed\.\n\n"
        r"For the range: all sites vary alike\. It is for these sites; others may differ\.",
        found.sentence("hours"),
    )


def test_without_an_effect_it_is_not_said_to_have_worked():
    assert "so we cannot say that it worked." in apart(0.0).sentence()


@pytest.mark.parametrize("first", [TWELVE, [1, 24, 24], [12] + [24] * 23, [6, 8, 10, 12, 14, 16, 18, 20]])
def test_sentences_have_20_words_or_fewer_and_paragraphs_three_sentences(first):
    values, _ = made_up(np.random.default_rng(7), first, 0.4, 0.0)
    told = compared(values, first).sentence("hours")
    by_paragraph = [re.split(r"(?<=[.!?])\s+", paragraph) for paragraph in told.split("\n\n")]
    assert [one for sentences in by_paragraph for one in sentences if len(one.split()) > 20] == []
    assert max(len(sentences) for sentences in by_paragraph) == 3


def test_dates_with_nobody_left_to_compare_with_are_named():
    values, _ = made_up(np.random.default_rng(7), [6, 8, 10, 12, 14, 16, 18, 20], 0.4, 0.0)
    found = compared(values, [6, 8, 10, 12, 14, 16, 18, 20])
    assert found.by_date["date"].max() == pd.Timestamp("2025-08-01")
    assert (
        "By 1 September 2025 every site had changed, so later dates have nothing to be compared with." in found.cautions
    )
    assert "A site that had changed stayed changed." in found.assumes
    assert "each was compared with sites that had not changed by then." in found.sentence()


def test_a_site_that_changes_after_the_last_date_counts_as_unchanged():
    table, changed = long_table(np.random.default_rng(1).normal(size=(8, 24)), [12] * 4 + [24] * 4)
    plain = difference_in_differences(table, **COLUMNS, changed=changed)
    later = difference_in_differences(table, **COLUMNS, changed=changed | {"site 07": "2030-01-01"})
    assert later.effect == plain.effect
    assert 'After the last date came the change at "site 07", so it counts as unchanged here.' in later.cautions


def test_the_order_of_the_rows_and_the_form_of_the_dates_do_not_matter():
    table, changed = long_table(np.random.default_rng(1).normal(size=(8, 24)), [12] * 4 + [24] * 4)
    written = table.assign(date=[f"{one:%Y-%m-%d}" for one in table["date"]]).sample(frac=1, random_state=1)
    texts = {name: f"{one:%Y-%m-%d}" for name, one in changed.items()}
    one = difference_in_differences(table, **COLUMNS, changed=changed)
    assert difference_in_differences(written, **COLUMNS, changed=texts).effect == one.effect


# What is refused.

SMALL = [("a", "2026-01-01", 1.0), ("a", "2026-02-01", 2.0), ("b", "2026-01-01", 3.0), ("b", "2026-02-01", 5.0)]


@pytest.mark.parametrize(
    ("rows", "changed", "sentence"),
    [
        (
            [*SMALL, ("c", "2026-01-01", 1.0)],
            {"a": "2026-02-01"},
            'The site "c" has no value for 1 February 2026. Find it, or leave out that site or that date.',
        ),
        (
            [*SMALL, ("c", "2026-01-01", 1.0), ("d", "2026-02-01", 1.0)],
            {"a": "2026-02-01"},
            (
                'The site "c" has no value for 1 February 2026. 2 values are missing in all. '
                "Find it, or leave out that site or that date."
            ),
        ),
        (
            [*SMALL, SMALL[1]],
            {"a": "2026-02-01"},
            'The site "a" has two rows for 1 February 2026. Keep one.',
        ),
        (
            [*SMALL[:3], ("b", "2026-02-01", "many")],
            {"a": "2026-02-01"},
            (
                "Row 4 (rows count from 1) needs a number in \"y\"; 'many' came. "
                "Find the value, or leave out its site or its date."
            ),
        ),
        (
            [*SMALL[:3], ("b", "1/2/2026", 5.0)],
            {"a": "2026-02-01"},
            "Row 4 (rows count from 1) needs a date such as \"2026-04-30\", year first; '1/2/2026' came.",
        ),
        (
            [*SMALL[:3], (None, "2026-02-01", 5.0)],
            {"a": "2026-02-01"},
            "Row 4 has no site (rows count from 1). Name the site, or leave it out.",
        ),
        ([], {"a": "2026-02-01"}, "The table has no rows. Add one row for each site and date."),
        (
            [*SMALL[:3], ("b", "2026-02-01", None)],
            {"a": "2026-02-01"},
            (
                'Row 4 (rows count from 1) needs a number in "y"; nothing came. '
                "Find the value, or leave out its site or its date."
            ),
        ),
        (
            [*SMALL[:3], ("b", None, 5.0)],
            {"a": "2026-02-01"},
            'Row 4 (rows count from 1) needs a date such as "2026-04-30", year first; nothing came.',
        ),
        (
            [*SMALL[:3], ("b", "2026-02-01", 4.0)],
            {"a": "2026-02-01"},
            (
                "Every site moves exactly as the others do, so there is no usual variation to judge a change by. "
                "Check that the values were measured and not calculated."
            ),
        ),
        (SMALL, {"z": "2026-02-01"}, 'No site in the table called "z"; there are "a", "b".'),
        (
            SMALL,
            {"a": "February"},
            'The site "a" needs the date of its change, such as "2025-05-05", year first; \'February\' came.',
        ),
        (
            SMALL,
            {"a": "2026-01-01"},
            (
                'The site "a" had changed by 1 January 2026, the first date. '
                "Add dates from before its change, or leave the site out."
            ),
        ),
        (
            SMALL,
            {},
            "No site changed by 1 February 2026, the last date. Give the sites that changed, with their dates.",
        ),
        (
            SMALL,
            {"a": "2026-02-01", "b": "2026-01-15"},
            (
                "Every site had changed by 1 February 2026, so there is none to compare with. "
                "Add sites that changed later or never."
            ),
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_repair(rows, changed, sentence):
    assert said(lambda: difference_in_differences(tabled(rows), **COLUMNS, changed=changed)) == sentence


def test_a_column_that_is_not_there_is_refused_with_the_nearest():
    assert said(lambda: difference_in_differences(tabled(SMALL), site="sites", date="date", value="y", changed={})) == (
        'No column in the table called "sites"; there are "site", "date", "y". Did you mean "site"?'
    )
    assert said(lambda: difference_in_differences([1, 2], **COLUMNS, changed={})) == (
        "The table must be a pandas DataFrame with one row a site and date; a list came."
    )


def test_a_site_that_changed_twice_is_refused_however_it_is_written():
    """A Python mapping tells 1 and "1" apart; a table of sites does not."""
    rows = tabled([(1, day, y) for (_, day, y) in SMALL[:2]] + SMALL[2:])
    twice = {1: "2026-02-01", "1": "2026-01-15"}
    assert said(lambda: difference_in_differences(rows, **COLUMNS, changed=twice)) == (
        'The site "1" stands twice among the changes. Keep one date for it.'
    )


def test_a_column_that_stands_twice_is_refused():
    doubled = pd.concat([tabled(SMALL), tabled(SMALL)[["y"]]], axis=1)
    assert said(lambda: difference_in_differences(doubled, **COLUMNS, changed={"a": "2026-02-01"})) == (
        'The table has 2 columns called "y". Rename one, or take it out.'
    )


def test_a_column_may_be_named_by_a_number():
    named = {"site": "site", "date": "date", "value": 2025}
    found = difference_in_differences(tabled(SMALL).rename(columns={"y": 2025}), **named, changed={"a": "2026-02-01"})
    usual = difference_in_differences(tabled(SMALL), **COLUMNS, changed={"a": "2026-02-01"})
    assert found.effect.value == usual.effect.value


def test_changes_without_their_dates_are_refused():
    assert said(lambda: difference_in_differences(tabled(SMALL), **COLUMNS, changed=["a"])) == (
        'Give the sites that changed with their dates, such as {"site": "2025-05-05"}; [\'a\'] came.'
    )


def test_a_confidence_that_is_no_share_is_refused():
    assert said(lambda: difference_in_differences(tabled(SMALL), **COLUMNS, changed={}, confidence=0.2)) == (
        "The confidence must be from 0.5 to 0.999; 0.2 came. The usual one is 0.95."
    )
