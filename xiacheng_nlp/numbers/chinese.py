"""What a Chinese numeral is: an amount, a part, a date, a list number, a title or no number at
all."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.numbers.amounts import Quantity, in_quotes, opens_line, read_amount
from xiacheng_nlp.numbers.numerals import YEAR, han_decimal, parse_han, tidy
from xiacheng_nlp.numbers.ordinals import BIG, read_ordinal
from xiacheng_nlp.numbers.units import (
    HALF,
    bound_after,
    bound_before,
    unit_at,
    unit_behind,
    unit_table,
)

HAN = "零〇○一二两三四五六七八九十百千万亿几数半"
_PARTS = re.compile(
    "(百|千|万|[二三四五六七八九十]+)分之([一二三四五六七八九十百零两几]+(?:点[零〇○一二三四五六七八九]+)?)(?:[至到—-]([一二三四五六七八九十百零]+(?:点[零〇○一二三四五六七八九]+)?))?"
)
_HAN_YEAR = re.compile(f"{YEAR}(?=年|[—-]|至)")
DATE_TAIL = re.compile(
    "月份?(?!球|饼)|日(?!均|截)|号(?=[，,。；、上下至]|举行|召开)|季度|年代|月底|月初"
)
DATE_BEGINS = "月日号季年"
"""The characters that DATE_TAIL begins with: nothing else needs the pattern."""
_CONCRETE = re.compile(
    "[^，,。；;“”、]{0,10}?(?:园区|集群|聚集区|集聚区|开发区|功能区|市场|商圈|基地|综合体|公园|机场|港区|电站|水库|医院|学校|场馆|中心)(?!建设|工程|行动)"
)
_HEADWORD = re.compile("[^，,。；;：:\n]{1,10}[：:]指?")
_DECIMALS = re.compile("点[零〇○一二三四五六七八九]{1,4}(?![零〇○一二两三四五六七八九十百千])")
_ENDS = re.compile(r"$|[，,。；;、：:）)\s的以]")
_HALVES = frozenset("上下前后大小老多")
"""What makes 半 a part of a word or of a less certain length: 上半年, 大半天."""
_LONGEST_RUN = 40


@cache
def _fixed() -> dict[str, tuple[tuple[int, re.Pattern[str], dict[str, str]], ...]]:
    """Fixed phrases by the numeral in them: where the numeral stands in the phrase, the phrases,
    the class of each."""
    phrases: dict[str, dict[int, dict[str, str]]] = {}
    for row in read_table(
        packaged("numbers/numeral_words.tsv"),
        columns=("word", "class"),
        optional=("note",),
        key="word",
    ):
        if row["class"] not in ("name", "none", "date"):
            raise row.error("class must be name, none or date", "class")
        for place, c in enumerate(row["word"]):
            if c in HAN:
                phrases.setdefault(c, {}).setdefault(place, {})[row["word"]] = row["class"]
    return {
        c: tuple(
            (place, re.compile("|".join(sorted(words, key=lambda word: (-len(word), word)))), words)
            for place, words in sorted(places.items())
        )
        for c, places in phrases.items()
    }


def read_han(text: str, start: int, end: int) -> Quantity:
    """What the run of Chinese numerals at `start` to `end` is; the quantity may end before it or
    reach beyond."""
    if (
        end - start > 1
        and text[end - 2] in "十百万亿"
        and (unit := unit_at(text, end - 1)) is not None
        and len(unit.name) > 1
    ):
        # 五百万千瓦 is five million kilowatts: the last character belongs to the unit.
        end -= 1
    run = text[start:end]
    left = text[start - 1] if start else "\n"
    right = text[end] if end < len(text) else "\n"
    if left == "第":
        return read_ordinal(text, start, end, run)
    if end - start > _LONGEST_RUN:
        return Quantity(start, end, run, "unparsed")
    for place, pattern, kinds in _fixed().get(run[0], ()):
        phrase = pattern.match(text, start - place) if start >= place else None
        if phrase and not (phrase.end() < end and text[phrase.end()] in "百千万亿"):
            stop = max(start + 1, min(end, phrase.end()))
            return Quantity(start, stop, text[start:stop], kinds[phrase[0]])
    if run in ("数", "几", "零"):
        return Quantity(start, end, run, "none")
    part = _PARTS.match(text, start) if right == "分" else None
    if part:
        return _part(text, part)
    if run[0] in "一二" and (year := _HAN_YEAR.match(text, start)):
        return Quantity(start, year.end(), year[0], "date")
    if "半" in run:
        return _half(text, start, end, run)
    if right == "番" and re.search("翻了?$", text[max(0, start - 2) : start]):
        return _doubling(text, start, end, run)
    enumerator = _han_enumerator(text, start, end, left, right)
    if enumerator:
        return enumerator
    if right in DATE_BEGINS and right not in "日号" and DATE_TAIL.match(text, end) and left != "个":
        return Quantity(start, end, run, "date")
    if right == "日" and (left == "月" or re.search("月$", text[max(0, start - 1) : start])):
        return Quantity(start, end, run, "date")
    if right == "大" and len(run) <= 2 and BIG.match(text, end):
        return _big(text, start, end, run)
    if len(run) == 1 and right == "、" and (pair := _either(text, start, end)):
        return pair
    if len(run) > 2 and not set(run) & set("十百千万亿几数半"):
        return Quantity(start, end, run, "name")
    if right == "点" and (decimal := _with_decimals(text, start, end, run)):
        return decimal
    amount = read_amount(text, start, end, None)
    if amount is not None and amount.unit and _counts(text, amount, run, left):
        return amount
    return Quantity(start, end, run, _unit_less(text, start, end, run))


def _either(text: str, start: int, end: int) -> Quantity | None:
    """两、三倍: the one or the other."""
    span = parse_han(text[start] + text[end + 1 : end + 2])
    if span is None or span.high is None:
        return None
    amount = read_amount(text, end + 1, end + 2, None)
    if (
        amount is None
        or not amount.unit
        or amount.unit in ("级", "期")
        or (amount.dimension == "duration" and amount.unit not in ("年", "个月", "天"))
    ):
        return None
    low = span.value
    base = (
        None
        if amount.value_base is None or not amount.value
        else low * amount.value_base / amount.value
    )
    return replace(
        amount,
        start=start,
        text=text[start : amount.end],
        value=low,
        value_high=amount.value,
        value_base=base,
        value_base_high=amount.value_base,
    )


def _with_decimals(text: str, start: int, end: int, run: str) -> Quantity | None:
    """四点七部 is 4.7; 三点意见 are three points."""
    fraction = _DECIMALS.match(text, end)
    whole = parse_han(run)
    if fraction is None or whole is None or whole.magnitude or whole.high is not None or whole.open:
        return None
    unit, stop = unit_behind(text, fraction.end(), True)
    value = han_decimal(run + fraction[0])
    if unit is None or value is None or unit.name == "点":
        return None
    stop, bound = bound_after(text, stop, bound_before(text, start))
    kind = "duration" if unit.dimension == "duration" else "quantity"
    base = value * unit.factor
    return Quantity(
        start,
        stop,
        text[start:stop],
        kind,
        value,
        None,
        unit.name,
        bound,
        base,
        None,
        unit.base,
        unit.dimension,
    )


def _counts(text: str, amount: Quantity, run: str, left: str) -> bool:
    """Whether a Chinese numeral with a unit behind it counts something, and is not an article (一个),
    a slogan or a title."""
    if run in ("亿", "万") and amount.bound == "=":
        return False
    if text[amount.end : amount.end + 1].isdigit():
        return False
    if amount.unit in ("次", "届") and text.startswith(
        ("全会", "会议", "党代会", "代表大会", "常委"), amount.end
    ):
        return False
    if (
        amount.dimension == "count"
        and opens_line(text, amount.start, listed=True)
        and _HEADWORD.match(text, amount.end)
    ):
        return False
    if (left == "“" and amount.dimension in ("count", "duration")) or in_quotes(
        text, amount.start, amount.end
    ):
        return False
    if amount.dimension == "duration":
        if text[max(0, amount.start - 1) : amount.start] == "个" and text.startswith(
            ("计划", "规划"), amount.end
        ):
            return False
        return not (
            amount.unit == "年" and text[amount.end : amount.end + 1] in ("级", "龄", "限")
        ) and run not in ("百", "千", "万")
    if run == "一" and amount.dimension == "count":
        return text.startswith("或", amount.end - 3) or (
            amount.bound != "=" and not amount.text.endswith("余")
        )
    if amount.unit in ("人", "家", "户", "件", "条") and run in ("百", "千", "万"):
        return (
            amount.bound != "="
            or left in "每上达"
            or text[max(0, amount.start - 2) : amount.start] == "达到"
        )
    return True


def _unit_less(text: str, start: int, end: int, run: str) -> str:
    if run[0] == "一" and len(run) == 1 and not in_quotes(text, start, end):
        return "none"
    return "name"


def _han_enumerator(text: str, start: int, end: int, left: str, right: str) -> Quantity | None:
    short = end - start <= 3
    if short and left in "（(" and right in "）)":
        return Quantity(start, end, text[start:end], "enumerator")
    if short and right in "、.．" and opens_line(text, start):
        return Quantity(start, end, text[start:end], "enumerator")
    if (
        short
        and right in "是要"
        and left in "。；;：:，,\n \u3000—"
        and text[end + 1 : end + 2] not in "求"
    ):
        return Quantity(start, end, text[start:end], "enumerator")
    return None


def _big(text: str, start: int, end: int, run: str) -> Quantity:
    """三大创新园区 counts things that one can visit; 四大战略 is a title, and so is what sums up a list
    (A、B等三大产业)."""
    numeral = parse_han(run)
    if (
        numeral
        and run != "一"
        and _CONCRETE.match(text, end + 1)
        and text[start - 1 : start] != "等"
        and not in_quotes(text, start, end)
    ):
        return Quantity(
            start,
            end,
            run,
            "quantity",
            numeral.value,
            numeral.high,
            "",
            "=",
            numeral.value,
            numeral.high,
        )
    return Quantity(start, end, run, "name")


def _part(text: str, match: re.Match[str]) -> Quantity:
    """百分之八 is 8 %, 千分之五 5 ‰, 三分之一 a third of the whole."""
    whole, low, high = match[1], han_decimal(match[2]), han_decimal(match[3]) if match[3] else None
    start, end = match.span()
    if low is None:
        return Quantity(start, end, match[0], "unparsed")
    bound = bound_before(text, start)
    end, bound = bound_after(text, end, bound)
    unit = {"百": "%", "千": "‰", "万": "‱"}.get(whole, "")
    if unit:
        factor = unit_table()[0][unit].factor if unit in unit_table()[0] else Decimal("0.01")
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
    return Quantity(
        start, end, text[start:end], "quantity", ratio, None, "", bound, ratio, None, "", "ratio"
    )


def _half(text: str, start: int, end: int, run: str) -> Quantity:
    """一半, 半数 and 过半 are half of a whole; 半年, 半个多月 and 半小时 last half as long."""
    left = text[start - 1 : start]
    if run in ("一半", "半数") or (run == "半" and left == "过" and _ENDS.match(text, end)):
        end, bound = bound_after(text, end, bound_before(text, start))
        return Quantity(
            start, end, text[start:end], "quantity", HALF, None, "", bound, HALF, None, "", "ratio"
        )
    if (
        run == "半"
        and text.startswith("月", end)
        and text[end + 1 : end + 2] not in ("刊", "谈", "板")
    ):
        return Quantity(
            start,
            end + 1,
            text[start : end + 1],
            "duration",
            HALF,
            None,
            "月",
            bound_before(text, start),
            HALF,
            None,
            "个月",
            "duration",
        )
    amount = (
        read_amount(text, start, end, None)
        if run == "半" and left not in _HALVES and not in_quotes(text, start, end)
        else None
    )
    if amount is not None and (amount.kind == "duration" or amount.unit in ("个百分点", "倍")):
        return amount
    return Quantity(start, end, run, "none")


def _doubling(text: str, start: int, end: int, run: str) -> Quantity:
    """翻一番 is twice as much, 翻两番 four times."""
    numeral = parse_han(run)
    first = start - (2 if text[start - 1] == "了" else 1)
    if numeral is None or numeral.value > 10:
        return Quantity(start, end, run, "unparsed")
    value = Decimal(2) ** int(numeral.value)
    return Quantity(
        first,
        end + 1,
        text[first : end + 1],
        "quantity",
        value,
        None,
        "倍",
        bound_before(text, first),
        value,
        None,
        "倍",
        "ratio",
    )
