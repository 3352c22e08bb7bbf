"""A report with the tables that several figures share, each made once, and what it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pandas as pd

from xiacheng_nlp import terms, themes, validation
from xiacheng_nlp.observations.observation import Observation, indicators, observation_table
from xiacheng_nlp.observations.summary import promises
from xiacheng_nlp.publish.english import Names, names_of
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.words.segmentation import tokenize

if TYPE_CHECKING:
    from xiacheng_nlp.corpora.loading import Panel
    from xiacheng_nlp.terms.stability import Robustness
    from xiacheng_nlp.themes.topics import TopicModel

T = TypeVar("T")

WORDS = ("rjieba", "scipy")
"""What cuts words, and what counts them."""
CODES = ("ahocorasick-rs", "scipy")
"""What finds the phrases of the codebook, and what weighs their shares."""


class part(Generic[T]):
    """A part of a study: made when it is first asked for, with the libraries that it rests on."""

    def __init__(self, make: Callable[["Study"], T], libraries: tuple[str, ...]) -> None:
        self._make, self._libraries, self.__doc__ = make, libraries, make.__doc__

    def __get__(self, study: "Study", _: object = None) -> T:
        made: T = study.once(self._make.__name__, self._make, self._libraries)[0]
        return made


def rests_on(*libraries: str) -> Callable[[Callable[["Study"], T]], part[T]]:
    """Make a method a part of the study; the libraries are its own, beside those of the parts that
    it asks for."""
    return lambda make: part(make, libraries)


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

    @rests_on()
    def names(self) -> Names:
        """The English names that hold for the report."""
        return names_of(self.report)

    @rests_on(*WORDS)
    def tokens(self) -> pd.DataFrame:
        """The token table, without the glossary."""
        return tokenize(self.report)

    @rests_on()
    def frequency(self) -> pd.DataFrame:
        """How often each term occurs."""
        return terms.term_frequency(self.tokens)

    @rests_on()
    def keyness(self) -> pd.DataFrame:
        """The terms of the plan against those of the review."""
        return terms.keyness(self.tokens, target="plan", reference="review")

    @rests_on(*WORDS, "icu4py", "jieba")
    def robustness(self) -> "Robustness":
        """How far results agree under other settings."""
        return terms.robustness(self.report)

    @rests_on(*CODES)
    def coded(self) -> pd.DataFrame:
        """The themes and the instrument of each sentence."""
        return themes.code_themes(self.report)

    @rests_on("scikit-learn")
    def topics(self) -> "TopicModel":
        """The topics of the paragraphs."""
        return themes.topic_model(self.tokens, self.coded)

    @rests_on()
    def observations(self) -> tuple[Observation, ...]:
        """What the report states about its indicators."""
        return indicators(self.report)

    @rests_on()
    def observation_table(self) -> pd.DataFrame:
        """The observations as a table."""
        return observation_table(self.observations)

    @rests_on()
    def promises(self) -> pd.DataFrame:
        """The year's targets beside the outcomes of the year before."""
        return promises(self.observations)

    @rests_on(*CODES, *WORDS)
    def panel(self) -> "Panel":
        """The report with those that it is compared with: of XIACHENG_CORPUS, or of the reference
        panel."""
        from xiacheng_nlp.corpora.loading import join, load_panel

        return join(self.report, load_panel())

    @rests_on(*CODES, *WORDS, "jieba")
    def accuracy(self) -> pd.DataFrame:
        """How the package and common tools read the seed, by task."""
        return validation.accuracy()

    @rests_on("scipy")
    def accuracy_by_construction(self) -> pd.DataFrame:
        """How the indicators of the seed are read, by construction."""
        return validation.by_construction()


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
