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
        (
            Setting(places=178),
            "Fewer people are ready to leave and still there: 53 today, 45 then. We are sure of 6 to 10 fewer.",
        ),
        (Setting(starts=34), "More people are ready to leave and still there: 53 today, 75 then."),
        (Setting(starts=34), "More people are waiting for a bed: 1 today, 34 then. We are sure of 14 to 52 more."),
        (
            Setting(beds=450),
            "Fewer people are waiting for a bed: 1.0 today, 0.2 then. We are sure of 0.3 to 1.0 fewer.",
        ),
        (Setting(450, 178, 23.5, 34), "We are sure of 0.4 to 8 more."),
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
    pairs = kept_pairs(Setting(beds=450))
    assert shown.said.text == f"{pairs.sentence()} {pairs.waits()}"
    assert shown.changed.text == "Changed: Hospital beds 450 (today 430)."
    assert shown.predicted.text.startswith("You predicted “About 20 fewer”. It was “Hardly any change”.")


@pytest.mark.parametrize(
    ("setting", "title", "bar"),
    [
        (Setting(places=178), "With 8 more Home First places, 45 are ready to leave; today 53", "8 more places"),
        (Setting(starts=34), "With 34 home-care starts a week, 75 are ready to leave", "34 starts a week"),
        (Setting(beds=410), "20 fewer hospital beds", "20 fewer beds"),
        (Setting(stay=23.5), "With Home First for 23.5 days, 4", "23.5 days"),
        (Setting(450, starts=34), "With 20 more hospital beds and 34 home-care starts a week, 77", "2 changes"),
        (Setting(450, 178, 23.5), "With 3 changes, 44", "3 changes"),
    ],
)
def test_a_picture_names_its_change_in_its_title_and_on_its_bars(setting, title, bar):
    picture = screen.place_picture(kept_pairs(setting))
    assert title in picture.description
    assert [row["which"] for row in picture.chart.to_dict()["datasets"]["rows0"]] == ["today", bar]


def test_no_bar_and_no_line_is_longer_than_its_axis():
    """Over all settings that are kept, which have the outermost of each control in them."""
    for setting in whole_place._grid():
        found = kept_pairs(setting).effects
        for name, _, most in screen.DRAWN:
            assert found[name].today + found[name].upper_95_ci <= most


def test_an_estimate_has_no_line_yet():
    pairs = kept_pairs(Setting(starts=34))
    few = Pairs(Setting(starts=35), pairs.today.head(3), pairs.changed.head(3))
    picture = screen.place_picture(few)
    assert picture.description.startswith("An estimate with 35 home-care starts a week: ")
    assert picture.chart.to_dict()["datasets"]["rows0"][1]["high"] is None


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
