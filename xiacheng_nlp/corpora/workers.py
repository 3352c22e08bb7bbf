"""Where the tables of many reports are made: in this process, in processes of this machine that
each have one file at a time, or on a Dask cluster."""

import gc
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import connection
from types import ModuleType
from typing import TYPE_CHECKING, Any

from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.readers.file_types import limit_memory

if TYPE_CHECKING:
    from xiacheng_nlp.corpora.tables import Job

IN_FLIGHT = 4
"""Reports a worker that wait or are under way: enough that no worker starves, few enough that
memory does not grow with the corpus."""

Tables = dict[str, bytes]
Making = Callable[[bytes, "Job"], Tables]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may take on this machine: seconds, and megabytes of memory."""

    seconds: float
    memory: int


class WorkerLostError(Exception):
    """The process that made a report was killed, or broke down."""


class Here:
    """In this process, without limits."""

    room = step = hands = 1

    def submit(self, making: Making, data: bytes, job: "Job") -> Callable[[], Tables]:
        return lambda: making(data, job)

    def result(self, future: Callable[[], Tables]) -> Tables:
        return future()


class Cluster:
    """On the workers of a Dask cluster."""

    hands = 1

    def __init__(self, client: Any) -> None:
        self._client = client
        self.room = max(1, sum(client.nthreads().values())) * IN_FLIGHT
        self.step = self.room // 2

    def submit(self, making: Making, data: bytes, job: "Job") -> Any:
        # Not pure: two files of the same bytes are two jobs. What a worker that dies was making,
        # Dask gives to others, some times over.
        with self._asked():
            return self._client.submit(making, data, job, pure=False, retries=0)

    def result(self, future: Any) -> Tables:
        with self._asked():
            made: Tables = future.result()
        future.release()
        return made

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            kind = type(error).__name__
            # Dask cancels what is under way when it loses its scheduler; nobody else does.
            if self._client.status != "running" or "Cancelled" in kind:
                raise CorpusError(
                    "the Dask scheduler has gone; start it again, and the next run goes on from"
                    " here"
                ) from None
            if kind == "KilledWorker":
                raise WorkerLostError from None
            raise


class Processes:
    """In processes of this machine. Each has a pipe to this one and no port, and one file at a
    time; one that takes too long, or breaks down, takes nothing with it."""

    def __init__(self, workers: int, limits: Limits) -> None:
        self.hands, self._limits = workers, limits
        self.room = workers * IN_FLIGHT
        self.step = self.room // 2
        self._waiting: deque[tuple[Future[Tables], tuple[Making, bytes, Job]]] = deque()
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []

    def submit(self, making: Making, data: bytes, job: "Job") -> Future[Tables]:
        future: Future[Tables] = Future()
        self._waiting.append((future, (making, data, job)))
        self._go_on(wait=False)
        return future

    def result(self, future: Future[Tables]) -> Tables:
        while not future.done():
            self._go_on(wait=True)
        return future.result()

    def close(self) -> None:
        """End the processes, whatever they do."""
        for worker in self._idle + self._busy:
            worker.end()

    def _go_on(self, *, wait: bool) -> None:
        """Take what is done, end what takes too long, and give out what waits."""
        now = time.monotonic()
        patience = max(0.0, min((worker.until for worker in self._busy), default=now) - now)
        done = connection.wait([worker.pipe for worker in self._busy], patience if wait else 0)
        for worker in list(self._busy):
            if worker.pipe in done or time.monotonic() >= worker.until:
                self._busy.remove(worker)
                if worker.settle(in_time=worker.pipe in done):
                    self._idle.append(worker)
        while self._waiting and len(self._busy) < self.hands:
            worker = self._idle.pop() if self._idle else _Worker(self._limits.memory)
            self._busy.append(worker)
            worker.begin(*self._waiting.popleft(), self._limits.seconds)


Pool = Here | Cluster | Processes
"""Where the work is done. `room`: how many reports may be under way; `step`: of how many to take
the results when there is no more room; `hands`: the cores of this machine that it may use. `submit`
begins a report, or puts it behind those that have begun; `result` has its tables, and raises what
went wrong: `TimeoutError` and `MemoryError` for what takes more than the limits, `WorkerLostError`,
and what the making raised."""


class _Worker:
    """A process that makes one report after the other."""

    def __init__(self, memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, inner = context.Pipe()
        self.until = 0.0
        self._future: Future[Tables] = Future()
        self._process = context.Process(target=_serve, args=(inner, memory), daemon=True)
        with _apart():
            self._process.start()
        inner.close()

    def begin(
        self, future: Future[Tables], order: tuple[Making, bytes, "Job"], seconds: float
    ) -> None:
        self._future, self.until = future, time.monotonic() + seconds
        # That it has ended meanwhile is seen when its answer is asked for.
        with suppress(OSError):
            self.pipe.send(order)

    def settle(self, *, in_time: bool) -> bool:
        """Hand on what came of the report; returns whether the process can make another."""
        try:
            answer = self.pipe.recv() if in_time else TimeoutError()
        except (EOFError, OSError):
            answer = WorkerLostError()
        if isinstance(answer, Exception):
            self._future.set_exception(answer)
        else:
            self._future.set_result(answer)
        # After a want of memory it is not sound any more.
        is_sound = not isinstance(answer, TimeoutError | MemoryError | WorkerLostError)
        if not is_sound:
            self.end()
        return is_sound

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""For processes that share out the cores among themselves: threads of a library would wait for each
other, and take memory of their own."""

