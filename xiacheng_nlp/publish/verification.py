"""Verifying a saved figure or table: it is made again from the report, and what differs is told."""

import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from xiacheng_nlp import resources as bundle
from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.corpora.inventory import LIST, Inventory, data_set_of
from xiacheng_nlp.errors import CorpusError, ProvenanceError, XiachengError
from xiacheng_nlp.figures.provenance import (
    PACKAGE,
    as_json,
    form_of,
    parse_stamp,
    read_file,
    read_stamp,
    sidecar_bytes,
)
from xiacheng_nlp.figures.saving import figure_contents, file_stem
from xiacheng_nlp.files import sha256_of
from xiacheng_nlp.publish.catalogue import FIGURES, draw, drawing, provenance_of_figure
from xiacheng_nlp.publish.differences import DIFFERENCES, SHOWN, of_json, of_lines, short
from xiacheng_nlp.publish.manifest import MANIFEST, Manifest, kind_of, read_manifest
from xiacheng_nlp.publish.run import numbers_of, table_sidecar, tables_of
from xiacheng_nlp.publish.study import Choice, Study
from xiacheng_nlp.report.report import load_report
from xiacheng_nlp.text import readable

IDENTICAL = "identical bytes"
SAME_DATA = "same data, other library versions"
SAME_CONTENT = "same data, other bytes"
NOT_THE_SAME = "not the same"
NOT_VERIFIED = "not verified"

PICTURES = ("png", "svg", "pdf")
GRIDS = (".html", ".tex", ".docx")
"""Endings of the forms of a figure that is a table."""
STAMPED = (*PICTURES, "json")
"""Forms that tell of themselves what they were made from."""

