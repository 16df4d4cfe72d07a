"""Do the lean pictures show what their results say, and can everyone read them?"""

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.mapping.causes import HEADS, Cause, Fishbone
from flowlib.mapping.compare_streams import compare_streams
from flowlib.mapping.load_balance import Task, load_balance
from flowlib.mapping.pareto import pareto
from flowlib.mapping.value_stream import ValueStep, ValueStream
from flowlib.mapping.walking import walk
from flowlib.show.fishbone_chart import COLUMN, fishbone_chart
from flowlib.show.lean_charts import causes_chart, two_ladders, walk_chart
from flowlib.show.lettering import text_width
from flowlib.show.load_chart import load_chart

NOW = ValueStream([ValueStep("referral", 1, 23, 0.9), ValueStep("triage", 0.5, 47.5), ValueStep("visit", 2, 118)])
THEN = ValueStream([ValueStep("referral", 1, 5, 0.9), ValueStep("call", 0.5, 0), ValueStep("visit", 2, 40)])
TEAM = [
    Task("nurse", "triage", 8, "value"), Task("nurse", "find a room", 4, "waste"),
    Task("clerk", "book in", 5, "necessary"), Task("clerk", "stamp", 0.1), Task("doctor", "see", 9, "value"),
]  # fmt: skip
WARD = {"desk": (0, 0), "store": (30, 40), "bay": (30, 0)}
ROUTE = ["desk", "store", "desk", "bay", "store"]
DELAYS = {"home care": 84, "medicines": 54, "transport": 36, "other": 15, "therapy": 6, "form": 3}
BONE = Fishbone(
    "Letters leave late",
    {"task": ["Typed once a week", Cause("Signed twice", (Cause("An old rule"),), evidence="20 letters")]},
)
PICTURES = {
    "ladders": lambda: two_ladders(compare_streams(NOW, THEN)),
    "load": lambda: load_chart(load_balance(TEAM, takt=10)),
    "causes": lambda: causes_chart(pareto(DELAYS, synthetic=True)),
    "walk": lambda: walk_chart(walk(ROUTE, WARD)),
    "fishbone": lambda: fishbone_chart(BONE),
}


def spec(picture):
    """The picture in Vega-Lite's words, not checked against the schema, as `svg` does."""
    return picture.chart.to_dict(validate=False)


def rows(picture, *columns):
    """Every row of the picture's tables that has all of *columns*."""
    tables = spec(picture)["datasets"].values()
    return pd.DataFrame([row for table in tables for row in table if set(columns) <= set(row)])


@pytest.mark.parametrize("which", PICTURES)
def test_each_picture_is_drawn_with_its_description_and_its_numbers(which):
    """vl-convert draws it with nothing fetched; the title is in it, and a screen reader hears the description."""
    picture = PICTURES[which]()
    markup = picture.svg()
    assert markup.count("<path") >= 3
    assert 'role="img"' in markup
    assert spec(picture)["title"]["text"][0].split()[0] in markup
    assert picture.description
    assert len(picture.table)


@pytest.mark.parametrize("which", PICTURES)
def test_a_finding_and_a_source_of_ones_own_stand_in_the_title(which):
    own = {"finding": "Clinic letters are late", "source": "team count"}
    drawn = {
        "ladders": lambda: two_ladders(compare_streams(NOW, THEN), **own),
        "load": lambda: load_chart(load_balance(TEAM, takt=10), **own),
        "causes": lambda: causes_chart(pareto(DELAYS, synthetic=True), **own),
        "walk": lambda: walk_chart(walk(ROUTE, WARD), **own),
        "fishbone": lambda: fishbone_chart(BONE, **own),
    }[which]()
    title = spec(drawn)["title"]
    assert title["text"] == ["Clinic letters are late"]
    assert "team count" in " ".join(title["subtitle"])


# Two ladders


def test_both_ladders_have_one_scale_and_every_step():
    """One axis for both panels; by hand the visit is 120 hours, which is 5 days, and 1.75 days then."""
    picture = PICTURES["ladders"]()
    bars = rows(picture, "step", "when", "length")
    lengths = bars[bars["part"] == "bar"].groupby(["step", "when"])["length"].sum()
    assert lengths["visit", "As it is"] == pytest.approx(5)
    assert lengths["visit", "As it could be"] == pytest.approx(42 / 24)
    assert "resolve" not in spec(picture)
    words = bars[bars["part"] == "words"].set_index(["step", "when"])["words"]
    assert words["triage", "As it could be"] == words["call", "As it is"] == "not there"
    assert words["referral", "As it could be"] == "6 h"


def test_short_journeys_are_drawn_in_hours_and_minutes():
    short = ValueStream([ValueStep("desk", 0.25, 0.5), ValueStep("nurse", 1, 2)])
    picture = two_ladders(compare_streams(short, short))
    bars = rows(picture, "step", "when", "length")
    assert set(bars.loc[bars["part"] == "words", "words"]) == {"45 min", "3 h"}


