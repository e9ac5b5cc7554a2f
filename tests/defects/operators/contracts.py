"""Contracts beside the ports, meshes and pods that carry their calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_SERVICE = re.compile(
    r"(?ms)^kind: Service\nmetadata:\n  name: (?P<name>[\w-]+)\n(?P<body>(?:(?!^---|^kind:).)*)"
)
_PORT = re.compile(
    r"    - name: (?P<name>\w+)\n      port: (?P<port>\d+)\n"
    r"      targetPort: \w+\n      appProtocol: (?P<app>\w+)\n"
)
_LABELS = re.compile(r"(?m)^  template:\n    metadata:\n      labels:\n")


@dataclass(frozen=True)
class Front:
    """A Kubernetes Service with a port that says what it speaks."""

    path: str
    name: str
    text: str
    spec: int
    """Where its ``spec`` begins."""
    port: re.Match[str]
    """The port; offsets in the text of the file."""

    @property
    def lines(self) -> frozenset[Line]:
        """The lines of the port."""
        first = line_of(self.text, self.port.start())
        return frozenset((self.path, first + offset) for offset in range(4))


def _fronts(files: Files) -> Iterator[Front]:
    for path, text in sorted(files.items()):
        if not path.endswith(".yaml") or "/templates/" in path:
            continue
        for service in _SERVICE.finditer(text):
            ports = list(_PORT.finditer(text, service.start("body"), service.end("body")))
            if len(ports) == 1 or any(port["app"] == "grpc" for port in ports):
                spec = text.index("\nspec:", service.start("body")) + 1
                yield Front(path, service["name"], text, spec, ports[0])


def _callers(files: Files, name: str) -> Iterator[tuple[str, int]]:
    """The files with a Deployment that calls a Service, and where."""
    for path, text in sorted(files.items()):
        if path.endswith(".yaml") and "kind: Deployment" in text and _LABELS.search(text):
            match = re.search(rf"value: {name}:9090\n", text)
            if match:
                yield path, match.start()


@seeds("grpc-calls-pinned")
def caller_outside_of_the_mesh(files: Files) -> Iterator[Defect]:
    """A caller whose pods get no sidecar, by label or annotation."""
    for front in _fronts(files):
        for path, at in _callers(files, front.name) if front.port["app"] == "grpc" else ():
            text = files[path]
            head = _LABELS.search(text)
            assert head is not None
            side = frozenset({(path, line_of(text, at) + 1)})
            place = frozenset({(front.path, line_of(front.text, front.spec))})
            for start, added in (
                (head.end(), '        sidecar.istio.io/inject: "false"\n'),
                (
                    head.end() - len("      labels:\n"),
                    '      annotations: {sidecar.istio.io/inject: "false"}\n',
                ),
            ):
                changed = edited(files, path, text[:start] + added + text[start:])
                if path == front.path:
                    place = frozenset((front.path, line + 1) for _, line in place)
                yield Defect(f"{path} calls {front.name} without a sidecar", changed, place, side)


@seeds("grpc-calls-pinned")
def namespace_outside_of_the_mesh(files: Files) -> Iterator[Defect]:
    """A namespace that is taken out of the mesh."""
    for path, text in sorted(files.items()):
        for wrong in ("    istio-injection: disabled\n", ""):
            changed = text.replace(
                "  name: shop\n  labels:\n    istio-injection: enabled\n", f"  name: shop\n  labels:\n{wrong}"
            )
            for front in _fronts(files) if changed != text else ():
                if front.port["app"] == "grpc":
                    place = frozenset({(front.path, line_of(front.text, front.spec))})
                    side = frozenset(
                        (caller, line_of(files[caller], at)) for caller, at in _callers(files, front.name)
                    )
                    yield Defect(
                        f"{path} without injection: {front.name}", {**files, path: changed}, place, side
                    )


_REPORTS = """\
apiVersion: v1
kind: Namespace
metadata: {{name: reports}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: reports, namespace: {namespace}}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: reports}}}}
  template:
    metadata:
      labels: {{app: reports{label}}}
    spec:
      containers:
        - name: reports
          image: registry.example.com/shop/reports:1.0.0
          env:
            - name: {variable}_ADDR
              value: {address}
