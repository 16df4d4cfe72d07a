"""A table of two things with its totals gives no hidden number away, and no cell acts as a formula."""

import csv
import io
import itertools

import hypothesis.strategies as st
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from refusals import said

from flowlib.core.privacy import FEWEST, HIDDEN, ROUND_TO, suppress_two_way
from flowlib.core.safe_cells import safe_cell, safe_table, seen

SMALL = st.sampled_from([0, 1, 2, 3, 5, 7, 8, 9, 10, 12, 13, 20])


def shown(counts, *, synthetic=True):
    return suppress_two_way(pd.DataFrame(counts), synthetic=synthetic).to_numpy()


def with_totals(counts):
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def look_alikes(counts, table):
    """
    Every table that shows as *table* does, as far as sums tell: all there are, row by row.

    The attacker has the shown numbers to the unit, knows that a hidden one is whole and
    not below 0, and of what was small to begin with that it is from 1 to 7.
    """
    full = with_totals(counts)
    rows, columns = len(counts), len(counts[0])

    def could_be(i, j, value):
        if table[i][j] != HIDDEN:
            return value == full[i][j]
        return 1 <= value < FEWEST if 0 < full[i][j] < FEWEST else value >= 0

    def tops(i, j):
        if table[i][j] != HIDDEN:
            return [full[i][j]]
        return range(FEWEST) if 0 < full[i][j] < FEWEST else range(full[-1][-1] + 3)

    lines = [
        [list(line) for line in itertools.product(*(tops(i, j) for j in range(columns)))
         if could_be(i, columns, sum(line)) and all(could_be(i, j, value) for j, value in enumerate(line))]
        for i in range(rows)
    ]  # fmt: skip
    for chosen in itertools.product(*lines):
        sums = [sum(column) for column in zip(*chosen, strict=True)]
        if all(could_be(rows, j, value) for j, value in enumerate([*sums, sum(sums)])):
            yield chosen


def worked_out(counts):
    """The numbers of people, hidden in a table, that all its look-alikes agree on."""
    table = shown(counts)
    open_ = {(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if table[i][j] == HIDDEN and n}
    for alike in look_alikes(counts, table):
        open_ -= {(i, j) for i, j in open_ if alike[i][j] != counts[i][j]}
        if not open_:
            break
    return sorted(open_)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=2, max_size=2))
def test_no_hidden_number_of_a_two_by_two_table_can_be_worked_out(counts):
    """Oracle: all tables of these sums, by brute force; each hidden number is another in one of them."""
    assert worked_out(counts) == []


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 7, 8]), min_size=3, max_size=3), min_size=2, max_size=2))
def test_no_hidden_number_of_a_two_by_three_table_can_be_worked_out(counts):
    """Oracle: as above."""
    assert worked_out(counts) == []


@pytest.mark.parametrize("row", [[1] * 8, [7] * 3, [1] * 8 + [0, 0], [7, 7]])
def test_numbers_that_are_all_as_small_or_as_large_as_hidden_ones_can_be_are_not_given_away(row):
    """By hand: eight hidden numbers that add up to 8 must all be 1, unless their total goes too."""
    table = shown([row, [30] * len(row)])
    assert table[0][-1] == HIDDEN


def test_small_numbers_and_small_totals_are_hidden_always():
    luck = np.random.default_rng(1)
    for _ in range(20):
        counts = luck.integers(0, 25, (3, 4)).tolist()
        table, full = shown(counts), with_totals(counts)
        small = [(i, j) for i in range(4) for j in range(5) if 0 < full[i][j] < FEWEST]
        assert all(table[place] == HIDDEN for place in small)


def test_where_nothing_is_small_nothing_is_hidden():
    assert shown([[10, 20], [0, 40]]).tolist() == [["10", "20", "30"], ["0", "40", "40"], ["10", "60", "70"]]
    assert shown([[11, 22], [0, 43]], synthetic=False).tolist() == [
        ["10", "20", "35"],
        ["0", "45", "45"],
        ["10", "65", "75"],
    ]


def test_a_rounded_table_is_the_exact_one_to_the_nearest_5_with_the_same_hidden():
    counts = np.random.default_rng(2).integers(0, 40, (4, 5)).tolist()
    exact, rounded = shown(counts), shown(counts, synthetic=False)
    assert ((exact == HIDDEN) == (rounded == HIDDEN)).all()
    clear = exact != HIDDEN
    apart = [abs(int(a) - int(b)) for a, b in zip(exact[clear], rounded[clear], strict=True)]
    assert max(apart) <= ROUND_TO // 2


def test_a_lone_small_number_hides_three_more():
    """By hand: 3 alone would follow from its row; the next in its row and column go, and then the fourth corner."""
    table = shown([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
    assert (table == HIDDEN).sum() == 4
    assert table[0][0] == table[0][1] == table[1][0] == table[1][1] == HIDDEN


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (pd.DataFrame({"a": [1.5]}),
         "Each cell must be a whole number of people, 0 or more. Put 0 where there is nobody."),
        (pd.DataFrame({"a": [np.nan]}),
         "Each cell must be a whole number of people, 0 or more. Put 0 where there is nobody."),
        (pd.DataFrame({"total": [1]}),
         'There is a row or column called "total" already. Leave totals out; they are worked out here.'),
        (pd.DataFrame(), "Give a table of 1 to 2,000 cells."),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_judged_are_refused(table, sentence):
    assert said(lambda: suppress_two_way(table)) == sentence


# Cells

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1+1",
    "＝1+1",
    "-",
    "=",
    "+44 7700 900123",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_a_spreadsheet_would_work_out_gets_an_apostrophe(text):
    made = safe_cell(text)
    assert made.startswith("'")
    assert made[1:] == seen(text)


@pytest.mark.parametrize("value", ["-5.2", "+3", "-1,250", "12%", "Ward 7", "a=b", "", 5, -5.2, None, True])
def test_numbers_and_plain_text_stay(value):
    assert safe_cell(value) is value or safe_cell(value) == value


def test_signs_that_cannot_be_seen_are_shown_by_number():
    """Right-to-left override, zero-width space, byte order mark, and a null."""
    assert seen("a\u202eb\u200bc\ufeffd\x00") == "a[U+202E]b[U+200B]c[U+FEFF]d[U+0000]"
    assert seen("Siân שלום 東京") == "Siân שלום 東京"


def test_a_table_is_safe_in_csv_and_in_a_workbook():
    """Oracle: read again by csv and by openpyxl; no cell begins as a formula, and none is one."""
    made = safe_table(
        pd.DataFrame({"=head": HOSTILE, "n": range(len(HOSTILE))}, index=[f"@{n}" for n in range(len(HOSTILE))])
    )
    held, text = io.BytesIO(), io.StringIO()
    made.to_excel(held)
    made.to_csv(text, quoting=csv.QUOTE_ALL)
    cells = [cell for row in csv.reader(io.StringIO(text.getvalue(), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    page = openpyxl.load_workbook(io.BytesIO(held.getvalue())).active
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    assert made["n"].tolist() == list(range(len(HOSTILE)))
