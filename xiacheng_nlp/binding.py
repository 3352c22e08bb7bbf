"""What each number of a sentence is about: a grammar of clauses, each rule with a name.

A sentence is cut into clauses, a clause into series (numbers that stand side by side: 10%、7.9%). For each series the words on
its left (up to the number before it or the clause's start) and on its right are matched against the rules, in this order:

    proportion         三次产业比重为4.0:37.7:58.3
    rank               居全市第一 · 排名全省第八
    from-to            由12个增加到15个
    growth             同比增长7.8% · 下降3.6%
    difference         高于财政收入4.04个百分点 · 减少1650万人
    share              占地区生产总值比重达到92% · 95%以上的药店
    level              实现地区生产总值643.57亿元 · 新增9个低碳社区

A series that names no subject of its own takes that of the series before it, whose start becomes its base.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from xiacheng_nlp.amounts import Quantity
from xiacheng_nlp.changes import counted_change, first_of_change, second_of_change
from xiacheng_nlp.clauses import BOUNDARY, REACHING, Name, one_of, patterns, read_left, read_right, split_subjects, strip_lead, vocabulary
from xiacheng_nlp.proportions import is_part, part_readings
from xiacheng_nlp.qualifiers import STEPPING, is_nominal, qualifier_rule
from xiacheng_nlp.ranks import rank_readings
from xiacheng_nlp.readings import (
    GROWTH_NAME,
    REACH,
    SHARE_NAME,
    STANDING_END,
    Memory,
    Reading,
    about_subject,
    acted_on,
    base_readings,
    carried_level,
    compared_with,
    is_generic,
    shares_verb,
    stock_name,
    topic_name,
    with_subject,
    without_comparison,
)
from xiacheng_nlp.units import bound_words

_SIDE_BY_SIDE = re.compile("[、和及与]|以及|或")
_AS_MUCH_AS = re.compile(
    "(?:恢复|回升|回落|上升|提高|下降|相当|达)?(?:是|为|到|至|于)(?:(?:19|20)[0-9]{2}年|去年|上年)(?:同期|末|底)?(?:水平|总量)?的[约近]?$"
)
_IS = re.compile("^(?:是|相当于|[为达]到?)")
_IN_A_ROW = re.compile("(?:已|均)?连续[^，,、]{1,4}[年次届]$")
_AIM = re.compile("增长(?:预期|(?:速度)?的?(?:调控|预期|控制)?目标)?")
_LEVEL_RATE = re.compile("自然增长率$|自然增长$")
_ACTION = frozenset(["提升", "改善", "优化", "延长", "拓展", "精简", "压缩", "压减", "缩减", "削减", "扩大", "增收"])
_THINGS = frozenset({"count", "area", "length", ""})
_PLANNED = re.compile("(?:完成|占|为|达到|达)了?(?P<plan>[^，,；;]{0,8}(?:计划|目标|预算|任务)数?)的?$")
_WITHIN = re.compile("^(?:在|全部|全年)?(?P<whole>[^，,；;、]{2,16})(?:当中|之中|中|里)$")
"""A whole that is told before its parts: 一般公共预算支出中，民生支出占 (80%)."""
_PER = frozenset({"人均", "户均", "亩均", "日均"})
_HONOURED = re.compile("荣获|获得|获|被|当选|入选|名列")
_SUBJECTS = 6
"""How many names of a clause make up the subject of a rate behind them; a longer list is no subject."""
_QUOTED = re.compile("“[^”。]{1,60}”")
_AND = re.compile("^(?:和|及|与|以及)")
_WORD = re.compile(r"[^\W\d_]")
_TOPIC_LEADS = ("其中", "特别是", "尤其是")
_SPENT_ON = re.compile("(?:将|要|都)?(?:用于|投向|投入|用在)")
_RIGHT_RULES = frozenset({"count-before-noun", "share-of-counted"})


def read_sentence(text: str, quantities: Sequence[Quantity], start: int = 0, end: int | None = None) -> list[Reading]:
    """A reading for each amount of the sentence `text[start:end]`, in order; `quantities` are those of the sentence."""
    end = len(text) if end is None else end
    readings: list[Reading] = []
    memory = Memory()
    for first, last, inside in _clauses(text, quantities, start, end):
        if inside:
            _read_clause(text, first, last, inside, memory, readings)
        else:
            topic = text[first : min(last, first + REACH)].strip("，, ")
            if topic:
                memory.topic, memory.newer_topic = topic, topic.startswith(_TOPIC_LEADS)
    readings.sort(key=lambda reading: reading.quantity.start)
    return readings


def _clauses(text: str, quantities: Sequence[Quantity], start: int, end: int) -> list[tuple[int, int, list[Quantity]]]:
    """The clauses of a sentence with their amounts; a comma within a number is no boundary."""
    clauses = []
    first, i = start, 0
    ends = [m.start() for m in BOUNDARY.finditer(text, start, end)]
    if text.find("“", start, end) >= 0:
        ends = _outside_quotes(ends, [m.span() for m in _QUOTED.finditer(text, start, end)])
    joints = {a.end for a, b in pairwise(quantities) if is_part(a) and is_part(b) and b.start == a.end + 1}
    if joints:
        ends = [stop for stop in ends if stop not in joints]
    ends.append(end)
    for stop in ends:
        if i < len(quantities) and quantities[i].start < stop < quantities[i].end:
            continue
        inside = []
        while i < len(quantities) and quantities[i].start < stop:
            inside.append(quantities[i])
            i += 1
        if stop > first:
            clauses.append((first, stop, inside))
        first = stop + 1
    return clauses


def _outside_quotes(ends: list[int], quoted: list[tuple[int, int]]) -> list[int]:
    kept, i = [], 0
    for stop in ends:
        while i < len(quoted) and quoted[i][1] <= stop:
            i += 1
        if i == len(quoted) or stop < quoted[i][0]:
            kept.append(stop)
    return kept


def _read_clause(text: str, first: int, last: int, amounts: list[Quantity], memory: Memory, readings: list[Reading]) -> None:
    stated: list[Quantity] = []
    position = first
    for i, quantity in enumerate(amounts):
        following = amounts[i + 1] if i + 1 < len(amounts) else None
        left = text[max(position, quantity.start - REACH) : quantity.start]
        right = text[quantity.end : min(following.start if following else last, quantity.end + REACH)]
        before = left if position == first else text[max(first, quantity.start - REACH) : quantity.start]
        rule = qualifier_rule(quantity, left, right, following, before)
        if rule:
            readings.append(Reading(quantity, rule))
            if rule == "qualifier-step" and (step := STEPPING.search(left)):
                memory.topic = left[: step.start()]
        else:
            stated.append(quantity)
            position = quantity.end
    if not stated:
        return
    series = _series(text, first, stated) if len(stated) > 1 else [stated]
    previous = first
    begun = len(readings)
    said: list[Reading] = []
    for i, group in enumerate(series):
        following_start = series[i + 1][0].start if i + 1 < len(series) else last
        between = text[group[-1].end : min(following_start, group[-1].end + REACH)]
        right = _own_right(between, i + 1 < len(series))
        left = text[max(previous, group[0].start - REACH) : group[0].start]
        more = series[i + 1] if i + 1 < len(series) else None
        _read_series(text, left, group, right, more, memory, readings, first_in_clause=i == 0)
        said.extend([reading for reading in readings[begun:] if reading.name is not None])
        begun = len(readings)
        if said:
            if said[0] not in memory.clause:
                memory.before = memory.clause
            memory.clause = said[-_SUBJECTS:]
        previous = group[-1].end + (len(right) if right != between and readings[-1].rule in _RIGHT_RULES else 0)


def _series(text: str, first: int, amounts: list[Quantity]) -> list[list[Quantity]]:
    """The numbers that stand side by side, of one kind or told as members of one list (分别为2.3平方米、8.3立方米)."""
    series: list[list[Quantity]] = []
    for quantity in amounts:
        last = series[-1] if series else []
        if last and _side_by_side(text, last[-1], quantity) and (_alike(last[-1], quantity) or _distributed(text, first, last, quantity)):
            last.append(quantity)
        else:
            series.append([quantity])
    return series


def _distributed(text: str, first: int, series: list[Quantity], quantity: Quantity) -> bool:
    return quantity.kind == series[0].kind and text.find("分别", max(first, series[0].start - REACH), series[0].start) >= 0


def _side_by_side(text: str, a: Quantity, b: Quantity) -> bool:
    if is_part(a) and is_part(b):
        return text[a.end : b.start] in (":", "：", "∶")
    return _SIDE_BY_SIDE.fullmatch(text, a.end, b.start) is not None


def _alike(a: Quantity, b: Quantity) -> bool:
    return a.kind == b.kind and (a.dimension == b.dimension or not a.unit.strip("百千万亿"))


def _own_right(between: str, followed: bool) -> str:
    """What stands behind a number and belongs to it: up to the list mark before the next number."""
    if not followed or "、" not in between:
        return between
    depth = 0
    for i, c in enumerate(between):
        if c in "（(“《":
            depth += 1
        elif c in "）)”》":
            depth -= 1
        elif c == "、" and depth <= 0:
            return between[:i]
    return between


@cache
def _achievement() -> re.Pattern[str]:
    return re.compile(one_of("achieve", without=frozenset(["有", "超", "获", "达", "抓", "保持", "布局", "推动"])))


def _read_series(
    text: str,
    left: str,
    group: list[Quantity],
    right: str,
    more: list[Quantity] | None,
    memory: Memory,
    readings: list[Reading],
    *,
    first_in_clause: bool,
) -> None:
    left = left.lstrip("、，, ") if not first_in_clause else left
    if memory.last and left and not first_in_clause:
        left = _AND.sub("", left)
    found = (
        part_readings(left, group, more is not None, memory)
        or rank_readings(left, group, right, memory)
        or second_of_change(left, group, memory)
        or first_of_change(text, left, group, more, memory)
        or counted_change(text, group, more)
        or _growth(left, group, right, memory)
        or _difference(left, group, memory)
        or _share(left, group, right, memory)
        or _level(text, left, group, right, more, memory, first_in_clause)
    )
    for reading in found:
        if reading.name is not None and not _WORD.search(reading.name):
            reading.name, reading.measure, reading.base, reading.among, reading.rule = None, None, None, None, "unbound"
            reading.against = None
    readings.extend(found)
    named = [reading for reading in found if reading.name is not None]
    # A growth behind 为预算的103% is that of what was budgeted.
    if named and named[0].rule != "share-of-plan":
        memory.last, memory.newer_topic = named, False
        memory.levels.extend([reading for reading in named if reading.measure == "level"])
        if named[0].measure == "level":
            memory.level = named[0]
        else:
            memory.name = None


def _growth(left: str, group: list[Quantity], right: str, memory: Memory) -> list[Reading]:
    if group[0].dimension == "ratio" and left.endswith(("同比", "环比")):
        return about_subject(left[:-2], group, memory, "growth", "growth", 1)
    if left[-1:] not in patterns().growth_ends:
        return []
    match = patterns().growth.search(left)
    if not match or group[0].kind not in ("quantity", "duration"):
        return []
    subject = STANDING_END.sub("", without_comparison(left[: match.start()]))
    if match["to"] and match["to"] != "为":
        return _level_reached(subject, left, group, memory)
    ratio = group[0].dimension == "ratio"
    absolute = not ratio
    if absolute and (not match["reference"] and not match["adverb"]) and (not subject.strip() and not memory.last):
        return []
    if absolute and is_nominal(right, group[0]):
        return []
    if absolute and not match["reference"] and (match["up"] or match["down"]) in _ACTION and group[0].dimension in _THINGS:
        return []
    falling = match["down"] is not None
    points = group[0].unit_base == "个百分点"
    measure = "difference" if points or absolute else "growth"
    if ratio and group[0].unit == "倍" and re.search("是$", left):
        measure = "multiple"
    readings = about_subject(subject, group, memory, "growth" if measure == "growth" else "difference", measure, -1 if falling else 1)
    reference = match["reference"] or ""
    mean = "平均" if match["adverb"].startswith("平均") else ""
    return compared_with(readings, reference[1:] + mean) if reference.startswith(("比", "较")) else readings


def _level_reached(subject: str, left: str, group: list[Quantity], memory: Memory) -> list[Reading]:
    """提高到320元: a level, named by what rises."""
    change = patterns().from_value.search(subject)
    if change and len(change["when"]) <= 10 and subject:
        subject = subject[: change.start()]
    return _leveled(subject, group, memory, "level-reached")


def _difference(left: str, group: list[Quantity], memory: Memory) -> list[Reading]:
    """高于地方财政收入4.04个百分点: by how much the subject lies above or below another."""
    if group[0].dimension != "ratio" or "点" not in group[0].unit:
        return []
    match = patterns().comparison.search(left)
    if match is None:
        match = re.search("[比较](?P<other>[^，,；;]{1,20}?)(?:(?P<above>高|快|多|提前|领先)|(?P<below>低|慢|少|落后))(?:出|了)?$", left)
    if match is None:
        return []
    readings = about_subject(left[: match.start()], group, memory, "difference", "difference", -1 if match["below"] else 1)
    return compared_with(readings, match["other"])


def _share(left: str, group: list[Quantity], right: str, memory: Memory) -> list[Reading]:
    if group[0].dimension != "ratio" or group[0].unit in ("倍", "个百分点"):
        return []
    last = memory.last[-1] if memory.last else None
    planned = _PLANNED.search(left) if last is not None else None
    if planned and last is not None and last.name and not strip_lead(left[: planned.start()]):
        done = f"{last.name}完成{planned['plan']}"
        return [Reading(quantity, "share-of-plan", done, "share", base=last.quantity.start) for quantity in group]
    match = patterns().share.search(left) if "占" in left else None
    within = _WITHIN.search(memory.topic) if left.endswith("占") else None
    if within:
        subject = read_left(left.removesuffix("占")).full
        names = split_subjects(subject, len(group)) if len(group) > 1 else None
        return [
            Reading(quantity, "share", f"{names[i] if names else subject}占{within['whole']}", "share") for i, quantity in enumerate(group)
        ]
    if match:
        whole = match["whole"].rstrip("的")
        subject, bound = _bounded_end(left[: match.start()])
        if bound and group[0].bound == "=":
            group = [replace(quantity, bound=bound) for quantity in group]
        of = "比重" if match["of"] and ("比重" in match["of"] or "比例" in match["of"]) else (match["of"] or "").rstrip("的")
        subject = read_left(subject).full
        carried = not subject
        bases = base_readings(memory, len(group))
        readings = []
        names = split_subjects(subject, len(group)) if len(group) > 1 and subject else None
        wholes = split_subjects(whole, len(group)) if len(group) > 1 else None
        for i, quantity in enumerate(group):
            source = bases[i] if bases and carried else None
            own = names[i] if names else (subject or (stock_name(source.name) if source and source.name else ""))
            base = (
                None
                if source is None
                else (source.base if source.measure == "growth" and source.base is not None else source.quantity.start)
            )
            of_whole = wholes[i] if wholes else whole
            readings.append(
                Reading(
                    quantity,
                    "share-carried" if carried else "share",
                    f"{own}占{of_whole}{of}" if own else f"占{of_whole}{of}",
                    "share",
                    base=base,
                )
            )
        return readings
    aim = _SPENT_ON.match(right)
    if aim and left.strip():
        name = read_left(left).full + aim[0] + right[aim.end() :]
        return [Reading(quantity, "share-spent-on", name, "share") for quantity in group]
    if is_nominal(right, group[0]) and (not _link_only(left) or (right[0] == "的" and left.endswith("有"))):
        noun = read_right(right.removeprefix("的"), left)
        if noun.core and not noun.core.startswith(("目标", "任务", "速度", "水平", "比例", "增速", "增长")):
            return [Reading(quantity, "share-of-counted", noun.full, "share") for quantity in group]
    return []


def _link_only(left: str) -> bool:
    match = _link(left)
    return match is not None and bool(read_left(left[: match.start()]).core)


def _link(left: str) -> re.Match[str] | None:
    """The words at the end of `left` that link a name to its value."""
    return patterns().link.search(left) if left[-1:] in patterns().link_ends else None


def _level(
    text: str, left: str, group: list[Quantity], right: str, more: list[Quantity] | None, memory: Memory, first_in_clause: bool
) -> list[Reading]:
    pattern = {"倍": _times_as_much(), "%": _AS_MUCH_AS}.get(group[0].unit) if group[0].dimension == "ratio" else None
    times = pattern.search(left) if pattern else None
    if times:
        bound = bound_words("before").get(times.groupdict().get("bound") or "")
        if bound:
            group = [replace(quantity, bound=bound) for quantity in group]
        readings = _leveled(STANDING_END.sub("", left[: times.start()]), group, memory, "multiple", measure="multiple")
        return compared_with(readings, _IS.sub("", times[0].removeprefix(times.groupdict().get("bound") or "")))
    per = _per_unit().search(left) if "每" in left[-8:] else None
    if per:
        left = left[: per.start()] + per["per"]
        group = [replace(quantity, bound=bound_words("before")[per["bound"]]) for quantity in group]
    relative = left.endswith("等") and "的" in right and right[0] not in "，。、的"
    if (is_nominal(right, group[0]) or relative) and group[0].dimension != "ratio":
        noun = read_right(right.removeprefix("大") if not group[0].unit else right, left)
        if noun.core in vocabulary("office") and more is not None:
            noun = Name(
                noun.verb,
                noun.core
                + _leading_part().sub("", read_right(BOUNDARY.split(text[more[-1].end : more[-1].end + 60], maxsplit=1)[0], "").core),
            )
        elif noun.core and more is not None and right == text[group[-1].end : more[0].start]:
            verb_behind = _achievement().search(noun.core, 2)
            noun = Name(noun.verb, noun.core[: verb_behind.start()]) if verb_behind and len(noun.core) > verb_behind.end() + 1 else noun
        if noun.core:
            verb = noun.verb
            if not verb and (not first_in_clause or (not left and not patterns().cut.search(right, 1))) and memory.name is not None:
                verb = memory.name.verb
            noun = Name(verb, noun.core)
            memory.name = memory.counted = noun
            return [Reading(quantity, "count-before-noun", noun.full, "level") for quantity in group]
    link = _link(left)
    subject = left[: link.start()] if link else left
    doubled = group[0].text.startswith("翻")
    if doubled:
        subject = STANDING_END.sub("", without_comparison(subject))
    subject = _IN_A_ROW.sub("", subject)
    named = read_left(subject if group[0].bound == "=" else _without_bound(subject))
    if group[0].dimension == "count" and not strip_lead(left) and _HONOURED.match(right):
        return [Reading(quantity, "count-before-predicate", read_left(right).full, "level") for quantity in group]
    if right and right[0] not in "、和及与，,；;。）)" and not named.core and named.verb and not is_nominal(right, group[0]):
        thing = read_left(right).full
        if thing:
            return [Reading(quantity, "count-before-predicate", named.verb + thing, "level") for quantity in group]
    rule, measure = "level" if link else "level-after-name", "multiple" if doubled else "level"
    return _leveled(subject, group, memory, rule, measure=measure, inherit=not first_in_clause, name=named)


def _tells_part(core: str, quantity: Quantity, before: Quantity) -> bool:
    """Whether a name only tells which part: 省级5家 behind 高新技术企业8家, 县城800个 behind 基站1200个."""
    return core in vocabulary("office") or (core in vocabulary("division") and quantity.unit_base == before.unit_base != "%")


_SIZED = re.compile("(?:超过?|不低于|不足)?[0-9.十百千万亿]+(?:元|美元|万|亿|吨|亩|平方米|千瓦|兆瓦){1,3}(?:及?以上|以下|级)?")
"""How large each of the counted things is, before them or alone: 10亿元以上 (项目)."""


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


def _without_bound(subject: str) -> str:
    """The subject without the bound between it and its number: 工业占比不足 (30%)."""
    return _bounded_end(subject)[0]


def _bounded_end(subject: str) -> tuple[str, str]:
    """The subject without the bound at its end, and that bound: 产量约 (占全国1/10)."""
    words = bound_words("before")
    longest = max((word for word in words if subject.endswith(word)), key=len, default="")
    return subject.removesuffix(longest), words.get(longest, "")


@cache
def _times_as_much() -> re.Pattern[str]:
    """What stands before so many times: 是去年的 (3倍), 不低于低保标准的 (1.6倍)."""
    bounds = "|".join(sorted((word for word in bound_words("before") if len(word) > 1), key=lambda word: (-len(word), word)))
    return re.compile(f"(?:(?:是|相当于)[^，,]{{1,16}}|[为达]到?[^，,]{{1,10}}|(?P<bound>{bounds})[^，,]{{1,16}}的)$")


@cache
def _per_unit() -> re.Pattern[str]:
    """A bound before what the number is counted by: 抽检量超每千人 (6.6批次)."""
    bounds = "|".join(sorted(bound_words("before"), key=lambda word: (-len(word), word)))
    return re.compile(f"(?P<bound>{bounds})(?P<per>每[^，,、每]{{1,6}})$")


def _leveled(
    subject: str,
    group: list[Quantity],
    memory: Memory,
    rule: str,
    *,
    measure: str = "level",
    inherit: bool = False,
    name: Name | None = None,
) -> list[Reading]:
    name = name or read_left(subject)
    if not name.verb and _only_verbs().fullmatch(name.core):
        name = Name(name.core, "")
    full = name.full
    if not name.verb and full and group[0].dimension != "ratio" and shares_verb(name, subject, rule, memory, inherit):
        assert memory.name is not None
        name = Name(memory.name.verb, name.core)
        full = name.full
    if full.startswith("占") and memory.last and memory.last[-1].name:
        name = Name("", stock_name(memory.last[-1].name) + full)
        full = name.full
    if memory.last and memory.last[-1].name and _tells_part(name.core, group[0], memory.last[-1].quantity):
        counted = acted_on(memory.last[-1].name)
        verb = name.verb or memory.last[-1].name.removesuffix(counted)
        name = Name(verb, name.core + _leading_part().sub("", counted))
        full = name.full
    sized = _SIZED.match(name.core) if memory.counted is not None and group[0].dimension == "count" else None
    if sized and sized.end() == len(name.core) and memory.counted is not None:
        # 亿元以上项目58个，其中10亿元以上8个: the same things, of another size.
        name = Name(name.verb or memory.counted.verb, sized[0] + _SIZED.sub("", memory.counted.core))
        full = name.full
    if name.verb in REACHING and not name.core and memory.last and memory.last[-1].measure == "difference":
        # 参保人数增加1.4亿、覆盖10.5亿人: what reaches so many is what rose.
        name = Name("", (memory.last[-1].name or "") + name.verb)
        full = name.full
    elif name.verb and not name.core:
        if memory.name is not None and memory.last:
            thing = memory.counted if group[0].dimension == "count" and memory.counted is not None else memory.name
            fits = (
                group[0].dimension != "count"
                or not memory.last
                or group[0].unit.lstrip("万亿") == memory.last[-1].quantity.unit.lstrip("万亿")
            )
            if fits and not (thing.verb and name.verb.endswith(thing.verb)):
                name = Name(name.verb, thing.core if thing.verb else _without_last_verb(acted_on(thing.core)))
        elif not memory.last and memory.topic:
            name = Name(name.verb, topic_name(memory.topic, ""))
        full = name.full
    among_parts = subject.lstrip().startswith("其中")
    if not full:
        return carried_level(group, memory, rule, measure, bare=not subject.strip("、，, "))
    memory.name = name
    if group[0].dimension == "count":
        memory.counted = name
    ratio = group[0].dimension == "ratio"
    alike = all(quantity.dimension == group[0].dimension for quantity in group)
    names = split_subjects(name.core, len(group), alike=alike) if len(group) > 1 else None
    readings = []
    for i, quantity in enumerate(group):
        said = (name.verb + names[i]) if names else full
        how, sign, base = measure, 1, None
        if name.verb == "减少" and not ratio:
            how, sign = "difference", -1
        if ratio and measure == "level":
            growth = GROWTH_NAME.search(said)
            if growth and not _LEVEL_RATE.search(said):
                how = "growth"
                sign = -1 if "降幅" in growth[0] else 1
                said = said[: growth.start()] + ("增长" if _AIM.fullmatch(growth[0]) else "") or said
            elif SHARE_NAME.search(said):
                how = "share"
                if among_parts and memory.level is not None:
                    base = memory.level.quantity.start
        if said in _PER and memory.last and memory.last[-1].name:
            readings.append(Reading(quantity, f"{rule}-carried", said + stock_name(memory.last[-1].name), how))
            continue
        generic = is_generic(said) and not among_parts
        if generic and memory.last and memory.last[-1].name and not memory.newer_topic:
            said = with_subject(said, memory)
        elif generic and memory.topic:
            said = topic_name(memory.topic, said) or said
        elif not ratio:
            memory.subject, memory.ratio = "", False
        readings.append(Reading(quantity, rule, said, how, sign, base=base))
    return readings
