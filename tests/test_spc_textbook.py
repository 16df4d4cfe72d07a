"""Do the charts of counts, gaps and subgroups draw the lines that textbooks and R print?"""

import json
from pathlib import Path

import numpy as np
import pytest

from flowlib.measure import spc_counts, spc_rare
from flowlib.measure.spc import xmr
from flowlib.measure.spc_subgroups import constants_table, xbar_s_chart

PRINTED = json.loads((Path(__file__).parent / "published" / "spc_textbook.json").read_text(encoding="utf-8"))
CHARTS = [pytest.param(case, id=case["id"]) for case in PRINTED["charts"]]
MAKERS = {
    "xmr": xmr,
    "p_chart": spc_counts.p_chart,
    "p_prime_chart": spc_counts.p_prime_chart,
    "u_chart": spc_counts.u_chart,
    "u_prime_chart": spc_counts.u_prime_chart,
    "c_chart": spc_counts.c_chart,
    "t_chart": spc_rare.t_chart,
    "g_chart": spc_rare.g_chart,
    "s_chart": lambda **inputs: xbar_s_chart(subgroups(**inputs)).spreads,
    "xbar_chart": lambda **inputs: xbar_s_chart(subgroups(**inputs)).means,
}


def subgroups(subgroups=None, sizes=(), deviations=()):
    """The printed measurements, or any that have the printed sizes and standard deviations."""
    if subgroups is not None:
        return subgroups
    ladders = [np.arange(size, dtype=float) for size in sizes]
    return [ladder * wanted / ladder.std(ddof=1) for ladder, wanted in zip(ladders, deviations, strict=True)]


@pytest.mark.parametrize("case", CHARTS)
def test_a_chart_has_the_lines_that_its_source_prints(case):
    """Each source's own figures, to its printed precision."""
    points = MAKERS[case["chart"]](**case["inputs"]).points
    for line in ("lpl", "upl"):
        printed = np.broadcast_to(case["expected"][line], len(points))
        assert points[line].to_numpy() == pytest.approx(printed, rel=0, abs=case["tolerance"])
    middle = 5e-5 if case["id"].startswith("laney") else case["tolerance"]
    assert points["mean"].to_numpy() == pytest.approx(case["expected"]["mean"], rel=0, abs=middle)


def test_at_least_fifteen_charts_of_every_kind_are_held_to_their_source():
    assert len(CHARTS) >= 15
    assert {case["chart"] for case in PRINTED["charts"]} == set(MAKERS)
    assert all(case["source"] for case in PRINTED["charts"])


def test_the_constants_are_those_of_a_printed_table():
    """Each from its definition, to the half of a printed last figure; the table prints 3 decimals, c4 has 4."""
    ours = constants_table(20)
    for row in PRINTED["constants"]["rows"]:
        printed = dict(zip(PRINTED["constants"]["columns"], row, strict=True))
        for name in ("A3", "B3", "B4", "d2", "c4"):
            half = 5.1e-5 if name == "c4" else 5.1e-4
            assert ours.loc[int(printed["size"]), name] == pytest.approx(printed[name], abs=half)
