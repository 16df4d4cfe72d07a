"""Does a reader see in ten seconds which measures need talk, on a screen, on paper and read aloud?"""

import itertools
import re
import time
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.measure.spc import p_chart, xmr
from flowlib.measure.spc_board import board
from flowlib.show import icons, theme
from flowlib.show.board_page import GROUPS, board_table
from flowlib.show.page import find_chromium, to_pdf
from flowlib.show.sparkline import sparkline

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = pd.date_range("2024-01-01", periods=18, freq="MS")
SLY = "<script>alert('x')</script> & \"co\""
# Steady values from 18 to 22 have limits near 21 plus and minus 8; the last point makes the verdict.
FLAT = [18.0, 22.0, 19.0, 21.0, 20.0] * 3 + [18.0, 22.0]
LASTS = {"As usual": 20.0, "Worse": 34.0, "Better": 6.0, SLY: 20.0}


def made(lasts=LASTS, **options):
    """A board of measures that differ in their last point, where lower is better."""
    rows = [
        (name, when, value) for name, last in lasts.items() for when, value in zip(MONTHS, [*FLAT, last], strict=True)
    ]
    table = pd.DataFrame([*rows, ("Lone <i>one</i>", MONTHS[0], 4.0)], columns=["name", "month", "number"])
    return board(table, measure="name", date="month", value="number", **{"improvement": "down", **options})


