"""
How does a chart reach the screen, with no network, no flicker and words for those who cannot see it?

A `Figure` shows one Altair chart. All figures of a notebook share one drawing library,
which flowlib carries with it. A figure whose numbers change is redrawn in place. Its
description is read out by screen readers, and its numbers can be opened as a table.

`svg` gives the same picture as plain markup, for print and for pages without scripts.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from ipywidgets import widget_serialization

from flowlib.core.checks import Refusal, need
from flowlib.show import theme
from flowlib.show.still import WEB, Shown
from flowlib.show.table import table_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    import altair as alt
    import pandas as pd

__all__ = ["MOST_ROWS", "Figure", "Runtime", "drawn_as_png", "laid_open", "still_picture", "svg"]

MOST_ROWS = 5_000  # more marks than this say less, and slow the page down
VERSIONS = json.loads((WEB / "vega_runtime.json").read_text(encoding="utf-8"))  # written by build_runtime


class Runtime(anywidget.AnyWidget):
    """The drawing library, sent to the page once for all figures."""

    _esm = WEB / "vega_runtime.js"
    version = traitlets.Unicode(VERSIONS["sha256"]).tag(sync=True)


class Figure(Shown):
    """
    One chart on the page. *description* says in a sentence what it shows, for those who cannot see it.

    *table*, when given, is opened below the picture with "The numbers as a table".
    """

    _esm = WEB / "figure.js"
    runtime = traitlets.Instance(Runtime).tag(sync=True, **widget_serialization)
    picture = traitlets.Dict().tag(sync=True)

    def __init__(self, chart: alt.TopLevelMixin, *, description: str, table: pd.DataFrame | None = None) -> None:
        """Hold *chart*; it is drawn when shown."""
        self._parts = _parts(chart, description, table)
        super().__init__(runtime=_shared_runtime(), picture=self._parts.packed())

    def update(self, chart: alt.TopLevelMixin, *, description: str, table: pd.DataFrame | None = None) -> None:
        """
        Show *chart* in place of what stands, calmly.

        Where only the numbers differ they glide into the picture that is there; its title
        and description may change too. Anything else is drawn afresh, out of sight, then swapped in.
        """
        self._parts = _parts(chart, description, table)
        self.picture = self._parts.packed()

    @property
    def description(self) -> str:
        """What a screen reader says of the picture as it stands."""
        return self._parts.description

    def still(self) -> str:
        """The picture as it stands, as HTML without scripts."""
        return self._parts.still()

    def __repr__(self) -> str:
        return f"Figure: {self.description}"


def svg(chart: alt.TopLevelMixin, description: str) -> str:
    """The whole chart, title and all, as inline SVG that a screen reader announces as *description*."""
    return _parts(chart, description, None).inline(titled=True)


def laid_open(chart: alt.TopLevelMixin, description: str) -> dict[str, Any]:
    """What a `Figure` would send to its page, with the rows as they are: for a page that holds many pictures."""
    parts = _parts(chart, description, None)
    return {**parts.words(), "tables": parts.tables}


def drawn_as_png(chart: alt.TopLevelMixin, description: str) -> bytes:
    """The whole chart, title and all, as a PNG of twice its size in pixels."""
    return _parts(chart, description, None).png()


def still_picture(spec: dict[str, Any]) -> str:
    """A finished Vega-Lite *spec* as inline SVG, described by its own description or title."""
    finding, _ = _words(spec.get("title"))
    return _taken_apart(spec, str(spec.get("description") or finding or "A chart"), "").inline(titled=True)


@dataclass(frozen=True)
class _Parts:
    """A chart, taken apart: what seldom changes, what often does, and the words around it."""

    spec: dict[str, Any]  # Vega-Lite without its tables and title
    tables: dict[str, list[dict[str, Any]]]  # rows by name
    title: Any  # as Vega-Lite has it
    description: str
    table: str  # HTML

    def packed(self) -> dict[str, Any]:
        """What travels to the page. The rows go packed: a notebook server drops what comes too fast."""
        return {**self.words(), "tables": zlib.compress(json.dumps(self.tables).encode())}

    def words(self) -> dict[str, Any]:
        """All of it but the rows."""
        finding, detail = _words(self.title)
        return {
            "spec": json.dumps(self.spec, sort_keys=True),
            "finding": finding,
            "detail": detail,
            "description": self.description,
            "table": self.table,
        }

    def inline(self, *, titled: bool) -> str:
        """The picture alone, as SVG inside an element that carries the description."""
        import vl_convert  # noqa: PLC0415 - a large library, only for still pictures

        drawn = vl_convert.vegalite_to_svg(
            self._whole(titled=titled), vl_version=VERSIONS["vega-lite"], allowed_base_urls=[]
        )
        label = html.escape(self.description)
        return f'<div class="picture" role="img" aria-label="{label}">{_embeddable(drawn)}</div>'

    def png(self) -> bytes:
        """The picture with its title, for a slide."""
        import vl_convert  # noqa: PLC0415 - as above

        return bytes(
            vl_convert.vegalite_to_png(
                self._whole(titled=True), vl_version=VERSIONS["vega-lite"], allowed_base_urls=[], scale=2
            )
        )

    def _whole(self, *, titled: bool) -> dict[str, Any]:
        spec = {**self.spec, "datasets": self.tables}
        return {**spec, "title": self.title} if titled and self.title is not None else spec

    def still(self) -> str:
        """Title, picture and table, as the live figure has them."""
        finding, detail = (html.escape(words) for words in _words(self.title))
        caption = f'<span class="finding">{finding}</span><span class="detail">{detail}</span>'
        caption = f"<figcaption>{caption}</figcaption>" if finding or detail else ""
        table = f"<details><summary>The numbers as a table</summary>{self.table}</details>" if self.table else ""
        return f'<figure class="flowlib flowlib-figure">{caption}{self.inline(titled=False)}{table}</figure>'


_runtime: Runtime | None = None


def _shared_runtime() -> Runtime:
    """The one runtime of this kernel; a new one if the old was closed."""
    global _runtime  # noqa: PLW0603 - one to a kernel is its point
    if _runtime is None or _runtime.comm is None:
        _runtime = Runtime()
    return _runtime


def _parts(chart: alt.TopLevelMixin, description: str, table: pd.DataFrame | None) -> _Parts:
    numbers = "" if table is None else table_html(table, caption="The numbers in this picture")
    return _taken_apart(_as_spec(chart), description, numbers)


def _as_spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The chart in Vega-Lite, with flowlib's look."""
    import altair as alt  # noqa: PLC0415 - seconds to load, so only when a chart is made

    theme.enable()
    try:
        with alt.data_transformers.enable("default", max_rows=MOST_ROWS):
            return dict(chart.to_dict())
    except alt.MaxRowsError:
        raise Refusal(_too_many(f"more than {MOST_ROWS:,}")) from None


