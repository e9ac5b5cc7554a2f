"""How schemas are written: enums, arrays, references that are not alone, keywords of other versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import home_of, operation_of, short
from archlint.documents import Node
from archlint.finding import Severity
from archlint.finding.words import quoted
from archlint.model.openapi import Contract, Dialect, Role, types_of

_ANNOTATIONS = frozenset(("description", "summary", "title"))
_OLD = (Dialect.V2_0, Dialect.V3_0)
_NULLABLE = {Dialect.V2_0: "x-nullable", Dialect.V3_0: "nullable"}


@check(Contract)
def enum_value_of_wrong_type(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each value of an enum that its own ``type`` excludes."""
    null = _NULLABLE.get(contract.dialect or Dialect.V3_1, "")
    for element in contract.elements.all:
        schema = element.node
        if element.role is Role.NAMES or not isinstance(schema.value.get("enum"), list):
            continue
        types = _stated_types(schema.value)
        if schema.value.get(null) is True:
            types = {*types, "null"} if types else types
        for value in schema.get("enum").elements() if types else ():
            if not _kinds(value.value) & types:
                yield observe(
                    value.value_place(),
                    operations=operation_of(schema),
                    value=short(value.value),
                    types=" or ".join(sorted(types)),
                )


def _stated_types(schema: dict[str, Any]) -> set[str]:
    """The types of a schema; none if it names one that JSON Schema does not have."""
    stated = schema.get("type")
    count = len(stated) if isinstance(stated, list) else 1
    found = types_of(schema)
    return set(found) if len(found) == count else set()


def _kinds(value: Any) -> set[str]:
    """The types that a value is of."""
    if value is None:
        return {"null"}
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, (int, float)):
        return {"number", "integer"} if value == value // 1 else {"number"}
    if isinstance(value, str):
        return {"string"}
    return {"array"} if isinstance(value, list) else {"object"}


@check(Contract)
def enum_value_repeated(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each enum that lists a value twice."""
    for element in contract.elements.all:
        enum = element.node.get("enum")
        if element.role is Role.NAMES or not enum.is_list or len(enum.value) < 2:
            continue
        seen: set[str] = set()
        twice: dict[str, Any] = {}
        for value in enum.value:
            text = _canonical(value)
            if text in seen:
                twice[text] = value
            seen.add(text)
        if twice:
            yield observe(
                enum.place(),
                operations=operation_of(enum),
                values=", ".join(short(value) for value in twice.values()),
            )


def _canonical(value: Any) -> str:
    """Equal for values that JSON Schema calls equal: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, default=str)


@check(Contract)
def array_items_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """Arrays without ``items`` where OpenAPI demands them."""
    if contract.dialect in _OLD:
        yield from _without_items(contract)


@check(Contract)
def array_items_unstated(contract: Contract, options: Options) -> Iterator[Observation]:
    """Arrays without ``items`` where OpenAPI does not demand them."""
    if contract.dialect not in _OLD:
        yield from _without_items(contract)


def _without_items(contract: Contract) -> Iterator[Observation]:
    is_old = contract.dialect in _OLD
    for schema in contract.elements.schemas:
        value = schema.value
        is_array = value.get("type") == "array" if is_old else "array" in types_of(value)
        if is_array and not _has_items(value) and (is_old or "prefixItems" not in value):
            yield observe(
                schema.get("items").place(), operations=operation_of(schema), schema=home_of(schema)
            )


def _has_items(schema: dict[str, Any]) -> bool:
    items = schema.get("items")
    return isinstance(items, (dict, list)) or items is True or items is False


