"""The text of a saved web page, without the navigation around it.

Written on lxml rather than on trafilatura, which was tried first: of pages laid out in tables, as
portals had them until about 2012, it kept no paragraph of a report whole, it dropped headings such
as 一、 on two others of nine layouts, and it does not say what it left out.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import CloseBoundaryNotFoundDefect
from itertools import islice
from typing import Any

from lxml import etree

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.readers.extraction import COUNT, mark_of_note
from xiacheng_nlp.readers.file_types import ATTRIBUTES, TAGS
from xiacheng_nlp.readers.stylesheets import HIDES, settle
from xiacheng_nlp.text import BREAKS, INVISIBLE, Note, decode, flow

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

_DROPPED = frozenset(
    {
        *("script", "style", "noscript", "template", "head", "iframe", "object", "select"),
        *("option", "button", "input", "nav", "svg", "annotation", "audio", "video"),
        "canvas",
        "title",
    }
)
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4"),
        *("h5", "h6", "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre", "section"),
        *("textarea", "table", "tbody", "tfoot", "thead", "tr", "ul"),
        *("listing", "plaintext", "xmp"),
    }
)
_CELLS = frozenset({"td", "th"})
_STRUCK = frozenset({"del", "s", "strike", "rt", "rp"})
"""What is no part of the text beside it: words struck out, and glosses over characters."""
_INLINE = frozenset({"span", "font", "b", "strong", "em", "i"})
_LINES = (_BLOCKS | {"br"}) - {"tr"}
"""What ends a line inside a row of a table."""
_BREAK = re.compile(f"\r\n|[{BREAKS}]")
_BLANKS = re.compile(r"[ \t]+")
_CELL_EDGE = "\x1f"
"""What parts the cells of a row while it is gathered: no page can hold this character."""

_CLOSERS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_KEPT_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_KEPT_TAGS = frozenset({"pre", "textarea", "listing", "plaintext", "xmp"})
_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)\b(?!-)", re.IGNORECASE)
_FAINT = ("visibility", "font-size", "opacity")
"""What hides the text of an element but keeps its place; all but the last until one in it says
otherwise."""
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
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
_BREADCRUMB = re.compile("位置|[>›»]")
_TOO_MUCH = re.compile("depth|huge|limit", re.IGNORECASE)


@dataclass(slots=True)
class _Line:
    """A line of the page: its text, how many of its characters stand in links, and the element that
    it stands in."""

    text: str
    linked: int
    prose: int


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
    page, encoding, whole = _page(data)
    root = _tree(page)
    followed = settle(root)
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
    said = [*([] if whole else [_CUT]), *([] if followed else [_UNFOLLOWED])]
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
        "left out as struck out or a gloss": walk.struck + walk.lined,
        "read although the page hides so much until a script runs": walk.kept,
    }
    for why, said in whys.items():
        if said:
            yield f"{why}: {sum(map(len, said)):,} characters: {said[0][:40]}"
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


_UNFOLLOWED = "style sheets too large to be followed: what they hide further on is read"
_CUT = "the saved page ends in its midst: the file was not saved or copied whole"


def _page(data: bytes) -> tuple[str, str, bool]:
    """The markup and its encoding: of a page saved as one file (MHTML) its first HTML part, and
    whether the file has its end."""
    if re.match(rb"\s*<", data.lstrip(b"\xef\xbb\xbf")) or not re.search(
        rb"multipart/related|MIME-Version:", data[:4096], re.IGNORECASE
    ):
        return *decode(data), True
    if data.count(b"\n--") > MHTML_PARTS:
        raise ReportError(f"a saved web page (MHTML) of more than {MHTML_PARTS:,} parts")
    try:
        whole = email.message_from_bytes(data, policy=_Short())
        parts = list(whole.walk())
    except RecursionError:
        raise ReportError("a saved web page (MHTML) of too many parts in parts") from None
    for part in parts:
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                cut = any(isinstance(fault, CloseBoundaryNotFoundDefect) for fault in whole.defects)
                return *decode(payload), not cut
    raise ReportError(
        "a saved web page (MHTML) or an e-mail without an HTML part; save the page again"
        " as .html, or the text that you see as .txt"
    )


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
        root = etree.fromstring(_CLOSERS.sub("", page).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReportError(f"cannot be read as a web page: {error}; save it as .txt") from None
    if root is None:
        raise ReportError(_EMPTY)
    for entry in parser.error_log:
        if _TOO_MUCH.search(entry.message):
            raise ReportError(
                f"line {entry.line}: no web page that can be read whole"
                f" ({entry.message.strip()}); save it as .txt"
            )
    return root


class _Walk:
    """One pass over the page, without recursion: pages may nest deeply."""

    def __init__(self, root: Any, *, faint: bool = False, unplaced: bool = False) -> None:
        self.lines: list[_Line] = []
        self.hidden: list[str] = []
        self.kept: list[str] = []
        # Han characters outside links, read and faint.
        self.seen = self.unseen = 0
        self.lined: list[str] = []
        self.struck: list[str] = []
        self.invisible = 0
        self.marks = 0
        self.root = _Element(0)
        self._reads_faint, self._reads_unplaced = faint, unplaced
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0
        self._open = [self.root]
        self._skipped = 0
        self._kept = 0
        # Of each open element its tag, as its style makes it, whether it keeps line ends, and what
        # hides its text.
        self._styled: list[tuple[str, bool, frozenset[str]]] = [("", False, frozenset())]
        # Of each open row whether it is told in one line, and of each open cell whether it is an
        # element of its own: rows nest.
        self._rows: list[bool] = []
        self._cells: list[bool] = []
        self._walk(root)
        self._end_line()
        self._close()

    def _walk(self, root: Any) -> None:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                style = "" if self._skipped else element.get("style") or ""
                tag = _tag(element, style)
                keeps = tag in _KEPT_TAGS or bool(_KEPT_LINES.search(style))
                self._styled.append((tag, keeps, self._faint(style)))
                self._start(element, tag, style, keeps)
            else:
                tag, keeps, _ = self._styled.pop()
                self._end(tag, keeps)
                self._text(element.tail)

    def _start(self, element: Any, tag: str, style: str, keeps: bool) -> None:
        if tag == "textarea" and len(element.text or "") < SHORTEST_FIELD:
            tag = "input"
        if self._skipped or tag in _DROPPED | _STRUCK or self._is_hidden(element, style):
            self._skip(element, tag)
            return
        if tag == "sup" and self._is_mark(element):
            self._skipped += 1
            return
        if tag == "a":
            self._links += 1
        self._kept += keeps
        if tag == "tr":
            # The first block says it: of tables in tables each holds all that are within it.
            tags = (_tag(each, each.get("style") or "") for each in element.iterdescendants())
            self._rows.append(not any(tag in _LINES for tag in tags))
        if tag in _CELLS:
            self._cells.append(not any(self._rows))
        self._begin(tag)
        self._text(element.text)

    def _begin(self, tag: str) -> None:
        """Ends the line before a block, or marks the edge of a cell."""
        if tag == "br":
            self._end_line()
        elif tag in _CELLS and not self._cells[-1]:
            self._pieces.append(_CELL_EDGE)
        elif tag in _BLOCKS or tag in _CELLS:
            self._end_line()
            self._open.append(_Element(len(self.lines)))

    def _faint(self, style: str) -> frozenset[str]:
        """What hides the text of an element of that style in the open ones."""
        before = self._styled[-1][2]
        if not style:
            return before
        own = {name for name in _FAINT if HIDES[name].search(style)}
        return frozenset(own | {n for n in before if n == "opacity" or f"{n}:" not in style})

    def _is_hidden(self, element: Any, style: str) -> bool:
        """Whether an element takes no place on the page, nor does what is in it."""
        hiding = element.get("hidden") is not None or HIDES["display"].search(style)
        return bool(hiding) and not self._reads_unplaced

    def _is_mark(self, element: Any) -> bool:
        """Whether a superscript is the mark of a footnote, which is then written as [3]."""
        if len(list(islice(element.iter(), 6))) > 5:
            return False
        mark = mark_of_note("".join(element.itertext()), "".join(self._pieces[-2:]))
        if mark is None:
            return False
        self._text(f"[{mark}]")
        self.marks += 1
        return True

    def _skip(self, element: Any, tag: str) -> None:
        """Passes over an element and what is in it; what the page itself hides is kept apart."""
        self._skipped += 1
        if self._skipped == 1 and tag not in _DROPPED:
            left = self.lined if tag in _STRUCK else self.hidden
            _keep("".join(_WORDS(element)), self.struck if element.tag in _STRUCK else left)

    def _end(self, tag: str, keeps: bool) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if tag == "a":
            self._links -= 1
        self._kept -= keeps
        if tag in _BLOCKS or (tag in _CELLS and self._cells.pop()):
            self._end_line()
            self._close()
        if tag == "tr":
            self._rows.pop()

    def _text(self, text: str | None) -> None:
        if not text or self._skipped:
            return
        prose, faint = 0 if self._links else _han(text), self._styled[-1][2]
        if faint:
            _keep(text, self.kept if self._reads_faint else self.hidden)
        if faint and not self._reads_faint:
            self.unseen += prose
        else:
            self.seen += prose
            first, *others = _BREAK.split(text) if self._kept else [text]
            self._pieces.append(first)
            for line in others:
                self._end_line()
                self._pieces.append(line)
            if self._links:
                self._linked += len(text.strip())

    def _end_line(self) -> None:
        raw = "".join(self._pieces).split(_CELL_EDGE)
        self._pieces.clear()
        seen = [INVISIBLE.sub("", cell) for cell in raw]
        self.invisible += sum(map(len, raw)) - sum(map(len, seen))
        cells = [_BLANKS.sub(" ", flow(cell)).strip() for cell in seen]
        text = " ".join(filter(None, cells))
        linked, self._linked = self._linked, 0
        if text:
            prose = max(0, _han(text) - linked - SMALL) if _FULL_STOP.search(text) else 0
            self.lines.append(_Line(text, linked, prose))
            self._open[-1].prose += prose

    def _close(self) -> None:
        closed = self._open.pop()
        closed.last = len(self.lines)
        if self._open:
            self._open[-1].prose += closed.prose
            if closed.prose:
                self._open[-1].inner.append(closed)


def _tag(element: Any, style: str) -> str:
    """The element's tag, or what its style makes of it: a block, struck out, set high."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if style and tag in _INLINE:
        for look, instead in ((_BLOCK, "div"), (_LINE_THROUGH, "s"), (_RAISED, "sup")):
            if look.search(style):
                return instead
    return tag


def _keep(text: str, said: list[str]) -> None:
    """Adds what was left out, without its line ends."""
    words = text.split()
    said += [" ".join(words)] if words else []


def _han(text: str) -> int:
    # Not by a list: of a page of 90 MB that takes three gigabytes.
    return sum(found.end() - found.start() for found in _HAN.finditer(text))


def _main(root: _Element) -> tuple[int, int]:
    """The lines of the deepest element that holds `MOST` of the page's prose: sentences outside
    links.

    A page without prose is kept whole. An element of one line is a paragraph, and no reason to
    leave those beside it.
    """
    main = root
    while root.prose:
        inner = next(
            (element for element in main.inner if element.prose >= MOST * root.prose), None
        )
        if inner is None or inner.last - inner.first < 2:
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
        and not _BREADCRUMB.search(line.text)
    )
