"""Kafka as custom resources declare it: topics, clusters, users with their access lists.

Sources: the API references of Strimzi (``kafka.strimzi.io``), of Confluent for Kubernetes
(``platform.confluent.io``) and of Redpanda's operator (``cluster.redpanda.com``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archlint.documents import Node
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.sets import deployment_sets, nearest
from archlint.model.messaging.terraform import terraform_topics
from archlint.model.messaging.topics import TopicSetting, topic_setting
from archlint.model.world import World

STRIMZI = frozenset({"kafka.strimzi.io", "core.strimzi.io"})
_CLUSTER_LABEL = "strimzi.io/cluster"


@dataclass(frozen=True, slots=True)
class _Form:
    """Where a kind of topic keeps what it says, below ``spec``."""

    name: str
    partitions: str
    replicas: str
    config: tuple[str, ...]


_TOPIC_KINDS = {
    **{(group, "KafkaTopic"): _Form("topicName", "partitions", "replicas", ("config",)) for group in STRIMZI},
    ("platform.confluent.io", "KafkaTopic"): _Form("name", "partitionCount", "replicas", ("configs",)),
    ("cluster.redpanda.com", "Topic"): _Form(
        "overwriteTopicName", "partitions", "replicationFactor", ("additionalConfig",)
    ),
}


@dataclass(frozen=True)
class KafkaTopic:
    """A Kafka topic with its settings, whatever declares it."""

    name: str
    cluster: str
    """The cluster that it names; empty if it names none."""
    place: Place
    """The token that names it."""
    source: Source
    object: ObjectRef | None
    declared_by: str
    partitions: TopicSetting | None
    replicas: TopicSetting | None
    config: Mapping[str, TopicSetting]
    base: KubernetesObject | None = None
    """The object that declares it, if it is one."""

    @classmethod
    def all(cls, world: World) -> Iterable[KafkaTopic]:
        """Those of custom resources, then those of Terraform."""
        for item in world.all(KubernetesObject):
            form = _TOPIC_KINDS.get((item.group, item.kind))
            if form is not None and item.name:
                yield _topic(item, form)
        for found in world.reading(terraform_topics):
            if found.protocol == "kafka":
                yield KafkaTopic(
                    found.name,
                    "",
                    found.place,
                    found.place.source,
                    found.object,
                    f"Terraform's {found.label}",
                    found.settings.get("partitions"),
                    found.settings.get("replication_factor"),
                    found.config,
                )

    @property
    def config_place(self) -> Place:
        """Where a setting that is missing is to be added."""
        return self.base.get("spec", "config").place() if self.base is not None else self.place


def _topic(item: KubernetesObject, form: _Form) -> KafkaTopic:
    spec = item.get("spec")
    named = spec.get(form.name)
    node = named if named.text else item.get("metadata", "name")
    return KafkaTopic(
        node.text or item.name,
        _cluster_of(item),
        node.value_place(),
        item.source,
        item.object,
        f"{item.kind} '{item.name}'",
        topic_setting(spec.get(form.partitions)),
        topic_setting(spec.get(form.replicas)),
        _config(spec.get(*form.config)),
        item,
    )


def _cluster_of(item: KubernetesObject) -> str:
    spec = item.get("spec")
    for named in (spec.get("kafkaClusterRef", "name"), spec.get("cluster", "clusterRef", "name")):
        if named.text:
            return named.text
    return item.labels.get(_CLUSTER_LABEL, "")


def _config(node: Node) -> dict[str, TopicSetting]:
    found: dict[str, TopicSetting] = {}
    for key, value in node.items():
        entry = topic_setting(value)
        if entry is None and isinstance(value.value, bool):
            entry = TopicSetting(str(value.value).lower(), value.value_place())
        if entry is not None:
            found[key] = entry
    return found


@dataclass(frozen=True)
class KafkaCluster(ObjectFacet):
    """A Kafka cluster of Strimzi."""

    pools: tuple[KubernetesObject, ...] = ()
    """The node pools that are labelled with its name."""

    @classmethod
    def all(cls, world: World) -> Iterable[KafkaCluster]:
        """Every cluster, with the node pools of its name."""
        pools: dict[str, list[KubernetesObject]] = {}
        sets = world.fact(deployment_sets)
        for item in world.all(KubernetesObject):
            if item.group in STRIMZI and item.kind == "KafkaNodePool":
                pools.setdefault(item.labels.get(_CLUSTER_LABEL, ""), []).append(item)
        for item in world.all(KubernetesObject):
            if item.group in STRIMZI and item.kind == "Kafka" and item.name:
                own = nearest(sets, item, pools.get(item.name, ()), item.namespace)
                yield cls(item, tuple(own))

    @property
    def config(self) -> Mapping[str, TopicSetting]:
        """The settings of the brokers."""
        return _config(self.base.get("spec", "kafka", "config"))

    @property
    def brokers(self) -> int | None:
        """How many brokers it has; ``None`` where that is not known."""
        if not self.pools:
            return self.base.get("spec", "kafka", "replicas").integer
        counts: dict[str, int] = {}
        for pool in self.pools:
            count = pool.get("spec", "replicas").integer
            if count is None:
                return None
            if _has_brokers(pool):
                counts[pool.name] = max(count, counts.get(pool.name, 0))
        return sum(counts.values())

    @property
    def broker_places(self) -> list[Place]:
        """Where the number of its brokers is said."""
        said = [self.base.get("spec", "kafka", "replicas")]
        if self.pools:
            said = [pool.get("spec", "replicas") for pool in self.pools if _has_brokers(pool)]
        return [node.value_place() for node in said if node.exists]


def _has_brokers(pool: KubernetesObject) -> bool:
    """Whether the nodes of a pool keep messages, and are not only controllers."""
    roles = [role.text for role in pool.get("spec", "roles").elements()]
    return not roles or "broker" in roles


def cluster_of(topic: KafkaTopic, world: World) -> KafkaCluster | None:
    """The cluster of the repository that a topic is for; ``None`` if it names none that is defined here, or
    if several of its name differ in what they are asked."""
    if topic.base is None or not topic.cluster:
        return None
    named = world.fact(_clusters_by_name).get(topic.cluster, [])
    bases = nearest(
        world.fact(deployment_sets), topic.base, [item.base for item in named], topic.base.namespace
    )
    found = [item for item in named if item.base in bases]
    return found[0] if len(found) == 1 else None


def _clusters_by_name(world: World) -> dict[str, list[KafkaCluster]]:
    found: dict[str, list[KafkaCluster]] = {}
    for cluster in world.all(KafkaCluster):
        found.setdefault(cluster.name, []).append(cluster)
    return found


@dataclass(frozen=True)
class AclRule:
    """One entry of a user's access list about topics or groups."""

    node: Node
    resource: str
    """``topic``, ``group``, ``cluster`` or ``transactionalId``."""
    name: str
    is_prefix: bool
    operations: frozenset[str]
    """``Read``, ``Write``, ``All`` and so on."""
    allows: bool

    def covers(self, name: str) -> bool:
        """Whether the rule is about a topic of this name."""
        return self.name == "*" or (name.startswith(self.name) if self.is_prefix else name == self.name)

    @property
    def name_node(self) -> Node:
        """Where the resource is named."""
        return self.node.get("resource", "name")


