"""The places of GB/T 2260: their codes, and what each was called in which years."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.report.wording import pattern, says, tells

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

WHOLE, FEWEST = 3, 4
"""What the whole name of a place counts beside its stem, and the least that a place counts which a
report may be held to be about."""


@dataclass(frozen=True, slots=True)
class Division:
    """A place with its code, under that name from the year `first` to `last` (None: still)."""

    code: str
    name: str
    first: int
    last: int | None

    @property
    def above(self) -> tuple[str, str]:
        """The codes of the prefecture and of the province that it lies in."""
        return self.code[:4] + "00", self.code[:2] + "0000"

    def held(self, year: int) -> bool:
        """Whether it had the name and the code in that year; a year of grace, since reports of
        spring still go by those of the year before."""
        return self.first - 1 <= year <= (self.last or year) + 1


_SIX_DIGITS, _YEAR = re.compile(r"\d{6}"), re.compile(r"(\d{4})?")


@cache
def _divisions() -> tuple[dict[str, list[Division]], dict[str, list[Division]]]:
    """All divisions, by name and by code, the oldest first."""
    by_name: dict[str, list[Division]] = {}
    by_code: dict[str, list[Division]] = {}
    columns, optional = ("code", "name", "first"), ("last",)
    for row in read_table(packaged("report/places.tsv"), columns=columns, optional=optional):
        code, name, first, last = (row[column] for column in (*columns, *optional))
        if not _SIX_DIGITS.fullmatch(code):
            raise row.error("a code has six digits", "code")
        for column in ("first", "last"):
            if not _YEAR.fullmatch(row[column]):
                raise row.error(f"{column} is a year of four digits", column)
        division = Division(code, name, int(first), int(last) if last else None)
        by_name.setdefault(name, []).append(division)
        by_code.setdefault(code, []).append(division)
    return by_name, by_code


_ENDS = re.compile("[省市区县州盟旗]")
_LONGEST = 8
"""Characters of a name that is looked for in running text."""


def named_in(text: str) -> set[str]:
    """The whole names of places that the text holds, the longest where one ends another.

    >>> sorted(named_in("支持光明区和涞源县发展"))  # "support Guangming and Laiyuan"
    ['光明区', '涞源县']
    """
    ends = (match.end() for match in _ENDS.finditer(text))
    found = {_ending(text[max(0, end - _LONGEST) : end], least=3) for end in ends}
    return {name for name in found - {""} if not says("bare", name)}


def _ending(text: str, *, least: int = 1) -> str:
    """The longest name of a place that the text ends in, empty where there is none."""
    tails = (text[start:] for start in range(len(text) - least + 1))
    return next((tail for tail in tails if tail in _divisions()[0]), "")


def parted_name(name: str) -> tuple[str, str]:
    """The stem of a name and what it ends in; empty where the stem has one character.

    >>> parted_name("光明区")  # Guangming District
    ('光明', '区')
    """
    found = pattern("stem").search(name)
    return (found[1], found[2]) if found else ("", "")


def names_one(name: str) -> bool:
    """Whether a name is one place's own, and not what many call theirs.

    >>> names_one("大鹏新区"), names_one("高新区")  # Dapeng New Area; "high-tech zone"
    (True, False)
    """
    return bool(parted_name(name)[0]) and not says("common", name)


@cache
def _of_kind(kind: str) -> "tuple[dict[str, str], AhoCorasick]":
    """The stems of the places of a kind by their names, and what finds them all in one scan."""
    from ahocorasick_rs import AhoCorasick

    names = (name for name in _divisions()[0] if name.endswith(kind))
    stems = {name: stem for name in names if (stem := parted_name(name)[0])}
    return stems, AhoCorasick(stems.values())


def mentioned(kind: str, text: str) -> str | None:
    """The place of a kind (省, 市, 县, 区) that the text names most, None where none stands out.

    >>> mentioned("县", "推动容城发展。容城县工业增长，容城的明天会更好。")  # Rongcheng
    '容城县'
    """
    stems, automaton = _of_kind(kind)
    told = set(automaton.find_matches_as_strings(text, overlapping=True))
    # The whole name is surer, and alone tells of a place whose stem is a word, such as 和平.
    scores = Counter(
        {
            name: text.count(stem) * (not says("worded", stem)) + WHOLE * text.count(name)
            for name, stem in stems.items()
            if stem in told
        }
    )
    if not scores:
        return None
    (best, most), *others = scores.most_common(2)
    second = max((score for _, score in others), default=0)
    return best if most >= max(FEWEST, 2 * second) else None


_CODE = re.compile(r"(\d{6})(?:000){0,2}(?:\.0)?")


def whole_name(name: str, *, year: int | None = None) -> str:
    """The name of a place with what it ends in, where it was left out: that of the province, else
    the city, else the only place that is called so, in that year; that of a code too, and of the
    nation, whatever it is called.

    >>> whole_name("浙江"), whole_name("满城"), whole_name("国务院")  # Zhejiang, Mancheng
    ('浙江省', '满城区', '中国')
    >>> whole_name("330103", year=2014), whole_name("下城", year=2014)  # Xiacheng
    ('下城区', '下城区')
    """
    by_name, by_code = _divisions()
    if (code := _CODE.fullmatch(name)) and code[1] in by_code:
        return _of_year(by_code[code[1]], year)[0].name
    name = tells("called", name) or name
    if name in by_name or len(name) < 2:
        return name
    by_rank: dict[int, set[str]] = {}
    for whole, found in by_name.items():
        is_held = any(each.held(year) for each in found) if year else not found[-1].last
        if is_held and whole.startswith(name) and parted_name(whole)[0] == name:
            by_rank.setdefault(len(found[-1].code.rstrip("0")) + 1 >> 1, set()).add(whole)
    highest = by_rank[min(by_rank)] if by_rank else {name}
    return highest.pop() if len(highest) == 1 else name


def division(name: str, *, year: int | None = None, text: str = "") -> Division | None:
    """The division that a name stands for, with or without the places above it; None where there is
    none, or where several have the name and `text` tells none of the places above them.

    Without `year` the latest.

    >>> division("保定市满城区", year=2016).code, division("满城县", year=2003).code  # Mancheng
    ('130607', '130621')
    >>> division("南山区") is None, division("南山区", text="深圳").code  # in Shenzhen, in Hegang
    (True, '440305')
    """
    tail = _ending(name)
    # 新区 alone was the name of a district once.
    if not tail or says("bare", tail):
        return None
    found = _of_year(_divisions()[0][tail], year)
    if len(found) > 1:
        around = name[: len(name) - len(tail)] + text
        told = {each: _mentions_above(each, around) for each in found}
        found.sort(key=lambda each: told[each], reverse=True)
        if told[found[0]] == told[found[1]]:
            return None
    return found[0]


def _of_year(found: list[Division], year: int | None) -> list[Division]:
    """Those that held in the year, else those that held last; one a code."""
    held = [each for each in found if year is not None and each.held(year)] or found
    last = max(each.last or 9999 for each in held)
    return list({each.code: each for each in held if (each.last or 9999) == last}.values())


def _mentions_above(division: Division, text: str) -> int:
    """How often the text names the places that the division lies in."""
    _, by_code = _divisions()
    above = {each.name for code in division.above for each in by_code.get(code, ())}
    stems = {pattern("stem").sub(r"\1", place) for place in above - {division.name}}
    return sum(text.count(stem) for stem in stems)
