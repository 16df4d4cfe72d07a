"""A person can overrule a stop by naming the column; people's own ids are never kept."""

import pickle

import pandas as pd
import pytest
from refusals import said

from flowlib import EventLog
from flowlib.core import privacy

NHS_NUMBERS = ["943 476 5919", "943 476 5870", "943 476 5862"]  # made up, with a right check digit
NAMED = {"person": "id", "step": "place", "finished": "when"}


def table(**more):
    rows = {"id": ["NA", "b7", "c9"] * 4, "place": ["desk", "ward"] * 6, "when": ["13/01/2026 09:00"] * 12}
    return pd.DataFrame(rows | more)


def test_the_sentence_says_which_rows_and_how_to_go_on():
    frame = table(note=["ok"] * 10 + ["LS1 4AP", "LS2 9JT"])
    assert said(lambda: EventLog.from_frame(frame, **NAMED, group="note")) == (
        'Column "note" holds what looks like a postcode in rows 12, 13, which could show who people are. '
        "Mend the rows, or leave it out and name another column for group. "
        'If it shows nobody, add not_identities=["note"]. Nothing was read.'
    )


def test_several_columns_are_told_at_once():
    frame = table(note=["LS1 4AP"] * 12, who=["Maureen Hart", "John Cooper"] * 6)
    assert said(lambda: EventLog.from_frame(frame, **NAMED, group="note", outcome="who")) == (
        'Column "note" looks like a postcode, which could show who people are. '
        'Column "who" looks like a name, which could show who people are. '
        "Leave them out, and name other columns for group and outcome. "
        'If they show nobody, add not_identities=["note", "who"]. Nothing was read.'
    )


def test_a_column_that_is_named_is_kept_and_the_report_says_so():
    frame = table(note=["LS1 4AP"] * 12)
    log = EventLog.from_frame(frame, **NAMED, group="note", not_identities=["note"])
    assert set(log.frame["group"]) == {"LS1 4AP"}
    assert 'Column "note" looks like a postcode. It was kept, as not_identities names it.' in log.quality.sentences()
    assert len(EventLog.from_frame(frame, **NAMED, group="note", not_identities="note")) == 12


def test_only_columns_that_are_there_can_be_named():
    assert said(lambda: EventLog.from_frame(table(), **NAMED, not_identities=["notes"])) == (
        'No column for not_identities called "notes"; there are "id", "place", "when".'
    )


def test_a_file_can_be_overruled_too(tmp_path):
    table(note=["ok"] * 11 + ["ward@example.org"]).to_csv(tmp_path / "list.csv", index=False)
    log = EventLog.read(tmp_path / "list.csv", **NAMED, group="note", not_identities=["note"])
    assert set(log.frame["group"]) == {"ok", "ward@example.org"}


def test_every_real_id_gets_a_key_that_is_not_made_from_it():
    """Two readings of one table give other keys; the text "NA" is a person, and people stay apart."""
    logs = [EventLog.from_frame(table(id=[f"R{n // 2}" for n in range(12)] * 1), **NAMED) for _ in range(8)]
    keys = [tuple(log.frame["person"]) for log in logs]
    assert all(len(set(one)) == 6 and one[::2] == one[1::2] for one in keys)
    assert len(set(keys)) > 1  # all eight alike would be a chance of 1 in 720 to the seventh
    log = EventLog.from_frame(table(), **NAMED)
    assert log.people == 3
    assert not {"NA", "b7", "c9"} & set(log.frame["person"])


def test_ids_of_synthetic_data_stay():
    log = EventLog.from_frame(table(), **NAMED, synthetic=True)
    assert log.frame["person"].tolist()[:3] == ["NA", "b7", "c9"]


@pytest.mark.parametrize("synthetic", [False, True])
def test_health_service_numbers_get_keys_always_however_they_are_written(synthetic):
    ids = [
        *NHS_NUMBERS,
        *(one.replace(" ", "") for one in NHS_NUMBERS),
        *(f"{one}.0".replace(" ", "") for one in NHS_NUMBERS),
    ]
    log = EventLog.from_frame(table(id=[*ids, "b7", "b7", "b8"]), **NAMED, synthetic=synthetic)
    assert log.people == 5
    kept = log.frame.to_csv() + " ".join(log.quality.sentences()) + repr(log)
    assert not any(one.replace(" ", "") in kept or one in kept for one in NHS_NUMBERS)


def test_no_id_is_in_what_is_pickled_saved_or_shown(tmp_path):
    ids = ["Zebra-17", "Okapi-23", "Quagga-5"] * 4
    log = EventLog.from_frame(table(id=ids), **NAMED)
    log.save(tmp_path / "log.parquet")
    ring = privacy.ring_of(log)
    held = pickle.dumps(log) + (tmp_path / "log.parquet").read_bytes() + repr((log, vars(log), ring)).encode()
    assert not any(one.encode() in held for one in set(ids))
    assert not any(one.tobytes() in held for one in ring.hashes)
    assert len(pickle.loads(pickle.dumps(ring))) == 0  # noqa: S301 - our own
    assert privacy.ring_of(EventLog.load(tmp_path / "log.parquet")) is None
