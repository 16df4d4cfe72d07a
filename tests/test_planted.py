"""What is hidden in the extracts: it is there, the report on quality counts it, and each tool finds it."""

import math

import numpy as np
import pandas as pd
import pytest
from refusals import said

from data import build
from flowlib import EventLog, hours
from flowlib.change.effect.before_after import before_after
from flowlib.core import data
from flowlib.diagnose import waiting_list
from flowlib.diagnose.constraint import constraint
from flowlib.diagnose.sizing import carve_out
from flowlib.mapping.pareto import pareto
from flowlib.measure.demand import rhythm, series
from flowlib.measure.failure import failure_share
from flowlib.measure.mismatch import mismatch
from flowlib.measure.rhythms import variation

PLANTED = data.planted()
CAUSES = PLANTED["causes"]
FILES = {shipped.file: name for name, shipped in data.CATALOGUE.items()}
WEEKS = ("06/01/2025", "04/08/2025")
FOUR_WEEKS = ("03/02/2025", "03/03/2025")
CHANGE = pd.Timestamp("2025-01-06") + pd.Timedelta(weeks=CAUSES["change_of_week_18"]["week"] - 1)
WORDS = {"NULL", "-", "n/a"}
LOST_HOUR = pd.Timestamp("2025-03-30 01:00")


# Each quirk counted in its file, by pandas alone

HOW = {
    "wexmoor_ed_list.csv": {"encoding": "utf-8"},
    "wexmoor_inpatients.csv": {"encoding": "utf-8-sig"},
    "wexmoor_waiting_list.csv.gz": {"encoding": "cp1252"},
    "wexmoor_community.txt.gz": {"encoding": "utf-16", "sep": "\t"},
    "wexmoor_hub_calls.csv": {},
    "wexmoor_delays.csv": {},
}


@pytest.fixture(scope="module")
def plain():
    """Each file as text, read by pandas."""
    found = {
        file: pd.read_csv(data.FOLDER / file, dtype=str, keep_default_na=False, **how) for file, how in HOW.items()
    }
    book = pd.read_excel(data.path("wexmoor_social_care"), dtype=object, keep_default_na=False)
    book["start_dt"] = pd.to_datetime(book["start_dt"]).dt.strftime("%d/%m/%Y")
    found["wexmoor_social_care.xlsx"] = book.fillna("").astype(str)
    return found


def times(cells):
    """The moments of cells, by stated forms."""
    made = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[ns]")
    text = cells.str.strip()
    forms = ("%d/%m/%Y %H:%M", "%d/%m/%y %H:%M", "%d/%m/%Y %I:%M %p", "%d/%m/%Y", "%d/%m/%y")
    for form in forms:
        made = made.fillna(pd.to_datetime(text, format=form, errors="coerce"))
    days = pd.to_numeric(text.where(text.str.fullmatch(r"\d{5}(\.\d+)?")), errors="coerce")
    return made.fillna((pd.Timestamp("1899-12-30") + pd.to_timedelta(days, unit="D")).dt.round("min"))


def blank(cells):
    return (cells == "") | cells.isin(WORDS)


def stay_minutes(rows):
    return (times(rows["departure_dt"]) - times(rows["arrival_dt"])) / pd.Timedelta(minutes=1)


