"""
How do several partners keep their scores in one file without losing any?

The file is YAML that people can read. To save is to hold the file, merge what is in it
with what came, and put the whole in its place: two who save at once both stay in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flowlib.change import kept
from flowlib.change.aims.aim import day
from flowlib.change.readiness.scores import Action, PartnerScores, block_name, block_number, score
from flowlib.change.readiness.together import Readiness, merge
from flowlib.core import checks
from flowlib.stages import BLOCKS

__all__ = ["from_text", "load", "save", "to_text"]

PARTS = ("place", "partners", "actions")
PARTNER_PARTS = ("partner", "version", "scores", "earlier")
ACTION_PARTS = ("block", "what", "who", "by", "state", "version")


def save(readiness: Readiness, path: str | Path, *, patience: float = kept.PATIENCE) -> Readiness:
    """
    Add *readiness* to the file, and return all that is in it now.

    A crash half way leaves the old file whole. While somebody else saves, this waits for
    up to *patience* seconds.
    """
    place = Path(path)
    with kept.held(place, patience=patience) as turn:
        whole = merge(load(place), readiness) if place.exists() else readiness
        kept.write(place, to_text(whole), turn=turn)
    return whole


def load(path: str | Path) -> Readiness:
    """What a file kept by `save` holds."""
    return from_text(kept.read(path))


def to_text(readiness: Readiness) -> str:
    """
    The scores and actions of a place as YAML.

    >>> print(to_text(Readiness("Wexmoor")).strip())
    place: Wexmoor
    """
    partners = [
        {"partner": one.partner, "version": one.version, "scores": _named(one.scores)}
        | ({"earlier": [_named(scores) for scores in one.earlier]} if one.earlier else {})
        for one in readiness.partners
    ]
    actions = [
        {name: getattr(one, name) for name in ACTION_PARTS} | {"block": block_name(one.block), "by": one.by.isoformat()}
        for one in readiness.actions
    ]
    plain = {"place": readiness.place, "partners": partners, "actions": actions}
    return kept.dumped({name: value for name, value in plain.items() if value})


def from_text(text: str) -> Readiness:
    """
    The scores and actions in a YAML text, checked as if they were typed in.

    >>> from_text("place: Wexmoor").place
    'Wexmoor'
    """
    plain = _parts("The file", kept.parsed(text), PARTS, "place")
    partners = [_partner(f"partners, {i}", one) for i, one in enumerate(_list(plain, "partners"), start=1)]
    actions = [_action(f"actions, {i}", one) for i, one in enumerate(_list(plain, "actions"), start=1)]
    return Readiness(plain["place"], tuple(partners), tuple(actions))


def _named(scores: tuple[int, ...]) -> dict[str, int]:
    return {block.name: got for block, got in zip(BLOCKS, scores, strict=True)}


def _partner(path: str, entry: object) -> PartnerScores:
    parts = _parts(path, entry, PARTNER_PARTS, "partner", "scores")
    version = _version(path, parts)
    earlier = tuple(score(parts["partner"], one).scores for one in _list(parts, "earlier"))
    told = f"{path}: version {version} cannot have {len(earlier)} earlier rounds. Raise the version, or take one out."
    checks.need(len(earlier) < version, told)
    return replace(score(parts["partner"], parts["scores"]), version=version, earlier=earlier)


def _action(path: str, entry: object) -> Action:
    parts = _parts(path, entry, ACTION_PARTS, "block", "what", "who", "by")
    by = day(f"{path}: by", parts["by"])
    number = block_number(parts["block"])
    return Action(number, parts["what"], parts["who"], by, parts.get("state", "open"), _version(path, parts))


def _version(path: str, parts: Mapping[str, Any]) -> int:
    return checks.whole(f"{path}: version", parts.get("version", 1), 1)


def _parts(path: str, entry: object, known: tuple[str, ...], *needed: str) -> Mapping[str, Any]:
    if not isinstance(entry, Mapping):
        raise checks.Refusal(f"{path} must have named parts, such as {needed[0]}: ...; {checks.brief(entry)} came.")
    for word in entry:
        checks.choice("part", word, known, where=f"in {path[0].lower()}{path[1:]}")
    for word in needed:
        checks.need(word in entry, f'{path} has no "{word}". Add it.')
    return entry


def _list(plain: Mapping[str, Any], name: str) -> list[Any]:
    value = plain.get(name, [])
    told = f"{name} must be a list; {checks.brief(value)} came. Begin each entry with a dash."
    checks.need(isinstance(value, list) or value == "", told)
    return list(value)
