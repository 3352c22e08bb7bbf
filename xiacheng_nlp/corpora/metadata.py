"""What a table of the user's tells of the files of a corpus, in place of what each report tells."""

import csv
import io
import re
from pathlib import Path
from typing import Any

from xiacheng_nlp.datafiles import read_text
from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.report.government import LEVELS

COLUMNS_OF_METADATA = ("file", "place", "level", "year", "source")
UNUSED = "stands in the metadata, but is not among the files"


def read_metadata(path: str | Path) -> dict[str, dict[str, Any]]:
    """What a metadata table tells of each file: place, level, year, and the source
    where it is published; an empty cell tells nothing.

    Raises `DataFileError` as `file:line: what`: for other columns, a file that stands twice, a
    level that is none of 国, 省, 市, 县, 乡, and a year that is none.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder) / "about.csv"
    ...     _ = table.write_text("file,place,year\\na.txt,下城区,2014", encoding="utf-8")
    ...     read_metadata(table)  # "Xiacheng District"
    {'a.txt': {'place': '下城区', 'year': 2014}}
    """
    name, text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""))
    told = {}
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if "file" not in header or not set(header) <= set(COLUMNS_OF_METADATA):
            columns = ", ".join(COLUMNS_OF_METADATA)
            raise DataFileError(f"{name}:1: the header names the columns {columns}, file at least")
        if len(set(header)) < len(header):
            raise DataFileError(f"{name}:1: the header names a column twice")
        for cells in reader:
            where = f"{name}:{reader.line_num}"
            if not any(map(str.strip, cells)):
                continue
            row = _row(where, header, list(map(str.strip, cells)))
            if row["file"] in told:
                raise DataFileError(f"{where}: {row['file']} stands already in a line above")
            told[row.pop("file")] = row
    except csv.Error as error:
        raise DataFileError(f"{name}:{reader.line_num}: {error}") from None
    return told


def _row(where: str, header: list[str], cells: list[str]) -> dict[str, Any]:
    """What a line tells: the cells that are not empty, the year as a number."""
    row: dict[str, Any] = {
        column: cell for column, cell in zip(header, cells, strict=False) if cell
    }
    if len(cells) != len(header) or "file" not in row:
        raise DataFileError(
            f"{where}: {len(header)} cells are wanted, the file among them, not {len(cells)}"
        )
    if row.get("level", LEVELS[0]) not in LEVELS:
        raise DataFileError(f"{where}: level is one of {', '.join(LEVELS)}, not {row['level']}")
    if "year" in row:
        if not re.fullmatch(r"(?!0)\d{4}", row["year"]):
            raise DataFileError(f"{where}: year is a year such as 2014, not {row['year']}")
        row["year"] = int(row["year"])
    return row
