"""Tables with a report a row, as researchers keep them: CSV, JSON Lines, Excel, Stata and Parquet
files and DataFrames. Which column holds the texts, and which tell year, place, date, title and
source, is told by their cells and names."""

import csv
import io
import json
import re
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import ReportError, ReportWarning, told_of
from xiacheng_nlp.files import EXCEL_CHARACTERS
from xiacheng_nlp.readers.file_types import LARGEST
from xiacheng_nlp.text import encoding_of, read_as

ROLES = ("text", "place", "year", "date", "title", "source")
"""What a column may tell."""

ROW = "#row-"
"""Between the name of a table and the number of a row in it, from 1, in the name of a report."""

FRONT = 65_536
"""Bytes by which a file is told to be a table: its head and the beginning of its first report."""

CHUNK = 32
"""Rows that are in memory at a time, and by which the columns are told."""

OBJECTS = 1_000_000
"""Objects of a JSON list, which is in memory as a whole; a list of reports has one or two a row.
So many rows of a Parquet file, too, which packs equal ones into nothing."""

COLUMNS, LONGEST_NAME = 10_000, 100
"""Columns of a table at most, and characters of the name of one; a longer one is a report."""

ABOVE = 10
"""Rows of a sheet within which its head stands; a title above it has a cell alone."""

PIECES, LONGEST_PIECE = 6, 2_000
"""Rows by which a report is told to stand in pieces, a paragraph or a sentence a row, at least, and
the characters of such a one at most."""

FITTING = 0.8
"""The share of a column's cells that look like what it tells."""

_SEPARATORS = ",\t;|^~"
_LINE_END = re.compile("\r\n?|\n")
# No tab: the first cell of a head may be empty.
_EMPTY = " \r\n\ufeff"
_SEP = re.compile(rf'"?sep=([{_SEPARATORS}])"?[ \t]*(?:{_LINE_END.pattern})', re.IGNORECASE)
# Comments and blank lines, and a title of the table in a row with nothing beside it: it takes
# 政府工作报告,, and refuses text,place.
_COMMENTS = re.compile(
    rf"(?:(?:[ \t]*(?:#[^\r\n]*)?|[^\r\n{_SEPARATORS}]+[{_SEPARATORS}]+)(?:{_LINE_END.pattern}))+"
)
# It takes the head of a column of row numbers too, which is empty.
_HEAD_CELL = re.compile(r"[^。；！？：\n]{0,40}")

Cells = Mapping[Any, Any]
_Rows = Generator[Cells, None, None]
Row = tuple[str, str, dict[str, Any]]
"""A report in a table: its name (reports.csv#row-3), its text, and what the row tells of it."""


def table_form(front: bytes) -> str | None:
    """The form of a table (csv, jsonl, json, dta, parquet) whose file begins so; None for a file
    that is none. A CSV without a column of long texts is none.

    >>> table_form("地区,年份,正文\\n下城区,2014,各位代表：".encode())  # "place, year, text"
    'csv'
    >>> table_form("各位代表,同志们:".encode()) is None  # "fellow deputies, comrades:"
    True
    """
    if front.startswith(b"PAR1"):
        return "parquet"
    if re.match(rb"<stata_dta>|[\x68-\x73][\x01\x02]\x01\x00", front):
        return "dta"
    text = _decoded(front)
    first = text.lstrip()[:200]
    if re.match(r'\{\s*"[^"\n]{1,80}"\s*:', first):
        return "jsonl"
    if re.match(r'\[\s*[{"]', first):
        return "json"
    return "csv" if _csv_head(text)[0] else None


def _decoded(front: bytes) -> str:
    encoding, read = read_as(front, whole=False)
    return front.decode(encoding, "ignore") if read is None else read


def _csv_head(text: str) -> tuple[str | None, str, int]:
    """What parts the cells of a table of texts (None where there is no such table), the text from
    its head on, and how many lines stand above that: `sep=;`, as Excel reads it, and comments."""
    told = _SEP.match(text)
    start, separators = (told.end(), told[1]) if told else (0, _SEPARATORS)
    comments = _COMMENTS.match(text, start)
    # Comments last: a line with # may be the head, as a column of row numbers may be called so.
    for at in dict.fromkeys((start, comments.end() if comments else start)):
        body = text[at:].lstrip(_EMPTY)
        if found := _separator(body, separators):
            return found, body, len(_LINE_END.findall(text[:at]))
    return None, text, 0


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=_quote(text))


