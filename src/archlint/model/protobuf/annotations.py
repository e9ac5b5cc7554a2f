"""What Google's annotations say of methods, messages and fields.

``google.api.http`` says how a method is called over HTTP, ``google.api.resource`` what a message is a
resource of, ``google.api.field_behavior`` which fields a caller must or cannot set, and so on. They are
options that extend the compiler's own, by the numbers of ``google/api/*.proto`` and
``google/longrunning/operations.proto`` of https://github.com/googleapis/googleapis.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from archlint.documents.proto import ProtoFile
from archlint.documents.proto.wire import WireMessage
from archlint.finding.records import dataclass
from archlint.model.protobuf.fields import Field
from archlint.model.protobuf.schemas import Message, ProtoSchema, Rpc

HTTP, SIGNATURE, OPERATION_INFO = 72295728, 1051, 1049
RESOURCE, RESOURCE_DEFINITION = 1053, 1053
FIELD_BEHAVIOR, RESOURCE_REFERENCE, FIELD_INFO = 1052, 1055, 291403980

_GOOGLES = ("google.api.", "google.longrunning.")
"""The packages of the annotations."""
_VERBS: Mapping[int, str] = {2: "get", 3: "put", 4: "post", 5: "delete", 6: "patch"}
_BODY, _CUSTOM, _MORE, _RESPONSE_BODY = 7, 8, 11, 12


class FieldBehavior(IntEnum):
    """The values of ``google.api.FieldBehavior``."""

    OPTIONAL = 1
    REQUIRED = 2
    OUTPUT_ONLY = 3
    INPUT_ONLY = 4
    IMMUTABLE = 5
    UNORDERED_LIST = 6
    NON_EMPTY_DEFAULT = 7
    IDENTIFIER = 8


class FieldFormat(IntEnum):
    """The values of ``Format`` in ``google.api.FieldInfo``."""

    UUID4 = 1
    IPV4 = 2
    IPV6 = 3
    IPV4_OR_IPV6 = 4


@dataclass(frozen=True, slots=True)
class HttpBinding:
    """One way to call a method over HTTP."""

    verb: str
    """In lower case: ``get``, ``put``, ``post``, ``delete``, ``patch``, or the kind of a custom pattern."""
    path: str
    body: str = ""
    """Which field of the request is the body: its name, ``*`` for all that the path does not name."""
    response_body: str = ""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """What a ``google.api.ResourceDescriptor`` says."""

    type: str
    patterns: tuple[str, ...] = ()
    name_field: str = "name"
    """The field with the name of the resource."""
    plural: str = ""
    singular: str = ""
    is_declarative: bool = False
    """Whether its style is ``DECLARATIVE_FRIENDLY``."""

    @property
    def may_be_at_top(self) -> bool:
        """Whether a pattern of its names has one id, so that no other resource is its parent."""
        return any(pattern.count("{") == 1 for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class ResourceReference:
    """Of which type the resource is that a field names, or of which type its children are."""

    type: str = ""
    child_type: str = ""


@dataclass(frozen=True, slots=True)
class OperationInfo:
    """What a long-running operation gives at its end and on its way, by name."""

    response_type: str = ""
    metadata_type: str = ""


def http_bindings(rpc: Rpc) -> tuple[HttpBinding, ...]:
    """All ways to call a method over HTTP, the additional ones last; none without the annotation."""
    rule = rpc.source.said(rpc.route).message(HTTP)
    if rule is None:
        return ()
    more = map(WireMessage, rule.parts(_MORE))  # which have none of their own
    return tuple(map(_binding, (rule, *more)))


def _binding(rule: WireMessage) -> HttpBinding:
    verb, path = "", ""
    for number, name in _VERBS.items():
        if rule.has(number):
            verb, path = name, rule.text(number)
    custom = rule.message(_CUSTOM)
    if custom is not None:
        verb, path = custom.text(1).lower(), custom.text(2)
    return HttpBinding(verb, path, rule.text(_BODY), rule.text(_RESPONSE_BODY))


def method_signatures(rpc: Rpc) -> tuple[str, ...]:
    """The lists of fields that clients offer as parameters of a method."""
    return rpc.source.said(rpc.route).texts(SIGNATURE)


def operation_info(rpc: Rpc) -> OperationInfo | None:
    """What a long-running operation gives, as the method says."""
    info = rpc.source.said(rpc.route).message(OPERATION_INFO)
    return None if info is None else OperationInfo(info.text(1), info.text(2))


def resource_of(message: Message) -> ResourceType | None:
    """The type of resource that a message is."""
    said = message.source.said(message.route).message(RESOURCE)
    return None if said is None else _resource(said)


def defined_resources(schema: ProtoSchema) -> tuple[ResourceType, ...]:
    """The types of resource that a file defines without a message."""
    return tuple(map(_resource, map(WireMessage, schema.source.said(()).parts(RESOURCE_DEFINITION))))


def _resource(said: WireMessage) -> ResourceType:
    return ResourceType(
        type=said.text(1),
        patterns=said.texts(2),
        name_field=said.text(3) or "name",
        plural=said.text(5),
        singular=said.text(6),
        is_declarative=1 in said.numbers(10),
    )


def reference_of(field: Field) -> ResourceReference | None:
    """Which resource a field names."""
    said = field.source.said(field.route).message(RESOURCE_REFERENCE)
    return None if said is None else ResourceReference(said.text(1), said.text(2))


def behaviors_of(field: Field) -> frozenset[int]:
    """Which field behaviours a field is annotated with, by number."""
    return frozenset(field.source.said(field.route).numbers(FIELD_BEHAVIOR))


def format_of(field: Field) -> int:
    """The format of a field by ``google.api.field_info``, by number; 0 if none is said."""
    said = field.source.said(field.route).message(FIELD_INFO)
    return 0 if said is None else (said.numbers(1) or [0])[-1]


def knows_annotations(source: ProtoFile) -> bool:
    """Whether all annotations that a file sets could be read; their names may be relative to its package."""
    if not source.hidden_options:
        return True
    parts = source.descriptor.package.split(".")
    scopes = ("", *(f"{'.'.join(parts[:end])}." for end in range(1, len(parts) + 1)))
    return not any(
        f"{scope}{name}".startswith(_GOOGLES) for scope in scopes for name in source.hidden_options
    )


def finds_imports(source: ProtoFile) -> bool:
    """Whether all is known that a file imports; else a type that it names may be one of which nothing is
    known."""
    return all(item.is_found for item in source.imports)
