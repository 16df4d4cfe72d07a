"""
How does a chart of usual and unusual variation look?

The points, the line in the middle and the limits of usual variation, which step where
they differ from point to point and break where they were drawn afresh. Unusual points
have a shape, a colour and an outline of their own; points that count for nothing are
hollow. Targets are red steps, notes are numbered flags whose words stand below, and each
line says at its right end what it is. No sums are done here.

A picture is about 640 pixels wide with its labels. Printed across A5 its type is about 8 points.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core.checks import shown
from flowlib.measure import spc_rules as rules
from flowlib.show import spc_layout as layout
from flowlib.show import spc_plot as plot
from flowlib.show import theme
from flowlib.show.first_words import first_sentence, flowing, spoken
from flowlib.show.picture import Picture
from flowlib.show.spc_plot import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

    from flowlib.change.effect import BeforeAfter
    from flowlib.measure.spc import ControlChart, RunChart
    from flowlib.measure.spc_subgroups import SubgroupCharts

__all__ = ["before_after", "control_chart", "in_percent", "run_chart", "subgroup_charts"]

HEIGHT, LOW_HEIGHT = 270, 190  # pixels of a plot alone, and of one of two
GHOST = theme.Verdict("#ffffff", theme.GREY, "circle", "Ghosted: shown, but not counted")


def control_chart(
    made: ControlChart,
    *,
    what: str,
    finding: str = "",
    unit: str = "",
    change: Any = None,  # noqa: ANN401 - a date
    source: str = "",
    percent: bool = False,
) -> Picture:
    """
    A control chart of any kind, under its finding.

    *what* names the measure, with its *unit* if that is not in it. The title is *finding*,
    or what the chart says of its latest point. *change* marks a date without a note.
    *percent* writes shares from 0 to 1 as per cent. A title of blanks is refused.

    >>> from flowlib.measure.spc import xmr
    >>> made = control_chart(xmr([3, 4, 3, 5, 4, 3, 4, 12], improvement="down"), what="mean wait", unit="hours")
    >>> made.description.partition(". ")[0]
    'The latest point is a cause for concern: it is above the upper limit of 10.45 hours'
    """
    what, unit = spoken("measure", what), spoken("unit", unit)
    made, unit = (in_percent(made), "%") if percent else (made, unit)
    said = flowing(made.sentence(unit=unit))
    finding = finding or first_sentence(lambda its: made.sentence(unit=its), unit)
    change = None if change is None else plot.moment_of(made.points["x"], change)
    below = _words_below(made)
    chart = _plot(made, what=what, unit=unit, change=change, below=below)
    told = f"{said} {_told(made, unit)}".strip()
    if change is not None:
        told = f"{told} The change is marked at {layout.place_text(change)}."
    description = told if told.startswith(finding) else f"{finding.rstrip('.')}. {told}"
    titled = theme.titled(chart, finding, unit=_detail(made), source=source)
    return Picture(titled, f"{description} A control chart of {what}.", _table(made, what))


def in_percent(made: ControlChart) -> ControlChart:
    """
    A chart of shares from 0 to 1 with all its lines in per cent.

    >>> from flowlib.measure.spc import p_chart
    >>> in_percent(p_chart([1, 3], [10, 10])).mean
    20.0
    """
    lines = made.points[["y", "mean", "lpl", "upl", "target"]] * 100
    ends = {name: 100 * getattr(made, name) for name in ("mean", "lpl", "upl")}
    target = None if made.target is None else 100 * made.target
    return replace(made, points=made.points.assign(**lines), target=target, **ends)


def before_after(made: BeforeAfter, *, what: str, unit: str = "", source: str = "") -> Picture:
    """
    The control chart with its limits drawn afresh at the change; *what* names the measure, *unit* its values.

    >>> from flowlib.change.effect import before_after as compared
    >>> weeks = pd.date_range("2025-01-06", periods=24, freq="W-MON")
    >>> made = compared([9, 11] * 6 + [5, 6] * 6, weeks, weeks[12])
    >>> before_after(made, what="mean wait", unit="hours").description.partition(". ")[0]
    'The average was 10 hours before the change and 5.5 hours after it'
    """
    finding = first_sentence(made.sentence, unit)
    return control_chart(made.chart, what=what, finding=finding, unit=unit, change=made.change, source=source)


def subgroup_charts(made: SubgroupCharts, *, what: str, finding: str = "", unit: str = "", source: str = "") -> Picture:
    """
    Means above, standard deviations below, of the same subgroups.

    >>> from flowlib.measure.spc import xbar_s_chart
    >>> made = subgroup_charts(xbar_s_chart([[1, 3], [2, 4], [1, 5], [3, 5]]), what="wait", unit="hours")
    >>> made.table.columns.tolist()
    ['chart', 'point', 'wait', 'mean', 'lower limit', 'upper limit', 'what it shows']
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    means, spreads = (flowing(one.sentence(unit=unit)) for one in (made.means, made.spreads))
    finding = finding or first_sentence(lambda its: made.means.sentence(unit=its), unit)
    width = min(_width(made.means), _width(made.spreads))
    above = _plot(made.means, what=f"mean of each subgroup: {what}", unit=unit, height=LOW_HEIGHT, width=width)
    under = _plot(
        made.spreads, what=f"spread (standard deviation): {what}", unit=unit, height=LOW_HEIGHT, width=width,
        below=_words_below(made.means),
    )  # fmt: skip
    chart = alt.vconcat(above, under, spacing=26)
    detail = f"Read the lower chart first: the upper limits hold while the spread is steady. {_detail(made.means)}"
    both = [_table(one, what).assign(chart=name) for name, one in (("mean", made.means), ("spread", made.spreads))]
    table = pd.concat(both, ignore_index=True)
    table = table[["chart", *(column for column in table if column != "chart")]]
    return Picture(
        theme.titled(chart, finding, unit=detail, source=source),
        f"{finding} The means: {means} The spreads: {spreads}",
        table,
    )


