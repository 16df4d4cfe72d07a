"""Do the engines tell the same story, person by person and time by time?"""

import math
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from oracle import Deadlock, EndlessRound, oracle
from pathways import CIW_FEATURES, cases

from flowlib.core.checks import Refusal
from flowlib.core.eventlog import OUTCOMES
from flowlib.simulation import ciw_engine, draws, fast_engine

EXACT = 1e-9  # hours
TIMES = ("arrived", "started", "finished", "left")
LONG = settings(
    max_examples=600, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip


def told(columns, names):
    """The visits of an engine's columns, in an order that does not depend on the engine."""
    names = (*names, "")
    codes = zip(columns["person"], columns["step"], columns["outcome"], columns["next_step"], strict=True)
    times = zip(*(columns[name] for name in TIMES), strict=True)
    return in_order(
        (int(p), names[s], *map(float, t), OUTCOMES[o], names[n]) for (p, s, o, n), t in zip(codes, times, strict=True)
    )


def in_order(visits):
    return sorted(visits, key=lambda v: tuple(math.inf if value != value else value for value in v))  # noqa: PLR0124 - NaN


def fast(case):
    try:
        made = fast_engine.run(case.course, case.people, case.luck, until=case.until)
    except Refusal as refusal:
        return stopped(str(refusal))
    return told(made, draws.step_names(case.course))


def stopped(sentence):
    """What a refusal says: which steps lock each other, or that somebody goes round without end."""
    head = sentence.split(" lock each other")[0] if " lock each other" in sentence else ""
    return frozenset(re.findall(r'"([^"]+)"', head)) if head else "endless"


def by_oracle(case):
    try:
        visits = oracle(case.course, case.people, case.luck, until=case.until)
    except Deadlock as lock:
        return frozenset(lock.steps)
    except EndlessRound:
        return "endless"
    return in_order(tuple(visit) for visit in visits)


def same(one, other):
    """Whether two tellings agree: the same rows, with times to a billionth of an hour."""
    if isinstance(one, list) != isinstance(other, list) or not isinstance(one, list):
        return one == other
    if len(one) != len(other):
        return False
    words = all((a[0], a[1], *a[6:]) == (b[0], b[1], *b[6:]) for a, b in zip(one, other, strict=True))
    times = [np.asarray([row[2:6] for row in rows], dtype=float).reshape(-1, 4) for rows in (one, other)]
    return words and bool(np.allclose(*times, rtol=0, atol=EXACT, equal_nan=True))


FIRED = Counter()


@LONG
@given(cases())
def test_the_fast_engine_tells_what_the_oracle_tells(case):
    """The oracle is a second telling of the rules, in SimPy, written without the kernel at hand."""
    assert same(fast(case), by_oracle(case))


@settings(LONG, max_examples=250)
@given(cases(CIW_FEATURES))
def test_the_fast_engine_tells_what_ciw_tells(case):
    """On what ciw itself expresses."""
    pathway = case.course[0].pathway
    try:
        ciw_engine.refuse_what_ciw_cannot(pathway)
    except Refusal:
        return
    try:
        expected = told(ciw_engine.run(pathway, case.people, case.luck, until=case.until), pathway.step_names)
    except Refusal as refusal:
        expected = stopped(str(refusal))
    assert same(fast(case), expected)
