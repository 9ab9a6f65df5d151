"""The domain: what a session is. Pure, without clock, files or Home Assistant."""
