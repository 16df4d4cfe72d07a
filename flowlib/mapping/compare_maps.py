"""
Where do the team's map and the counted map differ?

Steps are the same where their names are, whatever their capitals and blanks. Names that
are only near are proposed, and joined when somebody says so. A typed share differs by
more than chance where it lies outside the counted share's interval, and a typed wait
where it lies outside that of the counted middle (`flowlib.mapping.intervals`). Visits of
one person count as if of several, and of 20 comparisons one differs by chance alone.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.pathway_times import length
from flowlib.core.privacy import FEWEST, HIDDEN, rounded, rounded_share
from flowlib.mapping.intervals import CONFIDENCE, middle_interval, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowlib.mapping.process_map import ProcessMap
    from flowlib.mapping.typed_map import TypedMap

__all__ = ["MapComparison", "compare_maps"]

NEAR = 0.6  # of difflib's ratio, from which a name is proposed
ONLY_TYPED, ONLY_COUNTED, BOTH, FEW = "only typed", "only counted", "in both", "too few people to say"
DIFFERS, AGREES = "differs by more than chance", "may be the same"
A_MINUTE = 1 / 60  # the shortest wait that is laid beside another
COLUMNS = ["what", "where", "typed", "counted", "finding"]
MOVES = [
    "from_step", "to_step", "typed_share", "count", "of", "people", "counted_share", "lower", "upper", "finding",
]  # fmt: skip


@dataclass(frozen=True)
class MapComparison:
    """
    A typed map and a counted one, laid side by side. Steps that are the same have the typed name.

    The frames hold full counts, for sums. Show `.table`, which hides what describes
    fewer than 8 people.
    """

    steps: pd.DataFrame  # step, people (counted), finding
    moves: pd.DataFrame  # from_step, to_step, typed_share, count, of, people, counted_share, lower, upper, finding
    waits: pd.DataFrame  # step, typed_hours, visits, median_hours, lower, upper, finding
    near: dict[str, str]  # typed name: the counted name that may be the same
    synthetic: bool

    @cached_property
    def table(self) -> pd.DataFrame:
        """All of it as it may be shown: `what` (step, move, wait), `where`, `typed`, `counted`, `finding`."""
        rows = [*self._step_rows(), *self._move_rows(), *self._wait_rows()]
        return pd.DataFrame(rows, columns=COLUMNS)

    def sentence(self) -> str:
        """The findings in plain words."""
        held = self.table.groupby(["what", "finding"]).size()

        def many(finding: str, *whats: str) -> str:
            numbers = [(int(held.get((what, finding), 0)), what) for what in whats]
            return " and ".join(f"{n} {what}" if n == 1 else f"{n} {what}s" for n, what in numbers if n)

        said = []
        for finding, where in ((ONLY_TYPED, "the typed map"), (ONLY_COUNTED, "the log")):
            if found := many(finding, "step", "move"):
                said.append(f"Only in {where}: {found}.")
        differ = many(DIFFERS, "share", "wait")
        said = said or ["Both maps have the same steps and moves."]
        said.append(f"Different by more than chance: {differ or 'no share, and no wait'}.")
        apart = self.waits[self.waits["finding"] == DIFFERS]
        if len(apart):
            typed, middle = (apart[column].clip(lower=A_MINUTE) for column in ("typed_hours", "median_hours"))
            most = apart.loc[np.log(typed / middle).abs().idxmax()]
            thought, counted = (length(round(most[column], 1)) for column in ("typed_hours", "median_hours"))
            said.append(f"For {most['step']} the team thinks of {thought}. The middle wait is {counted}.")
        for one, other in self.near.items():
            said.append(f'"{one}" may be "{other}" in the log. If so, say same={{"{one}": "{other}"}}.')
        return " ".join(said)

    def _step_rows(self) -> list[tuple[str, ...]]:
        return [
            (
                "step",
                row.step,
                "" if row.finding == ONLY_COUNTED else "yes",
                rounded(row.people, synthetic=self.synthetic),
                row.finding,
            )
            for row in self.steps.itertuples()
        ]

    def _move_rows(self) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for row in self.moves.itertuples():
            few = 0 < row.people < FEWEST
            if few and np.isnan(row.typed_share):
                continue  # a rare move that nobody typed could show a person
            typed = "" if np.isnan(row.typed_share) else f"{100 * row.typed_share:.0f}%"
            share = row.counted_share
            if row.people and not np.isnan(share):
                share = rounded_share(row.people, row.people / share, synthetic=self.synthetic)
            counted = HIDDEN if few else "" if np.isnan(share) else f"{100 * share:.0f}%"
            what = "share" if row.finding in {DIFFERS, AGREES} else "move"
            found.append((what, f"{row.from_step} → {row.to_step}", typed, counted, FEW if few else row.finding))
        return found

    def _wait_rows(self) -> list[tuple[str, ...]]:
        return [
            (
                "wait",
                row.step,
                _hours(row.typed_hours),
                HIDDEN if row.finding == FEW else _hours(row.median_hours),
                row.finding,
            )
            for row in self.waits.itertuples()
        ]


def compare_maps(
    typed: TypedMap, counted: ProcessMap, *, same: Mapping[str, str] | None = None, confidence: float = CONFIDENCE
) -> MapComparison:
    """
    The typed map beside the counted one.

    *same* says which typed step is which step of the log, where their names differ.
    Waits are compared where the team typed one and the log has some.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.process_map import process_map
    >>> from flowlib.mapping.typed_map import TypedMap, TypedMove, TypedStep
    >>> typed = TypedMap([TypedStep("ambulance"), TypedStep("Hand-over")], [TypedMove("ambulance", "Hand-over")])
    >>> compare_maps(typed, process_map(data.journey())).near
    {'Hand-over': 'Handover'}
    """
    level = checks.share("confidence", confidence)
    checks.need(0 < level < 1, f"confidence must be between 0 and 1; {checks.shown(level)} came. Usual is 0.95.")
    names = _joined([step.name for step in typed.parts], counted.log.steps, same or {})
    steps = _steps(typed, counted, names)
    moves = _moves(typed, counted, names, level)
    return MapComparison(
        steps, moves, _waits(typed, counted, names, level), _near(typed, counted, names), counted.log.synthetic
    )


def _joined(typed: list[str], counted: list[str], same: Mapping[str, str]) -> dict[str, str]:
    """For each step of the log that is on both maps, its name on the typed map."""
    for one, other in same.items():
        checks.choice("step", one, typed, where="in the typed map")
        checks.choice("step", other, counted, where="in the log")
        taken = [name for name in counted if _fold(name) == _fold(one) and name != other]
        checks.need(not taken, f'The log has a step {checks.listed(taken)} of its own, so "{one}" cannot be another.')
    twice = [other for other in same.values() if list(same.values()).count(other) > 1]
    checks.need(not twice, f"{checks.listed(twice[:1])} came for two typed steps. Join it with one.")
    found = {other: one for one, other in same.items()}
    folded = {_fold(name): name for name in typed if name not in same}
    for name in counted:
        if name not in found and _fold(name) in folded:
            found[name] = folded.pop(_fold(name))
    return found


def _near(typed: TypedMap, counted: ProcessMap, names: Mapping[str, str]) -> dict[str, str]:
    """For each typed step that is in no log, the nearest name that is on no typed map."""
    free = {_fold(name): name for name in counted.log.steps if name not in names}
    found: dict[str, str] = {}
    for step in typed.parts:
        if step.name not in names.values():
            close = difflib.get_close_matches(_fold(step.name), free, n=1, cutoff=NEAR)
            found.update((step.name, free[one]) for one in close)
    return found


def _steps(typed: TypedMap, counted: ProcessMap, names: Mapping[str, str]) -> pd.DataFrame:
    people = {names.get(row.step, row.step): int(row.people) for row in counted.steps.itertuples()}
    rows = [
        (step.name, people.get(step.name, 0), BOTH if step.name in names.values() else ONLY_TYPED)
        for step in typed.parts
    ]
    rows += [(name, people[name], ONLY_COUNTED) for name in counted.log.steps if name not in names]
    return pd.DataFrame(rows, columns=["step", "people", "finding"])


def _moves(typed: TypedMap, counted: ProcessMap, names: Mapping[str, str], level: float) -> pd.DataFrame:
    """Each move on either map, typed ones first."""
    edges = counted.edges
    pairs = [
        (names.get(row.from_step, row.from_step), names.get(row.to_step, row.to_step)) for row in edges.itertuples()
    ]
    count = dict(zip(pairs, edges["count"].tolist(), strict=True))
    people = dict(zip(pairs, counted.edge_people.tolist(), strict=True))
    seen = counted.log.visits
    over = seen.loc[seen["outcome"] != "still_here", "step"].value_counts().rename(index=names)
    typed_shares = _typed_shares(typed)
    rows = []
    for pair in dict.fromkeys([*typed_shares, *pairs]):
        share, times = typed_shares.get(pair, np.nan), count.get(pair, 0)
        of = max(int(over.get(pair[0], 0)), times)
        low, high = wilson(times, of, level) if of else (np.nan, np.nan)
        finding = BOTH if np.isnan(share) else AGREES if low <= share <= high else DIFFERS
        if not times or pair not in typed_shares:
            finding = ONLY_COUNTED if times else ONLY_TYPED
        rows.append((*pair, share, times, of, people.get(pair, 0), times / of if of else np.nan, low, high, finding))
    return pd.DataFrame(rows, columns=MOVES)


def _typed_shares(typed: TypedMap) -> dict[tuple[str, str], float]:
    """The share of each typed move; NaN where the team left more than one blank at a step, and so said none."""
    blank = [move.from_step for move in typed.moves if move.share is None]
    filled = {(row.from_step, row.to_step): float(row.share) for row in typed.edges.itertuples()}
    return {
        (move.from_step, move.to_step): np.nan
        if move.share is None and blank.count(move.from_step) > 1
        else filled[move.from_step, move.to_step]
        for move in typed.moves
    }


def _waits(typed: TypedMap, counted: ProcessMap, names: Mapping[str, str], level: float) -> pd.DataFrame:
    """Typed waits beside the middle of the counted ones; who waits still has waited so long or longer."""
    log = counted.log
    seen = log.visits[log.visits["at"] >= log.observed[0]]
    so_far = ((log.observed[1] - seen["arrived"]).dt.total_seconds() / 3600).where(seen["waiting"])
    low, high = seen["wait_hours"].fillna(so_far), seen["wait_hours"].fillna((so_far * np.inf).where(so_far > 0))
    medians = counted.steps.set_index("step")["median_wait_hours"]
    rows = []
    counted_name = {called: name for name, called in names.items()}
    for step in typed.parts:
        thought, name = step.wait, counted_name.get(step.name, "")
        known = (seen["step"] == name) & low.notna() & high.notna()
        if thought is None or not known.any():
            continue
        people = len(seen.loc[known, log.keys].drop_duplicates())
        least, most = middle_interval(low[known].to_numpy(), high[known].to_numpy(), level)
        finding = FEW if people < FEWEST else AGREES if least <= thought <= most else DIFFERS
        rows.append((step.name, thought, int(known.sum()), float(medians[name]), least, most, finding))
    columns = ["step", "typed_hours", "visits", "median_hours", "lower", "upper", "finding"]
    return pd.DataFrame(rows, columns=columns)


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _hours(hours: float) -> str:
    return "" if np.isnan(hours) else f"{hours:,.1f} hours"
