"""Notebooks run in kernels of this Python, with a configuration of their own: what the user has set
up for IPython or Jupyter changes nothing in them."""

import asyncio
import atexit
import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from xiacheng_nlp.corpora.workers import ONE_THREAD
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.publish.nursery import AVAILABLE, Nursery, nursery

Files = dict[str, bytes]
Work = Callable[[], Files]
"""A piece of work that can be done in another process, and what comes of it, by names."""

CELL_SECONDS = 300
STOP_SECONDS = 5
MOST = 3

_ENVIRONMENT = {
    # What a cell shows must not depend on the run: not on set order, progress bars or the name of a
    # temporary file.
    "PYTHONHASHSEED": "0",
    "TQDM_DISABLE": "1",
    "IPYKERNEL_CELL_NAME": "cell",
    # A debugger's notice on stderr would stand in the notebook.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # What the user's own shell begins with, a kernel would begin with too; -O has it pass over
    # assertions, and warnings of libraries are none of the report's reader.
    **dict.fromkeys(("PYTHONSTARTUP", "PYTHONOPTIMIZE", "PYTHONWARNINGS"), ""),
    # Tables are as this package sets them, not as a file in a folder above does.
    "ITABLES_CONFIG": "",
    # The cores are shared out already.
    **ONE_THREAD,
}
_FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
"""Where start-up files, settings and kernels are looked for: in a kernel, in an empty folder."""


_LEAST = (
    ("RLIMIT_NOFILE", 256, 1, "open {} files at a time", "ulimit -n"),
    ("RLIMIT_AS", 4 << 30, 1024, "take {} kB of memory", "ulimit -v"),
)
"""What a process of a run takes, by the limits of the system, and the unit that its shell tells
them in."""


def check_limits() -> None:
    """Have the system give what a run takes. Raises `XiachengError` where it does not: libraries
    would end the process, or wait for ever, without a word."""
    try:
        resource: Any = import_module("resource")
    except ImportError:
        # Windows has no such limits.
        return
    for kind, least, unit, said, command in _LEAST:
        limit = getattr(resource, kind)
        soft, hard = resource.getrlimit(limit)
        with contextlib.suppress(OSError, ValueError):
            if 0 <= soft < least:
                resource.setrlimit(limit, (least, hard))
                soft = least
        if 0 <= soft < least:
            raise XiachengError(
                f"a run needs to {said.format(least // unit)}, and may here only {soft // unit}"
                f" ({command})"
            )


class Kernels:
    """Notebooks that run beside this thread, each in its turn. This thread takes the place of one
    until it says that it is `done`."""

    def __init__(
        self, pool: ThreadPoolExecutor, stop: threading.Event, warm: Nursery | None
    ) -> None:
        self._pool, self._stop, self._warm = pool, stop, warm
        self._done = threading.Event()
        self._runs: list[Future[Any]] = []
        pool.submit(self._done.wait)

    def submit(self, node: Any, **run: Any) -> Future[bytes]:
        """Have `execute` run a notebook."""
        self._runs.append(self._pool.submit(execute, node, stop=self._stop, warm=self._warm, **run))
        return self._runs[-1]

    def share(self, work: list[Work], take: Callable[[Files], None]) -> Future[None]:
        """Once no notebook waits for its turn, have a process of its own do what is still to do of
        the work, from the end, and `take` what it makes; where none can be forked, nothing."""
        future = self._pool.submit(_helped, work, take, self._stop, self._warm)
        self._runs.append(future)
        return future

    def done(self) -> None:
        """This thread only waits from now on."""
        self._done.set()

    def check(self) -> None:
        """Raises what a notebook ended with, if one did not end well."""
        for run in self._runs:
            if run.done():
                run.result()


@contextmanager
def kernels() -> Iterator[Kernels]:
    """As many notebooks at a time as there are cores, and three at most, beside this thread: a
    kernel that begins or ends mostly waits. When it is left, by an error or by Ctrl-C, those that
    still run are stopped. Raises what `check_limits` does."""
    check_limits()
    pool, stop = ThreadPoolExecutor(min(os.cpu_count() or 1, MOST) + 1), threading.Event()
    with nursery(_ENVIRONMENT) if AVAILABLE else nullcontext() as warm:
        running = Kernels(pool, stop, warm)
        try:
            yield running
        finally:
            stop.set()
            running.done()
            pool.shutdown(cancel_futures=True)


def _helped(
    work: list[Work], take: Callable[[Files], None], stop: threading.Event, warm: Nursery | None
) -> None:
    if warm is None or not work:
        return
    with warm.helper() as pipe:
        while piece := taken(work, -1):
            try:
                pipe.send(piece)
                while not pipe.poll(0.1):
                    if stop.is_set():
                        return
                made = pipe.recv()
            except (EOFError, OSError):
                raise XiachengError("a process that drew figures was ended") from None
            if isinstance(made, Exception):
                raise made
            take(made)


