"""What the API server refuses in a pod as a whole.

Source: ``ValidatePodSpec`` and what it calls in ``k8s.io/kubernetes/pkg/apis/core/validation``.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.kubernetes.ports import container_ports
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, reach, shown
from archlint.model.kubernetes.validation.selectors import selector_refusals
from archlint.model.kubernetes.validation.syntax import label_value, qualified_name
from archlint.model.kubernetes.validation.tables import labels_in
from archlint.model.kubernetes.workloads import Workload

_TERMS = (
    "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/*",
    "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/*",
    "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/*/podAffinityTerm",
    "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/*/podAffinityTerm",
)
_WITHOUT_SECONDS = (None, "", "NoSchedule", "PreferNoSchedule")
_NODES = "affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution"


def pod_refusals(workload: Workload) -> Iterator[Refused]:
    """All that is refused in the pods of a workload, but for what the tables and containers say."""
    spec = workload.pod_spec
    yield from _named_twice(workload)
    yield from _volumes(spec)
    yield from _host(workload)
    yield from _tolerations(spec)
    yield from _affinities(spec)
    yield from _spread(spec)
    yield from labels_in(spec.get("nodeSelector"))
    yield from _dns(spec)
    if workload.kind != "Pod" and spec.get("ephemeralContainers").value:
        problem = "Ephemeral containers are put into pods that run, not into templates"
        yield Refused(spec.get("ephemeralContainers"), Cause.CONFLICT, problem, "no 'ephemeralContainers'")


def _named_twice(workload: Workload) -> Iterator[Refused]:
    where = f"{workload.kind} '{workload.name}'"
    names = [container.node.get("name") for container in workload.containers]
    yield from twice(names, f"container of {where}")
    yield from twice(reach(workload.pod_spec, "volumes/*/name"), f"volume of {where}")


def twice(nodes: Iterator[Node] | list[Node], called: str) -> Iterator[Refused]:
    """The names that an earlier one of the same list has."""
    seen: dict[str, Node] = {}
    for node in nodes:
        if not node.text or is_open(node):
            continue
        if node.text in seen:
            yield Refused(
                node, Cause.TWICE, f"Another {called} is called '{shown(node.text)}'", "", seen[node.text]
            )
        seen.setdefault(node.text, node)


def _volumes(spec: Node) -> Iterator[Refused]:
    for volume in spec.get("volumes").elements():
        sources = [node for key, node in volume.items() if key != "name" and node.is_set]
        if len(sources) > 1:
            words = " and ".join(f"'{node.route[-1]}'" for node in sources[:3])
            problem = f"Volume '{volume.get('name').text or '?'}' is {words}"
            yield Refused(sources[1], Cause.CONFLICT, problem, "one kind of volume", sources[0])
        path = volume.get("hostPath", "path")
        if path.text and ".." in path.text.split("/"):
            problem = f"The path '{shown(path.text)}' of the node has '..'"
            yield Refused(path, Cause.FORMAT, problem, "the path without '..'")
        for way in ("configMap", "secret"):
            yield from twice(reach(volume, f"{way}/items/*/path"), "file of the volume")


def _host(workload: Workload) -> Iterator[Refused]:
    spec = workload.pod_spec
    seen: dict[tuple[object, ...], Node] = {}
    on_host = spec.get("hostNetwork").value is True
    for container in workload.containers:
        if container.role == "init":
            continue
        for port in container_ports(container):
            host = port.node.get("hostPort")
            if not host.integer:
                continue
            if on_host and port.number is not None and host.integer != port.number:
                problem = (
                    f"'hostPort' {host.integer} is not the container's own port {port.number} on the node"
                )
                yield Refused(
                    host, Cause.CONFLICT, problem, "both to the same", port.node.get("containerPort")
                )
            key = (port.protocol, port.node.get("hostIP").text or "", host.integer)
            if key in seen:
                problem = f"Two containers want port {host.integer} of the node"
                yield Refused(host, Cause.TWICE, problem, "", seen[key])
            seen.setdefault(key, host)
    if spec.get("hostPID").value is True and spec.get("shareProcessNamespace").value is True:
        problem = "A pod in the process namespace of its node cannot have its own shared one"
        yield Refused(
            spec.get("shareProcessNamespace"),
            Cause.CONFLICT,
            problem,
            "only one of the two",
            spec.get("hostPID"),
        )


def _tolerations(spec: Node) -> Iterator[Refused]:
    for item in spec.get("tolerations").elements():
        key, operator, value = item.get("key"), item.get("operator"), item.get("value")
        seconds, effect = item.get("tolerationSeconds"), item.get("effect")
        if key.text and not is_open(key) and (wrong := qualified_name(key.text)):
            yield Refused(
                key, Cause.NAME, f"The taint '{shown(key.text)}' {wrong}", "a name such as 'example.com/gpu'"
            )
        if operator.text == "Exists" and value.value:
            problem = (
                f"A toleration for '{key.text or 'all taints'}' of any value has the value '{value.value}'"
            )
            yield Refused(value, Cause.CONFLICT, problem, "'operator: Equal', or no value", operator)
        elif operator.text in (None, "", "Equal"):
            if not key.value and not is_open(operator):
                problem = "A toleration without 'key' tolerates all taints, and so has the operator 'Exists'"
                yield Refused(item, Cause.CONFLICT, problem, "'operator: Exists', or a key")
            if value.text and not is_open(value) and (wrong := label_value(value.text)):
                yield Refused(
                    value, Cause.FORMAT, f"The value '{shown(value.text)}' {wrong}", "a value such as 'gpu'"
                )
        if seconds.is_set and effect.text in _WITHOUT_SECONDS:
            problem = f"'tolerationSeconds' means nothing with the effect '{effect.text or 'any'}'"
            yield Refused(seconds, Cause.CONFLICT, problem, "'effect: NoExecute', or no seconds", effect)


def _affinities(spec: Node) -> Iterator[Refused]:
    for way in _TERMS:
        for term in reach(spec, way):
            if term.is_map and not term.get("topologyKey").value:
                problem = "A term of affinity does not say what its 'topologyKey' is"
                yield Refused(
                    term.get("topologyKey"),
                    Cause.LACKING,
                    problem,
                    "a label of nodes, such as 'kubernetes.io/hostname'",
                )
            yield from selector_refusals(term.get("labelSelector"))
            yield from selector_refusals(term.get("namespaceSelector"))
    required = next(reach(spec, _NODES), None)
    if required is not None and required.is_map and not required.get("nodeSelectorTerms").value:
        problem = "The required affinity to nodes has no terms"
        yield Refused(required.get("nodeSelectorTerms"), Cause.LACKING, problem, "at least one term")
    for expression in reach(spec, f"{_NODES}/nodeSelectorTerms/*/matchExpressions/*"):
        yield from _node_expression(expression)


def _node_expression(item: Node) -> Iterator[Refused]:
    operator, values = item.get("operator").text, item.get("values")
    count = len(values.value) if values.is_list else 0
    problem = None
    if operator in ("In", "NotIn") and not count:
        problem, remedy = f"'{operator}' has no values to compare with", "at least one value"
    elif operator in ("Exists", "DoesNotExist") and count:
        problem, remedy = f"'{operator}' asks for no values, but has some", "no values"
    elif operator in ("Gt", "Lt") and count != 1:
        problem, remedy = f"'{operator}' compares with one number, and has {count}", "one number"
    if problem:
        yield Refused(values if values.is_set else item.get("operator"), Cause.CONFLICT, problem, remedy)


def _spread(spec: Node) -> Iterator[Refused]:
    seen: dict[tuple[object, ...], Node] = {}
    for item in spec.get("topologySpreadConstraints").elements():
        key, when = item.get("topologyKey"), item.get("whenUnsatisfiable")
        if key.text:
            pair = (key.text, when.text)
            if pair in seen:
                problem = f"Another spread constraint is for '{key.text}' and '{when.text}' as well"
                yield Refused(key, Cause.TWICE, problem, "", seen[pair])
            seen.setdefault(pair, key)
        domains = item.get("minDomains")
        if domains.is_set and when.text == "ScheduleAnyway":
            problem = "'minDomains' means nothing where pods are scheduled anyway"
            yield Refused(
                domains, Cause.CONFLICT, problem, "'whenUnsatisfiable: DoNotSchedule', or no minimum", when
            )
        yield from selector_refusals(item.get("labelSelector"))


def _dns(spec: Node) -> Iterator[Refused]:
    servers = spec.get("dnsConfig", "nameservers")
    if spec.get("dnsPolicy").text == "None" and not servers.value:
        problem = (
            "With 'dnsPolicy: None' a pod knows only the servers that 'dnsConfig' names, and it names none"
        )
        yield Refused(spec.get("dnsPolicy"), Cause.LACKING, problem, "'dnsConfig.nameservers'")
    if servers.is_list and len(servers.value) > 3:
        yield Refused(
            servers,
            Cause.SIZE,
            f"{len(servers.value)} name servers are given, and 3 are allowed",
            "3 or less",
        )
