"""The what-if of lesson 23, and the same question asked of a team's own log; without a browser."""

import json
import zlib
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import EventLog, Refusal
from flowlib.core import data
from flowlib.measure.demand import dcaq
from flowlib.measure.enough import enough_on_average
from flowlib.show.enough_panel import enough_panel, queue_picture
from flowlib.show.enough_story import MONDAY, enough_told


@pytest.fixture
def looked():
    panel = enough_panel()
    panel.prediction.value = "About 5"
    panel.controls["places"].value = 14
    panel.go.click()
    return panel


def rows(panel, name):
    return json.loads(zlib.decompress(panel.out.children[0].picture["tables"]))[name]


def test_the_question_is_about_ten_places_whatever_was_set_before(looked):
    assert looked.values() == {"places": 10, "spread": 0, "list": False, "year": 1}
    assert looked.predicted.text == "You predicted “About 5”. It was “About 25”. Why might that be?"
    assert looked.said.text == enough_on_average(10).sentence()


def test_every_control_changes_the_sum_that_is_asked(looked):
    """Oracle: the sum, asked directly."""
    looked.controls["places"].value, looked.controls["spread"].value = 11, 4
    assert looked.said.text == enough_on_average(11, spread=4).sentence()
    looked.controls["list"].value = True
    found = enough_on_average(11, spread=4, waiting_first=200)
    assert looked.said.text == found.sentence()
    looked.controls["year"].value = 3
    assert [row["people"] for row in rows(looked, "line")] == found.year(3).tolist()
    looked.comparing.click()
    assert [row["people"] for row in rows(looked, "today")] == enough_on_average(10).year(3).tolist()
    assert looked.compared.text == found.compared(enough_on_average(10))


@pytest.mark.parametrize(
    ("places", "came"), [(9, "More than 60"), (10, "About 25"), (11, "About 5"), (12, "Nobody, or 1 or 2")]
)
def test_each_answer_comes_true_somewhere(places, came):
    panel = enough_panel()
    assert panel.question.came_true((enough_on_average(places), 1)) == came


def test_the_band_is_behind_the_line_and_the_mean_beside_it():
    picture = queue_picture(enough_on_average(10))
    spec = picture.chart.to_dict()
    assert [layer["data"]["name"] for layer in spec["layer"]] == ["band", "today", "line", "mean", "mean"]
    assert spec["datasets"]["today"] == []
    assert spec["datasets"]["mean"] == [{"mean": 25.4, "words": "mean 25"}]
    assert len(picture.table) == 52
    assert picture.description.startswith("25 people wait in the evening, on average. On average 25 people wait")


def test_no_line_leaves_the_picture():
    """The scale of each picture holds the range of all years, at every setting of the controls."""
    for places in range(9, 15):
        for spread in (0, 4):
            for first in (0, 200):
                found = enough_on_average(places, spread=spread, waiting_first=first)
                scale = queue_picture(found).chart.to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"]
                assert max(found.high.max(), *(found.year(year).max() for year in range(1, 6))) <= scale[1]


# In a team's own service


def log_of(a_week, weeks, *, synthetic=False):
    """So many people each week, each seen at once."""
    monday = pd.Timestamp("2026-01-05")
    times = [monday + timedelta(weeks=week, hours=9 + number / 50) for week in range(weeks) for number in range(a_week)]
    frame = pd.DataFrame({"person": [f"P{n}" for n in range(len(times))], "step": "clinic", "arrived": times})
    frame["started"], frame["left"] = frame["arrived"] + timedelta(hours=1), frame["arrived"] + timedelta(hours=2)
    log = EventLog.from_frame(
        frame, person="person", step="step", arrived="arrived", started="started", left="left",
        observed=(monday, monday + timedelta(weeks=weeks)),
    )  # fmt: skip
    log.synthetic = synthetic
    return log


def test_a_log_is_told_its_average_and_three_percentiles():
    """Oracle: numpy's own percentile of the same weeks, and how many weeks each would be enough in."""
    log = data.journey()
    told = enough_told(log)
    demand = dcaq(log, "Transfer hub").table["demand"].to_numpy()
    table = told[0].table
    high = np.percentile(demand, [65, 80, 85], method="inverted_cdf")
    assert table["people a week"].tolist()[1:] == [f"{many:.0f}" for many in high]
    assert table["enough in"].tolist()[1:] == [f"{(demand <= many).sum()} of 30 weeks" for many in high]
    assert told[0].sentence == "People who come to Transfer hub, by week: 30 weeks are known."
    assert any("None of these is a law" in part.sentence for part in told)
    assert [part.sentence for part in told[-2:]] == list(MONDAY)


def test_real_people_are_counted_to_the_nearest_five():
    table = enough_told(log_of(13, 10))[0].table
    assert set(table["people a week"]) == {"15"}


def test_few_people_a_week_are_counted_by_the_month_or_not_at_all():
    assert "by month" in enough_told(log_of(4, 53))[0].sentence
    with pytest.raises(Refusal, match=r"^Fewer than 8 people come in a usual month, so nothing is shown\.$"):
        enough_told(log_of(1, 53))


def test_a_log_of_a_few_weeks_is_too_short():
    assert said(lambda: enough_told(log_of(20, 5))) == "There are 5 whole weeks; 8 are needed."
