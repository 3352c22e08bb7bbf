"""Bytes to text, and the flowing text that a reader sees behind the line breaks of the source."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from xiacheng_nlp.errors import ReportError

BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
"""The characters that end a line. `str.splitlines` also cuts at the separators U+001C to U+001E,
which end no line here."""

_LINE = re.compile(f"[^{BREAKS}]+")
_BLANKS = re.compile(r"\s+")
_BREAK = re.compile(f"[{BREAKS}]")
_BREAKS = re.compile(f"[{BREAKS}]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of surrogate pairs that stand for no byte."""
_SECOND_LEVEL = bytes(range(0xD8, 0x100))


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the source that was left out, mended or not understood, and where."""

    message: str
    start: int
    end: int


def readable(name: str) -> str:
    """A file's name, with folders or without, as text that can be written.

    To many systems names are bytes, in GBK as often as not, and Python keeps bytes that are not of
    the locale's encoding as halves of surrogate pairs.

    >>> readable("下城区.txt".encode("gbk").decode("utf-8", "surrogateescape"))
    '下城区.txt'
    """
    try:
        name.encode("utf-8")
        return name
    except UnicodeEncodeError:
        return "/".join(map(_readable, name.split("/")))


def _readable(part: str) -> str:
    if _HALVES.search(part):
        return part.encode("utf-8", "backslashreplace").decode("utf-8")
    raw = part.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def flow(surface: str) -> str:
    """The surface without the line breaks that the source put inside it.

    Blanks around a break go with it; between two Latin letters or digits one blank stays, since
    there the break stood for it. Blanks without a break stay as they are.

    >>> flow("优环境、惠\\n\\n民生")  # "benefit / the people's livelihood", broken inside a word
    '优环境、惠民生'
    >>> flow("work\\nreport")
    'work report'
    """
    if not _BREAK.search(surface):
        return surface
    first, *middle, last = _BREAKS.split(surface)
    pieces = [first.rstrip()]
    for piece in [*map(str.strip, middle), last.lstrip()]:
        if piece:
            if _latin(pieces[-1][-1:]) and _latin(piece[:1]):
                pieces.append(" ")
            pieces.append(piece)
    return "".join(pieces)


def _latin(character: str) -> bool:
    """A Latin letter or a digit: between two of them a break stands for a blank."""
    return character.isascii() and character.isalnum()


def lines(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Where the lines of `text` stand, without the blanks around them; empty lines are left out.

    >>> lines("各位代表:\\n\\n  一、回顾 \\n")  # "Fellow deputies:", "I. Review"
    [(0, 5), (9, 13)]
    """
    spans: list[tuple[int, int]] = []
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        line = match[0]
        stripped = line.strip()
        if stripped:
            first = match.start() + len(line) - len(line.lstrip())
            spans.append((first, first + len(stripped)))
    return spans


def decode(data: bytes, *, name: str = "report") -> tuple[str, str]:
    """The text of `data` and the name of its encoding: utf-8, utf-8-sig, utf-16 or gb18030 (which
    holds GBK and GB2312).

    A byte-order mark decides; without one UTF-8 is tried, then UTF-16 where half of a text's bytes
    look it, then GB18030. Nothing is replaced: line ends stay as the source has them.

    Raises `ReportError`, naming the byte, when the bytes are no text, or of two encodings at once.

    >>> decode("区长".encode("gbk"))  # "district mayor"
    ('区长', 'gb18030')
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(data, encoding, name), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        wide = _utf16_without_mark(data)
        if wide:
            return _strict(data, wide, name), wide
        return _gb18030(data, error.start, name), "gb18030"
    if "\x00" in text:
        wide = _utf16_without_mark(data)
        if wide:
            return _strict(data, wide, name), wide
        raise ReportError(_binary(data, name))
    return text, "utf-8"


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # The codec that drops the mark counts from behind it.
        place = error.start + 3 * (encoding == "utf-8-sig")
        raise ReportError(
            f"{name}: byte {place} is not {encoding.upper()}, although the file's first bytes"
            " say so; save it again as UTF-8"
        ) from None


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows itself by its line ends and blanks, whose high byte is NUL; Chinese alone would
    not."""
    if len(data) % 2:
        return None
    for encoding, ends in (
        ("utf-16-le", (b"\n\x00", b" \x00", b"\r\x00")),
        ("utf-16-be", (b"\x00\n", b"\x00 ", b"\x00\r")),
    ):
        if any(end in data for end in ends):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text and _plausible(text) > 0.8:
                return encoding
    return None


