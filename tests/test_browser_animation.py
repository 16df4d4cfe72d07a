"""What a person sees, hears and does with a film: a saved page and JupyterLab in real Chromium, no network."""

import contextlib
import itertools
import json

import numpy as np
import pytest
from browser import cell_errors, lab_server, offline_context, open_notebook, run_everything, write_notebook

from flowlib import EventLog
from flowlib.show.animation import film

pytestmark = pytest.mark.browser

MODEL = """
from flowlib import Arrivals, Exponential, Pathway, Route, Slots, Step, hours, simulate

place = Pathway(
    name="Small",
    steps=[
        Step("Desk", capacity=2, time=Exponential(hours(0.5))),
        Step("Ward", capacity=20, time=Exponential(hours(30)), queue_limit=4),
        Step("Home care", capacity=Slots([("Mon 10:00", 4), ("Thu 10:00", 4)]), time=Exponential(0.01), queue_limit=0),
    ],
    arrivals=[Arrivals("Desk", group="all", per_hour=1.0)],
    routes=[Route("Desk", "Ward", 0.6), Route("Ward", "Home care", 0.6)],
)
log = simulate(place, days=21, seed=1)
"""
SHOWN = """
from flowlib.show.animation import film
moving = film(log, places=place)
moving
"""
GO = "moving.show(100)"
CONTROLS = ["Play", "1 hour back", "1 hour on", "Change before", "Next change", "Back to the start"]


TABLE = """() => [...document.querySelectorAll(".flowlib-film tbody tr")].map(
  (row) => [...row.cells].map((cell) => cell.textContent))"""

# What stands in the boxes and in the table, frame by frame for some two seconds.
PLAYED = """async () => {
  const drawn = [], frames = [];
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {
    drawn.push(words);
    return draw.call(this, words, ...rest);
  };
  for (let frame = 0; frame < 120; frame++) {
    await new Promise(requestAnimationFrame);
    const boxes = drawn.splice(0).filter((words) => /^(nobody|[0-9]+) waits?$/.test(words));
    const rows = [...document.querySelectorAll(".flowlib-film tbody tr")];
    const table = rows.map(({ cells }) => Number(cells[1].textContent) + Number(cells[2].textContent));
    if (boxes.length) frames.push([boxes, table]);
  }
  return frames;
}"""


@pytest.fixture(scope="module")
def log():
    made = {}
    exec(MODEL, made)  # noqa: S102 - our own lines, the same as in the notebook below
    return made["log"]


@pytest.fixture(scope="module")
def made(log):
    return film(log, places={"Desk": 2, "Ward": 20})


@pytest.fixture
def opened(chromium, made, tmp_path):
    """A way to open a saved film; at the end nothing went wrong, and nothing outside was asked for."""
    asked, wrong = [], []
    with contextlib.ExitStack() as stack:

        def open_film(which=made, **options):
            context, outside = stack.enter_context(offline_context(chromium, **options))
            asked.append(outside)
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
            page.goto(which.save(tmp_path / "film.html").as_uri())
            page.locator(".moment").get_by_text(":").wait_for()
            return page

        yield open_film
        assert wrong == []
        assert list(itertools.chain(*asked)) == []


def go_to(page, hour):
    page.get_by_role("slider", name="Time in the film").fill(str(hour * 3600))


def moment(page):
    return page.locator(".moment").inner_text()


def until_it_says(page, words):
    page.wait_for_function("(words) => document.querySelector('.moment').textContent === words", arg=words)


def test_the_page_says_and_counts_what_python_does(opened, made):
    """Two tellings of the same spells: the page's own script, and `Animation.sentence` and `counts`."""
    page = opened()
    for hour in (0, 30, 100, 250, 503):
        go_to(page, hour)
        until_it_says(page, made.sentence(hour))
        seen = made._made.at(hour * 3600)
        shown = [[row[0], *map(int, row[1:5])] for row in page.evaluate(TABLE)]
        ahead = [seen.waits_for(step) - seen.waiting[step] for step in range(3)]
        counted = made.counts(hour)
        counted.insert(2, "ahead", ahead)
        assert shown == counted.to_numpy().tolist()
    assert max(made._made.at(250 * 3600).held) > 0


