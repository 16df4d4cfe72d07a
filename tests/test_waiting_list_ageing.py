"""Do people on a list grow older month by month as they should, and are the shares that leave found again?"""

import datetime as dt
import math

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from refusals import said

from flowlib import weeks
from flowlib.diagnose.waiting_list import fit_ageing, try_ageing

steady = settings(deadline=None, derandomize=True)
SHARES = (0.1, 0.3, 0.25, 0.4)  # leave on the way into bins 0, 1, 2, and 3 or more


def month_of(place):
    """The month so many months after January 2024, as text."""
    return f"{2024 + place // 12}-{place % 12 + 1:02d}"


def tables(snapshots, starts):
    """The two tables from lists of people by bin, one a month, and clock starts from the second month on."""
    rows = [
        (month_of(place), waited, people) for place, bins in enumerate(snapshots) for waited, people in enumerate(bins)
    ]
    joined = [(month_of(place), number) for place, number in enumerate(starts, 1)]
    return (
        pd.DataFrame(rows, columns=["month", "months_waited", "people"]),
        pd.DataFrame(joined, columns=["month", "clock_starts"]),
    )


def grown(first, starts, shares=SHARES):
    """Oracle: snapshots that follow the shares exactly, bin by bin in plain Python."""
    history = [list(first)]
    for joined in starts:
        before, last = history[-1], len(first) - 1
        now = [joined * (1 - shares[0])]
        for waited in range(1, last + 1):
            could = before[waited - 1] + (before[last] if waited == last else 0)
            now.append(could * (1 - shares[waited]))
        history.append(now)
    return history


@steady
@given(
    shares=st.tuples(*[st.floats(0, 0.95)] * 4),
    first=st.tuples(*[st.floats(1, 500)] * 4),
    starts=st.lists(st.floats(1, 400), min_size=1, max_size=12),
)
def test_shares_that_made_a_history_are_found_again(shares, first, starts):
    """Oracle: a history grown in plain Python without chance."""
    model = fit_ageing(*tables(grown(first, starts, shares), starts))
    assert model.shares["left_share"].tolist() == pytest.approx(list(shares), abs=1e-9)
    assert model.months == len(starts)
    assert model.mean_clock_starts == pytest.approx(np.mean(starts), rel=1e-12)


@steady
@given(
    shares=st.tuples(*[st.floats(0, 1)] * 3),
    first=st.tuples(*[st.floats(0, 500)] * 3),
    starts=st.lists(st.floats(0, 400), min_size=1, max_size=6),
    later=st.lists(st.floats(0, 400), min_size=1, max_size=8),
)
def test_growing_older_loses_nobody(shares, first, starts, later):
    """A law: people before + clock starts = people after + left, in each month projected, and nobody is below 0."""
    history = grown(first, starts, shares)
    forecast = fit_ageing(*tables(history, starts)).project(len(later), later)
    before = sum(history[-1])
    for row in forecast.totals.itertuples():
        assert before + row.clock_starts == pytest.approx(row.people + row.left, abs=1e-9)
        assert row.left >= -1e-9
        before = row.people
    by_month = forecast.table.groupby("month")["people"].sum()
    assert by_month.tolist() == pytest.approx(forecast.totals["people"].tolist(), abs=1e-9)
    assert forecast.table["people"].min() >= 0


def test_two_months_forward_are_those_worked_out_by_hand():
    """By hand: shares 0.1 and 0.5; bins (90, 50), then 100 join (90, 70), then 200 join (180, 80)."""
    snapshots, starts = tables([[80, 20], [90, 50]], [100])
    forecast = fit_ageing(snapshots, starts).project(2, [100, 200])
    assert forecast.table["people"].tolist() == pytest.approx([90, 70, 180, 80], rel=1e-12)
    assert [str(month) for month in forecast.totals["month"]] == ["2024-03", "2024-04"]
    assert forecast.totals["left"].tolist() == pytest.approx([80, 100], rel=1e-12)
    assert forecast.sentence() == (
        "By the end of April 2024 the list goes from 140 to about 260 people, if people go on leaving it as they did."
    )


