"""Compares AsyncAPI documents: what an application sends and receives, by address, message and payload.

What it receives is compared as a request is, what it sends as a response is: whoever sent what was right has
still to be understood, and whoever listens must get nothing that was not announced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archlint.comparison.openapi.judge import sent
from archlint.comparison.schemas.answers import No, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.lowering import Lowering, lowerings
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.asyncapi import AsyncDescription
from archlint.model.openapi import Dialect, Direction, reference_text
from archlint.model.world import World

_PARAMETER = regex(r"\{[^{}/]*+\}")
_NAMELESS = "#"
"""How a message without a name is called here: by its number."""


@dataclass(frozen=True)
class Flow:
    """What an application sends to an address, or receives from it."""

    description: AsyncDescription
    address: str
    sends: bool
    operation: Node
    messages: Mapping[str, Node]

    @property
    def object(self) -> ObjectRef:
        """The channel by its address."""
        return ObjectRef("channel", self.address)


@dataclass(frozen=True)
class DescriptionRemoved:
    """A document that no file has any more."""

    base: AsyncDescription

    @property
    def object(self) -> ObjectRef:
        """The document."""
        return self.base.object


@dataclass(frozen=True)
class FlowRemoved:
    """An application sends or receives no more at an address."""

    base: Flow
    place: Place
    """Where in the newer document it would be."""
    is_turned: bool
    """Whether the address is there, and messages go the other way alone."""

    @property
    def object(self) -> ObjectRef:
        """The channel."""
        return self.base.object


@dataclass(frozen=True)
class EventRemoved:
    """A message that is not carried any more, where others are."""

    base: Flow
    revision: Flow
    name: str

    @property
    def is_nameless(self) -> bool:
        """Whether it has no name, and is called by its number here."""
        return _is_nameless(self.name)

    @property
    def object(self) -> ObjectRef:
        """The channel."""
        return self.base.object


@dataclass(frozen=True)
class EventChanged:
    """A message whose payload or headers are not what the other side takes them for."""

    base: Flow
    revision: Flow
    name: str
    field: str
    old: Node
    new: Node
    witness: Any

    @property
    def object(self) -> ObjectRef:
        """The channel."""
        return self.base.object


@dataclass(frozen=True)
class EncodingChanged:
    """A message that is written in another content type, or schema language."""

    base: Flow
    revision: Flow
    name: str
    old: Node
    new: Node

    @property
    def object(self) -> ObjectRef:
        """The channel."""
        return self.base.object


def compare(base: World, revision: World, terms: ComparisonTerms) -> Iterable[object]:
    """All changes by which somebody who sends to an application, or listens to it, is let down."""
    paths = {old: new for new, old in terms.renames.items()}
    newer = {each.document.path: each for each in revision.all(AsyncDescription)}
    older = {paths.get(each.document.path, each.document.path): each for each in base.all(AsyncDescription)}
    free = [each for path, each in newer.items() if path not in older]
    titled = {each.object.name: each for each in free if each.object.name}
    unreadable = {problem.path for problem in revision.problems}
    for path, old in older.items():
        new = newer.get(path) or titled.get(old.object.name)
        if new is not None:
            yield from _compared(old, new)
        elif path not in unreadable:
            yield DescriptionRemoved(old)


def _compared(old: AsyncDescription, new: AsyncDescription) -> Iterator[object]:
    before, after = flows(old), flows(new)
    engine, sides = Engine(), lowerings(_side(old), _side(new))
    for (address, sends), flow in before.items():
        other = after.get((address, sends))
        if other is None:
            turned = after.get((address, not sends))
            is_turned = turned is not None and (address, not sends) not in before
            place = turned.operation.place() if turned else new.root.get("channels").place()
            yield FlowRemoved(flow, place, is_turned)
            continue
        for name, message, same in _same_messages(flow, other):
            if same is not None:
                yield from _message((flow, other), name, (message, same), engine, sides)
            elif other.messages:
                yield EventRemoved(flow, other, name)


def _same_messages(old: Flow, new: Flow) -> Iterator[tuple[str, Node, Node | None]]:
    """Each older message with what it is now: what has its name, else its payload, else what alone is left.

    Names tell programs apart and nobody on the wire, and many messages have none.
    """
    left = {
        name: node for name, node in new.messages.items() if name not in old.messages or _is_nameless(name)
    }
    rest: list[tuple[str, Node]] = []
    for name, message in old.messages.items():
        if name in new.messages and not _is_nameless(name):
            yield name, message, new.messages[name]
        else:
            rest.append((name, message))
    for name, message in [*rest]:
        payload = _payload(old, message)
        same = next((key for key, other in left.items() if _payload(new, other) == payload), None)
        if same is not None:
            rest.remove((name, message))
            yield name, message, left.pop(same)
    is_by_order = len(rest) == len(left) and (len(rest) == 1 or all(map(_is_nameless, dict(rest))))
    others = iter(left.values() if is_by_order else ())
    yield from ((name, message, next(others, None)) for name, message in rest)


def _payload(flow: Flow, message: Node) -> Any:
    return flow.description.stated(message, "payload").value


def _message(
    pair: tuple[Flow, Flow],
    name: str,
    messages: tuple[Node, Node],
    engine: Engine,
    sides: tuple[Lowering, Lowering],
) -> Iterator[object]:
    old, new = pair
    types = [_content_type(flow, message) for flow, message in zip((old, new), messages, strict=True)]
    if all(each.text for each in types) and len({_media_type(each.text or "") for each in types}) == 2:
        yield EncodingChanged(old, new, name, types[0], types[1])
        return
    for field in ("payload", "headers"):
        first = old.description.schema_of(messages[0], field)
        second = new.description.schema_of(messages[1], field)
        if first is None or second is None:
            continue
        before = sides[0].lower(first.value, first, Direction.REQUEST)
        after = sides[1].lower(second.value, second, Direction.REQUEST)
        narrow, wide = (after, before) if old.sends else (before, after)
        answer = engine.contains(sent(narrow), wide)
        if isinstance(answer, No) and not isinstance(engine.contains(sent(narrow), wide, loose=True), Yes):
            yield EventChanged(old, new, name, field, first, second, answer.witness)


def _media_type(text: str) -> str:
    """A content type without its parameters, such as the charset."""
    return text.partition(";")[0].strip().lower()


def _content_type(flow: Flow, message: Node) -> Node:
    own = message.get("contentType")
    return own if own.exists else flow.description.root.get("defaultContentType")


def _side(description: AsyncDescription) -> tuple[Dialect, Any]:
    """What the lowering of schemas needs: their dialect, and where a reference leads."""

    def resolve(text: str, here: Any) -> tuple[Any, Any] | None:
        target, _ = description.references.step(here, text)
        return None if target is None or not target.exists else (target.value, target)

    return Dialect.V3_0, resolve


def flows(description: AsyncDescription) -> dict[tuple[str, bool], Flow]:
    """What an application sends and receives, by address and direction; names of parameters are none of the
    address."""
    found: dict[tuple[str, bool], Flow] = {}
    stated = _third(description) if description.is_third else _second(description)
    for address, sends, operation, messages in stated:
        key = _PARAMETER.sub("{}", address), sends
        known = found.get(key)
        merged = messages if known is None else {**known.messages, **messages}
        first = operation if known is None else known.operation
        found[key] = Flow(description, address, sends, first, merged)
    return found


def _second(description: AsyncDescription) -> Iterator[tuple[str, bool, Node, dict[str, Node]]]:
    for address, entry in description.root.get("channels").items():
        channel = description.meant(entry)
        for word, sends in (("publish", False), ("subscribe", True)):
            operation = description.meant(channel.get(word))
            if operation.is_map:
                messages = {
                    _name(each) or f"{_NAMELESS}{number}": each
                    for number, each in enumerate(description.messages_of(operation))
                }
                yield address, sends, operation, messages


def _is_nameless(name: str) -> bool:
    return name.startswith(_NAMELESS)


def _name(message: Node) -> str:
    """What a message of version 2 is known by: its identifier, its name, or its key among the components."""
    stated = message.get("messageId").text or message.get("name").text
    return stated or (str(message.route[-1]) if message.route[:2] == ("components", "messages") else "")


def _third(description: AsyncDescription) -> Iterator[tuple[str, bool, Node, dict[str, Node]]]:
    for operation in description.operations:
        channel = description.meant(operation.get("channel"))
        address, action = channel.get("address").text, operation.get("action").text
        if address is None or action not in ("send", "receive"):
            continue
        carried = {name: description.meant(entry) for name, entry in channel.get("messages").items()}
        chosen = [reference_text(each) or "" for each in operation.get("messages").elements()]
        names = {text.rpartition("/")[2] for text in chosen}
        yield (
            address,
            action == "send",
            operation,
            {name: node for name, node in carried.items() if not chosen or name in names},
        )
