"""
Is this answer right? If not, what is the next thing to think about?

`check("31.1", answer)` says right, or gives a hint: the one for the mistake that was
made where it is a usual one, else a question, then a formula. The answer itself comes
after three wrong tries. Answers and hints stand in `exercises/solutions/answers.yaml` only.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import json
import math
import os
import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from flowlib.core import checks

if TYPE_CHECKING:
    from flowlib.show import Panel

__all__ = ["Exercise", "Mistake", "Reply", "ask", "check", "exercises", "progress"]

SOURCE = Path(__file__).resolve().parents[1] / "exercises" / "solutions" / "answers.yaml"
TRIES = 3  # wrong tries before the answer is told
SHARE = "share"  # the unit of an answer from 0 to 1, in which 25 is read as 25%
BLANK = {"", "...", "…"}
LONGEST = 200  # characters of an answer; nobody's answer is longer

FIGURE = r"(?:(?<!\w)-)?(?:\d+(?:\.\d*)?|\.\d+)"  # the dash of "week-18" is no minus
PERCENT = re.compile(r"\s*(?:%|per\s?cent\b)")
WORD = re.compile(r"\s*[a-z]")
FRACTION = re.compile(rf"(?<![\d/])({FIGURE})\s*/\s*({FIGURE})(?![\d/])")  # 05/05/2025 is none
ONE_IN = re.compile(rf"({FIGURE})\s*(?:[a-z]+\s+)?(?:in|of|out of)\s+(?:(?:all|every|the)\s+)?({FIGURE})")
PART = re.compile(r"(?:(\d+)\s+)?(half|third|quarter|fifth|tenth)s?\b")
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TIME = re.compile(r"[\s-]*(min|minute|h|hr|hour|d|day|wk|week)s?\b")
HOURS_IN = {"m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}  # by the first letter of the unit
TIME_UNITS = {"minutes", "hours", "days", "weeks"}

_tries: dict[str, list[bool]] = {}


@dataclass(frozen=True)
class Mistake:
    """A usual mistake: what it gives, and the hint that names it."""

    value: float | str
    tolerance: float  # in the exercise's unit
    hint: str


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
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What comes back on an answer."""

    right: bool
    sentence: str

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        """In a notebook it wraps between words, as prose does."""
        return f"<p>{html.escape(self.sentence)}</p>"


@cache
def exercises() -> dict[str, Exercise]:
    """All exercises by number."""
    checks.need(SOURCE.is_file(), "The exercises are missing: exercises/solutions/answers.yaml is not there.")
    plain = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return {number: _made(number, entry) for number, entry in plain.items()}


def check(number: str, answer: object) -> Reply:
    """
    Whether *answer* is right for exercise *number*, and if not, a hint.

    *answer* may be a number, a fraction such as "1/4", a percentage, or text with a
    unit such as "74 hours". For a share, 25 is read as 25%. `...` asks what to do, and
    an answer without a number is no try.
    """
    exercise = _one(number)
    if _blank(answer):
        return Reply(right=False, sentence=f"Put your answer in place of the dots. {exercise.question}")
    if _same(answer, exercise.answer, exercise.tolerance, exercise.unit):
        _note(exercise.number, right=True)
        return Reply(right=True, sentence=f"Right. {exercise.because}")
    mistake = _mistake(exercise, answer)
    if not (mistake or isinstance(exercise.answer, str) or _readings(answer, exercise.unit)):
        return Reply(right=False, sentence=f"Not yet. There is no number in that. {exercise.question}")
    wrong = _note(exercise.number, right=False)
    return Reply(right=False, sentence=f"Not yet. {_next(exercise, mistake, wrong)}")


def progress() -> pd.DataFrame:
    """Each exercise: `exercise`, `tries`, `right`."""
    known = _load()
    rows = [(number, len(known.get(number, [])), any(known.get(number, []))) for number in exercises()]
    return pd.DataFrame(rows, columns=["exercise", "tries", "right"])


def ask(number: str) -> Panel:
    """The exercise on screen: the question, a box for the answer, and what comes back. No code."""
    from flowlib.show.answer_box import answer_box  # noqa: PLC0415 - controls are for notebooks only

    exercise = _one(number)
    return answer_box(exercise.question, unit=exercise.unit, reply=lambda text: check(exercise.number, text).sentence)


# What is asked, and what comes back.


def _one(number: object) -> Exercise:
    return exercises()[checks.choice("exercise", str(number), exercises())]


def _made(number: str, entry: dict[str, Any]) -> Exercise:
    tolerance = float(entry.get("tolerance", 0))
    mistakes = tuple(
        Mistake(known["value"], float(known.get("tolerance", tolerance)), known["hint"])
        for known in entry.get("mistakes", ())
    )
    question, formula = entry["hints"]
    return Exercise(
        number,
        entry["question"],
        entry.get("unit", ""),
        entry["answer"],
        tolerance,
        entry["because"],
        (question, formula),
        mistakes,
    )


def _mistake(exercise: Exercise, answer: object) -> str:
    """The hint for the usual mistake that gives *answer*; empty where there is none."""
    for known in exercise.mistakes:
        if _same(answer, known.value, known.tolerance, exercise.unit):
            return known.hint
    return ""


