"""Files that went wrong: each ends in a pathway, or in a sentence that a ward clerk can act on."""

import copy
import datetime as dt
import functools
import io
import random
import re
import string
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from flowlib import Arrivals, Empirical, Exponential, Pathway, Refusal, Rota, Route, Slots, Step, Triangular, Uniform
from flowlib.core.pathway_files import to_text
from flowlib.core.pathway_template import EXAMPLE
from flowlib.core.pathway_write import to_bytes

FILES = 250  # of each kind
TIMES = {"minor": Uniform(0.1, 0.5), "major": Triangular(0.5, 1, 3)}
WHOLE = Pathway(
    "Everything",
    [
        Step("triage", 2, Exponential(0.2), queue_limit=9, when_full="divert", divert_to="doctor"),
        Step(
            "doctor", Rota([2] * 120 + [1] * 48), TIMES, priority=["major"], patience=Exponential(6), gives_up_to="ward"
        ),
        Step("ward", 30, Empirical([12, 30.5, 80]), leaves_between=("09:00", "20:00"), leaves_on="Mon-Fri"),
        Step("care plan", None, Exponential(3), within="ward"),
        Step("home care", Slots([("Mon 10:00", 8), ("Tue 10:00", 7)]), Exponential(0.1)),
    ],
    [
        Arrivals("triage", "minor", 4),
        Arrivals("triage", "major", [1.5] * 8 + [3.0] * 16),
        Arrivals("doctor", "minor", times=[1, 2.5, 30]),
    ],
    [Route("triage", "doctor"), Route("doctor", "ward", 0.3, group="major"), Route("ward", "care plan", 0.4)],
)
GOOD_TEXTS = [to_text(WHOLE), EXAMPLE]
JUNK = [
    None, "", " ", 0, -1, -0.5, 1.5, 2, 50, 1e15, 1e308, -1e308, 10**18, "nan", "inf", "-inf", "1e999", "NaN", True,
    False, "two", "-5 minutes", "0 minutes", "5 parsecs", "9" * 400, "x" * 40_000, "a\nb", "tri\tage", "\u200b", "ａ",
    "triage", "traige", "2026-01-06",
    "ward", "=1+1", "=A1", "#REF!", "#N/A", "#DIV/0!", "rota", "slots", "divert", "25:00", "24:00", "09:00", "Mon-Fri",
    "Blursday", "Mon, Mon", "every day", "1.2.3", "٣", "½", "1,5", "{}", "[1, 2]", '"', '""', "'", "null", "~",
    "9999-12-31", dt.date(2026, 1, 6), dt.date(1900, 1, 1), dt.time(23, 59, 59), dt.timedelta(days=-1),
    dt.timedelta(days=999_999),
]  # fmt: skip


def outcome(folder, name, held):
    """The pathway in a file that holds these bytes, or the sentence that refuses it; never anything else."""
    file = folder / name
    file.write_bytes(held)
    try:
        return Pathway.load(file)
    except Refusal as refusal:
        return str(refusal)


def hold_to_a_sentence(sentence, name):
    """One sentence or two, on one line, that names the file."""
    assert f'"{name}"' in sentence
    assert sentence.isprintable()
    assert len(sentence) < 400
    plain = re.sub(r"\"[^\"]*\"|'[^']*'", "x", sentence)
    assert plain.endswith((".", "?"))
    assert len(re.findall(r"[.?](?= [A-Z]|$)", plain)) <= 2


# YAML


def spoilt_text(seed):
    """A good text with a slip or two, by lot."""
    luck = random.Random(seed)  # noqa: S311 - slips of the keyboard, not secrets
    text = luck.choice(GOOD_TEXTS)
    for _ in range(luck.randint(1, 3)):
        text = luck.choice(TEXT_SLIPS)(text, luck)
    return text.encode("utf-8", "surrogatepass") if luck.random() > 0.1 else broken_bytes(text.encode(), luck)


def word_for_word(text, luck):
    """One word or number gives way to junk."""
    words = list(re.finditer(r"[\w.:-]+", text))
    at = luck.choice(words)
    return text[: at.start()] + str(luck.choice(JUNK)) + text[at.end() :]


def number_for_number(text, luck):
    numbers = list(re.finditer(r"(?<![\w:-])\d+(\.\d+)?(?![\w:-])", text))
    if not numbers:
        return text
    at = luck.choice(numbers)
    return (
        text[: at.start()]
        + luck.choice(["-1", "1.7", "1e9", "9" * 30, ".inf", ".nan", "[]", "{}", "''"])
        + text[at.end() :]
    )


