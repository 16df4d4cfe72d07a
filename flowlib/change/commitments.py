"""
What does a meeting promise before it ends? A few lines: what, who, and by when.

Each is checked in plain words: it says what will be done, names a role and not a person,
and has a day that is still to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowlib.change import kept
from flowlib.change.aims.aim import day, spoken_day
from flowlib.change.readiness import Action
from flowlib.core import checks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

__all__ = ["ASKS", "Commitment", "commitment", "commitments"]

ASKS = ("What we will do", "Who, by role", "By when")  # the boxes of a line; refusals name them so


@dataclass(frozen=True)
class Commitment:
    """One promise; made by `commitment`."""

    what: str
    who: str  # a role, never a person's name
    by: dt.date

    def sentence(self) -> str:
        """The promise in words."""
        return f"{self.what}: {self.who}, by {spoken_day(self.by)}."


def commitment(what: object, who: object, by: object, *, today: dt.date, number: int = 1) -> Commitment:
    """
    One checked promise; *by* is a day after *today*, such as "31/03/2027". *number* is its place on the page.

    >>> import datetime as dt
    >>> commitment("Count who waits for home care", "Director of adult care", "31/03/2027",
    ...            today=dt.date(2026, 11, 22)).sentence()
    'Count who waits for home care: Director of adult care, by 31 March 2027.'
    """
    line = f"Commitment {number}"
    task, role = (kept.words(f"“{ask}”", text, where=line) for ask, text in zip(ASKS, (what, who), strict=False))
    told = f"{line}: “{ASKS[2]}” is empty. Give a day, such as 31/03/2027."
    checks.need(not isinstance(by, str) or by.strip(), told)
    date = day(f"{line}: “{ASKS[2]}”", by)
    Action(1, task, role, date)  # refuses a person's name as every action does; its block plays no part here
    told = f"{line}: {spoken_day(date)} is not after today, {spoken_day(today)}. Choose a day to come."
    checks.need(date > today, told)
    return Commitment(task, role, date)


def commitments(lines: Iterable[Sequence[str]], *, today: dt.date) -> tuple[Commitment, ...]:
    """
    The checked promises of *lines* of what, who and by when; a line with nothing in it is left out.

    Raises a `Refusal` for the first line that is not whole, and where all are empty.
    """
    made = tuple(
        commitment(*line, today=today, number=number)
        for number, line in enumerate(lines, start=1)
        if any(part.strip() for part in line)
    )
    checks.need(made, "No commitment is written yet. Fill in at least one: what, who and by when.")
    return made
