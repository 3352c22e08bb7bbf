"""Every number of a text, told apart: amounts with their unit and bound, ranks, durations, dates, names, list numbers.

The text is scanned once for digits and Chinese numerals; what a number is, is decided from the few characters around it.
No look reaches further than a fixed window, so that the time is linear in the length of any text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from xiacheng_nlp.lexicon import packaged, read_table
from xiacheng_nlp.numerals import Numeral, is_magnitude, magnitude_factor, parse_arabic, parse_han, tidy

CLASSES = ("quantity", "rank", "duration", "date", "name", "enumerator", "none", "unparsed")
AMOUNTS = frozenset({"quantity", "rank", "duration"})

_ARABIC = "0-9０-９"
_HAN = "零〇○一二两三四五六七八九十百千万亿几数半"
_NUMBER = re.compile(f"[{_ARABIC}]+|[{_HAN}]+")
_ARABIC_NUMBER = re.compile(
    rf"[{_ARABIC}]{{1,3}}(?:,[{_ARABIC}]{{3}}){{1,6}}(?![{_ARABIC}])(?:[.．][{_ARABIC}]+)?|[{_ARABIC}]+(?:[.．][{_ARABIC}]+)?"
)
_MAGNITUDE = re.compile("万亿|[十百千]?亿|[十百千]?万|[百千](?!分)")
_HAN_NUMBER = re.compile("[零〇○一二两三四五六七八九十百千万亿几数]+(?:点[零〇○一二三四五六七八九]+)?")
_PARTS = re.compile(
    "(百|千|万|[二三四五六七八九十]+)分之([一二三四五六七八九十百零两几]+(?:点[零〇○一二三四五六七八九]+)?)(?:[至到—-]([一二三四五六七八九十百零]+(?:点[零〇○一二三四五六七八九]+)?))?"
)
_TO = re.compile(r"\s?(?:[-－–—―~～]{1,2}|[至到])\s?")
_CODE_BEFORE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/_.][A-Za-z0-9]+)*[-/_.]?$")
_CODE_AFTER = re.compile(r"[A-Za-z0-9０-９]*(?:[-/_+.][A-Za-z0-9]+)*")
_YEAR_TAIL = re.compile("年(?!级|龄|限)")
_UNTIL = re.compile(r"\s*(?:[-－–—―~～至]{1,2}|和|、)\s*(?:[0-9０-９]{4})\s*年")
_HAN_YEAR = re.compile("[一二][零〇○一二三四五六七八九]{3}(?=年|[—-]|至)")
_DATE_TAIL = re.compile("月份?(?!球|饼)|日(?!均|截)|号(?=[，,。；、上下至]|举行|召开)|季度|年代|月底|月初")
_AFTER = re.compile(r"(?:[（(]含[)）]|及)?以上|及?以下|以内|之内|左右|上下|之多|有余")
_MORE = re.compile(r"(?:多|余)(?=[，,。；;、：:）)\s]|时间|来|的|$)")
_BRACKET = re.compile(r"[（(]([^（()）]{1,2})[)）]")
_TITLE_AFTER = re.compile(
    "强(?![化大度于调]|劲|烈)|佳(?!绩)|号|期(?!限|间|待|望)|届|星|线|级(?!别)|路(?=公交|$|[，,。])|大(?=[^于])|院|校|有|优|好|化|农|公|新|高|区|园|馆|型|代|标|产|类"
)
_RANK_BEFORE = re.compile(
    "(?:居|列|排|位|获|夺|荣|得|进|蝉联|并列|保持|跃升|上升|升至|全[国省市县区州球旗军]|世界|亚洲|地区|城区|区县|省份|同类|总分|同期|行业|团体|名次|国内|省内|市内|首位|各市|各县|位次|增幅|增速|总量)[^，,。；;]{0,4}$"
)
_RANK_VERB = re.compile("(?:居|列|排|位|获|夺|得|跃升|上升|升至)[^，,。；;]{1,18}$")
_RANK_END = re.compile(r"位(?!一体|数)|名(?!额|单|义)")
_RANK_WORD = re.compile("首位|榜首")
_TOP_BEFORE = re.compile("(?:居|列|排|保持|夺得|位|占据|蝉联|跃升)[^，,。；;]{0,12}$")
_NOT_TOP = re.compile("[摆放置]在[^，,。；;]{0,4}$")
_BIG = re.compile("大(?!于|幅|量|多|力|批|约|家|小|都|部|型|规|众)")
_CONCRETE = re.compile(
    "[^，,。；;“”、]{0,10}?(?:园区|集群|聚集区|集聚区|开发区|功能区|市场|商圈|基地|综合体|公园|机场|港区|电站|水库|医院|学校|场馆|中心)(?!建设|工程|行动)"
)

_DAYS = re.compile("(?:天数|日数|优良天)[^，,。；;]{0,4}$|[比较][^，,]{2,10}(?:增加|减少)了?$")
_HEADWORD = re.compile("[^，,。；;：:\n]{1,10}[：:]指?")
_LIST_NUMBER = re.compile(r"[0-9]{1,3}[.．、]\s?[“]?$")
_ROAD = re.compile("(?:国道|省道|县道|乡道|高速|编号|邮编|热线|航班|附件|附表|第)$")
_HOTLINE = re.compile("[^，,。；;、]{0,8}热线")
_PROPORTION = re.compile(r"[0-9]+(?:[.．][0-9]+)?(?:[:：∶][0-9]+(?:[.．][0-9]+)?){1,3}(?![0-9年月])")
_FRACTION = re.compile(r"([0-9]{1,2})/([0-9]{1,3})(?![0-9/年月])")
_UNIT_LIST = re.compile("[（(]([^（()）]{1,9})[)）]次?")
_LONGEST_RUN = 40
_JOINTS = ("和", "、", "及", "与")
_ABOUT = ("约", "为")
_BEFORE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or classifier: one of it is `factor` of `base`. `after` is any or arabic: which numerals it may follow."""

    name: str
    dimension: str
    base: str
    factor: Decimal
    after: str
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the text: `text[start:end]` is the whole expression. `kind` is one of CLASSES.

    `value` and `unit` are as written (643.57, 亿元), `value_base` and `unit_base` the same amount in the base unit, exactly
    (64357000000, 元); a range has `value_high` and `value_base_high`. `bound`: =, >=, <=, >, <, ~. `dimension` is the unit's.
    """

    start: int
    end: int
    text: str
    kind: str
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str = ""
    bound: str = "="
    value_base: Decimal | None = None
    value_base_high: Decimal | None = None
    unit_base: str = ""
    dimension: str = ""


@cache
def _units() -> tuple[dict[str, Unit], dict[str, tuple[int, ...]]]:
    """The units by name, and by their first character how long they may be, the longest first."""
    units = {}
    for row in read_table(
        packaged("units.tsv"),
        columns=("unit", "dimension", "base", "factor", "after"),
        optional=("source", "not_before", "note"),
        key="unit",
    ):
        try:
            factor = Decimal(row["factor"])
        except ArithmeticError:
            raise row.error(f"factor {row['factor']!r} is no decimal", "factor") from None
        if row["after"] not in ("any", "arabic"):
            raise row.error("after must be any or arabic", "after")
        units[row["unit"]] = Unit(row["unit"], row["dimension"], row["base"], factor, row["after"], row["not_before"])
    lengths: dict[str, set[int]] = {}
    for name in units:
        lengths.setdefault(name[0], set()).add(len(name))
    return units, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


@cache
def _bounds(place: str) -> dict[str, str]:
    words = {}
    for row in read_table(packaged("bounds.tsv"), columns=("word", "place", "bound"), optional=("note",)):
        if row["place"] not in ("before", "inside", "after"):
            raise row.error("place must be before, inside or after", "place")
        if row["bound"] not in ("=", ">=", "<=", ">", "<", "~"):
            raise row.error("bound must be one of = >= <= > < ~", "bound")
        if row["place"] == place:
            words[row["word"]] = row["bound"]
    return words


@cache
def _before() -> tuple[dict[str, str], dict[str, tuple[int, ...]]]:
    """The bound words before a number, and by their last character how long they may be, the longest first."""
    words = _bounds("before")
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[-1], set()).add(len(word))
    return words, {last: tuple(sorted(found, reverse=True)) for last, found in lengths.items()}


@cache
def _fixed() -> dict[str, tuple[tuple[int, re.Pattern[str], dict[str, str]], ...]]:
    """Fixed phrases by the numeral in them: where the numeral stands in the phrase, the phrases, the class of each."""
    phrases: dict[str, dict[int, dict[str, str]]] = {}
    for row in read_table(packaged("numeral_words.tsv"), columns=("word", "class"), optional=("note",), key="word"):
        if row["class"] not in ("name", "none", "date"):
            raise row.error("class must be name, none or date", "class")
        for place, c in enumerate(row["word"]):
            if c in _HAN:
                phrases.setdefault(c, {}).setdefault(place, {})[row["word"]] = row["class"]
    return {
        c: tuple(
            (place, re.compile("|".join(sorted(words, key=lambda word: (-len(word), word)))), words)
            for place, words in sorted(places.items())
        )
        for c, places in phrases.items()
    }


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of `text` once, in order, with its class; nothing is left out.

    A run of digits or Chinese numerals belongs to exactly one quantity, which may hold several runs (a range, 56万余起, a date's
    parts stay apart). 首位 and 榜首, ranks without a numeral, are added.

    >>> [(q.text, q.kind, q.value, q.unit, q.bound) for q in quantities("查处各类违法行为56万余起")]  # "over 560,000 offences dealt with"
    [('56万余起', 'quantity', Decimal('56'), '万起', '>')]
    """
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[Quantity]:
    search = _NUMBER.search
    top = _RANK_WORD.search(text)
    position = 0
    shared: Quantity | None = None
    while True:
        match = search(text, position)
        start = match.start() if match else len(text)
        while top and top.start() < start:
            if top.start() >= position and (found := _top_rank(text, top.start(), top.end())):
                yield found
            top = _RANK_WORD.search(text, top.end())
        if not match:
            return
        first = text[start]
        quantity = _arabic(text, start) if first.isascii() or "０" <= first <= "９" else _han(text, start, match.end())
        if (
            quantity.kind == "quantity"
            and quantity.bound == "="
            and shared is not None
            and text[shared.end : quantity.start] in _JOINTS
            and shared.unit == quantity.unit
        ):
            quantity = replace(quantity, bound="~")
        shared = quantity if quantity.bound == "~" and text[quantity.start - 1 : quantity.start] in _ABOUT and quantity.end else None
        yield quantity
        position = max(quantity.end, match.start() + 1)


