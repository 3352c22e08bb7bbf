"""Many reports: the tables of each as a Parquet data set, made on the cores of this machine or on a
Dask cluster.

OUT holds a folder for each table and in it a file for each report, REPORT-KEY.parquet: REPORT
begins the SHA-256 of the file, KEY is made of the package's version and the options. A file is
written under another name and then renamed, and that in `reports` last: a report that is listed
there has all its tables. So a run can be stopped at any moment, and the next one makes what is
missing.
"""

import hashlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tqdm import tqdm

from xiacheng_nlp._version import __version__
from xiacheng_nlp.corpora.locks import LOCK, OWNER, locked
from xiacheng_nlp.corpora.metadata import UNUSED, read_metadata
from xiacheng_nlp.corpora.tables import TABLES, Job, columns_of, id_of, report_tables
from xiacheng_nlp.corpora.workers import Pool, workers_of
from xiacheng_nlp.errors import CorpusError, OutputError, ReportError
from xiacheng_nlp.files import table_bytes, write_file
from xiacheng_nlp.report.folders import Found, files_of

FAILURES = "failures.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusResult:
    """What a run did: `made` reports, `kept` from an earlier run, `removed` that are no longer
    among the files, and `failed` files.

    `lost` of the failed are so through no fault of the file: a worker was killed, or this package
    has a mistake.
    """

    output: Path
    made: int
    kept: int
    removed: int
    failed: int
    lost: int

    def summary(self) -> str:
        """One line for the terminal."""
        told = f"; {self.failed} files gave no report: see {FAILURES}" if self.failed else ""
        if self.lost:
            told += f"; {self.lost} of them through no fault of the file: run again, and send us what still fails"
        return f"Made {self.made} reports, kept {self.kept}, removed {self.removed} in {self.output}{os.sep}{told}"


def corpus(
    source: str | Path | Iterable[str | Path],
    output: str | Path,
    *,
    metadata: str | Path | None = None,
    terms: bool = True,
    tokens: bool = False,
    learning: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
) -> CorpusResult:
    """Make the tables of every report in a folder, zip, list or pattern as a Parquet data set in
    the folder `output`.

    Tables: `reports` (one row a report: place, level, year, sizes), `sections`, `observations`,
    `themes`, with `terms` the term counts, with `tokens` every word; what cannot be read stands in
    failures.csv with the reason. Reports that an earlier run made of the same bytes, with the same
    version and options, are kept; those whose files are gone are removed. `output` may lie among
    the reports: its own files are none of them.

    `metadata`: a CSV file with the columns file, place, level, year; what a row tells goes before
    what the report tells. `learning`: words learned from each report, which takes twice the time of
    segmentation and makes counts of names better. `workers`: processes on this machine (default:
    one a core; 0: in this process); `scheduler`: the address of a Dask cluster, whose workers have
    this package. Only this process writes, so that no file system need be shared.

    Raises `CorpusError` for what can't be done, `ReportError` when the source can't be read,
    `OutputError` when the folder can't be written.

    >>> import tempfile
    >>> from xiacheng_nlp.resources import folder
    >>> with tempfile.TemporaryDirectory() as out:
    ...     result = corpus(folder("seeds"), out, terms=False, workers=0)
    >>> result.made, result.failed
    (1, 0)
    """
    _needed()
    if scheduler is not None and workers is not None:
        raise CorpusError(
            "workers are those of this machine: leave them out with a scheduler, whose cluster has its own"
        )
    if workers is not None and workers < 0:
        raise CorpusError(f"workers={workers}: a number of processes, 0 for none beside this one")
    told = read_metadata(metadata) if metadata is not None else {}
    folder = Path(output)
    tables = tuple(
        name for name in TABLES if (terms or name != "terms") and (tokens or name != "tokens")
    )
    files = (
        found for found in files_of(source) if not _is_ours(found, Path(os.path.realpath(folder)))
    )
    with (
        locked(folder),
        workers_of(workers, scheduler) as pool,
        tqdm(unit="report", disable=not sys.stderr.isatty(), leave=False) as bar,
    ):
        run = _Run(_Plan(folder, tables, learning, told), pool, bar.update)
        for number, found in enumerate(files):
            run.take(number, found)
        return run.finish()


def _is_ours(found: Found, folder: Path) -> bool:
    """Whether a file belongs to the data set itself, which may lie among the reports."""
    if not isinstance(found.source, Path) or not (
        path := Path(os.path.realpath(found.source))
    ).is_relative_to(folder):
        return False
    inner = path.relative_to(folder)
    if len(inner.parts) == 1:
        return path.name in (FAILURES, LOCK, OWNER) or (
            path.name.startswith(f".{FAILURES}.") and path.suffix == ".part"
        )
    return (
        len(inner.parts) == 2 and inner.parts[0] in TABLES and path.suffix in (".parquet", ".part")
    )


def _needed() -> None:
    try:
        import pyarrow  # noqa: F401 (only asks whether it is there)
    except ImportError:
        raise CorpusError(
            "a corpus needs pyarrow and dask: pip install 'xiacheng-nlp[corpus]'"
        ) from None


