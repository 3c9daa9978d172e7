"""The leak alarm: features that know the future."""
