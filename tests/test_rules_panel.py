"""Two rules of reading, side by side: what the panel says is what reading by that rule gives."""

import pytest
from refusals import said

from flowlib import EventLog
from flowlib.core import data
from flowlib.core.reading import Proposal
from flowlib.redesign.measures import Measure, share_within
from flowlib.show.rules_panel import RulesPanel, TwoRules

LATER = "move it to the next day"
FEW = ["id,step,came,left", *[f"{n},Clinic,0{n}/03/2025 09:00,0{n}/03/2025 10:00" for n in range(1, 8)]]


@pytest.fixture(scope="module")
def listed():
    return EventLog.read(data.path("wexmoor_ed_list"))


@pytest.fixture(scope="module")
def panel(listed):
    return RulesPanel(listed, "midnight", share_within(4), synthetic=True)


def test_a_rule_is_tried_beside_the_first(panel, listed):
    """Oracle: the rows that were planted, and the list read by the other rule apart from the panel."""
    assert panel.said.text == "8,714 rows are used. Share within 4 hours: 76 in 100."
    assert LATER not in panel.table.still()
    panel.choice.value = LATER
    quality = listed.accept(midnight="next_day", synthetic=True).quality
    assert panel.said.text.startswith(f"{quality.rows_used:,} rows are used.")
    for words in ("set the row aside", "8,714", "35", LATER, "8,749", "share within 4 hours"):
        assert f">{words}<" in panel.table.still()


def test_going_back_reads_nothing_again(panel, monkeypatch):
    panel.choice.value = LATER
    monkeypatch.delattr(Proposal, "accept")
    panel.choice.value = "set the row aside"
    assert panel.said.text.startswith("8,714 rows are used.")
    assert panel.table.still().count(">8,714<") == 1


def test_blank_ends_change_the_middle_time_of_a_caseload():
    """Oracle: the log's own table by either rule, in days."""
    caseload = EventLog.read(data.path("wexmoor_community"))
    step = "first contact to discharge"
    middle = Measure("middle time", "days", lambda log: log.times_in_step().loc[step, "median_hours"] / 24)
    told, shown = TwoRules("Try both.", proposal=caseload, rule="blank_end", measure=middle, synthetic=True).widgets()
    assert told.text == "Try both."
    choice = shown.children[0].children[0]
    assert "Middle time: 25.0 days." in shown.still()
    choice.value = "is still there"
    here = caseload.accept(blank_end="still_here", synthetic=True)
    assert f"Middle time: {middle.of(here):.1f} days." in shown.still()


def test_a_number_of_few_real_people_is_hidden(tmp_path):
    (tmp_path / "few.csv").write_text("\n".join(FEW))
    made = RulesPanel(EventLog.read(tmp_path / "few.csv"), "midnight", share_within(4))
    assert made.said.text == "7 rows are used. Share within 4 hours: *."


def test_another_rule_is_refused(listed):
    sentence = said(lambda: RulesPanel(listed, "midnights", share_within(4)))
    assert sentence == 'No rule called "midnights"; there are "midnight", "blank_end". Did you mean "midnight"?'
