"""The reference panel: what holds of it, however its reports are read, and what is asked of it."""

import importlib
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import constructed
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from xiacheng_nlp.corpora import panel
from xiacheng_nlp.corpora.dataset import corpus
from xiacheng_nlp.corpora.dictionaries import read_dictionary
from xiacheng_nlp.corpora.inventory import KEYWORDS, Inventory
from xiacheng_nlp.corpora.ladder import ladder
from xiacheng_nlp.corpora.loading import PANEL_TABLES, Panel, join, load_panel
from xiacheng_nlp.corpora.scaling import principal
from xiacheng_nlp.corpora.tables import schema_of
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import CorpusError, DataFileError, TermWarning
from xiacheng_nlp.publish.catalogue import drawing
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.government import LEVELS
from xiacheng_nlp.report.report import Report

FILES = Path(str(packaged("corpora/panel")))


@pytest.fixture(scope="module")
def reference() -> Panel:
    return load_panel()


def test_the_reference_panel_has_the_tables_of_a_user_s() -> None:
    for table in PANEL_TABLES:
        assert pq.read_schema(FILES / f"{table}.parquet").equals(schema_of(table)), table
    assert sum(path.stat().st_size for path in FILES.iterdir()) < 6 << 20


def test_every_report_of_it_is_known(reference: Panel) -> None:
    reports = reference.reports
    assert reports["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert (reports["sha256"].str[:12] == reports["report"]).all()
    assert reports["report"].is_unique
    assert set(reports["report"]) == reference.reference
    assert reports[["place", "year", "file"]].notna().all(axis=None)
    assert set(reports["level"]) <= set(LEVELS)
    assert reports["code"].dropna().str.fullmatch(r"\d{6}").all()
    for table in PANEL_TABLES[1:]:
        assert set(getattr(reference, table)["report"]) <= reference.reference


def test_the_year_is_that_of_the_text_and_else_that_of_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "tools")
    make_panel = importlib.import_module("make_panel")
    monkeypatch.setattr(make_panel, "PLACE", tmp_path)
    heads = ("二、2022年工作安排", "二、今年工作安排")
    for file, head in zip(("a.txt", "b.txt"), heads, strict=True):
        (tmp_path / file).write_text(f"各位代表:\n一、工作回顾\n平稳。\n{head}\n发展。", "utf-8")
    rows = [f"{file},米易县,county,2024" for file in ("a.txt", "b.txt")]
    (tmp_path / "metadata.csv").write_text("\n".join(["file,place,level,year", *rows]), "utf-8")
    make_panel.main(tmp_path)
    made = pq.read_table(tmp_path / "reports.parquet").to_pylist()
    assert [(row["year"], row["year_from"]) for row in made] == [(2022, "heading"), (2024, "given")]


def test_there_is_no_sentence_in_it(reference: Panel) -> None:
    assert reference.observations["sentence"].isna().all()
    assert reference.themes["text"].isna().all()
    assert not reference.themes["evidence"].map(len).any()
    for table in PANEL_TABLES[1:]:
        for _, cells in getattr(reference, table).items():
            texts = {cell for cell in cells if isinstance(cell, str)}
            # The longest are titles of plans, which are words.
            assert not {text for text in texts if len(text) > 40 or "。" in text}


def test_spans_lie_in_the_report(reference: Panel) -> None:
    # A report begins behind what is left out before it, so that its end is not its length.
    ends = reference.themes.groupby("report")["end"].max()
    for table in (reference.observations, reference.themes):
        assert (table["start"] < table["end"]).all()
        assert (table["start"] >= 0).all()
        assert (table["end"] <= table["report"].map(ends) + 20_000).all()
    assert (reference.themes["chars"] <= reference.themes["end"] - reference.themes["start"]).all()


def test_joined_panels_have_every_report_once(reference: Panel, seed: Report) -> None:
    both = join(seed, reference, reference)
    assert both.own == seed.sha256[:12]
    assert both.reports["report"].is_unique
    assert len(both.reports) == len(reference.reports) + 1
    assert both.reference == reference.reference
    assert len(both.terms) > len(reference.terms)
    again = join(both, seed)
    for table in PANEL_TABLES:
        pd.testing.assert_frame_equal(getattr(again, table), getattr(both, table))
    with pytest.raises(CorpusError, match="nothing to join"):
        join()
    with pytest.raises(CorpusError, match="join takes panels and reports, and no str"):
        join("reports", reference)  # type: ignore[arg-type]


