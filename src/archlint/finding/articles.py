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
_ALONE = regex(r"[a-z](?![a-z])")
"""A small letter that is spoken by its name, as in ``mTLS``."""
_WORD = regex(r"[^fhlmnrsx]|(?:f[lr]?|h|ll?|mn?|n|rh?|s(?:c[hr]?|hr?|k|l|m|n|p[hlr]?|q|tr?|v|w)?|x)[aeiouy]")
"""How words begin: with consonants that can be spoken together and a vowel, unlike ``HTTP``, ``RBAC`` and
``nginx``. Letters whose names are said with ``a`` are taken for words, which makes no difference."""
_SHORTEST_WORD = 4
"""Capital letters that may be a word; fewer are hardly ever one."""
_SHORT_WORDS = ("NAT", "LAN", "RAM", "LOG", "MAC", "SIM", "NOT")
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
    if found and len(found[0]) < _SHORTEST_WORD:
        return found[0] not in _SHORT_WORDS
    is_alone = _ALONE.match(spoken) is not None
    return is_alone or (spoken != "" and _WORD.match(spoken.lower()) is None)


def with_article(words: str) -> str:
    """Such as ``a Service``, ``an Ingress``, ``an HTTPRoute`` or ``a unit``."""
    return f"{article(words)} {words}"
