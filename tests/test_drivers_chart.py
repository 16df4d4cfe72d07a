"""Does a driver diagram of any shape stay readable, and say in words what it shows?"""

import io
import itertools
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import vl_convert
from PIL import Image
from refusals import said

from flowlib.change.aims import DriverDiagram, Idea, Primary, Secondary
from flowlib.show import drivers_chart
from flowlib.show.drivers_chart import driver_diagram, driver_list

HOME = DriverDiagram(
    "Home within a day",
    (
        Primary(
            "Early planning",
            (
                Secondary("Plans start on day one", (Idea("Ask who is at home", "share asked"), Idea("One list"))),
                Secondary("Families know", (Idea("A call by 2pm"), Idea("One list"))),
            ),
            measure="days to a plan",
        ),
        Primary("Transport"),
    ),
    shared=("One list",),
)


def grid(primary, secondary, ideas, words):
    """A full diagram whose names hold *words*."""
    return DriverDiagram(
        words,
        tuple(
            Primary(
                f"P{i} {words}",
                tuple(
                    Secondary(f"S{i}{j} {words}", tuple(Idea(f"I{i}{j}{k} {words}") for k in range(ideas)))
                    for j in range(secondary)
                ),
            )
            for i in range(primary)
        ),
    )


def boxes_of(picture):
    """Each box as drawn: left, top, right, bottom."""
    spec = picture.chart.to_dict(validate=False)
    rows = [row for table in spec["datasets"].values() for row in table if "bottom" in row]
    return [(row["x"], row["y"], row["right"], row["bottom"]) for row in rows]


@pytest.mark.parametrize("words", ["x", "Incomprehensibilities of a name that wraps"])
@pytest.mark.parametrize(("primary", "secondary", "ideas"), [(1, 1, 1), (5, 4, 4), (5, 1, 1), (2, 4, 0)])
def test_no_two_boxes_touch(primary, secondary, ideas, words):
    """Every pair is compared, edge by edge; the page holds them all."""
    picture = driver_diagram(grid(primary, secondary, ideas, words))
    found = boxes_of(picture)
    assert len(found) == 1 + primary * (1 + secondary * (1 + ideas))
    for (a, b, c, d), (e, f, g, h) in itertools.combinations(found, 2):
        assert c < e or g < a or d < f or h < b
    spec = picture.chart.to_dict(validate=False)
    assert min(top for _, top, _, _ in found) >= drivers_chart.TOP
    assert max(bottom for *_, bottom in found) <= spec["height"]
    assert max(right for _, _, right, _ in found) <= spec["width"]


HARD = (
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "mmmmmmm mmmmmmm mmmm MMMMMM mmmm",
    "Donaudampfschifffahrtsgesellschaft",
    "Ask & agree @ 12:00: 80% of «über-65s» (or more) get their plan; the rest by 2pm",
)


def test_words_stay_inside_their_boxes():
    """No ink in the last 4 pixels before the right edge, as the shipped drawing library sets the type."""
    each = [grid(1, 1, 1, words).primary[0] for words in HARD]
    picture = driver_diagram(DriverDiagram(" ".join(HARD), tuple(each)))
    svg = re.search(r"<svg.*</svg>", picture.svg(), re.DOTALL)[0]
    page = np.asarray(Image.open(io.BytesIO(vl_convert.svg_to_png(svg))).convert("L")).astype(int)
    moved = [float(part) for part in re.search(r'translate\((-?[\d.]+),(-?[\d.]+)\)"', svg).groups()]
    for _, top, right, bottom in boxes_of(picture):
        down, across = slice(int(moved[1] + top + 6), int(moved[1] + bottom - 6)), int(moved[0] + right)
        strip = page[down, across - 6 : across - 2]
        assert strip.size
        assert np.ptp(strip) == 0


