"""Verifying a saved figure or table: it is made again from the report, and what differs is told."""

import csv
import dataclasses
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.errors import ProvenanceError
from xiacheng_nlp.figures.provenance import as_json, form_of, parse_stamp, read_file, read_stamp
from xiacheng_nlp.publish.catalogue import FIGURES, contents, drawing
from xiacheng_nlp.publish.run import MANIFEST, kind_of, numbers_of, table_sidecar, tables_of
from xiacheng_nlp.publish.study import Drawing, Study
from xiacheng_nlp.report.report import load_report

IDENTICAL = "identical bytes"
SAME_DATA = "same data, other library versions"
SAME_CONTENT = "same data, other bytes"
NOT_THE_SAME = "not the same"
NOT_VERIFIED = "not verified"

SHOWN = 5
"""Cells that differ of which each is told; of further ones the count is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying a file came to: the file, the verdict, and in what it differs or why it could
    not be verified.

    The verdict is one of `identical bytes`; `same data, other library versions`; `same data, other
    bytes` (it shows the same, pixel for pixel or cell for cell, but another program saved it); `not
    the same`; `not verified`.
    """

    file: str
    verdict: str
    details: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file shows what the report gives."""
        return self.verdict in (IDENTICAL, SAME_DATA, SAME_CONTENT)

    def __str__(self) -> str:
        return f"{self.file}: {self.verdict}" + (
            f": {'; '.join(self.details)}" if self.details else ""
        )


def verify(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    report: str | Path | None = None,
) -> tuple[Verdict, ...]:
    """Make each figure (PDF, SVG, PNG), table (CSV) or sidecar (JSON) again and compare; one
    verdict a file, in their order.

    `report`: the file of the report; without it, the copy that a run keeps beside its manifest,
    found from the file upwards, or the Xiacheng report of 2014 where its SHA-256 is the one named.
    A picture tells in itself what it was made from; a table is traced by the sidecar beside it, or
    by the manifest above it. Nothing is raised for a file: what is wrong stands in its verdict.

    >>> [str(verdict) for verdict in verify("no-such-file.png")]
    ['no-such-file.png: not verified: cannot be read: No such file or directory']
    """
    named = [paths] if isinstance(paths, str | os.PathLike) else paths
    remade = _Remade()
    return tuple(
        _verdict(Path(path), None if report is None else Path(report), remade) for path in named
    )


class _Remade:
    """What has been made again, so that the files of one run are made from one reading of the
    report."""

    def __init__(self) -> None:
        self._studies: dict[tuple[str, str], Study] = {}
        self._drawings: dict[tuple[str, str, str], Drawing] = {}
        self._figures: dict[tuple[Any, ...], dict[str, bytes]] = {}

    def study(self, path: Path, name: str) -> Study:
        report = load_report(path)
        key = (report.sha256, name)
        if key not in self._studies:
            # A copy under another name is the same report; the name that the figure was made under
            # stands in its note line.
            self._studies[key] = Study(
                report if report.name == name else dataclasses.replace(report, name=name)
            )
        return self._studies[key]

    def figure(self, study: Study, id: str, look: tuple[Any, Any, Any]) -> dict[str, bytes]:
        if id not in FIGURES:
            raise ProvenanceError(f"this version of the package has no figure {id}")
        lang, width, titled = look
        if (
            lang not in ("zh", "en")
            or width not in ("single", "double")
            or not isinstance(titled, bool)
        ):
            raise ProvenanceError(
                "its provenance has no language, width and title that can be understood"
            )
        key = (study.report.sha256, study.report.name, id)
        if key not in self._drawings:
            self._drawings[key] = drawing(id, study)
        if (*key, *look) not in self._figures:
            self._figures[*key, *look] = contents(
                id, study, self._drawings[key], lang=lang, width=width, titled=titled
            )
        return self._figures[*key, *look]


def _verdict(path: Path, given: Path | None, remade: _Remade) -> Verdict:
    try:
        data = read_file(path)
        verdict, details = _judge(path, data, given, remade)
    except ValueError as error:
        verdict, details = NOT_VERIFIED, [str(error).splitlines()[0]]
    return Verdict(file=str(path), verdict=verdict, details=tuple(details))


def _judge(path: Path, data: bytes, given: Path | None, remade: _Remade) -> tuple[str, list[str]]:
    said = _traced(path, data)
    source = said["source"]
    found = _report_of(path, source, given)
    held = hashlib.sha256(read_file(found)).hexdigest()
    if held != source["sha256"]:
        return NOT_THE_SAME, [
            f"{found.name} is not the report it was made from: SHA-256 {source['sha256'][:12]}… stated, {held[:12]}… found"
        ]
    study = remade.study(found, source["name"])
    form = form_of(data)
    fresh, fresh_said = _made_again(said, form or path.suffix[1:].lower(), path.name, study, remade)
    if fresh == data:
        return IDENTICAL, []
    moved = _versions(said, fresh_said)
    if form == "png":
        return _compare_png(path, data, fresh, said, fresh_said, moved)
    if form:
        return _compare_text(path, data, fresh, said, fresh_said, moved, form)
    if path.suffix.lower() == ".csv":
        return _compare_csv(data, fresh)
    if path.suffix.lower() == ".tex":
        return _compare_text(path, data, fresh, said, fresh_said, moved, "tex")
    if path.suffix.lower() == ".json":
        return _compare_json(said, fresh_said, moved)
    return NOT_THE_SAME, [*_stated(said, fresh_said), *moved] or ["the bytes differ"]


def _traced(path: Path, data: bytes) -> dict[str, Any]:
    """What the file was made from: told by itself, by the sidecar beside it, or by the manifest
    above it."""
    if form_of(data) is not None:
        return read_stamp(data)
    if path.suffix.lower() == ".json":
        try:
            return parse_stamp(data.decode("utf-8"))
        except UnicodeDecodeError:
            raise ProvenanceError("is no JSON in UTF-8") from None
    if path.suffix.lower() not in (".csv", ".tex", ".xlsx"):
        return read_stamp(data)
    for sidecar in sorted(path.parent.glob(f"{_literal(path.stem)}*.json")):
        try:
            said = parse_stamp(read_file(sidecar).decode("utf-8"))
        except ValueError:
            continue
        if said["table"]["file"] == path.name:
            return {**said, "kind": said.get("kind", "figure table")}
    for folder, manifest in _manifests(path):
        name = path.resolve().relative_to(folder).as_posix()
        listed = manifest.get("files")
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, dict) and entry.get("name") == name:
                kind, id = kind_of(name)
                if kind not in ("table", "figure table", "numbers"):
                    raise ProvenanceError(f"is a {kind}: it is made again by a run, not alone")
                report, libraries = manifest.get("report"), manifest.get("libraries")
                said = {
                    "id": id,
                    "source": report,
                    "package": manifest.get("package"),
                    "options": {},
                    "libraries": libraries or {},
                }
                return {
                    **parse_stamp(
                        json.dumps(
                            {**said, "table": {"file": path.name, "sha256": entry.get("sha256")}}
                        )
                    ),
                    "kind": kind,
                }
    raise ProvenanceError(
        "no sidecar beside it and no manifest above it tells what it was made from"
    )


def _literal(text: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)


def _manifests(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folders above the file that hold a manifest of this package, the nearest first."""
    for folder in path.resolve().parents:
        try:
            said = json.loads((folder / MANIFEST).read_bytes())
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(said, dict) and isinstance(said.get("report"), dict):
            yield folder, said


