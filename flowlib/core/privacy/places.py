"""
Does this say where a person lives? Full postcodes, and address lines.

Postcodes are those of the Royal Mail's Programmers' Guide to the PAF: an area, a
district, then a digit and two letters. The first half alone (LS1) is a district of
thousands, so it shows nobody.
"""

from __future__ import annotations

import re

__all__ = ["ADDRESS_HEADER", "address", "postcode", "postcode_in", "street"]

AREAS = frozenset(
    """
    AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX
    FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE
    NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ
    TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
    """.split()  # noqa: SIM905 - a list of 125 quoted words would be harder to read
)
POSTCODE = re.compile(
    r"(?P<area>[A-Z]{1,2})\s?(?P<district>\d[A-Z\d]?)(?P<gap>[\s._-]*)(?P<inward>\d[A-Z]{2})", re.IGNORECASE
)
IN_TEXT = re.compile(
    r"(?<![A-Z0-9])(?P<area>[A-Z]{1,2})(?P<district>\d[A-Z\d]?)[ .-]{0,2}(?P<inward>\d[ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])",
    re.IGNORECASE,
)
NOT_INWARD = frozenset({"st", "nd", "rd", "th", "am", "pm", "hr", "yr"})  # 1st, 9am, 4hr
STREETS = (
    "street|road|rd|avenue|ave|lane|ln|close|drive|crescent|cres|terrace|gardens|gdns|grove|mews|st|boulevard|parade"
)
MORE_STREETS = (
    f"{STREETS}|way|court|ct|place|pl|hill|row|walk|square|sq|park|view|green|rise|croft|cottages?|quay|end|villas"
)
NOT_BEFORE = r"(?<!ward )(?<!bay )(?<!bed )(?<!room )(?<!floor )(?<!level )(?<!clinic )(?<!theatre )(?<!unit )"
LETTER = r"[^\W\d_]"
NUMBERED = re.compile(
    rf"{NOT_BEFORE}\b\d{{1,4}}[a-z]?,?\s+(?:[^\W\d_][\w'’-]*\.?\s+){{1,3}}(?:{STREETS})\b", re.IGNORECASE
)
ANY_STREET = re.compile(rf"[^\W\d_]{{2,}}\s+(?:{MORE_STREETS})\b\.?", re.IGNORECASE)
HOUSE = re.compile(r"\d|\b(?:flat|house|cottage|farm|lodge|apartment|apt|c/o)\b", re.IGNORECASE)
# A home named and not numbered, and where it stands: "Rose Cottage, Leeds". Houses and lodges may be care homes.
HOME = re.compile(
    rf"\b(?:cottage|farm|farmhouse|bungalow|rectory|vicarage|barn|manse|croft)\b\s*,\s*{LETTER}{{3,}}", re.IGNORECASE
)
HOUSE_NAMED = re.compile(
    rf"{LETTER}[\w'’-]*\s+(?:house|lodge|villa|manor|grange|cottage|farm|bungalow|rectory|mill|hall)\s*,\s*{LETTER}{{3,}}",
    re.IGNORECASE,
)
ADDRESS_HEADER = re.compile(r"\baddr(?:ess)?\b|\bstreet\b|\bhouse (?:no|number|name)\b")


def postcode(text: str, *, strict: bool = False) -> bool:
    """
    Whether a whole text is a full postcode; *strict* asks for an area that exists.

    >>> postcode("ls1 4ap"), postcode("LS1"), postcode("QX99 9XX", strict=True)
    (True, False, False)
    """
    found = POSTCODE.fullmatch(text)
    if found is None or (found["inward"][1:] in NOT_INWARD and found["area"].isupper()):
        return False
    return not strict or found["area"].upper() in AREAS


def postcode_in(text: str) -> bool:
    """
    Whether a postcode of an area that exists stands in a text; "B12 9am" and "W7 1st" are none.

    >>> postcode_in("lives at 4 The Row, LS1 4AP"), postcode_in("moved to B12 9am")
    (True, False)
    """
    found = IN_TEXT.finditer(text)
    return any(one["area"].upper() in AREAS and one["inward"][1:] not in NOT_INWARD for one in found)


def address(text: str) -> bool:
    """
    Whether a number and a street, or a cottage or farm and its town, stand in a text.

    >>> address("Flat 2, 14 Acacia Avenue"), address("Ward 12 Park View"), address("Church Road Surgery")
    (True, False, False)
    """
    return NUMBERED.search(text) is not None or HOME.search(text) is not None


def street(text: str) -> bool:
    """Whether a text could be a line of an address: a kind of street, with a house or a comma."""
    return HOUSE_NAMED.search(text) is not None or (
        ANY_STREET.search(text) is not None and (HOUSE.search(text) is not None or "," in text)
    )
