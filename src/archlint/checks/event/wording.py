"""How messages about events show values."""

from __future__ import annotations

import json


def shown(value: object, most: int) -> str:
    """A value in JSON, cut if it has more than so many characters."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= most else f"{text[: most - 3]}..."
