"""Copies of the report within its source."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from xiacheng_nlp.report.copies import find_copies


def speech(first: int, last: int) -> str:
    return "".join(
        f"第{n}类重点项目顺利推进。完成年度投资{n}亿元，带动就业{n * 7}人。\n"
        for n in range(first, last)
    )


def test_the_seed_stands_twice_letter_for_letter(seed) -> None:
    assert [(c.start, c.end - c.start, c.identical, c.kept) for c in seed.copies] == [
        (170, 18_509, True, True),
        (18_806, 18_509, True, False),
    ]
    first, second = (seed.text[c.start : c.end] for c in seed.copies)
    assert first == second


def test_particulars_of_a_page_between_the_copies_are_no_part_of_them() -> None:
    page = (
        "2014年某区政府工作报告\n索引号 K1\n"
        + speech(0, 30)
        + "\n2014年某区政府工作报告\n公开方式 主动公开\n"
        + speech(0, 30)
    )
    kept, dropped = find_copies(page)
    assert page[kept.start : kept.end] == page[dropped.start : dropped.end] == speech(0, 30).strip()
    assert dropped.identical


def test_a_corrected_copy_is_found_and_said_not_to_be_identical() -> None:
    corrected = speech(0, 40).replace("完成年度投资17亿元", "完成年度投资17.5亿元")
    kept, dropped = find_copies(speech(0, 40) + "附件\n" + corrected)
    assert kept.kept
    assert not dropped.kept
    assert not dropped.identical


def test_three_copies() -> None:
    found = find_copies("\n附件\n".join([speech(0, 20)] * 3))
    assert [(c.identical, c.kept) for c in found] == [(True, True), (True, False), (True, False)]


def test_a_copy_with_other_line_breaks_is_found() -> None:
    kept, dropped = find_copies(
        speech(0, 30) + "附件\n" + speech(0, 30).replace("\n", "\n\n\u3000\u3000")
    )
    assert not dropped.identical
    assert dropped.start > kept.end


def test_a_repeated_paragraph_or_slogan_is_no_copy() -> None:
    assert find_copies("新城区完成投资五十亿元。老城区新增就业三千人。\n" * 2) == ()
    assert find_copies(speech(0, 40) + speech(0, 5) + speech(41, 60)) == ()
    assert (
        find_copies(
            "坚持稳中求进工作总基调不动摇。\n"
            + speech(0, 9)
            + "坚持稳中求进工作总基调不动摇。\n"
            + speech(9, 20)
        )
        == ()
    )


@given(st.lists(st.integers(0, 12), max_size=60))
def test_copies_are_disjoint_and_in_order(numbers: list[int]) -> None:
    text = "".join(f"第{n}项重点工作如期完成。" for n in numbers)
    copies = find_copies(text)
    assert all(0 <= a.start < a.end <= b.start for a, b in pairwise(copies))
    assert len(copies) != 1
    for copy in copies:
        assert copy.identical == (
            text[copy.start : copy.end] == text[copies[0].start : copies[0].end]
        )
