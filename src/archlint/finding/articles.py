"""Whether a word is said with ``a`` or ``an``, by how it begins to be spoken.

Names of programs are spoken in three ways: as words (``user``, ``REDIS_URL``), letter by letter
(``HTTPRoute``, ``mTLS``, ``sql``) and as numbers (``8 GiB``, ``11 pods``).
"""

from __future__ import annotations

from archlint.finding.regex import regex

_AS_YOU = regex(
    r"(?:uni(?!n|m|d(?!ir)|ss)|us(?!h)|ut[aei]|ubi|ufo|uk|ur[aei]|uuid|uint|uid|uri|url|usb|udp|ui\b|eu|ewe|one(?:\b|of|self)|once)"
)
"""Words that begin with a vowel's letter and a consonant's sound: ``unit``, ``user``, ``uint32``."""
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")
_SPELLED = "aefhilmnorsx"
"""Letters whose own names begin with a vowel's sound: ``an S``."""
_CAPITALS = regex(r"[A-Z][A-Z0-9]*(?![a-z])")
"""Capital letters, without the one that begins a word in small ones, as in ``HTTPRoute``."""
_NO_WORD = regex(r"[a-z](?![a-z])|[bcdfghjklmnpqrstvwxz]+(?![a-z])")
"""What is spoken letter by letter in small ones: a letter alone, as in ``mTLS``, and what has no vowel."""
_SHORTEST_WORD = 4
"""Capital letters that may be a word; fewer are hardly ever one."""
_SHORT_WORDS = ("NAT", "LAN", "RAM", "LOG", "MAC", "SIM", "NOT")
_N_FIRST = "ng"
"""How words begin of which the first letter is said by its name: ``nginx``."""
_EIGHTS = regex(r"(?:8\d*|11|18)(?!\d)|(?:11|18)(?:\d{3})+(?!\d)")
"""Numbers that begin with the sound of ``eight``, ``eleven`` or ``eighteen``."""
_FIRST = regex(r"[^A-Za-z0-9]*")


def article(words: str) -> str:
    """``a`` or ``an``, for what follows."""
    start = _FIRST.match(words)
    spoken = words[start.end() :] if start else words
    if spoken[:1].isdigit():
        return "an" if _EIGHTS.match(spoken) else "a"
    lower = spoken.lower()
    if _is_spelled(spoken):
        return "an" if lower[0] in _SPELLED else "a"
    if lower.startswith(_SILENT_H):
        return "an"
    return "an" if lower.startswith(tuple("aeiou")) and not _AS_YOU.match(lower) else "a"


def _is_spelled(spoken: str) -> bool:
    """Whether a name begins to be spoken letter by letter."""
    found = _CAPITALS.match(spoken)
    if found is None:
        return _NO_WORD.match(spoken) is not None or spoken.startswith(_N_FIRST)
    capitals = found[0].lower()
    if len(capitals) < _SHORTEST_WORD:
        return found[0] not in _SHORT_WORDS
    has_vowel = not set(capitals[:2]).isdisjoint("aeiou")
    return not (has_vowel or (len(capitals) > _SHORTEST_WORD and capitals[2] in "aeiou"))


def with_article(words: str) -> str:
    """Such as ``a Service``, ``an Ingress``, ``an HTTPRoute`` or ``a unit``."""
    return f"{article(words)} {words}"
