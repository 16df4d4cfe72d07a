"""The slider from the commonest ways to all: what it draws is counted right, and steps that stay do not move."""

import itertools
from pathlib import Path

import pytest
from refusals import said

from flowlib import EventLog
from flowlib.core import data
from flowlib.show import map_panel
from flowlib.show.map_panel import LABEL, MapByShare, MapPanel, SlidingMap

SEPSIS = Path(__file__).parents[2] / "shared" / "data" / "sepsis_event_log.csv.gz"
SHARES = range(10, 101, 10)


@pytest.fixture(autouse=True)
def no_loop(monkeypatch):
    """Outside a notebook nothing runs later, so a panel answers at once; a browser test nearby leaves a loop behind."""

    def none():
        raise RuntimeError

    monkeypatch.setattr(map_panel.asyncio, "get_running_loop", none)


@pytest.fixture(scope="module")
def wexmoor():
    return data.journey().until("2025-05-05")


@pytest.fixture(scope="module")
def maps(wexmoor):
    return MapByShare(wexmoor)


@pytest.fixture(scope="module")
def sepsis():
    if not SEPSIS.is_file():
        pytest.skip("the sepsis log is not on this computer")
    return MapByShare(EventLog.read(SEPSIS).accept())


def tables(picture):
    return list(picture.chart.to_dict()["datasets"].values())


def test_each_share_is_covered_and_by_no_more_ways_than_are_needed(maps):
    """Oracle: the counts of the ways, added up one by one."""
    counts = maps.whole.variants["count"].tolist()
    covered = list(itertools.accumulate(counts))
    for percent in SHARES:
        ways = len(maps.at(percent).variants)
        assert covered[ways - 1] >= percent / 100 * covered[-1] - 1e-9
        assert ways == 1 or covered[ways - 2] < percent / 100 * covered[-1]


def test_the_sentence_adds_up_to_everybody(maps):
    for percent in SHARES:
        made = maps.at(percent)
        assert made.log.people + made.left_out == maps.whole.log.people
        assert f"{made.left_out:,} of 1,742 people" in made.sentence() or percent == 100


def test_of_real_people_a_map_never_stops_where_one_could_be_found(sepsis):
    """Two shares apart are no ways apart, or ways of 8 people or more."""
    people = sorted({sepsis.at(percent).log.people for percent in SHARES})
    assert all(after - before >= 8 for before, after in itertools.pairwise(people))


@pytest.mark.parametrize("which", ["maps", "sepsis"])
def test_steps_that_stay_do_not_move(which, request):
    maps = request.getfixturevalue(which)
    everywhere = maps.drawing.layout.places
    for percent in (10, 50, 100):
        rows = [row for table in tables(maps.picture(percent)) for row in table if "x2" in row]
        corners = {(round(place.edges[0], 6), round(place.edges[1], 6)) for place in everywhere.values()}
        assert rows
        assert {(round(row["x"], 6), round(row["y"], 6)) for row in rows} <= corners


def test_only_the_numbers_of_the_picture_change(maps):
    """The drawing without its tables and title is the same at each share, so it glides on screen and nothing jumps."""
    figure = maps.picture(10).figure()
    first = figure.picture["spec"]
    for percent in (50, 80, 100):
        picture = maps.picture(percent)
        figure.update(picture.chart, description=picture.description, table=picture.table)
        assert figure.picture["spec"] == first


def test_every_main_move_of_every_share_has_a_line(sepsis):
    """Oracle: the moves counted afresh on the map of each share."""
    for percent in SHARES:
        made = sepsis.at(percent)
        counted = made.edges.assign(people=made.edge_people)
        others = counted[(counted["people"] >= 8) & (counted["from_step"] != counted["to_step"])]
        top = others.sort_values("people", ascending=False).head(10)
        assert {(row.from_step, row.to_step) for row in top.itertuples()} <= sepsis.drawing.pairs


def test_the_words_over_the_map_take_the_same_room_at_each_share(sepsis):
    """So that the map stays where it is: one line of title, and the same lines below it."""
    titles = [sepsis.picture(percent).chart.to_dict()["title"] for percent in (20, 60, 100)]
    assert [len(title["text"]) for title in titles] == [1, 1, 1]
    assert titles[0]["subtitle"] == titles[1]["subtitle"] == titles[2]["subtitle"]


def test_what_is_not_drawn_is_said(sepsis):
    """Oracle: moves of 8 people or more on the whole map, less its lines."""
    counted = int((sepsis.whole.edge_people >= 8).sum())
    drawn = sum("way" in row and row["order"] == 0 for table in tables(sepsis.picture(100)) for row in table)
    assert f"{counted - drawn} rarer moves are in the table only." in sepsis.sentence(100)


def test_a_share_out_of_range_is_refused(maps):
    assert said(lambda: maps.at(5)) == "The share must be from 10 to 100 percent; 5 came."


def test_the_panel_says_how_many_are_left_out_and_goes_back(wexmoor):
    made = MapPanel(wexmoor)
    assert made.slider.label == LABEL
    first = made.said.text
    assert "commonest 3 ways of 16" in first
    made.slider.value = 100
    assert made.said.text == made.maps.whole.sentence()
    assert made.figure.description.startswith("A map of the journey. All 1,742 people go one of these 16 ways.")
    made.reset.click()
    assert (made.slider.value, made.said.text) == (80, first)


def test_the_still_twin_has_the_share_the_sentence_and_the_table(wexmoor):
    still = MapPanel(wexmoor).show().still()
    assert f"{LABEL}: <strong>80%</strong>" in still
    assert "who went other ways" in still
    assert "The numbers as a table" in still


def test_the_slider_is_a_part_of_a_story(wexmoor):
    told, panel = SlidingMap("Move the slider.", log=wexmoor).widgets()
    assert told.text == "Move the slider."
    assert LABEL in panel.still()
