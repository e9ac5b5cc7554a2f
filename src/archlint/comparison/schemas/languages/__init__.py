"""Patterns as ECMA-262 regular languages: is there a string that matches these and not those?"""

from archlint.comparison.schemas.languages.search import Language, Search, find_string
from archlint.comparison.schemas.languages.syntax import Unsupported, parse_pattern

__all__ = ["Language", "Search", "Unsupported", "find_string", "parse_pattern"]
