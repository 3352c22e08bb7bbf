"""What the style sheets in a page say of its elements, as far as it tells what a reader sees.

Read of selectors is what pages hide text by: tags, ids, classes and attributes, and what stands
around (` ` and `>`). Any other is looked for by as much of it as is read: what it shows is taken to
be shown, what it hides not to be hidden, and a note tells it.

Matched here rather than by a library: cssselect2 0.10 takes 70 seconds for 5,000 rules and 10,000
elements, and can't be told to stop. Here each step of a selector is looked for once among elements
that are alike, in one pass.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urljoin

from lxml import etree

from xiacheng_nlp.datafiles import packaged, read_table

STEPS = 1_000_000
"""Comparisons of selectors with elements in a page at most, a second's worth."""

LONGEST = 1_000_000
"""Characters of the style sheets in a page that are read, without comments and embedded fonts; a
portal's have some 100,000."""

LONGEST_CHAIN = 15
"""Words of a selector that is read, at most; those of portals have eight."""

VALUE = 100
"""Characters of a value that are kept: it is written into each element that it holds for."""

PROPERTIES = read_table(
    packaged("readers/styles.tsv"),
    columns=("property",),
    optional=("read_as", "hides", "needs", "put_back"),
    key="property",
)
"""The properties that tell what a reader sees."""
HIDES = {
    row["property"]: re.compile(
        rf"(?<![\w-]){row['property']}:(?:{row['hides']})\s*(?:[;!]|\Z)", re.IGNORECASE
    )
    for row in PROPERTIES
    if row["hides"]
}
"""The properties that hide an element, with the values that do."""
_READ_AS = {row["property"]: row["read_as"] or row["property"] for row in PROPERTIES}

# Comments, and fonts and pictures within the sheet: it takes /* a */ and data:… of url(data:…), and
# refuses url(a.png).
_COMMENT = re.compile(
    r"/\*.*?(?:\*/|\Z)|<!--|-->|(?<=url\()\s*[\"']?data:[^()]*", re.DOTALL | re.IGNORECASE
)
_STRING = r""""(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?"""
_BRACE = re.compile(rf"[{{}}]|{_STRING}", re.DOTALL)
_IMPORT = re.compile(r"@import\s+(?:url\(\s*)?[\"']?([^\"')\s;]+)([^;{]*)", re.IGNORECASE)
# What shows by itself what is transparent at first.
_ANIMATED = re.compile(r"(?<![\w-])(?:-\w+-)?animation(?:-name)?\s*:(?!\s*none)", re.IGNORECASE)
# Takes display: none; refuses -display: none and color: red.
_DECLARATION = re.compile(
    rf"(?<![\w-])({'|'.join(_READ_AS)})\s*:\s*"
    rf"((?:{_STRING}|[\t\n\r -!#-&(-:<-\ud7ff\ue000-\ufffd]++)+)",
    re.IGNORECASE | re.DOTALL,
)
# Sheets that hold on a screen of usual width, and not within a rule of another kind: it takes
# @media screen, and refuses @media print and @page.
_HOLDS = re.compile(
    r"@(?:media|layer|supports)\b(?!.*(?:print|speech|max-|<|orientation|prefers|\bnot\b"
    r"|handheld|\btv\b|projection|aural|resolution|pixel-ratio))",
    re.IGNORECASE | re.DOTALL,
)
# What a selector asks that is not read: it takes (.a + b), [x='1, 2'] and .\\31 0, and refuses
# [hidden].
_HELD = re.compile(
    r"\([^()]*+\)|\[(?![\w-]++\])[^\[\]]*+\]|(?<![\w-])[.#]?[\w-]*+\\[\da-f]{1,6}\s?[\w-]*+",
    re.IGNORECASE,
)
DEEPEST = 3
"""Brackets in brackets of a selector, and sheets that sheets import, at most."""
_STEP = re.compile(r"\s*+([>+~]?)\s*+([^\s>+~]++)")
# Where a step is missing, nothing of the list holds: it takes p, and p > and refuses p > a.
_LACKING = re.compile(r"[,>+~]\s*(?:[,>+~]|\Z)|\A\s*,")
_MARK = re.compile(r"[.#]?(?:[\w-]|[^\x00-\x7f]|\\[^\da-f])++|\[[\w-]++\]", re.IGNORECASE)
# What is so for a moment.
_MOMENT = re.compile(":(?:hover|focus|active|target|visited)", re.IGNORECASE)
# What is no element: what is drawn before and behind one, and its first line.
_BESIDE = re.compile("::?(before|after)|::|:first-l", re.IGNORECASE)
# What no page can hold.
_NO_SIGN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS = re.compile(r"[\u4e00-\u9fff]|\\[4-9][\da-f]{3}", re.IGNORECASE)

