"""Does `start.py` bring a person from bare Python to flowlib, and keep what it makes whole?"""

import ast
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import set_up
import start
from set_up import Home, Trouble, Turn

ROOT = Path(__file__).parents[1]
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals to another process are a POSIX matter")

# A start in a process of its own, whose installer only sleeps and keeps count.
SLOW_START = """
import sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
import set_up, start

def install(home):
    home.python.parent.mkdir(parents=True, exist_ok=True)
    home.python.touch()
    with (home.folder / "count").open("a") as count:
        count.write("x")
    print("installing", flush=True)
    time.sleep({seconds})

set_up.install_with_uv = install
sys.exit(start.main(["--set-up"], Path({folder!r})))
"""


@pytest.fixture
def home(tmp_path):
    """A project folder with a blank and a letter beyond ASCII in its name."""
    folder = tmp_path / "Siân's project"
    folder.mkdir()
    (folder / "requirements.lock").write_text("altair==6.3.0\n")
    (folder / "pyproject.toml").write_text("[project]\n")
    return Home(folder)


@pytest.fixture
def ready(home):
    """The same, with an environment that fits."""
    pretend_install(home)
    home.stamp.write_text(home.fingerprint())
    return home


@pytest.fixture
def installs(monkeypatch):
    """An installer that takes no time, and the list of folders it was called for."""
    called = []

    def install(home):
        called.append(home.folder)
        pretend_install(home)

    monkeypatch.setattr(set_up, "install_with_uv", install)
    return called


