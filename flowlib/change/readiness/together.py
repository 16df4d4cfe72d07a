"""
Where do the partners of a place agree, where do they differ, and who does what about it?

The scores of all partners side by side: the middle one (median) of each block, and how
far apart the highest and the lowest are. A wide gap is a conversation to have, not an
error. The lowest blocks become actions with a role and a day.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from flowlib.change import kept
from flowlib.change.readiness.scores import Action, PartnerScores, block_name
from flowlib.core import checks
from flowlib.stages import BLOCKS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable, Iterable

__all__ = ["BlockTogether", "Readiness", "merge"]

WIDE = 2  # points between highest and lowest: enough for a conversation; ours
FEW = 3  # so many of the lowest blocks are asked for, and more where they tie; ours

_Kept = TypeVar("_Kept", PartnerScores, Action)


@dataclass(frozen=True)
class BlockTogether:
    """What all partners think of one block."""

    number: int  # 1 to 8
    name: str
    median: float  # 1 to 5
    lowest: int
    highest: int
    lowest_partners: tuple[str, ...]
    highest_partners: tuple[str, ...]

    @property
    def spread(self) -> int:
        """Points between the highest and the lowest score."""
        return self.highest - self.lowest

    def sentence(self) -> str:
        """Who sees the block how, as an opening for the conversation."""
        low, high = " and ".join(self.lowest_partners), " and ".join(self.highest_partners)
        return f"{self.name}: {high} scored {self.highest}, {low} scored {self.lowest}. What does each of you see?"


@dataclass(frozen=True)
class Readiness:
    """
    The scores and the actions of one place.

    >>> from flowlib.change.readiness import score
    >>> place = Readiness("Wexmoor").add(score("Council", dict.fromkeys(range(1, 9), 3)))
    >>> place.blocks()[0].median
    3
    """

    place: str
    partners: tuple[PartnerScores, ...] = ()  # by name
    actions: tuple[Action, ...] = ()  # by block, then day

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", kept.words("The name of the place", self.place))
        often = Counter(_key(one.partner) for one in self.partners)
        for one in self.partners:
            told = f'"{one.partner}" stands twice. Keep one set of scores for each partner.'
            checks.need(often[_key(one.partner)] == 1, told)
        object.__setattr__(self, "partners", tuple(sorted(self.partners, key=lambda one: _key(one.partner))))
        order = sorted(self.actions, key=lambda one: (one.block, one.by, one.what, one.who))
        object.__setattr__(self, "actions", tuple(order))

    def add(self, scores: PartnerScores) -> Readiness:
        """The place with one more partner's scores, or with new ones in place of the old."""
        others = [one for one in self.partners if _key(one.partner) != _key(scores.partner)]
        old = [one.version for one in self.partners if one not in others]
        told = f'"{scores.partner}" has scored already. To score again, begin from those scores with again(...).'
        checks.need(scores.version > max(old, default=0), told)
        return replace(self, partners=(*others, scores))

    def act(self, action: Action) -> Readiness:
        """The place with one more action, or with a changed one in place of what it was."""
        return merge(self, replace(self, partners=(), actions=(action,)))

    def blocks(self) -> tuple[BlockTogether, ...]:
        """Each block as the partners see it together."""
        checks.need(self.partners, "No partner has scored yet. Begin with one partner's scores.")
        return tuple(self._block(place, block.number) for place, block in enumerate(BLOCKS))

    def table(self) -> pd.DataFrame:
        """One row a block: number, name, median, lowest, highest and spread, in points from 1 to 5."""
        names = ["number", "name", "median", "lowest", "highest", "spread"]
        return pd.DataFrame([{name: getattr(one, name) for name in names} for one in self.blocks()], columns=names)

    def conversation(self) -> tuple[str, ...]:
        """Where the partners differ most, widest first; what to talk about before anything is planned."""
        if len(self.partners) == 1:
            return (f"Only {self.partners[0].partner} has scored. Ask the other partners before you compare.",)
        wide = sorted((one for one in self.blocks() if one.spread >= WIDE), key=lambda one: (-one.spread, one.number))
        if not wide:
            return (f"No block is {WIDE} points or more apart. Ask whether all voices were heard.",)
        return tuple(one.sentence() for one in wide)

    def since_first(self) -> pd.DataFrame:
        """
        One row a block: its median in the first round and now, by those partners that have scored twice or more.

        Columns: number, name, first, now (1 to 5), change (now less first). No row before anybody scored twice.
        """
        both = [(one.earlier[0], one.scores) for one in self.partners if one.earlier]
        rows = [
            (block.number, block.name, *(float(median(scores[which][place] for scores in both)) for which in (0, 1)))
            for place, block in enumerate(BLOCKS if both else ())
        ]
        made = pd.DataFrame(rows, columns=["number", "name", "first", "now"])
        return made.assign(change=made["now"] - made["first"])

    def progress(self) -> tuple[str, ...]:
        """What moved since the first round, a sentence each; a score is a view, so it asks what people see."""
        twice = sum(bool(one.earlier) for one in self.partners)
        if not twice:
            return ("No partner has scored twice yet.",)
        table = self.since_first()
        moved = [
            f"{one.name}: from {checks.shown(one.first)} to {checks.shown(one.now)}."
            for one in table[table["change"] != 0].itertuples()
        ]
        by = "by the 1 partner that has" if twice == 1 else f"by the {twice} partners that have"
        begin = f"Middle scores, {by} scored twice or more. Ask what you now see that you did not see before."
        return (begin, *(moved or ["No block moved."]))

    def lowest(self, few: int = FEW) -> tuple[BlockTogether, ...]:
        """The blocks with the lowest medians: *few* of them, and those that tie with the last."""
        checks.need(checks.whole("few", few, 1) <= len(BLOCKS), f"There are only {len(BLOCKS)} blocks; {few} came.")
        ranked = sorted(self.blocks(), key=lambda one: (one.median, one.number))
        return tuple(one for one in ranked if one.median <= ranked[few - 1].median)

    def needs_action(self, few: int = FEW) -> tuple[str, ...]:
        """The lowest blocks that have no open action, a sentence each."""
        owned = {action.block for action in self.actions if action.state == "open"}
        return tuple(
            f"{one.name} has no open action. Agree what, which role and which day."
            for one in self.lowest(few)
            if one.number not in owned
        )

    def overdue(self, today: dt.date) -> tuple[Action, ...]:
        """The actions that are still open after their day, longest first."""
        return tuple(sorted((one for one in self.actions if one.overdue(today)), key=lambda one: one.by))

    def _block(self, place: int, number: int) -> BlockTogether:
        by_partner = {one.partner: one.scores[place] for one in self.partners}
        low, high = min(by_partner.values()), max(by_partner.values())
        lowest, highest = (tuple(name for name, got in by_partner.items() if got == end) for end in (low, high))
        return BlockTogether(number, block_name(number), median(by_partner.values()), low, high, lowest, highest)


