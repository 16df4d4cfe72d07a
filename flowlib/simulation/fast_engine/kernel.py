"""
What happens next? One loop over events, with no chance in it: arrays in, arrays out.

The rules are those of `simulation/README.md`, and the functions are named in its
words. Compiled where numba is installed (`loops`); plain Python, with the same results, where
it is not. The loop stops to ask when a person's way on is not planned yet, and goes
on from where it was.

An event does little by itself: it writes what follows on the **agenda**, a stack, so
that each freed place is settled, depth first, before the next event. A **node** is a
planned visit: somebody at a step, with that visit's times.

Each array is a table whose first index is one of the names below: `people[STATUS, p]`,
`steps[HOLDING, step]`, `nodes[STEP, node]`, `times[LEFT_AT, node]`.
"""

# These functions take tables and whole numbers, and are compiled as they stand.
# ruff: noqa: ANN001, ANN201, PLR1714, SIM109, SIM300
from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from flowlib.simulation.loops import compiled, inlined, place

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Tables, and what stands in each.
PHASE, HEAP_SIZE, SEQUENCE, AGENDA_SIZE, LIVE, COME, CALENDAR, ASKED, STUCK_AT, SLOTS_OPEN, TAKEN, NUMBERS = range(12)
CAP, HOLDING, QUEUE, IMPATIENT, STARTS, KEPT_OUT, OF_STEPS = range(7)
FIRST, LAST = 0, 1  # of a list of people
NODE, STATUS, BEFORE, AFTER, RANK, TARGET, WAY, ORIGIN, KEPT, ORDER, GROUP, OF_PEOPLE = range(12)
STEP, VISIT, OUTCOME, HEADING, UNDER, OF_NODES = range(6)
ARRIVED_AT, STARTED_AT, FINISHED_AT, LEFT_AT, OF_TIMES = range(5)
NEXT, DIVERTED, GIVEN_UP, OF_WAYS = range(4)
KIND, LIMIT, WHEN_FULL, PATIENT, HAS_HOURS, OPENS, CLOSES, WEEKDAYS, MOST, AT_CHANGE, OF_RULES = range(11)
TIME, TRUE_FINISH = 0, 1
WHAT, WHO = 0, 1
ENTRY_KIND, ENTRY_STEP, ENTRY_VALUE, ENTRY_RISES, OF_ENTRIES = range(5)

# How a step's capacity is stated.
PLACES, UNLIMITED, SLOTS = 0, 1, 2
# What somebody who wants to enter a step can do; after ENTER, the rules of a full step.
ENTER, BLOCK, TURN, DIVERT = 0, 1, 2, 3
# The order of events at one instant.
CHANGE, FINISH, ARRIVE, SLOT, GIVE_UP = 0, 1, 2, 3, 4
# Where a person is.
NOWHERE, WAITING, IN_SERVICE, PENDING, BLOCKED, GONE, GIVING_UP = 0, 1, 2, 3, 4, 5, 6
# How a visit ended; 0: it did not come to it.
COMPLETED, STILL_HERE, GAVE_UP, TURNED_AWAY = 1, 2, 3, 4
HOME, UNKNOWN, NONE, SEVERAL = -1, -2, -1, -2
# What stands on the agenda: give up places; come to a step; start who waits; pull who is blocked.
MOVE, ARRIVING, SERVE, PULL = 0, 1, 2, 3
# Why the loop stopped.
DONE, NEED_NEXT, NEED_DIVERT, NEED_GIVE, NEED_ROOM, LOCKED, ENDLESS = 0, 1, 2, 3, 4, 5, 6

MOST_VISITS = 10_000  # of one person to one step
MARGIN = 64  # entries of heap and agenda that any event may take
MINUTES_A_DAY, DAYS_A_WEEK, HOURS_A_DAY = 1440, 7, 24.0
KIND_BITS, STEP_BITS = 56, 40  # of an event's code: kind, then step, then person
PERSON, STEPS = (1 << STEP_BITS) - 1, (1 << (KIND_BITS - STEP_BITS)) - 1


