"""
How does a notebook become a page to send round, or a PDF to print, that needs nothing from outside?

`export_html` gives one file. It carries its pictures and its look with it, and the
browser is told to fetch and run nothing. `to_pdf` prints it with whatever Chromium
(Chrome and Edge are Chromium too) the computer already has.

Formulas in LaTeX stay as they are typed: typesetting them would need scripts.
"""

from __future__ import annotations

import copy
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from flowlib.core.checks import Refusal, need
from flowlib.show.still import WEB

__all__ = ["export_html", "find_chromium", "to_pdf"]

TEMPLATES = Path(__file__).parent / "templates"
LEFT_OUT = {"claims", "hide"}  # tags of cells that are for the authors only
LIVE = "application/vnd.jupyter.widget-view+json"
NOT_LIVE = "<p>This part can be used in the live notebook only.</p>"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        r"Google\Chrome\Application\chrome.exe",
        r"Microsoft\Edge\Application\msedge.exe",
        r"Chromium\Application\chrome.exe",
    ),
}
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


def export_html(notebook: str | Path | Any, *, title: str, lang: str = "en-GB", hide_code: bool = True) -> str:  # noqa: ANN401 - nbformat publishes no types
    """
    *notebook*, a file or one that is loaded, as a single HTML page.

    Cells tagged `claims` or `hide` are left out, and so is code unless *hide_code* is
    False. Widgets show their still twins. The page has one main heading: the
    notebook's own first one, or else *title*.
    """
    import nbformat  # noqa: PLC0415 - half a second to load, for exports only
    from nbconvert import HTMLExporter  # noqa: PLC0415 - as above

    need(title.strip(), "A page needs a title.")
    node, folder = notebook, ""
    if isinstance(notebook, (str, Path)):
        path = Path(notebook)
        need(path.is_file(), f"There is no notebook at {path}.")
        node = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        folder = str(path.parent)
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="flowlib",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=hide_code,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        embed_images=True,
    )
    about = {"page": {"title": title, "lang": lang, "style": _style()}, "metadata": {"path": folder}}
    page, _ = exporter.from_notebook_node(_settled(node), resources=about)
    return _with_headings_in_order(page, title)


def _style() -> str:
    parts = (WEB / "show.css", TEMPLATES / "flowlib" / "page.css")
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def _settled(notebook: Any) -> Any:  # noqa: ANN401 - as above
    """A copy with only what belongs on the page, and nothing that would need a live notebook."""
    node = copy.deepcopy(notebook)
    node.metadata.pop("widgets", None)
    node.cells = [cell for cell in node.cells if not LEFT_OUT & set(cell.metadata.get("tags", []))]
    for cell in node.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop("application/javascript", None)
            if LIVE in data:
                del data[LIVE]
                data.setdefault("text/html", NOT_LIVE)
    return node


def _with_headings_in_order(page: str, title: str) -> str:
    """The same page with one main heading, and no level skipped below it."""
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", page)]
    if levels[:1] != [1]:
        heading = f"<h1>{html.escape(title)}</h1>"
        page, levels = page.replace("<main>", f"<main>\n{heading}", 1), [1, *levels]
    settled = _in_order(levels)
    met = 0

    def renamed(tag: re.Match[str]) -> str:
        nonlocal met
        met += tag[1] == "<h"
        return f"{tag[1]}{settled[max(met, 1) - 1]}"

    return re.sub(r"(</?h)[1-6]\b", renamed, page)


def _in_order(levels: list[int]) -> list[int]:
    """
    Heading levels, the first of which is the only main one, with no gaps going down.

    >>> _in_order([1, 3, 3, 4, 2, 1, 5])
    [1, 2, 2, 3, 2, 2, 3]
    """
    above: list[int] = []
    settled = []
    for place, level in enumerate(levels):
        wanted = level if place == 0 else max(level, 2)
        while above and above[-1] >= wanted:
            above.pop()
        above.append(wanted)
        settled.append(len(above))
    return settled


def find_chromium() -> Path | None:
    """
    A Chromium, Chrome or Edge on this computer, or None.

    The environment variable FLOWLIB_CHROMIUM, where set, says which one.
    """
    chosen = os.environ.get("FLOWLIB_CHROMIUM")
    if chosen:
        need(Path(chosen).is_file(), f"FLOWLIB_CHROMIUM says {chosen}, and there is no such file. Correct it.")
        return Path(chosen)
    on_path = (shutil.which(name) for name in NAMES)
    found = [Path(place) for place in (*on_path, *_usual_places()) if place and Path(place).is_file()]
    return found[0] if found else None


def _usual_places() -> list[str]:
    places = PLACES.get(sys.platform, ())
    if sys.platform != "win32":
        return list(places)
    folders = [os.environ[name] for name in WINDOWS_FOLDERS if name in os.environ]
    return [str(Path(folder) / place) for folder in folders for place in places]


def to_pdf(html_path: str | Path, pdf_path: str | Path, *, seconds: float = 90) -> Path:
    """
    Print the page at *html_path* to *pdf_path*: A4, with an outline, and tagged for screen readers.

    Refused with a sentence where there is no Chromium, or where it takes over *seconds*.
    """
    page, pdf = Path(html_path).resolve(), Path(pdf_path).resolve()
    need(page.is_file(), f"There is no page at {page}.")
    chromium = find_chromium()
    if chromium is None:
        raise Refusal(
            "A PDF needs Chrome, Edge or Chromium, and none was found. "
            "Open the HTML page in your browser and print it to PDF there."
        )
    pdf.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="flowlib-", ignore_cleanup_errors=True) as profile:
        said = _run([str(chromium), *_switches(profile), f"--print-to-pdf={pdf}", page.as_uri()], seconds)
    need(pdf.is_file() and pdf.stat().st_size, f"{chromium.name} made no PDF. It said: {said or 'nothing'}")
    return pdf


def _switches(profile: str) -> list[str]:
    """How to start a browser that prints, stays silent and leaves no trace."""
    switches = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    switches += ["--disable-component-update", "--no-default-browser-check", f"--user-data-dir={profile}"]
    switches += ["--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        switches.append("--no-sandbox")  # Chromium refuses to start its sandbox as root
    return switches


def _run(command: list[str], seconds: float) -> str:
    """The last line that *command* said, if it failed."""
    try:
        done = subprocess.run(  # noqa: S603 - a browser the user has, with switches of our own
            command, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise Refusal(
            f"Printing took over {seconds:.0f} seconds and was stopped. "
            "Open the page in your browser and print it there."
        ) from None
    except OSError as error:
        raise Refusal(f"{command[0]} could not be started: {error.strerror}.") from None
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if done.returncode and lines else ""
