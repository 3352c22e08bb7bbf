"""Dictionaries of the user's: categories of words, counted over many reports."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from pathlib import Path
from typing import Any

import pandas as pd

from xiacheng_nlp.corpora.loading import Panel
from xiacheng_nlp.datafiles import read_table, read_text
from xiacheng_nlp.errors import CorpusError, DataFileError, one_of
from xiacheng_nlp.terms.selection import in_order

GROUPS = ("report", "place", "level", "year")

DEEPEST = 100
"""Categories in categories of a dictionary."""


def read_dictionary(path: str | Path) -> dict[str, list[str]]:
    """The words of each category in a dictionary: quanteda's YAML (NAME.yml; the categories of a
    category are joined with a point), LIWC's form (NAME.dic), else a table with tabs, headed
    category and word. An asterisk stands for any characters.

    Raises `DataFileError` as `file:line: what` where it is none of these.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "green.tsv"
    ...     _ = file.write_text("category\\tword\\ngreen\\t环境*\\ngreen\\t绿色", encoding="utf-8")
    ...     read_dictionary(file)  # "environment*", "green"
    {'green': ['环境*', '绿色']}
    """
    form = Path(path).suffix.lower()
    pairs: Iterator[tuple[str, str]] = iter(())
    if form in (".yml", ".yaml"):
        pairs = _of_yaml(path)
    elif form == ".dic":
        pairs = _of_liwc(path)
    else:
        rows = read_table(path, columns=("category", "word"))
        pairs = ((row["category"], row["word"]) for row in rows)
    found: dict[str, list[str]] = {}
    for category, word in pairs:
        if word and word not in found.setdefault(category, []):
            found[category].append(word)
    if not any(found.values()):
        raise DataFileError(f"{Path(path).name}: there is no word in it")
    return found


def _of_yaml(path: str | Path) -> Iterator[tuple[str, str]]:
    import yaml

    name, text = read_text(path)
    depth = 0
    try:
        for event in yaml.parse(text):
            # A few lines of what stands for other lines can stand for millions of words.
            if isinstance(event, yaml.AliasEvent):
                raise DataFileError(
                    f"{name}:1: a dictionary with aliases (*name); write its words out"
                )
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            # The parser takes the square of their number.
            if depth > DEEPEST:
                raise DataFileError(f"{name}:1: categories in too many categories")
        made = yaml.safe_load(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise DataFileError(f"{name}:{line}: this is no YAML") from None

    def words(part: Any, category: str) -> Iterator[tuple[str, str]]:
        if isinstance(part, Mapping):
            for key, inner in part.items():
                yield from words(inner, f"{category}.{key}" if category else str(key))
        elif isinstance(part, Sequence) and not isinstance(part, str):
            for inner in part:
                yield from words(inner, category)
        elif part is not None and category:
            yield category, str(part)
        else:
            raise DataFileError(f"{name}:1: a category with a list of words is wanted")

    return words(made, "")


def _of_liwc(path: str | Path) -> Iterator[tuple[str, str]]:
    name, text = read_text(path)
    categories = {}
    signs = 0
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split()
        if cells == ["%"]:
            signs += 1
        elif cells and signs == 1:
            categories[cells[0]] = cells[-1]
        elif cells and signs:
            if unknown := [cell for cell in cells[1:] if cell not in categories]:
                raise DataFileError(f"{name}:{number}: no category has the number {unknown[0]}")
            yield from ((categories[cell], cells[0]) for cell in cells[1:])
    if signs != 2:
        raise DataFileError(f"{name}:1: the categories stand between two lines with % alone")


Dictionary = str | Path | Mapping[str, Sequence[str]]


def dictionary_share(panel: Panel, dictionary: Dictionary, *, by: str = "report") -> pd.DataFrame:
    """How often the words of a dictionary stand in each report: a row a category and report, or
    place, level or year (`by`), whose reports are counted together.

    `dictionary`: a file (`read_dictionary`), or the words of each category.

    Columns: `category`; for reports `report`, `place`, `level`, `year`, else `by` and `reports`,
    how many; `strings`, how often a word stands in the sentences as a string of characters, the
    longest first, and `string_share`, its characters of all (both null where a report of the
    reference panel is among them, which has no sentences); `words`, how many tokens are such a
    word, and `word_share`, of all tokens (0 to 1). Function words, numbers and single characters
    are no tokens of the table `terms`, and what the segmenter divides is none either:
    `attrs["never_a_token"]` names such words. Raises as `read_dictionary`, and
    `CorpusError` for another `by`.

    >>> import tempfile
    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "green.tsv"
    ...     _ = file.write_text("category\\tword\\ngreen\\t环境\\ngreen\\t绿色", encoding="utf-8")
    ...     table = dictionary_share(load_panel(), file, by="level")  # "environment", "green"
    >>> list(table.columns)
    ['category', 'level', 'reports', 'strings', 'string_share', 'words', 'word_share']
    """
    one_of("by", by, GROUPS, CorpusError)
    name = ""
    if isinstance(dictionary, str | Path):
        name, dictionary = Path(dictionary).name, read_dictionary(dictionary)
    known = set(panel.terms["term"])
    tables = [_counted(panel, category, words) for category, words in dictionary.items()]
    table = pd.concat(tables, ignore_index=True)
    told = list(GROUPS)
    if by != "report":
        groups = table.dropna(subset=[by]).groupby(["category", by], sort=False)
        made = groups[["strings", "string_chars", "chars", "words", "all_words"]].sum(min_count=1)
        # A sum of which a part is not known is not known.
        made[["strings", "string_chars"]] = made[["strings", "string_chars"]].where(
            groups["strings"].count() == groups.size()
        )
        table = in_order(made.assign(reports=groups.size()).reset_index(), "category", by)
        told = [by, "reports"]
    table["string_share"] = table["string_chars"] / table["chars"]
    table["word_share"] = table["words"] / table["all_words"]
    table = table[["category", *told, "strings", "string_share", "words", "word_share"]]
    never = [
        word
        for words in dictionary.values()
        for word in words
        if not any(map(_pattern([word]).fullmatch, known))
    ]
    table.attrs = {
        "by": by,
        "dictionary": name,
        "never_a_token": "、".join(never),
    }
    return table


def _pattern(words: Sequence[str]) -> "re.Pattern[str]":
    """The words, the longest first; an asterisk is any run of characters."""
    return re.compile("|".join(translate(word) for word in sorted(words, key=len, reverse=True)))


def _counted(panel: Panel, category: str, words: Sequence[str]) -> pd.DataFrame:
    """The counts of a category in each report, and what they are shares of."""
    reports = panel.reports[list(GROUPS)].copy()
    # In running text an asterisk at an end adds nothing: a string is found wherever it stands.
    strings = re.compile(
        "|".join(re.escape(w.strip("*")) for w in sorted(words, key=len, reverse=True))
    )
    texts = panel.themes[panel.themes["text"].notna()]
    found = texts["text"].map(strings.findall)
    counts = found.map(len).groupby(texts["report"]).sum()
    chars = found.map(lambda some: sum(map(len, some))).groupby(texts["report"]).sum()
    whole = panel.themes.groupby("report")["chars"].sum()
    terms = panel.terms["term"]
    matched = set(filter(_pattern(words).fullmatch, terms.unique()))
    tokens = panel.terms[terms.isin(matched)].groupby("report")["count"].sum()
    id = reports["report"]
    return reports.assign(
        category=category,
        strings=id.map(counts).astype("Float64"),
        string_chars=id.map(chars).astype("Float64"),
        chars=id.map(whole).astype("Float64"),
        words=id.map(tokens).fillna(0).astype("Int64"),
        all_words=panel.reports["words"],
    )
