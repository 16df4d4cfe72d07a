"""A map of few people says so in words, and never with a star in a sentence."""

import pandas as pd
import pytest

from flowlib.core.eventlog import EventLog
from flowlib.mapping.process_map import ProcessMap, process_map
from flowlib.show.map_chart import how_many


def map_of(people, *, left_out=0, ways_left_out=0, synthetic=False):
    """People who all go from A to B, and so many who are left out."""
    rows = [
        (f"p{k}", step, f"{6 + hour:02d}/01/2025 0{hour + 1}:00")
        for k in range(people)
        for hour, step in enumerate("AB")
    ]
    frame = pd.DataFrame(rows, columns=["who", "where", "when"])
    log = EventLog.from_frame(frame, person="who", step="where", finished="when", synthetic=synthetic)
    return ProcessMap(log, left_out, ways_left_out) if left_out else process_map(log)


@pytest.mark.parametrize("synthetic", [False, True])
@pytest.mark.parametrize("people", [1, 7])
def test_a_map_of_few_people_says_fewer_than_8(people, synthetic):
    """From 1 to 7, of real people or not."""
    made = map_of(people, synthetic=synthetic)
    assert made.sentence() == "Fewer than 8 people are on this map, and nobody is left out; they went 1 way."
    assert how_many(made) == "Fewer than 8 people go this way."


def test_a_map_of_more_people_says_how_many():
    """Eight real people are shown to the nearest 5."""
    made = map_of(8)
    assert made.sentence() == "All 10 people are on this map; they went 1 way."
    assert how_many(made) == "All 10 people go this way."


@pytest.mark.parametrize(
    ("people", "left_out", "sentence", "short"),
    [
        (60, 5, "fewer than 8 of 65 people", "60 of 65 people go this way."),
        (5, 60, "60 of 65 people", "Fewer than 8 of 65 people go this way."),
        (3, 2, "some of fewer than 8 people", "Fewer than 8 people go this way."),
        (6, 6, "fewer than 8 of 10 people", "Fewer than 8 of 10 people go this way."),
    ],
)
def test_what_is_left_out_is_told_in_words_too(people, left_out, sentence, short):
    """Numbers from 1 to 7 in words, others to the nearest 5."""
    made = map_of(people, left_out=left_out, ways_left_out=2)
    assert made.sentence() == (
        f"This map shows the commonest 1 way of 3. Left out are {sentence}, who went other ways."
    )
    assert how_many(made) == short
