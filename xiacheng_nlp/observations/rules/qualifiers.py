"""Numbers that state nothing of their own: ages, durations, thresholds, capacities, groups,
enumerations."""

import re
from collections.abc import Callable, Container
from typing import NamedTuple

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import patterns, strip_lead, vocabulary

_DURATION_NAME = re.compile(
    "(?:年限|时限|时间|天数|周期|寿命|工期|时长|用时|期限|日数|时效)(?:[^，,。；;]{0,8})$"
)
_PLACE = re.compile("^[^，,。；;、]{0,8}(?:[（(][^（()）]*[)）])?$")
_NO_THING = re.compile(
    "方面|重点(?:[，,。；;、]|$)|问题|目标|环节|关键|阶段|层面|原则|要求|坚持|确保|更加|必须|突出|着力|聚焦|转变|任务|根本|围绕|结合|文明|统筹|维护|确立|意识|自信|月来|世纪"
)
_PROJECT = re.compile("^[^，,。；;、]{1,20}(?:项目|工程|生产线|机组|码头|泊位)")
_DURATION_CHANGE = re.compile("(?:压缩|缩短|减少|延长|提高|增加|提升|降低|调整)(?:到|至|为)$")
_CAPACITY = re.compile("(?:年|月|日)(?:产|处理|加工|供|消纳|发电)$")
_AT_A_RATE = re.compile("(?:以|按|按照|占)[^，,。；;]{0,6}$")
_ONE_OF = re.compile(
    "[^，,。；;]{1,16}(?:之一|(?<![其集])中(?=率先|首|唯|第|脱颖|排|居|位列|名列|有|占|$))"
)
_HAN_NUMERALS = "一二两三四五六七八九十"
_WITHIN_NAME = re.compile("[^，,。；;、和]{1,6}")
_WITH = re.compile("完成|开园|竣工|建成|投用|落地|获|入选|列入|纳入|实现|开工|搬迁")
_SEVERAL = "两二三四五六七八九十"
STEPPING = re.compile(
    "(?:接连|连续|先后|实现|成功)*(?:跨越|跨过|连跨|连上|跃上|迈上|登上|突破|跨)了?$"
)
_LIMITED = re.compile("(?:以上|以下|以内)$")
_SHORTER = re.compile("(?:平均)?(?:缩短|压缩|延长)了?[约近]?")
_MADE = re.compile("(?:压缩|缩短|延长|提高|增加|降低|提升)(?:到|至|为)")
_AIM = re.compile("目标|任务|规模")
MERGED = re.compile(
    "(?P<noun>[^，,。；;、0-9]{1,16}?)(?:整合|合并|撤并|归并|调整|优化|精简|压减|压缩|缩减|减少|减|增加|增|扩大|扩)(?:成|为|到|至)"
)
"""How many there were, and to how many they were made: 12所学校整合为 (3所)."""
_OF_SEVERAL = re.compile("[两二三四五六七八九十]+(?:个|大|项)")
_MEASURES = frozenset(
    {"money", "length", "area", "volume", "mass", "energy", "power", "data", "voltage"}
)


class _Number(NamedTuple):
    """A number between what stands left and right of it in its clause, before the next number of
    the clause."""

    quantity: Quantity
    left: str
    right: str
    following: Quantity | None
    before: str
    nominal: bool
    """Whether the noun that it counts stands right of it."""
    stripped: str
    """What stands left of it, without the words that a clause begins with."""

    @property
    def small_han(self) -> bool:
        return self.quantity.text[0] in _HAN_NUMERALS

    def counts(self, units: Container[str]) -> bool:
        return self.quantity.dimension == "count" and self.quantity.unit in units


def _per(n: _Number) -> bool:
    """每千人: what another number is measured by."""
    return n.left.endswith("每")


def _duration(n: _Number) -> bool:
    """三年行动, but not 工期三年 or 压缩到三天."""
    if _DURATION_NAME.search(n.left) or _DURATION_CHANGE.search(n.left):
        return False
    changed = (
        n.following is not None
        and n.following.kind == "duration"
        and _MADE.match(n.right)
        and ("由" in n.left or "从" in n.left)
    )
    return not changed and not _SHORTER.fullmatch(n.left.strip())


def _age(n: _Number) -> bool:
    """65岁以上老年人, but not 人均预期寿命达到80岁."""
    return n.quantity.dimension == "age" and "寿命" not in n.before and "年龄" not in n.before


