"""The drawn map: nothing covers anything, nobody can be found on it, and it can be read without seeing it."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from refusals import said

from flowlib import EventLog
from flowlib.core import data
from flowlib.mapping.compare_maps import compare_maps
from flowlib.mapping.process_map import process_map
from flowlib.mapping.typed_map import TypedMap, TypedMove, TypedStep
from flowlib.show import charts, map_chart
from flowlib.show.lettering import text_width
from flowlib.show.map_chart import draw, drawing, journey_map, main_moves, map_in_words, moves_table
from flowlib.show.map_compare import maps_compared
from flowlib.show.map_layout import lay_out
from flowlib.show.map_marks import BOX_WIDTH, NAME_SIZE, WORD_SIZE, Words, box, wrapped
from flowlib.show.map_order import columns
from flowlib.show.map_parts import BACK, BESIDE, ONWARD, Box
from flowlib.show.picture import Picture
from flowlib.show.swimlane import swimlane
from flowlib.show.time_ladder import time_ladder

SEPSIS = Path(__file__).parents[2] / "shared" / "data" / "sepsis_event_log.csv.gz"
NAMES = ["Triage", "Emergency department", "Community rehabilitation at home", "Llanfairpwllgwyngyllgogerych", "W" * 40]
WINDOW = ("2025-01-06 00:00", "2025-02-03 00:00")


def log_of(journeys, *, real=True):
    """A log from (steps, how many people): a step an hour, each of half an hour, after a wait of a quarter."""
    rows = []
    for number, (way, people) in enumerate(journeys):
        for copy, (hour, step) in itertools.product(range(people), enumerate(way)):
            begin = pd.Timestamp(WINDOW[0]) + pd.Timedelta(hours=hour)
            times = [begin + pd.Timedelta(minutes=m) for m in (0, 15, 45)]
            rows.append((f"p{number}-{copy}", step, *(f"{time:%d/%m/%Y %H:%M}" for time in times)))
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended"])
    made = EventLog.from_frame(
        frame, person="who", step="where", arrived="came", started="began", finished="ended", observed=WINDOW
    )
    return made if real else EventLog(made.frame, observed=made.observed, name="made up", synthetic=True)


def random_log(seed, steps):
    """People who wander: mostly on, sometimes back, over names short and long."""
    rng = np.random.default_rng(seed)
    names = [f"{NAMES[i % len(NAMES)][:34]} {i}" for i in range(steps)]
    ways = []
    for _ in range(12):
        at, way = int(rng.integers(0, 3)), []
        while at < steps and len(way) < steps + 6:
            way.append(names[max(at, 0)])
            at += int(rng.choice([-2, -1, 0, 1, 1, 1, 2, 3, 5]))
        ways.append((way or [names[0]], int(rng.integers(8, 60))))
    ways.append((names, 9))  # so that every step is reached
    return log_of(ways)


@pytest.fixture(scope="module", params=[4, 9, 16, 25])
def wandering(request):
    return process_map(random_log(request.param, request.param))


@pytest.fixture(scope="module")
def wexmoor():
    return process_map(data.journey().until("2025-05-05"))


@pytest.fixture(scope="module")
def sepsis():
    if not SEPSIS.is_file():
        pytest.skip("the sepsis log is not on this computer")
    return process_map(EventLog.read(SEPSIS).accept())


def meet(one, other):
    """Whether two rectangles (left, top, right, bottom) share any area."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def rows_of(picture, column):
    """The rows of all tables inside a picture that have *column*."""
    tables = picture.chart.to_dict()["datasets"].values()
    return [row for table in tables for row in table if column in row]


# Geometry


def test_no_box_overlaps_another_and_no_label_a_box_or_a_label(wandering):
    """Oracle: rectangles, with what stands over and under each box; words taken as wide as they are set at most."""
    on = drawing(wandering)
    sheet = draw(wandering, on)
    sheet.chart()
    rooms = [place.room for place in on.layout.places.values()]
    assert len(rooms) == len(wandering.log.steps)
    assert not any(meet(one, other) for one, other in itertools.combinations(rooms, 2))
    assert sheet.labels
    assert not any(meet(label, room) for label in sheet.labels for room in rooms)
    assert not any(meet(one, other) for one, other in itertools.combinations(sheet.labels, 2))


