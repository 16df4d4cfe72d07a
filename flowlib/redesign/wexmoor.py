"""
What if Wexmoor changed one thing: what would happen elsewhere?

Eleven changes to the whole place (`data.pathway("wexmoor")`), each a lever that takes
the pathway and gives another, and the measures to look at. What each number of the
pathway rests on, and what the scenarios gave, stands in `data/wexmoor.md`.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from flowlib.core import checks
from flowlib.core.capacity import Slots
from flowlib.redesign.levers import add_capacity, change_arrivals, change_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowlib.core.pathway import Pathway

__all__ = ["OVERNIGHT", "SCENARIOS", "change_admissions", "home_care_starts", "scenarios"]

OVERNIGHT = ("pathway 0", "pathway 1", "pathway 2", "pathway 3")  # the groups who come unplanned and stay
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


def home_care_starts(pathway: Pathway, a_week: int) -> Pathway:
    """The same place with so many home-care starts a week, shared over Monday to Friday at 10am."""
    each, over = divmod(a_week, len(WEEKDAYS))
    starts = tuple((f"{day} 10:00", each + (number < over)) for number, day in enumerate(WEEKDAYS))
    return pathway.with_step("Home care", capacity=Slots(starts))


def change_admissions(pathway: Pathway, factor: float) -> Pathway:
    """The same place with unplanned overnight admissions times *factor*; everybody else comes as before."""
    changed = change_arrivals(pathway, factor).arrivals
    pairs = zip(pathway.arrivals, changed, strict=True)
    return replace(pathway, arrivals=tuple(new if old.group in OVERNIGHT else old for old, new in pairs))


SCENARIOS: MappingProxyType[str, Callable[[Pathway], Pathway]] = MappingProxyType(
    {
        "As it is": lambda place: place,
        "20 more hospital beds": lambda place: add_capacity(place, "Ward bed", 20),
        "20 fewer hospital beds": lambda place: add_capacity(place, "Ward bed", -20),
        "40 home-care starts a week": lambda place: home_care_starts(place, 40),
        "8 more Home First places": lambda place: add_capacity(place, "Home First", 8),
        "Home First for 23.5 days, not 25": lambda place: change_time(place, "Home First", 23.5 / 25),
        "34 home-care starts a week": lambda place: home_care_starts(place, 34),
        "5 in 100 more admissions": lambda place: change_admissions(place, 1.05),
        "5 in 100 fewer admissions": lambda place: change_admissions(place, 0.95),
        "4 more rehab beds": lambda place: add_capacity(place, "Rehab bed", 4),
        "Home in 6 hours, not 10": lambda place: change_time(place, "Getting ready to go home", 6 / 10),
        "40 starts and 8 places": lambda place: add_capacity(home_care_starts(place, 40), "Home First", 8),
    }
)


def scenarios(pathway: Pathway, *names: str) -> dict[str, Pathway]:
    """
    The scenarios of these names, or all; the first is the place as it is.

    >>> from flowlib.core import data
    >>> made = scenarios(data.pathway("wexmoor"), "As it is", "4 more rehab beds")
    >>> [place.step("Rehab bed").capacity for place in made.values()]
    [57, 61]
    """
    return {name: SCENARIOS[checks.choice("scenario", name, SCENARIOS)](pathway) for name in names or SCENARIOS}
