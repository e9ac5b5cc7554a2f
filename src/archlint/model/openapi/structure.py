"""Where a document breaks the published schema of its version: one plain sentence for each cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from archlint.documents import Node
from archlint.finding import Route
from archlint.finding.records import dataclass, replace
from archlint.finding.words import quoted
from archlint.model.openapi.contracts import Contract
from archlint.model.openapi.metaschema import known_keys, validator
from archlint.model.openapi.references import reference_text
from archlint.model.openapi.schema_errors import WORDS, SchemaError, leaves, short, unselected_in

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

_SCHEMA_DIALECTS = (
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.2/dialect/",
)
MISPLACED = "$ref"
"""The keyword of violations that are references where none may stand."""
_ABOUT_VALUES = frozenset(("type", "types", "enum", "options", "const"))
"""Keywords of errors where something else than a map is wanted."""
_ENOUGH = 1000
"""Errors that are looked at; a document with more has one cause that hides behind them."""
_CALLED = {
    "callbacks": "callback",
    "content": "media type",
    "definitions": "schema",
    "examples": "example",
    "flows": "flow",
    "headers": "header",
    "links": "link",
    "parameters": "parameter",
    "paths": "path",
    "properties": "property",
    "requestBodies": "request body",
    "responses": "response",
    "schemas": "schema",
    "securityDefinitions": "security scheme",
    "securitySchemes": "security scheme",
    "servers": "server",
    "tags": "tag",
    "variables": "variable",
}
"""What stands in a map or list of this name."""
_COUNTS = {
    "minProperties": ("at least", "entry", "entries"),
    "maxProperties": ("at most", "entry", "entries"),
    "minItems": ("at least", "item", "items"),
    "maxItems": ("at most", "item", "items"),
}
_BOUNDS = {
    "minLength": "a length of at least",
    "maxLength": "a length of at most",
    "minimum": "a value of at least",
    "maximum": "a value of at most",
    "exclusiveMinimum": "a value above",
    "exclusiveMaximum": "a value below",
}


@dataclass(frozen=True, slots=True)
class StructureViolation:
    """One break of the schema: the element, the keyword of the schema that it breaks, and why."""

    node: Node
    keyword: str
    problem: str
    is_value: bool = False
    """Whether the value is wrong, and not what stands below or beside it."""
    seen: str = ""
    """What stands there, to follow the problem, which stays the same whatever stands there."""

    @property
    def sentence(self) -> str:
        """The problem and what was seen."""
        return self.problem + self.seen


def violations(contract: Contract) -> list[StructureViolation]:
    """All breaks in the order of the text's structure; nothing if the version is unknown."""
    if contract.dialect is None:
        return []
    judge = validator(contract.dialect, _uses_standard_schemas(contract))
    return broken(contract.root, judge, known_keys(contract.dialect))


def broken(root: Node, judge: Validator, known: frozenset[str]) -> list[StructureViolation]:
    """What a validator of a published schema refuses in an element, in the order of the text's structure.

    ``known``: every field name that the schema has anywhere.
    """
    try:
        errors = list(islice(judge.iter_errors(root.value), _ENOUGH))
    except (ValueError, TypeError, OverflowError):
        return []  # text that is no Unicode, which has no JSON form to validate
    told = [error for error in leaves(errors) if not _is_about_pattern(error)]
    if not told:
        return []
    found: dict[tuple[Route, str], StructureViolation] = {}
    for violation in _explain(root, told, known):
        is_lacking = violation.keyword == "required"
        whole = replace(violation, seen=_whereabouts(violation.node)) if is_lacking else violation
        found.setdefault((violation.node.route, violation.problem), whole)
    return list(found.values())


def _whereabouts(node: Node) -> str:
    """Which object lacks a field, to follow the problem: its name, and what it is if its home tells."""
    if not node.route:
        return ""
    home, last = node.route[-2] if len(node.route) > 1 else "", node.route[-1]
    word = _CALLED.get(str(home), "")
    name = last if isinstance(last, str) else node.get("name").text
    if name:
        return f" in {word} '{name}'" if word else f" in '{name}'"
    return f" in {word} {int(last) + 1}" if word else f" in item {int(last) + 1} of '{home}'"


