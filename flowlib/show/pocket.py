"""
How does a what-if travel in an e-mail, and work on a locked-down laptop?

As one page that holds every result beforehand: no Python, and nothing fetched. It has
the controls of the notebook and follows the same order: predict, look, change, compare.
The results are packed (each chart, table and sentence once) beside the one drawing
library. A page that would hold too much is refused, with the control to make coarser.
"""

from __future__ import annotations

import base64
import html
import itertools
import json
import math
import re
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flowlib.change import kept
from flowlib.core.checks import Refusal, choice, need, positive, shown
from flowlib.show.at_work import Estimate
from flowlib.show.choices import Choice, Tick
from flowlib.show.controls import Slider
from flowlib.show.figure import laid_open
from flowlib.show.kept_code import Kept, values_of, write
from flowlib.show.still import WEB
from flowlib.show.table import table_html
from flowlib.show.try_it_words import changed, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    from flowlib.show.kept_code import Control
    from flowlib.show.picture import Picture
    from flowlib.show.try_it import Question

__all__ = ["MOST_BYTES", "MOST_RESULTS", "Ready", "written"]

MOST_RESULTS = 1_000  # beforehand; a team waits about a minute for so many
MOST_BYTES = 2_000_000  # of a page; some e-mail servers refuse more than a few million
PARTS = ("slider", "choice", "tick", "prediction", "button", "sentence", "figure", "table", "keep")
HANDED_ON = "export default { render };"
KINDS = {Slider: "slider", Choice: "choice", Tick: "tick"}
TRAITS = ("label", "value", "min", "max", "step", "unit", "one", "options", "disabled")
POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True)
class Ready:
    """All that a page to send is made of: what `TryIt` was given, and the words on its buttons."""

    title: str
    name: str
    controls: Mapping[str, Control]
    today: Mapping[str, Any]
    question: Question
    ask: Callable[..., Any]
    draw: Callable[[Any, Any], tuple[Picture, ...]]
    say: Callable[[Any], str]
    compare: Callable[[Any, Any], str] | None
    caption: str
    words: Mapping[str, str]
    stands: Kept  # how the notebook stood: so the page opens
    steps: Mapping[str, float] = field(default_factory=dict)  # sliders that are coarser on the page

    def grid(self) -> dict[str, list[Any]]:
        """The settings that the page offers, by control."""
        for key, step in self.steps.items():
            control = self.controls[choice("control", key, self.controls)]
            need(isinstance(control, Slider), f'Only sliders have steps, and "{key}" is none. Leave it out.')
            positive(f'the step of "{key}"', step)
        made = {key: values_of(control, step=self.steps.get(key)) for key, control in self.controls.items()}
        for key, value in (*self.today.items(), *self.question.at.items()):
            need(value in made[key], f'"{self.controls[key].label}" starts at {value}, which these steps leave out.')
        return made


def written(ready: Ready, place: Path) -> Generator[Estimate, None, None]:
    """Write the page to *place*, one result after the other; the last estimate's result is the place."""
    grid = ready.grid()
    total = math.prod(len(values) for values in grid.values())
    if total > MOST_RESULTS:
        raise Refusal(_too_many(ready, grid, total))
    need(place.parent.is_dir(), f'There is no folder "{place.parent.name}". Make it first, or choose another.')
    pools = _Pools()
    today = _last(ready.ask(**ready.today))
    states = []
    for number, values in enumerate(itertools.product(*grid.values())):
        result = _last(ready.ask(**dict(zip(grid, values, strict=True))))
        states.append(_state(ready, pools, result, today))
        yield Estimate(None, 0.99 * (number + 1) / total)
    page = _page(ready, _held(ready, grid, pools, states))
    size = len(page.encode())
    need(size <= MOST_BYTES, _too_large(ready, grid, size))
    kept.write(place, page)
    yield Estimate(place, 1.0)


def _last(made: Any) -> Any:  # noqa: ANN401 - whatever the lesson's function gives
    """A result, or the last of a long sum's estimates."""
    if not hasattr(made, "__next__"):
        return made
    found = None
    for estimate in made:
        found = estimate.result
    return found


class _Pools:
    """Charts' looks, tables' rows and texts, each held once however many results use it."""

    def __init__(self) -> None:
        self.looks: dict[str, int] = {}
        self.rows: dict[str, int] = {}
        self.texts: dict[str, int] = {}

    def text(self, words: str) -> int:
        return self.texts.setdefault(words, len(self.texts))

    def table(self, rows: list[dict[str, Any]]) -> int:
        """Rows by column: their names are then written once."""
        columns = list(dict.fromkeys(name for row in rows for name in row))
        packed = json.dumps([columns, *([row.get(name) for row in rows] for name in columns)], separators=(",", ":"))
        return self.rows.setdefault(packed, len(self.rows))

    def picture(self, picture: Picture) -> list[Any]:
        """A picture as places in the pools: look, finding, detail, description, tables by name."""
        there = laid_open(picture.chart, picture.description)
        look = self.looks.setdefault(there["spec"], len(self.looks))
        words = [self.text(there[part]) for part in ("finding", "detail", "description")]
        return [look, *words, {name: self.table(rows) for name, rows in there["tables"].items()}]

    def lists(self) -> dict[str, list[Any]]:
        """What the places mean."""
        return {"looks": list(self.looks), "rows": [json.loads(rows) for rows in self.rows], "texts": list(self.texts)}