class World(NamedTuple):
    """Every table of one run, in the order in which the loop takes them."""

    # The pathways; the second index is the phase, the third the step.
    rules: NDArray[np.int64]
    ranks: NDArray[np.int32]  # [phase, step, group]
    inside: NDArray[np.bool_]  # [phase, step, other]: the step is within the other
    calendar: NDArray[np.float64]  # moments, rising
    entries: NDArray[np.int64]  # what happens then
    until: float
    # The plan.
    nodes: NDArray[np.int32]
    lengths: NDArray[np.float64]  # [phase, node]
    patience: NDArray[np.float64]  # [phase, node]; none where nobody gives up
    ways: NDArray[np.int32]  # [NEXT..., phase, node]: the node that comes after
    # The state.
    numbers: NDArray[np.int64]
    clock: NDArray[np.float64]  # the moment of the last event
    steps: NDArray[np.int64]
    queues: NDArray[np.int32]  # [FIRST or LAST, step, rank]
    outside: NDArray[np.int32]  # [FIRST or LAST, step, where from]: who is blocked; the last column is the door
    retry: NDArray[np.float64]  # [step, where from]: when those passed over try again
    stuck: NDArray[np.int64]  # [step, other]: places there held by people who wait for the other
    freed: NDArray[np.int32]  # places just given up
    people: NDArray[np.int32]
    comes: NDArray[np.float64]  # when each person arrives
    gives: NDArray[np.float64]  # when each gives up who waits now
    times: NDArray[np.float64]
    heap: NDArray[np.float64]  # [TIME or TRUE_FINISH, entry]
    codes: NDArray[np.int64]  # of the entries of the heap
    agenda: NDArray[np.int32]  # [WHAT or WHO, entry]


@inlined
def sooner(time, true, code, other_time, other_true, other_code):
    """Whether the first event comes before the other: time, kind, true finish, step, person."""
    if time != other_time:
        return time < other_time
    if code >> KIND_BITS != other_code >> KIND_BITS:
        return code < other_code
    return true < other_true if true != other_true else code < other_code


@inlined
def sooner_of(heap, codes, one, other):
    """The entry of the two that comes first."""
    if heap[TIME, one] == heap[TIME, other] and not sooner(
        heap[TIME, one], heap[TRUE_FINISH, one], codes[one],
        heap[TIME, other], heap[TRUE_FINISH, other], codes[other],
    ):  # fmt: skip
        return other
    return one if heap[TIME, one] <= heap[TIME, other] else other


@inlined
def settle(heap, codes, size, time, true_finish, code):
    """Put an event at the top of the heap, in place of what is there, and let it sink to where it belongs."""
    at, child = 0, 1
    while child < size:
        if child + 3 < size:
            best = sooner_of(
                heap, codes, sooner_of(heap, codes, child, child + 1), sooner_of(heap, codes, child + 2, child + 3)
            )
        else:
            best = child
            for other in range(child + 1, size):
                best = sooner_of(heap, codes, best, place(other))
        if not sooner(heap[TIME, best], heap[TRUE_FINISH, best], codes[best], time, true_finish, code):
            break
        heap[TIME, at], heap[TRUE_FINISH, at], codes[at] = heap[TIME, best], heap[TRUE_FINISH, best], codes[best]
        at = best
        child = place(4 * at + 1)
    heap[TIME, at], heap[TRUE_FINISH, at], codes[at] = time, true_finish, code


@inlined
def expect(numbers, heap, codes, time, true_finish, kind, step, person):
    """Put an event on the heap, of which each entry is sooner than its four below."""
    code = (np.int64(kind) << KIND_BITS) | (np.int64(step) << STEP_BITS) | np.int64(person)
    at = place(numbers[HEAP_SIZE])
    if numbers[TAKEN]:
        numbers[TAKEN] = 0
        settle(heap, codes, at, time, true_finish, code)
        return
    numbers[HEAP_SIZE] = at + 1
    while at > 0:
        up = place((at - 1) >> 2)
        if not sooner(time, true_finish, code, heap[TIME, up], heap[TRUE_FINISH, up], codes[up]):
            break
        heap[TIME, at], heap[TRUE_FINISH, at], codes[at] = heap[TIME, up], heap[TRUE_FINISH, up], codes[up]
        at = up
    heap[TIME, at], heap[TRUE_FINISH, at], codes[at] = time, true_finish, code


@inlined
def close_gap(numbers, heap, codes):
    """Where the first event was taken and no other took its place, let the last one do so."""
    if numbers[TAKEN]:
        numbers[TAKEN] = 0
        last = place(numbers[HEAP_SIZE] - 1)
        numbers[HEAP_SIZE] = last
        settle(heap, codes, last, heap[TIME, last], heap[TRUE_FINISH, last], codes[last])


