"""Bytes to text, and the flowing text that a reader sees behind the line breaks of the source."""

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.patterns import compiled

Span = tuple[int, int]
"""Where a stretch of a text begins and ends, half-open, in code points."""

BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
"""The characters that end a line. `str.splitlines` also cuts at the separators U+001C to U+001E,
which end no line here."""

CELL = "\t"
"""What stands between the cells of a row, which no sentence has."""

LINE = re.compile(r"\S(?:.*\S)?")
"""A line without the blanks around it, of a text as it is read, whose lines end in "\\n" alone."""
_ANY_LINE = re.compile(rf"\S(?:[^{BREAKS}]*\S)?")
_BLANKS = re.compile(r"\s+")
_BREAK = re.compile(f"[{BREAKS}]")
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


def escaped(text: str) -> str:
    """The text as a terminal may show it: what gives it orders is written as an escape.

    >>> print(escaped("下城区" + chr(27) + "[31m.txt"))  # "Xiacheng district", in red
    下城区\\x1b[31m.txt
    """
    # Names in Chinese have wide blanks, which Python calls none that can be printed.
    return "".join(c if c.isprintable() or c in f"\n{_SPACES}" else ascii(c)[1:-1] for c in text)


def _readable(part: str) -> str:
    if _HALVES.search(part):
        return part.encode("utf-8", "backslashreplace").decode("utf-8")
    raw = part.encode("utf-8", "surrogateescape")
    return name_of(raw) or raw.decode("utf-8", "backslashreplace")


def name_of(raw: bytes) -> str | None:
    """The name of a file that another system wrote as bytes: in UTF-8, else in GBK.

    >>> name_of("下城区.txt".encode("gbk"))  # "Xiacheng district"
    '下城区.txt'
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def unspaced(text: str) -> str:
    """The text without blanks.

    >>> unspaced("政 府 工 作 报 告")  # "government work report", as titles are set
    '政府工作报告'
    """
    return "".join(text.split())


def flow(surface: str) -> str:
    """The surface without the line breaks that the source put inside it.

    Blanks around a break go with it; between two Latin letters or digits one blank stays, since
    there the break stood for it. Blanks without a break stay as they are.

    >>> flow("优环境、惠\\n\\n民生")  # "benefit / the people's livelihood", broken inside a word
    '优环境、惠民生'
    >>> flow("work\\nreport")
    'work report'
    """
    return _BLANKS.sub(_flowing, surface) if _BREAK.search(surface) else surface


def _flowing(blanks: re.Match[str]) -> str:
    """What stays of blanks where the text flows."""
    if not _BREAK.search(blanks[0]):
        return blanks[0]
    text, start, end = blanks.string, blanks.start(), blanks.end()
    within_latin = _latin(text[max(0, start - 1) : start]) and _latin(text[end : end + 1])
    return " " if within_latin else ""


def _latin(character: str) -> bool:
    """A Latin letter or a digit: between two of them a break stands for a blank."""
    return character.isascii() and character.isalnum()


def lines(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Where the lines of `text` stand, without the blanks around them; empty lines are left out.

    >>> lines("各位代表:\\n\\n  一、回顾 \\n")  # "Fellow deputies:", "I. Review"
    [(0, 5), (9, 13)]
    """
    found = _ANY_LINE.finditer(text, start, len(text) if end is None else end)
    return [line.span() for line in found]


MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The byte-order marks that a text may begin with, and the encodings that they tell."""


BIG5 = "big5hkscs"
_BIG5_DAILY = ("big5", bytes(range(0xC7, 0x100)))
"""The encoding of traditional characters of daily use, and how its others begin."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` and the name of its encoding: utf-8, utf-8-sig, utf-16, gb18030 (which
    holds GBK and GB2312) or big5hkscs (Big5).

    Nothing is replaced: line ends stay as the source has them.

    Raises `ReportError`, naming the byte, when the bytes are no text, or of two encodings at once.

    >>> decode("区长".encode("gbk"))  # "district mayor"
    ('区长', 'gb18030')
    """
    encoding, read = read_as(data)
    guessed = encoding == "gb18030"
    if guessed and 0 in data:
        raise ReportError(
            f"byte {data.index(0)} is NUL: this is a binary file, not a text;"
            " export the report as plain text"
        )
    try:
        text = data.decode(encoding) if read is None else read
    except UnicodeDecodeError as error:
        # The codec that drops the mark counts from behind it.
        place = error.start + 3 * (encoding == "utf-8-sig")
        said = f"byte {place} is not {encoding.upper()}, although the file's first bytes say so"
        if guessed:
            said = f"byte {_no_utf8(data)} is not UTF-8 and byte {place} is not GB18030:"
            said += " the encoding is neither, or the file mixes two"
        raise ReportError(f"{said}; save it again as UTF-8") from None
    for start, end in lines(text) if guessed else ():
        line = text[start:end]
        if _plausible(line) < 0.6 and len(_FOREIGN.findall(line)) >= 6:
            place = len(text[:start].encode("gb18030"))
            raise ReportError(
                f"byte {_no_utf8(data)} is not UTF-8, and the line at byte {place} is not"
                " GB18030: the file is in another encoding, or mixes two; save it again as UTF-8"
            )
    return text, encoding


def _no_utf8(data: bytes) -> int:
    """The first byte that is not UTF-8."""
    try:
        return len(data.decode())
    except UnicodeDecodeError as error:
        return error.start


def encoding_of(data: bytes, *, whole: bool = True) -> str:
    """What the bytes of a text, or of its beginning, are encoded in: a byte-order mark decides;
    without one it is UTF-8, UTF-16 or Big5, where they read as such, and else GB18030.

    >>> encoding_of("区长".encode()[:-1], whole=False)  # cut within a character
    'utf-8'
    """
    return read_as(data, whole=whole)[0]


def read_as(data: bytes, *, whole: bool = True) -> tuple[str, str | None]:
    """The encoding of the bytes, as `encoding_of` tells it, and their text, where it is that by
    which the encoding was told.

    >>> read_as("区长".encode())  # "district mayor"
    ('utf-8', '区长')
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding, None
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", BIG5):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data, whole)
        except UnicodeDecodeError:
            continue
        if _reads(text, data, encoding):
            return encoding, text
    return "gb18030", None


def _reads(text: str, data: bytes, encoding: str) -> bool:
    """Whether the bytes of this text are so encoded: as UTF-16 they are characters of daily use,
    simplified or traditional; as Big5 its own of daily use (5,401 Han of the first level, and
    signs), while as GB18030 they would be rare ones."""
    if encoding == BIG5:
        as_gb = data.decode("gb18030", "ignore")
        return _plausible(text, *_BIG5_DAILY) > 0.9 and _plausible(as_gb) < 0.7
    daily = encoding == "utf-8" or max(_plausible(text), _plausible(text, *_BIG5_DAILY)) > 0.8
    return "\x00" not in text and daily


