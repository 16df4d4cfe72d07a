"""Dates as people and machines write them, held to Python's own calendar."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.core import date_ways
from flowlib.core.date_ways import RULES
from flowlib.core.dates import DAYS, LONDON, moment, read_dates, to_wall_clock

MOMENTS = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2068, 12, 31))  # noqa: DTZ001 - wall clock
CLOCKS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p"]


def one(text):
    """What one text is read as; None where it is not."""
    got = read_dates(pd.Series([text]))
    assert not (got.unread[0] and not pd.isna(got.times[0]))
    return None if pd.isna(got.times[0]) else got.times[0].to_pydatetime()


WRITTEN = [(day, between) for day in DAYS for between in (" ", "T", ", ")] + [("%d%b%Y", ":")]  # the last is SAS


@given(MOMENTS, st.sampled_from(WRITTEN), st.sampled_from(CLOCKS))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_every_stated_format_is_read_as_python_wrote_it(when, written, clock):
    """Oracle: Python's strftime writes, and only what the format leaves out may be lost."""
    form = "".join([*written, clock])
    text = when.strftime(form)
    expected = dt.datetime.strptime(text, form)  # noqa: DTZ007 - wall clock
    assert one(text) == expected


@given(st.lists(st.tuples(MOMENTS, st.sampled_from(DAYS), st.sampled_from(CLOCKS)), min_size=2, max_size=30))
@settings(derandomize=True, deadline=None, max_examples=15)
def test_a_column_of_mixed_formats_is_read_cell_by_cell(cells):
    """A cell means the same among others as alone."""
    text = [when.strftime(f"{day} {clock}") for when, day, clock in cells]
    assert read_dates(pd.Series(text)).times.dt.to_pydatetime().tolist() == [one(cell) for cell in text]


def test_days_come_first():
    assert one("03/02/2026 23:40") == dt.datetime(2026, 2, 3, 23, 40)  # noqa: DTZ001
    assert one("3/2/26 9:05") == dt.datetime(2026, 2, 3, 9, 5)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["12:05 AM", "12:05am", "12:05 am"])
def test_five_past_midnight_on_a_twelve_hour_clock(text):
    assert one(f"03/02/2026 {text}") == dt.datetime(2026, 2, 3, 0, 5)  # noqa: DTZ001


def test_five_past_noon_on_a_twelve_hour_clock():
    assert one("03/02/2026 12:05 PM") == dt.datetime(2026, 2, 3, 12, 5)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "00/01/2026", "32/01/2026", "03/13/2026", "03/02/2026 24:01", "03/02/2026 24:00 PM",
     "03/02/2026 12:60", "03/02/2026 1:5", "03/02/2026 13:00 AM", "03/02/2026 00:30 PM",
     "03/02/2026 0160", "03/02/2026 2500", "03/02/2026 105000", "03/02/2026 10:00 soon", "12:30", "2026",
     "202602", "soon", "03/02/226", "2026-02-30", "20260230", "03/02/2026 10:00:61", "99999", "-5", "1e9",
     "03/02"],
)  # fmt: skip
def test_what_is_no_moment_is_left_unread(text):
    """An impossible day is not moved to the next month, and nothing is made up for a missing part."""
    got = read_dates(pd.Series([text, "03/02/2026"]))
    assert got.unread.tolist() == [True, False]
    assert pd.isna(got.times[0])


OTHER_WAYS = (
    "13/01/2026\u00a013:05", "13/01/2026  13:05", "\u200e13/01/2026 13:05", "13/01/2026 1305", "20260113 1305",
    "202601131305", "20260113130500", "20260113130500.123", "2026-01-13T13:05+00", "13/01/2026 13.05",
    "13-JAN-26 01.05.00.000000000 PM", "13/01/2026 1.05pm", "13/01/2026 1:05 p.m.", "13/01/2026 1:05p",
    "Tue 13/01/2026 13:05", "Tuesday, 13 January 2026 13:05", "13/Jan/2026 13:05", "Jan 13 2026  1:05PM",
    "January 13th, 2026 13:05", "13th January 2026 at 13:05", "13/01/2026 - 13:05", "13/01/2026 13h05",
    "13:05 13/01/2026", "13/01/2026 13:05 GMT", "13/01/2026 14:05 BST", "13/01/2026 13:05 PM",
)  # fmt: skip


