"""Identities are seen, ids are not taken for them, and what is shown cannot be undone."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.core import privacy
from flowlib.core.privacy import identities, identity, identity_value, nhs_number, rekey, rounded, suppress

GIVEN = [
    "Maureen",
    "John",
    "Aisha",
    "Mohammed",
    "Olivia",
    "Jacqueline",
    "Bridget",
    "Tariq",
    "Priya",
    "Siân",
    "Zoltán",
    "Nkechi",
]
FAMILY = [
    "Hart",
    "Lark",
    "O'Brien",
    "Smith-Jones",
    "Okafor",
    "Patel",
    "van Dyk",
    "Nowak",
    "Begum",
    "McTavish",
    "Li",
    "Ó Murchú",
]


def made_nhs_number(luck):
    """Nine random digits and the tenth by the definition: 11 less the weighted sum over 11's remainder."""
    while True:
        nine = luck.integers(0, 10, 9)
        check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return "".join(map(str, nine)) + str(check % 11)


def people(luck, count=60):
    return [f"{luck.choice(GIVEN)} {luck.choice(FAMILY)}" for _ in range(count)]


def test_nhs_numbers_pass_by_their_own_check_digit():
    """Oracle: the number that the NHS Data Dictionary prints as its example, 943 476 5919, and each one digit off."""
    assert nhs_number("9434765919")
    assert nhs_number("943 476 5919")
    assert nhs_number("943-476-5919")
    assert not any(nhs_number(f"943476591{d}") for d in range(9))
    assert not nhs_number("943476591")
    assert not nhs_number("0000000000")
    luck = np.random.default_rng(1)
    assert all(nhs_number(made_nhs_number(luck)) for _ in range(500))


def test_1_in_11_random_numbers_passes_the_check():
    """Ten random digits: the share that passes is 1/11, within four standard errors at 20,000."""
    drawn = np.random.default_rng(2).integers(0, 10**10, 20_000)
    passed = np.mean([nhs_number(f"{n:010d}") for n in drawn])
    assert passed == pytest.approx(1 / 11, abs=4 * (1 / 11 * 10 / 11 / 20_000) ** 0.5)


@pytest.mark.parametrize("width", [9, 10, 11, 12])
@pytest.mark.parametrize("seed", range(8))
def test_random_ids_are_no_identity(width, seed):
    ids = [f"{n:0{width}d}" for n in np.random.default_rng(seed).integers(10 ** (width - 1), 10**width, 400)]
    assert identity("hospital_id", ids) is None
    assert identity("hospital_id", [int(one) for one in ids]) is None


@pytest.mark.parametrize(
    "ids",
    [[f"{n:010d}" for n in range(1, 300)], [f"00000{n:06d}" for n in range(300)], range(10_000, 10_300),
     ["A", "B", "NA", "AB"] * 20,
     [f"W{n:04d}" for n in range(99)], ["a1b2c3d4-e5f6-7890-abcd-ef1234567890"] * 9, [1.0, 2.0, 3.0] * 9,
     ["P-001", "P-002"] * 8],
    ids=str,
)  # fmt: skip
def test_running_numbers_and_codes_are_no_identity(ids):
    assert identity("patient", ids) is None


STEPS = [
    ["Triage", "Doctor", "X Ray", "Blood tests"], ["Emergency Department", "Home First", "Transfer hub", "Home care"],
    ["ER Registration", "ER Triage", "IV Liquid", "Release A", "Admission NC"], ["Rose", "Victoria", "Florence"],
    ["Rose Ward", "Victoria Ward", "Elizabeth Garrett Ward", "Florence Nightingale Ward"], ["A1", "B2", "C3"],
    ["Hip X-Ray", "CT Scan", "MRI", "Ultrasound"], ["P0", "P1", "P2"], ["65-84", "85+"], ["major", "minor"],
]  # fmt: skip


@pytest.mark.parametrize("steps", STEPS, ids=lambda steps: steps[0])
@pytest.mark.parametrize("header", ["ward", "step", "activity", "event_name", "location"])
def test_steps_and_wards_are_no_names(steps, header):
    assert identity(header, steps * 30) is None
    assert identity(header, steps) is None


