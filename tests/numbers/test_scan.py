"""Numbers: golden phrases, and what holds for the numbers of any text."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xiacheng_nlp.datafiles import Row, packaged, read_table
from xiacheng_nlp.numbers.numerals import FACTORS, parse_arabic, parse_han
from xiacheng_nlp.numbers.scan import AMOUNTS, CLASSES, Quantity, quantities

HERE = Path(__file__).parents[1]
CASES = read_table(
    HERE / "cases" / "quantities.tsv", columns=("text", "expected"), optional=("gloss",)
)
NUMERAL = re.compile("[0-9０-９零〇○一二两三四五六七八九十百千万亿几数半]")


def said(quantity: Quantity) -> str:
    if quantity.kind not in AMOUNTS:
        return f"{quantity.text}={quantity.kind}"

    def span(low: Decimal | None, high: Decimal | None) -> str:
        return f"{low}" if high is None else f"{low}..{high}"

    value = span(quantity.value, quantity.value_high)
    base = span(quantity.value_base, quantity.value_base_high)
    facts = (quantity.kind, value, quantity.unit, quantity.bound, base, quantity.unit_base)
    return f"{quantity.text}={'|'.join(facts)}"


@pytest.mark.parametrize("row", CASES, ids=[f"{row.line}-{row['text']}" for row in CASES])
def test_phrase(row: Row) -> None:
    assert (";".join(map(said, quantities(row["text"]))) or "-") == row["expected"]


@pytest.mark.parametrize(
    "row",
    read_table(
        packaged("numbers/units.tsv"),
        columns=("unit", "dimension", "base", "factor", "after"),
        optional=("source", "not_before", "note"),
    ),
)
def test_unit_is_read_with_its_factor(row: Row) -> None:
    (quantity,) = quantities(f"达到12.5{row['unit']}。")
    if row["unit"] in ("月", "日", "周年", "年期", "方面"):  # 12月 is a date, 12方面 points
        return
    assert (quantity.unit, quantity.unit_base) == (row["unit"], row["base"])
    assert quantity.value_base == Decimal("12.5") * Decimal(row["factor"])


@pytest.mark.parametrize(
    "verb",
    [
        "增加",
        "减少",
        "下降",
        "上升",
        "提高",
        "降低",
        "上涨",
        "下跌",
        "扩大",
        "缩小",
        "压缩",
        "缩短",
        "延长",
    ],
)
def test_by_how_much_and_to_what_is_no_range(verb: str) -> None:
    """上涨3万元至5万元: by 30,000, to 50,000; without the verb it is a range."""
    assert [(q.value, q.value_high) for q in quantities(f"价格{verb}3万元至5万元")] == [
        (3, None),
        (5, None),
    ]
    assert [(q.value, q.value_high) for q in quantities("价格在3万元至5万元")] == [(3, 5)]


@pytest.mark.parametrize(
    "body", ["二次全会", "三次会议", "三次党代会", "三届代表大会", "十三届常委会"]
)
def test_meetings_are_no_counts(body: str) -> None:
    """The second plenary session, the third congress: their numerals are names."""
    assert [q.kind for q in quantities(f"召开{body}。")] == ["name"]


@pytest.mark.parametrize("word", ["分别", "均", "双双", "都", "先后", "相继", "接连", "连续"])
def test_a_bound_before_a_list_holds_for_all_of_it(word: str) -> None:
    """Each above 30, or 20, per cent; a bound without such a word is that of its own number."""
    assert [q.bound for q in quantities(f"投资和消费{word}超过30%、20%和10%。")] == [">", ">", ">"]
    assert [q.bound for q in quantities("投资和消费超过30%、20%和10%。")] == [">", "=", "="]


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in read_table(
            packaged("numbers/bounds.tsv"), columns=("word", "place", "bound"), optional=("note",)
        )
        if row["place"] == "after"
    ],
    ids=lambda row: row["word"],
)
def test_every_bound_behind_a_number_is_read(row: Row) -> None:
    (quantity,) = quantities(f"完成5亿元{row['word']}。")
    assert quantity.text == f"5亿元{row['word']}"
    assert quantity.bound == row["bound"]


@given(st.integers(1, 10**12 - 1))
def test_han_numerals_are_exact(number: int) -> None:
    numeral = parse_han(han(number))
    assert numeral is not None
    assert numeral.value * FACTORS[numeral.magnitude] == number


@given(st.decimals(0, 10**9, places=3))
def test_decimals_are_exact(number: Decimal) -> None:
    assert parse_arabic(str(number)) == number
    (quantity,) = quantities(f"投资{number}亿元。")
    assert quantity.value == number
    assert quantity.value_base == number * 10**8


PIECES = st.sampled_from(
    [
        "3",
        "5",
        "12",
        "0.5",
        "2013",
        "一",
        "三",
        "百",
        "万",
        "亿",
        "百分之",
        "分之",
        "第",
        "多",
        "余",
        "几",
        "半",
        "%",
        "个",
        "家",
        "年",
        "月",
        "日",
        "-",
        "至",
        "、",
        "，",
        "以上",
        "超过",
        "近",
        "“",
        "”",
        "（",
        "）",
        "《",
        "》",
        "元",
        "/",
        "+",
        "A",
        "级",
        "号",
        ":",
        "\n",
        "首位",
        "居",
        "翻",
        "番",
        "大",
    ]
)


@example("万亿亿亿亿")
@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=40).map("".join)))
def test_every_number_has_exactly_one_class(text: str) -> None:
    found = quantities(text)
    position = 0
    for quantity in found:
        assert quantity.kind in CLASSES
        assert text[quantity.start : quantity.end] == quantity.text != ""
        assert quantity.start >= position
        position = quantity.end
        assert (quantity.value is not None) == (
            quantity.kind in AMOUNTS
        ) or quantity.kind == "unparsed"
    covered = {i for quantity in found for i in range(quantity.start, quantity.end)}
    assert {match.start() for match in NUMERAL.finditer(text)} <= covered


def test_a_run_too_long_is_kept_unparsed() -> None:
    assert [(q.kind, q.end) for q in quantities("1" * 500)] == [("unparsed", 500)]
    assert [(q.kind, q.end) for q in quantities("一" * 500)] == [("unparsed", 500)]
    # Its magnitude is no number of its own.
    assert [(q.kind, q.text) for q in quantities("投资" + "9" * 28 + "万亿元。")] == [
        ("unparsed", "9" * 28 + "万亿")
    ]


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("万亿元", Fraction(10**12)), ("海里", Fraction(1852)), ("‰", Fraction(1, 10))],
)
@pytest.mark.parametrize("digits", ["98765432109876543219", "9876543210.1234567899"])
def test_what_is_parsed_is_exact_in_its_base_unit_too(
    digits: str, unit: str, factor: Fraction
) -> None:
    (found,) = quantities(f"达到{digits}{unit}。")
    assert found.value == Decimal(digits)
    assert found.value_base is not None
    assert Fraction(found.value_base) == Fraction(digits) * factor


def han(number: int) -> str:
    """A whole number in Chinese characters, as reports write it."""
    digits, powers = "零一二三四五六七八九", ("", "十", "百", "千")
    groups = []
    for magnitude in ("", "万", "亿"):
        number, group = divmod(number, 10**4)
        if group:
            said = "".join(
                digits[d] + powers[p] if (d := group // 10**p % 10) else "零" for p in (3, 2, 1, 0)
            )
            groups.append(said.rstrip("零") + magnitude)
    return re.sub("零+", "零", "".join(reversed(groups))).strip("零")
