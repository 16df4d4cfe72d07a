"""
How often do people come back to a step where they have been, and how long does it cost?

A return is a visit to a step by somebody who was there before: at once (nothing between)
or after other steps. Its hours away run from leaving the step to coming back, and its
hours again from coming back to leaving. Between two returns to different steps these
hours overlap, so they are not to be added up over steps.

Not every return is rework: a weekly visit is meant to come again. Ask the team which are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.privacy import rounded_share, suppress
from flowlib.core.summaries import sorted_places
from flowlib.mapping.medians import MICROSECONDS
from flowlib.mapping.moves import people_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.mapping.moves import InOrder

__all__ = ["rework", "rework_shown"]

HOURS = ["hours_away", "hours_again", "hours_lost"]


def rework(visits: InOrder) -> pd.DataFrame:
    """
    Returns to each step: `step, people, people_back, share_back, times_back, at_once` and hours in all.

    `share_back` is of the people who were there at all; `at_once` counts the returns
    with no other step between. `hours_away`, `hours_again` and `hours_lost` (both) are
    of all returns together; people still there count so far.
    """
    steps = len(visits.names)
    before, again = _returns(visits)
    step = visits.step[again]
    away = (visits.came[again] - visits.until[before]).clip(min=0) / MICROSECONDS
    there = (visits.until[again] - visits.came[again]).clip(min=0) / MICROSECONDS
    back = np.unique(visits.who[again] * steps + step) % steps
    made = pd.DataFrame({"step": visits.names, "people": people_at(visits)})
    made["people_back"] = np.bincount(back, minlength=steps)
    made["share_back"] = made["people_back"] / made["people"]
    made["times_back"] = np.bincount(step, minlength=steps)
    made["at_once"] = np.bincount(step[again == before + 1], minlength=steps)
    made["hours_away"] = np.bincount(step, weights=away, minlength=steps)
    made["hours_again"] = np.bincount(step, weights=there, minlength=steps)
    made["hours_lost"] = made["hours_away"] + made["hours_again"]
    return made


def rework_shown(table: pd.DataFrame, *, synthetic: bool) -> pd.DataFrame:
    """The returns as they may be shown: hours and shares only where 8 people or more came back."""
    shares = [
        rounded_share(back, people, synthetic=synthetic)
        for back, people in zip(table["people_back"], table["people"], strict=True)
    ]
    made = table.assign(share_back=["" if np.isnan(share) else f"{100 * share:.0f}%" for share in shares])
    there = suppress(made[["step", "people"]], counts=["people"], synthetic=synthetic)
    back = made.drop(columns=["step", "people"])
    counts, describes = ["people_back", "times_back", "at_once"], ["share_back", *HOURS]
    return there.join(suppress(back, counts=counts, describes=describes, synthetic=synthetic))


def _returns(visits: InOrder) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of two visits of the same person to the same step with no other visit to it between."""
    key = visits.who * len(visits.names) + visits.step
    order = sorted_places(key)
    same = np.flatnonzero(np.diff(key[order]) == 0)
    return order[same], order[same + 1]
