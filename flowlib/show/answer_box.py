"""
How does a question with one answer look: asked, a box to write in, and what comes back?

What is right is not known here: a function is given that turns an answer into a reply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from flowlib.show.controls import Button, Panel, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EMPTY", "answer_box"]

EMPTY = "Write your answer in the box first."


def answer_box(question: str, *, unit: str, reply: Callable[[str], str]) -> Panel:
    """
    *question*, a box for the answer in *unit*, a button, and what *reply* says to the answer.

    A blank box is not handed to *reply*.
    """
    label = f"Your answer ({unit})" if unit else "Your answer"
    layout = ipywidgets.Layout(width="360px", max_width="100%")
    box = ipywidgets.Text(description=label, style={"description_width": "initial"}, layout=layout)
    button, said = Button("Check my answer"), Sentence()

    def answered() -> None:
        said.text = reply(box.value) if box.value.strip() else EMPTY

    button.on_click(answered)
    stack = ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible")
    return Panel([Sentence(question), box, button, said], layout=stack)