@inlined
def write(numbers, agenda, what, who):
    """Put something on top of the agenda."""
    at = place(numbers[AGENDA_SIZE])
    agenda[WHAT, at], agenda[WHO, at] = what, who
    numbers[AGENDA_SIZE] = at + 1


@compiled
def day_of(t):
    """The whole days that have passed."""
    day = np.int64(np.floor(t / HOURS_A_DAY))
    return day - 1 if day * HOURS_A_DAY > t else day


@inlined
def may_leave(rules, phase, step, t):
    """Whether *t* is inside the step's leaving hours."""
    if not rules[HAS_HOURS, phase, step]:
        return True
    day = day_of(t)
    opens = (day * MINUTES_A_DAY + rules[OPENS, phase, step]) / 60.0
    closes = (day * MINUTES_A_DAY + rules[CLOSES, phase, step]) / 60.0
    return bool((rules[WEEKDAYS, phase, step] >> (day % DAYS_A_WEEK)) & 1) and opens <= t and t < closes


@compiled
def opening_after(rules, phase, step, t):
    """The first opening of the step's leaving hours after *t*; *t* itself where it has none any more."""
    if not rules[HAS_HOURS, phase, step]:
        return t
    day = day_of(t)
    opens = np.inf
    for later in range(day, day + DAYS_A_WEEK + 2):
        opens = (later * MINUTES_A_DAY + rules[OPENS, phase, step]) / 60.0
        if (rules[WEEKDAYS, phase, step] >> (later % DAYS_A_WEEK)) & 1 and opens > t:
            break
    return opens


@inlined
def able(rules, steps, phase, step):
    """Whether the step can start somebody."""
    kind = rules[KIND, phase, step]
    if kind == PLACES:
        return steps[HOLDING, step] < steps[CAP, step]
    return kind == UNLIMITED or steps[STARTS, step] > 0


@inlined
def may_enter(rules, steps, phase, step):
    """Whether somebody may enter the step: room to wait, or able to start now."""
    if steps[QUEUE, step] < rules[LIMIT, phase, step]:
        return True
    return steps[QUEUE, step] == 0 and able(rules, steps, phase, step)


@compiled
def hold_for(nodes, stuck, node, step, change):
    """Count the places that somebody keeps, from *node* down, while waiting for *step*."""
    while node != NONE:
        stuck[nodes[STEP, node], step] += change
        node = nodes[UNDER, node]


@compiled
def holds(nodes, node, step):
    """Whether *step* is among the places kept, from *node* down."""
    while node != NONE:
        if nodes[STEP, node] == step:
            return True
        node = nodes[UNDER, node]
    return False


@inlined
def note_stuck(numbers, step):
    """Who waits for *step* has changed: steps may lock each other now."""
    before = numbers[STUCK_AT]
    numbers[STUCK_AT] = step if before == NONE or before == step else SEVERAL


@inlined
def start(rules, lengths, numbers, steps, people, times, heap, codes, person, step, node, t):
    """Service begins."""
    phase = place(numbers[PHASE])
    steps[HOLDING, step] += 1
    if rules[KIND, phase, step] == SLOTS:
        steps[STARTS, step] -= 1
    times[STARTED_AT, node] = t
    people[STATUS, person] = IN_SERVICE
    over = t + lengths[phase, node]
    expect(numbers, heap, codes, over, over, FINISH, step, person)


@inlined
def append(lists, people, step, column, person):
    """Somebody joins the end of a list."""
    last = lists[LAST, step, column]
    people[BEFORE, person], people[AFTER, person] = last, NONE
    if last == NONE:
        lists[FIRST, step, column] = person
    else:
        people[AFTER, place(last)] = person
    lists[LAST, step, column] = person


@inlined
def remove(lists, people, step, column, person):
    """Somebody leaves a list."""
    before, after = people[BEFORE, person], people[AFTER, person]
    if before == NONE:
        lists[FIRST, step, column] = after
    else:
        people[AFTER, place(before)] = after
    if after == NONE:
        lists[LAST, step, column] = before
    else:
        people[BEFORE, place(after)] = before


