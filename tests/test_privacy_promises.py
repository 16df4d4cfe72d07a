"""Of extracts with identities hidden in odd columns nearly all are stopped, and of clean ones nearly none."""

import math
import traceback

import identities_made as made
import numpy as np
import pandas as pd
import pytest

from flowlib import EventLog
from flowlib.core.checks import Refusal
from flowlib.core.privacy import identities, identity, whom_it_shows

EACH = 300
# At most 10 in 10,000 missed: of 300, 0.3 on average; more than 3 would come once in 3,600 times (Poisson).
MOST_MISSED = 3
# At most 1 in 100 stopped wrongly: of 300, 3 on average; more than 10 once in 3,400 times (Poisson).
MOST_WRONG = 10


def above(mean, most):
    """The chance of more than *most* where *mean* are expected (Poisson)."""
    return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(most + 1))


def test_the_tolerances_are_those_of_the_promise():
    """Both would be passed by chance less than once in 3,000 runs."""
    assert above(EACH * 10 / 10_000, MOST_MISSED) < 1 / 3_000
    assert above(EACH / 100, MOST_WRONG) < 1 / 3_000


def test_hidden_identities_are_found_in_their_column():
    """Oracle: the generator, which knows what it hid where."""
    extracts = [made.hidden(seed) for seed in range(EACH)]
    missed = [(kind, column) for table, kind, column in extracts if identity(column, table[column]) is None]
    assert len(missed) <= MOST_MISSED, missed
    assert {kind for _, kind, _ in extracts} == set(made.HIDDEN)


def test_clean_extracts_are_let_through():
    wrong = [found for seed in range(EACH) if (found := identities(made.clean(seed)))]
    assert len(wrong) <= MOST_WRONG, wrong


def test_the_numbers_that_are_hidden_are_what_they_say():
    """Worked by hand: 943 476 5919 is the Data Dictionary's own; weights 10 to 2, and 11 less the remainder."""
    assert made.weighed("943476591") == (9 * 10 + 4 * 9 + 3 * 8 + 4 * 7 + 7 * 6 + 6 * 5 + 5 * 4 + 9 * 3 + 1 * 2) % 11
    assert (11 - made.weighed("943476591")) % 11 == 9


def read(table, column):
    return EventLog.from_frame(table, person="spell", step="place", finished="in", group=column)


def cells_of(table, column):
    """The cells of a column as text, of which no other text could hold one by chance."""
    told = {
        str(cell).strip() for cell in table[column] if cell not in {"", "NULL", "-", None} and cell not in made.STATUSES
    }
    return {one for one in told if len(one) > 5}


@pytest.mark.parametrize("seed", range(24))
def test_no_sentence_or_traceback_holds_a_value_of_a_stopped_column(seed):
    """The sentence, its repr and arguments, the whole chain of causes, and the traceback as printed."""
    table, _, column = made.hidden(seed)
    with pytest.raises(Refusal) as stopped:
        read(table, column)
    error = stopped.value
    assert error.__cause__ is None
    assert error.__context__ is None
    told = "".join(traceback.format_exception(error)) + repr(error) + str(error) + repr(error.args)
    told += repr(vars(error)) + "".join(error._render_traceback_())
    assert f'"{column}"' in str(error)
    assert str(error).endswith("Nothing was read.")
    assert [one for one in cells_of(table, column) if one in told] == []


def test_what_is_found_holds_no_value_either():
    table, _, column = made.hidden(3)
    shows = whom_it_shows(column, table[column])
    assert [one for one in cells_of(table, column) if one in repr(shows)] == []


def test_one_identity_in_a_long_column_is_found():
    """One cell in 200,000, where a sample of 2,000 would miss it 99 times in 100."""
    cells = pd.Series(np.resize(["urgent", "routine", "2 week wait"], 200_000), dtype=object)
    cells[150_001] = "rang 07700 900123"
    shows = whom_it_shows("priority", cells)
    assert (shows.kind, shows.whole, np.flatnonzero(shows.cells).tolist()) == ("telephone number", False, [150_001])


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["CHI 0102501234", "seen"], "NHS number"),
        (["0102501233", "1503411236"], None),  # 2 of 2 fail the check
        ([f"{n}" for n in (9434765919.0, 9434765870.0)], "NHS number"),
        (["9.434765919E+09", "9.43476587E+09"], "NHS number"),
        (["９４３ ４７６ ５９１９", "ward"], "NHS number"),  # digits in full width
        (["943\u200b476\u200b5919", "ward"], "NHS number"),
        (["A1", "qq 12 34 56 c", "A2"], "National Insurance number"),
        (["AB123456Z", "CD654321A", "EF111111Q"], None),  # codes of the same shape
        (["E12AB", "Q73XZ", "J94KD", "K12PP", "Q99QQ"], None),  # codes, of which one could be a postcode
        (["LS1", "LS2", "M14"], None),
        (["Flat 2, 14 Acacia Avenue", "home", "home"], "address"),
        (["see DOB 3 Feb 1941", "-", "ok"], "date of birth"),
        (["MR Head", "Miss appointment", "MS nurse", "Dr review"], None),
        (["moved to B12 9am", "W7 1st"], None),
        (["NHS 111", "NHS 111 call", "GP"], None),
        (["9,434,765,919", "9,434,765,870"], "NHS number"),  # as a spreadsheet dresses a number
        (["under Mr Fairweather", "home"], "name"),
    ],
)
def test_single_cells_are_judged_by_hand_written_cases(cells, kind):
    assert identity("x", cells + ["routine", "urgent"] * 3) == kind


@pytest.mark.parametrize("header", ["x", "ward"])
@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["Quibell IW", "Abernathy SL", "Dogan TD", "Yeo K", "Zangwill OP", "Lumley F"], "name"),
        (["Ivy U Gbadamosi", "Dolly A Quibell", "Xolani I Rowbotham"], "name"),
        (["Hip L", "Hip R", "Knee L", "Knee R", "Wrist L", "Elbow R", "Ankle L"], None),
        (["Monday AM", "Tuesday PM", "Friday AM", "Sunday PM", "Thursday AM"], None),
        (["Ward A", "Ward B", "Bay C", "Ward D"], None),
        (["Daughter worried about her coping at home alone", "Has a cat that needs feeding while in hospital"],
         "free text"),
        (["Decision to admit", "Seen by doctor", "Bloods taken", "CT head requested"], None),
    ],
)  # fmt: skip
def test_columns_that_no_list_of_names_knows_are_judged_by_their_form(header, cells, kind):
    """By hand: initials beside many words are people; left and right, mornings and wards are not."""
    assert identity(header, cells) == kind
