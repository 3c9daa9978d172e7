"""What stands on a page: objects without language or layout."""
