"""Pages about one matter, once per edition: the business plan, careers, managers."""
