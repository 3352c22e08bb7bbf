"""What the style sheets in a page say of its elements, as far as it tells what a reader sees.

Read here rather than by a library: one that matches all selectors (cssselect, cssselect2) would be
another dependency, and takes a minute for a page of half a million tags, or a time that grows by
its square. Of selectors are read tags, classes and #ids (p, .text, p.text#zoom), such within others
(.page .text p) and right within them (.page > p); what any other may show is not hidden.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from lxml import etree

STEPS = 1_000_000
"""Comparisons of selectors with elements in a page at most, a second's worth."""

LONGEST = 1_000_000
"""Characters of the style sheets in a page that are read, without comments and embedded fonts; a
portal's have some 100,000."""

LONGEST_CHAIN = 15
"""Words of a selector that is read whole, at most; those of portals have eight."""

VALUE = 100
"""Characters of a value that are kept: it is written into each element that it holds for."""

HIDES = {
    name: re.compile(rf"(?<![\w-]){name}:(?:{value})\s*(?:[;!]|\Z)", re.IGNORECASE)
    for name, value in {
        "display": "none",
        "visibility": "hidden|collapse",
        "opacity": "[0.]+%?",
        # Also as `font: 0/0 a` says it.
        "font-size": r"[0.]+(?:[a-z]+|%)?(?:[\s/][^;!]*)?",
        # Outside the window, or cut to nothing.
        **dict.fromkeys(("left", "top", "text-indent"), r"-(?:\d{4,}|999)[\d.]*[a-z]+"),
        "clip": r"rect\([01](?:px)?(?:[\s,]+[01](?:px)?)*\s*\)",
        "clip-path": r"inset\((?:50|100)%\)",
    }.items()
}
"""The properties that hide an element, with the values that do."""

_TOLD = (
    *(*HIDES, "position", "white-space", "vertical-align", "text-decoration-line"),
    *("flex-direction", "grid-template-columns"),
)
"""The properties that tell what is hidden, struck out, set high, or a block, and which line ends
are kept."""
_SHORT = {
    "font": "font-size",
    "text-decoration": "text-decoration-line",
    "white-space-collapse": "white-space",
}

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
_COMPOUND = re.compile(r">|(?:\*|[a-z][\w-]*)?(?:[.#][^\s.#:\[>+~*()]+)*", re.IGNORECASE)

_ELSEWHERE = ("noscript", "template")
"""Elements whose sheets don't hold where scripts run."""

_Marks = frozenset[str]
"""What an element is named by: its tag, #id and .classes."""
_Chain = tuple[_Marks, ...]
"""What a selector asks of an element and of those around it, the innermost last."""
_CHILD: _Marks = frozenset(">")
"""Behind what is asked of the element right around the next."""
_Told = dict[str, tuple[bool, str]]
"""Of each property whether it is `!important`, and its value."""


class _Rule(NamedTuple):
    """A property that a selector tells of elements: how strong it is (by importance, ids, classes,
    tags and order), and whether the selector is read whole."""

    rank: tuple[int, ...]
    chain: _Chain
    exact: bool
    name: str
    value: str


