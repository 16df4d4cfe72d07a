"""Does `flowlib.mapping.model` find in a log what was put into it, and say how sure it is?"""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said
from scipy import stats

from flowlib import (
    Arrivals,
    Constant,
    EventLog,
    Exponential,
    Gamma,
    LogNormal,
    Pathway,
    Rota,
    Route,
    Slots,
    Step,
    simulate,
)
from flowlib.core import data
from flowlib.mapping.arrivals import arrivals, poisson_interval, week_covered
from flowlib.mapping.intervals import wilson
from flowlib.mapping.leaving_seen import leaving_hours
from flowlib.mapping.model import first_model
from flowlib.mapping.order_seen import order_seen
from flowlib.mapping.places_seen import done_within
from flowlib.mapping.process_map import process_map
from flowlib.mapping.routing import routing
from flowlib.mapping.visit_rows import run_rows, visit_rows

MONDAY = pd.Timestamp("2025-01-06")


def in_rows(rows, until=24 * 28, starts=MONDAY, **more):
    """A log of rows (person, step, arrived, started, finished, left, outcome[, group]), hours after *starts*."""
    names = ["who", "where", "came", "began", "ended", "gone", "outcome", "group"]
    frame = pd.DataFrame([(*row, "")[: len(names)] for row in rows], columns=names)
    for name in ("came", "began", "ended", "gone"):
        frame[name] = starts + pd.to_timedelta(pd.to_numeric(frame[name]), unit="h")
    return EventLog.from_frame(
        frame, person="who", step="where", arrived="came", started="began", finished="ended", left="gone",
        outcome="outcome", group="group", observed=(starts, starts + pd.Timedelta(hours=until)), synthetic=True, **more,
    )  # fmt: skip


def clinic(capacity=3, *, rate=2.5, time=None, **words):
    """One step."""
    step = Step("nurse", capacity, time or Exponential(1), **words)
    return Pathway("Clinic", [step], [Arrivals("nurse", per_hour=rate)])


# Places.


@pytest.mark.parametrize("places", [1, 3, 40])
def test_the_places_are_found_where_people_waited_for_them(places):
    made = first_model(simulate(clinic(places, rate=0.85 * places), days=60, warm_up_days=7, seed=1))
    assert made.pathway.step("nurse").capacity == places
    assert made.capacity["from"].tolist() == ["the log"]
    assert f"nurse: {places} place{'s' * (places > 1)}, from the log." in made.notes[0]


def test_where_nobody_waited_no_number_of_places_is_guessed():
    made = first_model(simulate(clinic(None), days=30, seed=1))
    assert made.pathway.step("nurse").capacity is None
    assert made.capacity["from"].tolist() == ["not known"]
    told = "Hardly anybody waited, so the log does not say how many places there are."
    assert made.capacity["why"].tolist() == [told]


def test_waits_that_places_do_not_explain_make_no_places():
    """Everybody waits half an hour, however few are there: the wait becomes part of the time."""
    rng = np.random.default_rng(1)
    came = np.sort(rng.uniform(0, 600, 500))
    rows = [(f"p{k}", "A", t, t + 0.5, t + 1.5, t + 1.5, "completed") for k, t in enumerate(came)]
    made = first_model(in_rows(rows))
    assert made.pathway.step("A").capacity is None
    assert made.pathway.step("A").time == Constant(1.5)
    assert "A: no number of places." in made.notes[0]


def test_a_rota_is_found_hour_by_hour():
    rota = Rota(by_hour=[2] * 8 + [5] * 10 + [3] * 6)
    log = simulate(clinic(rota, rate=3.4), days=84, warm_up_days=7, seed=2)
    assert first_model(log).pathway.step("nurse").capacity == rota


def test_starts_at_stated_moments_of_the_week_are_found():
    slots = Slots([("Mon 10:00", 8), ("Wed 14:30", 5)])
    step = Step("clinic", slots, Constant(0))
    log = simulate(Pathway("Slots", [step], [Arrivals("clinic", per_hour=0.075)]), days=140, warm_up_days=28, seed=3)
    assert first_model(log).pathway.step("clinic").capacity == slots


