"""Are loads, walks and counts of causes what a person would work out on brown paper?"""

import math

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from refusals import said

from flowlib.mapping.load_balance import Task, load_balance
from flowlib.mapping.pareto import _leaders, pareto
from flowlib.mapping.walking import walk

# The same examples each time, however busy the computer.
steady = settings(deadline=None, derandomize=True)

# Load balance

# The worked example of symplprocess.com, "Yamazumi line balancing": 8 minutes of value and 4 of waste against 10.
STATION = [Task("station 3", "work", 8, "value"), Task("station 3", "search", 4, "waste")]
TEAM = [
    Task("nurse", "triage", 8, "value"), Task("nurse", "find a room", 4, "waste"),
    Task("clerk", "book in", 5, "necessary"), Task("doctor", "see", 9, "value"), Task("doctor", "type", 1),
]  # fmt: skip
tasks = st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0.1, 60)), min_size=1, max_size=12).map(
    lambda rows: [Task(role, f"task {at}", minutes) for at, (role, minutes) in enumerate(rows)]
)


def test_a_role_with_more_work_than_takt_is_over_it():
    """The published example: station 3 has 12 minutes of work for a takt of 10, and without the waste it has 8."""
    made = load_balance(STATION, takt=10)
    assert (made.over, made.table["over_takt"].tolist()) == (("station 3",), [2])
    assert load_balance(STATION[:1], takt=10).over == ()
    assert made.by_class().to_dict("list") == {
        "value": ["value", "waste"], "minutes": [8, 4], "share": pytest.approx([2 / 3, 1 / 3])
    }  # fmt: skip


def test_fewest_people_and_balance_are_those_of_the_published_example():
    """calcbee.com: 42 minutes at 6 stations of 8 at most are 87.5% balanced, and need ceil(42 / 8) = 6."""
    minutes = [8, 8, 7, 7, 6, 6]
    made = load_balance([Task(f"station {at}", "work", one) for at, one in enumerate(minutes)], takt=8)
    assert made.balance == pytest.approx(0.875)
    assert (made.fewest_people, made.staff) == (6, 6)


def test_kaizumi_counts_five_people_for_290_seconds_at_a_takt_of_60():
    """kaizumi.com, "Yamazumi builder": 6 operators of 60, 56, 62, 40, 47 and 25 seconds; one over, 4.83 needed."""
    seconds = [60, 56, 62, 40, 47, 25]
    made = load_balance([Task(f"operator {at}", "work", one / 60) for at, one in enumerate(seconds)], takt=1)
    assert (made.over, made.fewest_people, made.staff) == (("operator 2",), 5, 6)


def test_people_who_share_a_role_share_its_work():
    made = load_balance(TEAM, takt=10, people={"nurse": 2})
    assert made.table["minutes"].tolist() == [6, 5, 10]
    assert made.table["spare"].tolist() == [4, 5, 0]
    assert (made.over, made.staff, made.fewest_people) == ((), 4, 3)


def test_tasks_are_stacked_with_value_at_the_bottom():
    """By hand, the nurse's 8 and 4 minutes shared by two."""
    stack = load_balance(TEAM[1::-1] + TEAM[2:], takt=10, people={"nurse": 2}).stacked()
    nurse = stack[stack["role"] == "nurse"]
    assert nurse[["task", "bottom", "top"]].to_numpy().tolist() == [["triage", 0, 4], ["find a room", 4, 6]]
    assert stack["value"].tolist() == ["value", "value", "necessary", "waste", ""]


def test_the_load_says_who_is_over_takt_and_how_many_it_needs():
    takt = "the 10 minutes between one person and the next (takt)"
    needs = "All the work needs 3 people or more, and there are"
    assert load_balance(TEAM, takt=10).sentence() == f"Nurse has more work than {takt}. {needs} 3."
    assert (
        load_balance(TEAM, takt=10, people={"nurse": 2}).sentence() == f"No role has more work than {takt}. {needs} 4."
    )
    assert load_balance(TEAM, takt=9.5).sentence() == (
        "Nurse and doctor have more work than the 9.5 minutes between one person and the next (takt). "
        "All the work needs 3 people or more, and there are 3."
    )
    assert load_balance(TEAM, takt=4).sentence().startswith("3 of 3 roles have more work than the 4 minutes")


def test_a_table_of_tasks_gives_the_same_load(tmp_path):
    table = pd.DataFrame(
        [(t.role, t.task, t.minutes, t.value) for t in TEAM], columns=["Who", "task", "minutes", "value"]
    )
    place = tmp_path / "tasks.xlsx"
    table.to_excel(place, index=False)
    for source in (table, place):
        assert load_balance(source, takt=10).tasks == tuple(TEAM)


