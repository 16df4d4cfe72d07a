"""Does the command line do what was asked, and say in one plain sentence what it cannot do?"""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import flowlib
from flowlib import cli
from flowlib.core.checks import Refusal
from flowlib.core.pathway_template import EXAMPLE
from flowlib.core.pathway_text import from_text

ROOT = Path(__file__).parents[1]


@pytest.fixture
def asked(monkeypatch):
    """What the report's commands were asked for; they answer with exit code 0."""
    seen = []
    stub = SimpleNamespace(
        check_command=lambda arguments: seen.append(("check", vars(arguments))) or 0,
        briefing_command=lambda arguments: seen.append(("briefing", vars(arguments))) or 0,
    )
    monkeypatch.setitem(sys.modules, "flowlib.report", stub)
    monkeypatch.setattr(flowlib, "report", stub, raising=False)
    return seen


@pytest.fixture
def failing(monkeypatch):
    """Make `flowlib check` fail with a given exception."""

    def fail_with(error):
        def command(_):
            raise error

        stub = SimpleNamespace(check_command=command)
        monkeypatch.setitem(sys.modules, "flowlib.report", stub)
        monkeypatch.setattr(flowlib, "report", stub, raising=False)

    return fail_with


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "flowlib", *arguments], capture_output=True, text=True, check=False, **options
    )


def test_help_lists_every_command():
    done = run("--help")
    assert done.returncode == 0
    for name in ("lab", "check", "briefing", "template"):
        assert f"\n    {name} " in done.stdout


def test_help_loads_nothing_heavy():
    """A list of options that takes seconds to show looks broken."""
    code = "import sys, flowlib.cli as c; sys.argv[1:] = ['--help']\ntry: c.main()\nexcept SystemExit: pass\n"
    code += "print([n for n in ('pandas', 'numpy', 'jupyterlab', 'altair', 'ipywidgets') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_no_command_at_all_shows_the_help(capsys):
    assert cli.main([]) == 0
    assert "commands:" in capsys.readouterr().out


def test_the_version_is_the_packages_own(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"flowlib {flowlib.__version__}\n"


def test_the_installed_command_and_the_module_are_the_same():
    command = Path(sys.executable).with_name("flowlib")
    if not command.exists():
        pytest.skip("flowlib is not installed as a command here")
    installed = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    assert installed.stdout == run("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["chek"],
            (
                'No command called "chek"; there are "lab", "app", "check", "briefing", "template", "handout". '
                'Did you mean "check"?'
            ),
        ),
        (["check"], 'Please also give FILE. To see how it is used, type "flowlib check --help".'),
        (
            ["check", "a.csv", "--persn", "id"],
            'There is no such option or extra word here: --persn id. To see how it is used, type "flowlib --help".',
        ),
        (["check", "a.csv", "--person"], "--person needs a value after it. "),
        (["lab", "--no-browser=1"], "--no-browser stands alone, with no value after it. "),
        (["check", "a.csv", "--sy", "--st", "x"], "--st could be any of these: --step, --started, --still-here. "),
        (["lab", "--port", "many"], "--port must be a whole number; many came. For example: --port 8890."),
        (["lab", "--port", "0"], "--port must be a whole number, 1 or more; 0 came."),
        (["lab", "--port", "70000"], "--port must be at most 65535; 70000 came. For example: --port 8890."),
    ],
)
def test_what_cannot_be_understood_is_said_in_a_sentence(arguments, sentence, capsys):
    """Exit code 2, and no word of argparse's own."""
    assert cli.main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith(sentence)
    assert "usage:" not in said


def test_columns_reach_the_report_as_they_were_named(asked):
    columns = ["--person", "Patient id", "--step", "Ward", "--arrived", "In", "--started", "Seen", "--finished", "Out"]
    assert (
        cli.main(["briefing", "my.xlsx", *columns, "--sheet", "June", "--pdf", "--synthetic", "--out", "b.html"]) == 0
    )
    ((command, given),) = asked
    assert command == "briefing"
    del given["command"], given["version"]
    assert given == {
        "file": "my.xlsx",
        "person": "Patient id",
        "step": "Ward",
        "arrived": "In",
        "started": "Seen",
        "finished": "Out",
        "left": None,
        "group": None,
        "outcome": None,
        "sheet": "June",
        "still_here": False,
        "synthetic": True,
        "out": "b.html",
        "pdf": True,
    }


