"""
How were the shipped tables made? Run this file to make them again, byte for byte.

Wexmoor is invented: a place of 250,000 people. Nobody in these tables is real. Rates
and lengths are those of `data/README.md`. The queues here are worked out by a short
loop of their own, not by flowlib's simulation, so that each can be held to the other.

The extracts with their quirks are made beside this file, by `python -m data.extracts_build`.
"""

from __future__ import annotations

import datetime as dt
import gzip
import heapq
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
START = dt.datetime(2025, 1, 6, tzinfo=ZoneInfo("Europe/London"))  # a Monday
WEEKS = 30
FILL_HOURS = 20 * 168  # before the first week, so that places are already taken
CHANGE_WEEK = 18  # the change starts on the Monday of this week

# Older people's journey, hours.
CALLS_A_DAY = 14.0
CONVEYED_ADMITTED = 0.62
TO_HUB = 0.45  # of those admitted; the rest go home from the ward
PLACES_BEFORE, PLACES_AFTER = 75, 105
LIST_LIMIT = 12  # people waiting for Home First; when it is full the hub finds a care home bed
HOME_FIRST_STAY, HOME_FIRST_CV = 25 * 24.0, 0.6
CARE_HOME_STAY, CARE_HOME_CV = 24 * 24.0, 0.6
THEN_HOME_CARE = 0.25
HOME_CARE_STARTS = {0: 1, 1: 2, 2: 1, 3: 2, 4: 1}  # starts at 10am by weekday, Monday is 0
# Mean hours of waiting and of doing, and their coefficients of variation.
AMBULANCE = (0.58, 0.9, 0.75, 0.3)
HANDOVER = (0.5, 0.9, 0.25, 0.5)
DEPARTMENT = (1.28, 0.8, 3.3, 0.6)
WARD = (3.0, 1.0, 187.0, 0.9)
HUB = (42.0, 0.6, 2.0, 0.6)

# Emergency department.
ED_A_DAY = 200.0
ED_HOURS = (
    2.9, 2.4, 2.0, 1.7, 1.5, 1.5, 1.8, 2.4, 3.7, 5.2, 6.1, 6.3,
    6.1, 5.9, 5.8, 5.8, 5.8, 5.8, 5.7, 5.5, 5.1, 4.5, 3.8, 3.7,
)  # fmt: skip
ED_WEEKDAYS = (1.10, 1.02, 1.00, 0.99, 0.97, 0.95, 0.97)  # Monday first
ED_ROTA = (5,) * 8 + (8,) * 8 + (9,) * 8
BY_AMBULANCE, ADMITTED, TESTED_IF_NOT = 0.26, 0.29, 0.407  # 55% tested in all, 90% of those admitted
TESTED_IF_ADMITTED = 0.9

# Maureen Hart's map: hours of care, hours of waiting before it, share complete and accurate.
MAUREEN = (
    ("Ambulance call and crew", 0.75, 0.58, 0.90),
    ("Handover at hospital", 0.25, 0.50, 0.85),
    ("Emergency clinician", 0.80, 1.28, 0.80),
    ("Tests and decision", 1.00, 1.50, 0.85),
    ("Move to a bed", 0.33, 3.00, 0.90),
    ("Ward care", 72.00, 115.00, 0.95),
    ("Therapy plan", 3.00, 24.00, 0.70),
    ("Transfer hub", 1.00, 18.00, 0.60),
    ("Home First start", 2.00, 74.00, 0.80),
)
MAUREEN_CALLS = 4 * 168 + 82.6  # hours after the first Monday: when the queue makes her wait her 74 hours


def _hours_to(day: float, hour: float = 0.0) -> float:
    """Hours that have passed from START to this time of a day by the clock on the wall; the clocks go on in March."""
    then = START + dt.timedelta(days=day, hours=hour)  # of the same zone, so this is the clock's time
    return (then.astimezone(dt.UTC) - START.astimezone(dt.UTC)) / dt.timedelta(hours=1)


