"""
How many hidden identities are stopped, and how many clean extracts are stopped wrongly?

`python -m benchmarks.identities` makes 10,000 extracts with identities hidden in an odd
column and 10,000 clean ones (`tests/identities_made.py`, which is written apart from what
looks for them), judges each, and prints both counts, with which sorts were missed. It takes about
three minutes. The seeds are fixed, so the counts come out again.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from flowlib.core import privacy

EXTRACTS = 10_000
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def missed(extracts: int = EXTRACTS) -> Counter[str]:
    """How many extracts with hidden identities were let through, by what was hidden."""
    import identities_made as made  # noqa: PLC0415 - in the folder of tests

    found = (made.hidden(seed) for seed in range(extracts))
    return Counter(kind for table, kind, column in found if privacy.identity(column, table[column]) is None)


def wrong(extracts: int = EXTRACTS) -> tuple[int, Counter[str]]:
    """How many clean extracts were stopped, and for which columns."""
    import identities_made as made  # noqa: PLC0415 - as above

    found = [privacy.identities(made.clean(seed)) for seed in range(extracts)]
    return sum(bool(one) for one in found), Counter(column for one in found for column in one)


def main() -> None:
    """Count, and print."""
    let_through = missed()
    stopped, columns = wrong()
    told = ", ".join(f"{kind} {count}" for kind, count in let_through.items()) or "none"
    sys.stdout.write(f"{EXTRACTS - let_through.total():,} of {EXTRACTS:,} hidden identities stopped. Missed: {told}.\n")
    told = ", ".join(f"{column} {count}" for column, count in columns.items()) or "none"
    sys.stdout.write(f"{stopped:,} of {EXTRACTS:,} clean extracts stopped wrongly. Columns: {told}.\n")


if __name__ == "__main__":
    main()