def test_no_line_runs_through_a_box(wandering):
    """Oracle: points a pixel apart on each line, all outside every box but for the ends on the box's own side."""
    layout = drawing(wandering).layout
    boxes = [place.edges for place in layout.places.values()]
    assert layout.routes
    for route in layout.routes.values():
        for (x1, y1), (x2, y2) in itertools.pairwise(route.points):
            far = max(int(math.hypot(x2 - x1, y2 - y1)), 1)
            for t in np.linspace(0, 1, far + 1):
                x, y = x1 + t * (x2 - x1), y1 + t * (y2 - y1)
                assert not any(b[0] + 1 < x < b[2] - 1 and b[1] + 1 < y < b[3] - 1 for b in boxes)


def test_each_line_begins_and_ends_at_its_boxes(wandering):
    layout = drawing(wandering).layout
    for pair, route in layout.routes.items():
        for step, (x, y) in zip(pair, (route.points[0], route.points[-1]), strict=True):
            left, top, right, bottom = layout.places[step].edges
            assert min(abs(x - left), abs(x - right)) < 0.5
            assert top <= y <= bottom


def test_all_of_it_is_on_the_paper(wandering):
    layout = drawing(wandering).layout
    for place in layout.places.values():
        left, top, right, bottom = place.room
        assert left >= 0
        assert top >= 0
        assert right <= layout.width
        assert bottom <= layout.height
    points = [point for route in layout.routes.values() for point in route.points]
    assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in points)


def test_only_a_line_that_goes_back_is_one_of_those_that_go_back(wexmoor, sepsis):
    """Oracle: the columns themselves. In a second row a step further on may stand further left."""
    for made in (wexmoor, sepsis):
        layout, edges = drawing(made).layout, made.edges.assign(people=made.edge_people)
        flow = {(row.from_step, row.to_step): row.people for row in edges[edges["people"] >= 8].itertuples()
                if row.from_step != row.to_step and {row.from_step, row.to_step} <= set(layout.places)}  # fmt: skip
        column = columns(list(layout.places), flow)
        for (one, other), route in layout.routes.items():
            across = column[other] - column[one]
            assert route.kind == (BESIDE if across == 0 else ONWARD if across > 0 else BACK)


def test_a_plain_journey_stands_in_one_straight_row():
    made = process_map(log_of([(["A", "B", "C", "D"], 20)]))
    places = drawing(made).layout.places
    assert [places[step].x for step in "ABCD"] == sorted(places[step].x for step in "ABCD")
    assert [places[step].y for step in "ABCD"] == pytest.approx([places["A"].y] * 4)


def test_a_long_journey_goes_on_in_a_second_row_below():
    """Fifteen steps in a line; the picture is no wider than six columns of boxes."""
    names = [f"Step {i}" for i in range(15)]
    layout = drawing(process_map(log_of([(names, 10)]))).layout
    first, last = layout.places["Step 0"], layout.places["Step 14"]
    assert last.y > first.y + first.box.height
    assert layout.width < 6 * 1.6 * BOX_WIDTH


def test_steps_in_either_order_stand_in_one_column():
    moves = {("a", "x"): 9.0, ("a", "y"): 9.0, ("x", "y"): 8.0, ("y", "x"): 7.0, ("x", "b"): 9.0, ("y", "b"): 9.0}
    found = columns(["a", "x", "y", "b"], moves)
    assert found == {"a": 0, "x": 1, "y": 1, "b": 2}


def test_two_pairs_of_lines_that_need_not_cross_do_not():
    """A leads to d and b to c; in the order typed the two lines cross, so one column is turned round."""
    boxes = dict.fromkeys("abcd", box(Words("a")))
    layout = lay_out(list("abcd"), {("a", "d"): 9.0, ("b", "c"): 9.0}, boxes)
    places = layout.places
    assert (places["a"].y < places["b"].y) == (places["d"].y < places["c"].y)


