"""
How ready does each partner of a place think it is? One score a building block, from 1 to 5.

The eight building blocks are those of `flowlib.stages`: the first three are named by
the report that flowlib follows, and five are our reading of its recommendations. The
scale from 1 to 5 is ours too. A partner is an organisation or a team: no person's
name is kept, and those who act are named by their role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flowlib.change import kept
from flowlib.change.aims.aim import day, spoken_day
from flowlib.core import checks, privacy
from flowlib.core.given_names import GIVEN_NAMES
from flowlib.stages import BLOCKS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

__all__ = ["LOWEST_SCORE", "TOP_SCORE", "WORDING", "Action", "PartnerScores", "block_name", "block_number", "score"]

LOWEST_SCORE, TOP_SCORE = 1, 5
STATES = ("open", "done", "dropped")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir", "dame", "prof"})
# A partner or a role that holds one of these, or its plural, is an organisation, a team or a place: Victoria Ward.
PLACES = frozenset(
    {
        "agency", "association", "board", "borough", "care", "centre", "charity", "clinic", "college", "committee",
        "community", "company", "council", "county", "department", "district", "foundation", "group", "health",
        "healthcare", "home", "homecare", "hospice", "hospital", "house", "hub", "infirmary", "ltd", "limited", "lodge",
        "nhs", "nursing", "office", "partnership", "pharmacy", "practice", "primary", "provider", "school", "service",
        "society", "street", "surgery", "team", "trust", "union", "unit", "university", "ward",
    }
)  # fmt: skip
NAME_WORDS = (2, 3)  # so many words has a person's name as it is usually written


def _wording() -> str:
    """Whose words the blocks have, for the page that shows them."""
    theirs = [str(block.number) for block in BLOCKS if block.wording == "the report's"]
    ours = [str(block.number) for block in BLOCKS if block.wording == "ours"]
    told = [f"The report names blocks {_and(theirs)}."] if theirs else []
    told += [f"Blocks {_and(ours)} are our reading of its recommendations."] if ours else []
    return " ".join([*told, "The scale from 1 to 5 is ours."])


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


WORDING = _wording()


@dataclass(frozen=True)
class PartnerScores:
    """What one partner thinks of each block; made by `score`."""

    partner: str
    scores: tuple[int, ...]  # one a block, in the order of the blocks, 1 to 5
    version: int = 1  # how often this partner has scored; the latest counts
    earlier: tuple[tuple[int, ...], ...] = ()  # the scores of the rounds before, from the first on

    def again(self, scores: Mapping[int | str, object]) -> PartnerScores:
        """The same partner's next scores, which take the place of these; these are kept as an earlier round."""
        return replace(score(self.partner, scores), version=self.version + 1, earlier=(*self.earlier, self.scores))


@dataclass(frozen=True)
class Action:
    """
    What will be done about a block, by which role and which day.

    >>> Action(1, "Share one list of people ready to leave", "Head of information", "31/03/2027").sentence()
    'Good information and IT: Share one list of people ready to leave. Head of information, by 31 March 2027.'
    """

    block: int  # 1 to 8
    what: str
    who: str  # a role, never a person's name
    by: dt.date  # the day; text is taken too, and read day first
    state: str = "open"  # open, done or dropped
    version: int = 1  # how often it was changed; the latest counts

    def __post_init__(self) -> None:
        object.__setattr__(self, "block", block_number(self.block))
        object.__setattr__(self, "what", kept.words("The action", self.what))
        object.__setattr__(self, "who", _role(self.what, self.who))
        object.__setattr__(self, "by", day(f'The day of the action "{self.what}"', self.by))
        checks.choice("state", self.state, STATES, where=f'for "{self.what}"')
        checks.whole("version", self.version, 1)

    def overdue(self, today: dt.date) -> bool:
        """Whether it is still open after its day."""
        return self.state == "open" and self.by < today

    def sentence(self) -> str:
        """The action in words."""
        return f"{block_name(self.block)}: {self.what}. {self.who}, by {spoken_day(self.by)}."

    def changed(self, **parts: Any) -> Action:  # noqa: ANN401 - the fields of an action
        """The action with another day, role or state: `changed(state="done")`."""
        for name in parts:
            checks.choice("part", name, ("who", "by", "state"), where="that an action can change")
        return replace(self, **parts, version=self.version + 1)


