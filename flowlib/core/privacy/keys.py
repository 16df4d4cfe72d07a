"""
What stands for a person in place of their own id?

A random key: the numbers from 1, shuffled, so that nothing of the id, nor its place in
the file, is in the key. So that two extracts read in one session can be joined, each log
has a `Ring`: for each key the id's keyed hash (BLAKE2b, RFC 7693), under a secret that is
made when Python starts and dies with it. The ring is held beside the log, never in it: no
frame, file, pickle or repr can carry it, and without the secret nobody can try ids until
one fits. That is safer than to keep the ids themselves, of which a memory dump would do.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Ring", "hang", "rekey", "ring_of", "shuffled"]

NARROWEST = 4  # figures of a key
HASH_BYTES = 8  # two of a million ids share a hash once in 37 million times
_SECRET = secrets.token_bytes(32)


@dataclass(frozen=True, repr=False)
class Ring:
    """The keys of one log, each with the keyed hash of the id for which it stands."""

    keys: NDArray[np.object_]
    hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, ids: Sequence[str], keys: Sequence[str]) -> Ring:
        """From ids and their keys, in one order; the ids are not kept."""
        joined = b"".join(
            hashlib.blake2b(str(one).encode(errors="surrogatepass"), key=_SECRET, digest_size=HASH_BYTES).digest()
            for one in ids
        )
        return cls(np.asarray(keys, dtype=object), np.frombuffer(joined, dtype="<u8").astype(np.uint64))

    def __len__(self) -> int:
        return len(self.keys)

    def __repr__(self) -> str:
        return f"Ring({len(self):,} keys)"

    def __reduce__(self) -> tuple[Any, ...]:
        """Come out of any copy and any file empty."""
        return (Ring, (np.zeros(0, dtype=object), np.zeros(0, dtype=np.uint64)))


def rekey(people: pd.Series) -> pd.Series:
    """The same people under new random keys: nothing of the old key is in the new one."""
    codes, ids = pd.factorize(people)
    return pd.Series(pd.array(shuffled(len(ids)), dtype="str").take(codes, allow_fill=True), index=people.index)


def shuffled(count: int) -> list[str]:
    """So many different random keys."""
    width = max(NARROWEST, len(str(count)))
    numbers = np.random.default_rng(secrets.randbits(256)).permutation(count) + 1
    return [f"P{number:0{width}d}" for number in numbers.tolist()]


def hang(log: object, ring: Ring) -> None:
    """Hold *ring* beside *log*, for as long as that very log lives."""
    _rings[log] = ring


def ring_of(log: object) -> Ring | None:
    """The ring of a log that was read in this session, or None."""
    return _rings.get(log)


_rings: WeakKeyDictionary[object, Ring] = WeakKeyDictionary()
