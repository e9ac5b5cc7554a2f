"""Operations of a contract with what is in force for them: parameters, body, responses, security."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, OperationName
from archlint.finding.records import dataclass
from archlint.model.openapi.contracts import Contract, Dialect, PathItem
from archlint.model.world import World


class Direction(StrEnum):
    """Who sends: the caller a request, the provider a response; what the provider calls (webhooks, callbacks)
    is the other way round."""

    REQUEST = "request"
    RESPONSE = "response"


HIDDEN = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}
"""The flag of values that are not sent in a direction."""


def value_schema(node: Node) -> Node:
    """The schema of the value of a parameter or header, that of its media type where it has one; in 2.0 it
    carries the keywords itself."""
    if node.get("schema").exists:
        return node.get("schema")
    for _, media in node.get("content").items():
        return media.get("schema")
    return node if node.get("type").exists else node.get("schema")


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter as it is defined; ``declared`` is where the operation or path lists it."""

    declared: Node
    node: Node
    name: str
    location: str
    """``path``, ``query``, ``header``, ``cookie``, ``querystring``; in 2.0 also ``formData``."""

    @property
    def is_required(self) -> bool:
        """Whether a request without it is wrong; path parameters always are required."""
        return self.location == "path" or self.node.get("required").value is True

    @cached_property
    def schema(self) -> Node:
        """The schema of the value."""
        return value_schema(self.node)


@dataclass(frozen=True, eq=False)
class Body:
    """What a request or response carries: a schema for each media type."""

    declared: Node
    node: Node
    is_required: bool
    content: dict[str, Node]
    """The schema of each media type; a missing node where none is given."""


_WITHOUT_BODY = frozenset(("204", "205", "304"))


def never_has_body(status: str) -> bool:
    """Whether HTTP gives responses of a status no body, whatever a contract says."""
    return status in _WITHOUT_BODY or status.startswith("1")


@dataclass(frozen=True, eq=False)
class Response:
    """A response; ``declared`` is its entry below ``responses``."""

    declared: Node
    node: Node
    status: str
    body: Body

    def headers(self) -> Iterator[tuple[str, Node]]:
        """The declared headers by name as written."""
        yield from self.node.get("headers").items()


@dataclass(frozen=True, eq=False)
class Operation:
    """A method of a path."""

    item: PathItem
    method: str
    node: Node

    @classmethod
    def all(cls, world: World) -> Iterable[Operation]:
        """Every operation of every contract; webhooks are not among them."""
        for contract in world.all(Contract):
            yield from operations_of(contract.path_items)

    @property
    def contract(self) -> Contract:
        """The contract that offers the operation."""
        return self.item.contract

    @property
    def source(self) -> Document:
        """The document that defines the operation, which may be another than the contract's."""
        return self.node.document

    @property
    def through(self) -> tuple[str, ...]:
        """The contract, as the operation may stand in another file."""
        return (self.contract.document.path,)

    @cached_property
    def object(self) -> ObjectRef:
        """The operation under method and path."""
        return ObjectRef("Operation", f"{self.method} {self.item.template}")

    @property
    def name(self) -> OperationName:
        """Method and path as reports print them."""
        return OperationName(self.method, self.item.template)

    @property
    def operation_id(self) -> Node:
        """The ``operationId``, which may be missing."""
        return self.node.get("operationId")

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of the path and the operation; the operation's replace those of the path."""
        found: dict[tuple[str, str], Parameter] = {}
        for declared in (
            *self.item.get("parameters").elements(),
            *self.node.get("parameters").elements(),
        ):
            node = self.contract.references.follow(declared).node
            name, location = node.get("name").text, node.get("in").text
            if name is not None and location is not None and location != "body":
                found[location, name] = Parameter(declared, node, name, location)
        return tuple(found.values())

    @cached_property
    def request_body(self) -> Body | None:
        """The request body; of a 2.0 operation its ``body`` parameter. Form fields of 2.0 are parameters."""
        if self.contract.dialect is Dialect.V2_0:
            return self._body_parameter()
        declared = self.node.get("requestBody")
        node = self.contract.references.follow(declared).node
        if not node.is_map:
            return None
        content = {name: media.get("schema") for name, media in self._media(node)}
        return Body(declared, node, node.get("required").value is True, content)

    def _body_parameter(self) -> Body | None:
        for declared in (
            *self.node.get("parameters").elements(),
            *self.item.get("parameters").elements(),
        ):
            node = self.contract.references.follow(declared).node
            if node.get("in").text == "body":
                content = {name: node.get("schema") for name in self._media_names("consumes")}
                return Body(declared, node, node.get("required").value is True, content)
        return None

    def response_for(self, *statuses: int) -> Response | None:
        """What is declared for the first of some statuses that has a response of its own or of its range;
        else the default."""
        known = {name.upper(): response for name, response in self.responses.items()}
        for status in statuses:
            for name in (str(status), f"{status // 100}XX"):
                if name in known:
                    return known[name]
        return known.get("DEFAULT") if statuses else None

    @cached_property
    def responses(self) -> dict[str, Response]:
        """The responses by status code, range (such as ``4XX``) or ``default``."""
        found: dict[str, Response] = {}
        for status, declared in self.node.get("responses").items():
            if status.startswith("x-"):
                continue
            node = self.contract.references.follow(declared).node
            if self.contract.dialect is Dialect.V2_0:
                schema = node.get("schema")
                content = dict.fromkeys(self._media_names("produces"), schema) if schema.exists else {}
            else:
                content = {name: media.get("schema") for name, media in self._media(node)}
            found[status] = Response(declared, node, status, Body(declared, node, False, content))
        return found

    def _media(self, node: Node) -> Iterator[tuple[str, Node]]:
        for name, media in node.get("content").items():
            yield name, self.contract.references.follow(media).node

    def _media_names(self, key: str) -> list[str]:
        """``consumes`` or ``produces`` of a 2.0 operation, else of the document; JSON if neither says it."""
        own = self.node.get(key)
        stated = own if own.is_list else self.contract.root.get(key)
        return [item.text for item in stated.elements() if item.text is not None] or ["application/json"]

    @property
    def security(self) -> Node:
        """The requirements in force: the operation's own, else the document's; may be missing."""
        own = self.node.get("security")
        return own if own.exists else self.contract.root.get("security")


def operations_of(items: Iterable[PathItem]) -> Iterator[Operation]:
    """The operations of some paths, the same objects whenever they are asked for."""
    for item in items:
        yield from item.contract.references.world.fact(_Known)[item]


class _Known(dict[PathItem, tuple[Operation, ...]]):
    """The operations of each path of a world, as dozens of rules walk through all of them."""

    def __init__(self, world: World) -> None:
        super().__init__()

    def __missing__(self, item: PathItem) -> tuple[Operation, ...]:
        self[item] = tuple(Operation(item, method, node) for method, node in item.operation_nodes())
        return self[item]