def _report_of(path: Path, source: Mapping[str, str], given: Path | None) -> Path:
    if given is not None:
        return given
    for folder, manifest in _manifests(path):
        name = str(manifest["report"].get("name", ""))
        if name and Path(name).name == name and (folder / "report" / name).is_file():
            return folder / "report" / name
    beside = path.resolve().parent / source["name"]
    if beside.is_file():
        return beside
    if source["sha256"] == bundle.seed_sha256():
        return bundle.seed()
    raise ProvenanceError(
        f"the report {source['name']} (SHA-256 {source['sha256'][:12]}…) is not found; name it with --report"
    )


def _made_again(
    said: Mapping[str, Any], form: str, name: str, study: Study, remade: _Remade
) -> tuple[bytes, dict[str, Any]]:
    """The bytes that the file should hold, and the provenance that goes with them."""
    id, kind = said["id"], said.get("kind")
    if kind == "numbers":
        return numbers_of(study)[id](), {**said}
    if kind == "table":
        tables = tables_of(study)
        if id not in tables:
            raise ProvenanceError(f"this version of the package has no table {id}")
        made = tables[id]()
        beside = table_sidecar(id, study.report, made)
        return (as_json(beside) if form == "json" else made.data), beside
    look = (said.get("lang"), said.get("width"), said.get("titled"))
    if kind == "figure table" and look[0] is None:
        look = ("zh", "double", False)
    files = remade.figure(study, id, look)
    fresh = next(data for file, data in files.items() if file.endswith(f".{form}"))
    beside = json.loads(next(data for file, data in files.items() if file.endswith(".json")))
    if form in ("png", "svg", "pdf"):
        return fresh, read_stamp(fresh)
    return fresh, beside


