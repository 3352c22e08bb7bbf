"""What a number was read as, what a sentence has said so far, and what a number takes over from
it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import (
    NO_NAME,
    Name,
    read_left,
    strip_lead,
    subjects,
    subjects_named,
    up_to,
)
from xiacheng_nlp.observations.vocabulary import ends, pattern, words

REACH = 160
"""How far from a number its clause is read: no name of a report is longer, and time stays linear in
any clause."""
_ROUNDED = Decimal("0.1")
"""So far, in points, a share may lie from the quotient of rounded amounts."""
_LONGEST_SHARE = 60
"""Characters of the name of a share, which tells its whole too."""
_SUBJECTS = 6
"""How many names of a clause make up the subject of a rate behind them; a longer list is no
subject."""


@dataclass(slots=True, eq=False)
class Reading:
    """A number as the grammar read it, equal to itself alone; `name` is None where it only
    qualifies something.

    `rule` names what read it, for the reader of a table: nothing is decided by it. `among` is a
    rank's group; `base` the start, in the same text, of the value that it is about; `against` what
    a difference or a multiple is told against. `earlier` marks the first value of a change
    (由12个…), and `when` is the time that the text tells for it; `at_end` a value that was reached
    by the end of its time; `in_passing` one told beside what it is about, which is no subject
    for what follows; `holds_right` that the words behind the number are its name; `qualifies` one
    that is known to state nothing by itself.
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
    at_end: bool = False
    in_passing: bool = False
    holds_right: bool = False
    qualifies: bool = False

    @property
    def said(self) -> str:
        """The name; empty where there is none."""
        return self.name or ""


Readings = list[Reading]


def unbound(quantity: Quantity) -> Reading:
    """A number that no name was found for."""
    return Reading(quantity, "unbound")


class Manner(NamedTuple):
    """How a rule reads: the name that it gives, the measure and sign that it tells, and what else
    its readings have in common. `bare`: no word links the name to the number."""

    rule: str
    measure: str
    sign: int = 1
    at_end: bool = False
    holds_right: bool = False
    in_passing: bool = False
    bare: bool = False

    def reading(
        self, quantity: Quantity, name: str | None, how: str = "", *, base: Reading | None = None
    ) -> Reading:
        """A number read so; `how` is what its rule's name ends with: -carried, -topic."""
        return Reading(
            quantity,
            self.rule + how,
            name,
            self.measure if name else None,
            self.sign,
            base=base.quantity.start if base else None,
            at_end=self.at_end,
            holds_right=self.holds_right,
            in_passing=self.in_passing,
        )

    def readings(self, numbers: Sequence[Quantity], names: str | Sequence[str]) -> Readings:
        """The numbers read so, each with its name or all with one."""
        told = [names] * len(numbers) if isinstance(names, str) else names
        return [self.reading(number, name) for number, name in zip(numbers, told, strict=True)]


POINTS = "个百分点"
"""By which ratios differ."""


@dataclass(slots=True)
class Series:
    """Numbers that stand side by side (10%、7.9%), with what stands around them in their clause.

    `left` are the words before them, from the number before or the clause's start, `right` those
    behind; `more` is the next series of the clause. `text` holds the sentence and what is around
    it.
    """

    text: str
    left: str
    numbers: Sequence[Quantity]
    right: str
    more: Sequence[Quantity] | None
    opens_clause: bool
    first: Quantity = field(init=False)
    """The first of the numbers."""
    is_ratio: bool = field(init=False)
    """Whether they are per cent, points, times or parts."""

    def __post_init__(self) -> None:
        self.first = self.numbers[0]
        self.is_ratio = self.first.dimension == "ratio"

    @property
    def end(self) -> int:
        """Where the last of the numbers ends."""
        return self.numbers[-1].end

    @property
    def said_before(self) -> str:
        """The words before them, without the marks that part them from others."""
        return self.left.strip("、，, ")

    @property
    def nominal(self) -> bool:
        """Whether the noun that they count stands behind them."""
        return is_nominal(self.right, self.first.dimension)

    def clause_from(self, place: int) -> str:
        """The words from that place up to the next mark of a clause."""
        return pattern.clause_mark.split(self.text[place : place + REACH], maxsplit=1)[0]