@steady
@given(tasks, st.floats(0.5, 100))
def test_nobody_can_do_it_with_fewer_people_and_balance_is_a_share(made, takt):
    """Laws: the fewest people are enough in time and one fewer are not; balance is at most 1."""
    load = load_balance(made, takt=takt)
    assert (load.fewest_people - 1) * takt < load.minutes * (1 + 1e-9)
    assert load.fewest_people * takt >= load.minutes * (1 - 1e-6)
    assert 0 < load.balance <= 1 + 1e-9
    assert (load.table["over_takt"] * load.table["spare"] == 0).all()


LOAD_REFUSED = [
    (lambda: load_balance([], takt=10), "A load balance needs at least 1 task; none came."),
    (lambda: load_balance(TEAM, takt=0), "Takt must be above 0 minutes; 0 came."),
    (lambda: Task("nurse", " ", 5), "Each task needs a task; an empty one came."),
    (lambda: Task("nurse", "triage", -5), 'Minutes for "triage" of "nurse" must be 0 or more; -5 came.'),
    (
        lambda: load_balance([TEAM[0], TEAM[0]], takt=10),
        'Each task of a role needs a name of its own; "nurse: triage" came more than once.',
    ),
    (
        lambda: load_balance(TEAM, takt=10, people={"nurses": 2}),
        'No role among the tasks called "nurses"; there are "nurse", "clerk", "doctor". Did you mean "nurse"?',
    ),
    (
        lambda: load_balance(TEAM, takt=10, people={"nurse": 0}),
        'People in the role "nurse" must be a whole number, 1 or more; 0 came.',
    ),
    (
        lambda: load_balance([Task("nurse", "triage", 0)], takt=1),
        "The tasks take 0 minutes in all. Give at least one its minutes.",
    ),
    (
        lambda: load_balance(pd.DataFrame({"role": ["a"], "task": ["b"], "minutes": [None]}), takt=1),
        'Row 1, column "minutes": this is blank. Type a number of minutes.',
    ),
    (
        lambda: load_balance(pd.DataFrame({"role": ["a"], "task": ["b"], "minutes": ["ten"]}), takt=1),
        'Row 1, column "minutes": a number of minutes must be a number; "ten" came. Type a number.',
    ),
]

# Walks

WARD = {"desk": (0, 0), "store": (30, 40), "bay": (30, 0), "sluice": (0, -10)}
ROUTE = ["desk", "store", "desk", "bay", "bay", "store", "bay", "desk"]


def test_metres_walked_are_the_sum_of_the_legs():
    """By hand, 3-4-5: desk to store and back 50 each, desk to bay 30 each way, bay to store and back 40 each."""
    made = walk(ROUTE, WARD)
    assert made.metres == 50 + 50 + 30 + 0 + 40 + 40 + 30
    assert walk(ROUTE, WARD, along="corridors").metres == 70 + 70 + 30 + 40 + 40 + 30


def test_the_most_walked_pairs_come_first_either_way():
    table = walk(ROUTE, WARD).pairs()
    assert table.to_numpy().tolist() == [
        ["desk", "store", 2, 50.0, 100.0], ["bay", "store", 2, 40.0, 80.0], ["desk", "bay", 2, 30.0, 60.0]
    ]  # fmt: skip


def test_back_and_forth_counts_going_straight_back():
    """Desk, store, desk is one; bay, store, bay is another; a stay at the bay is none."""
    assert walk(ROUTE, WARD).back_and_forth == 2
    assert walk(["desk", "desk", "desk"], WARD).back_and_forth == 0


def test_moving_the_store_beside_the_desk_shortens_the_walk():
    """By hand: the store at (0, 1): desk 1 each way, bay sqrt(901) each way."""
    now = walk(ROUTE, WARD)
    then = now.moved("store", 0, 1)
    assert then.metres == pytest.approx(2 + 60 + 2 * math.sqrt(901))
    assert now.change_sentence(then) == "The walk would be 122 metres in place of 240 metres: 118 metres shorter."
    assert now.change_sentence(now) == "The walk stays as long: 240 metres."
    assert now.places["store"] == (30, 40)


def test_the_walk_says_how_long_it_is_and_where_most_of_it_goes():
    assert walk(ROUTE, WARD).sentence() == (
        "This walk is 240 metres long. Of these, 100 metres are between desk and store, walked 2 times."
    )
    assert walk(["desk", "desk"], WARD).sentence() == "Nobody walks on this walk: all its places are one."


@steady
@given(st.lists(st.sampled_from(sorted(WARD)), min_size=2, max_size=20))
def test_a_walk_is_as_long_backwards_and_corridors_are_never_shorter(route):
    """Laws of distance; right angles add at most the root of 2."""
    straight, corridors = walk(route, WARD).metres, walk(route, WARD, along="corridors").metres
    assert walk(route[::-1], WARD).metres == pytest.approx(straight)
    assert straight <= corridors * (1 + 1e-12)
    assert corridors <= math.sqrt(2) * straight * (1 + 1e-12)
    assert walk(route, WARD).pairs()["metres"].sum() == pytest.approx(straight)


