"""Manifests of others that lie in a repository and are left out, in ``vendor`` or ``third_party``: what they
define is applied as well, and is not missing.
"""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.world import World

_FOLDERS = frozenset({"vendor", "third_party"})
_SUFFIXES = (".yaml", ".yml", ".json")
_WORD = regex(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?")
_LONGEST_TEXT = 1_000_000
_MOST_FILES = 2_000


def vendored_words(world: World) -> frozenset[str]:
    """Every word in them that could be an object's name; ask with ``world.fact(vendored_words)``."""
    words: set[str] = set()
    ours = [path for path in world.excluded if path.endswith(_SUFFIXES) and _FOLDERS & set(path.split("/"))]
    for path in ours[:_MOST_FILES]:
        words.update(_WORD.findall((world.text(path) or "")[:_LONGEST_TEXT]))
    return frozenset(words)
