"""What the style sheets in a page say of its elements, as far as it tells what a reader sees.

Matched here rather than by a library. Of 5,000 rules and 10,000 elements cssselect2 0.10 takes 70
seconds, of one selector of four steps and elements in elements 200 deep seven (a time that grows by
the power of the steps); cssselect 1.6 on lxml takes 10 milliseconds a selector for 10,000 elements.
Neither can be told to stop. Here each step of a selector is looked for once among elements that are
alike, in one pass. What a selector asks that one pass can't tell (`:has()`) is taken to be so where
it shows, not where it hides, and told.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
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

_NONE = r"[0.]+(?:[a-z]+|%)?"
HIDES = {
    name: re.compile(rf"(?<![\w-]){name}:(?:{value})\s*(?:[;!]|\Z)", re.IGNORECASE)
    for name, value in {
        "display": "none",
        "visibility": "hidden|collapse",
        "content-visibility": "hidden",
        "opacity": "[0.]+%?",
        # Also as `font: 0/0 a` says it.
        "font-size": rf"{_NONE}(?:[\s/][^;!]*)?",
        # Outside the window, or cut to nothing.
        **dict.fromkeys(("left", "top", "text-indent"), r"-(?:\d{4,}|999)[\d.]*[a-z]+"),
        **dict.fromkeys(("height", "max-height"), _NONE),
        "clip": r"rect\([01](?:px)?(?:[\s,]+[01](?:px)?)*\s*\)",
        "clip-path": r"inset\((?:50|100)%\)",
        "transform": r"scale(?:3d|[xy])?\([0.,\s]+\)",
    }.items()
}
"""The properties that hide an element, with the values that do."""

_TOLD = (
    *(*HIDES, "position", "white-space", "vertical-align", "text-decoration-line", "overflow"),
    *("flex-direction", "grid-template-columns", "list-style-type", "content"),
)
"""The properties that tell what is hidden, struck out, set high, drawn, or a block, and which line
ends are kept."""
_SHORT = {
    "font": "font-size",
    "text-decoration": "text-decoration-line",
    "white-space-collapse": "white-space",
    "overflow-y": "overflow",
    "list-style": "list-style-type",
}

# Comments, and fonts and pictures within the sheet.
_COMMENT = re.compile(
    r"/\*.*?(?:\*/|\Z)|<!--|-->|(?<=url\()\s*[\"']?data:[^()]*", re.DOTALL | re.IGNORECASE
)
_STRING = r""""(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?"""
_BRACE = re.compile(rf"[{{}}]|{_STRING}", re.DOTALL)
_IMPORT = re.compile(r"@import\s+(?:url\(\s*)?[\"']?([^\"')\s;]+)", re.IGNORECASE)
# What shows by itself what is transparent at first.
_ANIMATED = re.compile(r"(?<![\w-])(?:-\w+-)?animation(?:-name)?\s*:(?!\s*none)", re.IGNORECASE)
_DECLARATION = re.compile(
    rf"(?<![\w-])({'|'.join([*_TOLD, *_SHORT])})\s*:\s*"
    rf"((?:{_STRING}|[\t\n\r -!#-&(-:<-\ud7ff\ue000-\ufffd]++)+)",
    re.IGNORECASE | re.DOTALL,
)
# Sheets that hold on a screen of usual width, and not within a rule of another kind.
_HOLDS = re.compile(
    r"@(?:media|layer|supports)\b(?!.*(?:print|speech|max-|<|orientation|prefers|\bnot\b"
    r"|handheld|\btv\b|projection|aural|resolution|pixel-ratio))",
    re.IGNORECASE | re.DOTALL,
)
_TOKEN = re.compile(
    rf"""\[\s*+(?P<attribute>[\w-]++)\s*+(?:(?P<how>[~|^$*]?=)\s*+
        (?P<value>{_STRING}|[^\s\]"']++)\s*+(?P<fold>[is]?)\s*+)?\]
      | (?P<pseudo>::?[\w-]++)(?:\((?P<held>(?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*+)\))?
      | (?P<mark>[.\#]?(?:[\w-]|[^\x00-\x7f]|\\.)++|\*)
      | (?P<joint>\s*+[>+~,]\s*+|\s++)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# What no page can hold.
_NO_SIGN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_ESCAPED = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)

_COMPARED: dict[str, Callable[[str, str], bool]] = {
    "=": lambda said, asked: said == asked,
    "~=": lambda said, asked: asked in said.split(),
    "|=": lambda said, asked: f"{said}-".startswith(f"{asked}-"),
    "^=": lambda said, asked: bool(asked) and said.startswith(asked),
    "$=": lambda said, asked: bool(asked) and said.endswith(asked),
    "*=": lambda said, asked: bool(asked) and asked in said,
}
_KINDS = {
    f":{which}{kind}": tuple(2 * (kind == "of-type") + end for end in ends)
    for which, ends in {
        **{"first-": (0,), "last-": (1,), "only-": (0, 1)},
        **{"nth-": (0,), "nth-last-": (1,)},
    }.items()
    for kind in ("child", "of-type")
}
"""From which ends the places are counted that a selector asks for: 0 and 1 among all children, 2
and 3 among those of one tag."""
_NTH = re.compile(r"(?:([+-]?\d{0,9})n)?\s*+([+-]?\s*+\d{1,9})?")
_STATES: dict[str, Callable[[Any], bool]] = {
    ":root": lambda element: element.getparent() is None,
    ":empty": lambda element: not len(element) and not element.text,
    **dict.fromkeys((":link", ":any-link"), lambda element: element.get("href") is not None),
    ":checked": lambda element: {"checked", "selected"} & {*element.keys()} != set(),
    # What is so for a moment.
    **dict.fromkeys(
        (*(":hover", ":focus", ":active", ":target", ":visited"), ":focus-within"),
        lambda element: False,
    ),
}
_LISTS = (":is", ":where", ":matches", ":any", ":-webkit-any", ":-moz-any", ":not")

_ELSEWHERE = ("noscript", "template")
"""Elements whose sheets don't hold where scripts run."""
_DRAWN = ("before content", "after content")

_Marks = frozenset[str]
"""What an element is named by: its tag, #id and .classes; and what it is of that sheets ask for."""
_Joined = tuple[int, str]
"""A step that an element fits, and how what stands behind it in a selector stands to the element:
within it (a blank), right within it (>), right behind it (+), behind it (~)."""
_Around = frozenset[_Joined]
_Told = dict[str, tuple[bool, str]]
"""Of each property whether it is `!important`, and its value."""


class _Step(NamedTuple):
    """What a selector asks of one element: what it is joined to, its marks, and of which other
    steps it fits one, or none."""

    before: _Joined | None
    marks: _Marks
    lists: tuple[tuple[bool, frozenset[int]], ...]


@dataclass(slots=True)
class _Selector:
    """A selector while it is read: what its last step asks, how many steps it has, the number of
    the step once it is read, whether it is read whole, how special it is, and the side of elements
    that it tells of."""

    before: _Joined | None = None
    marks: set[str] = field(default_factory=set)
    lists: list[tuple[bool, frozenset[int]]] = field(default_factory=list)
    length: int = 1
    step: int = 0
    exact: bool = True
    special: list[int] = field(default_factory=lambda: [0, 0, 0])
    side: str = ""


class _Rule(NamedTuple):
    """A property that a selector tells of elements: how strong it is (by importance, ids, classes,
    tags and order), whether the selector is read whole, and how it is written."""

    rank: tuple[int, ...]
    name: str
    value: str
    exact: bool
    selector: str


@dataclass(slots=True)
class _Family:
    """What the children of an element stand in: what selectors found around them and behind what
    they come, and how many there are and were, of each tag and of all ("")."""

    inner: _Around
    beside: _Around = frozenset()
    all: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)


