"""Words: the laws of every text, golden cases, the engine, and the gold of the seed."""

import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import DataFileError, XiachengError
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.words import borders, segmentation
from xiacheng_nlp.words.engines import Engine, jieba_itself
from xiacheng_nlp.words.lexicon import Word, read_lexicon, rule_words
from xiacheng_nlp.words.segmentation import Segmenter, shared_segmenter, tokenize

GOLD = bundle.folder("gold")
RUST = Segmenter()
PLAIN = Engine()


@pytest.fixture(scope="module")
def sentences(seed: Report) -> list[str]:
    return [sentence.text for sentence in seed.sentences]


# Pieces of the genre, and signs that trip a segmenter.
PIECES = st.sampled_from(
    [
        *(
            "完成",
            "固定资产投资",
            "152.84",
            "亿元",
            ",",
            "。",
            "“",
            "”",
            "营改增",
            "河长制",
            "2013",
            "年",
            "25.56%",
            "35",
            "个",
            "——",
        ),
        *(
            "十八届三中全会",
            "三分之二",
            "不断",
            "提升",
            "区",
            "XC10-060-R21-05",
            "3+3",
            "H7N9",
            "A-b",
            "a_b",
            "1.",
            "·",
            "《",
            "》",
        ),
        *(
            "楼宇",
            "经济",
            "我区",
            "率",
            "入驻",
            "十",
            "亿",
            "第三",
            "次",
            "\n",
            "\t",
            " ",
            "\u3000",
            "\ue000",
            "\ue001",
            "𠮷",
            "é",
            "5A",
        ),
        *("1,234", "-", "%", "万元", "292", "万余元", "社区", "党", "的", "γ", "防汛", "防台"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_tokens_are_in_order_and_cover_all_but_blanks(text: str) -> None:
    starts, ends = RUST.spans(text)
    place = 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        assert place <= start < end <= len(text)
        assert not text[place:start].strip()
        place = end
    assert not text[place:].strip()


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_the_engine_cuts_as_jieba_does(text: str) -> None:
    # In a run of one character (次次次) several cuts are equally likely, and the two take different
    # ones.
    assume(not re.search(r"(.)\1", text))
    assert PLAIN.cut(text) == jieba_itself().lcut(text)


def test_without_words_of_ours_they_are_those_of_jieba(sentences: list[str]) -> None:
    for sentence in [*sentences, "Wi-Fi、A-b-3.5%c-1、COVID-19疫情-反复"]:
        assert PLAIN.cut(sentence) == jieba_itself().lcut(sentence)


ADDED = [
    "沈家河整治",
    "活动室",
    "建工",
    "展更",
    "3+3模式",
    "民心所",
    "丁·戊",
    "经济社",
    "-A1-",
    "的工",
]
WITH_ADDED = RUST.extended(map(Word, ADDED))


def test_adding_words_changes_no_sentence_without_them(sentences: list[str]) -> None:
    free = [sentence for sentence in sentences if not any(word in sentence for word in ADDED)]
    assert len(free) > 100
    for sentence in free:
        assert WITH_ADDED.words(sentence) == RUST.words(sentence)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_adding_words_changes_no_text_without_them(text: str) -> None:
    if not any(word in text for word in ADDED):
        assert WITH_ADDED.words(text) == RUST.words(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "完成投资152.84亿元,增长25.56%。",
            "完成/投资/152.84/亿元/,/增长/25.56%/。",
        ),  # a number, its magnitude with its unit
        ("2013年新增35个", "2013/年/新增/35/个"),  # year and counted things
        (
            "超十亿元楼宇、超千万元楼宇",
            "超/十/亿元/楼宇/、/超/千万元/楼宇",
        ),  # 十 counts, a bare 千万元 is one word
        ("追讨欠薪292万余元", "追讨/欠薪/292/万余元"),  # "a little over"
        ("新增财力三分之二以上", "新增/财力/三分之二/以上"),  # two thirds
        ("华丰单元XC10-060-R21-05地块", "华丰/单元/XC10-060-R21-05/地块"),  # a code
        ("实现GDP643.57亿元,CPI2.5%", "实现/GDP/643.57/亿元/,/CPI/2.5%"),  # no code
        ("十八届三中全会精神", "十八届三中全会/精神"),  # a meeting, of any number
        ("二十届三中全会精神", "二十届三中全会/精神"),
        ("四十条帮扶政策", "四十/条/帮扶/政策"),  # a Chinese numeral before its classifier
        ("第三次经济普查", "第三/次/经济普查"),  # the third
        ("入驻率达到85%", "入驻率/达到/85%"),  # a suffix joins its word
        ("不断完善管理机制", "不断/完善/管理/机制"),  # adverb, verb, modifier, noun
        ("——最严峻的挑战", "——/最/严峻/的/挑战"),  # one dash
        ("地铁13号线通车", "地铁/13号线/通车"),  # a line of the underground
        ("到二〇三五年", "到/二〇三五/年"),  # a year in Chinese digits
        ("水质达到Ⅲ类", "水质/达到/Ⅲ类"),  # a class of water
        ("干部劲头更足", "干部/劲头/更/足"),  # characters that only the engine's guess joins
        ("感悟到首批成果", "感悟/到/首/批/成果"),  # words of the dictionary that are two
        ("医疗卫生服务", "医疗/卫生/服务"),  # a phrase that the lexicon held once
        ("做强镇域经济", "做强/镇域经济"),  # words that the lexicon held, across a border
        ("农业机械部门组织检修", "农业/机械/部门/组织/检修"),
        ("市政府全体会议召开", "市政府/全体/会议/召开"),
        ("商业银行法人治理", "商业/银行/法人/治理"),
        ("创新产品产值增长", "创新/产品/产值/增长"),
        ("援鄂医疗队员凯旋", "援鄂医疗队员/凯旋"),
    ],
)
def test_cases(text: str, words: str) -> None:
    assert RUST.words(text) == words.split("/")


def test_a_word_with_symbols_and_digits_takes_effect() -> None:
    own = RUST.extended([Word("“5A”楼宇"), Word("3+3"), Word("艾·默生")])
    assert own.words("打造“5A”楼宇、3+3和艾·默生") == [
        "打造",
        "“5A”楼宇",
        "、",
        "3+3",
        "和",
        "艾·默生",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "甲河口镇。",
        "增长8%；甲河口镇投资1,234万元、“乙山通”上线，第3甲河口镇。\n\n发展：稳中求进！",
        "提升入驻率\n性、率。甲河口\n甲河口镇、体制性",
        "发展经济。实现增长。",
    ],
)
def test_what_was_read_before_is_cut_as_if_it_were_read_anew(text: str) -> None:
    behind = "\n甲河口镇建成。“乙山通”"
    for read in (text, text + behind):
        known = RUST.having_read(read)
        assert known.spans(text)[0].tolist() == RUST.spans(text)[0].tolist()
        own, anew = (some.extended([Word("甲河口镇")], quoted=["乙山通"]) for some in (known, RUST))
        assert [some.tolist() for some in own.read(text)[1:]] == [
            some.tolist() for some in anew.read(text)[1:]
        ]
        assert [some.tolist() for some in own.spans(text)] == [
            some.tolist() for some in anew.spans(text)
        ]


