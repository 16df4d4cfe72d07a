"""
What was tried before, so that the third wrong try brings the answer, and a learner sees how far they are?

One file in the person's own data folder holds right and wrong tries by exercise, and
nothing else. It is put in place whole. Only wrong tries on the page that is open bring the
answer nearer, so whoever used this computer last week spoils it for nobody. Where the file
cannot be written, that is said once, and the tries are known until the notebook is closed.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

from platformdirs import user_data_path

__all__ = ["KEPT_IN", "NOT_KEPT", "kept_in", "note", "so_far"]

KEPT_IN = "FLOWLIB_PROGRESS"  # the variable that names another file, such as one of a class
NOT_KEPT = "Your progress cannot be kept on this computer; it is known until you close this page."


class Tries(list[bool]):
    """Right and wrong tries of one exercise, in order."""

    wrong_here = 0  # wrong ones on the page that is open


_tries: dict[str, Tries] = {}
_said: list[bool] = []


def kept_in() -> Path:
    """The file with the tries of this person."""
    named = os.environ.get(KEPT_IN, "")
    return Path(named) if named else user_data_path("flowlib", appauthor=False) / "progress.json"


def so_far() -> dict[str, Tries]:
    """The tries by exercise. A file that cannot be read is passed over, and made anew at the next try."""
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(kept_in().read_text(encoding="utf-8"))
        entries = kept.items() if isinstance(kept, dict) else ()
        for number, tries in entries:
            if _are_tries(tries):
                _tries.setdefault(number, Tries())[:] = tries
    return _tries


def note(number: str, *, right: bool) -> tuple[int, str]:
    """Remember a try: how many were wrong on this page by now, and a sentence if it cannot be kept, said once."""
    tries = so_far().setdefault(number, Tries())
    tries.append(right)
    tries.wrong_here += not right
    said = ""
    if not _saved() and not _said:
        _said.append(True)
        said = NOT_KEPT
    return tries.wrong_here, said


def _are_tries(kept: object) -> bool:
    return isinstance(kept, list) and all(isinstance(one, bool) for one in kept)


def _saved() -> bool:
    """Put the file in place whole."""
    place = kept_in()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=place.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(_tries, file)
            os.replace(part, place)  # noqa: PTH105 - atomic on every system
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError:
        return False
    return True