def line_moved(text, luck):
    lines = text.splitlines(keepends=True)
    moved = lines.pop(luck.randrange(len(lines)))
    if luck.random() > 0.4:
        lines.insert(luck.randrange(len(lines) + 1), moved * luck.choice([1, 2]))
    return "".join(lines)


def signs_lost(text, luck):
    at = luck.randrange(len(text))
    return text[:at] + text[at + luck.choice([1, 2, 30]) :]


def sign_put_in(text, luck):
    at = luck.randrange(len(text) + 1)
    return (
        text[:at]
        + luck.choice([*"{}[],:-#&*!|>%@`'\"\t\n?", "\x00", "\x07", "\u2028", "!!python/name:os.system "])
        + text[at:]
    )


def name_for_name(text, luck):
    names = ["triage", "doctor", "ward", "minor", "major", "care plan"]
    return text.replace(luck.choice(names), luck.choice([*names, "wrad", "9" * 500]), luck.choice([1, 2, -1]))


TEXT_SLIPS = [word_for_word, number_for_number, line_moved, signs_lost, sign_put_in, name_for_name]


@pytest.mark.parametrize("seed", range(FILES))
def test_a_spoilt_text_file_ends_in_a_sentence_or_a_pathway(tmp_path, seed):
    found = outcome(tmp_path, "spoilt.yaml", spoilt_text(seed))
    if not isinstance(found, Pathway):
        hold_to_a_sentence(found, "spoilt.yaml")


# Excel


@functools.cache
def good_book():
    """What a good workbook holds: the rows of each sheet."""
    made = load_workbook(io.BytesIO(to_bytes(WHOLE)))
    return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in made.worksheets[1:]}


def spoilt_book(seed):
    """A good workbook with a slip or two by lot, and whether each was in a cell."""
    luck = random.Random(seed)  # noqa: S311 - as above
    sheets = copy.deepcopy(good_book())
    kinds = luck.choices([*CELL_SLIPS, *SHEET_SLIPS], k=luck.randint(1, 3))
    for slip in kinds:
        sheets = slip(sheets, luck)
    held = bound(sheets, merge=luck.random() < 0.1, luck=luck)
    whole = luck.random() > 0.15
    return held if whole else broken_bytes(held, luck), whole and all(slip in CELL_SLIPS for slip in kinds)


