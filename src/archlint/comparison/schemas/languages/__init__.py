"""Patterns as ECMA-262 regular languages: is there a string that matches these and not those?

The regular expression libraries for this (interegular, greenery) read Python's dialect without anchors and
build whole automata at once, with no way to stop: ``^(a|b)*a(a|b){14}$`` takes them over 30 seconds. Here
automata are walked only as far as the answer needs, against a budget, and the walk gives the shortest string.
"""

from archlint.comparison.schemas.languages.search import Language, Search, find_string
from archlint.comparison.schemas.languages.syntax import Unsupported, parse_pattern

__all__ = ["Language", "Search", "Unsupported", "find_string", "parse_pattern"]
