"""The data in a file, read and written again in its notation: YAML, JSON, TOML, or a page's front matter."""

from __future__ import annotations

import json
import tomllib
from random import Random
from typing import Any

import yaml

DATA = (".yaml", ".yml", ".json", ".toml", ".md")
"""Endings of files that may hold data."""
NO_DATA = (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError, IndexError)
"""What reading and writing raise if a text is no data, or data cannot be written."""
_MOST = 20_000
_FENCE = "---\n"


def read(text: str, path: str) -> list[Any]:
    """The documents of a file."""
    if path.endswith(".toml"):
        return [tomllib.loads(text)]
    if path.endswith(".md"):
        text = _front_matter(text)
    return bounded(list(yaml.load_all(text, Loader=yaml.CSafeLoader)))


def write(documents: list[Any], text: str, path: str, random: Random) -> str:
    """The text of a file with other documents in it."""
    if path.endswith(".toml"):
        return "".join(f"{_toml(key)} = {_toml(value)}\n" for key, value in documents[0].items())
    if path.endswith(".json") or (len(documents) == 1 and random.random() < 0.2):
        written = json.dumps(documents[0], indent=random.choice((None, 2)), default=str, skipkeys=True)
    else:
        written = yaml.dump_all(
            documents,
            Dumper=yaml.CSafeDumper,
            sort_keys=False,
            allow_unicode=random.random() < 0.5,
            default_flow_style=random.random() < 0.2,
        )
    if path.endswith(".md"):
        return text.replace(_front_matter(text), f"{written.rstrip()}\n", 1)
    return written


def bounded(documents: list[Any]) -> list[Any]:
    """The documents, if they have not too many values; what stands in several places counts in each."""
    if _size(documents, {}) > _MOST:
        raise ValueError("too many values")
    return documents


def _size(node: Any, known: dict[int, int]) -> int:
    if not isinstance(node, dict | list):
        return 1
    if id(node) not in known:
        known[id(node)] = _MOST + 1  # what holds itself has no end
        items = node.values() if isinstance(node, dict) else node
        known[id(node)] = 1 + sum(_size(item, known) for item in items)
    return known[id(node)]


def _front_matter(text: str) -> str:
    if not text.startswith(_FENCE):
        raise ValueError("no front matter")
    return text[len(_FENCE) :].partition(_FENCE)[0]


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else json.dumps(str(value))
