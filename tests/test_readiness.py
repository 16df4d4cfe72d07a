"""Does `flowlib.change.readiness` keep each partner's scores, bring them together, and lose nothing on disk?"""

import datetime as dt
import itertools
import os
import re
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.change import readiness
from flowlib.change.readiness import WORDING, Action, Readiness, merge, score
from flowlib.core.checks import Refusal
from flowlib.show.page import find_chromium, to_pdf
from flowlib.stages import BLOCKS

TODAY = dt.date(2026, 11, 22)
NUMBERS = range(1, 9)


def scores(*eight):
    return dict(zip(NUMBERS, eight, strict=True))


COUNCIL = score("Wexmoor Council", scores(2, 3, 3, 1, 2, 4, 3, 5))
HOSPITAL = score("Wexmoor General", scores(2, 5, 3, 2, 3, 1, 3, 4))
NURSING = score("Wexmoor Community Nursing", scores(3, 4, 3, 2, 1, 2, 3, 5))
SHARE_LIST = Action(1, "Share one list", "Head of information", dt.date(2027, 3, 31))
MEET = Action(4, "Meet each month", "Chief officers", dt.date(2026, 11, 1))
ALL_ONE = "{1: 1,2: 1,3: 1,4: 1,5: 1,6: 1,7: 1,8: 1}"
PLACE = Readiness("Wexmoor", (COUNCIL, HOSPITAL, NURSING), (SHARE_LIST, MEET))


# Each partner apart.


def test_scores_go_by_number_or_by_name():
    """The names of `flowlib.stages`, whatever their capitals."""
    by_name = {block.name.upper(): got for block, got in zip(BLOCKS, COUNCIL.scores, strict=True)}
    assert score("Wexmoor  Council", by_name) == COUNCIL


@pytest.mark.parametrize(
    ("partner", "given", "told"),
    [
        ("Council", {1: 3}, "Council has no score for blocks 2, 3, 4, 5, 6, 7 and 8. Score each block from 1 to 5."),
        (
            "Council",
            dict.fromkeys(range(1, 8), 3),
            "Council has no score for block 8. Score each block from 1 to 5.",
        ),
        (
            "Council",
            scores(6, 3, 3, 3, 3, 3, 3, 3),
            "Council scored block 1, Good information and IT, 6. Give a whole number from 1 to 5.",
        ),
        (
            "Council",
            scores(3, 3.5, 3, 3, 3, 3, 3, 3),
            (
                "Council scored block 2, Leadership at every level, in every partner, 3.5. "
                "Give a whole number from 1 to 5."
            ),
        ),
        (
            "Council",
            scores(None, 3, 3, 3, 3, 3, 3, 3),
            "Council scored block 1, Good information and IT, None. Give a whole number from 1 to 5.",
        ),
        (
            "Council",
            scores(True, 3, 3, 3, 3, 3, 3, 3),
            "Council scored block 1, Good information and IT, True. Give a whole number from 1 to 5.",
        ),
        (
            "Council",
            {9: 3},
            "There is no building block 9; they go from 1 to 8. Use the number, or the name as it is written there.",
        ),
        (
            "Council",
            {"Money": 3},
            (
                "There is no building block 'Money'; they go from 1 to 8. "
                "Use the number, or the name as it is written there."
            ),
        ),
        (
            "Council",
            {1: 3, "Good information and IT": 3},
            "Council scored block 1, Good information and IT, twice. Keep one of the scores.",
        ),
        ("Council", [3] * 8, "The scores of Council must go by block, such as {1: 3}; [3, 3, 3, 3, 3, 3, ...] came."),
        (" ", {}, "The partner's name is empty. Say it in words."),
        (
            "Margaret Hill",
            {},
            '"Margaret Hill" looks like a person. Name the organisation or team that scored, such as Wexmoor Council.',
        ),
        (
            "07700 900123",
            {},
            '"07700 900123" looks like a person. Name the organisation or team that scored, such as Wexmoor Council.',
        ),
    ],
)
def test_scores_that_cannot_be_are_refused_in_one_sentence(partner, given, told):
    assert said(lambda: score(partner, given)) == told


@pytest.mark.parametrize(
    "name",
    ["Victoria Ward", "Grace Hospital Trust", "Margaret House", "Charlotte Street Surgery", "Dr Patel Practice",
     "James Paget Hospitals", "Elizabeth Home Care"],
)  # fmt: skip
def test_an_organisation_that_bears_a_persons_name_may_score_and_act(name):
    assert score(name, scores(3, 3, 3, 3, 3, 3, 3, 3)).partner == name
    assert Action(1, "Share one list", name, "31/03/2027").who == name


