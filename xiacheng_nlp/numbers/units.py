"""Units and bounds beside a numeral, in a unit (两个多月, 九个半小时) and behind it (三年半), from `units.tsv`
and `bounds.tsv`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from xiacheng_nlp.datafiles import Row, packaged, read_table

MAGNITUDE = re.compile("万亿|[十百千]?亿|[十百千]?万|[百千](?!分)")
_MORE = re.compile(r"(?:多|余)(?=[，,。；;、：:）)\s]|时间|来|的|$)")
_BRACKET = re.compile(r"[（(]([^（()）]{1,2})[)）]次?")
HALF = Decimal("0.5")
DIMENSIONS = frozenset(
    {
        "age",
        "area",
        "count",
        "data",
        "duration",
        "energy",
        "frequency",
        "length",
        "mass",
        "money",
        "power",
        "ratio",
    }
    | {"sound", "temperature", "transport", "voltage", "volume"}
)
"""What rules know of units; another dimension would be passed over by all of them."""
_HALVED = frozenset({"duration", "ratio", "length", "area", "mass", "volume"})
_HALF_ENDS = re.compile(r"半(?=$|[，,。；;、：:！!？?）)”\s来以之内后前的就才了多左上]|时间)")
_UNIT_GOES_ON = frozenset("/／（(")
_UNIT_LIST = re.compile("[（(]([^（()）]{1,9})[)）]次?")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or classifier: one of it is `factor` of `base`. `after` is any or arabic: which
    numerals it may follow."""

    name: str
    dimension: str
    base: str
    factor: Decimal
    after: str
    not_before: str = ""


@cache
def unit_table() -> tuple[dict[str, Unit], dict[str, tuple[int, ...]]]:
    """The units by name, and by their first character how long they may be, the longest first."""
    units = {}
    rows: list[Row] = []
    for row in read_table(
        packaged("numbers/units.tsv"),
        columns=("unit", "dimension", "base", "factor", "after", "source"),
        optional=("not_before", "note"),
        key="unit",
    ):
        try:
            factor = Decimal(row["factor"])
        except ArithmeticError:
            raise row.error(f"factor {row['factor']!r} is no decimal", "factor") from None
        if not factor.is_finite() or factor <= 0:
            raise row.error(f"factor {row['factor']!r} is no number above zero", "factor")
        row.chosen("after", ("any", "arabic"))
        row.chosen("dimension", DIMENSIONS)
        rows.append(row)
        units[row["unit"]] = Unit(
            row["unit"], row["dimension"], row["base"], factor, row["after"], row["not_before"]
        )
    for row in rows:
        if row["base"] not in units or units[row["base"]].dimension != row["dimension"]:
            raise row.error(
                f"base {row['base']!r} must be a unit of the table, of the dimension {row['dimension']}",
                "base",
            )
        if units[row["base"]].base != row["base"] or units[row["base"]].factor != 1:
            raise row.error(
                f"base {row['base']!r} is itself counted in {units[row['base']].base}: name that one",
                "base",
            )
    lengths: dict[str, set[int]] = {}
    for name in units:
        lengths.setdefault(name[0], set()).add(len(name))
    return units, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


@cache
def bound_words(place: str) -> dict[str, str]:
    """The words of `bounds.tsv` for a place (before, inside or after a number), each with its
    bound."""
    words = {}
    for row in read_table(
        packaged("numbers/bounds.tsv"),
        columns=("word", "place", "bound"),
        optional=("note",),
        key=("word", "place"),
    ):
        bound = row.chosen("bound", ("=", ">=", "<=", ">", "<", "~"))
        if row.chosen("place", ("before", "inside", "after")) == place:
            words[row["word"]] = bound
    return words


@cache
def bounds_before(*, shortest: int = 1) -> str:
    """The bound words before a number, of so many characters at least, as alternatives of a
    pattern, the longest first."""
    words = [word for word in bound_words("before") if len(word) >= shortest]
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


@cache
def _before() -> tuple[dict[str, str], dict[str, tuple[int, ...]]]:
    """The bound words before a number, and by their last character how long they may be, the
    longest first."""
    words = bound_words("before")
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[-1], set()).add(len(word))
    return words, {last: tuple(sorted(found, reverse=True)) for last, found in lengths.items()}


