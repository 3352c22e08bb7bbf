"""The codebook: themes and instruments with their definitions, and the phrases by which sentences
are coded; a pair of data files.

`NAME.tsv` holds the codes and `NAME_phrases.tsv` beside it their phrases. The package's own are
`data/codebook.tsv` and `data/codebook_phrases.tsv`; a reader's own pair has the same columns.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiacheng_nlp.datafiles import Row, packaged, read_table
from xiacheng_nlp.errors import CodebookError, DataFileError

if TYPE_CHECKING:
    import pandas as pd

GENERAL = "general"
"""The theme of a sentence that has no single one; a codebook must have it."""

NONE = "none"
"""The instrument of a sentence that uses none; a codebook must have it."""


_NEEDED = {"theme": GENERAL, "instrument": NONE}
_SHOWN = (
    *("code", "zh", "en", "domain", "cap", "cap_name"),
    *("definition", "includes", "excludes"),
)
CODE_COLUMNS = ("kind", "code", "zh", "en", "definition")
_CODE_OPTIONAL = ("domain", "domain_en", "cap", "cap_name", "instrument", "includes", "excludes")
_PHRASE_COLUMNS = ("kind", "code", "phrase", "weight")
_PHRASE_OPTIONAL = ("with", "without", "shared", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What themes and instruments have: a code, its names, and what it means and takes in."""

    code: str
    zh: str
    en: str
    definition: str
    includes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(Code):
    """What a sentence can be about. `cap` and `cap_name`: the nearest major topic of the
    Comparative Agendas Project, None where there is none; `instrument`: the code of the instrument
    that sentences of the theme use where no phrase tells."""

    domain: str
    domain_en: str
    cap: int | None
    cap_name: str | None
    instrument: str
    excludes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Code):
    """By what means a policy works (Rothwell & Zegveld 1985)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Characters that speak for the theme or the instrument `code`, with a weight.

    A phrase of weight 0 speaks for nothing and keeps what stands inside it from counting. A phrase
    counts only in a sentence that holds one of `with_`, if there are any, and none of `without`.
    """

    kind: str
    code: str
    text: str
    weight: float
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """Themes, instruments and phrases, each in the order of its file; `sha256` is that of both
    files."""

    name: str
    sha256: str
    themes: tuple[Theme, ...]
    instruments: tuple[Instrument, ...]
    phrases: tuple[Phrase, ...] = field(repr=False)

    def __hash__(self) -> int:
        return hash(self.sha256)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the themes."""
        return tuple(theme.code for theme in self.themes)

    @cached_property
    def instrument_codes(self) -> tuple[str, ...]:
        """The codes of the instruments."""
        return tuple(instrument.code for instrument in self.instruments)

    def table(self) -> "pd.DataFrame":
        """The codes for reading: `kind`, `code`, `zh`, `en`, `domain`, `cap`, `cap_name`,
        `definition`, `includes`, `excludes`, `phrases` (how many), `examples` (the weightiest
        three)."""
        import pandas as pd

        rows = []
        for kind, codes in (("theme", self.themes), ("instrument", self.instruments)):
            for code in codes:
                own = sorted(
                    (p for p in self.phrases if (p.kind, p.code) == (kind, code.code) and p.weight),
                    key=lambda p: -p.weight,
                )
                told = (getattr(code, name, None) for name in _SHOWN)
                rows.append((kind, *told, len(own), "、".join(phrase.text for phrase in own[:3])))
        table = pd.DataFrame(rows, columns=["kind", *_SHOWN, "phrases", "examples"])
        return table.astype({"cap": "Int64"}).fillna({"excludes": ""})


def load_codebook(path: str | Path | None = None) -> Codebook:
    """The codebook in the file `path` (NAME.tsv) and in NAME_phrases.tsv beside it; without `path`
    that of the package.

    Raises `CodebookError` for a file that can't be read, a broken line, a codebook without themes,
    without the theme `general` or the instrument `none`, a code or a phrase that stands twice, a
    code without phrases, and a phrase that stands in two themes (or two instruments) unless both
    lines are marked in the column `shared`.

    >>> codes = load_codebook().table().query("kind == 'theme'").set_index("code")
    >>> codes.loc["environment", ["zh", "domain", "cap_name"]].tolist()  # of the domain "ecology"
    ['生态环境', '生态', 'Environment']
    """
    if path is None:
        return _own()
    codes = Path(path)
    return _read(codes, codes.parent / f"{codes.stem}_phrases{codes.suffix}")


@lru_cache(maxsize=1)
def _own() -> Codebook:
    return _read(packaged("themes/codebook.tsv"), packaged("themes/codebook_phrases.tsv"))


def _read(codes: Path | Traversable, phrases: Path | Traversable) -> Codebook:
    try:
        return _checked(codes, phrases)
    except DataFileError as error:
        raise CodebookError(str(error)) from None


def _checked(codes: Path | Traversable, phrases: Path | Traversable) -> Codebook:
    rows = read_table(codes, columns=CODE_COLUMNS, optional=_CODE_OPTIONAL, key=("code", "kind"))
    phrase_rows = read_table(
        phrases,
        columns=_PHRASE_COLUMNS,
        optional=_PHRASE_OPTIONAL,
        key=("phrase", "code", "kind"),
    )
    known: dict[str, dict[str, Row]] = {kind: {} for kind in _NEEDED}
    for row in rows:
        known[row.chosen("kind", known)][row["code"]] = row
    for kind, needed in _NEEDED.items():
        if needed not in known[kind]:
            raise CodebookError(
                f"{codes.name}:1: the {kind} {needed} is missing; what fits no other {kind} is "
                "coded by it"
            )
    means = known["instrument"]
    instruments = tuple(Instrument(**_cells(Instrument, row)) for row in means.values())
    themes = tuple(_theme(row, means) for row in known["theme"].values())
    found = tuple(_phrases(phrase_rows, known))
    spoken_for = {(phrase.kind, phrase.code) for phrase in found if phrase.weight}
    spoken_for.update(_NEEDED.items())
    for row in rows:
        if (row["kind"], row["code"]) not in spoken_for:
            raise row.error(
                f"the {row['kind']} {row['code']} has no phrase in {phrases.name}: nothing could "
                "be coded by it",
                "code",
            )
    digest = hashlib.sha256(codes.read_bytes() + phrases.read_bytes()).hexdigest()
    return Codebook(
        name=codes.name, sha256=digest, themes=themes, instruments=instruments, phrases=found
    )


def _theme(row: Row, instruments: Mapping[str, Row]) -> Theme:
    usual = row.chosen("instrument", ("", *instruments)) or NONE
    if row["cap"] and not row["cap"].isdecimal():
        raise row.error(f"cap is the number of a major topic, not {row['cap']}", "cap")
    domain = row["domain"] or row["zh"]
    told = _cells(Theme, row)
    told |= dict(domain=domain, domain_en=row["domain_en"] or domain, instrument=usual)
    told |= dict(cap=int(row["cap"]) if row["cap"] else None, cap_name=row["cap_name"] or None)
    return Theme(**told)


def _cells(kind: type[Code], row: Row) -> dict[str, Any]:
    """The cells of a row by the names of the code's fields."""
    return {each.name: row[each.name] for each in fields(kind)}


