"""Are the counts and the middle hours of a map those of a plain count, person by person, on any log?"""

import csv
import gzip
import itertools
import math
import operator
import statistics
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from test_process_map import SEPSIS, WINDOW

from flowlib import EventLog
from flowlib.core import summaries
from flowlib.core.summaries import order_of_steps, same_ways, sorted_places, ways_in_words
from flowlib.mapping.lengths import median_length
from flowlib.mapping.medians import MICROSECONDS, middle_lengths, middles
from flowlib.mapping.process_map import process_map

HOUR = int(MICROSECONDS)


def chance_log(seed, people=300, steps=5, runs=None):
    """People who wander between steps; quarter hours, so that many times are equal; some are still there."""
    draw = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        clock = int(draw.integers(0, 400))
        for _ in range(int(draw.integers(1, 7))):
            came, began = clock, clock + int(draw.integers(0, 3))
            ended = began + int(draw.integers(0, 4))
            rows.append([f"p{person}", f"S{draw.integers(0, steps)}", came, began, ended])
            clock = ended + int(draw.integers(0, 3))
        if draw.random() < 0.2:
            rows[-1][4] = None
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended"])
    for time in ("came", "began", "ended"):
        moments = pd.Timestamp(WINDOW[0]) + pd.to_timedelta(frame[time].astype(float) * 15, unit="min")
        frame[time] = moments.dt.strftime("%Y-%m-%d %H:%M").fillna("")
    if runs:
        frame["run"] = draw.integers(0, runs, people)[frame["who"].str[1:].astype(int)]
    return EventLog.from_frame(
        frame, person="who", step="where", arrived="came", started="began", finished="ended",
        run="run" if runs else None, observed=WINDOW, blank_end="still_here",
    )  # fmt: skip


def by_hand(log):
    """Each person's visits in order of time, equal times in order of the file; people by their first visit."""
    rows = sorted(enumerate(log.frame.to_dict("records")), key=lambda row: (row[1]["arrived"], row[0]))
    journeys = defaultdict(list)
    for _, row in rows:
        journeys[row.get("run"), row["person"]].append(row)
    return journeys


@pytest.mark.parametrize("seed", range(6))
def test_moves_and_their_middle_hours_are_those_of_a_plain_count(seed):
    """Oracle: a dictionary filled person by person, and `statistics.median`."""
    log = chance_log(seed, runs=3 if seed % 2 else None)
    hours, people = defaultdict(list), defaultdict(set)
    for who, visits in by_hand(log).items():
        for one, other in itertools.pairwise(visits):
            ended = one["finished"] if not pd.isna(one["finished"]) else one["started"]
            move = one["step"], other["step"]
            hours[move].append((other["arrived"] - ended) / pd.Timedelta(hours=1))
            people[move].add(who)
    made = process_map(log)
    found = made.edges.set_index(["from_step", "to_step"])
    assert found["count"].to_dict() == {move: len(each) for move, each in hours.items()}
    assert found["median_hours"].to_dict() == pytest.approx({m: statistics.median(h) for m, h in hours.items()})
    assert list(found["count"]) == sorted(found["count"], reverse=True)
    assert made.edge_people.tolist() == [len(people[move]) for move in found.index]
    shown = {(row.from_step, row.to_step) for row in made.edge_table().itertuples()}
    assert shown == {move for move, who in people.items() if len(who) >= 8}


@pytest.mark.parametrize("seed", range(5))
def test_ways_and_ends_are_those_of_a_plain_count(seed):
    """Oracle: a `Counter` of tuples; of equal counts, the way that was begun first comes first."""
    log = chance_log(seed, people=200, steps=3)
    journeys = by_hand(log)
    counted = Counter(tuple(visit["step"] for visit in visits) for visits in journeys.values())
    made = process_map(log)
    assert list(zip(made.variants["variant"], made.variants["count"], strict=True)) == counted.most_common()
    first = Counter(visits[0]["step"] for visits in journeys.values())
    done = [v for v in journeys.values() if not any(visit["outcome"] == "still_here" for visit in v)]
    last = Counter(visits[-1]["step"] for visits in done)
    assert {row.step: (row.first, row.last) for row in made.ends.itertuples()} == {
        step: (first[step], last[step]) for step in made.log.steps
    }
    for way, median in zip(made.variants["variant"], made.variants["median_hours"], strict=True):
        lengths, under_way = one_way(journeys, way, log)
        assert median == pytest.approx(median_length(pd.Series(lengths), pd.Series(under_way)), nan_ok=True)


