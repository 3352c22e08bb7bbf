"""The rule of ranks: what holds a place, and among whom (居全市第一, 排名全省第八, 以全市第一的成绩通过复评)."""

import re

from xiacheng_nlp.numbers.amounts import Quantity
from xiacheng_nlp.observations.names import patterns, read_left, split_subjects, vocabulary
from xiacheng_nlp.observations.reading import STANDING_END, Memory, Reading, base_readings

_RANK_SUBJECT = re.compile(
    "(?:增幅|增速|总量|数量|质量|降幅|排名|规模|位次|增长率|人均|得分|指数|率|度|总额|考核|总分)(?:均|都|双双|和[^，,]{1,6})?$"
)
_ALL = re.compile("均|双双|都(?!市)")
_KINDS = re.compile("总量|规模|总额|增速|增幅")
_KINDS_LISTED = re.compile(f"(?:{_KINDS.pattern})(?:[、和及与](?:{_KINDS.pattern}))+")
_WITHIN = re.compile(
    "在(?P<among>[全各](?:[（(][^（()）]{1,8}[)）]|[^，,。；;、在]){1,18}?)(?:的?(?:季度|年度|综合|观摩){0,2}(?:考核|考评|评比|评价|排名))?(?:当中|之中|中|里)|在(?P<place>全[国省市区县州])的(?=排名|位次)"
)
"""A group that is told before the verb: 在全省107个县（市、区）中 (排名第41位)."""
_BY = re.compile("以(?P<among>[^，,。；;]{0,8})$")
_RISEN = re.compile("[提跃攀]$")
"""What is left of 提升至 and 跃升至 where 升至 alone is known."""
_FROM = re.compile(
    "(?:由|从)(?P<when>(?:(?:19|20)[0-9]{2}年|上年|去年)的?)?(?P<among>[^，,。；;由从]{0,12})$"
)
_ACHIEVED = re.compile(
    "的(?:成绩|好成绩|佳绩|名次|优异成绩)(?:顺利|成功)?(?:通过|完成|入选|获得|荣获|获评)?(?P<what>[^，,。；;]+)"
)


def rank_readings(left: str, group: list[Quantity], right: str, memory: Memory) -> list[Reading]:
    """居全市第一, 排名全省第八: what is ranked and among whom; a rank that names no subject takes that of the
    statement before it."""
    if group[0].kind != "rank":
        return []
    changed = _change(left, group, right, memory)
    if changed:
        return changed
    within = _WITHIN.search(left)
    if within:
        left = left[: within.start()] + left[within.end() :]
    readings = []
    for i, quantity in enumerate(group):
        reading = Reading(quantity, "rank", measure="rank")
        by, achieved = _BY.search(left), _ACHIEVED.match(right)
        if by and achieved:
            reading.name, reading.among = read_left(achieved["what"]).full, by["among"] or None
            readings.append(reading)
            continue
        match = patterns().rank.search(left)
        subject = STANDING_END.sub("", _RISEN.sub("", match["subject"])) if match else ""
        among = match["among"] if match else left
        if match is None and memory.last and memory.last[-1].measure == "rank":
            subject, among = "", left
        among, prefix = _group(among)
        reading.among = (
            (within["among"] or within["place"]) if within else among.rstrip("的")
        ) or None
        prefix = STANDING_END.sub("", prefix)
        if prefix:
            subject = subject.rstrip("并且还")
        full = read_left(subject + prefix).full
        name = re.sub("(?:均|都|双双|位次|排名|综合)$", "", full)
        if (
            not name
            or name in vocabulary("generic")
            or len(name) <= 2
            or _RANK_SUBJECT.fullmatch(name)
        ):
            alike = _alike(left, name, memory) if len(group) == 1 else []
            if alike:
                return [
                    Reading(quantity, "rank-shared", one, "rank", among=reading.among, base=start)
                    for one, start in alike
                ]
            bases = base_readings(memory, len(group))
            base = bases[i] if bases else None
            if base is not None and base.name:
                reading.name = base.name + (name if name not in ("排名", "位次") else "")
                reading.base = base.quantity.start if base.measure != "rank" else None
                reading.rule = "rank-carried"
            else:
                reading.name = (
                    full or (read_left(memory.topic).full if memory.topic else None) or None
                )
        else:
            several = split_subjects(name, len(group)) if len(group) > 1 else None
            reading.name = several[i] if several else name
        if reading.name is None:
            reading.measure, reading.rule = None, "qualifier-rank"
        readings.append(reading)
    return readings


def _alike(left: str, name: str, memory: Memory) -> list[tuple[str, int]]:
    """The subjects that hold one place alike (均居全省第一), with the starts of what was told of each;
    none where it is only one."""
    if not _ALL.search(left):
        return []
    kinds = _KINDS.findall(name) if _KINDS_LISTED.fullmatch(name) else []
    last = memory.last[-1] if memory.last else None
    if (
        kinds
        and last is not None
        and last.name
        and last.measure == "growth"
        and last.base is not None
    ):
        return [
            (last.name + kind, last.quantity.start if kind[0] == "增" else last.base)
            for kind in kinds
        ]
    if name and name not in vocabulary("generic"):
        return []
    said = (
        memory.clause
        if len({reading.name for reading in memory.clause}) > 1
        else [*memory.before, *memory.clause]
    )
    starts: dict[str, int] = {}
    for reading in said:
        if reading.name and reading.measure != "rank":
            starts.setdefault(reading.name + name, reading.quantity.start)
    return list(starts.items()) if len(starts) > 1 else []


def _change(left: str, group: list[Quantity], right: str, memory: Memory) -> list[Reading]:
    """总量由全省第12位上升到第9位: two ranks of one thing among the same, the first of an earlier time."""
    last = memory.last[-1] if memory.last else None
    if (
        last is not None
        and last.rule == "rank-from-to"
        and last.earlier
        and patterns().to_value.search(left)
    ):
        return [
            Reading(quantity, "rank-from-to", last.name, "rank", among=last.among)
            for quantity in group
        ]
    change = _FROM.search(left) if patterns().to_value.search(right) else None
    if change is None:
        return []
    name = read_left(left[: change.start()]).full
    if (not name or name in vocabulary("generic")) and last is not None and last.name:
        name = last.name + name
    among = (change["among"] or "").rstrip("的") or None
    if not name:
        return []
    return [
        Reading(
            quantity,
            "rank-from-to",
            name,
            "rank",
            among=among,
            earlier=True,
            when=change["when"] or "",
        )
        for quantity in group
    ]


def _group(among: str) -> tuple[str, str]:
    """The group that a rank is taken in, without what is said beside it."""
    among = among.strip("，, 了在")
    match = re.search(
        "(?:全[国省市县区州球]|我[国省市]|世界|全球|亚洲|主城区|同类|国内|省内|市内)[^，,]*$", among
    )
    if match:
        return among[match.start() :], among[: match.start()]
    if among and not re.search("[国省市县区州城镇乡村]|地区|省份|企业|城市|行业|国家|同", among):
        return "", among
    return among, ""
