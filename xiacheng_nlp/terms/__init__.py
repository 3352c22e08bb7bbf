"""Term analysis of a token table (one row a token, as `tokenize` makes it): every measure of words,
from one place.

Frequency, TF-IDF, keyness and strips are in `frequency`; dispersion, diversity, Zipf and Heaps in
`distribution`; collocations, concordance, phrases and TextRank in `cooccurrence`; robustness in
`stability`; what is a word and a term in `selection`; the formulas of 2×2 tables in `contingency`.
"""

from xiacheng_nlp.lazy import names_of

__getattr__, __dir__, __all__ = names_of(__name__, __file__)
