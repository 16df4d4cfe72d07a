"""
How are the runs of the whole place made that lesson 43 and its page to send show at once?

`python data/wexmoor_grid_build.py --jobs 2` runs every setting of a coarse grid of four
controls 60 times and writes `wexmoor_grid.csv.gz`: a row a run, with the same people in
every setting. It takes about 10 minutes on two cores. Settings between these are run
when somebody asks for them.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from pathlib import Path

import pandas as pd

from flowlib.redesign.whole_place import GRID, GRID_FILE, RUNS, Setting, runs_of

HERE = Path(__file__).parent


def main() -> None:
    """Run the grid, and write it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--jobs", type=int, default=1, help="processes that share the work (1)")
    jobs = asked.parse_args().jobs
    begun, parts = time.perf_counter(), []
    settings = [Setting(*values) for values in itertools.product(*GRID.values())]
    for number, setting in enumerate(settings, start=1):
        table = runs_of(setting, range(RUNS), jobs=jobs)
        parts.append(pd.DataFrame([vars(setting)] * RUNS).assign(run=range(RUNS)).join(table))
        sys.stdout.write(f"{number} of {len(settings)}: {setting}, {time.perf_counter() - begun:.0f} seconds\n")
        sys.stdout.flush()
    made = pd.concat(parts, ignore_index=True)
    compression = {"method": "gzip", "mtime": 0}
    made.to_csv(HERE / GRID_FILE, index=False, float_format="%.6g", lineterminator="\n", compression=compression)


if __name__ == "__main__":
    main()
