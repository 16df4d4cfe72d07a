"""
Extracts with identities hidden in them, and extracts without: made apart from what looks for them.

The formats are public ones: NHS, CHI and H&C numbers by their own definition, postcodes
by the Royal Mail's areas, telephone numbers of the ranges that Ofcom keeps for drama,
names of a list of its own. Nobody in them is real.
"""

import datetime as dt
import random
import string

import pandas as pd
from identities_words import (
    AREAS,
    CLINICS,
    FAMILY,
    GIVEN,
    MONTHS,
    ODD_HEADERS,
    STATUSES,
    STREETS,
    WARDS,
    WORDS,
)


def weighed(nine):
    """The remainder by 11 of nine digits times 10, 9, ... 2."""
    total = 0
    for place, digit in enumerate(nine):
        total += int(digit) * (10 - place)
    return total % 11


def checked(nine):
    """Ten digits: those nine, as made by *nine()*, and the one that makes them right."""
    while True:
        first = nine()
        last = (11 - weighed(first)) % 11
        if last < 10:
            return f"{first}{last}"


def digits(luck, count):
    return "".join(luck.choices(string.digits, k=count))


def nhs(luck):
    return checked(lambda: luck.choice("4679") + digits(luck, 8))


def chi(luck):
    def nine():
        born = birthday(luck)
        return f"{born:%d%m%y}{digits(luck, 3)}"

    return checked(nine)


def hcn(luck):
    return checked(lambda: "3" + luck.choice("23456789") + digits(luck, 7))


def birthday(luck):
    return dt.date(1928, 1, 1) + dt.timedelta(days=luck.randrange(33_000))


def number_dressed(luck, number, how):
    """One health service number as people and programs write it."""
    a, b, c = number[:3], number[3:6], number[6:]
    return {
        "plain": number,
        "spaces": f"{a} {b} {c}",
        "dashes": f"{a}-{b}-{c}",
        "dots": f"{a}.{b}.{c}",
        "two": f"{a}  {b} {c}",
        "nbsp": f"{a}\u00a0{b}\u00a0{c}",
        "float": float(number),
        "float text": f"{number}.0",
        "quote": f"'{number}",
        "science": f"{int(number[0])}.{number[1:]}E+09",
        "padded": f"  {number} ",
        "formula": f'="{number}"',
        "text": f"{luck.choice(['NHS', 'NHS No', 'nhs no.', 'NHS number:', 'pt NHS'])} {a} {b} {c}",
        "in note": f"{luck.choice(WORDS)} {luck.choice(WORDS)}, NHS {number}",
        "int": int(number),
    }[how]


def numbers(make):
    def cells(luck, count):
        hows = [
            "plain",
            "spaces",
            "dashes",
            "dots",
            "two",
            "nbsp",
            "float text",
            "quote",
            "padded",
            "formula",
            "text",
            "in note",
        ]
        if make is not chi:
            hows += ["float", "science", "int"]  # which lose a first nought
        how = luck.choice(hows)
        return [number_dressed(luck, make(luck), how) for _ in range(count)]

    return cells


def name_of(luck, form):
    given, family, other = luck.choice(GIVEN), luck.choice(FAMILY), luck.choice(GIVEN)
    title = luck.choice(["Mr", "Mrs", "Ms", "Miss", "Dr", "Mr.", "MRS", "mrs"])
    return {
        "plain": f"{given} {family}",
        "comma": f"{family}, {given}",
        "shout": f"{family.upper()}, {given}",
        "titled": f"{title} {given} {family}",
        "short": f"{title} {family}",
        "initial": f"{title} {given[0]} {family}",
        "three": f"{given} {other} {family}",
        "upper": f"{given} {family}".upper(),
        "lower": f"{given} {family}".lower(),
        "mixed": "".join(luck.choice([a.lower(), a.upper()]) for a in f"{given} {family}"),
        "title last": f"{family}, {given} ({title})",
        "swap": f"{family} {given}",
        "caret": f"{family.upper()}^{given.upper()}",
    }[form]


NAME_FORMS = [
    "plain",
    "comma",
    "shout",
    "titled",
    "short",
    "initial",
    "three",
    "upper",
    "lower",
    "mixed",
    "title last",
    "swap",
    "caret",
]


def people(luck, count):
    form = luck.choice(NAME_FORMS)
    return [name_of(luck, form) for _ in range(count)]


def day_form(day, form):
    return {
        "uk": f"{day:%d/%m/%Y}",
        "short": f"{day:%d/%m/%y}",
        "iso": f"{day:%Y-%m-%d}",
        "dots": f"{day:%d.%m.%Y}",
        "named": f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        "abc": f"{day:%d}-{MONTHS[day.month - 1][:3].upper()}-{day:%Y}",
        "midnight": f"{day:%d/%m/%Y} 00:00",
        "stamp": pd.Timestamp(day),
        "sql": f"{day:%Y-%m-%d} 00:00:00.000",
        "compact": f"{day:%Y%m%d}",
        "serial": (day - dt.date(1899, 12, 30)).days,
        "date": day,
    }[form]


