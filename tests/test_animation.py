"""Who is where in a film, what it says, what it hides, and what stands on paper; the page is in another file."""

import datetime as dt
import html
import itertools
import json
import re
import zlib

import numpy as np
import pandas as pd
import pathways
import pytest

from flowlib import (
    Arrivals,
    Constant,
    EventLog,
    Exponential,
    Pathway,
    Refusal,
    Rota,
    Route,
    Slots,
    Step,
    hours,
    simulate,
)
from flowlib.core.privacy import rounded
from flowlib.mapping import film as film_module
from flowlib.mapping.film import FEW, filmed
from flowlib.mapping.film_spells import HELD, IN_SERVICE, WAITING
from flowlib.mapping.film_words import caption, clock
from flowlib.show.animation import film
from flowlib.show.animation_layout import laid_out

MONDAY = pd.Timestamp("2026-01-05", tz="UTC")
COLUMNS = ["person", "step", "arrived", "started", "finished", "left", "outcome", "next_step"]


def log_of(*rows, days=1, starts=MONDAY, synthetic=True):
    """A log from rows whose times are hours since its beginning; None where there is none."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for column in ("arrived", "started", "finished", "left"):
        frame[column] = starts + pd.to_timedelta(pd.to_numeric(frame[column]), unit="h")
    frame.insert(2, "group", "")
    observed = (starts, starts + pd.Timedelta(days=days))
    return EventLog(frame, observed=observed, synthetic=synthetic, name="Small")


def at(made, hour):
    """Waiting, in service and held by step, hours after the beginning."""
    seen = made.at(round(hour * 3600))
    return list(zip(seen.waiting, seen.in_service, seen.held, strict=True))


# One person arrives at 1, is seen from 2 to 3, and keeps the bed until 5, when home care begins.
STORY = log_of(
    ("a", "Ward", 1, 2, 3, 5, "completed", "Home care"),
    ("a", "Home care", 5, 5, 6, 6, "completed", ""),
    ("b", "Ward", 4, None, None, None, "still_here", ""),
)


@pytest.fixture(scope="module")
def place():
    """A small place: a desk, a ward with plans made in its beds, and home care with few starts."""
    return Pathway(
        name="Small",
        steps=[
            Step("Desk", capacity=Rota([1] * 8 + [2] * 16), time=Exponential(hours(0.5))),
            Step("Ward", capacity=12, time=Exponential(hours(20)), queue_limit=4),
            Step("Plan", capacity=1, time=Exponential(hours(2)), within="Ward"),
            Step("Home care", capacity=Slots([("Mon 10:00", 3), ("Thu 10:00", 3)]), time=Constant(0), queue_limit=0),
        ],
        arrivals=[Arrivals("Desk", group="all", per_hour=1.0)],
        routes=[Route("Desk", "Ward", 0.6), Route("Ward", "Plan", 0.5), Route("Plan", "Home care", 0.6)],
        starts=dt.datetime(2026, 1, 5),  # noqa: DTZ001 - clock zero of a pathway has no zone
    )


@pytest.fixture(scope="module")
def log(place):
    return simulate(place, days=14, seed=1, runs=2)


# Who is where


def test_a_person_waits_is_served_and_is_held():
    """By hand, from the story above."""
    made = filmed(STORY, steps=["Ward", "Home care"])
    assert at(made, 0.5) == [(0, 0, 0), (0, 0, 0)]
    assert at(made, 1) == [(1, 0, 0), (0, 0, 0)]
    assert at(made, 2.5) == [(0, 1, 0), (0, 0, 0)]
    assert at(made, 4.5) == [(1, 0, 1), (0, 0, 0)]
    assert at(made, 5.5) == [(1, 0, 0), (0, 1, 0)]


def test_a_held_person_waits_for_the_next_step_in_a_place_before_it():
    made = filmed(STORY, steps=["Ward", "Home care"])
    seen = made.at(4 * 3600)
    assert dict(seen.held_for) == {(0, 1): 1}
    assert seen.waits_for(1) == 1
    assert caption(made, 4 * 3600) == (
        "Monday 5 January, 04:00: 1 waits for Ward and 1 for Home care. "
        "1 place in Ward is held by a person who is ready to go on."
    )


def test_people_still_there_stay_to_the_end_of_the_film():
    made = filmed(STORY)
    assert at(made, 24)[made.steps.index("Ward")] == (1, 0, 0)
    assert made.notes == ("People who are still there on the last day stay to the end of the film.",)


def test_the_film_counts_as_the_census_does(log):
    """Oracle: `EventLog.census`, at each hour; a plan made in a ward bed is a place in the ward."""
    one = log.only(run=1)
    census = one.census("1h").set_index(["step", "at"])
    made = filmed(log, run=1)
    assert made.steps == ("Desk", "Ward", "Home care")
    for hour, (number, step) in itertools.product(range(0, 14 * 24, 5), enumerate(made.steps)):
        row = census.loc[(step, one.observed[0] + pd.Timedelta(hours=hour))]
        waiting, served, held = at(made, hour)[number]
        assert (waiting, waiting + served + held) == (row["waiting"], row["there"])


@pytest.mark.parametrize("seed", [1, 3, 6])
def test_the_film_of_any_pathway_counts_as_the_census_does(seed):
    """Oracle: `EventLog.census`, on random pathways with steps within steps, loops, limits, slots and hours."""
    features = frozenset({"within", "loops", "limits", "slots", "patience", "divert", "hours", "unlimited"})
    pathway = pathways.made(features, 6, 100.5, seed).course[0].pathway
    log = simulate(pathway, days=4, seed=seed)
    made = film(log, places=pathway)._made
    census = log.census("1h").set_index(["step", "at"])
    for hour, (number, step) in itertools.product(range(0, 96, 5), enumerate(made.steps)):
        row = census.loc[(step, log.observed[0] + pd.Timedelta(hours=hour))]
        waiting, served, held = at(made, hour)[number]
        assert (waiting, waiting + served + held) == (row["waiting"], row["there"])
    assert len(log) > 0


def test_each_of_several_runs_can_be_chosen(log):
    assert filmed(log, run=0).spells.since.tolist() != filmed(log, run=1).spells.since.tolist()
    assert log.only(run=1).people >= filmed(log, run=1).spells.who.max() + 1


def test_nobody_shares_a_place_and_no_place_is_beyond_those_there_are(log, place):
    made = film(log, places=place)._made
    for hour in range(0, 14 * 24, 3):
        now = made.spells.keep(made.now(hour * 3600))
        taken = [pair for pair in zip(now.step.tolist(), now.place.tolist(), strict=True) if pair[1] >= 0]
        assert len(taken) == len(set(taken))
        assert all(spot < 12 for step, spot in taken if made.steps[step] == "Ward")


def test_a_person_is_in_one_place_at_a_time(log, place):
    """Each person's spells follow one another: the next begins when the last has ended, or later."""
    spells = film(log, places=place)._made.spells
    order = np.lexsort((spells.since, spells.who))
    same = spells.who[order][1:] == spells.who[order][:-1]
    assert (spells.since[order][1:] >= spells.until[order][:-1])[same].all()


