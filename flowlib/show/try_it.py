"""
What would happen if? The one pattern that every what-if on screen follows.

A person predicts, presses "See what happens", and sees the result beside the prediction.
Then each control moves the picture at once, and what differs from today is named. They
can lay it beside today, set the controls back to today, open the numbers as a table,
start again, keep a code that brings the page back, and save it as a page to send. A
lesson gives only its own four things: the controls, a pure function from their values
to a result, how the result looks, and how it is said.

    from flowlib.show.choices import Tick
    from flowlib.show.controls import Slider
    from flowlib.show.try_it import Question, TryIt

    TryIt(
        "How many places do we need?",
        {"places": Slider("Places a day", value=10, min=9, max=15), "list": Tick("There is a list")},
        ask=lambda places, list: a_year(places, waiting_first=200 if list else 0),  # pure: a result
        draw=a_picture,       # draw(result, today) -> Picture; today is None unless it is compared with
        say=sentence,         # say(result) -> the result and how sure we are, in plain words
        compare=difference,   # compare(result, today) -> the difference, in plain words; None: the picture shows today
        predict=Question("How many wait?", ["None", "About 25"], came_true=which, at={"places": 10, "list": False}),
        name="averages",      # in small letters; codes begin with it
        file="23_why_averages_fail",  # the page to send; without it, the name
    )

A sum of more than about 0.1 s is a generator that yields an `Estimate` after each piece
of work, the last with a share of 1. The page then stays alive, says that it is an
estimate, shows how far it has come, and offers to stop. *draw* keeps the chart's layers
the same and changes only its rows: then the marks glide and nothing flickers.
"""

from __future__ import annotations

import html
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import ipywidgets

from flowlib.change import kept
from flowlib.core.checks import Refusal, choice, listed, need
from flowlib.show import kept_code, pocket
from flowlib.show import try_it_words as words
from flowlib.show.at_work import AtWork, Estimate
from flowlib.show.choices import Keep, QuietButton, Title, Working
from flowlib.show.controls import Button, Panel, Prediction, Sentence, panel
from flowlib.show.picture import Picture
from flowlib.show.saving import SavedPage
from flowlib.show.table import TableView
from flowlib.show.try_it_words import Question
from flowlib.show.upload import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from flowlib.show.kept_code import Control

__all__ = ["Question", "TryIt"]


