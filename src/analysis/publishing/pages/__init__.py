"""Pages: from the outputs of a report notebook to files."""
