"""The fields that requests of each kind of method are made of, as one table.

A row is one field: its type, what it has to be annotated with, and the ids of ``api-linter`` for each of
these. The name of a message says which rows are about it (``GetBookRequest``), whether or not a method takes
it. Source: https://google.aip.dev
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from archlint.checks.proto.aip.conventions import CONVENTIONS
from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef
from archlint.finding.nouns import singulars
from archlint.finding.records import dataclass
from archlint.model.protobuf.annotations import FieldBehavior
from archlint.model.protobuf.fields import Field, Label
from archlint.model.protobuf.methods import MethodKind, named_kind
from archlint.model.protobuf.schemas import Message
from archlint.model.world import World

MASK = "google.protobuf.FieldMask"
_REQUEST, _RESPONSE = "Request", "Response"
GIVE_PAGES = ("List", "Search")
"""What the names of methods begin with that give pages."""
_NEEDS_NOUN = frozenset({MethodKind.GET, MethodKind.LIST, MethodKind.CREATE, MethodKind.UPDATE})


@dataclass(frozen=True, slots=True)
class FieldLaw:
    """What one field of a request is like; an id is empty where nothing is asked."""

    name: str
    type: str = "string"
    """As a field is declared; ``{noun}`` stands for the resource in the name of the request."""
    missing: str = ""
    """The id for a request that lacks it."""
    wrong: str = ""
    """The id for a field of another type."""
    behavior: str = ""
    """The id for a field that is not annotated with ``wanted``."""
    reference: str = ""
    """The id for a field that does not say which resource it names."""
    wanted: FieldBehavior = FieldBehavior.REQUIRED
    is_repeated: bool = False
    instead: str = ""
    """A field that may be there in its place."""


def _name(prefix: str, missing: str = "") -> FieldLaw:
    """The name of the resource that a method is about."""
    return FieldLaw(
        "name",
        missing=missing or f"{prefix}request-name-field",
        wrong=f"{prefix}request-name-field",
        behavior=f"{prefix}request-name-behavior",
        reference=f"{prefix}request-name-reference",
    )


def _parent(missing: str, behavior: str = "request-parent-behavior") -> FieldLaw:
    """The name of the resource that holds those which a method is about."""
    return FieldLaw(
        "parent",
        missing=missing,
        wrong="request-parent-field",
        behavior=behavior,
        reference="request-parent-reference",
    )


_BATCH_PARENT = _parent("request-parent-field", "")
_NAMES = FieldLaw(
    "names",
    missing="request-names-field",
    wrong="request-names-field",
    behavior="request-names-behavior",
    reference="request-names-reference",
    is_repeated=True,
    instead="requests",
)


def _requests(verb: str) -> FieldLaw:
    """The requests that a batch is made of."""
    return FieldLaw(
        "requests",
        f"{verb}{{noun}}Request",
        missing="request-requests-field",
        wrong="request-requests-field",
        behavior="request-requests-behavior",
        is_repeated=True,
    )


REQUESTS: Mapping[MethodKind, tuple[FieldLaw, ...]] = {
    MethodKind.GET: (_name("", "request-name-required"),),
    MethodKind.LIST: (
        _parent("request-parent-required"),
        FieldLaw("filter", wrong="request-field-types"),
        FieldLaw("order_by", wrong="request-field-types"),
        FieldLaw("show_deleted", "bool", wrong="request-field-types"),
    ),
    MethodKind.CREATE: (_parent("request-parent-required"),),
    MethodKind.UPDATE: (
        FieldLaw(
            "update_mask",
            MASK,
            missing="request-mask-required",
            wrong="request-mask-field",
            behavior="update-mask-optional-behavior",
            wanted=FieldBehavior.OPTIONAL,
        ),
    ),
    MethodKind.DELETE: (
        _name("", "request-name-required"),
        FieldLaw("force", "bool", wrong="request-force-field"),
    ),
    MethodKind.RUN: (_name(""),),
    MethodKind.COMMIT: (_name("commit-"),),
    MethodKind.ROLLBACK: (
        _name("rollback-"),
        FieldLaw(
            "revision_id",
            missing="rollback-request-revision-id-field",
            wrong="rollback-request-revision-id-field",
            behavior="rollback-request-revision-id-behavior",
        ),
    ),
    MethodKind.TAG_REVISION: (
        _name("tag-revision-"),
        FieldLaw(
            "tag",
            missing="tag-revision-request-tag-field",
            wrong="tag-revision-request-tag-field",
            behavior="tag-revision-request-tag-behavior",
        ),
    ),
    MethodKind.DELETE_REVISION: (_name("delete-revision-"),),
    MethodKind.UNDELETE: (_name(""),),
    MethodKind.PURGE: (
        _parent("request-parent-field"),
        FieldLaw(
            "filter",
            missing="request-filter-field",
            wrong="request-filter-field",
            behavior="request-filter-behavior",
        ),
        FieldLaw("force", "bool", missing="request-force-field", wrong="request-force-field"),
    ),
    MethodKind.BATCH_GET: (
        _BATCH_PARENT,
        _NAMES,
        FieldLaw("requests", "Get{noun}Request", wrong="request-names-field", is_repeated=True),
    ),
    MethodKind.BATCH_CREATE: (_BATCH_PARENT, _requests("Create")),
    MethodKind.BATCH_UPDATE: (_BATCH_PARENT, _requests("Update")),
    MethodKind.BATCH_DELETE: (
        _BATCH_PARENT,
        _NAMES,
        FieldLaw(
            "requests",
            "Delete{noun}Request",
            wrong="request-names-field",
            behavior="request-requests-behavior",
            is_repeated=True,
        ),
    ),
}
_PAGES = (
    FieldLaw("page_size", "int32", "request-page-size-field", "request-page-size-field"),
    FieldLaw("page_token", "string", "request-page-token-field", "request-page-token-field"),
    FieldLaw("skip", "int32", wrong="request-skip-field"),
)
_READ_MASK = FieldLaw("read_mask", MASK, wrong="request-read-mask-field")


@dataclass(frozen=True)
class RequestMessage:
    """A message that has the name of a request."""

    message: Message
    kind: MethodKind
    noun: str

    @classmethod
    def all(cls, world: World) -> Iterable[RequestMessage]:
        """Every message whose name ends with ``Request``."""
        for message in world.all(Message):
            if message.name.endswith(_REQUEST) and message.name != _REQUEST:
                name = message.name.removesuffix(_REQUEST)
                kind, noun = named_kind(name)
                if kind is MethodKind.POLICY:
                    kind = MethodKind.GET
                yield cls(message, kind, noun)

    @property
    def source(self) -> ProtoFile:
        """The file that defines it."""
        return self.message.source

    @property
    def object(self) -> ObjectRef:
        """The message."""
        return self.message.object

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Its fields by name."""
        return {field.name: field for field in self.message.fields}

    @property
    def conventions(self) -> tuple[MethodKind, ...]:
        """The kinds whose laws hold: a revision is deleted as a resource is."""
        if not self.noun and (self.kind in _NEEDS_NOUN or self.kind is MethodKind.DELETE):
            return ()
        if self.kind is MethodKind.DELETE_REVISION:
            return (MethodKind.DELETE, self.kind)
        return (self.kind,) if self.kind in CONVENTIONS and self.kind is not MethodKind.CUSTOM else ()

    def laws(self) -> Iterator[tuple[str, FieldLaw]]:
        """What is asked of its fields, each with the number of the proposal that asks for it."""
        for kind in self.conventions:
            for law in REQUESTS.get(kind, ()):
                yield CONVENTIONS[kind].aip, law
        is_named_so = self.message.name.startswith(GIVE_PAGES)
        if is_named_so or not self.fields.keys().isdisjoint(("page_size", "page_token")):
            yield from (("0158", law) for law in _PAGES)
        yield "0157", _READ_MASK


def fits(field: Field, law: FieldLaw, noun: str) -> bool:
    """Whether a field has the type that a law asks for."""
    own = field.type_name or field.type
    is_list = field.label is Label.REPEATED
    if is_list != law.is_repeated or field.label is Label.MAP or field.oneof is not None:
        return False
    if "{noun}" in law.type:
        return own.rpartition(".")[2] in {law.type.format(noun=name) for name in singulars(noun)}
    return own == law.type


def answered_by(message: Message) -> tuple[MethodKind | None, str]:
    """Kind and noun of the method that a message is the response of by its name; no kind if it is none."""
    if not message.name.endswith(_RESPONSE):
        return None, ""
    return named_kind(message.name.removesuffix(_RESPONSE))


def declared(law: FieldLaw, noun: str) -> str:
    """How a field is declared."""
    type_ = law.type.format(noun=singulars(noun)[0])
    return f"{'repeated ' if law.is_repeated else ''}{type_} {law.name}"
