"""Verifying: what was written is found identical, and each kind of change is told apart and
named."""

import csv
import io
import json
import os
import re
import shutil
import signal
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from saved import save

import xiacheng_nlp as xc
from tests.shared import contents, with_pipes
from xiacheng_nlp import resources as bundle
from xiacheng_nlp._version import version_of_rules
from xiacheng_nlp.cli import main
from xiacheng_nlp.corpora.inventory import LIST
from xiacheng_nlp.errors import ProvenanceError
from xiacheng_nlp.figures.provenance import as_json, read_stamp, sidecar_bytes
from xiacheng_nlp.figures.saving import save_figure
from xiacheng_nlp.publish import catalogue
from xiacheng_nlp.publish.differences import of_csv, of_json, of_rows, of_xlsx
from xiacheng_nlp.publish.manifest import MANIFEST, manifest_bytes
from xiacheng_nlp.publish.run import numbers_of, table_sidecar, tables_of
from xiacheng_nlp.publish.saved_workbooks import told_beside
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.publish.verification import (
    IDENTICAL,
    NOT_THE_SAME,
    NOT_VERIFIED,
    SAME_CONTENT,
    SAME_DATA,
    Verdict,
    verify,
)
from xiacheng_nlp.report.report import load_report

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick_pdfs")]

TEXT = """某县政府工作报告
各位代表：
现在，我代表某县人民政府，向大会报告工作，请予审议。
一、2021年工作回顾
全年完成固定资产投资87.9亿元，同比增长8.1%，居全市第一位。实现社会消费品零售总额42亿元，同比增长9.6%，居全市第3位。
二、2022年工作安排
今年预期目标是：固定资产投资增长9%，社会消费品零售总额增长8.5%左右。
"""


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
STYLES, RELATED = "xl/styles.xml", "xl/_rels/workbook.xml.rels"
INK, NO_FILL = '<color theme="1"/>', '<patternFill patternType="none"/>'


