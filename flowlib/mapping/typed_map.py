"""
What does the team think happens, before anything is counted?

A map typed in at a workshop: steps, moves, waits, how often the story is told again,
and who agreed it. Its numbers are of 100 people whom nobody has seen: they follow the
shares from step to step, loops too (the fundamental matrix of a Markov chain; J. Kemeny
and J. Snell, "Finite Markov Chains", 1960, chapter 3). Times are hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.mapping import typed_files
from flowlib.mapping.typed_parts import Agreed, TypedMove, TypedStep, check_agreed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["OF_PEOPLE", "Agreed", "TypedMap", "TypedMove", "TypedStep"]

OF_PEOPLE = 100  # imagined people whom the counts are of
ROUNDING = 1e-9  # of shares
ROUND_PLACES = 9  # of counts: sums of shares such as 0.1 and 0.2 come out whole
FOR_EVER = 1e9  # visits of one person: shares whose circle has no way out


@dataclass(frozen=True)
class TypedMap:
    """
    A journey as a team typed it in.

    >>> steps = [TypedStep("desk", team="front"), TypedStep("nurse", team="clinic", told_again=True)]
    >>> made = TypedMap(steps, [TypedMove("desk", "nurse", 0.75)], name="Clinic")
    >>> made.edges["count"].tolist(), made.hand_offs, made.told_again
    ([75.0], 0.75, 0.75)
    """

    parts: Sequence[TypedStep]
    moves: Sequence[TypedMove] = ()
    agreed: Sequence[Agreed] = ()
    name: str = ""

    def __post_init__(self) -> None:
        for field, kind in (("parts", TypedStep), ("moves", TypedMove), ("agreed", Agreed)):
            held = tuple(getattr(self, field))
            wrong = [one for one in held if not isinstance(one, kind)]
            checks.need(not wrong, f"{field} must hold {kind.__name__}s; {checks.brief(wrong[:1])} came.")
            object.__setattr__(self, field, held)
        checks.need(self.parts, "A typed map needs at least 1 step; none came.")
        _check_names([step.name for step in self.parts])
        self._check_moves()
        check_agreed(self.agreed)
        checks.need(
            np.isfinite(self._reach).all() and np.abs(self._reach).max() < FOR_EVER,
            "People never leave this map: a circle of moves has no way out. Give one of its moves a share below 1.",
        )

    @classmethod
    def from_tables(
        cls,
        steps: pd.DataFrame,
        moves: pd.DataFrame | None = None,
        agreed: pd.DataFrame | None = None,
        *,
        name: str = "",
    ) -> TypedMap:
        """
        A map from tables with the columns of the template; times without a unit are hours.

        >>> steps = pd.DataFrame({"step": ["desk", "nurse"], "wait (minutes)": [5, 20]})
        >>> moves = pd.DataFrame({"from": ["desk"], "to": ["nurse"]})
        >>> TypedMap.from_tables(steps, moves).steps["mean_wait_hours"].round(2).tolist()
        [0.08, 0.33]
        """
        return cls(*typed_files.from_frames({"steps": steps, "moves": moves, "agreed": agreed}), name=name)

    @classmethod
    def read(cls, path: str | Path) -> TypedMap:
        """
        The map in a `.xlsx` or `.yaml` file.

        Raises a `Refusal` that names the sheet, the row and the column of what is wrong.
        """
        return typed_files.read(path, cls)

    load = read

    def save(self, path: str | Path) -> None:
        """Keep the map as a `.xlsx` or `.yaml` file, to be opened with `TypedMap.load`."""
        typed_files.write(self, path)

    @staticmethod
    def template(path: str | Path, *, replace: bool = False) -> None:
        """Write an example to a `.xlsx` or `.yaml` file, to write over; a file there stays unless *replace*."""
        typed_files.write_template(path, TypedMap(*typed_files.example()), replace=replace)

    @property
    def synthetic(self) -> bool:
        """True: nobody in it is a real person, so its numbers may be shown as they are."""
        return True

    @cached_property
    def steps(self) -> pd.DataFrame:
        """
        Each step, with the columns of a counted map: `visits` and `people` are of 100 who begin the journey.

        `mean_wait_hours` and `median_wait_hours` are both the wait that was typed, and
        `median_step_hours` is wait and process time; NaN where nothing was typed.
        """
        visits = self._begin @ self._reach
        ever = self._begin @ (self._reach / np.diag(self._reach))
        waits = [step.wait for step in self.parts]
        made = pd.DataFrame({"step": self._names, "visits": OF_PEOPLE * visits, "people": OF_PEOPLE * ever})
        made["per_person"] = made["visits"] / made["people"].where(made["people"] > 0)
        made["mean_wait_hours"] = pd.Series(waits, dtype=float)
        made["median_wait_hours"] = made["mean_wait_hours"]
        made["median_step_hours"] = pd.Series([step.lead_time for step in self.parts], dtype=float)
        made["team"] = [step.team for step in self.parts]
        made["told_again"] = [step.told_again for step in self.parts]
        return made.round(ROUND_PLACES)

    @cached_property
    def edges(self) -> pd.DataFrame:
        """Each move, as on a counted map: `from_step, to_step, count` (of 100), `median_hours` (NaN), and `share`."""
        visits = self._begin @ self._reach
        rows = [
            (
                m.from_step,
                m.to_step,
                OF_PEOPLE * visits[self._place[m.from_step]] * self._share(m),
                np.nan,
                self._share(m),
            )
            for m in self.moves
        ]
        made = pd.DataFrame(rows, columns=["from_step", "to_step", "count", "median_hours", "share"])
        return made.round(ROUND_PLACES).sort_values("count", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def ends(self) -> pd.DataFrame:
        """How many of 100 begin and end at each step: `step, first, last`."""
        out = 1 - self._onward.sum(axis=1)
        last = (self._begin @ self._reach) * out
        made = pd.DataFrame({"step": self._names, "first": OF_PEOPLE * self._begin, "last": OF_PEOPLE * last})
        return made.round(ROUND_PLACES)

    def table(self) -> pd.DataFrame:
        """The steps as they may be shown, in the words of the template; blank where nothing was typed."""
        lines = typed_files.lines_of(self)["steps"]
        words = [{heading: "" if value is None else str(value) for heading, value in line.items()} for line in lines]
        return pd.DataFrame(words)

    def edge_table(self) -> pd.DataFrame:
        """The moves as they may be shown, with the columns of a counted map; counts are of 100 people."""
        made = self.edges[["from_step", "to_step", "count"]]
        return made.assign(count=[f"{count:.0f}" for count in made["count"]], median_hours="")

    @property
    def told_again(self) -> float:
        """How often a person tells the story again on the journey, on average."""
        return self._a_journey([step.told_again for step in self.parts])

    @property
    def hand_offs(self) -> float:
        """How often a person goes from one team to another, on average; steps without a team do not count."""
        teams = {step.name: step.team for step in self.parts}
        froms, tos = (self.edges[column].map(teams) for column in ("from_step", "to_step"))
        changed = (froms != tos) & (froms != "") & (tos != "")
        return float(self.edges.loc[changed, "count"].sum()) / OF_PEOPLE

    @property
    def information_handed_over(self) -> float:
        """How often information about a person is handed to somebody else, on average."""
        return self._a_journey([bool(step.information_to) for step in self.parts])

    @property
    def agreed_by_service_user(self) -> bool:
        """Whether a service user, or an unpaid carer, is among those who agreed the map."""
        return any(one.service_user for one in self.agreed)

    def sentence(self) -> str:
        """What the service user sees, and who agreed it, in plain words."""
        said = [
            f"On this map a person tells the story again {_times(self.told_again)}.",
            f"A person goes from one team to another {_times(self.hand_offs)}.",
            f"Information is handed over {_times(self.information_handed_over)}.",
        ]
        if not self.agreed:
            return " ".join([*said, "Nobody has agreed this map yet. Ask the team, and a service user."])
        days = [one.date for one in self.agreed if one.date is not None]
        when = f" by {max(days).day} {max(days):%B %Y}" if days else ""
        said.append(f"Those who agreed it{when}: {', '.join(one.role for one in self.agreed)}.")
        if not self.agreed_by_service_user:
            said.append("No service user has agreed this map. Ask one or more to look at it.")
        return " ".join(said)

    def _a_journey(self, which: Sequence[bool]) -> float:
        visits = self._begin @ self._reach
        return round(float(visits[np.asarray(which)].sum()), ROUND_PLACES)

    def _check_moves(self) -> None:
        seen, leaving = set(), dict[str, float]()
        for move in self.moves:
            for end in (move.from_step, move.to_step):
                checks.choice("step", end, self._names, where="in this map")
            pair = move.from_step, move.to_step
            checks.need(pair not in seen, f'The move from "{pair[0]}" to "{pair[1]}" came twice. Leave one out.')
            seen.add(pair)
            total = leaving[pair[0]] = leaving.get(pair[0], 0.0) + (move.share or 0.0)
            checks.need(
                total <= 1 + ROUNDING,
                f'Shares that leave "{pair[0]}" add up to {checks.shown(total)}; they may be 1 at most. Lower one.',
            )

    def _share(self, move: TypedMove) -> float:
        """The share of a move; without one, an equal part of what the others leave."""
        if move.share is not None:
            return move.share
        alike = [one for one in self.moves if one.from_step == move.from_step]
        rest = 1 - sum(one.share for one in alike if one.share is not None)
        return max(rest, 0.0) / sum(one.share is None for one in alike)

    @cached_property
    def _names(self) -> list[str]:
        return [step.name for step in self.parts]

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._names)}

    @cached_property
    def _onward(self) -> NDArray[np.float64]:
        """Shares from step to step; rows are where from."""
        made = np.zeros((len(self.parts), len(self.parts)))
        for move in self.moves:
            made[self._place[move.from_step], self._place[move.to_step]] = self._share(move)
        return made

    @cached_property
    def _begin(self) -> NDArray[np.float64]:
        """The share who begin at each step: equal parts at those that no other step leads to, else the first."""
        led_to = (self._onward - np.diag(np.diag(self._onward))).sum(axis=0) > 0
        first = ~led_to if not led_to.all() else np.arange(len(led_to)) == 0
        return np.asarray(first / first.sum(), dtype=float)

    @cached_property
    def _reach(self) -> NDArray[np.float64]:
        """Mean visits to each step by who begins at each step (rows): the fundamental matrix."""
        try:
            return np.asarray(np.linalg.inv(np.eye(len(self.parts)) - self._onward), dtype=float)
        except np.linalg.LinAlgError:
            return np.full(self._onward.shape, np.inf)


def _check_names(names: Sequence[str]) -> None:
    folded = [name.casefold() for name in names]
    twice = [name for name, fold in zip(names, folded, strict=True) if folded.count(fold) > 1]
    checks.need(not twice, f"Each step needs a name of its own; {checks.listed(twice[:2])} came.")


def _times(number: float) -> str:
    return "once" if number == 1 else f"{checks.shown(round(number, 1))} times"
