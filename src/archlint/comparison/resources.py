"""Which resources a change touches, and what becomes of the workloads among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.exposure.reach import OTHER_ROUTES
from archlint.model.exposure.routes import leads_by_path
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.images import ImageReference, is_filled_in, parse_image
from archlint.model.kubernetes.workloads import POD_TEMPLATES, REPLICATED
from archlint.model.migrations import migration_units
from archlint.model.services.meshes import meshes
from archlint.model.world import World

_Identity = tuple[str, str, str, str]
_FAMILIES = (
    ("network policy", ("NetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy")),
    ("topic", ("KafkaTopic", "KafkaUser", "Queue", "Exchange", "Binding")),
)
_FAMILIES_BY_GROUP = (
    ("mesh", ("istio.io", "linkerd.io", "kuma.io")),
    ("network policy", ("cilium.io", "projectcalico.org")),
    (
        "ingress",
        ("gateway.networking.k8s.io", "traefik.io", "traefik.containo.us", "configuration.konghq.com"),
    ),
)


class Verb(StrEnum):
    """What happens to a resource."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A resource that a change touches."""

    verb: Verb
    family: str
    """``workload``, ``service``, ``ingress``, ``network policy``, ``mesh``, ``topic``, ``database schema`` or
    ``other``."""
    object: ObjectRef


@dataclass(frozen=True, slots=True)
class WorkloadState:
    """What one side says of a workload; ``None`` where its definitions do not agree, or do not say it."""

    replicas: int | None
    """Also unknown where an autoscaler sets them."""
    images: tuple[str, ...] | None
    """The images of its main containers."""
    moving: tuple[str, ...]
    """Images that may be other ones tomorrow, unless one of its definitions has none such: manifests for
    development name what is built on the spot, beside those that are released."""
    keeps_history: bool
    """Whether the cluster keeps what it was before."""

    @property
    def version(self) -> str | None:
        """Tags or digests of the images, with a comma between them; unknown if one is filled in later."""
        if self.images is None or any(not image.strip() or is_filled_in(image) for image in self.images):
            return None
        return ", ".join(dict.fromkeys(_version(parse_image(image)) for image in self.images)) or None


@dataclass(frozen=True, slots=True)
class WorkloadChange:
    """A workload before and after; ``None`` where a side has none."""

    object: ObjectRef
    before: WorkloadState | None
    after: WorkloadState | None
    is_meshed: bool | None = None


def resource_changes(base: World, revision: World) -> list[ResourceChange]:
    """The objects of manifests that one side alone has, or that the sides define differently, and the
    migrations that are new, gone or edited."""
    before, after = _objects(base), _objects(revision)
    found = [
        ResourceChange(verb, _family(kind, group), ObjectRef(kind, name, namespace or None))
        for (group, kind, namespace, name) in {**before, **after}
        if (
            verb := _verb(
                before.get((group, kind, namespace, name)), after.get((group, kind, namespace, name))
            )
        )
    ]
    return sorted([*found, *_migrations(base, revision)], key=lambda item: (item.family, str(item.object)))


def workload_changes(base: World, revision: World) -> list[WorkloadChange]:
    """The workloads that are not on both sides what they were."""
    before, after = _workloads(base), _workloads(revision)
    mesh = revision.fact(meshes)
    found = []
    for identity in {**before, **after}:
        old, new = before.get(identity, []), after.get(identity, [])
        if _verb(_values(old), _values(new)) is None:
            continue
        about = (new or old)[0]
        meshed = {mesh.has(item) for item in new}
        found.append(
            WorkloadChange(
                ObjectRef(about.kind, about.name, about.namespace),
                _state(old, base),
                _state(new, revision),
                meshed.pop() if len(meshed) == 1 else None,
            )
        )
    return sorted(found, key=lambda item: str(item.object))


def _identity(item: KubernetesObject) -> _Identity:
    return ("apps" if item.group == "extensions" else item.group, item.kind, item.namespace or "", item.name)


def _objects(world: World) -> dict[_Identity, list[object]]:
    found: dict[_Identity, list[object]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if item.kind and item.name:
            found[_identity(item)].append(item.node.value)
    return found


def _workloads(world: World) -> dict[_Identity, list[Workload]]:
    found: dict[_Identity, list[Workload]] = defaultdict(list)
    for item in world.all(Workload):
        if item.name:
            found[_identity(item.base)].append(item)
    return found


def _values(items: Iterable[Workload]) -> list[object] | None:
    return [item.base.node.value for item in items] or None


def _verb(before: Sequence[object] | None, after: Sequence[object] | None) -> Verb | None:
    """What happened to an object, given what each side says of it; ``None`` if nothing did."""
    if not before:
        return Verb.CREATE
    if not after:
        return Verb.DELETE
    if (
        len(before) == len(after)
        and all(one in after for one in before)
        and all(one in before for one in after)
    ):
        return None
    return Verb.UPDATE


def _family(kind: str, group: str) -> str:
    if (group, kind) in POD_TEMPLATES:
        return "workload"
    for family, kinds in _FAMILIES:
        if kind in kinds:
            return family
    for family, groups in _FAMILIES_BY_GROUP:
        if group.endswith(groups):
            return family
    if leads_by_path(group, kind) or kind in OTHER_ROUTES:
        return "ingress"
    return "service" if (group, kind) == ("", "Service") else "other"


def _migrations(base: World, revision: World) -> Iterator[ResourceChange]:
    """Migrations by their files, or by change set: text is all that says whether one was edited."""
    before, after = base.fact(migration_units), revision.fact(migration_units)
    for key in sorted({**before, **after}):
        old, new = before.get(key), after.get(key)
        told = new or old
        if told is not None and (old is None or new is None or old.content != new.content):
            verb = Verb.CREATE if old is None else Verb.DELETE if new is None else Verb.UPDATE
            yield ResourceChange(verb, "database schema", ObjectRef("Migration", told.title))


def _state(items: Sequence[Workload], world: World) -> WorkloadState | None:
    if not items:
        return None
    replicas = {_replicas(item, world) for item in items}
    images = {tuple(_images(item)) for item in items}
    kept = {item.base.get("spec", "revisionHistoryLimit").integer for item in items}
    one = replicas.pop() if len(replicas) == 1 else None
    same = images.pop() if len(images) == 1 else None
    moving = [[each for each in _images(item) if parse_image(each).moves] for item in items]
    told = dict.fromkeys(each for found in moving for each in found) if all(moving) else {}
    return WorkloadState(one, same, tuple(told), 0 not in kept)


def _replicas(item: Workload, world: World) -> int | None:
    """The pods of a workload, one if nothing is said."""
    if item.kind not in REPLICATED or world.fact(autoscaled).get(item):
        return None
    said = item.base.get("spec", "replicas")
    return said.integer if said.is_set else 1


def _images(item: Workload) -> Iterator[str]:
    for container in item.containers:
        if container.role == "main":
            yield container.get("image").text or ""


def _version(image: ImageReference) -> str:
    return image.digest or image.tag or "latest"
