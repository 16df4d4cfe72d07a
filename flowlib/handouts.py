"""
What is there on paper for a lesson: a page for who leads it, and one page to take away?

Each is a Markdown file in `notebooks/handouts`, named after its lesson. A line
`[picture: maureen]` is a picture from the lesson's own sums, so that paper and screen
cannot drift apart; `[lines: 3]` is room to write. Both come out as a page that needs no
network, and prints on A4.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from flowlib.core.checks import choice, need

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from flowlib.show.picture import Picture

__all__ = ["KINDS", "PICTURES", "handout", "handout_command", "handouts"]

Kind = Literal["facilitator", "one_page"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OWN = "own"  # the folder for what a person makes
FOLDER = Path("notebooks") / "handouts"
SPECIAL = re.compile(r"^\[(picture|lines): ([\w-]+)\]$", re.MULTILINE)


def handouts(folder: Path) -> list[tuple[str, Kind]]:
    """Lesson and kind of each handout in the project's *folder*, in order."""
    names = sorted(path.stem for path in (folder / FOLDER).glob("*.md"))
    return [(name.partition("_")[0], kind) for name in names for kind in KINDS if name.endswith(f"_{kind}")]


def handout(folder: Path, lesson: str, kind: str) -> str:
    """
    The HTML page of *kind* for the lesson with the number *lesson* ("23").

    Raises a `Refusal` that lists the lessons that have one, where this lesson has none.
    """
    choice("kind of handout", kind, list(KINDS))
    choice("lesson with a handout", lesson, [number for number, of_kind in handouts(folder) if of_kind == kind])
    text = (folder / FOLDER / f"{lesson}_{kind}.md").read_text(encoding="utf-8")
    import nbformat  # noqa: PLC0415 - half a second to load

    from flowlib.show import export_html  # noqa: PLC0415 - charts are slow to load

    node = nbformat.v4.new_notebook(cells=_cells(text))  # type: ignore[no-untyped-call]  # nbformat publishes no types
    heading = re.match(r"# (.+)", text)
    page = export_html(node, title=heading[1] if heading else f"Lesson {lesson}")
    return page.replace("</style>", STYLE + "</style>", 1)


def handout_command(asked: argparse.Namespace) -> int:
    """`flowlib handout LESSON`."""
    from flowlib import serving  # noqa: PLC0415 - only where a folder is looked for

    folder = serving.project_folder()
    out = folder / OWN if asked.out is None else Path(asked.out)
    if asked.out is None:
        out.mkdir(exist_ok=True)
    need(out.is_dir(), f'There is no folder "{out}". Make it first, or choose another.')
    for kind in KINDS:
        place = out / f"{asked.lesson}_{kind}.html"
        place.write_text(handout(folder, asked.lesson, kind), encoding="utf-8")
        serving.say(f"Written: {place}")
        if asked.pdf:
            from flowlib.show import to_pdf  # noqa: PLC0415 - only where it is asked for

            serving.say(f"Written: {to_pdf(place, place.with_suffix('.pdf'))}")
    return 0


def _cells(text: str) -> list[Any]:
    """Words as they are; each special line as what it stands for."""
    from nbformat import v4  # noqa: PLC0415 - half a second to load

    cells, begun = [], 0
    for found in SPECIAL.finditer(text):
        cells.append(v4.new_markdown_cell(text[begun : found.start()]))  # type: ignore[no-untyped-call]
        shown = _lines(int(found[2])) if found[1] == "lines" else _drawn(found[2])
        output = v4.new_output("display_data", {"text/html": shown})  # type: ignore[no-untyped-call]
        cells.append(v4.new_code_cell("", outputs=[output]))  # type: ignore[no-untyped-call]
        begun = found.end()
    cells.append(v4.new_markdown_cell(text[begun:]))  # type: ignore[no-untyped-call]
    return cells


def _lines(number: int) -> str:
    return '<div class="to-write" role="img" aria-label="Room to write">' + "<div></div>" * number + "</div>"


def _drawn(name: str) -> str:
    """The picture called *name*, with what it shows in words below it for who cannot see it."""
    choice("picture", name, list(PICTURES))
    picture = PICTURES[name]()
    described = html.escape(picture.description)
    return f'<figure class="flowlib flowlib-figure" aria-label="{described}">{picture.svg()}</figure>'


STYLE = """
.to-write div { height: 9mm; border-bottom: 1px solid #768692; }
@media print { main { font-size: 10.5pt; } table { font-size: 9.5pt; } td, th { padding: 3px 10px 3px 0; } }
"""


# The pictures, each from the sums of its lesson.


def _maureen() -> Picture:
    from flowlib.core import data  # noqa: PLC0415 - as for every picture: charts are slow to load
    from flowlib.mapping.value_stream import ValueStep, ValueStream  # noqa: PLC0415
    from flowlib.show import charts  # noqa: PLC0415

    stream = ValueStream([ValueStep(*row) for row in data.table("maureen").itertuples(index=False)])
    return charts.ladder(stream, finding="About a quarter of Maureen's 13 days was care")


def _map() -> Picture:
    from flowlib.core import data  # noqa: PLC0415
    from flowlib.mapping.process_map import process_map  # noqa: PLC0415
    from flowlib.show.map_chart import journey_map  # noqa: PLC0415

    return journey_map(process_map(data.journey().until("2025-05-05")).main(0.8))


def _dots() -> Picture:
    from flowlib.core import data  # noqa: PLC0415
    from flowlib.measure.demand import series  # noqa: PLC0415
    from flowlib.measure.spc import xmr  # noqa: PLC0415
    from flowlib.show import charts  # noqa: PLC0415

    waits = series(data.journey(), "Home First").table.head(17)
    chart = xmr(waits["value"], waits["x"], improvement="down")
    return charts.control_chart(chart, what="mean wait, hours", finding="No week stands out: all is usual variation")


def _little() -> Picture:
    from flowlib.diagnose.little import people_there  # noqa: PLC0415
    from flowlib.show.little_panel import little_picture  # noqa: PLC0415

    return little_picture(people_there(6.5, 25, places=170))


def _enough() -> Picture:
    from flowlib.measure.enough import enough_on_average  # noqa: PLC0415
    from flowlib.show.enough_panel import queue_picture  # noqa: PLC0415

    return queue_picture(enough_on_average(10))


def _dice() -> Picture:
    from flowlib.diagnose.games import dice  # noqa: PLC0415
    from flowlib.show.games import odds_chart  # noqa: PLC0415

    return odds_chart(dice.odds())


def _place() -> Picture:
    from flowlib.redesign.whole_place import Setting, kept_pairs  # noqa: PLC0415
    from flowlib.show.place_panel import place_picture  # noqa: PLC0415

    return place_picture(kept_pairs(Setting(places=178)))


def _fewer_starts() -> Picture:
    from flowlib.redesign.whole_place import Setting, kept_pairs  # noqa: PLC0415
    from flowlib.show.place_panel import place_picture  # noqa: PLC0415

    return place_picture(kept_pairs(Setting(starts=34)))


PICTURES: dict[str, Callable[[], Picture]] = {
    "maureen": _maureen,
    "map": _map,
    "dots": _dots,
    "little": _little,
    "fewer-starts": _fewer_starts,
    "enough": _enough,
    "dice": _dice,
    "place": _place,
}
