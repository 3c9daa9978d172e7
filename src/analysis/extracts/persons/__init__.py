"""Who rows are about, and how nobody can be known from them."""
