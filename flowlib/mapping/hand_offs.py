"""
How often is a person handed from one team to another, and how long do people wait between?

A hand-off is a move from a step of one team to a step of another. The hours between run
from the end of care with the one to the beginning of care with the other; for those who
wait still, to the end of the log. Where the log has no beginnings, the first time known
stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, rounded, suppress
from flowlib.mapping.medians import MICROSECONDS, middles
from flowlib.mapping.moves import care_begins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.moves import InOrder

__all__ = ["HandOffs", "hand_offs"]


@dataclass(frozen=True)
class HandOffs:
    """Hand-offs of people between teams."""

    mean: float  # a journey; journeys under way count so far
    journeys: pd.DataFrame  # hand_offs (0, 1, ...), people, share
    moves: pd.DataFrame  # from_team, to_team, count, people, median_hours, hours (in all), commonest first
    synthetic: bool

    def sentence(self) -> str:
        """The finding in plain words."""
        if not len(self.moves):
            return "Nobody is handed from one team to another in this log."
        if self.journeys["people"].sum() < FEWEST:
            return "Too few people are in this log to say how often they are handed over."
        said = f"On average a person is handed over {self.mean:.1f} times on the journey."
        most = self.table().head(1)
        also = [f" The commonest hand-off is from {row.from_team} to {row.to_team}." for row in most.itertuples()]
        return "".join([said, *also])

    def table(self) -> pd.DataFrame:
        """The moves between teams as they may be shown; those of fewer than 8 people are left out."""
        kept = self.moves[self.moves["people"] >= FEWEST]
        describes = ["median_hours", "hours"]
        return suppress(
            kept, counts=["count", "people"], describes=describes, people="people", synthetic=self.synthetic
        )

    def journeys_table(self) -> pd.DataFrame:
        """People by number of hand-offs as they may be shown; the largest numbers are one row of 8 people or more."""
        people = self.journeys["people"].to_numpy()
        tail = people[::-1].cumsum()[::-1]
        last = int(np.flatnonzero(tail >= FEWEST).max(initial=0))
        rows = [(str(n), people[n]) for n in range(last)]
        rows.append((f"{last} or more" if last + 1 < len(people) else str(last), tail[last]))
        shown = [(name, rounded(float(n), synthetic=self.synthetic)) for name, n in rows]
        return pd.DataFrame(shown, columns=["hand_offs", "people"])


def hand_offs(log: EventLog, visits: InOrder, teams: Mapping[str, str] | str) -> HandOffs:
    """
    Hand-offs of people between teams.

    *teams* says which team each step of the log belongs to, or names a column of the log
    that holds the team of each visit, such as "group". Raises a `Refusal` where a step
    has no team, or a visit a blank one.
    """
    team, names = _by_step(visits, teams) if isinstance(teams, Mapping) else _by_column(log, visits, teams)
    leaving = visits.onward
    leaving = leaving[team[leaving] != team[leaving + 1]]
    each = np.bincount(visits.who[leaving], minlength=len(visits.first))
    by_number = np.bincount(each)
    journeys = pd.DataFrame({"hand_offs": np.arange(len(by_number)), "people": by_number})
    journeys["share"] = journeys["people"] / len(each)
    return HandOffs(float(each.mean()), journeys, _moves(log, visits, team, leaving, names), log.synthetic)


def _moves(
    log: EventLog, visits: InOrder, team: NDArray[np.int64], leaving: NDArray[np.int64], names: list[str]
) -> pd.DataFrame:
    """Each pair of teams, commonest first."""
    kinds = len(names) ** 2
    kind = team[leaving] * len(names) + team[leaving + 1]
    between = (care_begins(log, visits)[leaving + 1] - visits.done[leaving]).clip(min=0)
    count = np.bincount(kind, minlength=kinds)
    people = np.bincount(np.unique(visits.who[leaving] * kinds + kind) % kinds, minlength=kinds)
    order = np.argsort(-count, kind="stable")[: int((count > 0).sum())]
    one, other = np.divmod(order, len(names))
    made = pd.DataFrame({"from_team": [names[i] for i in one], "to_team": [names[i] for i in other]})
    made["count"], made["people"] = count[order], people[order]
    made["median_hours"] = middles(kind, between, kinds)[order]
    made["hours"] = np.bincount(kind, weights=between / MICROSECONDS, minlength=kinds)[order]
    return made


def _by_step(visits: InOrder, teams: Mapping[str, str]) -> tuple[NDArray[np.int64], list[str]]:
    for step in teams:
        checks.choice("step", step, visits.names, where="in the log")
    without = [step for step in visits.names if not str(teams.get(step) or "").strip()]
    checks.need(not without, f"No team is given for {checks.listed(without)}. Give each step its team.")
    names = list(dict.fromkeys(str(teams[step]).strip() for step in visits.names))
    place = np.asarray([names.index(str(teams[step]).strip()) for step in visits.names], dtype=np.int64)
    return place[visits.step], names


def _by_column(log: EventLog, visits: InOrder, column: str) -> tuple[NDArray[np.int64], list[str]]:
    words = log.visits[checks.choice("column", column, log.frame.columns, where="in the log")].astype("str")
    blank = int((words.isna() | (words.str.strip() == "")).sum())
    checks.need(
        not blank,
        f'{blank:,} of {len(words):,} visits have no team in the column "{column}". '
        "Fill it in, or give each step its team: teams={step: team}.",
    )
    codes, names = pd.factorize(words)
    return np.asarray(codes)[visits.rows].astype(np.int64), [str(name) for name in names]
