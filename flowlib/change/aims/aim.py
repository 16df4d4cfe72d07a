"""
What are we trying to accomplish? How much, by when, for whom and where.

The first question of the Model for Improvement (G. Langley and others, "The
Improvement Guide", 2nd edition, 2009). An aim without a number and a date cannot be
missed, so it cannot be met either. What is missing is said; nothing is filled in.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flowlib.change import kept
from flowlib.core import checks, dates

__all__ = ["DOWN", "UP", "Aim", "day", "spoken_day", "vague_words"]

VAGUE = (
    "soon", "as soon as possible", "asap", "improve", "improved", "improving", "improvement", "better",
    "as good as possible", "best possible", "optimise", "enhance", "significantly", "significant", "substantially",
    "as much as possible", "where possible", "where appropriate", "timely", "world class", "in due course",
    "going forward", "some", "more efficient", "appropriate",
)  # fmt: skip
UP = frozenset({"increase", "increasing", "raise", "raising", "more", "higher", "grow", "double"})
DOWN = frozenset(
    {"reduce", "reducing", "cut", "cutting", "lower", "fewer", "less", "shorten", "decrease", "halve", "shorter"}
)


@dataclass(frozen=True)
class Aim:
    """
    One aim: what will change, how much, by when, for whom and where.

    >>> aim = Aim("shorten the wait for home care", 30, 18, "hours", "30/06/2027", "people aged 65 and over", "Wexmoor")
    >>> aim.sentence()
    'We aim to shorten the wait for home care, from 30 to 18 hours, by 30 June 2027, for people aged 65 and over, at Wexmoor.'
    >>> aim.check(today=dt.date(2026, 11, 22))
    ()
    """  # noqa: E501 - an aim is read aloud in one breath

    what: str = ""  # what we will do, as it follows "We aim to"
    start: float | None = None  # today's value, in `unit`
    target: float | None = None  # the value we want, in `unit`
    unit: str = ""  # such as hours, %, or "in 10"
    by: dt.date | str | None = None  # the day; text is read day first
    whom: str = ""  # the people it is for
    where: str = ""  # the place, team or service

    def __post_init__(self) -> None:
        for name in ("what", "unit", "whom", "where"):
            object.__setattr__(self, name, kept.words(name, getattr(self, name), empty=True))
        for name in ("start", "target"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else checks.finite(name, value))
        object.__setattr__(self, "by", None if self.by is None or self.by == "" else day("by", self.by))

    @property
    def direction(self) -> str:
        """Which way the number should go: "up", "down", or "" where that is not clear."""
        if self.start is not None and self.target is not None:
            return "up" if self.target > self.start else "down" if self.target < self.start else ""
        said = _said(self.what)
        return next(iter(said)) if len(said) == 1 else ""

    def check(self, *, today: dt.date | None = None) -> tuple[str, ...]:
        """
        What is missing or vague, a plain sentence each; none where the aim is ready.

        >>> Aim("cut falls", 12, 6, "a month", "1 May 2026", "patients", "Ward 4").check(today=dt.date(2026, 11, 22))
        ('The date, 1 May 2026, is in the past. Choose a day to come.',)
        """
        late = _today() if today is None else day("today", today)
        return (*self._of_what(), *self._of_numbers(), *self._of_day(late), *self._of_people())

    def sentence(self) -> str:
        """The aim as one statement to read aloud; what is missing stands as a question in brackets."""
        start, target = self._amount(self.start), self._amount(self.target)
        amount = f"from {start or '[how much today?]'} to {target or '[how much?]'}"
        if self.unit and self.unit != "%":
            amount += f" {self.unit}"
        date = spoken_day(self.by) if isinstance(self.by, dt.date) else "[which day?]"
        parts = (_as_verb(self.what) or "[do what?]", amount, f"by {date}", f"for {self.whom or '[whom?]'}")
        return f"We aim to {', '.join(parts)}, at {self.where or '[which place?]'}."

    def _amount(self, value: float | None) -> str:
        return "" if value is None else checks.shown(value) + ("%" if self.unit == "%" else "")

    def _of_what(self) -> list[str]:
        if not self.what:
            return ["The aim does not say what will change. Say it in words, such as: shorten the wait for home care."]
        parts = (self.what, self.whom, self.where)
        return [
            f'"{word}" is vague. Say how much, by which day or for whom instead.'
            for word in dict.fromkeys(found for part in parts for found in vague_words(part))
        ]

    def _of_numbers(self) -> list[str]:
        found = []
        if self.start is None:
            found.append("The aim does not say where you are today. Give today's number.")
        if self.target is None:
            found.append("The aim has no target. Give the number that you want to reach.")
        if not self.unit and not (self.start is None and self.target is None):
            found.append("The numbers have no unit. Say what they count, such as hours or %.")
        return found + self._of_direction()

    def _of_direction(self) -> list[str]:
        said = _said(self.what)
        if self.start is not None and self.start == self.target:
            value = self._amount(self.start) + (f" {self.unit}" if self.unit not in {"", "%"} else "")
            return [f"The target equals today's value, {value}. Say what should change."]
        if self.start is not None and self.target is not None:
            against = said and self.direction not in said
            came = f"the numbers go {self.direction}, from {self._amount(self.start)} to {self._amount(self.target)}"
            return [f"The words and the numbers disagree: {came}. Correct one of them."] if against else []
        unclear = "It is not clear whether the number should go up or down. Say both today's value and the target."
        return [unclear] if not self.direction else []

    def _of_day(self, today: dt.date) -> list[str]:
        if not isinstance(self.by, dt.date):
            return ["The aim has no date. Say by which day, such as 30 June 2027."]
        late = f"The date, {spoken_day(self.by)}, is in the past. Choose a day to come."
        return [late] if self.by < today else []

    def _of_people(self) -> list[str]:
        whom = ["The aim does not say for whom. Name the people, such as people aged 65 and over."]
        where = ["The aim does not say where. Name the ward, team or place."]
        return (whom if not self.whom else []) + (where if not self.where else [])


def day(name: str, value: object) -> dt.date:
    """
    A day from a date or text, day first as the NHS writes it.

    >>> day("by", "01/02/2027")
    datetime.date(2027, 2, 1)
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    told = f'{name} must be a day such as 30/06/2027 or "30 June 2027"; {checks.brief(value)} came.'
    checks.need(isinstance(value, (str, dt.datetime)) and not str(value).strip().isdigit(), told)
    try:
        stamp = dates.moment(name, value)
    except checks.Refusal:
        raise checks.Refusal(told) from None
    return dt.date(stamp.year, stamp.month, stamp.day)


