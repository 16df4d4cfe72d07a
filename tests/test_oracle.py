"""The oracle tells each rule as its story says: who, when, and then the whole log, worked out by hand."""

import itertools
import math

import numpy as np
import pytest
from oracle import Deadlock, EndlessRound, oracle

from flowlib import AlreadyHere, Arrivals, Constant, Pathway, Rota, Route, Slots, Step, Uniform
from flowlib.core.pathway import EVERYONE
from flowlib.simulation import draws

LUCK = draws.Luck(1, 0)
HOUR = Constant(1)


def came(step, *times, group=EVERYONE):
    return Arrivals(step, group=group, times=times)


def on(*names):
    """Routes that everybody takes, from each step to the one after."""
    return [Route(first, second) for first, second in itertools.pairwise(names)]


def way(steps, arrivals=(), routes=()):
    return Pathway("story", steps, arrivals, routes)


def log(pathway, *, until=1000.0, then=(), here=()):
    """The whole log as tuples; None where there is no time."""
    course = draws.phases(pathway, then)
    people = draws.arrivals(course, LUCK, until=until, here=here)
    told = oracle(course, people, LUCK, until=until)
    return [tuple(None if value != value else value for value in visit) for visit in told]  # noqa: PLR0124 - NaN


def done(person, step, arrived, started, finished, next_step="", *, left=None):
    return (person, step, arrived, started, finished, finished if left is None else left, "completed", next_step)


def there(person, step, arrived, started=None, finished=None, next_step=""):
    return (person, step, arrived, started, finished, None, "still_here", next_step)


def gave_up(person, step, arrived, left, next_step=""):
    return (person, step, arrived, None, None, left, "gave_up", next_step)


def away(person, step, moment):
    return (person, step, moment, None, None, moment, "turned_away", "")


def bed(name="bed", places=1, hours=1.0, **more):
    """A step before which nobody waits."""
    return Step(name, places, Constant(hours), queue_limit=0, **more)


# ---- time


def test_what_happens_at_the_last_moment_is_not_in_the_log():
    """Service would end at 2, and somebody would come at 2."""
    story = way([Step("a", None, Constant(2))], [came("a", 0, 2)])
    assert log(story, until=2.0) == [there(0, "a", 0, 0)]


def test_times_are_start_plus_time_and_never_added_up_on_the_way():
    """Three waits of 0.1 after each other end at (0.1 + 0.1) + 0.1, each a start and a time."""
    story = way([Step("a", 1, Constant(0.1))], [came("a", 0, 0, 0)])
    assert [row[4] for row in log(story)] == [0.1, 0.1 + 0.1, 0.1 + 0.1 + 0.1]


def test_a_moment_of_the_calendar_is_its_whole_minutes_over_60():
    """Tuesday 09:20 of week 3 is minute 2 * 10080 + 1440 + 560."""
    story = way([Step("a", Slots([("Tue 09:20", 1)]), Constant(0))], [came("a", 300)])
    moment = (2 * 10080 + 1440 + 560) / 60
    assert log(story) == [done(0, "a", 300, moment, moment)]


def test_at_one_instant_a_change_comes_before_an_arrival():
    story = way([Step("a", None, HOUR)], [came("a", 1)])
    assert log(story, then=[(1.0, story.with_step("a", time=Constant(5)))]) == [done(0, "a", 1, 1, 6)]


def test_at_one_instant_a_rota_rises_before_anybody_arrives():
    """Minor waits from 0.5; at 1 the desk opens, and only then comes major, who would have gone first."""
    desk = Step("desk", Rota([0] + [1] * 23), HOUR, priority=["major"])
    story = way([desk], [came("desk", 0.5, group="minor"), came("desk", 1, group="major")])
    assert log(story) == [done(0, "desk", 0.5, 1, 2), done(1, "desk", 1, 2, 3)]


def test_at_one_instant_a_rota_rises_before_anybody_finishes():
    """At 1 the bed opens: it goes to who stands at its door, and who finishes at 1 is blocked until 2."""
    steps = [Step("a", 1, HOUR), bed(places=Rota([0] + [1] * 23))]
    assert log(way(steps, [came("a", 0), came("bed", 0.5)], on("a", "bed"))) == [
        done(0, "a", 0, 0, 1, "bed", left=2),
        done(1, "bed", 0.5, 1, 2),
        done(0, "bed", 2, 2, 3),
    ]


def test_at_one_instant_a_finish_comes_before_an_arrival():
    story = way([bed(when_full="turn_away")], [came("bed", 0, 1)])
    assert log(story) == [done(0, "bed", 0, 0, 1), done(1, "bed", 1, 1, 2)]


def test_at_one_instant_an_arrival_comes_before_a_slot():
    """Major comes at 1 and goes before minor, who has waited for the slot at 1; minor has the next, a week on."""
    clinic = Step("clinic", Slots([("Mon 01:00", 1)]), HOUR, priority=["major"])
    story = way([clinic], [came("clinic", 0, group="minor"), came("clinic", 1, group="major")])
    assert log(story) == [done(0, "clinic", 0, 169, 170), done(1, "clinic", 1, 1, 2)]


def test_at_one_instant_a_slot_comes_before_giving_up():
    story = way([Step("a", Slots([("Mon 01:00", 1)]), HOUR, patience=HOUR)], [came("a", 0)])
    assert log(story) == [done(0, "a", 0, 1, 2)]


def test_at_one_instant_an_arrival_comes_before_giving_up():
    """At 2 the second gives up a place in the queue, too late for the third."""
    desk = Step("desk", 1, Constant(9), patience=HOUR, queue_limit=1, when_full="turn_away")
    story = way([desk], [came("desk", 0, 1, 2)])
    assert log(story) == [done(0, "desk", 0, 0, 9), gave_up(1, "desk", 1, 2), away(2, "desk", 2)]


def test_finishes_at_one_instant_are_in_step_order_and_then_by_person():
    """All finish at 2 and want the one bed: person 2 is at the first step, then come 0 and 1."""
    steps = [Step("a", 1, HOUR), Step("b", 2, Constant(2)), bed(hours=2)]
    story = way(steps, [came("a", 1), came("b", 0, 0)], [Route("a", "bed"), Route("b", "bed")])
    assert log(story) == [
        done(0, "b", 0, 0, 2, "bed", left=4),
        done(1, "b", 0, 0, 2, "bed", left=6),
        done(2, "a", 1, 1, 2, "bed"),
        done(2, "bed", 2, 2, 4),
        done(0, "bed", 4, 4, 6),
        done(1, "bed", 6, 6, 8),
    ]


