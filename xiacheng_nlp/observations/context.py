"""When and how firmly a clause speaks: status, reference period, modality, basis of comparison."""

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from xiacheng_nlp.observations.periods import (
    Mark,
    Period,
    Setting,
    arabic_year,
    heading_period,
    marks,
)
from xiacheng_nlp.observations.reading import Reading
from xiacheng_nlp.observations.vocabulary import ends, pattern, words
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.text import normalised

OTHER_BASES = ("annual_average", "cumulative", "previous_period", "since:")
"""How a comparison begins that is not with the year before, whatever period it is told for."""
_BEFORE = 40
"""How far before a number stands what it is compared with."""
_start = attrgetter("start")
_place = itemgetter(0)


def settings(report: Report) -> dict[str | None, Setting]:
    """For each section of the report what it implies; a heading that names its years passes them on
    to what stands under it."""
    periods: dict[str | None, Period | None] = {None: None}
    parts: dict[str | None, str | None] = {None: None}
    for section in report.walk():
        above = section.id.rpartition(".")[0] or None
        title = normalised(section.title)[0]
        own = heading_period(title, report.year, section.part)
        periods[section.id] = own or periods.get(above)
        parts[section.id] = section.part or parts.get(above) or _planned(title, report.year)
    return {id: setting(parts[id], report.year, periods[id]) for id in periods}


def terms_looked_back_on(report: Report) -> dict[int, Period]:
    """By its start, each paragraph of a review that looks back on a term of five years, and the
    years of the term.

    Such a passage begins with a paragraph that says so (五年来，…; 这是…的五年) and goes on to the
    next section, or to a paragraph that begins with another time or with the address.

    >>> from xiacheng_nlp.report.report import Report
    >>> text = "一、2020年和“十三五”时期工作回顾\\n五年来，我们稳步发展。\\n——经济年均增长7%。"
    >>> report = Report.parse(f"各位代表:\\n{text}\\n二、2021年任务")
    >>> [str(term) for term in terms_looked_back_on(report).values()]  # "for five years …"
    ['2016-2020', '2016-2020']
    """
    if report.year is None:
        return {}
    found: dict[int, Period] = {}
    within: str | None = None
    for paragraph in report.paragraphs:
        if paragraph.kind != "text" or paragraph.part != "review":
            within = None
        elif pattern.term_begins.match(paragraph.text):
            within = paragraph.section or ""
        elif within != (paragraph.section or "") or pattern.term_is_over.match(paragraph.text):
            within = None
        if within is not None:
            found[paragraph.start] = Period(report.year - 5, report.year - 1)
    return found


def _planned(title: str, year: int | None) -> str | None:
    """A section that no part claims, but whose heading names the year of the session, tells what is
    to be done in it."""
    return "plan" if year is not None and f"{year}年" in title else None


def setting(part: str | None, year: int | None, named: Period | None = None) -> Setting:
    """The defaults of a part in a report of session year `year`.

    >>> told = setting("review", 2014)
    >>> told.status, str(told.period)
    ('actual', '2013')
    """
    if part == "glossary":
        return Setting(part, "definition", None, year)
    planned = part in ("plan", "government", "closing")
    default = None if year is None else Period.year(year if planned else year - 1)
    return Setting(part, "target" if planned else "actual", named or default, year)


def begins_with_a_year(sentence: str) -> bool:
    """Whether a sentence sets out with a year of its own: 2024年, 去年; what follows it is about
    that year too."""
    return pattern.begins_with_a_year.match(sentence) is not None


@dataclass(frozen=True, slots=True)
class Told:
    """When and how firmly a number is told; each None where the number states nothing."""

    status: str | None = None
    period: Period | None = None
    comparison: str | None = None
    basis: str | None = None
    modal: str | None = None


