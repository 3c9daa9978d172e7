"""What goes together with leaving."""