def test_finishes_at_one_instant_in_one_step_are_by_person_whoever_began_first():
    """Person 1 begins "b" at 1 and takes 2 hours, person 0 begins at 2 and takes one: the bed is for person 0."""
    steps = [Step("a", 1, Constant(2)), Step("b", 2, {"quick": HOUR, "slow": Constant(2)}), bed()]
    story = way(steps, [came("a", 0, group="quick"), came("b", 1, group="slow")], on("a", "b", "bed"))
    assert log(story) == [
        done(0, "a", 0, 0, 2, "b"),
        done(1, "b", 1, 1, 3, "bed", left=4),
        done(0, "b", 2, 2, 3, "bed"),
        done(0, "bed", 3, 3, 4),
        done(1, "bed", 4, 4, 5),
    ]


def test_arrivals_at_one_instant_are_in_step_order():
    """People are numbered so, too: 0 comes to "a", 1 to "b", and both are sent to the one bed."""
    steps = [
        bed("a", 0, when_full="divert", divert_to="bed"),
        bed("b", 0, when_full="divert", divert_to="bed"),
        bed(when_full="turn_away"),
    ]
    story = way(steps, [came("b", 1), came("a", 1)])
    assert log(story) == [done(0, "bed", 1, 1, 2), away(1, "bed", 1)]


def test_what_an_event_brings_about_takes_its_place_among_what_is_still_to_come():
    """The first takes no time: that finish comes before the second arrival of the same instant."""
    story = way([bed(hours=0, when_full="turn_away")], [came("bed", 0, 0)])
    assert log(story) == [done(0, "bed", 0, 0, 0), done(1, "bed", 0, 0, 0)]


# ---- places


def test_when_a_rota_falls_nobody_is_stopped_and_nobody_starts_until_there_is_room():
    """Two work until 1, then one: the finish at 2 leaves one at work, so the third starts after that one, at 3."""
    staff = Step("a", Rota([2] + [1] * 23), {"short": Constant(2), "long": Constant(3)})
    arrivals = [came("a", 0, group="long"), came("a", 0, group="short"), came("a", 0.5, group="short")]
    assert log(way([staff], arrivals)) == [
        done(0, "a", 0, 0, 3),
        done(1, "a", 0, 0, 2),
        done(2, "a", 0.5, 3, 5),
    ]


def test_when_a_rota_rises_those_who_wait_start_first_and_then_the_blocked_are_pulled():
    """From 2 there are two: who waits starts, and who stood at the door starts at once."""
    desk = Step("desk", Rota([0, 0, 2, 0] + [0] * 20), HOUR, queue_limit=1)
    story = way([desk], [came("desk", 0, 1)])
    assert log(story) == [done(0, "desk", 0, 2, 3), done(1, "desk", 1, 2, 3)]


@pytest.mark.parametrize(("hours", "starts"), [(24, 25), (168, 169)])
def test_a_rota_repeats_by_day_or_by_week(hours, starts):
    """One hour of duty, the second of the cycle: who comes after it waits for the next cycle."""
    story = way([Step("a", Rota([0, 1] + [0] * (hours - 2)), HOUR)], [came("a", 2)])
    assert log(story) == [done(0, "a", 2, starts, starts + 1)]


def test_an_unlimited_step_is_a_pure_delay():
    story = way([Step("a", None, HOUR)], [came("a", 0, 0, 0.5)])
    assert log(story) == [done(0, "a", 0, 0, 1), done(1, "a", 0, 0, 1), done(2, "a", 0.5, 0.5, 1.5)]


def test_slots_not_used_are_lost_and_those_of_one_moment_add_up():
    """At 1 four may start and three wait; the fourth, who comes at 1.5, waits for the slot at 2."""
    slots = Slots([("Mon 01:00", 2), ("Mon 02:00", 1), ("Mon 01:00", 2)])
    story = way([Step("a", slots, Constant(5))], [came("a", 0, 0, 0, 1.5, 1.6)])
    assert log(story, until=100.0) == [
        done(0, "a", 0, 1, 6),
        done(1, "a", 0, 1, 6),
        done(2, "a", 0, 1, 6),
        done(3, "a", 1.5, 2, 7),
        there(4, "a", 1.6),
    ]


def test_when_a_slot_falls_due_those_who_wait_start_and_then_the_blocked_enter_and_start():
    story = way([Step("a", Slots([("Mon 01:00", 2)]), HOUR, queue_limit=1)], [came("a", 0, 0.5)])
    assert log(story) == [done(0, "a", 0, 1, 2), done(1, "a", 0.5, 1, 2)]


# ---- joining a step


def test_the_queue_limit_counts_those_who_wait_and_never_those_in_service():
    desk = Step("desk", 2, Constant(5), queue_limit=1, when_full="turn_away")
    assert log(way([desk], [came("desk", 0, 1, 2, 3)])) == [
        done(0, "desk", 0, 0, 5),
        done(1, "desk", 1, 1, 6),
        done(2, "desk", 2, 5, 10),
        away(3, "desk", 3),
    ]


def test_people_start_by_priority_and_then_in_the_order_of_joining():
    desk = Step("desk", 1, HOUR, priority=["red", "amber"])
    arrivals = [came("desk", 0, 0.1, group="green"), came("desk", 0.2, 0.4, group="amber")]
    arrivals += [came("desk", 0.3, group="blue"), came("desk", 0.5, group="red")]
    assert log(way([desk], arrivals)) == [
        done(0, "desk", 0, 0, 1),
        done(1, "desk", 0.1, 4, 5),
        done(2, "desk", 0.2, 2, 3),
        done(3, "desk", 0.3, 5, 6),
        done(4, "desk", 0.4, 3, 4),
        done(5, "desk", 0.5, 1, 2),
    ]


def test_a_rank_is_that_of_the_moment_of_joining():
    """Minor joins at 0.1 as second rank; from 0.5 minor is first rank, for those who join then."""
    desk = Step("desk", 1, HOUR, priority=["major"])
    arrivals = [came("desk", 0, 0.1, 0.6, group="minor"), came("desk", 0.2, group="major")]
    story = way([desk], arrivals)
    assert log(story, then=[(0.5, story.with_step("desk", priority=["minor"]))]) == [
        done(0, "desk", 0, 0, 1),
        done(1, "desk", 0.1, 3, 4),
        done(2, "desk", 0.2, 1, 2),
        done(3, "desk", 0.6, 2, 3),
    ]


# ---- a full step


