"""
How does flowlib get an environment of its own, and how is it kept whole?

The environment stands in the folder `.venv` and holds the packages of `requirements.lock`,
each checked against its hash. uv fetches them where it can be had, and pip where not.
A stamp is written last: it says what the environment was made from, so one that was cut
short, moved, or made from other packages is made anew. A lock on a file lets one start at
a time make it, and nobody remake it while it is in use.

Standard library only: this runs before anything is installed.
"""

import contextlib
import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["Home", "Trouble", "Turn", "prepare", "say", "surroundings"]

SIGN_OF_LIFE = 10  # seconds between two words to the person while something slow runs
HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}  # what the systems answer when somebody else has the lock
MIXING_IN = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV", "CONDA_PREFIX")
QUIETLY = ("--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2")


class Trouble(Exception):  # noqa: N818 - it is a sentence for a person
    """Something that the person has to know: what is wrong, and what to do."""


class Home:
    """The project's folder, and what stands where in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = folder / ".venv"
        self.stamp = self.environment / "flowlib.stamp"
        self.turn = folder / ".venv.lock"
        self.packages = folder / "requirements.lock"
        self.python = self.environment.joinpath(*(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))

    def fingerprint(self) -> str:
        """What an environment is made from: the packages, the project, the kind of Python and the place."""
        parts = [self.packages.read_bytes(), (self.folder / "pyproject.toml").read_bytes()]
        parts += [repr(sys.version_info[:2]).encode(), os.fsencode(self.folder)]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def is_ready(self) -> bool:
        """Whether the environment is whole, and made from what stands in the folder now."""
        if not self.stamp.is_file():
            return False
        return self.stamp.read_bytes() == self.fingerprint().encode() and self.python.exists()


def say(words: str) -> None:
    """Tell the person at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def surroundings(**extra: str) -> dict[str, str]:
    """The person's own variables, less those that would mix other packages in."""
    return {name: value for name, value in os.environ.items() if name not in MIXING_IN} | extra


# One start at a time. The system lets a lock go when its last holder ends, so none can be left behind.


class Turn:
    """A lock on a file: alone while the environment is made, shared while it is used."""

    def __init__(self, file: Path) -> None:
        self.handle = file.open("ab")
        os.set_inheritable(self.handle.fileno(), True)

    def close(self) -> None:
        """Let go."""
        self.handle.close()

    def wait(self, *, alone: bool) -> None:
        """Wait for the lock, and say so once."""
        told = False
        while not self.taken(alone=alone):
            if not told:
                say("Another window is busy with flowlib in this folder. Waiting until it is done or closed.")
            told = True
            time.sleep(0.2)

    def taken(self, *, alone: bool) -> bool:
        """Whether the lock could be had just now."""
        try:
            self.take(alone=alone)
        except OSError as refused:  # a network folder without locks answers something else: go on without
            return refused.errno not in HELD
        return True

    if sys.platform == "win32":

        def take(self, *, alone: bool) -> None:
            """Let go, then lock; Windows knows no shared locks, so a user looks in and lets go again."""
            with contextlib.suppress(OSError):
                msvcrt.locking(self.handle.fileno(), msvcrt.LK_UNLCK, 1)
            msvcrt.locking(self.handle.fileno(), msvcrt.LK_NBLCK, 1)
            if not alone:
                msvcrt.locking(self.handle.fileno(), msvcrt.LK_UNLCK, 1)

    else:

        def take(self, *, alone: bool) -> None:
            """Let go, then lock, so that two who both wish to be alone cannot hold each other up."""
            fcntl.flock(self.handle, fcntl.LOCK_UN)
            fcntl.flock(self.handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)


# Making the environment.


def prepare(home: Home, turn: Turn) -> None:
    """Make the environment unless a fitting one stands; leave it shared with whoever uses it."""
    turn.wait(alone=False)
    while not home.is_ready():
        turn.wait(alone=True)
        if not home.is_ready():
            set_up(home)
        turn.wait(alone=False)


def set_up(home: Home) -> None:
    """Make the environment from nothing, and stamp it when all is in."""
    say("Setting up flowlib in this folder. This is needed once, and takes about a minute.")
    began, made_from = time.monotonic(), home.fingerprint()
    try:
        install_with_uv(home)
    except Trouble as trouble:
        say(f"   The quick way (uv) did not work, so pip is next; it is slower. The last words were:\n{trouble}")
        install_with_pip(home)
    compile_simulation(home)
    home.stamp.write_text(made_from, encoding="ascii")
    say(f"Ready after {time.monotonic() - began:.0f} seconds.")


def compile_simulation(home: Home) -> None:
    """Compile the simulation now, so that nobody waits for it in a lesson; where that fails, it is done when needed."""
    step("Making the simulation fast")
    with contextlib.suppress(Trouble, OSError):
        work([str(home.python), "-m", "flowlib.simulation.fast_engine"], surroundings())


