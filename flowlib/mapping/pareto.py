"""
Which few causes are behind most of it (Pareto)?

Causes are counted, the commonest first, with the share that they make up so far [1]. The
few are the fewest named causes that cover 8 in 10, or another share. "Other" is no cause:
it stands last, and its count is in the total only.

An order of counts is partly chance. Two counts are no different where an interval for the
first one's share of the two holds one half (the conditional test of J. Przyborowski and
H. Wilenski, Biometrika 31, 1940); the commonest is compared with each of the others, with
95% confidence in all of these together (Bonferroni). Fewer than 30 in all is too few [1].

Source: [1] Quality Improvement Lothian, "Pareto charts", qilothian.scot.nhs.uk/pareto-charts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core.checks import Refusal, brief, need, share, whole
from flowlib.core.pathway_cells import name
from flowlib.core.pathway_cells import whole as whole_cell
from flowlib.core.pathway_sheets import Column, Sheet
from flowlib.core.privacy import FEWEST, HIDDEN, rounded, suppress
from flowlib.mapping.intervals import CONFIDENCE, wilson
from flowlib.mapping.lean_tables import OWN_NOTES, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Pareto", "pareto"]

MOST = 0.8  # 8 in 10
ENOUGH = 30  # counted in all [1]
MOST_NAMED = 5  # causes in one sentence
ROUNDING = 1e-9  # of one counted
COUNTS = Sheet(
    "causes",
    "One row for each cause, with its count.",
    (
        Column("cause", "What was the matter.", required=True, also=("code", "reason", "name")),
        Column("count", "How often.", required=True, also=("counts", "number", "n", "times")),
        OWN_NOTES,
    ),
)


@dataclass(frozen=True)
class Pareto:
    """Causes by how often they came."""

    table: pd.DataFrame  # cause, count, share, cumulative_share (0 to 1), among_few; "other" last
    total: int  # counted in all, "other" too
    share: float  # that the few are to cover, 0 to 1
    few: tuple[str, ...]  # the fewest causes that cover it; all the named ones where they do not
    covered: float  # share that the few cover, 0 to 1
    tied: tuple[str, ...]  # causes outside the few that came as often as the last of them, where that may be told
    leaders: tuple[str, ...]  # the commonest cause, and those whose count differs from its by no more than chance
    cautions: tuple[str, ...]  # a sentence each
    synthetic: bool

    def sentence(self) -> str:
        """The finding in plain words; causes whose count is hidden are not named."""
        counts = self.shown().set_index("cause")["count"].str.replace(",", "")
        few = [cause for cause in self.few if counts[cause] != HIDDEN]
        if not few:
            return "Too few are counted to say which causes matter most."
        total = float(rounded(self.total, synthetic=self.synthetic).replace(",", ""))
        covered = min(counts[few].astype(float).sum() / total, 1)
        if len(self.table) == 1:
            return f"There is one cause: {few[0]}."
        verb = "are" if len(few) > 1 else "is"
        behind = f"{len(few)} of {len(self.table)} causes {verb} behind {100 * covered:.0f} in every 100"
        return f"{behind}: {_and(few)}." if len(few) <= MOST_NAMED else f"{behind}."

    def shown(self) -> pd.DataFrame:
        """
        The table as it may be shown, as text.

        Of real people, counts are to the nearest 5 and small ones hidden; shares are of
        those rounded counts, and blank from the first hidden one on.
        """
        made = self.table[["cause", "count"]].copy()
        safe = suppress(made, counts=["count"], total=True, synthetic=self.synthetic)
        counts = [np.nan if text == HIDDEN else float(text.replace(",", "")) for text in safe["count"]]
        total = float(rounded(self.total, synthetic=self.synthetic).replace(",", "").replace(HIDDEN, "nan"))
        parts = np.asarray(counts) / total
        for column, shares in (("share", parts), ("cumulative_share", np.cumsum(parts))):
            safe[column] = ["" if np.isnan(one) else f"{100 * min(one, 1):.0f}%" for one in shares]
        return safe


def pareto(
    causes: Mapping[str, int] | pd.Series | pd.DataFrame | Iterable[str] | str | Path,
    *,
    share_covered: float = MOST,
    other: str = "other",
    synthetic: bool = False,
) -> Pareto:
    """
    Causes by how often they came, and the fewest that cover *share_covered* (0 to 1) of all.

    *causes* are codes, one for each time (blanks are left out and said); or counts: a
    mapping, a frame or a workbook with the columns `cause` and `count`. *other* is kept
    last, whatever its capitals. Causes that came as often keep the order in which they
    came. `synthetic=True` says that nobody counted is a real person.

    >>> made = pareto({"transport": 50, "medicines": 30, "family": 15, "other": 5}, synthetic=True)
    >>> made.few, made.covered
    (('transport', 'medicines'), 0.8)
    """
    counts, blank = _counted(causes)
    wanted = share("share_covered", share_covered)
    total = sum(counts.values())
    need(total, "No causes came. Give at least one.")
    table = _table({cause: n for cause, n in counts.items() if n}, total, other)
    is_other = table["cause"].str.casefold() == other.casefold()
    named = table[~is_other]
    need(len(named), f'All causes are "{other}". Say what they were.')
    many = min(int(np.searchsorted(named["count"].cumsum(), wanted * total - ROUNDING)) + 1, len(named))
    few = tuple(named["cause"].iloc[:many])
    table["among_few"] = table["cause"].isin(few) & ~is_other
    as_often = named.iloc[many:]
    last = int(named["count"].iloc[many - 1])
    tied = tuple(as_often.loc[as_often["count"] == last, "cause"]) if synthetic or last >= FEWEST else ()
    covered = float(named["count"].iloc[:many].sum() / total)
    leaders = _leaders(named)
    cautions = _cautions(
        named, few, tied, leaders, total, enough=covered >= wanted - ROUNDING, other=other, blank=blank
    )
    return Pareto(table, total, wanted, few, covered, tied, leaders, cautions, synthetic)


def _counted(causes: Any) -> tuple[dict[str, int], int]:  # noqa: ANN401 - as `pareto`
    """Each cause with its count, in the order that they came, and how many are blank."""
    if isinstance(causes, (pd.DataFrame, str, Path)):
        return _from_lines(causes), 0
    if isinstance(causes, Mapping):
        return {str(cause).strip(): whole(f'The count of "{cause}"', n) for cause, n in causes.items()}, 0
    if not isinstance(causes, (pd.Series, list, tuple, np.ndarray)):
        raise Refusal(f"Causes must be codes, or counts by cause; {brief(causes)} came.")
    said = pd.Series(causes, dtype=object)
    words = said[said.notna()].astype(str).str.strip()
    words = words[words != ""]
    return {str(cause): int(n) for cause, n in words.value_counts(sort=False).items()}, len(said) - len(words)


def _from_lines(table: pd.DataFrame | str | Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines(table, COUNTS):
        cause, cell = name(line["cause"]), line["count"]
        line["cause"].need(cause not in found, f'there is a cause called "{cause}" already. Add the two counts up.')
        cell.need(not cell.blank, "this is blank. Type how often it came.")
        found[cause] = whole_cell(cell, "a count")
    return found


def _table(counts: Mapping[str, int], total: int, other: str) -> pd.DataFrame:
    """Causes, commonest first and "other" last, with their shares."""
    made = pd.DataFrame({"cause": list(counts), "count": list(counts.values())})
    last = made["cause"].str.casefold() == other.casefold()
    order = np.lexsort((np.arange(len(made)), -made["count"].to_numpy(), last.to_numpy()))
    made = made.iloc[order].reset_index(drop=True)
    made["share"] = made["count"] / total
    made["cumulative_share"] = made["count"].cumsum() / total
    return made


def _leaders(named: pd.DataFrame) -> tuple[str, ...]:
    """The commonest cause, and those that chance alone may keep from being as common."""
    most = int(named["count"].iloc[0])
    confidence = 1 - (1 - CONFIDENCE) / max(len(named) - 1, 1)
    alike = [n == most or wilson(most, most + int(n), confidence)[0] <= 1 / 2 for n in named["count"]]
    return tuple(named["cause"][alike])


def _cautions(
    named: pd.DataFrame, few: Sequence[str], tied: Sequence[str], leaders: Sequence[str], total: int,
    *, enough: bool, other: str, blank: int,
) -> tuple[str, ...]:  # fmt: skip
    """What to keep in mind, a sentence or two each."""
    said = []
    if total < ENOUGH:
        said.append(f"Fewer than {ENOUGH} are counted, too few for an order that lasts. Count for longer.")
    elif len(leaders) == len(named) > 1:
        said.append("No cause stands out: all their counts differ by no more than chance.")
    elif len(leaders) > 1:
        said.append(f"{_and(leaders)} differ by no more than chance. Their order may change.")
    if tied:
        said.append(f"{_and(tied)} came as often as {few[-1]}, the last of the few.")
    if not enough:
        said.append(f'Too much is "{other}" for the named causes to cover so much. Say what it was.')
    if blank:
        said.append("Some have no cause written down. They are left out.")
    return tuple(said)


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