def test_the_blocked_keep_their_place_in_the_step_before():
    """The second finishes at 2 and moves at 6; only then can the third begin."""
    story = way([Step("a", 1, HOUR), bed(hours=5)], [came("a", 0, 0, 0)], on("a", "bed"))
    assert log(story, until=10.0) == [
        done(0, "a", 0, 0, 1, "bed"),
        done(1, "a", 0, 1, 2, "bed", left=6),
        there(2, "a", 0, 6, 7, "bed"),
        done(0, "bed", 1, 1, 6),
        there(1, "bed", 6, 6),
    ]


def test_people_from_outside_wait_at_the_door_in_the_same_blocked_queue():
    """At the door from 0.5, blocked in "a" from 1.25, at the door from 1.5: first blocked first."""
    story = way([Step("a", 1, HOUR), bed(hours=2)], [came("a", 0.25), came("bed", 0, 0.5, 1.5)], on("a", "bed"))
    assert log(story) == [
        done(0, "bed", 0, 0, 2),
        done(1, "a", 0.25, 0.25, 1.25, "bed", left=4),
        done(2, "bed", 0.5, 2, 4),
        done(3, "bed", 1.5, 6, 8),
        done(1, "bed", 4, 4, 6),
    ]


def test_people_still_at_a_door_stay_in_the_log():
    assert log(way([bed(hours=5)], [came("bed", 0, 1)]), until=3.0) == [there(0, "bed", 0, 0), there(1, "bed", 1)]


def test_the_blocked_are_pulled_first_blocked_first_whatever_their_priority():
    full = Step("bed", 1, Constant(2), queue_limit=0, priority=["major"])
    story = way([full], [came("bed", 0, 0.1, group="minor"), came("bed", 0.2, group="major")])
    assert [(row[0], row[3]) for row in log(story)] == [(0, 0), (1, 2), (2, 4)]


def test_turned_away_the_journey_ends_with_a_row_of_no_length():
    steps = [Step("a", 1, HOUR), bed(hours=5, when_full="turn_away")]
    story = way(steps, [came("a", 0.5), came("bed", 0)], on("a", "bed"))
    assert log(story) == [done(0, "bed", 0, 0, 5), done(1, "a", 0.5, 0.5, 1.5, "bed"), away(1, "bed", 1.5)]


def test_a_divert_leaves_no_row_and_the_next_steps_own_rule_holds():
    """The ward sends on to the lounge, the lounge to the hotel, which turns away: that is where they went."""
    steps = [
        Step("a", 2, HOUR),
        bed("ward", 0, when_full="divert", divert_to="lounge"),
        bed("lounge", 1, 9, when_full="divert", divert_to="hotel"),
        bed("hotel", 1, 9, when_full="turn_away"),
    ]
    story = way(steps, [came("a", 0, 0, 0.5)], on("a", "ward"))
    assert log(story) == [
        done(0, "a", 0, 0, 1, "lounge"),
        done(1, "a", 0, 0, 1, "hotel"),
        done(2, "a", 0.5, 1, 2, "hotel"),
        done(0, "lounge", 1, 1, 10),
        done(1, "hotel", 1, 1, 10),
        away(2, "hotel", 2),
    ]


def test_diverted_to_a_full_step_that_lets_wait_they_are_blocked_for_that_step():
    """The ward has room again at 3, but they wait for the lounge."""
    steps = [Step("a", 1, HOUR), bed("ward", 1, 3, when_full="divert", divert_to="lounge"), bed("lounge", 1, 5)]
    story = way(steps, [came("a", 0.5), came("ward", 0), came("lounge", 0)], on("a", "ward"))
    assert log(story) == [
        done(0, "ward", 0, 0, 3),
        done(1, "lounge", 0, 0, 5),
        done(2, "a", 0.5, 0.5, 1.5, "lounge", left=5),
        done(2, "lounge", 5, 5, 10),
    ]


# ---- what follows from a move


def test_a_freed_place_goes_to_who_waits_and_the_queue_to_the_first_blocked():
    """At 2 the first leaves, the second starts, and the third, at the door since 1, joins the queue."""
    steps = [Step("a", 1, Constant(2), queue_limit=1, patience=Constant(1.75)), Step("b", None, HOUR)]
    assert log(way(steps, [came("a", 0, 0.5, 1)], on("a", "b"))) == [
        done(0, "a", 0, 0, 2, "b"),
        done(1, "a", 0.5, 2, 4, "b"),
        gave_up(2, "a", 1, 3.75),
        done(0, "b", 2, 2, 3),
        done(1, "b", 4, 4, 5),
    ]


def test_each_pull_is_finished_with_all_that_follows_before_the_next():
    """At 4 "z" opens twice: 0 leaves "x" and 2 follows there, and only then 1 leaves "y" and 3 follows there."""
    steps = [Step("u", 1, Constant(0)), Step("v", 1, Constant(0)), bed("x"), bed("y")]
    steps.append(Step("z", Rota([0] * 4 + [2] * 20), HOUR, queue_limit=0))
    arrivals = [came("x", 0), came("y", 0.5), came("u", 1.1), came("v", 1.6)]
    story = way(steps, arrivals, [*on("u", "x", "z"), *on("v", "y", "z")])
    assert log(story, until=4.5)[-4:] == [
        there(0, "z", 4, 4),
        there(2, "x", 4, 4),
        there(1, "z", 4, 4),
        there(3, "y", 4, 4),
    ]


def test_routed_back_to_their_own_step_nobody_is_kept_out_of_it():
    """The one bed is their own, so the person at the door has no chance; each round is a visit."""
    story = way([bed()], [came("bed", 0, 0.5)], on("bed", "bed"))
    assert log(story, until=2.5) == [
        done(0, "bed", 0, 0, 1, "bed"),
        there(1, "bed", 0.5),
        done(0, "bed", 1, 1, 2, "bed"),
        there(0, "bed", 2, 2),
    ]


def test_routed_back_they_go_behind_whoever_waits():
    """At 1 the second starts, and the first waits: the queue of one is free again."""
    story = way([Step("a", 1, HOUR, queue_limit=1)], [came("a", 0, 0.5)], on("a", "a"))
    assert log(story, until=2.5) == [
        done(0, "a", 0, 0, 1, "a"),
        done(1, "a", 0.5, 1, 2, "a"),
        there(0, "a", 1, 2),
        there(1, "a", 2),
    ]


def test_routed_back_where_they_may_not_enter_they_start_again_on_their_own_place():
    """From 1 there is one place for the two who are there, and no queue."""
    story = way([Step("a", Rota([2] + [1] * 23), Constant(2), queue_limit=0)], [came("a", 0, 0)], on("a", "a"))
    assert log(story, until=3.0) == [
        done(0, "a", 0, 0, 2, "a"),
        done(1, "a", 0, 0, 2, "a"),
        there(0, "a", 2, 2),
        there(1, "a", 2, 2),
    ]


