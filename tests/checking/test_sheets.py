"""Sheets to check by eye, without a browser: what is said is saved, and read again."""

import csv
import io
import itertools
import json
import re
from pathlib import Path

import pytest

import xiacheng_nlp as xc
from xiacheng_nlp.checking import numbers
from xiacheng_nlp.errors import SheetError
from xiacheng_nlp.validation.gold import read_number_gold
from xiacheng_nlp.validation.scores import evaluate

TEXT = (
    "各位代表：\n一、2014年工作安排\n新建小学3所、幼儿园5所。整治河道12公里。"
    "地区生产总值增长7%—8%。"
)


@pytest.fixture
def report() -> xc.Report:
    return xc.Report.parse(TEXT, name="report.txt")


def right(corrected: dict[str, str] | None = None) -> dict[str, object]:
    return {"verdict": "wrong" if corrected else "right", "corrected": corrected or {}}


def test_what_is_said_is_a_gold_standard(report: xc.Report, tmp_path: Path) -> None:
    file = tmp_path / "checked.jsonl"
    sheet = xc.review(report, file=file)
    assert not file.exists()
    ids = [item["id"] for item in sheet.items]
    changes: list[dict[str, str]] = [{}, {"indicator": "改扩建幼儿园"}, {"period": "2015"}, {}]
    sheet.answers = {id: right(change) for id, change in zip(ids, changes, strict=True)}
    said = [one.record() for one in xc.indicators(report)]
    result = evaluate(read_number_gold(file), said)
    assert (result.quantities.f1, result.records.hits, result.records.expected) == (1.0, 2, 4)
    table = sheet.accuracy.set_index("field")
    assert table.loc[["record", "indicator", "period"], "right"].tolist() == [2, 3, 3]
    assert table.loc["record", "low"] < 0.5 < table.loc["record", "high"]


def test_a_sheet_goes_on_where_it_was_left(report: xc.Report, tmp_path: Path) -> None:
    file = tmp_path / "checked.jsonl"
    sheet = xc.review(report, n=2, order="random", seed=3, file=file)
    first = sheet.items[0]["id"]
    sheet.answers = {first: right()}
    again = xc.review(report, n=2, order="random", seed=3, file=file)
    assert [item["id"] for item in again.items] == [item["id"] for item in sheet.items]
    assert dict(again.answers) == {first: right()}
    # Another draw keeps what was said of numbers that it does not show.
    other = xc.review(report, n=1, order="text", file=file)
    other.answers = {other.items[0]["id"]: {"verdict": "unsure", "corrected": {}}}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {f"{row['start']}-{row['end']}" for row in rows} == {first, other.items[0]["id"]}


