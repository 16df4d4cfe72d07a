"""
How is the page of words made?

`glossary.yaml` holds each word once; this writes `notebooks/99_glossary.ipynb` from it:
a cell a word, with what it means and an example from Wexmoor. Run it again after any
change: `python data/glossary_build.py`.

A lesson links to the cell of a word, as in `99_glossary.ipynb#cell-id=batch`. JupyterLab
looks for a heading only among what is drawn already, which is nothing when the page has
just been opened; a cell it finds at once. In the app the same address is an anchor.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
import yaml

HERE = Path(__file__).parent
PAGE = HERE.parent / "notebooks" / "99_glossary.ipynb"

OPENING = """# Words

**The question:** what does this word mean?

**You will be able to** look up each word of these pages, with an example from Wexmoor.

**You need** nothing but this page. **It takes** 1 minute a word.

The plain word comes first, and the technical one after it. Press Ctrl and F to find a word.

Go to: {letters}"""

CLAIMS = """from flowlib.core import data
from flowlib.diagnose import queueing, waiting_list
from flowlib.mapping.value_stream import ValueStep, ValueStream

maureen = ValueStream([ValueStep(*row) for row in data.table("maureen").itertuples(index=False)])
assert round(maureen.lead_time) == 319 and round(maureen.process_time) == 81 and len(maureen.steps) == 9
assert round(maureen.rolled_first_time_right, 2) == 0.15
place = data.pathway("wexmoor")
assert place.step("Ward bed").capacity == 430
assert round(40 * 9.2) == 368 and round(24 * 60 / 200, 1) == 7.2 and round(35 / 36, 2) == 0.97
assert round(queueing.mmc(0.98, 1).mean_wait) == 49
assert waiting_list.target_list_size(30, 52) == 390 and round(waiting_list.relief_capacity(30, 1200, 390, 26)) == 61"""


def words() -> list[dict[str, Any]]:
    """Every word of `glossary.yaml`, in the order of the alphabet; figures come first."""
    read: list[dict[str, Any]] = yaml.safe_load((HERE / "glossary.yaml").read_text(encoding="utf-8"))
    return sorted(read, key=lambda word: str(word["term"]).casefold())


def initial(word: dict[str, Any]) -> str:
    """The letter under which *word* stands."""
    first = str(word["term"])[0].upper()
    return first if first.isalpha() else "0 to 9"


def cell_id(name: str, *, kind: str = "") -> str:
    """
    The id of the cell under *name*: its letters and figures, with dashes between.

    >>> cell_id("Little's law"), cell_id("0 to 9", kind="letter")
    ('Littles-law', 'letter-0-to-9')
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", f"{kind} {name}".replace("'", "")).strip("-")


def entry(word: dict[str, Any]) -> str:
    """One word: what it means, and an example."""
    also = ", ".join(word.get("also", []))
    means = word["means"] + (f" (Also: {also}.)" if also else "")
    return f"### {word['term']}\n\n{means}\n\n*At Wexmoor:* {word['here']}"


def page() -> nbformat.NotebookNode:
    """The page of words as a notebook; the same words give the same file."""
    by_letter = [(letter, list(some)) for letter, some in groupby(words(), key=initial)]
    letters = {letter: cell_id(letter, kind="letter") for letter, _ in by_letter}
    links = " · ".join(f"[{letter}]({PAGE.name}#cell-id={place})" for letter, place in letters.items())
    cells = [_text("head", OPENING.format(letters=links))]
    for letter, some in by_letter:
        cells.append(_text(letters[letter], f"## {letter}"))
        cells += [_text(cell_id(word["term"]), entry(word)) for word in some]
    folded = {"jupyter": {"source_hidden": True}}
    cells.append(nbformat.v4.new_code_cell(CLAIMS, id="claims", metadata={**folded, "tags": ["claims"]}))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _text(place: str, words: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(words, id=place)


def main() -> None:
    """Write the page."""
    nbformat.write(page(), PAGE)
    sys.stdout.write(f"{PAGE.name}: {len(words())} words\n")


if __name__ == "__main__":
    main()
