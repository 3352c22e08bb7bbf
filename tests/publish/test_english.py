"""English names: what a broken list is told, how names are put together, amounts to the last digit,
and no word of a figure lost."""

import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.publish.english import KINDS, english, names_of, read_names, with_english
from xiacheng_nlp.report.report import Report

ROWS = read_table(
    packaged("publish/english.tsv"), columns=("zh", "kind", "en", "source"), optional=("note",)
)


HEADER = "zh\tkind\ten\tsource\tnote\n"
HAN = re.compile("[\u3400-\u9fff]")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "发展\tword\tdevelopment\tusage\n",
            "names.tsv:2: kind must be one of among, indicator, section, term, unit",
        ),
        (
            "发展\tterm\tdevelopment\tweb\n",
            "names.tsv:2: source must be one of NBS, report, usage",
        ),
        ("发展\tterm\t\tusage\n", "names.tsv:2: no en"),
        ("\tterm\tdevelopment\tusage\n", "names.tsv:2: no zh"),
        (
            "发展\tterm\tdevelop 展\tusage\n",
            "names.tsv:2: the English name of 发展 has a Han character",
        ),
        (
            "{}增加值\tindicator\tvalue added\tusage\n",
            "names.tsv:2: {}增加值 has 1 slots, its English 0",
        ),
        (
            "{}{}\tindicator\t{} of {}\tusage\n",
            "names.tsv:2: {}{}: between two slots, and beside one",
        ),
        ("发展\tterm\t{0}\tusage\n", "names.tsv:2: {0}: a brace stands for nothing but a slot"),
        (
            "发展\tterm\tdevelopment\tusage\n发展\tterm\tgrowth\tusage\n",
            "names.tsv:3: 发展 stands already in line 2",
        ),
        (
            "人（次）\tunit\tvisits\tusage\n人(次)\tunit\ttimes\tusage\n",
            "names.tsv:3: 人(次) stands already in line 2",
        ),
        (
            "发展\tterm\tgrowth\tusage\n增长\tterm\tGrowth\tusage\n",
            "names.tsv:3: Growth is already the English name of a term in line 2",
        ),
    ],
)
def test_a_broken_list_is_told(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "names.tsv"
    path.write_text(HEADER + line, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_names(path)
    assert str(caught.value).startswith(message)


def test_the_list_is_large_and_repeats_no_gloss() -> None:
    assert len(ROWS) > 1500
    assert {row["kind"] for row in ROWS} == set(KINDS)
    glosses = {
        row["word"]: row["note"]
        for row in read_table(
            packaged("words/lexicon.tsv"),
            columns=("word", "pos", "kind", "source"),
            optional=("freq", "reports", "places", "note"),
        )
    }
    repeated = [
        row["zh"]
        for row in ROWS
        if row["kind"] == "term" and glosses.get(row["zh"], "").lower() == row["en"].lower()
    ]
    assert not repeated


@pytest.mark.parametrize(
    ("word", "kind", "name"),
    [
        ("社会消费品零售总额", "indicator", "Total retail sales of consumer goods"),
        ("一般公共预算收入", "indicator", "General public budget revenue"),
        ("常住人口", "indicator", "Permanent resident population"),
        ("规模以上工业增加值", "indicator", "Value added of industry above designated size"),
        (
            "数字经济核心产业增加值",
            "indicator",
            "Value added of core industries of the digital economy",
        ),
        (
            "文创产业增加值占地区生产总值比重",
            "indicator",
            "Value added of cultural and creative industries as a share of gross regional product",
        ),
        ("全省新能源汽车产量", "indicator", "Output of new energy vehicles in the province"),
        # What is taken off first: a share before its sides, then what is new; an adjective last.
        (
            "教育支出占一般公共预算支出比重",
            "indicator",
            "Spending on education as a share of general public budget expenditure",
        ),
        ("新增污水处理能力", "indicator", "New sewage treatment capacity"),
        ("国家级智能工厂建设", "indicator", "Building of national smart factories"),
        ("新能源装机规模", "indicator", "Installed capacity of new energy"),
        # Of new homes an area is sold, not built; talent is put in, not spent.
        ("新建商品房销售面积", "indicator", "Area of new commercial housing sold"),
        ("投入人才", "indicator", "Talent put in"),
        ("学校改造建设", "indicator", "Renovation of schools"),
        ("某某产业增加值", "indicator", None),  # a piece that no list knows: nothing is guessed
        ("２０１４年工作安排", "section", "Arrangements for work in 2014"),
        ("张三年工作安排", "section", None),
        ("※名词解释※", "section", "Explanation of terms"),
        ("全省90个区（县、市）", "among", "90 districts, counties and cities of the province"),
        ("全市", "among", "the city"),
        ("GDP", "term", "GDP"),
        ("庙桥港", "term", None),
        ("城镇登记失业率", "indicator", "Registered urban unemployment rate"),
        ("美丽曲阳", "term", "beautiful Quyang"),
        ("市容环境考核", "indicator", "Assessment of city appearance and environment"),
        ("市级以上创新平台", "indicator", "Innovation platforms at or above city level"),
    ],
)
def test_names_are_listed_or_put_together(word: str, kind: str, name: str | None) -> None:
    assert english(word, kind=kind) == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("643.57亿元", "64.357 billion yuan"),
        ("643.50亿元", "64.350 billion yuan"),
        ("2.45亿美元", "US$245 million"),
        ("1.4万亿斤左右", "about 1.4 trillion jin"),
        ("6万平方米", "60,000 m²"),
        ("10.50公里", "10.50 km"),
        ("2500公里", "2,500 km"),
        ("1000余场", "over 1,000 events"),
        ("4.6%以内", "≤4.6%"),
        ("5%以上", "≥5%"),
        ("5%—5.5%以上", "≥5%–5.5%"),
        ("９．５％", "9.5%"),
        ("1人", "1 person"),
        ("十五条", "15"),
        ("三", "3"),
        ("1-2个", "1–2"),
        ("1.3亿千瓦", "130 million kW"),
        ("591亿元; 643.57亿元", "59.1 billion yuan; 64.357 billion yuan"),
        ("三分之二", "two thirds"),
        ("三分之八", None),
        ("几块砖", None),
        ("3万套（户）", "30,000 flats"),
        ("110千伏", "110 kV"),
        ("60周年", "60 years"),
        ("1万人次", "10,000 person-times"),
        ("1次", "1 time"),
    ],
)
def test_amounts(text: str, said: str | None) -> None:
    assert english(text, kind="amount") == said