_NO_NOUN = frozenset("、和及与或等，,；;。：:！!？?）)”\n —…且并 ")
_SEVERAL = frozenset("二两三四五六七八九十")


@lru_cache(maxsize=1024)
def is_nominal(right: str, dimension: str) -> bool:
    """Whether what stands behind a number of that dimension is the noun it counts, not a new
    predicate or the next member of a list."""
    joined = right[:1] in _NO_NOUN and not right.startswith(ends.like_a_joint)
    if not right or joined or pattern.part_in_brackets.match(right):
        return False
    if right[0] in _SEVERAL and pattern.of_several.match(right):
        return False
    if right[0] == "的":
        return dimension in ("count", "ratio") and len(right) > 1
    predicate = pattern.verbal.match(right)
    return predicate is None or pattern.nominal.match(right) is not None


class Memory:
    """What a sentence has said so far, for what names nothing of its own.

    `last` are the readings of the last series that was named, `latest` the last of them; `level`
    is the last level and `levels` are all of them, as `growths` are all growths; `name` is the
    last name with its verb, as long as levels follow it, `counted` the last name of something
    counted. `topic` is the last clause without numbers, `heard` the same as long as nothing is
    named behind it. `subject` is whose rates follow one another, `ratio` that they do. `whole` is
    what 其中 looks back on, `wholes` the levels before it. `clause` are the readings of the last
    clause that stated something, `before` those of the clause before it.
    """

    def __init__(self) -> None:
        self.last: Readings = []
        self.latest: Reading | None = None
        self.name = NO_NAME
        self.topic = ""
        self.level: Reading | None = None
        self.levels: Readings = []
        self.growths: Readings = []
        self.subject = ""
        self.heard = ""
        self.whole = ""
        self.wholes: Readings = []
        self.clause: Readings = []
        self.before: Readings = []
        self.counted: Name | None = None
        self.ratio = False

    @property
    def newer_topic(self) -> bool:
        """Whether the last clause set a new subject (其中; 收入稳步增长)."""
        heard = self.heard
        return bool(
            heard and (heard.startswith(ends.topic_lead) or pattern.risen_topic.search(heard))
        )

    def hear_topic(self, clause: str) -> None:
        """A clause without numbers: the topic of what names nothing behind it (以钢的产量来说)."""
        if as_for := pattern.as_for.match(clause):
            clause = as_for["what"]
        if "（" in clause:
            clause = pattern.aside.sub("", clause)
        if owned := self.owned(clause + "也"):
            clause = owned.removesuffix("也")
        if clause and not (self.topic and pattern.no_topic.match(clause)):
            self.topic = self.heard = clause

    def owned(self, words_before: str) -> str:
        """The words with whose it is, where the last clause lists that: 钢、水泥等产品，产量都…."""
        owned = pattern.own_of_topic.match(words_before) if self.heard else None
        if not owned or not pattern.topic_of_list.fullmatch(self.heard):
            return ""
        return self.heard.removesuffix("等") + words_before[owned.start("own") :]

    def forget(self) -> None:
        """What stands behind a semicolon names its own subject, unless it goes on
        (；2012年计划为5%): all but the levels goes."""
        self.clause, self.before, self.last, self.latest = [], [], [], None
        self.subject, self.topic, self.counted, self.name = "", "", None, NO_NAME

    def look_back(self) -> None:
        """其中 looks back on the last level."""
        if self.level is not None:
            self.whole, self.wholes = self.level.said, [*self.levels]

    def remember(self, named: Readings) -> None:
        """The named readings of a series. A growth behind 为预算的103% is that of what was
        budgeted."""
        if not named or named[0].in_passing:
            return
        size = named[0].measure == "rank" and named[0].said.endswith(ends.size)
        if self.level and size and not named[0].earlier:
            # 总量居全市第二，增长5%: what grew is the level.
            return
        self.last, self.latest, self.heard = named, named[-1], ""
        for reading in named:
            if reading.measure == "level":
                self.levels.append(reading)
            elif reading.measure == "growth":
                self.growths.append(reading)
        if named[0].measure == "level":
            self.level = named[0]
        else:
            self.name = NO_NAME

    def whole_of_last(self) -> str:
        """The whole that the last value is a part of: of the levels before 其中 the last that is in
        its unit, else the last."""
        unit = self.latest.quantity.unit_base if self.latest else None
        alike = [one.said for one in self.wholes if one.quantity.unit_base == unit]
        return [self.whole, *alike][-1]

    def whole_of_share(self, share: Quantity) -> str:
        """The level that the last value is that share of, as division tells it: 吞吐量2360万吨，
        外贸980万吨，占41.5%; empty where there is none."""
        if not self.latest:
            return ""
        told, part = self.latest.said, self.latest.quantity
        headed = pattern.head.search(told)
        for one in self.levels:
            whole = one.quantity
            of_kind = (
                one.said[-2:] == told[-2:]
                or pattern.kind_of_whole.search(one.said)
                or (pattern.head.search(one.said) and not headed)
            )
            alike = of_kind and whole.unit_base == part.unit_base
            if one is not self.latest and alike and whole.value_base and part.value_base:
                off = part.value_base / whole.value_base * 100 - (share.value or 0)
                if abs(off) < _ROUNDED:
                    return one.said
        return ""

    def hold_clause(self, said: Readings) -> None:
        """All that the clause has named so far."""
        if said:
            if said[0] not in self.clause:
                self.before = self.clause
            self.clause = said[-_SUBJECTS:]

    def bases(self, count: int, core: str = "") -> Sequence[Reading | None]:
        """For each of `count` numbers what it is about: the last series, the last levels (of
        增速 the last growths), or the last one for all; None before any."""
        if not self.last or len(self.last) == count:
            return self.last or [None] * count
        told = self.growths if core in words.growth_word else self.levels
        told = [one for one in told if not one.earlier]
        if count > 1 and len(told) >= count:
            return told[-count:]
        return [self.last[-1]] * count

    def told_of(
        self, numbers: Sequence[Quantity], core: str = ""
    ) -> Iterator[tuple[Quantity, Reading | None, str]]:
        """For each number what it is about, None where the last clause set a new subject, and the
        name that the topic gives it."""
        count = len(numbers)
        names = subjects(topic_name(self.topic, core), count)
        # 起数、伤亡人数，分别下降5%、8%: each of a list that was told since.
        listed = self.heard and count > 1 and len({*names}) == count
        newer = self.newer_topic or listed
        bases = [None] * count if newer else self.bases(count, core)
        return zip(numbers, bases, names, strict=True)


