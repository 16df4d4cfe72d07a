"""Is the team's own extract kept for the session, and nothing of it besides?"""

import os
import subprocess
import sys

import pandas as pd
import pytest
from pyarrow import parquet

from flowlib import EventLog
from flowlib.core import data, session
from flowlib.core.eventlog import COLUMNS, TIMES

SECRETS = ("Maureen Hart", "WX1 4QT", "lives alone", "9434765919", "943 476 5919")
# Ten-digit numbers that pass the NHS number's check (modulus 11): made up, as are the people.
NHS_NUMBERS = ("9434765919", "9434765870", "9434765862")


def extract(tmp_path):
    """A team's file, with columns that nobody mapped, read as the panel reads it."""
    table = pd.DataFrame(
        {
            "nhs": [NHS_NUMBERS[k % 3] for k in range(30)],
            "ward": ["A", "B"] * 15,
            "in": [f"{1 + k % 28:02d}/02/2025 09:00" for k in range(30)],
            "out": [f"{1 + k % 28:02d}/02/2025 11:30" for k in range(30)],
            "who": ["Maureen Hart"] * 30,
            "where": ["WX1 4QT"] * 30,
            "notes": ["lives alone"] * 30,
        }
    )
    table.to_csv(tmp_path / "ward list.csv", index=False)
    log = EventLog.read(tmp_path / "ward list.csv", person="nhs", step="ward", arrived="in", left="out")
    (tmp_path / "ward list.csv").unlink()
    return log


@pytest.fixture
def log(tmp_path):
    return extract(tmp_path)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a session, as `flowlib lab` makes it."""
    place = tmp_path / "session"
    place.mkdir(mode=0o700)
    monkeypatch.setenv("FLOWLIB_SESSION", str(place))
    yield place
    session.forget()


@pytest.fixture
def alone(monkeypatch):
    """A notebook that was opened without `flowlib lab`."""
    monkeypatch.delenv("FLOWLIB_SESSION", raising=False)
    yield
    session.forget()


def test_a_log_that_is_kept_comes_back_as_it_was(folder, log):
    """Row by row, with its window, its name, and what was found when it was read."""
    assert "until you close flowlib" in session.keep(log)
    again = session.own()
    pd.testing.assert_frame_equal(again.frame, log.frame)
    assert (again.observed, again.name, again.synthetic) == (log.observed, log.name, False)
    assert again.quality.sentences() == log.quality.sentences()
    assert [file.name for file in folder.iterdir()] == ["own.parquet"]


def test_only_the_mapped_columns_are_on_disk(folder, log):
    """Against every cell and every note of the file: no name, place, remark or NHS number."""
    session.keep(log)
    table = parquet.read_table(folder / "own.parquet")
    kept = " ".join(f"{table[name].to_pylist()}" for name in table.column_names)
    notes = b" ".join([*table.schema.metadata.keys(), *table.schema.metadata.values()]).decode()
    raw = (folder / "own.parquet").read_bytes().decode("latin-1")
    assert set(table.column_names) == set(COLUMNS) - {"run"}
    assert set(table.drop_columns([*TIMES]).to_pandas()["step"]) == {"A", "B"}
    for secret in (*SECRETS, *NHS_NUMBERS):
        assert secret not in kept + notes + raw
    assert log.people == 3


@pytest.mark.skipif(os.name != "posix", reason="other systems keep no such bits")
def test_the_file_is_for_this_person_alone(folder, log):
    session.keep(log)
    assert (folder / "own.parquet").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("folder")
def test_another_notebook_of_the_session_finds_it(log):
    """A second process, which has nothing of this one's memory."""
    session.keep(log)
    code = "from flowlib.core import session; print(len(session.own()))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert told.stdout.split() == [str(len(log))]


def test_with_a_session_folder_nothing_stays_in_memory(folder, log):
    """When the folder goes, as it does when flowlib is closed, the log is gone."""
    session.keep(log)
    (folder / "own.parquet").unlink()
    folder.rmdir()
    assert session.own() is None


def test_a_log_kept_again_takes_the_place_of_the_first(folder, log):
    session.keep(log)
    session.keep(log.only(step="A"))
    assert session.own().steps == ["A"]
    assert [file.name for file in folder.iterdir()] == ["own.parquet"]


def test_a_write_that_fails_leaves_the_log_that_was_there(folder, log, monkeypatch):
    session.keep(log)

    def crash(_, path):
        path.write_bytes(b"half a log")
        raise OSError("The disk is full.")

    monkeypatch.setattr(EventLog, "save", crash)
    with pytest.raises(OSError, match="full"):
        session.keep(log.only(step="A"))
    assert len(session.own()) == len(log)
    assert [file.name for file in folder.iterdir()] == ["own.parquet"]


@pytest.mark.usefixtures("alone")
def test_without_a_session_the_log_is_kept_in_this_notebook_only(log):
    assert session.keep(log) == "It is kept in this notebook only, until you close it."
    assert session.own() is log


@pytest.mark.usefixtures("alone")
def test_a_session_folder_that_is_not_there_is_no_session(log, monkeypatch, tmp_path):
    monkeypatch.setenv("FLOWLIB_SESSION", str(tmp_path / "gone"))
    assert "this notebook only" in session.keep(log)
    assert session.own() is log
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("where", ["folder", "alone"])
def test_what_is_forgotten_is_gone(where, request, log):
    request.getfixturevalue(where)
    session.keep(log)
    assert session.forget() == "Your file is forgotten. The notebooks use Wexmoor again."
    assert session.own() is None
    assert session.forget()  # twice is as good as once


@pytest.mark.parametrize("where", ["folder", "alone"])
def test_the_notebooks_use_the_teams_own_log_or_else_wexmoor(where, request, log):
    request.getfixturevalue(where)
    assert session.current().name == data.CATALOGUE["wexmoor_journey"].title
    session.keep(log)
    assert session.current().name == log.name == "ward list"


@pytest.mark.usefixtures("alone")
def test_an_own_log_that_holds_nobody_is_not_taken_for_none(log):
    session.keep(log.only(step="no such ward"))
    assert len(session.current()) == 0