def test_slots_stay_at_their_hour_when_the_clocks_change():
    """A clinic of 3 at 10am by the clock on the wall every Tuesday, from February to May 2025; people wait a day."""
    rows, starts = [], pd.Timestamp("2025-02-03")
    for week in range(14):
        ten = pd.Timestamp("2025-02-04 10:00") + pd.Timedelta(weeks=week)
        day_before = ten - pd.Timedelta(days=1)
        rows += [(f"p{week}-{k}", "A", day_before, ten, ten, ten, "completed") for k in range(3)]
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended", "gone", "outcome"])
    log = EventLog.from_frame(
        frame, person="who", step="where", arrived="came", started="began", finished="ended", left="gone",
        observed=(starts, starts + pd.Timedelta(weeks=15)),
    )  # fmt: skip
    assert first_model(log).pathway.step("A").capacity == Slots((("Tue 10:00", 3),))


def test_hours_between_steps_are_told_and_left_out():
    """Everybody goes from A to B, an hour after leaving A."""
    rows = []
    for k in range(50):
        rows.append((f"p{k}", "A", 9 * k, 9 * k, 9 * k + 2, 9 * k + 2, "completed"))
        rows.append((f"p{k}", "B", 9 * k + 3, 9 * k + 3, 9 * k + 4, 9 * k + 4, "completed"))
    assert first_model(in_rows(rows)).notes == ("The hours between steps are left out: 1 for each person, on average.",)


def test_what_you_say_of_places_goes_before_the_log():
    log = simulate(clinic(3), days=60, seed=1)
    made = first_model(log, capacity={"nurse": 5}, queue_limit={"nurse": 9})
    step = made.pathway.step("nurse")
    assert (step.capacity, step.queue_limit, step.when_full) == (5, 9, "turn_away")
    assert "nurse: 5 places, as you said. At most 3 were ever in place at once." in made.notes
    assert first_model(log, capacity={"nurse": None}).pathway.step("nurse").capacity is None


def test_a_place_that_keeps_people_back_in_the_step_before_is_told_from_one_with_a_queue():
    """A ward of 10 beds after an assessment: of two who wait in the assessment, none queues for a bed."""
    steps = [Step("assessment", None, Exponential(2)), Step("ward", 10, Exponential(40), queue_limit=0)]
    log = simulate(
        Pathway("Beds", steps, [Arrivals("assessment", per_hour=0.22)], [Route("assessment", "ward")]),
        days=120, warm_up_days=28, seed=4,
    )  # fmt: skip
    made = first_model(log)
    assert (made.pathway.step("ward").capacity, made.pathway.step("ward").queue_limit) == (10, 0)
    time = made.durations.set_index("step").loc["assessment"]
    assert time["lower_95_ci"] < 2 < time["upper_95_ci"]  # without the hours for which people were kept there


def test_whoever_waits_for_leaving_hours_is_not_taken_for_kept_out_of_the_next_step():
    """From a ward that people leave by day to a clinic with a queue of any length."""
    steps = [Step("ward", None, Gamma(60, 0.7), leaves_between=("09:00", "20:00")), Step("clinic", 2, Exponential(2))]
    log = simulate(
        Pathway("Hours", steps, [Arrivals("ward", per_hour=0.7)], [Route("ward", "clinic")]),
        days=90, warm_up_days=21, seed=21,
    )  # fmt: skip
    made = first_model(log).pathway
    assert (made.step("clinic").capacity, made.step("clinic").queue_limit) == (2, None)
    assert made.step("ward").leaves_between == ("09:00", "20:00")


def test_whoever_finds_the_queue_full_goes_where_most_of_them_went():
    """The older people's journey up to the change: 75 places, a list of 12, then a care home bed (planted)."""
    step = first_model(data.journey().until("2025-05-05")).pathway.step("Home First")
    assert (step.capacity, step.queue_limit, step.when_full, step.divert_to) == (75, 12, "divert", "Care home bed")


def test_people_who_give_up_have_an_exponential_patience():
    """Waited hours over those who gave up: the likelihood's mean, against the one that was put in (four errors)."""
    log = simulate(clinic(2, rate=2.5, patience=Exponential(3)), days=90, warm_up_days=7, seed=5)
    made = first_model(log).pathway.step("nurse").patience
    gave_up = int((log.frame["outcome"] == "gave_up").sum())
    assert made.mean == pytest.approx(3, rel=4 / math.sqrt(gave_up))


