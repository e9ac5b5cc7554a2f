"""What the API server refuses in Services, Ingresses and NetworkPolicies.

Source: ``pkg/apis/core/validation`` (``validateService``) and ``pkg/apis/networking/validation``.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from archlint.documents import Node
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, reach, shown
from archlint.model.kubernetes.validation.selectors import selector_refusals
from archlint.model.kubernetes.validation.tables import labels_in

_OUTSIDE = ("NodePort", "LoadBalancer")
_TYPES = ("ClusterIP", "ExternalName", *_OUTSIDE)
_NOT_IN_PATHS = ("//", "/./", "/../", "%2f", "%2F")
_NOT_AT_ENDS = ("/..", "/.")
_CLASS = "kubernetes.io/ingress.class"
_FIRST, _LAST = 30_000, 32_767
"""The ports of nodes that clusters give to Services if they are not told otherwise."""


def service_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A Service whose fields do not go together."""
    spec = base.get("spec")
    kind = spec.get("type")
    if not spec.is_map or is_open(kind):
        return
    yield from _ports(spec, kind.text or "ClusterIP")
    yield from labels_in(spec.get("selector"))
    yield from _address(spec, kind)
    yield from _outside(spec, kind)


def _ports(spec: Node, kind: str) -> Iterator[Refused]:
    ports = [port for port in spec.get("ports").elements() if port.is_map]
    is_headless = spec.get("clusterIP").text == "None"
    if not ports and not is_headless and kind != "ExternalName" and not is_open(spec.get("ports")):
        problem = "A Service with an address of its own has no ports"
        yield Refused(spec.get("ports"), Cause.LACKING, problem, "at least one port, or 'clusterIP: None'")
    seen: dict[tuple[object, ...], Node] = {}
    for port in ports:
        name, number, on_node = port.get("name"), port.get("port"), port.get("nodePort")
        protocol = port.get("protocol").text or "TCP"
        if len(ports) > 1 and not name.value:
            problem = f"Port {number.value} has no name, which each of several ports needs"
            yield Refused(name, Cause.LACKING, problem, "a name, such as 'http'")
        if kind in _OUTSIDE and on_node.integer and not _FIRST <= on_node.integer <= _LAST:
            problem = f"'nodePort' is {on_node.integer}, and nodes have {_FIRST} to {_LAST} for it"
            remedy = f"a number from {_FIRST} to {_LAST}, unless your cluster has another range"
            yield Refused(on_node, Cause.NUMBER, problem, remedy)
        if kind == "ClusterIP" and on_node.integer:
            problem = f"'nodePort' {on_node.value} means nothing for a Service inside of the cluster"
            yield Refused(on_node, Cause.CONFLICT, problem, "'type: NodePort', or no 'nodePort'")
        for key, node, called in (
            (("name", name.text), name, f"is called '{name.text}'"),
            (("port", protocol, number.integer), number, f"is {number.value} ({protocol})"),
            (("node", protocol, on_node.integer or None), on_node, f"has the 'nodePort' {on_node.value}"),
        ):
            if key[-1] is None or is_open(node):
                continue
            if key in seen:
                yield Refused(node, Cause.TWICE, f"Another port of the Service {called}", "", seen[key])
            seen.setdefault(key, node)


def _address(spec: Node, kind: Node) -> Iterator[Refused]:
    address = spec.get("clusterIP")
    if kind.text in _OUTSIDE and address.text == "None":
        problem = f"A Service of type '{kind.text}' needs an address, and 'clusterIP' is 'None'"
        yield Refused(address, Cause.CONFLICT, problem, "'type: ClusterIP', or leave 'clusterIP' out", kind)
    if kind.text != "ExternalName":
        return
    if not spec.get("externalName").value:
        problem = "A Service of type 'ExternalName' says nothing in 'externalName'"
        yield Refused(kind, Cause.LACKING, problem, "'externalName' to a host")
    if address.value:
        problem = f"A Service of type 'ExternalName' has no address, but 'clusterIP' is '{address.value}'"
        yield Refused(address, Cause.CONFLICT, problem, "no 'clusterIP'", kind)


def _outside(spec: Node, kind: Node) -> Iterator[Refused]:
    """Fields for what comes from outside on a Service that is inside, and the like."""
    if kind.text and kind.text not in _TYPES:
        return  # which nobody knows, and what it needs
    is_outside = kind.text in _OUTSIDE or (
        kind.text != "ExternalName" and bool(spec.get("externalIPs").value)
    )
    policy = spec.get("externalTrafficPolicy")
    if policy.value and not is_outside:
        problem = f"'externalTrafficPolicy: {policy.value}' means nothing for a Service inside of the cluster"
        yield Refused(policy, Cause.CONFLICT, problem, "'type: LoadBalancer' or 'NodePort', or no policy")
    for key in ("loadBalancerSourceRanges", "loadBalancerClass", "allocateLoadBalancerNodePorts"):
        node = spec.get(key)
        if node.value not in (None, []) and node.exists and kind.text != "LoadBalancer":
            problem = f"'{key}' means nothing for a Service of type '{kind.text or 'ClusterIP'}'"
            yield Refused(node, Cause.CONFLICT, problem, f"'type: LoadBalancer', or no '{key}'")
    health = spec.get("healthCheckNodePort")
    if health.integer and not (kind.text == "LoadBalancer" and policy.text == "Local"):
        problem = "'healthCheckNodePort' is for load balancers with 'externalTrafficPolicy: Local' alone"
        yield Refused(health, Cause.CONFLICT, problem, "both, or no port")


