"""The year of the session: from its day, the title, the headings, what the speaker says, the name
of the file."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from xiacheng_nlp.numbers.numerals import YEAR, whole_number
from xiacheng_nlp.report.front import LONGEST_DAY, Metadata, years
from xiacheng_nlp.report.government import STATE_COUNCIL
from xiacheng_nlp.report.wording import named, pattern, says
from xiacheng_nlp.text import BREAKS, lines, unspaced

OPENING = 1_500
"""Characters of a speech in which the speaker says what the report is about."""

FOLLOWING = 48
"""Characters behind a year that say what is told of it."""

FIFTH = 1978
"""The year of the first session of the fifth National People's Congress, from which on each term
has five yearly sessions, and the report of a session names those before it."""

TERM = 5
"""Years of a term of office."""

PUBLISHED = "published"
"""The source of a year that a day alone tells, which may be that of publication."""

FOOT, LAST = 200, 3
"""Characters, and lines, at the end of a text among which a day of publication stands."""

BESIDE = 24
"""Characters of a heading before 年 and behind it, at most."""

# A line of front matter or a heading that names a year: it takes 一、2013年工作回顾, and refuses
# a line with a full stop in it, and the head of a table (指标, 2012年 and 2013年 between tabs).
_HEADING_WITH_YEAR = re.compile(
    rf"(?!.*\t.*\t)[^{BREAKS}。！？；]{{0,{BESIDE}}}年[^{BREAKS}。！？；]{{0,{BESIDE}}}",
    re.VERBOSE,
)
_LINE = re.compile("^.+", re.MULTILINE)
# It begins with one class of characters, which a search finds fast.
_YEAR = re.compile(rf"[\d一二](?:(?<=\d)\d{{3}}|(?<=(?={YEAR}).).{{3}})\s*年")
# The year in a file's name: it takes 20180215 and nanshan-2018, and refuses 201802151.
_YEAR_IN_NAME = re.compile(
    r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)|(?<!\d)20\d\d(?=[01]\d[0-3]\d(?!\d))"
)


def year_told(
    text: str, start: int, end: int, metadata: Metadata, *, name: str
) -> Iterator[tuple[int, str]]:
    """The years that the sources tell, the surest first: each with its source, one of date, title,
    heading, body, file name, published.

    >>> text = "一、1998年工作回顾和1999年工作的总体要求"  # "review of 1998, plan of 1999"
    >>> list(year_told(text, 0, len(text), Metadata(), name="report.txt"))
    [(1999, 'heading'), (1999, 'body')]
    """
    # It is no mention of what was done.
    end, dated = _dated(text, start, end)
    by_front = _by_front(metadata)
    # A day without the session may be the one on which a page was published.
    sure = any(source == "title" or metadata.congress for _, source in by_front)
    by_text = _by_text(text, start, end, counted=not sure)
    # Two of the text that agree are surer than the name of the file, and that than one alone.
    counts = Counter(year for year, _ in by_text)
    ranked = [
        (1 if counts[year] > 1 else 4, (year, source)) for year, source in dict.fromkeys(by_text)
    ]
    for year, source in by_front:
        headed = by_text and by_text[0][1] == "heading"
        late = headed and not {year - 1, year, year + 1} & counts.keys()
        ranked.append((0 if sure else 5 if late else 2, (year, source)))
    ranked += [(3, (year, "file name")) for year in _by_name(name)]
    published = metadata.date.text if metadata.date else dated
    ranked += [(6, (year, PUBLISHED)) for year in _of_day(published)]
    yield from (told for _, told in sorted(ranked, key=lambda each: each[0]))


def _by_front(metadata: Metadata) -> list[tuple[int, str]]:
    """The years of the day and of the title."""
    day, title = (field.text if field else "" for field in (metadata.session_date, metadata.title))
    # 关于2013年政府工作的报告 is given in 2014.
    later = named("reported", unspaced(title)) is not None
    told = {"date": _of_day(day), "title": [year + later for year in years(title)[:1]]}
    return [(year, source) for source, found in told.items() for year in found]


def _of_day(said: str) -> list[int]:
    """The year of a day, 2021-06-20 too."""
    return (years(said) or [int(year) for year in re.findall(r"(?:19|20)\d\d", said)])[:1]


def _dated(text: str, start: int, end: int) -> tuple[int, str]:
    """Where the text ends before a day on one of its last lines, and that day."""
    for first, last in lines(text, max(start, end - FOOT), end)[1:][-LAST:]:
        line = unspaced(text[first:last])
        if len(line) <= LONGEST_DAY and (day := pattern("day").search(line)):
            return first, day[0]
    return end, ""


def _by_text(text: str, start: int, end: int, *, counted: bool) -> list[tuple[int, str]]:
    """The years of the headings, of what the speaker says first, and, if `counted`, the one that
    the mentions of all years tell."""
    said = (line[0] for line in _LINE.finditer(text, start, end))
    short = (line for line in said if len(line) <= 2 * BESIDE + 1)
    headings = filter(_HEADING_WITH_YEAR.fullmatch, short)
    headed = [(year, following) for line in headings for year, following, _ in _named(line)]
    told = (
        ("heading", _by_headings(headed)),
        ("heading", _by_plan(headed)),
        ("body", _by_opening(unspaced(text[start : min(end, start + OPENING)]))),
        ("body", _by_mentions(text[start:end]) if counted else None),
    )
    return [(year, source) for source, year in told if year is not None]


def _named(text: str) -> Iterator[tuple[int, str, int]]:
    """The years of a text, each with what follows it up to the next one, and its place."""
    found = list(_YEAR.finditer(text))
    stops = [*(match.start() for match in found[1:]), len(text)]
    for match, stop in zip(found, stops, strict=False):
        following = unspaced(text[match.end() : min(stop, match.end() + FOLLOWING)])
        up_to = says("up_to", text[max(0, match.start() - 4) : match.start()])
        for year in [] if up_to or says("ahead", following) else years(match[0]):
            yield year, following, match.start()


_Headed = list[tuple[int, str]]
"""The years of headings, each with what follows it."""


def _by_headings(headed: _Headed) -> int | None:
    """A review of 2013 is given in 2014, a plan for 2014 too; of two years that stand in headings
    and follow each other the later one."""
    reviewed = [year + 1 for year, following in headed if says("reviewing", following)]
    planned = [year for year, following in headed if says("planning", following)]
    named = [year for year, _ in headed]
    told = set(named)
    later = [year for year in named if year - 1 in told]
    return next(iter([*reviewed, *later, *planned, *named]), None)


def _by_plan(headed: _Headed) -> int | None:
    """二、2014年工作 behind 一、2013年工作回顾: the year that the heading behind a review names."""
    reviewed = 0
    for year, following in headed:
        if reviewed and year == reviewed + 1:
            return year
        reviewed = reviewed or (year if says("reviewing", following) else 0)
    return None


def _by_opening(opening: str) -> int | None:
    """首先报告2001年的工作, in 2002; 本届政府1998年3月就职, whose five years end in 2003."""
    reported = named("reporting", opening)
    if reported:
        return int(reported) + 1
    began = named("in_office", opening)
    return int(began) + TERM if began else _by_congress(opening)


def _by_congress(opening: str) -> int | None:
    """The year of the session of the National People's Congress that hears the report; else behind
    the last one that the speaker names; behind the five years since its first one where the report
    looks back on these."""
    if own := pattern("hears").search(opening):
        year = next(_years_of([(own[1], own[2] or "一")]), None)
        if year is not None:
            return year
    # The State Council may leave 全国 out.
    role = "own_session" if named("speaks", opening) == STATE_COUNCIL else "session"
    last = max(_years_of(pattern(role).findall(opening)), default=None)
    if last is None:
        return None
    return last + (TERM if (last - FIFTH) % TERM == 0 and says("term", opening) else 1)


def _years_of(sessions: Iterable[tuple[str, str]]) -> Iterator[int]:
    """The years of sessions of the National People's Congress, each by its term and number."""
    for term, number in (map(whole_number, said) for said in sessions):
        if term is not None and number is not None and term >= 5:
            yield FIFTH + TERM * (term - 5) + number - 1


def _by_name(name: str) -> list[int]:
    """The one year that the name of a file holds; several tell none."""
    found = years(name) or [
        int(year) for year in _YEAR_IN_NAME.findall(re.sub("[0-9a-fA-F]{12,}", " ", name))
    ]
    return found[:1] if len(set(found)) == 1 else []


def _by_mentions(body: str) -> int | None:
    """The year whose year before is named most often, as the one that is reported on; that it is
    named itself counts a third."""
    counts: dict[int, float] = defaultdict(float)
    for year, _, place in _named(body):
        # What was done stands before what is planned.
        counts[year] += 1 - place / len(body)
    scores = {year + 1: counts[year] + counts.get(year + 1, 0) / 3 for year in counts}
    return min(scores, key=lambda year: (-scores[year], year)) if scores else None
