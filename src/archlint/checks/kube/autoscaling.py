"""What autoscalers may do: from how many replicas to how many, of what, and by which measure."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.model.kubernetes import Container, Workload
from archlint.model.kubernetes.autoscalers import Autoscaler, autoscaled, target_fault
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.resources import has_request
from archlint.model.kubernetes.sets import find_objects
from archlint.model.world import World

_FEW = 2
_LINTERS_LEAST = 3
"""What kube-linter asks for as minimum."""


@check(Autoscaler)
def autoscaler_minimum_low(scaler: Autoscaler, options: Options) -> Iterator[Observation]:
    """An autoscaler that may leave too few replicas to survive the loss of one."""
    if not scaler.is_horizontal or not 0 < scaler.least < options["min"]:
        return
    names = ["kube-linter:hpa-minimum-three-replicas"] if scaler.least < _LINTERS_LEAST else []
    if scaler.least < _FEW:
        names.append("kube-score:horizontalpodautoscaler-replicas")
        names += ["polaris:hpaMinAvailability"] if scaler.least_node.is_set else []
    yield observe(
        scaler.least_node.place(),
        name=scaler.name,
        target=f"{scaler.target_kind} '{scaler.target_name}'",
        least=scaler.least,
        wanted=options["min"],
        aliases=names,
    )


@check(Autoscaler)
def autoscaler_range_empty(scaler: Autoscaler, options: Options) -> Iterator[Observation]:
    """An autoscaler whose bounds leave it nothing to choose."""
    most = scaler.most_node.integer
    if most is None or most > scaler.least or (most == scaler.least and not scaler.least_node.is_set):
        return
    is_refused = most < scaler.least
    yield observe(
        scaler.most_node.place(),
        "refused" if is_refused else "default",
        related=[(scaler.least_node.place(), "the least replicas")],
        name=scaler.name,
        least=scaler.least,
        most=most,
        aliases=["polaris:hpaMaxAvailability"] if scaler.is_horizontal else [],
    )


@join(Autoscaler)
def autoscaler_target_not_scalable(
    scaler: Autoscaler, world: World, options: Options
) -> Iterator[Observation]:
    """An autoscaler of something that has no number of replicas, or that is not of this API group."""
    fault = target_fault(scaler, world)
    kind = scaler.target_kind
    if fault is None or is_placeholder(kind):
        return
    version = scaler.target.get("apiVersion")
    node = version if fault == "group" and version.is_set else scaler.target.get("kind")
    target = find_objects(world, scaler.base, kind, scaler.target_name, scaler.namespace)
    yield observe(
        node.place(),
        fault if fault != "kind" else "default",
        related=[(item.get("kind").value_place(), "what it scales") for item in target[:1]],
        scaler=f"{scaler.kind} '{scaler.name}'",
        kind=kind,
        name=scaler.target_name,
        version=f"'{version.text}'" if version.text else "the core API, as no 'apiVersion' is said",
        right="v1" if kind == "ReplicationController" else "apps/v1",
    )


@join(Workload)
def autoscalers_share_target(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Two autoscalers that set the replicas of one workload against each other."""
    scalers = {(scaler.kind, scaler.name): scaler for scaler in world.fact(autoscaled).get(workload, ())}
    if len(scalers) < 2:
        return
    first, second = (scalers[key] for key in sorted(scalers)[:2])
    yield observe(
        second.target.get("name").place(),
        related=[(first.target.get("name").place(), "scales it as well")],
        object=second.object,
        workload=f"{workload.kind} '{workload.name}'",
        first=f"{first.kind} '{first.name}'",
        second=f"{second.kind} '{second.name}'",
    )


@join(Workload)
def autoscaled_without_request(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A share of a request by which an autoscaler decides, and a container that requests nothing."""
    for scaler in world.fact(autoscaled).get(workload, ()):
        for resource, node in scaler.utilizations():
            lacking = _without_request(workload, resource, world)
            if lacking is not None:
                yield observe(
                    lacking.get("resources", "requests", resource).place(),
                    related=[(node.place(), "needs the request")],
                    container=lacking.name,
                    resource=resource,
                    scaler=scaler.name,
                )


def _without_request(workload: Workload, resource: str, world: World) -> Container | None:
    """The first lasting container that requests nothing, where the pod as a whole does not either."""
    if workload.pod_spec.get("resources", "requests", resource).is_set:
        return None
    lasting = (container for container in workload.containers if container.is_lasting)
    return next((container for container in lasting if not has_request(container, resource, world)), None)
