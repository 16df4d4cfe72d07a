"""
Where is the team's own extract kept while they work through the notebooks?

In the private folder that `flowlib lab` makes at the start and deletes at the end; the
notebooks find it by the environment variable FLOWLIB_SESSION. Only the log is kept:
the columns that were mapped, with people re-keyed where they were NHS numbers. Where
there is no such folder, it is kept in this notebook's memory alone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from flowlib.core import data
from flowlib.core.eventlog import EventLog

if TYPE_CHECKING:
    from typing import Final

__all__ = ["current", "forget", "keep", "own"]

FILE: Final = "own.parquet"
_memory: dict[str, EventLog] = {}


def keep(log: EventLog) -> str:
    """Keep *log* as the team's own for this session; a sentence that says for how long."""
    place = _place()
    _memory["own"] = log
    if place is None:
        return "It is kept in this notebook only, until you close it."
    log.save(place)
    return "It is kept on this computer until you close flowlib. Each notebook can now use it."


def own() -> EventLog | None:
    """The team's own log of this session, if there is one."""
    place = _place()
    if place is None:
        return _memory.get("own")
    return EventLog.load(place) if place.is_file() else None


def current() -> EventLog:
    """The team's own log, or Wexmoor's journey where there is none."""
    return own() or data.journey()


def forget() -> str:
    """Delete the team's own log; a sentence that says so."""
    _memory.clear()
    place = _place()
    if place is not None:
        place.unlink(missing_ok=True)
    return "Your file is forgotten. The notebooks use Wexmoor again."


def _place() -> Path | None:
    folder = os.environ.get("FLOWLIB_SESSION", "")
    return Path(folder) / FILE if folder and Path(folder).is_dir() else None
