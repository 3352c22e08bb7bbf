"""The tables of one report as Parquet, for a data set of many: every table has one schema, and
tells whose it is by the column report."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pyarrow as pa

from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.files import DECIMAL_DIGITS, DECIMAL_PLACES, is_held
from xiacheng_nlp.report.folders import report_in
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.report.tables import sections

if TYPE_CHECKING:
    import pandas as pd

KINDS = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "decimal": pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES),
    "texts": pa.list_(pa.string()),
}
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
    return {
        row["column"]: row.chosen("kind", KINDS)
        for row in rows
        if row.chosen("table", TABLES) == table
    }


def _columns_of_observations() -> dict[str, str]:
    """Those of the fields of an observation, by their types."""
    from xiacheng_nlp.observations.observation import COLUMNS, Observation

    kinds = {str: "text", int: "integer", float: "number", Decimal: "decimal"}
    types = [(get_args(told) or (told,))[0] for told in get_type_hints(Observation).values()]
    return {column: kinds[type] for column, type in zip(COLUMNS, types, strict=True)}


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
    package: str = field(default_factory=lambda: f"xiacheng-nlp {version_of_rules()}")
    options: str = ""


def report_tables(data: bytes, job: Job) -> dict[str, bytes]:
    """Each table of the job for the report in a file's bytes, as a stream of Arrow, from which many
    are made one file; `reports` holds one row.

    Raises `ReportError` where the bytes hold no report.
    """
    made = tables_of(report_in(data, job.file, job.given), job)
    return {table: _stream(made[table]) for table in made}


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


_Columns = Mapping[str, Any]
"""The columns of a table by name: a dictionary of lists, or a DataFrame."""


def tables_of(report: Report, job: Job) -> dict[str, pa.Table]:
    """Each table of the job for a report, with the columns of `columns_of`.

    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n完成投资152.84亿元。")
    >>> made = tables_of(report, Job(file="r.txt", tables=("reports", "observations")))
    >>> made["observations"].select(["indicator", "text"]).to_pylist()  # "invested: 15.284 bn"
    [{'indicator': '投资', 'text': '152.84亿元'}]
    >>> made["reports"]["year"].to_pylist()
    [2014]
    """
    source = _Made(report, job.learning)
    made = {table: _MAKERS[table](source) for table in job.tables if table != "reports"}
    about = _about(report)
    if "observations" in made:
        made["observations"], excessive = _held(made["observations"])
        about |= {"observations": len(made["observations"]["id"])}
        about["unparsed"] += excessive
    if {"terms", "tokens"} & set(job.tables):
        about["words"] = source.frequency.attrs["words"]
    about |= {"file": job.file, "package": job.package, "options": job.options}
    about |= {role: job.given[role] for role in ("level", "source") if role in job.given}
    made["reports"] = {name: [cell] for name, cell in about.items()}
    return {table: _typed(columns, table, report) for table, columns in made.items()}


def _typed(columns: _Columns, table: str, report: Report) -> pa.Table:
    """The columns in the types of the data set, with the id of the report."""
    schema = schema_of(table)
    _, *others = schema
    arrays = [pa.array(columns[one.name], type=one.type, from_pandas=True) for one in others]
    id = pa.repeat(id_of(report.sha256), len(arrays[0]))
    return pa.Table.from_arrays([id, *arrays], schema=schema)


def _held(columns: _Columns) -> tuple[_Columns, int]:
    """The columns without the decimals that a data set can't hold, and how many rows have one."""
    held = {}
    lost = set()
    for name, kind in columns_of("observations").items():
        if kind == "decimal":
            cells = list(enumerate(columns[name]))
            over = {row for row, cell in cells if cell is not None and not is_held(cell)}
            held[name] = [None if row in over else cell for row, cell in cells]
            lost |= over
    return {**columns, **held}, len(lost)


def _about(report: Report) -> dict[str, Any]:
    from xiacheng_nlp.observations.numbers_of_report import unparsed
    from xiacheng_nlp.report.government import place_of

    place = place_of(report)
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
        "observations": 0,
        "unparsed": unparsed(report),
        "notes": len(report.notes),
        "outside": report.unread,
    }


@dataclass(frozen=True)
class _Made:
    """A report with its words, which two tables share."""

    report: Report
    learning: bool

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


def _observations(made: _Made) -> _Columns:
    from xiacheng_nlp.observations.observation import COLUMNS, indicators

    found = indicators(made.report)
    return {column: list(map(itemgetter(n), found)) for n, column in enumerate(COLUMNS)}


def _themes(made: _Made) -> _Columns:
    from xiacheng_nlp.themes.coding import code_themes

    coded = code_themes(made.report)
    coded.attrs = {}  # which pandas copies with each column that is asked for
    told = [
        [f"{one['text']} ({one['kind']} {one['code']} {one['weight']:g})" for one in found]
        for found in coded["evidence"]
    ]
    return {**coded, "evidence": told, "chars": list(map(len, coded["text"]))}


_MAKERS: Mapping[str, Callable[[_Made], Any]] = {
    "sections": lambda made: sections(made.report),
    "observations": _observations,
    "themes": _themes,
    "terms": lambda made: made.frequency,
    "tokens": lambda made: made.tokens,
}
"""What makes the columns of each table, by name; those of `reports` rest on the others."""

TABLES = ("reports", *_MAKERS)
"""The tables of a data set; what they hold stands in data/corpora/columns.tsv."""


@cache
def schema_of(table: str) -> Any:
    """The Arrow schema of a table."""
    return pa.schema([(column, KINDS[kind]) for column, kind in columns_of(table).items()])