def spoken_day(date: dt.date) -> str:
    """
    A day as it is read aloud.

    >>> spoken_day(dt.date(2018, 8, 6))
    '6 August 2018'
    """
    return f"{date.day} {date:%B} {date.year}"


def vague_words(text: str) -> tuple[str, ...]:
    """
    Words in a text that no result could ever contradict; the longest where one stands in another.

    >>> vague_words("Improve care as soon as possible, for some")
    ('improve', 'as soon as possible', 'some')
    """
    either = "|".join(re.escape(word) for word in sorted(VAGUE, key=len, reverse=True))
    return tuple(dict.fromkeys(re.findall(rf"(?<![\w-])(?:{either})(?![\w-])", text.lower())))


def _as_verb(what: str) -> str:
    """The words as they follow "We aim to": without a capital, unless the first word is an abbreviation."""
    first = what.split(" ", maxsplit=1)[0]
    return what[:1].lower() + what[1:] if first[1:].islower() else what


def _said(text: str) -> set[str]:
    """Which ways the words of an aim point; less waiting and more time at home point both ways."""
    heard = set(re.findall(r"[a-z]+", text.lower()))
    return {way for way, known in (("up", UP), ("down", DOWN)) if heard & known}


def _today() -> dt.date:
    return dt.datetime.now(ZoneInfo(dates.LONDON)).date()
