"""Do a team's notes on causes come back as they were written, and can they do no harm?"""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from refusals import said

from flowlib.mapping.causes import HEADS, Cause, Fishbone, FiveWhys
from flowlib.mapping.causes_text import causes_from_text, causes_to_text

# The same examples each time, however busy the computer.
steady = settings(deadline=None, derandomize=True, max_examples=60)

LATE = Fishbone(
    "Letters leave 9 days after clinic",
    {
        "task": ["Typed once a week", Cause("Signed twice", (Cause("An old rule"),), evidence="20 letters looked at")],
        "staff": ["One typist, part time"],
        "equipment": ["Two printers for four floors"],
        "patient": ["Some need large print"],
        "place": ["Signing is in another building"],
        "organisation": ["No target for letters"],
    },
)
SCAN = FiveWhys(
    "The scan was late",
    ("The porter came late", "He was not told", "The list is on paper", "No one has asked for a shared list"),
    action="A shared list on ward 4 for a week",
    evidence="12 of 15 late scans",
)
words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
causes = st.recursive(
    st.builds(Cause, words, evidence=st.one_of(st.just(""), words)),
    lambda deeper: st.builds(Cause, words, st.lists(deeper, max_size=2).map(tuple)),
    max_leaves=5,
)
bones = st.builds(Fishbone, words, st.dictionaries(st.sampled_from(list(HEADS)), st.lists(causes, max_size=3)))
whys = st.builds(FiveWhys, words, st.lists(words, min_size=1, max_size=8).map(tuple), words, words)


@steady
@given(st.one_of(bones, whys))
def test_notes_come_back_from_text_as_they_were(notes):
    assert causes_from_text(causes_to_text(notes)) == notes


@pytest.mark.parametrize("notes", [LATE, SCAN])
def test_the_examples_come_back_too(notes):
    assert causes_from_text(causes_to_text(notes)) == notes


def test_words_that_yaml_takes_for_something_else_stay_words():
    notes = FiveWhys("no", ("09:00", "2026-01-05", "~", "12"))
    assert causes_from_text(causes_to_text(notes)).answers == notes.answers


def test_headings_stand_in_one_order_however_they_were_given():
    assert list(LATE.causes) == list(HEADS)
    assert list(Fishbone("x", {"place": ["b"], "patient": ["a"], "staff": []}).causes) == ["patient", "place"]


def test_the_outline_shows_what_lies_behind_what():
    assert Fishbone("Late", {"task": LATE.under("task")}).outline().splitlines() == [
        "Problem: Late",
        "  Task",
        "    - Typed once a week",
        "    - Signed twice (how we know: 20 letters looked at)",
        "      - because: An old rule",
    ]
    assert SCAN.outline().splitlines()[-3:] == [
        "  Why 4? No one has asked for a shared list",
        "  How we know: 12 of 15 late scans",
        "  What we will try: A shared list on ward 4 for a week",
    ]


HOSTILE = '<script>alert(1)</script> & "x" \u202e'


def test_hostile_words_are_shown_as_words():
    """OWASP's escapes; the sign that turns writing round is shown by its number."""
    bone = Fishbone(HOSTILE, {"task": [Cause(HOSTILE, (Cause(HOSTILE),), evidence=HOSTILE)]})
    chain = FiveWhys(HOSTILE, (HOSTILE, HOSTILE), action=HOSTILE, evidence=HOSTILE)
    for notes, times in ((bone, 4), (chain, 5)):
        page = notes.to_html()
        assert "<script" not in page
        assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot; [U+202E]") == times
        assert "\u202e" not in notes.outline()


def test_lists_are_nested_as_the_causes_are():
    assert Fishbone("Late", {"task": [Cause("a", (Cause("b"),))]}).to_html() == (
        "<p><strong>Problem: Late</strong></p><ul><li><strong>Task</strong><ul><li>a"
        "<ul><li>because: b</li></ul></li></ul></li></ul>"
    )
    assert FiveWhys("Late", ("a", "b"), action="c").to_html() == (
        "<p><strong>Problem: Late</strong></p><ul><li>Why? a<ul><li>Why? b<ul><li>What we will try: c"
        "</li></ul></li></ul></li></ul>"
    )


def test_complete_notes_have_nothing_to_mend():
    assert LATE.check() == ()
    assert SCAN.check() == ()


