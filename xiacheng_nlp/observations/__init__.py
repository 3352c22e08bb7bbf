"""Observations: what each number of a report says, of which indicator, when and how firmly."""
