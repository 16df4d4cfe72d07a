"""Does `flowlib.mapping.opening` count hours open as a person with a calendar would?"""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.mapping.opening import Opening, working_hours

WEEKDAYS = Opening({"Mon-Fri": "09:00-17:00"})
ZONE = ZoneInfo("Europe/London")
OPENINGS = {
    "office": ({"Mon-Fri": "09:00-17:00"}, ["2026-03-30"]),
    "split": ({"Mon, Thu": ["09:00-12:30", "13:15-18:00"], "Sat": "10:00-11:00"}, []),
    "nights": ({"Mon-Sun": "20:00-02:30"}, ["2026-10-25"]),
    "round the change": ({"Sun": "00:45-01:30", "Mon": "00:00-24:00"}, []),
}
WEEKS = {"spring": "2026-03-26 11:13", "autumn": "2026-10-22 11:13", "winter": "2026-12-21 00:00"}


def minute_by_minute(start, minutes, by_day, closed):
    """The oracle: go through the minutes one by one, and look at the clock on the wall in each."""
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    week = {day: [] for day in days}
    for names, spans in by_day.items():
        first, _, last = names.partition("-")
        within = days[days.index(first) : days.index(last) + 1] if last else names.split(", ")
        for day in within:
            for span in [spans] if isinstance(spans, str) else spans:
                opens, closes = (60 * int(end[:2]) + int(end[3:]) for end in span.split("-"))
                week[day].append((opens, closes if closes > opens else closes + 1440))
    is_open = []
    for minute in range(minutes):
        wall = (start + dt.timedelta(minutes=minute)).astimezone(ZONE)
        at = 60 * wall.hour + wall.minute
        shut = wall.date().isoformat() in closed
        today, before = week[days[wall.weekday()]], week[days[wall.weekday() - 1]]
        here = any(a <= at < b for a, b in today) or any(a <= at + 1440 < b for a, b in before)
        is_open.append(here and not shut)
    return np.concatenate([[0], np.cumsum(is_open)]) / 60


@pytest.mark.parametrize("when", WEEKS)
@pytest.mark.parametrize("which", OPENINGS)
def test_hours_open_are_those_counted_minute_by_minute(which, when):
    """Nine days with a change of clocks in two of them; 500 pairs of minutes, to the last minute."""
    by_day, closed = OPENINGS[which]
    first = pd.Timestamp(WEEKS[when], tz="Europe/London").tz_convert("UTC").to_pydatetime()
    counted = minute_by_minute(first, 9 * 1440, by_day, closed)
    rng = np.random.default_rng(7)
    ends = np.sort(rng.integers(0, len(counted), (500, 2)), axis=1)
    start, end = (pd.Series(pd.Timestamp(first) + pd.to_timedelta(ends[:, at], unit="min")) for at in (0, 1))
    got = working_hours(start.dt.tz_convert("Europe/London"), end, Opening(by_day, closed=closed))
    assert np.allclose(got, counted[ends[:, 1]] - counted[ends[:, 0]], atol=1e-9, rtol=0)


def test_friday_afternoon_to_monday_morning_is_two_working_hours():
    """One hour on each side of a weekend; none where Monday is a bank holiday; 66 for a service that never shuts."""
    ends = "1 May 2026 16:00", "4 May 2026 10:00"
    assert working_hours(*ends, WEEKDAYS) == 2
    assert working_hours(*ends, Opening({"Mon-Fri": "09:00-17:00"}, closed=["4/5/2026"])) == 1
    assert working_hours(*ends, Opening({"Mon-Sun": "00:00-24:00"})) == 66


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 5), ("2026-10-25", 7), ("2026-11-01", 6)])
def test_a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn(day, hours):
    night = Opening({"Sun": "00:00-06:00"})
    assert working_hours(pd.Timestamp(day), pd.Timestamp(f"{day} 12:00"), night) == hours


