"""Many reports: the tables of each as a Parquet data set, made on the cores of this machine or on a
Dask cluster.

OUT holds a folder for each table and in it a file for each report, REPORT-KEY.parquet: REPORT
begins the SHA-256 of the file, KEY is made of the package's version and the options. A file is
written under another name and then renamed, and that in `reports` last; the list data-set.sha256
has the hash of each. So a run can be stopped at any moment, and the next one makes what is missing.
Of many reports some are written at a time, in one file a table, and at the end of a run the files
are gathered in few.
"""

import json
import os
import sys
import traceback
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from tqdm import tqdm

from xiacheng_nlp.corpora.batches import (
    FEW,
    HELD,
    LARGE,
    as_file,
    gathered,
    groups_of,
    names_in,
    plain_table,
    stem_of,
)
from xiacheng_nlp.corpora.dictionaries import dictionary_share, read_dictionary
from xiacheng_nlp.corpora.inventory import FAILURES, KEYWORDS, Inventory, data_set_of
from xiacheng_nlp.corpora.loading import stored_panel
from xiacheng_nlp.corpora.locks import LOCK, OWNER, locked
from xiacheng_nlp.corpora.metadata import UNUSED, read_metadata
from xiacheng_nlp.corpora.tables import TABLES, Job, columns_of, id_of, report_tables, schema_of
from xiacheng_nlp.corpora.workers import Limits, Pool, WorkerLostError, workers_of
from xiacheng_nlp.errors import CorpusError, ReportError, ReportWarning
from xiacheng_nlp.files import rows_of, sha256_of, table_bytes, with_none
from xiacheng_nlp.readers.rows import ROW
from xiacheng_nlp.report.folders import Found, files_of, rows_in

if TYPE_CHECKING:
    import pandas as pd

SECONDS, MEMORY = 300.0, 4096
"""What a file may take: the longest reports take two seconds and 400 megabytes."""