def about_subject(subject: str, series: Series, memory: Memory, manner: Manner) -> Readings:
    """Readings about a subject named on the left, or carried from the series before."""
    place = pattern.place_among.search(subject)
    core = read_left(up_to(subject, place)).full
    core += place["of"] if place else ""
    if core.startswith("占") and memory.latest:
        core = stock_name(memory.latest.said) + core
    numbers = series.numbers
    if core and core not in words.generic and core not in words.no_name:
        return manner.readings(numbers, subjects_named(subject, core, len(numbers)))
    return _not_named(core, series, memory, manner, whole=place is not None)


def _not_named(
    core: str, series: Series, memory: Memory, manner: Manner, *, whole: bool
) -> Readings:
    """What names no subject of its own: about what was told before, or about the topic."""
    return [
        _about_base(number, base, core, manner, whole=whole)
        if base
        else manner.reading(number, topic or None, "-topic")
        for number, base, topic in memory.told_of(series.numbers, core)
    ]


def _about_base(
    number: Quantity, base: Reading, core: str, manner: Manner, *, whole: bool
) -> Reading:
    """A change of what was told before: 增长5%; or of what is said of it: (投资3亿元,)
    增幅提高2个百分点."""
    said = base.said
    if manner.measure == "growth" and not (is_share(said) and base.base is None):
        # 教育支出占财政支出的16%，增长7%: what is a part has grown, and not its share.
        said = pattern.share_in_name.sub("", said)
    own = core if core in words.generic and core not in said else ""
    if own.endswith(ends.rate) and said.endswith(ends.rate):
        return manner.reading(number, own)
    if own and own not in words.growth_word:
        if own != "降幅":
            if not whole:
                # 产值增长5%，利润增长3%: a head alone is no subject of what is earned.
                said = pattern.head.sub("", said) or ("" if own in words.earned else said)
            # 空气优良天数，优良率: the word that ends the subject begins the rate.
            return manner.reading(number, said.removesuffix(own[:2]) + own, "-carried")
        said += own
    return manner.reading(number, said, "-carried", base=base)


