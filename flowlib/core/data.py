"""
Which tables and pathways come with flowlib, and what is in them?

All are of Wexmoor, an invented place; nobody in them is real. `data/README.md` says
what each column is, and `data/build.py` makes them. The extracts are as systems give
them, quirks and all; `data/extracts_build` makes those, and `planted()` says what is
hidden in them. `data/wexmoor.md` says what the numbers of the pathway rest on, and
`data/wexmoor_build.py` makes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from flowlib.core import checks
from flowlib.core.eventlog import EventLog
from flowlib.core.files import open_table
from flowlib.core.pathway import Pathway

__all__ = [
    "CATALOGUE", "FOLDER", "PATHWAYS", "Shipped", "formulas", "journey", "load", "path", "pathway", "planted", "table",
]  # fmt: skip

FOLDER = Path(__file__).resolve().parents[2] / "data"
WINDOW = ("2025-01-06 00:00", "2025-08-04 00:00")  # 30 weeks


@dataclass(frozen=True)
class Shipped:
    """One table that comes with flowlib."""

    file: str
    title: str  # as it stands on screen
    is_log: bool
    is_extract: bool = False  # as a system gives it, with its quirks; to be read by naming its columns


CATALOGUE = {
    "maureen": Shipped("maureen.csv", "Maureen Hart's map", is_log=False),
    "wexmoor_journey": Shipped("wexmoor_journey.csv", "Wexmoor: older people's journey", is_log=True),
    "wexmoor_ed": Shipped("wexmoor_ed.csv.gz", "Wexmoor: emergency department", is_log=True),
    "wexmoor_ed_list": Shipped("wexmoor_ed_list.csv", "Emergency department list", is_log=False, is_extract=True),
    "wexmoor_inpatients": Shipped("wexmoor_inpatients.csv", "Spells and ward moves", is_log=False, is_extract=True),
    "wexmoor_waiting_list": Shipped("wexmoor_waiting_list.csv.gz", "Waiting list", is_log=False, is_extract=True),
    "wexmoor_community": Shipped("wexmoor_community.txt.gz", "Community caseload", is_log=False, is_extract=True),
    "wexmoor_social_care": Shipped("wexmoor_social_care.xlsx", "Home care packages", is_log=False, is_extract=True),
    "wexmoor_hub_calls": Shipped("wexmoor_hub_calls.csv", "Calls to the GP hub", is_log=False),
    "wexmoor_delays": Shipped("wexmoor_delays.csv", "Reasons for delay", is_log=False),
}
PATHWAYS = {"wexmoor": "wexmoor.yaml"}
MEASURED = "formulas.csv"
MADE_BY_BUILD = ("maureen", "wexmoor_journey", "wexmoor_ed")
COLUMNS = ("person", "step", "group", "arrived", "started", "finished", "left", "outcome")


def path(name: str) -> Path:
    """
    Where a shipped table stands.

    >>> path("wexmoor_ed_list").suffix
    '.csv'
    """
    shipped = CATALOGUE[checks.choice("shipped table", name, CATALOGUE)]
    script = "data/build.py" if name in MADE_BY_BUILD else "python -m data.extracts_build"
    return _there(shipped.file, f"Run {script} to make it again.")


def table(name: str) -> pd.DataFrame:
    """
    A shipped table as it stands in its file; in an extract every cell stays as the system wrote it.

    >>> int((table("wexmoor_delays")["code"] == "Waiting for home care").sum())
    96
    """
    place = path(name)
    if not CATALOGUE[name].is_extract:
        return pd.read_csv(place)
    opened = open_table(place)
    return opened.load(opened.headers).frame


def planted() -> dict[str, Any]:
    """
    What is hidden in the tables: causes to be found, and each quirk with its count. It is an answer sheet.

    >>> planted()["change_week"]
    18
    """
    text = _there("planted.json", "Run data/build.py to make it again.").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


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
    checks.need(
        not shipped.is_extract,
        f'"{name}" is an extract as a system gives it; name its columns: EventLog.read(data.path("{name}"), ...).',
    )
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
