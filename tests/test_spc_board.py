"""Is a board the same as one chart after another, worst first, with nothing left out unseen?"""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from refusals import said

from flowlib.measure.spc import xmr
from flowlib.measure.spc_board import BY_CHANCE, COLUMNS, board
from flowlib.measure.spc_chart import _signals
from flowlib.measure.spc_counts import p_chart, p_prime_chart
from flowlib.measure.spc_gaps import due
from flowlib.measure.spc_many import xmr_many
from flowlib.measure.spc_presets import RULES
from flowlib.measure.spc_rules import limits

REAL = Path(__file__).parents[2] / "shared" / "data" / "nhs_ae_attendances_2016_2019.csv"
MONTHS = pd.date_range("2024-04-01", periods=24, freq="MS")
NOISE = np.random.default_rng(31).normal(50, 4, size=(4, 24)).round(1)
NAMES = {"measure": "name", "date": "month"}


def tidy(**measures):
    """One row a measure and month, months from April 2024."""
    parts = [
        pd.DataFrame({"name": name, "month": MONTHS[: len(values)], "number": list(values)})
        for name, values in measures.items()
    ]
    return pd.concat(parts, ignore_index=True)


def four():
    """Usual, better, worse, and usual."""
    better, worse = NOISE[1].copy(), NOISE[2].copy()
    better[-1], worse[-1] = 90, 10
    return tidy(steady=NOISE[0], better=better, worse=worse, calm=NOISE[3])


def shares(**measures):
    """Counts and sizes, a row a measure and month."""
    table = tidy(**{name: counts for name, (counts, _) in measures.items()})
    return table.assign(size=[size for _, sizes in measures.values() for size in sizes])


def board_of(table, **options):
    return board(table, measure="name", date="month", value="number", **options)


def board_of_shares(table, **options):
    return board(table, measure="name", date="month", numerator="number", denominator="size", **options)


def why(made):
    return dict(zip(made.set_aside["measure"], made.set_aside["why"], strict=True))


def test_each_row_is_the_chart_of_its_measure():
    """The other way: `xmr` on each measure alone."""
    made = board_of(four(), improvement="up", target=60, unit="days")
    assert tuple(made.table.columns) == COLUMNS
    for name, rows in four().groupby("name"):
        alone = xmr(rows["number"], rows["month"], improvement="up", target=60)
        pd.testing.assert_frame_equal(made.charts[name].points, alone.points)
        row = made.table.set_index("measure").loc[name]
        assert (row["points"], row["latest_date"], row["latest"]) == (24, MONTHS[-1], rows["number"].iloc[-1])
        assert (row["mean"], row["lpl"], row["upl"], row["target"]) == (alone.mean, alone.lpl, alone.upl, 60)
        assert (row["variation"], row["assurance"]) == (alone.variation, alone.assurance)
        assert alone.sentence(unit="days").startswith(row["sentence"].split(". ")[0])


def test_concern_comes_first_then_improvement_then_the_others_in_the_order_they_came():
    made = board_of(four(), improvement="up")
    assert made.table["measure"].tolist() == ["worse", "better", "steady", "calm"] == list(made.charts)
    turned = board_of(four(), improvement="down")
    assert turned.table["measure"].tolist() == ["better", "worse", "steady", "calm"]


def test_rows_may_come_in_any_order():
    shuffled = four().sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        board_of(shuffled, improvement="up").table.sort_values("measure", ignore_index=True),
        board_of(four(), improvement="up").table.sort_values("measure", ignore_index=True),
    )


def test_direction_target_unit_and_rebase_may_differ_by_measure():
    made = board_of(
        four(),
        improvement={"better": "up", "worse": "down"},
        target={"better": {"2025-04-01": 99}, "steady": 50},
        unit={"better": "days"},
        rebase={"calm": "2025-04-01"},
    )
    rows = made.table.set_index("measure")
    assert rows["variation"].to_dict() == {
        "better": "improvement",
        "worse": "improvement",
        "steady": "common",
        "calm": "common",
    }
    assert made.charts["better"].points["target"].isna().sum() == 12
    assert "target of 99 days" in rows.loc["better", "sentence"]
    assert (rows.loc["steady", "target"], made.charts["steady"].assurance) == (50, None)
    assert made.charts["calm"].points["segment"].tolist() == [0] * 12 + [1] * 12
    assert made.charts["steady"].points["segment"].max() == 0


