"""References: what a report tells of itself, in the forms that papers ask for; nothing made up,
nothing that breaks a file."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import xiacheng_nlp as xc
from xiacheng_nlp import __version__
from xiacheng_nlp.cli import main
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.figures.texts import TEXTS
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.publish.catalogue import FIGURES
from xiacheng_nlp.publish.citation import (
    AUTHORS,
    STYLES,
    TITLE,
    YEAR,
    Reference,
    bibtex_text,
    cite,
    report_reference,
    written,
)
from xiacheng_nlp.report.report import Report

ROOT = Path(__file__).resolve().parents[2]
NUMBER = "cab2e0b85a5b-451-0"
SPEECH = (
    "各位代表：\n现在，我代表县人民政府，向大会报告工作。\n一、2021年工作回顾\n"
    "完成投资87.9亿元。\n二、2022年工作安排\n投资增长9%。\n"
)


def test_the_package_in_every_style() -> None:
    assert (
        cite("package", style="gbt7714")
        == f"The xiacheng_nlp authors. xiacheng_nlp: Version {__version__}[CP]. 2026."
    )
    assert cite("package", style="apa") == (
        "The xiacheng_nlp authors. (2026). "
        f"xiacheng_nlp (Version {__version__}) [Computer software]."
    )
    (item,) = json.loads(cite("package", style="csl-json"))
    assert item["type"] == "software"
    assert item["version"] == __version__
    assert item["author"] == [{"literal": "The xiacheng_nlp authors"}]
    assert item["issued"] == {"date-parts": [[2026]]}
    assert cite("package", style="bibtex").splitlines()[1:4] == [
        "  author = {{The xiacheng\\_nlp authors}},",
        "  title = {{xiacheng\\_nlp}},",
        "  type = {Computer software},",
    ]


def test_the_report_as_it_tells_of_itself(seed: Report) -> None:
    assert (
        cite("report", seed, style="gbt7714")
        == "下城区人民政府. 2014年下城区政府工作报告: 下政阅〔2014〕1号[R]. (2014-02-19)."
    )
    (item,) = json.loads(cite("report", seed, style="csl-json"))
    assert item["issued"] == {"date-parts": [[2014, 2, 19]]}
    assert "publisher" not in item, "APA names the author once"
    figure = json.loads(cite("fig-word-cloud", seed, style="csl-json"))[0]
    assert figure["issued"] == {"date-parts": [[YEAR]]}, "as the other styles say it"
    entry = cite("report", seed, style="bibtex")
    assert entry.startswith(
        "@techreport{report-cab2e0b85a5b,\n  author = {{下城区人民政府}},\n"
        "  title = {{2014年下城区政府工作报告}},"
    )
    assert "  year = {2014},\n  date = {2014-02-19},\n" in entry


def test_an_address_makes_it_a_report_on_line(seed: Report) -> None:
    said = cite(
        "report", seed, style="gbt7714", url="https://example.org/a?b=%E6", accessed="2024-05-01"
    )
    assert said.endswith("[R/OL]. (2014-02-19)[2024-05-01]. https://example.org/a?b=%E6.")
    assert "  urldate = {2024-05-01},\n" in cite(
        "report", seed, style="bibtex", url="https://example.org/", accessed="2024-05-01"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "零售额下降4.1%。",
            ("零售额, decrease, actual, 2020", "零售额，下降，实绩，2020"),
        ),  # retail sales fell
        (
            "失业率低于全省0.8个百分点。",
            (
                "失业率, difference, below, actual, 2020, against 全省",
                "失业率，差，低于，实绩，2020，相比全省",
            ),
        ),
        (
            "企业突破150家。",
            ("企业, level, actual, 2020, more than", "企业，水平，实绩，2020，超过"),
        ),  # more than 150 firms
        (
            "增速居全市第三。",
            ("增速, rank, 全市, actual, 2020", "增速，位次，全市，实绩，2020"),
        ),  # third in the city
        (
            "收入是全省平均的2倍。",
            (
                "收入, multiple, actual, 2020, against 全省平均",
                "收入，倍数，实绩，2020，相比全省平均",
            ),
        ),
    ],
)
def test_a_number_is_cited_with_its_direction_and_bound(text: str, said: tuple[str, str]) -> None:
    report = Report.parse(f"2021年某县政府工作报告\n各位代表：\n一、2020年工作回顾\n{text}\n")
    (number,) = indicators(report)
    for words, style in zip(said, ("apa", "gbt7714"), strict=True):
        assert words in cite(number.id, report, style=style)


def test_a_number_is_cited_by_its_place(seed: Report) -> None:
    said = cite(NUMBER, seed, style="gbt7714").splitlines()
    assert "7.80%（地区生产总值，增长，实绩，2013），第 451—456 字符" in said[0]
    assert seed.text[451:456] == "7.80%"
    assert said[1].startswith("The xiacheng_nlp authors.")
    assert "7.80\\% (地区生产总值, growth, actual, 2013), " in cite(NUMBER, seed)
    assert ", characters 451-456 of 000\\_ecde2efd3ab0aef1.txt" in cite(NUMBER, seed)


@pytest.mark.parametrize("id", FIGURES)
def test_every_figure_can_be_cited(id: str, seed: Report) -> None:
    for style in STYLES:
        said = cite(id, seed, style=style)
        assert id in said
        assert seed.sha256 in said
    entries = re.findall(r"^@(\w+)\{([^,]+),$", cite(id, seed, style="bibtex"), re.MULTILINE)
    assert [kind for kind, _ in entries] == ["misc", "techreport", "misc"]
    assert len({key for _, key in entries}) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SPEECH, "[政府工作报告][R]. 2022.（来源未载：题名、责任者）"),
        (
            "政 府 工 作 报 告\n" + SPEECH.replace("县人民", "高唐县人民"),
            "高唐县人民政府. 政府工作报告[R]. 2022.",
        ),
        (
            SPEECH.replace("县人民政府", "国务院"),
            "国务院. [政府工作报告][R]. 2022.（来源未载：题名）",
        ),
        (
            "各位代表：\n工作稳步推进。\n",
            "[政府工作报告][R].（来源未载：题名、责任者、日期）",
        ),
    ],
)
def test_what_a_report_does_not_tell_is_left_out_and_said(text: str, said: str) -> None:
    report = Report.parse(text, name="r.txt")
    assert cite("report", report, style="gbt7714") == said
    if "来源未载" in said:
        assert cite("report", report, style="bibtex").startswith(
            "% The source does not tell: title"
        )
        assert "the source does not tell" in cite("report", report, style="csl-json")
        assert "The source does not tell" in cite("report", report, style="apa")


def test_a_figure_has_its_chinese_title_alone_and_says_whose_report_it_is_drawn_from() -> None:
    text = SPEECH.replace("县人民政府", "国务院")
    for told, drawn in ((SPEECH, "（据一份政府工作报告用 "), (text, "（据国务院的工作报告用 ")):
        said = cite("fig-ranks", Report.parse(told, name="r.txt"), style="gbt7714")
        assert said.startswith(f"{TEXTS['fig-ranks'].title['zh']}: fig-ranks[Z].{drawn}")


def test_a_file_is_no_title_of_a_report_without_one() -> None:
    report = Report.parse(SPEECH, name="r.txt")
    apa, gbt = (cite("fig-ranks", report, style=style) for style in ("apa", "gbt7714"))
    assert "《" not in gbt.splitlines()[0]
    assert gbt.splitlines()[0].count("r.txt") == 1
    assert apa.splitlines()[0].count("r.txt") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            {"id": "fig-none"},
            "nothing has the id fig-none; cite package, report, an observation's id",
        ),
        ({"id": "000000000000-1-0"}, "is a number of another report, whose file is to be named"),
        ({"id": "cab2e0b85a5b-1-0"}, "has no number cab2e0b85a5b-1-0"),
        ({"style": "mla"}, "no style is called mla"),
        ({"id": "report", "url": "https://x.org", "accessed": "1.5.2024"}, "is no day"),
        ({"id": "report", "accessed": "2024-05-01"}, "needs the address"),
        ({"id": "report", "url": "https://x.org/}\n@evil{"}, "a sign that no address has"),
    ],
)
def test_what_can_not_be_cited_is_said(words: dict[str, str], message: str, seed: Report) -> None:
    with pytest.raises(XiachengError, match=message):
        xc.cite(report=seed, **words)


@given(st.text(max_size=40))
def test_no_text_breaks_an_entry(text: str) -> None:
    field = bibtex_text(text)
    assert "\n" not in field
    assert not re.search(r"(?<!\\)[$&#%_~^]", field)
    depth = 0
    for c in field:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    reference = Reference(kind="report", key="k", author=text, title=text, detail=text, date="2014")
    entry = written([reference], "bibtex")
    assert entry.count("{") == entry.count("}")
    assert sum(line.startswith("@") for line in entry.splitlines()) == 1


@given(st.text(max_size=60))
def test_any_front_matter_gives_a_line(text: str) -> None:
    if not text.strip() or "\0" in text:
        return
    reference = report_reference(Report.parse(text + "\n" + SPEECH))
    assert "\n" not in written([reference], "gbt7714")


def test_the_command_prints_bibtex_and_gbt7714(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", "package"]) == 0
    said = capfd.readouterr().out
    assert said == cite("package") + "\n"
    assert said.startswith("@misc{xiacheng-nlp-")
    assert said.endswith("[CP]. 2026.\n")
    assert main(["cite", "fig-none"]) == 1
    assert capfd.readouterr().err.startswith("xiacheng-nlp: nothing has the id fig-none")


def test_the_citation_file_is_valid_and_says_what_the_package_says() -> None:
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    # What the schema of the Citation File Format 1.2.0 requires, and the keys that it allows of
    # those used here.
    assert {"cff-version", "message", "title", "authors"} <= set(said)
    assert set(said) <= {
        "cff-version",
        "message",
        "type",
        "title",
        "version",
        "abstract",
        "authors",
        "keywords",
        "license",
    }
    assert said["cff-version"] == "1.2.0"
    assert said["type"] == "software"
    assert said["version"] == __version__
    assert said["title"] == TITLE
    assert said["authors"] == [{"name": AUTHORS}]
    assert all(
        isinstance(said[key], str) for key in ("message", "title", "version", "abstract", "license")
    )
    assert len(set(said["keywords"])) == len(said["keywords"])
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'license = "{said["license"]}"' in project
    assert f'name = "{AUTHORS}"' in project
    assert f"Copyright (c) {YEAR} {AUTHORS}" in (ROOT / "LICENSE").read_text(encoding="utf-8")
