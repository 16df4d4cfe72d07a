"""
How does a clean table become an extract as systems give it, with every quirk counted?

Each quirk is planted in so many rows, drawn from those where it can be, and a mark is
kept beside the rows. A row that stands twice has its marks twice, so the counts are
those of the file as it is written.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data import build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["END", "Extract", "Register", "day_text", "wall", "wall_text"]

END = pd.Timestamp("2025-08-04")  # the extracts were taken at the end of the 30 weeks
SERIAL_ZERO = pd.Timestamp("1899-12-30")  # day 0 of Excel's count
DAY = pd.Timedelta(days=1)
WORDS_FOR_BLANK = ("NULL", "-", "n/a")


class Register:
    """The ids that one organisation gives: a letter and a number with nothing of the person in it."""

    def __init__(self, letter: str, seed: int) -> None:
        """Shuffle the numbers once; people get them in the order in which they are first asked for."""
        self.letter = letter
        self.numbers = np.random.default_rng([2025, seed]).permutation(np.arange(100_000, 200_000))
        self.given: dict[object, str] = {}

    def of(self, people: Sequence[object]) -> list[str]:
        """Each person's id."""
        for one in people:
            if one not in self.given:
                self.given[one] = f"{self.letter}{self.numbers[len(self.given)]}"
        return [self.given[one] for one in people]


class Extract:
    """A table on its way into a file, and a mark for each quirk of each row."""

    def __init__(self, rows: pd.DataFrame, rng: np.random.Generator) -> None:
        """Take rows of text and of moments by the clock on the wall."""
        self.rows, self.rng = rows.reset_index(drop=True), rng
        self.marks: list[dict[str, Any]] = []

    def some(self, rate: float, among: np.ndarray | None = None) -> np.ndarray:
        """So many of all rows, drawn from those *among* which it can be."""
        places = np.arange(len(self.rows)) if among is None else np.flatnonzero(among)
        wanted = min(round(rate * len(self.rows)), len(places))
        drawn = np.zeros(len(self.rows), dtype=bool)
        drawn[self.rng.choice(places, size=wanted, replace=False)] = True
        return drawn

    def mark(
        self, quirk: str, column: str, rate: float | None, planted: np.ndarray, *, everywhere: np.ndarray | None = None
    ) -> None:
        """Note which rows have a quirk; *everywhere* also those that have it by chance."""
        both = {"planted": planted.copy(), "rows": (planted if everywhere is None else everywhere).copy()}
        self.marks.append({"quirk": quirk, "column": column, "rate": rate, **both})

    def marked(self, *columns: str) -> np.ndarray:
        """The rows that already have a quirk in one of these columns."""
        found = np.zeros(len(self.rows), dtype=bool)
        for mark in self.marks:
            if mark["column"] in columns:
                found |= mark["planted"]
        return found

    def blank(self, column: str, rate: float, among: np.ndarray | None = None) -> None:
        """Leave a cell blank that has something to say."""
        filled = self.rows[column].notna().to_numpy()
        drawn = self.some(rate, filled if among is None else filled & among)
        self.rows[column] = self.rows[column].mask(drawn)
        self.mark("blank", column, rate, drawn)

    def write(self, column: str, *, clock: bool = True, **rates: float) -> None:
        """
        Moments as text, day first.

        *rates* of cells in another dress: `years_of_two_figures`, `excel_day_numbers`, `clock_of_12_hours`.
        """
        times = self.rows[column]
        text = wall_text(times) if clock else day_text(times)
        free = times.notna().to_numpy()
        for quirk, rate in rates.items():
            drawn = self.some(rate, free)
            text = text.mask(drawn, _dressed(times, quirk, clock=clock))
            free = free & ~drawn
            self.mark(quirk, column, rate, drawn)
        self.rows[column] = text

    def words_for_blank(self, column: str, rate: float) -> None:
        """Where a cell is blank, a word that says so, in *rate* of all rows."""
        drawn = self.some(rate, (self.rows[column].fillna("") == "").to_numpy())
        words = self.rng.choice(WORDS_FOR_BLANK, len(self.rows))
        self.rows[column] = self.rows[column].mask(drawn, pd.Series(words))
        self.mark("word_for_blank", column, rate, drawn)

    def trailing(self, column: str, rate: float) -> None:
        """Blanks after the last sign."""
        drawn = self.some(rate, (self.rows[column].fillna("") != "").to_numpy())
        self.rows[column] = self.rows[column].mask(drawn, self.rows[column] + "  ")
        self.mark("trailing_spaces", column, rate, drawn)

    def repeat(self, rate: float) -> None:
        """Rows that stand twice, the second below the first."""
        drawn = self.some(rate)
        order = np.sort(np.concatenate([np.arange(len(self.rows)), np.flatnonzero(drawn)]), kind="stable")
        again = np.r_[False, order[1:] == order[:-1]]
        self.rows = self.rows.iloc[order].reset_index(drop=True)
        for mark in self.marks:
            mark["planted"], mark["rows"] = mark["planted"][order], mark["rows"][order]
        self.mark("row_twice", "", rate, again)

    def truth(self) -> dict[str, object]:
        """Rows in the file, and each quirk: the rate as planted, and how many rows have it."""
        quirks = [
            {
                "quirk": mark["quirk"],
                "column": mark["column"],
                "rate": mark["rate"],
                "planted": int(mark["planted"].sum()),
                "rows": int(mark["rows"].sum()),
            }
            for mark in self.marks
        ]
        return {"rows": len(self.rows), "columns": list(self.rows.columns), "quirks": quirks}

    def text(self, separator: str = ",") -> str:
        """The rows as they stand in a text file; with tabs, its lines end as Windows ends them."""
        made = io.StringIO()
        self.rows.fillna("").to_csv(
            made,
            index=False,
            lineterminator="\r\n" if separator == "\t" else "\n",
            sep=separator,
            quoting=csv.QUOTE_MINIMAL,
        )
        return made.getvalue()


def wall(hours: pd.Series | np.ndarray) -> pd.Series:
    """Hours from the first Monday as whole minutes by the clock on the wall; missing after the 30 weeks."""
    known = pd.Series(np.asarray(hours, dtype=float))
    zero = pd.Timestamp(build.START).tz_convert("UTC")
    stamps = (zero + pd.to_timedelta(known.where(known < build.UNTIL), unit="h")).dt.floor("min")
    return stamps.dt.tz_convert("Europe/London").dt.tz_localize(None)


def wall_text(times: pd.Series) -> pd.Series:
    """Moments as 06/02/2025 23:40; blank where there is none."""
    return times.dt.strftime("%d/%m/%Y %H:%M").fillna("")


def day_text(times: pd.Series) -> pd.Series:
    """Days as 06/02/2025; blank where there is none."""
    return times.dt.strftime("%d/%m/%Y").fillna("")


def _dressed(times: pd.Series, quirk: str, *, clock: bool) -> pd.Series:
    """The same moments in another dress."""
    if quirk == "excel_day_numbers":
        days = (times - SERIAL_ZERO) / DAY
        return days.map(lambda day: "" if np.isnan(day) else f"{day:.5f}" if clock else f"{day:.0f}")
    forms: Mapping[str, str] = {
        "years_of_two_figures": "%d/%m/%y %H:%M" if clock else "%d/%m/%y",
        "clock_of_12_hours": "%d/%m/%Y %I:%M %p",
    }
    return times.dt.strftime(forms[quirk]).fillna("")
