"""
How does an extract become a briefing that a board can hold?

A notebook of flowlib's own is filled in with the log and run (papermill), and then
exported as one HTML page that asks nothing of any network, or printed to PDF. The log
itself is handed over in a private folder that is deleted at the end.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowlib.core import reading
from flowlib.core.checks import Refusal, listed, need

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from flowlib.core.eventlog import EventLog

__all__ = ["briefing", "briefing_command", "check_command", "log_from"]

TEMPLATE = Path(__file__).parent / "pages" / "briefing.ipynb"
BARS_OFF = "FLOWLIB_NO_BARS"
ROLES = ("person", "step", "arrived", "started", "finished", "left", "group", "outcome")


def briefing(log: EventLog, out: str | Path, *, pdf: bool = False, title: str = "") -> list[Path]:
    """
    Write the briefing on *log* to *out* (`.html`), and a PDF beside it; the files written.

    Two pages: the journey, where people wait, two charts over time, what a what-if
    says, and what to ask. Whatever would describe fewer than 8 real people is left out.
    """
    place = Path(out)
    need(
        place.suffix.lower() in {".html", ".htm"},
        f'A briefing is an .html file; "{place.name}" came. Change its ending.',
    )
    need(place.parent.is_dir(), f'There is no folder "{place.parent}". Make it first, or choose another.')
    title = title or f"{log.name or 'Your journey'}: a briefing on flow"
    with tempfile.TemporaryDirectory(prefix="flowlib-") as folder:
        log.save(Path(folder) / "log.parquet")
        made = _run(Path(folder), title)
        from flowlib.show import export_html, to_pdf  # noqa: PLC0415 - charts are slow to load

        page = export_html(made, title=title)
    place.write_text(page, encoding="utf-8")
    if not pdf:
        return [place]
    return [place, to_pdf(place, place.with_suffix(".pdf"))]


def briefing_command(asked: argparse.Namespace) -> int:
    """`flowlib briefing FILE`."""
    log = log_from(asked)
    sys.stdout.write("Writing the briefing. This takes about 20 seconds.\n")
    sys.stdout.flush()
    for path in briefing(log, asked.out, pdf=asked.pdf):
        sys.stdout.write(f"Written: {path}\n")
    return 0


def check_command(asked: argparse.Namespace) -> int:
    """`flowlib check FILE`."""
    log = log_from(asked)
    if log.quality is not None:
        sys.stdout.write("\n".join(log.quality.sentences()) + "\n")
    return 0


def log_from(asked: argparse.Namespace) -> EventLog:
    """
    The log in the file that a command names.

    Columns that were not named are proposed, and the proposal is shown. At a terminal
    the person is asked; elsewhere it is used only where every column is plain.
    """
    path, sheet = Path(asked.file), asked.sheet
    given = {role: getattr(asked, role, None) for role in ROLES}
    named: dict[str, str] = {role: column for role, column in given.items() if column is not None}
    found = reading.propose(path, sheet=sheet)
    ends = {"blank_end": "still_here"} if getattr(asked, "still_here", False) else {}
    if found.milestones and not set(named) - {"person", "group"}:
        sys.stderr.write(f"{found.sentence()}\n")
        _confirm(found, named)
        log: EventLog = found.accept(**named, **ends, synthetic=bool(asked.synthetic))
        return log
    columns = {role: column for role, column in found.columns.items() if column not in named.values()} | named
    gaps = [role for role in ("person", "step") if role not in columns]
    gaps += [] if set(columns) & set(ROLES[2:6]) else ["a time"]
    need(
        not gaps,
        f'No column of "{path.name}" was recognised as {", ".join(gaps)}; there are {listed(found.headers)}. '
        "Name them: --person, --step, and --arrived, --started, --finished or --left.",
    )
    if set(columns) != set(named):
        sys.stderr.write(f"{found.sentence()}\n")
        _confirm(found, named)
    more = ({} if found.milestones else dict(found.options)) | ends
    return reading.read(path, sheet=found.sheet, **columns, **more, synthetic=bool(asked.synthetic))


def _confirm(found: reading.Proposal, named: dict[str, str]) -> None:
    """Go on only with a yes, or where there is nothing to doubt."""
    if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        sys.stderr.write("Read it like this? Type y for yes, n for no, then Enter: ")
        sys.stderr.flush()
        need(sys.stdin.readline().strip().lower() in {"y", "yes"}, "Stopped. Name the columns yourself: see --help.")
        return
    doubts = [role for role, rivals in found.rivals.items() if rivals and role not in named]
    options = " ".join(f"--{role} COLUMN" for role in doubts)
    need(not doubts, f"It is not plain which column is which, so nothing was read. Say it: {options}.")


def _run(folder: Path, title: str) -> Any:  # noqa: ANN401 - a notebook
    """The template, filled in and run."""
    import papermill  # noqa: PLC0415 - slow to load

    logging.getLogger("papermill").setLevel(logging.ERROR)
    done = folder / "briefing.ipynb"
    given = {"log_path": str(folder / "log.parquet"), "title": title}
    with _quiet(), _no_bars_on_paper():
        try:
            return papermill.execute_notebook(
                str(TEMPLATE), str(done), parameters=given, progress_bar=sys.stderr.isatty(), log_output=False,
                kernel_name="python3", cwd=str(folder),
            )  # fmt: skip
        except papermill.PapermillExecutionError as error:
            raise Refusal(_why(error)) from None


@contextlib.contextmanager
def _no_bars_on_paper() -> Iterator[None]:
    """Progress bars of the notebook's own would be printed with it, where the work took longer than a second."""
    before = os.environ.get(BARS_OFF)
    os.environ[BARS_OFF] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[BARS_OFF]
        else:
            os.environ[BARS_OFF] = before


def _why(error: Any) -> str:  # noqa: ANN401 - papermill publishes no types
    if error.ename == "Refusal":
        return str(error.evalue)
    return f"The briefing could not be made: {error.ename}, {error.evalue}."


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' own notices off the screen, but not the progress bar."""
    import warnings  # noqa: PLC0415

    with warnings.catch_warnings(), _kernel_unheard():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _kernel_unheard() -> Iterator[None]:
    """What the notebook's own process writes to the error stream goes nowhere; what we write stays."""
    try:
        number = sys.stderr.fileno()
        kept = os.dup(number)
    except (AttributeError, OSError, ValueError):  # no real stream, as in a test or a windowed program
        yield
        return
    ours = os.fdopen(kept, "w", encoding=sys.stderr.encoding, errors="replace", closefd=False)
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    try:
        with contextlib.redirect_stderr(ours):
            yield
    finally:
        ours.flush()
        os.dup2(kept, number)
        os.close(nowhere)
        os.close(kept)
