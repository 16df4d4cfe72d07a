"""
How much capacity is lost to people who do not come, and how far can overbooking win it back?

A slot is time for one person. It is lost if nobody is booked into it, or if the person
booked does not attend and nobody takes the place. Late starts and early finishes lose
time as well. Shares run from 0 to 1, and times are minutes.

Intervals are Wilson's score (J. American Statistical Association 22, 1927). Those who
attend, of the n booked, are binomial: each attends with the same chance, and nobody's
absence tells of another's. Snow, or a bus that does not run, breaks that, and then more
slots stay empty than said here. Overbooking trades empty slots for overrun and waiting
(L. LaGanga and S. Lawrence, "Clinic overbooking to improve patient access and increase
provider productivity", Decision Sciences 38, 2007); the waiting within a session is not
counted here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, HIDDEN, rounded
from flowlib.measure.failure import failure_demand

__all__ = ["LostCapacity", "Overbooking", "lost_capacity", "overbooking"]

ROUNDING = 1e-12
RARE = 0.01  # a chance below it is said as "fewer than 1 of 100"
MOST_BOOKED = 10_000  # for one session


@dataclass(frozen=True)
class LostCapacity:
    """What a clinic could have done, and where it was lost."""

    slots: int  # offered
    booked: int
    attended: int  # of those booked
    refilled: int  # slots of people who did not attend that others took
    share_missed: float  # of booked people who did not attend, 0 to 1
    missed_lower_95_ci: float
    missed_upper_95_ci: float
    share_lost: float  # of slots with nobody in them: not booked, or missed and not refilled
    lost_lower_95_ci: float
    lost_upper_95_ci: float
    minutes_each: float  # length of a slot
    minutes_empty: float  # of slots with nobody in them
    minutes_late: float  # late starts and early finishes, in all
    synthetic: bool

    @property
    def empty_slots(self) -> int:
        """Slots with nobody in them."""
        return self.slots - self.attended - self.refilled

    @property
    def missed(self) -> int:
        """People who were booked and did not attend."""
        return self.booked - self.attended

    @property
    def share_of_time_lost(self) -> float:
        """Time lost in any of these ways, of all the time of the slots, 0 to 1."""
        return (self.minutes_empty + self.minutes_late) / (self.slots * self.minutes_each)

    def sentence(self) -> str:
        """
        What was lost, in plain words.

        >>> print(lost_capacity(200, 170, refilled=10, minutes_each=15, late_starts=240).sentence())
        Of 200 people booked, 30 did not attend: between 10 and 21 in 100 (95% interval). \
Of 200 slots, 20 stayed empty. \
With late starts and early finishes, 9 hours were lost, 18 in 100 of all the time.
        """
        booked, missed, slots, empty = (
            self._people(count) for count in (self.booked, self.missed, self.slots, self.empty_slots)
        )
        if 0 < self.missed < FEWEST:
            head = f"Of {booked} people booked, {missed} did not attend."
        else:
            low, high = math.floor(100 * self.missed_lower_95_ci), math.ceil(100 * self.missed_upper_95_ci)
            head = (
                f"Of {booked} people booked, {missed} did not attend: between {low} and {high} in 100 (95% interval)."
            )
        return (
            f"{head} Of {slots} slots, {empty} stayed empty. With late starts and early finishes, {self._time_lost()}."
        )

    def _time_lost(self) -> str:
        """The hours lost; where slots are too few to be shown, less than their hours could be."""
        if 0 < self.empty_slots < FEWEST:
            most = (FEWEST * self.minutes_each + self.minutes_late) / 60
            return f"fewer than {checks.shown(round(most, 1))} hours were lost"
        hours = checks.shown(round((self.minutes_empty + self.minutes_late) / 60, 1))
        return f"{hours} hours were lost, {100 * self.share_of_time_lost:.0f} in 100 of all the time"

    def _people(self, count: int) -> str:
        return rounded(count, synthetic=self.synthetic).replace(HIDDEN, f"fewer than {FEWEST}")


@dataclass(frozen=True)
class Overbooking:
    """How many to book into a session, and what that costs."""

    slots: int
    book: int  # people
    attend_share: float  # 0 to 1
    limit: float  # the chance of too many must stay below it
    chance_over: float  # that more attend than there are slots
    people_over: float  # mean, beyond the slots, a session
    slots_empty: float  # mean a session
    slots_empty_before: float  # mean a session, with as many booked as there are slots
    minutes_over: float  # mean a session, of work beyond its end
    cost: float | None  # mean a session, in your unit; None where no costs were given
    cost_before: float | None  # the same, with as many booked as there are slots

    def sentence(self) -> str:
        """
        The number and its price in plain words.

        >>> print(overbooking(10, 0.8, chance_over=0.1, minutes_each=20).sentence())
        Book 11 people into 10 slots. More than 10 attend in 9 of 100 sessions. \