def test_while_it_plays_the_boxes_say_what_the_words_and_the_table_say(opened):
    """Oracle: what the canvas was asked to write, frame by frame, beside the table at the same frame."""
    page = opened()
    page.get_by_label("Speed").select_option("24")
    page.get_by_role("button", name="Play").click()
    frames = page.evaluate(PLAYED)
    for boxes, table in frames:
        assert [int(words.split()[0]) for words in boxes if not words.startswith("nobody")] == [*filter(None, table)]
    assert len({tuple(table) for _, table in frames}) > 2


def test_a_page_of_real_people_says_and_counts_what_python_does(opened, log):
    made = film(EventLog(log.frame, observed=log.observed, synthetic=False, name="Real"))
    page = opened(made)
    for hour in (0, 30, 250):
        go_to(page, hour)
        until_it_says(page, made.sentence(hour))
        shown = [[cell.replace("1 to 7", "*") for cell in row] for row in page.evaluate(TABLE)]
        assert shown == made.counts(hour).astype(str).to_numpy().tolist()
    assert not page.get_by_role("button", name="Next change").is_visible()
    assert page.get_by_text("A dot is about 5 people.").count() == 1


def test_dots_stand_where_people_are(opened, made):
    """Oracle: the colours of the picture at the middle of places that are in service, held and free."""
    page = opened()
    spells, card, colours = made._made.spells, made._layout.cards[1], set()
    held = next(hour for hour in range(500) if made._made.at(hour * 3600).held[1])
    for hour in (12, held):
        go_to(page, hour)
        until_it_says(page, made.sentence(hour))
        page.wait_for_timeout(1500)  # until all have glided to their places
        now = spells.keep(made._made.now(hour * 3600))
        here = {place: state for step, place, state in zip(now.step, now.place, now.state, strict=True) if step == 1}
        for place in range(20):
            x, y = card.places.spot(place, made._layout.pitch)
            expected = {1: [0, 94, 184], 2: [237, 139, 0], None: [255, 255, 255]}[here.get(place)]
            assert page.evaluate(COLOUR, [x, y, json.loads(made.film)["width"]]) == expected
            colours.add(tuple(expected))
    assert len(colours) == 3


COLOUR = """([x, y, width]) => {
  const canvas = document.querySelector("canvas");
  const scale = canvas.width / width;
  return [...canvas.getContext("2d").getImageData(Math.round(x * scale), Math.round(y * scale), 1, 1).data].slice(0, 3);
}"""


def test_every_control_has_a_name_and_the_keyboard_reaches_it(opened):
    page = opened()
    page.get_by_role("slider", name="Time in the film").focus()
    reached = []
    for _ in range(len(CONTROLS)):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.textContent"))
    assert reached == CONTROLS
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.labels[0].firstChild.textContent.trim()") == "Speed"
    assert page.get_by_role("img", name=moment(page)).count() == 1
    assert page.get_by_role("table", name="People at this moment").count() == 1


def test_keys_step_by_the_hour_and_by_the_change(opened, made):
    """Oracle: the spells; the next change is the first moment at which one begins or ends."""
    page = opened()
    go_to(page, 100)
    page.get_by_role("slider", name="Time in the film").press("ArrowRight")
    until_it_says(page, made.sentence(101))
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == made.sentence(101).split(": ")[0]
    page.get_by_role("button", name="1 hour back").press("Enter")
    until_it_says(page, made.sentence(100))
    page.get_by_role("button", name="1 hour on").press("Space")
    until_it_says(page, made.sentence(101))
    times = np.unique([made._made.spells.since, made._made.spells.until])
    page.get_by_role("button", name="Next change").press("Enter")
    after = times[times > 101 * 3600][0]
    until_it_says(page, made.sentence(float(after) / 3600))
    page.get_by_role("button", name="Change before").press("Enter")
    before = times[times < after][-1]
    until_it_says(page, made.sentence(float(before) / 3600))
    page.get_by_role("button", name="Back to the start").press("Enter")
    until_it_says(page, made.sentence(0))


