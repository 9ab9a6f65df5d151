"""Stands in for a program in C that finds speech in sound and has no wheel."""


class MicroVad:
    """Nobody speaks to these Home Assistants."""
