"""Make the reference panel from a folder of reports: python tools/make_panel.py FOLDER.

FOLDER/metadata.csv has the columns file, place, level, year, and if it is known source: where the
text is published. A year that the text itself tells goes before that of the table. What is written
into the package are facts: names, values, counts, codes and offsets. Sentences, and names so long
that they are nearly sentences, are left out. The same files give the same bytes with the same
versions of the package and of pyarrow.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import compute
from score_reading import LEVELS

from xiacheng_nlp.corpora.loading import PANEL_TABLES, panel_of
from xiacheng_nlp.corpora.reuse import COLUMNS, text_reuse
from xiacheng_nlp.corpora.tables import Job, tables_of
from xiacheng_nlp.files import parquet_bytes, write_file
from xiacheng_nlp.report.government import NATION
from xiacheng_nlp.report.report import Report

PLACE = Path(__file__).resolve().parents[1] / "xiacheng_nlp" / "data" / "corpora" / "panel"
LONGEST_NAME = 20
"""Characters of a name; of a longer one the number stands in the panel without it."""


def told(folder: Path) -> Iterator[dict[str, Any]]:
    """What the table of metadata tells of each file."""
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as stream:
        for row in sorted(csv.DictReader(stream), key=lambda row: row["file"]):
            level = LEVELS.get(row["level"], row["level"])
            place = NATION if level == "国" else row["place"]
            given = {"place": place, "level": level, "year": int(row["year"])}
            yield {"file": row["file"], **given, "source": row.get("source") or None}


def facts(table: str, made: pa.Table) -> pa.Table:
    """A table without what is a sentence, or nearly one."""
    if table == "themes":
        made = emptied(emptied(made, "text"), "evidence", [])
    if table == "observations":
        made = emptied(made, "sentence")
        for column in ("indicator", "among", "text"):
            is_short = compute.less_equal(compute.utf8_length(made[column]), LONGEST_NAME)
            cells = compute.if_else(is_short, made[column], None)
            made = made.set_column(made.schema.get_field_index(column), column, cells)
    return made


def emptied(made: pa.Table, column: str, cell: list[str] | None = None) -> pa.Table:
    """The table with the same in every row of a column."""
    place, kind = made.schema.get_field_index(column), made.schema.field(column).type
    return made.set_column(place, column, pa.array([cell] * len(made), kind))


def main(folder: Path) -> None:
    """Write the tables of the reports into the package."""
    reports = []
    for given in told(folder):
        file = given.pop("file")
        data = (folder / file).read_bytes()
        report = Report.read(data, name=file, place=given["place"])
        if report.year is None:
            report = Report.read(data, name=file, year=given["year"], place=given["place"])
        reports.append(tables_of(report, Job(file=file, tables=PANEL_TABLES, given=given)))
    # What stands word for word in another report can only be asked while there are sentences.
    reuse = text_reuse(panel_of(reports), by="section")[COLUMNS]
    save(
        "reuse",
        parquet_bytes(pa.Table.from_pandas(reuse).replace_schema_metadata(), compression="zstd"),
    )
    for table in PANEL_TABLES:
        made = pa.concat_tables([facts(table, one[table]) for one in reports])
        save(table, parquet_bytes(made.combine_chunks(), compression="zstd"))


def save(table: str, data: bytes) -> None:
    """Write a table into the package."""
    write_file(PLACE / f"{table}.parquet", data)
    print(f"{table}: {len(data):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