def test_the_file_of_another_report_is_not_written_over(report: xc.Report, tmp_path: Path) -> None:
    file = tmp_path / "checked.jsonl"
    sheet = xc.review(report, file=file)
    sheet.answers = {sheet.items[0]["id"]: right()}
    before = file.read_bytes()
    other = xc.Report.parse(TEXT.replace("3所", "4所"), name="other.txt")
    with pytest.raises(SheetError, match=r"checked\.jsonl:1: checked on another report"):
        xc.review(other, file=file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("line", ["", '{"cand": 1, "class": "name"}', '{"cand": 1}'])
def test_what_no_review_saved_is_told_and_stays(
    line: str, report: xc.Report, tmp_path: Path
) -> None:
    file = tmp_path / "checked.jsonl"
    sheet = xc.review(report, file=file)
    sheet.answers = {sheet.items[0]["id"]: right()}
    row = json.loads(file.read_text(encoding="utf-8"))
    told = {"": row | {"sha256": "0" * 64}}.get(line, row)
    file.write_text(f"\n{line}\n{json.dumps(told)}\n", encoding="utf-8")
    before = file.read_bytes()
    with pytest.raises(
        SheetError, match=r"checked\.jsonl(:3: checked on|: not saved by|:2: a row)"
    ):
        xc.review(report, file=file)
    assert file.read_bytes() == before


def test_a_value_that_is_none_is_said_in_the_sheet(report: xc.Report, tmp_path: Path) -> None:
    file = tmp_path / "checked.jsonl"
    sheet = xc.review(report, file=file)
    sheet.answers = {sheet.items[0]["id"]: right({"value": "many"})}
    assert "'many' is no number" in sheet.problem
    assert not file.exists()
    sheet.answers = {sheet.items[0]["id"]: right({"value": "3.5~4"})}
    assert sheet.problem == ""
    assert read_number_gold(file)[0]["value"] == [3.5, 4]


def test_what_could_not_be_saved_is_not_counted(report: xc.Report, tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    sheet = xc.review(report, file=folder / "checked.jsonl")
    before = sheet.accuracy
    folder.rmdir()
    folder.write_text("a file where the folder was", encoding="utf-8")
    sheet.answers = {sheet.items[0]["id"]: right()}
    assert sheet.problem
    assert sheet.accuracy.equals(before)


@pytest.mark.parametrize("options", [{"order": "worst"}, {"n": 0}])
def test_options_are_checked(report: xc.Report, options: dict[str, object]) -> None:
    with pytest.raises(SheetError, match=r"order=|n="):
        xc.review(report, **options)


def test_every_number_of_the_seed_is_shown_in_its_sentence(seed: xc.Report) -> None:
    for item in numbers.items(seed):
        place = item["place"]
        assert item["sentence"][place : place + len(item["text"])] == item["text"]


@pytest.mark.parametrize("order", ["random", "uncertain"])
def test_numbers_of_one_sentence_follow_one_another(seed: xc.Report, order: str) -> None:
    sentences = [item["sentence"] for item in xc.review(seed, order=order, n=60).items]
    assert len(list(itertools.groupby(sentences))) == len(set(sentences)) < 60


def test_codes_are_saved_as_a_coding_sheet(report: xc.Report, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    sheet = xc.themes.review(report, order="text", file=file)
    education, environment, growth = (item["id"] for item in sheet.items)
    sheet.answers = {
        education: {"codes": {"themes": ["education"], "instrument": "supply"}},
        growth: {"codes": {"themes": ["industry", "growth"], "instrument": ""}},
    }
    codes = xc.themes.read_sheet(file, report)
    assert codes["themes"].tolist() == [("education",), ("industry", "growth")]
    assert codes["instrument"].tolist() == ["supply", None]
    assert sheet.accuracy["right"].tolist() == [1, 1, 1]
    assert set(xc.themes.review(report, file=file).answers) == {education, growth}
    assert xc.themes.review(report, blind=True, order="text", file=file).items[1]["said"] == {}
    assert environment not in sheet.answers


def test_a_sheet_keeps_its_other_rows_and_columns(report: xc.Report, tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    xc.themes.coding_sheet(report, file, sample=None)
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    # As a spreadsheet may write a whole number.
    lines = [re.sub(r"^(\d+),(\d+),", r"\1,\2.0,", line) for line in lines]
    lines = [
        f"{line},{'remark' if number == 0 else f'r{number}'}" for number, line in enumerate(lines)
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    before = file.read_bytes()
    sheet = xc.themes.review(report, order="text", file=file)
    assert file.read_bytes() == before
    sheet.answers = {
        sheet.items[0]["id"]: {"codes": {"themes": ["education"], "instrument": "supply"}}
    }
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row["remark"] for row in rows] == ["r1", "r2", "r3"]
    assert [row["main"] for row in rows] == ["education", "", ""]


def test_a_sheet_that_a_spreadsheet_widened_gets_no_more_columns(
    report: xc.Report, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.csv"
    xc.themes.coding_sheet(report, file, sample=None)
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    file.write_text("".join(f"{line},,\n" for line in lines), encoding="utf-8")
    sheet = xc.themes.review(report, order="text", file=file)
    sheet.answers = {
        sheet.items[0]["id"]: {"codes": {"themes": ["education"], "instrument": "supply"}}
    }
    assert file.read_text(encoding="utf-8-sig").splitlines()[0] == lines[0]
    # What became no sheet meanwhile is told, and stays.
    broken = file.read_text(encoding="utf-8-sig").replace("\n3,", "\n3,x", 1)
    file.write_text(broken, encoding="utf-8")
    sheet.answers = {}
    assert "start is a place in the report" in sheet.problem
    assert file.read_text(encoding="utf-8") == broken


@pytest.mark.parametrize("name", ["sheet.xlsx", "sheet.jsonl", "sheet"])
def test_codes_are_saved_in_a_form_that_is_read(
    name: str, report: xc.Report, tmp_path: Path
) -> None:
    with pytest.raises(SheetError, match="codes are saved as"):
        xc.themes.review(report, file=tmp_path / name)


def test_two_sheets_on_one_file_keep_what_the_other_saved(
    report: xc.Report, tmp_path: Path
) -> None:
    file = tmp_path / "checked.jsonl"
    one, other = (xc.review(report, order="text", file=file) for _ in range(2))
    first, second, *_ = (item["id"] for item in one.items)
    one.answers = {first: right()}
    other.answers = {second: right()}
    assert set(xc.review(report, file=file).answers) == {first, second}
    # What was corrected and then found right again is right.
    one.answers = {first: right({"unit": "座"})}
    one.answers = {first: right()}
    assert xc.review(report, file=file).answers[first]["verdict"] == "right"


def test_two_sheets_of_codes_on_one_file_keep_what_the_other_saved(
    report: xc.Report, tmp_path: Path
) -> None:
    file = tmp_path / "codes.csv"
    one, other = (xc.themes.review(report, order="text", file=file) for _ in range(2))
    first, second, *_ = (item["id"] for item in one.items)
    one.answers = {first: {"codes": {"themes": ["education"], "instrument": ""}}}
    other.answers = {second: {"codes": {"themes": ["environment"], "instrument": ""}}}
    assert xc.themes.read_sheet(file, report)["themes"].tolist() == [
        ("education",),
        ("environment",),
    ]
