"""
Can this text do harm where it is shown?

A spreadsheet takes a cell that begins with =, +, -, @, a tab or a line break for a formula
(OWASP, "CSV Injection"), so such text gets an apostrophe before it, which Excel shows as
text. In a workbook of our own the cell itself is marked as text, and its words stay as
they are. Signs that turn the direction of writing, or cannot be seen, could make a cell read
as something else (Unicode Technical Report 36, section 2.6), so they are shown by their
number. Numbers stay numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["formula", "put_text", "safe_cell", "safe_table", "seen"]

FORMULA = re.compile(r"\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # also in full width, as Excel reads them
NUMBER = re.compile(r"\s*[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?%?\s*")
NOT_SEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def seen(text: str) -> str:
    """
    The text with each sign that cannot be seen, or that turns the writing, as its number.

    >>> print(seen("ward" + chr(0x202E) + "7"))
    ward[U+202E]7
    """
    return NOT_SEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def formula(text: str) -> bool:
    """
    Whether a spreadsheet would take a text for a formula; a number with its sign is none.

    >>> formula("=1+1"), formula("+44 20"), formula("-5.2"), formula("ward")
    (True, True, False, False)
    """
    return FORMULA.match(text) is not None and not (NUMBER.fullmatch(text) and re.search(r"\d", text))


def put_text(cell: Any, text: str) -> None:  # noqa: ANN401 - openpyxl's cells have no one type
    """Put a text in a cell of an openpyxl workbook: it stays text, even once somebody types Enter in it."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = formula(text)


def safe_cell(value: Any) -> Any:  # noqa: ANN401 - a cell holds anything
    """
    A cell that a spreadsheet shows as it is: text that it would take for a formula gets an apostrophe.

    >>> safe_cell("=cmd|' /C calc'!A0"), safe_cell("-5.2"), safe_cell(-5.2), safe_cell("- none")
    ("'=cmd|' /C calc'!A0", '-5.2', -5.2, "'- none")
    """
    if not isinstance(value, str):
        return value
    return ("'" if formula(value) else "") + seen(value)


def safe_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every cell and every heading safe for a spreadsheet."""
    made = table.astype(object).map(safe_cell)
    return made.rename(columns=safe_cell, index=safe_cell)
