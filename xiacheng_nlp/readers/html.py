"""The text of a saved web page, without the navigation around it.

Written on lxml rather than on trafilatura, which was tried first: of pages laid out in tables, as
portals had them until about 2012, it kept no paragraph of a report whole, it dropped headings such
as 一、 on two others of nine layouts, and it does not say what it left out.
"""

import email
import email.policy
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.errors import CloseBoundaryNotFoundDefect
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from lxml import etree

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.numbers.numerals import in_han
from xiacheng_nlp.readers.extraction import COUNT, drawn, in_digits, mark_of_note
from xiacheng_nlp.readers.file_types import ATTRIBUTES, TAGS
from xiacheng_nlp.readers.stylesheets import HIDES, PROPERTIES, settle
from xiacheng_nlp.text import BREAKS, CELL, INVISIBLE, Note, Span, decode, flow

MOST = 0.95
"""The share of a page's prose that its main element holds: the deepest element with so much is
taken for the text.

An annex of a twentieth beside it is still kept; the sentences of a footer or a sidebar are fewer.
"""

SMALL = 30
"""Han characters of a line that do not count as prose: a sentence of a footer has as many, a
paragraph of a report five times so many."""

MHTML_PARTS = 10_000
"""Parts of a page saved as one file; a page with all its pictures has some hundred."""

SHORTEST_FIELD = 200
"""Characters of a field of a form (<textarea>) that may hold a report; in a shorter one the reader
of the page is asked for words."""

PROSE = 20
"""Notes at most on sentences that were left out around the text."""

_TAGS = {
    row["kind"]: frozenset(row["tags"].split())
    for row in read_table(packaged("readers/tags.tsv"), columns=("kind", "tags"))
}
"""The elements of a page by how they are read."""
_KNOWN = frozenset({"br"}).union(*_TAGS.values())
"""Those that no style makes another."""
_BREAK = re.compile(f"\r\n|[{BREAKS}]")
_BLANKS = re.compile(r"[ \t]+")
_CELL_EDGE = "\x1f"
"""What parts the cells of a row while it is gathered: no page can hold this character."""