@pytest.mark.parametrize("name", ["Margaret Hill", "Dr Patel", "Grace Anne Hopkins", "team@example.org"])
def test_a_person_may_not(name):
    assert "looks like a person" in said(lambda: score(name, scores(3, 3, 3, 3, 3, 3, 3, 3)))


# Together.


def test_the_middle_and_the_spread_of_each_block_are_those_worked_by_hand():
    """Three partners: the median is the middle one of three scores."""
    table = PLACE.table()
    assert table["median"].tolist() == [2, 4, 3, 2, 2, 2, 3, 5]
    assert table["spread"].tolist() == [1, 2, 0, 1, 2, 3, 0, 1]
    assert table["name"].tolist() == [block.name for block in BLOCKS]


def test_two_partners_have_the_middle_half_way():
    assert Readiness("Wexmoor", (COUNCIL, HOSPITAL)).blocks()[5].median == 2.5


def test_the_conversation_begins_where_partners_differ_most():
    """By hand: block 6 is 3 apart, blocks 2 and 5 are 2 apart."""
    assert PLACE.conversation() == (
        (
            "Money and performance rules that reward flow: Wexmoor Council scored 4, Wexmoor General scored 1. "
            "What does each of you see?"
        ),
        (
            "Leadership at every level, in every partner: Wexmoor General scored 5, Wexmoor Council scored 3. "
            "What does each of you see?"
        ),
        (
            "Improvement skills, and the time to use them: "
            "Wexmoor General scored 3, Wexmoor Community Nursing scored 1. "
            "What does each of you see?"
        ),
    )


def test_one_partner_alone_has_nobody_to_differ_from():
    assert Readiness("Wexmoor", (COUNCIL,)).conversation() == (
        "Only Wexmoor Council has scored. Ask the other partners before you compare.",
    )


def test_partners_who_agree_are_asked_whether_all_were_heard():
    place = Readiness("Wexmoor", (COUNCIL, replace(COUNCIL, partner="Lark House")))
    assert place.conversation() == ("No block is 2 points or more apart. Ask whether all voices were heard.",)


def test_blocks_that_tie_with_the_lowest_are_all_named():
    """By hand: blocks 1, 4, 5 and 6 have a median of 2."""
    assert [one.number for one in PLACE.lowest(1)] == [1, 4, 5, 6]
    assert [one.number for one in PLACE.lowest(5)] == [1, 4, 5, 6, 3, 7]


def test_a_low_block_without_an_open_action_is_named():
    owned = [block.name for block in BLOCKS if block.number in {5, 6}]
    assert PLACE.needs_action() == tuple(
        f"{name} has no open action. Agree what, which role and which day." for name in owned
    )
    assert len(PLACE.act(SHARE_LIST.changed(state="done")).needs_action()) == 3


def test_what_is_overdue_is_open_and_past_its_day():
    assert PLACE.overdue(TODAY) == (MEET,)
    assert PLACE.overdue(MEET.by) == ()
    assert PLACE.overdue(dt.date(2027, 4, 1)) == (MEET, SHARE_LIST)
    assert PLACE.act(MEET.changed(state="done")).overdue(TODAY) == ()


def test_nobody_to_compare_is_refused():
    assert said(Readiness("Wexmoor").blocks) == "No partner has scored yet. Begin with one partner's scores."


def test_a_partner_twice_is_refused_and_scoring_again_is_not():
    assert said(lambda: Readiness("Wexmoor", (COUNCIL, COUNCIL))) == (
        '"Wexmoor Council" stands twice. Keep one set of scores for each partner.'
    )
    assert said(lambda: PLACE.add(COUNCIL)) == (
        '"Wexmoor Council" has scored already. To score again, begin from those scores with again(...).'
    )
    new = COUNCIL.again(scores(3, 3, 3, 3, 3, 3, 3, 3))
    assert PLACE.add(new).partners == (NURSING, new, HOSPITAL)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"who": "Margaret Hill"},
            (
                '"Margaret Hill" looks like a person. Give the role that owns the action "Share one list", '
                "such as ward manager."
            ),
        ),
        (
            {"who": "Dr Patel"},
            (
                '"Dr Patel" looks like a person. Give the role that owns the action "Share one list", '
                "such as ward manager."
            ),
        ),
        ({"who": ""}, 'The action "Share one list": who is empty. Say it in words.'),
        ({"what": " "}, "The action is empty. Say it in words."),
        (
            {"by": "soon"},
            'The day of the action "Share one list" must be a day such as 30/06/2027 or "30 June 2027"; \'soon\' came.',
        ),
        (
            {"state": "finished"},
            'No state for "Share one list" called "finished"; there are "open", "done", "dropped".',
        ),
        (
            {"block": 0},
            "There is no building block 0; they go from 1 to 8. Use the number, or the name as it is written there.",
        ),
    ],
)
def test_an_action_without_owner_or_day_is_refused(changes, told):
    assert said(lambda: replace(SHARE_LIST, **changes)) == told


