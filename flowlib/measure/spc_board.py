"""
Which of our measures need a look? One chart a measure, from one table, in one call.

`board` charts every measure of a tidy table by the same rules and puts those that give
concern first, then those that improve. A series that ended before the others has no news
of now: it comes last and is counted apart. A measure that cannot be charted is set aside with
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

import numpy as np
import pandas as pd

from flowlib.core.checks import Refusal, brief, choice, need, whole
from flowlib.core.privacy import HIDDEN
from flowlib.measure import spc_words as words
from flowlib.measure.spc import xmr
from flowlib.measure.spc_chart import ControlChart, asked
from flowlib.measure.spc_counts import p_chart, p_prime_chart
from flowlib.measure.spc_gaps import due, missing
from flowlib.measure.spc_marks import of_share
from flowlib.measure.spc_numbers import plain
from flowlib.measure.spc_rows import Columns, Points, notes_within, places_within, points_of, rows_of
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from collections.abc import Callable

    Direction = Literal["up", "down"] | None

__all__ = ["BY_CHANCE", "CHARTS", "Board", "board"]

# One chart of pure chance in so many has its latest point marked.
BY_CHANCE = {"mdc": 65, "nhsr": 55, "mdc_excel": 65, "qicharts2": 170, "western_electric": 70}
CHARTS = ("xmr", "p", "p_prime")
COLUMNS = (
    "measure", "points", "latest_date", "latest", "mean", "lpl", "upl", "target", "variation", "assurance", "ended",
    "sentence", "cautions",
)  # fmt: skip
# What is said of one measure of each kind, and of several.
KINDS = {
    "concern": ("gives concern", "give concern"),
    "improvement": ("improves", "improve"),
    "neutral": ("is unusual", "are unusual"),
    "common": ("is as usual", "are as usual"),
}
ORDER = {"concern": 0, "improvement": 1}  # all others come after, and those that ended last
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
        aside = len(self.set_aside)
        shows = [
            *self._counted(),
            f"{_measures(aside)} could not be charted; the list set aside says why." if aside else "",
        ]
        added = f"{self.added_up:,} rows were added to another of the same measure and date." if self.added_up else ""
        paragraphs = [" ".join(one for one in part if one) for part in (shows, self._doubts(), [added])]
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)

    def _counted(self) -> list[str]:
        """How many measures there are of each kind; those that ended are of none."""
        if not len(self.table):
            return ["No measure could be charted."]
        now = self.table[~self.table["ended"]]
        counts = now["variation"].value_counts()
        told = [f"{counts[kind]:,} {verbs[int(counts[kind] > 1)]}" for kind, verbs in KINDS.items() if kind in counts]
        over = len(self.table) - len(now)
        if not over:
            return [f"Of {_measures(len(now))}, {_joined(told)}."]
        latest = day(now["latest_date"].max())
        return [f"Of {_measures(len(self.table))}, {over:,} ended before {latest}.", f"Of the others, {_joined(told)}."]

    def _doubts(self) -> list[str]:
        """How much of it chance would do, and how many charts carry a caution."""
        if not len(self.table):
            return []
        rate = BY_CHANCE[self.preset]
        about = round(int((~self.table["ended"]).sum()) / rate)
        warned = int(self.table["cautions"].map(len).gt(0).sum())
        gaps = sum(bool(missing(chart.points.set_index("x").index)) for chart in self.charts.values())
        read = f"{warned:,} charts carry" if warned > 1 else "1 chart carries"
        read += f" cautions, {gaps:,} of points that are missing" if gaps else " cautions"
        return [
            f"Chance alone marks the latest point of 1 chart in {rate}: here, {about or 'none'} or so.",
            "That holds if the points do not depend on each other.",
            f"{read}: read them before you rely on a chart." if warned else "",
        ]

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
    ghost: object = (),
    baseline: int | Mapping[str, int] | None = None,
    notes: Mapping[str, Mapping[Any, str]] | None = None,
) -> Board:
    """
    A control chart of every measure in *table*, which has a row a measure and date.

    *measure*, *date* and *value* name its columns. For shares give *numerator* and
    *denominator* in place of *value*: rows of one measure and date are added up. *chart*
    is "xmr" (as it comes for values), "p_prime" (as it comes for shares: right for the
    hundreds or thousands behind each point of most services) or "p" (for small sizes).

    *improvement*, *target*, *unit*, *rebase*, *ghost* and *baseline* are as for `spc.xmr`,
    for all measures or, in a mapping, by measure; *notes* are always by measure. *last*
    charts only so many latest points of each; dates before those no longer matter. A
    series has *ended* where its next point was due by the latest date of the board.

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
    rule = asked(None, None, None, preset).preset.name
    shares = columns.bottom is not None
    wanted = _Wanted(draw, improvement, target, rebase, unit, rule, window, shares, ghost, baseline, notes)
    groups = dict(rows_of(table, columns))
    wanted.check(list(groups))
    points, charts, aside = {}, {}, []
    for name, found in groups.items():
        try:
            points[name] = points_of(name, found, columns)
            charts[name] = wanted.chart(name, points[name])
        except Refusal as refused:
            aside.append({"measure": name, "why": str(refused)})
    ended = _ended(charts)
    order = sorted(charts, key=lambda name: (name in ended, ORDER.get(charts[name].variation, len(ORDER))))
    rows = [_row(name, charts[name], _of(unit, name, ""), ended=name in ended) for name in order]
    return Board(
        table=pd.DataFrame(rows, columns=list(COLUMNS)),
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
    shares: bool  # whether all values lie from 0 to 1
    ghost: object
    baseline: int | Mapping[str, int] | None
    notes: Mapping[str, Mapping[Any, str]] | None

    def check(self, measures: list[str]) -> None:
        """Refuse what names a measure that is not there, directions that are none, and targets no share can reach."""
        need(
            self.notes is None or isinstance(self.notes, Mapping),
            'Notes on a board are given as {"Falls": {"2026-04-30": "New rota"}}, by measure;'
            f" {brief(self.notes)} came.",
        )
        for given in (self.improvement, self.target, self.rebase, self.unit, self.ghost, self.baseline, self.notes):
            for name in given if isinstance(given, Mapping) else ():
                choice("measure", name, measures, where="in the table")
        for name in measures:
            asked(_of(self.improvement, name, None), None, _of(self.baseline, name, None), self.preset)
            target = _of(self.target, name, None)
            if self.shares and isinstance(plain(target), (bool, int, float, np.number)):
                of_share("The target", target)

    def chart(self, name: str, points: Points) -> ControlChart:
        """The chart of one measure."""
        kept = points.latest(self.window)
        return self.draw(
            kept,
            improvement=_of(self.improvement, name, None),
            target=_of(self.target, name, None),
            rebase=places_within(_of(self.rebase, name, ()), points, kept),
            preset=self.preset,
            ghost=places_within(_of(self.ghost, name, ()), points, kept, first=True),
            baseline=_of(self.baseline, name, None),
            notes=notes_within(_of(self.notes, name, None), points, kept),
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


def _ended(charts: Mapping[str, ControlChart]) -> set[str]:
    """The measures whose next point was due by the latest date of all."""
    dates = {name: pd.DatetimeIndex(chart.points["x"]) for name, chart in charts.items()}
    latest = max((x[-1] for x in dates.values()), default=pd.NaT)
    return {name for name, x in dates.items() if x[-1] < latest and due(x) <= latest}


def _row(name: str, chart: ControlChart, unit: str, *, ended: bool) -> dict[str, object]:
    """One row of the board."""
    latest = chart.points.iloc[-1]
    over = f"The series ended on {day(latest['x'])}." if ended else ""
    told = [over, words.latest(chart, unit), words.expected(chart, unit), words.TRIAL if chart.trial else ""]
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
        "ended": ended,
        "sentence": " ".join(sentence for sentence in told if sentence),
        "cautions": chart.cautions,
    }


def _measures(count: int) -> str:
    """So many measures, in words that agree with the number."""
    return f"{count:,} measure{'' if count == 1 else 's'}"


def _joined(parts: list[str]) -> str:
    """Parts of a sentence, with "and" before the last."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