def test_columns_left_out_are_left_to_the_report_to_propose(asked):
    assert cli.main(["check", "my.csv"]) == 0
    ((command, given),) = asked
    assert command == "check"
    assert [given[name] for name in (*cli.COLUMNS, "sheet")] == [None] * 9
    assert given["synthetic"] is False


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refusal("The file is empty. Choose another file."), "The file is empty. Choose another file."),
        (
            FileNotFoundError(2, "No such file or directory", "my.csv"),
            'There is no file "my.csv". Check its name, and the folder that you are in.',
        ),
        (
            PermissionError(13, "Permission denied", "my.csv"),
            'This computer does not let you use "my.csv". Close it in other programs, or choose another place.',
        ),
        (IsADirectoryError(21, "Is a directory", "mine"), '"mine" is a folder. Give the name of a file in it.'),
        (OSError(28, "No space left on device"), "This computer answered: No space left on device."),
    ],
)
def test_what_a_person_can_put_right_is_a_sentence_and_exit_code_2(failing, capsys, error, sentence):
    failing(error)
    assert cli.main(["check", "my.csv"]) == 2
    assert capsys.readouterr().err.startswith(sentence)


def test_ctrl_c_is_a_word_and_exit_code_130(failing, capsys):
    failing(KeyboardInterrupt())
    assert cli.main(["check", "my.csv"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."


def test_a_mistake_of_our_own_is_not_hidden(failing):
    """Only what a person can put right becomes a sentence."""
    failing(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        cli.main(["check", "my.csv"])


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"]])
def test_a_reader_who_has_gone_is_no_cause_for_a_traceback(arguments):
    """As in `flowlib --help | head`, when head has read enough."""
    code = f"import os, sys; read, write = os.pipe(); os.close(read); os.dup2(write, 1); sys.argv[1:] = {arguments}"
    code += "; from flowlib.cli import main; sys.exit(main())"
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, check=False, env=usual)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("ending", ["xlsx", "yaml"])
def test_a_template_is_a_pathway_as_it_stands(tmp_path, monkeypatch, capsys, ending):
    """The two endings hold the same example, by the pathway's own reader."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["template", f"mine.{ending}"]) == 0
    assert capsys.readouterr().out == (
        f'"mine.{ending}" holds a made-up emergency department. Write your own service over it and save it.\n'
        f'In a notebook, Pathway.load("mine.{ending}") then reads it.\n'
    )
    assert flowlib.Pathway.load(f"mine.{ending}") == from_text(EXAMPLE)


@pytest.mark.parametrize("ending", ["xlsx", "yaml"])
def test_a_template_never_goes_over_a_file_unless_it_is_told_to(tmp_path, capsys, ending):
    mine = tmp_path / f"mine.{ending}"
    mine.write_text("a week's work", encoding="utf-8")
    assert cli.main(["template", str(mine)]) == 2
    assert capsys.readouterr().err == (
        f'There is a file "mine.{ending}" already. Choose another name, or add --replace to write over it.\n'
    )
    assert mine.read_text(encoding="utf-8") == "a week's work"
    assert cli.main(["template", str(mine), "--replace"]) == 0
    assert flowlib.Pathway.load(mine).step_names == ("triage", "doctor", "ward")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("mine.docx", 'A pathway is saved as a .yaml or .xlsx file; "mine.docx" came. Change its ending.\n'),
        ("no folder/mine.xlsx", '"mine.xlsx" cannot be written. Check that its folder is there, and'),
    ],
)
def test_a_template_that_cannot_be_written_is_a_sentence(tmp_path, capsys, file, sentence):
    assert cli.main(["template", str(tmp_path / file)]) == 2
    assert capsys.readouterr().err.startswith(sentence)
