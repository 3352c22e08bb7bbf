"""Words: segmenters, the lexicon, and what a report teaches of its own words."""
