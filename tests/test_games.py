"""The games as sums: dice, coins, beads and the quiz, held to other arithmetic and to published rules."""

import itertools
from fractions import Fraction
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.diagnose.games import beads, bottleneck, dice, pennies, read_rows
from flowlib.exercise import exercises
from flowlib.measure.spc import p_chart

THROWS = st.integers(2, 5).flatmap(
    lambda stations: st.lists(
        st.lists(st.integers(0, 6), min_size=stations, max_size=stations), min_size=1, max_size=12
    )
)


@pytest.fixture(scope="module")
def usual():
    """Five people, dice from 1 to 6, 20 rounds."""
    return dice.odds()


# Dice


def least_path(thrown):
    """
    What comes out, without bowls: the least sum of throws along any way through the table.

    A way goes from the first person's first round to the last person's last, and changes
    from a person to the next between two rounds or not at all (last-passage percolation).
    """
    rounds, stations = thrown.shape
    sums = np.vstack([np.zeros(stations), np.cumsum(thrown, axis=0)])
    changes = itertools.combinations_with_replacement(range(rounds + 1), stations - 1)
    return min(
        sum(sums[b, s] - sums[a, s] for s, (a, b) in enumerate(itertools.pairwise((0, *turn, rounds))))
        for turn in changes
    )


def exact_mean(stations, rounds, faces, cap=None):
    """The mean output by following every state of the bowls with its exact chance."""
    states, mean = {(0,) * (stations - 1): Fraction(1)}, Fraction(0)
    chance = Fraction(1, len(faces) ** stations)
    for _ in range(rounds):
        after = {}
        for bowls, weight in states.items():
            for throw in itertools.product(faces, repeat=stations):
                now = [10**9, *bowls, 0]
                for s, most in enumerate(throw):
                    room = 10**9 if cap is None or s == stations - 1 else cap - now[s + 1]
                    move = min(most, now[s], room)
                    now[s] -= move
                    now[s + 1] += move
                mean += weight * chance * now[-1]
                key = tuple(now[1:-1])
                after[key] = after.get(key, 0) + weight * chance
        states = after
    return mean


def test_a_game_of_two_rounds_is_as_worked_out_by_hand():
    """Round 1: 3, then 3 of 5, then 2 of 2. Round 2: 4, then 1 of 1, then 2 of 6 (1 left over and 1 new)."""
    made = dice.play([[3, 5, 2], [4, 1, 6]])
    assert made.moved.tolist() == [[3, 3, 2], [4, 1, 2]]
    assert made.bowls.tolist() == [[0, 1], [3, 0]]
    assert (made.out, made.waiting, made.unused.tolist()) == (4, 3, [0, 2, 4])
    assert made.sentence() == (
        "After 2 rounds, 4 pieces came out and 3 wait in bowls. The last person threw 8 in all, and passed on 4."
    )


@settings(max_examples=80, deadline=None)
@given(THROWS)
def test_what_comes_out_is_the_least_way_through_the_throws(thrown):
    """Oracle: no bowl is followed; the least sum along any way through the table."""
    table = np.array(thrown)
    assert dice.play(table).out == least_path(table)


@settings(max_examples=80, deadline=None)
@given(THROWS, st.none() | st.integers(1, 8))
def test_nothing_is_made_or_lost_and_no_bowl_overflows(thrown, cap):
    """A law: what the first moved is out or waits; nobody moves more than the throw."""
    made = dice.play(thrown, cap=cap)
    assert made.moved[:, 0].sum() == made.out + made.waiting
    assert (made.moved <= made.throws).all()
    assert (made.bowls >= 0).all()
    assert cap is None or (made.bowls <= cap).all()
    if cap is None:
        assert (made.moved[:, 0] == made.throws[:, 0]).all()


