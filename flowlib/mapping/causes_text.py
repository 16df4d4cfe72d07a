"""
How are a fishbone and five whys kept as text that a person can read and change?

YAML in which all is text, and from which they come back the same. A cause that has
nothing behind it and no evidence is its words alone. Every refusal names the place.
"""

from __future__ import annotations

from typing import Any

from flowlib.core.checks import brief, choice, need
from flowlib.core.plain_yaml import dumped, parsed
from flowlib.mapping.causes import HEADS, Cause, Fishbone, FiveWhys

__all__ = ["causes_from_text", "causes_to_text"]

FISHBONE, WHYS, CAUSE = (
    ("problem", "causes"),
    ("problem", "answers", "action", "evidence"),
    ("cause", "because", "evidence"),
)


def causes_to_text(notes: Fishbone | FiveWhys) -> str:
    """
    The notes as YAML.

    >>> print(causes_to_text(FiveWhys("Late", ["Nobody knew"], action="A list on the wall")).strip())
    problem: Late
    answers:
    - Nobody knew
    action: A list on the wall
    """
    if isinstance(notes, FiveWhys):
        plain: dict[str, Any] = {"problem": notes.problem, "answers": list(notes.answers)}
        plain |= {word: text for word in ("action", "evidence") if (text := getattr(notes, word))}
    else:
        plain = {"problem": notes.problem, "causes": {head: _plain(notes.under(head)) for head in notes.causes}}
    return dumped(plain)


def causes_from_text(text: str) -> Fishbone | FiveWhys:
    """
    The notes that a YAML text holds: five whys where it has answers, else a fishbone.

    >>> causes_from_text("{problem: Late letters, causes: {task: [Typed once a week]}}").check()[0]
    'Nothing stands under "patient", "staff", "equipment", "place", "organisation". Ask there too, or say that you did.'
    """
    whole = parsed(text, of="a team's notes", aliases=False)
    need(isinstance(whole, dict), "The text must begin with a problem, such as problem: Late letters.")
    assert isinstance(whole, dict)  # noqa: S101 - refused above, which the type checker cannot see
    kind = WHYS if "answers" in whole else FISHBONE
    for word in whole:
        choice("part", word, kind, where="of five whys" if kind is WHYS else "of a fishbone")
    need("problem" in whole, "The text has no problem. Begin it with one, such as problem: Late letters.")
    if kind is WHYS:
        need(isinstance(whole["answers"], list), f"answers must be a list; {brief(whole['answers'])} came.")
        return FiveWhys(whole["problem"], tuple(whole["answers"]), whole.get("action", ""), whole.get("evidence", ""))
    causes = whole.get("causes") or {}
    need(isinstance(causes, dict), f"causes must stand under headings, such as task:; {brief(causes)} came.")
    for head in causes:
        choice("heading", head, HEADS, where="of a fishbone")
    return Fishbone(whole["problem"], {head: _causes(f"causes, {head}", told) for head, told in causes.items()})


def _plain(causes: tuple[Cause, ...]) -> list[Any]:
    """Causes as words, or as names with values where there is more to say."""
    made: list[Any] = []
    for one in causes:
        entry: dict[str, Any] = {"cause": one.text}
        if one.evidence:
            entry["evidence"] = one.evidence
        if one.because:
            entry["because"] = _plain(one.because)
        made.append(entry if len(entry) > 1 else one.text)
    return made


def _causes(where: str, told: object) -> tuple[Cause, ...]:
    """Causes from a list of words, or of entries with a cause."""
    if told == "":
        return ()
    need(isinstance(told, list), f"{where}: this must be a list of causes; {brief(told)} came.")
    assert isinstance(told, list)  # noqa: S101 - as above
    found = []
    for place, one in enumerate(told, start=1):
        here = f"{where}, {place}"
        if isinstance(one, str):
            found.append(Cause(one))
            continue
        need(isinstance(one, dict) and "cause" in one, f"{here}: this needs its words, as in cause: An old rule.")
        for word in one:
            choice("word", word, CAUSE, where=f"for {here}")
        found.append(Cause(one["cause"], _causes(f"{here}, because", one.get("because", "")), one.get("evidence", "")))
    return tuple(found)
