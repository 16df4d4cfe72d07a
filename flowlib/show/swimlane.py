"""
Who has the person, and how often are people handed from one team to another?

The map of the journey with a row for each team. Moves from team to team are drawn dark,
those within a team pale, and the title counts the hand-offs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.privacy import HIDDEN, rounded
from flowlib.show import theme
from flowlib.show.map_chart import MOST_EDGES, draw, drawing, map_in_words
from flowlib.show.map_layout import LANE_NAME
from flowlib.show.map_marks import Look, wrapped
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from flowlib.mapping.hand_offs import HandOffs
    from flowlib.mapping.process_map import ProcessMap
    from flowlib.show.map_parts import MapLayout

__all__ = ["swimlane"]

WITHIN, ACROSS = "#6c7d89", theme.INK  # lines within a team, and from team to team
LINE = 17.0  # from line to line of a team's name
BANDS = ("#f0f4f5", "#ffffff")
PLAIN = {
    "from_team": "from team", "to_team": "to team", "count": "hand-offs",
    "median_hours": "middle hours between", "hours": "hours between, in all",
}  # fmt: skip


def swimlane(made: ProcessMap, teams: Mapping[str, str], *, most_edges: int = MOST_EDGES) -> Picture:
    """
    The map with a row for each team: *teams* gives each step of the log its team.

    Raises a `Refusal` where a step has no team.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.process_map import process_map
    >>> made = process_map(data.journey())
    >>> teams = {step: "ward" if "ward" in step.lower() else "others" for step in made.log.steps}
    >>> swimlane(made, teams).table["from team"].tolist()
    ['others', 'ward']
    """
    found = made.hand_offs(teams)
    lanes = {step: team.strip() for step, team in teams.items()}
    on = drawing(made, most_edges=most_edges, lanes=lanes)
    across = {pair for pair in on.pairs if lanes[pair[0]] != lanes[pair[1]]}
    looks = {pair: Look(ACROSS if pair in across else WITHIN) for pair in on.pairs}
    sheet = draw(made, on, looks=looks)
    finding = _finding(found)
    unit = "Dark lines go from one team to another. Thicker lines carry more people. Dashed lines go back."
    chart = theme.titled(sheet.chart(*_bands(on.layout, sheet.scales())), finding, unit=unit)
    said = f"A map of the journey with a row for each team. {found.sentence()} {_in_words(lanes)} {map_in_words(made)}"
    return Picture(chart, said, found.table().rename(columns=PLAIN))


def _finding(found: HandOffs) -> str:
    """How many hand-offs, as far as may be shown."""
    number = rounded(float(found.moves["count"].sum()), synthetic=found.synthetic)
    said = "" if number in {HIDDEN, "0"} else f"{number} hand-offs from team to team. "
    return f"{said}{found.sentence().partition('. ')[0].rstrip('.')}."


def _in_words(lanes: Mapping[str, str]) -> str:
    by_team: dict[str, list[str]] = {}
    for step, team in lanes.items():
        by_team.setdefault(team, []).append(step)
    return " ".join(f"{team} has {', '.join(steps)}." for team, steps in by_team.items())


def _bands(layout: MapLayout, scales: tuple[Any, Any]) -> list[Any]:
    """A band for each team, with its name."""
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    x, y = scales
    rows, lines = [], []
    for place, (team, (top, bottom)) in enumerate(layout.lanes.items()):
        rows.append({"x": 0.0, "x2": layout.width, "y": top, "y2": bottom, "fill": BANDS[place % 2]})
        words = wrapped(team, LANE_NAME - 8)
        first = (top + bottom) / 2 - LINE * (len(words) - 1) / 2
        lines += [{"y": first + LINE * i, "x": 12.0, "team": line} for i, line in enumerate(words)]
    bands = alt.Chart(pd.DataFrame(rows)).mark_rect(stroke=theme.PALE)
    bands = bands.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", fill=alt.Fill("fill:N", scale=None))
    named = alt.Chart(pd.DataFrame(lines)).encode(x=x, y=y, text="team:N")
    names = named.mark_text(align="left", baseline="middle", fontWeight="bold", fontSize=15, color=theme.GREY)
    return [bands, names]
