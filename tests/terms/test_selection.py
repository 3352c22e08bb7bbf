"""What counts as a word, what as a term, and what is said of a broken list."""

import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiacheng_nlp.errors import DataFileError, TermError, TermWarning
from xiacheng_nlp.terms import cooccurrence, distribution, frequency, selection
from xiacheng_nlp.terms.cooccurrence import collocations
from xiacheng_nlp.terms.distribution import dispersion
from xiacheng_nlp.terms.frequency import strips
from xiacheng_nlp.terms.selection import (
    in_order,
    load_stop_words,
    load_synonyms,
    mark,
    stop_word_table,
    token_table,
    unit_codes,
)


def terms(text, **options):
    marked = mark(token_table([("plan", "1", text)]), **options)
    return list(marked.loc[marked["is_term"], "term"])


def test_the_packages_stop_words_are_in_two_disjoint_lists():
    general, boilerplate = load_stop_words("general"), load_stop_words("boilerplate")
    assert {"我们", "以及", "以内"} <= general  # "we", "as well as", "within"
    assert {"各位代表", "进一步"} <= boilerplate  # "fellow deputies", "further"
    assert not general & boilerplate
    assert load_stop_words("all") == general | boilerplate
    table = stop_word_table()
    assert set(table["word"]) == general | boilerplate
    assert " ".join(sorted(set(table["kind"]))) == (
        "adverb auxiliary boilerplate conjunction light verb numeral particle preposition pronoun"
    )


def test_no_stop_word_is_a_number_that_is_left_out_anyway_or_stands_with_blanks():
    assert all(word == word.strip() and " " not in word for word in stop_word_table()["word"])


def test_stop_words_come_from_words_files_or_none(tmp_path):
    table, plain = tmp_path / "own.tsv", tmp_path / "own.txt"
    table.write_text("# mine\nword\tnote\n下城区\tthe district itself\n", encoding="utf-8")
    plain.write_text("\ufeff下城区\n全区\n", encoding="utf-8")
    assert load_stop_words(table) == {"下城区"}
    assert load_stop_words(str(plain)) == {"下城区", "全区"}
    assert load_stop_words({"全区"}) == {"全区"}
    assert load_stop_words(None) == frozenset()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gbk.tsv", "word\n我们\n".encode("gbk"), r"gbk\.tsv:2: byte 5 is not UTF-8.*GBK"),
        ("gbk.txt", "the\n我们\n".encode("gbk"), r"gbk\.txt:2: byte 4 is not UTF-8.*GBK"),
        ("cells.tsv", "word\tkind\n我们\tpronoun\tx\n".encode(), r"cells\.tsv:2: 3 cells"),
        (
            "twice.tsv",
            "word\n我们\n我们\n".encode(),
            r"twice\.tsv:3: 我们 stands already in line 2",
        ),
        ("two.txt", "我们\n他们 大家\n".encode(), r"two\.txt:2: give a word"),
        ("void.tsv", b"", r"void\.tsv:1: empty"),
    ],
)
def test_a_broken_stop_list_is_told_with_file_and_line(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=message):
        load_stop_words(path)


@pytest.mark.parametrize("name", ["gone.tsv", "gone.txt"])
def test_a_missing_stop_list_is_told(tmp_path, name):
    with pytest.raises(DataFileError, match=rf"{name}: cannot be read: No such file"):
        load_stop_words(tmp_path / name)


def test_a_misspelt_list_is_no_list_of_letters():
    with pytest.raises(TermError, match="stop_words='genral'"):
        load_stop_words("genral")
    with pytest.raises(TermError, match="synonyms='genral'"):
        load_synonyms("genral")


