"""Where a file comes from: what is written into each picture and beside it, and how it is read
back.

The same keys stand everywhere: `id`, `lang`, `width` (single, double), `titled`, `source` (name,
sha256), `package`, `options`, `libraries`, `segmenter`, `font`, `table` (file, sha256). Files are
told by their names, never by their paths.
"""

import io
import json
import logging
import os
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from xiacheng_nlp.errors import ProvenanceError
from xiacheng_nlp.files import sha256_of, why_no_file

MAX_FILE = 64 * 1024 * 1024
"""Bytes of a file that is read: a figure has at most some hundred kB, a table of a long report some
MB."""
MAX_STAMP = 256 * 1024
"""Characters of a provenance: those that are written have about a thousand."""

PACKAGE = "xiacheng-nlp"
_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"
_HASH = re.compile("[0-9a-f]{64}")


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
            "table": {"file": name, "sha256": sha256_of(data)},
        }


def library_versions(names: Iterable[str]) -> dict[str, str]:
    """The installed version of each library, sorted by name; one that is not installed is told so.

    >>> library_versions(["no-such-library"])
    {'no-such-library': 'not installed'}
    """
    found = {}
    for name in sorted(set(names)):
        try:
            found[name] = _installed(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


_installed = cache(version)
"""The version of a library; one that is not installed may be later in the session."""


def as_json(said: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8, one key a line."""
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def sidecar_bytes(said: Mapping[str, Any]) -> bytes:
    """A sidecar: JSON that ends in the SHA-256 of all before it, by which one that was changed is
    known."""
    told = {key: value for key, value in said.items() if key != "sha256"}
    return as_json({**told, "sha256": sha256_of(as_json(told))})


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
    is_svg = head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in head)
    return "svg" if is_svg else None


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises `ProvenanceError` where it can't be read, is none (a folder, a
    pipe, a device) or is larger than `MAX_FILE`."""
    if os.path.isdir(path):
        raise ProvenanceError("is a folder; name the files in it")
    if why := why_no_file(path):
        raise ProvenanceError(f"is no file, but {why}, and not read")
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ProvenanceError(f"cannot be read: {reason}") from None
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
    try:
        text = {"png": _of_png, "svg": _of_svg, "pdf": _of_pdf}[form](data)
    except Exception as error:
        # A damaged file raises whatever its damage leads to, beside the errors of the readers.
        reason = " ".join(str(error).split())
        raise ProvenanceError(f"the {form.upper()} can't be read: {reason}") from None
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
        said = json.loads(text, object_pairs_hook=keys_once)
        # Halves of surrogate pairs are no text.
        as_json(said)
    except ProvenanceError:
        raise
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not str(said.get("package", "")).startswith(f"{PACKAGE} "):
        raise ProvenanceError(f"its description is no provenance of {PACKAGE}")
    for name in ("id", "source.name", "source.sha256", "table.file", "table.sha256"):
        _check(name, said)
    if not all(isinstance(said.get(key), dict) for key in ("options", "libraries")):
        raise ProvenanceError(
            "its provenance lacks options or libraries: it was changed, or another version wrote it"
        )
    return said


def keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. Raises `ProvenanceError` where it has a key twice, of which readers take
    one or the other."""
    said = dict(pairs)
    if len(said) < len(pairs):
        raise ProvenanceError("its provenance has a key twice, as none of this package has")
    return said


def _check(name: str, value: Any) -> None:
    """Raises `ProvenanceError` where nothing fit stands under a name with dots (source.sha256)."""
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, str) or (name.endswith("sha256") and not _HASH.fullmatch(value)):
        raise ProvenanceError(f"its provenance has no {name} that can be understood")
    if name in ("source.name", "table.file") and not is_name(value):
        raise ProvenanceError(
            f"its provenance names a path where a file's name should stand ({name})"
        )


def is_name(text: str) -> bool:
    """Whether the text names a file in a folder, and leads nowhere else.

    >>> is_name("下城区.txt"), is_name("../下城区.txt")  # "Xiacheng district"
    (True, False)
    """
    return bool(text) and Path(text).name == text != ".." and "\0" not in text


def _of_png(data: bytes) -> str | None:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            return picture.info.get("Description")


def _of_svg(data: bytes) -> str | None:
    from defusedxml.ElementTree import iterparse

    # An SVG of ours has a DOCTYPE, but declares nothing in it; entities, which are how small files
    # grow without end, are refused.
    for _, element in iterparse(io.BytesIO(data), forbid_dtd=False):
        if element.tag == _DESCRIPTION:
            return "".join(element.itertext())
    return None


def _of_pdf(data: bytes) -> str | None:
    """The Subject of a PDF."""
    from pypdf import PdfReader

    # What it remarks on a damaged file would else stand on standard error.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    held = PdfReader(io.BytesIO(data), strict=True).metadata
    return held.subject if held is not None else None
