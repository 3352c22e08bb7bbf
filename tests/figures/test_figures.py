"""Figures: that each draws in both languages and widths without a missing glyph, a cut or an
overlap, and saves the same bytes."""

import ast
import hashlib
import inspect
import io
import itertools
import json
import math
import os
import re
import subprocess
import sys
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from drawn import drawn_texts, shown
from matplotlib.colors import to_rgb
from PIL import Image

from xiacheng_nlp import figures
from xiacheng_nlp.errors import ProvenanceError
from xiacheng_nlp.figures import layout
from xiacheng_nlp.figures import style as look
from xiacheng_nlp.figures.layout import label_places
from xiacheng_nlp.figures.marks import blank_axes, number, ticks
from xiacheng_nlp.figures.names import names
from xiacheng_nlp.figures.page import Page
from xiacheng_nlp.figures.panel import VERDICTS
from xiacheng_nlp.figures.saving import Provenance, table_csv
from xiacheng_nlp.publish.catalogue import FIGURES

LANGS, WIDTHS = ("zh", "en"), ("single", "double")
TERMS = [
    "发展",
    "建设",
    "服务",
    "社会组织",
    "营改增",
    "“五水共治”",
    "创新创业新天地",
    "GDP",
    "H7N9",
    "一般公共预算收入",
]


def tables() -> dict[str, pd.DataFrame]:
    """A small table for each figure, with the cases that strain it: long titles, nulls, negatives,
    zeros, Latin words."""
    # "in the spirit of …, open a new journey of reform"
    title = "围绕贯彻精神、贯穿发展,开启全面深化改革新征程"
    structure = pd.DataFrame(
        [
            (None, None, "opening", 52, 0.01),
            ("1", "2013年工作回顾", "review", 6564, 0.4),
            ("1.1", title, "review", 844, 0.05),
            ("1.2", title * 3, "problems", 0, 0.0),
            ("2", "2014年政府工作", "plan", 7580, 0.44),
            ("2.1.1", "加快保障房建设", "plan", 50, 0.003),
            ("3", "名词解释", None, 3124, 0.097),
        ],
        columns=["section", "title", "part", "chars", "share"],
    )
    n = len(TERMS)
    counts = [67, 60, 60, 47, 39, 28, 9, 5, 2, 1]
    terms = pd.DataFrame({"term": TERMS, "count": counts, "per_10000": [c / 0.8 for c in counts]})
    terms["dp"] = [0.0, 0.25, 1.0, 0.5, None, 0.3, 0.99, 0.7, 0.2, 0.1]
    ranks = terms[["term", "count"]].assign(
        rank=range(1, n + 1), expected=[90 / r**0.9 for r in range(1, n + 1)]
    )
    ranks.attrs |= {"s": 0.9, "q": -0.25, "r_squared": 0.91}
    sections = pd.DataFrame(
        [
            (
                f"1.{i}",
                title[: 5 + 3 * i],
                ("review", "plan", "government")[i % 3],
                term,
                1 / (k + i + 1),
            )
            for i in range(6)
            for k, term in enumerate(TERMS[i : i + 4])
        ],
        columns=["section", "title", "part", "term", "tf_idf"],
    )
    keys = pd.DataFrame(
        {"term": TERMS, "target_count": range(n), "reference_count": range(n, 0, -1)}
    )
    keys["p_adjusted"] = [0.001, 0.01, 0.2, 0.9, None, 1.0, 0.3, 0.04, 0.01, 0.001]
    keys["log_ratio"] = [5.2, 3.0, 1.5, 0.4, 0.1, -0.2, -0.9, -2.4, -3.1, -6.5]
    strips = pd.DataFrame(
        [
            (term, (k * 37 % 101) / 101, list(figures.PART_NAMES)[k % 6])
            for term in TERMS
            for k in range(len(term), len(term) * 5)
        ],
        columns=["term", "position", "part"],
    ).assign(dp=0.5)
    pairs = pd.DataFrame(
        [
            (a, b, 8.0 + 3 * i + j)
            for i, a in enumerate(TERMS[:3])
            for j, b in enumerate(TERMS[2:])
            if a != b
        ],
        columns=["term", "collocate", "g2"],
    )
    pairs.loc[len(pairs)] = ["武林", "运河", 7.0]  # joined to nothing else
    names = [
        ", ".join(s)
        for s in itertools.product(
            ("rjieba", "icu"), ("lexicon", "no lexicon"), ("stop list", "no stop list")
        )
    ]
    agreement = pd.DataFrame(
        [
            ("frequency", a, b, math.cos(i), i / 28)
            for i, (a, b) in enumerate(itertools.combinations(names, 2))
        ],
        columns=["ranking", "setting", "other", "spearman", "jaccard"],
    )
    agreement.loc[3, "spearman"] = np.nan
    growth = pd.DataFrame(
        [
            ("地区生产总值", 7.8, None, "actual", "2013", "7.80%"),
            ("离岸外包合同执行金额", 134.74, None, "actual", "2013", "134.74%"),
            ("单位生产总值电耗", -3.6, None, "actual", "2013", "3.60%"),
            ("中央党政机关和事业单位一般性支出", 0.0, None, "actual", "2013", "0%"),
            ("城镇居民人均可支配收入", 5.0, 5.5, "actual", "2013", "5%—5.5%"),
            ("软件和信息技术服务业增加值", 9.6, None, "actual", "2013", "9.6%左右"),
            ("全社会固定资产投资", 10.0, None, "target", "2014", "10%"),
            ("全省刑事案件总量", -35.9, None, "actual", "2008-2012", "35.9%"),
        ],
        columns=["indicator", "growth", "growth_high", "status", "period", "text"],
    )
    promises = pd.DataFrame(
        [
            (
                "引进杭外到位资金",
                "level",
                "元",
                1.4645e10,
                1.29e10,
                None,
                "less",
                "146.45亿元",
                "129亿元",
            ),
            ("新增“多田套合”面积", "level", "亩", 1.8e6, 4.5e5, None, "less", "180万亩", "45万亩"),
            ("新增绿化面积", "level", "平方米", 6e4, 6e4, None, "same", "6万平方米", "6万平方米"),
            ("城镇登记失业率", "level", "%", 4.1, 4.6, None, "less", "4.1%", "4.6%以内"),
            (
                "文创产业增加值占地区生产总值比重",
                "share",
                "%",
                18.0,
                19.0,
                None,
                "more",
                "18%",
                "19%",
            ),
            ("文体活动", "level", "场", 1000.0, 1000.0, None, None, "1000余场", "1000场"),
            ("登记失业率", "level", "%", None, 4.0, None, None, None, "4%"),
            ("零的指标", "level", "个", 0.0, 3.0, None, "more", "0个", "3个"),
            ("地区生产总值", "growth", "%", 5.5, 5.0, 5.5, "same", "5.5%", "5%—5.5%"),
            ("全社会固定资产投资", "growth", "%", 25.56, 10.0, None, "less", "25.56%", "10%"),
            ("单位生产总值电耗", "growth", "%", -3.6, -4.0, None, "more", "3.60%", "4%"),
            (
                "离岸外包合同执行金额",
                "growth",
                "%",
                134.74,
                20.0,
                30.0,
                "less",
                "134.74%",
                "20%—30%",
            ),
            ("进出口总额", "growth", "%", None, 7.5, None, None, None, "7.5%左右"),
        ],
        columns=[
            "indicator",
            "measure",
            "unit_base",
            "actual",
            "target",
            "target_high",
            "promise",
            "actual_text",
            "target_text",
        ],
    )
    promises["ceiling"] = promises["indicator"].isin(["城镇登记失业率", "单位生产总值电耗"])
    promises["match"] = ["exact"] * (len(promises) - 1) + ["scope differs"]
    places = pd.DataFrame(
        [
            ("固定资产投资增幅指标", 1, "全市"),
            ("服务业增加值占地区生产总值比重", 1, "全省90个区(县、市)"),
            (title, 12, None),
        ],
        columns=["indicator", "rank", "among"],
    )
    commitments = pd.DataFrame(
        [
            ("2", "2014年政府工作", "plan", 6, 3, 1, 2),
            ("2.1", title, "plan", 0, 0, 0, 0),
            (None, None, "opening", 37, 34, 3, 0),
        ],
        columns=["section", "title", "part", "targets", "exact", "limits", "approximate"],
    )
    audit = pd.DataFrame(
        [
            (
                "difference-of-growth",
                "agrees",
                "地方财政收入",
                "0.41%",
                0.41,
                "4.45%; 4.04个百分点",
            ),
            (
                "share-of-levels",
                "does not agree",
                "服务业增加值占地区生产总值比重",
                "92%",
                91.8315,
                "591亿元; 643.57亿元",
            ),
            ("stock-and-share", "agrees after rounding", title, "5.10%", 5.0, "900人; 5400人; 6%"),
            (
                "parts-of-whole",
                "agrees",
                "引进并重点支持学科带头人",
                "300名左右",
                1000.0,
                "1000名左右",
            ),
            ("another-rule", "unknown", "楼宇", "1幢", 20.0, "20幢"),
        ],
        columns=["rule", "verdict", "indicator", "text", "computed", "note"],
    )
    audit["stated"] = [0.41, 92.0, 5.1, 300.0, 1.0]
    return (
        theme_tables()
        | panel_tables()
        | {
            "fig-report-keyness": keys,
            "fig-report-structure": structure,
            "fig-top-terms": terms,
            "fig-word-cloud": terms[["term", "count"]],
            "fig-rank-frequency": ranks,
            "fig-terms-by-section": sections,
            "fig-keyness": keys,
            "fig-dispersion-strips": strips,
            "fig-collocation-network": pairs,
            "fig-robustness": agreement,
            "fig-growth-rates": growth,
            "fig-actual-vs-target": promises,
            "fig-target-growth": promises,
            "fig-ranks": places,
            "fig-commitments": commitments,
            "fig-audit": audit,
        }
    )