def ingress_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """An Ingress with paths or backends that mean nothing."""
    spec = base.get("spec")
    if not spec.is_map:
        return
    is_old = base.api_version.endswith("v1beta1")
    default = spec.get("backend" if is_old else "defaultBackend")
    if not spec.get("rules").value and not default.value and not is_open(spec.get("rules")):
        problem = "An Ingress has neither rules nor a default backend"
        yield Refused(spec, Cause.LACKING, problem, "'rules' or 'defaultBackend'")
    for path in reach(spec, "rules/*/http/paths/*"):
        yield from _path(path.get("path"), path.get("pathType").text)
        if not is_old:
            yield from _backend(path.get("backend"))
    if not is_old:
        yield from _backend(default)
    chosen, noted = spec.get("ingressClassName"), base.get("metadata", "annotations", _CLASS)
    if (
        chosen.text
        and noted.text
        and chosen.text != noted.text
        and not is_open(chosen)
        and not is_open(noted)
    ):
        problem = f"The annotation names the class '{noted.text}', and 'ingressClassName' is '{chosen.text}'"
        yield Refused(noted, Cause.CONFLICT, problem, "the class in 'ingressClassName' alone", chosen)


def _path(node: Node, kind: str | None) -> Iterator[Refused]:
    path = node.text or ""
    if is_open(node) or (not path and kind in (None, "ImplementationSpecific")):
        return
    example = "a path such as '/cart'"
    if not path.startswith("/"):
        told = f"The path '{shown(path)}' does not begin with '/'" if path else "A path is empty"
        yield Refused(node, Cause.FORMAT, told, example)
    elif kind in ("Exact", "Prefix"):
        wrong = next((part for part in _NOT_IN_PATHS if part in path), None)
        end = next((part for part in _NOT_AT_ENDS if path.endswith(part)), None)
        if wrong or end:
            told = (
                f"The path '{shown(path)}' has '{wrong}'"
                if wrong
                else f"The path '{shown(path)}' ends with '{end}'"
            )
            yield Refused(node, Cause.FORMAT, told, example)


def _backend(backend: Node) -> Iterator[Refused]:
    service, resource, port = backend.get("service"), backend.get("resource"), backend.get("service", "port")
    if service.is_set and resource.is_set:
        problem = "A backend is both a Service and a resource"
        yield Refused(resource, Cause.CONFLICT, problem, "only one of the two", service)
    elif backend.is_map and not backend.value:
        yield Refused(
            backend, Cause.LACKING, "A backend is neither a Service nor a resource", "'service' or 'resource'"
        )
    elif service.is_map:
        if port.get("name").value and port.get("number").value:
            problem = "The port of a backend has a name and a number"
            yield Refused(
                port.get("name"), Cause.CONFLICT, problem, "only one of the two", port.get("number")
            )
        elif not port.get("name").value and not port.get("number").value:
            problem = "A backend does not say which port of the Service it means"
            yield Refused(port, Cause.LACKING, problem, "'port.number' or 'port.name'")


def policy_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A NetworkPolicy with peers or ports that mean nothing."""
    spec = base.get("spec")
    yield from selector_refusals(spec.get("podSelector"))
    for way, side in (("ingress", "from"), ("egress", "to")):
        for port in reach(spec, f"{way}/*/ports/*"):
            yield from _range(port.get("port"), port.get("endPort"))
        for peer in reach(spec, f"{way}/*/{side}/*"):
            yield from _peer(peer)


def _range(first: Node, last: Node) -> Iterator[Refused]:
    if last.integer is None or is_open(first):
        return
    if first.integer is None:
        problem = "'endPort' ends a range that begins with a number, and 'port' is " + (
            f"'{first.value}'" if first.is_set else "not set"
        )
        yield Refused(last, Cause.CONFLICT, problem, "'port' to a number, or no 'endPort'")
    elif last.integer < first.integer:
        problem = f"The ports from {first.integer} to {last.integer} are none"
        yield Refused(last, Cause.CONFLICT, problem, f"'endPort' to {first.integer} or more", first)


def _peer(peer: Node) -> Iterator[Refused]:
    pods, namespaces, block = peer.get("podSelector"), peer.get("namespaceSelector"), peer.get("ipBlock")
    yield from selector_refusals(pods)
    yield from selector_refusals(namespaces)
    if block.is_set and (pods.is_set or namespaces.is_set):
        problem = "A peer is a block of addresses and selects pods"
        yield Refused(block, Cause.CONFLICT, problem, "a peer for each", pods if pods.is_set else namespaces)
    elif peer.is_map and not (block.is_set or pods.is_set or namespaces.is_set):
        yield Refused(
            peer, Cause.LACKING, "A peer says nothing", "'podSelector', 'namespaceSelector' or 'ipBlock'"
        )
    outer = _network(block.get("cidr"))
    for node in block.get("except").elements():
        inner = _network(node)
        if outer and inner and not _is_within(inner, outer):
            problem = f"The exception {node.text} is not a smaller part of {block.get('cidr').text}"
            yield Refused(node, Cause.CONFLICT, problem, "a network inside of it", block.get("cidr"))


def _network(node: Node) -> tuple[int, int, int] | None:
    """Version, length of the prefix and first address of a network."""
    if not node.text or is_open(node) or "/" not in node.text:
        return None
    try:
        found = ip_network(node.text, strict=False)
    except ValueError:
        return None
    return found.version, found.prefixlen, int(found.network_address)


def _is_within(inner: tuple[int, int, int], outer: tuple[int, int, int]) -> bool:
    if inner[0] != outer[0] or inner[1] <= outer[1]:
        return False
    shift = (32 if outer[0] == 4 else 128) - outer[1]
    return inner[2] >> shift == outer[2] >> shift
