"""Empty posts: how they arise and are filled, what is forecast of them, and its record."""
