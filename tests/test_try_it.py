"""The pattern of every what-if, without a browser: what comes after what, and what is kept."""

import asyncio
import gc
import json
import time

import ipywidgets
import pandas as pd
import psutil
import pytest
from refusals import said
from try_it_made import BARS, NONE, SOME, drawn, in_pieces, made, waiting

from flowlib import Refusal
from flowlib.core import data
from flowlib.show import pocket
from flowlib.show.at_work import AtWork, Estimate
from flowlib.show.choices import Choice, QuietButton, Tick
from flowlib.show.controls import Slider
from flowlib.show.kept_code import values_of
from flowlib.show.redrawn import Redrawn
from flowlib.show.try_it import Question, TryIt


@pytest.fixture(autouse=True)
def no_loop(monkeypatch):
    """Outside a notebook nothing runs later; a browser test nearby leaves a loop behind."""

    def none():
        raise RuntimeError

    monkeypatch.setattr("flowlib.show.at_work.asyncio.get_running_loop", none)


@pytest.fixture
def looked():
    """The what-if after a prediction and a look: 3 nurses see 15 of 20."""
    panel = made()
    panel.prediction.value = NONE
    panel.go.click()
    return panel


def quiet_buttons(panel):
    """What the row of buttons below a what-if offers."""
    rows = [part for part in panel.children if type(part) is ipywidgets.Box]
    return [part.label for row in rows for part in row.children if isinstance(part, QuietButton)]


def test_nothing_is_shown_before_a_prediction():
    panel = made()
    assert panel.go.disabled
    assert panel.comparing.disabled
    assert (panel.said.text, panel.out.children) == ("", ())
    panel.nurses = panel.controls["nurses"].value = 5
    assert panel.said.text == ""
    assert said(panel.look) == "Predict first: choose one of the answers."


def test_the_prediction_stands_beside_what_came(looked):
    """Oracle: 20 people less 3 times 5."""
    assert looked.said.text == "5 people wait."
    assert looked.predicted.text == "You predicted “Nobody waits”. It was “Somebody waits”. Why might that be?"
    assert looked.prediction.disabled
    looked.controls["nurses"].value = 4
    assert looked.said.text == "0 people wait."
    assert "It was “Somebody waits”" in looked.predicted.text


def test_a_prediction_that_came_true_is_said_to_have():
    panel = made()
    panel.prediction.value = SOME
    panel.go.click()
    assert panel.predicted.text == "You predicted “Somebody waits”, and so it was. What made you think so?"


def test_a_question_about_one_setting_is_answered_for_that_setting():
    """Oracle: 30 people less 2 times 5, whatever the controls were moved to before."""
    panel = made(at={"nurses": 2, "busy": True})
    panel.prediction.value = NONE
    panel.controls["nurses"].value = 6
    panel.go.click()
    assert panel.values() == {"nurses": 2, "busy": True, "season": "summer"}
    assert panel.said.text == "20 people wait."


def test_every_control_changes_the_result(looked):
    """Oracle: the sum, asked directly."""
    for key, value in {"nurses": 2, "busy": True, "season": "winter"}.items():
        looked.controls[key].value = value
        assert looked.said.text == f"{waiting(**looked.values())} people wait."
    assert looked.out.children[0].description == "22 people wait"


def test_today_is_laid_beside_and_taken_away_again(looked):
    looked.controls["nurses"].value = 4
    looked.comparing.click()
    assert looked.compared.text == "Today 5, then 0."
    assert looked.comparing.label == "Without today"
    looked.comparing.click()
    assert (looked.compared.text, looked.comparing.label) == ("", "Compare with today")