@inlined
def join_queue(
    rules, ranks, patience, numbers, steps, queues, stuck, people, gives, nodes, heap, codes, person, node, t
):
    """Somebody waits; *t* is when their patience began."""
    step, phase = place(nodes[STEP, node]), place(numbers[PHASE])
    rank = place(ranks[phase, step, place(people[GROUP, person])])
    people[RANK, person], people[STATUS, person] = rank, WAITING
    append(queues, people, step, rank, person)
    steps[QUEUE, step] += 1
    gives[person] = np.inf
    if not rules[PATIENT, phase, step]:
        gives_at = t + patience[phase, node]
        gives[person] = gives_at
        if gives_at < np.inf:
            steps[IMPATIENT, step] += 1
            expect(numbers, heap, codes, gives_at, gives_at, GIVE_UP, step, person)
    if people[KEPT, person] != NONE and gives[person] == np.inf:
        hold_for(nodes, stuck, people[KEPT, person], step, 1)
        note_stuck(numbers, step)


@inlined
def leave_queue(steps, queues, stuck, people, gives, nodes, person, step):
    """Somebody waits no more."""
    remove(queues, people, step, place(people[RANK, person]), person)
    steps[QUEUE, step] -= 1
    if gives[person] < np.inf:
        steps[IMPATIENT, step] -= 1
    elif people[KEPT, person] != NONE:
        hold_for(nodes, stuck, people[KEPT, person], step, -1)


@inlined
def first_waiting(queues, step):
    """Who starts next: by priority, then in the order of joining."""
    rank = 0
    while queues[FIRST, step, rank] == NONE:
        rank = place(rank + 1)
    return place(queues[FIRST, step, rank])


@compiled
def block(numbers, steps, outside, stuck, people, nodes, person, node, origin):
    """Somebody is blocked for the node's step, and keeps the places held."""
    step = nodes[STEP, node]
    people[STATUS, person], people[TARGET, person], people[ORIGIN, person] = BLOCKED, node, origin
    people[ORDER, person] = numbers[SEQUENCE]
    numbers[SEQUENCE] += 1
    append(outside, people, step, origin, person)
    steps[KEPT_OUT, step] += 1
    if origin < steps.shape[1]:
        stuck[origin, step] += 1
    hold_for(nodes, stuck, people[KEPT, person], step, 1)
    note_stuck(numbers, step)


@compiled
def unblock(numbers, steps, outside, stuck, people, nodes, agenda, person):
    """Somebody is blocked no more, and moves."""
    step, origin = nodes[STEP, people[TARGET, person]], people[ORIGIN, person]
    remove(outside, people, step, origin, person)
    steps[KEPT_OUT, step] -= 1
    if origin < steps.shape[1]:
        stuck[origin, step] -= 1
    hold_for(nodes, stuck, people[KEPT, person], step, -1)
    people[WAY, person] = ENTER
    write(numbers, agenda, MOVE, person)


@compiled
def first_blocked(rules, steps, outside, people, phase, step, t):
    """Who was blocked first for the step, of those inside their leaving hours."""
    found = np.int64(NONE)
    for origin in range(steps.shape[1] + 1):
        person = np.int64(outside[FIRST, step, origin])
        if (
            person != NONE
            and (found == NONE or people[ORDER, person] < people[ORDER, found])
            and (origin == steps.shape[1] or may_leave(rules, phase, origin, t))
        ):
            found = person
    return found


@compiled
def pass_over(rules, numbers, steps, outside, retry, people, times, heap, codes, step, t):
    """Those outside their leaving hours will try again at the next opening."""
    phase = numbers[PHASE]
    for origin in range(steps.shape[1]):
        person = outside[FIRST, step, origin]
        if person != NONE and retry[step, origin] <= t:
            opening = opening_after(rules, phase, origin, t)
            retry[step, origin] = opening
            while person != NONE:
                finished = times[FINISHED_AT, people[NODE, person]]
                expect(numbers, heap, codes, opening, finished, FINISH, origin, person)
                person = people[AFTER, person]