def _top_rank(text: str, start: int, end: int) -> Quantity | None:
    before = text[max(0, start - 16) : start]
    if _TOP_BEFORE.search(before) and not _NOT_TOP.search(before) and text[end : end + 1] not in ("度", "产", "城", "经"):
        return Quantity(start, end, text[start:end], "rank", Decimal(1), value_base=Decimal(1))
    return None


# Arabic digits


def _arabic(text: str, start: int) -> Quantity:
    match = _ARABIC_NUMBER.match(text, start)
    assert match is not None
    end = match.end()
    left = text[start - 1] if start else "\n"
    right = text[end] if end < len(text) else "\n"
    if (left.isascii() and (left.isalpha() or left in "-/_.+")) or left == "＋":
        code = _code(text, start, end)
        if code:
            return code
    if left == "第":
        return _ordinal(text, start, end, match[0])
    if _opens_line(text, start) and right in ".、．)）" and not text[end + 1 : end + 2].isdigit() and end - start <= 3:
        return Quantity(start, end, match[0], "enumerator")
    if left in "[【〔(（" and right in "]】〕)）" and end - start <= 4:
        return Quantity(start, end, match[0], "enumerator" if end - start < 4 else "name")
    date = _arabic_date(text, start, end, match[0], left, right)
    if date:
        return date
    if right in ":：∶" and (proportion := _PROPORTION.match(text, start)):
        return _proportion(text, proportion)
    if right == "/" and (fraction := _FRACTION.match(text, start)) and int(fraction[2]):
        return _ratio(text, start, fraction.end(), tidy(round(Decimal(fraction[1]) / Decimal(fraction[2]), 4)))
    if (
        _ROAD.search(text, max(0, start - 2), start)
        or text[max(0, start - 3) : start] == "PM "
        or (end - start == 5 and _HOTLINE.match(text, end))
    ):
        return Quantity(start, end, match[0], "name")
    if right in "+＋" or (right == "X" and left in "“"):
        return Quantity(start, end, match[0], "name")
    amount = _amount(text, start, end, _Arabic(match[0]))
    if amount is None:
        return Quantity(start, end, match[0], "unparsed")
    if "." in match[0] and amount.dimension == "count" and amount.unit == "个" and _opens_line(text, start):
        whole = match[0].partition(".")[0]
        return Quantity(start, start + len(whole), whole, "enumerator")
    if not amount.unit:
        return _bare(text, start, end, amount, left)
    if amount.dimension in ("count", "") and _in_quotes(text, start, amount.end):
        return Quantity(start, amount.end, amount.text, "name")
    return amount


