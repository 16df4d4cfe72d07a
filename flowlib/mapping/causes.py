"""
Why does this happen: what may cause it (fishbone), and what is behind that (five whys)?

A fishbone has the problem at its head and causes under six headings: patient, staff, task,
equipment, place and organisation, after the contributory factors that the NHS used when it
looked into incidents [1]; say "why" of a cause, and what lies behind it stands under it.
Five whys ask the same of one answer after another, fewer or more than five times, until
something can be done [2]. Both are what a team thinks; write down how you know.

Sources: [1] National Patient Safety Agency, "Root Cause Analysis Investigation tools:
Contributory Factors Classification Framework" (studylib.net/doc/9017528), shortened;
[2] Quality Improvement Lothian, "Five whys", qilothian.scot.nhs.uk/five-whys-1.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flowlib.core.checks import brief, choice, listed, need
from flowlib.core.privacy import identity_in
from flowlib.core.safe_cells import seen

__all__ = ["HEADS", "Cause", "Fishbone", "FiveWhys"]

# The six headings, each with what to ask.
HEADS: Mapping[str, str] = {
    "patient": "What about people's needs, condition or language?",
    "staff": "What about numbers, skills, tiredness?",
    "task": "What about the way it is done, and the guidance for it?",
    "equipment": "What about things, machines, computers?",
    "place": "What about rooms, distance, noise?",
    "organisation": "What about rules, money, and how teams work together?",
}
MOST_SIGNS = 300  # of one note
MOST_DEEP = 8  # whys in a row
FEWEST_WHYS = 3
BLAME = re.compile(r"\b(human error|careless\w*|lazy|laziness|stupid\w*|did ?n[o']t care|fault of)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Cause:
    """A possible cause; what lies behind it; and how the team knows."""

    text: str
    because: tuple[Cause, ...] = ()
    evidence: str = ""  # what was seen or counted; empty where it is a guess

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _words("A cause", self.text))
        object.__setattr__(self, "evidence", _words("Evidence", self.evidence, empty=True))
        object.__setattr__(self, "because", _causes(self.because, f'behind "{self.text}"'))
        need(self.depth <= MOST_DEEP, f"Causes lie at most {MOST_DEEP} deep. Make the deeper ones a list of their own.")

    @property
    def depth(self) -> int:
        """How many causes lie behind each other, this one too."""
        return 1 + max((one.depth for one in self.because), default=0)

    def every(self) -> tuple[Cause, ...]:
        """The cause and all behind it."""
        return (self, *(deeper for one in self.because for deeper in one.every()))


@dataclass(frozen=True)
class Fishbone:
    """
    A problem and what may cause it, under six headings.

    >>> bone = Fishbone("Late letters", {"task": ["Typed once a week", Cause("Signed twice", ["An old rule"])]})
    >>> print(bone.outline())
    Problem: Late letters
      Task
        - Typed once a week
        - Signed twice
          - because: An old rule
    """

    problem: str
    causes: Mapping[str, Iterable[Cause | str]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "problem", _words("The problem", self.problem))
        need(isinstance(self.causes, Mapping), f"Causes must stand under headings; {brief(self.causes)} came.")
        for head in self.causes:
            choice("heading", head, HEADS, where="of a fishbone")
        told = {head: _causes(self.causes[head], f'under "{head}"') for head in HEADS if head in self.causes}
        object.__setattr__(self, "causes", {head: found for head, found in told.items() if found})

    def under(self, head: str) -> tuple[Cause, ...]:
        """The causes under one heading; none where nothing stands there."""
        choice("heading", head, HEADS, where="of a fishbone")
        return tuple(self.causes.get(head, ()))  # type: ignore[arg-type]

    def check(self) -> tuple[str, ...]:
        """What the team may still want to do, a sentence each; nothing is wrong with a fishbone without them."""
        every = [deep for head in HEADS for one in self.under(head) for deep in one.every()]
        said = []
        empty = [head for head in HEADS if not self.under(head)]
        if empty:
            said.append(f"Nothing stands under {listed(empty)}. Ask there too, or say that you did.")
        if every and not any(one.evidence for one in every):
            said.append("No cause has evidence. Look or count before you act on one.")
        texts = [one.text.casefold() for one in every]
        twice = [one.text for place, one in enumerate(every) if texts.index(one.text.casefold()) < place]
        if twice:
            said.append(f"{listed(dict.fromkeys(twice))} stands more than once. That may be a cause of much.")
        return (*said, *_advice([self.problem, *(word for one in every for word in (one.text, one.evidence))]))

    def outline(self) -> str:
        """The fishbone as plain text."""
        lines = [f"Problem: {self.problem}"]
        for head in self.causes:
            lines.append(f"  {head.capitalize()}")
            lines += [line for one in self.under(head) for line in _outline(one, 4, "")]
        return _as_text(lines)

    def to_html(self) -> str:
        """The fishbone as a nested list; text is shown as text, whatever stands in it."""
        heads = "".join(
            f"<li><strong>{head.capitalize()}</strong>{_list(self.under(head))}</li>" for head in self.causes
        )
        return f"<p><strong>Problem: {_safe(self.problem)}</strong></p><ul>{heads}</ul>"


@dataclass(frozen=True)
class FiveWhys:
    """
    A problem, and one answer after another to the question why.

    >>> whys = FiveWhys("The scan was late", ["The porter was late", "He was not told", "The list is on paper"])
    >>> whys.root
    'The list is on paper'
    """

    problem: str
    answers: tuple[str, ...]  # each says why of the one before
    action: str = ""  # what you will try about the last
    evidence: str = ""  # how you know that the last is so

    def __post_init__(self) -> None:
        object.__setattr__(self, "problem", _words("The problem", self.problem))
        need(not isinstance(self.answers, str), "Answers must be a list, one for each why.")
        told = tuple(_words(f"Answer {place}", one) for place, one in enumerate(self.answers, start=1))
        need(told, "Five whys need at least 1 answer; none came.")
        need(len(told) <= MOST_DEEP, f"Ask why at most {MOST_DEEP} times; {len(told)} answers came.")
        object.__setattr__(self, "answers", told)
        for field in ("action", "evidence"):
            object.__setattr__(self, field, _words(field.capitalize(), getattr(self, field), empty=True))

    @property
    def root(self) -> str:
        """The last answer: where the asking stopped, which is a root cause only if the team can act on it."""
        return self.answers[-1]

    def check(self) -> tuple[str, ...]:
        """What the team may still want to do, a sentence each."""
        said = []
        if len(self.answers) < FEWEST_WHYS:
            times = ("once", "twice")[len(self.answers) - 1]
            said.append(f"Why was asked {times}. Ask again, until you reach something you can change.")
        chain = [one.casefold() for one in (self.problem, *self.answers)]
        if len(set(chain)) < len(chain):
            said.append("The same answer came twice, so the whys go round in a circle. Take one step back.")
        if not self.action:
            said.append("No action is written down. Say what you will try.")
        if not self.evidence:
            said.append("No evidence is written down. Say how you know.")
        return (*said, *_advice([self.problem, *self.answers, self.action, self.evidence]))

    def outline(self) -> str:
        """The whys as plain text."""
        lines = [f"Problem: {self.problem}"]
        lines += [f"  Why {place}? {answer}" for place, answer in enumerate(self.answers, start=1)]
        lines += [f"  {word}: {text}" for word, text in self._ends if text]
        return _as_text(lines)

    def to_html(self) -> str:
        """The whys as a nested list; text is shown as text, whatever stands in it."""
        inner = "".join(f"<li>{word}: {_safe(text)}</li>" for word, text in self._ends if text)
        made = f"<ul>{inner}</ul>" if inner else ""
        for answer in reversed(self.answers):
            made = f"<ul><li>Why? {_safe(answer)}{made}</li></ul>"
        return f"<p><strong>Problem: {_safe(self.problem)}</strong></p>{made}"

    @property
    def _ends(self) -> tuple[tuple[str, str], ...]:
        return ("How we know", self.evidence), ("What we will try", self.action)


def _as_text(lines: Iterable[str]) -> str:
    """Lines of text in which no sign is hidden."""
    return "\n".join(map(seen, lines))


def _causes(told: Any, where: str) -> tuple[Cause, ...]:  # noqa: ANN401 - whatever a person gives
    """Causes from a list of them or of words."""
    good = isinstance(told, (list, tuple)) and all(isinstance(one, (Cause, str)) for one in told)
    need(good, f"Causes {where} must be a list of words; {brief(told)} came.")
    return tuple(one if isinstance(one, Cause) else Cause(one) for one in told)


def _words(what: str, told: object, *, empty: bool = False) -> str:
    """Text on one line that says something."""
    need(isinstance(told, str), f"{what} must be in words; {brief(told)} came.")
    tidy = " ".join(str(told).split())
    need(tidy or empty, f"{what} needs words; none came.")
    need(len(tidy) <= MOST_SIGNS, f"{what} is longer than {MOST_SIGNS} signs. Say it in a sentence or two.")
    return tidy


def _advice(texts: Iterable[str]) -> list[str]:
    """What to mend in the words themselves."""
    told = [text for text in texts if text]
    said = []
    kinds = sorted({kind for kind in map(identity_in, told) if kind})
    if kinds:
        said.append(f"A note may show who a person is ({', '.join(kinds)}). Write roles in its place.")
    if any(BLAME.search(text) for text in told):
        said.append("A note blames a person. Ask what made the slip easy to make.")
    return said


def _outline(cause: Cause, indent: int, lead: str) -> list[str]:
    known = f" (how we know: {cause.evidence})" if cause.evidence else ""
    deeper = [line for one in cause.because for line in _outline(one, indent + 2, "because: ")]
    return [f"{' ' * indent}- {lead}{cause.text}{known}", *deeper]


def _list(causes: Iterable[Cause], lead: str = "") -> str:
    rows = [
        f"<li>{lead}{_safe(one.text)}"
        + (f" (how we know: {_safe(one.evidence)})" if one.evidence else "")
        + (_list(one.because, "because: ") if one.because else "")
        + "</li>"
        for one in causes
    ]
    return f"<ul>{''.join(rows)}</ul>"


def _safe(text: str) -> str:
    return html.escape(seen(text))
