"""ConfigMaps and Secrets that pods need and nothing defines."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.config_makers import lacking
from archlint.model.kubernetes.configs import ConfigReference, config_references
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.operators import is_filled_by_installer, words_in_arguments
from archlint.model.kubernetes.references import is_made_elsewhere, is_missing
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World


@join(Workload)
def config_reference_undefined(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A ConfigMap (or a key of it) that pods cannot start without and that nothing defines."""
    for used in config_references(workload):
        name = used.name.text
        if not name or name in options["made-by-cluster"] or is_placeholder(name):
            continue
        is_asked = used.kind == "ConfigMap" or options["secrets"]
        yield from _judge(used, name, workload.base, world, is_asked=is_asked)


def _judge(
    used: ConfigReference, name: str, asker: KubernetesObject, world: World, *, is_asked: bool
) -> Iterator[Observation]:
    aliases = ["kube-linter:env-value-from"] if used.in_env else []
    if is_filled_by_installer(asker, world):
        return
    is_judged = is_asked and _has_neighbours(used.kind, asker, world)
    if is_judged and is_missing(world, asker, used.kind, name, asker.namespace):
        if name not in world.fact(words_in_arguments):
            yield observe(used.name.place(), kind=used.kind, name=name, aliases=aliases)
        return
    key = used.key.text if used.key is not None else None
    if used.key is None or not key or is_placeholder(key):
        return
    defined = lacking(world, asker, used.kind, name, namespace=asker.namespace, key=key)
    if not defined or is_made_elsewhere(world, asker, used.kind, name):
        return
    yield observe(
        used.key.place(),
        "key",
        related=[(item.base.node.place(), "defined here") for item in defined[:3]],
        kind=used.kind,
        name=name,
        key=key,
        keys=", ".join(sorted(defined[0].keys or ())[:8]),
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
