"""Words and digits: catalogs, languages, names, rounding."""
