"""Where the tables of many reports are made: in this process, on the cores of this machine, or on a
Dask cluster."""

import logging
import os
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from typing import Any

from xiacheng_nlp.corpora.tables import Job
from xiacheng_nlp.errors import CorpusError

DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
"""What each worker runs first: Ctrl-C reaches every process at a terminal, and only the first of
them is to answer."""

IN_FLIGHT = 4
"""Reports a worker that wait or are under way: enough that no worker starves, few enough that
memory does not grow with the corpus."""


class Pool:
    """Where the work is done: in this process, or by a Dask client."""

    def __init__(self, client: Any = None, workers: int = 1) -> None:
        self._client = client
        self.room = workers * IN_FLIGHT if client else 1
        self.step = max(1, self.room // 2)

    def submit(self, function: Any, data: bytes, job: Job) -> Any:
        if self._client is None:
            future: Future[dict[str, bytes]] = Future()
            try:
                future.set_result(function(data, job))
            except Exception as error:
                future.set_exception(error)
            return future
        # Not pure: two files of the same bytes are two jobs. What a worker that dies was making,
        # Dask gives to others, some times over.
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
            if self._client is not None and (
                self._client.status != "running" or "Cancelled" in type(error).__name__
            ):
                raise CorpusError(
                    "the Dask scheduler has gone; start it again, and the next run goes on from here"
                ) from None
            raise


@contextmanager
def workers_of(workers: int | None, scheduler: str | None) -> Iterator[Pool]:
    """The pool of a run, closed behind it. Raises `CorpusError` where Dask is missing or no
    scheduler answers."""
    if scheduler is None and workers == 0:
        yield Pool()
        return
    try:
        dask, distributed = import_module("dask"), import_module("distributed")
    except ImportError:
        raise CorpusError(
            "a corpus on several cores needs dask: pip install 'xiacheng-nlp[corpus]', or take workers=0"
        ) from None
    count = workers or os.cpu_count() or 1
    settings = dask.config.set({"distributed.worker.daemon": True})
    cluster: AbstractContextManager[Any] = (
        distributed.LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            silence_logs=50,
            preload=[DEAF],
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
            yield Pool(client, threads)


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Without what the handlers of a logger would print; what matters of it is said in the
    errors."""
    levels = {handler: handler.level for handler in logging.getLogger(name).handlers}
    try:
        for handler in levels:
            handler.setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for handler, level in levels.items():
            handler.setLevel(level)