def parts_of(workbook: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as held:
        return {name: held.read(name).decode() for name in held.namelist()}


def zipped(parts: Iterable[tuple[str, str]]) -> bytes:
    """A workbook of these parts, which may have one name twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as held, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, part in parts:
            held.writestr(name, part)
    return stream.getvalue()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a run leaves it, with one figure and two tables."""
    folder = tmp_path_factory.mktemp("output")
    (folder / "report").mkdir()
    (folder / "report" / "county.txt").write_text(TEXT, encoding="utf-8")
    report = load_report(folder / "report" / "county.txt")
    study = Study(report)
    save("fig-ranks", study, folder / "figures", langs=("zh", "en"))
    (folder / "tables").mkdir()
    for name in ("observations", "ranks"):
        made = tables_of(study)[name]()
        (folder / "tables" / f"{name}.csv").write_bytes(made.data)
        said = sidecar_bytes(table_sidecar(name, report, made))
        (folder / "tables" / f"{name}.json").write_bytes(said)
    for name, make in numbers_of(study).items():
        (folder / name).write_bytes(make())
    (folder / MANIFEST).write_bytes(manifest_bytes(report, ("zh", "en"), contents(folder)))
    return folder


@pytest.fixture(scope="module")
def county(written: Path) -> Path:
    return written / "report" / "county.txt"


@pytest.fixture(scope="module")
def study(county: Path) -> Study:
    return Study(load_report(county))


@pytest.fixture
def output(written: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be changed."""
    return shutil.copytree(written, tmp_path / "output")


def one(path: Path, report: Path | None = None) -> Verdict:
    (verdict,) = verify(path, report)
    return verdict


def test_a_data_set_says_what_its_list_tells_and_what_it_does_not(
    county: Path, tmp_path: Path
) -> None:
    data, again = tmp_path / "data", tmp_path / "again"
    for folder in (data, again):
        xc.corpus([county], folder, workers=0, terms=False)
    path = next((data / "observations").iterdir())
    named = [data, path, data / LIST, data / "failures.csv"]
    for verdict in xc.verify(named):
        assert verdict.verdict == NOT_VERIFIED
        assert verdict.details[0].startswith("as data-set.sha256 lists it; what the reports say")
    old = sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_bytes()[:-1] + b"2")
    inner = f"observations/{path.name}"
    told = (NOT_THE_SAME, (f"not as data-set.sha256 lists them: {inner}",))
    verdicts = xc.verify(named)
    assert [(each.verdict, each.details) for each in verdicts[:3]] == [told] * 3
    assert verdicts[3].verdict == NOT_VERIFIED
    # Who changes both is found by the reports.
    new, listed = sha256(path.read_bytes()).hexdigest(), (data / LIST).read_text(encoding="utf-8")
    (data / LIST).write_text(listed.replace(old, new), encoding="utf-8")
    assert xc.verify(data)[0].verdict == NOT_VERIFIED
    assert (again / LIST).read_text(encoding="utf-8") == listed
    # What no path holds, and a figure in its folder, are none of its files.
    assert xc.verify("a\0b")[0].verdict == NOT_VERIFIED
    for name in ("figure.png", "keywords.csv"):
        assert xc.verify(data / name)[0].details[0].startswith("cannot be read: No such file")
        (data / name).write_bytes(b"a,b")
        assert xc.verify(data / name)[0].details[0].startswith(("not a PNG", "no sidecar"))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("643", "'643' stated, 643 computed"),
        ("六 四", "'六 四' stated, '六  四' computed"),
        ("甲" * 70 + "乙", f"'{'甲' * 20}乙' stated, '{'甲' * 20}' computed"),
    ],
)
def test_what_differs_where_two_cells_look_alike_is_told(found: str, told: str) -> None:
    computed: dict[str, Any] = {"643": 643, "六 四": "六  四"}
    rows = [["a"], [found]], [["a"], [computed.get(found, "甲" * 70)]]
    assert of_rows(*rows) == [f"row 1, column a: {told}"]


def forge(folder: Path, table: str, column: str, value: object) -> None:
    """Change the first cell of a column, and its file's line in the list."""
    (path,) = (folder / table).iterdir()
    rows = pq.ParquetFile(path).read()
    cells = [value, *rows[column].to_pylist()[1:]]
    place = rows.schema.get_field_index(column)
    changed = pa.array(cells, type=rows.schema.field(place).type)
    relist(folder, path, rows.set_column(place, column, changed))


def relist(folder: Path, path: Path, rows: pa.Table, **options: Any) -> None:
    """Write a file of the data set anew, and its line in the list."""
    old = sha256(path.read_bytes()).hexdigest()
    pq.write_table(rows, path, **options)
    new, listed = sha256(path.read_bytes()).hexdigest(), (folder / LIST).read_text(encoding="utf-8")
    (folder / LIST).write_text(listed.replace(old, new), encoding="utf-8")


def test_a_data_set_is_made_again_from_its_source(county: Path, tmp_path: Path) -> None:
    data, about = tmp_path / "data", tmp_path / "about.csv"
    about.write_text("file,level\ncounty.txt,市\n", encoding="utf-8")
    source = county.parent
    xc.corpus(source, data, workers=0, terms=False, metadata=about)
    (verdict,) = xc.verify(data, source=source, metadata=about)
    assert (verdict.verdict, verdict.details) == (IDENTICAL, ())
    (verdict,) = xc.verify(data, source=source)
    assert verdict.verdict == NOT_VERIFIED
    assert verdict.details[0].startswith("the place, level, year or source of county.txt is not ")
    forge(data, "observations", "value", Decimal("99"))
    (verdict,) = xc.verify(data, source=source, metadata=about)
    told = 'observations of county.txt: row 1, column value: "99.0000000000" stated, '
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details == (f'{told}"87.9000000000" computed',)
    assert xc.verify(data)[0].verdict == NOT_VERIFIED


def test_a_data_set_that_grew_or_counts_a_dictionary_is_not_called_another(
    county: Path, tmp_path: Path
) -> None:
    source, data, counted = tmp_path / "source", tmp_path / "data", tmp_path / "counted"
    source.mkdir()
    for name in ("b.txt", "a.txt"):
        # The report with a line more each time: its files are listed in the order of the runs.
        text = county.read_text(encoding="utf-8") + f"{name}\n"
        (source / name).write_text(text, encoding="utf-8")
        xc.corpus(source, data, workers=0, terms=False)
    (verdict,) = xc.verify(data, source=source)
    assert (verdict.verdict, verdict.details) == (IDENTICAL, ())
    (tmp_path / "words.yml").write_text("民生: [就业]\n", encoding="utf-8")
    xc.corpus(source, counted, workers=0, keywords=tmp_path / "words.yml")
    (verdict,) = xc.verify(counted, source=source)
    assert verdict.verdict == NOT_VERIFIED
    assert verdict.details[0].startswith("all but keywords.csv is as the reports give it; ")
    words = tmp_path / "words.yml"
    (verdict,) = xc.verify(counted, source=source, keywords=words)
    assert (verdict.verdict, verdict.details) == (IDENTICAL, ())
    words.write_text("民生: [投资]\n", encoding="utf-8")
    (verdict,) = xc.verify(counted, source=source, keywords=words)
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details[0].startswith("keywords.csv: row 1, column strings: 0 stated, ")


def test_a_data_set_is_made_again_with_the_options_that_it_was_made_with(tmp_path: Path) -> None:
    source, data = tmp_path / "reports.csv", tmp_path / "data"
    rows = [["doc", "short", "when", "other"], [TEXT, TEXT[:50], "2019", "2022"]]
    with source.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    columns = {"text": "doc", "year": "when"}
    limits: dict[str, Any] = {"seconds": np.int64(77), "memory": np.int64(2000)}
    xc.corpus(source, data, workers=1, terms=False, columns=columns, **limits)
    (verdict,) = xc.verify(data, source=source)
    assert (verdict.verdict, verdict.details) == (IDENTICAL, ())
    listed = (data / LIST).read_text(encoding="utf-8")
    told = listed.split("\n")[1]
    assert (
        told == f'# made with {{"columns": {json.dumps(columns)}, "memory": 2000, "seconds": 77.0}}'
    )
    (data / LIST).write_text(listed.replace('"when"', '"other"'), encoding="utf-8")
    (verdict,) = xc.verify(data, source=source)
    assert verdict.verdict == NOT_VERIFIED
    assert verdict.details[0].startswith("the place, level, year or source of reports.csv#row-1 is")
    for said in ("", "# made with 1\n", f"{told.replace('2000', '1e999')}\n", f"{told}\n{told}\n"):
        (data / LIST).write_text(listed.replace(f"{told}\n", said), encoding="utf-8")
        (verdict,) = xc.verify(data, source=source)
        assert verdict.verdict == NOT_VERIFIED
        assert verdict.details[0].startswith("its data-set.sha256 does not tell the options (colum")
    for most in ("301.0", "NaN"):
        (data / LIST).write_text(listed.replace("77.0", most), encoding="utf-8")
        (verdict,) = xc.verify(data, source=source)
        assert verdict.verdict == NOT_VERIFIED
        assert "seconds" in verdict.details[0]


def test_a_source_without_a_data_set_is_told(
    output: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = str(output / "figures" / "fig-ranks-zh.png")
    assert main(["verify", picture, str(output), "--source", str(output / "report")]) == 1
    told = capsys.readouterr()
    assert "report: the source of a data set, and none is named: " in told.err
    assert not told.out
    missing = tmp_path / "data"
    assert main(["verify", str(missing), "--source", str(output / "report")]) == 1
    assert f"{missing}: not verified: cannot be read: No such file" in capsys.readouterr().out


def test_a_data_set_that_another_library_packed_is_the_same_data(
    county: Path, tmp_path: Path
) -> None:
    xc.corpus(county, tmp_path, workers=0, terms=False)
    (path,) = (tmp_path / "observations").iterdir()
    rows = pq.ParquetFile(path).read()
    relist(tmp_path, path, rows, compression="NONE")
    (verdict,) = verify(tmp_path, source=county)
    assert verdict.verdict == SAME_CONTENT
    assert verdict.details == ("its files hold the same rows, packed otherwise",)
    told = "its list or its files are others, with the same rows in them"
    listed = (tmp_path / LIST).read_bytes()
    (tmp_path / LIST).write_bytes(listed + b"0" * 64 + b"  ../other.csv\n")
    assert verify(tmp_path, source=county)[0].details == (told,)
    # A text in a column of dates or decimals is another thing that looks alike.
    place = rows.schema.get_field_index("value")
    relist(tmp_path, path, rows.set_column(place, "value", rows["value"].cast(pa.string())))
    (verdict,) = verify(tmp_path, source=county)
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details == (told,)


def test_all_that_differs_in_a_data_set_is_counted(county: Path, tmp_path: Path) -> None:
    xc.corpus(county, tmp_path, workers=0, terms=False)
    (path,) = (tmp_path / "observations").iterdir()
    rows = pq.ParquetFile(path).read()
    place = rows.schema.get_field_index("text")
    relist(tmp_path, path, rows.set_column(place, "text", [["x"] * rows.num_rows]))
    (verdict,) = verify(tmp_path, source=county)
    assert verdict.verdict == NOT_THE_SAME
    assert re.fullmatch(r"and \d+ more", verdict.details[-1])
    (verdict,) = verify(path, source=county)
    assert verdict.details == (f"a data set is made again as a whole: name {tmp_path} itself",)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("package", "xiacheng-nlp 0.0.9", "xiacheng-nlp 0.0.9 made it, and this is xiacheng-nlp "),
        ("options", "{}", "its table reports does not tell one version and one set of options"),
    ],
)
def test_a_data_set_that_can_not_be_made_again_is_not_verified(
    column: str, value: str, told: str, county: Path, tmp_path: Path
) -> None:
    xc.corpus([county], tmp_path, workers=0, terms=False)
    forge(tmp_path, "reports", column, value)
    (verdict,) = xc.verify(tmp_path, source=county)
    assert verdict.verdict == NOT_VERIFIED
    assert verdict.details[0].startswith(told)


def test_what_was_written_is_identical(written: Path) -> None:
    files = [
        p
        for p in sorted(written.rglob("*"))
        if p.is_file() and p.parent.name != "report" and p.name != MANIFEST
    ]
    assert len(files) == 7 * 2 + 1 + 4 + 2
    verdicts = xc.verify(files)
    assert [(v.file, v.verdict, v.details) for v in verdicts] == [
        (str(p), IDENTICAL, ()) for p in files
    ]


def with_pixel(path: Path, at: tuple[int, int], **changes: object) -> None:
    """Change one pixel and keep the text, or change what the text states."""
    picture = Image.open(io.BytesIO(path.read_bytes()))
    said = {**json.loads(picture.info["Description"]), **changes}
    text = PngImagePlugin.PngInfo()
    text.add_text("Title", picture.info["Title"])
    text.add_text("Description", json.dumps(said, ensure_ascii=False))
    pixels = np.array(picture.convert("RGBA"))
    if at != (-1, -1):
        pixels[at[1], at[0], 0] ^= 1
    Image.fromarray(pixels).save(path, pnginfo=text)


def test_a_changed_pixel_is_found_and_placed(output: Path) -> None:
    path = output / "figures" / "fig-ranks-zh.png"
    with_pixel(path, (31, 17))
    verdict = one(path)
    assert verdict.verdict == NOT_THE_SAME
    width, height = Image.open(io.BytesIO(path.read_bytes())).size
    assert (
        verdict.details[0]
        == f"1 of {width * height:,} pixels differ, within x 31–31, y 17–17 from the upper left"
    )
    assert verdict.details[1].startswith("changed since it was written: SHA-256")


def test_the_same_pixels_packed_anew_are_the_same_data(output: Path) -> None:
    path = output / "figures" / "fig-ranks-zh.png"
    with_pixel(path, (-1, -1))
    assert (one(path).verdict, one(path).details) == (SAME_CONTENT, ("the pixels are equal",))


def as_of(versions: dict[str, str], study: Study, folder: Path) -> None:
    """The figure as a machine with other versions stamps it, drawn no otherwise."""
    made = catalogue.drawing("fig-ranks", study)
    said = catalogue.provenance_of_figure("fig-ranks", study.report, made)
    older = replace(said, version="0.0.9", libraries={**said.libraries, **versions})
    drawn = catalogue.draw("fig-ranks", made)
    save_figure(drawn, made.table, folder, id="fig-ranks", lang="zh", provenance=older)


def test_other_versions_that_draw_the_same_are_named(
    county: Path, study: Study, tmp_path: Path
) -> None:
    as_of({"matplotlib": "3.0.0"}, study, tmp_path)
    verdicts = verify(sorted(tmp_path.iterdir()), county)
    assert [v.verdict for v in verdicts] == ([IDENTICAL] * 2 + [SAME_DATA] * 4 + [IDENTICAL] * 2)
    version = version_of_rules()
    assert verdicts[2].details[:2] == (
        f"package: xiacheng-nlp 0.0.9 stated, xiacheng-nlp {version} here",
        f"matplotlib: 3.0.0 stated, {catalogue.libraries()['matplotlib']} here",
    )


@pytest.mark.parametrize("form", ["png", "svg", "pdf", "json"])
@pytest.mark.parametrize(
    "changes", [{"libraries": {"matplotlib": "3.10.0"}}, {"package": "xiacheng-nlp 0.0.9"}]
)
def test_a_forged_picture_is_not_passed_for_one_of_other_versions(
    form: str, changes: dict[str, Any], county: Path, study: Study, tmp_path: Path
) -> None:
    """All red, or of one pixel, or without a page; and the sidecar changed along with it."""
    versions = changes.get("libraries", {})
    as_of(versions, study, tmp_path)
    path = tmp_path / f"fig-ranks-zh.{form}"
    if form == "svg":
        data = path.read_bytes()
        path.write_bytes(data.replace(b"</svg>", b'<rect width="500" height="500"/></svg>'))
    elif form == "png":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("Description", json.dumps(read_stamp(path.read_bytes())))
        Image.new("RGB", (10, 10), "red").save(path, pnginfo=text)
    elif form == "pdf":
        writer = PdfWriter()
        writer.add_metadata({"/Subject": json.dumps(read_stamp(path.read_bytes()))})
        writer.write(path)
    sidecar = tmp_path / "fig-ranks-zh.json"
    said = json.loads(sidecar.read_bytes())
    if form == "json":
        said["font"]["name"] = "Comic Sans"
    else:
        said["files"][form]["sha256"] = sha256(path.read_bytes()).hexdigest()
    sidecar.write_bytes(as_json(said))
    verdict = one(path, county)
    assert not verdict.ok
    assert "made by other versions" in str(verdict)
    assert f"pip install {'matplotlib=='}" in str(verdict)


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def second_frame(png: bytes) -> bytes:
    """An animation whose second frame is red."""
    stream = io.BytesIO()
    first = Image.open(io.BytesIO(png))
    red = Image.new(first.mode, first.size, "red")
    first.save(stream, "PNG", save_all=True, append_images=[red])
    return stream.getvalue()


FORGED: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a text": ("png", lambda png: png[:-12] + chunk(b"tEXt", b"Comment\0checked") + png[-12:]),
    "a second text": ("png", lambda png: png[:33] + chunk(b"tEXt", b"Title\0a") + png[33:]),
    "a frame": ("png", second_frame),
    "bytes behind the end": ("png", lambda png: png + b"PK\x03\x04"),
    "bytes behind the pixels": ("png", lambda png: png[:-12] + chunk(b"IDAT", b"a") + png[-12:]),
    "a script": ("svg", lambda svg: svg.replace(b"</svg>", b"<script>a()</script></svg>")),
    "a comment": ("svg", lambda svg: svg + b"<!-- 1 -->"),
    "an object": ("pdf", lambda pdf: pdf + b"9 0 obj\n<<>>\nendobj\n"),
    "a key": ("json", lambda said: said.replace(b'"id"', b'"checked": true,\n "id"', 1)),
    "an inner key": ("json", lambda said: said.replace(b'"table": {', b'"table": {"a": 1,', 1)),
    "a key again": ("json", lambda said: said.replace(b'"lang"', b'"lang": "en", "lang"', 1)),
    "no title": ("json", lambda said: re.sub(rb'"title": .*\n', b"", said)),
    "no numpy": ("json", lambda said: re.sub(rb'"numpy": .*\n', b"", said)),
    "another numpy": ("json", lambda said: re.sub(rb'"numpy": .*"', b'"numpy": "9"', said)),
    "a library": ("json", lambda said: said.replace(b'"numpy"', b'"julia": "1", "numpy"', 1)),
    "words for a version": (
        "json",
        lambda said: re.sub(rb'"python": .*"', b'"python": "a b"', said),
    ),
    "half a character": ("json", lambda said: re.sub(rb'"name": "c', rb'"name": "\\ud800', said)),
    "true for 1": ("json", lambda said: said.replace(b'"titled": false', b'"titled": 0')),
}