_ALONE = _Family(frozenset())
"""What elements stand in where no sheet says anything."""


def settle(root: Any, files: Mapping[str, str]) -> list[str]:
    """Write into the style of each element what it and the sheets of the page, some of them in
    `files`, say, each property once; returns notes on what was not followed."""
    sheets = _Sheets(root, files)
    families = [sheets.family((root,), frozenset())]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            families.pop()
            continue
        own, told = element.get("style"), _Told()
        if element.tag == "font" and element.get("size"):
            told["font-size"] = (False, "medium")
        said, inner = sheets.told(element, families[-1])
        families.append(sheets.family(element, inner))
        told |= said
        for name, value in _declared(own).items() if own else ():
            if value[0] >= told.get(name, value)[0]:
                told[name] = value
        if told or own:
            element.set("style", _style(told))
    return [" ".join(note.split()) for note in sheets.notes()]


def _style(told: _Told) -> str:
    return ";".join(f"{name}:{value}" for name, (_, value) in told.items() if name not in _DRAWN)


class _Sheets:
    """The rules in a page's sheets, by a mark of the element that they tell of, and what is found
    of elements."""

    def __init__(self, root: Any, files: Mapping[str, str]) -> None:
        self._files, self._whole, self._left = files, True, STEPS
        self._unread: list[str] = []
        self._unsure: dict[str, None] = {}
        self._numbers: dict[_Step, int] = {}
        self._near: defaultdict[str, list[tuple[int, _Step]]] = defaultdict(list)
        self._joins: set[_Joined] = set()
        self._attributes: defaultdict[str, dict[str, Callable[[str], bool]]] = defaultdict(dict)
        self._values: dict[tuple[str, str], _Marks] = {}
        self._places: dict[str, tuple[int, int, int]] = {}
        self._states: set[str] = set()
        self._rules: defaultdict[int, list[_Rule]] = defaultdict(list)
        self._known: dict[Any, tuple[_Told, _Around, _Around]] = {}
        for order, (names, told) in enumerate(self._read(root)):
            for selector in self._selectors(names):
                self._add(selector, names, told, order)

    def _read(self, root: Any) -> Iterator[tuple[str, _Told]]:
        left = LONGEST
        for sheet in root.iter("style", "link"):
            elsewhere = any(each.tag in _ELSEWHERE for each in islice(sheet.iterancestors(), 9))
            if elsewhere or not _HOLDS.match(f"@media {sheet.get('media') or ''}"):
                continue
            text = sheet.text or ""
            if sheet.tag == "link":
                kinds = (sheet.get("rel") or "").lower().split()
                if "stylesheet" not in kinds or "alternate" in kinds:
                    continue
                name = (sheet.get("href") or "").strip()
                if name not in self._files:
                    self._unread.append(name)
                text = self._files.get(name, "")
            text = _COMMENT.sub(" ", text)
            self._unread += _IMPORT.findall(text[:left])
            yield from _rules(text[:left])
            self._whole &= len(text) <= left
            left = max(0, left - len(text))

    def notes(self) -> list[str]:
        """What of the sheets was not followed."""
        notes = [] if self._whole else [_UNFOLLOWED]
        if self._unread:
            names = ", ".join(re.split(r"[?#]", name)[0][-40:] for name in self._unread[:3])
            notes.append(_UNREAD.format(len(self._unread), names))
        if self._unsure:
            notes.append(f"{_UNSURE}: {' | '.join(self._unsure)[:80]}")
        return notes

    def _add(self, selector: _Selector, names: str, told: _Told, order: int) -> None:
        """The rules of one selector. Of one that is not read whole those that hide or show."""
        for name, (important, value) in told.items():
            name = f"{selector.side} {name}".strip()
            if name in HIDES or (selector.exact and (not selector.side or name in _DRAWN)):
                rank = (important, *selector.special, order)
                rule = _Rule(rank, name, value, selector.exact, names.strip())
                self._rules[selector.step].append(rule)

    def _selectors(self, text: str) -> list[_Selector]:
        """The selectors of a list; none where something is none, as none holds then."""
        found, at, joined = [_Selector()], 0, True
        text = text.strip()
        for token in _TOKEN.finditer(text):
            if token.start() != at or (joined and token["joint"]):
                return []
            at, now, joined = token.end(), found[-1], bool(token["joint"])
            if not joined:
                self._ask(now, token)
                continue
            self._end(now)
            joint = token["joint"].strip() or " "
            if joint == ",":
                found.append(_Selector())
                continue
            now.marks, now.lists, now.length = set(), [], now.length + 1
            now.exact &= now.length <= LONGEST_CHAIN
            now.before = (now.step, joint) if now.exact else None
            if now.before:
                self._joins.add(now.before)
        self._end(found[-1])
        return found if at == len(text) and not joined else []

    def _end(self, selector: _Selector) -> None:
        """Number the step that a selector is at."""
        self._left -= 1
        step = _Step(selector.before, frozenset(selector.marks), tuple(selector.lists))
        selector.step = self._numbers.setdefault(step, len(self._numbers))
        if selector.step == len(self._numbers) - 1:
            near = self._near[min(step.marks, default="*")]
            if not near or near[-1][0] < selector.step:
                near.append((selector.step, step))

    def _ask(self, now: _Selector, token: re.Match[str]) -> None:
        """Adds what a part of a selector asks of the element that its last step is about."""
        if mark := token["mark"]:
            mark = _plain(mark)
            if mark != "*":
                now.marks.add(mark if mark[0] in ".#" else mark.lower())
                now.special["#.".find(mark[0]) % 3] += 1
        elif name := token["attribute"]:
            value = _plain((token["value"] or "").strip("\"'"))
            how, folds = token["how"] or "", (token["fold"] or "").lower() == "i"
            key = f"[{name.lower()}{how}{value}{folds}"
            self._attributes[name.lower()][key] = partial(_compared, how, value, folds)
            now.marks.add(key)
            now.special[1] += 1
        else:
            self._ask_pseudo(now, token["pseudo"].lower(), token["held"] or "")

    def _ask_pseudo(self, now: _Selector, name: str, held: str) -> None:
        if name.startswith("::") or name in (":before", ":after", ":first-line", ":first-letter"):
            now.side = name.strip(":")
            now.special[2] += 1
            return
        if name in _LISTS:
            self._ask_list(now, name, self._selectors(held))
            return
        now.special[1] += 1
        counted = _nth(held) if held else (0, 1)
        if name in _STATES:
            self._states.add(name)
            now.marks.add(name)
        elif name in _KINDS and counted:
            places = {f":{end} {counted}": (end, *counted) for end in _KINDS[name]}
            self._places |= places
            now.marks |= places.keys()
        else:
            now.exact = False

    def _ask_list(self, now: _Selector, name: str, inner: list[_Selector]) -> None:
        if inner and all(each.exact and not each.side for each in inner):
            now.lists.append((name != ":not", frozenset(each.step for each in inner)))
        else:
            now.exact = False
        if inner and name != ":where":
            most = max(each.special for each in inner)
            now.special = [a + b for a, b in zip(now.special, most, strict=True)]

    def family(self, children: Iterable[Any], inner: _Around) -> _Family:
        """What the children of an element stand in."""
        if not self._rules:
            return _ALONE
        family = _Family(inner)
        if self._places:
            family.all = dict(Counter(str(child.tag) for child in children))
            family.all[""] = sum(family.all.values())
        return family

    def told(self, element: Any, family: _Family) -> tuple[_Told, _Around]:
        """What the sheets say of an element, the next in its family, and what they found around
        those within it."""
        if not self._rules:
            return {}, family.inner
        classes = (f".{name}" for name in (element.get("class") or "").split())
        marks = frozenset((str(element.tag), f"#{element.get('id')}", *classes))
        key = (self._special(element, marks, family), family.inner, family.beside)
        if key not in self._known and self._left > 0:
            self._known[key] = self._found(*key)
        self._whole &= key in self._known
        said, inner, family.beside = self._known.get(key, ({}, family.inner, frozenset()))
        return dict(said), inner

    def _special(self, element: Any, marks: _Marks, family: _Family) -> _Marks:
        """The marks of an element with those that sheets ask for: attributes, states, places."""
        if self._attributes:
            asked = (each for each in element.items() if each[0] in self._attributes)
            marks = marks.union(*(self._fitting(*each) for each in asked))
        if self._states:
            marks = marks.union(name for name in self._states if _STATES[name](element))
        if self._places:
            tag = str(element.tag)
            places = list[int]()
            for kind in ("", tag):
                family.seen[kind] = family.seen.get(kind, 0) + 1
                places += family.seen[kind], family.all[kind] - family.seen[kind] + 1
            self._left -= len(self._places)
            if self._left > 0:
                fits = ((key, places[end], a, b) for key, (end, a, b) in self._places.items())
                marks = marks.union(key for key, place, a, b in fits if _is_nth(place, a, b))
        return marks

    def _fitting(self, name: str, value: str) -> _Marks:
        """What sheets ask for that an attribute of this value is."""
        if (name, value) not in self._values:
            asked = self._attributes[name]
            self._left -= len(asked) * (1 + len(value) // 100)
            asked = asked if self._left > 0 else {}
            self._values[name, value] = frozenset(key for key, fits in asked.items() if fits(value))
        return self._values[name, value]

    def _found(
        self, marks: _Marks, inner: _Around, beside: _Around
    ) -> tuple[_Told, _Around, _Around]:
        near = sorted(each for mark in (*marks, "*") for each in self._near.get(mark, ()))
        fits, around = set[int](), {None, *inner, *beside}
        for number, step in near:
            if (
                step.marks <= marks
                and step.before in around
                and all(wanted != fits.isdisjoint(steps) for wanted, steps in step.lists)
            ):
                fits.add(number)
        rules = sorted(rule for number in fits for rule in self._rules.get(number, ()))
        self._left -= 1 + len(near) + len(inner) + len(beside) + len(rules)
        within, behind = self._joined(fits, inner, " >"), self._joined(fits, beside, "~+")
        told = self._cascaded(rules)
        for name in _DRAWN:
            if name in told and _HAN.search(_plain(told[name][1])):
                self._unsure[f"content: {told[name][1]}"] = None
        return told, within, behind

    def _joined(self, fits: set[int], around: _Around, joints: str) -> _Around:
        """What stands around the next elements, of which that joined by the first sign stays so."""
        begun = {(number, joint) for number in fits for joint in joints} & self._joins
        return frozenset(begun.union(each for each in around if each[1] == joints[0]))

    def _cascaded(self, rules: list[_Rule]) -> _Told:
        """What rules tell, the strongest last."""
        told: _Told = {}
        for rule in rules:
            name = rule.name
            if rule.exact:
                told[name] = (bool(rule.rank[0]), rule.value)
                continue
            hides = _hides(name, rule.value)
            if hides != (name in told and _hides(name, told[name][1])):
                self._unsure[rule.selector] = None
                if not hides:
                    del told[name]
        return told


_UNFOLLOWED = "style sheets too large to be followed: what they hide further on is read"
_UNREAD = (
    "not read: {} style sheets in files of their own ({}), which may hide, number or strike out"
    " what is read"
)
_UNSURE = "style sheets hide, show or draw something in a way that is not followed"


def _plain(name: str) -> str:
    """A name or a text of a sheet with its escaped characters."""

    def character(escaped: re.Match[str]) -> str:
        number = int(escaped[1] or "0", 16)
        known = 0 < number < 0xD800 or 0xDFFF < number < 0x110000
        return chr(number) if known and number >= 0x20 else escaped[2] or "\ufffd"

    return _ESCAPED.sub(character, name) if "\\" in name else name


def _compared(how: str, asked: str, folds: bool, said: str) -> bool:
    """Whether the value of an attribute is what a selector asks for."""
    said, asked = (said.lower(), asked.lower()) if folds else (said, asked)
    return not how or _COMPARED[how](said, asked)


def _nth(held: str) -> tuple[int, int] | None:
    """The a and b of an+b."""
    said = held.strip().lower()
    found = _NTH.fullmatch({"odd": "2n+1", "even": "2n"}.get(said, said))
    if not said or not found:
        return None
    step = {"": "1", "+": "1", "-": "-1", None: "0"}.get(found[1], found[1])
    return int(step or 0), int(re.sub(r"\s", "", found[2] or "0"))


def _is_nth(place: int, a: int, b: int) -> bool:
    return (place - b) % a == 0 and (place - b) // a >= 0 if a else place == b


def _hides(name: str, value: str) -> bool:
    return bool(HIDES[name].search(f"{name}:{value}"))


def _declared(style: str) -> _Told:
    """The properties of a style: of those told twice the last, or the important one."""
    told: _Told = {}
    for name, value in _DECLARATION.findall(style):
        name = name.lower()
        now = ("!" in value, _NO_SIGN.sub("", value).strip()[:VALUE])
        if now[0] >= told.get(_SHORT.get(name, name), now)[0]:
            told[_SHORT.get(name, name)] = now
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
