"""Suppressions of elements of an API description, followed through ``$ref``.

An element that refers to a suppressed element is that element, so the suppression holds there too. And what
only suppressed elements refer to is theirs: a shared schema that is also used elsewhere stays visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from posixpath import dirname, join, normpath
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import unquote

from archlint.files import API_DESCRIPTIONS
from archlint.finding.place import pointer_of
from archlint.judging.asked import Told
from archlint.model.world import World


class Suppressing(Protocol):
    """What an element carries: one suppression, or more."""

    def covers(self, told: Told) -> bool:
        """Whether it speaks of what a rule has found."""


A = TypeVar("A", bound=Suppressing)
ElementKey = tuple[str, str]
"""A path and a pointer in its first document."""

_ROOT_KEYS = ("openapi", "swagger", "asyncapi")
_LIBRARIES = frozenset({"components", "definitions", "parameters", "responses", "securityDefinitions"})
"""Parts of a description in which nothing has effect unless something refers to it."""
_LONGEST_CHAIN = 20


class SuppressedReach(Generic[A]):
    """What suppressed elements reach, in all API descriptions of a world and the files these refer to."""

    def __init__(self, world: World, elements: Mapping[ElementKey, A]) -> None:
        """``elements`` are the suppressed ones with what suppresses them."""
        self._elements = dict(sorted(elements.items(), key=itemgetter(0)))
        self._refs: dict[ElementKey, ElementKey] = {}
        self._roots: list[ElementKey] = []
        self._read(world)
        self._nodes: dict[str, set[str]] = {}
        for path, pointer in (*self._elements, *self._refs.values(), *self._roots):
            self._nodes.setdefault(path, {""}).add(pointer)
        self._edges: dict[ElementKey, list[ElementKey]] = {}
        self._connect()
        self._exposed: dict[Told, set[ElementKey]] = {}
        self._inside: dict[Told, dict[ElementKey, A]] = {}
        self._hidden: dict[Told, set[ElementKey]] = {}

    def covering(self, path: str, pointer: str, told: Told) -> Iterator[A]:
        """What suppresses a rule at a place, by way of a reference."""
        for target in self._targets(path, pointer):
            for around in _upwards(target):
                yield from self._speaking(around, told)
        node = self._node(path, pointer)
        owner = self._theirs(told).get(node)
        if owner is not None and node not in self._seen_elsewhere(told):
            self._hidden.setdefault(told, set()).add(node)
            yield owner

    def needed(self) -> Iterator[tuple[A, Told]]:
        """All that suppresses, with the rule, from which something that was suppressed can be reached."""
        backwards: dict[ElementKey, list[ElementKey]] = {}
        for source, targets in self._edges.items():
            for target in targets:
                backwards.setdefault(target, []).append(source)
        for told, hidden in self._hidden.items():
            for node in _reachable(hidden, backwards):
                for suppressing in self._speaking(node, told):
                    yield suppressing, told

    def _speaking(self, element: ElementKey, told: Told) -> Iterator[A]:
        found = self._elements.get(element)
        if found is not None and found.covers(told):
            yield found

    def _targets(self, path: str, pointer: str) -> Iterator[ElementKey]:
        """What the elements around a place refer to, through chains of references."""
        for around in _upwards((path, pointer)):
            target = self._refs.get(around)
            for _ in range(_LONGEST_CHAIN):
                if target is None:
                    break
                yield target
                target = self._refs.get(target)

    def _theirs(self, told: Told) -> dict[ElementKey, A]:
        """What suppressed elements reach, each with one suppression that reaches it."""
        if told not in self._inside:
            owners: dict[ElementKey, A] = {}
            for element, suppressing in self._elements.items():
                waiting = [element] if suppressing.covers(told) else []
                while waiting:  # each element is entered once, whatever leads to it
                    node = waiting.pop()
                    if node not in owners:
                        owners[node] = suppressing
                        waiting += self._edges.get(node, ())
            self._inside[told] = owners
        return self._inside[told]

    def _seen_elsewhere(self, told: Told) -> set[ElementKey]:
        """What the descriptions use without passing through a suppressed element."""
        if told not in self._exposed:
            closed = {element for element in self._elements if any(self._speaking(element, told))}
            self._exposed[told] = _reachable(self._roots, self._edges, closed)
        return self._exposed[told]

    def _node(self, path: str, pointer: str) -> ElementKey:
        """The nearest element at or around a place that something refers to or that is suppressed."""
        known = self._nodes.get(path, {""})
        return next(around for around in _upwards((path, pointer)) if around[1] in known or not around[1])

    def _read(self, world: World) -> None:
        """Find all references, from the descriptions onwards into the files that they name."""
        waiting = [document.path for document in world.documents(*API_DESCRIPTIONS)]
        waiting += [path for path, _ in self._elements]
        seen: set[str] = set()
        while waiting:
            path = waiting.pop()
            document = None if path in seen else world.document(path)
            seen.add(path)
            if document is None:
                continue
            if isinstance(document.data, dict) and any(key in document.data for key in _ROOT_KEYS):
                self._roots.append((path, ""))
            for holder, reference in _references(document.data):
                target = _resolve(path, reference)
                if target is not None:
                    self._refs[path, holder] = target
                    waiting.append(target[0])

    def _connect(self) -> None:
        """An element leads to those in it, save a library to its parts, and to what is referred to in it."""
        described = {path for path, _ in self._roots}
        for path, pointers in self._nodes.items():
            for pointer in pointers - {""}:
                parent = self._node(path, pointer.rpartition("/")[0])
                if parent[1] or path not in described or not _is_library(pointer):
                    self._edges.setdefault(parent, []).append((path, pointer))
        for holder, target in self._refs.items():
            self._edges.setdefault(self._node(*holder), []).append(target)


def _is_library(pointer: str) -> bool:
    return pointer.split("/", 2)[1] in _LIBRARIES


def _reachable(
    start: Iterable[ElementKey],
    edges: Mapping[ElementKey, Sequence[ElementKey]],
    closed: Iterable[ElementKey] = (),
) -> set[ElementKey]:
    seen = set(closed)
    shut = set(seen)
    waiting = [node for node in start if node not in seen]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += edges.get(node, ())
    return seen - shut


def _references(data: Any) -> Iterator[tuple[str, str]]:
    """The pointers of all elements with a ``$ref``, and the references."""
    waiting: list[tuple[str, Any]] = [("", data)]
    while waiting:
        pointer, value = waiting.pop()
        children: Iterable[tuple[Any, Any]] = ()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str):
                yield pointer, reference
            children = value.items()
        elif isinstance(value, list):
            children = enumerate(value)
        waiting += [
            (pointer + pointer_of((key,)), item) for key, item in children if isinstance(item, (dict, list))
        ]


def _resolve(path: str, reference: str) -> ElementKey | None:
    """The element that a reference names; ``None`` for one that leaves the repository."""
    name, _, fragment = reference.partition("#")
    if "://" in name or name.startswith("/") or (fragment and not fragment.startswith("/")):
        return None
    target = normpath(join(dirname(path), unquote(name))) if name else path
    return None if target.startswith("..") else (target, unquote(fragment).rstrip("/"))


def _upwards(element: ElementKey) -> Iterator[ElementKey]:
    path, pointer = element
    while pointer:
        yield path, pointer
        pointer = pointer.rpartition("/")[0]
    yield path, ""
