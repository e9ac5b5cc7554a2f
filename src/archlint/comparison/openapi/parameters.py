"""Compares the parameters of an operation: which there are, which must be sent, and how they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair, OperationPart
from archlint.comparison.openapi.element_changes import (
    Happening,
    ParameterChanged,
    ParameterDefaultChanged,
    Retired,
)
from archlint.comparison.openapi.lifecycles import compare_lifecycles
from archlint.comparison.openapi.media import ITEMS, compare_presence
from archlint.comparison.openapi.plain_schemas import plain_schema
from archlint.comparison.openapi.promises import is_stated_level, lifecycle_of, stability_of
from archlint.comparison.openapi.styles import (
    compare_styles,
    exploded_fields,
    is_array,
    is_exploded,
    may_be_array,
)
from archlint.documents import Node
from archlint.model.openapi import Contract, Direction, Operation, Parameter
from archlint.model.openapi.templates import parameter_names

_IGNORED_HEADERS = frozenset(("accept", "content-type", "authorization"))
"""Header parameters that the specification tells readers to ignore."""
FORM = "formData"
"""Form fields of version 2.0 are parameters; they are compared with bodies."""
_Key = tuple[str, str]


def compare_parameters(contracts: ContractPair, pair: OperationPair) -> None:
    """Tell of all parameters that differ."""
    old, new = _by_place(pair.base), _by_place(pair.revision)
    _match_exploded(contracts, pair, old, new)
    for key, parameter in old.items():
        if not _is_judged(contracts, parameter):
            new.pop(key, None)
            continue
        other = new.get(key)
        if other is None:
            _removed(contracts, pair, parameter)
        else:
            _compare(contracts, pair, parameter, other)
    for key, parameter in new.items():
        if key not in old:
            _added(contracts, pair, parameter)


def is_shared(operation: Operation, parameter: Parameter) -> bool:
    """Whether a parameter is declared for all operations of the path."""
    return parameter.declared.is_below(operation.item.get("parameters"))


def _is_judged(contracts: ContractPair, parameter: Parameter) -> bool:
    level = stability_of(parameter.node)
    return not is_stated_level(level) or contracts.terms.promises(level)


def _by_place(operation: Operation) -> dict[_Key, Parameter]:
    """Parameters by what identifies them for callers: for those of the path that is their position."""
    positions = {name: str(at) for at, name in enumerate(parameter_names(operation.item.template))}
    found: dict[_Key, Parameter] = {}
    for parameter in operation.parameters:
        name = parameter.name
        if parameter.location == FORM:
            continue
        if parameter.location == "header":
            name = name.lower()
            if name in _IGNORED_HEADERS:
                continue
        if parameter.location == "path":
            name = positions.get(name, name)
        found[parameter.location, name] = parameter
    return found


def _compare(contracts: ContractPair, pair: OperationPair, old: Parameter, new: Parameter) -> None:
    shared = is_shared(pair.base, old) or is_shared(pair.revision, new)
    if old.is_required is not new.is_required:
        _requirement(contracts, pair, old, new, is_shared=shared)
    nodes = (old.node, new.node)
    home = (contracts.names.about(new.node), contracts.names.label(new.node))
    names = {"parameter": new.name, "location": new.location}
    users = ((pair.base.node.place(), "an operation that has it"), (pair.revision.node.place(), "here still"))
    compare_lifecycles(contracts, pair, nodes, home, is_shared=shared, context=users, **names)
    if not old.is_required and not new.is_required:
        _compare_defaults(contracts, pair, old, new, shared)
    compare_styles(contracts, pair, old, new)
    _compare_schemas(contracts, pair, old, new, shared)


def _requirement(
    contracts: ContractPair, pair: OperationPair, old: Parameter, new: Parameter, *, is_shared: bool
) -> None:
    stated = new.node.get("required")
    change = ParameterChanged(
        at=stated.place(),
        was=old.node.get("required").place(),
        about=contracts.names.about(new.node),
        where=contracts.names.label(new.node),
        realm=pair.realm,
        is_shared=is_shared,
        what=Happening.REQUIRED if new.is_required else Happening.OPTIONAL,
        name=new.name,
        location=new.location,
        is_required=new.is_required,
    )
    contracts.report(change, pair.name, None)


def _added(contracts: ContractPair, pair: OperationPair, new: Parameter) -> None:
    home = pair.base.node.get("parameters")
    change = ParameterChanged(
        at=new.declared.value_place(),
        was=home.place() if home.exists else pair.base.node.place(),
        about=contracts.names.about(new.declared),
        where=contracts.names.label(new.declared),
        realm=pair.realm,
        is_shared=is_shared(pair.revision, new),
        what=Happening.ADDED,
        name=new.name,
        location=new.location,
        is_required=new.is_required,
    )
    contracts.report(change, pair.name, None)


def _removed(contracts: ContractPair, pair: OperationPair, old: Parameter) -> None:
    if old.location == "path":
        return
    home = pair.revision.node.get("parameters")
    shared = is_shared(pair.base, old)
    if shared:
        home = pair.revision.item.get("parameters")
    common: dict[str, Any] = {
        "at": home.place(),
        "was": old.declared.value_place(),
        "context": () if old.node is old.declared else ((old.node.place(), "defined here"),),
        "about": contracts.names.about(home),
        "where": contracts.names.label(pair.revision.item.key if shared else pair.revision.node),
        "realm": pair.realm,
        "is_shared": shared,
    }
    lifecycle = lifecycle_of(old.node)
    change = ParameterChanged(
        **common,
        what=Happening.REMOVED,
        name=old.name,
        location=old.location,
        is_required=old.is_required,
        lifecycle=lifecycle,
    )
    contracts.report(change, pair.name, None)
    if lifecycle.is_deprecated:
        retired = Retired(
            **common, kind="parameter", name=old.name, location=old.location, lifecycle=lifecycle
        )
        contracts.report(retired, pair.name, None)


def _compare_defaults(
    contracts: ContractPair, pair: OperationPair, old: Parameter, new: Parameter, shared: bool
) -> None:
    before, after = (
        _default(side.schema, part) for side, part in ((old, contracts.base), (new, contracts.revision))
    )
    if before.is_set is after.is_set and (not before.is_set or before.value == after.value):
        return
    change = ParameterDefaultChanged(
        at=(after if after.exists else new.node).place(),
        was=(before if before.exists else old.node).place(),
        about=contracts.names.about(new.node),
        where=contracts.names.label(new.node),
        realm=pair.realm,
        is_shared=shared or new.node.get("content").exists,
        name=new.name,
        location=new.location,
        old=_shown(before),
        new=_shown(after),
    )
    contracts.report(change, pair.name, None)


def _default(schema: Node, contract: Contract) -> Node:
    return contract.references.follow(schema).node.get("default")


def _shown(node: Node) -> str | None:
    return json.dumps(node.value, ensure_ascii=False, default=str) if node.is_set else None


def _compare_schemas(
    contracts: ContractPair, pair: OperationPair, old: Parameter, new: Parameter, shared: bool
) -> None:
    """The schemas of a parameter on both sides, if it is written in the same way in a request.

    A query parameter that became a list written as ``name=1&name=2`` takes what its items take.
    """
    contents = (old.node.get("content").exists, new.node.get("content").exists)
    if contents[0] is not contents[1]:
        return
    base, revision = _schema(contracts.base, old), _schema(contracts.revision, new)
    is_list = is_exploded(new) and is_array(revision, contracts.revision)
    is_listed = is_list and not may_be_array(base, contracts.base)
    if contents[0]:
        pair.add_schemas(contracts, base, revision, OperationPart.REQUEST_BODY, is_named=False)
        _compare_media(contracts, pair, old, new)
        return
    part = OperationPart.HEADER_PARAMETER if old.location == "header" else OperationPart.PARAMETER
    pair.add_schemas(contracts, base, revision, part, is_named=not shared, is_listed=is_listed)


def _compare_media(contracts: ContractPair, pair: OperationPair, old: Parameter, new: Parameter) -> None:
    """The rest of the media type in which a parameter is written; it has one at most."""
    medias = [node for side in (old, new) for _, node in side.node.get("content").items()][:2]
    if len(medias) < 2:
        return
    for keyword in ("schema", ITEMS):
        nodes = (medias[0].get(keyword), medias[1].get(keyword))
        compare_presence(contracts, pair, Direction.REQUEST, nodes, keyword)
        if keyword == ITEMS:
            pair.add_schemas(contracts, *nodes, OperationPart.REQUEST_BODY, is_named=False)


def _schema(contract: Contract, parameter: Parameter) -> Node:
    return plain_schema(parameter.schema) if contract.is_v2 else parameter.schema


# parameters that are gathered in an object, which is written as its members


def _match_exploded(
    contracts: ContractPair, pair: OperationPair, old: dict[_Key, Parameter], new: dict[_Key, Parameter]
) -> None:
    """Take out the parameters that are now members of an object that is written as ``a=1&b=2``, or that
    were; their schemas are compared with those of the members."""
    for one, other, contract, is_old in (
        (old, new, contracts.revision, True),
        (new, old, contracts.base, False),
    ):
        for key, gathered in _gathered(one, other):
            fields = exploded_fields(gathered, contract)
            matched = [name for name in fields if (gathered.location, name) in one]
            if not matched:
                continue
            del other[key]
            for name in matched:
                single = one.pop((gathered.location, name))
                pairs = (single.schema, fields[name]) if is_old else (fields[name], single.schema)
                pair.add_schemas(contracts, *pairs, OperationPart.PARAMETER)


def _gathered(one: dict[_Key, Parameter], other: dict[_Key, Parameter]) -> Iterator[tuple[_Key, Parameter]]:
    for key, parameter in list(other.items()):
        if key not in one and parameter.location in ("query", "cookie"):
            yield key, parameter
