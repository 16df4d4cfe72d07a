"""
Is this number a person's? Health service numbers, telephone numbers, National Insurance numbers.

NHS, CHI (Scotland) and H&C (Northern Ireland) numbers have ten digits, and the last
checks the others by modulus 11, with weights from 10 to 2 (NHS Data Dictionary, NHS
NUMBER; Public Health Scotland, CHI number; BSO Northern Ireland, H&C number). 1 in 11
random numbers passes, so a column is judged by how many of its different numbers pass.
Telephone numbers follow Ofcom's National Telephone Numbering Plan, National Insurance
numbers HMRC's manual NIM39110.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "HEALTH_HEADER", "PHONE_HEADER", "beyond_chance", "digits_only", "insurance_number", "labelled", "mobiles_cut",
    "nhs_number", "number_kind", "passes", "phone", "phone_in", "scottish", "ten_digits", "tens_in",
]  # fmt: skip

DIGITS = 10
PASS_BY_CHANCE = 1 / 11
TOO_RARE = 1e-3  # a chance below this is no chance
HANDFUL, HALF = 5, 0.5
SEPARATORS = re.compile(r"[\s._-]+")
TEN_COMPACT = re.compile(r"\d(?:[\s._-]{0,2}\d){9}")
TEN_GROUPED = re.compile(r"(?<!\d)(?<!\d\.)\d{3}[\s._/-]{0,3}\d{3}[\s._/-]{0,3}\d{4}(?!\d)")
LABELLED = re.compile(r"\b(?:nhs|chi|h ?& ?c|hcn)[^\d\n]{0,14}\d(?:[\s-]{0,2}\d){9}(?!\d)", re.IGNORECASE)
HEALTH_HEADER = re.compile(
    r"\bnhs ?(?:no|num|number|id|nbr)?\b(?! ?(?:trust|provider|org|region|board))"
    r"|\bchi\b|\bhcn\b|\bh ?c (?:no|num|number)\b"
)
PHONE_HEADER = re.compile(r"\b(?:tele)?phone\b|\bmob(?:ile)?\b|\btel\b|\bcontact (?:no|num|number)\b|\blandline\b")
NATIONAL = r"(?:1[1-9]\d{7,8}|2[03489]\d{8}|3[03478]\d{8}|5[56]\d{8}|7[1-57-9]\d{8}|8\d{8,9}|9\d{9})"
PHONE = re.compile(rf"(?:\+44|0044)0?{NATIONAL}|0{NATIONAL}|\+[1-9]\d{{8,13}}")
PHONE_RUN = re.compile(r"(?<![\d/:.-])(?:\+\s?\d|\(?0)[\d\s().-]{7,18}\d(?![\d/:])")
PLAIN_PHONE = 11  # digits of a telephone number that is written without any sign between
DATE_RUN = re.compile(r"\d{1,2}[.-]\d{1,2}[.-]\d{2,4}\b")
INSURANCE = re.compile(
    r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PQR-TW-Z][A-CEGHJ-NPQR-TW-Z][\s-]?\d\d[\s-]?\d\d[\s-]?\d\d[\s-]?[A-D](?![A-Z0-9])",
    re.IGNORECASE,
)
H_AND_C = (3_200_000_000, 3_999_999_999)


def nhs_number(text: str) -> bool:
    """
    Whether ten digits pass the check of an NHS, CHI or H&C number.

    >>> nhs_number("943 476 5919"), nhs_number("943 476 5918")
    (True, False)
    """
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        return False
    return bool(passes(np.asarray([int(digits)]))[0])


def passes(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which numbers, of ten digits with leading zeros, pass the modulus 11 check; ten like digits never do."""
    digits = numbers[:, None] // 10 ** np.arange(9, -1, -1) % 10
    check = 11 - (digits[:, :9] * np.arange(10, 1, -1)).sum(axis=1) % 11
    alike = (digits == digits[:, :1]).all(axis=1)
    good: NDArray[np.bool_] = (check % 11 == digits[:, 9]) & (check != DIGITS) & ~alike
    return good


def digits_only(text: str) -> str:
    """The text without blanks, dots and dashes."""
    return SEPARATORS.sub("", text)


def ten_digits(text: str) -> bool:
    """Whether a whole cell is ten digits, however they are grouped."""
    return TEN_COMPACT.fullmatch(text) is not None


def tens_in(text: str) -> list[int]:
    """The ten-digit numbers in a text."""
    if ten_digits(text):
        return [int(digits_only(text))]
    return [int(re.sub(r"\D", "", run)) for run in TEN_GROUPED.findall(text)]


def labelled(text: str) -> bool:
    """Whether a text names a health service number as such, whatever its check digit."""
    return LABELLED.search(text) is not None


def beyond_chance(passed: int, different: int) -> bool:
    """
    Whether so many of the *different* numbers pass that they cannot be random ids.

    The chance is bounded by W. Hoeffding (J. American Statistical Association 58, 1963, theorem 1).

    >>> beyond_chance(9, 100), beyond_chance(30, 100), beyond_chance(3, 3)
    (False, True, True)
    """
    if not different or passed / different <= PASS_BY_CHANCE:
        return False
    share = passed / different
    apart = share * math.log(share / PASS_BY_CHANCE)
    if share < 1:
        apart += (1 - share) * math.log((1 - share) / (1 - PASS_BY_CHANCE))
    return math.exp(-different * apart) < TOO_RARE


def number_kind(numbers: NDArray[np.int64]) -> str:
    """Which of the health service numbers these most likely are, by their first digits."""
    if len(numbers) and scottish(numbers).mean() > HALF:
        return "CHI number"
    if len(numbers) and ((numbers >= H_AND_C[0]) & (numbers <= H_AND_C[1])).mean() > HALF:
        return "H&C number"
    return "NHS number"


def scottish(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which numbers begin with a day and a month, as CHI numbers do."""
    day, month = numbers // 10**8, numbers // 10**6 % 100
    good: NDArray[np.bool_] = (day >= 1) & (day <= 31) & (month >= 1) & (month <= 12)  # noqa: PLR2004 - a calendar
    return good


def phone(text: str) -> bool:
    """
    Whether a whole text is a telephone number.

    >>> phone("(0113) 496 0000"), phone("+353 1 234 5678"), phone("0101234567")
    (True, True, False)
    """
    joined = re.sub(r"[\s().-]", "", text)
    if not PHONE.fullmatch(joined) or DATE_RUN.match(text):
        return False
    return joined != text or joined.startswith("+") or len(joined) >= PLAIN_PHONE


def phone_in(text: str) -> bool:
    """Whether a telephone number stands anywhere in a text."""
    return any(phone(run) for run in PHONE_RUN.findall(text))


def mobiles_cut(texts: Sequence[str]) -> bool:
    """Whether these are mobile numbers without the zero that Excel drops: ten digits, 7 first, then anything."""
    cut = {text for text in texts if re.fullmatch(r"7[1-57-9]\d{8}", text)}
    ranges = {text[:4] for text in cut}
    return len(cut) > HALF * len(set(texts)) and len(ranges) >= max(HANDFUL, len(cut) // 4)


def insurance_number(text: str) -> bool:
    """
    Whether a National Insurance number stands in a text.

    >>> insurance_number("qq 12 34 56 c"), insurance_number("AB123456Z")
    (True, False)
    """
    return INSURANCE.search(text) is not None
