"""Topics and queues: each workload of a repository gets one, and the next one listens to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.defects.manifests import is_tool
from tests.metamorphic.repositories import Files

_WORKLOAD = re.compile(r"(?m)^kind: (?:Deployment|StatefulSet)\nmetadata:\n  name: (?P<name>[a-z][a-z-]+)$")
_TOPICS, _USERS, _RABBIT = (
    "infra/kafka/topics.yaml",
    "infra/kafka/users.yaml",
    "infra/rabbitmq/definitions.json",
)
_FEWEST, _MOST = 3, 12
_VERSION = "apiVersion: kafka.strimzi.io/v1beta2"
_LABELS = "labels: {strimzi.io/cluster: events}"


def names_of(files: Files) -> list[str]:
    """The workloads of a repository."""
    found = {match["name"] for text in files.values() for match in _WORKLOAD.finditer(text)}
    found -= {name for name in found if is_tool(name)}
    return sorted(found)[:_MOST] if len(found) >= _FEWEST else []


def topic_of(name: str) -> str:
    """The topic that a workload sends to."""
    return f"{name}-changes"


def with_kafka(files: Files) -> dict[str, str]:
    """The repository with a cluster, topics, users, source that uses them, and a contract for each folder."""
    names = names_of(files)
    made = dict(files)
    made["infra/kafka/cluster.yaml"] = (
        f"{_VERSION}\nkind: Kafka\nmetadata:\n  name: events\nspec:\n  kafka:\n    replicas: 3\n"
        "    config:\n      min.insync.replicas: 2\n"
    )
    made[_TOPICS] = "---\n".join(
        f"{_VERSION}\nkind: KafkaTopic\nmetadata:\n  name: {topic_of(name)}\n  {_LABELS}\n"
        "spec:\n  partitions: 6\n  replicas: 3\n  config:\n    retention.ms: 604800000\n"
        for name in names
    )
    made[_USERS] = "---\n".join(
        _user(name, source) for name, source in zip(names, _following(names), strict=True)
    )
    for name, source in zip(names, _following(names), strict=True):
        folder = f"kafka-services/{name}-events"
        made[f"{folder}/Dockerfile"] = "FROM python:3.12\n"
        made[f"{folder}/app.py"] = (
            "from kafka import KafkaConsumer, KafkaProducer\n\n"
            f'TOPIC = "{topic_of(name)}"\n\n\n'
            "def run(producer, consumer):\n"
            f'    consumer.subscribe(["{topic_of(source)}"])\n'
            '    producer.send(TOPIC, b"")\n'
        )
        made[f"{folder}/asyncapi.yaml"] = (
            f"asyncapi: 2.6.0\ninfo: {{title: {name}, version: 1.0.0}}\n"
            "servers: {main: {url: kafka:9092, protocol: kafka}}\nchannels:\n"
            f"  {topic_of(name)}:\n    subscribe: {{message: {{name: Changed}}}}\n"
            f"  {topic_of(source)}:\n    publish: {{message: {{name: Changed}}}}\n"
        )
        made[f"{folder}/deploy.yaml"] = (
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}-events\nspec:\n  template:\n"
            f"    spec:\n      containers:\n        - name: app\n          image: shop/{name}-events:1.0.0\n"
            f"      volumes:\n        - name: user\n          secret: {{secretName: {name}-user}}\n---\n"
            f"apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: {name}-events\nspec:\n"
            f"  scaleTargetRef: {{name: {name}-events}}\n  maxReplicaCount: 6\n"
            f"  triggers:\n    - type: kafka\n      metadata:\n        topic: {topic_of(source)}\n"
            f"        consumerGroup: {name}\n        bootstrapServers: events:9092\n"
        )
    return made


def _user(name: str, source: str) -> str:
    return (
        f"{_VERSION}\nkind: KafkaUser\nmetadata:\n  name: {name}-user\n  {_LABELS}\nspec:\n"
        "  authorization:\n    type: simple\n    acls:\n"
        f"      - {{resource: {{type: topic, name: {topic_of(name)}}}, operations: [Write, Describe]}}\n"
        f"      - {{resource: {{type: topic, name: {topic_of(source)}}}, operations: [Read, Describe]}}\n"
    )


def _following(names: list[str]) -> list[str]:
    return names[1:] + names[:1]


def _line(files: Files, path: str, text: str) -> Line:
    return (path, line_of(files[path], files[path].index(text)))


def _around(line: Line, reach: int) -> frozenset[Line]:
    return frozenset((line[0], number) for number in range(max(1, line[1] - reach), line[1] + reach + 1))


def _folders(files: Files) -> Iterator[tuple[str, str, str]]:
    """Each workload with the one whose topic it receives, and the folder of its source."""
    names = names_of(files)
    for name, source in zip(names, _following(names), strict=True):
        yield name, source, f"kafka-services/{name}-events"


@seeds("topic-undeclared")
def topic_misspelt_in_source(files: Files) -> Iterator[Defect]:
    """A topic that is sent to is called otherwise than it is declared."""
    healthy = with_kafka(files)
    for name, _, folder in _folders(files):
        path = f"{folder}/app.py"
        for wrong in (f"{name}-change", f"{name}-chnages"):
            text = healthy[path].replace(f'"{topic_of(name)}"', f'"{wrong}"')
            changed = edited(healthy, path, text)
            yield Defect(
                f"{name} sends to {wrong}", changed, _around((path, 5), 3), _around((_TOPICS, 1), 400)
            )


@seeds("topic-names-differ")
def topic_written_otherwise(files: Files) -> Iterator[Defect]:
    """A listener spells the topic otherwise than who sends to it, and only source tells of topics."""
    healthy = {
        path: text
        for path, text in with_kafka(files).items()
        if path in files or path.endswith(("app.py", "Dockerfile"))
    }
    for name, source, folder in _folders(files):
        path = f"{folder}/app.py"
        sent = f"kafka-services/{source}-events/app.py"
        for wrong in (f"{source}_changes", f"{source}-chnges"):
            text = healthy[path].replace(f'["{topic_of(source)}"]', f'["{wrong}"]')
            changed = edited(healthy, path, text)
            place = _line(changed, path, wrong)
            other = _around((sent, 5), 3)
            yield Defect(f"{name} listens to {wrong}", changed, frozenset({place, *other}), other)


@seeds("kafka-access-missing")
def access_taken(files: Files) -> Iterator[Defect]:
    """An access list lacks what the source of its workload does."""
    healthy = with_kafka(files)
    for name, source, folder in _folders(files):
        for topic, word in ((name, "Write"), (source, "Read")):
            resource = f"{{type: topic, name: {topic_of(topic)}}}"
            entry = f"      - {{resource: {resource}, operations: [{word}, Describe]}}\n"
            block = _user(name, source)
            start = healthy[_USERS].index(block)
            text = healthy[_USERS].replace(block, block.replace(entry, ""))
            changed = edited(healthy, _USERS, text)
            place = (_USERS, line_of(text, start))
            yield Defect(
                f"{name} may not {word} {topic_of(topic)}",
                changed,
                frozenset((place[0], place[1] + offset) for offset in range(14)),
                _around((f"{folder}/app.py", 5), 3),
            )


@seeds("kafka-partitions-few")
def more_replicas_than_partitions(files: Files) -> Iterator[Defect]:
    """An autoscaler asks for more consumers than the topic has partitions."""
    healthy = with_kafka(files)
    for name, _, folder in _folders(files):
        path = f"{folder}/deploy.yaml"
        for most in (7, 30):
            text = healthy[path].replace("maxReplicaCount: 6", f"maxReplicaCount: {most}")
            changed = edited(healthy, path, text)
            place = _line(changed, path, "maxReplicaCount")
            yield Defect(f"{name} up to {most}", changed, frozenset({place}), _around((_TOPICS, 1), 400))


@seeds("channel-undeclared")
def channel_misspelt(files: Files) -> Iterator[Defect]:
    """A contract describes a topic that nothing declares."""
    healthy = with_kafka(files)
    for name, source, folder in _folders(files):
        path = f"{folder}/asyncapi.yaml"
        for topic in (topic_of(name), topic_of(source)):
            text = healthy[path].replace(f"  {topic}:\n", f"  {topic}s:\n")
            changed = edited(healthy, path, text)
            place = _line(changed, path, f"  {topic}s:")
            yield Defect(
                f"{name} describes {topic}s", changed, frozenset({place}), _around((_TOPICS, 1), 400)
            )


@seeds("channel-direction-reversed")
def sides_mistaken(files: Files) -> Iterator[Defect]:
    """A contract of 2.x says ``publish`` for what its own application sends."""
    healthy = with_kafka(files)
    for name, source, folder in _folders(files):
        path = f"{folder}/asyncapi.yaml"
        for topic, right, wrong in ((name, "subscribe", "publish"), (source, "publish", "subscribe")):
            before = f"  {topic_of(topic)}:\n    {right}:"
            text = healthy[path].replace(before, f"  {topic_of(topic)}:\n    {wrong}:")
            changed = edited(healthy, path, text)
            place = _line(changed, path, f"  {topic_of(topic)}:\n")
            yield Defect(
                f"{name}: {wrong} {topic_of(topic)}",
                changed,
                _around(place, 1),
                _around((f"{folder}/app.py", 5), 3),
            )


def definitions_of(names: list[str]) -> dict[str, Any]:
    queues = [
        {
            "name": f"{name}-mails",
            "vhost": "/",
            "durable": True,
            "auto_delete": False,
            "arguments": {"x-queue-type": "quorum", "x-dead-letter-exchange": "dead"},
        }
        for name in names
    ]
    exchange = {"name": "dead", "vhost": "/", "type": "fanout", "durable": True}
    return {
        "vhosts": [{"name": "/"}],
        "queues": queues,
        "exchanges": [exchange],
        "policies": [],
        "bindings": [],
    }


def _of_definitions(files: Files, what: str, data: dict[str, Any], mark: str) -> Defect:
    text = json.dumps(data, indent=1)
    changed = {**files, _RABBIT: text}
    return Defect(what, changed, _around(_line(changed, _RABBIT, mark), 12))


@seeds("rabbitmq-queue-transient")
def queue_not_durable(files: Files) -> Iterator[Defect]:
    """A queue that a restart takes away."""
    names = names_of(files)
    for index, name in enumerate(names):
        for kind in ("classic", "quorum"):
            data = definitions_of(names)
            data["queues"][index] |= {"durable": False, "arguments": {"x-queue-type": kind}}
            yield _of_definitions(files, f"{name} {kind}", data, f'"{name}-mails"')


@seeds("rabbitmq-mirroring-ignored")
def mirrored(files: Files) -> Iterator[Defect]:
    """A policy that mirrors queues as brokers before 4.0 did."""
    names = names_of(files)
    for name in names:
        for mode in ({"ha-mode": "all"}, {"ha-mode": "exactly", "ha-params": 2}):
            data = definitions_of(names)
            data["policies"] = [
                {
                    "name": f"ha-{name}",
                    "vhost": "/",
                    "pattern": f"^{name}",
                    "apply-to": "queues",
                    "definition": mode,
                }
            ]
            yield _of_definitions(files, f"{name} {mode}", data, '"ha-mode"')


@seeds("queue-without-dead-letter")
def dead_letters_dropped(files: Files) -> Iterator[Defect]:
    """A queue whose refused messages are lost."""
    names = names_of(files)
    for index, name in enumerate(names):
        for kept in ({"x-queue-type": "quorum"}, {}):
            data = definitions_of(names)
            data["queues"][index]["arguments"] = kept
            yield _of_definitions(files, f"{name} {kept}", data, f'"{name}-mails"')


def _with_dead_letters(files: Files, without: str = "") -> dict[str, str]:
    """The repository with Kafka, where each folder but one leads what it cannot process elsewhere."""
    made = with_kafka(files)
    for name, source, folder in _folders(files):
        if name != without:
            path = f"{folder}/app.py"
            made[path] += f'    producer.send("{topic_of(source)}-dlq", b"")\n'
    return made


@seeds("consumer-without-dead-letters")
def poison_stays(files: Files) -> Iterator[Defect]:
    """A service that has nowhere to put messages that it cannot process."""
    for name, _, folder in _folders(files):
        changed = _with_dead_letters(files, name)
        path = f"{folder}/app.py"
        lines = _around(_line(changed, path, "subscribe"), 1)
        yield Defect(f"{name} drops what it cannot read", changed, lines)
        commented = changed[path] + "    # nothing is done about those that fail\n"
        yield Defect(f"{name} says so", edited(changed, path, commented), lines)


@seeds("kafka-consumers-idle")
def scaled_above_the_partitions(files: Files) -> Iterator[Defect]:
    """An autoscaler that looks at the processor starts more consumers than the topic has partitions."""
    healthy = with_kafka(files)
    for name, _, folder in _folders(files):
        path = f"{folder}/deploy.yaml"
        deployment = healthy[path].partition("---\n")[0]
        for most in (8, 40):
            scaler = (
                "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n"
                f"metadata:\n  name: {name}-events\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n"
                f"    kind: Deployment\n    name: {name}-events\n  minReplicas: 2\n  maxReplicas: {most}\n"
                "  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n"
                "        target: {type: Utilization, averageUtilization: 70}\n"
            )
            changed = edited(healthy, path, deployment + scaler)
            place = _line(changed, path, "maxReplicas")
            yield Defect(f"{name} up to {most}", changed, frozenset({place}), _around((_TOPICS, 1), 400))
