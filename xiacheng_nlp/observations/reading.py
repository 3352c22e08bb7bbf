"""What a number was read as, what a sentence has said so far, and what a number takes over from
it."""

import re
from dataclasses import dataclass, field
from functools import cache

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import (
    REACHING,
    SOWN,
    Name,
    patterns,
    read_left,
    split_subjects,
    strip_lead,
    vocabulary,
)

_PREDICATE = re.compile(
    "比(?!例|重)|较|同比|保持|继续|不断|明显|稳步|逐步|有所|进一步|得到|取得|持续|发展(?:较快|迅速|良好|势头)|增势|从无到有|完成|实现|建成|开工|竣工|成为|获|入选|推进|加快|成功|顺利"
)
_EFFORT = re.compile("(?:建设|工作|发展)?(?:力度|步伐|进度|成效|规模)$")
REACH = 160
"""How far from a number its clause is read: no name of a report is longer, and time stays linear in
any clause."""
GROWTH_NAME = re.compile(
    "(?:年?(?:均|平均)?增(?:长速度|幅|速)|涨幅|降幅|减幅|增长率|增长|增长预期|增长(?:速度)?的?(?:调控|预期|控制)?目标|上涨幅度|增长幅度|年涨幅|全年涨幅)$"
)
_LEVEL_RATE = re.compile("自然增长率$|自然增长$")
SHARE_NAME = re.compile("(?:比重|占比|比例|份额)$")
STANDING_END = re.compile(
    "(?:(?:已|均)?连续[^，,]{1,4}[年次届]|近?[一二两三四五六七八九十0-9]{1,3}年(?:来|间|内)?|从|由|(?<![学床泊席岗单工车厕])位|均|双双|都|又|稳|跃|(?<!排)名|分别|仍|排|并|(?<![总得积评])分|也|总体|综合|持续|保持|继续|连续|连年|再次|再度|一度|首次|历史性|已|已经|同时|接连|先后)+$"
)
_COMPARED = re.compile(
    "(?:同比|环比|(?:(?<![占贷入倍数])[比较](?![重例率])|[比较](?=上年|去年|同期|年初|(?:19|20)[0-9]{2}年?))[^，,；;、]{1,14}?|(?:在[^，,；;、]{1,14}?|^的?)基[础数]之?上|在(?:去年|上年|前年|(?:19|20)[0-9]{2}年)(?:同期)?)"
    "(?:提前|力争|有望|实现|再|又|已|将)*$"
)
_LIST_MARK = re.compile("[、和]")
_ALIKE_NOT = re.compile("(?:面积|总额|产量|数|额|率|度|值)$")
_NEW = re.compile("^(?:再|净)?新(?:增加?|建成?|设立?|改建|扩建|开工|装|认定|培育|引进|注册|登记)")


@dataclass(slots=True)
class Reading:
    """A number as the grammar read it; `name` is None where it only qualifies something.

    `rule` names what read it; `among` is a rank's group; `base` the start, in the same text, of the
    value that it is about; `earlier` marks the first value of a change (由12个…), and `when` is the
    time that the text tells for it; `against` is what a difference or a multiple is told against.
    """

    quantity: Quantity
    rule: str
    name: str | None = None
    measure: str | None = None
    sign: int = 1
    among: str | None = None
    base: int | None = None
    earlier: bool = False
    when: str = ""
    against: str | None = None


@dataclass(slots=True)
class Memory:
    """What a sentence has said so far, for what names nothing of its own.

    `last` are the readings of the last series that was named; `level` is the last level and
    `levels` are all of them; `name` is the last name with its verb, as long as levels follow it,
    `counted` the last name of something counted. `topic` is the last clause without numbers,
    `newer_topic` that it sets a new subject (其中, 特别是). `subject` is whose rates follow one another,
    `ratio` that they do. A semicolon ends all of it but the levels.

    `whole` is what 其中 looks back on; `idle`: a clause without numbers has passed since. `clause`
    are the readings of the last clause that stated something, `before` those of the clause before
    it.
    """

    last: list[Reading] = field(default_factory=list)
    name: Name | None = None
    topic: str = ""
    newer_topic: bool = False
    level: Reading | None = None
    levels: list[Reading] = field(default_factory=list)
    subject: str = ""
    idle: bool = False
    whole: str = ""
    clause: list[Reading] = field(default_factory=list)
    before: list[Reading] = field(default_factory=list)
    counted: Name | None = None
    ratio: bool = False


