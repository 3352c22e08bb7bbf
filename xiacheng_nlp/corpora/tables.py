"""The tables of one report as Parquet, for a data set of many: every table has one schema, and
tells whose it is by the column report."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cache, cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, get_args

from xiacheng_nlp._version import __version__
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.files import DECIMAL_DIGITS, DECIMAL_PLACES, is_held, parquet_bytes
from xiacheng_nlp.report.report import NO_REPORT, Report, is_report

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("reports", "sections", "observations", "themes", "terms", "tokens")
"""The tables of a data set; what they hold stands in data/corpora/columns.tsv."""

KINDS = ("text", "integer", "number", "decimal", "texts")
"""What a column holds; a decimal is exact, with 28 digits before the point and 10 behind, texts are
a list.

A number that has more digits is null, stands in `text` as every number does, and is counted among
the `unparsed` of its report."""


@cache
def columns_of(table: str) -> Mapping[str, str]:
    """The columns of a table of the data set, each with its kind.

    >>> columns_of("sections")["share"], columns_of("observations")["value"]
    ('number', 'decimal')
    """
    if table == "observations":
        return {"report": "text"} | _columns_of_observations()
    rows = read_table(
        packaged("corpora/columns.tsv"),
        columns=("table", "column", "kind", "note"),
        key=("table", "column"),
    )
    found = {
        row["column"]: row.chosen("kind", KINDS)
        for row in rows
        if row.chosen("table", TABLES) == table
    }
    return found


def _columns_of_observations() -> dict[str, str]:
    """Those of the fields of an observation, by their types."""
    from xiacheng_nlp.observations.observation import Observation, observation_table

    kinds = {str: "text", int: "integer", float: "number", Decimal: "decimal"}
    columns = observation_table(()).columns
    types = [(get_args(field.type) or (field.type,))[0] for field in fields(Observation)]
    return {str(column): kinds[type] for column, type in zip(columns, types, strict=True)}


def id_of(sha256: str) -> str:
    """The id of a report in a data set: the first 12 digits of its SHA-256, with which the ids of
    its observations begin too.

    >>> id_of("cab2e0b85a5bba30c0053448db2952d9")
    'cab2e0b85a5b'
    """
    return sha256[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be made of a file, and what is told of it: `file` is its place in the folder or
    zip, what is `given` (place, level, year) stands in place of what the report tells, `package`
    and `options` are written into the table `reports`."""

    file: str
    tables: tuple[str, ...]
    learning: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)
    package: str = f"xiacheng-nlp {__version__}"
    options: str = ""


def report_tables(data: bytes, job: Job) -> dict[str, bytes]:
    """Each table of the job for the report in a file's bytes, as Parquet; `reports` holds one
    row.

    Raises `ReportError` where the bytes hold no report.
    """
    name, *folders = (
        part.name for part in (PurePosixPath(job.file), *PurePosixPath(job.file).parents)
    )
    told = {key: job.given.get(key) for key in ("year", "place")}
    report = Report.read(data, name=name, folders=folders, **told, told=job.given)
    if not is_report(report):
        raise ReportError(f"{name}: {NO_REPORT}")
    return {
        table: parquet_bytes(
            rows, list(columns_of(table)), schema=schema_of(table), compression="zstd"
        )
        for table, rows in report_rows(report, job).items()
    }


def report_rows(report: Report, job: Job) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table of the job for a report, with the columns of `columns_of`.

    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n完成投资152.84亿元。")
    >>> made = report_rows(report, Job(file="r.txt", tables=("reports", "observations")))
    >>> [(row["indicator"], row["text"]) for row in made["observations"]]  # "invested: 15.284 bn"
    [('投资', '152.84亿元')]
    >>> made["reports"][0]["year"]
    2014
    """
    source = _Made(report, job.learning)
    made = {table: _ROWS[table](source) for table in job.tables if table != "reports"}
    excessive = sum(_without_excess(row) for row in made.get("observations", ()))
    about = _about(report, made, excessive)
    if {"terms", "tokens"} & set(job.tables):
        about["words"] = source.frequency.attrs["words"]
    about |= {"file": job.file, "package": job.package, "options": job.options}
    made["reports"] = [about | {"level": job.given.get("level", about["level"])}]
    for table, rows in made.items():
        for row in rows:
            row["report"] = id_of(report.sha256)
        made[table] = [{name: row[name] for name in columns_of(table)} for row in rows]
    return made


def _without_excess(row: dict[str, Any]) -> bool:
    """Takes out of an observation the decimals that a data set can't hold; returns whether there
    are any."""
    excess = [
        column for column, cell in row.items() if isinstance(cell, Decimal) and not is_held(cell)
    ]
    row.update(dict.fromkeys(excess))
    return bool(excess)


def _about(
    report: Report, made: Mapping[str, list[dict[str, Any]]], excessive: int
) -> dict[str, Any]:
    from xiacheng_nlp.observations.numbers_of_report import report_quantities
    from xiacheng_nlp.report.government import place_of

    place = place_of(report)
    unparsed = sum(quantity.kind == "unparsed" for quantity in report_quantities(report))
    return {
        "sha256": report.sha256,
        "format": report.format,
        "title": report.title,
        "place": place.name,
        "place_from": report.metadata.place_from,
        "level": place.level,
        "code": place.code,
        "source": None,
        "year": report.year,
        "year_from": report.metadata.year_from,
        "chars": report.end - report.start,
        "paragraphs": len(report.paragraphs),
        "sentences": len(report.sentences),
        "words": None,
        "observations": len(made.get("observations", ())),
        "unparsed": unparsed + excessive,
        "notes": len(report.notes),
        "outside": report.unread,
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
            return term_frequency(self.tokens, stop_words="general")


def _section_rows(made: _Made) -> list[dict[str, Any]]:
    from xiacheng_nlp.report.tables import sections

    return _rows(sections(made.report))


def _observation_rows(made: _Made) -> list[dict[str, Any]]:
    from xiacheng_nlp.observations.observation import indicators

    return [observation.record() for observation in indicators(made.report)]


def _theme_rows(made: _Made) -> list[dict[str, Any]]:
    from xiacheng_nlp.themes.coding import code_themes

    rows = _rows(code_themes(made.report))
    for row in rows:
        row["evidence"] = [
            f"{found['text']} ({found['kind']} {found['code']} {found['weight']:g})"
            for found in row["evidence"]
        ]
        row["themes"] = list(row["themes"])
        row["chars"] = len(row["text"])
    return rows


_ROWS: Mapping[str, Callable[[_Made], list[dict[str, Any]]]] = {
    "sections": _section_rows,
    "observations": _observation_rows,
    "themes": _theme_rows,
    "terms": lambda made: _rows(made.frequency),
    "tokens": lambda made: _rows(made.tokens),
}
"""What makes the rows of each table; those of `reports` rest on the others."""


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
    return pa.schema([(column, kinds[kind]) for column, kind in columns_of(table).items()])
