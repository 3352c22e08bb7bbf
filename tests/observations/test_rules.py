"""A case of each rule: the construction for which it is there."""

from pathlib import Path

import pytest

from xiacheng_nlp.datafiles import Row, read_table
from xiacheng_nlp.numbers.scan import AMOUNTS, numbers_of
from xiacheng_nlp.numbers.spots import looking_at
from xiacheng_nlp.observations import names, sentences
from xiacheng_nlp.observations.reading import Memory, Reading, Series

CASES = read_table(
    Path(__file__).parents[1] / "cases" / "rules.tsv",
    columns=("what", "name", "text", "names", "gloss"),
)
BASES = read_table(
    Path(__file__).parents[1] / "cases" / "bases.tsv",
    columns=("text",),
    optional=("bases", "gloss"),
)
RULES = [row for row in CASES if row["what"] == "rule"]
SHARING = [row for row in CASES if row["what"] == "sharing"]


@pytest.mark.parametrize("row", RULES, ids=[row["name"] for row in RULES])
def test_a_rule_reads_its_case(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    answered: list[str] = []

    def watched(rule: sentences.Rule) -> sentences.Rule:
        def read(series: Series, memory: Memory) -> list[Reading]:
            found = rule.read(series, memory)
            answered.extend([rule.name] if found else [])
            return found

        return rule._replace(read=read)

    rules = looking_at(tuple(map(watched, sentences.RULES)), 2)
    monkeypatch.setattr(sentences, "_asked", rules)
    text, _, numbers = numbers_of(row["text"] + ("增加到5个。" if "由" in row["text"] else "。"))
    end = len(row["text"])
    numbers = [number for number in numbers if number.kind in AMOUNTS and number.start < end]
    readings = sentences.read_sentence(text, numbers, 0, len(text))
    position = 0 if row["name"] == "counted change" else -1
    assert (answered[position], readings[position].name) == (row["name"], row["names"])


@pytest.mark.parametrize("row", SHARING, ids=[row["name"] for row in SHARING])
def test_the_members_of_a_list_share_what_they_lack(row: Row) -> None:
    pieces = row["text"].split("、")
    named = next(rule for rule in names.SHARING if rule(pieces))
    assert (named.__name__, named(pieces)) == (row["name"], row["names"].split())


@pytest.mark.parametrize("row", BASES, ids=[row["gloss"] for row in BASES])
def test_what_a_number_is_about(row: Row) -> None:
    text, _, numbers = numbers_of(row["text"])
    stated = [one for one in numbers if one.kind in AMOUNTS]
    readings = sentences.read_sentence(text, stated, 0, len(text))
    told = {reading.quantity.start: reading.quantity.text for reading in readings}
    bases = [f"{told[one.quantity.start]}<{told[one.base]}" for one in readings if one.base]
    assert ";".join(bases) == row["bases"]


def test_every_rule_has_a_case() -> None:
    assert {row["name"] for row in RULES} == {rule.name for rule in sentences.RULES}
    assert {row["name"] for row in SHARING} == {rule.__name__ for rule in names.SHARING}
    assert all(rule.read.__doc__ for rule in sentences.RULES)
