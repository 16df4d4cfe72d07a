"""The one table: waits with the unfinished counted, people there by the hour, journeys, windows, clocks and files."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib import EventLog
from flowlib.core.eventlog import COLUMNS, TIMES

MONDAY = dt.datetime(2026, 1, 5)  # noqa: DTZ001 - clock zero of a simulation
TIME_COLUMNS = {time: time for time in TIMES}
NAN = np.nan


def simulated(rows, *, until=100.0, since=0.0, runs=None):
    """A log from rows of person, step, arrived, started, finished, left (hours), outcome and perhaps run."""
    columns = {
        "person": [],
        "step": [],
        "arrived": [],
        "started": [],
        "finished": [],
        "left": [],
        "outcome": [],
        "run": [],
    }
    for row in rows:
        for name, value in zip(columns, [*row, 0][: len(columns)], strict=True):
            columns[name].append(value)
    arrays = {
        n: np.asarray(v, dtype=float if n in TIMES else int if n == "run" else object) for n, v in columns.items()
    }
    arrays |= {"group": np.full(len(rows), "everyone", dtype=object), "next_step": np.full(len(rows), "", dtype=object)}
    return EventLog.from_hours(arrays, starts=MONDAY, since=since, until=until, runs=runs)


def extract(rows, **options):
    """A log from rows of person, step and as many of the four times as there are."""
    names = ["person", "step", *TIMES][: len(rows[0])]
    frame = pd.DataFrame(rows, columns=names)
    return EventLog.from_frame(frame, **{name: name for name in names}, **options)


def at(text):
    return pd.Timestamp(text, tz="Europe/London")


# Rows and order


def test_one_time_an_event_is_enough():
    rows = [("a", "x", "13/01/2026 09:00"), ("b", "x", "13/01/2026 10:00"), ("a", "y", "13/01/2026 11:30")]
    frame = pd.DataFrame(rows, columns=["p", "s", "t"])
    log = EventLog.from_frame(frame, person="p", step="s", finished="t", synthetic=True)  # so that ids stay
    assert log.frame["outcome"].tolist() == ["completed"] * 3
    assert log.frame["next_step"].tolist() == ["y", "", ""]
    assert log.journeys()[["person", "hours", "variant"]].to_numpy().tolist() == [
        ["a", 2.5, ("x", "y")],
        ["b", 0.0, ("x",)],
    ]
    assert log.observed == (at("2026-01-13 09:00"), at("2026-01-13 11:30"))
    assert log.census()["there"].sum() == 0
    assert log.waits()["waits_known"].sum() == 0


@pytest.mark.parametrize("time", TIMES)
def test_any_one_of_the_four_times_is_enough(time):
    frame = pd.DataFrame({"p": ["a", "a"], "s": ["x", "y"], "t": ["13/01/2026 09:00", "13/01/2026 10:00"]})
    log = EventLog.from_frame(frame, person="p", step="s", **{time: "t"})
    assert log.journeys()["hours"].tolist() == [1]
    assert log.visits["at"].tolist() == log.visits["until"].tolist()


def test_the_order_of_the_file_breaks_equal_times():
    """Three events of one minute, in the file in an order that is neither of the alphabet nor of the time."""
    same = "13/01/2026 09:00"
    rows = [("a", "tests", same), ("a", "doctor", same), ("a", "bed", same), ("a", "ambulance", "13/01/2026 08:00")]
    frame = pd.DataFrame(rows, columns=["p", "s", "t"])
    log = EventLog.from_frame(frame, person="p", step="s", finished="t")
    assert log.journeys()["variant"][0] == ("ambulance", "tests", "doctor", "bed")
    assert log.frame["next_step"].tolist() == ["doctor", "bed", "", "tests"]


def test_steps_stand_in_the_order_of_the_journey_not_of_first_sight():
    """Most people go x, y, z; one comes to z first; w is only ever last."""
    ways = ["zxyw", "xyz", "xyzw", "xyzw", "xz"]
    rows = [
        (f"p{i}", step, f"{13 + i}/01/2026 {9 + j:02d}:00") for i, way in enumerate(ways) for j, step in enumerate(way)
    ]
    frame = pd.DataFrame(rows, columns=["p", "s", "t"])
    assert EventLog.from_frame(frame, person="p", step="s", finished="t").steps == ["x", "y", "z", "w"]


@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz"), st.integers(0, 300)), min_size=1, max_size=40)
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_journeys_are_what_a_loop_over_people_gives(rows):
    """A plain second implementation: sort each person's rows by time, the file's order first among equals."""
    frame = pd.DataFrame(rows, columns=["p", "s", "t"])
    frame["t"] = pd.Timestamp("2026-03-28 20:00") + pd.to_timedelta(frame["t"], unit="min")
    window = ("28/03/2026", "30/03/2026")
    log = EventLog.from_frame(frame, person="p", step="s", finished="t", observed=window, synthetic=True)
    got = {row.person: (row.variant, row.visits, row.hours) for row in log.journeys().itertuples()}
    expected = {}
    for person in {row[0] for row in rows}:
        own = sorted((t, i, s) for i, (p, s, t) in enumerate(rows) if p == person)
        minutes = [log.frame["finished"][i].timestamp() / 60 for _, i, _ in own]
        expected[person] = (tuple(s for _, _, s in own), len(own), pytest.approx((max(minutes) - min(minutes)) / 60))
    assert got == expected
    assert log.journeys()["arrived"].is_monotonic_increasing


# People still there


def test_people_still_waiting_are_counted_in_the_waits():
    """
    Kaplan and Meier by hand. Waits 1, 2, 3 are over; two people have waited 1.5 and 4 hours so far.

    At risk 5, 3 and 2 at hours 1, 2 and 3: still waiting after them 4/5, 4/5 x 2/3 = 8/15 and 8/15 x 1/2 = 4/15.
    So half have begun by hour 3, and 9 in 10 by no hour that is known.
    """
    rows = [(name, "x", 0, wait, 5, 5, "completed") for name, wait in (("a", 1), ("b", 2), ("c", 3))]
    rows += [("d", "x", 8.5, NAN, NAN, NAN, "still_here"), ("e", "x", 6, NAN, NAN, NAN, "still_here")]
    waits = simulated(rows, until=10).waits().loc["x"]
    assert waits["visits"] == 5
    assert (waits["waits_known"], waits["still_waiting"]) == (3, 2)
    assert waits["mean_hours"] == pytest.approx(2)
    assert waits["median_hours"] == pytest.approx(3)
    assert np.isnan(waits["p90_hours"])
    assert waits["longest_hours"] == pytest.approx(4)


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=25))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_quantiles_of_waits_are_those_of_the_product_limit(cases):
    """Kaplan and Meier's product in whole fractions; the first wait by which enough have begun."""
    rows = [(str(i), "x", 20 - h, NAN, NAN, NAN, "still_here") if cut else (str(i), "x", 0, h, h, h, "completed")
            for i, (h, cut) in enumerate(cases)]  # fmt: skip
    waits = simulated(rows, until=20).waits().loc["x"]
    if not any(cut for _, cut in cases):
        assert waits["median_hours"] == pytest.approx(np.median([h for h, _ in cases]))
        return
    left, quantile = Fraction(1), {}
    for hour in sorted({h for h, cut in cases if not cut}):
        at_risk = sum(h >= hour for h, _ in cases)
        left *= 1 - Fraction(sum(h == hour and not cut for h, cut in cases), at_risk)
        for share in (Fraction(1, 2), Fraction(9, 10)):
            if 1 - left >= share:
                quantile.setdefault(share, hour)
    found = [waits["median_hours"], waits["p90_hours"]]
    assert found == pytest.approx([quantile.get(Fraction(1, 2), NAN), quantile.get(Fraction(9, 10), NAN)], nan_ok=True)


