"""
How is a pathway written as text that a person can read and change?

YAML: one entry a step, a stream of arrivals, a route. Times are hours, or text with
a unit such as "48 minutes". Every refusal names the entry. Text stays text: `no`,
`09:00` and `2026-01-05` mean themselves, and only numbers are numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

import yaml

from flowlib.core import checks
from flowlib.core.capacity import Rota, Slots
from flowlib.core.pathway import FIRST_MONDAY, Arrivals, Pathway, Route, Step
from flowlib.core.plain_yaml import NamesOnce, parsed
from flowlib.core.variation import Distribution, from_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["from_text", "to_text"]

PARTS = ("name", "starts", "steps", "arrivals", "routes")
ROUTE_WORDS = {"from": "from_step", "to": "to_step"}
MOST_TEXT = 5_000_000  # characters; a pathway takes a few thousand


def to_text(pathway: Pathway) -> str:
    """The pathway as YAML."""
    plain = {
        "name": pathway.name,
        "starts": pathway.starts.date().isoformat(),
        "steps": [_plain(step) for step in pathway.steps],
        "arrivals": [_plain(stream) for stream in pathway.arrivals],
        "routes": [_plain(route) for route in pathway.routes],
    }
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)


def from_text(text: str) -> Pathway:
    """
    The pathway that a YAML text describes.

    >>> clinic = from_text('''
    ... name: Clinic
    ... steps: [{name: nurse, capacity: 2, time: {Exponential: 10 minutes}}]
    ... arrivals: [{step: nurse, per_hour: 8}]
    ... ''')
    >>> round(clinic.load_of("nurse"), 3)
    0.667
    """
    whole = _mapping("The file", _parsed(text))
    for word in whole:
        checks.choice("part", word, PARTS, where="of a pathway")
    steps = [_step(i, entry) for i, entry in enumerate(_list("steps", whole.get("steps")), start=1)]
    arrivals = [_arrivals(i, entry) for i, entry in enumerate(_list("arrivals", whole.get("arrivals")), start=1)]
    routes = [_route(i, entry) for i, entry in enumerate(_list("routes", whole.get("routes") or []), start=1)]
    name = whole.get("name")
    checks.need(not isinstance(name, (list, dict)), f"name must be the pathway's name in text; {_kind(name)} came.")
    return Pathway(
        "" if name is None else str(name), tuple(steps), tuple(arrivals), tuple(routes), _starts(whole.get("starts"))
    )


class _Loader(NamesOnce, yaml.SafeLoader):
    """YAML in which plain text is text, numbers are numbers, and no name stands twice in one entry."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - yaml's own name for it; replaced, so that it is not shared


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|[-+]?[1-9][0-9]*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]*(?:[eE][-+][0-9]+)?$"), list("-+0123456789")
)


def _parsed(text: str) -> object:
    return parsed(text, of="a pathway", loader=_Loader, most=MOST_TEXT)


def _starts(value: object) -> dt.datetime:
    if value is None:
        return FIRST_MONDAY
    try:
        return dt.datetime.combine(dt.date.fromisoformat(str(value)[:10]), dt.time())
    except ValueError:
        raise checks.Refusal(f"starts must be a date such as 2026-01-05; {checks.brief(value)} came.") from None


def _step(place: int, entry: object) -> Step:
    given = dict(_entry(f"steps, entry {place}", entry, Step))
    here = f'step "{given.get("name")}"'
    time = given.get("time")
    if isinstance(time, dict) and "by_group" in time:
        checks.need(len(time) == 1, f"{here} time has by_group and more beside it. Put every group under by_group.")
        groups = _mapping(f"{here} time by_group", time["by_group"])
        given["time"] = {group: from_plain(f"{here} time ({group})", kind) for group, kind in groups.items()}
    else:
        given["time"] = from_plain(f"{here} time", time)
    if given.get("patience") is not None:
        given["patience"] = from_plain(f"{here} patience", given["patience"])
    given["capacity"] = _capacity(here, given.get("capacity"))
    if given.get("priority", ()) is None:
        given["priority"] = ()
    return Step(**given)


def _capacity(here: str, value: object) -> int | Rota | Slots | None:
    if value is None or value == "unlimited":
        return None
    for word, kind in (("rota", Rota), ("slots", Slots)):
        if isinstance(value, dict) and set(value) == {word}:
            numbers = tuple(_list(f"{here} {word}", value[word]))
            try:
                return kind(numbers)
            except checks.Refusal as refusal:
                raise checks.Refusal(f"{here} capacity: {refusal}") from None
    return checks.whole(f'{here} capacity (a number, "unlimited", a rota or slots)', value)


def _arrivals(place: int, entry: object) -> Arrivals:
    return Arrivals(**_entry(f"arrivals, entry {place}", entry, Arrivals))


def _route(place: int, entry: object) -> Route:
    renamed = {ROUTE_WORDS.get(k, k): v for k, v in _mapping(f"routes, entry {place}", entry).items()}
    return Route(**_entry(f"routes, entry {place}", renamed, Route))


def _entry(here: str, entry: object, kind: type) -> Mapping[str, Any]:
    """One entry of a list, held to the names of *kind*'s fields."""
    given = _mapping(here, entry)
    known = {f.name: f for f in fields(kind)}
    for word in given:
        checks.choice("word", word, known, where=f"for {here}")
    missing = [name for name, f in known.items() if f.default is MISSING and name not in given]
    checks.need(not missing, f"{here} needs {checks.listed(missing)}. Add it.")
    return given


def _mapping(here: str, value: object) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return {str(k): v for k, v in value.items()}
    raise checks.Refusal(f'{here} must be names with values, such as "name: triage"; {_kind(value)} came.')


def _list(here: str, value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    raise checks.Refusal(f"{here} must be a list; {_kind(value)} came.")


def _kind(value: object) -> str:
    """What a value is, in plain words."""
    kinds = {dict: "names with values", list: "a list", str: "text", int: "a number", float: "a number"}
    return "nothing" if value is None else kinds.get(type(value), "something else")


def _plain(part: Step | Arrivals | Route) -> dict[str, Any]:
    """A part as names and plain values, without what stands at its default."""
    words = {to: word for word, to in ROUTE_WORDS.items()}
    out = {}
    for f in fields(part):
        value = getattr(part, f.name)
        if f.default is MISSING or value != f.default:
            out[words.get(f.name, f.name)] = _plain_value(value)
    return out


def _plain_value(value: object) -> object:
    if isinstance(value, Distribution):
        return value.to_plain()
    if isinstance(value, Rota):
        return {"rota": list(value.by_hour)}
    if isinstance(value, Slots):
        return {"slots": [list(pair) for pair in value.starts]}
    if isinstance(value, dict):
        return {"by_group": {group: time.to_plain() for group, time in value.items()}}
    return list(value) if isinstance(value, tuple) else value
