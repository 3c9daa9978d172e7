"""Raw files of any kind to records of text."""
