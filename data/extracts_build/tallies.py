"""
What do two short lists for counting hold: calls to the GP hub, and why people's departure was delayed?

The counts are chosen, and only their order is left to chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.extracts_build.quirks import Extract, wall_text

if TYPE_CHECKING:
    from data.extracts_build.quirks import Register

__all__ = ["CAUSES", "delays", "hub_calls"]

UNCLEAR = "Could not be told"
FAILURES = {"Chasing a result": 49, "Asking again for an appointment": 41, "Letter not understood": 27,
            "Medicine not ready": 21, "Passed on wrongly": 14}  # fmt: skip
VALUES = {"New problem": 131, "Repeat prescription": 62, "Long-term condition": 55}
FIRST_CALLS, FIRST_FAILURES = 40, 15  # the first 40 have the same share as the whole, as nearly as 40 can
CODES = {"Waiting for home care": 96, "Waiting for Home First": 66, "Assessment not done": 45,
         "Medicines to take home": 33, "Transport": 18, "Family choice": 15, "Care home bed": 12,
         "Equipment at home": 9, "Other": 6}  # fmt: skip

CAUSES = {
    "failure_demand": {
        "file": "wexmoor_hub_calls.csv", "calls": 420, "unclear": 20, "failures": sum(FAILURES.values()),
        "share_of_clear": sum(FAILURES.values()) / (sum(FAILURES.values()) + sum(VALUES.values())),
        "first_calls": FIRST_CALLS, "failures_of_first": FIRST_FAILURES, "by_reason": FAILURES,
    },
    "few_codes_cover_most": {
        "file": "wexmoor_delays.csv", "records": sum(CODES.values()), "codes": 4, "share": 0.8, "by_code": CODES,
    },
}  # fmt: skip


def hub_calls() -> Extract:
    """Calls to the GP hub in two weeks, each read and classified; the first 40 are those of a first look."""
    rng = np.random.default_rng([2025, 67])
    failures = rng.permutation(np.repeat(list(FAILURES), list(FAILURES.values())))
    values = rng.permutation(np.repeat(list(VALUES), list(VALUES.values())))
    kinds = [("failure", why) for why in failures] + [("value", why) for why in values]
    first = kinds[:FIRST_FAILURES] + kinds[-(FIRST_CALLS - FIRST_FAILURES) :]
    rest = [*kinds[FIRST_FAILURES : -(FIRST_CALLS - FIRST_FAILURES)], *[("unclear", UNCLEAR)] * 20]
    order = [*(first[i] for i in rng.permutation(len(first))), *(rest[i] for i in rng.permutation(len(rest)))]
    minute = np.sort(rng.choice(10 * 570, len(order), replace=False))  # 8am to 5.30pm on ten weekdays
    day = minute // 570
    at = pd.Timestamp("2025-05-12 08:00") + pd.to_timedelta((day // 5 * 7 + day % 5) * 1440 + minute % 570, unit="min")
    made = pd.DataFrame(
        {"call_id": [f"G{n}" for n in range(1001, 1001 + len(order))], "called_at": wall_text(pd.Series(at))}
    )
    made["kind"], made["reason"] = zip(*order, strict=True)
    return Extract(made, rng)


def delays(spells: pd.DataFrame, people: Register) -> Extract:
    """The main reason of each of 300 delays, as a nurse recorded it on the day that the person was ready."""
    rng = np.random.default_rng([2025, 68])
    drawn = spells.loc[np.sort(rng.choice(spells.index, sum(CODES.values()), replace=False))]
    drawn = drawn.sort_values(["ready", "key"], kind="stable")
    made = pd.DataFrame(
        {"delay_id": [f"D{n}" for n in range(201, 201 + len(drawn))], "person_id": people.of(drawn["key"])}
    )
    made["recorded_on"] = drawn["ready"].dt.strftime("%d/%m/%Y").to_numpy()
    made["code"] = rng.permutation(np.repeat(list(CODES), list(CODES.values())))
    return Extract(made, rng)
