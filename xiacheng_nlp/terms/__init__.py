"""Term analysis of a token table (one row a token, as `tokenize` makes it): every measure of words, from one place.

Frequency, TF-IDF, keyness and strips are in `frequency`; dispersion, diversity, Zipf and Heaps in `distribution`;
collocations, concordance, phrases and TextRank in `cooccurrence`; robustness in `stability`; stop words and synonyms in
`word_lists`; the formulas of 2×2 tables in `contingency`.
"""

from xiacheng_nlp.terms.cooccurrence import collocations, concordance, ngrams, textrank
from xiacheng_nlp.terms.distribution import dispersion, diversity, heaps, zipf
from xiacheng_nlp.terms.frequency import keyness, strips, term_frequency, tf_idf
from xiacheng_nlp.terms.selection import TermError, TermWarning, load_stop_words, load_synonyms, stop_word_table, token_table
from xiacheng_nlp.terms.stability import Robustness, robustness

__all__ = [
    "Robustness",
    "TermError",
    "TermWarning",
    "collocations",
    "concordance",
    "dispersion",
    "diversity",
    "heaps",
    "keyness",
    "load_stop_words",
    "load_synonyms",
    "ngrams",
    "robustness",
    "stop_word_table",
    "strips",
    "term_frequency",
    "textrank",
    "tf_idf",
    "token_table",
    "zipf",
]
