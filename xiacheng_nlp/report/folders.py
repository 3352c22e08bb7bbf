"""Many reports at once: the files of a folder, of a zip, of a list or of a pattern, and the rows of
tables, one after the other."""

import glob
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from xiacheng_nlp.errors import ReportError, told_of
from xiacheng_nlp.readers.archives import check_member, open_zip
from xiacheng_nlp.readers.file_types import LARGEST, kind_of
from xiacheng_nlp.readers.rows import FRONT, ROLES, reports_in, table_form
from xiacheng_nlp.report.report import NO_REPORT, Report, is_report, load_report, reading
from xiacheng_nlp.resources import LISTS_BESIDE
from xiacheng_nlp.text import decode, name_of, readable

if TYPE_CHECKING:
    import pandas as pd

LIST = ".list"
"""How the name of a list of files ends; any other file is a report or a zip of reports."""

LARGEST_ZIP = 2_000_000_000
"""Bytes that all files of a zip may unpack to; ten thousand reports have a twentieth of that as
text."""

_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_SYSTEM = "skipped: made by the operating system, no report"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file among many: the report in it, or the line that says why there is none; of the two one
    is None.

    `name` is its place in the folder or zip, with / between folders; that of a row of a table is
    reports.csv#row-3, counted beneath the head. `skipped` tells files that
    nobody would take for a report, such as .DS_Store, from those that failed.
    """

    name: str
    report: Report | None
    error: str | None

    @property
    def skipped(self) -> bool:
        """Whether the file was passed over, rather than tried in vain."""
        return self.error is not None and self.error.startswith("skipped: ")


@dataclass(frozen=True, slots=True)
class Found:
    """A file among many, before it is read: where its bytes are, or the line that says why it is
    passed over; and what a table tells of the report (year, place, date, title, source)."""

    name: str
    source: "Path | bytes | pd.DataFrame | None"
    error: str | None
    told: Mapping[str, Any] = field(default_factory=dict)

    def read(self) -> bytes:
        """The bytes. Raises `ReportError` where they can't be read."""
        if isinstance(self.source, bytes):
            return self.source
        if not isinstance(self.source, Path):
            raise ReportError(self.error or f"{self.name}: nothing to read")
        with reading(self.source):
            return self.source.read_bytes()


def load_reports(
    path: "str | Path | Iterable[str | Path] | pd.DataFrame",
    *,
    known: Mapping[str, Mapping[str, Any]] | None = None,
    text: str | None = None,
    place: str | None = None,
    year: str | None = None,
    date: str | None = None,
    title: str | None = None,
    source: str | None = None,
) -> Iterator[Loaded]:
    """The reports in a folder (with the folders in it), a zip, a list of files (NAME.list, a name a
    line), a pattern (reports/*.txt), or a table with a report a row: a CSV, JSON Lines, Excel,
    Stata or Parquet file or a DataFrame.

    Yields one `Loaded` a file, in the order of the names (of a list in its own), each read when it
    is asked for: a file that cannot be read gives a line of error, and the others go on. Here a
    file that does not look like a report is an error too, since a folder holds other things than
    reports; `load_report` reads it all the same. Links are not followed, and nothing is unpacked to
    disk.

    `known` tells of a file, by its name in the folder, the year and the place of its report, which
    go before what the text tells. So do the columns of a table, and its date (of publication),
    title and source become those of `report.metadata`, where they have no span. Which column is
    which, their cells tell, and a `ReportWarning` says it; `text`, `place` … name them otherwise.

    Raises `ReportError` when the folder, zip or list itself can't be read or the pattern finds
    nothing.

    >>> from xiacheng_nlp.resources import folder
    >>> [each.report.year for each in load_reports(folder("seeds")) if each.report]
    [2014]
    >>> import pandas as pd
    >>> table = pd.DataFrame({"doc": ["各位代表：\\n完成投资1亿元。"], "where": ["下城区"]})
    >>> [row] = load_reports(table, text="doc", place="where")  # "invested 100 million", Xiacheng
    >>> row.name, row.report.place.name
    ('table#row-1', '下城区')
    """
    told = known or {}
    named = dict(zip(ROLES, (text, place, year, date, title, source), strict=True))
    columns = {role: column for role, column in named.items() if column is not None}
    return (
        _loaded(row, told.get(row.name, {}))
        for found in files_of(path)
        for row in rows_in(found, columns)
    )