def _quote(text: str) -> str:
    """The mark that a table, from its head on, puts around its cells."""
    return "'" if text.startswith("'") else '"'


def _separator(text: str, separators: str) -> str | None:
    """What parts the cells of a table of texts; None where the text is no such table."""
    line = re.split("[\r\n]", text, maxsplit=1)[0]
    for separator in separators:
        head = [cell.strip(" \"'\r") for cell in line.split(separator)]
        if len(head) < 2:
            continue
        names = {cell.lower() for cell in head}
        roles = {role for role, (called, *_) in _looks().items() if names & set(called)}
        if {"text"} < roles:
            # A table by its head: what is broken in it is told where it is read.
            return separator
        # Without a head, the first line may be the front of a report in quotation marks.
        if all(map(_HEAD_CELL.fullmatch, head)) or line.count('"') % 2:
            head, *records = list(_records(text, separator)) or [[]]
            # The last one may be cut.
            whole = all(len(cells) in (0, len(head)) for cells in records[:-1])
            parted = [cells for cells in records if len(cells) > 1]
            return separator if whole and _has_texts(head, parted) else None
    return None


def _has_texts(head: Sequence[str], records: Sequence[Sequence[str]]) -> bool:
    """Whether one of the columns holds texts; of two with the same name, the one or the other."""
    rows = [list(zip(head, cells, strict=False)) for cells in records]
    return any(_fitting("text", [dict(row[::step]) for row in rows]) for step in (1, -1))


def reports_in(
    source: "Path | bytes | Any", form: str, *, name: str, columns: Mapping[str, str]
) -> Iterator[Row]:
    """The reports in a table: a file of a form of `table_form`, an Excel workbook (xlsx), or a
    DataFrame (form frame); `columns` names those that tell the `ROLES`, as far as they are known.

    What the others are taken to tell is said in a `ReportWarning`. Raises `ReportError` where the
    table can't be read or has no column of texts.
    """
    with ExitStack() as opened:
        try:
            if isinstance(source, Path):
                source = opened.enter_context(source.open("rb"))
            elif isinstance(source, bytes):
                source = io.BytesIO(source)
            # Closed before the file is, where no more rows are wanted.
            rows = opened.enter_context(closing(_ROWS[form](source)))
            first = list(islice(rows, CHUNK))
            found = _columns(first, columns, name)
            _refuse_pieces(first, found)
            for number, cells in enumerate(chain(first, rows), 1):
                # A sheet may end in thousands of rows that hold nothing.
                if any(map(_said, cells.values())):
                    yield _row(cells, found, f"{name}{ROW}{number}")
        except ReportError as error:
            raise ReportError(f"{name}: {error}") from None
        except ImportError as error:
            raise ReportError(
                f"{name}: needs the package {error.name}: pip install 'xiacheng-nlp[tables]'"
            ) from None
        except (MemoryError, GeneratorExit, Warning):
            raise
        except Exception as error:
            # What pandas, openpyxl and pyarrow raise on a broken file has no common parent.
            said = " ".join(str(error).split())[:120] or type(error).__name__
            raise ReportError(f"{name}: a broken table ({said}); save it again") from None


def _refuse_pieces(rows: Sequence[Cells], columns: Mapping[str, str]) -> None:
    """Raises `ReportError` where many rows tell the same place and year, and few have a text that
    may be whole: each would be taken for a report."""
    told = [{role: _said(row.get(column)) for role, column in columns.items()} for row in rows]
    texts = [row["text"] for row in told if row["text"]]
    reports = {(row["place"], row["year"]) for row in told if row.keys() >= {"place", "year"}}
    short = [text for text in texts if len(text) < LONGEST_PIECE]
    pieces = [text for text in short if not re.search(r"\S\n|各位代表.*。", text)]
    if 0 < len(reports) * PIECES <= len(texts) < 2 * len(pieces):
        raise ReportError(
            f"{len(texts)} texts of {len(reports)} places and years: a paragraph or a sentence a"
            " row, it seems; join those of each report in one cell"
        )


