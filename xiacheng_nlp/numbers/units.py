"""Units and bounds beside a numeral, in a unit (两个多月, 九个半小时) and behind it (三年半), from
`units.tsv` and `bounds.tsv`."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from string import ascii_letters

from xiacheng_nlp.datafiles import Row, packaged, read_table
from xiacheng_nlp.numbers.number_words import Loaded, any_of, beginning_alike, pattern, words
from xiacheng_nlp.patterns import compiled

MAGNITUDE = re.compile("万亿|[十百千]?亿|[十百千]?万|[百千](?!分)")
_MORE = re.compile(rf"(?:多|余)(?=[，,。；;、：:）)\s]|{pattern.more_ends.pattern}|$)")
_BRACKET = re.compile("[（(]([^（()）]{1,9})[)）]次?")
_IN_BRACKETS = re.compile(f"[（(]({MAGNITUDE.pattern})?([^（()）]{{1,6}})[)）]")
HALF = Decimal("0.5")
_BEFORE_MAGNITUDE = dict.fromkeys(words.past, ">") | dict.fromkeys(words.up_to, ">=")
# 过 and 上 are bounds before a magnitude alone: 过亿, 上千.
DIMENSIONS = frozenset(
    [
        *("age", "area", "count", "data", "duration", "energy", "frequency", "length", "mass"),
        *("money", "power", "ratio", "sound", "temperature", "transport", "voltage", "volume"),
    ]
)
"""What rules know of units; another dimension would be passed over by all of them."""
_HALVED = frozenset({"duration", "ratio", "length", "area", "mass", "volume"})
_HALF_ENDS = re.compile(rf"半(?=$|[，,。；;、：:！!？?）)”\s]|{pattern.half_ends.pattern})")


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

    @property
    def guard(self) -> str:
        """What must not stand behind it, as a pattern."""
        characters, *words = self.not_before.split() or [""]
        if self.name.isascii() and self.name.isalpha():
            characters += ascii_letters
        refused = [f"[{re.escape(characters)}]"] * bool(characters) + words
        return f"(?!{'|'.join(refused)})" if refused else ""


NO_UNIT = Unit(name="", dimension="", base="", factor=Decimal(1), after="any")
RATIO = replace(NO_UNIT, dimension="ratio")
"""What a part of a whole is counted in."""


@cache
def unit_table() -> dict[str, Unit]:
    """The units by name."""
    rows = read_table(
        packaged("numbers/units.tsv"),
        columns=("unit", "dimension", "base", "factor", "after", "source"),
        optional=("not_before", "note"),
        key="unit",
    )
    known = {row["unit"]: _unit(row) for row in rows}
    for row in rows:
        base = known.get(row["base"])
        if not base or base.dimension != row["dimension"]:
            raise row.error(
                f"base {row['base']!r} must be a unit of the table, of the dimension"
                f" {row['dimension']}",
                "base",
            )
        if base.base != base.name or base.factor != 1:
            raise row.error(
                f"base {base.name!r} is itself counted in {base.base}: name that one", "base"
            )
    return known


@cache
def _unit_pattern() -> re.Pattern[str]:
    """Any unit that is not the beginning of another word there."""
    return compiled(beginning_alike(unit_table(), lambda name: unit_table()[name].guard))


def _unit(row: Row) -> Unit:
    try:
        factor = Decimal(row["factor"])
    except ArithmeticError:
        raise row.error(f"factor {row['factor']!r} is no decimal", "factor") from None
    if not factor.is_finite() or factor <= 0:
        raise row.error(f"factor {row['factor']!r} is no number above zero", "factor")
    return Unit(
        name=row["unit"],
        dimension=row.chosen("dimension", DIMENSIONS),
        base=row["base"],
        factor=factor,
        after=row.chosen("after", ("any", "arabic")),
        not_before=row["not_before"],
    )


def _bounds(place: str) -> dict[str, str]:
    known = {}
    for row in read_table(
        packaged("numbers/bounds.tsv"),
        columns=("word", "place", "bound"),
        optional=("note",),
        key=("word", "place"),
    ):
        bound = row.chosen("bound", ("=", ">=", "<=", ">", "<", "~"))
        if row.chosen("place", ("before", "large", "inside", "after")) == place:
            known[row["word"]] = bound
    return known


bounds = Loaded(_bounds)
"""The words of `bounds.tsv` for a place (`bounds.before`, `inside` or `after` a number), each with
its bound."""


@cache
def bounds_before(*, shortest: int = 1) -> str:
    """The bound words before a number, of so many characters at least, as alternatives of a
    pattern, the longest first."""
    return any_of(word for word in bounds.before if len(word) >= shortest)


@cache
def _before(large: bool) -> tuple[dict[str, str], frozenset[str], re.Pattern[str]]:
    """The bound words before a number, the characters that a bound ends in, and the longest that
    stands there."""
    known = bounds.before | (bounds.large if large else {})
    last = [word[-1] for word in known] + [word[0] for word in _BEFORE_MAGNITUDE]
    return known, frozenset(last), re.compile(f"(?:{any_of(known)})$")


def is_large(unit: Unit) -> bool:
    """Whether 过 and 破 are bounds before an amount of the unit: of money, of rates."""
    return unit.dimension in ("money", "ratio")


def unit_behind(text: str, position: int, arabic: bool) -> tuple[Unit | None, int]:
    """The longest unit at `position`, with a denominator (元/吨, 微克/立方米) or a second name in
    brackets (台（套）)."""
    unit = unit_at(text, position)
    if not unit or (not arabic and unit.after == "arabic"):
        return None, position
    end = position + len(unit.name)
    c = text[end : end + 1]
    stop = end
    if c in ("/", "／") or (c == "每" and _per(unit, unit_at(text, end + 1))):
        stop = _denominator_end(text, end)
    elif c in ("（", "("):
        stop = _bracket_end(text, end)
    if stop == end:
        return unit, end
    dimension = "count" if unit.dimension == "duration" and c in "/／" else unit.dimension
    name = text[position:stop]
    return Unit(name, dimension, name, Decimal(1), "any"), stop


def _per(unit: Unit, below: Unit | None) -> bool:
    """Whether 每 is a stroke: 微克每立方米, 元每吨, 千米每小时; not 5亿元每年."""
    if not below:
        return False
    return below.dimension in ("volume", "area", "mass") or unit.dimension == "length"


def unit_in_brackets(text: str, position: int) -> tuple[str, Unit | None, int]:
    """Magnitude, unit and end of a unit in brackets behind its number, as the heads of tables have
    it: 3.5（亿元）; no unit, and `position`, where there is none."""
    match = _IN_BRACKETS.match(text, position)
    unit = unit_table().get(match[2]) if match else None
    return (match[1] or "", unit, match.end()) if match and unit else ("", None, position)


def _denominator_end(text: str, end: int) -> int:
    """Where the denominator behind the stroke at `end` ends; `end` where there is none."""
    below = end + 1
    match = MAGNITUDE.match(text, below)
    stop = match.end() if match and not unit_at(text, below) else below
    denominator = unit_at(text, stop)
    if not denominator:
        return end
    stop += len(denominator.name)
    third = unit_at(text, stop + 1) if text[stop : stop + 1] in ("·", "•") else None
    return stop + 1 + len(third.name) if third else stop


def _bracket_end(text: str, end: int) -> int:
    """Where other names of the unit in brackets end, 台（套） or 台（套、件）; else `end`."""
    bracket = _BRACKET.match(text, end)
    known = bracket and all(name in unit_table() for name in bracket[1].split("、"))
    return bracket.end() if bracket and known else end


def split_unit(text: str, position: int) -> tuple[Unit, int, str] | None:
    """A unit that begins with the 个 at `position` and is parted by 半 or a bound: the unit, its
    end, what parts it.

    >>> unit, end, word = split_unit("两个多月", 1)  # "over two months"
    >>> unit.name, end, word
    ('个月', 4, '多')
    """
    word = text[position + 1 : position + 2]
    if word != "半" and word not in bounds.inside:
        return None
    unit = unit_at("个" + text[position + 2 : position + 10], 0)
    if not unit or unit.name == "个":
        return None
    return unit, position + 1 + len(unit.name), word


def half_behind(text: str, position: int, unit: Unit) -> bool:
    """Whether 半 adds half a unit: 三年半, 两倍半; not 三年半价, where a word begins with it.

    >>> half_behind("三年半以来", 2, unit_at("年", 0))  # "for three and a half years"
    True
    >>> half_behind("三天半价", 2, unit_at("天", 0))  # "three days at half price"
    False
    """
    return unit.dimension in _HALVED and _HALF_ENDS.match(text, position) is not None


def unit_at(text: str, position: int) -> Unit | None:
    """The longest unit that begins at `position` and is not the beginning of another word there;
    None without one."""
    match = _unit_pattern().match(text, position)
    return unit_table()[match[0]] if match else None


def bound_before(text: str, start: int, *, large: bool = False) -> str:
    """The bound of the word right before `start`; = where there is none. Before a `large` amount,
    of money, a rate or with a magnitude, more words are bounds."""
    known, last, longest = _before(large)
    if text[start - 1 : start] not in last:
        return "="
    said = longest.search(text, max(0, start - 8), start)
    # 约 of 节约, 近 of 附近 and 过 of 经过 bound nothing.
    if (not said or len(said[0]) == 1) and text[start - 2 : start] in words.no_bound:
        return "="
    return known[said[0]] if said else _BEFORE_MAGNITUDE.get(text[start - 1 : start + 1], "=")


@cache
def _after() -> tuple[frozenset[str], re.Pattern[str]]:
    """What a bound behind a number begins with, and the bounds but for 多 and 余, for which what
    follows must be looked at."""
    known = bounds.after
    longer = any_of(word for word in known if word not in ("多", "余"))
    return frozenset(word[0] for word in known), re.compile(longer)


def bound_after(text: str, end: int, bound: str) -> tuple[int, str]:
    """Where the expression ends with a bound behind it (以上), and that bound; `end` and `bound` as
    given where there is none, and `bound` as given where the word says just so many (之多)."""
    begins, longer = _after()
    if text[end : end + 1] not in begins:
        return end, bound
    match = longer.match(text, end)
    if not match:
        more = _MORE.match(text, end)
        return (more.end(), ">") if more else (end, bound)
    said = bounds.after[match[0]]
    return match.end(), bound if said == "=" else said
