"""Numbers that state nothing of their own: ages, durations, thresholds, capacities, groups,
enumerations."""

import re
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.numbers.arabic import JOINTS
from xiacheng_nlp.observations.names import strip_lead
from xiacheng_nlp.observations.reading import is_nominal
from xiacheng_nlp.observations.vocabulary import ends, pattern, words

_HAN_NUMERALS = frozenset("一二两三四五六七八九十")
_ROUND = frozenset("十百千万亿")
_MANY = 20
"""So many points are counted, and not listed."""
_SIZES = frozenset({"length", "area", "volume", "mass", "count"})
_MEASURES = frozenset(
    {"money", "length", "area", "volume", "mass", "energy", "power", "data", "voltage"}
)


@dataclass(slots=True)
class _Number:
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

    @property
    def measured(self) -> bool:
        return self.quantity.dimension in _MEASURES

    @property
    def money(self) -> bool:
        return self.quantity.dimension == "money"

    @property
    def at_least(self) -> bool:
        return self.quantity.bound in (">", ">=")

    @property
    def limited(self) -> bool:
        return self.quantity.text.endswith(ends.limit_behind)

    @property
    def counted(self) -> bool:
        """Whether the next number counts something."""
        return self.following is not None and self.following.dimension == "count"

    @property
    def technical(self) -> bool:
        """Whether it tells how strong the machine or the plant behind it is."""
        return self.quantity.dimension in ("voltage", "power") and not (
            pattern.of_plant.match(self.right)
        )

    @property
    def invested(self) -> bool:
        """Whether it tells what is invested in a project that is named behind it."""
        return bool(
            self.money
            and not (self.at_least and self.counted)
            and pattern.invested.search(self.left)
            and pattern.of_project.match(self.right)
        )

    @property
    def spent(self) -> bool:
        """Whether it tells what is spent on the deed behind it."""
        return self.money and pattern.spent.fullmatch(self.stripped) is not None

    @property
    def told_by_deed(self) -> bool:
        """Whether it tells how much of what stands behind it is done, and not how large that is."""
        return deed_before(self.quantity, self.left) is not None

    @property
    def before_relative_noun(self) -> bool:
        return len(self.right) > 1 and is_nominal(self.right[1:], self.quantity.dimension)

    def counts(self, units: Container[str]) -> bool:
        return self.quantity.dimension == "count" and self.quantity.unit in units


def _per(n: _Number) -> bool:
    """每千人: what another number is measured by."""
    return n.left.endswith("每")


def _duration(n: _Number) -> bool:
    """三年行动, but not 工期三年 or 压缩到三天."""
    if n.right.startswith("的"):
        return True
    if pattern.duration_name.search(n.left) or pattern.duration_change.search(n.left):
        return False
    changed = (
        n.following is not None
        and n.following.kind == "duration"
        and pattern.made.match(n.right)
        and ("由" in n.left or "从" in n.left)
    )
    return not changed and not pattern.shorter.fullmatch(n.left.strip())


def _age(n: _Number) -> bool:
    """65岁以上老年人, but not 人均预期寿命达到80岁."""
    return "寿命" not in n.before and "年龄" not in n.before


def _first_of_its_kind(n: _Number) -> bool:
    """全国第5个突破3000公里的省份: not a place in a ranking."""
    return n.quantity.text.endswith(ends.kind_counter)


def _headed_list(n: _Number) -> bool:
    """八个方面的工作: how many points follow."""
    return n.quantity.unit == "方面" and (
        not n.right or n.right.startswith(ends.work) or n.left.endswith(ends.headed_by)
    )


def _class(n: _Number) -> bool:
    """百亿级产业集群, 30万吨级航道, 千亿、百亿级企业, 千亿县; not 百亿资金."""
    is_round = _ROUND.issuperset(n.quantity.text)
    listed = n.right == "、" and n.following is not None and (is_round or _told_of_each(n))
    named = is_round and n.nominal and n.quantity.text[-2:] in words.round_sum
    of_size = named and n.quantity.bound == "=" and not n.right.startswith(ends.money_noun)
    return n.quantity.unit.endswith("级") or n.right.startswith("级") or listed or of_size


