"""What several tests share."""

import os
import tempfile

import pytest
from browser import offline_context, start_chromium

# The progress of the person who runs the tests stays as it is.
os.environ.setdefault("FLOWLIB_PROGRESS", os.path.join(tempfile.mkdtemp(prefix="flowlib-tests-"), "progress.json"))  # noqa: PTH118


def pytest_collection_modifyitems(items):
    """The files that open a browser come first: they take longest, and would keep one worker busy alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="module")
def chromium():
    """One browser for the tests of a file; while it is open no other test can run an event loop."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is wanted

    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def offline(chromium):
    """A fresh browser context, and the list of outside addresses it asked for."""
    with offline_context(chromium) as pair:
        yield pair


@pytest.fixture
def outside_requests(offline):
    """Every address outside this computer that the page asked for."""
    return offline[1]


@pytest.fixture
def chromium_page(offline):
    """A page that reaches this computer only."""
    return offline[0].new_page()
