"""
In which other ways do systems write a moment, of which each can mean one thing only?

Clocks without a colon (0105, as HL7 and many theatres write), with a point (13.05) or an h, with
"p.m." or "p"; the day of the week before, "at" between, the clock first; a month by its name
first, as SQL Server writes; figures alone (20260113130500); BST and GMT; an offset of hours only;
24:00; blanks and marks that cannot be seen. Each is put into the plain way by a stated rule, in
this order, and only where the plain ways did not fit. Nothing here settles which of two
numbers is the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RULES", "plainer"]

# Patterns of RE2 and what to put in their place.
RULES = (
    ("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]", ""),  # signs that cannot be seen
    ("[\\s\u00a0\u2000-\u200a\u202f\u3000]+", " "),
    (r"^(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?i:day)?[,.]? ", ""),
    (r"^(\d{1,2})(?i:st|nd|rd|th) ", r"\1 "),
    (r"^([A-Za-z]{3,9})\.? ?(\d{1,2})(?i:st|nd|rd|th)?,? (\d{4})\b", r"\2 \1 \3"),  # Jan 13 2026
    (r"^(\d{1,2})[/ .-]([A-Za-z]{3,9})\.?[/ .,-]+(\d{4}|\d\d)\b", r"\1 \2 \3"),  # 13/Jan/26
    (r"(?i)\bsept\b", "Sep"),
    (r"(?i),? at (\d)", r" \1"),
    (r" - (\d{1,2}[:.hH]?\d\d)", r" \1"),
    (r"(?i)(\d|m) ?(?:gmt|utc)$", r"\1+00:00"),
    (r"(?i)(\d|m) ?bst$", r"\1+01:00"),
    (r"(:\d\d(?:[.,]\d+)?) ?([+-]\d\d)$", r"\1\2:00"),
    (r"^((?:19|20)\d{6})[ T]?([0-2]\d)([0-5]\d)([0-5]\d)(?:\.\d+)?$", r"\1 \2:\3:\4"),
    (r"^((?:19|20)\d{6})[ T]?([0-2]\d)([0-5]\d)$", r"\1 \2:\3"),
    (r"^(.*(?:\d{4}|[/. -]\d\d)) ([0-2]?\d)([0-5]\d)$", r"\1 \2:\3"),  # 0105 after a day with its year
    (r"(?i)(\d) ?([ap])\.? ?(?:m\.?)?$", r"\1 \2m"),
    (r"(?i) (\d{1,2})\.(\d\d)\.(\d\d)(?:\.\d+)?( [ap]m)?$", r" \1:\2:\3\4"),
    (r"(?i) (\d{1,2})[.h](\d\d)( [ap]m)?$", r" \1:\2\3"),
    (r"(?i) (\d{1,2})( [ap]m)$", r" \1:00\2"),
    (r"(?i)^(\d{1,2}:\d\d(?::\d\d)?(?: [ap]m)?),? (\d.*)$", r"\2 \1"),  # the clock first
)


def plainer(texts: pd.Series) -> pd.Series:
    """
    Moments in the plain way, where a rule fits; else as they are.

    >>> import pandas as pd
    >>> plainer(pd.Series(["Sat 13/01/2026 0105", "Jan 13 2026  1:05PM", "soon"])).tolist()
    ['13/01/2026 01:05', '13 Jan 2026 1:05 Pm', 'soon']
    """
    import pandas as pd  # noqa: PLC0415 - as pyarrow
    import pyarrow as pa  # noqa: PLC0415 - heavy, so only when dates are read
    from pyarrow import compute as pc  # noqa: PLC0415

    codes, different = pd.factorize(texts)
    made = pa.array(different.astype(object), type=pa.large_string())
    for pattern, plain in RULES:
        made = pc.replace_substring_regex(made, pattern=pattern, replacement=plain)
    words = pc.utf8_trim_whitespace(made).to_numpy(zero_copy_only=False)
    return pd.Series(words[codes], index=texts.index, dtype="str")
