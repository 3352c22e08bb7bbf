"""The time that a statement is about, and how a sentence names it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from xiacheng_nlp.numbers.numerals import arabic_digits, parse_han
from xiacheng_nlp.observations.vocabulary import pattern

_WRITTEN = re.compile(
    r"""(?P<first>[0-9]{4})          # takes 2013, 2011-2015, 2013Q1-Q3, 2013-06, 2013-01/2013-11
    (?:-(?P<last>[0-9]{4})           # refuses 2013-6, 2013Q5, 十二五
    |(?P<part>H[12]|Q[1-4](?:-Q[1-4])?)
    |-(?P<month>[0-9]{2})(?:/(?P=first)-(?P<until>[0-9]{2}))?)?""",
    re.VERBOSE,
)
_FIRST_PLAN = 1951
_EARLY = {1: 1953, 2: 1958}
"""The years of a five-year plan follow from its number: the third was 1966-1970, the twelfth
2011-2015; but for the first two."""


@dataclass(frozen=True, slots=True)
class Period:
    """Years from `first` to `last`, or a `part` of one year: a half (H1), quarters (Q3, Q1-Q3),
    months (06, 01-11).

    >>> str(Period(2013, 2013, "Q1-Q3")), str(Period.parse("2013-01/2013-11"))
    ('2013Q1-Q3', '2013-01/2013-11')
    """

    first: int
    last: int
    part: str = ""

    @classmethod
    def year(cls, year: int) -> "Period":
        """One whole year."""
        return cls(year, year)

    @classmethod
    @lru_cache(maxsize=1 << 12)
    def parse(cls, text: str) -> "Period":
        """The period as the column `period` has it; raises `ValueError` for any other text."""
        match = _WRITTEN.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is no period")
        months = "-".join(month for month in match.group("month", "until") if month)
        first = int(match["first"])
        return cls(first, int(match["last"] or first), match["part"] or months)

    def __str__(self) -> str:
        if self.first != self.last:
            return f"{self.first}-{self.last}"
        if self.part[:1].isdigit():
            return "/".join(f"{self.first}-{month}" for month in self.part.split("-"))
        return f"{self.first}{self.part}"

    @property
    def is_span(self) -> bool:
        """Whether it is several years: 2008-2012."""
        return self.first != self.last

    @property
    def is_year(self) -> bool:
        """Whether it is one whole year."""
        return not self.is_span and not self.part

    @property
    def end(self) -> "Period":
        """Its last year."""
        return Period.year(self.last)


def is_year(text: str | None) -> bool:
    """Whether a cell of the column `period` is one whole year.

    >>> is_year("2013"), is_year("2013H1"), is_year(None)
    (True, False, False)
    """
    return Period.parse(text).is_year if text else False


def arabic_year(text: str) -> int:
    """A year in Arabic digits: 一九七八 is 1978."""
    return int(arabic_digits(text))


def plan_period(text: str) -> Period | None:
    """The years of the five-year plan that the text names: “十二五” is 2011-2015, “十二五”末
    2015."""
    match = pattern.plan.search(text) if "五" in text else None
    if not match:
        return None
    number = counted(match["quoted"] or match["ordinal"] or match["bare"])
    first = _EARLY.get(number, _FIRST_PLAN + 5 * number)
    years = Period(first, first + 4)
    return years.end if match["end"] or match["bare_end"] else years


def plans_named(text: str) -> list[Period]:
    """The years of the five-year plans that the text names, in order."""
    found = pattern.plan.finditer(text) if "五" in text else ()
    return [plan for match in found if (plan := plan_period(match[0]))]


def heading_period(title: str, year: int | None, part: str | None) -> Period | None:
    """The years that a heading names for what stands under it."""
    dated = pattern.year_in_title.search(title)
    if not dated and (plan := plan_period(title)) and not pattern.for_a_plan.search(title):
        return plan
    if year is not None and pattern.term_in_title.search(title):
        ahead = pattern.next_term.search(title) or part == "plan"
        return Period(year, year + 4) if ahead else Period(year - 5, year - 1)
    years = list(pattern.years.finditer(title))
    if len(years) == 1 and years[0]["last"]:
        return Period(arabic_year(years[0]["first"]), int(years[0]["last"]))
    if len(years) == 1 and part in ("review", "plan") and "以来" not in title:
        return Period.year(arabic_year(years[0]["first"]))
    return None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a paragraph's section implies: part, the status and period of what it states, the year
    of the session; `term` are the years that the heading of a review names beside its last one,
    `since` the year that all in it is compared with (同1952年相比，…)."""

    part: str | None
    status: str
    period: Period | None
    year: int | None
    term: Period | None = None
    since: Period | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A time that a sentence names: it holds from `start` to `end`; None where it is a time without
    years (长期以来)."""

    start: int
    end: int
    period: Period | None


_start = attrgetter("start")


def marks(sentence: str, here: Setting) -> list[Mark]:
    """The times that a sentence names, in order, each with where it ends: 在2012年增长8%的基础上
    dates what stands in it, and 2012年的3倍 dates nothing."""
    # The years within a title (《行动方案（2016-2020年）》) date nothing.
    if "《" in sentence:
        sentence = pattern.titled.sub(lambda title: " " * len(title[0]), sentence)
    found = sorted(_named(sentence, here), key=lambda named: named[0])
    ended: list[Mark] = []
    if found:
        within = [match.span() for match in pattern.on_basis.finditer(sentence)]
        several = pattern.so_many_times.search(sentence) is not None
        times = [match.start() for match in pattern.times.finditer(sentence)] if several else []
        ended = [
            Mark(at, _end(sentence, at, within), period)
            for at, period in found
            if not _is_times_of(sentence, at, times)
        ]
    named = "月" in sentence or "季" in sentence or "半年" in sentence
    parts = list(_parts_of_years(sentence, here, ended)) if named else []
    return sorted([*ended, *parts], key=_start) if parts else ended


def _is_times_of(sentence: str, place: int, times: list[int]) -> bool:
    """2012年的3倍 dates nothing; but 由2008年的38.2%提高到2013年的46.5% tells two levels."""
    i = bisect_right(times, place)
    return (
        i < len(times)
        and times[i] <= place + len("到2019年")
        and not pattern.change_from.search(sentence, 0, place)
    )


def _end(sentence: str, place: int, within: list[tuple[int, int]]) -> int:
    """Where a time that is named at `place` ends: with the basis that it stands in; else it holds
    to the end of the sentence if it opens a part of it, else to the semicolon."""
    i = bisect_right(within, place, key=lambda span: span[0])
    if i and place < within[i - 1][1]:
        return within[i - 1][1]
    begin = max(sentence.rfind(";", 0, place), sentence.rfind("；", 0, place)) + 1
    if lead := pattern.before_time.match(sentence, begin):
        begin = lead.end() + 1
    stop = pattern.semicolon.search(sentence, place)
    opens = not pattern.said_before.search(sentence, begin, place)
    return len(sentence) if not stop or opens else stop.start()


def part_named(text: str, year: int) -> Period | None:
    """The part of that year which the text begins with: 上半年."""
    match = pattern.part_of_year.match(text)
    return Period(year, year, _part(match)) if match else None


def _parts_of_years(sentence: str, here: Setting, years: list[Mark]) -> Iterator[Mark]:
    """Half years, quarters and months, of the year that is named before them or else of the
    section's."""
    for match in pattern.part_of_year.finditer(sentence):
        i = bisect_right(years, match.start(), key=_start)
        year = years[i - 1].period if i else here.period
        if pattern.from_then.search(sentence, 0, match.start()):
            continue
        if year is not None and not year.is_span:
            bracketed = sentence[match.start() - 1 : match.start()] in ("(", "（")
            # 公园12月底建成，新增学位300个: by when something is done dates that alone.
            alone = bracketed or pattern.done_by.match(sentence, match.end())
            held = pattern.rest_of_clause if alone else pattern.within_year
            within = held.match(sentence, match.end())
            end = within.end() if within else len(sentence)
            yield Mark(match.start(), end, Period(year.first, year.first, _part(match)))


