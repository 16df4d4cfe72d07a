"""The shipped tables: made again byte for byte, read whole, and about nobody real."""

import gzip
import io
import re
import zipfile

import pandas as pd
import pytest
from refusals import said

from data import build, extracts_build
from flowlib.core import data, privacy
from flowlib.core.files import open_table
from flowlib.diagnose import queueing

LOGS = [name for name, shipped in data.CATALOGUE.items() if shipped.is_log]
EXTRACTS = [name for name in data.CATALOGUE if name not in data.MADE_BY_BUILD]


def test_every_file_of_the_catalogue_is_there_and_made_again_byte_for_byte():
    """Oracle: the scripts that made them, run again. Of packed files the parts are compared: compressors differ."""
    made = build.tables() | extracts_build.files()
    assert made.keys() == {shipped.file for shipped in data.CATALOGUE.values()}
    for file, content in made.items():
        assert parts(content) == parts((data.FOLDER / file).read_bytes()), file


def parts(content):
    """What is in a file, with nothing of how it was packed."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def test_the_extracts_stay_small():
    """Under 3 MB in all, so that the whole folder can be mailed."""
    assert sum(data.path(name).stat().st_size for name in EXTRACTS) < 3_000_000


def dictionary():
    """The columns that the README names, by file."""
    found = {}
    for section in re.split(r"^##? ", (data.FOLDER / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE):
        cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
        found[section.split(":")[0]] = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    return {file: names for file, names in found.items() if names}


def test_each_file_and_the_data_dictionary_have_the_same_columns():
    """Both ways, and for every file with columns in the folder."""
    told = dictionary()
    there = {file.name for file in data.FOLDER.iterdir() if re.search(r"\.(csv|txt|xlsx)(\.gz)?$", file.name)}
    assert told.keys() == there
    for file, names in told.items():
        assert sorted(names) == sorted(open_table(data.FOLDER / file).headers), file


@pytest.mark.parametrize("name", LOGS)
def test_a_shipped_log_is_read_whole_within_its_window(name):
    """Every row of the file, by another reader; no time outside the window."""
    log = data.load(name)
    assert len(log) == len(pd.read_csv(data.path(name), keep_default_na=False))
    assert log.quality.set_aside.empty
    assert log.synthetic
    assert log.name == data.CATALOGUE[name].title
    assert log.hours_observed == pytest.approx(30 * 168 - 1)  # summer time began within it
    times = log.frame[["arrived", "started", "finished", "left"]]
    assert times.min().min() >= log.observed[0]
    assert times.max().max() <= log.observed[1]
    here = log.frame["outcome"] == "still_here"
    assert log.frame.loc[here, "left"].isna().all()
    assert here.any()


def test_people_come_by_the_clock_on_the_wall_before_and_after_it_goes_on():
    """Oracle: of 101.0 in the planted day 2.4 + 3.7 + 5.2 come from 7am until 10am, summer or not; 4 errors."""
    seen = data.load("wexmoor_ed").visits
    came = seen.loc[seen["step"] == "Clinician", "at"]
    share = (2.4 + 3.7 + 5.2) / 101.0
    for part in (came[came < "2025-03-30"], came[came >= "2025-03-31"]):
        morning = part.dt.hour.between(7, 9).mean()
        assert abs(morning - share) < 4 * (share * (1 - share) / len(part)) ** 0.5


@pytest.mark.parametrize("name", [*LOGS, *EXTRACTS])
def test_a_shipped_log_or_extract_shows_who_nobody_is(name):
    assert privacy.identities(data.table(name)) == {}


@pytest.mark.parametrize("name", LOGS)
def test_a_guess_at_a_shipped_log_is_right(name):
    """The columns are called what they are, so a person has nothing to correct."""
    from flowlib import EventLog  # noqa: PLC0415

    proposal = EventLog.read(data.path(name))
    assert proposal.certain
    assert all(role == column for role, column in proposal.columns.items())
    assert set(proposal.columns) == set(data.table(name).columns)


def test_the_journey_is_the_older_peoples():
    assert data.journey().steps == data.load("wexmoor_journey").steps
    assert data.journey().steps[0] == "Ambulance"


def test_what_is_not_shipped_or_no_log_is_refused():
    assert said(lambda: data.load("wexmor_ed")) == (
        'No shipped table called "wexmor_ed"; there are "maureen", "wexmoor_journey", "wexmoor_ed", '
        '"wexmoor_ed_list", "wexmoor_inpatients", "wexmoor_waiting_list", "wexmoor_community", '
        '"wexmoor_social_care", "wexmoor_hub_calls", "wexmoor_delays". Did you mean "wexmoor_ed"?'
    )
    assert said(lambda: data.load("wexmoor_ed_list")) == (
        '"wexmoor_ed_list" is an extract as a system gives it; name its columns: '
        'EventLog.read(data.path("wexmoor_ed_list"), ...).'
    )
    assert said(lambda: data.load("maureen")) == ('"maureen" is not a log of visits; read it with table("maureen").')


def test_the_measured_formulas_agree_with_what_the_formulas_say_now():
    """Oracle: the simulated waits in the file; kingman is a limit, and lies above them."""
    table = data.formulas()
    assert (table["wait"] > 0).all()
    for row in table[table["servers"] == 1].itertuples():
        rate, how = row.load, {"cv_arrivals": row.cv_arrivals, "cv_service": row.cv_service}
        if row.formula == "ggc":
            says = queueing.ggc(rate, 1, servers=1, **how).mean_wait
        elif row.formula == "kingman":
            says = queueing.kingman(rate, 1, **how)
            assert row.off_by > -4 * row.standard_error / row.wait
        else:
            continue
        assert says / row.wait - 1 == pytest.approx(row.off_by, abs=1e-4)


def test_the_measured_formulas_that_went_missing_say_how_to_measure_them(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    assert said(data.formulas) == '"formulas.csv" is not in the data folder. Run python -m benchmarks.formulas.'


def test_a_file_that_went_missing_says_how_to_make_it_again(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    assert said(lambda: data.table("maureen")) == (
        '"maureen.csv" is not in the data folder. Run data/build.py to make it again.'
    )
    assert said(lambda: data.path("wexmoor_delays")) == (
        '"wexmoor_delays.csv" is not in the data folder. Run python -m data.extracts_build to make it again.'
    )
    assert said(data.planted) == '"planted.json" is not in the data folder. Run data/build.py to make it again.'
