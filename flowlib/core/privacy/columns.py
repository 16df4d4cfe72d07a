"""
Does this column show who people are?

First as a whole, by the share of its cells that look alike; in a long column 2,000 of
them, spread evenly. Then cell by cell, all of them, for what is an identity beyond doubt
wherever it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.privacy import births, cells, names, numbers, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["NUMBERS", "Shows", "identities", "identity", "plain_header", "seems", "whom_it_shows"]

SAMPLE = 2_000  # cells judged in a long column, spread evenly
MOST = 0.5  # share of cells that must look alike
SOME = 0.1  # share of ten-digit numbers from which a column is judged by them
ENOUGH = 5  # so many ten-digit numbers, where other cells stand between them
LONG_TEXT, VERY_LONG_TEXT, MANY_TEXTS = 5, 8, 5  # words in a cell of free text; different ones in which it shows
LONG_SHARE, VARIED = 0.3, 0.5  # share of cells that are free text, and of those that differ
NUMBERS = ("NHS number", "CHI number", "H&C number")
KINDS = ("e-mail address", "postcode", "telephone number", "National Insurance number")


@dataclass(frozen=True)
class Shows:
    """What in a column could show who people are."""

    kind: str  # such as "name" or "NHS number"
    whole: bool  # the column as a whole, or single cells of it
    cells: NDArray[np.bool_]  # which cells; all of them where it is the whole column


def identity(header: str, column: Iterable[object]) -> str | None:
    """What kind of identity a column looks like, or holds in some of its cells; or None."""
    found = whom_it_shows(header, column)
    return None if found is None else found.kind


def identities(frame: pd.DataFrame) -> dict[str, str]:
    """
    Each column that looks like a person's identity or holds one, with its kind.

    >>> identities(pd.DataFrame({"who": ["Maureen Hart", "John Lark"], "ward": ["A", "B"]}))
    {'who': 'name'}
    """
    found = {str(name): identity(str(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)}
    return {column: kind for column, kind in found.items() if kind is not None}


def whom_it_shows(header: str, column: Iterable[object], *, times: bool = False) -> Shows | None:
    """
    What in a column could show who people are, or None; *times* where it is to be read as times.

    >>> whom_it_shows("priority", ["urgent", "routine", "m.hart@example.org"]).cells.tolist()
    [False, False, True]
    """
    series = column if isinstance(column, pd.Series) else pd.Series(list(column), dtype=object)
    texts, codes = cells.different_texts(series)
    filled = codes[codes >= 0]
    if not len(filled):
        return None
    kind = _whole(header, texts[filled[:: len(filled) // SAMPLE + 1]].tolist())
    if kind is not None and not (times and kind != "date of birth"):
        return Shows(kind, whole=True, cells=np.ones(len(codes), dtype=bool))
    used = np.flatnonzero(np.bincount(filled))
    with_names = not times and not names.STEP_HEADER.search(plain_header(header))
    single = cells.single_identities(texts[used], with_names=with_names, times=times)
    if not single:
        return None
    kinds = list(single.values())
    hit = np.zeros(len(texts) + 1, dtype=bool)
    hit[used[list(single)]] = True
    return Shows(max(sorted(set(kinds)), key=kinds.count), whole=False, cells=hit[codes] & (codes >= 0))


def seems(shows: Shows) -> str:
    """
    What to say of a column that shows who people are.

    >>> seems(whom_it_shows("x", ["LS1 4AP", "LS2 9JT"]))
    'looks like a postcode'
    """
    article = "" if shows.kind == "free text" else "an " if shows.kind[:2] in {"e-", "NH", "H&", "ad"} else "a "
    return f"{'looks like' if shows.whole else 'holds what looks like'} {article}{shows.kind}"


def plain_header(header: str) -> str:
    """A column's name in lower case, words apart."""
    return re.sub(r"[^a-z]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(header)).lower()).strip()


def _whole(header: str, text: Sequence[str]) -> str | None:
    if not text:
        return None
    head = plain_header(header)
    if kind := _health_number(head, text):
        return kind
    known = {word: cells.identity_value(word) for word in set(text)}
    kinds = [known[word] for word in text]
    for kind in KINDS:
        if kinds.count(kind) > MOST * len(text):
            return kind
    judges = {
        "telephone number": _phones,
        "date of birth": births.births,
        "name": names.names,
        "address": _addresses,
        "free text": _free_text,
    }
    return next((kind for kind, looks in judges.items() if looks(head, text)), None)


def _health_number(header: str, text: Sequence[str]) -> str | None:
    """Which health service number most ten-digit numbers are, by the check or by the column's name."""
    tens = [word for word in text if numbers.ten_digits(word)]
    values = np.asarray([int(numbers.digits_only(word)) for word in tens], dtype=np.int64)
    if numbers.HEALTH_HEADER.search(header) and len(tens) > MOST * len(text):
        return numbers.number_kind(values)
    enough = len(tens) >= max(SOME * len(text), 1) and (len(tens) == len(text) or len(tens) >= ENOUGH)
    if enough:
        different = np.unique(values)
        good = numbers.passes(different)
        if good.mean() > MOST and (good.all() or numbers.beyond_chance(int(good.sum()), len(good))):
            return numbers.number_kind(different[good])
    return "CHI number" if _without_their_zero(text) else None


def _without_their_zero(text: Sequence[str]) -> bool:
    """Whether these are CHI numbers of which Excel dropped the first nought."""
    short = {int(word) for word in text if re.fullmatch(r"\d{9,10}", word)}
    nine = np.asarray([value for value in short if value < 10**9], dtype=np.int64)
    if len(short) <= MOST * len(set(text)) or len(nine) < ENOUGH - 2:
        return False
    good = numbers.passes(nine) & numbers.scottish(nine)
    return bool(good.mean() > MOST)


def _phones(header: str, text: Sequence[str]) -> bool:
    """Whether the cells are so many digits, without the zero that Excel drops; by the header, or as mobiles are."""
    joined = [re.sub(r"[\s().-]", "", word) for word in text]
    digits = sum(re.fullmatch(r"0?\d{9,12}|\+\d{9,14}", word) is not None for word in joined)
    return (numbers.PHONE_HEADER.search(header) is not None and digits > MOST * len(text)) or numbers.mobiles_cut(
        joined
    )


def _addresses(header: str, text: Sequence[str]) -> bool:
    """Whether most cells are lines of an address, and not the same few."""
    varied = len(set(text)) > MOST * len(text)
    named = places.ADDRESS_HEADER.search(header) is not None
    lines = sum(places.street(word) for word in text)
    if (lines > MOST * len(text) and varied) or (named and varied and lines > 0):
        return True
    homes = {word for word in text if places.address(word)}
    return len(homes) >= ENOUGH and len(homes) > MOST * len(set(text))


def _free_text(_: str, text: Sequence[str]) -> bool:
    """Whether many cells are sentences, most of those different."""
    long = [word for word in text if len(word.split()) >= LONG_TEXT]
    longest = {word for word in long if len(word.split()) >= VERY_LONG_TEXT}
    varied = len(set(long)) > VARIED * len(long)
    return len(long) > LONG_SHARE * len(text) and varied and (len(set(long)) >= MANY_TEXTS or len(longest) > 1)
