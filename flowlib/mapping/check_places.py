"""
Do people wait while a place is free, or are more in place than there are places?

Neither can be in a run of a model, but for the last of a shift, who stay until they are
through. So a log in which either is common has other places than the model: a rota
taken as constant, or places that only some may have. Shares are of the time in which
people wait, and of the time of the log, from 0 to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.capacity import Rota
from flowlib.mapping.places_seen import levels
from flowlib.mapping.visit_rows import WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.pathway import Step
    from flowlib.mapping.visit_rows import VisitRows

__all__ = ["BEYOND", "FREE", "TOLERATED", "against_places", "places_by_hour"]

FREE, BEYOND = "waiting while a place is free", "more in place than places"
TOLERATED = {FREE: 0.15, BEYOND: 0.02}  # shares that slips of the clock, and the time to fill a place, may make


def places_by_hour(step: Step) -> tuple[int, ...] | None:
    """The places of *step* by hour of the week, 168 numbers; None where it has no number of places."""
    if isinstance(step.capacity, int):
        return (step.capacity,) * WEEK
    if isinstance(step.capacity, Rota):
        return step.capacity.by_hour * (WEEK // len(step.capacity.by_hour))
    return None


def against_places(rows: VisitRows, places: tuple[int, ...], waiting_until: NDArray[np.float64]) -> tuple[float, float]:
    """
    The two shares, of the visits to one step in *rows*; *places* are 168 numbers. 0 where nobody waits.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, simulate
    >>> from flowlib.mapping.visit_rows import visit_rows
    >>> clinic = Pathway("Clinic", [Step("nurse", 3, Exponential(1))], [Arrivals("nurse", per_hour=2.5)])
    >>> rows = visit_rows(simulate(clinic, days=30, seed=1))
    >>> until = np.where(np.isnan(rows.started), rows.until, rows.started)
    >>> [round(share, 2) for share in against_places(rows, (3,) * 168, until)]
    [0.0, 0.0]
    >>> against_places(rows, (4,) * 168, until)[0] > 0.4
    True
    """
    left = np.where(np.isnan(rows.left), np.where(rows.here, rows.until, rows.finished), rows.left)
    begun, queued = ~np.isnan(rows.started), ~np.isnan(rows.arrived) & ~np.isnan(waiting_until)
    pairs = [(rows.started[begun], np.fmax(left, rows.started)[begun]), (rows.arrived[queued], waiting_until[queued])]
    moments, (held, queue) = levels(pairs, rows)
    lasting = np.diff(np.append(moments, rows.until))
    room = np.asarray(places)[rows.week_hour(moments + lasting / 2).astype(np.int64) % WEEK]
    waits = lasting * (queue > 0)
    free = float(waits[held < room].sum() / waits.sum()) if waits.sum() > 0 else 0.0
    return free, float(lasting[held > room].sum() / rows.until)
