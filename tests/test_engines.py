"""Do the engines tell the same story, person by person and time by time?"""

import math
import os
import pickle
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from fired import fired
from hypothesis import HealthCheck, given, settings
from oracle import Deadlock, EndlessRound, oracle
from pathways import CIW_FEATURES, FOR_CIW, cases, made
from pathways import FEATURES as FEATURES_OF_PATHWAYS

from flowlib.core.checks import Refusal
from flowlib.core.eventlog import OUTCOMES
from flowlib.simulation import ciw_engine, draws, fast_engine
from flowlib.simulation.fast_engine import memory

HERE = Path(__file__).parent
EXACT = 1e-9  # hours
TIMES = ("arrived", "started", "finished", "left")
LONG = settings(
    max_examples=350, deadline=None, derandomize=True, database=None,
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


FEATURES = (
    "blocked", "gave_up", "turned_away", "diverted", "missed a slot", "slot", "rota", "leaving hours", "within",
    "priority", "loop", "unlimited", "change on a date", "already here", "tie", "still_here", "stopped",
)  # fmt: skip


def test_the_fast_engine_tells_what_the_oracle_tells():
    """
    The oracle is a second telling of the rules, in SimPy, written without the kernel at hand.

    Each feature really makes something happen in at least 15 of the pathways (a run that stops: in 1).
    """
    happened = Counter()

    @LONG
    @given(cases())
    def agree(case):
        truth = by_oracle(case)
        happened.update(fired(case, truth))
        assert same(fast(case), truth)

    agree()
    assert {name: happened[name] for name in FEATURES if happened[name] < (1 if name == "stopped" else 15)} == {}


def test_the_fast_engine_tells_what_ciw_tells():
    """On what ciw itself expresses: the same visits of the same people, to a billionth of an hour."""
    compared = Counter()

    @settings(LONG, max_examples=250)
    @given(cases(CIW_FEATURES, FOR_CIW))
    def agree(case):
        pathway = case.course[0].pathway
        try:
            ciw_engine.refuse_what_ciw_cannot(pathway)
        except Refusal:
            return
        try:
            truth = told(ciw_engine.run(pathway, case.people, case.luck, until=case.until), pathway.step_names)
        except Refusal as refusal:
            truth = stopped(str(refusal))
        compared.update(["in all", *fired(case, truth)])
        assert same(fast(case), truth)

    agree()
    assert compared["in all"] >= 150
    ciws = ("blocked", "gave_up", "turned_away", "priority", "loop", "unlimited", "still_here")
    assert {name: compared[name] for name in ciws if compared[name] < 10} == {}


def test_the_kernel_is_the_same_as_plain_python():
    """Without numba the same functions run as they are: in a browser, say. 40 pathways, compiled and not."""
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "import pickle\n"
        "from pathways import FEATURES, made\n"
        "from test_engines import fast\n"
        "from flowlib.simulation import loops\n"
        "assert not loops.COMPILED\n"
        "told = [fast(made(frozenset(FEATURES[i % 14 :]), 4, 48.0, i)) for i in range(40)]\n"
        "sys.stdout.buffer.write(pickle.dumps(told))\n"
    )
    plain = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, check=True)
    for i, visits in enumerate(pickle.loads(plain.stdout)):  # noqa: S301 - our own words
        assert same(fast(made(frozenset(FEATURES_OF_PATHWAYS[i % 14 :]), 4, 48.0, i)), visits)


def test_memory_is_kept_only_where_nobody_has_said_otherwise(monkeypatch):
    """Another system, another C library, or a word in the environment: then nothing is asked of it."""
    asked = memory.keep_what_is_freed.__wrapped__
    monkeypatch.setattr(memory, "ctypes", SimpleNamespace(CDLL=lambda _: SimpleNamespace(mallopt=lambda *_: 1)))
    for name in [name for name in os.environ if name.startswith("MALLOC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(memory.sys, "platform", "linux")
    assert asked()
    monkeypatch.setattr(memory, "ctypes", SimpleNamespace(CDLL=lambda _: SimpleNamespace()))
    assert not asked()
    monkeypatch.setattr(memory.sys, "platform", "win32")
    assert not asked()
    monkeypatch.setattr(memory.sys, "platform", "linux")
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "1000000")
    assert not asked()
