"""
Where is the team's own extract kept while they work through the notebooks?

In the private folder that `flowlib lab` makes at the start and deletes at the end; the
notebooks find it by the environment variable FLOWLIB_SESSION. Only the log is kept:
the columns that were mapped, with people under random keys. Where
there is no such folder, it is kept in this notebook's memory alone; where there is
one, in the folder alone, so that it goes with it.
"""

from __future__ import annotations

import os
import secrets
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
    if place is None:
        _memory["own"] = log
        return "It is kept in this notebook only, until you close it."
    part = place.with_name(f"{FILE}.{secrets.token_hex(4)}.part")
    try:
        log.save(part)
        part.chmod(0o600)
        part.replace(place)  # another notebook reads the old log or the new one, never half of one
    finally:
        part.unlink(missing_ok=True)
    _memory.clear()
    return "It is kept on this computer until you close flowlib. Each notebook can now use it."


def own() -> EventLog | None:
    """The team's own log of this session, if there is one."""
    place = _place()
    if place is None:
        return _memory.get("own")
    return EventLog.load(place) if place.is_file() else None


def current() -> EventLog:
    """The team's own log, or Wexmoor's journey where there is none."""
    log = own()
    return data.journey() if log is None else log


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
