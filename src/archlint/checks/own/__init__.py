"""Rules about who owns what."""