COUNTS = {
    "spike_before_4_hours": lambda rows, _: stay_minutes(rows).between(230, 239),
    "midnight_as_2359_or_0001": lambda rows, c: times(rows[c]).dt.strftime("%H:%M").isin(["23:59", "00:01"]),
    "blank": lambda rows, c: blank(rows[c]),
    "heaped_on_half_hours": lambda rows, c: times(rows[c]).dt.minute.isin([0, 30]),
    "midnight_slip": lambda rows, _: stay_minutes(rows) < 0,
    "years_of_two_figures": lambda rows, c: rows[c].str.contains(r"^\d\d/\d\d/\d\d(?: |$)"),
    "excel_day_numbers": lambda rows, c: rows[c].str.contains(r"^\d{5}(?:\.\d+)?$"),
    "clock_of_12_hours": lambda rows, c: rows[c].str.contains("[AP]M$"),
    "word_for_blank": lambda rows, c: rows[c].isin(WORDS),
    "trailing_spaces": lambda rows, c: rows[c].str.endswith(" "),
    "row_twice": lambda rows, _: rows.duplicated(),
    "hour_that_the_clocks_skip": lambda rows, c: times(rows[c]).dt.floor("h") == LOST_HOUR,
    "overlapping_stays": lambda rows, c: times(rows[c]) < times(rows["ward_end_dt"]).groupby(rows["spell_id"]).shift(1),
    "open_spell": lambda rows, c: blank(rows[c]),
    "open_stay": lambda rows, c: blank(rows[c]),
    "ready_after_discharge": lambda rows, c: times(rows[c]) > times(rows["discharge_dt"]),
    "zero_day_spell": lambda rows, c: times(rows["admit_dt"]).dt.date == times(rows[c]).dt.date,
    "duplicate_pathway": lambda rows, _: rows.assign(referred=times(rows["referral_received"])).duplicated(
        ["person_id", "referred", "status"]
    ),
    "removed_then_added_again": lambda rows, _: (
        (rows["status"] == "Waiting")
        & rows["person_id"].isin(rows.loc[rows["removal_reason"] == "Removed in error", "person_id"])
    ),
    "clock_before_referral": lambda rows, c: times(rows[c]) < times(rows["referral_received"]),
    "validated_off_at_month_end": lambda rows, c: (
        (rows["removal_reason"] == "Validated off") & ((times(rows[c]) + pd.offsets.BDay(1)).dt.day <= 3)
    ),
    "entered_on_friday": lambda rows, c: (
        rows["team"].str.startswith("District") & (times(rows[c]).dt.strftime("%a %H:%M") == "Fri 16:30")
    ),
    "never_discharged": lambda rows, c: blank(rows[c]),
    "starts_on_monday": lambda rows, c: times(rows[c]).dt.day_of_week == 0,
}
EVERY = [(file, quirk) for file, told in PLANTED["extracts"].items() for quirk in told["quirks"]]


@pytest.mark.parametrize(("file", "quirk"), EVERY, ids=[f"{f[8:]}-{q['quirk']}-{q['column']}" for f, q in EVERY])
def test_each_quirk_stands_in_so_many_rows_of_its_file(plain, file, quirk):
    """Oracle: pandas alone on the text of the file; and the count is the rate, where there is one."""
    rows = plain[file]
    assert int(COUNTS[quirk["quirk"]](rows, quirk["column"]).sum()) == quirk["rows"]
    assert quirk["planted"] <= quirk["rows"]


@pytest.mark.parametrize("file", PLANTED["extracts"])
def test_the_answer_sheet_has_the_rows_and_columns_of_each_file(plain, file):
    told = PLANTED["extracts"][file]
    assert len(plain[file]) == told["rows"]
    assert list(plain[file].columns) == told["columns"]


RATES = {
    ("wexmoor_ed_list.csv", "blank"): 0.06, ("wexmoor_ed_list.csv", "midnight_slip"): 0.004,
    ("wexmoor_ed_list.csv", "heaped_on_half_hours"): 0.15, ("wexmoor_ed_list.csv", "row_twice"): 0.005,
    ("wexmoor_inpatients.csv", "open_spell"): 0.03, ("wexmoor_inpatients.csv", "overlapping_stays"): 0.005,
    ("wexmoor_inpatients.csv", "ready_after_discharge"): 0.02,
    ("wexmoor_waiting_list.csv.gz", "duplicate_pathway"): 0.02,
    ("wexmoor_community.txt.gz", "never_discharged"): 0.08,
}  # fmt: skip


