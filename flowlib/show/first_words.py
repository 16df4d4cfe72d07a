"""
Which words stand over a picture? The first sentence of what its result says.

A unit or a name may hold full stops of its own ("no. of days"), so a text is never cut
where a person's words could be: the unit is put in after the cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.core.checks import brief, need

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["first_sentence", "flowing", "spoken"]

UNIT = "\ue000"  # stands for the unit while a text is cut; no font and no file has it


def first_sentence(told: Callable[[str], str], unit: str = "") -> str:
    """
    The first sentence of *told*, a function that says its result in a unit, with *unit* in it.

    >>> first_sentence(lambda unit: f"It took 3 {unit}. Then it stopped.", "no. of days")
    'It took 3 no. of days.'
    """
    first, _, _ = flowing(told(UNIT if unit else "")).partition(". ")
    return flowing(f"{first.rstrip('.')}.".replace(UNIT, unit))


def flowing(sentence: str) -> str:
    r"""
    Paragraphs as one, with per cent signs close to their numbers.

    >>> flowing("It is 5 %.\n\nThat is all.")
    'It is 5%. That is all.'
    """
    return " ".join(sentence.split()).replace(" %", "%")


def spoken(name: str, words: object) -> str:
    """*words* with single blanks, or a refusal where they are not text."""
    need(isinstance(words, str), f"The {name} must be text; {brief(words)} came. Put it into quotes.")
    return " ".join(str(words).split())
