"""
How many runs would be enough? Advice from a pilot, for a fresh experiment.

The fewest runs i with t(i - 1) S / √i at or below the half-width asked for, where S is
the standard deviation between the runs of the pilot (A. Law, "Simulation Modeling and
Analysis", 5th edition, section 9.4). The pilot's own spread is uncertain, so it is a
guide. Running on until the answer suits would spoil the interval: use another seed.
"""

from __future__ import annotations

from dataclasses import dataclass

from flowlib.core import checks
from flowlib.redesign.comparison import Comparison, Runs
from flowlib.redesign.intervals import FEWEST, runs_for

__all__ = ["RunsNeeded", "runs_needed"]

MOST = 1_000_000  # runs; more than anybody makes


@dataclass(frozen=True)
class RunsNeeded:
    """How many runs a fresh experiment takes for a stated half-width."""

    runs: int
    within: float  # the half-width of the 95% interval, in the measure's unit
    spread: float  # standard deviation between the pilot's runs, in the measure's unit
    pilot_runs: int  # that the spread rests on
    told: str  # what would be known, as it stands in a sentence

    def sentence(self) -> str:
        """The advice in words."""
        return (
            f"About {self.runs:,} runs would give {self.told}. "
            f"That is a guide from {self.pilot_runs:,} runs, for a fresh experiment with another seed. "
            "Decide the number first: running on until the answer suits makes it unsafe."
        )


def runs_needed(
    pilot: Runs | Comparison, *, within: float | None = None, measure: str | None = None, scenario: str | None = None
) -> RunsNeeded:
    """
    How many runs give a measure's mean, or a paired difference, to *within* so much on either side.

    From `Runs` it is the mean; from a `Comparison` it is the difference of *scenario*
    from the first, widened for the number of scenarios as `compare` does. *within* is in
    the measure's unit (0.02 is 2 in 100 of a share); left out, it is the smallest
    difference worth having. *measure* is the first if left out, and *scenario* may be
    left out where there is but one.

    >>> import pandas as pd
    >>> from flowlib.redesign.measures import mean_wait
    >>> pilot = Runs(pd.DataFrame({"mean wait for desk": [8.0, 12.0, 10.0, 8.0, 12.0]}), (mean_wait("desk"),))
    >>> runs_needed(pilot, within=1).runs
    18
    """
    both = pilot if isinstance(pilot, Comparison) else Comparison({"": pilot}, "")
    it = both.measure(measure)
    other = _scenario(both, scenario) if isinstance(pilot, Comparison) else ""
    values = both.difference(other, it.name) if other != both.base else both.runs[other].by_run[it.name]
    known = int(values.count())
    checks.need(known >= FEWEST, f"{it.name} is known in {known} of the pilot's runs; at least 2 are needed.")
    checks.need(
        within is not None or it.smallest,
        f'Say within=, the half-width that you want for "{it.name}", or give the measure a smallest difference.',
    )
    half = checks.positive("within", it.smallest if within is None else within)
    spread = float(values.std(ddof=1))
    # The normal half-width is a little less than Student's, so this refuses only what takes too many.
    checks.need(
        spread / half < MOST**0.5,
        f"That would take over {MOST:,} runs. Ask for a wider half-width than {checks.shown(half)}.",
    )
    apart = f"the difference in {it.name} between {other} and {both.base}" if other != both.base else it.name
    told = f"{apart} to within {_amount(it.is_share, half)}{it.unit_told}"
    return RunsNeeded(runs_for(spread, half, both.others), half, spread, known, told)


def _scenario(both: Comparison, scenario: str | None) -> str:
    """The scenario to compare with the first."""
    others = [name for name in both.runs if name != both.base]
    checks.need(others, "There is only one scenario; give its runs, or compare it with another.")
    checks.need(scenario is not None or len(others) == 1, f"Say which scenario; there are {checks.listed(others)}.")
    return checks.choice("scenario", scenario or others[0], others)


def _amount(is_share: bool, half: float) -> str:  # noqa: FBT001 - a private helper of one caller
    return checks.shown(100 * half if is_share else half)
