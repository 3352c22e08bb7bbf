"""The gallery page: what stands in it, that a report stays text in it, that it needs no network,
and that it is the same again."""

import base64
import csv
import hashlib
import io
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from hostile import ATTACK, NAME, hostile_report
from PIL import Image

from xiacheng_nlp.files import table_bytes
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.publish.catalogue import FIGURES, contents, drawing
from xiacheng_nlp.publish.gallery import ROWS, citation_text, gallery, on_page
from xiacheng_nlp.publish.notebooks import header_of
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import Report

VOID = {"meta", "img", "br", "input", "link"}


class Page(HTMLParser):
    """The page as a browser reads it: tags with their attributes and with the text in each that has
    an id."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: dict[str, str] = {}
        self.rows: list[list[str]] = []
        self.script = ""
        self._open: list[tuple[str, str | None]] = []
        self.feed(data.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if "id" in found:
            assert found["id"] not in self.text, found["id"]
            self.text[found["id"]] = ""
        if tag not in VOID:
            self._open.append((tag, found.get("id")))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop()[0] == tag, tag

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _ in self._open]
        if "script" in inside:
            self.script += data
        if "td" in inside or "th" in inside:
            self.rows[-1][-1] += data
        for _, id in self._open:
            if id is not None:
                self.text[id] += data

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (90, 60), "white").save(buffer, format="PNG")
    return buffer.getvalue()


def files(
    rows: list[dict[str, object]] | None = None, *, langs: tuple[str, ...] = ("zh", "en")
) -> dict[str, bytes]:
    rows = rows or [{"term": "发展", "share": 0.5}]
    table = table_bytes(rows, list(rows[0]), form="csv")
    found = {f"figures/{id}.csv": table for id in FIGURES}
    found |= {
        f"figures/{id}-{lang}.{form}": png()
        for id in FIGURES
        for lang in langs
        for form in ("png", "svg", "pdf", "json")
    }
    return found | {
        "claims.csv": table_bytes(
            [{"id": "words", "text": ATTACK, "report": "0"}], ["id", "text", "report"], form="csv"
        )
    }


def page(report: Report, found: Mapping[str, bytes] | None = None) -> Page:
    return Page(
        gallery(report, indicators(report), found or files(), ids=list(FIGURES), langs=("zh", "en"))
    )


@pytest.fixture(scope="module")
def of_seed(seed: Report) -> Page:
    return page(seed)


def test_every_figure_is_there_in_both_languages(of_seed: Page) -> None:
    assert {attributes["id"] for attributes in of_seed.named("article")} == set(FIGURES)
    pictures = [
        attributes
        for attributes in of_seed.named("img")
        if attributes["src"].startswith("data:image/png;base64,")
    ]
    assert len(pictures) == 2 * len(FIGURES)
    assert all(
        attributes["alt"] and (attributes["width"], attributes["height"]) == ("30", "20")
        for attributes in pictures
    )


def test_what_the_page_says_of_a_report_is_said_in_both_languages(seed: Report) -> None:
    claims = [{"id": "words", "text": "6 words.", "stated": 6, "computed": 6, "holds": True}]
    table = table_bytes(claims, list(claims[0]), form="csv")
    html = gallery(seed, (), files() | {"claims.csv": table}, ids=list(FIGURES), langs=("zh", "en"))
    said = re.sub(r"<[^>]+>", "|", html.decode())
    for zh, en in [("相符", "Holds"), ("是", "yes"), ("断行已接合", "broken line joined")]:
        assert re.search(rf"\|{zh}.*\|{en}", said), zh
    first = [id for id in re.findall(r'<article id="([^"]+)"', html.decode())][:3]
    assert first == ["fig-actual-vs-target", "fig-theme-attention", "fig-keyness"]


def test_every_row_opens_the_number_it_states(seed: Report, of_seed: Page) -> None:
    stated = [o for o in indicators(seed) if o.indicator is not None]
    links = [
        attributes["href"][1:]
        for attributes in of_seed.named("a")
        if attributes.get("href", "").startswith("#n-")
    ]
    assert len(links) == len(stated)
    for o, link in zip(stated, links, strict=True):
        assert of_seed.text[link] == o.text or o.text in of_seed.text[link]


def test_a_number_of_the_text_leads_back_to_its_row(of_seed: Page) -> None:
    rows = {a["id"] for a in of_seed.named("tr") if a.get("id", "").startswith("r-")}
    links = [a["href"][1:] for a in of_seed.named("a") if a.get("href", "").startswith("#r-")]
    assert len(links) > len(of_seed.named("mark")) > 0
    assert set(links) <= rows


def test_the_page_opens_with_numbers_in_both_languages(of_seed: Page) -> None:
    assert of_seed.text["main"].index("Gross regional product") < 200
    found = [a["data-search"] for a in of_seed.named("td") if "data-search" in a]
    assert "地区生产总值 Gross regional product Gdp" in found


def test_headings_and_ranks_are_english_too(of_seed: Page) -> None:
    assert "2013年工作回顾 Review of work in 2013" in of_seed.text["main"]
    assert next(row[1] for row in of_seed.rows if row[2:3] == ["位次rank"]) == "第一1"


def test_the_page_opens_with_the_exact_number_and_tells_bounds() -> None:
    # "The gross product passed 500 billion and reached 530 billion; revenue was over 20 billion."
    text = (
        "全区地区生产总值突破5000亿元。全年完成地区生产总值5300亿元，一般公共预算收入超过200亿元。"
    )
    report = Report.parse(f"各位代表：\n一、2021年工作回顾\n{text}", name="r.txt")
    opened = page(report).text["main"][:400]
    assert "5300亿元" in opened
    assert "5000亿元" not in opened
    assert "200亿元20 billion yuan 2021 · 实绩actual · 超过over" in opened


def test_the_report_is_there_word_for_word(seed: Report, of_seed: Page) -> None:
    sentences = [(f"s-{sentence.start}", sentence.text) for sentence in seed.sentences]
    assert [(id, of_seed.text[id]) for id, _ in sentences] == sentences


def test_the_outline_leads_to_every_heading(seed: Report, of_seed: Page) -> None:
    links = {attributes.get("href", "") for attributes in of_seed.named("a")}
    for section in seed.walk():
        assert f"#h-{section.heading_start}" in links
        assert f"h-{section.heading_start}" in of_seed.text


def test_links_lead_to_places_of_the_page_or_to_files_of_the_run(seed: Report) -> None:
    found = files() | {"report/a b&#?.txt": b"", "notebooks/00-report.ipynb": b""}
    shown = page(seed, found)
    for attributes in shown.named("a"):
        href = attributes.get("href", "#main")
        assert href[1:] in shown.text if href.startswith("#") else unquote(href) in found, href
    assert "report/a%20b%26%23%3F.txt" in {
        attributes.get("href") for attributes in shown.named("a")
    }


def test_nothing_is_asked_of_a_network(of_seed: Page) -> None:
    for tag, attributes in of_seed.tags:
        for name in ("src", "href", "srcset", "data", "action", "poster"):
            assert urlsplit(attributes.get(name, "")).scheme in ("", "data"), (
                tag,
                attributes[name],
            )
    assert not of_seed.named("link")
    policy = next(
        attributes["content"]
        for attributes in of_seed.named("meta")
        if "Content-Security-Policy" in attributes.values()
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digest = base64.b64encode(hashlib.sha256(of_seed.script.encode("utf-8")).digest()).decode(
        "ascii"
    )
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert rules["img-src"] == "data:"


def test_a_report_stays_text() -> None:
    report = hostile_report()
    rows = [{"term": ATTACK, "note": "=HYPERLINK(1)"}, {"term": "-", "note": "'tis"}]
    found = files(rows) | {f"report/{NAME}": b""}
    shown, calm = (
        page(report, found),
        page(Report.parse("各位代表：\n投资增势良好。", name="r.txt"), found),
    )
    assert len(shown.named("script")) == 1
    assert shown.script == calm.script
    assert len(shown.named("img")) == len(calm.named("img")) == 2 * len(FIGURES)
    assert not [
        name for _, attributes in shown.tags for name in attributes if name.startswith("on")
    ]
    assert {tag for tag, _ in shown.tags} <= {tag for tag, _ in calm.tags} | {
        "mark",
        "ol",
        "h3",
        "details",
        "li",
    }
    assert [ATTACK, "=HYPERLINK(1)"] in shown.rows
    assert ["-", "'tis"] in shown.rows
    text = "".join(shown.text[f"s-{sentence.start}"] for sentence in report.sentences)
    assert ATTACK.replace("\u2028", "") in text.replace("\u2028", "")
    assert "{{ 7 * 7 }}{% raw %}" in text


def test_a_long_table_says_how_many_rows_it_leaves_to_the_file(seed: Report) -> None:
    found = files([{"number": number} for number in range(ROWS + 7)])
    shown = gallery(seed, (), found, ids=["fig-word-cloud"], langs=("en",)).decode("utf-8")
    assert "7 more rows stand in the CSV file alone." in shown
    assert "Table (2,007 rows)" in shown


def test_cells_are_sorted_by_their_numbers(seed: Report) -> None:
    found = files(
        [
            {"section": "2.10", "share": 0.123456789},
            {"section": "2.9", "share": None},
            {"section": "2.9", "share": 1e-9},
        ]
    )
    shown = Page(gallery(seed, (), found, ids=["fig-word-cloud"], langs=("en",)))
    cells = [attributes for attributes in shown.named("td") if "data-order" in attributes][:6]
    assert [cell["data-order"] for cell in cells] == [
        "0002.0010",
        "0.123456789",
        "0002.0009",
        "-1e999",
        "0002.0009",
        "1e-09",
    ]
    # A share is told in per cent, as its header says.
    assert [row for row in shown.rows if row[:1] == ["2.10"] or row[:1] == ["2.9"]] == [
        ["2.10", "12.3"],
        ["2.9", ""],
        ["2.9", "0.0"],
    ]


def test_a_page_in_one_language_has_no_switch(seed: Report) -> None:
    shown = Page(gallery(seed, (), files(langs=("zh",)), ids=list(FIGURES), langs=("zh",)))
    assert {button["class"] for button in shown.named("button")} == {"copy"}
    assert len(shown.named("img")) == len(FIGURES)


def test_the_same_files_give_the_same_bytes(seed: Report) -> None:
    made = [
        gallery(seed, indicators(seed), files(), ids=list(FIGURES), langs=("zh", "en"))
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert len(made[0]) < 10_000_000
    assert b"\r" not in made[0]


def test_a_figure_that_was_not_saved_is_missed(seed: Report) -> None:
    with pytest.raises(KeyError, match="fig-keyness"):
        gallery(seed, (), {}, ids=["fig-keyness"], langs=("zh",))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("id", FIGURES)
def test_a_citation_names_figure_source_and_version(seed: Report, id: str, lang: str) -> None:
    said = citation_text(id, lang, report=seed, table_sha256="f" * 64)  # type: ignore[arg-type]
    assert id in said
    assert seed.sha256 in said
    assert "xiacheng-nlp" in said


def test_the_table_of_the_page_is_that_of_the_file(seed: Report) -> None:
    rows = [
        {"term": "建设", "count": 68, "note": "a\nb"},
        {"term": "发展", "count": 44, "note": None},
    ]
    found = files(rows)
    shown = Page(gallery(seed, (), found, ids=["fig-word-cloud"], langs=("zh",)))
    expected = list(
        csv.reader(io.StringIO(found["figures/fig-word-cloud.csv"].decode("utf-8"), newline=""))
    )
    header, *rest = [row for row in shown.rows if re.match("词Term|建设|发展", row[0])][:3]
    heads = [header_of(column, "fig-word-cloud") for column in expected[0]]
    assert header == [head["zh"] + head["en"] for head in heads]
    assert header == ["词Term", "频次Count", "算式Working"]
    assert rest == expected[1:]


def test_a_table_of_the_page_is_one_for_readers(seed: Report) -> None:
    """Readers' headers and names in both languages, and no column twice."""
    row = {"code": "reform", "theme": "改革与政务", "theme_en": "Reform and administration"}
    row |= {"low": None}
    rows = [row | {"part": "plan", "share": 0.25}]
    shown = Page(gallery(seed, (), files(rows), ids=["fig-word-cloud"], langs=("zh", "en")))
    told = [row for row in shown.rows if "改革与政务" in row[0] or "Theme" in row[0]][:2]
    assert told == [
        ["主题Theme", "部分Part", "占比（%）Share, %"],
        ["改革与政务Reform and administration", "部署Plan", "25.0"],
    ]


def test_a_picture_made_with_the_figure_is_that_made_of_its_file(seed: Report) -> None:
    study, id = Study(seed), "fig-ranks"
    made = contents(id, study, drawing(id, study), also=on_page, lang="en")
    found = files() | {f"figures/{name}": data for name, data in made.items()}
    pages = []
    for _ in range(2):
        pages.append(gallery(seed, (), found, ids=[id], langs=("en",)))
        small = found.pop(f"figures/{id}-en", b"")
        assert base64.b64encode(small) in pages[0]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("id", ["fig-accuracy", "fig-accuracy-by-construction"])
def test_the_seed_is_not_scored_for_another_report(
    id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiacheng_nlp.validation.accuracy", lambda: pytest.fail("scored"))
    other = Study(Report.parse("字"))
    assert contents(id, other, drawing(id, other), lang="zh") == {}