def test_synonyms_are_merged_and_chains_refused(tmp_path):
    assert load_synonyms("general")["GDP"] == "国内生产总值"
    assert terms("GDP 增长 ， 国内生产总值 翻番", synonyms="general") == [
        "国内生产总值",
        "增长",
        "国内生产总值",
        "翻番",
    ]
    with pytest.raises(TermError, match="乙词 is the term of one pair and the variant of another"):
        load_synonyms({"甲词": "乙词", "乙词": "丙词"})
    broken = tmp_path / "own.tsv"
    broken.write_text("variant\tterm\n民企\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"own\.tsv:2: no term"):
        load_synonyms(broken)


def test_a_term_is_no_punctuation_number_stop_word_or_single_character():
    # 十二五 is a plan, H7N9 a disease
    text = "我们 完成 投资 25.56% ， 新建 三百 套 ， 十二五 H7N9 3+3 二〇一四 ， 区"
    assert terms(text) == ["投资", "新建", "十二五", "H7N9", "3+3"]
    assert terms(text, stop_words="general")[0] == "完成"  # a set phrase
    assert "我们" in terms(text, stop_words=None)
    assert "区" in terms(text, min_length=1)


@pytest.mark.parametrize(
    "measure",
    ["万公斤", "万吨标准煤", "万立方米", "亿千瓦时", "亿欧元", "个百分点", "万余元", "公里"],
)
def test_a_measure_behind_a_number_is_no_term(measure):
    assert terms(f"用电 3.5 {measure} 楼宇") == ["用电", "楼宇"]
    assert terms(f"用电 5 个 {measure} 楼宇") == ["用电", "楼宇"]
    assert measure in terms(f"用电 3.5 {measure}", stop_words=None)
    assert terms(f"用电 三 {measure}", min_length=1) == ["用电"]


def test_a_measure_is_a_term_elsewhere_and_what_the_segmenter_tags_as_one_is_a_measure():
    assert terms("10 个 社区 ， 社区") == ["社区", "社区"]
    assert terms("第三 。 公里 ； 亿元 楼宇") == ["公里", "楼宇"]
    tokens = token_table([("plan", "1", "十 余栋 ， 余栋")]).assign(pos=["m", "q", "x", "q"])
    assert mark(tokens)["is_term"].tolist() == [False, False, False, True]


def test_parts_of_speech_are_taken_by_the_beginning_of_their_tag():
    tokens = token_table([("plan", "1", "杭州 发展 迅速")])
    tokens["pos"] = ["ns", "vn", "ad"]
    marked = mark(tokens, pos=("n", "v"))
    assert list(marked.loc[marked["is_term"], "term"]) == ["杭州", "发展"]


@pytest.mark.parametrize(
    "word",
    [
        "5",
        "25.56%",
        "1.5万",
        "3000多",
        "三百",
        "三百五十",
        "十",
        "第二",
        "二〇一四",
        "2008-2012",
        "+3.5",
        "千万",
    ],
)
def test_numbers_are_told(word):
    assert terms(word, stop_words=None, min_length=1) == []


@pytest.mark.parametrize(
    "word",
    [
        "十二五",
        "H7N9",
        "三改一拆",
        "十八届三中全会",
        "一流",
        "百姓",
        "XC10-060-R21-05",
        "万元",
    ],
)
def test_names_with_digits_are_no_numbers(word):
    assert terms(word, stop_words=None) == [word]


def test_a_table_that_is_no_token_table_is_refused():
    with pytest.raises(TermError, match="no column pos, section"):
        mark(token_table([]).drop(columns=["pos", "section"]))


def test_units_keep_the_order_of_the_text_and_levels_cut_section_ids():
    tokens = token_table(
        [(None, None, "各位"), ("plan", "10.2", "甲"), ("plan", "2.1.3", "乙"), ("plan", "2", "丙")]
    )
    assert [list(x) for x in unit_codes(tokens, "section")] == [
        [-1, 0, 1, 2],
        ["10.2", "2.1.3", "2"],
    ]
    assert [list(x) for x in unit_codes(tokens, "section", 1)] == [[-1, 0, 1, 1], ["10", "2"]]
    with pytest.raises(TermError, match="by='chapter': give one of part, section"):
        unit_codes(tokens, "chapter")


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.text("发展经济，。a1", min_size=1, max_size=4), min_size=1, max_size=8),
        max_size=5,
    )
)
def test_a_token_table_covers_its_text(paragraphs):
    text = "\n".join("".join(words) for words in paragraphs)
    tokens = token_table([("plan", "1", "\n".join(" ".join(words) for words in paragraphs))])
    assert [
        text[start:end] for start, end in zip(tokens["start"], tokens["end"], strict=True)
    ] == list(tokens["text"])
    assert tokens.groupby("sentence")["paragraph"].nunique().max() in (1,) or tokens.empty


def test_equal_rows_stay_in_their_order():
    """With one column pandas sorts by quicksort, which mixes ties where there are more than 16."""
    table = pd.DataFrame({"count": [k % 3 for k in range(60)], "place": range(60)})
    told = in_order(table, "-count")
    assert told["place"].tolist() == sorted(range(60), key=lambda k: -(k % 3))


@pytest.mark.parametrize("whole", [collocations, strips, dispersion])
def test_the_words_that_are_there_are_gathered_once(whole, monkeypatch):
    """Once for each word that is looked for is quadratic: a minute on a few reports."""
    gathered = []

    class Gathered(set):
        def __init__(self, *words):
            gathered.append(words)
            super().__init__(*words)

    for module in (cooccurrence, distribution, frequency, selection):
        monkeypatch.setattr(module, "set", Gathered, raising=False)
    words = [chr(0x4E00 + k) * 2 for k in range(40)]
    tokens = token_table([("plan", "1", " ".join(words))])
    wanted = {} if whole is collocations else {"terms": words}
    few = {"min_count": 1} if whole is collocations else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TermWarning)
        whole(tokens, **wanted, **few)
    assert len(gathered) < len(words) / 2
