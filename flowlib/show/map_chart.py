"""
How does the map of a journey look?

Boxes are steps, from left to right as people go; lines are moves, thicker where more
people go. Dashed lines go back. A disc stands where journeys begin, a square where they
end; a box says who is still there, so that the numbers add up. Whatever describes fewer
than 8 real people is not in the picture, and other counts of real people are to the
nearest 5. No sums are done here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import need
from flowlib.core.privacy import FEWEST, ROUND_TO, rounded, suppress
from flowlib.mapping.process_map import END, START, steps_told
from flowlib.show import theme
from flowlib.show.map_layout import lay_out
from flowlib.show.map_marks import A_MINUTE, PALE, PALER, Look, Sheet, Words, box, length
from flowlib.show.map_parts import BACK
from flowlib.show.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from flowlib.mapping.process_map import ProcessMap
    from flowlib.show.map_parts import MapLayout

__all__ = [
    "MOST_EDGES", "Drawing", "draw", "drawing", "how_many", "journey_map", "main_moves", "map_in_words", "moves_table",
    "not_drawn",
]  # fmt: skip

MOST_EDGES = 22  # more lines than this make a map that nobody can read
FEW_WAYS = 12  # few enough to look at
WIDTHS = (1.5, 3.0, 5.0, 8.0)  # of a line, by the share of the busiest that it carries
LONG, LONGISH = 0.75, 0.25  # of the longest middle wait, from which a box is shaded

Pair = tuple[str, str]


@dataclass(frozen=True)
class Drawing:
    """Where everything of a map stands, so that maps of fewer ways keep their places."""

    layout: MapLayout
    pairs: frozenset[Pair]  # the moves that have a place for a line, and those from a step to itself
    most_edges: int  # lines, apart from those that hold a step on the map
    most: int  # people on the busiest line
    longest: float  # middle wait at any step, hours


def journey_map(
    made: ProcessMap, *, most_edges: int = MOST_EDGES, on: Drawing | None = None, finding: str = ""
) -> Picture:
    """
    Steps from left to right, lines for the ways people go; thicker lines carry more people.

    *on* is the drawing of a larger map, whose places are kept; then the title says how
    many people are on this one, in one line, so that nothing moves. *finding* is a title
    of your own. Raises a `Refusal` where
    no step was reached by 8 people.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.process_map import process_map
    >>> journey_map(process_map(data.journey())).table.columns.tolist()
    ['from', 'to', 'people', 'middle hours']
    """
    alone = on is None
    on = on or drawing(made, most_edges=most_edges)
    finding = finding or (_finding(made) if alone else how_many(made))
    detail = " ".join([_legend(made, on), *(not_drawn(made, on) if alone else [])])
    chart = theme.titled(draw(made, on).chart(), finding, unit=detail)
    return Picture(chart, f"A map of the journey. {finding} {map_in_words(made)}", moves_table(made))


def draw(made: ProcessMap, on: Drawing, *, looks: Mapping[Pair, Look] | None = None) -> Sheet:
    """The boxes and lines of *made*, in the places of *on*; *looks* gives lines another colour."""
    sheet, synthetic = Sheet(on.layout), made.log.synthetic
    said, edges = _said(made), _drawn(made, on)
    waits = _waits(made)
    again = {row.from_step: row.people for row in edges.itertuples() if row.from_step == row.to_step}
    for step, words in said.items():
        known = replace(words, again=rounded(again[step], synthetic=synthetic)) if step in again else words
        share = waits.get(step, 0.0) / on.longest if on.longest else 0.0
        sheet.box(known, Look(fill=PALE if share >= LONG else PALER if share >= LONGISH else "white"))
    for row in edges.itertuples():
        if row.from_step != row.to_step:
            between = (length(row.median_hours),) if row.median_hours >= A_MINUTE else ()
            text = (rounded(row.people, synthetic=synthetic), *between)
            width = _width(row.people, on.most, synthetic=synthetic)
            look = (looks or {}).get((row.from_step, row.to_step))
            sheet.line((row.from_step, row.to_step), width=width, text=text, look=look, people=row.people)
    return sheet


def drawing(
    made: ProcessMap,
    *,
    most_edges: int = MOST_EDGES,
    also: Iterable[Pair] = (),
    lanes: Mapping[str, str] | None = None,
) -> Drawing:
    """Places for the steps of *made*, and lines for its main moves and for those in *also*."""
    said = _said(made)
    need(said, f"No step was reached by {FEWEST} people or more, so there is no map to show.")
    edges, wanted = _edges(made), set(also)
    pairs = wanted | main_moves(edges, most_edges)
    kept = edges[_among(edges, pairs)]
    moves = dict(zip(_pairs(kept), kept["people"].astype(float), strict=True))
    boxes = {step: box(words, again=(step, step) in moves) for step, words in said.items()}
    flow = dict(zip(_pairs(edges), edges["people"].astype(float), strict=True))
    layout = lay_out(list(said), moves, boxes, flow=flow, lanes=lanes)
    return Drawing(
        layout,
        frozenset(moves),
        most_edges,
        int(kept["people"].max()) if len(kept) else 1,
        max(_waits(made).values(), default=0.0),
    )


def how_many(made: ProcessMap) -> str:
    """How many people go the ways on this map."""
    on, everybody = made.log.people, made.log.people + made.left_out
    told = [rounded(number, synthetic=made.log.synthetic) for number in (on, everybody)]
    who, ways = f"{told[0]} of {told[1]}" if made.left_out else f"All {told[0]}", len(made.variants)
    if 0 < on < FEWEST:
        who = f"Fewer than {FEWEST} of {told[1]}" if everybody >= FEWEST else f"Fewer than {FEWEST}"
    return f"{who} people go {f'one of these {ways:,} ways' if ways > 1 else 'this way'}."


def not_drawn(made: ProcessMap, on: Drawing) -> list[str]:
    """What is in the table only, and why a box may have no line, in plain words."""
    lines, said = _drawn(made, on), []
    left = len(_edges(made)) - len(lines)
    if left:
        said.append(f"{left} rarer {'move is' if left == 1 else 'moves are'} in the table only.")
    steps = set(_said(made))
    if len(steps) > 1 and steps - set(lines["from_step"]) - set(lines["to_step"]):
        said.append(f"To or from a box without a line, each move is of fewer than {FEWEST} people.")
    return said


def map_in_words(made: ProcessMap) -> str:
    """
    The map as text: where journeys begin, then each step with where people go next, commonest first.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.process_map import process_map
    >>> map_in_words(process_map(data.journey())).partition(":")[0]
    'Ambulance'
    """
    synthetic, edges = made.log.synthetic, _edges(made)
    told = []
    for step, words in _said(made).items():
        onward = edges[edges["from_step"] == step]
        nexts = [f"{row.to_step} {rounded(row.people, synthetic=synthetic)}" for row in onward.itertuples()]
        if words.end:
            nexts.append(f"the end {words.end.split()[0]}")
        begin = f" {words.begin.split()[0]} begin here." if words.begin else ""
        after = f" Then {', '.join(nexts)}." if nexts else ""
        told.append(f"{step}: {', '.join(words.details)}.{begin}{after}")
    return " ".join(told)


def moves_table(made: ProcessMap) -> pd.DataFrame:
    """
    The moves of 8 people or more as a table: `from`, `to`, `people`, `middle hours`; with begins and ends.

    Hours run from the end of care at the one step to the first time known at the other.
    """
    ends = made.ends
    begins = [(START, row.step, row.first, np.nan) for row in ends.itertuples() if row.first >= FEWEST]
    lasts = [(row.step, END, row.last, np.nan) for row in ends.itertuples() if row.last >= FEWEST]
    moves = list(_edges(made)[["from_step", "to_step", "people", "median_hours"]].itertuples(index=False))
    table = pd.DataFrame([*begins, *moves, *lasts], columns=["from", "to", "people", "middle hours"])
    return suppress(table, counts=["people"], describes=["middle hours"], synthetic=made.log.synthetic)


def _said(made: ProcessMap) -> dict[str, Words]:
    """What stands in the box of each step that may be shown, in the order of the journey."""
    synthetic, ends = made.log.synthetic, made.ends.set_index("step")
    waits, still, found = _waits(made), _still_there(made), {}
    for row in made.steps.itertuples():
        if row.people >= FEWEST:
            first, last = (int(ends.loc[row.step, end]) for end in ("first", "last"))
            wait = [f"wait {length(waits[row.step])}"] if waits.get(row.step, 0.0) >= A_MINUTE else []
            there = still.get(str(row.step), 0)
            stay = [f"{rounded(there, synthetic=synthetic)} still there"] if there >= FEWEST else []
            found[str(row.step)] = Words(
                str(row.step),
                (f"{rounded(row.people, synthetic=synthetic)} people", *wait, *stay),
                f"{rounded(first, synthetic=synthetic)} begin" if first >= FEWEST else "",
                f"{rounded(last, synthetic=synthetic)} end" if last >= FEWEST else "",
            )
    return {step: found[step] for step in made.log.steps if step in found}


def _still_there(made: ProcessMap) -> dict[str, int]:
    """How many people's journeys had come to each step and no further when the log ended, and were not over."""
    variants, ends = made.variants, made.ends.set_index("step")["last"]
    came = Counter[str]()
    for way, count in zip(variants["variant"], variants["count"], strict=True):
        came[way[-1]] += int(count)
    return {step: people - int(ends[step]) for step, people in came.items()}


