"""A what-if small enough to check in the head: so many people come, so many are seen, the rest wait."""

import pandas as pd

from flowlib.show.at_work import Estimate
from flowlib.show.choices import Choice, Tick
from flowlib.show.controls import Slider
from flowlib.show.picture import Picture
from flowlib.show.redrawn import Redrawn
from flowlib.show.try_it import Question, TryIt

BARS = Redrawn(
    lambda alt: alt.Chart(alt.Data(name="bars")).mark_bar().encode(
        x="who:N", y=alt.Y("people:Q", scale=alt.Scale(domain=[0, 20]))
    )
)  # fmt: skip
NONE, SOME = "Nobody waits", "Somebody waits"


def waiting(nurses, busy, season):
    """20 people come, 30 on a busy day; a nurse sees 5, or 4 in winter."""
    return max((30 if busy else 20) - nurses * (4 if season == "winter" else 5), 0)


def drawn(result, today):
    rows = pd.DataFrame({"who": ["now", "today"], "people": [result, today or 0]})
    return Picture(BARS.filled({"bars": rows}, finding=f"{result} wait", unit="People"), f"{result} people wait", rows)


def made(ask=waiting, *, at=None, name="clinic", most=6, page_steps=None):
    """The what-if, with *ask* in place of its sum."""
    controls = {
        "nurses": Slider("Nurses on duty", value=3, min=1, max=most, unit="nurses", one="nurse"),
        "busy": Tick("A busy day"),
        "season": Choice("Season", ["summer", "winter"]),
    }
    return TryIt(
        "How many nurses?", controls, ask=ask, draw=drawn, say=lambda result: f"{result} people wait.",
        compare=lambda result, today: f"Today {today}, then {result}.",
        predict=Question("Does anybody wait?", [NONE, SOME], lambda result: SOME if result else NONE, at=at or {}),
        name=name, file="23_clinic", page_steps=page_steps,
    )  # fmt: skip


def in_pieces(pieces, begun):
    """The sum as one that takes its time; what it was asked is noted in *begun*, piece by piece."""

    def slow(**values):
        result = waiting(**values)
        for piece in range(1, pieces + 1):
            begun.append((values["nurses"], piece))
            yield Estimate(result, piece / pieces)

    return slow
