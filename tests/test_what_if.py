"""Is `flowlib.redesign.what_if` a model of the step that was seen, and does it answer as queues do?"""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib import Arrivals, EventLog, Exponential, Pathway, Route, Step, hours, minutes, simulate
from flowlib.core import data
from flowlib.diagnose.queueing import mmc
from flowlib.redesign.experiment import Comparison, Runs, run
from flowlib.redesign.what_if import NOW, THEN, Answer, what_if

SEPSIS = Path(__file__).parents[2] / "shared" / "data" / "sepsis_event_log.csv.gz"
HOURS_IN = {"minutes": 1 / 60, "hours": 1, "days": 24}
SURE = "The same people come in both, so we are sure of"
LESS, MORE = 0.5, 1.5  # the ends of the sliders


def desk_log(places=3, *, busy=0.85, days=60, seed=1, **of_step):
    """A log of people who stay 1 hour on average, at places that are so busy."""
    step = Step("desk", places, Exponential(hours(1)), **of_step)
    return simulate(
        Pathway("Desk", [step], [Arrivals("desk", per_hour=busy * places)]), days=days, warm_up_days=7, seed=seed
    )


def one_time(journeys, *, days=120):
    """A log of one time an event: each journey's first, in hours, and its last (None: there is no other)."""
    rows = [(f"p{k}", "in", first) for k, (first, _) in enumerate(journeys)]
    rows += [(f"p{k}", "out", first + length) for k, (first, length) in enumerate(journeys) if length is not None]
    frame = pd.DataFrame([row for row in rows if row[2] < 24 * days], columns=["who", "what", "when"])
    frame["when"] = pd.Timestamp("2025-01-06") + pd.to_timedelta(frame["when"], unit="h").dt.floor("s")
    until = pd.Timestamp("2025-01-06") + pd.Timedelta(days=days)
    return EventLog.from_frame(frame, person="who", step="what", finished="when", observed=("2025-01-06", until))


def runs_of(answer, scenario):
    return answer.comparison.runs[scenario].by_run.iloc[:, 0].to_numpy()


@pytest.fixture(scope="module")
def desk():
    """A desk with three places, taken from a log, and the log."""
    log = desk_log()
    return what_if(log), log


@pytest.fixture(scope="module")
def home_first():
    return what_if(data.journey().until("2025-05-05"), "Home First")


# The model of what was seen.


@pytest.mark.parametrize("places", [1, 3, 6])
def test_the_places_found_are_those_of_the_step_and_give_its_wait(places):
    """
    A queue simulated with so many places: they are found, and the model's wait is the one seen.

    Within four standard errors: of the model's runs, and of the log's weeks.
    """
    log = desk_log(places, days=91)
    model = what_if(log)
    assert (model.places, model.fits) == (places, True)
    weeks = log.waits("week")["mean_hours"]
    now = runs_of(model.ask(), NOW) * HOURS_IN[model.unit]
    error = math.hypot(weeks.std() / math.sqrt(len(weeks)), now.std(ddof=1) / math.sqrt(len(now)))
    assert now.mean() == pytest.approx(log.waits()["mean_hours"]["desk"], abs=4 * error)


def test_the_step_asked_about_is_the_one_that_holds_the_flow_back():
    """The doctor is 95% busy and the others 50%."""
    steps = [
        Step(name, 2, Exponential(minutes(stay))) for name, stay in (("triage", 15), ("doctor", 28.5), ("tests", 15))
    ]
    pathway = Pathway(
        "ED", steps, [Arrivals("triage", per_hour=4)], [Route("triage", "doctor"), Route("doctor", "tests")]
    )
    assert what_if(simulate(pathway, days=60, warm_up_days=7, seed=2)).step == "doctor"


def test_a_step_that_turns_people_away_does_so_in_the_model():
    """By M/M/2/2+1 people are lost when 1 waits: the model's limit is the longest queue that was ever seen."""
    log = desk_log(2, busy=1.2, queue_limit=1, when_full="turn_away")
    model = what_if(log)
    assert (model.places, model.pathway.step("desk").queue_limit) == (2, 1)
    assert model.note == (
        "The model has 2 places at desk. When 1 person waits, others are turned away. "
        "At most 2 were ever in use at once."
    )


def test_home_first_is_modelled_with_the_75_places_that_were_planted(home_first):
    """data/planted.json, up to the change; the wait of the model is within a tenth of the one seen."""
    assert (home_first.places, home_first.fits, home_first.unit) == (75, True, "days")
    assert home_first.pathway.step("Home First").queue_limit == 12
    assert home_first.ask().now[0] == pytest.approx(home_first.seen_hours / 24, rel=0.1)
    assert home_first.note == (
        "The model has 75 places at Home First. When 12 people wait, others are turned away. "
        "At most 75 were ever in use at once."
    )