def _plausible(text: str, encoding: str = "gb2312", second_level: bytes = _SECOND_LEVEL) -> float:
    """The share of the non-ASCII characters that Chinese print uses daily: GB2312's signs and its
    3,755 first-level Han, or those of another encoding.

    UTF-8 read as GB18030 gives rare Han throughout (鏀垮簻宸ヤ綔 for 政府工作), and so does the
    other error.
    """
    foreign = "".join(_FOREIGN.findall(text))
    if not foreign:
        return 1.0
    leads = foreign.encode(encoding, "ignore")[::2]
    return (
        len(leads.translate(None, second_level)) + foreign.count("\xa0") + foreign.count("•")
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
    left_out = {
        at
        for blanks in _BLANKS.finditer(surface)
        for at in range(blanks.start() + len(_flowing(blanks)), blanks.end())
    }
    return [start + at for at in range(len(surface) + 1) if at not in left_out]


_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff"
_MARKS = "，。；：、！？“”‘’（）《》〈〉【】〔〕—…"
_SPACES = " \t\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
# What stands before a number whose thousands a comma and a blank part: 1, 234.5万元.
_ALONE = f"(?: (?<! [第图表栏例件号、] ) (?<= [{_HAN}{_MARKS}] ) | ^ )"
# Takes the blanks of 增长 12 % and leaves those of 12 13. Since it begins with a blank, all other
# characters are passed over fast.
_BESIDE_NUMBER = compiled(
    rf"""
    [{_SPACES}]
    (?: (?<= [{_HAN}{_MARKS}] [{_SPACES}] ) [{_SPACES}]*+ (?= [0-9.%‰] )
    |   (?<= [0-9%‰] [{_SPACES}] ) [{_SPACES}]*+ (?= [{_HAN}{_MARKS}%‰] )
    |   (?<= [万亿] [{_SPACES}] ) [{_SPACES}]*+ (?= 元 )
    |   (?<= 增 [{_SPACES}] ) [{_SPACES}]*+ (?= 长 )
    |   (?: (?<= {_ALONE} [0-9],[{_SPACES}] ) | (?<= {_ALONE} [0-9]{{2}},[{_SPACES}] )
        |   (?<= {_ALONE} [0-9]{{3}},[{_SPACES}] ) )
        (?= [0-9]{{3}} (?: \.[0-9]+ )? [{_HAN}%‰] (?<! 年 ) )
    )
    """,
    re.VERBOSE,
)

# A line of running text, as long as this, has no blank between two Chinese characters by itself.
_RUNNING = 60
_WITHIN_RUNNING = compiled(f"(?<=[{_HAN}]) (?=[{_HAN}])")

_INVISIBLE = (
    r"\x00-\x08\x0E-\x1F\x7F-\x84\x86-\x9F\xAD\u034F\u0600-\u0605\u061C\u06DD\u070F"
    r"\u0890\u0891\u08E2\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E"
    r"\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U0001BCA0-\U0001BCA3"
    r"\U0001D173-\U0001D17A\U000E0000-\U000E0FFF"
)
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
"""Characters that take no room: those of control and of form, which are no line end and no tab,
selectors of variants, fillers and tags (Unicode's Cc, Cf and Default_Ignorable_Code_Point)."""

_INNER_BLANK = re.compile(f"[{_SPACES}]+")
_DIGITS = "0-9０-９"
_COUNTED = "%％‰年月日万亿千百元个人户家公吨件亩平米所项条"
# Right behind a word, or behind the blank that a verb has before its value.
_BEHIND_WORD = rf"(?: (?<= [{_HAN}] ) | (?<= [到达为成长] [{_SPACES}] ) )"
# A number whose digits typesetters parted, looked for at digits alone, and of a dozen digits at
# most, so that a long run of digits takes no longer than another text: it takes 7 4 7 7 2 亿,
# 36.5 9亿, 6 43.57亿, 8 ．8, 增长8. 8% and 1 234.5亿, and refuses 3.6 4.3% and 2013 2014, which are
# two.
_PARTED = compiled(
    rf"""
    (?= [{_DIGITS}] ) (?:
      (?<![{_DIGITS}.．]) [{_DIGITS}] (?: [{_SPACES}]{{1,2}} [{_DIGITS}] ){{2,11}}+
        (?= (?: [.．] [{_DIGITS}]+ )? [{_SPACES}]? [{_COUNTED}] )
    | {_BEHIND_WORD} [{_DIGITS}] [{_SPACES}] [{_DIGITS}]{{1,2}}
        (?= (?: [.．] [{_DIGITS}]+ )? [{_SPACES}]? [%％‰万亿] )
    | [{_DIGITS}] [{_SPACES}]{{1,2}} [.．] [{_SPACES}]{{0,2}} [{_DIGITS}]
    | (?<= [{_HAN}] ) [{_DIGITS}]{{1,6}} [.．] [{_SPACES}]{{1,2}} [{_DIGITS}]{{1,2}}
        (?= [{_SPACES}]? [%％‰万亿] )
    | {_BEHIND_WORD} [{_DIGITS}]{{1,9}} [.．] [{_DIGITS}]{{1,4}} [{_SPACES}] [{_DIGITS}]
        (?= [{_SPACES}]? [%％‰万亿] )
    | (?<! [{_DIGITS}.．] ) [{_DIGITS}]{{1,3}} (?: [\u2009\u202f] [{_DIGITS}]{{3}} ){{1,5}}
        (?! [{_DIGITS}] )
    | (?<= [{_HAN}] ) [{_DIGITS}]{{1,3}} (?: [{_SPACES}] [{_DIGITS}]{{3}} )+
        (?= (?: [.．] [{_DIGITS}]+ )? [{_SPACES}]? [万亿] )
    )
    """,
    re.VERBOSE,
)
# The comma of a number, which is none of the sentence: it takes that of 1，234.5亿元, and refuses
# 2025，100 and 2.5，100.
_WIDE_COMMA = compiled(
    rf"(?<![{_DIGITS}.．A-Za-z－-])(?:[{_DIGITS}]{{1,3}})(?:，[{_DIGITS}]{{3}})+"
    rf"(?=(?:[.．][{_DIGITS}]+)?[{_HAN}%％‰])"
)
DIGITS = "零一二三四五六七八九"
"""The digits 0 to 9, each at its own place."""
POWERS = "十百千万亿"
"""What multiplies them, the smallest first."""
# The numerals of cheques in an amount: it takes 陆佰肆拾叁亿元 and 壹亿元, and refuses 收拾, 大陆.
_CHEQUE = "壹贰叁肆伍陆柒捌玖"
_ON_CHEQUE = re.compile(f"[{_CHEQUE}](?:[拾佰仟][{_CHEQUE}拾佰仟零]*|(?=[万亿]+[元{_CHEQUE}]))")
_USUAL = str.maketrans(f"{_CHEQUE}拾佰仟", DIGITS[1:] + POWERS[:3])
# The point as old reports set it: it takes that of 643·57亿元, and refuses “5·12”汶川 and 3·15晚会.
_MIDDLE_POINTS = "·•‧・∙⋅"
_BEHIND_POINT = rf"[{_DIGITS}]*[{_SPACES}]?(?:[%％‰万亿]|个百分点)"
_MIDDLE_POINT = re.compile(
    rf"[{_MIDDLE_POINTS}](?<=([{_DIGITS}].))(?=([{_DIGITS}]){_BEHIND_POINT})"
)


# What every such number has, seen at once: a comma before three digits, a line's end or a blank
# between two of them or beside a point, a middle dot before a unit, two numerals of cheques. Each
# begins with what a search finds fast.
_THOUSANDS = re.compile(f"，(?<=[{_DIGITS}]，)[{_DIGITS}]{{3}}(?![{_DIGITS}])")
_AMISS = compiled(
    rf"""
    [\n{_SPACES}{_MIDDLE_POINTS}{_CHEQUE}]
    (?: (?<= [{_DIGITS}.．] [\n{_SPACES}] ) [\n{_SPACES}]? [{_DIGITS}.．]
    |   (?<= [{_DIGITS}] [{_MIDDLE_POINTS}] ) [{_DIGITS}] {_BEHIND_POINT}
    |   (?<= [{_CHEQUE}] ) [拾佰仟万亿]
    )
    """,
    re.VERBOSE,
)


# A number that the end of a line parts, before a sign that none but an amount has: it takes
# 资金61|5万元 and 增长1|.8%, and refuses 投资12|2014年 and 企业12|3家.
_BROKEN = compiled(
    rf"""
    (?<= [{_HAN}”）、，：（] ) [{_SPACES}]*+
    [{_DIGITS}]{{1,8}} (?: [.．] [{_DIGITS}]{{0,4}} )? (\n{{1,2}})
    (?! (?:19|20) \d\d 年 )
    (?= ( [.．]? [{_DIGITS}]{{1,8}} (?: [.．] [{_DIGITS}]+ )? ) [{_SPACES}]*+ [万亿%％‰] )
    """,
    re.VERBOSE,
)
LONGEST_BROKEN = 100
"""Characters of a line that the width of a page broke, at most; a longer one is a paragraph."""
_Told = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Mended:
    """A text without what typesetting and copying put into its words and numbers, where each of
    its characters stands in the text that was given (and behind the last one the end), and what
    was mended where."""

    text: str
    places: Sequence[int]
    done: tuple[tuple[str, int], ...] = ()

    def without(self, cuts: Sequence[Span], told: _Told = (), *, put: str = "") -> "Mended":
        """The text without these stretches, with `put` in the place of each; what was mended is
        `told` with its place in it."""
        if not cuts:
            return self
        pieces, places, last = list[str](), list[int](), 0
        for start, end in cuts:
            pieces += (self.text[last:start], put)
            places.extend(self.places[last:start])
            # What is put instead stands where the text goes on.
            places.extend([self.places[end]] * len(put))
            last = end
        places.extend(self.places[last:])
        return Mended("".join([*pieces, self.text[last:]]), places, self.and_done(told))

    def and_done(self, told: _Told) -> tuple[tuple[str, int], ...]:
        """What was mended before, and what is told with its place in this text."""
        return (*self.done, *((what, self.places[at]) for what, at in told))


_AS_ONE = "read as one number: "


def mended(of: Mended) -> Mended:
    """The text without blanks or the end of a line between the digits of one number, with an ASCII
    comma between its thousands, with a point for the middle dot of old typesetting and the usual
    numerals for those of cheques.

    >>> text = "达到7 4 7 7 2 亿元，增长1，234.5万户"  # "reached 7477.2 billion"
    >>> mended(Mended(text, range(len(text) + 1))).text
    '达到74772 亿元，增长1,234.5万户'
    """
    if not (_AMISS.search(of.text) or _THOUSANDS.search(of.text)):
        return of
    so_far = _undivided(_unbroken(of))
    for what, said, to in _CHANGES:
        if found := list(what.finditer(so_far.text)):
            told = [(said(one), one.start()) for one in found]
            changed = what.sub(to, so_far.text)
            so_far = Mended(changed, so_far.places, so_far.and_done(told))
    return so_far


def visible(of: Mended) -> Mended:
    """The text without invisible characters."""
    cuts = [match.span() for match in INVISIBLE.finditer(of.text)]
    return of.without(cuts, [("invisible character left out", start) for start, _ in cuts])


def _unbroken(of: Mended) -> Mended:
    """Without the line's end within a number."""
    broken = [
        match
        for match in _BROKEN.finditer(of.text)
        if match.start(1) - of.text.rfind("\n", 0, match.start()) - 1 <= LONGEST_BROKEN
    ]
    told = [(f"{_AS_ONE}{match[0].strip()} {match[2]}", match.start()) for match in broken]
    return of.without([match.span(1) for match in broken], told)


def _undivided(of: Mended) -> Mended:
    """Without blanks between the digits of a number."""
    parted = list(_PARTED.finditer(of.text))
    blanks = (_INNER_BLANK.finditer(of.text, *match.span()) for match in parted)
    told = [(f"{_AS_ONE}{match[0]}", match.start()) for match in parted]
    return of.without([blank.span() for some in blanks for blank in some], told)


_Wording = Callable[[re.Match[str]], str]
_CHANGES: tuple[tuple[re.Pattern[str], _Wording, _Wording], ...] = (
    (
        _WIDE_COMMA,
        lambda match: f"{_AS_ONE}{match[0]}",
        lambda match: match[0].replace("，", ","),
    ),
    (
        _MIDDLE_POINT,
        lambda match: f"read as a decimal point: {match[1]}{match[2]}",
        lambda _: ".",
    ),
    (
        _ON_CHEQUE,
        lambda match: f"read as usual numerals: {match[0]}",
        lambda match: match[0].translate(_USUAL),
    ),
)
"""What is replaced by as many characters: how it is found, what is said of it, and what it is
replaced by."""

_STRAIGHT = re.compile('"([^"\n]*)"')
_FULL_WIDTH = "０-９Ａ-Ｚａ-ｚ％﹪．"
_WIDE = re.compile(f"[{_FULL_WIDTH}]")
_WIDE_OR_SPACE = re.compile(f"[{_SPACES}{_FULL_WIDTH}]")
# One of these, or the comma of thousands, stands in whatever is mended, which is seen at once.
_SIGNS = re.compile(f'[\n"{_SPACES}{_INVISIBLE}{_MIDDLE_POINTS}{_CHEQUE}{_FULL_WIDTH}]')
_NARROW = str.maketrans(
    "０１２３４５６７８９％﹪．"
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ",
    "0123456789%%.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
)


def normalised(text: str) -> tuple[str, Sequence[int]]:
    """The text as rules read it, and where each of its characters stands.

    Latin letters and digits are of half width (５６．８％), straight quotation marks are curly,
    blanks that typesetters put beside numbers are gone (增长 12 %), and so is what parts a number
    (see `mended`), or two characters of a long line (农 民).
    Without such blanks the places are a `range`; behind the last character stands the end.

    >>> normalised("增长 １２ %")  # "up 12 %"
    ('增长12%', [0, 1, 3, 4, 6, 7])
    """
    places = range(len(text) + 1)
    if not _SIGNS.search(text) and not _THOUSANDS.search(text):
        return text, places
    so_far = visible(Mended(text, places))
    # What is narrowed or closed up may make a parted number whole: 898人6 89.9万元.
    while (plain := _narrowed(mended(so_far))).text != so_far.text:
        so_far = plain
    return so_far.text, so_far.places


def _narrowed(of: Mended) -> Mended:
    """With Latin letters and digits of half width, and without blanks beside numbers."""
    text = _STRAIGHT.sub(r"“\1”", of.text) if '"' in of.text else of.text
    # Most texts have none of these, which is seen at once.
    if not _WIDE_OR_SPACE.search(text):
        return Mended(text, of.places)
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    cuts = [blank.span() for blank in _BESIDE_NUMBER.finditer(text)]
    if len(text) > _RUNNING:
        cuts = sorted([*cuts, *(blank.span() for blank in _WITHIN_RUNNING.finditer(text))])
    return Mended(text, of.places).without(cuts)
