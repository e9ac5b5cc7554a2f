"""Runs ``check`` over a folder as the command line does, without a process, with paths that choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from archlint.config import Settings
from archlint.engine.checking import check
from archlint.engine.choosing import chosen
from archlint.engine.request import Request, Side
from archlint.files import WorkingTree, WorldReach, discover
from archlint.finding import Finding, Result, Rule
from archlint.registry import Registry
from tests.support.rules import own_rules

TODAY = date(2026, 1, 1)


@cache
def registry() -> Registry:
    """All rules."""
    return Registry(own_rules())


def lay_out(files: Mapping[str, str], folder: Path) -> Path:
    """Write files below a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def run(
    folder: Path,
    *paths: str,
    base: Path | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    reach: WorldReach = WorldReach.ROOT,
    rules: Sequence[Rule] | None = None,
    **more: Any,
) -> Result:
    """Rules (all) over a folder that is a repository of its own; ``paths`` choose what is reported."""
    files = discover(paths or ["."], root=folder, cwd=folder, reach=reach)
    old = None
    if base is not None:
        listed = discover(["."], root=base, cwd=base)
        old = Side(WorkingTree(base, listed.paths, revision="base"), listed.paths)
    request = Request(
        revision=Side(files.tree(), files.paths, files.named),
        root=str(folder),
        registry=registry(),
        rules=tuple(rule for rule in rules or registry().rules if rule.area != "KSCORE"),
        settings=replace(Settings(), options=dict(options or {})),
        today=TODAY,
        covers=files.covers,
        lies_below=files.scope.lies_below,
        whole=files.scope.is_whole,
        sees_all=files.scope.is_whole or reach is WorldReach.ROOT,
        unread=files.unread,
        base=old,
        **more,
    )
    return check(request)


def places_to_name(paths: Sequence[str]) -> list[str]:
    """All files, and all folders that hold some of them and not all."""
    folders = {
        "/".join(parts[:depth])
        for path in paths
        if (parts := path.split("/"))
        for depth in range(1, len(parts))
    }
    return [*sorted(folders), *paths]


def belonging(result: Result, path: str) -> tuple[Finding, ...]:
    """The findings of a whole run that belong to a path."""
    return chosen(result.findings, lambda other: other == path or other.startswith(f"{path}/"))


def shown(findings: Sequence[Finding]) -> list[tuple[Any, ...]]:
    """What a reader sees of findings; of those about reading, not how grave they are."""
    return [
        (
            *(item.code, item.location, item.message, item.related, item.operations, item.fingerprint),
            None if item.code == "LINT001" else item.severity,
        )
        for item in findings
    ]
