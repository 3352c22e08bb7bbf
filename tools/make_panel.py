"""Make the reference panel from a folder of reports: python tools/make_panel.py FOLDER.

FOLDER/metadata.csv has the columns file, place, level, year, and if it is known source: where the
text is published. What is written into the package are facts: names, values, counts, codes and
offsets. Sentences, and names so long that they are nearly sentences, are left out. The same files
give the same bytes with the same versions of the package and of pyarrow.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from score_reading import LEVELS

from xiacheng_nlp.corpora.loading import PANEL_TABLES, panel_of_rows
from xiacheng_nlp.corpora.reuse import text_reuse
from xiacheng_nlp.corpora.tables import Job, columns_of, report_rows, schema_of
from xiacheng_nlp.files import parquet_bytes, rows_of, write_file
from xiacheng_nlp.report.government import NATION
from xiacheng_nlp.report.report import Report

PLACE = Path(__file__).resolve().parents[1] / "xiacheng_nlp" / "data" / "corpora" / "panel"
COLUMNS_OF_REUSE = ["report", "relation", "other", "part", "passages", "shared"]
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


def facts(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows without what is a sentence, or nearly one."""
    for row in rows["observations"]:
        row["sentence"] = None
        for column in ("indicator", "among", "text"):
            if len(row[column] or "") > LONGEST_NAME:
                row[column] = None
    for row in rows["themes"]:
        row["text"], row["evidence"] = None, []
    return rows


def main(folder: Path) -> None:
    """Write the tables of the reports into the package."""
    reports = []
    for given in told(folder):
        file = given.pop("file")
        data = (folder / file).read_bytes()
        report = Report.read(data, name=file, year=given["year"], place=given["place"])
        reports.append(report_rows(report, Job(file=file, tables=PANEL_TABLES, given=given)))
    # What stands word for word in another report can only be asked while there are sentences.
    reuse = text_reuse(panel_of_rows(reports))[COLUMNS_OF_REUSE]
    save("reuse", parquet_bytes(rows_of(reuse), COLUMNS_OF_REUSE, compression="zstd"))
    made = list(map(facts, reports))
    for table in PANEL_TABLES:
        columns, rows = list(columns_of(table)), [row for some in made for row in some[table]]
        schema = schema_of(table)
        save(table, parquet_bytes(rows, columns, schema=schema, compression="zstd"))


def save(table: str, data: bytes) -> None:
    """Write a table into the package."""
    write_file(PLACE / f"{table}.parquet", data)
    print(f"{table}: {len(data):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
