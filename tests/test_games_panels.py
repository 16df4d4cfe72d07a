"""The games on screen, without a browser: what each asks of the sums, and what it says."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from flowlib.diagnose.games import beads, dice, pennies
from flowlib.show.games_bead_chart import bead_chart
from flowlib.show.games_beads import BeadPanel
from flowlib.show.games_dice import DicePanel
from flowlib.show.games_dice_chart import dice_chart, odds_chart
from flowlib.show.games_parts import CLASS, COMPUTER
from flowlib.show.games_pennies import STORIES, PennyPanel, timed
from flowlib.show.games_penny_charts import penny_chart
from flowlib.show.theme import VERDICTS

PANELS = {"dice": DicePanel, "coins": PennyPanel, "beads": BeadPanel}
PLAYED = {"dice": "all", "coins": "go", "beads": "all"}
PATIENTS = list(STORIES)[1]


@pytest.fixture(params=PANELS)
def game(request, tmp_path):
    """A game of each kind, before anything."""
    return request.param, PANELS[request.param](tmp_path / "own")


def playing(panel, name, guess=1):
    """The panel after a prediction and a first whole game."""
    panel.prediction.value = panel.prediction.options[guess]
    getattr(panel, PLAYED[name]).click()
    return panel


def typed(panel, *row):
    """One row typed into the boxes, and added."""
    panel.own.numbers.values = list(row)
    panel.own.add.click()


# All games alike


def test_nothing_can_be_played_before_a_prediction(game):
    name, panel = game
    panel.show()
    assert getattr(panel, PLAYED[name]).disabled
    assert panel.own.add.disabled
    assert panel.own.read.disabled
    assert panel.keep.disabled
    assert (panel.figure, panel.out.children) == (None, ())
    assert panel.said.text.startswith("Predict first.")
    panel.prediction.value = panel.prediction.options[0]
    assert not getattr(panel, PLAYED[name]).disabled
    assert not panel.own.add.disabled


def test_a_prediction_stands_beside_the_result_until_the_game_starts_again(game):
    """It can no longer be changed, and nothing that is played later takes it away, not even an empty table."""
    name, panel = game
    playing(panel, name)
    told = f"You predicted “{panel.prediction.options[1]}”. "
    assert panel.predicted.text.startswith(told)
    assert panel.prediction.disabled
    if name == "coins":
        panel.batch.value = 1
    else:
        panel.next.click()
    assert panel.predicted.text.startswith(told)
    panel.who.value = CLASS
    assert panel.predicted.text == f"{told}{panel.settled()}"
    panel.reset.click()
    assert panel.predicted.text == ""
    assert panel.prediction.value is None
    assert not panel.prediction.disabled
    assert panel.out.children == panel.below.children == ()
    assert panel.said.text.startswith("Predict first.")


def test_the_rules_open_after_the_first_whole_game(game):
    name, panel = game
    rules = {
        "dice": ["die", "stations", "length", "cap", "next"],
        "coins": ["batch", "people", "story"],
        "beads": ["wards", "length", "late", "next"],
    }[name]
    panel.permit()
    assert all(getattr(panel, rule).disabled for rule in rules)
    playing(panel, name)
    assert not any(getattr(panel, rule).disabled for rule in rules)


def test_results_are_saved_as_the_picture_has_them(game, tmp_path):
    """Oracle: pandas reads the file again."""
    name, panel = game
    playing(panel, name)
    panel.keep.click()
    file = next((tmp_path / "own").glob("*.csv"))
    assert panel.kept.text == f"“{file.name}” is in the folder “own”."
    kept = pd.read_csv(file)
    assert kept.columns.tolist() == panel.picture.table.columns.tolist()
    assert len(kept) == len(panel.picture.table)


def test_a_saved_page_shows_the_question_the_result_and_the_table(game):
    name, panel = game
    shown = panel.show()
    playing(panel, name)
    page = shown.still()
    assert panel.prediction.legend.split(".")[0] in page
    assert panel.said.text.split(". ")[0] in page
    assert "The numbers as a table" in page


def test_every_label_says_what_it_is(game):
    """A screen reader names every control by its label."""
    _, panel = game
    names = list(panel.own.numbers.labels)
    assert len(set(names)) == len(names)
    assert all(name.strip() for name in [*names, panel.own.numbers.legend, panel.own.numbers.paste_label])


def test_the_class_and_the_computer_each_keep_their_own_game(game):
    """Changing who plays takes away nothing that the class typed in."""
    name, panel = game
    panel.show()
    panel.prediction.value = panel.prediction.options[0]
    panel.who.value = CLASS
    row = {"dice": (3, 5, 1, 6, 2), "coins": (5, 31, 52), "beads": (9, 12, 7, 14, 8, 10)}[name]
    typed(panel, *row)
    told = panel.said.text
    panel.who.value = COMPUTER
    assert panel.out.children == ()
    assert panel.keep.disabled
    panel.who.value = CLASS
    assert panel.own.rows == [list(row)]
    assert panel.said.text == told


# Words, table and picture are always of one game


def rows(name, chance):
    """A row that a class may type in."""
    if name == "coins":
        first = int(chance.integers(5, 90))
        return int(chance.integers(1, 21)), first, first + int(chance.integers(0, 60))
    return tuple(int(number) for number in chance.integers(1, 7, 5 if name == "dice" else 6))


def acts(name, panel, chance):
    """What somebody may do next, each at random."""
    always = [
        lambda: setattr(panel.who, "value", [CLASS, COMPUTER][chance.integers(2)]),
        lambda: panel.own.undo.disabled or panel.own.undo.click(),
        lambda: panel.by_class and typed(panel, *rows(name, chance)),
    ]
    if name == "coins":
        moved = {"batch": (1, 21), "people": (2, 9)}
        return [*always, panel.go.click, *(mover(panel, part, ends, chance) for part, ends in moved.items())]
    moved = {"game": (1, 51), "length": (10, 41) if name == "dice" else (2, 9)}
    moved |= {"stations": (3, 9)} if name == "dice" else {"wards": (3, 9), "late": (5, 41)}
    return [*always, panel.one.click, panel.all.click, panel.next.click,
            *(mover(panel, part, ends, chance) for part, ends in moved.items())]  # fmt: skip


def mover(panel, part, ends, chance):
    """Move one control of *panel* to a place between *ends*."""
    return lambda: setattr(getattr(panel, part), "value", int(chance.integers(*ends)))


def agreed(name, panel):
    """Whether the words are those of the very table and picture that stand there."""
    table, told, said = panel.picture.table, panel.figure.description, panel.said.text
    if name == "dice":
        out = table["out so far"].iloc[-1]
        assert f"After {len(table)} round" in said
        assert f" {out} piece" in said
        assert told.startswith(f"{out} piece")
        brought = re.search(r"(Game \d+|Your game)(?:, by other rules,)? brought (\d+)", panel.predicted.text)
        moved = panel.below.children[0].markup
        assert f"{panel.name}, round {len(table)}" in moved
        assert all(f">{table[part].iloc[-1]}</td>" in moved for part in table if part.startswith(("throw", "moved")))
        whole = len(table) >= (20 if panel.by_class else panel.length.value)
        assert (brought is not None) == whole
        assert not whole or (brought[1], int(brought[2])) == (panel.name, out)
    if name == "beads":
        ranked = panel.below.children[0].markup
        by_ward = table.groupby("ward")["late letters"].sum()
        assert all(f">{ward}</td>" in ranked and f">{count}</td>" in ranked for ward, count in by_ward.items())
        gaps = table.groupby("day")["late letters"].agg(np.ptp)
        assert f"On day {len(gaps)}, best and worst are {gaps.iloc[-1]} apart" in said
        assert told.endswith(f"{panel.name}. {said}")
        far = re.search(r"(Game \d+|Your game).* had (\d+) (?:such days )?of (\d+)\.", panel.predicted.text)
        assert far is None or (far[1], int(far[2]), int(far[3])) == (panel.name, (gaps >= 6).sum(), len(gaps))
    if name == "coins":
        ends = next(column for column in table.columns if column.startswith(("ends", "all done")))
        last = table[ends].min() if panel.by_class else table[ends].max()
        assert f"after {last:g}." in said
        assert f"{last:g} seconds" in told or f"all after {last:g}." in told


def test_words_table_and_picture_are_of_one_game_whatever_was_done(game):
    """Forty things done at random. Oracle: the numbers in each sentence, held to the table under the picture."""
    name, panel = game
    chance = np.random.default_rng(2)
    panel.show()
    playing(panel, name)
    actions, shown = acts(name, panel, chance), 0
    for _ in range(40):
        actions[chance.integers(len(actions))]()
        if panel.out.children:
            shown += 1
            agreed(name, panel)
        else:
            assert panel.predicted.text.endswith(panel.settled())
    assert shown > 15


# Dice


def test_dice_say_what_the_sums_say(tmp_path):
    """Oracle: `dice` asked directly, with the rules on the controls."""
    panel = playing(DicePanel(tmp_path), "dice")
    first = dice.play(dice.throws(20, game=1))
    assert panel.said.text == first.sentence()
    assert panel.predicted.text == (
        f"You predicted “About 60”. Game 1 brought {first.out}. Over many games it is 52 on average."
    )
    panel.die.value, panel.cap.value = "3 to 4", "6 at most"
    panel.stations.value, panel.length.value, panel.game.value = 7, 30, 4
    other = dice.play(dice.throws(30, stations=7, low=3, high=4, game=4), cap=6)
    assert panel.said.text == other.sentence()
    assert panel.predicted.text == (
        f"You predicted “About 60”. Game 4, by other rules, brought {other.out}. "
        "By the rules at first it is 52 on average."
    )
    panel.next.click()
    assert panel.game.value == 5
    assert len(panel.picture.table) == 30


def test_dice_go_a_round_at_a_time_and_stop_at_the_last(tmp_path):
    panel = DicePanel(tmp_path)
    panel.prediction.value = "About 50"
    for turn in range(1, 21):
        assert panel.predicted.text == ""
        panel.one.click()
        assert panel.said.text == dice.play(dice.throws(turn, game=1)).sentence()
    assert panel.all.disabled
    assert panel.predicted.text.startswith("You predicted “About 50”.")
    panel.one.click()  # the first round of the next game
    assert panel.game.value == 2
    assert panel.said.text == dice.play(dice.throws(1, game=2)).sentence()


def test_another_game_number_is_begun_anew(tmp_path):
    panel = DicePanel(tmp_path)
    panel.prediction.value = "About 50"
    panel.one.click()
    panel.game.value = 2
    assert panel.out.children == ()
    panel.one.click()
    assert panel.said.text == dice.play(dice.throws(1, game=2)).sentence()


def test_a_class_types_or_pastes_its_own_throws(tmp_path):
    """Oracle: `dice.play` of the same throws."""
    panel = DicePanel(tmp_path)
    panel.who.value, panel.prediction.value = CLASS, "About 70"
    typed(panel, 3, 5, 2, 6, 1)
    typed(panel, 1, 1, 4, 2, 5)
    rows = [[3, 5, 2, 6, 1], [1, 1, 4, 2, 5]]
    assert panel.said.text == dice.play(rows).sentence()
    assert panel.own.said.text == "2 rounds in all."
    assert set(panel.own.numbers.values) == {None}
    panel.own.undo.click()
    assert panel.said.text == dice.play(rows[:1]).sentence()
    panel.own.undo.click()
    assert panel.out.children == ()
    assert panel.own.undo.disabled
    panel.own.numbers.pasted = "\n".join(" ".join(map(str, row)) for row in rows * 10)
    panel.own.read.click()
    made = dice.play(rows * 10)
    assert panel.said.text == made.sentence()
    assert panel.predicted.text.startswith(f"You predicted “About 70”. Your game brought {made.out}.")
    panel.keep.click()
    assert panel.kept.text.startswith("“dice_our_class.csv”")


def heard(panel, **content):
    """What the page of the boxes sends."""
    panel.own.numbers._heard(panel.own.numbers, content, [])


def test_what_is_typed_is_known_before_the_click_that_adds_it(tmp_path):
    """Both travel as messages, in their order; Enter in a box adds the round too, once there is a prediction."""
    panel = DicePanel(tmp_path)
    panel.who.value = CLASS
    heard(panel, kind="typed", values=[3, 5, 2, 6, 1], pasted="")
    heard(panel, kind="enter")
    assert panel.own.rows == []
    panel.prediction.value = "About 70"
    heard(panel, kind="enter")
    assert panel.own.rows == [[3, 5, 2, 6, 1]]
    assert panel.own.numbers.cleared == 1
    heard(panel, kind="typed", values=[3, 5, None, 6, 1], pasted="")
    heard(panel, kind="enter")
    assert panel.own.add.problem == 'There is no number for "Person 3" yet. Fill in every box, then add.'
    heard(panel, kind="typed", values=[None] * 5, pasted="1 2 3 4 5")
    panel.own.read.click()
    assert panel.own.rows == [[1, 2, 3, 4, 5]]


def test_a_table_of_seven_plays_too_and_its_size_is_settled_by_its_first_row(tmp_path):
    """The prediction was about five people, so it is met by what is known of five."""
    panel = DicePanel(tmp_path)
    panel.who.value = CLASS
    assert panel.own.many.disabled
    panel.prediction.value = "About 50"
    panel.own.many.value = 7
    assert panel.own.numbers.labels[-1] == "Person 7"
    assert not panel.own.numbers.disabled
    typed(panel, *[4] * 7)
    assert panel.own.many.disabled
    panel.own.numbers.pasted = "4 3 2 1 2 3 4\n" * 20
    panel.own.read.click()
    out = dice.play([[4, 3, 2, 1, 2, 3, 4]] * 20).out
    assert panel.predicted.text == (
        f"You predicted “About 50”. Your game, by other rules, brought {out}. "
        "By the rules at first it is 52 on average."
    )
    panel.reset.click()
    assert panel.own.many.value == len(panel.own.numbers.labels) == 5


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([3, None, 1, 2, 4], 'There is no number for "Person 2" yet. Fill in every box, then add.'),
        ([3, 7, 1, 2, 4], '"Person 2" must be a whole number, 1 to 6; 7 came. Correct it.'),
        ([3, 2.5, 1, 2, 4], '"Person 2" must be a whole number, 1 to 6; 2.5 came. Correct it.'),
    ],
)
def test_a_wrong_throw_is_refused_at_its_button_and_the_rest_stays(tmp_path, values, sentence):
    panel = DicePanel(tmp_path)
    panel.who.value, panel.prediction.value = CLASS, "About 70"
    typed(panel, 1, 2, 3, 4, 5)
    typed(panel, *values)
    assert panel.own.add.problem == sentence
    assert panel.own.rows == [[1, 2, 3, 4, 5]]
    assert list(panel.own.numbers.values) == values


# Coins


def test_coins_say_what_the_sums_say_and_keep_what_was_tried(tmp_path):
    """Oracle: `pennies` asked directly."""
    panel = playing(PennyPanel(tmp_path), "coins")
    assert panel.said.text == pennies.passed_on(5).sentence("seconds")
    told = "You predicted “80 seconds”. In batches of 5, all coins are done after 40 seconds."
    assert panel.predicted.text == told
    panel.batch.value = 20
    panel.batch.value = 1
    assert panel.predicted.text == told
    (tried,) = panel.below.children
    for cell in ("100", "25", "40", "24"):
        assert f">{cell}<" in tried.markup
    panel.people.value, panel.story.value, panel.batch.value = 4, PATIENTS, 10
    assert panel.said.text == pennies.passed_on(10, people=4, each=3).sentence("minutes")
    assert "seconds" not in panel.below.children[0].markup


def test_a_class_puts_its_own_times_beside_the_sum(tmp_path):
    panel = PennyPanel(tmp_path)
    panel.who.value, panel.prediction.value = CLASS, "60 seconds"
    typed(panel, 20, 110, 118)
    assert panel.predicted.text == ""
    typed(panel, 5, 31, 52)
    assert panel.said.text == "Your best: the first is out after 31 seconds, and all after 52."
    assert (
        panel.predicted.text
        == "You predicted “60 seconds”. Your best in batches of 5 took 52 seconds; the sum says 40."
    )
    assert panel.own.said.text == "2 tries in all."
    typed(panel, 5, 60, 52)
    assert panel.own.add.problem == (
        "Try 3: all were done after 52 seconds, before the first was out after 60. Correct one of them."
    )


# Beads


def test_beads_say_what_the_sums_say(tmp_path):
    """Oracle: `beads` asked directly, with the box on the controls."""
    panel = playing(BeadPanel(tmp_path), "beads", guess=0)
    first = beads.played(beads.drawn(game=1))
    assert panel.said.text == first.sentence("late letters")
    far = int((first.gaps >= 6).sum())
    assert panel.predicted.text == (
        "You predicted “0 or 1 letter”. Best and worst are 6 or more apart on about 3 days in 4. "
        f"Game 1 had {far} such days of 4."
    )
    panel.late.value, panel.wards.value, panel.length.value, panel.game.value = 10, 8, 6, 12
    other = beads.played(beads.drawn(6, wards=8, red=400, game=12))
    assert panel.said.text == other.sentence("late letters")
    panel.next.click()
    assert panel.game.value == 13


def test_a_class_draws_its_own_beads(tmp_path):
    panel = BeadPanel(tmp_path)
    panel.who.value, panel.prediction.value = CLASS, "6 letters or more"
    rows = [[9, 12, 7, 14, 8, 10]] * 4
    for row in rows:
        typed(panel, *row)
    assert panel.said.text == beads.played(rows).sentence("late letters")
    assert panel.predicted.text == (
        "You predicted “6 letters or more”. Best and worst are 6 or more apart on about 3 days in 4. "
        "Your game had 4 such days of 4."
    )


# Charts


def test_a_chart_tells_its_finding_to_those_who_cannot_see_it():
    """Oracle: the sums. Each description holds the result."""
    made = dice.play(dice.throws(20, game=1))
    told = dice_chart(made, rounds=20).description
    assert told.startswith(f"{made.out} pieces are out; 3.5 a round gives 70. {made.waiting} wait in bowls.")
    assert told.endswith(f"{made.bowls[-1][-1]} before person 5.")
    one = dice.play([[1, 1]])
    assert dice_chart(one, rounds=20).description.startswith("1 piece is out; 3.5 a round gives 3.5.")
    assert "the average is 52" in odds_chart(dice.odds()).description
    coins = penny_chart(pennies.passed_on(5), unit="seconds", things="coins", hands="person", most=100)
    assert coins.description == "In batches of 5: first out after 25 seconds, all after 40."
    even = beads.played([[9, 8, 12, 9], [8, 9, 11, 9]])
    told = bead_chart(even, red="late letters", a_draw="50 letters").description
    assert told.startswith("Wards A and B have the fewest late letters, and ward C has the most.")
    late = bead_chart(beads.played([[2, 2, 20, 2, 3, 1]]), red="late letters", a_draw="50 letters")
    assert late.description.startswith("1 of 6 draws lies outside the limits.")


def test_points_are_told_apart_without_colour():
    """Most and fewest of a day have shapes of their own, as verdicts have."""
    chart = bead_chart(beads.played(beads.drawn()), red="late letters", a_draw="50 letters").chart
    spec = json.dumps(chart.to_dict())
    assert {look.shape for look in VERDICTS.values()} >= {"triangle-up", "triangle-down", "circle"}
    assert '["triangle-up", "triangle-down", "circle"]' in spec


def test_only_the_numbers_change_from_round_to_round(tmp_path):
    """So the picture glides: its specification stays, its tables change."""
    panel = DicePanel(tmp_path)
    panel.prediction.value = "About 50"
    panel.one.click()
    first = panel.figure.picture
    panel.one.click()
    assert panel.figure.picture["spec"] == first["spec"]
    assert panel.figure.picture["tables"] != first["tables"]


def test_times_of_a_class_are_read_as_they_came():
    assert timed([[20, 110, 118]])["all_sum"].tolist() == [100.0]