def test_what_differs_from_today_is_named_whenever_it_does(looked):
    """Also before the first look, and with what the question itself has set."""
    assert (looked.changed.text, looked.back.disabled) == ("", True)
    looked.controls["nurses"].value = 1
    assert looked.changed.text == "Changed: Nurses on duty 1 (today 3)."
    looked.controls["busy"].value, looked.controls["season"].value = True, "winter"
    assert looked.changed.text == (
        "3 changes at once: Nurses on duty 1 (today 3); A busy day yes (today no); Season winter (today summer)."
    )
    asked = made(at={"nurses": 2})
    asked.prediction.value = SOME
    asked.go.click()
    assert asked.changed.text == "Changed: Nurses on duty 2 (today 3)."


def test_back_to_today_sets_the_controls_and_keeps_picture_and_prediction(looked):
    figure, told = looked.out.children[0], looked.predicted.text
    looked.controls["nurses"].value, looked.controls["busy"].value = 1, True
    looked.back.click()
    assert looked.values() == looked.today
    assert (looked.said.text, looked.changed.text, looked.back.disabled) == ("5 people wait.", "", True)
    assert (looked.predicted.text, looked.prediction.value) == (told, NONE)
    assert looked.out.children == (figure,)


def test_a_picture_with_today_in_it_is_not_offered_beside_today():
    panel = TryIt(
        "How many nurses?", {"nurses": Slider("Nurses", value=3, min=1, max=6)}, ask=lambda nurses: nurses,
        draw=drawn, say=str, compare=None, predict=Question("How many?", ["3", "4"], str, at={"nurses": 4}),
        name="clinic",
    )  # fmt: skip
    below = ["Numbers as a table", "Start again", "Save as a page to send"]
    assert quiet_buttons(panel) == below
    assert quiet_buttons(made()) == ["Compare with today", *below]
    panel.prediction.value = "4"
    panel.look()
    assert (panel.said.text, panel.compared.text) == ("4", "")


def test_the_table_follows_the_controls(looked):
    looked.showing.click()
    table = looked.under.children[0]
    assert '<td class="number">5</td>' in table.markup
    looked.controls["nurses"].value = 2
    assert looked.under.children == (table,)
    assert '<td class="number">10</td>' in table.markup
    looked.showing.click()
    assert looked.under.children == ()


def test_start_again_leaves_nothing_of_what_was(looked):
    looked.controls["nurses"].value = 6
    looked.comparing.click()
    looked.showing.click()
    looked.kept._handle_custom_msg({"kind": "back", "code": "hello"}, [])
    looked.again.click()
    assert looked.values() == looked.today
    assert (looked.prediction.value, looked.prediction.disabled) == (None, False)
    assert [part.text for part in (looked.said, looked.compared, looked.predicted)] == ["", "", ""]
    assert (looked.out.children, looked.under.children) == ((), ())
    assert looked.go.disabled
    assert (looked.kept.said, looked.kept.problem) == ("", "")


def test_a_picture_is_the_one_that_stood(looked):
    """So its marks glide: the same widget, with the same look and other rows."""
    figure, look = looked.out.children[0], looked.out.children[0].picture["spec"]
    looked.controls["nurses"].value = 6
    assert looked.out.children == (figure,)
    assert figure.picture["spec"] == look


def test_a_sum_that_is_refused_says_why():
    def refuses(nurses, **_):
        if nurses > 4:
            raise Refusal("There are only 4 rooms.")
        return 1

    panel = made(refuses)
    panel.prediction.value = SOME
    panel.go.click()
    panel.controls["nurses"].value = 5
    assert panel.said.text == "There are only 4 rooms."
    panel.controls["nurses"].value = 4
    assert panel.said.text == "1 people wait."


def test_300_changes_leave_nothing_behind(looked):
    """Oracle: the widgets that there are, and the memory that the process holds, before and after."""
    looked.comparing.click()
    looked.showing.click()
    known = ipywidgets.widgets.widget._instances

    def change(times):
        for turn in range(times):
            looked.controls["nurses"].value = 1 + turn % 6
        gc.collect()

    change(20)
    before, held = len(known), psutil.Process().memory_info().rss
    change(300)
    assert len(known) == before
    assert psutil.Process().memory_info().rss - held < 20_000_000  # bytes


# The code that brings a page back


