"""Malformed files: each ends in a report or in one sentence, and none hangs. 150 here; 2,000 in the longer tier."""

import re

import pytest

from benchmarks.fuzz_files import MOST_SECONDS, ended, limited, main, malformed

HERE = 75
SENTENCES = re.compile(r"[^\n]{10,2000}[.)]")


def test_malformed_files_end_in_a_report_or_in_sentences(tmp_path):
    """Whatever the damage; and some of each sort do, so that the damage is neither all fatal nor all harmless."""
    ends = []
    for number in range(10_000, 10_000 + HERE):
        _, name, raw = malformed(number)
        path = tmp_path / f"{number}{name}"
        path.write_bytes(raw)
        with limited(MOST_SECONDS):
            how, said = ended(path)
        assert how == "report" or SENTENCES.fullmatch(said), (number, said[:300])
        ends.append(how)
        path.unlink()
    assert min(ends.count("report"), ends.count("refused")) > HERE / 10


def test_the_same_number_makes_the_same_damage():
    """So that what was found once can be looked at again; a zip holds the time it was made, so its size is held."""
    for number in range(40):
        kind, name, raw = malformed(number)
        again = malformed(number)
        assert (kind, name) == again[:2]
        assert raw == again[2] or kind != "text"


@pytest.mark.long
def test_2000_malformed_files_leave_nothing_unsaid_and_take_no_more_than_2_gb():
    assert main(2_000) == 0