def about_subject(
    subject: str, group: list[Quantity], memory: Memory, rule: str, measure: str, sign: int
) -> list[Reading]:
    """Readings about a subject named on the left, or carried from the series before."""
    standing = _STANDING.search(subject)
    name = read_left(subject[: standing.start()] if standing else subject)
    core = name.full + (standing["of"] if standing else "")
    if core.startswith("占") and memory.last and memory.last[-1].name:
        core = stock_name(memory.last[-1].name) + core
    meant = one_of_two(core, memory)
    if meant is not None:
        return [
            Reading(
                quantity, f"{rule}-carried", meant.name, measure, sign, base=meant.quantity.start
            )
            for quantity in group
        ]
    readings = []
    if core and core not in vocabulary("generic") and core not in ("其中", "各", "比"):
        names = split_subjects(core, len(group)) if len(group) > 1 else None
        for i, quantity in enumerate(group):
            readings.append(Reading(quantity, rule, names[i] if names else core, measure, sign))
        return readings
    base = None if memory.newer_topic else base_readings(memory, len(group))
    for i, quantity in enumerate(group):
        source = base[i] if base else None
        if source is not None and source.name:
            own = core if core in vocabulary("generic") and core not in source.name else ""
            stem = (
                patterns().head.sub("", source.name)
                if own and not standing and own not in ("增幅", "增速", "涨幅", "降幅")
                else source.name
            )
            if own in ("增幅", "增速", "涨幅"):
                own = ""
            elif own.endswith(_RATES) and source.name.endswith(_RATES):
                readings.append(Reading(quantity, rule, own, measure, sign))
                continue
            at = source.quantity.start if not own or own == "降幅" else None
            if (
                at is not None
                and source.measure in ("growth",)
                and source.base is not None
                and measure == "growth"
            ):
                at = source.base
            readings.append(
                Reading(
                    quantity, f"{rule}-carried", (stem or source.name) + own, measure, sign, base=at
                )
            )
        elif core or memory.topic:
            topic = topic_name(memory.topic, core)
            readings.append(
                Reading(quantity, f"{rule}-topic", topic or None, measure if topic else None, sign)
            )
        else:
            readings.append(Reading(quantity, "unbound"))
    return readings


_PAIR = {"前者": -2, "后者": -1}


def one_of_two(name: str, memory: Memory) -> Reading | None:
    """The level that 前者 or 后者 means, of the last two; None for any other name."""
    return memory.levels[_PAIR[name]] if name in _PAIR and len(memory.levels) > 1 else None


_A_TIME = re.compile(
    "上年|去年|前年|往年|历年|同期|年初|年末|年底|上[个半]?[月季届]|上个?五年|(?:19|20)[0-9]{2}年|[一二两三四五六七八九十]+年前|以前|过去"
)


def compared_with(readings: list[Reading], other: str) -> list[Reading]:
    """The readings, with what each is told against as written, unless that is another time.

    >>> from xiacheng_nlp.numbers.scan import quantities
    >>> first, second = quantities("高于全国、全省0.5个、0.8个百分点")  # "0.5 and 0.8 points above the country's and the province's"
    >>> [r.against for r in compared_with([Reading(first, "difference", "出口"), Reading(second, "difference", "出口")], "全国、全省")]
    ['全国', '全省']
    """
    other = other.strip("的约近了， ")
    if other and not _A_TIME.match(other):
        several = split_subjects(other, len(readings)) if len(readings) > 1 else None
        for i, reading in enumerate(readings):
            if reading.name is not None:
                reading.against = several[i] if several else other
    return readings


_RATES = ("率", "度")
_STANDING = re.compile("(?:在?全(?:国|省|市|区|县|州|自治区)的?)?(?P<of>排名|位次|排位|名次)$")
"""A place among others, which rises and falls as the thing itself does not: 全省排名上升5位."""


def base_readings(memory: Memory, count: int) -> list[Reading] | None:
    """For each of `count` numbers what it is about: the last series, the last levels, or the last
    one for all; None before any."""
    if not memory.last:
        return None
    if len(memory.last) == count:
        return memory.last
    if count > 1 and len(memory.levels) >= count:
        return memory.levels[-count:]
    return [memory.last[-1]] * count


def topic_name(topic: str, core: str) -> str:
    """The subject that the clause before a nameless number stated: 居民消费价格涨幅逐步回落，预计全年涨幅6.5%."""
    if core:
        place = topic.find(core)
        if place > 0:
            return read_left(topic[:place]).full + core
        subject = _PREDICATE.split(strip_lead(topic), maxsplit=1)[0]
        return subject + core if 2 <= len(subject) <= 12 and subject != topic else core
    subject = _PREDICATE.split(strip_lead(topic), maxsplit=1)[0]
    name = read_left(subject if len(subject) > 1 else topic)
    noun = _PREDICATE.split(_EFFORT.sub("", name.core), maxsplit=1)[0]
    return noun if 2 <= len(noun) <= 20 else ""


def without_comparison(subject: str) -> str:
    """What is compared, without what it is compared with: 生产总值比2010年 (翻一番), 出口在上年 (增长8%的基础上).

    >>> without_comparison("地区生产总值比2010年")  # "the gross product, against 2010, …"
    '地区生产总值'
    """
    return _COMPARED.sub("", subject)


def shares_verb(name: Name, subject: str, rule: str, memory: Memory, inherit: bool) -> bool:
    """Whether a name without a verb takes that of the name before it: 新建幼儿园4所、小学2所;
    引进海外人才12人，青年人才1810人."""
    before = memory.name
    if (
        before is None
        or not before.verb
        or not before.core
        or name.core in vocabulary("generic")
        or before.verb in REACHING
    ):
        return False
    if inherit:
        if name.core.endswith(_INDICATORS):
            return False
        return patterns().inner.search(subject) is None
    bare = (
        rule == "level-after-name"
        and strip_lead(subject) == subject
        and not patterns().achieve.match(subject)
    )
    return bare and name.core[-2:] == before.core[-2:] and not _ALIKE_NOT.search(name.core)