def rows_in(found: Found, columns: Mapping[str, str]) -> Iterator[Found]:
    """The reports in a table with a report a row; any other file as it is. `columns` names the
    columns that are known, by what they tell."""
    form = _table_form(found)
    if form is None:
        yield found
        return
    try:
        for name, text, told in reports_in(found.source, form, name=found.name, columns=columns):
            empty = None if text.strip() else f"{name}: no text in this row"
            data = None if empty else text.encode("utf-8", "surrogatepass")
            yield Found(name, data, empty, told)
    except ReportError as error:
        yield Found(found.name, None, str(error))


def _table_form(found: Found) -> str | None:
    source = found.source
    if not isinstance(source, Path | bytes | None):
        return "frame"
    try:
        front = _front(source)
        if not front.startswith(b"PK"):
            return table_form(front)
        return "xlsx" if kind_of(found.read()) == "xlsx" else None
    except (ReportError, OSError):
        # Said when it is read.
        return None


def _front(source: Path | bytes | None) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return stream.read(FRONT)
    return (source or b"")[:FRONT]


def files_of(path: "str | Path | Iterable[str | Path] | pd.DataFrame") -> Iterator[Found]:
    """The files of a folder, a zip, a list or a pattern, in the order in which `load_reports` gives
    them.

    Raises `ReportError` when the folder, zip or list itself can't be read or the pattern finds
    nothing.

    >>> from xiacheng_nlp.resources import folder
    >>> [found.name for found in files_of(folder("seeds")) if not found.error]
    ['000_ecde2efd3ab0aef1.txt']
    """
    if not isinstance(path, str | Path):
        if hasattr(path, "iloc"):
            return iter([Found("table", cast("pd.DataFrame", path), None)])
        return _files([(readable(str(each)), Path(each)) for each in path])
    if not str(path):
        raise ReportError("the name of the folder is empty")
    source = Path(path)
    with reading(source) as called, told_of(called):
        if source.is_dir():
            return _folder(source)
        if source.is_file():
            return _in_file(source, called)
    found = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []
    if not found:
        raise ReportError(f"{called}: no such folder, zip, list or file")
    paths = [each for each in map(Path, found) if not each.is_dir()]
    return _files([(readable(each.name), each) for each in paths])


def _in_file(source: Path, called: str) -> Iterator[Found]:
    """The files in a list or a zip, and any other file alone."""
    if source.name.lower().endswith(LIST):
        return _files(_listed(source))
    data = source.read_bytes() if _front(source).startswith(b"PK") else b""
    if kind_of(data) == "zip":
        return _members(open_zip(data))
    return _files([(called, source)])


def _listed(path: Path) -> list[tuple[str, Path]]:
    """The files that a list names, counted from the folder of the list; blank lines and those that
    begin with # are none."""
    text, _ = decode(path.read_bytes())
    names = [line.strip() for line in text.splitlines()]
    return [(name, path.parent / name) for name in names if name and not name.startswith("#")]


def _folder(folder: Path) -> Iterator[Found]:
    """Sorted by name, whatever order the disk has."""
    found: list[Path] = []
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            inner = [(path, path.is_dir() and not path.is_symlink()) for path in place.iterdir()]
        except OSError:
            if place == folder:
                raise
            found.append(place)
            continue
        waiting += [path for path, is_folder in inner if is_folder]
        found += [path for path, is_folder in inner if not is_folder]
    named = [(readable(path.relative_to(folder).as_posix()), path) for path in found]
    return _files(sorted(named), inside=True)


def _files(files: Iterable[tuple[str, Path]], *, inside: bool = False) -> Iterator[Found]:
    """The files, those `inside` a folder, which nobody named one by one, with more caution."""
    for name, path in files:
        why = _SYSTEM if _is_litter(name) else _why_not(name, path, inside)
        yield Found(name, None if why else path, why)


