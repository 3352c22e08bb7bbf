"""Data files: what is wrong is said as file:line, with the place marked."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType

import pytest

from xiacheng_nlp.datafiles import packaged, read_json_rows, read_patterns, read_table
from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.terms import selection
from xiacheng_nlp.words import lexicon

HEADER = "word\tkind\tnote\n"


def read(tmp_path: Path, text: str | bytes, **options: str) -> list[dict[str, str]]:
    path = tmp_path / "words.tsv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return [
        row.cells
        for row in read_table(path, columns=("word", "kind"), optional=("note",), **options)
    ]


def test_comments_empty_lines_marks_and_missing_cells(tmp_path: Path) -> None:
    text = (
        "\ufeff# words of the genre\r\n"
        + HEADER
        + "\n营改增\tpolicy\tsince 2012\r\n河长制\tpolicy\n"
    )
    assert read(tmp_path, text) == [
        {"word": "营改增", "kind": "policy", "note": "since 2012"},
        {"word": "河长制", "kind": "policy", "note": ""},
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "words.tsv:1: empty; the first line must name the columns word, kind"),
        (
            "kind\tword\n",
            "words.tsv:1: the header must name the columns word, kind, in this order, with tabs"
            " between them, not 'kind\\tword'",
        ),
        (
            HEADER + "营改增\tpolicy\ta\tb\n",
            "words.tsv:2: 4 cells, but the header names 3 columns\n    营改增\tpolicy\ta\tb",
        ),
        (HEADER + "\n# c\n营改增\t\tx\n", "words.tsv:4: no kind\n    营改增\t\tx\n          \t~"),
        (
            HEADER + "营改增\ta\n三改\tb\n营改增\tc\n",
            "words.tsv:4: 营改增 stands already in line 2\n    营改增\tc\n    ~~~~~~",
        ),
        (
            HEADER.encode() + "营改增\tpolicy\n".encode("gbk"),
            "words.tsv:2: byte 17 is not UTF-8; save the list as UTF-8",
        ),
        (
            b"PK\x03\x04\x14\x00\x00\x00\xff\xfe",
            "words.tsv: a workbook, or another archive: copy its cells into a text editor, which"
            " sets tabs between them, and save that as UTF-8 (metadata: save the sheet as CSV)",
        ),
        ("PK赛\n".encode("gbk"), "words.tsv:1: byte 2 is not UTF-8; save the list as UTF-8"),
    ],
)
def test_errors_teach(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read(tmp_path, text, key="word")
    assert str(caught.value).startswith(message)


def test_a_missing_list_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"none\.tsv: cannot be read: No such file"):
        read_table(tmp_path / "none.tsv", columns=("word",))


@pytest.mark.parametrize(
    ("cells", "lacking"), [("\t", "takes"), ("年\t", "refuses"), ("年\t月", "")]
)
def test_a_long_pattern_shows_what_it_takes_and_refuses(
    tmp_path: Path, cells: str, lacking: str
) -> None:
    path = tmp_path / "shapes.tsv"
    path.write_text(f"pattern\ttakes\trefuses\n年\n{'年|' * 30}年\t{cells}\n", encoding="utf-8")
    message = f"shapes.tsv:3: a pattern of more than 60 characters shows what it {lacking}"
    with pytest.raises(DataFileError, match=message) if lacking else nullcontext():
        read_patterns(path, columns=("pattern",), optional=("takes", "refuses"))


def test_every_data_file_of_the_package_has_a_header_and_ends_its_last_line() -> None:
    for path in sorted(Path(str(packaged(""))).glob("*.tsv")):
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), path.name
        assert "\r" not in text, path.name
        header = next(line for line in text.splitlines() if line and not line.startswith("#"))
        assert len(header.split("\t")) >= 2, path.name


def json_rows(tmp_path: Path, data: bytes, *required: str) -> list[tuple[int, dict[str, object]]]:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(data)
    return [(row.line, row.cells) for row in read_json_rows(path, required=required)]


def test_rows_of_json_lines_know_their_line(tmp_path: Path) -> None:
    data = '\ufeff{"text": "增长\u2028"}\r\n\n{"text": 2}\n'.encode()
    assert json_rows(tmp_path, data, "text") == [(1, {"text": "增长\u2028"}), (3, {"text": 2})]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'\n{"a"\n', "gold.jsonl:2: no JSON: "),
        (b"[1]\n", "gold.jsonl:1: a row must be an object, not list"),
        (b'\n{"a": 1}\n', "gold.jsonl:2: a row has b, c too"),
        (b"{}\n\xff\n", "gold.jsonl:2: byte 3 is not UTF-8"),
    ],
)
def test_errors_of_json_lines_teach(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(DataFileError) as caught:
        json_rows(tmp_path, data, "a", "b", "c")
    assert str(caught.value).startswith(message)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"gold\.jsonl: cannot be read: No such file"):
        read_json_rows(tmp_path / "gold.jsonl")


@pytest.mark.parametrize(
    ("module", "load", "line"),
    [
        (lexicon, lambda: lexicon.rule_words("organ"), "class\tword\tsource\norgna\t局\tusage\n"),
        (selection, selection.load_stop_words, "word\tkind\n的\tparticel\n"),
    ],
)
def test_a_kind_that_no_list_of_words_has_is_told(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    module: ModuleType,
    load: Callable[[], object],
    line: str,
) -> None:
    path = tmp_path / "words.tsv"
    path.write_text(line, encoding="utf-8")
    cached = [one for one in vars(module).values() if hasattr(one, "cache_clear")]
    for one in cached:
        one.cache_clear()
    monkeypatch.setattr(module, "packaged", lambda name: path)
    with pytest.raises(DataFileError, match=r"words\.tsv:2: (class|kind) must be one of"):
        load()
    for one in cached:
        one.cache_clear()