def test_nothing_of_other_reports_is_shown_as_the_report_s(seed: Report) -> None:
    study = Study(seed)
    run = drawing("fig-indicator-series", study).table
    assert run["place"].iloc[0] == "下城区"
    assert set(run["level"]) == {"区"}
    attention = drawing("fig-panel-attention", study).table
    assert attention.loc[attention["year"] == "本报告", "reports"].eq(1).all()
    kept = drawing("fig-kept-promises", study).table
    observations = panel.aligned(study.panel, min_reports=1)
    own = observations[observations["report"] == seed.sha256[:12]]
    assert set(kept["indicator"]) <= set(own.loc[own["status"] == "target", "indicator"])
    for id in ("fig-indicator-series", "fig-kept-promises", "fig-report-keyness"):
        assert "区" in drawing(id, study).options["compared_with"]


def test_the_gross_product_of_the_nation_is_not_called_a_region_s() -> None:
    text = (
        "政府工作报告\n2024年3月5日在第十四届全国人民代表大会第二次会议上\n国务院总理\n各位代表:\n"
        "一、2023年工作回顾\n国内生产总值增长5.2%。\n二、2024年工作安排\n国内生产总值增长5%左右。\n"
    )
    study = Study(Report.parse(text))
    for id in ("fig-indicator-series", "fig-kept-promises"):
        made = drawing(id, study)
        assert "国内生产总值" in set(made.table["indicator"]), id
        assert "地区生产总值" not in {*made.table["indicator"], *made.options.values()}, id


def reports_of(folder: Path, texts: dict[str, str]) -> Panel:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return load_panel(folder)


def told(place: str, year: int, work: str, plan: str) -> str:
    return (
        f"{place}人民政府{year}年政府工作报告\n各位代表:\n一、{year - 1}年工作回顾\n{work}\n"
        f"二、{year}年工作安排\n{plan}\n"
    )


SAME = "我们坚持把保护山林河湖放在重要位置，全面推进城乡环境综合整治工作。"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    grown = "地区生产总值增长{}%。"
    return reports_of(
        tmp_path_factory.mktemp("panel") / "reports",
        {
            "a": told("广东省", 2014, SAME, "地区生产总值增长8%左右。"),
            "b": told("深圳市", 2014, "加快发展。" + SAME, grown.format(10)),
            "c": told("深圳市", 2015, "修建道路。", "继续努力工作。" + SAME),
            "d": told("深圳市南山区", 2014, "修建学校。", grown.format(12)),
        },
    )


def test_targets_rise_from_level_to_level(own: Panel) -> None:
    steps = panel.escalation(own)[["place", "above", "difference"]]
    assert steps.values.tolist() == [["深圳市", "广东省", 2], ["深圳市南山区", "深圳市", 2]]
    with pytest.warns(TermWarning, match="地区生产总值"):
        assert panel.escalation(replace(own, observations=own.observations.head(0))).empty


def test_a_place_stands_under_those_of_its_code_or_its_name(reference: Panel) -> None:
    reports = reference.reports.set_index("report")
    for id, above in ladder(reference.reports).items():
        ranks = [LEVELS.index(reports["level"][one]) for one in (id, *above)]
        assert ranks == sorted(set(ranks), reverse=True) or reports["level"][id] == "县"
        assert all(reports["year"][one] == reports["year"][id] for one in above)


def test_what_stands_word_for_word_in_another_report_is_found(own: Panel) -> None:
    reuse = panel.text_reuse(own).groupby(["place", "year", "relation"])["shared"].sum()
    assert reuse["深圳市", 2014, "level above"] > 0
    assert reuse["深圳市", 2015, "year before"] == reuse["深圳市", 2014, "level above"]
    assert "深圳市南山区" not in reuse.index.get_level_values("place")
    beside = panel.shared_passages(own)
    assert len(beside) == 2
    assert (beside["text"] == SAME).all()
    assert (beside["other_text"] == SAME).all()
    with pytest.raises(CorpusError, match="by='chapter': give one of part, section"):
        panel.text_reuse(own, by="chapter")


def test_the_shares_of_the_reference_panel_come_with_it(reference: Panel) -> None:
    reuse = panel.text_reuse(reference)
    assert len(reuse)
    assert reuse["share"].between(0, 1).all()
    assert not reuse.duplicated(["report", "relation", "other", "part"]).any()


def test_sections_have_the_passages_of_their_part(own: Panel, reference: Panel) -> None:
    for some in (own, reference):
        key = ["report", "relation", "other", "part"]
        parts = panel.text_reuse(some).set_index(key)[["passages", "shared"]]
        sections = panel.text_reuse(some, by="section")
        assert not sections.duplicated([*key, "section"]).any()
        pd.testing.assert_frame_equal(
            sections.groupby(key, sort=False)[["passages", "shared"]].sum(),
            parts,
            check_index_type=False,
        )
    assert set(panel.text_reuse(own, by="section")["section"]) == {"1", "2"}


