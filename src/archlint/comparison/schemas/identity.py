"""Equal schemas have equal keys, also where they recurse: a canonical digest of the graph below a node.

Schemas without cycles are digested from the leaves upwards. A cycle is digested as a whole: its nodes are
told apart by refinement, numbered by a walk from a node that the refinement singles out, and written down.
Equal keys mean equal schemas; some equal schemas (a recursion written out once more) may have different
keys.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    """Digest all that is reached from a node: Tarjan's strongly connected components without recursion.

    What was met and has no digest yet is open.
    """
    index = {id(root): 0}
    low = {id(root): 0}
    open_nodes = [root]
    frames: list[tuple[Schema, Iterator[Schema]]] = [(root, iter(_children(root)))]
    while frames:
        current, below = frames[-1]
        here = id(current)
        for child in below:
            if child.digest is not None:
                continue
            there = id(child)
            if there not in index:
                index[there] = low[there] = len(index)
                open_nodes.append(child)
                frames.append((child, iter(_children(child))))
                break
            low[here] = min(low[here], index[there])
        else:
            frames.pop()
            if low[here] == index[here]:
                _close(_component(current, open_nodes))
            else:
                parent = id(frames[-1][0])
                low[parent] = min(low[parent], low[here])


def _component(last: Schema, open_nodes: list[Schema]) -> list[Schema]:
    found = [open_nodes.pop()]
    while found[-1] is not last:
        found.append(open_nodes.pop())
    return found


def _close(members: list[Schema]) -> None:
    """Give the nodes of one component their digests; all that they reach outside of it has its own."""
    if len(members) == 1:
        digests = [child.digest for child in _children(members[0])]
        if None not in digests:
            members[0].digest = _hash(label(members[0]), digests)
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


def _colours(members: list[Schema]) -> tuple[dict[int, int], bool]:
    """What tells the nodes of a cycle apart, and whether another round would bring nothing new.

    Colours are numbers in an order that depends on what the nodes say alone. Long chains take as many rounds
    as they are long. Rounds are limited; after that nodes count as different that may be equal.
    """
    within = {
        id(member): [id(child) for child in _children(member) if child.digest is None] for member in members
    }
    signs: dict[int, Any] = {
        id(member): _hash(label(member), [child.digest for child in _children(member)]) for member in members
    }
    colours = _numbered(signs)
    kinds = len(set(colours.values()))
    for _ in range(max(_FEW_ROUNDS, min(_MANY_ROUNDS, _WORK // len(members)))):
        if kinds == len(members):
            return colours, True
        signs = {each: (colours[each], *map(colours.__getitem__, below)) for each, below in within.items()}
        refined = _numbered(signs)
        found = len(set(refined.values()))
        if found == kinds:
            return refined, True
        colours, kinds = refined, found
    return colours, False


def _numbered(signs: dict[int, Any]) -> dict[int, int]:
    """The place of each sign among all that differ."""
    places = {sign: place for place, sign in enumerate(sorted(set(signs.values())))}
    return {each: places[sign] for each, sign in signs.items()}


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
