"""
Which of our measures need a look? One chart a measure, from one table, in one call.

`board` charts every measure of a tidy table by the same rules and puts those that give
concern first, then those that improve. A measure that cannot be charted is set aside with
one sentence that says why; nothing is filled in, and nothing is left out unseen.

The more charts, the more of them chance marks. How often it marks the latest point of a
chart of 36 points stands in `BY_CHANCE`, found by simulation (normal, independent).

The table holds the numbers as they are. `Board.shown()` is the one to print: it hides a
latest share that describes 1 to 7 people (`flowlib.core.privacy`). A single value may count
people too, and the board cannot know: leave small counts out, or suppress them first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from flowlib.core.checks import Refusal, choice, need, whole
from flowlib.core.privacy import HIDDEN
from flowlib.measure import spc_words as words
from flowlib.measure.spc import xmr
from flowlib.measure.spc_chart import ControlChart, asked
from flowlib.measure.spc_counts import p_chart, p_prime_chart
from flowlib.measure.spc_rows import Columns, Points, points_of, rows_of
from flowlib.measure.spc_series import day, each, wall_date

if TYPE_CHECKING:
    from collections.abc import Callable

    Direction = Literal["up", "down"] | None

__all__ = ["BY_CHANCE", "CHARTS", "Board", "board"]

# One chart of pure chance in so many has its latest point marked.
BY_CHANCE = {"mdc": 65, "nhsr": 55, "mdc_excel": 65, "qicharts2": 170, "western_electric": 70}
CHARTS = ("xmr", "p", "p_prime")
COLUMNS = (
    "measure", "points", "latest_date", "latest", "mean", "lpl", "upl", "target", "variation", "assurance", "sentence",
)  # fmt: skip
# What is said of one measure of each kind, and of several.
KINDS = {
    "concern": ("gives concern", "give concern"),
    "improvement": ("improves", "improve"),
    "neutral": ("is unusual", "are unusual"),
    "common": ("is as usual", "are as usual"),
}
ORDER = {"concern": 0, "improvement": 1}  # all others come after
SHORTEST = 2  # points


@dataclass(frozen=True, eq=False)
class Board:
    """Many measures, each on its own chart."""

    table: pd.DataFrame  # one row a measure, columns as in `COLUMNS`; in the measure's own unit, shares 0 to 1
    charts: dict[str, ControlChart]  # by measure, in the order of the table
    set_aside: pd.DataFrame  # measure, why: those that could not be charted
    preset: str
    few: tuple[str, ...] = ()  # measures whose latest share describes 1 to 7 people
    added_up: int = 0  # rows that were added to another of the same measure and date

    def sentence(self) -> str:
        """What the measures show together, in plain words, and how much of it chance would do."""
        counts = self.table["variation"].value_counts()
        told = [f"{counts[kind]:,} {verbs[int(counts[kind] > 1)]}" for kind, verbs in KINDS.items() if kind in counts]
        charted = f"Of {_measures(len(self.table))}, {_joined(told)}." if told else "No measure could be charted."
        aside, rate = len(self.set_aside), BY_CHANCE[self.preset]
        about = round(len(self.table) / rate)
        shows = [
            charted,
            f"{_measures(aside)} could not be charted; the list set aside says why." if aside else "",
            f"Chance alone marks the latest point of 1 chart in {rate}: here, {about or 'none'} or so." if told else "",
        ]
        first = " ".join(sentence for sentence in shows if sentence)
        added = f"{self.added_up:,} rows were added to another of the same measure and date."
        return f"{first}\n\n{added}" if self.added_up else first

    def shown(self) -> pd.DataFrame:
        """The table as it may be shown: no latest share of 1 to 7 people, and dates in words."""
        hide = self.table["measure"].isin(self.few)
        return self.table.assign(
            latest=self.table["latest"].astype(object).mask(hide, HIDDEN),
            latest_date=[day(moment) for moment in self.table["latest_date"]],
        )


def board(
    table: pd.DataFrame,
    *,
    measure: str,
    date: str,
    value: str | None = None,
    numerator: str | None = None,
    denominator: str | None = None,
    chart: str | None = None,
    improvement: Direction | Mapping[str, Direction] = None,
    target: float | Mapping[str, object] | None = None,
    preset: str = "mdc",
    unit: str | Mapping[str, str] = "",
    rebase: object = (),
    last: int | None = None,
) -> Board:
    """
    A control chart of every measure in *table*, which has a row a measure and date.

    *measure*, *date* and *value* name its columns. For shares give *numerator* and
    *denominator* in place of *value*: rows of one measure and date are added up. *chart*
    is "xmr" (as it comes for values), "p_prime" (as it comes for shares: right for the
    hundreds or thousands behind each point of most services) or "p" (for small sizes).

    *improvement*, *target*, *unit* and *rebase* are as for `spc.xmr`, for all measures or,
    in a mapping, by measure. *last* charts only so many latest points of each; rebase
    dates before those no longer matter.

    A column or a measure that is not in the table is refused, and so is a direction or a
    preset that is none. What is wrong with one measure sets that one aside: a single
    point, a number or date that is missing or is text, two values of one date, a
    denominator of 0.

    >>> table = pd.DataFrame(
    ...     {
    ...         "name": ["Falls"] * 14 + ["Waits"],
    ...         "month": [*pd.date_range("2025-01-01", periods=14, freq="MS"), "2025-01-01"],
    ...         "number": [3, 5, 4, 6, 5, 4, 3, 5, 4, 6, 5, 4, 5, 14, 7],
    ...     }
    ... )
    >>> made = board(table, measure="name", date="month", value="number", improvement="down")
    >>> made.table[["measure", "points", "variation"]].values.tolist(), made.set_aside["why"].tolist()
    ([['Falls', 14, 'concern']], ['A chart needs at least 2 points; 1 came. Add points.'])
    """
    columns, draw = _way(measure, date, value, numerator, denominator, chart)
    window = None if last is None else whole("The number of last points", last, SHORTEST)
    wanted = _Wanted(draw, improvement, target, rebase, unit, asked(None, None, None, preset).preset.name, window)
    groups = dict(rows_of(table, columns))
    wanted.check(list(groups))
    points, charts, aside = {}, {}, []
    for name, rows in groups.items():
        try:
            points[name] = points_of(name, rows, columns)
            charts[name] = wanted.chart(name, points[name])
        except Refusal as refused:
            aside.append({"measure": name, "why": str(refused)})
    order = sorted(charts, key=lambda name: ORDER.get(charts[name].variation, len(ORDER)))
    return Board(
        table=pd.DataFrame([_row(name, charts[name], _of(unit, name, "")) for name in order], columns=list(COLUMNS)),
        charts={name: charts[name] for name in order},
        set_aside=pd.DataFrame(aside, columns=["measure", "why"]),
        preset=wanted.preset,
        few=tuple(name for name in order if points[name].few),
        added_up=sum(len(groups[name]) - len(points[name].when) for name in order),
    )


@dataclass(frozen=True)
class _Wanted:
    """What was asked for all measures, or in mappings by measure."""

    draw: Callable[..., ControlChart]
    improvement: Direction | Mapping[str, Direction]
    target: float | Mapping[str, object] | None
    rebase: object
    unit: str | Mapping[str, str]
    preset: str
    window: int | None

    def check(self, measures: list[str]) -> None:
        """Refuse mappings that name a measure that is not there, and directions that are none."""
        for given in (self.improvement, self.target, self.rebase, self.unit):
            for name in given if isinstance(given, Mapping) else ():
                choice("measure", name, measures, where="in the table")
        for name in measures:
            asked(_of(self.improvement, name, None), None, None, self.preset)

    def chart(self, name: str, points: Points) -> ControlChart:
        """The chart of one measure."""
        kept = points.latest(self.window)
        return self.draw(
            kept,
            improvement=_of(self.improvement, name, None),
            target=_of(self.target, name, None),
            rebase=_within(_of(self.rebase, name, ()), points, kept),
            preset=self.preset,
        )


def _way(
    measure: str, date: str, value: str | None, numerator: str | None, denominator: str | None, chart: str | None
) -> tuple[Columns, Callable[..., ControlChart]]:
    """Which columns are read, and how one measure is drawn."""
    single = value is not None
    need(
        single == (numerator is None) == (denominator is None),
        "A board is of values, or of shares: give value, or give numerator and denominator.",
    )
    kind = choice("chart", ("xmr" if single else "p_prime") if chart is None else chart, CHARTS)
    if value is not None:
        need(kind == "xmr", f'The chart "{kind}" is of shares: give numerator and denominator in place of value.')
        return Columns(measure, date, value), _of_values
    ways = {"xmr": _of_values, "p": _of_shares(p_chart), "p_prime": _of_shares(p_prime_chart)}
    return Columns(measure, date, str(numerator), str(denominator)), ways[kind]


def _of_values(points: Points, **options: Any) -> ControlChart:  # noqa: ANN401 - handed on to xmr
    return xmr(points.values, points.when, **options)


def _of_shares(made: Callable[..., ControlChart]) -> Callable[..., ControlChart]:
    """A way to draw counts and sizes."""
    return lambda points, **options: made(points.top, points.bottom, points.when, **options)


def _of(given: Any, name: str, without: Any) -> Any:  # noqa: ANN401 - one for all, or by measure
    """What was given for one measure."""
    return given.get(name, without) if isinstance(given, Mapping) else given


def _within(rebase: object, points: Points, kept: Points) -> object:
    """Rebase places without those that only the points before *kept* would show."""
    if len(points.when) == len(kept.when):
        return rebase
    dates = [(value, wall_date(value)) for value in each(rebase)]
    return [value for value, moment in dates if moment is None or moment > kept.when[0]]


def _row(name: str, chart: ControlChart, unit: str) -> dict[str, object]:
    """One row of the board."""
    latest = chart.points.iloc[-1]
    told = [words.latest(chart, unit), words.expected(chart, unit), words.TRIAL if chart.trial else ""]
    return {
        "measure": name,
        "points": len(chart.points),
        "latest_date": latest["x"],
        "latest": latest["y"],
        "mean": chart.mean,
        "lpl": chart.lpl,
        "upl": chart.upl,
        "target": chart.target,
        "variation": chart.variation,
        "assurance": chart.assurance,
        "sentence": " ".join(sentence for sentence in told if sentence),
    }


def _measures(count: int) -> str:
    """So many measures, in words that agree with the number."""
    return f"{count:,} measure{'' if count == 1 else 's'}"


def _joined(parts: list[str]) -> str:
    """Parts of a sentence, with "and" before the last."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
