"""Which files a ruleset is made of, without saying what is wrong with them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any

from archlint.config.rulesets.names import ignore_file_of, is_redocly
from archlint.documents import load_text
from archlint.files import FileProblem, Kind, TextProblem, decode

_MOST = 50


def files_of_ruleset(path: str, read: Callable[[str], bytes]) -> list[str]:
    """The file of a ruleset, those that it extends below the same root, and what lists what is ignored; none
    that cannot be read."""
    found: list[str] = []
    waiting = [ignore_file_of(path), path] if is_redocly(path) else [path]
    while waiting and len(found) < _MOST:
        here = waiting.pop()
        if here in found or here.startswith(("../", "/")):
            continue
        try:
            text = decode(read(here))
        except (FileProblem, TextProblem):
            continue
        found.append(here)
        for document in load_text(here, text, Kind.OPENAPI).documents[:1]:
            folder = posixpath.dirname(here)
            waiting += [posixpath.normpath(posixpath.join(folder, name)) for name in _extended(document.data)]
    return found


def _extended(data: Any) -> Iterator[str]:
    """The names of what a ruleset extends, and its overrides or what it says of single APIs."""
    if not isinstance(data, dict):
        return
    overrides = data.get("overrides")
    apis = data.get("apis")
    parts = (
        *(overrides if isinstance(overrides, list) else ()),
        *(apis.values() if isinstance(apis, dict) else ()),
    )
    for each in (data, *parts):
        extends = each.get("extends") if isinstance(each, dict) else None
        for item in extends if isinstance(extends, list) else [extends]:
            name = item[0] if isinstance(item, list) and item else item
            if isinstance(name, str) and "://" not in name:
                yield name
