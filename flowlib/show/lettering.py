"""
How much room do words take on a picture?

Nothing here knows the font that a screen will use, so widths are those of a plain one, and
rather more than less. Lengths are pixels.
"""

from __future__ import annotations

__all__ = ["in_lines", "text_width"]

WIDE, NARROW = "mwMW@%", "ijl.,'|!:;ftrI()[] -"
CAPITAL, SMALL, BOLD = 0.74, 0.58, 1.08  # of the size of the type


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """
    About how many pixels a line of text takes, rather more than less.

    >>> text_width("ill", 14) < text_width("WWW", 14)
    True
    """
    ems = sum(_em(sign) for sign in text)
    return size * ems * (BOLD if bold else 1.0)


def _em(sign: str) -> float:
    if sign in WIDE:
        return 0.95
    if sign in NARROW:
        return 0.36
    if ord(sign) >= 0x1100:  # noqa: PLR2004 - from here on mostly signs as wide as high
        return 1.05
    return CAPITAL if sign.isupper() else SMALL


def in_lines(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """
    Text in lines of at most *room* pixels; a word that is longer is broken.

    >>> in_lines("a care plan", 60, 14)
    ['a care', 'plan']
    """
    lines = [""]
    for word in text.split() or [text]:
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for sign in word:
            if text_width(lines[-1] + sign, size, bold=bold) > room:
                lines.append("")
            lines[-1] += sign
    return lines
