"""What Google's annotations of two revisions promise callers, compared.

Routes are compared by what they match: ``/v1/{name=carts/*}`` and ``/v1/carts/{id}`` take the same paths.
Source: https://google.aip.dev/180 and https://google.aip.dev/127
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from archlint.comparison.protobuf.annotation_changes import (
    AnnotationChanged,
    BehaviorChanged,
    BehaviorRestricted,
    HostChanged,
    HttpRouteChanged,
    OperationChanged,
    ReferenceChanged,
    ResourceChanged,
    SignatureChanged,
)
from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.protobuf.routes import answers, template
from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef, Place
from archlint.finding.regex import regex
from archlint.model.protobuf import Field, Message, ProtoSchema, ProtoService, Rpc
from archlint.model.protobuf.annotations import (
    FieldBehavior,
    HttpBinding,
    ResourceType,
    behaviors_of,
    defined_resources,
    format_of,
    http_bindings,
    knows_annotations,
    method_signatures,
    operation_info,
    reference_of,
    resource_of,
)
from archlint.model.protobuf.hosts import HOST, SCOPES, default_host, oauth_scopes

_NAME = regex(r"\{([\w.]++)")
_SERVICE = 3
"""The number of the options of a service."""
_FORMATS = ("no format", "UUID4", "IPV4", "IPV6", "IPV4_OR_IPV6")


class AnnotationComparison:
    """Compares the annotations of all files of two revisions."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching

    @cached_property
    def _resources(self) -> frozenset[str]:
        """The types of resource that the revision defines anywhere."""
        return frozenset(
            said.type
            for schema in self._matching.revision
            for said in (*defined_resources(schema), *map(resource_of, schema.messages))
            if said is not None
        )

    @cached_property
    def _routes(self) -> frozenset[tuple[str, str]]:
        """All routes of the revision."""
        return frozenset(
            (each.verb, template(each.path))
            for bindings in self._bindings_by_request.values()
            for each in bindings
        )

    def changes(self, base: ProtoSchema, revision: ProtoSchema) -> Iterator[AnnotationChanged]:
        """What the annotations of a file and of its successor say otherwise."""
        if base.source.says_the_same(revision.source) or not base.source.may_say("google/"):
            return
        if not (knows_annotations(base.source) and knows_annotations(revision.source)):
            return
        yield from self._definitions(base, revision)
        for message in base.messages:
            newer = self._matching.find(message)
            if isinstance(newer, Message) and not self._matching.is_copy(message, newer):
                yield from self._messages(message, newer)
        for service in base.services:
            left = self._matching.find(service)
            if isinstance(left, ProtoService) and not self._matching.is_copy(service, left):
                yield from self._services(service, left)

    def _services(self, base: ProtoService, revision: ProtoService) -> Iterator[AnnotationChanged]:
        yield from _hosts(base, revision)
        names = {rpc.name: rpc for rpc in revision.rpcs}
        for rpc in base.rpcs:
            newer = names.get(rpc.name)
            if newer is not None:
                about = revision.object
                yield from self._http(rpc, newer, about)
                yield from _signatures(rpc, newer, about)
                yield from _operations(rpc, newer, about)

    def _http(self, base: Rpc, revision: Rpc, about: ObjectRef) -> Iterator[AnnotationChanged]:
        """Routes that no method answers any more, and bodies that have another form."""
        now = http_bindings(revision)
        places = _places(base, revision, "http")
        for old in http_bindings(base):
            new = next((each for each in now if answers(each, old)), None)
            if new is None:
                if (old.verb, template(old.path)) in self._routes:
                    continue
                case = "default" if now else "none"
                alias = "HTTP_ANNOTATION_CHANGE" if now else "HTTP_ANNOTATION_REMOVAL"
                shown = ", ".join(map(_shown, now)) or "nothing"
                yield HttpRouteChanged(about, *places, case, revision.name, _shown(old), shown, alias)
            elif old.body != new.body:
                said = (_body(old.body), _body(new.body))
                yield HttpRouteChanged(about, *places, "body", revision.name, *said, "HTTP_ANNOTATION_CHANGE")
            elif old.response_body != new.response_body:
                said = (_body(old.response_body or "*"), _body(new.response_body or "*"))
                yield HttpRouteChanged(
                    about, *places, "response", revision.name, *said, "HTTP_ANNOTATION_CHANGE"
                )

    def _definitions(self, base: ProtoSchema, revision: ProtoSchema) -> Iterator[AnnotationChanged]:
        """Types of resource that a file defines without a message."""
        now = {said.type: said for said in defined_resources(revision)}
        place, old_place = revision.place(), base.place()
        for said in defined_resources(base):
            about = ObjectRef("resource", said.type)
            yield from self._resource(said, now.get(said.type), about, (place, old_place), said.type)

    def _messages(self, base: Message, revision: Message) -> Iterator[AnnotationChanged]:
        old, new = resource_of(base), resource_of(revision)
        if old is not None:
            places = _places(base, revision, "resource")
            yield from self._resource(old, new, revision.object, places, revision.name)
        numbers = {field.number: field for field in revision.fields}
        for field in base.fields:
            newer = numbers.get(field.number)
            if newer is not None and newer.name == field.name:
                yield from _references(field, newer, revision)
                yield from self._behaviors(field, newer, revision)
                yield from _formats(field, newer, revision)
        known = {part for field in base.fields for part in (field.number, field.name)}
        for field in revision.fields:
            if known.isdisjoint((field.number, field.name)) and self._is_demanded(field, revision):
                places = field.place("behavior"), base.place()
                said = ("", "REQUIRED", "NEW_REQUIRED_FIELD")
                yield BehaviorChanged(revision.object, *places, "new", field.name, *said)

    def _is_demanded(self, field: Field, message: Message) -> bool:
        """Whether those who send a message have to set a field."""
        said = behaviors_of(field)
        is_sent = self._matching.usage.is_sent(message.full_name) and FieldBehavior.OUTPUT_ONLY not in said
        return FieldBehavior.REQUIRED in said and is_sent and field.name not in self._in_routes(message)

    def _in_routes(self, message: Message) -> frozenset[str]:
        """The fields of a request that every caller over HTTP sends, as a part of the path or as the body."""
        bindings = self._bindings_by_request.get(message.full_name)
        if not bindings:
            return frozenset()
        return frozenset.intersection(
            *(frozenset((*_NAME.findall(each.path), each.body)) for each in bindings)
        )

    @cached_property
    def _bindings_by_request(self) -> Mapping[str, Sequence[HttpBinding]]:
        found: dict[str, list[HttpBinding]] = defaultdict(list)
        for schema in self._matching.revision:
            for service in schema.services:
                for rpc in service.rpcs:
                    found[rpc.input] += http_bindings(rpc)
        return found

    def _resource(
        self,
        old: ResourceType,
        new: ResourceType | None,
        about: ObjectRef,
        places: tuple[Place, Place],
        name: str,
    ) -> Iterator[AnnotationChanged]:
        is_other = new is None or new.type != old.type
        is_gone = is_other and old.type not in self._resources and not _imports_unknown(*places)
        if new is None:
            if is_gone:
                yield ResourceChanged(
                    about, *places, "default", name, old.type, "", "RESOURCE_DEFINITION_REMOVAL"
                )
            return
        if is_gone:
            alias = "RESOURCE_DEFINITION_REMOVAL"
            yield ResourceChanged(about, *places, "type", name, old.type, new.type, alias)
        gone = [pattern for pattern in old.patterns if template(pattern) not in map(template, new.patterns)]
        shown = ", ".join(new.patterns) or "none"
        for pattern in gone:
            yield ResourceChanged(about, *places, "pattern", name, pattern, shown, "RESOURCE_PATTERN_REMOVAL")
        left = [pattern for pattern in new.patterns if pattern in old.patterns]
        if not gone and left != [pattern for pattern in old.patterns if pattern in left]:
            alias = "RESOURCE_PATTERN_REORDER"
            yield ResourceChanged(about, *places, "order", name, ", ".join(old.patterns), shown, alias)

    def _behaviors(self, base: Field, revision: Field, message: Message) -> Iterator[AnnotationChanged]:
        """A field that has to be set now, that is ignored now, or that is not given any more."""
        old, new = behaviors_of(base), behaviors_of(revision)
        gained = new - old
        if not gained:
            return  # who sends what is asked of all files together
        name = message.full_name
        usage = self._matching.usage
        is_sent, is_received = name in usage.sent, name in usage.received
        cases = (
            (FieldBehavior.REQUIRED, "required", self._is_demanded(revision, message)),
            (FieldBehavior.OUTPUT_ONLY, "output", is_sent),
            (FieldBehavior.IMMUTABLE, "immutable", is_sent and FieldBehavior.OUTPUT_ONLY not in old),
            (FieldBehavior.INPUT_ONLY, "input", is_received),
        )
        for behavior, case, breaks in cases:
            if behavior in gained and breaks:
                kind = BehaviorChanged if behavior is FieldBehavior.REQUIRED else BehaviorRestricted
                yield kind(
                    message.object,
                    *_places(base, revision, "behavior"),
                    case,
                    revision.name,
                    _behavior_names(old),
                    behavior.name,
                    "FIELD_BEHAVIOR_CHANGE",
                )


