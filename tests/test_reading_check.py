"""Lines that ask to check: each quirk planted in Wexmoor's extracts is named, and clean data raise hardly any alarm."""

import numpy as np
import pandas as pd
import pytest

from flowlib import EventLog
from flowlib.core import alarms, data, twice
from flowlib.core.reading import tidy

PLANTED = data.planted()["extracts"]
ED, SPELLS, WAITING = "wexmoor_ed_list", "wexmoor_inpatients", "wexmoor_waiting_list"
COMMUNITY, CARE = "wexmoor_community", "wexmoor_social_care"
# What the report must say of each planted quirk, up to the first number.
NAMED = {
    (ED, "heaped_on_half_hours"): 'times in "seen_dt" are on the hour or half hour',
    (ED, "spike_before_4_hours"): 'stays from "arrival_dt" to "departure_dt" lasted 3 hours 50 to 59 minutes',
    (SPELLS, "overlapping_stays"): "please check: the person is in two steps at once",
    (WAITING, "removed_then_added_again"): "please check: the person was removed, and is on the list again",
    (WAITING, "duplicate_pathway"): "please check: the same person and times stand under two ids",
    (WAITING, "validated_off_at_month_end"): 'dates in "removal_dt" are a month\'s last working day',
    (COMMUNITY, "entered_on_friday"): 'for "District nursing", nearly all dates in "first_contact_dt" are Fridays',
    (COMMUNITY, "never_discharged"): 'please check: "discharge_dt" is blank after longer than 99 in 100 others took',
    (CARE, "starts_on_monday"): 'Please check: nearly all dates in "start_dt" are Mondays',
}


@pytest.fixture(scope="module")
def told():
    """The lines of each extract, read as proposed, that ask to check."""
    found = {}
    for name in (ED, SPELLS, WAITING, COMMUNITY, CARE):
        notes = EventLog.read(data.path(name)).accept().quality.notes
        found[name] = [note for note in notes if "lease check" in note.sentence]
    return found


@pytest.mark.parametrize(("name", "quirk"), NAMED, ids=[quirk for _, quirk in NAMED])
def test_each_planted_quirk_is_named_on_its_extract(told, name, quirk):
    """Oracle: what was planted."""
    assert quirk in {one["quirk"] for one in PLANTED[data.CATALOGUE[name].file]["quirks"]}
    assert sum(NAMED[name, quirk] in note.sentence for note in told[name]) == 1


@pytest.mark.parametrize("name", [ED, SPELLS, WAITING, COMMUNITY, CARE])
def test_nothing_is_named_that_was_not_planted(told, name):
    known = [words for (other, _), words in NAMED.items() if other == name]
    assert [note.sentence for note in told[name] if not any(words in note.sentence for words in known)] == []


@pytest.mark.parametrize("name", ["wexmoor_journey", "wexmoor_ed"])
def test_the_clean_logs_of_wexmoor_ask_for_no_check(name):
    """Of which 10,000 rows say enough."""
    rows = data.table(name).head(10_000)
    columns = {role: role for role in data.COLUMNS if role in rows}
    assert not [one for one in tidy(rows, columns, synthetic=True).quality.sentences() if "lease check" in one]


def test_the_rows_told_are_those_that_were_planted(told):
    """Oracle: pandas alone. Ward stays that begin before the one before ends; numbers with a twin."""
    rows = pd.read_csv(data.path(SPELLS), dtype=str, encoding="utf-8-sig")
    overlap = next(note for note in told[SPELLS] if "two steps at once" in note.sentence)
    spells = rows["spell_id"].iloc[np.asarray(overlap.rows) - 2]
    planted = next(q for q in PLANTED["wexmoor_inpatients.csv"]["quirks"] if q["quirk"] == "overlapping_stays")
    assert spells.nunique() == pytest.approx(planted["planted"], abs=1)  # one spell may have two
    rows = pd.read_csv(data.path(WAITING), dtype=str, encoding="cp1252", keep_default_na=False)
    again = next(note for note in told[WAITING] if "again" in note.sentence)
    people = rows["person_id"].iloc[np.asarray(again.rows) - 2]
    assert set(people) >= set(rows.loc[rows["removal_reason"] == "Removed in error", "person_id"])


def test_numbers_in_the_lines_are_to_the_nearest_five_and_never_under_eight(told):
    for note in (note for notes in told.values() for note in notes if not note.rows):
        numbers = [int(word.replace(",", "")) for word in note.sentence.split() if word.replace(",", "").isdigit()]
        counts = [number for number in numbers if number not in {3, 4, 50, 59}]
        assert all(number % 5 == 0 or number == 8 for number in counts), note.sentence


# By chance. Each alarm is asked of so many clean samples; the limits allow about 1 in 10,000.

CLEAN = 400


def alarmed(ask):
    """In how many of the clean samples an alarm is raised."""
    return sum(bool(ask(np.random.default_rng([7, number]))) for number in range(CLEAN))


def test_clean_clock_times_hardly_ever_heap():
    """Minutes drawn evenly, of 50 to 20,000 cells, by an hourly rhythm; 0 of 400 expected."""
    shape = 1 + np.sin(np.arange(24) / 4) ** 2

    def ask(luck):
        hours = luck.choice(24, int(luck.integers(50, 20_000)), p=shape / shape.sum())
        return alarms.heaped(hours * 60 + luck.integers(0, 60, len(hours)))

    assert alarmed(ask) <= 1


