"""Policy themes of a report: the codebook, the coding of its sentences, how far codings agree, and what the coding comes to."""

from xiacheng_nlp.themes.agreement import agreement_by_code, agreement_table, confusion, matched, read_theme_gold
from xiacheng_nlp.themes.codebook import Codebook, CodebookError, Instrument, Phrase, Theme, load_codebook
from xiacheng_nlp.themes.coded import ThemeError
from xiacheng_nlp.themes.coding import CodingError, code_themes
from xiacheng_nlp.themes.coefficients import AgreementError, Coefficient, cohen_kappa, krippendorff_alpha
from xiacheng_nlp.themes.hand_coding import SheetError, coding_sheet, read_sheet
from xiacheng_nlp.themes.instruments import commitments_by_theme, instrument_mix, instrument_phrases, theme_by_instrument, theme_by_section
from xiacheng_nlp.themes.network import CoWordNetwork, co_word_network
from xiacheng_nlp.themes.shares import agenda_diversity, attention, attention_shift
from xiacheng_nlp.themes.topics import TopicModel, topic_model
from xiacheng_nlp.themes.trained import Coder, CoderError, cross_validate_coder, disagreements, second_opinion, train_coder

__all__ = [
    "AgreementError",
    "CoWordNetwork",
    "Codebook",
    "CodebookError",
    "Coder",
    "CoderError",
    "CodingError",
    "Coefficient",
    "Instrument",
    "Phrase",
    "SheetError",
    "Theme",
    "ThemeError",
    "TopicModel",
    "agenda_diversity",
    "agreement_by_code",
    "agreement_table",
    "attention",
    "attention_shift",
    "co_word_network",
    "code_themes",
    "coding_sheet",
    "cohen_kappa",
    "commitments_by_theme",
    "confusion",
    "cross_validate_coder",
    "disagreements",
    "instrument_mix",
    "instrument_phrases",
    "krippendorff_alpha",
    "load_codebook",
    "matched",
    "read_sheet",
    "read_theme_gold",
    "second_opinion",
    "theme_by_instrument",
    "theme_by_section",
    "topic_model",
    "train_coder",
]
