"""
How is JupyterLab opened so that it shows flowlib, and keeps everything on this machine?

It listens on this machine only, behind a token, with settings of its own beside the
person's. What kernels put aside goes into a private session folder, which goes when the
lab closes. What cells have shown is not written into notebooks, so that numbers from a
team's own extract do not travel with them; only those in the folder `own` keep theirs.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from jupyter_core import paths

from flowlib.core.checks import Refusal, need

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SESSION", "forget_results", "open_lab", "private_session", "project_folder"]

HOST = "127.0.0.1"
FIRST_PORT = 8888
START_PAGE = "notebooks/00_start_here.ipynb"
SETTINGS = Path(__file__).parent / "lab_settings"
SESSION = "FLOWLIB_SESSION"  # the variable that tells kernels where the session folder is
OWN = "own"  # notebooks saved here keep what their cells have shown
LARGEST_MESSAGE = 512 * 2**20  # bytes; tornado's 10 MiB drop a larger upload without a word
FASTEST_OUTPUT = 1e9  # bytes a second; a film of a busy day is more than the usual 1e6
OWNER = re.compile(r"flowlib-session-(\d+)-(\d+)-.+")  # process, and the second in which it began


def open_lab(*, port: int | None = None, browser: bool = True) -> int:
    """Open JupyterLab on the start page, and stay until it is closed; the exit code."""
    folder = project_folder()
    if port is not None:
        need(_is_free(port), f"Port {port} is in use. Choose another, or leave --port out and a free one is found.")
    for name in ("SIGTERM", "SIGHUP"):  # a closed window ends a program by SIGHUP; Windows has none
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupted)
    sweep()
    with private_session() as session:
        _serve(folder, session, port, browser=browser)
    _say("\nflowlib is closed, and what it kept for this session is removed.")
    return 0


def project_folder() -> Path:
    """The folder with the start page: this one, or the one that flowlib itself stands in."""
    for folder in (Path.cwd(), Path(__file__).resolve().parents[1]):
        if (folder / START_PAGE).is_file():
            return folder
    raise Refusal(f"There is no {START_PAGE} here. Go to the folder that holds start.py, and type the same again.")


def forget_results(model: dict[str, Any], path: str, **_: object) -> None:
    """Take out what cells have shown before a notebook is written; Jupyter calls this for every file."""
    if model["type"] != "notebook" or path.lstrip("/").startswith(f"{OWN}/"):
        return
    notebook = model["content"]
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


# The session folder.


@contextlib.contextmanager
def private_session() -> Iterator[Path]:
    """A folder that only this person can open; kernels learn of it, and it goes at the end."""
    began = int(psutil.Process().create_time())
    session = Path(tempfile.mkdtemp(prefix=f"flowlib-session-{os.getpid()}-{began}-"))
    os.environ[SESSION] = str(session)
    try:
        yield session
    finally:
        del os.environ[SESSION]
        shutil.rmtree(session, ignore_errors=True)


def sweep() -> None:
    """Remove session folders of this person's whose lab ended without removing them."""
    for folder in Path(tempfile.gettempdir()).glob("flowlib-session-*"):
        owner = OWNER.fullmatch(folder.name)
        if owner and _is_mine(folder) and not _is_running(int(owner[1]), int(owner[2])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_mine(folder: Path) -> bool:
    """Whether *folder* is a real folder, and this person's; Windows gives each person a place of their own."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return sys.platform == "win32" or folder.stat().st_uid == os.getuid()


def _is_running(process: int, began: int) -> bool:
    """Whether the process that began then still runs: its number alone may be another's by now."""
    try:
        return int(psutil.Process(process).create_time()) == began
    except psutil.NoSuchProcess:
        return False


# The server.


def _serve(folder: Path, session: Path, port: int | None, *, browser: bool) -> None:
    """Run JupyterLab in this process until somebody closes it."""
    _keep_apart(session)
    from jupyterlab.labapp import LabApp  # noqa: PLC0415 - it reads those settings as it loads

    token = secrets.token_hex(24)
    server = LabApp.initialize_server(argv=_options(folder, token, port, browser=browser))
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: server.stop(from_signal=True))
    server.io_loop.add_callback(lambda: _announce(server.port, token))
    server.start()


def _keep_apart(session: Path) -> None:
    """Leave the person's own Jupyter and IPython alone: no setting of theirs is read or changed."""
    kept = Path(paths.jupyter_data_dir()) / "flowlib"
    os.environ |= {
        "JUPYTER_CONFIG_DIR": str(kept / "config"),
        "JUPYTER_DATA_DIR": str(kept / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(kept / "settings"),  # a larger font chosen once stays chosen
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_RUNTIME_DIR": str(session / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(session / "workspaces"),  # so that every session begins at the start page
        "IPYTHONDIR": str(session / "ipython"),  # what was typed is not kept in a history
    }


def _options(folder: Path, token: str, port: int | None, *, browser: bool) -> list[str]:
    """JupyterLab's own options; given inside this process, where no list of processes shows the token."""
    return [
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port or FIRST_PORT}",
        f"--ServerApp.port_retries={0 if port else 50}",
        f"--ServerApp.open_browser={browser}",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.tornado_settings={{'websocket_max_message_size': {LARGEST_MESSAGE}}}",
        "--ServerApp.allow_root=True",  # in a container everybody is root
        "--Application.log_level=ERROR",
        f"--IdentityProvider.token={token}",
        "--KernelManager.transport_encryption=auto",
        f"--ZMQChannelsWebsocketConnection.iopub_data_rate_limit={FASTEST_OUTPUT}",
        f"--ContentsManager.pre_save_hook={forget_results.__module__}.{forget_results.__name__}",
        f"--LabApp.default_url=/lab/tree/{START_PAGE}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        "--LabApp.extension_manager=readonly",  # the other one asks the internet what could be installed
    ]


def _announce(port: int, token: str) -> None:
    """Say where the lab is, once it answers there."""
    _say(
        "flowlib is open. If no page opens by itself, copy this address into your browser:\n\n"
        f"    http://{HOST}:{port}/lab/tree/{START_PAGE}?token={token}\n\n"
        "Keep this window open while you work. To close flowlib, press Ctrl+C here."
    )


def _is_free(port: int) -> bool:
    """Whether nobody listens at *port*, and this person may."""
    with socket.socket() as trial:
        if os.name == "posix":  # as the server does, so that a port just left counts as free
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
    return True


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