def test_stays_of_a_smooth_shape_hardly_ever_spike_before_four_hours():
    """Log-normal stays of a mean from 1 to 8 hours, 200 to 20,000 of them."""

    def ask(luck):
        spread = luck.uniform(0.3, 1.0)
        return alarms.spike(luck.lognormal(np.log(luck.uniform(60, 480)), spread, int(luck.integers(200, 20_000))))

    assert alarmed(ask) <= 1


def test_clean_days_hardly_ever_bunch_at_the_months_end():
    """Working days drawn evenly over 3 to 24 months, with a weekly rhythm and 1 to 30 a day."""

    def ask(luck):
        every = np.arange(
            "2025-01-06", np.datetime64("2025-01-06") + int(luck.integers(90, 730)), dtype="datetime64[D]"
        )
        rate = luck.uniform(1, 30) * np.array([1.3, 1.1, 1, 1, 0.8, 0, 0])[(every.astype(int) + 3) % 7]
        return alarms.month_ends(np.repeat(every, luck.poisson(rate)))

    assert alarmed(ask) <= 1


@pytest.mark.parametrize("shape", ["exponential", "log-normal", "two sorts"])
def test_a_clean_caseload_hardly_ever_has_ghosts(shape):
    """People come evenly for 30 weeks, and stay a mean of 5 to 200 days; who is still there is no ghost."""

    def ask(luck):
        count, mean = int(luck.integers(200, 3_000)), luck.uniform(5, 200)
        if shape == "exponential":
            stay = luck.exponential(mean, count)
        elif shape == "log-normal":
            stay = luck.lognormal(np.log(mean) - 0.45, 0.95, count)
        else:
            stay = luck.exponential(np.where(luck.random(count) < 0.8, mean, 4 * mean))
        so_far = 210 - luck.uniform(0, 210, count)
        return alarms.ghosts(np.minimum(stay, so_far), stay <= so_far).any()

    assert alarmed(ask) <= 1


def test_ghosts_are_found_where_one_in_twelve_was_never_taken_off():
    """Power: of 100 such caseloads of 800 with a mean stay of 25 days, nearly all are found."""
    found = 0
    for number in range(100):
        luck = np.random.default_rng([8, number])
        stay, so_far = luck.gamma(1 / 0.36, 0.36 * 25, 800), 210 - luck.uniform(0, 210, 800)
        ended = (stay <= so_far) & (luck.random(800) > 0.08)
        found += alarms.ghosts(np.where(ended, stay, so_far), ended).any()
    assert found >= 95


def test_one_moment_of_the_week_is_told_only_where_it_is_alone():
    """A transport at 4pm each day is no day of entry; 100 of 1,000 cells on Friday at 16:30 are."""
    luck = np.random.default_rng(1)
    days, minutes = luck.integers(0, 7, 1_000), luck.integers(1, 1440, 1_000)
    assert alarms.one_slot(days, minutes) is None
    assert alarms.one_slot(days, np.full(1_000, 960)) is None
    days[:100], minutes[:100] = 4, 990
    minutes[100:][minutes[100:] == 990] = 991
    assert alarms.one_slot(days, minutes) == (4, 990, 100)


# Small stories

ROLES = {"person": "id", "step": "ward", "arrived": "in", "left": "out"}


def checked(rows, **columns):
    """The lines that ask to check, of a table of these rows and 30 plain ones."""
    plain = [(f"Q{n}", "A1", f"{n}/01/2026 09:07", f"{n}/01/2026 17:12") for n in range(1, 31)]
    frame = pd.DataFrame([*plain, *rows], columns=["id", "ward", "in", "out"])
    notes = tidy(frame, ROLES, **columns).quality.notes
    return [note.sentence for note in notes if "lease check" in note.sentence]


def test_plain_rows_ask_for_no_check():
    assert checked([]) == []


def test_somebody_in_two_wards_at_once_is_told_with_both_rows():
    one = ("P", "A1", "13/01/2026 09:00", "15/01/2026 09:00")
    assert checked([one, ("P", "B2", "14/01/2026 09:00", "16/01/2026 09:00")]) == [
        "Rows 32, 33: please check: the person is in two steps at once; one of the times may be wrong."
    ]
    assert checked([one, ("P", "B2", "15/01/2026 09:00", "16/01/2026 09:00")]) == []


@pytest.mark.parametrize("wrong", ["13/01/2062 09:00", "13/01/2028 09:00"])
def test_a_date_years_after_the_others_is_told(wrong):
    assert checked([("P", "A1", "13/01/2026 09:00", wrong)]) == [
        (
            "Row 32: please check: a time is over a year from all others. "
            "Correct it, or say what the log covers: observed=."
        )
    ]


def test_a_step_that_differs_only_in_how_it_is_written_is_told():
    assert checked([("P", "a 1", "13/01/2026 09:00", ""), ("R", "A2", "13/01/2026 09:00", "")]) == [
        'Row 32: please check: "ward" differs from a commoner name only in how it is written.'
    ]


def test_ids_that_lost_their_noughts_are_told_and_stay_two_people():
    rows = [("00123", "A1", "13/01/2026 09:00", ""), ("123", "A1", "14/01/2026 09:00", "")]
    assert checked(rows) == [
        'Rows 32, 33: please check: ids in "id" differ only in noughts at the front; they count as two.'
    ]
    assert not twice.ids_alike(np.array([0, 1]), ["0A1", "A1"]).any()


def test_many_rows_without_a_person_hint_at_merged_cells():
    frame = pd.DataFrame({"id": ["a", ""] * 4, "ward": "A1", "in": "13/01/2026 09:00", "out": ""})
    assert 'Many rows have no person. If cells of "id" are merged, fill the column down.' in [
        note.sentence for note in tidy(frame, ROLES).quality.notes
    ]