def test_people_who_gave_up_or_were_turned_away_have_no_wait_before_service():
    rows = [
        ("a", "x", 0, 1, 2, 2, "completed"),
        ("b", "x", 0, NAN, NAN, 5, "gave_up"),
        ("c", "x", 3, NAN, NAN, 3, "turned_away"),
    ]
    log = simulated(rows)
    assert log.waits().loc["x", ["visits", "waits_known", "still_waiting"]].tolist() == [3, 1, 0]
    times = log.times_in_step().loc["x"]
    assert times[["visits", "times_known", "still_there"]].tolist() == [3, 2, 0]
    assert times["mean_hours"] == pytest.approx((2 + 5) / 2)


def test_a_blocked_person_keeps_the_place():
    """Finished at 3, but nowhere to go: at hour 10 the place is still taken, for 9 hours so far."""
    rows = [("a", "x", 1, 1, 3, NAN, "still_here"), ("b", "x", 0, 0, 4, 4, "completed")]
    log = simulated(rows, until=10)
    times = log.times_in_step().loc["x"]
    assert times[["times_known", "still_there"]].tolist() == [1, 1]
    assert times["longest_hours"] == pytest.approx(9)
    census = log.census().set_index("at")["there"]
    assert census.tolist() == [1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]
    assert log.journeys()["still_here"].tolist() == [False, True]
    assert log.journeys()["hours"].tolist() == pytest.approx([4, 9])


