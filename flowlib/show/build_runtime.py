"""
Where does the drawing library that every picture shares come from?

From vl-convert, which carries Vega, Vega-Lite and Vega-Embed with it: no network is
needed. This script bundles the three into one JavaScript module and notes beside it
which versions went in (their licences stand in vega_runtime.LICENSE.txt). Run it
again when vl-convert brings a newer Vega-Lite:

    python -m flowlib.show.build_runtime
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import vl_convert

__all__ = ["VEGA_LITE", "WEB", "bundle", "main", "versions"]

# The Vega-Lite that Altair 6 writes its charts for.
VEGA_LITE = "6.4"
WEB = Path(__file__).parent / "web"

# Runs once in each page: the library stands on a shelf, under its version, for every picture to take.
SNIPPET = """
export default {
  initialize({ model }) {
    globalThis.flowlibVega ??= new Map();
    globalThis.flowlibVega.set(model.get("version"), vegaEmbed);
  },
};
"""


def bundle() -> str:
    """The three libraries and the shelf as one JavaScript module."""
    return str(vl_convert.javascript_bundle(SNIPPET, vl_version=VEGA_LITE))


def versions(script: str) -> dict[str, str]:
    """What went into *script*, and a fingerprint of it."""
    return {
        "vega": vl_convert.get_vega_version(),
        "vega-embed": vl_convert.get_vega_embed_version(),
        "vega-lite": VEGA_LITE,
        "vl-convert": version("vl-convert-python"),
        "sha256": hashlib.sha256(script.encode()).hexdigest(),
    }


def main() -> None:
    """Write the module and the note of its versions."""
    script = bundle()
    (WEB / "vega_runtime.js").write_text(script, encoding="utf-8", newline="\n")
    note = json.dumps(versions(script), indent=2) + "\n"
    (WEB / "vega_runtime.json").write_text(note, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
