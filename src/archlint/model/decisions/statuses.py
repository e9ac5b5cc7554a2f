"""The words by which records say in which state a decision is.

Sources: Nygard, "Documenting Architecture Decisions"; MADR 4.0; adr-tools; Log4brains.
"""

from __future__ import annotations

from archlint.finding.regex import regex

_WORD = regex(r"[a-z]++")
_IN_FORCE = frozenset(
    {"accepted", "approved", "adopted", "decided", "active", "implemented", "done", "final", "agreed"}
)
_OTHERS = frozenset(
    {
        *("proposed", "proposal", "draft", "pending", "open", "review", "rfc", "trial", "wip", "considered"),
        *("rejected", "declined", "withdrawn", "cancelled", "canceled", "abandoned", "closed", "dropped"),
        *("superseded", "supersedes", "supercedes", "superceded", "replaced", "obsolete", "obsoleted"),
        *("deprecated", "retired", "archived", "outdated", "invalidated", "amended", "amends", "updated"),
        *("postponed", "deferred", "provisional", "partially", "completed", "complete", "proceed"),
        *("experimental", "ratified", "confirmed", "released", "living", "informational", "in", "under"),
        *("on", "not", "to", "for", "work", "ready", "paused", "parked", "delayed", "reopened", "merged"),
    }
)
"""First words of all other states; a few begin a phrase, such as "in review", "on hold"."""


def first_word(text: str) -> str:
    """The first word of a status in lower case; empty if it has none."""
    found = _WORD.search(text.lower())
    return found[0] if found else ""


def is_known(text: str) -> bool:
    """Whether a status begins with a word that teams use for one."""
    word = first_word(text)
    return not word or word in _IN_FORCE or word in _OTHERS


def is_in_force(text: str) -> bool:
    """Whether a status says that what was decided holds."""
    return first_word(text) in _IN_FORCE
