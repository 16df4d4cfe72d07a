"""
How does a record of tests stand in a file that people read, share and sometimes edit?

As YAML: the aim, the tests, and a log of what was saved when. The log shows that a
prediction came before its result. It says so too where a number was changed by hand
later. Whoever edits the log as well can hide that: it keeps honest people straight,
and is no seal.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from flowlib.change import kept
from flowlib.change.pdsa import cycle as cycles_of
from flowlib.change.pdsa import ramps
from flowlib.change.pdsa.cycle import Cycle
from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Entry", "from_text", "news", "read", "to_text"]

HEAD = (
    "# Tests of change, kept by flowlib. It dates each prediction and each result, and fills the log and the marks.\n"
)
PREDICTED, GOT, FOUND, CHANGED = "predicted", "got", "found in the file", "changed by hand"
KINDS = (PREDICTED, GOT, f"prediction {FOUND}", f"result {FOUND}", f"prediction {CHANGED}", f"result {CHANGED}")
NONE = frozenset({"", "null", "~"})  # how YAML writes that there is nothing
RESULT = ("result", "learned", "decision", "studied_on")
NAMES = tuple(one.name for one in fields(Cycle))
NEEDED = ("number", "change", "measure", "prediction", "why", "starts")


@dataclass(frozen=True)
class Entry:
    """One line of the log: when which number of which test was saved."""

    at: str  # wall-clock time of the save, as 2025-05-05 14:30:00
    test: int
    what: str  # predicted, got, or how else the number came into the file
    value: float  # in the unit of the test's measure


def to_text(aim: str, cycles: tuple[Cycle, ...], log: tuple[Entry, ...]) -> str:
    """
    A record as YAML; what is empty is left out.

    >>> print(to_text("Home sooner", (), ()).splitlines()[1])
    aim: Home sooner
    """
    tests = [{name: value for name, value in vars(one).items() if value not in ("", None)} for one in cycles]
    plain = {"aim": aim, "tests": tests} | ({"log": [vars(one) for one in log]} if log else {})
    text = HEAD + kept.dumped(plain)
    checks.need(len(text) <= kept.MOST_TEXT, "The record is too long for one file. Begin another for the next tests.")
    return text


def read(path: str | Path) -> tuple[str, str]:
    """The name and the text of a file."""
    place = kept.place_of(path)
    checks.need(place.is_file(), f'There is no file "{place.name}" there. Check its name and folder.')
    try:
        return place.name, place.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise checks.Refusal(_not_one(place.name)) from None


def from_text(name: str, text: str) -> tuple[str, tuple[Cycle, ...], tuple[Entry, ...]]:
    """Aim, tests and log of a YAML text, each test checked as if it was planned here; *name* is the file's."""
    try:
        plain = kept.parsed(text)
    except checks.Refusal as refusal:
        raise checks.Refusal(f'"{name}": {refusal}') from None
    if not isinstance(plain, dict) or not {"aim", "tests"} <= set(plain) <= {"aim", "tests", "log"}:
        raise checks.Refusal(_not_one(name))
    parts: dict[str, Any] = dict(plain)
    for listed in ("tests", "log"):
        parts[listed] = parts.get(listed) or []
        good = isinstance(parts[listed], list) and all(isinstance(one, dict) for one in parts[listed])
        checks.need(good and isinstance(parts["aim"], str) and parts["aim"].strip(), _not_one(name))
    made: list[Cycle] = []
    for place, one in enumerate(parts["tests"], start=1):
        with _at(f'"{name}", test {place}'):
            made.append(_cycle(place, one, made))
    log = []
    for place, one in enumerate(parts["log"], start=1):
        with _at(f'"{name}", log {place}'):
            log.append(_entry(one))
    return parts["aim"], tuple(made), tuple(log)


def news(cycles: tuple[Cycle, ...], old: tuple[Cycle, ...], log: tuple[Entry, ...]) -> Iterator[Entry]:
    """What the log does not say yet; *old* are the tests as they stood in the file before this save."""
    at = f"{kept.now():%Y-%m-%d %H:%M:%S}"
    for one in cycles:
        before = old[one.number - 1] if one.number <= len(old) else None
        planned = ("prediction", PREDICTED, one.prediction, before is None and one.planned_on)
        studied = ("result", GOT, one.result, (before is None or before.result is None) and one.studied_on)
        for kind, word, value, new in (planned, studied):
            if value is None:
                continue
            said = [entry.value for entry in log if entry.test == one.number and entry.what in _of(kind, word)]
            if said and said[-1] != value:
                yield Entry(at, one.number, f"{kind} {CHANGED}", value)
            elif not said:
                yield Entry(at, one.number, word if new else f"{kind} {FOUND}", value)


def _of(kind: str, word: str) -> tuple[str, ...]:
    return word, f"{kind} {FOUND}", f"{kind} {CHANGED}"


def _not_one(name: str) -> str:
    return f'"{name}" is not a record of tests that flowlib wrote.'


@contextlib.contextmanager
def _at(where: str) -> Iterator[None]:
    """Say where in the file something is refused."""
    try:
        yield
    except checks.Refusal as refusal:
        raise checks.Refusal(f"{where}: {refusal}") from None


def _cycle(place: int, plain: dict[str, Any], before: list[Cycle]) -> Cycle:
    """A test from a file, which people may have edited: as checked as one that is planned here."""
    for name in plain:
        checks.choice("part", name, NAMES)
    for name in NEEDED:
        checks.need(name in plain, f'there is no "{name}". Add it.')
    empty = {name for name, value in plain.items() if value in (NONE if name in {"result", "follows"} else ("",))}
    parts = {name: value for name, value in plain.items() if name in NEEDED or name not in empty}
    number = parts.pop("number")
    checks.need(number == str(place), f"tests are numbered from 1 in their order; {checks.brief(number)} came.")
    done = {name: parts.pop(name) for name in RESULT if name in parts}
    if "follows" in parts:
        parts["follows"] = checks.whole("follows", parts["follows"], 1)
    for name, dates in (("planned_on", parts), ("studied_on", done)):
        if name in dates:
            dates[name] = cycles_of.as_date(name, dates[name])
    parts["mark"] = cycles_of.tidy("mark", parts.get("mark", ""))
    made = ramps.joined(cycles_of.plan(place, parts), tuple(before))
    if not done:
        return made
    checks.need("result" in done, "a lesson needs its result. Add it, or take the lesson out.")
    return cycles_of.study(made, **({"learned": "", "decision": ""} | done))


def _entry(plain: dict[str, Any]) -> Entry:
    checks.need(set(plain) == {"at", "test", "what", "value"}, "each entry has at, test, what and value. Correct it.")
    checks.choice("kind", plain["what"], KINDS)
    at = cycles_of.tidy("time", plain["at"], "say when.")
    return Entry(at, checks.whole("test", plain["test"], 1), plain["what"], checks.finite("value", plain["value"]))
