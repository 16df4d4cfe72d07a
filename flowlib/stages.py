"""
What are the five stages of improving flow, and the eight building blocks behind them?

The report that flowlib follows (Fillingham, Jones and Pereira, "The challenge and
potential of whole system flow", Health Foundation and AQuA, December 2016) offers a
five-stage process and eight building blocks. Its own names for the stages, and for
five of the blocks, could not be confirmed, so `wording` says whose words each has.
This is the only place where they stand: an edit here changes every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["BLOCKS", "ROUTES", "STAGES", "Block", "Stage"]


@dataclass(frozen=True)
class Stage:
    """One of the five stages."""

    number: int  # 1 to 5
    name: str
    question: str  # what a team asks at this stage
    wording: Literal["ours", "the report's"] = "ours"


@dataclass(frozen=True)
class Block:
    """One of the eight building blocks of whole system flow."""

    number: int  # 1 to 8
    name: str
    wording: Literal["ours", "the report's"]


STAGES = (
    Stage(1, "Map", "What is the journey really like for the person in it?"),
    Stage(2, "Measure", "How much is asked of us, how much can we do, and how much does it vary?"),
    Stage(3, "Diagnose", "Which step holds the flow back, and why?"),
    Stage(4, "Redesign", "What would happen if we changed it?"),
    Stage(5, "Test change", "We tried it on a small scale. Did it work?"),
)

BLOCKS = (
    Block(1, "Good information and IT", "the report's"),
    Block(2, "Leadership at every level, in every partner", "the report's"),
    Block(3, "Redesign together with staff and the people who use services", "the report's"),
    Block(4, "A shared vision and trust between organisations", "ours"),
    Block(5, "Improvement skills, and the time to use them", "ours"),
    Block(6, "Money and performance rules that reward flow", "ours"),
    Block(7, "A workforce with roles that cross boundaries", "ours"),
    Block(8, "A view of the whole place, its people and its communities", "ours"),
)

# Ways through the lessons, by their numbers.
ROUTES = {
    "Foundation": ("00", "11", "23", "26", "32", "52"),
    "Team": ("00", "11", "22", "23", "24", "26", "31", "32", "43", "44", "52", "53"),
    "Analyst": ("00", "11", "21", "22", "23", "24", "26", "31", "43", "44", "52", "53", "61"),
    "Board": ("90",),
}
