"""
What stands where nothing can move: on paper, in an e-mail, in a saved page?

Every widget of flowlib carries a still twin in plain HTML beside its live self. A
notebook that is open shows the live one; an exported page shows the still one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget

__all__ = ["WEB", "Shown", "mended"]

WEB = Path(__file__).parent / "web"


def mended(bundle: Any, still: str) -> Any:  # noqa: ANN401 - IPython takes a dictionary, a pair of them, or None
    """*bundle*, what IPython shows of a widget, with the still twin added."""
    if bundle is None:
        return None
    data, *rest = bundle if isinstance(bundle, tuple) else (bundle,)
    data = {**data, "text/html": still}
    return (data, *rest) if rest else data


class Shown(anywidget.AnyWidget):
    """A widget with a still twin."""

    _css = WEB / "show.css"

    def still(self) -> str:
        """Plain HTML that says the same without a notebook; empty where there is nothing to say."""
        return ""

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:  # noqa: ANN401 - as IPython's own
        return mended(super()._repr_mimebundle_(**kwargs), self.still())
