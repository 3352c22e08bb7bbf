"""A report with the tables that several figures share, each made once, and what it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pandas as pd

from xiacheng_nlp import terms, themes, validation
from xiacheng_nlp.observations.observation import indicators, observation_table
from xiacheng_nlp.observations.summary import promises
from xiacheng_nlp.publish.english import names_of
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.words.segmentation import tokenize

if TYPE_CHECKING:
    from xiacheng_nlp.corpora.loading import Panel

T = TypeVar("T")

WORDS = ("rjieba", "scipy")
"""What cuts words, and what counts them."""
CODES = ("ahocorasick-rs", "scipy")
"""What finds the phrases of the codebook, and what weighs their shares."""


class part(Generic[T]):
    """A part of a study: made when it is first asked for, with the libraries that it rests on
    beside those of the parts that it asks for."""

    def __init__(self, make: Callable[["Study"], T], *libraries: str) -> None:
        self._make, self._libraries = make, libraries

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, study: "Study", _: object = None) -> T:
        made: T = study.once(self._name, self._make, self._libraries)[0]
        return made


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a figure is chosen: how many rows, which terms, which themes (by code or name)."""

    top: int = 0
    terms: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    def told(self) -> dict[str, str]:
        """The choice as options of a figure's provenance; nothing where nothing is chosen."""
        said = {
            "chosen top": str(self.top or ""),
            "chosen terms": "、".join(self.terms),
            "chosen themes": "、".join(self.themes),
        }
        return {name: text for name, text in said.items() if text}

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Choice":
        """The choice that a provenance tells."""
        top, *some = (str(options.get(f"chosen {name}", "")) for name in ("top", "terms", "themes"))
        listed = (tuple(filter(None, text.split("、"))) for text in some)
        return cls(int(top) if top.isdecimal() else 0, *listed)


def _panel(study: "Study") -> "Panel":
    from xiacheng_nlp.corpora.loading import join, load_panel

    return join(study.report, load_panel())


class Study:
    """A report with the tables that several figures share, and what is chosen of a figure."""

    def __init__(self, report: Report, choice: Choice | None = None) -> None:
        self.report = report
        self.choice = choice or Choice()
        self._made: dict[str, tuple[Any, frozenset[str]]] = {}
        self._asked: set[str] = set()

    def once(
        self, name: str, make: Callable[["Study"], Any], libraries: tuple[str, ...] = ()
    ) -> tuple[Any, frozenset[str]]:
        """What `make` makes of the study, made once under that name, and the libraries that it
        rests on: its own, and those of all that it asked for."""
        if name not in self._made:
            outside, self._asked = self._asked, set(libraries)
            try:
                self._made[name] = make(self), frozenset(self._asked)
            finally:
                self._asked = outside
        self._asked |= self._made[name][1]
        return self._made[name]

    names = part(lambda study: names_of(study.report))
    """The English names that hold for the report."""

    tokens = part(lambda study: tokenize(study.report), *WORDS)
    """The token table, without the glossary."""

    frequency = part(lambda study: terms.term_frequency(study.tokens))
    """How often each term occurs."""

    keyness = part(lambda study: terms.keyness(study.tokens, target="plan", reference="review"))
    """The terms of the plan against those of the review."""

    robustness = part(lambda study: terms.robustness(study.report), *WORDS, "icu4py", "jieba")
    """How far results agree under other settings."""

    coded = part(lambda study: themes.code_themes(study.report), *CODES)
    """The themes and the instrument of each sentence."""

    topics = part(lambda study: themes.topic_model(study.tokens, study.coded), "scikit-learn")
    """The topics of the paragraphs."""

    observations = part(lambda study: indicators(study.report))
    """What the report states about its indicators."""

    observation_table = part(lambda study: observation_table(study.observations))
    """The observations as a table."""

    promises = part(lambda study: promises(study.observations))
    """The year's targets beside the outcomes of the year before."""

    panel = part(_panel, *CODES, *WORDS)
    """The report with those that it is compared with: of XIACHENG_CORPUS, or of the reference
    panel."""

    accuracy = part(lambda _: validation.accuracy(), *CODES, *WORDS, "jieba")
    """How the package and common tools read the seed, by task."""

    accuracy_by_construction = part(lambda _: validation.by_construction(), "scipy")
    """How the indicators of the seed are read, by construction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure's table with what its note line says, n and options; the options for the drawing,
    which rows it shows (all, where that is not told), and the libraries that the table rests on."""

    table: pd.DataFrame
    n: int
    options: Mapping[str, str] = field(default_factory=dict)
    draw: Mapping[str, Any] = field(default_factory=dict)
    shown: "pd.Series[bool] | None" = None
    rests_on: frozenset[str] = frozenset()
