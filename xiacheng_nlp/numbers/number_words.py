"""The words beside a number that say what the number is, from `number_words.tsv`."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Generic, TypeVar

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.patterns import compiled

Entry = TypeVar("Entry")


@cache
def _kinds() -> dict[str, dict[str, str]]:
    """For each kind its words, the longest first, each with the pattern that says what must and
    what must not stand behind it."""
    kinds: dict[str, dict[str, str]] = {}
    for row in read_table(
        packaged("numbers/number_words.tsv"),
        columns=("kind", "words"),
        optional=("before", "not_before", "note"),
    ):
        guard = f"(?={any_of(row['before'].split())})" if row["before"] else ""
        if row["not_before"]:
            guard += f"(?!{any_of(row['not_before'].split())})"
        for word in row["words"].split():
            if word in kinds.setdefault(row["kind"], {}):
                raise row.error(f"{word} stands twice in the kind {row['kind']}", "words")
            kinds[row["kind"]][word] = re.escape(word) + guard
    return {
        kind: {word: known[word] for word in longest_first(known)} for kind, known in kinds.items()
    }


def longest_first(words: Iterable[str]) -> list[str]:
    """The words by length, those of one length in the order of their characters."""
    return sorted(words, key=lambda word: (-len(word), word))


MANY = 24
"""First characters of words from which on a look at them spares a pattern the branches."""


def beginning_alike(words: Iterable[str], guard: Callable[[str], str]) -> str:
    """The words as alternatives of a pattern, each with what guards it, so that those that begin
    alike are tried together, the longest first."""
    begin: dict[str, list[str]] = {}
    for word in longest_first(words):
        begin.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]) + guard(word))
    each = "|".join(f"{c}(?:{'|'.join(rest)})" for c, rest in begin.items())
    return f"(?=[{''.join(begin)}])(?:{each})" if len(begin) > MANY else each


def any_of(words: Iterable[str]) -> str:
    """The words as alternatives of a pattern, of which it takes the longest."""
    return "|".join(map(re.escape, longest_first(words)))


class Loaded(Generic[Entry]):
    """What data files hold by name, made when it is first asked for."""

    def __init__(self, load: Callable[[str], Entry]) -> None:
        self._load = load

    def __getattr__(self, name: str) -> Entry:
        try:
            entry = self._load(name)
        except KeyError:
            raise AttributeError(f"the grammar's data files name no {name}") from None
        setattr(self, name, entry)
        return entry


words = Loaded(lambda kind: tuple(_kinds()[kind]))
"""The words of a kind, the longest first.

>>> words.points  # "percentage points"
('个百分点',)
"""
pattern = Loaded(lambda kind: compiled(f"(?:{'|'.join(_kinds()[kind].values())})"))
"""The words of a kind as a pattern, with what must and must not stand behind each.

>>> pattern.rank.pattern  # "third place, third name"; no 位数 and no 名额
'(?:位(?!一体|数)|名(?!义|单|额))'
"""
