"""Commands of runbooks, against what is deployed."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import Workload
from archlint.model.runbooks import NamedWorkload
from archlint.model.services.absence import absence, similar_name
from archlint.model.world import World


@join(NamedWorkload)
def runbook_names_missing_workload(
    named: NamedWorkload, world: World, options: Options
) -> Iterator[Observation]:
    """A command for a workload that no manifest defines."""
    workloads = world.all(Workload)
    if not workloads or (named.namespace is not None and named.namespace not in _namespaces(world)):
        return
    same_name = [item for item in workloads if item.name == named.name]
    fitting = [
        item for item in same_name if named.namespace in (None, item.namespace) or item.namespace is None
    ]
    if any(item.kind == named.kind for item in fitting):
        return
    if not same_name and not world.fact(absence).is_certain(named.kind, named.name, None):
        return
    yield observe(
        named.place,
        identity=(),
        kind=named.kind,
        name=named.name,
        where=f" in namespace '{named.namespace}'" if named.namespace else "",
        hint=_hint(named, fitting, same_name, workloads),
    )


def _namespaces(world: World) -> set[str]:
    """The namespaces that workloads of the repository are in."""
    return {item.namespace for item in world.all(Workload) if item.namespace is not None}


def _hint(
    named: NamedWorkload, fitting: list[Workload], same_name: list[Workload], workloads: list[Workload]
) -> str:
    if fitting:
        return f"It is a {fitting[0].kind}."
    if same_name:
        return f"It is in namespace '{same_name[0].namespace}'."
    similar = similar_name(named.name, [item.name for item in workloads if item.kind == named.kind])
    return f"Did you mean '{similar}'?" if similar else "Name one that exists."
