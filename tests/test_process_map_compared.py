"""Is a typed map laid rightly beside a counted one: steps, moves, shares and waits?"""

import functools

import numpy as np
import pytest
from refusals import said
from scipy import stats
from test_process_map import in_rows, ways
from test_typed_map import typed

from flowlib.mapping.compare_maps import compare_maps
from flowlib.mapping.intervals import middle_interval, wilson
from flowlib.mapping.process_map import process_map
from flowlib.mapping.typed_map import TypedMap, TypedStep


@functools.cache
def counted_log():
    """Of 200 people 80 go from Desk to Nurse; 20 others to Doctor, of whom 4 go on to Nurse."""
    return process_map(
        ways({("Desk", "Nurse"): 80, ("Desk", "Doctor"): 16, ("Desk", "Doctor", "Nurse"): 4, ("Desk",): 100})
    )


def test_steps_and_moves_of_only_one_map_are_named():
    """By head; "desk " is Desk."""
    made = typed(["desk ", "nurse", "X-ray"], [("desk", "nurse", 0.4), ("nurse", "X-ray", 0.1)])
    found = compare_maps(made, counted_log())
    assert found.steps.to_numpy().tolist() == [
        ["desk", 200, "in both"], ["nurse", 84, "in both"], ["X-ray", 0, "only typed"], ["Doctor", 20, "only counted"],
    ]  # fmt: skip
    moves = found.moves.set_index(["from_step", "to_step"])["finding"].to_dict()
    assert moves == {
        ("desk", "nurse"): "may be the same",
        ("nurse", "X-ray"): "only typed",
        ("desk", "Doctor"): "only counted",
        ("Doctor", "nurse"): "only counted",
    }
    assert found.sentence() == (
        "Only in the typed map: 1 step and 1 move. Only in the log: 1 step and 1 move. "
        "Different by more than chance: no share, and no wait."
    )


def test_a_share_outside_what_chance_allows_differs():
    """80 of 200 are 4 in 10, and chance allows about 33 to 47 in 100."""
    for share, finding in ((0.4, "may be the same"), (0.6, "differs by more than chance")):
        found = compare_maps(typed(["Desk", "Nurse"], [("Desk", "Nurse", share)]), counted_log()).moves.iloc[0]
        assert (found["count"], found["of"], found["finding"]) == (80, 200, finding)
        assert (found["lower"], found["upper"]) == pytest.approx(wilson(80, 200))


def test_a_share_that_the_team_left_open_is_not_held_against_it():
    """Two blank shares from one step say nothing of either; one blank means all the rest."""
    open_ = compare_maps(typed(["Desk", "Nurse", "Doctor"], [("Desk", "Nurse"), ("Desk", "Doctor")]), counted_log())
    assert open_.moves["finding"][:2].tolist() == ["in both", "in both"]
    rest = compare_maps(typed(["Desk", "Nurse"], [("Desk", "Nurse")]), counted_log())
    assert rest.moves["finding"][0] == "differs by more than chance"


def test_near_names_are_proposed_and_never_joined_unasked():
    made = typed(["Desk", "Nurses"], [("Desk", "Nurses", 0.4)])
    found = compare_maps(made, counted_log())
    assert found.near == {"Nurses": "Nurse"}
    assert found.moves["finding"][0] == "only typed"
    assert found.sentence().endswith('"Nurses" may be "Nurse" in the log. If so, say same={"Nurses": "Nurse"}.')
    joined = compare_maps(made, counted_log(), same={"Nurses": "Nurse"})
    assert joined.near == {}
    assert joined.moves["finding"][0] == "may be the same"


def test_joins_that_cannot_be_are_refused():
    made, log = typed(["Desk", "Nurses", "Sisters"]), counted_log()
    assert 'Did you mean "Nurse"?' in said(lambda: compare_maps(made, log, same={"Nurses": "Nurs"}))
    assert 'Did you mean "Nurses"?' in said(lambda: compare_maps(made, log, same={"Nurse": "Nurse"}))
    assert said(lambda: compare_maps(made, log, same={"Nurses": "Nurse", "Sisters": "Nurse"})) == (
        '"Nurse" came for two typed steps. Join it with one.'
    )
    assert said(lambda: compare_maps(made, log, same={"Desk": "Nurse"})) == (
        'The log has a step "Desk" of its own, so "Desk" cannot be another.'
    )
    assert said(lambda: compare_maps(made, log, confidence=1)) == (
        "confidence must be between 0 and 1; 1 came. Usual is 0.95."
    )


