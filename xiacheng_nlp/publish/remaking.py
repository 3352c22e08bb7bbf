"""Verifying a data set: it is made again from its reports, and what differs is told."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.corpora.batches import plain_table
from xiacheng_nlp.corpora.dataset import MEMORY, SECONDS, corpus
from xiacheng_nlp.corpora.inventory import FAILURES, KEYWORDS, LIST, MADE_WITH, Inventory
from xiacheng_nlp.corpora.tables import TABLES
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.publish.differences import of_csv, of_rows, short

GIVEN = ("place", "place_from", "level", "code", "year", "year_from", "source")
"""Columns of `reports` that a table of metadata may fill, and by which its other tables change."""

_Rows = Mapping[str, list[dict[str, Any]]]


def of_data_set(
    folder: Path, *, source: Any, metadata: str | Path | None, keywords: str | Path | None
) -> list[str] | None:
    """In what a data set, whose files are as its list has them, differs from the one that `corpus`
    makes of the source with the same options: by table and report the rows and cells; nothing
    where these are the same, in files that another library packed, None where all bytes are.

    Raises `CorpusError` where it can't be made again: by another version, with options that are not
    told or others from report to report, with metadata or a dictionary that are not named.
    """
    held = Inventory(folder)
    with _no_data_set():
        asked = _options(held)
    with tempfile.TemporaryDirectory() as again:
        corpus(source, again, metadata=metadata, keywords=keywords, **asked)
        fresh = Inventory(Path(again))
        # One that grew report by report lists the same files in another order.
        if _lines(held) == _lines(fresh):
            return None
        with _no_data_set():
            return _told(held, fresh, metadata=metadata, keywords=keywords)


@contextmanager
def _no_data_set() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, LookupError, TypeError, OSError) as error:
        raise CorpusError(f"its tables are none of a data set: {short(error)}") from None


def _options(held: Inventory) -> Mapping[str, Any]:
    columns = ["package", "options"]
    made = {
        tuple(row.values())
        for path in held.paths("reports")
        for row in plain_table(held.folder / path, columns).to_pylist()
    }
    try:
        ((package, options),) = made
        asked = json.loads(options)
        tables = set(asked["tables"])
        known = isinstance(asked["learning"], bool) and tables <= {*TABLES}
    except (ValueError, KeyError, TypeError, RecursionError):
        known = False
    if not known:
        raise CorpusError("its table reports does not tell one version and one set of options")
    here = f"xiacheng-nlp {version_of_rules()}"
    if package != here:
        raise CorpusError(f"{package} made it, and this is {here}: verify it with that version")
    made_with = held.made_with()
    # Who made the data set is not to say how much its reports may take here.
    if made_with["seconds"] > SECONDS or made_with["memory"] > MEMORY:
        raise CorpusError(
            f"its {LIST} asks for more than {SECONDS} seconds or {MEMORY:,} MB a report, which "
            "verify does not grant: run corpus with these limits, and compare the two lists"
        )
    words = {table: table in tables for table in ("terms", "tokens")}
    return {"learning": asked["learning"], **words, **made_with}


def _told(held: Inventory, fresh: Inventory, *, metadata: Any, keywords: Any) -> list[str]:
    about, about_here = (_rows(one, "reports") for one in (held, fresh))
    files = {report: row["file"] for report, (row, *_) in {**about, **about_here}.items()}
    if metadata is None:
        _check_given(about, about_here)
    told = [each for table in TABLES for each in _of_table(table, held, fresh, files)]
    names = (FAILURES,) if keywords is None else (FAILURES, KEYWORDS)
    told += [f"{name}: {what}" for name in names for what in _of_list(name, held, fresh)]
    if not told and _files(held, keywords) != _files(fresh, keywords):
        told = ["its list or its files are others, with the same rows in them"]
    if not told and keywords is None and held.lists(KEYWORDS):
        raise CorpusError(
            f"all but {KEYWORDS} is as the reports give it; name its dictionary with --keywords, "
            "and that one is made again too"
        )
    return told


def _check_given(stated: _Rows, here: _Rows) -> None:
    """Raises `CorpusError` where a table of metadata that is not named has told of a report."""
    for report in sorted(stated.keys() & here.keys()):
        row, row_here = stated[report][0], here[report][0]
        if any(row[column] != row_here[column] for column in GIVEN):
            raise CorpusError(
                f"the place, level, year or source of {row_here['file']} is not what the report "
                "tells; name the table that gave it with --metadata"
            )


def _of_list(name: str, held: Inventory, fresh: Inventory) -> list[str]:
    stated, here = (
        (one.folder / name).read_bytes() if one.lists(name) else b"" for one in (held, fresh)
    )
    return of_csv(stated, here) if stated != here else []


def _of_table(
    table: str, held: Inventory, fresh: Inventory, files: Mapping[str, str]
) -> Iterator[str]:
    """In what the rows of each report differ."""
    stated, here = (_rows(one, table) for one in (held, fresh))
    for name, report in sorted((files.get(report, report), report) for report in {*stated, *here}):
        pair = (_cells(rows.get(report, [])) for rows in (stated, here))
        yield from (f"{table} of {name}: {what}" for what in of_rows(*pair))


def _lines(held: Inventory) -> list[str]:
    lines = (held.folder / LIST).read_bytes().decode().split("\n")
    # The options were used.
    return sorted(line for line in lines if not line.startswith(MADE_WITH))


def _files(held: Inventory, keywords: str | Path | None) -> list[str]:
    """What the list names, and the columns of each file of a table, in order."""
    named = [line.partition("  ")[2] for line in _lines(held)]
    paths = [path for table in TABLES for path in held.paths(table)]
    schemas = (plain_table(held.folder / path).schema for path in paths)
    return sorted(
        [
            *(name for name in named if name != KEYWORDS or keywords is not None),
            *(schema.to_string(truncate_metadata=False) for schema in schemas),
        ]
    )


def _rows(held: Inventory, table: str) -> _Rows:
    """By report, the rows of a table."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for path in held.paths(table):
        for row in plain_table(held.folder / path).to_pylist():
            rows.setdefault(row["report"], []).append(row)
    return rows


def _cells(rows: list[dict[str, Any]]) -> list[list[str]]:
    """The names of the columns, and the rows as JSON, where null and "null" are two things."""
    told = [
        [json.dumps(cell, ensure_ascii=False, default=str) for cell in row.values()] for row in rows
    ]
    return [list(rows[0]), *told] if rows else []