class Outline(HTMLParser):
    """The tags of a page with their attributes, and the text of each cell."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.cells, self._open = [], [], None
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in {"td", "th", "caption"}:
            self._open = [tag, dict(attrs), ""]

    def handle_endtag(self, tag):
        if self._open and tag == self._open[0]:
            self.cells.append(tuple(self._open))
            self._open = None

    def handle_data(self, data):
        if self._open:
            self._open[2] += data

    def texts(self, tag, scope=None):
        return [text for name, attrs, text in self.cells if name == tag and attrs.get("scope") == scope]


# The table


def test_concern_stands_first_then_missed_targets_then_the_rest():
    """The order is that of a meeting, whatever the order of the measures in the table."""
    shown = Outline(board_table(made({"Better": 6.0, "As usual": 20.0, "Worse": 34.0})).still())
    assert shown.texts("th", "row")[:3] == ["Worse", "As usual", "Better"]
    groups = shown.texts("th", "rowgroup")
    assert groups == [f"{GROUPS[one]} (1 measure)" for one in ("concern", "common", "improvement")]
    missed = Outline(board_table(made({"Better": 6.0, "As usual": 20.0}, target=2)).still())
    assert missed.texts("th", "rowgroup")[0] == f"{GROUPS['fail']} (1 measure)"


def test_within_a_group_missed_targets_stand_first():
    lasts = {"Misses": 20.0, "Meets": 20.0, "Either": 20.0, "None": 20.0}
    shown = board_table(made(lasts, improvement=None)).still()
    assert Outline(shown).texts("th", "row")[:4] == list(lasts)
    judged = made(
        {"Meets": 34.0, "None": 34.0, "Either": 34.0, "Misses": 34.0}, target={"Meets": 90, "Either": 22, "Misses": -90}
    )
    assert Outline(board_table(judged).still()).texts("th", "row")[:4] == ["Misses", "Either", "None", "Meets"]


def test_a_row_has_its_value_unit_date_signs_target_and_sentence():
    table = board_table(made({"Worse": 34.0}, target=21), unit={"Worse": "hours"}).still()
    cells = Outline(table).texts("td")
    assert cells[0] == "34 hours1 June 2025"
    assert cells[4] == "21 hours"
    assert cells[5].startswith("The latest point is a cause for concern: it is above the upper limit of ")
    assert icons.icon("concern_up", size=30) in table
    assert icons.icon("hit_or_miss", size=30) in table


def test_a_measure_without_a_target_says_none():
    cells = Outline(board_table(made({"Worse": 34.0})).still()).texts("td")
    assert cells[4] == "none"


def test_headings_are_marked_for_screen_readers():
    shown = Outline(board_table(made()).still())
    assert shown.texts("th", "col")[:7] == [
        "Measure", "Latest", "Latest point", "Against target", "Of late", "Target", "What it says",
    ]  # fmt: skip
    assert shown.texts("caption") == [
        "4 measures, those that need talk first",
        "Set aside: 1 that could not be charted",
    ]
    region = next(attrs for tag, attrs in shown.tags if attrs.get("role") == "region")
    assert region["tabindex"] == "0"
    assert region["aria-label"] == "4 measures, those that need talk first"
    pictures = [attrs for tag, attrs in shown.tags if tag == "svg"]
    assert len(pictures) == 4 * 3 + 1
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in pictures)


def test_no_name_is_taken_for_markup():
    """Names come from files: they show as text in the row, in what is set aside and in the title."""
    table = board_table(made(), caption=f"All of {SLY}", source="<b>us</b>")
    shown = Outline(table.page(title=SLY))
    assert SLY in shown.texts("th", "row")
    assert "Lone <i>one</i>" in shown.texts("th", "row")
    assert not {"script", "i", "b"} & {tag for tag, _ in shown.tags}
    assert shown.texts("caption")[0] == f"All of {SLY}"


def test_what_was_set_aside_stands_below_with_why():
    shown = Outline(board_table(made()).still())
    assert shown.texts("td")[-1] == "A chart needs at least 2 points; 1 came. Add points."
    whole = board(
        pd.DataFrame({"name": "A", "month": MONTHS, "number": [*FLAT, 20.0]}),
        measure="name",
        date="month",
        value="number",
    )
    assert "Set aside" not in board_table(whole).still()


def test_a_board_with_nothing_to_chart_says_so():
    table = pd.DataFrame({"name": ["A"], "month": MONTHS[:1], "number": [1.0]})
    shown = board_table(board(table, measure="name", date="month", value="number")).still()
    assert "No measure could be charted." in shown
    assert "Set aside: 1 that could not be charted" in shown


def test_shares_are_written_as_per_cent_in_cells_and_sentences():
    """One of ten every month, then nine: the limit in the sentence is that of the chart, times 100."""
    table = pd.DataFrame({"name": "Breaches", "month": MONTHS, "late": [100] * 17 + [900], "all": 1000})
    shares = board(
        table,
        measure="name",
        date="month",
        numerator="late",
        denominator="all",
        improvement="down",
        target=0.05,
        chart="p",
    )
    cells = Outline(board_table(shares, percent=True).still()).texts("td")
    upper = 100 * shares.charts["Breaches"].upl
    assert cells[0].startswith("90%")
    assert cells[4] == "5%"
    assert f"it is above the upper limit of {upper:.2f}%." in cells[5]


def test_a_share_of_a_few_people_stays_hidden():
    table = pd.DataFrame({"name": "Falls", "month": MONTHS, "hurt": [40] * 17 + [3], "all": 100})
    few = board(table, measure="name", date="month", numerator="hurt", denominator="all")
    assert few.few == ("Falls",)
    cell = Outline(board_table(few, percent=True).still()).texts("td")[0]
    assert cell.startswith(few.shown()["latest"].iloc[0])
    assert "3%" not in cell


def test_the_page_needs_nothing_from_outside(tmp_path):
    table = board_table(made())
    place = table.save(tmp_path / "board.html", title="Our measures")
    page = place.read_text(encoding="utf-8")
    shown = Outline(page)
    assert shown.tags[0] == ("html", {"lang": "en-GB"})
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in shown.tags}
    assert not re.search(r"url\(|@import", page)
    assert page.count("<h1>Our measures</h1>") == 1
    assert "default-src 'none'" in page
    assert [tag for tag, _ in shown.tags].count("main") == 1


def test_a_page_that_can_not_be_saved_is_refused_by_name(tmp_path):
    assert "nowhere" in said(lambda: board_table(made()).save(tmp_path / "nowhere" / "board.html"))


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium here")
def test_it_prints_on_sheets_that_are_wider_than_high(tmp_path):
    """40 measures fill several sheets; each size is read from the PDF that Chromium made."""
    many = made({f"Measure {i}": 20.0 for i in range(40)})
    pdf = to_pdf(board_table(many).save(tmp_path / "board.html"), tmp_path / "board.pdf").read_bytes()
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(sheets) >= 3
    assert all(float(across) > float(down) for across, down in sheets)


def test_200_measures_are_drawn_in_under_2_seconds():
    """Processor time, measured at 0.6 seconds on a slow machine."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "name": np.repeat([f"Measure {i}" for i in range(200)], 36),
            "month": np.tile(pd.date_range("2023-01-01", periods=36, freq="MS"), 200),
            "number": rng.normal(30, 4, 7200),
        }
    )
    many = board(table, measure="name", date="month", value="number", improvement="down", target=25)
    began = time.process_time()
    markup = board_table(many).still()
    assert time.process_time() - began < 2
    assert len(Outline(markup).texts("th", "row")) == 200


