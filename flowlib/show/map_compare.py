"""
Where does what the team thinks differ from what the data say?

The typed map above, the counted map below, every step in the same place. What only the
team has is drawn with dashes, what only the data have is drawn bold, and words say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from flowlib.core.checks import need
from flowlib.core.privacy import FEWEST, HIDDEN, rounded
from flowlib.mapping.compare_maps import BOTH, DIFFERS, ONLY_COUNTED, ONLY_TYPED
from flowlib.show import theme
from flowlib.show.map_chart import MOST_EDGES, main_moves
from flowlib.show.map_layout import lay_out
from flowlib.show.map_marks import PALE, Look, Sheet, Words, box, length
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    import pandas as pd

    from flowlib.mapping.compare_maps import MapComparison
    from flowlib.show.map_parts import MapLayout

__all__ = ["maps_compared"]

OURS, DATA = "What we think happens", "What the data say"
BOLD, USUAL, THIN = 4.0, 2.0, 1.5  # of outlines and lines
PERCENT = 100
WIDE = 74.0  # between columns: room for words on a line
ROW = 3  # details in a box, for equal boxes on both maps


def maps_compared(made: MapComparison, *, most_edges: int = MOST_EDGES) -> Picture:
    """
    Both maps on one layout, with the differences marked in shape and in words.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.compare_maps import compare_maps
    >>> from flowlib.mapping.process_map import process_map
    >>> from flowlib.mapping.typed_map import TypedMap, TypedMove, TypedStep
    >>> typed = TypedMap([TypedStep("Ambulance"), TypedStep("Ward")], [TypedMove("Ambulance", "Ward")])
    >>> picture = maps_compared(compare_maps(typed, process_map(data.journey())))
    >>> "only counted" in set(picture.table["finding"])
    True
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    steps = made.steps[(made.steps["people"] >= FEWEST) | (made.steps["finding"] != ONLY_COUNTED)]
    need(len(steps), "Neither map has a step that may be shown.")
    moves = _moves(made, set(steps["step"]), most_edges)
    weights = {(row.from_step, row.to_step): max(float(row.count), 1.0) for row in moves.itertuples()}
    boxes = {step: box(Words(step, ("",) * ROW)) for step in steps["step"]}
    layout = lay_out(list(steps["step"]), weights, boxes, gap=WIDE)
    both = [_sheet(made, steps, moves, layout, typed=typed).chart() for typed in (True, False)]
    named = [
        one.properties(title=alt.TitleParams(text=words, anchor="start", fontSize=15, fontWeight="bold", offset=4))
        for one, words in zip(both, (OURS, DATA), strict=True)
    ]
    unit = "Dashed: only on our map. Bold: only in the data. Shaded: waits differ. On a line: share who go that way."
    said = made.sentence()
    finding = ". ".join(said.split(". ")[:2]).rstrip(".") + "."
    chart = theme.titled(alt.vconcat(*named, spacing=26), finding, unit=unit)
    return Picture(chart, f"Two maps of the journey, the team's and the counted one. {said}", made.table)


def _moves(made: MapComparison, steps: set[str], most: int) -> pd.DataFrame:
    """What the team typed, and the main moves of the counted map."""
    moves = made.moves[made.moves["from_step"].isin(steps) & made.moves["to_step"].isin(steps)]
    moves = moves[moves["from_step"] != moves["to_step"]]
    counted = moves[moves["people"] >= FEWEST].sort_values("people", ascending=False, kind="stable")
    main = main_moves(counted, most)
    typed = moves["finding"] != ONLY_COUNTED
    kept = [t or (row.from_step, row.to_step) in main for t, row in zip(typed, moves.itertuples(), strict=True)]
    return moves[np.asarray(kept, dtype=bool)]  # a list of none would take no column


def _sheet(made: MapComparison, steps: pd.DataFrame, moves: pd.DataFrame, layout: MapLayout, *, typed: bool) -> Sheet:
    """One of the two maps."""
    sheet, other = Sheet(layout), ONLY_COUNTED if typed else ONLY_TYPED
    waits = {row.step: row for row in made.waits.itertuples()}
    for row in steps[steps["finding"] != other].itertuples():
        wait, differs = _wait(waits.get(row.step), typed=typed)
        people = [] if typed else [_people(row.people, synthetic=made.synthetic)]
        mark = {ONLY_TYPED: ["only on our map"], ONLY_COUNTED: ["only in the data"]}.get(row.finding, [])
        look = Look(fill=PALE if differs else "white", dashed=row.finding == ONLY_TYPED, width=_outline(row.finding))
        sheet.box(Words(row.step, (*people, *wait, *mark)), look)
    for row in moves[moves["finding"] != other].itertuples():
        few = 0 < row.people < FEWEST
        if not typed and few:
            continue  # a line of so few people could show one of them
        share = row.typed_share if typed else row.counted_share
        said = () if np.isnan(share) else (f"{PERCENT * share:.0f}%",)
        words = (*said, *(("differs",) if row.finding == DIFFERS and not few else ()), *_only(row.finding))
        look = Look(theme.GREY, dashed=row.finding == ONLY_TYPED)
        width = BOLD if row.finding == ONLY_COUNTED else THIN
        sheet.line((row.from_step, row.to_step), width=width, text=words, look=look, people=row.count)
    return sheet


def _only(finding: str) -> tuple[str, ...]:
    return ("only us",) if finding == ONLY_TYPED else ("only data",) if finding == ONLY_COUNTED else ()


def _outline(finding: str) -> float:
    return BOLD if finding == ONLY_COUNTED else USUAL


def _people(people: float, *, synthetic: bool) -> str:
    shown = rounded(people, synthetic=synthetic)
    return f"under {FEWEST} people" if shown == HIDDEN else f"{shown} people"


def _wait(row: Any, *, typed: bool) -> tuple[list[str], bool]:  # noqa: ANN401 - a row of the waits, or nothing
    """The wait at a step as this map has it, and whether it differs by more than chance."""
    if row is None or row.finding not in {DIFFERS, BOTH, "may be the same"}:
        return ([f"wait {length(row.typed_hours)}"] if row is not None and typed else []), False
    hours = row.typed_hours if typed else row.median_hours
    differs = row.finding == DIFFERS
    return [f"wait {length(hours)}", *(["wait differs"] if differs else [])], differs
