"""
What is the text of a cell, and which single cells show who a person is beyond doubt?

Every different text of a column is looked at, however long the column: pyarrow picks
those that could hold an identity at all, and only these are judged one by one. Signs that
cannot be seen, and digits of other scripts, are made plain first.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.dates import BLANKS
from flowlib.core.privacy import births, names, numbers, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["as_text", "different_texts", "identity_in", "identity_value", "plain", "plain_number", "single_identities"]

EMAIL = re.compile(
    r"[^@\s<>,;:()\"]+@[^@\s<>,;:()\"]+\.[^\W\d_]{2,}"
    r"|[\w.'+-]+(?:\s?@\s?|\s?[(\[]?\bat\b[)\]]?\s?)(?:[\w-]+(?:\.|\s?[(\[]?\bdot\b[)\]]?\s?))+(?:uk|com|net|org|ie|eu)\b",
    re.IGNORECASE,
)
# A key made by a machine (RFC 4122, or a hash in hexadecimals): its figures are no numbers.
MADE_KEY = re.compile(r"(?=.*[a-f])(?=.*\d)[0-9a-f]{4,}(?:-?[0-9a-f]{4,}){3,}", re.IGNORECASE)
UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
DASHES = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212], "-")
DRESSED = r"\d,\d{3},|^['\"=`]|^\s|\s$|\.0+$|[eE]\+?0?\d$|\s\s|[\t\r\n]"
SCIENTIFIC = re.compile(r"\d\.\d+e\+?\d\d?", re.IGNORECASE)
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){3}(?:\.0+)?")
QUOTED = re.compile(r"=?\s*[\"'`]*(.*?)[\"'`]*")
MANY = 5_000  # texts
LONG = 150  # signs; whoever writes so much in one cell writes of a person
# What a cell must hold to be looked at: one of these, as RE2 reads them.
COULD_BE = (
    r"(?i)@|\bat\b.*(?:\.|\bdot\b)|\d{3}[\s._/-]{0,3}\d{3}[\s._/-]{0,3}\d{4}|\d[\s()._-]{0,3}(?:\d[\s()._-]{0,3}){7,10}\d"
    r"|[a-z]{1,2}\s?\d[a-z\d]?[\s._-]*\d[a-z]{2}|[a-z]{2}[\s-]?\d\d[\s-]?\d\d[\s-]?\d\d[\s-]?[a-d]"
    r"|\b(?:dob|d\.o\.b|birth|born)\b|\d[a-z]?,?\s+[a-z].*\b(?:street|road|rd|avenue|ave|lane|ln|close|drive|crescent"
    r"|cres|terrace|gardens|gdns|grove|mews|st|boulevard|parade)\b"
    r"|\b(?:cottage|farm|farmhouse|bungalow|rectory|vicarage|barn|manse|croft)\s*,|.{150}"
)
COULD_BE_TITLES = r"\b(?:mr|mrs|ms|miss|mx)\b"
COULD_BE_DAYS = r"\d[\s/.-]+(?:\d\d?|[a-z]{3,9})[\s/.-]+\d\d"
WORDY = r"@|[A-Za-z]{2}|[^\x00-\x7f]"
BARE_NUMBER = r"^(?:[1-9][0-9]*|[0-9]{1,10})$"
SAMPLE = 2_000
COULD_BE_NAMES = r"[^\W\d_]{2,}[,\s^._/|]+[^\W\d_]|[^\x00-\x7f]|\b(?:mr|mrs|ms|miss|dr|prof)\b"
MOST_ALIKE = 0.6  # share of texts of one shape that must be the real thing
INSURANCE_SHAPE = re.compile(r"[A-Z]{2}\d{6}[A-Z]", re.IGNORECASE)
POSTCODE_SHAPE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", re.IGNORECASE)
PHONE_SHAPE = re.compile(r"0\d{9,11}")
DIGITS_ONLY = re.compile(r"[\d.]+")


def as_text(cell: object) -> str:
    """A cell as trimmed text; 12.0 is "12"."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def different_texts(cells: pd.Series) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The different texts of a column, made plain, and which of them each cell holds; -1 where blank."""
    codes, found = pd.factorize(cells, use_na_sentinel=True)
    texts = _plain_texts([as_text(cell) for cell in found])
    blank = np.fromiter((text.lower() in BLANKS for text in texts), dtype=bool, count=len(texts))
    place = np.where(blank, -1, np.arange(len(texts)))
    return np.asarray(texts, dtype=object), np.append(place, -1)[codes]


