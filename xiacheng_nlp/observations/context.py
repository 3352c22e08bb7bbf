"""When and how firmly a clause speaks: status, reference period, modality, basis of comparison."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter, sub
from typing import NamedTuple

from xiacheng_nlp.observations.periods import (
    Mark,
    Period,
    Setting,
    arabic_year,
    is_year,
    marks,
    part_named,
    plan_period,
)
from xiacheng_nlp.observations.reading import Reading
from xiacheng_nlp.observations.term import Standing, Term
from xiacheng_nlp.observations.vocabulary import pattern, words

_OTHER_BASES = ("annual_average", "cumulative", "previous_period", "since:")
"""How a comparison begins that is not with the year before, whatever period it is told for."""
_CHANGES = frozenset({"growth", "difference", "multiple"})
_ENDS = re.compile("[；;。]")
_BEFORE = 60
"""How far before a number stands what it is compared with."""
_APART = 12
"""How far apart values of the same may start that stand side by side: 12.5亿元、."""
_start = attrgetter("start")
_place = itemgetter(0)


def turns(paragraph: str, implied: Setting) -> bool:
    """Whether a sentence of a paragraph may turn what it implies, as `carried_on` tells: in most
    none does, which is seen at once."""
    several = implied.period is not None and implied.period.is_span
    return several or pattern.turning.search(paragraph) is not None


def carried_on(sentence: str, here: Setting, implied: Setting, *, opens: bool) -> Setting:
    """The setting from this sentence on, in a paragraph that implies `implied`.

    In a passage on several years a sentence that opens its paragraph with a year of its own
    (2024年, 去年), or tells of the year just past (特别是刚刚过去的2025年), turns what follows it
    to that year too; so does one of a plan that looks back (过去一年，我们…), until the next of
    what is to be done.
    """
    if against := pattern.against_year_of_all.match(sentence):
        here = replace(here, since=Period.year(arabic_year(against["year"])))
    year, planned = here.year, implied.status == "target"
    if year is None or here.period is None or not (planned or here.period.is_span):
        return here
    # The sentence begins with the year just past.
    looks_back = pattern.last_year_begins.match(sentence) is not None
    if planned:
        if looks_back:
            return replace(here, status="actual", period=Period.year(year - 1))
        told_of = pattern.of_what_comes.search(sentence) or pattern.target.search(sentence)
        if here.status == "actual" and told_of:
            # It tells of the year of the session or later, or of an intent.
            here = implied
    last = Period.year(year - 1) if looks_back and here.status == "actual" else None
    several = here.period is not None and here.period.is_span
    return _turned(sentence, here, last, opens=opens) if several else here


def _turned(sentence: str, here: Setting, turn: Period | None, *, opens: bool) -> Setting:
    """The setting of several years turned to the year that begins the sentence, or to another."""
    # 2025年占比较2020年提高9个百分点 tells of the term, by its end.
    of_term = here.period is not None and f"{here.period.first - 1}年" in sentence
    begins = pattern.begins_with_a_year.match(sentence) if opens and not of_term else None
    if begins:
        turn = next((mark.period for mark in marks(begins[0], here)), None) or turn
    return replace(here, period=turn, term=here.period) if turn else here


class Told(NamedTuple):
    """When and how firmly a number is told; each None where the number states nothing."""

    status: str | None = None
    period: str | None = None
    comparison: str | None = None
    basis: str | None = None
    modal: str | None = None


_NOTHING = Told()


@dataclass(slots=True)
class Context:
    """What a sentence says about time and intent, by the places where it says so, within the
    setting of its section.

    `first` is the first value of the last change, as long as its second was told last;
    `times` are the times that it names; `modals` place and word of an intent or estimate, which
    holds for what follows; `target` and `done` the first place of a word of intent, of completion
    (the sentence's length where there is none), the latter when it is first asked for; `began` the
    time of the first value of the last change, `whole` that named for the last level; `beside` is
    what the change before is compared with, `of_times` whether that was a multiple, `multiplied`
    what the last told in times is, `yearly` what the number before was told of, if each year.
    """

    text: str
    here: Setting
    times: list[Mark]
    modals: list[tuple[int, str]]
    target: int
    began: Period | None = None
    whole: Period | None = None
    done: int | None = None
    beside: str | None = None
    of_times: bool = False
    yearly: str | None = None
    multiplied: str | None = None
    first: Reading | None = None

    def tell(self, readings: Sequence[Reading], first: int) -> Iterator[Told]:
        """When and how firmly each number of the sentence is told, as it was read; `first` is where
        the sentence starts in their text."""
        term = Term()
        last = 0
        years = self._by_year(readings, first)
        for reading in readings:
            place = reading.quantity.start - first
            between, last = self.text[last:place], reading.quantity.end - first
            if reading.name is None:
                yield _NOTHING
                continue
            before = self.text[max(0, place - _BEFORE) : place]
            year = years.get(place)
            compared = None if year else self._compares(reading, place, before, between)
            period, named = (year, True) if year else self.period(place)
            status, period = self._decided(reading, place, before, compared, period, named)
            period = self._held(reading, period, named)
            if reading.measure == "growth":
                period = _after(compared, period, self._clause(0, place), named=named)
            if status != "definition" and period and period.is_span:
                framed = named and self._framed(place)
                when = Standing(before, between, self.text[last:], compared, named, framed)
                period = period.end if term.ends(reading, when) else period
            else:
                term.ended = None
            priced = basis(before[-16:]) if reading.measure == "growth" else None
            against = compared or self._by_default(reading, place, between, period, status)
            yield Told(status, str(period) if period else None, against, priced, self.modal(place))

    def _by_year(self, readings: Sequence[Reading], first: int) -> dict[int, Period]:
        """The years of values that stand side by side, or their parts, by their places, where there
        are as many as years: 近三年分别增长5%、7%、6%; 2011年、2012年分别增长5%、7%;
        一季度、上半年分别增长5%、6%."""
        found: dict[int, Period] = {}
        if "分别" not in self.text:
            return found
        for (name, _), told in groupby(readings, attrgetter("name", "measure")):
            places = [reading.quantity.start - first for reading in told]
            gaps = max(map(sub, places[1:], places), default=0)
            if name and 0 < gaps < _APART and not pattern.list_mark.search(name):
                found.update(zip(places, self._years(places[0], len(places)), strict=False))
        return found

    def _years(self, place: int, count: int) -> Sequence[Period]:
        """So many years that the sentence names before a place, one after the other or as a span
        just before 分别 (近两年，两个园区分别增长 tells of parks, not of years); else none."""
        period, named = self.period(place)
        if named and period and pattern.years_each.search(self.text, 0, place):
            of_span = [Period.year(year) for year in range(period.first, period.last + 1)]
            if len(of_span) == count:
                return of_span
        times = self.times[: bisect_left(self.times, place, key=_start)][-count:]
        listed = times[-1:] and times[-1].start - times[0].start <= _APART * (count - 1)
        told = [time.period for time in times if time.period and not time.period.is_span]
        # 2025年上半年 names one time, and not two.
        one = any(of.is_year and part == replace(of, part=part.part) for of, part in pairwise(told))
        return told if listed and not one and len({*told}) == count else ()

    def _compares(self, reading: Reading, place: int, before: str, between: str) -> str | None:
        """With what a change compares, if it is one."""
        changes = reading.measure in _CHANGES
        compared = self._told_against(reading, place, before, between) if changes else None
        if reading.quantity.unit == "倍":
            self.multiplied = compared
        self.beside, self.of_times = compared, reading.measure == "multiple"
        yearly = reading.measure == "difference" and compared == "annual_average"
        self.yearly = reading.name if yearly else None
        return compared

    def _told_against(self, reading: Reading, place: int, before: str, between: str) -> str | None:
        """With what a change compares, as it says; else a growth as that beside it (增长5%、8%),
        each year as the amount before it (平均每年增加3亿元，增长5%), or as is said of all."""
        if compared := comparison(before, reading.measure):
            return compared
        if self.beside and pattern.beside_growth.fullmatch(between):
            return self.beside
        if reading.name == self.yearly and "年" not in between:
            return "annual_average"
        if reading.measure == "growth" and (since := self._since_before(reading, place, between)):
            return since
        return None if reading.against else self._same_for_all(place, reading)

    def _since_before(self, reading: Reading, place: int, between: str) -> str | None:
        """The year that a growth is told against as the growth before it (比1964年增长5%，
        糖增长8%), or that the change before it starts in (由1982年的3万人增加到1987年的5万人，
        增长67%)."""
        # 达到2007年的3倍，税收增长8%: a multiple opens no list of growths.
        apart = self.of_times and reading.quantity.unit != "倍"
        beside = "" if apart else self.beside or ""
        if beside.startswith("since:") and "年" not in between and not _ENDS.search(between):
            return beside
        began = self.began if self.first and self.first.name == reading.name else None
        if not began or not began.is_year:
            return None
        period, _ = self.period(place)
        return None if period and period.last - began.first < 2 else f"since:{began}"

    def _by_default(
        self, reading: Reading, place: int, between: str, period: Period | None, status: str
    ) -> str | None:
        """What a growth is told against, where nothing else is said: the year before, or the one
        before all the years that it is told of, but for that of each (连续五年增长5%以上). A level
        of years that is told by the year (五年来年均新增就业30万人) is no sum of theirs."""
        if not period:
            return None
        if reading.measure != "growth":
            counts = reading.measure == "level" and reading.quantity.unit != "倍"
            if not counts or not period.is_span:
                return None
            told = pattern.a_year.search(between) or pattern.beside_a_year.search(
                self._clause(0, place)
            )
            return "annual_average" if told else None
        if not period.is_span:
            return "yoy"
        # What a plan aims at may be meant for each year.
        in_all = status == "actual" and not reading.against
        if not in_all or self.modal(place) in words.limit:
            return None
        return None if pattern.throughout.search(self._clause(0, place)) else "cumulative"

    def _same_for_all(self, place: int, reading: Reading) -> str | None:
        """With what a sentence compares all that it tells (比2012年（下同）; 同2007年相比, but
        for a clause with a time of its own), or all that has grown so many times."""
        told = pattern.same_below.search(self.text, 0, place)
        if told and not (told["earlier"] and "年" in self._clause(told.end(), place)):
            return f"since:{arabic_year(told['year'] or told['earlier'])}"
        grown = reading.measure == "growth" and reading.quantity.unit == "倍"
        since = grown and (self.multiplied or "").startswith("since:")
        return self.multiplied if since and "年" not in self._clause(0, place) else None

    def _clause(self, start: int, end: int) -> str:
        """The last clause of what stands there."""
        return pattern.soft_end.split(self.text[start:end])[-1]

    def _held(self, reading: Reading, period: Period | None, named: bool) -> Period | None:
        """The period, kept for what goes on with it: 产值从2020年的3亿元增长到5亿元，税收从2亿元…
        begin in one year."""
        if reading.earlier:
            self.first = reading
            self.began = period = period if period or reading.when else self.began
        elif reading.measure == "level":
            self.whole = period if named else None
            if self.first and self.first.name != reading.name:
                self.first = None
        return period

    def _decided(
        self,
        reading: Reading,
        place: int,
        before: str,
        compared: str | None,
        period: Period | None,
        named: bool,
    ) -> tuple[str, Period | None]:
        status = self.status(place, period, named)
        if status == "definition":
            return status, None
        if aimed := self._aimed(reading, place, before, status, period, named):
            return aimed
        than = reading.measure == "growth" and "于" in before
        of_that = than and self.text.startswith("的", _behind(reading, place))
        if of_that and (then := pattern.grown_then.search(before)):
            # 低于2012年增长9%的速度: that of the year itself.
            return "actual", Period.year(arabic_year(then["year"]))
        if reading.earlier:
            # What a plan starts from was reached, and is no promise.
            return "actual", self._earlier(reading.when, place)
        over_years = compared in ("annual_average", "cumulative")
        if over_years and not (period and period.is_span):
            return status, self.span(place, yearly=compared == "annual_average") or (
                period if compared == "cumulative" else None
            )
        return status, self._stands(reading, period, named) if status == "actual" else period

    def _aimed(
        self,
        reading: Reading,
        place: int,
        before: str,
        status: str,
        period: Period | None,
        named: bool,
    ) -> tuple[str, Period | None] | None:
        """The target that words beside a number tell, whatever its section does."""
        here = self.here
        demanded = not named and here.status == "actual" and self.target < place
        if here.year and demanded and pattern.demand.search(self.text, 0, place):
            # A review tells of what is to be done: a demand (要新建) alone does.
            return "target", Period.year(here.year)
        laid_down = status == "actual" and self._laid_down(reading, place, before)
        if laid_down or (reading.earlier and pattern.originally.search(before)):
            return "target", period
        return ("target", None) if status == "actual" and _to_come(before, named=named) else None

    def _laid_down(self, reading: Reading, place: int, before: str) -> bool:
        """Whether a review tells what was to be (超额完成40万套的目标任务), and not what was."""
        if not pattern.aim_told.search(before):
            return False
        if not pattern.outdone.search(before):
            return pattern.planned_value.search(before) is not None
        return pattern.aimed_at.match(self.text, _behind(reading, place)) is not None

    def _stands(self, reading: Reading, period: Period | None, named: bool) -> Period | None:
        """When it was so, where no time is told (多年来…压减到10类 is so now), or where a plan for
        years to come tells what is so (目前已达到30亿元)."""
        here = self.here
        if not period:
            return here.period and here.period.end if reading.at_end else None
        ahead = here.status == "target" and not named and period.is_span
        return Period.year(here.year) if ahead and here.year else period

    def _framed(self, place: int) -> bool:
        """Whether the clause of the number names its time, or the one before it, if that states
        nothing (五年来，投入达到3亿元)."""
        times = self.times[: bisect_left(self.times, place, key=_start)]
        if not times:
            return False
        between = self.text[times[-1].start : place]
        if pattern.headed_aims.search(between):
            return False
        ended = pattern.soft_end.search(between)
        if not ended:
            return True
        stated = pattern.amount.search(between, 0, ended.start())
        return not stated and not pattern.soft_end.search(between, ended.end())

    def period(self, place: int) -> tuple[Period | None, bool]:
        """The period of a number that stands at `place`, and whether the sentence itself names
        it."""
        for mark in reversed(self.times[: bisect_left(self.times, place, key=_start)]):
            if place < mark.end:
                return mark.period, mark.period is not None
        return self.here.period, False

    def span(self, place: int, *, yearly: bool) -> Period | None:
        """The span of the years that the sentence names before `place`: 由2004年的…增加到2009年的…,
        五年来…, 年均增长; what grew `yearly` from one year has grown up to now."""
        said = [mark.period for mark in self.times if mark.start < place and mark.period]
        here = self.here.term or self.here.period
        begin = max(self.text.rfind(mark, 0, place) for mark in ";；") + 1
        since = (
            arabic_year(match["first"])
            for match in pattern.years.finditer(self.text, begin, place)
            if match["against"] in words.since_word
        )
        years = {*since, *(period.first for period in said if period.is_year)}
        if here and here.is_span and years <= {here.first - 1, *range(here.first, here.last + 1)}:
            return here
        if yearly and here and max(years, default=here.last) < here.last - 1:
            years.add(here.last)
        if len(years) > 1:
            return Period(min(years), max(years))
        return next((period for period in reversed(said) if period.is_span), self.here.term)

    def status(self, place: int, period: Period | None, named: bool) -> str:
        """Whether a number is an outcome, a target or part of a definition; a clause that says so
        wins over its section."""
        here = self.here
        if here.status == "definition" or here.year is None:
            return here.status
        if here.status == "actual":
            # Still to be done is what lies ahead, or what a word of intent tells of this year.
            over = not named or period is None or period.last < here.year
            if period and self.target >= place:
                over = over or period.first < here.year or period.last == here.year
        elif named:
            over = period is not None and period.last < here.year
        else:
            over = place <= self.target and self._done() < place
        return "actual" if over or pattern.estimated.search(self.text, 0, place) else "target"

    def _done(self) -> int:
        text = self.text
        if self.done is None:
            places = (
                match.start()
                for match in pattern.done.finditer(text)
                if match[0][0] not in "已去上" or not pattern.asked.search(text, 0, match.start())
            )
            self.done = next(places, len(text))
        return self.done

    def modal(self, place: int) -> str | None:
        """The last word of intent or estimate before `place`, as written; a limit (控制在, 保持在)
        holds in its own clause alone."""
        for at, word in reversed(self.modals[: bisect_left(self.modals, place, key=_place)]):
            if word not in words.limit or not pattern.soft_end.search(self.text, at, place):
                return word
        return None

    def _earlier(self, when: str, place: int) -> Period | None:
        """The period of the first value of 由…增加到…, where the text tells it."""
        year = self.here.year
        if not when and (against := pattern.against_year.search(self.text, 0, place)):
            # 2010年到2013年增长5%，去年由3家增加到5家: of the year before, and not since 2010.
            anew = pattern.relative_year.search(self.text, against.end(), place)
            return None if anew else Period.year(arabic_year(against["year"]))
        if plan := plan_period(when):
            return plan.end
        if self.here.period and (part := part_named(when, self.here.period.last)):
            return part
        told = pattern.earlier_year.match(when)
        if not told:
            return None
        if told["now"]:
            return Period.year(year) if year else None
        if told["year"]:
            return Period.year(arabic_year(told["year"]))
        if year is None:
            return None
        reviewed = told["above"] is not None and self.here.status == "actual"
        return Period.year(year - 2 if reviewed else year - 1)


def read_context(sentence: str, here: Setting, before: Context | None = None) -> Context:
    """The marks of time and intent in a sentence; with the sentence before it, on which 其中 goes
    on.

    >>> from xiacheng_nlp.observations.settings import setting
    >>> said = read_context("到2015年，绿化覆盖率达到40%", setting("review", 2014))  # "by 2015"
    >>> period, named = said.period(15)
    >>> str(period), said.status(15, period, named)
    ('2015', 'target')
    """
    target = pattern.target.search(sentence)
    told: list[Mark] = []
    times = marks(sentence, here)
    began = here.since
    own = (time.period and time.period.is_span for time in times)
    if began and (any(own) or pattern.relative_year.search(sentence)):
        # 五年来企业由3家增加到5家: not since the year that all else is compared with.
        began = None
    if before and sentence.startswith("其中"):
        began = before.began
        told = [Mark(0, len(sentence), before.whole)] if before.whole else []
    return Context(
        sentence,
        here,
        [*told, *times],
        [(match.start(), match[0]) for match in pattern.modal.finditer(sentence)],
        target.start() if target else len(sentence),
        began,
    )


def basis(before: str) -> str | None:
    """On what prices or scope a growth is reckoned, as written."""
    match = pattern.basis.search(before)
    return match[0] if match else None


def comparison(before: str, measure: str | None) -> str | None:
    """With what a change compares: yoy, previous_period (环比), annual_average,
    cumulative, since:YEAR."""
    if "环比" in before[-8:]:
        return "previous_period"
    times = pattern.times_of.search(before) if measure == "multiple" else None
    if times:
        return f"since:{times['year']}" if times["year"] else "yoy"
    clause = pattern.soft_end.split(before)[-1]
    if pattern.each_year.search(clause):
        return "annual_average"
    if pattern.in_all.search(clause) and not pattern.compared_to.search(clause):
        return "cumulative"
    # 比2007年增长3倍，去年增长8%: told of last year alone.
    before = pattern.of_this_year.split(before)[-1]
    said = [*pattern.compared_to.finditer(before)]
    if since := (said and (said[-1]["than"] or said[-1]["on"])) or _end_of_plan(before):
        return f"since:{arabic_year(since)}"
    return "cumulative" if pattern.in_all.search(before) else "yoy" if said else None


def _end_of_plan(before: str) -> str:
    """The last year of a plan that is compared with (比“十二五”末)."""
    plan = pattern.since_a_plan.search(before)
    years = plan_period(plan[0]) if plan else None
    return str(years) if years and years.is_year else ""


def _after(
    compared: str | None, period: Period | None, clause: str, *, named: bool
) -> Period | None:
    """The period, or where it does not follow the year that is compared with the one that does:
    比1964年增长5% is told of 1965; but not 比1964年初, nor a clause with another time."""
    since = (compared or "").removeprefix("since:")
    if not (period and period.is_year and since.isdigit() and period.first <= int(since)):
        return period
    said = [*pattern.compared_to.finditer(clause)]
    if said:
        follows = pattern.of_that_year.match(clause, said[-1].end()) is None
    else:
        # 再增加8亿斤，即增长5%: the same told again.
        follows = (named or clause.startswith("即")) and "年" not in clause
    return Period.year(int(since) + 1) if follows else period


def _behind(reading: Reading, place: int) -> int:
    return place + reading.quantity.end - reading.quantity.start


def _to_come(before: str, *, named: bool) -> bool:
    """Whether a review tells what comes of something (医院开工，床位将达300张;
    建成后每年可处理垃圾30万吨), and not when."""
    will = not named and "将" in before and pattern.will.search(before)
    return bool(will or (pattern.to_come.search(before) and pattern.expected.search(before)))


def has_other_base(comparison: str | None, period: str | None) -> bool:
    """Whether a growth is told against something else than the year before.

    >>> has_other_base("since:1978", "1979"), has_other_base("since:1978", "1980")
    (False, True)
    """
    if period and is_year(period) and comparison == f"since:{int(period) - 1}":
        return False
    return (comparison or "").startswith(_OTHER_BASES)
