"""Does each preset do what the tool that it is named after does?"""

import numpy as np
import pytest

from flowlib.core.checks import Refusal
from flowlib.measure.spc import deviations_table, presets_table, run_chart, xmr
from flowlib.measure.spc_presets import RULES
from flowlib.measure.spc_rules import PointLimits, completes

STEADY = [4, 6] * 20  # a mean of 5 and moving ranges of 2, whatever a few more points do


def signals(values, preset, **options):
    return xmr(values, preset=preset, **options).points["signal"].tolist()


def test_the_table_is_what_the_tools_sources_say():
    """Read off NHSRplotthedots 0.2.2, qicharts2 R/helper.functions.R and qcc R/rules.R."""
    table = presets_table()
    assert table.index.tolist() == ["mdc", "nhsr", "mdc_excel", "qicharts2", "western_electric"]
    assert table["screen"].tolist() == [False, True, False, False, False]
    assert table["shift"].tolist() == [7, 7, 7, "by_chance", 8]
    assert table["trend"].tolist() == [7, 7, 7, None, None]
    assert table["two_in_three"].tolist() == ["inside", "inside", "inside", None, "beyond_too"]
    assert table["four_in_five"].tolist() == [False, False, False, False, True]
    assert table["limit"].tolist() == pytest.approx([2.66, 2.66, 2.66, 3 / 1.128, 3 / 1.128])


def test_a_preset_cannot_be_changed_by_accident():
    with pytest.raises(AttributeError):
        RULES["mdc"].shift = 8


def test_every_deviation_belongs_to_a_preset_and_says_why():
    table = deviations_table()
    assert set(table["preset"]) <= set(RULES)
    assert (table != "").all(axis=None)


def test_every_deviation_has_its_switch_or_says_why_there_is_none():
    """Each switch that is named is run: the tool's way comes out."""
    switch = deviations_table().set_index(["preset", "what"])["switch"]
    assert [one.startswith(("none: ", "`")) for one in switch] == [True] * 7
    long_run = [1, 2, 3, 2] * 3 + [7, 8, 9, 8] * 3
    assert run_chart(long_run).crossings < run_chart(long_run).crossings_limit
    assert run_chart(long_run).signal
    assert signals([*STEADY, 60], "qicharts2", baseline=40)[-1] == "outside"
    assert signals([*STEADY, 60], "qicharts2", ghost=40)[-1] == ""
    assert xmr([*STEADY, 60], preset="western_electric", improvement=None).variation == "neutral"


@pytest.mark.parametrize("preset", list(RULES))
def test_every_preset_marks_a_point_far_outside(preset):
    assert signals([*STEADY, 60], preset)[-1] == "outside"


@pytest.mark.parametrize(
    ("preset", "needed"),
    # 40 points: log2(40) is 5.3, so qicharts2 needs more than 8
    [("mdc", 7), ("nhsr", 7), ("mdc_excel", 7), ("western_electric", 8), ("qicharts2", 9)],
)
def test_a_shift_needs_as_many_points_as_the_tool_says(preset, needed):
    """Limits are held by the first 40 points, so only the run on the end can be a shift."""
    for length, expected in ((needed - 1, ""), (needed, "shift")):
        values = [*[4, 6] * ((40 - length) // 2), *([4] if length % 2 else []), 4, *[5.5] * length]
        assert signals(values, preset, baseline=30)[-1] == expected


def test_western_electric_marks_from_the_point_that_completes_the_pattern():
    """As qcc does; the NHS tools mark the whole run."""
    values = [*STEADY, 4, *[5.5] * 9]
    assert signals(values, "western_electric", baseline=40)[-9:] == [""] * 7 + ["shift"] * 2
    assert signals(values, "mdc", baseline=40)[-9:] == ["shift"] * 9


def test_a_point_beyond_the_limit_counts_towards_two_in_three_only_where_the_tool_says_so():
    """Mean 5 and limits at 5 ± 5.32: 11 is beyond the limit, 9 beyond two thirds of the way."""
    values = [*STEADY, 4, 11, 9]
    assert signals(values, "western_electric", baseline=40)[-2:] == ["outside", "two_in_three"]
    assert signals(values, "mdc", baseline=40)[-2:] == ["outside", ""]


def test_the_third_point_of_two_in_three_may_be_anywhere_only_where_the_tool_says_so():
    """9, then 4 below the mean, then 9 again."""
    values = [*STEADY, 9, 4, 9]
    assert signals(values, "western_electric", baseline=40)[-3:] == ["", "", "two_in_three"]
    assert signals(values, "mdc", baseline=40)[-3:] == ["", "", ""]


def test_four_in_five_beyond_one_sigma_is_western_electric_alone():
    """One sigma is 1.77, so 7 lies beyond it and inside two sigma, 3.55."""
    values = [*STEADY, 7, 7, 4, 7, 7]
    assert signals(values, "western_electric", baseline=40)[-2:] == ["", "four_in_five"]
    assert all(signals(values, preset, baseline=40)[-1] == "" for preset in RULES if preset != "western_electric")
    assert "4 of the last 5 points are far above the mean" in xmr(values, preset="western_electric").sentence()


def test_only_the_nhs_presets_know_a_trend():
    values = [*STEADY, 3, 3.5, 4, 4.5, 5.2, 5.9, 6.4]
    found = {preset: "trend" in signals(values, preset, baseline=40) for preset in RULES}
    assert found == {"mdc": True, "nhsr": True, "mdc_excel": True, "qicharts2": False, "western_electric": False}


def test_points_on_the_line_neither_make_nor_break_a_run_of_qicharts2():
    """A run of nine with two points on the mean among them; the NHS tools see two short runs."""
    values = [*STEADY, 4, *[5.5] * 5, 5, 5, *[5.5] * 5]
    marked = np.array(signals(values, "qicharts2", baseline=40)[-12:])
    assert (marked == "shift").tolist() == [True] * 5 + [False] * 2 + [True] * 5
    assert "shift" not in signals(values, "mdc", baseline=40)


@pytest.mark.parametrize("window", [(2, 3), (4, 5), (8, 8)])
def test_a_completed_pattern_is_what_a_plain_reading_finds(window):
    """Each point and the ones before it, one by one."""
    needed, points = window
    zone = np.random.default_rng(points).integers(-1, 2, size=500)
    if points == 8:
        zone = np.repeat(zone, 6)
    plain = [
        bool(zone[at]) and at >= points - 1 and int((zone[at - points + 1 : at + 1] == zone[at]).sum()) >= needed
        for at in range(zone.size)
    ]
    assert completes(zone, needed, points).tolist() == plain
    assert any(plain)


def test_limits_of_one_sigma_for_all_are_those_of_a_plain_chart():
    """The lines that differ from point to point, and the lines that do not, are one thing where sizes are equal."""
    lines = PointLimits(5.0, np.full(4, 2.0), 0.0, floor=-np.inf)
    assert (lines.lower.tolist(), lines.upper.tolist()) == ([-1.0] * 4, [11.0] * 4)
    assert [line.tolist() for line in lines.at(2)] == [[1.0] * 4, [9.0] * 4]


def test_an_unknown_preset_is_refused_with_the_names_of_all():
    with pytest.raises(Refusal) as refused:
        xmr(STEADY, preset="qicharts")
    assert str(refused.value) == (
        'No preset called "qicharts"; there are "mdc", "nhsr", "mdc_excel", "qicharts2", "western_electric".'
        ' Did you mean "qicharts2"?'
    )
