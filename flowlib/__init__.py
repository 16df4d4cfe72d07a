"""
See, understand and improve flow in health and social care.

Two nouns carry everything: a `Pathway` describes a care journey, and an `EventLog`
is the one table of what happened to whom, when. A log from a simulation and a log
from a hospital are the same table, so every tool works on both.

Nothing heavy is loaded until it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from flowlib.core.checks import Refusal
    from flowlib.core.eventlog import EventLog
    from flowlib.core.pathway import AlreadyHere, Arrivals, Pathway, Rota, Route, Slots, Step
    from flowlib.core.variation import (
        Constant,
        Empirical,
        Exponential,
        Gamma,
        LogNormal,
        Triangular,
        Uniform,
        Weibull,
        days,
        hours,
        minutes,
        weeks,
    )
    from flowlib.simulation.simulate import simulate

_HOMES = {
    "flowlib.core.checks": ["Refusal"],
    "flowlib.core.eventlog": ["EventLog"],
    "flowlib.core.pathway": ["AlreadyHere", "Arrivals", "Pathway", "Rota", "Route", "Slots", "Step"],
    "flowlib.core.variation": [
        "Constant",
        "Empirical",
        "Exponential",
        "Gamma",
        "LogNormal",
        "Triangular",
        "Uniform",
        "Weibull",
        "days",
        "hours",
        "minutes",
        "weeks",
    ],
    "flowlib.simulation.simulate": ["simulate"],
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AlreadyHere",
    "Arrivals",
    "Constant",
    "Empirical",
    "EventLog",
    "Exponential",
    "Gamma",
    "LogNormal",
    "Pathway",
    "Refusal",
    "Rota",
    "Route",
    "Slots",
    "Step",
    "Triangular",
    "Uniform",
    "Weibull",
    "__version__",
    "days",
    "hours",
    "minutes",
    "simulate",
    "weeks",
]


def __getattr__(name: str) -> object:
    """Fetch a public name from its room on first use."""
    if name not in _HOME_OF:
        raise AttributeError(f'flowlib has no "{name}"; it has {", ".join(sorted(_HOME_OF))}')
    return getattr(importlib.import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