def test_each_box_stands_at_the_middle_of_those_that_it_leads_to():
    """With boxes of one size, the middle of the first and last idea is the middle of their driver."""
    found = boxes_of(driver_diagram(grid(1, 1, 3, "x")))
    middles = [(top + bottom) / 2 for _, top, _, bottom in found]
    assert middles[0] == middles[1] == middles[2] == pytest.approx((middles[3] + middles[5]) / 2)


def test_a_line_joins_each_box_to_each_that_it_leads_to():
    """A full diagram of n boxes has n - 1 lines, each of four corners, from an edge to an edge."""
    spec = driver_diagram(grid(2, 3, 2, "x")).chart.to_dict(validate=False)
    corners = [row for table in spec["datasets"].values() for row in table if "at" in row]
    assert len({row["line"] for row in corners}) == len(corners) / 4 == 20
    edges = {box[2] for box in boxes_of(driver_diagram(grid(2, 3, 2, "x")))}
    assert {row["x"] for row in corners if row["at"] == 0} <= edges


def test_the_description_nests_as_the_boxes_do():
    assert driver_diagram(HOME).description == (
        "A driver diagram. The aim: Home within a day. It depends on Early planning; Transport. "
        "Early planning depends on Plans start on day one; ideas to test: Ask who is at home, One list. "
        "And on Families know; ideas to test: A call by 2pm, One list."
    )


def test_a_bare_aim_is_drawn_and_says_so():
    picture = driver_diagram(DriverDiagram("Home within a day"))
    assert picture.description == "A driver diagram. The aim: Home within a day. It has no driver yet."
    assert len(boxes_of(picture)) == 1
    assert "<svg" in picture.svg()


def test_the_title_counts_drivers_and_ideas_once():
    """One list stands twice and is one idea."""
    title = driver_diagram(HOME).chart.to_dict(validate=False)["title"]
    assert title["text"] == ["The aim depends on 2 primary drivers, with 3 ideas to test"]
    given = driver_diagram(HOME, finding="Plan early", source="Home First team").chart.to_dict(validate=False)["title"]
    assert given["text"] == ["Plan early"]
    assert " ".join(given["subtitle"]).endswith("Source: Home First team")


def test_names_are_written_with_their_measures_and_where_they_are_shared():
    def written(picture):
        tables = picture.chart.to_dict(validate=False)["datasets"].values()
        return {row["words"].replace("\n", " ") for table in tables for row in table if "words" in row}

    assert {"One list (shared)", "Measure: share asked", "Measure: days to a plan"} <= written(driver_diagram(HOME))
    assert not any("Measure" in words for words in written(driver_diagram(HOME, measures=False)))


def test_the_table_is_the_outline_with_its_numbers():
    table = driver_diagram(HOME).table
    assert table["place"].tolist() == ["", "1", "1.1", "1.1.1", "1.1.2", "1.2", "1.2.1", "1.2.2", "2"]
    assert table["name"].tolist()[:3] == ["Home within a day", "Early planning", "Plans start on day one"]
    assert table["kind"].tolist()[3] == "idea to test"


def test_the_list_nests_and_no_name_is_taken_for_markup():
    sly = DriverDiagram("Aim <b>", (Primary("A & B", (Secondary("<script>x()</script>", (Idea("I"),)),)),))
    root = ET.fromstring(driver_list(sly))  # noqa: S314 - our own list
    assert {part.tag for part in root.iter()} == {"ul", "li"}
    assert root.find("li").text == "Aim <b>"
    assert root.find("li/ul/li/ul/li").text == "<script>x()</script>"
    assert root.find("li/ul/li/ul/li/ul/li").text == "I"
    assert "<script>" not in driver_diagram(sly).svg()


def test_more_ideas_than_a_page_holds_are_refused():
    assert said(lambda: driver_diagram(grid(5, 5, 5, "x"))) == (
        "A driver diagram holds at most 120 ideas; this one has 125. Draw one primary driver at a time."
    )
