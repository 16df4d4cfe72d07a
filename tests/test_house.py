"""Is the house in order: packages, licences, who may use whom, and what is written down?"""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import flowlib

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PYPROJECT["dependencies"]]
EXTRAS = [Requirement(line) for line in chain(*PYPROJECT["optional-dependencies"].values())]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
NOTEBOOKS = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/**/*.ipynb")]
PROSE = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]

# Licences that would bind what is built on flowlib. The lesser GPL does not, as long as it is only called.
BINDING = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public License", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)
# Run-time packages under the lesser GPL. A new one is a decision, so it has to be written here.
KNOWN_LESSER = set()


@cache
def tracked_files():
    """Every file of the project; without git, all that is not hidden or made on the way."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    parts = [folder for folder in ROOT.iterdir() if not folder.name.startswith(".") and folder.name != "own"]
    return [file for part in parts for file in [part, *part.rglob("*")] if file.is_file() and file.suffix != ".pyc"]


@cache
def pins():
    """Each pinned package of the lock: its requirement, and its hashes."""
    blocks = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    return [(Requirement(block.split("\\")[0].strip()), block.count("--hash=sha256:")) for block in blocks]


def by_name(requirements):
    return {canonicalize_name(one.name): str(one.specifier) for one in requirements}


def notebook_problems(find):
    """What *find* has to say about each notebook, with the notebook's name."""
    found = {file.name: find(json.loads(file.read_text(encoding="utf-8"))) for file in NOTEBOOKS}
    return {name: problem for name, problem in found.items() if problem}


# Packages.


def test_conda_gets_the_packages_that_pyproject_names():
    given = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    from_pip = next(part["pip"] for part in given if isinstance(part, dict))
    assert "-e ." in from_pip
    named = [line for line in given if isinstance(line, str)] + [line for line in from_pip if line != "-e ."]
    packages = by_name(Requirement(line) for line in named)
    assert set(packages.pop("python").split(",")) == set(PYPROJECT["requires-python"].split(","))
    assert packages.pop("pip") == ""
    assert packages == by_name(RUNTIME)


def test_the_lock_holds_no_address():
    """A lock with addresses would send people to servers that they cannot reach."""
    assert "://" not in LOCK
    assert "--index-url" not in LOCK


def test_every_pin_of_the_lock_has_a_hash():
    assert len(pins()) > 100
    assert [pin.name for pin, hashes in pins() if not hashes] == []


def test_every_pin_is_one_exact_version():
    assert [pin.name for pin, _ in pins() if [one.operator for one in pin.specifier] != ["=="]] == []


def test_the_lock_fits_what_pyproject_asks_for():
    """Each package that pyproject names is pinned, at versions that it allows."""
    versions = {}
    for pin, _ in pins():
        versions.setdefault(canonicalize_name(pin.name), []).append(next(iter(pin.specifier)).version)
    for wanted in RUNTIME + EXTRAS:
        pinned = versions.get(canonicalize_name(wanted.name), [])
        assert pinned, wanted.name
        assert all(wanted.specifier.contains(version, prereleases=True) for version in pinned), (wanted, pinned)