def test_a_unit_without_english_holds_no_magnitude() -> None:
    """It would be lost with the unit: 万套（户） is ten thousand of something."""
    bare = [row["zh"] for row in ROWS if row["kind"] == "unit" and row["en"] == "-"]
    assert [unit for unit in bare if unit[0] in "十百千万亿"] == []


def test_a_working_tells_bounds_in_words_beside_its_own_signs() -> None:
    assert english("5个以上 ≤ 60个以上", kind="working") == "at least 5 ≤ at least 60"
    said = "over 140 billion yuan ≤? about 8,000 people"
    assert english("超过1400亿元 ≤? 约8000人", kind="working") == said
    assert english("8103 / 8120起 = 99.79%", kind="working") == "8,103 / 8,120 cases = 99.79%"


SCALES = {"": 0, "million": 6, "billion": 9, "trillion": 12}
UNITS = {"元": "yuan", "亩": "mu", "吨": "tonnes", "平方米": "m²", "亿斤": "jin"}


@given(
    st.integers(1, 99999),
    st.integers(0, 4),
    st.sampled_from(["", "万", "亿", "万亿"]),
    st.sampled_from(["元", "亩", "吨", "平方米"]),
)
def test_an_amount_keeps_its_value_to_the_last_digit(
    digits: int, places: int, magnitude: str, unit: str
) -> None:
    written = Decimal(digits).scaleb(-places)
    said = english(f"{written:f}{magnitude}{unit}", kind="amount")
    assert said is not None
    match = re.fullmatch(r"([0-9,]+(?:\.[0-9]+)?)(?: (million|billion|trillion))? ([^ ]+)", said)
    assert match
    number, scale, name = match.groups(default="")
    assert Decimal(number.replace(",", "")).scaleb(SCALES[scale]) == written.scaleb(
        {"": 0, "万": 4, "亿": 8, "万亿": 12}[magnitude]
    )
    assert name in (UNITS[unit], UNITS[unit].removesuffix("s"))


def test_two_words_of_one_name_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text(
        HEADER + "甲\tindicator\tone\tusage\n乙\tindicator\tone\tusage\n", encoding="utf-8"
    )
    table = with_english(
        pd.DataFrame({"what": ["甲", "乙", "甲", None]}),
        {"what": "indicator"},
        names=read_names(path),
    )
    assert table["what_en"].tolist() == ["One", "One (乙)", "One", None]


def test_the_table_given_stays_as_it_was() -> None:
    table = pd.DataFrame({"term": ["发展", "庙桥港", "服务"], "count": [3, 2, 1]})
    table.attrs["words"] = 6
    made = with_english(table, {"term": "term"})
    assert list(table.columns) == ["term", "count"]
    assert table.attrs == {"words": 6}
    assert list(made.columns) == ["term", "term_en", "count"]
    assert made.attrs == {"words": 6, "without_english": ["庙桥港"]}
    assert (
        with_english(table, {"term": "term"}, shown=table["count"] > 2).attrs["without_english"]
        == []
    )


def test_an_unknown_kind_is_told() -> None:
    with pytest.raises(
        ValueError, match="no kind word; kinds are term, indicator, section, among, amount"
    ):
        english("发展", kind="word")


def test_names_beside_a_report_hold_for_it_alone(seed: Report) -> None:
    assert english("庙桥港", names=names_of(seed)) == "Miaoqiao Canal"
    assert english("庙桥港", names=names_of(Report.parse("各位代表:\n"))) is None
    general = {(row["kind"], row["zh"]) for row in ROWS}
    beside = read_table(
        bundle.seed().with_suffix(".english.tsv"),
        columns=("zh", "kind", "en", "source"),
        optional=("note",),
    )
    assert not general & {(row["kind"], row["zh"]) for row in beside} - {("term", "三大")}
