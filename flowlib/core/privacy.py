"""
Could this show who a person is?

Two guards. `identities` judges columns before they are used: NHS numbers, names,
dates of birth, postcodes, telephone numbers, e-mail addresses and free text.
`suppress` makes a table safe to show: numbers of people from 1 to 7 become "*", and
so does whatever describes so few (NHS Digital, disclosure control for hospital
statistics, 2018).

A column is judged by the share of its cells, because 1 in 11 random ten-digit
numbers passes the NHS number's check.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.dates import BLANKS, read_dates
from flowlib.core.given_names import GIVEN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = [
    "FEWEST", "HIDDEN", "ROUND_TO", "as_text", "identities", "identity", "identity_value", "nhs_number", "rekey",
    "rounded", "suppress",
]  # fmt: skip

FEWEST = 8  # nothing is shown about fewer people than this
ROUND_TO = 5  # counts of real people are shown to the nearest 5
HIDDEN = "*"
SAMPLE = 2_000  # cells judged in a long column, spread evenly
MOST = 0.5  # share of cells that must look alike
SOME = 0.1  # share of ten-digit numbers from which a column is judged by them
ENOUGH = 5  # so many ten-digit numbers, where other cells stand between them
KNOWN_IN_A_LONG_LIST, KNOWN_IN_A_SHORT = 0.2, 0.6  # share with a common given name; "X Ray" is no person
LONG_LIST = 10  # different names
LONG_TEXT, MANY_TEXTS = 6, 20  # words in a cell of free text; rows in which it shows
YEARS_OF_BIRTHS = 30  # dates without a time that spread over more years than this are births

TEN_DIGITS = re.compile(r"\d{3}[\s-]?\d{3}[\s-]?\d{4}")
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"(?:\+44|0044)0?[1235789]\d{8,9}|0[1235789]\d{8,9}|\+[1-9]\d{8,13}")
PHONE_WITHOUT_ZERO = re.compile(r"0?\d{9,12}")  # as Excel keeps it
DAY_ONLY = re.compile(r"\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ T]00:00(?::00)?)?\s*")
WORD = r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*\.?"
PERSON_NAME = re.compile(
    rf"(?:(?:mr|mrs|ms|miss|dr)\.?\s+)?{WORD}(?:,\s*|\s+){WORD}(?:\s+{WORD}){{0,2}}", re.IGNORECASE
)
SINGLE_WORD = re.compile(rf"{WORD}(?<=..)")
PLACE = re.compile(
    r"\b(?:wards?|units?|suite|clinic|team|cent(?:re|er)|house|lodge|court|surgery|room|bay|hospital|department|theatre)\b",
    re.IGNORECASE,
)
NAME_HEADER = re.compile(r"\b(?:surname|forename|(?:first|last|given|family|full|patient|client|person) ?name|name)\b")
STEP_HEADER = re.compile(
    r"step|ward|activity|event|team|service(?! user)|location|department|unit|place|site|clinic|concept"
)
BIRTH_HEADER = re.compile(r"\b(?:dob|birth|born)\b|dateofbirth")
NHS_HEADER = re.compile(r"\bnhs ?(?:no|num|number)\b")
PHONE_HEADER = re.compile(r"\b(?:tele)?phone\b|\bmobile\b|\btel\b|\bcontact (?:no|number)\b")


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


def identity_value(text: str) -> str | None:
    """
    What kind of identity one value is beyond doubt, or None.

    >>> identity_value("ls1 4ap"), identity_value("07700 900123"), identity_value("0000012345")
    ('postcode', 'telephone number', None)
    """
    for kind, looks in (
        ("NHS number", nhs_number),
        ("e-mail address", EMAIL.fullmatch),
        ("postcode", POSTCODE.fullmatch),
    ):
        if looks(text):
            return kind
    return "telephone number" if PHONE.fullmatch(_joined(text)) else None


def identity(header: str, cells: Iterable[object]) -> str | None:
    """What kind of identity a column looks like, or None."""
    header = re.sub(r"[^a-z]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(header)).lower()).strip()
    column = pd.Series(cells).dropna()
    if len(column) > SAMPLE:
        column = column.iloc[:: len(column) // SAMPLE + 1]
    text = [word for word in map(as_text, column) if word.lower() not in BLANKS]
    if not text:
        return None
    if _nhs_numbers(header, text):
        return "NHS number"
    kinds = [identity_value(word) for word in text]
    for kind in ("e-mail address", "postcode", "telephone number"):
        if kinds.count(kind) > MOST * len(text):
            return kind
    judges = {"telephone number": _phones, "date of birth": _births, "name": _names, "free text": _free_text}
    return next((kind for kind, looks in judges.items() if looks(header, text)), None)


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
    `total=True` a column's total is known elsewhere: where it would give a hidden
    number away, the next smallest number is hidden too.
    """
    checks.need(counts, "Name at least one column that counts people.")
    for column in (*counts, *describes, *([people] if people else [])):
        checks.choice("column", column, table.columns)
    numbers = {column: pd.to_numeric(table[column]).to_numpy(dtype=float) for column in {*counts, people or counts[0]}}
    few = _hidden(numbers[people or counts[0]], total=total)
    shown = table.astype(object).copy()
    for column in counts:
        hide = _hidden(numbers[column], few, total=total)
        shown[column] = [
            HIDDEN if hidden else _counted(n, synthetic=synthetic)
            for n, hidden in zip(numbers[column], hide, strict=True)
        ]
    for column in describes:
        text = [HIDDEN if hidden else _described(v, decimals) for v, hidden in zip(table[column], few, strict=True)]
        shown[column] = text
    return shown


