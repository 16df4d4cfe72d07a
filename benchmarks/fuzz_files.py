"""
Does every malformed file end in a report or in one sentence?

Run by hand: `python -m benchmarks.fuzz_files 2000`. Each file is made from an ordinary
extract by damage such as people's systems do: cut short, in the wrong encoding, with mixed
separators, odd quotation marks, NUL signs, huge cells, a wrong ending, merged cells,
formulas, empty sheets, twice the same name, hundreds of thousands of columns. Each is
proposed, and read as proposed; a traceback, a file that takes over 20 seconds and more than
2 GB of memory are failures.
"""

from __future__ import annotations

import gzip
import io
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd

from flowlib import EventLog
from flowlib.core.checks import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flowlib.core.reading import Proposal

__all__ = ["DAMAGES", "ended", "malformed"]

MOST_SECONDS, MOST_BYTES = 20, 2 * 1024**3
LAYOUTS = (
    "patient,ward,arrived,started,finished,left,group",
    "attendance_id,person_id,arrival_dt,triage_dt,seen_dt,dta_dt,departure_dt,dept_type",
    "spell_id,person_id,admit_dt,ready_date,discharge_dt,pathway",
    "case:concept:name,concept:name,time:timestamp,lifecycle:transition,org:resource",
    "entity_id,pathway,event_type,event,time,resource_id",
)
ODD = ("", "NULL", "-", "n/a", " ", "45000", "45000.75", "31/02/2026", "11/11/1811", "9999-12-31", "26/10/2025 01:30",
       "30/03/2025 01:30", "=1+1", "=cmd|' /C calc'!A0", "+44", "@x", "\u202eabc", "💉", "\x1b[31m", '"', "'", "a,b",
       "1e308", "-1", "NaN", "inf", "\u0663/2/2026", "24:00", "2026-02-03T10:00+99:99", "<script>", "\u200b",
       "\ufeff")  # fmt: skip


def rows(luck: random.Random, header: str, count: int) -> list[list[str]]:
    """An ordinary extract with this header."""
    kinds = ("start", "complete"), ("arrival_departure", "queue", "resource_use", "resource_use_end")
    made = []
    for number in range(count):
        at = pd.Timestamp("2026-01-05") + pd.Timedelta(minutes=luck.randrange(100_000))
        row = []
        for name in header.split(","):
            at += pd.Timedelta(minutes=luck.randrange(600))
            if name.endswith(("_dt", "_date", "arrived", "started", "finished", "left", "timestamp")):
                row.append(f"{at:%d/%m/%Y %H:%M}")
            elif name == "time":
                row.append(str(number * 7.5))
            elif "lifecycle" in name or name == "event_type":
                row.append(luck.choice(kinds[name == "event_type"]))
            else:
                row.append(f"{name[0].upper()}{luck.randrange(count)}")
        made.append(row)
    return made


def table(luck: random.Random) -> tuple[list[str], list[list[str]]]:
    """An extract, with odd cells here and there."""
    header = luck.choice(LAYOUTS)
    made = rows(luck, header, luck.choice((1, 3, 40, 200)))
    for _ in range(luck.randrange(20)):
        row = luck.choice(made)
        row[luck.randrange(len(row))] = luck.choice(ODD)
    return header.split(","), made


def text(luck: random.Random) -> str:
    """An extract as text."""
    header, made = table(luck)
    separator, end = luck.choice(",;\t|"), luck.choice(("\n", "\r\n", "\r"))
    return end.join(separator.join(row) for row in [header, *made]) + end


def _cut(luck: random.Random, raw: bytes) -> bytes:
    return raw[: luck.randrange(len(raw))]


def _flipped(luck: random.Random, raw: bytes) -> bytes:
    made = bytearray(raw)
    for _ in range(luck.randrange(1, 30)):
        made[luck.randrange(len(made))] = luck.randrange(256)
    return bytes(made)


def _nul(luck: random.Random, raw: bytes) -> bytes:
    at = luck.randrange(len(raw))
    return raw[:at] + b"\0" * luck.choice((1, 500)) + raw[at:]


def _quotes(luck: random.Random, raw: bytes) -> bytes:
    made = bytearray(raw)
    for _ in range(luck.randrange(1, 9)):
        made.insert(luck.randrange(len(made)), luck.choice(b"\"'"))
    return bytes(made)


def _separators(luck: random.Random, raw: bytes) -> bytes:
    return bytes(luck.choice(b",;\t|") if byte in b",;\t|" and luck.random() < 0.2 else byte for byte in raw)  # noqa: PLR2004 - one in five