def test_a_code_brings_the_page_back(looked):
    looked.controls["nurses"].value, looked.controls["season"].value = 2, "winter"
    assert looked.code == "clinic: nurses=2, busy=no, season=2, predicted=1, came=2"
    assert looked.kept.code == looked.code
    other = made()
    other.back_to(looked.code)
    assert other.values() == looked.values()
    assert (other.said.text, other.predicted.text) == (looked.said.text, looked.predicted.text)
    assert other.code == looked.code


def test_a_code_from_before_the_look_brings_back_the_question():
    other = made()
    other.back_to("clinic: nurses=5, busy=yes, season=1, predicted=2")
    assert (other.values()["nurses"], other.prediction.value, other.said.text) == (5, SOME, "")
    assert not other.go.disabled


def test_a_file_brings_the_page_back(looked, tmp_path):
    place = looked.keep(tmp_path / "clinic.txt")
    other = made()
    other.back_to_file(place)
    assert other.code == looked.code
    assert said(lambda: other.back_to_file(tmp_path / "no.txt")) == (
        'There is no file "no.txt". Choose the file that you kept.'
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("  ", "Paste a code first."),
        ("hello", 'This is not a code. A code begins with "clinic:". Copy it again, whole.'),
        ("ward: x=1", 'This code is of the page "ward", and this page is "clinic". Open it there.'),
        (
            "clinic: nurses=2, busy=n",
            'The code does not say "season". It may be cut short: copy it again, whole.',
        ),
        (
            "clinic: nurses=9, busy=no, season=1",
            'In the code, "nurses" is "9"; it must be from 1 to 6, in steps of 1.',
        ),
        (
            "clinic: nurses=1e1, busy=no, season=1",
            'In the code, "nurses" is "1e1"; it must be from 1 to 6, in steps of 1.',
        ),
        ("clinic: nurses=2, busy=2, season=1", 'In the code, "busy" is "2"; it must be yes or no.'),
        (
            "clinic: nurses=2, busy=no, season=3",
            'In the code, "season" is "3"; it must be a whole number from 1 to 2.',
        ),
        (
            "clinic: nurses=2, busy=no, season=1, predicted=0",
            'In the code, "predicted" is "0"; it must be a whole number from 1 to 2.',
        ),
    ],
)
def test_a_code_that_can_not_be_used_is_answered_with_a_sentence_and_changes_nothing(looked, code, sentence):
    before = looked.code
    assert said(lambda: looked.back_to(code)) == sentence
    looked.kept._handle_custom_msg({"kind": "back", "code": code}, [])
    assert (looked.kept.problem, looked.kept.said) == (sentence, "")
    assert looked.code == before


def test_a_slider_in_parts_of_one_is_kept_exactly():
    slider = Slider("Hours", value=0.3, min=0.1, max=1.0, step=0.1)
    assert values_of(slider) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]


# Long sums


@pytest.fixture
def with_loop(monkeypatch):
    """As in a notebook: what takes long goes on beside the page."""
    monkeypatch.setattr("flowlib.show.at_work.asyncio.get_running_loop", asyncio.events.get_running_loop)


