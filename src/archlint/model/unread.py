"""Documents that are parsed, and in which no rule looks at anything: to say so, not to call them checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from posixpath import basename

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Unread
from archlint.finding.regex import regex
from archlint.model.compose_format import is_first_format
from archlint.model.event_formats import is_judged
from archlint.model.kubernetes.names.name_table import rows_by_kind
from archlint.model.kubernetes.objects import CALLING, KubernetesObject, objects_of
from archlint.model.kubernetes.workloads import POD_TEMPLATES, Workload
from archlint.model.pod_spec_paths import KNOWN, PodSpecPath

UNKNOWN_RESOURCE = "unknown-resource"
_CONFIGURATION = "program-configuration"
_COMPOSE_NAME = regex(r"(?:docker-)?compose(?:[-._].*)?\.(?:ya?ml|json)\Z", re.IGNORECASE)
_UNUSED = "patch-unused"
_BY_KIND = {
    Kind.CHART_TEMPLATE: "chart-not-rendered",
    Kind.UNUSED_PATCH: _UNUSED,
    Kind.AVRO_IDL: "avro-idl",
}
_BUILT_IN = {
    "": (
        "Service",
        "ConfigMap",
        "Secret",
        "Namespace",
        "ServiceAccount",
        "LimitRange",
        "ResourceQuota",
        "PersistentVolume",
        "PersistentVolumeClaim",
    ),
    "autoscaling": ("HorizontalPodAutoscaler",),
    "extensions": ("Ingress", "NetworkPolicy"),
    "networking.k8s.io": ("Ingress", "NetworkPolicy"),
    "policy": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io": ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"),
}
_ADDED = {
    "argoproj.io": ("Application", "ApplicationSet", "AppProject"),
    "bitnami.com": ("SealedSecret",),
    "gateway.networking.k8s.io": ("Gateway", "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"),
    "cluster.redpanda.com": ("Topic",),
    "configuration.konghq.com": ("KongPlugin", "KongClusterPlugin"),
    "core.strimzi.io": ("Kafka", "KafkaConnector", "KafkaNodePool", "KafkaTopic", "KafkaUser"),
    "kafka.strimzi.io": ("Kafka", "KafkaConnector", "KafkaNodePool", "KafkaTopic", "KafkaUser"),
    "keda.sh": ("ScaledObject",),
    "gateway.envoyproxy.io": ("SecurityPolicy",),
    "grafana.integreatly.org": ("GrafanaDashboard",),
    "linkerd.io": ("ServiceProfile",),
    "monitoring.coreos.com": ("AlertmanagerConfig", "PodMonitor", "PrometheusRule", "ServiceMonitor"),
    "monitoring.googleapis.com": ("Rules", "ClusterRules", "GlobalRules"),
    "openslo": ("SLO",),
    "source.toolkit.fluxcd.io": ("GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket"),
    "platform.confluent.io": ("KafkaTopic",),
    "multicluster.x-k8s.io": ("ServiceImport",),
    "networking.istio.io": ("VirtualService", "DestinationRule", "ServiceEntry", "Gateway"),
    "opentelemetry.io": ("OpenTelemetryCollector",),
    "operator.victoriametrics.com": ("VMRule",),
    "k8s.ovn.org": ("UserDefinedNetwork", "ClusterUserDefinedNetwork"),
    "policy.networking.k8s.io": (
        *("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"),
    ),
    "projectcontour.io": ("HTTPProxy",),
    "project.openshift.io": ("Project", "ProjectRequest"),
    "rabbitmq.com": ("Policy", "Queue", "RabbitmqCluster"),
    "pyrra.dev": ("ServiceLevelObjective",),
    "route.openshift.io": ("Route",),
    "security.istio.io": ("PeerAuthentication", "AuthorizationPolicy", "RequestAuthentication"),
    "security.openshift.io": ("SecurityContextConstraints",),
    "sloth.slok.dev": ("PrometheusServiceLevel",),
    "traefik.containo.us": ("IngressRoute", "Middleware"),
    "traefik.io": ("IngressRoute", "Middleware"),
}
KNOWN_RESOURCES = frozenset(
    {
        *POD_TEMPLATES,
        *KNOWN,
        *((group, kind) for group, kinds in CALLING.items() for kind in kinds),
        *((group, kind) for group, kinds in _BUILT_IN.items() for kind in kinds),
        *((group, kind) for group, kinds in _ADDED.items() for kind in kinds),
    }
)
"""Group and kind of the resources that some rule looks into; extend it with the rule that looks at more."""
_PROGRAMS = frozenset(
    {
        *("apiserver.config.k8s.io", "apiserver.k8s.io", "audit.k8s.io", "client.authentication.k8s.io"),
        *(
            "kubeadm.k8s.io",
            "kubelet.config.k8s.io",
            "kubeproxy.config.k8s.io",
            "kubescheduler.config.k8s.io",
        ),
        *("kubecontrollermanager.config.k8s.io", "controller-runtime.sigs.k8s.io", "kind.x-k8s.io", "k3d.io"),
        *("k0sctl.k0sproject.io", "kubeone.k8c.io", "eksctl.io", "ctlptl.dev", "skaffold", "kuttl.dev"),
        *("cli.kyverno.io", "chainsaw.kyverno.io", "krew.googlecontainertools.github.com"),
    }
)
"""API groups of files in the form of manifests that programs read for themselves: no cluster serves them."""
_PROGRAM_KINDS = frozenset({("", "Config"), ("argoproj.io", "ConfigManagementPlugin")})
"""Such kinds of other groups: what kubectl connects with, and what a plugin of Argo CD runs."""

_FORMAT = "schemaFormat"


def unread_documents(path: str, kind: Kind, documents: Sequence[Document]) -> Iterator[Unread]:
    """What in a file of this kind no rule looks at."""
    if kind is Kind.ASYNCAPI:
        yield from _foreign_payloads(path, documents)
    elif kind is Kind.KUBERNETES:
        yield from _unknown_resources(path, documents)
        if "patch" in path.lower():
            yield from _parts(path, documents)


def _foreign_payloads(path: str, documents: Sequence[Document]) -> Iterator[Unread]:
    """Each format of payloads that is no JSON Schema, once for each document."""
    for document in documents:
        formats: dict[str, None] = {}
        waiting = [document.data] if _FORMAT in document.text else []
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                stated = value.get(_FORMAT)
                if isinstance(stated, str) and not is_judged(stated):
                    formats[stated] = None
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)
        for stated in sorted(formats):
            yield Unread(path, "asyncapi-payload", detail=stated)


def _parts(path: str, documents: Sequence[Document]) -> Iterator[Unread]:
    """Parts of workloads that no kustomization names: rules about workloads leave them alone."""
    for document in documents:
        for part in Workload.parts_of(objects_of(document)):
            yield Unread(path, _UNUSED, document.index, f"{part.kind} {part.name}")


def _unknown_resources(path: str, documents: Sequence[Document]) -> Iterator[Unread]:
    for document in documents:
        unknown = unknown_objects(document)
        if unknown:
            is_configuration = all(map(_is_of_program, unknown))
            reason = _CONFIGURATION if is_configuration else UNKNOWN_RESOURCE
            yield Unread(path, reason, document.index, kinds_of(unknown))


def unknown_objects(document: Document) -> Sequence[KubernetesObject]:
    """The objects of a document, if no rule looks into any of them."""
    objects = list(objects_of(document))
    return () if any(map(_is_known, objects)) else objects


def kinds_of(objects: Iterable[KubernetesObject]) -> str:
    """The kinds of some objects, in words."""
    return ", ".join(dict.fromkeys(f"{item.api_version} {item.kind}" for item in objects))


def _is_of_program(item: KubernetesObject) -> bool:
    return item.group in _PROGRAMS or (item.group, item.kind) in _PROGRAM_KINDS


def _is_known(item: KubernetesObject) -> bool:
    """Whether rules look into it: at fields of its own, or at the names of other objects in it."""
    names_others = item.group in rows_by_kind().get(item.kind, ())
    return (item.group, item.kind) in KNOWN_RESOURCES or names_others


def but_for_pods(unread: Sequence[Unread], paths: Sequence[PodSpecPath]) -> list[Unread]:
    """What is unread where the configuration says which kinds of object have pods."""
    known = {(item.group, item.kind) for item in paths}
    return [item for item in unread if item.reason != "unknown-resource" or not _all_known(item, known)]


def _all_known(item: Unread, known: Set[tuple[str, str]]) -> bool:
    names = (name.partition(" ") for name in item.detail.split(", "))
    return all((version.rpartition("/")[0], kind) in known for version, _, kind in names)


def unread_files(kinds: Mapping[str, Kind]) -> Iterator[Unread]:
    """Files whose kind alone tells that they are not read."""
    for path, kind in kinds.items():
        if kind in _BY_KIND:
            yield Unread(path, _BY_KIND[kind])


def is_compose(path: str, documents: Sequence[Document]) -> bool:
    """Whether a file that is no other kind of contract or manifest is one of Docker Compose: it defines
    services, or has the name of such a file and adds to services, or includes others."""
    if any(_defines_services(document.root) for document in documents):
        return True
    if not documents or not _COMPOSE_NAME.match(basename(path)):
        return False
    if is_first_format(documents[0].root):
        return True
    return documents[0].root.get("services").is_map or documents[0].root.get("include").is_list


def _defines_services(root: Node) -> bool:
    return any(
        node.get("image").exists or node.get("build").exists for _, node in root.get("services").items()
    )