_KEPT_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_LOOKS = {
    tag: re.compile(look, re.IGNORECASE)
    for tag, look in {
        "tr": r"display:table-row\b(?!-)",
        "td": "display:table-cell",
        "div": r"display:(?:block|flex|flow-root|grid|table|list-item)\b(?!-)",
        "s": r"text-decoration[\w-]*\s*:[^;]*line-through",
        "sup": r"vertical-align:super\b",
        "sub": r"vertical-align:sub\b",
    }.items()
}
"""How the style of an element looks that is read as if it had another tag."""
# What sets its elements one under the other: it takes display:flex;flex-direction:column and
# display:grid, and refuses a grid of several columns (grid-template-columns:1fr 1fr) and
# display:flex.
_COLUMN = re.compile(
    r"^(?:(?=.*display:(?:inline-)?flex).*flex-direction:column"
    r"|(?!.*grid-template-columns:[^;]*[ (]).*display:(?:inline-)?grid)",
    re.IGNORECASE,
)
_NEEDS = {
    row["property"]: re.compile(row["needs"], re.IGNORECASE) for row in PROPERTIES if row["needs"]
}
"""What hides nothing unless the style says this too."""
_CUT = {name for name in _NEEDS if name.endswith("height")}
_UNCUT = frozenset(("table", "tbody", "tfoot", "thead", "tr"))
"""Blocks that are as high as what they hold."""
_PUT_BACK = {row["property"] for row in PROPERTIES if row["put_back"]}
"""What hides it unless an element in it says otherwise."""
_NUMBERED = re.compile(r"list-style-type:\s*(?:(?:inside|outside)\b\s*)?([a-z-]*)", re.IGNORECASE)
_UNLISTED = re.compile(r"display:(?!\s*list-item)", re.IGNORECASE)
_LABELS: dict[str, Callable[[int], str]] = {
    # A picture or a text in the place of a number is no kind.
    **dict.fromkeys(("none", "disc", "circle", "square", "url", ""), lambda number: ""),
    **dict.fromkeys(
        ("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal"),
        lambda number: f"{in_han(number)}、",
    ),
    **dict.fromkeys(("decimal", "1"), "{}.".format),
}
"""What is drawn before an item of a list, by how its style or an attribute has it numbered."""
# What an item says of its number itself: it takes 1、 and （一） and refuses 1.5亿元.
_OWN_NUMBER = re.compile(rf"\s*(?:{COUNT}[、是]|[（(]{COUNT}[）)]|\d{{1,2}}[、.．](?!\d))")
_SET_APART = (
    *("mfrac", "msup", "msub", "msubsup", "msqrt", "mroot"),
    *("munder", "mover", "munderover", "mmultiscripts", "mtable"),
)
"""What sets the parts of a formula over or beside each other, which no line of text can."""
LARGEST_FORMULA = 1_000
"""Elements of a formula that are looked at."""
_FIGURES = re.compile(r"\s*[-+−]?\d")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORDS = etree.XPath(
    "descendant::text()[not(parent::script or parent::style)]", smart_strings=False
)
_FULL_STOP = re.compile("[。！？；]")
# What a page may set before its main element: it takes 一、回顾 and 发布日期, and refuses 首页.
_PARTICULAR = re.compile(
    rf"""^(?: 各位代表 | 同志们 | {COUNT}、 | [（(] {COUNT} [）)] )
      | 工作报告
      | (?:发布|公布|生成|成文|发文) (?:日期|时间|机构)
      | 索引号 | 文\s*号 | 来\s*源 | 日\s*期\s*[:：]""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the page: its text, and how many of its characters stand in links."""

    text: str
    linked: int


@dataclass(slots=True)
class _Element:
    """A block element while the page is walked: the lines it begins and ends with, its prose, and
    its block children."""

    first: int
    last: int = 0
    prose: int = 0
    inner: list["_Element"] = field(default_factory=list)


def read(data: bytes) -> tuple[str, str, list[Note]]:
    """The text of a page, its encoding, and notes on what was left out. Raises `ReportError` where
    there is no text in it."""
    page, encoding, whole, sheets = _page(data)
    root = _tree(page)
    followed = settle(root, sheets)
    walk = _walked(root)
    lines = walk.lines
    if not lines:
        raise ReportError(_EMPTY)
    first, last = _main(walk.root)
    while first < last and _is_navigation(lines[first]):
        first += 1
    while first < last and _is_navigation(lines[last - 1]):
        last -= 1
    head = [line.text for line in lines[:first] if _is_particular(line)]
    left = [line.text for line in lines[:first] if not _is_particular(line)]
    left += [line.text for line in lines[last:]]
    text = "\n".join([*head, *(line.text for line in lines[first:last])])
    said = [*([] if whole else [_ENDS_EARLY]), *followed]
    said += _notes(left, walk)
    return text, encoding, [Note(each, 0, 0) for each in said]


def _walked(root: Any) -> "_Walk":
    """The walk over a page. Of one that shows less prose than it makes faint, as pages do until a
    script runs, the faint is read; of one that shows none, what takes no place either."""
    walk = _Walk(root)
    if walk.unseen > walk.seen:
        walk = _Walk(root, faint=True)
    if walk.hidden and not walk.seen:
        hidden = walk.hidden
        walk = _Walk(root, faint=True, unplaced=True)
        walk.kept += hidden
    return walk


def _notes(left: list[str], walk: "_Walk") -> Iterator[str]:
    """What was left out: the lines around the text, what the page hides, what nobody sees."""
    if left:
        size = f"{len(left)} lines, {sum(map(len, left)):,} characters"
        yield f"left out around the text of the page: {size}: {' | '.join(left)[:80]}"
    prose = [line for line in left if _FULL_STOP.search(line)]
    for line in prose[:PROSE]:
        yield f"left out with them, although it is prose: {line[:80]}"
    whys = {
        "left out because the page hides it": walk.hidden,
        "left out as struck out or a gloss": walk.struck,
        "read although the page hides so much until a script runs": walk.kept,
    }
    for why, said in whys.items():
        if said:
            yield f"{why}: {sum(map(len, said)):,} characters: {said[0][:40]}"
    if walk.numbered:
        yield f"written out: the numbers that the page draws before {walk.numbered} items of lists"
    if unknown := +walk.unknown:
        yield in_digits(unknown)
    if walk.formulas:
        yield f"left out: {walk.formulas} formulas"
    if walk.marks:
        yield f"written in brackets: {walk.marks} numbers of footnotes, which the page sets high"
    if walk.invisible:
        yield f"left out: {walk.invisible} invisible characters (zero width, soft hyphen)"


_EMPTY = "a web page without text (does a script load it?); open it and save what you see as .txt"


class _Short(email.policy.Compat32):
    """Headers of 2,000 characters at most: the parameters of one take the square of its length to
    be told apart."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, said = super().header_source_parse(sourcelines)
        return name, said[:2000]


_ENDS_EARLY = "the saved page ends in its midst: the file was not saved or copied whole"


def _page(data: bytes) -> tuple[str, str, bool, list[tuple[str, str]]]:
    """The markup and its encoding: of a page saved as one file (MHTML) its first HTML part, whether
    the file has its end, and its style sheets with their addresses, that of the page first."""
    if re.match(rb"\s*<", data.lstrip(b"\xef\xbb\xbf")) or not re.search(
        rb"multipart/related|MIME-Version:", data[:4096], re.IGNORECASE
    ):
        return *decode(data), True, []
    if data.count(b"\n--") > MHTML_PARTS:
        raise ReportError(f"a saved web page (MHTML) of more than {MHTML_PARTS:,} parts")
    try:
        whole = email.message_from_bytes(data, policy=_Short())
        parts = list(whole.walk())
    except RecursionError:
        raise ReportError("a saved web page (MHTML) of too many parts in parts") from None
    cut = any(isinstance(fault, CloseBoundaryNotFoundDefect) for fault in whole.defects)
    for at, payload in _payloads(parts, "text/html"):
        sheets = [(n, text.decode("utf-8", "replace")) for n, text in _payloads(parts, "text/css")]
        return *decode(payload), not cut, [(at, ""), *sheets]
    raise ReportError(
        "a saved web page (MHTML) or an e-mail without an HTML part; save the page again"
        " as .html, or the text that you see as .txt"
    )


def _payloads(parts: list[Any], kind: str) -> Iterator[tuple[str, bytes]]:
    """The parts of a kind that a saved page holds, by the addresses that it names them by."""
    for part in parts:
        if part.get_content_type() == kind:
            payload = part.get_payload(decode=True)
            id = str(part["Content-ID"] or "").strip("<> ")
            names = (str(part["Content-Location"] or ""), f"cid:{id}")
            yield from ((name, payload) for name in names if isinstance(payload, bytes))


# A tag with its quoted values: it takes <p a1=">" a2=1 ...
_WHOLE_TAG = re.compile(r"""<[a-zA-Z](?:"[^"]*"|'[^']*'|[^'">])*+""")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def _refuse_bombs(page: str) -> None:
    """Pages that no memory, or no patience, holds: the parser looks each attribute of a tag up in
    all that stand before it."""
    if sum(map(page.count, ("<", *BREAKS))) > TAGS:
        raise ReportError(f"more than {TAGS:,} tags and lines; no report has so many")
    for tag in _WHOLE_TAG.finditer(page):
        if len(tag[0]) > 2 * ATTRIBUTES and _attributes(tag[0]) > ATTRIBUTES:
            raise ReportError(f"a tag with more than {ATTRIBUTES:,} attributes")


def _attributes(tag: str) -> float:
    return len(re.findall(r"[\s\"/=]+", _QUOTED.sub('"', tag))) / 2


def _tree(page: str) -> Any:
    _refuse_bombs(page)
    # Pictures that a saved page carries in its attributes, and tags never closed, exceed the usual
    # limits; the file's size is bounded.
    parser = etree.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8", huge_tree=True
    )
    try:
        # What stands behind the first of several ends of the page is text too.
        page = re.sub(r"</(?:html|body)\s*>", "", page, flags=re.IGNORECASE)
        root = etree.fromstring(page.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReportError(f"cannot be read as a web page: {error}; save it as .txt") from None
    if root is None:
        raise ReportError(_EMPTY)
    for entry in parser.error_log:
        if re.search("depth|huge|limit", entry.message, re.IGNORECASE):
            raise ReportError(
                f"line {entry.line}: no web page that can be read whole"
                f" ({entry.message.strip()}); save it as .txt"
            )
    return root


@dataclass(slots=True)
class _List:
    """A list: the number of its last item."""

    number: int = 0


class _Place(NamedTuple):
    """How what stands in an open element is read: whether line ends are kept, whether it is a link,
    a row told in one line, a line or more of its own, or left out; what makes it faint; what is
    written behind it; the list that it is in and how its items are numbered."""

    keeps: bool = False
    linked: bool = False
    in_row: bool = False
    block: bool = False
    left: bool = False
    faint: frozenset[str] = frozenset()
    behind: str = ""
    list: _List | None = None
    kind: str = "disc"


_LEFT = _Place(left=True)


class _Walk:
    """One pass over the page, without recursion: pages may nest deeply."""

    def __init__(self, root: Any, *, faint: bool = False, unplaced: bool = False) -> None:
        self.lines: list[_Line] = []
        self.hidden: list[str] = []
        self.kept: list[str] = []
        # Han characters outside links, read and faint.
        self.seen = self.unseen = 0
        self.struck: list[str] = []
        self.invisible = self.marks = self.formulas = self.numbered = 0
        self.unknown: Counter[str] = Counter()
        self._label = ""
        self.root = _Element(0)
        self._reads_faint, self._reads_unplaced = faint, unplaced
        self._pieces: list[str] = []
        self._linked = 0
        self._open = [self.root]
        places = [_Place()]
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                places.append(self._begun(element, places[-1]))
                self._text(element.text, places[-1])
            else:
                if places[-1].behind:
                    self._pieces.append(places[-1].behind)
                if element.tag == "li":
                    self._label = ""
                if places.pop().block:
                    self._end_line()
                    self._close()
                self._text(element.tail, places[-1])
        self._end_line()
        self._close()

    def _begun(self, element: Any, outer: _Place) -> _Place:
        """How what stands in the element is read; ends the line before a block, or marks the edge
        of a cell."""
        if outer.left:
            return _LEFT
        style = element.get("style") or ""
        tag = _tag(element, style)
        boxed = tag in _TAGS["block"] and tag not in _UNCUT
        faint = _faint(style, outer.faint, boxed)
        if faint != outer.faint:
            outer = outer._replace(faint=faint)
        if self._leaves_out(element, tag, style, outer):
            return _LEFT
        # The first block says it: of tables in tables each holds all that are within it.
        in_row = outer.in_row or (tag == "tr" and _is_line(element))
        block = tag in _TAGS["block"] or (tag in _TAGS["cell"] and not in_row)
        self._part(tag, block)
        behind = self._set_apart(element, tag)
        listed, kind = self._listed(element, style, outer)
        return _Place(
            keeps=outer.keeps or tag in _TAGS["kept"] or bool(_KEPT_LINES.search(style)),
            linked=outer.linked or element.tag == "a",
            in_row=in_row,
            block=block,
            faint=faint,
            behind=behind,
            list=listed,
            kind=kind,
        )

    def _part(self, tag: str, block: bool) -> None:
        """Ends the line, or begins a block or a cell."""
        if block or tag == "br":
            self._end_line()
        elif tag in _TAGS["cell"]:
            self._pieces.append(_CELL_EDGE)
        if block:
            self._open.append(_Element(len(self.lines)))

    def _set_apart(self, element: Any, tag: str) -> str:
        """Writes what stands before a number that is set high or low behind digits, which would be
        read as more of them; returns what stands behind it."""
        if tag not in ("sub", "sup") or not "".join(self._pieces[-2:])[-1:].isdigit():
            return ""
        if not _FIGURES.match("".join(islice(element.itertext(), 2))):
            return ""
        self._pieces.append("_(" if tag == "sub" else "^(")
        return ")"

    def _listed(self, element: Any, style: str, outer: _Place) -> tuple[_List | None, str]:
        """The list that an element begins or goes on, and how its items are numbered; the number
        of an item is kept until its text."""
        listed, kind, tag = outer.list, outer.kind, element.tag
        if tag in _TAGS["list"]:
            listed = _List(_whole(element.get("start"), 1) - 1)
            kind = "decimal" if tag == "ol" else "disc"
        if tag in _TAGS["list"] or tag == "li":
            kind = element.get("type") or kind
        if found := _NUMBERED.search(style):
            kind = found[1].lower()
        if tag == "li" and listed:
            listed.number = _whole(element.get("value"), listed.number + 1)
            if not _UNLISTED.search(style):
                self.unknown[kind] += kind not in _LABELS
                self._label += _LABELS.get(kind, _LABELS["decimal"])(listed.number)
        return listed, kind

    def _leaves_out(self, element: Any, tag: str, style: str, outer: _Place) -> bool:
        """Whether nothing in an element is read; what the page itself hides is kept apart."""
        if tag in _TAGS["dropped"]:
            return True
        if tag == "math" and _is_formula(element):
            self.formulas += 1
            return True
        unseen = tag in _TAGS["unseen"] and element.get("open") is None
        if tag == "textarea" and len(element.text or "") < SHORTEST_FIELD:
            return True
        struck = tag in _TAGS["struck"]
        hiding = unseen or element.get("hidden") is not None or HIDES["display"].search(style)
        if struck or (hiding and not self._reads_unplaced):
            _keep("".join(_WORDS(element)), self.struck if struck else self.hidden)
            return True
        return tag == "sup" and self._is_mark(element, outer)

    def _is_mark(self, element: Any, outer: _Place) -> bool:
        """Whether a superscript is the mark of a footnote, which is then written as [3]."""
        if len(list(islice(element.iter(), 6))) > 5:
            return False
        mark = mark_of_note("".join(element.itertext()), "".join(self._pieces[-2:]))
        if mark is None:
            return False
        self._text(f"[{mark}]", outer)
        self.marks += 1
        return True

    def _text(self, text: str | None, place: _Place) -> None:
        if not text or place.left:
            return
        prose = 0 if place.linked else _han(text)
        if place.faint:
            _keep(text, self.kept if self._reads_faint else self.hidden)
        if place.faint and not self._reads_faint:
            self.unseen += prose
            return
        self.seen += prose
        if self._label and text.strip():
            # Of links a list is a menu.
            if not place.linked and not _OWN_NUMBER.match(text):
                self._pieces.append(drawn(self._label, text))
                self.numbered += 1
            self._label = ""
        first, *others = _BREAK.split(text) if place.keeps else [text]
        self._pieces.append(first)
        for line in others:
            self._end_line()
            self._pieces.append(line)
        if place.linked:
            self._linked += len(text.strip())

    def _end_line(self) -> None:
        raw = "".join(self._pieces).split(_CELL_EDGE)
        self._pieces.clear()
        seen = [INVISIBLE.sub("", cell) for cell in raw]
        self.invisible += sum(map(len, raw)) - sum(map(len, seen))
        cells = [_BLANKS.sub(" ", flow(cell)).strip() for cell in seen]
        text = CELL.join(filter(None, cells))
        linked, self._linked = self._linked, 0
        if text:
            prose = max(0, _han(text) - linked - SMALL) if _FULL_STOP.search(text) else 0
            self.lines.append(_Line(text, linked))
            self._open[-1].prose += prose

    def _close(self) -> None:
        closed = self._open.pop()
        closed.last = len(self.lines)
        if self._open:
            self._open[-1].prose += closed.prose
            if closed.prose:
                self._open[-1].inner.append(closed)


def _faint(style: str, before: frozenset[str], boxed: bool) -> frozenset[str]:
    """What hides the text of an element of that style in one that these hide."""
    if not style:
        return before
    stays = {n for n in before if n not in _PUT_BACK or f"{n}:" not in style}
    own = _hiding(style)
    return (own if boxed else own - _CUT).union(stays)


@lru_cache
def _hiding(style: str) -> frozenset[str]:
    """What in the style of an element hides its text."""
    own = (name for name, hides in HIDES.items() if name != "display" and hides.search(style))
    return frozenset(name for name in own if name not in _NEEDS or _NEEDS[name].search(style))


def _is_formula(element: Any) -> bool:
    """Whether parts are set apart in it. One that is not closed holds the text behind it."""
    held = {each.tag for each in islice(element.iter(), LARGEST_FORMULA)}
    return not held.isdisjoint(_SET_APART) and held.isdisjoint(_TAGS["block"])


def _whole(said: str | None, other: int) -> int:
    """A number of an attribute; the other where it tells none."""
    found = re.fullmatch(r"\s*-?\d{1,9}\s*", said or "", re.ASCII)
    return int(found[0]) if found else other


def _is_line(row: Any) -> bool:
    """Whether nothing in a row of a table ends a line."""
    tags = (_tag(each, each.get("style") or "") for each in row.iterdescendants())
    return not any(tag == "br" or (tag in _TAGS["block"] and tag != "tr") for tag in tags)


def _tag(element: Any, style: str) -> str:
    """The element's tag, or what its style makes of it: a block, struck out, set high."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _KNOWN or not tag:
        return tag
    return _instead(style, element.getparent().get("style")) or tag


