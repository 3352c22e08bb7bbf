"""One run at a time in a folder: a lock that names its process, and is taken over when that is
gone."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xiacheng_nlp.errors import CorpusError, OutputError

LOCK = ".lock"
_HELD: set[Path] = set()
"""The locks of this process: a lock of its number that is none of these was left by another of the
same number."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One run at a time in a folder. The lock of a process of this machine that is gone is taken
    over."""
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
