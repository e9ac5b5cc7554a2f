"""What a lost definition or file became: the new one that holds the same, whatever its name and place.

Parts that many hold lead to no candidates, so the work grows with what is lost and new, and not with their
product.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from typing import Any, TypeVar

from archlint.comparison.protobuf.definitions import Definition, definitions
from archlint.model.protobuf import Enum, Field, Message, ProtoSchema

Parts = Set[Hashable]
A = TypeVar("A", bound=Hashable)
B = TypeVar("B", bound=Hashable)

_COMMON = 16
"""So many may share a part, or a name, before it tells nothing."""
_LOOKED_AT = 8
"""So many candidates are held against what is lost, those that share most of the rare parts."""
_ALIKE = 0.5
"""The share of common parts among all from which on two of one name are the same."""
_EQUAL = 0.8
"""The share for two with different names in different scopes."""
_TELLING = 2
"""Parts from which on a definition under another name can be told to be the same."""


def successors(lost: Iterable[Definition], added: Iterable[Definition]) -> dict[str, Definition]:
    """The new definitions that lost ones became, by the full names of these."""
    new = {(type(item), item.full_name): item for item in added}
    parts = {key: parts_of(item) for key, item in new.items()}
    old = {(type(item), item.full_name): item for item in lost}

    def worth(one: tuple[type, str], other: tuple[type, str], share: float) -> float:
        return _worth(old[one], new[other], share)

    found = _best(
        {key: parts_of(item) for key, item in old.items()},
        parts,
        lambda key: (key[0], key[1].rpartition(".")[2]),
        worth,
    )
    return {one[1]: new[other] for one, other in found.items()}


def file_successors(lost: Iterable[ProtoSchema], added: Iterable[ProtoSchema]) -> dict[str, ProtoSchema]:
    """The new files that lost ones became, by the paths of these; packages do not matter."""
    new = {schema.path: schema for schema in added}
    found = _best(
        {schema.path: _parts_of_file(schema) for schema in lost},
        {path: _parts_of_file(schema) for path, schema in new.items()},
        lambda path: path.rpartition("/")[2],
        lambda _, __, share: share if share >= _ALIKE else 0,
    )
    return {one: new[other] for one, other in found.items()}


def _worth(old: Definition, new: Definition, share: float) -> float:
    """How much speaks for two being one; 0 if too little does."""
    if type(old) is not type(new):
        return 0
    if old.name == new.name:
        return 1 + share if share >= _ALIKE else 0
    parts = parts_of(old)
    if len(parts) < _TELLING:
        return 0
    is_beside = old.full_name.rpartition(".")[0] == new.full_name.rpartition(".")[0]
    if is_beside and parts <= parts_of(new):
        return share
    return share if share >= _EQUAL and len(parts) > _TELLING else 0


def parts_of(item: Definition) -> Parts:
    """All that a definition holds, its own name and all packages aside."""
    if isinstance(item, Message):
        own = item.full_name
        return {
            shape(field, "" if field.type_name == own else field.type_name.rpartition(".")[2])
            for field in item.fields
        }
    if isinstance(item, Enum):
        return {(value.number, value.name) for value in item.values}
    return {(rpc.name, rpc.input.rpartition(".")[2], rpc.output.rpartition(".")[2]) for rpc in item.rpcs}


def shape(field: Field, type_name: str) -> Hashable:
    """All that matters about a field, whatever its type is called."""
    return field.number, field.name, field.label, field.type, field.key_type, type_name, field.oneof


def _parts_of_file(schema: ProtoSchema) -> Parts:
    found: set[Hashable] = set()
    for item in definitions(schema):
        found.add(item.route)
        found.update((item.route, part) for part in parts_of(item))
    return found


def _best(
    lost: Mapping[A, Parts],
    added: Mapping[B, Parts],
    name: Callable[[Any], Hashable],
    worth: Callable[[A, B, float], float],
) -> dict[A, B]:
    """The one that is worth most for each; none if another one is worth as much."""
    holders: dict[Hashable, list[B]] = defaultdict(list)
    for other, parts in added.items():
        for part in (("called", name(other)), *parts):
            holders[part].append(other)
    found: dict[A, B] = {}
    for key, parts in lost.items():
        common: Counter[B] = Counter()
        for part in (("called", name(key)), *parts):
            near = holders.get(part, ())
            common.update(near if len(near) <= _COMMON else ())
        ranked = sorted(
            (
                (-worth(key, new, _share(parts, added[new])), at, new)
                for at, (new, _) in enumerate(common.most_common(_LOOKED_AT))
            ),
            key=lambda item: item[:2],
        )
        if ranked and ranked[0][0] < 0 and (len(ranked) == 1 or ranked[0][0] < ranked[1][0]):
            found[key] = ranked[0][2]
    return found


def _share(one: Parts, other: Parts) -> float:
    """The part of all that both have; all of nothing is nothing that differs."""
    return len(one & other) / len(one | other) if one or other else 1.0
