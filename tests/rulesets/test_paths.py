"""JSONPaths of rulesets choose what they choose in Spectral; the expected routes were taken from it."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from archlint.model.rulesets.jsonpath import PathError, compile_path, matches_of_all
from tests.support.limits import within

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.0",
    "info": {"title": "T", "x-a": None},
    "servers": [{"url": "http://a"}, {"url": "https://b"}],
    "tags": [{"name": "b"}, {"name": "a"}],
    "paths": {
        "/a/{id}": {
            "parameters": [{"in": "path", "name": "id"}],
            "get": {
                "parameters": [{"in": "query", "name": "q"}, {"in": "header", "name": "h"}],
                "responses": {"404": {"description": "no"}, "200": {"description": "ok"}, "default": {}},
            },
            "post": {"responses": {"201": {"description": "made"}}},
        },
        "/b": {"get": {"responses": {"200": {"description": "ok"}}}},
    },
    "components": {
        "schemas": {"Pet": {"type": "object", "properties": {"name": {"type": "string"}, "type": {}}}}
    },
}


def chosen(path: str, document: Any = DOCUMENT) -> list[str]:
    return ["/".join(map(str, match.route)) for match in compile_path(path).matches(document)]


GET = "paths//a/{id}/get"


@pytest.mark.parametrize(
    ("path", "routes"),
    [
        ("$", [""]),
        ("$.info.title", ["info/title"]),
        ("$.info.missing", []),
        ("$.servers.length", ["servers/length"]),
        ("$.servers[0].url", ["servers/0/url"]),
        ("$.servers[-1:]", ["servers/1"]),
        ("$.servers[(@.length-1)]", ["servers/1"]),
        ("$.servers[::2]", ["servers/0"]),
        ("$.paths[*][get,post]", [GET, "paths//a/{id}/post", "paths//b/get"]),
        ("$.paths[*]['get', 'post']", []),
        ("$..parameters[?(@ && @.in=='query')].name", [f"{GET}/parameters/0/name"]),
        ("$.paths.*.get.responses[?(@property.match(/^4/))]", [f"{GET}/responses/404"]),
        (r"$.paths.*.get.responses[?(@property.match(/^4\d\d/))]", [f"{GET}/responses/404"]),
        (
            "$.paths.*.get.responses.*",
            [f"{GET}/responses/{code}" for code in (200, 404, "default")] + ["paths//b/get/responses/200"],
        ),
        ("$.paths[?(@.post)]~", ["paths//a/{id}"]),
        ("$.tags[?(@.name > 'a')]", ["tags/0"]),
        ("$.tags[*].name^", ["tags/0", "tags/1"]),
        ("$..schemas..type", [f"components/schemas/Pet/{end}" for end in ("type", "properties/name/type")]),
        ("$..schemas.*.properties", ["components/schemas/Pet/properties"]),
        ("$..*.title", ["info/title"]),
        ("$.paths.[get]", [GET, "paths//b/get"]),
        ("$..[0:1]", []),
        ("$..[?(@property in ['post','put'])]", ["paths//a/{id}/post"]),
        ("$..[?(@parentProperty === 'schemas')]", ["components/schemas/Pet"]),
        ("$.info@null()", ["info/x-a"]),
        ("$..[?(@ && @.name && @.name.match && @.name.match(/^(q|x)$/i))].in", [f"{GET}/parameters/0/in"]),
        ("$..get..name..1", []),
        ("$..get.responses.4*..description.0", []),
        ("$..post.responses.*..description.0", ["paths//a/{id}/post/responses/201/description/0"]),
        ("$..[?(@ && ['object'].includes(@.type))]", ["components/schemas/Pet"]),
    ],
)
def test_what_paths_choose(path: str, routes: list[str]) -> None:
    assert sorted(chosen(path)) == sorted(
        routes + ["components/schemas/Pet/properties/type"] * ("..type" in path)
    )


def test_a_filter_before_other_steps_is_asked_of_the_value_at_the_end() -> None:
    assert chosen("$[?(@.title)].title") == []
    assert chosen("$[?(@property === 'title')].title") == ["info/title"]
    assert chosen("$.paths[?(@.post)].get") == [GET]


def test_keys_are_chosen_with_a_tilde() -> None:
    (match,) = compile_path("$.info.title~").matches(DOCUMENT)
    assert match.is_key
    assert match.value == "title"


def test_where_a_filter_fails_is_told_and_nothing_chosen() -> None:
    failures: list[str] = []
    assert list(compile_path("$.info[?(@.a)]").matches(DOCUMENT, failures)) == []
    assert failures == ["null has no member 'a'"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "info",
            "",
            "$..[?(process.exit())]",
            "$..[?(@.constructor)]",
            "$[?(@.a.b.c(1))]",
            "$..[?(@.a ===)]",
        ),
        *(
            "$[?(" + "(" * 500 + "@" + ")" * 500 + ")]",
            "$" + ".a" * 5_000,
            "$[?(@.match(/(/))]",
            "$..[?(eval('1'))]",
        ),
        *(
            "$..[?(" + "@.a && " * 200 + "@.b)]",
            "$" + ".*" * 200,
            "$..[?(@.x = 1)]",
            "$[?(@@own())]",
            "$..[?(alert`1`)]",
        ),
    ],
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(PathError):
        compile_path(path)


def test_many_paths_choose_together_what_each_chooses() -> None:
    texts = [
        "$..parameters[*].name",
        "$..get",
        "$.paths..description",
        "$..[?(@ && @.in)]",
        "$.info",
        "$..get^",
    ]
    paths = [compile_path(text) for text in texts]
    together = sorted((number, match.route) for number, match in matches_of_all(paths, DOCUMENT))
    alone = sorted(
        (number, match.route) for number, path in enumerate(paths) for match in path.matches(DOCUMENT)
    )
    assert str(together) == str(alone)


def test_what_is_shared_is_gone_through_once() -> None:
    shared: Any = {"description": "x"}
    for _ in range(60):
        shared = {"a": shared, "b": shared}
    paths = [compile_path("$..description"), compile_path("$..[?(@property === 'description')]")]
    assert len(list(matches_of_all(paths, shared, once=True))) == 2


@pytest.mark.parametrize("path", ["$..a..*..b", "$..*..*..*..*", "$..a"])
def test_hostile_documents_end(path: str) -> None:
    deep: Any = {"a": 1}
    for _ in range(1_000):
        deep = {"a": deep}
    compiled = compile_path(path)
    within(5, lambda: list(islice(compiled.matches(deep), 10_000)))