def _ratio(text: str, start: int, end: int, value: Decimal) -> Quantity:
    """A part of a whole, without a unit."""
    end, bound = _bound_after(text, end, _bound_before(text, start))
    return Quantity(start, end, text[start:end], "quantity", value, None, "", bound, value, None, "", "ratio")


def _proportion(text: str, match: re.Match[str]) -> Quantity:
    """2.27:1 is 2.27 to one; a proportion of three (4.0:37.7:58.3) is no single number."""
    parts = re.split("[:：∶]", match[0])
    value = parse_arabic(parts[0])
    if len(parts) == 2 and parts[1] == "1" and value is not None:
        return Quantity(
            match.start(), match.end(), match[0], "quantity", value, None, "", _bound_before(text, match.start()), value, None, "", "ratio"
        )
    return Quantity(match.start(), match.end(), match[0], "unparsed")


@dataclass(frozen=True, slots=True)
class _Arabic:
    digits: str


def _code(text: str, start: int, end: int) -> Quantity | None:
    """Digits behind Latin letters: H7N9, XC10-060-R21-05, PM2.5; not GDP5.5%, whose letters are a word and not a code."""
    before = _CODE_BEFORE.search(text[max(0, start - 24) : start])
    after = _CODE_AFTER.match(text, end, end + 24)
    tail = after.end() if after else end
    if before is None:
        left = text[start - 1]
        if left in "+＋" and start > 1 and (text[start - 2].isdigit() or text[start - 2].isalpha()):
            return Quantity(start, tail, text[start:tail], "name")
        if left == "-" and start > 1 and text[start - 2].isalnum():
            if text[start - 2].isdigit() and re.search(r"(?:19|20)[0-9]{2}-(?:[0-9]{1,2}-)?$", text[max(0, start - 9) : start]):
                return Quantity(start, end, text[start:end], "date")
            return Quantity(start, tail, text[start:tail], "name")
        return None
    if (
        len(before[0]) >= 3
        and before[0].isalpha()
        and before[0] not in ("COVID",)
        and text[tail : tail + 1] in ("%", "％", "万", "亿", "个")
    ):
        return None
    return Quantity(start, tail, text[start:tail], "name")


