"""
How does what a team agreed look on paper?

One HTML file with its look inside, without scripts or pictures, that prints on A4. The
browser is told to fetch and run nothing, and all text is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["document", "items", "nested", "paragraphs", "table"]

# The colours are those of `flowlib.show`'s pages: black on white, and greys for lines.
STYLE = """
@page { size: A4; margin: 12mm 13mm; }
html { background: #f0f4f5; }
body { margin: 0; color: #212b32; font: 15px/1.4 Arial, "Liberation Sans", Helvetica, sans-serif; }
main { box-sizing: border-box; max-width: 820px; margin: 0 auto; padding: 24px 32px 32px; background: #fff; }
h1 { margin: 0 0 0.3em; font-size: 24px; line-height: 1.2; }
h2 { margin: 1em 0 0.3em; font-size: 18px; line-height: 1.2; }
p { margin: 0.3em 0; max-width: 48em; }
ul, ol { margin: 0.3em 0; padding-left: 1.3em; }
li ul { margin: 0; }
h3 { margin: 0.8em 0 0.2em; font-size: 15px; line-height: 1.2; }
table { width: 100%; border-collapse: collapse; margin: 0.5em 0; font-size: 13px; line-height: 1.3; }
caption { padding-bottom: 0.3em; text-align: left; font-weight: bold; }
th, td { padding: 4px 10px 4px 0; border-bottom: 1px solid #aeb7bd; text-align: left; vertical-align: top; }
th, td, li, p, h1 { overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #4c6272; vertical-align: bottom; hyphens: auto; }
tbody th { font-weight: bold; }
td p, th p { margin: 0 0 2px; white-space: pre-line; }
table.set { table-layout: fixed; }
.number { padding-right: 4px; text-align: right; }
.room { height: 6.5em; }
.quiet { color: #4c6272; font-weight: normal; }
@media print {
  html { background: #fff; }
  body { font-size: 9pt; line-height: 1.3; }
  p { max-width: none; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 16pt; }
  h2 { font-size: 12pt; margin-top: 0.8em; }
  h3 { font-size: 10pt; }
  table { font-size: 8.5pt; line-height: 1.2; }
  thead { font-size: 8pt; }
  th, td { padding-top: 3px; padding-bottom: 3px; }
  thead { display: table-header-group; }
  h1, h2, h3, caption { break-after: avoid; }
  tr, li { break-inside: avoid; }
  p, li { orphans: 3; widows: 3; }
}
"""
FETCH_NOTHING = "default-src 'none'; style-src 'unsafe-inline'"


def document(title: str, *parts: Iterable[str]) -> str:
    """
    Lines of HTML as one page that needs nothing from outside.

    >>> document("Fish & chips", ["<p>Hello</p>"]).splitlines()[0]
    '<!DOCTYPE html>'
    """
    head = (
        "<!DOCTYPE html>",
        '<html lang="en-GB">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{FETCH_NOTHING}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
    )
    return "\n".join((*head, *(line for part in parts for line in part), "</main>", "</body>", "</html>", ""))


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Iterable[int] = (),
    widths: Iterable[float] = (),
) -> list[str]:
    """
    A table whose cells are HTML already, and whose heads and caption are plain text.

    *numbers* are the places of columns of numbers; *widths* are of the columns, in 100 parts of the page.

    >>> table("Scores", ["Block", "Median"], [["1", "3"]], numbers=[1])[3]
    '<tr><th scope="row">1</th><td class="number">3</td></tr>'
    """
    right = set(numbers)
    columns = "".join(f'<col style="width: {width:.4g}%">' for width in widths)
    kind = [' class="number"' if place in right else "" for place in range(len(heads))]
    head = "".join(f'<th scope="col"{look}>{escape(one)}</th>' for one, look in zip(heads, kind, strict=True))
    lines = []
    for row in rows:
        first, *rest = row
        cells = "".join(f"<td{look}>{cell}</td>" for cell, look in zip(rest, kind[1:], strict=True))
        lines.append(f'<tr><th scope="row"{kind[0]}>{first}</th>{cells}</tr>')
    look = ' class="set"' if columns else ""
    top = f"<table{look}><caption>{escape(caption)}</caption>{f'<colgroup>{columns}</colgroup>' if columns else ''}"
    return [top, f"<thead><tr>{head}</tr></thead>", "<tbody>", *lines, "</tbody>", "</table>"]


def items(lines: Iterable[str]) -> list[str]:
    """
    Plain lines as a list; nothing where there are none.

    >>> items(["3 < 4"])
    ['<ul>', '<li>3 &lt; 4</li>', '</ul>']
    """
    made = [f"<li>{escape(line)}</li>" for line in lines]
    return ["<ul>", *made, "</ul>"] if made else []


def nested(line: str, below: Iterable[str]) -> str:
    """
    One entry of a list, with the entries below it, which are HTML already.

    >>> nested("A & B", ["<li>C</li>"])
    '<li>A &amp; B<ul><li>C</li></ul></li>'
    """
    inner = "".join(below)
    return f"<li>{escape(line)}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def paragraphs(*lines: str, quiet: Iterable[int] = ()) -> str:
    """
    Plain lines as paragraphs of one cell; those at the *quiet* places stand back. Empty ones are left out.

    >>> paragraphs("Wait", "", "in hours", quiet=[2])
    '<p>Wait</p><p class="quiet">in hours</p>'
    """
    look = dict.fromkeys(quiet, ' class="quiet"')
    return "".join(f"<p{look.get(place, '')}>{escape(line)}</p>" for place, line in enumerate(lines) if line)
