"""The rules of money told before what it is for (投资28亿元的热电项目竣工, 投资300万元完成深松整地,
安排1.5亿元扶持企业发展)."""

from xiacheng_nlp.observations.names import NO_NAME, Name, read_left, read_right, strip_lead, up_to
from xiacheng_nlp.observations.reading import Manner, Memory, Readings, Series, topic_name
from xiacheng_nlp.observations.vocabulary import ends, pattern, words

_INVESTED = Manner("level-before-project", "level")
_SPENT = Manner("level-before-purpose", "level")


def invested_readings(series: Series, memory: Memory) -> Readings:
    """投资28亿元的热电项目竣工: what is invested in the project that stands behind it."""
    invested = pattern.invested.search(series.left)
    if not invested:
        return []
    sized = pattern.sized_between.match(series.text, series.end)
    end = sized.end() if sized else series.end
    if not pattern.of_project.match(series.text, end):
        return []
    thing = read_left(_project(series, end)).full
    if not thing:
        return []
    memory.name = Name(read_left(up_to(series.left, invested)).verb, thing)
    return _INVESTED.readings(series.numbers, thing + invested["what"])


def _project(series: Series, end: int) -> str:
    """The words behind the 的 at `end` to the end of the clause, or to the next that is invested;
    how many projects there are (的34个配套项目) is not told in their name."""
    behind = series.clause_from(end + 1)
    if series.more and series.more[0].dimension == "count":
        place = series.more[0].start - end - 1
        behind = behind[:place] + series.clause_from(series.more[-1].end)
    thing = pattern.next_invested.split(behind, maxsplit=1)[0]
    if so_on := pattern.and_so_on.search(thing):
        # What A、B等项目 are called together; a single one (A等一批项目) stands for itself.
        examples = up_to(thing, so_on)
        thing = thing[so_on.end() :] if "、" in examples else examples
    return read_right(up_to(thing, pattern.project_ends.search(thing, 2)), "").core


def spent_readings(series: Series, memory: Memory) -> Readings:
    """投资300万元完成深松整地, 安排1.5亿元扶持企业: what is spent on the deed behind it."""
    spent = pattern.spent.fullmatch(strip_lead(series.left))
    if not spent:
        return []
    start = series.end
    what = spent["what"]
    of_topic = memory.topic and topic_name(memory.topic, what) != what
    alone = memory.latest is None and not (of_topic or spent["named"] or what == "总投资")
    if alone and series.text[start : start + 1] == "，":
        start += 1
    if pattern.purpose.match(series.text, start) is None:
        return []
    deed = _deed(series, start)
    if not deed or pattern.number_told.search(deed) or deed.endswith(ends.money_noun):
        return []
    memory.name = NO_NAME
    name = what + deed if what in words.allotting else deed + what
    return _SPENT.readings(series.numbers, name)


def _deed(series: Series, start: int) -> str:
    """What the money is for: the verb's object, before the next number or behind it."""
    behind = series.clause_from(start)
    for_whom = pattern.for_whom.match(behind)
    if for_whom:
        return read_left(behind[for_whom.end() :]).full
    behind = pattern.spent_on.sub("", behind, count=1)
    if start > series.end:
        behind = pattern.counted_thing.sub("", behind)
    if not series.more or series.more[0].start >= start + len(behind):
        return read_left(behind).full
    between = series.text[series.end : series.more[0].start]
    named = read_left(between)
    if named.core and not between.endswith("等"):
        return named.full
    # 投资2亿元改造甲村、乙村等30公里公路: what the examples are of stands behind the next number.
    thing = read_right(series.clause_from(series.more[-1].end), "").core
    # 改造甲村、乙村等12个村3000户危房: several things, named by the examples.
    of_examples = named.core and (not thing or pattern.number_told.search(thing))
    return named.full if of_examples else named.verb + thing
