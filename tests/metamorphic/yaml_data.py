"""The data of YAML and JSON files as archlint reads it."""

from __future__ import annotations

import copy
from typing import Any

from archlint.documents import load_text
from archlint.files import text_kind


def documents_of(path: str, text: str) -> list[Any]:
    """The data of each document of a file; without what cannot be read."""
    loaded = load_text(path, text, text_kind(text, path.endswith(".json")))
    return [copy.deepcopy(document.data) for document in loaded.documents]