@settings(max_examples=40, deadline=None)
@given(THROWS, st.integers(1, 8))
def test_a_larger_bowl_never_brings_less(thrown, cap):
    """A law of lines with limited room."""
    outs = [dice.play(thrown, cap=size).out for size in (cap, cap + 1, None)]
    assert outs == sorted(outs)


def test_twenty_rounds_bring_52_not_70(usual):
    """Oracle: D(s, n) = min(D(s, n - 1) + X, D(s - 1, n)) over numpy's own dice; four standard errors of both."""
    games = 60_000
    rng = np.random.default_rng(7)
    moved = np.zeros((5, games))
    for _ in range(20):
        moved[0] += rng.integers(1, 7, games)
        for station in range(1, 5):
            moved[station] = np.minimum(moved[station] + rng.integers(1, 7, games), moved[station - 1])
    error = 4 * np.hypot(usual.standard_error, moved[4].std() / sqrt(games))
    assert abs(usual.mean - moved[4].mean()) < error
    assert round(usual.mean) == 52
    assert usual.promised == 70
    assert abs(usual.mean_waiting - (70 - moved[4].mean())) < 0.3  # what is not out waits, 3.5 a round having gone in
    share = [(moved[4] <= edge).mean() for edge in (40, 41, 61, 62)]
    assert share[0] < 0.025 < share[1] + 0.002
    assert share[2] - 0.002 < 0.975 < share[3]
    assert (usual.lower, usual.upper) == (41, 62)


@pytest.mark.parametrize(
    ("stations", "rounds", "low", "high", "cap"),
    [(2, 6, 1, 6, None), (3, 4, 1, 6, None), (3, 4, 3, 4, None), (5, 5, 0, 1, None), (3, 4, 1, 6, 3), (4, 4, 1, 3, 2)],
)
def test_the_mean_of_small_games_is_exact(stations, rounds, low, high, cap):
    """Oracle: a Markov chain over the bowls, with every throw's exact chance; four standard errors."""
    exact = float(exact_mean(stations, rounds, range(low, high + 1), cap))
    found = dice.odds(rounds, stations=stations, low=low, high=high, cap=cap)
    assert abs(found.mean - exact) < 4 * found.standard_error


def test_steadier_dice_bring_more():
    """Dice from 3 to 4 have the mean of dice from 1 to 6, and bring 65."""
    assert abs(dice.odds(low=3, high=4).mean - 64.9) < 0.1
    assert 57.5 < dice.odds(low=2, high=5).mean < 58.7


def long_run_with_cap(cap):
    """Output a round in the long run, from the chances of all states of four bowls of so many pieces."""
    chances = np.zeros((cap + 1,) * 4)
    chances[0, 0, 0, 0] = 1.0
    before, rate = -1.0, 0.0
    while abs(rate - before) > 1e-6:
        before, rate = rate, 0.0
        for station in range(5):
            after = np.zeros_like(chances)
            for there, full in itertools.product(
                range(cap + 1) if station > 0 else [6], range(cap + 1) if station < 4 else [cap - 6]
            ):
                for throw in range(1, 7):
                    move = min(throw, there, cap - full)
                    old, new = [slice(None)] * 4, [slice(None)] * 4
                    if station > 0:
                        old[station - 1], new[station - 1] = there, there - move
                    if station < 4:
                        old[station], new[station] = full, full + move
                    part = chances[tuple(old)] / 6
                    after[tuple(new)] += part
                    rate += move * part.sum() if station == 4 else 0.0
            chances = after
    return rate


@pytest.mark.parametrize(("cap", "figure"), [(6, 2.61), (2, None)])
def test_in_the_long_run_small_bowls_hold_output_down(cap, figure):
    """
    Oracle: the exact long run, from every state of the bowls.

    Four standard errors, and what four full bowls could hold back once: the game begins with empty ones.
    """
    exact = long_run_with_cap(cap)
    found = dice.odds(1000, games=1000, cap=cap)
    assert abs(found.a_round - exact) < (4 * found.standard_error + 4 * cap) / 1000
    assert figure is None or abs(exact - figure) < 0.005