def _arabic_date(text: str, start: int, end: int, digits: str, left: str, right: str) -> Quantity | None:
    plain = end - start
    if plain == 2 and text.startswith("世纪", end):
        return Quantity(start, end, digits, "date")
    year = plain == 4 and digits[0] in "12１２" and digits[:2].translate(_NARROW) in ("19", "20")
    if year and (_YEAR_TAIL.match(text, end) or _UNTIL.match(text, end) or (right in "-/." and text[end + 1 : end + 2].isdigit())):
        return Quantity(start, end, digits, "date")
    if year and left in "-－–—―~～至、" and right == "年":
        return Quantity(start, end, digits, "date")
    if plain <= 2:
        tail = _DATE_TAIL.match(text, end)
        if tail and not (
            tail[0] == "日"
            and left not in "月、-－–—至到"
            and not text[max(0, start - 1) : start].isdigit()
            and text[end + 1 : end + 2] in ("内", "游")
        ):
            return Quantity(start, end, digits, "date")
        if (right in ":：" and text[end + 1 : end + 3].isdigit()) or (
            left in ":：" and re.search(r"[0-9]{1,2}[:：]$", text[max(0, start - 3) : start])
        ):
            return Quantity(start, end, digits, "date")
        if re.match(r"[-－–—~～至、和][0-9０-９]{1,2}(?:月|日|季度|年代)", text[end : end + 6]):
            return Quantity(start, end, digits, "date")
        if plain == 2 and digits[0] in "56789５６７８９" and right == "年" and text[end + 1 : end + 2] in ("代", "底", "初"):
            return Quantity(start, end, digits, "date")
    if (year and right in "“”—-") or (year and not (right in "%％多余万亿.个家户人名项元吨亩米公千" or _unit_at(text, end))):
        return Quantity(start, end, digits, "date")
    return None


_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")


def _bare(text: str, start: int, end: int, amount: Quantity, left: str) -> Quantity:
    """A number without unit: a name where it is glued to what follows (12345热线, 500强), else an amount (指数达到85.6)."""
    right = text[amount.end] if amount.end < len(text) else "\n"
    quoted = _in_quotes(text, start, amount.end)
    if not quoted and (
        any(c in amount.text for c in "万亿") or (left in "从由为达到至约" and text[end : end + 1] not in ("强", "佳", "号", "期", "级"))
    ):
        return amount
    if right in _JOINTS and not quoted and (partner := _partner(text, amount)):
        return partner
    ends = right in "，,。；;、：: \n）)" or amount.end >= len(text) or amount.bound in (">=", "<=")
    if ends and ("." in amount.text or (left not in "“《（([〔" and amount.value_high is None and not quoted)):
        return amount
    return Quantity(start, end, text[start:end], "name")


def _partner(text: str, amount: Quantity) -> Quantity | None:
    """4.2和0.7个百分点: the first number shares the unit of the second."""
    match = _ARABIC_NUMBER.match(text, amount.end + 1)
    if match is None:
        return None
    unit, _ = _unit_behind(text, match.end(), True)
    if unit is None or amount.value is None or unit.dimension in ("duration", "count"):
        return None
    return replace(amount, unit=unit.name, value_base=amount.value * unit.factor, unit_base=unit.base, dimension=unit.dimension)


# Chinese numerals


