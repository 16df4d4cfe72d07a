"""
How is a typed map kept in a file that a person can read and change?

As YAML in which all is text, or as an Excel workbook with notes and lists; the ending
of the file's name says which. What is written is read back as an equal map. There are
no macros and no formulas, and text in a workbook is never taken for one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from flowlib.core import checks
from flowlib.core.pathway_cells import quoted
from flowlib.core.pathway_files import put
from flowlib.core.pathway_times import length
from flowlib.core.plain_yaml import dumped, parsed
from flowlib.mapping.typed_parts import Agreed, TypedMove, TypedStep
from flowlib.mapping.typed_sheets import Line, Rows, Told, parts_of, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowlib.mapping.typed_map import TypedMap

__all__ = ["example", "from_frames", "lines_of", "read", "write", "write_template"]

MapType = TypeVar("MapType", bound="TypedMap")
Parts = tuple[list[TypedStep], list[TypedMove], list[Agreed]]
TEXT, BOOK = (".yaml", ".yml"), (".xlsx",)
MOST_BYTES = 20_000_000  # a map takes a few thousand
LISTS = ("steps", "moves", "agreed")
NOT_YAML = "the text is not YAML{line}. Check indents, colons and quotes there."
NOTE = "The example is made up. Write your own journey over it."


def from_frames(frames: Mapping[str, pd.DataFrame | None]) -> Parts:
    """The parts of a map from tables, by the sheet that each stands for; rows count from 1."""
    told = {}
    for title, frame in frames.items():
        if frame is not None:
            checks.need(
                isinstance(frame, pd.DataFrame),
                f"{title} must be a table (a pandas frame); {checks.brief(frame)} came.",
            )
            lines = [
                (row, dict(enumerate(values)))
                for row, values in enumerate(frame.itertuples(index=False, name=None), start=1)
            ]
            told[title] = rows(Told(title, "table", list(frame.columns), lines, first=0))
    return parts_of(told)


def read(path: str | Path, kind: type[MapType]) -> MapType:
    """The map in a `.xlsx` or `.yaml` file; every refusal names the file."""
    place = Path(path)
    is_book = _is_book(place, "read from")
    checks.need(place.is_file(), f'There is no file "{place.name}" in that folder. Check its name and folder.')
    try:
        checks.need(place.stat().st_size <= MOST_BYTES, "the file is far too large for a map. Choose another file.")
        told = _from_book(place.read_bytes()) if is_book else _from_text(place.read_text(encoding="utf-8-sig"))
        titles = told.pop("map", [])
        name = "" if not titles or titles[0]["name"].blank else str(titles[0]["name"].value)
        steps, moves, agreed = parts_of(told)
        return kind(steps, moves, agreed, name=name)
    except UnicodeDecodeError:
        raise checks.Refusal(f'"{place.name}" is not a text file, so it holds no map.') from None
    except OSError:
        raise checks.Refusal(f'"{place.name}" cannot be opened. Close it in other programs.') from None
    except checks.Refusal as refusal:
        comma = "," if str(refusal).startswith(("sheet", "list")) else ":"
        raise checks.Refusal(f'In "{place.name}"{comma} {refusal}') from None


def write(made: TypedMap, path: str | Path) -> None:
    """Write *made* to a `.xlsx` or `.yaml` file."""
    place = Path(path)
    put(_to_book(made, "") if _is_book(place, "saved as") else _to_text(made, "").encode(), place)


def write_template(path: str | Path, made: TypedMap, *, replace: bool) -> None:
    """Write the example *made* with a note that it is one."""
    place = Path(path)
    held = _to_book(made, NOTE) if _is_book(place, "saved as") else _to_text(made, NOTE).encode()
    put(held, place, replace=replace)


def example() -> Parts:
    """A small made-up journey, to write one's own over."""
    about: list[tuple[Any, ...]]
    about = [
        ("referral", "practice", "doctor", 0.25, 0, 0.7, False, "hospital", "letter"),
        ("triage", "hospital", "nurse", 0.2, 72, 0.8, True, "clinic", "shared record"),
        ("clinic", "hospital", "specialist", 0.5, 336, 0.9, True, "practice", "letter"),
    ]
    steps = [TypedStep(*words) for words in about]
    moves = [TypedMove("referral", "triage"), TypedMove("triage", "clinic", 0.75), TypedMove("triage", "referral", 0.1)]
    return steps, moves, [Agreed("ward clerk"), Agreed("service user", service_user=True)]


