"""A report with the tables that several figures share, and what a figure is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    import pandas as pd

    from xiacheng_nlp.corpora.loading import Panel
    from xiacheng_nlp.observations.observation import Observation
    from xiacheng_nlp.publish.english import Names
    from xiacheng_nlp.themes.topics import TopicModel


class Study:
    """A report with the tables that several figures share, each made once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.drawings: dict[str, Drawing] = {}

    @cached_property
    def names(self) -> "Names":
        """The English names that hold for the report."""
        from xiacheng_nlp.publish.english import names_of

        return names_of(self.report)

    @cached_property
    def tokens(self) -> "pd.DataFrame":
        """The token table, without the glossary."""
        from xiacheng_nlp.words.segmentation import tokenize

        return tokenize(self.report)

    @cached_property
    def frequency(self) -> "pd.DataFrame":
        """How often each term occurs."""
        from xiacheng_nlp.terms import term_frequency

        return term_frequency(self.tokens)

    @cached_property
    def keyness(self) -> "pd.DataFrame":
        """The terms of the plan against those of the review."""
        from xiacheng_nlp.terms import keyness

        return keyness(self.tokens, target="plan", reference="review")

    @cached_property
    def coded(self) -> "pd.DataFrame":
        """The themes and the instrument of each sentence."""
        from xiacheng_nlp.themes import code_themes

        return code_themes(self.report)

    @cached_property
    def topics(self) -> "TopicModel":
        """The topics of the paragraphs."""
        from xiacheng_nlp.themes import topic_model

        return topic_model(self.tokens, self.coded)

    @cached_property
    def observations(self) -> "tuple[Observation, ...]":
        """What the report states about its indicators."""
        from xiacheng_nlp.observations.observation import indicators

        return indicators(self.report)

    @cached_property
    def observation_table(self) -> "pd.DataFrame":
        """The observations as a table."""
        from xiacheng_nlp.observations.observation import observation_table

        return observation_table(self.observations)

    @cached_property
    def promises(self) -> "pd.DataFrame":
        """The year's targets beside the outcomes of the year before."""
        from xiacheng_nlp.observations.summary import promises

        return promises(self.observations)

    @cached_property
    def panel(self) -> "Panel":
        """The reports that this one is compared with: those of XIACHENG_CORPUS, or constructed ones
        and this."""
        from xiacheng_nlp.corpora.loading import panel_of

        return panel_of(self.report)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure's table with what its note line says: n and its unit in both languages, and options
    for the drawing."""

    table: "pd.DataFrame"
    n: int
    unit: Mapping[str, str]
    options: Mapping[str, str] = field(default_factory=dict)
    draw: Mapping[str, Any] = field(default_factory=dict)
