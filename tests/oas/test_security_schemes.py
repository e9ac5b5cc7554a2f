"""Schemes are what they do: extensions and other names are no change, and URLs with variables are bounded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oas.worlds import news_of, world_of
from tests.support.limits import within

URL = "https://shop.example/token"
FLOW = {"tokenUrl": URL, "scopes": {"read": "r"}}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}


def contract_with(name: str, scheme: dict[str, Any], **more: Any) -> dict[str, Any]:
    operation = {"security": [{name: []}], "responses": {"204": {"description": "d"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": operation}},
        "components": {"securitySchemes": {name: scheme}},
        **more,
    }


def told(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    found = news_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))
    return {each.rule for each in found if each.rule != "contract-version-kept"}


@pytest.mark.parametrize("more", [{}, {"x-note": "b"}, {"description": "other"}])
def test_a_scheme_under_another_name_is_the_same(more: dict[str, Any]) -> None:
    old, new = contract_with("one", {**KEY, "x-note": "a"}), contract_with("two", {**KEY, **more})
    assert "security-tightened" not in told(old, new)
    assert "security-tightened" in told(old, contract_with("two", {**KEY, "name": "X-Other", **more}))


def test_extensions_of_flows_are_no_flows() -> None:
    def scheme(**flows: Any) -> dict[str, Any]:
        return contract_with("one", {"type": "oauth2", "flows": {"clientCredentials": FLOW, **flows}})

    assert told(scheme(), scheme(**{"x-own": FLOW})) == set()
    assert told(scheme(**{"x-own": FLOW}), scheme()) == set()
    assert told(scheme(password=FLOW), scheme())


def test_extensions_beside_schemes_are_no_schemes() -> None:
    old, new = contract_with("one", KEY), contract_with("one", KEY)
    new["components"]["securitySchemes"]["x-own"] = {"type": "http", "scheme": "basic"}
    assert told(old, new) == told(new, old) == set()
    new["components"]["securitySchemes"]["own"] = {"type": "http", "scheme": "basic"}
    assert told(old, new)


def test_many_variables_of_a_server_take_no_time() -> None:
    variables = {f"v{at}": {"default": "a", "enum": ["a", "b", "c"]} for at in range(40)}
    url = "https://" + ".".join(f"{{{name}}}" for name in variables)
    sides = [
        contract_with("one", KEY, servers=[{"url": url + end, "variables": variables}])
        for end in ("/a", "/b")
    ]
    within(5, lambda: told(*sides))
