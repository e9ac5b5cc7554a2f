"""English nouns in names: which are plurals, and what one of several is called."""

from __future__ import annotations

from collections.abc import Mapping

_ONE_OF = {
    "Children": "Child",
    "Corpora": "Corpus",
    "Criteria": "Criterion",
    "Feet": "Foot",
    "Geese": "Goose",
    "Indices": "Index",
    "Matrices": "Matrix",
    "Men": "Man",
    "Mice": "Mouse",
    "Oxen": "Ox",
    "People": "Person",
    "Phenomena": "Phenomenon",
    "Teeth": "Tooth",
    "Vertices": "Vertex",
    "Women": "Woman",
}
"""What one of several is called, of nouns whose plural has no rule."""
_SEVERAL_OF = {one: several for several, one in _ONE_OF.items()} | {"Index": "Indexes"}
_IRREGULAR = frozenset(
    (
        *map(str.lower, _ONE_OF),
        *("data", "media", "information", "equipment", "news", "series", "species", "staff", "feedback"),
        *("metadata", "content", "software", "hardware", "inventory", "history", "money", "music"),
    )
)
"""Plurals without ``s`` and nouns without a plural."""
_ONE_IN_IS = (
    *("asis", "axis", "bris", "edis", "esis", "exis", "isis", "itis", "llis", "nnis", "osis"),
    *("olis", "psis", "ssis", "this", "ysis"),
)
"""How nouns end that are one in spite of their ``s``, as ``analysis``; others are several, as ``uris``."""
_SEVERAL_IN_US = ("cpus", "emus", "gpus", "menus", "npus", "skus", "tpus")
"""How the few nouns end that are several with ``us``, where most are one, as ``status``."""


_IN_F = ("hal", "lea", "loa", "sel", "shea", "shel", "thie", "wol")
"""What stands before ``ves`` in plurals of nouns that end in ``f``; others end in ``ve``, as ``curves``."""
_IN_FE = ("Kni", "Li", "Wi")
"""What does, as a word of its own, for nouns that end in ``fe``."""


def is_plural(word: str) -> bool:
    """Whether an English word in lower case is, or may be, a plural."""
    if word in _IRREGULAR or word.endswith(_SEVERAL_IN_US):
        return True
    return word.endswith("s") and not word.endswith(("ss", "us", *_ONE_IN_IS))


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
    one = _last_word_as(noun, _ONE_OF)
    return (one, *found) if one else tuple(found)


def _last_word_as(noun: str, others: Mapping[str, str]) -> str:
    """A noun with another word in place of its last one; empty if there is none for that."""
    for end, other in others.items():
        if noun.endswith(end):
            return noun[: -len(end)] + other
        if noun == end.lower():
            return other.lower()
    return ""


def plural(noun: str) -> str:
    """What several of a noun are called, in names in PascalCase; a plural stays as it is."""
    lower = noun.lower()
    several = noun if _last_word_as(noun, _ONE_OF) else _last_word_as(noun, _SEVERAL_OF)
    if several:
        return several
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
