"""
What can be done from the command line?

    flowlib lab             opens the suite in your browser
    flowlib app             opens the lessons as pages, with no code to see
    flowlib check FILE      says what an extract holds, what was put right and what was set aside
    flowlib briefing FILE   turns an extract into a briefing to hand round
    flowlib template FILE   writes a pathway to fill in, as a workbook or as text
    flowlib handout LESSON  writes a lesson's pages on paper: to lead it, and to take away

Each command loads its room only when it is asked for. Whatever a person can put right
comes as one plain sentence with exit code 2, and never as a traceback.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from flowlib.core.checks import Refusal, choice, need, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["main"]

REFUSED = 2  # something that the person can put right
STOPPED = 130  # the usual exit code after Ctrl+C
LAST_PORT = 65535

# What argparse says, and how we say it; the groups are the names that it speaks of.
PLAINLY = (
    (r"the following arguments are required: (.+)", "Please also give {0}."),
    (r"unrecognized arguments: (.+)", "There is no such option or extra word here: {0}."),
    (r"argument (\S+): expected one argument", "{0} needs a value after it."),
    (r"argument (\S+): ignored explicit argument .+", "{0} stands alone, with no value after it."),
    (r"ambiguous option: (\S+) could match (.+)", "{0} could be any of these: {1}. Please write it in full."),
)

# Which column of the file holds what.
COLUMNS = {
    "person": "who it was (an id)",
    "step": "which step of the journey",
    "arrived": "when the person joined the queue",
    "started": "when the service began",
    "finished": "when the service ended",
    "left": "when the person gave up the place, if that was later",
    "group": "which kind of person",
    "outcome": "how the visit ended",
}


class PlainParser(argparse.ArgumentParser):
    """An argument parser whose complaints a ward clerk can read."""

    def error(self, message: str) -> NoReturn:
        """Refuse in plain words, and say where the full list is."""
        said = f"{message[:1].upper()}{message[1:]}."
        for pattern, sentence in PLAINLY:
            found = re.fullmatch(pattern, message)
            if found:
                said = sentence.format(*found.groups())
        raise Refusal(f'{said} To see how it is used, type "{self.prog} --help".')

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End after the help, with all of it said."""
        sys.stdout.flush()
        super().exit(status, message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(given)
        sys.stdout.flush()  # here, where a reader who has gone is still noticed quietly
    except KeyboardInterrupt:
        return _said("\nStopped.", STOPPED)
    except BrokenPipeError:  # whoever read our words has gone, so there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _said(_sentence(error), REFUSED)
    except Refusal as refusal:
        return _said(str(refusal), REFUSED)
    return code


def _run(given: list[str]) -> int:
    """Find the command among *given*, and do it."""
    parser = _parser()
    if not given:
        parser.print_help()
        return 0
    if not given[0].startswith("-"):
        choice("command", given[0], _COMMANDS)
    asked = parser.parse_args(given)
    command: Callable[[argparse.Namespace], int] = asked.command
    return command(asked)


def _parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    parser = PlainParser(prog="flowlib", description="See, understand and improve flow in health and social care.")
    parser.add_argument("--version", action="store_true", help="say which version this is")
    parser.set_defaults(command=_version)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (describe, command, words) in _COMMANDS.items():
        one = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        describe(one)
        one.set_defaults(command=command)
    return parser


def _describe_lab(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", help="the port to use; without it, the first free one from 8888 upward")


def _describe_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="your extract: .csv or .xlsx")
    columns = parser.add_argument_group("columns", "Name them as the file does. Those left out are proposed to you.")
    for name, words in COLUMNS.items():
        columns.add_argument(f"--{name}", metavar="COLUMN", help=words)
    parser.add_argument("--sheet", metavar="NAME", help="the sheet to read, in an Excel file")
    parser.add_argument(
        "--still-here", action="store_true", help="where the last time is blank, the person is still there"
    )
    parser.add_argument("--synthetic", action="store_true", help="the people in the file are made up, not real")


def _describe_briefing(parser: argparse.ArgumentParser) -> None:
    _describe_file(parser)
    parser.add_argument("--out", metavar="FILE", default="briefing.html", help="where to write it (%(default)s)")
    parser.add_argument("--pdf", action="store_true", help="write a PDF beside it")


def _describe_template(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the file to write: .xlsx for Excel, .yaml for text")
    parser.add_argument("--replace", action="store_true", help="write over a file that is there already")


def _describe_handout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lesson", metavar="LESSON", help="the number of the lesson, such as 26")
    parser.add_argument("--out", metavar="FOLDER", help="the folder to write into (own, beside the notebooks)")
    parser.add_argument("--pdf", action="store_true", help="write a PDF beside each page")


def _describe_app(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", help="the port to use; without it, the first free one from 8866 upward")


def _lab(asked: argparse.Namespace) -> int:
    port = _port(asked)
    from flowlib import lab  # noqa: PLC0415 - JupyterLab is slow to load

    return lab.open_lab(port=port, browser=not asked.no_browser)


def _app(asked: argparse.Namespace) -> int:
    port = _port(asked)
    from flowlib import app  # noqa: PLC0415 - Voila is slow to load

    return app.open_app(port=port, browser=not asked.no_browser)


def _port(asked: argparse.Namespace) -> int | None:
    if asked.port is None:
        return None
    need(str(asked.port).isdecimal(), f"--port must be a whole number; {asked.port} came. For example: --port 8890.")
    port = whole("--port", asked.port, 1)
    need(port <= LAST_PORT, f"--port must be at most {LAST_PORT}; {asked.port} came. For example: --port 8890.")
    return port


def _check(asked: argparse.Namespace) -> int:
    from flowlib import report  # noqa: PLC0415 - notebooks and charts are slow to load

    return report.check_command(asked)


def _briefing(asked: argparse.Namespace) -> int:
    from flowlib import report  # noqa: PLC0415 - notebooks and charts are slow to load

    return report.briefing_command(asked)


def _template(asked: argparse.Namespace) -> int:
    from flowlib.core.pathway_template import write_template  # noqa: PLC0415 - workbooks are slow to load

    place = Path(asked.file)
    need(
        asked.replace or not place.exists(),
        f'There is a file "{place.name}" already. Choose another name, or add --replace to write over it.',
    )
    write_template(place, replace=asked.replace)
    sys.stdout.write(
        f'"{place.name}" holds a made-up emergency department. Write your own service over it and save it.\n'
        f'In a notebook, Pathway.load("{place.name}") then reads it.\n'
    )
    return 0


def _handout(asked: argparse.Namespace) -> int:
    from flowlib import handouts  # noqa: PLC0415 - charts are slow to load

    return handouts.handout_command(asked)


def _version(_: argparse.Namespace) -> int:
    from flowlib import __version__  # noqa: PLC0415 - for this option only

    sys.stdout.write(f"flowlib {__version__}\n")
    return 0


_COMMANDS = {
    "lab": (_describe_lab, _lab, "open the suite in your browser"),
    "app": (_describe_app, _app, "open the lessons as pages, with no code to see"),
    "check": (_describe_file, _check, "say what an extract holds, what was put right and what was set aside"),
    "briefing": (_describe_briefing, _briefing, "turn an extract into a briefing to hand round"),
    "template": (_describe_template, _template, "write a pathway to fill in, as a workbook or as text"),
    "handout": (_describe_handout, _handout, "write a lesson's pages on paper: to lead it, and to take away"),
}


def _sentence(error: OSError) -> str:
    """What the computer answered, in words."""
    name = f'"{error.filename}"' if error.filename else "the file"
    if isinstance(error, FileNotFoundError):
        return f"There is no file {name}. Check its name, and the folder that you are in."
    if isinstance(error, IsADirectoryError):
        return f"{name} is a folder. Give the name of a file in it."
    if isinstance(error, PermissionError):
        return f"This computer does not let you use {name}. Close it in other programs, or choose another place."
    return f"This computer answered: {error.strerror or error}. It was about {name}."


def _said(sentence: str, code: int) -> int:
    """Say *sentence* on the error stream; *code*."""
    sys.stderr.write(sentence + "\n")
    return code
