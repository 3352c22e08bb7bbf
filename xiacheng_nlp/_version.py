"""The version of the package, which figures and tables are stamped with."""

__version__ = "0.1.0"
