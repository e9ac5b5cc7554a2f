"""Pairs the AsyncAPI documents of two worlds, and what they send and receive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.comparison.asyncapi.changes import (
    AddressChanged,
    DescriptionRemoved,
    EventChanged,
    FlowRemoved,
)
from archlint.comparison.asyncapi.flows import flows, without_names
from archlint.comparison.asyncapi.messages import Messages
from archlint.comparison.asyncapi.moving import moves, reply_changes
from archlint.comparison.asyncapi.servers import operation_security, server_changes
from archlint.comparison.avro import DataRefused
from archlint.comparison.terms import ComparisonTerms
from archlint.finding import Route
from archlint.finding.records import replace
from archlint.model.asyncapi import AsyncDescription
from archlint.model.world import World


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
            yield from _once(_compared(old, new))
        elif path not in unreadable:
            yield DescriptionRemoved(old)


def _compared(old: AsyncDescription, new: AsyncDescription) -> Iterator[object]:
    yield from server_changes(old, new)
    before, after = flows(old), flows(new)
    messages, moved = Messages(old, new), moves(before, after)
    told: set[tuple[str, str, bool]] = set()
    for (address, sends, is_reply), flow in before.items():
        other = after.get((address, sends, is_reply)) or moved.get((address, sends, is_reply))
        if other is not None:
            way = address, without_names(other.address), is_reply
            if way[0] != way[1] and way not in told:
                told.add(way)
                yield AddressChanged(flow, other)
            if is_reply:
                yield from reply_changes(flow, other)
            yield from operation_security(flow, other)
            yield from messages.compared(flow, other)
            continue
        back = (address, not sends, is_reply)
        turned = after.get(back)
        place = turned.operation.place() if turned else new.root.get("channels").place()
        yield FlowRemoved(flow, place, turned is not None and back not in before)


_Key = tuple[str, Route, tuple[str, ...], bool]


def _once(changes: Iterable[object]) -> Iterator[object]:
    """A schema that several messages share is told once: at the first address by name."""
    shared: dict[_Key, list[EventChanged]] = {}
    refused: set[tuple[Route, tuple[str, ...], str]] = set()
    for change in changes:
        if isinstance(change, DataRefused):
            key = change.mismatch.reader.node.route, change.mismatch.trail, change.mismatch.misfit
            if key in refused:
                continue
            refused.add(key)
        if isinstance(change, EventChanged):
            place = change.new.document.path, change.new.route
            shared.setdefault((*place, change.trail[-2:], change.base.sends), []).append(change)
        else:
            yield change
    for alike in shared.values():
        first = min(alike, key=lambda each: (each.base.address, each.name, each.field, each.trail))
        yield replace(first, others=len(alike) - 1)
