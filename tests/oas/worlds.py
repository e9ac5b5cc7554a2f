"""Small contracts in memory for the tests of the OpenAPI rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from archlint.comparison import compare_worlds
from archlint.comparison.openapi.changes import ContractChange
from archlint.engine.reading import read_world
from archlint.files.tree import FileProblem
from archlint.finding import Finding, Rule
from archlint.model.world import World
from tests.laws.witnesses import untrue
from tests.support.rules import own_rules
from tests.support.runners import found_by, found_in


@dataclass(frozen=True)
class MemoryTree:
    """Files that exist only here."""

    files: dict[str, str]
    revision: str | None = None

    def paths(self) -> Sequence[str]:
        return sorted(self.files)

    absent: frozenset[str] = frozenset()

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileProblem(path, "The file does not exist.")
        return self.files[path].encode("utf-8", "surrogatepass")


@cache
def oas_rules() -> tuple[Rule, ...]:
    """The rules about OpenAPI documents and their changes."""
    return tuple(rule for rule in own_rules() if rule.area == "OAS")


@cache
def _breaking_rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in oas_rules() if "changelog" not in rule.tags)


def world_of(files: dict[str, Any] | str, revision: str | None = None) -> World:
    """The world of some files, given as text or as data; a text alone is ``openapi.yaml``."""
    if isinstance(files, str):
        files = {"openapi.yaml": files}
    texts = {path: text if isinstance(text, str) else json.dumps(text) for path, text in files.items()}
    return read_world(MemoryTree(texts, revision), sorted(texts))


def findings_of(world: World) -> list[Finding]:
    """What all rules about documents find; fails if one of them raises."""
    return found_in(world, oas_rules())


def changes_of(base: World, revision: World) -> list[ContractChange]:
    """All typed changes, of all classes."""
    return [change for group in compare_worlds(base, revision).values() for change in group]


def breaks_of(base: World, revision: World) -> list[Finding]:
    """What all rules about changes find, but for those about compatible ones; fails if one of them raises."""
    return _judged(base, revision, _breaking_rules())


def news_of(base: World, revision: World) -> list[Finding]:
    """What all rules about changes find, as ``archlint breaking`` does; fails if one of them raises."""
    return _judged(base, revision, oas_rules())


def said_of(base: World, revision: World) -> list[Finding]:
    """What ``news_of`` finds, whether its witnesses are true or not."""
    return _said(base, revision, oas_rules())


def _judged(base: World, revision: World, rules: tuple[Rule, ...]) -> list[Finding]:
    found = _said(base, revision, rules)
    assert not (false := untrue(base, revision, found)), false
    return found


def _said(base: World, revision: World, rules: tuple[Rule, ...]) -> list[Finding]:
    changes = compare_worlds(base, revision)
    return found_by(rules, lambda runner: runner.over_changes(changes))


def schema_breaks(base: dict[str, Any], revision: dict[str, Any], version: str = "3.0.3") -> set[str]:
    """Direction and rule of what breaks when the schema of a body that is both sent and got changes."""
    found = breaks_of(
        world_of({"openapi.json": contract(base, version)}, "base"),
        world_of({"openapi.json": contract(revision, version)}),
    )
    return {
        f"{'POST' if finding.operations[0].method == 'POST' else 'GET'} {finding.rule}" for finding in found
    }


def contract(schema: Any, version: str = "3.0.3") -> dict[str, Any]:
    """A contract with one operation that takes a schema, and one that answers with it."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Cart"}}}
    return {
        "openapi": version,
        "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/v1/carts": {
                "post": {"requestBody": {"content": content}, "responses": {"204": {"description": "ok"}}},
                "get": {"responses": {"200": {"description": "ok", "content": content}}},
            }
        },
        "components": {"schemas": {"Cart": schema}},
    }