@pytest.mark.parametrize(("which", "rate"), RATES.items(), ids=[" ".join(which) for which in RATES])
def test_quirks_come_at_the_rates_that_such_extracts_have(which, rate):
    """The rates are those of our brief on extracts; to within a fifth, as spells have more than one row."""
    file, name = which
    told = PLANTED["extracts"][file]
    planted = next(quirk["planted"] for quirk in told["quirks"] if quirk["quirk"] == name)
    assert planted / told["rows"] == pytest.approx(rate, rel=0.2)


def test_the_stays_of_almost_4_hours_stand_out(plain):
    """Of the ten-minute bins from 170 to 299 minutes, only that one has half as many again as those beside it."""
    minutes = stay_minutes(plain["wexmoor_ed_list.csv"])
    bins = minutes[minutes.between(170, 299)].floordiv(10).value_counts().sort_index()
    around = (bins.shift(1) + bins.shift(-1)) / 2
    assert bins.index[bins > 1.5 * around].tolist() == [23]


# The report on quality counts them too

OPTIONS = {
    "wexmoor_ed_list.csv": {"person": "attendance_id", "group": "complaint_group"},
    "wexmoor_inpatients.csv": {"person": "spell_id"},
    "wexmoor_waiting_list.csv.gz": {"person": "pathway_id"},
    "wexmoor_community.txt.gz": {},
    "wexmoor_social_care.xlsx": {},
}
KINDS = {
    "wexmoor_ed_list.csv": "emergency department list", "wexmoor_inpatients.csv": "ward moves",
    "wexmoor_waiting_list.csv.gz": "waiting list", "wexmoor_community.txt.gz": "community caseload",
    "wexmoor_social_care.xlsx": "social-care packages",
}  # fmt: skip
SAID = {
    "years_of_two_figures": 'a year of two figures in "{}"',
    "excel_day_numbers": 'an Excel day number in "{}"',
    "clock_of_12_hours": 'a clock of 12 hours (am or pm) in "{}"',
    "word_for_blank": 'a word for blank, such as NULL, stands in "{}"',
    "trailing_spaces": 'blanks before or after the text in "{}"',
    "midnight_as_2359_or_0001": '"{}" is 23:59 or 00:01',
    "hour_that_the_clocks_skip": '"{}" is in an hour when the clocks change',
    "clock_before_referral": '"{}" is before "referral_received"',
    "row_twice": "the same person, step and times as an earlier row",
    "midnight_slip": "date may be of the day before",
    "open_stay": '"{}" is blank',
}
UNMAPPED = {("wexmoor_inpatients.csv", "discharge_dt"), ("wexmoor_inpatients.csv", "dest"),
            ("wexmoor_waiting_list.csv.gz", "next_appt"), ("wexmoor_community.txt.gz", "reason")}  # fmt: skip
REPORTED = [(f, q) for f, q in EVERY if q["quirk"] in SAID and (f, q["column"]) not in UNMAPPED]


@pytest.fixture(scope="module")
def proposals():
    return {file: EventLog.read(data.FOLDER / file) for file in OPTIONS}


@pytest.fixture(scope="module")
def reports(proposals):
    return {file: proposals[file].accept(**OPTIONS[file], synthetic=True).quality for file in OPTIONS}


@pytest.mark.parametrize("file", KINDS)
def test_each_extract_is_known_for_what_it_is(proposals, file):
    assert proposals[file].kind.startswith(KINDS[file])


@pytest.mark.parametrize(("file", "quirk"), REPORTED, ids=[f"{f[8:]}-{q['quirk']}-{q['column']}" for f, q in REPORTED])
def test_the_report_on_quality_counts_what_was_planted(reports, file, quirk):
    """No row more and no row less; what is in a column that was not mapped is not read, so it is not reported."""
    words = SAID[quirk["quirk"]].format(quirk["column"])
    notes = [note for note in reports[file].notes if words in note.sentence]
    assert {row for note in notes for row in note.rows} != set()
    assert len({int(row) for note in notes for row in note.rows}) == quirk["rows"]


