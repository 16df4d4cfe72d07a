"""
What does the emergency department's list hold?

The older people of `wexmoor_journey.csv`, at the same moments, under the hospital's own
numbers; the department's other people are those of `wexmoor_ed.csv.gz`. Urgent treatment
is made here: four clinicians at all hours, of whom one sees children only.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data import build
from data.extracts_build.quirks import Extract, wall

if TYPE_CHECKING:
    from data.extracts_build.quirks import Register

__all__ = ["CAUSES", "emergency_list"]

FIRST_DAY, LAST_DAY = 28, 56  # 3 February to 2 March 2025
KEPT = 1 - build.CALLS_A_DAY / build.ED_A_DAY  # of wexmoor_ed.csv.gz; the older people of the journey are the rest
CHILDREN_AN_HOUR, ADULTS_AN_HOUR, URGENT_HOURS = 1.0, 86 / 24, 32 / 60
URGENT_CLINICIANS, FOR_CHILDREN = 4, 1
COMPLAINTS = {"Fall or injury": 0.24, "Breathing": 0.17, "Chest pain": 0.15, "Abdominal pain": 0.14,
              "Head or nerves": 0.12, "Infection": 0.10, "Other": 0.08}  # fmt: skip
ADULT_AGES = {"18 to 64": 0.60, "65 to 74": 0.16, "75 to 84": 0.15, "85 and over": 0.09}
REFERRED_ON = 0.12  # of those who are not admitted
JUST_OVER = (240, 275)  # minutes: of stays as long, so many are written as 3 hours 50 to 59
WRITTEN_SHORTER = 0.6
SPIKE = (230, 240)  # minutes

CAUSES = {
    "carve_out": {
        "file": "wexmoor_ed_list.csv", "where": "dept_type 3", "clinicians": URGENT_CLINICIANS,
        "ring_fenced": FOR_CHILDREN, "group": "age_band 0 to 17", "group_per_hour": CHILDREN_AN_HOUR,
        "others_per_hour": ADULTS_AN_HOUR, "service_hours": URGENT_HOURS,
    },
    "rota_mismatch": {
        "file": "wexmoor_ed_list.csv", "where": "dept_type 1", "rota": list(build.ED_ROTA),
        "better": [4] * 8 + [8] * 8 + [10] * 8, "minutes_each": 48,
    },
}  # fmt: skip


def emergency_list(journey: pd.DataFrame, people: Register) -> Extract:
    """One row an attendance, of four weeks, in order of arrival."""
    rng = np.random.default_rng([2025, 61])
    rows = pd.concat([_older(journey, rng), _others(rng), _urgent(rng)], ignore_index=True)
    rows = rows[(rows["arrived"] >= build._hours_to(FIRST_DAY)) & (rows["arrived"] < build._hours_to(LAST_DAY))]  # noqa: SLF001 - one telling of the clock
    rows = rows.sort_values(["arrived", "key"], kind="stable", ignore_index=True)
    triaged = rows["arrived"] + np.minimum(
        rng.lognormal(np.log(0.12), 0.5, len(rows)), 0.6 * (rows["seen"] - rows["arrived"])
    )
    made = pd.DataFrame({"attendance_id": [f"A{n}" for n in range(300_001, 300_001 + len(rows))]})
    made["person_id"] = people.of(rows["key"])
    made[["dept_type", "arrival_mode"]] = rows[["type", "mode"]]
    times = (rows["arrived"], triaged, rows["seen"], rows["decided"], rows["departed"])
    for column, hours in zip(("arrival_dt", "triage_dt", "seen_dt", "dta_dt", "departure_dt"), times, strict=True):
        made[column] = wall(hours)
    made["disposal"] = np.where(
        rows["decided"].notna(), "Admitted", np.where(rng.random(len(rows)) < REFERRED_ON, "Referred on", "Home")
    )
    made[["age_band", "complaint_group"]] = rows[["age", "complaint"]]
    return _mess_up_emergency(Extract(made, rng))


def _older(journey: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The older people of the journey."""
    steps = {step: part.set_index("who") for step, part in journey.groupby("step")}
    made = steps["Emergency department"][["started", "finished"]].join(steps["Handover"]["arrived"], how="inner")
    made = made.join(steps["Ward"]["started"].rename("bed"))
    count = len(made)
    ages = rng.choice(list(ADULT_AGES)[1:], count, p=[0.2, 0.42, 0.38])
    return pd.DataFrame(
        {"key": made.index, "type": "1", "mode": "Ambulance", "arrived": made["arrived"], "seen": made["started"],
         "decided": made["finished"].where(made["bed"].notna()), "departed": made["bed"].fillna(made["finished"]),
         "age": ages, "complaint": "Fall or injury"}
    )  # fmt: skip


def _others(rng: np.random.Generator) -> pd.DataFrame:
    """The department's other people."""
    seen = build.emergency_department(np.random.default_rng([2025, 2]))
    steps = {step: part.set_index("who") for step, part in seen.groupby("step")}
    made = steps["Clinician"].join(steps["Tests and decision"]["finished"].rename("tested"))
    made = made.join(steps["Bed"][["arrived", "finished"]].add_prefix("bed_"))
    made = made[rng.random(len(made)) < KEPT]
    count = len(made)
    done = made["tested"].fillna(made["finished"])
    return pd.DataFrame(
        {"key": [f"ed{who}" for who in made.index], "type": "1",
         "mode": made["group"].map({"ambulance": "Ambulance", "walk-in": "Walked in"}).to_numpy(),
         "arrived": made["arrived"].to_numpy(), "seen": made["started"].to_numpy(),
         "decided": made["bed_arrived"].to_numpy(), "departed": made["bed_finished"].fillna(done).to_numpy(),
         "age": rng.choice(list(ADULT_AGES), count, p=list(ADULT_AGES.values())),
         "complaint": rng.choice(list(COMPLAINTS), count, p=list(COMPLAINTS.values()))}
    )  # fmt: skip


