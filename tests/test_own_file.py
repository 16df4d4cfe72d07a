"""A team's own file on screen: times in two columns, who is on the list twice, and what is said, in plain words."""

import re

import pytest
from refusals import said

from flowlib.core import session
from flowlib.show import stories
from flowlib.show.own_file import NOT_SAID, OwnFile

DAYS = range(1, 13)
CODE = re.compile(r"\w=|not_identities|midnight|sheet=|\[")
PAIRS = "id,ward,arrival date,arrival time,departure date,departure time"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    """Nothing that is read here stays."""
    (tmp_path / "session").mkdir()
    monkeypatch.setenv("FLOWLIB_SESSION", str(tmp_path / "session"))


def proposed(tmp_path, lines, name="list.csv"):
    """The panel after a file with these lines came."""
    (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    file = OwnFile(stories.diagnosed)
    file.propose(tmp_path / name, name)
    return file


def in_two_columns(tmp_path):
    """Stays from 09:05 to 17:35, with dates and clock times apart."""
    return proposed(tmp_path, [PAIRS, *(f"P{n},A1,{n:02d}/01/2026,09:05,{n:02d}/01/2026,17:35" for n in DAYS)])


def mean_hours():
    return session.own().times_in_step()["mean_hours"].tolist()


def labels(file):
    return [box.description for box in file.choices.children if hasattr(box, "options")]


def test_a_clock_time_is_asked_for_below_its_date(tmp_path):
    """Both pairs are proposed; confirmed as they are, a stay is 8 hours and a half."""
    file = in_two_columns(tmp_path)
    assert {role: box.value for role, box in file.clocks.items()} == {
        "arrived": "arrival time", "left": "departure time"
    }  # fmt: skip
    shown = labels(file)
    assert shown[shown.index("When did they join the queue?") + 1] == "Clock time for “joined the queue”"
    assert shown[shown.index("When did they leave?") + 1] == "Clock time for “left”"
    file.confirm.click()
    assert file.confirm.problem == ""
    assert mean_hours() == [pytest.approx(8.5)]


def test_a_time_that_is_unset_takes_its_clock_time_with_it(tmp_path):
    """Without arrivals one time is left, and nothing is refused."""
    file = in_two_columns(tmp_path)
    file.columns["arrived"].value = NOT_SAID
    file.confirm.click()
    assert file.confirm.problem == ""
    assert session.own().frame["arrived"].isna().all()
    assert set(session.own().frame["left"].dropna().dt.strftime("%H:%M")) <= {"17:35"}


def test_a_clock_time_can_be_taken_off(tmp_path):
    """Then the day counts, and the leaving clock time stands."""
    file = in_two_columns(tmp_path)
    file.clocks["arrived"].value = NOT_SAID
    file.confirm.click()
    assert file.confirm.problem == ""
    assert set(session.own().frame["arrived"].dt.strftime("%H:%M")) == {"00:00"}


def test_a_date_from_another_column_has_no_clock_time_of_the_old(tmp_path):
    """The list of clock times goes back to none, where it can be chosen anew."""
    file = in_two_columns(tmp_path)
    file.columns["arrived"].value = "departure date"
    assert file.clocks["arrived"].value == NOT_SAID
    assert file.clocks["left"].value == "departure time"


def test_moments_of_a_list_have_their_clock_times_too(tmp_path):
    """By head: 09:00, 10:00, 11:30 and 13:30 are steps of 1, 1.5 and 2 hours."""
    header = "attendance_id,arrival date,arrival time,triage date,triage time,seen date,seen time"
    header += ",departure date,departure time"
    lines = [f"A{n},{','.join(f'{n:02d}/01/2026,{at}' for at in ('09:00', '10:00', '11:30', '13:30'))}" for n in DAYS]
    file = proposed(tmp_path, [header, *lines])
    assert list(file.clocks) == ["arrival", "triage", "seen", "departure"]
    file.confirm.click()
    assert file.confirm.problem == ""
    assert mean_hours() == [1, 1.5, 2]


def test_who_is_on_the_list_twice_is_asked_where_it_is_proposed(tmp_path):
    """A waiting list with a pathway and a patient: the patient tells it, is not kept, and can be left out."""
    header = "pathway_id,patient_id,referral_dt,clock_start,removal_dt"
    lines = [f"W{n},P{n},{n:02d}/01/2026,{n:02d}/02/2026,{n:02d}/03/2026" for n in DAYS]
    file = proposed(tmp_path, [header, *lines])
    assert file.whose is not None
    assert file.whose.value == "patient_id"
    assert "Which column tells who is on the list twice?" in labels(file)
    taken = file._options(file._proposal)
    file.whose.value = NOT_SAID
    assert taken["whose"] == "patient_id"
    assert "whose" not in file._options(file._proposal)
    file.confirm.click()
    assert file.confirm.problem == ""


def test_what_cannot_be_read_and_what_is_passed_over_stands_in_words(tmp_path):
    """A title above the names, and a column named like a time that holds words."""
    lines = ["Ward moves for January", "", "id,ward,arrived,left"]
    file = proposed(tmp_path, [*lines, *(f"P{n},A1,{n:02d}/01/2026 09:05,soon" for n in DAYS)])
    assert [one.text for one in file.warned.children] == [
        (
            '"left" is named like a time, but cannot be read as such. '
            "Write dates day first, such as 25/03/2026, or name other columns."
        ),
        "Rows 1 to 2 stand above the column names, so they were passed over.",
    ]
    assert "passed over" not in file.said.text
    file.confirm.click()
    assert file.warned.children == ()


def test_a_file_that_is_refused_is_told_without_words_of_python(tmp_path):
    """Postcodes stop it below the button; nobody is asked for not_identities."""
    file = proposed(tmp_path, ["id,area,arrived", *(f"P{n},LS{n} 4AP,{n:02d}/01/2026 09:05" for n in DAYS)])
    file.columns["step"].value = "area"
    file.confirm.click()
    assert file.confirm.problem == (
        'Column "area" looks like a postcode, which could show who people are. Leave it out, and name another '
        "column for step. If it shows nobody, ask an analyst to read the file. Nothing was read."
    )
    file.columns["person"].value = NOT_SAID
    told = said(file.accept)
    assert told == "Say which column is the person."
    assert not CODE.search(file.said.text)


def test_the_report_of_an_own_file_says_how_a_slip_is_mended_on_the_screen(tmp_path):
    """A stay that ends before midnight on the wrong date: the list below the columns mends it."""
    lines = [f"P{n},A1,{n:02d}/01/2026 23:40,{n + 1:02d}/01/2026 02:10" for n in DAYS]
    file = proposed(tmp_path, ["id,ward,arrived,left", *lines, "P99,A1,20/01/2026 23:40,20/01/2026 02:10"])
    file.confirm.click()
    told = " ".join(str(getattr(part, "text", "")) for part in file.out.children)
    assert "To mend it, read the file again with “move it to the next day”." in told
    assert not CODE.search(told)
