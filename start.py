"""
How is flowlib opened, or tested, on a machine that has nothing but Python?

    python start.py           opens flowlib in your browser
    python start.py --test    runs every check

The first start makes an environment of flowlib's own in the folder `.venv` (`set_up.py`
says how). Nothing else on the machine changes.

Standard library only, and in words that Python 3.6 can still read: an old Python must
get as far as the sentence that refuses it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SUPPORTED = ((3, 11), (3, 12), (3, 13))


def refused_python(version: "tuple[int, ...]") -> str:
    """Why this Python will not do; empty if it will."""
    if version[:2] in SUPPORTED:
        return ""
    came = ".".join(str(part) for part in version[:3])
    return (
        f"flowlib needs Python 3.11, 3.12 or 3.13, and this is Python {came}. "
        "Install one of those from python.org, then start with it: for example, python3.12 start.py"
    )


if refused_python(sys.version_info[:3]):
    sys.exit(refused_python(sys.version_info[:3]))

from set_up import Home, Trouble, Turn, prepare, say, surroundings  # noqa: E402 - an old Python cannot read it

GRACE = 3  # seconds for a check to stop by itself after Ctrl+C
STOPPED = 130  # the usual exit code after Ctrl+C

HELP = """\
python start.py                    open flowlib in your browser
python start.py --no-browser       start it, and only print its address
python start.py --port 8890        start it at a port of your choice
python start.py --test             run every check
python start.py --test --long      run every check, with the longer tests too
python start.py --test -k waits    run only pytest, with the arguments that follow
python start.py --set-up           only make the environment
python start.py briefing FILE      hand a command to flowlib: app, briefing, check, handout, lab or template
python start.py --help             show these lines

Where Python is called python3 or py, type that instead of python."""

LAB_OPTIONS = ("--no-browser", "--port")
CHECKS = (
    ("code rules", ["-m", "ruff", "check"]),
    ("code layout", ["-m", "ruff", "format", "--check"]),
    ("types", ["-m", "mypy"]),
    ("who imports whom", ["-c", "from importlinter.cli import lint_imports_command as check; check()"]),
)
PYTEST = ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
NOTEBOOKS = ("notebooks", "exercises/solutions")


def open_flowlib(home: Home, arguments: list[str]) -> int:
    """Let flowlib take this process's place; its exit code is this one's."""
    command = [str(home.python), "-P", "-m", "flowlib", *arguments]
    if os.name == "posix":
        os.execve(command[0], command, surroundings())
    try:
        return follow(command)
    except KeyboardInterrupt:  # flowlib has said what there is to say
        return 0


def run_tests(home: Home, arguments: list[str]) -> int:
    """Run the checks one after another, up to the first that does not pass."""
    began = time.monotonic()
    checks = chosen_checks(home, arguments)
    os.environ["FLOWLIB_PROGRESS"] = str(home.environment / "tests-progress.json")  # the person's own stays as it is
    for number, (name, command) in enumerate(checks, start=1):
        say(f"\n[{number} of {len(checks)}] {name}")
        code = follow([str(home.python), *command], home.folder)
        if code:
            say(f"\nStopped: {name} did not pass (exit code {code}). The lines above say why.")
            return code
    say(f"\nPassed in {time.monotonic() - began:.0f} seconds: {', '.join(name for name, _ in checks)}.")
    return 0


def chosen_checks(home: Home, arguments: list[str]) -> list[tuple[str, list[str]]]:
    """The checks that these *arguments* ask for: all of them, or pytest with arguments of its own."""
    tier = [] if "--long" in arguments else ["-m", "not long"]
    own = [argument for argument in arguments if argument != "--long"]
    tests = ("tests", [*PYTEST, *tier, *own])
    if own:
        return [tests]
    folders = [folder for folder in NOTEBOOKS if any((home.folder / folder).glob("*.ipynb"))]
    notebooks = [("notebooks", [*PYTEST, "--nbval-lax", *folders])] if folders else []
    return [*CHECKS, tests, *notebooks]


def follow(command: list[str], folder: Path | None = None) -> int:
    """Run *command* in sight of the person; its exit code."""
    with subprocess.Popen(command, env=surroundings(), cwd=folder) as child:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            stop(child)
            raise
    return code if code >= 0 else 128 - code


def stop(child: "subprocess.Popen[bytes]") -> None:
    """Wait while *child*, which was interrupted too, closes; end it if it does not."""
    try:
        child.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        child.terminate()


def run(arguments: list[str], home: Home) -> int:
    """What the *arguments* ask for."""
    if "--help" in arguments[:1] or "-h" in arguments[:1]:
        say(HELP)
        return 0
    for_flowlib = [] if arguments and not arguments[0].startswith("-") else ["lab"]
    testing = "--test" in arguments and bool(for_flowlib)
    if for_flowlib and not testing and arguments != ["--set-up"]:
        known_only(arguments)
    with contextlib.closing(Turn(home.turn)) as turn:
        prepare(home, turn)
        if testing:
            return run_tests(home, [argument for argument in arguments if argument != "--test"])
        return 0 if arguments == ["--set-up"] else open_flowlib(home, [*for_flowlib, *arguments])


def known_only(arguments: list[str]) -> None:
    """Refuse a mistyped option before anything is set up for it."""
    for argument in arguments:
        if argument.startswith("-") and argument.split("=")[0] not in LAB_OPTIONS:
            raise Trouble(f"start.py cannot use {argument} here. These are the ways to start it:\n\n{HELP}")


def interrupted(*_: object) -> None:
    """Treat a closed window or a request to end as Ctrl+C."""
    raise KeyboardInterrupt


def main(arguments: list[str], folder: Path) -> int:
    """Run, and turn whatever goes wrong into a sentence."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupted)
    try:
        return run(arguments, Home(folder))
    except Trouble as trouble:
        say(str(trouble))
        return 1
    except OSError as error:
        where = f" at {error.filename}" if error.filename else ""
        say(f"This computer answered: {error.strerror}{where}. Put that right, then type the same command again.")
        return 1
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say("\nStopped. Nothing is broken: type the same command to start again.")
        return STOPPED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
