"""Word lists, units and codes: data files that are checked when they are loaded.

A data file is UTF-8 with tabs between its columns; the first line that is no comment names the
columns, lines that begin with `#` are comments, empty lines are passed over. What is wrong is said
as `file:line: what`, with the line under it.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.text import readable


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a data file: its number in the file and its cells by column; a cell left out at
    the end is empty."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def chosen(self, column: str, choices: Collection[str]) -> str:
        """The cell of `column`, which must be one of `choices`; raises `DataFileError` where it is
        another."""
        if self.cells[column] not in choices:
            raise self.error(f"{column} must be one of {', '.join(sorted(choices))}", column)
        return self.cells[column]

    def error(self, what: str, column: str | None = None) -> DataFileError:
        """The error for this line, with the cell of `column` marked."""
        text = "\t".join(self.cells.values()).rstrip("\t")
        message = f"{self.file}:{self.line}: {what}\n    {text}"
        if column is not None:
            before = ""
            for name, cell in self.cells.items():
                if name == column:
                    break
                before += " " * _width(cell) + "\t"
            message += f"\n    {before}{'~' * max(1, _width(self.cells[column]))}"
        return DataFileError(message)


def _width(text: str) -> int:
    """How many columns a terminal gives the text: a Han character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def packaged(name: str) -> Traversable:
    """A data file of the package, to be read with `read_table`."""
    return files("xiacheng_nlp") / "data" / name


def read_table(
    source: str | Path | Traversable,
    *,
    columns: Iterable[str],
    optional: Iterable[str] = (),
    key: str | tuple[str, ...] | None = None,
) -> list[Row]:
    """The rows of a data file whose header names `columns`, and any of `optional`, in that order.

    With `key`, no two rows may have the same cell there, or the same cells in those columns. Raises
    `DataFileError` for bytes that are not UTF-8, a header that names other columns, a line with too
    many cells, an empty cell in one of `columns` and a key that stands twice.

    >>> rows = read_table(packaged("report/metadata.tsv"), columns=("label", "field", "source"), optional=("before", "note"), key="label")
    >>> rows[0]["label"], rows[0]["field"]  # "index number", as government sites label it
    ('信息索引号', 'index_number')
    """
    path = Path(source) if isinstance(source, str) else source
    name = readable(path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataFileError(
            f"{name}:{line}: byte {error.start} is not UTF-8; save the list as UTF-8 (it looks like GBK when a spreadsheet wrote it)"
        ) from None
    except OSError as error:
        raise DataFileError(f"{name}: cannot be read: {error.strerror or error}") from None
    required, allowed = list(columns), [*columns, *optional]
    return list(_rows(name, text, required, allowed, key))


def _rows(
    name: str, text: str, required: list[str], allowed: list[str], key: str | tuple[str, ...] | None
) -> Iterator[Row]:
    header: list[str] | None = None
    seen: dict[tuple[str, ...], int] = {}
    keys = (key,) if isinstance(key, str) else key or ()
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if header is None:
            if cells[: len(required)] != required:
                raise DataFileError(
                    f"{name}:{number}: the header must name the columns {', '.join(required)} with tabs between them, not {line!r}"
                )
            if unknown := [cell for cell in cells if cell not in allowed]:
                raise DataFileError(
                    f"{name}:{number}: unknown column {unknown[0]!r}; the columns are {', '.join(allowed)}"
                )
            header = cells
            continue
        if len(cells) > len(header):
            raise DataFileError(
                f"{name}:{number}: {len(cells)} cells, but the header names {len(header)} columns\n    {line}"
            )
        row = Row(
            name,
            number,
            dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))
            | {c: "" for c in allowed if c not in header},
        )
        for column in required:
            if not row[column]:
                raise row.error(f"no {column}", column)
        if keys:
            first = seen.setdefault(tuple(row[column] for column in keys), number)
            if first != number:
                raise row.error(f"{row[keys[0]]} stands already in line {first}", keys[0])
        yield row
    if header is None:
        raise DataFileError(
            f"{name}:1: empty; the first line must name the columns {', '.join(required)}"
        )