def _waits(made: ProcessMap) -> dict[str, float]:
    """The middle wait of each step that has one and may be shown, hours."""
    steps = steps_told(made)
    known = steps[(steps["people"] >= FEWEST) & steps["median_wait_hours"].notna()]
    return dict(zip(known["step"], known["median_wait_hours"], strict=True))


def _edges(made: ProcessMap) -> pd.DataFrame:
    """The moves that may be shown, with how many people made them, most first."""
    edges = made.edges.assign(people=made.edge_people)
    steps = set(made.steps.loc[made.steps["people"] >= FEWEST, "step"])
    kept = edges[(edges["people"] >= FEWEST) & edges["from_step"].isin(steps) & edges["to_step"].isin(steps)]
    return kept.sort_values("people", ascending=False, kind="stable", ignore_index=True)


def _drawn(made: ProcessMap, on: Drawing) -> pd.DataFrame:
    """The main moves, as far as they have a place."""
    edges = _edges(made)
    pairs = main_moves(edges, on.most_edges) & on.pairs
    return edges[_among(edges, pairs)]


def main_moves(edges: pd.DataFrame, most: int) -> set[Pair]:
    """The commonest moves, and for every step at least the commonest one in and out, so that none hangs loose."""
    others = edges[edges["from_step"] != edges["to_step"]]
    again = edges[edges["from_step"] == edges["to_step"]]
    chosen = [others.head(most), others.drop_duplicates("to_step"), others.drop_duplicates("from_step"), again]
    return set(_pairs(pd.concat(chosen)))


