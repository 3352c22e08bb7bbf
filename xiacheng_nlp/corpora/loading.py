"""A panel: the tables of many reports side by side, from a data set, from files, or of constructed
reports beside the one at hand."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from xiacheng_nlp.corpora.constructed import constructed_reports, panel_sha256
from xiacheng_nlp.corpora.inventory import FAILURES, LIST, Inventory
from xiacheng_nlp.corpora.metadata import UNUSED, read_metadata
from xiacheng_nlp.corpora.tables import Job, columns_of, id_of, report_rows, schema_of
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.report.folders import load_reports
from xiacheng_nlp.report.report import Report, load_report

CORPUS_VARIABLE = "XIACHENG_CORPUS"
"""The environment variable that names the reports of a panel where none are named: a folder, a zip,
a list, or a data set of `corpus`."""

PANEL_TABLES = ("reports", "observations", "themes", "terms")
"""The tables of a data set that a panel has."""

_Rows = Mapping[str, list[dict[str, Any]]]
"""The rows of a report by table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The reports of a panel and their tables, with the columns of data/corpora/columns.tsv;
    `report` joins them.

    `own` is the id of the report at hand where the panel was made for one, else None; `constructed`
    counts the constructed reports; `failures` has the files that gave no report, with the reason.
    The rows stand in the order of place, year and file.
    """

    reports: pd.DataFrame = field(repr=False)
    observations: pd.DataFrame = field(repr=False)
    themes: pd.DataFrame = field(repr=False)
    terms: pd.DataFrame = field(repr=False)
    failures: pd.DataFrame = field(repr=False)
    own: str | None
    constructed: int

    @property
    def sha256(self) -> str:
        """One hash for the panel: that of the hashes of its reports."""
        return panel_sha256(self.reports["sha256"])

    def report_id(self, name: str | None = None) -> str:
        """The id of a report by its file's name, its place in the folder or its id; without a name
        that of the report at hand, or else of the latest.

        Raises `CorpusError` where no report, or more than one, has the name.
        """
        if name is None:
            order = ["year", "file"]
            latest = self.reports.sort_values(order, na_position="first", kind="stable").iloc[-1]
            return str(latest["report"]) if self.own is None else self.own
        for column in ("report", "file"):
            found = self.reports.loc[self.reports[column] == name, "report"]
            if len(found) == 1:
                return str(found.iloc[0])
        raise CorpusError(f"no report of the panel is called {name}; panel.reports lists the files")


def load_panel(
    path: str | Path | Iterable[str | Path] | None = None, *, metadata: str | Path | None = None
) -> Panel:
    """The panel of the reports in a folder, a zip, a list or a pattern, or in a data set that
    `corpus` has made.

    Without `path` it is what the environment variable XIACHENG_CORPUS names, and without that the
    report of `load_report` beside the constructed reports, of places that do not exist: enough to
    see how everything works, and nothing to conclude from.

    `metadata`: a CSV file with the columns file, place, level, year; what a row tells goes before
    what the report tells.

    Files are read one after the other in this process, each in about a tenth of a second; for more
    than some hundred reports make a data set first. Raises `CorpusError` where there is no report
    at all, `ReportError` where the folder can't be read, `DataFileError` for a metadata table that
    is wrong.

    >>> panel = load_panel()
    >>> panel.reports[["place", "year"]].values.tolist()[:2], panel.constructed
    ([['下城区', 2014], ['丙市', 2013]], 12)
    """
    if path is None:
        return panel_of(load_report())
    told = read_metadata(metadata) if metadata is not None else {}
    if isinstance(path, str | Path) and (Path(path) / LIST).is_file():
        if told:
            raise CorpusError(
                "a data set has its metadata already: give the table to corpus, which makes it"
            )
        return _stored(Path(path))
    return _read(path, told)


def panel_of(report: Report) -> Panel:
    """The panel that a report is compared in: that of XIACHENG_CORPUS, which need not hold it, else
    `own_panel`.

    >>> panel_of(load_report()).own
    'cab2e0b85a5b'
    """
    path = os.environ.get(CORPUS_VARIABLE)
    if not path:
        return own_panel(report)
    panel = load_panel(path)
    id = id_of(report.sha256)
    return replace(panel, own=id) if (panel.reports["report"] == id).any() else panel


def own_panel(report: Report) -> Panel:
    """The panel of a report beside the constructed ones.

    >>> own_panel(load_report()).report_id()
    'cab2e0b85a5b'
    """
    constructed = _constructed_rows()
    return _panel(
        [report_rows(report, _job(report.name)), *constructed],
        own=id_of(report.sha256),
        constructed=len(constructed),
    )


@lru_cache(maxsize=1)
def _constructed_rows() -> tuple[_Rows, ...]:
    return tuple(report_rows(report, _job(report.name)) for report in constructed_reports())


def _job(file: str, given: Mapping[str, Any] | None = None) -> Job:
    return Job(file=file, tables=PANEL_TABLES, given=given or {})


def _read(path: str | Path | Iterable[str | Path], told: Mapping[str, Mapping[str, Any]]) -> Panel:
    """The panel of files."""
    made: list[_Rows] = []
    failures: list[tuple[str, str]] = []
    seen: dict[str, str] = {}
    for loaded in load_reports(path, known=told):
        if loaded.report is None:
            failures.append((loaded.name, loaded.error or ""))
            continue
        if first := seen.get(loaded.report.sha256):
            failures.append((loaded.name, f"skipped: the same bytes as {first}"))
            continue
        seen[loaded.report.sha256] = loaded.name
        made.append(report_rows(loaded.report, _job(loaded.name, told.get(loaded.name))))
    unused = set(told) - set(seen.values()) - {name for name, _ in failures}
    failures += [(name, UNUSED) for name in sorted(unused)]
    return _panel(made, failures)


def _panel(
    made: Iterable[_Rows],
    failures: Sequence[tuple[str, str]] = (),
    *,
    own: str | None = None,
    constructed: int = 0,
) -> Panel:
    made = list(made)
    frames = {
        table: pd.DataFrame(
            [row for rows in made for row in rows[table]], columns=list(columns_of(table))
        )
        for table in PANEL_TABLES
    }
    return _ordered(
        frames, pd.DataFrame(failures, columns=["file", "reason"]), own=own, constructed=constructed
    )


def _stored(folder: Path) -> Panel:
    """The panel of a data set: of the files that it lists."""
    try:
        import pyarrow as pa
    except ImportError:
        raise CorpusError(
            "a data set is read with pyarrow: pip install 'xiacheng-nlp[corpus]'"
        ) from None
    inventory = Inventory(folder)
    try:
        frames = {table: _stored_table(inventory, table) for table in PANEL_TABLES}
        failures = pd.DataFrame(columns=["file", "reason"])
        if inventory.holds(FAILURES):
            failures = pd.read_csv(folder / FAILURES, dtype=str, keep_default_na=False)
            failures = failures[["file", "reason"]]
    except CorpusError:
        raise
    except (OSError, pa.ArrowException, ValueError, LookupError) as error:
        said = " ".join(str(error).split())
        raise CorpusError(f"{folder.name}: broken, run corpus again ({said:.200})") from None
    return _ordered(frames, failures)


def _stored_table(inventory: Inventory, table: str) -> pd.DataFrame:
    from pyarrow import dataset

    name, paths = inventory.folder.name, inventory.paths(table)
    reports = len(inventory.paths("reports"))
    if broken := [path for path in paths if not inventory.holds(path)]:
        raise CorpusError(
            f"{name}: {len(broken)} tables are missing or not as they were made, {broken[0]} first;"
            " run corpus again"
        )
    if len(paths) != reports:
        raise CorpusError(
            f"{name}: {reports - len(paths)} of {reports} reports lack the table {table}: run"
            " corpus with term counts"
        )
    schema = schema_of(table)
    files = [str(inventory.folder / path) for path in paths]
    stored = dataset.dataset(files, schema=schema, format="parquet")
    if not all(part.physical_schema.equals(schema) for part in stored.get_fragments()):
        raise CorpusError(
            f"{name}: the table {table} was made by another version; run corpus again"
        )
    frame: pd.DataFrame = stored.to_table().to_pandas()
    return frame


def _typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """One type a column, whether the table was read or made: whole numbers with null, texts as
    objects, exact decimals as written."""
    for column, kind in columns_of(table).items():
        values = frame[column]
        if kind in _NUMBERS:
            frame[column] = values.astype(_NUMBERS[kind])
            continue
        plain = values.astype(object).where(values.notna(), None)
        if kind == "texts":
            plain = plain.map(list)
        elif kind == "decimal":
            plain = plain.map(_short, na_action="ignore")
        frame[column] = plain.astype(object)
    return frame


_NUMBERS: Mapping[str, Any] = {"integer": "Int64", "number": "float64"}


def _short(value: Decimal) -> Decimal:
    """The decimal without zeros at its end, which a data set adds and a report may have."""
    return Decimal(f"{value.normalize():f}")


def _ordered(
    frames: Mapping[str, pd.DataFrame],
    failures: pd.DataFrame,
    *,
    own: str | None = None,
    constructed: int = 0,
) -> Panel:
    if frames["reports"].empty:
        told = ""
        if len(failures):
            told = f"; the first of {len(failures)} files: {failures['reason'].iloc[0]}"
        raise CorpusError(f"there is no report for a panel{told}")
    typed = {table: _typed(frame, table) for table, frame in frames.items()}
    order = ["place", "year", "file", "report"]
    reports = typed.pop("reports").sort_values(order, na_position="last", kind="stable")
    place = {id: number for number, id in enumerate(reports["report"])}
    ordered = {
        table: frame.loc[frame["report"].map(place).sort_values(kind="stable").index]
        for table, frame in typed.items()
    }
    return Panel(
        reports=reports.reset_index(drop=True),
        **{table: frame.reset_index(drop=True) for table, frame in ordered.items()},
        failures=failures,
        own=own,
        constructed=constructed,
    )
