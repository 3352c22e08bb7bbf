"""Records and codes of a report checked by eye, one by one, in JupyterLab."""
