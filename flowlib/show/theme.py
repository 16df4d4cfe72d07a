"""
How do all pictures look alike, and stay readable in print, on a projector and without colour?

One Altair theme, with the colours of the NHS service manual, kept to those that stand
out at least 3 to 1 against white (the level that WCAG 2.2 asks of graphics). Orange
does not, so it is a fill with a dark outline. No colour works alone: shapes and words
carry the same meaning.
"""

from __future__ import annotations

import functools
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flowlib.core.checks import need

if TYPE_CHECKING:
    import altair as alt

    Chart = TypeVar("Chart", bound="alt.TopLevelMixin")

__all__ = [
    "BLUE",
    "CATEGORIES",
    "GREY",
    "INK",
    "ORANGE",
    "PURPLE",
    "RED",
    "VERDICTS",
    "Verdict",
    "config",
    "enable",
    "titled",
    "verdict_colour",
    "verdict_outline",
    "verdict_shape",
]

# NHS service manual, colour page. Contrast with white in brackets.
BLUE = "#005eb8"  # 6.4
GREY = "#4c6272"  # 6.4
PURPLE = "#330072"  # 14.8
RED = "#d5281b"  # 5.0, for targets
GREEN = "#007f3b"  # 5.1
PINK = "#ae2573"  # 6.4
INK = "#212b32"  # 14.4, for words and outlines
ORANGE = "#ed8b00"  # 2.5: only ever a fill inside an outline of INK
PALE = "#d8dde0"  # grid lines, which carry no meaning of their own

# Colours for groups, in an order in which neighbours differ in lightness too.
CATEGORIES = (BLUE, PINK, GREEN, PURPLE, GREY, RED)

# Arial and its twins have the same widths everywhere, so a label that fits here fits there.
FONT = 'Arial, "Liberation Sans", "Helvetica Neue", Helvetica, sans-serif'
FONT_SIZE = 14  # pixels; a picture 640 wide, printed across A5, gives type of about 8 points
TITLE_SIZE = 18
WRAPPED = "length(datum.label) > 10 ? split(datum.label, ' ') : datum.label"  # level, a word to a line
TITLE_WIDTH = 68  # characters to a line of title


@dataclass(frozen=True)
class Verdict:
    """How a point of one verdict looks, and the words that go with it."""

    colour: str
    outline: str
    shape: str  # a Vega symbol
    words: str


# The verdicts of `flowlib.measure.spc`. Making Data Count's colours, darkened for contrast.
VERDICTS = {
    "common": Verdict(GREY, GREY, "circle", "No special change"),
    "improvement": Verdict(BLUE, BLUE, "triangle-up", "Better than chance explains"),
    "concern": Verdict(ORANGE, INK, "triangle-down", "Worse than chance explains"),
    "neutral": Verdict(PURPLE, PURPLE, "diamond", "Changed, neither better nor worse"),
}


def config() -> dict[str, Any]:
    """The theme, in Vega-Lite's own words."""
    words = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": INK}
    sizes = {"labelFontSize": FONT_SIZE, "titleFontSize": FONT_SIZE}
    return {
        "background": "white",
        "font": FONT,
        "aria": False,  # the picture as a whole has one description; its hundred marks need none
        "view": {"continuousWidth": 560, "continuousHeight": 300, "discreteWidth": {"step": 72}, "stroke": None},
        "title": _title_style(),
        "axis": {**words, **sizes, **_axis_style()},
        "axisX": {"grid": False, "titlePadding": 10, "labelOverlap": "greedy", "labelSeparation": 8},
        "axisXDiscrete": {"labelAngle": 0, "labelOverlap": False, "ticks": False, "labelExpr": WRAPPED},
        "axisY": {
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleX": 0,
            "titleY": -14,
            "ticks": False,
            "tickCount": 6,
        },
        "legend": {**words, **sizes, "orient": "top", "titleFontWeight": "bold", "symbolSize": 110, "labelLimit": 320},
        "header": {**words, **sizes, "labelFontWeight": "bold"},
        "range": {"category": list(CATEGORIES), "symbol": [verdict.shape for verdict in VERDICTS.values()]},
        "mark": {"color": BLUE},
        "line": {"strokeWidth": 2.5, "color": BLUE},
        "point": {"size": 110, "filled": True, "color": BLUE, "opacity": 1, "strokeWidth": 1.25},
        "rule": {"color": GREY, "strokeWidth": 1.5},
        "text": {"font": FONT, "fontSize": FONT_SIZE, "color": INK},
        "tick": {"thickness": 2},
    }


