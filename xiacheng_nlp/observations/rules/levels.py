"""The rule of levels: what an amount, a count or a rate is of (实现地区生产总值643.57亿元,
新增9个低碳社区, 是上年的3倍)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.numbers.numerals import POWERS
from xiacheng_nlp.numbers.units import bounds
from xiacheng_nlp.observations.names import (
    Name,
    read_left,
    read_right,
    strip_lead,
    subjects_named,
    up_to,
)
from xiacheng_nlp.observations.reading import (
    POINTS,
    REACH,
    Manner,
    Memory,
    Reading,
    Readings,
    Series,
    acted_on,
    by_standard,
    carried_level,
    compared_with,
    is_generic,
    names_rate,
    stock_name,
    told_by_name,
    topic_name,
    with_subject,
    without_comparison,
    without_standing,
)
from xiacheng_nlp.observations.rules.qualifiers import deed_before
from xiacheng_nlp.observations.vocabulary import ends, pattern, words

_MULTIPLE = Manner("multiple", "multiple")
_PART_OF_MEAN = Manner("share", "share")
_COUNTED = Manner("count-before-noun", "level", holds_right=True)
_COUNTED_BEFORE = Manner("count-before-predicate", "level")
_LONGEST_PREDICATE = 12
_FAR_MORE = 10
_LONGEST_TOLD = 16
_LONGEST_PART = 4
_GROWN = frozenset({"level", "difference"})
"""What a growth without a name is of: 利税12亿元, or 净增2亿元, 增幅24%."""
_NO_NOUN = frozenset("、和及与或，,；;。）)（(")


def times_readings(series: Series, memory: Memory) -> Readings:
    """是上年的3倍, 不低于低保标准的1.3倍, 恢复到2019年的95%: so many times, or so much of, another
    level."""
    unit = series.first.unit
    many = {"倍": pattern.times_as_much, "%": pattern.as_much_as}.get(unit)
    times = many.search(series.left) if many else None
    if not times:
        part = pattern.part_of_mean.search(series.left) if unit in ("%", "") else None
        if not part:
            return []
        subject = without_standing(up_to(series.left, part))
        readings = leveled(subject, bounded(series, part["bound"]), memory, _PART_OF_MEAN)
        return compared_with(readings, part["other"])
    word = times.groupdict().get("bound") or ""
    subject = without_standing(up_to(series.left, times))
    readings = leveled(subject, bounded(series, word), memory, _MULTIPLE)
    return compared_with(readings, pattern.equals.sub("", times[0].removeprefix(word)))


def bounded(series: Series, word: str | None) -> Series:
    """The series with the bound that a word before it sets, if there is one."""
    if not word:
        return series
    bound = bounds.before[word]
    return replace(series, numbers=[one._replace(bound=bound) for one in series.numbers])


def level_readings(series: Series, memory: Memory) -> Readings:
    """A level for each number, named from the noun that it counts on its right, or else from its
    left; no rule is left behind this."""
    left = series.left
    if series.first.unit in words.medal:
        return _COUNTED.readings(series.numbers, [f"{one.unit}牌" for one in series.numbers])
    if among := _among_counted(series):
        return _COUNTED_BEFORE.readings(series.numbers, among)
    beside = _beside_counted(series, memory)
    if counted := _counted(series, beside, memory):
        return counted
    link = link_before(left)
    subject = up_to(left, link)
    doubled = series.first.text.startswith("翻")
    if doubled:
        subject = without_standing(without_comparison(subject))
    subject = pattern.in_a_row.sub("", subject) if "连续" in subject else subject
    if series.first.bound != "=":
        subject = pattern.modal_at_end.sub("", pattern.bound_at_end.sub("", subject))
    named = read_left(subject)
    before = _before_predicate(beside, named) or _of_those_counted(series, memory)
    if before:
        return _COUNTED_BEFORE.readings(series.numbers, before)
    rule, measure = "level" if link else "level-after-name", "multiple" if doubled else "level"
    # 132处、共12万平方米, 吞吐能力近2600万吨: a sum or a bound is as bare as no word.
    bare = link is None or pattern.bare_link.search(link[0]) is not None
    reached = link is not None and link[0].startswith(("至", "到"))
    manner = Manner(rule, measure, bare=bare, at_end=reached)
    return leveled(subject, series, memory, manner, inherit=not series.opens_clause, name=named)


def link_before(left: str) -> re.Match[str] | None:
    """The words at the end of `left` that link a name to its value."""
    return pattern.link.search(left)


def counted_by(series: Series) -> Series:
    """抽检量超每千人6.6批次: the bound is that of the number, and 每千人 belongs to the name; 至少
    建成2个景区、20个民宿: that of the verb is told of each."""
    per = pattern.per_unit.search(series.left) if "每" in series.left else None
    if per:
        return bounded(replace(series, left=up_to(series.left, per) + per["per"]), per["bound"])
    start = series.first.start
    exact = series.first.bound == "="
    deed = exact and pattern.bounded_deed.search(series.text, max(0, start - REACH), start)
    if not deed:
        return series
    left = series.left.replace(deed["bound"], "", 1)
    return bounded(replace(series, left=left), deed["bound"])


def _before_predicate(series: Series, named: Name) -> str:
    """The name of a count that stands before what is said of it: 3所入选…, 新增5家为…,
    为8万人发放失业保险金."""
    right = series.right
    alone = series.first.dimension == "count" and not strip_lead(series.left)
    # 两次降低茶税: how often that was done.
    done = pattern.often if series.first.unit == "次" else pattern.honoured
    if alone and done.match(right):
        return read_left(right).full
    person = series.first.unit in words.people
    for_whom = person and (alone or pattern.for_whom_at_end.search(series.left))
    if for_whom and pattern.verbal.match(right):
        return read_left(right).full
    if right and right[0] not in _NO_NOUN and named.verb and not named.core:
        thing = "" if series.nominal else read_left(right).full
        return thing and named.verb + thing
    return ""


def _among_counted(series: Series) -> str:
    """全县21个乡镇中有15个开通班车: what is said of some of those that stand before."""
    start, right = series.first.start, series.right
    had = series.left.endswith("有")
    among = had and pattern.among_counted.search(series.text, max(0, start - REACH), start)
    if not among:
        return ""
    deed = any(shape.match(right) for shape in (pattern.verbal, pattern.change, pattern.achieve))
    said = pattern.clause_mark.split(right, maxsplit=1)[0]
    return among["thing"] + said if deed and len(said) <= _LONGEST_PREDICATE else ""


def _of_those_counted(series: Series, memory: Memory) -> str:
    """115家企业签约, 32家建成投产; 55户企业已有31户改制: what is said of some of those that were
    counted before."""
    last = memory.latest
    if not last or last.measure != "level" or series.first.dimension != "count":
        return ""
    if (
        not (_tells_of_them(series, last) and series.right)
        or series.right[0] in _NO_NOUN
        or series.nominal
    ):
        return ""
    if last.quantity.unit_base != series.first.unit_base:
        return ""
    thing = pattern.cut.split(acted_on(last.said), maxsplit=1)[0]
    said = pattern.clause_mark.split(series.right, maxsplit=1)[0]
    return thing + said if thing and len(said) <= _LONGEST_PREDICATE else ""


def _tells_of_them(series: Series, last: Reading) -> bool:
    """Whether nothing else is named before the number: also in 仍有4项未能完成."""
    left = strip_lead(series.left)
    of_them = left.removeprefix(acted_on(last.said)) if last.holds_right else left
    undone = series.opens_clause and series.right.startswith(ends.undone)
    again = (of_them != left or undone) and pattern.some_have.search(of_them)
    return bool(again or (series.opens_clause and not left))


def _counted(series: Series, beside: Series, memory: Memory) -> Readings:
    """新增9个低碳社区: what is counted stands behind its number."""
    if "超额" in series.left and (outdone := _task_outdone(series, memory)):
        return outdone
    if series.right[:1] == "的" and (told := _signed_for(series) or _of_size(series)):
        return told
    noun = _noun_behind(beside) if _has_noun_behind(beside) else None
    if not noun or not noun.core:
        return []
    last = memory.latest
    if last and last.said.endswith(noun.core) and noun.core in words.out_of_need:
        # 贫困人口32户、67人脱贫: of the same.
        noun = Name("", last.said)
    if not noun.verb:
        noun = Name(_verb_handed_on(beside, memory), noun.core)
    memory.name = memory.counted = noun
    # 解决1.2万人、8000头牲畜的饮水困难: of the animals, and of the people.
    people = noun.verb + pattern.livestock.sub("", noun.core)
    names = [people if one.unit in words.people else noun.full for one in beside.numbers]
    return _COUNTED.readings(beside.numbers, names)


def _task_outdone(series: Series, memory: Memory) -> Readings:
    """就业6万人，超额完成5万人年度任务: how much was to be of what was told before."""
    last = memory.latest
    if not last or last.quantity.unit_base != series.first.unit_base or series.right[:1] == "的":
        return []
    outdone = pattern.outdone.search(series.left)
    aimed = outdone and pattern.aimed_at.match(series.text, series.end)
    return _COUNTED.readings(series.numbers, last.said) if aimed else []


def _noun_behind(series: Series) -> Name:
    """The noun with what it takes from its left and from the next number: 实施市场平稳发展18条措施
    are for what stands before them, and so are 生活污水治理65个村."""
    left, right, bound = series.left, series.right, series.first.bound
    before = left if bound == "=" else pattern.bound_at_end.sub("", left)
    if pattern.owner_of.search(before):
        # 全省唯一拥有两个集群的城市: the city has them.
        right = right.partition("的")[0]
    noun = read_right(right if series.first.unit else right.removeprefix("大"), before)
    if noun.core in words.says_little or len(noun.core) == 1:
        noun = _told_before(before, noun)
    upon = pattern.works_upon.search(before) and pattern.works_upon_behind.search(right)
    if upon and not noun.verb:
        # 对18座旧桥进行改造: what is done to them.
        noun = Name("", read_right(up_to(right, upon), "").core + upon["works"])
    if series.more:
        noun = _shared_noun(noun, series, series.more)
    if "每" in before and noun.core and pattern.each_has.match(stripped := strip_lead(before)):
        return Name("", stripped + noun.core)
    return noun


def _told_before(before: str, noun: Name) -> Name:
    """A noun that says little by itself, with what stands before its number (促进就业20条措施)."""
    told = read_left(before)
    if noun.core in words.says_little:
        is_name = len(told.core) <= _LONGEST_TOLD
    else:
        is_name = pattern.works.search(told.core) is not None
    if not is_name:
        return noun
    of = "" if pattern.whole_place.fullmatch(told.core) else told.core
    return Name(told.verb, of + noun.core)


def _verb_handed_on(series: Series, memory: Memory) -> str:
    """The verb of the name before: in another clause only behind another that is counted before its
    noun (引进5个团队，10名专家), and no verb of reaching."""
    verb, last = memory.name.verb, memory.latest
    if series.said_before in words.toward:
        return ""
    if not series.opens_clause:
        return verb
    counted = series.first.unit.strip(POWERS[1:])
    alike = last and last.holds_right and counted and not series.left
    apart = pattern.cut.search(series.right, 1) or verb.endswith(ends.reaching)
    return verb if alike and not apart else ""


def _signed_for(series: Series) -> Readings:
    """签下3亿元的合同, 完成34公里的暗涵整治: so much of what stands behind is done."""
    deed = deed_before(series.first, series.left)
    if not deed:
        return []
    return _COUNTED.readings(series.numbers, read_right(series.right[1:], deed["deed"]).full)


def _of_size(series: Series) -> Readings:
    """形成5平方公里的园区规模, 日供水2万吨的能力: what is so large stands behind."""
    if not pattern.of_size.match(series.right):
        return []
    noun = series.right[1:]
    name = read_left(series.left).full + noun if len(noun) == 2 else noun
    return _COUNTED.readings(series.numbers, name)


def _beside_counted(series: Series, memory: Memory) -> Series:
    """1754户3735人脱贫, 完成124公里、3.56万亩林带建设, 启动26个总投资145亿元项目, 4公里的10条道路:
    told in two units, with what stands behind the second."""
    more = series.more
    if not more or more[0].unit_base in (series.first.unit_base, "倍"):
        return series
    between = series.text[series.end : more[0].start].removeprefix("、")
    told = between in ("", "的") or any(
        joint.fullmatch(between) for joint in (pattern.in_sum, pattern.invested)
    )
    left, last = series.left, memory.latest
    counted_before = last and last.said.endswith(left)
    core = pattern.whole_place.sub("", read_left(left).core)
    if not told or (core and not left.endswith("等") and not counted_before):
        return series
    behind = pattern.list_comma.split(series.clause_from(more[-1].end), maxsplit=1)[0]
    return series if pattern.digit.search(behind) else replace(series, right=behind)


def _has_noun_behind(series: Series) -> bool:
    """Whether what is counted may stand behind the number, right there or as 等20场…的会议."""
    left, right = series.left, series.right
    relative = left.endswith("等") and "的" in right and right[0] not in "，。、的"
    aimed = right[:1] == "的" and pattern.aim.match(right, 1)
    if series.is_ratio or aimed or not (series.nominal or relative):
        return False
    return series.first.dimension != "money" or not pattern.money_named.search(left)


def _shared_noun(noun: Name, series: Series, more: Sequence[Quantity]) -> Name:
    """3家国家级、5家省级企业: the first takes the noun of the next; 3个项目完成投资5亿元: what was
    done with the noun belongs to the next."""
    if _only_modifies(noun.core, series.first, more[0]):
        behind = pattern.more_modifiers.sub("", series.clause_from(more[-1].end))
        behind = pattern.size_at_start.sub("", behind)
        if pattern.digit.search(behind):
            return noun
        thing = pattern.leading_modifiers.sub("", read_right(behind, "").core)
        return Name(noun.verb, noun.core + thing)
    if noun.core and series.right == series.text[series.end : more[0].start]:
        verb = pattern.achievement.search(noun.core, 2)
        if verb and len(noun.core) > verb.end() + 1:
            return Name(noun.verb, pattern.other_deed.sub("", up_to(noun.core, verb)))
        core = pattern.other_deed.sub("", noun.core) or noun.core
        if series.first.unit_base == more[0].unit_base:
            # 76个项目开工65个: so many of them are begun.
            core = pattern.begun_behind.sub("", core)
        return Name(noun.verb, core)
    solved = noun.verb in ("", "解决")
    if solved and series.text[series.end + len(series.right) : more[0].start] == "、":
        own = pattern.list_mark.split(series.clause_from(more[-1].end), maxsplit=1)[0]
        return Name(noun.verb, noun.core + _done_to_both(noun.core, own))
    return noun


def _done_to_both(core: str, own: str) -> str:
    """What is done to the second of two, whose `own` words tell it, and to the first: 37座公厕、
    5座转运站改造; 40个村、6万人脱贫; 解决12个村、1万人的用电问题."""
    works = pattern.of_works.search(own)
    if works and not pattern.works_of_its_own.search(core):
        # 5个村、300户“煤改电”改造: the second names nothing but what is done.
        return own if own.startswith("“") else works[0]
    outcome = pattern.of_outcome.fullmatch(own)
    return outcome["out"] if outcome and not pattern.outcome.search(core) else ""


def _only_modifies(core: str, number: Quantity, following: Quantity) -> bool:
    """Whether what stands behind a number only tells which of those are meant that the next number
    counts: 3家国家级、5家省级企业; 6条城区、9条城乡公交线路; 3个百亿元、5个10亿元项目."""
    if core in words.office:
        return True
    modifies = core in words.division or any(
        shape.fullmatch(core) for shape in (pattern.modifier, pattern.sized)
    )
    return modifies and number.unit == following.unit


def leveled(
    subject: str,
    series: Series,
    memory: Memory,
    manner: Manner,
    *,
    inherit: bool = False,
    name: Name | None = None,
) -> Readings:
    """A level for each number, named from the subject and, where that is not whole, from what was
    said before."""
    name = _completed(name or read_left(subject), subject, series, memory, manner, inherit)
    numbers, first = series.numbers, series.first
    if not name.full:
        bare = manner.bare and not subject.strip("、，, ") and not memory.heard
        return carried_level(series, memory, manner, bare=bare)
    memory.name = name
    if first.dimension == "count":
        memory.counted = name
    name, manner = _raised(name, manner, series, memory.latest)
    among_parts = subject.lstrip().startswith("其中")
    cores, told_again = [name.core], False
    bases = memory.bases(len(numbers))
    if len(numbers) > 1:
        alike = len({number.dimension for number in numbers} - {""}) < 2
        cores = subjects_named(subject, name.core, len(numbers), alike=alike)
        if len(set(cores)) == 1 and not memory.last and is_generic(name.core):
            listed = _of_listed(name.core, len(numbers), memory.topic)
            cores, among_parts = listed or cores, among_parts or bool(listed)
        told_again = _told_again(cores, bases)
    return [
        _named(verb + core, verb, number, memory, manner, last, among_parts, told_again)
        for verb, core, number, last in zip(
            _verbs(name.verb, cores), cores, numbers, bases, strict=True
        )
    ]


def _verbs(verb: str, names: Sequence[str]) -> list[str]:
    """The verb of each name: 新增就业和转移劳动力分别达到3万人和5万人, the second has its own."""
    return [verb, *("" if pattern.change.match(name) else verb for name in names[1:])]


def _raised(
    name: Name, manner: Manner, series: Series, last: Reading | None
) -> tuple[Name, Manner]:
    """提高覆盖率至90%: what is raised, without the verb; 压减会议费12%、培训费30%: the next of a
    list is made less, or more, as the `last` was."""
    if name.verb in words.decrease | words.increase:
        return Name("" if manner.at_end and name.core else name.verb, name.core), manner
    growing = last and last.measure == "growth" and series.is_ratio
    if last and growing and not (series.opens_clause or names_rate(name.core)):
        manner = manner._replace(measure="growth", sign=last.sign)
    return name, manner


def _told_again(names: Sequence[str], bases: Sequence[Reading | None]) -> bool:
    """Whether one name stands for as many numbers as were told before, each of another thing:
    两镇面积分别为…，产量分别为…."""
    if len(set(names)) > 1:
        return False
    return len({base.said for base in bases if base}) == len(names)


def _of_listed(core: str, count: int, topic: str) -> list[str]:
    """甲、乙两大产业快速发展，产值分别为…: of each member that the topic lists."""
    listed = pattern.listed_in_topic.match(topic)
    members = pattern.listed.split(read_left(listed["listed"]).core) if listed else []
    return [member + core for member in members] if len(members) == count else []


def _completed(
    name: Name, subject: str, series: Series, memory: Memory, manner: Manner, inherit: bool
) -> Name:
    """The name with what it takes over from the one before: its verb, its noun, or what it is a
    part of."""
    first, last = series.first, memory.latest
    if not name.verb and pattern.only_verbs.fullmatch(name.core):
        name = Name(name.core, "")
    shares = not series.is_ratio and (
        _shares_verb(name, subject, first, memory, manner, inherit)
        or _is_part_of_new(name, subject, first, memory, bare=manner.bare)
    )
    if shares:
        name = Name(memory.name.verb, name.core)
    told = _of_all(name, subject, first, memory) or (last and _of_last(name, first, last))
    if told:
        return told
    if not name.verb and name.core:
        name = Name("", by_standard(name.core, first, memory, reached=manner.at_end))
    return _with_thing(name, first, memory)


def _of_all(name: Name, subject: str, number: Quantity, memory: Memory) -> Name | None:
    """新建沼气池5000口，全县达到2.3万口: of those in all; 工业利税3亿元，其中利润1亿元: a part of
    both."""
    last = memory.latest
    alike = last and number.unit_base == last.quantity.unit_base
    if last and alike and pattern.whole_place.fullmatch(name.full):
        return Name("", name.core + stock_name(pattern.whole_place.sub("", last.said)))
    if memory.whole and subject.startswith("其中来自") and pattern.whence.search(name.core):
        # 接待游客5万人次，其中来自外省2万人次.
        thing = acted_on(memory.whole)
        return Name(memory.whole.removesuffix(thing), name.core + thing)
    if memory.whole.endswith("利税") and name.full in words.tax_or_profit and subject[:2] == "其中":
        return Name("", memory.whole.removesuffix("利税") + name.full)
    return None


def _shares_verb(
    name: Name, subject: str, number: Quantity, memory: Memory, manner: Manner, inherit: bool
) -> bool:
    """Whether a name without a verb takes that of the name before it: 新建幼儿园4所、小学2所;
    引进海外人才12人，青年人才1810人."""
    before = memory.name
    if name.verb or not name.core or name.core in words.generic:
        return False
    if not before.verb or not before.core or before.verb.endswith(ends.reaching):
        return False
    if name.core.endswith(ends.earned) or name.core.startswith("每"):
        # What is earned is an indicator of its own: 接待游客20万人次、旅游收入3亿元; so is 每百人
        # 拥有电话.
        return False
    if inherit:
        achieved = pattern.achieve.match(strip_lead(subject))
        return not (achieved or pattern.inner_verb.search(subject))
    bare = manner.bare and strip_lead(subject) == subject and not pattern.achieve.match(subject)
    return bare and _alike(name.core, number, memory)


def _alike(core: str, number: Quantity, memory: Memory) -> bool:
    """Whether a thing is of the kind of that before it, or built as that was (新增装机9万千瓦，铁路
    300公里); what is built, of one kind and far more, is told anew (，农村公路近3000公里)."""
    before, last = memory.name, memory.latest
    built = pattern.built_at_end.search(core)
    if core[-2:] == before.core[-2:] and not pattern.unlike_at_end.search(core):
        more = last and (number.value_base or 0) > _FAR_MORE * (last.quantity.value_base or 0)
        return not (more and built)
    return bool(built and pattern.newly.match(before.verb))


def _is_part_of_new(
    name: Name, subject: str, number: Quantity, memory: Memory, *, bare: bool
) -> bool:
    """新增公路64公里，其中高速公路3公里，乡道50公里: what is a part of the new is new."""
    verb = memory.name.verb
    # The next of the parts is told by a short name: 总量 or a deed of its own is none.
    part = subject.lstrip().startswith("其中") or (
        bare and memory.whole and subject == name.core and len(subject) <= _LONGEST_PART
    )
    return bool(
        part
        and name.core
        and name.core not in words.generic
        and not pattern.of_works.fullmatch(name.core)
        and not name.verb
        and pattern.one_change.fullmatch(verb)
        and verb not in words.reaching
        and _fits_whole(verb, number, memory)
    )


def _fits_whole(verb: str, number: Quantity, memory: Memory) -> bool:
    """Whether what 其中 looks back on has that verb, and holds its parts with this one."""
    if not memory.wholes:
        return False
    whole, parts = memory.wholes[-1], memory.levels[len(memory.wholes) :]
    told = sum(one.value_base or 0 for one in [number, *(part.quantity for part in parts)])
    alike = whole.said.startswith(verb) and whole.quantity.unit_base == number.unit_base
    return alike and told <= (whole.quantity.value_base or 0)


def _of_last(name: Name, number: Quantity, last: Reading) -> Name | None:
    """The name with that of the last value: 占全省的3%, 省级5家 behind 高新技术企业8家."""
    if name.full.startswith("占") and not pattern.takes_up.match(name.full):
        return Name("", stock_name(last.said) + name.full)
    # 补助贫困户500万元 is what they get in all.
    earners = "人均" in last.said and not name.verb
    kind = name.core.endswith(ends.earner if earners else ends.industry)
    if number.dimension == last.quantity.dimension == "money" and kind:
        # 食品产值达到10亿元，制造业达到6亿元: of an industry so much money is what was told before;
        # of households the income a head.
        head = pattern.head.search(last.said)
        return head and Name(name.verb, name.core + head[0].removeprefix("居民"))
    if _tells_part(name.core, number, last.quantity):
        counted = acted_on(last.said)
        thing = pattern.part_at_end.sub("", pattern.leading_part.sub("", counted))
        return Name(name.verb or last.said.removesuffix(counted), name.core + thing)
    if name.verb in words.reaching and not name.core:
        if last.measure == "difference":
            # 参保人数增加1.4亿、覆盖10.5亿人: what reaches so many is what rose.
            return Name("", last.said + name.verb)
        if last.quantity.dimension == "money" and number.dimension != "money":
            return Name("", last.said + name.verb)
    return None


def _tells_part(core: str, number: Quantity, before: Quantity) -> bool:
    """Whether a name only tells which part: 省级5家 behind 高新技术企业8家, 县城800个 behind
    基站1200个."""
    same_unit = number.unit_base == before.unit_base != "%"
    office = core.removesuffix("以上").removesuffix("及") in words.office
    return office or (core in words.division and same_unit)


def _with_thing(name: Name, number: Quantity, memory: Memory) -> Name:
    """A verb alone with what it acts on, which was named before: 新开通公交线路5条、优化调整12条; a
    size alone with what is so large: 亿元以上项目58个，其中10亿元以上8个."""
    counted = memory.counted if number.dimension == "count" else None
    if counted and pattern.sized.fullmatch(name.full):
        name = Name("", name.full)
    if counted and pattern.sized.fullmatch(name.core):
        thing = pattern.sized.sub("", counted.core)
        return Name(name.verb or counted.verb, name.core + thing)
    if not name.verb or name.core or name.verb.endswith(ends.whole):
        return name
    return _of_object(name, number, memory)


def _is_more(number: Quantity, than: Quantity) -> bool:
    return number.unit == than.unit and (number.value or 0) > (than.value or 0)


def _is_of_another(verb: str, number: Quantity, memory: Memory, last: Reading) -> bool:
    """Whether what was told before is no object of the verb: another kind is counted, or people,
    who are not spent (派出干部650名，投入16亿元) but may get it (引进人才120名，奖励500万元)."""
    if number.dimension == "money":
        return verb not in words.gives and last.quantity.unit.lstrip("万亿") in words.people
    counted = _last_counted(memory, last).unit.lstrip("万亿")
    return number.dimension == "count" and number.unit.lstrip("万亿") != counted


def _of_object(name: Name, number: Quantity, memory: Memory) -> Name:
    last = memory.latest
    if not last:
        told = topic_name(memory.topic)
        return Name("" if name.verb in told else name.verb, told)
    if not memory.name.full:
        # 会议费压减18%，节约3460万元: what was made less.
        cost = name.verb in words.saving and pattern.cost_at_end.search(last.said)
        return Name(name.verb, last.said) if cost and last.sign < 0 else name
    if memory.whole and last in memory.clause and _is_more(number, last.quantity):
        # 新开工房屋12套，其中公租房5套，竣工8套: more than the last part are of the whole.
        return Name(name.verb, pattern.of_whole_stock.sub("", acted_on(memory.whole)))
    counts = number.dimension == "count"
    thing = memory.counted if counts and memory.counted else memory.name
    if _is_of_another(name.verb, number, memory, last):
        return name
    return Name(name.verb, thing.core if thing.verb else _object_alone(thing.core))


def _object_alone(core: str) -> str:
    """农田新建 names 农田 and what is done to it, 茶园完成签约 what was done with it; another verb
    is about 农田 and 茶园."""
    deed = pattern.place_of_deed.sub("", core)
    alone = pattern.change_behind_object.sub("", acted_on(deed))
    return pattern.cut.split(alone, maxsplit=1)[0] or alone


def _last_counted(memory: Memory, last: Reading) -> Quantity:
    """What was counted last, also before an amount of money (引进项目43个，投资9亿元，落地25个)."""
    if memory.counted is None:
        return last.quantity
    told = (one.quantity for one in reversed(memory.levels))
    return next((one for one in told if one.dimension == "count"), last.quantity)


def _named(
    said: str,
    verb: str,
    number: Quantity,
    memory: Memory,
    manner: Manner,
    last: Reading | None,
    among_parts: bool,
    told_again: bool,
) -> Reading:
    """The reading of one number behind `last`: a rate is told by its name to be a growth or a
    share; a name that says nothing takes its subject, in a list told again that of `last`."""
    ratio = number.dimension == "ratio"
    rate = ratio and manner.measure == "level"
    if rate and said != verb and verb in words.decrease | words.increase:
        return _changed(said.removeprefix(verb), verb, number, manner)
    base = None
    if rate:
        said, manner = told_by_name(said, manner, points=number.unit_base == POINTS)
        if manner.measure == "share":
            base = memory.level if among_parts else _whole_told(said, last)
    elif verb == "减少" and not ratio:
        manner = manner._replace(measure="difference", sign=-1)
    if carried := _carried(said, number, last, manner):
        return carried
    subject = None if among_parts else _with_subject(said, memory, last if told_again else None)
    if not ratio:
        _remember_subject(subject, number, memory)
    return manner.reading(number, subject or said, base=base)


def _whole_told(name: str, last: Reading | None) -> Reading | None:
    """What was told before, where a share says nothing else of it: 占比, 占全省比重."""
    named = last and name.startswith(stock_name(last.said) + "占")
    return last if named or pattern.share_name.fullmatch(name) else None


def _carried(said: str, number: Quantity, last: Reading | None, manner: Manner) -> Reading | None:
    """The reading of a growth, or of a rate per head, that is of the level told before it."""
    if not last:
        return None
    if manner.measure == "growth" and last.measure in _GROWN and is_generic(said):
        return manner.reading(number, stock_name(last.said), "-carried", base=last)
    if said in words.per_head or (
        number.unit_base == last.quantity.unit_base and pattern.deed_per_day.fullmatch(said)
    ):
        # 垃圾处理30万吨，日均处理800吨: the verb stands once.
        thing = acted_on(stock_name(last.said)).removesuffix(said[2:])
        thing = pattern.whole_place.sub("", thing)
        return manner.reading(number, said + thing, "-carried")
    return None


def _remember_subject(subject: str | None, number: Quantity, memory: Memory) -> None:
    """增长8%，总额突破500亿元: the level stands behind its growth; a level with a name of its own
    ends the subject."""
    last = memory.latest
    if subject and last and last.measure == "growth" and last.base is None:
        last.base = number.start
    if subject is None:
        memory.subject, memory.ratio = "", False


def _with_subject(said: str, memory: Memory, own: Reading | None) -> str | None:
    """A name that says nothing alone, with its subject: that of what was told, or the topic; None
    of any other name, and without either."""
    told = memory.latest and not memory.newer_topic
    generic = is_generic(pattern.share_in_name.sub("", said))
    if not (told or memory.topic) or not (generic or (own and said in words.head)):
        return None
    return (
        with_subject(said, memory, [own] if own else memory.clause)
        if told
        else topic_name(memory.topic, said) or said
    )


def _changed(thing: str, verb: str, number: Quantity, manner: Manner) -> Reading:
    """压减一般性支出10%以上: how much less the object is to be."""
    measure = "difference" if number.unit_base == POINTS else "growth"
    sign = -1 if verb in words.decrease else 1
    return manner._replace(measure=measure, sign=sign).reading(number, thing)
