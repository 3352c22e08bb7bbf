"""The words and patterns of the grammar: each example is taken or refused, and nothing is
unused."""

import re
from pathlib import Path

import pytest

from tests.work import guards, misread, taken
from xiacheng_nlp.datafiles import LONGEST, Row, read_table
from xiacheng_nlp.observations import vocabulary

ROOM = Path(vocabulary.__file__).parent
CODE = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
ROWS = [row for rows in vocabulary.pattern_rows().values() for row in rows]


CHANGES_NOTHING = {"(?=.*比[去上]年同期)", "(?={grown_in_all})"}
"""A look that spares a row the rest, and one that only names what stands behind."""
LONG = [row for row in ROWS if len(row["pattern"]) > LONGEST]
# Another row of these takes a part of what a row refuses.
ALONE = {"among", "opening", "standing", "within_year"}


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.line}-{row['name']}" for row in ROWS])
def test_a_pattern_takes_and_refuses_its_examples(row: Row) -> None:
    alone = re.compile(vocabulary.expanded(row["pattern"]))
    name = row["name"]
    assert not misread(row, alone, alone if name in ALONE else getattr(vocabulary.pattern, name))


@pytest.mark.parametrize("row", LONG, ids=[f"{row.line}-{row['name']}" for row in LONG])
def test_each_guard_of_a_long_pattern_is_shown_by_an_example(row: Row) -> None:
    for look, looser in guards(row["pattern"]):
        shape = re.compile(vocabulary.expanded(looser))
        assert look in CHANGES_NOTHING or misread(row, shape, shape), look


@pytest.mark.parametrize(
    ("look", "name"),
    [
        (look, name)
        for look, names in {
            "{aim_told}": "planned_value outdone",
            "{counted_years}": "years span since_year years_back years_ahead",
            "{direction_told}": "growth grown_object",
            "{so_many_times}": "times times_behind",
            "{turning}": "last_year_begins against_year_of_all",
            "五": "plan plan_time",
            "年": "relative_year whole_year",
            "五年|届": "term next_term",
            "世纪": "end_of_century",
            "将": "will",
            "每": "each_has",
            "等": "and_so_on",
            "月|季|半年": "part_of_year",
            "《": "titled",
            "连续": "in_a_row",
            "[：:]$": "against_year_of_list",
            "^[多余人大台关规]": "round_number_of",
            "[之中]": "one_of",
        }.items()
        for name in names.split()
    ],
)
def test_what_is_looked_for_first_is_in_all_that_a_pattern_takes(look: str, name: str) -> None:
    shape = re.compile(vocabulary.expanded(look))
    examples = [
        re.sub("[‹›]", "", text)
        for row in vocabulary.pattern_rows()[name]
        for text in row.examples("takes")
    ]
    made = taken(getattr(vocabulary.pattern, name), 150)
    assert made
    assert not [text for text in [*examples, *made] if not shape.search(text)]


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
