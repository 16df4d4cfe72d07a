"""
Which column of this file seems to be which?

`propose` looks at names and contents and makes a guess; a person confirms it. Nothing
is read with a guess that nobody has accepted, and no cell's value is shown. Lists with a
column for each moment are recognised by `kinds`, and logs with a row an event by the
column that says "start" or "complete".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.core import adt, checks, guesses, kinds, lifecycle
from flowlib.core.dates import BLANKS
from flowlib.core.eventlog import TIMES, EventLog
from flowlib.core.files import open_table
from flowlib.core.kinds import plain_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.core.wide import Milestone

__all__ = ["Proposal", "propose"]

WAITING = "waiting list"  # in which somebody can be removed, and added again under a new id
ADT = "log of admissions, transfers and discharges, one row an event"


@dataclass(frozen=True)
class Proposal:
    """
    Which column seems to be which. Look at it, then `accept()`, with changes where it is wrong.

    `EventLog.read("list.csv").accept(step="ward")` reads the file with that one change.
    """

    path: Path
    sheet: str | Sequence[str] | None
    headers: tuple[str, ...]
    columns: Mapping[str, str]  # role -> column
    rivals: Mapping[str, tuple[str, ...]]  # role -> other columns that could be it
    example: pd.DataFrame  # shape and kind of the proposed columns, without any cell's value
    kind: str = ""  # what the file looks like, such as "emergency department list"; empty for a row a visit
    milestones: tuple[Milestone, ...] = ()  # of a list with a column for each moment
    options: Mapping[str, Any] = field(default_factory=dict)  # other options that `accept` would use
    passed: tuple[str, ...] = ()  # which rows above the column names are passed over, in sentences
    unread: tuple[str, ...] = ()  # columns named like times, whose cells are none that can be read day first

    @property
    def certain(self) -> bool:
        """Whether each needed column was recognised by its name, with no rival."""
        plain = not self.milestones and "lifecycle" not in self.columns
        return plain and not self.missing and not any(self.rivals.get(role) for role in self.columns)

    @property
    def missing(self) -> list[str]:
        """What is still to be named: person, step, or a time."""
        needed = ("person",) if self.milestones else ("person", "step")
        gaps = [role for role in needed if role not in self.columns]
        timed = self.milestones or set(self.columns) & set(TIMES)
        return gaps if timed else [*gaps, "a time (arrived, started, finished or left)"]

    @property
    def steps(self) -> pd.DataFrame:
        """The steps that would come of a list with a column for each moment: `step`, `begins`, `ends`, `what`."""
        return kinds.told_steps(self.milestones)

    def sentence(self) -> str:
        """The guess in words."""
        told = ", ".join(f'{role} = "{column}"' for role, column in self.columns.items()) or "nothing was recognised"
        gaps = f" Still to be named: {', '.join(self.missing)}." if self.missing else ""
        doubts = "".join(
            f" {role.capitalize()} could also be {checks.listed(others)}."
            for role, others in self.rivals.items()
            if others
        )
        kind = f"This looks like {_with_article(self.kind)}. " if self.kind else ""
        rest = f"{self._of_steps()}{self._of_options()}{''.join(f' {one}' for one in self.warnings)}"
        return f"{kind}The columns look like this: {told}.{gaps}{doubts}{rest}"

    @property
    def warnings(self) -> list[str]:
        """In words: columns named like times that hold none that can be read, and rows that are passed over."""
        are = "is" if len(self.unread) == 1 else "are"
        how = "Write dates day first, such as 25/03/2026, or name other columns."
        named = f"{checks.listed(self.unread)} {are} named like a time, but cannot be read as such. {how}"
        return [*([named] if self.unread else []), *self.passed]

    def _of_steps(self) -> str:
        """What would come of the milestones."""
        if not self.milestones:
            return ""
        steps = self.steps
        first = steps.head(len(self.milestones) - 1)
        told = " ".join(
            f'"{row.step}" is from "{row.begins}" to "{row.ends}"{"" if row.what == "not said" else f" ({row.what})"}.'
            for row in first.itertuples()
        )
        instead = "".join(
            f' Where the moment between is blank: "{row.step}".' for row in steps[len(first) :].itertuples()
        )
        return f" Each row gives these steps: {told}{instead}"

    def _of_options(self) -> str:
        """What else would be done."""
        told = ""
        if self.options.get("blank_end") == "still_here":
            told += " Where the last moment is blank, the person counts as still there."
        clocks = self.options.get("clocks", {})
        told += "".join(
            f' {role.capitalize()} takes its date from "{self.columns[role]}" and its clock time from "{clock}".'
            for role, clock in clocks.items()
        )
        told += "".join(
            f' {one.name.capitalize()} takes its date from "{one.column}" and its clock time from "{one.clock}".'
            for one in self.milestones if one.clock
        )  # fmt: skip
        if "whose" in self.options:
            told += f' "{self.options["whose"]}" tells who is on the list twice; it is not kept.'
        if self.kind == ADT:
            told += " Each stay on a ward is from its admission or transfer to the next transfer or discharge."
        elif "lifecycle" in self.columns:
            told += " The rows that start and complete a visit are put together."
        if "time_unit" in self.options:
            told += f" Times are numbers of {self.options['time_unit']}."
        return told

    def accept(self, **changes: Any) -> EventLog:  # noqa: ANN401 - columns, or options of `read`
        """The log, read with the proposed columns and your changes."""
        from flowlib.core.reading import read  # noqa: PLC0415 - reading hands this class on

        options = {**self.options}
        if "clocks" in options:
            options["clocks"] = {role: one for role, one in options["clocks"].items() if role not in changes}
        if self.milestones and not {"step", *TIMES} & set(changes):
            options["milestones"] = self.milestones
        elif self.milestones:
            options.pop("blank_end", None)
        named = {**self.columns, **options, **changes}
        return read(
            self.path, **({"sheet": self.sheet} | {word: one for word, one in named.items() if one is not None})
        )


def propose(path: str | Path, *, sheet: str | Sequence[str] | None = None) -> Proposal:
    """A guess at which column is which, from names and contents; nothing is read with it until it is accepted."""
    table = open_table(path, sheet=sheet)
    sample = table.sample()
    checks.need(
        not sample.map(guesses.blank).all(axis=None),
        f'There are no rows in "{table.path.name}". Choose a file that holds some.',
    )
    found, rivals = guesses.by_name(sample)
    pairs = guesses.pairs(sample)
    clocks = guesses.with_clocks(sample, found, pairs)
    kind: kinds.Kind | None = None
    milestones: list[Milestone] = []
    if "person" in found and not _visits_repeat(sample, found):
        kind, milestones = kinds.recognise(sample, guesses.dates_or_blank, steps="step" in found)
    milestones = [replace(one, clock=pairs.get(one.column, "")) for one in milestones]
    what, options = _as_list(sample, found, rivals, kind) if milestones else _as_events(sample, found, rivals)
    options |= {"clocks": kept} if (kept := {role: clock for role, clock in clocks.items() if role in found}) else {}
    about = pd.DataFrame(
        [(role, c, str(sample[c].nunique()), str(sample[c].map(guesses.blank).sum())) for role, c in found.items()],
        columns=["role", "column", "different values", "blank"],
    )
    more = {"passed": tuple(table.passed), "unread": guesses.unread(sample, found, pairs, clocks)}
    return Proposal(
        Path(path), table.sheet, tuple(table.headers), found, rivals, about, what, tuple(milestones), options, **more
    )


def _visits_repeat(sample: pd.DataFrame, found: Mapping[str, str]) -> bool:
    """Whether a column names steps and people have several rows, so that each row is a visit."""
    return "step" in found and bool(sample[found["person"]].duplicated().any())


def _as_list(
    sample: pd.DataFrame, found: dict[str, str], rivals: dict[str, tuple[str, ...]], kind: kinds.Kind | None
) -> tuple[str, dict[str, Any]]:
    """Make of what was found a list with a column for each moment, in place; what it is, and the options."""
    person = [found["person"], *rivals.get("person", ())]
    group = None
    if kind is not None:
        own = [
            h for name in kind.person for h in sample if plain_header(h) == name and guesses.holds("person", sample[h])
        ]
        person = list(dict.fromkeys([*own, *person]))
        fits = (
            h for name in kind.group for h in sample if plain_header(h) == name and guesses.holds("group", sample[h])
        )
        group = next(fits, None)
    found.clear()
    rivals.clear()
    found["person"], rivals["person"] = person[0], tuple(person[1:])
    if group is not None:
        found["group"] = group
    if kind is None:
        return "list with a column for each moment", {}
    options = {"blank_end": kind.blank_end}
    whose = next((h for h in person[1:] if plain_header(h) in guesses.WHOSE), None)
    if kind.name == WAITING and person[0] in own and whose is not None:
        options["whose"] = whose
    return f"{kind.name}, one row {_a(kind.row)}", options


def _as_events(
    sample: pd.DataFrame, found: dict[str, str], rivals: dict[str, tuple[str, ...]]
) -> tuple[str, dict[str, Any]]:
    """Make of what was found a log with a row an event, in place, where it is one; what it is, and the options."""
    column = found.get("lifecycle")
    words = sample[column].map(lambda cell: str(cell).strip().lower()) if column is not None else None
    filled = set(words[~words.isin(BLANKS)]) if words is not None else set()
    times = [role for role in TIMES if role in found]
    numbers = filled <= set(lifecycle.VIDIGI) and not times
    stamp = next((h for name in guesses.NUMBERED for h in sample if plain_header(h) == name), None) if numbers else None
    if not filled or not lifecycle.is_lifecycle(filled) or not (len(times) == 1 or stamp is not None):
        found.pop("lifecycle", None)
        found.pop("instance", None)
        moves = _ward_moves(sample, found, rivals)
        return moves, {"blank_end": "still_here"} if moves else {}
    if adt.is_adt(filled):
        found.pop("instance", None)
        return ADT, {"blank_end": "still_here"}
    if not filled <= set(lifecycle.VIDIGI):
        if "instance" in found and plain_header(found["instance"]) == "resource id":
            del found["instance"]
        return "log of starts and completions, one row an event", {}
    pathway = next((h for h in sample if plain_header(h) == "pathway"), None)
    if pathway is not None:
        found.setdefault("group", pathway)
    if stamp is None:
        return "log of vidigi, one row an event", {}
    found["finished"] = stamp
    return "log of vidigi, one row an event", {"time_unit": "minutes"}


def _ward_moves(sample: pd.DataFrame, found: dict[str, str], rivals: dict[str, tuple[str, ...]]) -> str:
    """Whether each row is a stay on a ward, so that a journey is a spell; what it is."""
    columns = {role: plain_header(found.get(role, "")) for role in ("step", "arrived", "left")}
    if not columns["step"].startswith("ward") or not columns["arrived"].startswith(("ward", "moved", "transfer")):
        return ""
    spell = next((h for h in sample if plain_header(h) in {"spell id", "spell number"}), None)
    if spell is not None and spell in rivals.get("person", ()):
        others = (found["person"], *rivals["person"])
        found["person"], rivals["person"] = spell, tuple(other for other in others if other != spell)
    return "ward moves, one row a stay"


def _a(word: str) -> str:
    return f"an {word}" if word[:1] in "aeiou" else f"a {word}"


def _with_article(kind: str) -> str:
    return kind if kind.startswith(("inpatient spells", "social-care packages", "ward moves")) else _a(kind)