def _ragged(luck: random.Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    return b"\n".join(line + b"," * luck.choice((0, 0, 0, 1, 50)) for line in lines)


def _huge(luck: random.Random, raw: bytes) -> bytes:
    at = luck.randrange(len(raw))
    return raw[:at] + b"x" * luck.choice((70_000, 1_000_000, 9_000_000)) + raw[at:]


def _wide(luck: random.Random, raw: bytes) -> bytes:
    many = luck.choice((2_000, 20_000, 300_000))
    return b"\n".join(line + b",x" * many for line in raw.split(b"\n")[:4])


def _twice(luck: random.Random, raw: bytes) -> bytes:
    first = raw.split(b"\n")[0]
    return raw.replace(first, first.replace(luck.choice(first.split(b",")), first.split(b",")[0]), 1)


def _blank_lines(luck: random.Random, raw: bytes) -> bytes:
    return b"\n" * luck.randrange(3) + raw.replace(b"\n", b"\n" * luck.randrange(1, 4))


def _noise(luck: random.Random, raw: bytes) -> bytes:
    return luck.randbytes(luck.choice((1, 10, 5_000))) + (raw if luck.random() < 0.5 else b"")  # noqa: PLR2004 - half


def _no_header(_: random.Random, raw: bytes) -> bytes:
    return raw.partition(b"\n")[2] or b"x"


def _header_alone(_: random.Random, raw: bytes) -> bytes:
    return raw.partition(b"\n")[0]


BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _cut, _flipped, _nul, _quotes, _separators, _ragged, _huge, _wide, _twice, _blank_lines, _noise, _no_header,
    _header_alone,
)  # fmt: skip


def damaged_text(luck: random.Random) -> tuple[str, bytes]:
    """A text file with one to three kinds of damage."""
    usual = luck.random() < 0.8  # noqa: PLR2004 - four in five
    encoding = luck.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16") if usual else ("utf-16-le", "utf-32", "cp037"))
    raw = text(luck).encode(encoding, errors="replace")
    head = luck.choice((0, 200))  # with the header spared, the damage lies where a table seems to be
    for damage in luck.sample(BYTES, luck.choice((1, 1, 1, 2, 3))):
        raw = raw[:head] + damage(luck, raw[head:] or b"x")
    endings = (".csv", ".tsv", ".txt", ".CSV", ".dat", "") if usual else (".xlsx", ".parquet", ".gz")
    return luck.choice(endings), raw


def damaged_zip(luck: random.Random) -> tuple[str, bytes]:
    """A gzipped file: cut, damaged, of nothing but noughts, or zipped twice."""
    raw = text(luck).encode()
    inner = luck.choice((raw, b"0," * 3_000_000, b"a,b\n" + b"1,2\n" * 500_000, gzip.compress(raw), b"", b"a,b\n" * 9))
    made = gzip.compress(inner, compresslevel=1)
    return ".csv.gz", luck.choice((made, _cut(luck, made), _flipped(luck, made), made + b"end"))


def book(luck: random.Random) -> bytes:
    """A workbook with merged cells, formulas, empty and odd sheets."""
    made = openpyxl.Workbook()
    for number in range(luck.choice((1, 1, 2, 3))):
        page = made.active if not number else made.create_sheet(luck.choice(("March", "=1", "a'b", "Blatt 2")))
        header, lines = table(luck)
        shape = luck.randrange(8)
        if shape == 1:
            page.append(["Report of the week"])
            page.merge_cells("A1:D1")
        for row in [] if shape == 2 else [header, *lines[:40]]:  # noqa: PLR2004 - an empty sheet
            page.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
        if shape == 3 and lines:  # noqa: PLR2004
            page.merge_cells("A2:C3")
        if shape == 4:  # noqa: PLR2004
            page["B2"] = "=A2&1/0"
        if shape == 5:  # noqa: PLR2004
            page.cell(row=1, column=16_000, value="far")
        if shape == 6:  # noqa: PLR2004
            page.cell(row=luck.choice((5_000, 100_000)), column=1, value="far down")
        if shape == 7:  # noqa: PLR2004
            page["A2"] = luck.choice((True, 1e300, -5, pd.Timestamp("1900-01-01"), "#N/A", "#DIV/0!"))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def damaged_book(luck: random.Random) -> tuple[str, bytes]:
    """A workbook, whole or with one of its parts damaged."""
    raw = book(luck)
    how = luck.randrange(6)
    if how < 2:  # noqa: PLR2004 - whole
        return luck.choice((".xlsx", ".xlsx", ".xlsx", ".xlsm", ".csv", ".xls", ".gz")), raw
    if how == 2:  # noqa: PLR2004
        return ".xlsx", _cut(luck, raw)
    if how == 3:  # noqa: PLR2004
        return ".xlsx", _flipped(luck, raw)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = luck.choice(old.namelist())
        for name in old.namelist():
            data = old.read(name)
            if name == victim:
                data = luck.choice((b"", _cut(luck, data), _flipped(luck, data), data * 2, _bomb(luck, data)))
            new.writestr(name, data)
    return ".xlsx", out.getvalue()


