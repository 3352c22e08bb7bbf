"""Numbers that state nothing of their own: ages, durations, thresholds, capacities, groups,
enumerations."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.numbers.arabic import JOINTS
from xiacheng_nlp.numbers.numerals import POWERS
from xiacheng_nlp.numbers.spots import always, looking_at
from xiacheng_nlp.observations.names import strip_lead
from xiacheng_nlp.observations.reading import is_nominal
from xiacheng_nlp.observations.vocabulary import ends, pattern, words

_HAN_NUMERALS = frozenset("一二两三四五六七八九十")
_ROUND = frozenset(POWERS)
_MANY = 20
"""So many points are counted, and not listed."""
_NEAR = 48
"""How far before its change a time stands."""
_SIZES = frozenset({"length", "area", "volume", "mass", "count"})
_MEASURES = frozenset(
    {"money", "length", "area", "volume", "mass", "energy", "power", "data", "voltage"}
)
_STRONG = frozenset({"voltage", "power"})
_STORED = frozenset({"energy", "power"})
_NO_NUMBER = Quantity(0, 0, "", "none")


@dataclass(slots=True)
class _Number:
    """A number between what stands left and right of it in its clause, before the next number of
    the clause, if there is one; `first` is where its clause, or what is read of it, begins."""

    quantity: Quantity
    left: str
    right: str
    following: Quantity
    text: str
    first: int
    nominal: bool
    """Whether the noun that it counts stands right of it."""

    @property
    def before(self) -> str:
        """All that stands left of it in its clause, other numbers too."""
        return self.text[self.first : self.quantity.start]

    @property
    def stripped(self) -> str:
        """What stands left of it, without the words that a clause begins with."""
        return strip_lead(self.left)

    @property
    def small_han(self) -> bool:
        return self.quantity.text[0] in _HAN_NUMERALS

    @property
    def round(self) -> bool:
        return _ROUND.issuperset(self.quantity.text)

    @property
    def round_sum(self) -> bool:
        """Whether it begins with a power of ten: 亿元, 千万元."""
        return self.quantity.text.startswith(ends.magnitude)

    @property
    def round_unit(self) -> bool:
        """Whether it is so round, and no more nor less: 千亩, 百名."""
        return self.round_sum and self.quantity.bound == "=" and self.quantity.unit != ""

    @property
    def measured(self) -> bool:
        return self.quantity.dimension in _MEASURES

    @property
    def at_least(self) -> bool:
        return self.quantity.bound in (">", ">=")

    @property
    def rounded_down(self) -> bool:
        """Whether it is an amount with a remainder (3亿余元), and no threshold."""
        return not {"多", "余"}.isdisjoint(self.quantity.text)

    @property
    def limited(self) -> bool:
        return self.quantity.text.endswith(ends.limit_behind)

    @property
    def counted(self) -> bool:
        """Whether the next number counts something."""
        return self.following.dimension == "count"

    @property
    def technical(self) -> bool:
        """Whether it tells how strong the machine or the plant behind it is."""
        strong = self.quantity.dimension in _STRONG
        return strong and not pattern.of_plant.match(self.right)

    @property
    def paid(self) -> bool:
        """Whether it tells what is invested in a project that is named behind it, or spent on the
        deed behind it."""
        return self.quantity.dimension == "money" and bool(
            self.invested or pattern.spent.fullmatch(self.stripped)
        )

    @property
    def invested(self) -> bool:
        """Whether it tells what is invested in a project that is named behind it."""
        return bool(
            self.quantity.dimension == "money"
            and not (self.at_least and self.counted)
            and pattern.invested.search(self.left)
            and pattern.of_project.match(self.right)
        )

    @property
    def told_by_deed(self) -> bool:
        """Whether it tells how much of what stands behind it is done, and not how large that is."""
        return deed_before(self.quantity, self.left) is not None

    @property
    def before_relative_noun(self) -> bool:
        return len(self.right) > 1 and is_nominal(self.right[1:], self.quantity.dimension)


def _duration(n: _Number) -> bool:
    """三年行动, but not 工期三年, 工期分别为三年、五年, 压缩到三天 or 优良天数310天、增加三天."""
    if n.right.startswith("的"):
        return True
    start = n.quantity.start
    if pattern.so_long_changed.search(n.text, max(0, start - _NEAR), start):
        return False
    left = pattern.list_before.sub("", n.before) if n.left in JOINTS else n.left
    if pattern.duration_name.search(left) or pattern.duration_change.search(left):
        return False
    changed = (
        n.following.kind == "duration"
        and pattern.made.match(n.right)
        and ("由" in n.left or "从" in n.left)
    )
    return not changed and not pattern.shorter.fullmatch(n.left.strip())


def _class(n: _Number) -> bool:
    """百亿级产业集群, 30万吨级航道, 千亿县; not 百亿资金."""
    named = n.nominal and n.round and n.quantity.text[-2:] in words.round_sum
    of_size = named and n.quantity.bound == "=" and not n.right.startswith(ends.money_noun)
    return n.quantity.unit.endswith("级") or n.right.startswith("级") or of_size


def _one_of_a_class(n: _Number) -> bool:
    """千亿、百亿级企业, 12个百亿元、70个亿元项目: how large each of the counted is."""
    of_each = _ROUND.issuperset(n.quantity.text.removesuffix("元"))
    return n.right == "、" and (n.round or (of_each and n.before.endswith(ends.kind_counter)))


def _beside_its_like(n: _Number) -> bool:
    """750千伏和330千伏电网工程: the next number is of the same kind."""
    alike = n.right in JOINTS and n.following.dimension == n.quantity.dimension
    # 水电、风电装机分别为12万千瓦、5万千瓦: no noun stands behind that they tell the size of.
    more = "、和" if pattern.told_apart.search(n.before) else ""
    alone = "分别" in n.before and n.text[n.following.end :][:1] in "，,。；;" + more
    return n.technical and not alone and (alike or n.right.startswith("等"))


def _capacity(n: _Number) -> bool:
    """年产2万吨稻米油, 20万吨磷酸铁项目: how large what is named is."""
    of_name = not n.left and bool(n.before)
    alone = not n.stripped or n.quantity.dimension in ("mass", "power")
    return not n.paid and (of_name or (alone and pattern.project.search(n.right) is not None))


def _slogan(n: _Number) -> bool:
    """“六个100%”, 六个100%要求: a number of a slogan that says how many such there are."""
    told = pattern.slogan.search(n.left)
    return told is not None and (n.nominal or told["quoted"] is not None)


def _threshold_of_money(n: _Number) -> bool:
    """超亿元项目30个, 亿元企业, 全国第三个过10万亿元省份, 30万元以内部分: how large each at least
    is of what is counted or named; not 投资3亿余元 (新建…), which is spent on it."""
    told = (
        n.counted
        or pattern.size_before.search(n.left) is not None
        or pattern.which_of_all.search(n.before) is not None
    )
    spent = n.rounded_down and pattern.purpose.match(strip_lead(n.right)) is not None
    portion = n.right.startswith(ends.portion)
    return portion or n.round_sum or (n.at_least and told and not spent)


def _round_count(n: _Number) -> bool:
    """百名医师工作站; not 近百场演出, where so much is told."""
    if not n.round_unit or n.quantity.text[0] == "十":
        return False
    return n.stripped != "" and pattern.deed_at_end.search(n.stripped) is None


def _threshold_of_counted(n: _Number) -> bool:
    """投资超亿元18个, 5公里以上道路3条: how large each is of what the next number counts; not
    迈上4亿元、5亿元两个台阶, which are the steps."""
    if not n.counted or n.text.startswith(ends.step_word, n.following.end):
        return False
    if n.measured and not n.right and (n.at_least or n.quantity.bound == "<="):
        return True
    return n.nominal and n.limited and pattern.within_name.fullmatch(n.right) is not None


def _threshold_before_noun(n: _Number) -> bool:
    """50万元以上的经济强村, 对研发投入50万元以上的企业, 300户以上自然村: how large what is named at
    least is; not 新增50万元以上的…, where it is new."""
    if not n.limited:
        return False
    deed = pattern.change_at_end.search(n.left)
    rate = n.following.dimension == "ratio" and n.right.endswith(ends.rate)
    listed = n.quantity.unit in words.size_counter and (
        n.stripped[-1:] in "和及与、" or rate or pattern.settlement.match(n.right) is not None
    )
    return (
        (n.measured or listed)
        and is_nominal(n.right.removeprefix("的"), n.quantity.dimension)
        and (pattern.whom_begins.match(n.left) is not None or not deed)
    )


def _quoted(n: _Number) -> bool:
    """两个“翻一番”, 翻一番的基础: an aim that is called so, or what is needed for it."""
    if not n.quantity.text.startswith("翻"):
        return False
    if n.before.rfind("“") <= n.before.rfind("”"):
        return n.right.startswith("的") and not pattern.of_an_aim.match(n.right)
    return pattern.quoted.match(n.right) is not None


def _points(n: _Number) -> bool:
    """三个重点, 两项原则: points that follow or are known, no things; but 反馈58项问题."""
    of_points = not n.quantity.unit or n.quantity.unit in words.point_counter
    few = of_points and (n.quantity.value or 0) < _MANY
    return few and pattern.no_thing.match(n.text, n.quantity.end) is not None


def _condition(n: _Number) -> bool:
    """销售额2万元以上且无贷款的企业: a condition on what is named; not 就业率达95%以上且留在本地的
    毕业生达3000人, where a rate is told first."""
    told = n.quantity.dimension == "ratio" and not pattern.whom_begins.match(n.left)
    return n.at_least and not told and pattern.and_more.match(n.text, n.quantity.end) is not None


def _relative_threshold(n: _Number) -> bool:
    """超1000万元的有26家: how large each of the counted is, in a relative clause."""
    sized = n.at_least or (n.quantity.dimension == "money" and n.round_sum)
    return n.right in words.of_those or (n.counted and sized)


def _one_of_relative(n: _Number) -> bool:
    """超千亿元、百亿元的企业, 投资超5亿元、超10亿元的项目: each of them tells how large."""
    beside = n.right.rstrip("超过") in ("", "、") and n.following.dimension == "money"
    of_size = n.round_sum or pattern.size_before.search(n.left) is not None
    return beside and of_size and n.at_least


def _relative_threshold_alone(n: _Number) -> bool:
    """超过3000公里的省份; not 3000多公里的, which is an amount, nor 建成3万亩以上的."""
    many = "万" in n.quantity.unit if n.measured else n.limited
    amount = many and n.quantity.dimension != "money" and n.told_by_deed
    return (
        n.at_least
        and not (amount or n.invested)
        and not n.rounded_down
        and not pattern.aim.match(n.right, 1)
        and n.quantity.dimension != "ratio"
        and n.before_relative_noun
    )


def _relative_restriction(n: _Number) -> bool:
    """总投资4亿元的项目: which things are meant."""
    return (
        not (n.invested or n.told_by_deed)
        and n.before_relative_noun
        and (not n.following.text or "、" in n.right)
        and not pattern.aim.search(n.right)
    )


def _enumeration(n: _Number) -> bool:
    """前海两个区域, “甲”“乙”两项工程: so few that they are named, not counted; not 建成两个中心."""
    few = n.quantity.unit in words.few_counter and n.small_han and (n.quantity.value or 0) <= 10
    if not few or n.right.startswith(ends.good_deed):
        return False
    return n.left.endswith("”") or not (
        pattern.change.search(n.before)
        or pattern.achieve.search(n.stripped)
        or pattern.with_success.search(n.right)
    )


def _adverbial(n: _Number) -> bool:
    """按5%的标准: how, not how much; but 以年均10%的速度增长."""
    told = "占" in n.left or pattern.growth_behind.match(n.right)
    return not told and pattern.at_a_rate.search(n.left) is not None


_COUNTS = ("count",)
_BARE = ("count", "")
_OF_A_SIZE = _MEASURES.union(_COUNTS)


class Qualifier(NamedTuple):
    """A rule by which a number only qualifies; what it looks at is told by its last fields, and
    what is empty asks for nothing."""

    name: str
    holds: Callable[[_Number], object]
    sets_topic: bool = False
    """Whether what stands before the step is the topic of what follows."""
    kinds: Collection[str] = ("quantity",)
    dimensions: Collection[str] = ()
    followed: Collection[bool] = ()
    """Whether another number stands behind in the clause."""
    nominal: Collection[bool] = ()
    """Whether the noun behind it is what it counts."""
    left: Collection[str] = ""
    """The characters one of which stands right before it."""
    right: Collection[str] = ""


_THERE = (True,)
QUALIFIERS = (
    # 每千人: what another number is measured by.
    Qualifier("qualifier-per", always, kinds=("quantity", "duration"), left="每"),
    Qualifier("qualifier-duration", _duration, kinds=("duration",)),
    # 65岁以上老年人, but not 人均预期寿命达到80岁.
    Qualifier(
        "qualifier-age",
        lambda n: (
            "寿命" not in n.before
            and "年龄" not in n.before
            and (n.right or not pattern.older.search(n.before))
        ),
        dimensions=("age",),
    ),
    # 全国第5个突破3000公里的省份: not a place in a ranking.
    Qualifier(
        "qualifier-first-of-its-kind",
        lambda n: n.quantity.text.endswith(ends.kind_counter),
        kinds=("rank",),
    ),
    Qualifier("qualifier-class", _class),
    Qualifier("qualifier-class", _one_of_a_class, followed=_THERE, right="、"),
    # 5项主要指标居全市第一: how many share the rank.
    Qualifier(
        "qualifier-group-of-rank",
        lambda n: n.following.kind == "rank" and pattern.place_behind.match(n.right),
        dimensions=_COUNTS,
        followed=_THERE,
    ),
    # 在168个重点城市空气质量排名第26位: among how many.
    Qualifier(
        "qualifier-group-of-rank",
        lambda n: n.following.kind == "rank" and pattern.ranked_among.fullmatch(n.right),
        dimensions=_COUNTS,
        followed=_THERE,
        left="在",
    ),
    # 连跨三个百亿台阶: how many round numbers were passed, and which.
    Qualifier(
        "qualifier-step",
        lambda n: not n.right and pattern.stepping.search(n.left),
        sets_topic=True,
        followed=_THERE,
    ),
    Qualifier(
        "qualifier-step",
        lambda n: n.right.startswith(ends.step_word),
        sets_topic=True,
        left="个",
    ),
    # 迈上4万亿、5万亿两个台阶: how many they are; not 突破500万人次大关.
    Qualifier(
        "qualifier-step",
        lambda n: n.right.startswith(ends.step_word) and (n.quantity.value_base or 0) < _MANY,
        dimensions=_COUNTS,
        right=[word[0] for word in ends.step_word],
    ),
    # 前3位, 前1%: a place among the first, not a count.
    Qualifier(
        "qualifier-top-group",
        lambda n: n.quantity.unit in (*words.place_counter, "%", "‰"),
        left="前",
    ),
    # 110千伏变电站, 年产2万吨稻米油: a size that its noun or its verb tells for one.
    Qualifier(
        "qualifier-capacity",
        lambda n: n.technical or pattern.capacity.search(n.left),
        nominal=_THERE,
    ),
    Qualifier("qualifier-capacity", _beside_its_like, dimensions=_STRONG),
    # 3×5米, 100兆瓦/200兆瓦时储能电站: a size.
    Qualifier("qualifier-capacity", always, dimensions=_MEASURES, left="×*＊"),
    Qualifier("qualifier-capacity", always, dimensions=_STORED, nominal=_THERE, left="/"),
    Qualifier(
        "qualifier-capacity",
        lambda n: n.right.endswith("等") and n.right[0] != "、" and not n.paid,
        dimensions=_MEASURES,
        followed=_THERE,
    ),
    Qualifier("qualifier-capacity", _capacity, dimensions=_MEASURES, nominal=_THERE),
    # 残疾人两项补贴2126万元: a part of the name of what the next number counts.
    Qualifier(
        "qualifier-within-name",
        lambda n: (
            n.small_han
            and (n.left or not n.quantity.unit)
            and pattern.within_name.fullmatch(n.right)
        ),
        dimensions=_BARE,
        followed=_THERE,
        nominal=_THERE,
    ),
    Qualifier("qualifier-within-name", _slogan, left="个"),
    Qualifier("qualifier-threshold", _threshold_of_money, dimensions=("money",), nominal=_THERE),
    # 千亩基地; not 新增万亩良田, where so much is told.
    Qualifier(
        "qualifier-threshold",
        lambda n: n.round_unit and not pattern.added_at_end.search(n.stripped),
        dimensions=_MEASURES - {"money"},
        nominal=_THERE,
    ),
    Qualifier("qualifier-threshold", _round_count, dimensions=_COUNTS, nominal=_THERE),
    Qualifier("qualifier-threshold", _threshold_of_counted, followed=_THERE),
    Qualifier("qualifier-threshold", _threshold_before_noun, dimensions=_OF_A_SIZE),
    Qualifier("qualifier-threshold", _condition, right="且并"),
    # 年龄在18至60岁之间的劳动者: which are meant.
    Qualifier(
        "qualifier-threshold",
        lambda n: n.quantity.value_high and pattern.those_between.match(n.right),
        right="之",
    ),
    # 跨越2000亿元大关的区: which round number what is named has passed.
    Qualifier(
        "qualifier-threshold",
        lambda n: pattern.round_number_of.match(n.right),
        right="多余人大台关规",
    ),
    # 2公里充电服务圈, 500米公交站点覆盖率: how far a circle or a stop reaches.
    Qualifier("qualifier-circle", lambda n: pattern.circle.match(n.right), dimensions=("length",)),
    Qualifier(
        "qualifier-circle",
        lambda n: pattern.covered.match(n.right),
        dimensions=("length",),
        followed=_THERE,
    ),
    Qualifier("qualifier-quoted", _quoted, dimensions=("ratio",)),
    # 向40万青溪人民致敬: whom a report speaks to or of; but 惠及40万人民.
    Qualifier(
        "qualifier-people",
        lambda n: (
            pattern.people_told.match(n.right)
            and (n.left.endswith("的") or not any(verb in n.left for verb in words.reaching))
        ),
        dimensions=("",),
    ),
    # 在40万市民的共同努力下: who helped.
    Qualifier("qualifier-people", lambda n: pattern.with_help.match(n.right), dimensions=_BARE),
    Qualifier("qualifier-headed-list", _points, dimensions=_BARE),
    # 这120个项目: what was told before.
    Qualifier("qualifier-restriction", always, dimensions=_COUNTS, left="这"),
    # 全省27个试点县之一: the group that one belongs to.
    Qualifier(
        "qualifier-one-of",
        lambda n: ("之" in n.right or "中" in n.right) and pattern.one_of.match(n.right),
        dimensions=_BARE,
    ),
    # 连续10次; 天数连续6年.
    Qualifier(
        "qualifier-repeated",
        lambda n: n.left.endswith("连续"),
        dimensions=("count", "duration"),
        left="续",
    ),
    Qualifier("qualifier-threshold", _one_of_relative, dimensions=("money",), followed=_THERE),
    Qualifier("qualifier-threshold", _relative_threshold, followed=_THERE, right="的"),
    Qualifier("qualifier-threshold", _relative_threshold_alone, followed=(False,), right="的"),
    # 把三分之一的企业 …: which things are meant; not 把12所学校整合为3所, which tells how many
    # there were.
    Qualifier(
        "qualifier-restriction",
        lambda n: not n.following.text or pattern.merged.fullmatch(n.right) is None,
        nominal=_THERE,
        left="把",
    ),
    Qualifier("qualifier-restriction", _relative_restriction, dimensions=_MEASURES, right="的"),
    Qualifier("qualifier-enumeration", _enumeration, dimensions=_COUNTS, nominal=_THERE),
    # 据84个企业的统计: of whom something is told.
    Qualifier(
        "qualifier-restriction",
        lambda n: "据" in n.left and pattern.surveyed.match(n.right),
        dimensions=_COUNTS,
    ),
    # 以茶城26平方公里为试点: where something is done.
    Qualifier(
        "qualifier-restriction",
        lambda n: pattern.as_what.match(n.right) and pattern.with_what.search(n.left),
        dimensions=_OF_A_SIZE,
        right="为",
    ),
    # 在12个社区 …: where, not how many.
    Qualifier(
        "qualifier-restriction",
        lambda n: n.stripped in words.preposition,
        nominal=_THERE,
        left=[word[-1] for word in words.preposition],
    ),
    # 占全市耕地80万亩的两成: how large the whole is.
    Qualifier(
        "qualifier-whole",
        lambda n: n.right == "的" and n.following.dimension == "ratio" and "占" in n.left,
        dimensions=_OF_A_SIZE,
        followed=_THERE,
        right="的",
    ),
    Qualifier("qualifier-restriction", _adverbial, dimensions=_MEASURES | {"ratio"}, right="的"),
)
"""The rules by which a number qualifies and states nothing, in order: the first that holds gives
its name.

A name may stand for several constructions."""
_tried = looking_at(QUALIFIERS, 6)


def qualifies(
    quantity: Quantity, left: str, right: str, following: Quantity | None, text: str, first: int
) -> tuple[str, bool]:
    """The name of the rule by which a number qualifies and states nothing, and whether that sets a
    topic; no name where it states something."""
    nominal = quantity.kind == "quantity" and is_nominal(right, quantity.dimension)
    number = _Number(quantity, left, right, following or _NO_NUMBER, text, first, nominal)
    looked_at = (quantity.kind, quantity.dimension, following is not None, nominal)
    for name, holds, sets_topic in _tried(*looked_at, left[-1:], right[:1]):
        if holds(number):
            return name, sets_topic
    return "", False


def deed_before(quantity: Quantity, left: str) -> re.Match[str] | None:
    """The deed that an amount tells the extent of: 签署 (3亿元的合同), 完成 (34公里的暗涵整治)."""
    if quantity.dimension == "money":
        return pattern.signed_at_end.search(left)
    made = quantity.dimension in _SIZES and quantity.unit not in words.size_counter
    return pattern.made_at_end.search(left) if made else None
