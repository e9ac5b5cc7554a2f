"""Equal schemas have equal keys, also where they recurse: a canonical digest of the graph below a node.

Schemas without cycles are digested from the leaves upwards. A cycle is digested as a whole: its nodes are
told apart by refinement, numbered by a walk from a node that the refinement singles out, and written down.
Equal keys mean equal schemas; some equal schemas (a recursion written out once more) may have different
keys.
"""

from __future__ import annotations

from typing import Any

from archlint.comparison.schemas.schema import ALONE, MAPS, TUPLES, Schema
from archlint.comparison.schemas.values import Undecided, frozen
from archlint.finding.digest import blake2b

_FEW_ROUNDS, _MANY_ROUNDS = 4, 64
_WORK = 200_000
"""Nodes that are looked at to tell those of one cycle apart, over all rounds."""


def key(schema: Schema) -> bytes:
    """The key of a schema."""
    if schema.digest is None:
        if schema.base is not None:
            name = f"produced {schema.variant}".encode()
            schema.digest = blake2b(name + key(schema.base), digest_size=16).digest()
        else:
            _digest_below(schema)
    assert schema.digest is not None
    return schema.digest


def _digest_below(root: Schema) -> None:
    """Digest all that is reached from a node: Tarjan's strongly connected components without recursion."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    open_nodes: list[Schema] = []
    waiting: set[int] = set()
    frames: list[tuple[Schema, list[Schema], int]] = [(root, _children(root), 0)]
    index[id(root)] = low[id(root)] = 0
    open_nodes.append(root)
    waiting.add(id(root))
    while frames:
        current, below, at = frames.pop()
        if at < len(below):
            frames.append((current, below, at + 1))
            child = below[at]
            if child.digest is not None:
                continue
            if id(child) not in index:
                index[id(child)] = low[id(child)] = len(index)
                open_nodes.append(child)
                waiting.add(id(child))
                frames.append((child, _children(child), 0))
            elif id(child) in waiting:
                low[id(current)] = min(low[id(current)], index[id(child)])
            continue
        if frames:
            parent = frames[-1][0]
            low[id(parent)] = min(low[id(parent)], low[id(current)])
        if low[id(current)] == index[id(current)]:
            _close(_component(current, open_nodes, waiting))


def _component(last: Schema, open_nodes: list[Schema], waiting: set[int]) -> list[Schema]:
    found = []
    while True:
        member = open_nodes.pop()
        waiting.discard(id(member))
        found.append(member)
        if member is last:
            return found


def _close(members: list[Schema]) -> None:
    """Give the nodes of one component their digests; all that they reach outside of it has its own."""
    if len(members) == 1 and all(child is not members[0] for child in _children(members[0])):
        members[0].digest = _hash(label(members[0]), [child.digest for child in _children(members[0])])
        return
    colours, is_settled = _colours(members)
    names = {id(member): colours[id(member)] if is_settled else id(member) for member in members}
    classes: dict[Any, Schema] = {}
    for member in members:
        classes.setdefault(names[id(member)], member)
    first = min(classes.values(), key=lambda member: colours[id(member)])
    numbers: dict[Any, int] = {names[id(first)]: 0}
    order = [first]
    text: list[Any] = []
    for member in order:  # grows while it is walked: breadth first, in the order of children
        text.append(label(member))
        for child in _children(member):
            if child.digest is not None:
                text.append(child.digest)
                continue
            name = names[id(child)]
            if name not in numbers:
                numbers[name] = len(numbers)
                order.append(classes[name])
            text.append(numbers[name])
    whole = _hash("cycle", text)
    for member in members:
        member.digest = _hash(("in cycle", numbers[names[id(member)]]), [whole])


def _colours(members: list[Schema]) -> tuple[dict[int, bytes], bool]:
    """What tells the nodes of a cycle apart, and whether another round would bring nothing new.

    Long chains take as many rounds as they are long. Rounds are limited; after that nodes count as different
    that may be equal.
    """
    labels = {id(member): label(member) for member in members}
    colours = {id(member): _hash(labels[id(member)], []) for member in members}
    kinds = len(set(colours.values()))
    for _ in range(max(_FEW_ROUNDS, min(_MANY_ROUNDS, _WORK // len(members)))):
        refined = {
            id(member): _hash(
                labels[id(member)],
                [child.digest or colours[id(child)] for child in _children(member)],
            )
            for member in members
        }
        found = len(set(refined.values()))
        if found == kinds:
            return refined, True
        colours, kinds = refined, found
    return colours, False


def _children(schema: Schema) -> list[Schema]:
    return [child for _, child in schema.children()]


def label(schema: Schema) -> str:
    """All that the schema says itself, with the names under which its children hang."""
    parts: list[Any] = []
    for name, value in sorted(schema.keywords.items()):
        if name in ALONE:
            parts.append(name)
        elif name in TUPLES:
            parts.append((name, len(value)))
        elif name in MAPS:
            parts.append((name, sorted(value)))
        elif name == "enum":
            parts.append((name, sorted(map(repr, map(_frozen, value)))))
        elif isinstance(value, frozenset):
            parts.append((name, sorted(value)))
        elif isinstance(value, dict):
            parts.append((name, sorted((key, sorted(names)) for key, names in value.items())))
        else:
            parts.append((name, value))
    return repr(parts)


def _frozen(value: Any) -> Any:
    try:
        return frozen(value)
    except Undecided:
        return ("no JSON", repr(value))


def _hash(label: Any, children: list[Any]) -> bytes:
    return blake2b(repr((label, children)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