def run_chart(made: RunChart, *, what: str, finding: str = "", unit: str = "", source: str = "") -> Picture:
    """
    Points around their median: the longest run has a shape of its own, points on the median are hollow.

    >>> from flowlib.measure.spc import run_chart as runs
    >>> run_chart(runs([3, 4] * 6), what="beds", unit="beds").table.columns.tolist()
    ['point', 'beds', 'median', 'where it lies']
    """
    said = flowing(made.sentence(unit=unit))
    finding = finding or first_sentence(lambda its: made.sentence(unit=its), unit)
    points, looks = _run_looks(made)
    width = layout.plot_width(points["y"], [f"median {shown(made.median)}"])
    on = plot.paper(points, [*points["y"], made.median], _with_unit(what, unit), width=width, height=HEIGHT)
    parts = [
        *plot.series(on),
        on.chart.mark_line(color=theme.INK, strokeWidth=1.5).encode(y="mean:Q"),
        plot.dots(on, points, looks),
        *plot.labels(on, [Line(made.median, "median")]),
    ]
    chart = _layered(parts, on)
    useful = f"{made.useful} points lie off the median. A run is points in a row on one side of it"
    table = points[["x", "y", "median", "look"]].set_axis(
        [_place(points), _heading(what, "median"), "median", "where it lies"], axis=1
    )
    titled = theme.titled(chart, finding, unit=useful, source=source)
    description = said if said.startswith(finding) else f"{finding} {said}"
    return Picture(titled, f"{description} A run chart of {what}.", table)


def _run_looks(made: RunChart) -> tuple[pd.DataFrame, list[theme.Verdict]]:
    """Each point's place in the chart: in the longest run (the latest of equals), on the median, or other."""
    points = made.points.assign(mean=made.median)
    y = points["y"].to_numpy(dtype=float)
    of_median = rules.sides(y - made.median, rules.ROUNDING * float(np.abs(y).max()))
    useful = np.flatnonzero(of_median)
    starts, lengths = rules.runs(of_median[useful])
    unusual = made.longest_run > made.longest_run_limit
    usual = "unusual" if unusual else "usual"
    longest = theme.Verdict(
        theme.PURPLE if unusual else theme.GREY, theme.PURPLE if unusual else theme.INK, "diamond",
        f"Longest run: {made.longest_run} points, {usual} (up to {made.longest_run_limit})",
    )  # fmt: skip
    other = theme.Verdict(theme.BLUE, theme.BLUE, "circle", "Other points")
    on = theme.Verdict("#ffffff", theme.GREY, "circle", "On the median: not counted")
    look = np.where(of_median == 0, on.words, other.words).astype(object)
    if len(lengths):
        last = len(lengths) - 1 - int(np.argmax(lengths[::-1]))
        look[useful[starts[last] : starts[last] + lengths[last]]] = longest.words
    return points.assign(look=look, special=look == longest.words, ghost=False), [other, longest, on]


def _plot(
    made: ControlChart,
    *,
    what: str,
    unit: str,
    change: Any = None,  # noqa: ANN401 - a date
    height: float = HEIGHT,
    width: float = 0.0,
    below: Sequence[str] = (),
) -> Any:  # noqa: ANN401 - Altair's layer gives one of two kinds
    """Everything of a control chart but its title."""
    points = _looks(made)
    width = width or _width(made)
    rows = layout.levels(layout.across(points["x"], [x for x, _ in made.notes], width), plot.FLAG)
    headroom = plot.FLAG * max([1 + row for row in rows] + [change is not None])
    title = _with_unit(what, unit)
    on = plot.paper(points, _values(made), title, width=width, height=height, headroom=headroom)
    parts = [
        *plot.limits(on),
        *plot.targets(on, points),
        *plot.flags(on, made.notes, rows),
        *([] if change is None else plot.change(on, change)),
        plot.dots(on, points, [*theme.VERDICTS.values(), GHOST]),
        *plot.labels(on, _ends(made)),
        *plot.under(on, below),
    ]
    return _layered([*plot.series(on), *parts], on)