async def until(condition):
    """Wait until something holds; the test fails if it never does."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError


def test_a_long_sum_is_worked_to_its_end_where_nothing_runs_later():
    begun = []
    panel = made(in_pieces(3, begun))
    panel.prediction.value = NONE
    panel.go.click()
    assert begun == [(3, 1), (3, 2), (3, 3)]
    assert panel.said.text == "5 people wait."
    assert not panel.working.busy


@pytest.mark.usefixtures("with_loop")
def test_a_long_sum_says_that_it_is_an_estimate_until_it_ends():
    """What stood on the page after each piece; no verdict on the prediction before the last."""
    seen = []

    async def run():
        panel = made(in_pieces(3, []))
        panel.said.observe(lambda change: seen.append((change["new"], panel.predicted.text)), "text")
        panel.prediction.value = SOME
        panel.go.click()
        assert panel.working.busy
        await until(lambda: panel.predicted.text)
        assert not panel.working.busy

    asyncio.run(run())
    coming = "This is being worked out. The first estimate comes in a moment."
    assert seen == [(coming, ""), ("An estimate so far: 5 people wait.", ""), ("5 people wait.", "")]


@pytest.mark.usefixtures("with_loop")
def test_while_a_setting_waits_for_its_first_estimate_nothing_stands_that_is_of_another():
    """The old picture keeps its room, so that nothing jumps, and is seen again with the first estimate."""

    def slow(**values):
        time.sleep(0.05)
        yield from in_pieces(2, [])(**values)

    async def run():
        panel = made(slow)
        panel.prediction.value = SOME
        panel.go.click()
        await until(lambda: panel.said.text == "5 people wait.")
        panel.controls["nurses"].value = 2
        assert panel.said.text == "This is being worked out. The first estimate comes in a moment."
        assert panel.changed.text == "Changed: Nurses on duty 2 (today 3)."
        assert panel.out.layout.visibility == "hidden"
        await until(lambda: panel.said.text == "10 people wait.")
        assert panel.out.layout.visibility == "visible"
        panel.comparing.click()  # of the same settings: what stands is theirs
        assert (panel.said.text, panel.out.layout.visibility) == ("10 people wait.", "visible")
        await until(lambda: panel.compared.text)
        panel.controls["nurses"].value = 6
        panel._stop()
        assert panel.said.text == ""

    asyncio.run(run())


@pytest.mark.usefixtures("with_loop")
def test_a_newer_request_puts_an_older_one_away():
    """Oracle: the pieces begun. Of the older sum's 1,000 only a few; of the newer one, all."""
    begun = []

    def slow(**values):
        for estimate in in_pieces(1_000 if values["nurses"] == 1 else 3, begun)(**values):
            time.sleep(0.002)
            yield estimate

    async def run():
        panel = made(slow, at={"nurses": 1})
        panel.prediction.value = SOME
        panel.go.click()
        await until(lambda: begun)
        for nurses in (4, 5, 2):
            panel.controls["nurses"].value = nurses
        await until(lambda: not panel.working.busy)
        assert panel.said.text == "10 people wait."
        assert panel.predicted.text == ""  # the question was about 1 nurse, and its sum was put away

    asyncio.run(run())
    assert len([nurses for nurses, _ in begun if nurses == 1]) < 50
    assert begun[-3:] == [(2, 1), (2, 2), (2, 3)]


@pytest.mark.usefixtures("with_loop")
def test_stop_stops():
    begun = []

    def slow(**values):
        for estimate in in_pieces(1_000, begun)(**values):
            time.sleep(0.002)
            yield estimate

    async def run():
        panel = made(slow)
        panel.prediction.value = SOME
        panel.go.click()
        await until(lambda: panel.said.text.startswith("An estimate"))
        panel.working._handle_custom_msg({"kind": "stop"}, [])
        assert not panel.working.busy
        pieces = len(begun)
        await asyncio.sleep(0.1)
        assert len(begun) <= pieces + 1  # the piece that was at work ends
        assert panel.next.text == "Stopped. Move a control to go on."
        assert panel.said.text.startswith("An estimate so far")

    asyncio.run(run())


