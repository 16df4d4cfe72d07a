"""
A real JupyterLab in a real browser, cut off from the world.

A chart that asks an outside address passes every test that runs without a browser, and
shows nothing on a hospital network. So these helpers open pages in Chromium, let only
this computer answer, and write down every other address that was asked for.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat
import pytest

from flowlib.show.page import find_chromium

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1", ""}
SWITCHES = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # web sockets, too, stay at home
]
PORTS = 3  # tried before a JupyterLab that does not start is given up
LAB_SETTINGS = Path(__file__).parent.parent / "flowlib" / "lab_settings"
# Without these JupyterLab asks about news, and takes cells out of the page as they scroll out of sight.
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
WHOLE = {"@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"}}


def start_chromium(playwright):
    """A browser, or a skip that says what is missing."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium, Chrome or Edge on this computer; set FLOWLIB_CHROMIUM to one")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    switches = [*SWITCHES, "--no-sandbox"] if as_root else SWITCHES
    return playwright.chromium.launch(executable_path=str(chromium), args=switches)


@contextlib.contextmanager
def offline_context(browser, **options):
    """A browser context that reaches this computer only, and the list of other addresses asked for."""
    context = browser.new_context(**{"viewport": {"width": 1366, "height": 900}, **options})
    outside = []

    def answer(route):
        if is_local(route.request.url):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def note(websocket):
        if not is_local(websocket.url):
            outside.append(websocket.url)

    context.route("**/*", answer)
    context.on("page", lambda page: page.on("websocket", note))
    try:
        yield context, outside
    finally:
        context.close()


def is_local(url):
    """Whether an address is on this computer: a file, something in the page itself, or this machine's own server."""
    parts = urlsplit(url)
    return parts.scheme in {"file", "data", "blob", "about"} or (parts.hostname or "") in LOCAL_HOSTS


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab and the folder it shows."""

    address: str
    token: str
    folder: Path

    def page_of(self, name):
        """The address of one notebook."""
        return f"{self.address}/lab/tree/{quote(name)}?reset&token={self.token}"


@contextlib.contextmanager
def lab_server(notebooks, scratch):
    """JupyterLab on a copy of the folder *notebooks*; everything it writes goes below *scratch*."""
    folder = scratch / "notebooks"
    shutil.copytree(notebooks, folder, dirs_exist_ok=True)
    lab, server = _started(folder, scratch)
    try:
        yield lab
    finally:
        _stop(server)


def write_notebook(place, *cells):
    """A notebook at *place*, whose folder is made where it is not there; a cell given as text is one of code."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = [nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    place.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=whole, metadata={"kernelspec": kernel}), place)


@contextlib.contextmanager
def app_server(project, scratch=None):
    """
    The app in a process of its own, as `flowlib app --no-browser` starts it: the process and its address.

    What it keeps for a person goes below *scratch*, where that is given.
    """
    own = {} if scratch is None else {"TMPDIR": str(scratch), "HOME": str(scratch)}
    command = [sys.executable, "-m", "flowlib", "app", "--no-browser"]
    process = subprocess.Popen(command, cwd=project, env={**os.environ, **own}, stdout=subprocess.PIPE, text=True)
    try:
        yield process, next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def _started(folder, scratch):
    """A JupyterLab that answers. A port that was free may be taken a moment later, so another is tried."""
    log = scratch / "lab.log"
    for _ in range(PORTS):
        port = _free_port()
        lab = Lab(f"http://127.0.0.1:{port}", secrets.token_hex(16), folder)
        with log.open("wb") as said:
            server = subprocess.Popen(
                _command(lab, port, scratch), cwd=folder, env=_environment(scratch), stdout=said, stderr=said
            )
        if _answers(lab, server):
            return lab, server
        _stop(server)
    return pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _command(lab, port, scratch):
    settings = LAB_SETTINGS if LAB_SETTINGS.is_dir() else scratch / "settings"
    if settings != LAB_SETTINGS:
        settings.mkdir(exist_ok=True)
        (settings / "overrides.json").write_text(json.dumps(QUIET))
    for name, values in WHOLE.items():
        file = scratch / "config" / "lab" / "user-settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    return [
        *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={lab.folder}",
        f"--IdentityProvider.token={lab.token}",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.expose_app_in_browser=True",
    ]


