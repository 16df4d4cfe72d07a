"""
Is it getting better, and will it meet its target? Two small signs that say so at a glance.

The signs are flowlib's own drawing. Each has a shape of its own, so that none is told
by colour alone, and a name that a screen reader says. *Variation* is what the latest
point shows: an arrow says which way the values lie or go, what is around it says whether that is
better (a square), worse (an eight-sided stop sign) or neither (a diamond). *Assurance*
is what the usual variation will do with the target: meet it, miss it, or either.

Every edge stands out at least 3 to 1 from what is behind it (WCAG 2.2, 1.4.11).
"""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowlib.core.checks import choice, need
from flowlib.measure.spc_words import just_meets
from flowlib.show import theme

if TYPE_CHECKING:
    from flowlib.measure.spc import ControlChart

__all__ = ["ASSURANCE", "ICONS", "VARIATION", "Icon", "assurance", "icon", "legend", "name_of", "variation"]

BOX = 24  # every sign is drawn on a square of so many units
SMALLEST = 8  # pixels; below this no shape can be told
KEY_ROW = 36  # of the legend, in pixels
KEY_WIDTH = 620

_SQUARE = f'<rect x="1.5" y="1.5" width="21" height="21" rx="4" fill="{theme.BLUE}"/>'
_STOP = (
    f'<path d="M7.7 1.5h8.6l6.2 6.2v8.6l-6.2 6.2H7.7l-6.2-6.2V7.7z" fill="{theme.ORANGE}" stroke="{theme.INK}"'
    ' stroke-width="2"/>'
)
_DIAMOND = f'<path d="M12 .6 23.4 12 12 23.4.6 12z" fill="{theme.PURPLE}"/>'
_UP = '<path d="M12 18.5v-12M6.8 11 12 5.8 17.2 11" {}/>'
_DOWN = '<path d="M12 5.5v12M6.8 13 12 18.2 17.2 13" {}/>'
_BOTH = '<path d="M12 4.6 16.6 10.6H7.4zM12 19.4 16.6 13.4H7.4z" fill="#ffffff"/>'


def _stroke(colour: str, width: float) -> str:
    """A line of *colour* with round ends, and nothing inside."""
    return f'fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"'


_ON_DARK, _ON_LIGHT = _stroke("#ffffff", 2.6), _stroke(theme.INK, 2.6)


@dataclass(frozen=True)
class Icon:
    """One sign: what a screen reader calls it, and its drawing on a square of 24 units."""

    words: str
    drawing: str


VARIATION = {
    "common": Icon(
        "Usual variation",
        f'<path d="M2 5h20M2 19h20" {_stroke(theme.GREY, 1.8)}/>'
        f'<path d="M2.5 12c2.4-5.6 4.4-5.6 6.4 0s4 5.6 6.2 0 4.2-5.6 6.4 0" {_stroke(theme.GREY, 2.2)}/>',
    ),
    "improvement_up": Icon("Improvement: values are higher", _SQUARE + _UP.format(_ON_DARK)),
    "improvement_down": Icon("Improvement: values are lower", _SQUARE + _DOWN.format(_ON_DARK)),
    "concern_up": Icon("Cause for concern: values are higher", _STOP + _UP.format(_ON_LIGHT)),
    "concern_down": Icon("Cause for concern: values are lower", _STOP + _DOWN.format(_ON_LIGHT)),
    "neutral": Icon("Changed, neither better nor worse", _DIAMOND + _BOTH),
}
ASSURANCE = {
    "pass": Icon(
        "Meets its target every time",
        f'<path d="M2.5 13.5 8.8 20 21.5 4.5" {_stroke(theme.BLUE, 4)}/>',
    ),
    "fail": Icon(
        "Misses its target every time",
        f'<circle cx="12" cy="12" r="10.3" fill="{theme.ORANGE}" stroke="{theme.INK}" stroke-width="2"/>'
        f'<path d="m7.6 7.6 8.8 8.8m0-8.8-8.8 8.8" {_stroke(theme.INK, 3)}/>',
    ),
    "hit_or_miss": Icon(
        "Sometimes meets its target, sometimes not",
        f'<circle cx="12" cy="12" r="10.3" fill="#ffffff" stroke="{theme.GREY}" stroke-width="2"/>'
        f'<path d="M12 1.7a10.3 10.3 0 0 0 0 20.6z" fill="{theme.GREY}"/>',
    ),
    "none": Icon("No target to judge by", f'<path d="M7 12h10" {_stroke(theme.GREY, 2.6)}/>'),
}
ICONS = {**VARIATION, **ASSURANCE}
# What "hit_or_miss" means where every usual point meets the target, and none has room to spare.
JUST = "Meets its target every time, with no room to spare"


