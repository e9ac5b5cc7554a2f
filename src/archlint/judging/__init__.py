"""Which observations count, how grave they are, and what tells one finding from another."""

from archlint.judging.resolution import fingerprint, format_message, resolve

__all__ = ["fingerprint", "format_message", "resolve"]
