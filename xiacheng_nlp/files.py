"""Files written whole or not at all, and tables in the formats that people ask for."""

import codecs
import csv
import hashlib
import io
import json
import math
import os
import re
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Context, Decimal, InvalidOperation
from errno import EACCES, EISDIR
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiacheng_nlp.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FORMATS = ("jsonl", "csv", "tsv", "parquet", "xlsx", "csv-excel")
FOR_EXCEL = "-excel"

FORMULA_SIGNS = "=+-@\t\r＝＋－＠"
"""What a formula begins with; an Excel for Chinese takes the full-width signs too."""

TEX_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""How the signs that LaTeX reads are written in text."""

DECIMAL_DIGITS, DECIMAL_PLACES = 38, 10
"""The decimals of Parquet files: their digits, and how many of them stand behind the point."""
_HOLDING, _LAST_PLACE = Context(prec=DECIMAL_DIGITS), Decimal(1).scaleb(-DECIMAL_PLACES)


def sha256_of(data: bytes) -> str:
    """The SHA-256 of the bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of a file, of which little is held at a time: it may be of another program, and
    of any size."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def why_no_file(path: Path) -> str | None:
    """What a path is that nothing can be read from, or that may have no end; None for a file, for
    what is not there, and for a pipe that the shell hands over (/dev/stdin).

    >>> why_no_file(Path("/"))
    'a folder'
    """
    # Asked once: another process may remove the file meanwhile.
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return "a link that leads nowhere" if os.path.islink(path) else None
    real = os.path.realpath(path)
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISREG(mode):
        # What the kernel makes when it is read says 0 bytes, and may wait for more for ever.
        made = real.startswith(("/proc/", "/sys/"))
        return "a file that the system makes while it is read" if made else None
    return None if stat.S_ISFIFO(mode) and "/fd/" in real else "a pipe, a socket or a device"


def no_link(path: Path) -> Path:
    """The path, for a file that this package alone writes. Raises `OutputError` where it is a link,
    which may lead to a file of the user's, or a pipe, which would wait for its reader."""
    if os.path.islink(path):
        raise OutputError(
            f"{path}: a link to another place, where a file of this package is to stand; remove it"
        )
    if not os.path.isdir(path) and (why := why_no_file(path)):
        raise OutputError(f"{path}: {why}, where a file of this package is to stand; remove it")
    return path


def tex_text(text: str) -> str:
    """The text as LaTeX sets it letter for letter: signs that LaTeX reads are escaped, blanks and
    line breaks are one blank.

    >>> tex_text("增长7.80%,其中A&B占50‰")  # "up 7.80 %, of it A&B 50 per mille"
    '增长7.80\\\\%,其中A\\\\&B占50‰'
    """
    return "".join(TEX_SIGNS.get(c, c) for c in one_line(text))


def one_line(text: str) -> str:
    """The text as the rest of a comment: on one line, or what follows a line break would be read as
    LaTeX."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def write_file(path: Path, data: bytes) -> None:
    """The bytes in a file that is there whole or not at all, as by `write_files`."""
    write_files({path: data})


def write_files(files: Mapping[Path, bytes]) -> None:
    """The bytes of files that belong together, each whole and all of them, or none: they are
    written beside their places and then take their names.

    Raises `OutputError` where a folder or a file can't be written.
    """
    written = {}
    try:
        for path, data in files.items():
            # A link is followed, and a device or a pipe is written to: neither is to be replaced
            # by a file.
            path = Path(os.path.realpath(path))
            if path.exists() and not path.is_file() and not path.is_dir():
                # A pipe that nobody reads is not waited for.
                handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
                os.set_blocking(handle, True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                handle, temporary = tempfile.mkstemp(
                    dir=path.parent, prefix=f".{name_of_part(path.name)}.", suffix=".part"
                )
                written[temporary] = path
                os.chmod(temporary, _mode(path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
        for temporary, path in written.items():
            os.replace(temporary, path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        for temporary in written:
            with suppress(OSError):
                os.unlink(temporary)


def name_of_part(name: str) -> str:
    """What a file is called while it is written, between a dot and eight letters."""
    # A name may have 255 bytes, and what stands around it takes 15.
    return name if len(os.fsencode(name)) <= 240 else name[:60]


def _mode(path: Path) -> int:
    """The rights of the file that is replaced, else those of a new file."""
    if path.exists():
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "a folder has that name")
        if not os.access(path, os.W_OK):
            raise PermissionError(EACCES, "it is protected from writing")
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def rows_of(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """The rows of a DataFrame, as `table_bytes` takes them."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def with_none(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with None for what is missing, whatever the column."""
    table = table.astype(object)
    return table.where(table.notna(), None)


def table_bytes(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, form: str, title: str = "table"
) -> bytes:
    """The rows as a file of the form jsonl, csv, tsv, parquet or xlsx, or csv-excel or tsv-excel
    (with the mark by which Excel knows UTF-8), the same bytes for the same rows.

    Decimals stay exact: strings in JSON Lines, text in CSV and TSV, decimal128 in Parquet, where a
    column with one that has more digits is text. Empty cells stand for None; fractions have at most
    12 significant digits in CSV and TSV. In CSV, TSV and Excel nothing is a formula: in the first
    two a text that begins as one gets an apostrophe before it.

    >>> rows = [{"text": "增长", "value": Decimal("7.80")}]  # "to grow"
    >>> table_bytes(rows, ["text", "value"], form="jsonl").decode()
    '{"text": "增长", "value": "7.80"}\\n'
    """
    if form == "jsonl":
        told = ({column: plain(row.get(column)) for column in columns} for row in rows)
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in told).encode()
    if form in ("csv", "tsv"):
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, delimiter="," if form == "csv" else "\t", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(row.get(c)) for c in columns] for row in rows)
        return buffer.getvalue().encode()
    if form.endswith(FOR_EXCEL):
        # Excel takes a file without the mark for one in the system's own encoding.
        return codecs.BOM_UTF8 + table_bytes(rows, columns, form=form.removesuffix(FOR_EXCEL))
    if form == "parquet":
        import pyarrow as pa

        arrays = {column: _arrow_array([row.get(column) for row in rows]) for column in columns}
        return parquet_bytes(pa.table(arrays))
    return workbook_bytes([Sheet(title, columns, rows)], title=title)


