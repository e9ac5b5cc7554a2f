"""Names of owners in several spellings: ``team-cart``, ``@shop/cart`` and ``group:default/cart`` are one."""

from __future__ import annotations

from archlint.finding.regex import regex

_SEPARATORS = regex(r"[^a-z0-9]++")
_KINDS_OF_TEAM = frozenset({"team", "teams", "squad", "group", "crew", "tribe", "guild", "owners"})


def team(name: str) -> str:
    """What tells an owner from others: without the organisation, the kind, case, separators, and words that
    only say that it is a team."""
    last = name.strip().lower().rpartition(":")[2].rpartition("/")[2]
    parts = [part for part in _SEPARATORS.split(last) if part]
    telling = [part for part in parts if part not in _KINDS_OF_TEAM]
    return "".join(telling or parts)


def is_person(name: str) -> bool:
    """Whether a name is certainly not that of a team: a user, or an address of mail."""
    text = name.strip().lower()
    return text.startswith("user:") or "@" in text[1:] or (text.startswith("@") and "/" not in text)