def test_every_row_of_every_extract_is_used_or_set_aside(reports):
    for file, report in reports.items():
        assert report.rows_in_file == PLANTED["extracts"][file]["rows"]


def test_only_the_midnight_slips_of_the_emergency_list_are_set_aside_and_asked_for_they_are_put_right(
    reports, proposals
):
    slips = planted("wexmoor_ed_list.csv", "midnight_slip")
    assert len(reports["wexmoor_ed_list.csv"].set_aside["row"].unique()) == slips
    mended = proposals["wexmoor_ed_list.csv"].accept(**OPTIONS["wexmoor_ed_list.csv"], midnight="next_day").quality
    assert mended.set_aside.empty


def test_people_never_discharged_count_as_still_there(reports):
    """Ghosts, and those who are truly there; `blank_end` of a caseload is proposed so."""
    notes = [n for n in reports["wexmoor_community.txt.gz"].notes if "counts as still there" in n.sentence]
    assert sum(len(note.rows) for note in notes) == planted("wexmoor_community.txt.gz", "never_discharged")


def test_a_ready_date_after_the_discharge_is_set_aside():
    how = {"person": "spell_id", "step": "ward", "arrived": "ready_date", "left": "discharge_dt"}
    report = EventLog.read(data.path("wexmoor_inpatients"), **how, synthetic=True, observed=WEEKS).quality
    wrong = report.set_aside["why"].str.contains('"discharge_dt" is before "ready_date"')
    assert wrong.sum() == planted("wexmoor_inpatients.csv", "ready_after_discharge")


def test_people_who_stand_twice_on_the_waiting_list_are_told():
    """By the person, as the pathway's number differs."""
    how = {"person": "person_id", "step": "specialty", "arrived": "clock_start", "left": "removal_dt"}
    report = EventLog.read(data.path("wexmoor_waiting_list"), **how, synthetic=True).quality
    notes = [note for note in report.notes if SAID["row_twice"] in note.sentence]
    assert sum(len(note.rows) for note in notes) == planted("wexmoor_waiting_list.csv.gz", "duplicate_pathway")


def planted(file, name):
    return next(quirk["rows"] for quirk in PLANTED["extracts"][file]["quirks"] if quirk["quirk"] == name)


# Each tool finds its cause


@pytest.fixture(scope="module")
def emergency():
    how = {
        "person": "person_id",
        "step": "dept_type",
        "arrived": "arrival_dt",
        "started": "seen_dt",
        "group": "age_band",
    }
    return EventLog.read(data.path("wexmoor_ed_list"), **how, synthetic=True, observed=FOUR_WEEKS, name="ED")


@pytest.fixture(scope="module")
def going_home():
    """From the day on which people were ready until they went straight home."""
    rows = data.table("wexmoor_inpatients")
    rows = rows[(rows["admit_method"] != "11") & (rows["pathway"] == "P0")].drop_duplicates("spell_id")
    how = {"person": "spell_id", "step": "pathway", "arrived": "ready_date", "started": "discharge_dt"}
    return EventLog.from_frame(rows, **how, synthetic=True, observed=WEEKS)


@pytest.fixture(scope="module")
def community():
    how = {"person": "person_id", "step": "team", "arrived": "referral_dt", "started": "first_contact_dt"}
    return EventLog.read(
        data.path("wexmoor_community"),
        **how,
        left="discharge_dt",
        blank_end="still_here",
        synthetic=True,
        observed=WEEKS,
    )


