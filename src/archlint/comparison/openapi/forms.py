"""Compares the form fields of version 2.0, which are parameters, with each other and with the properties
that they are in later versions."""

from __future__ import annotations

from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair, OperationPart
from archlint.comparison.openapi.element_changes import Happening, ParameterChanged, RequestBodyChanged
from archlint.comparison.openapi.media import is_form
from archlint.comparison.openapi.plain_schemas import is_binary, plain_schema
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, Dialect, Operation

FORM = "formData"
_FIELD = "form"
"""How messages call the location."""


@dataclass(frozen=True)
class _Field:
    declared: Node
    schema: Node
    is_required: bool
    is_file: bool


def has_form(operation: Operation) -> bool:
    """Whether the body is made of form fields of version 2.0."""
    is_v2 = operation.contract.dialect is Dialect.V2_0
    return is_v2 and any(parameter.location == FORM for parameter in operation.parameters)


def compare_forms(contracts: ContractPair, pair: OperationPair) -> None:
    """Tell how the fields of two forms differ; at least one of them is of version 2.0."""
    old, new = _fields(pair.base), _fields(pair.revision)
    if old is None or new is None:
        _body(contracts, pair, pair.base if new is None else pair.revision, is_new=old is None)
        return
    home = pair.revision.node.get("parameters" if has_form(pair.revision) else "requestBody")
    for name, field in old.items():
        other = new.get(name)
        if other is None:
            _tell(contracts, pair, Happening.REMOVED, (name, field.is_required), (home, field.declared))
            continue
        places = (other.declared, field.declared)
        if field.is_required is not other.is_required:
            what = Happening.REQUIRED if other.is_required else Happening.OPTIONAL
            _tell(contracts, pair, what, (name, other.is_required), places)
        if not (field.is_file and other.is_file):
            schemas = (plain_schema(field.schema), plain_schema(other.schema))
            pair.add_schemas(contracts, *schemas, OperationPart.PARAMETER, is_named=False)
    for name, field in new.items():
        if name not in old:
            was = pair.base.node
            _tell(contracts, pair, Happening.ADDED, (name, field.is_required), (field.declared, was))


def _fields(operation: Operation) -> dict[str, _Field] | None:
    """The fields of a form by name; ``None`` if the operation takes no form."""
    if has_form(operation):
        return {
            parameter.name: _Field(
                parameter.declared,
                parameter.node,
                parameter.is_required,
                parameter.node.get("type").text == "file",
            )
            for parameter in operation.parameters
            if parameter.location == FORM
        }
    body = operation.request_body
    if body is None:
        return None
    schema = next((schema for name, schema in body.content.items() if is_form(name)), None)
    return None if schema is None else _properties(operation.contract, schema)


def _properties(contract: Contract, declared: Node) -> dict[str, _Field]:
    schema = contract.references.follow(declared).node
    required = {item.text for item in schema.get("required").elements()}
    return {
        name: _Field(node, node, name in required, is_binary(contract.references.follow(node).node))
        for name, node in schema.get("properties").items()
    }


def _body(contracts: ContractPair, pair: OperationPair, operation: Operation, *, is_new: bool) -> None:
    fields = _fields(operation) or {}
    place = next((field.declared for field in fields.values()), operation.node)
    name = contracts.names.label(pair.revision.node)
    change = RequestBodyChanged(
        at=(place if is_new else pair.revision.node).place(),
        was=(pair.base.node if is_new else place).place(),
        about=pair.revision.object,
        where=f"the form of {name}" if is_new else name,
        realm=pair.realm,
        what=Happening.ADDED if is_new else Happening.REMOVED,
        is_required=any(field.is_required for field in fields.values()),
    )
    contracts.report(change, pair.name, None)


def _tell(
    contracts: ContractPair,
    pair: OperationPair,
    what: Happening,
    field: tuple[str, bool],
    places: tuple[Node, Node],
) -> None:
    """``field``: its name, and whether it is required."""
    name, is_required = field
    change = ParameterChanged(
        at=places[0].place(),
        was=places[1].place(),
        about=contracts.names.about(places[0]),
        where=contracts.names.label(places[0]),
        realm=pair.realm,
        what=what,
        name=name,
        location=_FIELD,
        is_required=is_required,
    )
    contracts.report(change, pair.name, None)