def test_patience_of_another_shape_is_found_among_those_who_were_seen():
    """Nobody gives up at once: the shape is not exponential, and the mean within four errors of what was put in."""
    log = simulate(clinic(2, rate=2.6, patience=Gamma(2, 0.4)), days=120, warm_up_days=7, seed=5)
    made = first_model(log).pathway.step("nurse").patience
    gave_up = int((log.frame["outcome"] == "gave_up").sum())
    assert not isinstance(made, Exponential)
    assert made.mean == pytest.approx(2, rel=4 / math.sqrt(gave_up))


# Who goes first.


def by_kind(priority=(), kinds=("urgent", "soon", "routine")):
    streams = [Arrivals("desk", group=kind, per_hour=1.8 / len(kinds)) for kind in kinds]
    return Pathway("Desk", [Step("desk", 2, Exponential(1), priority=list(priority))], streams)


@pytest.mark.parametrize("priority", [(), ("urgent",), ("urgent", "soon"), ("routine",)])
def test_who_goes_first_is_found_and_nobody_where_people_are_taken_in_order(priority):
    log = simulate(by_kind(priority), days=60, warm_up_days=7, seed=3)
    assert first_model(log).pathway.step("desk").priority == priority
    assert (order_seen(visit_rows(log), "desk").out_of_turn > 0.1) == bool(priority)


def test_an_order_that_no_kind_explains_is_told_and_not_guessed():
    """Last come, first served: of the same kind, so the kinds say nothing; here the kinds are dealt out by lot."""
    log = simulate(by_kind(("urgent",)), days=60, warm_up_days=7, seed=3)
    rng = np.random.default_rng(1)
    lot = dict(zip(log.frame["person"].unique(), rng.integers(0, 2, log.frame["person"].nunique()), strict=True))
    frame = log.frame.assign(group=log.frame["person"].map(lot).map({0: "x", 1: "y"}))
    made = first_model(EventLog(frame, observed=log.observed, synthetic=True))
    assert made.pathway.step("desk").priority == ()
    assert any("go before someone who came earlier. The model takes people in the order" in one for one in made.notes)


# Leaving hours, and steps within steps.


def test_hours_of_the_next_step_are_not_taken_for_those_of_the_step_before():
    """A full ward that people leave by day: so people leave the assessment by day too, for its beds."""
    ward = Step("ward", 30, Gamma(120, 0.9), queue_limit=0, leaves_between=("09:00", "20:00"))
    beds = Pathway(
        "Beds", [Step("assessment", 6, Exponential(2)), ward], [Arrivals("assessment", per_hour=0.24)],
        [Route("assessment", "ward")],
    )  # fmt: skip
    for seed in range(5):
        made = first_model(simulate(beds, days=120, warm_up_days=40, seed=seed)).pathway
        assert made.step("assessment").leaves_between is None
        assert made.step("ward").leaves_between == ("09:00", "20:00")


def test_leaving_hours_are_found_and_are_no_part_of_the_stay():
    ward = clinic(None, rate=0.5, time=Gamma(60, 0.7), leaves_between=("09:00", "20:00"))
    made = first_model(simulate(ward, days=120, warm_up_days=28, seed=6))
    assert made.pathway.step("nurse").leaves_between == ("09:00", "20:00")
    row = made.durations.iloc[0]
    assert row["lower_95_ci"] < 60 < row["upper_95_ci"]


def test_where_the_end_of_care_is_not_written_down_the_whole_stay_is_kept_right():
    """Only the leaving is known: the model's mean stay, hold and all, is that of the log, within 1 in 100."""
    ward = clinic(None, rate=2, time=Gamma(60, 0.7), leaves_between=("09:00", "20:00"))
    log = simulate(ward, days=120, warm_up_days=28, seed=6)
    blind = log.frame.assign(finished=log.frame["left"])
    log = EventLog(blind, observed=log.observed, synthetic=True)
    again = simulate(first_model(log).pathway, days=120, warm_up_days=28, seed=7)
    seen, made = (one.times_in_step()["mean_hours"]["nurse"] for one in (log, again))
    visits = len(log)
    assert made == pytest.approx(seen, rel=4 * 0.7 / math.sqrt(visits) + 0.01)


