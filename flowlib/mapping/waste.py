"""
What kind of work is this: of value to the person, necessary, or waste?

Three classes of work [1]: "value" is what the person came for; "necessary" adds nothing
for the person, and cannot be left out today (type 1 muda); "waste" could stop (type 2
muda). The eight kinds of waste have the letters TIMWOODS [2]. A waste is a sign that
something is wrong, and says nothing of why.

Sources: [1] Lean Instituut, Lean Lexicon, "Waste", en.leaninstituut.nl/lean-lexicon/waste;
[2] "TIM WOODS", joapen.com, 1 October 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.core.checks import choice, need

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["CLASSES", "WASTES", "class_of", "wastes_of"]

# Classes of work, in the order in which they are stacked, with plain words.
CLASSES: Mapping[str, str] = {
    "value": "what the person came for",
    "necessary": "adds nothing for the person, and cannot be left out today",
    "waste": "could stop, and the person would miss nothing",
}

# The eight wastes, TIMWOODS [2], each with what it looks like in care.
WASTES: Mapping[str, str] = {
    "transport": "moving people, samples or things about more than they need",
    "inventory": "more stock, or more cases begun, than are needed now",
    "motion": "walking, searching and reaching by staff",
    "waiting": "people or staff wait for a decision, a result, a bed or each other",
    "over-production": "doing more, or sooner, than is needed, such as a test done just in case",
    "over-processing": "doing the same thing twice, or more carefully than it needs",
    "defects": "mistakes, and putting them right",
    "skills": "people do not get to use what they know and can do",
}


def class_of(what: str, said: object) -> str:
    """*said* as one of the three classes; empty where nobody has said. Anything else is refused, for *what*."""
    word = "" if said is None else said
    return "" if word == "" else choice("class of work", word, CLASSES, where=f"for {what}")


def wastes_of(what: str, said: Iterable[str]) -> tuple[str, ...]:
    """
    *said* as names of the eight wastes, in the order TIMWOODS and each once.

    >>> wastes_of("the ward", ["waiting", "transport"])
    ('transport', 'waiting')
    """
    need(not isinstance(said, str), f'Wastes of {what} must be a list, such as ["waiting"]; "{said}" came.')
    named = {choice("waste", one, WASTES, where=f"for {what}") for one in said}
    return tuple(one for one in WASTES if one in named)
