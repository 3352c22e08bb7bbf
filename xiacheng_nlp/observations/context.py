"""When and how firmly a clause speaks: status, reference period, modality, basis of comparison."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from xiacheng_nlp.numbers.numerals import arabic_digits, parse_han
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.text import normalised

_PLAN_YEARS = {
    "五": 1976,
    "六": 1981,
    "七": 1986,
    "八": 1991,
    "九": 1996,
    "十": 2001,
    "十一": 2006,
    "十二": 2011,
    "十三": 2016,
    "十四": 2021,
    "十五": 2026,
    "十六": 2031,
}
_PLAN = re.compile(
    "“(十[一二三四五六]?|[五六七八九])五”(末|期末)?(?!规划|计划|纲要|重大|实施)|第([六七八九十])个五年计划(?:期间|时期)"
    "|(?<![第“二三四五六七八九])(十[一二三四五六])五(?:期间|时期|(末|期末))"
)
_YEAR = re.compile(
    "(?P<against>[比较][^，,。；;0-9一二三四五六七八九]{0,8}|[自从由于对是])?(?P<to>到|至)?(?P<first>(?:19|20)[0-9]{2}|[一二][九〇○零][〇○零一二三四五六七八九]{2})(?:\\s?[-—－–~～至到]\\s?(?P<last>(?:19|20)[0-9]{2}))?年(?!不变价|可比价|价格)"
)
_YEAR_END = re.compile("[0-9〇○零一二三四五六七八九]年")
_RELATIVE = re.compile("(今年|去年|明年|上年|本年|前年)(?<![比较对同由从自与].年)(?!的?同期|基数)")
_SPAN = re.compile(
    "(?:从|自)?(?P<first>(?:19|20)[0-9]{2}|[一二][九〇○零][〇○零一二三四五六七八九]{2})年?(?:起)?(?:到|至|—|-)(?P<last>(?:19|20)[0-9]{2}|[一二][九〇○零][〇○零一二三四五六七八九]{2})年"
)
_PART_OF_YEAR = re.compile(
    "(?<![每各比较])(?:(?P<half>[上下]半年)|第?(?P<quarter>[一二三四])季度|前(?P<quarters>[两二三])个?季度"
    "|(?<![0-9.])(?P<month>1?[0-9])(?:月份?)?(?:[-－—–~～]|至|到)(?P<until>1?[0-9])月份?|(?<![0-9.])(?P<one>1?[0-9])月(?:份|末|底))"
)
_YEARS = re.compile("([0-9]{4})(?:-([0-9]{4}))?")
_PARTS_OF_YEAR = {
    "上半年": "H1",
    "下半年": "H2",
    "一": "Q1",
    "二": "Q2",
    "两": "Q2",
    "三": "Q3",
    "四": "Q4",
}
_WITHIN_YEAR = re.compile("[^。；;]*?(?=[。；;]|全年|年末|年底|$)")
"""What a part of a year holds for, unless another part follows."""
_TERM = re.compile(
    "(?:过去|本届政府|这|近|上届政府)[的]?五年|五年(?:来|间|累计|共|(?=增长|新增|提高|下降|减少))|本届政府以来|本届政府任期"
)
_TERM_BEGINS = re.compile(
    r"(?:各位代表[！!，,：:])?[—\s]*(?:[^。；;]{0,24}[，,。])?(?:(?:回顾|总结)?(?:过去|这|近|刚刚过去的|本届政府)?的?五年(?:来|间|里|[，,])"
    "|这是[^，,。；;]{2,30}的五年|经过五年)"
)
_TERM_IS_OVER = re.compile(
    "各位代表|过去一年|一年来|[去今明上]年|(?:19|20)[0-9]{2}年|同时|但|在看到|我们也|我们清醒|回顾"
)
_BEGINS_WITH_A_YEAR = re.compile("(?:[去今上]年|(?:19|20)[0-9]{2}年)(?!以来|起)")
_NEXT_TERM = re.compile("(?:今后|未来)五年|下一个五年")
_YEARS_BACK = re.compile(
    "(?<![第“连续每满后经过历0-9])(?P<near>最近|近|过去的?|这)?(?P<count>[两二三四六七八九十]{1,2}|[2-9]|1[0-9])年"
    "(?P<since>来|间(?!接)|以来)?(?P<all>累计|(?=年均|平均每年|共?(?:新增|增长|增加|提高|下降|减少)))?"
)
"""Years that end with the last one: 两年来, 近三年, 十年累计; a number of years alone (三年行动) tells no
period."""
# It takes 今后五年的目标, and refuses 二〇二五年工作安排.
_TERM_IN_TITLE = re.compile("(?<![〇○零OＯ一二三四五六七八九])五年|届政府")
_YEARS_AHEAD = re.compile("(?:今后|未来)(?P<count>[两二三四六七八九十]{1,2}|[2-9]|1[0-9])年")
_LONG = re.compile("多年(?:来|以来|累计)|经过[^，,。；;]{0,3}年|长期以来")
_SINCE_YEAR = re.compile("[自从]?(?P<first>(?:19|20)[0-9]{2})年(?:以来|起)")
_SOME_DAY = re.compile("今后一个时期|今后几年|今后一段时期|一个时期内|未来几年")
# Every alternative of a pattern that is searched in all sentences begins with a character of its
# own, and what must not stand before it is looked for behind: the search can then pass over the
# characters that begin no alternative.
_TARGET = re.compile(
    "力争|确保|争取|预期目标|目标(?:是|为|建议)|计划(?<![动度点规施目”》]计划)(?=[^，,。；;”》]{1,16}[0-9一二两三四五六七八九十])|拟(?!定|合|人|态|真|制|建)|明年|下一步|今后|未来|将(?!近|军|士|其|[^，,。；;]{0,14}(?:纳入|列入|转|降|提))|要(?!求|素|点|件|闻|害|么|塞|务|道)|到20[0-9]{2}年|规划建设"
)
_DONE = re.compile(
    "去年(?<![比较对同从由]去年)|上年(?<![比较对同从由]上年)|已经?(?!成为|[^，,。；;、0-9]{1,6}的[^，,。；;0-9一二两三四五六七八九十百千])|目前|截至|截止|过去|以来|累计(?:完成|实现|建成)|两年来|二年来|三年来|四年来|五年来"
)
_CLAUSE_END = re.compile("[,，;；]")
_LIMITS = ("控制在", "保持在", "稳定在")
_MODAL = re.compile(
    "力争|确保|争取|预计|预期|初步核算|计划|拟|控制在|保持在|稳定在|努力|保证|要|将"
)
_AVERAGE = re.compile("年均|平均每年|年平均|每年(?:平均|要|递?增|提高|下降|减少|降低)")
_SINCE = re.compile(
    "(?:比|较|自|从)((?:19|20)[0-9]{2})年|在((?:19|20)[0-9]{2})年[^，,。；;]{0,12}基[础数]之?上"
)
_TIMES_OF = re.compile(
    "(?:((?:19|20)[0-9]{2})年|去年|上年)(?:同期|末|底)?(?:水平|总量)?的(?:[约近]|[0-9.]+%和)?$"
)
_IN_ALL = re.compile(
    "累计[^，,。；;]{0,24}$|[两二三四五六七八九十]年(?:来|间)|(?<![连续])[两二三四五六七八九十]年(?:增长|增加|提高|下降|减少)[^，,。；;]{0,4}$"
)
OTHER_BASES = ("annual_average", "cumulative", "previous_period", "since:")
"""How a comparison begins that is not with the year before, whatever period it is told for."""
_LAST_YEAR = re.compile(
    "同比|[比较](?:上年|去年|同期|年初)|在(?:上年|去年)[^。；;]{0,16}基[础数]之?上"
)
_ON_BASIS = re.compile("在(?=[^，,。；;]{0,4}年)[^。；;]{2,24}?(?:基础|基数|水平)之?上")
_TIMES = re.compile(
    "(?:同期|末|底)?(?:水平|总量)?的[约近]?[0-9.一二两三四五六七八九十百几]+(?:[多余]?倍|%)"
)
_SEMICOLON = re.compile("[;；]")
_SAID = re.compile("[，,、]|[0-9]")
_FROM = re.compile("[由从][^，,。；;]{4,}$")
"""Before a second year: 由2008年的38.2%提高到 (2013年的46.5%) tells two levels, and not so many per cent of
2013."""
_BASIS = re.compile(
    "可比价格|可比价|可比口径|可比|同口径|不变价格|不变价|名义|实际(?!利用|使用|到位|吸收|引进|完成)|现价"
    "|扣除价格因素|剔除不可比因素|自然口径"
)
_place = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a paragraph's section implies: part, the status and period of what it states, the year
    of the session."""

    part: str | None
    status: str
    period: str | None
    year: int | None


