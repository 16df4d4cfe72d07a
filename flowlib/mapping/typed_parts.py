"""
What is a map made of that a team types in: steps, moves, and who agreed it?

Each part is frozen and checked when it is made. Times are hours, shares run from 0 to 1.
What the team does not know stays blank (None).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowlib.core import checks
from flowlib.core.dates import moment
from flowlib.core.durations import duration
from flowlib.core.parts import name_of
from flowlib.core.privacy import identity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

__all__ = ["Agreed", "TypedMove", "TypedStep", "check_agreed", "tidy"]


def tidy(what: str, words: object) -> str:
    """A name with single blanks."""
    return " ".join(name_of(what, words).split())


@dataclass(frozen=True)
class TypedStep:
    """
    One step as the team says it is.

    >>> TypedStep("triage", team="front door", process_time=0.25, wait=0.5).lead_time
    0.75
    """

    name: str
    team: str = ""
    who: str = ""  # who does it: a role, never a person's name
    process_time: float | None = None  # hours of care or work
    wait: float | None = None  # hours before it begins
    complete_and_accurate: float | None = None  # share that the next step can use as it comes, 0 to 1
    told_again: bool = False  # whether the service user tells the story again
    information_to: str = ""  # the team or role that information is handed to
    how: str = ""  # letter, telephone, shared record

    def __post_init__(self) -> None:
        _set(self, "name", tidy("A step", self.name))
        for field in ("team", "who", "information_to", "how"):
            words = getattr(self, field)
            _set(self, field, tidy(f'{field} of "{self.name}"', words) if words else "")
        for field, words in (("process_time", "Process time"), ("wait", "Wait")):
            length = getattr(self, field)
            if length is not None:
                _set(self, field, float(duration(f'{words} of "{self.name}"', length)))
        if self.complete_and_accurate is not None:
            share = checks.share(f'Complete and accurate of "{self.name}"', self.complete_and_accurate)
            _set(self, "complete_and_accurate", share)
        checks.need(
            isinstance(self.told_again, bool),
            f'told_again of "{self.name}" must be True or False; {checks.brief(self.told_again)} came.',
        )

    @property
    def lead_time(self) -> float | None:
        """Hours from joining to the end of care; None where either part is not known."""
        if self.wait is None or self.process_time is None:
            return None
        return self.wait + self.process_time


@dataclass(frozen=True)
class TypedMove:
    """A move from one step to the next; without a *share*, an equal part of what the others leave."""

    from_step: str
    to_step: str
    share: float | None = None  # of those who finish the step, 0 to 1

    def __post_init__(self) -> None:
        _set(self, "from_step", tidy("The step that a move begins at", self.from_step))
        _set(self, "to_step", tidy("The step that a move leads to", self.to_step))
        if self.share is not None:
            said = f'Share from "{self.from_step}" to "{self.to_step}"'
            _set(self, "share", checks.share(said, self.share))


@dataclass(frozen=True)
class Agreed:
    """Somebody who agreed the map: a role, never a name."""

    role: str
    service_user: bool = False  # a service user, or an unpaid carer
    date: dt.date | None = None

    def __post_init__(self) -> None:
        _set(self, "role", tidy("Whoever agreed the map", self.role))
        checks.need(
            isinstance(self.service_user, bool),
            f'service_user of "{self.role}" must be True or False; {checks.brief(self.service_user)} came.',
        )
        if self.date is not None:
            _set(self, "date", moment(f'The date of "{self.role}"', str(self.date)).date())


def check_agreed(agreed: Sequence[Agreed]) -> None:
    """Refuse names of people in the place of roles, without repeating them."""
    kind = identity("agreed by", [one.role for one in agreed])
    checks.need(
        kind is None,
        f'The roles of those who agreed look like a {kind}. Write roles instead, such as "ward clerk".',
    )


def _set(part: object, field: str, value: object) -> None:
    object.__setattr__(part, field, value)
