"""
Where did the page go that somebody saved?

It is in the folder `own`, under a name that no other page there has. `SavedPage` says so
right below the button, shows how far the page has come, and offers a copy to download.
"""

from __future__ import annotations

import html
import itertools
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from flowlib.core import data
from flowlib.core.checks import Refusal
from flowlib.show import pocket
from flowlib.show import try_it_words as words
from flowlib.show.at_work import AtWork, Estimate
from flowlib.show.choices import Working
from flowlib.show.still import WEB, Shown
from flowlib.show.upload import unexpected

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SavedPage", "Told"]


class Told(Shown):
    """A sentence that is read out when it changes; with a page, a link to download it."""

    _esm = WEB / "saved.js"
    text = traitlets.Unicode().tag(sync=True)
    file = traitlets.Unicode().tag(sync=True)  # what the copy is called; empty without a page
    content: Any = traitlets.Bytes().tag(sync=True)

    def say(self, text: str, page: Path | None = None) -> None:
        """Say *text*, and offer a copy of *page*."""
        with self.hold_sync():
            self.file, self.content = (page.name, page.read_bytes()) if page else ("", b"")
            self.text = text

    def still(self) -> str:
        """The sentence."""
        return f'<p class="flowlib">{html.escape(self.text)}</p>' if self.text else ""


class SavedPage(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets publishes no types
    """What stands below the button that saves: how far the page is, then where."""

    def __init__(self) -> None:
        """Nothing is saved yet."""
        self.making, self.told = Working(self.stop), Told()
        self._work = AtWork(self._so_far, failed=self._failed, idle=self._rest)
        super().__init__([self.making, self.told])

    def in_view(self, ready: pocket.Ready, name: str) -> None:
        """Make the page in the folder `own`, as *name* or the next name that is free."""
        folder = data.FOLDER.parent / "own"
        folder.mkdir(exist_ok=True)
        self.told.say(words.SAVING)
        self._work.begin(pocket.written(ready, _free(folder, name)))

    def at(self, ready: pocket.Ready, place: Path) -> None:
        """Make the page at *place*; what goes wrong is raised."""
        for estimate in pocket.written(ready, place):
            self._so_far(estimate)
        self._rest()

    def stop(self) -> None:
        """Make no page."""
        self._work.stop()
        self.told.say(words.NO_PAGE)

    def clear(self) -> None:
        """As at the start."""
        self._work.stop()
        self.told.say("")

    def _so_far(self, estimate: Estimate) -> None:
        self.making.at(estimate.share, "Making the page")
        if estimate.share >= 1:
            self.told.say(words.saved(estimate.result), estimate.result)

    def _failed(self, error: Exception) -> None:
        why = str(error) if isinstance(error, Refusal) else unexpected(error)
        self.told.say(f"{words.NO_PAGE} {why}")

    def _rest(self) -> None:
        self.making.busy = False


def _free(folder: Path, name: str) -> Path:
    """A place for a page that no other page has, so that none is written over."""
    names = itertools.chain([name], (f"{name}_{number}" for number in itertools.count(2)))
    return next(place for place in (folder / f"{one}.html" for one in names) if not place.exists())
