"""What rules about style leave alone, because it is no fault where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.oas_style.running import judge


def paths(**templates: Any) -> dict[str, Any]:
    return {"openapi": "3.0.3", "paths": templates}


def parameter(name: str, where: str = "query", **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": schema or {"type": "string"}}


def operation(*parameters: Any, **more: Any) -> dict[str, Any]:
    return {"parameters": list(parameters), "responses": {"200": {"description": "ok"}}, **more}


@pytest.mark.parametrize(
    ("given", "count"),
    [
        (parameter("access_token"), 1),
        (parameter("token"), 1),
        (parameter("hide_secret", type="boolean"), 0),
        (parameter("token_kind", enum=["id", "access"]), 0),
        (parameter("exclude_secret_types"), 0),
        (parameter("page_token"), 0),
    ],
)
def test_secrets_in_urls(given: Any, count: int, tmp_path: Path) -> None:
    document = paths(**{"/a": {"get": operation(given)}})
    assert len(judge(tmp_path, {"openapi.json": document}, "credentials-in-url")) == count


@pytest.mark.parametrize(
    ("kind", "count"), [("integer", 0), ("number", 0), ("string", 1), (None, 1), (["integer", "null"], 1)]
)
def test_a_name_is_no_number(kind: Any, count: int, tmp_path: Path) -> None:
    schema = {} if kind is None else {"type": kind}
    document = paths(
        **{
            "/pulls/{id}/commits": {"get": operation(parameter("id", "path", **schema))},
            "/pulls/comments/{name}": {"get": operation(parameter("name", "path", type="string"))},
        }
    )
    assert len(judge(tmp_path, {"openapi.json": document}, "path-ambiguous")) == count


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("listCarts", 0),
        ("carts/list-items", 0),
        ("Carts_List", 0),
        ("carts.list", 0),
        ("carts", 1),
        ("cartList", 1),
    ],
)
def test_a_group_may_stand_before_the_verb(name: str, count: int, tmp_path: Path) -> None:
    document = paths(**{"/a": {"get": operation(operationId=name)}})
    found = judge(tmp_path, {"openapi.json": document}, "operation-id-irregular")
    assert len(found) == count
    assert all(f"'{name}'" in each.message and f"''{name}" not in each.message for each in found)


@pytest.mark.parametrize(
    ("method", "others", "count"),
    [("delete", ["get"], 0), ("delete", [], 1), ("post", ["get"], 1), ("put", ["get"], 0)],
)
def test_what_can_be_read_tells_its_state(method: str, others: list[str], count: int, tmp_path: Path) -> None:
    accepted = {"responses": {"202": {"description": "soon"}}}
    document = paths(**{"/a": {method: accepted, **{other: operation() for other in others}}})
    assert len(judge(tmp_path, {"openapi.json": document}, "accepted-without-status")) == count


def test_scopes_of_a_scheme_that_has_none_are_one_finding(tmp_path: Path) -> None:
    document = paths(
        **{
            "/a": {
                "get": operation(security=[{"key": ["a"]}]),
                "put": operation(security=[{"key": ["b", "c"]}]),
            }
        }
    )
    document["components"] = {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}
    found = judge(tmp_path, {"openapi.json": document}, "scope-undefined")
    assert [each.message for each in found] == [
        "The scheme 'key' is of type 'http' and has no scopes, but is asked for 'a', 'b', 'c'. "
        "Leave the list empty, as OpenAPI 3.0 wants it, or describe the scheme as oauth2."
    ]
    assert len(found[0].operations) == 2
    assert judge(tmp_path, {"openapi.json": {**document, "openapi": "3.1.0"}}, "scope-undefined") == []


@pytest.mark.parametrize(
    ("path", "count"),
    [
        *(("/v1/carts", 1), ("/api/v1/carts", 1), ("/{version}/carts", 1), ("/v1beta1/carts", 1)),
        *(("/skills/{id}/versions/{version}", 0), ("/a/b/releases/{version}", 0), ("/carts", 0)),
    ],
)
def test_only_the_api_has_a_version_in_front(path: str, count: int, tmp_path: Path) -> None:
    document = paths(**{path: {"get": operation()}})
    assert len(judge(tmp_path, {"openapi.json": document}, "version-in-path")) == count


@pytest.mark.parametrize(
    ("segment", "count"),
    [("add-ons", 0), ("do_settings", 0), ("search", 0), ("addItem", 1), ("get-carts", 1)],
)
def test_nouns_that_look_like_verbs(segment: str, count: int, tmp_path: Path) -> None:
    document = paths(**{f"/{segment}": {"get": operation()}})
    assert len(judge(tmp_path, {"openapi.json": document}, "path-with-verb")) == count


@pytest.mark.parametrize(
    ("name", "count"), [("pageSize", 1), ("ids[]", 0), ("sso:linked", 0), ("a.b-C", 0), ("_links", 0)]
)
def test_names_with_foreign_signs_follow_other_rules(name: str, count: int, tmp_path: Path) -> None:
    document = paths(**{"/a": {"get": operation(parameter(name))}})
    assert (
        len(judge(tmp_path, {"openapi.json": document}, "query-parameter-case", case="snake", allow=[]))
        == count
    )
