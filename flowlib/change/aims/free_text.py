"""
What does an aim in someone's own words say, and what does it lack?

Only plain patterns are read: "from 30 to 18 hours", "by 30 June 2027", "for people
aged 65 and over", "at Wexmoor General". Each finding is told with the words that it
came from, and what fits no pattern, or two, is left out and said so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowlib.change import kept
from flowlib.change.aims.aim import Aim, day, spoken_day, vague_words
from flowlib.core import checks

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["AimRead", "read_aim"]

MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
DAY = re.compile(
    rf"\b(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTHS}) \d{{4}})\b",
    re.IGNORECASE,
)
MONTH = re.compile(rf"\b(?:the end of |end of )?(?:{MONTHS})(?: \d{{4}})?\b(?! \d)", re.IGNORECASE)
# A comma stands only before three figures; what goes on as a number after that, such as 12,5, is none.
NUMBER = r"(-?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?(?![.,-]?\d))"
ODD = re.compile(rf"(?<![\w.,-])(?!{NUMBER}(?!\w))-?\d[\d.,]*\d")
NOT_UNITS = "by|for|in|at|to|on|from|and|or|within|across|until|before|with"
PER = "(?:a|per) (?:hour|day|week|month|year)"
UNIT = rf" ?(%|per cent\b|percent\b|in \d+\b|{PER}\b|(?!(?:{NOT_UNITS})\b)[a-z]+(?: {PER})?)?"
FROM_TO = re.compile(rf"\bfrom {NUMBER}{UNIT} to {NUMBER}{UNIT}", re.IGNORECASE)
TO = re.compile(rf"(?<!\w)to {NUMBER}{UNIT}", re.IGNORECASE)
BY_SO_MUCH = re.compile(rf"\bby {NUMBER} ?(?:%|per cent|percent|[a-z]+)(?!\w)", re.IGNORECASE)
WHOM = re.compile(
    r"(?<!wait )(?<!waits )(?<!waiting )(?<!time )(?<!list )\bfor ((?:(?!\b(?:at|in|by|from|to|until)\b)[^,.;])+)",
    re.IGNORECASE,
)
WHERE = re.compile(r"\b(?:at|in|on) ((?:the )?[A-Z][\w'’-]*(?: (?:of |and |the )?[A-Z0-9][\w'’-]*)*)")
ENDS = re.compile(r"(?:,|\.|;|\b(?:from|for|by|at|to|until|before)\b)[\s,]*$", re.IGNORECASE)
OPENING = re.compile(r"^(?:our aim is to|we aim to|we will|we want to|to|aim:)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class AimRead:
    """What was read in an aim's own words."""

    aim: Aim  # only what was found
    found: tuple[str, ...]  # a sentence each, with the words that it came from
    lacks: tuple[str, ...]  # a sentence each: what is missing, vague or could be read in two ways


@dataclass(frozen=True)
class _Piece:
    """One part of an aim: its fields, where it stood, what was found and what is in doubt."""

    fields: dict[str, Any]
    at: int | None = None  # where in the text it begins
    found: str = ""
    doubt: str = ""


def read_aim(text: str, *, today: dt.date | None = None) -> AimRead:
    """
    An aim as its own words say it, what was found in them, and what they lack.

    >>> got = read_aim("Cut the wait for home care from 30 to 18 hours by 30/06/2027")
    >>> got.aim.start, got.aim.target, got.aim.unit
    (30.0, 18.0, 'hours')
    >>> got.found[-1]
    'By when: "30/06/2027", read day first as 30 June 2027.'
    """
    tidy = kept.words("The aim", text)
    pieces = [_amount(tidy), _date(tidy), _place(tidy), _people(tidy)]
    what = _what(tidy[: min((piece.at for piece in pieces if piece.at is not None), default=None)])
    fields = {name: value for piece in pieces for name, value in piece.fields.items()}
    aim = Aim(what=what, **fields)
    found = ([f'What: "{what}".'] if what else []) + [piece.found for piece in pieces if piece.found]
    doubts = [piece.doubt for piece in pieces if piece.doubt]
    doubts += [] if pieces[0].at is not None else _numbers_unread(tidy)
    lacks = [*doubts, *aim.check(today=today), *_vague_elsewhere(tidy, aim)]
    return AimRead(aim, tuple(found), tuple(lacks))


def _what(text: str) -> str:
    """What stands before the first other part, without the words that open an aim or lead to that part."""
    what = OPENING.sub("", text.strip())
    while ENDS.search(what):
        what = ENDS.sub("", what).strip()
    return what.strip(" ,.;")


