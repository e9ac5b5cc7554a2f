"""Operations between the contracts of a folder: still offered where the server is the same one."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import news_of, world_of

REAL = "https://api.shop.dev"
LOCAL = "http://localhost:8080"


def contract_of(title: str, paths: dict[str, list[str]], server: str | None, schema: str = "string") -> Any:
    content = {"application/json": {"schema": {"type": schema}}}
    made: dict[str, Any] = {"openapi": "3.0.3", "info": {"title": title, "version": "1"}}
    if server is not None:
        made["servers"] = [{"url": server}]
    answer = {"responses": {"200": {"description": "d", "content": content}}}
    made["paths"] = {path: dict.fromkeys(methods, answer) for path, methods in paths.items()}
    return made


def findings(old: dict[str, Any], new: dict[str, Any]) -> list[Finding]:
    found = news_of(world_of(old, "base"), world_of(new))
    return [each for each in found if each.rule != "contract-version-kept"]


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [each.rule for each in findings(old, new) if each.severity is Severity.ERROR]


KEEP = {"/keep": ["get"]}
MOVES = {"a path": {"/m/{id}": ["get", "put"]}, "a method": {"/keep": ["get", "put"]}}


@pytest.mark.parametrize("what", MOVES)
@pytest.mark.parametrize(
    ("server", "names", "titles", "moved"),
    [
        (REAL, ("a/a.json", "b/b.json"), ("A", "B"), True),
        (REAL + "/", ("a.json", "b.json"), ("A", "A"), True),
        (None, ("a.json", "b.json"), ("A", "B"), True),
        (None, ("a/a.json", "b/b.json"), ("A", "A"), True),
        (None, ("a/a.json", "b/b.json"), ("A", "B"), False),
        (LOCAL, ("a/a.json", "b/b.json"), ("A", "B"), False),
        ("https://api.example.com", ("a/a.json", "b/b.json"), ("A", "B"), False),
        ("/v1", ("a.json", "b.json"), ("A", "B"), True),
    ],
)
def test_what_another_contract_of_the_server_offers_is_not_removed(
    what: str, server: str | None, names: tuple[str, str], titles: tuple[str, str], moved: bool
) -> None:
    full, other = {**KEEP, **MOVES[what]}, {"/other": ["get"]}
    gone = {
        path: [each for each in methods if each not in KEEP.get(path, ())] for path, methods in full.items()
    }
    old = {names[0]: contract_of(titles[0], full, server), names[1]: contract_of(titles[1], other, server)}
    new = {
        names[0]: contract_of(titles[0], KEEP, server),
        names[1]: contract_of(
            titles[1], {**other, **{path: each for path, each in gone.items() if each}}, server
        ),
    }
    assert bool(breaks(old, new)) is not moved
    if moved:
        rules = {each.rule for each in findings(old, new)}
        assert rules == {"operation-moved"}
        assert {each.rule for each in findings(new, old)} == {"operation-moved"}


def test_what_moved_and_changed_is_told_as_changed() -> None:
    old = {
        "a.json": contract_of("A", {"/a": ["get"], "/m": ["get"]}, REAL),
        "b.json": contract_of("B", KEEP, REAL),
    }
    changed = contract_of("B", {**KEEP, "/m": ["get"]}, REAL, "integer")
    changed["paths"]["/keep"] = old["b.json"]["paths"]["/keep"]
    new = {"a.json": contract_of("A", {"/a": ["get"]}, REAL), "b.json": changed}
    assert breaks(old, new) == ["schema-type-changed"]


@pytest.mark.parametrize("server", [REAL, None])
def test_a_contract_that_was_split_or_merged_is_not_removed(server: str | None) -> None:
    whole = {"a.json": contract_of("A", {"/a": ["get"], "/b": ["get"], "/c": ["get", "put"]}, server)}
    parts = {
        f"{name}.json": contract_of(name, {f"/{name}": ["get", "put"] if name == "c" else ["get"]}, server)
        for name in "abc"
    }
    assert breaks(whole, parts) == []
    assert breaks(parts, whole) == []
    less = {name: part for name, part in parts.items() if name != "c.json"}
    assert set(breaks(whole, less)) == {"path-removed"}
    assert breaks(parts, less) == ["contract-removed"]


def test_what_the_other_contract_offered_already_is_still_offered_by_a_real_server_alone() -> None:
    for server, expected in ((REAL, []), (None, ["path-removed"])):
        both = {"/health": ["get"], **KEEP}
        old = {
            "a.json": contract_of("A", both, server),
            "b.json": contract_of("B", {"/health": ["get"]}, server),
        }
        assert breaks(old, {**old, "a.json": contract_of("A", KEEP, server)}) == expected


def test_a_contract_that_only_the_revision_has_is_told() -> None:
    old = {"a.json": contract_of("A", KEEP, REAL)}
    found = findings(old, {**old, "b.json": contract_of("B", {"/b": ["get", "put"]}, REAL)})
    assert [(each.rule, len(each.operations)) for each in found] == [("contract-added", 2)]
    assert "'B' with 2 operations is new" in found[0].message