def test_shares_of_one_date_are_added_up_and_drawn_by_the_chart_asked_for():
    """Two parts of one service, against charts of their sums."""
    first, second = np.arange(24) % 5 + 20, np.arange(24) % 3 + 30
    parts = pd.concat([shares(all=(first, [50] * 24)), shares(all=(second, [40] * 24))])
    counts, sizes = first + second, np.full(24, 90)
    for kind, alone in (
        (None, p_prime_chart(counts, sizes, MONTHS)),
        ("p_prime", p_prime_chart(counts, sizes, MONTHS)),
        ("p", p_chart(counts, sizes, MONTHS)),
        ("xmr", xmr(counts / sizes, MONTHS)),
    ):
        made = board_of_shares(parts, chart=kind)
        pd.testing.assert_frame_equal(made.charts["all"].points, alone.points)
        assert made.added_up == 24
        assert made.sentence().endswith("24 rows were added to another of the same measure and date.")


def test_only_the_last_points_are_charted_where_asked():
    made = board_of(four(), last=13, rebase="2024-09-01")
    alone = xmr(NOISE[0][-13:], MONTHS[-13:])
    pd.testing.assert_frame_equal(made.charts["steady"].points, alone.points)
    assert made.table["points"].unique().tolist() == [13]
    later = board_of(four(), last=13, rebase=["2024-09-01", "2025-10-01"])
    assert later.charts["steady"].points["segment"].tolist() == [0] * 7 + [1] * 6


def test_what_cannot_be_charted_is_set_aside_with_one_reason_each():
    table = pd.concat(
        [
            four(),
            tidy(one=[5]),
            tidy(gap=[5, 6, None, 4, "?"]),
            tidy(text=[5, "n/a", 6]),
            tidy(undated=[5, 6, 7]).assign(month=["2026-01-01", "03/04/2026", None]),
            tidy(twice=[5, 6, 7]).assign(month=["2026-01-01", "2026-02-01", "2026-01-01"]),
            tidy(endless=[5, float("inf"), 7]),
        ],
        ignore_index=True,
    )
    made = board_of(table)
    assert len(made.charts) == 4
    assert why(made) == {
        "one": "A chart needs at least 2 points; 1 came. Add points.",
        "gap": (
            "The number of 1 June 2024 (row 101) must be a number; None came. 2 like this."
            " Find it, or leave that row out."
        ),
        "text": "The number of 1 May 2024 (row 105) must be a number; 'n/a' came. Find it, or leave that row out.",
        "undated": (
            "Row 108 needs a date such as \"2026-04-30\", year first; '03/04/2026' came. 2 like this. Correct the date."
        ),
        "twice": "1 January 2026 came twice. Keep one row a date.",
        "endless": "The number of 1 May 2024 (row 114) must be a number; inf came. Find it, or leave that row out.",
    }
    assert "6 measures could not be charted; the list set aside says why." in made.sentence()


def test_shares_that_are_none_are_set_aside():
    table = shares(
        empty=([1, 0, 2], [9, 0, 9]),
        more=([1, 12, 2], [9, 9, 9]),
        less=([1, -2, 2], [9, 9, 9]),
        part=([1, 2.5], [9, 9]),
    )
    assert why(board_of_shares(table)) == {
        "empty": "The size of 1 May 2024 is 0, so there is no share. Leave that date out, or correct it.",
        "more": "The number of 1 May 2024 must be from 0 to its size; 12 of 9 came. Correct one of them.",
        "less": "The number of 1 May 2024 must be from 0 to its size; -2 of 9 came. Correct one of them.",
        "part": (
            "The count at position 1 (counting from 0) must be a whole number, 0 or more; 2.5 came."
            " Correct it, or leave that point out."
        ),
    }


def test_rows_without_a_measure_are_set_aside_too():
    table = four()
    table.loc[[3, 40], "name"] = None
    made = board_of(table)
    assert why(made) == {
        "(no name)": "2 rows name no name; the first is row 5. Name the measure, or leave them out.",
    }
    assert starting_with(made.charts["steady"].cautions, "1 point is missing (July 2024)")


