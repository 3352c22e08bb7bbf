"""What a file tells of where it comes from: written the same in every form, read back whatever the
names, and never trusted."""

import hashlib
import io
import json
import zlib
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from saved import save

from xiacheng_nlp import figures
from xiacheng_nlp.errors import ProvenanceError
from xiacheng_nlp.figures.provenance import Provenance, form_of, parse_stamp, read_file, read_stamp
from xiacheng_nlp.figures.saving import figure_contents
from xiacheng_nlp.publish import catalogue
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import Report

pytestmark = pytest.mark.usefixtures("quick_pdfs")

RANKS = pd.DataFrame(
    {
        "rank": [1, 2],
        "indicator": ["固定资产投资", "税收"],  # investment in fixed assets, tax revenue
        "among": ["全市", None],
        "text": ["第一", "第2位"],
        "section": ["1", "1.1"],
        "start": [5, 9],
    }
)


@pytest.fixture(scope="module")
def saved(seed: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    save("fig-ranks", Study(seed), folder, langs=("zh", "en"))
    save("fig-ranks", Study(seed), folder, width="single", titled=True)
    return folder


def contents(source: str = "report.txt", options: dict[str, str] | None = None) -> dict[str, bytes]:
    said = Provenance(source=source, source_sha256="0" * 64, version="0.1.0", options=options or {})
    return figure_contents(figures.ranks(RANKS), RANKS, provenance=said)


def test_each_form_holds_the_same_provenance(saved: Path, seed: Report) -> None:
    said = [
        read_stamp((saved / f"fig-ranks-en.{form}").read_bytes()) for form in ("pdf", "svg", "png")
    ]
    assert said[0] == said[1] == said[2]
    assert list(said[0]) == [
        "id",
        "lang",
        "width",
        "titled",
        "source",
        "package",
        "options",
        "libraries",
        "segmenter",
        "table",
    ]
    assert said[0]["source"] == {"name": seed.name, "sha256": seed.sha256}
    assert (said[0]["id"], said[0]["lang"], said[0]["width"], said[0]["titled"]) == (
        "fig-ranks",
        "en",
        "double",
        False,
    )
    assert (
        said[0]["table"]["sha256"]
        == hashlib.sha256((saved / "fig-ranks.csv").read_bytes()).hexdigest()
    )


def test_the_sidecar_says_all_that_the_pictures_say_and_more(saved: Path) -> None:
    sidecar = json.loads((saved / "fig-ranks-zh-single-titled.json").read_text(encoding="utf-8"))
    keys = (
        "id lang width titled title caption note source package options libraries segmenter font "
        "table files sha256"
    )
    assert list(sidecar) == keys.split(" ")
    inside = read_stamp((saved / "fig-ranks-zh-single-titled.png").read_bytes())
    assert sidecar["libraries"].pop("python")
    assert {key: sidecar[key] for key in inside} == inside
    assert (sidecar["width"], sidecar["titled"]) == ("single", True)
    for form, file in sidecar["files"].items():
        assert file["file"] == f"fig-ranks-zh-single-titled.{form}"
        assert file["sha256"] == hashlib.sha256((saved / file["file"]).read_bytes()).hexdigest()
    assert sidecar["note"].startswith("来源：2014年下城区政府工作报告。n = 10 个位次")
    assert sidecar["font"]["name"] == "Xiacheng Sans SC"


def test_a_figure_names_what_its_table_and_its_drawing_rest_on(
    seed: Report, tmp_path: Path
) -> None:
    study = Study(seed)
    save("fig-keyness", study, tmp_path)
    # The tokens are there already, and still told.
    save("fig-word-cloud", study, tmp_path)
    keyness, cloud = (
        json.loads((tmp_path / f"{id}-zh.json").read_text(encoding="utf-8"))
        for id in ("fig-keyness", "fig-word-cloud")
    )
    assert cloud["segmenter"]["name"] == "rjieba"
    assert f"{Path(seed.name).stem}.lexicon.tsv" in cloud["segmenter"]["word_lists"]
    drawn = {"matplotlib", "numpy", "pandas", "pillow", "python"}
    assert set(keyness["libraries"]) == drawn | {"rjieba", "scipy"}
    assert set(cloud["libraries"]) == drawn | {"rjieba", "scipy", "wordcloud"}


def test_a_figure_of_numbers_names_no_segmenter(saved: Path) -> None:
    assert (
        json.loads((saved / "fig-ranks-zh.json").read_text(encoding="utf-8"))["segmenter"] is None
    )


def test_a_part_of_a_study_is_told_with_what_it_asks_for(seed: Report) -> None:
    study = Study(seed)

    def both(study: Study) -> int:
        return len(study.coded) + len(study.observations)

    assert study.once("both", both)[1] == {"ahocorasick-rs", "scipy"}
    assert study.once("again", lambda study: study.once("both", both))[1] == {
        "ahocorasick-rs",
        "scipy",
    }
    assert study.once("none", lambda study: study.observations)[1] == set()


def test_all_libraries_are_installed() -> None:
    assert "not installed" not in catalogue.libraries().values()


# Names as people give them: brackets and backslashes end strings in a PDF, angle brackets end
# elements in an SVG.
@pytest.mark.parametrize(
    "name", ["报告(1).txt", ")a(.txt", "a&b<c>\"d'.txt", "x)) \\) y.txt", "𠮷.txt", "a%0A.txt"]
)
def test_any_name_comes_back_as_it_was(name: str) -> None:
    for file, data in contents(name, {"停用词": "开 (on) \\ <b>"}).items():
        if form_of(data):
            said = read_stamp(data)
            assert said["source"]["name"] == name, file
            assert said["options"] == {"停用词": "开 (on) \\ <b>"}


def png(description: str | None, **chunks: str) -> bytes:
    text = PngImagePlugin.PngInfo()
    for key, value in {
        **({} if description is None else {"Description": description}),
        **chunks,
    }.items():
        text.add_itxt(key, value)
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG", pnginfo=text)
    return buffer.getvalue()


def pdf(subject: str | None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    writer.add_metadata({} if subject is None else {"/Subject": subject})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def stamp(**changes: object) -> str:
    said = Provenance(source="report.txt", source_sha256="0" * 64, version="0.1.0").stamp(
        id="fig-ranks", table=("fig-ranks.csv", b"")
    )
    return json.dumps({**said, **changes})


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<svg><desc>&b;</desc></svg>"
)
SVG = '<svg xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description>{}</dc:description></svg>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GIF89a", "not a PNG, SVG or PDF"),
        (b"", "not a PNG, SVG or PDF"),
        (png(None), "holds no provenance"),
        (png("A sunset"), "its description is no provenance of xiacheng-nlp"),
        (png('{"package": "other 1.0"}'), "its description is no provenance of xiacheng-nlp"),
        (
            png(stamp(source={"name": "report.txt"})),
            "its provenance has no source.sha256 that can be understood",
        ),
        (
            png(stamp(source={"name": "../report.txt", "sha256": "0" * 64})),
            "names a path where a file's name should stand",
        ),
        (png(stamp(table="fig-ranks.csv")), "its provenance has no table.file"),
        (png(stamp(options=None)), "lacks options or libraries"),
        (png("[" * 100_000), "its description is no provenance"),
        (png(stamp())[:60], "the PNG can't be read"),
        (BOMB, "the SVG can't be read: EntitiesForbidden"),
        (b"<svg><g></svg>", "the SVG can't be read"),
        (b"<svg/>", "holds no provenance"),
        (SVG.format("x" * 300_000).encode(), "too long to be one of this package"),
        (b"%PDF-1.4\nno trailer", "the PDF can't be read"),
        (pdf(None), "holds no provenance"),
        (pdf("A thesis"), "its description is no provenance"),
        (pdf(stamp())[:-20], "the PDF can't be read"),
    ],
)
def test_what_is_no_figure_of_ours_is_said_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ProvenanceError, match=message) as caught:
        read_stamp(data)
    assert "\n" not in str(caught.value)