def problems_of(value: Node, errors: Iterable[ValidationError], *, skip: int = 0) -> list[StructureViolation]:
    """What a validator says of a value, in plain sentences, in the validator's order.

    ``skip``: how many steps lead from what was validated to the value.
    """
    found: dict[tuple[Route, str], StructureViolation] = {}
    for error in leaves(errors):
        node = _node_at(value, error.at[skip:])
        unexpected = _unexpected(node, error)
        if unexpected:
            parts = [
                StructureViolation(node.get(name), error.keyword, f"'{name}' is no property of the schema")
                for name in unexpected
            ]
        elif error.keyword == "falseSchema":
            parts = [StructureViolation(node, error.keyword, f"{name_of(node)} is not allowed by the schema")]
        elif error.keyword == "oneOf":
            problem = (
                f"{name_of(node)} fits several alternatives of 'oneOf', which lets in what fits one only"
            )
            parts = [StructureViolation(node, error.keyword, problem, True)]
        else:
            parts = [_plain(node, error)]
        for violation in parts:
            found.setdefault((violation.node.route, violation.problem), violation)
    return list(found.values())


def _unexpected(node: Node, error: SchemaError) -> list[str]:
    """The members that a schema shuts out, also one that has none at all."""
    if error.keyword in ("additionalProperties", "unevaluatedProperties"):
        return list(error.kind.unexpected)
    is_closed = error.keyword == "falseSchema" and error.stated == "additionalProperties"
    return [name for name, _ in node.items()] if is_closed else []


def _uses_standard_schemas(contract: Contract) -> bool:
    """Whether Schema Objects are written in the dialect that their version has by default."""
    stated = contract.root.get("jsonSchemaDialect")
    return not stated.exists or (stated.text or "").startswith(_SCHEMA_DIALECTS)


def _is_about_pattern(error: SchemaError) -> bool:
    """Whether a regular expression is refused: the engine reads fewer than ECMA-262 allows, so rules about
    patterns judge them."""
    return error.keyword == "format" and error.kind.format == "regex"


def _explain(root: Node, errors: list[SchemaError], known: frozenset[str]) -> Iterator[StructureViolation]:
    misplaced = {e.at: _node_at(root, e.at) for e in errors}
    unknown = {e.at for e in errors if "$ref" in getattr(e.kind, "unexpected", ())}
    misplaced = {
        at: node for at, node in misplaced.items() if at in unknown or reference_text(node) is not None
    }
    of_values = {e.at for e in errors if e.keyword in _ABOUT_VALUES}
    for at, node in misplaced.items():
        problem = "no reference is allowed in this place"
        yield StructureViolation(node.get("$ref"), MISPLACED, problem, at in of_values)
    errors = [
        e for e in errors if e.at not in misplaced and not (e.at[-1:] == ("$ref",) and e.at[:-1] in misplaced)
    ]
    others = {e.at for e in errors if e.keyword != "unevaluatedProperties"}
    unselected = unselected_in(errors)
    for error in errors:
        node = _node_at(root, error.at)
        if error.keyword in ("additionalProperties", "unevaluatedProperties"):
            # what was not evaluated may be an echo of another error in the same object
            echo = error.keyword == "unevaluatedProperties" and any(
                at[: len(error.at)] == error.at for at in others
            )
            for name in error.kind.unexpected:
                if not ((echo or error.at in unselected) and name in known):
                    yield StructureViolation(
                        node.get(name), error.keyword, f"'{name}' is no field of this object"
                    )
        else:
            yield _plain(node, error)


