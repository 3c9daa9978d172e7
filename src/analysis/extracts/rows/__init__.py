"""Rows beside each other: repeated, split, reversed; and what a row must fulfil."""