@inlined
def release(inside, phase, steps, people, nodes, times, freed, person, t):
    """Give up the places that are not kept in the target, the one taken last first; how many are free."""
    node, target = place(people[NODE, person]), np.int64(HOME)
    if people[TARGET, person] != HOME and people[WAY, person] != TURN:
        target = place(nodes[STEP, place(people[TARGET, person])])
    count, lowest, under = 0, NONE, people[KEPT, person]
    people[KEPT, person] = NONE
    if people[STATUS, person] != GIVING_UP and people[ORIGIN, person] < steps.shape[1]:
        nodes[UNDER, node], under = under, node
    while under != NONE:
        held = place(under)
        step, under = place(nodes[STEP, held]), nodes[UNDER, held]
        if target != HOME and inside[phase, place(target), step]:
            if lowest == NONE:
                people[KEPT, person] = held
            else:
                nodes[UNDER, lowest] = held
            lowest = held
        else:
            steps[HOLDING, step] -= 1
            times[LEFT_AT, held] = t
            nodes[OUTCOME, held] = COMPLETED
            freed[count] = step
            count = place(count + 1)
    if lowest != NONE:
        nodes[UNDER, lowest] = NONE
    return count


@inlined
def move(inside, numbers, steps, people, nodes, times, freed, agenda, person, t):
    """Somebody leaves: whoever waits for the places starts, then they enter the next step, then others are pulled."""
    count = release(inside, place(numbers[PHASE]), steps, people, nodes, times, freed, person, t)
    for last in range(count):
        step = place(freed[place(count - 1 - last)])
        if steps[KEPT_OUT, step] > 0:
            write(numbers, agenda, PULL, step)
    if people[STATUS, person] == GIVING_UP:
        write(numbers, agenda, PULL, nodes[STEP, people[NODE, person]])
    if people[TARGET, person] == HOME:
        people[STATUS, person] = GONE
        numbers[LIVE] -= 1
    else:
        write(numbers, agenda, ARRIVING, person)
    for last in range(count):
        step = place(freed[place(count - 1 - last)])
        if steps[QUEUE, step] > 0:
            write(numbers, agenda, SERVE, step)


@inlined
def come(nodes, times, node, outcome, t):
    """A planned visit comes about."""
    nodes[OUTCOME, node] = outcome
    times[ARRIVED_AT, node] = t
    times[STARTED_AT, node] = times[FINISHED_AT, node] = times[LEFT_AT, node] = np.nan


@compiled
def turn_away(numbers, people, nodes, times, person, node, t):
    """The journey ends at a full step."""
    come(nodes, times, node, TURNED_AWAY, t)
    times[LEFT_AT, node] = t
    people[STATUS, person] = GONE
    numbers[LIVE] -= 1


@compiled
def calendar_entry(rules, calendar, entries, numbers, steps, retry, agenda):
    """A change of pathway, a rota change, or slots: those who wait start, then the blocked are pulled."""
    at = numbers[CALENDAR]
    numbers[CALENDAR] = at + 1
    first = last = entries[ENTRY_STEP, at]
    value = entries[ENTRY_VALUE, at]
    if first == NONE:
        numbers[PHASE], numbers[STUCK_AT] = value, SEVERAL
        retry[:] = -1.0
        first, last = 0, steps.shape[1] - 1
        for step in range(steps.shape[1]):
            steps[CAP, step] = rules[AT_CHANGE, value, step]
    elif entries[ENTRY_KIND, at] == SLOT:
        steps[STARTS, first] = value
        numbers[SLOTS_OPEN] = 1
    else:  # every rota that changes at this moment has changed before anybody starts
        entry = at
        while entry < len(calendar) and calendar[entry] == calendar[at] and entries[ENTRY_KIND, entry] == CHANGE:
            steps[CAP, entries[ENTRY_STEP, entry]] = entries[ENTRY_VALUE, entry]
            entry += 1
        if not entries[ENTRY_RISES, at]:
            return
    for step in range(last, first - 1, -1):
        write(numbers, agenda, PULL, step)
        write(numbers, agenda, SERVE, step)


@compiled
def all_stuck(rules, phase, steps, stuck, step):
    """Whether every place that the step will ever have is held by somebody stuck for some step."""
    if rules[MOST, phase, step] <= 0 or rules[MOST, phase, step] > steps[HOLDING, step]:
        return False
    held = 0
    for other in range(steps.shape[1]):
        held += stuck[step, other]
    return held >= steps[HOLDING, step]


