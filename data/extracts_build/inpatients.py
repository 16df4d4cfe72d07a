"""
What do the hospital's spells hold, a row a ward stay?

The older people of `wexmoor_journey.csv` who were admitted, at the same moments, under
the same numbers as on the emergency list, until they go home or the care that they wait
for begins; and those treated from the waiting list. Who goes straight home by transport
leaves at 4pm, Monday to Friday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.extracts_build.quirks import END, Extract, day_text, wall

if TYPE_CHECKING:
    from data.extracts_build.quirks import Register

__all__ = ["CAUSES", "inpatients"]

BY_TRANSPORT = 0.6  # of those who go straight home; it leaves once a day, Monday to Friday
TRANSPORT_HOUR, TRANSPORT_SPREAD = 16, 25  # o'clock, and minutes after it
FAMILY_FROM, FAMILY_UNTIL = 9, 20  # o'clock
CARE_FROM, CARE_UNTIL = 10, 18
SATURDAY = 5
STEPPED_DOWN, LONG_STAY = 0.2, 96  # share of stays of so many hours or more
NOT_THE_SAME_DAY = 0.15  # of planned spells
CLOCKS_GO_ON = pd.Timestamp("2025-03-30 02:00")
MOVES_IN_THE_LOST_HOUR = 6
WARDS = {"Ward 5 frailty": 0.4, "Ward 7 medicine": 0.35, "Ward 9 orthopaedics": 0.25}

CAUSES = {
    "batch_at_4pm": {
        "file": "wexmoor_inpatients.csv", "where": "pathway P0, emergency", "share_by_transport": BY_TRANSPORT,
        "hour": TRANSPORT_HOUR, "minutes": TRANSPORT_SPREAD,
    },
    "weekend_gap": {
        "file": "wexmoor_inpatients.csv", "where": "pathway P0, emergency", "transport_days": "Monday to Friday",
    },
}  # fmt: skip


def inpatients(journey: pd.DataFrame, planned: pd.DataFrame, people: Register) -> Extract:
    """One row a ward stay, of people admitted in the 30 weeks, in order of the stay's beginning."""
    rng = np.random.default_rng([2025, 62])
    spells = pd.concat([_emergency_spells(journey, rng), _planned_spells(planned, rng)], ignore_index=True)
    spells = spells.sort_values(["admit", "key"], kind="stable", ignore_index=True)
    spells["spell_id"] = [f"S{n}" for n in range(70_001, 70_001 + len(spells))]
    spells["person_id"] = people.of(spells["key"])
    _mess_up_spells(spells, rng)
    stays = [
        (number, ward, begin, end, place == len(stays) - 1)
        for number, stays in enumerate(spells["stays"])
        for place, (ward, begin, end) in enumerate(stays)
    ]
    made = pd.DataFrame(stays, columns=["number", "ward", "ward_start_dt", "ward_end_dt", "last"])
    rows = made.join(spells.drop(columns="stays"), on="number")
    rows = rows.sort_values(["ward_start_dt", "number"], kind="stable", ignore_index=True)
    return _mess_up_stays(rows, rng)