def bound(sheets, *, merge, luck):
    """A workbook of these rows, without our headings' notes and lists."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, lines in sheets.items():
        page = made.create_sheet(title)
        for line in lines:
            page.append(line)
        if merge:
            row, column = luck.randint(1, 5), luck.randint(1, 4)
            page.merge_cells(
                start_row=row, end_row=row + luck.randint(0, 2), start_column=column, end_column=column + 1
            )
    if not made.worksheets:
        made.create_sheet("left")
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def some_cell(sheets, luck):
    """One row of one sheet, and a place in it."""
    lines = luck.choice([lines for lines in sheets.values() if any(lines)] or [[[None]]])
    line = luck.choice([line for line in lines if line])
    return line, luck.randrange(len(line))


def junk_put_in(sheets, luck):
    line, place = some_cell(sheets, luck)
    line[place] = luck.choice(JUNK)
    return sheets


def cell_cleared(sheets, luck):
    line, place = some_cell(sheets, luck)
    line[place] = None
    return sheets


def cells_swapped(sheets, luck):
    (one, here), (other, there) = some_cell(sheets, luck), some_cell(sheets, luck)
    one[here], other[there] = other[there], one[here]
    return sheets


def row_doubled(sheets, luck):
    lines = luck.choice(list(sheets.values()))
    if lines:
        lines.insert(luck.randrange(len(lines) + 1), list(luck.choice(lines)))
    return sheets


def row_lost(sheets, luck):
    lines = luck.choice(list(sheets.values()))
    if len(lines) > 1:
        del lines[luck.randrange(1, len(lines))]
    return sheets


def column_lost(sheets, luck):
    """One place of every row: of a rota, an hour."""
    lines = luck.choice(list(sheets.values()))
    place = luck.randrange(max(map(len, lines), default=1) or 1)
    for line in lines:
        del line[place : place + 1]
    return sheets


def diverted(sheets, luck):
    """The step diverts, or stands within, by lot: often in a circle."""
    lines = sheets.get("steps", [])
    for line in lines[1:]:
        if len(line) > 17:
            line[12:14], line[17] = (
                ["divert", luck.choice(["triage", "doctor", "ward"])],
                luck.choice(["ward", "doctor"]),
            )
    return sheets


CELL_SLIPS = [
    junk_put_in,
    junk_put_in,
    junk_put_in,
    cell_cleared,
    cells_swapped,
    row_doubled,
    row_lost,
    column_lost,
    diverted,
]


def sheet_renamed(sheets, luck):
    old = luck.choice(list(sheets))
    new = luck.choice([old.upper(), f" {old}", old[:-1] or "x", "Sheet1", "rota", "notes on it", "Read me"])
    return {new if title == old else title: lines for title, lines in sheets.items()}


def sheet_lost(sheets, luck):
    lost = luck.choice(list(sheets))
    return {title: lines for title, lines in sheets.items() if title != lost}


def sheet_emptied(sheets, luck):
    return sheets | {luck.choice(list(sheets)): []}


def sheet_for_sheet(sheets, luck):
    one, other = luck.choice(list(sheets)), luck.choice(list(sheets))
    return sheets | {one: sheets[other], other: sheets[one]}


SHEET_SLIPS = [sheet_renamed, sheet_lost, sheet_emptied, sheet_for_sheet]


def broken_bytes(held, luck):
    """A file cut short, or with bytes that are not its own, or another kind of file altogether."""
    at = luck.randrange(1, len(held))
    flips = bytearray(held)
    for _ in range(luck.choice([1, 5, 50])):
        flips[luck.randrange(len(flips))] = luck.randrange(256)
    others = [
        b"",
        b"\x00" * 50,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0" * 20,
        b"\xff\xfe" * 9,
    ]
    return luck.choice([held[:at], held[at:], bytes(flips), bytes(flips), in_parts(held, luck), luck.choice(others)])


def in_parts(held, luck):
    """A zip archive with a part lost, or with its XML spoilt."""
    if not held.startswith(b"PK"):
        return held[::-1]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(held)) as old, zipfile.ZipFile(made, "w") as new:
        unlucky = luck.choice(old.namelist())
        for part in old.namelist():
            text = old.read(part).decode()
            if part == unlucky:
                text = luck.choice(["", text[: len(text) // 2], text.replace("<v>", "<v>x"), xml_slip(text, luck)])
            if part != unlucky or luck.random() > 0.3:
                new.writestr(part, text)
    return made.getvalue()


def xml_slip(text, luck):
    """Numbers that are none, cells out of place, signs that XML does not allow."""
    at = luck.randrange(len(text))
    changes = [
        lambda: re.sub(
            r"<v>[^<]*", luck.choice(["<v>nan", "<v>1E999", "<v>-1", "<v>", "<v>99999999999999999999"]), text
        ),
        lambda: re.sub(r' r="[A-Z]+\d+"', luck.choice(["", ' r="XFD1048576"', ' r="A0"', ' r="??"']), text, count=3),
        lambda: re.sub(r' t="[a-zA-Z]+"', luck.choice([' t="b"', ' t="d"', ' t="e"', ' t="s"', ' t="zz"']), text),
        lambda: text[:at] + luck.choice(["\x07", "&bang;", "<", "]]>", *string.ascii_letters]) + text[at:],
    ]
    return luck.choice(changes)()


@pytest.mark.parametrize("seed", range(FILES))
def test_a_spoilt_workbook_ends_in_a_sentence_or_a_pathway(tmp_path, seed):
    """Where only cells were spoilt, the sentence names the sheet and the cell."""
    held, in_cells = spoilt_book(seed)
    found = outcome(tmp_path, "spoilt.xlsx", held)
    if not isinstance(found, Pathway):
        hold_to_a_sentence(found, "spoilt.xlsx")
        if in_cells:
            assert re.search(r'sheet "[a-z ]+", cell [A-Z]+\d+: ', found)


def test_the_files_that_are_spoilt_are_good_before(tmp_path):
    luck = random.Random(0)  # noqa: S311
    assert outcome(tmp_path, "good.yaml", GOOD_TEXTS[0].encode()) == WHOLE
    assert outcome(tmp_path, "good.xlsx", bound(good_book(), merge=False, luck=luck)) == WHOLE


def test_the_slips_are_many_and_various(tmp_path):
    """The tests above would hold of files that nothing is wrong with: most are refused, in many different words."""
    texts = [outcome(tmp_path, "a.yaml", spoilt_text(seed)) for seed in range(0, FILES, 3)]
    books = [outcome(tmp_path, "a.xlsx", spoilt_book(seed)[0]) for seed in range(0, FILES, 3)]
    for found, words in ((texts, 20), (books, 25)):
        refused = [one for one in found if isinstance(one, str)]
        assert 0.5 * len(found) < len(refused) < len(found)
        assert len({re.sub(r'".*?"|\d', "", sentence) for sentence in refused}) > words
