"""The panels without a browser: what a control asks of the sums, and what it says of the answer."""

import base64
import json
import math
import re
import zlib
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import load_workbook
from own_files import ward_workbook

from flowlib import EventLog, Refusal
from flowlib.core import data, session
from flowlib.redesign.what_if import what_if
from flowlib.show import Panel, at_work, charts, map_panel, panels, pocket, stories
from flowlib.show.map_panel import LABEL
from flowlib.show.stories import Part

GUESS = "Shorter, but not by half"


@pytest.fixture(scope="module")
def model():
    return what_if(data.journey().until("2025-05-05"), "Home First", places=75)


@pytest.fixture(autouse=True)
def no_loop(monkeypatch):
    """Outside a notebook nothing runs later, so a panel answers at once; a browser test nearby leaves a loop behind."""

    def none():
        raise RuntimeError

    for room in (at_work, map_panel):
        monkeypatch.setattr(room.asyncio, "get_running_loop", none)


@pytest.fixture
def session_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FLOWLIB_SESSION", str(tmp_path))
    return tmp_path


@pytest.fixture
def looked(model):
    """The what-if after a prediction and a look at 10 more places."""
    panel = panels.what_if_panel(model)
    panel.prediction.value = GUESS
    panel.controls["places"].value = 85
    panel.go.click()
    return panel


def one_time_log():
    """500 journeys of 20 hours, one every 2 hours, of which only two times are known: no waits."""
    frame = pd.DataFrame({"who": [f"p{k}" for k in range(500)] * 2, "what": ["in"] * 500 + ["out"] * 500})
    hours = [2 * k for k in range(500)] + [2 * k + 20 for k in range(500)]
    frame["when"] = pd.Timestamp("2025-01-06") + pd.to_timedelta(hours, unit="h")
    return EventLog.from_frame(frame, person="who", step="what", finished="when")


def test_nothing_runs_before_a_prediction(model):
    panel = panels.what_if_panel(model)
    assert panel.go.disabled
    assert (panel.said.text, panel.out.children) == ("", ())
    panel.prediction.value = GUESS
    assert not panel.go.disabled


def test_the_panel_says_what_the_model_answers(looked, model):
    """Oracle: the model asked directly, with the same changes."""
    answer = model.ask(places=85)
    assert looked.said.text == answer.sentence()
    assert looked.predicted.text == f"You predicted “{GUESS}”, and so it was. What made you think so?"
    for key, value, changed in (
        ("stay", 90, {"places": 85, "stay": 0.9}),
        ("arrivals", 110, {"places": 85, "stay": 0.9, "arrivals": 1.1}),
        ("places", 70, {"places": 70, "stay": 0.9, "arrivals": 1.1}),
    ):
        looked.controls[key].value = value
        assert looked.said.text == model.ask(**changed).sentence()
    looked.comparing.click()
    assert looked.compared.text == model.ask(places=70, stay=0.9, arrivals=1.1).compared()


def test_what_the_model_takes_for_granted_stays_in_view(model, looked):
    """On the screen, on paper, and on a page to send at each of its stages."""
    note = f"{model.note} As it is, people wait 3.1 days on average."
    assert looked.note.text == note
    assert note in panels.what_if_panel(model).still()
    said = looked._for_pocket({}).words
    assert [said[stage].endswith(note) for stage in ("first", "then", "again")] == [True] * 3
    assert said["go"] == "See what happens"


def test_start_again_puts_everything_as_it_was(looked):
    looked.controls["arrivals"].value, looked.controls["stay"].value = 80, 80
    looked.again.click()
    assert looked.values() == {"places": 75, "arrivals": 100, "stay": 100}
    assert (looked.prediction.value, looked.out.children, looked.said.text) == (None, (), "")
    assert looked.go.disabled


def test_a_code_brings_the_what_if_back_and_only_that_of_its_step(looked, model):
    assert looked.code == "what_if_home_first: places=85, arrivals=100, stay=100, predicted=2, came=2"
    other = panels.what_if_panel(model)
    other.back_to(looked.code)
    assert (other.said.text, other.predicted.text) == (looked.said.text, looked.predicted.text)
    whole = panels.what_if_panel(one_time_log())
    with pytest.raises(Refusal, match=r'^This code is of the page "what_if_home_first", and this page is "what_if_the'):
        whole.back_to(looked.code)


@pytest.mark.parametrize("end", ["min", "max"])
def test_the_ends_of_the_sliders_answer_too(looked, end):
    for slider in looked.controls.values():
        slider.value = getattr(slider, end)
    assert looked.said.text.startswith("With these changes people would wait for Home First ")