_INDICATORS = ("收入", "产值", "增加值", "利润", "税收", "总额", "销售额", "营业额", "交易额")
"""What is earned is an indicator of its own: 接待游客20万人次、旅游收入3亿元."""


def is_growth_rate(name: str) -> bool:
    """Whether a name is that of a growth, and not of a level that is called so: 自然增长率.

    >>> is_growth_rate("工业增加值增速"), is_growth_rate("人口自然增长率")  # growth of value added, natural increase
    (True, False)
    """
    return GROWTH_NAME.search(name) is not None and not _LEVEL_RATE.search(name)


def is_generic(name: str) -> bool:
    """Whether a name says nothing without its subject: 增幅, 覆盖率, 办结率、满意率."""
    generic = vocabulary("generic")
    listed = len(name) <= 16 and ("、" in name or "和" in name)
    for part in _LIST_MARK.split(name) if listed else (name,):
        if part not in generic and (len(part) > 4 or not part.endswith(("率", "度", "幅"))):
            return False
    return True


@cache
def _generic_endings() -> tuple[str, ...]:
    """The words without a subject of their own, the longest first."""
    return tuple(sorted(vocabulary("generic"), key=lambda word: (-len(word), word)))


def with_subject(said: str, memory: Memory) -> str:
    """满意率 behind 受理区长公开电话8120起 is 区长公开电话满意率; behind 城区清洁度 it stands for itself."""
    last = memory.last[0]
    if said.endswith(_RATES) and last.quantity.dimension not in ("count", "ratio", ""):
        return said
    if last.quantity.dimension == "ratio" and last.measure != "growth":
        if not memory.ratio:
            return said
    else:
        subjects = [
            _without_generic_end(stock_name(acted_on(reading.name or "")))
            for reading in memory.clause
        ]
        memory.subject, memory.ratio = "、".join(dict.fromkeys(subjects)), True
    return said if memory.subject in vocabulary("generic") else memory.subject + said


def _without_generic_end(name: str) -> str:
    """The thing that a level is of: 项目总投资 is about 项目."""
    for word in _generic_endings():
        if name.endswith(word) and len(name) > len(word) + 1:
            thing = name.removesuffix(word)
            return SOWN.sub("", thing) or thing
    return name


def acted_on(name: str) -> str:
    """What a verb of change acts on: 办理建议和提案 is about 建议和提案."""
    match = patterns().change.match(name)
    return name[match.end() :] if match and match.end() < len(name) else name


def stock_name(name: str) -> str:
    """A stock's name from that of its flow: 新增社会组织 is a flow, 社会组织 the stock."""
    return _NEW.sub("", name) or name if "新" in name else name


def _same_subject(source: Reading, quantity: Quantity, measure: str) -> bool:
    """Whether a level without a name can be one more value of what was told before: of the same
    kind, or after its change."""
    if measure == "multiple" or source.measure in ("growth", "difference", "multiple"):
        return True
    return source.measure in ("level", "share") and (
        "" in (source.quantity.dimension, quantity.dimension)
        or source.quantity.dimension == quantity.dimension
    )


def carried_level(
    group: list[Quantity], memory: Memory, rule: str, measure: str, *, bare: bool = False
) -> list[Reading]:
    """Levels that name nothing: more values of what was told before; `bare` ones (1200户、12万平方米) in
    another unit too."""
    bases = base_readings(memory, len(group))
    readings = []
    for i, quantity in enumerate(group):
        source = bases[i] if bases else None
        alike = source is not None and (
            _same_subject(source, quantity, measure) or (bare and source.measure == "level")
        )
        if source is not None and source.name and alike:
            if source.measure == "growth" and source.base is None and quantity.dimension != "ratio":
                # 增长5.2%、达到4.4万亿元: the level stands behind the growth that belongs to it.
                source.base = quantity.start
            if (
                source.measure == "growth"
                and quantity.dimension == "ratio"
                and not rule.startswith("level-reached")
            ):
                readings.append(
                    Reading(
                        quantity,
                        f"{rule}-carried",
                        source.name,
                        "growth",
                        source.sign,
                        base=source.base,
                    )
                )
                continue
            base = source.quantity.start if measure == "multiple" else None
            if (
                quantity.dimension == "ratio"
                and measure == "level"
                and (source.measure == "share" or SHARE_NAME.search(source.name))
            ):
                readings.append(
                    Reading(quantity, f"{rule}-carried", source.name, "share", base=source.base)
                )
                continue
            readings.append(
                Reading(quantity, f"{rule}-carried", stock_name(source.name), measure, base=base)
            )
        elif memory.topic and (topic := topic_name(memory.topic, "")):
            readings.append(Reading(quantity, f"{rule}-topic", topic, measure))
        else:
            readings.append(Reading(quantity, "unbound"))
    return readings
