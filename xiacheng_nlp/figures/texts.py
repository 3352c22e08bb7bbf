"""The records of the figures from `data/figures/figures.tsv`, and the line below a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.figures.names import COLON, Lang, by_members, names


@dataclass(frozen=True, slots=True)
class FigureText:
    """The record of a figure: what stands beside it, by language, its title, a caption that says
    what is drawn and how to read it, and what a report lacks for which it is empty; `of` is what it
    shows, a `report` or the `panel` of several; `needs` are the columns that it is drawn from,
    `finite` those of them without a null, `counts` says what its n counts, `words` which columns
    have English names, and of which kind, `rests_on` with which libraries it is drawn beside
    matplotlib."""

    id: str
    title: Mapping[str, str]
    caption: Mapping[str, str]
    empty: Mapping[str, str]
    of: str
    needs: Sequence[str]
    counts: str
    finite: Sequence[str]
    words: Mapping[str, str]
    rests_on: Sequence[str]


_COLUMNS = (
    *("id", "of", "title_zh", "title_en", "caption_zh", "caption_en", "empty_zh", "empty_en"),
    *("needs", "counts"),
)


TEXTS: Mapping[str, FigureText] = {
    row["id"]: FigureText(
        id=row["id"],
        title={"zh": row["title_zh"], "en": row["title_en"]},
        caption={"zh": row["caption_zh"], "en": row["caption_en"]},
        empty={"zh": row["empty_zh"], "en": row["empty_en"]},
        of=row.chosen("of", ("report", "panel")),
        needs=row["needs"].split(),
        counts=row["counts"],
        finite=row["finite"].split(),
        words={
            name: kind or name
            for name, _, kind in (pair.partition(":") for pair in row["words"].split())
        },
        rests_on=row["rests_on"].split(),
    )
    for row in read_table(
        packaged("figures/figures.tsv"),
        columns=_COLUMNS,
        optional=("finite", "words", "rests_on"),
        key="id",
    )
}
"""The record of every figure by its id, in the order in which the notebooks show them."""


def name_of(id: str) -> str:
    """The name of the function that draws that figure.

    >>> name_of("fig-top-terms")
    'top_terms'
    """
    return id.removeprefix("fig-").replace("-", "_")


def id_of(name: str) -> str:
    """The id of the figure that a function of that name draws.

    >>> id_of("top_terms")
    'fig-top-terms'
    """
    return f"fig-{name.replace('_', '-')}"


NOTE = 150
"""Characters of a note line: what is more of its options stands in the sidecar alone."""


def note_line(
    *,
    source: str,
    n: int,
    unit: str = "",
    options: Mapping[str, str] | None = None,
    lacking: Sequence[str] = (),
    lang: Lang = "zh",
) -> str:
    """The line below a figure: source, n and its unit, the options that were chosen, as many as
    there is room for, and characters that the font lacks.

    >>> note_line(source="2014年下城区政府工作报告", n=9, unit="个词", options={"停用词": "开"})
    '来源：2014年下城区政府工作报告。n = 9 个词。停用词：开。'

    That is: source, the work report of Xiacheng; nine tokens; stop words on.

    >>> note_line(source="Work report of Xiacheng", n=3412, unit="tokens", lang="en")
    'Source: Work report of Xiacheng. n = 3,412 tokens.'
    """
    says = {key: text[lang] for key, text in names("figure").items()}
    colon = COLON[lang]
    stop, gap, joint = ("。", "", "；") if lang == "zh" else (".", " ", "; ")
    unit = unit.format(s="" if n == 1 else "s")
    said = [f"{says['source']}{colon}{source}", f"n = {n:,} {unit}".rstrip()]
    options = options or {}
    # The hash of the reports beside stands in the sidecar, as those of files do.
    told = [
        by_members(name, names("option"), lang) + colon + by_members(value, names("chosen"), lang)
        for name, value in options.items()
        if "sha256" not in name and name != "panel"
    ]
    while told and len(joint.join([*said, *told])) > NOTE:
        told.pop()
    if told:
        said.append(joint.join(told) + ("" if len(told) == len(options) else " …"))
    if lacking:
        said.append(f"{says['lacking']}{colon}{' '.join(lacking)}")
    return (stop + gap).join(said) + stop