def test_an_action_can_change_its_day_owner_or_state_and_nothing_else():
    assert SHARE_LIST.changed(by="30/04/2027").by == dt.date(2027, 4, 30)
    assert said(lambda: SHARE_LIST.changed(what="Other")) == (
        'No part that an action can change called "what"; there are "who", "by", "state".'
    )


# Round after round.


def test_a_second_round_is_set_beside_the_first_by_those_who_scored_twice():
    """By hand, for Council and Hospital: block 1 from 2 and 2 to 4 and 3; block 2 from 3 and 5 to 3 and 4."""
    place = PLACE.add(COUNCIL.again(scores(4, 3, 3, 1, 2, 4, 3, 5))).add(HOSPITAL.again(scores(3, 4, 3, 2, 3, 1, 3, 4)))
    table = place.since_first()
    assert table["first"].tolist() == [2, 4, 3, 1.5, 2.5, 2.5, 3, 4.5]
    assert table["now"].tolist() == [3.5, 3.5, 3, 1.5, 2.5, 2.5, 3, 4.5]
    assert table["change"].tolist() == [1.5, -0.5, 0, 0, 0, 0, 0, 0]
    assert place.progress() == (
        (
            "Middle scores, by the 2 partners that have scored twice or more. "
            "Ask what you now see that you did not see before."
        ),
        "Good information and IT: from 2 to 3.5.",
        "Leadership at every level, in every partner: from 4 to 3.5.",
    )
    words = Page(readiness.page(place, today=TODAY)).words
    assert place.progress()[0] in words
    assert " ".join(place.progress()[1:]) in words


def test_the_first_round_stays_the_first_after_a_third():
    third = COUNCIL.again(scores(*[3] * 8)).again(scores(*[5] * 8))
    assert third.earlier == (COUNCIL.scores, (3,) * 8)
    assert Readiness("Wexmoor", (third,)).since_first()["first"].tolist() == list(COUNCIL.scores)


def test_one_round_has_nothing_to_compare_with():
    assert PLACE.since_first().empty
    assert PLACE.progress() == ("No partner has scored twice yet.",)
    same = Readiness("Wexmoor", (COUNCIL.again(dict(zip(NUMBERS, COUNCIL.scores, strict=True))),))
    assert same.progress()[1:] == ("No block moved.",)


def test_earlier_rounds_come_back_from_the_file():
    place = PLACE.add(COUNCIL.again(scores(*[3] * 8)).again(scores(*[4] * 8)))
    assert readiness.from_text(readiness.to_text(place)) == place


# Merging.

PARTNER = st.builds(
    lambda name, got, version: replace(score(name, scores(*got)), version=version),
    st.sampled_from(["Council", "General", "Lark House", "council"]),
    st.lists(st.integers(1, 2), min_size=8, max_size=8) | st.just([3] * 8),
    st.integers(1, 3),
)
ACTION = st.builds(
    lambda what, day, state, version: Action(1, what, "Clerk", dt.date(2027, 1, day), state, version),
    st.sampled_from(["Share", "Meet"]),
    st.integers(1, 2),
    st.sampled_from(["open", "done"]),
    st.integers(1, 4),
)
PLACES = st.lists(
    st.builds(
        lambda partner, action: Readiness("Wexmoor", (partner,), (action,)),
        PARTNER,
        ACTION,
    ),
    min_size=2,
    max_size=3,
)


def outcome(*places):
    """What merging gives, or the sentence with which it is refused."""
    try:
        return merge(*places)
    except Refusal as refused:
        return str(refused)