def _gb18030(data: bytes, bad_utf8: int, name: str) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ReportError(
            f"{name}: byte {bad_utf8} is not UTF-8 and byte {error.start} is not GB18030: "
            "the encoding is neither, or the file mixes two; save it again as UTF-8"
        ) from None
    if "\x00" in text:
        raise ReportError(_binary(data, name))
    for start, end in lines(text):
        line = text[start:end]
        if _plausible(line) < 0.6 and len(_FOREIGN.findall(line)) >= 6:
            place = len(text[:start].encode("gb18030"))
            raise ReportError(
                f"{name}: byte {bad_utf8} is not UTF-8, and the line at byte {place} is not"
                " GB18030: the file is in another encoding, or mixes two; save it again as UTF-8"
            )
    return text


def _binary(data: bytes, name: str) -> str:
    return (
        f"{name}: byte {data.index(0)} is NUL: this is a binary file, not a text;"
        " export the report as plain text"
    )


def _plausible(text: str) -> float:
    """The share of the non-ASCII characters that Chinese print uses daily: GB2312's signs and its
    3,755 first-level Han.

    UTF-8 read as GB18030 gives rare Han throughout (鏀垮簻宸ヤ綔 for 政府工作), and so does the
    other error.
    """
    foreign = "".join(_FOREIGN.findall(text))
    if not foreign:
        return 1.0
    leads = foreign.encode("gb2312", "ignore")[::2]
    return (
        len(leads.translate(None, _SECOND_LEVEL)) + foreign.count("\xa0") + foreign.count("•")
    ) / len(foreign)


def flow_positions(surface: str, start: int = 0) -> Sequence[int]:
    """Where each character of `flow(surface)` stands in the source, and behind the last one the
    end.

    `start` is where the surface begins in the source. For an unbroken surface this is a `range`.

    >>> flow_positions("惠\\n民生", 40)  # "benefit the people", broken behind its first character
    [40, 42, 43, 44]
    """
    if not _BREAK.search(surface):
        return range(start, start + len(surface) + 1)
    positions: list[int] = []
    last = 0
    for blank in _BLANKS.finditer(surface):
        if not _BREAK.search(blank[0]):
            continue
        positions.extend(range(start + last, start + blank.start()))
        last = blank.end()
        if _latin(surface[blank.start() - 1 : blank.start()]) and _latin(surface[last : last + 1]):
            positions.append(start + blank.start())
    positions.extend(range(start + last, start + len(surface) + 1))
    return positions


_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff"
_MARKS = "，。；：、！？“”‘’（）《》〈〉【】〔〕—…"
_SPACES = " \t\xa0\u2009\u3000"
# Takes the blanks of 增长 12 % and leaves those of 12 13. Since it begins with a blank, all other
# characters are passed over fast.
_BESIDE_NUMBER = re.compile(
    rf"""
    [{_SPACES}]
    (?: (?<= [{_HAN}{_MARKS}] [{_SPACES}] ) [{_SPACES}]*+ (?= [0-9.%‰] )
    |   (?<= [0-9%‰] [{_SPACES}] ) [{_SPACES}]*+ (?= [{_HAN}{_MARKS}%‰] )
    )
    """,
    re.VERBOSE,
)
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％﹪．]")
_WIDE_OR_SPACE = re.compile(f"[{_SPACES}{_WIDE.pattern[1:]}")
_NARROW = {
    **{wide: wide - 0xFEE0 for wide in map(ord, "０１２３４５６７８９％．")},
    **{first + i: first + i - 0xFEE0 for first in map(ord, "Ａａ") for i in range(26)},
    ord("﹪"): ord("%"),
}


def normalised(text: str) -> tuple[str, Sequence[int]]:
    """The text as rules read it, and where each of its characters stands.

    Latin letters and digits are of half width (５６．８％), and blanks that typesetters put beside
    numbers are gone (增长 12 %).
    Without such blanks the places are a `range`; behind the last character stands the end.

    >>> normalised("增长 １２ %")  # "up 12 %"
    ('增长12%', [0, 1, 3, 4, 6, 7])
    """
    # Most texts have none of these, which is seen at once.
    if not _WIDE_OR_SPACE.search(text):
        return text, range(len(text) + 1)
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    pieces, places, last = [], list[int](), 0
    for blank in _BESIDE_NUMBER.finditer(text):
        pieces.append(text[last : blank.start()])
        places.extend(range(last, blank.start()))
        last = blank.end()
    if not pieces:
        return text, range(len(text) + 1)
    places.extend(range(last, len(text) + 1))
    return "".join([*pieces, text[last:]]), places