def test_a_wait_that_places_do_not_explain_is_passed_over_and_said_so():
    """At the transfer hub people wait 41 hours for 2 hours of care (log-normal in data/build.py): no lack of places."""
    log = data.journey()
    model = what_if(log)
    assert model.step == "Home First"
    assert model.note.startswith("Places alone do not explain the waits for Transfer hub: look there for other causes.")
    asked = what_if(log, "Transfer hub")
    assert not asked.fits
    assert "where 1.7 days was seen" in asked.note


def test_without_a_step_that_fits_the_question_is_how_many_are_on_the_way():
    """Everybody waits 20 hours for care that takes 1; somebody comes every 2 hours, so one place would do."""
    rows = pd.DataFrame({"who": [f"p{k}" for k in range(500)], "at": range(0, 1000, 2)})
    zero = pd.Timestamp("2025-01-06")
    for name, after in (("came", 0), ("began", 20), ("ended", 21)):
        rows[name] = zero + pd.to_timedelta(rows["at"] + after, unit="h")
    log = EventLog.from_frame(
        rows.assign(step="hub"), person="who", step="step", arrived="came", started="began", finished="ended"
    )
    model = what_if(log)
    assert not model.waits
    assert model.note.startswith("Places alone do not explain the waits for hub: look there for other causes.")
    assert "No waits are recorded" not in model.note
    assert model.ask().now[0] == pytest.approx(10.5, rel=0.1)  # Little's law: 1 in 2 hours, 21 hours each


def test_places_that_are_given_are_taken(desk):
    _, log = desk
    given = what_if(log, "desk", places=4)
    assert given.places == given.pathway.step("desk").capacity == 4


@pytest.mark.parametrize(("stay", "unit"), [(0.1, "minutes"), (4, "hours"), (80, "days")])
def test_the_unit_suits_the_wait_that_was_seen(stay, unit):
    """M/M/1 at 75% busy: people wait three stays on average."""
    pathway = Pathway("Desk", [Step("desk", 1, Exponential(stay))], [Arrivals("desk", per_hour=0.75 / stay)])
    log = simulate(pathway, days=40 * stay, warm_up_days=stay, seed=4)
    assert what_if(log, places=1).unit == unit


# What would be.


def test_more_places_never_make_anybody_wait_longer(desk):
    """Kiefer and Wolfowitz: with the same people and stays, first come first served, run by run."""
    model, _ = desk
    waits = [runs_of(model.ask(places=places), THEN) for places in range(2, 8)]
    assert all((more <= fewer).all() for fewer, more in pairwise(waits))
    assert waits[0].mean() > waits[1].mean() > waits[2].mean()


def test_shorter_stays_never_make_anybody_wait_longer(desk):
    """The same law, with every stay shorter in place of more places."""
    model, _ = desk
    waits = [runs_of(model.ask(stay=stay), THEN) for stay in (1.2, 1.1, 1.0, 0.9, 0.7, LESS)]
    assert all((shorter <= longer).all() for longer, shorter in pairwise(waits))


def test_fewer_people_wait_less_and_more_people_longer(desk):
    model, _ = desk
    means = [model.ask(arrivals=factor).then[0] for factor in (LESS, 0.9, 1.0, 1.1)]
    assert means == sorted(means)


def test_the_answer_is_that_of_the_formula(desk):
    """
    Erlang C for the rate and the stay of the model: four places, within four standard errors.

    A twentieth is allowed besides: the log's stays are exponential, and its hours alike, but for chance.
    """
    model, _ = desk
    then = runs_of(model.ask(places=4), THEN) * HOURS_IN[model.unit]
    formula = mmc(model.a_day / 24, 1 / (24 * model.stay_days), servers=4).mean_wait
    assert then.mean() == pytest.approx(formula, abs=4 * then.std(ddof=1) / math.sqrt(10) + formula / 20)


def test_nothing_changed_gives_the_same_again(desk):
    model, _ = desk
    same = model.ask()
    assert same.now == same.then == model.ask(places=model.places, arrivals=1, stay=1).then
    assert same.came_true == "About the same"


