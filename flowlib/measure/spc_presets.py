"""
Which rules does this chart follow? Each published way of reading a chart, by name.

Tools differ in how many points make a shift, whether large jumps widen the limits, and
which points they mark. A preset is one tool's choice, frozen. `presets_table` shows them
side by side, and `deviations_table` says where flowlib differs from the tool, why, and how to
switch to the tool's way where there is one.

Sources: NHSRplotthedots 0.2.2, R/ptd_spc_standard.R, R/ptd_calculate_point_type.R and its
vignette "Deviations from Excel defaults"; qicharts2, R/helper.functions.R (`runs.analysis`,
`qic.i`); qcc 3.0, R/rules.R (its Western Electric rules).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from flowlib.core.checks import choice
from flowlib.measure.spc_rules import D2_PAIRS, LIMIT, RUN_LENGTH

__all__ = ["RULES", "Preset", "deviations_table", "preset_called", "presets_table"]


@dataclass(frozen=True)
class Preset:
    """One published way to read an individuals chart."""

    name: str
    screen: bool  # large moving ranges are left out of the limits, once
    limit: float  # mean moving ranges from the mean to a limit
    shift: int | Literal["by_chance"]  # points in a row on one side; by chance: more than log2(n) + 3
    trend: int | None  # points that rise or fall in a row; None: no such rule
    two_in_three: Literal["inside", "beyond_too"] | None  # whether a point beyond the limit counts
    four_in_five: bool  # 4 of 5 points beyond one sigma
    marks: Literal["whole_pattern", "last_point"]  # which points of a pattern are marked
    source: str


_PLOT_THE_DOTS = {
    "limit": LIMIT,
    "shift": RUN_LENGTH,
    "trend": RUN_LENGTH,
    "two_in_three": "inside",
    "four_in_five": False,
    "marks": "whole_pattern",
}

RULES: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("mdc", screen=False, source="NHSRplotthedots 0.2.2, screen_outliers = FALSE", **_PLOT_THE_DOTS),  # type: ignore[arg-type]
        Preset("nhsr", screen=True, source="NHSRplotthedots 0.2.2, as it comes", **_PLOT_THE_DOTS),  # type: ignore[arg-type]
        Preset(
            "mdc_excel",
            screen=False,
            source="NHSRplotthedots, vignette: unscreened is the same output as Excel",
            **_PLOT_THE_DOTS,  # type: ignore[arg-type]
        ),
        Preset(
            "qicharts2",
            screen=False,
            limit=3 / D2_PAIRS,
            shift="by_chance",
            trend=None,
            two_in_three=None,
            four_in_five=False,
            marks="whole_pattern",
            source="qicharts2, R/helper.functions.R: runs.analysis and qic.i",
        ),
        Preset(
            "western_electric",
            screen=False,
            limit=3 / D2_PAIRS,
            shift=8,
            trend=None,
            two_in_three="beyond_too",
            four_in_five=True,
            marks="last_point",
            source="qcc 3.0, R/rules.R: Western Electric rules 1 to 4",
        ),
    )
}

# preset, what, the tool, flowlib, why, and how to switch to the tool's way
_DEVIATIONS = [
    (
        "nhsr", "A series that never varies", "no limits", "limits equal to the mean", "None of its points is unusual.",
        "none: no point is marked either way",
    ),
    (
        "nhsr", "A trend followed by another trend", "the next trend may lend its direction",
        "each point keeps its own trend's direction", "A rise is a rise.",
        "none: the tool's way calls some rises falls",
    ),
    (
        "mdc_excel", "Sums and rules", "a workbook that we could not read", "the same as mdc",
        "Its R twin says that unscreened charts match it.", "none: nothing to switch to is known",
    ),
    (
        "qicharts2", "Too few crossings", "marks the whole chart", "not marked on an individuals chart",
        "No one point has it; see run_chart.", "`run_chart(values)` has this rule",
    ),
    (
        "qicharts2", "A long run", "marks the whole chart", "marks the points of the run",
        "You can see where to look.", "`run_chart(values).signal` is of the whole chart",
    ),
    (
        "qicharts2", "A point left out of the sums", "marked where it lies outside a limit", "a ghost is never marked",
        "It counts for nothing.", "`baseline=` sets limits without later points, and marks them",
    ),
    (
        "western_electric", "Improvement or concern", "not said", "by the side of the mean",
        "The rules are the same on both sides.", "`improvement=None` says neither",
    ),
]  # fmt: skip


def preset_called(name: object) -> Preset:
    """
    The preset of that name, or a refusal that lists them all.

    >>> preset_called("western_electric").shift
    8
    """
    return RULES[choice("preset", name, RULES)]


def presets_table() -> pd.DataFrame:
    """
    What each preset does, one a row.

    >>> presets_table().loc["nhsr", "screen"], presets_table().loc["qicharts2", "shift"]
    (True, 'by_chance')
    """
    return pd.DataFrame([asdict(preset) for preset in RULES.values()], dtype=object).set_index("name")


def deviations_table() -> pd.DataFrame:
    """
    Where flowlib differs from the tool that a preset is named after, why, and how to switch.

    >>> deviations_table().columns.tolist()
    ['preset', 'what', 'the_tool', 'flowlib', 'why', 'switch']
    """
    return pd.DataFrame(_DEVIATIONS, columns=["preset", "what", "the_tool", "flowlib", "why", "switch"])