def test_without_starts_nobody_is_said_to_wait():
    """Arrived and left only: the time in the step is known, how much of it was waiting is not."""
    rows = [("a", "x", "13/01/2026 09:00", "13/01/2026 11:00"), ("b", "x", "13/01/2026 10:00", "")]
    frame = pd.DataFrame(rows, columns=["p", "s", "in", "out"])
    log = EventLog.from_frame(frame, person="p", step="s", arrived="in", left="out", blank_end="still_here")
    assert not log.starts_known
    assert log.waits().loc["x", ["visits", "waits_known", "still_waiting"]].tolist() == [2, 0, 0]
    assert not log.visits["waiting"].any()
    assert log.census()["waiting"].isna().all()
    assert log.census()["there"].tolist() == [1, 2, 1]


def test_a_start_that_was_not_recorded_is_not_counted_as_waiting():
    """Of three people there from 9 to 11, one began at 10, one has no start, and one gave up: two wait at most."""
    rows = [("a", "x", "13/01/2026 09:00", "13/01/2026 10:00", "13/01/2026 11:00", "13/01/2026 11:00", ""),
            ("b", "x", "13/01/2026 09:00", "", "13/01/2026 11:00", "13/01/2026 11:00", ""),
            ("c", "x", "13/01/2026 09:00", "", "", "13/01/2026 11:00", "gave up")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["person", "step", *TIMES, "outcome"])
    log = EventLog.from_frame(frame, person="person", step="step", outcome="outcome", **TIME_COLUMNS)
    assert log.census()[["there", "waiting"]].to_numpy().tolist() == [[3, 2], [3, 1], [0, 0]]


# The census


@given(st.lists(st.tuples(st.integers(-300, 900), st.integers(0, 400), st.booleans()), min_size=1, max_size=30))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_the_census_holds_as_many_hours_as_the_people_do(stays):
    """
    Little's law with nothing left out: the people there, added up over time, are the stays inside the window.

    People come and go on the half minute and are counted on the minute, so that the sum is exact.
    """
    rows = []
    for i, (begin, length, here) in enumerate(stays):
        first, last = (begin + 0.5) / 60, (begin + length + 0.5) / 60
        end, outcome = (NAN, "still_here") if here or last > 10 else (last, "completed")
        rows.append((str(i), "x", first, first, end, end, outcome))
    rows = [row for row in rows if row[2] < 10]
    log = simulated(rows, until=10) if rows else None
    if log is None:
        return
    inside = sum(max((10 if np.isnan(row[5]) else row[5]) - max(row[2], 0), 0) for row in rows)
    there = log.census("1min")["there"]
    assert there[1:].sum() / 60 == pytest.approx(inside, abs=0.5 / 60 * len(rows) + 1e-6)
    whole = log.census("1min", of="journeys")["there"]
    assert whole.tolist() == there.tolist()


def test_a_census_is_the_mean_of_the_runs_even_of_runs_without_anybody():
    """Two people in run 0, none in run 1, two in run 2, and one in run 3: five over four."""
    rows = [(p, "x", 1, 1, 5, 5, "completed", run) for p, run in (("a", 0), ("b", 0), ("a", 2), ("b", 2), ("a", 3))]
    log = simulated(rows, until=6, runs=4)
    assert log.runs == 4
    for of in ("steps", "journeys"):
        assert log.census(of=of)["there"].tolist() == [0, 1.25, 1.25, 1.25, 1.25, 0, 0]
    assert log.people == 5
    assert log.only(run=2).runs == 1


