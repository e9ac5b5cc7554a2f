"""Variables of the environment, and settings of applications, whose names say that they hold a topic.

Sources: https://docs.spring.io/spring-cloud-stream/reference/spring-cloud-stream/binding_names.html,
https://quarkus.io/guides/kafka#configuring-smallrye-kafka-connector
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archlint.finding import Confidence, Place
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import config_documents
from archlint.model.appconfig.settings import Setting
from archlint.model.compose import ComposeService
from archlint.model.kubernetes.workloads import Workload
from archlint.model.messaging.topics import AMQP, KAFKA, Form, TopicUse
from archlint.model.services.configuration import configuration
from archlint.model.services.references import variables_of
from archlint.model.system.evidence import Unit
from archlint.model.world import World

_HOLDS = {"TOPIC": Form.TOPIC, "TOPICS": Form.TOPIC, "QUEUE": Form.QUEUE, "EXCHANGE": Form.EXCHANGE}
_SENDS = frozenset(
    {"PRODUCER", "PRODUCE", "PUBLISH", "PUBLISHER", "OUTPUT", "OUT", "OUTGOING", "SEND", "SENDER", "OUTBOUND"}
)
_RECEIVES = frozenset(
    {
        "CONSUMER",
        "CONSUME",
        "SUBSCRIBE",
        "SUBSCRIBER",
        "INPUT",
        "IN",
        "INCOMING",
        "LISTEN",
        "LISTENER",
        "INBOUND",
    }
)
_PROTOCOLS = {"KAFKA": KAFKA, "REDPANDA": KAFKA, "RABBITMQ": AMQP, "RABBIT": AMQP, "AMQP": AMQP}
_FOREIGN = frozenset(
    {"SQS", "SNS", "PUBSUB", "NATS", "MQTT", "PULSAR", "KINESIS", "ARN", "GCP", "AWS", "AZURE"}
)
_NAME = regex(r"[A-Za-z0-9][\w.\-]{0,248}\Z")
_NO_NAME = regex(r"(?i)(?:true|false|yes|no|on|off|none|null|auto|default|enabled|disabled|[\d.]+)\Z")
_SPLIT = regex(r"[_.\-]+|(?<=[a-z0-9])(?=[A-Z])")
_BINDING = regex(r"spring\.cloud\.stream\.bindings\.([\w-]+)\.destination\Z")
_BOUND = regex(r"-(in|out)-\d+\Z")
_CHANNEL = regex(r"mp\.messaging\.(incoming|outgoing)\.\"?([\w.-]+?)\"?\.(topic|connector)\Z")


def variable_uses(world: World) -> Iterator[TopicUse]:
    """The topics in variables of workloads and compose services, by their names."""
    known = world.fact(configuration)
    for workload in world.all(Workload):
        if workload.name:
            found = [
                (variable.name, variable.value, variable.node.value_place(), variable.is_at_hand)
                for container in workload.containers
                for variable in variables_of(container, known)
            ]
            yield from _of_environment(workload, found)
    for service in world.all(ComposeService):
        variables = (item for item in service.variables if item.value.is_known)
        yield from _of_environment(service, [(item.name, item.text, item.place, False) for item in variables])


def _of_environment(unit: Unit, variables: Sequence[tuple[str, str, Place, bool]]) -> Iterator[TopicUse]:
    around = {_PROTOCOLS[word] for name, _, _, _ in variables for word in words(name) if word in _PROTOCOLS}
    for name, value, place, is_shared in variables:
        parts = words(name)
        form = _form(parts)
        if form is None or is_shared or not _FOREIGN.isdisjoint(parts):
            continue
        own = {_PROTOCOLS[word] for word in parts if word in _PROTOCOLS} or around
        protocol = next(iter(own)) if len(own) == 1 else ""
        for topic in map(str.strip, value.split(",") if parts[-1] == "TOPICS" else [value]):
            if is_name(topic):
                yield TopicUse(
                    unit, protocol, topic, direction(parts), place, f"{name}={topic}", Confidence.MEDIUM, form
                )


def words(name: str) -> list[str]:
    """The words of the name of a variable or key, in capitals."""
    return [part.upper() for part in _SPLIT.split(name) if part]


def _form(parts: Sequence[str]) -> Form | None:
    """What a name says that it holds: its last word, or the one before ``NAME``."""
    last = parts[-2] if len(parts) > 1 and parts[-1] in ("NAME", "ID") else parts[-1] if parts else ""
    return _HOLDS.get(last)


def direction(parts: Iterable[str]) -> bool | None:
    """Whether a name says that its topic is sent to; ``None`` where it says nothing, or both."""
    given = set(parts)
    sends, receives = not _SENDS.isdisjoint(given), not _RECEIVES.isdisjoint(given)
    return None if sends == receives else sends


def is_name(text: str) -> bool:
    """Whether a value may be the name of a topic."""
    return _NAME.match(text) is not None and _NO_NAME.match(text) is None


def setting_uses(world: World) -> Iterator[TopicUse]:
    """The topics in settings of applications that frameworks define."""
    for unit, documents in world.fact(config_documents).items():
        for document in documents:
            if document.file.is_shared:
                continue
            connectors = {item.key: item.value for item in document.settings}
            for setting in document.settings:
                yield from _of_setting(unit, setting, connectors)


def _of_setting(unit: Unit, setting: Setting, all_values: dict[str, str]) -> Iterator[TopicUse]:
    sends: bool | None = None
    protocol = KAFKA
    if setting.key == "spring.kafka.template.default-topic":
        sends = True
    elif (bound := _BINDING.match(setting.key)) is not None:
        end = _BOUND.search(bound[1])
        sends = end[1] == "out" if end else {"input": False, "output": True}.get(bound[1])
        protocol = _binder(all_values)
    elif (channel := _CHANNEL.match(setting.key)) is not None and channel[3] == "topic":
        sends = channel[1] == "outgoing"
        connector = all_values.get(f"mp.messaging.{channel[1]}.{channel[2]}.connector", "smallrye-kafka")
        protocol = (
            KAFKA if "kafka" in connector else AMQP if "rabbit" in connector or "amqp" in connector else ""
        )
    else:
        yield from _named(unit, setting, all_values)
        return
    for topic in map(str.strip, setting.value.split(",")):
        if is_name(topic):
            start = setting.value.index(topic)
            yield TopicUse(
                unit,
                protocol,
                topic,
                sends,
                setting.place(start, start + len(topic)),
                f"{setting.key}={topic}",
                Confidence.HIGH if sends is not None else Confidence.MEDIUM,
            )


def _named(unit: Unit, setting: Setting, all_values: dict[str, str]) -> Iterator[TopicUse]:
    """What a key says by its last part, such as ``kafkaTopics.orderPlaced.topicName``."""
    parts = words(setting.names[-1])
    form, around = _form(parts), words(setting.key)
    if form is None or not _FOREIGN.isdisjoint(around) or not is_name(setting.value):
        return
    spoken = {_PROTOCOLS[word] for word in around if word in _PROTOCOLS} or {
        protocol for key in all_values for word, protocol in _PROTOCOLS.items() if word in key.upper()
    }
    if spoken:
        yield TopicUse(
            unit,
            next(iter(spoken)) if len(spoken) == 1 else "",
            setting.value,
            direction(around),
            setting.place(0, len(setting.value)),
            f"{setting.key}={setting.value}",
            Confidence.MEDIUM,
            form,
        )


def _binder(all_values: dict[str, str]) -> str:
    """What the binder of Spring Cloud Stream speaks, as far as settings name one."""
    named = all_values.get("spring.cloud.stream.default-binder", "")
    keys = " ".join(
        key for key in all_values if key.startswith(("spring.cloud.stream", "spring.kafka", "spring.rabbit"))
    )
    has_kafka, has_rabbit = ("kafka" in named or "kafka" in keys), ("rabbit" in named or "rabbit" in keys)
    return "" if has_kafka == has_rabbit else KAFKA if has_kafka else AMQP