def _phrases(rows: Sequence[Row], known: Mapping[str, Mapping[str, Row]]) -> Iterator[Phrase]:
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        kind, code = row["kind"], row["code"]
        if code not in known.get(kind, ()):
            raise row.error(f"{kind} {code} is no theme or instrument of this codebook", "code")
        try:
            weight = float(row["weight"])
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= 100:
            raise row.error(f"a weight is a number from 0 to 100, not {row['weight']}", "weight")
        if len(row["phrase"].split()) > 1:
            raise row.error(
                "a phrase has no blanks: they would never match the text of a report", "phrase"
            )
        row.chosen("shared", ("", "yes"))
        other = first.setdefault((kind, row["phrase"]), row)
        if other is not row and not (row["shared"] and other["shared"]):
            raise row.error(
                f"the phrase {row['phrase']} stands in two {kind}s ({other['code']} in line "
                f"{other.line}, {code}); take it out of one, or write yes into the column "
                "shared of both lines",
                "phrase",
            )
        yield Phrase(
            kind=kind,
            code=code,
            text=row["phrase"],
            weight=weight,
            with_=_words(row, "with"),
            without=_words(row, "without"),
        )


def _words(row: Row, column: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in row[column].split("|")) if row[column] else ()
    if not all(words):
        raise row.error(f"{column}: words with | between them, none of them empty", column)
    return words
