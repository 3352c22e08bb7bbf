"""The tables of one report as Parquet, for a data set of many: every table has one schema, and
tells whose it is by the column report."""

import io
import warnings
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.files import DECIMAL_DIGITS, DECIMAL_PLACES, is_held
from xiacheng_nlp.report.report import NO_REPORT, Report, is_report

if TYPE_CHECKING:
    import pandas as pd

SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "reports": {
        **{"report": "text", "file": "text", "sha256": "text", "format": "text", "title": "text"},
        **{
            "place": "text",
            "level": "text",
            "year": "integer",
            "chars": "integer",
            "paragraphs": "integer",
            "sentences": "integer",
        },
        **{
            "words": "integer",
            "observations": "integer",
            "unparsed": "integer",
            "notes": "integer",
            "package": "text",
            "options": "text",
        },
    },
    "sections": {
        **{"report": "text", "section": "text", "title": "text", "part": "text"},
        **{"chars": "integer", "share": "number", "paragraphs": "integer", "sentences": "integer"},
    },
    "observations": {
        **{
            "report": "text",
            "id": "text",
            "start": "integer",
            "end": "integer",
            "text": "text",
            "class": "text",
        },
        **{"value": "decimal", "value_high": "decimal", "unit": "text"},
        **{
            "value_base": "decimal",
            "value_base_high": "decimal",
            "unit_base": "text",
            "bound": "text",
        },
        **{
            "indicator": "text",
            "measure": "text",
            "sign": "integer",
            "status": "text",
            "period": "text",
            "among": "text",
        },
        **{
            "comparison": "text",
            "against": "text",
            "basis": "text",
            "modal": "text",
            "rule": "text",
            "base_start": "integer",
        },
        **{
            "part": "text",
            "section": "text",
            "sentence": "text",
            "sentence_start": "integer",
            "sentence_end": "integer",
        },
    },
    "themes": {
        **{
            "report": "text",
            "start": "integer",
            "end": "integer",
            "text": "text",
            "kind": "text",
            "part": "text",
            "section": "text",
        },
        **{
            "paragraph": "integer",
            "sentence": "integer",
            "themes": "texts",
            "instrument": "text",
            "evidence": "texts",
        },
    },
    "terms": {
        **{"report": "text", "term": "text", "count": "integer", "per_10000": "number"},
        **{"paragraphs": "integer", "paragraph_share": "number"},
    },
    "tokens": {
        **{
            "report": "text",
            "start": "integer",
            "end": "integer",
            "text": "text",
            "pos": "text",
            "part": "text",
            "section": "text",
        },
        **{"paragraph": "integer", "sentence": "integer"},
    },
}
"""The columns of each table by kind: text, integer, number, decimal (exact, 28 digits before the
point and 10 behind), texts (a list).

A number that has more digits is null, stands in `text` as every number does, and is counted among
the `unparsed` of its report."""


def id_of(sha256: str) -> str:
    """The id of a report in a data set: the first 12 digits of its SHA-256, with which the ids of
    its observations begin too.

    >>> id_of("cab2e0b85a5bba30c0053448db2952d9")
    'cab2e0b85a5b'
    """
    return sha256[:12]


