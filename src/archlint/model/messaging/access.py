"""What access lists of Kafka users allow, and which workloads have the credentials of which user.

Strimzi puts the credentials of a user into the Secret of its name, so a workload that takes that Secret acts
as that user. What a list allows is declared: it proves no use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding import Confidence
from archlint.model.kubernetes.workloads import Workload
from archlint.model.messaging.kafka import KafkaUser
from archlint.model.messaging.topics import KAFKA, TopicUse
from archlint.model.world import World

_SENDING, _RECEIVING = frozenset({"Write", "All"}), frozenset({"Read", "All"})


def access_uses(world: World) -> Iterator[TopicUse]:
    """What access lists allow the workloads that act as their users."""
    for name, workloads in world.fact(users_workloads).items():
        for user in world.all(KafkaUser):
            if user.name != name or not user.has_acls:
                continue
            for rule in user.rules:
                if rule.resource != "topic" or not rule.allows:
                    continue
                for sends, operations in ((True, _SENDING), (False, _RECEIVING)):
                    if not rule.operations.isdisjoint(operations):
                        for workload in workloads:
                            yield TopicUse(
                                workload,
                                KAFKA,
                                "" if rule.name == "*" else rule.name,
                                sends,
                                rule.name_node.value_place(),
                                f"KafkaUser {user.name} may {'write' if sends else 'read'} {rule.name}",
                                Confidence.MEDIUM,
                                is_pattern=rule.is_prefix or rule.name == "*",
                                is_declared=True,
                            )


def users_workloads(world: World) -> Mapping[str, tuple[Workload, ...]]:
    """The workloads that take the Secret of each user, by the user's name; ask with ``world.fact``."""
    names = {user.name for user in world.all(KafkaUser)}
    if not names:
        return {}
    found: dict[str, list[Workload]] = {}
    for workload in world.all(Workload):
        for name in {node.text for node in _secrets(workload) if node.text} & names:
            found.setdefault(name, []).append(workload)
    return {name: tuple(workloads) for name, workloads in sorted(found.items())}


def _secrets(workload: Workload) -> Iterator[Node]:
    """Where a workload names Secrets: volumes, variables, whole sources of variables."""
    for volume in workload.pod_spec.get("volumes").elements():
        yield volume.get("secret", "secretName")
        for source in volume.get("projected", "sources").elements():
            yield source.get("secret", "name")
    for container in workload.containers:
        for entry in container.get("env").elements():
            yield entry.get("valueFrom", "secretKeyRef", "name")
        for source in container.get("envFrom").elements():
            yield source.get("secretRef", "name")