def test_with_slots_there_is_no_own_place():
    """Back at 1.5, they are blocked for their own step until the slot at 2, and hold their visit open."""
    slots = Step("a", Slots([("Mon 01:00", 1), ("Mon 02:00", 1)]), Constant(0.5), queue_limit=0)
    story = way([slots], [came("a", 0)], on("a", "a"))
    assert log(story, until=2.2) == [done(0, "a", 0, 1, 1.5, "a", left=2), there(0, "a", 2, 2)]


# ---- within


WARD = Step("ward", 1, Constant(2), queue_limit=1)
PLAN = Step("plan", 1, HOUR, within="ward")


def test_a_step_done_within_another_keeps_the_place_there():
    """The ward's work ends at 2, the plan at 3: then the ward's place is free."""
    story = way([WARD, PLAN], [came("ward", 0, 0.5)], on("ward", "plan"))
    assert log(story, until=5.5) == [
        done(0, "ward", 0, 0, 2, "plan", left=3),
        there(1, "ward", 0.5, 3, 5, "plan"),
        done(0, "plan", 2, 2, 3),
        there(1, "plan", 5, 5),
    ]


def test_the_place_is_kept_through_several_steps_and_given_up_on_entering_one_that_is_not_within():
    """Form within plan within ward: all are given up on going home care's way at 4; drugs keep the ward alone."""
    steps = [WARD, PLAN, Step("form", None, HOUR, within="plan"), Step("drugs", None, HOUR, within="ward")]
    steps.append(Step("out", None, HOUR))
    story = way(steps, [came("ward", 0)], on("ward", "plan", "form", "drugs", "out"))
    assert log(story) == [
        done(0, "ward", 0, 0, 2, "plan", left=5),
        done(0, "plan", 2, 2, 3, "form", left=4),
        done(0, "form", 3, 3, 4, "drugs"),
        done(0, "drugs", 4, 4, 5, "out"),
        done(0, "out", 5, 5, 6),
    ]


def test_of_several_places_the_one_taken_last_is_given_up_first():
    """At 3 plan and ward are free: who is blocked for the plan enters before who is blocked for the ward."""
    steps = [bed("ward", 1, 2), bed("plan", within="ward"), Step("u", 1, Constant(0)), Step("v", 1, Constant(0))]
    arrivals = [came("ward", 0), came("u", 2.1), came("v", 2.2)]
    story = way(steps, arrivals, [*on("ward", "plan"), *on("u", "ward"), *on("v", "plan")])
    assert log(story, until=3.5)[-2:] == [there(2, "plan", 3, 3), there(1, "ward", 3, 3)]


def test_on_being_turned_away_every_place_is_given_up():
    steps = [WARD, PLAN, bed("home", 0, when_full="turn_away")]
    story = way(steps, [came("ward", 0)], on("ward", "plan", "home"))
    assert log(story) == [
        done(0, "ward", 0, 0, 2, "plan", left=3),
        done(0, "plan", 2, 2, 3, "home"),
        away(0, "home", 3),
    ]


def test_somebody_blocked_keeps_all_the_places_they_hold():
    """Blocked for home care from 3 to 9, they hold the ward and the plan's desk."""
    steps = [WARD, PLAN, bed("home", 1, 9)]
    story = way(steps, [came("ward", 0), came("home", 0)], on("ward", "plan", "home"))
    assert log(story, until=5.0) == [
        there(0, "ward", 0, 0, 2, "plan"),
        there(1, "home", 0, 0),
        there(0, "plan", 2, 2, 3, "home"),
    ]
    assert log(story) == [
        done(0, "ward", 0, 0, 2, "plan", left=9),
        done(1, "home", 0, 0, 9),
        done(0, "plan", 2, 2, 3, "home", left=9),
        done(0, "home", 9, 9, 18),
    ]


def test_who_never_was_in_the_outer_step_holds_no_place_there():
    """The plan is made for somebody from outside; the ward's one bed stays free."""
    story = way([WARD, PLAN], [came("plan", 0), came("ward", 0.5)])
    assert log(story) == [done(0, "plan", 0, 0, 1), done(1, "ward", 0.5, 0.5, 2.5)]


# ---- giving up


def test_who_gives_up_leaves_the_queue_and_never_starts():
    story = way([Step("a", 1, Constant(3), patience=HOUR)], [came("a", 0, 1, 2.5)])
    assert log(story) == [done(0, "a", 0, 0, 3), gave_up(1, "a", 1, 2), done(2, "a", 2.5, 3, 6)]


def test_who_gives_up_goes_to_the_step_named():
    steps = [Step("a", 1, Constant(3), patience=HOUR, gives_up_to="b"), Step("b", None, HOUR)]
    assert log(way(steps, [came("a", 0, 0.5)])) == [
        done(0, "a", 0, 0, 3),
        gave_up(1, "a", 0.5, 1.5, "b"),
        done(1, "b", 1.5, 1.5, 2.5),
    ]


def test_who_gives_up_to_a_full_step_waits_at_its_door_and_has_a_row_from_then_on():
    """At the door from 1.5, in at 4: the row begins at 1.5."""
    steps = [Step("a", 1, Constant(3), patience=HOUR, gives_up_to="bed"), bed(hours=4)]
    assert log(way(steps, [came("a", 0, 0.5), came("bed", 0)])) == [
        done(0, "a", 0, 0, 3),
        done(1, "bed", 0, 0, 4),
        gave_up(2, "a", 0.5, 1.5, "bed"),
        done(2, "bed", 1.5, 4, 8),
    ]


def test_who_gives_up_to_a_step_that_turns_away_is_turned_away():
    steps = [Step("a", 1, Constant(3), patience=HOUR, gives_up_to="b"), bed("b", 0, when_full="turn_away")]
    assert log(way(steps, [came("a", 0, 0.5)])) == [
        done(0, "a", 0, 0, 3),
        gave_up(1, "a", 0.5, 1.5, "b"),
        away(1, "b", 1.5),
    ]


def test_when_a_queue_grows_shorter_the_first_blocked_joins_it():
    """At 2 the second gives up and the third, at the door since 1.5, joins; patience runs from then, to 3."""
    story = way([Step("a", 1, Constant(9), patience=HOUR, queue_limit=1)], [came("a", 0, 1, 1.5)])
    assert log(story) == [done(0, "a", 0, 0, 9), gave_up(1, "a", 1, 2), gave_up(2, "a", 1.5, 3)]