def settings(report: Report) -> dict[str | None, Setting]:
    """For each section of the report what it implies; a heading that names its years passes them on
    to what stands under it."""
    periods: dict[str | None, str | None] = {None: None}
    parts: dict[str | None, str | None] = {None: None}
    for section in report.walk():
        above = section.id.rpartition(".")[0] or None
        periods[section.id] = _heading_period(
            normalised(section.title)[0], report.year, section.part
        ) or periods.get(above)
        parts[section.id] = (
            section.part or parts.get(above) or _planned(normalised(section.title)[0], report.year)
        )
    return {id: setting(parts[id], report.year, periods[id]) for id in periods}


def terms_looked_back_on(report: Report) -> dict[int, str]:
    """By its start, each paragraph of a review that looks back on a term of five years, and the
    years of the term.

    Such a passage begins with a paragraph that says so (五年来，…; 这是…的五年) and goes on to the next
    section, or to a paragraph that begins with another time or with the address.

    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2020年和“十三五”时期工作回顾\\n五年来，我们稳步发展。\\n——经济年均增长7%。\\n二、2021年任务")
    >>> list(terms_looked_back_on(report).values())  # "for five years we developed steadily. — The economy grew by 7 % a year"
    ['2016-2020', '2016-2020']
    """
    if report.year is None:
        return {}
    years = f"{report.year - 5}-{report.year - 1}"
    found: dict[int, str] = {}
    within: str | None = None
    for paragraph in report.paragraphs:
        if paragraph.kind != "text" or paragraph.part != "review":
            within = None
        elif _TERM_BEGINS.match(paragraph.text):
            within = paragraph.section or ""
        elif within != (paragraph.section or "") or _TERM_IS_OVER.match(paragraph.text):
            within = None
        if within is not None:
            found[paragraph.start] = years
    return found


