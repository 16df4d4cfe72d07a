"""What a person sees and hears of pictures and controls: real JupyterLab, real Chromium, no network."""

import re

import nbformat
import pytest
from browser import (
    cell_errors,
    lab_server,
    offline_context,
    open_notebook,
    run_everything,
    wait_until_idle,
    write_notebook,
)

from flowlib.show import export_html, to_pdf

pytestmark = pytest.mark.browser

SETUP = """
import altair as alt, pandas as pd
from flowlib import Refusal
from flowlib.show import Button, Figure, Prediction, Sentence, Slider, TableView, Upload, panel, titled

def picture(nurses):
    frame = pd.DataFrame({
        "day": pd.date_range("2024-06-03", periods=7, freq="D"),
        "waiting": [(hour + 3) * 10 / nurses for hour in range(7)],
    })
    chart = alt.Chart(frame).mark_line(point=True).encode(
        x="day:T", y=alt.Y("waiting:Q", title="People waiting", scale=alt.Scale(domain=[0, 90])))
    return titled(chart, f"{nurses} nurses leave {frame.waiting.max():.0f} people waiting", unit="People by day"), frame

chart, frame = picture(1)
line = Figure(chart, description="People waiting with 1 nurse", table=frame)
said = Sentence("Nothing has changed yet.")
nurses = Slider("Triage nurses", value=1, min=1, max=8, unit="nurses", one="nurse")

def moved(change):
    chart, frame = picture(change["new"])
    line.update(chart, description=f"People waiting with {change['new']} nurses", table=frame)
    said.text = f"{change['new']} nurses: at most {frame.waiting.max():.0f} wait."

nurses.observe(moved, "value")
guess = Prediction("What does a second nurse do?", ["Halves the queue", "Leaves it as it is"])
guess.observe(lambda change: setattr(said, "text", f"You chose: {change['new']}"), "value")
button = Button("Run the year")

def refuse():
    raise Refusal("Choose a file first.")

button.on_click(refuse)
"""
SHOWN = "panel([nurses, guess, button], [line, said])"
SECOND = """
steps = pd.DataFrame({"step": ["Triage", "Doctor", "Ward"], "hours": [1, 4, 9]})
bars = Figure(alt.Chart(steps).mark_bar().encode(x="step:N", y="hours:Q"), description="The ward takes longest")
bars
"""
FILES = """
upload = Upload("Your extract", hint="A CSV file. It stays on this computer.", accept=[".csv"])
upload.on_file(lambda path, name: f"{name}: {path.stat().st_size:,} bytes, ending in {path.read_bytes()[-4:]}.")
upload
"""
RESHAPED = """
def redraw(change):
    bars.update(alt.Chart(steps).mark_point().encode(x="hours:Q", y="step:N"), description="As points")
nurses.observe(redraw, "value")
"""
TABLE = 'TableView(pd.DataFrame({"Step": ["<b>Ward</b>"], "People": [1234]}), caption="People at each step")'


def written(folder, *cells):
    write_notebook(folder / "scratch.ipynb", nbformat.v4.new_markdown_cell("# How many nurses?"), *cells)


@pytest.fixture(scope="module")
def lab(chromium, tmp_path_factory):  # noqa: ARG001 - no browser, no server: the skip comes first
    scratch = tmp_path_factory.mktemp("lab")
    written(scratch / "made", SETUP, SHOWN, SECOND, FILES, TABLE, RESHAPED)
    with lab_server(scratch / "made", scratch) as running:
        yield running


@pytest.fixture(scope="module")
def opened(lab, chromium):
    """The scratch notebook, open; and every outside address it asks for."""
    with offline_context(chromium) as (context, outside):
        page = context.new_page()
        open_notebook(page, lab, "scratch.ipynb")
        yield page, outside


@pytest.fixture
def shown(opened):
    """The scratch notebook, run from the top."""
    page, outside = opened
    assert run_everything(page)
    page.locator(".flowlib-figure .sheet:not(.waiting) svg").nth(1).wait_for()
    yield page
    assert outside == []


WATCH = """() => {
  const look = () => {
    const standing = [...document.querySelectorAll(".flowlib-figure")].map((figure) => {
      const sheets = [...figure.querySelectorAll(".sheet")];
      const seen = sheets.filter((sheet) => getComputedStyle(sheet).visibility === "visible");
      return seen.length === 1 && seen[0].querySelectorAll("svg .role-mark path").length > 0;
    });
    window.frames_seen.push(standing.every(Boolean) && standing.length === 2);
    window.places_seen.add(document.querySelector(".jp-WindowedPanel-outer").scrollTop);
    window.watching = requestAnimationFrame(look);
  };
  window.frames_seen = [];
  window.places_seen = new Set();
  look();
}"""


