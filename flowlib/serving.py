"""
What do the lab and the app share, so that they show flowlib and keep everything on this machine?

Both listen on this machine only, behind a token, with settings of their own beside the
person's. What kernels put aside goes into a private session folder, which goes when the
window is closed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from jupyter_core import paths

from flowlib.core.checks import Refusal, need

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "FASTEST_OUTPUT",
    "HOST",
    "LARGEST_MESSAGE",
    "SESSION",
    "START_PAGE",
    "announce",
    "ends_by_signal",
    "free_port",
    "keep_apart",
    "need_free",
    "private_session",
    "project_folder",
    "say",
    "sweep",
]

HOST = "127.0.0.1"
START_PAGE = "notebooks/00_start_here.ipynb"
SESSION = "FLOWLIB_SESSION"  # the variable that tells kernels where the session folder is
LARGEST_MESSAGE = 512 * 2**20  # bytes; tornado's 10 MiB drop a larger upload without a word
FASTEST_OUTPUT = 1e9  # bytes a second; a film of a busy day is more than the usual 1e6
PORTS_TRIED = 50
OWNER = re.compile(r"flowlib-session-(\d+)-(\d+)-.+")  # process, and the second in which it began


def project_folder() -> Path:
    """The folder with the start page: this one, or the one that flowlib itself stands in."""
    for folder in (Path.cwd(), Path(__file__).resolve().parents[1]):
        if (folder / START_PAGE).is_file():
            return folder
    raise Refusal(f"There is no {START_PAGE} here. Go to the folder that holds start.py, and type the same again.")


def ends_by_signal() -> None:
    """End by SIGTERM and SIGHUP as by Ctrl+C; a closed window sends SIGHUP, and Windows has none."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupted)


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


def keep_apart(session: Path) -> None:
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


def announce(address: str) -> None:
    """Say where flowlib is, once it answers there."""
    say(
        "flowlib is open. If no page opens by itself, copy this address into your browser:\n\n"
        f"    {address}\n\n"
        "Keep this window open while you work. To close flowlib, press Ctrl+C here."
    )


def need_free(port: int | None) -> None:
    """Refuse a *port* that somebody asked for and another program has."""
    need(
        port is None or _is_free(port),
        f"Port {port} is in use. Choose another, or leave --port out and a free one is found.",
    )


def free_port(first: int) -> int:
    """The first port from *first* on that nobody listens at."""
    for port in range(first, first + PORTS_TRIED):
        if _is_free(port):
            return port
    raise Refusal(f"Ports {first} to {first + PORTS_TRIED - 1} are all in use. Close some programs, and try again.")


def say(words: str) -> None:
    """Tell the person in the window from which flowlib was started."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


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
