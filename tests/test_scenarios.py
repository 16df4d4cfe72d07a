"""Do scenario sets hold every combination once, and each lever where its name says?"""

import pytest
from refusals import said

from flowlib import Arrivals, Exponential, Pathway, Step, hours
from flowlib.redesign.experiment import compare, full_factorial, mean_wait, one_at_a_time
from flowlib.redesign.levers import add_capacity, change_arrivals, change_time
from flowlib.redesign.scenarios import AS_IT_IS

WARD = Pathway("Ward", [Step("ward", 4, Exponential(hours(20)))], [Arrivals("ward", per_hour=0.15)])
FACTORS = {
    "beds": {"4": None, "5": lambda pathway: add_capacity(pathway, "ward"),
             "6": lambda pathway: add_capacity(pathway, "ward", 2)},
    "stay": {"as now": None, "a tenth shorter": lambda pathway: change_time(pathway, "ward", 0.9)},
}  # fmt: skip


def beds_and_stay(pathway):
    return pathway.step("ward").capacity, pathway.step("ward").time.mean


def test_a_full_factorial_set_has_every_level_with_every_other_once():
    """By head: three numbers of beds by two lengths of stay."""
    made = full_factorial(WARD, FACTORS)
    assert {name: beds_and_stay(pathway) for name, pathway in made.items()} == {
        f"beds: {beds}, stay: {stay}": (beds, mean)
        for beds in (4, 5, 6)
        for stay, mean in (("as now", 20), ("a tenth shorter", 18))
    }
    assert next(iter(made.values())) == WARD


def test_levers_are_pulled_in_the_order_of_the_factors():
    """Two more and then times a half is not times a half and then two more."""
    more = {"more": lambda pathway: add_capacity(pathway, "ward", 2)}
    half = {"half": lambda pathway: pathway.with_step("ward", capacity=pathway.step("ward").capacity // 2)}
    beds = [
        beds_and_stay(pathway)[0]
        for factors in ({"a": more, "b": half}, {"b": half, "a": more})
        for pathway in full_factorial(WARD, factors).values()
    ]
    assert beds == [3, 4]


def test_one_at_a_time_changes_one_thing_in_each_scenario():
    made = one_at_a_time(WARD, FACTORS)
    assert {name: beds_and_stay(pathway) for name, pathway in made.items()} == {
        AS_IT_IS: (4, 20), "beds: 5": (5, 20), "beds: 6": (6, 20), "stay: a tenth shorter": (4, 18),
    }  # fmt: skip


def test_a_set_goes_straight_into_compare_which_holds_all_against_the_first():
    made = compare(one_at_a_time(WARD, FACTORS), [mean_wait("ward")], days=20, warm_up_days=5, runs=3)
    assert made.base == AS_IT_IS
    assert made.table["scenario"].tolist() == [AS_IT_IS, "beds: 5", "beds: 6", "stay: a tenth shorter"]


@pytest.mark.parametrize("make", [full_factorial, one_at_a_time])
@pytest.mark.parametrize(
    ("base", "factors", "sentence"),
    [
        (3, FACTORS, "A scenario set starts from a Pathway; int came."),
        (WARD, {}, "Name at least one factor"),
        (WARD, {"beds": {}}, 'Factor "beds" needs levels by name'),
        (WARD, {"beds": [5, 6]}, 'Factor "beds" needs levels by name'),
        (WARD, {"beds": {"5": 5}}, 'Level "beds: 5" must be a lever'),
        (WARD, {"beds": {"5": lambda _: 5}}, 'The lever of "beds: 5" must give a Pathway; 5 came.'),
    ],
)
def test_what_makes_no_set_is_refused(make, base, factors, sentence):
    assert sentence in said(lambda: make(base, factors))


def test_a_set_of_too_many_scenarios_or_of_one_name_for_two_is_refused():
    many = {f"{k}": {f"{level}": None for level in range(11)} for k in range(3)}
    assert "That would be 1,331 scenarios; 1,000 are the most." in said(lambda: full_factorial(WARD, many))

    def busier(pathway):
        return change_arrivals(pathway, 1.1)

    alike = {"a": {"1": busier, "1, b: 2": busier}, "b": {"2, b: 3": busier, "3": busier}}
    assert "Two scenarios would have one name" in said(lambda: full_factorial(WARD, alike))
