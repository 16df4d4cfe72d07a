"""
Where does each step of a map stand, and how do the lines run between them?

Steps stand in columns from left to right, as people go (`flowlib.show.map_order`).
Heights are least squares with the order kept (pool adjacent violators: M. Ayer and
others, 1955). Between columns lines are curves; past a column they are level, in a place
of their own, so that no line runs through a box. A long journey goes on in a second row,
like text. Everything is in pixels, from the top left.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from flowlib.show.map_order import chain_of, columns, uncross
from flowlib.show.map_parts import BACK, BESIDE, ONWARD, Box, MapLayout, Node, Pair, Place, Point, Route, Spot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from flowlib.show.map_order import Link

__all__ = ["LANE_NAME", "lay_out"]

GAP = 60.0  # between columns: room for a number and an arrow
APART = 16.0  # between boxes of a column
LANE_NAME = 132.0  # left of the boxes: room for the name of a lane
MARGIN = 10.0
MOST_COLUMNS = 5  # in a row, so that its words are not made small; the sixth begins another row
MOST_TURNS = 3  # lines from row to row; where there would be more, all stays in one row
TRACK = 15.0  # between lines that run beside each other from row to row
PORTS = 15.0  # between lines at the side of a box
LEVEL = 22.0  # a piece of line that rises less than so is level
LOOSE = 1e-6  # weight of a box that no line holds; the busiest line has 1
SAMPLES = 14  # points on a curve
SWEEPS = 36


def lay_out(
    steps: Sequence[str],
    moves: Mapping[Pair, float],
    boxes: Mapping[str, Box],
    *,
    flow: Mapping[Pair, float] | None = None,
    lanes: Mapping[str, str] | None = None,
    most_columns: int = MOST_COLUMNS,
    gap: float = GAP,
) -> MapLayout:
    """
    A place for each of *steps* and a line for each of *moves*, by how many people make them.

    *flow*, all moves, says which step comes after which; by default *moves* do.
    *lanes* gives each step its lane; lanes are rows in the order of their first step,
    and then a long journey stays in one row. *gap* is the room between columns.

    >>> made = lay_out(["a", "b"], {("a", "b"): 9}, {"a": Box(80, 40), "b": Box(80, 40)})
    >>> made.places["a"].x < made.places["b"].x, made.routes["a", "b"].kind
    (True, 'onward')
    """
    weights = {pair: float(weight) for pair, weight in moves.items() if pair[0] != pair[1]}
    order = list(steps)
    whole = {pair: weight for pair, weight in (flow or weights).items() if pair[0] != pair[1]}
    column = columns(order, whole)
    names = list(dict.fromkeys(lanes[step] for step in order)) if lanes else []
    nodes = {step: Node(column[step], boxes[step], step, names.index(lanes[step]) if lanes else 0) for step in order}
    chains = {pair: chain_of(pair, nodes) for pair in weights if column[pair[0]] != column[pair[1]]}
    layers: list[list[Node]] = [[] for _ in range(max(column.values()) + 1)]
    for node in [*nodes.values(), *(node for chain in chains.values() for node in chain[1:-1])]:
        layers[node.column].append(node)
    links = [(a, b, weights[pair]) for pair, chain in chains.items() for a, b in itertools.pairwise(chain)]
    uncross(layers, links)
    per_row = len(layers) if lanes else _per_row(len(layers), links, most_columns)
    return _Sized(layers, links, chains, nodes, list(weights), per_row, names, gap).layout()


def _per_row(many: int, links: list[Link], most: int) -> int:
    """How many columns a row has: all, unless a long journey can be cut where few lines are."""
    each = math.ceil(many / math.ceil(many / most))
    turns = [sum((a.column + 1) == cut for a, _, _ in links) for cut in range(each, many, each)]
    return each if max(turns, default=0) <= MOST_TURNS else many


class _Sized:
    """From columns in order to pixels."""

    def __init__(
        self,
        layers: list[list[Node]],
        links: list[Link],
        chains: dict[Pair, list[Node]],
        nodes: dict[str, Node],
        pairs: list[Pair],
        per_row: int,
        lanes: list[str],
        gap: float,
    ) -> None:
        self.layers, self.links, self.chains, self.nodes, self.pairs = layers, links, chains, nodes, pairs
        self.per_row, self.lane_names, self.gap = per_row, lanes, gap
        self.box_width = max(node.box.width for node in nodes.values())
        rows = math.ceil(len(layers) / per_row)
        turning = [sum(self._turns(a) for a, _, _ in links if a.column // per_row == row) for row in range(rows - 1)]
        self.turning = turning
        self.channel: list[float] = []  # height of the first line from each row to the next
        self.side = MARGIN + (max(turning, default=0) + 1) * TRACK * bool(turning)  # right of a row
        self.side += self.gap / 2 * (len(chains) < len(pairs))  # lines beside a column need room
        self.before = self.side + (LANE_NAME if lanes else 0.0)  # left of it

    def layout(self) -> MapLayout:
        """All of it."""
        lanes = self._lane_heights() if self.lane_names else {}
        height = max(bottom for _, bottom in lanes.values()) + MARGIN if lanes else self._row_heights()
        across = min(self.per_row, len(self.layers))
        width = self.before + self.side + across * self.box_width + (across - 1) * self.gap
        places = {step: Place(self._x(node), node.y, node.box) for step, node in self.nodes.items()}
        self.width = width
        return MapLayout(places, self._routes(), width, height, lanes)

    def _turns(self, node: Node) -> bool:
        """Whether a line onward from here goes on in the next row."""
        return (node.column + 1) % self.per_row == 0 and node.column + 1 < len(self.layers)

    def _x(self, node: Node) -> float:
        return self.before + self.box_width / 2 + (node.column % self.per_row) * (self.box_width + self.gap)

    def _row_heights(self) -> float:
        """Heights of all nodes; each row below the one before, with room for the lines that turn. Gives the bottom."""
        top = MARGIN
        for row in range(math.ceil(len(self.layers) / self.per_row)):
            layers = self.layers[row * self.per_row : (row + 1) * self.per_row]
            within = {id(node) for layer in layers for node in layer}
            self._level(layers, [link for link in self.links if id(link[0]) in within and id(link[1]) in within])
            move = top - min(node.y - node.up for layer in layers for node in layer)
            for layer in layers:
                for node in layer:
                    node.y += move
            bottom = max(node.y + node.down for layer in layers for node in layer)
            self.channel.append(bottom + TRACK)
            top = bottom + (self.turning[row] + 1.5) * TRACK if row < len(self.turning) else bottom
        return top + MARGIN

    @staticmethod
    def _level(layers: list[list[Node]], links: list[Link]) -> None:
        """Heights at which lines are as level as the order allows."""
        beside = defaultdict[int, list[tuple[Node, float]]](list)
        busiest = max((weight for _, _, weight in links), default=1.0)
        for one, other, weight in links:
            straight = 8.0 if not (one.step or other.step) else 1.0
            for node, far in ((one, other), (other, one)):
                beside[id(node)].append((far, straight * (weight / busiest) ** 3))
        pull = {id(node): sum(w for _, w in beside[id(node)]) for layer in layers for node in layer}
        for layer in layers:
            _stack(layer, [0.0] * len(layer), pull)
        for sweep in range(SWEEPS):
            for layer in layers if sweep % 2 == 0 else layers[::-1]:
                wanted = []
                for node in layer:
                    near, total = beside[id(node)], pull[id(node)]
                    wanted.append(sum(w * far.y for far, w in near) / total if total else math.nan)
                known = [y for y in wanted if not math.isnan(y)]
                middle = sum(known) / len(known) if known else 0.0
                _stack(layer, [middle if math.isnan(y) else y for y in wanted], pull)

    def _lane_heights(self) -> dict[str, tuple[float, float]]:
        """Heights of all nodes within their lanes, and where each lane begins and ends."""
        found, top = {}, MARGIN
        for number, name in enumerate(self.lane_names):
            stacks = [[node for node in layer if node.lane == number] for layer in self.layers]
            tall = max(_height(stack) for stack in stacks) + 2 * APART
            for stack in stacks:
                at = top + (tall - _height(stack)) / 2
                for node in stack:
                    node.y = at + node.up
                    at += node.up + node.down + APART
            found[name] = (top, top + tall)
            top += tall
        return found

    def _routes(self) -> dict[Pair, Route]:
        ports = self._ports()
        tracks = defaultdict[int, int](int)
        found = {}
        for pair in self.pairs:
            start, end = ports[pair]
            if pair not in self.chains:
                found[pair] = self._beside(pair, start, end)
                continue
            back = self.nodes[pair[0]].column > self.nodes[pair[1]].column
            left, right = (end, start) if back else (start, end)
            points, middles = self._along(self.chains[pair], left, right, tracks)
            found[pair] = Route(tuple(points[::-1] if back else points), BACK if back else ONWARD, tuple(middles))
        return found

    def _ports(self) -> dict[Pair, tuple[float, float]]:
        """The height at which each line leaves and enters its boxes: apart, in the order of where they go."""
        sides = defaultdict[tuple[str, bool], list[tuple[float, float, Pair, int]]](list)
        for pair in self.pairs:
            for end, step in enumerate(pair):
                mine, far = self.nodes[step], self.nodes[pair[1 - end]]
                chain = self.chains.get(pair)
                if chain is None:
                    at_right, target = self.nodes[pair[0]].y < self.nodes[pair[1]].y, far.y
                else:
                    at_right = mine.column < far.column
                    target = chain[1].y if at_right else chain[-2].y
                sides[step, at_right].append((target, far.y, pair, end))
        found: dict[Pair, list[float]] = {pair: [0.0, 0.0] for pair in self.pairs}
        for (step, _), lines in sides.items():
            node = self.nodes[step]
            apart = min(PORTS, (node.box.height - 12) / max(len(lines) - 1, 1))
            for i, (_, _, pair, end) in enumerate(sorted(lines)):
                found[pair][end] = node.y + (i - (len(lines) - 1) / 2) * apart
        return {pair: (one, other) for pair, (one, other) in found.items()}

    def _along(
        self, chain: list[Node], left: float, right: float, tracks: dict[int, int]
    ) -> tuple[list[Point], list[Spot]]:
        """From the right side of the first node to the left side of the last: curves, but level past a column."""
        half, points, middles = self.box_width / 2, list[Point](), list[Spot]()
        for place, (one, other) in enumerate(itertools.pairwise(chain)):
            begin = (self._x(one) + (one.box.width / 2 if one.step else half), left if place == 0 else one.y)
            last = place == len(chain) - 2
            end = (self._x(other) - (other.box.width / 2 if other.step else half), right if last else other.y)
            if self._turns(one):
                row = one.column // self.per_row
                piece = self._turn(begin, end, row, tracks[row])
                tracks[row] += 1
                middles.append(Spot(self.width / 2, piece[len(piece) // 2][1], level=True, long=True))
            else:
                piece = _curve(begin, end)
                middles.append(Spot((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2, abs(begin[1] - end[1]) < LEVEL))
            if not last:
                middles.insert(0, Spot(self._x(other), other.y, level=True, long=True))
            points += piece
        return points, middles

    def _turn(self, begin: Point, end: Point, row: int, track: int) -> list[Point]:
        """Round the end of a row, back below it, and into the next."""
        right = self.width - MARGIN - (track + 0.5) * TRACK
        left = MARGIN + (track + 0.5) * TRACK
        level = self.channel[row] + track * TRACK
        corners = [begin, (right, begin[1]), (right, level), (left, level), (left, end[1]), end]
        return _rounded(corners)

    def _beside(self, pair: Pair, start: float, end: float) -> Route:
        """Between two steps of one column: down at the right side, up at the left."""
        one, other = self.nodes[pair[0]], self.nodes[pair[1]]
        side = 1.0 if one.y < other.y else -1.0
        begins, ends = ((self._x(node) + side * node.box.width / 2) for node in (one, other))
        edge = self._x(one) + side * self.box_width / 2
        reach = edge + side * min(self.gap * 0.42, 14 + abs(end - start) / 12)
        t = np.linspace(0, 1, SAMPLES)
        pull = (reach - edge) * 4 / 3
        x = begins * (1 - t) + ends * t + pull * 3 * t * (1 - t)
        y = start + (end - start) * (3 * t**2 - 2 * t**3)
        return Route(
            tuple(zip(x.tolist(), y.tolist(), strict=True)), BESIDE, (Spot(reach, (start + end) / 2, level=False),)
        )


def _height(stack: list[Node]) -> float:
    return sum(node.up + node.down for node in stack) + APART * max(len(stack) - 1, 0)


def _stack(layer: list[Node], wanted: list[float], pull: Mapping[int, float]) -> None:
    """Put the nodes as near to where they are wanted as order and sizes allow; nearer where lines *pull* more."""
    below, at = [0.0], 0.0
    for one, other in itertools.pairwise(layer):
        at += one.down + other.up + (APART if one.step and other.step else APART / 2)
        below.append(at)
    free = np.asarray(wanted) - np.asarray(below)
    heights = _not_falling(free, [pull[id(node)] + LOOSE for node in layer])
    for node, y, offset in zip(layer, heights, below, strict=True):
        node.y = float(y) + offset


def _not_falling(values: NDArray[np.float64], weights: list[float]) -> list[float]:
    """The nearest numbers (least squares) that never fall: pool adjacent violators."""
    pools: list[list[float]] = []  # mean, weight, how many
    for value, weight in zip(values.tolist(), weights, strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, more, many = pools.pop()
            last = pools[-1]
            last[0] = (last[0] * last[1] + mean * more) / (last[1] + more)
            last[1] += more
            last[2] += many
    return [mean for mean, _, many in pools for _ in range(int(many))]


def _curve(begin: Point, end: Point) -> list[Point]:
    """An S that leaves and arrives level, and stays between its ends."""
    t = np.linspace(0, 1, SAMPLES)
    x = begin[0] + (end[0] - begin[0]) * (1.5 * t * (1 - t) + t**3)
    y = begin[1] + (end[1] - begin[1]) * (3 * t**2 - 2 * t**3)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _rounded(corners: list[Point], radius: float = 9.0) -> list[Point]:
    """A path of straight pieces with round corners."""
    points = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        into, onto = _towards(corner, before, radius), _towards(corner, after, radius)
        for t in (0.0, 0.25, 0.5, 0.75, 1.0):
            shares = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
            x, y = (sum(s * p[i] for s, p in zip(shares, (into, corner, onto), strict=True)) for i in (0, 1))
            points += [(x, y)]
    return [*points, corners[-1]]


def _towards(corner: Point, other: Point, radius: float) -> Point:
    far = math.dist(corner, other)
    share = min(radius / far, 0.5) if far else 0.0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share
