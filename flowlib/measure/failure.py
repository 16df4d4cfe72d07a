"""
How much of the demand need not have come, and how many contacts must be looked at to know?

Failure demand comes because something was not done, or not done right; value demand is
what the service is there for (J. Seddon, "Freedom from Command and Control", 2003).
Contacts are classified one by one, and what cannot be classified is *unclear*. Shares
run from 0 to 1.

Intervals are Wilson's score (E. B. Wilson, J. American Statistical Association 22,
1927). They treat contacts as a random sample: a count of Mondays only says nothing of
Fridays. Where a sample is a large part of all contacts, it counts for more: n of N are
worth n (N - 1) / (N - n) (the finite population correction; W. G. Cochran, "Sampling
Techniques", 1977, section 2.6).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, HIDDEN, rounded, suppress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FailureDemand", "FailureShare", "failure_demand", "failure_share", "sample_needed"]

KINDS = ("value", "failure", "unclear")
LARGEST_SAMPLE = 10**9  # nobody classifies so many contacts
WIDEST = 0.5  # half the width of an interval from 0 to 1


@dataclass(frozen=True)
class FailureDemand:
    """The share of demand that came because something was not done, or not done right."""

    share: float  # 0 to 1
    lower_95_ci: float
    upper_95_ci: float
    seen: int  # contacts classified


@dataclass(frozen=True)
class FailureShare:
    """The share of failure demand in a classified sample, with the unclear contacts in the open."""

    contacts: int  # all in the sample
    failures: int
    unclear: int
    of_clear: FailureDemand | None  # leaving the unclear out; None where all are unclear
    at_least: FailureDemand  # as if every unclear contact were value demand
    at_most: FailureDemand  # as if every unclear contact were failure demand
    table: pd.DataFrame  # reason, contacts, failure, unclear, share (0 to 1, of the clear); most failures first
    synthetic: bool

    def sentence(self) -> str:
        """
        The share in plain words, with its bounds; no share of fewer than 8.

        >>> kinds = ["failure"] * 30 + ["value"] * 60 + ["unclear"] * 10
        >>> print(failure_share({"kind": kinds}).sentence())
        Of 100 contacts looked at, 30 were failure demand and 10 were unclear. \