def _first_of_its_kind(n: _Number) -> bool:
    """全国第5个突破3000公里的省份: not a place in a ranking."""
    return n.quantity.text[-1] in "家个座条所"


def _headed_list(n: _Number) -> bool:
    """八个方面的工作: how many points follow."""
    return n.quantity.unit == "方面" and (
        not n.right
        or n.right.startswith(("工作", "内容", "重点", "任务"))
        or n.left.endswith(("在", "从", "围绕"))
    )


def _class(n: _Number) -> bool:
    """百亿级产业集群, 30万吨级航道."""
    return n.quantity.unit.endswith("级") or n.right.startswith("级")


def _group_of_rank(n: _Number) -> bool:
    """5项主要指标居全市第一: how many share the rank."""
    return (
        n.following is not None
        and n.following.kind == "rank"
        and n.quantity.dimension == "count"
        and bool(_PLACE.match(n.right))
    )


def _step(n: _Number) -> bool:
    """连跨三个百亿台阶: how many round numbers were passed, and which."""
    counted = n.following is not None and not n.right and STEPPING.search(n.left) is not None
    return counted or (n.left.endswith("个") and n.right.startswith(("台阶", "大关", "关口")))


def _top_group(n: _Number) -> bool:
    """前3位: a place among the first, not a count."""
    return n.left.endswith("前") and n.quantity.unit in ("位", "名")


def _capacity(n: _Number) -> bool:
    """年产2万吨稻米油, 20万吨磷酸铁项目, 3座110千伏变电站: how large what is named is."""
    measured = n.quantity.dimension in _MEASURES
    return (
        (measured and n.nominal and not n.left and bool(n.before))
        or (n.following is not None and measured and n.right.endswith("等"))
        or (n.nominal and bool(_CAPACITY.search(n.left)))
        or (n.nominal and measured and not n.stripped and bool(_PROJECT.search(n.right)))
    )


def _within_name(n: _Number) -> bool:
    """残疾人两项补贴2126万元: a part of the name of what the next number counts."""
    return (
        n.following is not None
        and n.quantity.dimension == "count"
        and n.small_han
        and bool(n.left)
        and n.nominal
        and bool(_WITHIN_NAME.fullmatch(n.right))
    )


def _threshold(n: _Number) -> bool:
    """超亿元项目30个, 亿元企业, 50万元以上的经济强村: how large each at least is of what is counted."""
    money = n.quantity.dimension == "money" and n.nominal
    counted = n.following is not None and n.following.dimension == "count"
    return (
        (money and counted and n.quantity.bound in (">", ">="))
        or (
            counted
            and not n.right
            and n.quantity.dimension in _MEASURES
            and n.quantity.bound in (">", ">=", "<=")
        )
        or (
            counted
            and _LIMITED.search(n.quantity.text) is not None
            and n.nominal
            and _WITHIN_NAME.fullmatch(n.right) is not None
        )
        or (money and n.quantity.text[0] in "百千万亿十")
        or (
            n.quantity.dimension in _MEASURES
            and n.quantity.text.endswith(("以上", "以下", "以内"))
            and is_nominal(n.right.removeprefix("的"), n.quantity)
            and not patterns().change_last.search(n.left)
        )
    )


def _points(n: _Number) -> bool:
    """三个重点, 两项原则: points that follow or are known, no things."""
    return (
        n.quantity.dimension in ("count", "")
        and n.quantity.unit in ("个", "项", "大", "", "条", "种")
        and bool(_NO_THING.match(n.right))
    )


def _one_of(n: _Number) -> bool:
    """全省27个试点县之一: the group that one belongs to."""
    return (
        n.quantity.dimension == "count"
        and ("之一" in n.right or "中" in n.right)
        and bool(_ONE_OF.match(n.right))
    )


def _repeated(n: _Number) -> bool:
    """连续10次."""
    return n.left.endswith("连续") and n.quantity.dimension == "count"


def _relative_threshold(n: _Number) -> bool:
    """超1000万元的有26家, 超过3000公里的省份."""
    return n.right.startswith("的") and (
        (n.following is not None and n.right in ("的有", "的达", "的共", "的为", "的占", "的共有"))
        or (
            n.following is not None
            and n.following.dimension == "count"
            and n.quantity.bound in (">", ">=")
            and "、" not in n.right
        )
        or (
            n.following is None
            and n.quantity.bound in (">", ">=")
            and not set("多余") & set(n.quantity.text)
            and n.quantity.dimension != "ratio"
            and len(n.right) > 1
            and is_nominal(n.right[1:], n.quantity)
        )
    )


