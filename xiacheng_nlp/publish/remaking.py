"""Verifying a data set: it is made again from its reports, and what differs is told."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.corpora.batches import plain_table
from xiacheng_nlp.corpora.dataset import corpus
from xiacheng_nlp.corpora.inventory import FAILURES, KEYWORDS, Inventory
from xiacheng_nlp.corpora.tables import TABLES
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.files import sha256_of
from xiacheng_nlp.publish.differences import of_rows, short

GIVEN = ("place", "place_from", "level", "code", "year", "year_from", "source")
"""Columns of `reports` that a table of metadata may fill, and by which its other tables change."""

_Rows = Mapping[str, list[dict[str, Any]]]


def of_data_set(folder: Path, source: str | Path, metadata: str | Path | None) -> list[str]:
    """In what a data set, whose files are as its list has them, differs from the one that `corpus`
    makes of the source with the same options: by table and report the rows and cells; nothing
    where it does not.

    Raises `CorpusError` where it can't be made again: by another version, with other options from
    report to report, with metadata that are not named, with counts of a dictionary.
    """
    held = Inventory(folder)
    try:
        asked = _options(held)
        with tempfile.TemporaryDirectory() as again:
            corpus(
                source,
                again,
                metadata=metadata,
                terms="terms" in asked["tables"],
                tokens="tokens" in asked["tables"],
                learning=asked["learning"],
            )
            fresh = Inventory(Path(again))
            # A data set that grew report by report lists the same files in another order.
            if _hashes(held) != _hashes(fresh):
                return _told(held, fresh, has_metadata=metadata is not None)
    except (pa.ArrowException, LookupError, TypeError, OSError) as error:
        raise CorpusError(f"its tables are none of a data set: {short(error)}") from None
    if held.lists(KEYWORDS):
        raise CorpusError(
            f"all but {KEYWORDS} is as it is made again; what dictionary it counts is not told"
        )
    return []


def _hashes(held: Inventory) -> Mapping[str, str]:
    """Of each file that can be made again."""
    paths = [FAILURES, *(path for table in TABLES for path in held.paths(table))]
    return {path: sha256_of((held.folder / path).read_bytes()) for path in paths}


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
        known = isinstance(asked["learning"], bool) and set(asked["tables"]) <= {*TABLES}
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise CorpusError("its table reports does not tell one version and one set of options")
    here = f"xiacheng-nlp {version_of_rules()}"
    if package != here:
        raise CorpusError(f"{package} made it, and this is {here}: verify it with that version")
    return dict(asked)


def _told(held: Inventory, fresh: Inventory, *, has_metadata: bool) -> list[str]:
    about, about_here = (_rows(one, "reports") for one in (held, fresh))
    files = {report: row["file"] for report, (row, *_) in {**about, **about_here}.items()}
    if not has_metadata:
        for report in about.keys() & about_here.keys():
            stated, here = about[report][0], about_here[report][0]
            if any(stated[column] != here[column] for column in GIVEN):
                raise CorpusError(
                    f"the place, level, year or source of {files[report]} is not what the report "
                    "tells; name the table that gave it with --metadata"
                )
    told = []
    for table in TABLES:
        both = _rows(held, table), _rows(fresh, table)
        for report in sorted(
            {*both[0], *both[1]}, key=lambda report: (files.get(report, ""), report)
        ):
            pair = (_cells(rows.get(report, [])) for rows in both)
            told += [f"{table} of {files.get(report, report)}: {what}" for what in of_rows(*pair)]
    if (held.folder / FAILURES).read_bytes() != (fresh.folder / FAILURES).read_bytes():
        told.append(f"{FAILURES}: others could not be read")
    return told or ["its files are others, with the same rows in them"]


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
