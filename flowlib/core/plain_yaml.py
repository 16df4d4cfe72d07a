"""
What does a YAML text that people may have edited hold, read without surprises?

Every value is text unless a room brings a loader of its own, no name may stand twice in
one entry, and what is not YAML gets one sentence with its line.
"""

from __future__ import annotations

from typing import Any

import yaml

from flowlib.core import checks

__all__ = ["MOST_TEXT", "AllText", "NamesOnce", "dumped", "parsed"]

MOST_TEXT = 1_000_000  # characters; a team's page takes a few thousand
NOT_YAML = "The text is not YAML{line}. Check indents, colons and quotes there, and that no name stands twice."
AGAIN = "The text points to another part of itself (*name). Write that part out."


class NamesOnce:
    """What a loader of YAML is mixed with, so that no name stands twice in one entry."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - yaml's
        """The mapping, if each of its names stands once."""
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)  # type: ignore[misc]  # the loader's own
        if len(made) < len(node.value):
            raise yaml.MarkedYAMLError(problem_mark=node.start_mark)
        return made


class AllText(NamesOnce, yaml.BaseLoader):
    """YAML in which every value is text."""


def parsed(
    text: str,
    *,
    of: str,
    loader: type[Any] = AllText,
    most: int = MOST_TEXT,
    aliases: bool = True,
    not_yaml: str = NOT_YAML,
) -> object:
    """
    What a YAML text holds.

    *of* names what the text is, for the refusal of one of more than *most* characters. Without
    *aliases*, a text that points to another part of itself is refused. *not_yaml* is the
    refusal of what is not YAML, with `{line}` where its line goes.

    >>> parsed("no: 09:00", of="a team's page")
    {'no': '09:00'}
    """
    checks.need(len(text) <= most, f"The text is far too long for {of}. Choose another file.")
    try:
        again = not aliases and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, loader))
        made: object = None if again else yaml.load(text, loader)  # noqa: S506 - loaders here make plain values only
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" near line {mark.line + 1}" if mark is not None else ""
        raise checks.Refusal(not_yaml.format(line=line)) from None
    checks.need(not again, AGAIN)
    return made


def dumped(plain: object) -> str:
    """
    Plain lists and mappings as YAML, in the order given.

    >>> print(dumped({"aim": "Home sooner"}).strip())
    aim: Home sooner
    """
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110)