# Load


def test_bars_reach_as_high_as_the_work_and_takt_has_a_line():
    picture = PICTURES["load"]()
    stack = rows(picture, "bottom", "top")
    assert stack.groupby("role")["top"].max().to_dict() == pytest.approx({"nurse": 12, "clerk": 5.1, "doctor": 9})
    assert rows(picture, "takt", "words").to_numpy().tolist() == [[10, "takt 10"]]
    assert rows(picture, "over_takt")["words"].tolist() == ["▲ 2 over"]


def test_words_stand_only_in_bars_that_are_high_enough_for_them():
    words = rows(PICTURES["load"](), "bottom", "top").set_index("task")["words"]
    assert words["triage"] == "triage"
    assert words["stamp"] == ""


def test_bars_of_many_roles_lie_on_their_side():
    """Of six roles the minutes run across, takt too, and each task's name fits its bar: 12 of 14.4 minutes are wide."""
    tasks = [Task(f"role {at}", "a task with a long name", 12 if at else 2, "value") for at in range(6)]
    picture = load_chart(load_balance(tasks, takt=10))
    bar = next(layer for layer in spec(picture)["layer"] if layer["mark"]["type"] == "bar")
    assert (bar["encoding"]["y"]["field"], bar["encoding"]["x"]["field"]) == ("role", "bottom")
    words = rows(picture, "bottom", "top")["words"].tolist()
    assert words[1:] == ["a task with a long name"] * 5
    assert words[0] == "a task…"
    assert "<path" in picture.svg()


def test_waste_has_a_pattern_beside_its_colour():
    dashes = {
        layer["transform"][0]["filter"]: layer["mark"]["strokeDash"]
        for layer in spec(PICTURES["load"]())["layer"]
        if layer["mark"]["type"] == "bar"
    }
    assert [one for one, dash in dashes.items() if dash != [1, 0]] == ["(datum.value === 'waste')"]


# Causes


def test_bars_and_the_line_are_the_shares_of_the_table():
    """By hand: 84, 54 and 36 of 198, and their sums."""
    drawn = rows(PICTURES["causes"](), "percent").set_index("cause")
    assert drawn.loc["home care", ["percent", "so far"]].tolist() == [42, 42]
    assert drawn.loc["transport", ["percent", "so far"]].tolist() == [18, 88]
    assert drawn["few"].tolist() == [True, True, True, False]


def test_long_causes_take_two_lines_and_keep_their_number():
    long = "Waiting for a package of care at home to begin"
    labels = rows(causes_chart(pareto({long: 60, long[:-6]: 40, "x " * 60: 30}, synthetic=True)), "label")["label"]
    assert labels.tolist() == [
        "Waiting for a package of care\nat home to begin (60)",
        "Waiting for a package of care\nat home to (40)",
        "x x x x x x x x x x x x x x x\n… (30)",
    ]


def test_small_numbers_do_not_get_into_the_picture():
    """Of real people: therapy (6) and form (3) are nowhere in its tables, and the others are to the nearest 5."""
    picture = causes_chart(pareto(DELAYS))
    text = str(spec(picture)["datasets"])
    assert "therapy" not in text
    assert "form" not in text
    assert "home care (85)" in text
    assert "2 with small numbers are left out" in " ".join(spec(picture)["title"]["subtitle"])


def test_cautions_are_read_out_to_those_who_cannot_see_the_picture():
    picture = causes_chart(pareto({"a": 60, "b": 55, "c": 10}, synthetic=True))
    assert picture.description.endswith("a and b differ by no more than chance. Their order may change.")


# Walk


def test_a_metre_is_as_long_across_as_it_is_up():
    """The plan keeps its shape: pixels over the length of each scale are equal."""
    drawn = spec(PICTURES["walk"]())
    scales = drawn["layer"][0]["encoding"]
    each = [drawn[side] / np.ptp(scales[axis]["scale"]["domain"]) for side, axis in (("width", "x"), ("height", "y"))]
    assert each[0] == pytest.approx(each[1])


def test_ways_that_are_walked_more_often_are_thicker_and_say_so():
    picture = PICTURES["walk"]()
    thick = rows(picture, "pair", "thick").groupby("pair")["thick"].first()
    assert thick[0] > thick[1] == thick[2]
    assert rows(picture, "words")["words"].tolist() == ["×2", "×1", "×1"]


@pytest.mark.parametrize("places", [{"a": (3, 4), "b": (3, 4)}, {"a": (0, 0), "b": (9, 0)}])
def test_places_on_one_spot_or_in_one_line_are_drawn_too(places):
    assert "<path" in walk_chart(walk(["a", "b", "a"], places, along="corridors")).svg()


def test_corridors_are_drawn_with_their_corners():
    drawn = rows(walk_chart(walk(["desk", "store"], WARD, along="corridors")), "pair", "order")
    assert drawn[["x", "y"]].to_numpy().tolist() == [[0, 0], [30, 0], [30, 40]]