def _plain(node: Node, error: SchemaError) -> StructureViolation:
    keyword, kind = error.keyword, error.kind
    if keyword == "required" and error.is_conditional and kind.property == "default":
        return StructureViolation(
            node, keyword, "a response (a status such as '200', or 'default') is missing"
        )
    if keyword == "required":
        return StructureViolation(node, keyword, f"the field '{kind.property}' is missing")
    if keyword == "choice":
        return StructureViolation(node, "required", f"one of the fields {error.message} is missing")
    if keyword == "types":
        return StructureViolation(node, "type", f"{name_of(node)} must be {error.message}", True, _seen(node))
    if keyword == "type":
        wanted = " or ".join(WORDS.get(name, name) for name in sorted(kind.types))
        return StructureViolation(node, keyword, f"{name_of(node)} must be {wanted}", True, _seen(node))
    if keyword == "enum":
        options = ", ".join(short(option) for option in kind.options[:12])
        return StructureViolation(node, keyword, f"{short(node.value)} is none of the values {options}", True)
    if keyword == "options":
        return StructureViolation(
            node, "enum", f"{short(node.value)} is none of the values {error.message}", True
        )
    if keyword == "falseSchema":
        return StructureViolation(
            node, keyword, f"{name_of(node)} is not allowed beside the other fields of this object"
        )
    if keyword == "const":
        return StructureViolation(
            node, keyword, f"{name_of(node)} must be {short(kind.expected_value)}", True
        )
    if keyword == "not":
        return _excluded(node, kind.schema, error.because)
    if keyword == "format":
        return StructureViolation(node, keyword, f"{short(node.value)} is no valid {kind.format}", True)
    if keyword in ("pattern", "propertyNames"):
        return _misshapen(node, keyword, kind)
    if keyword == "uniqueItems":
        return StructureViolation(node, keyword, f"{name_of(node)} lists something twice")
    if keyword in ("oneOf", "anyOf", "contains"):
        return StructureViolation(node, keyword, f"{name_of(node)} mixes fields that exclude each other")
    if keyword in _BOUNDS or keyword in _COUNTS:
        return StructureViolation(node, keyword, f"{name_of(node)} needs {_limited(keyword, kind.limit)}")
    return StructureViolation(node, keyword, f"{name_of(node)} breaks '{keyword}': {error.message[:120]}")


def _limited(keyword: str, limit: Any) -> str:
    """What a bound asks for."""
    if keyword in _BOUNDS:
        return f"{_BOUNDS[keyword]} {limit}"
    bound, one, many = _COUNTS[keyword]
    return f"{bound} {limit} {one if limit == 1 else many}"


def _seen(node: Node) -> str:
    """What stands where another type is wanted."""
    if not node.exists:
        return ""
    return ", not a map" if node.is_map else ", not a list" if node.is_list else f", not {short(node.value)}"


def _excluded(node: Node, schema: Any, because: str | int) -> StructureViolation:
    names = schema.get("required") if isinstance(schema, dict) else None
    if isinstance(names, list) and names:
        every = quoted([because, *names] if because else names)
        alone = f"the field {every[0]} is not allowed here"
        problem = f"the fields {' and '.join(every)} exclude each other" if len(every) > 1 else alone
        return StructureViolation(node.get(str(names[-1])), "not", problem)
    return StructureViolation(node, "not", f"{name_of(node)} has a value or field that is not allowed here")


def _misshapen(node: Node, keyword: str, kind: Any) -> StructureViolation:
    if keyword == "propertyNames":
        inner = kind.error
        name = inner.instance if isinstance(inner.instance, str) else ""
        return StructureViolation(node.get(name), keyword, f"the name '{name}' is not allowed here")
    return StructureViolation(node, keyword, f"{short(node.value)} does not match {kind.pattern}", True)


def name_of(node: Node) -> str:
    """How a message calls an element."""
    named = [part for part in node.route if isinstance(part, str)]
    if not node.route:
        return "the document"
    return (
        f"'{node.route[-1]}'"
        if isinstance(node.route[-1], str)
        else f"an item of '{named[-1] if named else ''}'"
    )


def _node_at(root: Node, path: tuple[str | int, ...]) -> Node:
    """The element at a path of the validator, which writes the key ``200`` of a map as a number."""
    node = root
    for part in path:
        node = node.get(part) if node.is_list else node.get(str(part))
    return node