def plain(value: Any) -> Any:
    """A value as JSON holds it: decimals as text with all their digits, None for no number."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, tuple):
        return list(value)
    return value.item() if hasattr(value, "item") else value


def _plain_text(value: Any) -> Any:
    """As CSV and Excel hold it: a list is its JSON."""
    value = plain(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _cell(value: Any) -> Any:
    value = _plain_text(value)
    if value is None:
        return ""
    if isinstance(value, float):
        # The digits behind the twelfth are those that another machine's arithmetic moves.
        return f"{value:.12g}"
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
        if len(value) > 1 and value[0] in FORMULA_SIGNS and not _is_number(value):
            return "'" + value
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def is_held(value: Decimal) -> bool:
    """Whether a decimal of Parquet files holds the value exactly: 28 digits before the point and 10
    behind it.

    >>> is_held(Decimal("643.57")), is_held(Decimal("0.00000000001"))
    (True, False)
    """
    try:
        return value.quantize(_LAST_PLACE, context=_HOLDING) == value
    except InvalidOperation:
        return False


def _arrow_array(values: Sequence[Any]) -> "pa.Array":
    """The cells of a column: decimals as decimal128, or as text where one of them has more digits
    than that holds."""
    import pyarrow as pa

    with suppress(pa.ArrowInvalid):
        if any(isinstance(value, Decimal) for value in values):
            return pa.array(values, type=pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES))
    return pa.array(list(map(plain, values)))


def parquet_bytes(table: "pa.Table", *, compression: str = "snappy") -> bytes:
    """An Arrow table as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression=compression)
    return bytes(sink.getvalue().to_pybytes())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name (31 characters at most), its columns and its rows.

    `widths` says how many characters wide a column is, whose text is then wrapped; `choices` names
    the cells (=codes!$B$2:$B$9) that hold what a cell of a column may be chosen from.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    widths: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


def workbook_bytes(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """The sheets as an Excel workbook, the same bytes for the same rows.

    Text is text, whatever it begins with. A Decimal is a number where Excel keeps each of its
    digits, and else a text.

    >>> sheet = Sheet("terms", ["term"], [{"term": "增长"}])  # "to grow"
    >>> workbook_bytes([sheet], title="terms")[:2]
    b'PK'
    """
    import datetime

    import xlsxwriter

    sink = io.BytesIO()
    book = xlsxwriter.Workbook(
        sink, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    # Excel stamps the day of writing; a fixed one keeps the bytes the same.
    book.set_properties({"title": title, "created": datetime.datetime(1980, 1, 1)})
    forms = {name: book.add_format(look) for name, look in _FORMS.items()}
    for page in sheets:
        _write_sheet(book, page, forms)
    book.close()
    return sink.getvalue()


_FORMS: Mapping[str, dict[str, Any]] = {
    "head": {"bold": True},
    "wrap": {"text_wrap": True, "valign": "top"},
    "share": {"num_format": "0.0%"},
    "float": {"num_format": "0.00##"},
}
WIDEST = 50
"""Characters of a column that has no width of its own."""


def _write_sheet(book: Any, page: Sheet, forms: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(page.name[:31])
    sheet.write_row(0, 0, list(page.columns), forms["head"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(page.rows)), max(0, len(page.columns) - 1))
    for place, column in enumerate(page.columns):
        values = [row.get(column) for row in page.rows]
        cells = [_excel(value) for value in values]
        for number, (value, cell) in enumerate(zip(values, cells, strict=True), start=1):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif cell is not None:
                form = "share" if column.endswith("share") else "float"
                sheet.write(number, place, cell, forms[form] if isinstance(value, float) else None)
        if column in page.widths:
            sheet.set_column(place, place, page.widths[column], forms["wrap"])
        else:
            sheet.set_column(place, place, min(WIDEST, 2 + max(map(_width, [column, *cells]))))
        if column in page.choices:
            listed = {
                "validate": "list",
                "source": page.choices[column],
                "error_type": "information",
            }
            sheet.data_validation(1, place, max(1, len(page.rows)), place, listed)


def _width(cell: Any) -> int:
    """How many characters wide a cell is, a Han character counted as two."""
    return sum(1 + (c > "\u2e7f") for c in str("" if cell is None else cell)[:WIDEST])


EXCEL_CHARACTERS = 32_767
"""Characters of a cell: Excel holds no more."""


def _excel(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite() and Decimal(repr(float(value))) == value:
        return float(value)
    value = _plain_text(value)
    if isinstance(value, float) and math.isinf(value):
        # Excel has no infinite numbers, and a text among numbers would be none.
        return None
    if isinstance(value, str) and len(value) > EXCEL_CHARACTERS:
        return value[: EXCEL_CHARACTERS - 1] + "…"
    return value
