"""
What was found in the extract, on one page to print and hand to whoever can mend it?

The page says how many rows were used, what was set aside, what was put right and what to
know. It holds no cell of the extract and needs nothing from outside. Few rows are few
people's, so 1 to 7 of them are shown as "*" and others to the nearest 5, and it can be pinned
up. For the team that owns the file, and has to find the rows again, it has their numbers.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from flowlib.change.paper import document, items, table
from flowlib.core import checks
from flowlib.core.privacy import rounded
from flowlib.show.report_words import on_screen

if TYPE_CHECKING:
    import pandas as pd

    from flowlib.core.quality import Note, Quality

__all__ = ["quality_page", "write_quality_page"]

HEADS = {
    "set aside": ("Set aside", "These rows, or the steps named, are not used. Correct them in the file, then read it."),
    "put right": ("Put right", "These cells were read another way than they are written. Check a few of them."),
    "to know": ("To know", "These rows are used. Each line says what to bear in mind."),
}  # fmt: skip
MOST_RANGES = 60  # so many ranges of rows stand in one cell; the list of rows set aside holds all


def quality_page(quality: Quality, *, for_owners: bool = False) -> str:
    """
    The report on one reading as a page of HTML; *for_owners* of the file with the numbers of rows.

    >>> from flowlib.core.quality import Note, Quality
    >>> found = Quality('"list.csv"', 3, 2, {"person": "id"}, (Note("set aside", "Row 4: no step.", (4,)),))
    >>> "3 rows were read from &quot;list.csv&quot;; 2 are used" in quality_page(found, for_owners=True)
    True
    """
    head, columns, *_ = map(on_screen, quality.sentences() if for_owners else quality.sentences_on_paper())
    opening = ["<h1>What was found in the extract</h1>", f"<p>{escape(head)}</p>", f"<p>{escape(columns)}</p>"]
    if not quality.notes:
        opening.append("<p>Nothing else was found.</p>")
    found = quality.table if for_owners else quality.frame
    found = found.replace({"what": {note.sentence: _what(note) for note in quality.notes}})
    parts = [_part(kind, found, for_owners=for_owners) for kind in HEADS]
    return document("What was found in the extract", opening, _sum(quality, for_owners=for_owners), *parts)


def write_quality_page(quality: Quality, path: str | Path, *, for_owners: bool = False) -> Path:
    """Keep the page as an .html file, *for_owners* of the extract with the numbers of rows; where it is."""
    place = Path(path)
    checks.need(
        place.suffix.lower() in {".html", ".htm"},
        f'The page is an .html file; "{place.name}" came. Change its ending.',
    )
    try:
        place.write_text(quality_page(quality, for_owners=for_owners), encoding="utf-8")
    except OSError:
        raise checks.Refusal(
            f'"{place.name}" cannot be written. Check that its folder is there, and close the file elsewhere.'
        ) from None
    return place


def _sum(quality: Quality, *, for_owners: bool) -> list[str]:
    """The rows, and where they went."""
    lines = {
        "Rows in the file, below the column names": quality.rows_in_file,
        "Used, as a whole or in part": quality.rows_used,
        "Set aside": quality.rows_set_aside,
        "Blank, so passed over": quality.rows_blank,
    }
    if quality.visits is not None:
        lines["Visits that came of them"] = quality.visits
    rows = [(escape(words), _many(count, for_owners=for_owners)) for words, count in lines.items()]
    return table("Rows", ("What", "How many"), rows, numbers=[1], widths=[75, 25])


def _part(kind: str, found: pd.DataFrame, *, for_owners: bool) -> list[str]:
    """The notes of one kind: a heading, what it means, and a line a note; nothing where there is none."""
    notes = found[found["kind"] == kind]
    if notes.empty:
        return []
    heading, meaning = HEADS[kind]
    lines = [f"<h2>{heading}</h2>", f"<p>{meaning}</p>", *items(notes.loc[notes["rows"] == 0, "what"])]
    notes = notes[notes["rows"] > 0]
    if notes.empty:
        return lines
    if not for_owners:
        few = [(escape(note.what), _many(note.rows, for_owners=False)) for note in notes.itertuples()]
        return lines + table(heading, ("What was found", "Rows"), few, numbers=[1], widths=[85, 15])
    rows = [
        (escape(note.what), escape(_numbers(note.row_numbers, note.sheet)), _many(note.rows, for_owners=True))
        for note in notes.itertuples()
    ]
    heads = ("What was found", "Row numbers in the file", "How many")
    return lines + table(heading, heads, rows, numbers=[2], widths=[52, 36, 12])


def _what(note: Note) -> str:
    """What a note says, without the row numbers that stand beside it or are left out."""
    words = on_screen(note.what)
    return words[:1].upper() + words[1:]


def _many(rows: int, *, for_owners: bool) -> str:
    """A number of rows as it stands in a cell."""
    return f"{rows:,}" if for_owners else rounded(rows)


def _numbers(told: str, sheet: str) -> str:
    """Ranges of rows as they stand in a cell."""
    parts = told.split(", ")
    more = f" and {len(parts) - MOST_RANGES:,} more ranges" if len(parts) > MOST_RANGES else ""
    where = f'"{sheet}": ' if sheet else ""
    return f"{where}{', '.join(parts[:MOST_RANGES])}{more}"