@pytest.mark.parametrize("places", [1, 2, 3, 7, 17, 40, 75, 212, 430, 1_999])
def test_places_run_from_half_to_double_and_a_page_of_them_can_be_sent(model, places):
    """At least so far, and at most one step of the page further; the page begins at today and stays below 1,000."""
    panel = panels.what_if_panel(replace(model, places=places, _now=model._now))
    slider, step = panel.controls["places"], panel._page_steps["places"]
    fewest, most = max(1, places // 2), max(2 * places, places + 4)
    assert max(fewest - step, 0) < slider.min <= fewest
    assert most <= slider.max < most + step
    offered = panel._for_pocket({}).grid()
    assert places in offered["places"]
    assert {90, 100, 110} < set(offered["stay"]) == set(offered["arrivals"])
    assert math.prod(map(len, offered.values())) <= pocket.MOST_RESULTS


def test_the_page_to_send_holds_what_the_panel_says(model, tmp_path):
    """Oracle: the model asked directly at a corner of the page."""
    panel = panels.what_if_panel(model)
    place = panel.save(tmp_path / "page.html", steps={"places": 40, "arrivals": 30, "stay": 30})
    packed = re.search(r'id="held">([^<]+)<', place.read_text(encoding="utf-8"))[1]
    held = json.loads(zlib.decompress(base64.b64decode(packed)))
    corner = model.ask(places=35, arrivals=0.7, stay=0.7)
    assert [held["texts"][number] for number in held["states"][0][:2]] == [corner.sentence(), corner.compared()]
    assert len(held["states"]) == 4 * 3 * 3


def test_a_log_without_waits_is_asked_how_many_are_there_at_once():
    """By Little's law 1 in 2 hours for 20 hours each are 10 at once, within 4 standard errors: no places to change."""
    panel = panels.what_if_panel(one_time_log())
    assert list(panel.controls) == ["arrivals", "stay"]
    assert panel.heading == "How many people would be on the way at once?"
    there = float(re.search(r"As it is, ([\d.]+) people are on the way at once\.$", panel.note.text)[1])
    assert there == pytest.approx(10, abs=0.4)
    panel.prediction.value = "Fewer, but not by half"
    panel.controls["stay"].value = 70
    panel.go.click()
    assert panel.predicted.text == "You predicted “Fewer, but not by half”, and so it was. What made you think so?"
    panel.comparing.click()
    assert panel.compared.text.startswith("That is 3.0 people fewer than today.")  # 3 in 10 of 10


def test_a_sum_that_takes_long_is_shown_as_it_grows(model, monkeypatch):
    """Where all 10 runs are more than one piece of work, 2 or 3 at a time are; the last answer is the whole one."""
    whole = panels.what_if_panel(model)._ask(places=85, arrivals=100, stay=100)
    monkeypatch.setattr("flowlib.redesign.what_if.PIECE", 3 * model.a_day * (model.days + model.warm_up_days))
    panel = panels.what_if_panel(model)
    pieces = list(panel._ask(places=85, arrivals=100, stay=100))
    assert [piece.share for piece in pieces] == [0.3, 0.6, 0.9, 1.0]
    assert pieces[-1].result.sentence() == whole.sentence()
    assert "people would wait" not in panel.still()  # on paper a long sum is left out


@pytest.mark.parametrize("places", [70, 85, 37])
def test_the_picture_shows_both_means_their_ranges_and_a_scale_that_holds_them(model, places):
    """Oracle: the answer's own numbers; the scale is 1.8 times today's range, or doubled until all is inside."""
    answer = model.ask(places=places, arrivals=1.3 if places == 37 else 1.0)
    drawn = charts.what_if(answer).chart.to_dict()
    bars, [end] = drawn["datasets"]["bars"], drawn["datasets"]["end"]
    assert [(bar["mean"], bar["low"], bar["high"]) for bar in bars] == [answer.now, answer.then]
    doubled = math.log2(end["mean"] / (1.8 * answer.now[2]))
    assert doubled == pytest.approx(round(doubled))
    assert answer.then[2] <= end["mean"]
    assert drawn["datasets"]["today"] == []
    beside = charts.what_if(answer, model.ask()).chart.to_dict()
    assert beside["datasets"]["today"] == [{"mean": answer.now[0]}]


def test_the_table_of_the_picture_has_the_difference_too(model):
    answer = model.ask(places=85)
    table = charts.what_if(answer).table
    assert list(table.columns) == ["what", "mean, days", "from", "to"]
    assert table.iloc[2].tolist() == ["Difference", *(round(number, 1) for number in answer.difference)]


def test_a_prediction_hides_the_parts_until_it_is_made():
    seen = panels.PredictThenLook("Which?", ["this", "that"], lambda: [Part("It was that.")], answer="that")
    assert seen.out.children == ()
    seen.prediction.value = "this"
    seen.go.click()
    assert seen.out.children[0].text == "It was that."
    assert seen.said.text == "You predicted “this”, and it was “that”."
    assert "It was that." in seen.still()


def test_a_file_is_used_only_after_it_is_confirmed(session_folder, tmp_path):
    file = panels.OwnFile(stories.mapped)
    file.propose(ward_workbook(tmp_path / "file.xlsx"), "our clinic.xlsx")
    assert "Nothing has been read yet" in file.said.text
    assert session.own() is None
    assert file.columns["person"].value == "Patient"
    file.confirm.click()
    assert file.out.children[0].text.startswith('320 rows were read from "our clinic.xlsx"; 319 are used')
    assert not file.confirm.problem
    assert set(session.own().steps) == {"Referral", "Memory clinic"}
    assert file.out.children
    file.forget.click()
    assert session.own() is None
    assert list(session_folder.glob("*.parquet")) == []


@pytest.mark.usefixtures("session_folder")
def test_the_map_of_an_own_file_slides_and_is_silent_about_few_people(tmp_path):
    """Oracle: the workbook, in which 20 people come to a third step and 3 to a fourth, which is on no map."""
    place = ward_workbook(tmp_path / "clinic.xlsx")
    book = load_workbook(place)
    for number in range(6, 26):
        book.active.append([f"M{number:03}", "Home visit", *["20/08/2026 10:00"] * 3, ""])
    for number in range(6, 9):
        book.active.append([f"M{number:03}", "Hospice", *["21/08/2026 10:00"] * 3, ""])
    book.save(place)
    file = panels.OwnFile(stories.mapped)
    file.propose(place, "clinic.xlsx")
    file.confirm.click()
    (shown,) = [one for one in file.out.children if isinstance(one, Panel)]
    (slider, _), figure, said = shown.children[0].children, *shown.children[1:]
    assert (slider.label, slider.value) == (LABEL, 80)
    for percent in (50, 80, 90, 100):
        slider.value = percent
        drawn = f"{zlib.decompress(figure.picture['tables'])} {figure.picture} {said.text}"
        assert "Hospice" not in drawn
        assert not re.findall(r">[1-7]<", figure.picture["table"])
        assert ("Home visit" in drawn) == (percent > 80)


@pytest.mark.usefixtures("session_folder")
def test_a_wrong_column_is_refused_below_the_button(tmp_path):
    file = panels.OwnFile(stories.mapped)
    file.propose(ward_workbook(tmp_path / "clinic.xlsx"), "clinic.xlsx")
    file.columns["arrived"].value = "Consultant"
    file.confirm.click()
    assert 'Column "Consultant" does not hold dates' in file.confirm.problem
    assert session.own() is None


def test_columns_that_were_not_named_are_nowhere(session_folder, tmp_path):
    file = panels.OwnFile(stories.mapped)
    file.propose(ward_workbook(tmp_path / "clinic.xlsx"), "clinic.xlsx")
    file.confirm.click()
    assert "not to be kept" not in session.own().frame.to_csv()
    assert b"not to be kept" not in next(session_folder.glob("*.parquet")).read_bytes()


def test_confirming_without_a_file_is_refused():
    with pytest.raises(Refusal, match="Choose a file first"):
        panels.OwnFile(stories.mapped).accept()


def test_the_change_panel_draws_for_the_date_chosen():
    panel = panels.ChangePanel(data.journey())
    first = [child.still() for child in panel.out.children]
    panel.date.value = panel.date.options[3][1]
    assert [child.still() for child in panel.out.children] != first


@pytest.mark.usefixtures("session_folder")
def test_a_list_with_a_column_for_each_moment_is_confirmed_moment_by_moment(tmp_path):
    """The team says that departures are in another column than was proposed; the steps then end there."""
    header = "attendance_id,arrival_dt,triage_dt,seen_dt,departure_dt,left_dt"
    clock = [f"13/01/2026 {hour}:00" for hour in ("09", "10", "11", "12", "13")]
    (tmp_path / "ed.csv").write_text("\n".join([header, *(f"A{n},{','.join(clock)}" for n in range(3))]))
    file = panels.OwnFile(stories.mapped)
    file.propose(tmp_path / "ed.csv", "ed.csv")
    assert "This looks like an emergency department list" in file.said.text
    assert list(file.columns) == ["person", "arrival", "triage", "seen", "departure"]
    file.columns["departure"].value = "left_dt"
    file.confirm.click()
    assert not file.confirm.problem
    assert session.own().steps == ["arrival to triage", "triage to seen", "seen to departure"]
    assert session.own().times_in_step()["mean_hours"].tolist() == [1, 1, 2]