_NOTHING = Told()


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence says about time and intent, by the places where it says so, within the
    setting of its section.

    `times` are the times that it names; `modals` place and word of an intent or estimate, which
    holds for what follows; `target` and `done` the first place of a word of intent, of completion
    (the sentence's length where there is none).
    """

    text: str
    here: Setting
    times: list[Mark]
    modals: list[tuple[int, str]]
    target: int
    done: int

    def told(self, reading: Reading, place: int) -> Told:
        """When and how firmly the number at `place` is told, as it was read."""
        if reading.name is None:
            return _NOTHING
        before = self.text[max(0, place - _BEFORE) : place]
        compared = comparison(before, reading.measure or "")
        status, period = self._decided(reading, place, before, compared)
        grown = reading.measure == "growth"
        if grown and compared is None and period is not None and not period.is_span:
            compared = "yoy"
        return Told(
            status, period, compared, basis(before[-16:]) if grown else None, self.modal(place)
        )

    def _decided(
        self, reading: Reading, place: int, before: str, compared: str | None
    ) -> tuple[str, Period | None]:
        period, named = self.period(place)
        status = self.status(place, period, named)
        if status == "definition":
            return status, None
        if reading.earlier:
            # What a plan starts from was reached, and is no promise.
            return "actual", self._earlier(reading.when)
        several = period is not None and period.is_span
        if compared == "annual_average" and not several:
            return status, self.span(place)
        if status == "actual" and period is None and reading.at_end:
            # 多年来…压减到10类: since when is not told, but it is so now.
            return status, self.here.period and self.here.period.end
        if (
            status == "actual"
            and period is not None
            and several
            and stands_at_the_end(reading, before, named=named)
        ):
            return status, period.end
        return status, period

    def period(self, place: int) -> tuple[Period | None, bool]:
        """The period of a number that stands at `place`, and whether the sentence itself names
        it."""
        for mark in reversed(self.times[: bisect_left(self.times, place, key=_start)]):
            if place < mark.end:
                return mark.period, mark.period is not None
        return self.here.period, False

    def span(self, place: int) -> Period | None:
        """The span of the years that the sentence names before `place`: 由2004年的…增加到2009年的…,
        五年来…, 年均增长."""
        said = [mark.period for mark in self.times if mark.start < place and mark.period]
        years = {period.first for period in said if period.is_year}
        for match in pattern.years.finditer(self.text, 0, place):
            if match["against"] in words.since_word:
                years.add(arabic_year(match["first"]))
        if len(years) > 1:
            return Period(min(years), max(years))
        return next((period for period in reversed(said) if period.is_span), None)

    def status(self, place: int, period: Period | None, named: bool) -> str:
        """Whether a number is an outcome, a target or part of a definition; a clause that says so
        wins over its section."""
        here = self.here
        if here.status == "definition" or here.year is None:
            return here.status
        last = period.last if named and period else None
        if here.status == "actual":
            ahead = last is not None and (
                last > here.year or (last == here.year and self.target < place)
            )
            return "target" if ahead else "actual"
        over = last is not None and last < here.year
        done = not named and self.done < place <= self.target
        return "actual" if over or done else here.status

    def modal(self, place: int) -> str | None:
        """The last word of intent or estimate before `place`, as written; a limit (控制在, 保持在)
        holds in its own clause alone."""
        for at, word in reversed(self.modals[: bisect_left(self.modals, place, key=_place)]):
            if word not in words.limit or not pattern.soft_end.search(self.text, at, place):
                return word
        return None

    def _earlier(self, when: str) -> Period | None:
        """The period of the first value of 由…增加到…, where the text tells it."""
        year = self.here.year
        told = pattern.earlier_year.match(when)
        if told is None:
            return None
        if told["year"]:
            return Period.year(arabic_year(told["year"]))
        if year is None:
            return None
        reviewed = told["above"] is not None and self.here.status == "actual"
        return Period.year(year - 2 if reviewed else year - 1)


def stands_at_the_end(reading: Reading, before: str, *, named: bool) -> bool:
    """Whether a level told of a span of years is that of its last one: 提高到76%, 达到52万亿元;
    what was added in all is the span's."""
    if reading.measure not in ("level", "share", "rank"):
        return False
    if reading.at_end or reading.measure == "rank":
        return True
    before = pattern.list_before.sub("", before)
    if pattern.one_after_another.search(before):
        return False
    if before.endswith(ends.passed) or (reading.quantity.dimension == "ratio" and not named):
        return True
    added = named or pattern.added.search(before)
    return not added and pattern.reached.search(before) is not None


def read_context(sentence: str, here: Setting) -> Context:
    """The marks of time and intent in a sentence.

    >>> said = read_context("到2015年，绿化覆盖率达到40%", setting("review", 2014))  # "by 2015"
    >>> period, named = said.period(15)
    >>> str(period), said.status(15, period, named)
    ('2015', 'target')
    """
    target, done = pattern.target.search(sentence), pattern.done.search(sentence)
    return Context(
        sentence,
        here,
        marks(sentence, here),
        [(match.start(), match[0]) for match in pattern.modal.finditer(sentence)],
        target.start() if target else len(sentence),
        done.start() if done else len(sentence),
    )


def basis(before: str) -> str | None:
    """On what prices or scope a growth is reckoned, as written."""
    match = pattern.basis.search(before)
    return match[0] if match else None


def comparison(before: str, measure: str) -> str | None:
    """With what a growth or difference compares: yoy, previous_period (环比), annual_average,
    cumulative, since:YEAR."""
    if measure not in ("growth", "difference", "multiple"):
        return None
    if "环比" in before[-8:]:
        return "previous_period"
    times = pattern.times_of.search(before) if measure == "multiple" else None
    if times:
        return f"since:{times['year']}" if times["year"] else "yoy"
    if pattern.each_year.search(before):
        return "annual_average"
    since = pattern.since.search(before)
    if since:
        return f"since:{since['than'] or since['on']}"
    if pattern.in_all.search(before):
        return "cumulative"
    return "yoy" if pattern.against_last_year.search(before) else None
