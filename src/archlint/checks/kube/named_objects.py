"""Names of other objects, by the one table of them: is what they name there, and may it be named?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.named_objects import OF_EVERY_CLUSTER, NamedObject
from archlint.model.kubernetes.references import is_missing
from archlint.model.kubernetes.sets import find_objects
from archlint.model.kubernetes.similar import SimilarNames
from archlint.model.services.absence import absence
from archlint.model.world import World

_GATEWAY = "gateway.networking.k8s.io"
_OTHERS = frozenset({"serviceAccountName", "serviceAccount", "spec/serviceName", "roleRef/name"})
_PARTS_OF_OTHERS = ("/backend", "/defaultBackend/", "spec/scaleTargetRef", "spec/backend/")
"""Ways that rules of their own look at, which know more of what they name."""
_OFTEN_MADE = frozenset({"Secret", "CSIDriver", "ServiceAccount", "PersistentVolume", "Deployment"})
"""Kinds that programs make as well, so that only a name that is nearly another one is a slip."""


@join(NamedObject)
def reference_undefined(named: NamedObject, world: World, options: Options) -> Iterator[Observation]:
    """A name that nothing in the repository has."""
    name, target = named.target_name, named.target
    if named.is_optional or is_placeholder(name) or (target, name) in OF_EVERY_CLUSTER or _has_rule(named):
        return
    if name in options["of-clusters"].get(target, ()):
        return
    if not is_missing(world, named.base, target, name, named.in_namespace):
        return
    near = world.fact(_known).get(target, _NOBODY).nearest(name)
    is_sure = target not in _OFTEN_MADE or (target == "Secret" and options["secrets"])
    if target == "Service" and not world.fact(absence).is_certain("Service", name, named.base):
        return
    if near or is_sure:
        yield observe(
            named.node.place(),
            "near" if near else "default",
            kind=named.kind,
            name=named.name,
            target=target,
            wanted=name,
            near=near or "",
        )


def _has_rule(named: NamedObject) -> bool:
    if named.way in _OTHERS or any(part in named.way for part in _PARTS_OF_OTHERS):
        return True
    is_of_pods = named.way.startswith(("containers/", "initContainers/", "volumes/"))
    return is_of_pods and named.target in ("ConfigMap", "Secret")


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
    if targets and not any(_grants(item, named, namespace) for item in grants):
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
