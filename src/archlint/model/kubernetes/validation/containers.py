"""What the API server refuses in one container of a pod.

Source: ``validateContainerCommon`` and what it calls in ``k8s.io/kubernetes/pkg/apis/core/validation``.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.articles import with_article
from archlint.model.kubernetes.amounts import parse_quantity
from archlint.model.kubernetes.ports import container_ports
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, shown
from archlint.model.kubernetes.validation.syntax import data_key, variable_name
from archlint.model.kubernetes.workloads import Container

_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_NATIVE = frozenset({"cpu", "memory", "ephemeral-storage", "storage"})


def container_refusals(container: Container) -> Iterator[Refused]:
    """All that is refused in a container, but for what the tables say."""
    yield from _variables(container)
    yield from _mounts(container)
    yield from _doubled_ports(container)
    yield from _probes(container)
    yield from _security(container)
    yield from _resources(container)


def _variables(container: Container) -> Iterator[Refused]:
    for entry in container.get("env").elements():
        name, value, source = entry.get("name"), entry.get("value"), entry.get("valueFrom")
        if name.text and not is_open(name) and (wrong := variable_name(name.text)):
            problem = f"The variable '{shown(name.text)}' {wrong}"
            yield Refused(name, Cause.NAME, problem, "a name such as 'CART_URL'")
        if source.is_map:
            if value.is_set and value.value != "":
                problem = f"The variable '{name.text}' has a value and takes one from elsewhere"
                yield Refused(source, Cause.CONFLICT, problem, "only one of the two", value, "the value")
            chosen = [key for key in _SOURCES if source.get(key).is_set]
            if len(chosen) > 1:
                problem = f"The variable '{name.text}' takes its value from {' and '.join(chosen)}"
                yield Refused(
                    source.get(chosen[1]), Cause.CONFLICT, problem, "only one of them", source.get(chosen[0])
                )
            for key in ("configMapKeyRef", "secretKeyRef"):
                node = source.get(key, "key")
                if node.text and not is_open(node) and (wrong := data_key(node.text)):
                    yield Refused(
                        node, Cause.NAME, f"The key '{shown(node.text)}' {wrong}", "a key such as 'app.yaml'"
                    )
    for entry in container.get("envFrom").elements():
        if entry.get("configMapRef").is_set and entry.get("secretRef").is_set:
            problem = "An entry of 'envFrom' names a ConfigMap and a Secret"
            yield Refused(
                entry.get("secretRef"),
                Cause.CONFLICT,
                problem,
                "an entry for each",
                entry.get("configMapRef"),
            )


def _mounts(container: Container) -> Iterator[Refused]:
    seen: dict[str, Node] = {}
    for key, path in (("volumeMounts", "mountPath"), ("volumeDevices", "devicePath")):
        for mount in container.get(key).elements():
            node = mount.get(path)
            if mount.get("subPath").value and mount.get("subPathExpr").value:
                yield Refused(
                    mount.get("subPathExpr"),
                    Cause.CONFLICT,
                    "A mount has both 'subPath' and 'subPathExpr'",
                    "only one of the two",
                    mount.get("subPath"),
                )
            if not node.text or is_open(node):
                continue
            if node.text in seen:
                problem = f"Container '{container.name}' mounts two volumes at {shown(node.text)}"
                yield Refused(node, Cause.TWICE, problem, "", seen[node.text])
            seen.setdefault(node.text, node)


def _doubled_ports(container: Container) -> Iterator[Refused]:
    """The server takes a port that a container lists twice, with a warning; not one of the node."""
    seen: dict[tuple[object, ...], Node] = {}
    for port in container_ports(container):
        node = port.node.get("containerPort")
        if port.number is None or port.node.get("hostPort").value:
            continue
        key = (port.number, port.protocol)
        if key in seen:
            problem = f"Container '{container.name}' lists port {port.number} ({port.protocol}) twice"
            yield Refused(node, Cause.TWICE, problem, "", seen[key], is_accepted=True)
        seen.setdefault(key, node)


def _probes(container: Container) -> Iterator[Refused]:
    is_short = container.role == "init"
    for key in _PROBES:
        probe = container.get(key)
        if not probe.is_map:
            continue
        if is_short:
            what = with_article(f"'{key}'")
            problem = f"Init container '{container.name}' ends before anything probes it, but has {what}"
            yield Refused(
                probe, Cause.CONFLICT, problem, "no probes, or 'restartPolicy: Always' on the container"
            )
            continue
        yield from _handler(probe, f"'{key}'")
        grace = probe.get("terminationGracePeriodSeconds")
        if key == "readinessProbe" and grace.is_set:
            problem = "A readiness probe ends nothing, but has 'terminationGracePeriodSeconds'"
            yield Refused(grace, Cause.CONFLICT, problem, "it on the liveness probe, or not at all")
    lifecycle = container.get("lifecycle")
    if is_short and lifecycle.is_map and lifecycle.value:
        problem = f"Init container '{container.name}' has a 'lifecycle'"
        yield Refused(lifecycle, Cause.CONFLICT, problem, "none, or 'restartPolicy: Always' on the container")
    elif lifecycle.is_map:
        for key in ("postStart", "preStop"):
            if lifecycle.get(key).is_map:
                yield from _handler(lifecycle.get(key), f"'{key}'")


def _handler(node: Node, called: str) -> Iterator[Refused]:
    chosen = [node.get(key) for key in _HANDLERS if node.get(key).is_set]
    if len(chosen) > 1:
        words = " and ".join(f"'{item.route[-1]}'" for item in chosen)
        yield Refused(chosen[1], Cause.CONFLICT, f"{called} has {words}", "only one of them", chosen[0])
    elif not chosen and not any(node.get(key).exists for key in _HANDLERS):
        yield Refused(
            node, Cause.LACKING, f"{called} says nothing to do", "'httpGet', 'tcpSocket', 'grpc' or 'exec'"
        )


def _security(container: Container) -> Iterator[Refused]:
    context = container.get("securityContext")
    escalation = context.get("allowPrivilegeEscalation")
    if escalation.value is not False:
        return
    privileged = context.get("privileged")
    if privileged.value is True:
        problem = f"Container '{container.name}' is privileged and has 'allowPrivilegeEscalation: false'"
        yield Refused(
            escalation, Cause.CONFLICT, problem, "only one of the two", privileged, "says privileged"
        )
    for added in context.get("capabilities", "add").elements():
        if added.text == "CAP_SYS_ADMIN":
            problem = (
                f"Container '{container.name}' adds CAP_SYS_ADMIN and has 'allowPrivilegeEscalation: false'"
            )
            yield Refused(escalation, Cause.CONFLICT, problem, "only one of the two", added, "adds it")


def _resources(container: Container) -> Iterator[Refused]:
    """Resources that cannot be shared: hugepages, and those that devices bring."""
    requests, limits = container.get("resources", "requests"), container.get("resources", "limits")
    for section, other in ((requests, limits), (limits, requests)):
        for name, amount in section.items():
            wrong = _name_problem(name)
            if wrong and not is_open(amount) and "$" not in name and "{" not in name:
                problem = f"'{shown(name)}' is {wrong}"
                yield Refused(
                    amount, Cause.AMOUNT, problem, "'cpu', 'memory', or a name such as 'example.com/gpu'"
                )
            elif _is_indivisible(name):
                yield from _shared(name, amount, other.get(name), is_request=section is requests)


def _name_problem(name: str) -> str | None:
    if "/" in name or name in _NATIVE or name.startswith("hugepages-"):
        return None
    return "no resource that a container can have"


def _is_indivisible(name: str) -> bool:
    return name.startswith("hugepages-") or ("/" in name and "kubernetes.io/" not in name)


def _shared(name: str, amount: Node, other: Node, *, is_request: bool) -> Iterator[Refused]:
    quantity = parse_quantity(amount.value)
    if quantity is None or quantity < 0:
        return
    if quantity.denominator != 1:
        problem = f"{amount.value} of {name} is no whole number"
        yield Refused(amount, Cause.AMOUNT, problem, "a whole number, as it cannot be divided")
    elif is_request and not other.is_set:
        problem = f"{name} is requested without a limit"
        yield Refused(amount, Cause.AMOUNT, problem, "the same limit, as it cannot be shared")
    elif is_request and parse_quantity(other.value) not in (None, quantity):
        problem = f"The request of {amount.value} {name} is not its limit of {other.value}"
        yield Refused(
            amount, Cause.AMOUNT, problem, "both to the same, as it cannot be shared", other, "the limit"
        )