def score(partner: str, scores: Mapping[int | str, object]) -> PartnerScores:
    """
    One partner's scores, by the number or the name of each block.

    >>> score("Wexmoor Council", {1: 2, 2: 3, 3: 3, 4: 1, 5: 2, 6: 4, 7: 3, 8: 5}).scores
    (2, 3, 3, 1, 2, 4, 3, 5)
    """
    name = _partner(partner)
    came = f"The scores of {name} must go by block, such as {{1: 3}}; {checks.brief(scores)} came."
    checks.need(isinstance(scores, Mapping), came)
    found: dict[int, int] = {}
    for block, value in scores.items():
        number = block_number(block)
        told = f"{name} scored block {number}, {block_name(number)}, twice. Keep one of the scores."
        checks.need(number not in found, told)
        found[number] = _score(name, number, value)
    missing = [block.number for block in BLOCKS if block.number not in found]
    told = f"{name} has no score for {_blocks(missing)}. Score each block from {LOWEST_SCORE} to {TOP_SCORE}."
    checks.need(not missing, told)
    return PartnerScores(name, tuple(found[block.number] for block in BLOCKS))


def block_number(block: object) -> int:
    """
    The number of a block, from its number or its name.

    >>> block_number("Good information and IT"), block_number("8")
    (1, 8)
    """
    text = " ".join(str(block).split())
    by_name = {one.name.casefold(): one.number for one in BLOCKS}
    by_name |= {str(one.number): one.number for one in BLOCKS}
    found = by_name.get(text.casefold())
    if found is None:
        raise checks.Refusal(
            f"There is no building block {checks.brief(block)}; they go from 1 to {len(BLOCKS)}. "
            "Use the number, or the name as it is written there."
        )
    return found


def block_name(number: int) -> str:
    """The name of a block."""
    return next(one.name for one in BLOCKS if one.number == number)


def _score(partner: str, number: int, value: object) -> int:
    """A whole number from 1 to 5; a file holds it as text."""
    plain = str(value).strip() if isinstance(value, (int, float, str)) and not isinstance(value, bool) else ""
    whole = plain.removesuffix(".0")
    told = (
        f"{partner} scored block {number}, {block_name(number)}, {checks.brief(value)}. "
        f"Give a whole number from {LOWEST_SCORE} to {TOP_SCORE}."
    )
    checks.need(whole in {str(one) for one in range(LOWEST_SCORE, TOP_SCORE + 1)}, told)
    return int(whole)


def _blocks(numbers: Iterable[int]) -> str:
    listed = [str(number) for number in numbers]
    return f"block {listed[0]}" if len(listed) == 1 else f"blocks {_and(listed)}" if listed else ""


def _partner(name: object) -> str:
    tidy = kept.words("The partner's name", name)
    told = f'"{tidy}" looks like a person. Name the organisation or team that scored, such as Wexmoor Council.'
    checks.need(not _personal(tidy), told)
    return tidy


def _role(what: str, who: object) -> str:
    tidy = kept.words("who", who, where=f'The action "{what}"')
    told = f'"{tidy}" looks like a person. Give the role that owns the action "{what}", such as ward manager.'
    checks.need(not _personal(tidy), told)
    return tidy


def _personal(text: str) -> bool:
    """
    Whether a text is a person's number or address, or is written as names are: Jane Hill, Dr Hill.

    What holds a word for an organisation or a place is none: Victoria Ward, Grace Hospital Trust.
    """
    words = text.replace(".", "").split()
    place = any(word.lower().removesuffix("s") in PLACES or word.lower() in PLACES for word in words)
    first = words[0].lower() if words else ""
    named = len(words) in NAME_WORDS and all(word[:1].isupper() for word in words) and first in GIVEN_NAMES
    titled = first in TITLES and len(words) > 1
    return ((named or titled) and not place) or privacy.identity_value(text) is not None
