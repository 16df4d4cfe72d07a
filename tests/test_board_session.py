"""The other parts of the board session: one queue, the eight blocks, commitments, the clock and exercise 90.1."""

import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.change import kept
from flowlib.change.commitments import commitment, commitments, page
from flowlib.core import data
from flowlib.exercise import check, exercises, tries
from flowlib.show.blocks_panel import blocks_panel, blocks_picture
from flowlib.show.busy_panel import busy_panel, busy_queue
from flowlib.show.clock import SessionClock
from flowlib.show.commitments import FILE, commitments_panel
from flowlib.stages import BLOCKS

TODAY = dt.date(2026, 11, 22)
WHAT, WHO, BY = "Chart the wait for home care", "Head of information", "31/03/2027"


# One queue


@pytest.mark.parametrize("busy", [50, 80, 85, 90, 95, 98])
def test_one_person_who_is_busy_keeps_people_waiting_by_the_plain_formula(busy):
    """Oracle: ρ / (1 - ρ) visits, the mean wait of one server (Erlang)."""
    assert busy_queue(busy).wait == pytest.approx(busy / (100 - busy), rel=1e-12)


@given(st.integers(50, 97), st.integers(1, 4))
def test_busier_is_always_longer_and_more_staff_always_shorter(busy, staff):
    assert busy_queue(busy, staff=staff).wait < busy_queue(busy + 1, staff=staff).wait
    assert busy_queue(busy, staff=staff + 1).wait < busy_queue(busy, staff=staff).wait


def test_the_wait_of_five_who_share_agrees_with_a_walk_through_time():
    """Oracle: Kiefer and Wolfowitz's recursion, 400,000 people; 4 standard errors by batches of 10,000."""
    rng = np.random.default_rng(5)
    people, servers = 400_000, 5
    gaps, visits = rng.exponential(1 / (0.8 * servers), people), rng.exponential(1, people)
    free, now, waits = [0.0] * servers, 0.0, np.empty(people)
    for number, (gap, visit) in enumerate(zip(gaps.tolist(), visits.tolist(), strict=True)):
        now += gap
        first = min(free)
        start = max(now, first)
        free[free.index(first)] = start + visit
        waits[number] = start - now
    batches = waits.reshape(40, -1).mean(axis=1)
    assert busy_queue(80, staff=5).wait == pytest.approx(batches.mean(), abs=4 * batches.std(ddof=1) / 40**0.5)


def test_a_queue_that_is_never_free_is_refused():
    assert (
        said(lambda: busy_queue(100))
        == "Staff can be busy from 1 to 99 minutes of 100; 100 came. At 100 the queue grows for ever."
    )


def test_the_prediction_is_about_95_minutes_and_every_control_moves_the_answer():
    panel = busy_panel()
    panel.prediction.value = "About 5 visits"
    panel.go.click()
    assert panel.values() == {"busy": 95, "staff": 1}
    assert panel.predicted.text.startswith("You predicted “About 5 visits”. It was “About 19 visits”.")
    assert panel.said.text == "One person sees the queue, busy 95 minutes of 100: people wait 19 visits on average."
    panel.controls["staff"].value = 5
    assert panel.said.text == "5 people see the queue, busy 95 minutes of 100: people wait 3.5 visits on average."
    panel.controls["busy"].value = 50
    assert panel.said.text == busy_queue(50, staff=5).sentence()
    panel.comparing.click()
    assert panel.compared.text == busy_queue(50, staff=5).compared(busy_queue(80))


@pytest.mark.parametrize(
    ("busy", "came"), [(85, "About 5 visits"), (90, "About 8 visits"), (95, "About 19 visits"), (98, "About 50 visits")]
)
def test_each_answer_comes_true_somewhere(busy, came):
    assert busy_panel().question.came_true(busy_queue(busy)) == came


# The eight building blocks


def scored(values):
    panel = blocks_panel()
    panel.sheet.scores = list(values)
    panel.show.click()
    return panel


