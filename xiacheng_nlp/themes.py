"""Policy themes of a report: the codebook, the coding of its sentences, and what the coding comes to, from one place."""

from xiacheng_nlp.codebook import Codebook, CodebookError, Instrument, Phrase, Theme, load_codebook
from xiacheng_nlp.coding import CodingError, code_themes

__all__ = [
    "Codebook",
    "CodebookError",
    "CodingError",
    "Instrument",
    "Phrase",
    "Theme",
    "code_themes",
    "load_codebook",
]
