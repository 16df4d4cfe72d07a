"""
Which figures say how a place behaves, and how are they taken alike from a log and from a run?

By step: visits a day, mean wait, mean time, people there and people waiting; how much
these changed from the first half of the log to the second; who gave up, was turned
away, or was kept back after care; waits that the model's places cannot explain. Of
whole journeys: mean hours, share within 4 hours, and the share who went each of the
commonest ways. Times are of visits that began while the log was kept and have ended;
hours and people, shares from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.privacy import FEWEST
from flowlib.core.summaries import same_ways
from flowlib.mapping.check_places import BEYOND, FREE, against_places, places_by_hour
from flowlib.mapping.visit_rows import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.pathway import Pathway
    from flowlib.mapping.visit_rows import VisitRows

    Row = tuple[str, str, str, int, float]

__all__ = ["FOUR_HOURS", "Eyes", "figures", "stays", "waiting_until"]

LIMIT_HOURS = 4.0  # the standard for emergency departments in England
FOUR_HOURS = "share within 4 hours"
SENSIBLE = (0.02, 0.98)  # of journeys within 4 hours: beyond these the share says nothing
MOST_WAYS = 5
MUCH = 0.1  # of the time at a step: so much of it after care is told even where the model cannot make it
KEPT = 1 / 60  # hours: who stays longer after care is kept back
HALVES = "times the first half"
COLUMNS = ["measure", "where", "unit", "people", "value"]


@dataclass(frozen=True)
class Eyes:
    """What a log can see, so that a run is looked at in the same way."""

    steps: tuple[str, ...]
    times: tuple[str, ...]  # of the four, those that the log has
    before: bool  # whether people who came before the log began are in it
    queues: tuple[str, ...]  # the steps at which the model has a queue, and the log shows waits
    ways: tuple[tuple[str, ...], ...]  # the commonest in the log
    four_hours: bool  # whether the share within 4 hours says something
    through: tuple[str, ...]  # the steps with enough visits that have ended
    turns_away: tuple[str, ...]  # the steps at which the model writes down whom it turns away
    gives_up: tuple[str, ...]  # the steps at which people give up, in the log or in the model
    keeps: tuple[str, ...]  # the steps at which the log shows people kept back after care
    places: dict[str, tuple[int, ...]]  # of the steps with a queue, by hour of the week

    @classmethod
    def of(cls, rows: VisitRows, pathway: Pathway) -> Eyes:
        """The eyes of the log with these *rows*, for the steps of *pathway*."""
        names = [name for name in rows.names if name in pathway.step_names]
        times = tuple(t for t in ("arrived", "started", "finished", "left") if not np.isnan(getattr(rows, t)).all())
        limited = [name for name in names if pathway.step(name).capacity is not None]
        queues = tuple(limited) if {"arrived", "started"} <= set(times) else ()
        away = tuple(name for name in names if pathway.step(name).when_full == "turn_away")
        before = bool((rows.at < 0).any())
        plain = cls(tuple(names), times, before, queues, (), True, tuple(names), away, (), (), {})
        rows = plain.look(rows)
        lengths = _journeys(rows)
        within = float((lengths <= LIMIT_HOURS).mean()) if len(lengths) else 0.0
        _, over = stays(rows)

        def some(which: NDArray[np.bool_]) -> tuple[str, ...]:
            return tuple(name for name in names if (which & (rows.step == rows.names.index(name))).sum() >= FEWEST)

        patient = tuple(name for name in names if pathway.step(name).patience is not None)
        return replace(
            plain,
            ways=tuple(_ways(rows).nlargest(MOST_WAYS).index),
            four_hours=SENSIBLE[0] < within < SENSIBLE[1],
            through=some(over),
            gives_up=tuple(dict.fromkeys((*some(rows.gave_up), *patient))),
            places={name: room for name in queues if (room := places_by_hour(pathway.step(name))) is not None},
            keeps=tuple(name for name in some(rows.left - rows.finished > KEPT) if _tells(rows, name, pathway)),
        )

    def look(self, rows: VisitRows) -> VisitRows:
        """The rows as the log would show them."""
        told = np.isin(rows.step, [rows.names.index(name) for name in self.turns_away])
        came = rows.at
        kept = rows.keep((self.before | (came >= 0)) & (told | ~rows.turned_away))
        blank = np.full(len(kept), np.nan)
        hidden = {time: blank for time in ("arrived", "started", "finished", "left") if time not in self.times}
        return replace(kept, **hidden)  # type: ignore[arg-type]  # the fields are arrays


def figures(rows: VisitRows, eyes: Eyes) -> pd.DataFrame:
    """
    The figures of the visits in *rows*: `measure, where, unit, people` (whom it describes) and `value`.

    >>> from flowlib import Arrivals, Constant, Pathway, Step, simulate
    >>> from flowlib.mapping.visit_rows import visit_rows
    >>> desk = Pathway("Desk", [Step("desk", None, Constant(2))], [Arrivals("desk", per_hour=3)])
    >>> rows = visit_rows(simulate(desk, days=10, seed=1))
    >>> made = figures(rows, Eyes.of(rows, desk)).set_index("measure")["value"]
    >>> round(float(made["mean time"]), 6), bool(5 < made["people there"] < 7)
    (2.0, True)
    """
    seen = eyes.look(rows)
    made: list[Row] = []
    hours, over = stays(seen)
    for name in eyes.steps:
        here = seen.step == seen.names.index(name) if name in seen.names else np.zeros(len(seen), dtype=bool)
        made += _of_step(seen.keep(here), name, np.where(over[here], hours[here], np.nan), eyes)
    made += _of_journeys(seen, eyes)
    return pd.DataFrame(made, columns=COLUMNS)


def _of_step(rows: VisitRows, name: str, stay: NDArray[np.float64], eyes: Eyes) -> list[Row]:
    """The figures of one step; *stay* is NaN for whoever has not ended."""
    came = rows.at
    new, every = came >= 0, np.ones(len(rows), dtype=bool)
    found: list[Row] = [("visits a day", name, "visits", int(new.sum()), new.sum() / rows.until * DAY)]
    end = np.where(np.isnan(rows.left), np.where(rows.here, rows.until, rows.finished), rows.left)
    found.append(("people there", name, "people", len(rows), _at_once(rows, every, came, end)))
    late = came >= rows.until / 2
    counts = [int((new & ~late).sum()), int(late.sum())]
    found.append(("change in visits", name, HALVES, min(counts), _ratio(float(counts[1]), float(counts[0]))))
    there = [_at_once(rows, every, came, np.minimum(end, rows.until / 2))]
    there.append(_at_once(rows, every, np.maximum(came, rows.until / 2), end))
    found.append(("change in people there", name, HALVES, min(counts), _ratio(there[1], there[0])))
    if name in eyes.through:
        found += _means("mean time", name, stay, new & ~np.isnan(stay), late)
    if name in eyes.queues:
        waited = rows.started - rows.arrived
        known = new & ~np.isnan(waited)
        found += _means("mean wait", name, waited, known, late)
        at_once = _at_once(rows, every, rows.arrived, waiting_until(rows))
        found.append(("people waiting", name, "people", int(known.sum()), at_once))
        if name in eyes.places:
            free, beyond = against_places(rows, eyes.places[name], waiting_until(rows))
            found.append((FREE, name, "of the time that people wait", int(known.sum()), free))
            found.append((BEYOND, name, "of the time", int(known.sum()), beyond))
    return [*found, *_of_some(rows, name, new, eyes)]


def _means(
    measure: str, name: str, hours: NDArray[np.float64], of: NDArray[np.bool_], late: NDArray[np.bool_]
) -> list[Row]:
    """A mean, and how it changed from the first half of the log to the second."""
    halves = [of & ~late, of & late]
    means = [_mean(hours[half]) for half in halves]
    fewest = min(int(half.sum()) for half in halves)
    return [
        (measure, name, "hours", int(of.sum()), _mean(hours[of])),
        (f"change in {measure}", name, HALVES, fewest, _ratio(means[1], means[0])),
    ]


def _of_some(rows: VisitRows, name: str, new: NDArray[np.bool_], eyes: Eyes) -> list[Row]:
    """Who gave up, was turned away, or was kept back."""
    found: list[Row] = []
    if name in eyes.gives_up:
        away = int((new & rows.gave_up).sum())
        found.append(("share who give up", name, "of visits", away, away / max(int(new.sum()), 1)))
    if name in eyes.turns_away:
        away = int((new & rows.turned_away).sum())
        found.append(("share turned away", name, "of visits", away, away / max(int(new.sum()), 1)))
    if name in eyes.keeps:
        kept = (rows.left - rows.finished)[new]
        kept = kept[~np.isnan(kept)]
        found.append(
            ("kept back after care", name, "hours", int((kept > KEPT).sum()), float(kept.mean()) if len(kept) else 0.0)
        )
    return found


def _of_journeys(rows: VisitRows, eyes: Eyes) -> list[Row]:
    lengths = _journeys(rows)
    over = lengths[np.isfinite(lengths)]
    found: list[Row] = [("journey, mean of those that ended", "", "hours", len(over), _mean(over))]
    if eyes.four_hours:
        found.append((FOUR_HOURS, "", "", len(lengths), _mean((lengths <= LIMIT_HOURS).astype(float))))
    ways = _ways(rows)
    for way in eyes.ways:
        share = float(ways.get(way, 0)) / max(float(ways.sum()), 1)
        found.append((f"way {' → '.join(way)}", "", "share of people", int(ways.get(way, 0)), share))
    return found


def _tells(rows: VisitRows, name: str, pathway: Pathway) -> bool:
    """Whether being kept back is much of the time at this step, or the model has a reason for it."""
    step, here = pathway.step(name), rows.step == rows.names.index(name)
    onward = [route.to_step for route in pathway.routes if route.from_step in (name, *_inside(pathway, name))]
    reason = step.leaves_between is not None or any(pathway.step(to).queue_limit is not None for to in onward)
    kept, (stay, _) = rows.left - rows.finished, stays(rows)
    known = here & ~np.isnan(kept) & ~np.isnan(stay)
    return reason or bool(kept[known].sum() > MUCH * stay[known].sum())


def _inside(pathway: Pathway, name: str) -> tuple[str, ...]:
    """The steps that are done while a place at this one is kept."""
    return tuple(step.name for step in pathway.steps if step.within == name)


def _first(rows: VisitRows) -> NDArray[np.int64]:
    return np.flatnonzero(np.diff(rows.who, prepend=-1))


def waiting_until(rows: VisitRows) -> NDArray[np.float64]:
    """Until when each person waited: until care began, they gave up, or the log ended."""
    return np.where(np.isnan(rows.started), np.where(rows.here, rows.until, rows.left), rows.started)


def stays(rows: VisitRows) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Hours from joining to giving up the place, and for whom both are known."""
    begin = np.where(np.isnan(rows.arrived), rows.started, rows.arrived)
    end = np.where(np.isnan(rows.left) & ~rows.here, rows.finished, rows.left)
    hours = end - begin
    return hours, ~np.isnan(hours) & ~rows.turned_away