def one_way(journeys, way, log):
    """How long each journey of one way is, hours, and whether it is under way."""
    lengths, under_way = [], []
    for visits in journeys.values():
        if tuple(visit["step"] for visit in visits) == way:
            here = visits[-1]["outcome"] == "still_here"
            end = log.observed[1] if here else max(visit["finished"] for visit in visits)
            lengths.append((end - visits[0]["arrived"]) / pd.Timedelta(hours=1))
            under_way.append(here)
    return lengths, under_way


@pytest.mark.parametrize("seed", range(4))
def test_steps_count_visits_and_people_as_a_plain_count_does(seed):
    log = chance_log(seed, runs=2 if seed % 2 else None)
    visits, people = Counter(), defaultdict(set)
    for who, rows in by_hand(log).items():
        for row in rows:
            visits[row["step"]] += 1
            people[row["step"]].add(who)
    for row in process_map(log).steps.itertuples():
        assert (row.visits, row.people) == (visits[row.step], len(people[row.step]))
        assert row.per_person == pytest.approx(visits[row.step] / len(people[row.step]))


def test_the_journeys_of_a_log_hold_the_same_ways_as_its_map():
    log = chance_log(11)
    ways = log.journeys()["variant"]
    assert Counter(ways) == dict(zip(*map(process_map(log).variants.get, ("variant", "count")), strict=True))
    assert len({id(way) for way in ways}) == len(set(ways))


# The sums by themselves.


@pytest.mark.parametrize("scale", [1, 10**6, 10**13])
def test_the_middles_of_many_groups_are_those_of_pandas(scale):
    """Also where groups times lengths are too large for one number, and where lengths are below 0."""
    draw = np.random.default_rng(5)
    group = draw.integers(0, 40, 2_000) * 3
    length = draw.integers(-50, 10**5, 2_000) * scale
    with_pandas = pd.Series(length / HOUR).groupby(group).median().reindex(range(121))
    assert middles(group, length, 121) == pytest.approx(with_pandas.to_numpy(), nan_ok=True)


def test_half_of_fourteen_is_reached_by_the_seventh():
    """By head: 7 of 14 end by 3 hours, 5 later, 2 not yet. Multiplied one by one the shares fall just short of half."""
    hours = pd.Series([0.0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 90, 116])
    under_way = pd.Series([False] * 12 + [True] * 2)
    assert median_length(hours, under_way) == 3
    whole = (hours * HOUR).astype(int).to_numpy()
    assert middle_lengths(np.zeros(14, dtype=int), whole, under_way.to_numpy(), 1).tolist() == [3]


def test_middles_of_nothing_are_missing():
    nothing = np.asarray([], dtype=np.int64)
    assert np.isnan(middles(nothing, nothing, 2)).all()


@pytest.mark.parametrize("seed", range(5))
def test_the_middles_of_unfinished_lengths_are_those_of_scipys_curve(seed):
    """Oracle: `median_length`, which asks scipy's `ecdf` one group at a time. Few whole hours, so many are equal."""
    draw = np.random.default_rng(seed)
    group, hours = draw.integers(0, 150, 1_000), draw.integers(0, 12, 1_000)
    so_far = (draw.random(1_000) < 0.4) & (group % 3 > 0)
    found = middle_lengths(group, hours * HOUR, so_far, 150)
    for which in np.unique(group):
        mine = group == which
        expected = median_length(pd.Series(hours[mine].astype(float)), pd.Series(so_far[mine]))
        assert found[which] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("seed", range(8))
def test_two_people_have_the_same_number_only_if_their_steps_are_the_same(seed):
    """Oracle: tuples in a dictionary. Few steps, so that many ways begin alike or are the beginning of others."""
    draw = np.random.default_rng(seed)
    size = draw.integers(1, 9, 400)
    step = draw.integers(0, 2, size.sum())
    first = np.cumsum(size) - size
    tuples = [tuple(step[a : a + n].tolist()) for a, n in zip(first, size, strict=True)]
    numbers = {way: i for i, way in enumerate(dict.fromkeys(tuples))}
    assert same_ways(step, first, size).tolist() == [numbers[way] for way in tuples]
    assert ways_in_words(step, first, size, ["a", "b"]) == [tuple("ab"[s] for s in way) for way in tuples]