def test_without_limits_output_nears_the_mean_throw_and_work_piles_up():
    """What went in and is not out waits: 3.5 less the rate, times the rounds."""
    long = dice.odds(1000, games=1000)
    assert 3.32 < long.a_round < 3.36
    assert abs(long.mean_waiting - 1000 * (3.5 - long.a_round)) < 4 * sqrt(1000 * 35 / 12 / 1000)


def test_everybody_with_the_same_game_number_has_the_same_luck():
    """More rounds, more people and other dice leave luck alone; another game number is other luck."""
    first = dice.throws(20, game=3)
    assert (dice.throws(20, game=3) == first).all()
    assert (dice.throws(30, stations=7, game=3)[:20, :5] == first).all()
    assert (dice.throws(20, game=4) != first).any()
    steady = dice.throws(20, low=3, high=4, game=3)
    assert (steady == np.where(first >= 4, 4, 3)).all()


def test_dice_are_fair():
    """Each face of 40,000 throws within four standard errors of 1 in 6; no station follows another."""
    thrown = np.concatenate([dice.throws(200, game=game) for game in range(200)])
    faces = np.bincount(thrown.ravel(), minlength=7)[1:] / thrown.size
    assert np.abs(faces - 1 / 6).max() < 4 * sqrt(5 / 36 / thrown.size)
    assert np.abs(np.corrcoef(thrown.T) - np.eye(5)).max() < 4 / sqrt(len(thrown))


def test_the_table_of_a_game_has_a_row_a_round():
    table = dice.play([[3, 5], [4, 1]]).table()
    names = ["round", "throw 1", "throw 2", "moved 1", "moved 2", "waiting for 2", "out", "out so far"]
    assert table.columns.tolist() == names
    assert table.iloc[1].tolist() == [2, 4, 1, 4, 1, 3, 1, 4]


def test_the_last_round_tells_who_had_nothing_to_pass_on():
    """By hand: in round 2 the second person finds 2 of the 3 that he could move; nobody can wait before the first."""
    round_2 = dice.play([[3, 5], [2, 3]]).last_round()
    assert round_2.drop(columns="waits before").to_numpy().tolist() == [[1, 2, 2], [2, 3, 2]]
    assert round_2["waits before"].isna().tolist() == [True, False]
    assert round_2["waits before"].iloc[1] == 0


def test_the_exercise_asks_for_the_mean_and_names_what_usual_mistakes_give(usual):
    """Oracle: each wrong way worked out: pieces that rest a round at each person, other dice, three people."""
    asked = exercises()["32.1"]
    assert abs(asked.answer - usual.mean) < asked.tolerance / 2
    rest = np.zeros((5, 20_000))
    rng = np.random.default_rng(11)
    for _ in range(20):
        before = rest.copy()
        thrown = rng.integers(1, 7, rest.shape)
        rest[0] += thrown[0]
        rest[1:] = np.minimum(before[1:] + thrown[1:], before[:-1])
    known = {float(mistake.value): mistake.tolerance for mistake in asked.mistakes}
    for gives in (
        *(3.5 * 20, 3.5 * 20 * 5, 3.5 * 20 / 5, 6 * 20, usual.a_round, usual.mean_waiting, rest[4].mean()),
        *(dice.odds(low=3, high=4).mean, dice.odds(low=2, high=5).mean, dice.odds(stations=3).mean),
    ):
        assert any(abs(gives - value) <= near for value, near in known.items())


# Coins