@pytest.mark.usefixtures("with_loop")
def test_the_page_answers_while_a_long_sum_works():
    """Oracle: a clock on the page's own loop, which never stands still for as long as one piece of work takes."""
    gaps = []

    def slow(**values):
        for piece in range(1, 5):
            time.sleep(0.08)
            yield Estimate(waiting(**values), piece / 4)

    async def run():
        panel = made(slow)
        panel.prediction.value = SOME
        panel.go.click()
        while not panel.predicted.text:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            gaps.append(time.perf_counter() - before)

    asyncio.run(run())
    assert sorted(gaps)[len(gaps) * 9 // 10] < 0.04


@pytest.mark.usefixtures("with_loop")
def test_today_is_worked_out_first_where_it_is_a_long_sum():
    async def run():
        panel = made(in_pieces(2, []))
        panel.prediction.value = SOME
        panel.go.click()
        await until(lambda: panel.predicted.text)
        panel.controls["nurses"].value = 4
        await until(lambda: panel.said.text == "0 people wait.")
        panel.comparing.click()
        await until(lambda: panel.compared.text)
        assert panel.compared.text == "Today 5, then 0."

    asyncio.run(run())


@pytest.mark.usefixtures("with_loop")
def test_what_goes_wrong_in_a_long_sum_is_said():
    def breaks(**_):
        yield Estimate(1, 0.5)
        raise Refusal("The beds ran out.")

    async def run():
        panel = made(breaks)
        panel.prediction.value = SOME
        panel.go.click()
        await until(lambda: panel.said.text == "The beds ran out.")
        assert not panel.working.busy

    asyncio.run(run())


def test_an_error_nobody_foresaw_is_said_and_raised():
    panel = made(lambda **_: {}["missing"])
    panel.prediction.value = SOME
    with pytest.raises(KeyError):
        panel.go.click()
    assert panel.said.text.startswith("That did not work: KeyError, 'missing'.")


def test_work_that_fails_where_nothing_runs_later_is_handed_over():
    failures, rests = [], []

    def breaks():
        yield Estimate(1, 0.5)
        raise ValueError

    AtWork(lambda _: None, failed=failures.append, idle=lambda: rests.append(1)).begin(breaks())
    assert [type(failure) for failure in failures] == [ValueError]
    assert rests == [1]


# What a lesson may not do


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "A clinic"}, 'A name is in small letters, such as "averages"; "A clinic" came.'),
        (
            {"at": {"nurse": 1}},
            'No control called "nurse"; there are "nurses", "busy", "season". Did you mean "nurses"?',
        ),
    ],
)
def test_a_what_if_that_can_not_work_is_refused(wrong, sentence):
    assert said(lambda: made(**wrong)) == sentence


def test_a_control_can_not_take_a_word_of_the_code():
    with pytest.raises(Refusal, match=r'^Controls cannot be called "came"\. Use small letters, and another word\.$'):
        TryIt(
            "x",
            {"came": Tick("x")},
            ask=int,
            draw=str,
            say=str,
            compare=str,
            predict=Question("x", "ab", str),
            name="x",
        )


def test_a_choice_and_a_tick_refuse_what_they_do_not_have():
    assert said(lambda: Choice("Season", ["summer"])) == '"Season" needs at least two options, all different.'
    assert said(lambda: Tick(" ")) == "A control needs a label that says what it changes."
    choice = Choice("Season", ["summer", "winter"])
    with pytest.raises(Refusal, match=r'^No option of "Season" called "wintr"; .* Did you mean "winter"\?$'):
        choice.value = "wintr"


def test_a_redrawn_chart_names_its_data_and_its_finding():
    assert said(lambda: BARS.filled({}, finding=" ", unit="x")) == (
        "A chart needs a title that says what it shows, and its unit."
    )


# On paper


def test_on_paper_a_what_if_asks_its_question_and_names_its_controls():
    still = made().still()
    for words in ("<h3>How many nurses?</h3>", "Does anybody wait?", "Nurses on duty: <strong>3 nurses</strong>",
                  "A busy day: <strong>no</strong>", "Season: <strong>summer</strong>"):  # fmt: skip
        assert words in still
    assert "5 people wait." in still
    assert 'aria-label="5 people wait"' in still


def test_on_paper_a_long_sum_is_left_out():
    still = made(in_pieces(3, [])).still()
    assert "Does anybody wait?" in still
    assert "people wait." not in still


# The page to send


