"""
Pictures, and the controls that change them. Everything works without a network.

Nothing is loaded until it is used: `from flowlib.show import Figure, Slider, panel`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowlib.show.controls import BackToTop, Button, Panel, Prediction, Sentence, Slider, panel
    from flowlib.show.figure import Figure, svg
    from flowlib.show.page import export_html, find_chromium, to_pdf
    from flowlib.show.table import TableView
    from flowlib.show.theme import titled
    from flowlib.show.upload import Upload

_HOMES = {
    "controls": ["BackToTop", "Button", "Panel", "Prediction", "Sentence", "Slider", "panel"],
    "figure": ["Figure", "svg"],
    "page": ["export_html", "find_chromium", "to_pdf"],
    "table": ["TableView"],
    "theme": ["titled"],
    "upload": ["Upload"],
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BackToTop",
    "Button",
    "Figure",
    "Panel",
    "Prediction",
    "Sentence",
    "Slider",
    "TableView",
    "Upload",
    "export_html",
    "find_chromium",
    "panel",
    "svg",
    "titled",
    "to_pdf",
]


def __getattr__(name: str) -> object:
    """Fetch a name from its module on first use."""
    if name not in _HOME_OF:
        raise AttributeError(f'flowlib.show has no "{name}"; it has {", ".join(sorted(_HOME_OF))}')
    return getattr(importlib.import_module(f"flowlib.show.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