def test_the_three_lowest_blocks_are_shown():
    """Oracle: the scores, sorted by hand."""
    panel = scored((4, 1, 3, 2, 5, 4, 2, 5))
    names = "; ".join(BLOCKS[place].name for place in (1, 3, 6))
    assert panel.said.text == f"Your lowest 3: {names}. Which one could you move by next year, and with whom?"
    assert panel.out.children[0].description == f"Your lowest 3: {names}."


def test_blocks_that_tie_with_the_third_are_shown_too():
    assert scored((4, 1, 2, 2, 5, 4, 2, 5)).said.text.startswith("Your lowest 4: ")
    assert scored((3, 2, 3, 3, 2, 3, 3, 3)).said.text.startswith(f"Your lowest 2: {BLOCKS[1].name}; {BLOCKS[4].name}.")
    assert scored((3,) * 8).said.text.startswith("All eight blocks score the same.")


@settings(max_examples=20, deadline=None)  # a chart each
@given(st.lists(st.integers(1, 5), min_size=8, max_size=8))
def test_no_block_outside_the_lowest_scores_less_than_one_inside(values):
    picture = blocks_picture(dict(zip(range(1, 9), values, strict=True)))
    assert picture.table["score"].tolist() == sorted(values)
    named = [block.name in picture.description for block in BLOCKS]
    if len(set(values)) > 1:
        inside, outside = (list(itertools.compress(values, keep)) for keep in (named, [not one for one in named]))
        assert 0 < len(inside) < 8
        assert max(inside) < min(outside)


def test_a_block_without_a_score_is_asked_for_and_nothing_shows():
    panel = blocks_panel()
    panel.sheet.scores = [3, 3, 3, 3, 0, 3, 3, 0]
    panel.show.click()
    assert panel.show.problem == "There is no score yet for blocks 5, 8. Agree on one first."
    assert panel.out.children == ()
    panel.again.click()
    assert panel.sheet.scores == [0] * 8


def test_the_page_says_whose_words_the_blocks_have():
    assert blocks_panel().children[0].text.startswith("The report names blocks 1, 2 and 3.")


# Commitments


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("", WHO, BY), "Line 2: what you will do is empty. Say it in words."),
        ((WHAT, " ", BY), "Line 2: who does it is empty. Say it in words."),
        ((WHAT, WHO, "soon"), """Line 2: the day must be a day such as 30/06/2027 or "30 June 2027"; 'soon' came."""),
        ((WHAT, WHO, " "), "Line 2: the day is empty. Say by when, such as 31/03/2027."),
        (
            (WHAT, WHO, "22/11/2026"),
            "Line 2: 22 November 2026 is not after today, 22 November 2026. Choose a day to come.",
        ),
        (
            (WHAT, "Jane Hill", BY),
            f'"Jane Hill" looks like a person. Give the role that owns the action "{WHAT}", such as ward manager.',
        ),
    ],
)
def test_a_line_that_is_not_whole_is_refused_by_its_number(line, sentence):
    assert said(lambda: commitments([(WHAT, WHO, BY), line], today=TODAY)) == sentence


def test_empty_lines_are_left_out_and_tomorrow_is_soon_enough():
    (one,) = commitments([("", "", ""), (f"  {WHAT} ", WHO, "23 November 2026"), ("", " ", "")], today=TODAY)
    assert one.sentence() == "Chart the wait for home care: Head of information, by 23 November 2026."


def test_no_line_at_all_is_refused():
    assert (
        said(lambda: commitments([("", "", "")] * 3, today=TODAY))
        == "Nothing is written yet. Fill in at least one line: what, who and by when."
    )


def test_the_page_escapes_what_was_typed_and_fetches_nothing():
    made = page([commitment("<script>1 & 2</script>", "A <b> team", BY, today=TODAY)], title="We & you", today=TODAY)
    assert "<script>" not in made
    assert "&lt;script&gt;1 &amp; 2&lt;/script&gt;" in made
    assert "A &lt;b&gt; team" in made
    assert "<title>We &amp; you</title>" in made
    assert "default-src 'none'" in made


