"""Compares the messages at one address: their payloads, headers, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archlint.comparison.asyncapi.bindings import SCHEMAS, binding_changes
from archlint.comparison.asyncapi.changes import (
    EncodingChanged,
    EventChanged,
    EventRemoved,
    EventUnjudged,
    LocationChanged,
)
from archlint.comparison.asyncapi.described import meant, part_of_binding, why_unjudged
from archlint.comparison.asyncapi.encodings import avro_changes, changed_encoding
from archlint.comparison.asyncapi.flows import Flow, is_nameless, names_in
from archlint.comparison.json_schema.changes import edited_in, keyword_of
from archlint.comparison.json_schema.edits import ALLOWED, SchemaEdit
from archlint.comparison.json_schema.graph import Graph
from archlint.comparison.json_schema.trials import EditTrial
from archlint.comparison.openapi.judge import sent
from archlint.comparison.schemas.answers import No, Unknown, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.comparison.terms import Compatibility
from archlint.documents import Node
from archlint.finding.records import dataclass, replace
from archlint.model.asyncapi import AsyncDescription, Described, Piece
from archlint.model.json_schema import ONE, Views


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that one document sends and the other one does not take."""

    sent_as: Node
    taken_as: Node
    trail: tuple[str, ...]
    """As that of ``EventChanged``; empty where none of several schemas takes the value."""
    witness: Any


class Messages:
    """Compares what two documents say of messages; questions that were answered are not asked again.

    What is promised of events adds to the direction: where nothing is, payloads may change at will; where
    all readers count, messages that were kept have to be read by either side too.
    """

    def __init__(
        self,
        old: AsyncDescription,
        new: AsyncDescription,
        promised: Compatibility = Compatibility.BACKWARD,
        engine: Engine | None = None,
    ) -> None:
        self._promised = promised
        self._engine = engine or Engine()
        self._views = tuple(each.references.world.fact(Views) for each in (old, new))

    def compared(self, old: Flow, new: Flow) -> Iterator[object]:
        """What changed of all that is carried at an address."""
        pair = old, new
        yield from binding_changes(pair, (old.channel, new.channel), Piece.CHANNEL)
        yield from binding_changes(pair, (old.operation, new.operation), Piece.OPERATION)
        # who connects to a WebSocket says query and headers, whoever sends messages afterwards
        connecting = replace(old, sends=False), replace(new, sends=False)
        yield from self._bound(connecting, (old.channel, new.channel), Piece.CHANNEL)
        yield from self._bound(pair, (old.operation, new.operation), Piece.OPERATION)
        if not old.is_reply:
            yield from self._parameters(pair)
        for name, message, same in _same_messages(old, new):
            if same is not None:
                yield from self._message(pair, name, (message, same))
            elif new.messages:
                yield EventRemoved(old, new, name)

    def _message(self, pair: tuple[Flow, Flow], name: str, messages: tuple[Node, Node]) -> Iterator[object]:
        old, new = pair
        yield from binding_changes(pair, messages, Piece.MESSAGE)
        yield from self._bound(pair, messages, Piece.MESSAGE, name)
        yield from _location(pair, messages, "correlation ID", "correlationId", "location")
        written = changed_encoding(pair, messages)
        if written is not None:
            yield EncodingChanged(old, new, name, *written)
            return
        for is_kept in self._questions():
            yield from avro_changes(pair, messages, is_kept=is_kept)
            for field in ("payload", "headers"):
                parts = (
                    old.description.part_of(messages[0], field),
                    new.description.part_of(messages[1], field),
                )
                reason = why_unjudged(pair, parts, messages if field == "payload" else None)
                yield from self._part(pair, name, field, parts, reason, is_kept=is_kept)

    def _questions(self) -> tuple[bool, ...]:
        """Whether messages on their way, and those that are kept, have to be understood."""
        if self._promised is Compatibility.NONE:
            return ()
        return (False, True) if self._promised.is_backward and self._promised.is_forward else (False,)

    def _bound(
        self, pair: tuple[Flow, Flow], owners: tuple[Node, Node], part: Piece, name: str = ""
    ) -> Iterator[object]:
        """Changes of the schemas in bindings."""
        for home, route, field in SCHEMAS:
            if home is part:
                parts = part_of_binding(pair[0], owners[0], route), part_of_binding(pair[1], owners[1], route)
                yield from self._part(pair, name, field, parts, why_unjudged(pair, parts))

    def _parameters(self, pair: tuple[Flow, Flow]) -> Iterator[object]:
        """Changes of the values that stand in the address, by their order in it."""
        for names in zip(*(names_in(flow.address) for flow in pair), strict=False):
            first, second = (
                flow.description.meant(flow.channel.get("parameters", name))
                for flow, name in zip(pair, names, strict=True)
            )
            yield from _location(pair, (first, second), f"parameter '{names[0]}'", "location")
            yield from _values_changed(pair, names[0], (_listed(pair[0], first), _listed(pair[1], second)))

    def _part(
        self,
        pair: tuple[Flow, Flow],
        name: str,
        field: str,
        parts: tuple[Described, Described],
        reason: str | None,
        *,
        is_kept: bool = False,
    ) -> Iterator[object]:
        """Each edit of a part by which somebody gets, or sends, what the other side does not know; or why
        nobody can tell."""
        first, second = (each.schema for each in parts)
        if reason is None and first is not None and second is not None:
            is_of_new = pair[0].sends is not is_kept
            trial = self._trial((first, second), is_of_new=is_of_new)
            for places, trail, witness in self._losing(pair, (first, second), trial, is_of_new=is_of_new):
                yield EventChanged(*pair, name, field, *places, trail, witness, is_kept)
            if trial.edits and isinstance(trial.usual, Unknown) and not trial.is_about_overlaps:
                reason = trial.usual.reason
        if reason is not None:
            old, new = (meant(flow, each.node) for flow, each in zip(pair, parts, strict=True))
            yield EventUnjudged(*pair, name, field, old, new, reason)

    def refused(self, pair: tuple[Flow, Flow], sent_as: Node, taken_as: Sequence[Node]) -> Iterator[Refusal]:
        """What the second document refuses of what the first one sends, which fits if one of several schemas
        takes it; nothing where the first says nothing of the value as a whole."""
        ours, theirs = (Graph(views) for views in self._views)
        if _is_silent(ours.node(sent_as)):
            return
        if len(taken_as) == 1:
            nodes = sent_as, taken_as[0]
            trial = self._trial(nodes, is_of_new=False)
            for places, trail, witness in self._losing(pair, nodes, trial, is_of_new=False):
                yield Refusal(*places, trail, witness)
            return
        narrow, wide = sent(ours.node(sent_as)), schema_with(anyOf=tuple(map(theirs.node, taken_as)))
        answer = self._engine.contains(narrow, wide)
        if isinstance(answer, No) and not isinstance(self._engine.contains(narrow, wide, True), Yes):
            yield Refusal(sent_as, taken_as[0], (), answer.witness)

    def _trial(self, nodes: tuple[Node, Node], *, is_of_new: bool) -> EditTrial:
        old, new = ((Graph(views), node) for views, node in zip(self._views, nodes, strict=True))
        return EditTrial(self._engine, *((new, old) if is_of_new else (old, new)))

    @staticmethod
    def _losing(
        pair: tuple[Flow, Flow], nodes: tuple[Node, Node], trial: EditTrial, *, is_of_new: bool
    ) -> Iterator[tuple[tuple[Node, Node], tuple[str, ...], Any]]:
        """Where each edit by which a value is lost stands on both sides, the way there, and such a value."""
        if not trial.edits or not isinstance(trial.usual, No) or trial.is_about_overlaps:
            return
        alone = ((each,) for each in trial.tried)
        found = list(_refused(trial, alone)) or list(_refused(trial, trial.groups))
        for edits, witness in found:
            views = (edits[0].writer, edits[0].reader)
            newer, older = views if is_of_new else views[::-1]
            if len(edits) == 1:
                places, trail = (edited_in(edits[0], older), edited_in(edits[0], newer)), _trail(edits[0])
            else:
                places, trail = (older.node, newer.node), (*edits[0].trail, "", "")
            yield places, trail, witness
        if not found:
            first, second = (flow.description.meant(each) for flow, each in zip(pair, nodes, strict=True))
            yield (first, second), ("", ""), trial.usual.witness


