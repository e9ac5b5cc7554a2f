"""``$id``, ``$anchor`` and ``$dynamicRef``: where references lead depends on what stands around them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from archlint.documents import Document
from archlint.finding import Finding, Severity
from archlint.model.openapi import Broken, Contract
from archlint.model.openapi.full import FullReferences
from tests.oas.test_comparison_hostile import places
from tests.oas.worlds import findings_of, news_of, said_of, world_of

URI = "https://shop.dev/s/concrete"


def contract_of(schemas: dict[str, Any], name: str = "Top", version: str = "3.1.0") -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/v1/a": {"get": {"responses": {"200": {"description": "d", "content": content}}}}},
        "components": {"schemas": schemas},
    }


def scoped(reference: str, of: dict[str, Any], base: str = URI) -> dict[str, Any]:
    """Schemas with a reference inside of one that has an identifier, and something that may be meant."""
    top = {"$id": base, "type": "object", "properties": {"p": {"items": {"$ref": reference}}}}
    inner = {"$id": "inner", "$defs": {"Deep": {"$anchor": "deep", **of}}, **of}
    top["$defs"] = {"N": inner, "A": {"$anchor": "mark", **of}, "O": {"$id": "folder/other", **of}}
    return {"Top": top, "Next": {"$id": f"{base}-next", **of}, "Plain": of}


FOUND = [
    "inner",
    "https://shop.dev/s/inner",
    "/s/inner",
    "./inner#",
    "#/$defs/N",
    "#mark",
    "concrete#mark",
    "inner#deep",
    "inner#/$defs/Deep",
    "folder/other",
    "concrete-next",
    "#/$defs/N/$defs/Deep",
    f"{URI}#/$defs/A",
]
NOT_FOUND = {
    "#/components/schemas/Plain": Broken.SCOPE,
    "#deep": Broken.POINTER,
    "#/$defs/None": Broken.POINTER,
    "https://shop.dev/other": Broken.REMOTE,
    "other": Broken.REMOTE,
    "inner#mark": Broken.POINTER,
}


def news(old: Any, new: Any) -> list[Finding]:
    files = [side if "a.json" in side else {"a.json": side} for side in (old, new)]
    found = news_of(world_of(files[0], "base"), world_of(files[1]))
    return [each for each in found if each.rule != "contract-version-kept"]


@pytest.mark.parametrize("reference", FOUND)
def test_references_are_relative_to_the_nearest_identifier(reference: str) -> None:
    sides = [contract_of(scoped(reference, {"type": kind})) for kind in ("string", "integer")]
    assert not [each for each in findings_of(world_of({"a.json": sides[0]})) if each.code == "OAS002"]
    told = news(*sides)
    assert [each.rule for each in told] == ["schema-type-changed"], told
    assert str(told[0].location.pointer).endswith("/type")
    assert news(sides[0], sides[0]) == []


@pytest.mark.parametrize("reference", NOT_FOUND)
def test_what_another_identifier_hides_leads_nowhere(reference: str) -> None:
    world = world_of({"a.json": contract_of(scoped(reference, {"type": "string"}))})
    contract = world.all(Contract)[0]
    node = contract.root.get("components", "schemas", "Top", "properties", "p", "items")
    assert contract.references.follow(node).problem is NOT_FOUND[reference]
    told = [each.message_id for each in findings_of(world) if each.code == "OAS002"]
    assert told == ([] if NOT_FOUND[reference] is Broken.REMOTE else [NOT_FOUND[reference].value])


def test_a_relative_identifier_is_relative_to_the_file() -> None:
    files: dict[str, Any] = {
        "api/a.json": contract_of(scoped("../common.json#/Part", {"type": "string"}, "schemas/top")),
        "api/common.json": {"Part": {"type": "string"}},
    }
    contract = world_of(files).all(Contract)[0]
    node = contract.root.get("components", "schemas", "Top", "properties", "p", "items")
    assert contract.references.follow(node).node.document.path == "api/common.json"


def test_identifiers_mean_nothing_before_3_1() -> None:
    schemas = scoped("#/components/schemas/Plain", {"type": "string"})
    world = world_of({"a.json": contract_of(schemas, version="3.0.3")})
    assert not [each for each in findings_of(world) if each.code == "OAS002"]


def test_data_and_names_are_no_identifiers() -> None:
    schema = {
        "type": "object",
        "properties": {"$id": {"type": "string"}, "p": {"$ref": "#/components/schemas/Plain"}},
        "example": {"$id": "x"},
        "const": {"$anchor": "y", "$dynamicRef": "#z"},
    }
    world = world_of({"a.json": contract_of({"Top": schema, "Plain": {"type": "string"}})})
    assert not [each for each in findings_of(world) if each.code == "OAS002"]


def page(own: dict[str, Any], identifiers: bool = True) -> dict[str, Any]:
    """A generic page whose items each kind of page binds; one leaves them open, one binds them on the way."""
    generic = {
        "type": "object",
        "properties": {"items": {"type": "array", "items": {"$dynamicRef": "#item"}}},
        "$defs": {"any": {"$dynamicAnchor": "item", "type": "boolean"}},
    }
    bound = {"$dynamicAnchor": "item", **own}
    return {
        "Page": {"$id": "page", **generic},
        "Pets": {"$id": "pets", "$ref": "page", "$defs": {"pet": bound}},
        "Open": {"$ref": "page"},
        "Far": {
            "$id": "far",
            "allOf": [{"$ref": "a.json#/components/schemas/Between"}],
            "$defs": {"pet": bound},
        },
        "Between": {"$ref": "#/components/schemas/Open"},
        "Nested": {
            "$id": "nested",
            "$ref": "pets",
            "$defs": {"no": {"$dynamicAnchor": "item", "type": "null"}},
        },
        "Beside": {
            "$id": "beside",
            "$ref": "page",
            "properties": {"x": {"type": "string"}},
            "$defs": {"pet": bound},
        },
    }


@pytest.mark.parametrize(
    ("name", "is_hit"),
    [("Pets", True), ("Open", False), ("Far", True), ("Nested", False), ("Beside", True)],
)
def test_dynamic_references_lead_to_what_was_bound_first_on_the_way(name: str, is_hit: bool) -> None:
    own = {"type": "object", "required": ["n"], "properties": {"n": {"type": "string"}}}
    changed = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
    sides = [contract_of(page(each), name) for each in (own, changed)]
    told = [each for each in news(*sides) if each.severity > Severity.INFO]
    assert [each.rule for each in told] == (["schema-type-changed"] if is_hit else []), told
    if is_hit:
        home = {"Nested": "Pets"}.get(name, name)
        assert told[0].location.pointer == f"/components/schemas/{home}/$defs/pet/properties/n/type"


def test_two_ways_to_one_generic_schema_are_told_apart() -> None:
    def both(pet: str, cart: str) -> dict[str, Any]:
        schemas = page({"type": pet})
        carts = {"$id": "carts", "$ref": "page", "$defs": {"c": {"$dynamicAnchor": "item", "type": cart}}}
        refs = {key: {"$ref": f"#/components/schemas/{key}"} for key in ("Pets", "Carts")}
        return contract_of({**schemas, "Carts": carts, "Top": {"type": "object", "properties": refs}})

    assert news(both("string", "integer"), both("string", "integer")) == []
    for old, new, home in (("string", "integer", "Carts"), ("integer", "string", "Pets")):
        told = news(both(old, old), both(old, new) if home == "Carts" else both(new, old))
        assert {str(each.location.pointer).split("/")[3] for each in told} == {home}


@pytest.mark.parametrize("kind", ["$anchor", "$defs"])
def test_a_dynamic_reference_to_no_dynamic_anchor_is_a_plain_one(kind: str) -> None:
    def side(own: str) -> dict[str, Any]:
        target = {"$anchor": "item", "type": own}
        reference = "#item" if kind == "$anchor" else "#/$defs/any"
        generic = {"$id": "page", "items": {"$dynamicRef": reference}, "$defs": {"any": target}}
        rebound = {"$dynamicAnchor": "item", "type": "boolean"}
        return contract_of({"Page": generic, "Top": {"$id": "top", "$ref": "page", "$defs": {"x": rebound}}})

    assert [each.rule for each in news(side("string"), side("integer"))] == ["schema-type-changed"]


def test_examples_are_judged_by_what_references_lead_to() -> None:
    schemas = page({"type": "object", "required": ["n"], "properties": {"n": {"type": "string"}}})
    for value, count in (({"items": [{"n": "a"}]}, 0), ({"items": [{"n": 1}]}, 1), ({"items": [True]}, 1)):
        made = contract_of(schemas, "Pets")
        content = made["paths"]["/v1/a"]["get"]["responses"]["200"]["content"]
        content["application/json"]["example"] = value
        found = [each for each in findings_of(world_of({"a.json": made})) if each.code == "OAS005"]
        assert len(found) == count, (value, found)
    scope = scoped("#/$defs/N", {"type": "string"})
    for value, count in (({"p": ["a"]}, 0), ({"p": [1]}, 1)):
        made = contract_of({**scope, "Top": {**scope["Top"], "example": value}})
        found = [each for each in findings_of(world_of({"a.json": made})) if each.code == "OAS005"]
        assert len(found) == count, (value, found)


def test_no_shape_of_identifiers_stops_anything() -> None:
    schemas = {**page({"type": "object"}), **scoped("inner", {"type": "string"})}
    whole = contract_of(schemas, "Pets")
    for route in (each for each in places(schemas) if str(each[-1]).startswith("$")):
        for junk in (None, [], {}, "x", 7, "#", "#item", "page#item", "https://[", "../..", {"$ref": "#"}):
            spoiled = copy.deepcopy(whole)
            home: Any = spoiled["components"]["schemas"]
            for step in route[:-1]:
                home = home[step]
            home[route[-1]] = junk
            said_of(world_of({"a.json": whole}, "base"), world_of({"a.json": spoiled}))
            findings_of(world_of({"a.json": spoiled}))


def test_a_text_is_searched_once_however_many_schemas_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    text = Document.text
    assert isinstance(text, property)

    def counted(document: Document) -> Any:
        searched.append(document.path)
        return text.__get__(document)

    world = world_of({"api.json": contract_of({f"S{at}": {} for at in range(50)}, "S0")})
    document = world.loaded("api.json").documents[0]
    monkeypatch.setattr(Document, "text", property(counted))
    references = world.fact(FullReferences)
    for at in range(50):
        schema = document.at(("components", "schemas", f"S{at}"))
        assert references.node(schema) is schema
    assert len(searched) < 5
