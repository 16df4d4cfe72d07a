"""
Who does the work? One process, several on this machine, or a Dask cluster.

Each piece of work is named by what it is (a scenario, a run), and its luck by the same,
so it matters neither who does it nor when. Where a worker of a cluster is lost, its
pieces are done again elsewhere, with the same result. Pieces are handed back in order:
what an interrupt keeps are the first so many, and not those that were quick.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

__all__ = ["done"]

NO_BARS = "FLOWLIB_NO_BARS"  # set where what is printed goes on paper

ANSWERS_IN, WORKERS_COME_IN = 5, 10  # seconds that a scheduler, and a first worker, are given
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
            with _cluster(cluster) as client:
                _gather(found, _sent(one, work, client), len(work))
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


def _sent(one: Callable[[Piece], Made], work: Sequence[Piece], client: Any) -> Iterator[Made]:  # noqa: ANN401 - Dask's
    """As `_shared`, by a cluster; joblib's way there would wait without end for a piece that no worker survives."""
    promised = client.map(one, work, pure=False)
    try:
        for place, promise in enumerate(promised):
            yield promise.result()
            promised[place] = None  # so that the cluster forgets it
    finally:
        client.cancel([promise for promise in promised if promise is not None])


@contextmanager
def _cluster(address: str) -> Generator[Any]:
    """A client of the Dask cluster at *address*."""
    try:
        distributed = import_module("distributed")  # an optional extra, and heavy
    except ImportError:
        raise checks.Refusal(
            "A cluster needs Dask, which is not installed. Install flowlib[dask], or leave cluster= out."
        ) from None
    _need_answer(address)
    try:
        client = distributed.Client(address, timeout=ANSWERS_IN, set_as_default=False)
    except OSError:
        raise checks.Refusal(NO_ANSWER.format(checks.brief(address))) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_COME_IN)
        except TimeoutError:
            raise checks.Refusal(
                f"The Dask cluster at {checks.brief(address)} has no workers. Start some, or leave cluster= out."
            ) from None
        try:
            yield client
        except distributed.KilledWorker:
            raise checks.Refusal(
                "Workers of the cluster stopped again and again at the same run. They may have too little memory: "
                "look at what they wrote last."
            ) from None


def _need_answer(address: object) -> None:
    """Refuse an address at which no Dask scheduler listens; `distributed.Client` would wait for it without end."""
    comm = import_module("distributed.comm")
    security = import_module("distributed.security").Security()  # as the client takes it, from Dask's settings

    async def shake_hands() -> None:
        asked = comm.connect(str(address), timeout=ANSWERS_IN, **security.get_connection_args("client"))
        await (await asyncio.wait_for(asked, ANSWERS_IN)).close()

    with ThreadPoolExecutor(1) as apart:  # a notebook has an event loop of its own
        try:
            apart.submit(asyncio.run, shake_hands()).result()
        except (OSError, ValueError, MemoryError):  # a greeting that is not Dask's can look like one of any length
            raise checks.Refusal(NO_ANSWER.format(checks.brief(address))) from None
