"""
What else can a person set, besides a number on a slider?

One of a few (`Choice`), and yes or no (`Tick`). Here too are the small parts that a
what-if shares: its title, how far a long sum has come, and the code that brings a page back.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import traitlets

from flowlib.core.checks import Refusal, choice, need
from flowlib.show.controls import Button
from flowlib.show.still import WEB, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Choice", "Keep", "QuietButton", "Tick", "Title", "Working"]


class Choice(Shown):
    """One answer of *options*, from a list that opens. Watch it with `observe(function, "value")`."""

    _esm = WEB / "choice.js"
    label = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, label: str, options: Sequence[str], *, value: str | None = None) -> None:
        """Stand at *value*, or at the first of the options."""
        need(label.strip(), "A control needs a label that says what it changes.")
        distinct = len(set(options))
        need(distinct == len(options) and distinct > 1, f'"{label}" needs at least two options, all different.')
        super().__init__(label=label, options=list(options), value=options[0] if value is None else value)

    @traitlets.validate("value")
    def _known(self, proposal: dict[str, Any]) -> str:
        return choice("option", proposal["value"], self.options, where=f'of "{self.label}"')

    def still(self) -> str:
        """Label and value."""
        return f'<p class="flowlib">{html.escape(self.label)}: <strong>{html.escape(self.value)}</strong></p>'


class Tick(Shown):
    """Yes or no. `value` is a bool."""

    _esm = WEB / "tick.js"
    label = traitlets.Unicode().tag(sync=True)
    value = traitlets.Bool(default_value=False).tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, label: str, *, value: bool = False) -> None:
        """Stand at *value*."""
        need(label.strip(), "A control needs a label that says what it changes.")
        super().__init__(label=label, value=value)

    def still(self) -> str:
        """Label, and yes or no."""
        said = "yes" if self.value else "no"
        return f'<p class="flowlib">{html.escape(self.label)}: <strong>{said}</strong></p>'


class QuietButton(Button):
    """A button for what may be done, beside the one for what comes next."""

    def __init__(self, label: str, *, disabled: bool = False) -> None:
        """Do nothing yet."""
        super().__init__(label, disabled=disabled)
        self.add_class("flowlib-quiet")


class Title(Shown):
    """The name of a what-if, as a heading below those of the lesson."""

    _esm = WEB / "table.js"
    markup = traitlets.Unicode().tag(sync=True)

    def __init__(self, words: str) -> None:
        """Stand over the controls."""
        super().__init__(markup=f"<h3>{html.escape(words)}</h3>")

    def still(self) -> str:
        """The heading."""
        return f'<div class="flowlib">{self.markup}</div>'


class Working(Shown):
    """How far a long sum has come, with a way to stop it. Nothing shows while `busy` is False."""

    _esm = WEB / "working.js"
    busy = traitlets.Bool(default_value=False).tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    share = traitlets.Float(0.0).tag(sync=True)  # of the way, 0 to 1

    def __init__(self, stop: Callable[[], object]) -> None:
        """Call *stop* when a person asks for it."""
        super().__init__()
        self._stop = stop
        self.on_msg(self._heard)

    def at(self, share: float, label: str) -> None:
        """So far has it come."""
        self.label, self.share, self.busy = label, share, True

    def _heard(self, _: object, content: dict[str, Any], __: object) -> None:
        if content.get("kind") == "stop":
            self._stop()


class Keep(Shown):
    """A code that brings a page back as it stands, to copy; and a place to paste one."""

    _esm = WEB / "keep.js"
    summary = traitlets.Unicode("Keep this, or come back to it").tag(sync=True)
    keep = traitlets.Unicode("Keep this code. It brings this page back as it is now.").tag(sync=True)
    paste = traitlets.Unicode("Paste a code that you kept").tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, back: Callable[[str], object]) -> None:
        """Hand each code that is pasted to *back*; a refusal of it shows below."""
        super().__init__()
        self._back = back
        self.on_msg(self._heard)

    def still(self) -> str:
        """The code, for those who come back to it."""
        return (
            f'<p class="flowlib">To come back to this: <code>{html.escape(self.code)}</code></p>' if self.code else ""
        )

    def _heard(self, _: object, content: dict[str, Any], __: object) -> None:
        if content.get("kind") != "back":
            return
        self.said = self.problem = ""
        try:
            self._back(str(content.get("code", "")))
        except Refusal as refusal:
            self.problem = str(refusal)
        else:
            self.said = "Here it is, as you kept it."