def _planned(title: str, year: int | None) -> str | None:
    """A section that no part claims, but whose heading names the year of the session, tells what is
    to be done in it."""
    return "plan" if year is not None and f"{year}年" in title else None


def setting(part: str | None, year: int | None, named: str | None = None) -> Setting:
    """The defaults of a part in a report of session year `year`.

    >>> setting("review", 2014)
    Setting(part='review', status='actual', period='2013', year=2014)
    """
    if part == "glossary":
        return Setting(part, "definition", None, year)
    planned = part in ("plan", "government", "closing")
    default = None if year is None else str(year if planned else year - 1)
    return Setting(part, "target" if planned else "actual", named or default, year)


def _heading_period(title: str, year: int | None, part: str | None) -> str | None:
    if _PLAN.search(title) and re.search("(?:19|20)[0-9]{2}年", title) is None:
        return plan_period(title)
    if year is not None and (_TERM.search(title) or _TERM_IN_TITLE.search(title)):
        if _NEXT_TERM.search(title) or part == "plan":
            return f"{year}-{year + 4}"
        return f"{year - 5}-{year - 1}"
    years = [m for m in _YEAR.finditer(title)]
    if len(years) == 1 and years[0]["last"]:
        return f"{years[0]['first']}-{years[0]['last']}"
    if len(years) == 1 and part in ("review", "plan") and not re.search("以来", title):
        return arabic_year(years[0]["first"])
    return None


def plan_period(text: str) -> str | None:
    """The years of the five-year plan that the text names: “十二五” is 2011-2015, “十二五”末 2015."""
    match = _PLAN.search(text)
    if not match:
        return None
    number = match[1] or match[3] or match[4]
    first = _PLAN_YEARS.get(number)
    if first is None:
        return None
    return str(first + 4) if match[2] or match[5] else f"{first}-{first + 4}"