def test_what_few_people_did_is_hidden_when_maps_are_shown():
    """4 people went from Doctor to Nurse: left out where nobody typed it, and a star where somebody did."""
    steps = ["Desk", "Nurse", "Doctor"]
    silent = compare_maps(typed(steps), counted_log()).table
    assert "Doctor → Nurse" not in set(silent["where"])
    asked = compare_maps(typed(steps, [("Doctor", "Nurse", 0.5)]), counted_log()).table.set_index("where")
    assert asked.loc["Doctor → Nurse", ["typed", "counted", "finding"]].tolist() == [
        "50%",
        "*",
        "too few people to say",
    ]
    assert asked.loc["Desk → Nurse", ["what", "counted", "finding"]].tolist() == ["move", "40%", "only counted"]
    assert asked.loc["Desk", ["what", "counted"]].tolist() == ["step", "200"]


def waits_log(waits, still=()):
    """One step; so many hours of waiting for each person, and those who wait still since so many hours."""
    rows = [(f"p{k}", "A", 0, wait, wait + 1, wait + 1, "completed") for k, wait in enumerate(waits)]
    rows += [(f"s{k}", "A", 168 - hours, None, None, None, "still_here") for k, hours in enumerate(still)]
    return process_map(in_rows(rows))


@pytest.mark.parametrize(
    ("thought", "finding"),
    [
        (1, "differs by more than chance"),
        (2, "may be the same"),
        (9, "may be the same"),
        (10, "differs by more than chance"),
    ],
)
def test_a_typed_wait_is_held_against_the_middle_of_the_counted_ones(thought, finding):
    """By head (sign test): for 10 waits the second to the ninth hold the median 98 times in 100."""
    made = TypedMap([TypedStep("A", wait=thought)])
    found = compare_maps(made, waits_log(range(1, 11)))
    (row,) = found.waits.to_dict("records")
    assert row == {
        "step": "A", "typed_hours": thought, "visits": 10, "median_hours": 5.5, "lower": 2, "upper": 9,
        "finding": finding,
    }  # fmt: skip


def test_who_waits_still_keeps_a_long_wait_possible():
    """By head: with 8 of 16 still waiting since 1 hour, no wait is too long to be the middle."""
    made = TypedMap([TypedStep("A", wait=500)])
    (row,) = compare_maps(made, waits_log(range(1, 9), still=[1] * 8)).waits.to_dict("records")
    assert (row["upper"], row["finding"]) == (np.inf, "may be the same")


def test_the_longest_way_off_is_said():
    made = TypedMap([TypedStep("A", wait=1)])
    assert compare_maps(made, waits_log(range(10, 20))).sentence() == (
        "Both maps have the same steps and moves. Different by more than chance: 1 wait. "
        "For A the team thinks of 1 hour. The middle wait is 14.5 hours."
    )


def test_waits_of_few_people_are_not_held_against_typed_ones():
    made = TypedMap([TypedStep("A", wait=100)])
    table = compare_maps(made, waits_log(range(1, 8))).table
    assert table.iloc[-1].tolist() == ["wait", "A", "100.0 hours", "*", "too few people to say"]


@pytest.mark.parametrize(
    ("count", "of", "interval"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_the_interval_of_a_share_is_as_published(count, of, interval):
    """R. Newcombe, Statistics in Medicine 17, 1998, table I, method 3."""
    assert wilson(count, of) == pytest.approx(interval, abs=5e-5)
    scipys = stats.binomtest(count, of).proportion_ci(method="wilson")
    assert wilson(count, of) == pytest.approx((scipys.low, scipys.high))


@pytest.mark.parametrize("size", [6, 9, 10, 25, 101])
def test_the_interval_of_a_middle_is_scipys(size):
    """Oracle: `scipy.stats.quantile_test`, which inverts the sign test."""
    lengths = np.random.default_rng(size).exponential(5, size)
    scipys = stats.quantile_test(lengths, p=0.5).confidence_interval(0.95)
    assert middle_interval(lengths, lengths) == pytest.approx((scipys.low, scipys.high))


def test_five_lengths_have_no_interval_of_their_middle():
    """Even from the shortest to the longest of 5 holds the median only 94 times in 100."""
    five = np.arange(5.0)
    assert middle_interval(five, five) == (-np.inf, np.inf)
