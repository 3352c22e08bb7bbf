"""Kernels that begin warm: one process imports what the notebooks use and makes the tables that
they share, once, and each kernel is a fork of it, as are helpers that make files of the run. Only
on Linux; elsewhere libraries do not bear to be forked."""

import gc
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from typing import TYPE_CHECKING, Any, NoReturn

from xiacheng_nlp import lazy, resources

if TYPE_CHECKING:
    from xiacheng_nlp.publish.study import Study

AVAILABLE = sys.platform == "linux"

IMPORTED = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "itables.javascript",
    "networkx",
    "scipy.optimize",
    "scipy.stats",
    "sklearn.decomposition",
    "sklearn.feature_extraction.text",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "wordcloud.wordcloud",
    "xiacheng_nlp.corpora.panel",
    "xiacheng_nlp.figures.registry",
    "xiacheng_nlp.publish.run",
)

Made = Callable[["Study"], object]
"""What makes of the study, before a fork, what the fork is to find made."""
Told = tuple[Warning | str, type[Warning], str, int]
"""A warning: itself, its kind, and the file and the line that gave it."""


class Kernel:
    """A kernel that was forked, with what `subprocess.Popen` would offer of it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """0 when it has ended, however that was; None while it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        """As `poll`: it is asked for what has ended."""
        return self.poll() or 0

    def send_signal(self, number: int) -> None:
        """Send a signal; one that has ended gets none."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    terminate = kill


class Nursery:
    """The process that kernels are forked from. Nobody waits for it once it is to `stop`."""

    def __init__(self, pipe: "Connection[Any, Any]", stop: threading.Event) -> None:
        self._pipe, self._stop, self._lock = pipe, stop, threading.Lock()

    def hold(self, study: "Study") -> None:
        """Give it the study that its forks are to hold. Raises `OSError` where it has gone."""
        with self._lock, _still_there():
            self._pipe.send(study)

    def kernel(
        self, words: list[str], *, cwd: str, env: Mapping[str, str], made: Made | None
    ) -> Kernel:
        """A kernel that begins with these words behind `ipykernel_launcher`, once that of the study
        is made. Raises `OSError` where the process has gone."""
        with self._lock:
            return self._fork(made, (words, cwd, dict(env)))

    @contextmanager
    def helper(self, made: Made | None) -> Iterator["Connection[Any, Any]"]:
        """The pipe to a process that calls what it is sent with the study, and sends back what that
        returned, or raised, and the warnings that were given; ended when it is left. Raises as
        `kernel` does."""
        with self._lock:
            process = self._fork(made, None)
            pipe: Connection[Any, Any] = Connection(recv_handle(self._pipe))
        try:
            with pipe:
                yield pipe
        finally:
            process.kill()

    def _fork(self, made: Made | None, launched: tuple[Any, ...] | None) -> Kernel:
        with _still_there():
            self._pipe.send((made, launched))
            while not self._pipe.poll(0.1):
                if self._stop.is_set():
                    raise OSError("stopped")
            return Kernel(self._pipe.recv())


@contextmanager
def _still_there() -> Iterator[None]:
    """Raises `OSError` where what is asked has gone."""
    try:
        yield
    except (EOFError, ConnectionError):
        raise OSError("the process that kernels come from has ended") from None


@contextmanager
def nursery(environment: Mapping[str, str], stop: threading.Event) -> Iterator[Nursery]:
    """The process, begun with these variables beside those of this one, and ended when it is left.

    It ends by itself when this process has gone, and its kernels with it. A session of its own
    keeps it from hearing Ctrl-C, which is for this process to answer.
    """
    # -P: a module in the current folder is not taken for one of Python's.
    outer, inner = Pipe()
    begin = f"from {__name__} import serve; serve({inner.fileno()})"
    with (
        outer,
        inner,
        subprocess.Popen(
            [sys.executable, "-P", "-c", begin],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
            start_new_session=True,
            pass_fds=[inner.fileno()],
        ) as process,
    ):
        inner.close()
        try:
            yield Nursery(outer, stop)
        finally:
            process.kill()


def serve(number: int) -> None:
    """What the process does, whose end of the pipe has that number: it imports, then takes a study
    to hold, or forks a kernel or a helper, as it is asked to."""
    pipe: Connection[Any, Any] = Connection(number)
    # What is no cell's output is none of the process that asked.
    os.dup2(2, 1)
    # All that is imported here stays: neither now nor in a kernel is garbage looked for in it.
    gc.disable()
    lazy.remember()
    for name in IMPORTED:
        # What is missing is told by the cell or the figure that needs it.
        with suppress(ModuleNotFoundError):
            import_module(name)
    from xiacheng_nlp.figures.subsets import fonts_in_memory

    with fonts_in_memory(), suppress(EOFError, ConnectionError):
        _draw_once()
        gc.enable()
        # Kernels that end leave nothing behind that would be taken for one that runs.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        study, told = None, list[Told]()
        while True:
            asked = pipe.recv()
            if not isinstance(asked, tuple):
                study = asked
                continue
            made, launched = asked
            if study is not None and made is not None:
                # What fails is told where it is asked for again.
                told += _made(made, study)[1]
            gc.freeze()
            ours, theirs = Pipe()
            pid = os.fork()
            if pid == 0:
                # Who held an end that is another's would keep it from closing.
                pipe.close()
                theirs.close()
                if launched is None:
                    _help(ours, study, told)
                ours.close()
                _become(*launched)
            pipe.send(pid)
            if launched is None:
                send_handle(pipe, theirs.fileno(), 0)
                told = []
            ours.close()
            theirs.close()


def _made(make: Made, study: Any) -> tuple[Any, list[Told]]:
    """What that makes of the study, or the error that it raises, and the warnings that it gives."""
    with warnings.catch_warnings(record=True) as told:
        try:
            made = make(study)
        except Exception as error:
            made = error
    return made, [(one.message, one.category, one.filename, one.lineno) for one in told]


def _draw_once() -> None:
    """Show and draw a table of one row: templates and fonts are in memory then."""
    import pandas as pd

    import xiacheng_nlp as xc

    nb = xc.open_notebook(resources.seed(), lang="en")
    row = {"section": "1", "title": "工作回顾", "part": "review", "chars": 1, "share": 1.0}
    table = pd.DataFrame([row])
    nb.show(table)
    nb.draw(xc.figures.report_structure, table).png()


def _help(pipe: "Connection[Any, Any]", study: Any, told: list[Told]) -> NoReturn:
    """Turn this fork into a helper, which ends when the pipe is closed. It begins with the warnings
    that were given before."""
    with suppress(EOFError, OSError), pipe:
        while True:
            made, more = _made(pipe.recv(), study)
            pipe.send((made, told + more))
            told = []
    os._exit(0)


def _become(words: list[str], cwd: str, env: dict[str, str]) -> NoReturn:
    """Turn this fork into a kernel."""
    import pandas
    from ipykernel.kernelapp import launch_new_instance

    # What pandas shows in a kernel: it asked when it was imported, and was in none.
    pandas.set_option("display.max_columns", 20)
    lazy.remember(False)
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    # It ends when the process that it comes from has gone.
    sys.argv = ["ipykernel_launcher", *words, f"--IPKernelApp.parent_handle={os.getppid()}"]
    launch = launch_new_instance
    launch()
    sys.exit()
