"""
What does every drawing function give? A picture: a chart, its description and its numbers.

A picture can be saved for a slide, a report or a spreadsheet. A saved drawing carries its
description, and a saved table is safe to open in a spreadsheet.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flowlib.core.checks import Refusal, listed, need
from flowlib.core.safe_cells import safe_table
from flowlib.show.figure import Figure, drawn_as_png, svg

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

__all__ = ["Picture"]

NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d+)?")
DRAWINGS, TABLES = (".svg", ".png"), (".csv", ".xlsx")


@dataclass(frozen=True)
class Picture:
    """A chart, its description and its numbers."""

    chart: alt.TopLevelMixin
    description: str
    table: pd.DataFrame | None = None

    def figure(self) -> Figure:
        """The picture for a notebook."""
        return Figure(self.chart, description=self.description, table=self.table)

    def svg(self) -> str:
        """The picture for a page."""
        return svg(self.chart, self.description)

    def save(self, path: str | Path) -> Path:
        """
        Keep the picture as `.svg` or `.png`, or its numbers as `.csv` or `.xlsx`, and say where.

        A file there is written over. Raises a `Refusal` for another kind of file, for
        a folder that is not there, and where the picture has no table.
        """
        place = Path(path)
        kind = place.suffix.lower()
        known = (*DRAWINGS, *TABLES)
        need(kind in known, f'A picture is saved as {listed(known)}; "{place.name}" came. Change its ending.')
        need(place.parent.is_dir(), f'There is no folder "{place.parent.name}". Make it first, or choose another.')
        try:
            self._write(place, kind)
        except OSError:
            raise Refusal(f'"{place.name}" could not be written. Close it if it is open, then try again.') from None
        return place

    def _write(self, place: Path, kind: str) -> None:
        if kind == ".svg":
            place.write_text(_alone(self.svg(), self.description), encoding="utf-8")
        elif kind == ".png":
            place.write_bytes(drawn_as_png(self.chart, self.description))
        else:
            if self.table is None:
                raise Refusal(f"This picture has no table. Save it as {listed(DRAWINGS)}.")
            table = safe_table(self.table.map(_number))
            if kind == ".csv":
                table.to_csv(place, index=False, encoding="utf-8-sig")  # so that Excel sees that it is UTF-8
            else:
                table.to_excel(place, index=False)


def _number(cell: object) -> object:
    """A number that is written as text, such as "1,050", as a number that a spreadsheet can add up."""
    if isinstance(cell, str) and NUMBER.fullmatch(cell):
        number = float(cell.replace(",", ""))
        return int(number) if number.is_integer() else number
    return cell


def _alone(inline: str, description: str) -> str:
    """An SVG that is part of a page, as a file of its own that says what it shows."""
    found = re.search(r"<svg.*</svg>", inline, flags=re.DOTALL)
    drawn = (found[0] if found else "").replace(' aria-hidden="true"', ' role="img"', 1)
    return drawn.replace(">", f"><desc>{html.escape(description)}</desc>", 1)