def _amount(text: str) -> _Piece:
    both = list(FROM_TO.finditer(text))
    if len(both) > 1:
        return _Piece({}, both[0].start(), doubt="Two changes stand in the aim. Keep one in each aim.")
    if both:
        one = both[0]
        units = {_unit(one[2]), _unit(one[4])} - {""}
        doubt = f'"{one[0]}" has two units. Use one unit for both numbers.' if len(units) > 1 else ""
        unit = units.pop() if len(units) == 1 else ""
        fields = {"start": _number(one[1]), "target": _number(one[3]), "unit": unit}
        return _Piece(fields, one.start(), f'How much: "{one[0].strip()}".', doubt)
    return _one_sided(text)


def _one_sided(text: str) -> _Piece:
    """A target without today's value, or a change without either; neither where a number is written oddly."""
    odd = ODD.search(_without(text, DAY, MONTH, WHERE, WHOM))
    if odd:
        said = f'"{odd[0]}" was not read: write decimals with a point, as 12.5, and thousands as 12,500.'
        return _Piece({}, text.index(odd[0]), doubt=said)
    targets = [one for one in TO.finditer(text) if not DAY.match(text, one.start(1))]
    if len(targets) > 1:
        return _Piece({}, targets[0].start(), doubt="Two targets stand in the aim. Keep one in each aim.")
    if targets:
        one = targets[0]
        fields = {"target": _number(one[1]), "unit": _unit(one[2])}
        return _Piece(fields, one.start(), f'Target: "{one[0].strip()}".')
    steps = [one for one in BY_SO_MUCH.finditer(text) if not DAY.match(text, one.start(1))]
    if steps:
        said = f'"{steps[0][0]}" is a change, not a level. Say from how much to how much.'
        return _Piece({}, steps[0].start(), doubt=said)
    return _Piece({})


def _date(text: str) -> _Piece:
    days = list(DAY.finditer(text))
    if len(days) > 1:
        doubt = f"Two dates stand in the aim, {checks.listed(one[0] for one in days)}. Keep the one to be done by."
        return _Piece({}, days[0].start(), doubt=doubt)
    if days:
        return _read_day(days[0])
    months = [one for one in MONTH.finditer(text) if one[0].lower() not in {"may", "march"}]
    if months:
        said = f'"{months[0][0]}" is not a day. Say the day and the year, such as 30 June 2027.'
        return _Piece({}, months[0].start(), doubt=said)
    return _Piece({})


def _read_day(one: re.Match[str]) -> _Piece:
    try:
        date = day("The date", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", one[0], flags=re.IGNORECASE))
    except checks.Refusal:
        return _Piece({}, one.start(), doubt=f'"{one[0]}" is not a day of the calendar. Correct it.')
    return _Piece({"by": date}, one.start(), f'By when: "{one[0]}", read day first as {spoken_day(date)}.')


def _place(text: str) -> _Piece:
    places = [one for one in WHERE.finditer(text) if not MONTH.match(one[1])]
    if len(places) > 1:
        doubt = f"Two places could be meant, {checks.listed(one[1] for one in places)}. Keep one, or name both as one."
        return _Piece({}, places[0].start(), doubt=doubt)
    if not places:
        return _Piece({})
    return _Piece({"where": places[0][1]}, places[0].start(), f'Where: "{places[0][1]}".')


def _people(text: str) -> _Piece:
    """Who stands after "for", other than in a wait for something."""
    groups = list(WHOM.finditer(text))
    if len(groups) > 1:
        doubt = f"It could be for {checks.listed(one[1].strip() for one in groups)}. Say it once."
        return _Piece({}, groups[0].start(), doubt=doubt)
    if not groups:
        return _Piece({})
    whom = groups[0][1].strip()
    return _Piece({"whom": whom}, groups[0].start(), f'For whom: "{whom}". Check that these are people.')


def _vague_elsewhere(text: str, aim: Aim) -> list[str]:
    """Vague words that stand in no part of the aim, such as a "soon" at its end."""
    known = {word for part in (aim.what, aim.whom, aim.where) for word in vague_words(part)}
    return [
        f'"{word}" is vague. Say how much, by which day or for whom instead.'
        for word in vague_words(text)
        if word not in known
    ]


def _numbers_unread(text: str) -> list[str]:
    """Numbers that stand where no amount was found, other than in a day, a place or a group of people."""
    rest = _without(text, DAY, MONTH, WHERE, WHOM)
    return [
        f'"{one[0].strip()}" was not read as a target. Write how much as "from 30 to 18 hours".'
        for one in re.finditer(rf"(?<!\w){NUMBER}{UNIT}", rest, re.IGNORECASE)
    ]


def _without(text: str, *known: re.Pattern[str]) -> str:
    """The text without what other parts of an aim hold."""
    for one in known:
        text = one.sub(" ", text)
    return text


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _unit(text: str | None) -> str:
    unit = (text or "").strip().lower()
    return "%" if unit in {"per cent", "percent"} else unit