def _among(edges: pd.DataFrame, pairs: set[Pair]) -> NDArray[np.bool_]:
    """Whether each move is among *pairs*."""
    return np.asarray([pair in pairs for pair in _pairs(edges)], dtype=bool)  # a list of none would take no column


def _pairs(edges: pd.DataFrame) -> list[Pair]:
    return list(zip(edges["from_step"], edges["to_step"], strict=True))


def _width(people: float, most: float, *, synthetic: bool) -> float:
    """Of a line, by the share of the busiest as it may be shown."""
    known = people if synthetic else ROUND_TO * round(people / ROUND_TO)
    return WIDTHS[min(int(known / max(most, 1) * len(WIDTHS)), len(WIDTHS) - 1)]


def _finding(made: ProcessMap) -> str:
    """How many ways cover most people, and where the longest wait is."""
    if made.left_out:
        return how_many(made)
    waits = _waits(made)
    longest = max(waits, key=lambda step: waits[step], default="")
    said = [f"{_ways(made)}."]
    if longest and waits[longest] >= A_MINUTE:
        said.append(f"The longest middle wait is for {longest}: {length(waits[longest])}.")
    return " ".join(said)


def _ways(made: ProcessMap) -> str:
    total = len(made.variants)
    for share, words in ((0.8, "8 in 10"), (0.5, "Half")):
        needed = made.commonest(share)
        if needed <= FEW_WAYS:
            people = f"{words} of the people" if words == "Half" else f"{words} people"
            return f"{people} go one of {needed} ways" if needed > 1 else f"{people} go the same way"
    return f"People go {total:,} different ways"


def _legend(made: ProcessMap, on: Drawing) -> str:
    said = ["Thicker lines carry more people."]
    if any(route.kind == BACK for route in on.layout.routes.values()):
        said.append("Dashed lines go back.")
    if _waits(made):
        said.append("In a box: the middle wait, darker where it is longer.")
    return " ".join([*said, "On a line: people, and the middle time between."])