@pytest.fixture(autouse=True)
def own_signals():
    """Put the signal handlers back that `start.main` changes."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


def pretend_install(home):
    home.python.parent.mkdir(parents=True, exist_ok=True)
    home.python.touch()


def slow_start(home, seconds):
    code = SLOW_START.format(root=str(ROOT), folder=str(home.folder), seconds=seconds)
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


# Which Python.


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 13, 1)])
def test_pythons_that_the_project_names_are_welcome(version):
    assert start.refused_python(version) == ""


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 10, 13), (3, 14, 0)])
def test_another_python_is_told_what_came_and_what_to_do(version):
    sentence = start.refused_python(version)
    assert sentence.startswith("flowlib needs Python 3.11, 3.12 or 3.13, and this is Python ")
    assert ".".join(map(str, version)) in sentence
    assert "Install one of those" in sentence


def test_the_pythons_welcomed_are_those_of_pyproject():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11,<3.14"' in text
    assert [version for _, version in start.SUPPORTED] == [11, 12, 13]


def test_an_old_python_meets_the_sentence_and_nothing_else():
    """The whole program, told that it runs on 3.10: exit code 1, one sentence, no traceback."""
    code = "import runpy, sys; sys.version_info = (3, 10, 13, 'final', 0); runpy.run_path('start.py')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == start.refused_python((3, 10, 13))


def test_an_old_python_can_read_the_program():
    """Else it would stop at a syntax error before the sentence."""
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 7))


# The stamp.


def test_an_environment_with_a_fitting_stamp_is_ready(ready):
    assert ready.is_ready()


def test_an_environment_without_a_stamp_is_not(home):
    pretend_install(home)
    assert not home.is_ready()


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_change_of_packages_or_project_makes_the_environment_unfit(ready, name):
    with (ready.folder / name).open("a") as file:
        file.write("# changed\n")
    assert not ready.is_ready()


def test_another_kind_of_python_makes_it_unfit(ready, monkeypatch):
    monkeypatch.setattr(set_up.sys, "version_info", (3, 99, 0))
    assert not ready.is_ready()


def test_a_moved_folder_makes_it_unfit(ready):
    """Programs inside an environment hold its full path."""
    moved = ready.folder.with_name("elsewhere")
    ready.folder.rename(moved)
    assert not Home(moved).is_ready()


def test_a_python_that_has_gone_makes_it_unfit(ready):
    ready.python.unlink()
    assert not ready.is_ready()


def test_half_a_stamp_is_no_stamp(ready):
    ready.stamp.write_text(ready.fingerprint()[:20])
    assert not ready.is_ready()


# Setting up.


def test_a_first_start_installs_once_and_a_second_not_at_all(home, installs):
    assert start.main(["--set-up"], home.folder) == 0
    assert start.main(["--set-up"], home.folder) == 0
    assert installs == [home.folder]


def test_the_person_is_told_how_long_it_took(home, installs, capsys):
    start.main(["--set-up"], home.folder)
    assert installs
    assert re.search(r"Setting up flowlib.*\n(?:.*\n)*Ready after \d+ seconds\.", capsys.readouterr().out)


def test_an_interrupt_says_one_sentence_and_the_next_start_makes_it_anew(home, monkeypatch, capsys):
    def cut_short(home):
        pretend_install(home)
        raise KeyboardInterrupt

    monkeypatch.setattr(set_up, "install_with_uv", cut_short)
    assert start.main(["--set-up"], home.folder) == 130
    assert "Stopped. Nothing is broken: type the same command to start again." in capsys.readouterr().out
    assert not home.is_ready()

    monkeypatch.setattr(set_up, "install_with_uv", pretend_install)
    assert start.main(["--set-up"], home.folder) == 0
    assert home.is_ready()


def test_what_an_interrupted_start_left_is_cleared_away(home, monkeypatch):
    home.environment.mkdir()
    (home.environment / "half a package").touch()
    monkeypatch.setattr(set_up, "work", lambda *_: pretend_install(home))
    set_up.make_environment(home, with_pip=False)
    assert not (home.environment / "half a package").exists()


def test_a_link_in_place_of_the_environment_goes_but_not_what_it_points_to(home, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    try:
        home.environment.symlink_to(other, target_is_directory=True)
    except OSError:
        pytest.skip("this account may not make links")
    set_up.clear(home)
    assert other.is_dir()
    assert not home.environment.is_symlink()


def test_where_uv_fails_pip_is_next(home, monkeypatch, capsys):
    def no_uv(_):
        raise Trouble("   no answer")

    monkeypatch.setattr(set_up, "install_with_uv", no_uv)
    monkeypatch.setattr(set_up, "install_with_pip", pretend_install)
    assert start.main(["--set-up"], home.folder) == 0
    assert "did not work, so pip is next; it is slower. The last words were:\n   no answer" in capsys.readouterr().out


def test_without_a_network_the_person_hears_what_to_do(home, monkeypatch, capsys):
    def no_network(*_):
        raise Trouble("   no answer")

    monkeypatch.setattr(set_up, "install_with_uv", no_network)
    monkeypatch.setattr(set_up, "make_environment", lambda *_, **__: None)
    monkeypatch.setattr(set_up, "pip", no_network)
    assert start.main(["--set-up"], home.folder) == 1
    said = capsys.readouterr().out
    assert "The packages could not be fetched. Check that this computer is on the internet" in said
    assert "Traceback" not in said


def test_a_python_without_ensurepip_says_what_to_install(home, monkeypatch):
    monkeypatch.setattr(set_up.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Trouble, match="sudo apt install python3-venv"):
        set_up.make_environment(home, with_pip=True)


def test_an_environment_in_use_says_to_close_its_windows(ready, monkeypatch):
    def in_use(_):
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(set_up.shutil, "rmtree", in_use)
    with pytest.raises(Trouble, match="Close every window that uses flowlib"):
        set_up.clear(ready)


def test_only_locked_packages_are_installed_with_uv(home, monkeypatch):
    """Hashes are required of everything fetched, nothing is built, and the project comes in without a network."""
    commands = []
    monkeypatch.setattr(set_up, "uv_on_this_machine", lambda: ["uv"])
    monkeypatch.setattr(set_up, "work", lambda command, *_: commands.append(command))
    set_up.install_with_uv(home)
    _, packages, project = commands
    assert {"--require-hashes", "--no-build", "--compile-bytecode", str(home.packages)} <= set(packages)
    assert {"--no-deps", "--no-build-isolation", "--offline", str(home.folder)} <= set(project)


def test_uv_itself_comes_from_the_lock_with_its_hashes(monkeypatch):
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (pinned,) = re.findall(r"^(uv==.*?)(?=^\S|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    written = {}
    monkeypatch.setattr(Path, "write_text", lambda _, words, **__: written.setdefault("lock", words))
    set_up.locked("uv", Home(ROOT))
    assert written["lock"] == pinned
    assert "--hash=sha256:" in pinned


def test_a_failed_command_gives_its_last_words_without_its_retries():
    code = "import sys; print('WARNING: Retrying (4)'); print('no room on the disk'); sys.exit(3)"
    with pytest.raises(Trouble, match=r"^   no room on the disk$"):
        set_up.work([sys.executable, "-c", code])


def test_a_slow_command_shows_that_it_lives(monkeypatch, capsys):
    monkeypatch.setattr(set_up, "SIGN_OF_LIFE", 0.1)
    set_up.work([sys.executable, "-c", "import time; time.sleep(0.5)"])
    assert "still busy after" in capsys.readouterr().out


def test_packages_of_elsewhere_stay_out(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("KEPT", "yes")
    assert "PYTHONPATH" not in set_up.surroundings()
    assert set_up.surroundings()["KEPT"] == "yes"


# Several at once.


def test_two_starts_at_once_install_once(home):
    both = [slow_start(home, 3), slow_start(home, 3)]
    words = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert (home.folder / "count").read_text() == "x"
    assert sum("Another window is busy" in said for said in words) == 1
    assert home.is_ready()


def test_a_start_that_was_killed_leaves_no_lock_behind(home):
    process = slow_start(home, 60)
    process.stdout.readline()
    process.kill()
    process.communicate()
    turn = Turn(home.turn)
    assert turn.taken(alone=True)
    turn.close()


@posix_only
def test_an_environment_in_use_is_not_remade(home):
    """Whoever uses it shares the lock; whoever would remake it waits."""
    user, maker = Turn(home.turn), Turn(home.turn)
    assert user.taken(alone=False)
    assert maker.taken(alone=False)
    assert not maker.taken(alone=True)
    user.close()
    assert maker.taken(alone=True)
    maker.close()


@posix_only
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_real_interrupt_gives_a_sentence_and_no_traceback(home, name):
    process = slow_start(home, 60)
    while "installing" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(getattr(signal, name))
    said, complained = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip() == "Stopped. Nothing is broken: type the same command to start again."
    assert complained == ""


# What was asked for.


def test_help_names_both_commands(capsys):
    assert start.main(["--help"], ROOT) == 0
    said = capsys.readouterr().out
    assert "python start.py   " in said
    assert "python start.py --test   " in said


@pytest.mark.parametrize("arguments", [["--tset"], ["--no-browser", "--fast"], ["--set-up", "--fast"]])
def test_a_mistyped_option_is_refused_before_anything_is_set_up(home, arguments, capsys):
    assert start.main(arguments, home.folder) == 1
    assert "start.py cannot use --" in capsys.readouterr().out
    assert not home.environment.exists()
    assert not home.turn.exists()


@pytest.mark.parametrize(
    ("arguments", "handed_over"),
    [
        ([], ["lab"]),
        (["--no-browser", "--port", "8890"], ["lab", "--no-browser", "--port", "8890"]),
        (["--port=8890"], ["lab", "--port=8890"]),
        (["briefing", "my own.csv", "--test"], ["briefing", "my own.csv", "--test"]),
    ],
)
def test_words_are_handed_to_flowlib(ready, monkeypatch, arguments, handed_over):
    handed = []
    monkeypatch.setattr(start, "open_flowlib", lambda _, words: handed.append(words) or 0)
    assert start.main(arguments, ready.folder) == 0
    assert handed == [handed_over]


def test_flowlib_runs_from_any_folder_and_its_exit_code_passes_through(home, tmp_path):
    """A real environment, found by a relative path from a folder with a blank and an accent in its name."""
    set_up.make_environment(home, with_pip=False)
    package = home.folder / "flowlib"
    package.mkdir()
    (package / "__main__.py").write_text("import sys; print(*sys.argv[1:]); sys.exit(7)")
    packages = next(home.environment.glob("[Ll]ib*/**/site-packages"))
    (packages / "_flowlib.pth").write_text("to be replaced")
    set_up.point_to_the_folder(home)
    assert (packages / "_flowlib.pth").read_text(encoding="ascii").strip().startswith("..")
    home.stamp.write_text(home.fingerprint())

    code = f"import start, pathlib; raise SystemExit(start.main(['say', 'it'], pathlib.Path({str(home.folder)!r})))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("say it", 7)


# The tests.


@pytest.fixture
def followed(monkeypatch):
    """What would have been run, one list of words each; all of it passes."""
    commands = []

    def follow(command, _folder):
        commands.append(command[1:])
        return 0

    monkeypatch.setattr(start, "follow", follow)
    return commands


def test_all_checks_run_in_order_and_one_line_says_so(ready, followed, capsys):
    (ready.folder / "notebooks").mkdir()
    (ready.folder / "notebooks" / "00_start_here.ipynb").touch()
    assert start.main(["--test"], ready.folder) == 0
    tools = [" ".join(command[:3]) for command in followed]
    assert tools[:3] == ["-m ruff check", "-m ruff format", "-m mypy"]
    assert "lint_imports_command" in tools[3]
    assert followed[4] == ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "not long"]
    assert followed[5] == [
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        "--nbval-lax",
        "notebooks",
    ]
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert re.fullmatch(
        r"Passed in \d+ seconds: code rules, code layout, types, who imports whom, tests, notebooks\.", last
    )


def test_a_folder_without_notebooks_is_left_out(ready, followed):
    """Pytest would answer exit code 5, which is no failure of the project."""
    (ready.folder / "notebooks").mkdir()
    assert start.main(["--test"], ready.folder) == 0
    assert not any("--nbval-lax" in command for command in followed)


def test_the_longer_tier_leaves_no_test_out(ready, followed):
    assert start.main(["--test", "--long"], ready.folder) == 0
    assert followed[4] == ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def test_further_arguments_go_to_pytest_alone(ready, followed):
    assert start.main(["--test", "-k", "waits"], ready.folder) == 0
    assert followed == [
        ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "not long", "-k", "waits"]
    ]


def test_the_first_check_that_fails_ends_the_run_with_its_exit_code(ready, monkeypatch, capsys):
    codes = iter([0, 0, 3])
    monkeypatch.setattr(start, "follow", lambda *_: next(codes))
    assert start.main(["--test"], ready.folder) == 3
    assert "Stopped: types did not pass (exit code 3)." in capsys.readouterr().out


def test_a_check_ended_by_a_signal_has_the_usual_exit_code(monkeypatch):
    """A shell says 128 and the signal's number."""
    child = SimpleNamespace(wait=lambda: -9)
    process = type("Process", (), {"__enter__": lambda _: child, "__exit__": lambda *_: None})
    monkeypatch.setattr(start.subprocess, "Popen", lambda *_, **__: process())
    assert start.follow(["anything"]) == 137


def test_a_check_that_does_not_stop_is_ended(monkeypatch):
    monkeypatch.setattr(start, "GRACE", 0.1)
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        start.stop(child)
    assert time.monotonic() - began < 30
