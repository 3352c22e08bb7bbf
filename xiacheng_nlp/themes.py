"""Policy themes of a report: the codebook, the coding of its sentences, how far codings agree, and what the coding comes to."""

from xiacheng_nlp.agreement import agreement_by_code, agreement_table, confusion, matched, read_theme_gold
from xiacheng_nlp.codebook import Codebook, CodebookError, Instrument, Phrase, Theme, load_codebook
from xiacheng_nlp.coding import CodingError, code_themes
from xiacheng_nlp.coefficients import AgreementError, Coefficient, cohen_kappa, krippendorff_alpha
from xiacheng_nlp.hand_coding import SheetError, coding_sheet, read_sheet
from xiacheng_nlp.supervised import Coder, CoderError, cross_validate_coder, disagreements, second_opinion, train_coder

__all__ = [
    "AgreementError",
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
    "agreement_by_code",
    "agreement_table",
    "code_themes",
    "coding_sheet",
    "cohen_kappa",
    "confusion",
    "cross_validate_coder",
    "disagreements",
    "krippendorff_alpha",
    "load_codebook",
    "matched",
    "read_sheet",
    "read_theme_gold",
    "second_opinion",
    "train_coder",
]