def test_in_a_notebook_the_table_is_live_and_has_a_still_twin():
    table = board_table(made())
    assert table._repr_mimebundle_()[0]["text/html"] == table.still()
    assert repr(table) == "Board: 4 measures, those that need talk first"


def test_a_series_that_ended_stands_in_a_group_of_its_own_at_the_end():
    rows = [("Gone", when, value) for when, value in zip(MONTHS, [*FLAT, 34.0], strict=True)]
    later = [("Here", when + pd.DateOffset(years=1), 20.0 + value % 3) for _, when, value in rows]
    table = pd.DataFrame([*rows, *later], columns=["name", "month", "number"])
    both = board(table, measure="name", date="month", value="number", improvement="down")
    for percent in (False, True):
        shown = Outline(board_table(both, percent=percent).still())
        assert shown.texts("th", "rowgroup") == [f"{GROUPS[one]} (1 measure)" for one in ("common", "ended")]
        assert shown.texts("td")[-1].startswith("The series ended on 1 June 2025. The latest point is a cause for")


def test_the_gravest_caution_stands_under_the_sentence_and_the_others_open_from_it():
    """8 points, two months missing: the months come before the trial limits."""
    table = pd.DataFrame({"name": "Falls <b>", "month": MONTHS[[0, 1, 2, 3, 6, 7, 8, 9]], "number": FLAT[:8]})
    made_of = board(table, measure="name", date="month", value="number")
    markup = board_table(made_of).still()
    cell = Outline(markup).texts("td")[5]
    told = "! Caution: 2 points are missing (May 2024, June 2024): find them, or note why."
    assert told + f"and {len(made_of.charts['Falls <b>'].cautions) - 1} more" in cell
    assert cell.count("its limits are on trial until there are 12.") == 1
    assert markup.count("<details>") == 1
    assert "caution" not in Outline(board_table(made({"Worse": 34.0})).still()).texts("td")[5].lower()


# The small charts


def test_a_missing_month_is_a_gap_in_the_line_and_in_the_words():
    """Months 1 to 5, then 8 to 10, then 12: three pieces, a lone point a dot, and room for what is missing."""
    months = MONTHS[[0, 1, 2, 3, 4, 7, 8, 9, 11]]
    root = drawn(xmr(FLAT[:9], months), width=4 + 4 + 11 * 10)
    lines = [one for one in root.iter(f"{SVG}polyline") if one.get("stroke-width") == "1.2"]
    across = [[float(place.split(",")[0]) for place in one.get("points").split()] for one in lines]
    assert across == [[4, 14, 24, 34, 44], [74, 84, 94], [114, 114]]
    assert root.get("aria-label") == "The last 9 points, with 3 missing between them: none unusual."
    late = drawn(xmr(FLAT[:9], months), last=4)
    assert late.get("aria-label") == "The last 4 points, with 1 missing between them: none unusual."


def test_a_series_without_gaps_or_dates_is_one_line():
    for chart in (xmr(FLAT), xmr(FLAT, MONTHS[:17]), xmr(FLAT, pd.date_range("2026-01-05", periods=17, freq="B"))):
        lines = [one for one in drawn(chart).iter(f"{SVG}polyline") if one.get("stroke-width") == "1.2"]
        assert [len(one.get("points").split()) for one in lines] == [17]


def drawn(chart, **options):
    return ET.fromstring(sparkline(chart, **options))  # noqa: S314 - our own drawing


def test_a_sparkline_has_a_point_a_value_and_says_how_many():
    root = drawn(xmr([*FLAT, 34.0], improvement="down"))
    line = next(one for one in root.iter(f"{SVG}polyline") if one.get("stroke-width") == "1.2")
    assert len(line.get("points").split()) == 18
    assert root.get("aria-label") == "The last 18 points: 1 worse than chance explains."