@pytest.mark.parametrize("text", OTHER_WAYS)
def test_other_ways_of_one_moment_that_can_mean_nothing_else_are_read(text):
    """Oracle: the moment itself. All but the last are told as another way of writing."""
    got = read_dates(pd.Series([text, "03/02/2026"]))
    assert got.times[0] == pd.Timestamp("2026-01-13 13:05")
    assert got.other_ways.tolist() == [text != OTHER_WAYS[-1], False]


@pytest.mark.parametrize("rule", range(len(RULES)))
def test_each_rule_for_another_way_of_writing_is_needed(rule, monkeypatch):
    """Without it some moment above, or one here, is not read as it should be."""
    more = ["13 Sept 2026", "13/09/2026 1pm", "13/09/2026 13h05"]
    cells = pd.Series([*OTHER_WAYS, *more])
    every = read_dates(cells).times
    monkeypatch.setattr(date_ways, "RULES", tuple(one for place, one in enumerate(RULES) if place != rule))
    assert not every.isna().any()
    assert not read_dates(cells).times.equals(every)


def test_24_00_is_the_midnight_at_the_end_of_its_day():
    """Also where the clocks change in the night after it; told apart from 00:00."""
    got = read_dates(pd.Series(["31/12/2025 24:00", "01/01/2026 00:00", "28/03/2026 24:00:00"]))
    assert got.times.tolist() == [pd.Timestamp("2026-01-01")] * 2 + [pd.Timestamp("2026-03-29")]
    assert got.day_ends.tolist() == [True, False, True]


@pytest.mark.parametrize("text", ["03/25/2026 1305", "Wed 03/25/2026", "03/25/2026 1.05pm"])
def test_no_rule_settles_which_number_is_the_day(text):
    assert read_dates(pd.Series([text])).unread.all()


@pytest.mark.parametrize(
    "blank", ["", " ", "-", "NULL", "null", "N/A", "n/a", "#N/A", "NaT", None, np.nan, "Not recorded"]
)
def test_blanks_are_neither_read_nor_unread(blank):
    got = read_dates(pd.Series([blank, "03/02/2026"], dtype=object))
    assert got.unread.tolist() == [False, False]
    assert pd.isna(got.times[0])


@given(st.integers(20_001, 79_999), st.integers(0, 86_399))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_excels_day_numbers_count_from_the_end_of_1899(day, second):
    """Oracle: Excel's day 1 is 1 January 1900 with a 29 February 1900 that never was, so day 0 is 30 December 1899."""
    got = read_dates(pd.Series([f"{day + second / 86_400:.10f}"]))
    assert got.serials.tolist() == [True]
    assert got.times[0] == pd.Timestamp("1899-12-30") + pd.Timedelta(days=day, seconds=second)


def test_real_dates_and_text_in_one_column_of_a_workbook():
    cells = pd.Series(
        [dt.datetime(2026, 2, 3, 9, 5), "04/02/2026 10:00", dt.date(2026, 2, 5), None, 46060.5],  # noqa: DTZ001
        dtype=object,
    )
    got = read_dates(cells)
    assert got.times.dt.strftime("%d %H:%M").fillna("").tolist() == ["03 09:05", "04 10:00", "05 00:00", "", "07 12:00"]
    assert got.serials.tolist() == [False, False, False, False, True]


# Clock changes: 30 March 2025, 1am to 2am; 26 October 2025, 2am to 1am.


@given(st.integers(0, 6 * 60), st.sampled_from(["2025-03-29T22:30", "2025-10-25T22:30"]))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_a_time_with_an_offset_is_exact_across_both_clock_changes(minutes, start):
    """Oracle: the zone database of Python."""
    when = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    for zone in ("UTC", "Europe/London", "Asia/Kolkata"):
        text = when.astimezone(ZoneInfo(zone)).isoformat()
        aware, doubtful = to_wall_clock(read_dates(pd.Series([text])), LONDON)
        assert aware[0] == pd.Timestamp(when)
        assert not doubtful.any()
    for cells in (pd.Series([pd.Timestamp(when)]), pd.Series([when], dtype=object)):
        aware, doubtful = to_wall_clock(read_dates(cells), LONDON)
        assert aware[0] == pd.Timestamp(when)


