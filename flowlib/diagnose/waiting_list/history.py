"""
Is this a history of a list that can be learned from? Snapshots and clock starts, read and checked.

Every month must be there once, with every number of months waited; a gap is refused with
the month that it is in, because a missing row and nobody waiting look alike.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import Refusal, brief, listed, need, whole
from flowlib.diagnose.waiting_list.units import people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["History", "read_history", "read_starts"]

YEAR_FIRST = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-\d{2}.*)?")
FEWEST_BINS = 2  # one to join, and one to grow older into


@dataclass(frozen=True)
class History:
    """Snapshots of one list: people by month's end (rows) and months waited (columns)."""

    months: list[pd.Period]  # one after the other, none missing
    people: Floats


def read_history(snapshots: pd.DataFrame) -> History:
    """
    Snapshots with columns `month`, `months_waited` and `people`, checked and in order.

    >>> table = pd.DataFrame({"month": ["2026-01", "2026-01"], "months_waited": [1, 0], "people": [5, 9]})
    >>> read_history(table).people.tolist()
    [[9.0, 5.0]]
    """
    _columns("The snapshots", snapshots, ["month", "months_waited", "people"])
    cells: dict[tuple[pd.Period, int], float] = {}
    rows = zip(snapshots["month"], snapshots["months_waited"], snapshots["people"], strict=True)
    for place, (when, waited, number) in enumerate(rows, 1):
        cell = _month(when, place), whole(f"The months waited of row {place}", waited)
        need(
            cell not in cells,
            f"Row {place} is a second one for {_said(cell[0])} with months_waited {cell[1]}. Keep one.",
        )
        cells[cell] = people(f"The people of row {place}", number)
    need(cells, "The snapshots have no rows. Give a row for each month and number of months waited.")
    last_bin = max(waited for _, waited in cells)
    need(last_bin + 1 >= FEWEST_BINS, "The snapshots have one bin only. Give at least months waited 0 and 1.")
    months = list(pd.period_range(min(cells)[0], max(cells)[0], freq="M"))
    for month in months:
        for waited in range(last_bin + 1):
            need(
                (month, waited) in cells,
                f"No row for {_said(month)} with months_waited {waited}."
                " Add it, with 0 where nobody had waited so long.",
            )
    numbers = [[cells[month, waited] for waited in range(last_bin + 1)] for month in months]
    return History(months, np.array(numbers, dtype=np.float64))


def read_starts(clock_starts: pd.DataFrame, months: list[pd.Period]) -> Floats:
    """People whose clock started in each of *months*, from columns `month` and `clock_starts`."""
    _columns("The clock starts", clock_starts, ["month", "clock_starts"])
    found: dict[pd.Period, float] = {}
    for place, (when, number) in enumerate(zip(clock_starts["month"], clock_starts["clock_starts"], strict=True), 1):
        month = _month(when, place)
        need(month not in found, f"Row {place} is a second one for the clock starts of {_said(month)}. Keep one.")
        found[month] = people(f"The clock starts of row {place}", number)
    for month in months:
        need(month in found, f"No clock starts for {_said(month)}. Add a row with the people who joined in it.")
    return np.array([found[month] for month in months], dtype=np.float64)


def _columns(name: str, table: object, wanted: list[str]) -> None:
    if not isinstance(table, pd.DataFrame):
        raise Refusal(f"{name} must be a table (a pandas DataFrame); {brief(table)} came.")
    missing = [one for one in wanted if one not in table.columns]
    need(not missing, f"{name} lack the columns {listed(missing)}; there are {listed(map(str, table.columns))}.")


def _month(value: object, place: int) -> pd.Period:
    """The month of a cell: a period, a date, or text with the year first."""
    if isinstance(value, pd.Period):
        return value.asfreq("M")
    if isinstance(value, dt.date) and not pd.isna(value):
        return pd.Period(year=value.year, month=value.month, freq="M")
    if isinstance(value, str) and YEAR_FIRST.fullmatch(value.strip()):
        return pd.Period(value.strip()[:7], freq="M")
    raise Refusal(f'The month of row {place} must be year first, such as "2026-04"; {brief(value)} came.')


def _said(month: pd.Period) -> str:
    return str(month.strftime("%B %Y"))
