"""What Kafka topics are set to: their copies, how many of these must answer, how long messages are kept."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place, Severity
from archlint.finding.records import dataclass
from archlint.model.messaging.kafka import KafkaCluster, KafkaTopic, cluster_of
from archlint.model.messaging.topics import TopicSetting
from archlint.model.world import World

_MIN = "min.insync.replicas"
_DEFAULT_COPIES = "default.replication.factor"
_INTERNAL = ("offsets.topic.replication.factor", "transaction.state.log.replication.factor")
_TRANSACTIONS = ("transaction.state.log.min.isr", "transaction.state.log.replication.factor")
_TRANSACTION_DEFAULTS = (2, 3)
"""What Kafka takes for these two if nothing is said."""
_CAPPED_SINCE = (3, 7)
"""The version from which brokers ask for no more copies than there are (KIP-966)."""


@dataclass(frozen=True, slots=True)
class _Given:
    """A number that holds, and where it is said."""

    value: int
    place: Place


@join(KafkaTopic)
def kafka_replicas_low(topic: KafkaTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic with fewer copies than its cluster has brokers for."""
    cluster = cluster_of(topic, world)
    copies = topic.replicas.number if topic.replicas else None
    brokers = cluster.brokers if cluster else None
    if cluster is None or copies is None or topic.replicas is None or brokers is None:
        return
    if 0 < copies < min(options["least"], brokers):
        yield observe(
            topic.replicas.place,
            "single" if copies == 1 else "default",
            related=[(cluster.base.get("metadata", "name").value_place(), "its cluster")],
            topic=topic.name,
            copies=copies,
            least=min(options["least"], brokers),
            cluster=cluster.name,
            brokers=brokers,
        )


@join(KafkaCluster)
def kafka_defaults_low(cluster: KafkaCluster, world: World, options: Options) -> Iterator[Observation]:
    """A cluster that gives topics that say nothing, or its own, fewer copies than it has brokers for."""
    brokers = cluster.brokers
    for key in (_DEFAULT_COPIES, *_INTERNAL):
        said = cluster.config.get(key)
        copies = said.number if said else None
        if said is None or copies is None or brokers is None:
            continue
        least = min(options["least"], brokers)
        if 0 < copies < least:
            yield observe(
                said.place,
                related=[(place, "its brokers") for place in cluster.broker_places],
                identity=(key,),
                key=key,
                copies=copies,
                least=least,
                brokers=brokers,
            )


@join(KafkaTopic)
def kafka_writes_stop(topic: KafkaTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic that takes no confirmed message once one of its copies is missing."""
    cluster = cluster_of(topic, world)
    copies = _given(topic.replicas) or _default_copies(topic, cluster)
    needed = _given(topic.config.get(_MIN)) or _given(cluster.config.get(_MIN) if cluster else None)
    if copies is None or needed is None or needed.value < copies.value or needed.value < 2:
        return
    is_own = _MIN in topic.config
    place, other = (needed.place, copies.place) if is_own else (copies.place, needed.place)
    text = _copies(copies.value) if is_own else f"the cluster asks for {needed.value}"
    is_more = needed.value > copies.value
    is_old = is_more and _is_older(cluster)
    yield observe(
        place,
        "refused" if is_old else "more" if is_more else "default",
        related=[(other, text)] if other != place else [],
        severity=Severity.WARNING if is_more and not is_old else None,
        topic=topic.name,
        needed=needed.value,
        copies=_copies(copies.value),
    )


@join(KafkaCluster)
def kafka_transactions_stop(cluster: KafkaCluster, world: World, options: Options) -> Iterator[Observation]:
    """A cluster whose log of transactions takes nothing once one broker is missing."""
    said = [cluster.config.get(key) for key in _TRANSACTIONS]
    first = next((item for item in said if item is not None), None)
    needed, copies = (
        default if item is None else item.number
        for item, default in zip(said, _TRANSACTION_DEFAULTS, strict=True)
    )
    if first is None or needed is None or copies is None or needed < copies or needed < 2:
        return
    others = [(item.place, f"{copies} copies") for item in said[1:] if item is not None and item is not first]
    yield observe(first.place, related=others, cluster=cluster.name, needed=needed, copies=copies)


@join(KafkaTopic)
def kafka_confirmation_unset(topic: KafkaTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic with several copies, of which nothing says how many must have a message."""
    cluster = cluster_of(topic, world)
    copies = topic.replicas.number if topic.replicas else None
    if cluster is None or copies is None or _MIN in topic.config or _MIN in cluster.config:
        return
    if copies > 1:
        yield observe(
            topic.config_place,
            related=[(cluster.base.get("metadata", "name").value_place(), "its cluster sets it neither")],
            topic=topic.name,
            copies=copies,
            wanted=copies - 1,
        )


@join(KafkaTopic)
def kafka_retention_unset(topic: KafkaTopic, world: World, options: Options) -> Iterator[Observation]:
    """A topic that does not say how long it keeps messages."""
    policy = topic.config.get("cleanup.policy")
    is_said = any(key in topic.config for key in ("retention.ms", "retention.bytes"))
    if not is_said and (policy is None or "delete" in policy.value):
        yield observe(topic.config_place, topic=topic.name)


def _copies(number: int) -> str:
    return "1 copy" if number == 1 else f"{number} copies"


def _given(said: TopicSetting | None) -> _Given | None:
    number = said.number if said else None
    return None if said is None or number is None else _Given(number, said.place)


def _default_copies(topic: KafkaTopic, cluster: KafkaCluster | None) -> _Given | None:
    """The copies of a topic that leaves them to its cluster, whose default is 1."""
    if topic.replicas is not None or cluster is None or topic.base is None:
        return None
    if topic.base.get("spec", "replicas").exists:
        return None
    said = cluster.config.get(_DEFAULT_COPIES)
    number = said.number if said else 1
    return None if number is None else _Given(number, topic.config_place if said is None else said.place)


def _is_older(cluster: KafkaCluster | None) -> bool:
    """Whether the brokers are known to be older than those that ask for no more copies than there are."""
    version = cluster.base.get("spec", "kafka", "version").text if cluster else None
    parts = (version or "").split(".")[:2]
    return (
        len(parts) == 2 and all(part.isdecimal() for part in parts) and tuple(map(int, parts)) < _CAPPED_SINCE
    )
