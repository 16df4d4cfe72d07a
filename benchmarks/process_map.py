"""
How fast is a process map, beside pm4py, and does it keep its pace?

`python -m benchmarks.process_map` makes a log of 1 million and one of 10 million events
(10 events a person on average, 20 steps, one time an event) and maps each in a process
of its own: steps, moves, the times between, the ways people went and their lengths. All
are of one core, in processor time. pm4py answers the same questions on the same file, in
an environment made for it with uv in a temporary folder, or in the Python that the
environment variable PM4PY_PYTHON names; what it counts is held to what we count. Give
numbers of events to map others.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from flowlib import EventLog
from flowlib.mapping.process_map import process_map

EVENTS, EACH, STEPS, REPEATS = (1_000_000, 10_000_000), 10, 20, 3
FIRST = pd.Timestamp("2025-01-06", tz="Europe/London")
HOURS_OF_ARRIVALS, MEAN_GAP = 8_760, 5  # hours
OTHER_TIMES = ("arrived", "started", "left")
WITH = ("pm4py", "pyarrow")


def main() -> None:
    """Measure, and print a table."""
    sizes = [int(word) for word in sys.argv[1:]] or list(EVENTS)
    with tempfile.TemporaryDirectory() as folder:
        say("| events | steps, moves, times, ways: seconds | events a second | memory, MB |")
        say("|---|---|---|---|")
        found = []
        for events in sizes:
            path = Path(folder) / f"{events}.parquet"
            make(path, events)
            found.append((path, in_process("one", path)))
            one = found[-1][1]
            rate = one["events"] / one["seconds"]
            say(f"| {one['events']:,} | {one['seconds']:.2f} | {rate:,.0f} | {one['memory']:,.0f} |")
        path, mine = found[0]
        beside(path, mine, Path(folder))


def make(path: Path, events: int, seed: int = 1) -> None:
    """A log of people who wander from step to step, in order of time, as a Parquet file."""
    draw = np.random.default_rng(seed)
    size = draw.poisson(EACH - 1, events // EACH) + 1
    first = np.cumsum(size) - size
    person = np.repeat(np.arange(len(size)), size)
    chances = draw.dirichlet(np.full(STEPS, 0.15), STEPS).cumsum(axis=1)
    luck, step, here = (
        draw.random(len(person)),
        np.zeros(len(person), dtype=np.int64),
        np.zeros(len(size), dtype=np.int64),
    )
    for place in range(1, int(size.max())):
        who = np.flatnonzero(size > place)
        rows = first[who] + place
        here[who] = np.minimum((chances[here[who]] < luck[rows, None]).sum(axis=1), STEPS - 1)
        step[rows] = here[who]
    clock = np.cumsum(draw.exponential(MEAN_GAP, len(person)))
    clock += np.repeat(draw.random(len(size)) * HOURS_OF_ARRIVALS - clock[first], size)
    order = np.argsort(clock, kind="stable")
    seconds = np.round(clock[order] * 3600).astype("timedelta64[s]")
    times = FIRST.tz_convert("UTC").tz_localize(None).to_datetime64().astype("datetime64[s]") + seconds
    names, steps = ([f"{word}{n:07d}" for n in range(many)] for word, many in (("P", len(size)), ("Step ", STEPS)))
    table = pa.table(
        {
            "person": pa.array(names).take(pa.array(person[order])),
            "step": pa.array(steps).take(pa.array(step[order])),
            "finished": pa.array(times.astype("datetime64[us]"), type=pa.timestamp("us")),
        }
    )
    pq.write_table(table, path)


def opened(path: Path) -> EventLog:
    """The log in one of our Parquet files; its times are UTC."""
    frame = pd.read_parquet(path)
    frame["finished"] = frame["finished"].dt.tz_localize("UTC").dt.tz_convert("Europe/London")
    for time_ in OTHER_TIMES:
        frame[time_] = pd.Series(pd.NaT, index=frame.index, dtype=frame["finished"].dtype)
    frame = frame.assign(group="", outcome="completed", next_step="")
    return EventLog(frame, observed=(FIRST, frame["finished"].max() + pd.Timedelta(hours=1)))


def one(path: Path) -> None:
    """Map one log some times over; tell what was counted, the seconds of the middle run, and the most memory."""
    log, took = opened(path), []
    for _ in range(REPEATS):
        fresh = EventLog(log.frame, observed=log.observed)
        begun = time.process_time()
        made = process_map(fresh)
        steps, edges, ways = made.steps, made.edges, made.variants
        took.append(time.process_time() - begun)
    told = {
        "events": int(steps["visits"].sum()),
        "edges": len(edges),
        "moves": int(edges["count"].sum()),
        "medians": round(float(edges["median_hours"].sum()), 3),
        "variants": len(ways),
        "journeys": int(ways["count"].sum()),
        "seconds": statistics.median(took),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    say(json.dumps(told))


def beside(path: Path, mine: dict[str, float], folder: Path) -> None:
    """The same by pm4py, whose counts must be ours."""
    python = os.environ.get("PM4PY_PYTHON") or with_pm4py(folder)
    if python is None:
        say("\nuv is not on this computer, so pm4py was not asked. Install uv, or set PM4PY_PYTHON.")
        return
    theirs = told(python, str(Path(__file__).with_name("peer_pm4py.py")), str(path))
    for count in ("edges", "moves", "variants", "journeys", "medians"):
        mark = "the same" if theirs[count] == mine[count] else f"{theirs[count]:,} by pm4py"
        say(f"{count}: {mine[count]:,}, {mark}")
    whole = theirs["format_seconds"] + theirs["seconds"]
    say(
        f"pm4py {theirs['version']}: {whole:.2f} seconds, {whole / mine['seconds']:.1f} times ours; "
        f"without its own sorting {theirs['seconds']:.2f}, {theirs['seconds'] / mine['seconds']:.1f} times ours"
    )


def with_pm4py(folder: Path) -> str | None:
    """A Python with pm4py in an environment of its own, or None where there is no uv."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        return None
    place = folder / "pm4py"
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    for words in (["venv", "--python", sys.executable, str(place)], ["pip", "install", "--python", str(python), *WITH]):
        subprocess.run([uv, *words], check=True, capture_output=True)  # noqa: S603 - our own words
    return str(python)


def in_process(what: str, path: Path) -> dict[str, float]:
    """A measurement in a fresh process, so that its memory is its own."""
    return told(
        sys.executable,
        "-c",
        f"from pathlib import Path; from benchmarks import process_map as b; b.{what}(Path({str(path)!r}))",
    )


def told(*command: str) -> dict[str, float]:
    """The last line of what a process says, as JSON."""
    alone = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=alone)  # noqa: S603 - our own words
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
