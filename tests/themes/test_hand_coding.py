"""Sheets for hand coding: written, filled in as spreadsheets do, and read back."""

import csv
import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment

from tests.shared import with_pipes
from xiacheng_nlp.errors import SheetError
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.themes.agreement import agreement_table
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.hand_coding import COLUMNS, coding_sheet, read_sheet
from xiacheng_nlp.themes.trained import second_opinion, train

# "Invest 300 million in the park. -5 degrees, schools opened. =SUM is written here. Green the river
# banks. Help 20 firms to list."
TEXT = """各位代表:
一、2013年工作回顾
投资3亿元建设产业园区。-5度的严冬,学校照常开学。=SUM也写在这里。
二、2014年工作
绿化河道两岸。扶持20家企业上市。"""


@pytest.fixture
def report():
    return Report.parse(TEXT, name="small.txt")


def fill(path, answers, *, delimiter=",", encoding="utf-8-sig", saved=None):
    """The sheet with main, others, instrument of each row filled in, saved as a spreadsheet
    would."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    for row, answer in zip(rows, answers, strict=True):
        writer.writerow(row | dict(zip(("main", "others", "instrument"), answer, strict=True)))
    (saved or path).write_bytes(buffer.getvalue().encode(encoding))


ANSWERS = [
    ("industry", "投资与项目；开放与招商", "supply"),
    ("教育", "", "无"),
    ("", "", ""),
    ("Environment", "urban、 城市管理", ""),
    ("ＩＮＤＵＳＴＲＹ", "Science, technology and talent,opening", "环境型"),
]
THEMES = [
    ("industry", "investment", "opening"),
    ("education",),
    ("environment", "urban", "cityman"),
    ("industry", "innovation", "opening"),
]
INSTRUMENTS = ["supply", "none", None, "environment"]


def check(table):
    assert table["themes"].tolist() == THEMES
    assert table["instrument"].tolist() == INSTRUMENTS
    assert table["id"].tolist() == [1, 2, 4, 5]
    assert (table.attrs["rows"], len(table), table.attrs["not_coded"]) == (5, 4, [3])


@pytest.mark.parametrize(
    ("delimiter", "encoding", "name"),
    [
        (",", "utf-8-sig", "a.csv"),
        (",", "gb18030", "a.csv"),
        (";", "utf-8", "a.csv"),
        ("\t", "utf-16", "a.txt"),
    ],
)
def test_a_text_sheet_comes_back_from_every_spreadsheet(
    report, tmp_path, delimiter, encoding, name
):
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path)
    saved = tmp_path / name
    fill(path, ANSWERS, delimiter=delimiter, encoding=encoding, saved=saved)
    check(read_sheet(saved, report))


def test_a_workbook_comes_back(report, tmp_path):
    path = tmp_path / "sheet.xlsx"
    coding_sheet(report, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["coding", "codes"]
    sheet = book["coding"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert len(sheet.data_validations.dataValidation) == 2
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    for row, answer in enumerate(ANSWERS, start=2):
        for column, value in zip(("G", "H", "I"), answer, strict=True):
            sheet[f"{column}{row}"] = value or None
        sheet[f"B{row}"] = float(sheet[f"B{row}"].value)
    book.save(path)
    check(read_sheet(path, report))


def test_nothing_in_a_text_sheet_is_a_formula(report, tmp_path):
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert [row["text"][:2] for row in rows][1:3] == ["'-", "'="]
    # A spreadsheet that takes the apostrophe for its own mark saves the sentence without it.
    bare = path.read_text(encoding="utf-8-sig").replace("'-", "-").replace("'=", "=")
    path.write_text(bare, encoding="utf-8")
    assert read_sheet(path, report).attrs["not_coded"] == [1, 2, 3, 4, 5]


def test_the_codes_stand_beside_a_text_sheet(report, tmp_path):
    coding_sheet(report, tmp_path / "sheet.tsv")
    lines = (tmp_path / "sheet_codes.tsv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].split("\t") == ["kind", "code", "zh", "en", "definition"]
    assert any(line.startswith("instrument\tdemand\t") for line in lines)


@pytest.mark.parametrize("head", ["remark", ""])
def test_a_sheet_with_a_remark_alone_is_not_written_over(report, tmp_path, head):
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path)
    first, second, *rest = path.read_text(encoding="utf-8-sig").splitlines()
    remarked = "\n".join([f"{first},{head}", f"{second},look again", *rest, ""])
    path.write_text(remarked, encoding="utf-8-sig")
    assert coding_sheet(report, path, seed=1).attrs["kept"] == 1
    assert path.read_text(encoding="utf-8-sig") == remarked


def test_another_file_under_the_name_of_the_codes_is_not_written_over(report, tmp_path):
    codes = tmp_path / "themes_codes.csv"
    codes.write_text("mine", encoding="utf-8")
    with pytest.raises(SheetError, match=r"^themes_codes\.csv: another file stands there already"):
        coding_sheet(report, tmp_path / "themes.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["themes_codes.csv"]
    codes.unlink()
    coding_sheet(report, tmp_path / "themes.csv")
    coding_sheet(report, tmp_path / "themes.csv", seed=1)


def test_a_row_tells_where_its_sentence_stands(report, tmp_path):
    sheet = coding_sheet(report, tmp_path / "sheet.csv")
    assert sheet[["context_before", "section_title"]].values.tolist()[:2] == [
        ["", "2013年工作回顾"],
        ["投资3亿元建设产业园区。", "2013年工作回顾"],
    ]
    assert [report.text[a:b] for a, b in zip(sheet["start"], sheet["end"], strict=True)] == sheet[
        "text"
    ].tolist()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_same_seed_draws_the_same_bytes(seed, tmp_path, suffix):
    first, second, other = (tmp_path / f"{name}.{suffix}" for name in "abc")
    one, two = coding_sheet(seed, first), coding_sheet(seed, other, seed=1)
    coding_sheet(seed, second)
    assert first.read_bytes() == second.read_bytes()
    assert one["id"].tolist() != two["id"].tolist()
    assert len(one) == 60


def test_each_section_gives_its_share(seed, tmp_path):
    coded = code_themes(seed)
    sheet = coding_sheet(seed, tmp_path / "sheet.csv", sample=66)
    assert len(sheet) == 66
    assert sheet["start"].is_monotonic_increasing
    upper = coded["section"].str.split(".").str[:2].str.join(".")
    whole = upper.value_counts() * 66 / len(coded)
    drawn = upper[coded["start"].isin(sheet["start"])].value_counts()
    assert ((drawn.reindex(whole.index, fill_value=0) - whole).abs() < 1).all()


def test_a_sheet_is_measured_against_the_coding(report, tmp_path):
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path)
    fill(path, ANSWERS)
    table = agreement_table(code_themes(report), read_sheet(path, report), resamples=10)
    assert table.attrs["sentences"] == 4
    assert table.attrs["unmatched"] == []
    assert table.set_index("measure").loc["instrument_accuracy", "n"] == 3


def changed(path, old, new):
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            ("carrot", "", ""),
            r"sheet\.csv:2: main: carrot is no code of the codebook; its codes are growth,",
        ),
        (("law", "stick", ""), r":2: others: stick is no code"),
        (
            ("law", "", "growth"),
            r":2: instrument: growth is no code .* supply, environment, demand, none",
        ),
        (("law、reform", "", ""), r":2: main takes one theme, not law, reform"),
        (("law", "", "supply,demand"), r":2: instrument takes one code"),
        (("", "law", ""), r":2: main is empty, but others or instrument are not"),
        (("law", "reform,growth,health", ""), r":2: a sentence has at most 3 themes"),
    ],
)
def test_a_code_that_cannot_be_is_said_with_its_line(report, tmp_path, answer, message):
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path)
    fill(path, [answer, *ANSWERS[1:]])
    with pytest.raises(SheetError, match=message):
        read_sheet(path, report)


def test_the_codes_are_listed_once(report, tmp_path):
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path)
    fill(path, [("carrot", "", ""), ("law", "", "stick"), ("leek", "", ""), *ANSWERS[3:]])
    with pytest.raises(SheetError) as caught:
        read_sheet(path, report)
    first, second, third = str(caught.value).splitlines()
    assert "carrot is no code of the codebook; its codes are growth, " in first
    assert "stick is no code of the codebook; its codes are supply, " in second
    assert third == "sheet.csv:4: main: leek is no code of the codebook"


def test_all_mistakes_are_told_at_once(report, tmp_path):
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path)
    fill(path, [("carrot", "", ""), ANSWERS[1], ("law", "", "stick"), *ANSWERS[3:]])
    changed(path, "绿化", "美化")
    with pytest.raises(SheetError) as caught:
        read_sheet(path, report)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "sheet.csv:2",
        "sheet.csv:4",
        "sheet.csv:5",
    ]
    assert "the sentence was changed: the report has “绿化河道两岸。” at" in str(caught.value)


def test_a_sheet_of_another_report_is_known(report, seed, tmp_path):
    coding_sheet(report, tmp_path / "sheet.csv")
    with pytest.raises(
        SheetError, match=r"none of its sentences is in .*: does the sheet belong to another report"
    ):
        read_sheet(tmp_path / "sheet.csv", seed)


def test_a_sentence_stands_once(report, tmp_path):
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, lines[1]]))
    with pytest.raises(
        SheetError, match=r"sheet\.csv:7: the sentence at \d+ stands already in line 2"
    ):
        read_sheet(path, report)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", r"a\.csv:1: empty"),
        ("a.csv", b"id,start,end,text\n", r"a\.csv:1: the header lacks main, others, instrument"),
        (
            "a.csv",
            b"start,end,text,main,others,instrument\nx,9,y,,,\n",
            r"a\.csv:2: start is a place in the report, .* not 'x'",
        ),
        ("a.csv", b"\xff\xff\xff", r"a\.csv"),
        ("a.xls", b"", r"a\.xls: a sheet is read from"),
        ("a.xlsx", b"no workbook", r"a\.xlsx: this is no Excel workbook"),
    ],
)
def test_what_is_no_sheet_is_said(report, tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SheetError, match=message):
        read_sheet(path, report)


@pytest.mark.parametrize("part", ["docProps/core.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("held", [b"", b"<x>", b"<x/>" * 2_000_000])
def test_a_broken_workbook_is_one_line(report, tmp_path, part, held):
    path = tmp_path / "a.xlsx"
    coding_sheet(report, path)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, held if name == part else data)
    with pytest.raises(SheetError, match=r"^a\.xlsx: this is no Excel workbook .*$"):
        read_sheet(path, report)


def test_a_workbook_of_empty_cells_without_end_is_not_read(report, tmp_path):
    path = tmp_path / "a.xlsx"
    coding_sheet(report, path)
    book = openpyxl.load_workbook(path)
    book["coding"].cell(1_000_000, 16_000).value = "x"
    book.save(path)
    with pytest.raises(SheetError, match=r"a\.xlsx: its sheet has"):
        read_sheet(path, report)


@pytest.mark.parametrize("name", ["gone.csv", "gone.xlsx"])
def test_a_file_that_is_not_there_is_said(report, tmp_path, name):
    with pytest.raises(SheetError, match=f"{name}: cannot be read"):
        read_sheet(tmp_path / name, report)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("a.docx", {}, r"a\.docx: a sheet is written as \.csv"),
        ("a.csv", {"sample": 0}, "sample=0"),
        ("a.csv", {"first": "last"}, "first='last'"),
    ],
)
def test_options_out_of_range_are_said(report, tmp_path, name, options, message):
    with pytest.raises(SheetError, match=message):
        coding_sheet(report, tmp_path / name, **options)
    assert not list(tmp_path.iterdir())


def test_a_sheet_that_holds_codes_is_not_written_over(report, tmp_path):
    path = tmp_path / "sheet.csv"
    assert [coding_sheet(report, path).attrs["kept"] for _ in range(2)] == [0, 0]
    fill(path, ANSWERS)
    before = path.read_bytes()
    assert coding_sheet(report, path).attrs["kept"] == 4
    assert path.read_bytes() == before


def test_a_file_that_is_no_sheet_is_not_written_over(report, tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(
        SheetError,
        match=r"notes\.csv: another file stands there already; give the sheet another name",
    ):
        coding_sheet(report, path)
    assert path.read_text(encoding="utf-8") == "mine"


@with_pipes
@pytest.mark.parametrize("name", ["s.csv", "s.xlsx", "s_codes.csv"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_is_in_the_way_of_a_sheet(report, tmp_path, name, kind):
    place = tmp_path / name
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        place.symlink_to("/dev/zero")
    with pytest.raises(SheetError, match=f"{name}: another file stands there"):
        coding_sheet(report, tmp_path / name.replace("_codes", ""))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_doubtful_come_first(tmp_path: Path) -> None:
    report = load_report()
    coded = code_themes(report)
    sheet = coding_sheet(report, tmp_path / "sheet.csv", sample=20, first="doubtful")
    sure = coded.set_index("start")["probability"]
    told = sure[sheet["start"]].to_numpy()
    assert (told[:-1] <= told[1:]).all()
    assert told.max() <= sure.drop(sheet["start"]).min()
    for options, message in (
        ({"first": "hard"}, "give one of drawn, doubtful"),
        ({"first": "doubtful", "codebook": replace(load_codebook(), sha256="0")}, "phrases alone"),
    ):
        with pytest.raises(SheetError, match=message):
            coding_sheet(report, tmp_path / "other.csv", **options)


def test_a_coder_learns_from_a_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A filled-in sheet of a codebook of the reader's own teaches its codes."""
    report = load_report()
    path = tmp_path / "sheet.csv"
    coding_sheet(report, path, sample=120)
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False)
    coded = code_themes(report).set_index("start").loc[sheet["start"].astype(int)]
    sheet["main"], sheet["instrument"] = coded["themes"].str[0].array, coded["instrument"].array
    sheet.to_csv(path, index=False)
    coder = train(path, report)
    said = capsys.readouterr().out
    assert said.startswith("120 sentences coded, 10 folds: main theme ")
    assert 20 < float(said.split("theme ")[1].split(" %")[0]) < 95
    opinion = second_opinion(report, coder=coder)
    assert set(opinion["theme"]) <= set(sheet["main"])
    assert opinion["seen"].sum() >= 120