DICTIONARIES = {
    "green.tsv": "category\tword\ngreen\t环境\ngreen\t河湖\nwork\t工作*\n",
    "green.yml": "green:\n  - 环境\n  - 河湖\nwork: ['工作*']\n",
    "green.dic": "%\n1\tgreen\n2\twork\n%\n环境\t1\n河湖\t1\n工作*\t2\n",
}


@pytest.mark.parametrize("name", DICTIONARIES)
def test_a_dictionary_is_counted_as_strings_and_as_words(
    name: str, own: Panel, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_text(DICTIONARIES[name], encoding="utf-8")
    table = panel.dictionary_share(own, file).set_index(["category", "place", "year"])
    assert table["strings"]["green", "广东省", 2014] == 2
    assert table["strings"]["green", "深圳市南山区", 2014] == 0
    assert table["words"]["green", "广东省", 2014] >= 1
    places = panel.dictionary_share(own, file, by="place").set_index(["category", "place"])
    assert places["strings"]["green", "深圳市"] == 4
    assert places["reports"]["green", "深圳市"] == 2
    with pytest.raises(CorpusError, match="by='month'"):
        panel.dictionary_share(own, file, by="month")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.tsv", "word\n环境\n", "a.tsv:1"),
        ("a.tsv", "category\tword\n", "a.tsv: there is no word"),
        ("a.yml", "green: [环境\n", "a.yml:2: this is no YAML"),
        ("a.yml", "环境\n", "a.yml:1: a category"),
        ("a.yml", "a: &a [环境]\nb: [*a, *a]\n", "a.yml:1: a dictionary with aliases"),
        ("a.yml", "[" * 999 + "]" * 999, "a.yml:1: categories in too many categories"),
        ("a.dic", "%\n1\tgreen\n%\n环境\t3\n", "a.dic:4: no category has the number 3"),
        ("a.dic", "环境\t1\n", "a.dic:1: the categories stand between"),
        ("a.dic", "%\n1\tgreen\n1\twork\n%\n环境\t1\n", "a.dic:3: a number and the name"),
        ("a.dic", "%\n1\tgreen\n%\n环境\n", "a.dic:4: a number and the name"),
        ("a.yml", "a: [环境]\na: [河湖]\n", "a.yml:2: a category is called by a word, and once"),
        ("a.yml", "a: !!set {环境}\n", "a.yml:1: a dictionary with aliases (*name) or tags"),
        ("a.yml", "? [a]\n: [环境]\n", "a.yml:1: a category is called by a word"),
        ("a.yml", "a:\n  - '*'\n", "a.yml:2: * stands for every word"),
        ("a.tsv", "category\tword\n\na\t**\n", "a.tsv:3: ** stands for every word"),
    ],
)
def test_what_is_no_dictionary_is_said(
    name: str, text: str, said: str, own: Panel, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=re.escape(said)):
        panel.dictionary_share(own, tmp_path / name)


@pytest.mark.parametrize("given", [{"a": "就业"}, {}, ["就业"], pd.DataFrame({"word": ["就业"]})])
def test_what_has_no_list_for_each_category_is_refused(given: Any, own: Panel) -> None:
    with pytest.raises(CorpusError, match="a dictionary is a file or, by category, lists"):
        panel.dictionary_share(own, given)


def test_words_of_a_dictionary_stand_for_what_is_written(tmp_path: Path) -> None:
    """To YAML no is false, 1_000 a number and a day a date; only an asterisk stands for others."""
    file = tmp_path / "a.yml"
    file.write_text("no: [yes, 1_000, 2014-01-01, '[水]?', 环*水]\n", encoding="utf-8")
    words = read_dictionary(file)
    assert words == {"no": ["yes", "1_000", "2014-01-01", "[水]?", "环*水"]}
    report = Report.parse("各位代表：\n一、2014年工作\n环境和供水，[水]?，水。", name="a.txt")
    table = panel.dictionary_share(join(report), {"a": ["[水]?"], "b": ["环*水"], "c": ["**"]})
    assert table["strings"].tolist() == [1, 1, 0]


def test_sentences_that_are_not_there_are_not_counted(
    own: Panel, reference: Panel, tmp_path: Path
) -> None:
    file = tmp_path / "green.tsv"
    file.write_text(DICTIONARIES["green.tsv"], encoding="utf-8")
    table = panel.dictionary_share(join(own, reference), file)
    assert (table["strings"].isna() == table["report"].isin(reference.reference)).all()
    assert table["word_share"].between(0, 1).all()


