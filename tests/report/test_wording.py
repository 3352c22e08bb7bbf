"""The wording of reports: every pattern of the data file is asked for, and says what it takes."""

import re
from pathlib import Path

import pytest

import xiacheng_nlp
from tests.work import guards, misread
from xiacheng_nlp.datafiles import LONGEST, Row
from xiacheng_nlp.numbers.numerals import COUNTED, YEAR
from xiacheng_nlp.report.wording import pattern, wording, wording_rows

ROWS = wording_rows()


def test_every_role_is_asked_for_by_name() -> None:
    room = Path(xiacheng_nlp.__file__).parent / "report"
    code = "".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    assert {role for role in wording() if f'"{role}"' not in code} == set()


def test_each_style_of_numbering_has_one_group_for_its_numeral() -> None:
    assert {style: each.groups for style, each in wording()["style"]} == dict.fromkeys(
        ["第一章", "第一", "一是", "一、", "（一）", "1.", "(1)"], 1
    )


@pytest.mark.parametrize(
    ("row", "alone"), ROWS, ids=[f"{row.line}-{row['role']}" for row, _ in ROWS]
)
def test_a_pattern_takes_and_refuses_its_examples(row: Row, alone: re.Pattern[str]) -> None:
    role = row["role"]
    assert not misread(row, alone, alone if role.isupper() else pattern(role))


LONG = [row for row, _ in ROWS if len(row["pattern"]) > LONGEST]


def with_pieces(text: str) -> str:
    pieces = {row["role"]: each.pattern for row, each in ROWS if row["role"].isupper()}
    pieces |= {"COUNTED": COUNTED, "YEAR": YEAR}
    return re.sub("[A-Z]{3,}", lambda piece: pieces[piece[0]], text)


@pytest.mark.parametrize("row", LONG, ids=[f"{row.line}-{row['role']}" for row in LONG])
def test_each_guard_of_a_long_pattern_is_shown_by_an_example(row: Row) -> None:
    for look, looser in guards(row["pattern"]):
        shape = re.compile(with_pieces(looser))
        assert misread(row, shape, shape), look


def test_pieces_are_put_in() -> None:
    assert not any(re.search("[A-Z]{3,}", each.pattern) for _, each in ROWS)