@pytest.mark.parametrize("places", ["fewest", "most"])
@pytest.mark.parametrize("arrivals", [LESS, MORE])
@pytest.mark.parametrize("stay", [LESS, MORE])
def test_nothing_breaks_at_the_ends_of_the_sliders(places, arrivals, stay):
    """Half and one and a half times everything, down to one place: every answer is a number with a range around it."""
    model = what_if(desk_log(2, days=30))
    model.runs = 3
    answer = model.ask(places={"fewest": 1, "most": 8}[places], arrivals=arrivals, stay=stay)
    mean, low, high = answer.then
    assert 0 <= low <= mean <= high < math.inf
    assert "nan" not in answer.sentence()
    assert answer.came_true in model.guesses()


def test_half_the_places_for_home_first_is_an_answer_too(home_first):
    """The fewest places of the panel, with the most people and the longest stays."""
    answer = home_first.ask(places=37, arrivals=1.3, stay=1.3)
    assert answer.came_true == "Longer"
    assert answer.then[1] > answer.now[2]


# What was predicted.


@pytest.mark.parametrize(
    ("then", "place"),
    [(4.9, 0), (5.0, 1), (8.4, 1), (8.5, 2), (10, 2), (11.5, 2), (11.6, 3), (99, 3)],
)
@pytest.mark.parametrize("waits", [True, False])
def test_what_came_true_is_named_as_it_could_be_guessed(desk, then, place, waits):
    """By head, where it is 10 now: below 5 is less than half; from 8.5 to 11.5 is about the same."""
    model, _ = desk
    model = type(model)(model.pathway, model.step, model.places, 14, 7, waits=waits)
    made = {
        name: Runs(pd.DataFrame({model.measure.name: [value] * 2}), (model.measure,))
        for name, value in ((NOW, 10.0), (THEN, then))
    }
    assert model._outcome(Comparison(made, NOW)) == model.guesses()[place]
    assert len(set(model.guesses())) == 4


@pytest.mark.parametrize(("then", "guess"), [(0.0, "About the same"), (0.1, "Longer")])
def test_from_no_wait_at_all_it_can_only_get_longer(desk, then, guess):
    model, _ = desk
    made = {
        name: Runs(pd.DataFrame({model.measure.name: [value] * 2}), (model.measure,))
        for name, value in ((NOW, 0.0), (THEN, then))
    }
    assert model._outcome(Comparison(made, NOW)) == guess


def test_the_answer_is_told_with_its_range_and_beside_what_is(home_first):
    answer = home_first.ask(places=90)
    mean, low, high = answer.then
    assert answer.sentence() == (
        f"With these changes people would wait for Home First {mean:.1f} days on average "
        f"(between {low:.1f} and {high:.1f}). As it is, {answer.now[0]:.1f}."
    )


@pytest.mark.parametrize(
    ("gaps", "sentence"),
    [
        ([-2.0, -3.0, -4.0], f"That is 3.0 hours shorter than today. {SURE} 0.5 to 5.5."),
        ([30.0, 29.0, 31.0], f"That is 30 hours longer than today. {SURE} 28 to 32."),
        ([20.0, 17.0, 18.5], f"That is 18 hours longer than today. {SURE} 15 to 22."),
        ([0.0, 0.0, 0.0], "That is the same as today, or hardly different."),
        ([0.01, -0.01, 0.0], "That is the same as today, or hardly different."),
        ([-1.0, 1.0, 0.0], "We cannot tell it from today: up to 2.5 hours shorter, or up to 2.5 longer."),
        ([-1.0, 0.0, -0.5], "We cannot tell it from today: up to 1.7 hours shorter, or up to 0.7 longer."),
        ([1.0, math.nan, math.nan], "We cannot tell it from today: too few runs had anybody to measure."),
    ],
)
def test_the_difference_is_told_run_against_run(desk, gaps, sentence):
    """By hand: Student's t for 3 runs is 4.303; differences 1 apart are known to 4.303 / √3 = 2.5."""
    model, _ = desk
    named = model.ask().comparison.runs[NOW].measures
    made = {
        name: Runs(pd.DataFrame({named[0].name: values}), named)
        for name, values in ((NOW, [40.0, 50.0, 60.0]), (THEN, [40.0 + gaps[0], 50.0 + gaps[1], 60.0 + gaps[2]]))
    }
    answer = Answer(Comparison(made, NOW), "people would wait for desk", "mean wait for desk", "hours", "Longer")
    assert answer.compared() == sentence


def test_a_mean_of_one_run_is_told_without_a_range(desk):
    model, _ = desk
    named = model.ask().comparison.runs[NOW].measures
    frames = {NOW: [1.0, 2.0, 3.0], THEN: [4.0, math.nan, math.nan]}
    made = {name: Runs(pd.DataFrame({named[0].name: values}), named) for name, values in frames.items()}
    answer = Answer(Comparison(made, NOW), "people would wait for desk", "mean wait for desk", "hours", "Longer")
    assert answer.sentence() == (
        "With these changes people would wait for desk 4.0 hours on average. As it is, 2.0. "
        "From these runs we cannot tell the two apart."
    )