T = TypeVar("T")
# A version, or a SHA-256: it takes 0.1.0+ra6c1eada, and refuses words and lines.
_VERSION = re.compile(r"\d[\w.+!-]{,40}|[0-9a-f]{64}|not installed", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying a file came to: the file, the verdict, and in what it differs or why it could
    not be verified.

    The verdict is one of `identical bytes`; `same data, other library versions` (stated are other
    versions than here, and all but these is the same); `same data, other bytes` (it shows the same,
    pixel for pixel or cell for cell, but another program saved it); `not the same`; `not verified`,
    which also holds of a picture drawn by other versions that differs from the one drawn here: what
    moved in it, and what was changed in it, can't be told apart.
    """

    file: str
    verdict: str
    details: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file shows what the report gives."""
        return self.verdict in (IDENTICAL, SAME_DATA, SAME_CONTENT)

    def __str__(self) -> str:
        said = ": ".join(filter(None, (self.file, self.verdict, "; ".join(self.details))))
        # What a file tells of itself is no line of ours, nor a colour of the terminal.
        return "".join(
            c if c.isprintable() or "\udc80" <= c <= "\udcff" else ascii(c)[1:-1] for c in said
        )


def verify(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    report: str | Path | None = None,
    *,
    year: int | None = None,
    place: str | None = None,
    source: Any = None,
    metadata: str | Path | None = None,
    keywords: str | Path | None = None,
) -> tuple[Verdict, ...]:
    """Make each figure (PDF, SVG, PNG), table (CSV) or sidecar (JSON) again and compare; one
    verdict a file, in their order.

    `report`: the file of the report; without it, the copy that a run keeps beside its manifest,
    found from the file upwards, or the Xiacheng report of 2014 where its SHA-256 is the one named.
    A picture tells in itself what it was made from; a table is traced by the sidecar beside it, or
    by the manifest above it. A figure or table under its own name has a sidecar beside it; one that
    is missing or was changed is a fault, and so is the name of another figure. Nothing is raised
    for a file: what is wrong stands in its verdict. `year` and `place`: those that the report was
    read with, as for `load_report`. `source`: that of a data set, as for `corpus`, which makes it
    again, with the `metadata` and the `keywords` that it was made with.

    Raises `CorpusError` where a source is named, and no data set that could be made of it.

    >>> [str(verdict) for verdict in verify("no-such-file.png")]
    ['no-such-file.png: not verified: cannot be read: No such file or directory']
    """
    named = [Path(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    # What is missing may have been one: its verdict tells that it is.
    if source is not None and not any(data_set_of(path) or not path.exists() for path in named):
        called = str(source) if isinstance(source, str | Path) else "what is given"
        raise CorpusError(
            f"{called}: the source of a data set, and none is named: a folder with its {LIST}; "
            "what figures and tables were made from is named as their report"
        )
    again = {"source": source, "metadata": metadata, "keywords": keywords}

    @cache
    def study_of(path: Path, name: str, choice: Choice) -> Study:
        # A copy under another name is the same report; the name that the figure was made under
        # stands in its note line.
        return Study(replace(load_report(path, year=year, place=place), name=name), choice)

    given = None if report is None else Path(report)
    return tuple(_verdict(path, given, study_of, again) for path in named)


Studies = Callable[[Path, str, Choice], Study]
"""The report of a file under a name, with what is chosen of its figures; each is read once."""


Look = Mapping[str, Any]
"""How a figure is drawn: `lang`, `width`, and whether it is `titled`."""


_Again = Mapping[str, Any]
"""What a data set is made of again: its `source`, `metadata` and `keywords`, as for `corpus`."""

_Judged = tuple[str, list[str]]
"""A verdict, and in what the file differs or why it could not be verified."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file is, and what it was made from.

    kind: figure (a picture or its sidecar), figure table, table (or its sidecar), numbers · form:
    by its bytes, else by its name · said: its provenance, as `parse_stamp` gives it.
    """

    kind: str
    form: str
    said: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id of what it shows."""
        return str(self.said["id"])

    @property
    def look(self) -> Look:
        """How the figure is drawn."""
        return {key: self.said.get(key) for key in ("lang", "width", "titled")}

    @property
    def svg(self) -> Any:
        """How its SVG holds text."""
        return self.said.get("svg", "path")

    @property
    def stem(self) -> str:
        """The name that its files share."""
        if self.kind != "figure":
            return self.id.partition(".")[0]
        return file_stem(self.id, **self.look)


def _bytes_of(origin: Origin, study: Study, *, as_stated: bool = False) -> tuple[bytes, Origin]:
    """The bytes that the file should hold, and what they say of their origin; `as_stated` those
    that it would hold if this machine had the versions that it states: all else is drawn and
    computed here."""
    version = _version_stated(origin) if as_stated else version_of_rules()
    package = {"package": f"{PACKAGE} {version}"}
    if origin.kind == "numbers":
        made = _known(origin.id, numbers_of(study, version=version))()
        return made, replace(origin, said={**origin.said, **package})
    if origin.kind == "table":
        table = _known(origin.id, tables_of(study))()
        data, said = table.data, table_sidecar(origin.id, study.report, table)
    else:
        files = _figure(origin, study, as_stated=as_stated)
        data = _of_form(files, origin.form)
        said = read_stamp(data) if origin.form in PICTURES else json.loads(_of_form(files, "json"))
    if as_stated:
        said |= package
        for key in ("libraries", "segmenter"):
            said[key] = _with_versions(said[key], origin.said.get(key))
    if origin.form == "json":
        data = sidecar_bytes(said)
    return data, replace(origin, said=said)


def _figure(origin: Origin, study: Study, *, as_stated: bool = False) -> dict[str, bytes]:
    """The files of a figure, stamped with the versions of this machine or with those stated."""
    _known(origin.id, FIGURES)
    look, made = _understood(origin), drawing(origin.id, study)
    said = provenance_of_figure(origin.id, study.report, made)
    panel = origin.said["options"].get("panel")
    if "panel" in said.options and panel not in (None, said.options["panel"]):
        raise ProvenanceError(
            f"it is drawn beside other reports (panel {short(str(panel))}) than those at hand; "
            "set XIACHENG_CORPUS to their folder or data set, or to nothing for the reference panel"
        )
    if as_stated:
        said = replace(
            said,
            version=_version_stated(origin),
            libraries=_with_versions(said.libraries, origin.said["libraries"]),
            segmenter=_with_versions(said.segmenter, origin.said.get("segmenter")),
        )
    versions = said.version, said.libraries, said.segmenter

    def files(_: Study) -> dict[str, bytes]:
        figure = draw(origin.id, made, **look)
        return figure_contents(figure, made.table, provenance=said, svg=origin.svg)

    drawn: dict[str, bytes] = study.once(repr((origin.id, look, origin.svg, versions)), files)[0]
    return drawn


def _version_stated(origin: Origin) -> str:
    stated = origin.said["package"].removeprefix(f"{PACKAGE} ")
    return str(stated) if _VERSION.fullmatch(stated) else version_of_rules()


def _with_versions(here: Any, stated: Any) -> Any:
    """What is written here, with the versions and the SHA-256 that are stated under the same
    names."""
    if isinstance(here, Mapping) and isinstance(stated, Mapping):
        return {key: _with_versions(said, stated.get(key)) for key, said in here.items()}
    return stated if here and isinstance(stated, str) and _VERSION.fullmatch(stated) else here


def _known(id: str, made: Mapping[str, T]) -> T:
    """What makes the thing of that id. Raises `ProvenanceError` where this version has none."""
    if id not in made:
        raise ProvenanceError(f"this version of the package has no {id}")
    return made[id]


def _understood(origin: Origin) -> Look:
    look = origin.look
    if origin.kind == "figure table" and look["lang"] is None:
        # Told by the manifest alone; its table is the same in every look.
        return {"lang": "zh", "width": "double", "titled": False}
    if (
        look["lang"] not in ("zh", "en")
        or look["width"] not in ("single", "double")
        or not isinstance(look["titled"], bool)
        or origin.svg not in ("path", "text")
    ):
        raise ProvenanceError(
            "its provenance has no language, width and title that can be understood"
        )
    return look


def _of_form(files: Mapping[str, bytes], form: str) -> bytes:
    return next(data for name, data in files.items() if name.endswith(f".{form}"))


def _verdict(
    path: Path,
    given: Path | None,
    study_of: Studies,
    again: _Again | None = None,
) -> Verdict:
    """The verdict on a file; with `again` it may be of a data set."""
    try:
        judged = _of_a_data_set(path, again) if again else None
        verdict, details = judged or _judge(path, read_file(path), given, study_of)
    except XiachengError as error:
        verdict, details = NOT_VERIFIED, [str(error).splitlines()[0]]
    return Verdict(file=str(path), verdict=verdict, details=tuple(details))


def _of_a_data_set(path: Path, again: _Again) -> _Judged | None:
    """The verdict on a data set, or a file of its list; None for what is none. Without its source
    it tells what was changed since, but who changes both is found by the reports alone."""
    folder = data_set_of(path)
    if folder is None:
        return None
    held, name = Inventory(folder), Path(os.path.abspath(path)).relative_to(folder).as_posix()
    is_whole = name in (".", LIST)
    if not is_whole and not held.lists(name):
        return None
    changed = held.changed() if is_whole else [name] * (not held.holds(name))
    more = f" and {len(changed) - SHOWN} more" * (len(changed) > SHOWN)
    if changed:
        return NOT_THE_SAME, [f"not as {LIST} lists them: {', '.join(changed[:SHOWN])}{more}"]
    if again["source"] is not None and not is_whole:
        return NOT_VERIFIED, [f"a data set is made again as a whole: name {held.folder} itself"]
    if again["source"] is None:
        return NOT_VERIFIED, [_AS_LISTED]
    from xiacheng_nlp.publish.remaking import of_data_set

    told = of_data_set(held.folder, **again)
    if told is None:
        return IDENTICAL, []
    if not told:
        return SAME_CONTENT, ["its files hold the same rows, packed otherwise"]
    further = [f"and {len(told) - SHOWN:,} more"] * (len(told) > SHOWN)
    return NOT_THE_SAME, [*told[:SHOWN], *further]


def _judge(path: Path, data: bytes, given: Path | None, study_of: Studies) -> _Judged:
    origin = _origin(path, data)
    name, stated = (str(origin.said["source"][key]) for key in ("name", "sha256"))
    found = _report_of(path, name, stated, given)
    held = sha256_of(read_file(found))
    if held != stated:
        return NOT_THE_SAME, [
            f"{found.name} is not the report it was made from: "
            f"SHA-256 {stated[:12]}… stated, {held[:12]}… found"
        ]
    study = study_of(found, name, Choice.of(origin.said["options"]))
    verdict, details = _compare(path, data, origin, study)
    called = readable(found.name)
    if called != name and verdict not in (NOT_THE_SAME, NOT_VERIFIED):
        details.append(f"its report is called {short(name)} there and {short(called)} here")
    name = origin.id if origin.kind == "numbers" else f"{origin.stem}.{origin.form}"
    if path.name != name:
        id = kind_of(f"figures/{path.name}")[1]
        if id in FIGURES or id in tables_of(study) or kind_of(path.name)[0]:
            return NOT_THE_SAME, [f"it is {name} under the name of another", *details]
        return verdict, [f"it is {name}", *details]
    faults = _faults_of_the_sidecar(path, origin, given, study_of)
    if not faults:
        return verdict, details
    worst = NOT_THE_SAME if NOT_THE_SAME in (verdict, *faults.values()) else NOT_VERIFIED
    return worst, [*faults, *(details or [verdict])]


def _faults_of_the_sidecar(
    path: Path, origin: Origin, given: Path | None, study_of: Studies
) -> dict[str, str]:
    """What is wrong with the sidecars that belong to a figure or a table, and the verdict that each
    fault leads to."""
    if origin.form == "json" or origin.kind == "numbers":
        return {}
    name = f"{origin.stem}.json"
    sidecars = [path.parent / name]
    if origin.kind == "figure table":
        name = f"{origin.id}-zh.json or -en.json"
        sidecars = list(_sidecars(path))
    if not any(map(Path.exists, sidecars)):
        return {f"its sidecar {name} is missing": NOT_THE_SAME}
    faults = {}
    for sidecar in sidecars:
        said = _verdict(sidecar, given, study_of)
        # By which versions it was made is no matter of a table.
        of_versions = "".join(said.details[-1:]).startswith((_NO_WITNESS, _OTHERS))
        if not said.ok and (origin.form in PICTURES or not of_versions):
            why = ": ".join((said.verdict, *said.details[:1]))
            faults[f"its sidecar {sidecar.name}: {why}"] = said.verdict
    return faults


def _origin(path: Path, data: bytes) -> Origin:
    """What the file was made from: told by itself, by the sidecar beside it, or by the manifest
    above it."""
    form = form_of(data)
    suffix = path.suffix.lower()
    beside = path.with_suffix(".json")
    if suffix in GRIDS and os.path.isfile(beside):
        # A table of a figure holds no stamp: the figure's sidecar tells of it.
        return replace(_of_json(read_file(beside)), form=suffix[1:])
    if form is not None or suffix not in (".json", ".csv", ".tex", ".xlsx"):
        return Origin("figure", form or "", read_stamp(data))
    if suffix == ".json":
        return _of_json(data)
    for sidecar in _sidecars(path):
        with suppress(XiachengError):
            said = _of_json(read_file(sidecar))
            # It tells of the table by what it says too.
            if f"{said.id}.csv" == path.name:
                kind = "table" if said.kind == "table" else "figure table"
                return replace(said, kind=kind, form="csv")
    for name, manifest in _listings(path):
        return _listed(name, manifest)
    raise ProvenanceError(
        "no sidecar beside it and no manifest above it tells what it was made from"
    )


def _of_json(data: bytes) -> Origin:
    try:
        said = parse_stamp(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ProvenanceError("is no JSON in UTF-8") from None
    return Origin("table" if said.get("kind") == "table" else "figure", "json", said)


def _sidecars(path: Path) -> Iterator[Path]:
    """The sidecars beside a table that are its own by name."""
    for sidecar in sorted(path.parent.glob("*.json")):
        if kind_of(f"figures/{sidecar.name}")[1] == path.stem:
            yield sidecar


def _listed(name: str, manifest: Manifest) -> Origin:
    kind, id = kind_of(name)
    if kind not in ("table", "figure table", "numbers"):
        raise ProvenanceError(f"is a {kind}: it is made again by a run, not alone")
    said = {
        "id": id,
        "source": manifest.said["report"],
        "package": manifest.said["package"],
        "options": {},
        "libraries": manifest.said.get("libraries"),
        "table": {"file": Path(name).name, "sha256": manifest.files[name]},
    }
    return Origin(kind, Path(name).suffix[1:], parse_stamp(json.dumps(said)))


def _manifests(path: Path) -> Iterator[tuple[Path, Manifest]]:
    """The folders above the file that hold a manifest of this package, the nearest first."""
    for folder in path.resolve().parents:
        if manifest := read_manifest(folder):
            yield folder, manifest


def _listings(path: Path) -> Iterator[tuple[str, Manifest]]:
    """The manifests that list the file, each with the name that it has there."""
    for folder, manifest in _manifests(path):
        name = path.resolve().relative_to(folder).as_posix()
        if name in manifest.files:
            yield name, manifest


def _report_of(path: Path, name: str, stated: str, given: Path | None) -> Path:
    if given is not None:
        return given
    for folder, manifest in _manifests(path):
        copy = folder / "report" / str(manifest.said["report"]["name"])
        if os.path.isfile(copy):
            return copy
    beside = path.resolve().parent / name
    if os.path.isfile(beside):
        return beside
    if stated == bundle.seed_sha256():
        return bundle.seed()
    raise ProvenanceError(
        f"the report {short(name)} (SHA-256 {stated[:12]}…) is not found; name it with --report"
    )


def _compare(path: Path, data: bytes, origin: Origin, study: Study) -> _Judged:
    """The file beside what is made here."""
    fresh, here = _bytes_of(origin, study)
    if fresh == data:
        return _identical(path, data, origin)
    moved = _versions(origin, here)
    is_dated = bool(moved) and origin.form != "csv"
    if is_dated:
        fresh, _ = _bytes_of(origin, study, as_stated=True)
    same, differ = _differences(data, fresh, origin.form) if data != fresh else ("", [])
    wrong = _stated(origin, here)
    # A workbook is changed by whoever saves it, and tells its version in a cell.
    is_of_bytes = origin.form in PICTURES or (is_dated and origin.form != "xlsx")
    changed = _recorded(data, _hashes(path)) if is_of_bytes else []
    told = wrong + differ
    if not (told or (is_dated and changed)):
        return _of_the_same(path, origin, [same] * bool(same), moved)
    if is_dated and origin.form in STAMPED and not (wrong or changed):
        return NOT_VERIFIED, [*moved, *differ, _how_to(origin)]
    return NOT_THE_SAME, [*told, *changed, *moved]


def _differences(data: bytes, fresh: bytes, form: str) -> tuple[str, list[str]]:
    """What is said of the two where they show the same, and in what they differ."""
    same, differences = DIFFERENCES.get(form, ("", of_lines))
    try:
        return same, differences(data, fresh)
    except ProvenanceError:
        raise
    except (OSError, ValueError, SyntaxError, zlib.error) as error:
        raise ProvenanceError(f"the {form.upper()} can't be read: {error}") from None


def _identical(path: Path, data: bytes, origin: Origin) -> _Judged:
    """The verdict on the very bytes. The name that a picture gives its report is not computed, but
    its sidecar knows it too."""
    changed = _recorded(data, _by_sidecar(path)) if origin.form in PICTURES else []
    return NOT_THE_SAME if changed else IDENTICAL, changed


def _of_the_same(path: Path, origin: Origin, said: list[str], moved: list[str]) -> _Judged:
    """The verdict on what shows the same, but may state other versions."""
    if moved and (origin.form, origin.kind) == ("json", "table") and not any(_hashes(path)):
        return NOT_VERIFIED, [*moved, _NO_WITNESS]
    return SAME_DATA if moved else SAME_CONTENT, [*said, *moved]


def _versions(origin: Origin, here: Origin) -> list[str]:
    """What has another version here than stated: the package, a library, the segmenter or a word
    list."""
    stated, found = (
        {"package": one.said["package"], **dict(sorted(one.said["libraries"].items()))}
        for one in (origin, here)
    )
    moved = [
        f"{name}: {short(stated[name])} stated, {version} here"
        for name, version in found.items()
        if name in stated and stated[name] != version
    ]
    if origin.form in STAMPED and origin.said.get("segmenter") != here.said.get("segmenter"):
        moved.append("segmenter or its word lists: others stated than here")
    return moved


def _stated(origin: Origin, here: Origin) -> list[str]:
    """What a picture states otherwise than computed, versions apart; a table and a sidecar are
    compared themselves."""
    if origin.form not in PICTURES:
        return []
    dated = ("package", "libraries", "segmenter")
    stated, computed = (
        as_json({key: value for key, value in one.said.items() if key not in dated})
        for one in (origin, here)
    )
    return of_json(stated, computed)


def _recorded(data: bytes, hashes: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong where the sidecar or the manifest has another SHA-256 for the file: it was
    changed after it was written."""
    held = sha256_of(data)
    return [
        f"changed since it was written: SHA-256 {short(stated[:12])}… in the {where}, "
        f"{held[:12]}… found"
        for where, stated in hashes
        if stated != held
    ]


def _hashes(path: Path) -> Iterator[tuple[str, str]]:
    """The SHA-256 that the file has in the sidecar and in the manifests, as far as they tell."""
    for name, manifest in _listings(path):
        yield MANIFEST, manifest.files[name]
    yield from _by_sidecar(path)


def _by_sidecar(path: Path) -> Iterator[tuple[str, str]]:
    with suppress(ProvenanceError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        for entry in json.loads(read_file(path.with_suffix(".json")))["files"].values():
            if entry["file"] == path.name:
                yield "sidecar", str(entry["sha256"])


_AS_LISTED = (
    f"as {LIST} lists it; what the reports say it does not tell: name their folder with --source, "
    "and the data set is made again from them"
)
_OTHERS = "made by other versions, so that it can't be told whether it was changed"
_NO_WITNESS = "no manifest says that another version made it; verify it in the folder of its run"


def _how_to(origin: Origin) -> str:
    """What to do about a picture that other versions drew."""
    named = [
        f"{name}=={version}"
        for name, version in origin.said["libraries"].items()
        if name != "python" and re.fullmatch(r"[\w.-]+", name) and _VERSION.fullmatch(str(version))
    ]
    python = str(origin.said["libraries"].get("python", ""))
    with_python = f" with Python {python}" if _VERSION.fullmatch(python) else ""
    return (
        f"{_OTHERS}; to tell it, make an environment{with_python} (python -m venv), install there "
        f"the version of {PACKAGE} that is stated (tools/find_version.py of its repository tells "
        f"the commit), then pip install {' '.join(named)}, and verify "
        "it there; or make it anew here"
    )
