"""Hand coding: a sheet with a random sample of sentences for a person to code, and its codes read
back and checked.

The sheet is made for Excel and WPS: CSV begins with a byte-order mark, a workbook offers the codes
in lists, and nothing in it is a formula. It is read back from what they save: UTF-8, UTF-16 or
GB18030, with commas, semicolons or tabs.
"""

import csv
import hashlib
import io
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp.datafiles import bytes_of
from xiacheng_nlp.errors import ReportError, SheetError, at_least, missing, one_of
from xiacheng_nlp.files import (
    FOR_EXCEL,
    Sheet,
    rows_of,
    table_bytes,
    why_no_file,
    workbook_bytes,
    write_file,
    write_files,
)
from xiacheng_nlp.readers.archives import check_size, open_zip
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.text import decode
from xiacheng_nlp.themes.codebook import CODE_COLUMNS, Codebook, load_codebook
from xiacheng_nlp.themes.coding import MOST_THEMES, code_themes

Row = dict[Any, Any]
"""A sentence of the sheet, or of the coded table, by column."""

Cells = dict[str, str]
"""What stands in a line of a sheet, by column."""

Names = dict[str, str]
"""Every way to write the codes of a kind, plainly, and the code."""

FILLED_IN = ("main", "others", "instrument")
COLUMNS = ("id", "start", "end", "context_before", "text", "section_title", *FILLED_IN)
NEEDED = ("start", "end", "text", *FILLED_IN)
WRITTEN = (".csv", ".tsv", ".xlsx")
READ = (".csv", ".tsv", ".txt", ".xlsx")

SHOWN = 20
"""So many mistakes of a sheet are told at once."""

MOST_CELLS = 10_000_000
"""Cells up to the last of a workbook that is read; a sheet of a thousand sentences has 9,000."""

_SEPARATORS = re.compile(r"[,，;；、|｜/／\n\r\t]+")
_WIDTHS = {
    "context_before": 40,
    "text": 60,
    "section_title": 30,
    "main": 18,
    "others": 24,
    "definition": 60,
}


