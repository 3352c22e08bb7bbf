"""The figures of trust: from the gold standards of the package, counted as the scorers count, with
no mistake unexplained."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.cli import main
from xiacheng_nlp.datafiles import read_table
from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.publish.notebooks import shown
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.validation import baselines
from xiacheng_nlp.validation import tables as validation
from xiacheng_nlp.validation.gold import STEM, read_number_gold, read_word_gold
from xiacheng_nlp.validation.scores import evaluate
from xiacheng_nlp.validation.tables import SYSTEMS, TASKS


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    return validation.accuracy(resamples=300)


def test_every_task_is_scored_for_the_package_and_for_a_baseline(scores: pd.DataFrame) -> None:
    assert not scores.duplicated(["task", "system"]).any()
    assert set(scores["system"]) == set(SYSTEMS)
    for task in TASKS:
        systems = set(scores.loc[scores["task"] == task, "system"])
        assert "package" in systems
        assert systems & set(SYSTEMS[3:]), task


def test_values_are_those_of_the_counts_and_lie_in_their_intervals(scores: pd.DataFrame) -> None:
    for row in scores.to_dict("records"):
        right, predicted, expected = row["right"], row["predicted"], row["expected"]
        if row["task"] == "codes":
            precision, recall = right / predicted, right / expected
            assert row["value"] == pytest.approx(
                2 * precision * recall / (precision + recall), abs=0.005
            )
        else:
            value = (
                2 * right / (predicted + expected) if row["measure"] == "f1" else right / expected
            )
            assert row["value"] == pytest.approx(value)
        assert 0 <= row["low"] <= row["value"] <= row["high"] <= 1
        assert row["low"] < row["high"]


def test_numbers_are_counted_as_evaluate_counts_them(scores: pd.DataFrame, seed: Report) -> None:
    gold = read_number_gold(bundle.folder("gold") / "xiacheng-2014.gold.jsonl")
    result = evaluate(gold, [o.record() for o in indicators(seed)])
    said = scores[scores["system"] == "package"].set_index("task")
    for task in ("spans", "quantities", "indicators", "records"):
        score = getattr(result, task)
        assert said.loc[task, ["right", "predicted", "expected"]].tolist() == [
            score.hits,
            score.predicted,
            score.expected,
        ]
        assert [len(places) for places in score.places] == [
            score.hits,
            score.predicted,
            score.expected,
        ]


def test_the_package_stands_above_every_baseline(scores: pd.DataFrame) -> None:
    table = scores.pivot(index="task", columns="system", values="low")
    other = scores.pivot(index="task", columns="system", values="high")
    for task in TASKS:
        for system in SYSTEMS[3:]:
            if not pd.isna(other.loc[task, system]):
                assert table.loc[task, "package"] > other.loc[task, system], (task, system)


def test_learning_from_the_report_helps(scores: pd.DataFrame) -> None:
    # The model of borders learned from these sentences, so that the list of the report adds
    # nothing to it.
    for task in ("words", "terms"):
        values = scores[scores["task"] == task].set_index("system")["value"]
        assert values[list(SYSTEMS[:2])].min() > values[SYSTEMS[2]] > values["jieba"]


def test_a_rerun_gives_the_same_table(scores: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(scores, validation.accuracy(resamples=300))


def test_constructions_cover_the_indicators_once_by_measure_and_once_by_status() -> None:
    table = validation.by_construction().set_index("construction")
    expected = validation.seed_validation().evaluation.indicators.expected
    assert table.loc[["level", "growth", "share", "difference", "rank"], "n"].sum() == expected
    assert table.loc[["outcome", "target", "definition"], "n"].sum() == expected
    assert (table["record"] <= table["indicator"]).all()
    assert (
        (table["record_low"] <= table["record"]) & (table["record"] <= table["record_high"])
    ).all()


def test_every_reason_is_told_in_chinese() -> None:
    reasons = validation.mistakes()["reason"].unique()
    assert [said for said in reasons if shown(said, "=reason", "zh") == said] == []


def test_every_mistake_has_its_reason_and_every_reason_its_mistake() -> None:
    table = validation.mistakes()
    assert table["reason"].notna().all()
    counts = Counter(table["task"])
    made = validation.seed_validation()
    assert (
        counts["quantities"]
        == made.evaluation.quantities.expected - made.evaluation.quantities.hits
    )
    assert counts["indicators"] == len(made.evaluation.mistakes)
    report = made.report
    known = set()
    for row in table.to_dict("records"):
        assert report.text.startswith(row["text"].split("\n")[0], row["start"])
        pair = f"{row['gold']}>{row['package']}"
        known.add((row["task"], pair if row["task"] == "instrument" else str(row["start"])))
    reasons = read_table(
        bundle.folder("gold") / f"{STEM}.mistakes.tsv", columns=("task", "where", "reason")
    )
    assert {(row["task"], row["where"]) for row in reasons} == known


def test_a_broken_gold_standard_of_words_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"sample\.json: cannot be read"):
        read_word_gold(tmp_path)
    folder = Path(shutil.copytree(bundle.folder("gold"), tmp_path / "gold"))
    path = folder / "xiacheng-2014.segmentation.gold.jsonl"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"武林中央商务区"', '"西湖中央商务区"', 1),
        encoding="utf-8",
    )
    with pytest.raises(
        DataFileError, match=r":1: 西湖中央商务区 does not stand in the text of sentence 12"
    ):
        read_word_gold(folder)


def test_development_scores_are_scores_of_gold_standards_that_travel() -> None:
    table = validation.development()
    assert ((table["right"] <= table["predicted"]) & (table["right"] <= table["expected"])).all()
    assert table["value"].between(0, 1).all()
    for row in table.to_dict("records"):
        assert row["command"].startswith("xiacheng-nlp evaluate ")
        assert gold_of(row).is_file()
        assert len(row["sha256"]) == 64
    package = table[(table["system"] == "package") & (table["task"] == "records")]
    assert package["kind"].value_counts().to_dict() == {
        "development": 22,
        "totals only": 18,
        "held out": 3,
    }


def gold_of(row: Mapping[Hashable, Any]) -> Path:
    """The gold standard that a row of scores is about."""
    return (
        bundle.folder("gold") / str(row["kind"]).replace(" ", "-") / str(row["command"]).split()[2]
    )


def test_scores_of_passages_that_travel_are_those_of_this_version() -> None:
    """Whoever changes a rule is told that tools/score_development.py must run again."""
    table = validation.development()
    scored = 0
    for row in table[
        (table["system"] == "package")
        & table["task"].isin(["spans", "quantities", "indicators", "records"])
    ].to_dict("records"):
        source = gold_of(row).with_name(f"{row['report']}.txt")
        if source.is_file():
            result = evaluate(
                read_number_gold(gold_of(row)),
                [o.record() for o in indicators(load_report(source))],
            )
            score = getattr(result, str(row["task"]))
            assert [row["right"], row["predicted"], row["expected"]] == [
                score.hits,
                score.predicted,
                score.expected,
            ], row["report"]
            assert row["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
            scored += 1
    assert scored == 16


def test_the_command_scores_themes_too(capsys: pytest.CaptureFixture[str]) -> None:
    gold = str(bundle.folder("gold") / "xiacheng-2014.themes.gold.jsonl")
    assert main(["evaluate", gold, str(bundle.seed()), "--errors", "2"]) == 0
    said = capsys.readouterr().out
    assert "main_accuracy        0.99" in said  # the trained coder learned from these sentences
    assert said.count("wrong theme: gold [") <= 2
    assert main(["evaluate", gold, str(bundle.seed()), "--window", "0:5"]) == 1
    assert "--window is for numbers" in capsys.readouterr().err


def test_the_plain_pattern_reads_what_a_plain_pattern_reads() -> None:
    text = (
        "2014年政府工作报告\n各位代表:\n一、2013年工作回顾\n新建道路3条,单位能耗下降3.6%。\n"
        "二、2014年工作安排\n新增绿化5万平方米以上。\n"
    )
    rows = baselines.number_unit_pattern(Report.parse(text))
    assert [
        (row["indicator"], row["text"], row["sign"], row["status"], row["period"]) for row in rows
    ] == [
        ("新建道路", "3条", 1, "actual", "2013"),
        ("单位能耗", "3.6%", -1, "actual", "2013"),
        ("新增绿化", "5万平方米", 1, "target", "2014"),
    ]


GOLD = {
    "cand": 1,
    "class": "quantity",
    "start": 0,
    "end": 2,
    "text": "9个",
    "value": 9,
    "unit": "个",
}


@pytest.mark.parametrize("key", ["cand", "class", "start", "end", "text", "value", "unit", "names"])
@pytest.mark.parametrize("cell", [{}, [[]], [None], True])
def test_a_gold_file_with_cells_of_another_kind_is_one_line(
    tmp_path: Path, key: str, cell: object
) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(GOLD) + "\n" + json.dumps(GOLD | {key: cell}), encoding="utf-8")
    with pytest.raises(DataFileError, match=rf"^gold\.jsonl:2: {key} must be .*, not .*$"):
        read_number_gold(path)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"class": "quantitty"}, "class must be one of duration, quantity, rank, date, "),
        ({"role": "indicater"}, "role must be one of indicator, qualifier, not 'indicater'"),
        ({"measure": "groth"}, "measure must be one of level, "),
        ({"status": "actuall"}, "status must be one of actual, "),
        ({"bound": "=>"}, "bound must be one of =, "),
        ({"sign": 5}, "sign must be one of 1, -1, not 5"),
        ({"value": [1]}, r"value must have two ends or more, not \[1\]"),
        ({"start": 2, "end": 0}, "a span runs forward from 0 on"),
        ({"start": -1}, "a span runs forward from 0 on"),
        ({"value": float("nan")}, "no JSON: NaN is no number"),
        ({"cand": 2}, "the number at 0 stands already in line 1"),
        ({"start": 900, "end": 902}, "seed has '.*' at 900 to 902, not '9个'"),
        ({"start": 10**6, "end": 10**6 + 2}, "seed has '' at 1000000 to 1000002, not '9个'"),
        ({"optional": "false"}, "optional must be bool, not 'false'"),
        ({"class": "name", "sha256": "0" * 64}, "checked on another report than seed"),
    ],
)
def test_a_row_that_can_not_be_scored_is_told_with_its_line(
    cells: dict[str, object], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "gold.jsonl"
    report = Report.parse("9个，其余" + "一" * 1000, name="seed")
    path.write_text(json.dumps(GOLD) + "\n\n" + json.dumps(GOLD | cells), encoding="utf-8")
    with pytest.raises(DataFileError, match=rf"^gold\.jsonl:3: {said}"):
        read_number_gold(path, report)


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    """Of two values readers take the one or the other."""
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(GOLD)[:-1] + ', "value": 8}', encoding="utf-8")
    with pytest.raises(DataFileError, match=r"^gold\.jsonl:1: no JSON: 'value' stands twice"):
        read_number_gold(path)


def test_what_a_gold_file_says_gives_the_terminal_no_orders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, report = tmp_path / "gold.jsonl", tmp_path / "r\x1b[31m.txt"
    report.write_text("各位代表：\n新建小学3所，医院2家。\n", encoding="utf-8")
    place = report.read_text(encoding="utf-8").index("3所")
    said = {"start": place, "end": place + 2, "text": "3所", "value": 3, "unit": "所", "bound": "="}
    row = GOLD | said | {"role": "indicator", "names": ["\x1b[31m红\n字"], "measure": "level"}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert main(["evaluate", str(path), str(report), "--errors", "9"]) == 0
    assert main(["outline", str(report)]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "gold [3所 \\x1b[31m红\\n字 level]" in told


def test_a_number_too_large_to_be_held_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(GOLD).replace(": 9,", ": 1e999,"), encoding="utf-8")
    with pytest.raises(DataFileError, match=r"^gold\.jsonl:1: no JSON: 1e999 is no number"):
        read_number_gold(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": 12, "words": "武林"}', ":1: words must be a list of words"),
        ('{"id": [12], "words": []}', r":1: no sentence \[12\] was drawn"),
        ("[" * 100_000, ":1: no JSON"),
    ],
)
def test_a_gold_file_of_words_with_cells_of_another_kind_is_one_line(
    tmp_path: Path, line: str, said: str
) -> None:
    folder = Path(shutil.copytree(bundle.folder("gold"), tmp_path / "gold"))
    (folder / f"{STEM}.segmentation.gold.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(DataFileError, match=said):
        read_word_gold(folder)


def test_a_value_that_no_float_holds_is_another_value() -> None:
    row = GOLD | {"role": "qualifier", "value": 10**400}
    assert evaluate([row], [GOLD]).quantities.hits == 0


def test_where_nothing_is_found_every_field_is_wrong() -> None:
    fields = evaluate([], []).fields
    assert fields["name overlap"] == fields["name"] == 0.0
    assert not {"among", "base"} & set(fields)