def test_what_is_added_to_a_file_or_taken_out_is_seen(
    written: Path, county: Path, study: Study, tmp_path: Path
) -> None:
    as_of({"matplotlib": "3.0.0"}, study, tmp_path / "older")
    forged = []
    for source in (written / "figures", tmp_path / "older"):
        for what, (form, change) in FORGED.items():
            folder = shutil.copytree(source, tmp_path / f"{source.name} {what}")
            path = folder / f"fig-ranks-zh.{form}"
            data = path.read_bytes()
            path.write_bytes(change(data))
            assert path.read_bytes() != data
            forged.append(path)
    assert [verdict.file for verdict in verify(forged, county) if verdict.ok] == []


def test_a_version_that_is_not_the_one_of_the_manifest_is_a_fault(output: Path) -> None:
    path = output / "tables" / "ranks.json"
    forged = path.read_bytes().replace(b'"pandas": "', b'"pandas": "9.')
    path.write_bytes(sidecar_bytes(json.loads(forged)))
    verdicts = verify([path, path.with_suffix(".csv")])
    assert {v.verdict for v in verdicts} == {NOT_THE_SAME}
    assert all("changed since it was written" in v.details[0] for v in verdicts)


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_picture_without_its_sidecar_is_a_fault(form: str, output: Path) -> None:
    (output / "figures" / "fig-ranks-zh.json").unlink()
    verdict = one(output / "figures" / f"fig-ranks-zh.{form}")
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details == ("its sidecar fig-ranks-zh.json is missing", IDENTICAL)