def told_earlier(readings: Readings, when: str) -> Readings:
    """The readings, each of them of an earlier time."""
    for reading in readings:
        reading.earlier, reading.when = True, when
    return readings


def compared_with(readings: Readings, other: str) -> Readings:
    """The readings, with what each is told against as written, unless that is another time.

    >>> from xiacheng_nlp.numbers.scan import quantities
    >>> found = quantities("高于全国、全省0.5个、0.8个百分点")  # "above the country's …"
    >>> readings = [Reading(q, "difference", "出口") for q in found]
    >>> [r.against for r in compared_with(readings, "全国、全省")]
    ['全国', '全省']
    """
    other = other.strip("的约近了， ")
    if other and not pattern.a_time.match(other):
        for reading, one in zip(readings, subjects(other, len(readings)), strict=True):
            if reading.name is not None:
                reading.against = one
    return readings


def topic_name(topic: str, core: str = "") -> str:
    """The subject that the clause before a nameless number stated:
    居民消费价格涨幅逐步回落，预计全年涨幅6.5%."""
    if not topic:
        return core
    headed = pattern.headed.match(topic)
    if headed and not pattern.no_heading.search(headed["head"]):
        # 4、新兴产业：实现增加值…: a heading within the line names the subject.
        return headed["head"].removesuffix(core) + core
    topic = topic.rstrip("：:")
    place = topic.find(core)
    if place > 0 and not pattern.noun_goes_on.match(topic, place + len(core)):
        return read_left(topic[:place]).full + core
    subject = _subject_of_topic(topic, core)
    if core:
        told = subject != topic or pattern.bare_subject.search(topic)
        return subject + core if 2 <= len(subject) <= 12 and told else core
    return _noun_of_topic(topic, read_left(subject if len(subject) > 1 else topic))


def _subject_of_topic(topic: str, core: str) -> str:
    """What stands before the predicate of the clause."""
    subject = pattern.predicate.split(strip_lead(topic), maxsplit=1)[0]
    # 县属企业多项指标创新高，实现产值9亿元: it is theirs, and no indicator's.
    subject = _exemplified(pattern.figures_at_end.sub("", subject) or subject, core)
    if core.endswith(ends.invested):
        # 水库动工，建成后改善供水，总投资3亿元: it is put into no supply.
        return subject or ("" if pattern.built_then.match(topic) else read_left(topic).core)
    done = core.endswith(ends.rate) and pattern.achieve.match(strip_lead(topic))
    return "" if done else subject


def _exemplified(subject: str, core: str) -> str:
    """软件、会展等现代服务业 (快速发展，增加值…), 甲、乙等片区建设 (，投资…) without examples."""
    if "等" not in subject:
        return subject
    noun = pattern.effort.sub("", read_left(subject).core)
    industry = len(noun) > 2 and noun.endswith(ends.industry)
    return noun if industry or core.endswith(ends.invested) else subject