def test_a_step_within_another_says_what_its_people_wait_for():
    """By hand: a plan from 2 to 4 in a bed of the ward, and then no home care until 7."""
    rows = (
        ("a", "Ward", 0, 1, 2, 7, "completed", "Plan"),
        ("a", "Plan", 2, 3, 4, 7, "completed", "Home care"),
        ("a", "Home care", 7, 7, 8, 8, "completed", ""),
    )
    made = filmed(log_of(*rows), within={"Plan": "Ward"})
    assert made.steps == ("Ward", "Home care")
    wants = {hour: [made.names[pair[1]] for pair in made.at(hour * 3600).held_for] for hour in (1, 2, 3, 4, 6, 7)}
    assert wants == {1: [], 2: ["Plan"], 3: ["Plan"], 4: ["Home care"], 6: ["Home care"], 7: []}


def test_a_step_within_a_step_within_a_third_is_shown_in_the_third():
    """By hand: a scan from 3 to 4 during a plan from 2 to 5, in a bed of the ward."""
    rows = (
        ("a", "Ward", 0, 1, 2, 5, "completed", "Plan"),
        ("a", "Plan", 2, 2, 3, 5, "completed", "Scan"),
        ("a", "Scan", 3, 3, 4, 5, "completed", ""),
    )
    made = filmed(log_of(*rows), within={"Plan": "Ward", "Scan": "Plan", "Tea": "Ward", "Ward": "Garden"})
    assert made.steps == ("Ward",)
    assert [at(made, hour) for hour in (1, 3, 4.5, 5)] == [[(0, 1, 0)], [(0, 0, 1)], [(0, 0, 1)], [(0, 0, 0)]]


