"""A panel: the tables of many reports side by side, from a data set, from files, or of constructed
reports beside the one at hand."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from xiacheng_nlp._version import __version__
from xiacheng_nlp.corpora.constructed import constructed_reports, panel_sha256
from xiacheng_nlp.corpora.tables import SCHEMAS, id_of, report_rows
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.report.folders import load_reports
from xiacheng_nlp.report.government import UNUSED, read_metadata
from xiacheng_nlp.report.report import Report, load_report

CORPUS_VARIABLE = "XIACHENG_CORPUS"
"""The environment variable that names the reports of a panel where none are named: a folder, a zip,
a list, or a data set of `corpus`."""

TABLES = ("reports", "observations", "themes", "terms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The reports of a panel and their tables, with the columns of `report_tables.SCHEMAS`;
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
            latest = self.reports.sort_values(["year", "file"], na_position="first", kind="stable")[
                "report"
            ].iloc[-1]
            return str(latest) if self.own is None else self.own
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
    if isinstance(path, str | Path) and any((Path(path) / "reports").glob("*.parquet")):
        if told:
            raise CorpusError(
                "a data set has its metadata already: give the table to corpus, which makes it"
            )
        return _stored(Path(path))
    failures: list[dict[str, str]] = []
    return _panel(_rows_of(path, told, failures), failures)


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
        [_rows(report, report.name), *constructed],
        [],
        own=id_of(report.sha256),
        constructed=len(constructed),
    )


@lru_cache(maxsize=1)
def _constructed_rows() -> tuple[dict[str, list[dict[str, Any]]], ...]:
    return tuple(_rows(report, report.name) for report in constructed_reports())


def _rows(
    report: Report, file: str, given: Mapping[str, Any] | None = None
) -> dict[str, list[dict[str, Any]]]:
    package = f"xiacheng-nlp {__version__}"
    return report_rows(
        report, file=file, tables=TABLES, learning=False, package=package, options="", given=given
    )


def _rows_of(
    path: str | Path | Iterable[str | Path],
    told: Mapping[str, Mapping[str, Any]],
    failures: list[dict[str, str]],
) -> Iterator[dict[str, list[dict[str, Any]]]]:
    seen: dict[str, str] = {}
    for loaded in load_reports(path, known=told):
        if loaded.report is None:
            failures.append({"file": loaded.name, "reason": loaded.error or ""})
        elif loaded.report.sha256 in seen:
            failures.append(
                {
                    "file": loaded.name,
                    "reason": f"skipped: the same bytes as {seen[loaded.report.sha256]}",
                }
            )
        else:
            seen[loaded.report.sha256] = loaded.name
            yield _rows(loaded.report, loaded.name, told.get(loaded.name))
    unused = sorted(set(told) - set(seen.values()) - {row["file"] for row in failures})
    failures += [{"file": name, "reason": UNUSED} for name in unused]


def _panel(
    made: Iterable[Mapping[str, list[dict[str, Any]]]],
    failures: list[dict[str, str]],
    *,
    own: str | None = None,
    constructed: int = 0,
) -> Panel:
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for each in made:
        for table in TABLES:
            rows[table] += each[table]
    frames = {
        table: _typed(pd.DataFrame(rows[table], columns=list(SCHEMAS[table])), table)
        for table in TABLES
    }
    return _ordered(
        frames, pd.DataFrame(failures, columns=["file", "reason"]), own=own, constructed=constructed
    )


def _stored(folder: Path) -> Panel:
    """The panel of a data set: only what belongs to a report that is listed counts."""
    try:
        import pyarrow.dataset as ds
    except ImportError:
        raise CorpusError(
            "a data set is read with pyarrow: pip install 'xiacheng-nlp[corpus]'"
        ) from None
    listed = {path.name for path in (folder / "reports").glob("*.parquet")}
    frames = {}
    for table in TABLES:
        paths = sorted(
            str(path) for path in (folder / table).glob("*.parquet") if path.name in listed
        )
        if len(paths) != len(listed):
            raise CorpusError(
                f"{folder.name}: {len(listed) - len(paths)} of {len(listed)} reports lack the table {table}: run corpus with term counts"
            )
        read = ds.dataset(paths, format="parquet").to_table()
        if read.column_names != list(SCHEMAS[table]):
            raise CorpusError(
                f"{folder.name}: the table {table} was made by another version; run corpus again"
            )
        frames[table] = _typed(read.to_pandas(), table)
    told = folder / "failures.csv"
    failures = pd.read_csv(told, dtype=str, keep_default_na=False) if told.exists() else None
    return _ordered(frames, failures)


def _typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """One type a column, whether the table was read or made: whole numbers with null, texts as
    objects, exact decimals as written."""
    for column, kind in SCHEMAS[table].items():
        values = frame[column]
        if kind == "integer":
            frame[column] = values.astype("Int64")
        elif kind == "number":
            frame[column] = values.astype("float64")
        else:
            plain = values.astype(object).where(values.notna(), None)
            if kind == "texts":
                plain = plain.map(list)
            elif kind == "decimal":
                plain = plain.map(_short, na_action="ignore")
            frame[column] = plain.astype(object)
    return frame


def _short(value: Decimal) -> Decimal:
    """The decimal without zeros at its end, which a data set adds and a report may have."""
    return Decimal(f"{value.normalize():f}")


def _ordered(
    frames: dict[str, pd.DataFrame],
    failures: pd.DataFrame | None,
    *,
    own: str | None = None,
    constructed: int = 0,
) -> Panel:
    reports = frames["reports"]
    if reports.empty:
        told = (
            f"; the first of {len(failures)} files: {failures['reason'].iloc[0]}"
            if failures is not None and len(failures)
            else ""
        )
        raise CorpusError(f"there is no report for a panel{told}")
    reports = reports.sort_values(
        ["place", "year", "file", "report"], na_position="last", kind="stable", ignore_index=True
    )
    place = {id: number for number, id in enumerate(reports["report"])}
    for table in TABLES[1:]:
        order = frames[table]["report"].map(place).sort_values(kind="stable").index
        frames[table] = frames[table].loc[order].reset_index(drop=True)
    return Panel(
        reports=reports,
        observations=frames["observations"],
        themes=frames["themes"],
        terms=frames["terms"],
        failures=pd.DataFrame(columns=["file", "reason"]) if failures is None else failures,
        own=own,
        constructed=constructed,
    )
