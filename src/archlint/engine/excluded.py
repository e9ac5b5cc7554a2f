"""Contracts that nothing was held against because `exclude` leaves them out: which, and by what pattern."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from archlint.engine.request import Request
from archlint.files import DEFAULT_EXCLUDE, Exclusion, FileProblem, Kind, TextProblem, WorkingTree, decode
from archlint.files.kinds import is_json, text_kind

_ENDS = (".yaml", ".yml", ".json")
_MOST_FILES = 2_000
"""Files that are looked at to say which contracts are left out."""


def without_contract(request: Request) -> str:
    """Why there is no contract, and what to type instead."""
    contracts = list(_excluded_contracts(request))
    if not contracts:
        return "there is no OpenAPI contract. Name it: --contract api/openapi.yaml"
    path = contracts[0]
    pattern, is_default = _pattern_of(path, request.settings.exclude)
    whose = "a default pattern" if is_default else "from the configuration or --exclude"
    others = f" (and {len(contracts) - 1} more)" if len(contracts) > 1 else ""
    return (
        f"the contract '{path}'{others} is excluded by '{pattern}' ({whose}), and there is no other."
        f" What is named is read: --contract {path}"
    )


def _excluded_contracts(request: Request) -> Iterator[str]:
    every = islice(_excluded_files(request), _MOST_FILES)
    paths = tuple(path for path in every if path.lower().endswith(_ENDS))
    tree = WorkingTree(Path(request.root), paths)
    for path in paths:
        try:
            kind = text_kind(decode(tree.read(path)), is_json(path))
        except (FileProblem, TextProblem):
            continue
        if kind is Kind.OPENAPI:
            yield path


def _excluded_files(request: Request) -> Iterator[str]:
    root = Path(request.root)
    for item in request.unread:
        if item.reason != "excluded":
            continue
        if not (root / item.path).is_dir():
            yield item.path
        for folder, folders, names in os.walk(root / item.path):
            folders.sort()
            yield from (Path(folder, name).relative_to(root).as_posix() for name in sorted(names))


def _pattern_of(path: str, given: tuple[str, ...]) -> tuple[str, bool]:
    """The pattern that leaves a file out, and whether it is one of the default."""
    for pattern in reversed((*DEFAULT_EXCLUDE, *given)):
        if Exclusion((pattern,)).excludes_file(path, ""):
            return pattern, pattern not in given
    return "exclude", False
