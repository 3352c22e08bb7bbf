"""The report: from text to sections, paragraphs and sentences, and whose report it is."""