def _noun_of_topic(topic: str, name: Name) -> str:
    """The noun with its verb where that stands before it: 新建和修复的铁路，就有300公里."""
    noun = pattern.predicate.split(pattern.effort.sub("", name.core), maxsplit=1)[0]
    if name.verb and topic.endswith(f"{name.verb}的{noun}"):
        noun = name.verb + noun
    return noun if 2 <= len(noun) <= (_LONGEST_SHARE if is_share(noun) else 26) else ""


def names_rate(name: str) -> bool:
    """Whether a name ends as those of rates and of ratios do."""
    return name.endswith(ends.rate + ends.ratio_head)


def by_standard(core: str, number: Quantity, memory: Memory, *, reached: bool) -> str:
    """Who gets so much money, with the standard that was told before of others (补助标准小学
    1000元, 初中1200元; 孤儿养育标准900元, 残疾儿童600元), or by the topic where it was `reached`
    (提高保额标准, 水稻提高到800元); else the name."""
    money = number.dimension == "money"
    if not money or core.endswith(ends.money_noun + ends.own_money) or pattern.head.search(core):
        return core
    last = memory.latest
    said = last.said if last and last.quantity.dimension == "money" else ""
    told = pattern.beneficiary_at_end.search(core) and pattern.by_standard.fullmatch(said)
    if told:
        return (told["of"] or "") + core + (told["behind"] or "")
    return core + (_standard_of_topic(memory, said) if reached and "标准" in memory.topic else "")


def _standard_of_topic(memory: Memory, said: str) -> str:
    topic = topic_name(memory.topic)
    told = pattern.by_standard.fullmatch(topic)
    standard = (told and told["behind"]) or topic
    goes_on = memory.heard or said.endswith(standard)
    return standard if goes_on and standard[2:].endswith("标准") else ""


def without_comparison(subject: str) -> str:
    """What is compared, without what it is compared with: 生产总值比2010年 (翻一番), 出口在上年
    (增长8%的基础上).

    >>> without_comparison("地区生产总值比2010年")  # "the gross product, against 2010, …"
    '地区生产总值'
    """
    return pattern.compared_alone.sub("", pattern.comparison_before.sub("", subject))


def without_standing(subject: str) -> str:
    """The subject without what tells how it stands (均, 连续三年, 已) at its end."""
    return pattern.standing_at_end.sub("", subject)


def is_growth_rate(name: str) -> bool:
    """Whether a name is that of a growth, and not of a level that is called so: 自然增长率.

    >>> is_growth_rate("工业增加值增速"), is_growth_rate("人口自然增长率")  # the latter: natural
    (True, False)
    """
    growth = pattern.growth_name.search(name)
    return growth is not None and not pattern.natural_rate.search(name)


def is_share(name: str) -> bool:
    """Whether a name is that of a share: 占比, 比重."""
    return pattern.share_name.search(name) is not None


def told_by_name(said: str, manner: Manner, *, points: bool = False) -> tuple[str, Manner]:
    """工业增加值增速 is told as the growth of 工业增加值, 占比 as a share; `points` are none."""
    growth = pattern.growth_name.search(said) if is_growth_rate(said) else None
    if not growth:
        return said, manner._replace(measure="share") if is_share(said) and not points else manner
    sign = -1 if growth[0] in words.fallen else 1
    aimed = "增长" if pattern.aim_of_growth.fullmatch(growth[0]) else ""
    name = up_to(said, growth).removesuffix("的") + aimed
    return name or said, manner._replace(measure="growth", sign=sign)


