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

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_SCHEMA_DIALECTS = (
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.2/dialect/",
)
_SELECTORS = frozenset({"in", "type", "style", "scheme", "flow"})
"""Keys whose value decides which form of an object is meant."""
MISPLACED = "$ref"
"""The keyword of violations that are references where none may stand."""
_ENOUGH = 1000
"""Errors that are looked at; a document with more has one cause that hides behind them."""
_WORDS = {
    "object": "a map",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
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
_WRITTEN = {"None": "null", "True": "true", "False": "false"}
_COUNTS = {
    "minProperties": "a number of entries of at least",
    "maxProperties": "a number of entries of at most",
    "minItems": "a number of items of at least",
    "maxItems": "a number of items of at most",
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
    try:
        errors = list(islice(judge.iter_errors(contract.root.value), _ENOUGH))
    except (ValueError, TypeError, OverflowError):
        return []  # text that is no Unicode, which has no JSON form to validate
    leaves = [error for error in _leaves(errors) if not _is_about_pattern(error)]
    if not leaves:
        return []
    found: dict[tuple[Route, str], StructureViolation] = {}
    for violation in _explain(contract.root, leaves, known_keys(contract.dialect)):
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
    for error in _leaves(errors):
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


def _unexpected(node: Node, error: _Error) -> list[str]:
    """The members that a schema shuts out, also one that has none at all."""
    if error.keyword in ("additionalProperties", "unevaluatedProperties"):
        return list(error.kind.unexpected)
    is_closed = error.keyword == "falseSchema" and error.stated == "additionalProperties"
    return [name for name, _ in node.items()] if is_closed else []


def _uses_standard_schemas(contract: Contract) -> bool:
    """Whether Schema Objects are written in the dialect that their version has by default."""
    stated = contract.root.get("jsonSchemaDialect")
    return not stated.exists or (stated.text or "").startswith(_SCHEMA_DIALECTS)


@dataclass(frozen=True, slots=True)
class _Error:
    """An error with nothing below it."""

    at: tuple[str | int, ...]
    keyword: str
    kind: Any
    message: str
    is_conditional: bool = False
    """Whether it is demanded only if a selector has some value."""
    stated: str | int = ""
    """The last step to what demands it."""


def _leaves(errors: Iterable[ValidationError]) -> list[_Error]:
    """The errors with every choice between forms narrowed down to the form that was most likely meant."""
    found: list[_Error] = []
    for error in errors:
        at, kind = tuple(error.instance_path), _kind(error)
        if kind.name in ("oneOf", "anyOf") and any(kind.context):
            found.extend(_of_branches(at, kind.name, [_leaves(branch) for branch in kind.context], error))
        else:
            is_conditional = not {"then", "else"}.isdisjoint(error.schema_path)
            stated = error.schema_path[-1] if error.schema_path else ""
            found.append(_Error(at, kind.name, kind, error.message, is_conditional, stated))
    return _without_echoes(found)


def _is_about_pattern(error: _Error) -> bool:
    """Whether a regular expression is refused: the engine reads fewer than ECMA-262 allows, so rules about
    patterns judge them."""
    return error.keyword == "format" and error.kind.format == "regex"


def _kind(error: ValidationError) -> Any:
    """What the error is about; each kind has attributes of its own."""
    return error.kind


def _without_echoes(errors: list[_Error]) -> list[_Error]:
    """Leave out what only follows from a wrong type, or from a missing field that would select the form."""
    mistyped = {e.at for e in errors if e.keyword in ("type", "types")}
    lacking = mistyped | {e.at for e in errors if e.keyword == "required"}
    unselected = _unselected(errors)
    explained = {e.at for e in errors if e.keyword != "not"}
    return [
        e
        for e in errors
        if not (e.at in mistyped and e.keyword not in ("type", "types"))
        and not (e.at in unselected and e.is_conditional)
        and not (e.at in lacking and e.keyword == "oneOf")
        and not (e.at in explained and e.keyword == "not" and not _names_fields(e))
    ]


def _unselected(errors: list[_Error]) -> set[tuple[str | int, ...]]:
    """Where the field is missing that says which form is meant, so that all else in it is a guess."""
    return {e.at for e in errors if e.keyword == "required" and e.kind.property in _SELECTORS}


def _of_branches(
    at: tuple[str | int, ...], keyword: str, branches: list[list[_Error]], error: ValidationError
) -> list[_Error]:
    tried = [branch for branch in branches if branch]
    if len(tried) < len(branches):  # some forms fit: too many of them
        return [_Error(at, keyword, error.kind, error.message)]
    forms = [branch for branch in tried if not _is_reference(branch, at)] or tried
    if len(forms) > 1 and all(_lacks_one(branch, at) for branch in forms):
        names = list(dict.fromkeys(branch[0].kind.property for branch in forms))
        return [_Error(at, "choice", None, " or ".join(quoted(names)))]
    if len(forms) > 1 and all(_is_wrong_type(branch, at) for branch in forms):
        types = [name for branch in forms for name in branch[0].kind.types]
        wanted = " or ".join(_WORDS.get(name, name) for name in dict.fromkeys(types))
        return [_Error(at, "types", None, wanted)]
    if len(forms) > 1 and (selected := _wrong_selector(forms, at)) is not None:
        return [selected]
    return min(forms, key=lambda branch: _distance(branch, at))


def _names_fields(error: _Error) -> bool:
    schema = error.kind.schema
    return isinstance(schema, dict) and bool(schema.get("required"))


def _wrong_selector(forms: list[list[_Error]], at: tuple[str | int, ...]) -> _Error | None:
    """The one error that all forms share: a selector with a value that none of them has."""
    wrong = [next((e for e in form if _is_selector(e, at) and e.keyword == "enum"), None) for form in forms]
    shared = [e for e in wrong if e is not None]
    if len(shared) < len(forms) or len({e.at for e in shared}) != 1:
        return None
    options = dict.fromkeys(_short(option) for e in shared for option in e.kind.options)
    return _Error(shared[0].at, "options", None, ", ".join(options))


def _is_selector(error: _Error, at: tuple[str | int, ...]) -> bool:
    return len(error.at) == len(at) + 1 and error.at[-1] in _SELECTORS


def _is_reference(branch: list[_Error], at: tuple[str | int, ...]) -> bool:
    return any(e.at == at and e.keyword == "required" and e.kind.property == "$ref" for e in branch)


def _lacks_one(branch: list[_Error], at: tuple[str | int, ...]) -> bool:
    return len(branch) == 1 and branch[0].at == at and branch[0].keyword == "required"


def _is_wrong_type(branch: list[_Error], at: tuple[str | int, ...]) -> bool:
    return len(branch) == 1 and branch[0].at == at and branch[0].keyword == "type"


def _distance(branch: list[_Error], at: tuple[str | int, ...]) -> tuple[int, int, int]:
    """How far the instance is from a form: wrong selectors first, then errors at its top, then all."""
    selectors = sum(_is_selector(e, at) and e.keyword in ("enum", "const") for e in branch)
    wrong_type = sum(e.at == at and e.keyword == "type" for e in branch)
    top = sum(e.at == at for e in branch)
    return selectors + wrong_type, top, len(branch)


def _explain(root: Node, errors: list[_Error], known: frozenset[str]) -> Iterator[StructureViolation]:
    misplaced = {e.at: _node_at(root, e.at) for e in errors}
    misplaced = {at: node for at, node in misplaced.items() if reference_text(node) is not None}
    for node in misplaced.values():
        yield StructureViolation(node.get("$ref"), MISPLACED, "no reference is allowed in this place")
    errors = [
        e for e in errors if e.at not in misplaced and not (e.at[-1:] == ("$ref",) and e.at[:-1] in misplaced)
    ]
    others = {e.at for e in errors if e.keyword != "unevaluatedProperties"}
    unselected = _unselected(errors)
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


def _plain(node: Node, error: _Error) -> StructureViolation:
    keyword, kind = error.keyword, error.kind
    if keyword == "required":
        return StructureViolation(node, keyword, f"the field '{kind.property}' is missing")
    if keyword == "choice":
        return StructureViolation(node, "required", f"one of the fields {error.message} is missing")
    if keyword == "types":
        return StructureViolation(node, "type", f"{name_of(node)} must be {error.message}", True, _seen(node))
    if keyword == "type":
        wanted = " or ".join(_WORDS.get(name, name) for name in sorted(kind.types))
        return StructureViolation(node, keyword, f"{name_of(node)} must be {wanted}", True, _seen(node))
    if keyword == "enum":
        options = ", ".join(_short(option) for option in kind.options[:12])
        return StructureViolation(
            node, keyword, f"{_short(node.value)} is none of the values {options}", True
        )
    if keyword == "options":
        return StructureViolation(
            node, "enum", f"{_short(node.value)} is none of the values {error.message}", True
        )
    if keyword == "falseSchema":
        return StructureViolation(
            node, keyword, f"{name_of(node)} is not allowed beside the other fields of this object"
        )
    if keyword == "const":
        return StructureViolation(
            node, keyword, f"{name_of(node)} must be {_short(kind.expected_value)}", True
        )
    if keyword == "not":
        return _excluded(node, kind.schema)
    if keyword == "format":
        return StructureViolation(node, keyword, f"{_short(node.value)} is no valid {kind.format}", True)
    if keyword in ("pattern", "propertyNames"):
        return _misshapen(node, keyword, kind)
    if keyword == "uniqueItems":
        return StructureViolation(node, keyword, f"{name_of(node)} lists something twice")
    if keyword in ("oneOf", "anyOf", "contains"):
        return StructureViolation(node, keyword, f"{name_of(node)} mixes fields that exclude each other")
    if keyword in _COUNTS:
        return StructureViolation(node, keyword, f"{name_of(node)} needs {_COUNTS[keyword]} {kind.limit}")
    return StructureViolation(node, keyword, f"{name_of(node)} breaks '{keyword}': {error.message[:120]}")


def _seen(node: Node) -> str:
    """What stands where another type is wanted."""
    if not node.exists:
        return ""
    return ", not a map" if node.is_map else ", not a list" if node.is_list else f", not {_short(node.value)}"


def _excluded(node: Node, schema: Any) -> StructureViolation:
    names = schema.get("required") if isinstance(schema, dict) else None
    if isinstance(names, list) and names:
        both = " and ".join(quoted(names))
        return StructureViolation(node.get(str(names[-1])), "not", f"the fields {both} exclude each other")
    return StructureViolation(node, "not", f"{name_of(node)} has a value or field that is not allowed here")


def _misshapen(node: Node, keyword: str, kind: Any) -> StructureViolation:
    if keyword == "propertyNames":
        inner = kind.error
        name = inner.instance if isinstance(inner.instance, str) else ""
        return StructureViolation(node.get(name), keyword, f"the name '{name}' is not allowed here")
    return StructureViolation(node, keyword, f"{_short(node.value)} does not match {kind.pattern}", True)


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


def _short(value: Any) -> str:
    text = f"'{value}'" if isinstance(value, str) else _WRITTEN.get(str(value), str(value))
    return text if len(text) <= 60 else text[:57] + "..."


def _node_at(root: Node, path: tuple[str | int, ...]) -> Node:
    """The element at a path of the validator, which writes the key ``200`` of a map as a number."""
    node = root
    for part in path:
        node = node.get(part) if node.is_list else node.get(str(part))
    return node
