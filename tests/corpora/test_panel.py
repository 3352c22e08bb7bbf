"""Many reports side by side: against what is known to stand in constructed reports, and against the
tables of one report."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from constructed import FOLDER, PLACES, YEARS, constructed_panel, constructed_text

from xiacheng_nlp import themes
from xiacheng_nlp.corpora import panel
from xiacheng_nlp.corpora.dataset import corpus
from xiacheng_nlp.corpora.loading import PANEL_TABLES, Panel, join, load_panel
from xiacheng_nlp.datafiles import read_table
from xiacheng_nlp.errors import CorpusError, DataFileError, TermWarning
from xiacheng_nlp.publish.catalogue import drawing
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import CORPUS_VARIABLE, Report, load_report, named_from_anywhere
from xiacheng_nlp.resources import seed as seed_file
from xiacheng_nlp.statistics import share_over, wilson
from xiacheng_nlp.terms.cooccurrence import concordance
from xiacheng_nlp.terms.frequency import keyness
from xiacheng_nlp.text import flow
from xiacheng_nlp.words.segmentation import tokenize

NAMES = {
    "gdp_growth": ("地区生产总值", 1),
    "revenue_growth": ("一般公共预算收入", 1),
    "investment_growth": ("固定资产投资", 1),
    "retail_growth": ("社会消费品零售总额", 1),
    "income_growth": ("城镇居民人均可支配收入", 1),
    "jobs": ("城镇新增就业", 10_000),
    "unemployment": ("城镇登记失业率", 1),
    "prices_growth": ("居民消费价格", 1),
    "energy_fall": ("单位生产总值能耗", -1),
    "green": ("新增绿化面积", 10_000),
}

ROOT = Path(__file__).parents[2]
KNOWN = ROOT / "tests" / "cases" / "constructed.tsv"


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, int, str], tuple[Decimal, Decimal | None]]:
    """The outcome and the target of each indicator by place and year of the report."""
    columns = ("place", "year", "indicator", "outcome", "target")
    return {
        (row["place"], int(row["year"]), row["indicator"]): (
            Decimal(row["outcome"]),
            None if row["target"] == "-" else Decimal(row["target"]),
        )
        for row in read_table(KNOWN, columns=columns)
    }


@pytest.fixture(scope="module")
def own(seed: Report) -> Panel:
    return join(seed, constructed_panel())


def write(folder: Path, texts: Sequence[str]) -> Path:
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def two(target: str, outcome: str) -> list[str]:
    """The reports of one district in 2014, with a target, and in 2015, with what came of it."""
    return [
        f"甲区人民政府2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n经济平稳发展。\n二、2014年工作安排\n{target}。\n",
        f"甲区人民政府2015年政府工作报告\n各位代表:\n一、2014年工作回顾\n全年{outcome}。\n二、2015年工作安排\n加快经济发展。\n",
    ]


def test_every_target_of_the_constructed_reports_is_found_with_its_outcome(
    own: Panel, known: dict[tuple[str, int, str], tuple[Decimal, Decimal | None]]
) -> None:
    kept = panel.kept_promises(own).set_index(["place", "period", "indicator"])
    checked = 0
    for (place, year, name), (_, target) in known.items():
        if target is None or year == YEARS[-1]:
            continue
        indicator, factor = NAMES[name]
        row = kept.loc[(place, str(year), indicator)]
        wanted = (target * factor, known[place, year + 1, name][0] * factor)
        assert (row["target"], row["outcome"]) == wanted, (place, year, name)
        assert row["gap"] == wanted[1] - wanted[0]
        assert row["ceiling"] == (name in ("unemployment", "prices_growth", "energy_fall"))
        about = name in ("gdp_growth", "prices_growth")
        slack = abs(wanted[0]) * Decimal("0.05") if about else 0
        room = wanted[0] + slack - wanted[1] if row["ceiling"] else wanted[1] - wanted[0] + slack
        assert row["verdict"] == ("kept" if room >= 0 else "missed"), (place, year, name)
        checked += 1
    assert checked == len(PLACES) * (len(YEARS) - 1) * len(NAMES)


@pytest.mark.parametrize(
    ("target", "outcome", "verdict", "gap"),
    [
        ("地区生产总值增长8%", "地区生产总值增长8%", "kept", "0"),
        ("地区生产总值增长8%", "地区生产总值增长7.9%", "missed", "-0.1"),
        ("地区生产总值增长8%以上", "地区生产总值增长8.5%", "kept", "0.5"),
        ("地区生产总值增长8%左右", "地区生产总值增长7.6%", "kept", "-0.4"),
        ("地区生产总值增长8%左右", "地区生产总值增长7.5%", "missed", "-0.5"),
        ("地区生产总值增长7%—8%", "地区生产总值增长7.5%", "kept", "0"),
        ("地区生产总值增长7%—8%", "地区生产总值增长6.5%", "missed", "-0.5"),
        ("地区生产总值增长7%—8%", "地区生产总值增长9%", "kept", "1"),
        ("地区生产总值增长8%", "地区生产总值增长7%以上", "undecided", "-1"),
        ("地区生产总值增长8%", "地区生产总值增长9%以上", "kept", "1"),
        ("地区生产总值增长8%", "地区生产总值增长8%左右", "undecided", "0"),
        ("新增就业超过2万人", "新增就业2万人", "missed", "0"),
        ("新增就业超过2万人", "新增就业2万人以上", "undecided", "0"),
        ("新增就业超过2万人", "新增就业超过2万人", "kept", "0"),
        ("新增存款超过30000万亿元", "新增存款30000万亿元", "missed", "0"),
        ("新增存款超过30000万亿元", "新增存款30000万亿元以上", "undecided", "0"),
        ("城镇登记失业率控制在4%以内", "城镇登记失业率3.8%", "kept", "-0.2"),
        ("城镇登记失业率控制在4%以内", "城镇登记失业率4.2%", "missed", "0.2"),
        ("居民消费价格上涨3%", "居民消费价格上涨2.5%", "kept", "-0.5"),
        ("居民消费价格涨幅控制在3%左右", "居民消费价格上涨3.1%", "kept", "0.1"),
        ("居民消费价格涨幅控制在3%左右", "居民消费价格上涨3.3%", "missed", "0.3"),
        ("单位生产总值能耗下降3%以上", "单位生产总值能耗下降3.5%", "kept", "-0.5"),
        ("单位生产总值能耗下降3%以上", "单位生产总值能耗下降2.5%", "missed", "0.5"),
        ("单位生产总值能耗下降3%以上", "单位生产总值能耗下降4%以上", "kept", "-1"),
        ("单位生产总值能耗下降3%以上", "单位生产总值能耗下降2%以上", "undecided", "1"),
        ("新增绿化面积8万平方米", "社会消费品零售总额增长8%", "not reported", None),
        ("新增绿化面积8万平方米", "新增绿化9万平方米", "kept", "10000"),
        ("办好10件民生实事", "办好9项民生实事", "missed", "-1"),
        ("竣工保障房300套", "竣工保障性住房320套", "kept", "20"),
        ("改造老旧小区30个", "完成老旧小区改造任务32个", "kept", "2"),
        ("权责清单事项从3018项压减到1000多项", "权责清单事项压减至986项", "kept", "-14"),
        ("非常设机构由85个减为26个", "非常设机构减少到28个", "missed", "2"),
        ("城镇登记失业率由4%降到3%", "城镇登记失业率3.1%", "missed", "0.1"),
        ("出口增速由12%调整为10%", "出口增速由12%回落到11%", "kept", "1"),
        ("新增义务教育学位3000个", "新增义务教育公办学位2000个", "undecided", None),
        ("城镇调查失业率控制在5.5%以内", "城镇登记失业率3.5%", "undecided", None),
        ("社会消费品零售总额增长5%", "实现社会消费品零售总额53亿元", "undecided", None),
        ("综合整治城中村400个", "经济平稳。五年来，整治城中村1500个", "undecided", None),
        ("民生支出195亿元", "财政民生投入190亿元", "undecided", None),
        ("民生支出195亿元", "财政民生投入19亿元", "not reported", None),
        ("新增学位1000个", "新增学位4900个", "kept", "3900"),
        ("新增学位1000个", "新增学位5000个", "undecided", "4000"),
        ("发生死亡事故0起", "发生死亡事故0起", "kept", "0"),
    ],
)
def test_what_came_of_a_promise(
    target: str, outcome: str, verdict: str, gap: str | None, tmp_path: Path
) -> None:
    kept = panel.kept_promises(load_panel(write(tmp_path / "reports", two(target, outcome))))
    assert kept[["verdict", "gap"]].values.tolist() == [
        [verdict, None if gap is None else Decimal(gap)]
    ]


def test_what_only_looks_like_the_outcome_is_told_but_not_compared(tmp_path: Path) -> None:
    texts = two("新增义务教育学位3000个", "新增义务教育公办学位2000个")
    (row,) = panel.kept_promises(load_panel(write(tmp_path / "reports", texts))).to_dict("records")
    assert (row["verdict"], row["outcome"], row["outcome_text"]) == ("undecided", None, "2000个")
    assert row["outcome_name"] == "新增义务教育公办学位"


@pytest.mark.parametrize("target", ["车站片区建设总投资30亿元", "推进20个项目", "完善三大体系"])
def test_what_is_no_promise_is_not_asked_for(target: str, tmp_path: Path) -> None:
    texts = two(f"{target}。新增绿化面积8万平方米", "经济平稳发展")
    kept = panel.kept_promises(load_panel(write(tmp_path / "reports", texts)))
    assert kept["indicator"].tolist() == ["新增绿化面积"]


def test_the_least_that_was_reached_is_what_the_next_plan_starts_from(tmp_path: Path) -> None:
    texts = two("医保补助标准提高到420元", "经济平稳发展")
    texts[1] = texts[1].replace("加快经济发展", "医保补助标准由420元提高到450元")
    kept = panel.kept_promises(load_panel(write(tmp_path / "reports", texts)))
    row = kept.set_index("period").loc["2014"]
    assert (row["outcome"], row["outcome_bound"], row["verdict"]) == (420, ">=", "kept")


def test_a_target_of_the_last_report_has_no_later_one(tmp_path: Path) -> None:
    texts = two("地区生产总值增长8%左右", "地区生产总值增长7.9%")
    alone = load_panel(write(tmp_path / "one", texts[:1]))
    assert panel.kept_promises(alone)["verdict"].tolist() == ["no later report"]


def test_counts_of_kept_promises_add_up(own: Panel) -> None:
    kept = panel.kept_promises(own)
    table = panel.kept_by(kept)
    columns = ["kept", "missed", "undecided", "not_reported", "no_later_report"]
    assert table["targets"].sum() == len(kept)
    assert (table[columns].sum(axis=1) == table["targets"]).all()
    decided = table[table["kept"] + table["missed"] > 0]
    assert (decided["share"] == decided["kept"] / (decided["kept"] + decided["missed"])).all()
    assert ((decided["low"] <= decided["share"]) & (decided["share"] <= decided["high"])).all()
    assert (
        table.loc[table["kept"] + table["missed"] == 0, ["share", "low", "high"]]
        .isna()
        .all(axis=None)
    )


def test_a_data_set_and_the_files_it_was_made_of_give_the_same_panel(
    tmp_path: Path, seed: Report
) -> None:
    folder = write(
        tmp_path / "reports",
        [constructed_text("甲区", 2013), constructed_text("甲区", 2014), "今天天气很好。"],
    )
    (folder / "seed.txt").write_text(seed.text, encoding="utf-8")
    corpus(folder, tmp_path / "data", workers=0)
    files, stored = load_panel(folder), load_panel(tmp_path / "data")
    for table in ("reports", "observations", "themes", "terms", "failures"):
        one, other = getattr(files, table), getattr(stored, table)
        if table == "reports":
            one, other = one.drop(columns="options"), other.drop(columns="options")
        if table == "failures":
            one, other = one[["file"]], other[["file"]]
        pd.testing.assert_frame_equal(one, other)
    assert files.sha256 == stored.sha256
    assert len(files.failures) == 1


def test_the_panel_is_that_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: Report
) -> None:
    folder = write(
        tmp_path / "reports", [constructed_text("甲区", 2013), constructed_text("甲区", 2014)]
    )
    monkeypatch.setenv(CORPUS_VARIABLE, str(folder))
    there = load_panel()
    assert (len(there.reports), there.own, there.reference) == (2, None, frozenset())
    # What a shell variable that is not set names is no path.
    assert load_panel("").sha256 == there.sha256
    assert there.report_id() == there.reports["report"].iloc[-1]
    (folder / "seed.txt").write_bytes(seed_file().read_bytes())
    assert len(join(seed, load_panel()).reports) == 3
    assert drawing("fig-panel-attention", Study(seed)).n == 3
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(CORPUS_VARIABLE, folder.name)
    assert named_from_anywhere() == {CORPUS_VARIABLE: str(folder)}


def test_metadata_goes_before_what_a_report_tells(tmp_path: Path) -> None:
    folder = write(tmp_path / "reports", two("新增就业2万人", "新增就业3万人"))
    told = tmp_path / "told.csv"
    told.write_text("file,place,level,year\n1.txt,丁市,市,2016\nnone.txt,,,\n", encoding="utf-8")
    reports = load_panel(folder, metadata=told)
    assert reports.reports[["place", "level", "year"]].values.tolist() == [
        ["丁市", "市", 2016],
        ["甲区", "区", 2014],
    ]
    assert reports.failures["reason"].tolist() == [
        "stands in the metadata, but is not among the files"
    ]
    told.write_text("file,level\n1.txt,村\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"told\.csv:2: level is one of"):
        load_panel(folder, metadata=told)
    corpus(folder, tmp_path / "data", workers=0)
    told.write_text("file,place\n1.txt,丁市\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="give the table to corpus"):
        load_panel(tmp_path / "data", metadata=told)


def test_of_a_report_in_two_panels_the_first_counts(own: Panel) -> None:
    other = replace(own, own=None, reports=own.reports.assign(place="青溪县"))
    assert set(join(other, own).reports["place"]) == {"青溪县"}
    assert list(join(own, other).reports["place"]) == list(own.reports["place"])


def test_what_is_no_panel_is_said(tmp_path: Path, own: Panel) -> None:
    with pytest.raises(
        CorpusError,
        match=r"there is no report for a panel; the first of 1 files: 0\.txt: this does not look",
    ):
        load_panel(write(tmp_path / "none", ["今天天气很好。"]))
    folder = write(tmp_path / "reports", [constructed_text("甲区", 2013)])
    corpus(folder, tmp_path / "data", workers=0, terms=False)
    with pytest.raises(CorpusError, match="1 of 1 files lack the table terms"):
        load_panel(tmp_path / "data")
    with pytest.raises(CorpusError, match=r"no report of the panel is called elsewhere\.txt"):
        panel.report_keyness(own, "elsewhere.txt")
    file, id = own.reports[["file", "report"]].iloc[0]
    assert own.report_id(file.removesuffix(".txt")) == own.report_id(file) == id
    with pytest.raises(CorpusError, match="by='month'"):
        panel.attention_by(own, by="month")
    with pytest.raises(CorpusError, match="by='places': give one of place, level, period"):
        panel.kept_by(panel.kept_promises(own), "places")
    with pytest.raises(CorpusError, match="by='': give one of place, level, period"):
        panel.kept_by(panel.kept_promises(own), [])
    with pytest.warns(TermWarning, match=r"of it there is nothing \(like it: 新增绿化面积"):
        assert panel.series(own, "新增绿化面").empty
    with pytest.warns(
        TermWarning,
        match="no report of the panel states a share of 地区生产总值; of it there is growth, level",
    ):
        assert panel.series(own, "地区生产总值", measure="share").empty
    with pytest.raises(CorpusError, match="the report or the rest of the panel holds no word"):
        panel.report_keyness(load_panel(folder))


def test_a_series_may_be_asked_for_by_any_wording(own: Panel) -> None:
    wanted = panel.series(own, "地区生产总值")
    for name in ("GDP", "国内生产总值", "全省生产总值"):
        pd.testing.assert_frame_equal(panel.series(own, name), wanted)


def test_a_part_of_a_panel_is_a_panel(own: Panel) -> None:
    some = own.reports[own.reports["level"] == "区"]
    part = panel.subset(own, some)
    assert 0 < len(part.reports) < len(own.reports)
    assert part.own == own.own
    for table in PANEL_TABLES:
        assert set(getattr(part, table)["report"]) == set(some["report"]), table
    assert panel.attention_by(part)["reports"].max() <= len(some)
    others = panel.subset(own, own.reports[own.reports["report"] != own.own])
    assert others.own is None
    for none in (own.reports.iloc[:0], own.reports[["place"]]):
        with pytest.raises(CorpusError, match=r"give rows of panel\.reports"):
            panel.subset(own, none)


def test_a_series_has_each_place_and_period_once_with_what_the_reports_say(
    own: Panel, known: dict[tuple[str, int, str], tuple[Decimal, Decimal | None]]
) -> None:
    run = panel.series(own, "城镇新增就业", measure="level")
    assert not run.duplicated(["place", "period"]).any()
    # The first place is the report's own, and rows are numbered as they stand.
    assert run.index.tolist() == list(range(len(run)))
    for place in PLACES:
        rows = run[run["place"] == place].set_index("period")
        assert rows.index.tolist() == [str(year) for year in range(YEARS[0] - 1, YEARS[-1] + 1)]
        for year in YEARS:
            outcome, target = known[place, year, "jobs"]
            assert rows.loc[str(year - 1), "outcome"] == outcome * 10_000
            assert target is not None
            assert rows.loc[str(year), "target"] == target * 10_000
        assert rows["outcome"].iloc[-1] is None


def test_names_are_aligned_by_what_they_word_and_not_by_guess(tmp_path: Path) -> None:
    texts = [
        "甲省人民政府2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n全省生产总值增长8%。引进到位资金5亿元。\n二、2014年工作安排\n加快发展。\n",
        "乙市人民政府2014年政府工作报告\n各位代表:\n一、2013年工作回顾\nGDP增长9%。到位资金6亿元。专项资金6亿元。\n二、2014年工作安排\n加快发展。\n",
    ]
    table = panel.aligned(load_panel(write(tmp_path / "reports", texts)))
    assert sorted(set(table["indicator"])) == ["到位资金", "地区生产总值"]
    assert sorted(table["name"]) == ["GDP", "全省生产总值", "到位资金", "引进到位资金"]
    everything = panel.aligned(load_panel(tmp_path / "reports"), min_reports=1)
    assert len(everything) == 5


def test_every_row_of_the_alignment_is_an_observation_with_its_value(own: Panel) -> None:
    table = panel.aligned(own, min_reports=1)
    source = own.observations.set_index("id")
    assert not table["id"].duplicated().any()
    for row in table.to_dict("records"):
        observed = source.loc[row["id"]]
        assert abs(row["value"]) == observed["value_base"] if row["value_high"] is None else True
        assert (row["text"], row["start"], row["name"]) == (
            observed["text"],
            observed["start"],
            observed["indicator"],
        )
    assert table["id"].nunique() == source["status"].isin(["actual", "target"]).sum()


def test_keyness_of_a_report_is_that_of_its_words_against_the_others_words(
    own: Panel, seed: Report
) -> None:
    made = [Report.parse(constructed_text(place, year)) for place in PLACES for year in YEARS]
    others = pd.concat([tokenize(report, learning=False) for report in made], ignore_index=True)
    words = tokenize(seed, learning=False)
    both = pd.concat([words.assign(part="own"), others.assign(part="others")])
    wanted = keyness(both, target="own", reference="others")
    found = panel.report_keyness(own)
    # A panel has counts of reports, and no paragraphs to test by.
    counted = found.drop(columns="reference_reports")
    pd.testing.assert_frame_equal(counted, wanted[list(counted)], check_like=False)
    spread = found.set_index("term")["reference_reports"]
    assert spread["下城"] == 0
    assert spread["地区生产总值"] == len(made)
    known = panel.report_keyness(own, min_reports=1)
    assert (known["reference_reports"] > 0).all()
    assert set(known["term"]) == set(found.loc[found["reference_reports"] > 0, "term"])


def test_attention_by_report_is_that_of_the_report_and_by_year_the_mean(
    own: Panel, seed: Report
) -> None:
    alone = themes.attention(themes.code_themes(seed)).set_index("code")["share"]
    by_report = panel.attention_by(own, by="report")
    found = by_report[by_report["report"] == seed.sha256[:12]].set_index("code")["share"]
    pd.testing.assert_series_equal(found.sort_index(), alone.sort_index())
    by_year = panel.attention_by(own)
    years = own.reports.set_index("report")["year"]
    mean = (
        by_report.assign(year=by_report["report"].map(years))
        .groupby(["year", "code"])["share"]
        .mean()
    )
    pd.testing.assert_series_equal(
        by_year.set_index(["year", "code"])["share"].sort_index(),
        mean.sort_index(),
        check_index_type=False,
    )
    assert by_report["low"].isna().all()
    assert ((by_year["low"] <= by_year["share"]) & (by_year["share"] <= by_year["high"])).all()
    pd.testing.assert_frame_equal(by_year, panel.attention_by(own))


def test_themes_of_no_report_of_the_panel_are_told(own: Panel) -> None:
    first = own.reports["report"].iloc[0]
    less = replace(own, reports=own.reports[own.reports["report"] != first])
    with pytest.raises(CorpusError, match=f"themes of {first}, which is no report of the panel"):
        panel.attention_by(less)


def test_reports_without_the_group_are_counted(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "reports",
        [*two("新增就业2万人", "新增就业3万人"), "各位代表:\n一、工作回顾\n新建学校和医院。\n"],
    )
    table = panel.attention_by(load_panel(folder))
    assert table["year"].unique().tolist() == [2014, 2015]
    assert table.attrs["reports_in_no_group"] == 1


def test_the_constructed_reports_are_those_that_the_tool_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tests" / "make_constructed.py", tmp_path], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.txt")}
    assert made == {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert (tmp_path / "constructed.tsv").read_bytes() == KNOWN.read_bytes()


def test_constructed_reports_are_known_as_what_they_are() -> None:
    for place in PLACES:
        for year in YEARS:
            assert "构造文本" in constructed_text(place, year).splitlines()[0]


def test_the_words_of_a_panel_stand_in_their_reports(tmp_path: Path) -> None:
    reports = {}
    for name in ("甲区", "乙县"):
        path = tmp_path / f"{name}-2014.txt"
        path.write_text(constructed_text(name, 2014), encoding="utf-8")
        report = load_report(path)
        reports[report.sha256[:12]] = report
    words = panel.tokens(load_panel(tmp_path))
    assert set(words["report"]) == reports.keys()
    for row in words.sample(200, random_state=1).to_dict("records"):
        assert reports[row["report"]].text[row["start"] : row["end"]] == row["text"]
    found = concordance(words, "增长")
    assert set(found["place"]) == {"甲区", "乙县"}
    with pytest.raises(CorpusError, match="the panel has no sentences"):
        panel.tokens(load_panel())


def test_the_words_of_a_panel_are_those_of_its_reports(tmp_path: Path) -> None:
    """Cut as a whole, so that what a report says often is cut alike."""
    path = tmp_path / "甲区-2014.txt"
    path.write_text(constructed_text("甲区", 2014), encoding="utf-8")
    report = load_report(path)
    own = tokenize(report, learning=False)
    own["sentence"] = [report.sentences[number].start for number in own["sentence"]]
    made = load_panel(tmp_path)
    told, kept = panel.tokens(made), own[own["sentence"].isin(made.themes["start"])]
    columns = ["start", "end", "text", "pos", "part", "section"]
    assert told[columns].to_dict("records") == kept[columns].to_dict("records")


def test_words_have_no_place_where_the_source_breaks_a_line_within_their_sentence() -> None:
    report = load_report()
    words = panel.tokens(join(report))
    untold = words["start"].isna()
    assert words["end"].isna().equals(untold)
    places = words[~untold][["start", "end", "text"]].itertuples(index=False)
    assert all(flow(report.text[start:end]) == text for start, end, text in places)
    broken = "".join(one.text for one in report.sentences if one.end - one.start != len(one.text))
    assert broken
    assert "".join(words["text"][untold]) in broken
    found = concordance(words, "惠民生")
    assert found[["start", "end"]].isna().to_numpy().tolist() == [[True, True]]
    assert found["left"][0].endswith("优环境、")


def test_a_panel_says_what_it_holds(tmp_path: Path) -> None:
    for year in (2014, 2015):
        path = tmp_path / f"甲区-{year}.txt"
        path.write_text(constructed_text("甲区", year), encoding="utf-8")
    said = "reports, observations, themes, terms, failures"
    assert repr(load_panel(tmp_path)) == f"<Panel of 2 reports, 2014 to 2015; {said}>"
    (tmp_path / "甲区-2015.txt").unlink()
    (tmp_path / "甲区-2014.txt").unlink()
    (tmp_path / "甲.txt").write_text("各位代表：\n一、工作回顾\n投资增长。", encoding="utf-8")
    assert repr(load_panel(tmp_path)) == f"<Panel of 1 reports; {said}>"


def test_attention_is_corrected_for_the_coder_s_mistakes() -> None:
    told = panel.attention_by(load_panel(), by="level")
    mended = panel.attention_by(load_panel(), by="level", corrected=True)
    assert mended["share"].between(mended["low"], mended["high"]).all()
    assert mended.groupby("level")["share"].sum().round(6).eq(1).all()
    # The corrected intervals know of the coder's mistakes too: they are wider on the whole.
    widths = [(table["high"] - table["low"]).mean() for table in (told, mended)]
    assert widths[1] > widths[0]


def told_of(folder: Path, places: Sequence[tuple[str, int]]) -> Panel:
    """The panel of reports without a place of their own, whose place a table tells."""
    said = "{}年政府工作报告\n各位代表:\n一、{}年回顾\n平稳发展。\n二、{}年安排\n办{}件实事。\n"
    texts = [said.format(y, y - 1, y, n + 10) for n, (_, y) in enumerate(places)]
    rows = [f"{n}.txt,{place},,{year}," for n, (place, year) in enumerate(places)]
    told = folder / "told.csv"
    told.write_text("\n".join(["file,place,level,year,source", *rows]) + "\n", encoding="utf-8")
    return load_panel(write(folder / "reports", texts), metadata=told)


def test_a_place_has_one_name(tmp_path: Path) -> None:
    """By its code, or, of a new area without one, by the name that its own ends."""
    named = [("深圳市光明区", 2020), ("深圳市光明区", 2021), ("光明区", 2022)]
    named += [
        ("大鹏新区", 2021),
        ("深圳市大鹏新区", 2022),
        ("深圳市大鹏新区", 2023),
        ("唐县", 2020),
    ]
    reports = told_of(tmp_path, named).reports
    assert sorted(set(reports["place"])) == ["唐县", "深圳市光明区", "深圳市大鹏新区"]
    assert reports["place"].value_counts()["深圳市光明区"] == 3
    assert reports.groupby("place")["level"].nunique().eq(1).all()


def test_an_area_that_many_places_have_is_none_of_them(tmp_path: Path) -> None:
    """高新区 is not that of the one city whose report is there; names that end one another are."""
    named = [("高新区", 2020), ("石家庄高新区", 2021), ("经济开发区", 2020), ("自贸试验区", 2020)]
    named += [("上海自贸试验区", 2021)]
    named += [("昆山经济开发区", 2021), ("青溪新区", 2020), ("甲市青溪新区", 2021)]
    named += [("甲省甲市青溪新区", 2022), ("白沙新区", 2020), ("甲市白沙新区", 2021)]
    named += [("乙市白沙新区", 2022)]
    places = told_of(tmp_path, named).reports["place"]
    assert sorted(set(places) - {"甲省甲市青溪新区"}) == sorted(
        name for name, _ in named if "青溪" not in name
    )
    assert places.value_counts()["甲省甲市青溪新区"] == 3


@pytest.mark.parametrize("dtype", ["object", "string"])
def test_reports_of_unknown_level_have_none_in_common(dtype: str) -> None:
    reference = load_panel()
    own = reference.report_id("anguo-2020.txt")
    reports = reference.reports.copy()
    unknown = reports["report"].isin([own, *reports["report"].head(8)])
    reports["level"] = reports["level"].mask(unknown, None).astype(dtype)
    peers, who = panel.peers(replace(reference, reports=reports, own=own))
    assert who == "all reports"
    assert len(peers.reports) == len(reports)


def test_who_is_compared_with_is_of_its_level_or_a_kindred_one() -> None:
    reference = load_panel()
    city = reference.report_id("anguo-2020.txt")
    peers, who = panel.peers(replace(reference, own=city))
    assert who == "县, 县级市, 2018–2022"
    assert set(peers.reports["level"]) == {"县", "县级市"}
    assert peers.reports["year"].between(2018, 2022).all()


def test_a_table_in_memory_is_a_panel() -> None:
    table = pd.DataFrame({"text": two("新增就业500人", "新增就业520人"), "year": [2014, 2015]})
    with pytest.warns(Warning, match="columns"):
        found = load_panel(table)
    assert found.reports["year"].tolist() == [2014, 2015]
    assert panel.kept_promises(found)["verdict"].tolist() == ["kept"]
    with pytest.raises(CorpusError):
        load_panel([])


def test_each_of_two_reports_of_a_year_is_set_beside_that_before(tmp_path: Path) -> None:
    said = "深入实施河道整治和道路改造等八项惠民工程建设项目"
    before, after = two(said, said)
    own = load_panel(write(tmp_path / "r", [before, after, after.replace("经济发展", "改革")]))
    reuse = panel.text_reuse(own)
    later = own.reports.loc[own.reports["year"] == 2015, "report"]
    assert set(reuse.loc[reuse["relation"] == "year before", "report"]) == set(later)
    assert len(later) == 2


def test_reports_whose_level_is_not_known_are_counted_too(own: Panel) -> None:
    levels = own.reports["level"].where(own.reports["place"] != own.reports["place"].iloc[-1], None)
    some = replace(own, reports=own.reports.assign(level=levels))
    kept = panel.kept_promises(some)
    assert kept["level"].isna().any()
    assert panel.kept_by(kept, ["level"])["targets"].sum() == len(kept)
    told = panel.firmness(some)["targets"].sum()
    assert told == (some.observations["status"] == "target").sum()


def test_each_group_of_targets_gets_the_interval_of_its_own(own: Panel) -> None:
    kept = panel.kept_promises(own)
    kept.loc[kept.index[::3], "level"] = None
    for row in panel.kept_by(kept, ["level", "measure"]).to_dict("records"):
        level = kept["level"].isna() if pd.isna(row["level"]) else kept["level"] == row["level"]
        some = kept[level & (kept["measure"] == row["measure"])]
        some = some[some["verdict"].isin(["kept", "missed"])]
        wanted = share_over(some["target_report"], some["verdict"] == "kept")
        assert [row[c] for c in ("share", "low", "high")] == pytest.approx(wanted, nan_ok=True)


def test_the_share_over_places_is_wider_than_that_of_cases_drawn_one_by_one() -> None:
    places = ["甲"] * 20 + ["乙"] * 20 + ["丙"] * 20
    hits = [True] * 40 + [False] * 20
    share, low, high = share_over(places, hits)
    alone = wilson(40, 60)
    assert share == pytest.approx(2 / 3)
    assert low < alone[0] < alone[1] < high
    assert share_over(["甲"], [True])[0] == 1