def test_a_picture_that_swells_is_not_unpacked() -> None:
    # 400 million pixels of nothing in some hundred bytes of header: only the text is wanted, and
    # the size is refused.
    header = (20_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    chunk = (
        len(header).to_bytes(4, "big")
        + b"IHDR"
        + header
        + zlib.crc32(b"IHDR" + header).to_bytes(4, "big")
    )
    with pytest.raises(ProvenanceError, match="the PNG can't be read"):
        read_stamp(b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IEND\xaeB`\x82")


@given(
    head=st.sampled_from(
        [b"\x89PNG\r\n\x1a\n", b"%PDF-1.4\n", b"<svg", b'<?xml version="1.0"?><svg>', b""]
    ),
    tail=st.binary(max_size=400),
)
def test_no_bytes_raise_anything_else(head: bytes, tail: bytes) -> None:
    with pytest.raises(ProvenanceError):
        read_stamp(head + tail)


@cache
def real() -> dict[str, bytes]:
    return contents()


@given(st.sampled_from(["pdf", "svg", "png"]), st.data())
def test_a_damaged_figure_is_read_or_refused(form: str, draw: st.DataObject) -> None:
    data = bytearray(real()[f"fig-ranks-zh.{form}"])
    for _ in range(3):
        data[draw.draw(st.integers(0, min(len(data), 3000) - 1))] = draw.draw(st.integers(0, 255))
    try:
        said = read_stamp(bytes(data[: draw.draw(st.integers(1, len(data)))]))
    except ProvenanceError:
        return
    assert Path(said["source"]["name"]).name == said["source"]["name"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
        lambda inner: st.dictionaries(st.text(max_size=5), inner),
        max_leaves=20,
    )
)
def test_no_json_is_taken_for_provenance_by_its_form_alone(said: object) -> None:
    with pytest.raises(ProvenanceError):
        parse_stamp(json.dumps(said))


def test_a_folder_and_a_file_that_is_too_large_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProvenanceError, match="is a folder"):
        read_file(tmp_path)
    monkeypatch.setattr("xiacheng_nlp.figures.provenance.MAX_FILE", 10)
    (tmp_path / "large.png").write_bytes(b"x" * 11)
    with pytest.raises(ProvenanceError, match="larger than"):
        read_file(tmp_path / "large.png")
