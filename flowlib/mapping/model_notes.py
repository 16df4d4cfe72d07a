"""
What does a first model take for granted, or leave out, in plain words?

Each sentence says what was seen in the log, so that a reader can judge whether it
matters. Times are hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks
from flowlib.core.capacity import Rota, Slots
from flowlib.core.pathway import EVERYONE
from flowlib.core.privacy import FEWEST

if TYPE_CHECKING:
    import pandas as pd

    from flowlib.mapping.visit_rows import VisitRows

__all__ = ["bursts", "kept_after_care", "left_out", "room_in_words"]

BETWEEN = 0.05  # hours a person; less is the walk from one door to the next


def room_in_words(room: int | Rota | Slots | None) -> str:
    """
    Places in words.

    >>> room_in_words(3), room_in_words(Slots([("Mon 10:00", 8)])), room_in_words(None)
    ('3 places', '8 starts a week', 'no limit')
    """
    if isinstance(room, Rota):
        return "a rota by hour of the day"
    if isinstance(room, Slots):
        return f"{checks.shown(room.a_week)} starts a week"
    if room is None:
        return "no limit"
    return f"{room:,} place{'' if room == 1 else 's'}"


def bursts(table: pd.DataFrame) -> list[str]:
    """The streams whose days differ by more than chance, of a *table* of arrivals."""
    told = []
    for _, row in table[table["bursts"] > 1].iterrows():
        whose = "" if row["group"] == EVERYONE else f" ({row['group']})"
        told.append(
            f"{row['step']}{whose}: arrivals differ from day to day by more than chance. "
            "The model lets people come one by one, so its days differ less."
        )
    return told


def kept_after_care(rows: VisitRows, step: str) -> list[str]:
    """How long people stay at *step* after care, where it is known and nothing in the model makes it."""
    mine = (rows.step == rows.names.index(step)) & (rows.at >= 0)
    kept = (rows.left - rows.finished)[mine]
    kept = kept[~np.isnan(kept)]
    if (kept > BETWEEN).sum() < FEWEST:
        return []
    mean = checks.shown(float(f"{kept.mean():.2g}"))
    return [f"{step}: people stay {mean} hours after care, on average. That is part of the time."]


def left_out(rows: VisitRows, *, limited: bool) -> list[str]:
    """What the log shows, or cannot show, that is not in the model; *limited* where a step has places."""
    told = []
    end = np.where(np.isnan(rows.left), rows.finished, rows.left)
    half_way = int(((rows.at <= rows.until / 2) & (end > rows.until / 2)).sum())
    if half_way >= FEWEST and not rows.here.any():
        told.append(
            "Nobody is still there when the log ends, but people were half way. "
            "If those who had not left are missing, times look too short."
        )
    same = np.flatnonzero(rows.who[1:] == rows.who[:-1])
    began = rows.at
    between = np.nansum(np.maximum(began[same + 1] - end[same], 0)) / len(np.unique(rows.who))
    if between > BETWEEN:
        hours = checks.shown(round(float(between), 2))
        told.append(f"The hours between steps are left out: {hours} for each person, on average.")
    if limited:
        told.append("Left out: rotas that differ by weekday.")
    return told