def theme_tables() -> dict[str, pd.DataFrame]:
    """The tables of policy themes: names too long for a line, no interval, nothing in a cell, more
    communities than shapes."""
    names = [
        ("growth", "经济增长与财政", "Growth and public finance", "经济", "Economy"),
        ("industry", "产业与企业", "Industry and enterprises", "经济", "Economy"),
        ("education", "教育", "Education", "社会", "Society"),
        (
            "foreign",
            "外交与港澳台",
            "Foreign affairs, Hong Kong, Macao and Taiwan",
            "政治",
            "Politics",
        ),
        ("general", "总论", "General", "其他", "Other"),
        ("energy", "能源", "Energy", "经济", "Economy"),
    ]
    themes = pd.DataFrame(names, columns=["code", "theme", "theme_en", "domain", "domain_en"])
    attention = themes.assign(
        share=[0.4, 0.3, 0.2, 0.06, 0.04, 0.0], low=[0.2, 0.1, 0.0, None, 0.01, 0.0]
    )
    attention["high"] = [0.61, 0.5, 0.42, None, 0.08, 0.0]
    shift = themes.assign(
        target_share=[0.5, 0.3, 0.1, 0.06, 0.04, 0.0],
        reference_share=[0.1, 0.28, 0.1, 0.22, 0.0, 0.3],
    )
    shift["difference"] = shift["target_share"] - shift["reference_share"]
    shift = shift.assign(
        low=shift["difference"] - 0.1,
        high=shift["difference"] + 0.08,
        p_adjusted=[0.0004, 0.9, 1.0, 0.04, 0.2, 0.001],
    )
    shift["change"] = ["gains", "steady", "steady", "loses", "steady", "loses"]
    title = "围绕贯彻精神、贯穿发展,开启全面深化改革新征程"
    sections = [
        (None, None, "opening"),
        *((f"1.{i}", title[: 4 + 3 * i], "review") for i in range(1, 13)),
    ]
    sections += [
        *((f"2.{i}", title * (i // 4 + 1), "plan") for i in range(1, 9)),
        ("3", "自身建设", "government"),
    ]
    cells = pd.DataFrame(
        [
            (*section, *name, 0.5 * (k == i % 6) + 0.5 * (k == i % 4))
            for i, section in enumerate(sections)
            for k, name in enumerate(names)
        ],
        columns=["section", "title", "part", *themes.columns, "share"],
    )
    kinds = [
        ("supply", "供给型", "Supply-side"),
        ("environment", "环境型", "Environment-side"),
        ("demand", "需求型", "Demand-side"),
    ]
    kinds.append(("none", "无", "No instrument"))
    crossed = pd.DataFrame(
        [
            (
                *name,
                *kind,
                k * j * 7,
                k * j / max(6 * k, 1),
                None if k == 3 else (k - 2.5) * (j - 1.5),
            )
            for k, name in enumerate(names)
            for j, kind in enumerate(kinds)
        ],
        columns=[
            *themes.columns,
            "instrument",
            "instrument_zh",
            "instrument_en",
            "count",
            "share",
            "residual",
        ],
    )
    words = [f"{a}{b}" for a in "建服改民经社环文" for b in "设务革生济会境化"]
    joined = pd.DataFrame(
        [
            (
                words[i],
                words[i + step],
                9.0 / step,
                90 - i,
                90 - i - step,
                i // 6 + 1,
                (i + step) // 6 + 1,
            )
            for i in range(56)
            for step in (1, 2, 5)
        ],
        columns=[
            "term",
            "other",
            "strength",
            "term_count",
            "other_count",
            "term_community",
            "other_community",
        ],
    )
    english = {word: f"word {place}" for place, word in enumerate(words)} | {
        words[0]: "building of the urban area"
    }
    joined = joined.assign(
        term_en=joined["term"].map(english), other_en=joined["other"].map(english)
    )
    topics = pd.DataFrame(
        [
            (
                t,
                "、".join(TERMS[t % 5 : t % 5 + 6]),
                None if t == 2 else t / 11,
                *name,
                (t + k) % 3,
                ((t + k) % 3) / 6,
            )
            for t in range(1, 12)
            for k, name in enumerate(names)
        ],
        columns=["topic", "words", "stability", *themes.columns, "paragraphs", "share"],
    )
    return {
        "fig-theme-attention": attention,
        "fig-theme-section": cells,
        "fig-attention-shift": shift,
        "fig-theme-instrument": crossed,
        "fig-co-word-network": joined,
        "fig-topics": topics,
    }


def panel_tables() -> dict[str, pd.DataFrame]:
    """The tables of many reports: a place without a name, years with gaps, ranges, a fall, more
    places than are drawn, empty counts."""
    runs = [("甲区", 2010 + i, 9.0 - i, 8.5 - i, None) for i in range(6)]
    runs += [
        ("某某土家族苗族自治县", 2012, None, -2.0, 3.0),
        ("某某土家族苗族自治县", 2015, 12.5, None, None),
        (None, 2013, 4.0, 4.0, None),
    ]
    runs += [(f"{name}市", 2014, 5.0, None, None) for name in "丙丁戊己庚辛壬癸子丑寅"]
    series = pd.DataFrame(
        runs, columns=["place", "period", "outcome", "target", "target_high"]
    ).assign(unit_base="%")
    kept = pd.DataFrame(
        [
            ("全部工业企业单位增加值能源消费总量", "growth", 3, 2, 1, 0, 4),
            ("城镇新增就业", "level", 120, 1, 0, 6, 0),
            ("粮食产量", "level", 0, 0, 0, 2, 1),
            ("没有后续的指标", "level", 0, 0, 0, 0, 5),
        ],
        columns=[
            "indicator",
            "measure",
            "kept",
            "missed",
            "undecided",
            "not_reported",
            "no_later_report",
        ],
    )
    themes = [("经济增长与财政", "经济"), ("外交与港澳台", "政治"), ("总论", "其他")]
    years = pd.DataFrame(
        [
            (year, *theme, 1 + k, (year - 2000 + k) / 40)
            for year in range(2010, 2018)
            for k, theme in enumerate(themes)
        ],
        columns=["year", "theme", "domain", "reports", "share"],
    )
    steps = pd.DataFrame(
        [
            (2000 + i // 2, "某某土家族苗族自治县", "某某土家族苗族自治州", 7.0 + i, 8.0, i - 1.0)
            for i in range(40)
        ],
        columns=["year", "place", "above", "target", "above_target", "difference"],
    )
    placed = pd.DataFrame(
        [("report", f"r{i}", i / 7, (i % 3) / 5, 0.1, i == 2) for i in range(9)]
        + [("theme", "外交与港澳台", 0.1 * i, 0.2, 0.01, False) for i in range(9)],
        columns=["kind", "name", "d1", "d2", "mass", "own"],
    )
    placed.attrs = {"inertia_1": 0.31, "inertia_2": 0.2}
    scores = [
        ("words", "package", 0.99, 0.98, 1.0),
        ("words", "jieba", 0.8, 0.75, 0.85),
        ("records", "package", 0.5, 0.0, 1.0),
    ]
    scores += [
        ("another task", "package", 1.0, None, None),
        ("records", "held out", 0.4, None, None),
        ("words", "another system", 0.1, 0.0, 0.2),
    ]
    accuracy = pd.DataFrame(scores, columns=["task", "system", "value", "low", "high"])
    built = [
        ("level", 187, 0.99, 0.9, 1.0, 0.5),
        ("about another number", 1, 0.0, 0.0, 0.8, None),
        ("another", 0, 1.0, 0.2, 1.0, 0.0),
    ]
    constructions = pd.DataFrame(
        built,
        columns=["construction", "n", "record", "record_low", "record_high", "pattern_record"],
    )
    return {
        "fig-accuracy": accuracy,
        "fig-accuracy-by-construction": constructions,
        "fig-indicator-series": series,
        "fig-kept-promises": kept,
        "fig-panel-attention": years,
        "fig-target-steps": steps,
        "fig-report-map": placed,
    }


TABLES = tables()
GRIDS = ("fig-terms-by-section", "fig-ranks", "fig-audit")
SOURCE = Provenance(
    source="report.txt",
    source_sha256="0" * 64,
    version="0.1.0",
    options={"停用词": "开", "top": "25"},
)
every_figure = pytest.mark.parametrize("id", list(figures.DRAW))


def test_each_figure_has_a_function_and_texts_in_both_languages() -> None:
    assert list(figures.DRAW) == list(figures.TEXTS) == list(FIGURES)
    assert set(figures.DRAW) == set(TABLES), "a table of each stands in `tables` of this file"
    assert {draw.__name__ for draw in figures.DRAW.values()} <= set(figures.__all__)
    for id, text in figures.TEXTS.items():
        assert text.id == id
        assert re.fullmatch(r"fig(-[a-z]+)+", id)
        told = [text.title, text.caption, text.empty]
        assert all(said[lang] for said in told for lang in LANGS)
        assert not look.missing_characters([said[lang] for said in told for lang in LANGS])


@pytest.mark.slow
@every_figure
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", WIDTHS)
def test_texts_stay_inside_and_apart(id: str, lang: Any, width: Any) -> None:
    """With the title; figures of the seed are drawn without."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = figures.DRAW[id](TABLES[id], lang=lang, width=width, titled=True)
        drawn_texts(figure)
    assert figure.mm_width == look.WIDTHS[width]
    assert figure.texts[0].get_text() == figures.TEXTS[id].title[lang]


def test_the_overlap_test_sees_an_overlap() -> None:
    figure = figures.ReportFigure("fig-top-terms", lang="zh", width="single", height=20)
    figure.write(5, 5, "发展")
    figure.write(6, 5, "建设")
    with pytest.raises(AssertionError, match="发展 and 建设 overlap"):
        drawn_texts(figure)


def test_the_overlap_test_sees_what_would_be_cut_off_without_the_title() -> None:
    figure = figures.ReportFigure(
        "fig-top-terms", lang="zh", width="single", height=20, title="词频"
    )
    figure.write(5, 0, "发展")
    drawn_texts(figure)
    figure.write(25, -2, "建设")
    with pytest.raises(AssertionError, match="建设 is cut off above"):
        drawn_texts(figure)
    figure = figures.ReportFigure("fig-top-terms", lang="zh", width="single", height=20)
    figure.mm_top = -3
    figure.write(5, 0, "发展")
    with pytest.raises(AssertionError, match="发展 is cut off above"):
        drawn_texts(figure)


@every_figure
def test_a_table_without_rows_gives_a_picture_that_says_so(id: str) -> None:
    for lang, words in (("zh", "无图可画"), ("en", "Nothing to draw")):
        why = figures.TEXTS[id].empty[lang]
        for width in WIDTHS:
            figure = figures.DRAW[id](TABLES[id].head(0), lang=lang, width=width)
            said = " ".join(text.get_text().strip() for text in shown(figure))
            assert words in said
            assert why in (said if lang == "en" else said.replace(" ", "")), (why, said)


@every_figure
def test_a_table_that_lacks_a_column_is_told(id: str) -> None:
    with pytest.raises(
        figures.FigureError, match=rf"{id} needs the columns .*; the table has nothing, no "
    ):
        figures.DRAW[id](pd.DataFrame({"nothing": [1]}))


@pytest.mark.parametrize(
    ("id", "column"),
    [
        ("fig-collocation-network", "g2"),
        *((id, column) for id, record in figures.TEXTS.items() for column in record.finite),
    ],
)
def test_a_null_where_the_scale_needs_a_number_is_told(id: str, column: str) -> None:
    table = TABLES[id].copy()
    table.loc[1, column] = float("nan")
    with pytest.raises(figures.FigureError, match=f"{id} needs numbers in {column}; row 2 has nan"):
        figures.DRAW[id](table)


@pytest.mark.slow
@every_figure
@pytest.mark.parametrize("text", ["$x_1^2$ \\alpha 发展", "很" * 80, "", "一\n二\t三", "𠮷"])
def test_any_text_can_be_drawn(id: str, text: str) -> None:
    table = TABLES[id].head(2).copy()
    columns = {
        "term",
        "title",
        "collocate",
        "setting",
        "indicator",
        "among",
        "evidence",
        "text",
        "target_text",
        "other",
        "words",
        "domain",
    }
    for column in columns & set(table.columns):
        table[column] = text
    if "theme" in table.columns:
        table["theme"] = [f"{text}{row}" for row in range(len(table))]  # a theme stands once
    assert figures.DRAW[id](table, width="single", titled=True).png(50)


def test_wrong_options_are_told() -> None:
    with pytest.raises(figures.FigureError, match="lang is zh or en, not 'de'"):
        figures.top_terms(TABLES["fig-top-terms"], lang="de")  # type: ignore[arg-type]
    with pytest.raises(figures.FigureError, match=r"width is single .* or double .*, not 'wide'"):
        figures.top_terms(TABLES["fig-top-terms"], width="wide")  # type: ignore[arg-type]


ELSEWHERE = """
import sys
sys.path[:0] = ["tests", "tests/figures"]
from saved import quick_pdfs
from test_figures import TABLES, saved
with quick_pdfs():
    for id in reversed(TABLES):
        saved(id, sys.argv[1])
"""


def saved(id: str, folder: str | Path) -> dict[str, bytes]:
    """The files of a figure."""
    figure = figures.DRAW[id](TABLES[id], lang="zh", width="single")
    paths = figures.save_figure(figure, TABLES[id], folder, id=id, lang="zh", provenance=SOURCE)
    return {path.name: path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of all figures as a process with another order of sets saves them, the last
    first."""
    folder = tmp_path_factory.mktemp("elsewhere")
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, folder],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return folder


@pytest.mark.slow
@every_figure
@pytest.mark.usefixtures("quick_pdfs")
def test_saved_files_are_the_same_bytes_and_hold_their_provenance(
    id: str, elsewhere: Path, tmp_path: Path
) -> None:
    table = TABLES[id]
    # What it leaves behind changes nothing when it is drawn again.
    figures.DRAW[id](table)
    files = saved(id, tmp_path)
    assert {name: (elsewhere / name).read_bytes() for name in files} == files
    tables = ["html", "tex", "docx"] if id in GRIDS else []
    assert list(files) == [
        *(f"{id}-zh-single.{form}" for form in ["pdf", "svg", "png", *tables]),
        f"{id}.csv",
        f"{id}-zh-single.json",
    ]
    pdf, svg, png = list(files.values())[:3]
    csv = files[f"{id}.csv"]
    assert csv == table_csv(table)
    said = json.loads(str(Image.open(io.BytesIO(png)).info["Description"]))
    assert said["id"] == id
    assert said["table"]["sha256"] == hashlib.sha256(csv).hexdigest()
    assert said["options"] == {"top": "25", "停用词": "开"}
    for picture in (pdf, svg):
        assert not re.search(rb"20\d\d-\d\d-\d\dT|CreationDate|Matplotlib v", picture)
    assert said["table"]["sha256"] in svg.decode("utf-8")
    assert round(Image.open(io.BytesIO(png)).info["dpi"][0]) == 300


def test_pdf_embeds_truetype_and_its_text_can_be_copied(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    table = TABLES["fig-word-cloud"]
    figure = figures.word_cloud(table)
    path, *_ = figures.save_figure(
        figure, table, tmp_path, id="fig-word-cloud", lang="zh", provenance=SOURCE
    )
    reader = pypdf.PdfReader(path)
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    kinds = {str(font.get_object()["/Subtype"]) for font in fonts}
    assert kinds <= {"/Type0", "/TrueType"}
    assert kinds
    for font in fonts:
        for inner in font.get_object().get("/DescendantFonts", []):
            assert inner.get_object()["/Subtype"] == "/CIDFontType2"
            assert "/FontFile2" in inner.get_object()["/FontDescriptor"].get_object()
    text = reader.pages[0].extract_text()
    assert "发展" in text
    assert json.loads(reader.metadata["/Subject"])["source"]["name"] == "report.txt"
    assert reader.metadata["/Title"] == "词云"


def test_csv_reads_back_as_the_table(tmp_path: Path) -> None:
    for id, table in TABLES.items():
        read = pd.read_csv(io.BytesIO(table_csv(table)), dtype={"section": str})
        pd.testing.assert_frame_equal(
            read, table.reset_index(drop=True), check_dtype=False, rtol=1e-11
        )
        assert b"\r" not in table_csv(table), id


def test_the_sessions_settings_stay_and_do_not_matter() -> None:
    table = TABLES["fig-keyness"]
    plain = figures.keyness(table).png()
    with matplotlib.rc_context(
        {
            "font.size": 30,
            "axes.unicode_minus": False,
            "savefig.bbox": "tight",
            "lines.linewidth": 9,
            "pdf.fonttype": 3,
        }
    ):
        before = dict(matplotlib.rcParams)
        figure = figures.keyness(table)
        assert figure.png() == plain
        figure.savefig(io.BytesIO(), format="pdf")
        assert dict(matplotlib.rcParams) == before


def test_pyplot_knows_nothing_of_the_figures() -> None:
    code = (
        "import sys; sys.path[:0] = ['tests', 'tests/figures']; "
        "from test_figures import TABLES, figures; "
        "figures.top_terms(TABLES['fig-top-terms']).png(); "
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


def test_a_character_that_the_font_lacks_is_told_by_its_code_point() -> None:
    rare = "𠮷\U0002f800"
    assert figures.missing_characters([rare, "政府"]) == ("U+20BB7", "U+2F800")
    table = pd.DataFrame({"term": [f"{rare}路"], "count": [3], "per_10000": [1.0]})
    assert "[U+20BB7][U+2F800]路" in [text.get_text() for text in shown(figures.top_terms(table))]


def test_the_font_has_gbk_and_bold_has_gb2312() -> None:
    def decoded(encoding: str) -> str:
        pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
        text = "".join(pair.decode(encoding, errors="ignore") for pair in pairs)
        return "".join(c for c in text if not "\ue000" <= c <= "\uf8ff" and ord(c) > 127)

    assert len(decoded("gbk")) > 21_000
    lacking = figures.missing_characters(decoded("gbk"))
    assert all(not 0x4E00 <= int(point[2:], 16) <= 0x9FFF for point in lacking), lacking
    assert all(
        not 0x4E00 <= int(point[2:], 16) <= 0x9FFF
        for point in figures.missing_characters(decoded("gb2312"), bold=True)
    )
    assert not figures.missing_characters("−–—…·“”‘’《》〈〉〔〕①㎡℃‰½²³×÷±≥≤≈→←%¥€")


def lab(colour: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear sRGB under D65."""
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ colour
        / [0.9505, 1.0, 1.089]
    )
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# Machado, Oliveira & Fernandes 2009, full severity, on linear sRGB.
SIGHT = {
    "all": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@pytest.mark.parametrize("kinds", [look.PART_COLOURS, VERDICTS], ids=["parts", "verdicts"])
@pytest.mark.parametrize("sight", list(SIGHT))
def test_colours_can_be_told_apart_in_grey_and_by_every_eye(
    sight: str, kinds: dict[str, str]
) -> None:
    def seen(colour: str) -> np.ndarray:
        rgb = np.array(to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return lab(np.clip(np.array(SIGHT[sight]) @ linear, 0, 1))

    colours = sorted({seen(colour)[0]: colour for colour in kinds.values()}.values())
    assert len(colours) == len({*kinds.values()})
    for one, two in itertools.combinations(colours, 2):
        assert np.linalg.norm(seen(one) - seen(two)) > 20, (one, two)
        if sight == "all":
            assert abs(seen(one)[0] - seen(two)[0]) > 9, (one, two)


def test_a_folder_in_the_source_is_refused() -> None:
    with pytest.raises(ProvenanceError, match="without its folder"):
        Provenance(source="reports/report.txt", source_sha256="", version="")


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = TABLES["fig-top-terms"]
    figure = figures.top_terms(table)
    old = tmp_path / "fig-top-terms-zh.pdf"
    old.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        figures.save_figure(
            figure, table, tmp_path, id="fig-top-terms", lang="zh", provenance=SOURCE
        )
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(old.name, b"old")]


def test_a_notebook_shows_the_picture_whatever_the_inline_backend_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    display = pytest.importorskip("IPython.display")
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(display, "display", lambda bundle, **_: sent.append(bundle))
    figure = figures.top_terms(TABLES["fig-top-terms"])
    figure._ipython_display_()
    assert sent[0]["text/plain"] == "<fig-top-terms zh 175 x 53.2 mm>"
    assert sent[0]["image/png"].startswith("iVBORw0KGgo")


@pytest.mark.parametrize("comma", [",", "，"])
@pytest.mark.parametrize("bold", [False, True])
def test_no_line_begins_with_a_comma(comma: str, bold: bool) -> None:
    # "secure and improve livelihoods, promote fairness and justice"
    title = f"切实保障和改善民生{comma}促进社会公平正义"
    for width in range(8, 60):
        lines = look.wrap(title, width, bold=bold).split("\n")
        assert len(lines) <= 2
        assert all(look.text_width(line, size=look.SIZE, bold=bold) <= width for line in lines)
        assert not lines[-1].startswith(comma)
        assert "".join(lines) == title or lines[-1].endswith("…")


def marks_of_row(figure: figures.ReportFigure, row: str) -> set[str]:
    """The marks of targets on the row of that label: all but the ring of the outcome."""
    label = next(text for text in shown(figure) if text.get_text() == row)
    axes = max(figure.axes, key=lambda axes: axes.get_position().height)
    height = label.get_position()[1] + look.below(look.SIZE) / figure.mm_height
    found = set()
    for line in axes.lines:
        middle = figure.transFigure.inverted().transform(
            line.get_transform().transform(line.get_xydata()[0])
        )[1]
        ring = line.get_marker() == "o" and line.get_markerfacecolor() == "white"
        if abs(middle - height) < 0.01 and line.get_marker() not in ("None", "") and not ring:
            found.add(str(line.get_marker()))
    return found


@pytest.mark.parametrize(
    ("id", "row", "mark"),
    [
        # "funds from outside Hangzhou": 14.6 billion done, 12.9 asked
        ("fig-actual-vs-target", "引进杭外到位资金", "D"),
        # "unemployment": a ceiling, wherever it lies
        ("fig-actual-vs-target", "城镇登记失业率", "v"),
        ("fig-actual-vs-target", "新增绿化面积", "o"),  # "new green": as much again
        ("fig-actual-vs-target", "文体活动", "x"),  # "events": over 1,000 done, 1,000 asked
        ("fig-target-growth", "全社会固定资产投资", "D"),  # "investment": 25.56 % done, 10 % asked
        ("fig-target-growth", "单位生产总值电耗", "v"),  # "power use": a fall
    ],
)
def test_what_a_target_asks_has_its_own_mark(id: str, row: str, mark: str) -> None:
    assert marks_of_row(figures.DRAW[id](TABLES[id]), row) == {mark}


def test_targets_are_rings_where_nothing_was_done() -> None:
    table = TABLES["fig-growth-rates"].assign(status="target", period="2014")
    figure = figures.growth_rates(table, lang="en")
    assert "Growth target for 2014 (%); the report states no outcome" in {
        text.get_text() for text in shown(figure)
    }
    rings = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    assert {line.get_markerfacecolor() for line in rings} == {"white"}


def test_a_table_is_saved_as_html_latex_and_word() -> None:
    from docx import Document

    grid = figures.audit(TABLES["fig-audit"], lang="en").grid
    forms = grid.forms("The report's own arithmetic")
    assert '<th style="text-align:left">Verdict</th>' in forms["html"].decode()
    assert r"92\%" in forms["tex"].decode()
    (word,) = Document(io.BytesIO(forms["docx"])).tables
    assert [cell.text for cell in word.rows[0].cells] == [c.head for c in grid.columns]
    assert [cell.text for cell in word.rows[1].cells] == list(grid.rows[1])


@pytest.mark.parametrize(
    ("stated", "computed", "said"),
    [
        (58.70, 58.6614, "agrees at 1 decimal only"),
        (92, 91.8315, "agrees when rounded to a whole number"),
        (5.10, 5.0, "agrees within the rounding of what it rests on"),
    ],
)
def test_rounding_is_told(stated: float, computed: float, said: str) -> None:
    row = {"verdict": "agrees after rounding", "indicator": "提案解决率"}  # "proposals settled"
    table = pd.DataFrame([row | {"text": "", "note": "", "stated": stated, "computed": computed}])
    assert said in " ".join(t.get_text() for t in shown(figures.audit(table, lang="en"))).replace(
        "\n", " "
    )


def test_what_was_promised_is_told_and_not_guessed() -> None:
    table = TABLES["fig-actual-vs-target"].drop(columns="promise")
    with pytest.raises(figures.FigureError, match=r"needs the columns .*, no promise"):
        figures.actual_vs_target(table)


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("fig-actual-vs-target", "7 more targets not drawn"),
        ("fig-target-growth", "1 more growth target not drawn"),
        ("fig-growth-rates", "2 more rows not drawn"),
        ("fig-indicator-series", "2 more places not drawn."),
        ("fig-kept-promises", "10 more targets without a later report."),
        ("fig-theme-attention", "1 more theme without a sentence."),
    ],
)
def test_what_is_not_drawn_is_counted(id: str, said: str) -> None:
    assert said in " ".join(t.get_text() for t in shown(figures.DRAW[id](TABLES[id], lang="en")))


@every_figure
def test_what_n_counts_has_a_name(id: str) -> None:
    assert set(names("unit")[figures.TEXTS[id].counts]) == set(LANGS)


def test_every_label_is_asked_for_and_has_the_same_braces_in_both_languages() -> None:
    asked = {
        node.value
        for path in Path(look.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    labels = names("figure")
    assert set(labels) <= asked
    for key, text in labels.items():
        assert set(re.findall("{.*?}", text["zh"])) <= set(re.findall("{.*?}", text["en"])), key


@every_figure
def test_help_shows_the_options_of_a_figure_and_those_that_all_have(id: str) -> None:
    options = list(inspect.signature(figures.DRAW[id]).parameters)
    assert options[0] == "table"
    assert options[-3:] == ["lang", "width", "titled"]
    assert f"Id: {id}." in " ".join(str(figures.DRAW[id].__doc__).split())


def test_a_rate_far_from_the_others_stands_as_an_arrow_with_its_value() -> None:
    figure = figures.growth_rates(TABLES["fig-growth-rates"])
    assert [line.get_marker() for axes in figure.axes for line in axes.lines].count(">") == 1
    assert "+134.74%" in [text.get_text() for text in shown(figure)]


@pytest.mark.parametrize("growth", [9.0, 90.0])
def test_a_range_that_ends_beyond_the_axis_has_an_arrow_and_the_note(growth: float) -> None:
    # "retail sales, revenue": a range whose upper end is far from all other rates
    rows = [("零售总额", 8 + 0.2 * n) for n in range(9)] + [("财政收入", growth)]
    table = pd.DataFrame(rows, columns=["indicator", "growth"])
    table["text"] = table["growth"].map("{:g}%".format)
    table["growth_high"] = [None] * 9 + [95.0]
    figure = figures.growth_rates(table)
    marks = [line.get_marker() for axes in figure.axes for line in axes.lines]
    assert ">" in marks
    assert "箭头：超出坐标范围。" in [text.get_text() for text in shown(figure)]
    (axes,) = {line.axes for line in figure.axes[-1].lines}
    high = axes.get_xlim()[1]
    assert all(max(line.get_xdata()) <= high + 1e-9 for line in axes.lines)


def test_a_target_beyond_the_axis_stands_as_an_arrow_too() -> None:
    # "retail sales, revenue": an outcome far from all other rates
    rows = [("零售总额", 9.6, 9), ("消费总额", 9.2, 9), ("贷款余额", 8, 7), ("财政收入", 62.8, 6.5)]
    table = pd.DataFrame(rows, columns=["indicator", "actual", "target"]).assign(
        measure="growth", promise="less"
    )
    for side in ("actual", "target"):
        table[f"{side}_text"] = table[side].map("{:g}%".format)
    figure = figures.target_growth(table)
    marks = [line.get_marker() for axes in figure.axes for line in axes.lines]
    assert (marks.count(">"), marks.count("<")) == (1, 0)
    assert "箭头：超出坐标范围。" in [text.get_text() for text in shown(figure)]


@pytest.mark.parametrize(("lang", "width"), [(k, w) for k in LANGS for w in WIDTHS])
def test_what_is_done_and_what_dispersion_means_are_told_at_any_width(lang, width) -> None:
    figure = figures.actual_vs_target(TABLES["fig-actual-vs-target"], lang=lang, width=width)
    assert "100" in [label.get_text() for label in figure.axes[-1].get_xticklabels()]
    figure = figures.top_terms(TABLES["fig-top-terms"], lang=lang, width=width)
    said = " ".join(text.get_text() for text in shown(figure))
    assert all(names("figure")[end][lang] in said for end in ("even", "uneven"))


def test_a_long_heading_has_as_many_lines_in_either_language() -> None:
    page = [Page("fig-commitments", lang, "double", False) for lang in LANGS]
    told = [each.label("围绕" * 40, 30) for each in page]  # "around …"
    assert told[0] == told[1]


def test_the_lines_of_a_label_stand_at_one_distance() -> None:
    figure = figures.ReportFigure("fig", lang="en", width="single", height=20)
    figure.write(1, 10, "one of\nthe eight\ngauges, “额”\nso", va="center", linespacing=1.1)
    heights = [text.get_position()[1] for text in figure.texts]
    assert np.ptp(np.diff(heights)) < 1e-9
    assert {text.get_verticalalignment() for text in figure.texts} == {"baseline"}


def test_ticks_that_have_no_room_are_left_out_evenly_and_one_never_stands_alone() -> None:
    axes = blank_axes(
        figures.ReportFigure("fig", lang="en", width="single", height=20), 0, 0, 40, 10
    )
    axes.set_xlim(-9, 9)
    ticks(axes, [(float(k), number(k, 0)) for k in sorted(range(-9, 10), key=abs)])
    assert set(np.diff(np.sort(axes.get_xticks()))) == {2.0}
    axes.set_xlim(-1, 11)
    ticks(axes, [(5.0, "the fifth of these, which is the middle"), (0.0, "none"), (10.0, "ten")])
    assert sorted(axes.get_xticks()) == [0.0, 10.0]
    # The value that others are measured by keeps its tick.
    ticks(axes, [(2.0, "last year"), (0.0, "none at all"), (10.0, "ten")])
    assert sorted(axes.get_xticks()) == [2.0, 10.0]


def test_what_does_not_agree_comes_first() -> None:
    figure = figures.audit(TABLES["fig-audit"], lang="en")
    heights = {text.get_text(): text.get_position()[1] for text in shown(figure)}
    rounded = heights["agrees within the rounding"]
    assert heights["does not agree"] > rounded > heights["agrees"]


def test_exact_decimals_draw_as_numbers_do() -> None:
    table = TABLES["fig-growth-rates"]
    exact = table.assign(growth=[Decimal(str(value)) for value in table["growth"]])
    assert figures.growth_rates(exact).png() == figures.growth_rates(table).png()


def test_one_group_of_themes_is_drawn() -> None:
    table = TABLES["fig-theme-attention"]
    with pytest.raises(
        figures.FigureError,
        match="经济增长与财政 stands twice in the table; draw the rows of one part",
    ):
        figures.theme_attention(pd.concat([table, table]))


def test_gains_and_losses_have_their_own_shape() -> None:
    figure = figures.attention_shift(TABLES["fig-attention-shift"])
    drawn = [str(line.get_marker()) for line in figure.axes[-1].lines]
    assert (drawn.count("^"), drawn.count("v"), drawn.count("o")) == (1, 2, 3)
    said = [text.get_text() for text in shown(figure)]
    assert "<0.001" in said
    assert "0.040" in said


def test_a_cell_beyond_chance_is_marked() -> None:
    table = TABLES["fig-theme-instrument"]
    said = [text.get_text() for text in shown(figures.theme_instrument(table, lang="en"))]
    expected = [
        "" if pd.isna(r) else "↑" if r > 2 else "↓" if r < -2 else "" for r in table["residual"]
    ]
    for count, sign in zip(table["count"], expected, strict=True):
        assert not sign or f"{count}{sign}" in said
    assert sum(text.endswith(("↑", "↓")) for text in said) == sum(map(bool, expected))
    assert f"{table['count'].sum():,}" in said


@pytest.mark.parametrize(("sentences", "shades"), [(4, 1), (5, 2)])
def test_a_theme_of_few_sentences_is_not_shaded(sentences: int, shades: int) -> None:
    row = {"instrument_zh": "供给型", "instrument_en": "Supply-side", "residual": 0.0, "share": 1.0}
    counts = [("教育", 9), ("能源", sentences)]  # "education", "energy"
    table = pd.DataFrame([row | {"theme": theme, "count": n} for theme, n in counts])
    figure = figures.theme_instrument(table)
    *cells, _ = [patch.get_facecolor() for axes in figure.axes for patch in axes.patches]
    assert cells.count(cells[0]) == shades
    assert str(sentences) in {text.get_text() for text in shown(figure)}
    told = "不足5句的主题不着色。" in {text.get_text() for text in shown(figure)}
    assert told == (shades == 1)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_section_is_named_above_its_column_and_below(width: Any) -> None:
    table = TABLES["fig-theme-section"]
    said = [text.get_text() for text in shown(figures.theme_section(table, width=width))]
    for section in table["section"].dropna().unique():
        assert said.count(section) == 2


def test_words_of_the_network_are_as_many_as_said() -> None:
    table = TABLES["fig-co-word-network"]
    everything = set(table["term"]) | set(table["other"])
    figure = figures.co_word_network(table, top=20)
    drawn = {text.get_text() for text in shown(figure)} & everything
    assert len(drawn) == 20
    assert f"另有{len(everything) - 20}个词未画。" in {text.get_text() for text in shown(figure)}
    with pytest.raises(figures.FigureError, match="top is a number of terms, 2 or more, not 1"):
        figures.co_word_network(table, top=1)


def test_communities_have_their_own_shapes_and_colours() -> None:
    from xiacheng_nlp.figures.network import COMMUNITIES, OTHERS

    looks = [*COMMUNITIES, OTHERS]
    assert len({mark.shape for mark in looks}) == len({mark.colour for mark in looks}) == len(looks)
    for mark in looks:
        rgb = np.array(to_rgb(mark.colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        assert lab(linear)[0] < 65, f"{mark.colour} is too pale on white"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_bar_has_its_interval_on_one_side(lang: Any) -> None:
    """0 against 237 passes by G², and the interval of its ratio holds zero."""
    counts = {"甲": (26, 34, 4.8), "乙": (0, 237, -3.7), "丙": (2, 760, -3.4)}
    rows = [
        {"term": term, "target_count": a, "reference_count": b, "log_ratio": ratio}
        for term, (a, b, ratio) in counts.items()
    ]
    table = pd.DataFrame(rows).assign(p_adjusted=0.001)
    figure = figures.report_keyness(table, lang=lang)
    bars = max(figure.axes, key=lambda axes: len(axes.patches)).patches
    hollow = {round(bar.get_width(), 1) for bar in bars if bar.get_facecolor()[:3] == (1, 1, 1)}
    assert hollow == {-3.7}
    said = " ".join(text.get_text() for text in shown(figure))
    assert names("figure")["not-by-correction"][lang] in said


@pytest.mark.parametrize("width", ["single", "double"])
def test_what_all_columns_have_is_said_once(width: Any) -> None:
    rows = [
        {"year": year, "theme": "教育", "reports": 1, "share": 0.05} for year in range(1980, 2016)
    ]
    said = [
        text.get_text()
        for text in shown(figures.panel_attention(pd.DataFrame(rows), lang="en", width=width))
    ]
    assert sum("1 report" in text for text in said) == 1


def test_columns_too_narrow_for_their_names_have_these_on_end() -> None:
    years = ["This report", *map(str, range(1970, 2016))]
    rows = [{"year": year, "theme": "教育", "reports": 1, "share": 0.05} for year in years]
    said = shown(figures.panel_attention(pd.DataFrame(rows), lang="en"))
    assert [text.get_text() for text in said if text.get_rotation() == 90] == years


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Gross regional product, growth (%)"), ("zh", "地区生产总值增速（%）")],
)
def test_a_series_says_that_it_is_growth_and_has_round_ticks(lang: Any, said: str) -> None:
    row = {"place": "甲区", "unit_base": "%", "measure": "growth"}  # "District A"
    row |= {"indicator": "地区生产总值", "indicator_en": "Gross regional product"}
    outcomes = {2019: 13.0, 2020: -8.0}
    rows = [row | {"period": y, "outcome": v, "target": None} for y, v in outcomes.items()]
    figure = figures.indicator_series(pd.DataFrame(rows), lang=lang)
    assert said in {text.get_text() for text in shown(figure)}
    (axes,) = (axes for axes in figure.axes if axes.axison)
    assert axes.get_yticks().tolist() == [-10, -5, 0, 5, 10, 15]


def test_a_series_has_room_for_ranges_and_for_amounts_of_the_nation() -> None:
    row = {"place": "中国", "unit_base": "元", "measure": "level", "target": None}
    rows = [row | {"period": y, "outcome": v} for y, v in {2023: 1.29e14, 2024: 1.35e14}.items()]
    asked = {"period": 2025, "outcome": None, "target": 1.4e14, "target_high": 1.6e14}
    figure = figures.indicator_series(pd.DataFrame([*rows, row | asked]))
    (axes,) = (axes for axes in figure.axes if axes.axison)
    assert axes.get_ylim()[1] > 1.6e14
    assert len(axes.get_yticks()) > 2


def test_red_carries_no_judgement() -> None:
    from xiacheng_nlp.figures.panel import VERDICTS
    from xiacheng_nlp.figures.themes import CHANGES

    colours = {*VERDICTS.values(), *(mark.colour for mark in CHANGES.values())}
    assert not colours & {look.RED, look.TEAL}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_counts_of_key_terms_have_their_sides_above_them(width: Any) -> None:
    said = {t.get_text() for t in shown(figures.keyness(TABLES["fig-keyness"], width=width))}
    assert {"对数比 Log Ratio", "频次（部署 : 回顾）"} <= said


def test_the_words_of_a_community_have_the_commas_of_the_language() -> None:
    for lang, comma in (("zh", "、"), ("en", ", ")):
        figure = figures.co_word_network(TABLES["fig-co-word-network"], lang=lang)
        said = [text.get_text() for text in shown(figure)]
        assert sum(text.count(comma) == 2 for text in said) > 1, lang
        assert not any("·" in text for text in said)


def test_an_ornament_of_a_heading_is_left_out() -> None:
    table = TABLES["fig-commitments"].head(1).assign(title="※工作〔18〕安排※")  # "arrangements"
    assert "工作安排" in {text.get_text() for text in shown(figures.commitments(table))}


def test_no_line_runs_through_a_strange_label_or_mark() -> None:
    """A word that stands on the line between two others is moved from it."""
    marks = {"发展": (10.0, 20.0), "经济": (70.0, 20.0), "社会": (40.0, 20.5), "改革": (40.0, 5.0)}
    boxes = {word: (14.0, 4.0) for word in marks}
    moved, middles = label_places(marks, boxes, [("发展", "经济"), ("社会", "改革")], (80.0, 40.0))
    assert {word for word in marks if moved[word] != marks[word]} == {"社会"}
    assert abs(moved["社会"][1] - 20) > 1.3
    assert all(math.dist(moved[a], moved[b]) >= 4 for a, b in itertools.combinations(moved, 2))
    assert abs(middles["社会"][1] - 20) > 2
    assert abs(middles["改革"][1] - 20) > 2


def test_labels_of_many_words_are_placed_by_few_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a trial looks at grows by the square of the words."""
    tried: list[int] = []
    sides = layout._sides
    monkeypatch.setattr(layout, "_sides", lambda *a: tried.append(len(a[0])) or sides(*a))
    for words in (0, 20, 100):
        marks = {f"词{n}": (7.0 + n * 37 % 140, 5.0 + n * 23 % 80) for n in range(words)}
        lines = [(f"词{n}", f"词{n * 7 % words}") for n in range(words) if n * 6 % words]
        moved, middles = label_places(marks, dict.fromkeys(marks, (8.0, 4.0)), lines, (160, 90))
        assert list(moved) == list(middles) == list(marks)
    assert sum(words**2 for words in tried) < 20 * layout.PAIRS


def test_no_line_is_left_with_a_lone_character() -> None:
    """At no width that takes three lines or fewer, and not behind a comma either."""
    # "deepen reform and widen opening up, anew", "what became of the targets of this report"
    for text in ("深化改革扩大开放，新", "本报告所设目标在其他各地报告中的兑现情况"):
        for width in range(12, 70):
            lines = look.wrap(text, width, lines=4).split("\n")
            if len(lines) < 4 and not lines[-1].endswith("…"):
                assert all(len(line) > 1 for line in lines), (width, lines)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("id", "before"),
    [
        ("report-structure", "2.1"),
        ("theme-section", "Plan"),
        ("terms-by-section", "Plan 2.1"),
        ("commitments", "Plan 2.1"),
    ],
)
def test_a_chinese_heading_in_an_english_figure_has_its_part_and_number(
    id: str, before: str, width: Any
) -> None:
    """Where the figure shows part or number elsewhere, that is not told twice."""
    table = TABLES[f"fig-{id}"]
    table = table.assign(section="2.1", title="做强产业", title_en=None, part="plan")  # "industry"
    draw = getattr(figures, id.replace("-", "_"))
    for lang, told in (("en", f"{before}: 做强产业"), ("zh", "做强产业")):
        said = {text.get_text() for text in shown(draw(table, lang=lang, width=width))}
        assert told in {text.replace("\n", " ") for text in said}
    said = {text.get_text() for text in shown(draw(table.assign(title_en="Industry"), lang="en"))}
    assert "Industry" in said


@pytest.mark.parametrize("id", ["fig-actual-vs-target", "fig-target-growth"])
def test_the_years_of_targets_and_outcomes_stand_above_them(id: str) -> None:
    draw, table = getattr(figures, id[4:].replace("-", "_")), TABLES[id]
    of_years = table.assign(actual_period="2013", target_period="2014")
    for lang, heads in (("zh", {"2013年", "2014年目标"}), ("en", {"2013", "Target 2014"})):
        assert heads <= {text.get_text() for text in shown(draw(of_years, lang=lang))}
        assert not heads & {text.get_text() for text in shown(draw(table, lang=lang))}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("stretch", [1.0, 20.0])
def test_a_unit_of_the_map_is_as_long_upwards_as_to_the_right(width: Any, stretch: float) -> None:
    table = TABLES["fig-report-map"]
    axes = figures.report_map(table.assign(d1=table["d1"] * stretch), width=width).axes[-1]
    at = axes.transData.transform([(0, 0), (1, 0), (0, 1)])
    assert at[1][0] - at[0][0] == pytest.approx(at[2][1] - at[0][1])
    low, high = axes.get_xlim()
    assert (table["d1"] * stretch).between(low, high).all()


def test_no_name_covers_the_law_of_frequencies() -> None:
    ranks = np.arange(1, 8)
    table = pd.DataFrame({"rank": ranks, "term": "社会主义市场经济", "count": 60 - 5 * ranks})
    axes = figures.rank_frequency(table.assign(expected=60.0 - 5 * ranks)).axes[-1]
    canvas = axes.figure.canvas.get_renderer()
    along = np.linspace(1, 7, 200)
    line = axes.transData.transform(np.transpose([along, 60 - 5 * along]))
    boxes = [text.get_window_extent(canvas) for text in axes.texts if "社会" in text.get_text()]
    assert boxes
    assert not any(box.contains(*point) for box in boxes for point in line)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_most_frequent_word_is_named_though_the_law_runs_close_below(width: Any) -> None:
    ranks = np.arange(1, 1001)
    expected = 145 / ranks**0.8
    table = pd.DataFrame({"rank": ranks, "term": "词", "count": np.maximum(expected, 1).round()})
    table.loc[0, ["term", "count"]] = "的", 173
    axes = figures.rank_frequency(table.assign(expected=expected), width=width).axes[-1]
    assert "的" in {text.get_text() for text in axes.texts}