def is_generic(name: str) -> bool:
    """Whether a name says nothing without its subject: 增幅, 覆盖率, 办结率、满意率."""
    if name in words.own_rate:
        return False
    if name.startswith("对") and name.endswith(ends.rate):
        return True
    for part in pattern.listed.split(name) if len(name) <= 16 else (name,):
        known = part in words.generic
        if not known and (len(part) > 4 or not part.endswith(ends.rate_of_generic)):
            return False
    return True


def with_subject(said: str, memory: Memory, told: Sequence[Reading]) -> str:
    """满意率 behind 受理区长公开电话8120起 is 区长公开电话满意率; behind 城区清洁度 it stands for
    itself. `told` is what the subject is read from: the clause, or of a list told again
    (面积分别为…，产量分别为…) its member."""
    last = memory.last[0]
    gives, is_ratio = said.startswith("对"), last.quantity.dimension == "ratio"
    if _stands_alone(said, last) and not (gives or is_ratio):
        return said
    # 提案、建议办复率分别为…，满意率分别为…: the next rate of each.
    of_each = told is not memory.clause and _without_generic_end(told[0].said) != told[0].said
    if not is_ratio or gives or of_each or last.measure in ("growth", "multiple"):
        things = (
            _thing_told(reading, gives=gives, whole=said == "总量", built=said in words.extent)
            for reading in told
        )
        subject = "、".join(dict.fromkeys(things)).removesuffix("天数")
        if len(subject) > REACH:
            # Each of its names may hold the subject before it, and the next would be twice as long.
            return said
        memory.subject, memory.ratio = subject, True
    elif not memory.ratio:
        return said
    # 合同引资12亿元，到位资金4亿元: so much of it came.
    subject = memory.subject.removeprefix("年")
    names = words.generic | (words.flow if last.quantity.dimension == "money" else frozenset())
    alone = subject in names or pattern.stands_alone.search(f"{memory.subject} {said}")
    # 签约2090户，签约率: the word that ends the subject begins the rate.
    return said if alone else memory.subject.removesuffix(said[:2]) + said


def _stands_alone(said: str, last: Reading) -> bool:
    """Whether a rate is of nothing that was counted before it; so are days like it (优良天数335天，
    优良率)."""
    if said in words.people_rate:
        return not last.said.endswith("人口")
    if not said.endswith(ends.rate) or said.removesuffix("率") in words.achieve:
        return False
    like_it = last.said.endswith(said.removesuffix("率") + "天数")
    counted = last.quantity.dimension in ("count", "") or like_it
    return not counted or last.said.endswith(ends.rate)


def _thing_told(reading: Reading, *, gives: bool, whole: bool, built: bool) -> str:
    """What a reading is of, without the verb and the word for its measure; with the former where
    it is asked for as `built`, with the latter where the `whole` is asked for."""
    if built:
        return "" if reading.said in words.extent else _without_generic_end(reading.said)
    thing = stock_name(acted_on(of_share(reading, gives)))
    measured = whole or reading.measure == "multiple"
    return stock_name(thing if measured else _without_generic_end(thing))


def _without_generic_end(name: str) -> str:
    """The thing that a level is of: 项目总投资 is about 项目."""
    generic = pattern.generic_at_end.search(name)
    thing = up_to(name, generic)
    whole = name if name in words.generic else ""
    return whole or (generic and pattern.sown.sub("", thing)) or thing


def acted_on(name: str) -> str:
    """What a verb of change acts on: 办理建议和提案 is about 建议和提案."""
    match = pattern.change.match(name)
    return name[match.end() :] if match and match.end() < len(name) else name


def of_share(base: Reading, apart: bool) -> str:
    """What a share is one of, where more is told of it (出口占全省的16%，居第二), or what a ratio
    is of, where that is meant `apart` from it (研发强度5%，总量居全国第二); else the name."""
    part = base.said.partition("占")[0]
    if part and apart and base.quantity.dimension == "ratio":
        return part.removesuffix("强度")
    return part if part and base.measure == "share" and not is_share(base.said) else base.said