def icon(name: str, *, size: float = BOX, words: str = "") -> str:
    """
    The sign called *name* (one of `ICONS`) as inline SVG, *size* pixels square, 8 or more.

    *words* replace those that a screen reader says.

    >>> icon("pass").startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"')
    True
    """
    found = ICONS[choice("icon", name, ICONS)]
    need(math.isfinite(size) and size >= SMALLEST, f"An icon needs a size of {SMALLEST} pixels or more; {size} came.")
    words = html.escape(words or found.words)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BOX} {BOX}" width="{size:g}" height="{size:g}"'
        f' role="img" aria-label="{words}"><title>{words}</title>{found.drawing}</svg>'
    )


def variation(chart: ControlChart, *, size: float = BOX) -> str:
    """
    The sign for the latest point of *chart*: usual, better, worse, or changed.

    A trend is said to rise or fall, since a rise may still lie below the mean.

    >>> from flowlib.measure.spc import xmr
    >>> ">Improvement: values are lower<" in variation(xmr([9, 8, 9, 8, 9, 8, 9, 2], improvement="down"))
    True
    """
    name = name_of(chart.variation, chart.improvement)
    words = ICONS[name].words
    if chart.points.loc[~chart.points["ghost"].astype(bool), "signal"].iloc[-1] == "trend":
        words = words.replace("higher", "rising").replace("lower", "falling")
    return icon(name, size=size, words=words)


def assurance(chart: ControlChart, *, size: float = BOX) -> str:
    """
    The sign for what the usual variation of *chart* will do with its target.

    >>> from flowlib.measure.spc import xmr
    >>> ">No target to judge by<" in assurance(xmr([9, 8, 9, 8]))
    True
    """
    return icon(chart.assurance or "none", size=size, words=JUST if just_meets(chart) else "")


def name_of(verdict: str, improvement: str | None) -> str:
    """
    The name of the variation sign for a *verdict*, where *improvement* is "up", "down" or None.

    >>> name_of("concern", "down"), name_of("common", "up")
    ('concern_up', 'common')
    """
    choice("verdict", verdict, theme.VERDICTS)
    if verdict not in {"improvement", "concern"}:
        return verdict
    way = choice("direction of improvement", improvement, ["up", "down"])
    if verdict == "concern":
        way = "down" if way == "up" else "up"
    return f"{verdict}_{way}"


def legend() -> str:
    """
    All the signs with their meanings, as one SVG picture 620 pixels wide.

    >>> legend().count("<text")
    12
    """
    columns = (("What the latest point shows", VARIATION), ("What to expect against the target", ASSURANCE))
    rows = max(len(group) for _, group in columns)
    drawn = "".join(_column(heading, group, x) for (heading, group), x in zip(columns, (0, 290), strict=True))
    said = html.escape("All the signs. " + ". ".join(one.words for one in ICONS.values()) + ".")
    height = KEY_ROW * rows + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {KEY_WIDTH} {height}" width="{KEY_WIDTH}"'
        f' height="{height}" role="img" aria-label="{said}" font-family="{html.escape(theme.FONT)}"'
        f' font-size="{theme.FONT_SIZE}" fill="{theme.INK}"><title>{said}</title>'
        f'<rect width="{KEY_WIDTH}" height="{height}" fill="#ffffff"/>{drawn}</svg>'
    )


def _column(heading: str, group: dict[str, Icon], x: float) -> str:
    """One column of the legend: its heading, then a sign and its words a row."""
    parts = [f'<text x="{x}" y="16" font-weight="bold">{html.escape(heading)}</text>']
    for row, one in enumerate(group.values()):
        top = 30 + KEY_ROW * row
        parts.append(f'<g transform="translate({x} {top})">{one.drawing}</g>')
        parts.append(f'<text x="{x + 34}" y="{top + 17}">{html.escape(one.words)}</text>')
    return "".join(parts)