def test_times_that_are_missing_are_treated_as_the_census_does():
    """A start not told is no wait that anybody can tell; who gives up waits to the end; no end is the last time."""
    rows = (
        ("a", "Desk", 1, None, 3, None, "not_recorded", ""),
        ("b", "Desk", 1, None, None, 2, "gave_up", ""),
        ("c", "Desk", 1, None, None, None, "not_recorded", ""),
        ("d", "Desk", 1, None, None, 1, "turned_away", ""),
        ("e", "Desk", None, 2, 4, 4, "completed", ""),
    )
    made = filmed(log_of(*rows))
    assert [at(made, hour)[0] for hour in (1, 2, 3)] == [(1, 1, 0), (0, 2, 0), (0, 1, 0)]
    assert made.notes == (
        "Visits that were turned away are not drawn: 1.",
        "Visits that took no time or have one time only are not drawn: 1.",
    )


def test_without_starts_nobody_is_shown_as_waiting():
    """The log of a system that writes down one time an event: its start column is not there."""
    frame = pd.DataFrame({"id": ["a", "a"], "step": ["Desk", "Ward"], "when": ["5/1/2026 09:00", "5/1/2026 12:00"]})
    read = EventLog.from_frame(frame, person="id", step="step", left="when", synthetic=True)
    made = filmed(read)
    assert made.notes[0] == "The log does not say when service began, so nobody is shown as waiting."


def test_the_clock_on_the_wall_goes_back_in_october():
    """In London 2am comes twice on 26 October 2025, so that the third hour after midnight reads 02:00."""
    begins = pd.Timestamp("2025-10-26", tz="Europe/London")
    made = filmed(log_of(("a", "Desk", 0, 1, 5, 5, "completed", ""), starts=begins))
    assert made.shifts == ((2 * 3600, -3600),)
    assert [clock(made, hour * 3600)[-5:] for hour in (1, 2, 3)] == ["01:00", "01:00", "02:00"]


def test_a_film_begins_where_it_is_asked_to():
    made = filmed(STORY, start="5/1/2026 04:00", days=0.25)
    assert (made.begins.hour, made.length) == (4, 6 * 3600)
    assert at(made, 0) == at(filmed(STORY), 4)
    assert at(filmed(STORY, start=4 / 24), 0) == at(made, 0)


def test_a_long_film_is_cut_to_what_a_page_holds(log, monkeypatch):
    """200 spells in place of 100,000: whole days, at most so many spells, and a note that says so."""
    monkeypatch.setattr(film_module, "MOST_SPELLS", 200)
    made = filmed(log)
    assert made.length % 86_400 == 0
    assert 0 < made.length < 14 * 86_400
    assert len(made.spells) <= 200
    assert made.notes[0] == f"The film ends after {made.length // 86_400} days: a page holds no more."


