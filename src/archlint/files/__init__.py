"""Which files belong to the world, what kind each is, and the same file at another git revision."""

from archlint.files.text import LineIndex, TextProblem, decode

__all__ = ["LineIndex", "TextProblem", "decode"]
