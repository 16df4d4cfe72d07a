"""
Whose turn is it to write a file that several people share?

A lock file beside it says so. Only one program can make a file that is not there
(`open(..., "x")`), on a local disk and on a network drive alike (NFS from version 3,
and SMB). The lock names its computer, its program and a word of its own.

A crash can leave a lock. It counts as left over once it is older than `STALE` seconds
by the drive's own clock: its date is compared with that of a file made now on the
same drive, so that the clocks of two computers need not agree. On Linux it counts at
once where its program is gone from this computer. Each lock is taken away by one
program only, which first makes a file named after that lock. A program that slept
through all this finds its turn gone, and writes nothing.

What does not hold: a folder that a cloud service copies between computers has a lock
on each of them. Such services keep two files where two people saved at once; to load
one and save it over the other puts them together.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["PATIENCE", "STALE", "Turn", "file_place", "held", "patiently", "place_of"]

PATIENCE = 10.0  # seconds to wait for somebody else's save, which takes a small part of one
STALE = 30.0  # seconds after which a lock counts as left over
BETWEEN = 0.02  # seconds between two tries
LOOK = 0.5  # seconds between two looks at whether the lock is left over
BUSY = 2.0  # seconds in which Windows lets go of a file that somebody is reading
WINDOWS = os.name == "nt"
WORD = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class Turn:
    """The right to write one file, for the moment that its lock is there."""

    place: Path
    word: str  # 16 signs that no other turn has

    @property
    def lock(self) -> Path:
        """The file that says that it is taken."""
        return self.place.with_name(f".{self.place.name}.lock")

    @property
    def part(self) -> Path:
        """Where the new text stands until it is whole."""
        return self.place.with_name(f".{self.place.name}.{self.word}.part")

    def text(self) -> str:
        """What the lock says: computer, program, word."""
        return f"{_computer()}\n{os.getpid()}\n{self.word}\n"

    def need_ours(self) -> None:
        """Refuse where the lock has gone, which happens to a program that slept for long."""
        told = f'The save of "{self.place.name}" took so long that it lost its turn. Nothing was written; save again.'
        checks.need(_read(self.lock) == self.text(), told)


@contextlib.contextmanager
def held(path: str | Path, *, patience: float = PATIENCE) -> Iterator[Turn]:
    """
    Hold a file while it is read, changed and written; others wait for up to *patience* seconds.

    Refused where the folder is not there or cannot be written, and where the wait was too short.
    """
    turn = Turn(file_place(path), secrets.token_hex(8))
    start = time.monotonic()
    look = start
    while not _taken(turn):
        now = time.monotonic()
        if now >= look:
            look = now + LOOK
            _clear(turn)
        checks.need(now < start + patience, f'Somebody else is saving "{turn.place.name}". Try again in a minute.')
        time.sleep(BETWEEN)
    try:
        yield turn
    finally:
        _remove(turn.lock, turn.text())


def place_of(path: object) -> Path:
    """
    The place that a path names.

    >>> place_of("tests.yaml").name
    'tests.yaml'
    """
    told = f'A file is named by its path, such as "our tests.yaml"; {checks.brief(path)} came.'
    checks.need(isinstance(path, (str, os.PathLike)) and str(path), told)
    return Path(path)  # type: ignore[arg-type]


def file_place(path: str | Path) -> Path:
    """The file itself where *path* is a link to it, if there can be a file there."""
    place = place_of(path)
    place = place.resolve() if place.is_symlink() else place
    checks.need(place.parent.is_dir(), f'There is no folder "{place.parent.name}". Make it first, or choose another.')
    checks.need(not place.is_dir(), f'"{place.name}" is a folder. Give a file name in it, such as page.yaml.')
    return place


def patiently(action: Callable[[], object]) -> None:
    """Do what Windows refuses while somebody reads the file, as soon as it lets us."""
    last = time.monotonic() + BUSY
    while True:
        try:
            action()
        except PermissionError:
            if not WINDOWS or time.monotonic() > last:
                raise
            time.sleep(BETWEEN)
        else:
            return


def _taken(turn: Turn) -> bool:
    """Whether the lock is now ours."""
    try:
        made = turn.lock.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        return False
    except PermissionError:
        if WINDOWS:  # which says this while another program's lock is on its way out
            return False
        folder = turn.place.absolute().parent.name
        raise checks.Refusal(
            f'You cannot write in the folder "{folder}". Ask for the right to, or choose another.'
        ) from None
    try:
        with made:
            made.write(turn.text())
    except OSError:
        turn.lock.unlink(missing_ok=True)
        raise
    return _read(turn.lock) == turn.text()


def _clear(turn: Turn) -> None:
    """Take away a lock that a crash left, and the half of a file that stands beside it."""
    text = _read(turn.lock)
    if text is None or not (_gone(text) or _old(turn, turn.lock)):
        return
    guard = _guard(turn.lock, text)
    if _old(turn, guard):
        guard.unlink(missing_ok=True)
    _remove(turn.lock, text)
    word = text.splitlines()[-1] if text.strip() else ""
    if WORD.fullmatch(word):
        Turn(turn.place, word).part.unlink(missing_ok=True)


def _remove(lock: Path, text: str) -> None:
    """Take away the lock that says *text*, and no other: whoever makes the guard first may."""
    guard = _guard(lock, text)
    try:
        guard.open("x").close()
    except (FileExistsError, PermissionError):
        return
    try:
        if _read(lock) == text:
            patiently(lambda: lock.unlink(missing_ok=True))
    finally:
        patiently(lambda: guard.unlink(missing_ok=True))


def _guard(lock: Path, text: str) -> Path:
    return lock.with_name(f"{lock.name}.{hashlib.sha256(text.encode()).hexdigest()[:16]}")


def _read(file: Path) -> str | None:
    """What a file says, or None where it has gone."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, PermissionError):
        return None


def _old(turn: Turn, file: Path) -> bool:
    """Whether a file is older than a turn can be, or from a time to come, by the drive's own clock."""
    probe = turn.place.with_name(f".{turn.place.name}.now")  # one for all, so that a crash leaves one at most
    try:
        probe.touch()
        return abs(probe.stat().st_mtime - file.stat().st_mtime) > STALE
    except FileNotFoundError:
        return False
    finally:
        probe.unlink(missing_ok=True)


def _gone(text: str) -> bool:
    """Whether a lock's program was one of this computer and has ended; False where that cannot be told."""
    computer, program, *_ = [*text.splitlines(), "", ""]
    if computer != _computer() or ", boot " not in computer or not program.isdecimal():
        return False
    try:
        os.kill(int(program), 0)  # asks, and does nothing
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:  # it is somebody else's, and alive
        return False
    return False


def _computer() -> str:
    """The computer; on Linux also which start of it, and which set of programs it sees."""
    name = " ".join(platform.node().split())
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{name}, boot {boot}, {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return name
