"""
What can we change that will result in an improvement? A driver diagram.

The aim stands on a few primary drivers, each on secondary drivers, and these on ideas
that a team can test (G. Langley and others, "The Improvement Guide", 2nd edition,
2009). Names are compared without regard to capitals and blanks. A name in two places
is a slip, unless it is named as shared on purpose.
"""

from __future__ import annotations

import graphlib
import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from flowlib.change import kept
from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flowlib.change.pdsa import Record

__all__ = ["COLUMNS", "DriverDiagram", "Idea", "Primary", "Secondary", "same"]

COLUMNS = ("aim", "primary", "secondary", "idea", "measure")
_Part = TypeVar("_Part", bound="Idea | Secondary | Primary")


@dataclass(frozen=True)
class Idea:
    """A change that a team can test."""

    name: str
    measure: str = ""  # what would show that it worked

    def __post_init__(self) -> None:
        _tidy(self, "idea")


@dataclass(frozen=True)
class Secondary:
    """What a primary driver depends on."""

    name: str
    ideas: tuple[Idea, ...] = ()
    measure: str = ""

    def __post_init__(self) -> None:
        _tidy(self, "secondary driver")


@dataclass(frozen=True)
class Primary:
    """One of the few things that the aim depends on."""

    name: str
    secondary: tuple[Secondary, ...] = ()
    measure: str = ""

    def __post_init__(self) -> None:
        _tidy(self, "primary driver")


@dataclass(frozen=True)
class DriverDiagram:
    """
    An aim with what it depends on, and the ideas that a team can test.

    >>> early = Secondary("Plans start on day one", (Idea("Ask on arrival who is at home"),))
    >>> print(DriverDiagram("Home within a day", (Primary("Early planning", (early,)),)).outline())
    Aim: Home within a day
      1. Early planning
         1.1 Plans start on day one
             - Ask on arrival who is at home
    """

    aim: str
    primary: tuple[Primary, ...] = ()
    shared: tuple[str, ...] = ()  # names that stand in several places on purpose

    def __post_init__(self) -> None:
        object.__setattr__(self, "aim", kept.words("The aim", self.aim))
        object.__setattr__(self, "primary", _parts("The primary drivers of the aim", self.primary, Primary))
        shared: object = self.shared
        told = f'shared must be several names, such as ("Transport",); {checks.brief(shared)} came.'
        if not isinstance(shared, Iterable) or isinstance(shared, str):
            raise checks.Refusal(told)
        object.__setattr__(self, "shared", tuple(kept.words("A shared name", name) for name in shared))
        _no_circle(self)

    def check(self) -> tuple[str, ...]:
        """
        What the diagram lacks, a plain sentence each; none where every driver leads to an idea.

        >>> DriverDiagram("Home within a day", (Primary("Transport"),)).check()
        ('The primary driver "Transport" has no secondary one. Say what it depends on, or take it out.',)
        """
        if not self.primary:
            return ("The aim has no primary driver. Say what it depends on most.",)
        return (*self._bare(), *self._twice(), *self._unlike(), *self._needless())

    def ideas(self) -> tuple[Idea, ...]:
        """Every idea once, in the order of the diagram."""
        found: dict[str, Idea] = {}
        for _, _, idea in self._leaves():
            if idea:
                found.setdefault(same(idea.name), idea)
        return tuple(found.values())

    def tested(self, *records: Record) -> dict[str, int]:
        """
        How many tests each idea has had, by records in which `change` is the idea's name.

        >>> diagram = DriverDiagram("Aim", (Primary("A", (Secondary("B", (Idea("C"),)),)),))
        >>> diagram.tested()
        {'C': 0}
        """
        heard = Counter(same(cycle.change) for record in records for cycle in record.cycles)
        return {idea.name: heard[same(idea.name)] for idea in self.ideas()}

    def tests_of_nothing(self, *records: Record) -> tuple[str, ...]:
        """Changes that were tested and are no idea of this diagram, in the order of the tests."""
        known = {same(idea.name) for idea in self.ideas()}
        changes = dict.fromkeys(cycle.change for record in records for cycle in record.cycles)
        return tuple(change for change in changes if same(change) not in known)

    def outline(self) -> str:
        """The diagram as indented text."""
        lines = [f"Aim: {self.aim}"]
        for i, first in enumerate(self.primary, start=1):
            lines.append(f"  {i}. {_with_measure(first)}")
            for j, second in enumerate(first.secondary, start=1):
                lines.append(f"     {i}.{j} {_with_measure(second)}")
                lines += [f"         - {_with_measure(idea)}" for idea in second.ideas]
        return "\n".join(lines)

    def table(self) -> pd.DataFrame:
        """One row an idea or a driver with a measure or nothing below it; a measure is of its row's last name."""
        rows = []
        for first in self.primary:
            if first.measure or not first.secondary:
                rows.append((self.aim, first.name, "", "", first.measure))
            for second in first.secondary:
                if second.measure or not second.ideas:
                    rows.append((self.aim, first.name, second.name, "", second.measure))
                rows += [(self.aim, first.name, second.name, idea.name, idea.measure) for idea in second.ideas]
        return pd.DataFrame(rows or [(self.aim, "", "", "", "")], columns=list(COLUMNS), dtype=object)

    def _leaves(self) -> Iterator[tuple[Primary, Secondary | None, Idea | None]]:
        for first in self.primary:
            if not first.secondary:
                yield first, None, None
            for second in first.secondary:
                if not second.ideas:
                    yield first, second, None
                for idea in second.ideas:
                    yield first, second, idea

    def _places(self) -> list[tuple[str, str]]:
        """Each name with its kind, once for each place where it stands."""
        made = []
        for first in self.primary:
            made.append((first.name, "primary driver"))
            for second in first.secondary:
                made.append((second.name, "secondary driver"))
                made += [(idea.name, "idea") for idea in second.ideas]
        return made

    def _bare(self) -> list[str]:
        said = []
        for first, second, idea in self._leaves():
            if second is None:
                said.append(
                    f'The primary driver "{first.name}" has no secondary one. Say what it depends on, or take it out.'
                )
            elif idea is None:
                said.append(
                    f'The secondary driver "{second.name}" has no idea. Say what you could try, or take it out.'
                )
        return said

    def _twice(self) -> list[str]:
        places: dict[str, list[tuple[str, str]]] = {}
        for name, kind in self._places():
            places.setdefault(same(name), []).append((name, kind))
        allowed = {same(name) for name in self.shared}
        said = []
        for key, found in places.items():
            kinds = list(dict.fromkeys(kind for _, kind in found))
            if len(kinds) > 1:
                told = f'"{found[0][0]}" is both a {kinds[0]} and a {kinds[1]}.'.replace("a idea", "an idea")
                said.append(f"{told} Give each its own name.")
            elif len(found) > 1 and key not in allowed:
                said.append(
                    f'The {kinds[0]} "{found[0][0]}" stands {len(found)} times. Rename it, or name it as shared.'
                )
        return said

    def _unlike(self) -> list[str]:
        """Names in two places whose measures differ."""
        parts: dict[str, set[str]] = {}
        names: dict[str, str] = {}
        for row in self.table().itertuples(index=False):
            last = row.idea or row.secondary or row.primary
            names.setdefault(same(last), last)
            parts.setdefault(same(last), set()).update({row.measure} - {""})
        return [
            f'"{names[key]}" has {len(found)} measures, {checks.listed(sorted(found))}. Keep one.'
            for key, found in parts.items()
            if len(found) > 1
        ]

    def _needless(self) -> list[str]:
        often = Counter(same(name) for name, _ in self._places())
        return [
            f'"{name}" is named as shared but stands {often[same(name)] or "no"} times. Check its spelling.'.replace(
                "1 times", "once"
            )
            for name in self.shared
            if often[same(name)] < 2  # noqa: PLR2004 - shared means in two places
        ]