def report_tables(
    data: bytes,
    *,
    name: str,
    file: str,
    tables: tuple[str, ...],
    learning: bool,
    package: str,
    options: str,
    given: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Each of the `tables` of the report in a file's bytes, as Parquet; `reports` holds one row.

    `name` is the file's name, `file` its place in the folder or zip; `package` and `options` are
    written into `reports`, and what is `given` (place, level, year) stands there in place of what
    the report tells. Raises `ReportError` where the bytes hold no report.
    """
    known = given or {}
    folders = [folder.name for folder in PurePosixPath(file).parents]
    report = Report.read(
        data, name=name, year=known.get("year"), place=known.get("place"), folders=folders
    )
    if not is_report(report):
        raise ReportError(f"{name}: {NO_REPORT}")
    made = report_rows(
        report,
        file=file,
        tables=tables,
        learning=learning,
        package=package,
        options=options,
        given=given,
    )
    return {table: _parquet(table, made[table]) for table in tables}


def report_rows(
    report: Report,
    *,
    file: str,
    tables: tuple[str, ...],
    learning: bool,
    package: str,
    options: str,
    given: Mapping[str, Any] | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """The rows of each of the `tables` of a report, with the columns of `SCHEMAS`; the other
    arguments are those of `report_tables`.

    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n完成投资152.84亿元。")  # "15.284 billion yuan were invested"
    >>> made = report_rows(report, file="r.txt", tables=("reports", "observations"), learning=False, package="", options="")
    >>> [(row["indicator"], row["text"]) for row in made["observations"]], made["reports"][0]["year"]
    ([('投资', '152.84亿元')], 2014)
    """
    source = _Made(report, learning)
    made = {table: source.rows(table) for table in tables if table != "reports"}
    excessive = sum(_without_excess(row) for row in made.get("observations", ()))
    words = source.frequency.attrs["words"] if {"terms", "tokens"} & set(tables) else None
    about = _about(report, made, file=file)
    about |= {
        "unparsed": about["unparsed"] + excessive,
        "words": words,
        "package": package,
        "options": options,
    }
    made["reports"] = [about | dict(given or {})]
    id = id_of(report.sha256)
    return {
        table: [
            {"report": id} | {name: row[name] for name in SCHEMAS[table] if name != "report"}
            for row in rows
        ]
        for table, rows in made.items()
    }


def _without_excess(row: dict[str, Any]) -> bool:
    """Takes out of an observation the decimals that a data set can't hold; returns whether there
    are any."""
    excess = [
        column for column, cell in row.items() if isinstance(cell, Decimal) and not is_held(cell)
    ]
    row.update(dict.fromkeys(excess))
    return bool(excess)


def _about(
    report: Report, made: Mapping[str, list[dict[str, Any]]], *, file: str
) -> dict[str, Any]:
    from xiacheng_nlp.observations.numbers_of_report import report_quantities
    from xiacheng_nlp.report.government import place_of

    place = place_of(report)
    return {
        "file": file,
        "sha256": report.sha256,
        "format": report.format,
        "title": report.title,
        "place": place.name,
        "level": place.level,
        "year": report.year,
        "chars": report.end - report.start,
        "paragraphs": len(report.paragraphs),
        "sentences": len(report.sentences),
        "observations": len(made.get("observations", ())),
        "unparsed": sum(quantity.kind == "unparsed" for quantity in report_quantities(report)),
        "notes": len(report.notes),
    }


def _rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    return [
        {str(name): None if _missing(cell) else cell for name, cell in row.items()}
        for row in table.to_dict("records")
    ]


def _missing(cell: Any) -> bool:
    import pandas as pd

    return not isinstance(cell, tuple | list) and bool(pd.isna(cell))


class _Made:
    """A report with its words, which two tables share."""

    def __init__(self, report: Report, learning: bool) -> None:
        self.report = report
        self.learning = learning

    @cached_property
    def tokens(self) -> "pd.DataFrame":
        from xiacheng_nlp.words.segmentation import tokenize

        return tokenize(self.report, learning=self.learning)

    @cached_property
    def frequency(self) -> "pd.DataFrame":
        from xiacheng_nlp.terms import term_frequency

        # A short report may have no term at all: then the table has no row, and that is no news.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return term_frequency(self.tokens)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table other than `reports`."""
        if table == "sections":
            from xiacheng_nlp.report.tables import sections

            return _rows(sections(self.report))
        if table == "observations":
            from xiacheng_nlp.observations.observation import indicators

            return [observation.record() for observation in indicators(self.report)]
        if table == "themes":
            return self._themes()
        if table == "terms":
            return _rows(self.frequency)
        return _rows(self.tokens)

    def _themes(self) -> list[dict[str, Any]]:
        from xiacheng_nlp.themes.coding import code_themes

        rows = _rows(code_themes(self.report))
        for row in rows:
            row["evidence"] = [
                f"{found['text']} ({found['kind']} {found['code']} {found['weight']:g})"
                for found in row["evidence"]
            ]
            row["themes"] = list(row["themes"])
        return rows


def schema_of(table: str) -> Any:
    """The Arrow schema of a table."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "decimal": pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES),
        "texts": pa.list_(pa.string()),
    }
    return pa.schema([(column, kinds[kind]) for column, kind in SCHEMAS[table].items()])


def _parquet(table: str, rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = schema_of(table)
    columns = {name: [row[name] for row in rows] for name in SCHEMAS[table]}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns, schema=schema), sink, compression="zstd")
    return sink.getvalue()
