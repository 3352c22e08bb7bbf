"""Tables with a report a row: in each form, with columns told or named, and broken ones."""

import csv
import gc
import io
import json
import re
import warnings
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import xiacheng_nlp as xc
from xiacheng_nlp.cli import main
from xiacheng_nlp.errors import ReportWarning
from xiacheng_nlp.readers import rows
from xiacheng_nlp.report.folders import Loaded, load_reports
from xiacheng_nlp.report.report import Report


def text_of(year: int, amount: str) -> str:
    return (
        f"各位代表：\n现在，我代表市人民政府报告工作。\n一、{year - 1}年工作回顾\n"
        f"完成投资{amount}亿元，增长8.1%。\n二、{year}年工作安排\n地区生产总值增长7%左右。\n"
    )


TABLE = pd.DataFrame(
    [
        ("1", "杭州市", "2013", text_of(2013, "87.9"), "2013年政府工作报告", "2013-02-10"),
        ("2", "宁波市", "2014", text_of(2014, "88.9"), "2014年政府工作报告", "2014-02-11"),
        ("3", "温州市", "2016", text_of(2015, "89.9"), "2015年政府工作报告", "2015-02-12"),
    ],
    columns=["id", "地区", "年份", "内容", "标题", "日期"],
)
"""Three reports, the last with another year than its text tells."""


@pytest.mark.parametrize("encoding", ["big5", "utf-16-le", "utf-16-be"])
def test_a_table_in_traditional_characters_is_read(tmp_path: Path, encoding: str) -> None:
    text = "政府工作報告\n各位代表：\n一、2013年工作回顧\n地區生產總值增長7.8%。\n" * 3
    table = pd.DataFrame({"地區": ["下城區", "西湖區"], "年份": [2014, 2015], "內容": text})
    (tmp_path / "a.csv").write_bytes(table.to_csv(index=False).encode(encoding))
    with pytest.warns(ReportWarning, match="text=內容, place=地區, year=年份"):
        read = [each.report for each in load_reports(tmp_path / "a.csv")]
    assert [report and (report.year, "地區生產總值" in report.text) for report in read] == [
        (2014, True),
        (2015, True),
    ]


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_table_may_be_left_before_its_end(tmp_path: Path) -> None:
    pd.concat([TABLE] * rows.CHUNK).to_csv(tmp_path / "a.csv", index=False)
    with pytest.warns(ReportWarning, match="text=内容"):
        first = next(load_reports(tmp_path / "a.csv"))
    assert first.name == "a.csv#row-1"
    gc.collect()


def test_a_table_in_utf16_without_a_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TABLE.to_csv(index=False).encode("utf-16-le"))
    with pytest.warns(ReportWarning, match="text=内容, place=地区, year=年份"):
        read = [each.report for each in load_reports(tmp_path / "a.csv") if each.report]
    assert [str(report.year) for report in read] == TABLE["年份"].tolist()


def saved(form: str) -> bytes:
    stream = io.BytesIO()
    match form:
        case "csv":
            return TABLE.to_csv(index=False).encode()
        case "csv of Excel":
            return TABLE.to_csv(index=False).encode("gb18030")
        case "text of Excel":
            return TABLE.to_csv(index=False, sep="\t").encode("utf-16")
        case "jsonl":
            return TABLE.to_json(orient="records", lines=True, force_ascii=False).encode()
        case "json":
            return TABLE.to_json(orient="records").encode()
        case "parquet":
            TABLE.to_parquet(stream)
        case "xlsx":
            with pd.ExcelWriter(stream) as writer:
                pd.DataFrame({"note": ["made by hand"]}).to_excel(writer, sheet_name="about")
                TABLE.assign(年份=TABLE["年份"].astype(int)).to_excel(writer, sheet_name="data")
        case "dta" | "old dta":
            names = ["id", "region", "year", "content", "title", "date"]
            table = TABLE.set_axis(names, axis=1).astype({"year": float})
            long = ["content"] if form == "dta" else []
            table.to_stata(stream, write_index=False, version=118, convert_strl=long)
    return stream.getvalue()