@pytest.mark.parametrize(
    ("first", "hours"),
    [("2025-10-26 00:30", ["01:00+0100", "01:00+0000", "02:00+0000"]),
     ("2025-10-26 01:20+01:00", ["01:00+0000", "02:00+0000"]),
     ("2025-10-26 01:20+00:00", ["02:00+0000"]), ("2025-03-30 00:30", ["02:00+0100"])],
)  # fmt: skip
def test_a_census_counts_each_hour_once_when_the_clocks_change(first, hours):
    """The first hours of a census that begins around a change; by hand from the clock on the wall."""
    begin = pd.Timestamp(first)
    begin = begin.tz_localize("Europe/London") if begin.tz is None else begin.tz_convert("Europe/London")
    log = extract([("a", "x", begin, begin + pd.Timedelta(hours=9))])
    assert log.census()["at"].dt.strftime("%H:%M%z").tolist()[: len(hours)] == hours


def test_a_census_by_the_day_is_at_midnight_before_and_after_the_clocks_change():
    log = extract([("a", "x", "28/03/2025 15:00", "01/04/2025 09:00")])
    found = log.census("1D")["at"]
    assert found.dt.strftime("%d %H:%M %z").tolist() == [
        "29 00:00 +0000",
        "30 00:00 +0000",
        "31 00:00 +0100",
        "01 00:00 +0100",
    ]


@pytest.mark.parametrize("every", ["soon", "0h", "-1h", "ME", 5, None])
def test_a_census_at_no_length_of_time_is_refused(every):
    log = simulated([("a", "x", 0, 0, 1, 1, "completed")])
    shown = f"'{every}'" if isinstance(every, str) else str(every)
    assert said(lambda: log.census(every)) == f'every must be a length such as "1h", "15min" or "1D"; {shown} came.'


def test_a_census_too_long_to_hold_is_refused():
    log = simulated([("a", "x", 0, 0, 1, 1, "completed")], until=24 * 365)
    assert said(lambda: log.census("1s")) == (
        "A census every 1s would be 31,536,000 moments long; 1,000,000 are the most. Take longer steps."
    )
    assert said(lambda: log.census(of="people")) == 'No kind of census called "people"; there are "steps", "journeys".'


# Grouping


def test_waits_by_any_column_and_by_the_calendar():
    """By hand: two Mondays and a Tuesday of January 2026, waits of 1, 2 and 6 hours."""
    rows = [("a", "x", 9, 10, 11, 11, "completed"), ("b", "x", 24 * 7 + 9, 24 * 7 + 11, 24 * 8, 24 * 8, "completed"),
            ("c", "y", 24 + 8, 24 + 14, 40, 40, "completed")]  # fmt: skip
    log = simulated(rows, until=24 * 14)
    assert log.waits(by="weekday")["mean_hours"].to_dict() == {0: 1.5, 1: 6}
    assert log.waits(by="hour")["mean_hours"].to_dict() == {8: 6, 9: 1.5}
    assert log.waits(by="month")["visits"].to_dict() == {pd.Timestamp("2026-01-01"): 3}
    assert list(log.waits(by="week").index) == [pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-12")]
    both = log.waits(by=["step", "weekday"])
    assert both["mean_hours"].to_dict() == {("x", 0): 1.5, ("y", 1): 6}
    assert both.index.names == ["step", "weekday"]
    assert said(lambda: log.waits(by="wekday")).endswith('Did you mean "weekday"?')
    assert said(lambda: log.waits(by=[])) == "Name at least one column to group by."


def test_those_who_joined_before_the_log_began_fill_places_and_are_in_no_wait():
    rows = [("a", "x", -5, -1, 4, 4, "completed"), ("b", "x", 1, 2, 4, 4, "completed")]
    log = simulated(rows, until=6)
    assert log.waits()["visits"].tolist() == [1]
    assert log.census()["there"].tolist() == [1, 2, 2, 2, 0, 0, 0]


# Clocks


def test_lengths_are_right_across_both_clock_changes():
    """Summer time begins: 23:00 to 4:00 is 4 hours; ends: 6 hours."""
    rows = [("a", "x", "29/03/2025 23:00", "29/03/2025 23:00", "30/03/2025 04:00", "30/03/2025 04:00"),
            ("b", "x", "25/10/2025 23:00", "25/10/2025 23:00", "26/10/2025 04:00", "26/10/2025 04:00")]  # fmt: skip
    log = extract(rows)
    assert log.visits["service_hours"].tolist() == [4, 6]
    assert log.visits["step_hours"].tolist() == [4, 6]
    assert log.journeys()["hours"].tolist() == [4, 6]
    assert log.hours_observed == (pd.Timestamp("2025-10-26T04:00Z") - pd.Timestamp("2025-03-29T23:00Z")) / pd.Timedelta(
        "1h"
    )


@given(st.lists(st.integers(0, 400 * 24 * 3600), min_size=2, max_size=20, unique=True))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_hours_since_the_beginning_are_exact(seconds):
    """Oracle: whole seconds over 3,600, rounded once."""
    zero = pd.Timestamp("2025-01-01T00:00Z")
    frame = pd.DataFrame({"p": "a", "s": "x", "t": [zero + pd.Timedelta(seconds=s) for s in seconds]})
    log = EventLog.from_frame(frame, person="p", step="s", finished="t")
    first = min(seconds)
    expected = [float(Fraction(s - first, 3600)) for s in seconds]
    assert log.in_hours["finished"].tolist() == expected
    assert log.arrays["finished"].tolist() == expected


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=20))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_a_simulated_log_keeps_its_hours_to_the_last_bit(hours):
    rows = [(str(i), "x", h, h, h, h, "completed") for i, h in enumerate(hours)]
    log = simulated(rows, until=1000.0)
    assert log.arrays["arrived"].tolist() == hours
    assert log.in_hours["left"].tolist() == hours
    shown = (log.frame["arrived"] - log.observed[0]) / pd.Timedelta(hours=1)
    assert shown.tolist() == pytest.approx(hours, abs=1e-9)
    assert log.frame["arrived"].max() <= log.observed[1]


