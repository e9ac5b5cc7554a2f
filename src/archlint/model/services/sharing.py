"""What several services share that each should have of its own: Secrets with credentials, ServiceAccounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.plain_values import names_a_secret
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import account_of
from archlint.model.services.applications import applications, images_of, is_tool
from archlint.model.services.databases import SharedDatabase
from archlint.model.services.grouping import Service, ServiceGroups, service_groups
from archlint.model.services.variable_names import names_a_peer, words_of
from archlint.model.world import World

_OBSERVING = frozenset(
    {
        *("SENTRY", "DATADOG", "DD", "RELIC", "NEWRELIC", "OTEL", "OTLP", "HONEYCOMB", "TELEMETRY", "APM"),
        *("LOKI", "GRAFANA", "ROLLBAR", "BUGSNAG", "STATSD", "METRICS", "LIGHTSTEP", "DYNATRACE", "TRACING"),
    }
)
"""Words of variables with keys of those who watch a system: all services are meant to report with one."""
_PUBLIC = regex(r"(?i)(?:public|ca|ca[._-]?cert|cert|certificate|crt|jwks|chain|bundle)(?:[._-]?key)?\Z")
_KEEPERS = ("minio", "seaweedfs", "keycloak", "openldap", "localstack", "azurite", "vault")
"""Images of servers, besides databases and brokers, that are told the credentials by which others come in."""
_NAME_LABEL, _PART_OF = "app.kubernetes.io/name", "app.kubernetes.io/part-of"
_Home = tuple[object, ...]


@dataclass(frozen=True)
class NameUse:
    """A workload that names what others may name as well."""

    service: Service
    workload: Workload
    node: Node
    """The name."""
    key: str = ""
    """The key of a Secret that is taken; empty if all are."""

    @property
    def signs(self) -> Set[str]:
        """The images of the workload, and the name of the application that it says it is part of."""
        labels = self.workload.pod_labels
        name = labels.get(_NAME_LABEL)
        is_own = name is not None and name != labels.get(_PART_OF)
        return images_of(self.workload) | ({f"{_NAME_LABEL}={name}"} if is_own else frozenset())


@dataclass(frozen=True)
class SharedSecret:
    """A Secret from which several services take credentials."""

    name: str
    uses: tuple[NameUse, ...]
    """One for each service; first that of the one whose Secret it is, if its name tells."""

    @classmethod
    def all(cls, world: World) -> Iterable[SharedSecret]:
        """Every shared Secret, by namespace and name."""
        together = [
            {use.service.key for use in shared.uses} for shared in world.all(SharedDatabase)
        ]  # who shares a database shares its password
        for uses in _shared(world, _secret_uses(world)):
            keys = {use.service.key for use in uses}
            if not any(keys <= those for those in together):
                yield cls(uses[0].node.text or "", uses)

    @property
    def source(self) -> Document:
        """The document to edit."""
        return self.uses[1].node.document

    @property
    def object(self) -> ObjectRef:
        """The first workload that takes what is not its own."""
        return self.uses[1].workload.object


@dataclass(frozen=True)
class SharedAccount:
    """A ServiceAccount that pods of several services run under."""

    name: str
    namespace: str | None
    uses: tuple[NameUse, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[SharedAccount]:
        """Every shared account but the one that each namespace comes with."""
        for uses in _shared(world, _account_uses(world)):
            yield cls(uses[0].node.text or "", uses[0].workload.namespace, uses)

    @property
    def source(self) -> Document:
        """The document to edit."""
        return self.uses[1].node.document

    @property
    def object(self) -> ObjectRef:
        """The first workload that runs under what is not its own."""
        return self.uses[1].workload.object


def _shared(world: World, uses: Iterable[NameUse]) -> Iterator[tuple[NameUse, ...]]:
    """Those of each thing that is used by several applications: one for each, its owner's first."""
    sets = world.fact(deployment_sets)
    by_home: dict[_Home, list[NameUse]] = defaultdict(list)
    for use in uses:
        base = use.workload.base
        group = sets.group_of(base) if use.workload.namespace is None else -1
        by_home[use.workload.namespace or "", group, use.node.text or ""].append(use)
    for home in sorted(by_home, key=str):
        found = applications(by_home[home])
        name = by_home[home][0].node.text or ""
        if len(found) < 2 or _is_one_product(name, [party[0].service.name for party in found]):
            continue
        first = [min(party, key=_order) for party in found]
        yield tuple(sorted(first, key=lambda use: (not _owns(use, name), use.service.name)))


def _order(use: NameUse) -> tuple[object, ...]:
    return (not use.key, use.node.document.path, use.node.document.index, str(use.node.route))


def _owns(use: NameUse, name: str) -> bool:
    return name == use.service.name or name.startswith(f"{use.service.name}-")


def _is_one_product(name: str, services: Iterable[str]) -> bool:
    """Whether all begin with one word: ``argocd-redis`` of ``argocd-server`` and ``argocd-repo-server``."""
    word = name.partition("-")[0]
    return all(service == word or service.startswith(f"{word}-") for service in services)


def _secret_uses(world: World) -> Iterator[NameUse]:
    groups: ServiceGroups = world.fact(service_groups)
    for workload in world.all(Workload):
        service = groups.home_of(workload)
        if service is None or service.store_protocol is not None or is_tool(workload) or _lets_in(workload):
            continue
        for node, key in _credentials(workload):
            if node.text and not is_placeholder(node.text):
                yield NameUse(service, workload, node, key)


def _lets_in(workload: Workload) -> bool:
    return any(image.rpartition("/")[2] in _KEEPERS for image in images_of(workload))


def _credentials(workload: Workload) -> Iterator[tuple[Node, str]]:
    """The Secrets that a workload takes credentials from, with the key."""
    for container in workload.containers:
        for source in container.get("envFrom").elements():
            yield source.get("secretRef", "name"), ""
        for entry in container.get("env").elements():
            chosen = entry.get("valueFrom", "secretKeyRef")
            name, key = entry.get("name").text or "", chosen.get("key").text
            if key and _is_credential(name, key):
                yield chosen.get("name"), key


def _is_credential(name: str, key: str) -> bool:
    """Whether a key of a Secret, or the variable that takes it, is that of a credential of one service."""
    words = {*words_of(name.upper()), *words_of(key.upper())}
    if not _OBSERVING.isdisjoint(words) or _PUBLIC.search(key) or _PUBLIC.search(name):
        return False
    return any(names_a_secret(each) or names_a_peer(each.upper()) for each in (name, key))


def _account_uses(world: World) -> Iterator[NameUse]:
    groups: ServiceGroups = world.fact(service_groups)
    for workload in world.all(Workload):
        service, node = groups.home_of(workload), account_of(workload)
        name = node.text or "default"
        if service is not None and name != "default" and not (is_tool(workload) or is_placeholder(name)):
            yield NameUse(service, workload, node)
