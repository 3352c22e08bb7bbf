"""The function that draws each figure, by its id: all that the modules of the figures hold."""

from collections.abc import Mapping

from xiacheng_nlp.figures import indicators, network, panel, scores, terms, themes
from xiacheng_nlp.figures.page import Draw
from xiacheng_nlp.figures.texts import TEXTS, id_of

_DRAWN = {
    id_of(name): value
    for module in (terms, themes, network, indicators, scores, panel)
    for name, value in vars(module).items()
}

DRAW: Mapping[str, Draw] = {id: _DRAWN[id] for id in TEXTS}
"""The function that draws a figure, by its id, in the order of `TEXTS`, which has its title and
caption."""