@pytest.mark.parametrize("of", ["themes", "terms"])
def test_correspondence_analysis_keeps_its_laws(of: str, reference: Panel) -> None:
    table = panel.correspondence(reference, of=of)
    assert 0 < table.attrs["inertia_2"] <= table.attrs["inertia_1"] < 1
    for kind in ("report", of[:-1]):
        side = table[table["kind"] == kind]
        assert np.isclose(side["mass"].sum(), 1)
        # The centre of mass is the origin, and both sides have the same inertia.
        # Each number is rounded to nine digits.
        assert np.isclose((side["mass"] * side["d1"]).sum(), 0, atol=1e-7)
    inertia = table.assign(i=table["mass"] * table["d1"] ** 2).groupby("kind")["i"].sum()
    assert np.isclose(inertia["report"], inertia[of[:-1]], rtol=1e-4)


def test_correspondence_analysis_of_a_table_that_can_be_reckoned_by_hand() -> None:
    # Rows of a diagonal share nothing: all inertia of the one dimension is 1, and they lie at
    # the square root of the other's mass through their own.
    ((rows, places), (_, columns)), shares = principal(np.array([[3.0, 0.0], [0.0, 1.0]]))
    assert np.allclose(rows, [0.75, 0.25])
    assert np.allclose(np.abs(places[:, 0]), [(1 / 3) ** 0.5, 3**0.5])
    assert np.allclose(places[:, 0], columns[:, 0])
    assert np.isclose(shares[0], 1)


def test_a_dimension_that_there_is_not_tells_nothing(own: Panel) -> None:
    of_two = own.themes[own.themes["report"].isin(own.themes["report"].unique()[:2])]
    table = panel.correspondence(replace(own, themes=of_two))
    assert table.attrs["inertia_1"] == 1
    assert table.attrs["inertia_2"] == 0
    assert (table["d2"] == 0).all()
    assert not np.signbit(table["d2"]).any()
    assert table["contribution_2"].isna().all()
    # Reports that share out their text alike lie in the origin, on no dimension.
    ((_, places), _), inertia = principal(np.array([[5.0, 3.0], [10.0, 6.0]]))
    assert not places.any()
    assert np.isnan(inertia).all()


def test_too_small_a_table_is_said(own: Panel) -> None:
    with pytest.raises(CorpusError, match="are too few"):
        panel.correspondence(replace(own, themes=own.themes.head(1)))
    with pytest.raises(CorpusError, match="and 0 terms are too few"):
        panel.correspondence(own, of="terms")
    with pytest.raises(CorpusError, match="of='words'"):
        panel.correspondence(own, of="words")


