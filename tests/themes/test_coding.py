"""Coding of themes: the laws of its table, what its options do, and a codebook of the reader's
own."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiacheng_nlp.cli import main
from xiacheng_nlp.errors import CodebookError, ThemeError
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.text import flow
from xiacheng_nlp.themes.codebook import Codebook, load_codebook
from xiacheng_nlp.themes.coding import COLUMNS, code_themes
from xiacheng_nlp.words.segmentation import tokenize

CODES = "kind\tcode\tzh\ten\tdefinition\tinstrument\n"
OWN = (
    CODES
    + "theme\twater\t水\tWater\t河与水\tsupply\ntheme\tschool\t学校\tSchools\t教育\t\n"
    + "theme\tgeneral\t总论\tGeneral\t其余\t\n"
    + "instrument\tsupply\t供给\tSupply\t投入\t\ninstrument\tnone\t无\tNone\t无\t\n"
)
PHRASES = "kind\tcode\tphrase\tweight\twith\twithout\tshared\n"
OWN_PHRASES = (
    PHRASES + "theme\twater\t河道\t4\ntheme\tschool\t学校\t4\ninstrument\tsupply\t投入\t3\n"
)


def book(folder: Path, codes: str = OWN, phrases: str = OWN_PHRASES) -> Path:
    path = folder / "own.tsv"
    path.write_text(codes, encoding="utf-8")
    (folder / "own_phrases.tsv").write_text(phrases, encoding="utf-8")
    return path


def report(*sentences: str, heading: str = "一、2014年政府工作") -> Report:
    return Report.parse("各位代表:\n" + heading + "\n" + "".join(sentences))


def coded(
    *sentences: str, codebook: Codebook | None = None, **options: object
) -> list[tuple[str, ...]]:
    return list(code_themes(report(*sentences), codebook, **options)["themes"])  # type: ignore[arg-type]


def assert_laws(source: Report, codebook: Codebook) -> None:
    table = code_themes(source, codebook)
    assert list(table.columns) == list(COLUMNS)
    assert len(table) + sum(table.attrs["left_out"].values()) == len(source.sentences)
    for row in table.to_dict("records"):
        assert flow(source.text[row["start"] : row["end"]]) == row["text"]
        assert 1 <= len(row["themes"]) <= 3
        assert len(set(row["themes"])) == len(row["themes"])
        assert set(row["themes"]) <= set(codebook.codes)
        assert "general" not in row["themes"][1:]
        assert row["instrument"] in codebook.instrument_codes
        lengths = [len(found["text"]) for found in row["evidence"]]
        assert lengths == sorted(lengths, reverse=True)
        if isinstance(row["heading"], str):
            assert flow(source.text[row["heading_start"] : row["heading_end"]]) == row["heading"]
            assert row["heading_start"] < row["start"]
        for found in row["evidence"]:
            assert row["start"] <= found["start"] < found["end"] <= row["end"]
            assert flow(source.text[found["start"] : found["end"]]) == found["text"]


def test_the_laws_hold_on_the_seed(seed: Report) -> None:
    assert_laws(seed, load_codebook())


PIECES = st.sampled_from(
    [
        "各位代表",
        "一、2013年工作回顾",
        "(一)稳增长",
        "河道整治",
        "学校",
        "“",
        "投入资金",
        "。",
        ";",
        "\n",
        "\n\n",
        "惠\n\n民生",
        " ",
        "𠀀",
        "就业",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_the_laws_hold_on_any_text(text: str) -> None:
    if text.strip():
        assert_laws(Report.parse(text), load_codebook())


def test_ordinals_are_those_of_the_token_table(seed: Report) -> None:
    table, tokens = code_themes(seed), tokenize(seed)
    first = tokens.groupby("sentence")[["paragraph", "start"]].first().loc[table["sentence"]]
    assert list(first["paragraph"]) == list(table["paragraph"])
    assert list(first["start"]) == list(table["start"])


def test_a_phrase_across_a_line_break_keeps_its_span_in_the_source(seed: Report) -> None:
    found = [
        (e["text"], seed.text[e["start"] : e["end"]])
        for row in code_themes(seed)["evidence"]
        for e in row
    ]
    assert [(text, "".join(surface.split())) for text, surface in found if text != surface] == [
        ("惠民", "惠民")
    ] * 2


def test_the_run_in_heading_speaks_for_its_paragraph() -> None:
    plain = coded("全面完成任务。", model=False)
    headed = coded("环境治理积极推进。全面完成任务。", model=False)
    assert plain == [("general",)]
    assert headed[1][0] == "environment"


def test_each_sentence_names_the_heading_it_stands_under() -> None:
    table = code_themes(report("环境治理积极推进。全面完成任务。"))
    assert list(table["heading"]) == ["一、2014年政府工作", "环境治理积极推进。"]


def test_a_run_in_heads_no_paragraph_of_another_section() -> None:
    turn = "在肯定成绩的同时，我们也清醒地看到，发展不平衡的问题仍然突出。"
    text = f"各位代表:\n一、2013年工作回顾\n(一)抓好发展\n环境治理积极推进。\n{turn}"
    assert list(code_themes(Report.parse(text))["heading"])[-1] == "一、2013年工作回顾"


def test_a_phrase_inside_a_longer_one_does_not_count(tmp_path: Path) -> None:
    phrases = (
        PHRASES
        + "theme\twater\t学校河道\t4\ntheme\tschool\t学校\t5\ntheme\twater\t河道\t3\n"
        + "instrument\tsupply\t投入\t3\n"
    )
    codebook = load_codebook(book(tmp_path, phrases=phrases))
    table = code_themes(report("整治学校河道。"), codebook)
    assert [piece["text"] for piece in table["evidence"].iloc[0]] == ["学校河道"]


def test_a_phrase_of_weight_zero_blocks_what_stands_inside_it(tmp_path: Path) -> None:
    with_blocker = load_codebook(
        book(tmp_path, phrases=OWN_PHRASES + "theme\tgeneral\t学校路\t0\n")
    )
    assert coded("拓宽学校路。", codebook=with_blocker) == [("general",)]


def test_conditions_of_a_phrase(tmp_path: Path) -> None:
    phrases = OWN_PHRASES + "theme\twater\t清淤\t4\t河|渠\t沟\n"
    codebook = load_codebook(book(tmp_path, phrases=phrases))
    sentences = ("河里清淤。", "渠里清淤。", "沟河清淤。", "清淤。")
    assert [coded(sentence, codebook=codebook)[0] for sentence in sentences] == [
        ("water",),
        ("water",),
        ("general",),
        ("general",),
    ]


def test_the_coding_does_not_move_with_the_order_of_the_phrases(tmp_path: Path) -> None:
    first = load_codebook(book(tmp_path))
    lines = OWN_PHRASES.splitlines()
    second = load_codebook(
        book(tmp_path, phrases="\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    )
    source = report("投入资金整治河道。学校河道。学校。")
    columns = ["themes", "instrument"]
    assert code_themes(source, first)[columns].equals(code_themes(source, second)[columns])


def test_headings_salutation_and_glossary_are_left_out_and_counted(seed: Report) -> None:
    table = code_themes(seed)
    assert table.attrs["left_out"] == {"salutation": 1, "heading": 15, "glossary": 41}
    assert len(code_themes(seed, glossary=True)) > len(table)


def test_a_report_of_one_paragraph_and_one_without_any_sentence_to_code() -> None:
    assert coded("全年整治河道五条,全面完成清淤任务。")[0][0] == "environment"
    assert code_themes(Report.parse("一、2014年工作")).empty


@pytest.mark.parametrize(
    ("codes", "phrases", "message"),
    [
        (
            "",
            OWN_PHRASES,
            "own.tsv:1: empty; the first line must name the columns kind, code, zh, en, definition",
        ),
        (CODES, OWN_PHRASES, "own.tsv:1: the theme general is missing; "),
        (
            OWN.replace("general", "rest"),
            OWN_PHRASES,
            "own.tsv:1: the theme general is missing; what fits no other theme is coded by it",
        ),
        (
            OWN.replace("\tsupply\n", "\tsuply\n"),
            OWN_PHRASES,
            "own.tsv:2: instrument must be one of none, supply",
        ),
        (
            OWN + "theme\twater\t水\tWater\t水\t\n",
            OWN_PHRASES,
            "own.tsv:7: water stands already in line 2",
        ),
        (
            OWN + "thema\tx\tx\tx\tx\t\n",
            OWN_PHRASES,
            "own.tsv:7: kind must be one of instrument, theme",
        ),
        (
            OWN,
            PHRASES,
            "own.tsv:2: the theme water has no phrase in own_phrases.tsv: nothing could be coded "
            "by it",
        ),
        (
            OWN,
            OWN_PHRASES + "theme\tfire\t火\t1\n",
            "own_phrases.tsv:5: theme fire is no theme or instrument of this codebook",
        ),
        (
            OWN,
            OWN_PHRASES + "theme\twater\t水\tmuch\n",
            "own_phrases.tsv:5: a weight is a number from 0 to 100, not much",
        ),
        (
            OWN,
            OWN_PHRASES + "theme\twater\t水\tnan\n",
            "own_phrases.tsv:5: a weight is a number from 0 to 100, not nan",
        ),
        (
            OWN,
            OWN_PHRASES + "theme\twater\t河道\t1\n",
            "own_phrases.tsv:5: 河道 stands already in line 2",
        ),
        (
            OWN,
            OWN_PHRASES + "theme\tschool\t河道\t1\n",
            "own_phrases.tsv:5: the phrase 河道 stands in two themes (water in line 2, school); ",
        ),
        (
            OWN,
            OWN_PHRASES + "theme\twater\t清 淤\t1\n",
            "own_phrases.tsv:5: a phrase has no blanks",
        ),
        (
            OWN,
            OWN_PHRASES + "theme\twater\t清淤\t1\t河||渠\n",
            "own_phrases.tsv:5: with: words with | between them, none of them empty",
        ),
        (
            OWN,
            OWN_PHRASES + "theme\twater\t清淤\t1\t\t\tmaybe\n",
            "own_phrases.tsv:5: shared must be one of yes",
        ),
    ],
)
def test_what_is_wrong_with_a_codebook_is_said_with_its_line(
    tmp_path: Path, codes: str, phrases: str, message: str
) -> None:
    with pytest.raises(CodebookError) as error:
        load_codebook(book(tmp_path, codes, phrases))
    assert str(error.value).startswith(message)


def test_a_phrase_may_stand_in_two_themes_where_both_lines_say_so(tmp_path: Path) -> None:
    phrases = OWN_PHRASES + "theme\twater\t水库\t1\t\t\tyes\ntheme\tschool\t水库\t2\t\t\tyes\n"
    codebook = load_codebook(book(tmp_path, phrases=phrases))
    evidence = code_themes(report("水库。"), codebook)["evidence"].iloc[0]
    assert [(e["code"], e["weight"]) for e in evidence] == [("water", 1.0), ("school", 2.0)]


def test_a_codebook_without_its_phrases_is_said(tmp_path: Path) -> None:
    path = book(tmp_path)
    (tmp_path / "own_phrases.tsv").unlink()
    with pytest.raises(CodebookError, match=r"own_phrases\.tsv: cannot be read"):
        load_codebook(path)


def test_the_command_writes_one_row_a_sentence(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["themes"]) == 0
    rows = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert rows[3]["themes"][0] == "investment"
    assert {"start", "end", "text", "part", "section", "themes", "instrument", "evidence"} <= set(
        rows[0]
    )


def test_the_command_says_what_is_wrong_with_a_codebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["themes", "--codebook", str(book(tmp_path, phrases=PHRASES))]) == 1
    assert capsys.readouterr().err.startswith(
        "xiacheng-nlp: own.tsv:2: the theme water has no phrase"
    )


def test_the_command_says_that_a_threshold_has_no_effect_on_phrases_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--codebook", str(book(tmp_path)), "--threshold", "1"]
    assert main(["themes", *words, "-o", str(tmp_path / "t.csv")]) == 0
    said = capsys.readouterr().err
    assert "--threshold has no effect: phrases alone tell no probability" in said


def test_what_is_less_probable_than_the_threshold_is_left_out() -> None:
    report = load_report()
    every = code_themes(report)
    sure = code_themes(report, threshold=0.8)
    expected = every[every["probability"] >= 0.8]
    assert sure["start"].tolist() == expected["start"].tolist()
    assert sure.attrs["left_out"]["doubtful"] == len(every) - len(sure) > 0
    # The threshold itself is enough.
    least = every["probability"].min()
    assert len(code_themes(report, threshold=least)) == len(every)
    assert len(code_themes(report, model=False, threshold=0.8)) == len(every)
    with pytest.raises(ThemeError, match="threshold=2: a probability"):
        code_themes(report, threshold=2)