def test_a_quoted_name_is_one_word_in_its_quotation_marks_only() -> None:
    own = RUST.extended([], quoted=["首席全科医生"])
    assert own.words("“首席全科医生”和首席全科医生") == [
        "“",
        "首席全科医生",
        "”",
        "和",
        "首席",
        "全科医生",
    ]


def test_a_list_is_taught_to_one_segmenter_once() -> None:
    report = Report.parse("各位代表:\n全面完成投资。")  # "invest in full"
    segmentation._shared.cache_clear()
    made = [tokenize(report, extra=[word])["text"].tolist() for word in ("完成投资",) * 2]
    assert made[0] == made[1] != tokenize(report)["text"].tolist()
    assert segmentation._shared.cache_info().misses == 2


def test_memory_does_not_grow_with_the_words_of_a_corpus(
    monkeypatch: pytest.MonkeyPatch, sentences: list[str]
) -> None:
    text = "\n".join(sentences)
    first = shared_segmenter()
    words = first.words(text)
    monkeypatch.setattr(segmentation, "MOST_MET", first.met)
    assert shared_segmenter() is first
    monkeypatch.setattr(segmentation, "MOST_MET", first.met - 1)
    another = shared_segmenter()
    assert another is not first
    assert another.met < first.met
    assert another.words(text) == words


