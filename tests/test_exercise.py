"""Are the answers right, do the hints fit the mistakes, and is what a person has done kept?"""

import importlib.util
import json
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platformdirs import user_data_path
from refusals import said
from scipy.stats import poisson

from flowlib import app, exercise
from flowlib.core import data
from flowlib.core.checks import Refusal
from flowlib.diagnose.constraint import constraint
from flowlib.exercise import TRIES, ask, check, exercises, meant, progress, tries, where_you_are
from flowlib.mapping.process_map import stay_lengths
from flowlib.measure.enough import enough_on_average
from flowlib.redesign.what_if import what_if
from flowlib.stages import ROUTES

ROOT = Path(__file__).parents[1]
NUMBERS = sorted(exercises())
MISTAKES = [(number, known) for number in NUMBERS for known in exercises()[number].mistakes]
CHANGE = pd.Timestamp("2025-05-05")
WRONG = 999  # nobody's usual mistake


KEEP = tries._saved


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Nobody has tried anything, and nothing is kept."""
    monkeypatch.setenv(tries.KEPT_IN, str(tmp_path / "progress.json"))
    monkeypatch.setattr(tries, "_saved", lambda: True)
    monkeypatch.setattr(tries, "_tries", {})
    monkeypatch.setattr(tries, "_said", [])


@pytest.fixture
def session(tmp_path, monkeypatch):
    """The file in which a person's progress is kept."""
    monkeypatch.setattr(tries, "_saved", KEEP)
    return tmp_path / "progress.json"


@pytest.fixture(scope="module")
def maureen():
    return pd.read_csv(ROOT / "data" / "maureen.csv").set_index("step")


@pytest.fixture(scope="module")
def home_first():
    """The visits to Home First as their file holds them, without flowlib's own reading."""
    rows = pd.read_csv(ROOT / "data" / "wexmoor_journey.csv")
    rows = rows[rows["step"] == "Home First"].copy()
    for time in ("arrived", "started", "left"):
        rows[time] = pd.to_datetime(rows[time], format="%d/%m/%Y %H:%M")
    return rows


@pytest.fixture(scope="module")
def before():
    return data.journey().until(str(CHANGE.date()))


@pytest.fixture(scope="module")
def ten_more(before):
    """The what-if of exercise 44.1."""
    return what_if(before).ask(places=85)


@pytest.fixture(scope="module")
def weekly(home_first):
    """The mean wait of those referred in each week, hours; week 1 is the first."""
    seen = home_first.dropna(subset=["started"])
    seen = seen[seen["outcome"] != "turned_away"]
    hours = (seen["started"] - seen["arrived"]).dt.total_seconds() / 3600
    week = (seen["arrived"] - pd.Timestamp("2025-01-06")).dt.days // 7 + 1
    return hours.groupby(week).mean()


def forget_the_notebook():
    """What another notebook of the same session knows at its start: nothing but the file."""
    tries._tries.clear()


def accepted(number, text):
    """The figures in *text* that would be taken as the answer of the exercise."""
    asked = exercises()[number]
    found = re.findall(r"\d+(?:\.\d+)?%?", text.replace(",", ""))
    found += re.findall(r"\b(?:half|third|quarter|fifth|tenth)s?\b", text)
    return [one for one in found if meant.same(one, asked.answer, asked.tolerance, asked.unit)]


def near(number, value):
    """Whether *value* lies within half the tolerance, so that a rounding more or less is still right."""
    asked = exercises()[number]
    return abs(value - asked.answer) <= asked.tolerance / 2


# The answers, worked out again from the tables


def test_a_quarter_of_maureens_hours_was_care(maureen):
    """Oracle: sums over her table."""
    care, waiting = maureen["process_hours"].sum(), maureen["wait_hours"].sum()
    assert near("00.1", care / (care + waiting))
    assert round(care + waiting) == 319


def test_maureens_longest_wait_after_the_wards_is_for_home_first(maureen):
    """Oracle: her table, sorted."""
    waits = maureen["wait_hours"].sort_values(ascending=False)
    assert list(waits.index[:2]) == ["Ward care", "Home First start"]
    assert near("11.1", waits.iloc[1])


def test_home_first_is_asked_for_by_more_people_than_it_starts(home_first):
    """Oracle: dates counted in the file, over the 17 weeks before the change."""
    referred = (home_first["arrived"] < CHANGE).sum() / 17
    started = (home_first["started"] < CHANGE).sum() / 17
    assert near("22.1", referred - started)
    assert check("22.1", round(referred) - round(started)).right
    assert all(check("22.1", value).right for value in (7, 9))


