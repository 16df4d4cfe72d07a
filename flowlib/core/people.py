"""
Whose rows are these, and what in them must nobody see?

Columns that show who people are stop the reading, with a sentence that names them and
repeats no value. People get random keys in place of their ids, and the text "NA" is an id like
any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core import checks, headings, privacy, twice, wide
from flowlib.core.dates import BLANKS
from flowlib.core.eventlog import TIMES
from flowlib.core.quality import some_rows
from flowlib.core.texts import each_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flowlib.core.quality import Findings

__all__ = ["keyed", "overruled", "stop_at_identities", "whose_codes"]

# These stand for nobody, where a person's id is wanted; but the text "NA" is an id like any other.
NOBODY = BLANKS - {"na", "nan", "none"}
NOBODY_AS_WRITTEN = ("nan", "NaN", "None", "none")
MERGED = 0.25  # share of rows without a person from which merged cells are thought of


def overruled(not_identities: Iterable[str], columns: Mapping[str, str]) -> set[str]:
    """The columns of which a person said that they show nobody."""
    named = [not_identities] if isinstance(not_identities, str) else list(not_identities)
    known = [str(column) for column in columns.values()]
    return {headings.chosen(one, known, where="for not_identities") for one in named}


def stop_at_identities(
    raw: pd.DataFrame, columns: Mapping[str, str], found: Findings, kept: set[str], *, synthetic: bool
) -> str | None:
    """
    Refuse columns that show who people are, unless they are overruled.

    Persons get other keys, so their health service numbers stop nothing: the kind comes
    back. Nor do single cells of theirs, unless the data are synthetic and keep their ids.
    """
    numbers, stopped = None, {}
    for role in raw.columns:
        column = str(columns[role])
        shows = privacy.whom_it_shows(column, raw[role], times=role in TIMES or role.startswith(wide.TIME_OF))
        if shows is None:
            continue
        if role == "person" and shows.kind in privacy.NUMBERS:
            numbers = shows.kind
        elif column in kept:
            sentence = f'Column "{column}" {privacy.seems(shows)}. It was kept, as not_identities names it.'
            found.tell("to know", sentence)
        elif role != "person" or shows.whole or synthetic:
            stopped[role] = shows
    if stopped:
        raise checks.Refusal(_why_stopped(stopped, columns, found))
    return numbers


def keyed(
    cells: pd.Series, column: str, found: Findings, *, numbers: str | None, keep: bool
) -> tuple[pd.Series, privacy.Ring | None]:
    """
    A random key in place of each id, and the ring by which logs are joined; or the ids as text.

    The text "NA" is an id like any other. *numbers* says which numbers of the health service the ids are.
    """

    def filled(text: pd.Series) -> pd.Series:
        return text.where(~text.str.lower().isin(NOBODY) & ~text.isin(NOBODY_AS_WRITTEN))

    text, dressed = each_text(cells, filled)
    found.note("put right", dressed, f'blanks before or after the text in "{column}" were taken off.')
    nobody = text.isna().to_numpy()
    found.set_aside(nobody, f'no person in column "{column}".')
    if nobody.mean() > MERGED and not nobody.all():
        found.tell("to know", f'Many rows have no person. If cells of "{column}" are merged, fill the column down.')
    if numbers:
        text, _ = each_text(text, lambda ids: ids.map(privacy.plain_number))
        found.tell("put right", f'Column "{column}" held {numbers}s; each person has a new random key instead.')
    codes, ids = pd.factorize(text)
    alike = twice.ids_alike(codes, ids)
    found.note(
        "to know", alike, f'please check: ids in "{column}" differ only in noughts at the front; they count as two.'
    )
    if keep:
        return text, None
    keys = privacy.shuffled(len(ids))
    made = pd.Series(pd.array(keys, dtype="str").take(codes, allow_fill=True), index=text.index)
    return made, privacy.Ring.of(ids.tolist(), keys)


def _why_stopped(stopped: Mapping[str, privacy.Shows], columns: Mapping[str, str], found: Findings) -> str:
    """What to say of columns that show who people are, without any value in them."""
    names = {role: str(columns[role]) for role in stopped}
    roles = " and ".join(stopped) if len(stopped) < 3 else ", ".join(stopped)  # noqa: PLR2004 - two, or a list
    quoted = ", ".join(f'"{name}"' for name in dict.fromkeys(names.values()))
    told = [
        f'Column "{names[role]}" {privacy.seems(shows)}'
        + ("" if shows.whole else f" in {some_rows(found.numbers(shows.cells))}")
        + ", which could show who people are."
        for role, shows in stopped.items()
    ]
    it, other = ("it", "another column") if len(stopped) == 1 else ("them", "other columns")
    leave = f"Leave {it} out, and name {other} for {roles}."
    if not any(shows.whole for shows in stopped.values()):
        leave = f"Mend the rows, or leave {it} out and name {other} for {roles}."
    nobody = f"If {'it shows' if len(stopped) == 1 else 'they show'} nobody, add not_identities=[{quoted}]."
    return " ".join([*told, leave, nobody, "Nothing was read."])


def whose_codes(cells: pd.Series) -> pd.Series:
    """A number for each different person in cells that are not kept; -1 where there is none."""
    text, _ = each_text(cells, lambda text: text.where(~text.str.lower().isin(NOBODY)))
    return pd.Series(pd.factorize(text)[0], index=cells.index)