def _environment(scratch):
    """What programs are told here, with every place that Jupyter writes to moved below *scratch*."""
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }
    return {**os.environ, **{name: str(scratch / place) for name, place in places.items()}}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(lab, server, seconds=90):
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{lab.address}/api?token={lab.token}", timeout=5).close()  # noqa: S310 - our own
            return True
        time.sleep(0.2)
    return False


def _stop(server):
    server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def open_notebook(page, lab, name, seconds=90):
    """Open a notebook and wait until its kernel is ready."""
    page.goto(lab.page_of(name))
    page.wait_for_function(
        """() => {
          const panel = window.jupyterapp?.shell?.currentWidget;
          const status = panel?.context?.sessionContext?.session?.kernel?.status;
          return Boolean(panel?.content?.widgets?.length) && status === "idle";
        }""",
        timeout=seconds * 1000,
    )


def run_everything(page, seconds=180):
    """Run all cells of the open notebook and wait for the last; False if one of them failed."""
    page.evaluate(
        """() => {
          window.everythingRan = undefined;
          window.jupyterapp.commands.execute("notebook:run-all-cells").then(
            (went) => { window.everythingRan = went !== false; },
            () => { window.everythingRan = false; },
          );
        }"""
    )
    page.wait_for_function("() => window.everythingRan !== undefined", timeout=seconds * 1000)
    wait_until_idle(page, seconds)
    return page.evaluate("() => window.everythingRan")


def moved(page, moves, pause):
    """
    Move the first slider of a page so many times; the milliseconds from each move to its painted picture.

    It goes round four places after its first, and rests *pause* milliseconds after each move.
    """
    return page.evaluate(
        """async ([moves, rest]) => {
          const slider = document.querySelector("input[type=range]");
          const drawn = slider.closest(".jp-OutputArea-output").querySelector(".flowlib-figure .picture");
          const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
          const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          const [first, step] = [Number(slider.min), Number(slider.step) || 1];
          const times = [];
          for (let turn = 0; turn < moves; turn += 1) {
            const before = drawn.getAttribute("aria-label");
            const begun = performance.now();
            slider.value = first + step * (1 + ((turn + 1) % 4));
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            slider.dispatchEvent(new Event("change", { bubbles: true }));
            while (drawn.getAttribute("aria-label") === before && performance.now() - begun < 5000) await pause(2);
            await painted();
            times.push(performance.now() - begun);
            await pause(rest);
          }
          return times;
        }""",
        [moves, pause],
    )


def wait_until_idle(page, seconds=60):
    """Wait until the kernel has nothing left to do."""
    page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status === "idle" """,
        timeout=seconds * 1000,
    )


def wait_until_still(page, seconds=60):
    """Wait until every picture is drawn and nothing has moved for a moment, so that a click lands where it aims."""
    wait_until_idle(page, seconds)
    page.wait_for_function(
        """() => {
          const boxes = [...document.querySelectorAll(".flowlib")].map((part) => part.getBoundingClientRect());
          const drawn = !document.querySelector(".flowlib-figure .picture:empty, .flowlib-figure .sheet.waiting");
          const now = JSON.stringify(boxes.map((box) => [box.x, box.y, box.height]));
          if (!drawn || now !== window.flowlibStood?.where) window.flowlibStood = { where: now, since: Date.now() };
          return Date.now() - window.flowlibStood.since > 500;
        }""",
        timeout=seconds * 1000,
    )


def cell_errors(page):
    """What went wrong in the open notebook: errors among the outputs, and error text inside widgets."""
    stored = page.evaluate(
        """() => {
          const cells = window.jupyterapp.shell.currentWidget.context.model.toJSON().cells;
          return cells.flatMap((cell) => cell.outputs ?? [])
            .filter((output) => output.output_type === "error")
            .map((output) => `${output.ename}: ${output.evalue}`);
        }"""
    )
    inside = page.locator(
        ".jp-OutputArea-output .jp-OutputArea-output [data-mime-type='application/vnd.jupyter.error'], "
        ".jupyter-widgets.jp-OutputArea [data-mime-type='application/vnd.jupyter.stderr'], "
        ".flowlib .problem:visible"
    )
    return [*stored, *inside.all_inner_texts()]