def coding_sheet(
    report: Report,
    path: str | Path,
    *,
    sample: int | None = 60,
    seed: int = 0,
    first: str = "drawn",
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """Writes a sheet for hand coding to `path` (.csv, .tsv or .xlsx), and returns its rows.

    Columns: `id` (ordinal among the sentences that are coded), `start`, `end`, `context_before`
    (the sentence before, in the same paragraph or as its run-in heading), `text`, `section_title`
    (all headings above, the outermost first), and to be filled in `main` (one theme), `others` (up
    to two more) and `instrument`. The codes stand on a second worksheet, or in a file NAME_codes
    beside it.

    `sample` sentences are drawn (None: all), from each stratum its share, rounded by largest
    remainders; the strata are the sections of the two upper levels. A draw orders sentences by
    SHA-256 of seed, report and place, so that it is the same on every machine. `first="doubtful"`
    takes those instead of whose main theme the trained coder is least sure, the least sure first: a
    coder learns most from them, but agreement must be measured on drawn ones.

    A sheet at `path` in which anything is filled in, a code or a remark in a column of the coder's
    own, is left as it is, so that a rerun never takes a coder's work away; `attrs["kept"]` says how
    many of its rows are (0: the sheet was written). A file NAME_codes that holds anything else is
    not written over.

    Raises `SheetError` for another suffix, an option out of range, a report without sentences to
    code and another file in the way; `OutputError` where the file can't be written.

    >>> import tempfile
    >>> text = "各位代表:\\n一、2014年工作\\n新建小学3所。\\n整治河道5条。"  # "schools", "rivers"
    >>> report = Report.parse(text)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sheet = coding_sheet(report, Path(folder) / "sheet.csv", sample=1)
    >>> sheet[["id", "text", "section_title", "main"]].values.tolist()
    [[1, '新建小学3所。', '2014年工作', '']]
    """
    target = Path(path)
    if target.suffix.lower() not in WRITTEN:
        raise SheetError(
            f"{target.name}: a sheet is written as {', '.join(WRITTEN)}; give the file one of "
            "these endings"
        )
    at_least(1, SheetError, sample=sample)
    one_of("first", first, ("drawn", "doubtful"), SheetError)
    codebook = codebook or load_codebook()
    table = code_themes(report, codebook)
    if table.empty:
        raise SheetError(f"{report.name}: no sentences to code")
    rows = sheet_rows(report, table.to_dict("records"))
    if first == "drawn":
        chosen = _draw(rows, sample, seed=seed, sha256=report.sha256)
    elif table["probability"].isna().all():
        raise SheetError(f"{report.name}: phrases alone don't say which sentences are doubtful")
    else:
        chosen = [rows[k] for k in np.argsort(table["probability"], kind="stable")[:sample]]
    kept = _coded_rows(target)
    if not kept:
        _write(target, chosen, codebook)
    sheet = pd.DataFrame(chosen, columns=COLUMNS)
    sheet.attrs = {"report": report.name, "sha256": report.sha256, "kept": kept}
    return sheet


def _coded_rows(path: Path) -> int:
    """In how many rows of the sheet that stands at `path` something is filled in; 0 where there is
    none."""
    if why_no_file(path):
        raise _in_the_way(path)
    if not os.path.isfile(path):
        return 0
    given = set(COLUMNS) - set(FILLED_IN)
    try:
        coded = sum(
            any(cell for name, cell in cells.items() if name not in given)
            for _, cells in sheet_cells(path)
        )
        if not coded and path.suffix.lower() == ".xlsx" and _has_notes(path):
            raise _in_the_way(path)
        return coded
    except SheetError:
        raise _in_the_way(path) from None


def _has_notes(path: Path) -> bool:
    """Whether a coder has written beside the cells of a workbook: on another sheet, or a
    comment."""
    parts = open_zip(bytes_of(path, SheetError)).namelist()
    sheets = _workbook_sheet(path).parent.sheetnames
    return sheets != ["coding", "codes"] or any("omments" in part for part in parts)


def _in_the_way(path: Path) -> SheetError:
    return SheetError(
        f"{path.name}: another file stands there already; give the sheet another name"
    )


def sheet_rows(report: Report, coded: Sequence[Row]) -> list[Row]:
    """What the sheet may show of each sentence, and the strata that it belongs to."""
    titles = {section.id: section.title for section in report.walk()}
    rows = []
    before: Row = {}
    for number, row in enumerate(coded, start=1):
        of_one = before and before["paragraph"] == row["paragraph"]
        heads = before and before["kind"] == "run_in" and before["section"] == row["section"]
        levels = row["section"].split(".") if row["section"] else []
        above = [titles[".".join(levels[:k])] for k in range(1, len(levels) + 1)]
        rows.append(
            {
                **dict.fromkeys(COLUMNS, ""),
                "id": number,
                "start": int(row["start"]),
                "end": int(row["end"]),
                "context_before": before["text"] if of_one or heads else "",
                "text": row["text"],
                "section_title": " > ".join(above),
                "section": ".".join(levels[:2]),
                "part": row["part"] or "",
            }
        )
        before = row
    return rows


def _draw(rows: list[Row], sample: int | None, *, seed: int, sha256: str) -> list[Row]:
    if sample is None or sample >= len(rows):
        return rows
    strata = defaultdict(list)
    for row in sorted(rows, key=lambda row: lot(seed, sha256, row["start"])):
        strata[row["section"]].append(row)
    quotas = {name: divmod(len(some) * sample, len(rows)) for name, some in strata.items()}
    first = {name: min(row["start"] for row in some) for name, some in strata.items()}
    ranked = sorted(strata, key=lambda name: (-quotas[name][1], first[name]))
    more = ranked[: sample - sum(whole for whole, _ in quotas.values())]
    chosen = [
        row for name, some in strata.items() for row in some[: quotas[name][0] + (name in more)]
    ]
    return sorted(chosen, key=lambda row: row["start"])


def lot(seed: int, sha256: str, start: int) -> str:
    """By what a draw orders the sentences or numbers of a report: the same on every machine.

    >>> lot(0, "", 7)[:8]
    'a014485f'
    """
    return hashlib.sha256(f"{seed} {sha256} {start}".encode()).hexdigest()


def _write(path: Path, rows: list[Row], codebook: Codebook) -> None:
    suffix = path.suffix.lower()
    codes = rows_of(codebook.table()[list(CODE_COLUMNS)])
    if suffix == ".xlsx":
        widths = {column: _WIDTHS.get(column, 12) for column in (*COLUMNS, *CODE_COLUMNS)}
        # The cells of the sheet of codes that Excel offers for a cell.
        last = 1 + len(codebook.codes)
        choices = {
            "main": f"=codes!$B$2:$B${last}",
            "instrument": f"=codes!$B${last + 1}:$B${1 + len(codes)}",
        }
        coding = Sheet("coding", COLUMNS, rows, widths, choices)
        sheets = [coding, Sheet("codes", CODE_COLUMNS, codes, widths)]
        write_file(path, workbook_bytes(sheets, title="coding"))
        return
    beside = path.with_name(f"{path.stem}_codes{path.suffix}")
    files = {
        file: table_bytes(some, columns, form=suffix[1:] + FOR_EXCEL)
        for file, some, columns in ((beside, codes, CODE_COLUMNS), (path, rows, COLUMNS))
    }
    if why_no_file(beside) or (os.path.exists(beside) and beside.read_bytes() != files[beside]):
        raise _in_the_way(beside)
    write_files(files)


def read_sheet(path: str | Path, report: Report, codebook: Codebook | None = None) -> pd.DataFrame:
    """The codes that a person wrote into a sheet of `coding_sheet`: one row a coded sentence, in
    the order of the sheet.

    Columns: `id`, `start`, `end`, `text`, `themes` (tuple, the main one first), `instrument` (None
    where it is left open), `line` (of the file). Themes and instruments may be written by code,
    Chinese or English name; `others` takes several, with any of , ; 、 / | between them, also in
    full width. A row whose `main` is empty is not coded yet: `attrs` counts such rows and holds
    their ids (`not_coded`).

    Raises `SheetError` with all mistakes, each as `file:line: what`: a file that can't be read, a
    column that is missing, an unknown code, more than one main theme, a sentence that stands twice
    or is not at its place in the report.

    >>> import tempfile
    >>> from xiacheng_nlp.report.report import load_report
    >>> report = load_report()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sheet = coding_sheet(report, Path(folder) / "sheet.csv", sample=5)
    ...     coded = read_sheet(Path(folder) / "sheet.csv", report)  # nobody has filled it in
    >>> len(coded), coded.attrs["rows"]
    (0, 5)
    """
    source = Path(path)
    codebook = codebook or load_codebook()
    names = (_names(codebook.themes), _names(codebook.instruments))
    rows = []
    errors = []
    told: set[str] = set()
    seen: dict[tuple[int, int], int] = {}
    for line, cells in sheet_cells(source):
        try:
            rows.append(_row(line, cells, report, seen, *names))
        except SheetError as error:
            # The codes of a kind are listed once.
            known = [note for note in getattr(error, "__notes__", ()) if note not in told]
            errors.append("; ".join([f"{source.name}:{line}: {error}", *known]))
            told.update(known)
    if errors:
        more, wrong = "", ""
        if len(errors) > SHOWN:
            more = f"\n{source.name}: and {len(errors) - SHOWN} more"
        if not seen:
            wrong = f"\nnone of its sentences is in {report.name}: does the sheet belong to "
            wrong += "another report?"
        raise SheetError("\n".join(errors[:SHOWN]) + more + wrong)
    coded = [row for row in rows if row["themes"]]
    columns = ["id", "start", "end", "text", "themes", "instrument", "line"]
    table = pd.DataFrame(coded, columns=columns, dtype=object)
    table = table.astype(dict.fromkeys(("start", "end", "line"), "int64"))
    not_coded = [row["id"] for row in rows if not row["themes"]]
    table.attrs = dict(sha256=report.sha256, rows=len(rows), not_coded=not_coded)
    return table


def _row(
    line: int,
    cells: Cells,
    report: Report,
    seen: dict[tuple[int, int], int],
    *names: Names,
) -> Row:
    """What a row of the sheet says; `seen` has the lines of the sentences before."""
    start, end = span = span_of(cells, report)
    first = seen.setdefault(span, line)
    if first != line:
        raise SheetError(f"the sentence at {start} stands already in line {first}")
    themes, instrument = _coded(cells, *names)
    number, text = cells.get("id", ""), report.reading(start, end)[0]
    id = int(number) if number.isdecimal() else number
    return dict(
        id=id, start=start, end=end, text=text, themes=themes, instrument=instrument, line=line
    )


def sheet_cells(path: Path) -> Iterator[tuple[int, Cells]]:
    """The rows of a sheet below its header with their lines, cells by column; rows of nothing are
    passed over. Raises `SheetError` where it is none."""
    lines = _workbook_lines(path) if path.suffix.lower() == ".xlsx" else _text_lines(path)
    header = None
    for line, cells in lines:
        if not any(cells):
            continue
        if header is None:
            header = [
                unicodedata.normalize("NFKC", cell).strip().casefold().replace(" ", "_")
                for cell in cells
            ]
            if lacking := missing(NEEDED, header):
                raise SheetError(
                    f"{path.name}:{line}: the header lacks {', '.join(lacking)}; a sheet has "
                    + ", ".join(COLUMNS)
                )
            continue
        columns = enumerate(zip_longest(header, cells, fillvalue=""))
        yield (
            line,
            {name or f"column {place}": cell for place, (name, cell) in columns if name or cell},
        )
    if header is None:
        raise SheetError(f"{path.name}:1: empty; the header of a coding sheet was expected")


def _text_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    if path.suffix.lower() not in READ:
        raise SheetError(
            f"{path.name}: a sheet is read from {', '.join(READ)}; save it as one of these"
        )
    try:
        text, _ = decode(bytes_of(path, SheetError))
    except ReportError as error:
        raise SheetError(f"{path.name}: {error}") from None
    skipped = 0
    if re.match(r"sep=.\r?\n", text):
        text, skipped = text.partition("\n")[2], 1
    head = text.lstrip("\n\r").partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    line = 1
    try:
        for cells in reader:
            yield line + skipped, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise SheetError(f"{path.name}:{line + skipped}: {error}") from None


def _workbook_sheet(path: Path) -> Any:
    """The coding sheet of a workbook, of a size that can be read."""
    try:
        import openpyxl
    except ImportError:
        raise SheetError(
            f"{path.name}: reading Excel needs the package openpyxl: pip install openpyxl; or save "
            "the sheet as CSV"
        ) from None
    data = bytes_of(path, SheetError)
    try:
        check_size(open_zip(data))
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        sheet = book["coding"] if "coding" in book.sheetnames else book.worksheets[0]
        cells = sheet.max_row * sheet.max_column
    except MemoryError:
        raise
    except Exception:
        # What openpyxl raises on a broken file has no common parent.
        raise SheetError(
            f"{path.name}: this is no Excel workbook (.xlsx) of a coding sheet, or a broken one; "
            "save the sheet again as .xlsx or CSV"
        ) from None
    if cells > MOST_CELLS:
        raise SheetError(
            f"{path.name}: its sheet has {cells:,} cells, a coding sheet {MOST_CELLS:,} at most; "
            "delete the empty rows and columns behind it"
        )
    return sheet


def _workbook_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    for line, row in enumerate(_workbook_sheet(path).iter_rows(values_only=True), start=1):
        yield line, [_cell(value) for value in row]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def span_of(cells: Cells, report: Report) -> tuple[int, int]:
    """Where the sentence of a row stands; spreadsheets write 60.0 for 60. Raises `SheetError` where
    another stands there."""
    places = []
    for name in ("start", "end"):
        cell = re.sub(r"\.0+$", "", cells.get(name, ""))
        if not re.fullmatch("[0-9]{1,12}", cell):
            raise SheetError(f"{name} is a place in the report, a whole number, not {cell!r:.60}")
        places.append(int(cell))
    start, end = places
    there, text = report.reading(start, end)[0].strip(), cells.get("text", "")
    # The apostrophe was set before what a spreadsheet would take for a formula.
    if not there or (text != there and not (text.startswith("'") and text[1:] == there)):
        raise SheetError(
            f"the sentence was changed: the report has {_short(there)} at {start} to {end}, not "
            + _short(text)
        )
    return start, end


def _short(text: str) -> str:
    return f"“{text[:20]}…”" if len(text) > 21 else f"“{text}”"


def _names(codes: Sequence[Any]) -> Names:
    """Every way to write a code, without case, blanks and signs; where a name is a code too, the
    code wins."""
    names = {_plain(code.code): code.code for code in codes}
    for code in codes:
        for name in (code.zh, code.en):
            names.setdefault(_plain(name), code.code)
    return names


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def _read_codes(cells: Cells, what: str, names: Names) -> list[str]:
    """The codes in a cell; a name may itself hold separators (Science, technology and talent): the
    longest that is known is taken."""
    pieces = [piece.strip() for piece in _SEPARATORS.split(cells.get(what, "")) if piece.strip()]
    found = []
    at = 0
    while at < len(pieces):
        for stop in range(len(pieces), at, -1):
            code = names.get(_plain("".join(pieces[at:stop])))
            if code:
                if code not in found:
                    found.append(code)
                at = stop
                break
        else:
            error = SheetError(f"{what}: {pieces[at]:.60} is no code of the codebook")
            error.add_note(f"its codes are {', '.join(dict.fromkeys(names.values()))}")
            raise error
    return found


def _coded(cells: Cells, themes: Names, instruments: Names) -> tuple[tuple[str, ...], str | None]:
    main = _read_codes(cells, "main", themes)
    others = _read_codes(cells, "others", themes)
    instrument = _read_codes(cells, "instrument", instruments)
    if len(main) > 1:
        raise SheetError(f"main takes one theme, not {', '.join(main)}; write the rest into others")
    if len(instrument) > 1:
        raise SheetError(f"instrument takes one code, not {', '.join(instrument)}")
    if not main and (others or instrument):
        raise SheetError(
            "main is empty, but others or instrument are not; write the main theme, or empty the "
            "row"
        )
    both = list(dict.fromkeys([*main, *others]))
    if len(both) > MOST_THEMES:
        raise SheetError(f"a sentence has at most {MOST_THEMES} themes, not {', '.join(both)}")
    return tuple(both), instrument[0] if instrument else None