def test_what_builds_the_project_is_locked_too():
    """Hatchling comes with the lock, so that putting flowlib in downloads nothing."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert set(by_name(map(Requirement, build))) <= set(by_name(pin for pin, _ in pins()))


def closure(requirements):
    """Those packages and all that they need here, by name."""
    reached, waiting = {}, [(one, "") for one in requirements]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({**default_environment(), "extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        asked = {"", *wanted.extras}
        new = asked - reached.setdefault(name, set())
        reached[name] |= asked
        needs = [Requirement(line) for line in importlib.metadata.requires(name) or []]
        waiting += [(need, extra) for extra in new for need in needs]
    return set(reached)


def licence(name):
    """What a package says of its own licence, in short; where its description is silent, its licence file speaks."""
    said = importlib.metadata.metadata(name)
    classifiers = [line for line in said.get_all("Classifier", []) if line.startswith("License ::")]
    words = [said.get("License-Expression"), (said.get("License") or "")[:200], *classifiers]
    if not any(words):
        files = [file for file in importlib.metadata.files(name) or [] if "LICENSE" in file.name.upper()]
        words = [file.read_text(encoding="utf-8")[:200] for file in files]
    return " | ".join(filter(None, words))


def test_no_licence_among_the_run_time_packages_binds_those_who_build_on_flowlib():
    names = closure(RUNTIME)
    assert {"altair", "tornado", "pyzmq"} <= names
    assert [name for name in names if not licence(name)] == []
    assert {name: licence(name) for name in names if BINDING.search(licence(name))} == {}
    assert {name for name in names if LESSER.search(licence(name))} == KNOWN_LESSER


def test_the_licence_search_knows_what_it_looks_for():
    for binding in ("GPL-3.0-or-later", "GNU General Public License v2 (GPLv2)", "AGPL-3.0"):
        assert BINDING.search(binding)
    for free in ("MIT", "LGPL-2.1-only", "GNU Lesser General Public License v3 (LGPLv3)"):
        assert not BINDING.search(free)


# Who may use whom.


def test_every_room_keeps_to_its_contracts():
    code = "from importlinter.cli import lint_imports_command as check; check()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_opening_the_package_loads_nothing_heavy():
    heavy = ["altair", "anywidget", "ciw", "ipywidgets", "jupyterlab", "numpy", "pandas", "papermill", "scipy"]
    code = f"import sys, flowlib; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_room_is_in_the_picture_of_the_house():
    picture = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = [file.parent.name for file in ROOT.glob("flowlib/*/__init__.py")]
    assert len(rooms) >= 8
    assert [room for room in rooms if f"`flowlib/{room}`" not in picture] == []


# What is written down.


@pytest.mark.parametrize("command", ["python start.py", "python start.py --test"])
def test_the_first_screen_of_the_readme_has_the_command_as_a_line_of_code(command):
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines.count(f"    {command}") == 1
    assert f"    {command}" in lines[:20]


def test_one_version_stands_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert {PYPROJECT["version"], citation["version"]} == {flowlib.__version__}
    assert f"\n## {flowlib.__version__} " in changes


def test_no_file_names_a_machine_or_a_package_server():
    """Such a name works for whoever wrote it, and for nobody else."""
    homes = ["/" + "work/", "/" + "root/", "/" + "home/", "C:" + r"\\Users"]
    servers = ["py" + r"pi\.org", "python" + r"hosted\.", "npm" + r"js\.", "deb" + r"ian\.org/"]
    private = re.compile("|".join([rf"(?<![\w.~-]){home}" for home in homes] + servers))
    found = {}
    for file in tracked_files():
        if file.suffix in {".gz", ".jpg", ".png", ".xlsx", ".parquet"}:
            continue
        here = private.search(file.read_text(encoding="utf-8"))
        if here:
            found[str(file.relative_to(ROOT))] = here[0]
    assert found == {}


@pytest.mark.parametrize("name", PROSE)
def test_sentences_are_short(name):
    """At most 20 words, as the NHS service manual asks; code, tables and headings are not sentences."""
    text = re.sub(r"```.*?```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = [line for line in text.splitlines() if not line.startswith(("    ", "|", "#"))]
    sentences = re.split(r"(?<=[.!?:;])\s|\n", "\n".join(lines))
    assert [sentence for sentence in sentences if len(sentence.split()) > 20] == []


# Notebooks.


def test_notebooks_are_well_formed():
    def problem(notebook):
        try:
            nbformat.validate(notebook)
        except nbformat.ValidationError as error:
            return str(error)
        return ""

    assert notebook_problems(problem) == {}


def test_notebooks_hold_no_outputs():
    """Outputs could carry a person's data, and make every change hard to read."""
    assert (
        notebook_problems(
            lambda notebook: [
                cell["id"] for cell in notebook["cells"] if cell.get("outputs") or cell.get("execution_count")
            ]
        )
        == {}
    )


def test_notebook_headers_hold_the_kernel_and_the_language_only():
    known = {"kernelspec", "language_info"}
    assert notebook_problems(lambda notebook: sorted(set(notebook["metadata"]) - known)) == {}
    assert notebook_problems(lambda notebook: notebook["metadata"]["kernelspec"]["name"] != "python3") == {}


# CI.


@pytest.mark.skipif(os.name != "posix" or not shutil.which("bash"), reason="the script is for bash")
def test_ci_runs_the_readmes_own_command_and_passes_its_exit_code_on(tmp_path):
    """In a folder with a blank in its name, where Python goes only by the name python3."""
    clone, tools = tmp_path / "a clone", tmp_path / "tools"
    (clone / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", clone / ".ci" / "run")
    shutil.copy(ROOT / "README.md", clone / "README.md")
    tools.mkdir()
    for name, does in {"python3": 'echo "ran: $* in $PWD"; exit 7', "chromium": "exit 0"}.items():
        (tools / name).write_text(f"#!/bin/sh\n{does}\n")
        (tools / name).chmod(0o755)
    for name in ("dirname", "grep", "sed", "bash"):
        (tools / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        [tools / "bash", clone / ".ci" / "run"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert f"ran: start.py --test in {clone}" in done.stdout
    assert done.returncode == 7
    assert re.search(r"It took \d+ min \d+ s and ended with exit code 7\.", done.stdout)


def test_the_examples_in_the_readme_run(capsys, monkeypatch, tmp_path):
    """Each block of Python is run as it stands, in order, as a reader would type it."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) >= 2
    monkeypatch.chdir(tmp_path)  # what they write is not for this folder
    names = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102 - our own page
    said = capsys.readouterr().out
    assert "Home First holds the flow back" in said
    assert "people would wait for Home First" in said
