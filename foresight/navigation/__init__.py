"""Patent navigation: direction, position, path."""
