"""Does `data/false_alarms.csv` say how often charts of pure chance raise an alarm?"""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from benchmarks.false_alarms import LENGTHS, TABLE, false_alarms
from flowlib.measure.spc_many import xmr_many
from flowlib.measure.spc_presets import RULES

FOUND = pd.read_csv(TABLE).set_index(["preset", "points"])


def four_errors(share, *counts):
    """Four standard errors of the difference of two shares, from so many charts each."""
    return 4 * np.sqrt(share * (1 - share) * sum(1 / count for count in counts))


def test_the_table_has_every_preset_at_every_length():
    assert FOUND.index.tolist() == list(product(RULES, LENGTHS))


@pytest.mark.parametrize("points", LENGTHS)
@pytest.mark.parametrize("preset", ["mdc", "nhsr", "mdc_excel"])
def test_the_figures_are_those_of_the_other_engine_on_other_noise(preset, points):
    """20,000 series by `xmr_many`."""
    other = xmr_many(np.random.default_rng([7, points]).normal(size=(20_000, points)), preset=preset)
    row = FOUND.loc[(preset, points)]
    share = (other.codes != 0).any(axis=1).mean()
    assert row["charts_marked"] == pytest.approx(share, abs=four_errors(share, row["series"], 20_000))


@pytest.mark.parametrize("preset", ["qicharts2", "western_electric"])
def test_a_fresh_run_on_other_noise_finds_much_the_same(preset):
    """200 series of 24 points."""
    share, _ = false_alarms(preset, 24, series=200, seed=11)
    row = FOUND.loc[(preset, 24)]
    kept = row["charts_marked"]
    assert share == pytest.approx(kept, abs=four_errors(kept, row["series"], 200))


@pytest.mark.parametrize("preset", list(RULES))
def test_longer_charts_raise_more_false_alarms(preset):
    """A law: a pattern has more places to turn up in."""
    assert FOUND.loc[preset, "charts_marked"].is_monotonic_increasing


@pytest.mark.parametrize("points", LENGTHS)
def test_screening_raises_more_false_alarms_and_never_fewer(points):
    """A law on the same noise: screened limits are never wider."""
    assert FOUND.loc[("nhsr", points), "charts_marked"] >= FOUND.loc[("mdc", points), "charts_marked"]