def test_two_instances_do_not_disturb_each_other() -> None:
    before = RUST.words("创建断流河整治")
    other = Segmenter([Word("创建断流河")])
    assert other.words("创建断流河整治") == ["创建断流河", "整治"]
    assert RUST.words("创建断流河整治") == before


def test_threads_cut_alike(sentences: list[str]) -> None:
    fresh = Segmenter()
    text = "\n".join(sentences)
    expected = RUST.words(text)
    barrier = threading.Barrier(4)

    def cut(_: int) -> list[str]:
        barrier.wait()
        return fresh.words(text)

    with ThreadPoolExecutor(4) as pool:
        assert all(words == expected for words in pool.map(cut, range(4)))


def _cut_elsewhere(text: str) -> list[str]:
    return Segmenter().words(text)


def test_a_spawned_process_cuts_alike(sentences: list[str]) -> None:
    text = "\n".join(sentences[:50])
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert all(words == RUST.words(text) for words in pool.map(_cut_elsewhere, [text, text]))


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_nothing_is_printed_or_left_behind(engine: str, tmp_path: Path) -> None:
    code = (
        "from xiacheng_nlp.words.segmentation import tokenize; "
        "from xiacheng_nlp.report.report import Report; "
        f"tokenize(Report.parse('推进营改增'), engine={engine!r})"
    )
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path), "PATH": ""},
    )
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == ("", "", [])


def test_a_word_that_one_engine_is_given_no_other_has() -> None:
    taught = Engine()
    taught.add("云谷湾", 100, "ns")  # a made-up bay
    assert (taught.knows("云谷湾"), Engine().knows("云谷湾")) == (True, False)


def test_an_unknown_engine_and_a_list_for_jieba_are_refused(seed: Report) -> None:
    with pytest.raises(ValueError, match="engine='thulac': give one of rjieba, jieba"):
        tokenize(seed, engine="thulac")
    with pytest.raises(ValueError, match="jieba's own words: leave out the list"):
        tokenize(seed, engine="jieba", extra=["云谷湾"])


# ------------------------------------------------------------------------------------------
# lexicon files


def test_the_general_lexicon_holds_no_word_of_the_seed_alone() -> None:
    general = {word.text for word in read_lexicon(packaged("words/lexicon.tsv"))}
    places = {
        word.text
        for word in read_lexicon(bundle.seed().with_suffix(".lexicon.tsv"))
        if word.kind != "term"
    }
    assert len(general) > 3000
    assert not general & places
    assert not [word for word in general if "下城" in word or "武林" in word or "杭州" in word]


def test_every_word_of_the_lexicon_is_cut_whole_and_no_phrase_is_one() -> None:
    words = read_lexicon(packaged("words/lexicon.tsv"))
    phrases = read_lexicon(packaged("words/phrases.tsv"))
    assert not {word.text for word in words} & {phrase.text for phrase in phrases}
    dictionaries = Segmenter(model=False)
    assert [word.text for word in words if dictionaries.words(word.text) != [word.text]] == []


def test_the_model_parts_no_word_of_the_lexicon_but_those_that_are_named() -> None:
    words = {word.text for word in read_lexicon(packaged("words/lexicon.tsv"))}
    loose = set(rule_words("loose_word"))
    assert loose <= words
    listed = sorted(words - loose)
    # In lines of their own they are cut as each alone is, in a hundredth of the time.
    assert RUST.words("\n".join(listed)) == listed
    assert [word for word in listed[::50] if RUST.words(word) != [word]] == []
    assert RUST.words("发展装备制造业") == ["发展", "装备制造业"]
    assert RUST.words("不忘初心") == ["不忘", "初心"]  # "stay true to the original intent"