@pytest.fixture
def panel(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "now", lambda: dt.datetime(2026, 11, 22, 10))  # noqa: DTZ001 - wall-clock time, as kept.now gives
    made = commitments_panel("What our board will do", folder=tmp_path / "own")
    made.sheet.lines = [[WHAT, WHO, BY], [""] * 3, [""] * 3]
    return made


def test_nothing_is_saved_before_it_is_asked_for(panel, tmp_path):
    panel.show.click()
    assert panel.said.text == "1 commitment. Read each one aloud. Does everybody agree?"
    assert WHAT in panel.out.children[0].still()
    assert list(tmp_path.iterdir()) == []


def test_the_page_goes_into_the_folder_own(panel, tmp_path):
    panel.save.click()
    assert panel.said.text == f"The page is “{FILE}”, in the folder “own”. Open it, and print it."
    written = (tmp_path / "own" / FILE).read_text(encoding="utf-8")
    assert f"<td>{WHO}</td><td>31 March 2027</td>" in written
    assert "Agreed on 22 November 2026." in written


def test_a_line_that_does_not_hold_shows_why_and_writes_nothing(panel, tmp_path):
    panel.sheet.lines = [[WHAT, WHO, BY], ["Meet the council", "", ""], [""] * 3]
    panel.save.click()
    assert panel.save.problem == "Line 2: who does it is empty. Say it in words."
    assert list(tmp_path.iterdir()) == []
    assert panel.out.children == ()


def test_a_folder_that_cannot_be_written_is_told_in_words(panel, tmp_path):
    (tmp_path / "own").write_text("a file stands in the way", encoding="utf-8")
    panel.save.click()
    assert panel.save.problem == 'Nothing can be written in the folder "own". Copy the lines from the screen.'


# The clock


def test_a_clock_prints_its_parts_from_the_first_minute_on():
    still = SessionClock({"dots & months": 8, "one queue": 18}).still()
    assert "<li>0 to 8: dots &amp; months</li><li>8 to 18: one queue</li>" in still


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({}, "A clock needs at least one part, such as {'One queue': 10}."),
        (
            {"a": 8, "b": 8},
            "The parts of a clock must end one after another; give the minute at which each one ends.",
        ),
    ],
)
def test_a_clock_whose_parts_do_not_follow_each_other_is_refused(parts, sentence):
    assert said(lambda: SessionClock(parts)) == sentence


# Exercise 90.1


@pytest.fixture
def ready():
    """People ready to leave by beds, places, stay and starts: means of the kept runs, without flowlib's own reading."""
    rows = pd.read_csv(data.FOLDER / "wexmoor_grid.csv.gz")
    return rows.groupby(["beds", "places", "stay", "starts"])["people ready to leave hospital"].mean()


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Nobody has tried anything, and nothing is kept."""
    monkeypatch.setenv(tries.KEPT_IN, str(tmp_path / "progress.json"))
    monkeypatch.setattr(tries, "_saved", lambda: True)
    monkeypatch.setattr(tries, "_tries", {})


def test_eight_more_places_spare_about_eight_people_the_wait(ready):
    """Oracle: means of the file, exact and as they stand rounded on the screen."""
    now, then = ready[430, 170, 25.0, 36], ready[430, 178, 25.0, 36]
    assert check("90.1", now - then).right
    assert check("90.1", round(now) - round(then)).right
    assert round(now) - round(then) == exercises()["90.1"].answer


def test_mistakes_with_the_runs_are_named(ready):
    """Oracle: the file's means, put together wrongly on purpose."""
    now, then = ready[430, 170, 25.0, 36], ready[430, 178, 25.0, 36]
    for value, words in {
        then: "still ready to leave",
        now: "ready to leave today",
        ready[450, 170, 25.0, 36] - now: "what 20 more hospital beds do",
        then - now: "other way round",
        178: "how many Home First places",
        ready[430, 170, 25.0, 34] - now: "two fewer home-care starts",
    }.items():
        tries._tries.clear()
        assert words in check("90.1", value).sentence
