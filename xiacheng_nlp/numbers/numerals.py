"""Chinese and Arabic numerals to exact decimals."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

INDEFINITE = "几数"

_DIGIT = {
    c: int(unicode_value)
    for c, unicode_value in zip("零〇○一二两三四五六七八九", "0001223456789", strict=True)
}
_POWER = {"十": 1, "百": 2, "千": 3}
_MAGNITUDE = {
    "": 0,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
_FACTOR = {magnitude: Decimal(10**power) for magnitude, power in _MAGNITUDE.items()}
_NARROW = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_LONGEST = 40
"""No number of a report has more characters; beyond it the run is a hash, a table or noise, and
stays unparsed."""
_DIGITS = 20
"""No number of a report has more digits either, and with more its product with a unit would no
longer be exact."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it is said: `value` times `magnitude`; `high` where it spans two values (三四十),
    `open` for 十几 or 数百."""

    value: Decimal
    magnitude: str = ""
    high: Decimal | None = None
    open: bool = False


def magnitude_factor(magnitude: str) -> Decimal:
    """The power of ten that a magnitude word stands for.

    >>> magnitude_factor("万亿")  # "trillion"
    Decimal('1000000000000')
    """
    return _FACTOR[magnitude]


def tidy(value: Decimal) -> Decimal:
    """The same value without zeros at its end that a calculation left: 3.20000000 is 3.2."""
    plain = value.normalize()
    return plain.quantize(Decimal(1)) if plain.as_tuple().exponent in range(1, 40) else plain


def is_magnitude(word: str) -> bool:
    """Whether the word is a magnitude word that `magnitude_factor` knows."""
    return word in _MAGNITUDE


def parse_arabic(text: str) -> Decimal | None:
    """The value of Arabic digits, half or full width, with thousands commas; None when it is no
    number of sane length.

    >>> parse_arabic("１３,５００．５０")
    Decimal('13500.50')
    """
    if len(text) > _LONGEST:
        return None
    narrow = (text if text.isascii() else text.translate(_NARROW)).replace(",", "")
    plain = narrow.replace(".", "", 1)
    if not plain.isascii() or not plain.isdigit() or len(plain) > _DIGITS:
        return None
    return Decimal(narrow)


@lru_cache(maxsize=1024)
def parse_han(text: str) -> Numeral | None:
    """The value of a Chinese numeral with the highest of 万, 亿, 万亿 kept as its magnitude; None when
    it is no number.

    >>> parse_han("三亿二千万")  # "three hundred and twenty million"
    Numeral(value=Decimal('3.2'), magnitude='亿', high=None, open=False)
    >>> parse_han("七八十")  # "seventy or eighty"
    Numeral(value=Decimal('70'), magnitude='', high=Decimal('80'), open=False)
    >>> parse_han("十几亿")  # "a billion and some hundred millions"
    Numeral(value=Decimal('10'), magnitude='亿', high=None, open=True)
    """
    if not text or len(text) > _LONGEST:
        return None
    if text == "半":
        return Numeral(Decimal("0.5"))
    core, magnitude = _split_magnitude(text)
    opened = bool(core) and (core[0] in INDEFINITE or core[-1] == "几")
    if core and core[0] in INDEFINITE and (len(core) > 1 or magnitude):
        core = "一" + core[1:]
    if core.endswith("几") and len(core) > 1:
        core = core[:-1]
    span = _span(core)
    if span is not None:
        low, high = _whole(span[0]), _whole(span[1])
        return (
            None
            if low is None or high is None
            else Numeral(Decimal(low), magnitude, Decimal(high), opened)
        )
    whole = _whole(core) if core else 1
    if whole is None:
        return None
    value = Decimal(whole)
    if magnitude:
        rest = text[len(core) + len(magnitude) :] if not opened else ""
        value = tidy(value + _fraction(rest, magnitude))
    return Numeral(value, magnitude, None, opened)


def _split_magnitude(text: str) -> tuple[str, str]:
    """The coefficient and the highest magnitude: 三亿二千万 → 三, 亿 (what follows the magnitude is added
    by the caller)."""
    if text.endswith("万亿"):
        return text[:-2], "万亿"
    for magnitude in ("亿", "万"):
        place = text.find(magnitude)
        if place >= 0:
            return text[:place], magnitude
    return text, ""


def _fraction(rest: str, magnitude: str) -> Decimal:
    """What stands behind the highest magnitude, as a part of it: 二千万 behind 亿 is 0.2; 三亿二 says 0.2
    too."""
    if not rest:
        return Decimal(0)
    if len(rest) == 1 and _DIGIT.get(rest, 0):
        return Decimal(_DIGIT[rest]).scaleb(-1)
    whole = _whole(rest)
    return Decimal(0) if whole is None else Decimal(whole).scaleb(-_MAGNITUDE[magnitude])


def _span(core: str) -> tuple[str, str] | None:
    """Two neighbouring digits that mean 'the one or the other': 三四, 七八十, 二三百."""
    if len(core) >= 2 and all(c in _DIGIT for c in core[:2]) and all(c in _POWER for c in core[2:]):
        low, high = _DIGIT[core[0]], _DIGIT[core[1]]
        if low > 0 and high == low + 1:
            return core[0] + core[2:], core[1] + core[2:]
    return None


def _whole(text: str) -> int | None:
    """A whole number below 亿 times 亿, written with 十百千万亿, or digit by digit (一九七八)."""
    if all(c in _DIGIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text)) if text else 0
    total = section = 0
    digit: int | None = None
    for c in text:
        if c in _DIGIT:
            digit = _DIGIT[c] if not digit else digit * 10 + _DIGIT[c]
        elif c in _POWER:
            section += (1 if digit is None else digit) * 10 ** _POWER[c]
            digit = None
        elif c in "万亿":
            total = (total + section + (digit or 0) or 1) * 10 ** _MAGNITUDE[c]
            section, digit = 0, None
        else:
            return None
    return total + section + (digit or 0)