class TryIt(Panel):
    """A what-if: predict, look, then change things. How a lesson makes one stands at the top of this module."""

    def __init__(
        self,
        title: str,
        controls: Mapping[str, Control],
        *,
        ask: Callable[..., Any],
        draw: Callable[[Any, Any], Picture | Sequence[Picture]],
        say: Callable[[Any], str],
        compare: Callable[[Any, Any], str] | None,
        predict: Question,
        name: str,
        file: str = "",
        page_steps: Mapping[str, float] | None = None,
        note: str = "",
    ) -> None:
        """
        Show the controls as they stand now, which is "today", and nothing else before a prediction.

        Codes begin with *name*. The page to send has the name *file*, or else *name*;
        *page_steps* makes sliders coarser there, such as `{"places": 2}`. *note* says what is
        taken for granted, and stays in view. Without *compare*, what *draw* and *say* give
        has today in it already, and no button offers it.
        """
        need(kept_code.NAME.fullmatch(name), f'A name is in small letters, such as "averages"; "{name}" came.')
        taken = [key for key in controls if not kept_code.NAME.fullmatch(key) or key in kept_code.WORDS]
        need(not taken, f"Controls cannot be called {listed(taken)}. Use small letters, and another word.")
        for key in predict.at:
            choice("control", key, controls)
        self.file = file or name
        self.heading, self.name, self.controls, self.question = title, name, dict(controls), predict
        self._ask, self._draw, self._say, self._compare = ask, draw, say, compare
        self._page_steps, self.note = dict(page_steps or {}), Sentence(note)
        self.today = self.values()
        self._today_result: Any = None
        self._result: Any = None  # what stands on the page
        self._of: dict[str, Any] | None = None  # the settings that it is the result of
        self._pictures: tuple[Picture, ...] = ()
        self._came: str | None = None  # the answer that came true, once it was seen
        self._live = self._held = False
        self._work = AtWork(self._show, failed=self._fail, idle=self._rest)
        self._make_parts()
        self._watch()
        whole = self._laid_out()
        super().__init__(whole, layout=ipywidgets.Layout(flex_flow="column", align_items="stretch", overflow="visible"))

    # What a lesson or a test may ask of it.

    def values(self) -> dict[str, Any]:
        """What each control is set to."""
        return {key: control.value for key, control in self.controls.items()}

    @property
    def code(self) -> str:
        """A line of text that brings the page back as it stands."""
        return kept_code.write(self.name, self.controls, self._stands())

    def back_to(self, code: str) -> None:
        """The page as it was when *code* was made."""
        options = list(self.question.options)
        found = kept_code.read(code, self.name, self.controls, answers=len(options))
        self.reset()
        self._set(found.values)
        self.next.text = words.FIRST
        if found.predicted is not None:
            self.prediction.value = options[found.predicted]
        self._write_code()
        if found.predicted is None or found.came is None:
            return
        self._came = options[found.came]
        self._begin()
        self.predicted.text = self.question.told(options[found.predicted], self._came)

    def keep(self, path: str | Path) -> Path:
        """Write the code to a small file, and say where."""
        place = Path(path)
        kept.write(place, f"{self.code}\n")
        return place

    def back_to_file(self, path: str | Path) -> None:
        """The page as the file says that it was."""
        place = Path(path)
        need(place.is_file(), f'There is no file "{place.name}". Choose the file that you kept.')
        self.back_to(place.read_text(encoding="utf-8", errors="replace"))

    def save(self, path: str | Path, *, steps: Mapping[str, float] | None = None) -> Path:
        """
        One page that holds every result, for an e-mail: no Python and no network are needed to use it.

        *steps* makes sliders coarser, such as `{"places": 2}`. Refused where the page
        would hold too many results, or grow too large to send.
        """
        place = Path(path)
        self.saved.at(self._for_pocket(steps or {}), place)
        return place

    def look(self) -> None:
        """What the button "See what happens" does."""
        need(self.prediction.value is not None, "Predict first: choose one of the answers.")
        self._set(self.question.at)
        self._begin()

    def back_to_today(self) -> None:
        """The controls as they are today; the prediction stays, and the picture follows."""
        self._set(self.today)
        self._moved()

    def reset(self) -> None:
        """All as at the start, and a new prediction to make."""
        self._work.stop()
        self.saved.clear()
        self._live, self._came, self._result, self._of, self._pictures = False, None, None, None, ()
        self._set(self.today)
        self.prediction.disabled, self.prediction.value = False, None
        self.compared_with_today = self.table_open = False
        self.said.text = self.compared.text = self.predicted.text = ""
        self.next.text = words.AGAIN
        self.kept.said = self.kept.problem = ""
        self.out.children = self.under.children = ()
        self._unveil()
        self._name_buttons()
        self._write_code()

    def still(self) -> str:
        """On paper: the question and the controls, then what a look would show."""
        whole = super().still()
        return whole if self._live else f"{whole}{self._on_paper()}"

    def _stands(self) -> kept_code.Kept:
        options = list(self.question.options)
        guess, came = (None if one is None else options.index(one) for one in (self.prediction.value, self._came))
        return kept_code.Kept(self.values(), guess, came)

    # How it is put together.

    def _make_parts(self) -> None:
        self.prediction = Prediction(self.question.legend, list(self.question.options))
        self.go = Button(words.GO, disabled=True)
        self.comparing, self.showing, self.again, self.page = (
            QuietButton(label) for label in (words.COMPARE, words.TABLE, words.RESET, words.SAVE)
        )
        self.back = QuietButton(words.BACK, disabled=True)
        self.next = Sentence(words.FIRST)
        self.predicted, self.changed, self.said, self.compared = (Sentence() for _ in range(4))
        self.out, self.under = ipywidgets.VBox([]), ipywidgets.VBox([])
        self.table: TableView | None = None  # from the first look at it on
        self.working, self.saved = Working(self._stop), SavedPage()
        self.kept = Keep(self.back_to)
        self.compared_with_today = self.table_open = False
        self._name_buttons()
        self._write_code()

    def _laid_out(self) -> list[ipywidgets.Widget]:
        controls, first = list(self.controls.values()), [self.prediction, self.go]
        left = [*first, *controls, self.back] if self.question.at else [*controls, self.back, *first]
        row = ipywidgets.Layout(flex_flow="row wrap", overflow="visible")
        beside = [self.comparing] if self._compare else []
        buttons = ipywidgets.Box([*beside, self.showing, self.again, self.page], layout=row)
        right = [self.next, self.predicted, self.changed, self.said, self.compared, self.working, self.out]
        return [Title(self.heading), self.note, panel(left, right), buttons, self.saved, self.under, self.kept]

    def _watch(self) -> None:
        self.prediction.observe(lambda _: self._predicted(), "value")
        for control in self.controls.values():
            control.observe(lambda _: self._moved(), "value")
        self.go.on_click(self.look)
        self.again.on_click(self.reset)
        self.back.on_click(self.back_to_today)
        self.comparing.on_click(self._turn_comparison)
        self.showing.on_click(self._turn_table)
        self.page.on_click(lambda: self.saved.in_view(self._for_pocket({}), self.file))

    def _name_buttons(self) -> None:
        self.comparing.label = words.ALONE if self.compared_with_today else words.COMPARE
        self.showing.label = words.NO_TABLE if self.table_open else words.TABLE
        self.comparing.disabled = self.showing.disabled = not self._live
        self.go.disabled = self.prediction.value is None or self._live

    def _write_code(self) -> None:
        """Say how the controls stand: in the code, and beside the result."""
        self.kept.code = self.code
        self.changed.text = words.changed(self.controls, self.values(), self.today)
        self.back.disabled = not self.changed.text

    # What happens when something is pressed or moved.

    def _predicted(self) -> None:
        self._name_buttons()
        self._write_code()

    def _moved(self) -> None:
        if self._held:
            return
        self._write_code()
        if self._live:
            self._follow()

    def _set(self, values: Mapping[str, Any]) -> None:
        """Set several controls as one change."""
        self._held = True
        try:
            for key, value in values.items():
                self.controls[key].value = value
        finally:
            self._held = False

    def _begin(self) -> None:
        self._live = True
        self.prediction.disabled = True  # a prediction is kept once the result is known
        self.next.text = words.THEN
        self._name_buttons()
        self._write_code()
        self._follow()

    def _turn_comparison(self) -> None:
        self.compared_with_today = not self.compared_with_today
        self.compared.text = ""
        self._name_buttons()
        self._follow()

    def _turn_table(self) -> None:
        self.table_open = not self.table_open
        self._name_buttons()
        self._lay_table()

    def _stop(self) -> None:
        self._work.stop()
        self.next.text = words.STOPPED
        if self.said.text == words.AWAITED:
            self.said.text = ""

    def _follow(self) -> None:
        """Ask of the controls as they stand; a newer request puts an older one away."""
        try:
            made = self._ask(**self.values())
            wants_today = self.compared_with_today and self._today_result is None
            if inspect.isgenerator(made):
                work = cast("Generator[Estimate, None, None]", made)
                self._veil()
                self.working.at(0.0, words.WORKING)
                self._work.begin(self._with_today(work) if wants_today else work)
                return
            if wants_today:
                self._today_result = self._ask(**self.today)
            self._show(Estimate(made, 1.0))
        except Refusal as refusal:
            self._fail(refusal)
        except Exception as error:
            self._fail(error)
            raise

    def _with_today(self, made: Generator[Estimate, None, None]) -> Generator[Estimate, None, None]:
        """Today's result first, unseen; then what was asked."""
        found: Any = None
        for estimate in self._ask(**self.today):
            found = estimate.result
            yield Estimate(None, 0.0)
        self._today_result = found
        yield from made

    def _veil(self) -> None:
        """What stands is not of the settings that were asked: say so, and keep only its room."""
        if self._of == self.values():
            return
        self.said.text, self.compared.text = words.AWAITED, ""
        self.out.layout.visibility = self.under.layout.visibility = "hidden"

    def _unveil(self) -> None:
        self.out.layout.visibility = self.under.layout.visibility = "visible"

    def _show(self, estimate: Estimate) -> None:
        """Put a result on the page, in place of what stands."""
        final = estimate.share >= 1
        if not final:
            self.working.at(estimate.share, words.WORKING)
        if estimate.result is None:
            return
        self._result, self._of = estimate.result, self.values()
        self._unveil()
        today = self._today_result if self.compared_with_today else None
        self._put(_several(self._draw(estimate.result, today)))
        said = self._say(estimate.result)
        self.said.text = said if final else f"An estimate so far: {said}"
        tells = self._compare if today is not None and final else None
        self.compared.text = tells(estimate.result, today) if tells else ""
        if final:
            self._fared(estimate.result)

    def _put(self, pictures: tuple[Picture, ...]) -> None:
        self._pictures = pictures
        figures = self.out.children
        if len(figures) == len(pictures):
            for figure, picture in zip(figures, pictures, strict=True):
                figure.update(picture.chart, description=picture.description)
        else:
            self.out.children = [Picture(one.chart, one.description).figure() for one in pictures]
        self._lay_table()

    def _lay_table(self) -> None:
        tables = [one.table for one in self._pictures if one.table is not None]
        if not (self.table_open and tables):
            self.under.children = ()
            return
        if self.table is None:
            self.table = TableView(tables[0], caption=words.CAPTION)
        else:
            self.table.update(tables[0])
        self.under.children = (self.table,)

    def _fared(self, result: Any) -> None:  # noqa: ANN401 - whatever the lesson's function gives
        """Say how the prediction fared, once: at the first result of the settings that it is about."""
        if self._came is not None or self.prediction.value is None:
            return
        if any(self.controls[key].value != value for key, value in self.question.at.items()):
            return
        self._came = choice("answer", self.question.came_true(result), self.question.options)
        self.predicted.text = self.question.told(self.prediction.value, self._came)
        self._write_code()

    def _fail(self, error: Exception) -> None:
        self.said.text = str(error) if isinstance(error, Refusal) else unexpected(error)
        self.compared.text = ""

    def _rest(self) -> None:
        self.working.busy = False

    def _on_paper(self) -> str:
        """The result that the question is about; a sum that takes long is left to the screen."""
        made = self._ask(**{**self.today, **self.question.at})
        if inspect.isgenerator(made):
            made.close()
            return ""
        said = f'<p class="flowlib flowlib-sentence">{html.escape(self._say(made))}</p>'
        return said + "".join(picture.svg() for picture in _several(self._draw(made, None)))

    # The page to send.

    def _for_pocket(self, steps: Mapping[str, float]) -> pocket.Ready:
        return pocket.Ready(
            title=self.heading, name=self.name, controls=self.controls, today=self.today, question=self.question,
            ask=self._ask, draw=lambda result, today: _several(self._draw(result, today)),
            say=self._say, compare=self._compare, steps=self._page_steps | dict(steps), caption=words.CAPTION,
            words=words.on_the_page(self.note.text), stands=self._stands(),
        )  # fmt: skip


def _several(pictures: Picture | Sequence[Picture]) -> tuple[Picture, ...]:
    return (pictures,) if isinstance(pictures, Picture) else tuple(pictures)
