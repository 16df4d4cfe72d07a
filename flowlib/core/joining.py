"""
How is a journey followed from one organisation to the next?

Logs that were read in this session are joined by the ids that their extracts had, which
nobody sees: each log's people have random keys, and a ring beside it that this session
alone can read (`privacy.keys`). In the joined log each person has one new random key.
Where no id is in both extracts, the logs stay apart, and a sentence says so.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks, privacy
from flowlib.core.eventlog import TIMES, EventLog, first_known
from flowlib.core.quality import Note, Quality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["joined"]


def joined(logs: Sequence[EventLog]) -> EventLog:
    """
    One log of several, in which the same person has one key; rows in order of time.

    The window runs from the first moment that any log covers to the last. People who
    were still there when a log ended before that count as not recorded. The steps keep
    their names, so the same name means the same step. `next_step` is where the person
    went next in time, in any of the logs.

    Raises a `Refusal` where the logs were not read in this session, are on different
    clocks, have nobody in common or hold the same visit, and where some are synthetic.

    >>> table = pd.DataFrame({"id": ["a", "b"], "place": ["desk", "desk"], "when": ["05/01/2026", "13/01/2026"]})
    >>> named = {"person": "id", "step": "place", "finished": "when"}
    >>> ed = EventLog.from_frame(table, name="ED", **named)
    >>> ward = EventLog.from_frame(table.assign(place="ward", when="14/01/2026"), name="ward", **named)
    >>> joined([ed, ward]).journeys()["variant"].tolist()
    [('desk', 'ward'), ('desk', 'ward')]
    """
    logs = list(logs)
    names = _names(logs)
    _need_alike(logs, names)
    people = _same_people(logs, names)
    _need_in_common(people, names)
    synthetic = logs[0].synthetic
    every = np.concatenate(people)
    keys = _ids(logs) if synthetic else pd.array(privacy.shuffled(int(every.max()) + 1), dtype="str").take(every)
    first, last = min(log.observed[0] for log in logs), max(log.observed[1] for log in logs)
    notes: list[Note] = []
    frames = [_ended(log, name, last, notes) for log, name in zip(logs, names, strict=True)]
    frame = pd.concat(frames, ignore_index=True).assign(person=pd.Series(keys, dtype="str"))
    which = np.repeat(np.arange(len(logs)), [len(log) for log in logs])
    _need_no_visit_twice(frame, which, names)
    order = np.argsort(first_known(frame).to_numpy(), kind="stable")
    frame, every = frame.iloc[order].reset_index(drop=True), every[order]
    frame["next_step"] = _onward(frame, every)
    notes += _about(logs, names, people, synthetic=synthetic)
    made = EventLog(
        frame, observed=(first, last), name=" and ".join(names), synthetic=synthetic, quality=_quality(logs, notes)
    )
    if not synthetic:
        privacy.hang(made, _ring(logs, people, keys))
    return made


def _names(logs: Sequence[EventLog]) -> list[str]:
    checks.need(len(logs) > 1, "Give at least two logs to join, such as EventLog.join([ed, ward]).")
    for log in logs:
        checks.need(isinstance(log, EventLog), f"Only logs can be joined; {type(log).__name__} came.")
    return [log.name or f"log {number}" for number, log in enumerate(logs, start=1)]


def _need_alike(logs: Sequence[EventLog], names: Sequence[str]) -> None:
    """Refuse logs whose rows cannot stand in one table."""
    clocks = [str(log.observed[0].tz) for log in logs]
    told = ", ".join(f'"{name}" on {clock}' for name, clock in zip(names, clocks, strict=True))
    checks.need(len(set(clocks)) == 1, f"The logs are on different clocks: {told}. Read each with the same timezone.")
    checks.need(
        len({log.synthetic for log in logs}) == 1,
        "Some of the logs are synthetic and some are of real people. Join logs of one sort.",
    )
    checks.need(
        not any("run" in log.frame for log in logs),
        "A log with several runs cannot be joined. Take one: log.only(run=0).",
    )
    checks.need(len({id(log) for log in logs}) == len(logs), "The same log came twice. Give each log once.")
    for log, name in zip(logs, names, strict=True):
        checks.need(
            log.synthetic or privacy.ring_of(log) is not None,
            f'The people of "{name}" cannot be linked any more. '
            "Join logs just as they were read, before only(...) or until(...), and in the notebook that read them.",
        )


def _ids(logs: Sequence[EventLog]) -> Any:  # noqa: ANN401 - pandas has no types
    return pd.concat([log.frame["person"] for log in logs], ignore_index=True).array


def _same_people(logs: Sequence[EventLog], names: Sequence[str]) -> list[NDArray[np.int64]]:
    """A number for the person of each row, the same in every log."""
    marks = [_marks(log, name) for log, name in zip(logs, names, strict=True)]
    codes = pd.factorize(np.concatenate(marks))[0]
    return np.split(codes, np.cumsum([len(part) for part in marks])[:-1])


def _marks(log: EventLog, name: str) -> NDArray[Any]:
    """What tells a person from any other: a synthetic id, or the keyed hash of a real one."""
    ring = privacy.ring_of(log)
    if log.synthetic or ring is None:
        return np.asarray(log.frame["person"], dtype=object)
    place = pd.Index(ring.keys).get_indexer(log.frame["person"].to_numpy(dtype=object))
    checks.need((place >= 0).all(), f'The people of "{name}" were changed after it was read. Read it again.')
    return np.asarray(ring.hashes[place])


def _need_in_common(people: Sequence[NDArray[np.int64]], names: Sequence[str]) -> None:
    """Refuse a log none of whose people is in any of the others."""
    for number, (mine, name) in enumerate(zip(people, names, strict=True)):
        others = np.concatenate([part for place, part in enumerate(people) if place != number])
        if np.isin(mine, others).any():
            continue
        same = "Check that the person columns hold the same kind of id, written the same way."
        if len(people) == 2:  # noqa: PLR2004 - a pair
            raise checks.Refusal(f'No person is in both "{names[0]}" and "{names[1]}"; the logs stay apart. {same}')
        raise checks.Refusal(f'No person of "{name}" is in another log; it stays apart. {same}')


def _ended(log: EventLog, name: str, last: pd.Timestamp, notes: list[Note]) -> pd.DataFrame:
    """The rows of a log; whoever was still there at an end that is not the last is not recorded from then on."""
    frame = log.frame.copy()
    here = frame["outcome"] == "still_here"
    if log.observed[1] < last and here.any():
        frame["outcome"] = frame["outcome"].mask(here, "not_recorded")
        day = f"{log.observed[1].day} {log.observed[1]:%B %Y}"
        notes.append(Note("to know", f'Whoever was still there when "{name}" ended on {day} counts as not recorded.'))
    return frame


def _need_no_visit_twice(frame: pd.DataFrame, which: NDArray[np.int64], names: Sequence[str]) -> None:
    """Refuse logs that hold the same visit, which would count it twice."""
    visit = frame[["person", "step", *TIMES]]
    alike = np.flatnonzero(visit.duplicated(keep=False).to_numpy())
    if not alike.size:
        return
    codes = visit.iloc[alike].groupby(list(visit.columns), dropna=False, sort=False).ngroup().to_numpy()
    logs_of = pd.DataFrame({"visit": codes, "log": which[alike]}).drop_duplicates()
    shared = logs_of[logs_of["visit"].duplicated(keep=False)]
    if len(shared):
        quoted = checks.listed(names[place] for place in sorted(set(shared["log"])))
        raise checks.Refusal(
            f"The same visits stand in {quoted}: person, step and times are alike. "
            "Leave them out of all but one extract, so that none counts twice."
        )


def _onward(frame: pd.DataFrame, every: NDArray[np.int64]) -> pd.Series:
    """Where each visit led: the person's next in time."""
    order = np.argsort(every, kind="stable")
    same = every[order[:-1]] == every[order[1:]]
    steps = frame["step"].to_numpy(dtype=object)
    onward = np.full(len(frame), "", dtype=object)
    onward[order[:-1][same]] = steps[order[1:][same]]
    return pd.Series(onward, dtype="str")