def starting_with(cautions, words):
    return any(caution.startswith(words) for caution in cautions)


def test_a_rebase_outside_one_measure_sets_only_that_one_aside():
    table = pd.concat([four(), tidy(short=[5, 6, 5, 7])], ignore_index=True)
    made = board_of(table, rebase="2025-04-01")
    assert list(why(made)) == ["short"]
    assert why(made)["short"].startswith("Rebase date 1 April 2025 is outside the chart.")


def test_constants_ties_and_short_charts_are_charted_with_their_cautions():
    made = board_of(tidy(same=[5] * 24, short=[5, 6, 7], tied=[0] * 20 + [1, 2, 0, 1]))
    assert made.set_aside.empty
    assert made.charts["same"].cautions == ("All 24 points are 5: check that the measure can vary.",)
    assert starting_with(made.charts["tied"].cautions, "21 of the 24 points are 0")
    row = made.table.set_index("measure").loc["short"]
    assert row["sentence"].endswith("These are trial limits: fewer than 12 points stand behind them.")


def test_the_sentence_counts_each_kind_and_what_chance_would_do():
    assert board_of(four(), improvement="up").sentence() == (
        "Of 4 measures, 1 gives concern, 1 improves and 2 are as usual."
        "\n\nChance alone marks the latest point of 1 chart in 65: here, none or so."
        " That holds if the points do not depend on each other."
    )
    assert board_of(four()).sentence().startswith("Of 4 measures, 2 are unusual and 2 are as usual.")
    assert board_of(tidy(one=[5])).sentence() == (
        "No measure could be charted. 1 measure could not be charted; the list set aside says why."
    )
    many = tidy(**{f"m{row}": values for row, values in enumerate(np.tile(NOISE, (33, 1)))})
    assert "here, 2 or so. That holds if" in board_of(many).sentence()


@pytest.mark.parametrize("preset", ["mdc", "nhsr"])
def test_chance_marks_the_latest_point_as_often_as_the_board_says(preset):
    """60,000 charts of 36 points of normal noise, within 15 in 100."""
    noise = np.random.default_rng(36).normal(size=(60_000, 36))
    assert 1 / xmr_many(noise, preset=preset).unusual.mean() == pytest.approx(BY_CHANCE[preset], rel=0.15)


@pytest.mark.parametrize("preset", ["qicharts2", "western_electric"])
def test_chance_marks_the_latest_point_by_the_other_presets_too(preset):
    """2,000 charts, their signals alone; four standard errors of a count by chance."""
    noise = np.random.default_rng(37).normal(size=(2000, 36))
    rule = RULES[preset]
    found = sum(_signals(y, limits(y, screen=False, limit=rule.limit), rule)[0][-1] != "" for y in noise)
    expected = 2000 / BY_CHANCE[preset]
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_every_sentence_on_the_board_has_at_most_twenty_words():
    made = board_of(four(), improvement="up", target=50, unit="days")
    for text in (*made.table["sentence"], made.sentence()):
        sentences = text.replace("\n\n", " ").removesuffix(".").split(". ")
        assert len(sentences) <= 4
        assert max(len(sentence.split()) for sentence in sentences) <= 20


def test_a_share_of_few_people_is_hidden_where_the_board_is_shown():
    """3 of 40, and all but 5 of 40, tell of 1 to 7 people; none, and 20, do not."""
    table = shares(
        few=([12] * 12 + [3], [40] * 13),
        most=([30] * 12 + [35], [40] * 13),
        none=([12] * 12 + [0], [40] * 13),
        half=([12] * 12 + [20], [40] * 13),
    )
    made = board_of_shares(table)
    shown = made.shown().set_index("measure")["latest"].to_dict()
    assert shown == {"few": "*", "most": "*", "none": 0.0, "half": 0.5}
    assert made.table.set_index("measure").loc["few", "latest"] == 3 / 40
    assert made.shown()["latest_date"].unique().tolist() == ["1 April 2025"]


