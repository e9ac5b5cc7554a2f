"""English nouns in names: which are plurals, and what one of several is called."""

from __future__ import annotations

_IRREGULAR = frozenset(
    (
        *("people", "children", "men", "women", "feet", "teeth", "mice", "geese", "oxen", "data"),
        *("media", "criteria", "phenomena", "corpora", "indices", "matrices", "vertices", "information"),
        *("equipment", "news", "series", "species", "staff", "feedback", "metadata", "content"),
        *("software", "hardware", "inventory", "history", "money", "music"),
    )
)
"""Plurals without ``s`` and nouns without a plural."""


_IN_F = ("hal", "lea", "loa", "sel", "shea", "shel", "thie", "wol")
"""What stands before ``ves`` in plurals of nouns that end in ``f``; others end in ``ve``, as ``curves``."""
_IN_FE = ("Kni", "Li", "Wi")
"""What does, as a word of its own, for nouns that end in ``fe``."""


def is_plural(word: str) -> bool:
    """Whether an English word in lower case is, or may be, a plural."""
    return word in _IRREGULAR or (word.endswith("s") and not word.endswith(("ss", "us", "is")))


def singulars(noun: str) -> tuple[str, ...]:
    """What one of several may be called, of nouns that end as English plurals do; the likeliest first."""
    found = [noun]
    if noun.endswith("s"):
        found.insert(0, noun[:-1])
    if noun.endswith("es"):
        found.insert(0 if noun.endswith(("ses", "xes", "ches", "shes")) else 1, noun[:-2])
    if noun.endswith("ies"):
        found.insert(0, f"{noun[:-3]}y")
    if noun.endswith("ves"):
        start = noun[:-3]
        found.insert(0 if start.lower().endswith(_IN_F) else -1, f"{start}f")
        found.insert(0 if start.endswith(_IN_FE) or start.capitalize() in _IN_FE else -1, f"{start}fe")
    return tuple(found)


def plural(noun: str) -> str:
    """What several of a noun are called, in names in PascalCase; a plural stays as it is."""
    lower = noun.lower()
    if is_plural(lower) and not lower.endswith("as"):
        return noun
    if lower.endswith(tuple(f"{start}f" for start in _IN_F)):
        return f"{noun[:-1]}ves"
    if noun.endswith(tuple(f"{start}fe" for start in _IN_FE)):
        return f"{noun[:-2]}ves"
    if lower.endswith("y") and not lower.endswith(("ay", "ey", "oy", "uy")):
        return f"{noun[:-1]}ies"
    if lower.endswith("is"):
        return f"{noun[:-2]}es"
    return f"{noun}{'es' if lower.endswith(('s', 'x', 'z', 'ch', 'sh')) else 's'}"
