"""
Why was this refused? One plain sentence: what is wrong, where, and what to do.

Every refusal in flowlib is a `Refusal`. In a notebook it shows as its sentence
alone, and the commands print it and stop with exit code 2, so that nobody has to
read a traceback to learn that a date is missing.
"""

from __future__ import annotations

import difflib
import math
import reprlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Refusal", "at_least", "brief", "choice", "finite", "listed", "need", "positive", "share", "shown", "whole"]

FIGURES = 4  # so many figures of a number stand in a sentence
FINEST = 10  # and at most so many decimals


class Refusal(ValueError):  # noqa: N818 - it is a sentence for a person, not an error of theirs
    """
    A request that cannot be met, said in one plain sentence.

    >>> raise Refusal("The file is empty. Choose another file.")
    Traceback (most recent call last):
        ...
    flowlib.core.checks.Refusal: The file is empty. Choose another file.
    """

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone: IPython calls this in place of a traceback."""
        return [str(self)]


def need(condition: object, sentence: str) -> None:
    """Refuse with *sentence* unless *condition* holds."""
    if not condition:
        raise Refusal(sentence)


def finite(name: str, value: object) -> float:
    """*value* as a float, if it is a finite number."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    need(math.isfinite(number) and not isinstance(value, bool), f"{name} must be a number; {brief(value)} came.")
    return number


def at_least(name: str, value: object, smallest: float, unit: str = "") -> float:
    """*value* as a float, if it is *smallest* or more."""
    number = finite(name, value)
    of = f" {unit}" if unit else ""
    need(number >= smallest, f"{name} must be {shown(smallest)}{of} or more; {shown(number)} came.")
    return number


def positive(name: str, value: object, unit: str = "") -> float:
    """*value* as a float, if it is above zero."""
    number = finite(name, value)
    of = f" {unit}" if unit else ""
    need(number > 0, f"{name} must be above 0{of}; {shown(number)} came.")
    return number


def share(name: str, value: object) -> float:
    """*value* as a float, if it is a share from 0 to 1."""
    number = finite(name, value)
    need(0 <= number <= 1, f"{name} must be from 0 to 1; {shown(number)} came. Half is 0.5, not 50.")
    return number


def whole(name: str, value: object, smallest: int = 0) -> int:
    """*value* as an int, if it is a whole number of *smallest* or more."""
    number = finite(name, value)
    need(
        number >= smallest and number == int(number),
        f"{name} must be a whole number, {smallest} or more; {shown(number)} came.",
    )
    return int(number)


def choice(name: str, value: object, choices: Iterable[str], *, where: str = "") -> str:
    """
    *value*, if it is one of *choices*; else a refusal that lists them and offers the nearest.

    >>> choice("step", "traige", ["triage", "tests"])
    Traceback (most recent call last):
        ...
    flowlib.core.checks.Refusal: No step called "traige"; there are "triage", "tests". Did you mean "triage"?
    """
    known = [str(one) for one in choices]
    if isinstance(value, str) and value in known:
        return value
    near = difflib.get_close_matches(str(value), known, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    place = f" {where}" if where else ""
    raise Refusal(f'No {name}{place} called "{value}"; there are {listed(known)}.{hint}')


def listed(names: Iterable[str]) -> str:
    """Names as they stand in a sentence: quoted, with commas; none gives "none"."""
    return ", ".join(f'"{name}"' for name in names) or "none"


def shown(number: float) -> str:
    """
    A number as it stands in a sentence: no needless decimals, commas over 999, never an exponent.

    >>> shown(12345.6), shown(2.50), shown(0.00001234)
    ('12,346', '2.5', '0.00001234')
    """
    number = float(number)
    decimals = 0
    if math.isfinite(number) and not number.is_integer():
        decimals = min(max(FIGURES - 1 - math.floor(math.log10(abs(number))), 0), FINEST)
    text = f"{number:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    return "0" if text == "-0" else text


def brief(value: object) -> str:
    """
    A value as it stands in a sentence: its first few parts at most.

    >>> brief(["a", "b"]), brief("x" * 500)
    ("['a', 'b']", "'xxxxxxxxxxxx...xxxxxxxxxxxxx'")
    """
    try:
        return _SHORT.repr(value)
    except ValueError:  # Python writes no whole number of more than 4,300 figures
        return "a very long number"


_SHORT = reprlib.Repr()
_SHORT.maxlevel = 2
