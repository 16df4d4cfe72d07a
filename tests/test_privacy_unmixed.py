"""Among codes and blanks, and in odd dress, identities are found; what only looks like one is let through."""

import numpy as np
import pandas as pd
import pytest

from flowlib.core.privacy import identities, identity, identity_value

ROWS = 60
CODES = ["A1", "B2", "C3", "0", "yes", "not known"]


def among(cells, fillers, every=4):
    """A column in which each fourth cell is one of *cells* and the others are fillers."""
    return [cells[(k // every) % len(cells)] if k % every == 0 else fillers[k % len(fillers)] for k in range(ROWS)]


@pytest.mark.parametrize("filler", CODES)
@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["14/05/1928", "11/03/1973", "02/12/1951", "30/08/1940", "17/01/1966"], "date of birth"),
        (["14051928", "11031973", "02121951", "30081940", "17011966"], "date of birth"),
        (["Mar 25, 1978", "May 2, 1931", "Oct 19, 1944", "Jan 8, 1950", "Jun 30, 1969"], "date of birth"),
        (["p.harvey", "m.okafor", "s.robinson", "j.sharma", "l.murphy"], "name"),
        (["Payne; Jacob", "Ford; Rachel", "Okafor; Amina", "Murphy; Sean", "Sharma; Priya"], "name"),
        (["Oliver_Butler", "Jasmine_Phillips", "Aisha_Okafor", "Sean_Murphy", "Priya_Sharma"], "name"),
        (["Rose Cottage, Crewe", "Hill Farm, Whitby", "The Bungalow, Perth", "Old Rectory, Bath"], "address"),
        (["m.hart @ nhs.net", "amina77 @ sky.com", "j.lark @ outlook.com"], "e-mail address"),
        (["m hart at nhs dot net", "amina at sky dot com", "lark at outlook dot com"], "e-mail address"),
    ],
)
def test_identities_are_found_in_1_cell_of_4_whatever_stands_between(cells, kind, filler):
    """Oracle: the cells were written by hand from the public formats."""
    assert identity("ref", among(cells, [filler])) == kind


@pytest.mark.parametrize("shape", ["%032x", "%016x-%016x"])
@pytest.mark.parametrize("seed", range(5))
def test_keys_made_by_a_machine_hold_no_numbers_of_people(shape, seed):
    """Their figures make telephone and health numbers by chance, as in 1 of 4 such columns before."""
    luck = np.random.default_rng(seed)
    keys = [shape % tuple(int(luck.integers(2**62)) for _ in range(shape.count("%"))) for _ in range(500)]
    assert identities(pd.DataFrame({"id": keys})) == {}


@pytest.mark.parametrize("header", ["ward", "site", "to unit"])
def test_wards_named_for_people_are_wards(header):
    wards = ["Nightingale", "Seacole", "Harris", "Gordon", "Scott", "Campbell", "Douglas", "Stanley", "Florence"]
    assert identity(header, among(wards, wards)) is None


def test_surnames_alone_are_told_from_few_codes():
    """Seven or more family names that are no ordinary words, and nothing else, are people."""
    surnames = ["Patel", "Okafor", "Kowalski", "Murphy", "Hussain", "Davies", "Nguyen", "O'Brien", "Sharma", "Ahmed"]
    assert identity("extra", [surnames[k % 10] for k in range(30)]) == "name"
    assert identity("extra", ["Red", "Amber", "Green", "Blue", "Rose", "Ivy", "Ash", "Oak", "Elm", "Bay"] * 3) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Maureen Hartley", "name"),
        ("HART, Maureen", "name"),
        ("Ward name", None),
        ("Rose Ward", None),
        ("Discharge ready date", None),
    ],
)
def test_a_heading_or_a_sheet_that_is_a_person_is_seen_as_one(text, kind):
    """The files' own check asks this of each heading, so that a first row of data is not taken for headings."""
    assert identity_value(text) == kind


@pytest.mark.parametrize(
    "cells",
    [
        ["01012024", "15022024", "30032024", "28042024"] * 5,  # days of one year, the day first
        ["Seen @ 9.30 by team", "Moved @ noon"] * 5,
        ["look at home then dot plot", "meet at four"] * 5,
        ["20240101", "20240215", "20240330"] * 5,
        ["Ashley House, Wexmoor", "Oak Lodge, Wexmoor"] * 8,
        ["1947 5642 9527", "8011 2201 6003", "2044 1812 9090"] * 5,  # a booking number: 12 digits by fours
    ],
)
def test_what_only_looks_like_an_identity_is_let_through(cells):
    assert identity("ref", cells) is None
