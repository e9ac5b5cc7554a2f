"""The image that a Dockerfile's last stage is made from.

Source: https://docs.docker.com/reference/dockerfile/#from
"""

from __future__ import annotations

import re

from archlint.finding.regex import regex
from archlint.model.world import World

_LONGEST = 262_144
"""Characters of a Dockerfile that are read."""
_STAGE = regex(
    r"^[ \t]*+(?:FROM[ \t]++(?:--\S++[ \t]++)*+(\S++)(?:[ \t]++AS[ \t]++(\S++))?+"
    r"|ARG[ \t]++(\w++)=[\"']?([^\s\"']*+))",
    re.IGNORECASE | re.MULTILINE,
)
_ARGUMENT = regex(r"\$(?:\{(\w++)(?::-([^}]*+))?\}|(\w++))")


def base_image(world: World, path: str | None) -> str | None:
    """The image that the last stage begins with, through stages before it; ``None`` if nobody can tell."""
    text = world.text(path) if path is not None and path in world.kinds else None
    stages: dict[str, str] = {}
    arguments: dict[str, str] = {}
    last = None
    for image, name, argument, value in _STAGE.findall((text or "")[:_LONGEST]):
        if argument:
            arguments[argument] = value
            continue
        last = _ARGUMENT.sub(lambda m: arguments.get(m[1] or m[3]) or m[2] or m[0], image)
        last = stages.get(last.lower(), last)
        if name:
            stages[name.lower()] = last
    return last