def test_eleven_places_are_the_fewest_that_keep_the_queue_below_four():
    """Oracle: Spitzer's identity for the mean queue each evening of a year, with none of flowlib's own sums."""

    def mean_queue(places):
        grown = 0.0
        evenings = []
        for day in range(1, 261):
            came = np.arange(places * day, 10 * day + 12 * int((10 * day) ** 0.5) + 40)
            grown += float(poisson.pmf(came, 10 * day) @ (came - places * day)) / day
            evenings.append(grown)
        return np.mean(evenings)

    fewest = next(places for places in range(9, 20) if mean_queue(places) < 4)
    assert near("23.1", fewest)
    assert round(mean_queue(10)) == 25
    assert 3 < mean_queue(11) < 4


def test_mistakes_with_places_and_the_average_are_named():
    """Oracle: the mean and the percentiles of a Poisson count, and what the queue would be, read wrongly on purpose."""
    for value, words in {
        10: "average of those who come",
        poisson.ppf(0.8, 10): "80th and the 85th percentile",
        poisson.ppf(0.85, 10): "80th and the 85th percentile",
        enough_on_average(11).mean_queue: "how many people wait",
        11 - 10: "how many more places",
        12: "a smaller number",
        9: "grows all year",
    }.items():
        forget_the_notebook()
        assert words in check("23.1", value).sentence


def test_home_first_would_fill_more_places_than_it_has(home_first, before):
    """Oracle: Little's law, with the rate counted in the file; the question's figures are those of the log, rounded."""
    a_day, stay = 3.9, 26
    assert f"{a_day} people" in exercises()["31.1"].question
    assert f"about {stay} days" in exercises()["31.1"].question
    assert round((home_first["arrived"] < CHANGE).sum() / 119, 1) == a_day
    exact = stay_lengths(before, "Home First").mean / 24
    assert round(exact) == stay
    assert near("31.1", a_day * stay)
    assert near("31.1", a_day * exact)


def test_ten_more_places_save_about_a_day(ten_more):
    """Oracle: the paired runs; every fall in their 95% interval is right, and so is one read off the rounded means."""
    row = ten_more.comparison.table.set_index("scenario").iloc[1]
    hours = {"days": 24, "hours": 1}[ten_more.unit]
    assert near("44.1", -row["difference"] * hours)
    for fall in (-row["difference_lower"], -row["difference_upper"]):
        assert check("44.1", fall * hours).right
    assert check("44.1", (round(ten_more.now[0], 1) - round(ten_more.then[0], 1)) * hours).right


def test_the_wait_first_leaves_its_limits_in_the_week_of_the_change(weekly):
    """Oracle: limits by hand from the 17 weeks before (mean less 2.66 mean moving ranges), and what was planted."""
    old = weekly.loc[:17]
    lower = old.mean() - 2.66 * old.diff().abs().mean()
    first = weekly.index[weekly < lower][0]
    assert first == json.loads((ROOT / "data" / "planted.json").read_text())["change_week"]
    assert first == exercises()["53.1"].answer
    assert weekly.index.max() == 30


def test_even_visits_bring_the_wait_down_to_34_minutes():
    """Oracle: arrivals times the mean square of a visit, over twice the spare share of time; by hand, in minutes."""
    mean, spread, a_minute = 6, 3, 9 / 60
    exact = a_minute * (mean**2 + spread**2) / (2 * (1 - a_minute * mean))
    assert near("61.1", exact)
    assert "varied as chance" in exercises()["61.1"].hints[0]
    assert "vary as chance has it" in check("61.1", 2 * exact / (1 + 0.5**2)).sentence
    forget_the_notebook()
    assert "wait and the visit together" in check("61.1", exact + mean).sentence


# Usual mistakes


def test_mistakes_with_maureens_table_are_named(maureen):
    """Oracle: her table, used wrongly on purpose."""
    care, waiting = maureen["process_hours"].sum(), maureen["wait_hours"].sum()
    assert "share that she spent waiting" in check("00.1", waiting / (care + waiting)).sentence
    assert "hours of care" in check("00.1", care).sentence
    forget_the_notebook()
    assert "hours of waiting" in check("00.1", waiting).sentence
    assert "divided care by waiting" in check("00.1", care / waiting).sentence
    start, ward = maureen.loc["Home First start"], maureen.loc["Ward care"]
    assert "wait on the ward" in check("11.1", ward["wait_hours"]).sentence
    assert "therapy plan" in check("11.1", maureen.loc["Therapy plan", "wait_hours"]).sentence
    forget_the_notebook()
    assert "wait and care together" in check("11.1", start["wait_hours"] + start["process_hours"]).sentence
    assert "care on the ward" in check("11.1", ward["process_hours"]).sentence
    assert "the right step" in check("11.1", start.name).sentence