def test_a_warm_up_moves_hour_zero_and_nothing_else():
    log = simulated([("a", "x", 150.0, 170.0, 200.0, 200.0, "completed")], since=168.0, until=336.0)
    assert log.in_hours.loc[0, list(TIMES)].tolist() == [-18, 2, 32, 32]
    assert log.observed == (pd.Timestamp("2026-01-12", tz="UTC"), pd.Timestamp("2026-01-19", tz="UTC"))
    assert log.frame["started"][0] == pd.Timestamp("2026-01-12 02:00", tz="UTC")
    assert log.hours_observed == 168


# Parts of a log


def test_a_log_as_it_stood_earlier_has_nobody_from_later():
    rows = [
        ("a", "x", 1, 2, 3, 3, "completed"),
        ("a", "y", 3, 6, 8, 8, "completed"),
        ("b", "x", 7, 8, 9, 9, "completed"),
    ]
    log = simulated(rows, until=10).until(pd.Timestamp("2026-01-05 07:00", tz="UTC") - pd.Timedelta(seconds=1))
    assert log.frame["outcome"].tolist() == ["completed", "still_here"]
    assert log.frame["started"].notna().tolist() == [True, True]
    assert log.frame["finished"].notna().tolist() == [True, False]
    assert log.observed[1] == pd.Timestamp("2026-01-05 06:59:59", tz="UTC")
    assert log.people == 1


def test_what_happens_at_the_moment_itself_belongs_to_what_comes_after():
    """By hand: at 6 hours, b joins and a begins; just before, a waits alone. At its own end a log is whole."""
    whole = simulated([("a", "x", 1, 6, 10, 10, "completed"), ("b", "x", 6, 7, 9, 9, "completed")], until=10)
    log = whole.until(pd.Timestamp("2026-01-05 06:00", tz="UTC"))
    assert log.frame[["person", "outcome"]].to_numpy().tolist() == [["a", "still_here"]]
    assert log.frame["started"].isna().all()
    assert whole.until(whole.observed[1]).frame["outcome"].tolist() == ["completed", "completed"]


def test_an_earlier_moment_is_read_day_first():
    log = extract(
        [("a", "x", "13/01/2026 09:00", "13/01/2026 09:30"), ("b", "x", "03/02/2026 09:00", "03/02/2026 10:00")]
    )
    assert len(log.until("01/02/2026")) == 1
    assert said(lambda: log.until("01/01/2026")) == (
        "The log begins on 13 January 2026, after 01 January 2026. Give a later date."
    )


