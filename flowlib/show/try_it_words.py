"""Which words stand on every what-if, in a notebook and on a page to send? And what is predicted?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flowlib.core.checks import shown
from flowlib.show.choices import Tick
from flowlib.show.controls import Slider

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from flowlib.show.kept_code import Control

__all__ = [
    "AGAIN",
    "ALONE",
    "AWAITED",
    "BACK",
    "CAPTION",
    "CHANGES",
    "COMPARE",
    "FIRST",
    "GO",
    "NO_PAGE",
    "NO_TABLE",
    "RESET",
    "SAVE",
    "SAVING",
    "STOPPED",
    "TABLE",
    "THEN",
    "WORKING",
    "Question",
    "changed",
    "nearest",
    "on_the_page",
    "saved",
]

GO, RESET, COMPARE, ALONE = "See what happens", "Start again", "Compare with today", "Without today"
CHANGES = "changes at once"
BACK = "Back to today"  # the controls only: picture and prediction stay
TABLE, NO_TABLE, SAVE = "Numbers as a table", "Hide the table", "Save as a page to send"
FIRST = f"Choose what you predict. Then press “{GO}”."
THEN = "Now move a control. The picture and the words follow."
AGAIN = "All is as it was at the start. Predict again."
WORKING, STOPPED = "Working on it", "Stopped. Move a control to go on."
AWAITED = "This is being worked out. The first estimate comes in a moment."
NO_PAGE = "No page was made."
SAVING = "The page is being made. You can go on meanwhile."
CAPTION = "The numbers in the picture"
WHERE_IT_STANDS = ("first", "then", "again")  # what to do next, of which one is in view at any time
ON_THE_PAGE = {
    "go": GO,
    "reset": RESET,
    "back": BACK,
    "changes": CHANGES,
    "compare": COMPARE,
    "alone": ALONE,
    "table": TABLE,
    "no_table": NO_TABLE,
    "first": FIRST,
    "then": THEN,
    "again": AGAIN,
}


@dataclass(frozen=True)
class Question:
    """What is predicted before the first look, and which answer came true."""

    legend: str
    options: Sequence[str]
    came_true: Callable[[Any], str]  # a result to one of the options
    at: Mapping[str, Any] = field(default_factory=dict)  # the settings that it asks about; others stay as they are

    def told(self, guess: str, came: str) -> str:
        """The prediction beside what came."""
        if guess == came:
            return f"You predicted “{guess}”, and so it was. What made you think so?"
        return f"You predicted “{guess}”. It was “{came}”. Why might that be?"


def on_the_page(note: str) -> dict[str, str]:
    """The words of a page to send, with *note* after what to do next, so that it stays in view."""
    return {key: f"{said} {note}".strip() if key in WHERE_IT_STANDS else said for key, said in ON_THE_PAGE.items()}


def changed(controls: Mapping[str, Control], values: Mapping[str, Any], today: Mapping[str, Any]) -> str:
    """
    What differs from today, so that two changes at once are seen; nothing where nothing does.

    >>> beds = {"beds": Slider("Hospital beds", value=430, min=410, max=450, step=10, unit="beds")}
    >>> changed(beds, {"beds": 450}, {"beds": 430})
    'Changed: Hospital beds 450 (today 430).'
    """
    told = [
        f"{control.label} {_told(control, values[key])} (today {_told(control, today[key], bare=True)})"
        for key, control in controls.items()
        if values[key] != today[key]
    ]
    if not told:
        return ""
    return f"Changed: {told[0]}." if len(told) == 1 else f"{len(told)} {CHANGES}: {'; '.join(told)}."


def nearest(controls: Mapping[str, Control], values: Mapping[str, Any], held: Mapping[str, Any]) -> str:
    """What a page to send says where it holds no result for *values*, and opens at the *held* ones."""
    told = [
        f"{control.label} {_told(control, held[key])}, not {_told(control, values[key], bare=True)}"
        for key, control in controls.items()
        if values[key] != held[key]
    ]
    return f"This page holds fewer settings. It opens at the nearest: {'; '.join(told)}." if told else ""


def saved(place: Path) -> str:
    """Where a page is, in names that a person sees in a list of files."""
    return (
        f"The page is “{place.name}”, in the folder “{place.parent.name}”. "
        f"That folder is in the folder “{place.resolve().parent.parent.name}” on this computer."
    )


def _told(control: Control, value: Any, *, bare: bool = False) -> str:  # noqa: ANN401 - a number, a text or a bool
    if isinstance(control, Tick):
        return "yes" if value else "no"
    if not isinstance(control, Slider):
        return str(value)
    unit = control.one if value == 1 else control.unit
    if bare or not unit or unit in control.label.lower():
        return shown(value)
    return f"{shown(value)}{'' if unit.startswith('%') else ' '}{unit}"
