"""A discriminator that leads to a branch by a value that the branch refuses hides nothing below it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archlint.finding import Severity
from tests.oas.worlds import breaks_of, world_of

TEXT: dict[str, Any] = {"type": "string"}
NULL: dict[str, Any] = {"type": "null"}
KINDS = {"$ref": "#/components/schemas/Kinds"}
CART = {"$ref": "#/components/schemas/Cart"}
AROUND: dict[str, dict[str, Any]] = {
    "by itself": KINDS,
    "or null": {"anyOf": [KINDS, NULL]},
    "or text": {"oneOf": [TEXT, KINDS]},
    "or text, or null": {"anyOf": [{"oneOf": [TEXT, KINDS]}, NULL]},
    "any of both, or null": {"anyOf": [{"anyOf": [TEXT, KINDS]}, NULL]},
    "one of one of both and null": {"oneOf": [{"oneOf": [TEXT, KINDS]}, NULL]},
    "three deep": {"anyOf": [{"anyOf": [{"oneOf": [TEXT, KINDS]}, {"type": "integer"}]}, NULL]},
}


def contract(around: dict[str, Any], number: str, *, tagged: bool) -> dict[str, Any]:
    """A contract that answers with a cart, in which one property is of a type."""
    cart = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string", "enum": ["cart"]}, "number": {"type": number}},
    }
    kinds: dict[str, Any] = {"oneOf": [CART]}
    if tagged:
        kinds["discriminator"] = {"propertyName": "kind"}  # leads to Cart by "Cart"
    content = {"application/json": {"schema": {"type": "object", "properties": {"cart": around}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": number},
        "paths": {"/carts": {"get": {"responses": {"200": {"description": "ok", "content": content}}}}},
        "components": {"schemas": {"Kinds": kinds, "Cart": cart}},
    }


@pytest.mark.parametrize("tagged", [True, False])
@pytest.mark.parametrize("name", AROUND)
def test_an_edit_below_is_an_error(name: str, tagged: bool) -> None:
    base, revision = (
        world_of({"openapi.json": contract(copy.deepcopy(AROUND[name]), number, tagged=tagged)}, side)
        for number, side in (("string", "base"), ("integer", None))
    )
    found = [item for item in breaks_of(base, revision) if item.severity is Severity.ERROR]
    assert [item.location.pointer for item in found] == ["/components/schemas/Cart/properties/number/type"]