def _hours_of_week(hours: np.ndarray) -> np.ndarray:
    """The hour of the week, from 0 to 167, that the clock shows when so many hours have passed since START."""
    clock = (pd.Timestamp(START).tz_convert("UTC") + pd.to_timedelta(hours, unit="h")).tz_convert("Europe/London")
    return np.asarray(clock.day_of_week * 24 + clock.hour)


UNTIL = _hours_to(WEEKS * 7)
CHANGE_AT = _hours_to((CHANGE_WEEK - 1) * 7)


def main() -> None:
    """Write every table beside this file, and what is hidden in them and in the extracts."""
    from data import extracts_build  # noqa: PLC0415 - the extracts are made from the journey here

    planted = {"change_week": CHANGE_WEEK, "places_before": PLACES_BEFORE, "places_after": PLACES_AFTER}
    planted |= {"list_limit": LIST_LIMIT, "home_first_stay_hours": HOME_FIRST_STAY}
    planted |= {"referrals_per_day": round(CALLS_A_DAY * CONVEYED_ADMITTED * TO_HUB, 4)}
    planted |= {"ed_per_day": ED_A_DAY, "ed_rota": list(ED_ROTA)}
    planted |= extracts_build.truth()
    for name, made in tables().items():
        (HERE / name).write_bytes(made)
    (HERE / "planted.json").write_text(json.dumps(planted, indent=2) + "\n", encoding="utf-8")


def tables() -> dict[str, bytes]:
    """Each file's name and content."""
    maureen = pd.DataFrame(MAUREEN, columns=["step", "process_hours", "wait_hours", "complete_and_accurate"])
    journey = _as_extract(older_peoples_journey(np.random.default_rng([2025, 51])))
    department = _as_extract(emergency_department(np.random.default_rng([2025, 2])))
    return {
        "maureen.csv": maureen.to_csv(index=False, lineterminator="\n").encode(),
        "wexmoor_journey.csv": journey.to_csv(index=False, lineterminator="\n").encode(),
        "wexmoor_ed.csv.gz": gzip.compress(department.to_csv(index=False, lineterminator="\n").encode(), 9, mtime=0),
    }


def older_peoples_journey(rng: np.random.Generator) -> pd.DataFrame:
    """Every visit of people who fall: ambulance, department, ward, hub, Home First, home care. Hours from START."""
    count = rng.poisson(CALLS_A_DAY / 24 * (WEEKS * 168 + FILL_HOURS))
    calls = np.sort(rng.uniform(-FILL_HOURS, WEEKS * 168, count))
    rows: list[tuple[object, ...]] = []
    at = calls
    for step, numbers in (("Ambulance", AMBULANCE), ("Handover", HANDOVER), ("Emergency department", DEPARTMENT)):
        at = _visit(rng, rows, step, np.arange(count), at, numbers)
    admitted = np.flatnonzero(rng.random(count) < CONVEYED_ADMITTED)
    ready = _visit(rng, rows, "Ward", admitted, at[admitted], WARD)
    to_hub = rng.random(len(admitted)) < TO_HUB
    referred = _visit(rng, rows, "Transfer hub", admitted[to_hub], ready[to_hub], HUB)
    maureen, her_referral = _maureen(count)
    rows += maureen
    rows += _home_first(rng, np.append(admitted[to_hub], count), np.append(referred, her_referral))
    made = pd.DataFrame(rows, columns=["who", "step", "arrived", "started", "finished", "left", "outcome"])
    return made[made["arrived"] >= 0]


def _visit(
    rng: np.random.Generator,
    rows: list[tuple[object, ...]],
    step: str,
    who: np.ndarray,
    at: np.ndarray,
    numbers: tuple[float, ...],
) -> np.ndarray:
    """A step shared with many others: its wait does not depend on these people. Gives when each leaves."""
    wait, wait_cv, care, care_cv = numbers
    start = at + _lognormal(rng, wait, wait_cv, len(at))
    end = start + _lognormal(rng, care, care_cv, len(at))
    rows.extend((w, step, a, s, e, e, "completed") for w, a, s, e in zip(who, at, start, end, strict=True))
    return end