def test_the_batch_at_4pm_shows_in_the_rhythm_of_the_day(going_home):
    """Planted: 6 in 10 leave with the transport; four standard errors, and at most a tenth of the others by chance."""
    cause = CAUSES["batch_at_4pm"]
    starts = rhythm(going_home, "P0")["starts"]
    count = going_home.visits["started"].notna().sum()
    share, error = cause["share_by_transport"], math.sqrt(0.24 / count)
    assert starts.idxmax() == cause["hour"]
    assert share - 4 * error < starts[cause["hour"]] / starts.sum() < share + 0.1 * (1 - share) + 4 * error
    assert starts.drop(cause["hour"]).max() < starts[cause["hour"]] / 5


def test_the_weekend_gap_shows_in_the_rhythm_of_the_week(going_home):
    """Planted: at weekends only those leave who need no transport, on any day alike; four standard errors."""
    starts = rhythm(going_home, "P0", by="weekday")["starts"]
    expected = (1 - CAUSES["batch_at_4pm"]["share_by_transport"]) * 2 / 7
    error = math.sqrt(expected * (1 - expected) / going_home.visits["started"].notna().sum())
    assert starts[5:].sum() / starts.sum() == pytest.approx(expected, abs=4 * error)
    days = variation(going_home, "P0").days.set_index("what")
    assert days.loc["activity", "by_weekday"] > 0.2 > days.loc["demand", "by_weekday"]


def test_the_ring_fence_makes_the_waits_that_were_planted(emergency):
    """Exact queues at the planted rates against the list: four standard errors of the means of its days."""
    cause = CAUSES["carve_out"]
    told = carve_out(
        cause["group_per_hour"], cause["others_per_hour"], hours(cause["service_hours"]),
        servers=cause["clinicians"], ring_fenced=cause["ring_fenced"],
    )  # fmt: skip
    urgent = emergency.visits[emergency.visits["step"] == "3"]
    children = urgent["group"] == "0 to 17"
    for people, queue in ((children, told.group), (~children, told.others)):
        days = urgent[people].groupby(urgent["at"].dt.date)["wait_hours"].mean()
        assert days.mean() == pytest.approx(queue.mean_wait, abs=4 * days.std() / math.sqrt(len(days)))
    days = urgent.groupby(urgent["at"].dt.date)["wait_hours"].mean()
    assert days.mean() - 4 * days.std() / math.sqrt(len(days)) > told.pooled.mean_wait
    assert told.group.mean_wait > told.others.mean_wait  # those for whom it was made wait longest


def test_the_rota_does_not_match_the_hours_at_which_people_come(emergency):
    """Each hour's arrivals as planted, to four standard errors; so the mismatch costs what the planted ones cost."""
    cause = CAUSES["rota_mismatch"]
    shape = np.asarray(build.ED_HOURS) / sum(build.ED_HOURS)
    expected = (PLANTED["ed_per_day"] - build.CALLS_A_DAY) * shape + build.CALLS_A_DAY / 24
    came = rhythm(emergency, "1")["arrivals"].to_numpy()
    assert came == pytest.approx(expected, abs=4 * math.sqrt(expected.max() / 28))
    now, better = (60 * np.asarray(cause[rota]) / cause["minutes_each"] for rota in ("rota", "better"))
    seen, sure = (mismatch(arrivals, now, same_total=True) for arrivals in (came, expected))
    draws = np.random.default_rng(1).poisson(28 * expected, (40, 24)) / 28
    spread = np.std([mismatch(one, now, same_total=True).person_hours_a_day for one in draws])
    assert seen.person_hours_a_day == pytest.approx(sure.person_hours_a_day, abs=4 * spread)
    assert seen.peak_at in {"6pm", "7pm", "8pm", "9pm"}
    for arrivals in (came, expected):
        cost = [mismatch(arrivals, rota, same_total=True).person_hours_a_day for rota in (now, better)]
        assert cost[1] < cost[0]


def test_home_first_holds_the_community_back_before_the_change(community):
    cause = CAUSES["constraint"]
    assert cause["until_week"] == CAUSES["change_of_week_18"]["week"]
    assert constraint(community.until(CHANGE)).step == cause["step"]


