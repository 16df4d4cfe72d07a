"""
Which tables and pathways come with flowlib, and what is in them?

All are of Wexmoor, an invented place; nobody in them is real. `data/README.md` says
what each column is, and `data/build.py` makes them. `data/wexmoor.md` says what the
numbers of the pathway rest on, and `data/wexmoor_build.py` makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from flowlib.core import checks
from flowlib.core.eventlog import EventLog
from flowlib.core.pathway import Pathway

__all__ = ["CATALOGUE", "FOLDER", "PATHWAYS", "Shipped", "formulas", "journey", "load", "path", "pathway", "table"]

FOLDER = Path(__file__).resolve().parents[2] / "data"
WINDOW = ("2025-01-06 00:00", "2025-08-04 00:00")  # 30 weeks


@dataclass(frozen=True)
class Shipped:
    """One table that comes with flowlib."""

    file: str
    title: str  # as it stands on screen
    is_log: bool


CATALOGUE = {
    "maureen": Shipped("maureen.csv", "Maureen Hart's map", is_log=False),
    "wexmoor_journey": Shipped("wexmoor_journey.csv", "Wexmoor: older people's journey", is_log=True),
    "wexmoor_ed": Shipped("wexmoor_ed.csv.gz", "Wexmoor: emergency department", is_log=True),
}
PATHWAYS = {"wexmoor": "wexmoor.yaml"}
MEASURED = "formulas.csv"
COLUMNS = ("person", "step", "group", "arrived", "started", "finished", "left", "outcome")


def path(name: str) -> Path:
    """Where a shipped table stands."""
    return _there(
        CATALOGUE[checks.choice("shipped table", name, CATALOGUE)].file, "Run data/build.py to make it again."
    )


def table(name: str) -> pd.DataFrame:
    """A shipped table as it stands in its file."""
    return pd.read_csv(path(name))


def formulas() -> pd.DataFrame:
    """
    How far off the formulas of queues are beside long simulations: a row a case, as `data/README.md` says.

    >>> "off_by" in formulas()
    True
    """
    return pd.read_csv(_there(MEASURED, "Run python -m benchmarks.formulas."))


def load(name: str) -> EventLog:
    """
    A shipped log, with the window that it covers.

    >>> load("wexmoor_journey").people > 2000
    True
    """
    shipped = CATALOGUE[checks.choice("shipped table", name, CATALOGUE)]
    checks.need(shipped.is_log, f'"{name}" is not a log of visits; read it with table("{name}").')
    place = path(name)
    headers = pd.read_csv(place, nrows=0).columns
    columns = {role: role for role in COLUMNS if role in headers}
    log = EventLog.read(place, **columns, observed=WINDOW, name=shipped.title, synthetic=True)
    assert isinstance(log, EventLog)  # noqa: S101 - columns are named, so it is no proposal
    return log


def journey() -> EventLog:
    """The older people's journey, which runs through every notebook."""
    return load("wexmoor_journey")


def pathway(name: str) -> Pathway:
    """
    A shipped pathway: "wexmoor" is the whole place, from the front door to home care.

    >>> pathway("wexmoor").step("Ward bed").capacity
    430
    """
    file = PATHWAYS[checks.choice("shipped pathway", name, PATHWAYS)]
    return Pathway.load(_there(file, "Run data/wexmoor_build.py to make it again."))


def _there(file: str, remedy: str) -> Path:
    place = FOLDER / file
    checks.need(place.is_file(), f'"{file}" is not in the data folder. {remedy}')
    return place
