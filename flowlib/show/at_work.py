"""
How does a long sum run, so that the page still answers meanwhile?

A sum that takes its time is written as a generator: each `Estimate` that it yields is
shown, then the next piece of work begins in a thread of its own. A newer sum puts an
older one away after its present piece. Outside a notebook, where nothing runs later,
a sum is worked to its end at once.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["AtWork", "Estimate"]


@dataclass(frozen=True)
class Estimate:
    """What a long sum has found so far."""

    result: Any  # None where there is nothing to show yet
    share: float  # of the way, from 0 to 1; at 1 it is no estimate any more


_threads: list[ThreadPoolExecutor] = []


def _thread() -> ThreadPoolExecutor:
    """The one thread beside the page's own: pieces of work wait for each other, the page does not."""
    if not _threads:
        _threads.append(ThreadPoolExecutor(max_workers=1, thread_name_prefix="flowlib-at-work"))
    return _threads[0]


class AtWork:
    """One sum at a time. *shown* gets each estimate, *failed* what went wrong, *idle* is called when all is done."""

    def __init__(
        self,
        shown: Callable[[Estimate], object],
        *,
        failed: Callable[[Exception], object],
        idle: Callable[[], object],
    ) -> None:
        """Do nothing yet."""
        self._shown, self._failed, self._idle = shown, failed, idle
        self._turn = 0  # which sum this is; what comes of an earlier one is let go
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Generator[Estimate, None, None]) -> None:
        """Start *work*, and put away what was at work before."""
        self._turn += 1
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._at_once(work)
            return
        task = loop.create_task(self._in_pieces(loop, work, self._turn))
        self._tasks.add(task)  # the loop itself keeps no hold of it
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Put away what is at work; what was shown stays."""
        self._turn += 1
        self._idle()

    def _at_once(self, work: Generator[Estimate, None, None]) -> None:
        try:
            for estimate in work:
                self._shown(estimate)
        except Exception as error:  # noqa: BLE001 - it is said on the page, whatever it is
            self._failed(error)
        self._idle()

    async def _in_pieces(
        self, loop: asyncio.AbstractEventLoop, work: Generator[Estimate, None, None], turn: int
    ) -> None:
        try:
            while turn == self._turn:
                estimate = await loop.run_in_executor(_thread(), next, work, None)
                if turn != self._turn or estimate is None:
                    break
                self._shown(estimate)
                if estimate.share >= 1:
                    break
        except Exception as error:  # noqa: BLE001 - it is said on the page, whatever it is
            if turn == self._turn:
                self._failed(error)
        work.close()
        if turn == self._turn:
            self._idle()