# Fishbone


def test_words_end_at_their_bone_and_none_lie_on_another():
    """Lines of one bone are at least a line apart, and every word ends left of its bone's end at the spine."""
    full = Fishbone("Late", {head: [f"cause {at} of quite some length" for at in range(4)] for head in HEADS})
    placed = rows(fishbone_chart(full), "text", "behind")
    bones = rows(fishbone_chart(full), "bone")
    assert len(placed) == 2 * 4 * 6  # each takes two lines
    for end in bones.loc[bones["bone"] != "spine", "x2"].unique():
        own = placed[(placed["x"] < end) & (placed["x"] > end - 60)]
        assert np.diff(np.sort(own["y"])).min() >= 16.9
    spine = bones.loc[bones["bone"] == "spine", "y"].iloc[0]
    assert (abs(placed["y"] - spine) > 8).all()


def test_what_lies_behind_a_cause_stands_under_it_and_in_the_table():
    picture = PICTURES["fishbone"]()
    placed = rows(picture, "text", "behind").sort_values("y")
    assert placed["text"].tolist() == ["Typed once a week", "Signed twice", "why? An old rule"]
    assert placed["behind"].tolist() == [False, False, True]
    assert picture.table.iloc[-1].tolist() == ["Task", "An old rule", "Signed twice", ""]


def test_an_empty_fishbone_still_shows_where_to_ask():
    picture = fishbone_chart(Fishbone("Late", {}))
    headings = rows(picture, "text")["text"].tolist()
    assert [head.capitalize() for head in HEADS] == [one for one in headings if one != "Late"]
    assert "<path" in picture.svg()


# Whatever stands in a name

HOSTILE = "<script>alert(1)</script>\u202e"


def test_hostile_names_are_shown_as_text():
    """No script in the picture's markup, and the sign that turns writing round is shown by its number."""
    stream = ValueStream([ValueStep(HOSTILE, 1, 2)])
    drawn = [
        two_ladders(compare_streams(stream, stream)),
        load_chart(load_balance([Task(HOSTILE, HOSTILE, 5)], takt=3), finding="x"),
        causes_chart(pareto({HOSTILE: 50}, synthetic=True), finding="x"),
        walk_chart(walk([HOSTILE, "b"], {HOSTILE: (0, 0), "b": (1, 1)}), finding="x"),
        fishbone_chart(Fishbone(HOSTILE, {"task": [HOSTILE]})),
    ]
    for picture in drawn:
        markup = picture.svg()
        assert "<script" not in markup
        assert "\u202e" not in str(spec(picture)["datasets"])


REFUSED = [
    (
        lambda: causes_chart(pareto({"a": 5, "b": 2})),
        "Too few people are counted to draw their causes. Count for longer.",
    ),
    (
        lambda: causes_chart(pareto({f"c{at}": 50 for at in range(31)}, synthetic=True)),
        "A picture holds at most 30 causes; 31 came. Put some together.",
    ),
    (
        lambda: load_chart(load_balance([Task(f"r{at}", "t", 1) for at in range(31)], takt=1)),
        "A picture holds at most 30 roles; 31 came. Draw fewer.",
    ),
    (
        lambda: fishbone_chart(Fishbone("x", {"task": ["y"] * 41})),
        "A bone holds at most 40 lines; one has 41. Draw fewer causes.",
    ),
]


@pytest.mark.parametrize(("ask", "sentence"), REFUSED)
def test_what_no_picture_can_hold_is_refused_with_a_sentence(ask, sentence):
    assert said(ask) == sentence


def test_long_words_stay_between_the_bones_of_a_fishbone():
    """As wide as letters get; the picture's own measure of type says how wide."""
    placed = rows(
        fishbone_chart(Fishbone("W" * 120, {"task": ["W" * 80, "ordinary words that go on and on"]})), "text", "behind"
    )
    assert placed["text"].map(lambda line: text_width(line, 13)).max() <= COLUMN


def test_names_on_a_plan_are_short_and_do_not_cover_each_other():
    """Two places 2 metres apart on a plan of 30: one has its name over it, the other under it."""
    places = {"bay one, by the window": (10, 5), "bay two, by the window and the door": (12, 5), "store": (30, 40)}
    picture = walk_chart(walk(["bay one, by the window", "store", "bay two, by the window and the door"], places))
    named = rows(picture, "place").set_index("place")["y"]
    assert set(named.index) == {"bay one, by the window", "bay two, by the window…", "store"}
    assert named["bay one, by the window"] > 5 > named["bay two, by the window…"]


def test_counts_on_a_plan_do_not_cover_each_other():
    """Two lines side by side from one place: their counts stand at other heights, or one is left out."""
    picture = walk_chart(walk(["a", "store", "b"], {"a": (10, 5), "b": (12, 5), "store": (30, 40)}))
    assert rows(picture, "words")["y"].is_unique
