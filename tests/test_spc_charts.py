"""Does a control chart look as its numbers are, and can everyone read it?"""

import itertools
import json
import re

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.core.checks import Refusal
from flowlib.measure import spc
from flowlib.measure.spc import xmr
from flowlib.show import charts, spc_layout, spc_plot, theme
from flowlib.show.spc_charts import control_chart, run_chart, subgroup_charts

MONTHS = pd.date_range("2023-04-01", periods=36, freq="MS")
STEADY = np.array([30.0, 33.0, 27.0, 31.0, 28.0, 32.0] * 6)  # by no rule unusual
LATE = np.concatenate([STEADY[:35], [60.0]])
SIZES = [50, 100, 200, 400] * 6
SHARES = [10, 20, 40, 80] * 6
NOTES = {MONTHS[3]: "New triage desk", MONTHS[4]: "Winter plan", MONTHS[30]: "Weekend rota"}
STEPS = {MONTHS[0]: 40, MONTHS[9]: 35, MONTHS[18]: 30, MONTHS[27]: 24}


def picture(values=STEADY, dates=MONTHS, **options):
    """An XmR chart of these values, drawn."""
    return control_chart(spc.xmr(values, dates, **options), what="mean wait", unit="hours")


KNOWN = {}


def spec(drawn):
    """The picture in Vega-Lite's words, made once and not checked against the schema, as `svg` does."""
    if id(drawn) not in KNOWN:
        KNOWN[id(drawn)] = drawn, drawn.chart.to_dict(validate=False)
    return KNOWN[id(drawn)][1]


def layers(drawn):
    return spec(drawn)["layer"]


def rows(drawn, column):
    """Every row of the picture's tables that has *column*."""
    return [row for table in spec(drawn)["datasets"].values() for row in table if column in row]


def marks(drawn, kind):
    return [layer for layer in layers(drawn) if layer["mark"]["type"] == kind]


def key(drawn):
    """What the key above the chart names."""
    (dots,) = [layer for layer in marks(drawn, "point") if "fill" in layer["encoding"]]
    return dots["encoding"]["fill"]["scale"]["domain"]


def words(drawn):
    return [row["words"] for row in rows(drawn, "words")]


# Every kind of chart