def _imports_unknown(new: Place, old: Place) -> bool:
    """Whether a file imports something now of which nothing is known, and which may define anything."""
    files = [place.source for place in (new, old) if isinstance(place.source, ProtoFile)]
    missing = [{item.name for item in file.imports if not item.is_found} for file in files]
    return len(missing) > 1 and not missing[0] <= missing[1]


def _shown(binding: HttpBinding) -> str:
    return f"{binding.verb.upper()} {binding.path}"


def _body(name: str) -> str:
    if name == "*":
        return "the whole message"
    return f"the field '{name}'" if name else "nothing"


def _places(older: Rpc | Message | Field, newer: Rpc | Message | Field, part: str) -> tuple[Place, Place]:
    """Where an annotation is said in the revision and in the base, else the elements."""
    return Place(newer.source, (*newer.route, part)), Place(older.source, (*older.route, part))


def _service_places(older: ProtoService, newer: ProtoService, number: int) -> tuple[Place, Place]:
    new, old = (
        Place(each.source, each.route, at=each.source.option_span(each.route, (_SERVICE, number)))
        for each in (newer, older)
    )
    return new, old


def _signatures(base: Rpc, revision: Rpc, about: ObjectRef) -> Iterator[AnnotationChanged]:
    """Lists of parameters that are gone, or that stand in another order, by which methods are numbered."""
    old, new = ([_listed(each) for each in method_signatures(rpc)] for rpc in (base, revision))
    places = _places(base, revision, "signature-0")
    gone = [each for each in old if each not in new]
    shown = "; ".join(new) or "none"
    for each in gone:
        said = (each or "no parameter", shown)
        yield SignatureChanged(about, *places, "default", revision.name, *said, "METHOD_SIGNATURE_REMOVAL")
    if not gone and [each for each in new if each in old] != old:
        said = ("; ".join(old), shown)
        yield SignatureChanged(about, *places, "order", revision.name, *said, "METHOD_SIGNATURE_ORDER_CHANGE")