def birthdays(luck, count):
    form = luck.choice(
        ["uk", "short", "iso", "dots", "named", "abc", "midnight", "stamp", "sql", "compact", "serial", "date"]
    )
    return [day_form(birthday(luck), form) for _ in range(count)]


def one_postcode(luck):
    district = luck.choice([str(luck.randint(1, 9)), str(luck.randint(10, 29))])
    return f"{luck.choice(AREAS)}{district} {luck.randint(0, 9)}{''.join(luck.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"


def postcodes(luck, count):
    how = luck.choice(
        [
            str,
            str.lower,
            lambda code: code.replace(" ", ""),
            lambda code: code.replace(" ", "  "),
            lambda code: "".join(luck.choice([a.lower(), a]) for a in code),
        ]
    )
    return [how(one_postcode(luck)) for _ in range(count)]


def one_phone(luck):
    return luck.choice(
        [
            f"07700 900{digits(luck, 3)}",
            f"020 7946 0{digits(luck, 3)}",
            f"0113 496 0{digits(luck, 3)}",
            f"(0161) 496 0{digits(luck, 3)}",
            f"+44 7700 900{digits(luck, 3)}",
            f"0044 7700 900{digits(luck, 3)}",
            f"01632 960{digits(luck, 3)}",
            f"07700900{digits(luck, 3)}",
            f"+447700900{digits(luck, 3)}",
        ]
    )


def phones(luck, count):
    return [one_phone(luck) for _ in range(count)]


def one_email(luck):
    given, family = luck.choice(GIVEN), luck.choice(FAMILY)
    made = f"{given}.{family}@{luck.choice(['example.org', 'Example.com', 'mail.example.net'])}"
    return luck.choice([made, made.lower(), made.upper()]).replace("'", "")


def emails(luck, count):
    return [one_email(luck) for _ in range(count)]


def one_address(luck):
    start = luck.choice(["", "", f"Flat {luck.randint(1, 30)}, "])
    street = f"{luck.choice(FAMILY)} {luck.choice(STREETS)}"
    town = luck.choice(["", ", Wexmoor", f", Wexmoor, {one_postcode(luck)}"])
    return f"{start}{luck.randint(1, 199)}{luck.choice(['', '', 'a', ','])} {street}{town}"


def addresses(luck, count):
    return [one_address(luck) for _ in range(count)]


def one_insurance(luck):
    number = f"{luck.choice('ABCEHJLMPRSWX')}{luck.choice('ABCEHJLMPRSWX')}{digits(luck, 6)}{luck.choice('ABCD')}"
    spaced = f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:8]} {number[8]}"
    return luck.choice([number, spaced, spaced.lower()])


def insurance(luck, count):
    return [one_insurance(luck) for _ in range(count)]


def one_note(luck, hidden):
    before = " ".join(luck.choices(WORDS, k=luck.randint(1, 5)))
    after = " ".join(luck.choices(WORDS, k=luck.randint(0, 4)))
    return f"{before} {hidden} {after}".strip()


def one_sure(luck):
    """Something that shows a person wherever it stands."""
    number = nhs(luck)
    title = luck.choice(["Mrs", "Mr", "Ms"])
    return luck.choice(
        [
            f"NHS {number[:3]} {number[3:6]} {number[6:]}",
            f"NHS no {number}",
            one_email(luck),
            f"tel {one_phone(luck)}",
            one_postcode(luck),
            f"{title} {luck.choice(FAMILY)}",
            f"DOB {birthday(luck):%d/%m/%Y}",
            one_insurance(luck),
            f"{luck.randint(1, 99)} {luck.choice(FAMILY)} {luck.choice(STREETS[:9])}",
        ]
    )


def notes(luck, count):
    """Free text, each with something hidden in it."""
    return [one_note(luck, one_sure(luck)) for _ in range(count)]


def rare(luck, count):
    """Short status words, with a person in a few of the cells."""
    cells = luck.choices(STATUSES, k=count)
    for place in luck.sample(range(count), k=luck.randint(1, 3)):
        hidden = one_sure(luck)
        cells[place] = luck.choice([hidden, one_note(luck, hidden)])
    return cells


HIDDEN = {
    "NHS number": numbers(nhs),
    "CHI number": numbers(chi),
    "H&C number": numbers(hcn),
    "name": people,
    "date of birth": birthdays,
    "postcode": postcodes,
    "telephone": phones,
    "e-mail": emails,
    "address": addresses,
    "National Insurance": insurance,
    "notes": notes,
    "few cells": rare,
}


