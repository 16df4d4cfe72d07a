"""
Could this show who a person is?

Two guards. `identities` judges columns before they are used: NHS numbers, names,
dates of birth, postcodes, telephone numbers and e-mail addresses. `suppress` makes a
table safe to show: numbers of people from 1 to 7 become "*", and so does whatever
describes so few (NHS Digital, disclosure control for hospital statistics, 2018).

A column is judged by the share of its cells, because 1 in 11 random ten-digit
numbers passes the NHS number's check.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.core import checks
from flowlib.core.given_names import GIVEN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "FEWEST", "HIDDEN", "ROUND_TO", "as_text", "identities", "identity", "nhs_number", "rekey", "rounded", "suppress",
]  # fmt: skip

FEWEST = 8  # nothing is shown about fewer people than this
ROUND_TO = 5  # counts of real people are shown to the nearest 5
HIDDEN = "*"
SAMPLE = 2_000  # cells judged in a long column, spread evenly
MOST = 0.5  # share of cells that must look alike
YEARS_OF_BIRTHS = 30  # dates without a time that spread over more years than this are births

POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"(?:\+44|0044|0)\s*\(?\d[\d\s()-]{8,12}")
WORD = r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*\.?"
PERSON_NAME = re.compile(rf"(?:(?:mr|mrs|ms|miss|dr)\.?\s+)?{WORD}(?:,\s*|\s+){WORD}(?:\s+{WORD})?", re.IGNORECASE)
SINGLE_WORD = re.compile(WORD)
NAME_HEADER = re.compile(r"\b(?:surname|forename|(?:first|last|given|family|full|patient|client|person) ?name|name)\b")
STEP_HEADER = re.compile(r"step|ward|activity|event|team|service")
BIRTH_HEADER = re.compile(r"\b(?:dob|birth|born)\b|dateofbirth")


def nhs_number(text: str) -> bool:
    """
    Whether ten digits pass the NHS number's check (modulus 11; NHS Data Dictionary).

    >>> nhs_number("943 476 5919"), nhs_number("943 476 5918")
    (True, False)
    """
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{10}", digits) or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(digits[9])


def identity(header: str, cells: Iterable[object]) -> str | None:
    """What kind of identity a column looks like, or None."""
    header = re.sub(r"[^a-z]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(header)).lower()).strip()
    column = pd.Series(cells).dropna()
    if len(column) > SAMPLE:
        column = column.iloc[:: len(column) // SAMPLE + 1]
    text = [word for word in map(as_text, column) if word]
    if not text:
        return None

    def share(pattern: re.Pattern[str]) -> float:
        return sum(pattern.fullmatch(word) is not None for word in text) / len(text)

    looks = {"NHS number": sum(map(nhs_number, text)) / len(text)}
    looks |= {"e-mail address": share(EMAIL), "postcode": share(POSTCODE), "telephone number": share(PHONE)}
    found = [kind for kind, alike in looks.items() if alike > MOST]
    if not found and _births(header, column):
        found = ["date of birth"]
    if not found and _names(header, text, share(PERSON_NAME), share(SINGLE_WORD)):
        found = ["name"]
    return found[0] if found else None


def identities(frame: pd.DataFrame) -> dict[str, str]:
    """
    Each column that looks like a person's identity, with its kind.

    >>> identities(pd.DataFrame({"who": ["Maureen Hart", "John Lark"], "ward": ["A", "B"]}))
    {'who': 'name'}
    """
    found = {str(column): identity(str(column), frame[column]) for column in frame.columns}
    return {column: kind for column, kind in found.items() if kind is not None}


def rekey(people: pd.Series) -> pd.Series:
    """The same people under new random keys: nothing of the old key is in the new one."""
    import secrets  # noqa: PLC0415 - only here

    keys = list(dict.fromkeys(people))
    width = max(4, len(str(len(keys))))
    numbers = list(range(1, len(keys) + 1))
    secrets.SystemRandom().shuffle(numbers)
    return people.map({key: f"P{number:0{width}d}" for key, number in zip(keys, numbers, strict=True)})


def rounded(people: float, *, synthetic: bool = False) -> str:
    """
    A number of people as it may be shown.

    >>> rounded(0), rounded(4), rounded(1043), rounded(1043, synthetic=True)
    ('0', '*', '1,045', '1,043')
    """
    if 0 < people < FEWEST:
        return HIDDEN
    return f"{people if synthetic else ROUND_TO * round(people / ROUND_TO):,.0f}"


def suppress(
    table: pd.DataFrame,
    *,
    counts: Sequence[str],
    describes: Sequence[str] = (),
    people: str | None = None,
    total: bool = False,
    synthetic: bool = False,
    decimals: int = 1,
) -> pd.DataFrame:
    """
    The table as it may be shown, as text.

    *counts* are columns that count people or visits. Columns in *describes* (medians,
    longest stays) are hidden in rows where *people* (by default the first of
    *counts*) is under 8. Counts of real people are shown to the nearest 5. With
    `total=True` a total is known elsewhere: when just one row is hidden, the smallest
    other row is hidden too, so that the total cannot undo it.
    """
    for column in (*counts, *describes):
        checks.choice("column", column, map(str, table.columns))
    base = table[people or counts[0]]
    few = (base > 0) & (base < FEWEST)
    if total and few.sum() == 1 and (base >= FEWEST).any():
        few = few | (table.index == base[base >= FEWEST].idxmin())
    shown = table.astype(object).copy()
    for column in counts:
        hide = few | ((table[column] > 0) & (table[column] < FEWEST))
        text = [
            HIDDEN if hidden else _counted(n, synthetic=synthetic)
            for n, hidden in zip(table[column], hide, strict=True)
        ]
        shown[column] = text
    for column in describes:
        text = [HIDDEN if hidden else _described(v, decimals) for v, hidden in zip(table[column], few, strict=True)]
        shown[column] = text
    return shown


def _counted(people: Any, *, synthetic: bool) -> str:  # noqa: ANN401 - a number, or missing
    return "" if pd.isna(people) else rounded(people, synthetic=synthetic)


def _described(value: Any, decimals: int) -> str:  # noqa: ANN401 - a number or a word
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else f"{value:,.{decimals}f}"


def as_text(cell: object) -> str:
    """A cell as trimmed text; 12.0 is "12"."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _births(header: str, column: pd.Series) -> bool:
    if BIRTH_HEADER.search(header):
        return True
    from flowlib.core.dates import read_dates  # noqa: PLC0415 - dates are only read when needed

    day_only = re.compile(r"\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?: 00:00(?::00)?)?\s*")
    looks = [day_only.fullmatch(str(cell)) is not None for cell in column]
    if sum(looks) <= MOST * len(looks):
        return False
    years = read_dates(column[looks]).times.dropna().dt.year
    return len(years) > 0 and float(years.quantile(0.9) - years.quantile(0.1)) > YEARS_OF_BIRTHS


def _names(header: str, text: list[str], full: float, single: float) -> bool:
    words = [re.findall(r"[\w'’-]+", cell.lower()) for cell in text]
    known = sum(any(part in GIVEN_NAMES for part in parts) for parts in words) / len(text)
    named_so = NAME_HEADER.search(header) is not None and not re.search(
        r"step|ward|activity|event|team|service", header
    )
    varied = len(set(text)) > len(text) / 2
    if full > MOST:
        return known > 0.2 or (named_so and varied)  # noqa: PLR2004 - 1 in 5 is far above chance
    return single > MOST and (known > MOST or (named_so and varied))