def _han(text: str, start: int, end: int) -> Quantity:
    run = text[start:end]
    left = text[start - 1] if start else "\n"
    right = text[end] if end < len(text) else "\n"
    if left == "第":
        return _ordinal(text, start, end, run)
    if end - start > _LONGEST_RUN:
        return Quantity(start, end, run, "unparsed")
    for place, pattern, kinds in _fixed().get(run[0], ()):
        phrase = pattern.match(text, start - place) if start >= place else None
        if phrase:
            stop = max(start + 1, min(end, phrase.end()))
            return Quantity(start, stop, text[start:stop], kinds[phrase[0]])
    if (len(run) == 1 and run in "数几") or (len(run) == 1 and run == "零"):
        return Quantity(start, end, run, "none")
    part = _PARTS.match(text, start)
    if part:
        return _part(text, part)
    if _HAN_YEAR.match(text, start):
        return Quantity(start, end, run, "date")
    if "半" in run:
        return _half(text, start, end, run)
    if right == "番" and re.search("翻了?$", text[max(0, start - 2) : start]):
        return _doubling(text, start, end, run)
    enumerator = _han_enumerator(text, start, end, left, right)
    if enumerator:
        return enumerator
    if _DATE_TAIL.match(text, end) and right not in "日号" and left != "个" and run not in ("几", "数"):
        return Quantity(start, end, run, "date")
    if right == "日" and (left == "月" or re.search("月$", text[max(0, start - 1) : start])):
        return Quantity(start, end, run, "date")
    if _BIG.match(text, end) and len(run) <= 2:
        return _big(text, start, end, run)
    if len(run) == 1 and right == "、" and (pair := _either(text, start, end)):
        return pair
    if len(run) > 2 and not set(run) & set("十百千万亿几数半"):
        return Quantity(start, end, run, "name")
    amount = _amount(text, start, end, None)
    if amount is not None and amount.unit and _counts(text, amount, run, left):
        return amount
    return Quantity(start, end, run, _unit_less(text, start, end, run))


def _either(text: str, start: int, end: int) -> Quantity | None:
    """两、三倍: the one or the other."""
    span = parse_han(text[start] + text[end + 1 : end + 2])
    if span is None or span.high is None:
        return None
    amount = _amount(text, end + 1, end + 2, None)
    if (
        amount is None
        or not amount.unit
        or amount.unit in ("级", "期")
        or (amount.dimension == "duration" and amount.unit not in ("年", "个月", "天"))
    ):
        return None
    low = span.value
    base = None if amount.value_base is None or not amount.value else low * amount.value_base / amount.value
    return replace(
        amount,
        start=start,
        text=text[start : amount.end],
        value=low,
        value_high=amount.value,
        value_base=base,
        value_base_high=amount.value_base,
    )


def _counts(text: str, amount: Quantity, run: str, left: str) -> bool:
    """Whether a Chinese numeral with a unit behind it counts something, and is not an article (一个), a slogan or a title."""
    if run in ("亿", "万") and amount.bound == "=":
        return False
    if text[amount.end : amount.end + 1].isdigit():
        return False
    if amount.unit in ("次", "届") and text.startswith(("全会", "会议", "党代会", "代表大会", "常委"), amount.end):
        return False
    if amount.dimension == "count" and _opens_line(text, amount.start, listed=True) and _HEADWORD.match(text, amount.end):
        return False
    if (left == "“" and amount.dimension in ("count", "duration")) or _in_quotes(text, amount.start, amount.end):
        return False
    if amount.dimension == "duration":
        if text[max(0, amount.start - 1) : amount.start] == "个" and text.startswith(("计划", "规划"), amount.end):
            return False
        return not (amount.unit == "年" and text[amount.end : amount.end + 1] in ("级", "龄", "限")) and run not in ("百", "千", "万")
    if run == "一" and amount.dimension == "count":
        return text.startswith("或", amount.end - 3) or (amount.bound != "=" and not amount.text.endswith("余"))
    if amount.unit in ("人", "家", "户", "件", "条") and run in ("百", "千", "万"):
        return left in "每超过近上"
    return True


def _unit_less(text: str, start: int, end: int, run: str) -> str:
    if run[0] == "一" and len(run) == 1 and not _in_quotes(text, start, end):
        return "none"
    return "name"


def _han_enumerator(text: str, start: int, end: int, left: str, right: str) -> Quantity | None:
    short = end - start <= 3
    if short and left in "（(" and right in "）)":
        return Quantity(start, end, text[start:end], "enumerator")
    if short and right in "、.．" and _opens_line(text, start):
        return Quantity(start, end, text[start:end], "enumerator")
    if short and right in "是要" and left in "。；;：:，,\n \u3000—" and text[end + 1 : end + 2] not in "求":
        return Quantity(start, end, text[start:end], "enumerator")
    return None