@settings(max_examples=150, deadline=None)
@given(PLACES)
def test_merging_does_not_depend_on_the_order_and_again_changes_nothing(places):
    """Two laws: every order gives the same, refusals too; and a merged file merged again is itself."""
    whole = outcome(*places)
    assert all(outcome(*order) == whole for order in itertools.permutations(places))
    if isinstance(whole, Readiness):
        assert merge(whole) == merge(whole, whole) == merge(whole, *places) == whole


@settings(max_examples=100, deadline=None)
@given(st.lists(PARTNER, min_size=3, max_size=3, unique_by=lambda one: one.partner.casefold()), st.data())
def test_merging_two_by_two_is_as_good_as_all_at_once(partners, data):
    """Each file holds some of the partners, so that no two files disagree."""
    files = [Readiness("Wexmoor", tuple(one for one in partners if data.draw(st.booleans()))) for _ in range(3)]
    assert merge(merge(files[0], files[1]), files[2]) == merge(files[0], merge(files[1], files[2])) == merge(*files)


def test_the_latest_scores_and_actions_count():
    new = COUNCIL.again(scores(5, 5, 5, 5, 5, 5, 5, 5))
    done = SHARE_LIST.changed(state="done")
    merged = merge(PLACE, Readiness("Wexmoor", (new,), (done,)))
    assert new in merged.partners
    assert COUNCIL not in merged.partners
    assert merged.actions == (done, MEET)


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ((), "There is nothing to merge. Give at least one file of scores."),
        (
            (Readiness("Wexmoor"), Readiness("Lark")),
            'These are different places: "Lark", "Wexmoor". Merge the files of one place.',
        ),
        (
            (PLACE, Readiness("Wexmoor", (score("Wexmoor Council", scores(2, 1, 3, 1, 2, 4, 3, 4)),))),
            'The scores of "Wexmoor Council" came twice and differ in block 2, 8. Ask that partner which to keep.',
        ),
        (
            (PLACE, Readiness("Wexmoor", (), (replace(SHARE_LIST, who="Clerk"),))),
            'The action "Share one list" was changed in two ways at once. Agree on one, and change it again.',
        ),
    ],
)
def test_files_that_contradict_each_other_are_refused(places, told):
    assert said(lambda: merge(*places)) == told


# On disk.


def test_a_place_comes_back_from_its_file_and_people_can_read_it(tmp_path):
    place = tmp_path / "readiness.yaml"
    whole = PLACE.act(MEET.changed(state="done"))
    assert readiness.save(whole, place) == whole
    assert readiness.load(place) == whole
    text = place.read_text(encoding="utf-8")
    assert "- partner: Wexmoor Council\n" in text
    assert "    Good information and IT: 2\n" in text
    assert [file.name for file in tmp_path.iterdir()] == ["readiness.yaml"]


@settings(max_examples=25, deadline=None)
@given(PLACES)
def test_every_place_comes_back_from_its_text(places):
    for place in places:
        assert readiness.from_text(readiness.to_text(place)) == place


def test_saving_adds_to_what_others_saved(tmp_path):
    for one in (COUNCIL, HOSPITAL, NURSING):
        readiness.save(Readiness("Wexmoor", (one,)), tmp_path / "shared.yaml")
    assert readiness.load(tmp_path / "shared.yaml").partners == PLACE.partners


SAVERS = textwrap.dedent(
    """
    import multiprocessing as mp
    import sys
    from flowlib.change.readiness import Readiness, save, score

    def add(place, mine, ready):
        ready.wait()
        for i in range(15):
            save(Readiness("Wexmoor", (score(f"{mine} {i}", dict.fromkeys(range(1, 9), 3)),)), place, patience=60)

    if __name__ == "__main__":
        quickest = mp.get_context("fork" if "fork" in mp.get_all_start_methods() else "spawn")
        ready = quickest.Barrier(2)
        both = [quickest.Process(target=add, args=(sys.argv[1], name, ready)) for name in ("one", "two")]
        for program in both:
            program.start()
        for program in both:
            program.join()
        sys.exit(sum(program.exitcode != 0 for program in both))
    """
)


