"""A page of the app while it is read: it says when its controls are still to come, and when nobody answers any more."""

import os
import signal
from pathlib import Path

import pytest
from browser import app_server, offline_context

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(os.name != "posix", reason="signals are a POSIX matter"),
]
CLOSED = "The app was closed. Start it again, and go on in the page that opens."
LOST = "This page has lost its connection. Reload it, and begin it again."
SLOW = 2_000  # milliseconds that the page's own program is held back


@pytest.fixture(scope="module")
def read(chromium, tmp_path_factory):
    """The first lesson, opened on a slow computer: the app's process, the page, and what it showed meanwhile."""
    with (
        app_server(Path(__file__).parents[1], tmp_path_factory.mktemp("app")) as (process, address),
        offline_context(chromium) as (context, outside),
    ):
        page = context.new_page()
        page.goto(address)
        context.route("**/voila/static/voila.js*", lambda route: (page.wait_for_timeout(SLOW), route.continue_()))
        page.goto(f"{address.partition('?')[0]}voila/render/00_start_here.ipynb", wait_until="commit")
        coming = page.locator("#flowlib-coming")
        coming.wait_for(timeout=60_000)
        meanwhile = coming.inner_text(), page.get_by_role("heading", level=1).is_visible()
        coming.wait_for(state="hidden", timeout=60_000)
        yield process, page, meanwhile
        assert outside == []


def test_a_page_in_sight_counts_its_controls_until_they_are_there(read):
    """Oracle: the lesson's own controls, a prediction and a box for an answer."""
    _, page, (said, in_sight) = read
    assert in_sight
    assert said == "Getting the controls ready: 0 of 2 are there. You can start to read."
    assert page.get_by_role("button", name="Show me").is_visible()
    assert page.get_by_role("button", name="Check my answer").is_visible()
    assert page.get_by_text("Loading widget...").count() == 0


def test_a_page_that_nobody_answers_any_more_says_what_to_do(read):
    """First its kernel alone ends, then the app; a page that is answered says nothing."""
    process, page, _ = read
    gone = page.locator("#flowlib-gone")
    assert gone.is_hidden()
    page.evaluate(
        """async () => {
          const { baseUrl, kernelId } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
          await fetch(`${baseUrl}voila/api/shutdown/${kernelId}`, { method: "POST" });
        }"""
    )
    page.get_by_text(LOST).wait_for(timeout=30_000)
    assert gone.get_attribute("role") == "alert"
    process.send_signal(signal.SIGTERM)
    page.get_by_text(CLOSED).wait_for(timeout=30_000)
