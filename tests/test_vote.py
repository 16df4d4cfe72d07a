"""A vote and a poll on a shared screen: are the sums right, and does nothing show before it is closed?"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import said

from flowlib.change.votes import MOST_HANDS, Hands, moved, outcome
from flowlib.show.hands import HandBoxes, hands_picture
from flowlib.show.part import Part
from flowlib.show.vote import AGAIN, AGREE, FIRST, LiveVote, Poll

ASKED = "What would you fund?"
BEDS, PLACES, CARE = "20 beds", "8 places", "4 starts"
OPTIONS = (BEDS, PLACES, CARE)
QUESTIONS = {"Is it news?": AGREE, "Do beds help?": AGREE, "Do we know the step?": AGREE}


def hands(*counts, question=ASKED, options=OPTIONS):
    return Hands(question, options, counts)


def counted(boxes, *counts):
    boxes.counts = list(counts)


@pytest.fixture
def vote():
    made = LiveVote(ASKED, OPTIONS, came_true=[PLACES, CARE], look=lambda: [Part("Runs of the place.")])
    counted(made.boxes, 7, 4, 1)
    return made


# The sums


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((7, 4, 1), "7 of 12 hands are for “20 beds”."),
        ((0, 1, 0), "1 of 1 hand is for “8 places”."),
        ((4, 4, 1), "“20 beds” and “8 places” share the lead, with 4 of 9 hands each."),
        ((2, 2, 2), "“20 beds”, “8 places” and “4 starts” share the lead, with 2 of 6 hands each."),
    ],
)
def test_a_vote_says_who_leads_or_who_shares_the_lead(counts, sentence):
    assert hands(*counts).sentence() == sentence


def test_what_we_said_stands_beside_what_it_was():
    """Oracle: hands for the right answers, added by hand."""
    assert outcome(hands(7, 4, 1), (PLACES, CARE)) == (
        "We said “20 beds”; it was “8 places” or “4 starts”. 5 of 12 hands said so."
    )
    assert outcome(hands(4, 4, 0), (CARE,)) == (
        "We said “20 beds” and “8 places”; it was “4 starts”. 0 of 8 hands said so."
    )


def test_a_change_is_told_by_shares_where_fewer_people_are_left():
    """Oracle: 4 of 12 is less than 4 of 6, though the hands are the same."""
    assert moved(hands(8, 4, 0), hands(2, 4, 0)) == "More of us say “8 places”: 4 of 12 hands before, 4 of 6 now."
    assert moved(hands(8, 4, 0), hands(4, 2, 0)) == "The room answers as it did before."


@given(*[st.lists(st.integers(0, 40), min_size=3, max_size=3).filter(any)] * 2)
def test_the_answer_that_is_told_grew_most(before, after):
    """Oracle: shares worked out here; they sum to 1, so an answer grew or nothing moved."""
    told = moved(hands(*before), hands(*after))
    grown = [Fraction(b, sum(after)) - Fraction(a, sum(before)) for a, b in zip(before, after, strict=True)]
    if max(grown) == 0:
        assert told == "The room answers as it did before."
    else:
        assert any(f"“{o}”" in told for o, by in zip(OPTIONS, grown, strict=True) if by == max(grown))
        assert sum(f"“{o}”" in told for o in OPTIONS) == 1


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: hands(0, 0, 0), "No hand is counted yet. Count the hands for each answer, then close the vote."),
        (lambda: hands(1, 2), "There are 3 answers and 2 counts of hands. Give each answer a count."),
        (
            lambda: hands(1, 2, options=("Yes", "Yes")),
            "A vote needs at least two answers, all different and none empty.",
        ),
        (
            lambda: hands(1, 2, options=("Yes", " ")),
            "A vote needs at least two answers, all different and none empty.",
        ),
        (lambda: hands(1, 2, 3, question=" "), "A vote needs a question."),
        (
            lambda: hands(MOST_HANDS + 1, 0, 0),
            '501 hands for "20 beds" are too many; this vote counts up to 500.',
        ),
        (
            lambda: moved(hands(1, 2, 3), hands(1, 2, 3, question="And now?")),
            "Only answers to the same question can be compared. Ask it again in the same words.",
        ),
        (lambda: outcome(hands(1, 2, 3), ()), "Say which answer came true."),
        (lambda: HandBoxes(ASKED, ["Yes"]), "A vote needs at least two answers, all different and none empty."),
        (lambda: HandBoxes("", OPTIONS), "A vote needs a question."),
        (lambda: Poll({}), "A poll has 1 to 5 questions; 0 came."),
        (
            lambda: LiveVote(ASKED, OPTIONS, came_true=["8 place"]),
            'No answer called "8 place"; there are "20 beds", "8 places", "4 starts". Did you mean "8 places"?',
        ),
    ],
)
def test_what_cannot_be_voted_on_is_refused_in_words(ask, sentence):
    assert said(ask) == sentence


# The vote on screen


def test_nothing_of_the_result_shows_before_the_vote_is_closed(vote):
    assert (vote.next.text, vote.said.text, vote.told.text) == (FIRST, "", "")
    assert vote.out.children == vote.under.children == ()
    assert "7" not in vote.still()
    assert "it was" not in vote.still()


def test_closing_shows_the_bars_then_what_came_true_then_the_runs(vote):
    vote.ending.click()
    assert vote.said.text == "7 of 12 hands are for “20 beds”."
    assert vote.told.text == "We said “20 beds”; it was “8 places” or “4 starts”. 5 of 12 hands said so."
    (figure,) = vote.out.children
    assert figure.description == (
        "7 of 12 hands are for “20 beds”. 20 beds: 7 of 12; 8 places: 4 of 12; 4 starts: 1 of 12."
    )
    assert [part.text for part in vote.under.children] == ["Runs of the place."]
    assert vote.boxes.disabled
    assert vote.ending.disabled


def test_a_second_vote_hides_the_first_until_it_is_closed_and_then_compares(vote):
    vote.ending.click()
    vote.again.click()
    assert (vote.next.text, vote.said.text, vote.told.text) == (AGAIN, "", "")
    assert vote.out.children == vote.under.children == ()
    assert vote.boxes.counts == [0, 0, 0]
    counted(vote.boxes, 2, 8, 1)
    vote.ending.click()
    assert (
        vote.said.text
        == "8 of 11 hands are for “8 places”. More of us say “8 places”: 4 of 12 hands before, 8 of 11 now."
    )
    assert "20 beds: 2 of 11, before 7 of 12" in vote.out.children[0].description
    assert [one.counts for one in vote.votes] == [(7, 4, 1), (2, 8, 1)]


def test_an_empty_vote_stays_open_and_says_why():
    vote = LiveVote(ASKED, OPTIONS)
    vote.ending.click()
    assert vote.ending.problem == "No hand is counted yet. Count the hands for each answer, then close the vote."
    assert not vote.boxes.disabled
    assert vote.votes == []


def test_a_picture_holds_the_hands_of_both_votes():
    table = hands_picture(hands(2, 8, 1), hands(7, 4, 1)).table
    assert table.to_dict("list") == {"answer": list(OPTIONS), "hands": [2, 8, 1], "before": [7, 4, 1]}


def test_answers_with_signs_of_markup_stay_words():
    boxes = HandBoxes("<b>Which?</b>", ["<i>A</i>", "B"])
    assert "<b>" not in boxes.still()
    assert "&lt;i&gt;A&lt;/i&gt;" in boxes.still()


# The poll on screen


@pytest.fixture
def poll():
    made = Poll(QUESTIONS)
    for box in made.before.boxes:
        counted(box, 8, 3, 1)
    return made


def test_a_poll_at_the_start_shows_no_result(poll):
    poll.before.ending.click()
    assert poll.before.out.children == ()
    assert poll.before.said.text == "These answers are kept until this page is closed. You see them at the end."


def test_a_poll_at_the_end_stands_beside_the_start_question_by_question(poll):
    poll.before.ending.click()
    for box, counts in zip(poll.after.boxes, [(1, 2, 9), (8, 3, 1), (9, 0, 3)], strict=True):
        counted(box, *counts)
    poll.after.ending.click()
    assert poll.after.said.text == "Here is each question, before and now. What changed your mind?"
    assert [shown.text for shown in poll.after.out.children[1::2]] == [
        "More of us say “Disagree”: 1 of 12 hands before, 9 of 12 now.",
        "The room answers as it did before.",
        "More of us say “Disagree”: 1 of 12 hands before, 3 of 12 now.",
    ]
    assert poll.after.out.children[0].description == (
        "9 of 12 hands are for “Disagree”. "
        "Agree: 1 of 12, before 8 of 12; Not sure: 2 of 12, before 3 of 12; Disagree: 9 of 12, before 1 of 12."
    )


def test_a_poll_at_the_end_alone_says_that_there_is_nothing_to_compare(poll):
    for box in poll.after.boxes:
        counted(box, 1, 2, 3)
    poll.after.ending.click()
    assert poll.after.said.text == "There was no poll at the start, so there is nothing to compare with."
    assert poll.after.out.children[1].text == "3 of 6 hands are for “Disagree”."


def test_a_slip_in_the_poll_can_be_put_right(poll):
    poll.before.ending.click()
    assert poll.before.boxes[0].disabled
    poll.before.again.click()
    assert not poll.before.boxes[0].disabled
    assert poll.before.boxes[0].counts == [8, 3, 1]
    assert poll.before.closed == ()


def test_a_question_without_a_hand_keeps_the_poll_open(poll):
    counted(poll.before.boxes[1], 0, 0, 0)
    poll.before.ending.click()
    assert poll.before.ending.problem.startswith("No hand is counted yet.")
    assert not poll.before.boxes[0].disabled
    assert poll.before.closed == ()