def _from_book(held: bytes) -> dict[str, Rows]:
    from flowlib.mapping.typed_book import from_bytes  # noqa: PLC0415 - only for workbooks

    return from_bytes(held)


def _to_book(made: TypedMap, note: str) -> bytes:
    from flowlib.mapping.typed_book import to_bytes  # noqa: PLC0415 - only for workbooks

    return to_bytes({"map": [{"name": quoted(made.name) if made.name else None}], **lines_of(made)}, note)


def _is_book(place: Path, done: str) -> bool:
    ending = place.suffix.lower()
    checks.need(
        ending in TEXT + BOOK,
        f'A typed map is {done} a .xlsx or .yaml file; "{place.name}" came. Change its ending.',
    )
    return ending in BOOK


def lines_of(made: TypedMap) -> dict[str, list[Line]]:
    """What stands in each sheet, by heading; None where nothing does."""

    def time(hours: float | None) -> str | None:
        return None if hours is None else length(hours)

    def word(words: str) -> str | None:
        return quoted(words) if words else None

    steps: list[Line] = [
        {
            "step": quoted(step.name), "team": word(step.team), "who does it": word(step.who),
            "process time": time(step.process_time), "wait": time(step.wait),
            "complete and accurate": step.complete_and_accurate, "story told again": _yes(step.told_again),
            "information to": word(step.information_to), "how": word(step.how),
        }
        for step in made.parts
    ]  # fmt: skip
    moves: list[Line] = [{"from": quoted(m.from_step), "to": quoted(m.to_step), "share": m.share} for m in made.moves]
    agreed: list[Line] = [
        {"role": quoted(one.role), "service user": _yes(one.service_user), "date": one.date} for one in made.agreed
    ]
    return {"steps": steps, "moves": moves, "agreed": agreed}


def _yes(answer: bool) -> str:  # noqa: FBT001 - the answer is all there is
    return "yes" if answer else "no"


# YAML.


def _to_text(made: TypedMap, note: str) -> str:
    plain: dict[str, object] = {"name": made.name}
    for title, lines in lines_of(made).items():
        plain[title] = [{heading: str(value) for heading, value in line.items() if value is not None} for line in lines]
    text = dumped(plain)
    return f"# {note}\n{text}" if note else text


def _from_text(text: str) -> dict[str, Rows]:
    plain = parsed(text, of="a typed map", most=MOST_BYTES, not_yaml=NOT_YAML)
    checks.need(isinstance(plain, dict), "the text has no steps. Begin from TypedMap.template.")
    assert isinstance(plain, dict)  # noqa: S101 - refused above, which the type checker cannot see
    for word in plain:
        checks.choice("part", word, ("name", *LISTS), where="of a typed map")
    checks.need(plain.get("steps"), "the text has no steps. Add at least one.")
    name = plain.get("name") or ""
    checks.need(isinstance(name, str), "the name must be words. Put it in quotes.")
    told = {title: _entries(title, plain.get(title) or []) for title in LISTS}
    told["map"] = rows(Told("map", "list", ["name"], [(1, {0: name})]))
    return told


def _entries(title: str, entries: object) -> Rows:
    good = isinstance(entries, list) and all(
        isinstance(entry, dict) and all(isinstance(value, str) for value in entry.values()) for entry in entries
    )
    checks.need(good, f'the list "{title}" must hold one entry a row, each with names and words. Look at the template.')
    assert isinstance(entries, list)  # noqa: S101 - refused above, which the type checker cannot see
    headings = list(dict.fromkeys(word for entry in entries for word in entry))
    lines = [
        (row, {headings.index(word): value for word, value in entry.items()})
        for row, entry in enumerate(entries, start=1)
    ]
    return rows(Told(title, "list", headings, lines, first=0)) if entries else []