def _bomb(luck: random.Random, data: bytes) -> bytes:
    """A part that says much in few words, or speaks of rows and columns far away."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 9))
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">' + laughs + b"]><x>&l8;</x>"
    far = data.replace(b'r="2"', b'r="%d"' % luck.choice((1_048_577, 2_000_000_000, 300_000)))
    wide = data.replace(b'r="A2"', b'r="ZZZ2"').replace(b'r="B2"', b'r="AAAAAA2"')
    return luck.choice((entity, far, wide, data + b" " * 20_000_000, b"<sst>" + b"<si><t>a</t></si>" * 200_000))


def damaged_parquet(luck: random.Random) -> tuple[str, bytes]:
    """A Parquet file, with cells of many kinds or damaged."""
    header, made = table(luck)
    frame = pd.DataFrame(made, columns=header)
    odd = luck.choice(header)
    frame[odd] = luck.choice(
        (
            pd.Series([[1, 2]] * len(frame)), pd.Series([b"\xff\xfe"] * len(frame)), pd.Series(range(len(frame))),
            pd.Series([{"a": 1}] * len(frame)), pd.Series([pd.Timedelta(hours=1)] * len(frame)),
            pd.Series([pd.Timestamp("2026-01-05 09:00", tz="Asia/Tokyo")] * len(frame)), frame[odd].astype("category"),
            pd.Series([1.5] * len(frame)), pd.Series([None] * len(frame)), pd.Series([True] * len(frame)),
        )
    )  # fmt: skip
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    raw = out.getvalue()
    whole = luck.choice((raw, raw, _cut(luck, raw), _flipped(luck, raw), b"PAR1", raw[:-4]))
    return luck.choice((".parquet",) * 8 + (".pq", ".csv", ".xlsx")), whole


DAMAGES: dict[str, Callable[[random.Random], tuple[str, bytes]]] = {
    "text": damaged_text, "zip": damaged_zip, "workbook": damaged_book, "parquet": damaged_parquet,
}  # fmt: skip
SHARES = (6, 1, 4, 2)  # of each kind


def malformed(number: int) -> tuple[str, str, bytes]:
    """Malformed file *number*: its kind, its name and its bytes; always the same."""
    luck = random.Random(number)  # noqa: S311 - made-up damage, no secret
    kind = luck.choices(list(DAMAGES), SHARES)[0]
    ending, raw = DAMAGES[kind](luck)
    return kind, f"list{ending}", raw


def ended(path: Path) -> tuple[str, str]:
    """How the reading of a file ended ("report" or "refused"), and what was said."""
    try:
        proposal = EventLog.read(path)
        log = proposal.accept(**_gaps(proposal))
        log.quality.table, log.quality.set_aside, log.journeys()
        return "report", " ".join(log.quality.sentences())
    except Refusal as refusal:
        return "refused", str(refusal)


def _gaps(proposal: Proposal) -> dict[str, str]:
    """Columns for what was not recognised, as somebody would name them who looks at the first names only."""
    names = [name for name in proposal.headers if name and name not in proposal.columns.values()]
    roles = [role if role in {"person", "step"} else "finished" for role in proposal.missing]
    return dict(zip(roles, names, strict=False))


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Stop what takes longer."""

    def stop(*_: object) -> None:
        message = f"took over {seconds} seconds"
        raise TimeoutError(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def main(count: int, first: int = 0) -> int:
    """Read so many files; how many failed."""
    outcomes: Counter[str] = Counter()
    slowest = (0.0, -1)
    for number in range(first, first + count):
        kind, name, raw = malformed(number)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(raw)
            began = time.perf_counter()
            try:
                with limited(MOST_SECONDS):
                    how, said = ended(path)
                if how == "refused" and (not said or "\n" in said or "Error" in said):
                    how = "odd sentence"
                    sys.stdout.write(f"{number} {kind} {name}: {said[:200]}\n")
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                how = "failed"
                sys.stdout.write(f"{number} {kind} {name}: {type(error).__name__}: {str(error)[:200]}\n")
            slowest = max(slowest, (time.perf_counter() - began, number))
        outcomes[how] += 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(
        f"{count:,} files: {dict(outcomes)}. Slowest {slowest[0]:.1f} s (file {slowest[1]}). "
        f"Most memory {memory / 1024**3:.2f} GB.\n"
    )
    return outcomes["failed"] + outcomes["odd sentence"] + (memory > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000), 1))
