"""Manifests of others that lie in a repository and are left out, in ``vendor`` or ``third_party``: what they
define is applied as well, and is not missing.
"""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.world import World

_FOLDERS = frozenset({"vendor", "third_party"})
_SUFFIXES = (".yaml", ".yml", ".json")
_NAMED = regex(r"""\bname["']?[ \t]*:[ \t]*["']?([a-z0-9](?:[-a-z0-9.]*+(?<=[a-z0-9]))?)(?=["',}\s]|\Z)""")


def vendored_names(world: World) -> frozenset[str]:
    """Everything that stands in them as a name; ask with ``world.fact(vendored_names)``."""
    names: set[str] = set()
    for path in world.excluded:
        if path.endswith(_SUFFIXES) and _FOLDERS & set(path.split("/")):
            names.update(_NAMED.findall(world.text(path) or ""))
    return frozenset(names)
