"""Validation: how far words, numbers, themes and instruments can be trusted, against gold standards
that travel with the package."""

from xiacheng_nlp.lazy import names_of

__getattr__, __dir__, __all__ = names_of(__name__, __file__)
