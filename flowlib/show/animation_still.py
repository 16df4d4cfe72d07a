"""
What does one moment of a film look like on paper?

The same picture as on screen, as SVG without scripts, named by the sentence of the moment.
"""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.mapping.film import FEW
from flowlib.mapping.film_spells import HELD, IN_SERVICE, WAITING
from flowlib.mapping.film_words import caption
from flowlib.show import theme
from flowlib.show.animation_layout import EACH, HELD_NAMED, held_in_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flowlib.mapping.film import Film, Seen
    from flowlib.show.animation_layout import Card, Layout

__all__ = ["picture"]

LINE, PALE = "#768692", "#f0f4f5"
LETTERS = 23  # of small type on a card
BELOW = 34  # room for the key
KEY = (
    (f'<circle r="6" fill="{theme.GREY}"/>', "waits", 80),
    (f'<circle r="6" fill="{theme.BLUE}"/>', "in service", 110),
    (f'<rect x="-6" y="-6" width="12" height="12" fill="{theme.ORANGE}" stroke="{theme.INK}" stroke-width="2"/>',
     "ready to go on, but still holds the place", 305),
    (f'<rect x="-6" y="-6" width="12" height="12" fill="#fff" stroke="{theme.INK}" stroke-width="2"/>',
     "waits for this step, in a place before it", 0),
)  # fmt: skip


def picture(film: Film, layout: Layout, second: int) -> str:
    """One moment of *film* as SVG in an element that a screen reader announces as the moment's sentence."""
    seen = film.at(second)
    hour = _hour_of_week(film, second)
    said = html.escape(caption(film, second))
    parts = [*_links(seen, layout), *(_card(film, layout, seen, step, hour) for step in range(len(film.steps)))]
    parts += _dots(film, layout, seen, second)
    parts.append(_key(layout))
    size = f'viewBox="0 0 {layout.width:g} {layout.height + BELOW:g}"'
    style = f"max-width:100%;width:{layout.width:g}px;height:auto;font-family:{html.escape(theme.FONT)}"
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" {size} aria-hidden="true" focusable="false" style="{style}">'
    return (
        f'<figcaption><span class="finding">{said}</span></figcaption>'
        f'<div class="picture" role="img" aria-label="{said}">{drawn}{"".join(parts)}</svg></div>'
    )


def _hour_of_week(film: Film, second: int) -> int:
    at = film.begins + pd.Timedelta(seconds=second)
    return int(at.day_of_week * 24 + at.hour)


def _links(seen: Seen, layout: Layout) -> Iterable[str]:
    """Ways between steps; those on which people cannot go on stand out."""
    for link in layout.links:
        points = " ".join(f"{x:.0f},{y:.0f}" for x, y in link["points"])
        looks = [(LINE, 1.5)]
        if seen.held_for[link["from"], link["to"]]:
            looks = [(theme.INK, 7), (theme.ORANGE, 4)]
        for colour, width in looks:
            yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _card(film: Film, layout: Layout, seen: Seen, step: int, hour: int) -> str:
    card = layout.cards[step]
    box = f'x="{card.x:g}" y="{card.y:g}" width="{card.width:g}" height="{card.height:g}" rx="6"'
    drawn = [f'<rect {box} fill="{PALE}" stroke="{LINE}"/>']
    drawn += [_text(card, card.y + 19 + 18 * row, name, size=15, bold=True) for row, name in enumerate(card.name)]
    capacity = card.capacity[hour % len(card.capacity)] if card.capacity else None
    if card.queue_text is not None:
        line = seen.waits_for(step)
        words = f"{_people(film, line)} {'waits' if line == 1 else 'wait'}" if line else "nobody waits"
        drawn.append(_text(card, card.queue_text, words, bold=bool(line)))
    if card.places_text is not None:
        words = card.label if card.label and not card.places else _taken(film, seen, step, capacity)
        drawn.append(_text(card, card.places_text, words))
    if card.places and capacity is not None:
        free = min(card.places.most, math.ceil(capacity / (EACH if film.crowd else 1)))
        spots = [card.places.spot(number, layout.pitch) for number in range(free)]
        drawn.append(f'<path d="{_squares(spots, layout.pitch)}" fill="#fff" stroke="{LINE}"/>')
    if card.held_text is not None and seen.held[step]:
        drawn.append(
            _text(
                card,
                card.held_text,
                f"{_people(film, seen.held[step])} ready, but held{'' if film.crowd else ':'}",
                bold=True,
            )
        )
        most = sorted(((people, wants) for (at, wants), people in seen.held_for.items() if at == step), reverse=True)
        lines: list[str] = []
        for people, wants in most[:HELD_NAMED]:
            lines += held_in_lines(f"{people:,}: {film.names[wants] if wants >= 0 else 'what comes next'}")
        for row, words in enumerate(lines[: card.held_lines], start=1):
            drawn.append(_text(card, card.held_text + 16 * row, words))
    return "".join(drawn)