def _journeys(rows: VisitRows) -> NDArray[np.float64]:
    """Hours of each journey that began in the log, with 4 hours to go; infinity for those still on the way."""
    if not len(rows):
        return np.empty(0)
    first = _first(rows)
    end = np.fmax(np.fmax(rows.left, rows.finished), rows.at)
    end, came = np.maximum.reduceat(np.where(rows.here, np.inf, end), first), rows.at
    came = came[first]
    return np.asarray((end - came)[(came >= 0) & (came <= rows.until - LIMIT_HOURS)])


def _ways(rows: VisitRows) -> pd.Series:
    """How many went each way, of those whose whole journey is in the log."""
    if not len(rows):
        return pd.Series(dtype=float)
    first = _first(rows)
    size = np.diff(first, append=len(rows))
    came = rows.at
    whole = (came[first] >= 0) & ~np.logical_or.reduceat(rows.here, first)
    way = same_ways(rows.step, first, size)
    count = np.bincount(way[whole], minlength=int(way.max()) + 1)
    _, someone = np.unique(way, return_index=True)
    names = [tuple(rows.names[code] for code in rows.step[first[i] : first[i] + size[i]]) for i in someone]
    return pd.Series(count, index=pd.Index(names, tupleize_cols=False))[count > 0]


def _at_once(rows: VisitRows, here: NDArray[np.bool_], since: NDArray[np.float64], until: NDArray[np.float64]) -> float:
    """People at once, mean over the time of the log; a moment that is not known counts as none at all."""
    spans = np.clip(until[here], 0, rows.until) - np.clip(since[here], 0, rows.until)
    return float(np.nansum(np.maximum(spans, 0)) / rows.until)


def _ratio(second: float, first: float) -> float:
    """Not known where there was nothing in the first half."""
    return second / first if first > 0 else float("nan")


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")
