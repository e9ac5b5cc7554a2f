"""How the text of a Pact file is told from others without reading it."""

from __future__ import annotations

_PARTIES = ('"consumer"', '"provider"')
_CONTENTS = ('"interactions"', '"messages"')


def may_be_pact(text: str) -> bool:
    """Whether a text has the words that a Pact file has."""
    return all(word in text for word in _PARTIES) and any(word in text for word in _CONTENTS)