REFUSED = [
    ({"steps": ["Wrd"]}, 'No step called "Wrd"; there are "Desk", "Ward", "Plan", "Home care". Did you mean "Ward"?'),
    ({"steps": "Ward"}, 'Name the steps to show in a list, such as ["Ward"].'),
    ({"steps": ["Ward", "Ward"]}, "A step is named twice. Name each step once."),
    (
        {"steps": ["Ward", "Plan"]},
        '"Plan" is done in a place at "Ward", which shows it already. Leave out one of the two.',
    ),
    ({"run": 7}, 'No run called "7"; there are "0", "1".'),
    ({"start": 99}, "The log runs from 5 January 2026 to 19 January 2026. Name a start in between."),
    ({"start": 1e300}, "The log runs from 5 January 2026 to 19 January 2026. Name a start in between."),
    ({"start": "1/1/2020"}, "The log runs from 5 January 2026 to 19 January 2026. Name a start in between."),
    ({"run": "b"}, 'No run called "b"; there are "0", "1".'),
    ({"days": 0}, "days must be above 0; 0 came."),
    ({"speed": -1}, "speed must be above 0 hours a second; -1 came."),
    ({"speed": 10_000}, "speed must be 8,760 hours a second or less; 10,000 came."),
    ({"places": {"Bed": 3}}, 'No step called "Bed"; there are "Desk", "Ward", "Plan", "Home care".'),
    ({"places": {"Ward": -1}}, 'Places at "Ward" must be a whole number, 0 or more; -1 came.'),
]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_what_can_not_be_shown_is_refused_in_a_sentence(log, asked, sentence):
    with pytest.raises(Refusal) as refused:
        film(log, **asked)
    assert str(refused.value) == sentence


def test_a_film_too_large_for_a_page_is_refused(log, monkeypatch):
    monkeypatch.setattr(film_module, "MOST_SPELLS", 200)
    fits = filmed(log).length // 86_400
    with pytest.raises(Refusal) as refused:
        film(log, days=14)
    assert str(refused.value) == (
        f"This film would be too much for a page. Ask for {fits} days or fewer, or for fewer steps."
    )


def test_a_log_of_one_run_or_of_nobody_is_refused_in_a_sentence():
    with pytest.raises(Refusal) as refused:
        film(STORY, run=1)
    assert str(refused.value) == "This log has one run. Leave run out; 1 came."
    with pytest.raises(Refusal) as refused:
        film(log_of())
    assert str(refused.value) == "This log has no visits, so there is nothing to show."


def test_a_moment_outside_the_film_is_refused():
    made = film(STORY)
    with pytest.raises(Refusal) as refused:
        made.show("7/1/2026")
    assert str(refused.value) == "The film runs from 5 January 2026 to 6 January 2026. Name a moment in between."


# Words

HELD_BY_ONE = "1 place in Ward is held by a person who is ready to go on."


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Monday 5 January, 00:00: nobody waits."),
        (1, "Monday 5 January, 01:00: 1 waits for Ward."),
        (
            3,
            f"Monday 5 January, 03:00: 1 waits for Home care. {HELD_BY_ONE}",
        ),
    ],
)
def test_a_moment_is_said_in_short_sentences(hour, words):
    assert film(STORY).sentence(hour) == words


def test_the_two_steps_with_most_waiting_are_named():
    rows = [
        (f"{step}{number}", step, 0, None, None, None, "still_here", "")
        for step, many in zip("abc", (2, 9, 4), strict=True)
        for number in range(many)
    ]
    assert film(log_of(*rows)).sentence(1) == "Monday 5 January, 01:00: 9 wait for b and 4 for c."


# Real people


@pytest.fixture(scope="module")
def real(log):
    """The simulated people of one run, as if they were real; and a step that hardly anybody came to."""
    frame = log.only(run=0).frame.copy()
    rare = frame.head(3).assign(step="Rare step")
    return EventLog(pd.concat([frame, rare], ignore_index=True), observed=log.observed, synthetic=False, name="Real")


def test_real_people_are_counts_by_the_hour_and_nobody_is_followed(real):
    """Oracle: `EventLog.census`, hidden and rounded by `privacy.rounded`."""
    made = filmed(real)
    assert (len(made.spells), made.crowd) == (0, True)
    census = real.census("1h").set_index(["step", "at"])["waiting"]
    for hour, (number, step) in itertools.product(range(14 * 24), enumerate(made.steps)):
        people = int(census.loc[(step, real.observed[0] + pd.Timedelta(hours=hour))])
        shown = made.at(hour * 3600).waiting[number]
        assert ("*" if shown == FEW else f"{shown:,}") == rounded(people)
    assert made.at(3600).waiting == made.at(3600 + 3599).waiting


