"""
What do eleven changes do to the whole of Wexmoor, and how long does it take to say?

`python -m benchmarks.wexmoor --runs 60 --jobs 2` runs them all. It prints two tables for
`data/wexmoor.md`: what each scenario gave, beside a model that moves in whole hours,
and how each differs from the place as it is. `--timing` runs two scenarios only.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from joblib.externals.loky import get_reusable_executor

from flowlib.core import data
from flowlib.redesign.experiment import Comparison, compare
from flowlib.redesign.wexmoor import SCENARIOS, scenarios
from flowlib.redesign.wexmoor_measures import measures

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

WARM_UP_DAYS, DAYS, SEED = 120, 365, 1
MEGABYTE = 2**20
HEADS = (
    "beds occupied", "ready to leave", "waiting for a bed", "4 hours or more for a bed, in 100",
    "Home First wait, days", "rehab wait, days", "home-care wait, days", "department in 4 hours, in 100",
    "both doors in 4 hours, in 100", "cancelled a week",
)  # fmt: skip
# Means of 60 runs of the other model, which moves in whole hours; it has no front door, so no shares within 4 hours.
# Its beds are in 100 of the scenario's own.
HOUR_STEPS: dict[str, tuple[float, ...]] = {
    "As it is": (93.0, 55, 2.8, 9, 3.1, 3.9, 2.9, 4),
    "20 more hospital beds": (89.9, 58, 1.4, 5, 3.4, 4.9, 2.9, 2),
    "20 fewer hospital beds": (96.1, 54, 20, 26, 2.6, 4.6, 2.8, 10),
    "40 home-care starts a week": (92.1, 51, 2.3, 7, 2.3, 3.6, 1.5, 3),
    "8 more Home First places": (91.5, 47, 1.4, 5, 0.9, 4.2, 2.9, 2),
    "Home First for 23.5 days, not 25": (91.2, 46, 0.4, 2, 0.7, 4.2, 2.9, 1),
    "34 home-care starts a week": (95.9, 79, 75, 36, 7.4, 9.8, 7.4, 12),
    "5 in 100 more admissions": (97.9, 73, 62, 49, 6.2, 6.6, 3.0, 17),
    "5 in 100 fewer admissions": (86.7, 43, 0.1, 0, 1.2, 2.0, 2.5, 0),
    "4 more rehab beds": (92.2, 51, 1.4, 6, 3.2, 1.3, 3.1, 3),
    "Home in 6 hours, not 10": (91.9, 50, 2.7, 8, 3.3, 4.3, 2.8, 3),
    "40 starts and 8 places": (90.9, 44, 0.3, 2, 0.6, 3.1, 1.5, 1),
}
COLUMN_OF = (0, 1, 2, 3, 4, 5, 6, 9)  # which of our measures each of theirs stands beside


def main(words: Sequence[str] | None = None) -> None:
    """Run the scenarios, print the tables, and say what it took."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=60, help="runs of each scenario (60)")
    asked.add_argument("--jobs", type=int, default=2, help="processes that share the work (2)")
    asked.add_argument("--timing", action="store_true", help="two scenarios only")
    options = asked.parse_args(words)
    names = list(SCENARIOS)[:2] if options.timing else list(SCENARIOS)
    begun = time.perf_counter()
    found = run(names, runs=options.runs, jobs=options.jobs)
    took = time.perf_counter() - begun
    sys.stdout.write("\n".join([*given(found), "", *differences(found), ""]))
    sys.stdout.write(
        f"\n{options.runs} runs of {len(names)} scenarios took {took:.1f} seconds in {options.jobs} processes"
        f"{peak_memory()}.\n"
    )


def run(names: Sequence[str], *, runs: int, jobs: int) -> Comparison:
    """The same people through each of these scenarios."""
    places = scenarios(data.pathway("wexmoor"), *names)
    return compare(places, measures(), days=DAYS, warm_up_days=WARM_UP_DAYS, runs=runs, seed=SEED, jobs=jobs)


def given(found: Comparison) -> list[str]:
    """A table of what each scenario gave: the mean, half its 95% interval, and the other model's mean."""
    lines = _head(f"{HEADS[0]}, in 100 of the scenario's own")
    for name, rows in found.table.groupby("scenario", sort=False):
        beds = scenarios(data.pathway("wexmoor"), name)[name].step("Ward bed").servers
        theirs = dict(zip(COLUMN_OF, HOUR_STEPS[name], strict=True))
        cells = [
            _cell(row, theirs.get(place), 100 / beds if place == 0 else _scale(row))
            for place, (_, row) in enumerate(rows.iterrows())
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _head(first: str) -> list[str]:
    return ["| scenario | " + " | ".join([first, *HEADS[1:]]) + " |", "|---" * (len(HEADS) + 1) + "|"]


def _cell(row: pd.Series, theirs: float | None, scale: float) -> str:
    half = scale * (row["upper_95_ci"] - row["lower_95_ci"]) / 2
    beside = "" if theirs is None else f" ({theirs:g})"
    return f"{scale * row['mean']:.1f} ± {half:.1f}{beside}"


def differences(found: Comparison) -> list[str]:
    """A table of how each scenario differs from the first; in bold where the interval leaves out 0."""
    lines = _head(HEADS[0])
    for name, rows in found.table.groupby("scenario", sort=False):
        if name != found.base:
            lines.append(f"| {name} | " + " | ".join(_difference(row) for _, row in rows.iterrows()) + " |")
    return lines


def _difference(row: pd.Series) -> str:
    scale = _scale(row)
    low, high = scale * row["difference_lower"], scale * row["difference_upper"]
    cell = f"{low:+.1f} to {high:+.1f}"
    return f"**{cell}**" if low > 0 or high < 0 else cell


def _scale(row: pd.Series) -> float:
    """Shares are printed as so many in 100."""
    return 100.0 if row["measure"].startswith("share") else 1.0


def peak_memory() -> str:
    """The most memory that this process and the largest of its helpers held, where the system can say."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return ""
    get_reusable_executor().shutdown(wait=True)  # the memory of helpers is known when they have ended
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    most = [
        resource.getrusage(who).ru_maxrss * unit / MEGABYTE for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return f"; at most {most[0]:,.0f} megabytes in the first process and {most[1]:,.0f} in a helper"


if __name__ == "__main__":
    main()
