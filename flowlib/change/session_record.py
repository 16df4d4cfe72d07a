"""
What has a room said so far in a session, and where is it kept?

In the private folder that `flowlib lab` and `flowlib app` make at the start and delete
at the end, so that a page that is loaded again goes on where it was. Where there is no
such folder, it is kept in this program's memory alone. Counts and commitments are kept,
and no names.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from flowlib.change import kept

if TYPE_CHECKING:
    from typing import Final

__all__ = ["SessionRecord"]

FILE: Final = "board_session.json"
FOLDER: Final = "FLOWLIB_SESSION"  # names the private folder, as for a team's own file in `core.session`
_memory: dict[str, object] = {}
_one_at_a_time = threading.Lock()  # JupyterLab handles the messages of each widget in a thread of its own


class SessionRecord:
    """
    Each part of a session under its name, as plain values; the last one put there counts.

    >>> record = SessionRecord()
    >>> record.put("vote", [7, 5])
    >>> record.get("vote"), record.get("poll")
    ([7, 5], None)
    >>> record.forget()
    """

    def get(self, part: str) -> object | None:
        """What is kept of *part*, or None."""
        return self._all().get(part)

    def put(self, part: str, value: object) -> None:
        """Keep *value*, made of lists, dictionaries, text and numbers, as *part*."""
        with _one_at_a_time:
            self._write({**self._all(), part: value})

    def forget(self) -> None:
        """Keep nothing any more."""
        with _one_at_a_time:
            self._write({})

    @property
    def empty(self) -> bool:
        """Whether nothing is kept."""
        return not self._all()

    def where(self) -> str:
        """Where it is kept, and until when; one sentence."""
        if self._place() is None:
            return "It stays in this notebook only, until you close it."
        return "It stays on this computer until you close flowlib, also if this page is loaded again."

    def _all(self) -> dict[str, object]:
        place = self._place()
        if place is None:
            return dict(_memory)
        with contextlib.suppress(OSError, ValueError):  # not there yet, or not ours to read
            found = json.loads(place.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
        return {}

    def _write(self, parts: dict[str, object]) -> None:
        place = self._place()
        if place is None:
            _memory.clear()
            _memory.update(parts)
        elif parts:
            with contextlib.suppress(OSError):  # a session goes on where nothing can be written
                kept.write(place, json.dumps(parts, ensure_ascii=False))
                place.chmod(0o600)
        else:
            place.unlink(missing_ok=True)

    def _place(self) -> Path | None:
        folder = os.environ.get(FOLDER, "")
        return Path(folder) / FILE if folder and Path(folder).is_dir() else None