def merge(*places: Readiness) -> Readiness:
    """
    Several partners' files as one: each partner and each action once, at its latest version.

    The order does not matter, and merging again changes nothing. Two versions with the
    same number and different content are refused, since only people can say which is right.

    >>> merge(Readiness("Wexmoor"), Readiness("Wexmoor")) == Readiness("Wexmoor")
    True
    """
    checks.need(places, "There is nothing to merge. Give at least one file of scores.")
    names = sorted({one.place for one in places})
    told = f"These are different places: {checks.listed(names)}. Merge the files of one place."
    checks.need(len({_key(name) for name in names}) == 1, told)
    partners = _latest((one for place in places for one in place.partners), lambda one: _key(one.partner), _two_scores)
    actions = _latest((one for place in places for one in place.actions), _about, _two_actions)
    return Readiness(names[0], tuple(partners), tuple(actions))


def _latest(
    given: Iterable[_Kept], key: Callable[[_Kept], Hashable], twice: Callable[[_Kept, _Kept], str]
) -> list[_Kept]:
    """The latest version of each; refused where there are two of them."""
    groups: dict[Hashable, set[_Kept]] = {}
    for one in given:
        groups.setdefault(key(one), set()).add(one)
    found = []
    for _, group in sorted(groups.items(), key=lambda item: str(item[0])):
        latest = max(one.version for one in group)
        top = sorted((one for one in group if one.version == latest), key=repr)
        if len(top) > 1:
            raise checks.Refusal(twice(top[0], top[1]))
        found += top
    return found


def _two_scores(one: PartnerScores, other: PartnerScores) -> str:
    differ = [str(block.number) for block, a, b in zip(BLOCKS, one.scores, other.scores, strict=True) if a != b]
    other_way = "an earlier round" if one.earlier != other.earlier else "how the name is written"
    where = f"differ in block {', '.join(differ)}" if differ else f"differ in {other_way}"
    return f'The scores of "{one.partner}" came twice and {where}. Ask that partner which to keep.'


def _two_actions(one: Action, _: Action) -> str:
    return f'The action "{one.what}" was changed in two ways at once. Agree on one, and change it again.'


def _about(action: Action) -> tuple[int, str]:
    return action.block, _key(action.what)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