def test_a_long_projection_settles_where_clock_starts_and_shares_balance():
    """Oracle: 100 join; (1 - q0), then each bin times (1 - q); the last keeps x = (b2 + x)(1 - q3)."""
    starts = [100.0] * 6
    model = fit_ageing(*tables(grown((50, 40, 30, 20), starts), starts))
    b0 = 100 * 0.9
    b1, b2 = b0 * 0.7, b0 * 0.7 * 0.75
    settled = [b0, b1, b2, b2 * 0.6 / 0.4]
    assert model.project(200).table["people"].tolist()[-4:] == pytest.approx(settled, rel=1e-9)


def followed(months, joining, rng):
    """Oracle: single people, each with a chance of leaving a month, counted at each month's end."""
    waited = np.zeros(0, dtype=int)
    snapshots, starts = [], []
    for _ in range(months):
        joined = int(rng.poisson(joining))
        waited = np.append(waited + 1, np.zeros(joined, dtype=int))
        waited = waited[rng.random(waited.size) >= np.array(SHARES)[np.minimum(waited, 3)]]
        snapshots.append(np.bincount(np.minimum(waited, 3), minlength=4).tolist())
        starts.append(joined)
    return snapshots, starts


def test_shares_of_people_followed_one_by_one_are_found_within_their_error():
    """Oracle: people followed one by one. Each share is a binomial one, so four of its standard errors."""
    snapshots, starts = followed(60, 400, np.random.default_rng(21))
    model = fit_ageing(*tables(snapshots, starts[1:]))
    for share, row in zip(SHARES, model.shares.itertuples(), strict=True):
        error = math.sqrt(share * (1 - share) / row.could_arrive)
        assert error < 0.01
        assert row.left_share == pytest.approx(share, abs=4 * error)


def test_months_held_back_are_forecast_without_having_been_seen():
    """A law: what happened in the months held back changes no forecast of them."""
    snapshots, starts = followed(24, 300, np.random.default_rng(5))
    wild = snapshots[:-3] + [[9_999] * 4] * 3
    one = try_ageing(*tables(snapshots, starts[1:]), hold_back=3)
    other = try_ageing(*tables(wild, [*starts[1:-3], 0, 0, 0]), hold_back=3)
    assert one.totals["forecast"].tolist() == other.totals["forecast"].tolist()
    assert one.totals["naive"].tolist() == [sum(snapshots[-4])] * 3
    assert other.totals["observed"].tolist() == [4 * 9_999] * 3