def test_it_plays_pauses_and_stops_at_the_end(opened, made):
    page = opened()
    before = moment(page)
    page.wait_for_timeout(300)
    assert moment(page) == before  # nothing plays by itself
    play = page.get_by_role("button", name="Play")
    play.press("Space")
    page.wait_for_function("(before) => document.querySelector('.moment').textContent !== before", arg=before)
    page.get_by_role("button", name="Pause").press("Space")
    play.wait_for()
    page.wait_for_timeout(300)
    rests = moment(page)
    page.wait_for_timeout(300)
    assert moment(page) == rests
    page.get_by_label("Speed").select_option("168")
    go_to(page, 480)
    play.click()
    until_it_says(page, made.sentence(504))
    play.wait_for()


def test_a_screen_reader_is_told_a_moment_once_it_rests(opened):
    """While the film plays for 2 seconds at most one thing is said; after a pause, the moment."""
    page = opened()
    page.evaluate(
        """() => {
          window.said = [];
          const told = document.querySelector("[aria-live=polite]");
          new MutationObserver(() => window.said.push(told.textContent)).observe(told, { childList: true });
        }"""
    )
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(2000)
    assert page.evaluate("() => window.said.length") <= 1
    page.get_by_role("button", name="Pause").click()
    page.wait_for_function(
        "() => window.said.length && window.said.at(-1) === document.querySelector('.moment').textContent"
    )
    assert page.get_by_role("status").inner_text() == moment(page)


def test_where_less_motion_is_asked_for_nothing_moves_by_itself(opened, made):
    page = opened(reduced_motion="reduce")
    assert not page.get_by_role("button", name="Play").is_visible()
    assert not page.get_by_label("Speed").is_visible()
    assert page.get_by_text("Your computer asks for less motion").is_visible()
    page.get_by_role("button", name="1 hour on").click()
    until_it_says(page, made.sentence(1))
    picture = "() => document.querySelector('canvas').toDataURL()"
    go_to(page, 200)
    until_it_says(page, made.sentence(200))
    first = page.evaluate(picture)
    page.wait_for_timeout(500)
    assert page.evaluate(picture) == first  # dots jump; none is on its way


def test_the_picture_is_sharp_on_a_fine_screen(opened):
    """Two dots of the screen to each pixel of the page, and so of the picture."""
    page = opened(device_scale_factor=2)
    width, drawn = page.evaluate("() => [canvas().clientWidth, canvas().width]".replace("canvas()", CANVAS))
    assert drawn == pytest.approx(2 * width, abs=2)


CANVAS = "document.querySelector('canvas')"


def test_a_narrow_page_scrolls_the_picture_by_keyboard(opened):
    page = opened(viewport={"width": 400, "height": 800})
    region = page.get_by_role("group", name="The picture, wider than the page")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.sheet').scrollLeft > 0")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_page_shows_one_still_moment(made, chromium, tmp_path):
    with offline_context(chromium, java_script_enabled=False) as (context, _):
        page = context.new_page()
        page.goto(made.save(tmp_path / "still.html").as_uri())
        assert page.get_by_role("img", name=made.sentence()).count() == 1


@pytest.mark.long
def test_a_film_plays_in_jupyterlab_and_goes_where_python_sends_it(chromium, made, tmp_path):
    """Real JupyterLab: no error, no outside address, and the arrow keys stay with the film."""
    folder = tmp_path / "made"
    write_notebook(folder / "film.ipynb", MODEL, SHOWN, GO)
    with lab_server(folder, tmp_path) as lab, offline_context(chromium) as (context, outside):
        page = context.new_page()
        open_notebook(page, lab, "film.ipynb")
        assert run_everything(page)
        until_it_says(page, made.sentence(100))
        page.get_by_role("slider", name="Time in the film").press("ArrowRight")
        until_it_says(page, made.sentence(101))
        before = moment(page)
        page.get_by_role("button", name="Play").press("Space")
        page.wait_for_function("(before) => document.querySelector('.moment').textContent !== before", arg=before)
        assert cell_errors(page) == []
        assert outside == []
