"""Source code read as data: its strings, and what they are for by the code around. Nothing is executed."""

from archlint.model.sources.languages import LANGUAGES, Language, language_of
from archlint.model.sources.literals import Literal, comments, literals

__all__ = ["LANGUAGES", "Language", "Literal", "comments", "language_of", "literals"]
