"""The names in a clause: what it says beside its numbers.

A clause is read from both ends: words that name nothing are taken off its left end, words that link
a name to its value off its right end, and what stays is the name.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from xiacheng_nlp.observations.vocabulary import ends, pattern, words

_LONGEST_HONOUR = 30
_LONGEST_SUBJECT = 16
_LONGEST_RATE = 4
_COUNTS = "〇一两三四五六"
_AROUND = "，,、；;：:。了 \t\u3000\n—"


@lru_cache(maxsize=1024)
def strip_lead(text: str) -> str:
    """The text without the words at its left end that name nothing.

    >>> strip_lead("全年累计完成固定资产投资")  # "in total completed: investment …"
    '完成固定资产投资'
    """
    lead = pattern.leading.match(text)
    return text[lead.end() :] if lead else text


def up_to(text: str, found: re.Match[str] | None) -> str:
    """The text before what was found in it; all of it where nothing was."""
    return text[: found.start()] if found else text


class Name(NamedTuple):
    """A name as it was read: `verb` is the verb of change that belongs to it, `core` the noun."""

    verb: str
    core: str

    @property
    def full(self) -> str:
        """The verb and the noun."""
        return self.verb + self.core


NO_NAME = Name("", "")


@lru_cache(maxsize=1024)
def read_left(text: str) -> Name:
    """The name in the words before a value: verbs of achieving dropped, verbs of change kept, long
    lists cut to their head.

    >>> read_left("开工创新大厦、地铁广场等项目").full  # "projects started, such as … tower"
    '开工项目'
    >>> read_left("目标楼宇实现税收").full  # "the tax that target buildings yielded"
    '目标楼宇税收'
    """
    text = strip_lead(text)
    if built := pattern.once_built.match(text):
        text = strip_lead(text[built.end() :])
    verb, text = _split_verbs(text)
    shorter = pattern.reckoned.sub("", _without_inner_verbs(_without_examples(text)))
    if not verb and shorter != text:
        verb, shorter = _split_verbs(shorter)
    return Name(verb, pattern.quantifier.sub("", _clean(shorter), count=1))


def read_right(text: str, left: str, *, with_predicate: bool = False) -> Name:
    """The name in the words behind a counted number, with the verb of change that stands before it;
    what is said of the noun in one clause is left out, or told `with_predicate`.

    >>> read_right("低碳社区,", "新增").full  # "low-carbon communities, newly"
    '新增低碳社区'
    """
    counted = text if with_predicate and len(text) <= _LONGEST_HONOUR else _counted_noun(text)
    noun = pattern.joint_at_end.sub("", _clean(pattern.reached_at_end.sub("", counted)))
    verb = _verb_before(strip_lead(left).removesuffix("了"))
    return Name("" if noun.startswith(verb) else verb, noun)


def _verb_before(stripped: str) -> str:
    """The verb whose object stands behind the number; what is reached (惠及) has its subject
    too."""
    achieved = None if pattern.change.match(stripped) else pattern.achieve.match(stripped)
    if achieved:
        # 完成新建、重组: what was done.
        stripped = strip_lead(stripped[achieved.end() :]) or stripped
    last = pattern.change_at_end.search(stripped)
    if not last:
        return _split_verbs(stripped)[0]
    before = strip_lead(_split_verbs(up_to(stripped, last))[1])
    if not before and len(stripped) <= 10 and pattern.change.match(stripped):
        return stripped
    if 0 < len(before) <= 10 and last[0] in words.reaching and "、" not in before:
        return before + last[0]
    return last[0]


def _split_verbs(text: str) -> tuple[str, str]:
    """The verbs at the left end: those of achieving dropped, the verb of change handed back."""
    while text:
        change = pattern.change.match(text)
        achieve = pattern.achieve.match(text)
        if change and (not achieve or change.end() >= achieve.end()):
            return _verb_of_change(text, change.end())
        if achieve is None or text.startswith(ends.measure, achieve.end()):
            return "", text
        if "的" in text and pattern.relative_subject.match(text):
            # 参加合作医疗的人口: the verb tells which people.
            return "", text
        text = strip_lead(text[achieve.end() :]).lstrip("了")
    return "", text


def _verb_of_change(text: str, end: int) -> tuple[str, str]:
    """新增 is a verb, and no verb in 新增量; nor is 调解 in 调解成功率."""
    if text.startswith(ends.suffix, end) and (one := pattern.one_change.match(text)):
        end = one.end()
    if text.startswith(ends.suffix, end) or pattern.rate_of_deed.match(text, end):
        return "", text
    return text[:end], text[end:].removeprefix("了")


def _without_examples(text: str) -> str:
    """A、B等项目 names projects; the examples go."""
    found = pattern.and_so_on.finditer(text) if "等" in text else ()
    for match in reversed(list(found)):
        tail = text[match.end() :]
        if tail in words.money_noun or tail in words.generic:
            return text
        if pattern.some_figures.fullmatch(tail):
            return up_to(text, match)
        return tail if tail.strip() and tail[0] not in "，," else up_to(text, match)
    return text


def _without_inner_verbs(text: str) -> str:
    """目标楼宇实现税收: subject and object without the verb of achieving between them."""
    having = pattern.having.search(text)
    if having and "每" not in text and 0 < having.start() <= _LONGEST_SUBJECT:
        text = up_to(text, having) + text[having.end() :]
    while match := pattern.inner_verb.search(text):
        before, after = up_to(text, match), text[match.end() :]
        if not after:
            return before
        if not before or (
            len(before) > _LONGEST_SUBJECT and not pattern.only_verbs.fullmatch(after)
        ):
            text = strip_lead(after)
        elif after.startswith(ends.amount):
            return text
        else:
            text = before + strip_lead(after).removeprefix("了")
    return text


def _counted_noun(text: str) -> str:
    """The noun at the left end of `text`: its relative clause and the predicate behind it go, an
    outcome (开工, 竣工) and an honour of one clause (3个小镇入选全国名单) stay."""
    cut = pattern.cut.search(text, 2)
    honoured = cut and len(text) <= _LONGEST_HONOUR and pattern.honour.match(text, cut.start())
    if cut and not honoured and (cut.start() > 3 or pattern.in_progress.match(text, cut.start())):
        outcome = pattern.outcome.search(text, cut.end())
        text = up_to(text, cut) + (outcome[0] if outcome else "")
    noun = pattern.bracket_at_end.sub("", text)
    relative = noun.rfind("的", 0, len(noun) - 2)
    if relative >= 0 and (len(text) > 16 or pattern.relative_clause.match(text)):
        return noun[relative + 1 :]
    return noun


def _clean(text: str) -> str:
    text = text.replace("\t", "").replace("\u3000", "")
    while (cleaner := pattern.blemish.sub("", text)) != text:
        text = cleaner
    unpaired = text.count("“") != text.count("”")
    return (
        text.strip(_AROUND + "的“" if unpaired else _AROUND).removesuffix("的").removeprefix("的")
    )


def subjects(text: str, count: int, *, alike: bool = True) -> list[str]:
    """What each of `count` numbers is of: the members of a list, or the whole for all of them."""
    several = split_subjects(text, count, alike=alike) if count > 1 else None
    return several or [text] * count


def subjects_named(text: str, core: str, count: int, *, alike: bool = True) -> list[str]:
    """The same, of the words that `core` was read in: each example of 甲、乙等产业 (增加值分别为…)
    where there are as many as numbers."""
    so_on = pattern.and_so_on.search(text) if count > 1 and "等" in text else None
    examples = _split_list(strip_lead(up_to(text, so_on)), count) if so_on else None
    if examples and not core.endswith(examples[-1]):
        return [example + core for example in examples]
    names = subjects(core, count, alike=alike)
    deed = pattern.deed_apart.search(text) if len(set(names)) > 1 else None
    if deed is None:
        return names
    # 甲银行、乙银行分别发放贷款: so did each of them.
    doers, done = up_to(text, deed), read_left(text[deed.end() :]).full
    return [name + done if name in doers else name for name in names]


def split_subjects(text: str, count: int, *, alike: bool = True) -> list[str] | None:
    """The `count` subjects of a list, each with the head that the last one shares; None where there
    are more or fewer.

    Subjects that are not `alike`, told in units of different kinds, share no head.

    >>> split_subjects("新能源汽车、集成电路产量", 2)  # "output of cars, of circuits"
    ['新能源汽车产量', '集成电路产量']
    """
    told = _contracted(text, count)
    if told:
        return told
    verb = pattern.change_behind_object.search(text)
    if verb and not pattern.head.search(text):
        # 公路、铁路里程分别新增: what was done with each.
        each = split_subjects(up_to(text, verb), count, alike=alike)
        if each:
            return [one + verb[0] for one in each]
    pieces = _split_list(text, count)
    if not pieces:
        return None
    return _shared(pieces) if alike else _of_one_crop(pieces)


def each_subject(name: str) -> list[str]:
    """The subjects that a name lists, where each of them is an indicator; else the name.

    >>> each_subject("固定资产投资、社会消费品零售总额")  # "investment and retail sales"
    ['固定资产投资', '社会消费品零售总额']
    """
    if told := pattern.each_deed.search(name):
        # 甲镇、乙镇各新建学校3所: so many in each place.
        places = pattern.list_mark.split(name[: told.start()])
        return [place + name[told.end() :] for place in places]
    members = pattern.list_comma.split(name)
    several = len(members) > 1 and min(map(len, members)) > _LONGEST_RATE
    if several and not name.endswith(ends.ratio_head) and all(map(_has_head, members)):
        # 自来水和燃气普及率、污水处理率: each has its head.
        return [one for member in members for one in _each_subject(member)]
    return _each_subject(name)


def each_thing(name: str) -> list[str]:
    """The things that a name lists, of each of which there are so many, with their verb; as one
    where it is not plain of each what is counted (垃圾焚烧和风力发电项目).

    >>> each_thing("新建幼儿园、小学")  # "kindergartens and primary schools, newly built"
    ['新建幼儿园', '新建小学']
    """
    verb, listed = _split_verbs(name)
    things = [thing for thing in pattern.list_mark.split(listed) if thing]
    things = _share_thing(things) or things
    plain = all(map(pattern.one_thing.search, things))
    # 甲镇、乙镇新建小学: places, and what was done in each.
    done = any(pattern.change.search(thing, 1) for thing in things[1:])
    return [verb + thing for thing in things] if plain and not done else [name]


def _each_subject(name: str) -> list[str]:
    plain = pattern.each.sub("", name)
    share = pattern.share_in_name.search(plain)
    whole = share[0] if share else ""
    listed = plain.removesuffix(whole)
    pieces = [piece for piece in pattern.list_mark.split(listed) if piece]
    each = _shared(pieces) if 1 < len(pieces) <= len(_COUNTS) else []
    ratio = whole if whole.endswith(ends.ratio_head) else ""
    if not each or any(map(pattern.change.match, pieces)):
        return [name]
    if not _known_of_each(pieces, each) or not all(_has_head(one + ratio) for one in each):
        return [name]
    return [one + whole for one in each]


def _known_of_each(pieces: Sequence[str], each: Sequence[str]) -> bool:
    """Whether what the last member has may be that of each: a mean is not, nor a count of them,
    which the last alone has."""
    told = [bool(pattern.of_all.search(one)) for one in each]
    mean = pattern.mean_of.search(pieces[-1], 1)
    return each == pieces or (not mean and (all(told) or not told[-1]))


_Pieces = list[str]
"""The members of a list, as they are written, or each with what it shares with others."""


def _share_per_output(pieces: _Pieces) -> _Pieces | None:
    """万元GDP用水量、能耗: what is used for so much output is told of each."""
    first, *others = pieces
    output = pattern.per_output.match(first)
    used = [pattern.intensity.fullmatch(piece) for piece in others]
    if output is None or not used[0] or not all(used[:-1]):
        return None
    # 单位GDP能耗、水耗和碳排放强度: the last may have its own measure.
    return [first, *(output[0] * bool(of) + one for of, one in zip(used, others, strict=True))]


def _shared(pieces: _Pieces) -> _Pieces:
    return next(shared for rule in SHARING if (shared := rule(pieces)))


def _contracted(text: str, count: int) -> list[str] | None:
    """One word for several subjects: 城乡 is 城镇 and 农村, 三次产业 three industries."""
    for contraction in ends.pair:
        both, *several = contraction.split("=")
        fits = count == len(several) and both in text
        if fits and not pattern.list_mark.search(text.replace(both, "")):
            return [text.replace(both, one, 1) for one in several]
    ordinals = pattern.ordinals.match(text)
    if ordinals and len(told := pattern.listed.split(ordinals["told"])) == count:
        return [f"第{number}{text[ordinals.end() :]}" for number in told]
    industries = pattern.three_industries.match(text) if count == 3 else None
    if not industries:
        return None
    return [f"第{number}产业{text[industries.end() :]}" for number in "一二三"]


def _split_list(text: str, count: int) -> list[str] | None:
    plain = pattern.in_brackets.sub("", text)
    for marks in (pattern.list_comma, pattern.list_and, pattern.list_mark):
        pieces = [piece for piece in marks.split(plain) if piece]
        if len(pieces) == count:
            return pieces
    return None


def _stem(piece: str) -> str:
    return pattern.head.sub("", piece)


def _of_one_crop(pieces: _Pieces) -> _Pieces:
    """粮食播种面积、产量 in units of two kinds: a noun without a subject of its own has that of the
    first; 原煤、天然气产量: the output of each is in a unit of its own."""
    if pieces[-1].endswith("产量") and not any(map(_has_head, pieces[:-1])):
        return _shared(pieces)
    stem = pattern.sown.sub("", _stem(pieces[0]))
    return [
        pieces[0],
        *(
            stem + piece if piece in words.head and stem != pieces[0] else piece
            for piece in pieces[1:]
        ),
    ]


def _share_growth(pieces: _Pieces) -> _Pieces | None:
    """出口、固定资产投资增速: a growth is that of every member that is no rate, beside the head
    that they share."""
    growth = pattern.growth_name.search(pieces[-1])
    if not growth:
        return None
    grown = _shared([pattern.growth_name.sub("", piece) for piece in pieces])
    return [
        piece if piece.endswith(ends.rate) or pattern.growth_name.search(piece) else one + growth[0]
        for piece, one in zip(pieces, grown, strict=True)
    ]


def _share_owner(pieces: _Pieces) -> _Pieces | None:
    """民营经济增加值、实缴税金: the owner that the first names is that of members that name none;
    but not 固定资产投资、工业投资, whose last has a modifier of its own."""
    first, last = pieces[0], pieces[-1]
    owner = _stem(first)
    told_of_owner = _stem(last) in words.of_owner or words.head.issuperset(pieces[1:])
    fits = len(last) <= 4 <= len(owner) < len(first) and not owner.startswith(last[:2])
    return [first, *(owner + piece for piece in pieces[1:])] if told_of_owner and fits else None


def _share_deed(pieces: _Pieces) -> _Pieces | None:
    """专利申请量、授权量, 贷款发放额、余额: so much was done with the thing that the first names,
    or is left of it."""
    deed = pattern.amount_of_deed.search(pieces[0], 2)
    if not deed or not all(map(pattern.amount_of_deed.fullmatch, pieces[1:])):
        return None
    return [pieces[0], *(up_to(pieces[0], deed) + piece for piece in pieces[1:])]


def _share_counted_noun(pieces: _Pieces) -> _Pieces | None:
    """城关、北关两镇引进项目: a noun that says how many members there are is of each of them, with
    all that follows it."""
    *others, last = pieces
    counted = pattern.counted_together.match(last)
    if not counted or _COUNTS.find(counted["count"]) != len(pieces):
        return None
    noun, rest = counted["noun"], last[counted.end() :]
    return [piece.removesuffix(noun) + noun + rest for piece in (*others, counted["member"])]


def _share_partner(pieces: _Pieces) -> _Pieces | None:
    """对欧盟、东盟出口: with each of them."""
    partner = pattern.partner.fullmatch("、".join(pieces))
    return partner and [one if one[0] == "对" else f"对{one}" for one in _share_head(pieces)]


def _share_country(pieces: _Pieces) -> _Pieces | None:
    """城镇、农村低保标准: 城镇 beside 农村 takes all but the people."""
    *others, last = pieces
    country, person = pattern.country.match(last), pattern.persons.match(last)
    if country and pieces[0].startswith(ends.town) and len(pieces[0]) <= 4:
        shared = last[country.end() :]
    elif person and all(map(pattern.persons_alone.fullmatch, others)):
        # 城镇职工、居民报销比例: so do the people.
        shared = last[person.end() :]
    else:
        return None
    return [*(piece + shared for piece in others), last]


def _share_mean(pieces: _Pieces) -> _Pieces | None:
    """门诊、住院次均费用; 小麦、玉米平均亩产: a mean is that of each member that names none."""
    *others, last = pieces
    mean, head = pattern.mean_of.search(last, 1), pattern.head.search(last)
    if mean is None or (head and head.start() < mean.start()) or any(map(_has_head, others)):
        return None
    return [*(piece + last[mean.start() :] for piece in others), last]


def _share_thing(pieces: _Pieces) -> _Pieces | None:
    """国家级、省级创新平台: members that only tell which share the thing of the last."""
    *others, last = pieces
    thing = pattern.leading_modifiers.sub("", last)
    told = thing != last and all(
        pattern.leading_modifiers.sub("", piece + thing) == thing for piece in others
    )
    return [*(piece + thing for piece in others), last] if told else None


def _share_modified(pieces: _Pieces) -> _Pieces | None:
    """炼铁、炼钢先进产能占比, 国有、民营高新技术企业: a modifier begins what the last shares."""
    *others, last = pieces
    begun = pattern.modifies_each.search(last, 2)
    if not begun or any(map(_has_head, others)):
        return None
    return [*(piece + last[begun.start() :] for piece in others), last]


def _share_two_characters(pieces: _Pieces) -> _Pieces | None:
    """技术、金融人才: the last two characters, where no member ends in a head that is known."""
    *others, last = pieces
    if pattern.head.search(last):
        return None
    curt = len(last) >= 4 and all(len(piece) <= 4 for piece in pieces)
    if curt and len({piece[-1] for piece in pieces}) == len(pieces):
        return [*(piece + last[-2:] for piece in others), last]
    return [*pieces]


def _share_size(pieces: _Pieces) -> _Pieces | None:
    """产值超千亿元、百亿元的企业: so large, each of them."""
    told = pattern.size_listed.fullmatch("、".join(pieces))
    return told and [
        told["of"] + size.removeprefix("超") + told["noun"] for size in told["sizes"].split("、")
    ]


def _share_ratio(pieces: _Pieces) -> _Pieces | None:
    """投资增幅、出口、消费增速; 工业、服务业增加值增速: a ratio is of every member that names
    none, with what it is the ratio of."""
    last = pieces[-1]
    head = pattern.head.search(last)
    if head is None or head[0] not in words.ratio_head:
        return None
    stem, part_of, whole = _stem(last).partition("占")
    ratio = part_of + whole + head[0]
    inner = pattern.head.search(stem)
    own = inner[0] if inner and inner[0] != stem else ""
    return [
        piece if piece.endswith(ends.ratio_head) else piece + own * (not _has_head(piece)) + ratio
        for piece in pieces
    ]


def _share_all_but_the_place(pieces: _Pieces) -> _Pieces | None:
    """城镇、农村居民收入: members as short as the beginning of the last, and of its
    kind (食品、药品抽检合格率), share all that follows it."""
    *others, last = pieces
    short = len(pieces[0])
    head = pattern.head.search(last)
    if (
        head
        and all(len(piece) == short for piece in others)
        and len(last) > short + len(head[0])
        and (pieces[0].endswith(ends.place) or pieces[0][-1] == last[short - 1])
    ):
        return [*(piece + last[short:] for piece in others), last]
    return None


def _share_head(pieces: _Pieces) -> _Pieces:
    """新能源汽车、集成电路产量: the head of the last is of every member that has none."""
    *others, last = pieces
    head = pattern.head.search(last)
    shared = head[0] if head and head[0] != last else ""
    told, emitted = shared, shared.startswith("排放")
    if shared == "率" and len(last) > _LONGEST_RATE:
        # 牦牛、藏羊出栏率, 水稻、小麦机械化率: what it is the rate of is shared too.
        told = last[-4 if pattern.rate_of_making.search(last) else -3 :]
    return [
        *(
            piece
            # 化学需氧量、二氧化硫排放量: what is emitted ends as heads do.
            if _has_head(piece) and not (emitted and pattern.emitted.search(piece))
            # 道路硬化、村庄亮化率, 空气优良、水质优良率: the member tells of what itself.
            else piece + (shared if piece.endswith("化") else told.removeprefix(piece[-2:]))
            for piece in others
        ),
        last,
    ]


def _has_head(piece: str) -> bool:
    ended = pattern.head.search(piece) or pattern.head_of_its_own.search(piece)
    return piece in words.head or (len(piece) > 2 and ended is not None)


SHARING: Sequence[Callable[[_Pieces], _Pieces | None]] = (
    _share_per_output,
    _share_growth,
    _share_deed,
    _share_counted_noun,
    _share_size,
    _share_owner,
    _share_partner,
    _share_country,
    _share_mean,
    _share_thing,
    _share_modified,
    _share_two_characters,
    _share_all_but_the_place,
    _share_ratio,
    _share_head,
)
"""What the members of a list take from one another, in order: the first that answers names them."""
