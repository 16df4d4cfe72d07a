"""
How is a team's page kept on disk, so that it is always whole and can be read by people?

The file is YAML in which all is text. It is written beside the old file and then put
in its place, so that a crash half way leaves the old one. Those who change a file
that others share hold it for that moment (`flowlib.change.turns`), so that two at once
lose nothing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import stat
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flowlib.change.turns import PATIENCE, Turn, file_place, held, patiently, place_of
from flowlib.core import checks, dates, plain_yaml
from flowlib.core.plain_yaml import MOST_TEXT, dumped

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MOST_TEXT", "PATIENCE", "dumped", "held", "now", "parsed", "place_of", "read", "words", "write"]


def parsed(text: str) -> object:
    """
    What a YAML text holds, with every value as text.

    >>> parsed("no: 09:00")
    {'no': '09:00'}
    """
    return plain_yaml.parsed(text, of="a team's page")


def words(name: str, text: object, *, where: str = "", empty: bool = False) -> str:
    """
    *text* with single blanks, if it is text and says something.

    >>> words("idea", "  Start   early ")
    'Start early'
    """
    place = f"{where}: " if where else ""
    came = checks.brief(text)
    checks.need(isinstance(text, str), f"{place}{name} must be text; {came} came. Put it into quotes or words.")
    tidy = " ".join(str(text).split())
    checks.need(tidy or empty, f"{place}{name} is empty. Say it in words.")
    checks.need(tidy.isprintable(), f"{place}{name} holds signs that cannot be printed; {came} came. Type it again.")
    return tidy


def read(path: str | Path) -> str:
    """The text of a file, or a sentence that says why it cannot be read."""
    place = place_of(path)
    checks.need(place.is_file(), f'There is no file "{place.name}" there. Check its name and folder.')
    try:
        return place.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise checks.Refusal(f'"{place.name}" is not text. Choose a file that flowlib saved.') from None


def write(path: str | Path, text: str | bytes, *, turn: Turn | None = None) -> None:
    """
    Write *text* to a file; a crash half way leaves the old file whole.

    With the *turn* that `held` gives, nothing is written once that turn is over.
    """
    mine = turn or Turn(file_place(path), secrets.token_hex(8))
    try:
        with mine.part.open("xb") as file:
            file.write(text if isinstance(text, bytes) else text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())  # on the disk before the old file goes
        _as_open_as(mine)
        if turn is not None:
            turn.need_ours()
        patiently(lambda: mine.part.replace(mine.place))
    except FileNotFoundError:  # somebody took the turn, and our half of a file with it
        mine.need_ours()
        raise
    finally:
        mine.part.unlink(missing_ok=True)


def now() -> dt.datetime:
    """The wall-clock time where the team is."""
    return dt.datetime.now(ZoneInfo(dates.LONDON)).replace(tzinfo=None, microsecond=0)


def _as_open_as(mine: Turn) -> None:
    """Give the new file the rights of the old one, so that a team that could write it still can."""
    with contextlib.suppress(FileNotFoundError):
        mine.part.chmod(stat.S_IMODE(mine.place.stat().st_mode))