def test_mistakes_with_the_weeks_of_home_first_are_named(home_first):
    """Oracle: dates counted in the file, used wrongly on purpose."""
    came, begun = home_first["arrived"], home_first["started"]
    gone = (home_first["outcome"] == "turned_away") & (came < CHANGE)
    referred, started = (came < CHANGE).sum(), (begun < CHANGE).sum()
    assert "everybody who was referred" in check("22.1", referred / 17).sentence
    assert "people who start" in check("22.1", started / 17).sentence
    forget_the_notebook()
    assert "all 17 weeks together" in check("22.1", referred - started).sentence
    assert "over all 30 weeks" in check("22.1", (len(came) - begun.notna().sum()) / 30).sentence
    forget_the_notebook()
    assert "queue on the last day" in check("22.1", referred - started - gone.sum()).sentence
    assert "the other way round" in check("22.1", (started - referred) / 17).sentence


def test_mistakes_with_littles_law_are_named():
    """Oracle: the question's two figures, put together wrongly on purpose; 75 places are planted."""
    a_day, stay = 3.9, 26
    for value, words in {
        stay / a_day: "divided the days by the people",
        a_day / stay: "divided the people by the days",
        a_day + stay: "added people and days",
        a_day * stay * 24: "the stay in hours",
        exercises()["31.1"].answer - 75: "how many more places",
        stay: "the days that each one stays",
        75: "the places there are now",
    }.items():
        forget_the_notebook()
        assert words in check("31.1", value).sentence


def test_mistakes_with_the_what_if_are_named(ten_more):
    """Oracle: the paired runs, read wrongly on purpose, in days as on the screen and in hours."""
    now, then = ten_more.now[0], ten_more.then[0]
    assert ten_more.unit == "days"
    for value, words in {
        24 * then: "wait with 85 places",
        24 * now: "what it is now",
        now - then: "fall in days",
        then: "wait in days, with 85 places",
        24 * (then - now): "other way round",
    }.items():
        forget_the_notebook()
        assert words in check("44.1", value).sentence


def test_mistakes_with_the_chart_are_named(weekly):
    """Oracle: the weeks counted from the wrong end; the low week before the change lies inside the limits."""
    after = weekly.loc[18:]
    for value, words in {
        weekly.index[-1]: "last week",
        len(after): "after the change",
        len(after) - 1: "after the change",
        1: "counted from the change",
        "5 May 2025": "the day or the month",
        "05/05/2025": "the day or the month",
        CHANGE: "That is a date",
        16: "before the change",
        21: "the weeks after the change",
        23: "the weeks after the change",
    }.items():
        forget_the_notebook()
        assert words in check("53.1", value).sentence
    old = weekly.loc[:17]
    assert old.mean() - 2.66 * old.diff().abs().mean() < weekly[16] < old.quantile(0.1)


@pytest.mark.parametrize(("number", "known"), MISTAKES, ids=[f"{n} {k.value}" for n, k in MISTAKES])
def test_each_mistake_gets_its_own_hint(number, known):
    """Oracle: the file; at the value and at both its edges, so no mistake hides another or is taken as right."""
    spread = (0,) if isinstance(known.value, str) else (-known.tolerance, 0, known.tolerance)
    for off in spread:
        forget_the_notebook()
        assert check(number, known.value + off if off else known.value).sentence == f"Not yet. {known.hint}"


@pytest.mark.parametrize("number", NUMBERS)
def test_each_exercise_names_at_least_two_mistakes_apart(number):
    hints = {known.hint for known in exercises()[number].mistakes}
    assert len(hints) >= 2
    assert len(hints | set(exercises()[number].hints)) == len(hints) + 2