@pytest.mark.parametrize(
    ("path", "sidecar"),
    [
        ("figures/fig-ranks-zh.pdf", "figures/fig-ranks-zh.json"),
        ("tables/ranks.csv", "tables/ranks.json"),
    ],
)
def test_a_sidecar_that_was_changed_is_a_fault_of_what_it_belongs_to(
    path: str, sidecar: str, output: Path
) -> None:
    said = json.loads((output / sidecar).read_bytes())
    (output / sidecar).write_bytes(as_json({**said, "libraries": {}, "files": 5}))
    verdict = one(output / path)
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details[0].startswith(f"its sidecar {Path(sidecar).name}: not the same: ")


@pytest.mark.parametrize("path", ["figures/fig-ranks.csv", "tables/ranks.csv"])
def test_a_sidecar_that_can_not_be_read_is_a_fault_of_its_table(path: str, output: Path) -> None:
    table = output / path
    sidecar = next(table.parent.glob(f"{table.stem}*.json"))
    said = json.loads(sidecar.read_bytes())
    sidecar.write_bytes(as_json({**said, "table": "x", "source": None}))
    assert not one(table).ok
    assert one(table).details[0].startswith(f"its sidecar {sidecar.name}: ")


def test_a_picture_under_the_name_of_another_is_not_the_same(output: Path) -> None:
    figures = output / "figures"
    others = ("fig-growth-rates-zh", "fig-ranks-en", "audit")
    for form in ("png", "svg", "pdf", "json"):
        for name in (*others, "picture-3"):
            shutil.copy(figures / f"fig-ranks-zh.{form}", figures / f"{name}.{form}")
        *wrong, own = verify([figures / f"{name}.{form}" for name in (*others, "picture-3")])
        assert {v.verdict for v in wrong} == {NOT_THE_SAME}
        assert {v.details[0] for v in wrong} == {
            f"it is fig-ranks-zh.{form} under the name of another"
        }
        assert (own.verdict, own.details) == (IDENTICAL, (f"it is fig-ranks-zh.{form}",))


def test_a_picture_is_no_table(output: Path) -> None:
    for name in ("numbers.tex", "tables/ranks.csv", "claims.csv"):
        shutil.copy(output / "figures" / "fig-ranks-zh.png", output / name)
        assert one(output / name).verdict == NOT_THE_SAME


def test_a_table_is_not_what_a_sidecar_of_another_says(output: Path) -> None:
    figures = output / "figures"
    shutil.copy(output / "tables" / "observations.csv", figures / "fig-ranks.csv")
    said = json.loads((output / "tables" / "observations.json").read_bytes())
    said["table"]["file"] = "fig-ranks.csv"
    (figures / "fig-ranks-aa.json").write_bytes(as_json(said))
    assert one(figures / "fig-ranks.csv").verdict == NOT_THE_SAME


def test_a_verdict_is_one_line_whatever_a_file_says(output: Path) -> None:
    path = output / "figures" / "fig-ranks-zh.png"
    forged = "1\noutput/figures/fig-ranks-zh.png: identical bytes\x1b[32m"
    with_pixel(path, (3, 4), options={"a": forged, forged: "b"}, package=f"xiacheng-nlp {forged}")
    (line,) = str(one(path)).splitlines()
    assert "\x1b" not in line
    renamed = path.rename(path.with_name("a\nb.png"))
    assert str(one(renamed)).count("\n") == 0


@pytest.mark.parametrize("kind", ["numbers", "figure table", 5, None, ["table"]])
def test_a_sidecar_of_an_unknown_kind_raises_nothing(kind: object, output: Path) -> None:
    path = output / "tables" / "ranks.json"
    path.write_bytes(as_json({**json.loads(path.read_bytes()), "kind": kind}))
    assert not one(path).ok