"""


@seeds("grpc-calls-pinned")
def caller_added_outside_of_the_mesh(files: Files) -> Iterator[Defect]:
    """A new caller in another namespace, or without a sidecar in the same one."""
    path = "deploy/kubernetes/reports.yaml"
    for front in _fronts(files):
        if front.port["app"] != "grpc":
            continue
        for namespace, label in (("reports", ""), ("shop", ', sidecar.istio.io/inject: "false"')):
            for host in (
                f"{front.name}.shop",
                f"{front.name}.shop.svc.cluster.local",
                f"dns:///{front.name}.shop",
            ):
                text = _REPORTS.format(
                    namespace=namespace,
                    label=label,
                    variable=front.name.upper(),
                    address=f"{host}:{front.port['port']}",
                )
                place = frozenset({(front.path, line_of(front.text, front.spec))})
                side = frozenset({(path, text.count("\n"))})
                yield Defect(f"{namespace}/reports calls {host}", {**files, path: text}, place, side)


def _contract(files: Files, name: str, is_grpc: bool) -> frozenset[Line]:
    """The line of the service, or of the version, in the contract of a service."""
    wanted = f"/{name}/v1/{name}.proto" if is_grpc else f"/openapi/{name}."
    head = re.compile(r'(?m)^service |^openapi|"openapi"')
    return frozenset(
        (path, line_of(text, match.start()))
        for path, text in files.items()
        if wanted in path
        for match in head.finditer(text)
    )


@seeds("port-contradicts-contract")
def port_says_another_protocol(files: Files) -> Iterator[Defect]:
    """A port of a service with a contract of one kind that names the protocol of the other kind."""
    names = {re.sub(r".*/|\.\w+$", "", path) for path in files if "/openapi/" in path}
    for front in _fronts(files):
        is_grpc = front.port["app"] == "grpc"
        if (front.name not in names) is not is_grpc or _SERVICE.search(front.text) is None:
            continue
        wrong = ("http", "tcp") if is_grpc else ("grpc",)
        old = front.port[0]
        for app in wrong:
            named = re.sub(r"- name: \w+", f"- name: {app}-api", re.sub(r"      appProtocol: \w+\n", "", old))
            plain = re.sub(r"- name: \w+", f"- name: {app}", re.sub(r"      appProtocol: \w+\n", "", old))
            stated = re.sub(r"appProtocol: \w+", f"appProtocol: {app}", old)
            for what, new in (("name with a suffix", named), ("name", plain), ("appProtocol", stated)):
                text = front.text[: front.port.start()] + new + front.text[front.port.end() :]
                yield Defect(
                    f"{front.path} {front.name}: {what} {app}",
                    edited(files, front.path, text),
                    front.lines,
                    _contract(files, front.name, is_grpc),
                )


_SERVER = re.compile(r"url\"?: \"?https://(?P<host>[\w.-]+)")


def _hosts_misspelt(host: str) -> Iterator[str]:
    first, _, rest = host.partition(".")
    yield f"{first[:-1]}.{rest}"
    yield f"{first}{first[-1]}.{rest}"
    yield f"{first}.{rest.replace('example', 'exmaple')}"
    yield f"{first}.{rest.replace('shop', 'shops')}" if "shop" in rest else f"{first}s.{rest}"
    yield f"{first}-v2.{rest}"


def _routed(files: Files, host: str) -> dict[str, int]:
    """The VirtualServices for a host, each with the line that names it."""
    return {
        path: line_of(text, text.index(f"    - {host}\n"))
        for path, text in sorted(files.items())
        if "kind: VirtualService" in text and f"    - {host}\n" in text
    }


@seeds("server-host-unrouted")
def server_host_misspelt(files: Files) -> Iterator[Defect]:
    """A contract whose server is another host than the one that its service is routed at."""
    for path, text in sorted(files.items()):
        match = _SERVER.search(text) if "/openapi/" in path else None
        routes = _routed(files, match["host"]) if match else {}
        for wrong in _hosts_misspelt(match["host"]) if match and routes else ():
            changed = text[: match.start("host")] + wrong + text[match.end("host") :]
            place = frozenset({(path, line_of(text, match.start("host")))})
            yield Defect(f"{path}: {wrong}", edited(files, path, changed), place, frozenset(routes.items()))


@seeds("server-host-unrouted")
def route_moved_to_another_host(files: Files) -> Iterator[Defect]:
    """A host that is renamed in the routes and the gateway, and not in the contracts."""
    hosts = {match["host"] for path, text in files.items() for match in _SERVER.finditer(text)}
    for host in sorted(hosts):
        routes = _routed(files, host)
        for wrong in _hosts_misspelt(host) if routes else ():
            moved = {
                path: text.replace(f"- {host}\n", f"- {wrong}\n") if "/istio/" in path else text
                for path, text in files.items()
            }
            for path, text in sorted(files.items()):
                match = _SERVER.search(text) if "/openapi/" in path else None
                if match and match["host"] == host:
                    place = frozenset({(path, line_of(text, match.start("host")))})
                    yield Defect(f"{path}: routed is {wrong}", moved, place, frozenset(routes.items()))


_ASIDE_PORT = "    - name: metrics\n      port: 9102\n      targetPort: {target}\n"
_MISLED_PORT = "    - name: {name}\n      port: 9090\n      targetPort: metrics\n"
_GRPC_PORT = "            - name: grpc\n              containerPort: 9090\n"
_ENV = "          env:\n"


def _without_grpc_port(front: Front) -> Iterator[tuple[str, str]]:
    """The file of a Service whose port for gRPC went away or leads elsewhere, and what was done."""
    grpc = front.port
    end = front.text.find("\n---", grpc.end())
    has_more = "- name:" in front.text[grpc.end() : end if end > 0 else None]
    ways = [
        ("leads to metrics by name", _ASIDE_PORT.format(target="metrics")),
        ("leads to metrics by number", _ASIDE_PORT.format(target="9102")),
        ("is called grpc, leads to metrics", _MISLED_PORT.format(name="grpc")),
        ("is called tcp, leads to metrics", _MISLED_PORT.format(name="tcp")),
    ]
    if has_more:
        ways.append(("is left out", ""))
    for what, port in ways:
        yield what, front.text[: grpc.start()] + port + front.text[grpc.end() :]


def _signs_of_grpc(text: str) -> Iterator[tuple[str, str]]:
    """The ways in which a Deployment shows that its container listens for gRPC."""
    yield "a port called grpc", text
    yield "a port called grpc-api", text.replace(_GRPC_PORT, _GRPC_PORT.replace("grpc", "grpc-api"))
    told = _ENV + '            - name: GRPC_PORT\n              value: "9090"\n'
    yield "a variable", text.replace(_GRPC_PORT, "").replace(_ENV, told)


@seeds("grpc-port-not-offered")
def service_leads_past_grpc(files: Files) -> Iterator[Defect]:
    """A Service none of whose ports leads to where its workload serves its proto file."""
    for front in _fronts(files):
        is_known = front.port["app"] == "grpc" and bool(_contract(files, front.name, is_grpc=True))
        for done, changed in _without_grpc_port(front) if is_known else ():
            for sign, text in _signs_of_grpc(changed):
                start = text.index(f"kind: Service\nmetadata:\n  name: {front.name}\n")
                first = line_of(text, text.index("  ports:\n", start))
                yield Defect(
                    f"{front.path} {front.name}: {done}, {sign}",
                    edited(files, front.path, text),
                    frozenset((front.path, first + offset) for offset in range(9)),
                    _contract(files, front.name, is_grpc=True),
                )