def _emergency_spells(journey: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The older people's spells: until they go home, or until the care that they wait for begins."""
    steps = {step: part.set_index("who") for step, part in journey.groupby("step")}
    ward = steps["Ward"]
    after = pd.concat([steps["Home First"].query("outcome == 'completed'"), steps["Care home bed"]])["started"]
    to_hub = ward.index.isin(steps["Transfer hub"].index)
    made = pd.DataFrame({"key": ward.index, "admit": wall(ward["started"]), "ready": wall(ward["finished"])})
    to_care = _to_care(wall(after.reindex(ward.index)), rng)
    to_care = to_care.mask(to_care < made["ready"], made["ready"])
    made["discharge"] = to_care.where(to_hub, _home(made["ready"], rng))
    rehab = ward.index.isin(steps["Care home bed"].index)
    made["pathway"] = np.select([~to_hub, rehab], ["P0", "P2"], "P1")
    made["dest"] = np.select([~to_hub, rehab], ["Home", "Care home bed"], "Home First")
    made["method"] = rng.choice(["21", "22", "2B", "28"], len(made), p=[0.82, 0.1, 0.05, 0.03])
    made.loc[made["discharge"] >= END, "discharge"] = pd.NaT
    made = made[made["admit"].notna()].reset_index(drop=True)
    made["stays"] = [_stays(rng, *row) for row in made[["admit", "ready", "discharge"]].itertuples(index=False)]
    return made


def _to_care(first_contact: pd.Series, rng: np.random.Generator) -> pd.Series:
    """To other care between 10am and 6pm: 1 to 3 hours before its first contact, or in the afternoon before."""
    leaves = first_contact - pd.to_timedelta(rng.integers(60, 180, len(first_contact)), unit="min")
    last = leaves.dt.normalize() + pd.to_timedelta(rng.integers(16 * 60, CARE_UNTIL * 60, len(leaves)), unit="min")
    leaves = leaves.mask(leaves.dt.hour >= CARE_UNTIL, last)
    return leaves.mask(leaves.dt.hour < CARE_FROM, last - pd.Timedelta(days=1))


def _home(ready: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Straight home: by transport at 4pm on weekdays, or with family between 9am and 8pm."""
    own = ready + pd.to_timedelta(rng.lognormal(np.log(2.5), 0.6, len(ready)), unit="h").floor("min")
    morning = own.dt.normalize() + pd.to_timedelta(FAMILY_FROM + 3 * rng.random(len(ready)), unit="h").floor("min")
    own = own.mask(own.dt.hour < FAMILY_FROM, morning)
    own = own.mask(own.dt.hour >= FAMILY_UNTIL, morning + pd.Timedelta(days=1))
    run = (ready + pd.Timedelta(hours=1)).dt.normalize()
    run = run.mask(ready + pd.Timedelta(hours=1) > run + pd.Timedelta(hours=TRANSPORT_HOUR), run + pd.Timedelta(days=1))
    run += pd.to_timedelta((7 - run.dt.day_of_week).where(run.dt.day_of_week >= SATURDAY, 0).fillna(0), unit="D")
    spread = pd.to_timedelta(rng.integers(0, TRANSPORT_SPREAD, len(ready)), unit="min")
    return own.mask(rng.random(len(ready)) < BY_TRANSPORT, run + pd.Timedelta(hours=TRANSPORT_HOUR) + spread)


def _stays(
    rng: np.random.Generator, admit: pd.Timestamp, ready: pd.Timestamp, discharge: pd.Timestamp
) -> list[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """The wards of a spell, each from when to when; the last to the discharge."""
    hours = 24 * 30.0 if pd.isna(ready) else (ready - admit) / pd.Timedelta(hours=1)
    draws = rng.random(3)
    first = min(14 + 20 * draws[0], 0.4 * hours)
    wards = ["Acute medical unit", str(rng.choice(list(WARDS), p=list(WARDS.values())))]
    cuts = [admit, admit + pd.Timedelta(hours=first).floor("min")]
    if draws[1] < STEPPED_DOWN and hours > LONG_STAY:
        wards.append("Ward 12 step-down")
        cuts.append(admit + pd.Timedelta(hours=hours * (0.5 + 0.3 * draws[2])).floor("min"))
    ended = [cut for cut in cuts if cut < END]
    return list(zip(wards, ended, [*ended[1:], discharge], strict=False))


def _planned_spells(planned: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Those treated from the waiting list: most go home on the same day."""
    count = len(planned)
    admit = planned["day"].reset_index(drop=True) + pd.to_timedelta(rng.integers(450, 511, count), unit="min")
    out = planned["day"].reset_index(drop=True) + pd.to_timedelta(rng.integers(13 * 60, 18 * 60, count), unit="min")
    out += pd.to_timedelta((rng.random(count) < NOT_THE_SAME_DAY).astype(int), unit="D")
    made = pd.DataFrame({"key": planned["key"].to_numpy(), "admit": admit, "ready": out, "discharge": out})
    made["pathway"], made["dest"], made["method"] = "P0", "Home", "11"
    made["stays"] = [[("Day surgery unit", begin, end)] for begin, end in zip(admit, out, strict=True)]
    return made


def _mess_up_spells(spells: pd.DataFrame, rng: np.random.Generator) -> None:
    """Spells that nobody closed, and ready dates put in after the person had gone."""
    there = spells["discharge"].notna().to_numpy()
    drawn = rng.permutation(np.flatnonzero(there))
    open_too, late = round(0.03 * len(spells)), round(0.02 * len(spells))
    spells["forgotten"] = np.isin(np.arange(len(spells)), drawn[:open_too])
    spells["late"] = np.isin(np.arange(len(spells)), drawn[open_too : open_too + late])
    after = spells["discharge"].dt.normalize() + pd.to_timedelta(rng.integers(1, 5, len(spells)), unit="D")
    spells["ready"] = spells["ready"].mask(spells["late"], after)
    spells["zero_day"] = spells["admit"].dt.normalize() == spells["discharge"].dt.normalize()


def _mess_up_stays(rows: pd.DataFrame, rng: np.random.Generator) -> Extract:
    """The quirks of ward stays."""
    names = {"spell_id": "spell_id", "person_id": "person_id", "admit": "admit_dt", "method": "admit_method",
             "ward": "ward", "ward_start_dt": "ward_start_dt", "ward_end_dt": "ward_end_dt", "ready": "ready_date",
             "discharge": "discharge_dt", "pathway": "pathway", "dest": "dest"}  # fmt: skip
    made = Extract(rows[list(names)].rename(columns=names), rng)
    forgotten, last = rows["forgotten"].to_numpy(), rows["last"].to_numpy()
    made.rows["discharge_dt"] = made.rows["discharge_dt"].mask(forgotten)
    made.rows["ward_end_dt"] = made.rows["ward_end_dt"].mask(forgotten & last)
    _lost_hour(made, rows)
    _overlaps(made, rows)
    made.mark("open_spell", "discharge_dt", 0.03, forgotten, everywhere=made.rows["discharge_dt"].isna().to_numpy())
    made.mark("open_stay", "ward_end_dt", 0.03, forgotten & last, everywhere=made.rows["ward_end_dt"].isna().to_numpy())
    made.mark("ready_after_discharge", "ready_date", 0.02, rows["late"].to_numpy())
    nobody = np.zeros(len(rows), dtype=bool)
    made.mark(
        "zero_day_spell", "discharge_dt", None, nobody, everywhere=(rows["zero_day"] & ~rows["forgotten"]).to_numpy()
    )
    for column in ("admit_dt", "ward_end_dt", "discharge_dt"):
        made.write(column)
    made.write("ward_start_dt", years_of_two_figures=0.015, excel_day_numbers=0.01)
    made.rows["ready_date"] = day_text(made.rows["ready_date"])
    made.words_for_blank("discharge_dt", 0.01)
    made.blank("dest", 0.02)
    made.words_for_blank("dest", 0.01)
    made.trailing("ward", 0.02)
    return made


def _lost_hour(made: Extract, rows: pd.DataFrame) -> None:
    """Moves near the night of 30 March are kept on the winter clock, between 1am and 2am, an hour that was not."""
    before = made.rows.groupby("spell_id")["ward_end_dt"].shift(1)
    inner = (before == made.rows["ward_start_dt"]) & (
        made.rows["ward_start_dt"] > made.rows["admit_dt"] + pd.Timedelta(days=1) / 24
    )
    safe = (made.rows["admit_dt"] < CLOCKS_GO_ON - pd.Timedelta(hours=8)) & (
        rows["ready"] > CLOCKS_GO_ON + pd.Timedelta(days=2)
    )
    off = (made.rows["ward_start_dt"] - CLOCKS_GO_ON).abs().where(inner & safe)
    begins, ends = np.zeros((2, len(rows)), dtype=bool)
    for place in off.nsmallest(MOVES_IN_THE_LOST_HOUR).index:
        minute = CLOCKS_GO_ON - pd.Timedelta(minutes=int(made.rng.integers(5, 55)))
        other = made.rows.index[
            (made.rows["spell_id"] == made.rows["spell_id"][place])
            & (made.rows["ward_end_dt"] == made.rows["ward_start_dt"][place])
        ]
        made.rows.loc[other, "ward_end_dt"] = minute
        made.rows.loc[place, "ward_start_dt"] = minute
        begins[place], ends[other] = True, True
    for column, planted in (("ward_start_dt", begins), ("ward_end_dt", ends)):
        lost = (made.rows[column].dt.floor("h") == CLOCKS_GO_ON - pd.Timedelta(hours=1)).to_numpy()
        made.mark("hour_that_the_clocks_skip", column, None, planted, everywhere=lost)


def _overlaps(made: Extract, rows: pd.DataFrame) -> None:
    """The next ward admits on its screen before the last one lets go."""
    later = made.rows["ward_start_dt"] > made.rows["admit_dt"] + pd.Timedelta(hours=6)
    drawn = made.some(
        0.005, (later & (rows["ward"] != "Day surgery unit")).to_numpy() & ~made.marked("ward_start_dt", "ward_end_dt")
    )
    back = pd.to_timedelta(made.rng.integers(60, 300, len(rows)), unit="min")
    made.rows["ward_start_dt"] = made.rows["ward_start_dt"].mask(drawn, made.rows["ward_start_dt"] - back)
    made.mark("overlapping_stays", "ward_start_dt", 0.005, drawn)
