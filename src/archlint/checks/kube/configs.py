"""ConfigMaps and Secrets that pods need and nothing defines."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.configs import ConfigReference, config_references, keys_of, made_secret
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.operators import is_filled_by_installer, words_in_arguments
from archlint.model.kubernetes.references import is_made_elsewhere, is_missing
from archlint.model.kubernetes.sets import deployment_sets, find_objects
from archlint.model.world import World


@join(Workload)
def config_reference_undefined(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A ConfigMap (or a key of it) that pods cannot start without and that nothing defines."""
    kinds = {"ConfigMap", "Secret"} if options["secrets"] else {"ConfigMap"}
    for used in config_references(workload):
        name = used.name.text
        if (
            used.kind in kinds
            and name
            and name not in options["made-by-cluster"]
            and not is_placeholder(name)
        ):
            yield from _judge(used, name, workload, world)


def _judge(used: ConfigReference, name: str, workload: Workload, world: World) -> Iterator[Observation]:
    aliases = ["kube-linter:env-value-from"] if used.in_env else []
    asker = workload.base
    if not _has_neighbours(used.kind, asker, world) or is_filled_by_installer(asker, world):
        return
    if is_missing(world, asker, used.kind, name, asker.namespace):
        if name not in world.fact(_made_secrets) and name not in world.fact(words_in_arguments):
            yield observe(used.name.place(), kind=used.kind, name=name, aliases=aliases)
        return
    key = used.key.text if used.key is not None else None
    defined = find_objects(world, asker, used.kind, name, asker.namespace)
    if (
        used.key is None
        or not key
        or not _lacks(defined, key, asker, world)
        or is_made_elsewhere(world, asker, used.kind, name)
    ):
        return
    yield observe(
        used.key.place(),
        "key",
        related=[(item.node.place(), "defined here") for item in defined[:3]],
        kind=used.kind,
        name=name,
        key=key,
        keys=", ".join(sorted(keys_of(defined[0]))[:8]),
        aliases=aliases,
    )


def _has_neighbours(kind: str, asker: KubernetesObject, world: World) -> bool:
    """Whether something of the kind is defined in the namespace of the asker, or may be, so that such things
    are not all made by an operator."""
    if asker.namespace is None:
        return True
    sets = world.fact(deployment_sets).of(asker)
    namespaces = {item.namespace for group in sets for item in group.by_kind.get(kind, ())}
    return not namespaces.isdisjoint((asker.namespace, None))


def _lacks(defined: list[KubernetesObject], key: str, asker: KubernetesObject, world: World) -> bool:
    """Whether all definitions have keys, and none this one; an empty one is filled while it runs, and one of
    another deployment set, where no namespace is named, may be another's."""
    keys = [keys_of(item) for item in defined]
    return (
        bool(keys)
        and all(keys)
        and not any(key in some for some in keys)
        and all(_is_meant(item, asker, world) for item in defined)
    )


def _is_meant(item: KubernetesObject, asker: KubernetesObject, world: World) -> bool:
    """Whether a definition is applied together with the asker, or into the same namespace."""
    is_beside = item.source.path in world.fact(deployment_sets).paths_beside(asker)
    return is_beside or (item.namespace is not None and item.namespace == asker.namespace)


def _made_secrets(world: World) -> frozenset[str]:
    return frozenset(filter(None, map(made_secret, world.all(KubernetesObject))))