@pytest.mark.parametrize("length", [251, 256, 100_000])
@pytest.mark.parametrize("is_named", [True, False])
def test_a_name_too_long_for_the_system_is_a_verdict(
    length: int, is_named: bool, output: Path
) -> None:
    path = output / "figures" / "fig-ranks-zh.json"
    said = json.loads(path.read_bytes())
    said["source"]["name"] = "x" * length
    path.write_bytes(as_json(said))
    report = output / "report" / "county.txt"
    if not is_named:
        report = report.rename(output / "county.txt")
    (verdict,) = verify(path, report if is_named else None)
    assert not verdict.ok
    assert len(str(verdict)) < 1000


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """What still waits then fails."""

    def late(*_: object) -> None:
        pytest.fail(f"waits for more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@with_pipes
@pytest.mark.parametrize(
    ("pipe", "asked"),
    [
        ("figures/a.json", "figures/fig-ranks-zh.png"),
        ("figures/fig-ranks-aa.json", "figures/fig-ranks.csv"),
        ("figures/fig-ranks-zh.json", "figures/fig-ranks-zh.png"),
        ("manifest.json", "figures/fig-ranks-zh.png"),
        ("report/county.txt", "figures/fig-ranks-zh.png"),
        ("figures/x.png", "figures/x.png"),
    ],
)
def test_a_pipe_is_not_waited_for(
    pipe: str, asked: str, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (output / pipe).unlink(missing_ok=True)
    os.mkfifo(output / pipe)
    picture = output / "figures" / "fig-ranks-zh.png"
    with_pixel(picture, (3, 4))
    with within(60):
        assert main(["verify", str(output / asked)]) in (0, 1)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_a_changed_vector_picture_is_found(form: str, output: Path) -> None:
    path = output / "figures" / f"fig-ranks-zh.{form}"
    old, new = (
        (b"fill: #ffffff", b"fill: #fffffe")
        if form == "svg"
        else (b"/MediaBox [ 0 0 4", b"/MediaBox [ 0 0 5")
    )
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    verdict = one(path)
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details[0].startswith("differs from line ")


@pytest.mark.parametrize("name", ["figures/fig-ranks.csv", "tables/ranks.csv"])
def test_a_changed_number_is_found_with_its_row_and_column(name: str, output: Path) -> None:
    path = output / name
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    place = rows[0].index("rank")
    rows[2][place] = "2"
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")
    assert str(one(path)) == f"{path}: not the same: row 2, column rank: 2 stated, 3 computed"


def test_a_table_without_sidecar_is_traced_by_the_manifest(output: Path) -> None:
    (output / "tables" / "ranks.json").unlink()
    path = output / "tables" / "ranks.csv"
    assert one(path).details == ("its sidecar ranks.json is missing", IDENTICAL)
    path.write_text(path.read_text(encoding="utf-8").replace("全市", "全省", 1), encoding="utf-8")
    assert one(path).details[1:] == ("row 1, column among: 全省 stated, 全市 computed",)


def test_a_changed_workbook_is_told_with_sheet_and_cell(output: Path) -> None:
    path = output / "numbers.xlsx"
    book = openpyxl.load_workbook(path)
    cell = book["observations"]["F3"]
    cell.value, old = 99, cell.value
    book.save(path)
    verdict = one(path)
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details[0] == f"sheet observations, cell F3: 99 stated, {old} computed"


def test_cells_far_to_the_right_do_not_fill_the_memory(output: Path) -> None:
    """Each has sixteen thousand empty ones before it."""
    path = output / "numbers.xlsx"
    far = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(900, 1600))
    parts = parts_of(path.read_bytes())
    parts[SHEET] = parts[SHEET].replace("</sheetData>", f"{far}</sheetData>")
    path.write_bytes(zipped(parts.items()))
    assert (one(path).verdict, one(path).details) == (
        NOT_VERIFIED,
        ("a workbook that can't be read: more than 10,000,000 cells",),
    )


def test_rows_that_were_sorted_are_told_as_such(output: Path) -> None:
    path = output / "numbers.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["observations"]
    for number, row in enumerate(sorted([*sheet.values][1:], key=str), start=2):
        for place, value in enumerate(row, start=1):
            sheet.cell(number, place).value = value
    book.save(path)
    assert one(path).verdict == NOT_THE_SAME
    told = "sheet observations: its rows stand in another order than computed"
    assert one(path).details == (told,)
    path = output / "tables" / "ranks.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(head + "".join(reversed(rows)), encoding="utf-8")
    assert one(path).details[-1] == "the rows stand in another order than computed"


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: setattr(cell, "number_format", '0"亿"'),
        lambda cell: setattr(cell, "font", Font(color="FFFFFFFF")),
        lambda cell: setattr(cell, "fill", PatternFill("solid", fgColor="FFFFC7CE")),
        lambda cell: setattr(cell, "border", Border(diagonal=Side("thin"), diagonalUp=True)),
        lambda cell: setattr(cell, "alignment", Alignment(indent=250)),
    ],
)
@pytest.mark.parametrize("place", ["A1", "B2", "F3"])
def test_a_cell_that_looks_otherwise_is_told_with_sheet_and_cell(
    place: str, change: Callable[[Any], None], output: Path
) -> None:
    path = output / "numbers.xlsx"
    book = openpyxl.load_workbook(path)
    change(book["observations"][place])
    book.save(path)
    told = f"sheet observations, cell {place}: looks otherwise than the cells like it"
    assert (one(path).verdict, one(path).details) == (NOT_THE_SAME, (told,))


def test_a_part_more_in_a_workbook_is_told(output: Path) -> None:
    path = output / "numbers.xlsx"
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"")
    told = "its cells are equal, these parts are not: xl/vbaProject.bin"
    assert (one(path).verdict, one(path).details) == (NOT_THE_SAME, (told,))


SAVED_ANEW = "its cells hold what the report gives, but another program wrote the workbook anew"


@pytest.mark.parametrize(
    "change",
    [
        lambda book, sheet: setattr(sheet["B2"], "comment", Comment("643.57", "x")),
        lambda book, sheet: setattr(sheet.oddHeader.center, "text", "643.57"),
        lambda book, sheet: setattr(sheet["B2"], "hyperlink", "https://example.org"),
        lambda book, sheet: setattr(sheet.row_dimensions[2], "hidden", True),
        lambda book, sheet: setattr(sheet, "sheet_state", "hidden"),
        lambda book, sheet: book.defined_names.add(DefinedName("gdp", attr_text="643.57")),
    ],
)
def test_what_stands_beside_the_cells_of_a_workbook_saved_again_is_not_verified(
    change: Callable[[openpyxl.Workbook, Any], None], output: Path
) -> None:
    path = output / "numbers.xlsx"
    book = openpyxl.load_workbook(path)
    change(book, book["observations"])
    book.save(path)
    verdict = one(path)
    assert verdict.verdict == NOT_VERIFIED
    assert verdict.details[0].startswith(SAVED_ANEW)


@pytest.fixture(scope="module")
def workbook(written: Path) -> bytes:
    return (written / "numbers.xlsx").read_bytes()


def with_other_numbers(name: str, part: str) -> str:
    """The part with its looks under other numbers, as each program counts them in its own way."""
    if name == STYLES:
        return re.sub(r"(<cellXfs[^>]*>)(<xf [^>]*>)", r"\1\2\2", part)
    if name.startswith("xl/worksheets/"):
        return re.sub(r' s="(\d+)"', lambda told: f' s="{int(told[1]) + 1}"', part)
    return part


def test_looks_in_another_order_are_no_other_looks(workbook: bytes) -> None:
    parts = parts_of(workbook).items()
    other = zipped((name, with_other_numbers(name, part)) for name, part in parts)
    assert other != workbook
    assert of_xlsx(other, workbook) == []


SAVED = "its sheets hold the same values in the same order; another program saved it"


def test_a_workbook_that_another_program_saved_is_the_same_data(output: Path) -> None:
    path = output / "numbers.xlsx"
    openpyxl.load_workbook(path).save(path)
    assert (one(path).verdict, one(path).details) == (SAME_CONTENT, (SAVED,))


def as_calc(workbook: bytes) -> bytes:
    """The workbook as LibreOffice would say it: texts within the cells, looks under other numbers,
    every switch named, the parts in another order."""
    parts = parts_of(workbook)
    texts = re.findall("<si><t[^>]*>(.*?)</t></si>", parts["xl/sharedStrings.xml"], re.DOTALL)

    def said(name: str) -> str:
        part = with_other_numbers(name, parts[name])
        if name == STYLES:
            part = part.replace(INK, '<color rgb="FF000000"/>')
            return part.replace("<b/>", '<b val="true"/>')
        if not name.startswith("xl/worksheets/"):
            return part
        part = re.sub(r't="s"><v>(\d+)', lambda told: f't="str"><v>{texts[int(told[1])]}', part)
        part = re.sub(r"(<row [^>]*)>", r'\1 hidden="false" ht="12.8" collapsed="false">', part)
        return part.replace("<sheetView ", '<sheetView view="normal" showZeros="true" ')

    return zipped((name, said(name)) for name in sorted(parts))


