"""
How do admissions, transfers and discharges become stays on wards?

Hospital systems send a message for each (HL7, chapter 3): A01 admit, A02 transfer, A03 discharge, and A11,
A12 and A13 that cancel one. An extract of them has a row an event: person, code, time, ward. A
stay begins with an admission or a transfer to a ward, and ends with the next transfer or
discharge. Other messages (an address was changed) are no move, and are passed over.

A discharge without an admission is a stay whose beginning is not recorded; an admission while an
earlier stay is open leaves that one without an end, and both are told by their rows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from flowlib.core.quality import Findings

__all__ = ["PARTS", "code", "is_adt", "stays"]

PARTS = ("arrived", "left")  # the times of a stay
WORDS = {
    "admit": "a01", "admission": "a01", "admitted": "a01", "transfer": "a02", "transferred": "a02",
    "discharge": "a03", "discharged": "a03", "cancel admission": "a11", "cancel transfer": "a12",
    "cancel discharge": "a13",
}  # fmt: skip
MESSAGE = re.compile(r"(?:adt[^a-z0-9]*)?(a\d\d)(?:\^.*)?")
BEGINS, ENDS = ("a01", "a02"), "a03"
CANCELS = {"a11": "a01", "a12": "a02", "a13": "a03"}


def code(word: str) -> str:
    """
    The message that a word means; empty where it is none.

    >>> code("ADT^A02"), code("Discharge"), code("complete")
    ('a02', 'a03', '')
    """
    plain = " ".join(str(word).lower().replace("_", " ").split())
    found = MESSAGE.fullmatch(plain)
    return found[1] if found else WORDS.get(plain, "")


def is_adt(words: Iterable[str]) -> bool:
    """
    Whether all these are messages of admissions, transfers and discharges, and some begin a stay.

    >>> is_adt(["A01", "A03", "A08"]), is_adt(["start", "complete"])
    (True, False)
    """
    known = {code(word) for word in words}
    return bool(known & set(BEGINS)) and "" not in known


def stays(made: pd.DataFrame, word: pd.Series, role: str, found: Findings) -> pd.DataFrame:
    """
    A row a stay in place of a row an event; *found* then speaks of stays, by the rows of the file.

    *made* has person, step (the ward) and the time of each event under *role*; *word* says what
    each event is.
    """
    codes = word.fillna("").map(code).to_numpy(dtype=object)
    found.set_aside(codes == "", "the event is no admission, transfer or discharge.")
    no_ward = made["step"].isna().to_numpy() & np.isin(codes, BEGINS)
    found.set_aside(no_ward, "no ward for an admission or a transfer.")
    good = np.flatnonzero(~found.aside)
    who, ward = pd.factorize(made["person"])[0], pd.factorize(made["step"])[0]
    at = made[role].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]").astype(np.int64)
    order = good[np.lexsort((at[good], who[good]))]
    scan = _Scan()
    for row in order.tolist():
        scan.take(row, int(who[row]), str(codes[row]), int(ward[row]))
    _tell(scan, found, len(made))
    places = np.asarray([stay for stay in scan.stays if stay != [-1, -1]], dtype=np.int64).reshape(-1, len(PARTS))
    checks.need(len(places), "No event of the file is an admission, a transfer or a discharge. Name another lifecycle.")
    places = places[np.argsort(np.where(places[:, 0] >= 0, places[:, 0], places[:, 1]), kind="stable")]
    return _visits(made, places, role, found)


def _visits(made: pd.DataFrame, places: NDArray[np.int64], role: str, found: Findings) -> pd.DataFrame:
    """The stays whose first and last rows stand at these places."""
    main = np.where(places[:, 0] >= 0, places[:, 0], places[:, 1])
    visits, when = made.iloc[main].reset_index(drop=True), made[role].array
    none = pd.Series(pd.NaT, index=visits.index, dtype=made[role].dtype)
    visits["arrived"], visits["started"], visits["finished"], visits["left"] = none, none, none, none
    for column, part in enumerate(PARTS):
        visits[part] = pd.Series(when.take(places[:, column], allow_fill=True))
    rows = found.rows
    found.take(main)
    found.pair(np.where(places >= 0, rows[np.maximum(places, 0)], 0))
    found.set_aside(visits["step"].isna().to_numpy(), "a discharge without a ward, and without an admission before it.")
    return visits


def _tell(scan: _Scan, found: Findings, size: int) -> None:
    """Say what of the events made no stay."""

    def rows(places: list[int]) -> NDArray[np.bool_]:
        which = np.zeros(size, dtype=bool)
        which[places] = True
        return which

    found.passed += len(scan.passed)
    found.note("to know", rows(scan.passed), "no move to another ward, so the event makes no stay.")
    found.note(
        "to know", rows(scan.unended), "please check: an earlier stay of the person has no end before this admission."
    )
    found.set_aside(rows(scan.cancelled), "cancelled by a later event, or the event that cancels it.")


class _Scan:
    """Where somebody is as events go by, in order of person and time."""

    def __init__(self) -> None:
        self.stays: list[
            list[int]
        ] = []  # the rows that begin and end each stay, -1 for none; cancelled ones have neither
        self.passed: list[int] = []
        self.unended: list[int] = []
        self.cancelled: list[int] = []
        self._person = -1
        self._done: list[tuple[str, int, int, int]] = []  # what happened: code, row, the stay before, ward before
        self._open, self._ward = -1, -1

    def take(self, row: int, person: int, code: str, ward: int) -> None:
        """The next event."""
        if person != self._person:
            self._person, self._open, self._ward, self._done = person, -1, -1, []
        if code in CANCELS:
            self._cancel(row, CANCELS[code])
        elif code in BEGINS:
            self._begin(row, code, ward)
        elif code == ENDS:
            self._end(row)
        else:
            self.passed.append(row)

    def _begin(self, row: int, code: str, ward: int) -> None:
        if self._open >= 0 and code == BEGINS[1] and ward == self._ward:
            self.passed.append(row)
            return
        self._done.append((code, row, self._open, self._ward))
        if self._open >= 0 and code == BEGINS[1]:
            self.stays[self._open][1] = row
        elif self._open >= 0:
            self.unended.append(row)
        self.stays.append([row, -1])
        self._open, self._ward = len(self.stays) - 1, ward

    def _end(self, row: int) -> None:
        self._done.append((ENDS, row, self._open, self._ward))
        if self._open < 0:
            self.stays.append([-1, row])
        else:
            self.stays[self._open][1] = row
        self._open, self._ward = -1, -1

    def _cancel(self, row: int, code: str) -> None:
        """Undo the person's last event, where that is what is cancelled."""
        if not self._done or self._done[-1][0] != code:
            self.passed.append(row)
            return
        _, undone, before, ward = self._done.pop()
        self.cancelled += [undone, row]
        if code != ENDS or before < 0:
            self.stays[-1] = [-1, -1]
        if before >= 0 and self.stays[before][1] == undone:
            self.stays[before][1] = -1
        self._open, self._ward = before, ward