def _part(match: re.Match[str]) -> str:
    """H1, Q3, Q1-Q3, 06, 01-11."""
    months = [f"{int(month):02}" for month in match.group("one", "month", "until") if month]
    return "-".join(months) or (match.lastgroup or "").replace("to_", "Q1-")


def _named(sentence: str, here: Setting) -> Iterator[tuple[int, Period | None]]:
    dated, year = "年" in sentence, here.year
    told = dated and pattern.counted_years.search(sentence)
    if told:
        yield from _years_written(sentence, here)
    if told and year is not None:
        yield from _years_counted(sentence, here, year)
    if "五" in sentence:
        yield from _plan_years(sentence, year)
    for match in pattern.no_year.finditer(sentence) if dated or "期" in sentence else ():
        yield match.start(), None
    if year is None:
        return
    if "世纪" in sentence:
        for match in pattern.end_of_century.finditer(sentence):
            yield match.start(), Period.year((year + 99) // 100 * 100)
    if dated:
        yield from _relative_years(sentence, here, year)
    if "五年" in sentence or "届" in sentence:
        yield from _terms(sentence, here, year)


def _plan_years(sentence: str, year: int | None) -> Iterator[tuple[int, Period | None]]:
    """“十二五”期间, its 前三年, and behind those its 后两年."""
    for match in pattern.plan_time.finditer(sentence):
        compared = pattern.compared_at_end.search(sentence, 0, match.start())
        if not compared and not pattern.times_behind.match(sentence, match.end()):
            plan = plan_period(match[0])
            yield match.start(), _so_far(sentence, match.end(), plan, year)
            # “十二五”前三年60亿元，后两年50亿元.
            last = plan and pattern.last_years.search(sentence, match.end())
            if plan and last:
                first = plan.last - counted(last["count"]) + 1
                yield last.start("count"), Period(first, plan.last)


def _so_far(sentence: str, end: int, plan: Period | None, year: int | None) -> Period | None:
    """The years of a plan; “十三五”以来 all since its first that are over, 前四年 its first
    four."""
    first = pattern.first_years.match(sentence, end)
    if plan and first:
        return Period(plan.first, plan.first + counted(first["count"]) - 1)
    if not plan or year is None or not sentence.startswith("以来", end):
        return plan
    return Period(plan.first, year - 1) if plan.first < year else plan


def _years_written(sentence: str, here: Setting) -> Iterator[tuple[int, Period | None]]:
    """2013年, 2008-2012年; 从2004年到2009年. A year that is over within what a plan asks for
    (加快2012年签约项目建设) dates nothing."""
    planned = here.year if here.status == "target" else None
    for match in pattern.years.finditer(sentence):
        if not match["against"] and not pattern.compared_behind.match(sentence, match.end()):
            first = arabic_year(match["first"])
            over = planned and first < planned
            if not over or not pattern.asked.search(sentence, 0, match.start()):
                yield match.start(), Period(first, int(match["last"] or first))
        elif _is_of_next(match, here) and not pattern.of_that_year.match(sentence, match.end()):
            # 开支为3亿元，比1956年下降4%: of the value before too, where that names no year.
            said = [end.start() for end in pattern.soft_end.finditer(sentence, 0, match.start())]
            begin = said[-2] if len(said) > 1 else 0
            yield begin, Period.year(arabic_year(match["first"]) + 1)
    for match in pattern.span.finditer(sentence):
        yield match.end(), Period(arabic_year(match["first"]), arabic_year(match["last"]))


def _is_of_next(compared: re.Match[str], here: Setting) -> bool:
    """Whether what is compared with the year that the section tells of must be of the next: 开支
    比1956年下降4% in a session of 1957."""
    against, told, year = compared["against"], here.period, here.year
    if not against or against[0] not in "比较" or not told or not told.is_year or not year:
        return False
    return told.first == arabic_year(compared["first"]) < year


def _years_counted(sentence: str, here: Setting, year: int) -> Iterator[tuple[int, Period | None]]:
    """The years that a sentence counts back from the last one, or ahead from this one: 两年来,
    近三年, 2013年以来, 今后三年. A number of years alone (三年行动) tells no period."""
    for match in pattern.since_year.finditer(sentence):
        first = arabic_year(match["first"])
        if first < year:
            yield match.end(), Period(first, year - 1)
    for match in pattern.years_back.finditer(sentence):
        in_all = match["all"] is not None and here.status == "actual"
        if match["near"] or match["since"] or in_all:
            count = counted(match["count"])
            told = _told_before(sentence, match.start()) if in_all else set()
            last = max(told) if len(told) == count else year - 1
            yield match.start(), Period(last - count + 1, last)
    for match in pattern.years_ahead.finditer(sentence):
        # 三年内 alone looks ahead in what a year is to bring.
        if match[0][0] in "今未" or (here.status == "target" and here.period == Period.year(year)):
            yield match.start(), Period(year, year + counted(match["count"]) - 1)


def _told_before(sentence: str, place: int) -> set[int]:
    """The years that a sentence tells of before a place: 2011年增长5%，2012年增长6%，两年平均…."""
    told = pattern.years.finditer(sentence, 0, place)
    return {arabic_year(match["first"]) for match in told if not match["against"]}


def _relative_years(sentence: str, here: Setting, year: int) -> Iterator[tuple[int, Period]]:
    """今年, 去年; in a review 上年 is the year before the one that is reviewed; 全年 is the last
    year of a term, where no other is named."""
    planned = here.status == "target"
    for match in pattern.relative_year.finditer(sentence):
        over = planned and pattern.left_over.match(sentence, match.start())
        if over and pattern.asked.search(sentence, 0, match.start()):
            # 全面完成去年结转的8个项目: what is to be done now.
            continue
        ago = _YEARS_AGO[match[0][0]]
        if match[0][0] == "上":
            ago = 2 if here.part == "review" else 1
        yield match.start(), Period.year(year - ago)
    term = here.period if here.status == "actual" else None
    whole = pattern.whole_year.search(sentence) if term and term.is_span else None
    if term and whole and not pattern.years.search(sentence, 0, whole.start()):
        yield whole.start(), term.end


_YEARS_AGO = {"今": 0, "本": 0, "明": -1, "去": 1, "上": 1, "前": 2}


def _terms(sentence: str, here: Setting, year: int) -> Iterator[tuple[int, Period]]:
    """过去五年, 本届政府任期, 今后五年: the terms of five years, those of the section where it
    names any."""
    past, ahead = Period(year - 5, year - 1), Period(year, year + 4)
    own = here.period if here.period and here.period.is_span else here.term
    if own and own.is_span:
        past, ahead = (own, ahead) if own.last < year else (past, own)
    for match in pattern.term.finditer(sentence):
        # 五年累计 or 这五年 alone looks the way its section does.
        alone = match[0].startswith(("五年", "这")) and not match[0].endswith("来")
        yield match.start(), ahead if alone and here.status == "target" else past
    for match in pattern.next_term.finditer(sentence):
        yield match.start(), ahead


def counted(numeral: str) -> int:
    """The number of years, plans or terms that a numeral tells."""
    # Of 两三年 the first is counted.
    read = None if numeral.isdigit() else parse_han(numeral)
    return int(read.value if read else numeral)