def _big(text: str, start: int, end: int, run: str) -> Quantity:
    """三大创新园区 counts things that one can visit; 四大战略 is a title, and so is what sums up a list (A、B等三大产业)."""
    numeral = parse_han(run)
    if numeral and run != "一" and _CONCRETE.match(text, end + 1) and text[start - 1 : start] != "等" and not _in_quotes(text, start, end):
        return Quantity(start, end, run, "quantity", numeral.value, numeral.high, "", "=", numeral.value, numeral.high)
    return Quantity(start, end, run, "name")


def _part(text: str, match: re.Match[str]) -> Quantity:
    """百分之八 is 8 %, 千分之五 5 ‰, 三分之一 a third of the whole."""
    whole, low, high = match[1], _decimal(match[2]), _decimal(match[3]) if match[3] else None
    start, end = match.span()
    if low is None:
        return Quantity(start, end, match[0], "unparsed")
    bound = _bound_before(text, start)
    end, bound = _bound_after(text, end, bound)
    unit = {"百": "%", "千": "‰", "万": "‱"}.get(whole, "")
    if unit:
        factor = _units()[0][unit].factor if unit in _units()[0] else Decimal("0.01")
        return Quantity(
            start,
            end,
            text[start:end],
            "quantity",
            low,
            high,
            unit,
            bound,
            low * factor,
            None if high is None else high * factor,
            "%",
            "ratio",
        )
    denominator = parse_han(whole)
    if denominator is None or not denominator.value:
        return Quantity(start, end, match[0], "unparsed")
    ratio = tidy(round(low / denominator.value, 4))
    return Quantity(start, end, text[start:end], "quantity", ratio, None, "", bound, ratio, None, "", "ratio")


def _half(text: str, start: int, end: int, run: str) -> Quantity:
    after = text[end : end + 2]
    if run == "一半":
        bound = _bound_before(text, start)
        end, bound = _bound_after(text, end, bound)
        half = Decimal("0.5")
        return Quantity(start, end, text[start:end], "quantity", half, None, "", bound, half, None, "", "ratio")
    if run == "半" and after[:1] in ("年", "月") and text[start - 1 : start] not in ("上", "下", "前", "后"):
        return Quantity(
            start,
            end + 1,
            text[start : end + 1],
            "duration",
            Decimal("0.5"),
            None,
            after[0],
            "=",
            Decimal("0.5"),
            None,
            after[0],
            "duration",
        )
    if run == "半" and after == "数以":
        end, bound = _bound_after(text, end + 1, "=")
        return Quantity(start, end, text[start:end], "quantity", Decimal("0.5"), None, "", bound, Decimal("0.5"), None, "", "ratio")
    return Quantity(start, end, run, "none")


def _doubling(text: str, start: int, end: int, run: str) -> Quantity:
    """翻一番 is twice as much, 翻两番 four times."""
    numeral = parse_han(run)
    first = start - (2 if text[start - 1] == "了" else 1)
    if numeral is None or numeral.value > 10:
        return Quantity(start, end, run, "unparsed")
    value = Decimal(2) ** int(numeral.value)
    return Quantity(
        first, end + 1, text[first : end + 1], "quantity", value, None, "倍", _bound_before(text, first), value, None, "倍", "ratio"
    )


def _decimal(han: str | None) -> Decimal | None:
    if not han:
        return None
    whole, _, fraction = han.partition("点")
    numeral = parse_han(whole)
    if numeral is None:
        return None
    value = numeral.value * magnitude_factor(numeral.magnitude)
    if fraction:
        digits = parse_han("一" + fraction) if all(c in "零〇○一二三四五六七八九" for c in fraction) else None
        if digits is None:
            return None
        value += Decimal("0." + str(int(digits.value))[1:])
    return value


# Ordinals


def _ordinal(text: str, start: int, end: int, digits: str) -> Quantity:
    first = start - 1
    numeral = parse_han(digits) if not digits[0].isdigit() or digits[0] in "零一二三四五六七八九十百" else None
    value = numeral.value if numeral else parse_arabic(digits)
    after = text[end : end + 1]
    before = text[max(0, first - _BEFORE_LENGTH) : first]
    if value is None:
        return Quantity(first, end, text[first:end], "unparsed")
    if _opens_clause(text, first) and after in "，,、：:":
        return Quantity(first, end, text[first:end], "enumerator")
    tail = _RANK_END.match(text, end)
    ranked = bool(_RANK_BEFORE.search(before))
    if tail and not ranked:
        ranked = bool(_RANK_VERB.search(text[max(0, first - 20) : first]))
    if tail and ranked:
        return Quantity(first, tail.end(), text[first : tail.end()], "rank", value, value_base=value)
    if ranked and (after in "，,。；;、：:）)”\n 和及并且的" or not after or _BIG.match(text, end)) and not _in_quotes(text, first, end):
        return Quantity(first, end, text[first:end], "rank", value, value_base=value)
    if after in "家个座条所" and ranked and after and not text.startswith("个五年", end) and not _in_quotes(text, first, end):
        return Quantity(first, end + 1, text[first : end + 1], "rank", value, value_base=value)
    return Quantity(first, end, text[first:end], "name")