EVERY_KIND = {
    "xmr": spc.xmr(LATE, MONTHS, improvement="down", target=28),
    "p": spc.p_chart(SHARES, SIZES, MONTHS[:24], improvement="down"),
    "p_prime": spc.p_prime_chart(SHARES, SIZES),
    "u": spc.u_chart(SHARES, SIZES),
    "u_prime": spc.u_prime_chart(SHARES, SIZES),
    "c": spc.c_chart([3, 5, 2, 6] * 4),
    "t": spc.t_chart([3.0, 9.0, 1.0, 14.0] * 4, improvement="up"),
    "g": spc.g_chart([3, 9, 1, 14] * 4),
    "means": spc.xbar_s_chart([[1, 3, 2], [2, 4, 1], [1, 5, 6]] * 5).means,
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_of_chart_is_drawn_with_its_centre_named_as_the_chart_names_it(kind):
    made = EVERY_KIND[kind]
    drawn = control_chart(made, what="falls")
    named = [one.rpartition(" ")[0] for one in words(drawn)]
    assert {"upper limit", "lower limit", made.centre} <= set(named)
    assert drawn.table.columns[2] == made.centre
    assert len(drawn.table) == len(made.points)


def test_a_chart_becomes_a_picture_that_stands_alone():
    """The picture for a page holds each point's mark; vl-convert draws it with nothing fetched."""
    markup = picture(LATE, improvement="down").svg()
    assert markup.count("<path") > 36
    assert 'role="img"' in markup
    assert "Worse than chance explains" in markup


def test_limits_that_differ_are_steps_and_say_why():
    """A p chart's limits follow each point's size, so that the line has corners, not slopes."""
    drawn = control_chart(EVERY_KIND["p"], what="share")
    steps = [layer["mark"].get("interpolate") for layer in marks(drawn, "line")]
    assert steps.count("step") == 3
    assert "They step because the points have different sizes" in " ".join(spec(drawn)["title"]["subtitle"])
    assert "They step" not in str(picture().chart.to_dict(validate=False)["title"])


def test_lines_break_where_they_were_drawn_afresh():
    drawn = picture(rebase=["2024-10-01"])
    broken = [layer["encoding"]["detail"]["field"] for layer in marks(drawn, "line") if "detail" in layer["encoding"]]
    assert broken == ["segment"] * 3
    assert {row["segment"] for row in rows(drawn, "segment")} == {0, 1}
    assert "Drawn afresh from 1 October 2024" in " ".join(spec(drawn)["title"]["subtitle"])


# What the points are


def test_the_key_names_only_what_occurs():
    usual, worse, better = (theme.VERDICTS[one].words for one in ("common", "concern", "improvement"))
    assert key(picture()) == [usual]
    assert key(picture(LATE, improvement="down")) == [usual, worse]
    assert key(picture(LATE, improvement="up")) == [usual, better]


def test_each_look_has_its_own_shape_and_an_outline_that_stands_out():
    """What the key shows are the theme's looks, whose contrast is tested with the theme."""
    (dots,) = [layer for layer in marks(picture(LATE, improvement="down"), "point") if "fill" in layer["encoding"]]
    channels = {name: dots["encoding"][name]["scale"]["range"] for name in ("fill", "stroke", "shape")}
    known = [theme.VERDICTS["common"], theme.VERDICTS["concern"]]
    assert channels["shape"] == [one.shape for one in known]
    assert channels["stroke"] == [one.outline for one in known]
    assert channels["fill"] == [one.colour for one in known]


def test_a_ghosted_point_is_hollow_and_off_the_line():
    drawn = picture(LATE, ghost=[MONTHS[35]])
    (dots,) = [layer for layer in marks(drawn, "point") if "fill" in layer["encoding"]]
    assert key(drawn)[-1] == "Ghosted: shown, but not counted"
    assert dots["encoding"]["fill"]["scale"]["range"][-1] == "#ffffff"
    assert dots["encoding"]["stroke"]["scale"]["range"][-1] == theme.GREY
    joined = marks(drawn, "line")[0]
    assert joined["transform"] == [{"filter": "!datum.ghost"}]
    assert drawn.table["what it shows"].iloc[-1] == "Ghosted: shown, but not counted"


def test_many_points_have_small_marks_and_unusual_ones_never_very_small():
    def sizes(count):
        values = np.tile([9.0, 8.0], count // 2)
        drawn = control_chart(spc.xmr(values, improvement="up"), what="beds")
        (dots,) = [layer for layer in marks(drawn, "point") if "fill" in layer["encoding"]]
        return dots["encoding"]["size"]["value"], dots["encoding"]["size"]["condition"]["value"]

    assert sizes(12) > sizes(60) > sizes(120)
    assert sizes(120)[1] >= 60


# Targets, notes and words at the lines


def test_a_target_that_changes_is_a_stepped_line_with_each_level_named_once():
    drawn = picture(target=STEPS, improvement="down")
    lines = [layer for layer in marks(drawn, "line") if layer["encoding"]["y"]["field"] == "target"]
    assert len(lines) == 1
    assert lines[0]["mark"]["interpolate"] == "step"
    assert sorted(set(words(drawn)) & {"target 40", "target 35", "target 30", "target 24"}) == sorted(
        {"target 40", "target 35", "target 30", "target 24"}
    )
    assert "The target is 40 hours from 1 April 2023, 35 hours from 1 January 2024" in drawn.description


def test_a_target_that_begins_late_is_not_drawn_before():
    drawn = picture(target={MONTHS[20]: 25}, improvement="down")
    lines = [layer for layer in marks(drawn, "line") if layer["encoding"]["y"]["field"] == "target"]
    name = lines[0]["data"]["name"]
    assert len(spec(drawn)["datasets"][name]) == 16


def test_a_chart_without_a_target_draws_and_tables_none():
    drawn = picture()
    assert not any("target" in one for one in words(drawn))
    assert "target" not in drawn.table


def test_notes_are_numbered_flags_whose_words_stand_below():
    drawn = picture(notes=NOTES)
    below = next(one for one in words(drawn) if "\n" in one)
    assert below.split("\n")[:3] == [
        "Note 1, 1 July 2023: New triage desk",
        "Note 2, 1 August 2023: Winter plan",
        "Note 3, 1 October 2025: Weekend rota",
    ]
    assert {"1", "2", "3"} <= set(words(drawn))
    assert "Note of 1 July 2023: New triage desk." in drawn.description


def test_flags_stand_above_every_point_and_none_on_another():
    """Flags are 18 pixels wide, so rows and columns 22 apart keep them clear of each other."""
    notes = {MONTHS[i]: "A change" for i in (3, 4, 5, 20, 34)}
    drawn = picture(LATE, notes=notes)
    flags = [row for row in rows(drawn, "words") if row["words"] in set("12345")]
    scale = marks(drawn, "line")[0]["encoding"]["y"]["scale"]["domain"]
    down = [(scale[1] - row["y"]) / (scale[1] - scale[0]) * spec(drawn)["height"] for row in flags]
    along = spc_layout.across(pd.Series(MONTHS), [pd.Timestamp(row["when"]) for row in flags], spec(drawn)["width"])
    for (x, y), (u, v) in itertools.combinations(zip(along, down, strict=True), 2):
        assert abs(x - u) >= 22 or abs(y - v) >= 22 - 1e-9
    assert min(row["y"] for row in flags) > LATE.max()


def test_cautions_stand_on_the_chart_and_in_its_description():
    made = spc.xmr([3, 5, 4, 6, 2, 7, 4])
    assert made.cautions
    drawn = control_chart(made, what="beds")
    below = next(one for one in words(drawn) if one.startswith("Caution"))
    for caution in made.cautions:
        assert caution in below.replace("\n", " ")
        assert caution in drawn.description


def test_a_change_is_marked_with_its_word():
    """As `before_after` draws it."""
    drawn = control_chart(spc.xmr(STEADY, MONTHS), what="wait", change="2024-10-01")
    assert {row["when"] for row in rows(drawn, "words") if row["words"] == "change"} == {"2024-10-01T00:00:00"}


def test_words_at_the_lines_never_lie_on_each_other():
    """A chart without variation has three lines in one place, and a target just above."""
    made = spc.xmr([5.0] * 14, target=5.01, improvement="up")
    drawn = control_chart(made, what="beds")
    scale = marks(drawn, "line")[0]["encoding"]["y"]["scale"]["domain"]
    ends = [row["y"] for row in rows(drawn, "colour")]
    down = sorted((scale[1] - y) / (scale[1] - scale[0]) * spec(drawn)["height"] for y in ends)
    assert len(down) == 4
    assert min(np.diff(down)) >= spc_plot.LABEL - 1e-9
    assert down[0] >= 0


# Words


def test_the_title_is_the_finding_and_changes_with_the_data():
    def title(values):
        return " ".join(picture(values, improvement="down").chart.to_dict(validate=False)["title"]["text"])

    assert title(STEADY) == "The latest point is usual variation: no rule marks it."
    assert title(LATE).startswith("The latest point is a cause for concern: it is above the upper limit of ")
    assert title(STEADY - 1e9 * (np.arange(36) == 35)).startswith("The latest point is a sign of improvement")


def test_the_description_states_the_finding_once_and_the_measure():
    said_of = picture(LATE, improvement="down").description
    assert said_of.count("cause for concern") == 1
    assert said_of.endswith("A control chart of mean wait.")
    own = control_chart(
        spc.xmr(STEADY, MONTHS), what="wait", finding="Waits are steady.", source="Home First"
    ).description
    assert own.startswith("Waits are steady. The latest point is usual variation")


def test_the_unit_stands_on_the_axis_once_and_the_source_below_the_title():
    made = spc.xmr(STEADY, MONTHS)

    def axis(**options):
        drawn = control_chart(made, **options)
        return " ".join(marks(drawn, "line")[0]["encoding"]["y"]["title"])

    assert axis(what="mean wait", unit="hours") == "mean wait, hours"
    assert axis(what="mean wait, hours", unit="hours") == "mean wait, hours"
    assert axis(what="hours waited", unit="hour") == "hours waited, hour"
    assert axis(what="mean wait") == "mean wait"
    subtitle = control_chart(made, what="wait", source="Wexmoor").chart.to_dict(validate=False)["title"]["subtitle"]
    assert " ".join(subtitle).endswith("usual variation. Source: Wexmoor")


def test_shares_can_be_written_as_per_cent():
    """24 shares of 1 in 5, the last of 400: 20% plus and minus 3 times the root of 0.2 x 0.8 / 400, so 14% to 26%."""
    drawn = control_chart(EVERY_KIND["p"], what="share", percent=True)
    assert {"mean 20", "upper limit 26", "lower limit 14"} <= set(words(drawn))
    assert marks(drawn, "line")[0]["encoding"]["y"]["title"] == ["share, %"]
    assert "usual points lie from 14 to 26%, around a mean of 20%." in drawn.description
    assert drawn.table["share"].tolist() == pytest.approx([20.0] * 24)


def test_no_type_is_smaller_than_13_pixels_and_the_picture_fits_a_page_650_wide():
    """At 620 pixels that is 12 or more. Widths are those the drawing library makes."""
    drawn = picture(LATE * 10_000, target=STEPS, notes=NOTES, improvement="down", ghost=[MONTHS[6]])
    sizes = [int(size) for size in re.findall(r'"fontSize": ?(\d+)', json.dumps(spec(drawn)))]
    assert min(sizes) >= 13
    width = float(re.search(r'width="(\d+)"', drawn.svg())[1])
    assert min(sizes) * min(620 / width, 1) >= 12


# Run charts and subgroups


def test_a_run_chart_marks_its_longest_run_and_what_lies_on_the_median():
    """Of 3 3 1 2 1 2 2 3 the median is 2: one run of two above it, then points on it, crossing as they come."""
    made = spc.run_chart([3, 3, 1, 2, 1, 2, 2, 3])
    drawn = run_chart(made, what="beds")
    looks = drawn.table["where it lies"]
    longest = f"Longest run: {made.longest_run} points, usual (up to {made.longest_run_limit})"
    assert made.longest_run == 2
    assert list(looks == longest) == [False, False, True, False, True, False, False, False]
    assert list(looks == "On the median: not counted") == [False, False, False, True, False, True, True, False]
    (dots,) = marks(drawn, "point")
    assert (
        dict(zip(key(drawn), dots["encoding"]["fill"]["scale"]["range"], strict=True))["On the median: not counted"]
        == "#ffffff"
    )


def test_an_unusual_run_is_named_unusual_and_coloured():
    made = spc.run_chart([1.0] * 12 + [2.0] * 12)
    drawn = run_chart(made, what="beds", unit="beds")
    assert made.longest_run == 12
    assert any("12 points, unusual" in one for one in key(drawn))
    assert spec(drawn)["title"]["text"] == ["The points vary in a way that chance alone seldom gives."]
    assert theme.PURPLE in str(marks(drawn, "point"))


def test_a_run_chart_whose_points_all_lie_on_the_median_is_drawn():
    drawn = run_chart(spc.run_chart([4.0] * 6), what="beds")
    assert key(drawn) == ["On the median: not counted"]
    assert "<svg" in drawn.svg()


def test_subgroups_give_two_charts_and_one_table():
    drawn = subgroup_charts(
        spc.xbar_s_chart([[1, 3, 2], [2, 4, 1], [1, 5, 6]] * 5), what="wait", unit="minutes", source="Ward 4"
    )
    assert len(spec(drawn)["vconcat"]) == 2
    assert drawn.table["chart"].value_counts().to_dict() == {"mean": 15, "spread": 15}
    assert "The means: " in drawn.description
    assert "The spreads: " in drawn.description
    assert "<svg" in drawn.svg()


# The layout


def test_a_long_name_of_a_measure_stands_in_two_lines_and_the_key_moves_up():
    """Each line more of the axis title takes 17 pixels; the key stays as far above it."""
    long = "hours that people waited, from the decision that they were ready until they left for home, all wards"
    short, tall = (control_chart(spc.xmr(STEADY, MONTHS), what=what) for what in ("hours", long))
    offsets = [layer["encoding"]["fill"]["legend"]["offset"] for one in (short, tall) for layer in marks(one, "point")]
    assert len(marks(tall, "line")[0]["encoding"]["y"]["title"]) == 2
    assert offsets[1] - offsets[0] == spc_plot.TITLE_ROW


@pytest.mark.parametrize("seed", range(20))
def test_places_moved_apart_keep_their_order_their_distance_and_the_page(seed):
    rng = np.random.default_rng(seed)
    places = rng.uniform(-50, 350, rng.integers(1, 8)).tolist()
    found = spc_layout.apart(places, 17, top=0, bottom=300)
    order = np.argsort(places, kind="stable")
    assert np.all(np.diff(np.array(found)[order]) >= 17 - 1e-9)
    assert min(found) >= 0
    assert max(found) <= 300


def test_places_that_are_apart_stay():
    assert spc_layout.apart([10, 40, 90], 17, top=0, bottom=100) == [10, 40, 90]


@pytest.mark.parametrize(
    ("days", "form", "ticks"),
    [
        (2, "%-d %b, %H:%M", 6),
        (90, "%-d %b", 6),
        (365, "%b %Y", {"interval": "month", "step": 2}),
        (1100, "%b %Y", {"interval": "month", "step": 6}),
        (3650, "%b %Y", {"interval": "year", "step": 2}),
    ],
)
def test_dates_below_a_chart_suit_its_length(days, form, ticks):
    when = pd.Series(pd.date_range("2024-03-01", periods=2, freq=f"{days}D"))
    assert spc_layout.date_format(when) == form
    assert spc_layout.date_ticks(when) == ticks


def test_dates_without_a_year_have_it_below():
    when = pd.Series(pd.date_range("2024-12-01", periods=2, freq="60D"))
    assert spc_layout.years(when) == "2024 to 2025"
    assert spc_layout.years(when[:1]) == "2024"


def test_the_charts_stay_where_notebooks_look_for_them():
    assert charts.control_chart is control_chart
    assert charts.run_chart is run_chart
    assert callable(charts.before_after)


def test_a_chart_without_a_name_for_its_finding_is_refused():
    """A title of blanks is no title."""
    assert said(lambda: control_chart(spc.xmr(STEADY), what="wait", finding="  ")) == (
        "A chart needs a title that says what it shows, such as: Waits fell in May."
    )


def test_a_change_off_the_chart_or_that_is_no_date_is_refused():
    dates = pd.date_range("2025-01-01", periods=12, freq="MS")
    chart = xmr(range(12), dates)
    for change in ("12 May", "soon", 5, "1999-01-01"):
        with pytest.raises(Refusal, match=r"^The change needs a date on the chart, such as 2025-07-01; "):
            control_chart(chart, what="wait", change=change)


def test_the_words_for_a_screen_reader_name_the_change():
    dates = pd.date_range("2025-01-01", periods=12, freq="MS")
    picture = control_chart(xmr([3, 5] * 6, dates), what="wait", finding="It fell", change="2025-06-01")
    assert picture.description.startswith("It fell. ")
    assert "The change is marked at 1 June 2025." in picture.description


def test_a_measure_called_as_another_column_keeps_its_values():
    table = control_chart(xmr([3, 5] * 6, target=4, improvement="up"), what="target").table
    assert table["target (value)"].tolist() == [3, 5] * 6
    assert set(table["target"]) == {4}


@pytest.mark.parametrize("options", [{"what": None}, {"what": "wait", "unit": None}])
def test_names_that_are_no_text_are_refused(options):
    with pytest.raises(Refusal, match=r"must be text; None came\. Put it into quotes\.$"):
        control_chart(xmr([3, 5] * 6), **options)
