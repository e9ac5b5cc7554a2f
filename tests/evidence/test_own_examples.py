"""A document whose examples fit their schemas has nothing to say against itself, however its parameters and
bodies are written; where one does not fit, that is told."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import lay_out
from tests.support.inside import archlint

OBJECT = {
    "type": "object",
    "required": ["n"],
    "additionalProperties": False,
    "properties": {"n": {"type": "integer"}},
}
VALUES: tuple[tuple[dict[str, Any], Any], ...] = (
    ({"type": "integer"}, 7),
    ({"type": "string", "maxLength": 5}, "hello"),
    ({"type": "array", "items": {"type": "integer"}}, [1, 2]),
    (OBJECT, {"n": 1}),
)
STYLES = ("form", "spaceDelimited", "pipeDelimited", "deepObject")
MEDIA = (
    *("application/json", "application/problem+json", "application/x-www-form-urlencoded", "application/xml"),
    *("multipart/form-data", "text/plain", "application/octet-stream"),
)


def _operations() -> dict[str, Any]:
    made = {}
    for number, (style, explode, (schema, example)) in enumerate(
        itertools.product(STYLES, (True, False), VALUES)
    ):
        named = {"name": "q", "in": "query", "required": True, "style": style, "explode": explode}
        made[f"/q{number}"] = _operation(
            [{**named, "schema": schema, "example": example}], "text/plain", VALUES[1]
        )
    for number, (kind, value) in enumerate(itertools.product(MEDIA, VALUES)):
        if kind.startswith(("text/", "application/oct")) or "json" in kind or not isinstance(value[1], str):
            made[f"/b{number}"] = _operation([], kind, value)  # else a text is what is sent, and no such body
    return made


def _operation(parameters: list[Any], kind: str, value: tuple[dict[str, Any], Any]) -> dict[str, Any]:
    content = {kind: {"schema": value[0], "example": value[1]}}
    answers = {"200": {"description": "done", "content": content}}
    return {"post": {"parameters": parameters, "requestBody": {"content": content}, "responses": answers}}


def _told(folder: Path, paths: dict[str, Any]) -> list[str]:
    document = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": paths}
    lay_out(folder, json.dumps(document), json.dumps(document), "copy.json")
    flags = ("--contract", "openapi.yaml", "--format", "json", "--no-cache")
    return [
        each["message"]
        for each in json.loads(archlint("verify", "copy.json", *flags, cwd=folder).out)["findings"]
    ]


def test_examples_that_fit_are_as_the_document_says(tmp_path: Path) -> None:
    assert _told(tmp_path, _operations()) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("application/json", ({"type": "string", "maxLength": 3}, "hello")),
        ("application/json", (OBJECT, '{"n": "x"}')),
        ("application/x-www-form-urlencoded", (OBJECT, {"n": "x"})),
        ("text/plain", ({"type": "string", "maxLength": 3}, "hello")),
    ],
)
def test_examples_that_do_not_fit_are_told(
    kind: str, value: tuple[dict[str, Any], Any], tmp_path: Path
) -> None:
    assert len(_told(tmp_path, {"/b": _operation([], kind, value)})) == 2
