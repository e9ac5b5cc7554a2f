"""What messages may not have in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PYTHON = re.compile(r"[{[]'[^' ][^']*'[]:,}]|[,{[] ?(None|True|False)\b|'(None|True|False)'")


def speaking_python(messages: Iterable[str]) -> list[str]:
    """Messages that show a value as Python writes it: a map, a list, or a word such as ``None``."""
    return [message for message in messages if _PYTHON.search(message)]