def settle(root: Any) -> bool:
    """Write into the style of each element what it and the sheets of the page say, each property
    once; returns whether the sheets were followed to their end."""
    sheets = _Sheets(root)
    around = [frozenset[_Chain]([()])]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            around.pop()
            continue
        said, inner = sheets.told(element, around[-1])
        around.append(inner)
        own, told = element.get("style"), _Told()
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
    """The rules in a page's sheets, by a mark of the element that they tell of, and what is found
    of elements."""

    def __init__(self, root: Any) -> None:
        self.whole, self._left = True, STEPS
        self._rules: defaultdict[str, list[_Rule]] = defaultdict(list)
        self._around: defaultdict[str, set[_Chain]] = defaultdict(set)
        self._known: dict[tuple[_Marks, frozenset[_Chain]], tuple[_Told, frozenset[_Chain]]] = {}
        for order, rule in enumerate(self._read(root)):
            *outer, here = (rule.chain[: n + 1] for n in range(len(rule.chain)))
            self._rules[min(here[-1], default="*")].append(rule._replace(rank=(*rule.rank, order)))
            for chain in outer:
                self._around[min(chain[-1], default="*")].add(chain)

    def _read(self, root: Any) -> Iterator[_Rule]:
        left = LONGEST
        for sheet in root.iter("style"):
            elsewhere = any(each.tag in _ELSEWHERE for each in islice(sheet.iterancestors(), 9))
            if _HOLDS.match(f"@media {sheet.get('media') or ''}") and not elsewhere:
                text = _COMMENT.sub(" ", sheet.text or "")
                yield from _rules(text[:left])
                self.whole &= len(text) <= left
                left = max(0, left - len(text))

    def told(self, element: Any, outer: frozenset[_Chain]) -> tuple[_Told, frozenset[_Chain]]:
        """What the sheets say of an element in others that these chains fit, and the chains that
        fit for those in it."""
        if not self._rules:
            return {}, outer
        classes = (f".{name}" for name in (element.get("class") or "").split())
        marks = frozenset((str(element.tag), f"#{element.get('id')}", *classes))
        if (marks, outer) not in self._known:
            self._known[marks, outer] = self._found(marks, outer)
        return self._known[marks, outer]

    def _found(self, marks: _Marks, outer: frozenset[_Chain]) -> tuple[_Told, frozenset[_Chain]]:
        told: _Told = {}
        if self._left <= 0:
            self.whole = False
            return told, outer
        near = [rule for mark in (*marks, "*") for rule in self._rules.get(mark, ())]
        here = [chain for mark in (*marks, "*") for chain in self._around.get(mark, ())]
        self._left -= len(near) + len(here) + len(outer)
        for rank, _, exact, name, value in sorted(r for r in near if _fits(r.chain, marks, outer)):
            if exact:
                told[name] = (bool(rank[0]), value)
            elif name in told and HIDES[name].search(f"{name}:{told[name][1]}"):
                del told[name]
        begun = [chain for chain in here if _fits(chain, marks, outer)]
        stays = (chain for chain in outer if chain[-1:] != (_CHILD,))
        return told, frozenset([*stays, *begun, *((*chain, _CHILD) for chain in begun)])


def _fits(chain: _Chain, marks: _Marks, outer: frozenset[_Chain]) -> bool:
    """Whether an element with these marks is what the chain asks for, in others that these fit."""
    return chain[-1] <= marks and chain[:-1] in outer


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


def _rules(sheet: str) -> Iterator[_Rule]:
    """The rules of a sheet that hold on a screen, without their order."""
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


def _rules_of(selector: str, told: _Told) -> Iterator[_Rule]:
    """The rules of one selector. Of one that is not read whole the last step says what may be
    shown."""
    words = re.findall(r"[>+~]|[^\s>+~]+", selector)
    if not words or _MOMENT.search(selector):
        return
    exact = len(words) <= LONGEST_CHAIN and not re.search(r"[+~:\[]", selector)
    steps = words if exact else re.split(r"[:\[]", words[-1])[:1]
    if not all(map(_COMPOUND.fullmatch, steps)):
        return
    chain = tuple(map(_marks_of, steps))
    tags = sum(word[0].isalpha() for word in words)
    special = (selector.count("#"), len(re.findall(r"[.:\[]", selector)), tags)
    for name, (important, value) in told.items():
        if exact or (chain[0] and name in HIDES and not HIDES[name].search(f"{name}:{value}")):
            yield _Rule((important, *special), chain, exact, name, value)


def _marks_of(step: str) -> _Marks:
    marks = re.findall(r"[.#]?[^.#]+", step)
    return frozenset(mark if mark[0] in ".#" else mark.lower() for mark in marks) - {"*"}