def _listed(signature: str) -> str:
    return ",".join(part.strip() for part in signature.split(","))


def _operations(base: Rpc, revision: Rpc, about: ObjectRef) -> Iterator[AnnotationChanged]:
    old, new = operation_info(base), operation_info(revision)
    if old is None:
        return
    places = _places(base, revision, "operation_info")
    if new is None:
        said = (old.response_type or "nothing", "")
        yield OperationChanged(about, *places, "default", revision.name, *said, "LRO_ANNOTATION_REMOVAL")
        return
    for case, alias, was, now in (
        ("response", "LRO_RESPONSE_CHANGE", old.response_type, new.response_type),
        ("metadata", "LRO_METADATA_CHANGE", old.metadata_type, new.metadata_type),
    ):
        if was and _in(was, base) != _in(now, revision):
            yield OperationChanged(about, *places, case, revision.name, was, now or "nothing", alias)


def _in(name: str, rpc: Rpc) -> str:
    """A type by its full name; one without a package is of that of its method."""
    package = rpc.source.descriptor.package
    return name if "." in name or not name else f"{package}.{name}"


def _hosts(base: ProtoService, revision: ProtoService) -> Iterator[AnnotationChanged]:
    old, new = default_host(base), default_host(revision)
    about = revision.object
    if old and old != new:
        alias = "SERVICE_HOST_CHANGE" if new else "SERVICE_HOST_REMOVAL"
        yield HostChanged(
            about,
            *_service_places(base, revision, HOST),
            "default",
            revision.name,
            old,
            new or "none",
            alias,
        )
    left = oauth_scopes(revision)
    for scope in oauth_scopes(base) if left else ():
        if scope not in left:
            yield HostChanged(
                about,
                *_service_places(base, revision, SCOPES),
                "scope",
                revision.name,
                scope,
                ", ".join(left),
                "OAUTH_SCOPE_REMOVAL",
            )


def _references(base: Field, revision: Field, message: Message) -> Iterator[AnnotationChanged]:
    old, new = reference_of(base), reference_of(revision)
    if old is None:
        return
    was = old.type or f"children of {old.child_type}"
    now = (new.type or f"children of {new.child_type}") if new is not None else "none"
    if was == now:
        return
    if new is None:
        case, alias = "removed", "RESOURCE_REFERENCE_REMOVAL"
    else:
        case = "default"
        is_other_kind = bool(old.child_type) != bool(new.child_type)
        alias = "RESOURCE_REFERENCE_CHANGE_CHILD_TYPE" if is_other_kind else "RESOURCE_REFERENCE_CHANGE"
    yield ReferenceChanged(
        message.object,
        *_places(base, revision, "reference"),
        case,
        revision.name,
        was,
        now,
        alias,
    )


def _formats(base: Field, revision: Field, message: Message) -> Iterator[AnnotationChanged]:
    old, new = format_of(base), format_of(revision)
    if old == new or not all(0 <= each < len(_FORMATS) for each in (old, new)):
        return
    yield BehaviorChanged(
        message.object,
        revision.place(),
        base.place(),
        "format",
        revision.name,
        _FORMATS[old],
        _FORMATS[new],
        "FIELD_FORMAT_CHANGE",
    )


def _behavior_names(numbers: frozenset[int]) -> str:
    names = [item.name for item in FieldBehavior if item in numbers]
    return ", ".join(names) or "none"
