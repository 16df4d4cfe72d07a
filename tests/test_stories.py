"""What is told and drawn of a log: true to the numbers, and silent about few people."""

import json
import re
from pathlib import Path

import pytest
from own_files import ward_workbook

from flowlib import EventLog, Refusal
from flowlib.core import data
from flowlib.mapping.process_map import process_map
from flowlib.measure.demand import dcaq
from flowlib.show import Figure, charts, stories
from flowlib.show.map_panel import LABEL

SEPSIS = Path(__file__).parents[2] / "shared" / "data" / "sepsis_event_log.csv.gz"
STORIES = [stories.mapped, stories.measured, stories.diagnosed, stories.what_if_told]


@pytest.fixture(scope="module")
def wexmoor():
    return data.journey().until("2025-05-05")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """A team's own workbook, real people as far as the suite knows."""
    place = ward_workbook(tmp_path_factory.mktemp("own") / "clinic.xlsx")
    return EventLog.read(place).accept()


@pytest.fixture(scope="module")
def sepsis():
    if not SEPSIS.is_file():
        pytest.skip("the sepsis log is not on this computer")
    return EventLog.read(SEPSIS).accept()


@pytest.fixture(scope="module", params=["wexmoor", "clinic", "sepsis"])
def log(request):
    return request.getfixturevalue(request.param)


def shown(parts):
    """All that leaves the screen, as one text."""
    return "\n".join(widget.still() for part in parts for widget in part.widgets())


def figures(widget):
    """All pictures within a widget."""
    found = [one for child in getattr(widget, "children", ()) for one in figures(child)]
    return [widget, *found] if isinstance(widget, Figure) else found


@pytest.mark.parametrize("story", STORIES)
def test_each_story_is_told_of_each_kind_of_log(log, story):
    """Three logs: four times a visit; three times; one time an event."""
    parts = story(log)
    assert parts
    assert all(shown([part]) for part in parts)
    assert "nan" not in re.sub(r"<[^>]+>", " ", shown(parts)).lower().split()


@pytest.mark.parametrize("story", STORIES)
def test_each_picture_says_in_words_what_it_shows(log, story):
    """WCAG 2.2, 1.1.1: a picture has a text alternative; ours is a sentence."""
    pictures = [one for part in story(log) for widget in part.widgets() for one in figures(widget)]
    assert all(len(picture.description.split()) >= 4 for picture in pictures)
    assert pictures


def test_counts_of_one_to_seven_real_people_are_in_no_table(sepsis):
    """Oracle: the full counts, of which some are from 1 to 7."""
    steps = process_map(sepsis).steps
    few = set(steps.loc[steps["people"] < 8, "step"])
    assert few
    table = process_map(sepsis).table().set_index("step")
    assert (table.loc[list(few), ["visits", "people", "median_step_hours"]] == "*").all(axis=None)
    for part in stories.mapped(sepsis):
        if part.table is not None:
            for cell in part.table.astype(str).to_numpy().ravel():
                assert not re.fullmatch(r"[1-7]", cell)


def test_the_data_inside_a_picture_hold_no_small_count_of_real_people(clinic):
    """A picture's own data travel with it into a page: weekly counts here are mostly from 1 to 7."""
    made = dcaq(clinic, "Memory clinic", every="week")
    assert made.table["demand"].between(1, 7).any()
    spec = charts.balance(made).chart.to_dict()
    for rows in spec["datasets"].values():
        for row in rows:
            for name in ("people", "queue", "demand", "activity"):
                assert not 0 < (row.get(name) or 0) < 8
                assert (row.get(name) or 0) % 5 == 0


def test_a_step_of_few_people_is_not_on_the_map(sepsis):
    spec = json.dumps(charts.journey_map(process_map(sepsis)).chart.to_dict())
    steps = process_map(sepsis).steps
    for name in steps.loc[steps["people"] < 8, "step"]:
        assert f'"{name}"' not in spec


def test_the_map_of_a_story_slides_and_its_page_keeps_still(clinic):
    assert LABEL in shown(stories.mapped(clinic)[:1])
    assert LABEL not in shown(stories.mapped_briefly(clinic))


def test_names_from_a_file_are_never_taken_for_markup(clinic):
    """A step called like a script stays text wherever it is shown."""
    rows = clinic.frame.copy()
    rows["step"] = rows["step"].replace("Referral", "<img src=x onerror=alert(1)>")
    bad = EventLog(rows, observed=clinic.observed, name="<script>alert(1)</script>")
    for story in (stories.mapped, stories.diagnosed):
        text = shown(story(bad))
        assert "<img" not in text
        assert "&lt;img" in text
    assert "<script" not in stories.heading(bad, bad.name).still()


def test_what_cannot_be_told_is_said_in_a_sentence(clinic):
    few = clinic.until("2026-01-07")
    (said,) = stories.told(stories.what_if_told, few)[:1]
    assert said.text.startswith("This cannot be said of clinic.")


def test_without_a_file_the_page_says_where_to_bring_one(monkeypatch):
    monkeypatch.delenv("FLOWLIB_SESSION", raising=False)
    stories.session.forget()
    assert "at the end of “Map the journey”" in stories.in_your_service(stories.mapped).still()


def test_a_change_without_enough_points_before_it_is_refused(wexmoor):
    with pytest.raises(Refusal, match="at least 12 before and 2 after are needed"):
        stories.changed(wexmoor, "2025-02-03", step="Home First")