def _refused(
    trial: EditTrial, tries: Iterable[Sequence[SchemaEdit]]
) -> Iterator[tuple[Sequence[SchemaEdit], Any]]:
    """The edits after which something is refused, each time with a value."""
    for edits in tries:
        answer = trial.usually(*edits)
        if isinstance(answer, No):
            yield edits, answer.witness


def _trail(edit: SchemaEdit) -> tuple[str, ...]:
    """The way to what was edited; whether a member is allowed at all is an edit of its schema's home."""
    if edit.keyword != ALLOWED:
        return *edit.trail, keyword_of(edit), str(edit.name)
    *_, home, last = ("", "", *map(str, edit.writer.node.route))
    if home == "properties" and edit.trail[-1:] == (last,):
        return *edit.trail[:-1], home, last
    if last in ONE:
        return *(edit.trail[:-1] if edit.trail[-1:] in (("{}",), ("[]",)) else edit.trail), last, ""
    return *edit.trail, "", ""


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


def _is_silent(schema: Schema) -> bool:
    """Whether a schema says nothing of its values but that they are objects, or lists."""
    types = schema.keywords.get("type", frozenset())
    return not schema.keywords.keys() - {"type"} and types <= {"object", "array"}


def _payload(flow: Flow, message: Node) -> Any:
    return flow.description.stated(message, "payload").value


def _location(
    pair: tuple[Flow, Flow], owners: tuple[Node, Node], field: str, *route: str
) -> Iterator[LocationChanged]:
    """Whether a value is to be looked for somewhere else, or nowhere."""
    old, new = (flow.description.effective(owner, *route) for flow, owner in zip(pair, owners, strict=True))
    if old.text is not None and old.value != new.value:
        yield LocationChanged(*pair, field, old, new)


def _listed(flow: Flow, parameter: Node) -> Node:
    """The values that a parameter may have.

    What else a schema of version 2 says has no counterpart in version 3, and is often lost on the way there.
    """
    home = parameter if flow.description.is_third else flow.description.meant(parameter.get("schema"))
    return home.get("enum")


def _values_changed(pair: tuple[Flow, Flow], name: str, lists: tuple[Node, Node]) -> Iterator[EventChanged]:
    """Whether a value in the address is sent that was not listed before, or refused that was."""
    if not all(each.is_list for each in lists):
        return
    before, after = ([str(each) for each in stated.value] for stated in lists)
    lost = (
        [each for each in after if each not in before]
        if pair[0].sends
        else [each for each in before if each not in after]
    )
    if lost:
        yield EventChanged(*pair, "", f"value of '{name}'", *lists, ("enum", ""), lost[0])