def test_values_are_the_same_in_the_words_of_another_program(workbook: bytes) -> None:
    assert of_xlsx(as_calc(workbook), workbook) == []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, 'hidden="false"', 'hidden="true"'),
        (SHEET, 'ht="12.8"', 'ht="1.8"'),
        (SHEET, 'showZeros="true"', 'showZeros="false"'),
        (SHEET, 'width="2', 'hidden="1" width="2'),
        (SHEET, "<v>9</v>", "<v>\uff19</v>"),
        (SHEET, '<c r="B2"', '<c r="B02"'),
        (SHEET, "(<c [^>]*>)<v>9<", r"\1<f>9</f><v>9<"),
        (SHEET, '(<row r="2".*?</row>)(<row.*?</row>)', r"\2\1"),
        (SHEET, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>'),
        (
            SHEET,
            "</worksheet>",
            "<headerFooter><oddHeader>9</oddHeader></headerFooter></worksheet>",
        ),
        (SHEET, "<sheetData>", "643.57<sheetData>"),
        (STYLES, '"0.0%"', '"&quot;643.57&quot;"'),
        (STYLES, '"0.0%"', '"0.00##"'),
        (STYLES, '"0.00##"', '";;;"'),
        (STYLES, "</numFmts>", '<numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'),
        (STYLES, 'rgb="FF000000"', 'rgb="FFFFFFFF"'),
        (STYLES, '"Calibri"', '"Wingdings"'),
        (STYLES, "<font>", "<font><strike/>"),
        (STYLES, 'patternType="none"', 'patternType="solid"'),
        ("xl/theme/theme1.xml", 'lastClr="000000"', 'lastClr="FFFFFF"'),
        (BOOK, "<sheet ", '<sheet state="hidden" '),
        (BOOK, "</definedNames>", '<definedName name="gdp">643.57</definedName></definedNames>'),
        (RELATED, "</R", '<Relationship Id="rId1" Type="x" Target="vbaProject.bin"/></R'),
        ("[Content_Types].xml", "sheet.main", "sheet.macroEnabled.main"),
        ("_rels/.rels", "<R", "<R &bomb;"),
        ("xl/vbaProject.bin", "", ""),
        ("xl/comments1.xml", "", ""),
        (SHEET, "", ""),
    ],
)
def test_what_a_workbook_that_was_saved_again_holds_beside_its_values_is_not_passed(
    part: str, old: str, new: str, workbook: bytes
) -> None:
    parts, more = parts_of(as_calc(workbook)), list[tuple[str, str]]()
    if old:
        changed = re.sub(old, new, parts[part], count=1)
        assert changed != parts[part]
        parts[part] = changed
    else:
        more = [(part, parts.get(part, ""))]
    forged = zipped([*parts.items(), *more])
    try:
        told = of_xlsx(forged, workbook)
    except ProvenanceError as error:
        told = [str(error)]
    assert told


def test_an_element_of_two_kinds_is_not_taken_for_either() -> None:
    space = "http://schemas.openxmlformats.org"
    kind = f"{space}/officeDocument/2006/relationships/worksheet"
    part = (
        f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="a" '
        f'{{}}="{kind}" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    assert told_beside([(RELATED, part.format("Type").encode())]) == []
    assert told_beside([(RELATED, part.format('Type="x" t').encode())])


def test_a_workbook_that_is_packed_otherwise_is_the_same_data(output: Path) -> None:
    """As another zlib packs it."""
    path = output / "numbers.xlsx"
    path.write_bytes(zipped(parts_of(path.read_bytes()).items()))
    assert (one(path).verdict, one(path).details) == (SAME_CONTENT, (SAVED,))


FORGED_CELL = '<c r="{}" t="inlineStr"><is><t>643.57</t></is></c>'


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        # Outside what the sheet says of its size, and in the place of another.
        (SHEET, "</sheetData>", f'<row r="999">{FORGED_CELL.format("A999")}</row></sheetData>'),
        (SHEET, "</row>", f"{FORGED_CELL.format('ZZ1')}</row>"),
        (SHEET, "</sheetData>", f'<row r="2">{FORGED_CELL.format("A2")}</row></sheetData>'),
        (SHEET, '<c r="A1"', f'{FORGED_CELL.format("A1")}<c r="A1"'),
        (SHEET, "</sheetData>", "</sheetData><sheetData/>"),
        # What readers take for one thing or for another.
        (SHEET, r"(<v>[^<]*</v>)", r"<v>9</v>\1"),
        (SHEET, r"(<v>[^<]*</v>)", r"\1<is><t>643.57</t></is>"),
        (SHEET, r"<v>(\d)(\d)</v>", r"<v>\1_\2</v>"),
        (SHEET, '<c r="B2"', '<c r="B9"'),
        ("xl/sharedStrings.xml", "<si>(<t>)", r"<si><t>643.57</t>\1"),
        ("xl/styles.xml", "<font>", "<font><strike/>"),
        ("xl/styles.xml", "<font>", '<font><vertAlign val="superscript"/>'),
        ("xl/styles.xml", '<sz val="11"/>', '<sz val="1"/>'),
        ("xl/styles.xml", '"Calibri"', '"Wingdings"'),
        ("xl/styles.xml", 'xfId="0"/>', 'xfId="0"><alignment horizontal="fill"/></xf>'),
        # In the colour of the ground, by the letters, the ground or the theme.
        (STYLES, INK, '<color rgb="FFFFFFFF"/>'),
        (STYLES, INK, '<color theme="0" tint="-0.05"/>'),
        (STYLES, INK, '<color theme="1" tint="0.97"/>'),
        (STYLES, INK, '<color indexed="9"/>'),
        (
            STYLES,
            NO_FILL,
            '<patternFill patternType="solid"><fgColor rgb="FF101010"/></patternFill>',
        ),
        (
            STYLES,
            NO_FILL,
            '<gradientFill><stop position="0"><color theme="1"/></stop></gradientFill>',
        ),
        ("xl/theme/theme1.xml", '<a:sysClr val="windowText"', '<a:srgbClr val="FFFFFF"'),
        # In signs for letters by another spelling, by the theme, or by their set of characters.
        (STYLES, '"Calibri"', '"@wingdings"'),
        (STYLES, '<scheme val="minor"/>', '<charset val="2"/>'),
        ("xl/theme/theme1.xml", '(<a:minorFont><a:latin typeface=)"[^"]*"', r'\1"Wingdings"'),
        # Struck out by a border, pushed out of the cell, or from right to left.
        (STYLES, "<border>", '<border diagonalUp="1">'),
        (STYLES, 'xfId="0"/>', 'xfId="0"><alignment indent="250"/></xf>'),
        (STYLES, 'xfId="0"/>', 'xfId="0"><alignment readingOrder="2"/></xf>'),
        # A format for that of an everyday number, or told twice.
        (
            STYLES,
            "<numFmts([^>]*)>",
            r'<numFmts\1><numFmt numFmtId="0" formatCode="&quot;7&quot;"/>',
        ),
        (STYLES, "<numFmt ", '<numFmt numFmtId="165" formatCode="&quot;7.8&quot;"/><numFmt '),
        # Other sheets or styles than those that stand where they always do.
        ("_rels/.rels", 'Target="xl/workbook.xml"', 'Target="customXml/item1.xml"'),
        (RELATED, 'Target="styles.xml"', 'Target="theme/theme7.xml"'),
        (SHEET, r"(<c [^>]*>)(<v>[^<]*</v>)", r"\1<Choice><v>9</v></Choice>\2"),
        ("xl/sharedStrings.xml", "<si><t>(.)", r"<si><t>\1x005F_"),
        (SHEET, '<row r="2"', '<row r="2" ht="00.1" customHeight="1"'),
        # Above the first row that can be scrolled to, or fixed below the last that is seen.
        (SHEET, "<sheetView ", '<sheetView topLeftCell="A9" '),
        (SHEET, 'ySplit="1"', 'ySplit="500"'),
        (BOOK, 'name="_xlnm._FilterDatabase"', 'name="GDP_is_643.57"'),
        # Too low to be seen, or not shown.
        (SHEET, '<row r="2"', '<row r="2" hidden=" 1 "'),
        (SHEET, '<row r="2"', '<row r="2" hidden="on"'),
        (SHEET, '<row r="2"', '<row r="2" ht="2.5" customHeight="1"'),
        (SHEET, '(<col min="1"[^>]*) width="[^"]*"', r'\1 width="1"'),
        (SHEET, '<row r="2"', '<row r="2" ht="0" customHeight="1"'),
        (SHEET, '(<col min="1"[^>]*) width="[^"]*"', r'\1 width="0"'),
        (SHEET, "<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" '),
        (SHEET, "<sheetView ", '<sheetView showZeros="0" '),
        (BOOK, "<workbookView ", '<workbookView visibility="hidden" '),
        # What acts, or shows beside the cells.
        (SHEET, '(<c r="A1"[^>]*>)', r"\1<f>1+1</f>"),
        (SHEET, "</worksheet>", '<tableParts count="1"/></worksheet>'),
        (SHEET, "</worksheet>", '<picture id="rId1"/></worksheet>'),
        ("xl/sharedStrings.xml", "<si><t>([^<]+)</t>", r"<si><r><rPr><strike/></rPr><t>\1</t></r>"),
        (
            "_rels/.rels",
            "</R",
            '<Relationship Id="a" Type="a/ui" TargetMode="External" Target="b"/></R',
        ),
    ],
)
def test_what_is_written_into_a_part_of_a_workbook_is_told(
    part: str, old: str, new: str, workbook: bytes
) -> None:
    parts = parts_of(workbook)
    assert re.search(old, parts[part])
    parts[part] = re.sub(old, new, parts[part], count=1)
    assert of_xlsx(zipped(parts.items()), workbook)