# Amounts: number, magnitude, unit, bounds


def _amount(text: str, start: int, end: int, arabic: _Arabic | None) -> Quantity | None:
    numeral = _numeral(text, start, end, arabic)
    if numeral is None:
        return None
    stop, magnitude, inside = _magnitude(text, end, arabic is not None)
    unit, unit_end = _unit_behind(text, stop, arabic is not None)
    if unit is None and inside and not magnitude:
        stop, inside = end, ""
    high: Numeral | None = None
    ranged = _range(text, unit_end if unit else stop, start)
    if ranged is not None:
        second, second_end, second_magnitude, second_unit = ranged
        if second_unit is not None or (unit is None and (magnitude or not second_magnitude)):
            high, unit_end, unit = second, second_end, second_unit or unit
            if not magnitude and not numeral.magnitude:
                magnitude = second_magnitude
                numeral = Numeral(numeral.value, second.magnitude if not second_magnitude else "")
            elif (numeral.magnitude or magnitude) != (second.magnitude or second_magnitude):
                scale = magnitude_factor(numeral.magnitude or magnitude) / magnitude_factor(second.magnitude or second_magnitude)
                numeral, magnitude = Numeral(numeral.value * scale, second.magnitude), second_magnitude
            stop = second_end
    whole = numeral.magnitude + magnitude if is_magnitude(numeral.magnitude + magnitude) else magnitude
    factor = magnitude_factor(whole) if is_magnitude(whole) else Decimal(1)
    bound = _bound_before(text, start)
    if inside:
        bound = _bounds("inside")[inside]
    if numeral.open:
        bound = ">"
    last = unit_end if unit is not None else stop
    last, bound = _bound_after(text, last, bound)
    top = high.value if high else numeral.high
    name = whole + (unit.name if unit else "")
    base_factor = factor * (unit.factor if unit else 1)
    kind = "duration" if unit and unit.dimension == "duration" and not _DAYS.search(text[max(0, start - 14) : start]) else "quantity"
    if kind == "duration" and text[last : last + 1] == "内" and text[last + 1 : last + 2] not in ("地", "部", "涵", "外"):
        last, bound = last + 1, "<="
    return Quantity(
        start,
        last,
        text[start:last],
        kind,
        numeral.value,
        top,
        name,
        bound,
        numeral.value * base_factor,
        None if top is None else top * base_factor,
        unit.base if unit else "",
        unit.dimension if unit else "",
    )


def _numeral(text: str, start: int, end: int, arabic: _Arabic | None) -> Numeral | None:
    if arabic is None:
        return parse_han(text[start:end])
    value = parse_arabic(arabic.digits)
    return None if value is None else Numeral(value)


def _magnitude(text: str, end: int, arabic: bool) -> tuple[int, str, str]:
    """What stands between the digits and the unit: a bound (余, 多, 来), a magnitude (万, 亿), and a bound once more."""
    inside = ""
    position = end
    words = _bounds("inside")
    c = text[position : position + 1]
    if (
        c in words
        and c
        and (arabic or c != "来" or text[position - 1] in "十百千万亿")
        and not (c == "多" and text[position + 1 : position + 2] in ("元化", "种多"))
    ):
        inside, position = c, position + 1
    if not arabic and not inside:
        return position, "", ""
    if (arabic and not _unit_at(text, position)) or text[position : position + 1] in ("万", "亿"):
        match = _MAGNITUDE.match(text, position)
        if match and not (len(match[0]) == 1 and match[0] in "百千" and _unit_at(text, position)):
            position = match.end()
            c = text[position : position + 1]
            if c in words and c and c != "来":
                return position + 1, match[0], c
            return position, match[0], inside
    return position, "", inside


def _unit_behind(text: str, position: int, arabic: bool) -> tuple[Unit | None, int]:
    """The longest unit at `position`, with a denominator (元/吨, 微克/立方米) or a second name in brackets (台（套）)."""
    if arabic and text[position : position + 1] == " ":
        position += 1
    unit = _unit_at(text, position)
    if unit is None or (not arabic and unit.after == "arabic"):
        return None, position
    end = position + len(unit.name)
    if text[end : end + 1] in ("/", "／"):
        below = end + 1
        match = _MAGNITUDE.match(text, below)
        stop = match.end() if match and not _unit_at(text, below) else below
        denominator = _unit_at(text, stop)
        if denominator:
            stop += len(denominator.name)
            if text[stop : stop + 1] in ("·", "•") and (third := _unit_at(text, stop + 1)):
                stop += 1 + len(third.name)
            name = text[position:stop]
            return Unit(name, unit.dimension if unit.dimension != "duration" else "count", name, Decimal(1), "any"), stop
    if text[end : end + 1] in ("（", "("):
        bracket = _BRACKET.match(text, end)
        if bracket is None and (many := _UNIT_LIST.match(text, end)) and all(name in _units()[0] for name in many[1].split("、")):
            name = text[position : many.end()]
            return Unit(name, unit.dimension, name, Decimal(1), "any"), many.end()
        if bracket and bracket[1] in _units()[0]:
            name = text[position : bracket.end()]
            return Unit(name, unit.dimension, name, Decimal(1), "any"), bracket.end()
    return unit, end


