"""
How is a pathway kept in a file that a person can read and change?

As YAML (`pathway_text`) or as an Excel workbook (`pathway_book` reads one,
`pathway_write` makes one); the ending of the file's name says which. Every refusal
names the file. What a workbook needs is loaded only when there is one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flowlib.core import checks
from flowlib.core.pathway_text import from_text, to_text

if TYPE_CHECKING:
    from flowlib.core.pathway import Pathway

__all__ = ["contents", "from_text", "put", "read", "to_text", "write"]

TEXT, BOOK = (".yaml", ".yml"), (".xlsx",)
MOST_BYTES = 20_000_000  # a pathway takes a few thousand
LONGEST = 380  # signs of a sentence; of a longer one, the middle is left out
KEPT_AT_END = 150  # where a sentence says what to do


def read(path: str | Path) -> Pathway:
    """The pathway in a `.yaml` or `.xlsx` file."""
    place = Path(path)
    is_book = _is_book(place, "read from")
    checks.need(place.is_file(), f'There is no file "{place.name}" in "{place.parent}". Check its name and folder.')
    try:
        checks.need(place.stat().st_size <= MOST_BYTES, "the file is far too large for a pathway. Choose another file.")
        return _from_book(place.read_bytes()) if is_book else from_text(place.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise checks.Refusal(f'"{place.name}" is not a text file, so it holds no pathway.') from None
    except OSError:
        raise checks.Refusal(f'"{place.name}" cannot be opened. Close it in other programs.') from None
    except checks.Refusal as refusal:
        comma = "," if str(refusal).startswith('sheet "') else ":"
        raise checks.Refusal(_short(f'In "{place.name}"{comma} {refusal}')) from None


def write(pathway: Pathway, path: str | Path) -> None:
    """Write *pathway* to a `.yaml` or `.xlsx` file."""
    place = Path(path)
    put(contents(pathway, place), place)


def contents(pathway: Pathway, place: Path, *, note: str = "") -> bytes:
    """What the file called *place* is to hold; a *note* stands at the head of a workbook's first sheet."""
    if not _is_book(place, "saved as"):
        return to_text(pathway).encode()
    from flowlib.core.pathway_write import to_bytes  # noqa: PLC0415 - only for workbooks

    return to_bytes(pathway, note=note)


def put(held: bytes, place: Path, *, replace: bool = True) -> None:
    """Write *held* to a file; one that is there already only gives way where *replace* says so."""
    try:
        with place.open("wb" if replace else "xb") as file:
            file.write(held)
    except FileExistsError:
        raise checks.Refusal(
            f'There is a file "{place.name}" already. Choose another name, or say that it is to be replaced.'
        ) from None
    except OSError:
        raise checks.Refusal(
            f'"{place.name}" cannot be written. Check that its folder is there, and close the file in other programs.'
        ) from None


def _from_book(held: bytes) -> Pathway:
    from flowlib.core.pathway_book import from_bytes  # noqa: PLC0415 - only for workbooks

    return from_bytes(held)


def _is_book(place: Path, done: str) -> bool:
    ending = place.suffix.lower()
    checks.need(
        ending in TEXT + BOOK,
        f'A pathway is {done} a .yaml or .xlsx file; "{place.name}" came. Change its ending.',
    )
    return ending in BOOK


def _short(sentence: str) -> str:
    """*sentence* on one line, without its middle where it is very long: a cell or a name can hold anything."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in sentence).split())
    if len(line) <= LONGEST:
        return line
    return f"{line[: LONGEST - KEPT_AT_END]} ... {line[-KEPT_AT_END:]}"
