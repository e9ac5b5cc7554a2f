"""Every rule judges whatever calls itself OpenAPI: fragments, wrong shapes, loops."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.model.openapi import Dialect
from archlint.model.openapi.metaschema import known_keys
from tests.oas_style.running import judge
from tests.support.sampling import usually

KEYS = sorted(set().union(*(known_keys(dialect) for dialect in Dialect)))
NAMES = [
    "/v1/carts/{id}",
    "/a//{}",
    "200",
    "default",
    "id",
    "x-any",
    "application/json",
    "Cart",
    "type",
    "$ref",
]
TEXTS = st.sampled_from(
    [
        *("string", "array", "object", "integer", "query", "path", "body", "formData", "oauth2", "apiKey"),
        *(
            "#/components/schemas/Cart",
            "#/",
            "#/definitions/Cart",
            "other.yaml",
            "https://{a}:{b}/",
            "(a+)+$",
        ),
        *("2020-01-01", "", "id", "limit", "page_size", "X-Thing", "int32", "date-time", "/admin", "eval("),
    ]
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-3, 500), st.floats(allow_nan=False), TEXTS)
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(st.sampled_from([*KEYS, *NAMES]), below, max_size=5),
    ),
    max_leaves=30,
)
HEADS = st.sampled_from(
    [{"swagger": "2.0"}, {"openapi": "3.0.3"}, {"openapi": "3.1.0"}, {"openapi": "3.2.0"}]
)
TOP = ["paths", "components", "definitions", "servers", "tags", "security", "webhooks", "info", "parameters"]


@settings(max_examples=usually(70, 1000), deadline=None, suppress_health_check=list(HealthCheck))
@given(HEADS, st.dictionaries(st.sampled_from(TOP), TREES, max_size=4))
def test_no_rule_fails_on_any_shape(head: dict[str, Any], body: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        judge(Path(folder), {"openapi.json": {**head, **body}})


PATHS = st.dictionaries(
    st.sampled_from(["/v1/carts/{id}", "/v1/carts", "/{}//"]),
    st.dictionaries(
        st.sampled_from(["get", "post", "put", "patch", "parameters", "servers", "$ref"]),
        st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "parameters",
                        "responses",
                        "requestBody",
                        "security",
                        "tags",
                        "callbacks",
                        "deprecated",
                    ),
                    *("operationId", "x-sunset", "consumes", "servers"),
                ]
            ),
            TREES,
        ),
    ),
)


@settings(max_examples=usually(70, 1000), deadline=None, suppress_health_check=list(HealthCheck))
@given(HEADS, PATHS, st.dictionaries(st.sampled_from(["schemas", "parameters", "securitySchemes"]), TREES))
def test_no_rule_fails_on_odd_operations(
    head: dict[str, Any], paths: dict[str, Any], components: dict[str, Any]
) -> None:
    with TemporaryDirectory() as folder:
        judge(Path(folder), {"openapi.json": {**head, "paths": paths, "components": components}})


@pytest.mark.parametrize("head", [{"swagger": "2.0"}, {"openapi": "3.0.3"}, {"openapi": "3.1.0"}])
def test_a_broken_document_is_judged_by_every_other_rule(head: dict[str, str], tmp_path: Path) -> None:
    document = {
        **head,
        "responses": {"200": {"type": "array"}},
        "x": {"y": {"type": "string", "enum": ["a", 1]}},
    }
    codes = {finding.rule for finding in judge(tmp_path, {"openapi.json": document})}
    assert "openapi-structure-invalid" in codes
    assert "enum-value-of-wrong-type" in codes
    assert {"array-items-missing", "array-items-unstated"} & codes


def test_schemas_that_refer_to_themselves_and_each_other_end(tmp_path: Path) -> None:
    loop = {"$ref": "#/components/schemas/Loop"}
    tree = {
        "type": "object",
        "properties": {"left": {"$ref": "#/components/schemas/Tree"}},
        "example": {"left": 1},
    }
    both = {"allOf": [{"$ref": "#/components/schemas/Both"}], "properties": {"a": loop}, "type": "object"}
    schemas = {"Loop": loop, "Tree": tree, "Both": {**both, "example": {"a": 1}}}
    document = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}}
    rules = {finding.rule for finding in judge(tmp_path, {"openapi.json": document})}
    assert "example-invalid" in rules
    assert "unresolved-reference" in rules