def test_some_rows_are_a_log_with_the_same_window():
    rows = [("NA", "x", 1, 2, 3, 3, "completed"), ("b", "y", 3, 6, 8, 8, "completed")]
    log = simulated(rows, until=10, runs=3)
    part = log.only(person="NA")
    assert (len(part), part.observed, part.runs, part.synthetic) == (1, log.observed, 3, True)
    assert said(lambda: log.only(persn="a")).endswith('Did you mean "person"?')


def test_a_log_without_anybody_gives_empty_answers():
    log = simulated([], until=3)
    assert (len(log), log.people, log.steps, log.runs) == (0, 0, [], 1)
    assert log.waits().empty
    assert list(log.waits(by=["step", "hour"])) == list(
        log.times_in_step().rename(columns={"times_known": "waits_known", "still_there": "still_waiting"})
    )
    assert log.census().empty
    assert log.journeys().empty
    assert log.census(of="journeys")["there"].tolist() == [0, 0, 0, 0]


# Files


def test_a_log_comes_back_from_its_file_as_it_was(tmp_path):
    rows = [
        ("NA", "x", "26/10/2025 00:30", "", "26/10/2025 03:00", ""),
        ("b", "y", "13/01/2026 09:00", "13/01/2026 10:00", "", ""),
    ]
    log = extract(rows, name="Wéxmoor", blank_end="still_here")
    log.save(tmp_path / "log.parquet")
    again = EventLog.load(tmp_path / "log.parquet")
    pd.testing.assert_frame_equal(again.frame, log.frame)
    assert (again.observed, again.name, again.synthetic, again.runs) == (log.observed, log.name, False, 1)
    assert str(again.observed[0].tz) == "Europe/London"
    assert again.quality == log.quality
    assert again.starts_known


def test_a_simulated_log_comes_back_with_its_runs(tmp_path):
    log = simulated([("a", "x", 1 / 3, 2, 3, 3, "completed", 1)], until=10, runs=5)
    log.save(tmp_path / "log.parquet")
    again = EventLog.load(tmp_path / "log.parquet")
    pd.testing.assert_frame_equal(again.frame, log.frame)
    assert (again.runs, again.synthetic, list(again.frame)) == (5, True, list(COLUMNS))
    assert again.in_hours["arrived"][0] == pytest.approx(1 / 3, abs=1e-9)


def test_a_file_that_is_no_log_is_refused(tmp_path):
    no = "is not a log that flowlib saved. To read an extract, use EventLog.read(...)."
    (tmp_path / "a.parquet").write_text("person,step\n", encoding="utf-8")
    assert said(lambda: EventLog.load(tmp_path / "a.parquet")) == f'"a.parquet" {no}'
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "b.parquet")
    assert said(lambda: EventLog.load(tmp_path / "b.parquet")) == f'"b.parquet" {no}'
    assert said(lambda: EventLog.load(tmp_path / "c.parquet")) == (
        'There is no file "c.parquet" there. Check the name and the folder.'
    )
    assert said(lambda: simulated([]).save(tmp_path / "no" / "a.parquet")) == (
        '"a.parquet" cannot be written. Check that its folder is there, and close the file elsewhere.'
    )


def test_two_million_visits_are_summed_up_in_moments():
    """Not a stopwatch: the sums run over arrays, so that no call is made for each person or cell."""
    count = 20_000
    luck = np.random.default_rng(1)
    begin = np.sort(luck.uniform(0, 1000, count))
    arrays = {
        "person": luck.integers(0, 5_000, count).astype(str).astype(object),
        "step": luck.choice(["x", "y", "z"], count).astype(object),
    }
    arrays |= {"arrived": begin, "started": begin + 1, "finished": begin + 2, "left": begin + 2}
    arrays |= {
        name: np.full(count, value, dtype=object)
        for name, value in (("group", "g"), ("outcome", "completed"), ("next_step", ""))
    }
    log = EventLog.from_hours(arrays, starts=MONDAY, until=1002.0)
    whole = log.journeys()
    assert whole["visits"].sum() == count
    assert whole["hours"].mean() == pytest.approx(
        pd.Series(begin).groupby(arrays["person"]).agg(lambda t: t.max() - t.min() + 2).mean()
    )
    assert log.census("1h")["there"].sum() == pytest.approx(2 * count, rel=0.01)
