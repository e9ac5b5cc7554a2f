"""What the API server refuses in policies of the cluster's administrators.

AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1), ClusterNetworkPolicy (v1alpha2 and v1beta1) of
``policy.networking.k8s.io``. Source: the definitions that the Network Policy API publishes for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.words import listed, quoted
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open
from archlint.model.kubernetes.validation.selectors import selector_refusals, shape_refusals
from archlint.model.kubernetes.validation.syntax import masked_network

_INSIDE = ("namespaces", "pods")
_OUTSIDE = ("nodes", "networks", "domainNames")
"""Peers that have no names for their ports."""
_WAYS = (("ingress", "from", _INSIDE), ("egress", "to", (*_INSIDE, *_OUTSIDE)))
_MOST_NETWORKS = 25
_BASELINE, _CLUSTER = "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"


@dataclass(frozen=True)
class _Form:
    """How a kind of policy is written."""

    allows: str
    """The action that allows."""
    ports: str
    """The key of the ports of a rule."""
    port: tuple[str, ...]
    """What one entry of these may be."""
    name: str
    """The key of a port by its name."""
    most: int
    """Rules of a direction, peers of a rule, ports of a rule."""


_OLD = _Form("Allow", "ports", ("portNumber", "namedPort", "portRange"), "namedPort", 100)
_FORMS: Mapping[str, _Form] = {
    "AdminNetworkPolicy": _OLD,
    _BASELINE: _OLD,
    _CLUSTER: _Form(
        "Accept", "protocols", ("tcp", "udp", "sctp", "destinationNamedPort"), "destinationNamedPort", 25
    ),
}


def admin_policy_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A policy without what it needs, or with what excludes each other."""
    spec, form = base.get("spec"), _FORMS[base.kind]
    if not spec.is_map:
        return
    if base.kind == _BASELINE:
        yield from _sole(base.get("metadata", "name"))
    else:
        yield from _needed(spec.get("priority"), "A policy has no priority", "a number from 0 to 1000")
    if base.kind == _CLUSTER:
        yield from _needed(spec.get("tier"), "A policy has no tier", "'Admin' or 'Baseline'")
    yield from _one_field(spec.get("subject"), _INSIDE, "The subject of a policy")
    yield from _selectors(spec.get("subject"))
    for way, side, peers in _WAYS:
        yield from _at_most(spec.get(way), form.most, "rules")
        for rule in spec.get(way).elements():
            yield from _rule(rule, rule.get(side), peers, form)


def _sole(name: Node) -> Iterator[Refused]:
    if name.text and name.text != "default" and not is_open(name):
        problem = f"A cluster has one baseline policy, which is called 'default', not '{name.text}'"
        yield Refused(name, Cause.NAME, problem, "'name: default', and its rules into the one that there is")


def _needed(node: Node, problem: str, remedy: str) -> Iterator[Refused]:
    if not node.is_set:
        yield Refused(node, Cause.LACKING, problem, remedy)


def _at_most(node: Node, most: int, what: str) -> Iterator[Refused]:
    found = len(node.value) if node.is_list else 0
    if found > most:
        yield Refused(node, Cause.SIZE, f"There are {found} {what}", f"at most {most}")


def _one_field(node: Node, fields: tuple[str, ...], called: str) -> Iterator[Refused]:
    found = [node.get(name) for name in fields if node.get(name).is_set]
    if len(found) > 1:
        problem = f"{called} says {listed(quoted(each.route[-1] for each in found))}"
        yield Refused(found[1], Cause.CONFLICT, problem, "only one of them", found[0])
    elif not found and not is_open(node):
        yield Refused(node, Cause.LACKING, f"{called} says nothing", f"one of {listed(quoted(fields))}")


def _selectors(node: Node) -> Iterator[Refused]:
    """What is wrong with the selectors of a subject or peer."""
    for key in ("namespaces", "nodes"):
        yield from shape_refusals(node.get(key))
        yield from selector_refusals(node.get(key))
    pods = node.get("pods")
    for key in ("namespaceSelector", "podSelector"):
        yield from shape_refusals(pods.get(key))
        yield from selector_refusals(pods.get(key))
        if pods.is_map and not pods.get(key).is_set:
            yield Refused(pods.get(key), Cause.LACKING, f"'pods' has no '{key}'", "'{}' for all of them")


def _rule(rule: Node, peers: Node, fields: tuple[str, ...], form: _Form) -> Iterator[Refused]:
    if not rule.is_map:
        return
    yield from _needed(
        rule.get("action"), "A rule does not say what it does", f"an action, such as '{form.allows}'"
    )
    entries = list(peers.elements())
    if not entries and not is_open(peers):
        yield Refused(
            peers, Cause.LACKING, "A rule is about nobody", f"at least one entry in '{peers.route[-1]}'"
        )
    yield from _at_most(peers, form.most, "peers")
    for peer in entries:
        yield from _one_field(peer, fields, "A peer")
        yield from _selectors(peer)
        yield from _addresses(peer, form)
        if peer.get("domainNames").is_set and rule.get("action").text in ("Deny", "Pass"):
            problem = (
                f"Names of hosts go with '{form.allows}' alone, and the action is '{rule.get('action').text}'"
            )
            yield Refused(peer.get("domainNames"), Cause.CONFLICT, problem, "networks", rule.get("action"))
    yield from _ports(rule.get(form.ports), entries, form)


def _addresses(peer: Node, form: _Form) -> Iterator[Refused]:
    networks = peer.get("networks")
    yield from _at_most(networks, _MOST_NETWORKS, "networks")
    for item in networks.elements() if form is not _OLD else ():
        masked = masked_network(item.text or "")
        if masked is not None and masked != item.text:
            problem = f"The network '{item.text}' has bits behind its prefix"
            yield Refused(item, Cause.FORMAT, problem, f"'{masked}', or what you mean", is_accepted=True)


def _ports(ports: Node, peers: list[Node], form: _Form) -> Iterator[Refused]:
    entries = list(ports.elements())
    if ports.is_list and not entries:
        yield Refused(ports, Cause.LACKING, f"'{form.ports}' is empty", "the ports, or leave it out for all")
    yield from _at_most(ports, form.most, "ports")
    nameless = next((peer.get(key) for peer in peers for key in _OUTSIDE if peer.get(key).is_set), None)
    for entry in entries:
        yield from _one_field(entry, form.port, "A port")
        yield from _range(entry, form)
        name = entry.get(form.name)
        if name.is_set and nameless is not None:
            problem = f"Only pods have names for ports, and a peer has '{nameless.route[-1]}'"
            yield Refused(
                name, Cause.CONFLICT, problem, "the number of the port, or a rule for each", nameless
            )


def _range(entry: Node, form: _Form) -> Iterator[Refused]:
    spans = (
        [entry.get("portRange")]
        if form is _OLD
        else [entry.get(protocol, "destinationPort", "range") for protocol in form.port[:-1]]
    )
    for span in spans:
        first, last = span.get("start"), span.get("end")
        if first.integer is not None and last.integer is not None and last.integer < first.integer:
            problem = f"The ports from {first.integer} to {last.integer} are none"
            yield Refused(last, Cause.CONFLICT, problem, f"'end' to more than {first.integer}", first)
