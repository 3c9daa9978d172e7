"""What an edition says of itself, and how it gets its place: whole or not at all."""
