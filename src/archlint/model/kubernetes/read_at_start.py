"""What pods read of ConfigMaps and Secrets once, when they start, and what makes new pods when it changes.

Variables are set when a container starts, and a file that is mounted by ``subPath`` is not updated; a volume
that is mounted whole is, and what only init containers mount is read before the others start. Sources:
Kubernetes, "ConfigMaps" (mounted ConfigMaps are updated automatically); the READMEs of Reloader and Wave;
Helm, "Automatically Roll Deployments".
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.config_makers import KEYED
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.rbac import bound_roles, is_binding, rules_of, words
from archlint.model.kubernetes.restarts import commanded
from archlint.model.kubernetes.workloads import Container, Workload, account_of
from archlint.model.world import World

_REPLACING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Rollout", "DeploymentConfig", "CloneSet"})
"""Kinds whose controllers replace pods when the template changes, or should; a ReplicaSet never does."""
_ENCRYPTED = "ENC["
"""How values begin that SOPS has encrypted."""
_RELOADING = regex(r"reload|restart|wave\.pusher\.com|rollme")
"""What stands in the name of an annotation that asks a controller for new pods."""
_HASHING = regex(
    r"checksum|hash|sha(?:1|256|sum)?\b|md5|digest|config-?(?:version|revision)|last-?(?:update|change|deploy)"
)
"""What stands in the name of an annotation of pods that changes with their settings."""
_HASH_LENGTH = 10
_HASH = regex(r"-[0-9a-z]{10}\Z")


@dataclass(frozen=True, slots=True)
class StartReading:
    """One ConfigMap or Secret that pods read when they start."""

    kind: str
    name: Node
    """Where the pods name it."""
    keys: frozenset[str] | None
    """The keys that are read so; ``None`` if all are."""


def read_at_start(workload: Workload) -> list[StartReading]:
    """Everything that its pods read when they start, and never again."""
    if workload.kind not in _REPLACING:
        return []
    containers = [item for item in workload.containers if item.role != "ephemeral"]
    found = [each for item in containers for each in _variables(item)]
    return [*found, *_files(workload, containers)]


def _variables(container: Container) -> Iterator[StartReading]:
    for variable in container.get("env").elements():
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            chosen = variable.get("valueFrom", field)
            key = chosen.get("key").text
            if key:
                yield StartReading(kind, chosen.get("name"), frozenset((key,)))
    for source in container.get("envFrom").elements():
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if source.get(field).is_map:
                yield StartReading(kind, source.get(field, "name"), None)


def _files(workload: Workload, containers: list[Container]) -> Iterator[StartReading]:
    """Volumes that are mounted by parts, or by init containers alone."""
    whole: set[str] = set()
    early: set[str] = set()
    parts: dict[str, set[str]] = {}
    for item in containers:
        for mount in item.get("volumeMounts").elements():
            name, part = mount.get("name").text or "", mount.get("subPath").text
            if part:
                parts.setdefault(name, set()).add(part.strip("/").partition("/")[0])
            elif mount.get("subPathExpr").is_set:
                whole.add(name)
            else:
                (whole if item.is_lasting else early).add(name)
    for volume in workload.pod_spec.get("volumes").elements():
        name = volume.get("name").text or ""
        if name in whole:
            continue
        for kind, chosen, key in _sources(volume):
            if name in early:
                yield StartReading(kind, chosen.get(key), _given(chosen))
            elif name in parts:
                yield StartReading(kind, chosen.get(key), _keys_of(chosen, parts[name]))


def _sources(volume: Node) -> Iterator[tuple[str, Node, str]]:
    """The ConfigMaps and Secrets of a volume, each with the key that names it."""
    yield from _of(volume, "secretName")
    for source in volume.get("projected", "sources").elements():
        yield from _of(source, "name")


def _of(holder: Node, secret: str) -> Iterator[tuple[str, Node, str]]:
    for kind, field, key in (("ConfigMap", "configMap", "name"), ("Secret", "secret", secret)):
        if holder.get(field).is_map:
            yield kind, holder.get(field), key


def _given(chosen: Node) -> frozenset[str] | None:
    items = [item.get("key").text or "" for item in chosen.get("items").elements()]
    return frozenset(items) if items else None


def _keys_of(chosen: Node, parts: set[str]) -> frozenset[str]:
    """The keys whose files are mounted, by the first part of the path of each."""
    items = [
        (item.get("key").text or "", item.get("path").text or "") for item in chosen.get("items").elements()
    ]
    if not items:
        return frozenset(parts)
    return frozenset(key for key, path in items if path.strip("/").partition("/")[0] in parts)


@dataclass(frozen=True, slots=True)
class StartSetting:
    """One key of a ConfigMap or Secret."""

    node: Node
    value: object
    """As the pods see it: of a Secret what its base64 stands for, if it is any."""


def all_settings(config: KubernetesObject) -> dict[str, StartSetting]:
    """The keys of a ConfigMap or Secret; a key of ``stringData`` goes before the same one of ``data``."""
    found = {}
    for part in KEYED:
        is_base64 = part == "binaryData" or (part == "data" and config.kind == "Secret")
        for key, node in config.get(part).items():
            found[key] = StartSetting(node, _decoded(node.value) if is_base64 else _written(node.value))
    return found


def settings_of(config: KubernetesObject) -> dict[str, StartSetting]:
    """The keys of a ConfigMap or Secret, without values that are encrypted: they change by themselves."""
    found = all_settings(config)
    return {key: each for key, each in found.items() if not (each.node.text or "").startswith(_ENCRYPTED)}


def _written(value: object) -> object:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def _decoded(value: object) -> object:
    try:
        return b64decode(value) if isinstance(value, str) else value
    except ValueError:
        return value


def is_replaced(workload: Workload, config: KubernetesObject, world: World) -> bool:
    """Whether something makes new pods when a ConfigMap or Secret changes, or the program sees it itself:
    annotations that a controller obeys, a command in a script or pipeline, a right to watch it."""
    marks = (*workload.base.annotations, *workload.pod_annotations, *config.annotations)
    if any(_RELOADING.search(name) for name in marks):
        return True
    account = account_of(workload).text or "default"
    watched = world.fact(_watched)
    if not watched.isdisjoint((account, config.kind, name) for name in (config.name, "")):
        return True
    return world.fact(commanded).covers(workload)


def is_named_by_hash(config: KubernetesObject) -> bool:
    """Whether a generator has put a hash of the contents behind its name."""
    return (
        config.is_built
        and _HASH.search(config.name) is not None
        and not config.object.name.endswith(config.name[-_HASH_LENGTH:])
    )


def is_hashed(workload: Workload) -> bool:
    """Whether annotations or labels of its pods look as if they changed with its settings."""
    return any(_HASHING.search(name.lower()) for name in (*workload.pod_annotations, *workload.pod_labels))


def _watched(world: World) -> frozenset[tuple[str, str, str]]:
    """Which accounts may watch ConfigMaps and Secrets: account, kind, and name, which is empty for all."""
    return frozenset(
        (account, kind, name)
        for binding in world.all(KubernetesObject)
        if is_binding(binding)
        for role in bound_roles(binding, world)
        for rule in rules_of(role, world)
        if not words(rule.get("verbs")).isdisjoint(("watch", "*"))
        for kind in ("ConfigMap", "Secret")
        if not words(rule.get("resources")).isdisjoint((f"{kind.lower()}s", "*"))
        for name in words(rule.get("resourceNames")) or ("",)
        for account in _accounts(binding)
    )


def _accounts(binding: KubernetesObject) -> list[str]:
    subjects = binding.get("subjects").elements()
    return [item.get("name").text or "" for item in subjects if item.get("kind").text == "ServiceAccount"]