def by_the_second(batch, pieces, people):
    """The coin game played second by second: the moment at which each coin leaves the last person."""
    hands = [0] * people  # coins turned of the batch at hand
    table = [pieces, *[0] * (people - 1)]  # coins that lie before each person
    out, clock = [], 0
    batches = [min(batch, pieces - begun) for begun in range(0, pieces, batch)]
    at = [0] * people  # the batch that each works on
    while len(out) < pieces:
        clock += 1
        done = []
        for person in range(people):
            if at[person] < len(batches) and table[person] >= batches[at[person]]:
                hands[person] += 1
                if hands[person] == batches[at[person]]:
                    done.append(person)
        for person in done:
            size = batches[at[person]]
            table[person] -= size
            hands[person], at[person] = 0, at[person] + 1
            if person + 1 < people:
                table[person + 1] += size
            else:
                out += [clock] * size
    return out


@pytest.mark.parametrize(
    ("batch", "first", "last"), [(20, 100, 100), (10, 50, 60), (5, 25, 40), (4, 20, 36), (2, 10, 28), (1, 5, 24)]
)
def test_batches_of_20_coins_are_out_when_a_stopwatch_says_so(batch, first, last):
    """Oracle: (batches + people - 1) × batch, by hand, and a game played second by second."""
    made = pennies.passed_on(batch)
    assert (made.first_out, made.all_done) == (first, last)
    assert last == (20 // batch + 4) * batch
    clock = by_the_second(batch, 20, 5)
    assert (clock[0], clock[-1]) == (first, last)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 6), st.data())
def test_batches_that_do_not_divide_are_as_a_stopwatch_has_them(pieces, people, data):
    """Oracle: the game played second by second, its last batch smaller."""
    batch = data.draw(st.integers(1, pieces))
    made = pennies.passed_on(batch, pieces=pieces, people=people)
    clock = by_the_second(batch, pieces, people)
    assert (made.first_out, made.all_done) == (clock[0], clock[-1])
    assert sum(made.sizes) == pieces


def test_times_grow_with_the_time_of_a_task_and_are_said_in_its_unit():
    made = pennies.passed_on(20, each=3)
    assert (
        made.sentence("minutes") == "Passed on all together: the first is out after 300 minutes, and all 20 after 300."
    )
    one = pennies.passed_on(1, each=3)
    assert one.sentence("minutes") == "Passed on one at a time: the first is out after 15 minutes, and all 20 after 72."
    assert one.hands_on == 15


# Beads


def paddles(chosen, total, red):
    """The exact chance of 0, 1, 2 and so on reds, by counting the ways to choose."""
    return [Fraction(comb(red, k) * comb(total - red, chosen - k), comb(total, chosen)) for k in range(chosen + 1)]


def test_the_chance_of_a_gap_is_exact_in_a_small_box():
    """Oracle: every outcome of three wards with 4 of 10 beads each, listed with its chance."""
    law = paddles(4, 10, 3)
    for gap in (1, 2, 3):
        exact = sum(
            law[a] * law[b] * law[c]
            for a, b, c in itertools.product(range(5), repeat=3)
            if max(a, b, c) - min(a, b, c) >= gap
        )
        assert beads.chance_of_gap(gap, wards=3, beads=10, red=3, paddle=4) == pytest.approx(float(exact), abs=1e-12)


def test_best_and_worst_are_six_apart_on_nearly_three_days_in_four():
    """Oracle: numpy's own draws, and the law counted in whole numbers; 0.737 if beads went back one by one."""
    draws = np.random.default_rng(3).hypergeometric(800, 3200, 50, (60_000, 6))
    share = (np.ptp(draws, axis=1) >= 6).mean()
    exact = beads.chance_of_gap(6)
    assert abs(exact - share) < 4 * sqrt(0.73 * 0.27 / 60_000)
    assert round(exact, 3) == 0.732


def test_limits_are_three_sigma_of_a_count_and_those_of_the_p_chart():
    """Oracle: 10 ± 3 √8 by hand, and this project's own p chart of the same counts."""
    low, high = beads.limits(0.2)
    assert low == pytest.approx(10 - 3 * sqrt(8))
    assert high == pytest.approx(10 + 3 * sqrt(8))
    counts = beads.drawn(game=5)
    made = beads.played(counts)
    chart = p_chart(counts.ravel(), [50] * counts.size)
    assert (made.lower, made.mean, made.upper) == pytest.approx((50 * chart.lpl, 50 * chart.mean, 50 * chart.upl))


