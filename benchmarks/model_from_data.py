"""
Do the intervals of a first model cover the truth, and does the model behave like the log it came from?

`python -m benchmarks.model_from_data` makes 200 extracts of the whole of Wexmoor
(`data.pathway("wexmoor")`), 12 weeks each after 20 weeks of warm-up. From each it makes
a first model that knows nothing of the pathway. It counts how often the 95% intervals of
mean times, arrivals and shares onward hold the numbers of the pathway. Some extracts
are checked, too: simulated, and laid beside the extract.

Only what could miss is counted: no shares of 0 or 1, and no times that are constant. A
row that puts kinds of person with different true times together is counted as mixed.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from flowlib import simulate
from flowlib.core import data
from flowlib.mapping.check import ELSEWHERE, check_model
from flowlib.mapping.model import first_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.core.pathway import Pathway
    from flowlib.mapping.model import FirstModel

DAYS, WARM_UP_DAYS = 84, 140
CHECKED_EVERY, RUNS = 5, 10
FEATURES = ("people there", "share within 4 hours")
COLUMNS = ["what", "where", "lower", "truth", "upper", "extract"]


def main(words: Sequence[str] | None = None) -> None:
    """Make the extracts and their models, and print how often the truth was covered."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--extracts", type=int, default=200, help="how many (200)")
    asked.add_argument("--jobs", type=int, default=1, help="processes that share the work (1)")
    options = asked.parse_args(words)
    begun = time.perf_counter()
    made = Parallel(n_jobs=options.jobs)(delayed(one)(seed) for seed in range(options.extracts))
    every = pd.concat([intervals for intervals, _ in made], ignore_index=True)
    checked = [table for _, table in made if table is not None]
    lines = [*covered(every), "", *alike(pd.concat(checked, ignore_index=True))]
    sys.stdout.write("\n".join(lines))
    sys.stdout.write(f"\n\n{options.extracts} extracts took {time.perf_counter() - begun:.0f} seconds.\n")


def one(seed: int) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The intervals of one extract beside the truth; and for some, the table of the check."""
    pathway = data.pathway("wexmoor")
    log = simulate(pathway, days=DAYS, warm_up_days=WARM_UP_DAYS, seed=seed)
    model = first_model(log)
    intervals = pd.DataFrame(beside_truth(model, pathway), columns=COLUMNS[:-1]).assign(extract=seed)
    if seed % CHECKED_EVERY:
        return intervals, None
    table = check_model(model, log, runs=RUNS, seed=seed + 1).table
    return intervals, table.assign(extract=seed)


def beside_truth(model: FirstModel, pathway: Pathway) -> list[tuple[str, str, float, float, float]]:
    """Each interval of *model*, with the number that it is of in *pathway*."""
    found = []
    for row in model.durations.itertuples():
        groups = [row.group] if row.group in pathway.groups else visiting(model, row.step)
        means = {round(pathway.step(row.step).time_for(group).mean, 9) for group in groups}
        if len(means) > 1:
            found.append(("mixed", row.step, np.nan, np.nan, np.nan))
        elif pathway.step(row.step).time_for(groups[0]).cv:
            found.append(("mean time", row.step, row.lower_95_ci, means.pop(), row.upper_95_ci))
    for row in model.arrivals.itertuples():
        rate = sum(s.mean_per_hour * 24 for s in pathway.arrivals if (s.step, s.group) == (row.step, row.group))
        found.append(("arrivals", f"{row.step}, {row.group}", row.lower_95_ci, rate, row.upper_95_ci))
    for row in model.routing.itertuples():
        groups = [row.group] if row.group != "all" else visiting(model, row.from_step)
        shares = {share_onward(pathway, row.from_step, row.to_step, group) for group in groups}
        if len(shares) > 1:
            found.append(("mixed", row.from_step, np.nan, np.nan, np.nan))
        elif 0 < (share := shares.pop()) < 1:
            found.append(("share onward", f"{row.from_step} to {row.to_step}", row.lower_95_ci, share, row.upper_95_ci))
    return found


def visiting(model: FirstModel, step: str) -> list[str]:
    """The kinds of person who come to *step* in the log."""
    names = [group for group in model.pathway.groups if model.pathway.visits_per_hour(step).get(group)]
    return names or list(model.pathway.groups[:1])


def share_onward(pathway: Pathway, step: str, to: str, group: str) -> float:
    """The true share of *group* who go from *step* to another, or home."""
    routes = {route.to_step: route.share for route in pathway.routes_from(step, group)}
    return round(1 - sum(routes.values()) if to == "(home)" else routes.get(to, 0.0), 9)


def covered(every: pd.DataFrame) -> list[str]:
    """Two tables: how often the truth was covered, by kind of number and by place; with standard errors."""
    mixed = int((every["what"] == "mixed").sum())
    known = every[every["what"] != "mixed"].copy()
    known["in"] = (known["lower"] <= known["truth"]) & (known["truth"] <= known["upper"])
    lines = ["| number | intervals | cover the truth, in 100 | standard error |", "|---|---|---|---|"]
    for what, rows in known.groupby("what", sort=False):
        lines.append(f"| {what} | {len(rows):,} | {100 * rows['in'].mean():.1f} | {error(rows):.1f} |")
    lines += ["", "| number | where | intervals | cover the truth, in 100 | standard error |", "|---|---|---|---|---|"]
    for (what, where), rows in known.groupby(["what", "where"], sort=False):
        lines.append(f"| {what} | {where} | {len(rows):,} | {100 * rows['in'].mean():.1f} | {error(rows):.1f} |")
    return [*lines, "", f"{mixed:,} rows put kinds of person with different true numbers together."]


def error(rows: pd.DataFrame) -> float:
    """Standard error of the share covered, in 100; extracts are independent, the numbers of one are not."""
    by_extract = rows.groupby("extract")["in"].agg(["sum", "size"])
    share = by_extract["sum"].sum() / by_extract["size"].sum()
    off = by_extract["sum"] - share * by_extract["size"]
    return float(100 * (off**2).sum() ** 0.5 / by_extract["size"].sum())


def alike(tables: pd.DataFrame) -> list[str]:
    """How often the figure of a log lies in the interval of its model's runs, and how far off it is."""
    lines = ["| figure | figures | in the model's interval, in 100 | median distance, in 100 of the log's |"]
    lines.append("|---|---|---|---|")
    parts = {name: tables[tables["measure"] == name] for name in FEATURES} | {"all figures": tables}
    for name, rows in parts.items():
        inside = 100 * (rows["verdict"] == "fits").mean()
        levels = (rows["log"] > 0) & (rows["unit"] != ELSEWHERE)
        off = 100 * ((rows["model"] - rows["log"]).abs() / rows["log"])[levels].median()
        lines.append(f"| {name} | {len(rows):,} | {inside:.1f} | {off:.1f} |")
    return lines


if __name__ == "__main__":
    main()