def _taken(film: Film, seen: Seen, step: int, capacity: int | None) -> str:
    served, held = seen.in_service[step], seen.held[step]
    there = (max(served, held) or FEW) if FEW in {served, held} else served + held
    if capacity is None:
        return f"{_people(film, there) if there else 'nobody'} there"
    return f"{_people(film, there)} of {capacity:,} places"


def _dots(film: Film, layout: Layout, seen: Seen, second: int) -> list[str]:
    """All people, in one shape a state, and how many more wait than there is room for."""
    spots: dict[int, list[tuple[float, float]]] = {WAITING: [], IN_SERVICE: [], HELD: []}
    ahead: list[tuple[float, float]] = []
    more: list[str] = []
    each = EACH if film.crowd else 1
    for step, card in enumerate(layout.cards):
        waiting = max(0, round(seen.waiting[step] / each))
        before = seen.waits_for(step) - seen.waiting[step]
        if card.queue:
            room, dots = card.queue.most, waiting + before
            spots[WAITING] += [card.queue.spot(number, layout.pitch) for number in range(min(waiting, room))]
            ahead += [card.queue.spot(number, layout.pitch) for number in range(waiting, min(dots, room))]
            if dots > room and card.more_text is not None:
                more.append(_text(card, card.more_text, f"+{(dots - room) * each:,} more"))
    for state, step, number in _taken_places(film, seen, second, each):
        region = layout.cards[step].places
        if region and number < region.most:
            spots[state].append(region.spot(number, layout.pitch))
    round_ = f'fill="none" stroke-linecap="round" stroke-width="{0.75 * layout.pitch:g}"'
    made = [
        f'<path d="{"".join(f"M{x:.1f} {y:.1f}h0" for x, y in spots[state])}" {round_} stroke="{colour}"/>'
        for state, colour in ((WAITING, theme.GREY), (IN_SERVICE, theme.BLUE))
    ]
    square = f'stroke="{theme.INK}" stroke-width="1.5"'
    made.append(f'<path d="{_squares(spots[HELD], layout.pitch)}" fill="{theme.ORANGE}" {square}/>')
    return [*made, f'<path d="{_squares(ahead, layout.pitch)}" fill="#fff" {square}/>', *more]


def _taken_places(film: Film, seen: Seen, second: int, each: int) -> Iterable[tuple[int, int, int]]:
    """State, step and place of everybody who has one."""
    if film.crowd:
        for step in range(len(film.steps)):
            states = [IN_SERVICE] * max(0, round(seen.in_service[step] / each))
            states += [HELD] * max(0, round(seen.held[step] / each))
            yield from ((state, step, number) for number, state in enumerate(states))
        return
    now = film.spells.keep(film.now(second))
    for state, step, number in zip(now.state.tolist(), now.step.tolist(), now.place.tolist(), strict=True):
        if state != WAITING:
            yield state, step, number


def _squares(spots: Iterable[tuple[float, float]], pitch: float) -> str:
    side = 0.7 * pitch
    return "".join(f"M{x - side / 2:.1f} {y - side / 2:.1f}h{side:g}v{side:g}h-{side:g}z" for x, y in spots)


def _text(card: Card, y: float, words: str, *, size: int = 13, bold: bool = False) -> str:
    words = words if len(words) <= LETTERS else f"{words[: LETTERS - 1]}…"
    looks = f'font-size="{size}" fill="{theme.INK}"'
    looks += ' font-weight="bold"' * bold
    return f'<text x="{card.x + 10:g}" y="{y + 0.35 * size:.1f}" {looks}>{html.escape(words)}</text>'


def _people(film: Film, people: int) -> str:
    if people == FEW:
        return "a few"
    return f"about {people:,}" if film.crowd and people else f"{people:,}"


def _key(layout: Layout) -> str:
    drawn, x = [], 18.0
    for mark, words, room in KEY:
        text = f'<text x="12" y="5" font-size="14" fill="{theme.INK}">{words}</text>'
        drawn.append(f'<g transform="translate({x:g} {layout.height + 14:g})">{mark}{text}</g>')
        x += room
    return "".join(drawn)
