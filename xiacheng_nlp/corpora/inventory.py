"""What belongs to a data set: a list of its files with the hash of each. Nothing else in the folder
is read as a table, written over or taken away."""

import json
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from xiacheng_nlp.corpora.tables import TABLES
from xiacheng_nlp.errors import CorpusError, OutputError
from xiacheng_nlp.files import no_link, sha256_of, sha256_of_file, why_no_file, write_file

LIST = "data-set.sha256"
FAILURES, KEYWORDS = "failures.csv", "keywords.csv"

LARGEST = 200_000_000
"""Bytes of the list: what is larger is none. That of a run on 200,000 reports has less."""

_HEAD = "# The files of a data set of xiacheng-nlp; sha256sum -c data-set.sha256 checks them."
MADE_WITH = "# made with "
_TABLE = rf"(?:{'|'.join(TABLES)})/[0-9a-f]{{12}}-[0-9a-f]{{8}}\.parquet"
_LISTS = rf"(?:{re.escape(FAILURES)}|{re.escape(KEYWORDS)})"
_LINE = re.compile(rf"([0-9a-f]{{64}})  ({_LISTS}|{_TABLE})")
"""What the list may name: no line leads to another file."""
_OWN = re.compile(rf"{_LISTS}|{re.escape(LIST)}|{_TABLE}")
_PART = re.compile(r"(.*/)?\.([^/]+)\.\w+\.part")
"""A file that is being written, or was when its run was killed: .NAME.abcd1234.part."""


def is_own_name(path: str) -> bool:
    """Whether a path in the folder is called as files of a data set are, half written ones too.

    >>> paths = ("failures.csv", ".failures.csv.ab_1.part", "terms/my.parquet")
    >>> [is_own_name(path) for path in paths]
    [True, True, False]
    """
    part = _PART.fullmatch(path)
    return _OWN.fullmatch((part[1] or "") + part[2] if part else path) is not None


def data_set_of(path: Path) -> Path | None:
    """The folder of the data set that a path is, or that a file belongs to by its name; None for
    what is none of one."""
    path = Path(os.path.abspath(path))
    for folder in (path, *path.parents[:2]):
        name = path.relative_to(folder).as_posix()
        if (name == "." or is_own_name(name)) and os.path.isfile(folder / LIST):
            return folder
    return None


class Inventory:
    """The list of a data set in a folder, which need not be there yet.

    A hash is written into the list before its file is: what a run that is killed has written is
    listed, and of a file that was to be replaced both states are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listed = defaultdict[str, set[str]](set)
        self._held: dict[str, str] = {}
        self._path = folder / LIST
        if why := why_no_file(self._path):
            raise CorpusError(f"{self._path}: {why}, where the list of the data set is to stand")
        try:
            size = self._path.stat().st_size if self._path.exists() else -1
            told = self._path.read_text(encoding="utf-8") if 0 <= size <= LARGEST else ""
        except (OSError, ValueError) as error:
            raise CorpusError(f"{self._path}: cannot be read: {error}") from None
        text = told if size >= 0 else _HEAD + "\n"
        lines = text.split("\n")
        if lines[0] != _HEAD:
            raise CorpusError(
                f"{self._path}: not the list of a data set of this package; choose another folder"
            )
        for match in filter(None, map(_LINE.fullmatch, lines[1:])):
            self._listed[match[2]].add(match[1])
        self._made_with = [line for line in lines if line.startswith(MADE_WITH)]
        # The last line of a run that was killed may be half a line.
        self._begin = "" if text.endswith("\n") else "\n"

    def made_with(self) -> dict[str, Any]:
        """The options of the last run that are no matter of a single report: columns of a table,
        and limits. Raises `CorpusError` where the list does not tell them."""
        with suppress(
            ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError
        ):
            (line,) = self._made_with
            told = json.loads(line.removeprefix(MADE_WITH))
            return {
                "columns": {str(role): str(name) for role, name in told["columns"].items()},
                "seconds": float(told["seconds"]),
                "memory": int(told["memory"]),
            }
        raise CorpusError(
            f"its {LIST} does not tell the options (columns, seconds, memory) that it was made "
            "with: an earlier version made it, or a run that was stopped; run corpus again"
        )

    def paths(self, table: str) -> list[str]:
        """The files of a table that are listed, in order."""
        return sorted(path for path in self._listed if path.startswith(f"{table}/"))

    def stems(self) -> list[str]:
        """The names of the files of `reports` without their ending."""
        return [Path(path).stem for path in self.paths("reports")]

    def lists(self, path: str) -> bool:
        """Whether a file is listed."""
        return path in self._listed

    def holds(self, path: str) -> bool:
        """Whether a file is there, listed, and as it was written."""
        place = self.folder / path
        if not self.lists(path) or why_no_file(place):
            return False
        try:
            self._held[path] = sha256_of_file(place)
        except OSError:
            return False
        return self._held[path] in self._listed.get(path, ())

    def changed(self) -> list[str]:
        """The files that are not there as they were written, in order."""
        return [path for path in sorted(self._listed) if not self.holds(path)]

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files of the data set, in this order. Raises `OutputError` where that can't
        be, or a link stands in a file's place, `CorpusError` where a file of others does."""
        hashes = {path: sha256_of(data) for path, data in files.items()}
        no_link(self._path)
        for path in files:
            place = no_link(self.folder / path)
            if (
                path not in self._listed
                and place.is_file()
                and sha256_of_file(place) != hashes[path]
            ):
                raise CorpusError(f"{place}: not of this data set; move it away")
        lines = "".join(f"{hash}  {path}\n" for path, hash in hashes.items())
        if not self._path.exists():
            write_file(self._path, (_HEAD + "\n").encode())
        try:
            with self._path.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(self._begin + lines)
        except OSError as error:
            said = error.strerror or error
            raise OutputError(f"{self._path}: cannot be written: {said}") from None
        self._begin = ""
        for path, hash in hashes.items():
            self._listed[path].add(hash)
            write_file(self.folder / path, files[path])
            self._held[path] = hash

    def remove(self, path: str) -> bool:
        """Take away a file that is as it was written; what was changed since stays. Returns whether
        it is gone."""
        place = self.folder / path
        if place.exists():
            if not self.holds(path):
                return False
            _unlink(place)
        return True

    def tidy(self) -> None:
        """Take away what a run that was killed had begun to write; nobody else writes here now."""
        for place in (self.folder, *(self.folder / table for table in TABLES)):
            for path in place.glob(".*.part"):
                if is_own_name(path.relative_to(self.folder).as_posix()):
                    _unlink(path)

    def close(self, stems: set[str], made_with: Mapping[str, Any]) -> None:
        """Write the list of the files so named, and of the failures, with the options of the run:
        all of it was written, or asked for with `holds`."""
        lines = [
            f"{self._held[path]}  {path}\n"
            for path in sorted(self._listed)
            if path == FAILURES or Path(path).stem in stems
        ]
        told = f"{_HEAD}\n{MADE_WITH}{json.dumps(made_with, sort_keys=True)}\n"
        write_file(self._path, "".join([told, *lines]).encode())


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be removed: {error.strerror or error}") from None
