"""Access lists of Kafka users, held against what the workloads that act as these users do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes.workloads import Workload
from archlint.model.messaging.access import users_workloads
from archlint.model.messaging.kafka import KafkaUser
from archlint.model.messaging.topics import KAFKA, TopicUse
from archlint.model.messaging.uses import certain_uses
from archlint.model.system.parties import Parties, parties
from archlint.model.world import World

NEEDS = ("KafkaUser",)


@join(KafkaUser)
def kafka_access_missing(user: KafkaUser, world: World, options: Options) -> Iterator[Observation]:
    """A user whose access list does not allow what its workloads do."""
    if not user.has_acls:
        return
    by_user = world.fact(users_workloads)
    uses = world.fact(_uses_by_workload)
    told: set[tuple[str, bool]] = set()
    for workload in by_user.get(user.name, ()):
        is_alone = sum(workload in others for others in by_user.values()) == 1
        same = workload.namespace is None or user.namespace is None or workload.namespace == user.namespace
        for use in uses.get(id(workload), ()) if is_alone and same else ():
            key = (use.topic, bool(use.sends))
            if key in told or allows(user, use.topic, sends=bool(use.sends)):
                continue
            told.add(key)
            yield observe(
                user.base.get("spec", "authorization", "acls").place(),
                related=[(use.place, use.text)],
                identity=(use.topic, "Write" if use.sends else "Read"),
                user=user.name,
                operation="Write" if use.sends else "Read",
                topic=use.topic,
                workload=workload.name,
                does="sends to" if use.sends else "receives from",
            )


def allows(user: KafkaUser, topic: str, *, sends: bool) -> bool:
    """Whether a list lets a user send to a topic, or receive from it; rules that deny are left to people."""
    wanted = {"Write", "All"} if sends else {"Read", "All"}
    covering = [rule for rule in user.rules if rule.resource == "topic" and rule.covers(topic)]
    if any(not rule.allows for rule in covering):
        return True
    return any(not rule.operations.isdisjoint(wanted) for rule in covering)


def _uses_by_workload(world: World) -> Mapping[int, list[TopicUse]]:
    """The certain uses of Kafka's topics by each workload, as it is the party of a folder or of itself."""
    known: Parties = world.fact(parties)
    found: dict[int, list[TopicUse]] = {}
    for use in world.fact(certain_uses):
        if use.protocol != KAFKA or use.is_pattern or use.sends is None:
            continue
        workloads: list[Workload] = []
        if isinstance(use.unit, Workload):
            workloads.append(use.unit)
        else:
            for party in known.of(use.unit):
                workloads += party.service.workloads if party.service else ()
        for workload in workloads:
            found.setdefault(id(workload), []).append(use)
    return found
