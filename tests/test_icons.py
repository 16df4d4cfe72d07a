"""Are the signs told apart by everyone, and named for those who cannot see them?"""

import io
import itertools
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import vl_convert
from PIL import Image
from refusals import said
from test_show import contrast

from flowlib.core.checks import listed
from flowlib.measure.spc import xmr
from flowlib.show import icons

SVG = "{http://www.w3.org/2000/svg}"
FLAT = [9.0, 8.0] * 8


def inked(name, size=24):
    """Where the sign puts ink, as a grid of true and false, at *size* pixels."""
    drawn = icons.icon(name, size=size)
    backed = drawn.replace("</title>", '</title><rect width="24" height="24" fill="#ffffff"/>', 1)
    grey = np.asarray(Image.open(io.BytesIO(vl_convert.svg_to_png(backed))).convert("L"))
    assert grey.shape == (size, size)
    return grey < 128


@pytest.mark.parametrize("name", icons.ICONS)
def test_every_sign_is_well_formed_and_has_a_name(name):
    """The XML parser of Python's own library is the judge."""
    root = ET.fromstring(icons.icon(name))  # noqa: S314 - our own drawing
    words = icons.ICONS[name].words
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find(f"{SVG}title").text == words


def test_no_two_signs_have_one_name():
    assert len({one.words for one in icons.ICONS.values()}) == len(icons.ICONS) == 10


def test_signs_differ_in_black_and_white_at_24_pixels():
    """Any two differ in at least 40 of 576 dots: about three strokes of the pen, 2 dots wide and 7 long."""
    dots = {name: inked(name) for name in icons.ICONS}
    nearest = min((int((dots[a] ^ dots[b]).sum()), a, b) for a, b in itertools.combinations(dots, 2))
    assert nearest[0] >= 40, nearest


@pytest.mark.parametrize("name", icons.ICONS)
def test_every_edge_stands_out_from_what_is_behind_it(name):
    """WCAG 2.2 asks 3 to 1 of graphics; the ratio is worked from its formula."""
    behind = "#ffffff"
    for part in list(ET.fromstring(icons.icon(name)))[1:]:  # noqa: S314 - our own drawing
        assert contrast(part.get("stroke") or part.get("fill"), behind) >= 3
        behind = behind if part.get("fill") == "none" else part.get("fill")


@pytest.mark.parametrize(
    ("last", "better", "words"),
    [
        (8.5, "up", "Usual variation"),
        (40.0, "up", "Improvement: values are higher"),
        (-40.0, "down", "Improvement: values are lower"),
        (40.0, "down", "Cause for concern: values are higher"),
        (-40.0, "up", "Cause for concern: values are lower"),
        (40.0, None, "Changed, neither better nor worse"),
    ],
)
def test_a_chart_has_the_sign_of_its_latest_point(last, better, words):
    assert f'aria-label="{words}"' in icons.variation(xmr([*FLAT, last], improvement=better))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (None, "No target to judge by"),
        (50.0, "Meets its target every time"),
        (-50.0, "Misses its target every time"),
        (8.5, "Sometimes meets its target, sometimes not"),
    ],
)
def test_a_chart_has_the_sign_of_its_target(target, words):
    assert f'aria-label="{words}"' in icons.assurance(xmr(FLAT, improvement="down", target=target), size=40)


def test_the_arrow_up_is_the_arrow_down_turned_over():
    """A reader learns one sign for higher and its mirror for lower: at most 8 dots differ, by rounding."""
    for verdict in ("improvement", "concern"):
        up, down = inked(f"{verdict}_up"), inked(f"{verdict}_down")
        assert (up ^ down[::-1]).sum() <= 8


def test_the_legend_shows_every_sign_with_its_words():
    root = ET.fromstring(icons.legend())  # noqa: S314 - our own drawing
    written = {part.text for part in root.iter(f"{SVG}text")}
    assert {one.words for one in icons.ICONS.values()} <= written
    assert all(one.words in root.get("aria-label") for one in icons.ICONS.values())
    assert len(list(root.iter(f"{SVG}g"))) == len(icons.ICONS)


def test_an_unknown_sign_is_refused_with_the_known_ones():
    assert said(lambda: icons.icon("passed")) == (
        f'No icon called "passed"; there are {listed(icons.ICONS)}. Did you mean "pass"?'
    )
    assert said(lambda: icons.icon("pass", size=4)) == "An icon needs a size of 8 pixels or more; 4 came."
    assert said(lambda: icons.name_of("improvement", None)) == (
        'No direction of improvement called "None"; there are "up", "down".'
    )