# What counts as an answer


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        *[("00.1", one) for one in (0.25, "0.25", ".25", "25%", "25 %", "25 per cent", "25 percent", 25, "25", "0,25")],
        *[("00.1", one) for one in ("1/4", "1 / 4", "1 in 4", "one in four", "1 hour in every 4", "81 of the 319")],
        *[("00.1", one) for one in ("a quarter", "A Quarter", "about a quarter", "one quarter", Fraction(1, 4))],
        *[("00.1", one) for one in (np.float64(0.2543), np.float32(0.25), Decimal("0.25"), pd.Series([0.25]))],
        *[("00.1", one) for one in ("81.1 / 319", "25.4% of her hours", np.array([0.25]), np.array(0.25))],
        *[("11.1", one) for one in (74, 74.0, "74", " 74 hours ", "74 h", "74h", "about 74 hours", "74.0", "~74")],
        *[("11.1", one) for one in (np.int64(74), "3.08 days", "4,440 minutes", pd.Timedelta("74h"))],
        *[("22.1", one) for one in (8, "eight", "8 people", "about 8 a week", "8 people in a week", 7.76)],
        *[("23.1", one) for one in (11, "eleven", "11 places", "11 places a day", 11.0)],
        *[("31.1", one) for one in (100, "100 places", 101.4, "98", np.float64(100.9))],
        *[("44.1", one) for one in (21, 21.5, "about 21 hours", "0.9 days", pd.Timedelta(days=0.9))],
        *[("53.1", one) for one in (18, "week 18", "18th", "Week 18 of 30", "week-18", 17, 19)],
    ],
    ids=repr,
)
def test_right_answers_are_right_however_they_are_written(number, answer):
    reply = check(number, answer)
    assert reply.right
    assert str(reply) == repr(reply) == f"Right. {exercises()[number].because}"


def test_a_notebook_shows_a_reply_as_prose_and_never_as_markup():
    assert check("11.1", 74)._repr_html_() == f"<p>Right. {exercises()['11.1'].because}</p>"
    assert exercise.Reply(right=False, sentence="<b>1 < 2</b>")._repr_html_() == "<p>&lt;b&gt;1 &lt; 2&lt;/b&gt;</p>"


@pytest.mark.parametrize("answer", [24.9, 26.4, "0.25%", "25 hours", "25 people", 0.5, 2.5, "3/4", "three quarters", 1])
def test_a_bare_number_above_one_is_a_percentage_of_a_share_and_nothing_else_is(answer):
    """24.9 and 25 are meant as percentages; "25 hours" is not, and 0.25% is a hundredth of a quarter."""
    assert check("00.1", answer).right == (answer == 24.9)


def test_percentages_are_read_for_shares_only():
    """7,400 is not 74 hours, and 2,100 is not 21."""
    assert not check("11.1", 7400).right
    assert not check("44.1", "2,100").right


@pytest.mark.parametrize(
    ("written", "unit", "meant_as"),
    [
        *[(one, "minutes", 84) for one in ("1 hour 24 minutes", "1 hour and 24 minutes", "1 hr, 24 mins", "1h 24m")],
        *[(one, "minutes", 84) for one in ("1h24", "an hour and 24 minutes", "about an hour and 24 minutes", "84 min")],
        *[(one, "minutes", 90) for one in ("an hour and a half", "1 hour and a half", "one and a half hours", "1.5 h")],
        *[(one, "minutes", 33.75) for one in ("33 minutes 45 seconds", "33 min 45 sec", "33 and three quarters")],
        *[
            (one, "hours", 74)
            for one in ("3 days 2 hours", "3 days and 2 hours", "74 hours, 3 days", "74 hours a week")
        ],
        *[("three quarters of an hour", "minutes", 45), ("half a day", "hours", 12), ("3 days, 72 hours", "hours", 72)],
        *[("2 weeks 1 day", "days", 15), ("1 day 24 minutes", "minutes", 1464), ("1 hour, 5 people", "hours", 1)],
    ],
)
def test_a_time_may_be_written_in_several_units(written, unit, meant_as):
    """Oracle: sums in the head. What is no smaller part of the unit before it says the same again."""
    assert meant.readings(written, unit) == pytest.approx((meant_as,))


@pytest.mark.parametrize("blank", [..., None, "", "   ", "...", " ... ", "…"], ids=repr)
def test_dots_and_blanks_ask_for_an_answer_and_are_no_try(blank):
    reply = check("11.1", blank)
    assert not reply.right
    assert reply.sentence == f"Put your answer in place of the dots. {exercises()['11.1'].question}"
    assert progress()["tries"].sum() == 0


