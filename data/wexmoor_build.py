"""
How was `wexmoor.yaml` made? Run this file to make it again, byte for byte.

Wexmoor is invented: a place of 250,000 people. The pathway is the whole of it, from
the front door to home care. `wexmoor.md` says of each number whether it is anchored
to a published figure, our own, or tuned. Rates are people an hour; times are hours.
"""  # noqa: INP001 - a script beside its tables, not a package

from __future__ import annotations

from pathlib import Path

from flowlib import (
    Arrivals,
    Constant,
    Empirical,
    Exponential,
    LogNormal,
    Pathway,
    Rota,
    Route,
    Slots,
    Step,
    days,
    hours,
    minutes,
    weeks,
)

HERE = Path(__file__).parent

# The front door, people a day. 310 come in all; 8.7% of them come back within 7 days and are counted again.
DEPARTMENT_A_DAY, URGENT_A_DAY, BACK = 200.0, 110.0, 0.087
BY_HOUR = (
    2.9, 2.4, 2.0, 1.7, 1.5, 1.5, 1.8, 2.4, 3.7, 5.2, 6.1, 6.3,
    6.1, 5.9, 5.8, 5.8, 5.8, 5.8, 5.7, 5.5, 5.1, 4.5, 3.8, 3.7,
)  # fmt: skip
BY_WEEKDAY = (1.10, 1.02, 1.00, 0.99, 0.97, 0.95, 0.97)  # Monday first
ADMITTED_A_DAY, DIRECT_A_DAY, OVERNIGHT_A_DAY = 58.0, 16.0, 40.0  # from the department; straight in; of both
TESTED, TESTED_IF_ADMITTED = 0.55, 0.90
TRIAGE_MINUTES, URGENT_MINUTES = 36, 32  # tuned
URGENT_ROTA = (2,) * 8 + (4,) * 8 + (3,) * 8
# At about the hour they came before, 1 to 7 days on: 3 hours less than whole days, as they were there 3 hours.
BACK_AFTER = tuple(24.0 * day - 3 for day in range(1, 8))

# How people who stay overnight leave, and their stay until they could, days.
LEAVING = {"pathway 0": 0.825, "pathway 1": 0.0975, "pathway 2": 0.0425, "pathway 3": 0.035}
STAY_SHORT, STAY_LONG, STAY_CV = 6.4, 15.6, 1.2
BEDS, TROLLEYS = 430, 12

# Planned care: 8 starts each weekday at 8am, from a list that gains 44 a week.
PLANNED_A_WEEK, PLANNED_STARTS, KEPT_WHEN_FULL = 44.0, 8, 2

# After hospital, people a day and home-care starts a week.
STEP_UP = {"Step-up to Home First": 2.6, "Step-up to rehab bed": 0.5}
HOME_FIRST, REHAB_BEDS = 170, 57
HOME_CARE_STARTS = (("Mon", 8), ("Tue", 7), ("Wed", 7), ("Thu", 7), ("Fri", 7))  # 36
COMMUNITY_A_WEEK = 18.2
OFFICE_HOURS = range(9, 17)

ALL_DAY, AFTERNOONS = ("09:00", "20:00"), ("10:00", "18:00")  # when people can leave a ward: home; to other care


def main() -> None:
    """Write the pathway beside this file."""
    whole_place().save(HERE / "wexmoor.yaml")


def whole_place() -> Pathway:
    """Wexmoor as it is."""
    steps = [*front_door(), *hospital(), *after_hospital()]
    return Pathway("Wexmoor, the whole place", tuple(steps), tuple(arrivals()), tuple(routes()))


def front_door() -> list[Step]:
    """The emergency department, urgent treatment and same-day care; and the days before people come back."""
    return [
        Step("Triage", None, LogNormal(minutes(TRIAGE_MINUTES), 0.7)),
        Step("Clinician", Rota((5,) * 8 + (8,) * 8 + (9,) * 8), LogNormal(minutes(48), 0.7)),
        Step("Tests", None, LogNormal(minutes(95), 0.7)),
        Step("Hospital decision", None, LogNormal(minutes(45), 0.8)),
        Step("Same-day care", None, LogNormal(hours(5), 0.5)),
        Step("Urgent treatment", Rota(URGENT_ROTA), LogNormal(minutes(URGENT_MINUTES), 0.7)),
        Step("Away, then back", None, Empirical(BACK_AFTER)),
    ]


def hospital() -> list[Step]:
    """The planned list, the beds, and what people do in a bed that they no longer need."""
    stay = {group: STAY_SHORT if group == "pathway 0" else STAY_LONG for group in LEAVING}
    times = {group: LogNormal(days(mean), STAY_CV) for group, mean in stay.items()}

    def in_bed(name: str, time: Constant | LogNormal, leaves: tuple[str, str]) -> Step:
        return Step(name, None, time, leaves_between=leaves, within="Ward bed")

    starts = Slots(tuple((f"{day} 08:00", PLANNED_STARTS) for day in ("Mon", "Tue", "Wed", "Thu", "Fri")))
    now = Constant(hours(0))
    return [
        # At one instant people move in the order of the steps: each leaves the lounge before the next comes.
        Step("Admission lounge", KEPT_WHEN_FULL, now, queue_limit=0, when_full="turn_away"),
        Step("Planned list", starts, now, patience=Exponential(weeks(26))),
        Step("Ward bed", BEDS, times | {"planned": LogNormal(days(4.5), 0.8)}, queue_limit=TROLLEYS),
        in_bed("Getting ready to go home", LogNormal(hours(10), 0.8), ALL_DAY),
        in_bed("Waiting for Home First", now, AFTERNOONS),
        in_bed("Waiting for rehab bed", now, AFTERNOONS),
        in_bed("Waiting for care home", LogNormal(days(10), 0.8), ALL_DAY),
    ]