FORMS = ("csv", "csv of Excel", "text of Excel", "jsonl", "json", "parquet", "xlsx", "dta")


def of_file(path: Path) -> list[Loaded]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReportWarning)
        return list(load_reports(path))


@pytest.mark.parametrize("form", [*FORMS, "old dta"])
def test_a_table_gives_a_report_a_row_with_what_its_columns_tell(form: str, tmp_path: Path) -> None:
    path = tmp_path / "2020.data"
    path.write_bytes(saved(form))
    with pytest.warns(ReportWarning, match="text=(内容|content), place=(地区|region), year="):
        found = list(load_reports(path))
    assert [(each.name, each.error) for each in found] == [
        (f"2020.data#row-{number}", None) for number in (1, 2, 3)
    ]
    reports = [each.report for each in found if each.report]
    assert [report.year for report in reports] == [2013, 2014, 2016]
    assert [report.place.name for report in reports] == ["杭州市", "宁波市", "温州市"]
    assert {report.metadata.year_from for report in reports} == {"given"}
    assert [report.title for report in reports] == TABLE["标题"].tolist()
    assert reports[0].text == TABLE["内容"][0]
    assert [str(report.metadata.date and report.metadata.date.text) for report in reports] == [
        *TABLE["日期"]
    ]
    assert any("2016 by what was given, but 2015" in note.message for note in reports[2].notes)


def test_a_workbook_that_says_of_its_sheet_that_it_is_small_is_read_whole(tmp_path: Path) -> None:
    """As some programs save them: <dimension ref="A1"/>."""
    path = tmp_path / "2020.xlsx"
    with zipfile.ZipFile(io.BytesIO(saved("xlsx"))) as held, zipfile.ZipFile(path, "w") as other:
        for name in held.namelist():
            part = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', held.read(name))
            other.writestr(name, part)
    assert [each.error for each in of_file(path)] == [None] * 3


def test_a_second_sheet_of_reports_is_told(tmp_path: Path) -> None:
    path = tmp_path / "2020.xlsx"
    with pd.ExcelWriter(path) as writer:
        for name in ("2014", "2015"):
            TABLE.astype(str).to_excel(writer, sheet_name=name)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert len(list(load_reports(path))) == 3
    said = (
        "of the workbook the sheet 2014 is read; 2015 holds reports too: save it as a workbook of"
    )
    assert [str(one.message).startswith(said) for one in told] == [True, False]


