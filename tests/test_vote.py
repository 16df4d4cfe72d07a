"""A vote and a poll on a shared screen: are the sums right, and does nothing show before it is closed?"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import said

from flowlib.change.votes import MOST_HANDS, Hands, agreed, agreed_then, moved, outcome
from flowlib.show.hands import HandBoxes, agreed_picture, hands_picture
from flowlib.show.part import Part
from flowlib.show.vote import AGAIN, FIRST, LiveVote, Poll

ASKED = "What would you fund?"
BEDS, PLACES, CARE = "20 beds", "8 places", "4 starts"
OPTIONS = (BEDS, PLACES, CARE)
STATEMENTS = ["It is news.", "Beds help most.", "We know the step."]


def hands(*counts, question=ASKED, options=OPTIONS):
    return Hands(question, options, counts)


def counted(boxes, *counts):
    """Counts as a browser sends them: one message for all that was pressed or typed."""
    boxes._handle_custom_msg({"kind": "value", "value": list(counts), "by": "a view"}, [])


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


def test_what_moved_most_between_two_polls_is_told_by_shares_and_so_is_who_came():
    """Oracle: shares worked out by hand; 6 of 12 and 5 of 10 are the same."""
    before = agreed(STATEMENTS, [6, 9, 3], 12)
    assert agreed_then(before, agreed(STATEMENTS, [5, 3, 1], 10)) == (
        "What moved most: “Beds help most.” 9 of 12 agreed before, and 3 of 10 agree now. "
        "12 people were in the room before, and 10 are now."
    )
    assert agreed_then(before, agreed(STATEMENTS, [6, 9, 1], 12)) == (
        "What moved most: “We know the step.” 3 of 12 agreed before, and 1 of 12 agrees now."
    )
    assert agreed_then(before, before) == "The room answers as it did before."


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
        (lambda: Poll([]), "A poll has 1 to 5 statements; 0 came."),
        (lambda: agreed(STATEMENTS, [1, 2, 3], None), "Say first how many people are in the room."),
        (lambda: agreed(STATEMENTS, [1, 2, 3], 501), "501 people are too many; this poll counts up to 500."),
        (
            lambda: agreed(STATEMENTS, [1, None, 3], 12),
            "There is no count yet for statement 2, “Beds help most.” Type 0 if nobody agrees.",
        ),
        (
            lambda: agreed(STATEMENTS, [1, 2, 13], 12),
            (
                "13 hands for statement 3, “We know the step.” are more than the 12 people in the room. "
                "Count one of them again."
            ),
        ),
        (
            lambda: agreed_then(agreed(STATEMENTS, [1, 2, 3], 12), agreed(["It is news."], [1], 12)),
            "Only answers to the same statements can be compared. Ask them again in the same words.",
        ),
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
    assert (vote.next.text, vote.said.text, vote.told.said.text) == (FIRST, "", "")
    assert vote.out.children == vote.told.under.children == ()
    assert "7" not in vote.still()
    assert "it was" not in vote.still()


def test_closing_shows_the_bars_and_nothing_of_what_came_true(vote):
    """The room runs its idea before it is told."""
    vote.ending.click()
    assert vote.said.text == "7 of 12 hands are for “20 beds”."
    (figure,) = vote.out.children
    assert figure.description == (
        "7 of 12 hands are for “20 beds”. 20 beds: 7 of 12; 8 places: 4 of 12; 4 starts: 1 of 12."
    )
    assert (vote.told.said.text, vote.told.under.children) == ("", ())
    assert vote.boxes.disabled
    assert vote.ending.disabled


def test_what_came_true_is_told_on_request_with_the_runs(vote):
    vote.ending.click()
    vote.told.button.click()
    assert vote.told.said.text == "We said “20 beds”; it was “8 places” or “4 starts”. 5 of 12 hands said so."
    assert [part.text for part in vote.told.under.children] == ["Runs of the place."]


def test_what_came_true_is_not_told_while_no_vote_is_closed(vote):
    vote.told.button.click()
    assert vote.told.button.problem == "Close the vote first. Then see what each one does."
    assert vote.told.under.children == ()


def test_a_second_vote_hides_the_first_until_it_is_closed_and_then_compares(vote):
    vote.ending.click()
    vote.told.button.click()
    vote.again.click()
    assert (vote.next.text, vote.said.text) == (AGAIN, "")
    assert vote.out.children == ()
    assert vote.boxes.value == [0, 0, 0]
    counted(vote.boxes, 2, 8, 1)
    vote.ending.click()
    assert (
        vote.said.text
        == "8 of 11 hands are for “8 places”. More of us say “8 places”: 4 of 12 hands before, 8 of 11 now."
    )
    assert "20 beds: 2 of 11, before 7 of 12" in vote.out.children[0].description
    assert vote.told.said.text == "We said “8 places”; it was “8 places” or “4 starts”. 9 of 11 hands said so."
    assert [one.counts for one in vote.votes] == [(7, 4, 1), (2, 8, 1)]


def test_an_empty_vote_stays_open_and_says_why():
    vote = LiveVote(ASKED, OPTIONS)
    vote.ending.click()
    assert vote.ending.problem == "No hand is counted yet. Count the hands for each answer, then close the vote."
    assert not vote.boxes.disabled
    assert vote.votes == []


@pytest.mark.parametrize(
    "came", [[1, 2], [1, 2, -1], [1, 2, 501], [1, 2, 1.5], [1, 2, None], [1, 2, True], "123", None]
)
def test_counts_that_no_room_can_have_are_not_taken(vote, came):
    boxes = vote.boxes
    boxes._handle_custom_msg({"kind": "value", "value": came, "by": "a view"}, [])
    assert boxes.value == [7, 4, 1]


def test_a_count_that_was_overtaken_on_its_way_is_left_aside(vote):
    for number, count in ((1, 5), (3, 9), (2, 7)):
        came = {"kind": "value", "value": [count, 0, 0], "by": "another view", "number": number}
        vote.boxes._handle_custom_msg(came, [])
    assert vote.boxes.value == [9, 0, 0]


def test_a_closed_vote_takes_no_hand_that_was_still_on_its_way(vote):
    vote.ending.click()
    counted(vote.boxes, 8, 4, 1)
    assert vote.boxes.value == [7, 4, 1]


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
    made = Poll(STATEMENTS)
    counted(made.before.boxes, 12, 8, 3, 1)
    return made


def test_a_poll_at_the_start_shows_no_result(poll):
    poll.before.ending.click()
    assert poll.before.out.children == ()
    assert poll.before.said.text == "The poll is closed. You see these counts again at the end."


def test_a_poll_at_the_end_stands_beside_the_start(poll):
    poll.before.ending.click()
    counted(poll.after.boxes, 12, 1, 3, 2)
    poll.after.ending.click()
    assert poll.after.said.text == (
        "What moved most: “It is news.” 8 of 12 agreed before, and 1 of 12 agrees now. What changed your mind?"
    )
    (figure,) = poll.after.out.children
    assert figure.description == (
        "How many of us agree, now and before. "
        "What moved most: “It is news.” 8 of 12 agreed before, and 1 of 12 agrees now. "
        "It is news. 1 of 12 now; Beds help most. 3 of 12 now; We know the step. 2 of 12 now; "
        "It is news. 8 of 12 before; Beds help most. 3 of 12 before; We know the step. 1 of 12 before."
    )


def test_the_people_in_the_room_are_counted_once(poll):
    poll.before.ending.click()
    assert poll.after.boxes.value == [12, None, None, None]
    counted(poll.after.boxes, 11, None, None, None)
    poll.before.again.click()
    poll.before.ending.click()
    assert poll.after.boxes.value == [11, None, None, None]


def test_both_polls_stand_in_the_table_of_the_picture():
    table = agreed_picture(agreed(STATEMENTS, [1, 3, 2], 11), agreed(STATEMENTS, [8, 3, 1], 12)).table
    assert table["agree"].tolist() == ["1 of 11", "3 of 11", "2 of 11"]
    assert table["before"].tolist() == ["8 of 12", "3 of 12", "1 of 12"]


def test_a_poll_at_the_end_alone_says_that_there_is_nothing_to_compare(poll):
    counted(poll.after.boxes, 6, 1, 2, 3)
    poll.after.ending.click()
    assert poll.after.said.text == "No poll was closed at the start, so there is nothing to compare with."
    assert poll.after.out.children[0].description.startswith("How many of us agree. It is news. 1 of 6 now;")


def test_a_slip_in_the_poll_can_be_put_right(poll):
    poll.before.ending.click()
    assert poll.before.boxes.disabled
    poll.before.again.click()
    assert not poll.before.boxes.disabled
    assert poll.before.boxes.value == [12, 8, 3, 1]
    assert poll.before.closed is None


def test_a_statement_that_nobody_counted_keeps_the_poll_open_and_is_named(poll):
    counted(poll.before.boxes, 12, 8, None, 1)
    poll.before.ending.click()
    assert poll.before.ending.problem == (
        "There is no count yet for statement 2, “Beds help most.” Type 0 if nobody agrees."
    )
    assert not poll.before.boxes.disabled
    assert poll.before.closed is None