_Waiting = tuple[int, str, str, Any]
"""A report under way: its place among the files, its name in the data set, its file, its future."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the tables of each report are made with, and where they go."""

    folder: Path
    tables: tuple[str, ...]
    learning: bool
    told: Mapping[str, Mapping[str, Any]]

    @property
    def options(self) -> str:
        return json.dumps({"learning": self.learning, "tables": list(self.tables)}, sort_keys=True)

    def name(self, id: str, file: str) -> str:
        """Of the report's tables: another where anything would make them differ."""
        columns = json.dumps({table: columns_of(table) for table in self.tables})
        given = sorted(self.told.get(file, {}).items())
        return f"{id}-{hashlib.sha256(f'{__version__} {columns} {self.options} {file} {given}'.encode()).hexdigest()[:8]}"

    def job(self, file: str) -> Job:
        return Job(
            file=file,
            tables=self.tables,
            learning=self.learning,
            given=dict(self.told.get(file, {})),
            package=f"xiacheng-nlp {__version__}",
            options=self.options,
        )


class _Run:
    """The reports of one run: those seen, those under way, and what became of the others."""

    def __init__(self, plan: _Plan, pool: Pool, done: Callable[[], object]) -> None:
        self._plan, self._pool, self._done = plan, pool, done
        self._failures: list[tuple[int, str, str]] = []
        self._seen: dict[str, tuple[str, str]] = {}
        self._gone: set[str] = set()
        self._lost = 0
        self._unused = set(plan.told)
        self._waiting: list[_Waiting] = []
        self._made = self._kept = 0

    def take(self, number: int, found: Found) -> None:
        """Hand a file to the pool, unless there is no report in it or its tables are there."""
        if found.source is None:
            self._failures.append((number, found.name, found.error or ""))
            return
        try:
            data = found.read()
        except ReportError as error:
            self._failures.append((number, found.name, str(error)))
            return
        self._unused.discard(found.name)
        id = id_of(hashlib.sha256(data).hexdigest())
        if id in self._seen:
            # Also where the first of them fails: that may not be known yet, and what is told must
            # not depend on it.
            self._failures.append(
                (number, found.name, f"skipped: the same bytes as {self._seen[id][1]}")
            )
            return
        name = self._plan.name(id, found.name)
        self._seen[id] = (name, found.name)
        if (self._plan.folder / "reports" / f"{name}.parquet").exists():
            self._kept += 1
            self._done()
            return
        self._waiting.append(
            (number, name, found.name, self._pool.submit(_made, data, self._plan.job(found.name)))
        )
        if len(self._waiting) >= self._pool.room:
            self._settle(self._pool.step)

    def _settle(self, count: int) -> None:
        """Write the tables of those that have waited longest."""
        some, self._waiting = self._waiting[:count], self._waiting[count:]
        for number, name, file, future in some:
            try:
                written = self._pool.result(future)
            except CorpusError:
                raise
            except Exception as error:
                # A worker that was killed, or a mistake of ours, is no stop either: the others go
                # on, and the reason is kept.
                told = isinstance(error, ReportError)
                self._failures.append((number, file, str(error) if told else _reason(file, error)))
                self._gone.add(name)
                self._lost += not told
            else:
                _write(self._plan.folder, name, written, self._plan.tables)
                self._made += 1
            self._done()

    def finish(self) -> CorpusResult:
        """Write what is under way and the list of failures, and take away what belongs to no
        file."""
        self._settle(len(self._waiting))
        folder = self._plan.folder
        rows = [{"file": file, "reason": reason} for _, file, reason in sorted(self._failures)]
        rows += [{"file": name, "reason": UNUSED} for name in sorted(self._unused)]
        removed = _tidy(folder, {name for name, _ in self._seen.values()} - self._gone)
        write_file(folder / FAILURES, table_bytes(rows, ["file", "reason"], form="csv"))
        failed = sum(not row["reason"].startswith("skipped: ") for row in rows)
        return CorpusResult(
            output=folder,
            made=self._made,
            kept=self._kept,
            removed=removed,
            failed=failed,
            lost=self._lost,
        )


def _reason(file: str, error: Exception) -> str:
    """One line on a report that was lost for no fault of its file."""
    if type(error).__name__ == "KilledWorker":
        return f"{PurePosixPath(file).name}: the workers that made it were killed, for want of memory perhaps; run again, with fewer of them"
    return " ".join(
        (
            str(error) if isinstance(error, _MistakeError) else f"{type(error).__name__}: {error}"
        ).split()
    )


_PACKAGE = Path(__file__).resolve().parents[1]


class _MistakeError(Exception):
    """What went wrong in this package, in words that come out of a worker as they went in."""


def _made(data: bytes, job: Job) -> dict[str, bytes]:
    """The tables of one report, in a worker."""
    try:
        return report_tables(data, job)
    except ReportError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).parents] or frames
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        raise _MistakeError(
            f"{type(error).__name__}: {error} (a mistake in {place} of xiacheng_nlp {__version__})"
        ) from error


def _write(folder: Path, name: str, written: Mapping[str, bytes], tables: tuple[str, ...]) -> None:
    """Every table of a report, `reports` last: it is the sign that the others are there."""
    id = name.partition("-")[0]
    for old in (folder / "reports").glob(f"{id}-*.parquet"):
        _remove(old)
    for table in (*(table for table in tables if table != "reports"), "reports"):
        write_file(folder / table / f"{name}.parquet", written[table])


def _tidy(folder: Path, wanted: set[str]) -> int:
    """Takes away what belongs to no file of this run, the lists of reports first; returns how many
    reports those were."""
    removed = 0
    for place in (folder, *(folder / table for table in TABLES)):
        # What a run that was killed had begun to write; nobody else writes here now.
        for path in place.glob(".*.part"):
            _remove(path)
    for table in TABLES:
        for path in sorted((folder / table).glob("*.parquet")):
            if path.stem not in wanted:
                _remove(path)
                removed += table == "reports"
    return removed


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be removed: {error.strerror or error}") from None