def _taken_apart(spec: dict[str, Any], description: str, table: str) -> _Parts:
    need(
        description.strip(),
        "A picture needs a description for people who cannot see it, such as: Waits fell from 6 hours to 4.",
    )
    spec = {**spec}
    for name in ("usermeta", "$schema", "description"):
        spec.pop(name, None)
    title = spec.pop("title", None)
    if title is not None and not any(_words(title)):
        spec["title"], title = title, None
    tables = spec.pop("datasets", {})
    _check(spec, tables)
    spec, tables = _renamed(spec, tables)
    return _Parts(spec, tables, title, description.strip(), table)


def _check(spec: dict[str, Any], tables: dict[str, list[Any]]) -> None:
    """Refuse a chart with too many rows, or one that would fetch its data."""
    within = [source for source in _sources(spec) if isinstance(source, dict)]
    need(
        not any("url" in source for source in within),
        "This chart reads its data from an address, and pictures here work offline. Give it a table instead.",
    )
    inline = [source["values"] for source in within if isinstance(source.get("values"), list)]
    rows = sum(len(values) for values in [*tables.values(), *inline])
    need(rows <= MOST_ROWS, _too_many(f"{rows:,}"))


def _too_many(rows: str) -> str:
    return (
        f"A picture holds at most {MOST_ROWS:,} rows of data; this one has {rows}. "
        "Count or average the rows first, for example by day."
    )


def _sources(part: Any) -> Iterator[Any]:  # noqa: ANN401 - a specification nests anything
    """Every `data` of a specification, however deep."""
    if isinstance(part, dict):
        if "data" in part:
            yield part["data"]
        for inner in part.values():
            yield from _sources(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _sources(inner)


def _renamed(spec: dict[str, Any], tables: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    The same chart with names that stay the same from one version to the next.

    Altair names tables, views and parameters after what they hold, so two charts that
    differ only in their numbers would look different throughout.
    """
    text = json.dumps(spec)
    counted = dict.fromkeys(re.findall(r'"name": "((?:view|param)_[0-9a-f]+(?:_\d+)?)"', text))
    names = {old: f"table_{place}" for place, old in enumerate(tables) if re.fullmatch(r"data-[0-9a-f]+", old)}
    names |= {old: f"{old.split('_')[0]}_at_{place}" for place, old in enumerate(counted)}
    if names:
        text = re.sub(rf"\b({'|'.join(map(re.escape, names))})\b", lambda found: names[found[0]], text)
    return json.loads(text), {names.get(old, old): rows for old, rows in tables.items()}


def _words(title: Any) -> tuple[str, str]:  # noqa: ANN401 - text, lines of text, or a dictionary
    """The finding and the detail of a Vega-Lite title, each on one line."""
    if not isinstance(title, dict):
        title = {"text": title}
    finding, detail = (title.get(part) or "" for part in ("text", "subtitle"))
    return _one_line(finding), _one_line(detail)


def _one_line(words: Any) -> str:  # noqa: ANN401 - as above; a formula is left to Vega-Lite
    if isinstance(words, list):
        return " ".join(map(str, words))
    return words if isinstance(words, str) else ""


def _embeddable(drawn: str) -> str:
    """An SVG that shrinks with the page, and whose inner names cannot clash with another's on it."""
    own = hashlib.sha256(drawn.encode()).hexdigest()[:10]
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="f{own}-\1"', drawn)
    drawn = re.sub(r'url\((["\']?)#', rf"url(\1#f{own}-", drawn)
    drawn = re.sub(r'href="#', f'href="#f{own}-', drawn)
    return drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" style="max-width:100%;height:auto" ', 1)
