"""One board session: what is kept over a reload, what a new one leaves, and the page that it makes."""

import datetime as dt
import json

import pytest
from refusals import said

from flowlib.change import session_record
from flowlib.change.commitments import commitment
from flowlib.change.session_page import SessionPage, saved
from flowlib.change.session_record import SessionRecord
from flowlib.change.votes import Hands, agreed
from flowlib.show.part import Part
from flowlib.show.session_parts import SURE, BoardSession

NOW = dt.datetime(2026, 11, 22, 10)  # noqa: DTZ001 - wall-clock time, as kept.now gives
DAY = NOW.date()
STATEMENTS = ["It is news.", "Beds help most."]
ASKED, OPTIONS = "What would you fund?", ["20 beds", "8 places"]
LINE = ["Chart the wait for home care", "Head of information", "31/03/2027"]


class Page:
    """All parts of a session as a lesson shows them, made as when its page is loaded."""

    def __init__(self, folder):
        self.session = BoardSession("What our board said", folder=folder / "own", now=lambda: NOW)
        self.begin = self.session.begin({"one": 10, "two": 45})
        self.poll = self.session.poll(STATEMENTS)
        self.guess = self.session.predict("How many?", ["None", "One"], lambda: [Part("It was none.")], answer="None")
        self.vote = self.session.vote(ASKED, OPTIONS, came_true=["8 places"], look=lambda: [Part("Runs.")])
        self.blocks = self.session.blocks()
        self.promises = self.session.commitments()
        self.saving = self.session.save()

    def seen(self):
        """What stands on the page, as plain values."""
        clock = self.begin.clock
        return {
            "clock": (clock.gone, clock.since),
            "polls": [
                (one.boxes.value, one.boxes.disabled, one.said.text) for one in (self.poll.before, self.poll.after)
            ],
            "guess": (self.guess.panel.prediction.value, self.guess.panel.said.text),
            "vote": (self.vote.boxes.value, self.vote.boxes.disabled, self.vote.said.text, self.vote.told.said.text),
            "blocks": (self.blocks.sheet.value, self.blocks.said.text),
            "promises": self.promises.sheet.value,
        }


def sent(sheet, value):
    """A value as a browser sends it."""
    sheet._handle_custom_msg({"kind": "value", "value": value, "by": "a view"}, [])


