"""Answers that contracts allow and of which consumers do not show in Pact files that they can take them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.defects.defects import Defect, line_of, seeds
from tests.metamorphic.repositories import Files

_CONTRACT = "contracts/openapi/wishes.yaml"
_PACT = "services/storefront/pacts/storefront-wishes.json"
_HEAD = """\
openapi: 3.1.0
info: {title: Wishes, version: 1.0.0}
paths:
  /wishes/{id}:
    get:
      operationId: getWish
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: A wish.
          content:
            application/json:
              schema:
                type: object
"""
_TYPES = {
    **dict.fromkeys(("owner", "title", "currency"), "string"),
    **dict.fromkeys(("shared", "pinned"), "boolean"),
    **dict.fromkeys(("total", "rank", "likes"), "integer"),
}
_VALUES = {"string": "x", "integer": 7, "boolean": True}
_LISTED = {"state": ("OPEN", "PAID"), "size": ("S", "M"), "colour": ("RED", "BLUE"), "unit": ("KG", "LB")}


def _stated(schemas: dict[str, str], required: list[str]) -> str:
    """The contract, whose only answer has some properties."""
    properties = "".join(f"                  {name}: {text}\n" for name, text in schemas.items())
    listed = ", ".join(required)
    return f"{_HEAD}                required: [{listed}]\n                properties:\n{properties}"


def _read() -> str:
    """A Pact file of a consumer that reads every property, each with a matcher."""
    typed = {name: [{"match": "type"}] for name in _TYPES}
    chosen = {name: [{"match": "regex", "regex": "|".join(each)}] for name, each in _LISTED.items()}
    matchers: dict[str, Any] = {**typed, **chosen}
    body = {
        **{name: _VALUES[kind] for name, kind in _TYPES.items()},
        **{name: each[0] for name, each in _LISTED.items()},
    }
    response = {
        "status": 200,
        "headers": {"Content-Type": "application/json"},
        "body": body,
        "matchingRules": {"body": {f"$.{name}": {"matchers": each} for name, each in matchers.items()}},
    }
    pact = {
        "consumer": {"name": "storefront"},
        "provider": {"name": "wishes"},
        "interactions": [
            {
                "description": "a wish",
                "request": {"method": "GET", "path": "/wishes/7"},
                "response": response,
            }
        ],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }
    return json.dumps(pact, indent=2) + "\n"


def _wider() -> Iterator[tuple[str, str, str]]:
    """What is done, the property, and its schema; empty if it is no longer required."""
    for name, kind in _TYPES.items():
        yield f"{name} may be null", name, f'{{type: [{kind}, "null"]}}'
        yield f"{name} may be missing", name, ""
    for name, values in _LISTED.items():
        yield f"{name} may be LOST", name, f"{{enum: [{', '.join(values)}, LOST]}}"


@seeds("pact-answer-unexpected")
def answer_wider_than_read(files: Files) -> Iterator[Defect]:
    """A property of an answer that may be null, missing, or another value than the consumer shows."""
    text = _read()
    sound = {
        **{name: f"{{type: {kind}}}" for name, kind in _TYPES.items()},
        **{name: f"{{enum: [{', '.join(values)}]}}" for name, values in _LISTED.items()},
    }
    for what, name, schema in _wider():
        required = [each for each in sound if schema or each != name]
        made = _stated({**sound, name: schema or sound[name]}, required)
        lines = range(line_of(made, made.index("schema:\n")), made.count("\n") + 1)
        yield Defect(
            what,
            {**files, _CONTRACT: made, _PACT: text},
            frozenset((_CONTRACT, line) for line in lines),
            frozenset({(_PACT, line_of(text, text.index(f'"{name}"')))}),
        )
