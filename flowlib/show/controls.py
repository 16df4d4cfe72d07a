"""
How does a person change something and see at once what follows?

Every control has a real label, works from the keyboard and says its value in words.
Values arrive calmly: while a slider moves, the latest one counts. `panel` lays controls
out beside the pictures they change.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from flowlib.core.checks import Refusal, choice, need, shown
from flowlib.show.still import WEB, Shown, mended
from flowlib.show.table import TableView
from flowlib.show.upload import Upload, unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "Button",
    "Heading",
    "Panel",
    "Prediction",
    "Sentence",
    "SideBySide",
    "Slider",
    "TableView",
    "Upload",
    "panel",
]


class Slider(Shown):
    """
    A number to choose between *min* and *max*.

    Watch it with `slider.observe(function, "value")`. Where *min* and *step* are whole
    numbers, so is the value.
    """

    _esm = WEB / "slider.js"
    label = traitlets.Unicode().tag(sync=True)
    value = traitlets.Union([traitlets.Int(), traitlets.Float()]).tag(sync=True)
    min = traitlets.Union([traitlets.Int(), traitlets.Float()]).tag(sync=True)
    max = traitlets.Union([traitlets.Int(), traitlets.Float()]).tag(sync=True)
    step = traitlets.Union([traitlets.Int(), traitlets.Float()], default_value=1).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)  # as it follows the number: "nurses", "minutes", "%"
    one = traitlets.Unicode().tag(sync=True)  # as it follows the number 1: "nurse"
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(
        self,
        label: str,
        *,
        value: float,
        min: float,  # noqa: A002 - the name that sliders everywhere have
        max: float,  # noqa: A002 - as above
        step: float = 1,
        unit: str = "",
        one: str | None = None,
        disabled: bool = False,
    ) -> None:
        """Stand at *value*; *one* is the unit of a single one, where it differs."""
        _need_label(label)
        need(min < max, f'The slider "{label}" must run upwards; {shown(min)} to {shown(max)} came.')
        need(step > 0, f'The slider "{label}" must move in steps above 0; {shown(step)} came.')
        one = unit if one is None else one
        super().__init__(label=label, value=value, min=min, max=max, step=step, unit=unit, one=one, disabled=disabled)

    @traitlets.validate("value")
    def _within(self, proposal: dict[str, Any]) -> float:
        value = proposal["value"]
        need(
            self.min <= value <= self.max,
            f'"{self.label}" must be from {shown(self.min)} to {shown(self.max)}; {shown(value)} came.',
        )
        whole = all(float(number).is_integer() for number in (self.min, self.step, value))
        return int(value) if whole else float(value)

    def still(self) -> str:
        """Label and value."""
        unit = self.one if self.value == 1 else self.unit
        words = f"{shown(self.value)}{'' if unit.startswith('%') else ' '}{unit}".strip()
        return f'<p class="flowlib">{html.escape(self.label)}: <strong>{html.escape(words)}</strong></p>'


class Prediction(Shown):
    """
    A question to answer before looking: *legend* asks, *options* are the answers.

    `value` is the answer chosen, or None.
    """

    _esm = WEB / "prediction.js"
    legend = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Unicode(allow_none=True, default_value=None).tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, legend: str, options: Sequence[str], *, value: str | None = None) -> None:
        """Ask, with nothing chosen unless *value* is."""
        _need_label(legend)
        distinct = len(set(options))
        need(distinct == len(options) and distinct > 1, "A prediction needs at least two answers, all different.")
        super().__init__(legend=legend, options=list(options), value=value)

    @traitlets.validate("value")
    def _known(self, proposal: dict[str, Any]) -> str | None:
        value = proposal["value"]
        return None if value is None else choice("answer", value, self.options)

    def still(self) -> str:
        """The question, its answers, and the one chosen."""
        answers = "".join(f"<li>{html.escape(option)}</li>" for option in self.options)
        chosen = f"<p>Chosen: <strong>{html.escape(self.value)}</strong></p>" if self.value else ""
        return f'<div class="flowlib"><p>{html.escape(self.legend)}</p><ul>{answers}</ul>{chosen}</div>'


class Button(Shown):
    """
    A button. Give it something to do with `on_click`.

    While it works it says so. A refusal shows below it, in its own sentence.
    """

    _esm = WEB / "button.js"
    label = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)
    busy = traitlets.Bool(default_value=False).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, *, disabled: bool = False) -> None:
        """Do nothing yet."""
        _need_label(label)
        super().__init__(label=label, disabled=disabled)
        self._actions: list[Callable[[], object]] = []
        self.on_msg(self._heard)

    def on_click(self, action: Callable[[], object]) -> None:
        """Call *action* at each click, after those given earlier."""
        self._actions.append(action)

    def click(self) -> None:
        """Do what a click does."""
        self.busy, self.problem = True, ""
        try:
            for action in self._actions:
                action()
        except Refusal as refusal:
            self.problem = str(refusal)
        except Exception as error:
            self.problem = unexpected(error)
            raise
        finally:
            self.busy = False

    def _heard(self, _: object, content: dict[str, Any], __: object) -> None:
        if content.get("kind") == "click" and not self.disabled:
            self.click()


class Sentence(Shown):
    """A line of plain text that is read out when it changes. Set `text`."""

    _esm = WEB / "sentence.js"
    text = traitlets.Unicode().tag(sync=True)

    def __init__(self, text: str = "") -> None:
        """Say *text*."""
        super().__init__(text=text)

    def still(self) -> str:
        """The text, escaped."""
        return f'<p class="flowlib flowlib-sentence">{html.escape(self.text)}</p>' if self.text else ""

    def __repr__(self) -> str:
        return self.text


class Heading(Sentence):
    """The title of a page, as its one main heading where it is printed."""

    def still(self) -> str:
        """The title, escaped."""
        return f"<h1>{html.escape(self.text)}</h1>"


class BackToTop(Shown):
    """The last thing in a notebook: after "Run everything", the reader is at the beginning of the page."""

    _esm = WEB / "top.js"

    def __repr__(self) -> str:
        return ""


class Panel(ipywidgets.Box):  # type: ignore[misc]  # ipywidgets publishes no types
    """Controls and what they change, as one thing to show."""

    def still(self) -> str:
        """The still twins of all within, in reading order."""
        return _still(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:  # noqa: ANN401 - as IPython's own
        return mended(super()._repr_mimebundle_(**kwargs), self.still())

    def __repr__(self) -> str:
        return f"A panel of {len(self.children)} parts"


class SideBySide(Panel):
    """Parts that stand next to each other where they are printed."""

    def still(self) -> str:
        """The still twins of all within, in a grid."""
        return f'<div class="flowlib-across">{_still(self)}</div>'


def panel(controls: Sequence[ipywidgets.Widget], outputs: Sequence[ipywidgets.Widget]) -> Panel:
    """*controls* on the left, *outputs* on the right; below each other where the screen is narrow."""
    calm = {"overflow": "visible", "min_width": "0"}
    left = ipywidgets.VBox(list(controls), layout=ipywidgets.Layout(flex="1 1 260px", max_width="400px", **calm))
    right = ipywidgets.VBox(list(outputs), layout=ipywidgets.Layout(flex="3 1 460px", **calm))
    layout = ipywidgets.Layout(flex_flow="row wrap", align_items="flex-start", grid_gap="4px 20px", **calm)
    return Panel([left, right], layout=layout)


def _still(widget: ipywidgets.Widget) -> str:
    if isinstance(widget, ipywidgets.Box):
        return "".join(_still(child) for child in widget.children)
    return widget.still() if isinstance(widget, Shown) else ""


def _need_label(words: str) -> None:
    need(words.strip(), "A control needs a label that says what it changes.")
