"""
How is JupyterLab opened so that it shows flowlib, and keeps everything on this machine?

It listens on this machine only, behind a token, with settings of its own beside the
person's. "Run everything" keeps the reader at the top of the page and says how far it is:
JupyterLab alone goes to the end in silence, so `lab_settings/extensions` adds to it.

What kernels put aside goes into a private session folder, which goes when the lab closes.
What cells have shown is not written into notebooks, so that numbers from a team's own
extract do not travel with them; only those in the folder `own` keep theirs.
"""

from __future__ import annotations

import secrets
import signal
from pathlib import Path
from typing import Any

from flowlib import serving
from flowlib.serving import HOST

__all__ = ["forget_results", "open_lab"]

FIRST_PORT = 8888
SETTINGS = Path(__file__).parent / "lab_settings"
OWN = "own"  # notebooks saved here keep what their cells have shown


def open_lab(*, port: int | None = None, browser: bool = True) -> int:
    """Open JupyterLab on the start page, and stay until it is closed; the exit code."""
    folder = serving.project_folder()
    serving.need_free(port)
    serving.ends_by_signal()
    serving.sweep()
    with serving.private_session() as session:
        _serve(folder, session, port, browser=browser)
    serving.say("\nflowlib is closed, and what it kept for this session is removed.")
    return 0


def forget_results(model: dict[str, Any], path: str, **_: object) -> None:
    """
    Take out what cells have shown before a notebook is written; Jupyter calls this for every file.

    Of the kernel only its name and language stay, so that opening a lesson changes no line of it.
    """
    if model["type"] != "notebook" or path.lstrip("/").startswith(f"{OWN}/"):
        return
    notebook = model["content"]
    head = notebook["metadata"]
    head.pop("widgets", None)
    if "language_info" in head:
        head["language_info"] = {"name": head["language_info"].get("name", "python")}
    if "kernelspec" in head and head["kernelspec"].get("name") == "python3":
        head["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def _serve(folder: Path, session: Path, port: int | None, *, browser: bool) -> None:
    """Run JupyterLab in this process until somebody closes it."""
    serving.keep_apart(session)
    from jupyterlab.labapp import LabApp  # noqa: PLC0415 - it reads those settings as it loads

    token = secrets.token_hex(24)
    server = LabApp.initialize_server(argv=_options(folder, token, port, browser=browser))
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: server.stop(from_signal=True))
    server.io_loop.add_callback(
        lambda: serving.announce(f"http://{HOST}:{server.port}/lab/tree/{serving.START_PAGE}?token={token}")
    )
    server.start()


def _options(folder: Path, token: str, port: int | None, *, browser: bool) -> list[str]:
    """JupyterLab's own options; given inside this process, where no list of processes shows the token."""
    return [
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port or FIRST_PORT}",
        f"--ServerApp.port_retries={0 if port else 50}",
        f"--ServerApp.open_browser={browser}",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.tornado_settings={{'websocket_max_message_size': {serving.LARGEST_MESSAGE}}}",
        "--ServerApp.allow_root=True",  # in a container everybody is root
        "--Application.log_level=ERROR",
        f"--IdentityProvider.token={token}",
        "--KernelManager.transport_encryption=auto",
        f"--ZMQChannelsWebsocketConnection.iopub_data_rate_limit={serving.FASTEST_OUTPUT}",
        f"--ContentsManager.pre_save_hook={forget_results.__module__}.{forget_results.__name__}",
        "--ServerApp.jpserver_extensions={'voila.server_extension': False}",  # it is for the app, and speaks of tokens
        f"--LabApp.default_url=/lab/tree/{serving.START_PAGE}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        f"--LabApp.extra_labextensions_path={SETTINGS / 'extensions'}",  # what makes "Run everything" calm
        "--LabApp.extension_manager=readonly",  # the other one asks the internet what could be installed
    ]