def _urgent(rng: np.random.Generator) -> pd.DataFrame:
    """Urgent treatment: two queues, each first come first served, from a week before the list begins."""
    parts = []
    queues = ((CHILDREN_AN_HOUR, FOR_CHILDREN), (ADULTS_AN_HOUR, URGENT_CLINICIANS - FOR_CHILDREN))
    begins, ends = 24.0 * (FIRST_DAY - 7), 24.0 * LAST_DAY
    for number, (rate, clinicians) in enumerate(queues):
        arrived = np.sort(rng.uniform(begins, ends, rng.poisson(rate * (ends - begins))))
        seen = np.empty(len(arrived))
        free = [begins] * clinicians
        lengths = rng.exponential(URGENT_HOURS, len(arrived))
        for i, came in enumerate(arrived):
            seen[i] = max(came, heapq.heappop(free))
            heapq.heappush(free, seen[i] + lengths[i])
        grown = rng.choice(list(ADULT_AGES), len(arrived), p=list(ADULT_AGES.values()))
        parts.append(
            pd.DataFrame(
                {"key": [f"utc{number}-{i}" for i in range(len(arrived))], "type": "3", "mode": "Walked in",
                 "arrived": arrived, "seen": seen, "decided": np.nan, "departed": seen + lengths,
                 "age": "0 to 17" if number == 0 else grown,
                 "complaint": rng.choice(list(COMPLAINTS), len(arrived), p=list(COMPLAINTS.values()))}
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _mess_up_emergency(made: Extract) -> Extract:
    """The quirks of the list."""
    rows, rng = made.rows, made.rng
    stays_home = (rows["disposal"] != "Admitted").to_numpy()
    minutes = ((rows["departure_dt"] - rows["arrival_dt"]) / pd.Timedelta(minutes=1)).to_numpy()
    just_over = (
        stays_home & (rows["dept_type"] == "1").to_numpy() & (minutes >= JUST_OVER[0]) & (minutes < JUST_OVER[1])
    )
    early = pd.Series(rows["arrival_dt"] + pd.to_timedelta(rng.integers(*SPIKE, len(rows)), unit="min"))
    moved = just_over & (early >= rows["seen_dt"]).to_numpy() & (rng.random(len(rows)) < WRITTEN_SHORTER)
    rows["departure_dt"] = rows["departure_dt"].mask(moved, early)
    made.mark("spike_before_4_hours", "departure_dt", WRITTEN_SHORTER, moved)
    _round_to_midnight(made, stays_home & ~moved)
    made.blank("seen_dt", 0.06)
    _heap(made)
    day = rows["departure_dt"].dt.normalize() - rows["arrival_dt"].dt.normalize()
    crossed = (day == pd.Timedelta(days=1)) & (rows["departure_dt"] - rows["arrival_dt"] < pd.Timedelta(hours=11))
    slipped = made.some(0.004, crossed.to_numpy() & ~made.marked("departure_dt", "seen_dt"))
    rows["departure_dt"] = rows["departure_dt"].mask(slipped, rows["departure_dt"] - pd.Timedelta(days=1))
    made.mark("midnight_slip", "departure_dt", 0.004, slipped)
    minutes = ((rows["departure_dt"] - rows["arrival_dt"]) / pd.Timedelta(minutes=1)).to_numpy()
    made.marks[0]["rows"] = (minutes >= SPIKE[0]) & (minutes < SPIKE[1])  # by chance too
    made.write("arrival_dt", years_of_two_figures=0.02, excel_day_numbers=0.01, clock_of_12_hours=0.03)
    for column in ("triage_dt", "seen_dt", "dta_dt"):
        made.write(column)
    made.write("departure_dt", clock_of_12_hours=0.03)
    made.words_for_blank("seen_dt", 0.02)
    made.trailing("complaint_group", 0.02)
    made.repeat(0.005)
    return made


def _round_to_midnight(made: Extract, among: np.ndarray) -> None:
    """Who leaves about midnight is kept as 23:59 or 00:01."""
    rows = made.rows
    midnight = rows["departure_dt"].dt.round("D")
    near = (rows["departure_dt"] - midnight).abs() <= pd.Timedelta(minutes=15)
    kept = midnight + pd.to_timedelta(np.where(rows["departure_dt"] < midnight, -1, 1), unit="min")
    good = among & near.to_numpy() & (kept >= rows["seen_dt"]).to_numpy()
    rows["departure_dt"] = rows["departure_dt"].mask(good, kept)
    minute = rows["departure_dt"].dt.hour * 60 + rows["departure_dt"].dt.minute
    made.mark("midnight_as_2359_or_0001", "departure_dt", 1.0, good, everywhere=minute.isin([1, 1439]).to_numpy())


def _heap(made: Extract) -> None:
    """Clinicians write the half hour, where that upsets no order."""
    rows = made.rows
    near = rows["seen_dt"].dt.round("30min")
    last = rows["dta_dt"].fillna(rows["departure_dt"])
    fits = (near >= rows["triage_dt"]) & (near <= last) & rows["seen_dt"].notna()
    drawn = made.some(0.15, fits.to_numpy())
    rows["seen_dt"] = rows["seen_dt"].mask(drawn, near)
    made.mark(
        "heaped_on_half_hours", "seen_dt", 0.15, drawn, everywhere=rows["seen_dt"].dt.minute.isin([0, 30]).to_numpy()
    )
