"""The function that draws each figure, by its id."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from xiacheng_nlp.figures.indicators import (
    actual_vs_target,
    audit,
    commitments,
    growth_rates,
    ranks,
    target_growth,
)
from xiacheng_nlp.figures.network import co_word_network
from xiacheng_nlp.figures.panel import (
    indicator_series,
    kept_promises,
    panel_attention,
    report_keyness,
)
from xiacheng_nlp.figures.scores import accuracy, accuracy_by_construction
from xiacheng_nlp.figures.style import ReportFigure
from xiacheng_nlp.figures.terms import (
    collocation_network,
    dispersion_strips,
    keyness,
    rank_frequency,
    report_structure,
    robustness,
    terms_by_section,
    top_terms,
    word_cloud,
)
from xiacheng_nlp.figures.themes import (
    attention_shift,
    theme_attention,
    theme_instrument,
    theme_section,
    topics,
)

DRAW: Mapping[str, Callable[..., ReportFigure]] = MappingProxyType(
    {
        "fig-report-structure": report_structure,
        "fig-top-terms": top_terms,
        "fig-word-cloud": word_cloud,
        "fig-rank-frequency": rank_frequency,
        "fig-terms-by-section": terms_by_section,
        "fig-keyness": keyness,
        "fig-dispersion-strips": dispersion_strips,
        "fig-collocation-network": collocation_network,
        "fig-robustness": robustness,
        "fig-theme-attention": theme_attention,
        "fig-theme-section": theme_section,
        "fig-attention-shift": attention_shift,
        "fig-theme-instrument": theme_instrument,
        "fig-co-word-network": co_word_network,
        "fig-topics": topics,
        "fig-growth-rates": growth_rates,
        "fig-actual-vs-target": actual_vs_target,
        "fig-target-growth": target_growth,
        "fig-ranks": ranks,
        "fig-commitments": commitments,
        "fig-audit": audit,
        "fig-accuracy": accuracy,
        "fig-accuracy-by-construction": accuracy_by_construction,
        "fig-indicator-series": indicator_series,
        "fig-kept-promises": kept_promises,
        "fig-panel-attention": panel_attention,
        "fig-report-keyness": report_keyness,
    }
)
"""The function that draws a figure, by its id; `TEXTS` has its title and caption."""
