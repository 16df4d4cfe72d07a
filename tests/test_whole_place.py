"""
The whole place of lesson 43.

Oracles: the runs that are kept, run again; the pairs' interval by the textbook formula; the
place as the scenarios of `redesign.wexmoor` make it.
"""

import numpy as np
import pandas as pd
import pytest
from refusals import said
from scipy import stats

from flowlib.core import data
from flowlib.redesign import whole_place
from flowlib.redesign.wexmoor import scenarios
from flowlib.redesign.whole_place import GRID, RUNS, SHOWN, TODAY, Pairs, Setting, kept_pairs, pairs_of, runs_of
from flowlib.show import place_panel as screen
from flowlib.show.place_panel import ON_THE_PAGE, place_panel, place_parts

READY, BOARDING = SHOWN[:2]


def test_today_is_wexmoor_as_it_is():
    assert TODAY.place() == data.pathway("wexmoor")


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        (Setting(beds=450), "20 more hospital beds"),
        (Setting(beds=410), "20 fewer hospital beds"),
        (Setting(places=178), "8 more Home First places"),
        (Setting(stay=23.5), "Home First for 23.5 days, not 25"),
        (Setting(starts=34), "34 home-care starts a week"),
    ],
)
def test_a_setting_is_the_scenario_of_its_name(setting, name):
    assert setting.place() == scenarios(data.pathway("wexmoor"), name)[name]


@pytest.mark.parametrize(("setting", "number"), [(TODAY, 0), (Setting(450, 178, 23.5, 40), 59)])
def test_the_runs_that_are_kept_are_what_running_gives(setting, number):
    """They are written with six figures."""
    again = runs_of(setting, [number]).iloc[0]
    kept = kept_pairs(setting).changed.iloc[number]
    assert np.allclose(again, kept, rtol=5e-6, atol=1e-9)


def test_every_mix_of_the_grid_is_kept_whole():
    mixes = int(np.prod([len(values) for values in GRID.values()]))
    assert len(whole_place._grid()) == mixes
    assert {len(table) for table in whole_place._grid().values()} == {RUNS}


def test_the_interval_is_students_on_the_differences_of_pairs_for_all_measures_at_once():
    pairs = kept_pairs(Setting(places=178))
    apart = pairs.changed[READY] - pairs.today[READY]
    half = stats.t.ppf(1 - 0.05 / (2 * len(SHOWN)), RUNS - 1) * stats.sem(apart)
    found = pairs.effects[READY]
    assert found.changed - found.today == pytest.approx(apart.mean())
    assert (found.lower_95_ci, found.upper_95_ci) == pytest.approx((apart.mean() - half, apart.mean() + half))


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (TODAY, "This is Wexmoor as it is: 53 people are ready to leave hospital and still there."),
        (Setting(beds=450), "There is hardly any change in people ready to leave and still there: 53 today, 53 then."),
        (Setting(places=178), "8 fewer people are ready to leave and still there: 53 today, 45 then."),
        (Setting(starts=34), "22 more people are ready to leave and still there: 53 today, 75 then."),
        (Setting(starts=34), "33 more people are waiting for a bed: 1 today, 34 then."),
    ],
)
def test_all_pairs_give_a_verdict_in_words(setting, words):
    assert words in kept_pairs(setting).sentence()


def test_a_difference_that_luck_can_explain_is_called_none():
    names = list(kept_pairs(TODAY).today.columns)
    noise = np.random.default_rng(43).normal(50, 5, (2, RUNS, len(names)))
    today, changed = (pd.DataFrame(part, columns=names) for part in noise)
    assert "We cannot tell a difference in people" in Pairs(Setting(beds=440), today, changed).sentence()


def test_a_setting_that_is_not_kept_is_run_pair_by_pair_and_says_that_it_is_an_estimate(monkeypatch):
    """One pair comes first; whoever comes back to the setting goes on where it was left."""
    asked = []

    def quick(_setting, numbers):
        asked.extend(numbers)
        return kept_pairs(Setting(beds=450)).changed.iloc[list(numbers)].reset_index(drop=True)

    monkeypatch.setattr(whole_place, "runs_of", quick)
    whole_place._begun.cache_clear()
    first = next(pairs_of(Setting(beds=440)))
    assert first.runs == 1
    assert first.sentence().startswith(f"1 of {RUNS} pairs of years is done.")
    assert first.sentence().endswith("It is too early for a verdict.")
    *_, last = pairs_of(Setting(beds=440))
    assert last.complete
    assert asked == list(range(RUNS))
    whole_place._begun.cache_clear()


def test_only_kept_settings_are_given_at_once():
    assert said(lambda: kept_pairs(Setting(beds=431))).startswith("The runs of 431 hospital beds")


def test_places_that_cannot_be_are_refused():
    assert "hospital beds must be" in said(lambda: Setting(beds=0).place())
    assert "home-care starts a week must be" in said(lambda: Setting(starts=1.5).place())


def test_the_panel_gives_the_kept_verdict_on_the_prediction_at_once():
    shown = place_panel()
    shown.prediction.value = "About 20 fewer"
    shown.look()
    assert shown.said.text == kept_pairs(Setting(beds=450)).sentence()
    assert shown.predicted.text.startswith("You predicted “About 20 fewer”. It was “Hardly any change”.")


def test_beside_today_the_waits_after_hospital_are_said():
    assert kept_pairs(Setting(starts=34)).waits() == (
        "People wait 2.8 days for Home First today, and 6.9 with the change. "
        "People wait 2.9 days for home care today, and 7.0 with the change."
    )


def test_the_page_to_send_offers_settings_that_are_kept_and_nothing_else(tmp_path):
    shown = place_panel()
    grid = shown._for_pocket({}).grid()
    assert {key: [float(value) for value in values] for key, values in grid.items()} == {
        key: [float(value) for value in values] for key, values in GRID.items()
    }
    place = shown.save(tmp_path / "place.html")
    assert place.stat().st_size < 2_000_000
    assert set(ON_THE_PAGE) == set(GRID)


@pytest.mark.parametrize(
    ("ready", "words"),
    [(30, "About 20 fewer"), (43, "About 10 fewer"), (52, "Hardly any change"), (60, "More than today")],
)
def test_each_prediction_can_come_true(ready, words):
    pairs = kept_pairs(Setting(beds=450))
    changed = pairs.changed.assign(**{READY: ready + pairs.today[READY] - pairs.today[READY].mean()})
    assert screen._came_true(Pairs(pairs.setting, pairs.today, changed)) == words


def test_a_table_lays_settings_side_by_side():
    (part,) = place_parts({"as it is": TODAY, "34 starts": Setting(starts=34)})
    assert part.table.iloc[:, 0].tolist() == ["as it is", "34 starts"]
    assert part.table.iloc[:, 1].tolist() == ["53", "75"]
