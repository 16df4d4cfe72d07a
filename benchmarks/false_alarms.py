"""
How often does a chart of nothing but chance raise an alarm? Each preset, at four lengths.

`python -m benchmarks.false_alarms` makes 2,000 series of independent normal noise of each
length, charts each with every preset, and counts the charts with any signal and the points
marked. The figures go to `data/false_alarms.csv`; the seed is fixed, so they come out
again. The more rules and points a chart has, the more often chance alone marks something.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from flowlib.measure.spc import xmr
from flowlib.measure.spc_presets import RULES

LENGTHS = (12, 24, 36, 120)
SERIES = 2000
TABLE = Path(__file__).parents[1] / "data" / "false_alarms.csv"


def false_alarms(preset: str, points: int, *, series: int = SERIES, seed: int = 2026) -> tuple[float, float]:
    """Share of charts of noise with any signal, and share of points marked."""
    noise = np.random.default_rng([seed, points]).normal(size=(series, points))
    marked = np.array([(xmr(values, preset=preset).points["signal"] != "").to_numpy() for values in noise])
    return float(marked.any(axis=1).mean()), float(marked.mean())


def main() -> None:
    """Write the table."""
    rows = [
        {"preset": preset, "points": points, "series": SERIES, "charts_marked": charts, "points_marked": one}
        for preset in RULES
        for points in LENGTHS
        for charts, one in [false_alarms(preset, points)]
    ]
    pd.DataFrame(rows).round(4).to_csv(TABLE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
