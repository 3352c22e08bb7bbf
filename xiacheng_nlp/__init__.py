"""Text-as-data research on Chinese government work reports (政府工作报告): terms, policy themes and indicators.

Importing the package loads nothing but this module; each name loads what it needs when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "actual_vs_target": "observations.comparison",
    "audit": "observations.audit",
    "browse": "tables",
    "observation_table": "observations.observation",
    "Report": "report.report",
    "ReportError": "text",
    "load_panel": "corpora.loading",
    "load_report": "report.report",
    "load_reports": "report.folders",
    "outline": "report.outline",
    "panel": "corpora.panel",
    "claim": "claims",
    "cite": "publish.citation",
    "code_themes": "themes.coding",
    "corpus": "corpora.dataset",
    "figures": "figures",
    "indicators": "observations.observation",
    "learned_words": "words.effect",
    "load_codebook": "themes.codebook",
    "shape": "report.tables",
    "summary": "observations.summary",
    "terms": "terms",
    "themes": "themes",
    "tokenize": "words.segmentation",
    "validation": "validation.tables",
    "verify": "publish.verification",
    "words_without_effect": "words.effect",
}

_MODULES = ("figures", "panel", "shape", "summary", "terms", "themes", "validation")
"""The names that are a module of names and not a name in one."""

if TYPE_CHECKING:
    from xiacheng_nlp import figures as figures
    from xiacheng_nlp import panel as panel
    from xiacheng_nlp import shape as shape
    from xiacheng_nlp import summary as summary
    from xiacheng_nlp import terms as terms
    from xiacheng_nlp import themes as themes
    from xiacheng_nlp import validation as validation
    from xiacheng_nlp.claims import claim as claim
    from xiacheng_nlp.corpora.dataset import corpus as corpus
    from xiacheng_nlp.corpora.loading import load_panel as load_panel
    from xiacheng_nlp.observations.audit import audit as audit
    from xiacheng_nlp.observations.comparison import actual_vs_target as actual_vs_target
    from xiacheng_nlp.observations.observation import indicators as indicators
    from xiacheng_nlp.observations.observation import observation_table as observation_table
    from xiacheng_nlp.publish.citation import cite as cite
    from xiacheng_nlp.publish.verification import verify as verify
    from xiacheng_nlp.report.folders import load_reports as load_reports
    from xiacheng_nlp.report.outline import outline as outline
    from xiacheng_nlp.report.report import Report as Report
    from xiacheng_nlp.report.report import load_report as load_report
    from xiacheng_nlp.tables import browse as browse
    from xiacheng_nlp.text import ReportError as ReportError
    from xiacheng_nlp.themes.codebook import load_codebook as load_codebook
    from xiacheng_nlp.themes.coding import code_themes as code_themes
    from xiacheng_nlp.words.effect import learned_words as learned_words
    from xiacheng_nlp.words.effect import words_without_effect as words_without_effect
    from xiacheng_nlp.words.segmentation import tokenize as tokenize

__all__ = [*sorted(_HOMES), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOMES[name]}")
    return home if name in _MODULES else getattr(home, name)


def __dir__() -> list[str]:
    return __all__
