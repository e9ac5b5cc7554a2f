"""Compares responses: which statuses there are, what they carry, and their headers."""

from __future__ import annotations

from archlint.comparison.openapi.bodies import compare_content
from archlint.comparison.openapi.changes import Containment
from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair, OperationPart
from archlint.comparison.openapi.element_changes import (
    RESPONSE,
    Happening,
    ResponseChanged,
    ResponseHeaderChanged,
    SerializationChanged,
)
from archlint.comparison.openapi.lifecycles import compare_lifecycles
from archlint.comparison.openapi.media import is_same
from archlint.comparison.openapi.plain_schemas import plain_schema
from archlint.documents import Node
from archlint.model.openapi import Direction, Response, never_has_body, reference_text


def compare_responses(contracts: ContractPair, pair: OperationPair) -> None:
    """Tell how the responses of an operation differ."""
    old, new = pair.base.responses, pair.revision.responses
    for status, response in old.items():
        other = new.get(status) or new.get(_range_of(status))
        if other is None:
            home = pair.revision.node.get("responses")
            _status(contracts, pair, Happening.REMOVED, status, (home.get(status), response.declared))
        elif _differ(contracts, response, other):
            if pair.revision.method != "HEAD" and not never_has_body(status):
                compare_content(contracts, pair, Direction.RESPONSE, response.body, other.body)
            _compare_headers(contracts, pair, response, other)
    successors = {_range_of(status) for status in old if status not in new}
    for status, response in new.items():
        if not {status, _range_of(status)} & old.keys() and status not in successors:
            _status(
                contracts, pair, Happening.ADDED, status, (response.declared, pair.base.node.get("responses"))
            )


def _differ(contracts: ContractPair, old: Response, new: Response) -> bool:
    """Whether there is something to compare: what a response of 2.0 is sent as stands elsewhere."""
    is_listed = contracts.base.is_v2 or contracts.revision.is_v2
    if is_listed and list(old.body.content) != list(new.body.content):
        return True
    return not contracts.sameness.same(old.declared, new.declared)


def _status(
    contracts: ContractPair, pair: OperationPair, what: Happening, status: str, places: tuple[Node, Node]
) -> None:
    change = ResponseChanged(
        at=places[0].place(),
        was=places[1].place(),
        about=pair.revision.object,
        where=pair.revision.object.name,
        realm=pair.realm,
        what=what,
        status=status,
    )
    contracts.report(change, pair.name, None)


def _compare_headers(contracts: ContractPair, pair: OperationPair, old: Response, new: Response) -> None:
    before = {name.lower(): (name, node) for name, node in old.headers()}
    after = {name.lower(): (name, node) for name, node in new.headers()}
    for key in {**before, **after}:
        if key == "content-type":
            continue
        if key not in after:
            name, declared = before[key]
            place = new.node.get("headers", name)
            required = _is_required(contracts.base.references.follow(declared).node)
            _header(contracts, pair, (Happening.REMOVED, name, required), (place, declared), new.node)
        elif key not in before:
            name, declared = after[key]
            required = _is_required(contracts.revision.references.follow(declared).node)
            home = old.node.get("headers")
            _header(contracts, pair, (Happening.ADDED, name, required), (declared, home), new.node)
        else:
            _compare_header(contracts, pair, after[key][0], (before[key][1], after[key][1]), new.node)


def _compare_header(
    contracts: ContractPair, pair: OperationPair, name: str, declared: tuple[Node, Node], response: Node
) -> None:
    old = contracts.base.references.follow(declared[0]).node
    new = contracts.revision.references.follow(declared[1]).node
    if not new.exists:
        return
    pair.add_schemas(contracts, _schema(old), _schema(new), OperationPart.HEADER)
    _compare_contents(contracts, pair, name, (old, new))
    words = (contracts.names.about(new), contracts.names.label(new))
    compare_lifecycles(contracts, pair, (old, new), words, parameter=name, location=RESPONSE)
    if _is_required(old) is not _is_required(new):
        what = Happening.REQUIRED if _is_required(new) else Happening.OPTIONAL
        places = (new.get("required"), old.get("required"))
        home = response if reference_text(declared[1]) is None else new
        _header(contracts, pair, (what, name, _is_required(new)), places, home)


def _compare_contents(
    contracts: ContractPair, pair: OperationPair, name: str, headers: tuple[Node, Node]
) -> None:
    """The media type of a header that has one in place of a schema."""
    contents = [next(iter(header.get("content").items()), None) for header in headers]
    old, new = contents
    if old is None or new is None:
        return
    if is_same(old[0], new[0]):
        schemas = old[1].get("schema"), new[1].get("schema")
        pair.add_schemas(contracts, *schemas, OperationPart.RESPONSE_BODY, is_named=False)
        return
    change = SerializationChanged(
        at=new[1].place(),
        was=old[1].place(),
        about=contracts.names.about(headers[1]),
        where=contracts.names.label(headers[1]),
        realm=pair.realm,
        direction=Direction.RESPONSE,
        name=name,
        location="response header",
        keyword="content",
        old=old[0],
        new=new[0],
        accepts=Containment.INCOMPARABLE,
    )
    contracts.report(change, pair.name, None)


def _header(
    contracts: ContractPair,
    pair: OperationPair,
    header: tuple[Happening, str, bool],
    places: tuple[Node, Node],
    home: Node,
) -> None:
    """``header``: what became of it, its name, and whether it is required."""
    what, name, is_required = header
    change = ResponseHeaderChanged(
        at=places[0].place(),
        was=places[1].place(),
        about=contracts.names.about(home),
        where=contracts.names.label(home),
        realm=pair.realm,
        what=what,
        name=name,
        is_required=is_required,
    )
    contracts.report(change, pair.name, None)


def _is_required(header: Node) -> bool:
    return header.get("required").value is True


def _schema(header: Node) -> Node:
    """The schema of a header; in 2.0 the header itself carries the keywords."""
    if header.get("schema").exists or not header.get("type").exists:
        return header.get("schema")
    return plain_schema(header)


def _range_of(status: str) -> str:
    return status[:1] + "XX"
