"""Every control on a page has a name of its own, though each runs its own copy of its code."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parents[1] / "flowlib" / "show" / "web"
NAMED = re.compile(r"const (?:id|name) = (`flowlib-[^`]*\$\{[^`]*`);")
FILES = sorted(path.name for path in WEB.glob("*.js") if NAMED.search(path.read_text(encoding="utf-8")))


def test_all_controls_that_name_their_parts_are_looked_at():
    """By head: the sliders, predictions, choices, ticks, uploads and films, and what keeps, works and counts."""
    known = {"slider.js", "prediction.js", "choice.js", "keep.js", "tick.js", "working.js", "animation.js", "upload.js"}
    assert known <= set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_two_copies_of_a_control_made_in_one_moment_have_two_names(name):
    """The clock stands still, and a count would begin anew in each copy; 200 of them, each by itself."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node on this computer")
    (made,) = NAMED.findall((WEB / name).read_text(encoding="utf-8"))
    copies = (
        "const clock = { now: () => 0 };"
        "const made = Array.from({ length: 200 },"
        f" () => new Function('Date', 'let made = 0; return ' + {made!r})(clock));"
        "console.log(new Set(made).size, made.every((one) => /^flowlib-[a-z]+-[a-z0-9]{5,}$/.test(one)));"
    )
    said = subprocess.run([node, "-e", copies], capture_output=True, text=True, timeout=20, check=True).stdout
    assert said.split() == ["200", "true"]