def _restriction(n: _Number) -> bool:
    """把三分之一的企业 …, 总投资4亿元的项目: which things are meant; not 把12所学校整合为3所, which tells how many there
    were."""
    return (
        n.left.endswith("把") and n.nominal and not (n.following and MERGED.fullmatch(n.right))
    ) or (
        n.right.startswith("的")
        and n.quantity.dimension in _MEASURES
        and len(n.right) > 1
        and is_nominal(n.right[1:], n.quantity)
        and (n.following is None or "、" in n.right)
        and not _AIM.search(n.right)
    )


def _enumeration(n: _Number) -> bool:
    """前海两个区域, 三种方式: so few that they are named, not counted; not 建成两个中心."""
    return (
        n.counts(("个", "项", "件", "条", "种"))
        and n.small_han
        and n.quantity.value is not None
        and n.quantity.value <= 10
        and n.nominal
        and not (
            patterns().change.search(n.before)
            or patterns().achieve.search(n.stripped)
            or _WITH.search(n.right)
        )
        and not n.right.startswith(("民生", "实事"))
    )


def _adverbial(n: _Number) -> bool:
    """在12个社区 …, 以年均10%的速度: where or how, not how much."""
    return (n.nominal and n.stripped in vocabulary("preposition")) or (
        n.right.startswith("的")
        and n.quantity.dimension in _MEASURES | {"ratio"}
        and "占" not in n.left
        and bool(_AT_A_RATE.search(n.left))
    )


_AMOUNT = frozenset({"quantity"})


class _Rule(NamedTuple):
    name: str
    holds: Callable[[_Number], bool]
    kinds: frozenset[str] = _AMOUNT
    """The kinds of numbers that it looks at."""


RULES = (
    _Rule("qualifier-per", _per, _AMOUNT | {"duration"}),
    _Rule("qualifier-duration", _duration, frozenset({"duration"})),
    _Rule("qualifier-age", _age),
    _Rule("qualifier-first-of-its-kind", _first_of_its_kind, frozenset({"rank"})),
    _Rule("qualifier-headed-list", _headed_list),
    _Rule("qualifier-class", _class),
    _Rule("qualifier-group-of-rank", _group_of_rank),
    _Rule("qualifier-step", _step),
    _Rule("qualifier-top-group", _top_group),
    _Rule("qualifier-capacity", _capacity),
    _Rule("qualifier-within-name", _within_name),
    _Rule("qualifier-threshold", _threshold),
    _Rule("qualifier-headed-list", _points),
    _Rule("qualifier-one-of", _one_of),
    _Rule("qualifier-repeated", _repeated),
    _Rule("qualifier-threshold", _relative_threshold),
    _Rule("qualifier-restriction", _restriction),
    _Rule("qualifier-enumeration", _enumeration),
    _Rule("qualifier-restriction", _adverbial),
)
"""The rules by which a number qualifies and states nothing, in order: the first that holds gives
its name.

A name may stand for several constructions."""
_OF_KIND = {
    kind: tuple(rule for rule in RULES if kind in rule.kinds)
    for kind in ("quantity", "duration", "rank")
}


def qualifier_rule(
    quantity: Quantity, left: str, right: str, following: Quantity | None, before: str
) -> str | None:
    """The name of the rule by which a number qualifies and states nothing; None where it states
    something."""
    amount = quantity.kind == "quantity"
    nominal = amount and bool(right) and is_nominal(right, quantity)
    number = _Number(
        quantity, left, right, following, before, nominal, strip_lead(left) if amount else ""
    )
    for rule in _OF_KIND[quantity.kind]:
        if rule.holds(number):
            return rule.name
    return None


def is_nominal(right: str, quantity: Quantity) -> bool:
    """Whether what stands behind a number is the noun it counts, not a new predicate or the next
    member of a list."""
    if not right or (right[0] in _SEVERAL and _OF_SEVERAL.match(right)):
        return False
    if right[0] in "、和及与等，,；;。：:！!？?）)”\n —…且并 " or right.startswith(
        ("（其中", "(其中")
    ):
        return False
    if right[0] == "的":
        return quantity.dimension in ("count", "ratio") and len(right) > 1
    return (
        right[0] not in patterns().verbal_begins
        or patterns().verbal.match(right) is None
        or patterns().nominal.match(right) is not None
    )