def test_what_is_sent_and_saved_of_real_people_holds_no_exact_number_and_no_rare_step(real, tmp_path):
    """Oracle: the numbers that travel are hidden (-1) or whole fives; no person and no rare step is in the page."""
    made = film(real)
    numbers = np.frombuffer(zlib.decompress(made.data), dtype="<i4")
    assert set(np.unique(numbers[numbers != FEW] % 5)) == {0}
    saved = made.save(tmp_path / "real.html").read_text(encoding="utf-8")
    assert "Rare step" not in saved
    assert not [person for person in real.frame["person"].unique() if f'"{person}"' in saved]
    assert "*" in set(made.counts(30)["in_service"].astype(str)) | set(made.counts(30)["waiting"].astype(str))
    assert made._made.notes[:3] == (
        "These are real people: each dot is about 5 of them, once an hour, and nobody is followed.",
        "Numbers from 1 to 7 are hidden, and others are to the nearest 5.",
        "Some steps are not shown.",
    )


def test_a_rare_step_of_real_people_is_refused(real):
    with pytest.raises(Refusal) as refused:
        film(real, steps=["Rare step"])
    assert str(refused.value) == 'Fewer than 8 real people came to "Rare step", so it is not shown. Leave it out.'
    with pytest.raises(Refusal) as refused:
        film(
            log_of(
                *STORY.frame[COLUMNS].head(0).to_numpy().tolist(),
                ("a", "Desk", 1, 2, 3, 3, "completed", ""),
                synthetic=False,
            )
        )
    assert str(refused.value) == "No step of this log had 8 people or more, so nothing of it is shown."


# The picture