def test_a_clinic_that_is_open_by_day_has_no_leaving_hours():
    """People leave by day because they come by day: their stays, dealt out anew, end by day too."""
    by_day = Pathway("Day", [Step("a", None, Gamma(0.5, 0.5))], [Arrivals("a", per_hour=[0] * 9 + [4] * 8 + [0] * 7)])
    assert leaving_hours(visit_rows(simulate(by_day, days=60, seed=8)), "a") is None


def test_a_step_done_in_a_bed_keeps_the_bed():
    steps = [Step("ward", 20, Gamma(60, 0.7)), Step("letter", None, Exponential(5), within="ward")]
    log = simulate(
        Pathway("Ward", steps, [Arrivals("ward", per_hour=0.25)], [Route("ward", "letter", 0.8)]),
        days=120, warm_up_days=14, seed=9,
    )  # fmt: skip
    assert done_within(visit_rows(log)) == {"letter": "ward"}
    made = first_model(log)
    assert made.pathway.step("letter").within == "ward"
    row = made.durations.set_index("step").loc["ward"]
    assert row["lower_95_ci"] < 60 < row["upper_95_ci"]


def test_steps_that_follow_each_other_are_not_taken_for_one_in_the_other():
    steps = [Step("a", None, Exponential(1)), Step("b", None, Exponential(1))]
    log = simulate(Pathway("Two", steps, [Arrivals("a", per_hour=1)], [Route("a", "b")]), days=60, seed=1)
    assert done_within(visit_rows(log)) == {}


# Arrivals.


def test_the_interval_of_a_count_is_garwoods():
    """Oracle: an exact Poisson tail of 2.5 in 100 at each end."""
    for count in (0, 1, 10, 400):
        low, high = poisson_interval(count)
        assert stats.poisson.cdf(count, high) == pytest.approx(0.025)
        if count:
            assert stats.poisson.sf(count - 1, low) == pytest.approx(0.025)


def test_a_rate_with_no_pattern_is_one_number():
    made = first_model(simulate(clinic(None), days=84, seed=11))
    assert isinstance(made.pathway.arrivals[0].per_hour, float)
    assert made.arrivals["pattern"].tolist() == ["the same at all hours"]


def test_an_even_rate_is_not_taken_for_closed_hours():
    """860 people over the 168 hours of the week, some of them empty by chance: in 20 streams no hour is shut."""
    patterns = 0
    for seed in range(20):
        log = simulate(clinic(None, rate=0.6), days=60, seed=seed)
        made = arrivals(log, visit_rows(log), ["nurse"])
        assert (made.hours["modelled_per_hour"] > 0).all()
        patterns += made.table["pattern"][0] != "the same at all hours"
    assert patterns <= 4  # three tests at 1 in 100 make 0.6 of 20, and four errors more are 3.7


def test_a_pattern_of_the_day_and_of_the_week_is_found_and_hours_that_are_closed_stay_closed():
    """Open from 9am to 5pm on weekdays, and twice as busy on Mondays; four standard errors of each hour's rate."""
    week = [0.0] * 168
    for day in range(5):
        for hour in range(9, 17):
            week[24 * day + hour] = 6.0 if day == 0 else 3.0
    open_by_day = Pathway("Open", [Step("a", None, Constant(0.1))], [Arrivals("a", per_hour=week)])
    made = first_model(simulate(open_by_day, days=364, seed=12))
    found, true = np.asarray(made.pathway.arrivals[0].by_hour), np.asarray(week)
    assert made.arrivals["pattern"].tolist() == ["by hour of the week"]
    assert (found[true == 0] == 0).all()
    assert (np.abs(found - true) <= 4 * np.sqrt(true / 52)).all()


def test_few_people_are_shrunk_towards_the_plain_pattern():
    """Two weeks of a true pattern by the day: the modelled hours are nearer to the truth than the counted ones."""
    day = [1.0] * 8 + [4.0] * 16
    log = simulate(clinic(None, rate=day), days=14, seed=13)
    hourly = first_model(log).hourly
    true = np.tile(day, 7)
    counted, modelled = (((hourly[name] - true) ** 2).mean() for name in ("per_hour", "modelled_per_hour"))
    assert modelled < counted / 10


