"""Policy themes of a report: the codebook, the coding of its sentences, how far codings agree, and
what the coding comes to."""

from xiacheng_nlp.lazy import names_of

__getattr__, __dir__, __all__ = names_of(__name__, __file__)