def test_limits_stay_between_none_and_all():
    assert beads.limits(0.02)[0] == 0
    assert beads.limits(0.98)[1] == 50
    assert beads.limits(0) == (0, 0)


def test_draws_follow_the_law_of_a_paddle():
    """Oracle: mean 10 and variance 8 × 3950 / 3999, each within four standard errors; and each count's exact chance."""
    drawn = np.concatenate([beads.drawn(200, game=game) for game in range(40)]).ravel()
    variance = 8 * 3950 / 3999
    assert abs(drawn.mean() - 10) < 4 * sqrt(variance / len(drawn))
    assert abs(drawn.var() - variance) < 4 * variance * sqrt(2 / len(drawn))
    law = [float(chance) for chance in paddles(50, 4000, 800)]
    seen = np.bincount(drawn, minlength=51) / len(drawn)
    assert np.abs(seen - law).max() < 4.5 * sqrt(max(law) / len(drawn))


def test_the_same_game_number_draws_the_same_beads():
    first = beads.drawn(game=9)
    assert (beads.drawn(8, wards=9, game=9)[:4, :6] == first).all()
    assert (beads.drawn(game=10) != first).any()


def test_wards_are_ranked_with_equals_in_one_place():
    """Totals by hand: A 12, B 9, C 12."""
    made = beads.played([[5, 4, 6], [7, 5, 6]])
    ranking = made.ranking()
    assert ranking["ward"].tolist() == ["B", "A", "C"]
    assert ranking["place"].tolist() == [1, 2, 2]
    assert ranking["all"].tolist() == [9, 12, 12]
    assert made.gaps.tolist() == [2, 2]
    assert made.ends() == (("B",), ("A", "C"))


def test_a_draw_outside_the_limits_is_said():
    """Limits by hand: mean 5, share 0.1, 5 ± 3 √4.5 gives 0 to 11.4; 20 lies outside."""
    made = beads.played([[2, 2, 20, 2, 3, 1]])
    assert made.outside == 1
    assert made.sentence() == (
        "On day 1, best and worst are 19 apart. The limits of usual variation are 0.0 to 11.4 red beads. "
        "1 draw is outside: chance does that now and then."
    )
    assert made.table()["within"].tolist() == [True, True, False, True, True, True]


# The quiz


def test_one_more_person_helps_at_the_second_step_and_then_at_the_fourth():
    """Oracle: by hand. One every 2 hours at step 2; two people there make it one every 1.5 at step 4."""
    times = (1, 2, 1, 1.5)
    assert bottleneck.pace(times).step == 2
    assert [made.one_every for made in bottleneck.one_more(times)] == [2, 1.5, 2, 2]
    then = bottleneck.one_more(times, [1, 2, 1, 1])
    assert [made.one_every for made in then] == [1.5, 1.5, 1.5, 1]
    assert bottleneck.pace(times, [1, 2, 1, 1]).step == 4


# What a class types in