def local_ids(luck, count):
    width = luck.randint(6, 10)
    kind = luck.choice(["random", "running", "lettered", "text", "float"])
    start = luck.randrange(10 ** (width - 1), 10**width - 10 * count)
    if kind == "running":
        return [start + place for place in range(count)]
    made = [luck.randrange(10 ** (width - 1), 10**width) for _ in range(count)]
    return {
        "random": made,
        "lettered": [f"{luck.choice('WRX')}{one}" for one in made],
        "text": [f"{one}" for one in made],
        "float": [float(one) for one in made],
    }[kind]


def mixed_ids(luck, count):
    return [luck.randrange(10 ** (width - 1), 10**width) for width in luck.choices(range(6, 11), k=count)]


def few_of(values):
    def cells(luck, count):
        return luck.choices(luck.sample(values, k=min(len(values), luck.randint(3, 12))), k=count)

    return cells


def coded(make):
    return lambda luck, count: [make(luck) for _ in range(count)]


def letters(luck, count):
    return "".join(luck.choices(string.ascii_uppercase, k=count))


def recent(luck):
    return f"{luck.randint(1, 28):02d}/{luck.randint(1, 12):02d}/{luck.choice([2023, 2024, 2025])}"


def ods(luck):
    trust = f"R{letters(luck, 2)}"
    return luck.choice([trust, f"{trust}0{luck.randint(1, 9)}", f"{letters(luck, 1)}8{digits(luck, 4)}"])


CLEAN = {
    "hospital_no": local_ids,
    "local_id": mixed_ids,
    "ward": few_of(WARDS),
    "clinic": few_of(CLINICS),
    "status": few_of(STATUSES),
    "discharged to": few_of(WARDS),
    "group": few_of(STATUSES),
    "consultant_code": coded(lambda luck: f"C{digits(luck, 7)}"),
    "gmc": coded(lambda luck: digits(luck, 7)),
    "lsoa": coded(lambda luck: f"E0100{digits(luck, 4)}"),
    "ods": coded(ods),
    "snomed": coded(lambda luck: int(digits(luck, luck.choice([6, 8, 9, 10, 15])) or 1)),
    "hrg": coded(lambda luck: f"{letters(luck, 2)}{digits(luck, 2)}{luck.choice('ABCDEZ')}"),
    "bed": coded(lambda luck: f"{luck.choice('ABCD')}{luck.randint(1, 30)}"),
    "minutes": coded(lambda luck: luck.randint(0, 4_000)),
    "hours": coded(lambda luck: round(luck.expovariate(0.2), 2)),
    "age": coded(lambda luck: luck.randint(0, 104)),
    "clock": coded(lambda luck: f"{luck.randint(0, 23):02d}:{luck.randint(0, 59):02d}"),
    "seen": coded(lambda luck: f"{recent(luck)} {luck.randint(0, 23):02d}:10"),
    "referred": coded(recent),
    "outcode": coded(lambda luck: f"{luck.choice(AREAS)}{luck.randint(1, 20)}"),
    "icd": coded(lambda luck: f"{letters(luck, 1)}{digits(luck, 2)}.{luck.randint(0, 9)}"),
    "priority": few_of(["urgent", "routine", "2 week wait", "P1", "P2", "P3", "red", "amber", "green"]),
    "specialty": few_of(
        ["General Medicine", "Trauma & Orthopaedics", "100", "320", "Care of the Elderly", "ENT", "Cardiology"]
    ),
    "sex": few_of(["M", "F", "Male", "Female"]),
    "year_of_birth": coded(lambda luck: luck.randint(1925, 2024)),
}
TIDY = ["priority", "age", "bed", "minutes", "status", "ward", "hrg", "lsoa"]


def extract(luck, columns):
    """A table of these columns, with a person, a step and a time first, and blanks here and there."""
    count = luck.choice([12, 20, 40, 80])
    made = {"spell": local_ids(luck, count), "place": few_of(WARDS)(luck, count), "in": CLEAN["seen"](luck, count)}
    for name, cells in columns.items():
        made[name] = cells(luck, count)
    blank = luck.choice([0, 0, 0.1, 0.3])
    empty = luck.choice(["", "NULL", "-", None])
    for name in columns:
        made[name] = [empty if luck.random() < blank and not _few(columns[name]) else cell for cell in made[name]]
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in made.items()})


def _few(cells):
    return cells is rare


def hidden(seed):
    """An extract with identities of one kind in one column: the table, the kind, the column."""
    luck = random.Random(f"hidden {seed}")  # noqa: S311 - made-up people
    kind = luck.choice(list(HIDDEN))
    column = luck.choice(ODD_HEADERS)
    others = {name: CLEAN[name] for name in luck.sample(TIDY, k=2)}
    return extract(luck, {**others, column: HIDDEN[kind]}), kind, column


def clean(seed):
    """An extract that shows nobody, though its columns look as if."""
    luck = random.Random(f"clean {seed}")  # noqa: S311 - made-up people
    return extract(luck, {name: CLEAN[name] for name in luck.sample(sorted(CLEAN), k=5)})