def test_patience_does_not_run_while_blocked_upstream():
    """Blocked in "a" from 1 to 5; they join the queue at 5 and give up at 6, not at 2."""
    steps = [Step("a", None, HOUR), Step("b", 1, Constant(5), patience=HOUR, queue_limit=1)]
    b = way(steps, [came("b", 0, 4.9), came("a", 3.95)], on("a", "b"))
    assert log(b) == [
        done(0, "b", 0, 0, 5),
        done(1, "a", 3.95, 3.95, 4.95, "b", left=5),
        done(2, "b", 4.9, 5, 10),
        gave_up(1, "b", 5, 6),
    ]


def test_patience_of_one_visit_is_over_when_service_starts():
    """Two take turns. The second joined at 0.25 with patience to 2.75, and waits again then: no reason to go."""
    story = way([Step("a", 1, HOUR, patience=Constant(2.5))], [came("a", 0, 0.25)], on("a", "a"))
    assert log(story, until=3.5) == [
        done(0, "a", 0, 0, 1, "a"),
        done(1, "a", 0.25, 1, 2, "a"),
        done(0, "a", 1, 2, 3, "a"),
        there(1, "a", 2, 3),
        there(0, "a", 3),
    ]


def test_who_gives_up_within_a_ward_gives_up_the_ward_too():
    """The plan's desk is taken until 9. At 3.25 patience ends: the bed goes to who waits, and they go home."""
    steps = [WARD, Step("plan", 1, Constant(9), patience=HOUR, within="ward")]
    story = way(steps, [came("ward", 0.25, 0.75), came("plan", 0)], on("ward", "plan"))
    assert log(story, until=4.0) == [
        there(0, "plan", 0, 0),
        done(1, "ward", 0.25, 0.25, 2.25, "plan", left=3.25),
        there(2, "ward", 0.75, 3.25),
        gave_up(1, "plan", 2.25, 3.25),
    ]


def test_who_gives_up_gives_up_the_ward_even_to_wait_at_another_door():
    """
    One waits for the plan from the ward's bed, and gives up at 3, for a clinic that is full until 9.

    The queue's place goes first, to who is blocked in "u"; then the bed, to who is blocked in "v".
    """
    plan = Step("plan", 1, Constant(9), patience=HOUR, queue_limit=1, within="ward", gives_up_to="clinic")
    steps = [bed("ward", 1, 2), plan, bed("clinic", 1, 9), Step("u", 1, Constant(0)), Step("v", 1, Constant(0))]
    arrivals = [came("ward", 0), came("plan", 0), came("clinic", 0), came("u", 2.2), came("v", 2.1)]
    story = way(steps, arrivals, [*on("ward", "plan"), *on("u", "plan"), *on("v", "ward")])
    assert log(story, until=3.5) == [
        done(0, "ward", 0, 0, 2, "plan", left=3),
        there(1, "plan", 0, 0),
        there(2, "clinic", 0, 0),
        gave_up(0, "plan", 2, 3, "clinic"),
        done(3, "v", 2.1, 2.1, 2.1, "ward", left=3),
        done(4, "u", 2.2, 2.2, 2.2, "plan", left=3),
        there(0, "clinic", 3),
        there(4, "plan", 3),
        there(3, "ward", 3, 3),
    ]


def test_who_gives_up_keeps_the_places_that_the_next_step_is_within():
    """From the plan's queue to a leaflet, read in the ward bed: it is out, so they wait for it in bed until 6."""
    steps = [
        WARD,
        Step("plan", 1, Constant(9), patience=HOUR, within="ward", gives_up_to="leaflet"),
        bed("leaflet", 1, 6, within="ward"),
    ]
    story = way(steps, [came("ward", 0.25), came("plan", 0), came("leaflet", 0)], on("ward", "plan"))
    assert log(story) == [
        done(0, "plan", 0, 0, 9),
        done(1, "leaflet", 0, 0, 6),
        done(2, "ward", 0.25, 0.25, 2.25, "plan", left=12),
        gave_up(2, "plan", 2.25, 3.25, "leaflet"),
        done(2, "leaflet", 3.25, 6, 12),
    ]


# ---- leaving hours


DAYTIME = {"leaves_between": ("09:00", "20:00")}


@pytest.mark.parametrize(("finish", "left"), [(8.5, 9), (9, 9), (19.75, 19.75), (20, 33), (23, 33)])
def test_people_leave_inside_the_hours_only(finish, left):
    """From opening (9) to before closing (20), else at the next opening."""
    story = way([Step("ward", 1, Constant(finish), **DAYTIME), Step("out", None, HOUR)], [came("ward", 0)])
    assert log(story) == [done(0, "ward", 0, 0, finish, left=left)]
    onward = way(story.steps, story.arrivals, on("ward", "out"))
    assert log(onward) == [done(0, "ward", 0, 0, finish, "out", left=left), done(0, "out", left, left, left + 1)]


def test_who_has_finished_outside_the_hours_is_there_still_and_going_nowhere_yet():
    story = way(
        [Step("ward", 1, Constant(3), **DAYTIME), Step("out", None, HOUR)], [came("ward", 0)], on("ward", "out")
    )
    assert log(story, until=9.0) == [there(0, "ward", 0, 0, 3)]


@pytest.mark.parametrize(
    ("days", "left"),
    [("Mon-Fri", 168 + 9), ("Sat-Sun", 5 * 24 + 9), ("Wed, Fri-Sun", 5 * 24 + 9), ("Sun-Mon", 6 * 24 + 9)],
)
def test_people_leave_on_the_days_named_only(days, left):
    """Who finishes on a Saturday at 01:00 leaves at the next opening of these days."""
    story = way([Step("ward", 1, Constant(121), **DAYTIME, leaves_on=days)], [came("ward", 0)])
    assert log(story) == [done(0, "ward", 0, 0, 121, left=left)]


NIGHT = [
    AlreadyHere("bed", EVERYONE, 0, "in_service"),
    AlreadyHere("ward", EVERYONE, 5, "blocked", "bed"),
]


def night(hours):
    """Who is in the ward waits for the bed from 0, who is at the desk from 2; the ward opens at 9."""
    steps = [Step("ward", 1, HOUR, **DAYTIME), Step("desk", 1, HOUR), bed(hours=hours)]
    return way(steps, [came("desk", 1)], [Route("ward", "bed"), Route("desk", "bed")])


def test_the_blocked_are_passed_over_at_night_and_try_again_at_the_opening():
    """At 4 the bed goes to the second blocked. At 8 nobody may take it; at 9 the first does."""
    assert log(night(4), here=NIGHT) == [
        done(1, "ward", -5, -5, 0, "bed", left=9),
        done(0, "bed", 0, 0, 4),
        done(2, "desk", 1, 1, 2, "bed", left=4),
        done(2, "bed", 4, 4, 8),
        done(1, "bed", 9, 9, 13),
    ]


