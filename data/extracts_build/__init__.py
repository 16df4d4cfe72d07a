"""
How were the extracts made? `python -m data.extracts_build` makes them again, byte for byte.

Five extracts as five systems of Wexmoor give them, and two short lists for counting. They
hold the people of `wexmoor_journey.csv`, which `data/build.py` works out, each under the
numbers of the organisation. What is planted in them is counted as they are written:
`truth` is that part of `planted.json`.
"""

from __future__ import annotations

import functools
import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from data import build
from data.extracts_build import emergency, inpatients, lists, tallies
from data.extracts_build.quirks import Extract, Register, wall

__all__ = ["extracts", "files", "main", "truth"]

HERE = Path(__file__).resolve().parents[1]
ENCODINGS = {
    "wexmoor_ed_list.csv": "utf-8",
    "wexmoor_inpatients.csv": "utf-8-sig",
    "wexmoor_waiting_list.csv.gz": "cp1252",
    "wexmoor_community.txt.gz": "utf-16",
    "wexmoor_hub_calls.csv": "utf-8",
    "wexmoor_delays.csv": "utf-8",
}
TABBED = {"wexmoor_community.txt.gz"}
WORKBOOK = "wexmoor_social_care.xlsx"
PACKED = (2025, 8, 4, 0, 0, 0)  # the moment that every part of the workbook has
FOLLOWED = 3  # people of the journey whose numbers are told


def main() -> None:
    """Write every extract into the data folder."""
    for name, made in files().items():
        (HERE / name).write_bytes(made)


def files() -> dict[str, bytes]:
    """Each file's name and content."""
    made, _ = extracts()
    told = {
        name: _encoded(name, made[name].text("\t" if name in TABBED else ","), way) for name, way in ENCODINGS.items()
    }
    return told | {WORKBOOK: _workbook(made[WORKBOOK].rows)}


def truth() -> dict[str, object]:
    """What is hidden in the extracts: quirks by file, causes to be found, and the same people's numbers."""
    made, same = extracts()
    causes = emergency.CAUSES | inpatients.CAUSES | lists.CAUSES | tallies.CAUSES
    return {"extracts": {name: one.truth() for name, one in made.items()}, "causes": causes, "same_person": same}


@functools.cache
def extracts() -> tuple[dict[str, Extract], list[dict[str, str]]]:
    """Each extract by the name of its file, and some people's number in each organisation."""
    journey = build.older_peoples_journey(np.random.default_rng([2025, 51]))
    journey = journey[journey["arrived"] < build.UNTIL].sort_values(["arrived", "who"], kind="stable")
    wards, community, council = Register("H", 71), Register("C", 72), Register("L", 73)
    planned = lists.planned_care()
    treated = planned[planned["why"] == "Treated"]
    made = {
        "wexmoor_ed_list.csv": emergency.emergency_list(journey, wards),
        "wexmoor_inpatients.csv": inpatients.inpatients(journey, treated, wards),
        "wexmoor_waiting_list.csv.gz": lists.waiting_list(planned, wards),
        "wexmoor_community.txt.gz": lists.caseload(journey, community, wards),
        WORKBOOK: lists.packages(journey, council),
        "wexmoor_hub_calls.csv": tallies.hub_calls(),
        "wexmoor_delays.csv": tallies.delays(_delayed(journey), wards),
    }
    return made, _same_person(journey, wards, community, council)


def _delayed(journey: pd.DataFrame) -> pd.DataFrame:
    """Those who waited in a bed for other care: key, and when they were ready."""
    rows = journey[journey["step"] == "Transfer hub"]
    return pd.DataFrame({"key": rows["who"].to_numpy(), "ready": wall(rows["arrived"])})


def _same_person(
    journey: pd.DataFrame, wards: Register, community: Register, council: Register
) -> list[dict[str, str]]:
    """Maureen, and the first people whose journey ends with home care, under each organisation's number."""
    shipped = dict(zip(journey["who"], build._keys(journey["who"]), strict=True))  # noqa: SLF001 - one telling of the ids
    at_home = journey.loc[journey["step"] == "Home care", "who"]
    whole = set(journey.loc[journey["step"] == "Ambulance", "who"])
    others = [who for who in at_home if who in whole][: FOLLOWED - 1]
    maureen = max(journey["who"])
    told = []
    for who in [maureen, *others]:
        one = {"wexmoor_journey": str(shipped[who]), "hospital": wards.given[who], "community": community.given[who]}
        told.append(one | ({"council": council.given[who]} if who in council.given else {}))
    return told


def _encoded(name: str, text: str, way: str) -> bytes:
    """The text in its encoding, packed if its name says so; UTF-16 the way Excel writes it, the low byte first."""
    content = b"\xff\xfe" + text.encode("utf-16-le") if way == "utf-16" else text.encode(way)
    return gzip.compress(content, 9, mtime=0) if name.endswith(".gz") else content


def _workbook(rows: pd.DataFrame) -> bytes:
    """An Excel workbook that has the same bytes each time: days as dates, bare day numbers, and text."""
    from openpyxl import Workbook  # noqa: PLC0415 - only for this file

    book = Workbook()
    page = book.active
    page.title = "Packages"
    page.append(list(rows.columns))
    for row in rows.fillna("").itertuples(index=False):
        page.append([_cell(name, cell) for name, cell in zip(rows.columns, row, strict=True)])
    for cell in page["D"][1:]:
        cell.number_format = "DD/MM/YYYY"
    book.properties.created = book.properties.modified = pd.Timestamp(*PACKED).to_pydatetime()
    saved = io.BytesIO()
    book.save(saved)
    return _packed_again(saved)


def _cell(column: str, text: str) -> object:
    """What Excel holds for a text: a number, a date where the column has dates, or the text."""
    if text == "":
        return None
    if column == "hours_wk":
        return float(text)
    if column == "start_dt":
        return pd.to_datetime(text, format="%d/%m/%Y").to_pydatetime()
    return int(text) if text.isdigit() else text


def _packed_again(saved: io.BytesIO) -> bytes:
    """The same parts, each with one moment, and the moment of saving taken out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, PACKED)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(part, _without_moment(name, old.read(name)))
    return packed.getvalue()


def _without_moment(name: str, content: bytes) -> bytes:
    """The moment at which a workbook was saved is the moment of its making."""
    if name != "docProps/core.xml":
        return content
    head, _, rest = content.partition(b"<dcterms:modified")
    _, close, tail = rest.partition(b"</dcterms:modified>")
    opening = rest[: rest.index(b">") + 1]
    return head + b"<dcterms:modified" + opening + b"2025-08-04T00:00:00Z" + close + tail
