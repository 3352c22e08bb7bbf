"""The rule of levels: what an amount, a count or a rate is of (实现地区生产总值643.57亿元, 新增9个低碳社区,
是上年的3倍)."""

import re
from dataclasses import replace
from functools import cache

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.numbers.units import bound_words, bounds_before
from xiacheng_nlp.observations.names import (
    BOUNDARY,
    REACHING,
    Name,
    one_of,
    patterns,
    read_left,
    read_right,
    split_subjects,
    strip_lead,
    vocabulary,
)
from xiacheng_nlp.observations.reading import (
    GROWTH_NAME,
    SHARE_NAME,
    STANDING_END,
    Memory,
    Reading,
    acted_on,
    carried_level,
    compared_with,
    is_generic,
    is_growth_rate,
    one_of_two,
    shares_verb,
    stock_name,
    topic_name,
    with_subject,
    without_comparison,
)
from xiacheng_nlp.observations.rules.qualifiers import is_nominal

_AS_MUCH_AS = re.compile(
    "(?:恢复|回升|回落|上升|提高|下降|相当|达)?(?:是|为|到|至|于)(?:(?:19|20)[0-9]{2}年|去年|上年)(?:同期|末|底)?(?:水平|总量)?的[约近]?$"
)
_PART_OF_MEAN = re.compile(
    "(?:仅|只)?(?:是|为|相当于|达到?)(?P<other>[^，,]{0,8}(?:平均(?:水平)?|全[国省市区县]))的$"
)
"""仅为全省平均水平的 (58%): how much of another's level it is."""
_IS = re.compile("^(?:是|相当于|[为达]到?)")
_IN_A_ROW = re.compile("(?:已|均)?连续[^，,、]{1,4}[年次届]$")
_AIM = re.compile("增长(?:预期|(?:速度)?的?(?:调控|预期|控制)?目标)?")
_PER = frozenset({"人均", "户均", "亩均", "日均", "月人均", "年人均", "平均"})
_HONOURED = re.compile("荣获|获得|获|被|当选|入选|名列")
_CHANGING = {
    "压减": -1,
    "压缩": -1,
    "削减": -1,
    "减少": -1,
    "降低": -1,
    "缩减": -1,
    "核减": -1,
    "提高": 1,
    "增加": 1,
    "扩大": 1,
}
_SIZED = re.compile(
    "(?:超过?|不低于|不足)?[0-9.十百千万亿]+(?:元|美元|万|亿|吨|亩|平方米|千瓦|兆瓦){1,3}(?:及?以上|以下|级)?"
)
"""How large each of the counted things is, before them or alone: 10亿元以上 (项目)."""


def level_readings(
    text: str,
    left: str,
    group: list[Quantity],
    right: str,
    more: list[Quantity] | None,
    memory: Memory,
    *,
    first_in_clause: bool,
) -> list[Reading]:
    """A level for each number, named from the noun that it counts on its right, or else from its
    left; no rule is left behind this."""
    times = _times(left, group, memory)
    if times:
        return times
    per = _per_unit().search(left) if "每" in left[-8:] else None
    if per:
        left = left[: per.start()] + per["per"]
        group = [replace(quantity, bound=bound_words("before")[per["bound"]]) for quantity in group]
    counted = _counted(text, left, group, right, more, memory, first_in_clause=first_in_clause)
    if counted:
        return counted
    link = link_before(left)
    subject = left[: link.start()] if link else left
    doubled = group[0].text.startswith("翻")
    if doubled:
        subject = STANDING_END.sub("", without_comparison(subject))
    subject = _IN_A_ROW.sub("", subject)
    named = read_left(subject if group[0].bound == "=" else bounded_end(subject)[0])
    if group[0].dimension == "count" and not strip_lead(left) and _HONOURED.match(right):
        return [
            Reading(quantity, "count-before-predicate", read_left(right).full, "level")
            for quantity in group
        ]
    if (
        right
        and right[0] not in "、和及与，,；;。）)"
        and not named.core
        and named.verb
        and not is_nominal(right, group[0])
    ):
        thing = read_left(right).full
        if thing:
            return [
                Reading(quantity, "count-before-predicate", named.verb + thing, "level")
                for quantity in group
            ]
    rule, measure = "level" if link else "level-after-name", "multiple" if doubled else "level"
    return leveled(
        subject, group, memory, rule, measure=measure, inherit=not first_in_clause, name=named
    )


