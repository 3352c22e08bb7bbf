"""The words and the patterns of the grammar, from three files in `data/observations`.

`clause_words.tsv` tells what a word does in a clause (`words.achieve`), `longer_words.tsv` which
longer words it is only a part of (行 of 行为), `patterns.tsv` the shapes that are made of words
(`pattern.rank`), each alternative in a row with an example. Nothing here knows any indicator.
"""

import re
from collections.abc import Mapping
from functools import cache

from xiacheng_nlp.datafiles import Row, packaged, read_patterns, read_table
from xiacheng_nlp.numbers.number_words import Loaded, beginning_alike, longest_first
from xiacheng_nlp.numbers.units import bounds_before
from xiacheng_nlp.patterns import compiled

_PLACE = re.compile(r"\{([a-z_,!]+)\}")
# A place that is an alternative by itself, which needs no brackets: without them a search sees what
# characters its words begin with, and passes over all others fast.
_ALONE = re.compile(rf"(?:^|(?<=\|)|(?<=\(\?:)){_PLACE.pattern}(?=\||\)|$)")


@cache
def _kinds() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in read_table(
        packaged("observations/clause_words.tsv"), columns=("kind", "words"), optional=("note",)
    ):
        if marks := sorted(set("()[]?|*+\\") & set(row["words"])):
            raise row.error(
                f"words stand as they are, without {' '.join(marks)}: what a word is a part of "
                "is told in longer_words.tsv",
                "words",
            )
        found.setdefault(row["kind"], set()).update(row["words"].split())
    return {kind: frozenset(found[kind]) for kind in found}


def _words(kind: str) -> frozenset[str]:
    return _kinds()[kind]


def _ends(kind: str) -> tuple[str, ...]:
    return tuple(longest_first(_kinds()[kind]))


@cache
def _guarded() -> Mapping[str, str]:
    """What tells, behind a word that is often a part of a longer one, that this is not meant."""
    return {
        row["word"]: _guard(row)
        for row in read_table(
            packaged("observations/longer_words.tsv"),
            columns=("word",),
            optional=("longer", "only_before", "note"),
            key="word",
        )
    }


def _guard(row: Row) -> str:
    word = row["word"]
    before: dict[int, set[str]] = {}
    behind = set()
    for longer in row["longer"].split():
        front, found, back = longer.partition(word)
        if not found or bool(front) == bool(back):
            raise row.error(f"{longer} must begin or end with {word}, and be longer", "longer")
        if front:
            before.setdefault(len(front), set()).add(front)
        else:
            behind.add(re.escape(back))
    guards = [f"(?<!{_any(fronts)}{word})" for _, fronts in sorted(before.items())]
    if behind:
        guards.append(f"(?!{_any(behind)})")
    if row["only_before"]:
        guards.append(f"(?={_any(set(row['only_before'].split()))}|$)")
    return "".join(guards)


def _any(parts: set[str]) -> str:
    single = "".join(sorted(part for part in parts if len(part) == 1))
    several = longest_first(part for part in parts if len(part) > 1)
    return f"(?:{'|'.join([*several, *([f'[{single}]'] if single else [])])})"


@cache
def one_of(kinds: str) -> str:
    """A regular expression for any word of these kinds (`up,change`), but for those of the kind
    behind an exclamation mark."""
    taken, _, left_out = kinds.partition("!")
    several = set().union(*map(_words, taken.split(",")))
    some = several - (_words(left_out) if left_out else set())
    return beginning_alike(some, lambda word: _guarded().get(word, ""))


@cache
def pattern_rows() -> Mapping[str, tuple[Row, ...]]:
    """The rows of `patterns.tsv` by name: the alternatives of each pattern, in their order."""
    found: dict[str, list[Row]] = {}
    source, columns = packaged("observations/patterns.tsv"), ("name", "pattern", "takes")
    for row in read_patterns(source, columns=columns, optional=("refuses",)):
        found.setdefault(row["name"], []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def expanded(alternative: str) -> str:
    """A row's pattern with its places filled: {bounds}, another pattern, or words of some kinds."""
    alternative = _ALONE.sub(lambda place: _part(place[1]), alternative)
    return _PLACE.sub(lambda place: f"(?:{_part(place[1])})", alternative)


def _part(name: str) -> str:
    if name in ("bounds", "long_bounds"):
        return bounds_before(shortest=2 if name == "long_bounds" else 1)
    if name in _kinds() or "," in name or "!" in name:
        return one_of(name)
    return _alternatives(name)


def _alternatives(name: str) -> str:
    return "|".join(expanded(row["pattern"]) for row in pattern_rows()[name])


def _pattern(name: str) -> re.Pattern[str]:
    return compiled(_alternatives(name))


words = Loaded(_words)
"""The words of a kind in `clause_words.tsv`: `words.achieve`."""
ends = Loaded(_ends)
"""The same words, the longest first, as `str.startswith` and `str.endswith` take them."""
pattern = Loaded(_pattern)
"""The compiled patterns of `patterns.tsv`: `pattern.rank`.

>>> pattern.and_so_on.search("地铁广场等项目").group()  # "projects such as … square"
'等'
"""
