"""
In which column does each step of a map stand, and in which order within it?

A step stands after those that people come from. Lines that pass a column have a place of
their own in it (K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of
hierarchical system structures", 1981). Columns are ordered by their barycentre rule, so
that few lines cross.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from flowlib.show.map_parts import Box, Node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.show.map_parts import Pair

__all__ = ["PASS", "Link", "chain_of", "columns", "uncross"]

PASS = 15.0  # height that a line takes where it passes a column
TWO_WAYS = 2.0  # where a move is less than so many times its return, neither step comes first
MINOR = 0.1  # a move of a smaller share of both its steps moves no step to a later column
SWEEPS = 12

Link = tuple[Node, Node, float]  # from one column to the next, and how many people


def columns(order: Sequence[str], weights: Mapping[Pair, float]) -> dict[str, int]:
    """A column for each step, after those that people come from."""
    out, into = defaultdict[str, float](float), defaultdict[str, float](float)
    for (one, other), weight in weights.items():
        out[one] += weight
        into[other] += weight
    column = dict.fromkeys(order, 0)
    for i, one in enumerate(order):
        for other in order[i + 1 :]:
            weight = weights.get((one, other), 0.0)
            main = weight >= MINOR * out[one] or weight >= MINOR * into[other]
            if weight and main and weight >= TWO_WAYS * weights.get((other, one), 0.0):
                column[other] = max(column[other], column[one] + 1)
    for one in reversed(order):  # a step that nobody comes to stands just before where people go next
        onward = [column[other] for (first, other) in weights if first == one and column[other] > column[one]]
        if not into[one] and onward:
            column[one] = min(onward) - 1
    for before, one in itertools.pairwise(order):
        if not into[one] and not out[one]:
            column[one] = column[before]  # nothing says where, so with its neighbour
    used = {old: new for new, old in enumerate(sorted(set(column.values())))}
    return {step: used[at] for step, at in column.items()}


def chain_of(pair: Pair, nodes: Mapping[str, Node]) -> list[Node]:
    """The nodes of a line from left to right, with one where it passes a column."""
    left, right = sorted((nodes[pair[0]], nodes[pair[1]]), key=lambda node: node.column)
    between = [Node(column, Box(0.0, PASS), lane=left.lane) for column in range(left.column + 1, right.column)]
    return [left, *between, right]


def uncross(layers: list[list[Node]], links: list[Link]) -> None:
    """Order each column by the middle of its neighbours, to and fro; the best order found stays."""
    beside = defaultdict[int, list[tuple[Node, float]]](list)
    for one, other, weight in links:
        beside[id(one)].append((other, weight))
        beside[id(other)].append((one, weight))
    for layer in layers:
        layer.sort(key=lambda node: node.lane)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, links)
    for sweep in range(SWEEPS):
        ahead = sweep % 2 == 0
        for layer in layers if ahead else layers[::-1]:
            place = {id(node): i / max(len(level), 1) for level in layers for i, node in enumerate(level, start=1)}

            def middle(node: Node, *, ahead: bool = ahead, place: dict[int, float] = place) -> tuple[int, float]:
                near = [(o, w) for o, w in beside[id(node)] if (o.column < node.column) == ahead]
                total = sum(w for _, w in near)
                at = sum(w * place[id(o)] for o, w in near) / total if total else place[id(node)]
                return node.lane, at

            layer.sort(key=middle)
        crossed = _crossings(layers, links)
        if crossed < fewest:
            best, fewest = [list(layer) for layer in layers], crossed
    layers[:] = best


def _crossings(layers: list[list[Node]], links: list[Link]) -> float:
    """How often lines cross, each crossing weighed by the people on the smaller line."""
    place = {id(node): i for layer in layers for i, node in enumerate(layer)}
    total = 0.0
    for column in range(len(layers)):
        ends = np.array([(place[id(a)], place[id(b)], w) for a, b, w in links if a.column == column]).reshape(-1, 3)
        apart = (ends[:, 0, None] - ends[:, 0]) * (ends[:, 1, None] - ends[:, 1])
        total += float(np.minimum(ends[:, 2, None], ends[:, 2])[apart < 0].sum()) / 2
    return total
