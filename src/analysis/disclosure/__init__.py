"""What may be shown: the wall between persons and pages."""
