"""Who may open which pages: from an access map to the configuration of a web server."""