_ENVIRONMENT = {
    # It imports nothing from the current folder.
    "PYTHONSAFEPATH": "1",
    **ONE_THREAD,
}
"""What is said to a process that begins."""


@contextmanager
def _apart() -> Iterator[None]:
    """While a process begins: it is not to run the user's script a second time, and not to hear
    Ctrl-C, which is for this one to answer."""
    main, before = sys.modules["__main__"], {name: os.environ.get(name) for name in _ENVIRONMENT}
    sys.modules["__main__"] = ModuleType("__main__")
    os.environ.update(_ENVIRONMENT)
    if os.name != "nt":
        # Python begins this process with the first other one, and takes the mask away with it.
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()
    # Windows has no such mask; there a process shuts its ears when it has begun.
    masking = getattr(signal, "pthread_sigmask", lambda how, signals: signals)
    heard = masking(getattr(signal, "SIG_BLOCK", None), [signal.SIGINT])
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value
        masking(getattr(signal, "SIG_SETMASK", None), heard)


def _serve(pipe: Any, memory: int) -> None:
    """What a worker does until the run closes the pipe, or has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library says when it breaks down is no line for the user; that it did is told.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    limit_memory(memory << 20)
    with suppress(EOFError, OSError):
        while True:
            making, data, job = pipe.recv()
            try:
                pipe.send(making(data, job))
            except Exception as error:
                pipe.send(error)
            if not gc.get_freeze_count():
                # The lists and models that all reports share are never garbage: to look through
                # them for it again and again takes a tenth of the time.
                gc.collect()
                gc.freeze()
                gc.set_threshold(20_000)


@contextmanager
def workers_of(workers: int | None, scheduler: str | None, limits: Limits) -> Iterator[Pool]:
    """The pool of a run, closed behind it. Raises `CorpusError` where Dask is missing or no
    scheduler answers."""
    if scheduler is not None:
        with _cluster(scheduler) as pool:
            yield pool
    elif workers == 0:
        yield Here()
    else:
        processes = Processes(workers or os.cpu_count() or 1, limits)
        try:
            yield processes
        finally:
            processes.close()


@contextmanager
def _cluster(scheduler: str) -> Iterator[Cluster]:
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise CorpusError("a cluster needs dask: pip install 'xiacheng-nlp[corpus]'") from None
    with _silent():
        try:
            client = distributed.Client(scheduler, timeout=20)
        except (OSError, ValueError) as error:
            raise CorpusError(f"no Dask scheduler answers at {scheduler}: {error}") from None
        with client:
            yield Cluster(client)


@contextmanager
def _silent() -> Iterator[None]:
    """Without what Dask's logger would print; what matters of it is said in the errors."""
    levels = {handler: handler.level for handler in logging.getLogger("distributed").handlers}
    try:
        for handler in levels:
            handler.setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for handler, level in levels.items():
            handler.setLevel(level)