def _versions(said: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[str]:
    """What has another version here than stated: the package, a library, the segmenter or a word
    list."""
    moved = (
        []
        if said["package"] == fresh["package"]
        else [f"package: {said['package']} stated, {fresh['package']} here"]
    )
    for name in sorted({*said["libraries"], *fresh["libraries"]}):
        stated, here = said["libraries"].get(name), fresh["libraries"].get(name)
        if stated is not None and here is not None and stated != here:
            moved.append(f"{name}: {stated} stated, {here} here")
    if said.get("segmenter") != fresh.get("segmenter") and "kind" not in said:
        moved.append("segmenter or its word lists: others stated than here")
    return moved


def _stated(said: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[str]:
    """What is stated otherwise than computed, versions apart."""
    wrong = []
    if said["table"] != fresh["table"]:
        wrong.append(
            f"table: SHA-256 {said['table']['sha256'][:12]}… stated, {fresh['table']['sha256'][:12]}… computed"
        )
    for name in sorted({*said["options"], *fresh["options"]}):
        stated, here = said["options"].get(name), fresh["options"].get(name)
        if stated != here:
            wrong.append(f"option {name}: {stated} stated, {here} here")
    return wrong


def _recorded(path: Path, data: bytes) -> str | None:
    """What is wrong where a sidecar or a manifest has another SHA-256 for the file: it was changed
    after it was written."""
    held = hashlib.sha256(data).hexdigest()
    stated: dict[str, str] = {}
    for sidecar in sorted(path.parent.glob("*.json")):
        try:
            files = json.loads(read_file(sidecar)).get("files")
            stated |= {entry["file"]: entry["sha256"] for entry in files.values()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    if path.name in stated and stated[path.name] != held:
        return f"changed since it was written: SHA-256 {stated[path.name][:12]}… in the sidecar, {held[:12]}… found"
    return None


def _compare_png(
    path: Path,
    data: bytes,
    fresh: bytes,
    said: Mapping[str, Any],
    fresh_said: Mapping[str, Any],
    moved: list[str],
) -> tuple[str, list[str]]:
    wrong = _stated(said, fresh_said)
    pixels = _pixels_that_differ(data, fresh)
    if wrong:
        return NOT_THE_SAME, [*wrong, *([pixels] if pixels else []), *moved]
    if pixels is None:
        return (
            (SAME_DATA, ["the pixels are equal", *moved])
            if moved
            else (SAME_CONTENT, ["the pixels are equal"])
        )
    changed = _recorded(path, data)
    if moved and changed is None:
        return SAME_DATA, [*moved, pixels]
    return NOT_THE_SAME, [pixels, *([changed] if changed else []), *moved]


def _pixels_that_differ(data: bytes, fresh: bytes) -> str | None:
    """How many pixels differ and within what box, or None where all are equal."""
    import numpy as np
    from PIL import Image

    try:
        stated, here = (
            np.asarray(Image.open(io.BytesIO(picture), formats=["PNG"]).convert("RGBA"))
            for picture in (data, fresh)
        )
    except (OSError, ValueError, SyntaxError) as error:
        raise ProvenanceError(f"a PNG that can't be read: {error}") from None
    if stated.shape != here.shape:
        (h, w), (fresh_h, fresh_w) = stated.shape[:2], here.shape[:2]
        return f"size: {w} × {h} pixels found, {fresh_w} × {fresh_h} computed"
    rows, columns = np.nonzero((stated != here).any(axis=2))
    if not len(rows):
        return None
    count = f"{len(rows):,} of {stated.shape[0] * stated.shape[1]:,} pixels differ"
    return f"{count}, within x {columns.min()}–{columns.max()}, y {rows.min()}–{rows.max()} from the upper left"


def _compare_text(
    path: Path,
    data: bytes,
    fresh: bytes,
    said: Mapping[str, Any],
    fresh_said: Mapping[str, Any],
    moved: list[str],
    form: str,
) -> tuple[str, list[str]]:
    wrong = _stated(said, fresh_said)
    changed = _recorded(path, data)
    if moved and not wrong and changed is None:
        return SAME_DATA, moved
    stated, here = data.split(b"\n"), fresh.split(b"\n")
    first = next(
        (n for n, (a, b) in enumerate(zip(stated, here, strict=False), start=1) if a != b),
        min(len(stated), len(here)) + 1,
    )
    place = f"the {form.upper()} differs from line {first} on: {len(data):,} bytes found, {len(fresh):,} computed"
    return NOT_THE_SAME, [*wrong, place, *([changed] if changed else []), *moved]


def _compare_csv(data: bytes, fresh: bytes) -> tuple[str, list[str]]:
    try:
        stated = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        return NOT_THE_SAME, [f"no CSV in UTF-8: {error}"]
    here = list(csv.reader(io.StringIO(fresh.decode("utf-8"), newline="")))
    wrong = []
    names = here[0] if here else []
    if stated[:1] != here[:1]:
        wrong.append(
            f"columns: {', '.join(stated[0]) if stated else 'none'} stated, {', '.join(names)} computed"
        )
    if len(stated) != len(here):
        wrong.append(f"rows: {max(0, len(stated) - 1)} stated, {len(here) - 1} computed")
    cells = []
    for number, (a, b) in enumerate(zip(stated[1:], here[1:], strict=False), start=1):
        for place in range(max(len(a), len(b))):
            found, computed = (row[place] if place < len(row) else "nothing" for row in (a, b))
            if found != computed:
                column = names[place] if place < len(names) else f"number {place + 1}"
                cells.append(
                    f"row {number}, column {column}: {_short(found)} stated, {_short(computed)} computed"
                )
    wrong += cells[:SHOWN]
    if len(cells) > SHOWN:
        wrong.append(f"and {len(cells) - SHOWN:,} more cells")
    return (
        (NOT_THE_SAME, wrong)
        if wrong
        else (SAME_CONTENT, ["the cells are equal; line ends, quotes or a byte order mark are not"])
    )


def _compare_json(
    said: Mapping[str, Any], fresh: Mapping[str, Any], moved: list[str]
) -> tuple[str, list[str]]:
    keys = [
        key
        for key in {**said, **fresh}
        if said.get(key) != fresh.get(key) and key not in ("table", "options")
    ]
    wrong = _stated(said, fresh)
    if not wrong and moved and set(keys) <= {"libraries", "package", "segmenter", "files", "font"}:
        return SAME_DATA, moved
    if not wrong and not keys:
        return SAME_CONTENT, ["blanks or the order of keys differ"]
    return NOT_THE_SAME, [
        *wrong,
        *(
            f"{key}: {_short(said.get(key))} stated, {_short(fresh.get(key))} computed"
            for key in keys
        ),
    ]


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
