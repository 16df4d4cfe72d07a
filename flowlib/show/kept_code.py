"""
How does a team come back to a what-if as they left it?

By a short line of text that can be read, sent and pasted: `averages: places=11, list=no,
predicted=1, came=3`. It names the page, then each control with its value. A prediction
that was made, and the answer that came true, are counted from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowlib.core.checks import Refusal, listed, need, shown
from flowlib.show.choices import Choice, Tick
from flowlib.show.controls import Slider

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["WORDS", "Control", "Kept", "read", "values_of", "write"]

Control = Slider | Choice | Tick
NAME = re.compile(r"[a-z][a-z0-9_]*")
PAIR = re.compile(r"([a-z][a-z0-9_]*)\s*=\s*([^\s,;=]+)")
LONGEST = 500  # characters; no code is longer
YES, NO = "yes", "no"
PREDICTED, CAME = WORDS = ("predicted", "came")
ROUNDING = 1e-9


@dataclass(frozen=True)
class Kept:
    """What a code says."""

    values: dict[str, Any]  # by control
    predicted: int | None  # place of the answer chosen, from 0
    came: int | None  # place of the answer that came true, where it was seen


def values_of(control: Control, *, step: float | None = None) -> list[Any]:
    """
    All that a control can be set to, in order; for a slider, in coarser steps where *step* is given.

    >>> values_of(Slider("Places", value=10, min=9, max=12)), values_of(Tick("A list"))
    ([9, 10, 11, 12], [False, True])
    """
    if isinstance(control, Tick):
        return [False, True]
    if isinstance(control, Choice):
        return list(control.options)
    apart = control.step if step is None else step
    count = int((control.max - control.min) / apart + ROUNDING) + 1
    made = [control.min + place * apart for place in range(count)]
    whole = all(float(value).is_integer() for value in made)
    return [int(value) if whole else round(value, 9) for value in made]


def write(name: str, controls: Mapping[str, Control], kept: Kept) -> str:
    """The code of a page."""
    pairs = [f"{key}={_text(control, kept.values[key])}" for key, control in controls.items()]
    for word, place in ((PREDICTED, kept.predicted), (CAME, kept.came)):
        pairs += [] if place is None else [f"{word}={place + 1}"]
    return f"{name}: {', '.join(pairs)}"


def read(code: str, name: str, controls: Mapping[str, Control], *, answers: int) -> Kept:
    """
    What *code* says of the page *name*, which has these controls and so many *answers*.

    Refused with a sentence: a code of another page, one that is cut short, and one
    with a value that the control does not have.
    """
    text = code.strip()[:LONGEST]
    need(text, "Paste a code first.")
    page, colon, rest = text.partition(":")
    need(
        bool(colon) and NAME.fullmatch(page.strip()),
        f'This is not a code. A code begins with "{name}:". Copy it again, whole.',
    )
    need(page.strip() == name, f'This code is of the page "{page.strip()}", and this page is "{name}". Open it there.')
    said = dict(PAIR.findall(rest))
    missing = [key for key in controls if key not in said]
    need(not missing, f"The code does not say {listed(missing)}. It may be cut short: copy it again, whole.")
    values = {key: _value(key, control, said[key]) for key, control in controls.items()}
    return Kept(values, _place(PREDICTED, said, answers), _place(CAME, said, answers))


def _text(control: Control, value: Any) -> str:  # noqa: ANN401 - a number, a text or a bool
    if isinstance(control, Tick):
        return YES if value else NO
    if isinstance(control, Choice):
        return str(control.options.index(value) + 1)
    return f"{value:g}" if abs(value) < 1e6 else str(value)  # noqa: PLR2004 - beyond it, g writes an exponent


def _value(key: str, control: Control, text: str) -> Any:  # noqa: ANN401 - as above
    if isinstance(control, Tick):
        need(text in {YES, NO}, f'In the code, "{key}" is "{text}"; it must be yes or no.')
        return text == YES
    if isinstance(control, Choice):
        return control.options[_counted(key, text, len(control.options))]
    known = values_of(control)
    number = _number(text)
    near = min(known, key=lambda value: abs(value - number)) if number is not None else None
    if number is None or near is None or abs(near - number) > ROUNDING + control.step * 1e-6:
        span = f"from {shown(known[0])} to {shown(known[-1])}, in steps of {shown(control.step)}"
        raise Refusal(f'In the code, "{key}" is "{text}"; it must be {span}.')
    return near


def _place(word: str, said: Mapping[str, str], answers: int) -> int | None:
    return _counted(word, said[word], answers) if word in said else None


def _counted(key: str, text: str, most: int) -> int:
    number = _number(text)
    if number is None or not (1 <= number <= most and number == int(number)):
        raise Refusal(f'In the code, "{key}" is "{text}"; it must be a whole number from 1 to {most}.')
    return int(number) - 1


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,15}(?:\.\d{1,15})?", text) else None
