"""Text-as-data research on Chinese government work reports (政府工作报告): terms, policy themes and
indicators.

Importing the package loads nothing but this module; each name loads what it needs when it is first
used.
"""

from xiacheng_nlp.lazy import names_of

__getattr__, __dir__, __all__ = names_of(__name__, __file__)
