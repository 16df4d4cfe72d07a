"""
Which column of this file seems to be which?

`propose` looks at names and contents and makes a guess; a person confirms it. Nothing
is read with a guess that nobody has accepted, and no cell's value is shown. Lists with a
column for each moment are recognised by `kinds`, and logs with a row an event by the
column that says "start" or "complete".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.core import checks, kinds, lifecycle
from flowlib.core.dates import BLANKS, read_dates
from flowlib.core.eventlog import TIMES, EventLog
from flowlib.core.files import open_table
from flowlib.core.kinds import plain_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.core.wide import Milestone

__all__ = ["Proposal", "propose"]

MOSTLY = 0.8  # share of filled cells that must be dates in a column of times
HALF = 0.5  # and share that must not, in any other
# A column's name in lower case without punctuation; the most telling first.
SYNONYMS = {
    "person": ("person", "patient", "person id", "patient id", "personid", "patientid", "case id", "caseid", "case",
               "case concept name", "pseudonym", "person ref", "client id", "spell id", "attendance id", "pathway id",
               "journey id", "nhs number", "nhsnumber",
               "entity id", "entity", "caseload id", "package id", "id"),
    "step": ("step", "activity", "event", "concept name", "stage", "task", "step name", "activity name", "event name",
             "activity id", "ward", "ward name", "ward code", "location", "department", "place", "service"),
    "arrived": ("ward start", "ward start dt", "ward arrival", "moved in", "transfer in",
                "arrived", "arrival", "arrived at", "arrival time", "arrival dt", "joined", "joined queue", "admitted",
                "admit dt", "referred", "referral dt", "request dt", "requested", "time in", "in"),
    "started": ("started", "start", "start time", "started at", "start timestamp", "began", "seen", "seen dt",
                "service start"),
    "finished": ("finished", "finish", "end", "end time", "finished at", "ended", "completed", "timestamp",
                 "time timestamp", "end timestamp", "date time", "datetime", "event time", "when", "time", "date"),
    "left": ("ward end", "ward end dt", "ward departure", "moved out", "transfer out",
             "left", "departed", "departure", "departure dt", "left at", "discharged", "discharge dt", "time out",
             "out", "moved on"),
    "group": ("group", "patient group", "priority", "triage category", "age band"),
    "outcome": ("outcome",),
    "lifecycle": ("lifecycle transition", "lifecycle", "lifecycle id", "transition", "event type"),
    "instance": ("activity instance id", "activity instance", "concept instance", "resource id"),
}  # fmt: skip
NUMBERED = ("time", "timestamp", "minutes")  # a time of vidigi's, which counts minutes


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
        return f"{kind}The columns look like this: {told}.{gaps}{doubts}{self._of_steps()}{self._of_options()}"

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
        if "lifecycle" in self.columns:
            told += " The rows that start and complete a visit are put together."
        if "time_unit" in self.options:
            told += f" Times are numbers of {self.options['time_unit']}."
        return told

    def accept(self, **changes: Any) -> EventLog:  # noqa: ANN401 - columns, or options of `read`
        """The log, read with the proposed columns and your changes."""
        from flowlib.core.reading import read  # noqa: PLC0415 - reading hands this class on

        options = {**self.options}
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
        not sample.map(_blank).all(axis=None),
        f'There are no rows in "{table.path.name}". Choose a file that holds some.',
    )
    found, rivals = _by_name(sample)
    kind: kinds.Kind | None = None
    milestones: list[Milestone] = []
    if "person" in found and not _visits_repeat(sample, found):
        kind, milestones = kinds.recognise(sample, _dates_or_blank, steps="step" in found)
    what, options = _as_list(sample, found, rivals, kind) if milestones else _as_events(sample, found, rivals)
    about = pd.DataFrame(
        [(role, c, str(sample[c].nunique()), str(sample[c].map(_blank).sum())) for role, c in found.items()],
        columns=["role", "column", "different values", "blank"],
    )
    return Proposal(
        Path(path), table.sheet, tuple(table.headers), found, rivals, about, what, tuple(milestones), options
    )


def _by_name(sample: pd.DataFrame) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The column for each role by its name, where its contents can play it; and others that could."""
    found: dict[str, str] = {}
    rivals: dict[str, tuple[str, ...]] = {}
    for role, names in SYNONYMS.items():
        fits = [h for name in names for h in sample if plain_header(h) == name and h not in found.values()]
        fits = [h for h in dict.fromkeys(fits) if _holds(role, sample[h])]
        if fits:
            found[role] = fits[0]
            rivals[role] = tuple(fits[1:]) if role in {"person", "step"} else ()
    if "arrived" not in found and "started" not in found and "finished" not in found and "left" in found:
        found["finished"] = found.pop("left")
    return found, rivals


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
        own = [h for name in kind.person for h in sample if plain_header(h) == name and _holds("person", sample[h])]
        person = list(dict.fromkeys([*own, *person]))
        fits = (h for name in kind.group for h in sample if plain_header(h) == name and _holds("group", sample[h]))
        group = next(fits, None)
    found.clear()
    rivals.clear()
    found["person"], rivals["person"] = person[0], tuple(person[1:])
    if group is not None:
        found["group"] = group
    if kind is None:
        return "list with a column for each moment", {}
    return f"{kind.name}, one row {_a(kind.row)}", {"blank_end": kind.blank_end}


def _as_events(
    sample: pd.DataFrame, found: dict[str, str], rivals: dict[str, tuple[str, ...]]
) -> tuple[str, dict[str, Any]]:
    """Make of what was found a log with a row an event, in place, where it is one; what it is, and the options."""
    column = found.get("lifecycle")
    words = sample[column].map(lambda cell: str(cell).strip().lower()) if column is not None else None
    filled = set(words[~words.isin(BLANKS)]) if words is not None else set()
    times = [role for role in TIMES if role in found]
    numbers = filled <= set(lifecycle.VIDIGI) and not times
    stamp = next((h for name in NUMBERED for h in sample if plain_header(h) == name), None) if numbers else None
    if not filled or not lifecycle.is_lifecycle(filled) or not (len(times) == 1 or stamp is not None):
        found.pop("lifecycle", None)
        found.pop("instance", None)
        moves = _ward_moves(sample, found, rivals)
        return moves, {"blank_end": "still_here"} if moves else {}
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


def _blank(cell: object) -> bool:
    return cell is None or cell is pd.NaT or str(cell).strip().lower() in BLANKS


def _dates_or_blank(cells: pd.Series) -> bool | None:
    """Whether a column holds dates; None where it is blank."""
    return None if cells.map(_blank).all() else _holds("arrived", cells)


def _holds(role: str, cells: pd.Series) -> bool:
    """Whether a column's contents can play that role at all: times are dates, and the rest are not."""
    filled = cells[~cells.map(_blank)]
    if filled.empty:
        return False
    if role == "lifecycle":
        return lifecycle.is_lifecycle(set(filled.map(lambda cell: str(cell).strip().lower())))
    if role == "instance":
        return True
    if role in TIMES:
        return float(read_dates(filled).times.notna().mean()) > MOSTLY
    read = read_dates(filled.map(str))
    return float((read.times.notna() & ~read.serials).mean()) < HALF
