"""
How does a log of millions of rows stay small and quick? Names are kept as numbers until somebody reads them.

A simulated log holds codes (the third step, the 12th person). The column of names is
made when it is first asked for, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Coded", "Columns"]

Names = Callable[[NDArray[Any]], NDArray[Any]]


class Coded:
    """A column of codes in one or more parts, each with what gives the names of its codes."""

    def __init__(self, *parts: tuple[NDArray[Any], Names]) -> None:
        """Take parts: codes, and a function from codes to names."""
        self.parts = parts

    @classmethod
    def of(cls, codes: NDArray[Any], names: Sequence[str]) -> Coded:
        """Codes that are places in a list of names; -1 is the last, which may be the empty one."""
        return cls((codes, np.asarray(names, dtype=object).take))

    def __len__(self) -> int:
        return sum(len(codes) for codes, _ in self.parts)

    def __add__(self, other: Coded) -> Coded:
        return Coded(*self.parts, *other.parts)

    def named(self) -> NDArray[Any]:
        """The names."""
        return np.concatenate([names(codes) for codes, names in self.parts])

    def equals(self, name: str) -> NDArray[np.bool_]:
        """Which rows have this name."""
        return np.concatenate([self._equal(codes, names, name) for codes, names in self.parts])

    @staticmethod
    def _equal(codes: NDArray[Any], names: Names, name: str) -> NDArray[np.bool_]:
        if not len(codes):
            return np.zeros(0, dtype=np.bool_)
        lowest = int(codes.min())
        known = np.arange(lowest, int(codes.max()) + 1)
        fits: NDArray[np.bool_] = np.asarray(names(known) == name, dtype=np.bool_)
        if fits.sum() == 1:
            return np.asarray(codes == known[fits][0])
        return fits.take(codes - lowest)


class Columns(Mapping[str, NDArray[Any]]):
    """The columns of a table by name; codes become names when they are read."""

    def __init__(self, columns: Mapping[str, NDArray[Any] | Coded]) -> None:
        """Take arrays, or codes, all of one length."""
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> NDArray[Any]:
        column = self._columns[name]
        if isinstance(column, Coded):
            column = self._columns[name] = column.named()
        return column

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def coded(self, name: str) -> Coded | None:
        """The codes of a column whose names nobody has read yet; else None."""
        column = self._columns[name]
        return column if isinstance(column, Coded) else None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self._columns.values())))

    def equals(self, name: str, value: str) -> NDArray[np.bool_]:
        """Which rows of column *name* hold *value*; quick for codes."""
        column = self._columns[name]
        return column.equals(value) if isinstance(column, Coded) else np.asarray(column == value)