def test_two_stretches_end_to_end_are_as_long_as_the_whole():
    """A law: hours open from a to c are those from a to b and from b to c."""
    rng = np.random.default_rng(3)
    moments = np.sort(rng.integers(0, 400 * 86_400, (3, 2000)), axis=0)
    a, b, c = (pd.Series(pd.Timestamp("2025-06-01", tz="UTC") + pd.to_timedelta(row, unit="s")) for row in moments)
    whole = working_hours(a, c, WEEKDAYS)
    assert np.allclose(working_hours(a, b, WEEKDAYS) + working_hours(b, c, WEEKDAYS), whole, atol=1e-9)
    assert (whole <= (c - a).dt.total_seconds() / 3600 + 1e-9).all()


def test_a_blank_time_gives_a_blank_length_and_rows_keep_their_labels():
    start = pd.Series(pd.to_datetime(["2026-11-02 09:00", None, "2026-11-02 10:00"]), index=[5, 7, 9])
    got = working_hours(start, pd.Timestamp("2026-11-02 12:00"), WEEKDAYS)
    assert got.index.tolist() == [5, 7, 9]
    assert got.tolist()[::2] == [3, 2]
    assert np.isnan(got[7])


def test_a_service_that_is_shut_throughout_gives_no_hours():
    assert working_hours("7 November 2026", "8 November 2026 23:00", WEEKDAYS) == 0


def test_a_month_of_opening_is_the_hours_a_week_times_its_weeks():
    split = Opening({"Mon-Thu": "08:30-17:00", "Fri": ["09:00-12:00", "13:00-15:00"]})
    assert split.hours_a_week == 39
    assert working_hours("5 January 2026", "2 February 2026", split) == 4 * 39


REFUSED = [
    (lambda: Opening({}), 'An opening needs some hours, such as {"Mon-Fri": "09:00-17:00"}; none came.'),
    (lambda: Opening({"Mon": "9-5"}), "Hours of Mon must be like \"09:00-17:00\"; '9-5' came."),
    (
        lambda: Opening({"Mon": "09:00-09:00"}),
        'Hours of Mon must be like "09:00-17:00"; \'09:00-09:00\' came. All day is "00:00-24:00".',
    ),
    (lambda: Opening({"Monday": "09:00-10:00"}), 'Days must be such as "Mon-Fri" or "Mon, Thu"; \'Monday\' came.'),
    (lambda: Opening({"Mon": ["09:00-12:00", "11:00-13:00"]}), "Hours of Mon overlap. Give each hour once."),
    (lambda: Opening({"Sun": "22:00-03:00", "Mon": "02:00-05:00"}), "Hours of Mon overlap. Give each hour once."),
    (
        lambda: working_hours("2 May 2026", "1 May 2026", WEEKDAYS),
        "The end is before the start. Correct one of them.",
    ),
    (
        lambda: working_hours(
            pd.to_datetime(pd.Series(["2026-01-01", "2026-01-03"])), pd.Timestamp("2026-01-02"), WEEKDAYS
        ),
        "Row 2: the end is before the start. Correct one of them.",
    ),
    (
        lambda: working_hours(pd.to_datetime(pd.Series(["2026-01-01"] * 3)), pd.Series(["x"]), WEEKDAYS),
        "start and end must be columns of times; ['x'] came. Read them as dates.",
    ),
    (
        lambda: working_hours(*(pd.Series([pd.Timestamp("2026-01-01")] * n) for n in (2, 3)), WEEKDAYS),
        "start and end must be as long as each other; 2 and 3 came.",
    ),
    (
        lambda: working_hours("1 May 1726", "1 May 2026", WEEKDAYS),
        "The times are more than 200 years apart. Look for a slip in a date.",
    ),
]


@pytest.mark.parametrize(("ask", "sentence"), REFUSED)
def test_what_cannot_be_counted_is_refused_with_a_sentence(ask, sentence):
    assert said(ask) == sentence
