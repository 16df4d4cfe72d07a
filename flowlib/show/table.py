"""
How does a table read well for everyone: on a screen, on paper and through a screen reader?

It has a caption, its column headings are marked as such, numbers carry commas and no
needless decimals, and nothing in a cell is ever taken for markup.
"""

from __future__ import annotations

import html
import math
import numbers
from typing import TYPE_CHECKING, Any

import traitlets

from flowlib.core.checks import need
from flowlib.core.safe_cells import seen
from flowlib.show.still import WEB, Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_TABLE_ROWS", "TableView", "cell_text", "table_html"]

MOST_TABLE_ROWS = 200  # beyond this nobody reads on, and the page grows heavy


class TableView(Shown):
    """A table on the page, under its *caption*. The frame's index is not shown."""

    _esm = WEB / "table.js"
    markup = traitlets.Unicode().tag(sync=True)

    def __init__(self, frame: pd.DataFrame, *, caption: str) -> None:
        """Show *frame*."""
        super().__init__(markup=table_html(frame, caption=caption))
        self._caption = caption

    def update(self, frame: pd.DataFrame, *, caption: str = "") -> None:
        """Show *frame* in place of what stands; the caption stays unless a new one comes."""
        self._caption = caption or self._caption
        self.markup = table_html(frame, caption=self._caption)

    def still(self) -> str:
        """The table itself."""
        return f'<div class="flowlib">{self.markup}</div>'

    def __repr__(self) -> str:
        return f"Table: {self._caption}"


def table_html(frame: pd.DataFrame, *, caption: str) -> str:
    """*frame* as an HTML table, at most its first 200 rows."""
    need(caption.strip(), "A table needs a caption that says what it holds.")
    shown = frame.head(MOST_TABLE_ROWS)
    if len(shown) < len(frame):
        caption = f"{caption} (the first {len(shown):,} of {len(frame):,} rows)"
    title = html.escape(seen(caption))
    numeric = [_is_number(values) for _, values in shown.items()]
    head = "".join(
        f'<th scope="col"{_align(right)}>{html.escape(cell_text(name))}</th>'
        for name, right in zip(frame.columns, numeric, strict=True)
    )
    filled = shown.astype(object).where(shown.notna(), None)
    body = "".join(_row(values, numeric) for values in filled.itertuples(index=False, name=None))
    return (
        f'<div class="table" role="region" aria-label="{title}" tabindex="0" data-lm-suppress-shortcuts="true">'
        f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(values: tuple[Any, ...], numeric: list[bool]) -> str:
    cells = (
        f"<td{_align(right)}>{html.escape(cell_text(value))}</td>" for value, right in zip(values, numeric, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _align(right: bool) -> str:  # noqa: FBT001 - one flag to a private helper
    return ' class="number"' if right else ""


def _is_number(values: pd.Series) -> bool:
    return values.dtype.kind in "iuf"


def cell_text(value: Any) -> str:  # noqa: ANN401 - a cell holds anything
    """
    One cell as a person would write it; what is missing is empty.

    >>> [cell_text(value) for value in (1234, 1234.5, 6.25, 0.0731, float("nan"), True, "A&E")]
    ['1,234', '1,234', '6.2', '0.073', '', 'yes', 'A&E']
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, numbers.Real):
        return _number_text(float(value)) if math.isfinite(value) else ""
    if hasattr(value, "strftime"):
        return _time_text(value)
    return "" if value is None else seen(str(value))


def _number_text(value: float) -> str:
    size = abs(value)
    if value.is_integer() or size >= 100:  # noqa: PLR2004 - a hundred or more needs no decimals
        return f"{value + 0.0:,.0f}"  # adding nothing turns minus nought into nought
    return f"{value:,.1f}" if size >= 1 else f"{value:.2g}"


def _time_text(value: Any) -> str:  # noqa: ANN401 - a date or a timestamp
    day = f"{value.day} {value:%B %Y}"
    hour, minute = getattr(value, "hour", 0), getattr(value, "minute", 0)
    if not (hour or minute):
        return day
    minutes = f":{minute:02}" if minute else ""
    return f"{day}, {hour % 12 or 12}{minutes}{'am' if hour < 12 else 'pm'}"  # noqa: PLR2004 - noon
