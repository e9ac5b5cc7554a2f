"""Calls over gRPC and messages in Protobuf that consumers expect, held against the proto files there are.

Pact's plugin for Protobuf writes down the method, the messages, and matching rules by the names of fields. So
what can be told is a method that is not there, and a field that the consumer reads and the message does not
have, or not of that type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from posixpath import commonprefix
from typing import TypeVar

from archlint.comparison.evidence.pact_items import JudgedItems, judged_items
from archlint.documents import Document, Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.evidence.pact import Interaction, InteractionKind, Pact, PactPart
from archlint.model.evidence.pact_rules import ANY, Matchers, Step
from archlint.model.protobuf import Field, Label, Message, ProtoService
from archlint.model.system.names import stem
from archlint.model.world import World

D = TypeVar("D", ProtoService, Message)
_NUMBERS = frozenset(
    (
        *("double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "uint32", "sfixed32"),
        *("sfixed64", "sint32", "sint64"),
    )
)
_DEEPEST = 50


class CallLack(StrEnum):
    """What of a call the protos do not have."""

    METHOD = "method"
    FIELD = "field"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class UnmetCall:
    """Something of a call that the proto files do not have."""

    lack: CallLack
    place: Place
    """The element of the proto file to mark."""
    seen: Node
    subject: str
    """The service, or the message."""
    name: str
    """The method, or the field."""
    stated: str = ""
    expected: str = ""


def pact_calls(world: World) -> Mapping[Document, JudgedItems[UnmetCall]]:
    """What came of the calls of all Pact files; ask with ``world.fact(pact_calls)``."""
    return judged_items(world, _is_of_protos, _Judge)


def _is_of_protos(item: Interaction) -> bool:
    return item.is_of_protos


class _Judge:
    def __init__(self, world: World) -> None:
        self._services: dict[str, list[ProtoService]] = {}
        self._messages: dict[str, list[Message]] = {}
        for service in world.all(ProtoService):
            self._services.setdefault(service.full_name, []).append(service)
        for message in world.all(Message):
            self._messages.setdefault(message.full_name, []).append(message)

    def __call__(self, pact: Pact, item: Interaction, found: list[UnmetCall]) -> str | None:
        """Judge one call or message; or why it is not judged."""
        if item.kind is InteractionKind.MESSAGE:
            return self._of_message(pact, item, found)
        stated = item.plugin.get("protobuf", "service")
        name, _, method = (stated.text or "").strip("./").partition("/")
        if not method:
            return "a call of another plugin than that for Protobuf"
        service = self._told(self._services, name, pact.provider)
        if service is None:
            return "no proto file of its service"
        rpc = next((each for each in service.rpcs if each.name == method), None)
        if rpc is None:
            found.append(UnmetCall(CallLack.METHOD, service.place(), stated, service.full_name, method))
            return None
        home = service.source.path
        found += self._part(item.request, self._message(rpc.input, home))
        for answer in item.responses:
            found += self._part(answer, self._message(rpc.output, home))
        return None

    def _of_message(self, pact: Pact, item: Interaction, found: list[UnmetCall]) -> str | None:
        name = (item.plugin.get("protobuf", "message").text or "").strip("./")
        message = self._told(self._messages, name, pact.provider)
        if message is None:
            return "no proto file of its message"
        found += self._part(item.request, message)
        return None

    @staticmethod
    def _told(known: Mapping[str, list[D]], name: str, provider: str) -> D | None:
        """What has a full name; by its last part if that is all that is said.

        Of several copies of its file that of the provider counts, told by its folder or name.
        """
        found = known.get(name, [])
        if not found and name and "." not in name:
            alike = [each for full, each in known.items() if full.rpartition(".")[2] == name]
            found = alike[0] if len(alike) == 1 else []
        wanted = stem(provider)
        own = (each for each in found if wanted in map(stem, _names(each.source.path)))
        return next(own, found[0] if found else None)

    def _message(self, name: str, home: str) -> Message | None:
        """A message; of several copies the one that lies nearest to a file."""
        found = self._messages.get(name, [])
        return max(found, key=lambda each: len(commonprefix((each.source.path, home))), default=None)

    def _part(self, part: PactPart, message: Message | None) -> Iterator[UnmetCall]:
        if message is None:
            return
        seen: set[tuple[str, str]] = set()
        for steps, rule in part.rules.each("body"):
            unmet = self._field(part, message, steps, rule)
            if unmet is not None and (unmet.subject, unmet.name) not in seen:
                seen.add((unmet.subject, unmet.name))
                yield unmet

    def _field(
        self, part: PactPart, message: Message, steps: tuple[Step, ...], rule: Matchers
    ) -> UnmetCall | None:
        """What is wrong with the field that a rule is about."""
        place = part.node.get("matchingRules", "body")
        field: Field | None = None
        for step in steps[:_DEEPEST]:
            if isinstance(step, int) or step == ANY:
                continue
            if field is not None and field.label is Label.MAP:
                continue  # a key of it
            inner = message if field is None else self._message(field.type_name, message.source.path)
            if inner is None:
                return None
            message = inner
            field = next((each for each in message.fields if step in (each.name, each.json_name)), None)
            if field is None:
                return UnmetCall(CallLack.FIELD, message.place(), place, message.full_name, str(step))
        if field is None:
            return None
        wanted = _wanted(rule)
        if wanted is None or field.label in (Label.MAP, Label.REPEATED) or _fits(field, wanted):
            return None
        place_of_type, subject = field.place("type"), message.full_name
        stated = field.declared_type
        return UnmetCall(CallLack.TYPE, place_of_type, place, subject, field.name, stated, wanted)


def _names(path: str) -> list[str]:
    return path.removesuffix(".proto").split("/")


def _wanted(rule: Matchers) -> str | None:
    """The type that matchers ask for in so many words."""
    for matcher in rule.each:
        name = matcher.get("match")
        if name in ("integer", "number", "decimal"):
            return "a number"
        if name == "boolean":
            return "a boolean"
    return None


def _fits(field: Field, wanted: str) -> bool:
    if field.type in ("message", "group", "enum") or not field.is_type_known:
        return True
    return (field.type in _NUMBERS) if wanted == "a number" else field.type == "bool"