def test_a_series_that_ended_comes_last_and_is_no_concern_of_now():
    """Worse and better by their last points, both a year old: neither is counted, and both say when they ended."""
    late = tidy(late=NOISE[3])
    early = four()
    early["month"] -= pd.DateOffset(years=1)
    made = board_of(pd.concat([early, late], ignore_index=True), improvement="up")
    assert made.table["measure"].tolist() == ["late", "worse", "better", "steady", "calm"]
    assert made.table["ended"].tolist() == [False, True, True, True, True]
    assert made.sentence().startswith("Of 5 measures, 4 ended before 1 March 2026. Of the others, 1 is as usual.")
    rows = made.table.set_index("measure")
    assert rows.loc["worse", "variation"] == "concern"
    assert rows.loc["worse", "sentence"].startswith("The series ended on 1 March 2025. The latest point is a cause")
    assert rows.loc["late", "sentence"].startswith("The latest point is")


def test_a_series_has_ended_once_its_own_next_point_was_due():
    """Weeks go on after the month's last date; a month is over once the next one is there."""
    weeks = pd.date_range("2026-01-05", periods=12, freq="7D")

    def ended(month_starts):
        monthly = pd.DataFrame({"name": "monthly", "month": month_starts, "number": [5, 6, 5]})
        weekly = pd.DataFrame({"name": "weekly", "month": weeks, "number": [3, 4] * 6})
        return board_of(pd.concat([monthly, weekly])).table.set_index("measure")["ended"].to_dict()

    assert ended(pd.date_range("2026-01-01", periods=3, freq="MS")) == {"monthly": False, "weekly": False}
    assert ended(pd.date_range("2025-12-01", periods=3, freq="MS")) == {"monthly": True, "weekly": False}


DUE = [
    (pd.date_range("2026-01-01", periods=3, freq="MS"), "2026-04-01"),
    (pd.date_range("2025-11-30", periods=4, freq="ME"), "2026-03-31"),
    (pd.date_range("2026-01-15", periods=4, freq=pd.DateOffset(months=3)), "2027-01-15"),
    (pd.date_range("2026-01-05", periods=4, freq="7D"), "2026-02-02"),
    (pd.date_range("2026-01-05", periods=20, freq="B"), "2026-02-02"),
    (pd.date_range("2026-01-05", periods=5), "2026-01-10"),
    (pd.DatetimeIndex(["2026-01-01", "2026-01-04", "2026-01-24", "2026-01-26"]), "2026-02-15"),
    (pd.DatetimeIndex(["2026-01-01", "2026-02-01"]), "2026-03-04"),
]


@pytest.mark.parametrize(("x", "when"), DUE)
def test_the_next_point_is_due_one_step_on(x, when):
    """By the calendar: months, month ends, quarters, weeks, working days, days; events by their longest wait."""
    assert due(x) == pd.Timestamp(when)


def test_the_cautions_of_each_chart_stand_on_the_board_the_gravest_first():
    table = tidy(gaps=NOISE[0], whole=NOISE[1]).drop(index=[5, 6])
    made = board_of(table.query("name != 'gaps' or month < '2025-02-01'"))
    rows = made.table.set_index("measure")
    for name, chart in made.charts.items():
        assert rows.loc[name, "cautions"] == chart.cautions
    assert [caution.split(" (")[0] for caution in rows.loc["gaps", "cautions"]] == [
        "2 points are missing",
        "The chart has 8 points that count: its limits are on trial until there are 12.",
    ]
    assert made.sentence().endswith(
        "1 chart carries cautions, 1 of points that are missing: read them before you rely on a chart."
    )


def test_ghosts_baselines_and_notes_may_differ_by_measure():
    made = board_of(
        four(),
        ghost={"worse": "2026-03-01"},
        baseline={"better": 12},
        notes={"calm": {"2025-01-01": "New rota"}},
        improvement="up",
    )
    charts = made.charts
    assert charts["worse"].points["ghost"].tolist() == [False] * 23 + [True]
    assert not charts["calm"].points["ghost"].any()
    alone = xmr(NOISE[2][:23], improvement="up")
    assert (charts["worse"].mean, charts["worse"].upl) == pytest.approx((alone.mean, alone.upl))
    assert {name: chart.baseline for name, chart in charts.items()} == {
        "better": 12, "worse": None, "steady": None, "calm": None,
    }  # fmt: skip
    assert charts["calm"].notes == ((pd.Timestamp("2025-01-01"), "New rota"),)
    assert board_of(four(), baseline=12).charts["steady"].upl == xmr(NOISE[0], baseline=12).upl


