"""
How does a sentence for analysts read on the screen of a ward clerk?

Refusals and reports name the options of `core.reading` as Python has them, so that an analyst
can use them at once. On screen and on paper the same is said of the controls that stand there.
"""

from __future__ import annotations

import re

__all__ = ["MOVE", "on_screen"]

MOVE = "move it to the next day"  # the answer to "If a time is 12 to 24 hours too early..."
WORDS = tuple(
    (re.compile(code), plain)
    for code, plain in (
        (r'midnight="next_day" moves such times a day on\.', f"To mend it, read the file again with “{MOVE}”."),
        (r"as not_identities names it\.", "as somebody said that it shows nobody."),
        (
            r"If (it shows|they show) nobody, add not_identities=\[.*\]\.",
            r"If \1 nobody, ask an analyst to read the file.",
        ),
        (r"Say which one: sheet=.*", "Save the sheet that you need as a file of its own."),
        (r"person: person=\.\.\. names it\.", "person."),
        (r"step: step=\.\.\. names it\.", "step."),
        (r"a time: one of arrived, started, finished or left names it\.", "a time."),
        (r"\binstance= goes with lifecycle=, the column", "A column that numbers the visits needs another"),
    )
)
ROLES = {"next_step": "next step", "lifecycle": "start or end of a visit", "instance": "number of a visit"}
ROLE = re.compile(rf"(?<=[:,] )({'|'.join(ROLES)})(?= (?:from|=) \")")


def on_screen(sentence: str) -> str:
    """
    The sentence without the words of Python.

    >>> on_screen('Column "note" looks like a postcode. It was kept, as not_identities names it.')
    'Column "note" looks like a postcode. It was kept, as somebody said that it shows nobody.'
    """
    for code, plain in WORDS:
        sentence = code.sub(plain, sentence)
    return ROLE.sub(lambda found: ROLES[found[1]], sentence)
