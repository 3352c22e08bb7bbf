"""Corpora: the tables of many reports, and panels of them."""