def test_the_change_of_week_18_is_found_in_the_caseload(community):
    """The first signal is in that week, give or take one."""
    weeks = series(community, "Home First").table
    made = before_after(weeks["value"], weeks["x"], CHANGE, improvement="down")
    assert abs(made.signal_at - CHANGE) <= pd.Timedelta(weeks=1)
    assert made.improved is True


@pytest.mark.parametrize("team", ["District nursing", "Falls prevention"])
def test_no_other_team_changed(community, team):
    """Their waits are drawn alike throughout: four standard errors at most, person by person."""
    rows = community.visits[community.visits["step"] == team]
    later = rows["arrived"].dt.tz_localize(None) >= CHANGE
    parts = [rows.loc[which, "wait_hours"].dropna() for which in (~later, later)]
    error = math.hypot(*(part.std() / math.sqrt(len(part)) for part in parts))
    assert abs(parts[0].mean() - parts[1].mean()) < 4 * error


def test_the_share_of_failure_demand_is_the_planted_one():
    """Exactly: the counts were chosen. Of the first 40 calls, 15."""
    cause, calls = CAUSES["failure_demand"], data.table("wexmoor_hub_calls")
    made = failure_share(calls, reason="reason", synthetic=True)
    assert (made.contacts, made.unclear, made.failures) == (cause["calls"], cause["unclear"], cause["failures"])
    assert made.of_clear.share == pytest.approx(cause["share_of_clear"]) == 0.38
    found = made.table[made.table["failure"] > 0].set_index("reason")["failure"]
    assert found.to_dict() == cause["by_reason"]
    first = failure_share(calls.head(cause["first_calls"]))
    assert (first.failures, first.unclear) == (cause["failures_of_first"], 0)


def test_four_codes_make_8_in_10_of_the_delays():
    cause = CAUSES["few_codes_cover_most"]
    made = pareto(data.table("wexmoor_delays")["code"], other="Other", synthetic=True)
    assert made.total == cause["records"]
    assert made.few == tuple(list(cause["by_code"])[: cause["codes"]])
    assert made.covered == pytest.approx(cause["share"])


def test_the_waiting_list_is_asked_for_more_than_it_can_do(plain):
    """Referrals by chance at the planted rate, four standard errors; those treated and the first list exactly."""
    cause, rows = CAUSES["waiting_list_grows"], plain["wexmoor_waiting_list.csv.gz"]
    people = rows.assign(referred=times(rows["referral_received"])).drop_duplicates(["person_id", "referred"])
    before = people["referred"] < pd.Timestamp("2025-01-06")
    assert before.sum() == cause["list_at_start"]
    a_week = (~before).sum() / build.WEEKS
    assert a_week == pytest.approx(cause["referred_a_week"], abs=4 * math.sqrt(cause["referred_a_week"] / build.WEEKS))
    treated = (rows["removal_reason"] == "Treated").sum() / build.WEEKS
    assert treated == cause["treated_a_week"]
    assert waiting_list.load(a_week, treated) > 1


def test_home_care_begins_on_mondays_only():
    how = {"person": "person_ref", "step": "setting", "arrived": "request_dt", "started": "start_dt"}
    log = EventLog.read(data.path("wexmoor_social_care"), **how, synthetic=True, observed=WEEKS)
    starts = rhythm(log, "Own home", by="weekday")["starts"]
    assert starts.idxmax() == 0
    assert starts[1:].sum() == 0


# One person through several organisations


@pytest.fixture(scope="module")
def hospital():
    how = {"person": "person_id", "step": "ward", "arrived": "ward_start_dt", "left": "ward_end_dt"}
    return EventLog.read(data.path("wexmoor_inpatients"), **how, synthetic=True, observed=WEEKS, name="hospital")