However the unclear ones fall, it is between 21 and 50 in 100 (95% interval).
        """
        counts = [self._people(n) for n in (self.contacts, self.failures, self.unclear)]
        unclear = f"{counts[2]} were unclear" if self.unclear else "none was unclear"
        head = f"Of {counts[0]} contacts looked at, {counts[1]} were failure demand and {unclear}."
        if 0 < self.failures < FEWEST:
            return f"{head} That is too few to show a share."
        low, high = self._bounds()
        however = "However the unclear ones fall, it" if self.unclear else "The share"
        return f"{head} {however} is between {low} and {high} in 100 (95% interval)."

    def shown(self) -> pd.DataFrame:
        """
        The table by reason as it may be shown: counts from 1 to 7 are hidden.

        >>> made = failure_share({"kind": ["failure"] * 20 + ["value"] * 9, "why": ["lost"] * 29}, reason="why")
        >>> made.shown().iloc[0].tolist()
        ['lost', '30', '20', '0', '69%']
        """
        share = ["" if math.isnan(part) else f"{100 * part:.0f}%" for part in self.table["share"]]
        counts = ["contacts", "failure", "unclear"]
        made = self.table.assign(share=share)
        value = made["contacts"] - made["failure"] - made["unclear"]
        few = made["failure"].between(1, FEWEST - 1) | value.between(1, FEWEST - 1)
        made["share"] = made["share"].mask(few, HIDDEN)
        return suppress(made, counts=counts, describes=["share"], total=True, synthetic=self.synthetic)

    def _people(self, count: int) -> str:
        text = rounded(count, synthetic=self.synthetic)
        return f"fewer than {FEWEST}" if text == HIDDEN else text

    def _bounds(self) -> tuple[int, int]:
        """The lowest and the highest bound, in 100."""
        return math.floor(100 * self.at_least.lower_95_ci), math.ceil(100 * self.at_most.upper_95_ci)


def failure_demand(failures: int, seen: int) -> FailureDemand:
    """
    The share of *seen* contacts that were failure demand, with a 95% interval (Wilson's score).

    >>> round(failure_demand(15, 40).share, 3)
    0.375
    """
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    seen = checks.whole("seen", seen, 1)
    failures = checks.whole("failures", failures)
    checks.need(failures <= seen, f"Failures cannot be more than the contacts seen; {failures} of {seen} came.")
    interval = stats.binomtest(failures, seen).proportion_ci(0.95, method="wilson")
    return FailureDemand(failures / seen, float(interval.low), float(interval.high), seen)


def failure_share(
    table: pd.DataFrame | Mapping[str, Sequence[object]],
    *,
    kind: str = "kind",
    reason: str | None = None,
    synthetic: bool = False,
) -> FailureShare:
    """
    The share of failure demand in a *table* of one row a contact.

    The column *kind* holds "value", "failure" or "unclear" (capitals and blanks around
    the word do not matter); the column *reason*, if named, why people came. The unclear
    are neither left out nor guessed: the bounds hold however they fall. A blank or
    another word is refused, with its row as in a file whose header is row 1.

    >>> made = failure_share({"kind": ["failure", "value", "value", "unclear"]})
    >>> made.at_least.share, made.at_most.share
    (0.25, 0.5)
    """
    frame = pd.DataFrame(table)
    for column in [kind] if reason is None else [kind, reason]:
        checks.choice("column", column, frame.columns, where="in the table")
    checks.need(len(frame), "The table holds no contacts. Add one row for each contact.")
    kinds = _kinds(frame[kind], kind)
    counts = {word: int((kinds == word).sum()) for word in KINDS}
    failures, unclear, clear = counts["failure"], counts["unclear"], counts["failure"] + counts["value"]
    reasons = pd.Series(["all contacts"] * len(frame)) if reason is None else _reasons(frame[reason], reason)
    return FailureShare(
        contacts=len(frame),
        failures=failures,
        unclear=unclear,
        of_clear=failure_demand(failures, clear) if clear else None,
        at_least=failure_demand(failures, len(frame)),
        at_most=failure_demand(failures + unclear, len(frame)),
        table=_by_reason(kinds, reasons),
        synthetic=synthetic,
    )


def sample_needed(
    half_width: float, expected_share: float = 0.5, *, population: int | None = None, confidence: float = 0.95
) -> int:
    """
    How many contacts to classify, so that the share is known to within *half_width* (0 to 0.5).

    The interval is the one that `failure_demand` gives (Wilson's score), at the share you
    expect (0 to 1); 0.5 needs the most and is safe. With *population*, all contacts of
    the time studied, the finite population correction lowers the number. Tables that say
    385 for 5 in 100 either way use the simpler normal interval; Wilson's needs 381.

    >>> sample_needed(0.05), sample_needed(0.05, population=400)
    (381, 196)
    """
    half_width = checks.positive("half_width", half_width)
    checks.need(
        half_width < WIDEST,
        f"half_width must be below {WIDEST}; {checks.shown(half_width)} came. 5 in 100 either way is 0.05.",
    )
    expected_share = checks.share("expected_share", expected_share)
    checks.need(
        0 < checks.share("confidence", confidence) < 1,
        f"confidence must be above 0 and below 1; {checks.shown(confidence)} came. The usual is 0.95.",
    )
    everyone = LARGEST_SAMPLE if population is None else checks.whole("population", population, 1)
    z = _z(confidence)
    sizes = range(1, everyone + 1)
    place = bisect_left(
        sizes, True, key=lambda n: _half_width(_worth(n, population), expected_share, z) <= half_width * (1 + 1e-12)
    )
    checks.need(
        place < len(sizes),
        f"More than {LARGEST_SAMPLE:,} contacts would be needed for {half_width:g} either way. Give a wider one.",
    )
    return sizes[place]


def _z(confidence: float) -> float:
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    return float(stats.norm.ppf((1 + confidence) / 2))


def _worth(sample: int, population: int | None) -> float:
    """The size of a sample of an endless population that would say as much."""
    if population is None:
        return float(sample)
    return math.inf if sample == population else sample * (population - 1) / (population - sample)


def _half_width(sample: float, share: float, z: float) -> float:
    """Half the width of Wilson's interval; it falls as the sample grows."""
    if math.isinf(sample):
        return 0.0
    return z / (sample + z * z) * math.sqrt(sample * share * (1 - share) + z * z / 4)


def _kinds(cells: pd.Series, column: str) -> pd.Series:
    """Each contact's kind, in small letters; a refusal that names the row where it is none of the three."""
    words = cells.fillna("").astype(str).str.strip().str.lower().reset_index(drop=True)
    wrong = words[~words.isin(KINDS)]
    if len(wrong):
        row, word = int(wrong.index[0]), cells.iloc[wrong.index[0]]
        came = "is blank" if wrong.iloc[0] == "" else f"is {checks.brief(word)}"
        more = f" {len(wrong):,} rows like this." if len(wrong) > 1 else ""
        raise checks.Refusal(
            f'Row {row + 2:,}: the column "{column}" {came}. Write value, failure or unclear.{more}',
        )
    return words


def _reasons(cells: pd.Series, column: str) -> pd.Series:
    """Each contact's reason as text; a blank is a reason of its own."""
    words = cells.fillna("").astype(str).str.strip().reset_index(drop=True)
    return words.mask(words == "", f"no {column} given")


def _by_reason(kinds: pd.Series, reasons: pd.Series) -> pd.DataFrame:
    """One row a reason, most failures first."""
    counts = pd.crosstab(reasons, kinds).reindex(columns=list(KINDS), fill_value=0)
    made = pd.DataFrame(
        {
            "reason": counts.index.astype(str),
            "contacts": counts.sum(axis=1).to_numpy(),
            "failure": counts["failure"].to_numpy(),
            "unclear": counts["unclear"].to_numpy(),
            "share": (counts["failure"] / (counts["failure"] + counts["value"])).to_numpy(),
        }
    )
    return made.sort_values(["failure", "contacts", "reason"], ascending=[False, False, True], ignore_index=True)
