"""Do the pictures of an effect say and show what the results hold? And the panel that asks before a test."""

import numpy as np
import pandas as pd
import pytest

from flowlib.change.effect import difference_in_differences, interrupted_series, weeks_to_see
from flowlib.core import data
from flowlib.core.checks import Refusal
from flowlib.measure.demand import series
from flowlib.show import effect_charts
from flowlib.show.weeks_panel import FALL, GUESSES, WeeksPanel

CHANGE = "2025-05-05"


@pytest.fixture(scope="module")
def waits():
    return series(data.journey(), "Home First").table


def rows_of(picture):
    """All rows that the chart draws."""
    spec = picture.chart.to_dict()
    return [row for rows in spec["datasets"].values() for row in rows]


def title(picture):
    return " ".join(picture.chart.to_dict()["title"]["text"])


def plot_words(picture):
    return {word for row in rows_of(picture) for word in row.values() if isinstance(word, str)}


def test_the_weeks_are_marked_where_the_result_says_and_both_lines_are_named(waits):
    """Oracle: the result itself, asked directly."""
    found = weeks_to_see(waits["value"][:17], percent=-40, improvement="down")
    picture = effect_charts.weeks_to_see(found, what="wait", unit="hours")
    assert {f"week {found.weeks}", "with the change", "by chance alone"} <= plot_words(picture)
    shown = picture.table.set_index("week")
    assert shown.loc[found.weeks, "with the change"] >= 0.8 > shown.loc[found.weeks - 1, "with the change"]
    assert picture.description == found.sentence("wait", "hours")
    assert title(picture) == f"You would see it on this chart within {found.weeks} weeks, four times in five."


def test_a_change_that_never_shows_has_no_mark_and_a_title_that_says_so(waits):
    found = weeks_to_see(waits["value"][:17], percent=-1, improvement="down", longest=12)
    picture = effect_charts.weeks_to_see(found)
    assert found.weeks is None
    assert not any(word.startswith("week ") for word in plot_words(picture))
    assert "only" in title(picture)


def test_an_interrupted_series_shows_each_point_both_lines_and_the_date(waits):
    made = interrupted_series(waits["value"], waits["x"], CHANGE)
    picture = effect_charts.interrupted(made, what="mean wait", unit="hours")
    assert {"change", "as it is", "without"} <= plot_words(picture)
    drawn = {row["when"]: row for row in rows_of(picture) if "fitted" in row}
    assert len(drawn) == len(waits)
    for _, point in made.table.iterrows():
        assert drawn[f"{point['x']:%Y-%m-%dT%H:%M}"]["fitted"] == pytest.approx(point["fitted"], nan_ok=True)
    assert picture.description.startswith(made.sentence("hours").split("\n", maxsplit=1)[0])


def test_a_comparison_shows_every_period_and_ranges_only_where_there_are_any():
    rng = np.random.default_rng(3)
    dates = pd.date_range("2024-01-01", periods=12, freq="MS")
    table = pd.DataFrame([(s, d, rng.normal(40, 2)) for s in "ABCDEFGH" for d in dates], columns=["s", "d", "y"])
    names = {"site": "s", "date": "d", "value": "y"}
    many = difference_in_differences(table, **names, changed=dict.fromkeys("ABC", "2024-07-01"))
    few = difference_in_differences(table[table["s"] < "D"], **names, changed={"A": "2024-07-01"})
    for made, ranged in ((many, True), (few, False)):
        picture = effect_charts.sites(made, what="wait", unit="hours")
        drawn = [row for row in rows_of(picture) if "effect" in row]
        assert [row["effect"] for row in drawn] == pytest.approx(made.by_period["effect"].tolist())
        assert ("y2" in str(picture.chart.to_dict())) is ranged
        assert picture.description.count("Before the change") <= 1


def test_small_shares_and_hours_of_the_day_are_shown_as_they_are():
    hours = pd.date_range("2026-03-02", periods=40, freq="h")
    y = [0.003 + 0.0002 * (k % 3) - (0.002 if k >= 20 else 0) for k in range(40)]
    picture = effect_charts.interrupted(interrupted_series(y, hours, hours[20], improvement="down"), what="share")
    assert len({row["when"] for row in rows_of(picture) if "fitted" in row}) == 40
    assert picture.table["y"].tolist() == pytest.approx(y, rel=1e-3)


def test_two_lines_that_end_together_have_one_name():
    dates = pd.date_range("2026-01-05", periods=30, freq="W-MON")
    made = interrupted_series([20 + (k * 7) % 5 for k in range(30)], dates, dates[15], improvement="down")
    assert "with and without" in plot_words(effect_charts.interrupted(made, what="wait"))


def test_a_title_keeps_the_full_stops_of_a_unit_and_of_what_is_supposed(waits):
    made = interrupted_series(waits["value"], waits["x"], CHANGE, improvement="down")
    assert "no. of hours (between" in title(effect_charts.interrupted(made, what="wait", unit="no. of hours"))
    found = weeks_to_see(waits["value"][:17], percent=-40, improvement="down")
    picture = effect_charts.weeks_to_see(found, supposing="St. Mary's stays fall to 5 days")
    assert title(picture).startswith("You would see it on this chart within")


def asked(waits):
    panel = WeeksPanel(waits["value"][:17], what="wait", unit="hours")
    panel.prediction.value = GUESSES[0]
    panel.go.click()
    return panel


def test_the_panel_says_what_the_sum_says_and_holds_it_against_the_prediction(waits):
    panel = asked(waits)
    found = weeks_to_see(waits["value"][:17], percent=-FALL, improvement="down")
    assert panel.said.text == found.sentence("wait", "hours")
    assert panel.predicted.text == f"You predicted “2 weeks” for a fall of 25%. It takes {found.weeks} weeks."
    before = panel.figure.description
    panel.fall.value = 60
    assert panel.figure.description != before
    assert panel.said.text == weeks_to_see(waits["value"][:17], percent=-60, improvement="down").sentence(
        "wait", "hours"
    )


def test_nothing_is_asked_before_a_prediction(waits):
    panel = WeeksPanel(waits["value"][:17], what="wait", unit="hours")
    panel.fall.value = 50
    assert panel.go.disabled
    assert panel.figure is None


def test_another_rhythm_than_day_week_or_month_is_refused(waits):
    with pytest.raises(Refusal, match=r'^The points come by day, week or month; "year" came\.$'):
        WeeksPanel(waits["value"][:17], what="wait", unit="hours", every="year")
