"""Ordinals: a place in a ranking (第一, 首位), a list number (第一，), or part of a name (第十四届)."""

import re
from decimal import Decimal

from xiacheng_nlp.numbers.amounts import Quantity, in_quotes, opens_clause
from xiacheng_nlp.numbers.numerals import parse_arabic, parse_han

_RANK_BEFORE = re.compile(
    "(?:居|列|排|位|获|夺|荣|得|进|蝉联|并列|保持|跃升|上升|升至|全[国省市县区州球旗军]|世界|亚洲|地区|城区|区县|省份|同类|总分|同期|行业|团体|名次|国内|省内|市内|首位|各市|各县|位次|增幅|增速|总量)[^，,。；;]{0,4}$"
)
_RANK_VERB = re.compile("(?:居|列|排|位|获|夺|得|跃升|上升|升至)[^，,。；;]{1,18}$")
_RANK_END = re.compile(r"位(?!一体|数)|名(?!额|单|义)")
RANK_WORD = re.compile("首位|榜首")
_CHANGED_TO = re.compile("(?:上升|跃升|提升|攀升|前移|升|跃|进|下降|回落|后移|退|降)(?:到|至|为)")
_TOP_BEFORE = re.compile("(?:居|列|排|保持|夺得|位|占据|蝉联|跃升)[^，,。；;]{0,12}$")
_NOT_TOP = re.compile("[摆放置]在[^，,。；;]{0,4}$")
BIG = re.compile("大(?!关|于|幅|量|多|力|批|约|家|小|都|部|型|规|众)")
_BEFORE_LENGTH = 12


def top_rank(text: str, start: int, end: int) -> Quantity | None:
    """首位 or 榜首 at `start` to `end` as the first rank; None where nothing is ranked."""
    before = text[max(0, start - 16) : start]
    if (
        _TOP_BEFORE.search(before)
        and not _NOT_TOP.search(before)
        and text[end : end + 1] not in ("度", "产", "城", "经")
    ):
        return Quantity(start, end, text[start:end], "rank", Decimal(1), value_base=Decimal(1))
    return None


def read_ordinal(text: str, start: int, end: int, digits: str) -> Quantity:
    """What 第 and the digits at `start` to `end` are: a rank, a list number or part of a name; the
    quantity begins with 第."""
    first = start - 1
    numeral = (
        parse_han(digits)
        if not digits[0].isdigit() or digits[0] in "零一二三四五六七八九十百"
        else None
    )
    value = numeral.value if numeral else parse_arabic(digits)
    after = text[end : end + 1]
    before = text[max(0, first - _BEFORE_LENGTH) : first]
    if value is None:
        return Quantity(first, end, text[first:end], "unparsed")
    if opens_clause(text, first) and after in "，,、：:":
        return Quantity(first, end, text[first:end], "enumerator")
    tail = _RANK_END.match(text, end)
    ranked = bool(_RANK_BEFORE.search(before))
    if tail and not ranked:
        ranked = bool(_RANK_VERB.search(text[max(0, first - 20) : first]))
    if tail and ranked:
        return Quantity(
            first, tail.end(), text[first : tail.end()], "rank", value, value_base=value
        )
    ends = (
        not after
        or after in "，,。；;、：:）)”\n 和及并且的"
        or BIG.match(text, end)
        or _CHANGED_TO.match(text, end)
    )
    if ranked and ends and not in_quotes(text, first, end):
        return Quantity(first, end, text[first:end], "rank", value, value_base=value)
    if (
        after in "家个座条所"
        and ranked
        and after
        and not text.startswith("个五年", end)
        and not in_quotes(text, first, end)
    ):
        return Quantity(first, end + 1, text[first : end + 1], "rank", value, value_base=value)
    return Quantity(first, end, text[first:end], "name")
