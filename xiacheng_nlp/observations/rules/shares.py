"""The rules of shares: what part of a whole something is (占地区生产总值比重达到92%, 95%以上的药店,
财政支出的七成用于民生), and the parts of a whole that are told in one proportion
(三次产业比重为4.0:37.7:58.3)."""

from collections.abc import Sequence

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import (
    read_left,
    read_right,
    split_subjects,
    strip_lead,
    subjects,
    up_to,
)
from xiacheng_nlp.observations.reading import (
    POINTS,
    Manner,
    Memory,
    Readings,
    Series,
    of_share,
    stock_name,
    told_earlier,
    topic_name,
    unbound,
    with_subject,
)
from xiacheng_nlp.observations.rules.levels import bounded, link_before
from xiacheng_nlp.observations.vocabulary import ends, pattern, words

_PROPORTION = Manner("proportion", "share")
_OF_PLAN = Manner("share-of-plan", "share", in_passing=True)
_SHARE = Manner("share", "share")
_SPENT_ON = Manner("share-spent-on", "share")
_OF_COUNTED = Manner("share-of-counted", "share", holds_right=True)


def share_readings(series: Series, memory: Memory) -> Readings:
    """A share for each number; none where no whole is told."""
    if series.first.unit in ("倍", POINTS):
        return []
    told = (_of_plan, _of_whole, _of_those_heard, _of_counted)
    return next((found for read in told if (found := read(series, memory))), [])


def _of_plan(series: Series, memory: Memory) -> Readings:
    """为预算的102%: how much of what was planned was done."""
    planned = pattern.planned.search(series.left)
    if not planned:
        alone = not series.nominal and pattern.done_alone.fullmatch(series.left)
        # 产值5亿元，完成102%: of what was planned.
        return _done(series, memory, "计划") if alone else []
    subject = read_left(up_to(series.left, planned)).full
    deed = subject and planned[0].startswith("完成")
    if not (deed or memory.last or series.left.endswith("的")):
        return []
    if deed:
        done = subjects(subject, len(series.numbers))
        names = [f"{one}完成{planned['plan']}" for one in done]
        # 财政收入完成预算的102%，增长9%: what was done is what grew.
        memory.last, memory.latest, memory.topic = [], None, subject
        return _OF_PLAN.readings(series.numbers, names)
    if subject:
        return []
    if not memory.last:
        # 完成危房改造任务的80%: of the task itself, where it says which.
        own = planned[0].startswith("完成") and len(planned["plan"]) > 2
        return _OF_PLAN.readings(series.numbers, planned["plan"]) if own else []
    return _done(series, memory, planned["plan"])


def _done(series: Series, memory: Memory, plan: str) -> Readings:
    """How much of its plan was done of each of those told last."""
    bases = zip(series.numbers, memory.bases(len(series.numbers)), strict=True)
    return [
        _OF_PLAN.reading(number, f"{base.said}完成{plan}", base=base)
        for number, base in bases
        if base
    ]


def _of_whole(series: Series, memory: Memory) -> Readings:
    """占地区生产总值比重达到92%, or the whole told before: 支出中，民生支出占80%."""
    left, numbers = series.left, series.numbers
    told_before = pattern.no_whole.search(left)
    match = told_before or pattern.share.search(left)
    if not match:
        return []
    subject = up_to(left, match)
    if told_before:
        about = "约占" in match[0] and series.first.bound == "="
        numbers = bounded(series, "约" if about else None).numbers
        whole, of = _whole_before(read_left(subject).full, numbers[0], memory), ""
    else:
        bound = pattern.bound_at_end.search(subject)
        subject = up_to(subject, bound).removesuffix("将")
        if bound and series.first.bound == "=":
            numbers = bounded(series, bound[0]).numbers
        whole = match["whole"].rstrip("的")
        of = (match["of"] or "").removeprefix("的").replace("比例", "比重")
    wholes = [f"占{one}{of}" for one in subjects(whole, len(numbers))]
    subject = _owner(subject, series, memory)
    # 企业11家，总数占全国的一成: what was told before has it.
    if subject and not (subject in words.size and memory.last):
        owners = zip(subjects(subject, len(numbers)), wholes, strict=True)
        names = [owner + part * (not owner.endswith(ends.ratio_head)) for owner, part in owners]
        return _SHARE.readings(numbers, names)
    return _of_whole_before(numbers, wholes, memory, subject in words.size)


