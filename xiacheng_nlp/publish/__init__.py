"""What is published of a report: figures, notebooks, pages, citations, and their check."""