def line_path(page):
    return page.locator(".flowlib-figure").first.locator(".mark-line path").get_attribute("d")


def heights(path):
    """The y of each point of an SVG path of straight lines."""
    return [float(point.split(",")[1]) for point in path.removeprefix("M").split("L")]


def test_pictures_stand_in_jupyterlab_without_a_network(shown, opened):
    """Oracle: the marks in the SVG, one a point; and the log of every address asked for."""
    _, outside = opened
    figures = shown.locator(".flowlib-figure")
    assert figures.first.locator(".mark-symbol path").count() == 7
    assert figures.nth(1).locator(".mark-rect path").count() == 3
    assert cell_errors(shown) == []
    assert outside == []


def test_each_picture_is_named_by_its_description(shown):
    """Oracle: Chromium's own accessibility tree, where a picture is one image and its marks are not read out."""
    assert shown.get_by_role("img", name="People waiting with 1 nurse").count() == 1
    assert shown.get_by_role("img", name="The ward takes longest").count() == 1
    assert shown.get_by_role("img", name="People waiting with 1 nurse").get_by_role("graphics-symbol").count() == 0


def test_the_slider_moves_the_picture_in_place(shown):
    """Twice the nurses, half the queue, so y falls to half its height above the axis; the SVG is the one that stood."""
    before = heights(line_path(shown))
    shown.evaluate("() => { window.standing = document.querySelector('.flowlib-figure svg'); }")
    slider = shown.get_by_role("slider", name="Triage nurses")
    assert slider.get_attribute("aria-valuetext") == "1 nurse"
    slider.focus()
    slider.press("ArrowRight")
    shown.get_by_role("img", name="People waiting with 2 nurses").wait_for()
    after = heights(line_path(shown))
    ground = 300  # the theme's height: where no people wait
    assert [ground - y for y in after] == pytest.approx([(ground - y) / 2 for y in before], abs=0.01)
    assert shown.evaluate("() => window.standing.isConnected")
    assert slider.get_attribute("aria-valuetext") == "2 nurses"
    assert shown.get_by_text("2 nurses leave 45 people waiting").is_visible()
    assert shown.get_by_role("status").get_by_text("2 nurses: at most 45 wait.").count() == 1


def test_no_frame_is_blank_and_the_page_stays_where_it_is(shown):
    """Every frame while the slider runs through its range: the line moves, and the bars become points meanwhile."""
    slider = shown.get_by_role("slider", name="Triage nurses")
    slider.focus()
    shown.evaluate(WATCH)
    for _ in range(7):
        slider.press("ArrowRight")
    shown.get_by_role("img", name="People waiting with 8 nurses").wait_for()
    shown.get_by_role("img", name="As points").wait_for()
    shown.locator(".flowlib-figure").nth(1).locator(".mark-symbol path").first.wait_for()
    frames, places = shown.evaluate("() => [window.frames_seen, [...window.places_seen]]")
    assert len(frames) > 5
    assert all(frames)
    assert len(places) == 1


def test_a_prediction_is_a_named_group_of_answers(shown):
    group = shown.get_by_role("group", name="What does a second nurse do?")
    assert group.get_by_role("radio").count() == 2
    assert group.get_by_role("radio", checked=True).count() == 0
    group.get_by_text("Halves the queue").click()
    shown.get_by_role("status").get_by_text("You chose: Halves the queue").wait_for()


def test_arrow_keys_choose_an_answer_and_leave_the_notebook_alone(shown):
    """JupyterLab would take the arrow key and jump to the next cell."""
    shown.get_by_role("radio", name="Halves the queue").focus()
    shown.keyboard.press("Space")
    shown.keyboard.press("ArrowDown")
    shown.get_by_role("status").get_by_text("You chose: Leaves it as it is").wait_for()


def test_a_refusal_is_read_out_below_the_button(shown):
    shown.get_by_role("button", name="Run the year").click()
    shown.get_by_role("alert").get_by_text("Choose a file first.").wait_for()
    assert shown.get_by_role("button", name="Run the year").get_attribute("aria-disabled") == "false"


def test_the_numbers_open_as_a_table(shown):
    figure = shown.locator(".flowlib-figure").first
    figure.get_by_text("The numbers as a table").click()
    table = figure.get_by_role("table", name="The numbers in this picture")
    assert table.get_by_role("columnheader").all_inner_texts() == ["day", "waiting"]
    assert table.get_by_role("cell").all_inner_texts()[:2] == ["3 June 2024", "30"]


