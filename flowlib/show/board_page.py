"""
Which of many measures need talk? A table with a row a measure, on a screen or on paper.

Each row has the measure's latest value, two signs (what the latest point shows, what to
expect against the target), a small chart and a sentence. What is worse than chance
explains stands first, then what will miss its target, so that a meeting begins there.
Series that ended before the others stand last, as they tell nothing of now. The gravest
caution of each chart stands under its sentence, and the others open from there.
Measures that could not be charted stand below, with why.

`board_table` gives the table for a notebook; its `save` writes one page that needs
nothing from outside and prints on A4 across.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from flowlib.change import kept
from flowlib.core.checks import shown
from flowlib.measure import spc_words as words
from flowlib.show import icons
from flowlib.show.page import TEMPLATES
from flowlib.show.sparkline import LAST, sparkline
from flowlib.show.spc_charts import in_percent
from flowlib.show.still import WEB, Shown

if TYPE_CHECKING:
    import pandas as pd

    from flowlib.measure.spc_board import Board
    from flowlib.measure.spc_chart import ControlChart

__all__ = ["GROUPS", "BoardTable", "board_table"]

# In the order in which a meeting takes them: name, and what stands above the group.
GROUPS = {
    "concern": "Worse than chance explains: talk about these first",
    "fail": "Misses its target every time: the usual way of working will not meet it",
    "neutral": "Changed, neither better nor worse: find out what it means",
    "common": "Usual variation: no single point needs an explanation",
    "improvement": "Better than chance explains: keep what works",
    "ended": "Ended before the others: these say nothing of now",
}
EXPECTED = ("fail", "hit_or_miss", "none", "pass")  # the order within a group
HEADS = ("Measure", "Latest", "Latest point", "Against target", "Of late", "Target", "What it says")
FIGURES = 3  # that a number is shown with
WHOLE = 100  # from here on without decimals
SIGN = 30  # pixels

STYLE = """
.flowlib-board .rows { overflow-x: auto; max-width: 100%; }
.flowlib-board table { width: 100%; font-size: 15px; line-height: 1.35; }
.flowlib-board th, .flowlib-board td { padding: 6px 12px 6px 0; overflow-wrap: break-word; }
.flowlib-board thead th { font-size: 14px; }
.flowlib-board tbody th[scope="rowgroup"] { padding: 14px 0 5px; border-bottom: 1px solid #4c6272; }
.flowlib-board tbody th[scope="row"] { min-width: 8em; max-width: 16em; padding-left: 10px; }
.flowlib-board tbody.concern th[scope="row"] { border-left: 6px solid #212b32; }
.flowlib-board td.latest, .flowlib-board td.target { white-space: nowrap; }
.flowlib-board td.said { min-width: 15em; }
.flowlib-board .caution { margin-top: 4px; padding-left: 8px; border-left: 3px solid #212b32; font-size: 14px; }
.flowlib-board .mark { font-weight: bold; }
.flowlib-board summary { cursor: pointer; line-height: 24px; }
.flowlib-board .quiet { color: #4c6272; font-size: 14px; }
.flowlib-board td svg { display: block; max-width: none; }
.flowlib-board td.late { min-width: 184px; }
.flowlib-board .aside { margin-top: 18px; }
.flowlib-board .key { margin-top: 18px; max-width: 620px; }
.flowlib-board .key svg { max-width: 100%; height: auto; }
@media print {
  .flowlib-board .rows { overflow: visible; }
  .flowlib-board table { font-size: 9pt; line-height: 1.25; }
  .flowlib-board thead { display: table-header-group; }
  .flowlib-board thead th, .flowlib-board .quiet, .flowlib-board .caution { font-size: 8.5pt; }
  .flowlib-board td.said { min-width: 0; }
  .flowlib-board tr, .flowlib-board .key { break-inside: avoid; }
  .flowlib-board tbody tr:first-child { break-after: avoid; }
}
"""
PAGE_STYLE = """
main { max-width: 1180px; }
@page { size: A4 landscape; margin: 11mm 13mm; }
"""


class BoardTable(Shown):
    """The table on the page, with what was set aside and what the signs mean."""

    _esm = WEB / "table.js"
    markup = traitlets.Unicode().tag(sync=True)

    def __init__(self, markup: str, *, caption: str) -> None:
        """Show finished *markup*."""
        super().__init__(markup=markup)
        self._caption = caption

    def still(self) -> str:
        """The table itself, as HTML without scripts."""
        return f'<div class="flowlib">{self.markup}</div>'

    def page(self, *, title: str = "") -> str:
        """One HTML page, under its *title*, that fetches nothing and prints on A4 across."""
        name = html.escape(title.strip() or self._caption)
        look = "\n".join(part.read_text(encoding="utf-8") for part in _look())
        policy = "default-src 'none'; form-action 'none'; base-uri 'none'; style-src 'unsafe-inline'"
        return (
            '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<title>{name}</title>\n'
            f"<style>\n{look}\n{PAGE_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n{self.still()}\n"
            "</main>\n</body>\n</html>\n"
        )

    def save(self, path: str | Path, *, title: str = "") -> Path:
        """Write the page to *path* whole, or not at all; gives the path."""
        kept.write(path, self.page(title=title))
        return Path(path)

    def __repr__(self) -> str:
        return f"Board: {self._caption}"


def _look() -> tuple[Path, Path]:
    return WEB / "show.css", TEMPLATES / "flowlib" / "page.css"


def board_table(
    board: Board,
    *,
    caption: str = "",
    unit: str | Mapping[str, str] = "",
    percent: bool = False,
    last: int = LAST,
    source: str = "",
) -> BoardTable:
    """
    *board* as a table: concern first, then what will miss its target.

    *unit* follows the numbers: one for all, or by measure. *percent* writes shares from 0
    to 1 as per cent. The small charts show the *last* points of each measure.

    >>> import pandas as pd
    >>> from flowlib.measure.spc_board import board
    >>> falls = pd.DataFrame({"name": "Falls", "month": pd.date_range("2025-01-01", periods=14), "number": [3, 5] * 7})
    >>> board_table(board(falls, measure="name", date="month", value="number"), unit="falls")
    Board: 1 measure, those that need talk first
    """
    count = len(board.table)
    caption = caption.strip() or f"{count:,} measure{'s' * (count != 1)}, those that need talk first"
    parts = [
        *(f"<p>{html.escape(told)}</p>" for told in board.sentence().split("\n\n")),
        _rows(board, caption, _Words(unit, percent), last) if count else "",
        _aside(board.set_aside) if len(board.set_aside) else "",
        f'<p class="quiet">Source: {html.escape(source.strip())}.</p>' if source.strip() else "",
        f'<div class="key">{icons.legend()}</div>' if count else "",
    ]
    markup = f'<div class="flowlib-board"><style>{STYLE}</style>{"".join(parts)}</div>'
    return BoardTable(markup, caption=caption)


class _Words:
    """How the numbers of a board are written."""

    def __init__(self, unit: str | Mapping[str, str], percent: bool) -> None:  # noqa: FBT001 - one flag, handed on
        self._unit = unit
        self.percent = percent

    def number(self, value: Any, measure: str) -> str:  # noqa: ANN401 - a number, or the sign for a hidden one
        """A number to 3 figures, or whole from 100 on, with its unit; hidden stays hidden; nothing for none."""
        if isinstance(value, str):
            return value
        if value is None or not np.isfinite(value):
            return ""
        if self.percent:
            return f"{shown(round(100 * float(value), 1))}%"
        unit = self._unit.get(measure, "") if isinstance(self._unit, Mapping) else self._unit
        plain = round(float(value)) if abs(value) >= WHOLE else float(f"{value:.{FIGURES}g}")
        return f"{shown(plain)} {unit}".strip()

    def sentence(self, row: Any, chart: ControlChart) -> str:  # noqa: ANN401 - pandas' own row
        """What the board says of a measure, with its shares in per cent where that is asked."""
        if not self.percent:
            return str(row.sentence)
        there = in_percent(chart)
        over = f"The series ended on {row.latest_date}." if row.ended else ""
        told = (over, words.latest(there, "%"), words.expected(there, "%"), words.TRIAL if chart.trial else "")
        return " ".join(one for one in told if one).replace(" %", "%")


def _rows(board: Board, caption: str, spoken: _Words, last: int) -> str:
    """The table: a body for each group that has measures."""
    rows = list(board.shown().itertuples(index=False))
    bodies = []
    for group, heading in GROUPS.items():
        mine = [row for row in rows if _group(row, board.charts[row.measure]) == group]
        mine.sort(key=lambda row: EXPECTED.index(board.charts[row.measure].assurance or "none"))
        if mine:
            told = f"{heading} ({len(mine):,} measure{'s' * (len(mine) != 1)})"
            drawn = "".join(_row(row, board, spoken, last) for row in mine)
            head = f'<tr><th scope="rowgroup" colspan="{len(HEADS)}">{html.escape(told)}</th></tr>'
            bodies.append(f'<tbody class="{group}">{head}{drawn}</tbody>')
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    title = html.escape(caption)
    return (
        f'<div class="rows" role="region" aria-label="{title}" tabindex="0" data-lm-suppress-shortcuts="true">'
        f"<table><caption>{title}</caption><thead><tr>{heads}</tr></thead>{''.join(bodies)}</table></div>"
    )


def _group(row: Any, chart: ControlChart) -> str:  # noqa: ANN401 - pandas' own row
    """Where in the meeting a measure is taken."""
    if row.ended:
        return "ended"
    usual = chart.variation in {"common", "neutral"}
    return "fail" if usual and chart.assurance == "fail" else chart.variation


def _row(row: Any, board: Board, spoken: _Words, last: int) -> str:  # noqa: ANN401 - as above
    """One measure."""
    chart = board.charts[row.measure]
    latest, target = spoken.number(row.latest, row.measure), spoken.number(row.target, row.measure)
    date = html.escape(str(row.latest_date))
    cells = (
        f'<td class="latest">{html.escape(latest)}<br><span class="quiet">{date}</span></td>',
        f"<td>{icons.variation(chart, size=SIGN)}</td>",
        f"<td>{icons.assurance(chart, size=SIGN)}</td>",
        f'<td class="late">{sparkline(chart, last=last)}</td>',
        f'<td class="target">{html.escape(target) or "none"}</td>',
        f'<td class="said">{html.escape(spoken.sentence(row, chart))}{_cautions(row.cautions)}</td>',
    )
    return f'<tr><th scope="row">{html.escape(str(row.measure))}</th>{"".join(cells)}</tr>'


def _cautions(cautions: tuple[str, ...]) -> str:
    """The gravest caution under a mark of its own, with how many more there are and what they say."""
    if not cautions:
        return ""
    first, *others = (html.escape(one) for one in cautions)
    more = f"<details><summary>and {len(others)} more</summary>{' '.join(others)}</details>" if others else ""
    return f'<div class="caution"><span class="mark" aria-hidden="true">!</span> Caution: {first}{more}</div>'


def _aside(set_aside: pd.DataFrame) -> str:
    """Measures that could not be charted, and why."""
    rows = "".join(
        f'<tr><th scope="row">{html.escape(str(row.measure))}</th><td>{html.escape(str(row.why))}</td></tr>'
        for row in set_aside.itertuples(index=False)
    )
    caption = f"Set aside: {len(set_aside):,} that could not be charted"
    heads = '<th scope="col">Measure</th><th scope="col">Why</th>'
    return (
        f'<table class="aside"><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )
