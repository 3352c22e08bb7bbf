"""The function that draws each figure, by its id: all that the modules of the figures hold."""

from collections.abc import Mapping

from xiacheng_nlp import figures
from xiacheng_nlp.figures.page import Draw
from xiacheng_nlp.figures.texts import TEXTS, name_of

DRAW: Mapping[str, Draw] = {id: getattr(figures, name_of(id)) for id in TEXTS}
"""The function that draws a figure, by its id, in the order of `TEXTS`, which has its title and
caption."""