def test_cards_stand_clear_of_each_other_and_hold_their_dots(log, place):
    layout = film(log, places=place)._layout
    for one, other in itertools.combinations(layout.cards, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    for card in layout.cards:
        for region in (card.queue, card.places):
            if region is None:
                continue
            x, y = region.spot(region.most - 1, layout.pitch)
            assert card.x < x + layout.pitch / 2 <= card.x + card.width
            assert card.y < y + layout.pitch / 2 <= card.y + card.height


def test_steps_stand_from_left_to_right_as_people_go(log, place):
    made = film(log, places=place)
    assert [card.x for card in made._layout.cards] == sorted(card.x for card in made._layout.cards)
    assert {(link["from"], link["to"]) for link in made._layout.links} == {(0, 1), (1, 2)}


def test_what_travels_to_the_page_is_who_is_where(log, place):
    """Oracle: the same columns, read back as the page reads them: 32-bit whole numbers, lowest byte first."""
    made = film(log, places=place)
    told = json.loads(made.film)
    columns = np.frombuffer(zlib.decompress(made.data), dtype="<i4").reshape(7, told["spells"])
    assert [column.tolist() for column in columns] == [column.tolist() for column in made._made.spells.columns]
    assert len(made.data) < 12 * told["spells"]
    assert told["cards"][0]["capacity"] == [1] * 8 + [2] * 16
    assert told["cards"][2]["label"] == "6 starts a week"


def test_a_still_moment_shows_everybody_once_and_says_its_sentence(log, place):
    """Oracle: the counts; a dot is a point of no length, a held person or a ghost is a square."""
    made = film(log, places=place)
    hour = 60
    seen = made._made.at(hour * 3600)
    still = made.still(hour)
    assert f'role="img" aria-label="{html.escape(made.sentence(hour))}"' in still
    assert still.count("h0") == sum(seen.waiting) + sum(seen.in_service)
    squares = re.findall(r'<path d="([^"]*)" fill="(#ed8b00|#fff)" stroke="#212b32"', still)
    assert {fill: path.count("z") for path, fill in squares} == {
        "#ed8b00": sum(seen.held),
        "#fff": sum(seen.waits_for(step) - seen.waiting[step] for step in range(3)),
    }
    assert sum(seen.held) > 0
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", still)
    assert cells[:4] == ["Desk", str(seen.waiting[0]), str(seen.in_service[0]), str(seen.held[0])]


def test_what_held_people_wait_for_is_named_whole_on_a_card_with_room_for_it():
    """By hand: held in the ward from 2 to 4 for a name that takes two lines."""
    rows = (
        ("a", "Ward", 0, 1, 2, 7, "completed", "Getting ready to go home"),
        ("a", "Getting ready to go home", 2, 3, 7, 7, "completed", ""),
    )
    made = film(log_of(*rows), places={"Ward": 1})
    card = made._layout.cards[0]
    lines = re.findall(r"<text[^>]*>(1: [^<]*|home)</text>", made.still(2.5))
    assert lines == ["1: Getting ready to go", "home"]
    assert card.held_text + 16 * card.held_lines < card.y + card.height


def test_words_can_stand_where_no_number_of_places_does(log, place):
    made = film(log, places=place, labels={"Home care": "3 a week from June"})
    assert json.loads(made.film)["cards"][2]["label"] == "3 a week from June"
    with pytest.raises(Refusal) as refused:
        film(log, labels={"Home car": "x"})
    assert str(refused.value).startswith('No step called "Home car";')


def test_a_line_too_long_to_draw_says_how_many_more():
    rows = [(str(number), "Desk", 0, None, None, None, "still_here", "") for number in range(500)]
    made = film(log_of(*rows))
    drawn = made.still(1).count("h0")
    assert drawn == made._layout.cards[0].queue.most < 500
    assert f"+{500 - drawn} more" in made.still(1)


def test_a_still_picture_of_real_people_says_about(real):
    """The crowd in the ward is told to the nearest 5; each dot is five people."""
    made = film(real)
    hour = next(hour for hour in range(300) if made._made.at(hour * 3600).in_service[1] > 0)
    seen = made._made.at(hour * 3600)
    assert f"about {seen.in_service[1]}" in made.still(hour)
    assert made.still(hour).count("h0") == sum(max(0, people) // 5 for people in [*seen.waiting, *seen.in_service])


def test_the_state_of_a_spell_is_one_of_three(log):
    assert set(filmed(log).spells.state.tolist()) == {WAITING, IN_SERVICE, HELD}


# The page


def test_a_saved_film_asks_nothing_of_the_outside(log, tmp_path):
    page = film(log, days=2).save(tmp_path / "film.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert re.findall(r"""(?:src|href)=["'](?!#)|@import|url\((?!#)|\bimport[ (]|fetch\(""", page) == []
    assert page.count("export default") == 0
    assert "<noscript><figure" in page


def test_a_step_with_a_hostile_name_stays_text(tmp_path):
    name = "</script><script>alert(1)</script>"
    page = (
        film(log_of(("a", name, 0, 1, 2, 2, "completed", ""))).save(tmp_path / "film.html").read_text(encoding="utf-8")
    )
    assert "<script>alert" not in page


def test_a_film_is_saved_as_a_page_only(tmp_path):
    made = film(STORY)
    for path, sentence in (
        (tmp_path / "film.mp4", 'A film is saved as ".html"; "film.mp4" came. Change its ending.'),
        (tmp_path / "none" / "film.html", 'There is no folder "none". Make it first, or choose another.'),
    ):
        with pytest.raises(Refusal) as refused:
            made.save(path)
        assert str(refused.value) == sentence
    (tmp_path / "taken.html").mkdir()
    with pytest.raises(Refusal) as refused:
        made.save(tmp_path / "taken.html")
    assert str(refused.value) == '"taken.html" could not be written. Close it if it is open, then try again.'


def test_the_layout_of_a_film_with_one_step_is_one_card():
    assert len(laid_out(filmed(STORY, steps=["Ward"])).cards) == 1