def install_with_uv(home: Home) -> None:
    """Install with uv: the one on this machine, or else the one in the lock."""
    uv = uv_on_this_machine()
    make_environment(home, with_pip=not uv)
    if not uv:
        step("Fetching uv, which fetches the rest quickly")
        pip(home, "--require-hashes", "--only-binary", ":all:", "-r", locked("uv", home))
        uv = [str(home.python), "-m", "uv"]
    install = [*uv, "pip", "install", "--quiet", "--python", str(home.python)]
    # Both names of one setting, old and new: trust the machine's own certificates, as its browser does.
    trust = surroundings(UV_SYSTEM_CERTS="true", UV_NATIVE_TLS="true")
    step("Fetching the packages")
    work([*install, "--compile-bytecode", "--require-hashes", "--no-build", "-r", str(home.packages)], trust)
    step("Putting flowlib itself in")
    work([*install, "--no-deps", "--no-build-isolation", "--offline", "--editable", str(home.folder)], trust)
    point_to_the_folder(home)


def install_with_pip(home: Home) -> None:
    """Install with pip alone."""
    make_environment(home, with_pip=True)
    step("Fetching the packages")
    try:
        pip(home, "--require-hashes", "--only-binary", ":all:", "-r", str(home.packages))
    except Trouble as trouble:
        raise Trouble(
            "The packages could not be fetched. Check that this computer is on the internet, "
            "then type the same command again. If your organisation has a package server of its own, "
            f"ask its IT team to set pip up for it. The last words were:\n{trouble}"
        ) from trouble
    step("Putting flowlib itself in")
    pip(home, "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(home.folder))
    point_to_the_folder(home)


def make_environment(home: Home, *, with_pip: bool) -> None:
    """Put an empty environment where an old or half-made one may stand."""
    if with_pip and importlib.util.find_spec("ensurepip") is None:
        raise Trouble(
            "This Python cannot make environments, because its part called ensurepip is missing. "
            "On Debian or Ubuntu type: sudo apt install python3-venv. Then type the same command again."
        )
    step("Making the environment")
    clear(home)
    # Started from inside an environment, the Python that made it is the one to use: the inner one may be going.
    python = getattr(sys, "_base_executable", None) or sys.executable
    work([python, "-m", "venv", *([] if with_pip else ["--without-pip"]), str(home.environment)])


def clear(home: Home) -> None:
    """Remove the environment, its stamp first."""
    try:
        home.stamp.unlink(missing_ok=True)
        if home.environment.is_symlink() or home.environment.is_file():
            home.environment.unlink()
        elif home.environment.exists():
            shutil.rmtree(home.environment)
    except OSError as error:
        raise Trouble(
            f"The old environment in .venv cannot be removed ({error.strerror}). "
            "Close every window that uses flowlib, then type the same command again."
        ) from error


def uv_on_this_machine() -> list[str]:
    """The command uv, if there is one and it works."""
    found = shutil.which("uv")
    with contextlib.suppress(OSError):
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            return [found]
    return []


def pip(home: Home, *arguments: str) -> None:
    """Install with the environment's own pip."""
    work([str(home.python), "-m", "pip", "install", *QUIETLY, *arguments])


def locked(name: str, home: Home) -> str:
    """A file with only the lines of the lock that pin *name*, hashes and all."""
    lines = home.packages.read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    rest = (number for number in range(first + 1, len(lines)) if not lines[number].startswith(" "))
    chosen = home.environment / f"{name}.lock"
    chosen.write_text("\n".join(lines[first : next(rest, len(lines))]) + "\n", encoding="utf-8")
    return str(chosen)


def point_to_the_folder(home: Home) -> None:
    """Make the way to the package relative: some Pythons on Windows misread other alphabets in a full path."""
    for pointer in home.environment.glob("[Ll]ib*/**/*flowlib*.pth"):
        pointer.write_text(os.path.relpath(home.folder, pointer.parent) + "\n", encoding="ascii")


def step(words: str) -> None:
    """One line a step."""
    say(f" - {words}")


def work(command: list[str], variables: dict[str, str] | None = None) -> None:
    """Run *command* quietly, with a sign of life now and then; if it fails, its last words are the trouble."""
    began = time.monotonic()
    # Inherited handles take the lock along: if this process is killed, its orphan still holds the folder.
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=variables or surroundings(),
        close_fds=False,
    ) as child:
        try:
            output = words_of(child, began)
        except BaseException:
            child.terminate()
            raise
    if child.returncode:
        raise Trouble(last_words(output.decode("utf-8", "replace")))


def last_words(output: str) -> str:
    """The end of what a command said, without its notes on trying again."""
    lines = [line for line in output.splitlines() if line.strip() and "Retrying" not in line]
    return "\n".join(f"   {line.strip()}" for line in lines[-3:])


def words_of(child: "subprocess.Popen[bytes]", began: float) -> bytes:
    """All that *child* says until it ends."""
    while True:
        try:
            return child.communicate(timeout=SIGN_OF_LIFE)[0]
        except subprocess.TimeoutExpired:
            say(f"   still busy after {time.monotonic() - began:.0f} seconds")