def test_a_table_is_named_and_its_cells_are_text(shown):
    table = shown.get_by_role("table", name="People at each step")
    assert table.get_by_role("cell").all_inner_texts() == ["<b>Ward</b>", "1,234"]


def test_a_large_file_arrives_whole(shown, tmp_path):
    """15 MB in four messages, where one would have been dropped: a notebook server takes 10 MiB at once."""
    file = tmp_path / "waits.csv"
    file.write_bytes(b"12:30,14:05,7\n" * 1_100_000 + b"END\n")
    shown.get_by_label("Your extract").set_input_files(file)
    shown.get_by_text("waits.csv: 15,400,004 bytes, ending in b'END\\n'.").wait_for(timeout=60_000)
    assert shown.locator(".flowlib-upload").get_by_role("progressbar").count() == 0


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("waits.pdf", b"x", "“waits.pdf” cannot be read here. Choose a file that ends in .csv."),
        ("waits.csv", b"", "“waits.csv” is empty. Choose another file."),
    ],
)
def test_a_file_that_can_not_be_used_is_answered_with_a_sentence(shown, tmp_path, name, data, sentence):
    (tmp_path / name).write_bytes(data)
    shown.get_by_label("Your extract").set_input_files(tmp_path / name)
    shown.get_by_role("alert").get_by_text(sentence).wait_for()


def test_a_file_over_2_gb_is_refused_before_anything_is_sent(shown, tmp_path):
    file = tmp_path / "waits.csv"
    with file.open("wb") as sparse:
        sparse.truncate(2_100_000_000)
    shown.get_by_label("Your extract").set_input_files(file)
    shown.get_by_role("alert").get_by_text("“waits.csv” is 2.1 GB, and the most that can be sent is 2 GB.").wait_for()


def test_the_picture_comes_back_when_the_page_is_opened_again(shown, lab):
    """The kernel goes on; the library and the pictures travel to the new page by themselves."""
    shown.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    wait_until_idle(shown)
    open_notebook(shown, lab, "scratch.ipynb")
    shown.locator(".flowlib-figure svg .role-mark path").first.wait_for()


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The same notebook, run without a browser and exported to one file."""
    from nbclient import NotebookClient  # noqa: PLC0415 - for this fixture only

    folder = tmp_path_factory.mktemp("exported")
    written(folder / "made", SETUP, SHOWN, SECOND, FILES, TABLE)
    node = nbformat.read(folder / "made" / "scratch.ipynb", as_version=4)
    NotebookClient(node).execute()
    page = folder / "page.html"
    page.write_text(export_html(node, title="How many nurses?"), encoding="utf-8")
    return page


def test_an_exported_page_shows_the_pictures_and_asks_for_nothing(exported, chromium_page, outside_requests):
    chromium_page.goto(exported.as_uri())
    picture = chromium_page.get_by_role("img", name="People waiting with 1 nurse")
    assert picture.locator(".mark-symbol path").count() == 7
    assert picture.locator("svg").bounding_box()["height"] > 200
    assert chromium_page.get_by_role("heading", level=1).all_inner_texts() == ["How many nurses?"]
    assert chromium_page.get_by_text("Triage nurses: 1 nurse").is_visible()
    assert "import altair" not in chromium_page.inner_text("body")
    assert outside_requests == []


def test_an_exported_page_can_not_be_made_to_ask(exported, chromium_page, outside_requests):
    """Oracle: the browser, given the page with a picture and a script slipped in: with its policy, and without."""
    slipped = exported.with_name("slipped.html")
    bait = '<img src="https://example.org/a.png"><script src="https://example.org/a.js"></script></main>'
    page = exported.read_text(encoding="utf-8").replace("</main>", bait)
    slipped.write_text(page, encoding="utf-8")
    chromium_page.goto(slipped.as_uri())
    chromium_page.wait_for_load_state("networkidle")
    assert outside_requests == []
    slipped.write_text(page.replace("Content-Security-Policy", "nothing"), encoding="utf-8")
    chromium_page.goto(slipped.as_uri())
    chromium_page.wait_for_load_state("networkidle")
    assert len(outside_requests) == 2


def test_a_page_prints_to_a_tagged_pdf(exported):
    """Oracle: what ISO 32000 calls a tagged document: marked, with a structure tree, a language and an outline."""
    pdf = to_pdf(exported, exported.with_suffix(".pdf")).read_bytes()
    assert pdf.startswith(b"%PDF-")
    for part in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang (en-GB)", b"/Outlines"):
        assert part in pdf
    width, height = (float(side) for side in re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())
    assert (width, height) == pytest.approx((595.3, 841.9), abs=1)  # A4 in points