@pytest.mark.parametrize(
    "answer",
    [
        *("soon", "1/0", "week", float("nan"), float("inf"), 10**400, 1j),
        *(True, np.bool_(True), [74], {}, pd.DataFrame({"a": ["Home First"]}), pd.NaT),
    ],
    ids=lambda one: repr(one)[:30],
)
def test_an_answer_without_a_number_says_so_and_is_no_try(answer):
    reply = check("11.1", answer)
    assert not reply.right
    assert reply.sentence.startswith("Not yet. There is no number in that.")
    assert progress()["tries"].sum() == 0


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters() | st.sampled_from("0123456789./-,% inofhalf"), max_size=40))
def test_no_text_breaks_the_reading_of_an_answer(text):
    """Oracle: a number is found or not; nothing is raised, for units of time, shares and people alike."""
    for unit in ("share", "hours", "people a week"):
        assert all(np.isfinite(meant.readings(text, unit)))


# Hints


@pytest.mark.parametrize("number", NUMBERS)
def test_a_wrong_answer_gets_a_question_then_a_formula_and_only_then_the_answer(number):
    asked = exercises()[number]
    first, second, third, fourth = (check(number, WRONG).sentence for _ in range(4))
    assert first == f"Not yet. {asked.hints[0]}"
    assert second == f"Not yet. {asked.hints[1]}"
    assert third == fourth
    answer = asked.answer if isinstance(asked.answer, str) else f"{asked.answer:g} ({asked.unit})"
    assert f"The answer is {answer}." in third
    assert third.endswith(asked.because)
    assert check(number, asked.answer).right


@pytest.mark.parametrize("number", NUMBERS)
def test_the_same_mistake_made_three_times_is_told_the_answer_too(number):
    known = exercises()[number].mistakes[0]
    replies = [check(number, known.value).sentence for _ in range(TRIES)]
    assert replies[:2] == [f"Not yet. {known.hint}"] * 2
    assert replies[2].startswith(f"Not yet. {known.hint} The answer is ")


def test_only_wrong_tries_bring_the_answer_nearer():
    for _ in range(TRIES):
        assert check("11.1", 74).right
    assert check("11.1", WRONG).sentence == f"Not yet. {exercises()['11.1'].hints[0]}"


@pytest.mark.parametrize("number", NUMBERS)
def test_the_answer_stands_in_no_question_and_no_hint(number):
    """Oracle: every figure in the text, held to what `check` would take as right."""
    asked = exercises()[number]
    texts = [asked.question, *asked.hints, *(known.hint for known in asked.mistakes)]
    assert [accepted(number, text) for text in texts] == [[]] * len(texts)
    assert isinstance(asked.answer, str) or accepted(number, f"It is {asked.answer}.")


@pytest.mark.parametrize("number", NUMBERS)
def test_exercises_are_written_in_short_sentences(number):
    """At most 20 words, as the NHS service manual asks. The first hint asks, the second tells."""
    asked = exercises()[number]
    texts = [asked.question, asked.because, *asked.hints, *(known.hint for known in asked.mistakes)]
    sentences = [one for text in texts for one in re.split(r"(?<=[.?!])\s", text)]
    assert [one for one in sentences if len(one.split()) > 20] == []
    assert asked.hints[0].endswith("?")
    assert asked.hints[1].endswith(".")


def test_the_exercises_look_at_what_the_log_shows(before):
    """Exercises 31.1 and 44.1 are about the step that holds the flow back."""
    assert constraint(before).step == "Home First"


# Which exercise


def test_an_unknown_exercise_is_answered_with_the_nearest():
    known = ", ".join(f'"{number}"' for number in NUMBERS)
    assert said(lambda: check("11.2", 1)) == f'No exercise called "11.2"; there are {known}. Did you mean "11.1"?'
    assert 'Did you mean "44.1"?' in said(lambda: ask("4.1"))


def test_the_number_of_an_exercise_may_come_without_quotes():
    assert check(11.1, 74).right


def test_missing_exercises_are_a_plain_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(exercise, "SOURCE", tmp_path / "answers.yaml")
    exercises.cache_clear()
    try:
        assert said(exercises) == "The exercises are missing: exercises/solutions/answers.yaml is not there."
    finally:
        exercises.cache_clear()


# Progress


def seen(number):
    row = progress().set_index("exercise").loc[number]
    return int(row["tries"]), bool(row["right"])


def test_progress_counts_tries_and_what_is_right():
    assert list(progress()["exercise"]) == list(exercises())
    assert seen("11.1") == (0, False)
    check("11.1", 115)
    assert seen("11.1") == (1, False)
    check("11.1", 74)
    assert seen("11.1") == (2, True)
    assert seen("00.1") == (0, False)


