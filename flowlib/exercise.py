"""
Is this answer right? If not, what is the next thing to think about?

`check("31.1", answer)` says right, or gives a hint: the one for the mistake that was
made where it is a usual one, else a question, then a formula. The answer itself comes
after three tries. Answers and hints stand in `exercises/solutions/answers.yaml` only.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from flowlib.core import checks

if TYPE_CHECKING:
    import ipywidgets

__all__ = ["Exercise", "Reply", "ask", "check", "exercises", "progress"]

SOURCE = Path(__file__).resolve().parents[1] / "exercises" / "solutions" / "answers.yaml"
TRIES = 3  # before the answer is told
WORDS = {"half": 0.5, "a half": 0.5, "quarter": 0.25, "a quarter": 0.25, "third": 1 / 3, "a third": 1 / 3}
_tries: dict[str, list[bool]] = {}


@dataclass(frozen=True)
class Exercise:
    """One exercise: what is asked, what is right, and what usual mistakes give."""

    number: str
    question: str
    unit: str
    answer: float | str
    tolerance: float  # how far a right answer may be off, in the unit
    because: str  # why it is right
    hints: tuple[str, str]  # a question, then a formula
    mistakes: tuple[dict[str, Any], ...] = field(default=())  # value (and tolerance) of a usual mistake, and its hint


@dataclass(frozen=True)
class Reply:
    """What comes back on an answer."""

    right: bool
    sentence: str

    def __repr__(self) -> str:
        return self.sentence


@cache
def exercises() -> dict[str, Exercise]:
    """All exercises by number."""
    checks.need(SOURCE.is_file(), "The exercises are missing: exercises/solutions/answers.yaml is not there.")
    plain = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    made = {}
    for number, e in plain.items():
        hints = (str(e["hints"][0]), str(e["hints"][1]))
        made[number] = Exercise(
            number, e["question"], e.get("unit", ""), e["answer"], float(e.get("tolerance", 0)), e["because"], hints,
            tuple(e.get("mistakes", ())),
        )  # fmt: skip
    return made


def check(number: str, answer: object) -> Reply:
    """
    Whether *answer* is right for exercise *number*, and if not, a hint.

    *answer* may be a number, a fraction such as "1/4", a percentage, or text with a
    unit such as "74 hours". `...` asks what to do.
    """
    exercise = exercises()[checks.choice("exercise", number, exercises())]
    if answer is ... or str(answer).strip() in {"", "..."}:
        return Reply(right=False, sentence=f"Put your answer in place of the dots. {exercise.question}")
    tries = _load().setdefault(number, [])
    right = _same(answer, exercise.answer, exercise.tolerance)
    tries.append(right)
    _save()
    if right:
        return Reply(right=True, sentence=f"Right. {exercise.because}")
    return Reply(right=False, sentence=f"Not yet. {_hint(exercise, answer, len(tries))}")


def progress() -> pd.DataFrame:
    """Each exercise: `exercise`, `tries`, `right`."""
    known = _load()
    rows = [(number, len(known.get(number, [])), any(known.get(number, []))) for number in exercises()]
    return pd.DataFrame(rows, columns=["exercise", "tries", "right"])


def ask(number: str) -> ipywidgets.VBox:
    """The exercise on screen: the question, a box for the answer, and what comes back. No code."""
    import ipywidgets as widgets  # noqa: PLC0415 - only in notebooks

    from flowlib.show import Button, Sentence  # noqa: PLC0415

    exercise = exercises()[checks.choice("exercise", number, exercises())]
    unit = f" ({exercise.unit})" if exercise.unit else ""
    label = f"Your answer{unit}"
    wide = {"description_width": "initial"}
    box = widgets.Text(description=label, style=wide, layout=widgets.Layout(width="360px", max_width="100%"))
    button, reply = Button("Check my answer"), Sentence()
    button.on_click(lambda: setattr(reply, "text", check(number, box.value).sentence))
    return widgets.VBox([Sentence(exercise.question), box, button, reply])


def _hint(exercise: Exercise, answer: object, tries: int) -> str:
    for mistake in exercise.mistakes:
        if _same(answer, mistake["value"], float(mistake.get("tolerance", exercise.tolerance))):
            return str(mistake["hint"])
    if tries >= TRIES:
        unit = f" {exercise.unit}" if exercise.unit else ""
        return f"It is {exercise.answer}{unit}. {exercise.because}"
    return exercise.hints[tries - 1]


def _same(answer: object, wanted: float | str, tolerance: float) -> bool:
    if isinstance(wanted, str):
        return _plain(answer) == _plain(wanted)
    number = _number(answer)
    return number is not None and abs(number - wanted) <= tolerance + 1e-9


def _plain(text: object) -> str:
    return re.sub(r"[^a-z0-9]+", " ", str(text).lower()).strip()


def _number(answer: object) -> float | None:
    """
    The number in an answer, however it is written.

    >>> _number("25%"), _number("1/4"), _number("74 hours"), _number("about a quarter")
    (0.25, 0.25, 74.0, 0.25)
    """
    if isinstance(answer, (int, float)) or hasattr(answer, "__float__"):
        return float(answer)
    text = re.sub(r"(about|around|roughly|nearly)\s+", "", str(answer).strip().lower()).replace(",", "")
    if text in WORDS:
        return WORDS[text]
    fraction = re.match(r"(-?[\d.]+)\s*(?:/|in|out of)\s*([\d.]+)", text)
    if fraction and float(fraction[2]):
        return float(fraction[1]) / float(fraction[2])
    found = re.search(r"-?\d+(?:\.\d+)?", text)
    if not found:
        return None
    return float(found[0]) / (100 if re.match(r"\s*(%|per ?cent)", text[found.end() :]) else 1)


def _place() -> Path | None:
    folder = os.environ.get("FLOWLIB_SESSION", "")
    return Path(folder) / "progress.json" if folder and Path(folder).is_dir() else None


def _load() -> dict[str, list[bool]]:
    place = _place()
    if place is not None and place.is_file():
        _tries.update(json.loads(place.read_text(encoding="utf-8")))
    return _tries


def _save() -> None:
    place = _place()
    if place is not None:
        place.write_text(json.dumps(_tries), encoding="utf-8")
