"""The other parts of the board session: one queue, the eight blocks, commitments, the clock and exercise 90.1."""

import datetime as dt
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import said

from flowlib.change.commitments import commitments
from flowlib.core import data
from flowlib.exercise import check, exercises, tries
from flowlib.show.blocks_panel import blocks_panel
from flowlib.show.busy_panel import busy_panel, busy_queue
from flowlib.show.clock import SessionClock
from flowlib.show.commitments import commitments_panel
from flowlib.show.plain_dots import plain_dots
from flowlib.stages import BLOCKS

TODAY = dt.date(2026, 11, 22)
WHAT, WHO, BY = "Chart the wait for home care", "Head of information", "31/03/2027"
LESSON = Path(__file__).parents[1] / "notebooks" / "90_board_session.ipynb"


def sent(sheet, value):
    """A value as a browser sends it."""
    sheet._handle_custom_msg({"kind": "value", "value": value, "by": "a view"}, [])


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


def ticked(*places):
    panel = blocks_panel()
    sent(panel.sheet, list(places))
    panel.show.click()
    return panel


def test_the_three_that_were_ticked_are_named():
    """Oracle: the list of blocks, counted by hand."""
    names = f"{BLOCKS[1].name}; {BLOCKS[3].name}; {BLOCKS[6].name}"
    assert ticked(1, 3, 6).said.text == f"{names}. Which one could you move by next year, and with whom?"


@pytest.mark.parametrize(("places", "came"), [((), "none is"), ((4,), "1 is"), ((4, 7), "2 are")])
def test_fewer_than_three_are_asked_for_and_nothing_shows(places, came):
    panel = ticked(*places)
    assert panel.show.problem == f"Tick three building blocks; {came} ticked so far."
    assert panel.said.text == ""


@pytest.mark.parametrize("came", [[0, 1, 2, 3], [1, 0], [0, 0], [8], [-1], [True], ["1"], "01", None])
def test_ticks_that_no_page_can_send_are_not_taken(came):
    panel = blocks_panel()
    sent(panel.sheet, [2, 5])
    sent(panel.sheet, came)
    assert panel.sheet.value == [2, 5]


def test_another_tick_takes_what_was_shown_away():
    panel = ticked(1, 3, 6)
    sent(panel.sheet, [1, 3])
    assert (panel.said.text, panel.shown) == ("", ())


def test_the_page_says_whose_words_the_blocks_have():
    assert blocks_panel().children[0].text == (
        "The report names 1, 2 and 3. The names of 4, 5, 6, 7 and 8 are our reading of its recommendations."
    )


# Commitments


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("", WHO, BY), "Commitment 2: “What we will do” is empty. Say it in words."),
        ((WHAT, " ", BY), "Commitment 2: “Who, by role” is empty. Say it in words."),
        (
            (WHAT, WHO, "next month"),
            """Commitment 2: “By when” must be a day such as 30/06/2027 or "30 June 2027"; 'next month' came.""",
        ),
        ((WHAT, WHO, " "), "Commitment 2: “By when” is empty. Give a day, such as 31/03/2027."),
        (
            (WHAT, WHO, "22/11/2026"),
            "Commitment 2: 22 November 2026 is not after today, 22 November 2026. Choose a day to come.",
        ),
        (
            (WHAT, "Jane Hill", BY),
            f'"Jane Hill" looks like a person. Give the role that owns the action "{WHAT}", such as ward manager.',
        ),
    ],
)
def test_a_commitment_that_is_not_whole_is_refused_by_the_words_on_screen(line, sentence):
    assert said(lambda: commitments([(WHAT, WHO, BY), line], today=TODAY)) == sentence


def test_refusals_name_the_boxes_as_the_screen_does():
    sheet = commitments_panel().sheet
    assert sheet.name == "Commitment"
    assert sheet.asks == ["What we will do", "Who, by role", "By when (31/03/2027)"]


def test_empty_lines_are_left_out_and_tomorrow_is_soon_enough():
    (one,) = commitments([("", "", ""), (f"  {WHAT} ", WHO, "23 November 2026"), ("", " ", "")], today=TODAY)
    assert one.sentence() == "Chart the wait for home care: Head of information, by 23 November 2026."


def test_no_line_at_all_is_refused():
    assert (
        said(lambda: commitments([("", "", "")] * 3, today=TODAY))
        == "No commitment is written yet. Fill in at least one: what, who and by when."
    )


def test_commitments_are_read_back_until_a_line_changes():
    panel = commitments_panel()
    sent(panel.sheet, [[WHAT, WHO, BY], [""] * 3, [""] * 3])
    panel.show.click()
    assert panel.said.text == "1 commitment. Read each one aloud. Does everybody agree?"
    assert WHAT in panel.out.children[0].still()
    sent(panel.sheet, [[WHAT, WHO, BY], ["Meet the council", "", ""], [""] * 3])
    assert (panel.said.text, panel.out.children) == ("", ())
    panel.show.click()
    assert panel.show.problem == "Commitment 2: “Who, by role” is empty. Say it in words."
    assert panel.out.children == ()


@pytest.mark.parametrize(
    "came", [[[WHAT, WHO, BY]], [[WHAT, WHO]] * 3, [[WHAT, WHO, 1]] * 3, [["x" * 301, "", ""]] * 3]
)
def test_lines_that_no_page_can_send_are_not_taken(came):
    panel = commitments_panel()
    sent(panel.sheet, came)
    assert panel.empty


# The dots without limits


def test_plain_dots_show_no_limit_and_no_verdict():
    """Oracle: the marks of the chart itself; a line through the points, and the points."""
    weeks = pd.date_range("2025-01-06", periods=4, freq="W-MON")
    made = plain_dots([80, 86, 71, 90], weeks, what="mean wait, hours", finding="Four weeks")
    layers = made.chart.to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["line", "point"]
    assert {layer["encoding"]["y"]["field"] for layer in layers} == {"y"}
    assert made.table.to_dict("records")[1] == {"from": "13 January 2025", "mean wait, hours": 86}


def test_dots_without_their_dates_are_refused():
    assert said(lambda: plain_dots([1, 2], [], what="wait", finding="Two")) == (
        "Each value needs its date; 2 values and 0 dates came."
    )


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


def test_clock_headings_and_the_page_to_lead_have_the_same_minutes():
    """Oracle: the three texts themselves; each part begins where the one before it ends."""
    cells = nbformat.read(LESSON, as_version=4).cells
    words = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    either = re.findall(r"^## (?:(\d+) to (\d+) minutes: (.+)|(.+): (\d+) to (\d+) minutes)$", words, re.MULTILINE)
    headings = [(int(a or d), int(b or e), (name or other).lower()) for a, b, name, other, d, e in either]
    [clock] = [cell.source for cell in cells if "session.begin(" in cell.source]
    ends = [(name, int(last)) for name, last in re.findall(r'"([^"]+)": (\d+)', clock)]
    begins = [0, *(last for _, last in ends)]
    assert headings == [(begin, last, name) for begin, (name, last) in zip(begins, ends, strict=False)]
    sheet = (LESSON.parent / "handouts" / "90_facilitator.md").read_text(encoding="utf-8")
    rows = [int(last) for last in re.findall(r"^\| \d+ to (\d+) \|", sheet, re.MULTILINE)]
    assert {last for _, last in ends} <= set(rows)
    assert rows[-1] == ends[-1][1]
    assert f"**It takes** {rows[-1]} minutes" in words


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
