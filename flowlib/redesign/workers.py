"""
Who does the work? One process, several on this machine, or a Dask cluster.

Each piece of work is named by what it is (a scenario, a run), and its luck by the same,
so it matters neither who does it nor when. Where a worker of a cluster is lost, its
pieces are done again elsewhere, with the same result. Pieces are handed back in order:
what an interrupt keeps are the first so many, and not those that were quick.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

__all__ = ["done"]

NO_BARS = "FLOWLIB_NO_BARS"  # set where what is printed goes on paper

PATIENCE = 10  # seconds for a scheduler to answer, and for a first worker to come
NO_ANSWER = 'No Dask scheduler answers at {}. Check the address, such as "tcp://10.0.0.5:8786", or leave cluster= out.'

Piece = TypeVar("Piece")
Made = TypeVar("Made")


def done(
    one: Callable[[Piece], Made], work: Sequence[Piece], *, jobs: int = 1, cluster: str | None = None
) -> list[Made]:
    """
    What *one* makes of each piece of *work*, in order; an interrupt keeps those that are done.

    *jobs* is how many processes share it; with a *cluster* (the address of a Dask
    scheduler) its workers do, and *jobs* is not looked at. A progress bar shows on work
    that takes longer than a second. Interrupted before the first piece is done, it
    raises `KeyboardInterrupt`.
    """
    found: list[Made] = []
    try:
        if cluster is not None:
            with _cluster(cluster):
                _gather(found, _shared(one, work, -1), len(work))
        elif jobs == 1:
            _gather(found, (one(piece) for piece in work), len(work))
        else:
            _gather(found, _shared(one, work, jobs), len(work))
    except KeyboardInterrupt:
        if not found:
            raise
    return found


def _gather(found: list[Made], results: Iterable[Made], pieces: int) -> None:
    from tqdm.auto import tqdm  # noqa: PLC0415 - only when something is run

    with tqdm(
        results, total=pieces, desc="Simulating", unit="run", leave=False, delay=1, disable=NO_BARS in os.environ
    ) as bar:
        for result in bar:
            found.append(result)  # noqa: PERF402 - one by one, so that an interrupt finds those that are done


def _shared(one: Callable[[Piece], Made], work: Sequence[Piece], jobs: int) -> Iterable[Made]:
    from joblib import Parallel, delayed  # noqa: PLC0415

    results: Iterable[Made] = Parallel(n_jobs=jobs, return_as="generator")(delayed(one)(piece) for piece in work)
    return results


@contextmanager
def _cluster(address: str) -> Generator[None]:
    """Work of joblib goes to the cluster at *address* meanwhile."""
    try:
        distributed = import_module("distributed")  # an optional extra, and heavy
    except ImportError:
        raise checks.Refusal(
            "A cluster needs Dask, which is not installed. Install flowlib[dask], or leave cluster= out."
        ) from None
    import joblib  # noqa: PLC0415

    _need_answer(address)
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except OSError:
        raise checks.Refusal(NO_ANSWER.format(checks.brief(address))) from None
    with client:
        checks.need(
            client.scheduler_info()["workers"],
            f"The Dask cluster at {checks.brief(address)} has no workers. Start some, or leave cluster= out.",
        )
        with joblib.parallel_config("dask", client=client, wait_for_workers_timeout=PATIENCE):
            yield


def _need_answer(address: object) -> None:
    """Refuse an address at which nothing listens, before Dask waits for it."""
    try:
        place = urlsplit(str(address))
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE):
            return
    except (OSError, ValueError):
        raise checks.Refusal(NO_ANSWER.format(checks.brief(address))) from None