def _home_first(rng: np.random.Generator, who: np.ndarray, referred: np.ndarray) -> list[tuple[object, ...]]:
    """Places, a list of at most so many, and home care that some wait for while they keep their place."""
    order = np.argsort(referred, kind="stable")
    stay = _lognormal(rng, HOME_FIRST_STAY, HOME_FIRST_CV, len(who))
    home_care = rng.random(len(who)) < THEN_HOME_CARE
    stay[-1], home_care[-1] = HOME_FIRST_STAY, False  # Maureen
    bed_stay = _lognormal(rng, CARE_HOME_STAY, CARE_HOME_CV, len(who))
    bed_wait = _lognormal(rng, 94.0, 0.5, len(who))
    events = [(float(referred[i]), 2, int(i)) for i in order] + [(CHANGE_AT, 0, -1)]
    heapq.heapify(events)
    places, busy, waiting, next_start = PLACES_BEFORE, 0, [], _home_care_starts()
    free_start, rows, started = next(next_start), [], {}
    while events:
        now, kind, i = heapq.heappop(events)
        if kind == 0:
            places = PLACES_AFTER
        elif kind == 1:
            busy -= 1
        elif kind == 2 and len(waiting) >= LIST_LIMIT:  # noqa: PLR2004 - a referral
            rows.append((who[i], "Home First", now, np.nan, np.nan, now, "turned_away"))
            begin = now + bed_wait[i]
            rows.append((who[i], "Care home bed", now, begin, begin + bed_stay[i], begin + bed_stay[i], "completed"))
        elif kind == 2:  # noqa: PLR2004
            waiting.append(i)
        while waiting and busy < places:
            j = waiting.pop(0)
            busy, started[j] = busy + 1, now
            finish = now + stay[j]
            heapq.heappush(events, (finish, 3, j)) if home_care[j] else heapq.heappush(events, (finish, 1, j))
            if not home_care[j]:
                rows.append((who[j], "Home First", referred[j], now, finish, finish, "completed"))
        if kind == 3:  # noqa: PLR2004 - finished, and needs home care before the place is given up
            while free_start < now:
                free_start = next(next_start)
            rows.append((who[i], "Home First", referred[i], started[i], now, free_start, "completed"))
            rows.append((who[i], "Home care", now, free_start, free_start, free_start, "completed"))
            heapq.heappush(events, (free_start, 1, i))
            free_start = next(next_start)
    return rows


def _home_care_starts():  # noqa: ANN202 - a generator of hours
    """When home care can start, one moment a start, from long before the first week."""
    day = -FILL_HOURS // 24
    while True:
        for _ in range(HOME_CARE_STARTS.get(day % 7, 0)):
            yield _hours_to(max(day, 0), 10) + 24 * min(day, 0)  # no clock changes in the weeks before the first
        day += 1


def _maureen(who: int) -> tuple[list[tuple[object, ...]], float]:
    """Maureen's own visits up to Home First, as on her map, and when she is referred there."""
    care = {step: (process, wait) for step, process, wait, _ in MAUREEN}
    parts = {
        "Ambulance": ["Ambulance call and crew"], "Handover": ["Handover at hospital"],
        "Emergency department": ["Emergency clinician", "Tests and decision"], "Ward": ["Move to a bed", "Ward care"],
        "Transfer hub": ["Therapy plan", "Transfer hub"],
    }  # fmt: skip
    rows: list[tuple[object, ...]] = []
    at = MAUREEN_CALLS
    for step, names in parts.items():
        start = at + care[names[0]][1]
        end = start + sum(sum(care[n]) for n in names) - care[names[0]][1]
        rows.append((who, step, at, start, end, end, "completed"))
        at = end
    return rows, at