def stock_name(name: str) -> str:
    """A stock's name from that of its flow: 新增社会组织 is a flow, 社会组织 the stock."""
    return pattern.flow.sub("", name) or name


def carried_level(
    series: Series, memory: Memory, manner: Manner, *, bare: bool = False
) -> Readings:
    """Levels that name nothing: more values of what was told before; `bare` ones
    (1200户、12万平方米) in another unit too."""
    risen = memory.newer_topic and pattern.risen_topic.search(memory.topic)
    if risen and risen["grew"] and not risen["rate"] and series.is_ratio:
        # 供电量大幅增长，达到45%: so much it grew.
        manner = manner._replace(measure="growth", sign=-1 if risen["down"] else 1)
    return [
        _more_of(number, base, manner, alone=not series.right)
        if base and _same_subject(base, number, manner, bare=bare)
        else _of_topic(number, topic, manner)
        for number, base, topic in memory.told_of(series.numbers)
    ]


def _same_subject(base: Reading, number: Quantity, manner: Manner, *, bare: bool) -> bool:
    """Whether a level without a name can be one more value of what was told before: of the same
    kind, or after its change."""
    changed = base.measure in ("growth", "difference", "multiple")
    if changed or manner.measure in ("multiple", "share"):
        return True
    dimensions = {base.quantity.dimension, number.dimension}
    alike = "" in dimensions or len(dimensions) == 1
    return base.measure in ("level", "share") and (alike or (bare and base.measure == "level"))


def _more_of(number: Quantity, base: Reading, manner: Manner, *, alone: bool) -> Reading:
    ratio = number.dimension == "ratio"
    rate = ratio and manner.measure == "level"
    rule = manner.rule + "-carried"
    if rate and _still_grows(base, number, manner, alone=alone):
        return Reading(number, rule, base.name, "growth", base.sign, base=base.base)
    if base.measure == "difference" and manner.bare and number.unit_base == POINTS:
        # 比全国、全省平均高2个、1个百分点: one more of the same.
        return Reading(number, rule, base.name, "difference", base.sign)
    if base.base is None and not ratio and _changed_to(base, number, manner):
        base.base = number.start
    if rate and (base.measure == "share" or is_share(base.said)):
        return Reading(number, rule, base.name, "share", base=base.base, at_end=manner.at_end)
    if manner.measure == "multiple":
        return manner.reading(number, stock_name(base.said), "-carried", base=base)
    said = base.said if manner.bare else stock_name(base.said)
    return manner.reading(number, said, "-carried")


def _changed_to(base: Reading, number: Quantity, manner: Manner) -> bool:
    """Whether a level stands behind its change: 增长5.2%、达到4.4万亿元; 增加5家，达到30家."""
    apart = base.measure == "difference" and base.quantity.unit_base == number.unit_base
    return base.measure == "growth" or (apart and not manner.bare)


def _still_grows(base: Reading, number: Quantity, manner: Manner, *, alone: bool) -> bool:
    """Whether a ratio tells how much it grew: once more, or once again behind by how much, `alone`
    before a mark (增产2万吨，即8.7%)."""
    if base.measure == "growth":
        # 覆盖率提高3%，达到88%: a rate rose to so much; but 能耗强度下降3%，累计达到10%.
        rated = names_rate(base.said) and not base.said.endswith("强度")
        of_rate = rated and not manner.bare
        return not (manner.at_end or of_rate) or is_growth_rate(base.said)
    by_how_much = base.measure == "difference" and base.quantity.dimension != "ratio"
    return by_how_much and manner.bare and alone and number.unit_base == "%"


def _of_topic(number: Quantity, topic: str, manner: Manner) -> Reading:
    if not topic:
        return unbound(number)
    if number.dimension == "ratio" and manner.measure == "level":
        # 服务业占比稳步提高，达到52%: what the topic is told to be.
        topic, manner = told_by_name(topic, manner)
    return manner.reading(number, topic, "-topic")
