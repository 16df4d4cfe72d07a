"""Exercise 21.1: its answer is what was planted, and each mistake is a line of the report, read wrongly."""

import pandas as pd
import pytest

from flowlib.core import data
from flowlib.exercise import check, exercises

NUMBER = "21.1"
FORMS = ("%d/%m/%Y %H:%M", "%d/%m/%y %H:%M", "%d/%m/%Y %I:%M %p")


@pytest.fixture(scope="module")
def cells():
    """The list as pandas alone reads it."""
    return pd.read_csv(data.path("wexmoor_ed_list"), dtype=str, keep_default_na=False)


def times(column):
    """The moments of a column, by stated forms; Excel counts days from the end of 1899."""
    days = pd.to_numeric(column.where(column.str.fullmatch(r"\d{5}\.\d+")), errors="coerce")
    made = (pd.Timestamp("1899-12-30") + pd.to_timedelta(days, unit="D")).dt.round("min")
    for form in FORMS:
        made = made.fillna(pd.to_datetime(column, format=form, errors="coerce"))
    return made


def test_the_answer_is_the_number_of_rows_that_run_backwards(cells):
    """Oracle: the file read by pandas alone, and the answer sheet."""
    backwards = int((times(cells["departure_dt"]) < times(cells["arrival_dt"])).sum())
    told = data.planted()["extracts"]["wexmoor_ed_list.csv"]["quirks"]
    assert backwards == next(quirk["rows"] for quirk in told if quirk["quirk"] == "midnight_slip")
    assert exercises()[NUMBER].answer == backwards
    assert all(check(NUMBER, form).right for form in (backwards, f"{backwards} rows", str(backwards)))
    assert not any(check(NUMBER, one).right for one in (backwards - 1, backwards + 1))


def test_mistakes_with_the_report_are_named(cells):
    """Oracle: the file read by pandas alone, and counted wrongly on purpose."""
    rows, answer = len(cells), exercises()[NUMBER].answer
    blank = cells["seen_dt"].isin(["", "NULL", "-", "n/a"]).sum()
    near_midnight = times(cells["departure_dt"]).dt.strftime("%H:%M").isin(["23:59", "00:01"]).sum()
    for value, words in {
        cells.duplicated().sum(): "stand in the file twice",
        blank: "nobody wrote when care began",
        near_midnight: "which can be true",
        cells["seen_dt"].isin(["NULL", "-", "n/a"]).sum(): "a word for blank",
        rows - answer: "rows are used",
        rows: "all the rows of the file",
        answer / rows: "a share of all rows",
        100 * answer / rows: "how many in 100",
    }.items():
        assert words in check(NUMBER, value).sentence
