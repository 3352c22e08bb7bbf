"""What Arabic digits are: an amount, a proportion, a date, a list number, a code, a name."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from string import ascii_letters

from xiacheng_nlp.numbers.amounts import (
    ARABIC_NUMBER,
    Quantity,
    amount,
    read_amount,
    unread,
)
from xiacheng_nlp.numbers.number_words import pattern, words
from xiacheng_nlp.numbers.numerals import parse_arabic, tidy
from xiacheng_nlp.numbers.ordinals import read_ordinal
from xiacheng_nlp.numbers.spots import (
    Decision,
    Spot,
    always,
    in_order,
    is_point,
    opens_line,
    spot,
)
from xiacheng_nlp.numbers.units import (
    MAGNITUDE,
    Unit,
    unit_at,
    unit_behind,
    unit_table,
)

_MINUS, _PLUS = "-－−–‐‑负", "+＋"
# A minus sign behind a name: it takes 零售总额-2.3% and refuses 左右-8%, 百分点-8% and 减负8%.
_NAME_BEFORE = re.compile(f"[\u4e00-\u9fff]{{4}}(?<!百分点)(?<![减税])[{_MINUS}]$")
_DASHES = "-－–—~～"
_CODE_BEFORE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/_.][A-Za-z0-9]+)*[-/_.]?$")
_CODE_AFTER = re.compile(r"[A-Za-z0-9]*(?:[-/_+.][A-Za-z0-9]+)*")
_DATE_BEFORE = re.compile(r"(?:19|20)[0-9]{2}-(?:[0-9]{1,2}-)?$")
# Takes what follows 2013 in 2013年, 2013—2015年, 2013和2014年, 2013-05; refuses that in 2000年限.
_YEAR = re.compile(
    rf"""
      {pattern.year.pattern}
    | \s* (?: [{_DASHES}―至]{{1,2}} | [和、] ) \s* [0-9]{{4}} \s* 年
    | [-/.] [0-9]
    """,
    re.VERBOSE,
)
_MONTH_OR_DAY = re.compile(f"{pattern.month.pattern}|{pattern.day.pattern}")
_TO_DATE = re.compile(f"[{_DASHES}至、和][0-9]{{1,2}}{pattern.date_goes_on.pattern}")
_DECADE = re.compile(f"年{pattern.decade.pattern}")
_DAYS_LONG = re.compile(f"日{pattern.day_is_length.pattern}")
# Takes what follows 12 in 12路、13路公交车; refuses 12路通车.
_BUS = re.compile(
    "路(?:[、和及至][^，,。；;、0-9路]{0,12}[0-9]+路){0,20}+等?[^，,。；;、0-9]{0,3}(?:公交|巴士|班车)"
)
_BUS_BEFORE = re.compile("(?:公交|巴士)(?:线路)?(?:[0-9]+路[、和及])*$")
_HOTLINE = re.compile(f"[^，,。；;、]{{0,8}}{pattern.line.pattern}")
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
JOINTS = ("和", "、", "及", "与")
"""What stands between the numbers of a list."""
_MOST_PARTNERS = 9
"""From each number of a list its end is looked for: a longer list would take the square."""
# Takes 2.27:1 and 4.0:37.7:58.3; refuses 3:2013年.
_PROPORTION = re.compile(rf"{_NUMBER}(?:[:：∶]{_NUMBER}){{1,3}}(?![0-9年月])")
_COLON = re.compile("[:：∶]")
_DAY_BEFORE = re.compile(r"[0-9日]\s{1,2}$")
"""A time of day: 2014-02-19 18:55:27."""
_FRACTION = re.compile(r"([0-9]{1,2})/([0-9]{1,3})(?![0-9/年月万])")
_SHARED = "到、和及与"
# Numbers that share one 号: 1、2号线.
_NUMBERS_OF = re.compile(f"(?:[{_DASHES}至{_SHARED}]{{1,2}}[0-9]{{1,4}}){{1,9}}(?=号)")
# Takes 高于全国1.2个百分点; refuses 高于1.2%.
_POINTS = re.compile(
    f"(?:{_NUMBER}个[{''.join(JOINTS)}]){{0,{_MOST_PARTNERS}}}"
    f"{pattern.relative.pattern}?(?:{pattern.whole.pattern}(?:平均)?)?"
    f"{_NUMBER}{pattern.points.pattern}"
)
# Takes what stands before both numbers of 排名由369位上升到235位; refuses 排名提升6位, 排名前3位.
_PLACE_BEFORE = re.compile(
    f"{pattern.place.pattern}(?:[^，,。；;、0-9升进降移退前后末首]{{0,8}}"
    "|[^，,。；;0-9]{0,6}[由从](?:[0-9]{4}年)?[^，,。；;0-9]{0,10}[0-9]+[位名][^，,。；;、0-9]{1,4}[到至])$"
)
_PLACE_ENDS = re.compile("[，,。；;、：:）)”和及]|$|[^，,。；;0-9的]{1,4}[到至][0-9]")
_MONEY = re.compile(f"{pattern.money.pattern}[^，,、。；;]{{0,4}}$")
_THING = "(?:[1-9](?![年月比十百千万亿])[\u4e00-\u9fff]{1,2})"
_SERIES_BEFORE = re.compile(f"(?<![0-9]){_THING}*$")
_SERIES = re.compile(f"{_THING}+(?![0-9])")
# What stands before the number in the head of a glossary's entry: it takes 4.跨境电商 before 1210,
# and refuses 发展跨境电商.
_ENTRY = re.compile(r"(?:^|\s)[\[【〔]?[0-9]{1,3}[.．、\]】〕]\s?[^，,。；;：:\n0-9]{1,10}$")


def read_arabic(text: str, start: int, end: int) -> Quantity:
    """What the digits at `start` to `end` are; the quantity may reach beyond them.

    >>> said = "12345热线受理3万件"  # "hotline 12345 took 30,000 calls"
    >>> [read_arabic(said, *digits).kind for digits in ((0, 5), (9, 10))]
    ['name', 'quantity']
    """
    here = spot(text, start, end)
    if decided := _decided(here):
        return decided
    found = read_amount(text, start, end)
    if not found:
        return unread(text, start, end)
    for decide in _EXITS.get(found.unit) or _EXITS.get(found.dimension, ()):
        if told := decide(here, found):
            return told
    return found


def proportion_parts(text: str, start: int, proportion: str) -> list[Quantity]:
    """The parts of a proportion that make a hundred but for rounding, each so many per cent, though
    no unit is written; none of what is no such proportion."""
    places = [match.span() for match in ARABIC_NUMBER.finditer(proportion)]
    values = [value for a, b in places if (value := parse_arabic(proportion[a:b])) is not None]
    if len(values) < len(places) or _DAY_BEFORE.search(text, max(0, start - 4), start):
        return []
    decimals = max((-int(value.as_tuple().exponent) for value in values), default=0)
    rounding = len(values) * Decimal("0.5").scaleb(-decimals)
    if abs(sum(values, Decimal(-100))) > rounding:
        return []
    percent = replace(unit_table()["%"], name="")
    return [
        amount(text, start + a, start + b, value, unit=percent)
        for (a, b), value in zip(places, values, strict=True)
    ]


def _signed(here: Spot) -> Quantity | None:
    """增长-2.3%, 负2.3%, 零售总额-2.3%, 增长+7.8%: the sign is part of the number."""
    beside, is_plus = here.before(2)[:-1], here.left in _PLUS
    told = here.before(2) == "负" or beside in words.signed
    if is_plus and not (told and beside.isalnum()):
        return None
    if not told and not _NAME_BEFORE.search(here.before(5)):
        return None
    found = read_amount(here.text, here.start, here.end)
    if not found or found.value is None or found.value_base is None:
        return None
    if found.dimension not in (("ratio", "money") if told else ("ratio",)):
        return None
    return found._replace(
        start=here.start - 1,
        text=here.text[here.start - 1 : found.end],
        value=found.value if is_plus else -found.value,
        value_base=found.value_base if is_plus else -found.value_base,
    )


def _code(here: Spot) -> Quantity | None:
    """Digits behind Latin letters: H7N9, XC10-060-R21-05, PM2.5; not GDP5.5%, whose letters are a
    word and not a code."""
    after = _CODE_AFTER.match(here.text, here.end, here.end + 24)
    tail = after.end() if after else here.end
    before = _CODE_BEFORE.search(here.before(24))
    if not before:
        return _joined(here, tail)
    a_word = len(before[0]) >= 3 and before[0].isalpha() and before[0] != "COVID"
    if a_word and here.text[tail : tail + 1] in ("%", "万", "亿", "个"):
        return None
    return here.told("name", tail)


def _joined(here: Spot, tail: int) -> Quantity | None:
    """Digits that a sign joins to what stands before: 3+3, 513-2, 2013-05-06."""
    beside = here.before(2)[:-1]
    if not beside.isalnum() or here.left not in "+＋-":
        return None
    if here.left == "-" and beside.isdigit() and _DATE_BEFORE.search(here.before(9)):
        return here.told("date")
    return here.told("name", tail)


def _parts_of_hundred(here: Spot) -> Quantity | None:
    """4.0:37.7:58.3, before it is taken for a time of day; `proportion_parts` parts it."""
    match = _PROPORTION.match(here.text, here.start)
    if not match or not proportion_parts(here.text, here.start, match[0]):
        return None
    return here.told("unparsed", match.end())


def _is_year(here: Spot) -> object:
    """2013年, 2013—2015年, 2013-05, and four digits that nothing follows which is counted."""
    return here.run.startswith(("19", "20")) and (
        here.followed(_YEAR)
        or here.right in "“”—-"
        or not (here.right in words.no_year or unit_at(here.text, here.end))
    )


def _is_day(here: Spot) -> object:
    """3月, 5日, 3至5月, 80年代, 21世纪, the 18 of 18:55."""
    text, end = here.text, here.end
    two = end - here.start == 2
    return (
        (here.followed(_MONTH_OR_DAY) and not _lasts_days(here))
        or (here.right in ":：" and here.behind(1, 2).isdigit())
        or _TO_DATE.match(text, end, end + 6)
        or (two and here.run[0] in "56789" and here.followed(_DECADE))
        or (two and text.startswith("世纪", end))
    )


def _lasts_days(here: Spot) -> object:
    """3日内, 2日游; behind 月 or a dash it is a day after all."""
    alone = here.left not in "月、-－–—至到" and not here.left.isdigit()
    return alone and here.followed(_DAYS_LONG)


def _proportion(here: Spot) -> Quantity | None:
    """2.27:1 is 2.27 to one; a proportion of three is no single number."""
    match = _PROPORTION.match(here.text, here.start)
    if not match:
        return None
    first, *more = _COLON.split(match[0])
    value = parse_arabic(first)
    if more != ["1"] or value is None:
        return here.told("unparsed", match.end())
    return here.amount(value, match.end())


def _fraction(here: Spot) -> Quantity | None:
    """1/3 is a part of a whole, without a unit."""
    match = _FRACTION.match(here.text, here.start)
    if not match or not int(match[2]):
        return None
    return here.amount(tidy(round(Decimal(match[1]) / Decimal(match[2]), 4)), match.end())


def _is_number_of(here: Spot) -> bool:
    """The number of a road or a document: 国道308, 附件2; not 县道30公里, 热线1.2万件."""
    found = read_amount(here.text, here.start, here.end)
    measured = found and (found.dimension == "length" or (found.unit and here.left == "线"))
    return not measured and here.before(2).endswith(words.numbered)


def _shared_number(here: Spot) -> Quantity | None:
    """1、2号线: the first of numbers that share one 号."""
    numbers = here.followed(_NUMBERS_OF)
    if not numbers:
        return None
    return here.told("date" if _MONTH_OR_DAY.match(here.text, numbers.end()) else "name")


_decided = in_order(
    Decision(_signed, left=_MINUS + _PLUS),
    # Before all that looks behind the digits: in H7N9 and 2013-05 they are no numbers.
    Decision(_code, left=ascii_letters + "-/_.+＋"),
    Decision(read_ordinal, left="第"),
    # 3. and 12、 at the beginning of a line.
    Decision(
        lambda here: not here.behind(1).isdigit() and opens_line(here.text, here.start),
        *("enumerator", "", ".、．)）", (1, 2, 3)),
    ),
    # （3） is a list number, 〔2013〕 part of a document's number.
    Decision(always, "enumerator", "[【〔(（", "]】〕)）", (1, 2, 3)),
    Decision(always, "name", "[【〔(（", "]】〕)）", (4,)),
    # A proportion of a hundred is no time of day, any other may be one.
    Decision(_parts_of_hundred, right=":：∶"),
    Decision(_is_day, "date", right=f"月日号季年世:：至、和{_DASHES}", lengths=(1, 2)),
    # The 55 of 18:55.
    Decision(lambda here: here.before(2)[:-1].isdigit(), "date", left=":：", lengths=(1, 2)),
    Decision(_is_year, "date", lengths=(4,)),
    Decision(_proportion, right=":：∶"),
    # Behind dates: 2013/05.
    Decision(_fraction, right="/"),
    Decision(_is_number_of, "name", left=[word[-1] for word in words.numbered]),
    # PM 2.5 with a blank.
    Decision(lambda here: here.before(3) == "PM ", "name", left=" "),
    # 816厂: a works by its number.
    Decision(lambda here: here.run.isdigit(), "name", right="厂", lengths=(3, 4)),
    # 12345热线.
    Decision(lambda here: here.followed(_HOTLINE), "name", lengths=(5,)),
    # 15路公交, 公交15路: which line.
    Decision(
        lambda here: here.followed(_BUS) or _BUS_BEFORE.search(here.before(16)),
        *("name", "", "路"),
    ),
    Decision(_shared_number, right=_DASHES + "至" + _SHARED),
    # 3+3, “1X, 7×24: a formula.
    Decision(lambda here: here.right != "X" or here.left == "“", "name", right="+＋X×*＊"),
)
"""What digits may be but an amount, in the order in which it is asked."""


def _currency(here: Spot, found: Quantity) -> Quantity | None:
    """港币500万元, US$3.2亿: the currency stands before."""
    if found.unit_base not in ("", "元"):
        return None
    for length in range(3, 0, -1):
        unit = unit_table().get(here.before(length))
        if unit and unit.dimension == "money" and unit.name != "元" and found.value_base:
            return _in_units(found, unit)
    return None


def _in_units(found: Quantity, unit: Unit) -> Quantity:
    """So many of a unit that stands elsewhere."""
    assert found.value_base is not None
    base = found.value_base * unit.factor
    return found._replace(value_base=base, unit_base=unit.base, dimension=unit.dimension)


def _money(here: Spot, found: Quantity) -> Quantity | None:
    """产值超10亿企业: what is counted in 亿 without a unit is money, by what stands before."""
    if found.unit not in ("万", "亿", "万亿") or not _MONEY.search(here.before(9)):
        return None
    return _in_units(found, unit_table()["元"])


def _series(here: Spot, found: Quantity) -> Quantity | None:
    """1园2馆3中心: three numbers with a thing each, side by side, are a slogan; 2金1银1铜 are
    medals."""
    if found.unit_base == "枚":
        # 5险1金: insurances and a fund, and no medal.
        return here.told("name") if here.before(1) == "险" else None
    if len(here.run) > 1:
        return None
    before = _SERIES_BEFORE.search(here.before(9))
    things = (before[0] if before else "") + here.run + here.behind(0, 9)
    series = _SERIES.match(things)
    return here.told("name") if series and sum(map(str.isdigit, series[0])) > 2 else None


def _list_number_first(here: Spot, found: Quantity) -> Quantity | None:
    """1.3个项目 at the beginning of a line: the first thing of a list, three projects."""
    if "." not in here.run or not opens_line(here.text, here.start):
        return None
    return here.told("enumerator", here.start + here.run.index("."))


def _points(here: Spot, found: Quantity) -> Quantity | None:
    """4.2个和0.7个百分点: the first number is of percentage points too."""
    joined = "." in here.run and here.text[found.end : found.end + 1] in JOINTS
    if not joined or not _POINTS.match(here.text, found.end + 1):
        return None
    return _in_units(found._replace(unit="个百分点"), unit_table()["个百分点"])


def _partner(here: Spot, found: Quantity) -> Quantity | None:
    """2.8、4.2和0.7个百分点, 1409万、1305万人次: the first numbers share the unit of the last."""
    text, stop = here.text, found.end
    for _ in range(_MOST_PARTNERS):
        match = ARABIC_NUMBER.match(text, stop + 1)
        if not match or text[stop] not in JOINTS:
            break
        stop = match.end()
    if stop == found.end or here.quoted(found.end):
        return None
    magnitude = MAGNITUDE.match(text, stop) if found.unit and not unit_at(text, stop) else None
    unit, _ = unit_behind(text, magnitude.end() if magnitude else stop, True)
    alone = ("duration",) if found.unit else ("duration", "count")
    if not unit or (unit.dimension in alone and "分别" not in here.before(8)):
        return None
    # 分别压缩65、45个工作日: each lasts so long.
    kind = "duration" if unit.dimension == "duration" else found.kind
    return _in_units(found._replace(unit=found.unit + unit.name, kind=kind), unit)


def _bare(here: Spot, found: Quantity) -> Quantity | None:
    """A number without unit: a name where it is glued to what follows (12345热线, 5G), a list
    number alone in its line, else an amount (指数达到85.6)."""
    if found.unit:
        return None
    if here.left == here.right == "\n" and here.run.isdigit():
        return here.told("enumerator")
    quoted = here.quoted(found.end)
    if here.left in words.to_value and here.right not in words.glued and not quoted:
        return found
    right = here.text[found.end : found.end + 1]
    ends = not right or right in "，,。；;、：: \n）)" or found.bound in (">=", "<=")
    titled = quoted or here.left in "“《（([〔" or found.value_high is not None
    return found if ends and ("." in found.text or not titled) else here.told("name")


def _entry(here: Spot, found: Quantity) -> Quantity | None:
    """跨境电商1210：, 营商环境20条：: the number is part of the word that an entry explains."""
    head = here.text[found.end : found.end + 1] in "：:" and found.unit in ("", "条")
    named = head and _ENTRY.search(here.before(18))
    return here.told("name", found.end) if named else None


def _place(here: Spot, found: Quantity) -> Quantity | None:
    """排名235位: a place in a ranking, without 第."""
    exact = found.unit in ("位", "名") and found.bound == "=" and found.value_high is None
    if not exact or found.value is None or not here.text.startswith(("位", "名"), here.end):
        return None
    placed = _PLACE_BEFORE.search(here.before(30)) and _PLACE_ENDS.match(here.text, found.end)
    return here.amount(found.value, found.end, kind="rank") if placed else None


def _time_of_day(here: Spot, found: Quantity) -> Quantity | None:
    """下午6点: a time of day."""
    told = here.before(2).endswith(words.part_of_day)
    return here.told("date", found.end) if told else None


def _quoted(here: Spot, found: Quantity) -> Quantity | None:
    """“3个一批”, “513武林英才”: a count in a title or slogan is a name, and so are 6个方面."""
    named = here.quoted(found.end) or is_point(here.text, found)
    return here.told("name", found.end) if named else None


_EXITS: dict[str, tuple[Callable[[Spot, Quantity], Quantity | None], ...]] = {
    "money": (_currency,),
    "个": (_list_number_first, _points, _series, _quoted),
    "点": (_time_of_day,),
    "count": (_place, _series, _entry, _quoted),
    # Money behind what the number shares with the next: 1.2亿、3亿元.
    "": (_currency, _partner, _money, _series, _entry, _bare, _quoted),
}
"""By its unit or else its dimension, what an amount may be after all, in the order in which that is
asked."""
