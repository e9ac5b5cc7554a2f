"""Small repositories in memory for the tests of the Kubernetes rules."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archlint.engine.building import merged
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.finding import Finding, Rule
from archlint.model.kubernetes.building.builds import builds
from archlint.model.world import World
from tests.support.rules import own_rules
from tests.support.runners import found_in


@cache
def kube_rules() -> tuple[Rule, ...]:
    """The rules about Kubernetes manifests, and the one about scalars in them."""
    return tuple(rule for rule in own_rules() if rule.area == "KUBE" or rule.code == "LINT006")


def world_of(folder: Path, files: dict[str, str]) -> World:
    """The world of some files, laid out in a folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return read_world(WorkingTree(folder), sorted(files))


def findings_of(world: World) -> list[Finding]:
    """What all Kubernetes rules find; fails if one of them raises."""
    return list(merged(found_in(world, kube_rules()), world.fact(builds)))


def rules_found(folder: Path, files: dict[str, str]) -> list[str]:
    """The names of the rules that find something, each as often as it does, sorted."""
    return sorted(finding.rule for finding in findings_of(world_of(folder, files)))
