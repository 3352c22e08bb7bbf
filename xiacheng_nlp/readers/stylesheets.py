"""What the style sheets in a page say of its elements, as far as it tells what a reader sees.

Read here rather than by a library: one that matches all selectors (cssselect) would be another
dependency, and takes a minute for a page of half a million tags. Of selectors are read those of a
tag, classes and an #id (p, .text, p.text#zoom) and of one such within another (.page p.text); what
any other may show is not hidden.
"""

import re
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

from lxml import etree

STEPS = 1_000_000
"""Comparisons of selectors with elements in a page at most, a second's worth."""

LONGEST = 1_000_000
"""Characters of the style sheets in a page that are read, without comments and embedded fonts; a
portal's have some 100,000."""

VALUE = 100
"""Characters of a value that are kept: it is written into each element that it holds for."""

HIDES = {
    name: re.compile(rf"(?<![\w-]){name}:(?:{value})\s*(?:[;!]|\Z)", re.IGNORECASE)
    for name, value in {
        "display": "none",
        "visibility": "hidden|collapse",
        "opacity": "[0.]+%?",
        "font-size": "[0.]+(?:[a-z]+|%)?",
    }.items()
}
"""The properties that hide an element, with the values that do."""

_TOLD = (*HIDES, "white-space", "vertical-align", "text-decoration-line")
"""The properties that tell what is hidden, struck out, set high, or a block, and which line ends
are kept."""
_SHORT = {"font": "font-size", "text-decoration": "text-decoration-line"}

# Comments, and fonts and pictures within the sheet.
_COMMENT = re.compile(
    r"/\*.*?(?:\*/|\Z)|<!--|-->|(?<=url\()\s*[\"']?data:[^()]*", re.DOTALL | re.IGNORECASE
)
_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*+\)|\[[^\[\]]*\]")
# What shows by itself what is transparent at first.
_ANIMATED = re.compile(r"(?<![\w-])(?:-\w+-)?animation(?:-name)?\s*:(?!\s*none)", re.IGNORECASE)
_DECLARATION = re.compile(
    rf"(?<![\w-])({'|'.join([*_TOLD, *_SHORT])})\s*:\s*([\t\n\r -:<-~]+)", re.IGNORECASE
)
# Sheets that hold on a screen of usual width, and not within a rule of another kind.
_HOLDS = re.compile(
    r"@(?:media|layer|supports)\b(?!.*(?:print|speech|max-|<|orientation|prefers|\bnot\b"
    r"|handheld|\btv\b|projection|aural|resolution|pixel-ratio))",
    re.IGNORECASE | re.DOTALL,
)
# What is so for a moment, or stands before or behind the text.
_MOMENT = re.compile(":(?:hover|focus|active|target|checked|before|after)", re.IGNORECASE)
_COMPOUND = re.compile(r"(?:\*|[a-z][\w-]*)?(?:[.#][^\s.#:\[>+~*()]+)*", re.IGNORECASE)

_ELSEWHERE = ("noscript", "template")
"""Elements whose sheets don't hold where scripts run."""

_Marks = frozenset[str]
"""What an element is named by: its tag, #id and .classes."""
_Told = dict[str, tuple[bool, str]]
"""Of each property whether it is `!important`, and its value."""
_Rank = tuple[int, ...]
"""What decides between rules of one property: importance, ids, classes, tags, order."""
_Key = tuple[_Marks, _Marks | None, str, bool]
"""The element, the one around it, the property, and whether the selector is read whole."""


def settle(root: Any) -> bool:
    """Write into the style of each element what it and the sheets of the page say, each property
    once; returns whether the sheets were followed to their end."""
    sheets = _Sheets(root)
    around = [frozenset[_Marks]()]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            around.pop()
            continue
        said, own = sheets.told(element, around), element.get("style")
        told: _Told = {}
        if element.tag == "font" and element.get("size"):
            told["font-size"] = (False, "medium")
        told |= said
        for name, value in _declared(own or "").items():
            if value[0] >= told.get(name, value)[0]:
                told[name] = value
        if told or own:
            element.set("style", ";".join(f"{name}:{value}" for name, (_, value) in told.items()))
    return sheets.whole