def _told_of_each(n: _Number) -> bool:
    """12个百亿元、70个亿元项目: how large each of the counted is."""
    round_sum = _ROUND.issuperset(n.quantity.text.removesuffix("元"))
    return round_sum and n.before.endswith(ends.kind_counter)


def _group_of_rank(n: _Number) -> bool:
    """5项主要指标居全市第一: how many share the rank."""
    assert n.following is not None
    return n.following.kind == "rank" and bool(pattern.place_behind.match(n.right))


def _step(n: _Number) -> bool:
    """连跨三个百亿台阶: how many round numbers were passed, and which."""
    counted = (
        n.following is not None and not n.right and pattern.stepping.search(n.left) is not None
    )
    return counted or (n.left.endswith("个") and n.right.startswith(ends.step_word))


def _top_group(n: _Number) -> bool:
    """前3位, 前1%: a place among the first, not a count."""
    place = n.quantity.unit in words.place_counter or n.quantity.unit in ("%", "‰")
    return n.left.endswith("前") and place


def _capacity(n: _Number) -> bool:
    """年产2万吨稻米油, 20万吨磷酸铁项目, 3座110千伏变电站: how large what is named is."""
    if _size_of_its_name(n):
        return True
    if not n.measured or n.invested or n.spent:
        return False
    if n.following is not None and n.right.endswith("等"):
        return True
    of_name = not n.left and bool(n.before)
    alone = not n.stripped or n.quantity.dimension in ("mass", "power")
    return n.nominal and (of_name or (alone and pattern.project.search(n.right) is not None))


def _size_of_its_name(n: _Number) -> bool:
    """110千伏变电站, 年产2万吨稻米油: a size that its noun or its verb tells for one."""
    if n.technical and (n.right.startswith("等") or _beside_its_like(n)):
        return True
    return n.nominal and bool(n.technical or pattern.capacity.search(n.left))


def _beside_its_like(n: _Number) -> bool:
    """750千伏和330千伏电网工程: the next number is of the same kind."""
    following = n.following
    return (
        n.right in JOINTS and following is not None and following.dimension == n.quantity.dimension
    )


def _within_name(n: _Number) -> bool:
    """残疾人两项补贴2126万元: a part of the name of what the next number counts."""
    return (
        n.small_han
        and (bool(n.left) or not n.quantity.unit)
        and bool(pattern.within_name.fullmatch(n.right))
    )


def _slogan(n: _Number) -> bool:
    """“六个100%”, 六个100%要求: a number of a slogan that says how many such there are."""
    told = pattern.slogan.search(n.left) if n.left.endswith("个") else None
    return told is not None and (n.nominal or told["quoted"] is not None)


def _threshold(n: _Number) -> bool:
    """超亿元项目30个, 亿元企业, 千亩基地: how large each at least is of what is counted."""
    if n.money:
        of_size = n.counted or pattern.size_before.search(n.left) is not None
        return n.quantity.text.startswith(ends.magnitude) or (n.at_least and of_size)
    return _round_size(n)


def _round_size(n: _Number) -> bool:
    """千亩基地, 百名医师工作站; not 新增万亩良田 or 近百场演出, where so much is told."""
    if n.quantity.bound != "=" or not n.quantity.unit or n.quantity.text[0] not in "百千万亿十":
        return False
    if n.measured:
        return pattern.added_at_end.search(n.stripped) is None
    a_deed = pattern.deed_at_end.search(n.stripped) is not None
    return bool(n.stripped) and not a_deed and n.quantity.text[0] != "十"


def _threshold_of_counted(n: _Number) -> bool:
    """投资超亿元18个, 5公里以上道路3条: how large each is of what the next number counts."""
    if not n.counted:
        return False
    if n.measured and not n.right and (n.at_least or n.quantity.bound == "<="):
        return True
    return n.nominal and n.limited and pattern.within_name.fullmatch(n.right) is not None


def _threshold_before_noun(n: _Number) -> bool:
    """50万元以上的经济强村, 300户以上自然村: how large what is named at least is; not
    新增50万元以上的…, where it is new."""
    return (
        (n.measured or (n.counts(words.size_counter) and n.stripped[-1:] in "和及与、"))
        and n.limited
        and is_nominal(n.right.removeprefix("的"), n.quantity.dimension)
        and not pattern.change_at_end.search(n.left)
    )