@pytest.fixture(scope="module")
def home_first():
    """The community caseload by the hospital's number; those without one are set aside."""
    how = {"person": "hospital_ref", "step": "team", "arrived": "referral_dt", "started": "first_contact_dt"}
    return EventLog.read(data.path("wexmoor_community"), **how, synthetic=True, observed=WEEKS, name="community")


@pytest.fixture(scope="module")
def journey():
    return data.journey().visits


def test_maureen_is_followed_from_the_department_to_her_home(emergency, hospital, home_first, journey):
    """Oracle: her visits in the journey, at the same minutes."""
    maureen = PLANTED["same_person"][0]
    assert maureen["hospital"] in set(emergency.frame["person"])
    seen = EventLog.join([emergency, hospital, home_first]).visits
    hers = seen[seen["person"] == maureen["hospital"]]
    assert hers["step"].tolist()[0] == "1"
    assert hers["step"].tolist()[-1] == "Home First"
    told = journey[journey["person"] == maureen["wexmoor_journey"]].set_index("step")
    assert hers["arrived"].iloc[0] == told.loc["Handover", "arrived"]
    assert hers["arrived"].iloc[1] == told.loc["Ward", "started"]
    assert hers["started"].iloc[-1] == told.loc["Home First", "started"]


@pytest.mark.parametrize("person", range(len(PLANTED["same_person"])))
def test_each_organisation_knows_the_same_person_by_its_own_number(plain, journey, person):
    """Referral to Home First and the request for home care fall as in the journey."""
    one = PLANTED["same_person"][person]
    told = journey[journey["person"] == one["wexmoor_journey"]].set_index("step")
    rows = plain["wexmoor_community.txt.gz"]
    row = rows[rows["person_id"] == one["community"]]
    assert row["hospital_ref"].tolist() == [one["hospital"]]
    assert times(row["referral_dt"]).iloc[0] == told.loc["Home First", "arrived"].tz_localize(None)
    if "council" in one:
        packages = plain["wexmoor_social_care.xlsx"]
        asked = times(packages.loc[packages["person_ref"] == one["council"], "request_dt"]).iloc[0]
        assert asked.date() == told.loc["Home care", "arrived"].date()


def test_who_leaves_the_department_for_a_bed_is_admitted_in_that_minute(plain):
    """Every older person of the emergency list whom the hospital admitted, but for midnight slips."""
    came, spells = plain["wexmoor_ed_list.csv"], plain["wexmoor_inpatients.csv"].drop_duplicates("spell_id")
    came = came[(came["disposal"] == "Admitted") & (stay_minutes(came) >= 0)].drop_duplicates()
    both = came.merge(spells[spells["admit_method"] != "11"], on="person_id")
    assert len(both) > 200
    assert (times(both["departure_dt"]) == times(both["admit_dt"])).all()


def test_home_first_comes_after_the_hospital(plain):
    """Whoever went there from a bed had left it by the first contact; a Friday's entry is another team's."""
    spells = plain["wexmoor_inpatients.csv"].query("pathway == 'P1'").drop_duplicates("spell_id")
    rows = plain["wexmoor_community.txt.gz"]
    both = spells.merge(rows[rows["hospital_ref"] != ""], left_on="person_id", right_on="hospital_ref")
    left, began = times(both["discharge_dt_x"]), times(both["first_contact_dt"])
    known = left.notna() & began.notna()
    assert known.sum() > 500
    assert (left <= began)[known].all()


def test_the_councils_packages_cannot_be_linked_and_this_is_said(hospital):
    how = {"person": "person_ref", "step": "setting", "arrived": "request_dt", "started": "start_dt"}
    council = EventLog.read(data.path("wexmoor_social_care"), **how, synthetic=True, observed=WEEKS, name="council")
    assert said(lambda: EventLog.join([hospital, council])) == (
        'No person is in both "hospital" and "council"; the logs stay apart. '
        "Check that the person columns hold the same kind of id, written the same way."
    )
