"""Dictionaries of the user's: categories of words, counted over many reports."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from glob import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp.corpora.ladder import by_level
from xiacheng_nlp.corpora.loading import Panel
from xiacheng_nlp.datafiles import read_table, read_text
from xiacheng_nlp.errors import CorpusError, DataFileError, missing, one_of
from xiacheng_nlp.statistics import clustered
from xiacheng_nlp.terms.selection import WHOSE, in_order

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
    read = {".yml": _of_yaml, ".yaml": _of_yaml, ".dic": _of_liwc}.get(form, _of_table)
    found: dict[str, list[str]] = {}
    for line, category, word in read(path):
        if word and not word.strip("*"):
            raise DataFileError(f"{Path(path).name}:{line}: {word} stands for every word")
        if word and word not in found.setdefault(category, []):
            found[category].append(word)
    if not any(found.values()):
        raise DataFileError(f"{Path(path).name}: there is no word in it")
    return found


_Words = Iterator[tuple[int, str, str]]
"""Lines with a category and a word of it."""


def _of_table(path: str | Path) -> _Words:
    for row in read_table(path, columns=("category", "word")):
        yield row.line, row["category"], row["word"]


def _of_yaml(path: str | Path) -> _Words:
    import yaml

    name, text = read_text(path)
    depth = 0
    try:
        for event in yaml.parse(text):
            # A few lines of what stands for other lines can stand for millions of words.
            if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
                raise DataFileError(
                    f"{name}:1: a dictionary with aliases (*name) or tags (!name); write its words"
                    " out"
                )
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            # The parser takes the square of their number.
            if depth > DEEPEST:
                raise DataFileError(f"{name}:1: categories in too many categories")
        # Each word as it is written: to YAML no is false, and 1_000 a number.
        made = yaml.compose(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise DataFileError(f"{name}:{line}: this is no YAML") from None
    return _words_in(name, made, "")


def _words_in(name: str, part: Any, category: str) -> _Words:
    """The words in a part of a dictionary in YAML."""
    line = part.start_mark.line + 1 if part else 1
    if part and part.id == "mapping":
        seen = set()
        for key, inner in part.value:
            if key.id != "scalar" or key.value in seen:
                line = key.start_mark.line + 1
                raise DataFileError(f"{name}:{line}: a category is called by a word, and once")
            seen.add(key.value)
            yield from _words_in(name, inner, f"{category}.{key.value}".removeprefix("."))
    elif part and part.id == "sequence":
        for inner in part.value:
            yield from _words_in(name, inner, category)
    elif category and not part.tag.endswith(":null"):
        yield line, category, part.value
    else:
        raise DataFileError(f"{name}:{line}: a category with a list of words is wanted")


def _of_liwc(path: str | Path) -> _Words:
    name, text = read_text(path)
    categories = {}
    signs = 0
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split()
        if cells == ["%"]:
            signs += 1
        elif cells and signs:
            if len(cells) < 2 or (signs == 1 and cells[0] in categories):
                raise DataFileError(
                    f"{name}:{number}: a number and the name of its category are wanted, each once,"
                    " and below them a word and the numbers of its categories"
                )
            if signs == 1:
                categories[cells[0]] = " ".join(cells[1:])
                continue
            if unknown := missing(cells[1:], categories):
                raise DataFileError(f"{name}:{number}: no category has the number {unknown[0]}")
            yield from ((number, categories[cell], cells[0]) for cell in cells[1:])
    if signs != 2:
        raise DataFileError(f"{name}:1: the categories stand between two lines with % alone")


Dictionary = str | Path | Mapping[str, Sequence[str]]


def dictionary_share(panel: Panel, dictionary: Dictionary, *, by: str = "report") -> pd.DataFrame:
    """How often the words of a dictionary stand in each report: a row a category and report, or
    place, level or year (`by`), whose reports are counted together.

    `dictionary`: a file, or a list of words for each category. A file is a table with tabs, headed
    category and word, or NAME.yml (quanteda's YAML), or NAME.dic (LIWC's form); an asterisk in a
    word stands for any characters.

    Columns: `category`; for reports `report`, `place`, `level`, `year`, else `by` and `reports`,
    how many; `strings`, how often a word stands in the sentences as a string of characters, the
    longest first, and `string_share`, its characters of all (both null where a report of the
    reference panel is among them, which has no sentences); `words`, how many tokens are such a
    word, and `word_share`, of all tokens (0 to 1), where reports are counted together with its
    interval `low`, `high`, reports being what was drawn (`statistics.clustered`; null for one, and
    where there is no such word).
    Function words, numbers and single characters are no tokens of the table `terms`, and what the
    segmenter divides is none either: `attrs["never_a_token"]` names such words. Raises
    `DataFileError` as `file:line: what`, and `CorpusError` for what is no dictionary and for
    another `by`.

    >>> import tempfile
    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "green.tsv"
    ...     _ = file.write_text("category\\tword\\ngreen\\t环境\\ngreen\\t绿色", encoding="utf-8")
    ...     table = dictionary_share(load_panel(), file, by="level")  # "environment", "green"
    >>> list(table.columns[2:])
    ['reports', 'strings', 'string_share', 'words', 'word_share', 'low', 'high']
    """
    one_of("by", by, WHOSE, CorpusError)
    name = ""
    if isinstance(dictionary, str | Path):
        name, dictionary = Path(dictionary).name, read_dictionary(dictionary)
    elif not (isinstance(dictionary, Mapping) and dictionary) or any(
        isinstance(words, str) for words in dictionary.values()
    ):
        raise CorpusError(
            "a dictionary is a file or, by category, lists of words: {'green': ['环境*', '绿色']}"
        )
    known = set(panel.terms["term"])
    tables = [_counted(panel, category, words) for category, words in dictionary.items()]
    table = pd.concat(tables, ignore_index=True)
    told, ends = WHOSE, list[str]()
    if by != "report":
        groups = table.dropna(subset=[by]).groupby(["category", by], sort=False)
        made = groups[["strings", "string_chars", "chars", "words", "all_words"]].sum(min_count=1)
        # A sum of which a part is not known is not known.
        made[["strings", "string_chars"]] = made[["strings", "string_chars"]].where(
            groups["strings"].count() == groups.size()
        )
        drawn = (own[["words", "all_words"]].to_numpy(float) for _, own in groups)
        ends = ["low", "high"]
        # A share of its own, and a small one: no other tells how reports vary in it.
        across = [clustered(some[:, :1], some[:, 1], borrowed=0) for some in drawn]
        made[ends] = np.reshape(across, (-1, 2))
        made.loc[made["words"] == 0, ends] = np.nan
        table = in_order(made.assign(reports=groups.size()).reset_index(), by)
        table = in_order(by_level(table), "category")
        told = [by, "reports"]
    table["string_share"] = table["string_chars"] / table["chars"]
    table["word_share"] = table["words"] / table["all_words"]
    table = table[["category", *told, "strings", "string_share", "words", "word_share", *ends]]
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
    """The words, for a whole token; an asterisk is any run of characters."""
    return re.compile("|".join(translate(escape(word).replace("[*]", "*")) for word in words))


def _counted(panel: Panel, category: str, words: Sequence[str]) -> pd.DataFrame:
    """The counts of a category in each report, and what they are shares of."""
    reports = panel.reports[WHOSE].copy()
    # In running text an asterisk at an end adds nothing: a string is found wherever it stands.
    bare = filter(None, (word.strip("*") for word in sorted(words, key=len, reverse=True)))
    strings = re.compile(
        "|".join(".*?".join(map(re.escape, word.split("*"))) for word in bare) or "(?!)"
    )
    texts = panel.themes[panel.themes["text"].notna()]
    found = texts.groupby("report")["text"].agg("\n".join).map(strings.findall)
    whole = panel.themes.groupby("report")["chars"].sum()
    terms = panel.terms["term"]
    matched = set(filter(_pattern(words).fullmatch, terms.unique()))
    tokens = panel.terms[terms.isin(matched)].groupby("report")["count"].sum()
    id = reports["report"]
    return reports.assign(
        category=category,
        strings=id.map(found.map(len)).astype("Float64"),
        string_chars=id.map(found.map("".join).map(len)).astype("Float64"),
        chars=id.map(whole).astype("Float64"),
        words=id.map(tokens).fillna(0).astype("Int64"),
        all_words=panel.reports["words"],
    )
