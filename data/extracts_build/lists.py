"""
What do the waiting list, the community's caseload and the council's packages look like as extracts?

The community and the council hold the people of `wexmoor_journey.csv` at the same moments,
each under numbers of its own. Only the caseload has the hospital's number beside its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data import build
from data.extracts_build.quirks import Extract, wall

if TYPE_CHECKING:
    from data.extracts_build.quirks import Register

__all__ = ["CAUSES", "caseload", "packages", "planned_care", "waiting_list"]

SPECIALTY = "Ear, nose and throat – adults"  # the dash needs Windows' own signs
REFERRED_A_WEEK, TREATED_A_WEEK, LIST_AT_START, WEEKS_BEFORE = 30.0, 27, 1_200, 40
PRIORITY = {"P1": 0.03, "P2": 0.15, "P3": 0.32, "P4": 0.50}
CLOCK_BEFORE = 0.12  # of people came from another hospital, where the clock began
HAS_A_DATE = 0.25  # of those who wait
VALIDATED_OFF = 12  # at the end of each month
NURSING, FALLS = "District nursing", "Falls prevention"
NURSING_A_WEEK, FALLS_A_WEEK = 6.0, 9.0
OTHER_PACKAGES_A_WEEK = 28.0
CARE_COMPLETE = 0.85  # of those discharged
FIRST = pd.Timestamp("2025-01-06")
LAST = pd.Timestamp("2025-08-03")  # the last day of the 30 weeks

CAUSES = {
    "waiting_list_grows": {
        "file": "wexmoor_waiting_list.csv.gz", "referred_a_week": REFERRED_A_WEEK, "treated_a_week": TREATED_A_WEEK,
        "list_at_start": LIST_AT_START,
    },
    "change_of_week_18": {
        "file": "wexmoor_community.txt.gz", "where": "team Home First", "week": build.CHANGE_WEEK,
        "places_before": build.PLACES_BEFORE, "places_after": build.PLACES_AFTER,
    },
    "constraint": {"file": "wexmoor_community.txt.gz", "step": "Home First", "until_week": build.CHANGE_WEEK},
    "starts_on_mondays": {"file": "wexmoor_social_care.xlsx", "weekday": "Monday"},
}  # fmt: skip


def planned_care() -> pd.DataFrame:
    """Everybody on the study list: key, priority, referred, clock, day treated or taken off, and why."""
    rng = np.random.default_rng([2025, 63])
    priorities, shares = list(PRIORITY), np.asarray(list(PRIORITY.values()))
    first = FIRST - pd.to_timedelta(rng.integers(1, 7 * WEEKS_BEFORE, LIST_AT_START), unit="D")
    old = pd.DataFrame({"referred": first, "priority": rng.choice(["P3", "P4"], LIST_AT_START, p=[0.3, 0.7])})
    count = rng.poisson(REFERRED_A_WEEK * build.WEEKS)
    day = np.sort(rng.integers(0, 5 * build.WEEKS, count))
    new = pd.DataFrame({"referred": FIRST + pd.to_timedelta(day // 5 * 7 + day % 5, unit="D")})
    new["priority"] = rng.choice(priorities, count, p=shares)
    made = pd.concat([old, new], ignore_index=True)
    back = pd.to_timedelta(np.where(rng.random(len(made)) < CLOCK_BEFORE, rng.integers(7, 61, len(made)), 0), unit="D")
    made["clock"] = made["referred"] - back
    made["key"] = [f"ent{n}" for n in range(len(made))]
    made["day"], made["why"] = pd.NaT, ""
    made["day"] = made["day"].astype("datetime64[ns]")
    for week in range(build.WEEKS):
        monday = FIRST + pd.Timedelta(weeks=week)
        waiting = made[(made["why"] == "") & (made["referred"] < monday)].sort_values(
            ["priority", "clock"], kind="stable"
        )
        treated = waiting.index[:TREATED_A_WEEK]
        made.loc[treated, "day"] = monday + pd.to_timedelta(rng.integers(0, 5, TREATED_A_WEEK), unit="D")
        made.loc[treated, "why"] = "Treated"
        for date in pd.date_range(monday, periods=5):
            if (date + pd.offsets.BDay(1)).month != date.month:
                stale = made[(made["why"] == "") & (made["priority"] == "P4") & (made["referred"] < date)]
                off = stale.sort_values("clock", kind="stable").index[:VALIDATED_OFF]
                made.loc[off, "day"], made.loc[off, "why"] = date, "Validated off"
    return made


def waiting_list(planned: pd.DataFrame, people: Register) -> Extract:
    """One row a pathway: all who waited at any time of the 30 weeks, as the list stood on the last day."""
    rng = np.random.default_rng([2025, 64])
    made = pd.DataFrame({"key": planned["key"], "specialty": SPECIALTY, "referral_received": planned["referred"]})
    made["clock_start"], made["priority"] = planned["clock"], planned["priority"]
    made["status"] = np.where(planned["why"] == "", "Waiting", "Removed")
    soon = pd.Series(LAST + pd.to_timedelta(rng.integers(1, 43, len(made)), unit="D"))
    made["next_appt"] = soon.where((planned["why"] == "") & (rng.random(len(made)) < HAS_A_DATE))
    made["removal_dt"], made["removal_reason"] = planned["day"], planned["why"]
    made["kind"] = ""
    stays = rng.permutation(
        np.flatnonzero((planned["why"] == "") & (planned["referred"] < LAST - pd.Timedelta(weeks=8)))
    )
    twice, again = round(0.02 * len(made)), round(0.015 * len(made))
    copies = made.iloc[stays[:twice]].assign(kind="duplicate")
    returned = stays[twice : twice + again]
    back = made.iloc[returned].assign(kind="again")
    gone = pd.Series(LAST - pd.to_timedelta(rng.integers(0, 28, again), unit="D"), index=made.index[returned])
    made.loc[gone.index, "removal_dt"] = gone
    made.loc[gone.index, ["status", "removal_reason", "kind"]] = ["Removed", "Removed in error", "first"]
    made.loc[gone.index, "next_appt"] = pd.NaT
    rows = pd.concat([made, copies, back]).sort_values(["referral_received", "key"], kind="stable", ignore_index=True)
    rows.insert(0, "pathway_id", [f"R{n}" for n in range(500_001, 500_001 + len(rows))])
    rows.insert(1, "person_id", people.of(rows["key"]))
    return _mess_up_list(rows, rng)


def _mess_up_list(rows: pd.DataFrame, rng: np.random.Generator) -> Extract:
    """The quirks of the waiting list."""
    made = Extract(rows.drop(columns=["key", "kind"]), rng)
    made.mark("duplicate_pathway", "pathway_id", 0.02, (rows["kind"] == "duplicate").to_numpy())
    made.mark("removed_then_added_again", "pathway_id", 0.015, (rows["kind"] == "again").to_numpy())
    made.mark(
        "clock_before_referral",
        "clock_start",
        CLOCK_BEFORE,
        (rows["clock_start"] < rows["referral_received"]).to_numpy(),
    )
    made.mark("validated_off_at_month_end", "removal_dt", None, (rows["removal_reason"] == "Validated off").to_numpy())
    made.write("referral_received", clock=False, excel_day_numbers=0.01, years_of_two_figures=0.03)
    for column in ("clock_start", "next_appt", "removal_dt"):
        made.write(column, clock=False)
    made.words_for_blank("next_appt", 0.03)
    made.trailing("priority", 0.02)
    return made


def caseload(journey: pd.DataFrame, people: Register, hospital: Register) -> Extract:
    """One row a spell of care by a community team, in order of referral."""
    rng = np.random.default_rng([2025, 65])
    teams = [
        _home_first(journey),
        _team(rng, NURSING, NURSING_A_WEEK, 30, 40),
        _team(rng, FALLS, FALLS_A_WEEK, 66, 50),
    ]
    rows = pd.concat(teams, ignore_index=True).sort_values(["referred", "key"], kind="stable", ignore_index=True)
    made = pd.DataFrame({"person_id": people.of(rows["key"]), "team": rows["team"]})
    made["hospital_ref"] = hospital.of(rows["key"])
    made["hospital_ref"] = made["hospital_ref"].where(rows["team"] == "Home First", "")
    made["referral_dt"], made["first_contact_dt"] = wall(rows["referred"]), wall(rows["began"])
    days = (rows["ended"].clip(upper=build.UNTIL) - rows["began"]) / 24
    made["contacts"] = np.where(made["first_contact_dt"].notna(), 1 + (days.fillna(0) / 3.5).astype(int), 0).astype(str)
    made["discharge_dt"] = wall(rows["ended"])
    ended = np.where(
        rows["began"].isna(),
        "List full",
        np.where(rng.random(len(rows)) < CARE_COMPLETE, "Care complete", "Back to hospital"),
    )
    made["reason"] = np.where(made["discharge_dt"].notna(), ended, "")
    return _mess_up_caseload(Extract(made, rng))


def _home_first(journey: pd.DataFrame) -> pd.DataFrame:
    rows = journey[journey["step"] == "Home First"]
    return pd.DataFrame(
        {
            "key": rows["who"],
            "team": "Home First",
            "referred": rows["arrived"],
            "began": rows["started"],
            "ended": rows["left"],
        }
    )


def _team(rng: np.random.Generator, team: str, a_week: float, wait_hours: float, days: float) -> pd.DataFrame:
    """People of a team outside the journey."""
    referred = np.sort(rng.uniform(0, build.UNTIL, rng.poisson(a_week * build.WEEKS)))
    began = referred + rng.lognormal(np.log(wait_hours), 0.4, len(referred))
    ended = began + 24 * rng.lognormal(np.log(days), 0.7, len(referred))
    key = [f"{team}{n}" for n in range(len(referred))]
    return pd.DataFrame({"key": key, "team": team, "referred": referred, "began": began, "ended": ended})


def _mess_up_caseload(made: Extract) -> Extract:
    """The quirks of the caseload."""
    rows = made.rows
    nursing = (rows["team"] == NURSING).to_numpy() & rows["first_contact_dt"].notna().to_numpy()
    friday = rows["first_contact_dt"].dt.normalize() + pd.to_timedelta(
        (4 - rows["first_contact_dt"].dt.day_of_week) % 7, unit="D"
    )
    friday += pd.Timedelta(hours=16, minutes=30)
    friday = friday.mask(friday < rows["first_contact_dt"], friday + pd.Timedelta(weeks=1))
    entered = nursing & (friday <= LAST).to_numpy() & ~(friday > rows["discharge_dt"]).to_numpy()
    rows["first_contact_dt"] = rows["first_contact_dt"].mask(entered, friday)
    made.mark("entered_on_friday", "first_contact_dt", 1.0, entered)
    done = (rows["discharge_dt"].notna() & rows["first_contact_dt"].notna()).to_numpy()
    ghosts = made.some(0.08, done)
    rows["discharge_dt"], rows["reason"] = rows["discharge_dt"].mask(ghosts), rows["reason"].mask(ghosts, "")
    made.mark("never_discharged", "discharge_dt", 0.08, ghosts, everywhere=rows["discharge_dt"].isna().to_numpy())
    made.write("referral_dt", excel_day_numbers=0.01, clock_of_12_hours=0.02)
    made.write("first_contact_dt", years_of_two_figures=0.02)
    made.write("discharge_dt")
    made.words_for_blank("reason", 0.03)
    made.trailing("team", 0.02)
    return made


def packages(journey: pd.DataFrame, people: Register) -> Extract:
    """One row a package of home care, in order of the request; every one begins on a Monday."""
    rng = np.random.default_rng([2025, 66])
    care = journey[journey["step"] == "Home care"]
    count = rng.poisson(OTHER_PACKAGES_A_WEEK * build.WEEKS)
    asked = np.sort(rng.uniform(0, build.UNTIL, count))
    others = pd.DataFrame({"who": [f"council{n}" for n in range(count)], "arrived": asked})
    others["started"] = asked + rng.lognormal(np.log(100), 0.5, count)
    rows = pd.concat([care[["who", "arrived", "started"]], others], ignore_index=True)
    rows = rows[rows["arrived"] < build.UNTIL].sort_values("arrived", kind="stable", ignore_index=True)
    asked, began = wall(rows["arrived"]).dt.normalize(), wall(rows["started"]).dt.normalize()
    agreed = asked + pd.to_timedelta(
        np.floor(((began - asked) / pd.Timedelta(days=1)) * rng.random(len(rows))), unit="D"
    )
    monday = began + pd.to_timedelta((-began.dt.day_of_week) % 7, unit="D")
    ended = monday + pd.to_timedelta(np.ceil(rng.lognormal(np.log(150), 0.8, len(rows))), unit="D")
    made = pd.DataFrame({"person_ref": people.of(rows["who"]), "request_dt": asked, "agreed_dt": agreed})
    made["start_dt"] = monday.where(monday <= LAST)
    made["hours_wk"] = rng.choice([3.5, 7.0, 10.5, 14.0, 21.0, 28.0], len(rows), p=[0.1, 0.25, 0.25, 0.25, 0.1, 0.05])
    made["hours_wk"] = made["hours_wk"].map("{:g}".format)
    made["end_dt"] = ended.where((ended <= LAST) & made["start_dt"].notna())
    made["setting"] = rng.choice(["Own home", "Extra care", "With family"], len(rows), p=[0.8, 0.12, 0.08])
    extract = Extract(made, rng)
    extract.mark("starts_on_monday", "start_dt", 1.0, made["start_dt"].notna().to_numpy())
    extract.write("request_dt", clock=False, excel_day_numbers=0.01, years_of_two_figures=0.02)
    for column in ("agreed_dt", "start_dt", "end_dt"):
        extract.write(column, clock=False)
    extract.words_for_blank("end_dt", 0.05)
    extract.trailing("setting", 0.03)
    return extract