def _times(left: str, group: list[Quantity], memory: Memory) -> list[Reading]:
    """是上年的3倍, 不低于低保标准的1.3倍, 恢复到2019年的95%: so many times, or so much of, another level."""
    pattern = (
        {"倍": _times_as_much(), "%": _AS_MUCH_AS}.get(group[0].unit)
        if group[0].dimension == "ratio"
        else None
    )
    times = pattern.search(left) if pattern else None
    part = _PART_OF_MEAN.search(left) if times is None and group[0].unit == "%" else None
    if part:
        return compared_with(
            leveled(left[: part.start()], group, memory, "share", measure="share"), part["other"]
        )
    if times is None:
        return []
    word = times.groupdict().get("bound") or ""
    if word:
        group = [replace(quantity, bound=bound_words("before")[word]) for quantity in group]
    readings = leveled(
        STANDING_END.sub("", left[: times.start()]), group, memory, "multiple", measure="multiple"
    )
    return compared_with(readings, _IS.sub("", times[0].removeprefix(word)))


def _counted(
    text: str,
    left: str,
    group: list[Quantity],
    right: str,
    more: list[Quantity] | None,
    memory: Memory,
    *,
    first_in_clause: bool,
) -> list[Reading]:
    """新增9个低碳社区: what is counted stands behind its number."""
    relative = left.endswith("等") and "的" in right and right[0] not in "，。、的"
    if group[0].dimension == "ratio" or not (is_nominal(right, group[0]) or relative):
        return []
    noun = read_right(right.removeprefix("大") if not group[0].unit else right, left)
    if noun.core in vocabulary("office") and more is not None:
        behind = BOUNDARY.split(text[more[-1].end : more[-1].end + 60], maxsplit=1)[0]
        noun = Name(noun.verb, noun.core + _leading_part().sub("", read_right(behind, "").core))
    elif noun.core and more is not None and right == text[group[-1].end : more[0].start]:
        verb_behind = _achievement().search(noun.core, 2)
        if verb_behind and len(noun.core) > verb_behind.end() + 1:
            noun = Name(noun.verb, noun.core[: verb_behind.start()])
    if not noun.core:
        return []
    verb = noun.verb
    if (
        not verb
        and (not first_in_clause or (not left and not patterns().cut.search(right, 1)))
        and memory.name is not None
    ):
        verb = memory.name.verb
    memory.name = memory.counted = Name(verb, noun.core)
    return [Reading(quantity, "count-before-noun", memory.name.full, "level") for quantity in group]


def leveled(
    subject: str,
    group: list[Quantity],
    memory: Memory,
    rule: str,
    *,
    measure: str = "level",
    inherit: bool = False,
    name: Name | None = None,
) -> list[Reading]:
    """A level for each number, named from the subject and, where that is not whole, from what was
    said before."""
    name = _completed(name or read_left(subject), subject, group, memory, rule, inherit=inherit)
    if not name.full:
        return carried_level(
            group,
            memory,
            rule,
            measure,
            bare=rule == "level-after-name" and not subject.strip("、，, ") and not memory.idle,
        )
    memory.name = name
    if group[0].dimension == "count":
        memory.counted = name
    alike = all(quantity.dimension == group[0].dimension for quantity in group)
    names = split_subjects(name.core, len(group), alike=alike) if len(group) > 1 else None
    among_parts = subject.lstrip().startswith("其中")
    return [
        _named(
            name.verb + names[i] if names else name.full,
            name.verb,
            quantity,
            memory,
            rule,
            measure,
            among_parts=among_parts,
        )
        for i, quantity in enumerate(group)
    ]


def _completed(
    name: Name, subject: str, group: list[Quantity], memory: Memory, rule: str, *, inherit: bool
) -> Name:
    """The name with what it takes over from the one before: its verb, its noun, or what it is a
    part of."""
    if not name.verb and _only_verbs().fullmatch(name.core):
        name = Name(name.core, "")
    if (
        not name.verb
        and name.full
        and group[0].dimension != "ratio"
        and shares_verb(name, subject, rule, memory, inherit)
    ):
        assert memory.name is not None
        name = Name(memory.name.verb, name.core)
    last = memory.last[-1] if memory.last and memory.last[-1].name else None
    if last is not None and last.name is not None:
        if name.full.startswith("占") and not name.full.startswith("占补"):
            return Name("", stock_name(last.name) + name.full)
        if _tells_part(name.core, group[0], last.quantity):
            counted = acted_on(last.name)
            return Name(
                name.verb or last.name.removesuffix(counted),
                name.core + _leading_part().sub("", counted),
            )
        if name.verb in REACHING and not name.core and last.measure == "difference":
            # 参保人数增加1.4亿、覆盖10.5亿人: what reaches so many is what rose.
            return Name("", last.name + name.verb)
    meant = one_of_two(name.core, memory)
    if meant is not None:
        return Name("", meant.name or name.core)
    if memory.counted is not None and group[0].dimension == "count" and _SIZED.fullmatch(name.core):
        # 亿元以上项目58个，其中10亿元以上8个: the same things, of another size.
        return Name(
            name.verb or memory.counted.verb, name.core + _SIZED.sub("", memory.counted.core)
        )
    return (
        _with_thing(name, group[0], memory)
        if name.verb and not name.core and name.verb not in vocabulary("whole")
        else name
    )


