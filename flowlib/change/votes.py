"""
What does a room think, and what changed its mind?

People raise their hands for one of several answers, and only how many did is kept: no
names, and no order. Or they say of a few statements whether they agree, with one count
each. The same asked later shows what moved in the room. All sums are counts and shares;
where fewer or more people are there the second time, shares are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MOST_HANDS", "Agreed", "Hands", "agreed", "agreed_then", "joined", "moved", "outcome"]

MOST_HANDS = 500  # for one answer; a larger room needs no vote by hand


@dataclass(frozen=True)
class Hands:
    """
    The hands raised for each answer to one question.

    >>> Hands("Which would you fund?", ("Beds", "Home care"), (7, 5)).sentence()
    '7 of 12 hands are for “Beds”.'
    """

    question: str
    options: tuple[str, ...]  # two answers or more, all different
    counts: tuple[int, ...]  # hands for each, in the order of the answers

    def __post_init__(self) -> None:
        checks.need(self.question.strip(), "A vote needs a question.")
        distinct = len({one.strip() for one in self.options if one.strip()})
        told = "A vote needs at least two answers, all different and none empty."
        checks.need(distinct == len(self.options) and distinct > 1, told)
        told = (
            f"There are {len(self.options)} answers and {len(self.counts)} counts of hands. Give each answer a count."
        )
        checks.need(len(self.options) == len(self.counts), told)
        for option, count in zip(self.options, self.counts, strict=True):
            found = checks.whole(f'hands for "{option}"', count)
            told = f'{found:,} hands for "{option}" are too many; this vote counts up to {MOST_HANDS}.'
            checks.need(found <= MOST_HANDS, told)
        checks.need(self.total, "No hand is counted yet. Count the hands for each answer, then close the vote.")

    @property
    def total(self) -> int:
        """All hands that were raised."""
        return sum(self.counts)

    @property
    def ahead(self) -> tuple[str, ...]:
        """The answer with most hands, or those that share the lead."""
        most = max(self.counts)
        return tuple(option for option, count in zip(self.options, self.counts, strict=True) if count == most)

    def share(self, option: str) -> Fraction:
        """The part of all hands that were for *option*, 0 to 1."""
        return Fraction(self.of(option), self.total)

    def of(self, option: str) -> int:
        """The hands for *option*."""
        return self.counts[self.options.index(checks.choice("answer", option, self.options))]

    def sentence(self) -> str:
        """What the room says."""
        most = max(self.counts)
        if len(self.ahead) == 1:
            return f"{most} of {_hands(self.total)} {'is' if most == 1 else 'are'} for {joined(self.ahead)}."
        return f"{joined(self.ahead, 'and')} share the lead, with {most} of {_hands(self.total)} each."


@dataclass(frozen=True)
class Agreed:
    """How many of the people in a room agree with each of a few statements; made by `agreed`."""

    statements: tuple[str, ...]  # one or more, all different
    counts: tuple[int, ...]  # hands for each, 0 to `room`
    room: int  # people there

    def sentence(self, number: int) -> str:
        """What the room says to the statement at the place *number*, counted from 0."""
        return f"{self.counts[number]} of {self.room} {'agrees' if self.counts[number] == 1 else 'agree'}."


def agreed(statements: Sequence[str], counts: Sequence[int | None], room: int | None) -> Agreed:
    """
    Checked counts of who agrees, among the people in the *room*; None is a count that nobody has made.

    >>> agreed(["Beds help most."], [7], 12).sentence(0)
    '7 of 12 agree.'
    """
    checks.need(room, "Say first how many people are in the room.")
    people = checks.whole("the people in the room", room, 1)
    checks.need(people <= MOST_HANDS, f"{people:,} people are too many; this poll counts up to {MOST_HANDS}.")
    made = []
    for number, (statement, count) in enumerate(zip(statements, counts, strict=True), start=1):
        name = f"statement {number}, “{statement}”"
        checks.need(count is not None, f"There is no count yet for {name} Type 0 if nobody agrees.")
        hands = checks.whole(f"hands for {name}", count)
        told = f"{hands:,} hands for {name} are more than the {people} people in the room. Count one of them again."
        checks.need(hands <= people, told)
        made.append(hands)
    return Agreed(tuple(statements), tuple(made), people)


def agreed_then(before: Agreed, now: Agreed) -> str:
    """
    What moved most between two polls of the same statements, by shares of those there; and who came or left.

    >>> asked = ["It is news.", "Beds help most."]
    >>> agreed_then(agreed(asked, [9, 7], 12), agreed(asked, [2, 6], 12))
    'What moved most: “It is news.” 9 of 12 agreed before, and 2 of 12 agree now.'
    """
    told = "Only answers to the same statements can be compared. Ask them again in the same words."
    checks.need(before.statements == now.statements, told)
    apart = [
        abs(Fraction(then, now.room) - Fraction(was, before.room))
        for was, then in zip(before.counts, now.counts, strict=True)
    ]
    most = apart.index(max(apart))
    said = "The room answers as it did before."
    if apart[most]:
        now_agree = f"{now.counts[most]} of {now.room} {'agrees' if now.counts[most] == 1 else 'agree'} now"
        was = f"{before.counts[most]} of {before.room} agreed before, and {now_agree}."
        said = f"What moved most: “{now.statements[most]}” {was}"
    if before.room == now.room:
        return said
    return f"{said} {before.room} people were in the room before, and {now.room} are now."


def outcome(hands: Hands, came_true: tuple[str, ...]) -> str:
    """
    What the room said beside what it was; *came_true* are the answers that turned out right.

    >>> outcome(Hands("What helps?", ("Beds", "Home care"), (7, 5)), ("Home care",))
    'We said “Beds”; it was “Home care”. 5 of 12 hands said so.'
    """
    checks.need(came_true, "Say which answer came true.")
    right = sum(hands.of(one) for one in came_true)
    said = f"We said {joined(hands.ahead, 'and')}; it was {joined(came_true)}."
    return f"{said} {right} of {_hands(hands.total)} said so."


def moved(before: Hands, after: Hands) -> str:
    """
    Which answer the room gives more often than *before*; the one that grew most, by its share of the hands.

    >>> asked = ("Is it news?", ("Yes", "No"))
    >>> moved(Hands(*asked, (9, 3)), Hands(*asked, (2, 9)))
    'More of us say “No”: 3 of 12 hands before, 9 of 11 now.'
    """
    told = "Only answers to the same question can be compared. Ask it again in the same words."
    checks.need((before.question, before.options) == (after.question, after.options), told)
    grown = {option: after.share(option) - before.share(option) for option in after.options}
    most = max(grown, key=lambda option: grown[option])
    if grown[most] == 0:
        return "The room answers as it did before."
    was, now = before.of(most), after.of(most)
    return f"More of us say “{most}”: {was} of {_hands(before.total)} before, {now} of {after.total} now."


def joined(options: tuple[str, ...], word: str = "or") -> str:
    """
    Answers as they stand in a sentence.

    >>> joined(("A", "B", "C"))
    '“A”, “B” or “C”'
    """
    quoted = [f"“{option}”" for option in options]
    return f" {word} ".join(part for part in (", ".join(quoted[:-1]), quoted[-1]) if part)


def _hands(number: int) -> str:
    return f"{number} hand" if number == 1 else f"{number} hands"
