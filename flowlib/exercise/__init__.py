"""
Is this answer right? If not, what is the next thing to think about?

`check("31.1", answer)` says right, or gives a hint: the one for the mistake that was
made where it is a usual one, else a question, then a formula. The answer itself comes
after three wrong tries on one page. Answers and hints stand in `exercises/solutions/answers.yaml` only.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from flowlib.core import checks
from flowlib.exercise import tries
from flowlib.exercise.meant import blank, many, readings, same
from flowlib.stages import ROUTES, STAGES

if TYPE_CHECKING:
    from flowlib.show import Panel

__all__ = ["Exercise", "Mistake", "Reply", "ask", "check", "exercises", "progress", "where_you_are"]

SOURCE = Path(__file__).resolve().parents[2] / "exercises" / "solutions" / "answers.yaml"
TRIES = 3  # wrong tries on one page before the answer is told


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
    also: tuple[str, ...] = ()  # other words for a right answer in words
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

    *answer* may be a number, a fraction such as "1/4", a percentage, text with a unit
    such as "74 hours", or a table with one number in it. For a share, 25 is read as
    25%. `...` asks what to do, and an answer without a number is no try.

    >>> check("11.1", ...).right
    False
    """
    exercise = _one(number)
    if blank(answer):
        return Reply(right=False, sentence=f"Put your answer in place of the dots. {exercise.question}")
    if any(same(answer, right, exercise.tolerance, exercise.unit) for right in (exercise.answer, *exercise.also)):
        _, kept = tries.note(exercise.number, right=True)
        return Reply(right=True, sentence=f"Right. {exercise.because} {kept}".strip())
    mistake = _mistake(exercise, answer)
    if not (mistake or isinstance(exercise.answer, str) or readings(answer, exercise.unit)):
        return Reply(right=False, sentence=f"Not yet. {_no_number(answer)} {exercise.question}")
    wrong, kept = tries.note(exercise.number, right=False)
    return Reply(right=False, sentence=f"Not yet. {_next(exercise, mistake, wrong)} {kept}".strip())


def progress(route: str | None = None) -> pd.DataFrame:
    """
    How far this person is: a row an exercise with `exercise`, `lesson`, `stage`, `tries` and `right`.

    *route* ("Foundation", "Team", "Analyst" or "Board") keeps the lessons of that route,
    in its order. Tries are counted over all sessions of this person on this computer.
    """
    known = tries.so_far()
    wanted = list(dict.fromkeys(_lesson(number) for number in exercises()))
    if route is not None:
        wanted = [one for one in ROUTES[checks.choice("route", route, list(ROUTES))] if one in wanted]
    rows = [
        (number, lesson, _stage(lesson), len(known.get(number, [])), any(known.get(number, [])))
        for lesson in wanted
        for number in exercises()
        if _lesson(number) == lesson
    ]
    return pd.DataFrame(rows, columns=["exercise", "lesson", "stage", "tries", "right"])


def where_you_are(route: str | None = None) -> Panel:
    """How far this person is, on screen: a sentence, and a table by stage."""
    from flowlib.show import Sentence, TableView  # noqa: PLC0415 - controls are for notebooks only
    from flowlib.show.controls import Panel  # noqa: PLC0415 - as above

    now = progress(route)
    shown = pd.DataFrame(
        {
            "stage": now["stage"],
            "exercise": now["exercise"],
            "tries": now["tries"],
            "done": now["right"].map({True: "yes", False: "not yet"}),
        }
    )
    return Panel([Sentence(_far(now)), TableView(shown, caption="Your exercises")])


def ask(number: str) -> Panel:
    """The exercise on screen: the question, a box for the answer, and what comes back. No code."""
    from flowlib.show.answer_box import answer_box  # noqa: PLC0415 - controls are for notebooks only

    exercise = _one(number)
    last: list[str] = []  # what was checked, and what was said to it: a second click on it is no second try

    def reply(text: str) -> str:
        if last[:1] != [text]:
            last[:] = [text, check(exercise.number, text).sentence]
        return last[1]

    return answer_box(exercise.question, unit=exercise.unit, reply=reply)


# How far one is.


def _lesson(number: str) -> str:
    """The lesson of exercise *number*: "23" of "23.1"."""
    return number.partition(".")[0]


def _stage(lesson: str) -> str:
    names = {str(stage.number): f"{stage.number} {stage.name}" for stage in STAGES}
    return names.get(lesson[0], "around the stages")


def _far(now: pd.DataFrame) -> str:
    done, of = int(now["right"].sum()), len(now)
    if done == of:
        return f"All {of} exercises are right. Well done."
    following = now.loc[~now["right"], "exercise"].iloc[0]
    return f"{done} of {of} exercises are right. The next one is {following}, in lesson {_lesson(following)}."


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
        tuple(entry.get("also", ())),
        mistakes,
    )


def _no_number(answer: object) -> str:
    numbers = many(answer)
    if numbers > 1:
        return f"That table holds {numbers} numbers; give the one that is asked for."
    return "There is no number in that."


def _mistake(exercise: Exercise, answer: object) -> str:
    """The hint for the usual mistake that gives *answer*; empty where there is none."""
    for known in exercise.mistakes:
        if same(answer, known.value, known.tolerance, exercise.unit):
            return known.hint
    return ""


def _next(exercise: Exercise, mistake: str, wrong: int) -> str:
    """What to say after so many *wrong* tries."""
    if wrong < TRIES:
        return mistake or exercise.hints[wrong - 1]
    answer = exercise.answer if isinstance(exercise.answer, str) else checks.shown(exercise.answer)
    unit = f" ({exercise.unit})" if exercise.unit else ""
    return f"{mistake} The answer is {answer}{unit}. {exercise.because}".strip()