def _title_style() -> dict[str, Any]:
    return {
        "anchor": "start",
        "frame": "group",
        "font": FONT,
        "fontSize": TITLE_SIZE,
        "fontWeight": "bold",
        "color": INK,
        "offset": 14,
        "subtitleFont": FONT,
        "subtitleFontSize": FONT_SIZE,
        "subtitleColor": GREY,
        "subtitlePadding": 6,
    }


def _axis_style() -> dict[str, Any]:
    return {
        "domainColor": GREY,
        "tickColor": GREY,
        "gridColor": PALE,
        "labelPadding": 6,
        "titleFontWeight": "normal",
        "labelLimit": 240,
    }


def enable() -> None:
    """
    Give every Altair chart this look, here and when it is shown without a `Figure`.

    Altair's own ways to show a chart need an outside address; a chart shown on its own
    becomes a still picture instead, which needs none.
    """
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    _register()
    alt.theme.enable("flowlib")
    alt.renderers.enable("flowlib")


@functools.cache
def _register() -> None:
    """Make the look known to Altair, once: asking it which looks it knows takes longer than drawing."""
    import altair as alt  # noqa: PLC0415 - as above

    alt.theme.register("flowlib", enable=False)(lambda: alt.theme.ThemeConfig(config=cast("Any", config())))
    alt.renderers.register("flowlib", _still)


def _still(spec: dict[str, Any], **_: Any) -> dict[str, str]:  # noqa: ANN401 - Altair hands its own options on
    """What Altair shows for a chart on its own."""
    from flowlib.show.figure import still_picture  # noqa: PLC0415 - figure stands on this module

    return {"text/html": still_picture(spec)}


def titled(chart: Chart, finding: str, *, unit: str, source: str = "") -> Chart:
    """
    The same chart under its *finding*, one sentence, with the *unit* and the *source* below it.

    Long findings are broken into lines, so that none runs off the paper.
    """
    need(finding.strip(), "A chart needs a title that says what it shows, such as: Waits fell in May.")
    need(unit.strip(), "A chart needs its unit, such as: hours from arrival to leaving.")
    import altair as alt  # noqa: PLC0415 - as above

    enable()
    below = f"{unit.strip()}. Source: {source.strip()}" if source.strip() else unit.strip()
    lines = textwrap.wrap(finding.strip(), TITLE_WIDTH)
    return chart.properties(title=alt.TitleParams(text=lines, subtitle=textwrap.wrap(below, 82)))


def verdict_colour(field: str = "verdict") -> alt.Color:
    """Colour by verdict. Use it with `verdict_shape`, never alone."""
    import altair as alt  # noqa: PLC0415 - as above

    return alt.Color(f"{field}:N", scale=_scale([look.colour for look in VERDICTS.values()]), legend=None)


def verdict_outline(field: str = "verdict") -> alt.Stroke:
    """Outline by verdict: dark round orange, which is too pale to stand alone."""
    import altair as alt  # noqa: PLC0415 - as above

    return alt.Stroke(f"{field}:N", scale=_scale([look.outline for look in VERDICTS.values()]), legend=None)


def verdict_shape(field: str = "verdict") -> alt.Shape:
    """Shape by verdict, the second code beside colour."""
    import altair as alt  # noqa: PLC0415 - as above

    return alt.Shape(f"{field}:N", scale=_scale([look.shape for look in VERDICTS.values()]), legend=None)


def _scale(looks: list[str]) -> alt.Scale:
    import altair as alt  # noqa: PLC0415 - as above

    return alt.Scale(domain=list(VERDICTS), range=looks)