def test_a_formula_of_the_words_of_a_cell_is_no_cell() -> None:
    def saved(is_formula: bool) -> bytes:
        book, stream = openpyxl.Workbook(), io.BytesIO()
        cell = book.worksheets[0]["A1"]
        cell.value, cell.data_type = "=1+1", "f" if is_formula else "s"
        book.save(stream)
        return stream.getvalue()

    assert of_xlsx(saved(is_formula=False), saved(is_formula=False)) == []
    assert of_xlsx(saved(is_formula=True), saved(is_formula=False)) != []


@pytest.mark.parametrize(
    ("stated", "computed"),
    [
        ('{"a": "1"}', '{"a": 1}'),
        ('{"a": "null"}', '{"a": null}'),
        ('{"a.b": 1}', '{"a": {"b": 1}}'),
    ],
)
def test_a_text_is_no_number_and_a_dot_no_key_within(stated: str, computed: str) -> None:
    assert of_json(stated.encode(), computed.encode()) != []
    assert of_json(computed.encode(), computed.encode()) == []


def test_a_cell_that_says_nothing_is_a_cell() -> None:
    (told,) = of_csv(b"a\n1,nothing\n", b"a\n1\n")
    assert told == "row 1, column number 2: 'nothing' stated, nothing computed"


@pytest.mark.parametrize(("before", "behind"), [(b"GDP", b""), (b"", b"GDP")])
def test_bytes_around_a_workbook_are_told(before: bytes, behind: bytes, output: Path) -> None:
    path = output / "numbers.xlsx"
    path.write_bytes(before + path.read_bytes() + behind)
    assert one(path).verdict == NOT_THE_SAME


def test_bytes_between_the_parts_of_a_workbook_are_told(output: Path) -> None:
    """A part that the directory does not list, and that some readers find."""
    path, more = output / "numbers.xlsx", io.BytesIO()
    with zipfile.ZipFile(more, "w") as packed:
        packed.writestr(SHEET, "643.57")
    part = more.getvalue().partition(b"PK\1\2")[0]
    data, end = path.read_bytes(), path.read_bytes().rindex(b"PK\5\6")
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    behind = (start + len(part)).to_bytes(4, "little") + data[end + 20 :]
    path.write_bytes(data[:start] + part + data[start : end + 16] + behind)
    assert one(path).details[0].endswith(": bytes around the parts")


def test_a_workbook_of_empty_rows_without_end_is_not_read(output: Path) -> None:
    path = output / "numbers.xlsx"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet9.xml", b"<row/>" * 9_000_000)
    verdict = one(path)
    assert (verdict.verdict, verdict.details) == (
        NOT_VERIFIED,
        ("a workbook that is too large to be one of this package",),
    )


def test_a_part_that_another_type_leads_to_is_told(output: Path) -> None:
    """Some readers find the strings by their type, others by a link."""
    path, types = output / "numbers.xlsx", "[Content_Types].xml"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    other = f'<Override PartName="/customXml/item1.xml" ContentType="{kind}"/><Override'
    parts = parts_of(path.read_bytes())
    parts[types] = parts[types].replace("<Override", other, 1)
    parts["customXml/item1.xml"] = parts["xl/sharedStrings.xml"]
    path.write_bytes(zipped(parts.items()))
    told = "its cells are equal, these parts are not: [Content_Types].xml, customXml/item1.xml"
    assert (one(path).verdict, one(path).details) == (NOT_THE_SAME, (told,))


def test_a_table_that_a_spreadsheet_saved_is_the_same_data(output: Path) -> None:
    path = output / "tables" / "ranks.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert one(path).verdict == SAME_CONTENT


def test_what_an_editor_adds_at_the_ends_of_a_file_is_the_same_data(output: Path) -> None:
    """An empty line, and the mark of UTF-8."""
    path, sidecar = output / "tables" / "ranks.csv", output / "tables" / "ranks.json"
    path.write_bytes(path.read_bytes() + b"\r\n\r\n")
    sidecar.write_bytes(b"\xef\xbb\xbf" + sidecar.read_bytes())
    assert [one(path).verdict, one(sidecar).verdict] == [SAME_CONTENT] * 2


def test_a_cell_that_readers_part_in_several_ways_is_told() -> None:
    (told,) = of_csv('a,b\n"全"市,1\n'.encode(), "a,b\n全市,1\n".encode())
    assert told.startswith("no CSV in UTF-8: ")


def test_a_row_that_is_missing_and_a_column_with_another_name_are_told(output: Path) -> None:
    path = output / "tables" / "ranks.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0].replace("rank,", "place,"), lines[1]]), encoding="utf-8")
    details = one(path).details
    assert details[0].startswith("columns: ")
    assert details[1] == "rows: 1 stated, 2 computed"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_cell_is_told(written: Path, data: st.DataObject) -> None:
    fresh = (written / "tables" / "observations.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(fresh.decode("utf-8"))))
    row, column = (
        data.draw(st.integers(1, len(rows) - 1)),
        data.draw(st.integers(0, len(rows[0]) - 1)),
    )
    old = rows[row][column]
    new = data.draw(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=4).filter(
            lambda text: text != old
        )
    )
    rows[row][column] = new
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    details = of_csv(buffer.getvalue().encode("utf-8"), fresh)
    assert len(details) == 1
    assert details[0].startswith(f"row {row}, column {rows[0][column]}: ")


def test_a_sidecar_that_was_changed_is_told(output: Path) -> None:
    path = output / "figures" / "fig-ranks-zh.json"
    path.write_text(path.read_text(encoding="utf-8").replace("个位次", "个名次"), encoding="utf-8")
    verdict = one(path)
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details[0].startswith("note: ")


