"""Word lists, units, codes and gold standards: data files that are checked when they are loaded;
and templates, which are data too.

A list is UTF-8 with tabs between its columns; the first line that is no comment names the columns,
lines that begin with `#` are comments, empty lines are passed over. Gold standards are JSON Lines,
an object a line. What is wrong is said as `file:line: what`, of a list with the line under it.
"""

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from xiacheng_nlp.errors import DataFileError, missing
from xiacheng_nlp.files import tex_text, why_no_file
from xiacheng_nlp.text import readable

LONGEST = 60
"""Characters of a pattern that is read at a glance: a longer one shows what it refuses too."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a data file: its number in the file and its cells by column; a cell left out at
    the end is empty."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def examples(self, column: str) -> tuple[str, ...]:
        """The texts of a cell, which bars with a blank on both sides part; `\\t` is a tab."""
        return tuple(filter(None, self.cells[column].replace("\\t", "\t").split(" | ")))

    def chosen(self, column: str, choices: Collection[str]) -> str:
        """The cell of `column`, which must be one of `choices`; raises `DataFileError` where it is
        another."""
        if self.cells[column] not in choices:
            named = ", ".join(filter(None, sorted(choices)))
            raise self.error(f"{column} must be one of {named}", column)
        return self.cells[column]

    def error(self, what: str, column: str | None = None) -> DataFileError:
        """The error for this line, with the cell of `column` marked."""
        text = "\t".join(self.cells.values()).rstrip("\t")
        message = f"{self.file}:{self.line}: {what}\n    {text}"
        if column is not None:
            cells = list(self.cells.values())[: list(self.cells).index(column)]
            before = "".join(" " * width(cell) + "\t" for cell in cells)
            message += f"\n    {before}{'~' * max(1, width(self.cells[column]))}"
        return DataFileError(message)


@dataclass(frozen=True, slots=True)
class JsonRow:
    """One line of a JSON Lines file: its number in the file and its cells by key."""

    file: str
    line: int
    cells: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.cells[key]

    def lacks(self, keys: Iterable[str]) -> None:
        """Raises `DataFileError` where the row has not all of `keys`."""
        if lacking := missing(keys, self.cells):
            raise self.error(f"a row has {', '.join(lacking)} too")

    def check_span(self, seen: dict[tuple[int, int], int], what: str) -> None:
        """Raises `DataFileError` where `start` and `end` are no span, or one of `seen`, which has
        the lines of those before."""
        start, end = span = self["start"], self["end"]
        if not all(type(place) is int for place in span) or not 0 <= start < end < 10**9:
            raise self.error(
                f"a span runs forward from 0 on, in whole numbers, not from {start!r} to {end!r}"
            )
        first = seen.setdefault(span, self.line)
        if first != self.line:
            raise self.error(f"the {what} at {start} stands already in line {first}")

    def error(self, what: str) -> DataFileError:
        """The error for this line."""
        return DataFileError(f"{self.file}:{self.line}: {what}")


def width(text: str) -> int:
    """How many columns a terminal gives the text: a Han character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def packaged(name: str) -> Traversable:
    """A data file of the package, to be read with `read_table`."""
    return files("xiacheng_nlp") / "data" / name


@cache
def _templates() -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FunctionLoader(lambda name: packaged(name).read_text(encoding="utf-8")),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tex"] = tex_text
    return environment