def test_fewer_people_are_said_to_be_fewer():
    answer = what_if(one_time([(k / 2, 20.0) for k in range(2 * 24 * 60)], days=60)).ask(arrivals=LESS)
    assert answer.compared().startswith(f"That is {-answer.difference[0]:.0f} people fewer than today. {SURE} ")


def test_the_difference_is_known_better_than_either_wait(home_first):
    """That is what the same people in both are for."""
    answer = home_first.ask(places=85)
    half = [(high - low) / 2 for _, low, high in (answer.now, answer.then, answer.difference)]
    assert half[2] < min(half[:2])


def test_a_queue_that_keeps_growing_is_said_to(desk):
    """The desk is 85% busy with three places; two are asked for more than they can do."""
    model, _ = desk
    assert model.a_day * model.stay_days / 2 > 1
    caution = " More comes than these places can do, so the wait keeps growing. It is the mean of {:.0f} days."
    assert model.ask(places=2).sentence().endswith(caution.format(model.days))
    assert "keeps growing" not in model.ask().sentence()


def test_where_people_are_turned_away_the_queue_does_not_grow(home_first):
    answer = home_first.ask(places=37)
    assert answer.then[0] > 2 * answer.now[0]
    assert "keeps growing" not in answer.sentence()


def test_more_and_more_runs_end_in_the_answer(desk, monkeypatch):
    """Oracle: the runs themselves, of which each estimate has the first ones, and the last has all."""
    model, _ = desk
    whole = runs_of(model.ask(places=4), THEN)
    assert model.light
    monkeypatch.setattr("flowlib.redesign.what_if.PIECE", 1)
    assert not model.light
    answers = list(model.answers(places=4))
    assert [len(runs_of(answer, THEN)) for answer in answers] == [2, 4, 6, 8, 10]
    assert [answer.share for answer in answers] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert all((runs_of(answer, THEN) == whole[: len(runs_of(answer, THEN))]).all() for answer in answers)
    assert {answer.now for answer in answers} == {model.ask().now}


def test_the_runs_are_those_of_an_experiment(desk):
    """Oracle: the same scenario run by `experiment.run`."""
    model, _ = desk
    how = {"days": model.days, "warm_up_days": model.warm_up_days, "runs": model.runs, "seed": model.seed}
    assert (run(model.pathway, [model.measure], **how).by_run.iloc[:, 0] == runs_of(model.ask(), NOW)).all()


def test_how_it_is_can_be_read_before_anything_is_changed(home_first):
    assert home_first.now_told() == f"As it is, people wait {home_first.ask().now[0]:.1f} days on average."


def test_a_model_that_is_off_says_what_it_gives_once(desk):
    """In the note, and as the answer has it: a log of the desk in which everybody waited twice as long."""
    _, log = desk
    frame = log.frame.assign(arrived=lambda rows: rows["arrived"] - (rows["started"] - rows["arrived"]))
    model = what_if(EventLog(frame, observed=log.observed, name=log.name), "desk", places=None)
    model_is = model.ask().now[0]
    assert (model.close, model.now_told()) == (False, "")
    assert f"It gives a mean wait of {model_is:.1f} {model.unit}, where " in model.note


# The whole journey, where no waits are recorded.


def test_people_on_the_way_are_people_a_day_times_days_each():
    """Little's law: 2 an hour for 30 hours each are 60 at once, within four standard errors of the model's runs."""
    rng = np.random.default_rng(3)
    came = np.sort(rng.uniform(0, 24 * 120, 2 * 24 * 120))
    model = what_if(one_time(list(zip(came, rng.exponential(30, len(came)), strict=True))))
    assert (model.waits, model.step, model.unit) == (False, "the whole journey", "people")
    there = runs_of(model.ask(), NOW)
    assert there.mean() == pytest.approx(model.a_day * model.stay_days, abs=4 * there.std(ddof=1) / math.sqrt(10))
    assert model.a_day * model.stay_days == pytest.approx(60, rel=4 / math.sqrt(len(came)) * math.sqrt(2))


def test_people_seen_once_are_on_the_way_for_no_time():
    """By head: every second journey takes 20 hours and the others none, so 2 an hour make 20 at once."""
    journeys = [(k / 2, 20.0 if k % 2 else None) for k in range(2 * 24 * 120)]
    model = what_if(one_time(journeys))
    assert model.a_day * model.stay_days == pytest.approx(20, rel=0.01)