@pytest.mark.parametrize("where", ["another sheet", "a comment", "another name"])
def test_what_a_coder_wrote_beside_the_cells_is_not_written_over(where, report, tmp_path):
    path = tmp_path / "sheet.xlsx"
    coding_sheet(report, path)
    book = openpyxl.load_workbook(path)
    if where == "another sheet":
        book.create_sheet("notes")["A1"] = "mine"
    elif where == "a comment":
        book["coding"]["B2"].comment = Comment("mine", "me")
    else:
        book["coding"].title = "mine"
    book.save(path)
    before = path.read_bytes()
    with pytest.raises(SheetError, match=r"sheet\.xlsx: another file stands there already"):
        coding_sheet(report, path)
    assert path.read_bytes() == before


def test_a_workbook_that_is_filled_in_is_kept_with_what_is_beside_its_cells(report, tmp_path):
    path = tmp_path / "sheet.xlsx"
    coding_sheet(report, path)
    book = openpyxl.load_workbook(path)
    cells = {cell.value: cell.column for cell in book["coding"][1]}
    book["coding"].cell(2, cells["main"]).value = "education"
    book["coding"]["B2"].comment = Comment("mine", "me")
    # A spreadsheet may keep a row that nobody sees.
    book.create_sheet("notes").cell(1_048_576, 100).value = "mine"
    book.save(path)
    before = path.read_bytes()
    assert coding_sheet(report, path).attrs["kept"] == 1
    assert len(read_sheet(path, report)) == 1
    assert path.read_bytes() == before


def test_a_sample_is_a_number(report, tmp_path):
    with pytest.raises(SheetError, match="sample=nan: give 1 or more"):
        coding_sheet(report, tmp_path / "sheet.csv", sample=float("nan"))