@check(Contract)
def reference_sibling_ignored(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each key beside a ``$ref`` that tools of 2.0 and 3.0 do not read; of paths each that stands twice."""
    for element in contract.elements.all:
        if not isinstance(element.node.value.get("$ref"), str) or len(element.node.value) < 2:
            continue
        if element.role is Role.PATH:
            yield from _beside_path_reference(element.node, contract)
            continue
        if contract.dialect not in _OLD:
            continue
        for key, value in element.node.items():
            if key != "$ref":
                is_harmless = key in _ANNOTATIONS or key.startswith("x-")
                yield observe(
                    value.place(),
                    operations=operation_of(value),
                    severity=Severity.INFO if is_harmless else None,
                    key=key,
                    target=element.node.value["$ref"],
                )


def _beside_path_reference(item: Node, contract: Contract) -> Iterator[Observation]:
    """The fields of a path that also stand in what it refers to; in 2.0 all that stand beside it."""
    followed = contract.references.follow(item)
    for key, value in item.items():
        others = (layer.get(key) for layer in (*followed.references[1:], followed.node))
        other = next((node for node in others if node.exists), None)
        if key != "$ref" and (other is not None or contract.is_v2):
            yield observe(
                value.place(),
                "old" if other is None else "twice",
                related=[] if other is None else [(other.place(), "defined here too")],
                operations=operation_of(value),
                severity=Severity.INFO if key in _ANNOTATIONS or key.startswith("x-") else None,
                key=key,
                target=item.value["$ref"],
            )


@check(Contract)
def example_value_ambiguous(contract: Contract, options: Options) -> Iterator[Observation]:
    """Example Objects of 3.x with none or both of ``value`` and ``externalValue``."""
    for example in contract.elements.of(Role.EXAMPLE) if not contract.is_v2 else ():
        value, external = example.get("value").exists, example.get("externalValue").exists
        newer = example.get("dataValue").exists or example.get("serializedValue").exists
        if value == external and not (newer and not value):
            yield observe(
                example.place(),
                "both" if value else "none",
                operations=operation_of(example),
                name=example.route[-1] if example.route else "",
            )


@check(Contract)
def discriminator_not_required(contract: Contract, options: Options) -> Iterator[Observation]:
    """Discriminators of 2.0 that are no property, or none that is required."""
    for name, schema in contract.root.get("definitions").items() if contract.is_v2 else ():
        property_name = schema.get("discriminator").text
        if property_name is None:
            continue
        if not schema.get("properties", property_name).exists:
            yield observe(schema.get("properties").place(), "undefined", property=property_name, schema=name)
        required = schema.get("required")
        if not (required.is_list and property_name in required.value):
            yield observe(required.place(), "optional", property=property_name, schema=name)


@check(Contract)
def keyword_of_later_version(contract: Contract, options: Options) -> Iterator[Observation]:
    """``anyOf`` and ``oneOf`` in a 2.0 document, which has neither."""
    for element in contract.elements.all if contract.is_v2 else ():
        if element.role is Role.NAMES:
            continue
        for keyword in ("anyOf", "oneOf"):
            found = element.node.get(keyword)
            if found.exists:
                yield observe(
                    found.place(),
                    aliases=[f"spectral:oas2-{keyword}"],
                    keyword=keyword,
                    schema=home_of(found),
                )


@check(Contract)
def xml_attribute_deprecated(contract: Contract, options: Options) -> Iterator[Observation]:
    """``xml.attribute: true`` in a 3.2 document."""
    if contract.dialect is Dialect.V3_2:
        for xml in contract.elements.of(Role.XML):
            if xml.get("attribute").value is True:
                yield observe(xml.place(), operations=operation_of(xml))


@check(Contract)
def script_in_text(contract: Contract, options: Options) -> Iterator[Observation]:
    """Titles and descriptions that carry a script."""
    for element in contract.elements.all:
        if element.role is Role.NAMES:
            continue
        for key in ("description", "title"):
            text = element.node.value.get(key)
            if not isinstance(text, str):
                continue
            found = [
                ("<script", "spectral:no-script-tags-in-markdown"),
                ("eval(", "spectral:no-eval-in-markdown"),
            ]
            hits = [(what, alias) for what, alias in found if what in text]
            if hits:
                yield observe(
                    element.node.get(key).place(),
                    aliases=[alias for _, alias in hits],
                    what=" and ".join(quoted(what for what, _ in hits)),
                    key=key,
                )