def test_no_sidecar_alone_says_that_another_version_made_a_table(output: Path) -> None:
    (output / MANIFEST).unlink()
    path, report = output / "tables" / "ranks.json", output / "report" / "county.txt"
    said = json.loads(path.read_bytes())
    path.write_bytes(sidecar_bytes({**said, "package": "xiacheng-nlp 0.0.9"}))
    verdict = one(path, report)
    assert verdict.verdict == NOT_VERIFIED
    assert verdict.details[-1].startswith("no manifest says that another version made it")
    assert one(path.with_suffix(".csv"), report).ok


def test_numbers_that_were_changed_are_told(output: Path) -> None:
    path = output / "numbers.tex"
    path.write_bytes(path.read_bytes().replace(b"87.9", b"97.8"))
    assert one(path).verdict == NOT_THE_SAME


@pytest.mark.parametrize("name", ["numbers.tex", "numbers.xlsx"])
def test_numbers_of_another_version_are_the_same_data_until_they_are_changed(
    name: str, study: Study, output: Path
) -> None:
    data = numbers_of(study, version="0.0.9")[name]()
    (output / name).write_bytes(data)
    said = json.loads((output / MANIFEST).read_bytes())
    for entry in said["files"]:
        if entry["name"] == name:
            entry["sha256"] = sha256(data).hexdigest()
    (output / MANIFEST).write_bytes(as_json({**said, "package": "xiacheng-nlp 0.0.9"}))
    assert one(output / name).verdict == SAME_DATA
    if name == "numbers.xlsx":
        openpyxl.load_workbook(output / name).save(output / name)
        assert (one(output / name).verdict, one(output / name).details[0]) == (SAME_DATA, SAVED)
    (output / name).write_bytes(numbers_of(study, version="0.0.8")[name]())
    assert one(output / name).verdict == NOT_THE_SAME


def test_another_report_is_told_from_a_changed_figure(output: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(TEXT.replace("87.9", "88.9"), encoding="utf-8")
    verdict = one(output / "figures" / "fig-ranks-zh.pdf", other)
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details[0].startswith("other.txt is not the report it was made from: SHA-256 ")


def test_the_same_report_under_another_name_will_do(output: Path, tmp_path: Path) -> None:
    other = tmp_path / "renamed.txt"
    other.write_text(TEXT, encoding="utf-8")
    verdict = one(output / "figures" / "fig-ranks-zh.pdf", other)
    assert verdict.verdict == IDENTICAL
    assert verdict.details == ("its report is called county.txt there and renamed.txt here",)


def test_the_name_of_the_report_in_a_picture_is_that_of_its_sidecar(output: Path) -> None:
    path = output / "figures" / "fig-ranks-zh.svg"
    svg = path.read_text(encoding="utf-8")
    path.write_text(svg.replace("county.txt", "capital.txt"), encoding="utf-8")
    verdict = one(path)
    assert verdict.verdict == NOT_THE_SAME
    assert verdict.details[0].startswith("changed since it was written: ")


@pytest.mark.parametrize("version", ["approved", "由统计局核定", "v 1"])
def test_a_word_is_no_version(version: str, output: Path) -> None:
    path = output / "figures" / "fig-ranks-zh.json"
    said = json.loads(path.read_bytes())
    said["libraries"]["pandas"] = version
    path.write_bytes(sidecar_bytes(said))
    assert not one(path).ok


def test_a_figure_beside_other_reports_asks_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in (2021, 2022):
        report = TEXT.replace("固定资产投资", "地区生产总值").replace("2022年", f"{year}年")
        (tmp_path / f"c{year}.txt").write_text(report, encoding="utf-8")
    monkeypatch.setenv("XIACHENG_CORPUS", str(tmp_path / "c*.txt"))
    save(
        "fig-indicator-series", Study(load_report(tmp_path / "c2022.txt")), tmp_path, langs=("en",)
    )
    (table,) = verify(tmp_path / "fig-indicator-series.csv")
    assert table.verdict == IDENTICAL
    monkeypatch.delenv("XIACHENG_CORPUS")
    (table,) = verify(tmp_path / "fig-indicator-series.csv")
    assert table.verdict == NOT_VERIFIED
    assert "set XIACHENG_CORPUS" in str(table)


def test_a_missing_report_is_told(output: Path) -> None:
    (output / "report" / "county.txt").unlink()
    verdict = one(output / "figures" / "fig-ranks-zh.svg")
    assert verdict.verdict == NOT_VERIFIED
    assert verdict.details[0].startswith("the report county.txt (SHA-256 ")
    assert verdict.details[0].endswith("is not found; name it with --report")


def test_the_report_of_xiacheng_travels_with_the_package(tmp_path: Path) -> None:
    save("fig-ranks", Study(load_report(bundle.seed())), tmp_path, width="single")
    assert [v.verdict for v in verify(sorted(tmp_path.iterdir()))] == [IDENTICAL] * 8


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("none.png", None, "cannot be read: No such file or directory"),
        (
            "photo.jpg",
            b"\xff\xd8\xff\xe0",
            "not a PNG, SVG or PDF, and no table that a sidecar or a manifest names",
        ),
        (
            "other.csv",
            b"a,b\n1,2\n",
            "no sidecar beside it and no manifest above it tells what it was made from",
        ),
        ("other.json", b'{"a": 1}', "its description is no provenance of xiacheng-nlp"),
        ("other.json", b"\xff\xfe", "is no JSON in UTF-8"),
        (
            "plot.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "holds no provenance: not a figure of xiacheng-nlp",
        ),
    ],
)
def test_a_foreign_file_is_told(
    name: str, data: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    verdict = one(path)
    assert verdict.verdict == NOT_VERIFIED
    assert not verdict.ok
    assert verdict.details[0].startswith(message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "fig-of-tomorrow"}, "this version of the package has no fig-of-tomorrow"),
        ({"lang": "de"}, "its provenance has no language, width and title that can be understood"),
    ],
)
def test_what_this_version_can_not_draw_is_told(
    changes: dict[str, str], message: str, output: Path
) -> None:
    path = output / "figures" / "fig-ranks-zh.png"
    with_pixel(path, (-1, -1), **changes)
    assert one(path).details == (message,)


@pytest.mark.parametrize("name", ["report/county.txt", MANIFEST])
def test_a_manifest_that_lies_leads_nowhere(name: str, output: Path) -> None:
    said = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    said["report"]["name"] = "../../etc/passwd"
    (output / MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    assert one(output / "figures" / "fig-ranks-zh.png").verdict == NOT_VERIFIED


def test_the_command_ends_with_status_0_or_1(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, table = output / "figures" / "fig-ranks-en.svg", output / "tables" / "ranks.csv"
    assert main(["verify", str(picture), str(table)]) == 0
    assert capsys.readouterr().out == f"{picture}: identical bytes\n{table}: identical bytes\n"
    table.write_text("a\n", encoding="utf-8")
    assert main(["verify", str(picture), str(table), str(output / "none.pdf")]) == 1
    said = capsys.readouterr()
    assert [line.split(": ")[1] for line in said.out.splitlines()] == [
        IDENTICAL,
        NOT_THE_SAME,
        NOT_VERIFIED,
    ]
    assert said.err == ""
