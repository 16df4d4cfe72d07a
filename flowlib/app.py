"""
How does a team or a board use the lessons without ever seeing a cell?

`flowlib app` serves every lesson as a page (Voila), behind a page to choose from. It
listens on this machine only, behind a token, and its pages take nothing from any
network. What kernels put aside goes into a private session folder, as in the serving.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import threading
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

from flowlib import handouts, serving
from flowlib.core.checks import Refusal
from flowlib.stages import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Lesson", "Part", "lessons", "open_app", "parts"]

PAGES = Path(__file__).parent / "app_pages"
FIRST_PORT = 8866
SLOWEST_CELL = 300  # seconds
# On one computer no line goes dead. And Jupyter's timeout must be longer than its interval, Tornado's must not.
PULSE = {"ws_ping_interval": 0}
UNUSED = 900  # seconds that a kernel lives after its page has gone
OURS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget")
BROKEN = "The page ends here, for something in it went wrong. Go back to all lessons, and open it once more."
CLOSED = "/voila/api/shutdown/"  # what a page asks for as it is closed
OTHERS = {"0": "Start here", "6": "For analysts", "9": "Boards and words"}
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")  # its words stand in the first group
HOW_TO_RUN = re.compile(r" ?Press \*\*Run everything\*\*[^.]*\.")
SKIPPED = {"claims", "hide"}  # checks of the text, and what only JupyterLab needs

# Who may begin where: the way in for each kind of visitor.
WAYS = (
    ("A team in a training session", "Begin with", "00_start_here.ipynb"),
    ("A board", "You have 45 minutes:", "90_board_session.ipynb"),
    ("With your own file", "Choose it at the end of", "11_map_the_journey.ipynb"),
)


@dataclass(frozen=True)
class Lesson:
    """One lesson, as its first cell introduces it."""

    file: str
    title: str
    question: str
    minutes: int | None


@dataclass(frozen=True)
class Part:
    """Lessons that belong together: a stage, or what stands around the stages."""

    title: str
    question: str  # what a team asks at this stage, or nothing
    lessons: tuple[Lesson, ...]


def open_app(*, port: int | None = None, browser: bool = True) -> int:
    """Serve the lessons as pages, and stay until it is closed; the exit code."""
    folder = serving.project_folder() / "notebooks"
    serving.need_free(port)
    serving.sweep()
    with serving.private_session() as session:
        serving.keep_apart(session)
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(PAGES), os.environ.get("JUPYTER_PATH")]))
        _Server.serve(folder, session, port, browser=browser)
    serving.say("\nflowlib is closed, and what it kept for this session is removed.")
    return 0


def lessons(folder: Path) -> list[Lesson]:
    """The lessons in *folder*, in order of their numbers."""
    return [_lesson(path) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]


def parts(of: Iterable[Lesson]) -> list[Part]:
    """The lessons grouped by stage, with what comes before and after; empty groups are left out."""
    stages = {str(stage.number): (f"{stage.number} {stage.name}", stage.question) for stage in STAGES}
    titles = {first: (title, "") for first, title in OTHERS.items()} | stages
    grouped: dict[str, list[Lesson]] = {first: [] for first in sorted(titles)}
    for one in of:
        grouped.setdefault(one.file[0], []).append(one)
    return [Part(*titles.get(first, ("More", "")), tuple(some)) for first, some in grouped.items() if some]


def _lesson(path: Path) -> Lesson:
    words = str(nbformat.read(path, as_version=4).cells[0].source)  # type: ignore[no-untyped-call]  # nbformat publishes no types
    title = re.search(r"^# (.+)$", words, re.MULTILINE)
    question = re.search(r"\*\*The question:\*\* (.+)", LINK.sub(r"\1", words))
    minutes = re.search(r"\*\*It takes\*\* (\d+) minutes", words)
    return Lesson(
        path.name,
        title[1] if title else path.stem,
        f"{question[1][:1].upper()}{question[1][1:]}" if question else "",
        int(minutes[1]) if minutes else None,
    )


def prepare(_: object, notebook: Any, cwd: str) -> Any:  # noqa: ANN401, ARG001 - as Voila calls it
    """The notebook as a page needs it: no checks of its text, and no word on how to run cells."""
    notebook.cells = [cell for cell in notebook.cells if not SKIPPED & set(cell.metadata.get("tags", []))]
    if notebook.cells:
        notebook.cells[0].source = HOW_TO_RUN.sub("", notebook.cells[0].source)
        title = re.search(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE)
        if title:
            notebook.metadata["title"] = title[1]
    return notebook


class _Landing(JupyterHandler):
    """The page to choose from."""

    @web.authenticated
    def get(self) -> None:
        folder = Path(self.settings["voila"].root_dir)
        found = lessons(folder)
        by_file = {one.file: one for one in found}
        ways = [{"who": who, "words": words, "file": file, "title": by_file[file].title}
                for who, words, file in WAYS if file in by_file]  # fmt: skip
        page = self.settings["voila_jinja2_env"].get_template("landing.html")
        paper = {f"{lesson}_{kind}" for lesson, kind in handouts.handouts(folder.parent)}
        self.write(page.render(base_url=self.base_url, ways=ways, parts=parts(found), paper=paper))


class _Handout(JupyterHandler):
    """A lesson's page on paper, to print from the browser."""

    @web.authenticated
    async def get(self, lesson: str, kind: str) -> None:
        try:
            # In a thread: a picture takes a second, and other people's pages wait meanwhile.
            page = await asyncio.to_thread(handouts.handout, Path(self.settings["voila"].root_dir).parent, lesson, kind)
        except Refusal:
            raise web.HTTPError(404) from None
        self.write(page)


