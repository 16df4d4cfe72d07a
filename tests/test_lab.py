"""Does JupyterLab open on the start page, for this person only, and leave nothing behind?"""

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import websocket
from browser import lab_server, offline_context, open_notebook, run_everything, wait_until_idle

from flowlib import lab, serving
from flowlib.core.checks import Refusal

posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes and signals are a POSIX matter")
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "hello", "metadata": {}, "source": "# Start here"},
        {
            "cell_type": "code",
            "id": "sum",
            "metadata": {},
            "source": "import os\nos.environ['FLOWLIB_SESSION']",
            "outputs": [],
            "execution_count": None,
        },
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
# A configuration that would make the lab useless, were it read.
HOSTILE = "c.ServerApp.base_url = '/elsewhere/'\nc.IdentityProvider.token = ''\nc.ServerApp.port = 1\n"


@dataclass
class Running:
    """A lab in a process of its own."""

    process: subprocess.Popen
    address: str  # as printed, with the token
    home: Path
    temporary: Path

    @property
    def site(self):
        return self.address.split("/lab/")[0]

    @property
    def token(self):
        return self.address.rpartition("token=")[2]

    @property
    def sessions(self):
        return list(self.temporary.glob("flowlib-session-*"))

    def ask(self, path, data=None):
        """What the server answers to somebody who has the token."""
        request = urllib.request.Request(  # noqa: S310 - our own address
            self.site + path, data=data, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
            return json.load(answer)


def project(folder):
    """A folder with a start page and a blank in its name."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks" / "00_start_here.ipynb").write_text(json.dumps(NOTEBOOK))
    return folder


@contextlib.contextmanager
def running_lab(scratch):
    """`flowlib lab` in a project of its own, for a person whose own Jupyter is set up badly."""
    folder, home, temporary = project(scratch / "my project"), scratch / "home", scratch / "temporary"
    for wanted in (home / ".jupyter", temporary):
        wanted.mkdir(parents=True)
    (home / ".jupyter" / "jupyter_server_config.py").write_text(HOSTILE)
    own = {"HOME": home, "USERPROFILE": home, "APPDATA": home, "TMPDIR": temporary, "TEMP": temporary}
    jupyter = {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_DATA_HOME"}
    usual = {name: value for name, value in os.environ.items() if name not in jupyter}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "flowlib", "lab", "--no-browser"],
        cwd=folder,
        env=usual | {name: str(place) for name, place in own.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Running(process, address_in(process), home, temporary)
        finally:
            process.terminate()


def address_in(process):
    """The address that a starting lab prints."""
    for line in process.stdout:
        found = re.search(r"http://\S+", line)
        if found:
            return found[0]
    raise AssertionError(process.stderr.read())


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One lab for the tests that only look."""
    with running_lab(tmp_path_factory.mktemp("lab")) as found:
        yield found


# While it is open.


def test_the_address_opens_the_start_page(running):
    assert re.fullmatch(
        r"http://127\.0\.0\.1:\d+/lab/tree/notebooks/00_start_here\.ipynb\?token=[0-9a-f]{48}", running.address
    )
    with urllib.request.urlopen(running.address, timeout=30) as page:  # noqa: S310 - our own address
        assert page.status == 200
        assert b"JupyterLab" in page.read()


@pytest.mark.parametrize("path", ["/api/contents", "/api/kernels", "/api/contents?token=guessed"])
def test_without_the_token_nothing_is_shown(running, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(running.site + path, timeout=30)  # noqa: S310 - our own address
    assert refused.value.code == 403
    refused.value.close()


def test_it_listens_on_this_computer_only(running):
    """Where the operating system says that the process listens."""
    listening = [place.laddr.ip for place in psutil.Process(running.process.pid).net_connections() if not place.raddr]
    assert set(listening) == {"127.0.0.1"}


def test_it_shows_the_folder_it_was_started_in(running):
    assert [entry["name"] for entry in running.ask("/api/contents")["content"]] == ["notebooks"]


@posix_only
def test_the_session_folder_is_this_persons_alone(running):
    (session,) = running.sessions
    assert stat.S_IMODE(session.stat().st_mode) == 0o700


def test_no_news_no_updates_no_shop_and_one_button_to_run_everything(running):
    """The settings as the page gets them, with our overrides in."""
    notices = running.ask("/lab/api/settings/@jupyterlab/apputils-extension:notification")["schema"]["properties"]
    assert notices["fetchNews"]["default"] == "false"
    assert notices["checkForUpdates"]["default"] is False
    shop = running.ask("/lab/api/settings/@jupyterlab/extensionmanager-extension:plugin")["schema"]["properties"]
    assert shop["enabled"]["default"] is False
    panel = running.ask("/lab/api/settings/@jupyterlab/notebook-extension:panel")["schema"]["properties"]
    assert ("notebook:run-all-cells", "Run everything") in [
        (button.get("command"), button.get("label")) for button in panel["toolbar"]["default"]
    ]


def test_a_large_file_gets_through_to_a_kernel(running):
    """12 MiB in one message: tornado's own limit of 10 MiB would drop the line without a word."""
    kernel = running.ask("/api/kernels", data=b"{}")["id"]
    line = websocket.create_connection(
        f"{running.site.replace('http', 'ws')}/api/kernels/{kernel}/channels?token={running.token}", timeout=60
    )
    header = {"msg_id": "large", "msg_type": "kernel_info_request", "username": "", "session": "", "version": "5.3"}
    extract = {"extract": "a" * 12 * 2**20}
    message = {"header": header, "parent_header": {}, "channel": "shell", "content": {}, "metadata": extract}
    with contextlib.closing(line):
        line.send(json.dumps(message))
        kinds = set()
        while "kernel_info_reply" not in kinds:
            answer = json.loads(line.recv())
            if answer["parent_header"].get("msg_id") == "large":
                kinds.add(answer["msg_type"])
    assert "kernel_info_reply" in kinds


def test_the_persons_own_jupyter_is_neither_read_nor_changed(running):
    """Their configuration, which would have moved the lab elsewhere, stands alone as it was."""
    own = running.home / ".jupyter"
    assert [file.name for file in own.iterdir()] == ["jupyter_server_config.py"]
    assert (own / "jupyter_server_config.py").read_text() == HOSTILE
    assert not (running.home / ".ipython").exists()


@pytest.mark.browser
def test_run_everything_works_and_no_result_is_written_down(chromium, tmp_path):
    """In a real browser: the button, a kernel that knows its session, no pop-up, nothing asked of the world."""
    with running_lab(tmp_path) as found, offline_context(chromium) as (context, outside):
        page = context.new_page()
        page.goto(found.address)
        page.get_by_text("| Idle").wait_for(timeout=90_000)
        page.get_by_text("Run everything").click()
        result = page.locator(".jp-OutputArea-output")
        result.wait_for(timeout=60_000)
        assert str(found.sessions[0]) in result.inner_text()
        assert page.locator(".Toastify__toast").count() == 0

        page.keyboard.press("Control+s")
        page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')", timeout=30_000)
        written = (tmp_path / "my project" / "notebooks" / "00_start_here.ipynb").read_text()
        assert "flowlib-session" not in written
        assert json.loads(written)["cells"][1]["source"] == ["import os\n", "os.environ['FLOWLIB_SESSION']"]
        assert outside == []


def begun(context, found, last):
    """The start page as a long one, opened and told to run everything."""
    start = found.home.parent / "my project" / "notebooks" / "00_start_here.ipynb"
    start.write_text(json.dumps(long_page(last)))
    page = context.new_page()
    page.goto(found.address)
    page.get_by_text("| Idle").wait_for(timeout=90_000)
    page.get_by_text("Run everything").click()
    return page


def long_page(last):
    """A page of many screens: 3 seconds of work, then *last*."""
    words = [
        {"cell_type": "markdown", "id": f"words-{i}", "metadata": {}, "source": "# Words\n\n" + "A sentence.\n\n" * 20}
        for i in range(6)
    ]
    sources = {"work": "import time; time.sleep(3)", "last": last}
    code = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for name, source in sources.items()
    ]
    return NOTEBOOK | {"cells": [words[0], code[0], *words[1:], code[1]]}


@pytest.mark.browser
def test_run_everything_leaves_the_reader_at_the_top_and_says_how_far_it_is(chromium, tmp_path):
    """Oracle: where the page stands, before, during and after; a reader who scrolls on is not thrown back."""
    place = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"
    with running_lab(tmp_path) as found, offline_context(chromium) as (context, outside):
        page = begun(context, found, "from flowlib.show import BackToTop; BackToTop()")
        status = page.locator(".flowlib-lab-working")
        status.wait_for(timeout=5_000)
        assert status.get_attribute("role") == "status"
        assert status.inner_text() == "Working: part 1 of 2. You can start to read."
        page.wait_for_timeout(1_000)
        assert page.evaluate(place) < 50
        page.mouse.move(700, 500)
        page.mouse.wheel(0, 900)
        page.get_by_text("The page is ready.").wait_for(timeout=60_000)
        page.wait_for_timeout(1_500)
        assert 700 < page.evaluate(place) < 1_100
        assert outside == []


@pytest.mark.browser
@pytest.mark.long
def test_a_page_that_went_wrong_says_so(chromium, tmp_path):
    with running_lab(tmp_path) as found, offline_context(chromium) as (context, _):
        page = begun(context, found, "1 / 0")
        page.get_by_text("One part of this page went wrong. It is marked in red.").wait_for(timeout=60_000)


@pytest.mark.browser
@pytest.mark.long
def test_in_another_jupyterlab_the_end_of_a_lesson_goes_to_the_top_unless_somebody_reads(chromium, tmp_path):
    """The reader's own JupyterLab goes to the end itself; whoever has scrolled since is left where they are."""
    place = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"
    (tmp_path / "pages").mkdir()
    page_file = tmp_path / "pages" / "long.ipynb"
    page_file.write_text(json.dumps(long_page("from flowlib.show import BackToTop; BackToTop()")))
    with lab_server(tmp_path / "pages", tmp_path) as other, offline_context(chromium) as (context, _):
        page = context.new_page()
        open_notebook(page, other, "long.ipynb")
        assert run_everything(page)
        page.wait_for_function(f"() => ({place})() === 0", timeout=20_000)
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        page.wait_for_function(f"() => ({place})() > 1000", timeout=20_000)
        page.mouse.move(700, 500)
        page.mouse.wheel(0, -1_200)
        page.wait_for_timeout(500)
        reading = page.evaluate(place)
        wait_until_idle(page)
        page.wait_for_timeout(1_500)
        assert page.evaluate(place) == pytest.approx(reading, abs=100)
        assert reading > 300


# When it is closed.


@posix_only
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_closing_leaves_nothing_behind_and_says_so(tmp_path, name):
    with running_lab(tmp_path) as found:
        (found.sessions[0] / "upload.csv").write_text("a private matter")
        found.process.send_signal(getattr(signal, name))
        said, complained = found.process.communicate(timeout=30)
    assert said.strip().endswith("flowlib is closed, and what it kept for this session is removed.")
    assert (found.process.returncode, complained) == (0, "")
    assert found.sessions == []


def test_a_lab_that_was_killed_is_swept_up_by_the_next(tmp_path, monkeypatch):
    with running_lab(tmp_path) as found:
        found.process.kill()
        found.process.wait()
        assert len(found.sessions) == 1
    monkeypatch.setattr(serving.tempfile, "tempdir", str(found.temporary))
    serving.sweep()
    assert found.sessions == []


def test_the_sweep_leaves_all_that_is_not_a_leftover(tmp_path, monkeypatch):
    """A running lab's folder, a file, a link, and a folder that only looks alike."""
    monkeypatch.setattr(serving.tempfile, "tempdir", str(tmp_path))
    (tmp_path / "flowlib-session-mine").mkdir()
    (tmp_path / "flowlib-session-1-1-file").touch()
    target = tmp_path / "target"
    target.mkdir()
    with contextlib.suppress(OSError):
        (tmp_path / "flowlib-session-1-1-link").symlink_to(target, target_is_directory=True)
    before = set(tmp_path.iterdir())
    with serving.private_session() as session:
        serving.sweep()
        assert set(tmp_path.iterdir()) == before | {session}
    assert set(tmp_path.iterdir()) == before


def test_a_number_that_now_belongs_to_another_process_does_not_keep_a_leftover(tmp_path, monkeypatch):
    """The number is that of the process here, which began in another second."""
    monkeypatch.setattr(serving.tempfile, "tempdir", str(tmp_path))
    leftover = tmp_path / f"flowlib-session-{os.getpid()}-1-abc"
    leftover.mkdir()
    serving.sweep()
    assert not leftover.exists()


def test_the_session_folder_goes_even_when_the_work_fails():
    seen = []

    def work():
        with serving.private_session() as session:
            seen.append(session)
            assert os.environ[serving.SESSION] == str(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert not seen[0].exists()
    assert serving.SESSION not in os.environ


# Before it opens.


def test_a_port_in_use_is_said_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.chdir(project(tmp_path / "here"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refusal, match=f"^Port {port} is in use. Choose another, or leave --port out"):
            lab.open_lab(port=port, browser=False)


def test_without_a_start_page_the_person_hears_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serving, "__file__", str(tmp_path / "flowlib" / "serving.py"))
    with pytest.raises(Refusal, match=r"Go to the folder that holds start\.py"):
        serving.project_folder()


# What is written down.


def saved(path, **metadata):
    """A notebook with a result in it, as it would be written to *path*."""
    shown = [{"output_type": "stream", "name": "stdout", "text": "41 people waited"}]
    cell = {"cell_type": "code", "source": "waits", "outputs": shown, "execution_count": 3, "metadata": {}}
    text = {"cell_type": "markdown", "source": "Look", "metadata": {}}
    model = {"type": "notebook", "content": {"cells": [text, cell], "metadata": metadata}}
    lab.forget_results(model=model, path=path, contents_manager=None)
    return model["content"]


@pytest.mark.parametrize("path", ["notebooks/60_your_service.ipynb", "/mine.ipynb", "owned/mine.ipynb"])
def test_a_notebook_is_written_without_what_its_cells_showed(path):
    notebook = saved(path, widgets={"state": "41"}, kernelspec={"name": "python3"})
    assert "41" not in json.dumps(notebook)
    assert notebook["cells"][1]["source"] == "waits"
    assert notebook["metadata"].keys() == {"kernelspec"}


def test_opening_a_lesson_and_saving_it_changes_nothing_of_it():
    """Oracle: a lesson as it is kept, given what JupyterLab adds to the header of each notebook that it saves."""
    kept = json.loads((Path(__file__).parents[1] / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8"))
    opened = json.loads(json.dumps(kept))
    opened["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    opened["metadata"]["language_info"] |= {"version": "3.12.1", "file_extension": ".py"}
    lab.forget_results(model={"type": "notebook", "content": opened}, path="notebooks/00_start_here.ipynb")
    assert opened == kept


@pytest.mark.parametrize("path", ["own/mine.ipynb", "/own/june/mine.ipynb"])
def test_a_notebook_in_the_folder_own_keeps_its_results(path):
    assert "41 people waited" in json.dumps(saved(path))


def test_other_files_are_written_as_they_are():
    model = {"type": "file", "content": "41 people waited"}
    lab.forget_results(model=model, path="notes.txt")
    assert model["content"] == "41 people waited"
