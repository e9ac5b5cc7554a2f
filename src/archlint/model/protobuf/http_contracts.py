"""Methods of protos that are called over HTTP, held against the OpenAPI document of the same service.

A proto says with ``google.api.http`` under which path a gateway offers a method, and an OpenAPI document,
written by hand or once generated, says it again. Which one is a service's is told by what both agree on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from archlint.documents.proto import ProtoFile
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi import Contract, Operation, operations_of
from archlint.model.openapi.templates import anonymous, is_version, segments
from archlint.model.protobuf.annotations import HttpBinding, http_bindings, knows_annotations
from archlint.model.protobuf.schemas import ProtoService, Rpc, schemas
from archlint.model.world import World

_SIGN = "google.api.http"
_AGREED = 0.5
"""The share of a service's calls that a document has, from which on it is that service's."""
_ONE_SERVER = 2
"""The number of base paths, with none, where all servers have one."""
_VARIABLE = regex(r"\{[^{}=]*(?:=(?P<pattern>[^{}]*))?\}")
_STARS = regex(r"\*\*?")

Call = tuple[str, str]
"""A verb in upper case, and a path without the names of its parameters."""


@dataclass(frozen=True)
class HttpContradiction:
    """A method that an OpenAPI document offers under another path, or with another verb."""

    service: ProtoService
    rpc: Rpc
    binding: HttpBinding
    operation: Operation
    described: str
    """The path of the operation, below that of its server."""

    @classmethod
    def all(cls, world: World) -> Iterable[HttpContradiction]:
        """Every one, by service."""
        return world.fact(_contradictions)

    @property
    def source(self) -> ProtoFile:
        """The file of the method."""
        return self.rpc.source

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return self.service.object

    @property
    def through(self) -> tuple[str, ...]:
        """It is about the document as well."""
        return (self.operation.source.path,)


def _contradictions(world: World) -> tuple[HttpContradiction, ...]:
    if not world.paths(Kind.PROTO):
        return ()
    services = [
        service
        for schema in world.reading(schemas)
        if _SIGN in schema.source.text and knows_annotations(schema.source)
        for service in schema.services
    ]
    documents = [_Document(contract) for contract in world.all(Contract)] if services else []
    return tuple(found for service in services for found in _of_service(service, documents))


class _Document:
    """The calls that an OpenAPI document offers."""

    def __init__(self, contract: Contract) -> None:
        self.operations = tuple(operations_of(contract.path_items))
        self.bases = {"", *(base.rstrip("/") for _, base in contract.base_paths)}
        self.calls: dict[Call, Operation] = {}
        self.by_id: dict[str, list[Operation]] = defaultdict(list)
        for operation in self.operations:
            self.by_id[_plain(operation.operation_id.text or "")].append(operation)
            for call in self.calls_of(operation):
                self.calls[call] = operation

    def path_of(self, operation: Operation) -> str:
        """The path of an operation, with that of the server if it is the only one."""
        return (max(self.bases) if len(self.bases) <= _ONE_SERVER else "") + operation.item.template

    def calls_of(self, operation: Operation) -> Iterator[Call]:
        """An operation as it is called, below each base path."""
        for base in self.bases:
            yield operation.method, anonymous(base + operation.item.template)


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _calls(binding: HttpBinding) -> Iterator[Call]:
    """A binding as documents write it: a variable for several segments is one parameter, or one each."""
    verb = binding.verb.upper()
    yield verb, _VARIABLE.sub("{}", binding.path)
    yield verb, _VARIABLE.sub(lambda match: _STARS.sub("{}", match["pattern"] or "*"), binding.path)


def _of_service(service: ProtoService, documents: Sequence[_Document]) -> Iterator[HttpContradiction]:
    bound = [(rpc, bindings) for rpc in service.rpcs if (bindings := http_bindings(rpc))]
    calls = {rpc.name: {call for item in bindings for call in _calls(item)} for rpc, bindings in bound}
    told = {
        name for name, own in calls.items() if any(call in item.calls for item in documents for call in own)
    }
    for document in documents if bound else ():
        met = [name for name, own in calls.items() if not own.isdisjoint(document.calls)]
        is_its_own = len(met) > 1 and len(met) >= _AGREED * len(bound)
        taken = {id(document.calls[call]) for own in calls.values() for call in own if call in document.calls}
        for rpc, bindings in bound:
            if rpc.name in told:
                continue
            found: Sequence[Operation] = document.by_id.get(_plain(f"{service.name}{rpc.name}"), ())
            if is_its_own and not found:
                found = document.by_id.get(_plain(rpc.name), ()) or _near(bindings[0], document)
            left = [operation for operation in found if id(operation) not in taken]
            if len(left) == 1 and _version(bindings[0].path) in {"", _version(document.path_of(left[0]))}:
                told.add(rpc.name)
                yield HttpContradiction(service, rpc, bindings[0], left[0], document.path_of(left[0]))


def _version(path: str) -> str:
    """The version in a path; methods of another version are described in another document."""
    return next(filter(is_version, segments(path)), "")


def _near(binding: HttpBinding, document: _Document) -> Sequence[Operation]:
    """Operations with the same verb whose path has one other word, or with the same path and another verb."""
    wanted = set(_calls(binding))
    return [
        operation
        for operation in document.operations
        if any(_is_near(one, other) for one in document.calls_of(operation) for other in wanted)
    ]


def _is_near(one: Call, other: Call) -> bool:
    if one[0] != other[0]:
        return one[1] == other[1]
    pairs = list(zip_longest(one[1].split("/"), other[1].split("/"), fillvalue=""))
    apart = [pair for pair in pairs if pair[0] != pair[1]]
    return len(apart) == 1 and _is_slip(*apart[0])


def _is_slip(one: str, other: str) -> bool:
    """Whether two words are one in singular and plural, or written with other letters for a blank."""
    words = sorted((_plain(one), _plain(other)), key=len)
    return "{" not in one + other and (words[0] == words[1] or words[1] in (f"{words[0]}s", f"{words[0]}es"))
