"""Oracles for queues: long-run chances by linear algebra, and the cases that others printed."""

import json
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

CASES = json.loads((Path(__file__).parent / "published" / "queueing.json").read_text(encoding="utf-8"))


def published(name):
    """One printed case."""
    return next(case for case in CASES if case["id"] == name)


def settled(up, down):
    """Oracle: long-run chances of a birth-death chain, from its rate matrix, by linear algebra."""
    size = len(up) + 1
    rates_ = np.zeros((size, size))
    rates_[np.arange(size - 1), np.arange(1, size)] = up
    rates_[np.arange(1, size), np.arange(size - 1)] = down
    rates_ -= np.diag(rates_.sum(axis=1))
    return np.linalg.lstsq(np.vstack([rates_.T, np.ones(size)]), np.append(np.zeros(size), 1), rcond=None)[0]


def settled_states(start, moves):
    """Oracle: the long-run chance of each state reached from *start*, by sparse linear algebra."""
    place, waiting, found = {start: 0}, [start], []
    for state in waiting:
        for target, rate in moves(state):
            if target not in place:
                place[target] = len(waiting)
                waiting.append(target)
            found.append((place[state], place[target], rate))
    here, there, rate = map(np.array, zip(*found, strict=True))
    flow = sparse.coo_matrix((rate, (there, here)), shape=(len(place), len(place))).tolil()
    flow.setdiag(flow.diagonal() - np.bincount(here, rate, len(place)))
    flow[0, :] = 1
    right = np.zeros(len(place))
    right[0] = 1
    return dict(zip(waiting, spsolve(flow.tocsc(), right), strict=True))