@pytest.mark.parametrize("form", FORMS)
def test_every_command_says_that_a_table_is_no_report(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(saved(form))
    for command in ("outline", "tokens", "indicators", "themes", "quantities", "run"):
        assert main([command, str(path), "-o", str(tmp_path / "out.csv")]) == 1
        said = capsys.readouterr().err
        assert re.fullmatch(r"xiacheng-nlp: t\.txt: a table \(.* corpus .*\n", said)


def test_a_frame_and_named_columns() -> None:
    frame = TABLE.rename(columns={"内容": "b", "地区": "x"}).assign(place="宁波市")
    named = list(load_reports(frame, text="b", place="x", year="年份", date="日期", title="标题"))
    assert [each.name for each in named] == ["table#row-1", "table#row-2", "table#row-3"]
    assert [each.report.place.name for each in named if each.report] == TABLE["地区"].tolist()
    said = next(load_reports(frame, year="y")).error
    assert said == "table: has no column y (year); it has id, x, 年份, b, 标题, 日期, place"


def test_an_empty_cell_of_a_frame_tells_nothing() -> None:
    frame = TABLE.assign(地区=["杭州市", float("nan"), None])
    named = load_reports(frame, text="内容", place="地区", year="年份", date="日期", title="标题")
    found = [each.report.place.name for each in named if each.report]
    assert found == ["杭州市", None, None]


def test_names_that_leave_out_what_a_place_ends_in() -> None:
    frame = pd.DataFrame({"city": ["杭州", "宁波"], "text": TABLE["内容"][:2]})
    with pytest.warns(ReportWarning):
        found = [each.report for each in load_reports(frame) if each.report]
    assert [report.place.name for report in found] == ["杭州市", "宁波市"]


def test_of_province_and_city_the_city_is_the_place() -> None:
    frame = TABLE.assign(省份="浙江省")
    with pytest.warns(ReportWarning, match="place=地区"):
        list(load_reports(frame))


def test_a_number_of_a_row_is_no_year(tmp_path: Path) -> None:
    text = "各位代表：\n一、工作回顾\n完成投资87.9亿元。"
    assert Report.read(text.encode(), name="r.csv#row-2014").year is None
    assert Report.read(text.encode(), name="r-2015.csv#row-2014").year == 2015


def test_rows_without_text_and_rows_that_are_no_reports_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    TABLE.assign(内容=[TABLE["内容"][0], "", "今天天气很好。\n明天也是。"]).to_csv(
        path, index=False
    )
    found = of_file(path)
    assert [each.error and each.error[:40] for each in found] == [
        None,
        "a.csv#row-2: no text in this row",
        "a.csv#row-3: this does not look like a w"[:40],
    ]


TWICE = "a.csv: has the column 内容 twice; rename one of them"


def twice_in_a_workbook() -> bytes:
    stream = io.BytesIO()
    TABLE.rename(columns={"标题": "内容"}).to_excel(stream, index=False)
    return stream.getvalue()


WIDE = "a.csv: line 1: more than 10,000 columns; leave those out that nothing needs"


def many_rows() -> bytes:
    """A Parquet file of some bytes."""
    stream = io.BytesIO()
    pd.DataFrame({"内容": [""] * 1_000_001}).to_parquet(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PAR1" + b"x" * 100, "a.csv: a broken table ("),
        (saved("dta")[:900], "a.csv: a broken table ("),
        (saved("json")[:-200], "a.csv: a broken table ("),
        (b'{"text": ' + b"[" * 100_000, "a.csv: line 1: maximum recursion"),
        (saved("jsonl") + b'{"text"\n', "a.csv: line 4: Expecting ':' delimiter"),
        (saved("csv").replace("标题".encode(), "内容".encode(), 1), TWICE),
        (
            saved("jsonl").replace("标题".encode(), "内容".encode(), 1),
            TWICE.replace("has", "line 1: has"),
        ),
        (saved("json").replace(b'"id"', b'"\\u5185\\u5bb9"', 1), TWICE),
        (twice_in_a_workbook(), TWICE),
        (json.dumps(dict.fromkeys(map(str, range(10_001)), 1)).encode(), WIDE),
        (many_rows(), "a.csv: more than 1,000,000 rows; cut it into several files"),
        (b'{"a": "b"}\n', "a.csv: a table without a column of reports; if it has one, name it"),
        (saved("csv of Excel") + b"\xff\xff\xff\n", "a.csv: a broken table ('gb18030' codec"),
    ],
)
def test_broken_tables_are_one_line(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    found = of_file(path)
    assert str(found[-1].error).startswith(said)
    assert len(str(found[-1].error).splitlines()) == 1


def test_a_quote_that_is_never_closed_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows._Bounded, "left", 1_000_000)
    path = tmp_path / "a.csv"
    path.write_text('place,text\n杭州市,"' + text_of(2014, "1") * 20_000, encoding="utf-8")
    found = of_file(path)
    assert found[0].error == "a.csv: 32 rows with more than 200,000,000 bytes; is a quote open?"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_table_with_row_numbers_blanks_and_empty_rows_is_one(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    frame = TABLE.assign(地区=[f" {place}\u3000" for place in TABLE["地区"]])
    made = frame.to_csv(lineterminator=ending, quoting=csv.QUOTE_ALL)
    path.write_text(made + f",,,,,,{ending}" * 3, encoding="utf-8", newline="")
    found = of_file(path)
    assert [each.error for each in found] == [None] * len(TABLE)
    assert [each.report and each.report.place_name for each in found] == list(TABLE["地区"])


def test_a_table_that_its_head_names_is_no_text_though_it_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f'place,text\n杭州市,"{text_of(2014, "1")}\n宁波市,"{text_of(2014, "2")}"\n',
        encoding="utf-8",
    )
    assert str(of_file(path)[-1].error).startswith("a.csv: a broken table (")


@pytest.mark.parametrize(
    "text",
    [
        "各位代表,同志们:\n现在,我代表市人民政府报告工作。\n" * 5,
        "2014年,政府工作报告\n" + "完成投资87.9亿元，增长8.1%。" * 20,
        "name,value\nGDP,643.57\n投资,152.84\n",
        "place,year\n" + "杭州市,2014\n" * 30,
    ],
)
def test_a_text_with_commas_is_no_table(text: str) -> None:
    assert rows.table_form(text.encode()) is None


def test_a_text_that_excel_cut_is_told() -> None:
    frame = pd.DataFrame({"place": ["杭州市"], "text": [(text_of(2014, "9") * 500)[:32_767]]})
    named = load_reports(frame, text="text", place="place")
    with pytest.warns(ReportWarning, match="table#row-1: the text fills a cell of Excel"):
        list(named)
    # What is longer was in no cell of Excel.
    longer = pd.DataFrame({"place": ["杭州市"], "text": [text_of(2014, "9") * 500]})
    assert len(list(load_reports(longer, text="text", place="place"))) == 1


@pytest.mark.filterwarnings("always::xiacheng_nlp.errors.ReportWarning")
def test_a_data_set_is_made_of_a_table_and_keeps_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "out"
    path.write_bytes(TABLE.rename(columns={"年份": "when"}).to_csv(index=False).encode())
    words = ["corpus", str(path), "-o", str(out), "--workers", "0", "--no-terms"]
    assert main([*words, "--columns", "year=when"]) == 0
    assert "by what they hold: text=内容, place=地区, date=日期" in capsys.readouterr().err
    stored = pd.read_parquet(out / "reports").sort_values("file")
    assert stored["file"].tolist() == ["a.csv#row-1", "a.csv#row-2", "a.csv#row-3"]
    assert stored["year"].tolist() == [2013, 2014, 2016]
    assert stored["place"].tolist() == ["杭州市", "宁波市", "温州市"]
    assert main([*words, "--columns", "year=when"]) == 0
    assert "Made 0 reports, kept 3, removed 0" in capsys.readouterr().out
    # One row is corrected, and the whole table can't be read the next time.
    path.write_bytes(TABLE.assign(when="2018").to_csv(index=False).encode())
    assert main([*words, "--columns", "year=when"]) == 0
    assert "Made 3 reports, kept 0" in capsys.readouterr().out
    path.write_bytes(b"PAR1")
    (tmp_path / "b.txt").write_text(text_of(2014, "5"), encoding="utf-8")
    words[1] = str(tmp_path)
    assert main(words) == 0
    assert "Made 1 reports, kept 3, removed 0" in capsys.readouterr().out
    assert main([*words, "--columns", "years=when"]) == 2


def test_what_a_table_tells_reaches_the_observations(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = "各位代表：\n二、工作安排\n地区生产总值增长7%左右。"
    path.write_text(json.dumps({"正文": text, "年份": 2017}, ensure_ascii=False), encoding="utf-8")
    [loaded] = of_file(path)
    assert loaded.report is not None
    assert [each.period for each in xc.indicators(loaded.report)] == ["2017"]


def test_a_data_set_tells_what_told_its_years_and_places_and_what_was_not_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-2014.txt").write_text(
        f"某某网站首页的一行\n2014年杭州市政府工作报告\n{text_of(2014, '5')}", encoding="utf-8"
    )
    out = tmp_path / "out"
    assert main(["corpus", str(tmp_path), "-o", str(out), "--workers", "0", "--no-terms"]) == 0
    said = capsys.readouterr().out
    [row] = pd.read_parquet(out / "reports").to_dict("records")
    assert (row["year_from"], row["place_from"], row["code"]) == ("title", "title", "330100")
    assert 0.05 < row["outside"] < 0.1
    assert f"1 of those made have notes, at most {row['outside']:.1%} of a text" in said


@pytest.mark.parametrize(
    ("above", "separator"),
    [
        ("sep=;\n", ";"),
        ('"sep=,"\r\n', ","),
        ("# 数据来自各地网站, 2014\n", ","),
        ("sep=|\n# a\n\n# b\n", "|"),
        ("\n# 说明\n", "\t"),
    ],
)
@pytest.mark.filterwarnings("ignore::xiacheng_nlp.errors.ReportWarning")
def test_what_stands_above_the_head_is_no_row(tmp_path: Path, above: str, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(above + TABLE.to_csv(index=False, sep=separator), encoding="utf-8", newline="")
    read = [each.report for each in load_reports(path)]
    assert [report and report.year for report in read] == [2013, 2014, 2016]


@pytest.mark.filterwarnings("ignore::xiacheng_nlp.errors.ReportWarning")
def test_a_column_of_row_numbers_may_be_called_with_a_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    TABLE.rename(columns={"id": "#"}).to_csv(path, index=False)
    assert [each.report and each.report.year for each in load_reports(path)] == [2013, 2014, 2016]


@pytest.mark.parametrize("separator", list(",\t;|^~"))
@pytest.mark.parametrize("columns", [list(TABLE), list("ABCDEF")])
@pytest.mark.filterwarnings("ignore::xiacheng_nlp.errors.ReportWarning")
def test_cells_may_be_parted_by_any_sign(
    tmp_path: Path, separator: str, columns: list[str]
) -> None:
    path = tmp_path / "a.csv"
    TABLE.set_axis(columns, axis=1).to_csv(path, index=False, sep=separator)
    read = [each.report for each in load_reports(path)]
    assert [report and report.year for report in read] == [2013, 2014, 2016]


@pytest.mark.filterwarnings("ignore::xiacheng_nlp.errors.ReportWarning")
def test_the_first_cell_of_a_head_may_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    TABLE.set_axis(list("ABCDEF"), axis=1).to_csv(path, sep="\t", encoding="utf-16")
    assert [each.report and each.report.year for each in load_reports(path)] == [2013, 2014, 2016]


def test_a_line_of_particulars_with_a_colon_is_no_head() -> None:
    for front in ("索引号: K14\n文号: 1\n", "标题:正文:年份\n"):
        assert rows.table_form((front + text_of(2014, "1")).encode()) is None


def loaded(source: object, **named: str) -> list[tuple[object, object, str | None]]:
    """Year, place and error of each row."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReportWarning)
        found = list(load_reports(source, **named))  # type: ignore[arg-type]
    return [(e.report and e.report.year, e.report and e.report.place_name, e.error) for e in found]


READ = [(2013, "杭州市", None), (2014, "宁波市", None), (2016, "温州市", None)]


def test_a_title_above_the_head_and_cells_in_single_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("报告一览,,,,,\n" + TABLE.to_csv(index=False))
    (tmp_path / "b.csv").write_text(TABLE.to_csv(index=False, quotechar="'", quoting=1))
    with pd.ExcelWriter(tmp_path / "c.xlsx") as book:
        TABLE.to_excel(book, index=False, startrow=2)
        pd.DataFrame(["报告一览"]).to_excel(book, index=False, header=False)
    assert [loaded(tmp_path / name) for name in ("a.csv", "b.csv", "c.xlsx")] == [READ] * 3


@pytest.mark.parametrize("piece", [rows._AT_ONCE, 7])
def test_a_merged_place_or_year_belongs_to_each_row_that_it_covers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """And no merged head, title, empty row or report to any other, however few bytes are read at a
    time."""
    monkeypatch.setattr("xiacheng_nlp.readers.rows._AT_ONCE", piece)
    table = TABLE.assign(地区=["杭州市", None, None], 年份=["2013", None, "2016"])
    rows = [["报告一览"], [*table.columns], *table.to_numpy().tolist(), [None, None, "2017"]]
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    for cells in ("A1:F1", "B3:B9", "C3:C4", "D5:D6"):
        book.worksheets[0].merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    *read, (*_, error) = loaded(tmp_path / "a.xlsx")
    assert read == [(year, "杭州市", None) for year in (2013, 2013, 2016)]
    assert error is not None


def test_a_head_of_one_name_stands_beside_row_numbers(tmp_path: Path) -> None:
    TABLE[["内容"]].to_excel(tmp_path / "a.xlsx")
    assert [error for *_, error in loaded(tmp_path / "a.xlsx")] == [None] * 3


def test_a_report_for_the_name_of_a_column_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE.to_csv(index=False, header=False))
    assert "its first row is a report" in str(loaded(tmp_path / "a.csv"))
    assert "its first row is a report" in str(
        loaded(TABLE.iloc[1:].set_axis(TABLE.iloc[0], axis=1))
    )


def test_texts_that_their_own_commas_cut_are_told(tmp_path: Path) -> None:
    text = text_of(2013, "87.9").replace("\n", "").replace("，", ",")
    (tmp_path / "a.csv").write_text(f"年份,地区,内容\n2013,杭州市,{text}\n")
    assert "put texts that hold a , into quotation marks" in str(loaded(tmp_path / "a.csv"))
    # A comma at the end of each row parts nothing.
    (tmp_path / "a.csv").write_text(f"年份,地区,内容\n2013,杭州市,{text.replace(',', '，')},\n")
    assert loaded(tmp_path / "a.csv") == READ[:1]


def test_a_row_a_paragraph_or_a_sentence_is_no_row_a_report() -> None:
    sentences = TABLE.assign(内容=TABLE["内容"].str.split(r"(?<=。)|\n")).explode("内容")
    said = loaded(sentences, text="内容")
    assert "a paragraph or a sentence a row, it seems; join those" in str(said)
    # Many reports of one province are whole.
    assert [e for *_, e in loaded(pd.concat([TABLE.assign(地区="浙江省", 年份=2014)] * 4))] == [
        None
    ] * 12


def test_other_columns_of_texts_and_years_that_are_none_are_told() -> None:
    halves = TABLE.assign(内容2=TABLE["内容"].str[20:], 内容=TABLE["内容"].str[:60])
    short = TABLE.assign(年份=TABLE["年份"].str[2:])
    for table, said in (
        (halves, "(name others where that is wrong; texts too, and not read: 内容2)"),
        (short, "table: 13 is no year, and was not read"),
    ):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            list(load_reports(table, year="年份"))
        assert said in "\n".join(str(warning.message) for warning in told)


@pytest.mark.parametrize(
    "cells",
    [
        TABLE["内容"].str.split("\n"),
        TABLE["内容"].str.split("\n").map(np.array),
        TABLE["内容"].str.encode("gb18030"),
        TABLE["内容"].str.replace("\n", r"\n"),
    ],
)
def test_a_text_in_lines_in_bytes_or_with_its_line_ends_written_out(cells: pd.Series) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReportWarning)
        reports = [e.report for e in load_reports(TABLE.assign(内容=cells), text="内容")]
    assert [r and r.text.strip() for r in reports] == TABLE["内容"].str.strip().tolist()


def test_objects_of_columns_and_lists_of_texts_in_json(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for told in (TABLE.to_json(), TABLE.to_json(orient="index"), TABLE.to_json(orient="split")):
        path.write_text(told)
        assert "cells that hold tables" in str(loaded(path)) or "column of reports" in str(
            loaded(path)
        )
    path.write_text(json.dumps({"data": TABLE.to_dict("records")}))
    assert "cells that hold tables" in str(loaded(path))
    path.write_text(json.dumps(TABLE["内容"].tolist()))
    assert [year for year, _, _ in loaded(path)] == [2013, 2014, 2015]
