"""The panels without a browser: what a control asks of the sums, and what it says of the answer."""

import re
import zlib

import pytest
from openpyxl import load_workbook
from own_files import ward_workbook

from flowlib import Refusal
from flowlib.core import data, session
from flowlib.redesign.what_if import what_if
from flowlib.show import Panel, map_panel, panels, stories
from flowlib.show.map_panel import LABEL
from flowlib.show.stories import Part


@pytest.fixture(scope="module")
def model():
    return what_if(data.journey().until("2025-05-05"), "Home First", places=75)


@pytest.fixture(autouse=True)
def no_loop(monkeypatch):
    """Outside a notebook nothing runs later, so a panel answers at once; a browser test nearby leaves a loop behind."""

    def none():
        raise RuntimeError

    for room in (panels, map_panel):
        monkeypatch.setattr(room.asyncio, "get_running_loop", none)


@pytest.fixture
def session_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FLOWLIB_SESSION", str(tmp_path))
    return tmp_path


def test_nothing_runs_before_a_prediction(model):
    panel = panels.WhatIfPanel(model)
    assert panel.go.disabled
    panel.prediction.value = model.guesses()[1]
    assert not panel.go.disabled


def test_the_panel_says_what_the_model_answers(model):
    """Oracle: the model asked directly."""
    panel = panels.WhatIfPanel(model)
    panel.prediction.value = model.guesses()[1]
    panel.places.value = 85
    panel.go.click()
    answer = model.ask(places=85)
    assert panel.said.text == answer.sentence()
    assert panel.predicted.text == answer.prediction(model.guesses()[1])
    panel.stay.value = 90
    assert panel.said.text == model.ask(places=85, stay=0.9).sentence()


def test_back_puts_everything_as_it_was(model):
    panel = panels.WhatIfPanel(model)
    before = panel.figure.description
    panel.prediction.value = model.guesses()[0]
    panel.places.value, panel.arrivals.value, panel.stay.value = 100, 80, 80
    panel.go.click()
    assert panel.figure.description != before
    panel.back()
    assert (panel.places.value, panel.arrivals.value, panel.stay.value) == (75, 100, 100)
    assert panel.figure.description == before
    assert panel.prediction.value is None
    assert panel.go.disabled


@pytest.mark.parametrize("places", [37, 150])
def test_the_ends_of_the_sliders_answer_too(model, places):
    panel = panels.WhatIfPanel(model)
    panel.prediction.value = model.guesses()[0]
    panel.go.click()
    panel.places.value, panel.arrivals.value, panel.stay.value = places, 130, 130
    assert "people would wait for Home First" in panel.said.text


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
