"""
What does a check of a model say, in words: what fits, what does not, and what was not looked at?

Every figure belongs to a theme. A theme fits where no figure of it differs. Sentences
have at most 20 words, and say nothing of fewer than 8 people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks
from flowlib.core.capacity import Slots
from flowlib.core.privacy import FEWEST
from flowlib.mapping.check_figures import FOUR_HOURS, HALVES
from flowlib.mapping.check_places import BEYOND, FREE
from flowlib.mapping.check_profiles import ENOUGH

if TYPE_CHECKING:
    import pandas as pd

    from flowlib.core.eventlog import EventLog
    from flowlib.core.pathway import Pathway
    from flowlib.mapping.check_figures import Eyes
    from flowlib.mapping.visit_rows import VisitRows

__all__ = ["not_seen", "number", "what_fits", "worst"]

WAITED = 1 / 60  # hours: less is the walk to the chair
MOST_WORDS = 14  # of the names in one sentence
PLACES = "Look next at its places, and whether they change by hour or by week."
CHANGED = "Look next at week by week: something may have changed, and one model cannot hold both."
WHO = "Look next at who goes first, and at times by kind of person."
THEMES = {  # the beginning of a measure: its theme, and where to look
    "visits a day": ("how many come", "Look next at who comes there, and from where."),
    "hours at which people come": ("when they come", "Look next at arrivals by hour of the week."),
    "days on which people come": ("when they come", "Look next at arrivals by hour of the week."),
    "mean wait": ("waits", PLACES),
    "people waiting": ("waits", PLACES),
    "hours at which people wait": ("waits", "Look next at its places by hour: it may have a rota."),
    "lengths of wait": ("waits", PLACES),
    "wait by kind of person": ("waits", WHO),
    FREE: ("places", "Look next at its places by hour and by kind of person."),
    BEYOND: ("places", "Look next at its places by hour: there are more at times."),
    "mean time": ("times", "Look next at its times: by weekday, by month, or by kind of person."),
    "lengths of time": ("times", "Look next at its times: by weekday, by month, or by kind of person."),
    "time by kind of person": ("times", WHO),
    "people there": ("how many are there", "Look next at how many come there, and how long they stay."),
    "numbers there": ("how many are there", "Look next at how many come there, and how long they stay."),
    "hours at which people leave": ("when they leave", "Look next at the hours in which people can leave."),
    "days on which people leave": ("when they leave", "Look next at the days on which people can leave."),
    "where kinds of people go": ("where they go", "Look next at where each kind of person goes."),
    "way": ("where they go", "Look next at where people go: it may depend on where they have been."),
    "share who give up": ("who gives up", "Look next at how long people are willing to wait."),
    "share turned away": ("who is turned away", "Look next at how many may wait."),
    "kept back after care": (
        "who is kept back",
        "Look next at what keeps people there: the next step, or leaving hours.",
    ),
    "change": ("change over the log", CHANGED),
    FOUR_HOURS: ("whole journeys", "Look next at what makes single journeys long: waits, or one kind of person."),
    "journey": ("whole journeys", "Look next at waits that follow each other for the same person."),
}


def what_fits(table: pd.DataFrame) -> list[str]:
    """
    Which themes fit, which are only near, and which do not, a sentence each.

    >>> import pandas as pd
    >>> what_fits(pd.DataFrame({"measure": ["mean wait", "mean time"], "verdict": ["fits", "differs"]}))
    ['What fits: waits.', 'What does not: times.']
    """
    theme = [THEMES[_kind(measure)][0] for measure in table["measure"]]
    worse = table["verdict"].map({"fits": 0, "near": 1, "differs": 2}).groupby(theme, sort=False).max()
    said = []
    for words, verdicts in (("What fits", (0, 1)), ("What does not", (2,))):
        names = [str(name) for name in worse.index[worse.isin(verdicts)]]
        halves = [names] if sum(len(name.split()) for name in names) <= MOST_WORDS else [names[:4], names[4:]]
        said += [f"{words}{', too' if later else ''}: {_listed(part)}." for later, part in enumerate(halves) if part]
    return said


def worst(table: pd.DataFrame) -> str:
    """The figure that is the furthest off, and where to look next."""
    some = table[(table["people"] >= FEWEST) & (table["verdict"] != "fits")]
    if not len(some):
        return "The figures outside are of too few people to be shown."
    half = (some["upper_95"] - some["lower_95"]).clip(lower=1e-9) / 2
    off = (some["log"] - (some["upper_95"] + some["lower_95"]) / 2).abs() / half
    off = off.fillna(np.inf).where(some["verdict"] == "differs", 0.0)
    causes = (some["where"] != "") & (off > 0)
    row = some.loc[(off[causes] if causes.any() else off).idxmax()]
    return f"{_told(row)} {THEMES[_kind(str(row['measure']))][1]}"


def not_seen(log: EventLog, rows: VisitRows, pathway: Pathway, eyes: Eyes) -> tuple[str, ...]:
    """What the check cannot tell, a sentence each."""
    said = []
    lost = [name for name in log.steps if name not in pathway.step_names]
    if lost:
        said.append(f"The model leaves out {_listed([repr(name)[1:-1] for name in lost[:3]], len(lost))}.")
    waited = rows.started - rows.arrived
    silent = [
        name
        for name in eyes.steps
        if pathway.step(name).capacity is None
        and ((rows.step == rows.names.index(name)) & (waited > WAITED)).sum() >= FEWEST
    ]
    if silent:
        said.append(
            f"It has no places at {_listed(silent[:3], len(silent))}: waits there stay as they are, whoever comes."
        )
    limited = [name for name in eyes.steps if pathway.step(name).capacity is not None]
    if limited and not eyes.queues:
        said.append("The log does not say when care began, so waits were not compared.")
    slots = [name for name in limited if isinstance(pathway.step(name).capacity, Slots)]
    least = min(int((rows.step == rows.names.index(name)).sum()) for name in eyes.steps)
    if least < ENOUGH and not slots:
        said.append(f"Some steps have fewer than {ENOUGH} visits: there only means were compared.")
    return tuple(said)


def number(value: float) -> str:
    """A figure as it is shown, to three digits; "none" where there is none."""
    return "none" if np.isnan(value) else checks.shown(float(f"{value:.3g}"))


def _kind(measure: str) -> str:
    return next(word for word in THEMES if measure.startswith(word))


def _listed(names: list[str], many: int | None = None) -> str:
    more = (many or len(names)) - len(names)
    parts = [*names, f"{more} more"] if more else names
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _told(row: pd.Series) -> str:
    where = f" at {row['where']}" if row["where"] else ""
    head = "Furthest off" if row["verdict"] == "differs" else "Least near"
    if np.isnan(row["model"]):
        return f"{head}: {row['measure']}{where}. The log has it, and most runs have nobody to take it from."
    if row["most"]:
        share = f"{round(100 * row['log']):,} in 100 are elsewhere"
        by_chance = f"chance makes up to {round(100 * row['upper_95']):,}"
        return f"{head}: {row['measure']}{where}. {share}; {by_chance}. Most {row['most']}."
    unit = f" {row['unit']}" if row["unit"] and row["unit"] != HALVES else ""
    beside = " in the second half over the first" if row["unit"] == HALVES else ""
    return (
        f"{head}: {row['measure']}{where}. It is {number(row['log'])}{unit}{beside} in the log, "
        f"and {number(row['lower_95'])} to {number(row['upper_95'])} in the runs."
    )
