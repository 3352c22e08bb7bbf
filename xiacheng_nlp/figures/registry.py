"""The function that draws each figure, by its id: all that the modules of the figures hold."""

from collections.abc import Mapping

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures import indicators, network, panel, scores, terms, themes
from xiacheng_nlp.figures.page import Draw, Record
from xiacheng_nlp.figures.texts import TEXTS

_MODULES = (terms, themes, network, indicators, scores, panel)
_DRAWN: Mapping[str, Draw] = {
    value.record.id: value
    for module in _MODULES
    for value in vars(module).values()
    if isinstance(getattr(value, "record", None), Record)
}

if unmatched := ", ".join(sorted(_DRAWN.keys() ^ TEXTS.keys())):
    raise FigureError(f"{unmatched}: not both drawn by a function and named in figures/texts.tsv")

DRAW: Mapping[str, Draw] = {id: _DRAWN[id] for id in TEXTS}
"""The function that draws a figure, by its id, in the order of `TEXTS`, which has its title and
caption."""
