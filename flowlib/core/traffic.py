"""
How many people an hour come to each step, once flows have settled?

The traffic equations (J. R. Jackson, Operations Research 5, 1957): what comes to a
step is what comes from outside plus shares of what leaves the other steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.pathway import Pathway

__all__ = ["visits_per_hour"]

ROUNDING = 1e-9  # shares that add up to 1 but for this leave nobody over


def visits_per_hour(pathway: Pathway, group: str) -> dict[str, float]:
    """
    People of *group* an hour who come to each step.

    Nobody is taken to give up or be turned away. Raises a `Refusal` where people go
    round for ever.
    """
    names = pathway.step_names
    outside = np.zeros(len(names))
    for stream in pathway.arrivals:
        if stream.group == group:
            outside[names.index(stream.step)] += stream.mean_per_hour
    moves = np.zeros((len(names), len(names)))
    for i, step in enumerate(names):
        for route in pathway.routes_from(step, group):
            moves[i, names.index(route.to_step)] += route.share
    reached = _spread(outside > 0, moves > 0)
    leaving = _spread(moves.sum(axis=1) < 1 - ROUNDING, moves.T > 0)
    stuck = np.flatnonzero(reached & ~leaving)
    checks.need(
        not stuck.size,
        f'In pathway "{pathway.name}" people go round for ever through {checks.listed(names[i] for i in stuck)}. '
        "Let some of them leave.",
    )
    found = np.zeros(len(names))
    within = moves[np.ix_(reached, reached)]
    found[reached] = np.linalg.solve(np.eye(len(within)) - within.T, outside[reached])
    return dict(zip(names, found.tolist(), strict=True))


def _spread(start: NDArray[np.bool_], moves: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where one can get to from *start* by any number of *moves*."""
    while True:
        further = start | moves[start].any(axis=0)
        if (further == start).all():
            return start
        start = further
