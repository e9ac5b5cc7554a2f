"""What a pod names within itself, or by an old name: volumes, variables, its account and its Service."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.documents.editing import removed
from archlint.model.kubernetes import Container, KubernetesObject, Workload, string_map
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.references import is_missing
from archlint.model.kubernetes.selectors import selects
from archlint.model.kubernetes.sets import find_objects
from archlint.model.world import World

_MOUNTS = ("volumeMounts", "volumeDevices")


@join(Workload)
def volume_mount_undefined(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A mount of a volume that the pod does not have, so that the pod is refused."""
    if not workload.names_images:
        return
    known = {volume.get("name").text for volume in workload.pod_spec.get("volumes").elements()}
    claims = workload.base.get("spec", "volumeClaimTemplates").elements()
    known |= {claim.get("metadata", "name").text for claim in claims}
    for container in workload.containers:
        for key in _MOUNTS:
            for mount in container.get(key).elements():
                name = mount.get("name")
                if name.text and name.text not in known and not _is_added(name.text, workload, world):
                    yield observe(
                        name.place(),
                        container=container.name,
                        volume=name.text,
                        known=", ".join(sorted(filter(None, known))) or "none",
                        workload=f"{workload.kind} '{workload.name}'",
                    )


def _is_added(volume: str, workload: Workload, world: World) -> bool:
    """Whether a patch or an annotation for something that adds volumes may bring it."""
    if is_placeholder(volume) or volume in world.fact(patch_text):
        return True
    return any(volume in text for text in workload.pod_annotations.values())


@check(Container)
def environment_variable_doubled(container: Container, options: Options) -> Iterator[Observation]:
    """A variable that a container sets twice: the last one counts."""
    seen: dict[str, Node] = {}
    for entry in container.get("env").elements():
        name = entry.get("name")
        if not name.text:
            continue
        if name.text in seen:
            is_same = {**entry.value, "name": ""} == {**seen[name.text].value, "name": ""}
            yield observe(
                name.place(),
                "same" if is_same else "default",
                related=[(seen[name.text].get("name").place(), "set here before")],
                container=container.name,
                variable=name.text,
            )
        seen[name.text] = entry


@check(Workload)
def service_account_field_deprecated(workload: Workload, options: Options) -> Iterator[Observation]:
    """An account that is named by the old field alone, or otherwise than by the new one."""
    old, new = workload.pod_spec.get("serviceAccount"), workload.pod_spec.get("serviceAccountName")
    if not old.is_set or old.value == new.value:
        return
    yield observe(
        old.place(),
        "other" if new.is_set else "default",
        workload=f"{workload.kind} '{workload.name}'",
        old=old.value,
        new=new.value if new.is_set else "",
        fix=removed(old) if new.is_set else None,
    )


@join(Workload)
def stateful_set_service_undefined(
    workload: Workload, world: World, options: Options
) -> Iterator[Observation]:
    """A StatefulSet whose Service is not there, or selects other pods."""
    named = workload.base.get("spec", "serviceName")
    if workload.kind != "StatefulSet" or not named.text or is_placeholder(named.text):
        return
    if is_missing(world, workload.base, "Service", named.text, workload.namespace):
        yield _unfit(workload, named, "default", None)
        return
    services = _services(workload, named.text, world)
    selecting = [string_map(item.get("spec", "selector")) for item in services]
    if services and all(selecting) and not any(selects(item, workload.running_labels) for item in selecting):
        yield _unfit(workload, named, "selector", services[0])


@join(Workload)
def stateful_set_service_not_headless(
    workload: Workload, world: World, options: Options
) -> Iterator[Observation]:
    """A StatefulSet whose Service has an address of its own, and so gives its pods no names."""
    named = workload.base.get("spec", "serviceName")
    if workload.kind != "StatefulSet" or not named.text:
        return
    services = _services(workload, named.text, world)
    if services and not any(item.get("spec", "clusterIP").text == "None" for item in services):
        related = [(services[0].get("spec", "clusterIP").place(), "the Service")]
        yield observe(named.place(), related=related, name=workload.name, service=named.text)


def _services(workload: Workload, name: str, world: World) -> list[KubernetesObject]:
    found = find_objects(world, workload.base, "Service", name, workload.namespace)
    return [item for item in found if item.group == ""]


def _unfit(workload: Workload, named: Node, message: str, service: KubernetesObject | None) -> Observation:
    related = [] if service is None else [(service.get("spec", "selector").place(), "the Service")]
    return observe(named.place(), message, related=related, name=workload.name, service=named.text)
