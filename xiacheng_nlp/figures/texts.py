"""Titles and captions of the figures from `data/figures/texts.tsv`, and the line below a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.figures.names import COLON, names


@dataclass(frozen=True, slots=True)
class FigureText:
    """What stands beside a figure, by language: its title, and a caption that says what is drawn
    and how to read it; `of` is what it shows, a `report` or the `panel` of several."""

    id: str
    title: Mapping[str, str]
    caption: Mapping[str, str]
    of: str = "report"


_COLUMNS = ("id", "of", "title_zh", "title_en", "caption_zh", "caption_en")

TEXTS: Mapping[str, FigureText] = {
    row["id"]: FigureText(
        id=row["id"],
        title={"zh": row["title_zh"], "en": row["title_en"]},
        caption={"zh": row["caption_zh"], "en": row["caption_en"]},
        of=row.chosen("of", ("report", "panel")),
    )
    for row in read_table(packaged("figures/texts.tsv"), columns=_COLUMNS, key="id")
}
"""Title and caption of every figure by its id, in the order in which the notebooks show them."""


NOTE = 150
"""Characters of a note line: what is more of its options stands in the sidecar alone."""


def note_line(
    *,
    source: str,
    n: int,
    unit: str = "",
    options: Mapping[str, str] | None = None,
    lacking: Sequence[str] = (),
    lang: str = "zh",
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
    told = [f"{name}{colon}{value}" for name, value in options.items() if "sha256" not in name]
    while told and len(joint.join([*said, *told])) > NOTE:
        told.pop()
    if told:
        said.append(joint.join(told) + ("" if len(told) == len(options) else " …"))
    if lacking:
        said.append(f"{says['lacking']}{colon}{' '.join(lacking)}")
    return (stop + gap).join(said) + stop