def _plain_texts(texts: Sequence[str]) -> list[str]:
    """Texts without what cannot be seen, quotation marks around, and the point and noughts of a whole number."""
    made = list(texts)
    for place in _matching(made, f"[^ -~]|{DRESSED}"):
        made[place] = plain(made[place])
    return made


def _matching(texts: Sequence[str] | NDArray[np.object_], pattern: str) -> NDArray[np.int64]:
    """The places of texts in which a pattern is found; of many, by pyarrow, which takes longer to set out."""
    if len(texts) < MANY:
        found = _compiled(pattern).search
        return np.asarray([place for place, text in enumerate(texts) if found(text)], dtype=np.int64)
    import pyarrow as pa  # noqa: PLC0415 - heavy, so only where there are many
    from pyarrow import compute as pc  # noqa: PLC0415

    held = pa.array(texts, type=pa.large_string())
    return np.flatnonzero(pc.match_substring_regex(held, pattern).to_numpy(zero_copy_only=False))


@lru_cache(maxsize=16)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def plain(text: str) -> str:
    """
    One text made plain.

    >>> plain("'9434765919.0"), plain("9.434765919E+09"), plain('="0123"')
    ('9434765919', '9434765919', '0123')
    """
    seen = unicodedata.normalize("NFKC", text).translate(UNSEEN).translate(DASHES)
    bare = QUOTED.fullmatch(" ".join(seen.split()))
    seen = bare[1] if bare else seen
    if SCIENTIFIC.fullmatch(seen) and float(seen).is_integer():
        return str(int(float(seen)))
    if THOUSANDS.fullmatch(seen):
        seen = seen.replace(",", "")
    return re.sub(r"^(\d+)\.0+$", r"\1", seen)


def plain_number(text: str) -> str:
    """
    One health service number however it was written; any other id as it is.

    >>> plain_number("943-476 5919"), plain_number("A 12")
    ('9434765919', 'A 12')
    """
    digits = numbers.digits_only(plain(text))
    return digits if digits.isdecimal() and len(digits) == numbers.DIGITS else text


def identity_value(text: str) -> str | None:
    """
    What kind of identity one value is beyond doubt, or None.

    >>> identity_value("ls1 4ap"), identity_value("07700 900123"), identity_value("0000012345")
    ('postcode', 'telephone number', None)
    >>> identity_value("HART, Maureen"), identity_value("Rose Ward")
    ('name', None)
    """
    value = plain(text)
    if numbers.nhs_number(value):
        return numbers.number_kind(np.asarray([int(numbers.digits_only(value))]))
    if places.postcode(value):
        return "postcode"
    return identity_in(value, with_names=False) or ("name" if names.whole_name(value) else None)


def identity_in(text: str, *, with_names: bool = True) -> str | None:
    """
    What kind of identity stands in a text beyond doubt, or None.

    >>> identity_in("rang 07700 900123 twice"), identity_in("Bed 12, Ward 4"), identity_in("Dr Aisha Okafor")
    ('telephone number', None, 'name')
    """
    judges = (
        ("e-mail address", EMAIL.search),
        ("NHS number", numbers.labelled),
        ("postcode", places.postcode_in),
        ("telephone number", numbers.phone_in),
        ("National Insurance number", numbers.insurance_number),
        ("date of birth", births.birth_in),
        ("address", places.address),
    )
    kind = next((kind for kind, looks in judges if looks(text)), None)
    if kind is None and (names.name_in(text) if with_names else names.titled_in(text)):
        return "name"
    return kind


