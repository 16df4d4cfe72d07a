"""Does the page on whose rules a chart follows say what the tables and the tests hold?"""

from pathlib import Path

import pandas as pd
import pytest
from test_spc_cross import ABSPC
from test_spc_cross_qikit import QIKIT

from flowlib.core import data
from flowlib.measure import spc
from flowlib.measure.spc import deviations_table, presets_table

PAGE = (Path(spc.__file__).parent / "README.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
SPREAD = {
    "even (normal)": "normal",
    "skewed a little (log-normal, cv 0.5)": "lognormal_0.5",
    "skewed (log-normal, cv 1)": "lognormal_1",
    "skewed (exponential)": "exponential",
    "each like the last (correlation 0.3)": "memory_0.3",
    "the same, 0.6": "memory_0.6",
}


def test_every_preset_has_its_row_and_its_source():
    for name, preset in presets_table().iterrows():
        row = next(row for row in ROWS if row[0] == f"`{name}`" and len(row) == 8)
        assert row[1] == ("yes" if preset["screen"] else "no")
        assert row[2] == f"{preset['limit']:.4g}"
        assert f"* `{name}`: {preset['source']}." in PAGE


def test_every_deviation_is_on_the_page():
    for row in deviations_table().to_numpy().tolist():
        assert [f"`{row[0]}`", *row[1:]] in ROWS


@pytest.mark.parametrize("one", [*ABSPC, *QIKIT], ids=lambda one: one.what)
def test_every_difference_from_another_package_is_on_the_page(one):
    assert any(row[:3] == [one.what, one.the_tool, one.flowlib] and row[4] == one.why for row in ROWS)


def test_the_false_alarms_are_those_that_were_measured():
    measured = pd.read_csv(data.FOLDER / "false_alarms.csv").set_index(["preset", "data", "points"])["charts_marked"]
    rows = [row for row in ROWS if row[1] in SPREAD]
    assert len(rows) == len(SPREAD) * measured.index.get_level_values("preset").nunique()
    for preset, spread, *shares in rows:
        for points, said in zip((12, 24, 36, 120), shares, strict=True):
            assert abs(int(said) - 100 * measured[preset.strip("`"), SPREAD[spread], points]) <= 0.5