@pytest.mark.parametrize("name", [*NAMES, "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 3])
def test_every_name_fits_its_box(name):
    lines = wrapped(name)
    assert 1 <= len(lines) <= 3
    assert all(text_width(line, NAME_SIZE, bold=True) <= BOX_WIDTH for line in lines)
    assert (
        "".join(lines).replace(" ", "").rstrip("…")
        == name.replace(" ", "")[: len("".join(lines).replace(" ", "").rstrip("…"))]
    )


# What it says


def test_the_map_says_people_and_middle_times():
    """Ten people from desk to nurse: each waits 15 minutes at either, and the next step begins 15 minutes later."""
    picture = journey_map(process_map(log_of([(["Desk", "Nurse"], 10)])))
    assert picture.description == (
        "A map of the journey. 8 in 10 people go the same way. The longest middle wait is for Desk: 15 min. "
        "Desk: 10 people, wait 15 min. 10 begin here. Then Nurse 10. Nurse: 10 people, wait 15 min. Then the end 10."
    )
    words = {row["text"] for row in rows_of(picture, "text")}
    assert words == {"Desk", "Nurse", "10 people", "wait 15 min", "10 begin", "10 end", "10", "15 min"}


def test_the_numbers_of_a_map_add_up_at_each_step(wexmoor):
    """Oracle: sums. Who came to a step went on, ended there, or is still there; fewer than 8 are not shown."""
    onward = wexmoor.edges.groupby("from_step")["count"].sum()
    ends = wexmoor.ends.set_index("step")["last"]
    words = [row["text"] for row in rows_of(journey_map(wexmoor), "text")]
    told = 0
    for row in wexmoor.steps.itertuples():
        still = row.people - onward.get(row.step, 0) - ends[row.step]
        told += still >= 8
        assert still < 8 or f"{still} still there" in words
    assert told == sum("still there" in text for text in words) == 4


def test_a_title_of_ones_own_stands_in_place_of_the_finding(wexmoor):
    picture = journey_map(wexmoor, finding="The long waits are on the way home.")
    assert picture.chart.to_dict()["title"]["text"] == ["The long waits are on the way home."]
    assert "8 in 10" not in picture.description


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_the_words_of_a_map_can_be_read_on_a_shared_screen(wexmoor, share):
    """820 pixels are there for a picture in JupyterLab on a screen of 1280: no word on it is under 14."""
    picture = journey_map(wexmoor.main(share), on=drawing(wexmoor))
    assert WORD_SIZE * min(820 / picture.chart.width, 1) >= 14


def test_a_return_at_once_is_an_arc_with_its_count():
    picture = journey_map(process_map(log_of([(["Desk", "Test", "Test"], 20)])))
    arcs = [row for row in rows_of(picture, "shape") if row["shape"] == "triangle-up"]
    assert len(arcs) == 1
    assert [row["text"] for row in rows_of(picture, "kind") if row["kind"] == "left"] == ["20 begin", "20"]


def test_what_goes_back_is_dashed_and_nothing_else_is():
    picture = journey_map(process_map(log_of([(["A", "B", "C"], 30), (["A", "B", "C", "A", "B"], 10)])))
    lines = pd.DataFrame(rows_of(picture, "order"))
    dashed = lines[lines["dash"] == "yes"].sort_values("order")
    assert len(set(dashed["way"])) == 1
    assert dashed["x"].iloc[0] > dashed["x"].iloc[-1]


def test_busier_lines_are_wider():
    picture = journey_map(process_map(log_of([(["A", "B"], 100), (["A", "C"], 10)])))
    widths = pd.DataFrame(rows_of(picture, "order")).groupby("way")["width"].first()
    assert sorted(widths) == [1.5, 8.0]


def test_the_words_of_the_map_name_each_step_before_where_people_go_next(sepsis):
    words = map_in_words(sepsis)
    shown = [step for step in sepsis.log.steps if step != "Release E"]  # six people
    where = [words.index(f"{step}: ") for step in shown]
    assert where == sorted(where)
    assert "Release E" not in words


def test_the_table_has_begins_moves_and_ends():
    table = moves_table(process_map(log_of([(["Desk", "Nurse"], 10)])))
    assert table.to_numpy().tolist() == [
        ["(start)", "Desk", "10", ""],
        ["Desk", "Nurse", "10", "0.2"],
        ["Nurse", "(end)", "10", ""],
    ]


def test_the_charts_room_still_has_the_map():
    assert charts.journey_map is map_chart.journey_map


# Privacy


def test_counts_of_real_people_are_to_the_nearest_5_in_all_that_travels():
    log = log_of([(["Desk", "Nurse"], 22), (["Desk", "Doctor"], 13), (["Desk", "Rare"], 3)])
    picture = journey_map(process_map(log))
    packed = json.dumps(picture.chart.to_dict()) + picture.description + picture.table.to_csv()
    words = [row["text"] for row in rows_of(picture, "text")]
    assert "Rare" not in packed
    assert {"40 people", "20 people", "15 people"} <= set(words)
    for word in words:
        if word.split()[0].replace(",", "").isdigit() and "min" not in word:
            assert int(word.split()[0].replace(",", "")) % 5 == 0


def test_counts_of_made_up_people_are_as_they_are():
    picture = journey_map(process_map(log_of([(["Desk", "Nurse"], 22)], real=False)))
    assert "22 people" in {row["text"] for row in rows_of(picture, "text")}


def test_a_move_made_often_by_few_people_is_not_drawn(sepsis):
    """Oracle: the full count of people, by move."""
    few = {
        (row.from_step, row.to_step)
        for row, people in zip(sepsis.edges.itertuples(), sepsis.edge_people, strict=True)
        if people < 8
    }
    assert few
    assert not few & drawing(sepsis, most_edges=1000).pairs


def test_a_map_of_too_few_people_is_refused():
    assert said(lambda: journey_map(process_map(log_of([(["Desk", "Nurse"], 7)])))) == (
        "No step was reached by 8 people or more, so there is no map to show."
    )


def test_hostile_names_stay_text():
    name = "<img src=x onerror=alert(1)>"
    picture = journey_map(process_map(log_of([(["Desk", name], 10)])))
    drawn = picture.svg()
    assert "<img" not in drawn
    assert "&lt;img" in drawn


def test_a_box_without_a_line_says_why():
    """Sixteen people go to the clinic, 4 by each of four ways: the step may be shown, none of its moves may."""
    ways = [(["Desk", "Nurse"], 20)] + [([f"Room {i}", "Clinic", "Desk"], 4) for i in range(4)]
    title = journey_map(process_map(log_of(ways))).chart.to_dict()["title"]
    assert "To or from a box without a line" not in " ".join(title["subtitle"])
    ways = [(["Desk", "Nurse"], 20)] + [([f"Room {i}", "Clinic", f"Hall {i}"], 4) for i in range(4)]
    title = journey_map(process_map(log_of(ways))).chart.to_dict()["title"]
    assert "To or from a box without a line" in " ".join(title["subtitle"])


# Main moves


def test_every_step_keeps_its_commonest_way_in_and_out():
    edges = pd.DataFrame(
        [("a", "b", 90), ("b", "c", 80), ("c", "a", 70), ("a", "d", 9), ("d", "c", 8), ("b", "b", 8)],
        columns=["from_step", "to_step", "people"],
    )
    assert main_moves(edges, 1) == {("a", "b"), ("b", "c"), ("c", "a"), ("a", "d"), ("d", "c"), ("b", "b")}


# A row a team


def test_each_step_stands_in_the_row_of_its_team(wexmoor):
    teams = {step: "Hospital" if step in {"Handover", "Ward"} else "Others" for step in wexmoor.log.steps}
    layout = drawing(wexmoor, lanes=teams).layout
    for step, team in teams.items():
        top, bottom = layout.lanes[team]
        _, above, _, below = layout.places[step].room
        assert top <= above
        assert below <= bottom


def test_the_title_of_the_rows_counts_the_hand_offs():
    """Of 30 made-up people 20 go from ward to home care: 20 hand-offs, two thirds of one for each person."""
    log = log_of([(["Ward", "Clinic", "Home care"], 20), (["Ward"], 10)], real=False)
    teams = {"Ward": "Hospital", "Clinic": "Hospital", "Home care": "Council"}
    picture = swimlane(process_map(log), teams)
    assert picture.chart.to_dict()["title"]["text"] == [
        "20 hand-offs from team to team. On average a person is handed over",
        "0.7 times on the journey.",
    ]
    assert "Hospital has Ward, Clinic. Council has Home care." in picture.description
    colours = pd.DataFrame(rows_of(picture, "order")).groupby("way")["stroke"].first()
    assert len(set(colours)) == 2


def test_a_step_without_a_team_is_refused(wexmoor):
    teams = dict.fromkeys(wexmoor.log.steps[1:], "Hospital")
    assert said(lambda: swimlane(wexmoor, teams)) == 'No team is given for "Ambulance". Give each step its team.'


# The two maps


@pytest.fixture(scope="module")
def compared():
    typed = TypedMap(
        [TypedStep("Desk", wait=0.25), TypedStep("Meeting"), TypedStep("Nurse", wait=5.0)],
        [TypedMove("Desk", "Meeting"), TypedMove("Meeting", "Nurse")],
    )
    log = log_of([(["Desk", "Nurse"], 22), (["Desk", "Doctor"], 13), (["Desk", "Rare"], 3)])
    return maps_compared(compare_maps(typed, process_map(log)))


def test_both_maps_have_every_step_in_the_same_place(compared):
    above, below = compared.chart.to_dict()["vconcat"]
    assert (above["width"], above["height"]) == (below["width"], below["height"])
    words = pd.DataFrame(rows_of(compared, "text"))
    desks = words[words["text"] == "Desk"]
    assert len(desks) == 2
    assert len(set(desks["x"])) == 1


def test_differences_are_marked_in_shape_and_in_words(compared):
    """Only we have the meeting; only the data have the doctor; our wait for the nurse is not theirs."""
    boxes = pd.DataFrame(rows_of(compared, "x2"))
    assert (boxes["dash"] == "yes").sum() == 1
    assert (boxes["width"] == 4).sum() == 1
    words = [row["text"] for row in rows_of(compared, "text")]
    assert words.count("only on our map") == 1
    assert words.count("only in the data") == 1
    assert words.count("wait differs") == 2  # on either map


def test_the_two_maps_hide_what_few_real_people_did(compared):
    """Three people went to the step called Rare; the table, which is not ours, says so with a star."""
    assert "Rare" not in json.dumps(compared.chart.to_dict()) + compared.description
    assert compared.table.loc[compared.table["where"] == "Rare", "counted"].tolist() == ["*"]


# One journey

LADDER = pd.DataFrame(
    [("Desk", 0.5, 0.5, 1.0), ("Nurse", 5.0, 1.0, 6.0), ("Desk", 3.0, 0.0, 3.0)],
    columns=["step", "wait", "process_time", "lead_time"],
)


def test_a_ladder_runs_on_in_time_and_a_second_visit_has_a_row_of_its_own():
    """Ten hours: each piece begins where the one before it ended, and eight and a half are waiting."""
    bars = rows_of(time_ladder(LADDER), "begin")
    pieces = sorted((bar["begin"], bar["end"]) for bar in bars)
    assert pieces == [(0, 0.5), (0.5, 1.0), (1.0, 6.0), (6.0, 7.0), (7.0, 10.0), (10.0, 10.0)]
    assert list(dict.fromkeys(bar["row"] for bar in bars)) == ["1. Desk", "2. Nurse", "3. Desk"]
    assert time_ladder(LADDER).description.startswith("Of 10.0 h, 8.5 h are waiting. Desk: 30 min of waiting, then")


def test_a_ladder_of_the_typical_journey_ends_where_its_rows_add_up_to(wexmoor):
    journey = wexmoor.typical_journey()
    bars = rows_of(time_ladder(journey), "begin")
    days = 24 if journey["lead_time"].sum() >= 72 else 1
    assert max(bar["end"] for bar in bars) == pytest.approx(journey["lead_time"].sum() / days)


def test_a_ladder_without_its_columns_or_its_time_is_refused():
    assert said(lambda: time_ladder(LADDER.drop(columns="wait"))) == (
        'No column in this journey called "wait"; there are "step", "process_time", "lead_time".'
    )
    assert said(lambda: time_ladder(LADDER.assign(wait=0.0, process_time=0.0, lead_time=0.0))) == (
        "This journey takes no time, so there is nothing to draw."
    )


# Saving


@pytest.fixture(scope="module")
def picture():
    return journey_map(process_map(log_of([(["=cmd|' /C calc'!A0", "Nurse"], 1230)])))


def test_a_saved_svg_stands_alone_and_says_what_it_shows(picture, tmp_path):
    text = picture.save(tmp_path / "map.svg").read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "<desc>A map of the journey." in text
    assert 'role="img"' in text
    assert "http" not in text.replace("http://www.w3.org/", "")


def test_a_saved_png_is_a_png_of_twice_the_size(picture, tmp_path):
    """Oracle: the PNG specification's header, bytes 16 to 20 the width."""
    raw = picture.save(tmp_path / "map.png").read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(raw[16:20], "big") > 1.9 * picture.chart.to_dict()["width"]


def test_a_saved_table_has_numbers_and_no_formula(picture, tmp_path):
    sheet = openpyxl.load_workbook(picture.save(tmp_path / "map.xlsx")).active
    assert [cell.value for cell in sheet[1]] == ["from", "to", "people", "middle hours"]
    assert [cell.value for cell in sheet[3]] == ["'=cmd|' /C calc'!A0", "Nurse", 1230, 0.2]
    back = pd.read_csv(picture.save(tmp_path / "map.csv"))
    assert back["people"].tolist() == [1230, 1230, 1230]
    assert back["from"].tolist()[1].startswith("'=")


def test_what_cannot_be_saved_is_refused_in_a_sentence(picture, tmp_path):
    assert said(lambda: picture.save(tmp_path / "map.docx")) == (
        'A picture is saved as ".svg", ".png", ".csv", ".xlsx"; "map.docx" came. Change its ending.'
    )
    assert said(lambda: picture.save(tmp_path / "none" / "map.svg")) == (
        'There is no folder "none". Make it first, or choose another.'
    )
    bare = Picture(picture.chart, "Words")
    assert said(lambda: bare.save(tmp_path / "map.csv")) == 'This picture has no table. Save it as ".svg", ".png".'
    (tmp_path / "taken.svg").mkdir()
    assert said(lambda: picture.save(tmp_path / "taken.svg")) == (
        '"taken.svg" could not be written. Close it if it is open, then try again.'
    )


def test_a_map_of_one_step_is_one_box_without_lines():
    rows = [(f"p{one}", "desk", f"2026-01-05 09:{one:02d}") for one in range(12)]
    frame = pd.DataFrame(rows, columns=["who", "where", "when"])
    log = EventLog.from_frame(frame, person="who", step="where", finished="when", synthetic=True)
    picture = journey_map(process_map(log))
    assert picture.table[["from", "to", "people"]].to_numpy().tolist() == [
        ["(start)", "desk", "12"],
        ["desk", "(end)", "12"],
    ]
    assert "desk" in picture.svg()


def test_one_rare_way_back_leaves_a_long_row_level():
    """Nine steps in turn and a way back of 3 in 100: no box is moved by more than a quarter of its height."""
    names = [f"step {number}" for number in range(9)]
    moves = dict.fromkeys(itertools.pairwise(names), 100.0) | {(names[2], names[0]): 3.0}
    made = lay_out(names, moves, dict.fromkeys(names, Box(100, 60)), most_columns=9)
    heights = [place.y for place in made.places.values()]
    assert max(heights) - min(heights) <= 15
