"""Objects of the cluster that say which topics a workload is woken by: KEDA, Dapr, Knative.

Sources: https://keda.sh/docs/latest/scalers/apache-kafka/, https://keda.sh/docs/latest/scalers/rabbitmq-queue/,
https://docs.dapr.io/reference/resource-specs/subscription-schema/,
https://knative.dev/docs/eventing/sources/kafka-source/
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding import Confidence
from archlint.model.kubernetes.autoscalers import Autoscaler, autoscaled
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.workloads import Workload
from archlint.model.messaging.topics import AMQP, KAFKA, Form, TopicUse
from archlint.model.world import World

_APP_ID = "dapr.io/app-id"


def trigger_uses(world: World) -> Iterator[TopicUse]:
    """What KEDA, Dapr and Knative wake workloads for."""
    yield from _of_keda(world)
    yield from _of_dapr(world)
    yield from _of_knative(world)


def _of_keda(world: World) -> Iterator[TopicUse]:
    if not any(item.group == "keda.sh" for item in world.all(KubernetesObject)):
        return
    scaled: list[tuple[Workload, KubernetesObject]] = [
        (workload, scaler.base)
        for workload, scalers in world.fact(autoscaled).items()
        for scaler in scalers
        if not scaler.is_horizontal
    ]
    scaled += [(item, item.base) for item in world.all(Workload) if item.kind == "ScaledJob"]
    for workload, base in scaled:
        for trigger in base.get("spec", "triggers").elements():
            yield from _of_trigger(workload, trigger)


def topic_trigger(scaler: Autoscaler) -> Node | None:
    """The trigger of a ScaledObject that counts what waits in a topic of Kafka, if it is the only trigger."""
    triggers = list(scaler.base.get("spec", "triggers").elements())
    if len(triggers) != 1 or triggers[0].get("type").text not in ("kafka", "apache-kafka"):
        return None
    return triggers[0]


def _of_trigger(workload: Workload, trigger: Node) -> Iterator[TopicUse]:
    kind, metadata = trigger.get("type").text, trigger.get("metadata")
    if kind in ("kafka", "apache-kafka"):
        yield from _received(workload, metadata.get("topic"), KAFKA, f"KEDA trigger {kind}")
    elif kind == "rabbitmq" and metadata.get("useRegex").text != "true":
        queue = metadata.get("queueName")
        yield from _received(workload, queue, AMQP, "KEDA trigger rabbitmq", Form.QUEUE)


def _of_dapr(world: World) -> Iterator[TopicUse]:
    subscriptions = [
        item
        for item in world.all(KubernetesObject)
        if item.group == "dapr.io" and item.kind == "Subscription"
    ]
    if not subscriptions:
        return
    spoken = _dapr_protocols(world)
    apps = {
        app: workload
        for workload in world.all(Workload)
        if (app := workload.template.get("metadata", "annotations", _APP_ID).text)
    }
    for item in subscriptions:
        spec = item.get("spec")
        protocol = spoken.get(spec.get("pubsubname").text or "", "")
        scopes = [node.text for node in item.get("scopes").elements()] or [item.get("spec", "scopes", 0).text]
        for scope in scopes:
            if scope in apps:
                yield from _received(apps[scope], spec.get("topic"), protocol, f"Subscription {item.name}")


def _dapr_protocols(world: World) -> dict[str, str]:
    """What the components for messages speak, by their names."""
    spoken = {"pubsub.kafka": KAFKA, "pubsub.rabbitmq": AMQP}
    return {
        item.name: spoken[kind]
        for item in world.all(KubernetesObject)
        if item.group == "dapr.io" and item.kind == "Component"
        if (kind := item.get("spec", "type").text or "") in spoken
    }


def _of_knative(world: World) -> Iterator[TopicUse]:
    sources = [
        item
        for item in world.all(KubernetesObject)
        if item.group == "sources.knative.dev" and item.kind == "KafkaSource"
    ]
    if not sources:
        return
    workloads = {item.name: item for item in world.all(Workload)}
    for item in sources:
        workload = workloads.get(item.get("spec", "sink", "ref", "name").text or "")
        for topic in item.get("spec", "topics").elements() if workload is not None else ():
            yield from _received(workload, topic, KAFKA, f"KafkaSource {item.name}")


def _received(
    workload: Workload | None, topic: Node, protocol: str, text: str, form: Form = Form.TOPIC
) -> Iterator[TopicUse]:
    name = topic.text
    if workload is not None and name and "$" not in name and "{" not in name:
        place = topic.value_place()
        yield TopicUse(workload, protocol, name, False, place, f"{text}: {name}", Confidence.HIGH, form)