def test_who_tries_again_in_vain_stays_blocked_and_is_pulled_later():
    """The second blocked has the bed from 6 to 12; the first tries at 9, and is pulled at 12."""
    assert log(night(6), here=NIGHT) == [
        done(1, "ward", -5, -5, 0, "bed", left=12),
        done(0, "bed", 0, 0, 6),
        done(2, "desk", 1, 1, 2, "bed", left=6),
        done(2, "bed", 6, 6, 12),
        done(1, "bed", 12, 12, 18),
    ]


def test_at_an_opening_people_try_in_the_order_of_their_true_finish():
    """Finished at 3 and at 2, and at the desk at 9: the one from 2 has the bed, then they are blocked in turn."""
    steps = [
        Step("desk", 1, HOUR),
        Step("ward", 2, {"slow": Constant(3), "quick": Constant(2)}, **DAYTIME),
        bed(),
    ]
    arrivals = [came("ward", 0, group="slow"), came("ward", 0, group="quick"), came("desk", 8, group="quick")]
    story = way(steps, arrivals, [Route("ward", "bed"), Route("desk", "bed")])
    assert log(story) == [
        done(0, "ward", 0, 0, 3, "bed", left=10),
        done(1, "ward", 0, 0, 2, "bed", left=9),
        done(2, "desk", 8, 8, 9, "bed", left=11),
        done(1, "bed", 9, 9, 10),
        done(0, "bed", 10, 10, 11),
        done(2, "bed", 11, 11, 12),
    ]


def test_people_at_a_door_have_no_hours_to_keep():
    """A second place opens at 4, in the night."""
    story = way([bed(places=Rota([1] * 4 + [2] * 20), hours=10, **DAYTIME)], [came("bed", 0, 1)])
    assert log(story) == [done(0, "bed", 0, 0, 10), done(1, "bed", 1, 4, 14)]


def test_the_hours_are_those_of_the_step_that_was_finished_and_of_no_other():
    """The plan is done at 3 in the night: they go home from it, and the ward's hours do not matter."""
    story = way([Step("ward", 1, Constant(9), **DAYTIME), PLAN], [came("ward", 14)], on("ward", "plan"))
    assert log(story) == [done(0, "ward", 14, 14, 23, "plan", left=34), done(0, "plan", 33, 33, 34)]
    late = way([Step("ward", 1, Constant(5.5), **DAYTIME), PLAN], [came("ward", 14)], on("ward", "plan"))
    assert log(late) == [done(0, "ward", 14, 14, 19.5, "plan", left=20.5), done(0, "plan", 19.5, 19.5, 20.5)]


# ---- where next


def test_routes_that_name_a_group_replace_the_general_ones_for_that_group():
    steps = [Step(name, None, HOUR) for name in "abc"]
    story = way(
        steps,
        [came("a", 0, group="x"), came("a", 0, group="y")],
        [Route("a", "b"), Route("a", "c", 0, group="x"), Route("b", "c", 1, group="x")],
    )
    assert log(story) == [
        done(0, "a", 0, 0, 1),
        done(1, "a", 0, 0, 1, "b"),
        done(1, "b", 1, 1, 2),
    ]


def test_shares_are_taken_in_the_order_given_by_each_persons_own_number():
    """Oracle: the persons' numbers laid against the borders 0.3 and 0.3 + 0.4, past which they go home."""
    steps = [Step(name, None, HOUR) for name in "abc"]
    story = way(steps, [came("a", *range(60))], [Route("a", "c", 0.3), Route("a", "b", 0.4)])
    course = draws.phases(story)
    people = draws.arrivals(course, LUCK, until=1000.0)
    fate = draws.Fate(people, LUCK)
    numbers = [fate.number(person, "a", "route", 0) for person in range(60)]
    expected = np.asarray(["c", "b", ""])[np.searchsorted([0.3, 0.7], numbers, side="right")].tolist()
    assert set(expected) == {"c", "b", ""}
    assert [row[7] for row in log(story) if row[1] == "a"] == expected


# ---- a change on a date


def test_at_a_change_those_who_wait_start_and_those_in_service_keep_their_time():
    """At 2 a second place opens, and the time falls from 5 to 1 for those who start from then on."""
    story = way([Step("a", 1, Constant(5))], [came("a", 0, 1, 1.5)])
    later = story.with_step("a", capacity=2, time=HOUR)
    assert log(story, then=[(2.0, later)]) == [done(0, "a", 0, 0, 5), done(1, "a", 1, 2, 3), done(2, "a", 1.5, 3, 4)]


def test_at_a_change_the_blocked_are_pulled_after_those_who_wait_have_started():
    """From 2 there are two places and a queue of two: who waits starts, both at the door join it."""
    story = way([Step("a", 1, Constant(5), queue_limit=1)], [came("a", 0, 0.5, 1, 1.5)])
    later = story.with_step("a", capacity=2, queue_limit=2, patience=HOUR)
    assert log(story, then=[(2.0, later)]) == [
        done(0, "a", 0, 0, 5),
        done(1, "a", 0.5, 2, 7),
        gave_up(2, "a", 1, 3),
        gave_up(3, "a", 1.5, 3),
    ]


def test_the_blocked_keep_the_step_that_they_are_blocked_for():
    """From 2 all go to the lounge, where there is room; who is blocked for the bed waits for it, till 5."""
    steps = [Step("a", None, HOUR), bed(hours=5), Step("lounge", None, HOUR)]
    story = way(steps, [came("a", 0.5, 3), came("bed", 0)], on("a", "bed"))
    later = way(steps, story.arrivals, on("a", "lounge"))
    assert log(story, then=[(2.0, later)]) == [
        done(0, "bed", 0, 0, 5),
        done(1, "a", 0.5, 0.5, 1.5, "bed", left=5),
        done(2, "a", 3, 3, 4, "lounge"),
        done(2, "lounge", 4, 4, 5),
        done(1, "bed", 5, 5, 10),
    ]


def test_a_later_pathway_may_have_a_step_that_the_first_has_not():
    """Who finishes at 1 goes home, who finishes at 3 goes to the new lounge."""
    story = way([Step("a", None, HOUR)], [came("a", 0, 2)])
    later = way([Step("lounge", 1, HOUR), *story.steps], story.arrivals, on("a", "lounge"))
    assert log(story, then=[(1.5, later)]) == [
        done(0, "a", 0, 0, 1),
        done(1, "a", 2, 2, 3, "lounge"),
        done(1, "lounge", 3, 3, 4),
    ]


