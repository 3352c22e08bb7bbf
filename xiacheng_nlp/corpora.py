"""Many reports: the tables of each as a Parquet data set, made on the cores of this machine or on a Dask cluster.

OUT holds a folder for each table and in it a file for each report, REPORT-KEY.parquet: REPORT begins the SHA-256 of the file, KEY is made
of the package's version and the options. A file is written under another name and then renamed, and that in `reports` last: a report
that is listed there has all its tables. So a run can be stopped at any moment, and the next one makes what is missing.
"""

import hashlib
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from xiacheng_nlp import __version__
from xiacheng_nlp.files import OutputError, table_bytes, write_file
from xiacheng_nlp.places import UNUSED, read_metadata
from xiacheng_nlp.report import ReportError
from xiacheng_nlp.report_tables import SCHEMAS, id_of, report_tables
from xiacheng_nlp.sources import Found, files_of

LOCK = ".lock"
FAILURES = "failures.csv"
DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
"""What each worker runs first: Ctrl-C reaches every process at a terminal, and only the first of them is to answer."""

IN_FLIGHT = 4
"""Reports a worker that wait or are under way: enough that no worker starves, few enough that memory does not grow with the corpus."""


class CorpusError(ValueError):
    """Why a corpus can't be made: what is missing or wrong, and what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusResult:
    """What a run did: `made` reports, `kept` from an earlier run, `removed` that are no longer among the files, and `failed` files."""

    output: Path
    made: int
    kept: int
    removed: int
    failed: int

    def summary(self) -> str:
        """One line for the terminal."""
        told = f"; {self.failed} files gave no report: see {FAILURES}" if self.failed else ""
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
    """Make the tables of every report in a folder, zip, list or pattern as a Parquet data set in the folder `output`.

    Tables: `reports` (one row a report: place, level, year, sizes), `sections`, `observations`, `themes`, with `terms` the term counts,
    with `tokens` every word; what cannot be read stands in failures.csv with the reason. Reports that an earlier run made of the same
    bytes, with the same version and options, are kept; those whose files are gone are removed. `output` may lie among the reports: its
    own files are none of them.

    `metadata`: a CSV file with the columns file, place, level, year; what a row tells goes before what the report tells.
    `learning`: words learned from each report, which takes twice the time of segmentation and makes counts of names better.
    `workers`: processes on this machine (default: one a core; 0: in this process); `scheduler`: the address of a Dask cluster, whose
    workers have this package. Only this process writes, so that no file system need be shared.

    Raises `CorpusError` for what can't be done, `ReportError` when the source can't be read, `OutputError` when the folder can't be
    written.

    >>> import tempfile
    >>> from xiacheng_nlp.bundle import folder
    >>> with tempfile.TemporaryDirectory() as out:
    ...     result = corpus(folder("seeds"), out, terms=False, workers=0)
    >>> result.made, result.failed
    (1, 0)
    """
    _needed()
    if scheduler is not None and workers is not None:
        raise CorpusError("workers are those of this machine: leave them out with a scheduler, whose cluster has its own")
    if workers is not None and workers < 0:
        raise CorpusError(f"workers={workers}: a number of processes, 0 for none beside this one")
    told = read_metadata(metadata) if metadata is not None else {}
    folder = Path(output)
    tables = tuple(name for name in SCHEMAS if (terms or name != "terms") and (tokens or name != "tokens"))
    options = {"learning": learning, "tables": list(tables)}
    files = (found for found in files_of(source) if not _is_ours(found, Path(os.path.realpath(folder))))
    with _locked(folder), _workers(workers, scheduler) as pool:
        return _run(files, folder, tables, learning, json.dumps(options, sort_keys=True), told, pool)


def _is_ours(found: Found, folder: Path) -> bool:
    """Whether a file belongs to the data set itself, which may lie among the reports."""
    if not isinstance(found.source, Path) or not (path := Path(os.path.realpath(found.source))).is_relative_to(folder):
        return False
    inner = path.relative_to(folder)
    if len(inner.parts) == 1:
        return path.name in (FAILURES, LOCK) or (path.name.startswith(f".{FAILURES}.") and path.suffix == ".part")
    return len(inner.parts) == 2 and inner.parts[0] in SCHEMAS and path.suffix in (".parquet", ".part")


def _needed() -> None:
    try:
        import pyarrow  # noqa: F401 (only asks whether it is there)
    except ImportError:
        raise CorpusError("a corpus needs pyarrow and dask: pip install 'xiacheng-nlp[corpus]'") from None


def _run(
    files: Iterator[Found],
    folder: Path,
    tables: tuple[str, ...],
    learning: bool,
    options: str,
    told: Mapping[str, Mapping[str, Any]],
    pool: "_Pool",
) -> CorpusResult:
    from tqdm import tqdm

    failures: list[tuple[int, str, str]] = []
    seen: dict[str, tuple[str, str]] = {}
    lost: set[str] = set()
    made = kept = 0
    waiting: list[_Waiting] = []
    unused = set(told)
    columns = json.dumps({table: SCHEMAS[table] for table in tables}, default=dict)

    def settle(some: list[_Waiting]) -> None:
        nonlocal made
        for number, name, file, future in some:
            try:
                written = pool.result(future)
            except ReportError as error:
                failures.append((number, file, str(error)))
                lost.add(name)
            except CorpusError:
                raise
            except Exception as error:
                # A worker that was killed, or a mistake of ours: the others go on, and the reason is kept.
                failures.append((number, file, _reason(file, error)))
                lost.add(name)
            else:
                _write(folder, name, written, tables)
                made += 1
            bar.update()

    with tqdm(unit="report", disable=not sys.stderr.isatty(), leave=False) as bar:
        for number, found in enumerate(files):
            if found.source is None:
                failures.append((number, found.name, found.error or ""))
                continue
            try:
                data = found.read()
            except ReportError as error:
                failures.append((number, found.name, str(error)))
                continue
            unused.discard(found.name)
            given = told.get(found.name, {})
            id = id_of(hashlib.sha256(data).hexdigest())
            key = hashlib.sha256(f"{__version__} {columns} {options} {found.name} {sorted(given.items())}".encode()).hexdigest()[:8]
            name = f"{id}-{key}"
            if id in seen:
                # Also where the first of them fails: that may not be known yet, and what is told must not depend on it.
                failures.append((number, found.name, f"skipped: the same bytes as {seen[id][1]}"))
                continue
            seen[id] = (name, found.name)
            if (folder / "reports" / f"{name}.parquet").exists():
                kept += 1
                bar.update()
                continue
            job = {"name": PurePosixPath(found.name).name, "file": found.name, "tables": tables, "learning": learning}
            job |= {"package": f"xiacheng-nlp {__version__}", "options": options, "given": dict(given)}
            waiting.append((number, name, found.name, pool.submit(_made, data, job)))
            if len(waiting) >= pool.room:
                settle(waiting[: pool.step])
                waiting = waiting[pool.step :]
        settle(waiting)
    rows = [{"file": file, "reason": reason} for _, file, reason in sorted(failures)]
    rows += [{"file": name, "reason": UNUSED} for name in sorted(unused)]
    removed = _tidy(folder, {name for name, _ in seen.values()} - lost)
    write_file(folder / FAILURES, table_bytes(rows, ["file", "reason"], form="csv"))
    failed = sum(not row["reason"].startswith("skipped: ") for row in rows)
    return CorpusResult(output=folder, made=made, kept=kept, removed=removed, failed=failed)


def _reason(file: str, error: Exception) -> str:
    """One line on a report that was lost for no fault of its file."""
    if type(error).__name__ == "KilledWorker":
        return (
            f"{PurePosixPath(file).name}: the workers that made it were killed, for want of memory perhaps; run again, with fewer of them"
        )
    return " ".join(f"{type(error).__name__}: {error}".split())


def _made(data: bytes, job: dict[str, Any]) -> dict[str, bytes]:
    """The tables of one report, in a worker."""
    given = job.pop("given")
    return report_tables(data, given=given, **job)


def _write(folder: Path, name: str, written: Mapping[str, bytes], tables: tuple[str, ...]) -> None:
    """Every table of a report, `reports` last: it is the sign that the others are there."""
    id = name.partition("-")[0]
    for old in (folder / "reports").glob(f"{id}-*.parquet"):
        _remove(old)
    for table in (*(table for table in tables if table != "reports"), "reports"):
        write_file(folder / table / f"{name}.parquet", written[table])


def _tidy(folder: Path, wanted: set[str]) -> int:
    """Takes away what belongs to no file of this run, the lists of reports first; returns how many reports those were."""
    removed = 0
    for place in (folder, *(folder / table for table in SCHEMAS)):
        # What a run that was killed had begun to write; nobody else writes here now.
        for path in place.glob(".*.part"):
            _remove(path)
    for table in SCHEMAS:
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


_Waiting = tuple[int, str, str, Any]
"""A report under way: its place among the files, its name in the data set, its file, its future."""


class _Pool:
    """Where the work is done: in this process, or by a Dask client."""

    def __init__(self, client: Any = None, workers: int = 1) -> None:
        self._client = client
        self.room = workers * IN_FLIGHT if client else 1
        self.step = max(1, self.room // 2)

    def submit(self, function: Any, data: bytes, job: dict[str, Any]) -> Any:
        if self._client is None:
            future: Future[dict[str, bytes]] = Future()
            try:
                future.set_result(function(data, job))
            except Exception as error:
                future.set_exception(error)
            return future
        # Not pure: two files of the same bytes are two jobs. What a worker that dies was making, Dask gives to others, some times over.
        with self._asked():
            return self._client.submit(function, data, job, pure=False, retries=0)

    def result(self, future: Any) -> dict[str, bytes]:
        with self._asked():
            made: dict[str, bytes] = future.result()
        if hasattr(future, "release"):
            future.release()
        return made

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # Dask cancels what is under way when it loses its scheduler; nobody else does.
            if self._client is not None and (self._client.status != "running" or "Cancelled" in type(error).__name__):
                raise CorpusError("the Dask scheduler has gone; start it again, and the next run goes on from here") from None
            raise


@contextmanager
def _workers(workers: int | None, scheduler: str | None) -> Iterator[_Pool]:
    if scheduler is None and workers == 0:
        yield _Pool()
        return
    try:
        dask, distributed = import_module("dask"), import_module("distributed")
    except ImportError:
        raise CorpusError("a corpus on several cores needs dask: pip install 'xiacheng-nlp[corpus]', or take workers=0") from None
    count = workers or os.cpu_count() or 1
    settings = dask.config.set({"distributed.worker.daemon": True})
    cluster: AbstractContextManager[Any] = (
        distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50, preload=[DEAF]
        )
        if scheduler is None
        else nullcontext(scheduler)
    )
    with settings, _silent("distributed"), cluster as at:
        try:
            client = distributed.Client(at, timeout=20)
        except (OSError, ValueError) as error:
            raise CorpusError(f"no Dask scheduler answers at {scheduler}: {error}") from None
        with client:
            threads = sum(client.nthreads().values()) or count
            yield _Pool(client, threads)


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Without what the handlers of a logger would print; what matters of it is said in the errors."""
    levels = {handler: handler.level for handler in logging.getLogger(name).handlers}
    try:
        for handler in levels:
            handler.setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for handler, level in levels.items():
            handler.setLevel(level)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One run at a time in a folder. The lock of a process of this machine that is gone is taken over."""
    lock = Path(os.path.realpath(folder)) / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _take(lock, folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from None
    _HELD.add(lock)
    try:
        yield
    finally:
        _HELD.discard(lock)
        with suppress(OSError):
            lock.unlink(missing_ok=True)


def _take(lock: Path, folder: Path) -> None:
    for _ in range(2):
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            # It may go while it is looked at.
            with suppress(FileNotFoundError):
                owner = lock.read_text(encoding="utf-8", errors="replace").strip()
                if not _is_gone(lock, owner):
                    raise CorpusError(
                        f"{folder}: another run writes here ({owner or 'just starting'}); wait for it, or delete {LOCK} if it is gone"
                    ) from None
                lock.unlink()
    else:
        raise CorpusError(f"{folder}: another run has just begun to write here")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(f"{socket.gethostname()} {os.getpid()}")
    except OSError:
        lock.unlink(missing_ok=True)
        raise


_HELD: set[Path] = set()
"""The locks of this process."""


def _is_gone(lock: Path, owner: str) -> bool:
    if not owner:
        # Killed before it could say who it is: that takes no minute.
        return time.time() - lock.stat().st_mtime > 60
    host, _, process = owner.partition(" ")
    # On Windows to ask for a process by a signal would end it.
    if host != socket.gethostname() or not process.isdecimal() or os.name == "nt":
        return False
    if int(process) == os.getpid():
        # In a container that is started again the number is the same, and the process another.
        return lock not in _HELD
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
