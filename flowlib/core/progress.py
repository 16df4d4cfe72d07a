"""
How far has the reading of a file come?

A bar from 0 to 100%, shown only for files that take more than a moment. Reading the
cells is the first part of the way; making a log of them is the rest.
"""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

__all__ = ["Progress", "Told"]

SLOW_BYTES = {".xlsx": 1024**2, ".xlsm": 1024**2, ".gz": 4 * 1024**2}  # above this, progress is shown
SLOW_TEXT = 20 * 1024**2
FIRST_PART = {".xlsx": 90.0, ".xlsm": 90.0}  # percent of the way that reading the cells takes; a text file is quick
FIRST_PART_TEXT = 30.0


class Progress:
    """A bar for one file, or nothing for a small one."""

    def __init__(self, path: Path) -> None:
        """Decide by the file's kind and size whether to show a bar."""
        kind = path.suffix.lower()
        self._first, self._bar = FIRST_PART.get(kind, FIRST_PART_TEXT), None
        if path.stat().st_size >= SLOW_BYTES.get(kind, SLOW_TEXT):
            from tqdm.auto import tqdm  # noqa: PLC0415 - only for a large file

            self._bar = tqdm(total=100, desc=f"Reading {path.name}", leave=False, bar_format="{desc} {bar} {n:.0f}%")

    def reading(self, share: float) -> None:
        """So much (0 to 1) of the file has been read."""
        self._to(self._first * share)

    def making(self, share: float) -> None:
        """So much (0 to 1) of the log has been made."""
        self._to(self._first + (100 - self._first) * share)

    def _to(self, percent: float) -> None:
        if self._bar is not None and percent > self._bar.n:
            self._bar.update(percent - self._bar.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


class Told(io.RawIOBase):
    """A file, unzipped where needed, that tells how far it has been read."""

    def __init__(self, place: Path, progress: Progress | None) -> None:
        """Open the file."""
        self._raw = place.open("rb")
        self._source = gzip.GzipFile(fileobj=self._raw) if place.suffix.lower() == ".gz" else self._raw
        self._size, self._progress = place.stat().st_size, progress

    def readable(self) -> bool:
        """Whether it can be read, which it can."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill *buffer*; how many bytes there were."""
        block = self._source.read(len(buffer))
        buffer[: len(block)] = block
        if self._progress is not None:
            self._progress.reading(self._raw.tell() / self._size)
        return len(block)

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()
        super().close()
