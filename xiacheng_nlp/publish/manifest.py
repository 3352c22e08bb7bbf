"""What a run wrote into its folder: the manifest, and what in the folder is the package's to
replace or to remove."""

import json
import math
import os
import platform
import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.datafiles import filled
from xiacheng_nlp.errors import OutputError, ProvenanceError
from xiacheng_nlp.figures.names import Lang
from xiacheng_nlp.figures.provenance import (
    PACKAGE,
    as_json,
    is_name,
    keys_once,
    parse_stamp,
    read_file,
    sidecar_bytes,
)
from xiacheng_nlp.files import (
    name_of_part,
    no_link,
    sha256_of,
    sha256_of_file,
    write_file,
    write_files,
)
from xiacheng_nlp.publish.catalogue import libraries, segmenter
from xiacheng_nlp.report.report import Report

MANIFEST = "manifest.json"
SCHEMA = f"{PACKAGE}/run/1"
"""What a manifest calls itself: nothing else is believed to list files of a run."""

CRATE = "ro-crate-metadata.json"

JOURNAL = ".xiacheng-nlp.run"
"""What a run has written so far, a line of JSON a file; it is gone when the run is done."""

LONGEST_NAME = 255
"""Bytes of the name of a file, on most systems."""

ABANDONED = 60
"""Seconds after which nobody goes on writing the files of a figure, which are made before."""

SHOWN = 5
"""Files of the user's that are named where some are in the way; of further ones the count is."""

_ENTRY_BEGINS = '{"name": "'
# Takes {"name": "a", "sha256": …} with 64 digits; refuses it with a blank more.
_ENTRY = re.compile(
    _ENTRY_BEGINS + r'(?:[^"\\\x00-\x1f]|\\["\\nrtbf]|\\u[0-9a-f]{4})+", "sha256": "[0-9a-f]{64}"\}'
)