def _unit_at(text: str, position: int) -> Unit | None:
    units, lengths = _units()
    for length in lengths.get(text[position : position + 1], ()):
        unit = units.get(text[position : position + length])
        if unit is not None:
            if unit.not_before and text[position + length : position + length + 1] in unit.not_before and position + length < len(text):
                continue
            if (
                unit.name.isascii()
                and unit.name.isalpha()
                and text[position + length : position + length + 1].isascii()
                and text[position + length : position + length + 1].isalpha()
            ):
                continue
            return unit
    return None


def _range(text: str, position: int, start: int) -> tuple[Numeral, int, str, Unit | None] | None:
    """The second number of a range: 5-10年, 百分之四到五, 4.5%—5%; not 从50元到100元, which tells a change."""
    link = _TO.match(text, position)
    if not link or text[max(0, start - 1) : start] in ("从", "由", "自"):
        return None
    begin = link.end()
    match = _ARABIC_NUMBER.match(text, begin)
    if match:
        value = parse_arabic(match[0])
        if value is None:
            return None
        stop, magnitude, _ = _magnitude(text, match.end(), True)
        unit, unit_end = _unit_behind(text, stop, True)
        return Numeral(value), unit_end if unit else stop, magnitude, unit
    han = _HAN_NUMBER.match(text, begin, begin + 12)
    if han:
        numeral = parse_han(han[0])
        if numeral is None:
            return None
        unit, unit_end = _unit_behind(text, han.end(), False)
        return (numeral, unit_end, "", unit) if unit else None
    return None


def _bound_before(text: str, start: int) -> str:
    words, lengths = _before()
    for length in lengths.get(text[start - 1 : start], ()):
        bound = words.get(text[max(0, start - length) : start])
        if bound:
            return "=" if _part_of_word(text, start, length) else bound
    if text[max(0, start - 1) : start] == "过" and text[start : start + 1] in ("亿", "万", "千", "百", "半"):
        return ">"
    if text[max(0, start - 1) : start] == "上" and text[start : start + 1] in ("亿", "万", "千", "百"):
        return ">="
    return "="


def _part_of_word(text: str, start: int, length: int) -> bool:
    """约 of 节约, 签约 and 近 of 附近, 最近 bound nothing."""
    if length > 1:
        return False
    return text[max(0, start - 2) : start] in (
        "节约",
        "集约",
        "签约",
        "预约",
        "履约",
        "解约",
        "契约",
        "条约",
        "公约",
        "制约",
        "附近",
        "最近",
        "邻近",
        "靠近",
        "赶超",
        "反超",
    )


def _bound_after(text: str, end: int, bound: str) -> tuple[int, str]:
    match = _AFTER.match(text, end)
    if match:
        return match.end(), _bounds("after").get(match[0], bound) if match[0] != "之多" else bound
    more = _MORE.match(text, end)
    if more:
        return more.end(), ">"
    return end, bound


# Places


def _opens_line(text: str, position: int, *, listed: bool = False) -> bool:
    """Whether nothing stands before it in its line; with `listed`, nothing but a list number."""
    before = text[max(0, position - 6) : position]
    if listed:
        before = _LIST_NUMBER.sub("", before)
    before = before.rstrip(" \t\u3000\xa0")
    return not before or before[-1] in "\n\r"


def _opens_clause(text: str, position: int) -> bool:
    before = text[max(0, position - 4) : position].rstrip(" \t\u3000\xa0")
    return not before or before[-1] in "\n\r。；;：:—，,"


def _in_quotes(text: str, start: int, end: int) -> bool:
    """Whether the number stands in a title or a short quotation: “十四五”, 《…2021—2025年…》, “513武林英才”."""
    for opening, closing, reach in (("“", "”", 24), ("《", "》", 60), ("\u300c", "\u300d", 24), ("‘", "’", 24)):
        left = text.rfind(opening, max(0, start - reach), start)
        if left >= 0 and text.find(closing, left, start) < 0:
            right = text.find(closing, end, end + reach)
            if right >= 0:
                return True
    return False