def worked(page):
    """A session from its first minute to its last."""
    page.begin.clock.gone, page.begin.clock.since = 60_000.0, 1_790_000_000_000.0
    sent(page.poll.before.boxes, [12, 9, 10])
    page.poll.before.ending.click()
    page.guess.panel.prediction.value = "One"
    page.guess.panel.go.click()
    sent(page.vote.boxes, [7, 5])
    page.vote.ending.click()
    page.vote.told.button.click()
    sent(page.blocks.sheet, [0, 3, 6])
    page.blocks.show.click()
    sent(page.promises.sheet, [LINE, [""] * 3, [""] * 3])
    sent(page.poll.after.boxes, [12, 2, 4])
    page.poll.after.ending.click()
    return page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A private session folder, as `flowlib app` and `flowlib lab` make it."""
    private = tmp_path / "session"
    private.mkdir(mode=0o700)
    monkeypatch.setenv(session_record.FOLDER, str(private))
    return tmp_path


# What is kept


def test_a_page_that_is_loaded_again_is_as_it_was(folder):
    """Oracle: the page before; all its parts are made anew, as by another kernel."""
    before = worked(Page(folder))
    after = Page(folder)
    assert after.seen() == before.seen()
    assert before.seen()["vote"] == ([7, 5], True, "7 of 12 hands are for “20 beds”.",
                                     "We said “20 beds”; it was “8 places”. 5 of 12 hands said so.")  # fmt: skip
    assert after.begin.said.text.startswith("Here is the session as you left it. What you count")


def test_hands_that_are_up_are_kept_before_the_vote_is_closed(folder):
    sent(Page(folder).vote.boxes, [3, 0])
    after = Page(folder)
    assert after.vote.boxes.value == [3, 0]
    assert not after.vote.boxes.disabled
    assert after.vote.votes == []


def test_a_second_vote_that_is_open_is_still_beside_the_first(folder):
    before = worked(Page(folder))
    before.vote.again.click()
    sent(before.vote.boxes, [1, 0])
    after = Page(folder)
    assert after.vote.boxes.value == [1, 0]
    assert [one.counts for one in after.vote.votes] == [(7, 5)]
    sent(after.vote.boxes, [2, 10])
    after.vote.ending.click()
    assert "More of us say “8 places”: 5 of 12 hands before, 10 of 12 now." in after.vote.said.text


def test_a_page_that_asks_something_else_begins_afresh(folder):
    worked(Page(folder))
    session = BoardSession("Another", folder=folder / "own", now=lambda: NOW)
    assert session.poll(["Something else.", "Beds help most."]).before.boxes.value == [None, None, None]


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"vote": 3}', '{"vote": {"asked": null}}'])
def test_a_record_that_cannot_be_read_is_an_empty_one(folder, text):
    (folder / "session" / session_record.FILE).write_text(text, encoding="utf-8")
    assert Page(folder).vote.boxes.value == [0, 0]


@pytest.mark.parametrize("state", [{}, {"votes": [[1]], "open": False, "told": True}, {"votes": "no", "open": False}])
def test_a_state_that_does_not_fit_leaves_the_part_as_at_first(folder, state):
    parts = {"vote": {"asked": [ASKED, *OPTIONS], **state}}
    (folder / "session" / session_record.FILE).write_text(json.dumps(parts), encoding="utf-8")
    vote = Page(folder).vote
    assert (vote.votes, vote.boxes.disabled, vote.said.text) == ([], False, "")


def test_what_is_kept_can_be_read_by_its_owner_alone(folder):
    worked(Page(folder))
    assert (folder / "session" / session_record.FILE).stat().st_mode & 0o077 == 0


def test_the_page_says_where_it_is_kept_and_until_when(folder, monkeypatch):
    assert Page(folder).begin.said.text == (
        "What you count and write on this page is kept. "
        "It stays on this computer until you close flowlib, also if this page is loaded again."
    )
    monkeypatch.delenv(session_record.FOLDER)
    assert SessionRecord().where() == "It stays in this notebook only, until you close it."


def test_without_a_private_folder_a_session_is_kept_in_memory(folder, monkeypatch):
    monkeypatch.delenv(session_record.FOLDER)
    monkeypatch.setattr(session_record, "_memory", {})
    before = worked(Page(folder))
    assert Page(folder).seen() == before.seen()
    assert list((folder / "session").iterdir()) == []


# A new session


def test_a_new_session_asks_first_and_then_takes_everything_away(folder):
    fresh = Page(folder).seen()
    page = worked(Page(folder))
    page.begin.new.click()
    assert page.begin.said.text == SURE
    assert page.seen() != fresh
    page.begin.sure.click()
    assert page.seen() == fresh
    assert Page(folder).seen() == fresh
    assert page.begin.new.disabled


def test_a_new_session_that_was_not_meant_changes_nothing(folder):
    page = worked(Page(folder))
    before = page.seen()
    page.begin.new.click()
    page.begin.not_yet.click()
    assert page.seen() == before
    assert Page(folder).seen() == before


def test_there_is_nothing_to_start_anew_before_anything_is_done(folder):
    page = Page(folder)
    assert page.begin.new.disabled
    sent(page.vote.boxes, [1, 0])
    assert not page.begin.new.disabled


# The page to print


def test_polls_vote_blocks_and_commitments_are_on_the_page(folder):
    page = worked(Page(folder))
    assert not (folder / "own").exists()
    page.saving.button.click()
    assert page.saving.said.text == "The page is “board_session_2026-11-22.html”, in the folder “own” of flowlib."
    text = (folder / "own" / "board_session_2026-11-22.html").read_text(encoding="utf-8")
    for words in (
        "<h1>What our board said</h1>",
        '<p class="quiet">22 November 2026. Hands were counted, and no names.</p>',
        "<td>Head of information</td><td>31 March 2027</td>",
        "<li>A shared vision and trust between organisations</li>",
        '<tr><th scope="row">20 beds</th><td class="number">7</td></tr>',
        "We said “20 beds”; it was “8 places”. 5 of 12 hands said so.",
        '<th scope="row">It is news.</th><td class="number">9 of 12</td><td class="number">2 of 12</td>',
        "What moved most: “It is news.” 9 of 12 agreed before, and 2 of 12 agree now.",
        "default-src 'none'",
    ):
        assert words in text
    assert 'download="board_session_2026-11-22.html"' in page.saving.link.markup


def test_an_earlier_session_of_the_day_keeps_its_page(folder):
    first = worked(Page(folder))
    first.saving.button.click()
    first.begin.new.click()
    first.begin.sure.click()
    second = Page(folder)
    sent(second.vote.boxes, [1, 2])
    second.vote.ending.click()
    second.saving.button.click()
    assert second.saving.said.text == (
        "The page is “board_session_2026-11-22_2.html”, in the folder “own” of flowlib. "
        "Not on it: the poll at the start, the poll at the end, the three building blocks, commitments."
    )
    assert "<td>Head of information</td>" in (folder / "own" / "board_session_2026-11-22.html").read_text("utf-8")


def test_a_session_that_is_saved_twice_has_one_page_also_after_a_reload(folder):
    worked(Page(folder)).saving.button.click()
    again = Page(folder)
    sent(again.promises.sheet, [LINE, ["Meet the council", "Chair", "1/2/2027"], [""] * 3])
    again.saving.button.click()
    assert again.saving.said.text.endswith("It is this session's page, saved once more.")
    [made] = (folder / "own").iterdir()
    assert "<td>1 February 2027</td>" in made.read_text("utf-8")


def test_nothing_said_makes_no_page(folder):
    page = Page(folder)
    page.saving.button.click()
    assert page.saving.button.problem == (
        "There is nothing to save yet. Close a poll or a vote, or write a commitment."
    )
    assert not (folder / "own").exists()


def test_a_commitment_that_does_not_hold_is_mended_before_the_page_is_made(folder):
    page = worked(Page(folder))
    sent(page.promises.sheet, [["Meet the council", "", ""], [""] * 3, [""] * 3])
    page.saving.button.click()
    assert page.saving.button.problem == "Commitment 1: “Who, by role” is empty. Say it in words."
    assert not (folder / "own").exists()


def test_what_came_true_is_not_on_a_page_before_the_room_was_told():
    votes = (Hands(ASKED, tuple(OPTIONS), (7, 5)), Hands(ASKED, tuple(OPTIONS), (2, 10)))
    text = SessionPage("We", DAY, votes=votes).html()
    assert "it was" not in text
    assert "10 of 12 hands are for “8 places”." in text
    assert '<th scope="row">20 beds</th><td class="number">7</td><td class="number">2</td>' in text


def test_the_page_escapes_what_was_typed():
    made = commitment("<script>1 & 2</script>", "A <b> team", "31/3/2027", today=DAY)
    page = SessionPage("We & you", DAY, commitments=(made,), before=agreed(["<i>News</i>"], [1], 2))
    text = page.html()
    assert "<script>" not in text
    assert "<i>" not in text
    assert "&lt;script&gt;1 &amp; 2&lt;/script&gt;" in text
    assert "A &lt;b&gt; team" in text
    assert "<title>We &amp; you</title>" in text


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path):
    (tmp_path / "own").write_text("a file stands in the way", encoding="utf-8")
    assert said(lambda: saved("<p>", tmp_path / "own", day=DAY)) == (
        'Nothing can be written in the folder "own". Print this page from your browser.'
    )


def test_a_folder_that_is_full_of_a_day_is_refused(tmp_path):
    for _ in range(99):
        saved("<p>", tmp_path, day=DAY)
    assert said(lambda: saved("<p>", tmp_path, day=DAY)) == (
        f'The folder "{tmp_path.name}" has 99 pages of this day. Move some of them.'
    )


def test_a_page_that_was_taken_away_gets_its_name_again(tmp_path):
    name = saved("<p>one", tmp_path, day=DAY)
    (tmp_path / name).unlink()
    assert saved("<p>two", tmp_path, day=DAY, again=name) == name
