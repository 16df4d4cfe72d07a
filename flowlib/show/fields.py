"""
How does a box of a form look: a line to write in, a list to choose from, a date?

They are those of ipywidgets, with the question above the box and in the letters of the
page; `web/show.css` says how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import ipywidgets

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["field"]

CLASS = "flowlib-field"
Box = TypeVar("Box", bound=ipywidgets.DOMWidget)


def field(kind: Callable[..., Box], asks: str, *, width: str = "440px", **options: object) -> Box:
    """
    A box of a *kind* of ipywidgets, such as `ipywidgets.Text`, under the question that it *asks*.

    *options* go to the box itself.

    >>> field(ipywidgets.Text, "What did it teach you?", value="Ask earlier").value
    'Ask earlier'
    """
    box = kind(description=asks, layout=ipywidgets.Layout(width=width, max_width="100%", height="auto"), **options)
    box.add_class(CLASS)
    return box