def _owner(subject: str, series: Series, memory: Memory) -> str:
    """What has the share: of 提高服务业占生产总值比重至56% what is raised is no part; it may stand
    behind (占总量30%的茶商上网交易), or in the topic (信息产业壮大，增加值占…)."""
    name = read_left(subject)
    raised = series.left.endswith(("至", "到")) and name.verb in words.increase | words.decrease
    owner = name.core if raised else name.full
    if series.nominal and len(series.right) > 1 and pattern.by_share.match(owner):
        # 以占全国5%的耕地, 拥有占全市九成的车辆.
        noun = series.right.removeprefix("的")
        first = noun.partition("的")[0]
        return read_right(first if len(first) <= 4 or noun == series.right else noun, "").core
    if owner not in words.output:
        return owner
    told = memory.last and not memory.newer_topic
    return with_subject(owner, memory, memory.clause) if told else topic_name(memory.topic, owner)


def _whole_before(part: str, share: Quantity, memory: Memory) -> str:
    """What a part is of, where the text told it before: 支出中; 其中; the last level, where the
    part is one of its kind (预算支出238亿元，民生支出占75%)."""
    if within := pattern.whole_before.search(memory.topic):
        return within["whole"]
    if whole := memory.whole_of_last() or memory.whole_of_share(share):
        return whole
    head, last = pattern.head.search(part), memory.latest
    if not head or not last:
        return ""
    # 税收占75%，非税收入占25%: of the same whole.
    shared = last.said.rpartition("占")[2] if last.measure == "share" else ""
    whole = shared or (memory.level.said if memory.level else "")
    other = whole.removesuffix(head[0])
    apart = pattern.one_of_pair.fullmatch(f"{other}、{up_to(part, head)}")
    return whole if whole.endswith(head[0]) and whole != part and not apart else ""


def _of_whole_before(
    numbers: Sequence[Quantity], wholes: Sequence[str], memory: Memory, sized: bool
) -> Readings:
    """The shares of what was told before, or where `sized` of its size; else of the topic."""
    topic = "" if memory.last else topic_name(memory.topic)
    return [
        _SHARE.reading(
            number,
            (stock_name(of_share(base, sized).partition("占")[0]) if base else topic) + part,
            "-carried",
            base=base,
        )
        for number, base, part in zip(numbers, memory.bases(len(numbers)), wholes, strict=True)
    ]


def _of_those_heard(series: Series, memory: Memory) -> Readings:
    """全县企业，已有七成建立了工会: the clause before tells of whom."""
    whole = memory.heard and topic_name(memory.heard)
    if whole != strip_lead(memory.heard) or not pattern.those_heard.match(memory.heard):
        return []
    if not (pattern.some_have.search(series.left) and pattern.have_done.search(series.right)):
        return []
    done = strip_lead(series.right).replace("了", "")
    return _OF_COUNTED.readings(series.numbers, whole + done)


def _of_counted(series: Series, memory: Memory) -> Readings:
    """财政支出的七成用于民生, 95%以上的药店达标: the whole stands before the share, or behind
    it."""
    left, right = series.left, series.right
    if left.strip() == "其中" and right[:1] in ("为", "是") and memory.whole:
        # 其中85%为创新型企业: what is so is a part of what was told before.
        return _OF_COUNTED.readings(series.numbers, f"{right[1:]}占{memory.whole}")
    aim = pattern.spent_on.match(right)
    if aim and left.strip():
        return _SPENT_ON.readings(series.numbers, read_left(left).full + right)
    if done := _what_some_did(series, memory):
        return done
    owner = _whole_of(series) if series.nominal or pattern.verbal.match(right) else ""
    name = owner and owner + (
        read_right(right, "").core if series.nominal else read_left(right).full
    )
    if series.nominal and not owner:
        name = _given(left, right, memory) or _name_of_counted(left, right)
    return _OF_COUNTED.readings(series.numbers, name) if name else []


