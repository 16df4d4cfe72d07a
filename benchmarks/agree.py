"""
Do the engines agree on many more random pathways than the tests have time for?

`python -m benchmarks.agree --pathways 20000` holds the fast engine to the SimPy oracle
on the whole vocabulary, person by person, to a billionth of an hour. It stops at the
first pathway on which they differ, and prints it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hypothesis import HealthCheck, given, settings
from pathways import cases
from test_engines import by_oracle, fast, same
from tqdm import tqdm


def main() -> None:
    """Compare as many as were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pathways", type=int, default=2_000, help="how many (2,000)")
    count = parser.parse_args().pathways
    people = 0
    with tqdm(total=count, unit="pathway") as progress:

        @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(cases())
        def agree(case):  # noqa: ANN001, ANN202 - hypothesis hands it over
            nonlocal people
            assert same(fast(case), by_oracle(case)), case  # noqa: S101 - hypothesis looks for what fails it
            people += len(case.people)
            progress.update()

        agree()
    sys.stdout.write(f"{count:,} pathways and {people:,} people: the same visits at the same times.\n")


if __name__ == "__main__":
    main()
