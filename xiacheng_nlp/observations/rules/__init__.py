"""The rules by which a number finds its indicator, one module a construction."""