def test_a_sparkline_keeps_to_its_last_points():
    root = drawn(xmr([*FLAT, 34.0], improvement="down"), last=5)
    line = next(one for one in root.iter(f"{SVG}polyline") if one.get("stroke-width") == "1.2")
    assert len(line.get("points").split()) == 5
    assert root.get("aria-label") == "The last 5 points: 1 worse than chance explains."


@pytest.mark.parametrize(
    ("last", "better", "verdict"),
    [(34.0, "down", "concern"), (34.0, "up", "improvement"), (34.0, None, "neutral"), (20.0, "up", "common")],
)
def test_the_latest_point_has_the_shape_of_its_verdict(last, better, verdict):
    """Shapes are compared without their colours."""
    marks = list(drawn(xmr([*FLAT, last], improvement=better)).iter(f"{SVG}g"))
    assert len(marks) == 1
    shapes = {
        one: ET.tostring(next(iter(drawn(xmr([*FLAT, y], improvement=way)).iter(f"{SVG}g")))[0])
        for one, y, way in (
            ("concern", 34.0, "down"), ("improvement", 34.0, "up"), ("neutral", 34.0, None), ("common", 20.0, "up"),
        )
    }  # fmt: skip
    assert len(set(shapes.values())) == 4
    assert ET.tostring(marks[0][0]) == shapes[verdict]
    assert marks[0].get("stroke") == theme.VERDICTS[verdict].outline


def test_all_of_a_sparkline_lies_inside_its_frame():
    """Every place of every line, for charts with steps, breaks, ghosts, targets and no variation at all."""
    charts = [
        xmr([*FLAT, 34.0], target=24, rebase=[8]),
        xmr([5.0] * 12),
        xmr([*FLAT, 900.0], ghost=[17], improvement="up"),
        p_chart([5, 9, 30, 2] * 5, [50, 90, 200, 20] * 5, target=0.1, improvement="down"),
    ]
    for chart, (width, height) in itertools.product(charts, [(170, 44), (320, 60), (620, 120)]):
        root = drawn(chart, width=width, height=height)
        lines = [one.get("points") for one in root.iter() if one.get("points")]
        places = [tuple(map(float, place.split(","))) for line in lines for place in line.split()]
        places += [tuple(map(float, one.get("transform")[10:-1].split())) for one in root.iter(f"{SVG}g")]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_a_line_without_variation_stands_half_way_up():
    root = drawn(xmr([5.0] * 12), height=44)
    line = next(one for one in root.iter(f"{SVG}polyline") if one.get("stroke-width") == "1.2")
    assert {place.split(",")[1] for place in line.get("points").split()} == {"22.0"}


def test_limits_that_differ_are_steps():
    """No edge of the band slopes: each stretch is level or upright."""
    root = drawn(p_chart([5, 9, 30, 2] * 5, [50, 90, 200, 20] * 5))
    band = [tuple(map(float, place.split(","))) for place in root.find(f"{SVG}polygon").get("points").split()]
    assert len({y for _, y in band}) > 4
    assert all(a == c or b == d for (a, b), (c, d) in itertools.pairwise(band))


def test_each_segment_has_its_own_band():
    assert len(list(drawn(xmr(FLAT + FLAT, rebase=[17])).iter(f"{SVG}polygon"))) == 2


def test_a_ghosted_point_is_hollow_and_off_the_line():
    root = drawn(xmr([*FLAT, 34.0], ghost=[17]))
    line = next(one for one in root.iter(f"{SVG}polyline") if one.get("stroke-width") == "1.2")
    assert len(line.get("points").split()) == 17
    assert list(root.iter(f"{SVG}g"))[-1].get("fill") == "#ffffff"
    assert root.get("aria-label").endswith("none unusual.")


def test_a_target_is_drawn_where_it_is_near_and_left_out_where_it_would_flatten_the_rest():
    def red(target):
        root = drawn(xmr([*FLAT, 20.0], target=target, improvement="down"))
        return [one for one in root.iter(f"{SVG}polyline") if one.get("stroke") == theme.RED]

    assert len(red(24)) == 1
    assert red(500) == red(None) == []


def test_a_sparkline_without_room_or_points_is_refused():
    assert said(lambda: sparkline(xmr(FLAT), width=10)) == "A sparkline needs more room than 10 by 44 pixels."
    assert said(lambda: sparkline(xmr(FLAT), last=1)) == (
        "The number of points of a sparkline must be a whole number, 2 or more; 1 came."
    )