MOST = 10**9
"""Seconds and megabytes that can be told to the system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusResult:
    """What a run did: `made` reports, `kept` from an earlier run, `removed` that are no longer
    among the files, and `failed` files.

    `lost` of the failed are so through no fault of the file: a worker was killed, or this package
    has a mistake. `noted` of those made have notes; `outside` is the largest share of a text that
    stands outside the speech and is not understood.
    """

    output: Path
    made: int
    kept: int
    removed: int
    failed: int
    lost: int
    noted: int
    outside: float

    def summary(self) -> str:
        """One line for the terminal."""
        told = f"; {self.failed} of the files gave no report: see {FAILURES}" if self.failed else ""
        if self.lost:
            told += (
                f"; {self.lost} of them through no fault of the file: run again, and send us what"
                " still fails"
            )
        counts = f"Made {self.made} reports, kept {self.kept}, removed {self.removed}"
        seen = f"; {self.noted} of those made have notes" if self.noted else ""
        if self.outside:
            seen += f", at most {self.outside:.1%} of a text was not understood"
        return f"{counts} in {self.output}{os.sep}{seen}{told}"


def corpus(
    source: "str | Path | Iterable[str | Path] | pd.DataFrame",
    output: str | Path,
    *,
    metadata: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    keywords: str | Path | None = None,
    terms: bool = True,
    tokens: bool = False,
    learning: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> CorpusResult:
    """Make the tables of every report in a folder, zip, list, pattern or table as a Parquet data
    set in the folder `output`.

    Tables: `reports` (one row a report: place, level, year, sizes), `sections`, `observations`,
    `themes`, with `terms` the term counts, with `tokens` every word; what cannot be read stands in
    failures.csv with the reason. Reports that an earlier run made of the same bytes, by the same
    rules and with the same options, are kept; those whose files are gone are removed, and those
    whose files can't be read this time stay as they were. data-set.sha256 lists the files of the
    data set: nothing else in the folder is written over or removed. `output` may lie among the
    reports: its own files are none of them.

    `metadata`: a CSV file with the columns file, place, level, year; what a row tells goes before
    what the report tells. `columns`: those of a table with a report a row, by what they tell
    ({"text": "doc", "year": "when"}), where their cells do not. `learning`: words learned from each
    report, which takes twice the time of segmentation and makes counts of names better. `keywords`:
    a dictionary, whose words are counted in every report as `panel.dictionary_share` does; the
    table is keywords.csv in the folder. `workers`: processes on this machine (default: one a core;
    0: in this process), in which a file may take so many `seconds` and so many megabytes of
    `memory`; `scheduler`: the address of a Dask cluster, whose workers have this
    package and limits of their own. Only this process writes, so that no file system need be
    shared.

    Raises `CorpusError` for what can't be done and for a source without any report, which changes
    nothing, `ReportError` when the source can't be read, `OutputError` when the folder can't be
    written.

    >>> import tempfile
    >>> from xiacheng_nlp.resources import folder
    >>> with tempfile.TemporaryDirectory() as out:
    ...     result = corpus(folder("seeds"), out, terms=False, workers=0)
    >>> result.made, result.failed
    (1, 0)
    """
    limits = Limits(seconds=seconds, memory=memory)
    _check(workers, scheduler, limits)
    if not os.fspath(output):
        raise CorpusError("the name of the folder for the data set is empty")
    told = read_metadata(metadata) if metadata is not None else {}
    dictionary = read_dictionary(keywords) if keywords is not None else None
    if dictionary and not terms:
        raise CorpusError("keywords are counted among the terms: leave out --no-terms")
    folder = Path(output)
    left_out = {name for name, wanted in (("terms", terms), ("tokens", tokens)) if not wanted}
    tables = tuple(name for name in TABLES if name not in left_out)
    found = files_of(source)
    # A process that nobody looks at may have no such stream.
    seen = sys.stderr is not None and sys.stderr.isatty()
    with (
        locked(folder),
        workers_of(workers, scheduler, limits) as pool,
        tqdm(unit="report", disable=not seen, leave=False) as bar,
    ):
        options = json.dumps({"learning": learning, "tables": tables}, sort_keys=True)
        job = Job(file="", tables=tables, learning=learning, options=options)
        lists = (FAILURES, KEYWORDS)[: 1 + bool(dictionary)]
        run = _Run(folder, job, told, limits, pool, bar.update, lists)
        for number, each in enumerate(_reports_of(found, columns or {})):
            run.take(number, each)
        called = str(source) if isinstance(source, str | Path) else "the source"
        # A number of numpy is none of JSON.
        result = run.finish(
            called,
            {
                "columns": {str(role): str(name) for role, name in (columns or {}).items()},
                "seconds": float(limits.seconds),
                "memory": int(limits.memory),
            },
        )
        if dictionary:
            _write_keywords(folder, dictionary)
        return result


def _check(workers: int | None, scheduler: str | None, limits: Limits) -> None:
    if scheduler is not None and workers is not None:
        raise CorpusError(
            "workers are those of this machine: leave them out with a scheduler, whose cluster has"
            " its own"
        )
    if (workers or 0) < 0 or not all(0 < most < MOST for most in (limits.seconds, limits.memory)):
        raise CorpusError(
            f"workers={workers}, seconds={limits.seconds}, memory={limits.memory}: workers from 0"
            " on, seconds and megabytes a file above 0 are wanted"
        )


def _write_keywords(folder: Path, dictionary: Mapping[str, Sequence[str]]) -> None:
    inventory = Inventory(folder)
    stems = inventory.stems()
    rows = []
    # A file after the other where they hold many reports, which take some hundred megabytes.
    step = FEW if len(stems) <= FEW else 1
    for first in range(0, len(stems), step):
        table = dictionary_share(stored_panel(folder, stems[first : first + step]), dictionary)
        rows += rows_of(with_none(table))
    inventory.write({KEYWORDS: table_bytes(rows, list(rows[0]), form="csv")})


def _reports_of(files: Iterable[Found], columns: Mapping[str, str]) -> Iterator[Found]:
    """The files, and the rows of tables, that are not of a data set themselves."""
    is_table = not columns
    for found in files:
        for each in () if _is_ours(found) else rows_in(found, columns):
            is_table = is_table or each is not found
            yield each
    if not is_table:
        warnings.warn("columns have no effect: there is no table", ReportWarning, stacklevel=2)


def _is_ours(found: Found) -> bool:
    """Whether a file belongs to the data set itself, or to another, which may lie among the
    reports."""
    if not isinstance(found.source, Path):
        return False
    return found.source.name in (LOCK, OWNER) or data_set_of(found.source) is not None


_Waiting = tuple[int, str, str, Any]
"""A report under way: its place among the files, its name in the data set, its file, its future."""


def _key(job: Job) -> str:
    """Of the tables of a file: another where anything but its bytes would make them differ."""
    columns, given = {table: columns_of(table) for table in job.tables}, sorted(job.given.items())
    made_with = f"{job.package} {json.dumps(columns)} {job.options} {job.file} {given}"
    return sha256_of(made_with.encode())[:8]


class _Run:
    """The reports of one run: those seen, those under way, and what became of the others."""

    def __init__(
        self,
        folder: Path,
        job: Job,
        told: Mapping[str, Mapping[str, Any]],
        limits: Limits,
        pool: Pool,
        done: Callable[[], object],
        lists: Iterable[str],
    ) -> None:
        """`job` names no file: it is what the tables of each are made with. `lists` are the files
        beside the tables that are to be written."""
        self._folder, self._job, self._told, self._limits = folder, job, told, limits
        self._pool, self._done = pool, done
        self._lost = 0
        self._made: set[str] = set()
        self._inventory = Inventory(folder)
        for name in lists:
            if (folder / name).exists() and not self._inventory.holds(name):
                raise CorpusError(
                    f"{folder / name}: not of this data set, or changed since it was made;"
                    " move it away"
                )
        self._stems: dict[str, list[str]] = {}
        for stem in self._inventory.stems():
            for name in names_in(folder / _path("reports", stem)) or [stem]:
                self._stems.setdefault(name, []).append(stem)
        self._alone: dict[str, list[str]] = {}
        for name, stems in self._stems.items():
            if name in stems:
                self._alone.setdefault(id_of(name), []).append(name)
        self._holds = cache(self._is_whole)
        self._failures: list[_Failure] = []
        self._seen: dict[str, str] = {}
        self._unused = set(told)
        self._waiting: list[_Waiting] = []
        self._there: dict[str, str] = {}
        self._ready: dict[str, Mapping[str, bytes]] = {}

    def take(self, number: int, found: Found) -> None:
        """Hand a file to the pool, unless there is no report in it or its tables are there."""
        try:
            data = found.read()
        except ReportError as error:
            self._failures.append(_Failure(number, found.name, str(error)))
            return
        self._unused.discard(found.name)
        id = id_of(sha256_of(data))
        if id in self._seen:
            # Also where the first of them fails: that may not be known yet, and what is told must
            # not depend on it.
            reason = f"{SKIPPED}the same bytes as {self._seen[id]}"
            self._failures.append(_Failure(number, found.name, reason))
            return
        self._seen[id] = found.name
        # The row of the metadata tells more than the row of a table.
        given = {**found.told, **self._told.get(found.name, {})}
        job = replace(self._job, file=found.name, given=given)
        name = f"{id}-{_key(job)}"
        if self._find(name):
            self._done()
            return
        self._waiting.append((number, name, found.name, self._pool.submit(_made, data, job)))
        if len(self._waiting) >= self._pool.room:
            self._settle(self._pool.step)

    def _find(self, name: str) -> bool:
        """Keep a report, whose tables are all there as they were made; returns whether they are."""
        stem = next(filter(self._holds, self._stems.get(name, ())), None)
        if stem is not None:
            self._there[name] = stem
        return stem is not None

    def _is_whole(self, stem: str) -> bool:
        return all(self._inventory.holds(_path(table, stem)) for table in self._job.tables)

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
                reason, is_lost = _reason(PurePosixPath(file).name, error, self._limits)
                self._failures.append(_Failure(number, file, reason))
                self._lost += is_lost
            else:
                self._ready[name] = written
                self._made.add(id_of(name))
                size = sum(len(data) for tables in self._ready.values() for data in tables.values())
                # Of few reports each has files of its own.
                if len(self._made) <= FEW or len(self._ready) >= HELD or size >= LARGE:
                    self._write(self._alike())
            self._done()

    def _alike(self) -> list[str]:
        """Of the reports that are ready the most whose names begin with one digit."""
        groups = groupby(sorted(self._ready), itemgetter(0))
        return max((list(alike) for _, alike in groups), key=len)

    def _write(self, names: Sequence[str]) -> None:
        """Every table of these reports, whose names are sorted, in one file each."""
        for name in names:
            for old in self._alone.get(id_of(name), ()):
                self._inventory.remove(_path("reports", old))
        written = {}
        for table in self._job.tables:
            parts = (pa.ipc.open_stream(self._ready[name][table]).read_all() for name in names)
            written[table] = as_file(parts, names, schema_of(table))
        stem = stem_of(names)
        self._put(stem, written)
        for name in names:
            self._there[name] = stem
            del self._ready[name]

    def _put(self, stem: str, written: Mapping[str, bytes]) -> None:
        """Files of every table, `reports` last: it is the sign that the others are there."""
        last = {_path("reports", stem): written["reports"]}
        others = {_path(table, stem): data for table, data in written.items() if table != "reports"}
        self._inventory.write(others | last)

    def finish(self, source: str, made_with: Mapping[str, Any]) -> CorpusResult:
        """Write what is under way, the list of failures and the options, and take away what belongs
        to no file."""
        self._settle(len(self._waiting))
        while self._ready:
            self._write(self._alike())
        self._failures.sort(key=lambda failure: failure.number)
        if not self._there:
            first = f"; the first: {self._failures[0].reason}" if self._failures else ""
            raise CorpusError(
                f"{source}: there is no report among its {len(self._failures)} files{first}; the"
                " data set is as it was"
            )
        self._inventory.tidy()
        self._inventory.remove(KEYWORDS)
        self._keep_last_states()
        removed = len({*map(id_of, self._stems)} - {*map(id_of, self._there)})
        self._gather()
        told = list(self._rows_of_made())
        self._remove()
        rows = [{"file": one.file, "reason": one.reason} for one in self._failures]
        rows += [{"file": name, "reason": UNUSED} for name in sorted(self._unused)]
        self._inventory.write({FAILURES: table_bytes(rows, ["file", "reason"], form="csv")})
        self._inventory.close(set(self._there.values()), made_with)
        return CorpusResult(
            output=self._folder,
            removed=removed,
            failed=sum(not row["reason"].startswith(SKIPPED) for row in rows),
            made=len(self._made),
            kept=len(self._there) - len(self._made),
            lost=self._lost,
            noted=sum(row["notes"] > 0 for row in told),
            outside=max((row["outside"] for row in told), default=0.0),
        )

    def _rows_of_made(self) -> Iterator[dict[str, Any]]:
        """What the rows of the reports that were made say of how each was read."""
        for stem in set(self._there.values()) if self._made else ():
            path = self._folder / _path("reports", stem)
            rows = plain_table(path, ["report", "notes", "outside"]).to_pylist()
            yield from (row for row in rows if row["report"] in self._made)

    def _gather(self) -> None:
        """Put the tables of many reports side by side in few files."""
        for stem, names in groups_of(self._there).items():
            stems = defaultdict(list)
            for name in names:
                stems[self._there[name]].append(name)
            if stems.keys() == {stem}:
                continue
            written = {}
            for table in self._job.tables:
                files = {self._folder / _path(table, old): stems[old] for old in stems}
                written[table] = gathered(files, names, schema_of(table), self._pool.hands)
            self._put(stem, written)
            self._there.update(dict.fromkeys(names, stem))

    def _remove(self) -> None:
        """Take away the tables that belong to no file, the lists of reports first. Tables of a file
        that gave no report this time stay."""
        stems = set(self._there.values())
        for path in (path for table in TABLES for path in self._inventory.paths(table)):
            if Path(path).stem not in stems and not self._inventory.remove(path):
                reason = f"{SKIPPED}changed since it was made, and left as it is"
                self._failures.append(_Failure(len(self._failures), path, reason))

    def _keep_last_states(self) -> None:
        """Keep the tables of reports whose files were there and could not be read, or made, this
        time: they are their last good state."""
        failed = [one for one in self._failures if not one.reason.startswith(SKIPPED)]
        missing = self._stems.keys() - self._there.keys() if failed else ()
        made_of = cache(_made_of)
        for name in sorted(missing):
            made = made_of(self._folder / _path("reports", self._stems[name][0]))
            if (id := id_of(name)) in made:
                self._keep(name, failed, *made[id])

    def _keep(
        self, name: str, failed: Sequence["_Failure"], file: str, package: str, options: str
    ) -> None:
        around = {file, file.partition(ROW)[0], *map(str, PurePosixPath(file).parents)}
        told = [failure for failure in failed if failure.file in around]
        made_so = (package, options) == (self._job.package, self._job.options)
        said = "lost: they were made otherwise"
        if told and made_so and self._find(name):
            said = "those of its last good state"
        for failure in told:
            failure.reason += f"; the tables of {file} are {said}"


SKIPPED = "skipped: "
"""So begins the reason of what is no failure."""


@dataclass(slots=True)
class _Failure:
    """A file that gave no report: its place among the files, and why."""

    number: int
    file: str
    reason: str


def _path(table: str, name: str) -> str:
    return f"{table}/{name}.parquet"


def _made_of(path: Path) -> Mapping[str, list[str]]:
    """By the ids of its reports the file that each was made of, with which version and options, as
    a table `reports` has it."""
    columns = ["report", "file", "package", "options"]
    with suppress(OSError, pa.ArrowException, LookupError):
        rows = plain_table(path, columns).to_pylist()
        return {row["report"]: [str(row[column]) for column in columns[1:]] for row in rows}
    return {}


def _reason(name: str, error: Exception, limits: Limits) -> tuple[str, bool]:
    """One line on a report that was not made, and whether that is no fault of its file."""
    if isinstance(error, ReportError):
        return str(error), False
    if isinstance(error, TimeoutError):
        return f"{name}: takes more than {limits.seconds:g} seconds; give it more", False
    if isinstance(error, MemoryError):
        return f"{name}: needs more memory than {limits.memory:,} MB; give it more", False
    if isinstance(error, WorkerLostError):
        return (
            f"{name}: the process that made it was killed, for want of memory perhaps; run again,"
            " with fewer workers, or give it more"
        ), True
    kind = "" if isinstance(error, _MistakeError) else f"{type(error).__name__}: "
    return kind + " ".join(str(error).split()), True


_PACKAGE = Path(__file__).resolve().parents[1]


class _MistakeError(Exception):
    """What went wrong in this package, in words that come out of a worker as they went in."""


def _made(data: bytes, job: Job) -> dict[str, bytes]:
    """The tables of one report, in a worker."""
    try:
        return report_tables(data, job)
    except (ReportError, MemoryError):
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).parents] or frames
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        raise _MistakeError(
            f"{type(error).__name__}: {error} (a mistake in {place} of {job.package})"
        ) from error
