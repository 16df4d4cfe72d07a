"""The games on screen, without a browser: what each asks of the sums, and what it says."""

import json

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
    """It can no longer be changed, and nothing that is played later takes it away."""
    name, panel = game
    playing(panel, name)
    told = panel.predicted.text
    assert told.startswith(f"You predicted “{panel.prediction.options[1]}”. ")
    assert panel.prediction.disabled
    if name == "coins":
        panel.batch.value = 1
    else:
        panel.next.click()
    assert panel.predicted.text == told
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


# Dice


def test_dice_say_what_the_sums_say(tmp_path):
    """Oracle: `dice` asked directly, with the rules on the controls."""
    panel = playing(DicePanel(tmp_path), "dice")
    first = dice.play(dice.throws(20, game=1))
    assert panel.said.text == first.sentence()
    assert panel.predicted.text == (
        f"You predicted “About 60”. This game brought {first.out}. Over many games it is 52 on average."
    )
    panel.die.value, panel.cap.value = "3 to 4", "6 at most"
    panel.stations.value, panel.length.value, panel.game.value = 7, 30, 4
    other = dice.play(dice.throws(30, stations=7, low=3, high=4, game=4), cap=6)
    assert panel.said.text == other.sentence()
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
    assert panel.predicted.text.startswith(f"You predicted “About 70”. This game brought {made.out}.")
    panel.keep.click()
    assert panel.kept.text.startswith("“dice_our_class.csv”")


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
    assert panel.predicted.text == "You predicted “80 seconds”. All coins are done after 40 seconds."
    panel.batch.value = 20
    panel.batch.value = 1
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
    assert panel.predicted.text == "You predicted “60 seconds”. Your table took 52 seconds; the sum says 40."
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
    assert panel.predicted.text == f"You predicted “0 or 1 letter”. Here they were 6 or more apart on {far} of 4 days."
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
    assert panel.predicted.text == "You predicted “6 letters or more”. Here they were 6 or more apart on 4 of 4 days."


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