def _why_not(name: str, path: Path, inside: bool) -> str | None:
    if inside and path.is_symlink():
        return "skipped: a link; name the file itself"
    if inside and path.is_dir():
        return f"{PurePosixPath(name).name}: a folder that cannot be read"
    if os.path.exists(path) and not path.is_file() and not path.is_dir():
        return "skipped: no file (a device or a pipe)"
    if inside and name.endswith((*LISTS_BESIDE, LIST)):
        return "skipped: a list of the user's, no report"
    return None


def _loaded(found: Found, known: Mapping[str, Any]) -> Loaded:
    if found.source is None:
        return Loaded(found.name, None, found.error)
    given = {**found.told, **known}
    try:
        if isinstance(found.source, Path):
            told = {role: given.get(role) for role in ("year", "place")}
            report = of_genre(load_report(found.source, **told))
        else:
            report = report_in(found.read(), found.name, given)
    except ReportError as error:
        return Loaded(found.name, None, str(error))
    return Loaded(found.name, report, None)


def report_in(data: bytes, file: str, given: Mapping[str, Any]) -> Report:
    """The report in the bytes of a file whose place in a folder or zip is `file`, with what a table
    tells of it. Raises `ReportError` where there is none."""
    name, *folders = (path.name for path in (PurePosixPath(file), *PurePosixPath(file).parents))
    told = {role: given.get(role) for role in ("year", "place")}
    return of_genre(Report.read(data, name=name, folders=folders, **told, told=given))


def of_genre(report: Report) -> Report:
    """The report. Raises `ReportError` where it has nothing of the genre."""
    if not is_report(report):
        raise ReportError(f"{report.name}: {NO_REPORT}; load_report reads it all the same")
    return report


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name in _LITTER or path.name.startswith(("._", "~$"))


def _members(archive: zipfile.ZipFile) -> Iterator[Found]:
    seen: set[str] = set()
    total = 0
    files = [(_name(info), info) for info in archive.infolist() if not info.is_dir()]
    for name, info in sorted(files, key=lambda file: (file[0], file[1].header_offset)):
        if _is_litter(name):
            yield Found(name, None, _SYSTEM)
        elif name in seen:
            why = f"{name}: stands in the zip more than once; the first one was read"
            yield Found(name, None, why)
        else:
            seen.add(name)
            try:
                data = _unpacked(archive, info, name, LARGEST_ZIP - total)
                total += len(data)
                with told_of(name):
                    if kind_of(data) == "zip":
                        raise ReportError("a zip inside a zip; unpack the outer one")
                yield Found(name, data, None)
            except ReportError as error:
                yield Found(name, None, str(error))


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a file in a zip: one that does not say it is UTF-8 was mostly written in GBK, by
    Windows in Chinese."""
    name = info.filename
    if not info.flag_bits & 0x800:
        # Those that are no such bytes stay as they are.
        with suppress(UnicodeEncodeError):
            name = name_of(info.orig_filename.encode("cp437")) or name
    return name.replace("\\", "/")


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, left: int) -> bytes:
    """The bytes of a file in a zip; what it says of its size is not believed. Raises `ReportError`
    where it is not to be read."""
    parts = PurePosixPath(name).parts
    drive = bool(parts) and parts[0][1:2] == ":"
    if name.startswith("/") or ".." in parts or drive or "\x00" in info.orig_filename:
        raise ReportError(f"{name!r}: a name that leads out of the zip; pack it again")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ReportError(f"{name}: a link in a zip; pack the file itself")
    if info.flag_bits & 1:
        raise ReportError(f"{name}: locked with a password; pack it again without one")
    with told_of(name):
        check_member(info)
    most = min(LARGEST, left)
    try:
        with archive.open(info) as stream:
            data = stream.read(most + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise ReportError(f"{name}: broken in the zip ({error}); pack it again") from None
    if len(data) > most:
        raise ReportError(
            f"{name}: the zip unpacks to more than is read"
            f" ({LARGEST:,} bytes a file, {LARGEST_ZIP:,} in all)"
        )
    return data