def test_ghosts_and_notes_before_the_last_points_no_longer_matter():
    made = board_of(
        four(),
        last=13,
        ghost=["2024-06-01", "2025-03-01"],
        notes={"calm": {"2024-06-01": "Old rota", "2025-03-01": "New rota"}},
    )
    assert made.set_aside.empty
    assert made.charts["steady"].points["ghost"].tolist() == [True] + [False] * 12
    assert [text for _, text in made.charts["calm"].notes] == ["New rota"]


def test_names_that_are_a_number_and_a_text_are_not_added_into_one():
    table = shares(a=([20] * 14, [40] * 14), b=([30] * 14, [40] * 14))
    table["name"] = table["name"].map({"a": 1, "b": "1"})
    made = board_of_shares(table)
    assert made.added_up == 0
    assert why(made) == {"1": 'The name "1" comes as a number and as text, which may be two. Give each its own name.'}


def test_answers_and_complex_numbers_set_a_measure_aside():
    made = board_of(tidy(steady=NOISE[0], answer=[5, True, 6], complex=[5, 1 + 2j, 6]))
    assert why(made) == {
        "answer": "The number of 1 May 2024 (row 27) must be a number; True came. Find it, or leave that row out.",
        "complex": (
            "The number of 1 April 2024 (row 29) must be a number; (5+0j) came. 3 like this."
            " Find it, or leave that row out."
        ),
    }


@pytest.mark.parametrize("asked", [2025, "2025"])
@pytest.mark.parametrize("column", [2025, "2025"])
def test_a_column_called_by_a_number_is_found_by_number_and_by_text(asked, column):
    table = tidy(steady=NOISE[0]).rename(columns={"number": column})
    assert board(table, **NAMES, value=asked).table["points"].tolist() == [24]


REFUSED = [
    (
        lambda: board("falls.csv", **NAMES, value="number"),
        "A board is made from a table (a pandas DataFrame); 'falls.csv' came. Read the file first.",
    ),
    (
        lambda: board(None, **NAMES, value="number"),
        "A board is made from a table (a pandas DataFrame); None came. Read the file first.",
    ),
    (
        lambda: board(pd.concat([four(), four()["number"]], axis=1), **NAMES, value="number"),
        'The table has 2 columns called "number". Rename all but one of them.',
    ),
    (
        lambda: board_of_shares(shares(a=([20] * 14, [40] * 14)), target=95),
        "The target must be from 0 to 1; 95 came. Half is 0.5, not 50.",
    ),
    (
        lambda: board_of_shares(shares(a=([20] * 14, [40] * 14)), target={"a": 95}, chart="xmr"),
        "The target must be from 0 to 1; 95 came. Half is 0.5, not 50.",
    ),
    (
        lambda: board_of(four(), notes={"2025-01-01": "New rota"}),
        'No measure in the table called "2025-01-01"; there are "steady", "better", "worse", "calm".',
    ),
    (
        lambda: board_of(four(), notes="New rota"),
        'Notes on a board are given as {"Falls": {"2026-04-30": "New rota"}}, by measure; \'New rota\' came.',
    ),
    (lambda: board_of(four(), baseline={"calm": 3}), "The baseline must be a whole number, 12 or more; 3 came."),
    (
        lambda: board(four(), measure="name", date="mnth", value="number"),
        'No column in the table called "mnth"; there are "name", "month", "number". Did you mean "month"?',
    ),
    (lambda: board_of(four().iloc[:0]), "The table holds no rows. Add one row for each measure and date."),
    (
        lambda: board(four(), **NAMES),
        "A board is of values, or of shares: give value, or give numerator and denominator.",
    ),
    (
        lambda: board(four(), **NAMES, numerator="number"),
        "A board is of values, or of shares: give value, or give numerator and denominator.",
    ),
    (
        lambda: board(four(), **NAMES, value="number", denominator="number"),
        "A board is of values, or of shares: give value, or give numerator and denominator.",
    ),
    (
        lambda: board(four(), **NAMES, value="number", numerator="number", denominator="number"),
        "A board is of values, or of shares: give value, or give numerator and denominator.",
    ),
    (lambda: board_of(four(), chart="pp"), 'No chart called "pp"; there are "xmr", "p", "p_prime". Did you mean "p"?'),
    (
        lambda: board_of(four(), chart="p"),
        'The chart "p" is of shares: give numerator and denominator in place of value.',
    ),
    (
        lambda: board_of(four(), improvement={"stedy": "up"}),
        (
            'No measure in the table called "stedy"; there are "steady", "better", "worse", "calm".'
            ' Did you mean "steady"?'
        ),
    ),
    (
        lambda: board_of(four(), improvement={"steady": "more"}),
        'No direction of improvement called "more"; there are "up", "down".',
    ),
    (lambda: board_of(four(), last=1), "The number of last points must be a whole number, 2 or more; 1 came."),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED)