class _Sheets:
    """The rules in a page's sheets, and what is found of elements."""

    def __init__(self, root: Any) -> None:
        self.whole, self._left, length, numbers = True, STEPS, 0, count()
        rules: dict[_Key, tuple[_Rank, str]] = {}
        for sheet in root.iter("style"):
            if any(each.tag in _ELSEWHERE for each in islice(sheet.iterancestors(), 9)):
                continue
            text = _COMMENT.sub(" ", sheet.text or "")[: LONGEST - length + 1]
            length += len(text)
            self.whole = length <= LONGEST
            if _HOLDS.match(f"@media {sheet.get('media') or ''}"):
                for key, rank, value in _rules(text):
                    found = ((*rank, next(numbers)), value)
                    rules[key] = max(found, rules.pop(key, found))
            if not self.whole:
                break
        self._rules: dict[str, list[tuple[_Key, _Rank, str]]] = {}
        self._around: dict[str, set[_Marks]] = {}
        for key, (rank, value) in rules.items():
            self._rules.setdefault(min(key[0], default="*"), []).append((key, rank, value))
            if key[1] is not None:
                self._around.setdefault(min(key[1], default="*"), set()).add(key[1])
        self._known: dict[tuple[_Marks, frozenset[_Marks]], tuple[_Told, frozenset[_Marks]]] = {}

    def told(self, element: Any, around: list[frozenset[_Marks]]) -> _Told:
        """What the sheets say of an element in these others; it is added to them."""
        outer, told = around[-1], _Told()
        if self._rules and self._left > 0:
            classes = (f".{name}" for name in (element.get("class") or "").split())
            marks = frozenset((str(element.tag), f"#{element.get('id')}", *classes))
            if (marks, outer) not in self._known:
                self._known[marks, outer] = self._found(marks, outer)
            told, outer = self._known[marks, outer]
        around.append(outer)
        return told

    def _found(self, marks: _Marks, outer: frozenset[_Marks]) -> tuple[_Told, frozenset[_Marks]]:
        near = [rule for mark in (*marks, "*") for rule in self._rules.get(mark, ())]
        here = [each for mark in (*marks, "*") for each in self._around.get(mark, ())]
        self._left -= len(near) + len(here) + len(outer)
        if self._left <= 0:
            self.whole = False
            return {}, outer
        told: _Told = {}
        fit = (r for r in near if r[0][0] <= marks and (r[0][1] is None or r[0][1] in outer))
        for (_, _, name, exact), rank, value in sorted(fit, key=lambda rule: rule[1]):
            if exact:
                told[name] = (bool(rank[0]), value)
            elif name in told and HIDES[name].search(f"{name}:{told[name][1]}"):
                del told[name]
        inner = outer.union(each for each in here if each <= marks)
        return told, outer if inner == outer else inner


def _declared(style: str) -> _Told:
    """The properties of a style: of those told twice the last, or the important one."""
    told: _Told = {}
    for name, value in _DECLARATION.findall(style):
        name = name.lower()
        now = ("!" in value, value.strip()[:VALUE])
        if now[0] >= told.get(_SHORT.get(name, name), now)[0]:
            told[_SHORT.get(name, name)] = now
    if told and _ANIMATED.search(style):
        for name in ("opacity", "visibility"):
            if name in told and HIDES[name].search(f"{name}:{told[name][1]}"):
                del told[name]
    return told


def _rules(sheet: str) -> Iterator[tuple[_Key, _Rank, str]]:
    """The rules of a sheet that hold on a screen, with all but the last place of their rank."""
    # Of each open brace what stands before it, and whether it and what is in it hold.
    heads, start = [("", True, True)], 0
    for brace in re.finditer("[{}]", sheet):
        piece, start = sheet[start : brace.start()], brace.end()
        if brace[0] == "{":
            head, holds = piece.rpartition(";")[2].strip(), heads[-1][2]
            heads.append((head, holds, holds and bool(_HOLDS.match(head))))
        elif len(heads) > 1:
            names, holds, _ = heads.pop()
            if holds and (told := _declared(piece)):
                # What brackets hold is only counted.
                names = _BRACKETS.sub(lambda held: re.sub(r"[\s,>+~]", "", held[0]), names)
                for selector in names.split(","):
                    yield from _rules_of(selector, told)


def _rules_of(selector: str, told: _Told) -> Iterator[tuple[_Key, _Rank, str]]:
    """The rules of one selector. Of one that is not read whole the last step says what may be
    shown."""
    words = re.findall(r"[^\s>+~]+", selector)
    if not words or _MOMENT.search(selector):
        return
    exact = len(words) < 3 and not re.search(r"[>+~:\[]", selector)
    steps = words if exact else re.split(r"[:\[]", words[-1])[:1]
    if not all(map(_COMPOUND.fullmatch, steps)):
        return
    *outer, here = map(_marks_of, steps)
    tags = sum(word[0].isalpha() for word in words)
    special = (selector.count("#"), len(re.findall(r"[.:\[]", selector)), tags)
    for name, (important, value) in told.items():
        if exact or (here and name in HIDES and not HIDES[name].search(f"{name}:{value}")):
            yield (here, outer[0] if outer else None, name, exact), (important, *special), value


def _marks_of(step: str) -> _Marks:
    marks = re.findall(r"[.#]?[^.#]+", step)
    return frozenset(mark if mark[0] in ".#" else mark.lower() for mark in marks) - {"*"}