def _what_some_did(series: Series, memory: Memory) -> Readings:
    """学校80%达到省定标准，60%达到国家标准: what so many of them did, the second of the same."""
    did, last = pattern.what_some_did.match(series.right), memory.latest
    if did is None:
        return []
    if last and last.measure == "share" and not series.said_before:
        before = pattern.what_some_did.search(last.said)
        whom = last.said[: before.start()] if before else ""
    elif not (whom := _whole_of(series, some=True)):
        return []
    return _OF_COUNTED.readings(series.numbers, whom + did[0])


def _given(left: str, right: str, memory: Memory) -> str:
    """贡献全市近四成进出口、三成税收: what stands behind, as a share of what is given to."""
    given, last = pattern.contributed.search(left), memory.latest
    whole = given["whole"] if given else ""
    if last and last.holds_right and not pattern.bound_at_end.sub("", left):
        whole = last.said.partition("占")[2]
    noun = read_right(right.removeprefix("的"), "").core
    # 民营经济贡献了六成的税收、八成的就业: of what there is of it.
    before = strip_lead(pattern.bound_at_end.sub("", left)).removesuffix("了")
    gave = pattern.gave.fullmatch(before)
    if not before and last and last.holds_right:
        gave = pattern.gave.match(last.said)
    return f"{noun}占{whole}" if whole else (gave["deed"] + noun if gave else "")


def _name_of_counted(left: str, right: str) -> str:
    """What the share is of, by the noun behind it; empty where that is no whole."""
    link = link_before(left)
    named = link and read_left(up_to(left, link)).core
    of_place = named and pattern.whole_place.fullmatch(named)
    if named and not of_place and not (right[0] == "的" and left.endswith(ends.has_part)):
        return ""
    noun = read_right(right.removeprefix("的"), left, with_predicate=True)
    return "" if not noun.core or noun.core.startswith(ends.no_whole_counted) else noun.full


def _whole_of(series: Series, *, some: bool = False) -> str:
    """审批事项(实现)100%网上申办: all of what; empty for a lesser share, but for what `some` did
    (学校80%达到省定标准), or one that counts."""
    whole = series.first.unit == "%" and (some or series.first.value == 100)
    reached = pattern.wholly.search(series.left) if whole else None
    if reached is None:
        return ""
    # 一、二级机构90%达到省定标准: not of the last alone.
    listed = some and series.left[: reached.start()].endswith("、")
    named = read_left(series.left[0 if listed else reached.start() : reached.end("whole")])
    if not named.core or named.core.endswith(ends.no_whole):
        return ""
    return "" if series.right[0] == "的" else named.full


def is_part(quantity: Quantity) -> bool:
    """Whether a number is a part of a whole of a hundred whose unit is not written."""
    return not quantity.unit and quantity.unit_base == "%"


def part_readings(series: Series, memory: Memory) -> Readings:
    """A share for each member, where the text names as many as there are parts; else the parts stay
    without a name.

    由12:41:47调整为10:44:46: the first tells the shares of an earlier time, and the second goes on
    with its names.
    """
    numbers, left = series.numbers, series.left
    if not all(map(is_part, numbers)):
        return []
    goes_on = series.more or pattern.then_to.match(series.text, series.end)
    change = pattern.from_value.search(left) if goes_on else None
    names = _members(up_to(left, change), len(numbers))
    names = names or _members(memory.topic, len(numbers))
    if names is None:
        return [unbound(number) for number in numbers]
    readings = _PROPORTION.readings(numbers, names)
    return told_earlier(readings, change["when"]) if change else readings


def _members(said: str, count: int) -> list[str] | None:
    """The share of each member that the words tell: 三次产业结构, 一产、二产和三产之比."""
    industries = {2: pattern.later_industries, 3: pattern.industries}.get(count)
    if industries and industries.search(said):
        return [f"第{number}产业比重" for number in "一二三"[-count:]]
    link = pattern.to_value.search(said) or pattern.link.search(said)
    subject = read_left(up_to(said, link)).full
    whole = pattern.proportion.search(subject)
    members = split_subjects(up_to(subject, whole), count) if whole else None
    return [f"{member}比重" for member in members] if members else None