def test_the_rates_make_the_people_who_came():
    """Rates times the hours covered, also when the log begins on a Thursday and covers a change of the clocks."""
    log = data.journey().until("2025-04-10 15:30")
    rows = visit_rows(log)
    made = arrivals(log, rows, rows.names)
    for stream in made.streams:
        rates = np.resize(np.asarray(stream.by_hour), 168)
        people = made.table.set_index("step").loc[stream.step, "people"]
        assert float(rates @ week_covered(log)) == pytest.approx(people)


def test_batches_widen_the_interval():
    """Ten people at once, 300 times: variance over mean is 10, so the interval is root 10 as wide, and told."""
    rng = np.random.default_rng(14)
    came = np.sort(rng.uniform(0, 24 * 100, 300)).repeat(10)
    rows = [(f"p{k}", "A", t, t, t + 1, t + 1, "completed") for k, t in enumerate(came)]
    made = first_model(in_rows(rows, until=24 * 100))
    row = made.arrivals.iloc[0]
    assert row["bursts"] == pytest.approx(10, rel=4 * math.sqrt(2 / 99))
    low, high = poisson_interval(3000)
    assert row["upper_95_ci"] - row["lower_95_ci"] > 2.5 * (high - low) / 100
    assert any("arrivals differ from day to day by more than chance" in note for note in made.notes)


# Where people go.


def test_shares_onward_are_counted_with_wilsons_interval():
    rows = []
    for k in range(40):
        rows.append((f"p{k}", "A", k, k, k + 1, k + 1, "completed"))
        if k % 4 == 0:
            rows.append((f"p{k}", "B", k + 1, k + 1, k + 2, k + 2, "completed"))
    rows += [(f"h{k}", "A", 600, 600, None, None, "still_here") for k in range(9)]
    made = first_model(in_rows(rows)).routing
    row = made[(made["from_step"] == "A") & (made["to_step"] == "B")].iloc[0]
    assert (row["people"], row["of"], row["share"]) == (10, 40, 0.25)  # the 9 who are still there say nothing
    assert (row["lower_95_ci"], row["upper_95_ci"]) == pytest.approx(wilson(10, 40))


def test_kinds_of_person_go_their_own_ways_only_where_they_differ():
    both = Pathway(
        "Two kinds",
        [Step("a", None, Exponential(1)), Step("b", None, Exponential(1))],
        [Arrivals("a", group="x", per_hour=1), Arrivals("a", group="y", per_hour=1)],
        [Route("a", "b", 0.8, group="x"), Route("a", "b", 0.3, group="y")],
    )
    log = simulate(both, days=60, seed=15)
    assert {route.group for route in first_model(log).pathway.routes} == {"x", "y"}
    rows = visit_rows(log)
    swapped = rows.keep(np.ones(len(rows), dtype=bool))
    swapped.group[:] = rows.who % 2  # kinds that have nothing to do with where people go
    assert {route.group for route in routing(swapped, rows.names, rows.groups).routes} == {None}


def test_those_kept_back_when_the_log_began_do_not_bend_the_shares():
    """Half go on and half go home; whoever could not go on before the log began is seen only because of that."""
    rows = [(f"p{k}", "A", k, k, k + 1, k + 1, "completed") for k in range(100)]
    rows += [(f"p{k}", "B", k + 1, k + 1, k + 2, k + 2, "completed") for k in range(0, 100, 2)]
    for k in range(20):
        rows.append((f"q{k}", "A", -9, -9, -8, 3, "completed"))
        rows.append((f"q{k}", "B", 3, 3, 4, 4, "completed"))
    made = first_model(in_rows(rows)).routing
    assert made.set_index(["from_step", "to_step"]).loc[("A", "B"), "share"] == 0.5


# Times.


def test_kinds_of_person_have_their_own_times_only_where_they_differ():
    def two(mean_x, mean_y):
        times = {"x": Gamma(mean_x, 0.8), "y": Gamma(mean_y, 0.8)}
        streams = [Arrivals("a", group=group, per_hour=1) for group in "xy"]
        return first_model(simulate(Pathway("Two", [Step("a", None, times)], streams), days=40, seed=16))

    assert two(5, 5).durations["group"].tolist() == ["all"]
    made = two(5, 9)
    assert sorted(made.durations["group"]) == ["x", "y"]
    assert made.pathway.step("a").time_for("y").mean == pytest.approx(9, rel=4 * 0.8 / math.sqrt(900))


