"""How to cite the package, a figure, a number or the report itself: BibTeX, GB/T 7714—2015, APA and
CSL-JSON.

What a report does not tell of itself is left out of its reference, and said; nothing is made up.
"""

import datetime
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xiacheng_nlp._version import __version__, version_of_rules
from xiacheng_nlp.datafiles import filled
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.figures.names import MEASURE_NAMES, SIGN_NAMES, STATUS_NAMES, names
from xiacheng_nlp.figures.texts import TEXTS
from xiacheng_nlp.files import TEX_SIGNS
from xiacheng_nlp.report.front import Field, years
from xiacheng_nlp.report.government import government_of
from xiacheng_nlp.report.report import Report, load_report

if TYPE_CHECKING:
    from xiacheng_nlp.observations.observation import Observation

STYLES = ("bibtex", "gbt7714", "apa", "csl-json")
DEFAULT_STYLES = ("bibtex", "gbt7714")

AUTHORS = "The xiacheng_nlp authors"
TITLE = "xiacheng_nlp"
YEAR = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One entry of a list of references; what is not known is empty.

    kind: report, software or figure · key: its BibTeX key · author: a body, never a person · date:
    ISO 8601, as exactly as it is known (2014, 2014-02-19) · number: of the document, or the version
    · session: that heard the report · detail, detail_zh: which file, place and number is meant, in
    English and Chinese · lacking: what the source does not tell.
    """

    kind: str
    key: str
    author: str = ""
    title: str = ""
    date: str = ""
    number: str = ""
    session: str = ""
    detail: str = ""
    detail_zh: str = ""
    url: str = ""
    accessed: str = ""
    lacking: tuple[str, ...] = ()


def cite(
    id: str = "package",
    report: Report | str | Path | None = None,
    *,
    style: str | Sequence[str] | None = None,
    url: str = "",
    accessed: str = "",
) -> str:
    """The references for a figure (`fig-word-cloud`), a number (an observation's id), the `report`
    or the `package`.

    A figure gives three entries: itself, the report, the package; a number two: its place in the
    report, and the package. `style` is one or several of bibtex, gbt7714, apa, csl-json (default:
    bibtex and gbt7714). `url` and `accessed` (a day, 2024-05-01) are where and when you read the
    report, which its file does not tell.

    Raises `XiachengError` for an id that is none of these and for an unknown style, `ReportError`
    when the report can't be read.

    >>> print(cite("report", style="gbt7714"))  # Xiacheng's work report of 2014
    下城区人民政府. 2014年下城区政府工作报告: 下政阅〔2014〕1号[R]. (2014-02-19).
    """
    styles = (
        DEFAULT_STYLES if style is None else (style,) if isinstance(style, str) else tuple(style)
    )
    for name in styles:
        if name not in STYLES:
            raise XiachengError(f"no style is called {name}; there are {', '.join(STYLES)}")
    if accessed and not _is_day(accessed):
        raise XiachengError(f"{accessed!r} is no day: write it as 2024-05-01")
    if accessed and not url:
        raise XiachengError("the day of access needs the address that was accessed")
    if re.search(r"[\s<>\"{}\\^`]", url) or not url.isprintable():
        raise XiachengError("the address holds a blank or a sign that no address has")
    references = references_of(id, report, url=url, accessed=accessed)
    return "\n\n".join(written(references, name) for name in styles)


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return datetime.date.fromisoformat(text).isoformat() == text
    return False


def written(references: Sequence[Reference], style: str) -> str:
    """The references in a style, one below the other. What the source does not tell stands in
    BibTeX in a line before an entry, which BibTeX passes over."""
    # A figure is of the year of the package that draws it.
    texts = [
        filled(f"publish/cite.{style}", r=one, year=YEAR, tex=bibtex_text) for one in references
    ]
    if style != "csl-json":
        return "\n".join(texts)
    items = [{key: value for key, value in json.loads(text).items() if value} for text in texts]
    return json.dumps(items, ensure_ascii=False, indent=1)


def references_of(
    id: str, report: Report | str | Path | None, *, url: str, accessed: str
) -> list[Reference]:
    """What to cite for an id, the thing itself first. Raises as `cite`."""
    if id == "package":
        return [package_reference()]
    source = report if isinstance(report, Report) else load_report(report)
    whole = report_reference(source, url=url, accessed=accessed)
    if id == "report":
        return [whole]
    if id in TEXTS:
        return [_figure_reference(id, source, whole), whole, package_reference()]
    if re.fullmatch(r"[0-9a-f]{12}-\d+-\d+", id):
        return [_number_reference(id, source, whole), package_reference()]
    raise XiachengError(
        f"nothing has the id {id}; cite package, report, an observation's id (column id of "
        f"`xiacheng-nlp indicators`) or a figure: {', '.join(TEXTS)}"
    )


def package_reference() -> Reference:
    """The reference for this version of the package."""
    return Reference(
        kind="software",
        key=f"xiacheng-nlp-{__version__}",
        author=AUTHORS,
        title=TITLE,
        date=str(YEAR),
        number=f"Version {__version__}",
    )


def report_reference(report: Report, *, url: str = "", accessed: str = "") -> Reference:
    """The reference for a report, from what it tells of itself.

    Its author is the government that the speaker heads (下城区人民政府区长) or reports for
    (我代表下城区人民政府), else the body that published it; its date the day of publication, else
    that of the session, else the year of the session.
    """
    meta = report.metadata
    author, title = government_of(report) or _told(meta.issuer), _told(meta.title)
    dates = [_iso(said.text) for said in (meta.date, meta.session_date) if said]
    date = next(filter(None, dates), str(report.year) if report.year else "")
    told = {"title": title, "issuing government": author, "date": date}
    return Reference(
        kind="report",
        key=f"report-{report.sha256[:12]}",
        author=author,
        title=title,
        date=date,
        number=_told(meta.document_number),
        session=_told(meta.congress),
        url=url,
        accessed=accessed,
        lacking=tuple(name for name, value in told.items() if not value),
    )


_BESIDE = (
    " beside other reports, of the reference panel unless another is named",
    "及其他报告（除另行指定外，为软件包的参照报告集）",
)


def _figure_reference(id: str, report: Report, whole: Reference) -> Reference:
    """A figure has no author but who draws it, and no day: it is what the package makes of the
    report, whoever runs it and when."""
    package, file = f"xiacheng-nlp {version_of_rules()}", _file(report)
    source, source_zh = file, f"{whole.author}的工作报告" if whole.author else "一份政府工作报告"
    if whole.title:
        source, source_zh = f"{whole.title} ({file})", f"《{whole.title}》"
    beside, beside_zh = _BESIDE if TEXTS[id].of == "panel" else ("", "")
    return Reference(
        kind="figure",
        key=f"{id}-{report.sha256[:12]}",
        title=f"{TEXTS[id].title['zh']} = {TEXTS[id].title['en']}",
        number=id,
        detail=f"drawn with {package} from {source}{beside}",
        detail_zh=f"据{source_zh}{beside_zh}用 {package} 绘制，源文件 {file}",
    )


def _number_reference(id: str, report: Report, whole: Reference) -> Reference:
    from xiacheng_nlp.observations.observation import indicators

    if not report.sha256.startswith(id[:12]):
        raise XiachengError(
            f"{id} is a number of another report, whose file is to be named: "
            f"{report.name} has the SHA-256 {report.sha256[:12]}…"
        )
    found = next((o for o in indicators(report) if o.id == id), None)
    if found is None:
        raise XiachengError(
            f"{report.name} has no number {id}; "
            "`xiacheng-nlp indicators` lists them in the column id"
        )
    what = _about(found)
    bound = names("bound").get(found.bound, {"zh": "", "en": ""})
    against = _clean(found.against or "")
    english = _list([*what, bound["en"], against and f"against {against}"], ", ", " ({})")
    named = (_IN_CHINESE.get(word, word) for word in what)
    chinese = _list([*named, bound["zh"], against and f"相比{against}"], "，", "（{}）")
    number, start, end, file = _clean(found.text), found.start, found.end, _file(report)
    return replace(
        whole,
        detail=f"{number}{english}, characters {start}-{end} of {file}; number {id}",
        detail_zh=f"{number}{chinese}，第 {start}—{end} 字符，源文件 {file}；编号 {id}",
    )


def _about(found: "Observation") -> list[str]:
    """What an observation is of, in the words of its table: indicator, measure, direction, among,
    status, period."""
    # A growth below zero is a decrease, and a negative difference lies below what it is told
    # against.
    fell = None if found.sign != -1 else "below" if found.against else "decrease"
    measure = None if fell and found.measure == "growth" else found.measure
    said = (found.indicator, measure, fell, found.among, found.status, found.period)
    return [_clean(part) for part in said if part]


def _list(parts: Iterable[str], between: str, form: str) -> str:
    """The parts that there are, in brackets; nothing where there are none."""
    told = between.join(filter(None, parts))
    return form.format(told) if told else ""


def _file(report: Report) -> str:
    return f"{_clean(report.name)}, SHA-256 {report.sha256}"


def _told(said: Field | None) -> str:
    return _clean(said.text) if said else ""


_IN_CHINESE = {
    word: called["zh"]
    for words in (MEASURE_NAMES, STATUS_NAMES, SIGN_NAMES)
    for word, called in words.items()
}


def _clean(text: str) -> str:
    """On one line, without blanks between Han characters and without control characters."""
    line = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return re.sub(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])", "", re.sub(" +", " ", line)).strip()


def _iso(text: str) -> str:
    """The day that the text tells, as 2014-02-19; the year alone where it tells no more; nothing
    where it tells none."""
    plain = unicodedata.normalize("NFKC", text)
    day = re.search(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})", plain)
    if day and 1 <= int(day[2]) <= 12 and 1 <= int(day[3]) <= 31:
        return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    named = years(text)
    return str(named[0]) if named else ""


# BibTeX counts braces, even those behind a backslash: one that has no partner would swallow the
# entries that follow.
_BIBTEX = TEX_SIGNS | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}


def bibtex_text(text: str) -> str:
    """The text for a field of BibTeX: signs that LaTeX reads are escaped, Chinese stays as it is.

    Braces are written by name.

    >>> bibtex_text("50% & {A_1")
    '50\\\\% \\\\& \\\\textbraceleft{}A\\\\_1'
    """
    return "".join(_BIBTEX.get(c, c) for c in _clean(text))
