"""English names of what figures show in Chinese words: terms, indicators, headings, groups of
ranks, amounts.

A name is listed, or is put together of listed pieces; what has neither stays Chinese and is listed
as such. Nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.datafiles import Row, packaged, read_table
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.figures.names import ORNAMENT, joined
from xiacheng_nlp.numbers.scan import AMOUNTS, Quantity, quantities
from xiacheng_nlp.observations.audit import BOUND_WORDS
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("term", "indicator", "section", "among", "unit")
"""What a row of `english.tsv` names; `english` also takes the kinds amount and working."""

_SOURCES = ("NBS", "usage", "report")
_PIECES: Mapping[str, tuple[str, ...]] = {
    # Where a piece of a name may be listed. A verb of the term list would read as a noun inside an
    # indicator.
    "term": ("term", "lexicon"),
    "indicator": ("indicator", "noun"),
    "section": ("section", "indicator", "noun"),
    "among": ("among",),
}
_SENTENCE_CASE = ("indicator", "section")
_SIGNS = {"=": "", ">=": "≥", "<=": "≤", ">": "over ", "<": "under ", "~": "about "}
_SCALES = ((12, " trillion"), (9, " billion"), (6, " million"))
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_NUMERALS = "一二两三四五六七八九十百"
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_OPERAND = re.compile(r"[^\s()/=;≤≥−+×]+")
_HAN = re.compile("[\u3400-\u9fff]")
_DEED = re.compile(r"\{\} (?!in |at |as |nationwide)[a-z][a-z ]*$")
_DEPTH = 6
"""Templates within templates; real names need three."""


@dataclass(frozen=True, slots=True)
class Template:
    """A name with slots: `pattern` finds the pieces, none where it lacks the words `between` them;
    `en` says where their names go."""

    pattern: re.Pattern[str]
    between: str
    en: str
    own: int

    @property
    def is_deed(self) -> bool:
        """Whether the name ends in what was done with the piece: `new {} built`."""
        return _DEED.search(self.en) is not None

    @property
    def order(self) -> tuple[bool, bool, bool, int]:
        """Less for what is taken off a name first: a share before its sides, then what is new; an
        adjective last, which stays with its noun (高标准农田建设: building of high-standard land).
        """
        adjective = self.en.endswith(" {}") and not self.pattern.pattern.startswith("(")
        return "占" not in self.pattern.pattern, self.en != "new {}", adjective, -self.own


@dataclass(frozen=True, slots=True)
class Names:
    """English names by kind: whole ones, and templates in their order."""

    whole: Mapping[str, dict[str, str]]
    templates: Mapping[str, list[Template]]

    def over(self, other: "Names") -> "Names":
        """These names, and behind them those of `other`, which has every kind of them."""
        return Names(
            {kind: other.whole[kind] | self.whole.get(kind, {}) for kind in other.whole},
            {kind: [*self.templates[kind], *some] for kind, some in other.templates.items()},
        )


def read_names(source: str | Path | Traversable) -> Names:
    """The names of a list with the columns zh, kind, en, source and, if there is one, note.

    Raises `DataFileError` for a broken list: an unknown kind or source, a name that stands twice,
    two terms with one English name, English with a Han character, slots that do not match.
    """
    whole: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    templates: dict[str, list[Template]] = {kind: [] for kind in KINDS}
    lines: dict[tuple[str, str], int] = {}
    for row in read_table(source, columns=("zh", "kind", "en", "source"), optional=("note",)):
        zh, kind, en = _plain(row["zh"]), row.chosen("kind", KINDS), row["en"]
        _check(row, zh, lines)
        if "{}" in zh:
            pattern = re.compile("(.+)".join(map(re.escape, zh.split("{}"))))
            between = max(zh.split("{}"), key=len)
            templates[kind].append(Template(pattern, between, en, len(zh.replace("{}", ""))))
        else:
            whole[kind][zh] = en
    for some in templates.values():
        some.sort(key=lambda template: template.order)
    return Names(whole, templates)


def _check(row: Row, zh: str, lines: dict[tuple[str, str], int]) -> None:
    """`lines` tells where each name of a kind, and each English name of a term, stands so far: a
    cloud or a network in which two words bear one name would show one word for both."""
    row.chosen("source", _SOURCES)
    kind, en = row["kind"], row["en"]
    slots = zh.count("{}"), en.count("{}")
    named = lines.setdefault((kind, zh), row.line)
    english = lines.setdefault(("en", en.lower()), row.line) if kind == "term" else row.line
    faults = (
        (_HAN.search(en), "en", f"the English name of {zh} has a Han character"),
        (
            kind != "unit" and slots[0] != slots[1],
            "en",
            f"{zh} has {slots[0]} slots, its English {slots[1]}",
        ),
        (
            "{}{}" in zh or zh == "{}",
            "zh",
            f"{zh}: between two slots, and beside one, a name needs characters of its own",
        ),
        (
            re.search(r"[{}]", en.replace("{}", "")),
            "en",
            f"{en}: a brace stands for nothing but a slot, {{}}",
        ),
        (named != row.line, "zh", f"{zh} stands already in line {named}"),
        (
            english != row.line,
            "en",
            f"{en} is already the English name of a term in line {english}",
        ),
    )
    for wrong, column, what in faults:
        if wrong:
            raise row.error(what, column)


@cache
def _general() -> Names:
    listed = read_names(packaged("publish/english.tsv"))
    glosses = {}
    nouns = {}
    for row in chain.from_iterable(
        read_table(
            packaged(f"words/{name}.tsv"),
            columns=("word", "pos", "kind", "source"),
            optional=("freq", "reports", "places", "note"),
        )
        for name in ("phrases", "lexicon")
    ):
        word = _plain(row["word"])
        if gloss := re.split("[;:(]", row["note"])[0].strip():
            glosses[word] = gloss
            if row["pos"].startswith("n") or row["kind"] == "indicator":
                nouns[word] = gloss
    return Names({**listed.whole, "lexicon": glosses, "noun": nouns}, listed.templates)


def names_of(report: Report) -> Names:
    """The general names (`english.tsv` and the glosses of `lexicon.tsv`), behind those that lie
    beside the report, if there are any."""
    beside = bundle.list_beside(report.name, report.sha256, report.folder, ".english.tsv")
    return read_names(beside).over(_general()) if beside is not None else _general()


def english(word: str, *, kind: str = "term", names: Names | None = None) -> str | None:
    """The English name of a term, an indicator, a section (its heading), the group of a rank
    (among), an amount or a working (amounts with signs between); None without one.

    An indicator and a heading begin with a capital. A word without a Han character is its own name.

    >>> english("社会消费品零售总额", kind="indicator")
    'Total retail sales of consumer goods'
    >>> english("规模以上工业增加值占地区生产总值比重", kind="indicator")  # put together
    'Value added of industry above designated size as a share of gross regional product'
    >>> english("2013年工作回顾", kind="section"), english("全省90个区(县、市)", kind="among")
    ('Review of work in 2013', '90 districts, counties and cities of the province')
    >>> english("643.57亿元", kind="amount"), english("1件 / 4件 = 25%", kind="working")
    ('64.357 billion yuan', '1 / 4 = 25%')
    >>> english("庙桥港") is None  # a canal, known for its report alone
    True
    """
    names = names or _general()
    if kind not in (*_PIECES, "amount", "working"):
        raise XiachengError(f"no kind {kind}; kinds are {', '.join(_PIECES)}, amount, working")
    if not _HAN.search(word):
        return _plain(word)
    if kind == "amount":
        return _amounts(word, names)
    if kind == "working":
        return _OPERAND.sub(lambda found: _operand(found[0], names), word)
    word = _plain(word)
    if kind == "section":
        word = ORNAMENT.sub("", word)
    found = _name(word, kind, names, _DEPTH)
    return found[:1].upper() + found[1:] if found and kind in _SENTENCE_CASE else found


def _operand(text: str, names: Names) -> str:
    """A number of a working: an amount in English, its bound in words beside the signs of the
    working, a count with its thousands set apart."""
    told = (bound for bound, word in BOUND_WORDS.items() if text.startswith(word))
    bound = next(told, "=")
    text = text.removeprefix(BOUND_WORDS.get(bound, ""))
    amount = f"{int(text):,}" if text.isdecimal() else _amounts(text, names) or text
    return (_SIGNS[bound] + amount).replace("≥", "at least ").replace("≤", "at most ")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _name(word: str, kind: str, names: Names, depth: int, *, done: bool = False) -> str | None:
    """The listed name, or that of the first template whose pieces all have one; of what is
    `done`, nothing more is said to be done."""
    for place in _PIECES[kind]:
        if word in names.whole.get(place, {}):
            return names.whole[place][word]
    if not depth:
        return None
    for template in names.templates.get(kind, ()):
        match = template.between in word and template.pattern.fullmatch(word)
        if not match or (done and template.is_deed):
            continue
        pieces = [
            piece
            if _NUMBER.fullmatch(piece)
            else _name(piece, kind, names, depth - 1, done=done or template.is_deed)
            for piece in match.groups()
        ]
        if None not in pieces:
            return template.en.format(*pieces)
    return None


def _amounts(text: str, names: Names) -> str | None:
    told = [names.whole["term"].get(piece) or _amount(piece, names) for piece in text.split("; ")]
    return None if None in told else "; ".join(map(str, told))


def _amount(text: str, names: Names) -> str | None:
    """One amount as written, in English and exactly: the point may move, no digit is lost and no
    unit changed."""
    # A numeral alone is a count of the thing that the words beside it name: it is read with the
    # classifier that has no English.
    read = text + "个" * (text[-1] in _NUMERALS)
    found = quantities(read)
    if [(q.start, q.end) for q in found] != [(0, len(read))] or re.search("分之|半", text):
        return None
    quantity = found[0]
    unit = _unit(_plain(quantity.unit), names)
    if quantity.kind not in AMOUNTS or quantity.value is None or unit is None:
        return None
    power, word = unit
    number, one = _figures(quantity, power)
    if "{}" in word:
        return _SIGNS[quantity.bound] + word.format(number)
    single, _, many = word.partition("|")
    shown = single if one or not many else many
    space = "" if shown in ("", "%", "‰") else " "
    return f"{_SIGNS[quantity.bound]}{number}{space}{shown}"


def _unit(unit: str, names: Names) -> tuple[int, str] | None:
    """The power of ten that the unit's magnitude stands for, and its English; the longest unit of
    the list first, 千瓦 before 瓦."""
    for start in range(len(unit) + 1):
        magnitude, rest = unit[:start], unit[start:]
        if all(c in _POWERS for c in magnitude) and (not rest or rest in names.whole["unit"]):
            word = names.whole["unit"].get(rest, "-")
            return sum(_POWERS[c] for c in magnitude), "" if word == "-" else word
    return None


def _figures(quantity: Quantity, power: int) -> tuple[str, bool]:
    """The number or the range in one scale, and whether it is exactly one."""
    values = [value for value in (quantity.value, quantity.value_high) if value is not None]
    least = min(abs(value.scaleb(power)) for value in values)
    places, scale = next((each for each in _SCALES if least >= Decimal(10) ** each[0]), (0, ""))
    written = [_digits(value, power - places) for value in values]
    ratio = "%" if quantity.unit == "%" and len(written) > 1 else ""
    return f"{ratio}–".join(written) + scale, written == ["1"] and not scale


def _digits(value: Decimal, power: int) -> str:
    """The value times a power of ten with all digits that were written, and none that only the
    moving of the point made.

    >>> _digits(Decimal("643.50"), -1), _digits(Decimal(200), -1), _digits(Decimal("1.25"), 4)
    ('64.350', '20', '12,500')
    """
    exponent = int(value.as_tuple().exponent)
    text = f"{value.scaleb(power):,.{max(-exponent - power, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text and exponent >= 0 else text


def with_english(
    table: "pd.DataFrame",
    columns: Mapping[str, str],
    *,
    names: Names | None = None,
    shown: "pd.Series[bool] | None" = None,
) -> "pd.DataFrame":
    """The table with a column X_en behind each of `columns` (X and its kind, or `terms` where it
    holds lists of terms): English names, None where there is none.

    `attrs["without_english"]` has the words without one that a figure shows in Chinese, in their
    order: of the rows where `shown`, or of all. Two words of one column that have one English name
    would be one in a figure: the second and later ones have the Chinese behind it.

    >>> import pandas as pd
    >>> words = pd.DataFrame({"term": ["发展", "庙桥港"]})  # "development", a canal
    >>> table = with_english(words, {"term": "term"})
    >>> table["term_en"].tolist(), table.attrs["without_english"]
    (['development', None], ['庙桥港'])
    """
    made = table.copy()
    lacking = []
    for column, kind in columns.items():
        several = kind == "terms"
        words = table[column].str.split("、").explode() if several else table[column]
        known = dict(_apart(words.dropna().unique(), "term" if several else kind, names))
        drawn = words if shown is None else words[shown]
        lacking += [word for word in drawn.dropna() if not known[word]]
        english_names = words.map(known).astype(object)
        if several:
            named = english_names.where(english_names.notna(), words)
            english_names = named.groupby(level=0).agg(joined, lang="en").reindex(table.index)
        place = list(made.columns).index(column) + 1
        made.insert(place, f"{column}_en", english_names.where(english_names.notna(), None))
    made.attrs = {**table.attrs, "without_english": list(dict.fromkeys(lacking))}
    return made


def _apart(
    words: Iterable[str], kind: str, names: Names | None
) -> Iterator[tuple[str, str | None]]:
    """The English name of each word, none of them twice."""
    taken = set()
    for word in words:
        name = english(word, kind=kind, names=names)
        if name is not None and kind != "amount":
            if name.lower() in taken:
                name = f"{name} ({word})"
            taken.add(name.lower())
        yield word, name
