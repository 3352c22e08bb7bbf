"""Kernels that begin warm: one process imports what the notebooks use, once, and each kernel is a
fork of it, as is a helper that takes work off this process. Only on Linux; elsewhere libraries do
not bear to be forked."""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any, NoReturn

from xiacheng_nlp import resources
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.words.engines import jieba_itself

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
    "xiacheng_nlp.publish.notebooks",
    "xiacheng_nlp.publish.study",
)


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
    """The process that kernels are forked from. Its pipes hold nothing back: what it did not read
    before it ended would be written, in vain, when they are closed."""

    def __init__(self, process: "subprocess.Popen[bytes]", pipe: "Connection[Any, Any]") -> None:
        self._process, self._pipe, self._lock = process, pipe, Lock()

    def kernel(self, words: list[str], *, cwd: str, env: Mapping[str, str]) -> Kernel:
        """A kernel that begins with these words behind `ipykernel_launcher`. Raises `XiachengError`
        where the process has gone."""
        return self._fork([words, cwd, dict(env)])

    @contextmanager
    def helper(self) -> Iterator["Connection[Any, Any]"]:
        """The pipe to a process that calls what it is sent and sends back what that returned, or
        raised; ended when it is left. There is one, once. Raises as `kernel` does."""
        process = self._fork(None)
        try:
            yield self._pipe
        finally:
            process.kill()

    def _fork(self, asked: list[Any] | None) -> Kernel:
        assert self._process.stdin
        assert self._process.stdout
        answer = b""
        with self._lock, suppress(BrokenPipeError):
            self._process.stdin.write(f"{json.dumps(asked)}\n".encode())
            answer = self._process.stdout.readline()
        if not answer:
            raise XiachengError("the process that kernels come from has ended")
        return Kernel(int(answer))


@contextmanager
def nursery(environment: Mapping[str, str]) -> Iterator[Nursery]:
    """The process, begun with these variables beside those of this one, and ended when it is left.

    It ends by itself when this process has gone, and its kernels with it. A session of its own
    keeps it from hearing Ctrl-C, which is for this process to answer.
    """
    # -P: a module in the current folder is not taken for one of Python's.
    outer, inner = Pipe()
    begin = f"from {__name__} import serve; serve({inner.fileno()})"
    pipe = subprocess.PIPE
    with (
        outer,
        inner,
        subprocess.Popen(
            [sys.executable, "-P", "-c", begin],
            stdin=pipe,
            stdout=pipe,
            bufsize=0,
            env={**os.environ, **environment},
            start_new_session=True,
            pass_fds=[inner.fileno()],
        ) as process,
    ):
        inner.close()
        try:
            yield Nursery(process, outer)
        finally:
            process.kill()


def serve(number: int) -> None:
    """What the process does: it imports, then forks a kernel for each line that it reads, or for
    one that says null the helper, whose end of its pipe has that number."""
    pipe = Connection(number)
    # All that is made here stays: neither now nor in a kernel is garbage looked for in it.
    gc.disable()
    for name in IMPORTED:
        # What is missing is told by the cell or the figure that needs it.
        with suppress(ModuleNotFoundError):
            import_module(name)
    from xiacheng_nlp.figures.subsets import fonts_in_memory

    with fonts_in_memory():
        _read_once()
        gc.freeze()
        gc.enable()
        # Kernels that end leave nothing behind that would be taken for one that runs.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        own = os.getpid()
        for line in sys.stdin:
            asked = json.loads(line)
            pid = os.fork()
            if pid == 0 and asked is None:
                _help(pipe)
            if pid == 0 or asked is None:
                # Who else held the pipe's end would keep it from closing when the helper ends.
                pipe.close()
            if pid == 0:
                _become(own, *asked)
            with suppress(BrokenPipeError):
                # Who asked may have been stopped meanwhile: then there is no next line.
                os.write(1, f"{pid}\n".encode())


def _read_once() -> None:
    """Read the package's own report, show and draw it: word lists, rules, models and fonts are in
    memory then."""
    import xiacheng_nlp as xc

    nb = xc.open_notebook(resources.seed(), lang="en")
    tokens = xc.tokenize(nb.report)
    xc.code_themes(nb.report)
    xc.themes.second_opinion(nb.report)
    xc.indicators(nb.report)
    frequency = xc.terms.term_frequency(tokens)
    nb.show(frequency.head())
    nb.draw(xc.figures.top_terms, frequency).png()
    with suppress(ModuleNotFoundError):
        jieba_itself()


def _help(pipe: "Connection[Any, Any]") -> NoReturn:
    """Turn this fork into the helper, which ends when the pipe is closed."""
    os.dup2(2, 1)
    with suppress(EOFError, OSError), pipe:
        while True:
            work = pipe.recv()
            try:
                answer = work()
            except Exception as error:
                answer = error
            pipe.send(answer)
    os._exit(0)


def _become(parent: int, words: list[str], cwd: str, env: dict[str, str]) -> NoReturn:
    """Turn this fork of the parent into a kernel, which ends when that has gone."""
    import pandas
    from ipykernel.kernelapp import launch_new_instance

    # What pandas shows in a kernel: it asked when it was imported, and was in none.
    pandas.set_option("display.max_columns", 20)
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # What is no cell's output is none of the process that asked.
    os.dup2(2, 1)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    if os.getppid() != parent:
        # A kernel looks for a change alone, and would live on.
        os._exit(0)
    sys.argv = ["ipykernel_launcher", *words, f"--IPKernelApp.parent_handle={parent}"]
    launch = launch_new_instance
    launch()
    sys.exit()
