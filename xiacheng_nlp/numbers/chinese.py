"""What a Chinese numeral is: an amount, a part, a date, a list number, a title or no number at
all."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.numbers.amounts import (
    HAN,
    Quantity,
    amount,
    beside_numeral,
    read_amount,
)
from xiacheng_nlp.numbers.number_words import longest_first, pattern, words
from xiacheng_nlp.numbers.numerals import (
    CIRCLES,
    DIGITS,
    POWERS,
    YEAR,
    decimal_value,
    parse_han,
    tidy,
    whole_number,
)
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
    HALF,
    unit_at,
    unit_table,
)

_DIGIT = f"[{DIGITS}〇○]"
_DECIMAL = rf"(?:[{DIGITS}两几十百]+(?:点{_DIGIT}+)?|[0-9]+(?:\.[0-9]+)?)"
# Takes 百分之三点二, 三分之一, 百分之四到五; refuses 百分之万, 一分之一, and as a second end
# 百分之四到一九五七年.
_PARTS = re.compile(
    rf"""
    (?P<whole> [百千万] | [{DIGITS[2:]}十]+ ) 分之
    (?P<low> {_DECIMAL} )
    (?: [至到—～-]{{1,2}} (?: (?P=whole)分之 )? (?P<high> {_DECIMAL} )
        (?! {_DIGIT} | [十百] | 分之 | 年(?!均) ) )?
    """,
    re.VERBOSE,
)
_HUNDREDTHS = {"百": "%", "千": "‰", "万": "‱"}
_YEAR = re.compile(f"{YEAR}(?=年|[—-]|至)")
_CONCRETE = re.compile(f"[^，,。；;“”、]{{0,10}}?{pattern.concrete.pattern}")
_HEADWORD = re.compile("[^，,。；;：:\n]{1,10}[：:]指?")
_DECIMALS = re.compile(f"点{_DIGIT}{{1,4}}(?![{DIGITS}两]|[十百千](?![万亿]))")
_AND_CHANGE = re.compile(f"元[{DIGITS}]+角")
_HALF_ENDS = re.compile(r"$|[，,。；;、：:）)\s的以]")
_LASTING = re.compile(f"[^，,。；;“”》]{{0,8}}?{pattern.lasting.pattern}[^“”》]{{0,4}}”")
_NO_THING = re.compile(r"$|[，,。；;、：:！”》）)\s]")

# The session of a meeting, or of more than one: it takes what follows 六次 in 六次、七次全会, and
# refuses 六次检查.
_MEETING = re.compile(
    f"(?:[、和及][{HAN}]{{1,3}}{pattern.session.pattern})*{pattern.meeting.pattern}"
)
_RUN = re.compile(f"[{HAN}]+")
_LONGEST_RUN = 40
_NOT_BY_DIGIT = frozenset(POWERS + "几数半")


@cache
def _fixed() -> dict[str, list[tuple[int, str, str]]]:
    """Fixed phrases by a numeral in them and the character before it, or behind it where it is the
    first of the phrase: at which place the numeral stands, the phrase, its class."""
    table = packaged("numbers/numeral_words.tsv")
    rows = read_table(table, columns=("word", "class"), optional=("note",), key="word")
    kinds = {row["word"]: row.chosen("class", ("name", "none", "date")) for row in rows}
    phrases: dict[str, list[tuple[int, str, str]]] = {}
    for word in longest_first(kinds):
        for place, c in enumerate(word):
            if c in HAN:
                beside = max(0, place - 1)
                pair = word[beside : beside + 2]
                phrases.setdefault(pair, []).append((place, word, kinds[word]))
    return phrases


def read_han(text: str, start: int, end: int) -> Quantity:
    """What the run of Chinese numerals at `start` to `end` is; the quantity may end before it or
    reach beyond.

    >>> read_han("三大战略", 0, 1).kind  # "three strategies"
    'name'
    >>> read_han("三十公里", 0, 2).unit  # "thirty kilometres"
    '公里'
    """
    here = spot(text, start, _end_of_numeral(text, start, end))
    if decided := _decided(here):
        return decided
    # 一 as an article, 三大 in a title.
    article = here.run == "一" and not here.quoted(here.end)
    return here.told("none" if article else "name")


def _end_of_numeral(text: str, start: int, end: int) -> int:
    """The end without what belongs to the unit: 五百万千瓦 is five million kilowatts."""
    unit = unit_at(text, end - 1) if end - start > 1 else None
    return end - 1 if unit and len(unit.name) > 1 else end


def _phrase(here: Spot) -> Quantity | None:
    """Part of a word or fixed phrase: 统一, 三农; not where a greater number goes on."""
    text, start, end = here.text, here.start, here.end
    fixed = _fixed()
    for pair in (text[start : start + 2], here.left + text[start]):
        for place, phrase, kind in fixed.get(pair, ()):
            stop = start - place + len(phrase)
            if place > start or not text.startswith(phrase, start - place):
                continue
            if stop >= end or text[stop] not in POWERS[1:]:
                return here.told(kind, max(start + 1, min(end, stop)))
    return None


def _place(here: Spot) -> Quantity | None:
    """The name of a place: 七台河; one that could be an amount (五台, 三元) only before 县, 区."""
    for name in _places().get(here.text[here.start : here.start + 2], ()):
        end = here.start + len(name)
        if here.text.startswith(name, here.start) and (
            unit_at(name, 1) is None or here.text.startswith(words.place_ends, end)
        ):
            return here.told("name", max(here.start + 1, min(here.end, end)))
    return None


@cache
def _places() -> dict[str, list[str]]:
    """The names of places by their first two characters, the longest first."""
    rows = read_table(packaged("numbers/places.tsv"), columns=("name", "level"), key="name")
    places: dict[str, list[str]] = {}
    for name in longest_first(row["name"] for row in rows):
        places.setdefault(name[:2], []).append(name)
    return places


def _part(here: Spot) -> Quantity | None:
    """百分之八 is 8 %, 千分之五 5 ‰, 三分之一 a third of the whole."""
    match = _PARTS.match(here.text, here.start)
    if not match:
        return None
    low, high = decimal_value(match["low"]), decimal_value(match["high"] or "")
    whole = parse_han(match["whole"])
    if low is None or whole is None or not whole.value:
        return here.told("unparsed", match.end())
    if sign := _HUNDREDTHS.get(match["whole"]):
        return here.amount(low, match.end(), high, unit_table()[sign])
    return here.amount(tidy(round(low / whole.value, 4)), match.end())


def _year(here: Spot) -> Quantity | None:
    """A year digit by digit: 一九七八年."""
    year = _YEAR.match(here.text, here.start)
    return here.told("date", year.end()) if year else None


def _half(here: Spot) -> Quantity | None:
    """一半, 半数 and 过半 are half of a whole; 半年, 半个多月 and 半小时 last half as long."""
    text, end, run = here.text, here.end, here.run
    if "半" not in run:
        return None
    past = run == "半" and here.left == "过" and here.followed(_HALF_ENDS)
    if past or run in words.half:
        return here.amount(HALF, end)
    if run != "半":
        return here.told("none")
    if month := here.followed(pattern.half_month):
        unit = replace(unit_table()["个月"], name=month[0])
        return here.amount(HALF, month.end(), unit=unit, kind="duration")
    if here.left not in words.half_of_word and not here.quoted(end):
        found = read_amount(text, here.start, end)
        if found and (found.kind == "duration" or found.unit in ("个百分点", "倍")):
            return found
    return here.told("none")


def _doubled(here: Spot) -> Quantity | None:
    """翻一番 is twice as much, 翻两番 four times, 翻近一番 some two times."""
    verb = next((verb for verb in words.doubled if here.before(4).endswith(verb)), None)
    if verb is None:
        return None
    numeral = parse_han(here.run)
    if not numeral or numeral.value > 10:
        return here.told("unparsed")
    verb_too = spot(here.text, here.start - len(verb), here.end)
    times = Decimal(2) ** int(numeral.value)
    doubled = verb_too.amount(times, here.end + 1, unit=unit_table()["倍"])
    return doubled._replace(bound="~") if here.left == "近" else doubled


def _big(here: Spot) -> Quantity | None:
    """三大创新园区 counts things that one can visit; 四大战略 is a title, and so is what sums up a
    list (A、B等三大产业)."""
    text, end = here.text, here.end
    if not here.followed(pattern.big):
        return None
    numeral = parse_han(here.run)
    titled = (
        here.run == "一"
        or here.before(2) == "党的"
        or here.left in words.sum_of_list
        or here.quoted(end)
    )
    if not numeral or titled or not _CONCRETE.match(text, end + 1):
        return here.told("name")
    return amount(text, here.start, end, numeral.value, numeral.high)


def _either(here: Spot) -> Quantity | None:
    """两、三倍: the one or the other; 四、五十亿元: so many tens of each."""
    text, start, end = here.text, here.start, here.end
    second = _RUN.match(text, end + 1)
    span = parse_han(here.run + second[0]) if second else None
    if not second or not span or span.high is None:
        return None
    found = read_amount(text, end + 1, _end_of_numeral(text, *second.span()))
    if (
        found is None
        or found.value_base is None
        or not found.value
        or not found.unit
        or found.unit in words.no_span
        or (found.dimension == "duration" and found.unit not in words.span)
    ):
        return None
    return found._replace(
        start=start,
        text=text[start : found.end],
        value=found.value * span.value / span.high,
        value_high=found.value,
        value_base=found.value_base * span.value / span.high,
        value_base_high=found.value_base,
    )


def _with_decimals(here: Spot) -> Quantity | None:
    """四点七部 is 4.7, 四点五亿元 4.5亿; 三点意见 are three points."""
    fraction = here.followed(_DECIMALS)
    if not fraction or whole_number(here.run) is None or set(here.run) & set("万亿"):
        return None
    found = read_amount(here.text, here.start, fraction.end())
    return found if found and found.unit not in ("", "点") else None


def _amount(here: Spot) -> Quantity | None:
    """A Chinese numeral with a unit behind it that counts something."""
    # 三亿 is told without a unit too.
    large = "万" in here.run or "亿" in here.run
    may = large or here.right in beside_numeral() or here.right.isspace()
    found = read_amount(here.text, here.start, here.end) if may else None
    if not found or not found.unit or here.text[found.end : found.end + 1].isdigit():
        return None
    return found if _counts(here, found) and not _is_title(here, found) else None


def _is_title(here: Spot, found: Quantity) -> bool:
    """Whether the amount is part of a name: of a session (三次全会), a headword (三网：指…), a
    slogan or title in quotation marks; a bare 万 or 亿 is a manner of speaking, and points
    (六个方面) are no things."""
    text, end = here.text, found.end
    return (
        (here.run in ("亿", "万") and found.bound == "=")
        # 三次全会, 二十届中央: not how often, but which.
        or (found.unit == "届" and len(here.run) > 1)
        or (found.unit in words.session and _MEETING.match(text, end) is not None)
        or (
            found.unit != "个"
            and len(here.run + found.unit) == end - here.start
            and text.startswith(words.town, end)
        )
        or (
            found.dimension == "count"
            and opens_line(text, here.start, listed=True)
            and _HEADWORD.match(text, end) is not None
        )
        or is_point(text, found)
        or _is_called_so(here, found)
    )


def _is_called_so(here: Spot, found: Quantity) -> bool:
    """Whether a document (人才十条) or a slogan is called by the amount; but “三年行动” lasts so
    long, and of 整治河道十五条 it says how many."""
    if found.unit == "条" and "十" in here.run and _NO_THING.match(here.text, found.end):
        return here.start > 0 and not here.text.endswith(words.long_thing, 0, here.start)
    if found.dimension == "duration" and _LASTING.match(here.text, found.end):
        return False
    quoted = here.left == "“" and found.dimension in ("count", "duration")
    return quoted or here.quoted(found.end)


def _counts(here: Spot, found: Quantity) -> bool:
    """Whether the amount counts: 一个 is an article but for 一个多, 一个以上; 百户 is a manner of
    speaking but for 每百户, 达到百户; 个五年规划 and 百年 are no lengths of time."""
    exact = found.bound == "="
    if found.dimension == "duration":
        of_plan = here.left == "个" and here.text.startswith(words.plan, found.end)
        return not of_plan and here.run not in POWERS[1:4]
    if here.run == "一" and found.dimension == "count":
        return not (exact or found.text.endswith("余"))
    of_many = found.unit in words.people and here.run in POWERS[1:4]
    return not (of_many and exact) or here.before(2).endswith(words.counted)


_decided = in_order(
    Decision(read_ordinal, left="第"),
    # Before all else that looks at the numeral: noise is not parsed.
    Decision(lambda here: here.end - here.start > _LONGEST_RUN, "unparsed", lengths=(6,)),
    # Before phrases: 十分之一 is not 十分.
    Decision(_part, right="分"),
    # Before phrases: 一元二角 is not 一元.
    Decision(lambda here: here.followed(_AND_CHANGE) and _amount(here), right="元"),
    # A fixed phrase wins over what its numeral alone would be: 一般, 百分点, 十分.
    Decision(_phrase),
    Decision(_place),
    # Before 零 alone, and before whole amounts: 四点七部 is not 四点.
    Decision(_with_decimals, right="点"),
    Decision(lambda here: here.run in words.nothing, "none", lengths=(1,)),
    Decision(_year, right=f"年至—-{CIRCLES}"),
    # Before amounts, since 半 is a part of so many words.
    Decision(_half),
    Decision(_doubled, right="番"),
    # Before dates and amounts: （三）, 一、 at the beginning of a line, 一是 and 二要 at that of a
    # clause.
    Decision(always, "enumerator", "（(", "）)", (1, 2, 3)),
    Decision(lambda here: opens_line(here.text, here.start), "enumerator", "", "、.．", (1, 2, 3)),
    Decision(
        lambda here: here.followed(pattern.listed),
        *("enumerator", "。；;：:，,\n \u3000—", "是要", (1, 2, 3)),
    ),
    # Before amounts: 五日 behind 月, 三月 and 四季度, which last nothing; not 三个季度.
    Decision(always, "date", "月", "日"),
    Decision(
        lambda here: here.left != "个" and here.followed(pattern.month), "date", right="月季年"
    ),
    Decision(_big, right="大", lengths=(1, 2)),
    Decision(_either, right="、", lengths=(1,)),
    # Behind years and list numbers; a number said digit by digit is a name: 五二三厂, 一一九.
    Decision(lambda here: not set(here.run) & _NOT_BY_DIGIT, "name", lengths=(3, 4, 5, 6)),
    Decision(_amount),
)
"""What a Chinese numeral may be, in the order in which it is asked."""
