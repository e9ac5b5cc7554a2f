"""Clusters and topics of Kafka that lose messages or stop, and topics that only one side knows."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, Line, seeds
from tests.defects.operators.messaging import names_of, topic_of, with_kafka
from tests.metamorphic.repositories import Files

_CLUSTER, _TOPICS, _POOLS = (
    "brokers/cluster.yaml",
    "brokers/topics.yaml",
    "brokers/pools.yaml",
)
_VERSION = "apiVersion: kafka.strimzi.io/v1beta2"
_KEYS = (
    "default.replication.factor",
    "offsets.topic.replication.factor",
    "transaction.state.log.replication.factor",
)


def _cluster(replicas: int | None, **settings: int | str) -> str:
    said = f"    replicas: {replicas}\n" if replicas else ""
    config = "".join(f"      {key.replace('_', '.')}: {value}\n" for key, value in settings.items())
    return (
        f"{_VERSION}\nkind: Kafka\nmetadata:\n  name: main\nspec:\n  kafka:\n    version: 3.6.0\n{said}"
        + (f"    config:\n{config}" if config else "")
    )


def _pool(replicas: int) -> str:
    return (
        f"{_VERSION}\nkind: KafkaNodePool\nmetadata:\n  name: brokers\n"
        "  labels: {strimzi.io/cluster: main}\n"
        f"spec:\n  replicas: {replicas}\n  roles: [broker]\n"
    )


def _topic(name: str, replicas: int | None = 3, config: str = "retention.ms: 604800000") -> str:
    return (
        f"{_VERSION}\nkind: KafkaTopic\nmetadata:\n  name: {topic_of(name)}\n"
        "  labels: {strimzi.io/cluster: main}\nspec:\n  partitions: 6\n"
        + (f"  replicas: {replicas}\n" if replicas else "")
        + (f"  config:\n    {config}\n" if config else "")
    )


def _lines(path: str, text: str, *words: str) -> frozenset[Line]:
    lines = enumerate(text.split("\n"), 1)
    return frozenset((path, number) for number, line in lines if any(word in line for word in words))


def _with(files: Files, cluster: str, topics: str, pools: str = "") -> dict[str, str]:
    made = {_CLUSTER: cluster, _TOPICS: topics, _POOLS: pools}
    return {**files, **{path: text for path, text in made.items() if text}}


def _others(names: list[str], name: str) -> str:
    return "".join("---\n" + _topic(other) for other in names if other != name)


@seeds("kafka-replicas-low")
def fewer_copies(files: Files) -> Iterator[Defect]:
    """A topic with one or two copies on three or five brokers, which the cluster or a pool of it has."""
    names = names_of(files)
    for name in names:
        for copies, brokers in ((1, 3), (2, 3), (2, 5), (1, 2)):
            topics = _topic(name, copies) + _others(names, name)
            for pools in ("", _pool(brokers)):
                cluster = _cluster(None if pools else brokers, min_insync_replicas=1)
                side = _lines(_CLUSTER, cluster, "name: ", "replicas: ")
                side |= _lines(_POOLS, pools, "name: ", "replicas: ")
                yield Defect(
                    f"{name} {copies} of {brokers} {bool(pools)}",
                    _with(files, cluster, topics, pools),
                    frozenset({(_TOPICS, 8)}),
                    side,
                )


@seeds("kafka-writes-stop")
def copies_needed(files: Files) -> Iterator[Defect]:
    """A topic that needs all its copies, by its own setting or by that of its cluster."""
    names = names_of(files)
    for name in names:
        for copies, needed in ((3, 3), (2, 2), (2, 3)):
            topics = _topic(name, copies, f"min.insync.replicas: {needed}") + _others(names, name)
            changed = _with(files, _cluster(5), topics)
            places = frozenset({(_TOPICS, 8), (_TOPICS, 10)})
            yield Defect(f"{name} {needed} of {copies}", changed, places, places)
        for copies in (1, 2):
            topics = _topic(name, copies) + _others(names, name)
            cluster = _cluster(5, min_insync_replicas=2)
            side = _lines(_CLUSTER, cluster, "min.insync")
            changed = _with(files, cluster, topics)
            yield Defect(f"{name} {copies}, cluster 2", changed, frozenset({(_TOPICS, 8)}) | side, side)
        cluster = _cluster(5, default_replication_factor=2, min_insync_replicas=1)
        topics = _topic(name, None, "min.insync.replicas: 2") + _others(names, name)
        side = _lines(_CLUSTER, cluster, "replication.factor")
        yield Defect(f"{name}, default 2", _with(files, cluster, topics), frozenset({(_TOPICS, 9)}), side)


@seeds("kafka-confirmation-unset")
def confirmation_taken(files: Files) -> Iterator[Defect]:
    """One topic does not say how many copies confirm a write, and the cluster does not either."""
    names = names_of(files)
    settled = {name: "---\n" + _topic(name, 3, "min.insync.replicas: 2") for name in names}
    for name in names:
        others = "".join(text for other, text in settled.items() if other != name)
        for copies in (2, 3):
            for config in ("retention.ms: 604800000", ""):
                cluster = _cluster(5, default_replication_factor=3)
                topics = _topic(name, copies, config) + others
                side = _lines(_CLUSTER, cluster, "name: ", "config:", "kafka:")
                places = frozenset((_TOPICS, number) for number in range(3, 11))
                what = f"{name} {copies} {config}"
                yield Defect(what, _with(files, cluster, topics), places, side)


@seeds("kafka-retention-unset")
def retention_taken(files: Files) -> Iterator[Defect]:
    """One topic does not say how long it keeps messages."""
    names = names_of(files)
    for name in names:
        for config in ("", "min.insync.replicas: 2", "cleanup.policy: delete"):
            topics = _topic(name, 3, config) + _others(names, name)
            changed = _with(files, _cluster(5, min_insync_replicas=2), topics)
            yield Defect(f"{name} {config}", changed, frozenset((_TOPICS, n) for n in range(3, 11)))


@seeds("kafka-defaults-low")
def defaults_lowered(files: Files) -> Iterator[Defect]:
    """A cluster of three to five brokers, which it or a pool has, that keeps one or two copies."""
    for key in _KEYS:
        for copies in (1, 2):
            for brokers in (3, 4, 5):
                for pools in ("", _pool(brokers)):
                    settings: dict[str, int | str] = {key: copies, "min.insync.replicas": 1}
                    if key.startswith("transaction"):
                        settings["transaction.state.log.min.isr"] = 1
                    cluster = _cluster(None if pools else brokers, **settings)
                    side = _lines(_CLUSTER, cluster, " replicas:") | _lines(_POOLS, pools, " replicas:")
                    yield Defect(
                        f"{key} {copies} of {brokers} {bool(pools)}",
                        _with(files, cluster, "", pools),
                        _lines(_CLUSTER, cluster, key),
                        side,
                    )


@seeds("kafka-transactions-stop")
def transactions_need_all(files: Files) -> Iterator[Defect]:
    """A log of transactions that needs all its copies, by one setting or both."""
    copies, needed = "transaction.state.log.replication.factor", "transaction.state.log.min.isr"
    for brokers in (2, 3, 4, 5, 7):
        for settings in (
            {needed: 3},
            {copies: 2},
            {copies: 2, needed: 2},
            {needed: 3, copies: 3},
            {copies: 3, needed: 4},
        ):
            if max(settings.get(copies, 3), 2) > brokers:
                continue
            cluster = _cluster(brokers, **settings)
            places = _lines(_CLUSTER, cluster, copies, needed)
            side = places if len(places) > 1 else frozenset()
            yield Defect(f"{settings} of {brokers}", _with(files, cluster, ""), places, side)


def _from_source(files: Files) -> dict[str, str]:
    """Only source tells of topics."""
    made = with_kafka(files)
    return {p: t for p, t in made.items() if p in files or p.endswith(("app.py", "Dockerfile"))}


def _source(name: str) -> str:
    return f"kafka-services/{name}-events/app.py"


@seeds("topic-without-sender")
def sender_removed(files: Files) -> Iterator[Defect]:
    """Who sent to a topic does not any more, or was removed, and somebody still listens."""
    healthy = _from_source(files)
    names = names_of(files)
    for name, listener in zip(names, names[-1:] + names[:-1], strict=True):
        places = _lines(_source(listener), healthy[_source(listener)], "subscribe")
        silent = (
            healthy[_source(name)]
            .replace('    producer.send(TOPIC, b"")\n', "")
            .replace(f'TOPIC = "{topic_of(name)}"\n', "")
        )
        gone = {path: text for path, text in healthy.items() if f"/{name}-events/" not in path}
        yield Defect(f"{name} is silent", {**healthy, _source(name): silent}, places)
        yield Defect(f"{name} is gone", gone, places)


@seeds("topic-without-receiver")
def receiver_removed(files: Files) -> Iterator[Defect]:
    """Who listened to a topic does not any more, or was removed, and somebody still sends."""
    healthy = _from_source(files)
    names = names_of(files)
    for name, sender in zip(names, names[1:] + names[:1], strict=True):
        places = _lines(_source(sender), healthy[_source(sender)], "TOPIC")
        deaf = healthy[_source(name)].replace(f'    consumer.subscribe(["{topic_of(sender)}"])\n', "")
        gone = {path: text for path, text in healthy.items() if f"/{name}-events/" not in path}
        yield Defect(f"{name} is deaf", {**healthy, _source(name): deaf}, places)
        yield Defect(f"{name} is gone", gone, places)


@seeds("topic-unused")
def topic_left_over(files: Files) -> Iterator[Defect]:
    """A declaration that stays when both its sender and its listener are gone, or was never used."""
    healthy = with_kafka(files)
    names = names_of(files)
    path = "infra/kafka/topics.yaml"
    for name in names:
        for wrong in (f"{name}-archive", f"{name}_totals"):
            metadata = f"{_VERSION}\nkind: KafkaTopic\nmetadata:\n  name: {wrong}\n"
            text = metadata + "spec: {partitions: 6, replicas: 3}\n---\n" + healthy[path]
            places = frozenset({(path, 3), (path, 4)})
            yield Defect(f"{wrong} is declared", {**healthy, path: text}, places)
    for name, listener in zip(names, names[-1:] + names[:-1], strict=True):
        kept = {p: t for p, t in healthy.items() if not p.startswith(f"kafka-services/{name}-")}
        topic = topic_of(name)
        users = "infra/kafka/users.yaml"
        kept[users] = "".join(line for line in kept[users].splitlines(True) if f"name: {topic}}}" not in line)
        for p in [p for p in kept if p.startswith(f"kafka-services/{listener}-")]:
            kept[p] = kept[p].replace(topic, topic_of(listener))
        yield Defect(f"{name} is gone", kept, _lines(path, kept[path], f"name: {topic}"))
