"""Numbers: from text to quantities (value, unit, bound), without any report."""
