"""Pairs the AsyncAPI documents of two worlds, and what they send and receive."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import takewhile

from archlint.comparison.asyncapi.changes import (
    AddressChanged,
    DescriptionRemoved,
    EventChanged,
    EventUnjudged,
    FlowRemoved,
)
from archlint.comparison.asyncapi.flows import Flow, FlowKey, flows, without_names
from archlint.comparison.asyncapi.messages import Messages
from archlint.comparison.asyncapi.moving import moves, reply_changes
from archlint.comparison.asyncapi.servers import operation_security, server_changes
from archlint.comparison.avro import DataRefused
from archlint.comparison.terms import ComparisonTerms, Compatibility
from archlint.finding import Route
from archlint.finding.records import replace
from archlint.model.asyncapi import AsyncDescription
from archlint.model.world import World


def compare(base: World, revision: World, terms: ComparisonTerms) -> Iterable[object]:
    """All changes by which somebody who sends to an application, or listens to it, is let down."""
    paths = {old: new for new, old in terms.renames.items()}
    newer = {each.document.path: each for each in revision.all(AsyncDescription)}
    older = {paths.get(each.document.path, each.document.path): each for each in base.all(AsyncDescription)}
    left = {path: old for path, old in older.items() if path not in newer}
    titled = _titled(left, [each for path, each in newer.items() if path not in older])
    unreadable = {problem.path for problem in revision.problems}
    for path, old in older.items():
        new = newer.get(path) or titled.get(path)
        if new is not None:
            promised = terms.compatibility_of(old.document.path, old.object.name)
            with terms.losing(f"document '{path}'", path):
                yield from list(_once(_compared(old, new, promised)))
        elif path not in unreadable:
            yield DescriptionRemoved(old)


def is_promised(change: object, terms: ComparisonTerms) -> bool:
    """Whether a change is one of data of which something is promised, to be asked of other versions too."""
    if isinstance(change, DataRefused):
        return True
    if not isinstance(change, EventChanged):
        return False
    document = change.base.description
    return terms.compatibility_of(document.document.path, document.object.name) is not Compatibility.NONE


def _titled(
    left: Mapping[str, AsyncDescription], free: Iterable[AsyncDescription]
) -> dict[str, AsyncDescription]:
    """Older documents whose file is gone, and those of the same title that took their places.

    Of several the one that has most flows in common, then the one of the likest name.
    """
    by_title: dict[str, list[AsyncDescription]] = {}
    for each in free:
        by_title.setdefault(each.object.name, []).append(each)
    pairs: list[tuple[int, int, str, AsyncDescription]] = []
    for path, old in left.items():
        others = by_title.get(old.object.name, []) if old.object.name else []
        for new in others:
            alike = 0 if len(others) == 1 else len(flows(old).keys() & flows(new).keys())
            pairs.append((-alike, -_likeness(path, new.document.path), path, new))
    found: dict[str, AsyncDescription] = {}
    for _, _, path, new in sorted(pairs, key=lambda each: (*each[:3], each[3].document.path)):
        if path not in found and new not in found.values():
            found[path] = new
    return found


def _likeness(path: str, other: str) -> int:
    """With how many characters two paths begin alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path, other, strict=False)))


def _compared(old: AsyncDescription, new: AsyncDescription, promised: Compatibility) -> Iterator[object]:
    yield from server_changes(old, new)
    before, after = flows(old), flows(new)
    messages, moved = Messages(old, new, promised), moves(before, after)
    told: set[tuple[str, str, bool]] = set()
    for key, flow in before.items():
        address, sends, is_reply = key
        other = after.get(key) or moved.get(key) or _otherwise(flow, after)
        if other is not None:
            way = address, without_names(other.address), is_reply
            if key in moved and way not in told:
                told.add(way)
                yield AddressChanged(flow, other)
            if is_reply and other.is_reply:
                yield from reply_changes(flow, other)
            yield from operation_security(flow, other)
            yield from messages.compared(flow, other)
            continue
        back = (address, not sends, is_reply)
        turned = after.get(back)
        place = turned.operation.place() if turned else new.root.get("channels").place()
        yield FlowRemoved(flow, place, turned is not None and back not in before)


def _otherwise(flow: Flow, after: Mapping[FlowKey, Flow]) -> Flow | None:
    """What is carried at the same address as an answer, where it was none, or the other way round."""
    if flow.is_reply:
        answered = flow.channel.get("address").text
        return None if answered is None else after.get((without_names(answered), flow.sends, False))
    for other in after.values():
        answered = other.channel.get("address").text if other.is_reply and other.sends == flow.sends else None
        if answered is not None and without_names(answered) == without_names(flow.address):
            return other
    return None


def _once(changes: Iterable[object]) -> Iterator[object]:
    """A schema that several messages share is told once: at the first address by name."""
    shared: dict[tuple[Hashable, ...], list[EventChanged]] = {}
    unjudged: dict[tuple[str, Route], list[EventUnjudged]] = {}
    refused: set[tuple[Route, tuple[str, ...], str]] = set()
    for change in changes:
        if isinstance(change, DataRefused):
            key = change.mismatch.reader.node.route, change.mismatch.trail, change.mismatch.misfit
            if key in refused:
                continue
            refused.add(key)
        if isinstance(change, EventChanged):
            shared.setdefault(change.told_as, []).append(change)
        elif isinstance(change, EventUnjudged):
            unjudged.setdefault((change.new.document.path, change.new.route), []).append(change)
        else:
            yield change
    for same in unjudged.values():
        yield min(same, key=lambda each: (each.base.address, each.name, each.field, each.base.sends))
    for alike in shared.values():
        first = min(alike, key=lambda each: (each.base.address, each.name, each.field, each.trail))
        yield replace(first, others=len({(each.base.address, each.name) for each in alike}) - 1)
