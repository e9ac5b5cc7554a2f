"""Whether a word is said with ``a`` or ``an``, by how it begins to be spoken.

Names of programs are spoken in three ways: as words (``user``, ``hour``), letter by letter (``HTTPRoute``,
``IAMPolicy``) and as numbers (``8 GiB``, ``11 pods``).
"""

from __future__ import annotations

from archlint.finding.regex import regex

_AS_YOU = regex(
    r"(?:uni(?!n|m)|us(?!h)|ut[aei]|ubi|ufo|uk|ur[aei]|uuid|uint|uid|uri|url|usb|udp|ui\b|eu|ewe|one(?:\b|of|self)|once)"
)
"""Words that begin with a vowel's letter and a consonant's sound: ``unit``, ``user``, ``uint32``."""
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")
_SPELLED = "AEFHILMNORSX"
"""Letters whose own names begin with a vowel's sound: ``an S``."""
_LETTERS = regex(r"[A-Z](?:[A-Z0-9]|\b)")
"""What is spoken letter by letter: a letter alone, or two capital ones before anything else."""
_SPOKEN_CAPITALS = ("REST", "NAT", "NULL", "LAN", "SAML", "SOAP", "RAM", "HELM", "LOG", "MAC", "SIM", "NOT")
"""Words in capital letters that are spoken as words."""
_EIGHTS = regex(r"(?:8\d*|11|18)(?!\d)|(?:11|18)(?:\d{3})+(?!\d)")
"""Numbers that begin with the sound of ``eight``, ``eleven`` or ``eighteen``."""
_FIRST = regex(r"[^A-Za-z0-9]*")


def article(words: str) -> str:
    """``a`` or ``an``, for what follows."""
    start = _FIRST.match(words)
    spoken = words[start.end() :] if start else words
    if spoken[:1].isdigit():
        return "an" if _EIGHTS.match(spoken) else "a"
    if _LETTERS.match(spoken) and not spoken.startswith(_SPOKEN_CAPITALS):
        return "an" if spoken[0] in _SPELLED else "a"
    lower = spoken.lower()
    if lower.startswith(_SILENT_H):
        return "an"
    return "an" if lower.startswith(tuple("aeiou")) and not _AS_YOU.match(lower) else "a"


def with_article(words: str) -> str:
    """Such as ``a Service``, ``an Ingress``, ``an HTTPRoute`` or ``a unit``."""
    return f"{article(words)} {words}"