def after_hospital() -> list[Step]:
    """Care at home or in a rehab bed, who comes to it from outside, and home care."""
    now = Constant(hours(0))
    starts = Slots(tuple((f"{day} 10:00", number) for day, number in HOME_CARE_STARTS))
    return [
        *(Step(name, None, now, leaves_between=AFTERNOONS) for name in STEP_UP),
        Step("Home First", HOME_FIRST, LogNormal(days(25), 0.6), queue_limit=0),
        Step("Rehab bed", REHAB_BEDS, LogNormal(days(24), 0.6), queue_limit=0),
        Step("Home care", starts, now, queue_limit=0),
    ]


def arrivals() -> list[Arrivals]:
    """Who comes from outside: the same shape of day and week at every emergency door."""
    back = BACK * DEPARTMENT_A_DAY
    overnight = OVERNIGHT_A_DAY / (ADMITTED_A_DAY + DIRECT_A_DAY)
    made = [emergency("Triage", "sent home", DEPARTMENT_A_DAY - ADMITTED_A_DAY - back)]
    for step, number in (("Triage", ADMITTED_A_DAY), ("Hospital decision", DIRECT_A_DAY)):
        made.append(emergency(step, "same-day", number * (1 - overnight)))
        made += [emergency(step, group, number * overnight * share) for group, share in LEAVING.items()]
    made.append(emergency("Urgent treatment", "urgent", URGENT_A_DAY * (1 - BACK)))
    made.append(Arrivals("Planned list", "planned", PLANNED_A_WEEK / 168))
    made += [Arrivals(step, "step-up", rounded(number / 24)) for step, number in STEP_UP.items()]
    return [*made, Arrivals("Home care", "community", in_office_hours(COMMUNITY_A_WEEK))]


def emergency(step: str, group: str, a_day: float) -> Arrivals:
    """So many a day on average, by hour of the week."""
    scale = a_day * 7 / (sum(BY_WEEKDAY) * sum(BY_HOUR))
    return Arrivals(step, group, tuple(rounded(scale * day * hour) for day in BY_WEEKDAY for hour in BY_HOUR))


def in_office_hours(a_week: float) -> tuple[float, ...]:
    """So many a week, Monday to Friday in office hours."""
    rate = rounded(a_week / (5 * len(OFFICE_HOURS)))
    return tuple(rate if day < 5 and hour in OFFICE_HOURS else 0.0 for day in range(7) for hour in range(24))  # noqa: PLR2004 - Saturday


def rounded(rate: float) -> float:
    """A rate as it stands in the file."""
    return round(rate, 6)


def routes() -> list[Route]:
    """Where people go next; what is left over goes home."""
    sent_home = DEPARTMENT_A_DAY - ADMITTED_A_DAY
    tested = round((TESTED * DEPARTMENT_A_DAY - TESTED_IF_ADMITTED * ADMITTED_A_DAY) / sent_home, 6)
    back = round(BACK * DEPARTMENT_A_DAY / sent_home, 6)
    made = [
        Route("Triage", "Clinician"),
        Route("Clinician", "Tests", tested, "sent home"),
        Route("Clinician", "Away, then back", round((1 - tested) * back, 6), "sent home"),
        Route("Clinician", "Tests", TESTED_IF_ADMITTED),
        Route("Clinician", "Hospital decision", round(1 - TESTED_IF_ADMITTED, 6)),
        Route("Tests", "Away, then back", back, "sent home"),
        Route("Tests", "Hospital decision"),
        Route("Hospital decision", "Same-day care", group="same-day"),
        Route("Hospital decision", "Ward bed"),
        Route("Urgent treatment", "Away, then back", BACK),
        Route("Away, then back", "Triage", group="sent home"),
        Route("Away, then back", "Urgent treatment", group="urgent"),
        Route("Planned list", "Admission lounge"),
        Route("Admission lounge", "Ward bed"),
    ]
    in_bed = {
        "pathway 0": "Getting ready to go home", "planned": "Getting ready to go home",
        "pathway 1": "Waiting for Home First", "pathway 2": "Waiting for rehab bed",
        "pathway 3": "Waiting for care home",
    }  # fmt: skip
    made += [Route("Ward bed", step, group=group) for group, step in in_bed.items()]
    for service in ("Home First", "rehab bed"):
        to = "Home First" if service == "Home First" else "Rehab bed"
        made += [Route(f"Waiting for {service}", to), Route(f"Step-up to {service}", to)]
    return [*made, Route("Home First", "Home care", 0.25), Route("Rehab bed", "Home care", 0.35)]


if __name__ == "__main__":
    main()