@pytest.mark.parametrize("header", ["patient", "PatientName", "who", "surname_forename", "x", "step", "group"])
@pytest.mark.parametrize("form", ["{0} {1}", "{1}, {0}", "{1} {0}", "Mrs {0} {1}", "{0} A. {1}"])
def test_names_of_people_are_seen_under_any_header(header, form):
    luck = np.random.default_rng(4)
    full = [form.format(luck.choice(GIVEN), luck.choice(FAMILY)) for _ in range(80)]
    assert identity(header, full) == "name"
    assert identity(header, [name.upper() for name in full]) == "name"


def test_surnames_alone_are_seen_by_their_header():
    surnames = [
        "Hart",
        "Lark",
        "Okafor",
        "Patel",
        "Nowak",
        "Begum",
        "McTavish",
        "Singh",
        "Evans",
        "Wood",
        "Khan",
        "Shah",
    ]
    assert identity("surname", surnames) == "name"
    assert identity("service_user_surname", surnames) == "name"


def column(kind, luck, count=60):
    """Cells of one kind of identity."""
    numbers = [f"{n:06d}" for n in luck.integers(0, 10**6, count)]
    return {
        "NHS number": lambda: [made_nhs_number(luck) for _ in numbers],
        "name": lambda: people(luck, count),
        "postcode": lambda: [f"LS{n[0]} {n[1]}{chr(65 + int(n[2]))}{chr(70 + int(n[3]))}" for n in numbers],
        "e-mail address": lambda: [f"person{n}@example.org" for n in numbers],
        "telephone number": lambda: [f"07700 {n}" for n in numbers],
        "date of birth": lambda: [f"{int(n[0]) + 1:02d}/0{int(n[1]) % 9 + 1}/19{n[2:4]}" for n in numbers],
        "free text": lambda: [f"Seen by the ward doctor at {n}, to be reviewed tomorrow" for n in numbers],
    }[kind]()


KINDS = ["NHS number", "name", "postcode", "e-mail address", "telephone number", "date of birth", "free text"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("blank", ["", "NULL", "-", None, "n/a"])
def test_an_identity_is_seen_among_blanks_of_any_kind(kind, blank):
    """Two cells in three are blank in one of the ways that extracts write it."""
    cells = column(kind, np.random.default_rng(5))
    assert identity("x", [one for cell in cells for one in (cell, blank, blank)]) == kind


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("mobile", [7700900000 + n for n in range(50)], "telephone number"),  # as Excel keeps it
        ("x", ["+44 7700 900123", "0113 496 0000", "(0113) 4960001", "+353 1 234 5678"], "telephone number"),
        ("postcode", ["ls1 4ap", "SW1A1AA", "M1 1AE", "EC1A 1BB", "CR2 6XH", "dn55 1pt"], "postcode"),
        ("nhs_number", ["9990000000", "9990000001", "9990000002"], "NHS number"),  # of test people, whose check fails
        ("x", ["9434765919"] + ["local-1", "local-2"] * 4, "NHS number"),
        ("dob", ["03/02/1950", "04/05/1951"], "date of birth"),
        ("DateOfBirth", ["1950-02-03", "1951-05-04"], "date of birth"),
        ("birth weight", ["3200", "2900"], None),
        ("birth_dt", ["03/02/2026 04:10", "04/02/2026 09:55"], None),  # an event of a maternity ward
        ("seen", pd.to_datetime(["2026-02-03", "2026-02-04"]), None),
        ("x", pd.to_datetime([f"{year}-02-03" for year in range(1930, 2020)]), "date of birth"),
        ("notes", ["Triage"] * 50, None),
        ("step", ["Seen by the senior doctor in majors"] * 50, None),
        ("x", [], None),
        ("x", [None, np.nan, "-"], None),
    ],
)  # fmt: skip
def test_columns_of_every_sort_are_judged(header, cells, kind):
    assert identity(header, cells) == kind


def test_a_frame_is_judged_column_by_column():
    luck = np.random.default_rng(6)
    frame = pd.DataFrame({kind: column(kind, luck) for kind in KINDS} | {"ward": ["A1", "B2"] * 30})
    assert identities(frame) == {kind: kind for kind in KINDS}


def test_one_value_is_judged_only_beyond_doubt():
    assert [identity_value(one) for one in ("person", "ward 7", "A1 1", "2026", "Maureen")] == [None] * 5
    assert identity_value("maureen@example.org") == "e-mail address"


def test_new_keys_hold_nothing_of_the_old_and_stay_with_the_person():
    luck = np.random.default_rng(7)
    old = pd.Series([made_nhs_number(luck) for _ in range(300)])
    twice = pd.concat([old, old], ignore_index=True)
    new = rekey(twice)
    assert (new[:300].to_numpy() == new[300:].to_numpy()).all()
    assert new[:300].nunique() == 300
    assert all(re.fullmatch(r"P\d{4}", key) for key in new)
    assert rekey(twice).tolist() != new.tolist()  # at random: the same again would be a chance of 1 in 300!