_PART = re.compile(r"\.(.+)\.[a-z0-9_]{8}\.part")
"""The name of a file that is being written, as `write_file` gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The manifest of a run: its keys, and the SHA-256 of each file by its name in the folder."""

    said: Mapping[str, Any]
    files: Mapping[str, str]

    def is_whole(self, path: Path) -> bool:
        """Whether nobody changed it since it was written to `path`, as far as it tells: one that
        does not end in a SHA-256 of its own is of an earlier version."""
        return "sha256" not in self.said or read_file(path) == sidecar_bytes(self.said)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a run in the folder; None where there is none, or one of something else.

    Only files are believed that lie in the folder and that a run may write.
    """
    try:
        said = json.loads(read_file(folder / MANIFEST), object_pairs_hook=keys_once)
        entries = {str(entry["name"]): str(entry["sha256"]) for entry in said["files"]}
        source = said["report"]["name"], said["report"]["sha256"]
    except (ProvenanceError, ValueError, KeyError, TypeError, RecursionError):
        return None
    of_a_run = said.get("schema") == SCHEMA and str(said.get("package")).startswith(f"{PACKAGE} ")
    if not of_a_run or not is_name(str(source[0])):
        return None
    return Manifest(said=said, files={n: sha for n, sha in entries.items() if _is_of_a_run(n)})


def _is_of_a_run(name: str) -> bool:
    place = PurePosixPath(name)
    return str(place) == name and is_name(place.name) and kind_of(name)[0] is not None


_KINDS = {
    "report": "report",
    "notebooks": "notebook",
    "figures": "figure",
    "tables": "table",
    "claims.csv": "claims",
    "numbers.tex": "numbers",
    "numbers.xlsx": "numbers",
    "index.html": "page",
    "ro-crate-metadata.json": "crate",
}


def kind_of(name: str) -> tuple[str | None, str]:
    """What a file of a run is, by its name in the folder: its kind, and the id of what it shows, or
    its name; None is the kind of what no run writes.

    >>> kind_of("figures/fig-ranks-zh-single.pdf"), kind_of("figures/fig-ranks.csv")
    (('figure', 'fig-ranks'), ('figure table', 'fig-ranks'))
    >>> kind_of("tables/audit.csv"), kind_of("thesis.docx")
    (('table', 'audit'), (None, 'thesis.docx'))
    """
    folder, _, file = name.rpartition("/")
    kind = _KINDS.get(folder or file)
    if kind not in ("figure", "table"):
        return kind, file
    stem, _, form = file.rpartition(".")
    if form == "json":
        kind = "sidecar"
    elif folder == "figures" and form == "csv":
        kind = "figure table"
    return kind, re.sub("-(?:zh|en)(?:-single)?(?:-titled)?$", "", stem)


def manifest_bytes(report: Report, langs: Sequence[Lang], written: Mapping[str, bytes]) -> bytes:
    """The manifest of the files that a run wrote, by their names in the folder."""
    files = [
        {
            "name": name,
            "kind": kind_of(name)[0],
            "id": kind_of(name)[1],
            "bytes": len(data),
            "sha256": sha256_of(data),
        }
        for name, data in sorted(written.items())
    ]
    extracted = {"format": report.format, "text_sha256": report.text_sha256}
    return sidecar_bytes(
        {
            "schema": SCHEMA,
            "package": f"{PACKAGE} {version_of_rules()}",
            "report": {
                "name": report.name,
                "sha256": report.sha256,
                **(extracted if report.extracted else {}),
            },
            "languages": list(langs),
            "libraries": {**libraries(), "python": platform.python_version()},
            "segmenter": segmenter(report),
            "files": files,
        }
    )


def crate_bytes(report: Report, written: Mapping[str, bytes]) -> bytes:
    """The files of a run as an RO-Crate 1.1 (Sefton et al. 2020), which archives of research data
    read. Date and licence are those of a publication, and for its author to add."""
    text = filled(
        "publish/crate.json",
        report=report,
        names=[(quote(name), kind_of(name)[1] or name) for name in sorted({*written, MANIFEST})],
        source=quote(f"report/{report.name}"),
        crate=CRATE,
        package=PACKAGE,
        version=version_of_rules(),
    )
    return as_json(json.loads(text))


class RunFolder:
    """The folder that a run writes to. It knows what earlier runs wrote there, finished or killed,
    and touches nothing else: a file is the package's while it holds what the package wrote."""

    def __init__(
        self,
        folder: Path,
        *,
        inputs: Iterable[Path],
        force: bool,
        recorded: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.folder = folder
        self.written: dict[str, bytes] = {}
        self._inputs = [path for path in inputs if path.exists()]
        self._force = force
        self._owned: dict[str, set[str]] = {}
        earlier, begun = read_manifest(folder), _journal(folder)
        self._has_manifest = earlier is not None and earlier.is_whole(folder / MANIFEST)
        self._has_journal = begun is not None
        listed = earlier.files.items() if earlier else ()
        for name, sha256 in (*listed, *(begun or ()), *recorded):
            self._owned.setdefault(name, set()).add(sha256)

    def check(self, names: Collection[str]) -> None:
        """Raises `OutputError` where a run, which has the folder locked, can't write its files, its
        manifest or its journal; see `guard`. Removes what a killed run left by half."""
        for name in (JOURNAL, MANIFEST):
            no_link(self.folder / name)
        _no_other(self.folder, files=(JOURNAL,), folders=())
        if not self._has_journal:
            raise OutputError(
                f"{self.folder / JOURNAL}: not written by this package, which notes there what a "
                "run has written; move it away"
            )
        self.guard(names)
        self.remove_parts({*names, *self._owned})

    def guard(self, names: Collection[str]) -> None:
        """Raises `OutputError` where a file that is to be written is the user's: not of a run, or
        changed since. The report itself is never written over; other files are with `force`."""
        folders = {str(PurePosixPath(name).parent) for name in names} - {"."}
        there = [name for name in sorted(names) if os.path.lexists(self.folder / name)]
        for name in there:
            if self.is_input(name):
                raise OutputError(
                    f"{self.folder / name}: the report itself stands where a file goes; name "
                    "another folder with -o"
                )
        for name in names:
            if len(os.fsencode(PurePosixPath(name).name)) > LONGEST_NAME:
                raise OutputError(
                    f"{self.folder / name}: a name of more than {LONGEST_NAME} bytes; give the "
                    "report a shorter one"
                )
        for name in (*sorted(folders), *there):
            no_link(self.folder / name)
        _no_other(self.folder, files=there, folders=folders)
        users = [name for name in there if not self._is_own(name)]
        if users and not self._force:
            more = f" and {len(users) - SHOWN} more" if len(users) > SHOWN else ""
            raise OutputError(
                f"{self.folder}: holds files that this package did not write, or that were changed "
                f"since: {', '.join(users[:SHOWN])}{more}; name another folder with -o, or have "
                "them replaced with --force"
            )

    def put(self, name: str, data: bytes) -> None:
        """Write a file, and note that it is the package's."""
        line = json.dumps({"name": name, "sha256": sha256_of(data)}, ensure_ascii=False)
        with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(line + "\n")
        write_file(self.folder / name, data)
        self.written[name] = data

    def keep(self, name: str, source: Path) -> None:
        """Copy a file of the user's, unless it lies there already and stays the user's."""
        if not self.is_input(name):
            self.put(name, source.read_bytes())

    def finish(self, manifest: bytes) -> None:
        """Remove what earlier runs wrote and this one did not, and write the manifest: only then is
        what the earlier one lists no longer known."""
        for name in set(self._owned) - set(self.written):
            if self._is_own(name):
                (self.folder / name).unlink()
        write_file(self.folder / MANIFEST, manifest)
        (self.folder / JOURNAL).unlink(missing_ok=True)

    def is_input(self, name: str) -> bool:
        """Whether the file is one of the user's that the run reads."""
        path = self.folder / name
        return path.exists() and any(path.samefile(source) for source in self._inputs)

    def _is_own(self, name: str) -> bool:
        path = self.folder / name
        if name == MANIFEST:
            return self._has_manifest
        if self._leads_out(name) or self.is_input(name):
            return False
        return path.is_file() and sha256_of_file(path) in self._owned.get(name, ())

    def _leads_out(self, name: str) -> bool:
        """Whether the file, or a folder on its way, is a link to somewhere else."""
        return any(
            (self.folder / part).is_symlink()
            for part in (PurePosixPath(name), *PurePosixPath(name).parents[:-1])
        )

    def remove_parts(self, names: Iterable[str], *, older: float = -math.inf) -> None:
        """Remove the halves that a killed run left of its files, older than so many seconds."""
        places = map(PurePosixPath, names)
        halves = {(place.parent, name_of_part(place.name)) for place in places if place.name}
        for folder in {folder for folder, _ in halves}:
            for path in (self.folder / folder).glob(".*.part"):
                part = _PART.fullmatch(path.name)
                is_ours = part and (folder, part[1]) in halves
                # Another figure may end meanwhile, or a folder have the name.
                with suppress(OSError):
                    is_left = is_ours and time.time() - path.stat().st_mtime > older
                    if is_left and not self._leads_out(str(folder / path.name)):
                        path.unlink()


def write_figure(
    files: Mapping[str, bytes], folder: Path, *, id: str, source: Path, force: bool
) -> list[Path]:
    """Write the files of one figure of the report `source` by their names; returns their paths.

    Raises `OutputError` where the report stands in the way; and where another file does, or one
    that was changed since it was written, unless with `force`. Nothing is written then.
    """
    hashes = {sha256_of(data) for data in files.values()}
    # One that was killed between its files has left the sidecar beside its place: it comes last.
    sidecars = (
        path for name in (f"{id}-*.json", f".{id}-*.json.*.part") for path in folder.glob(name)
    )
    own = product(files, hashes.union(*map(_recorded, sidecars)))
    place = RunFolder(folder, inputs=[source], force=force, recorded=own)
    place.guard(files)
    paths = {folder / name: data for name, data in files.items()}
    write_files(paths)
    place.remove_parts(files, older=ABANDONED)
    return list(paths)


def _no_other(folder: Path, *, files: Iterable[str], folders: Collection[str]) -> None:
    """Raises `OutputError` where a folder stands in the place of a file, or the reverse: neither
    can be replaced."""
    for name in (*files, *sorted(folders)):
        path = folder / name
        if path.is_file() if name in folders else path.is_dir():
            kind = "a file where a folder" if name in folders else "a folder where a file"
            raise OutputError(f"{path}: {kind} of this package is to stand; move it away")


def _recorded(sidecar: Path) -> set[str]:
    """The SHA-256 of what a sidecar of a figure stands beside, and its own if nobody changed it."""
    try:
        data = read_file(sidecar)
        said = parse_stamp(data.decode())
        files = {str(entry["sha256"]) for entry in said["files"].values()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
    own = {sha256_of(data)} if data == sidecar_bytes(said) else set()
    return {*files, said["table"]["sha256"], *own}


def _journal(folder: Path) -> list[tuple[str, str]] | None:
    """What a run that was killed had written; None where another file has the journal's name."""
    if not (folder / JOURNAL).is_file():
        return []
    try:
        *lines, cut = read_file(folder / JOURNAL).decode("utf-8", "replace").split("\n")
    except ProvenanceError:
        return None
    # Of the last line a run that was killed may have written the beginning.
    if not (cut.startswith(_ENTRY_BEGINS) or _ENTRY_BEGINS.startswith(cut)):
        return None
    entries = [*map(_ENTRY.fullmatch, lines)]
    if not all(entries):
        return None
    told = (json.loads(entry[0]) for entry in entries if entry)
    return [(one["name"], one["sha256"]) for one in told if _is_of_a_run(one["name"])]
