"""
How does a driver diagram come from a table, a plain nested mapping or a YAML file?

The nested form is `{"aim": ..., "drivers": [{"name": ..., "secondary": [{"name": ...,
"ideas": [...]}]}]}`. An entry with nothing but a name may be that name alone, and any
entry may have a measure. Every refusal names the row of the table or the path.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.change import kept
from flowlib.change.aims.drivers import COLUMNS, DriverDiagram, Idea, Primary, Secondary, same
from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = [
    "diagram_from_plain", "diagram_from_table", "diagram_from_yaml", "diagram_to_plain", "diagram_to_yaml",
    "load_diagram", "save_diagram",
]  # fmt: skip

PARTS = ("aim", "drivers", "shared")
FIRST_ROW = 2  # of a sheet, below its headings


def diagram_from_plain(plain: object) -> DriverDiagram:
    """
    The diagram that a nested mapping describes.

    >>> diagram_from_plain({"aim": "Home sooner", "drivers": [{"name": "Transport", "secondary": ["Booking"]}]}).check()
    ('The secondary driver "Booking" has no idea. Say what you could try, or take it out.',)
    """
    whole = _mapping("The diagram", plain)
    for word in whole:
        checks.choice("part", word, PARTS, where="of a driver diagram")
    checks.need("aim" in whole, "The diagram has no aim. Begin it with one, such as aim: Home within a day.")
    drivers = tuple(_primary(f"drivers, {i}", one) for i, one in _entries("drivers", whole.get("drivers", ())))
    shared = tuple(
        kept.words("a name", one, where=f"shared, {i}") for i, one in _entries("shared", whole.get("shared", ()))
    )
    return DriverDiagram(kept.words("aim", whole["aim"]), drivers, shared)


def diagram_to_plain(diagram: DriverDiagram) -> dict[str, Any]:
    """
    The diagram as a nested mapping, from which it comes back the same.

    >>> diagram_to_plain(DriverDiagram("Home sooner", (Primary("Transport"),)))
    {'aim': 'Home sooner', 'drivers': ['Transport']}
    """
    drivers = [
        _entry(
            first,
            secondary=[_entry(second, ideas=[_entry(idea) for idea in second.ideas]) for second in first.secondary],
        )
        for first in diagram.primary
    ]
    plain = {"aim": diagram.aim, "drivers": drivers, "shared": list(diagram.shared)}
    return {name: value for name, value in plain.items() if value}


def diagram_from_yaml(text: str) -> DriverDiagram:
    """
    The diagram in a YAML text.

    >>> diagram_from_yaml("aim: Home sooner").aim
    'Home sooner'
    """
    return diagram_from_plain(kept.parsed(text))


def diagram_to_yaml(diagram: DriverDiagram) -> str:
    """
    The diagram as YAML, for people to read and change.

    >>> print(diagram_to_yaml(DriverDiagram("Home sooner")).strip())
    aim: Home sooner
    """
    return kept.dumped(diagram_to_plain(diagram))


def save_diagram(diagram: DriverDiagram, path: str | Path) -> None:
    """Write the diagram to a YAML file; a crash half way leaves the old file whole."""
    kept.write(path, diagram_to_yaml(diagram))


def load_diagram(path: str | Path) -> DriverDiagram:
    """A diagram from a YAML file."""
    return diagram_from_yaml(kept.read(path))


def diagram_from_table(table: pd.DataFrame, *, shared: Iterable[str] = ()) -> DriverDiagram:
    """
    The diagram that a table describes: columns aim, primary, secondary, idea and, if you wish, measure.

    A blank aim is that of the row above, and so is a blank primary driver beside a
    secondary one. Rows that name the same driver belong together.

    >>> rows = [("Home sooner", "Transport", "Booking", "Book the evening before")]
    >>> print(diagram_from_table(pd.DataFrame(rows, columns=["aim", "primary", "secondary", "idea"])).outline())
    Aim: Home sooner
      1. Transport
         1.1 Booking
             - Book the evening before
    """
    for name in COLUMNS[:-1]:
        checks.need(
            name in table.columns,
            f'The table has no column "{name}"; it needs "aim", "primary", "secondary" and "idea". Add it.',
        )
    tree = _Tree()
    columns = [table[name] if name in table.columns else pd.Series([""] * len(table)) for name in COLUMNS]
    for row, cells in enumerate(zip(*columns, strict=True), start=FIRST_ROW):
        texts = [_cell(row, name, cell) for name, cell in zip(COLUMNS, cells, strict=True)]
        if any(texts):
            tree.add(row, *texts)
    return tree.diagram(tuple(shared))


class _Tree:
    """Rows as they come together into one diagram."""

    def __init__(self) -> None:
        self.aim = ""
        self.names: dict[tuple[str, ...], str] = {}  # by the way to each part
        self.measures: dict[tuple[str, ...], str] = {}
        self.last_primary = ""

    def add(self, row: int, aim: str, primary: str, secondary: str, idea: str, measure: str) -> None:
        self.aim = self.aim or aim
        told = f'Row {row}: the aim is "{aim}", but above it is "{self.aim}". Use one table for each aim.'
        checks.need(not aim or same(aim) == same(self.aim), told)
        checks.need(
            secondary or not idea,
            f'Row {row}: the idea "{idea}" has no secondary driver, so it does not reach the aim. Name one.',
        )
        primary = primary or (self.last_primary if secondary else "")
        checks.need(
            primary or not secondary,
            f'Row {row}: the secondary driver "{secondary}" has no primary one, so it cannot reach the aim. Name it.',
        )
        checks.need(
            primary or not measure, f'Row {row}: the measure "{measure}" belongs to no driver or idea. Name one.'
        )
        self.last_primary = primary or self.last_primary
        self._keep(row, tuple(name for name in (primary, secondary, idea) if name), measure)

    def _keep(self, row: int, names: tuple[str, ...], measure: str) -> None:
        way = tuple(same(name) for name in names)
        for depth in range(1, len(way) + 1):
            self.names.setdefault(way[:depth], names[depth - 1])
        if not measure:
            return
        old = self.measures.setdefault(way, measure)
        told = f'Row {row}: the measure of "{names[-1]}" is "{measure}", but above it is "{old}". Keep one.'
        checks.need(old == measure, told)

    def diagram(self, shared: tuple[str, ...]) -> DriverDiagram:
        checks.need(self.aim, "The table has no aim. Write it into the first row, under aim.")
        primary = tuple(Primary(self.names[way], self._secondary(way), self._of(way)) for way in self._below(()))
        return DriverDiagram(self.aim, primary, shared)

    def _secondary(self, above: tuple[str, ...]) -> tuple[Secondary, ...]:
        return tuple(
            Secondary(self.names[way], tuple(Idea(self.names[x], self._of(x)) for x in self._below(way)), self._of(way))
            for way in self._below(above)
        )

    def _below(self, above: tuple[str, ...]) -> list[tuple[str, ...]]:
        return [way for way in self.names if way[:-1] == above]

    def _of(self, way: tuple[str, ...]) -> str:
        return self.measures.get(way, "")


def _cell(row: int, name: str, cell: object) -> str:
    if cell is None or cell is pd.NA or (isinstance(cell, float) and cell != cell):  # noqa: PLR0124 - not a number
        return ""
    return kept.words(name, cell, where=f"Row {row}", empty=True)


def _primary(path: str, entry: object) -> Primary:
    name, parts, here = _named(path, entry, "secondary")
    inside = _entries(f"{here}, secondary", parts.get("secondary", ()))
    return Primary(name, tuple(_secondary(f"{here}, secondary, {i}", one) for i, one in inside), _measure(here, parts))


def _secondary(path: str, entry: object) -> Secondary:
    name, parts, here = _named(path, entry, "ideas")
    inside = _entries(f"{here}, ideas", parts.get("ideas", ()))
    return Secondary(name, tuple(_idea(f"{here}, ideas, {i}", one) for i, one in inside), _measure(here, parts))


def _idea(path: str, entry: object) -> Idea:
    name, parts, here = _named(path, entry)
    return Idea(name, _measure(here, parts))


def _named(path: str, entry: object, *below: str) -> tuple[str, Mapping[str, Any], str]:
    """An entry's name, its parts, and its path with the name in it."""
    parts = {"name": entry} if isinstance(entry, str) else _mapping(path, entry)
    for word in parts:
        checks.choice("part", word, ("name", *below, "measure"), where=f"at {path}")
    checks.need("name" in parts, f"{path} has no name. Give it one.")
    name = kept.words("name", parts["name"], where=path)
    return name, parts, f'{path} ("{name}")'


def _measure(path: str, parts: Mapping[str, Any]) -> str:
    return kept.words("measure", parts.get("measure", ""), where=path, empty=True)


def _mapping(path: str, value: object) -> Mapping[str, Any]:
    told = f"{path} must have named parts, such as name: Transport; {checks.brief(value)} came."
    checks.need(isinstance(value, Mapping), told)
    return value  # type: ignore[return-value]


def _entries(path: str, value: object) -> Iterable[tuple[int, object]]:
    told = f"{path} must be a list; {checks.brief(value)} came. Begin each entry with a dash."
    if not isinstance(value, (list, tuple)):
        checks.need(value == "", told)  # a heading with nothing below it
        return ()
    return enumerate(value, start=1)


def _entry(part: Idea | Secondary | Primary, **below: list[Any]) -> object:
    """A part as its name alone where that says it all."""
    plain: dict[str, Any] = {"name": part.name}
    if part.measure:
        plain["measure"] = part.measure
    plain |= {name: parts for name, parts in below.items() if parts}
    return plain if len(plain) > 1 else part.name
