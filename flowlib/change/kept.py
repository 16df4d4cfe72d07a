"""
How is a team's page kept on disk, so that it is always whole and can be read by people?

The file is YAML in which all is text. It is written beside the old file and then put
in its place, so that a crash half way leaves the old one. Those who change a file
that others share hold it for that moment, so that two at once lose nothing.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["dumped", "held", "parsed", "read", "words", "write"]

MOST_TEXT = 1_000_000  # characters; a team's page takes a few thousand
PATIENCE = 10.0  # seconds to wait for somebody else's save, which takes a small part of one
BETWEEN = 0.02  # seconds between two tries


class _Loader(yaml.BaseLoader):
    """YAML in which every value is text, and no name stands twice in one entry."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - yaml's
        """The mapping, if each of its names stands once."""
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(made) < len(node.value):
            raise yaml.MarkedYAMLError(problem_mark=node.start_mark)
        return made


def parsed(text: str) -> object:
    """
    What a YAML text holds, with every value as text.

    >>> parsed("no: 09:00")
    {'no': '09:00'}
    """
    checks.need(len(text) <= MOST_TEXT, "The text is far too long for a team's page. Choose another file.")
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - it makes text, lists and mappings, and nothing else
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" near line {mark.line + 1}" if mark is not None else ""
        raise checks.Refusal(
            f"The text is not YAML{line}. Check indents, colons and quotes there, and that no name stands twice."
        ) from None


def dumped(plain: object) -> str:
    """
    Plain lists and mappings as YAML, in the order given.

    >>> print(dumped({"aim": "Home sooner"}).strip())
    aim: Home sooner
    """
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110)


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
    place = Path(path)
    checks.need(place.is_file(), f'There is no file "{place.name}" there. Check its name and folder.')
    try:
        return place.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise checks.Refusal(f'"{place.name}" is not text. Choose a file that flowlib saved.') from None


def write(path: str | Path, text: str) -> None:
    """Write *text* to a file; a crash half way leaves the old file whole."""
    place = _place(path)
    part = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # on the disk before the old file goes
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def held(path: str | Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a file while it is read, changed and written; others wait their turn for up to *patience* seconds."""
    place = _place(path)
    lock = place.with_name(f".{place.name}.lock")
    last = time.monotonic() + patience
    while not _taken(lock):
        checks.need(
            time.monotonic() < last,
            f'Somebody else is saving "{place.name}". Try again in a minute; if nobody is, delete "{lock.name}".',
        )
        time.sleep(BETWEEN)
    try:
        yield
    finally:
        lock.unlink()


def _taken(lock: Path) -> bool:
    """Whether the lock is now ours: only one program can make a file that is not there."""
    try:
        lock.open("x").close()
    except FileExistsError:
        return False
    except PermissionError:  # Windows says this while another program's lock is on its way out
        if os.name != "nt":
            raise
        return False
    return True


def _place(path: str | Path) -> Path:
    place = Path(path)
    checks.need(place.parent.is_dir(), f'There is no folder "{place.parent.name}". Make it first, or choose another.')
    checks.need(not place.is_dir(), f'"{place.name}" is a folder. Give a file name in it, such as page.yaml.')
    return place