def test_on_a_history_without_chance_the_trial_is_exact_and_beats_the_last_list_repeated():
    """Oracle: the history was grown by the same shares, so with its clock starts known no error is left."""
    starts = [100.0, 120, 140, 160, 180, 200, 220, 240]
    snapshots = grown((90, 60, 40, 30), starts)
    trial = try_ageing(*tables(snapshots, starts), hold_back=3, starts_known=True)
    assert trial.totals["error"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    assert trial.bins["forecast"].tolist() == pytest.approx(trial.bins["observed"].tolist(), abs=1e-9)
    naive = np.mean([abs(sum(snapshots[5]) - sum(snapshots[place])) for place in (6, 7, 8)])
    assert trial.mean_naive_error == pytest.approx(naive, rel=1e-12)
    assert trial.sentence() == (
        "Over the last 3 months, held back, the projection was 0 people off on average."
        f" The last list repeated was {naive:.0f} off. So it helps here."
    )


def test_errors_are_forecast_less_observed():
    """By hand: shares 0.1 and 0.5 from two months, mean starts 100: 160 forecast, 130 seen; 140 repeated."""
    trial = try_ageing(*tables([[80, 20], [90, 50], [70, 60]], [100, 80]), hold_back=1)
    assert trial.totals["forecast"].tolist() == pytest.approx([160], rel=1e-12)
    assert trial.totals["error"].tolist() == pytest.approx([30], rel=1e-12)
    assert trial.totals["naive_error"].tolist() == pytest.approx([10], rel=1e-12)
    assert trial.sentence().endswith("So it is no better here than the last list repeated.")


def test_on_people_followed_one_by_one_the_trial_error_is_of_the_size_of_chance():
    """Oracle: a steady list of people followed one by one is near Poisson, so its error is near its square root."""
    snapshots, starts = followed(60, 400, np.random.default_rng(8))
    trial = try_ageing(*tables(snapshots, starts[1:]), hold_back=6)
    size = trial.totals["observed"].mean()
    assert trial.mean_error < 3 * math.sqrt(size)
    assert set(trial.bins.columns) == {"month", "months_waited", "observed", "forecast", "naive"}
    assert not trial.starts_known


def test_people_who_join_part_way_are_named_and_no_share_is_below_nothing():
    """By hand: 80 could have grown older and 95 stand there, so 15 joined part way."""
    model = fit_ageing(*tables([[80, 20, 10], [90, 95, 15]], [100]))
    assert model.shares["left_share"].tolist() == pytest.approx([0.1, 0, 0.5])
    assert model.joined_late == [1]
    assert model.sentence() == (
        "The shares come from 1 month of change."
        " More people than could have grown older stand at months_waited 1, so some joined part way."
        " There, nobody is taken to leave."
    )


def test_a_bin_that_nobody_reached_takes_the_share_of_the_bin_before():
    model = fit_ageing(*tables([[10, 0, 0], [90, 6, 0]], [100]))
    assert model.shares["left_share"].tolist() == pytest.approx([0.1, 0.4, 0.4])


def test_months_may_be_dates_periods_or_text_in_any_order():
    snapshots, starts = tables([[80, 20], [90, 50]], [100])
    expected = fit_ageing(snapshots, starts).shares
    shuffled = snapshots.iloc[::-1]
    dated = shuffled.assign(month=[dt.date(int(m[:4]), int(m[5:]), 28) for m in shuffled["month"]])
    stamped = shuffled.assign(month=pd.to_datetime(shuffled["month"] + "-01"))
    periods = shuffled.assign(month=pd.PeriodIndex(shuffled["month"], freq="M"))
    for table in (shuffled, dated, stamped, periods):
        pd.testing.assert_frame_equal(fit_ageing(table, starts).shares, expected)


SNAPSHOTS, STARTS = tables([[80, 20], [90, 50], [95, 60]], [100, 110])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: fit_ageing(SNAPSHOTS.drop(index=3), STARTS),
            "No row for February 2024 with months_waited 1. Add it, with 0 where nobody had waited so long.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS[SNAPSHOTS["month"] != "2024-02"], STARTS),
            "No row for February 2024 with months_waited 0. Add it, with 0 where nobody had waited so long.",
        ),
        (
            lambda: fit_ageing(pd.concat([SNAPSHOTS, SNAPSHOTS.iloc[:1]]), STARTS),
            "Row 7 is a second one for January 2024 with months_waited 0. Keep one.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS.assign(people=-1), STARTS),
            "The people of row 1 must be 0 people or more; -1 came.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS.assign(people=math.nan), STARTS),
            "The people of row 1 must be a number; nan came.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS.assign(month="03/04/2024"), STARTS),
            "The month of row 1 must be year first, such as \"2026-04\"; '03/04/2024' came.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS.drop(columns="people"), STARTS),
            'The snapshots lack the columns "people"; there are "month", "months_waited".',
        ),
        (lambda: fit_ageing([1, 2], STARTS), "The snapshots must be a table (a pandas DataFrame); [1, 2] came."),
        (
            lambda: fit_ageing(SNAPSHOTS.iloc[:0], STARTS),
            "The snapshots have no rows. Give a row for each month and number of months waited.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS[SNAPSHOTS["months_waited"] == 0], STARTS),
            "The snapshots have one bin only. Give at least months waited 0 and 1.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS.iloc[:2], STARTS),
            "The fit needs 2 monthly snapshots or more; 1 came. Bring more months.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS, STARTS.iloc[:1]),
            "No clock starts for March 2024. Add a row with the people who joined in it.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS, pd.concat([STARTS, STARTS])),
            "Row 3 is a second one for the clock starts of February 2024. Keep one.",
        ),
        (
            lambda: try_ageing(SNAPSHOTS, STARTS, hold_back=2),
            (
                "There are 3 monthly snapshots and the fit needs 2; 2 were to be held back."
                " Hold back 1 or fewer, or bring more months."
            ),
        ),
        (
            lambda: fit_ageing(SNAPSHOTS, STARTS).project(3, [100, 120]),
            "There are 2 clock starts and 3 months. Give one number, or one for each month.",
        ),
        (
            lambda: fit_ageing(SNAPSHOTS, STARTS).project(weeks(8)),
            "The number of months must be a plain number of months; a length of time came (56 days).",
        ),
    ],
)
def test_a_history_that_cannot_be_learned_from_is_refused_with_its_repair(make, sentence):
    assert said(make) == sentence
