"""How fast, how many writes, and how it grows."""