def taken(work: list[Work], place: int) -> Work | None:
    """The piece of work at that place, for whoever takes it; None where there is none left."""
    try:
        return work.pop(place)
    except IndexError:
        return None


def execute(
    node: Any,
    *,
    name: str,
    environment: Mapping[str, str],
    stop: threading.Event | None = None,
    warm: Nursery | None = None,
) -> bytes:
    """The notebook run from top to bottom in a kernel of its own (from `warm`, if that is given),
    as bytes that are the same on every run.

    Raises `XiachengError` when a cell fails, when its kernel does, and when it is stopped.
    """
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory() as folder:
        try:
            # A loop of our own is closed when the notebook is done; that of the client would stay
            # open in this thread.
            stop = stop or threading.Event()
            asyncio.run(_execute(node, Path(folder), environment, stop, warm))
        except asyncio.CancelledError:
            raise XiachengError(f"{name}: stopped") from None
        except CellExecutionError as error:
            number = next((n for n, cell in enumerate(node.cells, 1) if _failed(cell)), 0)
            raise XiachengError(
                f"{name}: cell {number} failed: {error.ename}: {error.evalue}"
            ) from None
        except (CellTimeoutError, DeadKernelError, RuntimeError, OSError) as error:
            # A kernel that dies before it answers is a RuntimeError.
            raise XiachengError(f"{name}: {str(error).splitlines()[0]}") from None
    for cell in node.cells:
        cell.metadata.pop("execution", None)
    # The version is that of the Python that happened to run it; the lock says which packages the
    # numbers rest on.
    node.metadata.get("language_info", {}).pop("version", None)
    text: str = nbformat.writes(node)  # type: ignore[no-untyped-call]
    return (text + "\n").encode()


async def _execute(
    node: Any,
    folder: Path,
    environment: Mapping[str, str],
    stop: threading.Event,
    warm: Nursery | None,
) -> None:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner
    from nbclient import NotebookClient

    class ThisPython(KernelSpecManager):
        """Knows one kernel: that of the Python that runs this, whatever else is installed."""

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            # -P: a module in the current folder is not taken for one of Python's.
            words = [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=words, language="python", display_name="Python 3 (ipykernel)")

    class Warm(LocalProvisioner):
        """Has a kernel begun by the process that has all imported."""

        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            assert warm is not None
            words = cmd[cmd.index("ipykernel_launcher") + 1 :]
            process: Any = warm.kernel(words, cwd=str(kwargs["cwd"]), env=kwargs["env"])
            self.process, self.pid, self.pgid = process, process.pid, process.pid
            return self.connection_info

    work, own = folder / "work", folder / "own"
    work.mkdir()
    own.mkdir()
    manager = AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=ThisPython(),
        connection_file=str(folder / "kernel.json"),
    )
    if warm is not None:
        manager.provisioner = Warm(kernel_spec=manager.kernel_spec, parent=manager)
    client = NotebookClient(
        node,
        km=manager,
        timeout=CELL_SECONDS,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(work)}},
    )
    # Its own warnings, such as that on a transport within this machine, are none of the report's
    # reader.
    client.extra_arguments = ["--log-level=ERROR"]
    folders = dict.fromkeys(_FOLDERS, str(own))
    settings = {**os.environ, **_ENVIRONMENT, **folders, **environment}
    # What ends the notebook is raised; what its other tasks end with, when a kernel has gone, is
    # nobody's business.
    asyncio.get_running_loop().set_exception_handler(lambda _, __: None)
    running = asyncio.ensure_future(client.async_execute(env=settings, cleanup_kc=True))
    try:
        while not running.done() and not stop.is_set():
            await asyncio.wait([running], timeout=0.1)
        if not running.done():
            # First the kernel: one that is asked to end would say what it could not finish.
            await manager.shutdown_kernel(now=True)
            await _cancel_all()
            if client.kc is not None:
                client.kc.stop_channels()
            raise asyncio.CancelledError
        await running
    finally:
        # One that is stopped would else be asked for when Python ends.
        atexit.unregister(client._cleanup_kernel)
        if await manager.is_alive():
            await manager.shutdown_kernel(now=True)


async def _cancel_all() -> None:
    """Cancels every task of this loop and takes what it ends with, so that none of it is printed:
    one left behind would look for a kernel when there is none."""
    begun = asyncio.all_tasks() - {asyncio.current_task()}
    for one in begun:
        one.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*begun, return_exceptions=True), STOP_SECONDS)


def _failed(cell: Any) -> bool:
    return any(output.get("output_type") == "error" for output in cell.get("outputs", []))
