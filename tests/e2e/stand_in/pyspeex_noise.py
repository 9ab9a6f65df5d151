"""Stands in for a program in C that takes noise out of speech and has no wheel."""


class AudioProcessor:
    """Nobody speaks to these Home Assistants."""