@compiled
def locked(rules, phase, steps, stuck, inside):
    """
    Whether steps lock each other.

    A set of steps, each full, whose every place is held by somebody stuck for a step in
    the set. The largest such set is left in STARTS as -1, which a run that stops needs no more.
    """
    count = steps.shape[1]
    for step in range(count):
        full = 0 < rules[MOST, phase, step] and rules[MOST, phase, step] <= steps[HOLDING, step]
        inside[step] = full and steps[IMPATIENT, step] == 0
    shrinking = True
    while shrinking:
        shrinking = False
        for step in range(count):
            held = 0
            for other in range(count):
                if inside[other]:
                    held += stuck[step, other]
            if inside[step] and held < steps[HOLDING, step]:
                inside[step] = False
                shrinking = True
    for step in range(count):
        if inside[step]:
            steps[STARTS, step] = -1
    return inside.any()


@compiled
def go(  # noqa: C901, PLR0911, PLR0912, PLR0915 - one loop, so that compiled code has nothing to hand over
    rules, ranks, inside, calendar, entries, until, nodes, lengths, patience, ways, numbers, clock, steps, queues,
    outside, retry, stuck, freed, people, comes, gives, times, heap, codes, agenda,
):  # fmt: skip
    """Go on until the end, or until something is asked; the tables are those of `World`."""
    t, door = clock[0], steps.shape[1]
    while True:
        # What follows from the last event, until nothing does.
        while numbers[AGENDA_SIZE] > 0:
            at, phase = place(numbers[AGENDA_SIZE] - 1), place(numbers[PHASE])
            what, who = agenda[WHAT, at], place(agenda[WHO, at])
            if what == SERVE and steps[QUEUE, who] > 0 and able(rules, steps, phase, who):
                person = first_waiting(queues, who)
                leave_queue(steps, queues, stuck, people, gives, nodes, person, who)
                node = place(people[NODE, person])
                start(rules, lengths, numbers, steps, people, times, heap, codes, person, who, node, t)
                continue
            if what == PULL and steps[KEPT_OUT, who] > 0 and may_enter(rules, steps, phase, who):
                blocked = first_blocked(rules, steps, outside, people, phase, who, t)
                if blocked != NONE:
                    unblock(numbers, steps, outside, stuck, people, nodes, agenda, blocked)
                    continue
                pass_over(rules, numbers, steps, outside, retry, people, times, heap, codes, who, t)
            numbers[AGENDA_SIZE] = at
            if what == MOVE:
                move(inside, numbers, steps, people, nodes, times, freed, agenda, who, t)
            elif what == ARRIVING:
                node = place(people[TARGET, who])
                step = place(nodes[STEP, node])
                if people[WAY, who] == TURN:
                    turn_away(numbers, people, nodes, times, who, node, t)
                    continue
                if nodes[OUTCOME, node] != STILL_HERE:  # else they came to the door before
                    come(nodes, times, node, STILL_HERE, t)
                people[NODE, who] = node
                if people[WAY, who] == BLOCK:
                    block(numbers, steps, outside, stuck, people, nodes, who, node, door)
                elif nodes[VISIT, node] >= MOST_VISITS - 1:
                    numbers[ASKED] = step
                    return ENDLESS
                elif (steps[QUEUE, step] > 0 or not able(rules, steps, phase, step)) and steps[QUEUE, step] < rules[
                    LIMIT, phase, step
                ]:
                    join_queue(
                        rules, ranks, patience, numbers, steps, queues, stuck, people, gives, nodes, heap, codes,
                        who, node, t,
                    )  # fmt: skip
                else:  # able, or on their own place
                    start(rules, lengths, numbers, steps, people, times, heap, codes, who, step, node, t)

        # Do steps lock each other now?
        at = numbers[STUCK_AT]
        if at != NONE:
            numbers[STUCK_AT] = NONE
            if (at == SEVERAL or all_stuck(rules, numbers[PHASE], steps, stuck, at)) and locked(
                rules, numbers[PHASE], steps, stuck, inside[0, 0]
            ):
                return LOCKED
        close_gap(numbers, heap, codes)
        if numbers[HEAP_SIZE] + MARGIN + 4 * door + (4 + door) * numbers[LIVE] > codes.shape[0]:
            return NEED_ROOM

        # Which event is next?
        t, kind, person, true_finish = np.inf, np.int64(GIVE_UP), np.int64(0), np.inf
        if numbers[HEAP_SIZE] > 0:
            t, true_finish = heap[TIME, 0], heap[TRUE_FINISH, 0]
            kind, person = codes[0] >> KIND_BITS, codes[0] & PERSON
        coming = place(numbers[COME])
        if coming < people.shape[1] and (comes[coming] < t or (comes[coming] == t and kind > ARRIVE)):
            t, kind, person = comes[coming], np.int64(ARRIVE), coming
        at = place(numbers[CALENDAR])
        if at < calendar.shape[0] and (calendar[at] < t or (calendar[at] == t and entries[ENTRY_KIND, at] < kind)):
            t, kind = calendar[at], entries[ENTRY_KIND, at]
        if not t < until:
            return DONE
        if numbers[SLOTS_OPEN] and t > clock[0]:  # starts not used in their moment are lost
            steps[STARTS, :] = 0
            numbers[SLOTS_OPEN] = 0
        clock[0] = t
        if kind == CHANGE or kind == SLOT:
            calendar_entry(rules, calendar, entries, numbers, steps, retry, agenda)
            continue

        # What does the person want?
        phase, node, status = place(numbers[PHASE]), place(people[NODE, person]), people[STATUS, person]
        step, kept = place(nodes[STEP, node]), np.int32(NONE)
        wanted = np.int64(UNKNOWN)
        if kind == ARRIVE:
            wanted = person
        elif (codes[0] >> STEP_BITS) & STEPS != step:
            pass  # they have gone on since
        elif kind == GIVE_UP:
            if status == WAITING and gives[person] == t:
                wanted, kept = np.int64(ways[GIVEN_UP, phase, node]), people[KEPT, person]
                if wanted == UNKNOWN:
                    numbers[ASKED] = node
                    return NEED_GIVE
        elif (true_finish == t and status == IN_SERVICE) or (
            times[FINISHED_AT, node] == true_finish and (status == PENDING or status == BLOCKED)
        ):
            if not may_leave(rules, phase, step, t):
                if status == IN_SERVICE:
                    times[FINISHED_AT, node] = t
                    people[STATUS, person] = PENDING
                numbers[TAKEN] = 1
                opening = opening_after(rules, phase, step, t)
                expect(numbers, heap, codes, opening, true_finish, FINISH, step, person)
                continue
            if status == BLOCKED:
                if may_enter(rules, steps, phase, place(nodes[STEP, place(people[TARGET, person])])):
                    unblock(numbers, steps, outside, stuck, people, nodes, agenda, person)
            else:
                wanted, kept = np.int64(ways[NEXT, phase, node]), people[KEPT, person]
                if wanted == UNKNOWN:
                    numbers[ASKED] = node
                    return NEED_NEXT

        # Can they enter it? Who gives up waits no more.
        waits = np.int64(kind == GIVE_UP and wanted != UNKNOWN)
        steps[QUEUE, step] -= waits
        way = np.int64(ENTER)
        while wanted >= 0:
            to = place(nodes[STEP, wanted])
            if may_enter(rules, steps, phase, to) or (
                rules[KIND, phase, to] == PLACES and ((kind == FINISH and to == step) or holds(nodes, kept, to))
            ):
                break
            if rules[WHEN_FULL, phase, to] != DIVERT:
                way = rules[WHEN_FULL, phase, to]
                break
            if ways[DIVERTED, phase, wanted] == UNKNOWN:
                numbers[ASKED] = wanted
                steps[QUEUE, step] += waits
                return NEED_DIVERT
            wanted = np.int64(ways[DIVERTED, phase, wanted])

        steps[QUEUE, step] += waits

        # What follows?
        if kind == ARRIVE:
            numbers[COME] = person + 1
            numbers[LIVE] += 1
        else:
            numbers[TAKEN] = 1
        if wanted == UNKNOWN:
            continue
        people[TARGET, person], people[WAY, person] = wanted, way
        if kind == ARRIVE:
            write(numbers, agenda, ARRIVING, person)
            continue
        nodes[HEADING, node] = HOME if wanted == HOME else nodes[STEP, wanted]
        if kind == GIVE_UP:
            leave_queue(steps, queues, stuck, people, gives, nodes, person, step)
            times[LEFT_AT, node] = t
            nodes[OUTCOME, node] = GAVE_UP
            people[STATUS, person] = GIVING_UP
            note_stuck(numbers, step)  # nobody else there may be about to give up
            write(numbers, agenda, MOVE, person)
            continue
        times[FINISHED_AT, node] = true_finish
        people[ORIGIN, person] = step
        if way == BLOCK:
            block(numbers, steps, outside, stuck, people, nodes, person, wanted, step)
        else:
            move(inside, numbers, steps, people, nodes, times, freed, agenda, person, t)
