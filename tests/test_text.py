"""Bytes to text, and the flowing text behind broken lines."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.text import (
    BREAKS,
    INVISIBLE,
    decode,
    encoding_of,
    escaped,
    flow,
    flow_positions,
    lines,
    normalised,
)

REPORT = (
    "各位代表：\n全年完成固定资产投资152.84亿元，同比增长25.56%。\n"
    "二、2014年政府工作\n（一）坚定目标稳增长\n"
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
LINES = st.text(st.sampled_from("惠民生ab1 \t\u3000\xa0" + BREAKS), max_size=60)


def test_characters_of_control_and_of_form_are_invisible_and_line_ends_are_not() -> None:
    """Written out, so that they are the same under every Python; by Unicode of the plane that
    Chinese text is in."""
    kinds = {
        chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) in ("Cc", "Cf")
    }
    assert kinds - {*BREAKS, "\t"} <= set(filter(INVISIBLE.match, kinds))
    assert not any(map(INVISIBLE.match, {*BREAKS, "\t", " ", "\u3000"}))


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("gb2312", "gb18030"),
    ],
)
def test_every_encoding_gives_the_same_text(encoding: str, named: str) -> None:
    assert decode(REPORT.encode(encoding)) == (REPORT, named)


TRADITIONAL = "政府工作報告\n各位代表：\n一、2013年工作回顧\n地區生產總值增長7.8%。\n"


def test_big5_is_told_from_gb18030_by_its_common_characters() -> None:
    assert decode(TRADITIONAL.encode("big5")) == (TRADITIONAL, "big5hkscs")
    assert encoding_of(TRADITIONAL.encode("gb18030")) == "gb18030"
    assert encoding_of(REPORT.encode("gb18030")) == "gb18030"


def test_a_mark_decides_also_for_big_endian() -> None:
    assert decode(b"\xfe\xff" + REPORT.encode("utf-16-be"))[0] == REPORT


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (REPORT.encode() + b"\xff", "byte 140 is not UTF-8 and byte 14 is not GB18030"),
        (
            REPORT.encode("gb18030") + REPORT.encode(),
            "byte 0 is not UTF-8 and byte 114 is not GB18030",
        ),
        (
            REPORT.encode("gb18030") + "稳步增长".encode() * 2,
            "byte 0 is not UTF-8, and the line at byte 100 is not GB18030",
        ),
        (b"PK\x03\x04\x14\x00\x00\x00", "byte 5 is NUL: this is a binary file"),
        (
            b"\xef\xbb\xbf" + b"\xe5\x8c",
            "byte 3 is not UTF-8-SIG, although the file's first bytes say so",
        ),
        (b"\xff\xfe" + "区".encode("utf-16-le") + b"\x00", "byte 4 is not UTF-16"),
    ],
)
def test_an_encoding_error_names_the_byte(data: bytes, message: str) -> None:
    with pytest.raises(ReportError) as caught:
        decode(data)
    assert message in str(caught.value)


@given(st.binary(max_size=200))
@example(b"\x00")
@example(b"\xff\xfe")
@example("区".encode("gbk") * 9 + "区".encode())
@example(b"\xa2~")
def test_any_bytes_are_text_or_the_documented_error(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except ReportError:
        return
    again = text.encode(encoding)
    if encoding == "big5hkscs":
        # Some signs have two codes there.
        assert again.decode(encoding) == text
        return
    assert again == data or data.startswith(
        (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
    )


@given(TEXTS)
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    if "\x00" not in text and not text.startswith("\ufeff"):
        assert decode(text.encode("utf-8")) == (text, "utf-8")


@given(LINES)
@example("惠\n\n\n\n民生")
@example("work\r\nreport")
@example("PM\n2.5")
def test_flow_drops_breaks_and_blanks_around_them_alone(surface: str) -> None:
    flowing = flow(surface)
    assert not set(flowing) & set(BREAKS)
    assert "".join(flowing.split()) == "".join(surface.split())
    assert flow(flowing) == flowing


@given(LINES, st.integers(0, 50))
def test_flow_positions_point_at_the_characters(surface: str, start: int) -> None:
    flowing, positions = flow(surface), flow_positions(surface, start)
    assert len(positions) == len(flowing) + 1
    assert positions[-1] == start + len(surface)
    assert list(positions) == sorted(set(positions))
    for character, place in zip(flowing, positions, strict=False):
        assert character == surface[place - start] or (
            character == " " and surface[place - start].isspace()
        )


@given(LINES)
def test_lines_hold_every_character_that_is_no_blank(text: str) -> None:
    spans = lines(text)
    assert all(
        text[a:b] == text[a:b].strip() != "" and not set(text[a:b]) & set(BREAKS) for a, b in spans
    )
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@given(st.text(st.sampled_from("12.%％９．增长元 \t\u3000\xa0，。\nＧP"), max_size=40))
@example("元1\n1\xa0%")
@example("元 1\n1%")
def test_what_rules_read_is_the_text_without_blanks_beside_numbers(text: str) -> None:
    plain, places = normalised(text)
    assert len(places) == len(plain) + 1
    assert places[-1] == len(text)
    assert all(a < b for a, b in pairwise(places))
    for place, c in zip(places, plain, strict=False):
        assert c in (text[place], unicodedata.normalize("NFKC", text[place]))
    dropped = set(range(len(text))) - set(places)
    assert all(text[place] in " \t\u3000\xa0\n" for place in dropped)
    assert normalised(plain)[0] == plain


@given(st.text(st.sampled_from('12.，,·壹拾亿元\u200b \u3000\n％９"增%'), max_size=30))
@example("1，234.5亿元")
@example("643·57亿元")
@example("壹拾亿元")
@example('"增"')
def test_whether_there_is_anything_to_mend_is_seen_by_all_signs_of_it(text: str) -> None:
    """Where an invisible character stands before it, everything is looked for."""
    assert normalised(f"\u200b{text}")[0] == normalised(text)[0]


def test_what_gives_a_terminal_orders_is_escaped_and_a_wide_blank_is_not() -> None:
    assert escaped("下城区\u3000报告\xa02014 \t\n") == "下城区\u3000报告\xa02014 \t\n"
    assert escaped("a\x1b[2J\u202e\u2028") == r"a\x1b[2J\u202e\u2028"