def test_a_wait_without_known_places_is_part_of_the_time():
    log = simulate(clinic(3), days=60, seed=1)
    made = first_model(log, capacity={"nurse": None})
    assert made.durations["mean_hours"][0] == pytest.approx(log.times_in_step()["mean_hours"]["nurse"], rel=0.02)


# The whole.


def test_the_whole_of_wexmoor_is_found_again():
    """12 weeks of it: all its places, rotas, slots, leaving hours, limits and steps within steps, as in the file."""
    true = data.pathway("wexmoor")
    made = first_model(simulate(true, days=84, warm_up_days=140, seed=1)).pathway
    assert set(made.step_names) == set(true.step_names)
    for step in true.steps:
        if step.name == "Admission lounge":  # nobody holds a place there for any time
            continue
        found = made.step(step.name)
        assert found.capacity == step.capacity, step.name
        assert found.within == step.within
        assert found.leaves_between == step.leaves_between
        assert found.queue_limit == step.queue_limit


def test_intervals_cover_the_truth():
    """
    20 extracts of a clinic and a ward: mean times, arrivals and a share, 100 intervals, as independent as can be.

    Within four standard errors of 95 in 100. `benchmarks/model_from_data.py` does it with the whole of Wexmoor.
    """
    true = Pathway(
        "Truth",
        [Step("clinic", 4, LogNormal(1.0, 0.7)), Step("ward", None, Gamma(60, 0.8))],
        [Arrivals("clinic", per_hour=[1.5] * 8 + [3.5] * 16), Arrivals("ward", per_hour=0.2)],
        [Route("clinic", "ward", 0.3)],
    )
    truth = {"clinic": 1.0, "ward": 60.0}
    rates = {stream.step: 24 * stream.mean_per_hour for stream in true.arrivals}
    hits = []
    for seed in range(20):
        made = first_model(simulate(true, days=28, warm_up_days=14, seed=seed))
        rows = [(row, truth[row.step]) for row in made.durations.itertuples()]
        rows += [(row, rates[row.step]) for row in made.arrivals.itertuples()]
        rows += [(row, 0.3) for row in made.routing.itertuples() if row.to_step == "ward"]
        hits += [row.lower_95_ci <= value <= row.upper_95_ci for row, value in rows]
    assert len(hits) == 100
    assert abs(sum(hits) - 0.95 * 100) <= 4 * math.sqrt(100 * 0.95 * 0.05)


def test_the_rows_of_a_run_are_those_of_its_frame():
    """Two ways to the same numbers, but for the microseconds of a frame."""
    true = data.pathway("wexmoor")
    log = simulate(true, days=7, warm_up_days=3, seed=1)
    quick, plain = run_rows(log, list(true.step_names)), visit_rows(log)
    assert len(quick) == len(plain)
    for rows in (quick, plain):
        assert (np.diff(rows.who) >= 0).all()
    key = [np.lexsort((rows.step, rows.at.round(6), rows.arrived.round(6))) for rows in (quick, plain)]
    for time in ("arrived", "started", "finished", "left", "clock"):
        one, other = (getattr(rows, time)[order] for rows, order in zip((quick, plain), key, strict=True))
        assert np.allclose(np.sort(one), np.sort(other), atol=1e-6, equal_nan=True)


def test_the_map_hands_on_the_fitted_model():
    log = simulate(clinic(3), days=60, seed=1)
    assert process_map(log).to_pathway(fitted=True) == first_model(log).pathway


def test_the_model_says_what_it_has():
    made = first_model(simulate(clinic(3), days=60, seed=1))
    assert made.sentence().startswith("The model has 1 step and ")
    assert made.sentence().endswith('Places are known at "nurse". Check it before you ask it anything.')


@pytest.mark.parametrize("name", ["durations", "arrivals", "routing", "capacity"])
def test_what_describes_few_people_is_hidden(name):
    """Seven go on to B, 60 stay: no cell says anything of the seven."""
    rows = [(f"p{k}", "A", k, k, k + 1 + k % 5, k + 1 + k % 5, "completed") for k in range(60)]
    rows += [(f"p{k}", "B", k + 7, k + 7, k + 8, k + 8, "completed") for k in range(7)]
    made = first_model(in_rows(rows), only=["A"]) if name != "routing" else first_model(in_rows(rows + more_at_b()))
    shown = made.shown(name)
    assert len(shown) == len(getattr(made, name))
    if name == "routing":
        few = shown[made.routing["people"] < 8]
        assert (few[["people", "share", "lower_95_ci", "upper_95_ci"]] == "*").all(axis=None)