# What is shown


def test_1_to_7_are_hidden_and_others_shown_to_the_nearest_5():
    """By hand, for the numbers 0 to 23."""
    shown = [rounded(n) for n in range(24)]
    assert shown == [
        "0",
        *"*******",
        "10",
        "10",
        "10",
        "10",
        "10",
        "15",
        "15",
        "15",
        "15",
        "15",
        "20",
        "20",
        "20",
        "20",
        "20",
        "25",
    ]
    assert [rounded(n, synthetic=True) for n in (0, 7, 8, 1234)] == ["0", "*", "8", "1,234"]


def test_what_describes_so_few_is_hidden_with_them():
    table = pd.DataFrame({"ward": list("abcd"), "people": [3, 8, 0, 1043], "median": [1.25, 2.0, np.nan, 1234.56]})
    shown = suppress(table, counts=["people"], describes=["median"])
    assert shown["people"].tolist() == ["*", "10", "0", "1,045"]
    assert shown["median"].tolist() == ["*", "2.0", "", "1,234.6"]
    assert shown["ward"].tolist() == list("abcd")
    assert table["people"].tolist() == [3, 8, 0, 1043]


def test_another_column_can_say_how_many_people_are_described():
    table = pd.DataFrame({"visits": [20, 20], "people": [5, 15], "median": [1.0, 2.0]})
    shown = suppress(table, counts=["visits"], describes=["median"], people="people")
    assert shown["median"].tolist() == ["*", "2.0"]
    assert shown["visits"].tolist() == ["*", "20"]


def test_each_column_of_counts_is_kept_from_its_own_total():
    """By hand: in "admitted" one small number alone would follow from the total, so the next smallest goes too."""
    table = pd.DataFrame({"people": [50, 60, 70], "admitted": [3, 20, 30]})
    shown = suppress(table, counts=["people", "admitted"], total=True)
    assert shown["people"].tolist() == ["50", "60", "70"]
    assert shown["admitted"].tolist() == ["*", "*", "30"]


def test_missing_counts_stay_missing():
    shown = suppress(pd.DataFrame({"people": [np.nan, 20.0]}), counts=["people"], total=True)
    assert shown["people"].tolist() == ["", "20"]


def test_columns_that_are_not_there_are_refused():
    table = pd.DataFrame({"people": [1]})
    assert said(lambda: suppress(table, counts=["peple"])) == (
        'No column called "peple"; there are "people". Did you mean "people"?'
    )
    assert said(lambda: suppress(table, counts=[])) == "Name at least one column that counts people."


@pytest.mark.parametrize(("rows", "most"), [(2, 40), (3, 24), (4, 12)])
def test_a_known_total_gives_no_hidden_number_away(rows, most):
    """
    Every table of so many rows, shown exactly and with its total where that is 8 or more.

    Whoever sees a table, its total, and knows the rule, can list all tables that look
    like it. In that list each hidden cell must hold at least two different numbers.
    """
    looks = {}
    for numbers in itertools.product(range(most + 1), repeat=rows):
        hide = privacy.shown._hidden(np.asarray(numbers, dtype=float), total=True)
        seen = tuple("*" if hidden else n for n, hidden in zip(numbers, hide, strict=True))
        total = sum(numbers)
        looks.setdefault((seen, total if total >= privacy.FEWEST or total == 0 else "*"), []).append(numbers)
    edge = most - privacy.FEWEST  # tables near the largest numbers have look-alikes beyond them
    given_away = [
        (seen, total)
        for (seen, total), tables in looks.items()
        for place, cell in enumerate(seen)
        if cell == "*" and max(max(table) for table in tables) <= edge and len({t[place] for t in tables}) < 2
    ]
    assert given_away == []


def test_zero_stays_where_anything_else_can_be_hidden():
    shown = suppress(pd.DataFrame({"people": [0, 3, 0, 40]}), counts=["people"], total=True)
    assert shown["people"].tolist() == ["0", "*", "0", "*"]


def test_without_a_total_nothing_more_is_hidden():
    shown = suppress(pd.DataFrame({"people": [0, 3, 20, 40]}), counts=["people"])
    assert shown["people"].tolist() == ["0", "*", "20", "40"]
