"""
Which site had which value on which date, and when did each change?

A comparison needs every site on every date: a site without a value one month would
change who is compared with whom. So a missing value is refused, with its site and date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.change.effect.estimate import need_usual_size
from flowlib.core import checks
from flowlib.measure.spc_series import day, wall_date

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.measure.spc_rules import Floats

__all__ = ["Panel", "panel"]

SAME = 1e-9  # share of the largest value below which a difference is rounding


@dataclass(frozen=True, eq=False)
class Panel:
    """Sites (N) by dates (T)."""

    sites: tuple[str, ...]
    dates: pd.DatetimeIndex
    values: Floats  # (N, T)
    first: NDArray[np.int64]  # (N,) position of each site's first date since its change; T for none
    later: tuple[str, ...]  # sites whose change comes after the last date

    @property
    def groups(self) -> list[int]:
        """The first changed positions that there are, in order."""
        return sorted({int(one) for one in self.first if one < len(self.dates)})


def panel(table: pd.DataFrame, site: str, date: str, value: str, changed: Mapping[object, object]) -> Panel:
    """The table by site and date, with when each site changed; refused where a value is missing."""
    checks.need(
        isinstance(table, pd.DataFrame),
        f"The table must be a pandas DataFrame with one row a site and date; a {type(table).__name__} came.",
    )
    checks.need(
        isinstance(changed, Mapping),
        'Give the sites that changed with their dates, such as {"site": "2025-05-05"}; '
        f"{checks.brief(changed)} came.",
    )
    table = table.rename(columns=str)
    site, date, value = (str(column) for column in (site, date, value))
    for column in (site, date, value):
        checks.choice("column", column, table.columns, where="in the table")
        times = int((table.columns == column).sum())
        checks.need(times == 1, f'The table has {times} columns called "{column}". Rename one, or take it out.')
    rows = pd.DataFrame(
        {"site": _names(table[site]), "date": _dates(table[date]), "value": _numbers(table[value], value)},
    )
    _each_once(rows)
    wide = rows.pivot_table(index="site", columns="date", values="value", sort=True)
    _each_there(wide)
    sites, dates = tuple(wide.index), pd.DatetimeIndex(wide.columns)
    first = np.full(len(sites), len(dates), dtype=np.int64)
    for name, moment in _changes(changed, sites).items():
        first[sites.index(name)] = dates.searchsorted(moment)
    later = tuple(name for name in _changes(changed, sites) if first[sites.index(name)] == len(dates))
    _can_compare(first, sites, dates)
    values = wide.to_numpy(dtype=float)
    _vary(values)
    return Panel(sites, dates, values, first, later)


def _names(cells: pd.Series) -> list[str]:
    blank = np.flatnonzero(cells.isna().to_numpy())
    checks.need(not blank.size, f"Row {_row(blank)} has no site (rows count from 1). Name the site, or leave it out.")
    return [str(cell) for cell in cells]


def _dates(cells: pd.Series) -> list[pd.Timestamp]:
    codes, different = pd.factorize(cells)
    known = [*(wall_date(one) for one in different), None]  # a blank has the last code, -1
    moments = [known[code] for code in codes]
    if None in moments:
        at = moments.index(None)
        raise checks.Refusal(
            f'Row {at + 1} (rows count from 1) needs a date such as "2026-04-30", year first; {_came(cells, at)} came.',
        )
    return [moment for moment in moments if moment is not None]


def _numbers(cells: pd.Series, name: str) -> Floats:
    numbers: Floats = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    came = _came(cells, int(wrong[0])) if wrong.size else ""
    need_usual_size(numbers[np.isfinite(numbers)])
    checks.need(
        not wrong.size,
        f'Row {_row(wrong)} (rows count from 1) needs a number in "{name}"; {came} came. '
        "Find the value, or leave out its site or its date.",
    )
    return numbers


def _came(cells: pd.Series, at: int) -> str:
    """A cell as it stands in a sentence."""
    cell = cells.tolist()[at]
    return "nothing" if pd.isna(cell) else checks.brief(cell)


def _row(found: NDArray[np.int64]) -> int:
    return int(found[0]) + 1 if found.size else 0


def _each_once(rows: pd.DataFrame) -> None:
    checks.need(len(rows), "The table has no rows. Add one row for each site and date.")
    twice = rows[rows.duplicated(["site", "date"])]
    if len(twice):
        one = twice.iloc[0]
        raise checks.Refusal(f'The site "{one["site"]}" has two rows for {day(one["date"])}. Keep one.')


def _each_there(wide: pd.DataFrame) -> None:
    gaps = np.argwhere(wide.isna().to_numpy())
    if len(gaps):
        site, moment = wide.index[gaps[0][0]], wide.columns[gaps[0][1]]
        more = f" {len(gaps)} values are missing in all." if len(gaps) > 1 else ""
        raise checks.Refusal(
            f'The site "{site}" has no value for {day(moment)}.{more} Find it, or leave out that site or that date.',
        )


def _changes(changed: Mapping[object, object], sites: tuple[str, ...]) -> dict[str, pd.Timestamp]:
    """When each site changed, by name."""
    made: dict[str, pd.Timestamp] = {}
    for name, given in changed.items():
        known = checks.choice("site", str(name), sites, where="in the table")
        checks.need(known not in made, f'The site "{known}" stands twice among the changes. Keep one date for it.')
        moment = wall_date(given)
        if moment is None:
            raise checks.Refusal(
                f'The site "{known}" needs the date of its change, such as "2025-05-05", year first; '
                f"{checks.brief(given)} came.",
            )
        made[known] = moment
    return made


def _vary(values: Floats) -> None:
    """Refuse a table in which no site ever departs from the others."""
    own = values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()
    checks.need(
        np.abs(own).max() > SAME * np.abs(values).max(),
        "Every site moves exactly as the others do, so there is no usual variation to judge a change by. "
        "Check that the values were measured and not calculated.",
    )


def _can_compare(first: NDArray[np.int64], sites: tuple[str, ...], dates: pd.DatetimeIndex) -> None:
    """Refuse where there is nothing before a change, no change, or nobody to compare with."""
    early = np.flatnonzero(first == 0)
    checks.need(
        not early.size,
        f'The site "{sites[early[0]] if early.size else ""}" had changed by {day(dates[0])}, the first date. '
        "Add dates from before its change, or leave the site out.",
    )
    groups = first[first < len(dates)]
    checks.need(
        groups.size,
        f"No site changed by {day(dates[-1])}, the last date. Give the sites that changed, with their dates.",
    )
    checks.need(
        (first > groups.min()).any(),
        f"Every site had changed by {day(dates[groups.min()])}, so there is none to compare with. "
        "Add sites that changed later or never.",
    )
