"""One run at a time in a folder: a lock that the system takes back when its process is gone."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from xiacheng_nlp.errors import CorpusError, OutputError
from xiacheng_nlp.files import no_link

LOCK = ".xiacheng-nlp.lock"
"""The file that is locked. It stays: who takes it away takes the lock of another that waits."""

OWNER = ".xiacheng-nlp.owner"
"""Beside it the host and the process that hold it: what is locked can't be read everywhere."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One run at a time in a folder, which is made where it is missing.

    Raises `CorpusError` where another holds it, `OutputError` where the folder can't be written.
    """
    place = Path(os.path.realpath(folder))
    lock, owner = FileLock(_own(place / LOCK), timeout=0), _own(place / OWNER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise _taken(folder, place) from None
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from None
    try:
        with suppress(OSError):
            owner.write_text(f"{socket.gethostname()} {os.getpid()}", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            owner.unlink(missing_ok=True)
        lock.release()


_HELD = re.compile(rb"(?:\S+ \d+|\d+\n\S+\n?)?")
"""What stands in either: who holds it, as this package or the lock itself says it, or nothing."""


def _own(path: Path) -> Path:
    """The path. Raises `OutputError` where a file of others has the name, which taking the lock
    would empty."""
    no_link(path)
    held = b""
    with suppress(OSError), path.open("rb") as stream:
        held = stream.read(300)
    if not _HELD.fullmatch(held):
        raise OutputError(f"{path}: not a lock of this package; move it away")
    return path


def _taken(folder: Path, place: Path) -> OSError | CorpusError:
    if not (place / LOCK).exists():
        # No right to make the file comes out as a lock that can't be had.
        return OutputError(f"{folder}: cannot be written: Permission denied")
    owner = "just starting"
    with suppress(OSError):
        owner = (place / OWNER).read_text(encoding="utf-8", errors="replace").strip() or owner
    return CorpusError(f"{folder}: another run writes here ({owner}); wait for it")
