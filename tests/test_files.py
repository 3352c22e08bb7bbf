"""Files are there whole or not at all, and tables mean what the rows mean."""

import csv
import io
import json
import os
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.shared import with_pipes
from xiacheng_nlp.errors import OutputError
from xiacheng_nlp.files import table_bytes, write_file, write_files

ROWS = [
    {
        "text": "增长",
        "value": Decimal("7.80"),
        "start": 451,
        "among": None,
        "themes": ("growth", "reform"),
    },
    {"text": "=1+1", "value": Decimal("-3.60"), "start": 7, "among": "全市", "themes": ()},
]
COLUMNS = list(ROWS[0])


def test_json_lines_keep_decimals_exact() -> None:
    lines = table_bytes(ROWS, COLUMNS, form="jsonl").decode().splitlines()
    assert json.loads(lines[0]) == {
        "text": "增长",
        "value": "7.80",
        "start": 451,
        "among": None,
        "themes": ["growth", "reform"],
    }


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_cell_is_never_a_formula_and_a_number_stays_one(form: str, delimiter: str) -> None:
    rows = list(
        csv.reader(io.StringIO(table_bytes(ROWS, COLUMNS, form=form).decode()), delimiter=delimiter)
    )
    assert rows[1][:4] == ["增长", "7.80", "451", ""]
    assert rows[2][:4] == ["'=1+1", "-3.60", "7", "全市"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_full_width_sign_begins_no_formula_either(sign: str) -> None:
    rows = table_bytes([{"text": f"{sign}1+1完成投资"}], ["text"], form="csv").decode()
    assert rows == f"text\n'{sign}1+1完成投资\n"


@pytest.mark.parametrize("sign", ["-", "+", "＝"])
def test_a_sign_alone_is_no_formula(sign: str) -> None:
    assert table_bytes([{"text": sign}], ["text"], form="csv").decode() == f"text\n{sign}\n"


def test_a_text_that_is_too_long_for_a_cell_of_excel_is_cut_and_says_so() -> None:
    data = table_bytes([{"text": "增" * 40_000}], ["text"], form="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["A2"].value == "增" * 32_766 + "…"


def test_a_decimal_of_more_digits_than_excel_keeps_is_text() -> None:
    rows = [{"value": Decimal("0.12345678901234567891")}, {"value": Decimal("7.80")}]
    sheet = openpyxl.load_workbook(io.BytesIO(table_bytes(rows, ["value"], form="xlsx"))).active
    assert [sheet["A2"].value, sheet["A3"].value] == ["0.12345678901234567891", 7.8]


def test_a_fraction_has_twelve_digits_and_a_share_is_shown_in_hundredths() -> None:
    rows = [{"share": 1 / 3, "value": 1 / 3}]
    assert table_bytes(rows, ["share"], form="csv") == b"share\n0.333333333333\n"
    data = table_bytes(rows, ["share", "value"], form="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [sheet[cell].number_format for cell in ("A2", "B2")] == ["0.0%", "0.00##"]


def test_parquet_has_decimals() -> None:
    table = pq.read_table(io.BytesIO(table_bytes(ROWS, COLUMNS, form="parquet")))
    assert table.column("value").to_pylist() == [Decimal("7.80"), Decimal("-3.60")]
    assert table.column("themes").to_pylist() == [["growth", "reform"], []]


def test_a_parquet_column_with_more_digits_than_decimals_have_is_text() -> None:
    rows = [
        {"few": Decimal("7.80"), "many": Decimal("7.80")},
        {"few": Decimal("9" * 28), "many": Decimal("0.12345678901")},
    ]
    table = pq.read_table(io.BytesIO(table_bytes(rows, ["few", "many"], form="parquet")))
    assert table.column("few").to_pylist() == [Decimal("7.80"), Decimal("9" * 28)]
    assert table.column("many").to_pylist() == ["7.80", "0.12345678901"]


def test_excel_has_text_where_the_report_has_a_formula() -> None:
    data = table_bytes(ROWS, COLUMNS, form="xlsx", title="observations")
    assert data == table_bytes(ROWS, COLUMNS, form="xlsx", title="observations")
    sheet = openpyxl.load_workbook(io.BytesIO(data))["observations"]
    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert sheet["A3"].value == "=1+1"
    assert sheet["A3"].data_type == "s"


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write_file(tmp_path / "new" / "table.csv", b"a\n")
    write_file(tmp_path / "new" / "table.csv", b"b\n")
    assert [(p.name, p.read_bytes()) for p in (tmp_path / "new").iterdir()] == [
        ("table.csv", b"b\n")
    ]


def test_files_that_belong_together_are_all_written_or_none(tmp_path: Path) -> None:
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_bytes(b"old")
    two.mkdir()
    with pytest.raises(OutputError, match=r"b\.csv: cannot be written"):
        write_files({one: b"new", two: b"new"})
    assert one.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_a_place_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be written"):
        write_file(tmp_path / "file" / "table.csv", b"")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_file(tmp_path / "taken", b"")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "taken"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_file_keeps_its_rights(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a\n")
    path.chmod(mode)
    write_file(path, b"b\n")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"b\n", mode)


def test_a_file_that_is_protected_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a\n")
    # Of the superuser no file is protected.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="it is protected from writing"):
        write_file(path, b"b\n")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("table.csv", b"a\n")]


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(b"a\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "table.csv")
    write_file(tmp_path / "link.csv", b"b\n")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "table.csv").read_bytes() == b"b\n"


@with_pipes
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_file(pipe, b"a\n")
    assert os.read(reader, 10) == b"a\n"
    os.close(reader)
    assert pipe.is_fifo()


@with_pipes
def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="pipe: cannot be written"):
        write_file(tmp_path / "pipe", b"a\n")


@pytest.mark.parametrize("name", ["a" * 240, "a" * 241, "甲" * 80 + "a", "甲" * 85, "a" * 255])
def test_a_file_of_any_name_that_the_system_takes_is_written(tmp_path: Path, name: str) -> None:
    write_file(tmp_path / name, b"data")
    assert [path.name for path in tmp_path.iterdir()] == [name]
