"""Views: what the template of each object is given."""
