"""
Which column of this file seems to be which?

`propose` looks at names and contents and makes a guess; a person confirms it. Nothing
is read with a guess that nobody has accepted, and no cell's value is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.core import checks
from flowlib.core.dates import BLANKS, read_dates
from flowlib.core.eventlog import TIMES, EventLog
from flowlib.core.files import open_table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Proposal", "propose"]

MOSTLY = 0.8  # share of filled cells that must be dates in a column of times
HALF = 0.5  # and share that must not, in any other
# A column's name in lower case without punctuation; the most telling first.
SYNONYMS = {
    "person": ("person", "patient", "person id", "patient id", "personid", "patientid", "case id", "caseid", "case",
               "case concept name", "pseudonym", "person ref", "client id", "spell id", "attendance id", "pathway id",
               "journey id", "nhs number", "nhsnumber", "id"),
    "step": ("step", "activity", "event", "concept name", "stage", "task", "step name", "activity name", "event name",
             "ward", "location", "department", "place", "service"),
    "arrived": ("arrived", "arrival", "arrived at", "arrival time", "arrival dt", "joined", "joined queue", "admitted",
                "admit dt", "referred", "referral dt", "request dt", "requested", "time in", "in"),
    "started": ("started", "start", "start time", "started at", "start timestamp", "began", "seen", "seen dt",
                "service start"),
    "finished": ("finished", "finish", "end", "end time", "finished at", "ended", "completed", "timestamp",
                 "time timestamp", "end timestamp", "date time", "datetime", "event time", "when", "time", "date"),
    "left": ("left", "departed", "departure", "departure dt", "left at", "discharged", "discharge dt", "time out",
             "out", "moved on"),
    "group": ("group", "patient group", "priority", "triage category", "age band"),
    "outcome": ("outcome",),
}  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """
    Which column seems to be which. Look at it, then `accept()`, with changes where it is wrong.

    `EventLog.read("list.csv").accept(step="ward")` reads the file with that one change.
    """

    path: Path
    sheet: str | None
    headers: tuple[str, ...]
    columns: Mapping[str, str]  # role -> column
    rivals: Mapping[str, tuple[str, ...]]  # role -> other columns that could be it
    example: pd.DataFrame  # shape and kind of the proposed columns, without any cell's value

    @property
    def certain(self) -> bool:
        """Whether each needed column was recognised by its name, with no rival."""
        return not self.missing and not any(self.rivals.get(role) for role in self.columns)

    @property
    def missing(self) -> list[str]:
        """What is still to be named: person, step, or a time."""
        gaps = [role for role in ("person", "step") if role not in self.columns]
        return gaps if set(self.columns) & set(TIMES) else [*gaps, "a time (arrived, started, finished or left)"]

    def sentence(self) -> str:
        """The guess in words."""
        told = ", ".join(f'{role} = "{column}"' for role, column in self.columns.items()) or "nothing was recognised"
        gaps = f" Still to be named: {', '.join(self.missing)}." if self.missing else ""
        doubts = "".join(
            f" {role.capitalize()} could also be {checks.listed(others)}."
            for role, others in self.rivals.items()
            if others
        )
        return f"The columns look like this: {told}.{gaps}{doubts}"

    def accept(self, **changes: Any) -> EventLog:  # noqa: ANN401 - columns, or options of `read`
        """The log, read with the proposed columns and your changes."""
        from flowlib.core.reading import read  # noqa: PLC0415 - reading hands this class on

        columns = {role: column for role, column in ({**self.columns, **changes}).items() if column is not None}
        return read(self.path, **({"sheet": self.sheet} | columns))


def propose(path: str | Path, *, sheet: str | None = None) -> Proposal:
    """A guess at which column is which, from names and contents; nothing is read with it until it is accepted."""
    table = open_table(path, sheet=sheet)
    sample = table.sample()
    checks.need(
        not sample.map(_blank).all(axis=None),
        f'There are no rows in "{table.path.name}". Choose a file that holds some.',
    )
    found: dict[str, str] = {}
    rivals: dict[str, tuple[str, ...]] = {}
    for role, names in SYNONYMS.items():
        fits = [h for name in names for h in sample if _plain(h) == name and h not in found.values()]
        fits = [h for h in dict.fromkeys(fits) if _holds(role, sample[h])]
        if fits:
            found[role] = fits[0]
            rivals[role] = tuple(fits[1:]) if role in {"person", "step"} else ()
    if "arrived" not in found and "started" not in found and "finished" not in found and "left" in found:
        found["finished"] = found.pop("left")
    about = pd.DataFrame(
        [(role, c, str(sample[c].nunique()), str(sample[c].map(_blank).sum())) for role, c in found.items()],
        columns=["role", "column", "different values", "blank"],
    )
    return Proposal(Path(path), table.sheet, tuple(table.headers), found, rivals, about)


def _plain(header: str) -> str:
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", str(header))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", spaced.lower()).split())


def _blank(cell: object) -> bool:
    return cell is None or cell is pd.NaT or str(cell).strip().lower() in BLANKS


def _holds(role: str, cells: pd.Series) -> bool:
    """Whether a column's contents can play that role at all: times are dates, and the rest are not."""
    filled = cells[~cells.map(_blank)]
    if filled.empty:
        return False
    if role in TIMES:
        return float(read_dates(filled).times.notna().mean()) > MOSTLY
    read = read_dates(filled.map(str))
    return float((read.times.notna() & ~read.serials).mean()) < HALF