def _with_thing(name: Name, quantity: Quantity, memory: Memory) -> Name:
    """A verb alone with what it acts on, which was named before: 新开通公交线路5条、优化调整12条."""
    if memory.name is not None and memory.last:
        count = quantity.dimension == "count"
        thing = memory.counted if count and memory.counted is not None else memory.name
        fits = not count or quantity.unit.lstrip("万亿") == memory.last[-1].quantity.unit.lstrip(
            "万亿"
        )
        if fits and not (thing.verb and name.verb.endswith(thing.verb)):
            return Name(
                name.verb, thing.core if thing.verb else _without_last_verb(acted_on(thing.core))
            )
    elif not memory.last and memory.topic:
        return Name(name.verb, topic_name(memory.topic, ""))
    return name


def _named(
    said: str,
    verb: str,
    quantity: Quantity,
    memory: Memory,
    rule: str,
    measure: str,
    *,
    among_parts: bool,
) -> Reading:
    """The reading of one number: a rate is told by its name to be a growth or a share; a name that
    says nothing takes its subject."""
    ratio = quantity.dimension == "ratio"
    sign, base = 1, None
    if verb == "减少" and not ratio:
        measure, sign = "difference", -1
    if ratio and measure == "level" and verb in _CHANGING and said != verb:
        # 压减一般性支出10%以上: how much less the object is to be.
        points = quantity.unit_base == "个百分点"
        return Reading(
            quantity,
            rule,
            said.removeprefix(verb),
            "difference" if points else "growth",
            _CHANGING[verb],
        )
    if ratio and measure == "level":
        growth = GROWTH_NAME.search(said) if is_growth_rate(said) else None
        if growth:
            measure, sign = "growth", -1 if growth[0] in ("降幅", "减幅") else 1
            said = said[: growth.start()] + ("增长" if _AIM.fullmatch(growth[0]) else "") or said
        elif SHARE_NAME.search(said):
            measure = "share"
            base = memory.level.quantity.start if among_parts and memory.level is not None else None
    told = bool(memory.last and memory.last[-1].name)
    if said in _PER and told:
        return Reading(
            quantity, f"{rule}-carried", said + stock_name(memory.last[-1].name or ""), measure
        )
    generic = is_generic(said) and not among_parts
    if generic and told and not memory.newer_topic:
        said = with_subject(said, memory)
    elif generic and memory.topic:
        said = topic_name(memory.topic, said) or said
    elif not ratio:
        memory.subject, memory.ratio = "", False
    return Reading(quantity, rule, said, measure, sign, base=base)


def link_before(left: str) -> re.Match[str] | None:
    """The words at the end of `left` that link a name to its value."""
    return patterns().link.search(left) if left[-1:] in patterns().link_ends else None


@cache
def _achievement() -> re.Pattern[str]:
    return re.compile(
        one_of("achieve", without=frozenset(["有", "超", "获", "达", "抓", "保持", "布局", "推动"]))
    )


def _tells_part(core: str, quantity: Quantity, before: Quantity) -> bool:
    """Whether a name only tells which part: 省级5家 behind 高新技术企业8家, 县城800个 behind 基站1200个."""
    return core in vocabulary("office") or (
        core in vocabulary("division") and quantity.unit_base == before.unit_base != "%"
    )


@cache
def _only_verbs() -> re.Pattern[str]:
    """Verbs and nothing else: 优化调整 (12条) is about what was told before."""
    return re.compile(f"(?:{one_of('up', 'change')})*(?:{one_of('change')})")


def _without_last_verb(name: str) -> str:
    """农田新建 names 农田 and what is done to it; another verb is about 农田."""
    shorter = patterns().change_last.sub("", name)
    return shorter if len(shorter) > 1 else name


@cache
def _leading_part() -> re.Pattern[str]:
    return re.compile(f"^(?:{one_of('office', 'division')})(?:及?以上)?")


def bounded_end(subject: str) -> tuple[str, str]:
    """The subject without the bound at its end, and that bound: 产量约 (占全国1/10)."""
    words = bound_words("before")
    longest = max((word for word in words if subject.endswith(word)), key=len, default="")
    return subject.removesuffix(longest), words.get(longest, "")


@cache
def _times_as_much() -> re.Pattern[str]:
    """What stands before so many times: 是去年的 (3倍), 不低于低保标准的 (1.6倍)."""
    return re.compile(
        f"(?:(?:是|相当于)[^，,]{{1,16}}|[为达]到?[^，,]{{1,10}}|(?P<bound>{bounds_before(shortest=2)})[^，,]{{1,16}}的)$"
    )


@cache
def _per_unit() -> re.Pattern[str]:
    """A bound before what the number is counted by: 抽检量超每千人 (6.6批次)."""
    return re.compile(f"(?P<bound>{bounds_before()})(?P<per>每[^，,、每]{{1,6}})$")