@pytest.mark.parametrize("text", ["3 5\n6 1", "3,5\r\n6,1", "3;5\n\n6; 1\n", "3\t5\n6\t1", "Ana\tBen\n3\t5\n6\t1"])
def test_rows_are_read_however_they_are_set_apart(text):
    assert read_rows(text, columns=2).tolist() == [[3, 5], [6, 1]]


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (
            lambda: read_rows("\n", columns=5),
            "There are no numbers to read. Paste a line for each row, with 5 numbers in it.",
        ),
        (
            lambda: read_rows("Ana Ben\n1 2\n3", columns=2),
            "Line 3 must hold 2 numbers; 1 came. Correct that line.",
        ),
        (
            lambda: read_rows("1 2\n3 four", columns=2),
            "Line 2 must hold numbers only; 'four' came. Correct that line.",
        ),
        (
            lambda: read_rows("1 2\n\n3 7", columns=2, low=1, high=6),
            "Row 3, number 2 must be a whole number, 1 to 6; 7 came. Correct it.",
        ),
        (
            lambda: dice.play([[1, 2], [3, 2.5]]),
            "Row 2, number 2 must be a whole number, 0 to 100; 2.5 came. Correct it.",
        ),
        (
            lambda: dice.play([[1, 2], [3]]),
            "Each row must hold the same count of whole numbers. Correct the row that does not.",
        ),
        (
            lambda: dice.play([]),
            "A game needs a table: a row for each round, a number for each player.",
        ),
        (
            lambda: dice.play(np.ones((201, 2))),
            "A game has at most 200 rows; 201 came. Play fewer.",
        ),
        (
            lambda: dice.play([[1, 2]], cap=0),
            "The cap of a bowl must be a whole number, 1 or more; 0 came.",
        ),
        (
            lambda: dice.throws(5, stations=1),
            "The number of stations must be a whole number, 2 or more; 1 came.",
        ),
        (
            lambda: dice.throws(5, stations=11),
            "A game has at most 10 stations; 11 came. Take some away.",
        ),
        (
            lambda: dice.throws(201),
            "A game has at most 200 rounds; 201 came. Play fewer.",
        ),
        (
            lambda: dice.throws(low=4, high=3),
            "A die must run upwards, to 100 at most; 4 to 3 came. Change its lowest or highest throw.",
        ),
        (
            lambda: dice.throws(game=-1),
            "The game number must be a whole number, 0 or more; -1 came.",
        ),
        (
            lambda: dice.odds(1000),
            "That takes 200,000,000 throws; at most 20,000,000 are dealt. Ask for fewer games.",
        ),
        (
            lambda: pennies.passed_on(21),
            "A batch holds at most all 20 pieces; 21 came. Make it smaller.",
        ),
        (
            lambda: pennies.passed_on(1, pieces=201),
            "A game has at most 200 pieces; 201 came. Take fewer.",
        ),
        (
            lambda: pennies.passed_on(1, people=13),
            "A game has at most 12 people; 13 came. Take fewer.",
        ),
        (
            lambda: pennies.passed_on(1, each=0),
            "The time for one piece must be above 0; 0 came.",
        ),
        (
            lambda: beads.drawn(201),
            "A game has at most 200 days; 201 came. Play fewer.",
        ),
        (
            lambda: beads.drawn(wards=27),
            "A game has at most 26 wards; 27 came. Take fewer.",
        ),
        (
            lambda: beads.drawn(red=5000),
            "A box of 4,000 beads cannot hold 5,000 red ones. Take fewer red ones.",
        ),
        (
            lambda: beads.drawn(beads=40, red=8),
            "A paddle of 50 needs more beads than the 40 in the box. Take a smaller one.",
        ),
        (
            lambda: beads.drawn(beads=2_000_000),
            "A box holds at most 1,000,000 beads; 2,000,000 came. Take fewer.",
        ),
        (
            lambda: beads.played([[5], [4]]),
            "A game has 2 to 26 wards; 1 came. Change the columns.",
        ),
        (
            lambda: beads.played([[51, 3]]),
            "Row 1, number 1 must be a whole number, 0 to 50; 51 came. Correct it.",
        ),
        (
            lambda: bottleneck.pace([]),
            "A row of steps needs at least one step.",
        ),
        (
            lambda: bottleneck.pace([1, 2], [1]),
            "Each step needs its people; 2 steps and 1 numbers came.",
        ),
        (
            lambda: bottleneck.pace([1, -2]),
            "The time of step 2 must be above 0; -2 came.",
        ),
    ],
    ids=range(29),
)
def test_what_cannot_be_played_is_refused_with_its_repair(ask, sentence):
    assert said(ask) == sentence
