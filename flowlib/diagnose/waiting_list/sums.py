"""
Is the list under control, and what capacity would put it there? The sums on one page.

Rates are people a week. Times are weeks, or lengths of time; never a mixture (`units`).

Sources: Fong, Mushtaq, House, Gordon, Chen, Griffths, Ahmad and Walton (2022),
Understanding waiting lists pressures, medRxiv 2022.08.23.22279117, for all but one
formula. The default target capacity is that of the R package NHSRwaitinglist since March
2024, after Kingman and Marchal. Its documentation leaves out the "/ 2" that its code has.

Waits are taken as exponential, so a target of F mean waits leaves exp(-F) over it.
"""

from __future__ import annotations

from typing import Literal

from flowlib.core.checks import at_least, choice, need, positive, shown
from flowlib.diagnose.waiting_list.units import in_weeks, people, rate, times_in_weeks

__all__ = ["load", "pressure", "relief_capacity", "target_capacity", "target_list_size", "target_mean_wait"]

FACTOR = 4.0  # leaves exp(-4), about 1 in 50, over the target; 6 leaves 1 in 400 (Fong et al., fact 4)
OUT_OF_HAND = 2  # a list over so many times its target needs relief (Fong et al., fact 7)
FORMS = ("nhsr", "fong")


def load(demand: float, capacity: float) -> float:
    """
    Demand over capacity, both in people a week; above 1 the list grows for ever.

    >>> round(load(30, 27), 2)
    1.11
    """
    return rate("The demand", demand) / rate("The capacity", capacity, above_zero=True)


def target_mean_wait(target: float, factor: float = FACTOR) -> float:
    """
    Mean wait, in weeks, that leaves few people over the *target* wait (weeks, or a length of time).

    A *factor* of 4 leaves about 1 in 50 over it, and 6 leaves 1 in 400.

    >>> from flowlib import days
    >>> target_mean_wait(52), target_mean_wait(days(28))
    (13.0, 1.0)
    """
    return in_weeks("The target", target) / positive("The factor", factor)


def target_list_size(demand: float, target: float, factor: float = FACTOR) -> float:
    """
    People on the list when the mean wait is on target: demand x target / factor (Little's law).

    *demand* is people a week; *target* is weeks, or a length of time.

    >>> target_list_size(30, 52)
    390.0
    """
    return rate("The demand", demand) * target_mean_wait(target, factor)


def relief_capacity(demand: float, list_size: float, target_size: float, weeks: float) -> float:
    """
    Capacity, in people a week, that brings the list to its target size in so many *weeks*.

    It is for a list over twice its target, and refused for a shorter one, whose remedy
    is the target capacity. *demand* is people a week; both sizes are people.

    >>> round(relief_capacity(30, 1_200, 390, 26), 2)
    61.15
    """
    joining, listed = rate("The demand", demand), people("The list size", list_size)
    target = people("The target list size", target_size)
    period = in_weeks("The number of weeks", weeks)
    need(
        listed > OUT_OF_HAND * target,
        f"Relief capacity is for a list over twice its target; {shown(listed)} people wait"
        f" and twice the target is {shown(OUT_OF_HAND * target)}. Use target_capacity instead.",
    )
    return joining + (listed - target) / period


def target_capacity(
    demand: float,
    target: float,
    factor: float = FACTOR,
    *,
    cv_demand: float = 1.0,
    cv_capacity: float = 1.0,
    form: Literal["nhsr", "fong"] = "nhsr",
    variability: float = 1.0,
) -> float:
    """
    Capacity, in people a week, that keeps a list on target once it is there.

    *demand* is people a week; *target* is weeks, or a length of time. The form "nhsr" is
    demand + ((cv_demand² + cv_capacity²) / 2) x factor / target, where each cv is the
    spread of the gaps between people as a share of the mean gap; 1 is pure chance. The
    form "fong" is demand + 2 (1 + 4 F) / target, with F as *variability*.

    >>> round(target_capacity(4, 52), 3)
    4.077
    >>> target_capacity(30, 52, form="fong", variability=3)
    30.5
    """
    joining, weeks = rate("The demand", demand), in_weeks("The target", target)
    times = positive("The factor", factor)
    spreads = [
        at_least(name, value, 0)
        for name, value in (
            ("cv_demand", cv_demand),
            ("cv_capacity", cv_capacity),
            ("The variability", variability),
        )
    ]
    if choice("form", form, FORMS) == "fong":
        _only_for("fong", {"factor": (factor, FACTOR), "cv_demand": (cv_demand, 1), "cv_capacity": (cv_capacity, 1)})
        return joining + 2 * (1 + 4 * spreads[2]) / weeks
    _only_for("nhsr", {"variability": (variability, 1)})
    return joining + (spreads[0] ** 2 + spreads[1] ** 2) / 2 * times / weeks


def pressure(mean_wait: float, target: float) -> float:
    """
    Twice the mean wait over the target; above 1 the list will most likely miss its target.

    Both are weeks, or both are lengths of time: one beside the other is refused.

    >>> from flowlib import days, weeks
    >>> round(pressure(63, 52), 2), round(pressure(days(441), weeks(52)), 2)
    (2.42, 2.42)
    """
    wait, limit = times_in_weeks({"The mean wait": mean_wait, "The target": target})
    return 2 * wait / positive("The target", limit, "weeks")


def _only_for(form: str, settings: dict[str, tuple[float, float]]) -> None:
    """Refuse a setting that the chosen form would pass over in silence."""
    for name, (value, default) in settings.items():
        need(
            value == default,
            f'The form "{form}" does not use {name}; {shown(value)} came. Leave {name} out, or choose the other form.',
        )