_ELSEWHERE = ("noscript", "template")
"""Elements whose sheets don't hold where scripts run."""

_Marks = frozenset[str]
"""What an element is named by: its tag, #id, .classes and [attributes]."""
_Joined = tuple[int, str]
"""A step that an element fits, and how what stands behind it in a selector stands to the element:
within it (a blank) or right within it (>)."""
_Around = frozenset[_Joined]
_Told = dict[str, tuple[bool, str]]
"""Of each property whether it is `!important`, and its value."""


class _Step(NamedTuple):
    """What a selector asks of one element: what it is joined to, and its marks."""

    before: _Joined | None
    marks: _Marks


class _Rule(NamedTuple):
    """A property that a selector tells of elements: how strong it is (by importance, ids, classes,
    tags and order), whether the selector is read whole, and how it is written."""

    rank: tuple[int, ...]
    name: str
    value: str
    exact: bool
    selector: str


def settle(root: Any, files: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Write into the style of each element what it and the sheets in the page say, each property
    once; returns notes on what was not followed. `files`: the addresses of what was saved with the
    page, its own first, and their texts."""
    sheets = _Sheets(root, files)
    around = [_Around()]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            around.pop()
            continue
        own, told = element.get("style"), _Told()
        if element.tag == "font" and element.get("size"):
            told["font-size"] = (False, "medium")
        said, inner = sheets.told(element, around[-1])
        around.append(inner)
        told |= said
        for name, value in _declared(own).items() if own else ():
            if value[0] >= told.get(name, value)[0]:
                told[name] = value
        if told or own:
            element.set("style", ";".join(f"{name}:{told[name][1]}" for name in told))
    return [" ".join(note.split()) for note in sheets.notes()]


class _Sheets:
    """The rules in a page's sheets, by a mark of the element that they tell of, and what is found
    of elements."""

    def __init__(self, root: Any, files: Sequence[tuple[str, str]]) -> None:
        self._whole, self._left = True, STEPS
        self._at = files[0][0] if files else ""
        self._files = {_joined(self._at, name): text for name, text in files[1:]}
        self._unread: list[str] = []
        self._unsure: dict[str, None] = {}
        self._numbers: dict[_Step, int] = {}
        self._near: defaultdict[str, list[tuple[int, _Step]]] = defaultdict(list)
        self._joins: set[_Joined] = set()
        self._rules: defaultdict[int, list[_Rule]] = defaultdict(list)
        self._known: dict[tuple[_Marks, _Around], tuple[_Told, _Around]] = {}
        for order, (names, told) in enumerate(self._read(root)):
            bare = names
            for _ in range(DEEPEST):
                bare = _HELD.sub("?", bare)
            for selector in bare.split(",") if not _LACKING.search(bare) else ():
                self._add(selector, names.strip(), told, order)

    def _read(self, root: Any) -> Iterator[tuple[str, _Told]]:
        left = LONGEST
        for text in self._texts(root):
            yield from _rules(text[:left])
            self._whole &= len(text) <= left
            left = max(0, left - len(text))

    def _texts(self, root: Any) -> Iterator[str]:
        """The sheets that hold, without comments, each behind those that it imports."""
        for sheet in root.iter("style", "link"):
            elsewhere = any(each.tag in _ELSEWHERE for each in islice(sheet.iterancestors(), 9))
            if elsewhere or not _HOLDS.match(f"@media {sheet.get('media') or ''}"):
                continue
            kinds = (sheet.get("rel") or "").lower().split()
            if sheet.tag == "style":
                yield from self._imported(sheet.text or "", self._at)
            elif "stylesheet" in kinds and "alternate" not in kinds:
                yield from self._named((sheet.get("href") or "").strip(), self._at)

    def _named(self, name: str, at: str, depth: int = 0) -> Iterator[str]:
        """A sheet with a file of its own, where it was saved with the page; each once."""
        where = _joined(at, name)
        if where not in self._files or depth > DEEPEST:
            self._unread.append(name)
            return
        text, self._files[where] = self._files[where], ""
        yield from self._imported(text, where, depth)

    def _imported(self, sheet: str, at: str, depth: int = 0) -> Iterator[str]:
        text = _COMMENT.sub(" ", sheet)
        for name, media in _IMPORT.findall(text[:LONGEST]):
            if _HOLDS.match(f"@media {media}"):
                yield from self._named(name, at, depth + 1)
        yield text

    def notes(self) -> list[str]:
        """What of the sheets was not followed."""
        notes = [] if self._whole else [_UNFOLLOWED]
        if self._unread:
            names = ", ".join(re.split(r"[?#]", name)[0][-40:] for name in self._unread[:3])
            notes.append(_UNREAD.format(len(self._unread), names))
        if self._unsure:
            notes.append(f"{_UNSURE}: {' | '.join(self._unsure)[:80]}")
        return notes

    def _add(self, selector: str, names: str, told: _Told, order: int) -> None:
        """The rules of one selector; of one that is not read whole those that hide or show."""
        drawn = _BESIDE.search(selector)
        if drawn:
            words = told.get("content", (False, ""))
            told = {"drawn": words} if drawn[1] and _WORDS.search(words[1]) else {}
            names = f"content: {words[1]}"
        if not told or _MOMENT.search(selector):
            return
        step, exact, marks = self._chain(_STEP.findall(selector))
        kinds = Counter("#.[".find(mark[0]) for mark in marks)
        exact = exact and not drawn
        # What is not read may ask for so much.
        most = 0 if exact else selector.count(":") + selector.count("?")
        for name, (important, value) in told.items():
            if exact or name in HIDES or drawn:
                rank = (important, kinds[0], kinds[1] + kinds[2] + most, kinds[-1], order)
                self._rules[step].append(_Rule(rank, name, value, exact, names))

    def _chain(self, steps: list[tuple[str, str]]) -> tuple[int, bool, list[str]]:
        """The last step of a selector, whether it is read whole, and all marks in it."""
        exact, named, before, step = len(steps) <= LONGEST_CHAIN, list[str](), None, -1
        for joint, compound in steps[-LONGEST_CHAIN:]:
            marks = _MARK.findall(re.split(r"(?<!\\):", compound)[0])
            exact &= compound.removeprefix("*") == "".join(marks)
            exact &= joint in ("", ">"[: step + 1])
            named += marks
            if step >= 0 and joint in ("", ">"):
                # What stands beside an element stands in the same ones.
                before = (step, joint or " ")
                self._joins.add(before)
            step = self._number(_Step(before, frozenset(map(_plain, marks))))
        return step, exact, named

    def _number(self, step: _Step) -> int:
        self._left -= 1
        if step not in self._numbers:
            self._numbers[step] = len(self._numbers)
            self._near[min(step.marks, default="*")].append((self._numbers[step], step))
        return self._numbers[step]

    def told(self, element: Any, around: _Around) -> tuple[_Told, _Around]:
        """What the sheets say of an element, and what they found around those within it."""
        if not self._rules:
            return {}, around
        classes = (f".{name}" for name in (element.get("class") or "").split())
        attributes = (f"[{name}]" for name in element.attrib)
        marks = frozenset((str(element.tag), f"#{element.get('id')}", *classes, *attributes))
        key = (marks, around)
        if key not in self._known and self._left > 0:
            self._known[key] = self._found(*key)
        self._whole &= key in self._known
        said, inner = self._known.get(key, ({}, around))
        return dict(said), inner

    def _found(self, marks: _Marks, around: _Around) -> tuple[_Told, _Around]:
        near = [each for mark in (*marks, "*") for each in self._near.get(mark, ())]
        fits = {
            number
            for number, step in near
            if step.marks <= marks and (step.before is None or step.before in around)
        }
        rules = sorted(rule for number in fits for rule in self._rules.get(number, ()))
        self._left -= 1 + len(near) + len(around) + len(rules)
        begun = {(number, joint) for number in fits for joint in " >"} & self._joins
        within = begun.union(each for each in around if each[1] == " ")
        return self._cascaded(rules), frozenset(within)

    def _cascaded(self, rules: list[_Rule]) -> _Told:
        """What rules tell, the strongest last."""
        told: _Told = {}
        for rule in rules:
            name = rule.name
            if rule.exact:
                told[name] = (bool(rule.rank[0]), rule.value)
                continue
            hides = name not in HIDES or _hides(name, rule.value)
            if hides != (name in told and _hides(name, told[name][1])):
                self._unsure[rule.selector] = None
            if not hides and name == "display":
                told.pop(name, None)
            elif not hides:
                # What an element around it hides, too.
                told[name] = (bool(rule.rank[0]), rule.value)
        return told


def _joined(at: str, name: str) -> str:
    """The address of what is named at an address."""
    try:
        return urljoin(at, name)
    except ValueError:
        return name


_UNFOLLOWED = "style sheets too large to be followed: what they hide further on is read"
_UNREAD = (
    "not read: {} style sheets in files of their own ({}), which may hide, number or strike out"
    " what is read; a page that is saved as one file (.mht) holds them"
)
_UNSURE = "style sheets hide, show or draw something in a way that is not followed"


def _plain(mark: str) -> str:
    """A name of a sheet with its escaped characters; those of tags are small."""
    return mark.replace("\\", "") if mark[0] in ".#" else mark.lower()


def _hides(name: str, value: str) -> bool:
    return bool(HIDES[name].search(f"{name}:{value}"))


def _declared(style: str) -> _Told:
    """The properties of a style: of those told twice the last, or the important one."""
    told: _Told = {}
    for name, value in _DECLARATION.findall(style):
        name = _READ_AS[name.lower()]
        now = ("!" in value, _NO_SIGN.sub("", value).strip()[:VALUE])
        if now[0] >= told.get(name, now)[0]:
            told[name] = now
    if told and _ANIMATED.search(style):
        for name in ("opacity", "visibility"):
            if name in told and _hides(name, told[name][1]):
                del told[name]
    return told


def _rules(sheet: str) -> Iterator[tuple[str, _Told]]:
    """The rules of a sheet that hold on a screen: selectors, and what they tell."""
    # Of each open brace what stands before it, and whether it and what is in it hold.
    heads, start = [("", True, True)], 0
    for brace in _BRACE.finditer(sheet):
        if brace[0] not in "{}":
            continue
        piece, start = sheet[start : brace.start()], brace.end()
        if brace[0] == "{":
            head, holds = piece.rpartition(";")[2].strip(), heads[-1][2]
            heads.append((head, holds, holds and bool(_HOLDS.match(head))))
        elif len(heads) > 1:
            names, holds, _ = heads.pop()
            if holds and (told := _declared(piece)):
                yield names, told