def test_progress_of_a_session_is_known_to_its_other_notebooks(session):
    check("11.1", WRONG)
    check("11.1", WRONG)
    forget_the_notebook()
    assert seen("11.1") == (2, False)
    check("00.1", 0.25)
    forget_the_notebook()
    assert seen("11.1") == (2, False)
    assert seen("00.1") == (1, True)
    assert [file.name for file in session.parent.iterdir()] == [session.name]


@pytest.mark.usefixtures("session")
def test_wrong_tries_on_another_page_bring_the_answer_no_nearer():
    """Two wrong tries in the lesson, then the exercise: its first wrong answer gets the first hint."""
    hints = exercises()["43.1"].hints
    for _ in range(TRIES - 1):
        check("43.1", WRONG)
    forget_the_notebook()
    assert check("43.1", WRONG).sentence == f"Not yet. {hints[0]}"
    assert check("43.1", WRONG).sentence == f"Not yet. {hints[1]}"
    assert "The answer is beds" in check("43.1", WRONG).sentence
    assert seen("43.1") == (5, False)


def test_progress_is_kept_in_the_persons_own_data_folder(monkeypatch):
    monkeypatch.delenv(tries.KEPT_IN)
    assert tries.kept_in() == user_data_path("flowlib", appauthor=False) / "progress.json"


def test_where_progress_cannot_be_kept_it_is_said_once_and_known_meanwhile(tmp_path, monkeypatch):
    """A file stands in the place of the folder, as where nothing may be written."""
    monkeypatch.setattr(tries, "_saved", KEEP)
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv(tries.KEPT_IN, str(tmp_path / "taken" / "progress.json"))
    assert check("11.1", WRONG).sentence.endswith(tries.NOT_KEPT)
    assert tries.NOT_KEPT not in check("11.1", 74).sentence
    assert seen("11.1") == (2, True)


def test_progress_by_route_keeps_its_lessons_in_its_order():
    shown = progress("Foundation")
    assert list(shown["lesson"].drop_duplicates()) == [
        one for one in ROUTES["Foundation"] if one in set(progress()["lesson"])
    ]
    assert shown.set_index("exercise").loc["11.1", "stage"] == "1 Map"
    with pytest.raises(Refusal, match='No route called "Nurse"'):
        progress("Nurse")


def test_the_panel_of_progress_says_how_far_one_is_and_what_comes_next():
    of = len(exercises())
    said, _ = where_you_are().children
    assert said.text == f"0 of {of} exercises are right. The next one is 00.1, in lesson 00."
    check("00.1", 0.25)
    assert where_you_are().children[0].text.startswith(f"1 of {of} exercises are right. The next one is 11.1")


def test_a_table_with_one_number_is_an_answer_and_one_with_more_is_no_try():
    assert check("11.1", pd.DataFrame({"step": ["Home First"], "hours": [74]})).right
    assert check("11.1", pd.Series([74.0])).right
    many = check("00.1", pd.DataFrame({"hours": [81, 319]}))
    assert many.sentence.startswith("Not yet. That table holds 2 numbers; give the one that is asked for.")
    assert seen("00.1") == (0, False)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"\xff\xfe\x00", b"null", b"[1, 2]", b'"11.1"'),
        *(b'{"11.1": "yes"}', b'{"11.1": [1, 2]}', b'{"11.1": 3}'),
    ],
    ids=repr,
)
def test_a_broken_file_of_progress_does_not_break_checking_and_is_mended(session, content):
    session.write_bytes(content)
    assert check("11.1", 74).right
    assert json.loads(session.read_text()) == {"11.1": [True]}


def test_what_is_sound_in_a_broken_file_is_kept(session):
    session.write_text('{"11.1": "yes", "00.1": [false, true]}')
    assert seen("11.1") == (0, False)
    assert seen("00.1") == (2, True)


def test_a_folder_in_the_place_of_the_file_does_not_break_checking(session):
    session.mkdir()
    assert check("11.1", 74).right
    assert seen("11.1") == (1, True)
    assert [file.name for file in session.parent.iterdir()] == [session.name]


def test_a_full_disk_leaves_the_file_of_progress_whole(session, monkeypatch):
    """The file is put in place at once: a write that stops half way changes nothing, and leaves nothing behind."""
    check("11.1", 115)
    whole = session.read_bytes()

    def half(_, file):
        file.write('{"11.1": [fal')
        file.flush()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", half)
    assert check("11.1", 74).right
    assert seen("11.1") == (1, False)
    assert session.read_bytes() == whole
    assert [file.name for file in session.parent.iterdir()] == [session.name]


