"""Whether names stand in files of any kind: in source, scripts, templates, and what other tools read.

Much that has a name is made by something that is not understood here, such as Terraform; its name is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.finding.regex import regex
from archlint.model.world import World

NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
"""A name as a word of a text."""
_LONGEST = 1_000_000


def unmentioned(names: Iterable[str], paths: Iterable[str], world: World) -> frozenset[str]:
    """Of some names those that are no word of some files."""
    left = set(names)
    for path in sorted(paths):
        if not left:
            break
        left.difference_update(NAME.findall((world.text(path) or "")[:_LONGEST]))
    return frozenset(left)
