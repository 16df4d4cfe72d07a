"""A column whose own name could show who a person is goes by its place, in every message, proposal and report."""

import openpyxl
import pandas as pd
import pytest
from refusals import said

from flowlib.core.eventlog import EventLog
from flowlib.core.guesses import SYNONYMS
from flowlib.core.headings import shows_who, without_people
from flowlib.core.reading import propose, read

PEOPLE = ["Maureen Hart", "943 476 5919", "03/02/1941", "m.hart@example.org", "LS1 4AP", "Hart, Maureen"]


def frame_with(heading):
    """Three rows of a log, in which the third column has that heading."""
    return pd.DataFrame(
        {"id": ["a", "b", "c"], "ward": ["A", "B", "A"], heading: ["x", "y", "z"],
         "arrived": ["05/01/2026 09:00", "05/01/2026 10:00", "06/01/2026 11:00"]}
    )  # fmt: skip


def file_with(heading, folder, ending):
    """The same rows in a file."""
    place = folder / f"list{ending}"
    if ending == ".parquet":
        frame_with(heading).to_parquet(place)
        return place
    book = openpyxl.Workbook()
    for row in [list(frame_with(heading)), *frame_with(heading).to_numpy().tolist()]:
        book.active.append(row)
    book.save(place)
    return place


def test_no_name_that_systems_use_for_a_column_goes_by_its_place():
    """Every name that a guess is made by, in lower case and in capitals."""
    usual = [name for names in SYNONYMS.values() for name in names]
    written = [*usual, *map(str.title, usual), *map(str.upper, usual)]
    assert without_people(written) == written


@pytest.mark.parametrize("heading", PEOPLE)
def test_a_frame_never_tells_a_heading_that_is_a_person(heading):
    """A wrong name lists the columns, one of them by its place; so does that heading itself."""
    frame = frame_with(heading)
    assert shows_who(heading)
    assert said(lambda: EventLog.from_frame(frame, person="nobody", step="ward", arrived="arrived")) == (
        'No column for person called "nobody"; there are "id", "ward", "column 3", "arrived".'
    )
    assert said(lambda: EventLog.from_frame(frame, person="id", step=heading, arrived="arrived")) == (
        'A column whose name could show who a person is goes by its place, such as "column 3", for step; '
        'there are "id", "ward", "column 3", "arrived".'
    )
    kept = said(
        lambda: EventLog.from_frame(frame, person="id", step="ward", arrived="arrived", not_identities=[heading])
    )
    assert kept == (
        'A column whose name could show who a person is goes by its place, such as "column 3", for not_identities; '
        'there are "id", "ward", "arrived".'
    )


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
def test_a_file_never_tells_a_heading_that_is_a_person(ending, tmp_path):
    """Neither the proposal, nor a refusal, nor the report; by its place the column can be read."""
    place = file_with("Maureen Hart", tmp_path, ending)
    found = propose(place)
    assert found.headers == ("id", "ward", "column 3", "arrived")
    assert "Hart" not in repr(found) + found.sentence()
    assert said(lambda: read(place, person="id", step="word", arrived="arrived")) == (
        f'No column in "{place.name}" for step called "word"; there are "id", "ward", "column 3", "arrived". '
        'Did you mean "ward"?'
    )
    log = found.accept(step="column 3")
    assert log.steps == ["x", "y", "z"]
    assert log.quality.columns["step"] == "column 3"
    assert "Hart" not in " ".join(log.quality.sentences())


def test_milestones_named_twice_are_not_repeated_where_they_are_a_person():
    """A list of columns in which the same person stands twice."""
    twice = ["Maureen Hart", "Maureen Hart"]
    told = said(lambda: read("list.csv", person="id", milestones=twice))
    assert told == "Each milestone needs a column of its own; one came twice."


def test_a_sheet_called_after_a_person_is_not_told_where_another_is_asked_for(tmp_path):
    """Neither the sheets that are there nor the one that was asked for."""
    book = openpyxl.Workbook()
    book.active.title = "Maureen Hart"
    for page in (book.active, book.create_sheet("March")):
        for row in (["id", "ward", "arrived"], ["a", "A", "05/01/2026 09:00"]):
            page.append(row)
    book.save(tmp_path / "list.xlsx")
    for asked in ("April", "John Lark"):
        assert said(lambda asked=asked: propose(tmp_path / "list.xlsx", sheet=asked)) == (
            '"list.xlsx" has no sheet of that name; '
            'it has "March" and 1 whose name could show who a person is. Name another.'
        )
