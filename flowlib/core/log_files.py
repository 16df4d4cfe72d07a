"""
How is a log kept for later, with its window and its report?

As a Parquet file: the table, and beside it what the log covers and what was found when
it was read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from flowlib.core import checks
from flowlib.core.eventlog import COLUMNS, EventLog
from flowlib.core.quality import Quality

__all__ = ["read", "write"]

ABOUT = b"flowlib"  # where the notes stand in the file


def write(log: EventLog, path: str | Path) -> None:
    """Keep *log* in a Parquet file."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, so only when used
    from pyarrow import parquet  # noqa: PLC0415

    notes = {
        "name": log.name,
        "synthetic": log.synthetic,
        "observed": [moment.isoformat() for moment in log.observed],
        "timezone": str(log.observed[0].tz),
        "quality": log.quality.to_plain() if log.quality else None,
        "runs": log.runs,
    }
    table = pa.Table.from_pandas(log.frame, preserve_index=False)
    about = {**(table.schema.metadata or {}), ABOUT: json.dumps(notes).encode()}
    try:
        parquet.write_table(table.replace_schema_metadata(about), path)
    except OSError:
        raise checks.Refusal(
            f'"{Path(path).name}" cannot be written. Check that its folder is there, and close the file elsewhere.'
        ) from None


def read(path: str | Path) -> EventLog:
    """The log in a file that `write` made."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    place = Path(path)
    checks.need(place.is_file(), f'There is no file "{place.name}" there. Check the name and the folder.')
    try:
        table = parquet.read_table(place)
        notes: dict[str, Any] = json.loads((table.schema.metadata or {})[ABOUT])
    except (pa.ArrowInvalid, OSError, KeyError, ValueError):
        raise checks.Refusal(
            f'"{place.name}" is not a log that flowlib saved. To read an extract, use EventLog.read(...).'
        ) from None
    frame = table.to_pandas()
    first, last = (pd.Timestamp(moment).tz_convert(notes["timezone"]) for moment in notes["observed"])
    quality = Quality.from_plain(notes["quality"]) if notes["quality"] else None
    about = {"name": notes["name"], "synthetic": notes["synthetic"], "quality": quality, "runs": notes["runs"]}
    return EventLog(frame[[c for c in COLUMNS if c in frame]], observed=(first, last), **about)
