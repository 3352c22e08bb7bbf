"""The wording of reports: every pattern of the data file is asked for, and says what it takes."""

import re
from pathlib import Path

import pytest

import xiacheng_nlp
from tests.work import misread
from xiacheng_nlp.datafiles import Row
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


def test_pieces_are_put_in() -> None:
    assert not any(re.search("[A-Z]{3,}", each.pattern) for _, each in ROWS)
