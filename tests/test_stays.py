"""Lengths of stay, ten minutes by ten minutes: counted right, and only a habit stands out."""

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import EventLog
from flowlib.core import data
from flowlib.measure.stays import stays
from flowlib.show.stays_chart import stays_chart

PLANTED = data.planted()["extracts"]["wexmoor_ed_list.csv"]["quirks"]
SPIKE = next(quirk for quirk in PLANTED if quirk["quirk"] == "spike_before_4_hours")
SLIPS = next(quirk for quirk in PLANTED if quirk["quirk"] == "midnight_slip")
SOME = np.repeat([185, 195, 205, 215, 225], [20, 20, 60, 20, 3])  # minutes


def log_of(minutes, *, synthetic=True):
    """A log of people who stay so many minutes each."""
    came = pd.Timestamp("2025-03-03 09:00") + pd.to_timedelta(np.arange(len(minutes)), unit="min")
    left = came + pd.to_timedelta(np.asarray(minutes), unit="min")
    rows = pd.DataFrame(
        {"person": [f"p{n}" for n in range(len(minutes))], "step": "Clinic", "came": came, "left": left}
    )
    return EventLog.from_frame(rows, person="person", step="step", arrived="came", left="left", synthetic=synthetic)


@pytest.fixture(scope="module")
def listed():
    return EventLog.read(data.path("wexmoor_ed_list")).accept(synthetic=True)


def test_the_stays_of_almost_4_hours_are_found_and_nothing_else(listed):
    """Oracle: what was planted; of the rows of the file, those that stand twice are one visit, so a few are fewer."""
    found = stays(listed, first=0, last=12)
    (out,) = found[found["stands_out"]].itertuples()
    assert out.from_minutes == 230
    assert SPIKE["rows"] - 3 <= out.people <= SPIKE["rows"]


def test_each_length_is_counted_once():
    """Oracle: the lengths themselves, put in spans by hand; a stay of 190 minutes is in the span that it begins."""
    found = stays(log_of([180, 189, 190, 199, 199, 200, 240]), first=3, last=3.5)
    assert found.to_dict("list") == {"from_minutes": [180, 190, 200], "people": [2, 3, 1], "stands_out": [False] * 3}


def test_chance_alone_seldom_stands_out():
    """
    Of 900 counts with the same chance each, about 40 people, at most 1 in 100 is marked.

    A normal number is 3 standard deviations above its mean 1 time in 741. Counts of 40
    are a little skewed, so it is a few times that: about 3 of 900.
    """
    draw = np.random.default_rng(21)
    marked = [stays(log_of(draw.integers(0, 3000, 12_000)), first=0, last=50)["stands_out"].mean() for _ in range(3)]
    assert np.mean(marked) < 0.01


def test_of_real_people_few_are_not_counted_and_others_to_the_nearest_5():
    found = stays(log_of(SOME + 1, synthetic=False), first=3, last=4)
    assert found["people"].tolist()[:4] == [20, 20, 60, 20]
    assert np.isnan(found["people"][4])
    assert "225" not in str(stays_chart(found).chart.to_dict()["datasets"])


def test_the_chart_says_what_stands_out():
    """Oracle: 60 people from 3:20, where 20 are on either side."""
    told = stays_chart(stays(log_of(SOME), first=3, last=4))
    assert told.description.startswith("One length stands out: from 3:20, 60 people. 3:00: 20. 3:10: 20. 3:20: 60.")
    assert "each bar is 10 minutes" in str(told.chart.to_dict()["title"])
    plain = stays_chart(stays(log_of(SOME[SOME != 205]), first=3, last=3.5))
    assert plain.description.startswith("No length of stay stands out.")


def test_too_short_a_range_is_refused(listed):
    assert said(lambda: stays(listed, first=3, last=3.3)) == (
        "Give at least three spans of 10 minutes; first is 3, last 3.3."
    )