def test_a_name_between_quotation_marks_does_not_hide_a_shorter_one_elsewhere() -> None:
    own = RUST.extended([Word("美丽下城")], quoted=["幸福美丽下城"])
    assert own.words("“幸福美丽下城”幸福美丽下城") == [
        *("“", "幸福美丽下城", "”"),
        *("幸福", "美丽下城"),
    ]
    more = own.extended([Word("健康下城")])
    assert more.words("美丽下城、健康下城") == ["美丽下城", "、", "健康下城"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("营 改增\tn\tpolicy\tusage", "own.tsv:2: a word holds no blanks"),
        ("营改增\t名词\tpolicy\tusage", "own.tsv:2: 名词 is no part of speech"),
        ("营改增\tn\tpolicy", "own.tsv:2: no source"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(f"word\tpos\tkind\tsource\n{line}\n", encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_lexicon(path)
    assert str(caught.value).startswith(message)


def test_a_list_of_the_reader_needs_words_only(seed: Report, tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_text("word\n南北联动招商\n", encoding="utf-8")
    assert "南北联动招商" in set(tokenize(seed, extra=path)["text"])
    path.write_bytes("word\n南北联动\n".encode("gbk"))
    with pytest.raises(DataFileError, match="not UTF-8"):
        tokenize(seed, extra=path)
    path.write_text("word,pos\n南北联动,v\n", encoding="utf-8")
    with pytest.raises(
        DataFileError, match=r"own\.tsv:1: tabs stand between the cells, not commas"
    ):
        tokenize(seed, extra=path)


@pytest.mark.parametrize("given", ["own.tsv", ["南北联动"]])
@pytest.mark.parametrize("option", ["lexicon", "report_lexicon"])
def test_own_words_are_not_taken_for_a_switch(seed: Report, option: str, given: object) -> None:
    """A name would be true, as it stands, and the list be left out without a word."""
    with pytest.raises(XiachengError, match="True or False; give own words as extra"):
        tokenize(seed, **{option: given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line", ["南北联动招商", "南北联动招商 30 nz", "南北联动招商\t9000000", "word\n南北联动招商"]
)
def test_a_list_may_be_plain_or_of_jieba(seed: Report, tmp_path: Path, line: str) -> None:
    path = tmp_path / "own.txt"
    path.write_text(f"{line}\n", encoding="utf-8")
    assert "南北联动招商" in set(tokenize(seed, user_dict=path)["text"])
    path.write_text("南北联动招商 30 nz\n南北 联动 招商\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"own\.txt:2: give a word"):
        tokenize(seed, user_dict=path)


def test_jieba_alone_is_lcut(seed: Report) -> None:
    import jieba

    told = tokenize(seed, engine="jieba").groupby("paragraph")["text"].agg(list)
    for number, words in told.items():
        text = seed.paragraphs[int(str(number))].text
        assert words == [word for word in jieba.lcut(text) if not word.isspace()]
    short = tokenize(Report.parse("各位代表:\n社会主义市场经济。"), engine="jieba")
    assert short["text"].tolist()[3:] == jieba.lcut("社会主义市场经济。")
    assert short["pos"].tolist()[3:] == ["n", "n", "x"]
    assert short.attrs["lexicon"] is short.attrs["learning"] is False


# ------------------------------------------------------------------------------------------
# token table


@pytest.mark.parametrize(
    "options",
    [{}, {"glossary": True}, {"learning": False, "lexicon": False, "report_lexicon": False}],
)
def test_the_table_holds_the_whole_report(seed: Report, options: dict[str, bool]) -> None:
    from xiacheng_nlp.text import flow

    table = tokenize(seed, **options)
    assert list(table.columns) == [
        "start",
        "end",
        "text",
        "pos",
        "part",
        "section",
        "paragraph",
        "sentence",
    ]
    assert (table["start"].to_numpy()[1:] >= table["end"].to_numpy()[:-1]).all()
    for row in table.itertuples():
        assert flow(seed.text[row.start : row.end]) == row.text
        paragraph, sentence = seed.paragraphs[row.paragraph], seed.sentences[row.sentence]
        assert paragraph.start <= row.start < row.end <= paragraph.end
        assert sentence.start <= row.start < sentence.end
        assert (row.part, row.section) == (paragraph.part, paragraph.section)
    kept = [p.text for p in seed.paragraphs if options.get("glossary") or p.part != "glossary"]
    assert "".join(table["text"]) == "".join("".join(kept).split())


def test_a_word_broken_by_the_source_is_one_token(seed: Report) -> None:
    broken = [row for row in tokenize(seed).itertuples() if row.end - row.start > len(row.text)]
    assert all(row.text in "惠民生" for row in broken)


def test_what_was_learned_stands_in_the_attributes(seed: Report) -> None:
    table = tokenize(seed, report_lexicon=False, glossary=True)
    learned = {word["word"]: word for word in table.attrs["learned"]}
    assert learned["513武林英才"]["source"] == "annex"
    assert learned["公述民评"]["source"] == "quoted"
    assert learned["秋水弄"]["source"] == "ending"
    for word in learned.values():
        assert word["count"] >= 1
        assert all(seed.text[start:end] == word["word"] for start, end in word["spans"])
    json.dumps(table.attrs, ensure_ascii=False)
    assert tokenize(seed, learning=False).attrs["learned"] == []


def test_a_word_without_effect_is_reported(seed: Report) -> None:
    attrs = tokenize(seed, extra=["展空", "武林中央"]).attrs
    reported = {word["word"]: word["reason"] for word in attrs["without_effect"]}
    assert reported["武林中央"] == "part of 武林中央商务区"


def test_empty_and_short_reports() -> None:
    assert tokenize(Report.parse("。"))["text"].tolist() == ["。"]
    assert tokenize(Report.parse("各位代表:"))["text"].tolist() == ["各位", "代表", ":"]


# ------------------------------------------------------------------------------------------
# gold


def score(seed: Report, **options: bool) -> tuple[float, float]:
    """F1 of the words, and the share of the terms kept whole, as the standard of the gold counts
    them."""
    table = tokenize(seed, glossary=True, **options)
    spans = set(zip(table["start"].tolist(), table["end"].tolist(), strict=True))
    units = {
        unit["id"]: unit
        for unit in json.loads(
            (GOLD / "xiacheng-2014.segmentation.sample.json").read_text(encoding="utf-8")
        )
    }
    terms = set((GOLD / "xiacheng-2014.segmentation.terms.txt").read_text(encoding="utf-8").split())
    hits = found = wanted = whole = all_terms = 0
    for line in (
        (GOLD / "xiacheng-2014.segmentation.gold.jsonl").read_text(encoding="utf-8").splitlines()
    ):
        row = json.loads(line)
        unit = units[row["id"]]
        gold, place = set(), 0
        for word in row["words"]:
            place = unit["text"].index(word, place)
            span = (unit["start"] + place, unit["start"] + place + len(word))
            gold.add(span)
            place += len(word)
            if word in terms:
                all_terms += 1
                whole += span in spans
        inside = {span for span in spans if unit["start"] <= span[0] and span[1] <= unit["end"]}
        hits, found, wanted = hits + len(gold & inside), found + len(inside), wanted + len(gold)
    return 2 * hits / (found + wanted), whole / all_terms


def test_gold_without_a_list_of_the_report(seed: Report) -> None:
    f1, terms = score(seed, report_lexicon=False)
    # Some terms are names of places, and words such as 审计监督 that other reports part.
    assert f1 >= 0.98
    assert terms >= 0.94


def test_gold_with_the_list_of_the_report(seed: Report) -> None:
    f1, terms = score(seed)
    assert f1 >= 0.99
    assert terms >= 0.98


def test_institutions_are_named_by_the_place_before_their_ending() -> None:
    report = Report.parse("各位代表:\n建设深圳开放智算中心，推进光明区发展，建成光明科学城。")
    words = tokenize(report)["text"].tolist()
    assert "深圳开放智算中心" in words
    assert "光明科学城" in words


def test_what_the_source_writes_unusually_is_learned_as_it_is_read() -> None:
    report = Report.parse("各位代表:\n启动“畅游⻄湖”项目,建设⻄湖文化广场。\n")
    learned = {word["word"]: word["spans"] for word in tokenize(report).attrs["learned"]}
    assert {"畅游西湖", "西湖文化广场"} <= learned.keys()
    start, end = learned["西湖文化广场"][0]
    assert report.text[start:end] == "⻄湖文化广场"


def test_a_number_of_wide_digits_is_one_word() -> None:
    words = Segmenter().words("１９８４年增长１４．７％，第5届比上年增加1，753亿元")
    assert words == [
        *("１９８４", "年", "增长", "１４．７％", "，"),
        *("第5", "届", "比", "上年", "增加", "1，753", "亿元"),
    ]


def test_a_place_that_the_dictionary_names_leaves_longer_names_whole() -> None:
    text = "深圳市政府工作报告\n各位代表:\n支持深圳大学发展,打造公园大道。"
    words = tokenize(Report.parse(text))["text"].tolist()
    assert {"深圳大学", "公园大道"} <= set(words)


def test_a_name_repeated_behind_different_words_is_learned() -> None:
    once, twice = "建设创新创业新天地。", "引进企业到创新创业新天地。"
    assert "创新创业新天地" not in tokenize(Report.parse(f"各位代表:\n{once}"))["text"].tolist()
    words = tokenize(Report.parse(f"各位代表:\n{once}{twice}"))["text"].tolist()
    assert words.count("创新创业新天地") == 2


# What a report teaches: a sentence, the names that it shows, what it does not show.
TAUGHT = [
    # words that dictionaries take for places or names
    ("新建都市社区。", "", "都市社区"),
    ("改造城镇老旧小区,建设高水平技师学院。", "", "城镇老旧小区 高水平技师学院"),
    ("建好农村公路和大火电基地。", "", "好农村公路 大火电基地"),
    # what counts or grades
    ("新建40桥24隧,改善两大口岸,创建4A级景区。", "", "40桥 两大口岸 4A级景区"),
    # a line between two towns; a street that ends somewhere
    ("开工石楼至柳塘铁路,改造南门街至柳塘街。", "", "柳塘铁路 至柳塘铁路"),
    # a name whose beginning the dictionary does not know
    ("支持明月湖实验室发展,扩建西朝阳幼儿园。", "明月湖实验室 西朝阳幼儿园", ""),
    # an institution of another
    (
        "建成首都医科大学附属石楼医院兰州医院。",
        "首都医科大学附属石楼医院兰州医院",
        "兰州医院",
    ),
    ("建设浙江大学兰州研究院。", "浙江大学兰州研究院", "兰州研究院"),
    # names within names
    ("修缮兰州银行旧址博物馆。", "兰州银行旧址博物馆", "兰州银行"),
    # an end that a list shares
    ("推进兰州、天水片区建设。", "", "天水片区"),
    ("推进兰州机场、惠州机场建设。", "兰州机场 惠州机场", ""),
    # a word before a name
    ("“两横”指石楼大道,国家公立医院试点。", "", "指石楼大道 国家公立医院"),
    # between quotation marks
    ("落实“促进就业八条”,开展“十大考古新发现”评选。", "促进就业八条 十大考古新发现", ""),
    ("创建“全国乡村文化旅游融合示范县”。", "全国乡村文化旅游融合示范县", ""),
    ("开展“化解矛盾风险维护社会稳定”治理。", "", "化解矛盾风险维护社会稳定"),
    ("发布“政策30条”,落实“30条”。", "", "30条"),
    ("实施“石楼山水×”行动。", "石楼山水×", ""),
    ("开展“我帮企业找订单”行动。", "", "我帮企业找订单"),
    ("成立“机器人工程师”社团。", "机器人工程师", ""),
    ("打造“老城新貌好风景游览”品牌。", "老城新貌好风景游览", ""),
    ("做到“始终坚持”。", "", "始终坚持"),
    # between title marks, whatever words a title holds, and without its brackets
    (
        "审议《石楼县科技创新和产业发展资金管理办法(试行)》。",
        "石楼县科技创新和产业发展资金管理办法",
        "",
    ),
    (
        "编制《石楼县发展规划和二〇三五年远景目标纲要》。",
        "石楼县发展规划和二〇三五年远景目标纲要",
        "",
    ),
    ("印发《若干措施》《三年行动计划》《纲要》。", "", "若干措施 三年行动计划 纲要"),
    (
        "落实《关于加强石楼山保护的意见》,刊于《石楼日报》。",
        "",
        "关于加强石楼山保护的意见 石楼日报",
    ),
    (
        "落实《石楼县关于加强水资源保护的意见》和《2013年石楼县工作要点和工作计划》。",
        "",
        "石楼县关于加强水资源保护的意见 2013年石楼县工作要点和工作计划",
    ),
    (
        "印发《石楼县落实生态文明战略打造绿色发展高地五年行动方案》。",
        "",
        "石楼县落实生态文明战略打造绿色发展高地五年行动方案",
    ),
]


@pytest.mark.parametrize(("sentence", "names", "others"), TAUGHT)
def test_what_a_sentence_teaches(sentence: str, names: str, others: str) -> None:
    learned = tokenize(Report.parse(f"各位代表:\n{sentence}")).attrs["learned"]
    found = {word["word"] for word in learned}
    assert set(names.split()) <= found
    assert found.isdisjoint(others.split())


def test_a_quoted_phrase_of_the_language_is_one_word_between_its_marks_only() -> None:
    """A name that the report gives is one everywhere."""
    plain = "“智慧民政”上线。发展智慧民政,推进智慧民政,用好智慧民政。"
    words = tokenize(Report.parse(f"各位代表:\n{plain}"))["text"].tolist()
    assert words.count("智慧民政") == 1
    named = "“祁易办”上线。发展祁易办,推进祁易办,用好祁易办。"
    words = tokenize(Report.parse(f"各位代表:\n{named}"))["text"].tolist()
    assert words.count("祁易办") == 4


def test_a_slogan_of_a_quoted_list_is_no_name_alone() -> None:
    text = "深入开展“商圈提质、消费促进”活动。抓好“商圈提质”活动，启动“暖巷计划”。"
    words = {word["word"] for word in tokenize(Report.parse(f"各位代表:\n{text}")).attrs["learned"]}
    assert words == {"暖巷计划"}


def test_a_verb_before_a_repeated_name_is_no_part_of_it() -> None:
    text = "抓紧启动安兴大街北延。完成启动安兴大街扩建。"
    words = {word["word"] for word in tokenize(Report.parse(f"各位代表:\n{text}")).attrs["learned"]}
    assert "启动安兴大街" not in words


def test_the_place_that_is_governed_is_read_from_a_name_and_not_from_the_address() -> None:
    text = (
        "高阳县人民政府县长  王大明\n各位代表：\n现在，我代表县人民政府，向大会报告工作。\n"
        "一、2021年工作回顾\n建设平安高阳，高阳县发展。\n"
    )
    learned = {
        word["word"]
        for word in tokenize(Report.parse(text)).attrs["learned"]
        if word["source"] == "place"
    }
    assert learned == {"平安高阳"}
    assert not any("代表" in word for word in learned)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_cuts_as_its_parent_does() -> None:
    segmenter = Segmenter()
    text = "全面实行河长制,完成固定资产投资152.84亿元。"
    expected = "/".join(segmenter.words(text))
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, "/".join(segmenter.words(text)).encode("utf-8"))
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        assert stream.read().decode("utf-8") == expected


def test_a_list_beside_a_report_is_used_for_it_alone(tmp_path: Path) -> None:
    """NAME.lexicon.tsv beside NAME.txt; the seed's name alone gives another report nothing of the
    seed's list."""
    text = "各位代表：\n一、2013年工作回顾\n推进碧水蓝天新三环建设。\n"
    source = tmp_path / "county.txt"
    source.write_text(text, encoding="utf-8")
    other = tmp_path / bundle.seed().name
    other.write_text(text, encoding="utf-8")
    (tmp_path / "county.lexicon.tsv").write_text(
        "word\tpos\tkind\tsource\n碧水蓝天新三环\tnz\tproject\ttest\n", encoding="utf-8"
    )
    mine, plain = (
        tokenize(load_report(source), learning=False),
        tokenize(load_report(other), learning=False),
    )
    assert (mine.attrs["report_lexicon"], plain.attrs["report_lexicon"]) == (
        "county.lexicon.tsv",
        None,
    )
    assert "碧水蓝天新三环" in set(mine["text"])
    assert "碧水蓝天新三环" not in set(plain["text"])
    assert tokenize(load_report()).attrs["report_lexicon"] == f"{bundle.seed().stem}.lexicon.tsv"


def test_the_model_joins_and_parts_words_but_none_of_a_list_or_learned() -> None:
    text = "开展垃圾分类和线上线下宣传。"
    without = tokenize(Report.parse(f"各位代表:\n{text}"), model=False)["text"].tolist()[3:]
    assert "线上线下" in without
    assert "线上线下" not in RUST.words(text)
    assert "线上线下" in Segmenter([Word("线上线下")]).words(text)
    assert "垃圾分类和" in RUST.extended([Word("垃圾分类和")]).words(text)


@pytest.mark.parametrize(
    ("here", "word"),
    [
        ("质量安全3家。", "质量安全"),  # "quality and safety"
        ("维护法治思维，", "法治思维"),  # "thinking by the rule of law"
        ("加快武林社会治安建设。", "社会治安"),  # "public order"
    ],
)
def test_two_words_that_the_rest_of_a_text_parts_are_two_here(here: str, word: str) -> None:
    there = f"推进{word}。加强{word}工作，"
    assert word in RUST.words(here)
    assert word not in RUST.words(there)
    assert word not in RUST.words(here + there)
    # A longer name is one for itself.
    assert f"武林{word}研究院" in RUST.words(f"武林{word}研究院，{there}")


@pytest.mark.parametrize(
    "name",
    [
        *("沪宁沿江高铁", "福银高速", "石家庄正定国际机场", "中国社会科学院大学"),
        *("公平竞争审查条例", "国家金融监督管理总局", "睦邻友好合作条约"),
        *("珠江—西江经济带", "大藤峡水利枢纽", "合同定购", "先诊疗后付费"),
    ],
)
def test_names_that_the_whole_country_knows_are_one_word(name: str) -> None:
    for before, behind in (("推进", "建设，"), ("和", "的"), ("、", "，")):
        assert name in RUST.words(f"{before}{name}{behind}")


@pytest.mark.parametrize(
    "cut",
    [
        "东部 沿海 高速 增长",  # "the east's coast grows fast"
        "沿江 高速公路 改造",  # "rebuild the expressway along the river"
        "成渝高速公路 扩容",  # "widen the expressway from Chengdu to Chongqing"
        "沪宁城际铁路 开通",  # "the intercity railway from Shanghai to Nanjing opens"
        "新建 社会 足球场地 20 块",  # "build 20 football grounds for all"
        "推进 排污权 、 用水权 交易",  # "trade rights to discharge and to use water"
        "延长 土地承包期限",  # "longer terms of contracts for land"
        "临空港 新城 建设",  # "build the new town at the airport"
        "全年 实施 156 项 工程",  # "156 projects in the year"
        "五 项 管理 制度",  # "five rules of management"
    ],
)
def test_no_name_of_the_list_tears_what_is_said_otherwise(cut: str) -> None:
    assert RUST.words(cut.replace(" ", "")) == cut.split()


def test_what_is_the_main_line_is_no_word_with_its_preposition() -> None:
    # "take reform as the main line and opening as the main direction"
    assert RUST.words("以改革为主线、开放为主攻方向") == [
        *("以", "改革", "为", "主线", "、", "开放", "为", "主攻", "方向")
    ]


def test_the_model_never_saw_the_reports_that_are_kept_for_totals() -> None:
    halves = pd.read_csv(GOLD / "segmented-reports.tsv", sep="\t", comment="#")
    kept = set(halves["report"][halves["half"] == "totals only"])
    assert not kept & borders.about()["reports"].keys()
    assert borders.about()["f1"]["further"][1] > borders.about()["f1"]["further"][0]