def same(name: str) -> str:
    """
    What is equal where two names are the same but for capitals and blanks.

    >>> same("Early  Planning") == same("early planning")
    True
    """
    return " ".join(name.split()).casefold()


def _tidy(part: Idea | Secondary | Primary, kind: str) -> None:
    object.__setattr__(part, "name", kept.words(f"The name of the {kind}", part.name))
    object.__setattr__(part, "measure", kept.words(f'The measure of "{part.name}"', part.measure, empty=True))
    for field, made in (("ideas", Idea), ("secondary", Secondary)):
        if field in vars(part):
            told = f'The {field if made is Idea else "secondary drivers"} of "{part.name}"'
            object.__setattr__(part, field, _parts(told, getattr(part, field), made))


def _parts(told: str, given: object, made: type[_Part]) -> tuple[_Part, ...]:
    """The parts below one entry, each made by its own class."""
    parts = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    kind = made.__name__
    for one in parts:
        if not isinstance(one, made):
            raise checks.Refusal(f'{told} must each be made as {kind}("its name"); {checks.brief(one)} came.')
    return parts


def _with_measure(part: Idea | Secondary | Primary) -> str:
    return f"{part.name} (measure: {part.measure})" if part.measure else part.name


def _no_circle(diagram: DriverDiagram) -> None:
    """Refuse names that lead back to themselves: then nothing would reach the aim."""
    above: dict[str, set[str]] = {}
    names = {same(diagram.aim): diagram.aim}
    for first, second, idea in diagram._leaves():  # noqa: SLF001 - of this room
        chain = [diagram.aim, *(part.name for part in (first, second, idea) if part)]
        for upper, lower in itertools.pairwise(chain):
            names.setdefault(same(lower), lower)
            above.setdefault(same(lower), set()).add(same(upper))
    try:
        graphlib.TopologicalSorter(above).prepare()
    except graphlib.CycleError as error:
        way = " leads to ".join(f'"{names[key]}"' for key in error.args[1])
        raise checks.Refusal(f"The diagram goes in a circle: {way}. Rename or take out one of them.") from None
