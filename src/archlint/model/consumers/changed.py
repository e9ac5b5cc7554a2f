"""What of a contract has changed, and which services of a proto file carry it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from archlint.finding import OperationName
from archlint.finding.records import dataclass
from archlint.model.protobuf import Message, ProtoService
from archlint.model.world import World


@dataclass(frozen=True)
class Changed:
    """Part of a contract, as consumers of it would write it."""

    operations: tuple[OperationName, ...] = ()
    name: str = ""
    """Of a proto: the name of the method, message, enum or service."""
    field: str = ""
    """The field of the message, where no more than that has changed."""
    services: frozenset[str] | None = None
    """The services of the proto file, without packages, that offer it; ``None`` where none is known."""

    @property
    def is_carried_by_none(self) -> bool:
        """Whether it is part of a proto that no method carries, so that calls alone do not use it."""
        return bool(self.name) and self.services is None


def proto_part(sides: Sequence[World], name: str, pointers: Sequence[str]) -> Changed:
    """The part of a proto file with a full name; ``pointers`` lead to what has changed in it, and the first
    of the ``sides`` that carries it tells who does: what is gone was carried before."""
    rpc, field, owner = (
        next(filter(None, (_below(pointer, kind) for pointer in pointers)), "")
        for kind in ("rpc", "field", "service")
    )
    if owner:
        return Changed(name=rpc or owner, services=frozenset({owner}))
    carried = next(filter(None, (world.fact(carriers).get(name) for world in sides)), None)
    services = frozenset(carried) if carried else None
    return Changed(name=name.rpartition(".")[2], field=field, services=services)


def _below(pointer: str, kind: str) -> str:
    """What is called a kind in a pointer such as ``/message/Cart/field/items``."""
    parts = pointer.split("/")[1:]
    return next((parts[at + 1] for at in range(0, len(parts) - 1, 2) if parts[at] == kind), "")


def carriers(world: World) -> dict[str, set[str]]:
    """Names of services, by the full names of the messages and enums that their methods carry."""
    below: dict[str, list[str]] = defaultdict(list)
    for message in world.all(Message):
        below[message.full_name] += [field.type_name for field in message.fields if field.type_name]
    found: dict[str, set[str]] = defaultdict(set)
    for service in world.all(ProtoService):
        ends = (name for rpc in service.rpcs for name in (rpc.input, rpc.output))
        for name in _reached(ends, below):
            found[name].add(service.name)
    return found


def _reached(names: Iterable[str], below: dict[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += below.get(name, ())
    return seen
