"""Destination rules: hosts that are not there, subsets without pods, certificates that nobody checks."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.mesh.heads import head
from archlint.finding.words import listed, quoted
from archlint.model.istio import DestinationRule
from archlint.model.istio.hosts import service_host
from archlint.model.istio.registry import HostFault, fault_of, shortened_host
from archlint.model.istio.subsets import Subset
from archlint.model.istio.tls_settings import OriginatedTls
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

NEEDS = ("istio.io",)


@join(DestinationRule)
def destination_host_undefined(
    rule: DestinationRule, world: World, options: Options
) -> Iterator[Observation]:
    """A host that is no Service and no ServiceEntry."""
    fault = fault_of(rule.host, rule.base, world)
    if fault is not None and fault is not HostFault.HIDDEN:
        target = service_host(rule.host, rule.namespace)
        yield observe(
            rule.base.get("spec", "host").value_place(),
            fault.value,
            related=[head(rule.base)],
            name=rule.name,
            host=rule.host,
            service=target.name if target else rule.host,
            where=f" in namespace '{target.namespace}'" if target and target.namespace else "",
            whole=shortened_host(rule.host),
        )


@join(Subset)
def subset_selects_nothing(subset: Subset, world: World, options: Options) -> Iterator[Observation]:
    """Labels that no pod of the host's service has."""
    services, workloads = subset.candidates(world)
    empty = subset.empty_node_label()
    if not workloads or (empty is None and any(map(subset.fits, workloads))):
        return
    sets = world.fact(deployment_sets)
    if not any(sets.are_together(subset.base, item) for item in services):
        return  # which may be for another edition of the service
    if empty is None and (subset.is_met_elsewhere(services, world) or subset.may_be_made(services, world)):
        return
    first = workloads[0]
    yield observe(
        subset.node.get("labels").place(),
        related=[
            (first.template.get("metadata", "labels").place(), f"the pods of {first.kind} '{first.name}'"),
            (services[0].get("spec", "selector").place(), "the Service of the host"),
            head(subset.base),
        ],
        identity=(subset.node.get("name").text or "",),
        name=subset.name,
        subset=subset.node.get("name").text or "?",
        host=subset.rule.host,
        labels=listed(quoted(f"{key}: {value}" for key, value in subset.labels.items()), 4),
    )


@check(OriginatedTls)
def destination_certificate_unchecked(tls: OriginatedTls, options: Options) -> Iterator[Observation]:
    """TLS that callers begin without saying which authority the certificate has to be from."""
    if tls.names_authority or tls.checks_nothing:
        return
    has_secret = bool(tls.node.get("credentialName").text)
    aliases = ["istio:IST0129" if tls.is_for_port else "istio:IST0128"]
    yield observe(
        tls.node.get("credentialName").place() if has_secret else tls.node.get("mode").value_place(),
        "secret" if has_secret else "default",
        related=[head(tls.base)],
        aliases=[] if tls.is_for_subset else aliases,
        name=tls.name,
        host=tls.base.get("spec", "host").text or "?",
        mode=tls.node.get("mode").text,
    )