def filled(template: str, **values: Any) -> str:
    """A template of the package with these values in it; in HTML and XML they are escaped, in LaTeX
    by the filter `tex`.

    >>> filled("figures/grid.xml", title="位次", rows=[], said="…").count("位次")  # "ranks"
    1
    """
    text: str = _templates().get_template(template).render(values)
    return text


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

    >>> labels = packaged("report/metadata.tsv")
    >>> columns, optional = ("label", "field", "source"), ("before", "note")
    >>> rows = read_table(labels, columns=columns, optional=optional, key="label")
    >>> rows[0]["label"], rows[0]["field"]  # "index number", as government sites label it
    ('信息索引号', 'index_number')
    """
    name, text = read_text(source)
    required, allowed = list(columns), [*columns, *optional]
    keys = (key,) if isinstance(key, str) else key or ()
    return list(_rows(name, text, required, allowed, keys))


def read_patterns(
    source: str | Path | Traversable, *, columns: Iterable[str], optional: Iterable[str]
) -> list[Row]:
    """The rows of a data file with a regular expression each, in the column `pattern`, and what it
    takes and refuses, in those of that name.

    Raises `DataFileError` as `read_table` does, and for a pattern of more than 60 characters that
    shows no text that it takes, or none that it refuses.

    >>> shapes = packaged("observations/patterns.tsv")
    >>> columns, optional = ("name", "pattern", "takes"), ("refuses",)
    >>> rows = read_patterns(shapes, columns=columns, optional=optional)
    >>> rows[0].examples("takes")  # a year: "grow by 2022 to"
    ('增长到2022年的',)
    """
    rows = read_table(source, columns=columns, optional=optional)
    for row in rows:
        for column in ("takes", "refuses"):
            if len(row["pattern"]) > LONGEST and not row[column]:
                what = f"a pattern of more than {LONGEST} characters shows what it {column}"
                raise row.error(what, column)
    return rows


def read_json_rows(path: str | Path, *, required: Collection[str] = ()) -> list[JsonRow]:
    """The rows of a JSON Lines file, an object a line, each with the keys of `required`.

    Raises `DataFileError` for a file that can't be read, bytes that are not UTF-8, a line that is
    no JSON object and a row that lacks a key.

    >>> from xiacheng_nlp.resources import folder
    >>> rows = read_json_rows(folder("gold") / "xiacheng-2014.gold.jsonl", required=["class"])
    >>> rows[0].line, rows[0]["class"]
    (1, 'name')
    """
    name, text = read_text(path)
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            cells = json.loads(
                line, parse_constant=_finite, parse_float=_finite, object_pairs_hook=_keys_once
            )
        except (ValueError, RecursionError) as error:
            raise DataFileError(f"{name}:{number}: no JSON: {error}") from None
        if not isinstance(cells, dict):
            said = type(cells).__name__
            raise DataFileError(f"{name}:{number}: a row must be an object, not {said}")
        row = JsonRow(name, number, cells)
        row.lacks(required)
        rows.append(row)
    return rows


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if twice := [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]:
        raise ValueError(f"{twice[0]!r:.60} stands twice in an object")
    return dict(pairs)


def _finite(text: str) -> float:
    if math.isfinite(number := float(text)):
        return number
    raise ValueError(f"{text} is no number that can be held")


def read_text(source: str | Path | Traversable) -> tuple[str, str]:
    """The name of a file, as text that can be written, and its text.

    Raises `DataFileError` where it can't be read or is not UTF-8.

    >>> read_text(packaged("report/metadata.tsv"))[0]
    'metadata.tsv'
    """
    path = Path(source) if isinstance(source, str) else source
    name = readable(path.name)
    try:
        return name, bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        if error.object.startswith(b"PK\x03\x04"):
            raise DataFileError(
                f"{name}: a workbook, or another archive: copy its cells into a text editor, which "
                "sets tabs between them, and save that as UTF-8 (metadata: save the sheet as CSV)"
            ) from None
        raise DataFileError(
            f"{name}:{line}: byte {error.start} is not UTF-8; save the list as UTF-8"
            " (it looks like GBK when a spreadsheet wrote it)"
        ) from None


def bytes_of(path: Path | Traversable, broken: type[DataFileError] = DataFileError) -> bytes:
    """The bytes of a file. Raises `broken` where it can't be read."""
    name = readable(path.name)
    try:
        if isinstance(path, Path) and (why := why_no_file(path)):
            raise broken(f"{name}: cannot be read: it is {why}")
        return path.read_bytes()
    except OSError as error:
        raise broken(f"{name}: cannot be read: {error.strerror or error}") from None


def _rows(
    name: str, text: str, required: list[str], allowed: list[str], keys: tuple[str, ...]
) -> Iterator[Row]:
    header = None
    columns = []
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        cells = list(map(str.strip, line.split("\t")))
        if header is None:
            header = _header(f"{name}:{number}", cells, line, required, allowed)
            columns = [*header, *(column for column in allowed if column not in header)]
            continue
        if len(cells) > len(header):
            raise DataFileError(
                f"{name}:{number}: {len(cells)} cells, but the header names {len(header)} columns"
                f"\n    {line}"
            )
        cells += [""] * (len(columns) - len(cells))
        row = Row(name, number, dict(zip(columns, cells, strict=True)))
        if not all(cells[: len(required)]):
            column = required[cells.index("")]
            raise row.error(f"no {column}", column)
        if keys:
            first = seen.setdefault(tuple([row.cells[column] for column in keys]), number)
            if first != number:
                raise row.error(f"{row[keys[0]]} stands already in line {first}", keys[0])
        yield row
    if header is None:
        raise DataFileError(
            f"{name}:1: empty; the first line must name the columns {', '.join(required)}"
        )


def _header(
    where: str, cells: list[str], line: str, required: list[str], allowed: list[str]
) -> list[str]:
    if cells[: len(required)] != required:
        columns = ", ".join(required)
        raise DataFileError(
            f"{where}: the header must name the columns {columns}, in this order, with tabs"
            f" between them, not {line!r}"
        )
    if unknown := missing(cells, allowed):
        raise DataFileError(
            f"{where}: unknown column {unknown[0]!r}; the columns are {', '.join(allowed)}"
        )
    return cells
