"""
What in a record of tests is worth a second look?

Plain sentences that advise and never block. First what the record cannot vouch for:
a prediction that may not have come before its result. Then what is left open, and what
the tests together say. The numbers of days and tests below are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.change.pdsa import ramps
from flowlib.change.pdsa.file import CHANGED, GOT, PREDICTED
from flowlib.core import checks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from flowlib.change.pdsa.cycle import Cycle
    from flowlib.change.pdsa.file import Entry

__all__ = ["of"]

LONG = 28  # days after which a small test without a result is asked after
ENOUGH = 6  # results after which predictions that are all near, or all far, are worth a sentence
MANY = 8  # decisions after which none to abandon is worth one

Log = tuple["Entry", ...]


def of(cycles: tuple[Cycle, ...], log: Log, today: dt.date) -> tuple[str, ...]:
    """
    What to look at, a sentence each; *today* decides what is late.

    >>> import datetime as dt
    >>> of((), (), dt.date(2026, 11, 22))
    ('There is no test yet. Plan a small one, and write down what you predict.',)
    """
    if not cycles:
        return ("There is no test yet. Plan a small one, and write down what you predict.",)
    return (*_doubts(cycles, log), *_open(cycles, today), *_early(cycles), *_together(cycles))


def _doubts(cycles: tuple[Cycle, ...], log: Log) -> Iterator[str]:
    """Where the prediction may not have come before the result."""
    by_hand = {(entry.test, entry.what.split()[0]) for entry in log if entry.what.endswith(CHANGED)}
    for one in cycles:
        said = [entry.value for entry in log if entry.test == one.number and entry.what == PREDICTED]
        if said and said[0] != one.prediction:
            now = checks.shown(one.prediction)
            yield f"Test {one.number}: we first predicted {checks.shown(said[0])}; the file was changed to {now}."
        elif (one.number, "prediction") in by_hand:
            yield f"Test {one.number}: its prediction was changed by hand."
        elif one.mark != one.plan_mark:
            yield f"Test {one.number}: its plan was changed by hand after it was made."
        if (one.number, "result") in by_hand:
            yield f"Test {one.number}: its result was changed by hand."
    yield from _dates(cycles, log)


def _dates(cycles: tuple[Cycle, ...], log: Log) -> Iterator[str]:
    unknown = [one.number for one in cycles if not one.planned_on]
    if unknown:
        yield f"{_tests(unknown)}: the day of the prediction is not known."
    unknown = [one.number for one in cycles if one.result is not None and not one.studied_on]
    if unknown:
        yield f"{_tests(unknown)}: the day of the result is not known."
    late = [one.number for one in cycles if one.planned_on > one.starts]
    if late:
        yield f"{_tests(late)}: the prediction came after the first day. Write it down before you start."
    early = [one.number for one in cycles if one.studied_on and one.studied_on < one.starts]
    if early:
        yield f"{_tests(early)}: the result came before the first day. Correct that day, or test again."
    at = {(entry.test, entry.what): entry.at for entry in log}
    together = [one.number for one in cycles if at.get((one.number, PREDICTED), 0) == at.get((one.number, GOT), 1)]
    if together:
        yield f"{_tests(together)}: prediction and result were saved together. Save the prediction before you start."


def _open(cycles: tuple[Cycle, ...], today: dt.date) -> Iterator[str]:
    """Tests that were begun and not studied."""
    for one in cycles:
        days = (today - one.begins).days
        if one.result is None and days > LONG:
            yield f"Test {one.number} began {days:,} days ago and has no result. Write down what happened."


def _early(cycles: tuple[Cycle, ...]) -> Iterator[str]:
    """Adopted after one test, or to be adapted and left at that."""
    last = cycles[-1].number
    for ramp in ramps.of(cycles):
        first, end = ramp.cycles[0], ramp.cycles[-1]
        if first.decision == "adopt" and len(ramp.cycles) == 1:
            yield f"Test {first.number} was adopted after one test. Test it once more, at a larger scale."
        again = any(later.number > end.number and later.measure == end.measure for later in cycles)
        if end.decision == "adapt" and end.number < last and not again:
            yield f"Test {end.number} was to be adapted, and no test follows it. Plan the next one."


def _together(cycles: tuple[Cycle, ...]) -> Iterator[str]:
    """What all tests say that have a result."""
    done = [one for one in cycles if one.result is not None]
    near = sum(bool(one.close) for one in done)
    if len(done) >= ENOUGH and near == len(done):
        yield f"All {near} predictions were close. Test something that you are less sure of."
    if len(done) >= ENOUGH and not near:
        yield f"None of {len(done)} predictions was close. Test on a smaller scale, and ask why."
    if len(done) >= MANY and all(one.decision != "abandon" for one in done):
        yield f"None of {len(done)} tests was abandoned. Try ideas that may fail, too."


def _tests(numbers: Iterable[int]) -> str:
    """
    Tests by number, as they begin a sentence.

    >>> _tests([1]), _tests([1, 2, 5])
    ('Test 1', 'Tests 1, 2 and 5')
    """
    told = [str(number) for number in numbers]
    return f"Test {told[0]}" if len(told) == 1 else f"Tests {', '.join(told[:-1])} and {told[-1]}"