def _round_number(n: _Number) -> bool:
    """跨越2000亿元大关的区: which round number what is named has passed."""
    return pattern.round_number_of.match(n.right) is not None


def _circle(n: _Number) -> bool:
    """2公里充电服务圈, 500米公交站点覆盖率: how far a circle or a stop reaches."""
    return bool(pattern.circle.match(n.right) or (n.following and pattern.covered.match(n.right)))


def _quoted(n: _Number) -> bool:
    """两个“翻一番”, 翻一番的基础: an aim that is called so, or what is needed for it."""
    if not n.quantity.text.startswith("翻"):
        return False
    if n.before.rfind("“") <= n.before.rfind("”"):
        return n.right.startswith("的") and not pattern.of_an_aim.match(n.right)
    return pattern.quoted.match(n.right) is not None


def _points(n: _Number) -> bool:
    """三个重点, 两项原则: points that follow or are known, no things; but 反馈58项问题."""
    few = n.quantity.value is None or n.quantity.value < _MANY
    of_points = n.quantity.unit in words.point_counter | {""}
    return few and of_points and bool(pattern.no_thing.match(n.right))


def _one_of(n: _Number) -> bool:
    """全省27个试点县之一: the group that one belongs to."""
    return any(mark in n.right for mark in ("之一", "之列", "中")) and bool(
        pattern.one_of.match(n.right)
    )


def _repeated(n: _Number) -> bool:
    """连续10次."""
    return n.left.endswith("连续")


def _relative_threshold(n: _Number) -> bool:
    """超1000万元的有26家: how large each of the counted is, in a relative clause."""
    assert n.following is not None
    round_sum = n.money and n.quantity.text.startswith(ends.magnitude)
    if not n.right.startswith("的"):
        # 超千亿元、百亿元的企业: each of them tells how large.
        beside = n.right.rstrip("超过") in ("", "、") and n.following.dimension == "money"
        return round_sum and n.at_least and beside
    counted = n.counted and (n.at_least or round_sum) and "、" not in n.right
    return n.right in words.of_those or counted


def _relative_threshold_alone(n: _Number) -> bool:
    """超过3000公里的省份; not 3000多公里的, which is an amount, nor 建成3万亩以上的."""
    many = "万" in n.quantity.unit if n.measured else n.limited
    amount = many and not n.money and n.told_by_deed
    return (
        n.right.startswith("的")
        and n.at_least
        and not (amount or n.invested)
        and not set("多余") & set(n.quantity.text)
        and not pattern.aim.match(n.right, 1)
        and n.quantity.dimension != "ratio"
        and n.before_relative_noun
    )


def _restriction(n: _Number) -> bool:
    """把三分之一的企业 …: which things are meant; not 把12所学校整合为3所, which tells how many
    there were."""
    if not n.left.endswith("把"):
        return False
    return n.following is None or pattern.merged.fullmatch(n.right) is None


def _relative_restriction(n: _Number) -> bool:
    """总投资4亿元的项目: which things are meant."""
    return (
        n.right.startswith("的")
        and not (n.invested or n.told_by_deed)
        and n.before_relative_noun
        and (n.following is None or "、" in n.right)
        and not pattern.aim.search(n.right)
    )


def _enumeration(n: _Number) -> bool:
    """前海两个区域, “甲”“乙”两项工程: so few that they are named, not counted; not 建成两个中心."""
    return (
        n.counts(words.few_counter)
        and n.small_han
        and n.quantity.value is not None
        and n.quantity.value <= 10
        and (
            n.left.endswith("”")
            or not (
                pattern.change.search(n.before)
                or pattern.achieve.search(n.stripped)
                or pattern.with_success.search(n.right)
            )
        )
        and not n.right.startswith(ends.good_deed)
    )


def _adverbial(n: _Number) -> bool:
    """在12个社区 …, 按5%的标准: where or how, not how much; but 以年均10%的速度增长."""
    return (n.nominal and n.stripped in words.preposition) or (
        n.right.startswith("的")
        and n.quantity.dimension in _MEASURES | {"ratio"}
        and "占" not in n.left
        and not pattern.growth_behind.match(n.right)
        and bool(pattern.at_a_rate.search(n.left))
    )


_AMOUNT = frozenset({"quantity"})
_COUNTS = ("count",)
_BARE = ("count", "")