def arabic_year(text: str) -> str:
    """A year in Arabic digits: 一九七八 is 1978."""
    return arabic_digits(text)


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence says about time and intent, by the places where it says so, within the
    setting of its section.

    A mark holds for what follows it, that of a period up to its end. `periods`: place, end and
    period; `modals`: place and word; `target` and `done`: the first place of a word of intent, of
    completion (the sentence's length where there is none).
    """

    text: str
    here: Setting
    periods: tuple[tuple[int, int, str | None], ...]
    modals: tuple[tuple[int, str], ...]
    target: int
    done: int

    def period(self, place: int) -> tuple[str | None, bool]:
        """The period of a number that stands at `place`, and whether the sentence itself names
        it."""
        i = bisect_left(self.periods, place, key=_place) if self.periods else 0
        for _, end, named in reversed(self.periods[:i]):
            if place < end:
                return named, named is not None
        return self.here.period, False

    def span(self, place: int) -> str | None:
        """The span of the years that the sentence names before `place`: 由2004年的…增加到2009年的…, 五年来…,
        年均增长."""
        said = [period for at, _, period in self.periods if at < place and period is not None]
        since = [
            arabic_year(match["first"])
            for match in _YEAR.finditer(self.text, 0, place)
            if match["against"] in ("由", "从", "自")
        ]
        years = sorted({*since, *(period for period in said if len(period) == 4)})
        if len(years) > 1:
            return f"{years[0]}-{years[-1]}"
        return next((period for period in reversed(said) if is_span(period)), None)

    def status(self, place: int, when: str | None, named: bool) -> str:
        """Whether a number is an outcome, a target or part of a definition; a clause that says so
        wins over its section."""
        here = self.here
        if here.status == "definition" or here.year is None:
            return here.status
        last = _last_year(when) if named and when else None
        if here.status == "actual":
            ahead = last is not None and (
                last > here.year or (last == here.year and self.target < place)
            )
            return "target" if ahead else "actual"
        if last is not None and last < here.year:
            return "actual"
        return "actual" if not named and self.done < place <= self.target else here.status

    def modal(self, place: int) -> str | None:
        """The last word of intent or estimate before `place`, as written; a limit (控制在, 保持在) holds
        in its own clause alone."""
        i = bisect_left(self.modals, place, key=_place) if self.modals else 0
        for at, word in reversed(self.modals[:i]):
            if word not in _LIMITS or not _CLAUSE_END.search(self.text, at, place):
                return word
        return None


def read_context(sentence: str, here: Setting) -> Context:
    """The marks of time and intent in a sentence.

    >>> said = read_context("到2015年，绿化覆盖率达到40%", setting("review", 2014))  # "by 2015, green coverage is to reach 40 %"
    >>> said.period(15), said.status(15, "2015", True)
    (('2015', True), 'target')
    """
    target, done = _TARGET.search(sentence), _DONE.search(sentence)
    return Context(
        sentence,
        here,
        tuple(_marks_with_ends(sentence, here)),
        tuple([(match.start(), match[0]) for match in _MODAL.finditer(sentence)]),
        target.start() if target else len(sentence),
        done.start() if done else len(sentence),
    )


def _marks_with_ends(sentence: str, here: Setting) -> list[tuple[int, int, str | None]]:
    """The marks in order, each with where it ends: 在2012年增长8%的基础上 dates what stands in it, and
    2012年的3倍 dates nothing."""
    marks = sorted(_period_marks(sentence, here), key=_place)
    within = (
        [match.span() for match in _ON_BASIS.finditer(sentence)]
        if marks and "上" in sentence
        else []
    )
    times = (
        [match.start() for match in _TIMES.finditer(sentence)]
        if marks and ("倍" in sentence or "%" in sentence)
        else []
    )
    ended: list[tuple[int, int, str | None]] = []
    for place, said in marks:
        i = bisect_right(times, place)
        if (
            i < len(times)
            and times[i] <= place + len("到2019年")
            and not _FROM.search(sentence, 0, place)
        ):
            continue
        i = bisect_right(within, place, key=_place)
        ended.append(
            (
                place,
                within[i - 1][1] if i and place < within[i - 1][1] else _reach(sentence, place),
                said,
            )
        )
    if "季度" in sentence or "半年" in sentence or "月" in sentence:
        ended = sorted([*ended, *_parts_of_years(sentence, here, ended)], key=_place)
    return ended


def _reach(sentence: str, place: int) -> int:
    """Where a time that is named at `place` ends: it holds to the end of the sentence if it opens a
    part of it, else to the semicolon."""
    begin = max(sentence.rfind(";", 0, place), sentence.rfind("；", 0, place)) + 1
    stop = _SEMICOLON.search(sentence, place)
    return (
        len(sentence) if stop is None or not _SAID.search(sentence, begin, place) else stop.start()
    )


def _parts_of_years(
    sentence: str, here: Setting, marks: list[tuple[int, int, str | None]]
) -> Iterator[tuple[int, int, str]]:
    """Half years, quarters and months, of the year that is named before them or else of the
    section's."""
    for match in _PART_OF_YEAR.finditer(sentence):
        i = bisect_right(marks, match.start(), key=_place)
        year = (marks[i - 1][2] if i else here.period) or ""
        if not year[:4].isdigit() or is_span(year):
            continue
        within = _WITHIN_YEAR.match(sentence, match.end())
        yield (
            match.start(),
            within.end() if within else len(sentence),
            _part_of_year(match, year[:4]),
        )


def _part_of_year(match: re.Match[str], year: str) -> str:
    """2013H1, 2013Q3, 2013Q1-Q3, 2013-06, 2013-01/2013-11."""
    if match["quarters"]:
        return f"{year}Q1-{_PARTS_OF_YEAR[match['quarters']]}"
    if match["month"]:
        return f"{year}-{int(match['month']):02}/{year}-{int(match['until']):02}"
    if match["one"]:
        return f"{year}-{int(match['one']):02}"
    return year + _PARTS_OF_YEAR[match["half"] or match["quarter"]]


def begins_with_a_year(sentence: str) -> bool:
    """Whether a sentence sets out with a year of its own: 2024年, 去年; what follows it is about that
    year too."""
    return _BEGINS_WITH_A_YEAR.match(sentence) is not None


def is_span(period: str) -> bool:
    """Whether a period is several years: 2008-2012."""
    match = _YEARS.match(period)
    return match is not None and match[2] is not None


def _last_year(period: str) -> int | None:
    match = _YEARS.match(period)
    return int(match[2] or match[1]) if match else None


def _period_marks(sentence: str, here: Setting) -> Iterator[tuple[int, str | None]]:
    if _YEAR_END.search(sentence):
        for match in _YEAR.finditer(sentence):
            if not match["against"]:
                first = arabic_year(match["first"])
                yield match.start(), f"{first}-{match['last']}" if match["last"] else first
        for match in _SPAN.finditer(sentence):
            yield match.end(), f"{arabic_year(match['first'])}-{arabic_year(match['last'])}"
    yield from _spans_told(sentence, here)
    if "五" in sentence:
        for match in _PLAN.finditer(sentence):
            years = plan_period(match[0])
            if years:
                yield match.start(), years
    if "今后" in sentence or "时期" in sentence or "未来" in sentence:
        for match in _SOME_DAY.finditer(sentence):
            yield match.start(), None
    if here.year is None:
        return
    if "年" not in sentence:
        return
    for match in _RELATIVE.finditer(sentence):
        year = (
            here.year
            + {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "明年": 1, "前年": -2}[match[1]]
        )
        if match[1] == "上年" and here.part == "review":
            year = here.year - 2
        yield match.start(), str(year)
    if "五年" in sentence or "本届" in sentence:
        past, ahead = f"{here.year - 5}-{here.year - 1}", f"{here.year}-{here.year + 4}"
        named = here.period if here.period and is_span(here.period) else None
        for match in _TERM.finditer(sentence):
            # 五年累计 alone looks the way its section does.
            looks_ahead = (
                here.status == "target"
                and match[0].startswith("五年")
                and not match[0].endswith("来")
            )
            yield match.start(), named or (ahead if looks_ahead else past)
        for match in _NEXT_TERM.finditer(sentence):
            yield match.start(), named or ahead


def _spans_told(sentence: str, here: Setting) -> Iterator[tuple[int, str | None]]:
    """The years that a sentence counts back from the last one, or ahead from this one: 两年来, 近三年,
    2013年以来, 今后三年."""
    if "年" not in sentence or here.year is None:
        return
    last = here.year - 1
    for match in _LONG.finditer(sentence):
        yield match.start(), None
    if "来" in sentence or "起" in sentence:
        for match in _SINCE_YEAR.finditer(sentence):
            first = int(match["first"])
            if first <= last:
                yield match.end(), str(first) if first == last else f"{first}-{last}"
    for match in _YEARS_BACK.finditer(sentence):
        if (
            match["near"]
            or match["since"]
            or (match["all"] is not None and here.status == "actual")
        ):
            yield match.start(), f"{here.year - _number(match['count'])}-{here.year - 1}"
    for match in _YEARS_AHEAD.finditer(sentence):
        yield match.start(), f"{here.year}-{here.year + _number(match['count']) - 1}"


def _number(years: str) -> int:
    # Of 两三年 the first is counted.
    read = None if years.isdigit() else parse_han(years)
    return int(read.value if read else years)


def basis(before: str) -> str | None:
    """On what prices or scope a growth is reckoned, as written."""
    match = _BASIS.search(before)
    return match[0] if match else None


def comparison(before: str, measure: str) -> str | None:
    """With what a growth or difference compares: yoy, previous_period (环比), annual_average,
    cumulative, since:YEAR."""
    if measure not in ("growth", "difference", "multiple"):
        return None
    if "环比" in before[-8:]:
        return "previous_period"
    times = _TIMES_OF.search(before) if measure == "multiple" else None
    if times:
        return f"since:{times[1]}" if times[1] else "yoy"
    if _AVERAGE.search(before):
        return "annual_average"
    since = _SINCE.search(before)
    if since:
        return f"since:{since[1] or since[2]}"
    if _IN_ALL.search(before):
        return "cumulative"
    if _LAST_YEAR.search(before):
        return "yoy"
    return None
