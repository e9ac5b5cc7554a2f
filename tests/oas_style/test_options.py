"""Patterns that a team sets as options: read as they mean, and never able to hang a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.checks.matching import finder, fitter
from tests.oas_style.running import judge
from tests.support.limits import within

HOSTILE = ["(a+)+$", "(a|a)*$", "(.*)*=", r"(\w+\s?)*$", "(a|aa)+$"]


def test_patterns_are_searched_or_have_to_fit_the_whole_text() -> None:
    assert finder(["token", "client_?secret"], ignore_case=True)("my_CLIENTSECRET")
    assert not finder(["token"])("TOKEN")
    assert not finder([])("token")
    assert fitter("a|ab")("ab")
    assert not fitter("a|b")("ab")
    assert not fitter("a")("a\n")


def test_what_the_engine_does_not_read_is_found_nowhere() -> None:
    assert not finder([r"(a)\1", "(?=a)", "["])("aa")


def contract() -> dict[str, Any]:
    name = "a" * 5000 + "!"
    parameter = {"name": name, "in": "query", "schema": {"type": "integer"}}
    flow = {"tokenUrl": "https://e.example", "scopes": {name: "x"}}
    scheme = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    return {
        "openapi": "3.0.3",
        "paths": {"/a": {"get": {"parameters": [parameter], "responses": {}}}},
        "components": {"securitySchemes": {"s": scheme}},
    }


@pytest.mark.parametrize("pattern", HOSTILE)
@pytest.mark.parametrize(
    ("rule", "options"),
    [
        ("credentials-in-url", lambda pattern: {"words": [pattern], "allow": pattern}),
        ("scope-name-irregular", lambda pattern: {"pattern": pattern}),
        ("id-guessable", lambda pattern: {"names": pattern}),
        ("url-parameter-risky", lambda pattern: {"names": pattern}),
    ],
)
def test_no_option_hangs_a_run(rule: str, options: Any, pattern: str, tmp_path: Path) -> None:
    defaults = {"allow": []} if rule == "scope-name-irregular" else {}
    given = {**defaults, **options(pattern)}
    within(2, lambda: judge(tmp_path, {"openapi.json": contract()}, rule, **given))


@pytest.mark.parametrize(
    "text",
    [
        "{" + "a" * 60_000,
        "/" + "." * 60_000 + "\n",
        " " * 60_000 + "!",
        "/" + "a-" * 30_000 + "!",
        "{" * 60_000,
    ],
)
def test_no_text_of_a_document_hangs_a_run(text: str, tmp_path: Path) -> None:
    schema = {"type": "string", "format": "byte", "example": text}
    parameter = {"name": text, "in": "query", "description": text, "schema": schema}
    operation = {"operationId": text, "tags": [text], "parameters": [parameter], "responses": {text: {}}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": text, "version": text, "description": text},
        "servers": [{"url": text, "description": text}],
        "paths": {f"/{text}": {"get": {**operation, "x-rate-limit": {"limit": 5, "per": text}}}},
        "components": {"schemas": {text: {"type": "object", "properties": {text: schema}}}},
        "x-sunset": text,
    }
    within(5, lambda: judge(tmp_path, {"openapi.json": document}))