def more_at_b():
    """Enough people at B for a time."""
    return [(f"x{k}", "B", k + 9, k + 9, k + 10, k + 10, "completed") for k in range(20)]


# What cannot be said.


def test_what_is_not_in_the_log_is_refused():
    log = simulate(clinic(3), days=20, seed=1)
    assert 'Did you mean "nurse"?' in said(lambda: first_model(log, only=["nurs"]))
    assert "among those kept" in said(lambda: first_model(log, capacity={"doctor": 2}))


def test_a_step_with_too_few_visits_is_refused():
    rows = [(f"p{k}", "A", k, k, k + 1, k + 1, "completed") for k in range(60)]
    rows += [("p0", "B", 2, 2, 3, 3, "completed")]
    told = (
        'Fewer than 8 visits to "B" have both a begin and an end, too few to describe. '
        "Leave the step out with only=[...], or bring a longer extract."
    )
    assert said(lambda: first_model(in_rows(rows))) == told
    assert first_model(in_rows(rows), only=["A"]).pathway.step_names == ("A",)


def test_a_log_with_one_time_a_visit_is_refused():
    frame = pd.DataFrame({"who": list("abcdefghij"), "where": "A", "when": MONDAY})
    log = EventLog.from_frame(frame, person="who", step="where", finished="when", synthetic=True)
    told = (
        "This log holds one time for each visit, so it does not say how long people stay at a step. "
        "Bring a file with a begin and an end."
    )
    assert said(lambda: first_model(log)) == told


def test_an_empty_log_is_refused():
    log = simulate(clinic(3), days=20, seed=1)
    empty = EventLog(log.frame.iloc[:0], observed=log.observed)
    assert said(lambda: first_model(empty)) == "The log has no rows, so there is nothing to make a model from."


def test_a_log_without_ends_is_refused_at_the_step():
    rows = [(f"p{k}", "A", k, k + 1, None, None, "not_recorded") for k in range(30)]
    told = 'No visit to "A" has both a begin and an end. Name the columns of both, or leave it out with only=[...].'
    assert said(lambda: first_model(in_rows(rows))) == told


@pytest.mark.parametrize("many", [1, 7])
def test_a_log_of_a_few_people_is_refused(many):
    rows = [(f"p{k}", "A", k, k, k + 1, k + 1, "completed") for k in range(many)]
    told = (
        'Fewer than 8 visits to "A" have both a begin and an end, too few to describe. '
        "Leave the step out with only=[...], or bring a longer extract."
    )
    assert said(lambda: first_model(in_rows(rows))) == told


def test_what_is_asked_for_in_another_shape_is_refused():
    log = simulate(clinic(None), days=20, seed=1)
    for words, told in (
        ({"only": "nurse"}, 'only must be a list of steps, such as ["nurse"]; text came.'),
        ({"capacity": {"nurse": "3"}}, "capacity of \"nurse\" must be a number, a Rota, Slots or None; '3' came."),
        ({"queue_limit": {"nurse": -1}}, 'Step "nurse" queue_limit must be a whole number, 0 or more; -1 came.'),
        (
            {"queue_limit": {"nurse": 3}},
            'A queue limit at "nurse" needs a number of places, and the log shows none. Give its capacity too.',
        ),
    ):
        assert said(lambda words=words: first_model(log, **words)) == told
    told = "first_model takes an EventLog; DataFrame came. Make one with EventLog.from_frame."
    assert said(lambda: first_model(log.frame)) == told


def test_an_extract_of_those_who_have_left_is_told_to_look_short():
    """Everybody stays 40 hours, and nobody who is still there is in the extract."""
    rows = [(f"p{k}", "A", k, k, k + 40 + k % 3, k + 40 + k % 3, "completed") for k in range(400)]
    notes = first_model(in_rows(rows, until=442)).notes
    told = (
        "Nobody is still there when the log ends, but people were half way. "
        "If those who had not left are missing, times look too short."
    )
    assert told in notes
