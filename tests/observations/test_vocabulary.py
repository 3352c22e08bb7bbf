"""The words and patterns of the grammar: each example is taken or refused, and nothing is
unused."""

import re
from pathlib import Path

import pytest

from xiacheng_nlp.datafiles import Row, read_table
from xiacheng_nlp.observations import vocabulary

ROOM = Path(vocabulary.__file__).parent
CODE = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
ROWS = [row for rows in vocabulary.pattern_rows().values() for row in rows]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.line}-{row['name']}" for row in ROWS])
def test_a_pattern_takes_and_refuses_its_examples(row: Row) -> None:
    assert re.search(vocabulary.expanded(row["pattern"]), row["takes"])
    if row["refuses"]:
        assert not getattr(vocabulary.pattern, row["name"]).search(row["refuses"])


def test_every_pattern_and_every_kind_of_words_is_used() -> None:
    patterns = " ".join(row["pattern"] for row in ROWS)
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"\{([a-z_,!]+)\}", patterns))))
    named |= set(re.findall(r"\b(?:pattern|words|ends)\.([a-z_]+)", CODE))
    kinds = {
        row["kind"]
        for row in read_table(
            ROOM.parent / "data" / "observations" / "clause_words.tsv",
            columns=("kind", "words"),
            optional=("note",),
        )
    }
    assert {*vocabulary.pattern_rows(), *kinds} - named == set()


def test_a_longer_word_wins() -> None:
    """共 (in all) is no part of 公共 (public) nor of 共享 (shared)."""
    lead = vocabulary.pattern.leading
    assert [lead.match(text)[0] for text in ("共完成", "公共服务", "共享单车")] == ["共", "", ""]


def test_what_no_file_names_is_said() -> None:
    with pytest.raises(AttributeError, match="name no rivers"):
        _ = vocabulary.words.rivers