def test_whoever_joins_before_a_change_keeps_the_patience_of_then():
    """Joined without patience at 1, with patience at 3: only the second gives up."""
    story = way([Step("a", 1, Constant(9))], [came("a", 0, 1, 3)])
    assert log(story, then=[(2.0, story.with_step("a", patience=HOUR))]) == [
        done(0, "a", 0, 0, 9),
        done(1, "a", 1, 9, 18),
        gave_up(2, "a", 3, 4),
    ]


# ---- already here


def here(step, since, state="in_service", onward=None):
    return AlreadyHere(step, EVERYONE, since, state, onward)


def test_people_already_there_are_in_service_waiting_or_blocked():
    """In the bed until 2, when the blocked follows; the longest waiting first, then in the order of the list."""
    story = way([Step("a", 1, Constant(3)), bed(hours=4)], (), on("a", "bed"))
    old = [
        here("a", 1, "waiting"),
        here("bed", 2),
        here("a", 2, "waiting"),
        here("a", 1, "waiting"),
        here("a", 6, "blocked", "bed"),
    ]
    assert log(story, here=old, until=10.5) == [
        done(4, "a", -6, -6, 0, "bed", left=2),
        done(1, "bed", -2, -2, 2),
        done(2, "a", -2, 2, 5, "bed", left=6),
        done(0, "a", -1, 6, 9, "bed", left=10),
        there(3, "a", -1, 10),
        done(4, "bed", 2, 2, 6),
        done(2, "bed", 6, 6, 10),
        there(0, "bed", 10, 10),
    ]


def test_at_clock_zero_those_who_can_start_or_move_do_before_any_event():
    """The bed is free for the blocked, and that frees the place for who waits, ahead of who comes at 0."""
    story = way([Step("a", 1, HOUR), bed(hours=4)], [came("a", 0)], [])
    old = [here("a", 6, "blocked", "bed"), here("a", 1, "waiting")]
    assert log(story, here=old) == [
        done(0, "a", -6, -6, 0, "bed"),
        done(1, "a", -1, 0, 1),
        done(0, "bed", 0, 0, 4),
        done(2, "a", 0, 1, 2),
    ]


def test_where_more_are_there_than_places_nobody_starts_until_there_is_room():
    story = way([Step("a", 1, Constant(3))], [came("a", 0)])
    assert log(story, here=[here("a", 1), here("a", 2)]) == [
        done(1, "a", -2, -2, 1),
        done(0, "a", -1, -1, 2),
        done(2, "a", 0, 2, 5),
    ]


def test_what_remains_of_a_stay_is_drawn_given_how_long_it_has_lasted():
    """A stay uniform from 0 to 4 that has lasted 2 is uniform from 2 to 4: 2 more times the person's number."""
    story = way([Step("a", None, Uniform(0, 4))])
    people = draws.arrivals(draws.phases(story), LUCK, until=9.0, here=[here("a", 2)])
    number = draws.Fate(people, LUCK).number(0, "a", "time", 0)
    assert log(story, here=[here("a", 2)])[0][4] == pytest.approx(2 * number, abs=1e-12)


def test_patience_of_those_already_waiting_runs_from_when_they_joined():
    story = way([Step("a", 1, Constant(9), patience=Constant(3))])
    assert log(story, here=[here("a", 1), here("a", 1, "waiting")]) == [
        done(0, "a", -1, -1, 8),
        gave_up(1, "a", -1, 2),
    ]


def test_who_is_there_within_other_steps_holds_a_place_in_each_and_that_is_no_visit():
    """In the form's step, within plan, within ward. Back in the ward at 1 it is visit 0 there: their first number."""
    steps = [Step("ward", 1, Uniform(1, 2)), PLAN, Step("form", None, Constant(3), within="plan")]
    story = way(steps, [came("ward", 0)], on("form", "ward"))
    old = [here("form", 2)]
    people = draws.arrivals(draws.phases(story), LUCK, until=1000.0, here=old)
    fate = draws.Fate(people, LUCK)
    second = 1 + fate.length(1, steps[0], "time", 0)
    assert log(story, here=old) == [
        done(0, "ward", -2, -2, -2, "plan", left=1),
        done(0, "plan", -2, -2, -2, "form", left=1),
        done(0, "form", -2, -2, 1, "ward"),
        done(1, "ward", 0, 1, second),
        done(0, "ward", 1, second, second + fate.length(0, steps[0], "time", 0)),
    ]


def test_who_waits_within_a_ward_holds_the_ward():
    """Two are in the one bed's ward for the plan; at 2 both are gone, and who comes at 0 has a bed."""
    story = way([WARD, PLAN], [came("ward", 0)])
    assert log(story, here=[here("plan", 0), here("plan", 3, "waiting")], until=2.5) == [
        done(1, "ward", -3, -3, -3, "plan", left=2),
        done(1, "plan", -3, 1, 2),
        done(0, "ward", 0, 0, 0, "plan", left=1),
        done(0, "plan", 0, 0, 1),
        there(2, "ward", 0, 2),
    ]


# ---- deadlock


def crossing(a, b):
    """Each of two steps sends everybody to the other, after an hour."""
    return way([bed("a", a), bed("b", b)], [came("a", 0), came("b", 0)], [Route("a", "b"), Route("b", "a")])


def test_full_steps_whose_people_wait_for_each_other_are_a_deadlock():
    with pytest.raises(Deadlock) as found:
        log(crossing(1, 1))
    assert found.value.steps == {"a", "b"}


def test_people_already_there_can_be_a_deadlock_from_the_start():
    with pytest.raises(Deadlock):
        log(way(crossing(1, 1).steps), here=[here("a", 1, "blocked", "b"), here("b", 1, "blocked", "a")])


def test_a_deadlock_after_the_end_is_none():
    assert log(crossing(1, 1), until=1.0) == [there(0, "a", 0, 0), there(1, "b", 0, 0)]


def test_one_place_more_and_there_is_no_deadlock():
    """They change about at 1 and at 2, whoever is in "a" first."""
    assert log(crossing(1, 2), until=2.5) == [
        done(0, "a", 0, 0, 1, "b"),
        done(1, "b", 0, 0, 1, "a"),
        done(0, "b", 1, 1, 2, "a"),
        done(1, "a", 1, 1, 2, "b"),
        there(1, "b", 2, 2),
        there(0, "a", 2, 2),
    ]


