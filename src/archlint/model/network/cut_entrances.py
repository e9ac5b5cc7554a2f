"""Ingresses and routes whose traffic network policies cut.

It comes from the pods of a controller. Where no file shows these, a rule for addresses, for namespaces that
are not known here, or for pods that nobody here describes may be meant for them; then nothing is said. A load
balancer of a cloud is no pod, so only rules for addresses let it in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.ingresses import GATEWAYS
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.kubernetes.sets import deployment_sets, nearest
from archlint.model.network.balancers import balancer_of
from archlint.model.network.connectivity.entrances import Entrance, entrances, leads_to
from archlint.model.network.culprits import Culprit
from archlint.model.network.cut_entries import CutEntry, Entries, EntryJudge
from archlint.model.network.labels import NAMESPACE_NAME_LABEL, Bits
from archlint.model.network.openness import selects_everything
from archlint.model.network.policies import NetworkPolicy
from archlint.model.network.sides import MESH_TUNNELS, SideRule
from archlint.model.world import World

_CONTROLLERS = (
    *("ingress-nginx", "nginx-ingress", "traefik", "haproxy-ingress", "kubernetes-ingress", "contour"),
    *("projectcontour", "envoyproxy", "kong", "emissary", "ambassador", "istio/proxyv2", "apisix"),
)
"""Words in the images of what serves Ingresses and routes."""
_NAMES = (
    *("ingress", "gateway", "traefik", "haproxy", "contour", "envoy", "kong", "ambassador", "emissary"),
    *("istio", "router", "apisix", "cilium", "tunnel", "cloudflared"),
)
"""Words in the names and labels of workloads that may be one."""
_WORDS = (*_NAMES, "nginx", "proxy", "edge", "caddy")
"""Words in selectors that may mean one that no file describes."""
_SYSTEM = "kube-system"
"""Where distributions such as k3s and RKE run one of their own, beside what a repository adds there."""


def cut_entrances(world: World) -> Entries:
    """Ingresses and routes that lead nowhere, by policy; ask for them with ``world.fact(cut_entrances)``."""
    found: Entries = defaultdict(list)
    ways = entrances(world) if world.all(NetworkPolicy) else []
    if not ways:
        return {}
    judge, told = _Judge(world), set()
    for entrance in ways:
        for cut in judge.cut(entrance):
            key = (id(entrance.base), cut.service, cut.wanted)
            if key not in told:
                told.add(key)
                found[cut.culprit.policy].append(cut)
    return dict(found)


@dataclass(frozen=True)
class _Controllers:
    """Pods that bring in traffic from outside."""

    surely: Bits
    maybe: Bits


def _controllers(workloads: Sequence[Workload]) -> _Controllers:
    surely = maybe = 0
    for number, workload in enumerate(workloads):
        images = [image for item in workload.containers if (image := item.get("image").text)]
        if any(word in image for image in images for word in _CONTROLLERS):
            surely |= 1 << number
        if _has_word([workload.name, *workload.pod_labels.values()], _NAMES):
            maybe |= 1 << number
    return _Controllers(surely, maybe | surely)


def _has_word(texts: Sequence[str], words: Sequence[str]) -> bool:
    return any(word in text.lower() for text in texts for word in words)


class _Judge:
    def __init__(self, world: World) -> None:
        self._world = world
        self._judge = EntryJudge(world)
        self._sides = self._judge.sides
        self._sets = world.fact(deployment_sets)
        self._workloads = self._sides.selection.workloads
        self._known = _controllers(self._workloads)
        self._spaces = {item.namespace for item in self._workloads}
        self._services: dict[str, list[KubernetesObject]] = defaultdict(list)
        for service in self._judge.behind:
            self._services[service.name].append(service.base)

    def cut(self, entrance: Entrance) -> Iterator[CutEntry]:
        """What an entrance leads to in vain: all Services that it may mean must be cut."""
        name, namespace = entrance.backend.name, entrance.backend.namespace or entrance.base.namespace
        candidates = self._services.get(name.text or "", ())
        found = []
        for base in nearest(self._sets, entrance.base, candidates, namespace):
            service = KubernetesService(base)
            cut = self._ports(service, entrance)
            if not cut or not self._sides.are_of_one_cluster(base, entrance.base):
                return
            found.append(self._judge.entry(service, cut, entrance.base, name))
        yield from found[:1]

    def _ports(self, service: KubernetesService, entrance: Entrance) -> dict[int, Culprit]:
        """What cuts the ports that an entrance leads to; nothing if one of them is open."""
        found = {}
        for position, port in enumerate(service.ports):
            if leads_to(entrance, port):
                culprit = self._judge.culprit(
                    service, port, lambda rule: self._admits(rule, entrance), MESH_TUNNELS
                )
                if culprit is None:
                    return {}
                found[position] = culprit
        return found

    def _admits(self, rule: SideRule, entrance: Entrance) -> bool:
        if rule.has_addresses or balancer_of(entrance.base, self._world) is not None:
            return rule.has_addresses
        return any(self._may_mean_controller(rule, peer, entrance) for peer in rule.rule.peers)

    def _may_mean_controller(self, rule: SideRule, peer: Node, entrance: Entrance) -> bool:
        spaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
        found = self._sides.peers_of(rule.policy, peer)
        if found & self._known.maybe:
            return True
        if not spaces.is_set:
            return self._may_be_beside(pods, found, entrance)
        if self._known.surely:
            return _names_controller(peer)
        names = _named(spaces)
        may_be_there = any(each not in self._spaces or each == _SYSTEM for each in names)
        return not names or _has_word(names, _WORDS) or may_be_there

    def _may_be_beside(self, pods: Node, found: Bits, entrance: Entrance) -> bool:
        """Whether pods of the policy's own namespace may be the controller's: a Gateway may have its own."""
        if selects_everything(pods):
            return entrance.base.group == GATEWAYS
        return not found or _names_controller(pods)


def _names_controller(selector: Node) -> bool:
    """Whether some text in a selector or peer is one by which controllers are called."""
    return _has_word(list(selector.texts()), _WORDS)


def _named(spaces: Node) -> list[str]:
    """The namespaces that a selector names by the label that each has; none if it asks for anything else."""
    labels, asked = dict(spaces.get("matchLabels").items()), list(spaces.get("matchExpressions").elements())
    if set(labels) == {NAMESPACE_NAME_LABEL} and not asked:
        return [labels[NAMESPACE_NAME_LABEL].text or ""]
    if labels or len(asked) != 1 or asked[0].get("key").text != NAMESPACE_NAME_LABEL:
        return []
    values = [item.text or "" for item in asked[0].get("values").elements()]
    return values if asked[0].get("operator").text == "In" else []
