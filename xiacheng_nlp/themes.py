"""Policy themes of a report: the codebook, the coding of its sentences, how far codings agree, and what the coding comes to."""

from xiacheng_nlp.agenda import agenda_diversity, attention, attention_shift
from xiacheng_nlp.agreement import agreement_by_code, agreement_table, confusion, matched, read_theme_gold
from xiacheng_nlp.codebook import Codebook, CodebookError, Instrument, Phrase, Theme, load_codebook
from xiacheng_nlp.coded_rows import ThemeError
from xiacheng_nlp.coding import CodingError, code_themes
from xiacheng_nlp.coefficients import AgreementError, Coefficient, cohen_kappa, krippendorff_alpha
from xiacheng_nlp.conetwork import CoWordNetwork, co_word_network
from xiacheng_nlp.hand_coding import SheetError, coding_sheet, read_sheet
from xiacheng_nlp.instruments import commitments_by_theme, instrument_mix, instrument_phrases, theme_by_instrument, theme_by_section
from xiacheng_nlp.supervised import Coder, CoderError, cross_validate_coder, disagreements, second_opinion, train_coder
from xiacheng_nlp.topics import TopicModel, topic_model

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
