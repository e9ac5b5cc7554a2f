"""Names of one thing in several spellings: ``CartService``, ``cart-service`` and ``cart`` mean the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from archlint.finding.regex import regex

_ENDINGS = ("service", "server", "api", "svc")
_KINDS = ("-deployment", "-deploy", "-statefulset", "-daemonset")
_FEWEST_PREFIXED = 3
_FILLED_IN = regex(r"(?<=[\w])[-.]?\$\{[^{}]*+\}\Z")
"""Matches what is filled in behind a name before it is applied."""
_NO_LETTER = regex(r"[^a-z0-9]++")


def plain(name: str) -> str:
    """A name in lower case without separators."""
    return _NO_LETTER.sub("", name.lower())


def stem(name: str) -> str:
    """A plain name without the ending that says it is a service."""
    letters = plain(name)
    for ending in _ENDINGS:
        if letters.endswith(ending) and len(letters) > len(ending):
            return letters.removesuffix(ending)
    return letters


def without_kind(name: str) -> str:
    """A workload's name without the kind of object that it ends with: ``cart`` for ``cart-deployment``."""
    name = _FILLED_IN.sub("", name)
    return next((name.removesuffix(kind) for kind in _KINDS if name.endswith(kind) and name != kind), name)


def without_prefix(names: Iterable[str]) -> dict[str, str]:
    """The names that begin with the system's own name, each without it: ``mysql`` for ``shop-mysql``.

    That is the first word of at least three names and of half of them all; what follows is what they are
    called where everybody knows which system is meant, as in compose files.
    """
    known = sorted(set(names))
    counted = Counter(name.partition("-")[0] for name in known if "-" in name)
    word, count = max(counted.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if count < _FEWEST_PREFIXED or 2 * count < len(known):
        return {}
    return {name: name.removeprefix(f"{word}-") for name in known if name.startswith(f"{word}-")}