def test_two_programs_that_save_at_once_lose_neither_one_s_scores(tmp_path):
    """Counted: two programs begin together and save 15 partners each; 30 are there."""
    place = tmp_path / "shared.yaml"
    script = tmp_path / "savers.py"
    script.write_text(SAVERS, encoding="utf-8")
    assert subprocess.run([sys.executable, str(script), str(place)], check=False, timeout=120).returncode == 0
    assert {one.partner for one in readiness.load(place).partners} == {
        f"{name} {i}" for name in ("one", "two") for i in range(15)
    }


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_write_that_fails_half_way_leaves_the_old_file_whole(tmp_path, monkeypatch, fails):
    place = tmp_path / "shared.yaml"
    readiness.save(PLACE, place)

    def crash(*_):
        raise OSError("The disk is full.")

    monkeypatch.setattr(os, fails, crash)
    with pytest.raises(OSError, match="full"):
        readiness.save(PLACE.act(MEET.changed(state="done")), place)
    monkeypatch.undo()
    assert readiness.load(place) == PLACE
    assert [file.name for file in tmp_path.iterdir()] == ["shared.yaml"]


def test_a_program_that_dies_half_way_leaves_the_old_file_whole_and_blocks_nobody_for_long(tmp_path):
    """The program ends without a word while it writes, as in a power cut; its lock is an hour old."""
    place = tmp_path / "shared.yaml"
    readiness.save(PLACE, place)
    dying = textwrap.dedent(
        """
        import os, sys
        from flowlib.change import readiness
        os.fsync = lambda _: os._exit(9)
        readiness.save(readiness.load(sys.argv[1]), sys.argv[1])
        """
    )
    assert subprocess.run([sys.executable, "-c", dying, str(place)], check=False, timeout=60).returncode == 9
    assert readiness.load(place) == PLACE
    os.utime(tmp_path / ".shared.yaml.lock", (time.time() - 3600,) * 2)
    assert readiness.save(PLACE, place) == PLACE
    assert [file.name for file in tmp_path.iterdir()] == ["shared.yaml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("just words", "The file must have named parts, such as place: ...; 'just words' came."),
        ("partners: []", 'The file has no "place". Add it.'),
        (
            "place: Wexmoor\npartner: []",
            'No part in the file called "partner"; there are "place", "partners", "actions". Did you mean "partners"?',
        ),
        ("place: Wexmoor\npartners: 3", "partners must be a list; '3' came. Begin each entry with a dash."),
        (
            f"place: Wexmoor\npartners: [{{partner: A, scores: &a {ALL_ONE}, earlier: [*a]}}]",
            "partners, 1: version 1 cannot have 1 earlier rounds. Raise the version, or take one out.",
        ),
        ("place: Wexmoor\npartners: [{partner: A}]", 'partners, 1 has no "scores". Add it.'),
        (
            "place: Wexmoor\npartners: [{partner: A, version: 0, scores: {1: 1,2: 1,3: 1,4: 1,5: 1,6: 1,7: 1,8: 1}}]",
            "partners, 1: version must be a whole number, 1 or more; 0 came.",
        ),
        (
            "place: Wexmoor\nactions: [{block: 1, what: Meet, who: Clerk, by: soon}]",
            "actions, 1: by must be a day such as 30/06/2027 or \"30 June 2027\"; 'soon' came.",
        ),
        (
            "place: [x",
            "The text is not YAML near line 1. Check indents, colons and quotes there, and that no name stands twice.",
        ),
    ],
)
def test_a_file_that_is_no_record_of_scores_is_refused_by_its_path(text, told):
    assert said(lambda: readiness.from_text(text)) == told


def test_a_file_that_was_spoilt_by_hand_is_not_written_over(tmp_path):
    place = tmp_path / "shared.yaml"
    place.write_text("spoilt", encoding="utf-8")
    assert said(lambda: readiness.save(PLACE, place)).startswith("The file must have named parts")
    assert place.read_text(encoding="utf-8") == "spoilt"
    assert [file.name for file in tmp_path.iterdir()] == ["shared.yaml"]


# On paper.


class Page(HTMLParser):
    """The tags that are open, and all text, of a page."""

    def __init__(self, html):
        super().__init__()
        self.open, self.cells, self.words = [], 0, []
        self.feed(html)
        assert self.open == []
        self.text = " ".join(self.words)

    def handle_starttag(self, tag, _attrs):
        if tag not in {"meta", "col", "br"}:
            self.open.append(tag)
        self.cells += tag == "td"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


def test_the_page_is_whole_html_with_every_score_and_whose_words_it_has():
    """Read by Python's own parser: 8 blocks by 3 partners, a median and a spread, and 4 more cells an action."""
    got = Page(readiness.page(PLACE, today=TODAY))
    assert got.cells == 8 * (3 + 2) + 2 * 4
    assert WORDING in got.text
    assert all(line in got.words for line in (*PLACE.conversation(), *PLACE.needs_action()))
    assert "Since the first round" not in got.text


