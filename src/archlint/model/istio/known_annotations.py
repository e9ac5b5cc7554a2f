"""The annotations that Istio knows: on which kinds each counts, and how finished it is.

Source: Istio's reference, Resource Annotations, and the file of its API from which that page is made, as of
July 2026.
"""

from __future__ import annotations

from archlint.finding.records import dataclass


@dataclass(frozen=True)
class KnownAnnotation:
    """One annotation."""

    kinds: frozenset[str]
    """The kinds of object that it counts on; ``Any`` is every one."""
    is_alpha: bool = False
    is_deprecated: bool = False


def _rows(text: str) -> dict[str, KnownAnnotation]:
    """A row for each annotation: its name, its kinds, and what else is to be said."""
    found = {}
    for line in text.split("\n"):
        name, kinds, *words = line.split()
        found[name] = KnownAnnotation(frozenset(kinds.split(",")), "alpha" in words, "deprecated" in words)
    return found


ANNOTATIONS = _rows(
    """\
alpha.istio.io/canonical-serviceaccounts Service alpha deprecated
alpha.istio.io/kubernetes-serviceaccounts Service alpha deprecated
ambient.istio.io/bypass-inbound-capture Pod alpha
ambient.istio.io/dns-capture Pod alpha
ambient.istio.io/redirection Pod
ambient.istio.io/waypoint-inbound-binding GatewayClass,Gateway alpha
galley.istio.io/analyze-suppress Any alpha
gateway.istio.io/controller-version Any alpha
gateway.istio.io/name-override Gateway alpha
gateway.istio.io/service-account Gateway alpha
inject.istio.io/templates Pod alpha
istio.io/autoRegistrationGroup WorkloadEntry alpha
istio.io/connectedAt WorkloadEntry alpha
istio.io/disconnectedAt WorkloadEntry alpha
istio.io/dry-run AuthorizationPolicy alpha
istio.io/reroute-virtual-interfaces Pod alpha
istio.io/rev Pod alpha
istio.io/use-waypoint-canary-weight Service,ServiceEntry,Namespace alpha
istio.io/workloadController WorkloadEntry alpha
kubernetes.io/ingress.class Ingress
networking.istio.io/exportTo Service alpha
networking.istio.io/service-type Gateway alpha
networking.istio.io/traffic-distribution Namespace,Service,ServiceEntry alpha
prometheus.istio.io/merge-metrics Pod alpha
proxy.istio.io/config Pod
proxy.istio.io/overrides Pod alpha
readiness.status.sidecar.istio.io/applicationPorts Pod alpha
readiness.status.sidecar.istio.io/failureThreshold Pod alpha
readiness.status.sidecar.istio.io/initialDelaySeconds Pod alpha
readiness.status.sidecar.istio.io/periodSeconds Pod alpha
sidecar.istio.io/agentLogLevel Pod alpha
sidecar.istio.io/bootstrapOverride Pod alpha
sidecar.istio.io/componentLogLevel Pod alpha
sidecar.istio.io/discoveryAddress Pod alpha deprecated
sidecar.istio.io/extraStatTags Pod alpha deprecated
sidecar.istio.io/inject Pod deprecated
sidecar.istio.io/interceptionMode Pod alpha
sidecar.istio.io/logLevel Pod alpha
sidecar.istio.io/nativeSidecar Pod alpha
sidecar.istio.io/proxyCPU Pod alpha
sidecar.istio.io/proxyCPULimit Pod alpha
sidecar.istio.io/proxyImage Pod alpha
sidecar.istio.io/proxyImageType Pod alpha
sidecar.istio.io/proxyMemory Pod alpha
sidecar.istio.io/proxyMemoryLimit Pod
sidecar.istio.io/rewriteAppHTTPProbers Pod alpha
sidecar.istio.io/statsCompression Pod alpha deprecated
sidecar.istio.io/statsEvictionInterval Pod alpha
sidecar.istio.io/statsFlushInterval Pod alpha
sidecar.istio.io/statsHistogramBins Pod alpha
sidecar.istio.io/statsHistogramBuckets Pod alpha
sidecar.istio.io/statsInclusionPrefixes Pod alpha deprecated
sidecar.istio.io/statsInclusionRegexps Pod alpha deprecated
sidecar.istio.io/statsInclusionSuffixes Pod alpha deprecated
sidecar.istio.io/status Pod alpha
sidecar.istio.io/userVolume Pod alpha
sidecar.istio.io/userVolumeMount Pod
status.sidecar.istio.io/port Pod alpha
topology.istio.io/controlPlaneClusters Namespace alpha
traffic.istio.io/nodeSelector Service
traffic.sidecar.istio.io/excludeInboundPorts Pod alpha
traffic.sidecar.istio.io/excludeInterfaces Pod alpha
traffic.sidecar.istio.io/excludeOutboundIPRanges Pod alpha
traffic.sidecar.istio.io/excludeOutboundPorts Pod alpha
traffic.sidecar.istio.io/includeInboundPorts Pod
traffic.sidecar.istio.io/includeOutboundIPRanges Pod alpha
traffic.sidecar.istio.io/includeOutboundPorts Pod alpha
traffic.sidecar.istio.io/kubevirtInterfaces Pod alpha deprecated"""
)
