# ruff: noqa: F403
# The figures of a module are those that data/figures/figures.tsv has a record of.
from xiacheng_nlp.errors import FigureError as FigureError
from xiacheng_nlp.figures.indicators import *
from xiacheng_nlp.figures.names import PART_NAMES as PART_NAMES
from xiacheng_nlp.figures.network import *
from xiacheng_nlp.figures.panel import *
from xiacheng_nlp.figures.registry import DRAW as DRAW
from xiacheng_nlp.figures.saving import Provenance as Provenance
from xiacheng_nlp.figures.saving import save_figure as save_figure
from xiacheng_nlp.figures.scores import *
from xiacheng_nlp.figures.style import ReportFigure as ReportFigure
from xiacheng_nlp.figures.style import missing_characters as missing_characters
from xiacheng_nlp.figures.terms import *
from xiacheng_nlp.figures.texts import TEXTS as TEXTS
from xiacheng_nlp.figures.texts import FigureText as FigureText
from xiacheng_nlp.figures.texts import note_line as note_line
from xiacheng_nlp.figures.themes import *
