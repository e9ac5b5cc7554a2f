"""How pods use ConfigMaps and Secrets."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.workloads import Container, Workload


@dataclass(frozen=True, slots=True)
class ConfigReference:
    """One use of a ConfigMap or Secret."""

    kind: str
    name: Node
    key: Node | None
    """The key that is used; ``None`` if all are."""
    in_env: bool


def config_references(workload: Workload) -> Iterator[ConfigReference]:
    """Every use that the pods cannot start without (``optional: true`` leaves it out)."""
    for container in workload.containers:
        yield from _of_environment(container)
    for volume in workload.pod_spec.get("volumes").elements():
        yield from _of_volume(volume.get("configMap"), "ConfigMap", "name")
        yield from _of_volume(volume.get("secret"), "Secret", "secretName")
        for source in volume.get("projected", "sources").elements():
            yield from _of_volume(source.get("configMap"), "ConfigMap", "name")
            yield from _of_volume(source.get("secret"), "Secret", "name")


def _of_environment(container: Container) -> Iterator[ConfigReference]:
    for variable in container.get("env").elements():
        for key, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            chosen = variable.get("valueFrom", key)
            if chosen.is_map and chosen.get("optional").value is not True:
                yield ConfigReference(kind, chosen.get("name"), chosen.get("key"), in_env=True)
    for source in container.get("envFrom").elements():
        for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            chosen = source.get(key)
            if chosen.is_map and chosen.get("optional").value is not True:
                yield ConfigReference(kind, chosen.get("name"), None, in_env=False)


def _of_volume(chosen: Node, kind: str, name: str) -> Iterator[ConfigReference]:
    if not chosen.is_map or chosen.get("optional").value is True:
        return
    items = list(chosen.get("items").elements())
    for item in items:
        yield ConfigReference(kind, chosen.get(name), item.get("key"), in_env=False)
    if not items:
        yield ConfigReference(kind, chosen.get(name), None, in_env=False)