@dataclass(frozen=True)
class KafkaUser(ObjectFacet):
    """A user of a Kafka cluster, whose credentials are in the Secret of its name."""

    @classmethod
    def all(cls, world: World) -> Iterable[KafkaUser]:
        """Every user of Strimzi."""
        for item in world.all(KubernetesObject):
            if item.group in STRIMZI and item.kind == "KafkaUser" and item.name:
                yield cls(item)

    @property
    def cluster(self) -> str:
        """The cluster that it belongs to."""
        return self.base.labels.get(_CLUSTER_LABEL, "")

    @property
    def has_acls(self) -> bool:
        """Whether the broker asks this list before it lets the user do anything."""
        return self.base.get("spec", "authorization", "type").text == "simple"

    @property
    def rules(self) -> Iterator[AclRule]:
        """The entries of its access list."""
        for node in self.base.get("spec", "authorization", "acls").elements():
            resource = node.get("resource")
            kind, name = resource.get("type").text, resource.get("name").text
            if kind == "cluster":
                name = name or "kafka-cluster"
            operations = {item.text for item in node.get("operations").elements() if item.text}
            single = node.get("operation").text  # before version v1beta2 there was one for each entry
            if kind and name:
                yield AclRule(
                    node,
                    kind,
                    name,
                    resource.get("patternType").text == "prefix",
                    frozenset(operations | ({single} if single else set())),
                    (node.get("type").text or "allow") == "allow",
                )