def _hidden(
    numbers: NDArray[np.float64], already: NDArray[np.bool_] | None = None, *, total: bool = False
) -> NDArray[np.bool_]:
    """
    Which numbers must be hidden.

    A total gives hidden numbers away where there is one of them, or where they are
    all as small, or all as large, as a hidden number can be. Then the smallest other
    numbers go too; zeros only where there are no others.
    """
    hide = (numbers > 0) & (numbers < FEWEST)
    hide = hide if already is None else hide | already
    while total and _given_away(numbers[hide]):
        others = np.flatnonzero(~hide & (numbers >= FEWEST))
        if not others.size and numbers[hide].sum() >= FEWEST:
            others = np.flatnonzero(~hide & (numbers == 0))
        if not others.size:
            break  # the total is small too, so that it is hidden itself
        hide = hide.copy()
        hide[others[numbers[others] == numbers[others].min()]] = True  # all of them, or their order would tell
    return hide


def _given_away(hidden: NDArray[np.float64]) -> bool:
    small, sum_ = bool((hidden < FEWEST).all()), hidden.sum()
    return hidden.size == 1 or (hidden.size > 1 and small and sum_ in {hidden.size, (FEWEST - 1) * hidden.size})


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


def _joined(text: str) -> str:
    """Digits without the signs that people put between them."""
    return re.sub(r"[\s().-]", "", text)


def _share(text: Sequence[str], looks: Any) -> float:  # noqa: ANN401 - a function whose answer counts as true or false
    return sum(bool(looks(word)) for word in text) / len(text)


def _nhs_numbers(header: str, text: list[str]) -> bool:
    """Whether most ten-digit numbers pass the check, or the column's name says what they are."""
    tens = [word for word in text if TEN_DIGITS.fullmatch(word)]
    if NHS_HEADER.search(header) and len(tens) > MOST * len(text):
        return True
    enough = len(tens) >= max(SOME * len(text), 1) and (len(tens) == len(text) or len(tens) >= ENOUGH)
    return enough and _share(tens, nhs_number) > MOST


def _phones(header: str, text: list[str]) -> bool:
    """Whether the header says telephone and the cells are so many digits, without the zero that Excel drops."""
    digits = _share(text, lambda word: PHONE_WITHOUT_ZERO.fullmatch(_joined(word)))
    return PHONE_HEADER.search(header) is not None and digits > MOST


def _free_text(_: str, text: list[str]) -> bool:
    """Whether most cells are sentences, each different."""
    long = _share(text, lambda word: len(word.split()) >= LONG_TEXT)
    return long > MOST and len(text) >= MANY_TEXTS and len(set(text)) > MOST * len(text)


def _births(header: str, text: list[str]) -> bool:
    """Whether these are dates without a time that the header calls births, or that spread over a generation."""
    days = [word for word in text if DAY_ONLY.fullmatch(word)]
    if len(days) <= MOST * len(text):
        return False
    if BIRTH_HEADER.search(header):
        return True
    years = read_dates(pd.Series(days)).times.dropna().dt.year
    return len(years) > 0 and float(years.quantile(0.9) - years.quantile(0.1)) > YEARS_OF_BIRTHS


def _names(header: str, text: list[str]) -> bool:
    """Whether these are people's names: by common given names, or by the header where they differ from row to row."""
    cells = [word for word in text if not PLACE.search(word)]
    if len(cells) <= MOST * len(text):
        return False
    different = set(cells)
    known = _share(list(different), lambda name: GIVEN_NAMES.intersection(re.findall(r"[\w'’-]+", name.lower())))
    varied = len(different) > MOST * len(cells)
    needed = KNOWN_IN_A_LONG_LIST if varied and len(different) >= LONG_LIST else KNOWN_IN_A_SHORT
    full, single = _share(cells, PERSON_NAME.fullmatch), _share(cells, SINGLE_WORD.fullmatch)
    if STEP_HEADER.search(header):  # wards are called Rose and Victoria
        return full > MOST and varied and known > needed
    by_header = NAME_HEADER.search(header) is not None and varied and (known > 0 or len(different) >= LONG_LIST)
    return max(full, single) > MOST and (known > needed or by_header)
