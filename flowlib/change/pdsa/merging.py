"""
How do two people's saves of one record become one, so that nothing is lost?

A test is known by its mark, which is made from its plan. Tests that only one of them
has are kept; a result that only one of them has is kept. Where both have a result and
they differ, only people can say which is right, so that is refused.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from typing import TYPE_CHECKING

from flowlib.change.pdsa.cycle import DECISIONS, study
from flowlib.core import checks

if TYPE_CHECKING:
    from flowlib.change.pdsa.cycle import Cycle
    from flowlib.change.pdsa.file import Entry

__all__ = ["merged", "need_one_aim", "one_log"]


def merged(there: tuple[Cycle, ...], mine: tuple[Cycle, ...], name: str) -> tuple[tuple[Cycle, ...], dict[int, int]]:
    """
    The tests of a file with mine: theirs first, in their order, then those that only I have, renumbered.

    Beside them the number that each of mine has in the whole. *name* is the file's.

    >>> from flowlib.change.pdsa.cycle import Cycle
    >>> parts = ("mean wait, hours", 30, "Load falls", "2025-05-05")
    >>> there, mine = Cycle(1, "15 more places", *parts), Cycle(1, "A new rota", *parts)
    >>> both, numbers = merged((there,), (mine,), "tests.yaml")
    >>> [(one.number, one.change) for one in both]
    [(1, '15 more places'), (2, 'A new rota')]
    >>> numbers
    {1: 2}
    """
    whole = list(there)
    places: dict[str, deque[int]] = defaultdict(deque)
    for one in there:
        places[one.mark].append(one.number)
    numbers: dict[int, int] = {}  # of my tests, in the whole
    for one in mine:
        if places[one.mark]:  # the same plan twice is two tests: the first meets the first
            number = places[one.mark].popleft()
            whole[number - 1] = _both(whole[number - 1], one, name)
        else:
            number = len(whole) + 1
            whole.append(replace(one, number=number, follows=numbers[one.follows] if one.follows else None))
        numbers[one.number] = number
    return tuple(whole), numbers


def one_log(there: tuple[Entry, ...], mine: tuple[Entry, ...], numbers: dict[int, int]) -> tuple[Entry, ...]:
    """Two logs as one, by time; *numbers* are those that my tests have in the whole."""
    moved = [replace(entry, test=numbers[entry.test]) for entry in mine if entry.test in numbers]
    return tuple(sorted(dict.fromkeys((*there, *moved)), key=lambda entry: entry.at))


def need_one_aim(mine: str, theirs: str, name: str) -> None:
    """Refuse to save the tests of one aim into the file of another."""
    told = f'"{name}" holds the tests of another aim, {checks.brief(theirs)}. Save this record under another name.'
    checks.need(" ".join(mine.split()).casefold() == " ".join(theirs.split()).casefold(), told)


def _both(theirs: Cycle, mine: Cycle, name: str) -> Cycle:
    """One test in the file and here: the result that there is, where there are not two."""
    if mine.result is None:
        return theirs
    done = {part: getattr(mine, part) for part in ("result", "learned", "decision")}
    if theirs.result is None:
        return study(theirs, **done, studied_on=mine.studied_on)
    differ = [
        f"{word} {_told(getattr(theirs, part))} there and {_told(value)} here"
        for (part, value), word in zip(done.items(), ("result", "lesson", "decision"), strict=True)
        if getattr(theirs, part) != value
    ]
    told = f'Test {theirs.number} differs from "{name}": {"; ".join(differ)}.'
    checks.need(not differ, f"{told} Agree which is right. To keep the file's, load it again.")
    return theirs


def _told(value: object) -> str:
    if isinstance(value, float):
        return checks.shown(value)
    return str(value) if value in DECISIONS else checks.brief(value)
