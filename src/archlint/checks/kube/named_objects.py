"""Names of other objects, by the one table of them: is what they name there, and may it be named?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.config_makers import lacking
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.names.name_table import REST
from archlint.model.kubernetes.names.named_objects import OF_EVERY_CLUSTER, NamedObject
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.references import is_made_elsewhere, is_missing
from archlint.model.kubernetes.sets import find_objects
from archlint.model.services.absence import absence
from archlint.model.world import World

_GATEWAY = "gateway.networking.k8s.io"
_OFTEN_MADE = frozenset(
    {
        *("Secret", "ConfigMap", "CSIDriver", "ServiceAccount", "PersistentVolume", "Deployment", "Node"),
        *("Task", "ClusterTask", "Pipeline", "Middleware", "VolumeSnapshotClass"),
    }
)
"""Kinds that programs make or catalogues bring as well, so that only a name that is nearly another one is a
slip."""
_OF_RELEASES = frozenset(
    {
        *("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "Gateway", "PersistentVolumeClaim"),
        *("StorageClass", "PriorityClass", "IngressClass", "RuntimeClass"),
    }
)
"""Kinds that charts bring, so that a name which a release or an operator may give is no slip either."""
_HASH_LENGTH = 10
"""Of what kustomize puts behind the names of what it generates."""


@join(NamedObject)
def reference_undefined(named: NamedObject, world: World, options: Options) -> Iterator[Observation]:
    """A name that nothing in the repository has."""
    name, target = named.target_name, named.target
    if named.rule != REST or named.is_optional or is_placeholder(name) or (target, name) in OF_EVERY_CLUSTER:
        return
    if name in options["of-clusters"].get(target, ()):
        return
    if not is_missing(world, named.base, target, name, named.in_namespace, group=named.target_group):
        yield from _key_undefined(named, world)
        return
    if target == "Service" and not world.fact(absence).is_certain("Service", name, named.base):
        return
    others = _elsewhere(named, world)
    near = None if others else world.fact(_known).get(target, _NOBODY).nearest(name)
    if near and near.startswith(f"{name}-") and len(near) == len(name) + 1 + _HASH_LENGTH:
        return  # generated under this name: who applies it may say the namespace that makes them meet
    meant = find_objects(world, named.base, target, near) if near else []
    if near or _is_sure(named, world, options):
        yield observe(
            named.node.place(),
            "elsewhere" if others else "near" if near else "default",
            related=[
                *((item.get("metadata", "name").place(), "has the name") for item in others[:3]),
                *((item.get("metadata", "name").place(), "the nearest") for item in meant[:1]),
            ],
            kind=named.kind,
            name=named.name,
            target=target,
            wanted=name,
            near=near or "",
            namespace=named.in_namespace or "",
            others=" and ".join(sorted({f"'{item.namespace}'" for item in others})),
        )


def _is_sure(named: NamedObject, world: World, options: Options) -> bool:
    """Whether what nothing here defines is made by nothing else."""
    target = named.target
    if target in _OFTEN_MADE:
        return target == "Secret" and bool(options["secrets"])
    named_by_release = target in _OF_RELEASES
    return not named_by_release or world.fact(absence).is_certain(target, named.target_name, named.base)


def _key_undefined(named: NamedObject, world: World) -> Iterator[Observation]:
    """A key that a ConfigMap or Secret of the repository does not have."""
    key = named.key.text if named.key is not None else None
    if named.key is None or not key or is_placeholder(key):
        return
    name, target = named.target_name, named.target
    defined = lacking(world, named.base, target, name, namespace=named.in_namespace, key=key)
    if defined and not is_made_elsewhere(world, named.base, target, name):
        yield observe(
            named.key.place(),
            "key",
            related=[(item.base.node.place(), "defined here") for item in defined[:3]],
            kind=named.kind,
            name=named.name,
            target=target,
            wanted=name,
            key=key,
            keys=", ".join(sorted(defined[0].keys or ())[:8]),
        )


def _elsewhere(named: NamedObject, world: World) -> list[KubernetesObject]:
    """What has the kind and the name, in another namespace than that which is meant."""
    found = find_objects(world, named.base, named.target, named.target_name)
    return [item for item in found if item.namespace is not None]


_NOBODY = SimilarNames(())


def _known(world: World) -> dict[str, SimilarNames]:
    """The names of each kind that is named somewhere."""
    names: dict[str, set[str]] = {named.target: set() for named in world.all(NamedObject)}
    for item in world.all(KubernetesObject):
        if item.kind in names:
            names[item.kind].add(item.name)
    return {kind: SimilarNames(found) for kind, found in names.items()}


@join(NamedObject)
def reference_not_granted(named: NamedObject, world: World, options: Options) -> Iterator[Observation]:
    """A name of something in another namespace that does not let itself be named from here."""
    asker, namespace = named.base, named.in_namespace
    if asker.group != _GATEWAY or named.target not in ("Service", "Secret"):
        return
    if not asker.namespace or not namespace or namespace == asker.namespace or is_placeholder(namespace):
        return
    targets = [
        item
        for item in find_objects(world, asker, named.target, named.target_name, namespace)
        if item.namespace == namespace
    ]
    grants = [item for item in world.all(KubernetesObject) if item.kind == "ReferenceGrant"]
    if (
        targets
        and not _is_about(asker, named.target_name, namespace)
        and not any(_grants(item, named, namespace) for item in grants)
    ):
        yield observe(
            named.node.place(),
            related=[(targets[0].get("metadata", "name").place(), "what is named")],
            kind=named.kind,
            name=named.name,
            target=named.target,
            wanted=named.target_name,
            namespace=namespace,
            own=asker.namespace,
        )


def _is_about(route: KubernetesObject, service: str, namespace: str) -> bool:
    """Whether a route of a mesh is for the calls of its own namespace to that very Service, which it may send
    there as they are. Source: Gateway API, "Service mesh", consumer routes."""
    return any(
        parent.get("kind").text == "Service"
        and parent.get("name").text == service
        and parent.get("namespace").text == namespace
        for parent in route.get("spec", "parentRefs").elements()
    )


def _grants(grant: KubernetesObject, named: NamedObject, namespace: str) -> bool:
    """Whether a ReferenceGrant lets an object be named; one whose namespace is unknown may."""
    if grant.namespace not in (None, namespace):
        return False
    is_from = any(
        one.get("kind").text == named.kind
        and one.get("group").text == _GATEWAY
        and one.get("namespace").text == named.base.namespace
        for one in grant.get("spec", "from").elements()
    )
    return is_from and any(
        one.get("kind").text == named.target and one.get("name").text in (None, named.target_name)
        for one in grant.get("spec", "to").elements()
    )