ADVICE = [
    (
        Fishbone("Late", {"task": ["a", "b"], "staff": ["A"]}),
        (
            'Nothing stands under "patient", "equipment", "place", "organisation". Ask there too, or say that you did.',
            "No cause has evidence. Look or count before you act on one.",
            '"a" stands more than once. That may be a cause of much.',
        ),
    ),
    (
        FiveWhys("Late", ("human error",)),
        (
            "Why was asked once. Ask again, until you reach something you can change.",
            "No action is written down. Say what you will try.",
            "No evidence is written down. Say how you know.",
            "A note blames a person. Ask what made the slip easy to make.",
        ),
    ),
    (
        FiveWhys("Late", ("No bed", "Late", "No bed"), action="x", evidence="y"),
        ("The same answer came twice, so the whys go round in a circle. Take one step back.",),
    ),
    (
        FiveWhys("Late", ("rang 07700 900123", "b", "c"), action="x", evidence="y"),
        ("A note may show who a person is (telephone number). Write roles in its place.",),
    ),
]


@pytest.mark.parametrize(("notes", "advice"), ADVICE)
def test_what_is_thin_is_said_and_not_refused(notes, advice):
    """`staff: A` is the same cause as `task: a`, whatever its capitals."""
    assert tuple(one.replace('"A"', '"a"') for one in notes.check()) == advice


def deep(levels):
    cause = Cause("x")
    for _ in range(levels - 1):
        cause = Cause("x", (cause,))
    return cause


REFUSED = [
    (
        lambda: Fishbone("x", {"people": ["a"]}),
        (
            'No heading of a fishbone called "people"; there are "patient", "staff", "task", "equipment", "place", '
            '"organisation".'
        ),
    ),
    (lambda: Fishbone("x", {"task": "a"}), "Causes under \"task\" must be a list of words; 'a' came."),
    (lambda: Fishbone(" ", {}), "The problem needs words; none came."),
    (lambda: Cause("x" * 301), "A cause is longer than 300 signs. Say it in a sentence or two."),
    (lambda: deep(9), "Causes lie at most 8 deep. Make the deeper ones a list of their own."),
    (lambda: FiveWhys("x", ()), "Five whys need at least 1 answer; none came."),
    (lambda: FiveWhys("x", "because"), "Answers must be a list, one for each why."),
    (lambda: FiveWhys("x", ("a",) * 9), "Ask why at most 8 times; 9 answers came."),
    (lambda: FiveWhys("x", (3,)), "Answer 1 must be in words; 3 came."),
    (
        lambda: causes_from_text("problem: [a"),
        "The text is not YAML near line 1. Check indents, colons and quotes there, and that no name stands twice.",
    ),
    (
        lambda: causes_from_text("problem: a\nproblem: b"),
        "The text is not YAML near line 1. Check indents, colons and quotes there, and that no name stands twice.",
    ),
    (lambda: causes_from_text("- a"), "The text must begin with a problem, such as problem: Late letters."),
    (
        lambda: causes_from_text("causes: {}"),
        "The text has no problem. Begin it with one, such as problem: Late letters.",
    ),
    (
        lambda: causes_from_text("{problem: x, cause: {}}"),
        'No part of a fishbone called "cause"; there are "problem", "causes". Did you mean "causes"?',
    ),
    (
        lambda: causes_from_text("{problem: x, causes: {task: a}}"),
        "causes, task: this must be a list of causes; 'a' came.",
    ),
    (
        lambda: causes_from_text("{problem: x, causes: {task: [{why: b}]}}"),
        "causes, task, 1: this needs its words, as in cause: An old rule.",
    ),
    (
        lambda: causes_from_text("{problem: x, causes: {task: [{cause: b, becuse: [c]}]}}"),
        (
            'No word for causes, task, 1 called "becuse"; there are "cause", "because", "evidence". '
            'Did you mean "because"?'
        ),
    ),
    (
        lambda: causes_from_text("{problem: x, causes: {task: &a [b], staff: *a}}"),
        "The text points to another part of itself (*name). Write that part out.",
    ),
    (lambda: causes_from_text("{problem: x, answers: a}"), "answers must be a list; 'a' came."),
    (
        lambda: causes_from_text("!!python/object:os.system x: 1"),
        'No part of a fishbone called "x"; there are "problem", "causes".',
    ),
]


@pytest.mark.parametrize(("ask", "sentence"), REFUSED)
def test_what_is_no_note_is_refused_with_a_sentence(ask, sentence):
    assert said(ask) == sentence