def test_offsets_are_put_into_the_zone_that_was_asked_for():
    got = read_dates(pd.Series(["2026-07-01T12:00:00Z"]), "Europe/Paris")
    assert got.times[0] == pd.Timestamp("2026-07-01 14:00")


def test_a_plain_time_in_the_repeated_hour_is_the_first_and_in_doubt():
    aware, doubtful = to_wall_clock(read_dates(pd.Series(["26/10/2025 01:30", "26/10/2025 03:30"])), LONDON)
    assert aware[0] == pd.Timestamp("2025-10-26T00:30Z")
    assert doubtful.tolist() == [True, False]


def test_a_plain_time_in_the_skipped_hour_is_the_first_moment_after_and_in_doubt():
    aware, doubtful = to_wall_clock(read_dates(pd.Series(["30/03/2025 01:30"])), LONDON)
    assert aware[0] == pd.Timestamp("2025-03-30T01:00Z")
    assert doubtful.tolist() == [True]


def test_a_zone_that_does_not_exist_is_refused():
    sentence = 'There is no time zone called "Europe/Leeds". Use one such as "Europe/London".'
    assert said(lambda: to_wall_clock(read_dates(pd.Series(["03/02/2026"])), "Europe/Leeds")) == sentence
    assert said(lambda: read_dates(pd.Series(["2026-02-03T10:00Z"]), "Europe/Leeds")) == sentence


# Which number is the day?


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        (["25/03/2026", "01/02/2026"], (1, 0, 1)),
        (["03/25/2026", "01/02/2026"], (0, 1, 1)),
        (["25/03/2026", "03/25/2026", "3-4-26", "4.4.26"], (1, 1, 1)),
        (["2026-03-25", "25 March 2026", "-"], (0, 0, 0)),
    ],
)
def test_signs_of_which_number_is_the_day_are_counted(texts, signs):
    """By hand: over 12 first is day first, over 12 second is month first, both up to 12 and different is either."""
    got = read_dates(pd.Series(texts))
    assert (got.day_first, int(got.month_first.sum()), got.either) == signs


def test_a_fortnight_written_month_first_looks_so():
    texts = [f"03/{day:02d}/2026 10:00" for day in range(1, 13)]
    assert read_dates(pd.Series(texts)).looks_month_first
    assert not read_dates(pd.Series([f"{day:02d}/03/2026 10:00" for day in range(1, 13)])).looks_month_first


def test_a_long_column_costs_no_more_than_its_different_days():
    """200,000 cells of 365 days: read whole, and as few as pandas reads one by one."""
    hours = np.random.default_rng(1).integers(0, 365 * 24 * 60, 200_000)
    when = pd.Series(pd.Timestamp("2025-01-01") + pd.to_timedelta(hours, unit="min"))
    got = read_dates(when.dt.strftime("%d/%m/%Y %H:%M"))
    assert (got.times == when).all()
    assert not got.unread.any()


# One moment


@pytest.mark.parametrize(
    "value",
    [
     "01/02/2026 09:30", "2026-02-01 09:30", "1 Feb 2026 9:30am", dt.datetime(2026, 2, 1, 9, 30),  # noqa: DTZ001
     pd.Timestamp("2026-02-01 09:30"),
     np.datetime64("2026-02-01T09:30"), pd.Timestamp("2026-02-01 09:30Z")],
)  # fmt: skip
def test_one_moment_in_any_dress_is_the_same(value):
    assert moment("until", value) == pd.Timestamp("2026-02-01 09:30", tz=LONDON)


@pytest.mark.parametrize(
    ("value", "shown"), [("soon", "'soon'"), (None, "None"), (5, "5"), ([1], "[1]"), ("02/30/2026", "'02/30/2026'")]
)
def test_what_is_no_moment_is_refused(value, shown):
    assert said(lambda: moment("until", value)) == f'until must be a date such as "03/02/2026 23:40"; {shown} came.'
