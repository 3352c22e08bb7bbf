"""A panel: the tables of many reports side by side, from files, from a data set, or those of the
reference panel that the package brings."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute, dataset

from xiacheng_nlp.corpora.batches import plain_table
from xiacheng_nlp.corpora.inventory import FAILURES, LIST, Inventory, is_own_name
from xiacheng_nlp.corpora.metadata import UNUSED, read_metadata
from xiacheng_nlp.corpora.tables import Job, columns_of, id_of, schema_of, tables_of
from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.files import sha256_of
from xiacheng_nlp.report.folders import load_reports
from xiacheng_nlp.report.places import names_one
from xiacheng_nlp.report.report import CORPUS_VARIABLE, Report
from xiacheng_nlp.terms.selection import arranged

PANEL_TABLES = ("reports", "observations", "themes", "terms")
"""The tables of a data set that a panel has."""

_OF_FAILURES = ["file", "reason"]

_Tables = Mapping[str, pa.Table]
"""The tables of a report by name."""

_Reading = Callable[[str], pa.ChunkedArray]
"""What gives a column of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The reports of a panel and their tables, with the columns of data/corpora/columns.tsv;
    `report` joins them.

    `own` is the id of the report at hand where the panel was made for one, else None; `reference`
    has the ids of the reports of the reference panel, of which there are facts but no sentences;
    `failures` has the files that gave no report, with the reason. The rows stand in the order of
    place, year and file.
    """

    reports: pd.DataFrame
    observations: pd.DataFrame
    themes: pd.DataFrame
    terms: pd.DataFrame
    failures: pd.DataFrame
    own: str | None = None
    reference: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        years = self.reports["year"].dropna()
        told = f", {years.min()} to {years.max()}" if len(years) else ""
        return f"<Panel of {len(self.reports)} reports{told}; {', '.join(PANEL_TABLES)}, failures>"

    @property
    def sha256(self) -> str:
        """One hash for the panel: that of the hashes of its reports, whatever their order."""
        return sha256_of("\n".join(sorted(self.reports["sha256"])).encode())

    def report_id(self, name: str | None = None) -> str:
        """The id of a report by its file's name, with its ending or without, its place in the
        folder or its id; without a name that of the report at hand, or else of the latest.

        Raises `CorpusError` where no report, or more than one, has the name.
        """
        if name is None:
            order = ["year", "file"]
            latest = self.reports.sort_values(order, na_position="first", kind="stable").iloc[-1]
            return str(latest["report"]) if self.own is None else self.own
        file = self.reports["file"]
        for told in (self.reports["report"], file, file.str.replace(r"\.\w+$", "", regex=True)):
            found = self.reports.loc[told == name, "report"]
            if len(found) == 1:
                return str(found.iloc[0])
        raise CorpusError(f"no report of the panel is called {name}; panel.reports lists the files")


def load_panel(
    path: str | Path | Iterable[str | Path] | pd.DataFrame | None = None,
    *,
    metadata: str | Path | None = None,
) -> Panel:
    """The panel of the reports in a folder, a zip, a list, a pattern or a table with a report a
    row, or in a data set that `corpus` has made.

    Without `path` it is what the environment variable XIACHENG_CORPUS names, and without that the
    reference panel: facts of 199 reports of nation, provinces, cities, districts and counties
    (data/corpora/panel/README.md says which, from where, and how far to trust them).

    `metadata`: a CSV file with the columns file, place, level, year, source; what a row tells goes
    before what the report tells.

    Files are read one after the other in this process, each in about a tenth of a second; for more
    than some hundred reports make a data set first. Raises `CorpusError` where there is no report
    at all, `ReportError` where the folder can't be read, `DataFileError` for a metadata table that
    is wrong.

    >>> panel = load_panel()
    >>> panel
    <Panel of 199 reports, 1955 to 2026; reports, observations, themes, terms, failures>
    >>> panel.reports.loc[panel.reports["level"] == "国", "place"].unique().tolist()  # the nation's
    ['中国']
    """
    if path is None or isinstance(path, str):
        path = path or os.environ.get(CORPUS_VARIABLE)
        if not path:
            return join(_reference())
    told = read_metadata(metadata) if metadata is not None else {}
    if isinstance(path, str | Path) and os.path.isfile(Path(path) / LIST):
        if told:
            raise CorpusError(
                "a data set has its metadata already: give the table to corpus, which makes it"
            )
        return stored_panel(Path(path))
    if isinstance(path, str | Path) and _has_tables(Path(path)):
        raise CorpusError(
            f"{Path(path).name}: a data set without its list {LIST}; copy that too, or run corpus "
            "again"
        )
    return _read(path, told)


def _has_tables(folder: Path) -> bool:
    """Whether a data set keeps its reports there."""
    with suppress(OSError):
        return any(is_own_name(f"reports/{file.name}") for file in folder.glob("reports/*.parquet"))
    return False


@lru_cache(maxsize=1)
def _reference() -> Panel:
    tables = {}
    for table in PANEL_TABLES:
        data = packaged(f"corpora/panel/{table}.parquet").read_bytes()
        tables[table] = plain_table(BytesIO(data)).column
    panel = _panel_of(tables, pd.DataFrame(columns=_OF_FAILURES))
    return replace(panel, reference=frozenset(panel.reports["report"]))


def join(*parts: Panel | Report) -> Panel:
    """Panels and reports as one panel. Of a report that stands in several the first counts; `own`
    is the first report, else that of the first panel that has one.

    >>> from xiacheng_nlp.report.report import load_report
    >>> both = join(load_report(), load_panel())
    >>> both.own, len(both.reports) - len(both.reference)
    ('cab2e0b85a5b', 1)
    """
    panels = [_as_panel(part) for part in parts]
    if not panels:
        raise CorpusError("nothing to join: give panels or reports")
    home: dict[str, int] = {}
    for number, panel in enumerate(panels):
        home = dict.fromkeys(panel.reports["report"], number) | home
    frames = {}
    for table in PANEL_TABLES:
        parts_of = [getattr(panel, table) for panel in panels]
        own = [part[part["report"].map(home) == n] for n, part in enumerate(parts_of)]
        frames[table] = pd.concat(own, ignore_index=True)
    given = next((part.sha256 for part in parts if isinstance(part, Report)), None)
    reports = _in_order(frames.pop("reports"))
    for table, frame in frames.items():
        frames[table] = arranged(frame, "report", reports["report"]).reset_index(drop=True)
    return Panel(
        reports=reports,
        **frames,
        failures=pd.concat([panel.failures for panel in panels], ignore_index=True),
        own=id_of(given) if given else next((p.own for p in panels if p.own), None),
        reference=frozenset(id for id, n in home.items() if id in panels[n].reference),
    )


def _as_panel(part: Panel | Report) -> Panel:
    if isinstance(part, Report):
        return panel_of([tables_of(part, _job(part.name))])
    if isinstance(part, Panel):
        return part
    raise CorpusError(
        f"join takes panels and reports, and no {type(part).__name__}: load_panel and load_report"
        " read files"
    )


def subset(panel: Panel, reports: pd.DataFrame) -> Panel:
    """The panel of some of its reports: of the rows of its table `reports` that are given. Raises
    `CorpusError` where none of them is there.

    >>> panel = load_panel()
    >>> subset(panel, panel.reports.query("level == '区' and year > 2014"))  # "districts"
    <Panel of 60 reports, 2015 to 2025; reports, observations, themes, terms, failures>
    """
    ids = set(reports.get("report", ()))
    if ids.isdisjoint(panel.reports["report"]):
        raise CorpusError("no report of the panel is among those: give rows of panel.reports")
    tables = {name: getattr(panel, name) for name in PANEL_TABLES}
    kept = {name: t[t["report"].isin(ids)].reset_index(drop=True) for name, t in tables.items()}
    own = panel.own if panel.own in ids else None
    return replace(panel, **kept, own=own, reference=panel.reference.intersection(ids))


def _job(file: str, given: Mapping[str, Any] | None = None) -> Job:
    return Job(file=file, tables=PANEL_TABLES, given=given or {})


def _read(path: Any, told: Mapping[str, Mapping[str, Any]]) -> Panel:
    """The panel of files."""
    made = []
    failures = []
    seen: dict[str, str] = {}
    for loaded in load_reports(path, known=told):
        if loaded.report is None:
            failures.append((loaded.name, loaded.error or ""))
            continue
        if first := seen.get(loaded.report.sha256):
            failures.append((loaded.name, f"skipped: the same bytes as {first}"))
            continue
        seen[loaded.report.sha256] = loaded.name
        made.append(tables_of(loaded.report, _job(loaded.name, told.get(loaded.name))))
    unused = set(told) - set(seen.values()) - {name for name, _ in failures}
    failures += [(name, UNUSED) for name in sorted(unused)]
    return panel_of(made, failures)


def panel_of(made: Sequence[_Tables], failures: Sequence[tuple[str, str]] = ()) -> Panel:
    """The panel of the tables of reports, as `tables_of` gives them."""
    tables = {
        table: pa.concat_tables(
            [schema_of(table).empty_table(), *(one[table] for one in made)]
        ).column
        for table in PANEL_TABLES
    }
    return _panel_of(tables, pd.DataFrame(failures, columns=_OF_FAILURES))


def stored_panel(folder: Path, stems: Collection[str] | None = None) -> Panel:
    """The panel of a data set: of the files that it lists, or of those so named."""
    inventory = Inventory(folder)
    try:
        tables = {table: _stored_table(inventory, table, stems) for table in PANEL_TABLES}
        failures = pd.DataFrame(columns=_OF_FAILURES)
        if inventory.holds(FAILURES):
            failures = pd.read_csv(folder / FAILURES, dtype=str, keep_default_na=False)
            failures = failures[_OF_FAILURES]
        ids = tables["reports"]("report")
        if len(ids.unique()) < len(ids):
            raise CorpusError(
                f"{folder.name}: a run was stopped while it gathered its tables; run corpus again"
            )
        return _panel_of(tables, failures)
    except CorpusError:
        raise
    except (OSError, pa.ArrowException, ValueError, LookupError) as error:
        said = " ".join(str(error).split())
        raise CorpusError(f"{folder.name}: broken, run corpus again ({said:.200})") from None


def _stored_table(inventory: Inventory, table: str, stems: Collection[str] | None) -> _Reading:
    name, paths = inventory.folder.name, inventory.paths(table)
    reports = len(inventory.paths("reports"))
    if stems is not None:
        paths, reports = [path for path in paths if Path(path).stem in stems], len(stems)
    if broken := [path for path in paths if not inventory.holds(path)]:
        raise CorpusError(
            f"{name}: {len(broken)} tables are missing or not as they were made, {broken[0]} first;"
            " run corpus again"
        )
    if len(paths) != reports:
        raise CorpusError(
            f"{name}: {reports - len(paths)} of {reports} files lack the table {table}: run corpus"
            " with term counts"
        )
    schema = schema_of(table)
    files = [str(inventory.folder / path) for path in paths]
    stored = dataset.dataset(files, schema=schema, format="parquet")
    if not all(part.physical_schema.equals(schema) for part in stored.get_fragments()):
        raise CorpusError(
            f"{name}: the table {table} was made by another version; run corpus again"
        )
    return lambda column: stored.to_table(columns=[column], fragment_readahead=1).column(column)


def _panel_of(tables: Mapping[str, _Reading], failures: pd.DataFrame) -> Panel:
    reports = _in_order(_frame(tables["reports"], "reports"))
    if reports.empty:
        told = ""
        if len(failures):
            told = f"; the first of {len(failures)} files: {failures['reason'].iloc[0]}"
        raise CorpusError(f"there is no report for a panel{told}")
    others: dict[str, Any] = {
        table: _frame(tables[table], table, reports["report"]) for table in PANEL_TABLES[1:]
    }
    return Panel(reports=reports, **others, failures=failures)


def _in_order(reports: pd.DataFrame) -> pd.DataFrame:
    order = ["place", "year", "file", "report"]
    named = _by_one_name(reports)
    return named.sort_values(order, na_position="last", kind="stable", ignore_index=True)


def _by_one_name(reports: pd.DataFrame) -> pd.DataFrame:
    """The reports with one name for each place, such as 光明区 and 深圳市光明区: that of most
    reports, of several the longest. One place is what has one code; of what GB/T 2260 does not know
    (a new area), what has a name of its own that ends others, if those are one place."""
    codes = reports.dropna(subset=["place"]).groupby("place", sort=False)["code"].first()
    unknown = [str(name) for name, code in codes.items() if not isinstance(code, str)]
    keys: dict[Any, str] = {name: str(code) for name, code in codes.items()}
    for name in unknown:
        ending = [other for other in unknown if other.endswith(name)]
        longest = max(ending, key=len)
        keys[name] = longest if names_one(name) and all(map(longest.endswith, ending)) else name
    counts = reports["place"].value_counts()
    ranked = sorted(keys, key=lambda name: (counts[name], len(name), name))
    best = {keys[name]: name for name in ranked}
    place = reports["place"].map({name: best[key] for name, key in keys.items()})
    levels = reports.drop_duplicates("place").set_index("place")["level"]
    kept = place.eq(reports["place"]) | place.isna()
    return reports.assign(place=place, level=reports["level"].where(kept, place.map(levels)))


def _frame(read: _Reading, table: str, ids: "pd.Series[str] | None" = None) -> pd.DataFrame:
    """A table as a DataFrame, its reports in the order of their `ids`: whole numbers with null,
    texts as objects, exact decimals as written.

    A column is read after the other, and equal cells are one object: a large panel takes a third of
    the memory so.
    """
    order = slice(None)
    if ids is not None:
        place = compute.index_in(read("report"), value_set=pa.array(ids, pa.string()))
        order = place.to_numpy().argsort(kind="stable")
    columns = {}
    for column, kind in columns_of(table).items():
        values = _values(read(column), kind)
        columns[column] = pd.Series(values[order], dtype=values.dtype)
        # Arrow keeps the memory of a column for the next one, which pandas needs meanwhile.
        pa.default_memory_pool().release_unused()
    return pd.DataFrame(columns, copy=False)


def _values(column: pa.ChunkedArray, kind: str) -> Any:
    """The values of a column as pandas holds them."""
    if kind == "integer":
        dtype: Any = pd.Int64Dtype()
        return dtype.__from_arrow__(column)
    if kind == "number":
        return column.to_numpy()
    if kind == "texts":
        values = np.empty(len(column), object)
        values[:] = [cell for chunk in column.chunks for cell in _lists(chunk)]
        return values
    return _shared(column.combine_chunks(), _short if kind == "decimal" else None)


def _lists(lists: pa.ListArray) -> list[list[Any]]:
    values = _shared(lists.flatten()).tolist()
    ends = np.cumsum([0, *lists.value_lengths().fill_null(0).to_pylist()]).tolist()
    return [values[start:end] for start, end in pairwise(ends)]


def _shared(values: pa.Array, as_held: Callable[[Any], Any] | None = None) -> Any:
    """The values as objects, one for all that are equal."""
    coded = values.dictionary_encode()
    known = coded.dictionary.to_pylist()
    held = [*(map(as_held, known) if as_held else known), None]
    return np.array(held, object)[coded.indices.fill_null(-1).to_numpy()]


def _short(value: Decimal) -> Decimal:
    """The decimal without zeros at its end, which a data set adds and a report may have."""
    return Decimal(f"{value.normalize():f}")