# On screen


def test_the_panel_answers_at_its_button():
    question, box, button, reply = ask("11.1").children
    assert question.text == exercises()["11.1"].question
    assert box.description == "Your answer (hours)"
    assert reply.text == ""
    box.value = "115"
    button.click()
    assert reply.text == f"Not yet. {exercises()['11.1'].mistakes[0].hint}"
    box.value = "74 hours"
    button.click()
    assert reply.text == f"Right. {exercises()['11.1'].because}"
    assert button.problem == ""
    assert seen("11.1") == (2, True)


def test_a_second_click_on_the_same_answer_is_no_second_try():
    _, box, button, reply = ask("11.1").children
    box.value = "999"
    for _ in range(TRIES):
        button.click()
    assert reply.text == f"Not yet. {exercises()['11.1'].hints[0]}"
    assert seen("11.1") == (1, False)
    box.value = "998"
    button.click()
    assert reply.text == f"Not yet. {exercises()['11.1'].hints[1]}"


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_box_asks_to_be_filled_and_is_no_try(blank):
    _, box, button, reply = ask("11.1").children
    box.value = blank
    button.click()
    assert reply.text == "Write your answer in the box first."
    assert button.problem == ""
    assert seen("11.1") == (0, False)


def test_the_panel_takes_any_text_without_an_exception():
    _, box, button, reply = ask("00.1").children
    for text in ("soon", "1/0", "<b>25</b>", "\N{SNOWMAN}", "9" * 5000, "9" * 5000 + " halves"):
        box.value = text
        button.click()
        assert button.problem == ""
        assert reply.text


def test_a_saved_page_shows_the_question_and_the_reply_of_the_panel():
    """Oracle: the still twin that IPython is given beside the live panel."""
    made = ask("11.1")
    _, box, button, _ = made.children
    box.value = "74"
    button.click()
    still = made._repr_mimebundle_()
    page = (still[0] if isinstance(still, tuple) else still)["text/html"]
    assert "longest wait before a step" in page
    assert "Right." in page


