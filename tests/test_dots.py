"""The panel of pure chance, without a browser: what it asks of the sums, and what it says."""

from flowlib.measure.spc_luck import luck
from flowlib.show.dots import GUESSES, POINTS, SHAPES, LuckPanel


def dealt():
    panel = LuckPanel()
    panel.prediction.value = GUESSES[0]
    panel.deal.click()
    return panel


def test_no_chart_is_dealt_before_a_prediction():
    panel = LuckPanel()
    panel.change.value = 2.0
    assert panel.deal.disabled
    assert (panel.figure, panel.out.children, panel.said.text) == (
        None,
        (),
        "Predict, then press “Deal a chart”.",
    )


def test_the_panel_says_what_the_sums_say_and_holds_it_against_the_prediction():
    """Oracle: `luck` asked directly."""
    panel = dealt()
    assert panel.said.text == luck(POINTS, seed=1).sentence()
    assert panel.predicted.text == "You predicted “None of them”. The rules mark about 15 of 100 charts."
    panel.change.value = 2.0
    panel.points.value = 36
    panel.shape.value = SHAPES[1]
    assert panel.said.text == luck(36, change=2.0, skewed=True, seed=1).sentence()


def test_each_deal_is_another_chart_and_the_picture_says_so():
    panel = dealt()
    first = panel.figure.description
    panel.deal.click()
    assert panel.figure.description != first
    assert panel.said.text == luck(POINTS, seed=2).sentence()


def test_back_is_pure_chance_again():
    panel = dealt()
    panel.change.value, panel.points.value = 3.0, 60
    panel.reset.click()
    assert (panel.change.value, panel.points.value, panel.shape.value) == (0.0, POINTS, SHAPES[0])
    assert panel.said.text == luck(POINTS, seed=1).sentence()