def _row(cells: Cells, columns: Mapping[str, str], name: str) -> Row:
    held = cells.get(columns["text"])
    if any(
        isinstance(each, Mapping | list) for each in (held if isinstance(held, list) else [held])
    ):
        raise ReportError("cells that hold tables; save it as JSON Lines, with an object a report")
    said = {role: _said(cells.get(column)) for role, column in columns.items()}
    text = said.pop("text")
    text = text if "\n" in text else re.sub(r"(?:\\r)?\\n", "\n", text)
    told: dict[str, Any] = {role: cell.strip() for role, cell in said.items()}
    named = told.get("year", "")
    year = re.match(r"\d{4}", named)
    told["year"] = int(year[0]) if year else None
    cut = f"{name}: the text fills a cell of Excel and was cut there, it seems"
    # Told once of a table, whatever rows have it.
    odd = f"{name.partition(ROW)[0]}: {named[:20]} is no year, and was not read"
    for what, holds in ((cut, len(text) == EXCEL_CHARACTERS), (odd, named and not year)):
        if holds:
            warnings.warn(what, ReportWarning, stacklevel=2)
    return name, text, {role: cell for role, cell in told.items() if cell}


def _said(cell: Any) -> str:
    cell = cell.tolist() if getattr(cell, "ndim", 0) else cell
    if isinstance(cell, list | tuple):
        return "\n".join(map(_said, cell))
    if cell is None or cell != cell:
        return ""
    text = cell.decode(encoding_of(cell), "replace") if isinstance(cell, bytes) else str(cell)
    return text.removesuffix(" 00:00:00") if len(text) < 30 else text


@lru_cache(maxsize=1)
def _looks() -> dict[str, tuple[tuple[str, ...], re.Pattern[str], re.Pattern[str]]]:
    """What a column is called that tells a role, what its cells look like, and what they do where
    it is called so."""
    columns = ("role", "names", "cell", "source")
    rows = read_table(
        packaged("report/columns.tsv"), columns=columns, optional=("named",), key="role"
    )
    return {
        row.chosen("role", ROLES): (
            tuple(row["names"].split("|")),
            re.compile(row["cell"]),
            re.compile(row["named"] or row["cell"]),
        )
        for row in rows
    }


def _columns(rows: Sequence[Cells], named: Mapping[str, str], name: str) -> dict[str, str]:
    """The column of each role; raises `ReportError` where one that is named, or that of the texts,
    is not there."""
    there = _names(rows)
    for role, column in named.items():
        if column not in there:
            raise ReportError(f"has no column {column} ({role}); it has {', '.join(there)[:200]}")
    found, unread = dict(named), ""
    for role in ROLES:
        taken = set(found.values())
        rest = [{c: _said(cell) for c, cell in row.items() if c not in taken} for row in rows]
        if role not in found and (told := _fitting(role, rest)):
            found[role], *others = told
            if role == "text" and others:
                unread = f"; texts too, and not read: {', '.join(others)}"
    if "text" not in found:
        raise ReportError(
            "a table without a column of reports; if it has one, name it: text=COLUMN,"
            " on the command line --columns text=COLUMN"
        )
    if guessed := [f"{role}={found[role]}" for role in ROLES if role in found.keys() - named]:
        warnings.warn(
            f"{name}: a table with a report a row; columns, by what they hold: {', '.join(guessed)}"
            f" (name others where that is wrong{unread})",
            ReportWarning,
            stacklevel=2,
        )
    return found


def _names(rows: Sequence[Cells]) -> list[str]:
    """The names of the columns. Raises `ReportError` where a report stands for one."""
    there = list(dict.fromkeys(column for cells in rows for column in cells))
    if any(map(_is_report, there)):
        raise ReportError("its first row is a report; write the names of its columns above it")
    return there