def test_a_page_names_the_four_widest_gaps_and_counts_the_rest():
    """Two partners 4 points apart in each of the 8 blocks."""
    place = Readiness("Wexmoor", (score("A", scores(*[1] * 8)), score("B", scores(*[5] * 8))))
    words = Page(readiness.page(place, today=TODAY)).words
    assert [line in words for line in place.conversation()] == [True] * 4 + [False] * 4
    assert "4 more blocks are far apart. See the spread above." in words


def test_the_actions_stand_with_owner_and_day_the_overdue_first():
    """By head: one is past its day, one is to come, and one was done late."""
    done = Action(6, "Share a budget", "Finance directors", dt.date(2026, 10, 1), "done")
    got = Page(readiness.page(PLACE.act(done), today=TODAY))
    rows = [
        ["Meet each month", "A shared vision and trust between organisations", "Chief officers", "1 November 2026"],
        ["Share one list", "Good information and IT", "Head of information", "31 March 2027"],
        ["Share a budget", "Money and performance rules that reward flow", "Finance directors", "1 October 2026"],
    ]
    words = [word for word in got.words if word.strip()]
    start = words.index("Meet each month")
    told = zip(rows, ("Overdue", "Open", "Done"), strict=True)
    assert words[start : start + 15] == [cell for row, state in told for cell in (*row, state)]


def test_a_page_without_actions_says_so():
    assert "Nothing is agreed yet." in Page(readiness.page(Readiness("Wexmoor", (COUNCIL,)), today=TODAY)).words


def test_the_form_for_scoring_apart_has_every_block_five_boxes_and_no_score():
    got = Page(readiness.form("Wexmoor <b>"))
    assert "How ready is Wexmoor <b>? Our own view" in got.words
    assert [word for word in got.words if word in {f"{block.number} {block.name}" for block in BLOCKS}] == [
        f"{block.number} {block.name}" for block in BLOCKS
    ]
    assert got.text.count("\N{BALLOT BOX}") == 8 * 5
    assert WORDING in got.text


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium, Chrome or Edge on this computer")
def test_the_page_of_six_partners_is_printed_on_one_side_of_a4(tmp_path):
    """Chromium's own PDF, with two rounds and five actions."""
    partners = [
        score(f"Wexmoor partner {i}", scores(*[1 + (i + j) % 5 for j in range(8)])).again(dict.fromkeys(NUMBERS, 3))
        for i in range(6)
    ]
    actions = [Action(i, f"An action of six words {i}", "Head of service", dt.date(2027, 3, i)) for i in range(1, 6)]
    html = readiness.page(Readiness("Wexmoor", tuple(partners), tuple(actions)), today=TODAY)
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    pdf = to_pdf(tmp_path / "page.html", tmp_path / "page.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_the_wording_says_which_blocks_are_ours():
    assert WORDING == (
        "The report names blocks 1, 2 and 3. "
        "Blocks 4, 5, 6, 7 and 8 are our reading of its recommendations. The scale from 1 to 5 is ours."
    )


def test_signs_in_names_cannot_become_part_of_the_page():
    sly = "<b>W & x</b>"
    place = Readiness(sly, (score(sly, scores(*[3] * 8)),), (Action(1, sly, sly, dt.date(2027, 1, 1)),))
    html = readiness.page(place, today=TODAY)
    assert "<b>" not in html
    assert "".join(Page(html).words).count(sly) == 6  # title, heading, partner in the table and below, action, role


def test_the_sentences_on_the_page_are_short_enough():
    """The style's bound of 20 words, without the names of blocks and partners."""
    twice = Readiness("Wexmoor", (COUNCIL.again(scores(*[3] * 8)),))
    for sentence in re.split(r"(?<=[.?]) ", " ".join((WORDING, *twice.progress()[:1]))):
        assert len(sentence.split()) <= 20


def test_a_readiness_page_takes_its_day_as_text_or_refuses_it_in_a_sentence():
    assert readiness.page(PLACE, today="2026-11-22") == readiness.page(PLACE, today=dt.date(2026, 11, 22))
    assert (
        said(lambda: readiness.page(PLACE, today=5))
        == 'today must be a day such as 30/06/2027 or "30 June 2027"; 5 came.'
    )
