"""The text of a source as it is read: line ends, invisible characters, parted numbers, radicals and
traditional characters mended, with the place of every character in the source."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache, partial
from typing import Any

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.numbers.numerals import CIRCLES, DIGITS
from xiacheng_nlp.patterns import compiled
from xiacheng_nlp.report.front import Field
from xiacheng_nlp.report.layout import laid_out
from xiacheng_nlp.text import BREAKS, Note, mended, visible

TRADITIONAL = 0.1
"""The share of the Han characters that are traditional from which on a text is, and characters that
simplified Chinese has too (後, 於, 乾) are read as their simplified ones."""

_HAN = re.compile(r"[\u3400-\u9fff]+")
# Any sign but those of ASCII and of Chinese print, with its shapes, units and circled numbers. Most
# texts have none, which a set alone sees at once, and are then mended in Han characters and numbers
# alone.
_ODD = re.compile(
    r"[^\t\n\x20-\x7e·×\u2010-\u2023\u2025-\u2027\u2030-\u205e\u2103\u2150-\u27bf"
    r"\u3000-\u303f・\u3200-\u33ff\u4e00-\u9fff！＃-～￠-￦]"
)
_ODD_BREAK = re.compile(f"[{BREAKS[1:]}]")
# Characters that other standards hold twice; small, vertical and half forms of marks: it takes ︵
# and refuses （.
_OTHER_FORM = re.compile(
    r"[\u2024\uf900-\ufad9\ufe10-\ufe18\ufe31-\ufe44\ufe47\ufe48\ufe50-\ufe6b\uff02\uff61-\uff65"
    r"\U0002f800-\U0002fa1d]"
)
# Decimal digits of other scripts and styles; those of full width stay.
_DIGIT = re.compile(r"[^\D0-9０-９]")
# A year said digit by digit with a nought of another script: it takes 二0一九, but not 二〇一九.
_NOUGHTS = "0０oΟО"
_NOUGHT = f"[{_NOUGHTS}]"
_YEAR = re.compile(f"[一二](?=.{{0,2}}{_NOUGHT})(?:[{DIGITS}{CIRCLES}]|{_NOUGHT}){{3}}(?=年)")
_STRANGE = r"[\u0300-\u036f\ue000-\uf8ff\ufffc\ufffd\U000f0000-\U0010fffd]"
# What stands within a number and is no sign of ASCII, of mathematics or of Chinese print (rules,
# bullets and units too), and a digit behind it that is set high or low: it takes 643٫57 and 10⁴,
# and refuses 3·15.
_OTHER = r"\xb0-\xb7\xd7\xf7\u2010-\u27bf\u3000-\u303f\u30fb\u3200-\u33ff\uff00-\uffef"
# Since it begins with a set, all other characters are passed over fast.
_BESIDE = compiled(
    rf"""
    [^\x00-\x7f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]
    (?: (?<= {_STRANGE} ) (?: (?= [0-9０-９.．] ) | (?<= [0-9０-９.．] {_STRANGE} ) )
    |   (?<= [0-9.] [^\w\s\x00-\x7f{_OTHER}] ) (?= [0-9.] )
    |   (?<= [0-9] [\xb2\xb3\xb9\u2070-\u2089] )
    )
    """,
    re.VERBOSE,
)
_RADICAL, _TRADITIONAL, _EITHER = "radical", "traditional", "either"
"""The kinds of data/report/characters.tsv; those of the last are simplified characters too."""

_Reading = tuple[re.Pattern[str], Callable[[str], str]]
"""How signs of a kind are found, and what one of them is read as."""


@cache
def _characters() -> dict[str, _Reading]:
    found: dict[str, dict[str, str]] = {_RADICAL: {}, _TRADITIONAL: {}, _EITHER: {}}
    columns = ("kind", "read_as", "written")
    for row in read_table(packaged("report/characters.tsv"), columns=columns):
        found[row.chosen("kind", found)] |= dict.fromkeys(row["written"], row["read_as"])
    return {
        kind: (compiled(f"[{''.join(usual)}]"), usual.__getitem__) for kind, usual in found.items()
    }


_TRADITIONAL_SIGNS = "traditional characters"


@cache
def _usual() -> dict[str, _Reading]:
    """By what is said of it, what is mended one for one in any text."""
    return {
        "digits of other scripts": (_DIGIT, lambda digit: str(unicodedata.decimal(digit))),
        "signs of other standards": (_OTHER_FORM, partial(unicodedata.normalize, "NFKC")),
        "signs of radicals": _characters()[_RADICAL],
        "noughts of other scripts": (_YEAR, partial(re.sub, _NOUGHT, "〇")),
        _TRADITIONAL_SIGNS: _characters()[_TRADITIONAL],
    }


@cache
def _unusual() -> re.Pattern[str]:
    """A traditional character, or what may be a nought behind a Chinese digit."""
    traditional = _characters()[_TRADITIONAL][0].pattern.strip("[]")
    return compiled(
        f"[{traditional}{_NOUGHTS}](?:(?<!{_NOUGHT})|(?<=[{DIGITS}{CIRCLES}]{_NOUGHT}))"
    )


@dataclass(frozen=True, slots=True)
class Plain:
    """The text that is read, the place of each of its characters in the source (and behind the last
    one the end), and notes on what was mended."""

    text: str
    places: Sequence[int]
    notes: tuple[Note, ...] = ()

    def surface(self, start: int, end: int) -> tuple[str, Sequence[int]]:
        """What is read of a stretch of the source, and where its characters stand in this text."""
        first, last = bisect_left(self.places, start), bisect_left(self.places, end)
        return self.text[first:last], range(first, last + 1)


def plain(source: str) -> Plain:
    """The text of a source as it is read.

    >>> said = plain("地區生產總值達到7 4 7 7 2 億元，增⻓8%")  # "the GDP reached 7,477.2 billion"
    >>> said.text, said.places[-5:], said.notes[-1].message
    ('地区生产总值达到74772 亿元，增长8%', [21, 22, 23, 24, 25], 'read as one number: 7 4 7 7 2')
    """
    odd = _ODD.search(source)
    # One for one, so that no place moves.
    text, notes = _one_for_one(source) if odd or _unusual().search(source) else (source, [])
    whole = laid_out(text)
    whole = mended(visible(whole) if odd else whole)
    strange = [
        (f"not understood beside a number: U+{ord(match[0]):04X}", whole.places[match.start()])
        for match in (_BESIDE.finditer(whole.text) if odd else ())
    ]
    all_done = [*whole.done, *strange]
    for kind in dict.fromkeys(what.partition(":")[0] for what, _ in all_done):
        done = [each for each in all_done if each[0].startswith(kind)]
        more = f", and {len(done) - 1} more" if len(done) > 1 else ""
        notes.append(Note(done[0][0] + more, done[0][1], done[0][1] + 1))
    return Plain(whole.text, whole.places, tuple(notes))


def _one_for_one(text: str) -> tuple[str, list[Note]]:
    """The text with one kind of line end, radicals and traditional characters as the usual ones."""
    notes: list[Note] = []
    text = _ODD_BREAK.sub("\n", text)
    counts: dict[str, int] = {}
    for what, (written, usual) in _usual().items():
        spots = [match.start() for match in written.finditer(text)]
        counts[what] = len(spots)
        if spots:
            text = _read_as(text, written, usual)
            said = f"{len(spots)} {what} are read as the usual ones"
            notes.append(Note(said, spots[0], spots[0] + 1))
    # What simplified Chinese has too is read as another only in a text that is traditional, and
    # is no note of its own there.
    if counts[_TRADITIONAL_SIGNS] >= TRADITIONAL * sum(map(len, _HAN.findall(text))):
        text = _read_as(text, *_characters()[_EITHER])
    return text, notes


def _read_as(text: str, written: re.Pattern[str], usual: Callable[[str], str]) -> str:
    return written.sub(lambda match: usual(match[0]), text)


def placed(node: Any, of: Plain) -> Any:
    """A node of the report (or a tuple of them) whose spans count in the text that is read, with
    those of the source."""
    if isinstance(of.places, range):
        return node
    if isinstance(node, tuple):
        return tuple(placed(each, of) for each in node)
    held = {each.name: getattr(node, each.name) for each in fields(node)}
    for name, value in held.items():
        if isinstance(value, int) and name.endswith(("start", "end")):
            held[name] = of.places[value]
        elif isinstance(value, (tuple, Field)):
            held[name] = placed(value, of)
    return type(node)(**held)
