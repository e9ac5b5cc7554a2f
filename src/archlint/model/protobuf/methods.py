"""Methods and messages of an API that is made of resources, by what their names say that they do.

``GetBook`` reads a resource, ``ListBooks`` a collection, ``ArchiveBook`` is an action of its own. What
https://google.aip.dev asks of a method depends on that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.protobuf.annotations import HttpBinding, http_bindings, operation_info
from archlint.model.protobuf.schemas import Message, ProtoService, Rpc, schemas
from archlint.model.world import World

OPERATION = "google.longrunning.Operation"
EMPTY = "google.protobuf.Empty"


class MethodKind(StrEnum):
    """What a method does, by the verb that its name begins with."""

    GET = "Get"
    LIST = "List"
    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    UNDELETE = "Undelete"
    PURGE = "Purge"
    ADD = "Add"
    REMOVE = "Remove"
    RUN = "Run"
    COMMIT = "Commit"
    ROLLBACK = "Rollback"
    TAG_REVISION = "TagRevision"
    DELETE_REVISION = "DeleteRevision"
    LIST_REVISIONS = "ListRevisions"
    """It is about one resource, ``{name=shelves/*}:listRevisions``, not about a collection."""
    BATCH_GET = "BatchGet"
    BATCH_CREATE = "BatchCreate"
    BATCH_UPDATE = "BatchUpdate"
    BATCH_DELETE = "BatchDelete"
    CUSTOM = "custom"
    POLICY = "GetIamPolicy"
    """It is defined by Google's access management, whatever the resource."""
    COMPOUND = "compound"
    """A standard verb behind others, as in ``PartialUpdateBook``: its name does not tell what it is like."""

    @property
    def is_batch(self) -> bool:
        """Whether it does to several what another one does to one of them."""
        return self.startswith("Batch")


_VERB = regex(
    r"(?P<verb>Get|List|Create|Update|Delete|Undelete|Purge|Add|Remove|Run|Commit|Rollback|Tag)"
    r"(?P<noun>[A-Z0-9]\w*+)?\Z"
)
_BATCH = regex(r"(?P<verb>Batch(?:Get|Create|Update|Delete))(?P<noun>\w*+)\Z")
_JOB = regex(r"[A-Z0-9]\w*Job\Z")
_NEEDS_NOUN = frozenset({MethodKind.COMMIT, MethodKind.ROLLBACK})
_STANDARD = frozenset({"Get", "List", "Create", "Update", "Delete"})
_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")


def named_kind(name: str) -> tuple[MethodKind, str]:
    """The kind of a method of that name, and the noun that follows the verb."""
    found = _BATCH.match(name) or _VERB.match(name)
    if name == MethodKind.POLICY:
        return MethodKind.POLICY, "IamPolicy"
    if found is None:
        words = words_of(name)
        kind = MethodKind.CUSTOM if _STANDARD.isdisjoint(words[1:]) else MethodKind.COMPOUND
        return kind, "".join(words[1:])
    verb, noun = found["verb"], found["noun"] or ""
    if verb in ("Tag", "Delete") and noun.endswith("Revision") and noun != "Revision":
        return MethodKind(f"{verb}Revision"), noun.removesuffix("Revision")
    if verb == "List" and noun.endswith("Revisions") and noun != "Revisions":
        return MethodKind.LIST_REVISIONS, noun.removesuffix("Revisions")
    if verb == "Tag" or (verb == "Run" and not _JOB.match(noun)):
        return MethodKind.CUSTOM, noun
    kind = MethodKind(verb)
    return (MethodKind.CUSTOM, noun) if kind in _NEEDS_NOUN and not noun else (kind, noun)


def _kind_of(name: str, request: Message | None, bindings: Sequence[HttpBinding]) -> tuple[MethodKind, str]:
    """The kind of a method and the noun; revisions that are resources are listed as all others are."""
    kind, noun = named_kind(name)
    if kind is not MethodKind.LIST_REVISIONS:
        return kind, noun
    is_about_one = request is not None and request.field_called("name") is not None
    if is_about_one and all(binding.path.endswith(":listRevisions") for binding in bindings[:1]):
        return kind, noun
    return MethodKind.LIST, f"{noun}Revisions"


def words_of(name: str) -> list[str]:
    """The words of a name in PascalCase, as they are written."""
    return _WORD.findall(name)


def first_word(name: str) -> str:
    """The verb that a name in PascalCase begins with."""
    return next(iter(words_of(name)), "")


@dataclass(frozen=True, slots=True)
class ApiMethod:
    """A method, what its name says that it does, and what it takes and gives."""

    service: ProtoService
    rpc: Rpc
    kind: MethodKind
    noun: str
    """What the method is about, as its name says: ``Book`` of ``GetBook``, ``Books`` of ``ListBooks``."""
    bindings: tuple[HttpBinding, ...]
    request: Message | None
    """The message that it takes; ``None`` if its definition is not known."""
    response: Message | None

    @classmethod
    def all(cls, world: World) -> Iterable[ApiMethod]:
        """Every method of every service."""
        messages = world.fact(messages_by_name)
        for schema in world.reading(schemas):
            for service in schema.services:
                for rpc in service.rpcs:
                    bindings = http_bindings(rpc)
                    request = message_called(rpc.input, rpc.source, messages)
                    kind, noun = _kind_of(rpc.name, request, bindings)
                    yield cls(
                        service,
                        rpc,
                        kind,
                        noun,
                        bindings,
                        request,
                        message_called(rpc.output, rpc.source, messages),
                    )

    @property
    def source(self) -> ProtoFile:
        """The file that defines it."""
        return self.rpc.source

    @property
    def object(self) -> ObjectRef:
        """The service that has it."""
        return self.service.object

    def place(self, part: str | None = None) -> Place:
        """The name, or a part: ``input``, ``output``, ``http``, ``operation_info``, ``signature-0``."""
        return self.rpc.place(part)

    @property
    def is_long_running(self) -> bool:
        """Whether it gives an operation that goes on after the answer."""
        return self.rpc.output == OPERATION

    @property
    def result(self) -> str:
        """The name of what it gives in the end, as it is written; empty if it does not say."""
        if not self.is_long_running:
            return self.rpc.output
        info = operation_info(self.rpc)
        return info.response_type if info else ""


Messages = Mapping[str, Sequence[Message]]


def messages_by_name(world: World) -> Messages:
    """All messages by full name, of which several files may define one."""
    found: dict[str, list[Message]] = defaultdict(list)
    for message in world.all(Message):
        found[message.full_name].append(message)
    return found


def message_called(name: str, source: ProtoFile, messages: Messages) -> Message | None:
    """The message that a file means by a full name: its own, else that of a file that it imports."""
    found = messages.get(name, ())
    if len(found) < 2:
        return found[0] if found else None
    own = next((item for item in found if item.source.path == source.path), None)
    if own is not None:
        return own
    imported = {item.target for item in source.imports}
    return next((item for item in found if item.source.path in imported), found[0])
