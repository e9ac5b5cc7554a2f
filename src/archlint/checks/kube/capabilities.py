"""Linux capabilities: what a container asks for, and what it keeps of those that it gets anyway."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.documents.editing import with_setting
from archlint.finding import Fix, Severity
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.pod_security import BASELINE_CAPABILITIES
from archlint.model.kubernetes.security import (
    capability_name,
    context_of,
    dropped_capabilities,
    is_node_agent,
)
from archlint.model.world import World

_EFFECTS = {
    "ALL": "everything that root may do",
    "SYS_ADMIN": "to mount file systems and to leave its namespaces, which is as good as root on the node",
    "SYS_MODULE": "to load code into the kernel of the node",
    "SYS_PTRACE": "to read and change other processes",
    "SYS_RAWIO": "to read and write the memory and the devices of the node",
    "SYS_BOOT": "to restart the node, or to load another kernel",
    "DAC_READ_SEARCH": "to read any file, those of the node included",
    "BPF": "to load programs into the kernel of the node",
    "MAC_ADMIN": "to change the rules of SELinux and AppArmor",
    "MAC_OVERRIDE": "to ignore the rules of SELinux and AppArmor",
    "NET_ADMIN": "to change the addresses, routes and firewall of the network that it is in",
    "NET_RAW": "to forge packets, and so to pose as other pods",
}
"""What the capabilities allow that turn a break-in into more."""
_DANGEROUS = frozenset(_EFFECTS) - {"NET_ADMIN", "NET_RAW"}
_DEFAULTS = BASELINE_CAPABILITIES | {"NET_RAW"}
_FIFTEEN = _DEFAULTS | {"NET_ADMIN"}
"""What Polaris takes for all when each of them is dropped by name."""


@check(Container)
def capability_dangerous(container: Container, options: Options) -> Iterator[Observation]:
    """A capability that is as good as root on the node."""
    for node in _added(container, options):
        if _is_dangerous(container, node):
            yield _added_finding(container, node, "default")


@check(Container)
def capability_added(container: Container, options: Options) -> Iterator[Observation]:
    """Any other capability than the one that binds low ports."""
    for node in _added(container, options):
        name = capability_name(node)
        if node.text == "NET_BIND_SERVICE" or _is_dangerous(container, node):
            continue
        if name in _EFFECTS:
            yield _added_finding(container, node, "effect")
        elif node.text not in _DEFAULTS and name in _DEFAULTS:
            yield _added_finding(container, node, "spelled")
        else:
            is_default = name in _DEFAULTS
            severity = Severity.INFO if is_default else None
            yield _added_finding(container, node, "again" if is_default else "default", severity)


def _added(container: Container, options: Options) -> Iterator[Node]:
    for node in context_of(container, "capabilities", "add").elements():
        if capability_name(node) and capability_name(node) not in options["allowed"]:
            yield node


def _is_dangerous(container: Container, node: Node) -> bool:
    if is_node_agent(container.workload):
        return False
    name = capability_name(node)
    shares_network = container.workload.pod_spec.get("hostNetwork").value is True
    return name in _DANGEROUS or (name == "NET_ADMIN" and shares_network)


def _added_finding(
    container: Container, node: Node, message: str, severity: Severity | None = None
) -> Observation:
    name = capability_name(node)
    return observe(
        node.value_place(),
        message,
        severity=severity,
        identity=(container.name, name),
        aliases=_names_of_added(node.text or ""),
        ignored_as=_added_ignored_as(node.text or ""),
        container=container.name,
        capability=node.text,
        name=name,
        effect=_EFFECTS.get(name, ""),
    )


def _names_of_added(text: str) -> list[str]:
    name = text.upper().removeprefix("CAP_")
    names = ["pss:capabilities_restricted"]
    names += ["pss:capabilities_baseline"] if text not in BASELINE_CAPABILITIES else []
    names += ["polaris:dangerousCapabilities"] if text.upper() in ("ALL", "SYS_ADMIN", "NET_ADMIN") else []
    return names + (["kube-linter:drop-net-raw-capability"] if name == "NET_RAW" else [])


_ALSO_IGNORED_AS = {
    "SYS_ADMIN": ("checkov:CKV_K8S_39", "trivy:KSV-0005"),
    "NET_RAW": ("trivy:KSV-0119",),
    "SYS_MODULE": ("trivy:KSV-0120",),
}


def _added_ignored_as(text: str) -> list[str]:
    name = text.upper().removeprefix("CAP_")
    names = ["checkov:CKV_K8S_25", *_ALSO_IGNORED_AS.get(name, ())]
    return names if name in _DEFAULTS else [*names, "trivy:KSV-0022"]


@join(Container)
def capabilities_kept(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A container that keeps capabilities which it does not need."""
    wanted = frozenset(options["drop"])

    def holds(node: Node) -> bool:
        return "ALL" in (texts := {item.text for item in node.elements()}) or wanted <= texts

    drop = context_of(container, "capabilities", "drop")
    if container.workload.is_windows or holds(drop):
        return
    dropped = dropped_capabilities(drop)
    is_spelled_otherwise = "ALL" in dropped or wanted <= dropped
    yield observe(
        drop.place(),
        "spelled" if is_spelled_otherwise else "default",
        aliases=_names_of_kept(container, drop, dropped),
        container=container.name,
        wanted=", ".join(options["drop"]),
        seen=", ".join(item.text or "" for item in drop.elements()),
        fix=None if drop.is_set else _dropping(container, options["drop"]),
    )


def _dropping(container: Container, names: list[str]) -> Fix | None:
    route = ("securityContext", "capabilities", "drop")
    return with_setting(container.node, route, json.dumps(names), safe=False)


def _names_of_kept(container: Container, drop: Node, dropped: frozenset[str]) -> list[str]:
    names = ["pss:capabilities_restricted"]
    if "ALL" in dropped:
        return names
    names += [] if dropped >= _FIFTEEN else ["polaris:insecureCapabilities"]
    if "NET_RAW" not in dropped:
        is_block = context_of(container, "capabilities").is_set
        names += ["kube-linter:drop-net-raw-capability"] if is_block else []
    return names