def _next(exercise: Exercise, mistake: str, wrong: int) -> str:
    """What to say after so many *wrong* tries."""
    if wrong < TRIES:
        return mistake or exercise.hints[wrong - 1]
    answer = exercise.answer if isinstance(exercise.answer, str) else checks.shown(exercise.answer)
    unit = f" ({exercise.unit})" if exercise.unit else ""
    return f"{mistake} The answer is {answer}{unit}. {exercise.because}".strip()


# What an answer means.


def _blank(answer: object) -> bool:
    return answer is ... or answer is None or (isinstance(answer, str) and answer.strip() in BLANK)


def _same(answer: object, wanted: float | str, tolerance: float, unit: str) -> bool:
    if isinstance(wanted, str):
        return isinstance(answer, str) and _plain(answer) == _plain(wanted)
    return any(abs(number - wanted) <= tolerance + 1e-9 for number in _readings(answer, unit))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def _readings(answer: object, unit: str) -> tuple[float, ...]:
    """
    The numbers that an answer may mean, in *unit*: none, one, or two where it may be a percentage.

    >>> _readings("25%", "share"), _readings(25, "share"), _readings("3 days", "hours"), _readings("soon", "hours")
    ((0.25,), (25.0, 0.25), (72.0,), ())
    """
    if isinstance(answer, (str, dt.date)):
        number, bare = _written(str(answer), unit)
    elif isinstance(answer, dt.timedelta):
        number, bare = _in_unit(answer.total_seconds() / 3600, "h", unit), False
    else:
        number, bare = _held(answer), True
    if number is None or not math.isfinite(number):
        return ()
    return (number, number / 100) if bare and unit == SHARE and 1 < number <= 100 else (number,)  # noqa: PLR2004


def _held(answer: object) -> float | None:
    """The number in a Python object, also in an array or column of one."""
    if hasattr(answer, "item") and getattr(answer, "size", 0) == 1:
        answer = answer.item()
    if isinstance(answer, bool) or not hasattr(answer, "__float__"):
        return None
    try:
        return float(answer)
    except (TypeError, ValueError, OverflowError):
        return None


def _written(answer: str, unit: str) -> tuple[float | None, bool]:
    """
    The number in a text, and whether it stands bare: with no percent sign, word or fraction after it.

    >>> _written("1/4", "share"), _written("about three quarters", "share"), _written("1,234.5", "hours")
    ((0.25, False), (0.75, False), (1234.5, True))
    """
    text = _figures(answer[:LONGEST])
    ratio = FRACTION.search(text) or (ONE_IN.search(text) if unit == SHARE else None)
    if ratio:
        return (float(ratio[1]) / float(ratio[2]) if float(ratio[2]) else None), False
    part = PART.search(text)
    if part:
        return float(part[1] or 1) / PARTS[part[2]], False
    found = re.search(FIGURE, text)
    if not found:
        return None, False
    number, rest = float(found[0]), text[found.end() :]
    if PERCENT.match(rest):
        return number / 100, False
    time = TIME.match(rest)
    return _in_unit(number, time[1], unit) if time else number, not WORD.match(rest)


def _figures(answer: str) -> str:
    """The text in small letters, with number words and thousands as plain figures."""
    text = answer.lower().replace("−", "-").replace("–", "-")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    words = {word: str(number) for number, word in enumerate(NUMERALS, start=1)}
    return re.sub(rf"\b({'|'.join(NUMERALS)})\b", lambda word: words[word[0]], text)


def _in_unit(number: float, given: str, unit: str) -> float:
    """*number* in the *given* unit of time as a number in *unit*; unchanged where that is not one."""
    return number * HOURS_IN[given[0]] / HOURS_IN[unit[0]] if unit in TIME_UNITS else number


# What was tried before.


def _note(number: str, *, right: bool) -> int:
    """Remember a try; how many wrong ones there are by now."""
    tries = _load().setdefault(number, [])
    tries.append(right)
    _save()
    return tries.count(False)


def _place() -> Path | None:
    folder = os.environ.get("FLOWLIB_SESSION", "")
    return Path(folder) / "progress.json" if folder and Path(folder).is_dir() else None


def _load() -> dict[str, list[bool]]:
    """The tries so far. A file that cannot be read is passed over, and made anew at the next try."""
    if (place := _place()) is not None:
        with contextlib.suppress(OSError, ValueError):
            kept = json.loads(place.read_text(encoding="utf-8"))
            entries = kept.items() if isinstance(kept, dict) else ()
            _tries.update({number: tries for number, tries in entries if _are_tries(tries)})
    return _tries


def _are_tries(kept: object) -> bool:
    return isinstance(kept, list) and all(isinstance(one, bool) for one in kept)


def _save() -> None:
    """Put the file in place whole. Where it cannot be written, this notebook still knows the tries."""
    if (place := _place()) is None:
        return
    with contextlib.suppress(OSError):
        handle, part = tempfile.mkstemp(dir=place.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(_tries, file)
            os.replace(part, place)  # noqa: PTH105 - atomic on every system
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise
