"""Where a file comes from: what is written into each picture and beside it, and how it is read
back.

The same keys stand everywhere: `id`, `lang`, `width` (single, double), `titled`, `source` (name,
sha256), `package`, `options`, `libraries`, `segmenter`, `font`, `table` (file, sha256). Files are
told by their names, never by their paths.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from xml.parsers import expat

from xiacheng_nlp.errors import ProvenanceError

MAX_FILE = 64 * 1024 * 1024
"""Bytes of a file that is read: a figure has at most some hundred kB, a table of a long report some
MB."""
MAX_STAMP = 256 * 1024
"""Characters of a provenance: those that are written have about a thousand."""

PACKAGE = "xiacheng-nlp"
_DESCRIPTION = "http://purl.org/dc/elements/1.1/ description"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a figure or table was made from.

    source, source_sha256: the report's file name and SHA-256 · version: of this package · options,
    as texts · libraries: the versions of those it rests on · segmenter: name, version and the
    SHA-256 of each word list, None where no words are cut · named, n, unit: how the note line names
    the report, how many of what the figure shows, the unit by language.
    """

    source: str
    source_sha256: str
    version: str
    options: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    segmenter: Mapping[str, Any] | None = None
    named: str = ""
    n: int | None = None
    unit: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if Path(self.source).name != self.source:
            raise ProvenanceError(
                f"source is a file's name without its folder, not {self.source!r}"
            )

    def stamp(self, *, id: str, table: tuple[str, bytes], **more: Any) -> dict[str, Any]:
        """The provenance of one thing as it is written: `table` is the name and the bytes of its
        table, `more` stands before the source.

        >>> said = Provenance(source="report.txt", source_sha256="0" * 64, version="0.1.0")
        >>> list(said.stamp(id="fig-ranks", table=("fig-ranks.csv", b""), lang="zh"))
        ['id', 'lang', 'source', 'package', 'options', 'libraries', 'segmenter', 'table']
        """
        name, data = table
        return {
            "id": id,
            **more,
            "source": {"name": self.source, "sha256": self.source_sha256},
            "package": f"{PACKAGE} {self.version}",
            "options": dict(sorted(self.options.items())),
            "libraries": dict(sorted(self.libraries.items())),
            "segmenter": self.segmenter,
            "table": {"file": name, "sha256": hashlib.sha256(data).hexdigest()},
        }


def library_versions(names: Iterable[str]) -> dict[str, str]:
    """The installed version of each library, sorted by name; one that is not installed is told so.

    >>> library_versions(["no-such-library"])
    {'no-such-library': 'not installed'}
    """
    found = {}
    for name in sorted(set(names)):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def as_json(said: Mapping[str, Any]) -> bytes:
    """A sidecar's bytes: JSON in UTF-8, one key a line."""
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def form_of(data: bytes) -> str | None:
    """png, pdf or svg, by what the file holds and not by its name; None for what is none of them.

    >>> form_of(b"%PDF-1.4"), form_of(b"term,count")
    ('pdf', None)
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"%PDF-"):
        return "pdf"
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        "svg"
        if head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in head)
        else None
    )


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises `ProvenanceError` where it can't be read or is larger than
    `MAX_FILE`."""
    try:
        if path.is_dir():
            raise ProvenanceError("is a folder; name the files in it")
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, ProvenanceError):
            raise
        raise ProvenanceError(
            f"cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from None
    if len(data) > MAX_FILE:
        raise ProvenanceError(f"larger than {MAX_FILE // 1024 // 1024} MB: no file of this package")
    return data


def read_stamp(data: bytes) -> dict[str, Any]:
    """The provenance that a PNG, SVG or PDF holds.

    Raises `ProvenanceError` for what is no picture, for a picture without provenance, and for one
    whose provenance is not of the form that this package writes.
    """
    form = form_of(data)
    if form is None:
        raise ProvenanceError(
            "not a PNG, SVG or PDF, and no table that a sidecar or a manifest names"
        )
    text = {"png": _of_png, "svg": _of_svg, "pdf": _of_pdf}[form](data)
    if text is None:
        raise ProvenanceError(
            f"holds no provenance: not a figure of {PACKAGE}, or one that was saved anew by "
            "another program"
        )
    return parse_stamp(text)


def parse_stamp(text: str) -> dict[str, Any]:
    """The provenance in a JSON text. Raises `ProvenanceError` where it is not of the form that this
    package writes."""
    if len(text) > MAX_STAMP:
        raise ProvenanceError("its provenance is too long to be one of this package")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise ProvenanceError(f"its description is no provenance of {PACKAGE}") from None
    if not isinstance(said, dict) or not str(said.get("package", "")).startswith(f"{PACKAGE} "):
        raise ProvenanceError(f"its description is no provenance of {PACKAGE}")
    for name in ("id", "source.name", "source.sha256", "table.file", "table.sha256"):
        _check(said, name)
    if not all(isinstance(said.get(key), dict) for key in ("options", "libraries")):
        raise ProvenanceError(
            "its provenance lacks options or libraries: it was changed, or another version wrote it"
        )
    return said


def _check(said: Mapping[str, Any], name: str) -> None:
    """Raises `ProvenanceError` where the provenance has no text under that name (KEY or KEY.INNER),
    no hash where one should stand, or a path instead of a file's name."""
    key, _, inner = name.partition(".")
    value = said.get(key)
    if inner:
        value = value.get(inner) if isinstance(value, dict) else None
    hashed = inner == "sha256"
    if not isinstance(value, str) or (hashed and not re.fullmatch("[0-9a-f]{64}", value)):
        raise ProvenanceError(f"its provenance has no {name} that can be understood")
    file = inner in ("name", "file")
    if file and (not value or Path(value).name != value or "\0" in value):
        raise ProvenanceError(
            f"its provenance names a path where a file's name should stand ({name})"
        )


def _of_png(data: bytes) -> str | None:
    import io
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
                text = picture.info.get("Description")
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise ProvenanceError(f"a PNG that can't be read: {error}") from None
    return None if text is None else str(text)


class _Enough(Exception):
    """Ends the reading of an SVG whose description has been read."""


def _of_svg(data: bytes) -> str | None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    pieces: list[str] = []
    inside = False

    def start(name: str, attributes: object) -> None:
        nonlocal inside
        inside = name == _DESCRIPTION

    def end(name: str) -> None:
        if name == _DESCRIPTION:
            raise _Enough

    def text(piece: str) -> None:
        if inside:
            pieces.append(piece)
            if sum(map(len, pieces)) > MAX_STAMP:
                raise ProvenanceError("its provenance is too long to be one of this package")

    def entity(*_: object) -> None:
        # An SVG of ours has a DOCTYPE, but declares nothing in it; entities are how small files
        # grow without end.
        raise ProvenanceError(
            "an SVG that declares entities: no figure of this package does, and it is not read"
        )

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
        start,
        end,
        text,
    )
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(data, True)
    except _Enough:
        return "".join(pieces)
    except expat.ExpatError as error:
        raise ProvenanceError(f"an SVG that can't be read: {error}") from None
    return None


def _of_pdf(data: bytes) -> str | None:
    """The Subject of the Info object that the last trailer names, as matplotlib writes it: plain
    objects, a literal string."""
    named = re.findall(rb"/Info\s+(\d{1,9})\s+(\d{1,5})\s+R", data[-2048:])
    if not named:
        return None
    begin = re.search(rb"(?<!\d)" + named[-1][0] + rb"\s+" + named[-1][1] + rb"\s+obj\b", data)
    if begin is None:
        return None
    info = data[begin.end() : begin.end() + 2 * MAX_STAMP]
    subject = re.search(rb"/Subject\s*\(", info)
    return None if subject is None else _literal(info, subject.end())


_ESCAPES = {ord("n"): 10, ord("r"): 13, ord("t"): 9, ord("b"): 8, ord("f"): 12}


def _literal(data: bytes, at: int) -> str | None:
    """The literal string of a PDF (ISO 32000-1, 7.3.4.2) whose text begins at `at`; None where it
    does not end."""
    out = bytearray()
    depth = 1
    while at < len(data):
        byte = data[at]
        at += 1
        if byte == ord("\\"):
            octal = re.compile(rb"[0-7]{1,3}").match(data, at)
            if octal:
                out.append(int(octal[0], 8) & 255)
                at = octal.end()
            else:
                escaped = data[at : at + 1]
                at += 1
                if escaped not in (b"\n", b"\r", b""):
                    out.append(_ESCAPES.get(escaped[0], escaped[0]))
            continue
        depth += (byte == ord("(")) - (byte == ord(")"))
        if not depth:
            return (
                out[2:].decode("utf-16-be", "replace")
                if out.startswith(b"\xfe\xff")
                else out.decode("latin-1")
            )
        out.append(byte)
    return None
