"""
How does a question with one answer look: asked, a box to write in, and what comes back?

What is right is not known here: a function is given that turns an answer into a reply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from flowlib.show.controls import Button, Panel, Sentence
from flowlib.show.fields import field

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EMPTY", "answer_box"]

EMPTY = "Write your answer in the box first."


def answer_box(
    question: str,
    *,
    unit: str,
    reply: Callable[[str], str],
    label: str = "Your answer",
    button: str = "Check my answer",
    width: str = "360px",
) -> Panel:
    """
    *question*, a box for the answer in *unit*, a button, and what *reply* says to the answer.

    A blank box is not handed to *reply*.
    """
    label = f"{label} ({unit})" if unit else label
    box = field(ipywidgets.Text, label, width=width)
    press, said = Button(button), Sentence()

    def answered() -> None:
        said.text = reply(box.value) if box.value.strip() else EMPTY

    press.on_click(answered)
    stack = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
    return Panel([Sentence(question), box, press, said], layout=stack)
