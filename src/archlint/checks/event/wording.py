"""How messages about events show values."""

from __future__ import annotations

import json

from archlint.finding.words import shortened


def shown(value: object, most: int) -> str:
    """A value in JSON, cut if it has more than so many characters."""
    return shortened(json.dumps(value, ensure_ascii=False, default=repr), most)