def emergency_department(rng: np.random.Generator) -> pd.DataFrame:
    """Every visit to a clinician, to tests, and for a bed. Hours from START."""
    weight = np.asarray(ED_HOURS) / np.mean(ED_HOURS)
    rates = np.concatenate([ED_A_DAY / 24 * day * weight for day in ED_WEEKDAYS])
    hours = np.arange(-168, int(UNTIL))
    of_week = _hours_of_week(hours)
    arrived = np.concatenate(
        [h + np.sort(rng.random(rng.poisson(rates[w]))) for h, w in zip(hours, of_week, strict=True)]
    )
    count = len(arrived)
    rota = np.asarray(ED_ROTA)[np.append(of_week, of_week[-168:]) % 24]
    started, seen = _first_come_by_rota(arrived, _lognormal(rng, 0.8, 0.7, count), rota, int(hours[0]))
    group = np.where(rng.random(count) < BY_AMBULANCE, "ambulance", "walk-in")
    chance = np.where(group == "ambulance", 0.55, (ADMITTED - 0.55 * BY_AMBULANCE) / (1 - BY_AMBULANCE))
    admitted = rng.random(count) < chance
    tested = rng.random(count) < np.where(admitted, TESTED_IF_ADMITTED, TESTED_IF_NOT)
    done = seen + np.where(tested, 0.25 + _lognormal(rng, 95 / 60, 0.7, count), 0)
    bed = done + _lognormal(rng, 3.0, 1.0, count)
    who = np.arange(count)

    def visits(step: str, which: np.ndarray, *times: np.ndarray) -> pd.DataFrame:
        here = {"who": who[which], "group": group[which], "step": step}
        return pd.DataFrame(
            here | dict(zip(("arrived", "started", "finished"), (t[which] for t in times), strict=True))
        )

    everyone = np.full(count, fill_value=True)
    parts = [
        visits("Clinician", everyone, arrived, started, seen),
        visits("Tests and decision", tested, seen, seen + 0.25, done),
        visits("Bed", admitted, done, bed, bed),
    ]
    made = pd.concat(parts, ignore_index=True)
    made["left"], made["outcome"] = made["finished"], "completed"
    first = made.groupby("who")["arrived"].transform("min")
    return made[first >= 0]


def _first_come_by_rota(
    arrived: np.ndarray, lengths: np.ndarray, staff: np.ndarray, first_hour: int
) -> tuple[np.ndarray, np.ndarray]:
    """When each person's care starts and ends, first come first served, with so many staff hour by hour."""
    begun, ended = np.empty(len(arrived)), np.empty(len(arrived))
    in_care: list[float] = []
    for i, came in enumerate(arrived):
        now = came if i == 0 else max(came, begun[i - 1])
        while True:
            while in_care and in_care[0] <= now:
                heapq.heappop(in_care)
            if len(in_care) < staff[int(np.floor(now)) - first_hour]:
                break
            now = min(in_care[0], np.floor(now) + 1)
        begun[i], ended[i] = now, now + lengths[i]
        heapq.heappush(in_care, ended[i])
    return begun, ended


def _lognormal(rng: np.random.Generator, mean: float, cv: float, count: int) -> np.ndarray:
    spread = np.sqrt(np.log1p(cv**2))
    return rng.lognormal(np.log(mean) - spread**2 / 2, spread, count)


def _as_extract(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as an extract on the last day: wall-clock minutes, day first; what has not happened yet is blank."""
    rows = rows[rows["arrived"] < UNTIL].sort_values(["arrived", "who"], kind="stable")
    made = pd.DataFrame({"person": _keys(rows["who"])})
    if "group" in rows:
        made["group"] = rows["group"].to_numpy()
    made["step"] = rows["step"].to_numpy()
    zero = pd.Timestamp(START).tz_convert("UTC")
    here = (rows["left"] > UNTIL).to_numpy()
    for time in ("arrived", "started", "finished", "left"):
        known = rows[time].where(rows[time] <= UNTIL).to_numpy()
        stamp = (zero + pd.to_timedelta(pd.Series(known), unit="h")).dt.floor("min").dt.tz_convert("Europe/London")
        made[time] = stamp.dt.strftime("%d/%m/%Y %H:%M").fillna("")
    made["outcome"] = np.where(here, "still_here", rows["outcome"].to_numpy())
    return made


def _keys(who: pd.Series) -> np.ndarray:
    """Ids in order of first coming."""
    numbers = pd.factorize(who)[0] + 1
    width = len(str(numbers.max()))
    return np.asarray([f"W{n:0{width}d}" for n in numbers])


if __name__ == "__main__":
    main()