@lru_cache
def _instead(style: str, around: str | None) -> str:
    """What an element's style, or that of the element around it, makes of it."""
    for instead, look in _LOOKS.items():
        if look.search(style):
            return instead
    return "div" if around and _COLUMN.search(around) else ""


def _keep(text: str, said: list[str]) -> None:
    """Adds what was left out, without its line ends."""
    words = text.split()
    said += [" ".join(words)] if words else []


def _han(text: str) -> int:
    # Not by a list: of a page of 90 MB that takes three gigabytes.
    return sum(found.end() - found.start() for found in _HAN.finditer(text))


def _main(root: _Element) -> Span:
    """The lines of the deepest element that holds `MOST` of the page's prose: sentences outside
    links.

    A page without prose is kept whole. An element of one line is a paragraph, and no reason to
    leave those beside it.
    """
    main = root
    while root.prose:
        inner = next((each for each in main.inner if each.prose >= MOST * root.prose), main)
        if inner is main or inner.last - inner.first < 2:
            break
        main = inner
    return main.first, main.last


def _is_navigation(line: _Line) -> bool:
    return line.linked * 2 > len(line.text)


def _is_particular(line: _Line) -> bool:
    """A title, a particular of publication, the address to the deputies or a heading, which a page
    may set before its main element."""
    return (
        not _is_navigation(line)
        and len(line.text) <= 120
        and bool(_PARTICULAR.search(line.text))
        # Nor what tells where one is on the site.
        and not re.search("位置|[>›»]", line.text)
    )