Empty slots fall from 2 to 1.3 a session, at the price of 1.7 minutes of overrun.
        """
        chance = f"{100 * self.chance_over:.0f}" if self.chance_over >= RARE else "fewer than 1"
        if self.book == self.slots:
            return (
                f"Book no more people than there are slots, {self.slots}: one more would be too many too often. "
                f"Empty slots are {_one(self.slots_empty)} a session on average."
            )
        return (
            f"Book {self.book} people into {_counted(self.slots, 'slot')}. "
            f"More than {self.slots} attend in {chance} of 100 sessions. "
            f"Empty slots fall from {_one(self.slots_empty_before)} to {_one(self.slots_empty)} a session, "
            f"at the price of {_counted(self.minutes_over, 'minute')} of overrun."
        )


def lost_capacity(
    booked: int,
    attended: int,
    *,
    minutes_each: float,
    slots: int | None = None,
    refilled: int = 0,
    late_starts: float = 0.0,
    early_finishes: float = 0.0,
    synthetic: bool = False,
) -> LostCapacity:
    """
    The capacity lost in *slots* (by default as many as were *booked*) of *minutes_each*.

    *attended* are people of those booked, *refilled* slots of the others that somebody
    else took; *late_starts* and *early_finishes* are minutes in all. Both shares have a
    95% interval. A slot that a late start shortens is not also counted as empty, so give
    only minutes that no empty slot covers.

    >>> made = lost_capacity(200, 170, refilled=10, minutes_each=15)
    >>> made.share_missed, made.share_lost, made.minutes_empty
    (0.15, 0.1, 300.0)
    """
    booked = checks.whole("booked", booked, 1)
    attended, refilled = checks.whole("attended", attended), checks.whole("refilled", refilled)
    offered = booked if slots is None else checks.whole("slots", slots, 1)
    missed = booked - attended
    checks.need(
        missed >= 0,
        f"No more people can attend than were booked; {attended:,} of {booked:,} came. "
        "Count those who came unbooked as refilled.",
    )
    checks.need(
        refilled <= missed,
        f"Only slots of people who did not attend can be refilled; {refilled:,} were, and {missed:,} did not attend. "
        "Correct one of the two.",
    )
    checks.need(
        attended + refilled <= offered,
        f"{attended + refilled:,} people were seen in {offered:,} slots. "
        "Give the slots that were offered, extra ones too.",
    )
    each = checks.positive("minutes_each", minutes_each, "minutes")
    late = checks.at_least("late_starts", late_starts, 0, "minutes")
    late += checks.at_least("early_finishes", early_finishes, 0, "minutes")
    empty = offered - attended - refilled
    checks.need(
        late <= (offered - empty) * each * (1 + ROUNDING),
        f"Late starts and early finishes are {checks.shown(late)} minutes, and the slots that were used have "
        f"{checks.shown((offered - empty) * each)}. Leave out minutes of empty slots.",
    )
    missing, lost = failure_demand(missed, booked), failure_demand(empty, offered)
    return LostCapacity(
        offered, booked, attended, refilled,
        missing.share, missing.lower_95_ci, missing.upper_95_ci,
        lost.share, lost.lower_95_ci, lost.upper_95_ci,
        each, empty * each, late, synthetic,
    )  # fmt: skip


def overbooking(
    slots: int,
    attend_share: float,
    *,
    chance_over: float = 0.05,
    minutes_each: float = 15.0,
    cost_empty: float | None = None,
    cost_over: float | None = None,
) -> Overbooking:
    """
    The most people to book into *slots*, so that too many seldom attend.

    Each attends with the chance *attend_share* (above 0, up to 1), on their own; then
    the chance that more attend than there are slots is below *chance_over* (above 0, below
    1; exact binomial). *cost_empty* of a slot and *cost_over* of a person beyond the slots,
    in a unit of yours, give the mean cost of a session, before and after. This
    number keeps a promise to those who come: it is not the cheapest one.

    Two slots and people who attend every other time: of 3 booked, all attend in 1 of 8 sessions.

    >>> made = overbooking(2, 0.5, chance_over=0.2)
    >>> made.book, round(made.chance_over, 9), made.slots_empty_before
    (3, 0.125, 1.0)
    """
    slots = checks.whole("slots", slots, 1)
    attend = checks.share("attend_share", attend_share)
    limit = checks.share("chance_over", chance_over)
    checks.need(attend > 0, "attend_share must be above 0: if nobody attends, no number of bookings helps.")
    checks.need(0 < limit < 1, f"chance_over must be above 0 and below 1; {checks.shown(limit)} came. 1 in 20 is 0.05.")
    each = checks.positive("minutes_each", minutes_each, "minutes")
    checks.need(
        (cost_empty is None) == (cost_over is None),
        "A cost needs both its sides. Give cost_empty and cost_over in one unit, or neither.",
    )
    book = _most(slots, attend, limit)
    chance, over, empty = _session(book, slots, attend)
    _, _, before = _session(slots, slots, attend)
    cost = cost_before = None
    if cost_empty is not None and cost_over is not None:
        price = checks.at_least("cost_empty", cost_empty, 0)
        cost = price * empty + checks.at_least("cost_over", cost_over, 0) * over
        cost_before = price * before
    return Overbooking(slots, book, attend, limit, chance, over, empty, before, over * each, cost, cost_before)


def _most(slots: int, attend: float, limit: float) -> int:
    """The most to book; the chance of too many grows with each person."""
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    book = slots
    while book < MOST_BOOKED and stats.binom.sf(slots, book + 1, attend) < limit:
        book += 1
    checks.need(
        book < MOST_BOOKED,
        f"More than {MOST_BOOKED:,} people would be booked. Check the slots and the share who attend.",
    )
    return book


def _session(book: int, slots: int, attend: float) -> tuple[float, float, float]:
    """The chance of too many, the mean number beyond the slots, and the mean number of empty slots."""
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    come = range(slots + 1, book + 1)
    over = math.fsum((k - slots) * float(stats.binom.pmf(k, book, attend)) for k in come)
    return float(stats.binom.sf(slots, book, attend)), over, slots - book * attend + over


def _one(number: float) -> str:
    return checks.shown(round(number, 1))


def _counted(number: float, what: str) -> str:
    text = _one(number)
    return f"{text} {what}" if text == "1" else f"{text} {what}s"
