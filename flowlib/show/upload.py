"""
How does a file of any size get from a person's disk into the notebook, without a silent failure?

In pieces, each of which is acknowledged before the next one leaves. The file is kept in
a folder that only this user can read, below the session folder of `flowlib lab` where
there is one. It is deleted with the widget, when the notebook stops, or at the latest
with the session: nothing is sent anywhere else.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from flowlib.core.checks import Refusal, need
from flowlib.show.still import WEB, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["MOST_BYTES", "Upload", "unexpected"]

MOST_BYTES = 2_000_000_000  # the same in upload.js, which refuses before anything is sent


class Upload(Shown):
    """
    A file to choose. *accept* lists the endings it may have, such as ".csv".

    What `on_file` gets is the path of the file as it arrived and the name it had. If it
    returns a sentence, that is shown; a refusal is shown as a problem. The path holds
    until the next file is chosen.
    """

    _esm = WEB / "upload.js"
    label = traitlets.Unicode().tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    accept = traitlets.List(traitlets.Unicode()).tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(
        self, label: str, *, accept: Sequence[str] = (".csv", ".xlsx"), hint: str = "", disabled: bool = False
    ) -> None:
        """Wait for a file."""
        need(label.strip(), "A file control needs a label that says which file to choose.")
        super().__init__(label=label, accept=[ending.lower() for ending in accept], hint=hint, disabled=disabled)
        self._actions: list[Callable[[Path, str], object]] = []
        self._folder = _private_folder()
        self._tidy = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._arriving: _Arriving | None = None
        self.on_msg(self._heard)

    def on_file(self, action: Callable[[Path, str], object]) -> None:
        """Call *action* with the path and the original name of each file that arrives."""
        self._actions.append(action)

    def close(self) -> None:
        """Take the control off the page and delete what arrived."""
        self._tidy()
        super().close()

    def _heard(self, _: object, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        """Answer one message of the page; every message gets an answer."""
        upload = content.get("upload")
        try:
            answer = self._answer(content, buffers)
        except (Refusal, OSError) as error:
            self._arriving = None
            answer = {"kind": "failed", "sentence": _why(error)}
        except Exception as error:
            self.send({"kind": "failed", "upload": upload, "sentence": unexpected(error)})
            raise
        self.send({**answer, "upload": upload})

    def _answer(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> dict[str, Any]:
        if content.get("kind") == "start":
            self._arriving = _Arriving(self._folder, content, self.accept)
        arriving = self._arriving
        if arriving is None or arriving.upload != content.get("upload"):
            raise Refusal("The notebook lost track of this file. Choose it again.")
        if content.get("kind") == "piece":
            arriving.take(content["from"], buffers)
        if arriving.received < arriving.size:
            return {"kind": "more", "received": arriving.received}
        self._arriving = None
        self.send({"kind": "arrived", "upload": arriving.upload})
        return {"kind": "done", "sentence": self._used(arriving)}

    def _used(self, arrived: _Arriving) -> str:
        """Hand the file on; the sentence to show."""
        said = [action(arrived.path, arrived.name) for action in self._actions]
        sentences = [words for words in said if isinstance(words, str) and words]
        return " ".join(sentences) or f"“{arrived.name}” has arrived."


class _Arriving:
    """One file on its way in."""

    def __init__(self, folder: Path, content: dict[str, Any], accept: Sequence[str]) -> None:
        self.upload = content["upload"]
        # Some browsers say a path here, and a path has no business beyond its last part.
        self.name = re.split(r"[/\\]", str(content["name"]))[-1]
        self.size = int(content["size"])
        self.received = 0
        ending = Path(self.name).suffix.lower()
        need(
            not accept or ending in accept,
            f"“{self.name}” cannot be read here. Choose a file that ends in {', '.join(accept)}.",
        )
        need(self.size > 0, f"“{self.name}” is empty. Choose another file.")
        need(self.size <= MOST_BYTES, f"“{self.name}” is over 2 GB, the most that can be sent. Cut it up by period.")
        need(
            self.size < shutil.disk_usage(folder).free,
            f"There is not enough room on this computer for “{self.name}”. Free some space, then choose it again.",
        )
        self.path = folder / f"file{ending if re.fullmatch(r'[.][a-z0-9]+', ending) else ''}"
        self.path.write_bytes(b"")

    def take(self, start: int, buffers: Sequence[memoryview]) -> None:
        """Add one piece at the end."""
        need(start == self.received, "A piece of the file is missing. Choose the file again.")
        piece = b"".join(buffers)
        need(piece, "A piece of the file came empty. Choose the file again.")
        need(self.received + len(piece) <= self.size, "The file grew while it was sent. Choose it again.")
        with self.path.open("ab") as file:
            file.write(piece)
        self.received += len(piece)


def _private_folder() -> Path:
    """A new folder that only this user can open."""
    session = os.environ.get("FLOWLIB_SESSION")  # set by `flowlib lab`, which sweeps it at the end
    inside = session if session and Path(session).is_dir() else None
    return Path(tempfile.mkdtemp(prefix="flowlib-", dir=inside))


def unexpected(error: Exception) -> str:
    """A sentence for an error that nobody foresaw."""
    return f"That did not work: {type(error).__name__}, {error}. Please tell whoever looks after this notebook."


def _why(error: Exception) -> str:
    if isinstance(error, Refusal):
        return str(error)
    return f"The file could not be kept: {error}. Choose it again."