class _Shutdown(VoilaShutdownKernelHandler):  # type: ignore[misc]  # Voila publishes no types
    """A page that is closed ends its kernel; the browser cannot send a second token as it closes one."""

    def check_xsrf_cookie(self) -> None:
        """Leave it to the token and to the kernel's random name."""


class _Server(Voila):  # type: ignore[misc]  # Voila publishes no types
    """Voila, with our page to choose from in place of a list of files."""

    session: Path
    port: int

    @classmethod
    def serve(cls, folder: Path, session: Path, port: int | None, *, browser: bool) -> None:
        """Run until somebody closes it."""
        server = cls(config=_settings(folder, port, browser=browser))
        server.session = session
        server.initialize([])
        serving.ends_by_signal()
        server.start()

    def init_handlers(self) -> list[Any]:
        """Voila's own, without its lists of files."""
        replaced = ("/voila/tree", "/voila/api/contents", "/voila/files", CLOSED)
        kept = [one for one in super().init_handlers() if one[0] != "/" and not one[0].startswith(replaced)]
        return [("/", _Landing), (r"/handout/(\w+)/(\w+)", _Handout), (rf"{CLOSED}(.*)", _Shutdown), *kept]

    def launch_browser(self) -> None:
        """Open the browser by way of a private file, so that no list of processes shows the token."""
        page = self.session / "open.html"
        page.write_text(f'<meta http-equiv="refresh" content="0;url={self._address()}">', encoding="utf-8")
        threading.Thread(target=webbrowser.open, args=[page.as_uri()], daemon=True).start()

    def listen(self) -> None:
        """Find a port, say where the pages are, and serve them."""
        self.port = serving.free_port(self.port)
        IOLoop.current().add_callback(lambda: serving.announce(self._address()))
        super().listen()

    def _address(self) -> str:
        return f"http://{serving.HOST}:{self.port}/?token={self.token}"


def _settings(folder: Path, port: int | None, *, browser: bool) -> Config:
    """Voila's own options; given inside this process, where no list of processes shows the token."""
    return Config(
        {
            "Application": {"log_level": "CRITICAL"},
            "Voila": {
                "config_file_paths": [],
                "ip": serving.HOST,
                "log_level": "CRITICAL",
                "open_browser": browser,
                "port": port or FIRST_PORT,
                "port_retries": 0,
                "root_dir": str(folder),
                "token": secrets.token_hex(24),
                "tornado_settings": {"websocket_max_message_size": serving.LARGEST_MESSAGE, **PULSE},
            },
            "KernelManager": {"transport_encryption": "auto"},
            # Where a browser was closed without a word, its kernel ends after a while.
            "MappingKernelManager": {"cull_idle_timeout": UNUSED, "cull_interval": 60},
            "VoilaConfiguration": {
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "extension_allowlist": list(OURS),
                "file_allowlist": [],
                "prelaunch_hook": prepare,
                "template": "flowlib",
            },
            "VoilaExecutor": {"cell_error_instruction": BROKEN, "timeout": SLOWEST_CELL},
            "ZMQChannelsWebsocketConnection": {"iopub_data_rate_limit": serving.FASTEST_OUTPUT},
        }
    )