def test_a_page_that_would_hold_too_much_is_refused_with_what_to_make_coarser(tmp_path):
    """Oracle: 400 settings times 2 times 2."""
    panel = made(most=400)
    assert said(lambda: panel.save(tmp_path / "x.html")) == (
        "The page would hold 1,600 results, and 1,000 is the most. "
        'Make "Nurses on duty" coarser, which has 400 settings.'
    )
    assert said(lambda: panel.save(tmp_path / "x.html", steps={"nurses": 3})) == (
        '"Nurses on duty" starts at 3, which these steps leave out.'
    )
    assert said(lambda: panel.save(tmp_path / "x.html", steps={"busy": 3})) == (
        'Only sliders have steps, and "busy" is none. Leave it out.'
    )
    assert said(lambda: made().save(tmp_path / "none" / "x.html")) == (
        'There is no folder "none". Make it first, or choose another.'
    )
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_would_be_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pocket, "MOST_BYTES", 900_000)
    assert said(lambda: made().save(tmp_path / "x.html")).startswith(
        'The page would have 0.9 million bytes, and 0.9 million bytes is the most. Make "Nurses on duty" coarser'
    )


def test_making_a_page_tells_how_far_it_is(tmp_path):
    """Oracle: 6 nurses times 2 times 2 are 24 results, and then the page itself."""
    shares = []
    panel = made()
    panel.saved.making.observe(lambda change: shares.append(change["new"]), "share")
    panel.save(tmp_path / "clinic.html", steps={"nurses": 1})
    assert shares == sorted(shares)
    assert len(shares) == 25
    assert shares[-1] == 1
    assert not panel.saved.making.busy
    assert panel.saved.told.text.startswith("The page is “clinic.html”, in the folder")


def test_the_button_makes_the_page_in_the_folder_of_the_team(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", tmp_path / "data")
    panel = made()
    panel.page.click()
    assert not panel.page.problem
    page = tmp_path / "own" / "23_clinic.html"
    assert panel.saved.told.text == (
        "The page is “23_clinic.html”, in the folder “own”. "
        f"That folder is in the folder “{tmp_path.name}” on this computer."
    )
    assert (panel.saved.told.file, panel.saved.told.content) == (page.name, page.read_bytes())
    panel.reset()
    assert (panel.saved.told.text, panel.saved.told.file) == ("", "")


def test_no_page_is_written_over(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", tmp_path / "data")
    panel = made()
    panel.page.click()
    first = (tmp_path / "own" / "23_clinic.html").read_bytes()
    panel.controls["nurses"].value = 2
    panel.page.click()
    panel.page.click()
    assert sorted(page.name for page in (tmp_path / "own").iterdir()) == [
        "23_clinic.html", "23_clinic_2.html", "23_clinic_3.html",
    ]  # fmt: skip
    assert (tmp_path / "own" / "23_clinic.html").read_bytes() == first
    assert panel.saved.told.file == "23_clinic_3.html"


def test_a_page_that_can_not_be_made_says_why_below_its_button(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", tmp_path / "data")
    panel = made(most=400)
    panel.page.click()
    assert panel.saved.told.text.startswith("No page was made. The page would hold 1,600 results")


def test_a_page_can_have_coarser_sliders_from_the_start(tmp_path):
    """Oracle: 3 numbers of nurses (1, 3 and 5), times 2 times 2: 12 results and the page itself."""
    shares = []
    panel = made(page_steps={"nurses": 2})
    panel.saved.making.observe(lambda change: shares.append(change["new"]), "share")
    panel.save(tmp_path / "clinic.html")
    assert len(shares) == 13


def test_a_redrawn_chart_has_no_number_that_a_page_cannot_read():
    """JSON has no NaN: what is not known goes as null."""
    lines = Redrawn(lambda alt: alt.Chart(alt.Data(name="line")).mark_line().encode(x="day:Q", y="people:Q"))
    rows = pd.DataFrame({"day": [1, 2], "people": [3.0, None]})
    spec = lines.filled({"line": rows}, finding="3 people wait", unit="People").to_dict()
    assert json.loads(json.dumps(spec["datasets"], allow_nan=False)) == {
        "line": [{"day": 1, "people": 3.0}, {"day": 2, "people": None}]
    }
