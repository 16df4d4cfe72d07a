"""Which features of a pathway really made something happen in a run?"""

import math
from collections import defaultdict

from flowlib import Rota, Slots
from flowlib.core.capacity import clock

# Places in a visit.
PERSON, STEP, ARRIVED, STARTED, FINISHED, LEFT, OUTCOME, NEXT = range(8)


def fired(case, visits):
    """The names of what happened; *visits* as tuples, or why the run stopped."""
    if not isinstance(visits, list):
        return {"stopped"}
    steps = {step.name: step for phase in case.course for step in phase.pathway.steps}
    found = {v[OUTCOME] for v in visits}
    people, here = case.people, len(case.here)
    seen, starts, entries = defaultdict(list), defaultdict(int), set()
    for v in visits:
        step = steps[v[STEP]]
        found |= set(of_visit(v, step, steps))
        if v[PERSON] not in entries and v[PERSON] >= here and v[STEP] != people.streams[people.stream[v[PERSON]]].step:
            found.add("diverted")
        entries.add(v[PERSON])
        if v[PERSON] < here and v[STARTED] > 0:
            found.add("already here")
        if len(case.course) > 1 and v[STARTED] > case.course[1].begins:
            found.add("change on a date")
        found |= {"loop"} if v[PERSON] in seen[v[STEP]] else set()
        seen[v[STEP]].append(v[PERSON])
        starts[v[STARTED]] += 1
    if any(count > 1 for start, count in starts.items() if not math.isnan(start)):
        found.add("tie")
    if overtaken(visits, steps):
        found.add("priority")
    return found


def of_visit(v, step, steps):
    """What one visit shows."""
    waited = v[STARTED] > v[ARRIVED]
    if waited and isinstance(step.capacity, Rota) and v[STARTED] == int(v[STARTED]):
        yield "rota"
    if isinstance(step.capacity, Slots) and waited:
        yield "slot"
        if any(v[ARRIVED] < moment < v[STARTED] for moment in moments(step.capacity, v[STARTED])):
            yield "missed a slot"
    if step.capacity is None and v[STARTED] > 0:
        yield "unlimited"
    if v[LEFT] > v[FINISHED]:
        onward = steps.get(v[NEXT])
        if onward is not None and onward.within == v[STEP]:
            yield "within"
        elif step.leaves_between is not None and math.isclose((v[LEFT] % 24), clock("open", step.leaves_between[0])):
            yield "leaving hours"
        elif step.leaves_between is None:
            yield "blocked"


def moments(slots, until):
    return (week * 168 + moment for week in range(int(until // 168) + 1) for moment, number in slots.moments if number)


def overtaken(visits, steps):
    """Whether somebody began before somebody who had joined earlier, where some come first."""
    by_step = defaultdict(list)
    for v in visits:
        if steps[v[STEP]].priority and not math.isnan(v[STARTED]):
            by_step[v[STEP]].append((v[ARRIVED], v[STARTED]))
    return any(
        one[0] < other[0] < one[1] and other[1] < one[1]
        for pairs in by_step.values()
        for one in pairs
        for other in pairs
    )