def test_a_step_whose_rota_will_rise_is_part_of_no_deadlock():
    """From 1 both are blocked; at 5 a second place opens in "b", and so they change about."""
    story = crossing(1, Rota([1] * 5 + [2] * 19))
    assert log(story, until=5.5) == [
        done(0, "a", 0, 0, 1, "b", left=5),
        done(1, "b", 0, 0, 1, "a", left=5),
        there(0, "b", 5, 5),
        there(1, "a", 5, 5),
    ]


def test_a_step_that_a_change_will_widen_is_part_of_no_deadlock():
    """Two places in "a" from 5 to 6 are enough, and they are in sight from 1 on."""
    story = crossing(1, 1)
    assert log(story, until=5.5, then=[(5.0, story.with_step("a", capacity=2)), (6.0, story)]) == [
        done(0, "a", 0, 0, 1, "b", left=5),
        done(1, "b", 0, 0, 1, "a", left=5),
        there(1, "a", 5, 5),
        there(0, "b", 5, 5),
    ]


def test_a_queue_that_somebody_will_give_up_keeps_steps_from_a_deadlock():
    """The third waits for "b" and gives up at 4: the first joins the queue there, which frees "a"."""
    steps = [bed("a"), Step("b", 1, HOUR, queue_limit=1, patience=Constant(3.5))]
    story = way(steps, [came("a", 0), came("b", 0), came("b", 0.5)], [Route("a", "b"), Route("b", "a")])
    assert log(story, until=4.5) == [
        done(0, "a", 0, 0, 1, "b", left=4),
        done(1, "b", 0, 0, 1, "a", left=4),
        gave_up(2, "b", 0.5, 4),
        there(0, "b", 4, 4),
        there(1, "a", 4, 4),
    ]
    with pytest.raises(Deadlock):
        log(way([steps[0], Step("b", 1, HOUR, queue_limit=1)], story.arrivals, story.routes))


def test_slots_are_part_of_no_deadlock():
    """From 1 each is blocked for the other's step, until the slot of Tuesday 10:00, which is hour 34."""
    assert log(crossing(1, Slots([("Mon 00:00", 1), ("Tue 10:00", 1)])), until=34.5) == [
        done(0, "a", 0, 0, 1, "b", left=34),
        done(1, "b", 0, 0, 1, "a", left=34),
        there(0, "b", 34, 34),
        there(1, "a", 34, 34),
    ]


def test_a_shut_step_is_part_of_no_deadlock():
    """It has no place that somebody could hold."""
    story = way([Step("a", 1, HOUR), bed("shut", 0)], [came("a", 0)], on("a", "shut"))
    assert log(story) == [there(0, "a", 0, 0, 1, "shut")]


def test_who_holds_a_place_and_waits_in_the_queue_of_a_locked_step_is_locked_too():
    """The bed's holder waits for the plan, whose desk is held by somebody blocked for the bed."""
    steps = [bed("ward", 1, 2), Step("plan", 1, Constant(3), within="ward")]
    story = way(steps, [came("ward", 0), came("plan", 0)], [Route("ward", "plan"), Route("plan", "ward")])
    assert log(story, until=3.0) == [there(0, "ward", 0, 0, 2, "plan"), there(1, "plan", 0, 0), there(0, "plan", 2)]
    with pytest.raises(Deadlock) as found:
        log(story)
    assert found.value.steps == {"ward", "plan"}


# ---- visits


def test_each_entry_into_a_step_is_a_visit_with_luck_of_its_own():
    """Three rounds: the times are those of visits 0, 1 and 2."""
    story = way([Step("a", None, Uniform(1, 2))], [came("a", 0)], on("a", "a"))
    fate = draws.Fate(draws.arrivals(draws.phases(story), LUCK, until=1000.0), LUCK)
    first, second, third = (fate.length(0, story.step("a"), "time", visit) for visit in range(3))
    ends = [first, first + second, first + second + third]
    assert [row[4] for row in log(story)[:3]] == ends
    assert len({first, second, third}) == 3


def test_a_divert_is_no_visit_to_the_step_that_diverted_them():
    """Sent on from the full ward at 0, they come back to it from the lounge: visit 0 there."""
    ward = Step("ward", 1, Uniform(1, 2), queue_limit=0, when_full="divert", divert_to="lounge")
    steps = [ward, Step("lounge", None, Constant(9)), bed()]
    story = way(steps, [came("ward", 0, 0)], on("lounge", "ward"))
    fate = draws.Fate(draws.arrivals(draws.phases(story), LUCK, until=1000.0), LUCK)
    assert log(story) == [
        done(0, "ward", 0, 0, fate.length(0, ward, "time", 0)),
        done(1, "lounge", 0, 0, 9, "ward"),
        done(1, "ward", 9, 9, 9 + fate.length(1, ward, "time", 0)),
    ]


def test_who_goes_round_without_end_stops_the_run():
    """Rounds that take no time: the 10,000th entry is the end of it, and time stands still."""
    with pytest.raises(EndlessRound, match="a"):
        log(way([Step("a", None, Constant(0))], [came("a", 0)], on("a", "a")), until=1.0)


def test_going_round_for_less_than_10000_entries_is_no_endless_round():
    """An hour a round: entries at 0, 1, and so on to 9,998 are 9,999; one more is too many."""
    story = way([Step("a", None, HOUR)], [came("a", 0)], on("a", "a"))
    assert len(log(story, until=9_998.5)) == 9_999
    with pytest.raises(EndlessRound):
        log(story, until=9_999.5)


def test_no_time_in_the_log_is_after_the_end_and_rows_are_in_the_order_in_which_visits_began():
    """A busy pathway with every kind of step; a law of every log."""
    story = way(
        [
            Step("desk", 2, Uniform(0.1, 0.8), queue_limit=3, patience=HOUR, gives_up_to="out"),
            Step("ward", Rota([3] * 8 + [5] * 16), Uniform(2, 9), queue_limit=0, **DAYTIME),
            Step("plan", 1, Uniform(0.2, 0.9), within="ward"),
            Step("out", Slots([("Mon 10:00", 3), ("Tue 11:00", 3)]), Constant(0)),
        ],
        [Arrivals("desk", per_hour=3)],
        [Route("desk", "ward", 0.5), Route("ward", "plan", 0.6), Route("plan", "out"), Route("desk", "desk", 0.1)],
    )
    rows = log(story, until=48.0)
    assert {row[6] for row in rows} >= {"completed", "still_here", "gave_up"}
    assert max(time for row in rows for time in row[2:6] if time is not None) < 48
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    for row in rows:
        known = [time for time in row[2:6] if time is not None]
        assert known == sorted(known)
        assert not any(math.isinf(time) for time in known)
