"""Sheets for hand coding: written, filled in as spreadsheets do, and read back."""

import csv
import io

import openpyxl
import pytest

from xiacheng_nlp.agreement import agreement_table
from xiacheng_nlp.coding import code_themes
from xiacheng_nlp.hand_coding import COLUMNS, SheetError, coding_sheet, read_sheet
from xiacheng_nlp.report import Report

# "Invest 300 million in the park. -5 degrees, schools opened. =SUM is written here. Green the river banks. Help 20 firms to list."
TEXT = """各位代表:
一、2013年工作回顾
投资3亿元建设产业园区。-5度的严冬,学校照常开学。=SUM也写在这里。
二、2014年工作
绿化河道两岸。扶持20家企业上市。"""


@pytest.fixture
def report():
    return Report.parse(TEXT, name="small.txt")


def fill(path, answers, *, delimiter=",", encoding="utf-8-sig", saved=None):
    """The sheet with main, others, instrument of each row filled in, saved as a spreadsheet would."""
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
THEMES = [("industry", "investment", "opening"), ("education",), ("environment", "urban", "cityman"), ("industry", "innovation", "opening")]
INSTRUMENTS = ["supply", "none", None, "environment"]


def check(table):
    assert table["themes"].tolist() == THEMES
    assert table["instrument"].tolist() == INSTRUMENTS
    assert table["id"].tolist() == [1, 2, 4, 5]
    assert (table.attrs["rows"], table.attrs["coded"], table.attrs["not_coded"]) == (5, 4, [3])


@pytest.mark.parametrize(
    ("delimiter", "encoding", "name"),
    [
        (",", "utf-8-sig", "a.csv"),
        (",", "gb18030", "a.csv"),
        (";", "utf-8", "a.csv"),
        ("\t", "utf-16", "a.txt"),
    ],
)
def test_a_text_sheet_comes_back_from_every_spreadsheet(report, tmp_path, delimiter, encoding, name):
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


def test_a_row_tells_where_its_sentence_stands(report, tmp_path):
    sheet = coding_sheet(report, tmp_path / "sheet.csv")
    assert sheet[["context_before", "section_title"]].values.tolist()[:2] == [
        ["", "2013年工作回顾"],
        ["投资3亿元建设产业园区。", "2013年工作回顾"],
    ]
    assert [report.text[a:b] for a, b in zip(sheet["start"], sheet["end"], strict=True)] == sheet["text"].tolist()


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
    with pytest.raises(SheetError, match=r"notes\.csv: another file stands there already; give the sheet another name"):
        coding_sheet(report, path)
    assert path.read_text(encoding="utf-8") == "mine"
