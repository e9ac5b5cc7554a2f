"""Compares the messages at one address: their payloads, headers, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.comparison.asyncapi.bindings import SCHEMAS, Level, binding_changes, bound
from archlint.comparison.asyncapi.changes import (
    EncodingChanged,
    EventChanged,
    EventRemoved,
    LocationChanged,
)
from archlint.comparison.asyncapi.encodings import avro_changes, changed_encoding
from archlint.comparison.asyncapi.flows import Flow, is_nameless, names_in
from archlint.comparison.openapi.judge import sent
from archlint.comparison.schemas.answers import No, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.lowering import lowerings
from archlint.comparison.schemas.narrowing import LosingEdit, Narrowing, StatedSchema
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.comparison.schemas.validation import separates
from archlint.comparison.schemas.values import Undecided
from archlint.comparison.terms import Compatibility
from archlint.documents import Node
from archlint.model.asyncapi import AsyncDescription
from archlint.model.openapi import Dialect, Direction


class Messages:
    """Compares what two documents say of messages; questions that were answered are not asked again.

    What is promised of events adds to the direction: where nothing is, payloads may change at will; where
    all readers count, messages that were kept have to be read by either side too.
    """

    def __init__(self, old: AsyncDescription, new: AsyncDescription, promised: Compatibility) -> None:
        self._promised = promised
        self._engine = Engine()
        self._sides = lowerings(_side(old), _side(new), is_directed=False)
        self._follow = old.meant, new.meant

    def compared(self, old: Flow, new: Flow) -> Iterator[object]:
        """What changed of all that is carried at an address."""
        pair = old, new
        yield from binding_changes(pair, (old.channel, new.channel), Level.CHANNEL)
        yield from binding_changes(pair, (old.operation, new.operation), Level.OPERATION)
        yield from self._bound(pair, (old.channel, new.channel), Level.CHANNEL)
        yield from self._bound(pair, (old.operation, new.operation), Level.OPERATION)
        if not old.is_reply:
            yield from self._parameters(pair)
        for name, message, same in _same_messages(old, new):
            if same is not None:
                yield from self._message(pair, name, (message, same))
            elif new.messages:
                yield EventRemoved(old, new, name)

    def _message(self, pair: tuple[Flow, Flow], name: str, messages: tuple[Node, Node]) -> Iterator[object]:
        old, new = pair
        yield from binding_changes(pair, messages, Level.MESSAGE)
        yield from self._bound(pair, messages, Level.MESSAGE, name)
        yield from _location(pair, messages, "correlation ID", "correlationId", "location")
        written = changed_encoding(pair, messages)
        if written is not None:
            yield EncodingChanged(old, new, name, *written)
            return
        for is_kept in self._questions():
            yield from avro_changes(pair, messages, is_kept=is_kept)
            for field in ("payload", "headers"):
                first = old.description.schema_of(messages[0], field)
                second = new.description.schema_of(messages[1], field)
                if first is not None and second is not None:
                    yield from self._schemas(pair, name, field, (first, second), is_kept=is_kept)

    def _questions(self) -> tuple[bool, ...]:
        """Whether messages on their way, and those that are kept, have to be understood."""
        if self._promised is Compatibility.NONE:
            return ()
        return (False, True) if self._promised.is_backward and self._promised.is_forward else (False,)

    def _bound(
        self, pair: tuple[Flow, Flow], owners: tuple[Node, Node], level: Level, name: str = ""
    ) -> Iterator[EventChanged]:
        """Changes of the schemas in bindings."""
        for home, route, field in SCHEMAS:
            if home is level:
                first, second = (bound(*each, *route) for each in zip(pair, owners, strict=True))
                if first.is_map and second.is_map:
                    yield from self._schemas(pair, name, field, (first, second))

    def _parameters(self, pair: tuple[Flow, Flow]) -> Iterator[object]:
        """Changes of the values that stand in the address, by their order in it."""
        for names in zip(*(names_in(flow.address) for flow in pair), strict=False):
            first, second = (
                flow.description.meant(flow.channel.get("parameters", name))
                for flow, name in zip(pair, names, strict=True)
            )
            yield from _location(pair, (first, second), f"parameter '{names[0]}'", "location")
            values = [_values(flow, each) for flow, each in zip(pair, (first, second), strict=True)]
            if values[0] is not None and values[1] is not None:
                yield from self._schemas(pair, "", f"value of '{names[0]}'", (values[0], values[1]))

    def _schemas(
        self,
        pair: tuple[Flow, Flow],
        name: str,
        field: str,
        nodes: tuple[Node, Node],
        *,
        is_kept: bool = False,
    ) -> Iterator[EventChanged]:
        """Each edit of a schema by which somebody gets, or sends, what the other side does not know."""
        before, after = (
            side.lower(node.value, node, Direction.REQUEST)
            for side, node in zip(self._sides, nodes, strict=True)
        )
        sends = pair[0].sends is not is_kept
        whole = self._lost(before, after, sends)
        if whole is None:
            return
        narrowing = Narrowing(lambda old, new: self._lost(old, new, sends) is not None, self._follow)
        for each in narrowing.differences(StatedSchema(nodes[0], before), StatedSchema(nodes[1], after)):
            witness = self._witness(each, (before, after), sends) or whole
            trail = (*each.trail, each.keyword, each.name)
            yield EventChanged(*pair, name, field, each.old, each.new, trail, witness.witness, is_kept)

    def _lost(self, old: Schema, new: Schema, sends: bool) -> No | None:
        """A value of the one schema that is none of the other, which way depends on who sends."""
        narrow, wide = (new, old) if sends else (old, new)
        answer = self._engine.contains(sent(narrow), wide)
        if isinstance(answer, No) and not isinstance(self._engine.contains(sent(narrow), wide, True), Yes):
            return answer
        return None

    def _witness(self, edit: LosingEdit, sides: tuple[Schema, Schema], sends: bool) -> No | None:
        """A value that is lost by one edit, and with all others beside it too."""
        old, new = sides
        alone = self._lost(old, edit.made, sends)
        if alone is None:
            return None
        narrow, wide = (new, old) if sends else (old, new)
        try:
            if separates(alone.witness, sent(narrow), wide):
                return alone
        except (Undecided, ValueError):
            return None
        if sends:
            return self._lost(old, schema_with(allOf=(new, edit.made)), sends)
        return self._lost(old, schema_with(anyOf=(edit.made, new)), sends)


def _same_messages(old: Flow, new: Flow) -> Iterator[tuple[str, Node, Node | None]]:
    """Each older message with what it is now: what has its name, else its payload, else what alone is left.

    Names tell programs apart and nobody on the wire, and many messages have none.
    """
    left = {
        name: node for name, node in new.messages.items() if name not in old.messages or is_nameless(name)
    }
    rest: list[tuple[str, Node]] = []
    for name, message in old.messages.items():
        if name in new.messages and not is_nameless(name):
            yield name, message, new.messages[name]
        else:
            rest.append((name, message))
    for name, message in [*rest]:
        payload = _payload(old, message)
        same = next((key for key, other in left.items() if _payload(new, other) == payload), None)
        if same is not None:
            rest.remove((name, message))
            yield name, message, left.pop(same)
    is_by_order = len(rest) == len(left) and (len(rest) == 1 or all(map(is_nameless, dict(rest))))
    others = iter(left.values() if is_by_order else ())
    yield from ((name, message, next(others, None)) for name, message in rest)


def _payload(flow: Flow, message: Node) -> Any:
    return flow.description.stated(message, "payload").value


def _location(
    pair: tuple[Flow, Flow], owners: tuple[Node, Node], field: str, *route: str
) -> Iterator[LocationChanged]:
    """Whether a value is to be looked for somewhere else, or nowhere."""
    old, new = (flow.description.effective(owner, *route) for flow, owner in zip(pair, owners, strict=True))
    if old.text is not None and old.value != new.value:
        yield LocationChanged(*pair, field, old, new)


def _values(flow: Flow, parameter: Node) -> Node | None:
    """The values that a parameter may have, as a schema; None if they are not listed.

    What else a schema of version 2 says has no counterpart in version 3, and is often lost on the way there.
    """
    home = parameter if flow.description.is_third else flow.description.meant(parameter.get("schema"))
    allowed = home.get("enum")
    if not allowed.is_list:
        return None
    return Node(home.document, home.route, {"enum": [str(each) for each in allowed.value]})


def _side(description: AsyncDescription) -> tuple[Dialect, Any]:
    """What the lowering of schemas needs: their dialect, and where a reference leads."""

    def resolve(text: str, here: Any) -> tuple[Any, Any] | None:
        target, _ = description.references.step(here, text)
        return None if target is None or not target.exists else (target.value, target)

    return Dialect.V3_0, resolve