def _fitting(role: str, rows: Sequence[Cells]) -> list[str]:
    """The columns whose cells look like those of a role: first those that are called so, then of
    texts the longest, and of others the one with the most values."""
    names, look, named_look = _looks()[role]
    cells: dict[str, list[str]] = {}
    for row in rows:
        for column, cell in row.items():
            if cell and cell.strip():
                cells.setdefault(column, []).append(cell.strip())
    size = len if role != "text" else lambda values: sum(map(len, values))
    ranks = {}
    for column, values in cells.items():
        is_named = column.strip().lower() in names
        fits = (named_look if is_named else look).fullmatch
        if sum(map(bool, map(fits, values))) >= FITTING * len(values):
            ranks[column] = (is_named, size(set(values)))
    return sorted(ranks, key=lambda column: ranks[column], reverse=True)


def _is_report(cell: str) -> bool:
    return len(cell) > LONGEST_NAME or "各位代表" in cell


class _Bounded(io.BufferedReader):
    """A file of which no more than `LARGEST` bytes are read for one chunk of rows: a quotation mark
    that is never closed would take in the whole of it."""

    left = LARGEST

    def read(self, size: int | None = -1, /) -> bytes:
        return self._counted(super().read(size))

    def read1(self, size: int = -1, /) -> bytes:
        return self._counted(super().read1(size))

    def _counted(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise ReportError(f"{CHUNK} rows with more than {LARGEST:,} bytes; is a quote open?")
        return data


def _csv_rows(stream: Any) -> _Rows:
    import pandas as pd

    stream = getattr(stream, "raw", stream)
    front = stream.read(FRONT)
    stream.seek(0)
    found, text, above = _csv_head(_decoded(front))
    separator = found or _SEPARATORS[0]
    head, first = islice(chain(_records(text, separator), [[], []]), 2)
    _once(head)
    # What a comma at the end of each row parts is empty.
    beyond = [f"beyond {number}" for number in range(len(head), len(first))]
    named: dict[str, Any] = {"names": [*head, *beyond], "header": 0} if beyond else {}
    with (
        _Bounded(stream) as bounded,
        pd.read_csv(
            bounded,
            sep=separator,
            quotechar=_quote(text),
            skiprows=above,
            dtype=str,
            keep_default_na=False,
            index_col=False,
            encoding=encoding_of(front, whole=False),
            chunksize=CHUNK,
            **named,
        ) as frames,
    ):
        for frame in frames:
            bounded.left = LARGEST
            if frame[beyond].fillna("").any(axis=None):
                raise ReportError(
                    "rows with more cells than the head; put texts that hold a"
                    f" {separator} into quotation marks"
                )
            yield from frame.to_dict("records")


def _json_rows(stream: Any) -> _Rows:
    for number, line in enumerate(iter(lambda: stream.readline(LARGEST), b""), 1):
        if len(line) == LARGEST:
            raise ReportError(f"line {number}: more than {LARGEST:,} bytes")
        if line.strip():
            try:
                value = json.loads(line, object_pairs_hook=_pairs)
            except (ValueError, RecursionError) as error:
                raise ReportError(f"line {number}: {str(error)[:120]}") from None
            yield _object(value, f"line {number}")


def _json_list(stream: Any) -> _Rows:
    data = _whole(stream)
    if data.count(b"{") > OBJECTS:
        raise ReportError(f"more than {OBJECTS:,} objects; save it as JSON Lines, read in parts")
    for number, each in enumerate(json.loads(data, object_pairs_hook=_pairs), 1):
        yield _object(each, f"entry {number}")


def _pairs(pairs: list[tuple[str, Any]]) -> Cells:
    _once([key for key, _ in pairs])
    return dict(pairs)


def _once(head: Sequence[Any]) -> None:
    """Raises `ReportError` where two names of columns that are not empty are the same, and where
    they are more than any table of reports has."""
    if len(head) > COLUMNS:
        raise ReportError(f"more than {COLUMNS:,} columns; leave those out that nothing needs")
    seen: set[Any] = set()
    for name in head:
        if name in seen and name != "":
            raise ReportError(f"has the column {str(name)[:40]} twice; rename one of them")
        seen.add(name)


def _object(value: Any, place: str) -> Cells:
    value = {"text": value} if isinstance(value, str) else value
    if not isinstance(value, dict):
        raise ReportError(f"{place}: no JSON object with a report and its particulars")
    return value


def _whole(stream: Any) -> bytes:
    data: bytes = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ReportError(f"more than {LARGEST:,} bytes; save it as CSV or Parquet, read in parts")
    return data


def _excel_rows(stream: Any) -> _Rows:
    import openpyxl

    from xiacheng_nlp.readers.archives import check_size, open_zip

    data = _whole(stream)
    with told_of("the workbook"):
        check_size(open_zip(data))
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    read = None
    for sheet in book.worksheets:
        # What a sheet says of its size may leave out what is in it.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        above = list(islice(rows, ABOVE))
        said = [[_said(cell).strip() for cell in cells] for cells in above]
        at = next((n for n, cells in enumerate(said) if sum(map(bool, cells)) > 1), 0)
        if at and any(map(_is_report, said[at])):
            # A head may have one name alone, beside row numbers.
            at -= 1
        head, rows = said[at] if said else [], chain(above[at + 1 :], rows)
        rows = _spread(rows, at + 2, _merged(sheet))
        first = list(islice(rows, CHUNK))
        if not _has_texts(head, [[_said(cell) for cell in cells] for cells in first]):
            continue
        if read is not None:
            warnings.warn(
                f"of the workbook the sheet {read} is read; {sheet.title} holds reports too: save"
                " it as a workbook of its own",
                ReportWarning,
                stacklevel=2,
            )
            return
        _once(head)
        yield from (dict(zip(head, cells, strict=False)) for cells in chain(first, rows))
        read = sheet.title


# It takes <mergeCell ref="A2:A9"/>.
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref=["']([A-Z]+\d+:[A-Z]+\d+)["']""")
_AT_ONCE, _LONGEST_TAG = 1 << 20, 512


def _merged(sheet: Any) -> dict[tuple[int, int], int]:
    """By the row and the place of the first of merged cells the last row that they cover."""
    from openpyxl.utils import range_boundaries

    told: dict[bytes, None] = {}
    before = b""
    with sheet._get_source() as part:
        # Piece by piece: a sheet may be far larger than what is held of it.
        while piece := part.read(_AT_ONCE):
            before += piece
            told.update(dict.fromkeys(_MERGED.findall(before)))
            before = before[-_LONGEST_TAG:]
    ranges = [range_boundaries(ref.decode()) for ref in told]
    return {(top, left - 1): bottom for left, top, _, bottom in ranges if bottom > top}


def _spread(
    rows: Iterable[Sequence[Any]], start: int, merged: Mapping[tuple[int, int], int]
) -> Iterator[Sequence[Any]]:
    """The rows, from number `start` on, with what is merged over several in each that has cells of
    its own: a place or a year, but no report."""
    held: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(rows, start):
        cells = list(row)
        for place, cell in enumerate(row if any(map(_said, row)) else ()):
            if (number, place) in merged and len(_said(cell)) <= LONGEST_NAME:
                held[place] = (merged[number, place], cell)
            elif cell is None and number <= held.get(place, (0,))[0]:
                cells[place] = held[place][1]
        yield cells


def _stata_rows(stream: Any) -> _Rows:
    import pandas as pd

    with pd.read_stata(io.BytesIO(_whole(stream)), chunksize=CHUNK) as frames:
        for frame in frames:
            yield from frame.to_dict("records")


def _parquet_rows(stream: Any) -> _Rows:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(stream, pre_buffer=False)
    _once(file.schema_arrow.names)
    if file.metadata.num_rows > OBJECTS:
        raise ReportError(f"more than {OBJECTS:,} rows; cut it into several files")
    for batch in file.iter_batches(batch_size=CHUNK, use_threads=False):
        yield from batch.to_pylist()


def _frame_rows(frame: Any) -> _Rows:
    _once([str(column) for column in frame.columns])
    for start in range(0, len(frame), CHUNK):
        for cells in frame.iloc[start : start + CHUNK].to_dict("records"):
            yield {str(column): cell for column, cell in cells.items()}


_ROWS: Mapping[str, Callable[[Any], _Rows]] = {
    "csv": _csv_rows,
    "jsonl": _json_rows,
    "json": _json_list,
    "xlsx": _excel_rows,
    "dta": _stata_rows,
    "parquet": _parquet_rows,
    "frame": _frame_rows,
}
"""The rows of a table of each form, read as they are asked for."""
