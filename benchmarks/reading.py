"""
How long does it take to read a million rows, with every check, beside reading them with none?

`python -m benchmarks.reading` writes an extract of a million visits (8 columns, text
dates, day first) and reads it in a process of its own: identities, dates, order of times,
doubles, random keys, report. Beside it, pandas reads the same file, and makes dates of the
same four columns with their format told. Give another number of rows to read so many.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 1_000_000
FORM = "%d/%m/%Y %H:%M"
TIMES = ("arrived", "started", "finished", "left")


def write(path: Path, rows: int) -> None:
    """An extract: 300,000 people in a million visits to 40 wards in one year."""
    luck = np.random.default_rng(1)
    at = pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(luck.integers(0, 365 * 1440, rows), unit="min"))
    made = {
        "patient": [f"S{number:07d}" for number in luck.integers(0, max(rows * 3 // 10, 1), rows)],
        "ward": luck.choice([f"Ward {number}" for number in range(40)], rows),
    }
    for name in TIMES:
        made[name] = at.dt.strftime(FORM)
        at = at + pd.to_timedelta(luck.integers(0, 300, rows), unit="min")
    made |= {"priority": luck.choice(["P1", "P2"], rows), "age band": luck.choice(["0-64", "65+"], rows)}
    pd.DataFrame(made).to_csv(path, index=False)


def ours(path: Path) -> None:
    """Read with every check."""
    from flowlib import EventLog  # noqa: PLC0415 - so that loading it counts

    named = {"person": "patient", "step": "ward", "group": "priority", **{time: time for time in TIMES}}
    log = EventLog.read(path, **named)
    assert log.quality.rows_in_file == log.quality.rows_used == len(log)  # noqa: S101 - else the figure means nothing


def pandas_alone(path: Path) -> None:
    """Read with no check at all."""
    frame = pd.read_csv(path)
    for name in TIMES:
        frame[name] = pd.to_datetime(frame[name], format=FORM)


def measured(what: str, path: Path) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of processor, and GB at most, of one reading in a process of its own."""
    lines = subprocess.run(  # noqa: S603 - this very module
        [sys.executable, "-m", "benchmarks.reading", "--one", what, str(path)],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    clock, processor, memory = map(float, lines)
    return clock, processor, memory


def main(rows: int = ROWS) -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extract.csv"
        write(path, rows)
        size = path.stat().st_size / 1e6
        found = {what: measured(what, path) for what in ("ours", "pandas_alone")}
    sys.stdout.write(f"{rows:,} rows, 8 columns, {size:,.0f} MB\n\n| what | seconds | of processor | GB at most |\n")
    sys.stdout.write("|---|---|---|---|\n")
    for what, words in (("ours", "flowlib, every check"), ("pandas_alone", "pandas, no check, format of dates told")):
        clock, processor, memory = found[what]
        sys.stdout.write(f"| {words} | {clock:.1f} | {processor:.1f} | {memory:.2f} |\n")
    sys.stdout.write(f"\nOurs takes {found['ours'][1] / found['pandas_alone'][1]:.1f} times as long (processor).\n")


def one(what: str, path: Path) -> None:
    """Read once, and print what it took."""
    began = time.perf_counter(), time.process_time()
    {"ours": ours, "pandas_alone": pandas_alone}[what](path)
    took = time.perf_counter() - began[0], time.process_time() - began[1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    sys.stdout.write(f"{took[0]} {took[1]} {memory}\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
