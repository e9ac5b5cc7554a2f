"""What RabbitMQ's definitions ask of brokers that no longer do it, or lose."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Severity
from archlint.finding.regex import regex
from archlint.model.messaging.rabbitmq import (
    QUORUM,
    STREAM,
    RabbitPolicy,
    RabbitQueue,
    broker_versions,
)
from archlint.model.world import World

_WITHOUT_MIRRORS = (4, 0)
_WITHOUT_TRANSIENT = (4, 3)
_DEAD_LETTERS = ("x-dead-letter-exchange", "dead-letter-exchange")
_IS_LAST = regex(r"(?i)dlq|dlx|dead|error|failed|parking|retry|delay")


@join(RabbitPolicy)
def rabbitmq_mirroring_ignored(policy: RabbitPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A policy that mirrors queues, which brokers no longer do."""
    mode = policy.definition.get("ha-mode")
    if not mode.is_set:
        return
    versions = world.fact(broker_versions)
    is_old = bool(versions) and all(version < _WITHOUT_MIRRORS for version in versions)
    is_new = bool(versions) and all(version >= _WITHOUT_MIRRORS for version in versions)
    yield observe(
        mode.place(),
        "old" if is_old else "default",
        severity=Severity.ERROR if is_new else None,
        policy=policy.name,
        mode=mode.text or "",
    )


@join(RabbitQueue)
def rabbitmq_queue_transient(queue: RabbitQueue, world: World, options: Options) -> Iterator[Observation]:
    """A queue that does not survive a restart of its broker."""
    if not queue.is_transient:
        return
    is_refused = queue.type in (QUORUM, STREAM)
    versions = world.fact(broker_versions)
    is_new = bool(versions) and all(version >= _WITHOUT_TRANSIENT for version in versions)
    yield observe(
        queue.durable_node.place() if queue.durable_node.exists else queue.name_node.value_place(),
        "kind" if is_refused else "default",
        severity=Severity.ERROR if is_refused or is_new else None,
        queue=queue.name,
        kind=queue.type,
    )


@join(RabbitQueue)
def queue_without_dead_letter(queue: RabbitQueue, world: World, options: Options) -> Iterator[Observation]:
    """A queue whose refused and expired messages are lost."""
    if queue.type == STREAM or not queue.name or _IS_LAST.search(queue.name):
        return
    if any(queue.node.get("arguments", key).is_set for key in _DEAD_LETTERS):
        return
    policies = [
        policy
        for policy in world.all(RabbitPolicy)
        if any(policy.definition.get(key).is_set for key in _DEAD_LETTERS)
    ]
    if not any(policy.may_cover(queue) for policy in policies):
        yield observe(queue.name_node.value_place(), queue=queue.name)
