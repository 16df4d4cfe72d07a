"""
Is this place ready to improve flow together? The eight building blocks, scored by each partner.

Each partner scores alone; together they look at the middle score, at where they differ
most, and agree actions for the lowest blocks. The blocks stand in `flowlib.stages`:
the report names three of them, and five are our reading of its recommendations.
"""

from flowlib.change.readiness.page import form, page, section
from flowlib.change.readiness.scores import WORDING, Action, PartnerScores, score
from flowlib.change.readiness.shared_file import from_text, load, save, to_text
from flowlib.change.readiness.together import BlockTogether, Readiness, merge

__all__ = [
    "WORDING",
    "Action",
    "BlockTogether",
    "PartnerScores",
    "Readiness",
    "form",
    "from_text",
    "load",
    "merge",
    "page",
    "save",
    "score",
    "section",
    "to_text",
]
