"""
Which columns and cells does a Parquet file hold?

Only read, by pyarrow, and only the columns asked for. Moments stay moments; whole numbers
become text, so that no figure of a long id is lost. Rows are numbered as they would be
below a row of column names: the first is row 2.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from flowlib.core.progress import Progress

__all__ = ["MAGIC", "cells", "headers"]

MAGIC = b"PAR1"
MOST_BYTES = 4 * 1024**3  # of the columns asked for, unpacked
MOST_COLUMNS = 20_000  # Excel has 16,384
PIECE = 65_536  # rows


def headers(path: Path) -> list[str]:
    """The column names, without blanks around them."""
    with _opened(path) as file:
        names = [" ".join(str(name).split()) for name in file.schema_arrow.names]
    checks.need(any(names), f'"{path.name}" has no column names. Save it again with names.')
    checks.need(
        len(names) <= MOST_COLUMNS,
        f'"{path.name}" has {len(names):,} columns; the most that can be read is {MOST_COLUMNS:,}. Take fewer.',
    )
    return names


def cells(
    path: Path, columns: Sequence[str], places: Sequence[int], most: int | None, progress: Progress | None
) -> Any:  # noqa: ANN401 - pandas has no types
    """The columns at these places as a frame with the names *columns*; at *most* so many rows."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, so only when a file is read

    with _opened(path) as file:
        names = [file.schema_arrow.names[place] for place in places]
        _need_room(path, file, places)
        batches, seen = [], 0
        for batch in file.iter_batches(batch_size=PIECE, columns=names, use_threads=False):
            batches.append(batch if most is None else batch.slice(0, most - seen))
            seen += len(batch)
            if progress is not None:
                progress.reading(seen / max(file.metadata.num_rows, 1))
            if most is not None and seen >= most:
                break
        kinds = pa.schema([file.schema_arrow.field(place) for place in places])
        table = pa.Table.from_batches(batches, schema=kinds)
        made = {column: _plain(table.column(i), column, path) for i, column in enumerate(columns)}
    return pd.DataFrame(made, columns=list(columns))


def _need_room(path: Path, file: Any, places: Sequence[int]) -> None:  # noqa: ANN401 - pyarrow has no types
    about = file.metadata
    if about.num_columns != len(file.schema_arrow.names):
        return  # nested columns: their sizes stand elsewhere, and what is nested is refused below
    size = sum(
        about.row_group(group).column(place).total_uncompressed_size
        for group in range(about.num_row_groups)
        for place in places
    )
    checks.need(
        size <= MOST_BYTES,
        f'"{path.name}" is {size / 1024**3:.1f} GB when unpacked; the most that can be read is '
        f"{MOST_BYTES // 1024**3} GB. Split it, or take fewer columns.",
    )


def _plain(column: Any, name: str, path: Path) -> Any:  # noqa: ANN401 - as above
    """One column as moments, as numbers with a point, or as text."""
    import pyarrow as pa  # noqa: PLC0415

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("ms")).cast(pa.timestamp("us"))
    elif pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    elif pa.types.is_null(kind):
        return pd.Series([""] * len(column), dtype="str")
    elif not pa.types.is_floating(kind):
        readable = not (pa.types.is_nested(kind) or pa.types.is_duration(kind))
        checks.need(
            readable,
            f'Column "{name}" of "{path.name}" holds lists or lengths of time, not cells of text or dates. '
            "Leave it out, or save it as text.",
        )
        words = column.cast(pa.string())
        words.validate(full=True)  # signs that are no text would fail later, when somebody reads them
        return words.to_pandas().astype("str").fillna("")
    return column.to_pandas()


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The file while it is read; whatever is broken in it ends in one sentence."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    try:
        with parquet.ParquetFile(path) as file:
            yield file
    except checks.Refusal:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError, MemoryError):
        raise checks.Refusal(
            f'"{path.name}" is not a Parquet file that can be read, or is damaged. Fetch or save it again.'
        ) from None
