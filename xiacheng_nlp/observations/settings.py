"""What each paragraph of a report implies: the status and the period of what it states.

That is what its section implies, unless a heading that no section was made of turns to another part
(a review without headings goes over into a plan), or a paragraph opens a passage on another time.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from xiacheng_nlp.observations.periods import (
    Period,
    Setting,
    arabic_year,
    counted,
    heading_period,
    plan_period,
    plans_named,
)
from xiacheng_nlp.observations.vocabulary import pattern
from xiacheng_nlp.report.nodes import Paragraph
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.text import normalised

_OPENING = 80
"""How far into its paragraph a sentence reaches that opens a plan."""
_PLANNED = ("plan", "government", "closing")


def setting(
    part: str | None, year: int | None, named: Period | None = None, term: Period | None = None
) -> Setting:
    """The defaults of a part in a report of session year `year`.

    >>> told = setting("review", 2014)
    >>> told.status, str(told.period)
    ('actual', '2013')
    """
    if part == "glossary":
        return Setting(part, "definition", None, year)
    planned = part in _PLANNED
    default = None if year is None else Period.year(year if planned else year - 1)
    return Setting(part, "target" if planned else "actual", named or default, year, term)


class _Implied(NamedTuple):
    """What a section implies; `part` is the one that the report was parted into, `ahead` the years
    to come that the heading of a review names too (“十四五”时期发展成就和“十五五”时期主要目标);
    `dated` tells whether its heading, or one above it, names its years."""

    part: str | None
    setting: Setting
    ahead: Period | None
    dated: bool = True


def settings(report: Report) -> list[Setting]:
    """For each paragraph of the report, in order, what it implies.

    >>> from xiacheng_nlp.report.report import Report
    >>> text = "一、2020年和“十三五”时期工作回顾\\n五年来，我们稳步发展。\\n——经济年均增长7%。"
    >>> report = Report.parse(f"各位代表:\\n{text}\\n二、2021年任务")
    >>> [str(here.period) for here in settings(report)[2:]]  # "for five years …"
    ['2016-2020', '2016-2020', '2021']
    """
    implied = _by_section(report)
    course = _Course(report.year)
    found = [course.read(paragraph, implied) for paragraph in report.paragraphs]
    since: Period | None = None
    for i, paragraph in enumerate(report.paragraphs):
        text = paragraph.text
        listing = text.endswith(("：", ":"))
        if listing and (against := pattern.against_year_of_list.search(text)):
            since = Period.year(arabic_year(against["year"]))
        elif since and pattern.line_of_list.match(text):
            found[i] = replace(found[i], since=since)
        else:
            since = None
    return found


def _by_section(report: Report) -> dict[str | None, _Implied]:
    """What each section implies: a heading that names its years passes them on to what stands
    under it."""
    year, sections = report.year, report.walk()
    periods: dict[str | None, Period | None] = {None: None}
    found: dict[str | None, _Implied] = {None: _Implied(None, setting(None, year), None)}
    parts = [section.part for section in sections]
    early = parts.index("plan") if "plan" in parts else 0
    terms: dict[str | None, Period | None] = {"plan": _plan_of(report)}
    for number, section in enumerate(sections):
        above = section.id.rpartition(".")[0] or None
        title = normalised(section.title)[0]
        own = heading_period(title, year, section.part)
        periods[section.id] = own or periods[above]
        # What the government made of itself is told before any plan: it was done.
        part = "review" if section.part == "government" and number < early else section.part
        ahead = [plan for plan in plans_named(title) if year and plan.last > year]
        told = _term_named_too(title, own, year), found[above].setting.term, terms.get(part)
        found[section.id] = _Implied(
            section.part,
            setting(part, year, periods[section.id], next(filter(None, told), None)),
            ahead[-1] if ahead else found[above].ahead,
            dated=periods[section.id] is not None,
        )
    return found


def _plan_of(report: Report) -> Period | None:
    """The years of the five-year plan that the opening says the report to be on."""
    opening = (one.text for one in report.paragraphs if one.section is None)
    named = next(filter(None, map(pattern.report_on_plan.search, opening)), None)
    return plan_period(named[0]) if named else None


def _term_named_too(title: str, own: Period | None, year: int | None) -> Period | None:
    """The term of years just past that a heading names beside its last year: 2020年和“十三五”时期
    工作回顾; or in place of any: 新区成立以来的工作回顾."""
    if year is None or (own and own.is_span):
        return None
    past = [plan for plan in plans_named(title) if own and plan.is_span and plan.last < year]
    if past:
        return past[-1]
    told = pattern.term_in_title if own else pattern.founded_in_title
    return Period(year - 5, year - 1) if told.search(title) else None


class _Course:
    """How far a report has been read: the setting that a heading outside the sections has turned
    to, and the years of the passage that a paragraph has opened, with the section it stands in."""

    def __init__(self, year: int | None) -> None:
        self.year = year
        self.top: str | None = None
        self.turned: Setting | None = None
        self.passage: Period | None = None
        self.within = ""

    def read(self, paragraph: Paragraph, implied: Mapping[str | None, _Implied]) -> Setting:
        """What the next paragraph implies."""
        section = implied.get(paragraph.section) or implied[None]
        here = section.setting
        if paragraph.part not in (None, section.part):
            here = setting(paragraph.part, self.year)
        if self.year is None or here.status == "definition":
            return here
        self._enter(paragraph.section or "", implied)
        here = self._after_turn(paragraph, here, section.ahead, self.year)
        passage = self._passage(paragraph, here, self.year, dated=section.dated)
        if passage is None and here.status == "target" and section.ahead:
            # Where the heading names this year too (…目标和2026年工作安排), the paragraph alone.
            passage = section.ahead if pattern.term_ahead_begins.match(paragraph.text) else None
        if passage is None:
            return here
        # What is over was done, whatever the tenses around it say.
        over = here.status == "target" and passage.last < self.year
        return replace(here, period=passage, status="actual" if over else here.status)

    def _enter(self, section: str, implied: Mapping[str | None, _Implied]) -> None:
        """Another section ends what was turned to, but for one on the government, and the next
        section of any depth the passage."""
        top = section.partition(".")[0]
        if top != self.top:
            self.top = top
            if top in implied and implied[top].setting.part != "government":
                self.turned = None
        if self.passage and not f"{section}.".startswith(f"{self.within}."):
            self.passage = None

    def _after_turn(
        self, paragraph: Paragraph, here: Setting, ahead: Period | None, year: int
    ) -> Setting:
        """The setting that was turned to, by this paragraph or one before it."""
        if paragraph.part == "closing":
            return here
        told = self.turned or here
        turn = None
        if told.status == "actual" or self.turned is not None:
            turn = _heading(paragraph.text, told, year)
        if not turn and told.status == "actual":
            turn = _aims(paragraph.text, ahead, year)
        if turn:
            self.turned, self.passage = turn, None
        return self.turned or here

    def _passage(
        self, paragraph: Paragraph, here: Setting, year: int, *, dated: bool
    ) -> Period | None:
        """The years of the passage that the paragraph opens or stands in."""
        opened = _opened(paragraph.text, here, year, dated=dated)
        if opened:
            section = paragraph.section or ""
            # Where the heading names both, a passage on the term goes on over several sections.
            self.passage, self.within = opened, (self.top or "") if here.term else section
        elif here.status == "actual" and pattern.term_is_over.match(paragraph.text):
            # What tells of one year goes on to the next time that opens a paragraph.
            self.passage = None if self.passage and self.passage.is_span else self.passage
        return self.passage


def _heading(text: str, here: Setting, year: int) -> Setting | None:
    """The plan that a heading turns to, where it does not stand in one."""
    heading = pattern.heading_alone.match(text) or pattern.heading_run_on.match(text)
    title = heading["title"] if heading else ""
    ahead = pattern.looks_ahead.search(title) and not pattern.looks_back.search(title)
    if not ahead or here.part == "plan":
        return None
    named = heading_period(title, year, "plan")
    comes = named.last >= year if named else pattern.of_what_comes.search(title)
    return setting("plan", year, named) if comes else None


def _aims(text: str, ahead: Period | None, year: int) -> Setting | None:
    """The plan that a paragraph of a review opens, where the heading of its section names years to
    come; the aims of the year open one anywhere."""
    begins_ahead = None if ahead is None else pattern.term_ahead_begins.match(text)
    if begins_ahead and all(plan.last >= year for plan in plans_named(begins_ahead[0])):
        return setting("plan", year, ahead)
    opens = pattern.aims_of_this_year.search(text, 0, _OPENING)
    return setting("plan", year) if opens else None


def _opened(text: str, here: Setting, year: int, *, dated: bool) -> Period | None:
    """The years of the passage that a paragraph opens: in a review the term (五年来，…;
    这是…的五年) or the year before (刚刚过去的2025年), in a plan for several years this one."""
    span = here.period if here.period and here.period.is_span else None
    if here.status == "actual":
        # A session in December looks back on its own year, as the heading says.
        last = here.period.last if here.period and here.period.is_year and dated else year - 1
        return _opened_behind(text, span or here.term, last + 1)
    if dated and not span:
        return None
    if pattern.term_ahead_begins.match(text):
        return span or Period(year, year + 4)
    return Period.year(year) if _names(pattern.this_year_begins.match(text), year) else None


def _opened_behind(text: str, term: Period | None, year: int) -> Period | None:
    past = Period(year - 5, year - 1)
    plan = pattern.plan_begins.match(text)
    if term and (other := pattern.other_term_begins.match(text)):
        return Period(year - counted(other["years"]), year - 1)
    if pattern.term_begins.match(text) or (plan and plan_period(plan[0]) == past):
        return term or past
    begins = pattern.last_year_begins.match(text)
    if begins and pattern.turns_to_term.search(text):
        # 过去一年，…。“十三五”期间，…: what follows is of the term.
        return term or past
    if term and not begins:
        begins = pattern.last_of_term_begins.match(text)
    return past.end if _names(begins, year - 1) else None


def _names(begins: re.Match[str] | None, year: int) -> bool:
    """Whether what begins names that year, or none."""
    return begins is not None and begins["year"] in (None, str(year))