def unit_behind(text: str, position: int, arabic: bool) -> tuple[Unit | None, int]:
    """The longest unit at `position`, with a denominator (元/吨, 微克/立方米) or a second name in brackets
    (台（套）)."""
    unit = unit_at(text, position)
    if unit is None or (not arabic and unit.after == "arabic"):
        return None, position
    end = position + len(unit.name)
    c = text[end : end + 1]
    if c not in _UNIT_GOES_ON:
        return unit, end
    if c in ("/", "／"):
        below = end + 1
        match = MAGNITUDE.match(text, below)
        stop = match.end() if match and not unit_at(text, below) else below
        denominator = unit_at(text, stop)
        if denominator:
            stop += len(denominator.name)
            if text[stop : stop + 1] in ("·", "•") and (third := unit_at(text, stop + 1)):
                stop += 1 + len(third.name)
            name = text[position:stop]
            return Unit(
                name,
                unit.dimension if unit.dimension != "duration" else "count",
                name,
                Decimal(1),
                "any",
            ), stop
    if c in ("（", "("):
        bracket = _BRACKET.match(text, end)
        if (
            bracket is None
            and (many := _UNIT_LIST.match(text, end))
            and all(name in unit_table()[0] for name in many[1].split("、"))
        ):
            name = text[position : many.end()]
            return Unit(name, unit.dimension, name, Decimal(1), "any"), many.end()
        if bracket and bracket[1] in unit_table()[0]:
            name = text[position : bracket.end()]
            return Unit(name, unit.dimension, name, Decimal(1), "any"), bracket.end()
    return unit, end


def split_unit(text: str, position: int) -> tuple[Unit, int, str] | None:
    """A unit that begins with 个 and is parted by 半 or a bound: the unit, its end, what parts it.

    >>> unit, end, word = split_unit("两个多月", 1)  # "over two months"
    >>> unit.name, end, word
    ('个月', 4, '多')
    """
    if text[position : position + 1] != "个":
        return None
    word = text[position + 1 : position + 2]
    if not word or (word != "半" and word not in bound_words("inside")):
        return None
    unit = unit_at("个" + text[position + 2 : position + 10], 0)
    if unit is None or unit.name == "个":
        return None
    return unit, position + 1 + len(unit.name), word


def half_behind(text: str, position: int, unit: Unit) -> bool:
    """Whether 半 adds half a unit: 三年半, 两倍半; not 三年半价, where a word begins with it.

    >>> half_behind("三年半以来", 2, unit_at("年", 0))  # "for three and a half years"
    True
    >>> half_behind("三天半价", 2, unit_at("天", 0))  # "three days at half price"
    False
    """
    return (
        text[position : position + 1] == "半"
        and unit.dimension in _HALVED
        and _HALF_ENDS.match(text, position) is not None
    )


def unit_at(text: str, position: int) -> Unit | None:
    """The longest unit that begins at `position` and is not the beginning of another word there;
    None without one."""
    units, lengths = unit_table()
    for length in lengths.get(text[position : position + 1], ()):
        unit = units.get(text[position : position + length])
        if unit is not None:
            behind = text[position + length : position + length + 1]
            if behind and behind in unit.not_before:
                continue
            if (
                behind.isascii()
                and behind.isalpha()
                and unit.name.isascii()
                and unit.name.isalpha()
            ):
                continue
            return unit
    return None


def bound_before(text: str, start: int) -> str:
    """The bound of the word right before `start`; = where there is none."""
    words, lengths = _before()
    left = text[start - 1 : start] if start else ""
    for length in lengths.get(left, ()):
        bound = words.get(text[max(0, start - length) : start])
        if bound:
            return "=" if _part_of_word(text, start, length) else bound
    if left == "过" and text[start : start + 1] in ("亿", "万", "千", "百", "半"):
        return ">"
    if left == "上" and text[start : start + 1] in ("亿", "万", "千", "百"):
        return ">="
    return "="


def _part_of_word(text: str, start: int, length: int) -> bool:
    """约 of 节约, 签约 and 近 of 附近, 最近 bound nothing."""
    if length > 1:
        return False
    return text[max(0, start - 2) : start] in (
        "节约",
        "集约",
        "签约",
        "预约",
        "履约",
        "解约",
        "契约",
        "条约",
        "公约",
        "制约",
        "附近",
        "最近",
        "邻近",
        "靠近",
        "赶超",
        "反超",
    )


@cache
def _after() -> tuple[frozenset[str], re.Pattern[str]]:
    """What a bound behind a number begins with, and the bounds but for 多 and 余, for which what
    follows must be looked at."""
    words = bound_words("after")
    longer = sorted(
        (word for word in words if word not in ("多", "余")), key=lambda word: (-len(word), word)
    )
    return frozenset(word[0] for word in words), re.compile("|".join(map(re.escape, longer)))


def bound_after(text: str, end: int, bound: str) -> tuple[int, str]:
    """Where the expression ends with a bound behind it (以上), and that bound; `end` and `bound` as
    given where there is none."""
    begins, pattern = _after()
    if text[end : end + 1] not in begins:
        return end, bound
    match = pattern.match(text, end)
    if match:
        return match.end(), bound_words("after").get(match[0], bound) if match[
            0
        ] != "之多" else bound
    more = _MORE.match(text, end)
    if more:
        return more.end(), ">"
    return end, bound