def test_the_order_of_steps_is_the_same_from_a_sample_of_many_people():
    """12,000 people go A, B, C: more than the sample holds, and none of them otherwise."""
    people = 12_000
    seen = pd.DataFrame({"person": [*range(people)] * 3, "step": [*["A"] * people, *["B"] * people, *["C"] * people]})
    assert order_of_steps(seen, ["person"]) == ["A", "B", "C"]


def steps_by_hand(rows):
    """Of two steps the earlier is the one that more people reach first; each ranks by how many others it precedes."""
    seen = defaultdict(list)
    for person, step in rows:
        if step not in seen[person]:
            seen[person].append(step)
    names = list(dict.fromkeys(step for _, step in rows))
    first = Counter(pair for steps in seen.values() for pair in itertools.combinations(steps, 2))
    ahead = {
        one: sum((first[other, one] > first[one, other]) - (first[one, other] > first[other, one]) for other in names)
        for one in names
    }
    return sorted(names, key=lambda one: ahead[one])


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_steps_is_that_of_a_plain_count(seed):
    draw = np.random.default_rng(seed)
    rows = [(f"p{draw.integers(0, 9)}", f"s{draw.integers(0, 7)}") for _ in range(int(draw.integers(1, 90)))]
    seen = pd.DataFrame(rows, columns=["person", "step"])
    assert order_of_steps(seen, ["person"]) == steps_by_hand(rows)


@pytest.mark.parametrize("most", [summaries.MOST_PAIRS, 0])
def test_two_thousand_steps_that_all_take_in_turn_come_in_that_order(most, monkeypatch):
    """Three people take them in turn, so that there is one order, by pairs and by how far along."""
    monkeypatch.setattr(summaries, "MOST_PAIRS", most)
    names = [f"s{number}" for number in range(2_000)]
    seen = pd.DataFrame({"person": np.repeat([1, 2, 3], len(names)), "step": names * 3})
    assert order_of_steps(seen, ["person"]) == names


def test_moves_between_many_steps_are_those_of_a_plain_count():
    """More than 100 steps, so that the pairs that are there are found and not laid out."""
    log = chance_log(3, steps=150)
    plain = Counter((a["step"], b["step"]) for visits in by_hand(log).values() for a, b in itertools.pairwise(visits))
    made = process_map(log)
    assert (
        dict(zip(zip(made.edges["from_step"], made.edges["to_step"], strict=True), made.edges["count"], strict=True))
        == plain
    )
    assert made.edge_people.sum() <= sum(plain.values())


@pytest.mark.parametrize("most", [1, 2**16 - 1, 2**16, 2**33, 2**62])
def test_places_are_sorted_as_numpy_does(most):
    numbers = np.random.default_rng(3).integers(0, most, 3_000, endpoint=True) // 7 * 7
    assert sorted_places(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()


# The sepsis log, counted apart.


def test_the_sepsis_log_is_counted_as_in_plain_python():
    """Oracle: the file read line by line with no table, its rows ordered by time and, within one, by place."""
    if not SEPSIS.is_file():
        pytest.skip("the sepsis log is not on this computer")
    with gzip.open(SEPSIS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    journeys = defaultdict(list)
    for row in sorted(rows, key=operator.itemgetter("timestamp")):  # equal times stay in the order of the file
        journeys[row["case_id"]].append(row["activity"])
    moves = Counter(move for way in journeys.values() for move in itertools.pairwise(way))
    made = process_map(EventLog.read(SEPSIS, person="case_id", step="activity", finished="timestamp"))
    assert made.edges.set_index(["from_step", "to_step"])["count"].to_dict() == moves
    ways = Counter(map(tuple, journeys.values()))
    assert dict(zip(made.variants["variant"], made.variants["count"], strict=True)) == ways
    assert (len(journeys), len(rows), len(ways), len({row["activity"] for row in rows})) == (1050, 15_214, 846, 16)
    assert "NA" in journeys
    assert math.isclose(made.variants["share"].sum(), 1)