def _state(ready: Ready, pools: _Pools, result: Any, today: Any) -> list[Any]:  # noqa: ANN401 - the lesson's own
    """One result: what is said, which answer came true, the table, the pictures without and with today."""
    alone, beside = ready.draw(result, None), ready.draw(result, today)
    tables = [one.table for one in alone if one.table is not None]
    table = table_html(tables[0], caption=ready.caption) if tables else ""
    came = list(ready.question.options).index(
        choice("answer", ready.question.came_true(result), ready.question.options)
    )
    return [
        pools.text(ready.say(result)),
        pools.text(ready.compare(result, today) if ready.compare else ""),
        pools.text(table),
        came,
        [pools.picture(one) for one in alone],
        [pools.picture(one) for one in beside],
    ]


def _held(ready: Ready, grid: Mapping[str, list[Any]], pools: _Pools, states: list[list[Any]]) -> dict[str, Any]:
    """All that the page knows."""
    question, options = ready.question, list(ready.question.options)
    return {
        "name": ready.name,
        "words": dict(ready.words),
        "controls": [_control(key, ready, values) for key, values in grid.items()],
        "question": {"legend": question.legend, "options": options, "at": dict(question.at)},
        "compares": ready.compare is not None,
        "opens": _opening(ready, grid),
        "told": [[question.told(guess, came) for came in options] for guess in options],
        "states": states,
        **pools.lists(),
    }


def _opening(ready: Ready, grid: Mapping[str, list[Any]]) -> dict[str, str]:
    """The code of how the notebook stood, at the nearest settings that the page holds; and which are not the same."""
    stood = ready.stands.values
    held = {key: _nearest(values, stood[key]) for key, values in grid.items()}
    code = write(ready.name, ready.controls, replace(ready.stands, values=held))
    return {"code": code, "nearest": nearest(ready.controls, stood, held)}


def _nearest(values: list[Any], value: Any) -> Any:  # noqa: ANN401 - a number, a text or a bool
    return value if value in values else min(values, key=lambda one: abs(one - value))


def _control(key: str, ready: Ready, values: list[Any]) -> dict[str, Any]:
    control = ready.controls[key]
    traits = {name: getattr(control, name) for name in TRAITS if control.has_trait(name)}
    traits["value"] = ready.today[key]
    kind = next(name for of, name in KINDS.items() if isinstance(control, of))
    if isinstance(control, Slider):
        traits |= {"min": values[0], "max": values[-1], "step": values[1] - values[0]}
    differs = [changed({key: control}, {key: value}, ready.today) for value in values]
    return {"key": key, "kind": kind, "traits": traits, "values": values, "differs": differs}


def _page(ready: Ready, held: dict[str, Any]) -> str:
    """The page: words, look, drawing library, parts and what they show."""
    packed = base64.b64encode(zlib.compress(json.dumps(held, separators=(",", ":")).encode(), 9)).decode()
    style = "\n".join((WEB / name).read_text(encoding="utf-8") for name in ("show.css", "pocket.css"))
    title = html.escape(ready.title)
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main class="flowlib flowlib-pocket">
<h1>{title}</h1>
<noscript><p>This page needs scripts. Allow them for this page, or open it in another browser.</p></noscript>
<div class="sides"><div class="left"></div><div class="right"></div></div>
<div class="buttons"></div>
<div class="under"></div>
<div class="keeping"></div>
<p class="about">Every result on this page was worked out beforehand. Nothing is sent anywhere. Made with flowlib.</p>
</main>
<script type="application/octet-stream" id="held">{packed}</script>
<script type="module">
{_library()}
</script>
<script type="module">
{_script()}
</script>
</body>
</html>
"""


def _library() -> str:
    """The drawing library, put on its shelf as "page" when the page opens."""
    script = (WEB / "vega_runtime.js").read_text(encoding="utf-8")
    found = re.search(r"export\{(\S+) as default\};\s*$", script)
    need(found, "The drawing library is not as flowlib made it. Run python -m flowlib.show.build_runtime again.")
    assert found is not None  # noqa: S101 - refused above
    return f'{script[: found.start()]}{found[1]}.initialize({{model:{{get:()=>"page"}}}});'


def _script() -> str:
    """The parts as they are in a notebook, each closed in itself, and what holds them together here."""
    parts = ["const parts = {};"]
    for name in PARTS:
        source = (WEB / f"{name}.js").read_text(encoding="utf-8")
        parts.append(f"parts.{name} = (() => {{\n{source.replace(HANDED_ON, 'return render;')}\n}})();")
    return "\n".join([*parts, (WEB / "pocket.js").read_text(encoding="utf-8")])


def _coarser(ready: Ready, grid: Mapping[str, list[Any]]) -> str:
    """Which control to make coarser, and how many settings it has."""
    sliders = [key for key in grid if isinstance(ready.controls[key], Slider)]
    key = max(sliders or grid, key=lambda name: len(grid[name]))
    return f'Make "{ready.controls[key].label}" coarser, which has {len(grid[key])} settings.'


def _too_many(ready: Ready, grid: Mapping[str, list[Any]], total: int) -> str:
    return f"The page would hold {shown(total)} results, and {shown(MOST_RESULTS)} is the most. {_coarser(ready, grid)}"


def _too_large(ready: Ready, grid: Mapping[str, list[Any]], size: int) -> str:
    big, most = (f"{number / 1e6:.1f} million bytes" for number in (size, MOST_BYTES))
    return f"The page would have {big}, and {most} is the most. {_coarser(ready, grid)}"