def test_a_table_of_places_gives_the_same_walk():
    table = pd.DataFrame([(name, *at) for name, at in WARD.items()], columns=["place", "x", "y"])
    assert walk(ROUTE, table) == walk(ROUTE, WARD)


WALK_REFUSED = [
    (
        lambda: walk(["desk", "stor"], WARD),
        'No place on this plan called "stor"; there are "desk", "store", "bay", "sluice". Did you mean "store"?',
    ),
    (lambda: walk(["desk"], WARD), "A route needs at least 2 places; 1 came."),
    (lambda: walk("desk", WARD), 'A route must be a list of places; "desk" came.'),
    (
        lambda: walk(["a", "b"], {"a": (0, 0), "b": 3}),
        'The position of "b" must be two numbers of metres, such as (3, 4.5).',
    ),
    (
        lambda: walk(["a", "b"], {"a": (0, 0), "b": (0, 20_000)}),
        '"b" must be within 10,000 metres of the corner of the plan.',
    ),
    (
        lambda: walk(ROUTE, WARD, along="stairs"),
        'No way to walk called "stairs"; there are "straight", "corridors".',
    ),
    (
        lambda: walk(ROUTE, pd.DataFrame({"place": ["a"], "x": [1], "y": [None]})),
        'Row 1, column "y": this is blank. Type a number of metres.',
    ),
    (
        lambda: walk(ROUTE, pd.DataFrame({"place": ["a", "a"], "x": [1, 2], "y": [1, 2]})),
        'Row 2, column "place": there is a place called "a" already. Give it another name.',
    ),
]

# Causes

# 300 delay codes of which 4 cover 80%, as the curriculum's lesson 3.3 plants them: 84 + 66 + 54 + 36 = 240 of 300.
DELAYS = {
    "home care": 84,
    "transfer hub": 66,
    "medicines": 54,
    "transport": 36,
    "family": 21,
    "bed": 18,
    "other": 15,
    "therapy": 6,
}


def codes():
    """The same counts as 300 codes in a row, shuffled."""
    rows = np.repeat(list(DELAYS), list(DELAYS.values()))
    return np.random.default_rng(11).permutation(rows)


def test_four_of_the_delay_codes_cover_8_in_10():
    made = pareto(codes(), synthetic=True)
    assert made.few == ("home care", "transfer hub", "medicines", "transport")
    assert (made.covered, made.total) == (0.8, 300)
    assert (
        made.sentence() == "4 of 8 causes are behind 80 in every 100: home care, transfer hub, medicines and transport."
    )


def test_many_causes_are_counted_and_not_named():
    made = pareto({f"cause {at}": 10 for at in range(10)}, synthetic=True)
    assert made.sentence() == "8 of 10 causes are behind 80 in every 100."


def test_other_stands_last_and_is_never_one_of_the_few():
    made = pareto({"other": 100, "a": 90, "b": 80}, synthetic=True)
    assert made.table["cause"].tolist() == ["a", "b", "other"]
    assert (made.few, made.covered) == (("a", "b"), pytest.approx(170 / 270))
    assert made.table["cumulative_share"].iloc[-1] == 1
    assert made.cautions[-1] == 'Too much is "other" for the named causes to cover so much. Say what it was.'


def test_causes_as_common_as_the_last_of_the_few_are_named():
    """60, 20, 20 and 0: 80 in 100 are covered by the first two, and the third came as often as the second."""
    made = pareto({"a": 60, "b": 20, "c": 20}, synthetic=True)
    assert (made.few, made.tied) == (("a", "b"), ("c",))
    assert "c came as often as b, the last of the few." in made.cautions
    assert pareto({"a": 60, "b": 5, "c": 5}, share_covered=0.9).tied == ()  # of real people, so few are not told of


def test_counts_that_differ_by_chance_alone_are_said_to():
    assert pareto(dict.fromkeys("abcd", 25), synthetic=True).cautions[0] == (
        "No cause stands out: all their counts differ by no more than chance."
    )
    assert pareto({"a": 60, "b": 55, "c": 10}, synthetic=True).leaders == ("a", "b")
    assert pareto({"a": 60, "b": 55, "c": 10}, synthetic=True).cautions[0] == (
        "a and b differ by no more than chance. Their order may change."
    )
    assert pareto({"a": 100, "b": 50}, synthetic=True).cautions == ()


def leaders(counts):
    """The commonest cause and those like it, of a row of counts."""
    return _leaders(pd.DataFrame({"cause": range(len(counts)), "count": np.sort(counts)[::-1]}))


