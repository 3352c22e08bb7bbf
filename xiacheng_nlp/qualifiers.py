"""Numbers that state nothing of their own: ages, durations, thresholds, capacities, groups, enumerations."""

import re

from xiacheng_nlp.amounts import Quantity
from xiacheng_nlp.clauses import patterns, strip_lead, vocabulary

_DURATION_NAME = re.compile("(?:年限|时限|时间|天数|周期|寿命|工期|时长|用时|期限|日数|时效)(?:[^，,。；;]{0,8})$")
_PLACE = re.compile("^[^，,。；;、]{0,8}(?:[（(][^（()）]*[)）])?$")
_NO_THING = re.compile(
    "方面|重点(?:[，,。；;、]|$)|问题|目标|环节|关键|阶段|层面|原则|要求|坚持|确保|更加|必须|突出|着力|聚焦|转变|任务|根本|围绕|结合|文明|统筹|维护|确立|意识|自信|月来|世纪"
)
_PROJECT = re.compile("^[^，,。；;、]{1,20}(?:项目|工程|生产线|机组|码头|泊位)")
_DURATION_CHANGE = re.compile("(?:压缩|缩短|减少|延长)(?:到|至|为)$")
_CAPACITY = re.compile("(?:年|月|日)(?:产|处理|加工|供|消纳|发电)$")
_AT_A_RATE = re.compile("(?:以|按|按照|占)[^，,。；;]{0,6}$")
_ONE_OF = re.compile("[^，,。；;]{1,16}(?:之一|(?<![其集])中(?=率先|首|唯|第|脱颖|排|居|位列|名列|有|占|$))")
_HAN_NUMERALS = "一二两三四五六七八九十"
_WITHIN_NAME = re.compile("[^，,。；;、和]{1,6}")
_WITH = re.compile("完成|开园|竣工|建成|投用|落地|获|入选|列入|纳入|实现|开工|搬迁")
_SEVERAL = "两二三四五六七八九十"
_AIM = re.compile("目标|任务|规模")
_OF_SEVERAL = re.compile("[两二三四五六七八九十]+(?:个|大|项)")
_MEASURES = frozenset({"money", "length", "area", "volume", "mass", "energy", "power", "data", "voltage"})


def qualifier_rule(quantity: Quantity, left: str, right: str, following: Quantity | None, before: str) -> str | None:
    """The name of the rule by which a number qualifies and states nothing; None where it states something."""
    if left.endswith(("每", "平均每")) and quantity.kind != "rank":
        return "qualifier-per"
    if quantity.kind == "duration":
        return None if _DURATION_NAME.search(left) or _DURATION_CHANGE.search(left) else "qualifier-duration"
    if quantity.dimension == "age" and "寿命" not in before and "年龄" not in before:
        return "qualifier-age"
    if quantity.kind == "rank":
        return "qualifier-first-of-its-kind" if quantity.text[-1] in "家个座条所" else None
    if quantity.unit == "方面" and (not right or right.startswith(("工作", "内容", "重点", "任务"))):
        return "qualifier-headed-list"
    if quantity.unit.endswith("级") or right.startswith("级"):
        return "qualifier-class"
    if following is not None and following.kind == "rank" and _PLACE.match(right) and quantity.dimension == "count":
        return "qualifier-group-of-rank"
    if left.endswith("前") and quantity.unit in ("位", "名"):
        return "qualifier-top-group"
    nominal = bool(right) and is_nominal(right, quantity)
    if following is not None and quantity.dimension in _MEASURES and right.endswith("等"):
        return "qualifier-capacity"
    if nominal and _CAPACITY.search(left):
        return "qualifier-capacity"
    if nominal and quantity.dimension in _MEASURES and not strip_lead(left) and _PROJECT.search(right):
        return "qualifier-capacity"
    if (
        following is not None
        and quantity.dimension == "count"
        and quantity.text[0] in _HAN_NUMERALS
        and left
        and nominal
        and _WITHIN_NAME.fullmatch(right)
    ):
        return "qualifier-within-name"
    if (
        quantity.bound in (">", ">=")
        and quantity.dimension == "money"
        and nominal
        and following is not None
        and following.dimension == "count"
    ):
        return "qualifier-threshold"
    if quantity.text[0] in "百千万亿十" and nominal and quantity.dimension == "money":
        return "qualifier-threshold"
    if (
        quantity.dimension in _MEASURES
        and quantity.text.endswith(("以上", "以下", "以内"))
        and is_nominal(right.removeprefix("的"), quantity)
        and not patterns().change_last.search(left)
    ):
        return "qualifier-threshold"
    if quantity.dimension in ("count", "") and _NO_THING.match(right) and quantity.unit in ("个", "项", "大", "", "条", "种"):
        return "qualifier-headed-list"
    if quantity.dimension == "count" and ("之一" in right or "中" in right) and _ONE_OF.match(right):
        return "qualifier-one-of"
    if left.endswith("连续") and quantity.dimension == "count":
        return "qualifier-repeated"
    if right.startswith("的") and (
        (following is not None and right in ("的有", "的达", "的共", "的为", "的占", "的共有"))
        or (
            quantity.bound in (">", ">=")
            and not set("多余") & set(quantity.text)
            and quantity.dimension != "ratio"
            and is_nominal(right[1:], quantity)
            and len(right) > 1
            and following is None
        )
    ):
        return "qualifier-threshold"
    if left.endswith("把") and nominal:
        return "qualifier-restriction"
    if (
        right.startswith("的")
        and quantity.dimension in _MEASURES
        and is_nominal(right[1:], quantity)
        and len(right) > 1
        and (following is None or "、" in right)
        and not _AIM.search(right)
    ):
        return "qualifier-restriction"
    stripped = strip_lead(left)
    if (
        quantity.dimension == "count"
        and quantity.unit in ("个", "项", "件", "条", "种")
        and quantity.text[0] in _HAN_NUMERALS
        and quantity.value is not None
        and quantity.value <= 10
        and nominal
        and not (patterns().change.search(stripped) or patterns().achieve.search(stripped) or _WITH.search(right))
        and not right.startswith(("民生", "实事"))
    ):
        return "qualifier-enumeration"
    if stripped in vocabulary("preposition") and nominal:
        return "qualifier-restriction"
    if (
        right.startswith("的")
        and quantity.dimension in _MEASURES | {"ratio"}
        and _AT_A_RATE.search(left)
        and not left.endswith("占")
        and "占" not in left
    ):
        return "qualifier-restriction"
    return None


def is_nominal(right: str, quantity: Quantity) -> bool:
    """Whether what stands behind a number is the noun it counts, not a new predicate or the next member of a list."""
    if not right or (right[0] in _SEVERAL and _OF_SEVERAL.match(right)):
        return False
    if right[0] in "、和及与等，,；;。：:！!？?）)”\n —…且并 ":
        return False
    if right[0] == "的":
        return quantity.dimension in ("count", "ratio") and len(right) > 1
    return right[0] not in patterns().verbal_begins or patterns().verbal.match(right) is None or patterns().nominal.match(right) is not None