def test_a_board_that_cannot_be_made_is_refused_in_a_sentence(call, sentence):
    assert said(call) == sentence


@pytest.fixture(scope="module")
def attendances():
    if not REAL.is_file():
        pytest.skip("the real attendances are not here")
    table = pd.read_csv(REAL)
    return table.assign(within=table["attendances"] - table["breaches"])


SHARES = {"measure": "org_code", "date": "period", "numerator": "within", "denominator": "attendances"}


@pytest.fixture(scope="module")
def providers(attendances):
    """The board of every provider, all types added up, and the processor time that it takes."""
    start = time.process_time()
    made = board(attendances, **SHARES, improvement="up", target=0.95)
    return made, time.process_time() - start


def test_every_provider_of_the_real_attendances_is_on_the_board_or_set_aside(attendances, providers):
    """Share within four hours: sums by pandas, one call, no error, and two with a single month."""
    made, _ = providers
    sums = attendances.groupby(["org_code", "period"])[["within", "attendances"]].sum()
    months = sums.groupby("org_code").size()
    assert set(made.table["measure"]) | set(made.set_aside["measure"]) == set(months.index)
    assert (len(made.table), len(made.set_aside), made.added_up) == (272, 2, 4467)
    rows = made.table.set_index("measure").sort_index()
    assert rows["points"].to_dict() == months[months > 1].to_dict()
    latest = (sums["within"] / sums["attendances"]).groupby("org_code").last()
    assert rows["latest"].to_numpy() == pytest.approx(latest[months > 1].to_numpy())
    assert set(made.set_aside["why"]) == {"A chart needs at least 2 points; 1 came. Add points."}


def test_the_board_of_all_providers_takes_less_than_three_seconds(providers):
    """In processor time, so that a busy machine does not decide it; 272 charts."""
    assert providers[1] < 3


@pytest.mark.parametrize("chart", ["xmr", "p"])
def test_the_other_charts_of_the_real_shares_are_made_without_an_error_too(attendances, chart):
    """Every sixth provider, to be quick."""
    some = attendances[attendances["org_code"].isin(attendances["org_code"].unique()[::6])]
    made = board(some, **SHARES, chart=chart)
    assert len(made.charts) + len(made.set_aside) == some["org_code"].nunique() == 46


def test_providers_that_ended_before_the_latest_month_are_counted_apart(attendances, providers):
    """Last months by pandas: 46 of 272 stopped before March 2019."""
    made, _ = providers
    last = attendances.groupby("org_code")["period"].max()
    early = set(last.index[last < last.max()]) & set(made.charts)
    assert set(made.table.loc[made.table["ended"], "measure"]) == early
    assert len(early) == 46
    assert made.table["ended"].is_monotonic_increasing
    assert made.sentence().startswith("Of 272 measures, 46 ended before 1 March 2019. Of the others, ")
    assert "224 charts carry cautions, 8 of points that are missing:" in made.sentence()


def test_providers_with_months_missing_or_few_carry_a_caution(attendances, providers):
    """Short: under 12 months. Missing: more than half of their steps are one month, and not all."""
    for name, made in providers[0].charts.items():
        months = np.unique(pd.DatetimeIndex(attendances.loc[attendances["org_code"] == name, "period"]))
        steps = np.diff(months.astype("M8[M]")).astype(int)
        assert any("on trial" in caution for caution in made.cautions) == (months.size < 12), name
        gaps = steps.size > 1 and 0.5 < (steps == 1).mean() < 1
        assert any("missing" in caution for caution in made.cautions) == gaps, name