def _about(
    logs: Sequence[EventLog], names: Sequence[str], people: Sequence[NDArray[np.int64]], *, synthetic: bool
) -> list[Note]:
    """How many people are linked, and whether the logs cover one time."""
    logs_each = np.bincount(np.concatenate([np.unique(part) for part in people]))
    both = privacy.rounded(int((logs_each > 1).sum()), synthetic=synthetic)
    shown = f"Fewer than {privacy.FEWEST}" if both == privacy.HIDDEN else both
    notes = [Note("to know", f"{shown} people are in more than one of the logs; each has one key in the joined log.")]
    spans = sorted((log.observed, name) for log, name in zip(logs, names, strict=True))
    for (before, one), (after, two) in pairwise(spans):
        if after[0] > before[1]:
            days = [f"{moment.day} {moment:%B %Y}" for moment in (before[1], after[0])]
            notes.append(Note("to know", f'No log covers {days[0]} to {days[1]}, between "{one}" and "{two}".'))
    return notes


def _quality(logs: Sequence[EventLog], notes: Sequence[Note]) -> Quality:
    """The reports together: each note says from which extract it comes."""
    reports = [log.quality for log in logs if log.quality is not None]
    if not reports:
        return Quality("logs without a report", sum(map(len, logs)), sum(map(len, logs)), {}, tuple(notes))
    roles = [role for role in reports[0].columns if all(role in report.columns for report in reports)]
    columns = {role: ", ".join(dict.fromkeys(str(one.columns[role]) for one in reports)) for role in roles}
    kept = [
        Note(note.kind, f"{report.source}: {note.sentence}", note.rows, f"{report.source}: {note.what}")
        for report in reports
        for note in report.notes
    ]
    source = " and ".join(dict.fromkeys(report.source for report in reports))
    counted = sum(report.rows_in for report in reports), sum(report.rows_used for report in reports)
    blank = sum(report.rows_blank for report in reports)
    visits = sum(map(len, logs)) if any(report.visits is not None for report in reports) else None
    return Quality(source, *counted, columns, (*kept, *notes), rows_blank=blank, visits=visits)


def _ring(
    logs: Sequence[EventLog],
    people: Sequence[NDArray[np.int64]],
    keys: Any,  # noqa: ANN401 - pandas has no types
) -> privacy.Ring:
    """The ring of the joined log, so that it can be joined again."""
    every = np.concatenate(people)
    marks = np.concatenate([_marks(log, "") for log in logs])
    _, first = np.unique(every, return_index=True)
    return privacy.Ring(keys.to_numpy(dtype=object)[first], marks[first])