def test_names_of_the_user_s_are_aligned(own: Panel, tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("name\tindicator\n地区生产总值\tGDP\n", encoding="utf-8")
    long = panel.to_long(own, names=names)
    assert set(long["indicator"]) == {"GDP"}
    assert long["value"].tolist() == [8.0, 10.0, 12.0]
    assert long.loc[long["place"] == "深圳市", "code"].tolist() == ["440300"]


def test_how_firmly_targets_are_set_adds_up(reference: Panel) -> None:
    table = panel.firmness(reference)
    kinds = ["exact", "at_least", "at_most", "about"]
    assert (table[kinds].sum(axis=1) == table["targets"]).all()
    targets = reference.observations[reference.observations["status"] == "target"]
    assert table["targets"].sum() == targets["part"].notna().sum()
    themes = panel.firmness(reference, by="theme")
    assert themes[kinds].sum().equals(table[kinds].sum())
    growth = themes[themes["theme_en"] == "Growth and public finance"].set_index("level")
    coded = reference.themes[reference.themes["themes"].str[0] == "growth"]
    of_nation = reference.reports.loc[reference.reports["level"] == "国", "report"]
    told = targets[targets["report"].isin(of_nation)].merge(
        coded, left_on=["report", "sentence_start"], right_on=["report", "start"]
    )
    assert growth.loc["国", "targets"] == len(told) > 100
    with pytest.raises(CorpusError, match="by='section'"):
        panel.firmness(reference, by="section")


def test_levels_of_government_stand_from_the_nation_down(reference: Panel) -> None:
    dictionary = {"green": ["环境"]}
    tables = {
        "attention": panel.attention_by(reference, by="level"),
        "dictionary": panel.dictionary_share(reference, dictionary, by="level"),
        "firmness": panel.firmness(reference),
        "series": panel.series(reference, "地区生产总值"),
        "own order": panel.by_level(panel.to_long(reference)),
    }
    for name, table in tables.items():
        levels = [*dict.fromkeys(table["level"].dropna())]
        assert levels == [level for level in LEVELS if level in levels] != sorted(levels), name
    wide = pd.DataFrame(columns=["theme", "区", "国", "share"])
    assert [*panel.by_level(wide)] == ["theme", "share", "国", "区"]


def test_targets_are_counted_by_any_column(reference: Panel) -> None:
    kept = panel.kept_promises(reference)
    for by in (["level"], ["ceiling"], ["period", "level"]):
        table = panel.kept_by(kept, by)
        assert table["targets"].sum() == len(kept.dropna(subset=by))
    assert panel.kept_by(kept, "level").equals(panel.kept_by(kept, ["level"]))
    for unknown in (["month"], "month", []):
        with pytest.raises(CorpusError, match=r"^by=.*: give one of place, level"):
            panel.kept_by(kept, unknown)


def test_a_corpus_counts_the_words_of_a_dictionary(tmp_path: Path, own: Panel) -> None:
    file = tmp_path / "green.tsv"
    file.write_text(DICTIONARIES["green.tsv"], encoding="utf-8")
    made = tmp_path / "data"
    corpus(constructed.FOLDER, made, keywords=file, workers=0)
    table = pd.read_csv(made / KEYWORDS)
    wanted = panel.dictionary_share(load_panel(made), file)
    assert table["words"].tolist() == wanted["words"].tolist()
    assert table["strings"].tolist() == wanted["strings"].tolist()
    assert Inventory(made).holds(KEYWORDS)
    corpus(constructed.FOLDER, made, workers=0)
    assert not (made / KEYWORDS).exists()
    with pytest.raises(CorpusError, match="counted among the terms"):
        corpus(constructed.FOLDER, made, keywords=file, terms=False)


def test_a_dictionary_of_brackets_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "green.yml").write_text("a: " + "[" * 50_000, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"green\.yml:1: categories in too many categories"):
        read_dictionary(tmp_path / "green.yml")


def test_the_readme_tells_how_many_promises_were_judged_right() -> None:
    readme = packaged("corpora/panel/README.md").read_text(encoding="utf-8")
    columns = ("sample", "report", "id", "verdict", "judgement")
    rows = read_table(packaged("corpora/promises.tsv"), columns=columns, optional=("note",))
    for sample in ("1", "2", "3", "4"):
        of = [row for row in rows if row["sample"] == sample and row["judgement"] != "open"]
        right = Counter(row["verdict"] for row in of if row["judgement"] == "right")
        decided = Counter(row["verdict"] for row in of)
        for verdict in ("kept", "missed", "not reported"):
            assert f"{right[verdict]} of {decided[verdict]}" in readme
        assert f"{right.total()} of {len(of)}" in readme


def test_a_plain_panel_says_what_growth_is_against(reference: Panel) -> None:
    rows = panel.to_long(reference)
    yearly = rows[(rows["measure"] == "growth") & (rows["comparison"] == "yoy")]
    assert len(yearly) > 4000
    # Growth since an earlier year is told of single years too.
    since = rows[rows["comparison"].str.startswith("since:", na=False)]
    assert (since["period"] == (since["year"] - 1).astype(str)).any()
    # A level that is told by the year is of several years.
    levels = rows[rows["measure"] == "level"]
    yearly = levels[levels["comparison"].notna()]
    assert set(yearly["comparison"]) == {"annual_average"}
    assert yearly["period"].str.fullmatch(r"\d{4}-\d{4}").all()
    assert len(yearly) < 100


def test_a_word_that_no_report_has_gets_no_interval(reference: Panel) -> None:
    table = panel.dictionary_share(reference, {"none": ["没有的词"]}, by="level")
    assert (table["word_share"] == 0).all()
    assert table[["low", "high"]].isna().all(axis=None)


def test_shares_of_a_dictionary_over_groups_have_intervals(reference: Panel) -> None:
    words = {"green": ["环境", "绿色"]}
    table = panel.dictionary_share(reference, words, by="level")
    assert ((table["low"] < table["word_share"]) & (table["word_share"] < table["high"])).all()
    # More reports tell a share better, and one tells nothing of how reports differ.
    width = ((table["high"] - table["low"]) / table["word_share"]).set_axis(table["level"])
    assert width["区"] < width["县级市"]
    places = panel.dictionary_share(reference, words, by="place")
    unknown = (places["reports"] == 1) | (places["words"] == 0)
    assert (places["low"].isna() == unknown).all()
    assert "low" not in panel.dictionary_share(reference, words)
