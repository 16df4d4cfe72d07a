"""
How does a film leave the notebook? As one page that carries all it needs.

The page runs the same script as the notebook. The browser is told to fetch nothing, so
it plays from an e-mail or a memory stick. Without scripts it shows one still moment.
"""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from typing import TYPE_CHECKING

from flowlib.core.checks import Refusal, need
from flowlib.show.still import WEB

if TYPE_CHECKING:
    from flowlib.show.animation import Animation

__all__ = ["SCRIPT", "STYLE", "saved"]

SCRIPT = "\n".join(
    (WEB / f"{name}.js").read_text(encoding="utf-8") for name in ("animation_moment", "animation_picture", "animation")
)
STYLE = "\n".join((WEB / name).read_text(encoding="utf-8") for name in ("show.css", "animation.css"))
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"  # the browser fetches nothing

HANDED_ON = "export default { render };"  # how the script ends: here it is called in place of that
CALLED = """
const told = JSON.parse(document.getElementById("film").textContent);
const kept = {
  film: JSON.stringify(told.film),
  data: Uint8Array.from(atob(told.data), (letter) => letter.charCodeAt(0)),
  at: told.at,
};
const model = { get: (name) => kept[name], set: (name, value) => { kept[name] = value; }, save_changes() {}, on() {} };
render({ model, el: document.getElementById("place") });
"""
PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}
body {{ margin: 0 auto; max-width: 1240px; padding: 12px; background: #fff; }}
h1 {{ margin: 8px 12px; color: #212b32; font: bold 26px/1.3 Arial, sans-serif; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<div id="place"></div>
<noscript>{still}</noscript>
</main>
<script type="application/json" id="film">{told}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def saved(animation: Animation, path: str | Path) -> Path:
    """Write the page of *animation* and say where; see `Animation.save`."""
    place = Path(path)
    need(place.suffix.lower() == ".html", f'A film is saved as ".html"; "{place.name}" came. Change its ending.')
    need(place.parent.is_dir(), f'There is no folder "{place.parent.name}". Make it first, or choose another.')
    try:
        place.write_text(_page(animation), encoding="utf-8")
    except OSError:
        raise Refusal(f'"{place.name}" could not be written. Close it if it is open, then try again.') from None
    return place


def _page(animation: Animation) -> str:
    film = json.loads(animation.film)
    told = {"film": film, "data": base64.b64encode(animation.data).decode(), "at": animation.at}
    name = film["name"]
    return PAGE.format(
        title=html.escape(f"{name}: people moving through the place" if name else "People moving through the place"),
        policy=POLICY,
        style=STYLE,
        still=animation.still(),
        told=json.dumps(told).replace("<", "\\u003c"),
        script=SCRIPT.replace(HANDED_ON, CALLED),
    )