def test_people_still_on_the_way_count():
    """Half stay 1 day and half 40; no beginning of care is on record. Many of the 40 days are not over yet."""
    rows = []
    for k in range(24 * 100):
        left = k + (24 if k % 2 else 960)
        rows.append((f"p{k}", k, left if left < 2400 else None))
    frame = pd.DataFrame(rows, columns=["who", "came", "gone"])
    for name in ("came", "gone"):
        frame[name] = (
            (pd.Timestamp("2025-01-06") + pd.to_timedelta(frame[name], unit="h"))
            .dt.strftime("%Y-%m-%d %H:%M")
            .fillna("")
        )
    log = EventLog.from_frame(
        frame.assign(step="care"), person="who", step="step", arrived="came", left="gone",
        observed=("2025-01-06", pd.Timestamp("2025-01-06") + pd.Timedelta(hours=2400)), blank_end="still_here",
    )  # fmt: skip
    assert what_if(log).stay_days == pytest.approx(20.5, rel=0.02)


def test_the_model_runs_until_long_journeys_are_there_too():
    """By head: 9 in 10 take a day and 1 in 10 takes 150, so after 147 days all but 2 in 100 of those there are."""
    model = what_if(one_time([(k, 24.0 if k % 10 else 3600.0) for k in range(24 * 400)], days=600))
    lengths = np.asarray([1.0] * 9 + [150.0])
    missing = np.maximum(lengths - (model.warm_up_days + 3.5), 0).mean() / lengths.mean()  # warm-up is in whole weeks
    assert missing <= 0.02
    assert model.warm_up_days < 150


def test_the_sepsis_log_is_asked_about_as_a_whole():
    """Little's law on the log itself: 1,050 people over its days, times their mean length; 2 in 100 may be missing."""
    if not SEPSIS.is_file():
        pytest.skip("the sepsis log is not on this computer")
    log = EventLog.read(SEPSIS, person="case_id", step="activity", finished="timestamp")
    model = what_if(log)
    there = runs_of(model.ask(), NOW)
    by_hand = log.journeys()["hours"].sum() / log.hours_observed
    assert there.mean() == pytest.approx(by_hand, abs=4 * there.std(ddof=1) / math.sqrt(10) + 0.02 * by_hand)
    assert model.note.startswith("No waits are recorded, so the model counts")


def test_a_whole_journey_answers_to_fewer_people_and_shorter_journeys():
    model = what_if(one_time([(k / 2, 20.0) for k in range(2 * 24 * 60)], days=60))
    half = model.ask(arrivals=LESS, places=3)
    assert half.then[0] == pytest.approx(half.now[0] / 2, rel=0.1)
    assert model.ask(stay=0.4).came_true == "Less than half as many"
    assert model.ask(arrivals=MORE).came_true == "More"
    assert half.sentence().startswith("With these changes there would be at once, on the whole journey, ")


# What is refused.


def test_what_cannot_be_asked_is_refused(desk):
    model, log = desk
    assert 'Did you mean "desk"?' in said(lambda: what_if(log, "deks"))
    assert "1 or more" in said(lambda: what_if(log, "desk", places=0))
    assert "1 or more" in said(lambda: model.ask(places=0))
    assert "above 0" in said(lambda: model.ask(arrivals=0))
    assert "above 0" in said(lambda: model.ask(stay=-1))


def test_too_few_journeys_make_no_model():
    assert "Fewer than 8 journeys" in said(lambda: what_if(one_time([(k, 5.0) for k in range(7)])))


def test_a_step_without_waits_on_record_is_refused_in_a_log_that_has_some():
    rows = [(f"p{k}", "A", k, k + 1, k + 2) for k in range(50)] + [
        (f"p{k}", "letter", None, None, k + 3) for k in range(50)
    ]
    frame = pd.DataFrame(rows, columns=["who", "where", "came", "began", "ended"])
    for name in ("came", "began", "ended"):
        frame[name] = (
            (pd.Timestamp("2025-01-06") + pd.to_timedelta(frame[name], unit="h"))
            .dt.strftime("%Y-%m-%d %H:%M")
            .fillna("")
        )
    log = EventLog.from_frame(frame, person="who", step="where", arrived="came", started="began", finished="ended")
    assert 'No waits are recorded at "letter"' in said(lambda: what_if(log, "letter"))


def test_an_answer_that_no_run_can_give_is_refused(home_first):
    """With 1 place for stays of 38 days, 12 people are before whoever joins: more than a year."""
    sentence = said(lambda: home_first.ask(places=1, stay=MORE))
    assert sentence == "In the 182 days simulated, nobody who came to Home First was seen. Choose more places."
