"""
Could this show who a person is?

Three questions, a room each. Who is it? `identities` judges columns and cells before they
are used: numbers, names, dates of birth, addresses, telephones, free text. May this be
shown? `suppress` and `suppress_two_way` make tables safe to show: numbers of people from
1 to 7 become "*", and so does whatever describes so few or would give them away (NHS
Digital, disclosure control for hospital statistics, 2018). What stands for a person?
`rekey` gives random keys.
"""

from __future__ import annotations

from flowlib.core.privacy.cells import as_text, identity_in, identity_value, plain_number
from flowlib.core.privacy.columns import NUMBERS, Shows, identities, identity, seems, whom_it_shows
from flowlib.core.privacy.keys import Ring, hang, rekey, ring_of, shuffled
from flowlib.core.privacy.numbers import nhs_number
from flowlib.core.privacy.shown import FEWEST, HIDDEN, ROUND_TO, known_of, rounded, rounded_share, suppress
from flowlib.core.privacy.two_way import suppress_two_way

__all__ = [
    "FEWEST", "HIDDEN", "NUMBERS", "ROUND_TO", "Ring", "Shows", "as_text", "hang", "identities", "identity",
    "identity_in", "identity_value", "known_of", "nhs_number", "plain_number", "rekey", "ring_of", "rounded",
    "rounded_share", "seems", "shuffled", "suppress", "suppress_two_way", "whom_it_shows",
]  # fmt: skip