def test_equal_causes_are_rarely_said_to_differ():
    """6 causes alike, 300 counted, 2,000 times: one stands alone in at most 1 in 20 (four standard errors)."""
    draws = np.random.default_rng(2).multinomial(300, [1 / 6] * 6, 2000)
    alone = np.mean([len(leaders(counts)) == 1 for counts in draws])
    assert alone <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 2000)


def test_a_cause_twice_as_common_as_each_other_one_is_seen_more_often_than_not():
    """
    Counts near 86 and 43 of 300: the gap to the highest of five is about 34, three standard errors of 138 counts.

    2.6 are asked, so it is seen in 6 to 9 of 10 tries.
    """
    draws = np.random.default_rng(3).multinomial(300, [2 / 7, *[1 / 7] * 5], 500)
    assert 0.6 < np.mean([len(leaders(counts)) == 1 for counts in draws]) < 0.9


def test_few_counts_are_said_to_be_too_few():
    assert pareto({"a": 20, "b": 3}, synthetic=True).cautions[0] == (
        "Fewer than 30 are counted, too few for an order that lasts. Count for longer."
    )


def test_counts_of_real_people_are_rounded_and_small_ones_hidden():
    """1 to 7 become a star, others the nearest 5; no share tells a hidden count."""
    shown = pareto(codes()).shown().set_index("cause")
    assert shown.loc["home care"].tolist() == ["85", "28%", "28%"]
    assert shown.loc["therapy", "count"] == "*"
    assert (shown.loc[["therapy", "other"], "cumulative_share"] == "").all()
    assert (shown["count"] == "*").sum() == 2  # the next smallest too, or the total would tell


def test_a_cause_whose_count_is_hidden_is_not_named():
    """Family (21) is one of the few, and hidden so that the total does not tell the rare one: 240 of 305 are told."""
    made = pareto({"home care": 84, "hub": 66, "medicines": 54, "transport": 36, "family": 21, "other": 40, "rare": 3})
    assert made.few[-1] == "family"
    assert made.sentence() == ("4 of 7 causes are behind 79 in every 100: home care, hub, medicines and transport.")


def test_too_few_real_people_give_no_finding():
    assert pareto({"a": 5, "b": 1}).sentence() == "Too few are counted to say which causes matter most."


def test_blank_codes_are_left_out_and_said():
    made = pareto(pd.Series(["a", None, " ", "a", "b"]), synthetic=True)
    assert made.total == 3
    assert made.cautions[-1] == "Some have no cause written down. They are left out."


def test_a_table_of_counts_gives_the_same_causes(tmp_path):
    table = pd.DataFrame({"Reason": list(DELAYS), "n": list(DELAYS.values())})
    place = tmp_path / "delays.xlsx"
    table.to_excel(place, index=False)
    for source in (table, place, DELAYS):
        assert pareto(source, synthetic=True).table.equals(pareto(codes(), synthetic=True).table)


@steady
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50), min_size=1), st.floats(0.05, 1))
def test_one_cause_fewer_would_not_cover_as_much(counts, wanted):
    """Against trying every number of causes, from the largest count down."""
    made = pareto(counts, share_covered=wanted, synthetic=True)
    sizes = sorted(counts.values(), reverse=True)
    enough = next(n for n in range(1, len(sizes) + 1) if sum(sizes[:n]) >= wanted * sum(sizes) - 1e-6)
    assert len(made.few) == enough
    assert made.table["cumulative_share"].iloc[-1] == pytest.approx(1)


CAUSES_REFUSED = [
    (lambda: pareto({}), "No causes came. Give at least one."),
    (lambda: pareto({"other": 5}), 'All causes are "other". Say what they were.'),
    (lambda: pareto({"a": -1}), 'The count of "a" must be a whole number, 0 or more; -1 came.'),
    (lambda: pareto({"a": 1}, share_covered=80), "share_covered must be from 0 to 1; 80 came. Half is 0.5, not 50."),
    (lambda: pareto(7), "Causes must be codes, or counts by cause; 7 came."),
    (
        lambda: pareto(pd.DataFrame({"cause": ["a", "b"], "count": [1, 2.5]})),
        'Row 2, column "count": a count must be a whole number; 2.5 came. Correct it.',
    ),
    (
        lambda: pareto(pd.DataFrame({"cause": ["a", "a"], "count": [1, 2]})),
        'Row 2, column "cause": there is a cause called "a" already. Add the two counts up.',
    ),
]


@pytest.mark.parametrize(("ask", "sentence"), [*LOAD_REFUSED, *WALK_REFUSED, *CAUSES_REFUSED])
def test_what_cannot_be_worked_out_is_refused_with_a_sentence(ask, sentence):
    assert said(ask) == sentence
