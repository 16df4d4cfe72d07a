"""Exercises 32.2 and 32.3: their answers are those of the games, and each mistake is a game played wrongly."""

from math import sqrt

import numpy as np
import pytest
from scipy.stats import binom

from flowlib.diagnose.games import beads, pennies
from flowlib.exercise import TRIES, check, exercises, tries

TASKS, PATIENTS, MINUTES, BATCH = 5, 20, 3, 5
LETTERS, LATE, WAS_LATE = 50, 0.1, 0.2
NUMBERS = ("32.2", "32.3")


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Nobody has tried anything, and nothing is kept."""
    monkeypatch.setenv(tries.KEPT_IN, str(tmp_path / "progress.json"))
    monkeypatch.setattr(tries, "_tries", {})


def hinted(number, value):
    """What the first try with *value* brings."""
    tries._tries.clear()
    tries.kept_in().unlink(missing_ok=True)
    return check(number, value).sentence


def minute_by_minute(batch):
    """When each batch is ready, by each task's clock: it begins a batch once it is free and the batch is there."""
    there = [[0] * (PATIENTS // batch), *[[] for _ in range(TASKS)]]
    for task in range(TASKS):
        free = 0
        for came in there[task]:
            free = max(free, came) + batch * MINUTES
            there[task + 1].append(free)
    return there[TASKS]


def test_twenty_patients_in_fives_are_ready_after_two_hours():
    """Oracle: each task's clock, followed by hand; and the lesson's own sum."""
    ready = minute_by_minute(BATCH)
    assert exercises()["32.2"].answer == ready[-1] == 120
    assert pennies.passed_on(BATCH, each=MINUTES).all_done == ready[-1]


@pytest.mark.parametrize("form", [120, 120.0, "120", "120 minutes", "120 mins", "2 hours", "two hours", "~120 min"])
def test_the_minutes_may_be_written_in_any_sensible_form(form):
    assert check("32.2", form).right


def test_mistakes_with_batches_are_named():
    """Oracle: the clock, with the batches, the minutes or the turns taken wrongly on purpose."""
    turn = BATCH * MINUTES
    turns = PATIENTS // BATCH + TASKS - 1
    for value, words in {
        minute_by_minute(20)[-1]: "only one task is at work",
        PATIENTS // BATCH * TASKS * turn: "only one task is at work",
        minute_by_minute(BATCH)[0]: "when the first batch is ready",
        PATIENTS * MINUTES: "first task has seen all 20",
        minute_by_minute(BATCH)[-1] / MINUTES: "as with the coins",
        minute_by_minute(1)[-1]: "one at a time",
        minute_by_minute(10)[-1]: "batches of 10",
        turn: "That is one turn",
        TASKS * MINUTES: "That is one turn",
        turns: "the number of turns",
        (turns - 1) * turn: "one turn too few",
        (turns + 1) * turn: "one turn too many",
    }.items():
        assert words in hinted("32.2", value)


def test_the_limit_of_the_changed_box_is_three_spreads_above_its_mean():
    """Oracle: the binomial law's own mean and spread, from scipy; and the lesson's own limits."""
    law = binom(LETTERS, LATE)
    limit = law.mean() + 3 * law.std()
    asked = exercises()["32.3"]
    assert abs(asked.answer - limit) < asked.tolerance / 2
    assert beads.limits(LATE, LETTERS)[1] == pytest.approx(limit)


@pytest.mark.parametrize("form", [11, 12, 11.36, "11", "12 letters", "more than 11", "above 11.4", "twelve or more"])
def test_the_limit_may_be_told_as_the_last_within_or_the_first_beyond(form):
    assert check("32.3", form).right


@pytest.mark.parametrize("game", range(1, 9))
def test_a_long_game_with_the_changed_box_shows_a_limit_that_is_right(game):
    """The longest that the panel offers: 8 wards, 8 days."""
    counts = beads.drawn(8, wards=8, red=400, game=game)
    assert check("32.3", beads.played(counts).upper).right


def test_mistakes_with_the_limit_are_named():
    """Oracle: the binomial law, with the box, the spread or the side taken wrongly on purpose."""
    law, old = binom(LETTERS, LATE), binom(LETTERS, WAS_LATE)
    for value, words in {
        law.mean(): "the average. Many a ward",
        old.mean() + 3 * old.std(): "the limit of the old box",
        18: "the limit of the old box",
        19: "the limit of the old box",
        old.mean(): "the average of the old box",
        3 * law.std(): "how far the limit lies from the mean",
        law.mean() + law.std(): "one spread from the mean",
        law.mean() + 2 * law.std(): "two spreads from the mean",
        sqrt(LETTERS * LATE * (1 - LATE)): "That is one spread",
        max(law.mean() - 3 * law.std(), 0): "the lower limit",
        LETTERS: "all the letters that a ward draws",
    }.items():
        assert words in hinted("32.3", value)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_random_wrong_answer_gets_the_question_and_no_answer_before_three_tries(number):
    """Twenty numbers that are neither right nor a usual mistake; the seed is fixed."""
    asked = exercises()[number]
    known = [(float(one.value), one.tolerance) for one in asked.mistakes] + [(asked.answer, asked.tolerance)]
    numbers = [float(value) for value in np.random.default_rng(32).uniform(0, 400, 400)]
    wrong = [value for value in numbers if all(abs(value - taken) > near + 1 for taken, near in known)][:20]
    assert len(wrong) == 20
    told = f"The answer is {asked.answer:g} ({asked.unit})."
    for value in wrong:
        assert hinted(number, value) == f"Not yet. {asked.hints[0]}"
        replies = [check(number, value).sentence for _ in range(TRIES - 1)]
        assert [told in reply for reply in replies] == [False, True]