def test_loading_exercises_loads_no_controls():
    """Checking an answer in plain Python needs no widgets."""
    code = "import sys, flowlib.exercise as e; e.check('11.1', 74); print('ipywidgets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# The notebooks


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("exercises_build", ROOT / "exercises" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def folder(name, begin):
    """The notebooks of a folder by the name of their lesson, or of their part of it."""
    return {place.name.removeprefix(begin): place for place in sorted((ROOT / name).glob("*.ipynb"))}


SOLVED, UNSOLVED = folder("exercises/solutions", "solution_"), folder("exercises", "exercise_")


def cells(place, tag=None):
    found = [cell for cell in nbformat.read(place, as_version=4).cells if cell.cell_type == "code"]
    return [cell for cell in found if tag is None or tag in cell.metadata.get("tags", [])]


def asked_in(place):
    return [number for cell in cells(place) for number in re.findall(r'^check\("([\d.]+)"', cell.source, re.MULTILINE)]


def test_the_exercises_are_what_their_solutions_make(build):
    """Oracle: build.py itself; line ends are git's affair."""
    made = {name: content.decode() for name, content in build.exercises().items()}
    assert made == {place.name: place.read_text(encoding="utf-8") for place in UNSOLVED.values()}


def test_no_exercise_has_the_file_name_of_a_lesson_or_of_a_solution():
    """Three tabs of JupyterLab beside each other are told apart by their first letters."""
    lessons = {place.name for place in (ROOT / "notebooks").glob("*.ipynb")}
    assert {place.name[:9] for place in UNSOLVED.values()} == {"exercise_"}
    assert {place.name[:9] for place in SOLVED.values()} == {"solution_"}
    assert not lessons & {place.name for place in (*SOLVED.values(), *UNSOLVED.values())}


def test_building_twice_changes_nothing_and_clears_what_has_no_solution(build, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    (tmp_path / "99_gone.ipynb").write_text("{}")
    build.main()
    first = {place.name: place.read_bytes() for place in tmp_path.iterdir()}
    build.main()
    assert {place.name: place.read_bytes() for place in tmp_path.iterdir()} == first
    assert set(first) == {place.name for place in UNSOLVED.values()}


def test_building_takes_the_outputs_out(build, tmp_path):
    notebook = nbformat.read(SOLVED["00_start_here.ipynb"], as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="0.25")], 7
    nbformat.write(notebook, tmp_path / "shown.ipynb")
    assert build.unsolved(tmp_path / "shown.ipynb") == build.unsolved(SOLVED["00_start_here.ipynb"])


@pytest.mark.parametrize("name", SOLVED)
def test_an_exercise_holds_dots_in_place_of_its_solution(name):
    solved, unsolved = cells(SOLVED[name]), cells(UNSOLVED[name])
    (solution,) = cells(SOLVED[name], "solution")
    (claims,) = cells(SOLVED[name], "claims")
    kept = {cell.id: cell.source for cell in solved if cell.id not in {solution.id, claims.id}}
    *_, answer, checked = solution.source.splitlines()
    assert {cell.id: cell.source for cell in unsolved} == kept | {solution.id: f"answer = ...\n{checked}"}
    assert answer.startswith("answer = ")
    assert checked == f'check("{asked_in(SOLVED[name])[0]}", answer)'
    assert [cell.id for cell in unsolved if cell.metadata.get("tags", ["hide"]) != ["hide"]] == []


def test_each_exercise_has_one_notebook_numbered_like_it():
    numbers = [number for place in SOLVED.values() for number in asked_in(place)]
    assert sorted(numbers) == NUMBERS
    assert all(asked_in(place)[0].split(".")[0] == name[:2] for name, place in SOLVED.items())


@pytest.mark.parametrize("name", UNSOLVED)
def test_an_exercise_is_answered_in_a_box_and_its_only_code_in_sight_is_for_who_likes_code(name):
    """Nobody types Python: the box comes first, and one cell of code is open, under its own heading, at the end."""
    everything = nbformat.read(UNSOLVED[name], as_version=4).cells
    folded = {cell.id: cell.metadata.get("jupyter", {}).get("source_hidden") for cell in cells(UNSOLVED[name])}
    assert [one for one, hidden in folded.items() if not hidden] == ["answer"]
    assert next(cell for cell in everything if cell.id == "box").source.endswith(f'ask("{asked_in(SOLVED[name])[0]}")')
    order = [cell.id for cell in everything]
    assert order.index("box") < order.index("code") == order.index("answer") - 1 == len(order) - 3
    assert everything[order.index("code")].source.startswith("## If you like code\n")


@pytest.mark.parametrize("lesson", ["00_start_here.ipynb", "11_map_the_journey.ipynb"])
def test_a_lesson_leads_to_its_exercise_in_jupyterlab_and_not_in_the_app(lesson):
    """The app serves lessons only, each with the same box, so a link would lead nowhere there."""
    link = f"(../exercises/{UNSOLVED[lesson].name})"
    notebook = nbformat.read(ROOT / "notebooks" / lesson, as_version=4)
    assert [link in cell.source for cell in notebook.cells].count(True) == 1
    assert not any("exercises/" in cell.source for cell in app.prepare(None, notebook, "").cells)


@pytest.mark.parametrize("name", SOLVED)
def test_the_words_of_an_exercise_are_short_and_hold_no_answer(name):
    """Sentences of at most 20 words. "12" in "answer = 12" is an example, no answer to any."""
    (number,) = asked_in(SOLVED[name])
    words = [cell.source for cell in nbformat.read(UNSOLVED[name], as_version=4).cells if cell.cell_type == "markdown"]
    sentences = re.split(r"(?<=[.?!:])\s|\n", "\n".join(words))
    assert [one for one in sentences if len(one.split()) > 20] == []
    for heading in ("## Your turn", "## If you like code"):
        task = next(text for text in words if text.startswith(heading))
        assert accepted(number, task) == []


@pytest.mark.parametrize("name", UNSOLVED)
def test_an_unsolved_exercise_runs_and_asks_for_the_answer(name):
    """Its code cells, one after another; the checked solutions run with the notebooks."""
    space = {}
    for cell in cells(UNSOLVED[name]):
        exec(compile(cell.source, name, "exec"), space)  # noqa: S102 - the project's own notebook
    reply = eval(asked_last(UNSOLVED[name]), space)  # noqa: S307 - the same
    assert reply.sentence.startswith("Put your answer in place of the dots.")
    assert progress()["tries"].sum() == 0


def asked_last(place):
    """The check at the end of the cell for an answer."""
    return next(cell for cell in cells(place) if cell.id == "answer").source.splitlines()[-1]
