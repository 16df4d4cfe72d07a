"""
What becomes of the memory that a run has used? It stays at hand for the next one.

A run writes some 200 bytes a visit. On Linux, memory of that size goes back to the system
after each run, and to get it anew takes a quarter of the run's time. The C library is
asked to keep it, unless somebody has said in the environment how it should behave
(`MALLOC_TRIM_THRESHOLD_` and its like, in the manual page of mallopt).
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys

__all__ = ["keep_what_is_freed"]

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # as malloc.h numbers them
KEPT, LARGEST = 512 * 2**20, 32 * 2**20  # bytes: kept at most; in one piece, the most that the C library allows


@functools.cache
def keep_what_is_freed() -> bool:
    """Keep freed memory for the next run, where that can be had; whether it can."""
    if sys.platform != "linux" or any(name.startswith("MALLOC_") for name in os.environ):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # not every C library has it
    return mallopt is not None and bool(mallopt(TRIM_THRESHOLD, KEPT)) and bool(mallopt(MMAP_THRESHOLD, LARGEST))
