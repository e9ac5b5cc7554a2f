"""Runs all rules over files laid out on disk and settles what they find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from archlint.config import Settings
from archlint.engine.reading import read_world
from archlint.engine.request import Request, Side
from archlint.engine.running import Runner
from archlint.engine.settling import Settled, settle
from archlint.files import WorkingTree
from archlint.finding import Finding
from archlint.judging.baseline import Baseline
from archlint.registry import Registry
from tests.support.rules import own_rules

TODAY = date(2026, 6, 15)


@cache
def registry() -> Registry:
    return Registry(own_rules())


def settled(
    folder: Path,
    files: Mapping[str, str | bytes],
    settings: Settings | None = None,
    *,
    only: tuple[str, ...] = ("KUBE101",),
    baseline: Baseline | None = None,
    keep: Callable[[Baseline], None] | None = None,
    whole: bool = True,
    covers=lambda path: True,
    lies_below=lambda path: True,
) -> Settled:
    """What becomes of the findings of some rules, and of those of the area LINT."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
    rules = [rule for rule in registry().rules if rule.code in only or rule.area == "LINT"]
    world = read_world(WorkingTree(folder), sorted(files))
    runner = Runner(rules, {})
    findings = [*runner.over_files(world), *runner.over_joins(world)]
    request = Request(
        revision=Side(world.tree, tuple(sorted(files))),
        root=str(folder),
        registry=registry(),
        rules=tuple(rules),
        settings=settings or Settings(),
        today=TODAY,
        covers=covers,
        lies_below=lies_below,
        whole=whole,
        baseline=baseline or Baseline(),
        keep=keep,
    )
    result = settle(findings, world, runner, request)
    assert not runner.failures
    return result


def codes(findings: tuple[Finding, ...]) -> list[tuple[str, str, int]]:
    """Code, path and line of each finding."""
    ordered = sorted(findings, key=Finding.sort_key)
    return [(item.code, item.location.path, item.location.span.line) for item in ordered]


def deployment(name: str = "cart", metadata: str = "", container: str = "") -> str:
    """A Deployment whose one container has no memory limit: KUBE101 at line 9 plus what ``metadata`` adds."""
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n"
        f"  name: {name}\n{metadata}"
        "spec:\n  template:\n    spec:\n      containers:\n"
        f"{container}        - name: {name}\n          image: shop/{name}:1.2.0\n"
    )