def single_identities(texts: NDArray[np.object_], *, with_names: bool = True, times: bool = False) -> dict[int, str]:
    """
    The places of texts that show who a person is, each with its kind; the rest of the column says what is usual.

    Of what are to be *times* only those are looked at that hold words.
    """
    looked = _matching(texts, WORDY) if times else np.arange(len(texts))
    held = texts[looked]
    found = _health_numbers(held)
    plain_number = set(_matching(held, BARE_NUMBER).tolist())
    with_days = not times and not _mostly_days(held)
    could_be = "|".join([COULD_BE, *[COULD_BE_DAYS] * with_days, COULD_BE_NAMES if with_names else COULD_BE_TITLES])
    for place in _matching(held, could_be):
        if place in plain_number:
            continue
        text = held[place]
        if MADE_KEY.fullmatch(text):
            continue
        kind = _whole(text) or identity_in(text, with_names=with_names)
        if kind is None and len(text) >= LONG:
            kind = "free text"
        if kind is None and with_days and births.long_ago(text):
            kind = "date of birth"
        if kind is not None:
            found.setdefault(int(place), kind)
    return {int(looked[place]): kind for place, kind in _without_look_alikes(held, found).items()}


def _mostly_days(texts: NDArray[np.object_]) -> bool:
    """Whether most texts hold a day, so that one of long ago is a slip."""
    sample = texts[:: len(texts) // SAMPLE + 1].tolist()
    return sum(births.IN_TEXT.search(text) is not None for text in sample) > len(sample) / 2


def _whole(text: str) -> str | None:
    """The kind of a text that is nothing but an identity."""
    if places.postcode(text, strict=not re.search(r"\s", text)):
        return "postcode"
    return "telephone number" if numbers.phone(text) else None


def _health_numbers(texts: NDArray[np.object_]) -> dict[int, str]:
    """The places of ten-digit numbers that pass the check, where so many pass that it is no chance."""
    bare, rough = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    bare[_matching(texts, r"^[0-9]{10}$")] = True
    rough[_matching(texts, r"[0-9](?:[\s._/-]{0,3}[0-9]){9}")] = True
    rough[[place for place in np.flatnonzero(rough & ~bare) if MADE_KEY.fullmatch(texts[place])]] = False
    at = list(np.flatnonzero(bare))
    values = [int(text) for text in texts[bare]]
    for place in np.flatnonzero(rough & ~bare):
        for number in numbers.tens_in(texts[place]):
            at.append(place)
            values.append(number)
    if not values:
        return {}
    tens = np.asarray(values, dtype=np.int64)
    good = numbers.passes(tens)
    different, passed = len(np.unique(tens)), len(np.unique(tens[good]))
    others = [text for text in texts[~bare & ~rough][: 10 * numbers.DIGITS] if DIGITS_ONLY.fullmatch(text)]
    all_pass = passed == different and (not others or len(texts) == different)
    if not passed or not (all_pass or numbers.beyond_chance(passed, different)):
        return {}
    kind = numbers.number_kind(tens[good])
    return {int(place): kind for place, ok in zip(at, good, strict=True) if ok}


def _without_look_alikes(texts: NDArray[np.object_], found: dict[int, str]) -> dict[int, str]:
    """Leave out those kinds of which most texts of the same shape are not the real thing, so that it is a code."""
    for kind, shape in (
        ("National Insurance number", INSURANCE_SHAPE),
        ("postcode", POSTCODE_SHAPE),
        ("telephone number", PHONE_SHAPE),
    ):
        mine = {place for place, one in found.items() if one == kind and shape.fullmatch(texts[place])}
        if not mine:
            continue
        alike = sum(shape.fullmatch(text) is not None for text in texts)
        if len(mine) <= MOST_ALIKE * alike:
            found = {place: one for place, one in found.items() if place not in mine}
    return found
