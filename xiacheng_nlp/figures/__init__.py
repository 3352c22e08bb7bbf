"""The figures: each a function from one tidy table to one Figure, with an id, and a title and
caption in two languages.

Every function takes `lang` ("zh" or "en": labels, and the words where the table has a column of
that name with `_en` behind it), `width` ("single", 85 mm, or "double", 175 mm) and `titled`
(whether the title stands in the picture too; it is text beside it else). A table without rows gives
a picture that says so; a table without a column that is needed raises `FigureError`. Rows are drawn
in the order of the table.
"""

from xiacheng_nlp.figures.texts import TEXTS, name_of
from xiacheng_nlp.lazy import names_of

__getattr__, __dir__, __all__ = names_of(__name__, __file__, map(name_of, TEXTS))