def _values(made: ControlChart) -> list[float]:
    """All that the scale has to hold."""
    return list(made.points[["y", "mean", "lpl", "upl", "target"]].to_numpy(dtype=float).ravel())


def _ends(made: ControlChart) -> list[Line]:
    """The lines that are named at the right."""
    target = Line(float(made.points["target"].iloc[-1]), "target", theme.RED)
    return [Line(made.upl, "upper limit"), Line(made.mean, made.centre), Line(made.lpl, "lower limit"), target]


def _width(made: ControlChart) -> float:
    """How wide the plot may be beside its labels."""
    values = _values(made)
    scale = (np.nanmax(values) - np.nanmin(values)) or 1.0
    known = [line for line in _ends(made) if np.isfinite(line.value)]
    return layout.plot_width(values, [f"{line.words} {layout.number(line.value, scale)}" for line in known])


def _layered(parts: Sequence[alt.Chart], on: plot.Paper) -> Any:  # noqa: ANN401 - as above
    import altair as alt  # noqa: PLC0415 - as above

    return alt.layer(*parts).properties(width=on.width, height=on.height)


def _looks(made: ControlChart) -> pd.DataFrame:
    """The points with the words of their look, and whether it stands out."""
    points = made.points
    verdict = points["verdict"].astype(str)
    words = verdict.map({name: look.words for name, look in theme.VERDICTS.items()})
    return points.assign(
        verdict=verdict,
        look=words.where(~points["ghost"], GHOST.words),
        special=(verdict != "common") | points["ghost"],
    )


def _with_unit(what: str, unit: str) -> str:
    """The measure as the axis names it: with its unit, once."""
    there = re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", what, re.IGNORECASE)
    return what if there or not unit else f"{what}, {unit}"


def _detail(made: ControlChart) -> str:
    """What the lines are, as far as their own labels do not say."""
    points = made.points
    said = ["Dashed lines: limits of usual variation."]
    if len(points.drop_duplicates(["segment", "upl", "lpl"])) > points["segment"].nunique():
        said.append("They step because the points have different sizes.")
    starts = points.drop_duplicates("segment")["x"].iloc[1:]
    if len(starts):
        said.append(f"Drawn afresh from {_listed([layout.place_text(x) for x in starts])}.")
    return " ".join(said).rstrip(".")  # what names the source puts a full stop after it


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _words_below(made: ControlChart) -> list[str]:
    """Each note after its number, then the cautions."""
    notes = [
        layout.paragraph(f"Note {place}, {layout.place_text(x)}: {text}")
        for place, (x, text) in enumerate(made.notes, start=1)
    ]
    cautions = [layout.paragraph(f"Caution: {caution}") for caution in made.cautions]
    return [line for lines in (*notes, *cautions) for line in lines]


def _told(made: ControlChart, unit: str) -> str:
    """What the sentence does not say: targets that changed, notes and cautions."""
    targets = made.points.loc[made.points["target"].notna(), ["x", "target"]]
    steps = targets[targets["target"] != targets["target"].shift()]
    said = []
    if len(steps) > 1:
        levels = [
            f"{shown(row.target)} {unit}".strip().replace(" %", "%") + f" from {layout.place_text(row.x)}"
            for row in steps.itertuples()
        ]
        said.append(f"The target is {_listed(levels)}.")
    said += [f"Note of {layout.place_text(x)}: {text.rstrip('.')}." for x, text in made.notes]
    return " ".join([*said, *made.cautions])


def _heading(what: str, *others: str) -> str:
    """What stands over the values in a table: the measure, unless another column is called so."""
    return f"{what} (value)" if what in {*others, "date", "point", "what it shows", "where it lies"} else what


def _place(points: pd.DataFrame) -> str:
    return "date" if pd.api.types.is_datetime64_any_dtype(points["x"]) else "point"


def _table(made: ControlChart, what: str) -> pd.DataFrame:
    """The points with their lines and what each shows, in plain words."""
    points = _looks(made)
    table = points[["x", "y", "mean", "lpl", "upl"]].copy()
    heads = (made.centre, "lower limit", "upper limit")
    table.columns = [_place(points), _heading(what, *heads, "target"), *heads]
    if points["target"].notna().any():
        table["target"] = points["target"]
    table["what it shows"] = points["look"]
    return table
