"""
Who has more work than fits, and how many people does the work need (Yamazumi)?

Each role's tasks for one person who comes, stacked up in minutes beside takt: the time
between one person and the next [1]. A role with more work than takt falls behind. All the
work over takt, rounded up, is the fewest people who could do it; the balance is all the
work over the number of people times the fullest load, so 1 where all have as much [2].
Nothing is moved here: take out waste first, then the team decides who does what [3].

Sources: [1] "What is a Yamazumi chart and how is it used?", factorysolutions.com;
[2] "Line balancing efficiency calculator", calcbee.com; [3] "Yamazumi line balancing",
symplprocess.com.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.checks import at_least, choice, listed, need, positive, shown, whole
from flowlib.core.pathway_cells import name, number
from flowlib.core.pathway_sheets import Column, Sheet
from flowlib.mapping.lean_tables import OWN_NOTES, lines, word
from flowlib.mapping.waste import CLASSES, class_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LoadBalance", "Task", "load_balance", "tasks_from_table"]

ROUNDING = 1e-9  # of a person, or of takt
TASKS = Sheet(
    "tasks",
    "One row for each task that a role does for one person who comes.",
    (
        Column("role", "Who does it: a role, never a person's name.", required=True, also=("who", "who does it")),
        Column("task", "What is done.", required=True),
        Column("minutes", "How long it takes for one person.", required=True),
        Column("value", "value, necessary or waste.", also=("class",)),
        OWN_NOTES,
    ),
)


@dataclass(frozen=True)
class Task:
    """One task that a *role* does for one person who comes."""

    role: str
    task: str
    minutes: float
    value: str = ""  # "value", "necessary" or "waste" (`flowlib.mapping.waste`)

    def __post_init__(self) -> None:
        for what, said in (("role", self.role), ("task", self.task)):
            need(str(said).strip(), f"Each task needs a {what}; an empty one came.")
        what = f'"{self.task}" of "{self.role}"'
        object.__setattr__(self, "minutes", at_least(f"Minutes for {what}", self.minutes, 0))
        object.__setattr__(self, "value", class_of(what, self.value))


@dataclass(frozen=True)
class LoadBalance:
    """The work of each role beside takt."""

    tasks: tuple[Task, ...]
    takt: float  # minutes between one person and the next
    table: pd.DataFrame  # role, people, minutes (of one person in it), over_takt, spare (minutes, or 0), over

    @property
    def minutes(self) -> float:
        """Minutes of work in all for one person who comes."""
        return sum(task.minutes for task in self.tasks)

    @property
    def fewest_people(self) -> int:
        """All the work over takt, rounded up: fewer people cannot do it, however it is shared out."""
        return math.ceil(self.minutes / self.takt - ROUNDING)

    @property
    def staff(self) -> int:
        """How many people there are in all roles."""
        return int(self.table["people"].sum())

    @property
    def balance(self) -> float:
        """All the work over people times the fullest load: 1 where all have as much to do."""
        return self.minutes / (self.staff * float(self.table["minutes"].max()))

    @property
    def over(self) -> tuple[str, ...]:
        """The roles with more work than takt."""
        return tuple(self.table.loc[self.table["over"], "role"])

    def stacked(self) -> pd.DataFrame:
        """
        Each task where it stands in its role's stack: `role, task, value, bottom, top`, minutes of one person in it.

        Tasks of value stand at the bottom, then necessary ones, waste, and those that nobody has put in a class.
        """
        kinds = [*CLASSES, ""]
        order = sorted(self.tasks, key=lambda task: kinds.index(task.value))
        people = self.table.set_index("role")["people"]
        made = pd.DataFrame(
            [(task.role, task.task, task.value, task.minutes / int(people[task.role])) for task in order],
            columns=["role", "task", "value", "minutes"],
        )
        made["top"] = made.groupby("role", sort=False)["minutes"].cumsum()
        made["bottom"] = made["top"] - made["minutes"]
        return made[["role", "task", "value", "bottom", "top"]]

    def by_class(self) -> pd.DataFrame:
        """Minutes in all by class of work: `value, minutes, share`; "" where nobody has said."""
        sums = {kind: sum(task.minutes for task in self.tasks if task.value == kind) for kind in (*CLASSES, "")}
        made = pd.DataFrame({"value": list(sums), "minutes": list(sums.values())})
        made["share"] = made["minutes"] / self.minutes
        return made[made["minutes"] > 0].reset_index(drop=True)

    def sentence(self) -> str:
        """The finding in plain words."""
        takt = f"more work than the {shown(round(self.takt, 1))} minutes between one person and the next (takt)"
        many = len(self.over)
        if many > 1:
            who = " and ".join(self.over) if many == 2 else f"{many} of {len(self.table)} roles"  # noqa: PLR2004 - a pair
            first = f"{who} have {takt}."
        else:
            first = f"{self.over[0] if many else 'No role'} has {takt}."
        needs = f"{self.fewest_people:,} {'person' if self.fewest_people == 1 else 'people'}"
        there = f"{'is' if self.staff == 1 else 'are'} {self.staff:,}"
        return f"{first[0].upper()}{first[1:]} All the work needs {needs} or more, and there {there}."


def load_balance(
    tasks: Sequence[Task] | pd.DataFrame | str | Path, *, takt: float, people: Mapping[str, int] | None = None
) -> LoadBalance:
    """
    The work of each role beside *takt*, minutes between one person and the next.

    *tasks* are `Task`s, a frame or a workbook (`tasks_from_table`); *people* says how
    many share a role, 1 where it does not. Roles keep the order in which they come.

    >>> tasks = [Task("nurse", "triage", 8, "value"), Task("nurse", "search", 4, "waste"), Task("clerk", "book", 5)]
    >>> made = load_balance(tasks, takt=10)
    >>> made.over, made.fewest_people, round(made.balance, 2)
    (('nurse',), 2, 0.71)
    """
    known = tasks_from_table(tasks) if isinstance(tasks, (pd.DataFrame, str, Path)) else tasks
    every: tuple[Task, ...] = tuple(known)
    need(every, "A load balance needs at least 1 task; none came.")
    minutes = positive("Takt", takt, "minutes")
    need(sum(task.minutes for task in every) > 0, "The tasks take 0 minutes in all. Give at least one its minutes.")
    pairs = [(task.role, task.task) for task in every]
    twice = [f"{role}: {task}" for role, task in dict.fromkeys(pairs) if pairs.count((role, task)) > 1]
    need(not twice, f"Each task of a role needs a name of its own; {listed(twice)} came more than once.")
    roles = list(dict.fromkeys(task.role for task in every))
    shared = {choice("role", role, roles, where="among the tasks"): n for role, n in (people or {}).items()}
    numbers = {role: whole(f'People in the role "{role}"', shared.get(role, 1), 1) for role in roles}
    rows = [(role, numbers[role], _minutes(every, role) / numbers[role]) for role in roles]
    table = pd.DataFrame(rows, columns=["role", "people", "minutes"])
    table["over_takt"] = (table["minutes"] - minutes).clip(lower=0)
    table["spare"] = (minutes - table["minutes"]).clip(lower=0)
    table["over"] = table["over_takt"] > ROUNDING * minutes
    return LoadBalance(every, minutes, table)


def tasks_from_table(table: pd.DataFrame | str | Path, *, sheet: str | None = None) -> tuple[Task, ...]:
    """
    Tasks from a frame or a workbook: columns `role`, `task`, `minutes` and, if you wish, `value` and `notes`.

    Raises a `Refusal` with the row and column of what is wrong.

    >>> tasks_from_table(pd.DataFrame({"role": ["nurse"], "task": ["triage"], "minutes": [8]}))
    (Task(role='nurse', task='triage', minutes=8.0, value=''),)
    """
    found = []
    for line in lines(table, TASKS, sheet=sheet):
        line["minutes"].need(not line["minutes"].blank, "this is blank. Type a number of minutes.")
        long = number(line["minutes"], "a number of minutes")
        found.append(Task(name(line["role"]), name(line["task"]), long, word(line["value"], CLASSES)))
    return tuple(found)


def _minutes(tasks: Sequence[Task], role: str) -> float:
    return sum(task.minutes for task in tasks if task.role == role)