class Qualifier(NamedTuple):
    """A rule by which a number only qualifies."""

    name: str
    holds: Callable[[_Number], bool]
    kinds: frozenset[str] = _AMOUNT
    """The kinds of numbers that it looks at."""
    dimensions: Collection[str] = ()
    """The dimensions of those that it looks at; none: any."""
    followed: bool | None = None
    """Whether it looks only at a number behind which there is another one, or at the last."""
    nominal: bool | None = None
    """Whether it looks only at a number with the noun behind it that it counts."""
    sets_topic: bool = False
    """Whether what stands before the step is the topic of what follows."""


QUALIFIERS = (
    Qualifier("qualifier-per", _per, _AMOUNT | {"duration"}),
    Qualifier("qualifier-duration", _duration, frozenset({"duration"})),
    Qualifier("qualifier-age", _age, dimensions=("age",)),
    Qualifier("qualifier-first-of-its-kind", _first_of_its_kind, frozenset({"rank"})),
    Qualifier("qualifier-headed-list", _headed_list),
    Qualifier("qualifier-class", _class),
    Qualifier("qualifier-group-of-rank", _group_of_rank, dimensions=_COUNTS, followed=True),
    Qualifier("qualifier-step", _step, sets_topic=True),
    Qualifier("qualifier-top-group", _top_group),
    Qualifier("qualifier-capacity", _capacity),
    Qualifier("qualifier-within-name", _within_name, dimensions=_BARE, followed=True, nominal=True),
    Qualifier("qualifier-within-name", _slogan),
    Qualifier("qualifier-threshold", _threshold, dimensions=_MEASURES.union(_COUNTS), nominal=True),
    Qualifier("qualifier-threshold", _threshold_of_counted, followed=True),
    Qualifier("qualifier-threshold", _threshold_before_noun, dimensions=_MEASURES.union(_COUNTS)),
    Qualifier("qualifier-threshold", _round_number),
    Qualifier("qualifier-circle", _circle, dimensions=("length",)),
    Qualifier("qualifier-quoted", _quoted),
    Qualifier("qualifier-headed-list", _points, dimensions=_BARE),
    Qualifier("qualifier-one-of", _one_of, dimensions=_BARE),
    Qualifier("qualifier-repeated", _repeated, dimensions=_COUNTS),
    Qualifier("qualifier-threshold", _relative_threshold, followed=True),
    Qualifier("qualifier-threshold", _relative_threshold_alone, followed=False),
    Qualifier("qualifier-restriction", _restriction, nominal=True),
    Qualifier("qualifier-restriction", _relative_restriction, dimensions=_MEASURES),
    Qualifier("qualifier-enumeration", _enumeration, dimensions=_COUNTS, nominal=True),
    Qualifier("qualifier-restriction", _adverbial),
)
"""The rules by which a number qualifies and states nothing, in order: the first that holds gives
its name.

A name may stand for several constructions."""


@cache
def _rules_for(kind: str, dimension: str, followed: bool, nominal: bool) -> tuple[Qualifier, ...]:
    """The rules that look at such a number."""
    return tuple(
        rule
        for rule in QUALIFIERS
        if kind in rule.kinds
        and (not rule.dimensions or dimension in rule.dimensions)
        and rule.followed in (None, followed)
        and rule.nominal in (None, nominal)
    )


def qualifies(
    quantity: Quantity, left: str, right: str, following: Quantity | None, before: str
) -> Qualifier | None:
    """The rule by which a number qualifies and states nothing; None where it states something."""
    amount = quantity.kind == "quantity"
    nominal = amount and is_nominal(right, quantity.dimension)
    stripped = strip_lead(left) if amount else ""
    number = _Number(quantity, left, right, following, before, nominal, stripped)
    for rule in _rules_for(quantity.kind, quantity.dimension, following is not None, nominal):
        if rule.holds(number):
            return rule
    return None


def deed_before(quantity: Quantity, left: str) -> re.Match[str] | None:
    """The deed that an amount tells the extent of: 签署 (3亿元的合同), 完成 (34公里的暗涵整治)."""
    if quantity.dimension == "money":
        return pattern.signed_at_end.search(left)
    made = quantity.dimension in _SIZES and quantity.unit not in words.size_counter
    return pattern.made_at_end.search(left) if made else None
